/*
 * The model beside which a store is tested: rows in an array, every question answered by walking
 * all of them. It is a store itself, so the suite is tested on it, also with planted mistakes.
 */
#include "suite_private.h"

#include <stdlib.h>
#include <string.h>

typedef struct model_row {
        struct model_row *older; /* every row ever made, for the end */
        uint32_t table;
        int64_t revision;
        ocore_cell cells[TOY_COLUMNS_MAX];
        char *bytes;
} model_row;

typedef struct model {
        model_row **rows;
        size_t count;
        size_t room;
        model_row *newest;
        const ocore_schema *schema;
        int mistake;
} model;

static model_row *row_make(
        model *self, const ocore_table *table, const ocore_cell *cells, int64_t revision)
{
        size_t columns = table->record->column_count;
        size_t size = 1;
        size_t n;
        model_row *row = calloc(1, sizeof *row);

        if (row == NULL) {
                return NULL;
        }
        for (n = 0; n < columns; n++) {
                if (cells[n].type == OCORE_CELL_TEXT || cells[n].type == OCORE_CELL_BYTES) {
                        size += cells[n].as.text.size;
                }
        }
        row->bytes = malloc(size);
        if (row->bytes == NULL) {
                free(row);
                return NULL;
        }
        size = 0;
        for (n = 0; n < columns; n++) {
                row->cells[n] = cells[n];
                if (self->mistake == MODEL_NUMBER_32_BITS && cells[n].type == OCORE_CELL_NUMBER) {
                        row->cells[n].as.number = (int32_t)(uint32_t)cells[n].as.number;
                }
                if (cells[n].type == OCORE_CELL_TEXT || cells[n].type == OCORE_CELL_BYTES) {
                        if (cells[n].as.text.size > 0) {
                                memcpy(row->bytes + size, cells[n].as.text.data,
                                        cells[n].as.text.size);
                        } else if (self->mistake == MODEL_EMPTY_IS_NULL) {
                                row->cells[n].type = OCORE_CELL_NULL;
                        }
                        row->cells[n].as.text.data = row->bytes + size;
                        size += cells[n].as.text.size;
                        if (self->mistake == MODEL_TEXT_64_KIB && cells[n].as.text.size > 65535) {
                                row->cells[n].as.text.size = 65535;
                        }
                        if (self->mistake == MODEL_TEXT_CUT_AT_HIGH &&
                                cells[n].type == OCORE_CELL_TEXT) {
                                size_t end = 0;

                                while (end < cells[n].as.text.size &&
                                        (unsigned char)cells[n].as.text.data[end] < 0xf0) {
                                        end++;
                                }
                                row->cells[n].as.text.size = end;
                        }
                }
        }
        row->table = table->number;
        row->revision = revision;
        row->older = self->newest;
        self->newest = row;
        return row;
}

static unsigned char folded(const model *self, unsigned char letter)
{
        return self->mistake == MODEL_CASE_IGNORED && letter >= 'A' && letter <= 'Z'
                       ? (unsigned char)(letter + ('a' - 'A'))
                       : letter;
}

/* The order of cells, or one of those that engines have for texts when nobody asks for bytes. */
static int compare(const model *self, const ocore_cell *a, const ocore_cell *b)
{
        ocore_cell texts[2] = {*a, *b};
        size_t n;

        if (a->type != OCORE_CELL_TEXT || b->type != OCORE_CELL_TEXT) {
                return ocore__toy_compare(a, b);
        }
        for (n = 0; n < 2; n++) {
                ocore_str *text = &texts[n].as.text;

                while (self->mistake == MODEL_BLANKS_IGNORED && text->size > 0 &&
                        text->data[text->size - 1] == ' ') {
                        text->size--;
                }
                if (self->mistake == MODEL_COMPARES_255_BYTES && text->size > 255) {
                        text->size = 255;
                }
        }
        for (n = 0; n < texts[0].as.text.size && n < texts[1].as.text.size; n++) {
                int difference = folded(self, (unsigned char)texts[0].as.text.data[n]) -
                                 folded(self, (unsigned char)texts[1].as.text.data[n]);

                if (difference != 0) {
                        return difference;
                }
        }
        return (texts[0].as.text.size > texts[1].as.text.size) -
               (texts[0].as.text.size < texts[1].as.text.size);
}

static size_t row_at(const model *self, const ocore_table *table, const ocore_cell *cells)
{
        size_t n;

        for (n = 0; n < self->count; n++) {
                uint32_t k = 0;

                while (self->rows[n]->table == table->number && k < table->key_count &&
                        compare(self, &self->rows[n]->cells[k], &cells[k]) == 0) {
                        k++;
                }
                if (k == table->key_count) {
                        break;
                }
        }
        return n;
}

