/*
 * Proves what is special to the SQLite store: it refuses files that are not its own or not right
 * and leaves them as they were, distrusts every value it reads, grows old files, shows people
 * readable views, and answers every look-up from an index.
 */
#include "suite_private.h"

#include <ordercore/sqlite.h>

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[96];

static int set_up(void **state)
{
        (void)state;
        (void)snprintf(folder, sizeof folder, "/tmp/ordercore-XXXXXX");
        assert_non_null(mkdtemp(folder));
        (void)snprintf(path, sizeof path, "%s/shop.db", folder);
        return 0;
}

static int tear_down(void **state)
{
        static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
        size_t n;

        (void)state;
        for (n = 0; n < sizeof ends / sizeof ends[0]; n++) {
                char name[112];

                (void)snprintf(name, sizeof name, "%s%s", path, ends[n]);
                (void)unlink(name);
        }
        return rmdir(folder);
}

static void run_sql(const char *sql)
{
        sqlite3 *db = NULL;
        char *message = NULL;

        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
                print_error("%s: %s\n", sql, message);
        }
        assert_null(message);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void assert_text(const char *sql, const char *expected)
{
        sqlite3 *db = NULL;
        sqlite3_stmt *statement = NULL;

        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        if (expected == NULL) {
                assert_int_equal(sqlite3_column_type(statement, 0), SQLITE_NULL);
        } else {
                assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected);
        }
        (void)sqlite3_finalize(statement);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int store_make(ocore_store *out)
{
        ocore_sqlite_config config = {.struct_size = sizeof config, .path = path};

        return ocore_sqlite_store(&config, out);
}

/* What opening gives, whichever of the two steps says it; a store that opened is closed. */
static int try_open(const ocore_schema *schema, char *message, size_t size)
{
        ocore_store store;
        int status = store_make(&store);

        if (size > 0) {
                message[0] = '\0';
        }
        if (status == OCORE_OK) {
                status = store.ops->open(store.self, schema);
                if (size > 0) {
                        (void)snprintf(message, size, "%s", store.ops->message(store.self, NULL));
                }
                store.ops->close(store.self);
        } else {
                assert_null(store.self);
        }
        return status;
}

static void store_open(ocore_store *out)
{
        assert_int_equal(store_make(out), OCORE_OK);
        assert_int_equal(out->ops->open(out->self, &ocore__toy_schema), OCORE_OK);
}

static int write_row(
        ocore_store store, uint32_t kind, uint32_t table, const toy_row *row, int64_t revision)
{
        ocore_write write = ocore__toy_write(kind, table, row, revision);
        ocore_refusal refusal;

        return store.ops->write(store.self, &write, 1, &refusal);
}

static int count_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int64_t *)sink;
        return OCORE_OK;
}

static int read_table(ocore_store store, uint32_t table, int64_t *rows)
{
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read read = ocore__toy_read(table, 0, &tenant, 1);

        *rows = 0;
        return store.ops->read(store.self, &read, 1, count_row, rows);
}

static void test_config(void **state)
{
        ocore_store store = {NULL, &store};
        ocore_sqlite_config config = {.struct_size = sizeof config};

        (void)state;
        assert_int_equal(ocore_sqlite_store(&config, NULL), OCORE_INVALID);
        assert_int_equal(ocore_sqlite_store(NULL, &store), OCORE_INVALID);
        assert_null(store.self);
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_INVALID);
        config.path = path;
        config.struct_size = 4;
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_INVALID);
        config.struct_size = sizeof config;
        config.relaxed = 2;
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_INVALID);
        config.relaxed = 0;
        config.busy_timeout_ms = -1;
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_INVALID);
        config.busy_timeout_ms = 0;
        config.path = "/nowhere/at/all/shop.db";
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_STORE);
        assert_null(store.self);
}

static void test_no_database(void **state)
{
        FILE *file = fopen(path, "wb");
        int n;

        (void)state;
        assert_non_null(file);
        for (n = 0; n < 5000; n++) {
                assert_true(fputc("garbage "[n % 8], file) != EOF);
        }
        assert_int_equal(fclose(file), 0);
        assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_CORRUPT);
}

