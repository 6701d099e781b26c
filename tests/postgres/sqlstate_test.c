/*
 * Proves the table of src/stores/postgres/postgres_sqlstate.c, a case for each row, through the
 * real way of a write: a trigger on the table raises the SQLSTATE so many times, from the statement
 * or from the commit, and counts the tries in a sequence, which no rollback takes back. Real
 * causes of the commonest codes follow: locks held by others, a deadline, a server that only reads.
 */
#include "fixture.h"

enum { ALWAYS = 1000000, ATTEMPTS = 4 };

typedef struct state_case {
        const char *state;
        int times;   /* how often it is raised */
        int status;  /* what the write answers */
        int tries;   /* how often it was sent; 0: not counted */
        int session; /* it ended on another connection */
} state_case;

static const state_case cases[] = {
        /* Again, and in the end a conflict. */
        {"40001", 2, OCORE_OK, 3, 0},
        {"40P01", 2, OCORE_OK, 3, 0},
        {"55P03", 2, OCORE_OK, 3, 0},
        {"40001", ALWAYS, OCORE_CONFLICT, ATTEMPTS, 0},
        {"40P01", ALWAYS, OCORE_CONFLICT, ATTEMPTS, 0},
        {"55P03", ALWAYS, OCORE_CONFLICT, ATTEMPTS, 0},
        /* Unknown: not sent again. */
        {"40003", 1, OCORE_UNKNOWN, 1, 0},
        {"08006", 1, OCORE_UNKNOWN, 1, 0},
        {"08007", 1, OCORE_UNKNOWN, 1, 0},
        {"08000", 1, OCORE_UNKNOWN, 1, 0},
        /* Judged; here nothing is wrong with any row, so it is tried again, and an error that stays
         * is told in its own words. */
        {"22012", 1, OCORE_OK, 2, 0},
        {"22003", 1, OCORE_OK, 2, 0},
        {"23505", 1, OCORE_OK, 2, 0},
        {"22012", ALWAYS, OCORE_STORE, ATTEMPTS, 0},
        {"22003", ALWAYS, OCORE_STORE, ATTEMPTS, 0},
        {"23505", ALWAYS, OCORE_STORE, ATTEMPTS, 0},
        /* To another server. */
        {"25006", 2, OCORE_OK, 3, 1},
        {"57P01", 2, OCORE_OK, 3, 1},
        {"57P02", 2, OCORE_OK, 3, 1},
        {"57P03", 2, OCORE_OK, 3, 1},
        {"57P05", 2, OCORE_OK, 3, 1},
        {"25006", ALWAYS, OCORE_STORE, 0, 1},
        /* Prepared anew. */
        {"26000", 1, OCORE_OK, 2, 0},
        {"42P05", 1, OCORE_OK, 2, 0},
        {"0A000", 1, OCORE_OK, 2, 0},
        {"26000", ALWAYS, OCORE_STORE, ATTEMPTS, 0},
        /* Everything else: permanent. */
        {"08P01", 1, OCORE_STORE, 1, 0},
        {"53100", 1, OCORE_STORE, 1, 0},
        {"54000", 1, OCORE_STORE, 1, 0},
        {"42501", 1, OCORE_STORE, 1, 0},
        {"57014", 1, OCORE_STORE, 1, 0},
        {"40002", 1, OCORE_STORE, 1, 0},
        {"P0001", 1, OCORE_STORE, 1, 0},
        {"XX000", 1, OCORE_STORE, 1, 0},
        {"XX001", 1, OCORE_STORE, 1, 0},
};

/* The function that raises, and the trigger that calls it. */
static void raise_set(fixture *self, const state_case *raised, int at_commit)
{
        char sql[1024];

        fixture_run(self->admin, "DROP TRIGGER IF EXISTS raise ON toy_bin");
        fixture_run(self->admin, "DROP SEQUENCE IF EXISTS tries");
        fixture_run(self->admin, "CREATE SEQUENCE tries");
        (void)snprintf(sql, sizeof sql,
                "CREATE OR REPLACE FUNCTION raise() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF nextval('%s.tries') <= %d THEN RAISE EXCEPTION 'raised for the test' "
                "USING ERRCODE = '%s'; END IF; RETURN NEW; END $$",
                self->schema, raised->times, raised->state);
        fixture_run(self->admin, sql);
        fixture_run(self->admin,
                at_commit ? "CREATE CONSTRAINT TRIGGER raise AFTER INSERT ON toy_bin DEFERRABLE "
                            "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise()"
                          : "CREATE TRIGGER raise BEFORE INSERT ON toy_bin "
                            "FOR EACH ROW EXECUTE FUNCTION raise()");
}

