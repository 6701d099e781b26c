/* Checks of a store's life: large batches, opening again, reopening, growth of the schema, and
 * random batches beside the model. */
#include "suite_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_large_batch(suite_run *run)
{
        size_t count = (size_t)run->config->large_batch;
        toy_row *rows = calloc(count + 1, sizeof *rows);
        ocore_write *writes = calloc(count + 1, sizeof *writes);
        uint64_t state = (uint64_t)run->config->seed;
        size_t n;

        if (ocore__suite_expect(run, rows != NULL && writes != NULL, "no memory")) {
                for (n = 0; n < count; n++) {
                        rows[n] = ocore__toy_group(1, (int64_t)n, (int64_t)(count - n));
                        rows[n].cells[GROUP_LABEL] = ocore__toy_id(ocore__suite_random(&state));
                        writes[n] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_GROUP, &rows[n], 0);
                }
                /* The last one takes the place of the first. */
                rows[count] = rows[0];
                writes[count] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_GROUP, &rows[count], 0);
                ocore__suite_step(run, "a large batch whose last write fails", writes, count + 1,
                        OCORE_REFUSED_EXISTS, count);
                ocore__suite_step(run, "a large batch", writes, count, 0, 0);
                for (n = 0; n < count; n++) {
                        rows[n].cells[GROUP_LABEL] = ocore__toy_id(n);
                        writes[n] = ocore__toy_write(
                                n % 3 == 0 ? OCORE_WRITE_DELETE : OCORE_WRITE_UPDATE, TOY_GROUP,
                                &rows[n], 1);
                }
                ocore__suite_step(run, "a large batch of changes", writes, count, 0, 0);
        }
        free(rows);
        free(writes);
}

static void fill(suite_run *run)
{
        ocore_add adds[1] = {{5, 0, BIN_ORDER, 0}};
        toy_row rows[4] = {ocore__toy_bin(1, "a", 1), ocore__toy_bin(1, "b", INT64_MIN),
                ocore__toy_item(1, 1, 1, "s"), ocore__toy_group(2, 1, 1)};
        ocore_write writes[4];

        rows[0].cells[BIN_NOTE] = ocore__toy_text("");
        rows[2].cells[ITEM_NAME] = ocore__toy_text("anna");
        writes[0] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &rows[0], 0);
        writes[1] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &rows[1], 0);
        writes[2] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_ITEM, &rows[2], 0);
        writes[3] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_GROUP, &rows[3], 0);
        ocore__suite_step(run, "fill", writes, 4, 0, 0);
        writes[0] = ocore__toy_add(TOY_BIN, &rows[0], adds, 1);
        ocore__suite_step(run, "fill", writes, 1, 0, 0);
}

static void check_open_again(suite_run *run)
{
        int status;
        int n;

        for (n = 0; n < 3; n++) {
                status = run->store.ops->open(run->store.self, &ocore__toy_schema);
                ocore__suite_expect(run, status == OCORE_OK, "open again returned %d", status);
                ocore__suite_same(run, "opened again");
                if (n == 0) {
                        fill(run);
                }
        }
}

static void check_reopen(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "c", 1);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_write check = ocore__toy_write(OCORE_WRITE_CHECK, TOY_BIN, &row, 1);

        if (ocore__suite_reopen(run, &ocore__toy_schema)) {
                ocore__suite_same(run, "an empty store reopened");
        }
        fill(run);
        if (ocore__suite_reopen(run, &ocore__toy_schema)) {
                ocore__suite_same(run, "reopened");
        }
        ocore__suite_step(run, "an insert after reopening", &write, 1, 0, 0);
        ocore__suite_step(run, "once more", &write, 1, OCORE_REFUSED_EXISTS, 0);
        if (ocore__suite_reopen(run, &ocore__toy_schema)) {
                ocore__suite_step(run, "a check after reopening", &check, 1, 0, 0);
        }
}

