/*
 * Proves that row-level security keeps tenants apart in the server itself: a role that owns nothing
 * and may not pass by the policies can, through its store and with SQL of its own, neither read,
 * count, change, delete nor collide with the rows of another tenant, and the views say no more than
 * the tables; the owner is bound too. A store that was not told its tenant is refused.
 */
#include "fixture.h"

typedef struct guarded {
        fixture base;
        char role[80];
        char owner[80];
        char conninfo[1200]; /* as the role */
        ocore_store one;     /* tenant 1 */
        ocore_store two;
} guarded;

static void run(PGconn *connection, const char *format, const char *a, const char *b)
{
        char sql[512];

        (void)snprintf(sql, sizeof sql, format, a, b);
        fixture_run(connection, sql);
}

static ocore_store store_of(const guarded *self, const char *conninfo, int64_t tenant)
{
        ocore_postgres_config config = {.conninfo = conninfo, .row_security = 1, .tenant = tenant};

        return fixture_toy(&self->base, &config);
}

static int set_up(void **state)
{
        guarded *self = calloc(1, sizeof *self);
        char owned[1200];

        assert_non_null(self);
        fixture_start(&self->base);
        (void)snprintf(self->role, sizeof self->role, "%s_role", self->base.schema);
        (void)snprintf(self->conninfo, sizeof self->conninfo,
                "%s options='-c search_path=%s -c role=%s'", fixture_server(), self->base.schema,
                self->role);
        /* The tables belong to a role of their own; the other may use them. */
        (void)snprintf(self->owner, sizeof self->owner, "%s_owner", self->base.schema);
        (void)snprintf(owned, sizeof owned, "%s options='-c search_path=%s -c role=%s'",
                fixture_server(), self->base.schema, self->owner);
        run(self->base.admin, "CREATE ROLE %s NOBYPASSRLS NOSUPERUSER", self->owner, "");
        run(self->base.admin, "GRANT USAGE, CREATE ON SCHEMA %s TO %s", self->base.schema,
                self->owner);
        self->one = store_of(self, owned, 1);
        self->one.ops->close(self->one.self);
        run(self->base.admin, "CREATE ROLE %s NOBYPASSRLS NOSUPERUSER", self->role, "");
        run(self->base.admin, "GRANT USAGE ON SCHEMA %s TO %s", self->base.schema, self->role);
        run(self->base.admin,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %s",
                self->base.schema, self->role);
        self->one = store_of(self, self->conninfo, 1);
        self->two = store_of(self, self->conninfo, 2);
        assert_int_equal(fixture_insert(self->one, 1, "shared"), OCORE_OK);
        assert_int_equal(fixture_insert(self->one, 1, "mine"), OCORE_OK);
        assert_int_equal(fixture_insert(self->two, 2, "shared"), OCORE_OK);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        guarded *self = *state;

        self->one.ops->close(self->one.self);
        self->two.ops->close(self->two.self);
        run(self->base.admin, "DROP OWNED BY %s", self->role, "");
        run(self->base.admin, "DROP ROLE %s", self->role, "");
        run(self->base.admin, "DROP OWNED BY %s CASCADE", self->owner, "");
        run(self->base.admin, "DROP ROLE %s", self->owner, "");
        fixture_stop(&self->base);
        free(self);
        return 0;
}

static int write_one(
        ocore_store store, uint32_t kind, int64_t tenant, const char *code, ocore_refusal *refusal)
{
        toy_row row = ocore__toy_bin(tenant, code, 77);
        ocore_add add = {1, 0, BIN_HELD, 0};
        ocore_write write = kind == OCORE_WRITE_ADD ? ocore__toy_add(TOY_BIN, &row, &add, 1)
                                                    : ocore__toy_write(kind, TOY_BIN, &row, 1);

        if (kind == OCORE_WRITE_INSERT)
                write.revision = 0;
        return store.ops->write(store.self, &write, 1, refusal);
}