/* Files of others are refused, and not even their journal is changed. */
static void test_foreign_files(void **state)
{
        static const char *const makers[] = {
                "CREATE TABLE toy_bin(x)",
                "PRAGMA application_id=77",
                "PRAGMA application_id=77;CREATE TABLE t(x)",
                "CREATE VIEW ordercore_layout AS SELECT 'version' AS name, 1 AS value",
                "CREATE TABLE ordercore_layout(name, value)",
                "CREATE TABLE ordercore_layout(name, value);"
                "INSERT INTO ordercore_layout VALUES('application', 1329811282), ('version', 'x')",
                "CREATE TABLE ordercore_layout(name, value);"
                "INSERT INTO ordercore_layout VALUES('application', 5), ('version', 1)",
        };
        size_t n;

        (void)state;
        for (n = 0; n < sizeof makers / sizeof makers[0]; n++) {
                (void)unlink(path);
                run_sql(makers[n]);
                assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_CORRUPT);
                assert_text("PRAGMA journal_mode", "delete");
                assert_text("SELECT count(*) FROM sqlite_schema WHERE name = 'toy_item'", "0");
        }
}

/* A host's database with our tables in it, opened by path: its own marks stay. */
static void test_host_file_by_path(void **state)
{
        ocore_sqlite_config config = {.struct_size = sizeof config};
        ocore_store store;

        (void)state;
        run_sql("PRAGMA application_id=77;PRAGMA user_version=900;CREATE TABLE invoice(x)");
        assert_int_equal(sqlite3_open(path, &config.connection), SQLITE_OK);
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        store.ops->close(store.self);
        assert_int_equal(sqlite3_close(config.connection), SQLITE_OK);
        assert_int_equal(try_open(&ocore__toy_grown, NULL, 0), OCORE_OK);
        assert_text("PRAGMA application_id", "77");
        assert_text("PRAGMA user_version", "900");
}

static void test_versions(void **state)
{
        char message[200];

        (void)state;
        assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_OK);
        assert_text("PRAGMA application_id", "1329811282");
        assert_text("PRAGMA user_version", "1");
        assert_text("PRAGMA journal_mode", "wal");
        assert_int_equal(try_open(&ocore__toy_grown, NULL, 0), OCORE_OK);
        assert_text("PRAGMA user_version", "2");
        assert_text("SELECT value FROM ordercore_layout WHERE name = 'version'", "2");
        assert_int_equal(
                try_open(&ocore__toy_schema, message, sizeof message), OCORE_VERSION_MISMATCH);
        assert_non_null(strstr(message, "layout 2"));
        assert_non_null(strstr(message, "up to 1"));
        run_sql("UPDATE ordercore_layout SET value = 1 WHERE name = 'version'");
        assert_int_equal(
                try_open(&ocore__toy_schema, message, sizeof message), OCORE_VERSION_MISMATCH);
        run_sql("PRAGMA user_version=1");
        assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_OK);
}

/* Each of these makes a good file contradict the schema. */
static void test_wrong_tables(void **state)
{
        static const char *const spoilers[] = {
                "DROP TABLE toy_bin;CREATE VIEW toy_bin AS SELECT 1 AS tenant",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER)",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant TEXT, code TEXT, "
                "\"order\" INTEGER, revision INTEGER, PRIMARY KEY(tenant, code))",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER, code TEXT, "
                "revision INTEGER, PRIMARY KEY(code, tenant))",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER, code TEXT, more TEXT, "
                "revision INTEGER, PRIMARY KEY(tenant, code, more))",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER, code TEXT, "
                "PRIMARY KEY(tenant, code))",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER, "
                "code TEXT COLLATE NOCASE, revision INTEGER, PRIMARY KEY(tenant, code))",
                "DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER, code TEXT, "
                "\"order\" INTEGER AS (tenant), revision INTEGER, PRIMARY KEY(tenant, code))",
                "DROP TABLE toy_bin;CREATE VIRTUAL TABLE toy_bin USING fts3(tenant)",
                "DROP INDEX toy_item_by_sku;CREATE TABLE t(x);"
                "CREATE INDEX toy_item_by_sku ON t(x)",
                "DROP VIEW v_toy_bin;CREATE TABLE v_toy_bin(x)",
                "ALTER TABLE toy_item RENAME COLUMN owner TO somebody",
        };
        size_t n;

        (void)state;
        for (n = 0; n < sizeof spoilers / sizeof spoilers[0]; n++) {
                char message[200];

                (void)unlink(path);
                assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_OK);
                run_sql(spoilers[n]);
                assert_int_equal(
                        try_open(&ocore__toy_schema, message, sizeof message), OCORE_CORRUPT);
                assert_true(strlen(message) > 10);
        }
}