/* The row read back, as a sink. */
typedef struct grown_row {
        int64_t revision;
        int64_t rows;
        ocore_cell extra;
        ocore_cell hint;
        ocore_cell order;
} grown_row;

static int grown_take(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        grown_row *row = sink;

        (void)read;
        if (cell_count != BIN_GROWN_COLUMNS) {
                return -1000;
        }
        row->rows++;
        row->revision = revision;
        row->order = cells[BIN_ORDER];
        row->extra = cells[BIN_EXTRA];
        row->hint = cells[BIN_HINT];
        return OCORE_OK;
}

static grown_row grown_get(suite_run *run, const toy_row *key)
{
        ocore_read read = ocore__toy_read(TOY_BIN, 0, key->cells, 2);
        grown_row row;
        int status;

        memset(&row, 0, sizeof row);
        read.table = ocore__toy_grown.tables[TOY_BIN];
        status = run->store.ops->read(run->store.self, &read, 1, grown_take, &row);
        ocore__suite_expect(run, status == OCORE_OK && row.rows == 1,
                "reading a row of a table that grew: %d, %lld rows", status, (long long)row.rows);
        return row;
}

static void grown_write(suite_run *run, const char *what, ocore_write write)
{
        ocore_refusal refusal = {0, 0, 0};
        int status;

        write.table = ocore__toy_grown.tables[write.table->number];
        if (write.kind == OCORE_WRITE_INSERT || write.kind == OCORE_WRITE_UPDATE) {
                write.cell_count = (uint32_t)write.table->record->column_count;
        }
        status = run->store.ops->write(run->store.self, &write, 1, &refusal);
        ocore__suite_expect(run, status == OCORE_OK, "%s: write returned %d, reason %u", what,
                status, (unsigned)refusal.reason);
}

static int counted_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int64_t *)sink;
        return OCORE_OK;
}

static void grown_count(
        suite_run *run, uint32_t table, uint32_t index, int64_t tenant, int64_t expected)
{
        ocore_cell cell = ocore__toy_number(tenant);
        ocore_read read = ocore__toy_read(table, index, &cell, 1);
        int64_t rows = 0;
        int status;

        read.table = ocore__toy_grown.tables[table];
        status = run->store.ops->read(run->store.self, &read, 1, counted_row, &rows);
        ocore__suite_expect(run, status == OCORE_OK && rows == expected,
                "table %s, index %u after growth: %d, %lld rows instead of %lld", read.table->name,
                (unsigned)index, status, (long long)rows, (long long)expected);
}

/* Columns, an index and a table are appended: old rows keep what they had and have nothing in
 * what they never had; all of it can be written. */
static void check_growth(suite_run *run)
{
        ocore_add adds[1] = {{7, 0, BIN_EXTRA, 0}};
        toy_row key = ocore__toy_bin(1, "a", 6);
        toy_row later = ocore__toy_bin(1, "later", 1);
        grown_row row;

        fill(run);
        if (!ocore__suite_reopen(run, &ocore__toy_grown)) {
                return;
        }
        row = grown_get(run, &key);
        ocore__suite_expect(run, row.revision == 2 && row.order.as.number == 6,
                "an old row changed: revision %lld, order %lld", (long long)row.revision,
                (long long)row.order.as.number);
        ocore__suite_expect(run,
                row.extra.type == OCORE_CELL_NULL ||
                        (row.extra.type == OCORE_CELL_NUMBER && row.extra.as.number == 0),
                "an old row has a number in a new column");
        ocore__suite_expect(
                run, row.hint.type == OCORE_CELL_NULL, "an old row has a text in a new column");
        grown_write(run, "adding to a new column", ocore__toy_add(TOY_BIN, &key, adds, 1));
        row = grown_get(run, &key);
        ocore__suite_expect(run, row.revision == 3 && row.extra.as.number == 7,
                "adding 7 to a new column gave %lld", (long long)row.extra.as.number);
        key.cells[BIN_EXTRA] = ocore__toy_number(8);
        key.cells[BIN_HINT] = ocore__toy_text("new");
        grown_write(
                run, "updating an old row", ocore__toy_write(OCORE_WRITE_UPDATE, TOY_BIN, &key, 3));
        row = grown_get(run, &key);
        ocore__suite_expect(run,
                row.hint.type == OCORE_CELL_TEXT && row.hint.as.text.size == 3 &&
                        row.extra.as.number == 8,
                "new columns were not written");
        grown_write(run, "inserting into a new table",
                ocore__toy_write(OCORE_WRITE_INSERT, TOY_LATER, &later, 0));
        grown_count(run, TOY_LATER, 0, 1, 1);
        grown_count(run, TOY_BIN, 0, 1, 2);
        grown_count(run, TOY_ITEM, 5, 1, 1);
        grown_count(run, TOY_GROUP, 2, 2, 1);
        grown_count(run, TOY_GROUP, 2, 1, 0);
}

