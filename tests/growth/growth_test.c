/*
 * Proves that a layout may grow: columns, indexes and tables are appended, and a store that an
 * older library wrote opens with the newer one, its rows showing nothing in what they never had;
 * that columns which the library does not know are kept through updates; and that a store of a
 * newer library is refused in words that name both layouts, and left as it is.
 *
 * How: a whole life stands on a store of each kind that is at hand (or that of the run, see
 * stores.h). Schemas that are newer or older than this library's are made from it by appending to
 * it and by taking from its ends, and the store is opened with them past the core.
 */
#include "life.h"
#include "support.h"

#include "order/order_room.h"

#include "servers.h"

#ifdef ORDERCORE_HAVE_SQLITE
#include <sqlite3.h>
#endif

#include <stdlib.h>

enum { TABLES_MAX = 64, FEWER = 2 };

/* A schema made from this library's. */
typedef struct made {
        ocore_schema schema;
        const ocore_table *tables[TABLES_MAX];
        ocore_table order, warranty;
        ocore_record order_record;
        ocore_field order_fields[OCORE__COLUMNS_MAX];
        ocore_index order_indexes[8];
        uint32_t gift_columns[2];
        uint32_t insurance, gift; /* the new columns */
} made;

typedef struct warranty_row {
        ocore_id order_id;
        int64_t months;
} warranty_row;

static const ocore_field warranty_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(warranty_row, order_id, ID, 0, "of which order"),
        OCORE__FIELD(warranty_row, months, INTEGER, 0, "how long"),
};
static const ocore_record warranty_record =
        OCORE__RECORD("warranty", warranty_row, warranty_fields, 3);

static void make_copy(made *out, int64_t version)
{
        const ocore_schema *schema = &ocore__schema;

        memset(out, 0, sizeof *out);
        assert_true(schema->table_count < TABLES_MAX);
        memcpy(out->tables, schema->tables, schema->table_count * sizeof *out->tables);
        out->schema = *schema;
        out->schema.tables = out->tables;
        out->schema.version = version;
        out->order = ocore__order_table;
        out->order_record = *ocore__order_table.record;
        for (size_t i = 0; i < out->order_record.column_count; i++)
                out->order_fields[i] = *ocore_record_field(ocore__order_table.record, i);
        out->order_record.fields = out->order_fields;
        out->order_record.field_stride = sizeof out->order_fields[0];
        out->order.record = &out->order_record;
        for (uint32_t i = 0; i < out->order.index_count; i++)
                out->order_indexes[i] = ocore__order_table.indexes[i];
        out->order.indexes = out->order_indexes;
        out->tables[out->order.number] = &out->order;
}

static void make_end(made *out)
{
        out->order_record.field_count = out->order_record.column_count;
}

/* What the next release might bring: two columns, an index on one of them, a table. */
static void make_newer(made *out)
{
        make_copy(out, ocore__schema.version + 1);
        out->insurance = (uint32_t)out->order_record.column_count++;
        out->gift = (uint32_t)out->order_record.column_count++;
        assert_true(out->order_record.column_count <= OCORE__COLUMNS_MAX);
        out->order_fields[out->insurance] = (ocore_field){.name = "insurance_minor",
                .note = "new",
                .kind = OCORE_FIELD_AMOUNT,
                .offset = OCORE_FIELD_NOWHERE};
        out->order_fields[out->gift] = (ocore_field){.name = "gift_text",
                .note = "new",
                .kind = OCORE_FIELD_TEXT,
                .flags = OCORE_FIELD_NULLABLE,
                .offset = OCORE_FIELD_NOWHERE};
        out->gift_columns[1] = out->gift;
        out->order_indexes[out->order.index_count++] =
                (ocore_index){"sales_order_by_gift", out->gift_columns, 2, OCORE_INDEX_SPARSE};
        out->warranty = (ocore_table){"warranty", &warranty_record, NULL, 2, 0,
                (uint32_t)out->schema.table_count, 2, 0, 0};
        out->tables[out->schema.table_count++] = &out->warranty;
        make_end(out);
}

/* What an earlier release might have had: fewer columns, no last index, no last table. */
static void make_older(made *out)
{
        make_copy(out, ocore__schema.version);
        out->order_record.column_count -= FEWER;
        out->order.index_count--;
        out->schema.table_count--;
        make_end(out);
}

