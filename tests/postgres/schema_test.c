/*
 * Proves what the PostgreSQL store does with tables that are there already: its own are opened
 * without a right to make any, missing things are made, unknown ones kept, also when many open at
 * once; what contradicts the schema, belongs to another application or comes from a newer library
 * is refused with a sentence that names it. And that people can read the views.
 */
#include "fixture.h"

#include <sys/wait.h>

static int reopen(const fixture *self, const ocore_schema *schema, const char *said)
{
        ocore_store store;
        int status;

        assert_int_equal(fixture_open(self, NULL, &store), OCORE_OK);
        status = store.ops->open(store.self, schema);
        if (said != NULL && strstr(store.ops->message(store.self, NULL), said) == NULL)
                print_error("\"%s\" is not in: %s\n", said, store.ops->message(store.self, NULL));
        assert_true(said == NULL || strstr(store.ops->message(store.self, NULL), said) != NULL);
        /* A store that did not open does nothing. */
        if (status != OCORE_OK)
                assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        store.ops->close(store.self);
        return status;
}

/* What people have done to the tables, what `open` says to it, and one word of why. */
static void test_contradictions(void **state)
{
        static const struct {
                const char *sql;
                int status;
                const char *said;
        } cases[] = {
                {"DROP VIEW v_toy_bin; ALTER TABLE toy_bin ALTER held TYPE numeric", OCORE_CORRUPT,
                        "held"},
                {"DROP VIEW v_toy_bin; ALTER TABLE toy_bin ALTER note TYPE varchar(50)",
                        OCORE_CORRUPT, "note"},
                {"DROP VIEW v_toy_bin; ALTER TABLE toy_bin ALTER note TYPE text COLLATE \"POSIX\"",
                        OCORE_CORRUPT, "note"},
                {"ALTER TABLE toy_bin ALTER held DROP NOT NULL", OCORE_CORRUPT, "held"},
                {"ALTER TABLE toy_bin ALTER note SET NOT NULL", OCORE_CORRUPT, "note"},
                {"ALTER TABLE toy_bin DROP CONSTRAINT toy_bin_pkey", OCORE_CORRUPT, "toy_bin"},
                {"ALTER TABLE toy_bin DROP CONSTRAINT toy_bin_pkey, ADD PRIMARY KEY(code, tenant)",
                        OCORE_CORRUPT, "toy_bin"},
                {"ALTER TABLE toy_bin DROP CONSTRAINT toy_bin_pkey, "
                 "ADD PRIMARY KEY(tenant, code, held)",
                        OCORE_CORRUPT, "toy_bin"},
                {"ALTER TABLE toy_bin DROP COLUMN revision CASCADE", OCORE_CORRUPT, "revision"},
                {"DROP TABLE toy_bin CASCADE; CREATE VIEW toy_bin AS SELECT 1 AS tenant",
                        OCORE_CORRUPT, "toy_bin"},
                {"DROP VIEW v_toy_bin; CREATE TABLE v_toy_bin(a bigint)", OCORE_CORRUPT,
                        "v_toy_bin"},
                {"DROP INDEX toy_item_by_sku; CREATE INDEX toy_item_by_sku ON toy_bin(held)",
                        OCORE_CORRUPT, "toy_item_by_sku"},
                {"UPDATE ordercore_layout SET value = 7 WHERE name = 'application'", OCORE_CORRUPT,
                        "application 7"},
                {"DELETE FROM ordercore_layout WHERE name = 'version'", OCORE_CORRUPT, "version"},
                {"UPDATE ordercore_layout SET value = 99 WHERE name = 'version'",
                        OCORE_VERSION_MISMATCH, "layout 99, this library knows up to 1"},
                /* These are mended or kept. */
                {"ALTER TABLE toy_bin ADD COLUMN mine bigint", OCORE_OK, NULL},
                {"CREATE TABLE toy_mine(id bigint)", OCORE_OK, NULL},
                {"CREATE INDEX mine ON toy_bin(held)", OCORE_OK, NULL},
                {"DROP TABLE toy_item CASCADE", OCORE_OK, NULL},
                {"DROP VIEW v_toy_bin", OCORE_OK, NULL},
                {"DROP INDEX toy_item_by_sku", OCORE_OK, NULL},
                {"DROP INDEX toy_item_by_due; CREATE INDEX toy_item_by_due ON toy_item(tenant)",
                        OCORE_OK, NULL},
                {"DROP INDEX toy_item_by_name; "
                 "CREATE INDEX toy_item_by_name ON toy_item(tenant, name)",
                        OCORE_OK, NULL},
                {"DROP VIEW v_toy_bin; CREATE VIEW v_toy_bin AS SELECT 1 AS tenant", OCORE_OK,
                        NULL},
                {"DROP TABLE ordercore_layout", OCORE_OK, NULL},
                {"DELETE FROM ordercore_layout", OCORE_OK, NULL},
                {"ALTER TABLE toy_bin DROP COLUMN photo CASCADE", OCORE_OK, NULL},
        };
        fixture self;
        size_t n;

        (void)state;
        fixture_start(&self);
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                int status;

                fixture_empty(&self);
                assert_int_equal(reopen(&self, &ocore__toy_schema, NULL), OCORE_OK);
                fixture_run(self.admin, cases[n].sql);
                status = reopen(&self, &ocore__toy_schema, cases[n].said);
                if (status != cases[n].status)
                        print_error("%s: %s\n", cases[n].sql, ocore_status_name(status));
                assert_int_equal(status, cases[n].status);
                if (status == OCORE_OK)
                        assert_int_equal(reopen(&self, &ocore__toy_schema, NULL), OCORE_OK);
        }
        fixture_stop(&self);
}