enum { BATCH_MAX = 8 };

/* A random batch and what stands behind it. */
typedef struct random_batch {
        ocore_write writes[BATCH_MAX];
        toy_row rows[BATCH_MAX];
        ocore_add adds[BATCH_MAX][2];
        char texts[BATCH_MAX][3][8];
        size_t count;
        uint64_t state;
        int64_t fresh; /* for values of unique indexes */
} random_batch;

static uint64_t pick(random_batch *batch, uint64_t of)
{
        return ocore__suite_random(&batch->state) % of;
}

static int64_t pick_number(random_batch *batch)
{
        static const int64_t edges[] = {INT64_MAX, INT64_MIN, INT64_MAX - 3, INT64_MIN + 3, 0, -1};

        return pick(batch, 8) == 0 ? edges[pick(batch, sizeof edges / sizeof edges[0])]
                                   : (int64_t)pick(batch, 20) - 5;
}

static const char *pick_text(random_batch *batch, char room[8])
{
        static const char *const letters[] = {"", "a", "b", "\xc3\xa4", "\xf0\x9f\x93\xa6"};

        (void)snprintf(room, 8, "%s%s", letters[pick(batch, 5)], letters[pick(batch, 3)]);
        return room;
}

static void row_make(random_batch *batch, size_t n, uint32_t table)
{
        int64_t tenant = (int64_t)pick(batch, 3);
        toy_row *row = &batch->rows[n];

        if (table == TOY_BIN) {
                *row = ocore__toy_bin(
                        tenant, pick_text(batch, batch->texts[n][0]), pick_number(batch));
                row->cells[BIN_HELD] = ocore__toy_number(pick_number(batch));
                if (pick(batch, 2) == 0) {
                        row->cells[BIN_NOTE] =
                                ocore__toy_text(pick_text(batch, batch->texts[n][1]));
                        row->cells[BIN_OWNER] = ocore__toy_id(pick(batch, 9));
                        row->cells[BIN_PHOTO] = ocore__toy_bytes(batch->texts[n][1], 3);
                }
        } else if (table == TOY_ITEM) {
                *row = ocore__toy_item(tenant, pick(batch, 3), (int64_t)pick(batch, 3) - 1,
                        pick_text(batch, batch->texts[n][0]));
                row->cells[ITEM_STATE] = ocore__toy_number((int64_t)pick(batch, 3));
                row->cells[ITEM_COUNT] = ocore__toy_number(pick_number(batch));
                if (pick(batch, 2) == 0) {
                        row->cells[ITEM_DUE] = ocore__toy_number((int64_t)pick(batch, 4));
                }
                if (pick(batch, 2) == 0) {
                        row->cells[ITEM_NAME] =
                                ocore__toy_text(pick_text(batch, batch->texts[n][1]));
                }
        } else {
                *row = ocore__toy_group(tenant, (int64_t)pick(batch, 6), (int64_t)pick(batch, 8));
        }
}