/* This library's tables under a version that follows that of the older ones. */
static void make_today(made *out)
{
        make_copy(out, ocore__schema.version + 1);
        make_end(out);
}

/* Rows as they come, their cells kept. */
typedef struct kept_rows {
        ocore_cell cells[16][OCORE__COLUMNS_MAX];
        char texts[16][OCORE__COLUMNS_MAX][64];
        int64_t revisions[16];
        size_t cell_count;
        size_t count;
} kept_rows;

static int keep_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        kept_rows *rows = sink;

        (void)read;
        assert_true(rows->count < 16);
        for (size_t i = 0; i < count; i++) {
                ocore_cell *cell = &rows->cells[rows->count][i];

                *cell = cells[i];
                if (cell->type != OCORE_CELL_TEXT)
                        continue;
                assert_true(cell->as.text.size < sizeof rows->texts[0][0]);
                memcpy(rows->texts[rows->count][i], cell->as.text.data, cell->as.text.size);
                cell->as.text.data = rows->texts[rows->count][i];
        }
        rows->cell_count = count;
        rows->revisions[rows->count++] = revision;
        return OCORE_OK;
}

/* All rows of an index of tenant 0, past any core. */
static void read_rows(ocore_store store, const ocore_table *table, uint32_t index, kept_rows *out)
{
        const ocore_cell tenant = ocore__cell_number(0);
        const ocore_read read = {
                .table = table, .prefix = &tenant, .prefix_count = 1, .index = index};

        memset(out, 0, sizeof *out);
        assert_int_equal(store.ops->read(store.self, &read, 1, keep_row, out), OCORE_OK);
        assert_true(!out->count || out->cell_count == table->record->column_count);
}

static void write_row(ocore_store store, uint32_t kind, const ocore_table *table,
        const ocore_cell *cells, int64_t revision)
{
        const ocore_write write = {.table = table,
                .cells = cells,
                .revision = revision,
                .kind = kind,
                .cell_count = (uint32_t)table->record->column_count};
        ocore_refusal refusal;

        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
}

/* The store of a place, opened with this schema. */
static ocore_store open_with(const test_place *place, const ocore_schema *schema)
{
        ocore_store store;
        int64_t code;

        test_place_open(place, NULL, &store);
        if (store.ops->open(store.self, schema) != OCORE_OK)
                fail_msg("%s: %s", test_kind_name(place->kind),
                        store.ops->message(store.self, &code));
        return store;
}

/* The store refuses this schema, and says which layout it has and which one is known. */
static void assert_refuses(const test_place *place, const ocore_schema *schema, int64_t has)
{
        char wanted[2][24];
        ocore_store store;
        const char *words;
        int64_t code;

        test_place_open(place, NULL, &store);
        assert_int_equal(store.ops->open(store.self, schema), OCORE_VERSION_MISMATCH);
        words = store.ops->message(store.self, &code);
        (void)snprintf(wanted[0], sizeof wanted[0], "layout %lld", (long long)has);
        (void)snprintf(wanted[1], sizeof wanted[1], "up to %lld", (long long)schema->version);
        if (!strstr(words, wanted[0]) || !strstr(words, wanted[1]))
                fail_msg("%s says \"%s\"", test_kind_name(place->kind), words);
        ocore_store_close(store);
}

/* A life, lived to its end on the place. */
static void live(const test_place *place)
{
        ocore_config config = {.struct_size = sizeof config};
        ocore_core *core;
        life story;

        life_begin(&story);
        life_connect(&story, &config);
        test_place_open(place, NULL, &config.store);
        assert_int_equal(ocore_open(&config, &core), OCORE_OK);
        assert_int_equal(life_run(&story, core), OCORE_OK);
        ocore_close(core);
        ocore_store_close(config.store);
        life_finish(&story);
}

/* Calls `each` with a place of every kind but memory that is to be tested in this run. */
static void on_each_kind(void (*each)(const test_place *place))
{
        const int asked = test_store_kind();
        int count = 0;

        for (int kind = TEST_SQLITE; kind <= TEST_MARIADB; kind++) {
                test_place place;

                if ((asked != TEST_MEMORY && asked != kind) || !test_kind_usable(kind))
                        continue;
                test_place_take(kind, &place);
                each(&place);
                test_place_give(&place);
                print_message("# %s\n", test_kind_name(kind));
                count++;
        }
        assert_true(count > 0);
}

