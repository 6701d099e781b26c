/*
 * Reading a whole table in pages, in order, distrusting what comes: a row that cannot be read ends
 * the proof, rows out of order are a finding and end the walk of that table.
 */
#include "verify.h"

#include <string.h>

enum { PAGE = 256 };

void ocore__cursor_init(ocore__verify *verify, ocore__cursor *cursor, const ocore_table *table,
        uint32_t index, const ocore_table *below)
{
        *cursor = (ocore__cursor){.table = table, .below = below, .index = index};
        for (size_t i = 0; i < 2; i++)
                ocore__arena_init(&cursor->pages[i], &verify->core->config.allocator, 8192);
}

void ocore__cursor_finish(ocore__cursor *cursor)
{
        for (size_t i = 0; i < 2; i++)
                ocore__arena_finish(&cursor->pages[i]);
}

static int compare_cells(const ocore_cell *a, const ocore_cell *b)
{
        if (a->type != b->type)
                return a->type < b->type ? -1 : 1;
        switch (a->type) {
        case OCORE_CELL_NUMBER:
                return a->as.number < b->as.number ? -1 : a->as.number > b->as.number;
        case OCORE_CELL_ID: return ocore__id_compare(a->as.id, b->as.id);
        case OCORE_CELL_NULL: return 0;
        default: return ocore__str_compare(a->as.text, b->as.text);
        }
}

/* The place of a row in the order of the cursor, behind the tenant. */
static size_t place_of(
        const ocore__verify *verify, const ocore__cursor *cursor, const void *row, ocore_cell *out)
{
        const ocore_table *table = cursor->table;
        ocore_cell cells[OCORE__COLUMNS_MAX];
        size_t count = 0;

        ocore__row_to_cells(table->record, verify->core->config.tenant, row,
                table->record->column_count, cells);
        if (cursor->index) {
                const ocore_index *index = &table->indexes[cursor->index - 1];

                for (uint32_t i = 1; i < index->column_count; i++)
                        out[count++] = cells[index->columns[i]];
        }
        for (uint32_t i = 1; i < table->key_count; i++)
                out[count++] = cells[i];
        return count;
}

static int take_row(void *user_data, const void *row, int64_t revision)
{
        ocore__cursor *cursor = user_data;

        (void)revision;
        if (cursor->count == PAGE) /* more than was asked for */
                return OCORE_DONE;
        cursor->rows[cursor->count++] = (ocore__above){.row = row};
        return OCORE_OK;
}

/* What the store cannot give is a finding, and the end of the proof. */
static int unreadable(ocore__verify *verify, const ocore_table *table)
{
        const ocore_error *error = ocore_last_error(verify->core);
        int status = ocore__found(verify, "D3", table->name, "", "%t", &error->message);

        return status ? status : OCORE_DONE;
}

typedef struct below_sink {
        ocore__verify *verify;
        ocore__cursor *cursor;
} below_sink;

static int take_below(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        below_sink *taking = sink;
        ocore__cursor *cursor = taking->cursor;
        ocore__arena *arena = &cursor->pages[cursor->turn];
        ocore__above *above = read < cursor->count ? &cursor->rows[read] : NULL;
        ocore__below *below;
        void *row;
        int status = above ? ocore__row_from_cells(arena, cursor->below,
                                     taking->verify->core->config.tenant, cells, count, &row)
                           : OCORE_CORRUPT;

        if (status || revision <= 0)
                return status ? status : OCORE_CORRUPT;
        below = ocore__arena_zero(arena, 1, sizeof *below);
        if (!below)
                return OCORE_NOMEM;
        below->row = row;
        if (above->last)
                above->last->next = below;
        else
                above->first = below;
        above->last = below;
        above->count++;
        cursor->below_seen++;
        return OCORE_OK;
}

/* All rows below the rows of a page, in one read. */
static int fill_below(ocore__verify *verify, ocore__cursor *cursor)
{
        const ocore_store *store = &verify->core->config.store;
        ocore__arena *arena = &cursor->pages[cursor->turn];
        ocore_read *reads = ocore__arena_zero(arena, cursor->count, sizeof *reads);
        ocore_cell *cells = ocore__arena_zero(arena, cursor->count * 2, sizeof *cells);
        below_sink sink = {verify, cursor};
        int status;

        if (!reads || !cells)
                return OCORE_NOMEM;
        for (size_t i = 0; i < cursor->count; i++) {
                ocore__row_to_cells(cursor->table->record, verify->core->config.tenant,
                        cursor->rows[i].row, 2, &cells[2 * i]);
                reads[i].table = cursor->below;
                reads[i].prefix = &cells[2 * i];
                reads[i].prefix_count = 2;
        }
        status = store->ops->read(store->self, reads, cursor->count, take_below, &sink);
        if (status == OCORE_CORRUPT)
                ocore__error_add(verify->core, status, ocore_str_of(cursor->below->name),
                        ocore_str_of("the store returned a row that cannot be right"));
        else if (status)
                status = ocore__store_failed(verify->core, status < 0 ? status : OCORE_STORE);
        return status;
}