/* Through the store: another tenant's rows are not there, and none can be put there. */
static void test_store(void **state)
{
        static const uint32_t kinds[] = {
                OCORE_WRITE_UPDATE, OCORE_WRITE_DELETE, OCORE_WRITE_CHECK, OCORE_WRITE_ADD};
        guarded *self = *state;
        ocore_refusal refusal;
        ocore_read all = ocore__toy_read(TOY_BIN, 0, NULL, 0);
        int rows = 0;
        size_t n;

        assert_int_equal(fixture_bins(self->one, 1), 2);
        assert_int_equal(fixture_bins(self->one, 2), 0);
        assert_int_equal(fixture_bins(self->two, 2), 1);
        assert_int_equal(
                self->two.ops->read(self->two.self, &all, 1, fixture_count_row, &rows), OCORE_OK);
        assert_int_equal(rows, 1);
        for (n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
                assert_int_equal(
                        write_one(self->two, kinds[n], 1, "mine", &refusal), OCORE_CONFLICT);
                assert_int_equal(refusal.reason, OCORE_REFUSED_MISSING);
        }
        /* A key that is taken there and one that is free get the same answer. */
        assert_int_equal(
                write_one(self->two, OCORE_WRITE_INSERT, 1, "mine", &refusal), OCORE_STORE);
        assert_int_equal(
                write_one(self->two, OCORE_WRITE_INSERT, 1, "free", &refusal), OCORE_STORE);
        /* The same code under one's own tenant does not collide. */
        assert_int_equal(write_one(self->two, OCORE_WRITE_INSERT, 2, "mine", &refusal), OCORE_OK);
        assert_int_equal(fixture_number(self->base.admin,
                                 "SELECT count(*) FROM toy_bin WHERE tenant = 1 AND revision = 1 "
                                 "AND \"order\" = 3"),
                2);
}

static long long refused(PGconn *connection, const char *sql)
{
        PGresult *result = PQexec(connection, sql);
        const char *found = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        int is = found != NULL && strcmp(found, "42501") == 0;

        PQclear(result);
        return is;
}

/* With SQL: what the connection says of its tenant binds it; without one there is nothing. */
static void test_sql(void **state)
{
        guarded *self = *state;
        PGconn *role = fixture_connect(self->conninfo);

        assert_int_equal(fixture_number(role, "SELECT count(*) FROM toy_bin"), 0);
        assert_int_equal(fixture_number(role, "SELECT count(*) FROM v_toy_bin"), 0);
        fixture_run(role, "SET ordercore.tenant = ''");
        assert_int_equal(fixture_number(role, "SELECT count(*) FROM toy_bin"), 0);
        fixture_run(role, "SET ordercore.tenant = '2'");
        assert_int_equal(fixture_number(role, "SELECT count(*) FROM toy_bin"), 1);
        assert_int_equal(fixture_number(role, "SELECT count(*) FROM v_toy_bin"), 1);
        assert_int_equal(
                fixture_number(role, "WITH u AS (UPDATE toy_bin SET held = 1 WHERE tenant = 1 "
                                     "RETURNING 1) SELECT count(*) FROM u"),
                0);
        assert_int_equal(fixture_number(role, "WITH u AS (DELETE FROM toy_bin WHERE tenant = 1 "
                                              "RETURNING 1) SELECT count(*) FROM u"),
                0);
        assert_true(refused(role, "UPDATE toy_bin SET tenant = 1"));
        assert_true(refused(role, "INSERT INTO toy_bin(tenant, code, revision) VALUES(1, 'x', 1)"));
        assert_true(refused(role, "ALTER TABLE toy_bin DISABLE ROW LEVEL SECURITY"));
        PQfinish(role);
        assert_int_equal(
                fixture_number(self->base.admin, "SELECT count(*) FROM toy_bin WHERE tenant = 1"),
                2);
}

/* The owner of the tables is bound as well (FORCE). */
static void test_owner(void **state)
{
        guarded *self = *state;
        PGconn *role;

        run(self->base.admin, "ALTER TABLE toy_bin OWNER TO %s", self->role, "");
        role = fixture_connect(self->conninfo);
        assert_int_equal(fixture_number(role, "SELECT count(*) FROM toy_bin"), 0);
        PQfinish(role);
        fixture_run(self->base.admin, "ALTER TABLE toy_bin OWNER TO CURRENT_USER");
}

