/*
 * Proves that processes share one SQLite file: they may all begin on a file that is not there
 * yet, together they sell exactly the stock, and one that is kept waiting too long is told so.
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
#include <sys/wait.h>
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

/* Another connection that does not let go: the store waits, and then says so. */
static void test_busy(void **state)
{
        ocore_sqlite_config config = {
                .struct_size = sizeof config, .path = path, .busy_timeout_ms = 30};
        ocore_store store;
        sqlite3 *other = NULL;
        toy_row row = ocore__toy_bin(1, "a", 1);
        int64_t rows;
        int64_t code = 0;

        (void)state;
        assert_int_equal(ocore_sqlite_store(&config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
        assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_BIN, &row, 0), OCORE_STORE);
        assert_string_equal(store.ops->message(store.self, &code), "writing: database is locked");
        assert_int_equal(code, SQLITE_BUSY);
        assert_int_equal(read_table(store, TOY_BIN, &rows), OCORE_OK);
        assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(write_row(store, OCORE_WRITE_INSERT, TOY_BIN, &row, 0), OCORE_OK);
        assert_int_equal(sqlite3_close(other), SQLITE_OK);
        store.ops->close(store.self);
}

enum { SELLERS = 3, STOCK = 300, SOLD_OUT = 0, BROKEN = 1 };

/* One process that sells single units until none is left. It also makes the tables, if it is the
 * first. Writes how many it sold to `out`. */
static int sell(int out)
{
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "last", STOCK);
        ocore_add adds[2] = {{-1, 0, BIN_ORDER, 0}, {1, 0, BIN_HELD, 0}};
        ocore_write change;
        ocore_refusal refusal = {0, 0, 0};
        int64_t sold = 0;
        int status;

        if (store_make(&store) != OCORE_OK ||
                store.ops->open(store.self, &ocore__toy_schema) != OCORE_OK) {
                return BROKEN;
        }
        change = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        status = store.ops->write(store.self, &change, 1, &refusal);
        if (status != OCORE_OK && refusal.reason != OCORE_REFUSED_EXISTS) {
                return BROKEN;
        }
        change = ocore__toy_add(TOY_BIN, &row, adds, 2);
        while ((status = store.ops->write(store.self, &change, 1, &refusal)) == OCORE_OK) {
                sold++;
        }
        store.ops->close(store.self);
        if (status != OCORE_CONFLICT || refusal.reason != OCORE_REFUSED_FLOOR ||
                write(out, &sold, sizeof sold) != (ssize_t)sizeof sold) {
                return BROKEN;
        }
        return SOLD_OUT;
}

/* Processes that begin on a file that is not there yet: exactly the stock is sold. */
static void test_processes(void **state)
{
        pid_t children[SELLERS];
        int64_t total = 0;
        int pipes[2];
        size_t n;

        (void)state;
        assert_int_equal(pipe(pipes), 0);
        for (n = 0; n < SELLERS; n++) {
                children[n] = fork();
                assert_true(children[n] >= 0);
                if (children[n] == 0) {
                        _exit(sell(pipes[1]));
                }
        }
        for (n = 0; n < SELLERS; n++) {
                int ended = -1;
                int64_t sold = 0;

                assert_int_equal(waitpid(children[n], &ended, 0), children[n]);
                assert_true(WIFEXITED(ended));
                assert_int_equal(WEXITSTATUS(ended), SOLD_OUT);
                assert_int_equal(read(pipes[0], &sold, sizeof sold), (ssize_t)sizeof sold);
                total += sold;
        }
        assert_int_equal(close(pipes[0]), 0);
        assert_int_equal(close(pipes[1]), 0);
        assert_int_equal(total, STOCK);
        assert_text("SELECT \"order\" || ' ' || held FROM toy_bin", "0 300");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_busy, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_processes, set_up, tear_down),
        };

        return cmocka_run_group_tests_name("sqlite store and processes", tests, NULL, NULL);
}