static void grow(const test_place *place)
{
        static kept_rows before, after;
        ocore_cell *changed, cells[OCORE__COLUMNS_MAX];
        ocore_store store;
        made newer;

        make_newer(&newer);
        live(place);
        store = open_with(place, &ocore__schema);
        read_rows(store, &ocore__order_table, 0, &before);
        ocore_store_close(store);
        assert_true(before.count >= 2);
        store = open_with(place, &newer.schema);
        read_rows(store, &newer.order, 0, &after);
        assert_int_equal(after.count, before.count);
        for (size_t i = 0; i < before.count; i++) {
                const ocore_cell *insurance = &after.cells[i][newer.insurance];

                assert_number(after.revisions[i], before.revisions[i]);
                for (size_t n = 0; n < before.cell_count; n++)
                        assert_true(ocore__cell_equal(&before.cells[i][n], &after.cells[i][n]));
                assert_true(insurance->type == OCORE_CELL_NULL ||
                            (insurance->type == OCORE_CELL_NUMBER && !insurance->as.number));
                assert_int_equal(after.cells[i][newer.gift].type, OCORE_CELL_NULL);
        }
        changed = after.cells[1];
        changed[newer.insurance] = ocore__cell_number(250);
        changed[newer.gift] = ocore__cell_text(STR("for you"));
        write_row(store, OCORE_WRITE_UPDATE, &newer.order, changed, after.revisions[1]);
        cells[0] = ocore__cell_number(0);
        cells[1] = changed[1];
        cells[2] = ocore__cell_number(24);
        write_row(store, OCORE_WRITE_INSERT, &newer.warranty, cells, 0);
        ocore_store_close(store);
        /* Today's library now stands before a store from the future. */
        assert_refuses(place, &ocore__schema, newer.schema.version);
        store = open_with(place, &newer.schema);
        read_rows(store, &newer.order, newer.order.index_count, &after);
        assert_int_equal(after.count, 1);
        assert_number(after.revisions[0], before.revisions[1] + 1);
        assert_text(after.cells[0][newer.gift].as.text, "for you");
        assert_number(after.cells[0][newer.insurance].as.number, 250);
        read_rows(store, &newer.warranty, 0, &after);
        assert_int_equal(after.count, 1);
        ocore_store_close(store);
}

static void a_store_grows_with_the_library(void **state)
{
        (void)state;
        on_each_kind(grow);
}

/* The same from the other side: fewer tables and columns, as an older library made them. */
static void catch_up(const test_place *place)
{
        static kept_rows rows;
        ocore_cell cells[OCORE__COLUMNS_MAX];
        ocore_store store;
        made older, today;
        size_t columns;

        make_older(&older);
        make_today(&today);
        columns = older.order_record.column_count;
        store = open_with(place, &older.schema);
        for (size_t n = 0; n < columns; n++) {
                const uint32_t type = ocore_cell_type(older.order_fields[n].kind);

                cells[n] = (ocore_cell){.type = type};
                if (type == OCORE_CELL_TEXT)
                        cells[n].as.text = STR("old");
                if (type == OCORE_CELL_ID)
                        cells[n].as.id = test_id(9);
                if (type == OCORE_CELL_NUMBER && n)
                        cells[n].as.number = 1;
        }
        write_row(store, OCORE_WRITE_INSERT, &older.order, cells, 4);
        ocore_store_close(store);
        store = open_with(place, &today.schema);
        /* By the index that the older library did not have. */
        read_rows(store, &today.order, today.order.index_count, &rows);
        assert_int_equal(rows.count, 1);
        assert_number(rows.revisions[0], 4);
        for (size_t n = 0; n < columns; n++)
                assert_true(ocore__cell_equal(&cells[n], &rows.cells[0][n]));
        for (size_t n = columns; n < columns + FEWER; n++)
                assert_true(rows.cells[0][n].type == OCORE_CELL_NULL ||
                            rows.cells[0][n].as.number == 0);
        read_rows(store, today.tables[today.schema.table_count - 1], 0, &rows);
        assert_int_equal(rows.count, 0);
        ocore_store_close(store);
        assert_refuses(place, &older.schema, today.schema.version);
}

static void an_older_store_catches_up(void **state)
{
        (void)state;
        on_each_kind(catch_up);
}