static void write_make(suite_run *run, random_batch *batch, size_t n)
{
        uint32_t table = (uint32_t)pick(batch, TOY_TABLES);
        uint32_t kind = (uint32_t)pick(batch, 5) + 1;
        const ocore_cell *cells;
        int64_t revision;

        row_make(batch, n, table);
        revision = ocore__model_find(&run->model, table, batch->rows[n].cells, &cells);
        /* Mostly what can be done, so that there is something to look at. */
        if (pick(batch, 8) != 0 && (revision == 0) != (kind == OCORE_WRITE_INSERT)) {
                kind = revision == 0 ? OCORE_WRITE_INSERT : (uint32_t)pick(batch, 4) + 2;
        }
        if (pick(batch, 16) == 0) {
                revision++;
        }
        if (kind == OCORE_WRITE_INSERT && pick(batch, 4) == 0) {
                revision = 1 + (int64_t)pick(batch, (uint64_t)1 << 60);
        }
        if (kind != OCORE_WRITE_ADD || table == TOY_GROUP) {
                batch->writes[n] =
                        ocore__toy_write(kind == OCORE_WRITE_ADD ? OCORE_WRITE_CHECK : kind, table,
                                &batch->rows[n], revision);
                return;
        }
        batch->adds[n][0] = (ocore_add){pick_number(batch), pick_number(batch) % 4, 0, 0};
        batch->adds[n][1] = (ocore_add){pick_number(batch), 0, BIN_HELD, 0};
        batch->adds[n][0].column = table == TOY_BIN ? (uint32_t)BIN_ORDER : (uint32_t)ITEM_COUNT;
        batch->writes[n] = ocore__toy_add(table, &batch->rows[n], batch->adds[n],
                table == TOY_BIN ? 1 + (uint32_t)pick(batch, 2) : 1);
}

/* Cold rows first and additions last, each by table and key: as the contract says. */
static int write_order(const ocore_write *a, const ocore_write *b, int with_kind)
{
        int late = (a->kind == OCORE_WRITE_ADD) - (b->kind == OCORE_WRITE_ADD);
        uint32_t n;

        if (with_kind && late != 0) {
                return late;
        }
        if (a->table->number != b->table->number) {
                return a->table->number < b->table->number ? -1 : 1;
        }
        for (n = 0; n < a->table->key_count; n++) {
                int order = ocore__toy_compare(&a->cells[n], &b->cells[n]);

                if (order != 0) {
                        return order;
                }
        }
        return 0;
}

static void batch_sort(random_batch *batch)
{
        size_t n;
        size_t at;

        for (n = 1; n < batch->count; n++) {
                ocore_write write = batch->writes[n];

                for (at = n; at > 0 && write_order(&batch->writes[at - 1], &write, 1) > 0; at--) {
                        batch->writes[at] = batch->writes[at - 1];
                }
                batch->writes[at] = write;
        }
}

static uint32_t unique_column(const ocore_write *write)
{
        return write->table->number == TOY_ITEM ? (uint32_t)ITEM_NAME : (uint32_t)GROUP_SLOT;
}

/* A value that another write of the batch sets or gives up would make the answer depend on the
 * order in which a store looks; such a write gets another value. */
static void batch_part(suite_run *run, random_batch *batch)
{
        size_t n;
        size_t m;

        for (n = 0; n < batch->count; n++) {
                ocore_write *write = &batch->writes[n];
                uint32_t column = unique_column(write);
                toy_row *row = (toy_row *)(uintptr_t)write->cells;

                for (m = 0; m < batch->count && write->table->number != TOY_BIN; m++) {
                        const ocore_write *other = &batch->writes[m];
                        const ocore_cell *stored = NULL;

                        if (m == n || other->table != write->table) {
                                continue;
                        }
                        (void)ocore__model_find(
                                &run->model, other->table->number, other->cells, &stored);
                        if (ocore__toy_compare(&write->cells[column], &other->cells[column]) == 0 ||
                                (stored != NULL && ocore__toy_compare(&write->cells[column],
                                                           &stored[column]) == 0)) {
                                row->cells[column] = write->table->number == TOY_ITEM
                                                             ? ocore__toy_null()
                                                             : ocore__toy_number(batch->fresh++);
                        }
                }
        }
}

