/*
 * Proves that the store believes a server's settings and not its good name: the durability class is
 * that of a commit under exactly these settings, and a server that is read-only, as a replica is,
 * answers nothing even to an account that could write there.
 *
 * Both are settings of the whole server, so this test starts one of its own, with a binary log, and
 * stops it again.
 */
#include "suite_private.h"

#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct server {
        char folder[64];
        char conninfo[160];
        place at;
} server;

static server own;

/* Runs mariadb.sh: its exit status. The folder is for passing files too, because a server that
 * starts removes those of others from the one they share. */
static int script(const char *verb, const char *setting)
{
        const char *scripts = getenv("ORDERCORE_TEST_SCRIPTS");
        char command[512];
        int status;

        (void)snprintf(command, sizeof command,
                "TMPDIR='%s' sh '%s/mariadb.sh' %s '%s' %s >/dev/null", own.folder,
                scripts != NULL ? scripts : "tests/servers", verb, own.folder, setting);
        status = system(command);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int group_set_up(void **state)
{
        char settings[128];

        (void)state;
        (void)snprintf(own.folder, sizeof own.folder, "/tmp/ordercore-settings-XXXXXX");
        assert_non_null(mkdtemp(own.folder));
        (void)snprintf(own.conninfo, sizeof own.conninfo, "socket=%s/sock user=root", own.folder);
        (void)snprintf(settings, sizeof settings, "log_bin=ON tmpdir='%s'", own.folder);
        return script("start", settings);
}

static int group_tear_down(void **state)
{
        int status = script("stop", "");

        (void)state;
        (void)rmdir(own.folder);
        return status;
}

static int set_up(void **state)
{
        (void)state;
        place_open(&own.at, own.conninfo);
        return 0;
}

static int tear_down(void **state)
{
        (void)state;
        place_run(own.at.db, "SET GLOBAL read_only=0");
        place_close(&own.at);
        return 0;
}

static int64_t durability(void)
{
        ocore_store store;
        int64_t class;

        assert_int_equal(place_store(&own.at, NULL, &store), OCORE_OK);
        class = store.ops->durability;
        store.ops->close(store.self);
        return class;
}

/* With a binary log InnoDB syncs what it prepares, and leaves it to that log to keep the commit. */
static void test_durability(void **state)
{
        (void)state;
        assert_int_equal(place_ask(own.at.db, "SELECT @@log_bin"), 1);
        place_run(own.at.db, "SET GLOBAL innodb_flush_log_at_trx_commit=1, sync_binlog=0");
        assert_int_equal(durability(), OCORE_DURABLE_PROCESS);
        place_run(own.at.db, "SET GLOBAL sync_binlog=2");
        assert_int_equal(durability(), OCORE_DURABLE_PROCESS);
        place_run(own.at.db, "SET GLOBAL sync_binlog=1");
        assert_int_equal(durability(), OCORE_DURABLE_POWER);
        place_run(own.at.db, "SET GLOBAL innodb_flush_log_at_trx_commit=2");
        assert_int_equal(durability(), OCORE_DURABLE_PROCESS);
        place_run(own.at.db, "SET GLOBAL innodb_flush_log_at_trx_commit=1");
}

/* The server of the other tests has no such log, and then sync_binlog says nothing. */
static void test_durability_without_log(void **state)
{
        place other;
        ocore_store store;
        int power;

        (void)state;
        place_open(&other, NULL);
        power = place_ask(other.db, "SELECT @@innodb_flush_log_at_trx_commit = 1 AND "
                                    "(@@log_bin = 0 OR @@sync_binlog = 1)") == 1;
        assert_int_equal(place_store(&other, NULL, &store), OCORE_OK);
        assert_int_equal(
                store.ops->durability, power ? OCORE_DURABLE_POWER : OCORE_DURABLE_PROCESS);
        store.ops->close(store.self);
        place_close(&other);
}

static int write_bin(ocore_store store, const char *code)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_refusal refusal;

        return store.ops->write(store.self, &write, 1, &refusal);
}

static int take_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int *)sink;
        return OCORE_OK;
}

static int read_bin(ocore_store store, const char *code, int *rows)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, row.cells, 2);

        *rows = 0;
        return store.ops->read(store.self, &read, 1, take_row, rows);
}

