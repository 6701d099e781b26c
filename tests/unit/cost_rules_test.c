/*
 * What a unit costs from a site, as tables with the numbers worked out by hand: handling, weight,
 * begun days of lateness and full days of age; and that nothing wraps.
 */
#include "shelf.h"

typedef struct cost_case {
        int64_t kg, unit, transit_hours, late_day, age_day;
        int64_t wanted_hours; /* from now; 0: as soon as can be */
        int64_t weight_g;
        int64_t milli; /* thousandths of a minor unit; INT64_MIN: it overflows */
} cost_case;

static const shelf_stock rows[] = {
        {"a", "x", "1", 5, 0, 0},
        {"a", "x", "2", 5, 0, 3},
        {"a", "x", "3", 5, 0, 10},
        {NULL, NULL, NULL, 0, 0, 0},
};
static const shelf_want wants[] = {WANT("a", 1), WANT(NULL, 0)};

static int unit_cost(const cost_case *test, const char *currency, int64_t *out)
{
        const ocore_site site = {.site = STR("x")};
        const ocore_site_cost cost = {.site = STR("x"),
                .currency = STR("EUR"),
                .kg_minor = test->kg,
                .unit_minor = test->unit,
                .transit_us = test->transit_hours * TEST_HOUR_US};
        const ocore_channel channel = {.currency = shelf_text(currency),
                .late_day_minor = test->late_day,
                .age_day_minor = test->age_day};
        ocore__allocation allocation;
        ocore__source_costs costs;
        shelf_world all;
        int status;

        shelf_open(&all, NULL);
        test_group(&all.sites, &ocore__site_table, &site, 1);
        test_group(&all.costs, &ocore__site_cost_table, &cost, 1);
        test_group(&all.channels, &ocore__channel_table, &channel, 1);
        shelf_fill(&all, rows);
        all.weight_g = test->weight_g;
        shelf_want_all(&all, wants);
        if (test->wanted_hours)
                all.wishes.wanted_us = all.work.now_us + test->wanted_hours * TEST_HOUR_US;
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_LOWEST_COST, NULL));
        allocation = (ocore__allocation){.work = &all.work,
                .sourcing = &all.sourcing,
                .wants = all.wants,
                .want_count = all.want_count};
        assert_int_equal(ocore__allocation_begin(&allocation), OCORE_OK);
        assert_int_equal(ocore__source_costs_of(&allocation, &costs), OCORE_OK);
        status = ocore__unit_cost(&costs, all.wants, &allocation.products[0].shelves[0], out);
        shelf_close(&all);
        return status;
}

static void a_unit_costs(void **state)
{
        static const cost_case cases[] = {
                {0, 0, 0, 0, 0, 0, 100, 0},
                {0, 35, 0, 0, 0, 0, 100, 35000},
                {90, 0, 0, 0, 0, 0, 250, 22500},
                {1, 0, 0, 0, 0, 0, 1, 1},
                {90, 35, 0, 0, 0, 0, 250, 57500},
                /* Late by a begun day each. */
                {0, 0, 48, 7, 0, 48, 0, 0},
                {0, 0, 49, 7, 0, 48, 0, 7000},
                {0, 0, 72, 7, 0, 48, 0, 7000},
                {0, 0, 73, 7, 0, 48, 0, 14000},
                {0, 0, 73, 7, 0, 0, 0, 0},   /* nobody waits for it */
                {0, 0, 73, 7, 0, 480, 0, 0}, /* early is no gain */
                /* The oldest lot has lain there for ten full days; one of unknown age is no lot. */
                {0, 0, 0, 0, 3, 0, 0, -30000},
                {90, 35, 73, 7, 3, 48, 250, 57500 + 14000 - 30000},
                /* Too much for 64 bits. */
                {INT64_MAX, 0, 0, 0, 0, 0, 2, INT64_MIN},
                {0, INT64_MAX / 1000 + 1, 0, 0, 0, 0, 0, INT64_MIN},
                {0, INT64_MAX / 1000, 0, 0, 0, 0, 0, INT64_MAX / 1000 * 1000},
                {0, 0, 480, INT64_MAX, 0, 1, 0, INT64_MIN},
                {0, 0, 0, 0, INT64_MAX, 0, 0, INT64_MIN},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t milli = 0;
                int status = unit_cost(&cases[i], "EUR", &milli);

                if (status != (cases[i].milli == INT64_MIN ? OCORE_OVERFLOW : OCORE_OK) ||
                        (!status && milli != cases[i].milli))
                        fail_msg("case %zu: %s %lld", i, ocore_status_name(status),
                                (long long)milli);
        }
}

static void amounts_in_another_currency_do_not_count(void **state)
{
        static const cost_case test = {90, 35, 73, 7, 3, 48, 250, 0};
        int64_t milli;

        (void)state;
        assert_int_equal(unit_cost(&test, "CHF", &milli), OCORE_OK);
        assert_number(milli, 57500);
}

static void units_cost(void **state)
{
        static const struct {
                int64_t milli, scale, quantity, minor;
        } cases[] = {
                {57500, 0, 1, 58}, /* half up */
                {57499, 0, 1, 57},
                {57500, 0, 2, 115},
                {57500, 3, 1000, 58},
                {57500, 3, 1, 0},
                {57500, 3, 20, 1},
                {-30000, 0, 5, -150},
                {1, 9, INT64_MAX, 9223372},
                {1000, 0, INT64_MAX, INT64_MAX},
        };
        int64_t minor;

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_int_equal(ocore__units_cost(
                                         cases[i].milli, cases[i].scale, cases[i].quantity, &minor),
                        OCORE_OK);
                assert_number(minor, cases[i].minor);
        }
        assert_int_equal(ocore__units_cost(1001, 0, INT64_MAX, &minor), OCORE_OVERFLOW);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_unit_costs),
                cmocka_unit_test(amounts_in_another_currency_do_not_count),
                cmocka_unit_test(units_cost),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
