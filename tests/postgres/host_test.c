/*
 * Proves that the PostgreSQL store keeps the contract of stores on a host's own connection,
 * outside and inside the host's transaction, whose rollback takes the orders with it; that it
 * leaves the host's settings, transaction and statements as they were; and that it copes with a
 * host that throws prepared statements away.
 */
#include "fixture.h"

#include "../contract/suite_runner.h"

typedef struct host {
        fixture base;
        PGconn *connection;
        int inside; /* keep a transaction open around everything */
} host;

static void host_start(host *self)
{
        if (self->connection != NULL)
                PQfinish(self->connection);
        fixture_empty(&self->base);
        self->connection = fixture_connect(self->base.conninfo);
        fixture_run(self->connection, "CREATE TABLE invoice(id bigint PRIMARY KEY, total bigint)");
        fixture_run(self->connection, "INSERT INTO invoice VALUES(1, 100)");
}

static int store_on(const host *self, ocore_store *out)
{
        ocore_postgres_config config = {.connection = self->connection};

        return fixture_open(&self->base, &config, out);
}

static ocore_store toy_on(const host *self)
{
        ocore_postgres_config config = {.connection = self->connection};

        return fixture_toy(&self->base, &config);
}

static int host_make(void *user_data, ocore_store *out)
{
        host *self = user_data;

        host_start(self);
        if (self->inside)
                fixture_run(self->connection, "BEGIN");
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
        fixture_start(&self->base);
        host_start(self);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        host *self = *state;

        PQfinish(self->connection);
        fixture_stop(&self->base);
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
        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_INTRANS);
}

static long long invoices(const host *self)
{
        return fixture_number(self->connection, "SELECT count(*) FROM invoice");
}

static long long bins(const host *self)
{
        return fixture_number(self->connection, "SELECT count(*) FROM toy_bin");
}

/* The host's rows and the order are one fact: both are there or neither. */
static void test_joins_transaction(void **state)
{
        host *self = *state;
        ocore_store store = toy_on(self);

        fixture_run(self->connection, "BEGIN");
        fixture_run(self->connection, "INSERT INTO invoice VALUES(2, 200)");
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        assert_int_equal(bins(self), 1);
        fixture_run(self->connection, "ROLLBACK");
        assert_int_equal(bins(self), 0);
        assert_int_equal(invoices(self), 1);

        fixture_run(self->connection, "BEGIN");
        fixture_run(self->connection, "INSERT INTO invoice VALUES(3, 300)");
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_CONFLICT);
        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_INTRANS);
        fixture_run(self->connection, "COMMIT");
        assert_int_equal(bins(self), 1);
        assert_int_equal(invoices(self), 2);

        fixture_run(self->connection, "BEGIN");
        fixture_run(self->connection, "SAVEPOINT ordercore");
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_OK);
        fixture_run(self->connection, "ROLLBACK TO ordercore");
        fixture_run(self->connection, "COMMIT");
        assert_int_equal(bins(self), 1);
        store.ops->close(store.self);
}

/* Outside a transaction a call leaves none behind; inside it leaves the host's as it was; in one
 * that has failed, or while the host is busy, nothing is sent. */
static void test_leaves_transactions_alone(void **state)
{
        host *self = *state;
        ocore_store store = toy_on(self);
        PGresult *result;

        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_IDLE);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_CONFLICT);
        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_IDLE);
        assert_int_equal(fixture_bins(store, 1), 1);
        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_IDLE);
        fixture_run(self->connection, "BEGIN");
        assert_int_equal(fixture_bins(store, 1), 1);
        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_INTRANS);
        PQclear(PQexec(self->connection, "SELECT 1 / 0"));
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_STORE);
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        fixture_run(self->connection, "ROLLBACK");
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_OK);

        assert_int_equal(PQsendQuery(self->connection, "SELECT 1"), 1);
        assert_int_equal(fixture_insert(store, 1, "c"), OCORE_STORE);
        while ((result = PQgetResult(self->connection)) != NULL)
                PQclear(result);
        assert_int_equal(PQenterPipelineMode(self->connection), 1);
        assert_int_equal(fixture_insert(store, 1, "c"), OCORE_STORE);
        assert_int_equal(PQexitPipelineMode(self->connection), 1);
        assert_int_equal(fixture_insert(store, 1, "c"), OCORE_OK);
        store.ops->close(store.self);
}

/* What a host may have set, and what a store might be tempted to change. */
static void settings_text(host *self, char *out, size_t size)
{
        fixture_text(self->connection,
                "SELECT string_agg(name || '=' || setting, E'\\n' ORDER BY name) FROM pg_settings "
                "WHERE name NOT LIKE 'ordercore.%' AND source <> 'default'",
                out, size);
        assert_int_equal(PQpipelineStatus(self->connection), PQ_PIPELINE_OFF);
}

