/*
 * What the memory store is compared with: a toy schema, an allocator that counts and fails, and a
 * plain array of rows that is searched from end to end and sorted for each look-up.
 */
#ifndef ORDERCORE_TESTS_MEMORY_STORE_MODEL_H
#define ORDERCORE_TESTS_MEMORY_STORE_MODEL_H

#include <ordercore/store.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 7, KEYS = 3, ROWS_MAX = 4000, BATCH_MAX = 12, TEXT_MAX = 1600 };

static const ocore_field fields[COLUMNS] = {
        {"tenant", "", NULL, OCORE_FIELD_INTEGER, 0, OCORE_FIELD_NOWHERE, 0},
        {"name", "", NULL, OCORE_FIELD_TEXT, 0, 0, 0},
        {"line", "", NULL, OCORE_FIELD_INTEGER, 0, 0, 0},
        {"amount", "", NULL, OCORE_FIELD_INTEGER, 0, 0, 0},
        {"group", "", NULL, OCORE_FIELD_INTEGER, 0, 0, 0},
        {"note", "", NULL, OCORE_FIELD_TEXT, 0, 0, 0},
        {"other", "", NULL, OCORE_FIELD_INTEGER, 0, 0, 0},
};
static const ocore_record record = {"thing", fields, sizeof fields[0], COLUMNS, COLUMNS, 0};
static const uint32_t by_group[] = {0, 4};
static const uint32_t by_note[] = {0, 5, 4};
static const ocore_index indexes[] = {
        {"thing_by_group", by_group, 2, 0},
        {"thing_by_note", by_note, 3, OCORE_INDEX_SPARSE | OCORE_INDEX_UNIQUE},
};
static const ocore_table things = {"thing", &record, indexes, KEYS, 2, 0, 2, 0, 0};
static const ocore_table more = {"more", &record, NULL, KEYS, 0, 1, 2, 0, 0};
static const ocore_table *const tables[] = {&things, &more};
static const ocore_schema schema = {tables, 2, 1, 7};

/* An allocator that counts what is out and fails when told. */
typedef struct counting {
        size_t out;
        size_t calls;
        size_t fail_at;  /* 0: never */
        int fail_onward; /* all from there on */
        size_t failed;
} counting;

static void *count_allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        counting *counts = user_data;
        void *made;

        if (new_size == 0) {
                counts->out -= old_size;
                free(old);
                return NULL;
        }
        counts->calls++;
        if (counts->fail_at > 0 &&
                (counts->calls == counts->fail_at ||
                        (counts->fail_onward && counts->calls > counts->fail_at))) {
                counts->failed++;
                return NULL;
        }
        made = realloc(old, new_size);
        assert_non_null(made);
        counts->out += new_size - old_size;
        return made;
}

static uint64_t state;

static uint64_t random_below(uint64_t bound)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (state >> 11) % bound;
}

typedef struct model_row {
        ocore_cell cells[COLUMNS];
        char texts[COLUMNS][TEXT_MAX];
        int64_t revision;
} model_row;

typedef struct model {
        model_row *rows;
        size_t count;
} model;

static int cell_order(const ocore_cell *a, const ocore_cell *b)
{
        if (a->type != b->type)
                return a->type < b->type ? -1 : 1;
        if (a->type == OCORE_CELL_NUMBER)
                return a->as.number < b->as.number ? -1 : a->as.number > b->as.number;
        if (a->type == OCORE_CELL_TEXT) {
                size_t size = a->as.text.size < b->as.text.size ? a->as.text.size : b->as.text.size;
                int order = size > 0 ? memcmp(a->as.text.data, b->as.text.data, size) : 0;

                return order != 0 ? order
                                  : (a->as.text.size > b->as.text.size) -
                                            (a->as.text.size < b->as.text.size);
        }
        return 0;
}

static void set_cells(model_row *row, const ocore_cell *cells)
{
        size_t n;

        for (n = 0; n < COLUMNS; n++) {
                row->cells[n] = cells[n];
                if (cells[n].type != OCORE_CELL_TEXT)
                        continue;
                memcpy(row->texts[n], cells[n].as.text.data, cells[n].as.text.size);
                row->cells[n].as.text.data = row->texts[n];
        }
}

/* Copying a row must not leave its texts in the old place. */
static void copy_row(model_row *to, const model_row *from)
{
        memcpy(to->texts, from->texts, sizeof to->texts);
        to->revision = from->revision;
        set_cells(to, from->cells);
}

static model_row *model_find(model *of, const ocore_cell *cells)
{
        size_t n;
        size_t k;

        for (n = 0; n < of->count; n++) {
                for (k = 0; k < KEYS; k++) {
                        if (cell_order(&of->rows[n].cells[k], &cells[k]) != 0)
                                break;
                }
                if (k == KEYS)
                        return &of->rows[n];
        }
        return NULL;
}

static int note_taken(model *of, const ocore_cell *cells, const model_row *but)
{
        size_t n;

        if (cells[5].type == OCORE_CELL_NULL || cells[4].type == OCORE_CELL_NULL)
                return 0;
        for (n = 0; n < of->count; n++) {
                const ocore_cell *row = of->rows[n].cells;

                if (&of->rows[n] != but && cell_order(&row[0], &cells[0]) == 0 &&
                        cell_order(&row[5], &cells[5]) == 0 && cell_order(&row[4], &cells[4]) == 0)
                        return 1;
        }
        return 0;
}

static int refused(ocore_refusal *refusal, size_t n, uint32_t reason, uint32_t column)
{
        refusal->write = n;
        refusal->reason = reason;
        refusal->column = column;
        return OCORE_CONFLICT;
}

