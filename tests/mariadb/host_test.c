/*
 * Proves that the MariaDB store on a host's own connection joins the host's transaction, whose
 * rollback takes the orders with it, and leaves the host's settings, tables and database alone;
 * and that it never carries on by itself when the server has ended that transaction.
 */
#include "suite_private.h"

#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct host {
        place at;
        ocore_store store;
} host;

static int set_up(void **state)
{
        host *self = calloc(1, sizeof *self);

        assert_non_null(self);
        place_open(&self->at, NULL);
        place_run(self->at.db, "CREATE TABLE invoice(id bigint PRIMARY KEY, total bigint)");
        place_run(self->at.db, "INSERT INTO invoice VALUES(1, 100)");
        assert_int_equal(place_host_store(self->at.db, &self->store), OCORE_OK);
        assert_int_equal(self->store.ops->open(self->store.self, &ocore__toy_schema), OCORE_OK);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        host *self = *state;

        self->store.ops->close(self->store.self);
        place_close(&self->at);
        free(self);
        return 0;
}

static int insert(host *self, const char *code, ocore_refusal *refusal)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);

        return self->store.ops->write(self->store.self, &write, 1, refusal);
}

static const char *message(host *self)
{
        int64_t code;

        return self->store.ops->message(self->store.self, &code);
}

static int64_t bins(host *self)
{
        return place_ask(self->at.db, "SELECT COUNT(*) FROM toy_bin");
}

static int64_t invoices(host *self)
{
        return place_ask(self->at.db, "SELECT COUNT(*) FROM invoice");
}

