/*
 * Proves that an order which a PostgreSQL server acknowledged survives the server's death.
 *
 * A server of the test's own is killed with SIGKILL, every process of it, while eight sellers
 * take orders from it, and started again; the sellers go on, and repeat what they got no answer
 * to. Afterwards each acknowledged order must be there once, no other may be, every piece must be
 * accounted for, and the same commands sent again must be known. Two kills, or as many as the
 * first argument says.
 *
 * That the test can fail is shown with synchronous_commit off, where an order is acknowledged
 * before it is on the disk: the test must find orders lost. (A SIGKILL does not empty the cache of
 * the kernel; power cuts are not what this test is about.)
 */
#include "market.h"
#include "place.h"

#include <stdlib.h>
#include <time.h>

enum { SELLERS = 8, ORDERS_BETWEEN = 100 };

static int64_t kills_wanted = 2;
static test_script server;

static int stop_server(void **state)
{
        (void)state;
        script_stop(&server);
        return 0;
}

/* Until so many orders more are acknowledged; fails when every seller has stopped. */
static void wait_for_orders(test_market *market, int64_t more)
{
        int64_t wanted = market_acknowledged(market) + more;

        while (market_acknowledged(market) < wanted && market_alive(market))
                (void)nanosleep(&(struct timespec){0, 500000}, NULL);
        assert_true(market_acknowledged(market) >= wanted);
}

static void test_nothing_acknowledged_is_lost(void **state)
{
        server_place there;
        test_market market = {.open = place_open_store,
                .place = &there,
                .pieces = INT64_C(1000000),
                .sellers = SELLERS,
                .seed = 7};
        market_findings findings;

        (void)state;
        script_start(&server, "postgres.sh", "");
        place_make(&there, server.value, "crash", 0, 0);
        market_open(&market);
        market_start(&market);
        for (int64_t i = 0; i < kills_wanted; i++) {
                wait_for_orders(&market, ORDERS_BETWEEN);
                script_do(&server, "kill", "", NULL, 0);
                script_do(&server, "start", "", NULL, 0);
        }
        wait_for_orders(&market, ORDERS_BETWEEN);
        market_stop(&market);
        printf("# %lld kills\n", (long long)kills_wanted);
        findings = market_reckon(&market, "kill -9");
        market_close(&market);
        market_assert_clean(&findings);
        assert_true(findings.acknowledged >= (kills_wanted + 1) * ORDERS_BETWEEN);
}

static void test_a_loss_is_seen(void **state)
{
        server_place there;
        test_market market = {.open = place_open_store,
                .place = &there,
                .pieces = INT64_C(1000000),
                .sellers = 2,
                .seed = 8};
        market_findings findings;

        (void)state;
        script_start(&server, "postgres.sh",
                "synchronous_commit=off bgwriter_lru_maxpages=0 wal_buffers=16MB");
        place_make(&there, server.value, "crash", 0, 0);
        market_open(&market);
        place_do(server.value, "CHECKPOINT"); /* what is lost are orders, not the shop */
        market_start(&market);
        wait_for_orders(&market, ORDERS_BETWEEN);
        script_do(&server, "halt", "", NULL, 0); /* else it may keep up with the sellers */
        wait_for_orders(&market, ORDERS_BETWEEN);
        script_do(&server, "kill", "", NULL, 0);
        script_do(&server, "start", "", NULL, 0);
        market_stop(&market);
        findings = market_reckon(&market, "synchronous_commit off");
        market_close(&market);
        assert_true(findings.lost > 0);
}

int main(int argc, char **argv)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_teardown(test_nothing_acknowledged_is_lost, stop_server),
                cmocka_unit_test_teardown(test_a_loss_is_seen, stop_server),
        };

        if (argc > 1)
                kills_wanted = strtoll(argv[1], NULL, 10);
        if (place_skips("postgres.sh"))
                return 0;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