/* The first column after the tenant of a unique index that another row has the values of. */
static uint32_t taken(
        const model *self, const ocore_table *table, const ocore_cell *cells, size_t itself)
{
        uint32_t i;
        uint32_t c;
        size_t n;

        for (i = 0; i < table->index_count && self->mistake != MODEL_UNIQUE_IGNORED; i++) {
                const ocore_index *index = &table->indexes[i];

                if ((index->flags & OCORE_INDEX_UNIQUE) == 0 ||
                        cells[index->columns[1]].type == OCORE_CELL_NULL) {
                        continue;
                }
                for (n = 0; n < self->count; n++) {
                        int same = self->rows[n]->table == table->number && n != itself;

                        for (c = 0; same && c < index->column_count; c++) {
                                uint32_t column = index->columns[c];

                                same = compare(self, &self->rows[n]->cells[column],
                                               &cells[column]) == 0;
                        }
                        if (same) {
                                return index->columns[1];
                        }
                }
        }
        return 0;
}

static uint32_t add_reason(const model *self, const model_row *row, const ocore_add *add)
{
        int64_t value = row->cells[add->column].type == OCORE_CELL_NUMBER
                                ? row->cells[add->column].as.number
                                : 0;
        int wraps =
                add->amount > 0 ? value > INT64_MAX - add->amount : value < INT64_MIN - add->amount;

        if (wraps) {
                return self->mistake == MODEL_ADD_WRAPS ? 0 : OCORE_REFUSED_OVERFLOW;
        }
        if (add->amount > 0 && self->mistake != MODEL_ADD_FLOOR_WHEN_POSITIVE) {
                return 0;
        }
        if (self->mistake == MODEL_ADD_COMPARES_BELOW && add->floor > INT64_MIN) {
                return value + add->amount < add->floor - 1 ? OCORE_REFUSED_FLOOR : 0;
        }
        if (value + add->amount < add->floor) {
                return OCORE_REFUSED_FLOOR;
        }
        return 0;
}

/* 0 when the write may be done. */
static uint32_t reason_of(const model *self, const ocore_write *write, size_t at, uint32_t *column)
{
        const model_row *row = at < self->count ? self->rows[at] : NULL;
        uint32_t reason = 0;
        uint32_t n;

        *column = 0;
        if (write->kind == OCORE_WRITE_INSERT) {
                if (row != NULL) {
                        return self->mistake == MODEL_INSERT_REPLACES ? 0 : OCORE_REFUSED_EXISTS;
                }
        } else if (row == NULL) {
                return self->mistake == MODEL_CHECK_IGNORED && write->kind == OCORE_WRITE_CHECK
                               ? 0
                               : OCORE_REFUSED_MISSING;
        }
        for (n = 0; write->kind == OCORE_WRITE_ADD && reason == 0 && n < write->add_count; n++) {
                reason = add_reason(self, row, &write->adds[n]);
                *column = reason == 0 ? 0 : write->adds[n].column;
        }
        if (row != NULL && write->kind != OCORE_WRITE_ADD && write->kind != OCORE_WRITE_INSERT &&
                row->revision != write->revision &&
                !(write->kind == OCORE_WRITE_UPDATE && self->mistake == MODEL_UPDATE_UNCHECKED) &&
                !(write->kind == OCORE_WRITE_DELETE && self->mistake == MODEL_DELETE_UNCHECKED) &&
                !(write->kind == OCORE_WRITE_CHECK && self->mistake == MODEL_CHECK_IGNORED)) {
                return OCORE_REFUSED_REVISION;
        }
        if (write->kind == OCORE_WRITE_INSERT || write->kind == OCORE_WRITE_UPDATE) {
                *column = taken(self, write->table, write->cells, at);
                reason = *column == 0 ? 0 : OCORE_REFUSED_EXISTS;
        }
        return reason;
}

static int row_put(model *self, size_t at, model_row *row)
{
        if (row == NULL) {
                return OCORE_NOMEM;
        }
        if (at == self->room) {
                size_t room = self->room * 2 + 16;
                model_row **rows = realloc(self->rows, room * sizeof *rows);

                if (rows == NULL) {
                        return OCORE_NOMEM;
                }
                self->rows = rows;
                self->room = room;
        }
        self->rows[at] = row;
        if (at == self->count) {
                self->count++;
        }
        return OCORE_OK;
}

