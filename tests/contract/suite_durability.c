/*
 * Work that something may cut short, and the look at what is left of it: for tests of what a store
 * keeps when its process dies or the power goes. Batch after batch changes rows in every table; the
 * content after a batch follows from its number and the seed, so that nobody has to remember it.
 */
#include "suite_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        WRITES_MAX = 8,
        ITEMS_KEPT = 40, /* so old are the rows that a batch deletes */
        GROUPS_KEPT = 25,
        BODY_MAX = 6000,
        MEMO_MAX = 100,
        CONFLICTS_MAX = 100,
        PAGE = 256
};

/* One batch and what stands behind it. */
typedef struct work_batch {
        ocore_write writes[WRITES_MAX];
        toy_row rows[WRITES_MAX];
        ocore_add adds[2];
        size_t count;
        char body[BODY_MAX];
        char name[32];
} work_batch;

static toy_row *batch_row(work_batch *batch, toy_row row)
{
        batch->rows[batch->count] = row;
        return &batch->rows[batch->count];
}

static void batch_write(work_batch *batch, uint32_t kind, uint32_t table, int64_t revision)
{
        batch->writes[batch->count] =
                ocore__toy_write(kind, table, &batch->rows[batch->count], revision);
        batch->count++;
}

/* Some batches are larger than a page or a block of any file. */
static ocore_cell body_make(work_batch *batch, int64_t seed, int64_t number)
{
        uint64_t state = (uint64_t)seed * 1000003u + (uint64_t)number;
        size_t size = number % 16 == 0 ? BODY_MAX : (size_t)(ocore__suite_random(&state) % 300);
        size_t n;

        /* All that any row takes, so that nothing of an earlier batch is left in it. */
        for (n = 0; n < size || n < MEMO_MAX; n++) {
                batch->body[n] = (char)('a' + ocore__suite_random(&state) % 26);
        }
        return ocore__toy_bytes(batch->body, size);
}

/* In the order of the contract: table by table, by key, additions last. */
static void batch_make(work_batch *batch, int64_t seed, int64_t number)
{
        toy_row *row;

        batch->count = 0;
        row = batch_row(batch, ocore__toy_bin(1, "head", number));
        row->cells[BIN_PHOTO] = body_make(batch, seed, number);
        batch_write(
                batch, number == 1 ? OCORE_WRITE_INSERT : OCORE_WRITE_UPDATE, TOY_BIN, number - 1);
        if (number == 1) {
                (void)batch_row(batch, ocore__toy_bin(1, "hot", 0));
                batch_write(batch, OCORE_WRITE_INSERT, TOY_BIN, 0);
        }
        if (number > ITEMS_KEPT) {
                (void)batch_row(batch, ocore__toy_item(1, 7, number - ITEMS_KEPT, ""));
                batch_write(batch, OCORE_WRITE_DELETE, TOY_ITEM, 2);
        }
        (void)snprintf(batch->name, sizeof batch->name, "item %lld", (long long)number);
        row = batch_row(batch, ocore__toy_item(1, 7, number, "work"));
        row->cells[ITEM_NAME] = ocore__toy_text(batch->name);
        row->cells[ITEM_MEMO] = ocore__toy_bytes(batch->body, (size_t)(number % MEMO_MAX));
        batch_write(batch, OCORE_WRITE_INSERT, TOY_ITEM, 0);
        if (number > GROUPS_KEPT) {
                (void)batch_row(batch, ocore__toy_group(2, number - GROUPS_KEPT, 0));
                batch_write(batch, OCORE_WRITE_DELETE, TOY_GROUP, 1);
        }
        (void)batch_row(batch, ocore__toy_group(2, number, number));
        batch_write(batch, OCORE_WRITE_INSERT, TOY_GROUP, 0);
        if (number > 1) {
                batch->adds[0] = (ocore_add){number, 0, BIN_ORDER, 0};
                batch->adds[1] = (ocore_add){-1, -1, ITEM_COUNT, 0};
                row = batch_row(batch, ocore__toy_bin(1, "hot", 0));
                batch->writes[batch->count++] = ocore__toy_add(TOY_BIN, row, &batch->adds[0], 1);
                row = batch_row(batch, ocore__toy_item(1, 7, number - 1, ""));
                batch->writes[batch->count++] = ocore__toy_add(TOY_ITEM, row, &batch->adds[1], 1);
        }
}

