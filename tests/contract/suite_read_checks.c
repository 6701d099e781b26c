/* Checks of reads: ranges over every index with prefix, place to start behind, limit and
 * direction; several look-ups at once; tenants apart; a sink that has had enough. */
#include "suite_private.h"

#include <string.h>

enum { PLACES_MAX = TOY_PLACES_MAX, LIMITS = 4 };

static void insert(suite_run *run, uint32_t table, const toy_row *row)
{
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, table, row, 0);
        ocore_refusal refusal;
        int status = run->model.ops->write(run->model.self, &write, 1, &refusal);

        ocore__suite_expect(run, status == OCORE_OK, "insert into the model: %d", status);
        status = run->store.ops->write(run->store.self, &write, 1, &refusal);
        ocore__suite_expect(run, status == OCORE_OK, "insert: %d", status);
}

/* Rows of two tenants with many equal values, so that the key has to decide the order. */
static void fill(suite_run *run)
{
        static const char *const skus[] = {
                "", "a", "a b", "ab", "b", "\xc3\xa4", "\xf0\x9f\x93\xa6"};
        static const char *const names[] = {
                "n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11"};
        int64_t tenant;
        uint64_t n;

        for (tenant = 1; tenant <= 2; tenant++) {
                for (n = 0; n < 24; n++) {
                        toy_row row = ocore__toy_item(tenant, n % 5, (int64_t)n - 12,
                                skus[n % (sizeof skus / sizeof skus[0])]);

                        row.cells[ITEM_STATE] = ocore__toy_number((int64_t)(n % 3) - 1);
                        if (n % 2 == 0) {
                                row.cells[ITEM_DUE] = ocore__toy_number((int64_t)(n % 4) * 1000);
                                row.cells[ITEM_NAME] = ocore__toy_text(names[n / 2]);
                        }
                        insert(run, TOY_ITEM, &row);
                        row = ocore__toy_bin(tenant, names[n % 12], (int64_t)n);
                        if (n < 12) {
                                insert(run, TOY_BIN, &row);
                        }
                        row = ocore__toy_group(tenant, (int64_t)n * 3 - 30, 100 - (int64_t)n);
                        insert(run, TOY_GROUP, &row);
                }
        }
}

static void place_of(
        const ocore_table *table, uint32_t index, const ocore_cell *row, ocore_cell *place)
{
        uint32_t n;

        for (n = 0; n < ocore__toy_place_count(table, index); n++) {
                place[n] = row[ocore__toy_place_column(table, index, n)];
        }
}

static void check_prefix(suite_run *run)
{
        static const ocore_cell none = {0, 0, {0}};
        uint32_t table;
        uint32_t index;
        uint32_t count;
        size_t n;

        fill(run);
        ocore__suite_same(run, "all rows");
        for (table = 0; table < TOY_TABLES; table++) {
                const ocore_table *toy = ocore__toy_schema.tables[table];
                const ocore_cell *row;

                for (n = 0; (row = ocore__model_row(&run->model, table, n)) != NULL; n++) {
                        for (index = 0; index <= toy->index_count; index++) {
                                uint32_t columns = index == 0
                                                           ? toy->key_count
                                                           : toy->indexes[index - 1].column_count;
                                ocore_cell place[PLACES_MAX] = {none};

                                place_of(toy, index, row, place);
                                for (count = 1; count <= columns; count++) {
                                        ocore_read reads[2];

                                        reads[0] = ocore__toy_read(table, index, place, count);
                                        reads[1] = reads[0];
                                        reads[1].flags = OCORE_READ_DESCENDING;
                                        ocore__suite_ask(run, "a prefix", reads, 2);
                                }
                        }
                }
        }
}

/* 1 if the index leaves this row out. */
static int left_out(const ocore_table *table, uint32_t index, const ocore_cell *row)
{
        return index != 0 && (table->indexes[index - 1].flags & OCORE_INDEX_SPARSE) != 0 &&
               row[table->indexes[index - 1].columns[1]].type == OCORE_CELL_NULL;
}

/* Behind the place of `row`: among all of its tenant, among those that share its second column,
 * and among those that share the one of `other`, of which the place may be no part. */
