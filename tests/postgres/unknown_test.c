/*
 * Proves what the PostgreSQL store says when its connection breaks: before a write has been sent
 * it is sent again and nobody notices; afterwards it is unknown, whether it reached the server or
 * not, and what the store finds on its new connection is the truth. Reads are done again, and no
 * row is told twice. The connection is cut by a process in the middle (cutter.h), at each place of
 * a request and of its answer, and by the server itself.
 */
#include "cutter.h"

typedef struct breaking {
        fixture base;
        cutter cutter;
        ocore_store store;
} breaking;

static int set_up(void **state)
{
        breaking *self = calloc(1, sizeof *self);
        ocore_postgres_config config = {.deadline_ms = 20000};

        assert_non_null(self);
        fixture_start(&self->base);
        cutter_start(&self->cutter, &self->base);
        config.conninfo = self->cutter.conninfo;
        self->store = fixture_toy(&self->base, &config);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        breaking *self = *state;

        self->store.ops->close(self->store.self);
        cutter_stop(&self->cutter);
        fixture_stop(&self->base);
        free(self);
        return 0;
}

/* What is in the table, seen past the store, once the session that was cut off is over. */
static long long bins(const breaking *self, const char *code)
{
        char sql[128];

        fixture_run(self->base.admin, "BEGIN");
        fixture_run(self->base.admin, "LOCK TABLE toy_bin IN EXCLUSIVE MODE");
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM toy_bin WHERE code = '%s'", code);
        fixture_run(self->base.admin, "COMMIT");
        return fixture_number(self->base.admin, sql);
}

static void test_write_cut(void **state)
{
        static const struct {
                const char *code;
                int where;
                int written;
        } cases[] = {
                {"request", CUT_REQUEST, 0},
                {"half", CUT_HALF, 0},
                {"answer", CUT_ANSWER, 1},
                {"inside", CUT_INSIDE, 1},
                {"pooler", CUT_POOLER, 1},
        };
        breaking *self = *state;
        int rows = 0;
        size_t n;

        /* Once whole, so that the statements are known and a request is one piece. */
        assert_int_equal(fixture_insert(self->store, 2, "first"), OCORE_OK);
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                self->cutter.orders->where = cases[n].where;
                assert_int_equal(fixture_insert(self->store, 1, cases[n].code), OCORE_UNKNOWN);
                assert_true(strlen(self->store.ops->message(self->store.self, NULL)) > 0);
                assert_int_equal(bins(self, cases[n].code), cases[n].written);
                rows += cases[n].written;
                assert_int_equal(fixture_bins(self->store, 1), rows);
                assert_int_equal(fixture_insert(self->store, 1, cases[n].code),
                        cases[n].written ? OCORE_CONFLICT : OCORE_OK);
                rows += !cases[n].written;
                assert_int_equal(fixture_bins(self->store, 1), rows);
                assert_int_equal(self->cutter.orders->accepted, 2 + (int)n);
        }
}

/* A read is a question: it is asked again. */
static void test_read_cut(void **state)
{
        breaking *self = *state;
        int where;
        int n;

        for (n = 0; n < 3; n++) {
                static const char *const codes[] = {"a", "b", "c"};

                assert_int_equal(fixture_insert(self->store, 1, codes[n]), OCORE_OK);
        }
        for (where = CUT_REQUEST; where <= CUT_POOLER; where++) {
                self->cutter.orders->where = where;
                assert_int_equal(fixture_bins(self->store, 1), 3);
                assert_int_equal(self->cutter.orders->where, CUT_NOWHERE);
        }
}

/* Nobody is there for a while, and then somebody is. */
static void test_waits_for_server(void **state)
{
        breaking *self = *state;

        assert_int_equal(fixture_insert(self->store, 1, "a"), OCORE_OK);
        self->cutter.orders->refuse = 5;
        self->cutter.orders->where = CUT_REQUEST;
        assert_int_equal(fixture_bins(self->store, 1), 1);
        assert_int_equal(self->cutter.orders->refuse, 0);
        self->cutter.orders->refuse = 5;
        self->cutter.orders->where = CUT_REQUEST;
        assert_int_equal(fixture_insert(self->store, 1, "b"), OCORE_UNKNOWN);
        assert_int_equal(fixture_insert(self->store, 1, "b"), OCORE_OK);
        assert_int_equal(self->cutter.orders->refuse, 0);
}

