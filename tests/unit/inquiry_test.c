/*
 * Proves what is told of a product before it is ordered: price and stock at open sites in the
 * order they are asked, over all lots, and a sum that does not fit.
 */
#include "inventory/inventory.h"

#include "../support/rows.h"
#include "../support/shop.h"

static void put_stock(test_world *world, const char *site, const char *lot, int64_t available)
{
        const ocore_stock stock = {.sku = STR("A"),
                .site = ocore_str_of(site),
                .lot = ocore_str_of(lot),
                .available = available,
                .held = 7};

        test_insert(world, &ocore__stock_table, &stock);
}

static void expect(test_world *world, int64_t line, int64_t due_us, int64_t unpromised)
{
        const ocore_supply supply = {.sku = STR("A"),
                .source_id = test_id(77),
                .number = line,
                .source = OCORE_SOURCE_PURCHASE,
                .site = STR("near"),
                .due_us = due_us,
                .expected = 9,
                .unpromised = unpromised};
        const ocore_stock stock = {.sku = STR("A"),
                .site = STR("near"),
                .lot = (ocore_str){"L1L2L3" + 2 * (line - 1), 2},
                .incoming = 9};

        test_insert(world, &ocore__supply_table, &supply);
        test_insert(world, &ocore__stock_table, &stock);
}

static void close_site(test_world *world, const char *site)
{
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .closed = 1};

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

static void test_inquire(void **state)
{
        ocore_inquiry_request request = {.struct_size = sizeof request, .sku = STR("A")};
        const ocore_inquiry *inquiry;
        test_world world;

        (void)state;
        test_open(&world);
        assert_refused(&world, ocore_product_inquire(world.core, &request, &inquiry),
                OCORE_NOT_FOUND, "sku");
        assert_null(inquiry);
        shop_goods(&world, "A", "2.50 EUR");
        assert_done(&world, ocore_product_inquire(world.core, &request, &inquiry));
        assert_text(inquiry->product->sku, "A");
        assert_number(inquiry->priced, 0); /* not asked for */
        assert_number(inquiry->available, 0);
        assert_int_equal(inquiry->site_count, 0);

        shop_site(&world, "far", 9);
        shop_site(&world, "near", 1);
        shop_site(&world, "empty", 0);
        close_site(&world, "shut");
        put_stock(&world, "far", "", 10);
        put_stock(&world, "far", "L1", 5);
        put_stock(&world, "near", "", 3);
        put_stock(&world, "empty", "", 0);
        put_stock(&world, "shut", "", 1000);
        put_stock(&world, "unknown", "", 1000);
        request.currency = STR("EUR");
        assert_done(&world, ocore_product_inquire(world.core, &request, &inquiry));
        assert_number(inquiry->priced, 1);
        assert_text(inquiry->currency, "EUR");
        assert_number(inquiry->price_minor, 250);
        assert_number(inquiry->on_the_way, 0);
        assert_number(inquiry->next_us, 0);
        assert_number(inquiry->available, 18);
        assert_int_equal(inquiry->site_count, 2);
        assert_text(inquiry->sites[0]->site, "near");
        assert_number(inquiry->sites[0]->available, 3);
        assert_text(inquiry->sites[1]->site, "far");
        assert_number(inquiry->sites[1]->available, 15);

        request.currency = STR("USD");
        assert_done(&world, ocore_product_inquire(world.core, &request, &inquiry));
        assert_number(inquiry->priced, 0);
        assert_text(inquiry->currency, "");
        request.currency = STR("EU");
        assert_refused(&world, ocore_product_inquire(world.core, &request, &inquiry), OCORE_INVALID,
                "currency");
        /* What is promised to others is not on the way for anybody else. */
        request.currency = STR("EUR");
        expect(&world, 1, world.now_us + 3 * TEST_DAY_US, 4);
        expect(&world, 2, world.now_us + 2 * TEST_DAY_US, 5);
        expect(&world, 3, world.now_us + TEST_DAY_US, 0);
        assert_done(&world, ocore_product_inquire(world.core, &request, &inquiry));
        assert_number(inquiry->on_the_way, 9);
        assert_number(inquiry->next_us, world.now_us + 2 * TEST_DAY_US);
        test_close(&world);
}

static void test_overflow(void **state)
{
        const ocore_inquiry_request request = {.struct_size = sizeof request, .sku = STR("A")};
        const ocore_inquiry *inquiry;
        test_world world;

        (void)state;
        test_open(&world);
        shop_goods(&world, "A", NULL);
        shop_site(&world, "a", 1);
        shop_site(&world, "b", 2);
        put_stock(&world, "a", "", INT64_MAX);
        assert_done(&world, ocore_product_inquire(world.core, &request, &inquiry));
        assert_number(inquiry->available, INT64_MAX);
        put_stock(&world, "b", "", 1);
        assert_refused(&world, ocore_product_inquire(world.core, &request, &inquiry),
                OCORE_OVERFLOW, "sku");
        assert_null(inquiry);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_inquire),
                cmocka_unit_test(test_overflow),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
