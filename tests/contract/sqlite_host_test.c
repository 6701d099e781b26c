/*
 * Proves that the SQLite store keeps the contract of stores on a host's own connection: outside
 * and inside the host's transaction, whose rollback takes the orders with it; and that it leaves
 * the host's settings, tables and marks alone.
 */
#include "suite_private.h"
#include "suite_runner.h"

#include <ordercore/sqlite.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct host {
        sqlite3 *db;
        char folder[64];
        char path[128];
        int inside; /* keep a transaction open around everything */
} host;

static void run_sql(host *self, const char *sql)
{
        char *message = NULL;

        if (sqlite3_exec(self->db, sql, NULL, NULL, &message) != SQLITE_OK) {
                print_error("%s: %s\n", sql, message);
        }
        assert_null(message);
}

static int64_t ask(host *self, const char *sql)
{
        sqlite3_stmt *statement = NULL;
        int64_t number;

        assert_int_equal(sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        number = sqlite3_column_int64(statement, 0);
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
        return number;
}

static void host_empty(host *self)
{
        static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
        size_t n;

        if (self->db != NULL) {
                assert_int_equal(sqlite3_close(self->db), SQLITE_OK);
        }
        self->db = NULL;
        for (n = 0; n < sizeof ends / sizeof ends[0]; n++) {
                char name[160];

                (void)snprintf(name, sizeof name, "%s%s", self->path, ends[n]);
                (void)unlink(name);
        }
}

static void host_start(host *self)
{
        host_empty(self);
        assert_int_equal(sqlite3_open(self->path, &self->db), SQLITE_OK);
        run_sql(self, "PRAGMA application_id=77;PRAGMA user_version=12;"
                      "CREATE TABLE invoice(id INTEGER PRIMARY KEY, total INTEGER);"
                      "INSERT INTO invoice VALUES(1, 100)");
}

static int store_on(host *self, ocore_store *out)
{
        ocore_sqlite_config config = {.struct_size = sizeof config, .connection = self->db};

        return ocore_sqlite_store(&config, out);
}

static int host_make(void *user_data, ocore_store *out)
{
        host *self = user_data;

        host_start(self);
        if (self->inside) {
                run_sql(self, "BEGIN");
        }
        return store_on(self, out);
}

static int host_reopen(void *user_data, ocore_store *store)
{
        store->ops->close(store->self);
        return store_on(user_data, store);
}

static int set_up(void **state)
{
        host *self = calloc(1, sizeof *self);

        assert_non_null(self);
        (void)snprintf(self->folder, sizeof self->folder, "/tmp/ordercore-XXXXXX");
        assert_non_null(mkdtemp(self->folder));
        (void)snprintf(self->path, sizeof self->path, "%s/host.db", self->folder);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        host *self = *state;

        host_empty(self);
        assert_int_equal(rmdir(self->folder), 0);
        free(self);
        return 0;
}

static void test_outside(void **state)
{
        suite_runner(host_make, host_reopen, *state);
}

static void test_inside(void **state)
{
        host *self = *state;

        self->inside = 1;
        suite_runner(host_make, host_reopen, self);
        assert_int_equal(sqlite3_get_autocommit(self->db), 0);
}

static int insert(ocore_store store, const char *code)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_refusal refusal;

        return store.ops->write(store.self, &write, 1, &refusal);
}

