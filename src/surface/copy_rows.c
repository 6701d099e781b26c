/*
 * One row of a copy: what a store may return, whether two rows are the same, and a sentence on
 * them for people. Serves copy.c.
 */
#include "copy_rows.h"

#include <string.h>

enum { TEXT_SHOWN = 64 };

/* 1 if a cell may stand in this column; `*out` is what is kept of it, its text still lent. */
static int cell_take(
        const ocore_table *table, uint32_t column, const ocore_cell *cell, ocore_cell *out)
{
        const ocore_field *field = ocore_record_field(table->record, column);
        const uint32_t type = ocore_cell_type(field->kind);

        *out = *cell;
        out->reserved = 0;
        if (cell->type == OCORE_CELL_NULL) {
                *out = ocore__cell_default(field);
                return column >= table->key_count;
        }
        if (cell->type != type)
                return 0;
        if (type == OCORE_CELL_TEXT)
                return ocore__text_is_utf8(cell->as.text);
        return type != OCORE_CELL_BYTES || cell->as.text.data || !cell->as.text.size;
}

int ocore__copied_take(ocore__arena *arena, const ocore_table *table, int64_t revision,
        const ocore_cell *cells, size_t count, ocore__copied *out)
{
        ocore_cell *taken;

        if (revision < 1 || count != table->record->column_count)
                return OCORE_CORRUPT;
        taken = ocore__arena_take(arena, count * sizeof *taken);
        if (!taken)
                return OCORE_NOMEM;
        for (uint32_t i = 0; i < count; i++) {
                if (!cell_take(table, i, &cells[i], &taken[i]))
                        return OCORE_CORRUPT;
                if ((taken[i].type == OCORE_CELL_TEXT || taken[i].type == OCORE_CELL_BYTES) &&
                        ocore__arena_text(arena, taken[i].as.text, &taken[i].as.text))
                        return OCORE_NOMEM;
        }
        *out = (ocore__copied){taken, revision};
        return OCORE_OK;
}

int ocore__copied_compare(const ocore_table *table, const ocore__copied *a, const ocore__copied *b)
{
        int order = 0;

        for (uint32_t i = 0; order == 0 && i < table->key_count; i++)
                order = ocore__cell_compare(&a->cells[i], &b->cells[i]);
        return order;
}

/* The first column that differs; the count of columns: none does. */
static size_t first_difference(
        const ocore_table *table, const ocore__copied *a, const ocore__copied *b)
{
        size_t i = table->key_count;

        while (i < table->record->column_count && ocore__cell_equal(&a->cells[i], &b->cells[i]))
                i++;
        return i;
}

int ocore__copied_equal(const ocore_table *table, const ocore__copied *a, const ocore__copied *b)
{
        return a->revision == b->revision &&
               first_difference(table, a, b) == table->record->column_count;
}

/* 1 if the cell can be shown as it is: on a terminal, within a line. */
static int showable(const ocore_cell *cell)
{
        if (cell->type == OCORE_CELL_TEXT)
                return cell->as.text.size <= TEXT_SHOWN && ocore__text_good(cell->as.text, 0);
        return cell->type != OCORE_CELL_BYTES;
}

static void show(ocore__writer *text, const ocore_cell *cell)
{
        if (cell->type == OCORE_CELL_NUMBER)
                ocore__write(text, "%d", &cell->as.number);
        else if (cell->type == OCORE_CELL_ID)
                ocore__write(text, "%i", &cell->as.id);
        else if (cell->type == OCORE_CELL_NULL)
                ocore__write(text, "nothing");
        else if (showable(cell))
                ocore__write(text, "'%t'", &cell->as.text);
        else
                ocore__write(text, "a long text");
}

void ocore__copied_write(
        ocore__writer *text, const ocore_table *table, const ocore__copied *row, const char *what)
{
        ocore__write(text, "table %s: row (", table->name);
        for (uint32_t i = 0; i < table->key_count; i++) {
                ocore__write(text, i > 0 ? ", " : "");
                show(text, &row->cells[i]);
        }
        ocore__write(text, ") %s", what);
}

void ocore__copied_write_difference(ocore__writer *text, const ocore_table *table,
        const ocore__copied *from, const ocore__copied *to)
{
        const size_t column = first_difference(table, from, to);

        ocore__copied_write(text, table, from, "");
        if (column == table->record->column_count) {
                ocore__write(text, "is at revision %d in the source and %d in the target",
                        &from->revision, &to->revision);
                return;
        }
        ocore__write(text, "has another %s in the target",
                ocore_record_field(table->record, column)->name);
        if (showable(&from->cells[column]) && showable(&to->cells[column])) {
                ocore__write(text, ": ");
                show(text, &to->cells[column]);
                ocore__write(text, ", where the source has ");
                show(text, &from->cells[column]);
        }
}
