/*
 * What may be taken of the stock of a product, as tables: which rule fits a site and channel best,
 * which lots may be promised, and what is free at a site.
 */
#include "shelf.h"

static const ocore_stock_rule rules[] = {
        {.sku = STR_INIT("a"), .safety = 1},
        {.sku = STR_INIT("a"), .channel = STR_INIT("shop"), .safety = 2, .below_zero = 1},
        {.sku = STR_INIT("a"), .site = STR_INIT("x"), .safety = 3},
        {.sku = STR_INIT("a"), .site = STR_INIT("x"), .channel = STR_INIT("shop"), .safety = 4},
        {.sku = STR_INIT("a"), .site = STR_INIT("y"), .channel = STR_INIT("till"), .safety = 5},
};

static void the_best_rule_counts(void **state)
{
        static const struct {
                const char *site, *channel;
                int64_t safety, below_zero;
        } cases[] = {
                {"z", "", 1, 0},
                {"z", "mail", 1, 0},
                {"z", "shop", 2, 1},
                {"x", "mail", 3, 0},
                {"x", "", 3, 0},
                {"x", "shop", 4, 0},
                {"y", "till", 5, 0},
                {"y", "shop", 2, 1},
                {"y", "mail", 1, 0},
        };
        test_rows group;

        (void)state;
        TEST_GROUP(&group, &ocore__stock_rule_table, rules);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore__stock_fence fence = ocore__stock_fence_of(
                        &group.group, shelf_text(cases[i].site), shelf_text(cases[i].channel));

                if (fence.safety != cases[i].safety || fence.below_zero != cases[i].below_zero)
                        fail_msg("case %zu: %d %d", i, (int)fence.safety, (int)fence.below_zero);
        }
        assert_number(ocore__stock_fence_of(NULL, STR("x"), STR("shop")).safety, 0);
        test_group(&group, &ocore__stock_rule_table, rules + 2, 1);
        assert_number(ocore__stock_fence_of(&group.group, STR("z"), STR("")).safety, 0);
}

static void lots_keep_or_not(void **state)
{
        static const struct {
                int64_t expires_us, recalled_us, now_us, until_us;
                int keeps;
        } cases[] = {
                {0, 0, 100, 0, 1}, {0, 0, 100, INT64_MAX, 1}, {0, 50, 100, 0, 0},
                {101, 0, 100, 0, 1}, {100, 0, 100, 0, 0}, /* at that moment it has expired */
                {99, 0, 100, 0, 0}, {200, 0, 100, 200, 1}, {200, 0, 100, 201, 0},
                {200, 1, 100, 0, 0},
                {99, 0, 100, 50, 0}, /* a date in the past asks for nothing more */
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_stock stock = {
                        .expires_us = cases[i].expires_us, .recalled_us = cases[i].recalled_us};

                if (ocore__lot_keeps(&stock, cases[i].now_us, cases[i].until_us) != cases[i].keeps)
                        fail_msg("case %zu", i);
        }
}

static void what_is_free_at_a_site(void **state)
{
        static const ocore_stock stock[] = {
                {.sku = STR_INIT("a"), .site = STR_INIT("w"), .available = 2},
                {.sku = STR_INIT("a"), .site = STR_INIT("x"), .lot = STR_INIT("1"), .available = 5},
                {.sku = STR_INIT("a"),
                        .site = STR_INIT("x"),
                        .lot = STR_INIT("2"),
                        .available = 4,
                        .expires_us = 200},
                {.sku = STR_INIT("a"),
                        .site = STR_INIT("x"),
                        .lot = STR_INIT("3"),
                        .available = 9,
                        .recalled_us = 1},
                {.sku = STR_INIT("a"),
                        .site = STR_INIT("y"),
                        .lot = STR_INIT("1"),
                        .available = INT64_MAX},
                {.sku = STR_INIT("a"), .site = STR_INIT("y"), .lot = STR_INIT("2"), .available = 1},
        };
        test_rows group, fences;
        const ocore__group *balances = TEST_GROUP(&group, &ocore__stock_table, stock);
        const ocore__group *all = TEST_GROUP(&fences, &ocore__stock_rule_table, rules);

        (void)state;
        assert_number(ocore__stock_free(balances, NULL, STR("w"), STR(""), 100, 0), 2);
        assert_number(ocore__stock_free(balances, all, STR("w"), STR(""), 100, 0), 1);
        assert_number(ocore__stock_free(balances, all, STR("w"), STR("shop"), 100, 0), 0);
        assert_number(ocore__stock_free(balances, NULL, STR("x"), STR(""), 100, 0), 9);
        assert_number(ocore__stock_free(balances, all, STR("x"), STR(""), 100, 0), 6);
        assert_number(ocore__stock_free(balances, all, STR("x"), STR("shop"), 100, 0), 5);
        assert_number(ocore__stock_free(balances, all, STR("x"), STR(""), 200, 0), 2);
        assert_number(ocore__stock_free(balances, all, STR("x"), STR(""), 100, 300), 2);
        assert_number(ocore__stock_free(balances, all, STR("x"), STR("shop"), 200, 0), 1);
        assert_number(ocore__stock_free(balances, all, STR("q"), STR(""), 100, 0), 0);
        /* More than 64 bits is more than anybody asks for. */
        assert_number(ocore__stock_free(balances, NULL, STR("y"), STR(""), 100, 0), INT64_MAX);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_best_rule_counts),
                cmocka_unit_test(lots_keep_or_not),
                cmocka_unit_test(what_is_free_at_a_site),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
