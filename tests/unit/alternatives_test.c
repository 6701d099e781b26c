/*
 * The ways to get a product, the best first: whole from each site that has it, from several
 * together, substitutes by preference, a part, or later; by the stock that is free for the channel.
 */
#include "buying.h"

static const ocore_alternative_list *look(
        test_world *world, const char *sku, const char *quantity, const char *site)
{
        const ocore_alternative_request request = {.struct_size = sizeof request,
                .sku = ocore_str_of(sku),
                .quantity = test_quantity(quantity),
                .site = ocore_str_of(site)};
        const ocore_alternative_list *list;

        assert_done(world, ocore_product_alternatives(world->core, &request, &list));
        return list;
}

static void assert_way(const ocore_alternative_list *list, size_t index, int64_t kind,
        const char *sku, const char *site, int64_t quantity, int64_t at_us)
{
        const ocore_alternative *way;

        assert_true(index < list->alternative_count);
        way = list->alternatives[index];
        assert_number(way->kind, kind);
        assert_text(way->sku, sku);
        assert_text(way->site, site);
        assert_number(way->quantity, quantity);
        assert_number(way->at_us, at_us);
}

/* There are 3 cups in the north and 10 in the south. */
static void now(void **state)
{
        const ocore_alternative_list *list;
        test_world world;

        (void)state;
        buy_open(&world);
        list = look(&world, "cup", "2", "");
        assert_int_equal(list->alternative_count, 2);
        assert_way(list, 0, OCORE_ALTERNATIVE_WHOLE, "cup", "north", 2, TEST_NOW_US);
        assert_way(list, 1, OCORE_ALTERNATIVE_WHOLE, "cup", "south", 2, TEST_NOW_US);
        list = look(&world, "cup", "2", "south");
        assert_way(list, 0, OCORE_ALTERNATIVE_WHOLE, "cup", "south", 2, TEST_NOW_US);
        list = look(&world, "cup", "4", "north");
        assert_int_equal(list->alternative_count, 1);
        assert_way(list, 0, OCORE_ALTERNATIVE_WHOLE, "cup", "south", 4, TEST_NOW_US);
        list = look(&world, "cup", "12", "");
        assert_int_equal(list->alternative_count, 1);
        assert_way(list, 0, OCORE_ALTERNATIVE_SITES, "cup", "", 12, TEST_NOW_US);
        list = look(&world, "cup", "14", "");
        assert_int_equal(list->alternative_count, 1);
        assert_way(list, 0, OCORE_ALTERNATIVE_PARTIAL, "cup", "", 13, TEST_NOW_US);
        list = look(&world, "rice", "20.5", "");
        assert_number(list->scale, 3);
        assert_way(list, 0, OCORE_ALTERNATIVE_PARTIAL, "rice", "north", 20000, TEST_NOW_US);
        assert_int_equal(look(&world, "jug", "1", "")->alternative_count, 0);
        sale_close(&world);
}

