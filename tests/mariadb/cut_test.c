/*
 * Proves that a batch is carried out once whatever becomes of the connection.
 *
 * First one by one: a proxy cuts the connection before the batch is delivered, in its middle,
 * behind it, in the middle of the answer, and between the answers of the batch and of its COMMIT;
 * the store must say that the outcome is unknown, must go on by itself, and what is then read must
 * agree with what the server did. A connection that was killed while nobody used it and a deadlock
 * must not be noticed as more than a delay. Then whole: sellers take orders through the proxy while
 * every fifth batch is cut; each acknowledged order is there once and no other.
 *
 * That the test can fail is shown with a store which leaves the command row out: orders are then
 * there that nobody was told of.
 */
#include "suite_private.h"

#include "broken_store.h"
#include "market.h"
#include "place.h"
#include "proxy.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SELLERS = 4 };

typedef struct shop {
        place at;
        proxy between;
        int mistake;
} shop;

static int set_up(void **state)
{
        shop *self = calloc(1, sizeof *self);

        assert_non_null(self);
        place_open(&self->at, NULL);
        proxy_start(&self->between, self->at.server);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        shop *self = *state;

        proxy_stop(&self->between);
        place_close(&self->at);
        free(self);
        return 0;
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

/* How many bins have this code, asked of the store. */
static int read_bin(ocore_store store, const char *code)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, row.cells, 2);
        int rows = 0;

        assert_int_equal(store.ops->read(store.self, &read, 1, take_row, &rows), OCORE_OK);
        return rows;
}