/* What is missing is made again; what is there beyond the schema stays. */
static void test_completes_tables(void **state)
{
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 1);
        toy_row item = ocore__toy_item(1, 1, 1, "s");
        int64_t rows;

        (void)state;
        store_open(&store);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_BIN, &row, 0), OCORE_OK);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_ITEM, &item, 0), OCORE_OK);
        store.ops->close(store.self);
        run_sql("DROP TABLE \"group\";DROP INDEX toy_item_by_sku;DROP VIEW v_toy_bin;"
                "DROP INDEX toy_item_by_due;CREATE INDEX toy_item_by_due ON toy_item(state);"
                "ALTER TABLE toy_bin ADD COLUMN remark TEXT;UPDATE toy_bin SET remark = 'mine';"
                "CREATE TABLE notes(x)");
        store_open(&store);
        assert_int_equal(write_row(store, OCORE_WRITE_UPDATE, TOY_BIN, &row, 1), OCORE_OK);
        assert_int_equal(read_table(store, TOY_ITEM, &rows), OCORE_OK);
        assert_int_equal(rows, 1);
        assert_int_equal(read_table(store, TOY_GROUP, &rows), OCORE_OK);
        assert_int_equal(rows, 0);
        store.ops->close(store.self);
        assert_text("SELECT remark FROM toy_bin", "mine");
        assert_text("SELECT count(*) FROM sqlite_schema WHERE name IN "
                    "('notes', 'toy_item_by_sku', 'v_toy_bin', 'group')",
                "4");
        assert_text("SELECT sql LIKE '%IS NOT NULL' FROM sqlite_schema WHERE "
                    "name = 'toy_item_by_due'",
                "1");
}

/* A table of ours without its guards, and in it values that no store of ours wrote. */
static void test_distrusts_values(void **state)
{
        static const char *const spoilers[] = {
                "\"order\" = 'x'",
                "\"order\" = 1.5",
                "\"order\" = NULL",
                "\"order\" = x'00'",
                "note = x'61'",
                "note = CAST(x'ff' AS TEXT)",
                "note = CAST(x'eda080' AS TEXT)",
                "note = CAST(x'c080' AS TEXT)",
                "note = CAST(x'f4908080' AS TEXT)",
                "note = CAST(x'610062' AS TEXT)",
                "note = CAST(x'e282' AS TEXT)",
                "owner = '0123456789abcdef'",
                "owner = x'00'",
                "owner = zeroblob(17)",
                "photo = 5",
                "photo = 'text'",
                "revision = 0",
                "revision = -1",
                "revision = 'x'",
                "revision = NULL",
        };
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 1);
        ocore_add adds[1] = {{-1, 0, BIN_ORDER, 0}};
        ocore_write add = ocore__toy_add(TOY_BIN, &row, adds, 1);
        ocore_refusal refusal;
        int64_t rows;
        size_t n;

        (void)state;
        assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_OK);
        run_sql("DROP TABLE toy_bin;CREATE TABLE toy_bin(tenant INTEGER, code TEXT, "
                "\"order\" INTEGER, held INTEGER, note TEXT, owner BLOB, photo BLOB, "
                "revision INTEGER, PRIMARY KEY(tenant, code))");
        store_open(&store);
        for (n = 0; n < sizeof spoilers / sizeof spoilers[0]; n++) {
                char sql[200];

                run_sql("DELETE FROM toy_bin;INSERT INTO toy_bin VALUES(1, 'a', 0, 0, 'n', "
                        "zeroblob(16), x'01', 1)");
                assert_int_equal(read_table(store, TOY_BIN, &rows), OCORE_OK);
                assert_int_equal(rows, 1);
                (void)snprintf(sql, sizeof sql, "UPDATE toy_bin SET %s", spoilers[n]);
                run_sql(sql);
                assert_int_equal(read_table(store, TOY_BIN, &rows), OCORE_CORRUPT);
                assert_int_equal(rows, 0);
                assert_true(strlen(store.ops->message(store.self, NULL)) > 10);
                /* Half a unit can be added to where the table is not strict; reading tells. */
                if (n < 4 && n != 1) {
                        assert_int_equal(
                                store.ops->write(store.self, &add, 1, &refusal), OCORE_STORE);
                }
        }
        store.ops->close(store.self);
}