static void test_leaves_settings_alone(void **state)
{
        host *self = *state;
        ocore_store store;
        char before[8192];
        char after[8192];
        int nonblocking;

        fixture_run(self->connection, "SET enable_seqscan = on");
        fixture_run(self->connection, "SET default_transaction_isolation = 'repeatable read'");
        settings_text(self, before, sizeof before);
        for (nonblocking = 0; nonblocking < 2; nonblocking++) {
                assert_int_equal(PQsetnonblocking(self->connection, nonblocking), 0);
                store = toy_on(self);
                assert_int_equal(fixture_insert(store, 1, nonblocking ? "b" : "a"), OCORE_OK);
                assert_int_equal(fixture_insert(store, 1, "a"), OCORE_CONFLICT);
                assert_int_equal(PQisnonblocking(self->connection), nonblocking);
                store.ops->close(store.self);
        }
        assert_int_equal(PQsetnonblocking(self->connection, 0), 0);
        settings_text(self, after, sizeof after);
        assert_string_equal(after, before);
        /* Nothing of the store's is left on the connection. */
        assert_int_equal(
                fixture_number(self->connection, "SELECT count(*) FROM pg_prepared_statements"), 0);
        assert_int_equal(invoices(self), 1);
}

/* DISCARD ALL, as a pooler sends it: the statements are made anew, also inside a transaction. */
static void test_statements_thrown_away(void **state)
{
        host *self = *state;
        ocore_store store = toy_on(self);

        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        fixture_run(self->connection, "DISCARD ALL");
        assert_int_equal(fixture_insert(store, 1, "b"), OCORE_OK);
        fixture_run(self->connection, "DISCARD ALL");
        assert_int_equal(fixture_bins(store, 1), 2);
        fixture_run(self->connection, "BEGIN");
        fixture_run(self->connection, "DEALLOCATE ALL");
        assert_int_equal(fixture_bins(store, 1), 2);
        fixture_run(self->connection, "DEALLOCATE ALL");
        assert_int_equal(fixture_insert(store, 1, "c"), OCORE_OK);
        fixture_run(self->connection, "COMMIT");
        /* The tables stay where they were found, wherever the host looks now. */
        fixture_run(self->connection, "SET search_path = pg_catalog");
        assert_int_equal(fixture_bins(store, 1), 3);
        store.ops->close(store.self);
}

/* Two stores on one connection do not meet. */
static void test_two_stores(void **state)
{
        host *self = *state;
        ocore_store first = toy_on(self);
        ocore_store second = toy_on(self);

        assert_int_equal(fixture_insert(first, 1, "a"), OCORE_OK);
        assert_int_equal(fixture_insert(second, 1, "b"), OCORE_OK);
        assert_int_equal(fixture_bins(first, 1), 2);
        first.ops->close(first.self);
        assert_int_equal(fixture_bins(second, 1), 2);
        assert_int_equal(fixture_insert(second, 1, "c"), OCORE_OK);
        second.ops->close(second.self);
}

/* Another writer: at an isolation where the host's snapshot has grown old, only the host can begin
 * anew. */
static void test_conflict(void **state)
{
        host *self = *state;
        ocore_store store = toy_on(self);
        toy_row row = ocore__toy_bin(1, "a", 3);
        ocore_add add = {1, 0, BIN_HELD, 0};
        ocore_write write = ocore__toy_add(TOY_BIN, &row, &add, 1);
        ocore_refusal refusal = {9, 9, 9};

        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_OK);
        fixture_run(self->connection, "BEGIN ISOLATION LEVEL REPEATABLE READ");
        assert_int_equal(bins(self), 1);
        fixture_run(self->base.admin, "UPDATE toy_bin SET revision = revision + 1");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_CONFLICT);
        assert_int_equal(PQtransactionStatus(self->connection), PQTRANS_INTRANS);
        fixture_run(self->connection, "ROLLBACK");
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        store.ops->close(store.self);
}

/* What the connection keeps is what its host has set. */
static void test_durability(void **state)
{
        static const struct {
                const char *sql;
                int64_t durability;
        } cases[] = {
                {"SET synchronous_commit = 'on'", OCORE_DURABLE_POWER},
                {"SET synchronous_commit = 'local'", OCORE_DURABLE_POWER},
                {"SET synchronous_commit = 'off'", OCORE_DURABLE_PROCESS},
        };
        host *self = *state;
        size_t n;

        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                ocore_store store;

                fixture_run(self->connection, cases[n].sql);
                assert_int_equal(store_on(self, &store), OCORE_OK);
                assert_int_equal(store.ops->durability, cases[n].durability);
                store.ops->close(store.self);
        }
}

/* The host's connection is not opened again: reads fail, and a write says that it was not sent. */
static void test_broken(void **state)
{
        host *self = *state;
        ocore_store store = toy_on(self);
        char sql[96];

        (void)snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d, 5000)",
                PQbackendPID(self->connection));
        fixture_run(self->base.admin, sql);
        assert_true(fixture_insert(store, 1, "a") == OCORE_STORE);
        assert_int_equal(fixture_bins(store, 1), OCORE_STORE);
        assert_int_equal(fixture_insert(store, 1, "a"), OCORE_STORE);
        assert_true(strlen(store.ops->message(store.self, NULL)) > 0);
        assert_int_equal(fixture_number(self->base.admin, "SELECT count(*) FROM toy_bin"), 0);
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
                cmocka_unit_test_setup_teardown(test_statements_thrown_away, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_two_stores, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_conflict, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_durability, set_up, tear_down),
                cmocka_unit_test_setup_teardown(test_broken, set_up, tear_down),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name(
                "postgres store on a host's connection", tests, NULL, NULL);
}
