/*
 * Proves that an order is taken once whatever becomes of the connection at its commit.
 *
 * Sellers reach the server through a proxy that cuts every fifth connection which writes an order:
 * before anything of the write is delivered, before its Sync, after delivery and before the
 * answer, in the middle of the answer, and without waiting for the server at all. What was not
 * known is settled by the library or by the seller, who sends the same again. Afterwards each
 * acknowledged order is there once and no other, and the same commands sent again are known.
 *
 * That the test can fail is shown with a store which leaves the command row out.
 */
#include "broken_store.h"
#include "market.h"
#include "place.h"
#include "proxy.h"

enum { SELLERS = 6 };

static test_proxy between;

static int stop_proxy(void **state)
{
        (void)state;
        proxy_stop(&between);
        return 0;
}

static market_findings sell_through_proxy(
        const char *name, int64_t isolation, int64_t pieces, int mistake)
{
        server_place there;
        test_market market = {.open = place_open_store,
                .place = &there,
                .pieces = pieces,
                .sellers = SELLERS,
                .seed = 3u + (unsigned)isolation};
        market_findings findings;
        char server[PLACE_TEXT];
        size_t used;

        proxy_start(&between, place_server());
        place_make(&there, place_server(), name, isolation, mistake);
        (void)snprintf(server, sizeof server, "%s", there.conninfo);
        used = strlen(there.conninfo);
        (void)snprintf(there.conninfo + used, sizeof there.conninfo - used, " host=%s port=5432",
                between.folder);
        market_open(&market);
        between.shared->every = 5;
        market_start(&market);
        market_wait(&market);
        between.shared->every = 0;
        (void)snprintf(there.conninfo, sizeof there.conninfo, "%s", server);
        there.mistake = 0;
        findings = market_reckon(&market, name);
        printf("# of %lld writes cut: nothing sent %lld, no Sync %lld, answer dropped %lld, "
               "halved %lld, unread %lld\n",
                (long long)between.shared->batches, (long long)between.shared->cuts[0],
                (long long)between.shared->cuts[1], (long long)between.shared->cuts[2],
                (long long)between.shared->cuts[3], (long long)between.shared->cuts[4]);
        market_close(&market);
        place_drop(&there);
        return findings;
}

static void assert_once(const char *name, int64_t isolation)
{
        market_findings findings = sell_through_proxy(name, isolation, 300, 0);

        for (int i = 0; i < PROXY_MOMENTS; i++)
                assert_true(between.shared->cuts[i] >= 5);
        market_assert_clean(&findings);
        assert_number(findings.sold, 300);
}

static void test_cut_at_read_committed(void **state)
{
        (void)state;
        assert_once("cut_read_committed", OCORE_POSTGRES_READ_COMMITTED);
}

static void test_cut_at_serializable(void **state)
{
        (void)state;
        assert_once("cut_serializable", OCORE_POSTGRES_SERIALIZABLE);
}

static void test_a_missing_command_row_is_seen(void **state)
{
        market_findings findings;

        (void)state;
        findings = sell_through_proxy(
                "no_command_row", OCORE_POSTGRES_READ_COMMITTED, 60, BROKEN_COMMANDS);
        /* Taken, and nobody was told so. (That no order can be repeated is no finding here: without
         * its row no command can.) */
        assert_true(findings.strange > 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_teardown(test_cut_at_read_committed, stop_proxy),
                cmocka_unit_test_teardown(test_cut_at_serializable, stop_proxy),
                cmocka_unit_test_teardown(test_a_missing_command_row_is_seen, stop_proxy),
        };

        if (place_skips(NULL))
                return 0;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