static void ask_behind(suite_run *run, uint32_t table, uint32_t index, const ocore_cell *row,
        const ocore_cell *other)
{
        static const uint32_t limits[LIMITS] = {0, 1, 2, 1000};
        const ocore_table *toy = ocore__toy_schema.tables[table];
        ocore_cell places[2][PLACES_MAX];
        ocore_read reads[LIMITS * 6];
        size_t n;

        place_of(toy, index, row, places[0]);
        place_of(toy, index, other, places[1]);
        places[1][0] = places[0][0];
        for (n = 0; n < LIMITS * 6; n++) {
                reads[n] =
                        ocore__toy_read(table, index, places[n % 6 < 4 ? 0 : 1], n % 6 < 2 ? 1 : 2);
                reads[n].after = places[0];
                reads[n].after_count = ocore__toy_place_count(toy, index);
                reads[n].limit = limits[n / 6];
                reads[n].flags = n % 2 == 0 ? 0 : OCORE_READ_DESCENDING;
        }
        ocore__suite_ask(run, "behind a place", reads, LIMITS * 6);
}

static void check_after(suite_run *run)
{
        uint32_t table;
        uint32_t index;
        size_t n;

        fill(run);
        for (table = 0; table < TOY_TABLES; table++) {
                const ocore_table *toy = ocore__toy_schema.tables[table];
                const ocore_cell *other = ocore__model_row(&run->model, table, 0);
                const ocore_cell *row;

                for (n = 0; (row = ocore__model_row(&run->model, table, n)) != NULL; n++) {
                        for (index = 0; index <= toy->index_count; index++) {
                                if (!left_out(toy, index, row)) {
                                        ask_behind(run, table, index, row, other);
                                }
                        }
                        other = row;
                }
        }
}

/* A place to start behind need not be one where a row is. */
static void check_after_nothing(suite_run *run)
{
        ocore_cell tenant = ocore__toy_number(1);
        ocore_cell place[5] = {tenant, ocore__toy_text("a"), tenant, ocore__toy_id(2),
                ocore__toy_number(INT64_MAX)};
        ocore_cell dues[6] = {tenant, ocore__toy_number(0), ocore__toy_null(), tenant,
                ocore__toy_id(9), ocore__toy_number(INT64_MIN)};
        ocore_cell key[3] = {tenant, ocore__toy_id(2), ocore__toy_number(INT64_MIN)};
        ocore_read reads[6];
        size_t n;

        fill(run);
        for (n = 0; n < 6; n++) {
                reads[n] = ocore__toy_read(TOY_ITEM,
                        n < 2   ? ITEM_BY_SKU
                        : n < 4 ? ITEM_BY_STATE
                                : ITEM_BY_KEY,
                        &tenant, 1);
                reads[n].after = n < 2 ? place : n < 4 ? dues : key;
                reads[n].after_count = n < 2 ? 5 : n < 4 ? 6 : 3;
                reads[n].flags = n % 2 == 0 ? 0 : OCORE_READ_DESCENDING;
        }
        ocore__suite_ask(run, "behind a place without a row", reads, 6);
}

/* Rows of all tenants in one order, as a copy of the whole store asks for them: from the start,
 * behind each row, and behind places of tenants who have nothing. */
static void check_all_tenants(suite_run *run)
{
        static const int64_t places[] = {INT64_MIN, 0, 1, 2, 3, (int64_t)1 << 53, INT64_MAX};
        static const uint32_t limits[LIMITS] = {0, 1, 7, 1000};
        toy_row row = ocore__toy_group((int64_t)1 << 53, 4, 4);
        uint32_t table;
        size_t n;

        insert(run, TOY_GROUP, &row);
        row = ocore__toy_item(0, 9, 9, "zero");
        insert(run, TOY_ITEM, &row);
        fill(run);
        for (table = 0; table < TOY_TABLES; table++) {
                const ocore_table *toy = ocore__toy_schema.tables[table];
                ocore_cell place[PLACES_MAX];
                const ocore_cell *cells = ocore__model_row(&run->model, table, 0);
                ocore_read reads[LIMITS * 4];
                size_t at = 0;

                while (!run->failed && cells != NULL) {
                        place_of(toy, 0, cells, place);
                        if (at < sizeof places / sizeof places[0]) {
                                place[0] = ocore__toy_number(places[at]);
                        }
                        for (n = 0; n < LIMITS * 4; n++) {
                                reads[n] = ocore__toy_read(table, 0, NULL, 0);
                                reads[n].limit = limits[n / 4];
                                reads[n].after = n % 4 < 2 ? NULL : place;
                                reads[n].after_count = n % 4 < 2 ? 0 : toy->key_count;
                                reads[n].flags = n % 2 == 0 ? 0 : OCORE_READ_DESCENDING;
                        }
                        ocore__suite_ask(run, "all tenants", reads, LIMITS * 4);
                        at++;
                        cells = ocore__model_row(&run->model, table, at);
                }
        }
}