/* Every order is changed by one revision, past the rules, as a core changes rows. */
static void touch_orders(const test_place *place)
{
        static kept_rows rows;
        ocore_store store = open_with(place, &ocore__schema);

        read_rows(store, &ocore__order_table, 0, &rows);
        assert_true(rows.count >= 2);
        for (size_t i = 0; i < rows.count; i++)
                write_row(store, OCORE_WRITE_UPDATE, &ocore__order_table, rows.cells[i],
                        rows.revisions[i]);
        ocore_store_close(store);
}

#ifdef ORDERCORE_HAVE_SQLITE
static void run_sqlite(const char *path, const char *sql, int64_t *number)
{
        sqlite3 *db;
        sqlite3_stmt *statement;

        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
                fail_msg("%s: %s", sql, sqlite3_errmsg(db));
        if (sqlite3_step(statement) == SQLITE_ROW && number)
                *number = sqlite3_column_int64(statement, 0);
        if (sqlite3_finalize(statement) != SQLITE_OK)
                fail_msg("%s: %s", sql, sqlite3_errmsg(db));
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
}
#endif

/* SQL on a place; it fails the test when it fails. */
static void run_sql(const test_place *place, const char *sql)
{
#ifdef ORDERCORE_HAVE_SQLITE
        if (place->kind == TEST_SQLITE) {
                run_sqlite(place->path, sql, NULL);
                return;
        }
#endif
        assert_int_equal(test_place_run(place, sql), 0);
}

static void keep_unknown(const test_place *place)
{
        if (place->kind == TEST_JOURNAL)
                return; /* its columns are only those that a library wrote */
        live(place);
        run_sql(place, "ALTER TABLE sales_order ADD COLUMN host_note TEXT");
        run_sql(place, "UPDATE sales_order SET host_note = 'kept'");
        touch_orders(place);
#ifdef ORDERCORE_HAVE_SQLITE
        if (place->kind == TEST_SQLITE) {
                int64_t kept = 0;

                run_sqlite(place->path,
                        "SELECT sum(host_note = 'kept') = count(*) AND count(*) > 1 "
                        "FROM sales_order",
                        &kept);
                assert_number(kept, 1);
                return;
        }
#endif
        /* A server checks a new rule on the rows that are there. */
        run_sql(place, "ALTER TABLE sales_order ADD CONSTRAINT all_kept "
                       "CHECK (host_note IS NOT NULL AND host_note = 'kept')");
}

static void unknown_columns_are_kept(void **state)
{
        (void)state;
        on_each_kind(keep_unknown);
}

/* The memory store never meets another library, but it keeps the same rule. */
static void memory_grows_and_does_not_shrink(void **state)
{
        static kept_rows rows;
        ocore_config config = {.struct_size = sizeof config};
        ocore_store store;
        ocore_core *core;
        int64_t code;
        made newer;
        life story;

        (void)state;
        make_newer(&newer);
        assert_int_equal(ocore_memory_store(NULL, &store), OCORE_OK);
        life_begin(&story);
        life_connect(&story, &config);
        config.store = store;
        assert_int_equal(ocore_open(&config, &core), OCORE_OK);
        assert_int_equal(life_run(&story, core), OCORE_OK);
        ocore_close(core);
        life_finish(&story);
        assert_int_equal(store.ops->open(store.self, &newer.schema), OCORE_OK);
        read_rows(store, &newer.order, 0, &rows);
        assert_true(rows.count >= 2);
        assert_int_equal(rows.cells[0][newer.gift].type, OCORE_CELL_NULL);
        assert_int_equal(store.ops->open(store.self, &ocore__schema), OCORE_VERSION_MISMATCH);
        assert_true(strlen(store.ops->message(store.self, &code)) > 0);
        ocore_store_close(store);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_store_grows_with_the_library),
                cmocka_unit_test(an_older_store_catches_up),
                cmocka_unit_test(memory_grows_and_does_not_shrink),
                cmocka_unit_test(unknown_columns_are_kept),
        };
        /* Nobody adds columns to a journal by hand. */
        const size_t without = test_store_kind() == TEST_JOURNAL ? 1 : 0;

        return _cmocka_run_group_tests(
                "growth", tests, sizeof tests / sizeof tests[0] - without, NULL, NULL);
}