static void raise_end(fixture *self)
{
        fixture_run(self->admin, "DROP TRIGGER raise ON toy_bin");
        fixture_run(self->admin, "DROP FUNCTION raise()");
        fixture_run(self->admin, "DELETE FROM toy_bin");
}

static void case_run(fixture *self, const state_case *wanted, int at_commit)
{
        ocore_postgres_config config = {.attempts_max = ATTEMPTS, .deadline_ms = 500};
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_refusal refusal = {9, 9, 9};
        const char *message;
        int64_t code = 0;
        int status;

        /* Time is only looked at where nothing else ends the tries. */
        if (wanted->times < ALWAYS)
                config.deadline_ms = 20000;
        store = fixture_toy(self, &config);
        raise_set(self, wanted, at_commit);
        status = store.ops->write(store.self, &write, 1, &refusal);
        message = store.ops->message(store.self, &code);
        if (status != wanted->status)
                print_error("%s: %s, %s\n", wanted->state, ocore_status_name(status), message);
        assert_int_equal(status, wanted->status);
        if (wanted->tries > 0)
                assert_int_equal(
                        fixture_number(self->admin, "SELECT last_value FROM tries"), wanted->tries);
        if (status == OCORE_CONFLICT) {
                assert_int_equal(refusal.reason, OCORE_REFUSED_CONFLICT);
                assert_int_equal(refusal.write, 0);
        } else if (status != OCORE_OK) {
                assert_non_null(strstr(message, "raised for the test"));
                assert_non_null(strstr(message, wanted->state));
                assert_int_equal(code, strtoll(wanted->state, NULL, 36));
        }
        assert_int_equal(
                fixture_number(self->admin, "SELECT count(*) FROM toy_bin"), status == OCORE_OK);
        raise_end(self);
        /* Whatever it was, the store goes on. */
        assert_int_equal(fixture_insert(store, 1, "after"), OCORE_OK);
        assert_int_equal(fixture_bins(store, 1), 1);
        fixture_run(self->admin, "DELETE FROM toy_bin");
        store.ops->close(store.self);
}

static void test_statement(void **state)
{
        fixture self;
        size_t n;

        (void)state;
        fixture_start(&self);
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++)
                case_run(&self, &cases[n], 0);
        fixture_stop(&self);
}

/* The same codes raised by the commit itself: all rolled back, so the answers are the same. */
static void test_commit(void **state)
{
        fixture self;
        size_t n;

        (void)state;
        fixture_start(&self);
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++)
                case_run(&self, &cases[n], 1);
        fixture_stop(&self);
}

/* Somebody else holds the row, and the server does not let us wait for ever. */
static void test_lock_timeout(void **state)
{
        fixture self;
        char conninfo[1200];
        ocore_postgres_config config = {.conninfo = conninfo, .attempts_max = 2};
        ocore_store store;
        toy_row row = ocore__toy_bin(1, "a", 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_UPDATE, TOY_BIN, &row, 1);
        ocore_refusal refusal;

        (void)state;
        fixture_start(&self);
        (void)snprintf(conninfo, sizeof conninfo,
                "%s options='-c search_path=%s -c lock_timeout=20'", fixture_server(), self.schema);
        store = fixture_toy(&self, &config);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        fixture_run(self.admin, "BEGIN");
        fixture_run(self.admin, "SELECT 1 FROM toy_bin FOR UPDATE");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_CONFLICT);
        fixture_run(self.admin, "ROLLBACK");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        store.ops->close(store.self);
        fixture_stop(&self);
}

/* A server that only reads is not taken; one that begins to only read is left. */
static void test_read_only(void **state)
{
        fixture self;
        char conninfo[1200];
        ocore_postgres_config config = {.conninfo = conninfo, .deadline_ms = 500};
        ocore_store store;

        (void)state;
        fixture_start(&self);
        store = fixture_toy(&self, NULL);
        store.ops->close(store.self);
        (void)snprintf(conninfo, sizeof conninfo,
                "%s options='-c search_path=%s -c default_transaction_read_only=on'",
                fixture_server(), self.schema);
        config.struct_size = sizeof config;
        assert_int_equal(ocore_postgres_store(&config, &store), OCORE_STORE);
        (void)snprintf(conninfo, sizeof conninfo,
                "%s target_session_attrs=any "
                "options='-c search_path=%s -c default_transaction_read_only=on'",
                fixture_server(), self.schema);
        store = fixture_toy(&self, &config);
        assert_int_equal(fixture_bins(store, 1), 0);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_STORE);
        assert_non_null(strstr(store.ops->message(store.self, NULL), "25006"));
        store.ops->close(store.self);
        fixture_stop(&self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_statement),
                cmocka_unit_test(test_commit),
                cmocka_unit_test(test_lock_timeout),
                cmocka_unit_test(test_read_only),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name("postgres store and SQLSTATE", tests, NULL, NULL);
}
