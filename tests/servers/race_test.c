/*
 * Proves that processes which sell from one PostgreSQL database sell exactly what is there, at
 * each isolation level, and that what each was told is what the database says afterwards.
 *
 * Eight sellers take orders of one and of two lines, alone and in units, for the same two products
 * until each is told that nothing is left: every piece must be sold, none twice, and verify must
 * find nothing. Then the same with 64 sellers. That the test can fail is shown with a store that
 * reads, adds and writes: it must be seen to sell more than there is.
 */
#include "broken_store.h"
#include "market.h"
#include "place.h"

#include <ordercore/postgres.h>

static market_findings race(
        const char *name, int64_t isolation, int sellers, int64_t pieces, int mistake)
{
        server_place there;
        test_market market = {.open = place_open_store,
                .place = &there,
                .pieces = pieces,
                .sellers = sellers,
                .seed = 77u + (unsigned)isolation};
        market_findings findings;

        place_make(&there, place_server(), name, isolation, mistake);
        market_open(&market);
        market_start(&market);
        market_wait(&market);
        there.mistake = 0;
        findings = market_reckon(&market, name);
        for (int i = 0; i < sellers && !mistake; i++) /* none gave up before */
                assert_true(market.shared->sellers[i].sold_out);
        market_close(&market);
        place_drop(&there);
        return findings;
}

static void assert_exact(const char *name, int64_t isolation, int sellers, int64_t pieces)
{
        market_findings findings = race(name, isolation, sellers, pieces, 0);

        market_assert_clean(&findings);
        assert_number(findings.sold, pieces);
}

static void test_read_committed(void **state)
{
        (void)state;
        assert_exact("last_piece", OCORE_POSTGRES_READ_COMMITTED, 8, 1);
        assert_exact("a_few", OCORE_POSTGRES_READ_COMMITTED, 8, 7);
        assert_exact("read_committed", OCORE_POSTGRES_READ_COMMITTED, 8, 800);
}

static void test_repeatable_read(void **state)
{
        (void)state;
        assert_exact("repeatable_read", OCORE_POSTGRES_REPEATABLE_READ, 8, 300);
}

static void test_serializable(void **state)
{
        (void)state;
        assert_exact("serializable", OCORE_POSTGRES_SERIALIZABLE, 8, 300);
}

static void test_many_sellers(void **state)
{
        (void)state;
        assert_exact("many", OCORE_POSTGRES_READ_COMMITTED, 64, 400);
}

static void test_overselling_is_seen(void **state)
{
        market_findings findings;

        (void)state;
        findings = race("read_then_write", OCORE_POSTGRES_READ_COMMITTED, 8, 100, BROKEN_ADDS);
        assert_true(findings.oversold > 0);
        assert_true(findings.broken_rules > 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_read_committed),
                cmocka_unit_test(test_repeatable_read),
                cmocka_unit_test(test_serializable),
                cmocka_unit_test(test_many_sellers),
                cmocka_unit_test(test_overselling_is_seen),
        };

        if (place_skips(NULL))
                return 0;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
