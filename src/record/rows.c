/* Row structs ⇄ cells, and what an engine needs to keep rows in order: keys, comparison, hashes. */
#include "record.h"

#include "base/hash.h"
#include "base/text.h"

#include <string.h>

ocore_cell ocore__cell_none(void)
{
        return (ocore_cell){.type = OCORE_CELL_NULL};
}

ocore_cell ocore__cell_number(int64_t number)
{
        return (ocore_cell){.type = OCORE_CELL_NUMBER, .as.number = number};
}

ocore_cell ocore__cell_text(ocore_str text)
{
        return (ocore_cell){.type = OCORE_CELL_TEXT, .as.text = text};
}

ocore_cell ocore__cell_id(ocore_id id)
{
        return (ocore_cell){.type = OCORE_CELL_ID, .as.id = id};
}

ocore_cell ocore__cell_default(const ocore_field *field)
{
        ocore_cell cell = {.type = OCORE_CELL_NULL};

        if (!(field->flags & OCORE_FIELD_NULLABLE))
                cell.type = ocore_cell_type(field->kind);
        if (cell.type == OCORE_CELL_TEXT || cell.type == OCORE_CELL_BYTES)
                cell.as.text.data = "";
        return cell;
}

/* The cell of one field; NULLABLE fields keep zero as NULL. */
static inline void cell_of(const ocore_field *field, const char *row, ocore_cell *cell)
{
        const void *at = row + field->offset;
        int nullable = (field->flags & OCORE_FIELD_NULLABLE) != 0;

        cell->reserved = 0;
        if (field->kind <= OCORE_FIELD_UNITS) {
                cell->as.number = *(const int64_t *)at;
                cell->type = nullable && !cell->as.number ? OCORE_CELL_NULL : OCORE_CELL_NUMBER;
        } else if (field->kind == OCORE_FIELD_ID) {
                memcpy(&cell->as.id, at, sizeof cell->as.id);
                cell->type = nullable && ocore__id_is_none(cell->as.id) ? OCORE_CELL_NULL
                                                                        : OCORE_CELL_ID;
        } else {
                cell->as.text = *(const ocore_str *)at;
                cell->type = nullable && !cell->as.text.size   ? OCORE_CELL_NULL
                             : field->kind == OCORE_FIELD_TEXT ? OCORE_CELL_TEXT
                                                               : OCORE_CELL_BYTES;
        }
}

void ocore__row_to_cells(const ocore_record *record, int64_t tenant, const void *row, size_t count,
        ocore_cell *cells)
{
        const ocore_field *field = record->fields, *end = field + count;

        *cells = ocore__cell_number(tenant);
        while (++field < end)
                cell_of(field, row, ++cells);
}

int ocore__choice_known(const ocore_field *field, int64_t value)
{
        for (const ocore_choice *choice = field->of; choice->name; choice++)
                if (choice->value == value)
                        return 1;
        return 0;
}

/* Numbers that a store may not have made up: choices, scales, yes and no, and counters, which are
 * raised without a look at their end. Zero always may be. */
static int number_credible(const ocore_field *field, int64_t number)
{
        if (field->kind == OCORE_FIELD_CHOICE)
                return number == 0 || ocore__choice_known(field, number);
        if (field->kind == OCORE_FIELD_BOOLEAN)
                return number == 0 || number == 1;
        if (field->flags & OCORE_FIELD_SCALE)
                return number >= 0 && number <= OCORE__SCALE_MAX;
        if (!(field->flags & OCORE_FIELD_NOT_NEGATIVE))
                return 1;
        return number >= 0 && (field->kind != OCORE_FIELD_INTEGER || number < INT64_MAX);
}

static size_t text_room(const ocore_cell *cells, size_t count)
{
        size_t room = 0;

        for (size_t i = 1; i < count; i++)
                if (cells[i].type == OCORE_CELL_TEXT || cells[i].type == OCORE_CELL_BYTES)
                        room += cells[i].as.text.size;
        return room;
}

/* One cell into its field; a text goes to *text, which is moved behind it. 0: it is wrong. */
static inline int field_from(
        const ocore_field *field, const ocore_cell *cell, char *row, char **text)
{
        void *at = row + field->offset;

        switch (cell->type) {
        case OCORE_CELL_NUMBER:
                if (field->kind > OCORE_FIELD_UNITS ||
                        (cell->as.number && !number_credible(field, cell->as.number)))
                        return 0;
                *(int64_t *)at = cell->as.number;
                return 1;
        case OCORE_CELL_ID:
                if (field->kind != OCORE_FIELD_ID)
                        return 0;
                memcpy(at, &cell->as.id, sizeof cell->as.id);
                return 1;
        case OCORE_CELL_TEXT:
        case OCORE_CELL_BYTES:
                if (field->kind !=
                        (cell->type == OCORE_CELL_TEXT ? OCORE_FIELD_TEXT : OCORE_FIELD_BYTES))
                        return 0;
                /* It may be written on into other rows, which every store must then take. */
                if (cell->type == OCORE_CELL_TEXT && !ocore__text_is_utf8(cell->as.text))
                        return 0;
                if (cell->as.text.size)
                        memcpy(*text, cell->as.text.data, cell->as.text.size);
                *(ocore_str *)at = (ocore_str){*text, cell->as.text.size};
                *text += cell->as.text.size;
                return 1;
        default: return 0;
        }
}