/* The host's rows and the order are one fact: both are there or neither. */
static void test_joins_transaction(void **state)
{
        host *self = *state;
        ocore_store store;

        host_start(self);
        assert_int_equal(store_on(self, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        run_sql(self, "BEGIN;INSERT INTO invoice VALUES(2, 200)");
        assert_int_equal(insert(store, "a"), OCORE_OK);
        assert_int_equal(ask(self, "SELECT count(*) FROM toy_bin"), 1);
        run_sql(self, "ROLLBACK");
        assert_int_equal(ask(self, "SELECT count(*) FROM toy_bin"), 0);
        assert_int_equal(ask(self, "SELECT count(*) FROM invoice"), 1);

        run_sql(self, "BEGIN;INSERT INTO invoice VALUES(3, 300)");
        assert_int_equal(insert(store, "a"), OCORE_OK);
        assert_int_equal(insert(store, "a"), OCORE_CONFLICT);
        assert_int_equal(sqlite3_get_autocommit(self->db), 0);
        run_sql(self, "COMMIT");
        assert_int_equal(ask(self, "SELECT count(*) FROM toy_bin"), 1);
        assert_int_equal(ask(self, "SELECT count(*) FROM invoice"), 2);

        run_sql(self, "SAVEPOINT mine");
        assert_int_equal(insert(store, "b"), OCORE_OK);
        run_sql(self, "ROLLBACK TO mine;RELEASE mine");
        assert_int_equal(ask(self, "SELECT count(*) FROM toy_bin"), 1);
        store.ops->close(store.self);
}

static int refuse_rows(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        (*(int *)sink)++;
        return OCORE_OK;
}

/* Outside a transaction a call leaves none behind; inside it leaves the host's as it was. */
static void test_leaves_transactions_alone(void **state)
{
        host *self = *state;
        ocore_store store;
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read reads[2] = {
                ocore__toy_read(TOY_BIN, 0, &tenant, 1), ocore__toy_read(TOY_ITEM, 0, &tenant, 1)};
        int rows = 0;

        host_start(self);
        assert_int_equal(store_on(self, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_not_equal(sqlite3_get_autocommit(self->db), 0);
        assert_int_equal(insert(store, "a"), OCORE_OK);
        assert_int_equal(insert(store, "a"), OCORE_CONFLICT);
        assert_int_not_equal(sqlite3_get_autocommit(self->db), 0);
        assert_int_equal(store.ops->read(store.self, reads, 2, refuse_rows, &rows), OCORE_OK);
        assert_int_not_equal(sqlite3_get_autocommit(self->db), 0);
        run_sql(self, "BEGIN");
        assert_int_equal(store.ops->read(store.self, reads, 2, refuse_rows, &rows), OCORE_OK);
        assert_int_equal(sqlite3_get_autocommit(self->db), 0);
        run_sql(self, "COMMIT");
        assert_int_equal(rows, 2);
        store.ops->close(store.self);
        /* The connection is the host's, and nothing of the store's is left on it. */
        assert_null(sqlite3_next_stmt(self->db, NULL));
        assert_int_equal(ask(self, "SELECT count(*) FROM invoice"), 1);
}

static void test_leaves_settings_alone(void **state)
{
        static const char *const settings[] = {
                "PRAGMA application_id",
                "PRAGMA user_version",
                "PRAGMA synchronous",
                "PRAGMA cache_size",
                "PRAGMA busy_timeout",
                "PRAGMA trusted_schema",
                "PRAGMA wal_autocheckpoint",
                "PRAGMA temp_store",
                "PRAGMA foreign_keys",
                "SELECT journal_mode = 'delete' FROM pragma_journal_mode",
        };
        enum { SETTINGS = sizeof settings / sizeof settings[0] };
        host *self = *state;
        ocore_store store;
        int64_t before[SETTINGS];
        int enabled = -1;
        size_t n;

        host_start(self);
        run_sql(self, "PRAGMA synchronous=NORMAL;PRAGMA cache_size=-77;PRAGMA busy_timeout=5");
        for (n = 0; n < SETTINGS; n++) {
                before[n] = ask(self, settings[n]);
        }
        assert_int_equal(store_on(self, &store), OCORE_OK);
        assert_int_equal(store.ops->durability, OCORE_DURABLE_PROCESS);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(insert(store, "a"), OCORE_OK);
        for (n = 0; n < SETTINGS; n++) {
                assert_int_equal(ask(self, settings[n]), before[n]);
        }
        assert_int_equal(sqlite3_db_config(self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, -1, &enabled),
                SQLITE_OK);
        assert_int_equal(enabled, 1);
        store.ops->close(store.self);
}

/* What the connection keeps is what its host has set. */
static void test_durability(void **state)
{
        static const struct {
                const char *sql;
                int64_t durability;
        } cases[] = {
                {"PRAGMA journal_mode=DELETE;PRAGMA synchronous=FULL", OCORE_DURABLE_PROCESS},
                {"PRAGMA journal_mode=DELETE;PRAGMA synchronous=EXTRA", OCORE_DURABLE_POWER},
                {"PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL", OCORE_DURABLE_PROCESS},
                {"PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL", OCORE_DURABLE_POWER},
        };
        host *self = *state;
        size_t n;

        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                ocore_store store;

                host_start(self);
                run_sql(self, cases[n].sql);
                assert_int_equal(store_on(self, &store), OCORE_OK);
                assert_int_equal(store.ops->durability, cases[n].durability);
                store.ops->close(store.self);
        }
}

/* A host's triggers run; one that forbids a change is told as a failing store. */
static void test_host_triggers(void **state)
{
        host *self = *state;
        ocore_store store;

        host_start(self);
        assert_int_equal(store_on(self, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        run_sql(self, "CREATE TRIGGER audit AFTER INSERT ON toy_bin BEGIN "
                      "INSERT INTO invoice VALUES(99, 1); END");
        assert_int_equal(insert(store, "a"), OCORE_OK);
        assert_int_equal(ask(self, "SELECT count(*) FROM invoice WHERE id = 99"), 1);
        run_sql(self, "DROP TRIGGER audit;CREATE TRIGGER never BEFORE INSERT ON toy_bin BEGIN "
                      "SELECT RAISE(IGNORE); END");
        assert_int_equal(insert(store, "b"), OCORE_STORE);
        assert_int_equal(ask(self, "SELECT count(*) FROM toy_bin"), 1);
        store.ops->close(store.self);
}

/* Another writer: a host that does not wait is told to try again, and then passes. */
static void test_conflict(void **state)
{
        host *self = *state;
        host other = {.db = NULL};
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_refusal refusal = {9, 9, 9};

        host_start(self);
        run_sql(self, "PRAGMA journal_mode=WAL");
        assert_int_equal(store_on(self, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(sqlite3_open(self->path, &other.db), SQLITE_OK);
        run_sql(&other, "BEGIN IMMEDIATE");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_CONFLICT);
        run_sql(&other, "COMMIT");
        /* A snapshot that has grown old: only the host can start anew. */
        run_sql(self, "BEGIN");
        assert_int_equal(ask(self, "SELECT count(*) FROM invoice"), 1);
        run_sql(&other, "INSERT INTO invoice VALUES(5, 5)");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_CONFLICT);
        run_sql(self, "ROLLBACK");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        assert_int_equal(sqlite3_close(other.db), SQLITE_OK);
        store.ops->close(store.self);
}

/* The index bytes of UTF-16 have another order. */
static void test_encoding(void **state)
{
        host *self = *state;
        ocore_store store;

        host_empty(self);
        assert_int_equal(sqlite3_open(self->path, &self->db), SQLITE_OK);
        run_sql(self, "PRAGMA encoding='UTF-16le';CREATE TABLE t(x)");
        assert_int_equal(store_on(self, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_CORRUPT);
        store.ops->close(store.self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_outside, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_inside, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_joins_transaction, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_leaves_transactions_alone, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_leaves_settings_alone, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_durability, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_host_triggers, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_conflict, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_encoding, set_up, tear_down),
        };

        return cmocka_run_group_tests_name(
                "sqlite store on a host's connection", tests, NULL, NULL);
}