/* Look-ups of many kinds in one call, some for nothing, some twice the same. */
static void check_several(suite_run *run)
{
        ocore_cell keys[16][3];
        ocore_read reads[16];
        size_t n;

        fill(run);
        for (n = 0; n < 16; n++) {
                keys[n][0] = ocore__toy_number(n % 3 == 0 ? 9 : (int64_t)(n % 3));
                keys[n][1] =
                        n < 8 ? ocore__toy_text(n % 2 == 0 ? "n3" : "none") : ocore__toy_id(n % 5);
                keys[n][2] = ocore__toy_number((int64_t)n - 12);
                reads[n] = ocore__toy_read(
                        n < 8 ? TOY_BIN : TOY_ITEM, 0, keys[n], n < 8 ? 2 : 2 + (uint32_t)(n % 2));
        }
        reads[15] = reads[14];
        ocore__suite_ask(run, "several look-ups", reads, 16);
        ocore__suite_ask(run, "the same again", reads, 16);
        ocore__suite_ask(run, "none at all", reads, 0);
}

static void check_tenants(suite_run *run)
{
        ocore_cell wrong[3] = {ocore__toy_number(3), ocore__toy_id(0), ocore__toy_number(-12)};
        ocore_read reads[3];
        toy_row row;
        uint32_t n;

        fill(run);
        for (n = 0; n < 3; n++) {
                reads[n] = ocore__toy_read(TOY_ITEM, 0, wrong, n + 1);
        }
        ocore__suite_ask(run, "a tenant that has nothing", reads, 3);
        row = ocore__toy_bin((int64_t)1 << 53, "big", 1);
        insert(run, TOY_BIN, &row);
        row = ocore__toy_bin(0, "zero", 1);
        insert(run, TOY_BIN, &row);
        ocore__suite_same(run, "the least and the greatest tenant");
}

typedef struct patience {
        size_t rows; /* after how many it stops */
        size_t told;
        int answer;
} patience;

static int patience_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        patience *self = sink;

        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        self->told++;
        return self->told >= self->rows ? self->answer : OCORE_OK;
}

/* What the sink returns ends the read at once and is returned as it is, above zero or below. */
static void check_sink_stops(suite_run *run)
{
        static const int answers[] = {OCORE_DONE, OCORE_NOMEM, OCORE_CORRUPT, -1000, 77};
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read reads[3] = {ocore__toy_read(TOY_ITEM, 0, &tenant, 1),
                ocore__toy_read(TOY_ITEM, ITEM_BY_SKU, &tenant, 1),
                ocore__toy_read(TOY_GROUP, 0, &tenant, 1)};
        size_t a;
        size_t rows;

        fill(run);
        for (a = 0; a < sizeof answers / sizeof answers[0]; a++) {
                for (rows = 1; rows < 60; rows += 11) {
                        patience sink = {rows, 0, answers[a]};
                        int status = run->store.ops->read(
                                run->store.self, reads, 3, patience_row, &sink);

                        ocore__suite_expect(run, status == answers[a],
                                "the sink returned %d, read returned %d", answers[a], status);
                        ocore__suite_expect(run, sink.told == rows,
                                "the sink had enough after %zu rows and got %zu", rows, sink.told);
                }
        }
        ocore__suite_same(run, "after reads that were cut short");
}

const suite_check ocore__suite_read_checks[] = {
        {"prefixes of every index", check_prefix, 0},
        {"behind every row of every index", check_after, 0},
        {"behind a place without a row", check_after_nothing, 0},
        {"all tenants in one order", check_all_tenants, 0},
        {"several look-ups", check_several, 0},
        {"tenants apart", check_tenants, 0},
        {"a sink that stops", check_sink_stops, 0},
        {NULL, NULL, 0},
};
