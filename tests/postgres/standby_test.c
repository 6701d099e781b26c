/*
 * Proves that a write which is not on the synchronous standby is not taken for one that is. A
 * server of the test's own waits for a standby that does not exist; somebody ends the wait with
 * pg_cancel_backend or pg_terminate_backend, which leaves the write committed on this server only.
 * It is OCORE_UNKNOWN, and the store answers no question that could settle it until a later commit
 * was confirmed. On a host's connection the same warning is seen and still reaches the host; where
 * it could not be seen, the store never declares the loss of a machine survived.
 */
#include "../servers/place.h"
#include "fixture.h"

#include <signal.h>
#include <sys/wait.h>

static test_script server;
static int notices;

typedef struct standby {
        fixture base;
        char conninfo[1200];
} standby;

static void awaited(PGconn *admin, const char *name)
{
        char sql[128];
        char found[64];

        (void)snprintf(sql, sizeof sql, "ALTER SYSTEM SET synchronous_standby_names = '%s'", name);
        fixture_run(admin, sql);
        fixture_run(admin, "SELECT pg_reload_conf()");
        do {
                (void)usleep(10000);
                fixture_text(admin, "SHOW synchronous_standby_names", found, sizeof found);
        } while (strcmp(found, name) != 0);
}

static int set_up(void **state)
{
        standby *self = calloc(1, sizeof *self);

        assert_non_null(self);
        assert_int_equal(setenv("ORDERCORE_TEST_POSTGRES", server.value, 1), 0);
        fixture_start(&self->base);
        fixture_run(self->base.admin, "SET synchronous_commit = 'local'");
        (void)snprintf(self->conninfo, sizeof self->conninfo, "%s application_name=%s",
                self->base.conninfo, self->base.schema);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        standby *self = *state;

        awaited(self->base.admin, "");
        fixture_stop(&self->base);
        free(self);
        return 0;
}

/* Another process ends the next wait for a standby in this way. */
static pid_t ender(const standby *self, const char *how)
{
        pid_t process = fork();
        char sql[256];
        PGconn *connection;
        int ended = 0;

        assert_true(process >= 0);
        if (process > 0)
                return process;
        connection = PQconnectdb(fixture_server());
        (void)snprintf(sql, sizeof sql,
                "SELECT %s(pid) FROM pg_stat_activity "
                "WHERE wait_event = 'SyncRep' AND application_name = '%s'",
                how, self->base.schema);
        while (!ended && PQstatus(connection) == CONNECTION_OK) {
                PGresult *result = PQexec(connection, sql);

                ended = PQntuples(result) > 0;
                PQclear(result);
                (void)usleep(5000);
        }
        _exit(ended ? 0 : 1);
}

static void ender_wait(pid_t process)
{
        int status = 0;

        assert_int_equal(waitpid(process, &status, 0), process);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void unconfirmed(standby *self, ocore_store store, const char *how)
{
        pid_t process;

        awaited(self->base.admin, "nobody");
        process = ender(self, how);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_UNKNOWN);
        ender_wait(process);
        /* It is there for all to see, on this server; the store must not say so. */
        assert_int_equal(fixture_number(self->base.admin, "SELECT count(*) FROM toy_bin"), 1);
        process = ender(self, how);
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        ender_wait(process);
        process = ender(self, how);
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_STORE);
        ender_wait(process);
        assert_true(strlen(store.ops->message(store.self, NULL)) > 0);
}

static void own(void **state, const char *how)
{
        standby *self = *state;
        ocore_postgres_config config = {.conninfo = self->conninfo, .deadline_ms = 3000};
        ocore_store store = fixture_toy(&self->base, &config);

        unconfirmed(self, store, how);
        /* Nobody ends this wait but the deadline. */
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        awaited(self->base.admin, "");
        assert_int_equal(fixture_bins(store, 1), 1);
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_OK);
        store.ops->close(store.self);
}