static int model_add(model_row *row, const ocore_write *write, size_t n, ocore_refusal *refusal)
{
        size_t k;

        for (k = 0; k < write->add_count; k++) {
                const ocore_add *add = &write->adds[k];
                ocore_cell *cell = &row->cells[add->column];
                int64_t now = cell->type == OCORE_CELL_NUMBER ? cell->as.number : 0;

                if (add->amount > 0 ? now > INT64_MAX - add->amount : now < INT64_MIN - add->amount)
                        return refused(refusal, n, OCORE_REFUSED_OVERFLOW, add->column);
                if (add->amount <= 0 && now + add->amount < add->floor)
                        return refused(refusal, n, OCORE_REFUSED_FLOOR, add->column);
                cell->type = OCORE_CELL_NUMBER;
                cell->as.number = now + add->amount;
        }
        row->revision++;
        return OCORE_OK;
}

static int model_write_one(model *of, const ocore_write *write, size_t n, ocore_refusal *refusal)
{
        model_row *row = model_find(of, write->cells);

        if (write->kind == OCORE_WRITE_INSERT) {
                if (row != NULL)
                        return refused(refusal, n, OCORE_REFUSED_EXISTS, 0);
                if (note_taken(of, write->cells, NULL))
                        return refused(refusal, n, OCORE_REFUSED_EXISTS, 5);
                assert_true(of->count < ROWS_MAX);
                set_cells(&of->rows[of->count], write->cells);
                of->rows[of->count++].revision = 1;
                return OCORE_OK;
        }
        if (row == NULL)
                return refused(refusal, n, OCORE_REFUSED_MISSING, 0);
        if (write->kind == OCORE_WRITE_ADD)
                return model_add(row, write, n, refusal);
        if (row->revision != write->revision)
                return refused(refusal, n, OCORE_REFUSED_REVISION, 0);
        if (write->kind == OCORE_WRITE_UPDATE) {
                if (note_taken(of, write->cells, row))
                        return refused(refusal, n, OCORE_REFUSED_EXISTS, 5);
                set_cells(row, write->cells);
                row->revision++;
        } else if (write->kind == OCORE_WRITE_DELETE) {
                of->count--;
                if (row != &of->rows[of->count])
                        copy_row(row, &of->rows[of->count]);
        }
        return OCORE_OK;
}

/* All or none: the rows are put aside first. */
static int model_write(
        model *of, model *aside, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        int status = OCORE_OK;
        size_t n;

        aside->count = of->count;
        for (n = 0; n < of->count; n++)
                copy_row(&aside->rows[n], &of->rows[n]);
        for (n = 0; n < count && status == OCORE_OK; n++)
                status = model_write_one(of, &writes[n], n, refusal);
        if (status != OCORE_OK) {
                model swapped = *of;

                *of = *aside;
                *aside = swapped;
        }
        return status;
}

/* What a look-up should give, in order. */
typedef struct expected {
        const ocore_read *read;
        const model_row *rows[ROWS_MAX];
        size_t count;
        size_t seen;
} expected;

/* The cells that an index orders by, the key at the end. */
static size_t order_columns(uint32_t index, uint32_t *columns)
{
        size_t count = 0;
        uint32_t n;

        if (index > 0) {
                for (n = 0; n < indexes[index - 1].column_count; n++)
                        columns[count++] = indexes[index - 1].columns[n];
        }
        for (n = 0; n < KEYS; n++)
                columns[count++] = n;
        return count;
}

static uint32_t sorted_by;

static int row_order(const void *a, const void *b)
{
        const model_row *left = *(const model_row *const *)a;
        const model_row *right = *(const model_row *const *)b;
        uint32_t columns[8];
        size_t count = order_columns(sorted_by, columns);
        size_t n;

        for (n = 0; n < count; n++) {
                int order = cell_order(&left->cells[columns[n]], &right->cells[columns[n]]);

                if (order != 0)
                        return order;
        }
        return 0;
}

static int is_asked_for(const model_row *row, const ocore_read *read)
{
        uint32_t columns[8];
        size_t count = order_columns(read->index, columns);
        int descending = (read->flags & OCORE_READ_DESCENDING) != 0;
        size_t n;

        if (read->index == 2 && row->cells[5].type == OCORE_CELL_NULL)
                return 0;
        for (n = 0; n < read->prefix_count; n++) {
                if (cell_order(&row->cells[columns[n]], &read->prefix[n]) != 0)
                        return 0;
        }
        for (n = 0; n < read->after_count && n < count; n++) {
                int order = cell_order(&row->cells[columns[n]], &read->after[n]);

                if (order != 0)
                        return descending ? order < 0 : order > 0;
        }
        return read->after_count == 0;
}

static void expect(model *of, const ocore_read *read, expected *out)
{
        size_t n;

        out->read = read;
        out->count = 0;
        out->seen = 0;
        for (n = 0; n < of->count; n++) {
                if (is_asked_for(&of->rows[n], read))
                        out->rows[out->count++] = &of->rows[n];
        }
        sorted_by = read->index;
        qsort(out->rows, out->count, sizeof out->rows[0], row_order);
        for (n = 0; (read->flags & OCORE_READ_DESCENDING) != 0 && n < out->count / 2; n++) {
                const model_row *row = out->rows[n];

                out->rows[n] = out->rows[out->count - 1 - n];
                out->rows[out->count - 1 - n] = row;
        }
        if (read->limit > 0 && out->count > read->limit)
                out->count = read->limit;
}

#endif
