/*
 * Proves the commands on the costs of sites through the public functions: set whole, refused by
 * field, listed in order, and that each change raises the revision of the policy row.
 */
#include "catalog/catalog.h"

#include "../support/rows.h"
#include "../support/shop.h"

static const ocore_empty_request all = {sizeof all};

static ocore_site_cost_request cost_of(test_world *world, const char *site, const char *country)
{
        return (ocore_site_cost_request){.struct_size = sizeof(ocore_site_cost_request),
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .country = ocore_str_of(country),
                .currency = STR("EUR"),
                .shipment_minor = 490};
}

static void test_put(void **state)
{
        const ocore__policy_row policy = {.name = ocore__policy_name};
        test_world world;
        const ocore_site_cost_list *list;
        const ocore_site_cost *cost;
        ocore_site_cost_request request;
        int64_t before;

        (void)state;
        test_open(&world);
        shop_site(&world, "east", 1);
        shop_site(&world, "west", 2);
        assert_done(&world, ocore_site_cost_list_all(world.core, &all, &list));
        assert_int_equal(list->cost_count, 0);
        before = test_revision(&world, &ocore__policy_table, &policy);
        request = cost_of(&world, "west", "DE");
        request.kg_minor = 120;
        request.unit_minor = 35;
        request.transit_us = 2 * TEST_DAY_US;
        assert_done(&world, ocore_site_cost_put(world.core, &request, &cost));
        assert_text(cost->site, "west");
        assert_text(cost->country, "DE");
        assert_text(cost->currency, "EUR");
        assert_number(cost->shipment_minor, 490);
        assert_number(cost->kg_minor, 120);
        assert_number(cost->unit_minor, 35);
        assert_number(cost->transit_us, 2 * TEST_DAY_US);
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 1);
        assert_status(&world, ocore_site_cost_put(world.core, &request, &cost), OCORE_ALREADY);
        request = cost_of(&world, "west", "");
        assert_done(&world, ocore_site_cost_put(world.core, &request, NULL));
        request = cost_of(&world, "east", "");
        assert_done(&world, ocore_site_cost_put(world.core, &request, NULL));
        request = cost_of(&world, "west", "DE"); /* whole: what is not said is zero again */
        request.currency = STR("CHF");
        assert_done(&world, ocore_site_cost_put(world.core, &request, NULL));
        assert_done(&world, ocore_site_cost_list_all(world.core, &all, &list));
        assert_int_equal(list->cost_count, 3);
        assert_text(list->costs[0]->site, "east");
        assert_text(list->costs[1]->country, "");
        assert_text(list->costs[2]->country, "DE");
        assert_text(list->costs[2]->currency, "CHF");
        assert_number(list->costs[2]->kg_minor, 0);
        assert_number(list->costs[2]->transit_us, 0);
        assert_verified(&world);
        test_close(&world);
}

static void test_refused(void **state)
{
        static const struct {
                const char *field;
                int status;
                ocore_site_cost_request request;
        } cases[] = {
                {"site", OCORE_INVALID, {.currency = STR_INIT("EUR")}},
                {"site", OCORE_NOT_FOUND, {.site = STR_INIT("north"), .currency = STR_INIT("EUR")}},
                {"currency", OCORE_INVALID, {.site = STR_INIT("east")}},
                {"currency", OCORE_INVALID,
                        {.site = STR_INIT("east"), .currency = STR_INIT("XXX")}},
                {"country", OCORE_INVALID,
                        {.site = STR_INIT("east"),
                                .currency = STR_INIT("EUR"),
                                .country = STR_INIT("de")}},
                {"shipment_minor", OCORE_INVALID,
                        {.site = STR_INIT("east"),
                                .currency = STR_INIT("EUR"),
                                .shipment_minor = -1}},
                {"kg_minor", OCORE_INVALID,
                        {.site = STR_INIT("east"), .currency = STR_INIT("EUR"), .kg_minor = -1}},
                {"unit_minor", OCORE_INVALID,
                        {.site = STR_INIT("east"), .currency = STR_INIT("EUR"), .unit_minor = -1}},
                {"transit_us", OCORE_INVALID,
                        {.site = STR_INIT("east"),
                                .currency = STR_INIT("EUR"),
                                .transit_us = INT64_MIN}},
        };
        const ocore_site_cost_list *list;
        test_world world;

        (void)state;
        test_open(&world);
        shop_site(&world, "east", 1);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_site_cost_request request = cases[i].request;

                request.struct_size = sizeof request;
                request.id = test_next_id(&world);
                assert_refused(&world, ocore_site_cost_put(world.core, &request, NULL),
                        cases[i].status, cases[i].field);
        }
        assert_done(&world, ocore_site_cost_list_all(world.core, &all, &list));
        assert_int_equal(list->cost_count, 0);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_put),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