/* Opened by path, the triggers of the file do not run. */
static void test_hostile_trigger(void **state)
{
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 1);
        toy_row item = ocore__toy_item(1, 1, 1, "s");

        (void)state;
        assert_int_equal(try_open(&ocore__toy_schema, NULL, 0), OCORE_OK);
        run_sql("CREATE TRIGGER hostile AFTER INSERT ON toy_bin BEGIN "
                "DELETE FROM toy_item; UPDATE toy_bin SET \"order\" = 99; END");
        store_open(&store);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_ITEM, &item, 0), OCORE_OK);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_BIN, &row, 0), OCORE_OK);
        store.ops->close(store.self);
        assert_text("SELECT count(*) FROM toy_item", "1");
        assert_text("SELECT \"order\" FROM toy_bin", "1");
}

static void test_views(void **state)
{
        ocore_store store;
        toy_row row = ocore__toy_item(1, 0x123456789abcdef0u, 1, "s");
        toy_row other = ocore__toy_item(1, 0, 2, "s");

        (void)state;
        row.cells[ITEM_STATE] = ocore__toy_number(2);
        row.cells[ITEM_DUE] = ocore__toy_number(1769851800250000);
        row.cells[ITEM_MEMO] = ocore__toy_bytes("\x01\xab", 2);
        other.cells[ITEM_STATE] = ocore__toy_number(9);
        other.cells[ITEM_DUE] = ocore__toy_number(1769851800000000);
        store_open(&store);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_ITEM, &row, 0), OCORE_OK);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_ITEM, &other, 0), OCORE_OK);
        store.ops->close(store.self);
        assert_text("SELECT owner FROM v_toy_item WHERE line = 1",
                "00000000-0000-0000-1234-56789abcdef0");
        assert_text("SELECT state FROM v_toy_item WHERE line = 1", "done");
        assert_text("SELECT due FROM v_toy_item WHERE line = 1", "2026-01-31T09:30:00.250000Z");
        assert_text("SELECT memo FROM v_toy_item WHERE line = 1", "01ab");
        assert_text("SELECT name FROM v_toy_item WHERE line = 1", NULL);
        assert_text("SELECT owner FROM v_toy_item WHERE line = 2", NULL);
        assert_text("SELECT state FROM v_toy_item WHERE line = 2", "9");
        assert_text("SELECT due FROM v_toy_item WHERE line = 2", "2026-01-31T09:30:00Z");
}