/* Nobody comes back: at the deadline the store says so, and it can be asked again. */
static void test_deadline(void **state)
{
        breaking *self = *state;
        ocore_postgres_config config = {.conninfo = self->cutter.conninfo, .deadline_ms = 500};
        ocore_store store;

        /* The cutter serves one connection at a time. */
        self->store.ops->close(self->store.self);
        store = fixture_toy(&self->base, &config);
        self->cutter.orders->refuse = 1000000;
        self->cutter.orders->where = CUT_REQUEST;
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        assert_true(strlen(store.ops->message(store.self, NULL)) > 0);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_STORE);
        self->cutter.orders->refuse = 0;
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        store.ops->close(store.self);
        self->store = fixture_toy(&self->base, &config);
}

/* The server ended the session while nothing was under way: it says so before it reads the
 * request, so the write has not taken place and is sent again. */
static void test_ended_by_server(void **state)
{
        breaking *self = *state;
        int n;

        for (n = 0; n < 3; n++) {
                static const char *const codes[] = {"a", "b", "c"};

                fixture_run(self->base.admin,
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                        "WHERE application_name = current_schema()");
                assert_int_equal(fixture_insert(self->store, 1, codes[n]), OCORE_OK);
        }
        assert_int_equal(fixture_bins(self->store, 1), 3);
}

/* Several hosts: the first one is dead. The connection is cut, and found again past it. */
static void test_several_hosts(void **state)
{
        breaking *self = *state;
        char conninfo[2048];
        ocore_postgres_config config = {.conninfo = conninfo, .deadline_ms = 20000};
        ocore_store store;

        self->store.ops->close(self->store.self);
        (void)snprintf(conninfo, sizeof conninfo,
                "host=127.0.0.1,127.0.0.1 port=1,%d user=%s dbname=%s password='%s' "
                "sslmode=disable gssencmode=disable options='-c search_path=%s' "
                "target_session_attrs=read-write",
                self->cutter.port, PQuser(self->base.admin), PQdb(self->base.admin),
                PQpass(self->base.admin), self->base.schema);
        store = fixture_toy(&self->base, &config);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        self->cutter.orders->where = CUT_ANSWER;
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_UNKNOWN);
        self->cutter.orders->refuse = 2;
        assert_int_equal(fixture_bins(store, 1), 2);
        assert_int_equal(self->cutter.orders->refuse, 0);
        store.ops->close(store.self);
        config.conninfo = self->cutter.conninfo;
        self->store = fixture_toy(&self->base, &config);
}

/* What cannot be opened says so at once. */
static void test_not_opened(void **state)
{
        ocore_store store = {NULL, NULL};
        ocore_postgres_config config = {.struct_size = sizeof config};

        (void)state;
        assert_int_equal(ocore_postgres_store(NULL, &store), OCORE_INVALID);
        assert_int_equal(ocore_postgres_store(&config, NULL), OCORE_INVALID);
        assert_int_equal(ocore_postgres_store(&config, &store), OCORE_INVALID);
        config.conninfo = "host=127.0.0.1 nonsense=1";
        assert_int_equal(ocore_postgres_store(&config, &store), OCORE_INVALID);
        config.conninfo = "host=127.0.0.1 port=1";
        assert_int_equal(ocore_postgres_store(&config, &store), OCORE_STORE);
        assert_null(store.ops);
        config.isolation = 4;
        assert_int_equal(ocore_postgres_store(&config, &store), OCORE_INVALID);
        config.isolation = 0;
        config.struct_size = 8;
        assert_int_equal(ocore_postgres_store(&config, &store), OCORE_INVALID);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_write_cut, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_read_cut, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_waits_for_server, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_deadline, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_ended_by_server, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_several_hosts, set_up, tear_down),
                cmocka_unit_test(test_not_opened),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name("postgres store cut off", tests, NULL, NULL);
}