static int64_t code_of(ocore_store store)
{
        int64_t code = 0;

        assert_true(strlen(store.ops->message(store.self, &code)) > 0);
        return code;
}

static ocore_store open_short(const char *conninfo)
{
        ocore_mariadb_config config = {
                .struct_size = sizeof config, .conninfo = conninfo, .deadline_ms = 300};
        ocore_store store;

        assert_int_equal(ocore_mariadb_store(&config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        return store;
}

/* A server that becomes read-only under a connection refuses to write; there being no other host
 * the store says so at its deadline. */
static void test_becomes_read_only(void **state)
{
        char conninfo[256];
        ocore_store store;

        (void)state;
        place_run(own.at.db, "CREATE OR REPLACE USER ordercore_plain IDENTIFIED BY 'x'");
        place_run(own.at.db, "GRANT ALL ON `ordercore\\_test\\_%`.* TO ordercore_plain");
        (void)snprintf(conninfo, sizeof conninfo,
                "socket=%s/sock user=ordercore_plain password=x dbname=%s", own.folder,
                own.at.database);
        store = open_short(conninfo);
        place_run(own.at.db, "SET GLOBAL read_only=1");
        assert_int_equal(write_bin(store, "a"), OCORE_STORE);
        assert_int_equal(code_of(store), 1290);
        place_run(own.at.db, "SET GLOBAL read_only=0");
        assert_int_equal(write_bin(store, "a"), OCORE_OK);
        store.ops->close(store.self);
        place_run(own.at.db, "DROP USER ordercore_plain");
}

/* Root may write to a read-only server, and reads are allowed to everyone: neither is done. The
 * oldest connection is the one of the store. */
static void test_read_only_is_no_host(void **state)
{
        char sql[64];
        ocore_store refused;
        ocore_store store;
        int rows;

        (void)state;
        store = open_short(own.at.conninfo);
        assert_int_equal(write_bin(store, "a"), OCORE_OK);
        place_run(own.at.db, "SET GLOBAL read_only=1");
        assert_int_equal(place_store(&own.at, NULL, &refused), OCORE_STORE);
        assert_null(refused.self);
        (void)snprintf(sql, sizeof sql, "KILL %lld",
                (long long)place_ask(own.at.db,
                        "SELECT MIN(ID) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() "
                        "AND ID <> CONNECTION_ID()"));
        place_run(own.at.db, sql);
        assert_int_equal(read_bin(store, "a", &rows), OCORE_STORE);
        assert_int_equal(rows, 0);
        assert_int_equal(code_of(store), 1290);
        place_run(own.at.db, "SET GLOBAL read_only=0");
        assert_int_equal(read_bin(store, "a", &rows), OCORE_OK);
        assert_int_equal(rows, 1);
        store.ops->close(store.self);
}

/* "host=replica,primary": the store is on the second one, and leaves nothing on the first. */
static void test_next_host(void **state)
{
        const char *given = getenv("ORDERCORE_TEST_MARIADB");
        const char *socket = strstr(given, "socket=");
        char conninfo[640];
        char create[128];
        place primary;
        ocore_store store;

        (void)state;
        if (socket == NULL)
                skip();
        place_open(&primary, NULL);
        (void)snprintf(create, sizeof create, "CREATE DATABASE `%s`", primary.database);
        if (strcmp(primary.database, own.at.database) != 0)
                place_run(own.at.db, create);
        (void)snprintf(conninfo, sizeof conninfo, "%.*ssocket=%s/sock,%s dbname=%s",
                (int)(socket - given), given, own.folder, socket + 7, primary.database);
        place_run(own.at.db, "SET GLOBAL read_only=1");
        store = open_short(conninfo);
        assert_int_equal(write_bin(store, "a"), OCORE_OK);
        assert_int_equal(place_ask(primary.db, "SELECT COUNT(*) FROM toy_bin"), 1);
        store.ops->close(store.self);
        place_close(&primary);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_durability),
                TEST(test_durability_without_log),
                TEST(test_becomes_read_only),
                TEST(test_read_only_is_no_host),
                TEST(test_next_host),
        };
        int failed;

        if (place_missing("ORDERCORE_TEST_MARIADB", "mariadb-server"))
                return 0;
        failed = cmocka_run_group_tests_name(
                "mariadb settings of a server", tests, group_set_up, group_tear_down);
        mysql_library_end();
        return failed;
}