/* The host's rows and the order are one fact: both are there or neither. */
static void test_joins(void **state)
{
        host *self = *state;
        ocore_refusal refusal;

        place_run(self->at.db, "START TRANSACTION");
        place_run(self->at.db, "INSERT INTO invoice VALUES(2, 200)");
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        assert_int_equal(bins(self), 1);
        place_run(self->at.db, "ROLLBACK");
        assert_int_equal(bins(self), 0);
        assert_int_equal(invoices(self), 1);

        place_run(self->at.db, "START TRANSACTION");
        place_run(self->at.db, "INSERT INTO invoice VALUES(3, 300)");
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        assert_int_equal(insert(self, "a", &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_EXISTS);
        assert_int_equal(place_ask(self->at.db, "SELECT @@in_transaction"), 1);
        place_run(self->at.db, "COMMIT");
        assert_int_equal(bins(self), 1);
        assert_int_equal(invoices(self), 2);
}

/* Without autocommit a host is always inside a transaction, also before its first statement. */
static void test_joins_without_autocommit(void **state)
{
        host *self = *state;
        ocore_refusal refusal;

        place_run(self->at.db, "SET autocommit=0");
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        place_run(self->at.db, "ROLLBACK");
        assert_int_equal(bins(self), 0);
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        place_run(self->at.db, "COMMIT");
        place_run(self->at.db, "ROLLBACK");
        assert_int_equal(bins(self), 1);
        place_run(self->at.db, "COMMIT");
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

/* Outside a transaction a call leaves none behind; inside it leaves the host's as it was. */
static void test_leaves_transactions_alone(void **state)
{
        host *self = *state;
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read reads[2] = {
                ocore__toy_read(TOY_BIN, 0, &tenant, 1), ocore__toy_read(TOY_ITEM, 0, &tenant, 1)};
        ocore_refusal refusal;
        int rows = 0;

        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        assert_int_equal(insert(self, "a", &refusal), OCORE_CONFLICT);
        assert_int_equal(place_ask(self->at.db, "SELECT @@in_transaction"), 0);
        assert_int_equal(
                self->store.ops->read(self->store.self, reads, 2, take_row, &rows), OCORE_OK);
        assert_int_equal(place_ask(self->at.db, "SELECT @@in_transaction"), 0);
        place_run(self->at.db, "START TRANSACTION");
        assert_int_equal(
                self->store.ops->read(self->store.self, reads, 2, take_row, &rows), OCORE_OK);
        assert_int_equal(place_ask(self->at.db, "SELECT @@in_transaction"), 1);
        place_run(self->at.db, "COMMIT");
        assert_int_equal(rows, 2);
}

/* What the host has set stays set, and what it has open and selected too. */
static void test_leaves_settings_alone(void **state)
{
        static const char settings[] =
                "SELECT CONCAT_WS('|', @@sql_mode, @@autocommit, @@tx_isolation, "
                "@@character_set_client, @@character_set_results, @@collation_connection, "
                "@@innodb_lock_wait_timeout, @@sql_select_limit, @@wsrep_sync_wait, "
                "@@time_zone, DATABASE())";
        host *self = *state;
        ocore_store store;
        ocore_refusal refusal;
        char before[512];
        char after[512];

        place_run(self->at.db, "SET NAMES latin1");
        place_run(self->at.db, "SET SESSION innodb_lock_wait_timeout=7, sql_select_limit=5, "
                               "tx_isolation='SERIALIZABLE', sql_mode=''");
        place_text(self->at.db, settings, before, sizeof before);
        assert_int_equal(place_host_store(self->at.db, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        assert_int_equal(insert(self, "a", &refusal), OCORE_CONFLICT);
        store.ops->close(store.self);
        place_text(self->at.db, settings, after, sizeof after);
        assert_string_equal(before, after);
}

/* The tables are in the database that was current at the beginning. */
static void test_other_database(void **state)
{
        host *self = *state;
        ocore_refusal refusal;

        place_run(self->at.db, "USE information_schema");
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        assert_int_equal(insert(self, "a", &refusal), OCORE_CONFLICT);
        assert_int_equal(mysql_select_db(self->at.db, self->at.database), 0);
        assert_int_equal(bins(self), 1);
}

/* Making tables would commit; tables that are there need not be made. */
static void test_no_tables_inside(void **state)
{
        host *self = *state;
        ocore_store store;

        place_run(self->at.db, "START TRANSACTION");
        place_run(self->at.db, "INSERT INTO invoice VALUES(2, 200)");
        assert_int_equal(place_host_store(self->at.db, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_grown), OCORE_STORE);
        assert_non_null(strstr(store.ops->message(store.self, NULL), "outside"));
        assert_int_equal(place_ask(self->at.db, "SELECT @@in_transaction"), 1);
        place_run(self->at.db, "ROLLBACK");
        assert_int_equal(invoices(self), 1);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_grown), OCORE_OK);
        store.ops->close(store.self);
}

/* The server ends the transaction behind the client library's back: nothing is written as if it
 * were still open, and nothing by itself. */
static void test_transaction_gone(void **state)
{
        host *self = *state;
        ocore_refusal refusal;
        unsigned status;

        place_run(self->at.db, "START TRANSACTION");
        place_run(self->at.db, "INSERT INTO invoice VALUES(2, 200)");
        status = self->at.db->server_status;
        place_run(self->at.db, "ROLLBACK");
        self->at.db->server_status = status;
        assert_int_equal(insert(self, "a", &refusal), OCORE_STORE);
        assert_non_null(strstr(message(self), "transaction is gone"));
        place_run(self->at.db, "DO 1");
        assert_int_equal(bins(self), 0);
}

/* A deadlock takes the host's whole transaction: only the host can begin it again. */
static void test_deadlock(void **state)
{
        host *self = *state;
        MYSQL *other = place_connect(&self->at, NULL, 0);
        toy_row row = ocore__toy_bin(1, "a", 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_CHECK, TOY_BIN, &row, 1);
        ocore_refusal refusal;

        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        place_run(self->at.db, "START TRANSACTION");
        place_run(self->at.db, "UPDATE invoice SET total = 5 WHERE id = 1");
        /* The other has changed more, so that this one is chosen to give way. */
        place_run(other, "START TRANSACTION");
        place_run(other, "INSERT INTO invoice VALUES(11, 1), (12, 1), (13, 1), (14, 1), (15, 1)");
        place_run(other, "UPDATE toy_bin SET held = 9");
        assert_int_equal(
                mysql_send_query(other, "UPDATE invoice SET total = 6 WHERE id = 1", 41), 0);
        place_wait_for_lock(self->at.db);
        assert_int_equal(
                self->store.ops->write(self->store.self, &write, 1, &refusal), OCORE_STORE);
        assert_non_null(strstr(message(self), "transaction is gone"));
        assert_int_equal(mysql_read_query_result(other), 0);
        place_run(other, "ROLLBACK");
        mysql_close(other);
        place_run(self->at.db, "ROLLBACK");
        assert_int_equal(place_ask(self->at.db, "SELECT total FROM invoice WHERE id = 1"), 100);
}

/* Others in the way inside the host's transaction: it is told, and the host's own rows stay. */
static void test_lock_wait(void **state)
{
        host *self = *state;
        MYSQL *other = place_connect(&self->at, NULL, 0);
        ocore_refusal refusal = {9, 9, 9};

        place_run(other, "START TRANSACTION");
        place_run(other, "INSERT INTO toy_bin(tenant, code, revision) VALUES(1, 'a', 1)");
        place_run(self->at.db, "SET SESSION innodb_lock_wait_timeout=1");
        place_run(self->at.db, "START TRANSACTION");
        place_run(self->at.db, "INSERT INTO invoice VALUES(2, 200)");
        assert_int_equal(insert(self, "a", &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_CONFLICT);
        place_run(other, "ROLLBACK");
        mysql_close(other);
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        place_run(self->at.db, "COMMIT");
        assert_int_equal(invoices(self), 2);
        assert_int_equal(bins(self), 1);
}

/* A host's triggers run; one that forbids a change is told as a failing store, in its words. */
static void test_triggers(void **state)
{
        host *self = *state;
        ocore_refusal refusal;

        place_run(self->at.db, "CREATE TRIGGER audit AFTER INSERT ON toy_bin FOR EACH ROW "
                               "INSERT INTO invoice VALUES(99, 1)");
        assert_int_equal(insert(self, "a", &refusal), OCORE_OK);
        assert_int_equal(place_ask(self->at.db, "SELECT COUNT(*) FROM invoice WHERE id = 99"), 1);
        place_run(self->at.db, "DROP TRIGGER audit");
        place_run(self->at.db, "CREATE TRIGGER never BEFORE INSERT ON toy_bin FOR EACH ROW "
                               "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'closed on Sundays'");
        assert_int_equal(insert(self, "b", &refusal), OCORE_STORE);
        assert_non_null(strstr(message(self), "closed on Sundays"));
        assert_int_equal(bins(self), 1);
        /* A key that one of its own rows finds taken is none of the batch. */
        place_run(self->at.db, "DROP TRIGGER never");
        place_run(self->at.db, "CREATE TRIGGER audit AFTER INSERT ON toy_bin FOR EACH ROW "
                               "INSERT INTO invoice VALUES(99, 1)");
        assert_int_equal(insert(self, "b", &refusal), OCORE_STORE);
        assert_non_null(strstr(message(self), "Duplicate entry '99'"));
        assert_int_equal(bins(self), 1);
}

/* Where the connection is lost the host is told; it is the host's to open again. */
static void test_lost(void **state)
{
        host *self = *state;
        MYSQL *host_db = place_connect(&self->at, NULL, 0);
        ocore_store store;
        ocore_refusal refusal;
        toy_row row = ocore__toy_bin(1, "a", 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, row.cells, 1);
        char sql[64];
        int rows = 0;

        assert_int_equal(place_host_store(host_db, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        (void)snprintf(sql, sizeof sql, "KILL %lu", mysql_thread_id(host_db));
        place_run(self->at.db, sql);
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_STORE);
        assert_int_equal(store.ops->read(store.self, &read, 1, take_row, &rows), OCORE_STORE);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_STORE);
        store.ops->close(store.self);
        mysql_close(host_db);
        assert_int_equal(bins(self), 0);
}

/* sql_mode ORACLE is another language, and without a database there is no place for tables. */
static void test_refused(void **state)
{
        host *self = *state;
        ocore_store store;
        place nowhere = self->at;
        MYSQL *db;

        place_run(self->at.db, "SET SESSION sql_mode='ORACLE'");
        assert_int_equal(place_host_store(self->at.db, &store), OCORE_STORE);
        assert_null(store.self);
        place_run(self->at.db, "SET SESSION sql_mode=''");
        nowhere.database[0] = '\0';
        db = place_connect(&nowhere, NULL, 0);
        assert_int_equal(place_host_store(db, &store), OCORE_STORE);
        mysql_close(db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_joins),
                TEST(test_joins_without_autocommit),
                TEST(test_leaves_transactions_alone),
                TEST(test_leaves_settings_alone),
                TEST(test_other_database),
                TEST(test_no_tables_inside),
                TEST(test_transaction_gone),
                TEST(test_deadlock),
                TEST(test_lock_wait),
                TEST(test_triggers),
                TEST(test_lost),
                TEST(test_refused),
        };
        int failed;

        if (place_missing("ORDERCORE_TEST_MARIADB", "mariadb-server"))
                return 0;
        failed = cmocka_run_group_tests_name(
                "mariadb store on a host's connection", tests, NULL, NULL);
        mysql_library_end();
        return failed;
}