/* Nothing is missing: a role that may make nothing opens. Something is: it says what it may not. */
static void test_no_rights(void **state)
{
        fixture self;
        char sql[512];
        char role[80];
        char conninfo[1200];
        ocore_postgres_config config = {.conninfo = conninfo};
        ocore_store store;

        (void)state;
        fixture_start(&self);
        assert_int_equal(reopen(&self, &ocore__toy_schema, NULL), OCORE_OK);
        (void)snprintf(role, sizeof role, "%s_clerk", self.schema);
        (void)snprintf(sql, sizeof sql, "CREATE ROLE %s", role);
        fixture_run(self.admin, sql);
        (void)snprintf(sql, sizeof sql,
                "GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT, INSERT, UPDATE, DELETE "
                "ON ALL TABLES IN SCHEMA %s TO %s",
                self.schema, role, self.schema, role);
        fixture_run(self.admin, sql);
        (void)snprintf(conninfo, sizeof conninfo, "%s options='-c search_path=%s -c role=%s'",
                fixture_server(), self.schema, role);
        store = fixture_toy(&self, &config);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_grown), OCORE_STORE);
        assert_non_null(strstr(store.ops->message(store.self, NULL), "42501"));
        store.ops->close(store.self);
        (void)snprintf(sql, sizeof sql, "DROP OWNED BY %s; DROP ROLE %s", role, role);
        fixture_run(self.admin, sql);
        fixture_stop(&self);
}

/* Many processes make the same tables, and then grow them, at the same moment. */
static void test_race(void **state)
{
        enum { PROCESSES = 6, ROUNDS = 3 };
        fixture self;
        int round;
        int n;

        (void)state;
        fixture_start(&self);
        for (round = 0; round < ROUNDS; round++) {
                int good = 1;

                fixture_empty(&self);
                for (n = 0; n < PROCESSES; n++) {
                        if (fork() == 0) {
                                ocore_postgres_config config = {
                                        .struct_size = sizeof config, .conninfo = self.conninfo};
                                ocore_store store;
                                int status = ocore_postgres_store(&config, &store);

                                if (status == OCORE_OK)
                                        status = store.ops->open(store.self, &ocore__toy_schema);
                                if (status == OCORE_OK)
                                        status = store.ops->open(store.self, &ocore__toy_grown);
                                /* Another may have grown them before we opened the old layout. */
                                if (status == OCORE_VERSION_MISMATCH)
                                        status = store.ops->open(store.self, &ocore__toy_grown);
                                if (status != OCORE_OK)
                                        (void)fprintf(stderr, "# %s\n",
                                                store.ops->message(store.self, NULL));
                                _exit(status == OCORE_OK ? 0 : 1);
                        }
                }
                for (n = 0; n < PROCESSES; n++) {
                        int status = -1;

                        assert_true(wait(&status) > 0);
                        good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
                }
                assert_true(good);
                assert_int_equal(reopen(&self, &ocore__toy_grown, NULL), OCORE_OK);
        }
        fixture_stop(&self);
}