int ocore__row_from_cells(ocore__arena *arena, const ocore_table *table, int64_t tenant,
        const ocore_cell *cells, size_t count, void **out)
{
        const ocore_record *record = table->record;
        char *row, *text;

        *out = NULL;
        if (count != record->column_count || cells[0].type != OCORE_CELL_NUMBER ||
                cells[0].as.number != tenant)
                return OCORE_CORRUPT;
        row = ocore__arena_take(arena, record->size + text_room(cells, count));
        if (!row)
                return OCORE_NOMEM;
        memset(row, 0, record->size);
        text = row + record->size;
        for (size_t i = 1; i < count; i++) {
                int good = cells[i].type == OCORE_CELL_NULL
                                   ? i >= table->key_count
                                   : field_from(&record->fields[i], &cells[i], row, &text);

                if (!good)
                        return OCORE_CORRUPT;
        }
        *out = row;
        return OCORE_OK;
}

static int compare_from(const ocore_table *table, size_t first, const char *a, const char *b)
{
        for (size_t i = first; i < table->key_count; i++) {
                const ocore_field *field = &table->record->fields[i];
                int order;

                if (field->kind == OCORE_FIELD_TEXT) {
                        order = ocore__str_compare(OCORE__CONST_TEXT_AT(a, field->offset),
                                OCORE__CONST_TEXT_AT(b, field->offset));
                } else if (field->kind == OCORE_FIELD_ID) {
                        order = memcmp(a + field->offset, b + field->offset, sizeof(ocore_id));
                } else {
                        int64_t x = OCORE__CONST_NUMBER_AT(a, field->offset);
                        int64_t y = OCORE__CONST_NUMBER_AT(b, field->offset);

                        order = x < y ? -1 : x > y;
                }
                if (order)
                        return order;
        }
        return 0;
}

int ocore__row_compare(const ocore_table *table, const void *a, const void *b)
{
        return compare_from(table, 1, a, b);
}

int ocore__row_compare_within(const ocore_table *table, const void *a, const void *b)
{
        return compare_from(table, table->group_count > 1 ? 2 : 1, a, b);
}

ocore_cell ocore__row_group(const ocore_table *table, const void *row)
{
        ocore_cell cell = {.type = OCORE_CELL_NULL};

        if (table->group_count > 1)
                cell_of(&table->record->fields[1], row, &cell);
        return cell;
}

int ocore__cell_equal(const ocore_cell *a, const ocore_cell *b)
{
        if (a->type != b->type)
                return 0;
        if (a->type == OCORE_CELL_NUMBER)
                return a->as.number == b->as.number;
        if (a->type == OCORE_CELL_ID)
                return memcmp(&a->as.id, &b->as.id, sizeof a->as.id) == 0;
        return a->type == OCORE_CELL_NULL || ocore_str_equal(a->as.text, b->as.text);
}

int ocore__cell_compare(const ocore_cell *a, const ocore_cell *b)
{
        if (a->type != b->type)
                return a->type < b->type ? -1 : 1;
        if (a->type == OCORE_CELL_NUMBER)
                return a->as.number < b->as.number ? -1 : a->as.number > b->as.number;
        if (a->type == OCORE_CELL_ID)
                return memcmp(&a->as.id, &b->as.id, sizeof a->as.id);
        return a->type == OCORE_CELL_NULL ? 0 : ocore__str_compare(a->as.text, b->as.text);
}

uint64_t ocore__cell_hash(const ocore_cell *cell, uint64_t seed)
{
        switch (cell->type) {
        case OCORE_CELL_NUMBER: return ocore__hash_number((uint64_t)cell->as.number, seed);
        case OCORE_CELL_ID: {
                uint64_t words[2];

                memcpy(words, cell->as.id.bytes, sizeof words);
                return ocore__hash_number(words[1], ocore__hash_number(words[0], seed));
        }
        case OCORE_CELL_NULL: return ocore__hash_number(0, seed);
        default: return ocore__hash(cell->as.text.data, cell->as.text.size, seed);
        }
}
