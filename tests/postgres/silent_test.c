/*
 * Proves that a server which stops answering does not stop the caller: the server's process behind
 * the store's connection is halted (SIGSTOP), so that everything is connected and nothing comes.
 * At the deadline a read goes on with another connection, a write is unknown; a host's connection
 * is left as it is, and serves again once the host has fetched what was still owed.
 */
#include "fixture.h"

#include <errno.h>
#include <signal.h>

enum { DEADLINE_MS = 700 };

typedef struct silent {
        fixture base;
        PGconn *host;
        ocore_store store;
        pid_t halted;
} silent;

static int set_up(void **state)
{
        silent *self = calloc(1, sizeof *self);

        assert_non_null(self);
        fixture_start(&self->base);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        silent *self = *state;

        if (self->halted > 0)
                (void)kill(self->halted, SIGCONT);
        self->store.ops->close(self->store.self);
        if (self->host != NULL)
                PQfinish(self->host);
        fixture_stop(&self->base);
        free(self);
        return 0;
}

static void halt(silent *self, pid_t process)
{
        assert_true(process > 0);
        self->halted = process;
        assert_int_equal(kill(process, SIGSTOP), 0);
}

static void go_on(silent *self)
{
        assert_int_equal(kill(self->halted, SIGCONT), 0);
        self->halted = 0;
}

/* The process behind the only connection of this name. */
static pid_t process_of(const silent *self)
{
        return (pid_t)fixture_number(self->base.admin,
                "SELECT max(pid) FROM pg_stat_activity "
                "WHERE application_name = current_schema() AND state = 'idle'");
}

/* What was sent is carried out or not before the schema is dropped, never during it. */
static void wait_gone(const silent *self)
{
        while (fixture_number(self->base.admin, "SELECT count(*) FROM pg_stat_activity "
                                                "WHERE application_name = current_schema()") > 1)
                (void)usleep(10000);
}

static void test_own(void **state)
{
        silent *self = *state;
        char conninfo[1200];
        ocore_postgres_config config = {.conninfo = conninfo, .deadline_ms = DEADLINE_MS};

        (void)snprintf(conninfo, sizeof conninfo, "%s application_name=%s", self->base.conninfo,
                self->base.schema);
        self->store = fixture_toy(&self->base, &config);
        assert_int_equal(fixture_insert(self->store, 1, "a"), OCORE_OK);
        halt(self, process_of(self));
        assert_int_equal(fixture_bins(self->store, 1), 1);
        go_on(self);
        wait_gone(self);
        halt(self, process_of(self));
        assert_int_equal(fixture_insert(self->store, 1, "b"), OCORE_UNKNOWN);
        assert_non_null(strstr(self->store.ops->message(self->store.self, NULL), "not answered"));
        assert_int_equal(fixture_bins(self->store, 1), 1);
        go_on(self);
        wait_gone(self);
        /* Now what became of it can be asked. */
        assert_int_equal(fixture_insert(self->store, 1, "b"),
                fixture_bins(self->store, 1) == 2 ? OCORE_CONFLICT : OCORE_OK);
}

/* What the host does with a connection on which something is still owed. */
static void fetch_rest(PGconn *connection)
{
        int settled = 0;

        while (!settled) {
                PGresult *result = PQgetResult(connection);

                settled = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
                assert_int_equal(PQstatus(connection), CONNECTION_OK);
                PQclear(result);
        }
        assert_int_equal(PQexitPipelineMode(connection), 1);
}

static void test_host(void **state)
{
        silent *self = *state;
        ocore_postgres_config config = {.deadline_ms = DEADLINE_MS};
        ocore_store second;

        self->host = fixture_connect(self->base.conninfo);
        config.connection = self->host;
        self->store = fixture_toy(&self->base, &config);
        assert_int_equal(fixture_insert(self->store, 1, "a"), OCORE_OK);
        halt(self, PQbackendPID(self->host));
        assert_int_equal(fixture_bins(self->store, 1), OCORE_STORE);
        assert_non_null(strstr(self->store.ops->message(self->store.self, NULL), "not answered"));
        /* Nothing is sent behind it. */
        assert_int_equal(fixture_insert(self->store, 1, "x"), OCORE_STORE);
        go_on(self);
        fetch_rest(self->host);
        assert_int_equal(PQisnonblocking(self->host), 0);
        assert_int_equal(fixture_bins(self->store, 1), 1);

        halt(self, PQbackendPID(self->host));
        assert_int_equal(fixture_insert(self->store, 1, "b"), OCORE_UNKNOWN);
        go_on(self);
        fetch_rest(self->host);
        assert_int_equal(fixture_bins(self->store, 1), 2);

        /* In the host's transaction the write may still come to be, with the host's commit. */
        fixture_run(self->host, "BEGIN");
        halt(self, PQbackendPID(self->host));
        assert_int_equal(fixture_insert(self->store, 1, "c"), OCORE_UNKNOWN);
        go_on(self);
        fetch_rest(self->host);
        fixture_run(self->host, "COMMIT");
        assert_int_equal(fixture_bins(self->store, 1), 3);

        /* Opening and closing do not wait for ever either. */
        second = fixture_toy(&self->base, &config);
        halt(self, PQbackendPID(self->host));
        assert_int_equal(second.ops->open(second.self, &ocore__toy_schema), OCORE_STORE);
        second.ops->close(second.self);
        go_on(self);
        fetch_rest(self->host);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_own, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_host, set_up, tear_down),
        };
        PGconn *connection = PQconnectdb(fixture_server());
        int here = PQstatus(connection) == CONNECTION_OK &&
                   (PQhost(connection)[0] == '/' || PQhost(connection)[0] == '\0') &&
                   kill(PQbackendPID(connection), 0) == 0;

        PQfinish(connection);
        if (!here) {
                (void)printf("1..0 # SKIP the server's processes cannot be halted from here: "
                             "sh tests/servers/postgres.sh start DIR starts one that can\n");
                return 0;
        }
        return cmocka_run_group_tests_name("postgres store and a silent server", tests, NULL, NULL);
}