static int apply(model *self, const ocore_write *write, size_t at)
{
        model_row *old = at < self->count ? self->rows[at] : NULL;
        ocore_cell cells[TOY_COLUMNS_MAX];
        int64_t start;
        uint32_t n;

        switch (write->kind) {
        case OCORE_WRITE_INSERT:
                start = write->revision == 0 || self->mistake == MODEL_INSERT_AT_ONE
                                ? 1
                                : write->revision;
                return row_put(self, at, row_make(self, write->table, write->cells, start));
        case OCORE_WRITE_UPDATE:
                return row_put(self, at,
                        row_make(self, write->table, write->cells,
                                old->revision + (self->mistake != MODEL_REVISION_STAYS)));
        case OCORE_WRITE_DELETE: self->rows[at] = self->rows[--self->count]; return OCORE_OK;
        case OCORE_WRITE_ADD:
                memcpy(cells, old->cells, sizeof cells);
                for (n = 0; n < write->add_count; n++) {
                        ocore_cell *cell = &cells[write->adds[n].column];

                        cell->type = OCORE_CELL_NUMBER;
                        cell->as.number = (int64_t)((uint64_t)cell->as.number +
                                                    (uint64_t)write->adds[n].amount);
                }
                return row_put(self, at,
                        row_make(self, write->table, cells,
                                old->revision + (self->mistake != MODEL_ADD_KEEPS_REVISION)));
        default: return OCORE_OK;
        }
}

static int model_write(void *data, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        model *self = data;
        size_t before = self->count;
        model_row **saved = malloc((before + 1) * sizeof(model_row *));
        int status = saved == NULL ? OCORE_NOMEM : OCORE_OK;
        size_t n;

        memset(refusal, 0, sizeof *refusal);
        if (saved != NULL && before > 0) {
                memcpy(saved, self->rows, before * sizeof *saved);
        }
        for (n = 0; status == OCORE_OK && n < count; n++) {
                size_t at = row_at(self, writes[n].table, writes[n].cells);

                refusal->reason = reason_of(self, &writes[n], at, &refusal->column);
                if (refusal->reason != 0) {
                        refusal->write = self->mistake == MODEL_WRONG_WRITE_NAMED ? 0 : n;
                        status = OCORE_CONFLICT;
                } else {
                        status = apply(self, &writes[n], at);
                }
        }
        if (status != OCORE_OK && saved != NULL && self->mistake != MODEL_NOT_ATOMIC) {
                if (before > 0) {
                        memcpy(self->rows, saved, before * sizeof *saved);
                }
                self->count = before;
        }
        free(saved);
        return status;
}

static int place_compare(const model *self, const ocore_table *table, uint32_t index,
        const ocore_cell *a, const ocore_cell *b)
{
        uint32_t n;

        for (n = 0; n < ocore__toy_place_count(table, index); n++) {
                uint32_t column = ocore__toy_place_column(table, index, n);
                int order = compare(self, &a[column], &b[column]);

                if (self->mistake == MODEL_NULLS_LAST &&
                        (a[column].type == OCORE_CELL_NULL) !=
                                (b[column].type == OCORE_CELL_NULL)) {
                        order = -order;
                }
                if (order != 0) {
                        return order;
                }
        }
        return 0;
}

static int row_matches(const model *self, const ocore_read *read, const model_row *row)
{
        int descending =
                (read->flags & OCORE_READ_DESCENDING) != 0 && self->mistake != MODEL_ASCENDING_ONLY;
        int order = 0;
        uint32_t n;

        if (row->table != read->table->number) {
                return 0;
        }
        if (read->prefix_count == 0 && (self->mistake == MODEL_ALL_TENANTS_NONE ||
                                               (self->mistake == MODEL_ALL_TENANTS_FIRST &&
                                                       row->cells[0].as.number > 1))) {
                return 0;
        }
        if (read->index != 0 && self->mistake != MODEL_SPARSE_IGNORED) {
                const ocore_index *index = &read->table->indexes[read->index - 1];

                if ((index->flags & OCORE_INDEX_SPARSE) != 0 &&
                        row->cells[index->columns[1]].type == OCORE_CELL_NULL) {
                        return 0;
                }
        }
        for (n = self->mistake == MODEL_TENANTS_MIXED; n < read->prefix_count; n++) {
                uint32_t column = ocore__toy_place_column(read->table, read->index, n);

                if (compare(self, &row->cells[column], &read->prefix[n]) != 0) {
                        return 0;
                }
        }
        if (read->prefix_count == 0 && self->mistake == MODEL_ALL_TENANTS_AFTER_IGNORED) {
                return 1;
        }
        for (n = 0; order == 0 && n < read->after_count; n++) {
                uint32_t column = ocore__toy_place_column(read->table, read->index, n);

                order = compare(self, &row->cells[column], &read->after[n]);
        }
        if (read->after_count == 0 || (order == 0 && self->mistake == MODEL_AFTER_INCLUSIVE)) {
                return 1;
        }
        return descending ? order < 0 : order > 0;
}