int ocore_store_suite_work(ocore_store store, int64_t seed, int64_t first, int64_t last,
        ocore_store_suite_told_fn told, void *user_data)
{
        work_batch *batch;
        int status;

        if (store.ops == NULL || first < 1 || last < first - 1) {
                return OCORE_INVALID;
        }
        batch = calloc(1, sizeof *batch);
        if (batch == NULL) {
                return OCORE_NOMEM;
        }
        status = store.ops->open(store.self, &ocore__toy_schema);
        for (; status == OCORE_OK && first <= last; first++) {
                ocore_refusal refusal;
                int tries = 0;

                batch_make(batch, seed, first);
                do {
                        memset(&refusal, 0, sizeof refusal);
                        status =
                                store.ops->write(store.self, batch->writes, batch->count, &refusal);
                } while (status == OCORE_CONFLICT && refusal.reason == OCORE_REFUSED_CONFLICT &&
                         ++tries < CONFLICTS_MAX);
                if (status == OCORE_OK && told != NULL) {
                        status = told(user_data, first);
                }
        }
        free(batch);
        return status;
}

/* How far the work is, by the row that every batch updates. */
static int head_take(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)cells;
        (void)cell_count;
        *(int64_t *)sink = revision;
        return OCORE_OK;
}

static int64_t head_find(suite_run *run)
{
        toy_row head = ocore__toy_bin(1, "head", 0);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, head.cells, 2);
        int64_t found = 0;
        int status = run->store.ops->open(run->store.self, &ocore__toy_schema);

        if (ocore__suite_expect(run, status == OCORE_OK, "opening it again returned %d", status)) {
                status = run->store.ops->read(run->store.self, &read, 1, head_take, &found);
                ocore__suite_expect(
                        run, status == OCORE_OK, "reading after opening again returned %d", status);
        }
        return found;
}

static void kept_look(suite_run *run, int64_t seed, int64_t acknowledged, int64_t *found)
{
        work_batch *batch = calloc(1, sizeof *batch);
        ocore_refusal refusal;
        char what[64];
        int64_t n;

        if (!ocore__suite_expect(run, batch != NULL, "no memory")) {
                return;
        }
        *found = head_find(run);
        ocore__suite_expect(run, *found >= acknowledged,
                "batch %lld was acknowledged and is lost: the store stands behind batch %lld",
                (long long)acknowledged, (long long)*found);
        ocore__suite_expect(run, *found <= acknowledged + 1,
                "the store stands behind batch %lld, and only %lld and the next were begun",
                (long long)*found, (long long)acknowledged);
        for (n = 1; !run->failed && n <= *found; n++) {
                batch_make(batch, seed, n);
                ocore__suite_expect(run,
                        run->model.ops->write(
                                run->model.self, batch->writes, batch->count, &refusal) == OCORE_OK,
                        "no memory for the model");
        }
        (void)snprintf(
                what, sizeof what, "behind batch %lld not everything is there", (long long)*found);
        ocore__suite_same(run, what);
        free(batch);
}