/* Rows that are hidden would look like orders that are lost: such a store does not open. */
static void test_untold(void **state)
{
        guarded *self = *state;
        ocore_postgres_config config = {.conninfo = self->conninfo};
        ocore_store store;

        assert_int_equal(fixture_open(&self->base, &config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_STORE);
        assert_non_null(strstr(store.ops->message(store.self, NULL), "row_security"));
        store.ops->close(store.self);
        /* Whoever may pass by the policies opens, and sees all. */
        store = fixture_toy(&self->base, NULL);
        assert_int_equal(fixture_bins(store, 1), 2);
        assert_int_equal(fixture_bins(store, 2), 1);
        store.ops->close(store.self);
}

/* A role whom the policies do not bind may not believe itself guarded. */
static void test_bypass(void **state)
{
        guarded *self = *state;
        ocore_postgres_config config = {
                .conninfo = self->base.conninfo, .row_security = 1, .tenant = 1};
        ocore_store store;

        assert_int_equal(fixture_open(&self->base, &config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_STORE);
        assert_non_null(strstr(store.ops->message(store.self, NULL), "BYPASSRLS"));
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        store.ops->close(store.self);
}

/* A table that an administrator makes, who sees all, keeps tenants apart like the others. */
static void test_grown(void **state)
{
        static const char query[] =
                "SELECT count(*) FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid "
                "WHERE relname LIKE 'toy_%' AND relnamespace = current_schema()::regnamespace "
                "AND relrowsecurity AND relforcerowsecurity";
        guarded *self = *state;
        long long before = fixture_number(self->base.admin, query);
        ocore_store store;

        fixture_run(self->base.admin, "DROP TABLE toy_bin CASCADE");
        assert_int_equal(fixture_number(self->base.admin, query), before - 1);
        store = fixture_toy(&self->base, NULL);
        assert_int_equal(fixture_number(self->base.admin, query), before);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        run(self->base.admin, "GRANT SELECT ON v_toy_bin TO %s", self->role, "");
        store.ops->close(store.self);
        {
                PGconn *role = fixture_connect(self->conninfo);

                assert_int_equal(fixture_number(role, "SELECT count(*) FROM v_toy_bin"), 0);
                fixture_run(role, "SET ordercore.tenant = '1'");
                assert_int_equal(fixture_number(role, "SELECT count(*) FROM v_toy_bin"), 1);
                PQfinish(role);
        }
}

static void tenant_is(PGconn *connection, const char *wanted)
{
        char found[64];

        fixture_text(connection, "SELECT current_setting('ordercore.tenant', true)", found,
                sizeof found);
        assert_string_equal(found, wanted);
}

/* The tenant is said for a transaction and not for the connection, which is the host's or a
 * pooler's: what somebody else has set there is there again behind every call. */
static void test_tenant_stays(void **state)
{
        guarded *self = *state;
        PGconn *role = fixture_connect(self->conninfo);
        ocore_postgres_config config = {.connection = role, .row_security = 1, .tenant = 1};
        ocore_store one = fixture_toy(&self->base, &config);

        tenant_is(role, "");
        assert_int_equal(fixture_bins(one, 1), 2);
        tenant_is(role, "");
        fixture_run(role, "SET ordercore.tenant = '7'");
        assert_int_equal(fixture_insert(one, 1, "x"), OCORE_OK);
        tenant_is(role, "7");
        assert_int_equal(fixture_insert(one, 1, "x"), OCORE_CONFLICT);
        tenant_is(role, "7");
        fixture_run(role, "BEGIN");
        fixture_run(role, "SET LOCAL ordercore.tenant = '8'");
        assert_int_equal(fixture_insert(one, 1, "y"), OCORE_OK);
        tenant_is(role, "8");
        assert_int_equal(fixture_insert(one, 1, "y"), OCORE_CONFLICT);
        tenant_is(role, "8");
        assert_int_equal(fixture_bins(one, 1), 4);
        tenant_is(role, "8");
        fixture_run(role, "COMMIT");
        tenant_is(role, "7");
        one.ops->close(one.self);
        PQfinish(role);
}

/* On the host's connection the tenant is said with each call. */
static void test_host(void **state)
{
        guarded *self = *state;
        PGconn *role = fixture_connect(self->conninfo);
        ocore_postgres_config config = {.connection = role, .row_security = 1, .tenant = 1};
        ocore_store one = fixture_toy(&self->base, &config);
        ocore_store two;

        config.tenant = 2;
        two = fixture_toy(&self->base, &config);
        assert_int_equal(fixture_bins(one, 1), 2);
        assert_int_equal(fixture_bins(two, 2), 1);
        assert_int_equal(fixture_bins(two, 1), 0);
        assert_int_equal(fixture_insert(two, 1, "x"), OCORE_STORE);
        assert_int_equal(fixture_insert(one, 1, "x"), OCORE_OK);
        fixture_run(role, "BEGIN");
        assert_int_equal(fixture_insert(two, 2, "x"), OCORE_OK);
        assert_int_equal(fixture_bins(one, 2), 0);
        assert_int_equal(fixture_bins(one, 1), 3);
        fixture_run(role, "COMMIT");
        one.ops->close(one.self);
        two.ops->close(two.self);
        PQfinish(role);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_store, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_sql, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_owner, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_untold, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_bypass, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_grown, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_tenant_stays, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_host, set_up, tear_down),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name(
                "row-level security of the postgres store", tests, NULL, NULL);
}