/* Shell's sort (1959): short, and needs no memory. */
static void rows_sort(const model *self, const ocore_read *read, model_row **rows, size_t count)
{
        int sign =
                (read->flags & OCORE_READ_DESCENDING) != 0 && self->mistake != MODEL_ASCENDING_ONLY
                        ? -1
                        : 1;
        size_t gap;
        size_t n;

        for (gap = count / 2; gap > 0; gap /= 2) {
                for (n = gap; n < count; n++) {
                        model_row *row = rows[n];
                        size_t at = n;

                        while (at >= gap && sign * place_compare(self, read->table, read->index,
                                                           rows[at - gap]->cells, row->cells) >
                                                    0) {
                                rows[at] = rows[at - gap];
                                at -= gap;
                        }
                        rows[at] = row;
                }
        }
}

static int model_read(
        void *data, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        model *self = data;
        model_row **found = malloc((self->count + 1) * sizeof(model_row *));
        int status = found == NULL ? OCORE_NOMEM : OCORE_OK;
        size_t r;
        size_t n;

        for (r = 0; status == OCORE_OK && r < count; r++) {
                const ocore_read *read = &reads[r];
                size_t many = 0;

                for (n = 0; n < self->count; n++) {
                        if (row_matches(self, read, self->rows[n])) {
                                found[many++] = self->rows[n];
                        }
                }
                rows_sort(self, read, found, many);
                if (read->limit != 0 && many > read->limit &&
                        self->mistake != MODEL_LIMIT_IGNORED) {
                        many = read->limit;
                }
                for (n = 0; status == OCORE_OK && n < many; n++) {
                        status = emit(sink, r, found[n]->revision, found[n]->cells,
                                read->table->record->column_count);
                        if (self->mistake == MODEL_EMIT_IGNORED) {
                                status = OCORE_OK;
                        }
                }
        }
        free(found);
        return status;
}

/* Growing gives older rows what a column that they never had is worth. */
static int model_open(void *data, const ocore_schema *schema)
{
        model *self = data;
        size_t n;
        size_t c;

        if (self->schema != NULL && self->schema != schema &&
                self->mistake == MODEL_GROWTH_FORGETS) {
                self->count = 0;
        }
        for (n = 0; self->schema != NULL && n < self->count; n++) {
                const ocore_table *old = self->schema->tables[self->rows[n]->table];
                const ocore_table *table = schema->tables[self->rows[n]->table];

                for (c = old->record->column_count; c < table->record->column_count; c++) {
                        ocore_cell cell = ocore__toy_null();

                        if ((table->record->fields[c].flags & OCORE_FIELD_NULLABLE) == 0) {
                                cell.type = ocore__toy_cell_type(table, c);
                        }
                        self->rows[n]->cells[c] = cell;
                }
        }
        self->schema = schema;
        return OCORE_OK;
}

static void model_close(void *data)
{
        model *self = data;

        while (self != NULL && self->newest != NULL) {
                model_row *older = self->newest->older;

                free(self->newest->bytes);
                free(self->newest);
                self->newest = older;
        }
        if (self != NULL) {
                free(self->rows);
        }
        free(self);
}

static const ocore_store_ops model_ops = {
        .struct_size = sizeof(ocore_store_ops),
        .name = "model",
        .open = model_open,
        .read = model_read,
        .write = model_write,
        .close = model_close,
};

int ocore__model_store(int mistake, ocore_store *out)
{
        model *self = calloc(1, sizeof *self);

        out->ops = self == NULL ? NULL : &model_ops;
        out->self = self;
        if (self == NULL) {
                return OCORE_NOMEM;
        }
        self->mistake = mistake;
        return OCORE_OK;
}

uint32_t ocore__model_reason(const ocore_store *store, const ocore_write *write, uint32_t column)
{
        const model *self = store->self;
        size_t at = row_at(self, write->table, write->cells);
        uint32_t n;

        /* An addition may be refused for any of its columns, and below the floor may also be
         * outside 64 bits. */
        for (n = 0; at < self->count && write->kind == OCORE_WRITE_ADD && n < write->add_count;
                n++) {
                if (write->adds[n].column == column) {
                        return add_reason(self, self->rows[at], &write->adds[n]);
                }
        }
        return reason_of(self, write, at, &column);
}

int64_t ocore__model_find(
        const ocore_store *store, uint32_t table, const ocore_cell *cells, const ocore_cell **out)
{
        const model *self = store->self;
        size_t at = row_at(self, self->schema->tables[table], cells);

        *out = at < self->count ? self->rows[at]->cells : NULL;
        return at < self->count ? self->rows[at]->revision : 0;
}

const ocore_cell *ocore__model_row(const ocore_store *store, uint32_t table, size_t n)
{
        const model *self = store->self;
        size_t at;

        for (at = 0; at < self->count; at++) {
                if (self->rows[at]->table == table && n-- == 0) {
                        return self->rows[at]->cells;
                }
        }
        return NULL;
}