/* Columns of a newer library and of other people survive what an older one writes. */
static void test_unknown_kept(void **state)
{
        fixture self;
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 9);
        ocore_write write = ocore__toy_write(OCORE_WRITE_UPDATE, TOY_BIN, &row, 1);
        ocore_refusal refusal;

        (void)state;
        fixture_start(&self);
        store = fixture_toy(&self, NULL);
        fixture_run(self.admin, "ALTER TABLE toy_bin ADD COLUMN mine bigint NOT NULL DEFAULT 5");
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        fixture_run(self.admin, "UPDATE toy_bin SET mine = 6");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        assert_int_equal(fixture_number(self.admin, "SELECT mine FROM toy_bin"), 6);
        store.ops->close(store.self);
        fixture_stop(&self);
}

/* A rule or trigger of somebody else that swallows rows is found out; one that only looks on is
 * not in the way. */
static void test_swallowed(void **state)
{
        fixture self;
        ocore_store store;

        (void)state;
        fixture_start(&self);
        store = fixture_toy(&self, NULL);
        fixture_run(self.admin, "CREATE TABLE seen(code text)");
        fixture_run(self.admin, "CREATE RULE watch AS ON INSERT TO toy_bin DO ALSO "
                                "INSERT INTO seen VALUES(NEW.code)");
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        fixture_run(self.admin, "DROP RULE watch ON toy_bin");
        fixture_run(self.admin, "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS "
                                "$$ BEGIN RETURN NULL; END $$");
        fixture_run(self.admin, "CREATE TRIGGER swallow BEFORE INSERT ON toy_bin "
                                "FOR EACH ROW EXECUTE FUNCTION swallow()");
        /* Made before open: asked within the statement. */
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_STORE);
        assert_non_null(strstr(store.ops->message(store.self, NULL), "trigger"));
        store.ops->close(store.self);
        fixture_empty(&self);
        store = fixture_toy(&self, NULL);
        fixture_run(self.admin, "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS "
                                "$$ BEGIN RETURN NULL; END $$");
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        /* Made while the store is open: seen afterwards, and from then on asked. */
        fixture_run(self.admin, "CREATE TRIGGER swallow BEFORE INSERT ON toy_bin "
                                "FOR EACH ROW EXECUTE FUNCTION swallow()");
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_UNKNOWN);
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_STORE);
        store.ops->close(store.self);
        fixture_stop(&self);
}

static void test_views(void **state)
{
        fixture self;
        ocore_store store;
        toy_row row = ocore__toy_item(1, 5, 1, "shoe");
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_ITEM, &row, 0);
        ocore_refusal refusal;
        char text[256];

        (void)state;
        fixture_start(&self);
        store = fixture_toy(&self, NULL);
        row.cells[ITEM_DUE] = ocore__toy_number(INT64_C(1767607200250000));
        row.cells[ITEM_STATE] = ocore__toy_number(2);
        row.cells[ITEM_MEMO] = ocore__toy_bytes("\x01\xff", 2);
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        fixture_run(self.admin, "SET timezone = 'UTC'");
        fixture_text(self.admin,
                "SELECT concat_ws('|', tenant, owner, line, sku, state, due, name, count, memo, "
                "revision) FROM v_toy_item",
                text, sizeof text);
        assert_string_equal(text, "1|00000000-0000-0000-0000-000000000005|1|shoe|done|"
                                  "2026-01-05 10:00:00.25+00|0|01ff|1");
        store.ops->close(store.self);
        fixture_stop(&self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_contradictions),
                cmocka_unit_test(test_no_rights),
                cmocka_unit_test(test_race),
                cmocka_unit_test(test_unknown_kept),
                cmocka_unit_test(test_swallowed),
                cmocka_unit_test(test_views),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name("tables of the postgres store", tests, NULL, NULL);
}