static int in_order(ocore__verify *verify, ocore__cursor *cursor)
{
        ocore_cell place[OCORE__KEY_CELLS];

        for (size_t i = 0; i < cursor->count; i++) {
                size_t count = place_of(verify, cursor, cursor->rows[i].row, place), n = 0;
                int order = 0;

                if (cursor->place_count) {
                        while (n < count &&
                                (order = compare_cells(&cursor->place[n], &place[n])) == 0)
                                n++;
                        if (order >= 0)
                                return 0;
                }
                memcpy(cursor->place, place, sizeof place);
                cursor->place_count = count;
        }
        return 1;
}

static int fill(ocore__verify *verify, ocore__cursor *cursor)
{
        ocore__scan scan = {.table = cursor->table,
                .index = cursor->index,
                .after = cursor->place_count ? cursor->place : NULL,
                .after_count = cursor->place_count,
                .limit = PAGE};
        ocore__arena *arena;
        int status;

        cursor->turn ^= 1;
        cursor->count = cursor->at = 0;
        arena = &cursor->pages[cursor->turn];
        ocore__arena_reset(arena, (size_t)1 << 18);
        cursor->rows = ocore__arena_take(arena, PAGE * sizeof *cursor->rows);
        if (!cursor->rows)
                return OCORE_NOMEM;
        status = ocore__scan_rows(verify->core, arena, &scan, 1, take_row, cursor);
        if (!status && cursor->below && cursor->count)
                status = fill_below(verify, cursor);
        if (status == OCORE_CORRUPT)
                return unreadable(verify, cursor->table);
        if (status)
                return status;
        cursor->ended = cursor->count < PAGE;
        if (!in_order(verify, cursor)) {
                cursor->count = 0;
                cursor->ended = 1;
                return ocore__found(verify, "D3", cursor->table->name, "",
                        "the store returned rows that are not in order");
        }
        return OCORE_OK;
}

int ocore__cursor_next(ocore__verify *verify, ocore__cursor *cursor, const ocore__above **out)
{
        int status = OCORE_OK;

        *out = NULL;
        if (cursor->at == cursor->count && !cursor->ended)
                status = fill(verify, cursor);
        if (status || cursor->at == cursor->count)
                return status;
        *out = &cursor->rows[cursor->at++];
        cursor->seen++;
        return OCORE_OK;
}

/* A row whose parent is not there. */
static int orphan(
        ocore__verify *verify, const ocore__cursor *cursor, ocore_id parent, const char *invariant)
{
        char room[OCORE__SUBJECT_SIZE];

        return ocore__found(verify, invariant, cursor->table->name,
                ocore__subject(room, "%i", &parent), "belongs to nothing that is there");
}

int ocore__cursor_take(ocore__verify *verify, ocore__cursor *cursor, size_t offset, ocore_id parent,
        const char *invariant, const ocore__above **out)
{
        for (;;) {
                int status = ocore__cursor_next(verify, cursor, out);
                int order;

                if (status || !*out)
                        return status;
                order = ocore__id_compare(OCORE__CONST_ID_AT((*out)->row, offset), parent);
                if (order == 0)
                        return OCORE_OK;
                if (order > 0) { /* of a later one: it is given again */
                        cursor->at--;
                        cursor->seen--;
                        *out = NULL;
                        return OCORE_OK;
                }
                status = orphan(verify, cursor, OCORE__CONST_ID_AT((*out)->row, offset), invariant);
                if (status)
                        return status;
        }
}

int ocore__cursor_rest(
        ocore__verify *verify, ocore__cursor *cursor, size_t offset, const char *invariant)
{
        const ocore__above *above;
        int status = ocore__cursor_next(verify, cursor, &above);

        while (!status && above) {
                status = orphan(verify, cursor, OCORE__CONST_ID_AT(above->row, offset), invariant);
                if (!status)
                        status = ocore__cursor_next(verify, cursor, &above);
        }
        return status;
}

int ocore__cursor_below(ocore__verify *verify, const ocore__cursor *cursor, const char *invariant)
{
        ocore__cursor below;
        const ocore__above *above;
        int64_t all, hanging = (int64_t)cursor->below_seen;
        int status;

        ocore__cursor_init(verify, &below, cursor->below, 0, NULL);
        do
                status = ocore__cursor_next(verify, &below, &above);
        while (!status && above);
        all = (int64_t)below.seen;
        ocore__cursor_finish(&below);
        if (status || all == hanging)
                return status;
        return ocore__found(verify, invariant, cursor->below->name, "",
                "there are %d rows, but %d belong to something that is there", &all, &hanging);
}