/* Every statement that reads finds its rows by an index, in the order of the index. */
static void assert_plans(sqlite3 *db)
{
        sqlite3_stmt *statement = NULL;
        int plans = 0;

        while ((statement = sqlite3_next_stmt(db, statement)) != NULL) {
                sqlite3_stmt *plan = NULL;
                char *sql;

                if ((strncmp(sqlite3_sql(statement), "SELECT", 6) != 0 &&
                            strncmp(sqlite3_sql(statement), "UPDATE", 6) != 0) ||
                        strstr(sqlite3_sql(statement), " AND 0 ") != NULL) {
                        continue;
                }
                sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sqlite3_sql(statement));
                assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &plan, NULL), SQLITE_OK);
                while (sqlite3_step(plan) == SQLITE_ROW) {
                        const char *step = (const char *)sqlite3_column_text(plan, 3);

                        if (strncmp(step, "SEARCH", 6) != 0) {
                                print_error("%s: %s\n", sqlite3_sql(statement), step);
                        }
                        assert_int_equal(strncmp(step, "SEARCH", 6), 0);
                        plans++;
                }
                (void)sqlite3_finalize(plan);
                sqlite3_free(sql);
        }
        assert_true(plans > 50);
}

static void test_plans(void **state)
{
        ocore_sqlite_config config = {.struct_size = sizeof config};
        ocore_store store;
        uint32_t table;
        uint32_t index;
        uint32_t count;
        uint32_t shape;

        (void)state;
        assert_int_equal(sqlite3_open(path, &config.connection), SQLITE_OK);
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        for (table = 0; table < TOY_TABLES; table++) {
                const ocore_table *toy = ocore__toy_schema.tables[table];
                toy_row row = table == TOY_BIN    ? ocore__toy_bin(1, "a", 1)
                              : table == TOY_ITEM ? ocore__toy_item(1, 1, 1, "s")
                                                  : ocore__toy_group(1, 1, 1);

                for (index = 0; index <= toy->index_count; index++) {
                        uint32_t places = ocore__toy_place_count(toy, index);
                        ocore_cell place[TOY_PLACES_MAX];

                        for (count = 0; count < places; count++) {
                                place[count] =
                                        row.cells[ocore__toy_place_column(toy, index, count)];
                        }
                        for (shape = 0; shape < 4 * (places - toy->key_count * (index > 0));
                                shape++) {
                                ocore_read read =
                                        ocore__toy_read(table, index, place, 1 + shape / 4);
                                int64_t rows = 0;

                                read.after = shape % 4 < 2 ? NULL : place;
                                read.after_count = shape % 4 < 2 ? 0 : places;
                                read.flags = shape % 2 == 0 ? 0 : OCORE_READ_DESCENDING;
                                assert_int_equal(
                                        store.ops->read(store.self, &read, 1, count_row, &rows),
                                        OCORE_OK);
                        }
                }
                assert_int_equal(
                        write_row(store, OCORE_WRITE_UPDATE, table, &row, 1), OCORE_CONFLICT);
        }
        assert_plans(config.connection);
        store.ops->close(store.self);
        assert_int_equal(sqlite3_close(config.connection), SQLITE_OK);
}

typedef struct reentry {
        ocore_store store;
        int status;
} reentry;

static int reentry_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        reentry *self = sink;
        int64_t rows;

        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        self->status = read_table(self->store, TOY_BIN, &rows);
        return OCORE_OK;
}

static void test_wrong_calls(void **state)
{
        ocore_store store;
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, &tenant, 1);
        toy_row row = ocore__toy_bin(1, "a", 1);
        reentry sink;
        int64_t rows;

        (void)state;
        assert_int_equal(store_make(&store), OCORE_OK);
        assert_int_equal(read_table(store, TOY_BIN, &rows), OCORE_STORE);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_BIN, &row, 0), OCORE_STORE);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_BIN, &row, 0), OCORE_OK);
        assert_int_equal(write_row(store, 9, TOY_BIN, &row, 0), OCORE_STORE);
        sink.store = store;
        sink.status = OCORE_OK;
        assert_int_equal(store.ops->read(store.self, &read, 1, reentry_row, &sink), OCORE_OK);
        assert_int_equal(sink.status, OCORE_STORE);
        store.ops->close(store.self);
        store.ops->close(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_config, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_no_database, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_foreign_files, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_host_file_by_path, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_versions, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_wrong_tables, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_completes_tables, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_distrusts_values, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_hostile_trigger, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_views, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_plans, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_wrong_calls, set_up, tear_down),
        };

        return cmocka_run_group_tests_name("sqlite store, in particular", tests, NULL, NULL);
}