static void test_cancelled(void **state)
{
        own(state, "pg_cancel_backend");
}

static void test_terminated(void **state)
{
        own(state, "pg_terminate_backend");
}

static void count_notice(void *self, const char *message)
{
        (void)self;
        notices += strstr(message, "standby") != NULL;
}

static void own_receiver(void *self, const PGresult *notice)
{
        (void)self;
        (void)notice;
}

static void test_host(void **state)
{
        standby *self = *state;
        PGconn *connection = fixture_connect(self->conninfo);
        ocore_postgres_config config = {.connection = connection, .deadline_ms = 5000};
        PQnoticeReceiver before = PQsetNoticeReceiver(connection, NULL, NULL);
        ocore_store store = fixture_toy(&self->base, &config);

        (void)PQsetNoticeProcessor(connection, count_notice, NULL);
        notices = 0;
        unconfirmed(self, store, "pg_cancel_backend");
        assert_true(notices > 0);
        assert_true(PQsetNoticeReceiver(connection, NULL, NULL) == before);
        /* Inside the host's transaction nothing can be confirmed. */
        fixture_run(connection, "BEGIN");
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        fixture_run(connection, "ROLLBACK");
        awaited(self->base.admin, "");
        assert_int_equal(fixture_bins(store, 1), 1);
        store.ops->close(store.self);
        PQfinish(connection);
}

static int64_t durability(const standby *self, const char *sql, PQnoticeReceiver receiver)
{
        PGconn *connection = fixture_connect(self->conninfo);
        ocore_postgres_config config = {.connection = connection};
        ocore_store store;
        int64_t found;

        fixture_run(connection, sql);
        if (receiver != NULL)
                (void)PQsetNoticeReceiver(connection, receiver, NULL);
        assert_int_equal(fixture_open(&self->base, &config, &store), OCORE_OK);
        found = store.ops->durability;
        store.ops->close(store.self);
        PQfinish(connection);
        return found;
}

static void test_durability(void **state)
{
        standby *self = *state;
        ocore_store store;

        awaited(self->base.admin, "nobody");
        assert_int_equal(durability(self, "SELECT 1", NULL), OCORE_DURABLE_NODE);
        assert_int_equal(
                durability(self, "SET client_min_messages = 'warning'", NULL), OCORE_DURABLE_NODE);
        assert_int_equal(
                durability(self, "SET client_min_messages = 'error'", NULL), OCORE_DURABLE_POWER);
        assert_int_equal(durability(self, "SELECT 1", own_receiver), OCORE_DURABLE_POWER);
        assert_int_equal(fixture_open(&self->base, NULL, &store), OCORE_OK);
        assert_int_equal(store.ops->durability, OCORE_DURABLE_NODE);
        store.ops->close(store.self);
}

/* A receiver that comes later would hide the warning: the store says so before it writes. */
static void test_receiver_later(void **state)
{
        standby *self = *state;
        PGconn *connection = fixture_connect(self->conninfo);
        ocore_postgres_config config = {.connection = connection};
        ocore_store store = {NULL, NULL};

        awaited(self->base.admin, "nobody");
        assert_int_equal(fixture_open(&self->base, &config, &store), OCORE_OK);
        awaited(self->base.admin, "");
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        (void)PQsetNoticeReceiver(connection, own_receiver, NULL);
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_STORE);
        assert_true(PQsetNoticeReceiver(connection, NULL, NULL) == own_receiver);
        store.ops->close(store.self);
        PQfinish(connection);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_cancelled, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_terminated, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_host, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_durability, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_receiver_later, set_up, tear_down),
        };
        int failed;

        if (place_skips("postgres.sh"))
                return 0;
        script_start(&server, "postgres.sh", "");
        failed = cmocka_run_group_tests_name("postgres store and its standby", tests, NULL, NULL);
        script_stop(&server);
        return failed;
}