static ocore_store open_toy(shop *self)
{
        ocore_store store;

        assert_int_equal(place_store(&self->at, self->between.server, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        return store;
}

static void test_each_moment(void **state)
{
        static const struct {
                const char *code;
                int64_t moment;
                int there; /* -1: it may be or not */
        } cases[] = {
                {"a", PROXY_NOT_DELIVERED, 0},
                {"b", PROXY_HALF_DELIVERED, 0},
                {"c", PROXY_UNANSWERED, 1},
                {"d", PROXY_HALF_ANSWERED, 1},
                {"e", PROXY_UNREAD, -1},
                {"f", PROXY_HALF_TRUE, 1},
        };
        shop *self = *state;
        ocore_store store = open_toy(self);
        size_t n;

        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                int there;

                self->between.shared->moment = cases[n].moment;
                assert_int_equal(write_bin(store, cases[n].code), OCORE_UNKNOWN);
                assert_int_equal(self->between.shared->cuts[cases[n].moment], 1);
                there = read_bin(store, cases[n].code);
                if (cases[n].there >= 0)
                        assert_int_equal(there, cases[n].there);
                assert_int_equal(
                        write_bin(store, cases[n].code), there ? OCORE_CONFLICT : OCORE_OK);
                assert_int_equal(read_bin(store, cases[n].code), 1);
        }
        store.ops->close(store.self);
}

static void kill_others(shop *self)
{
        char sql[200];
        char id[32];

        for (;;) {
                (void)snprintf(sql, sizeof sql,
                        "SELECT COALESCE(MIN(ID), 0) FROM information_schema.PROCESSLIST WHERE "
                        "DB = '%s' AND ID <> CONNECTION_ID()",
                        self->at.database);
                place_text(self->at.db, sql, id, sizeof id);
                if (strcmp(id, "0") == 0)
                        return;
                (void)snprintf(sql, sizeof sql, "KILL %s", id);
                (void)mysql_query(self->at.db, sql); /* it may be gone already */
        }
}

/* A connection that ended while nobody used it: reading and opening just connect again. */
static void test_killed_between(void **state)
{
        shop *self = *state;
        ocore_store store = open_toy(self);
        int status;

        assert_int_equal(write_bin(store, "a"), OCORE_OK);
        kill_others(self);
        assert_int_equal(read_bin(store, "a"), 1);
        kill_others(self);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        kill_others(self);
        status = write_bin(store, "b");
        assert_true(status == OCORE_OK || status == OCORE_UNKNOWN);
        if (status == OCORE_UNKNOWN)
                assert_int_equal(read_bin(store, "b"), 0);
        store.ops->close(store.self);
}

/* Another writer, with more to lose, that waits for our first row and holds our second. */
static void other_writer(const shop *self, int ready)
{
        MYSQL *db = place_connect(&self->at, NULL, 0);

        place_run(db, "START TRANSACTION");
        place_run(db, "INSERT INTO toy_bin(tenant, code, revision) VALUES(7, 'c', 1), (7, 'd', 1), "
                      "(7, 'e', 1), (7, 'f', 1), (7, 'g', 1), (7, 'h', 1)");
        place_run(db, "UPDATE toy_bin SET held = 9 WHERE tenant = 1 AND code = 'b'");
        (void)!write(ready, "", 1);
        place_wait_for_lock(db);
        place_run(db, "UPDATE toy_bin SET held = 9 WHERE tenant = 1 AND code = 'a'");
        place_run(db, "ROLLBACK");
        mysql_close(db);
}

/* The server ends the store's batch to end a deadlock: the store sends it again by itself. */
static void test_deadlock(void **state)
{
        shop *self = *state;
        ocore_store store = open_toy(self);
        toy_row rows[2] = {ocore__toy_bin(1, "a", 3), ocore__toy_bin(1, "b", 3)};
        ocore_write writes[2];
        ocore_refusal refusal;
        int64_t batches;
        int ends[2];
        int status;
        pid_t child;
        char byte;

        assert_int_equal(write_bin(store, "a"), OCORE_OK);
        assert_int_equal(write_bin(store, "b"), OCORE_OK);
        writes[0] = ocore__toy_write(OCORE_WRITE_UPDATE, TOY_BIN, &rows[0], 1);
        writes[1] = ocore__toy_write(OCORE_WRITE_UPDATE, TOY_BIN, &rows[1], 1);
        assert_int_equal(pipe(ends), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                other_writer(self, ends[1]);
                _exit(0);
        }
        assert_int_equal(read(ends[0], &byte, 1), 1);
        batches = self->between.shared->batches;
        assert_int_equal(store.ops->write(store.self, writes, 2, &refusal), OCORE_OK);
        assert_true(self->between.shared->batches > batches + 1);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(place_ask(self->at.db, "SELECT SUM(revision) FROM toy_bin"), 4);
        (void)close(ends[0]);
        (void)close(ends[1]);
        store.ops->close(store.self);
}

static int open_broken(void *user_data, ocore_store *out)
{
        const shop *self = user_data;
        ocore_store inner;
        int status = place_store(&self->at, self->between.server, &inner);

        return status != OCORE_OK ? status : broken_store(inner, self->mistake, out);
}

static market_findings sell(shop *self, int64_t pieces, const char *what)
{
        test_market market = {.open = open_broken,
                .place = self,
                .pieces = pieces,
                .sellers = SELLERS,
                .seed = 5};
        market_findings findings;

        market_open(&market);
        self->between.shared->every = 5;
        market_start(&market);
        market_wait(&market);
        self->between.shared->every = 0;
        self->mistake = 0;
        findings = market_reckon(&market, what);
        market_close(&market);
        return findings;
}

static void test_selling(void **state)
{
        shop *self = *state;
        market_findings findings = sell(self, 400, "every fifth batch cut");
        int n;

        market_assert_clean(&findings);
        for (n = 1; n < PROXY_MOMENTS; n++)
                assert_true(self->between.shared->cuts[n] > 0);
}

static void test_selling_without_commands(void **state)
{
        shop *self = *state;
        market_findings findings;

        self->mistake = BROKEN_COMMANDS;
        findings = sell(self, 200, "the same without command rows");
        assert_true(findings.strange > 0); /* taken, and nobody was told so */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_each_moment),
                TEST(test_killed_between),
                TEST(test_deadlock),
                TEST(test_selling),
                TEST(test_selling_without_commands),
        };
        int failed;

        if (place_missing("ORDERCORE_TEST_MARIADB", "mariadb-server"))
                return 0;
        failed = cmocka_run_group_tests_name("mariadb connections cut", tests, NULL, NULL);
        mysql_library_end();
        return failed;
}
