/*
 * Proves the commands on sites through the public functions: defaults, refusals, the list, and
 * that each change raises the revision of the policy row, by which sites are covered.
 */
#include "catalog/catalog.h"

#include "../support/rows.h"
#include "../support/shop.h"

static const ocore_empty_request all = {sizeof all};

static ocore_site_request site_of(test_world *world, const char *site)
{
        return (ocore_site_request){.struct_size = sizeof(ocore_site_request),
                .id = test_next_id(world),
                .site = ocore_str_of(site)};
}

static void test_put(void **state)
{
        test_world world;
        const ocore_site_list *list;
        const ocore_site *site;
        ocore_site_request request;

        (void)state;
        test_open(&world);
        assert_done(&world, ocore_site_list_all(world.core, &all, &list));
        assert_int_equal(list->site_count, 0);
        request = site_of(&world, "north");
        assert_done(&world, ocore_site_put(world.core, &request, &site));
        assert_text(site->name, "north");
        assert_text(site->country, "");
        request = site_of(&world, "east");
        request.name = STR("East Hall");
        request.country = STR("DE");
        request.priority = -5;
        request.closed = 1;
        assert_done(&world, ocore_site_put(world.core, &request, &site));
        assert_text(site->name, "East Hall");
        assert_number(site->priority, -5);
        assert_done(&world, ocore_site_list_all(world.core, &all, &list));
        assert_int_equal(list->site_count, 2);
        assert_text(list->sites[0]->site, "east");
        assert_text(list->sites[0]->country, "DE");
        assert_number(list->sites[0]->closed, 1);
        assert_text(list->sites[1]->site, "north");
        request = site_of(&world, "east"); /* whole: open again, without country */
        assert_done(&world, ocore_site_put(world.core, &request, NULL));
        assert_done(&world, ocore_site_list_all(world.core, &all, &list));
        assert_int_equal(list->site_count, 2);
        assert_number(list->sites[0]->closed, 0);
        assert_text(list->sites[0]->name, "east");
        assert_text(list->sites[0]->country, "");
        assert_verified(&world);
        test_close(&world);
}

static void test_refused(void **state)
{
        test_world world;
        const ocore_site_list *list;
        ocore_site_request request;

        (void)state;
        test_open(&world);
        request = site_of(&world, "");
        assert_refused(&world, ocore_site_put(world.core, &request, NULL), OCORE_INVALID, "site");
        request = site_of(&world, "s");
        request.country = STR("de");
        assert_refused(
                &world, ocore_site_put(world.core, &request, NULL), OCORE_INVALID, "country");
        request.country = STR("DEU");
        assert_refused(
                &world, ocore_site_put(world.core, &request, NULL), OCORE_INVALID, "country");
        request.country = STR("");
        request.closed = 2;
        assert_refused(&world, ocore_site_put(world.core, &request, NULL), OCORE_INVALID, "closed");
        request.closed = 0;
        request.located = 2;
        assert_refused(
                &world, ocore_site_put(world.core, &request, NULL), OCORE_INVALID, "located");
        request.located = 0;
        request.longitude_e7 = 1; /* given, but not to be counted: an oversight */
        assert_refused(
                &world, ocore_site_put(world.core, &request, NULL), OCORE_INVALID, "located");
        assert_done(&world, ocore_site_list_all(world.core, &all, &list));
        assert_int_equal(list->site_count, 0);
        test_close(&world);
}

static void test_coordinates(void **state)
{
        static const struct {
                int64_t latitude_e7, longitude_e7;
                const char *field; /* NULL: good */
        } cases[] = {
                {0, 0, NULL},
                {900000000, 1800000000, NULL},
                {-900000000, -1800000000, NULL},
                {900000001, 0, "latitude_e7"},
                {-900000001, 0, "latitude_e7"},
                {INT64_MIN, 0, "latitude_e7"},
                {0, 1800000001, "longitude_e7"},
                {0, -1800000001, "longitude_e7"},
                {0, INT64_MAX, "longitude_e7"},
        };
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_site_request request = site_of(&world, "s");
                const ocore_site *site;

                request.located = 1;
                request.latitude_e7 = cases[i].latitude_e7;
                request.longitude_e7 = cases[i].longitude_e7;
                request.supplier = STR("acme");
                if (cases[i].field) {
                        assert_refused(&world, ocore_site_put(world.core, &request, NULL),
                                OCORE_INVALID, cases[i].field);
                        continue;
                }
                assert_done(&world, ocore_site_put(world.core, &request, &site));
                assert_number(site->located, 1);
                assert_number(site->latitude_e7, cases[i].latitude_e7);
                assert_number(site->longitude_e7, cases[i].longitude_e7);
                assert_text(site->supplier, "acme");
        }
        test_close(&world);
}

/* All rules are covered: what rested on one of them is decided anew when any of them changes. */
static void test_covered(void **state)
{
        const ocore__policy_row policy = {.name = ocore__policy_name};
        test_world world;
        int64_t before;

        (void)state;
        test_open(&world);
        before = test_revision(&world, &ocore__policy_table, &policy);
        assert_true(before > 0);
        shop_site(&world, "a", 1);
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 1);
        shop_site(&world, "a", 1);
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 2);
        shop_tax_rate(&world, "full", "DE", 190000);
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 3);
        shop_shipping(
                &world, "post", OCORE_SERVICE_STANDARD, "DE", "4.90 EUR"); /* three commands */
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 6);
        shop_goods(&world, "A", "1 EUR"); /* products cover their prices themselves */
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 6);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_put),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_coordinates),
                cmocka_unit_test(test_covered),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