int ocore_store_suite_kept(ocore_store store, int64_t seed, int64_t acknowledged,
        int64_t *out_batch, char *detail, size_t detail_size)
{
        suite_run *run;
        int64_t found = 0;
        int status;

        if (out_batch != NULL) {
                *out_batch = 0;
        }
        if (detail != NULL && detail_size > 0) {
                detail[0] = '\0';
        }
        if (store.ops == NULL || acknowledged < 0 || out_batch == NULL) {
                return OCORE_INVALID;
        }
        run = calloc(1, sizeof *run);
        if (run == NULL) {
                return OCORE_NOMEM;
        }
        run->store = store;
        status = ocore__model_store(MODEL_RIGHT, &run->model);
        if (status == OCORE_OK) {
                (void)run->model.ops->open(run->model.self, &ocore__toy_schema);
                kept_look(run, seed, acknowledged, &found);
                run->model.ops->close(run->model.self);
                status = run->failed ? OCORE_STATE : OCORE_OK;
        }
        if (status == OCORE_OK) {
                *out_batch = found;
        } else if (detail != NULL && detail_size > 0) {
                (void)snprintf(detail, detail_size, "%s", run->detail);
        }
        free(run);
        return status;
}

static int row_count(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int64_t *)sink;
        return OCORE_OK;
}

int ocore_store_suite_rows(ocore_store store, int64_t *out_rows)
{
        ocore_read reads[TOY_TABLES];
        int64_t rows = 0;
        uint32_t table;
        int status;

        if (out_rows != NULL) {
                *out_rows = 0;
        }
        if (store.ops == NULL || out_rows == NULL) {
                return OCORE_INVALID;
        }
        for (table = 0; table < TOY_TABLES; table++) {
                reads[table] = ocore__toy_read(table, 0, NULL, 0);
        }
        status = store.ops->open(store.self, &ocore__toy_schema);
        if (status == OCORE_OK) {
                status = store.ops->read(store.self, reads, TOY_TABLES, row_count, &rows);
        }
        if (status == OCORE_OK) {
                *out_rows = rows;
        }
        return status;
}

/* The keys of some rows, with their revisions; texts are copied. */
typedef struct page {
        ocore_write writes[PAGE];
        toy_row rows[PAGE];
        char texts[PAGE][TOY_KEY_BYTES];
        const ocore_table *table;
        size_t count;
} page;

static int page_take(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        page *self = sink;
        toy_row *row = &self->rows[self->count];
        uint32_t n;

        (void)read;
        if (self->count == PAGE || cell_count != self->table->record->column_count) {
                return OCORE_CORRUPT;
        }
        for (n = 0; n < self->table->key_count; n++) {
                row->cells[n] = cells[n];
                if (cells[n].type == OCORE_CELL_TEXT) {
                        if (cells[n].as.text.size > TOY_KEY_BYTES) {
                                return OCORE_CORRUPT;
                        }
                        memcpy(self->texts[self->count], cells[n].as.text.data,
                                cells[n].as.text.size);
                        row->cells[n].as.text.data = self->texts[self->count];
                }
        }
        self->writes[self->count++] =
                ocore__toy_write(OCORE_WRITE_DELETE, self->table->number, row, revision);
        return OCORE_OK;
}

int ocore_store_suite_empty(ocore_store store)
{
        page *rows;
        uint32_t table;
        int status;

        if (store.ops == NULL) {
                return OCORE_INVALID;
        }
        rows = calloc(1, sizeof *rows);
        if (rows == NULL) {
                return OCORE_NOMEM;
        }
        status = store.ops->open(store.self, &ocore__toy_schema);
        for (table = 0; status == OCORE_OK && table < TOY_TABLES; table++) {
                rows->table = ocore__toy_schema.tables[table];
                do {
                        ocore_read read = ocore__toy_read(table, 0, NULL, 0);
                        ocore_refusal refusal;

                        read.limit = PAGE;
                        rows->count = 0;
                        status = store.ops->read(store.self, &read, 1, page_take, rows);
                        if (status == OCORE_OK && rows->count > 0) {
                                status = store.ops->write(
                                        store.self, rows->writes, rows->count, &refusal);
                        }
                } while (status == OCORE_OK && rows->count == PAGE);
        }
        free(rows);
        return status;
}