static void batch_make(suite_run *run, random_batch *batch)
{
        size_t wanted = 1 + (size_t)pick(batch, BATCH_MAX);
        size_t n;

        batch->count = 0;
        while (wanted-- > 0) {
                write_make(run, batch, batch->count);
                for (n = 0; n < batch->count; n++) {
                        if (write_order(&batch->writes[n], &batch->writes[batch->count], 0) == 0) {
                                break;
                        }
                }
                batch->count += n == batch->count; /* one write a row */
        }
        batch_part(run, batch);
        batch_sort(batch);
}

static void random_step(suite_run *run, random_batch *batch, int64_t round)
{
        ocore_refusal got = {0, 0, 0};
        ocore_refusal model = {0, 0, 0};
        uint32_t reason = 0;
        int expected;
        int status;

        batch_make(run, batch);
        status = run->store.ops->write(run->store.self, batch->writes, batch->count, &got);
        /* Several writes may be refused; any of them may be the one that is named. */
        if (status == OCORE_CONFLICT && got.write < batch->count) {
                reason = ocore__model_reason(&run->model, &batch->writes[got.write], got.column);
        }
        expected = run->model.ops->write(run->model.self, batch->writes, batch->count, &model);
        ocore__suite_expect(run, status == expected,
                "seed %lld, round %lld: write returned %d "
                "instead of %d (write %zu, reason %u)",
                (long long)run->config->seed, (long long)round, status, expected, model.write,
                (unsigned)model.reason);
        if (status == OCORE_CONFLICT) {
                ocore__suite_expect(run,
                        reason != 0 &&
                                (got.reason == reason || (got.reason == OCORE_REFUSED_FLOOR &&
                                                                 reason == OCORE_REFUSED_OVERFLOW)),
                        "seed %lld, round %lld: write %zu refused for reason %u, "
                        "which cannot be: %u",
                        (long long)run->config->seed, (long long)round, got.write,
                        (unsigned)got.reason, (unsigned)reason);
        }
}

static void check_random(suite_run *run)
{
        random_batch *batch = calloc(1, sizeof *batch);
        int64_t round;

        if (!ocore__suite_expect(run, batch != NULL, "no memory")) {
                return;
        }
        batch->state = (uint64_t)run->config->seed;
        batch->fresh = 1000;
        for (round = 0; !run->failed && round < run->config->rounds; round++) {
                char what[64];

                random_step(run, batch, round);
                (void)snprintf(what, sizeof what, "seed %lld, round %lld",
                        (long long)run->config->seed, (long long)round);
                if (round % 4 == 0) {
                        ocore__suite_same(run, what);
                }
                if (round % 500 == 499 && run->config->reopen != NULL) {
                        (void)ocore__suite_reopen(run, &ocore__toy_schema);
                }
        }
        if (!run->failed) {
                (void)snprintf(run->detail, sizeof run->detail, "seed %lld, %lld rounds",
                        (long long)run->config->seed, (long long)run->config->rounds);
        }
        free(batch);
}

const suite_check ocore__suite_life_checks[] = {
        {"a large batch", check_large_batch, 0},
        {"open again", check_open_again, 0},
        {"reopen", check_reopen, 1},
        {"random batches", check_random, 0},
        /* The last: a store that many runs share cannot go back to the older layout. */
        {"growth of the schema", check_growth, 0},
        {NULL, NULL, 0},
};
