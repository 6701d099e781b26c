/*
 * Proves that an order which a leader with a synchronous standby acknowledged survives the loss of
 * the leader's machine.
 *
 * Patroni keeps two servers of the test's own. While sellers take orders, what receives the log on
 * the standby is halted for a moment, the leader and its keeper are killed with SIGKILL, and the
 * standby is made leader; the sellers find it and repeat what they got no answer to.
 * Afterwards, on the new leader, each acknowledged order must be there once, no other may be, and
 * every piece must be accounted for.
 *
 * That the test can fail is shown with the same servers and an asynchronous standby: orders that
 * were acknowledged while the standby was halted must be found lost.
 */
#include "market.h"
#include "place.h"

#include <stdlib.h>
#include <time.h>

enum { SELLERS = 6, ORDERS_BEFORE = 300, PAUSE_MS = 500 };

static test_script servers;

static int stop_servers(void **state)
{
        (void)state;
        script_stop(&servers);
        return 0;
}

static void pause_ms(long ms)
{
        (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void wait_for_orders(test_market *market, int64_t more)
{
        int64_t wanted = market_acknowledged(market) + more;

        while (market_acknowledged(market) < wanted && market_alive(market))
                pause_ms(1);
        assert_true(market_acknowledged(market) >= wanted);
}

/* What the leader sent while the standby was halted, the standby never gets. */
static void lose_leader(void)
{
        char leader[16];
        const char *standby;

        script_do(&servers, "leader", "", leader, sizeof leader);
        assert_true(strcmp(leader, "1") == 0 || strcmp(leader, "2") == 0);
        standby = leader[0] == '1' ? "2" : "1";
        script_do(&servers, "halt", standby, NULL, 0);
        pause_ms(PAUSE_MS);
        script_do(&servers, "kill", leader, NULL, 0);
        script_do(&servers, "forget", standby, NULL, 0);
}

static market_findings sell_while_a_leader_dies(const char *name)
{
        server_place there;
        test_market market = {.open = place_open_store,
                .place = &there,
                .pieces = INT64_C(1000000),
                .sellers = SELLERS,
                .seed = 21};
        market_findings findings;

        place_make(&there, servers.value, "leader", 0, 0);
        market_open(&market);
        market_start(&market);
        wait_for_orders(&market, ORDERS_BEFORE);
        lose_leader();
        wait_for_orders(&market, ORDERS_BEFORE);
        market_stop(&market);
        findings = market_reckon(&market, name);
        market_close(&market);
        return findings;
}

static void test_nothing_acknowledged_is_lost(void **state)
{
        market_findings findings;

        (void)state;
        script_start(&servers, "patroni.sh", "2");
        findings = sell_while_a_leader_dies("synchronous standby");
        market_assert_clean(&findings);
}

static void test_a_loss_is_seen(void **state)
{
        market_findings findings;

        (void)state;
        script_start(&servers, "patroni.sh", "2 asynchronous");
        findings = sell_while_a_leader_dies("asynchronous standby");
        assert_true(findings.lost > 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_teardown(test_nothing_acknowledged_is_lost, stop_servers),
                cmocka_unit_test_teardown(test_a_loss_is_seen, stop_servers),
        };

        if (place_skips("patroni.sh"))
                return 0;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
