/*
 * Proves what the MariaDB store keeps on a Galera cluster of three nodes: the conformance suite
 * through a node, exactly the stock with sellers on all three, the same while a node is killed
 * under load and joins again, a node that has left the cluster being left for another, and reads
 * that know what another node has committed.
 *
 * That the tests can fail is shown on the same healthy cluster: a store which reads, adds and
 * writes sells what is not there, and a plain connection does not see the other node's commit.
 */
#include "suite_private.h"
#include "suite_runner.h"

#include "broken_store.h"
#include "cluster.h"
#include "market.h"
#include "place.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SELLERS = 6 };

typedef struct shop {
        place at;
        int only; /* one node; -1: all, each process beginning with another */
        int mistake;
} shop;

static cluster nodes;

/* Waits until every node knows the database. */
static void wait_everywhere(const shop *self)
{
        int n;

        for (n = 0; n < CLUSTER_NODES; n++)
                mysql_close(place_connect(&self->at, nodes.nodes[n], 0));
}

static int set_up(void **state)
{
        shop *self = calloc(1, sizeof *self);

        assert_non_null(self);
        place_open(&self->at, nodes.nodes[0]);
        self->only = -1;
        wait_everywhere(self);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        shop *self = *state;

        place_close(&self->at);
        free(self);
        return 0;
}

static int suite_make(void *user_data, ocore_store *out)
{
        shop *self = user_data;

        place_empty(&self->at);
        wait_everywhere(self);
        return place_store(&self->at, nodes.nodes[0], out);
}

/* The same content through another node: what the first has committed is there at once. */
static int suite_reopen(void *user_data, ocore_store *store)
{
        shop *self = user_data;

        store->ops->close(store->self);
        return place_store(&self->at, nodes.nodes[1], store);
}

static void test_suite(void **state)
{
        suite_runner(suite_make, suite_reopen, *state);
}

static int shop_store(void *user_data, ocore_store *out)
{
        const shop *self = user_data;
        char server[512];
        ocore_store inner;
        int status;

        if (self->only >= 0)
                (void)snprintf(server, sizeof server, "%s", nodes.nodes[self->only]);
        else
                cluster_from(&nodes, (int)(getpid() % CLUSTER_NODES), server, sizeof server);
        status = place_store(&self->at, server, &inner);
        return status != OCORE_OK ? status : broken_store(inner, self->mistake, out);
}

/* Transactions that a node lost against another's, as all nodes count them. */
static int64_t conflicts(const shop *self)
{
        static const char sql[] =
                "SELECT SUM(VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS "
                "WHERE VARIABLE_NAME IN ('wsrep_local_cert_failures', "
                "'wsrep_local_bf_aborts')";
        int64_t sum = 0;
        int n;

        for (n = 0; n < CLUSTER_NODES; n++) {
                MYSQL *db = place_connect(&self->at, nodes.nodes[n], 0);

                sum += place_ask(db, sql);
                mysql_close(db);
        }
        return sum;
}

/* Every node must tell the same story. */
static market_findings reckon_everywhere(shop *self, test_market *market)
{
        market_findings findings = {0};
        int n;

        for (n = 0; n < CLUSTER_NODES; n++) {
                char what[64];

                self->only = n;
                (void)snprintf(what, sizeof what, "node %d", n + 1);
                findings = market_reckon(market, what);
                market_assert_clean(&findings);
        }
        self->only = -1;
        return findings;
}

static void test_exact(void **state)
{
        shop *self = *state;
        test_market market = {
                .open = shop_store, .place = self, .pieces = 600, .sellers = SELLERS, .seed = 11};
        int64_t before = conflicts(self);
        int n;

        market_open(&market);
        market_start(&market);
        market_wait(&market);
        for (n = 0; n < SELLERS; n++)
                assert_true(market.shared->sellers[n].sold_out);
        (void)reckon_everywhere(self, &market);
        /* It was a race. */
        assert_true(conflicts(self) > before);
        printf("# %lld transactions lost against another node's and were sent again\n",
                (long long)(conflicts(self) - before));
        market_close(&market);
}

static void test_oversells_without_guard(void **state)
{
        shop *self = *state;
        test_market market = {
                .open = shop_store, .place = self, .pieces = 300, .sellers = SELLERS, .seed = 12};
        market_findings findings;

        self->mistake = BROKEN_ADDS;
        market_open(&market);
        market_start(&market);
        market_wait(&market);
        self->mistake = 0;
        findings = market_reckon(&market, "read, add and write");
        market_close(&market);
        assert_true(findings.oversold > 0);
}

/* Waits until the sellers have taken so many orders more, or are at their end. */
static void wait_for_orders(test_market *market, int64_t orders)
{
        int64_t until = market_acknowledged(market) + orders;

        while (market_acknowledged(market) < until && market_alive(market))
                (void)nanosleep(&(struct timespec){0, 20000000}, NULL);
}

