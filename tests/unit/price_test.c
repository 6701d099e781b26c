/*
 * Proves the setting of list prices through the public functions: what is refused, that a price is
 * set whole, and that setting one raises the revision of its product, by which prices are covered.
 */
#include "catalog/catalog.h"

#include "../support/rows.h"
#include "../support/shop.h"

static ocore_price_request price_of(test_world *world, const char *sku, const char *price)
{
        return (ocore_price_request){.struct_size = sizeof(ocore_price_request),
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .price = test_money(price)};
}

/* What ocore_product_inquire() calls the price; -1: none. */
static int64_t price_now(
        test_world *world, const char *sku, const char *currency, const char *channel)
{
        const ocore_inquiry_request request = {.struct_size = sizeof request,
                .sku = ocore_str_of(sku),
                .currency = ocore_str_of(currency),
                .channel = ocore_str_of(channel)};
        const ocore_inquiry *inquiry;

        assert_done(world, ocore_product_inquire(world->core, &request, &inquiry));
        return inquiry->priced ? inquiry->price_minor : -1;
}

static void test_put(void **state)
{
        test_world world;
        const ocore_price *price;
        ocore_price_request request;

        (void)state;
        test_open(&world);
        shop_goods(&world, "A", NULL);
        assert_number(price_now(&world, "A", "EUR", ""), -1);
        request = price_of(&world, "A", "12.50 EUR");
        assert_done(&world, ocore_price_put(world.core, &request, &price));
        assert_text(price->sku, "A");
        assert_text(price->currency, "EUR");
        assert_text(price->channel, "");
        assert_number(price->from_us, 0);
        assert_number(price->price_minor, 1250);
        assert_number(price_now(&world, "A", "EUR", ""), 1250);
        assert_number(price_now(&world, "A", "USD", ""), -1);

        request = price_of(&world, "A", "11.00 EUR"); /* corrected */
        assert_done(&world, ocore_price_put(world.core, &request, NULL));
        assert_number(price_now(&world, "A", "EUR", "web"), 1100);
        request = price_of(&world, "A", "9 EUR"); /* announced */
        request.from_us = TEST_NOW_US + TEST_DAY_US;
        assert_done(&world, ocore_price_put(world.core, &request, NULL));
        request = price_of(&world, "A", "10 EUR"); /* for one channel */
        request.channel = STR("web");
        assert_done(&world, ocore_price_put(world.core, &request, NULL));
        assert_number(price_now(&world, "A", "EUR", ""), 1100);
        assert_number(price_now(&world, "A", "EUR", "web"), 1000);
        world.now_us += TEST_DAY_US;
        assert_number(price_now(&world, "A", "EUR", ""), 900);
        assert_number(price_now(&world, "A", "EUR", "web"), 1000);
        assert_status(&world, ocore_price_put(world.core, &request, &price), OCORE_ALREADY);
        assert_text(price->channel, "web");
        test_close(&world);
}

static void test_refused(void **state)
{
        test_world world;
        const ocore_price *price;
        ocore_price_request request;

        (void)state;
        test_open(&world);
        shop_goods(&world, "A", NULL);
        request = price_of(&world, "B", "1 EUR");
        assert_refused(
                &world, ocore_price_put(world.core, &request, &price), OCORE_NOT_FOUND, "sku");
        assert_null(price);
        request = price_of(&world, "A", "-0.01 EUR");
        assert_refused(&world, ocore_price_put(world.core, &request, NULL), OCORE_INVALID, "price");
        request.price = (ocore_money){0};
        assert_refused(&world, ocore_price_put(world.core, &request, NULL), OCORE_INVALID, "price");
        request.price = (ocore_money){.amount_minor = 1, .currency = "XQX"};
        assert_refused(&world, ocore_price_put(world.core, &request, NULL), OCORE_INVALID, "price");
        request = price_of(&world, "A", "1 EUR");
        request.from_us = -1;
        assert_refused(
                &world, ocore_price_put(world.core, &request, NULL), OCORE_INVALID, "from_us");
        assert_number(price_now(&world, "A", "EUR", ""), -1);
        request.from_us = 0;
        request.price.amount_minor = INT64_MAX;
        assert_done(&world, ocore_price_put(world.core, &request, NULL));
        assert_number(price_now(&world, "A", "EUR", ""), INT64_MAX);
        test_close(&world);
}

static void test_covered(void **state)
{
        const ocore_product key = {.sku = STR("A")}, other = {.sku = STR("B")};
        ocore_price_request request;
        test_world world;

        (void)state;
        test_open(&world);
        shop_goods(&world, "A", NULL);
        shop_goods(&world, "B", NULL);
        assert_number(test_revision(&world, &ocore__product_table, &key), 1);
        request = price_of(&world, "A", "1 EUR");
        assert_done(&world, ocore_price_put(world.core, &request, NULL));
        assert_number(test_revision(&world, &ocore__product_table, &key), 2);
        assert_status(&world, ocore_price_put(world.core, &request, NULL), OCORE_ALREADY);
        assert_number(test_revision(&world, &ocore__product_table, &key), 2);
        request = price_of(&world, "A", "1 EUR");
        assert_done(&world, ocore_price_put(world.core, &request, NULL));
        assert_number(test_revision(&world, &ocore__product_table, &key), 3);
        assert_number(test_revision(&world, &ocore__product_table, &other), 1);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_put),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_covered),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