static void instead_and_later(void **state)
{
        const ocore_substitute_item items[] = {
                {STR_INIT("jug")}, {STR_INIT("tea")}, {STR_INIT("mug")}};
        ocore_substitute_request substitutes = {.struct_size = sizeof substitutes,
                .sku = STR("cup"),
                .substitutes = items,
                .substitute_count = 3,
                .substitute_stride = sizeof *items};
        ocore_stock_rule_request rule = {.struct_size = sizeof rule,
                .sku = STR("cup"),
                .channel = STR("web"),
                .safety = {2, 0, 0}};
        ocore_alternative_request web = {.struct_size = sizeof web,
                .sku = STR("cup"),
                .quantity = {10, 0, 0},
                .channel = STR("web")};
        const ocore_alternative_list *list;
        test_world world;

        (void)state;
        buy_open(&world);
        shop_goods(&world, "mug", "1.00 EUR");
        shop_receive(&world, "mug", "north", "9");
        shop_receive(&world, "mug", "south", "9");
        substitutes.id = test_next_id(&world);
        assert_done(&world, ocore_substitute_put(world.core, &substitutes, NULL));
        buy(&world, "cup", "5", TEST_NOW_US + TEST_DAY_US);
        list = look(&world, "cup", "16", "");
        assert_int_equal(list->alternative_count, 4);
        assert_way(list, 0, OCORE_ALTERNATIVE_SUBSTITUTE, "tea", "north", 16, TEST_NOW_US);
        assert_way(list, 1, OCORE_ALTERNATIVE_SUBSTITUTE, "mug", "", 16, TEST_NOW_US);
        assert_way(list, 2, OCORE_ALTERNATIVE_PARTIAL, "cup", "", 13, TEST_NOW_US);
        assert_way(list, 3, OCORE_ALTERNATIVE_LATER, "cup", "", 16, TEST_NOW_US + TEST_DAY_US);
        /* What of the supply is promised is not there for others. */
        assert_way(look(&world, "cup", "18", ""), 3, OCORE_ALTERNATIVE_LATER, "cup", "", 18,
                TEST_NOW_US + TEST_DAY_US);
        assert_int_equal(look(&world, "cup", "19", "")->alternative_count, 2);
        /* The web leaves two of each site alone: 1 in the north, 8 in the south. */
        rule.id = test_next_id(&world);
        assert_done(&world, ocore_stock_rule_put(world.core, &rule, NULL));
        assert_done(&world, ocore_product_alternatives(world.core, &web, &list));
        assert_way(list, 0, OCORE_ALTERNATIVE_SUBSTITUTE, "tea", "north", 10, TEST_NOW_US);
        assert_way(list, 2, OCORE_ALTERNATIVE_PARTIAL, "cup", "", 9, TEST_NOW_US);
        assert_way(list, 3, OCORE_ALTERNATIVE_LATER, "cup", "", 10, TEST_NOW_US + TEST_DAY_US);
        sale_close(&world);
}

/* Before its release a product is not to be had now, though it is there. */
static void before_the_release(void **state)
{
        const int64_t release = TEST_NOW_US + 9 * TEST_DAY_US;
        const ocore_alternative_list *list;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_goods(&world, (buy_product){"disc", OCORE_SHORT_BACKORDER, "acme", 0, 0, release});
        shop_receive(&world, "disc", "north", "2");
        list = look(&world, "disc", "2", "");
        assert_int_equal(list->alternative_count, 1);
        assert_way(list, 0, OCORE_ALTERNATIVE_LATER, "disc", "", 2, release);
        assert_int_equal(look(&world, "disc", "3", "")->alternative_count, 0);
        sale_close(&world);
}

static void wrong_questions_are_refused(void **state)
{
        static const struct {
                ocore_alternative_request request;
                int status;
                const char *field;
        } cases[] = {
                {{0, STR_INIT(""), {1, 0, 0}, {0}, {0}}, OCORE_INVALID, "sku"},
                {{0, STR_INIT("mud"), {1, 0, 0}, {0}, {0}}, OCORE_NOT_FOUND, "sku"},
                {{0, STR_INIT("wrap"), {1, 0, 0}, {0}, {0}}, OCORE_INVALID, "sku"},
                {{0, STR_INIT("cup"), {0, 0, 0}, {0}, {0}}, OCORE_INVALID, "quantity"},
                {{0, STR_INIT("cup"), {-1, 0, 0}, {0}, {0}}, OCORE_INVALID, "quantity"},
                {{0, STR_INIT("cup"), {15, 1, 0}, {0}, {0}}, OCORE_INVALID, "quantity"},
                {{0, STR_INIT("cup"), {1, 0, 0}, STR_INIT("moon"), {0}}, OCORE_NOT_FOUND, "site"},
        };
        const ocore_alternative_list *list;
        test_world world;

        (void)state;
        buy_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                ocore_alternative_request request = cases[i].request;

                request.struct_size = sizeof request;
                assert_refused(&world, ocore_product_alternatives(world.core, &request, &list),
                        cases[i].status, cases[i].field);
                assert_null(list);
        }
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(now),
                cmocka_unit_test(instead_and_later),
                cmocka_unit_test(before_the_release),
                cmocka_unit_test(wrong_questions_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