static void test_node_killed(void **state)
{
        shop *self = *state;
        test_market market = {.open = shop_store,
                .place = self,
                .pieces = 100000,
                .sellers = SELLERS,
                .seed = 13};
        int victim;

        if (nodes.folder[0] == '\0')
                skip();
        market_open(&market);
        market_start(&market);
        for (victim = 1; victim < CLUSTER_NODES; victim++) {
                wait_for_orders(&market, 200);
                cluster_kill(&nodes, victim);
                wait_for_orders(&market, 200);
                cluster_rejoin(&nodes, victim);
        }
        wait_for_orders(&market, 200);
        assert_true(market_alive(&market));
        market_stop(&market);
        (void)reckon_everywhere(self, &market);
        market_close(&market);
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

static int read_bin(ocore_store store, const char *code)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, row.cells, 2);
        int rows = 0;

        assert_int_equal(store.ops->read(store.self, &read, 1, take_row, &rows), OCORE_OK);
        return rows;
}

/* A node that takes nothing in for a while: whoever asks it through the store waits for what the
 * cluster has committed, as after an unknown outcome; a plain connection is told of old. */
static void test_causal(void **state)
{
        shop *self = *state;
        MYSQL *holder = place_connect(&self->at, nodes.nodes[1], 0);
        MYSQL *plain = place_connect(&self->at, nodes.nodes[1], 0);
        ocore_store first;
        ocore_store second;
        pid_t child;
        int status;

        assert_int_equal(place_store(&self->at, nodes.nodes[0], &first), OCORE_OK);
        assert_int_equal(first.ops->open(first.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(place_store(&self->at, nodes.nodes[1], &second), OCORE_OK);
        assert_int_equal(second.ops->open(second.self, &ocore__toy_schema), OCORE_OK);
        place_run(holder, "FLUSH TABLES WITH READ LOCK");
        assert_int_equal(write_bin(first, "a"), OCORE_OK);
        assert_int_equal(place_ask(plain, "SELECT COUNT(*) FROM toy_bin"), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0)
                _exit(read_bin(second, "a") == 1 ? 0 : 1);
        (void)nanosleep(&(struct timespec){0, 400000000}, NULL);
        place_run(holder, "UNLOCK TABLES");
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        mysql_close(holder);
        mysql_close(plain);
        first.ops->close(first.self);
        /* The child used this connection; here it is only closed. */
        second.ops->close(second.self);
}

static void node_isolate(MYSQL *db, int isolate)
{
        char ready[16] = "";

        place_run(db, isolate ? "SET GLOBAL wsrep_provider_options='gmcast.isolate=1'"
                              : "SET GLOBAL wsrep_provider_options='gmcast.isolate=0'");
        while (strcmp(ready, isolate ? "OFF" : "ON") != 0) {
                (void)nanosleep(&(struct timespec){0, 50000000}, NULL);
                place_text(db,
                        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS "
                        "WHERE VARIABLE_NAME = 'wsrep_ready'",
                        ready, sizeof ready);
        }
}

/* A node that lost its cluster answers 1047: the store goes on with the next one. */
static void test_non_primary(void **state)
{
        shop *self = *state;
        MYSQL *last = place_connect(&self->at, nodes.nodes[2], 0);
        char server[512];
        ocore_store store;
        ocore_store alone;

        cluster_from(&nodes, 2, server, sizeof server);
        assert_int_equal(place_store(&self->at, server, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(write_bin(store, "a"), OCORE_OK);
        place_run(last, "SET SESSION wsrep_dirty_reads=1");
        node_isolate(last, 1);
        assert_int_equal(write_bin(store, "b"), OCORE_OK);
        assert_int_equal(read_bin(store, "a"), 1);
        assert_int_equal(read_bin(store, "b"), 1);
        /* That node alone cannot be opened. */
        assert_int_equal(place_store(&self->at, nodes.nodes[2], &alone), OCORE_STORE);
        node_isolate(last, 0);
        assert_int_equal(place_store(&self->at, nodes.nodes[2], &alone), OCORE_OK);
        assert_int_equal(alone.ops->open(alone.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(read_bin(alone, "b"), 1);
        alone.ops->close(alone.self);
        store.ops->close(store.self);
        mysql_close(last);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_suite),
                TEST(test_exact),
                TEST(test_oversells_without_guard),
                TEST(test_causal),
                TEST(test_non_primary),
                TEST(test_node_killed),
        };
        int failed;

        if (cluster_start(&nodes) != 0) {
                (void)printf("1..0 # SKIP no Galera cluster; install mariadb-server, galera-4 and "
                             "rsync\n");
                return 0;
        }
        failed = cmocka_run_group_tests_name("mariadb store on galera", tests, NULL, NULL);
        cluster_stop(&nodes);
        mysql_library_end();
        return failed;
}
