/*
 * The queues, page by page: in the order of service, of one product or of all, each entry once
 * whatever the size of a page.
 */
#include "buying.h"

static int try_list(
        test_world *world, ocore_backorder_list_request request, const ocore_backorder_list **out)
{
        request.struct_size = sizeof request;
        return ocore_backorder_list_page(world->core, &request, out);
}

static ocore_backorder_list_request behind(
        ocore_backorder_list_request request, const ocore_backorder_list *page)
{
        const ocore_backorder *last = page->backorders[page->backorder_count - 1];

        request.after_sku = last->sku;
        request.after_rank = last->rank;
        request.after_since_us = last->since_us;
        request.after_order = last->order_id;
        request.after_line = last->line;
        return request;
}

/* Twelve orders of three priorities, two at a time, of two products. */
static void pages_follow_each_other(void **state)
{
        ocore_backorder seen[32];
        test_world world;

        (void)state;
        buy_open(&world);
        for (int64_t i = 0; i < 12; i++) {
                buy_waiting(&world, i % 4 ? "jug" : "pill", "2", i * 5 % 3);
                world.now_us += i % 2 * TEST_MINUTE_US;
        }
        for (int64_t limit = 1; limit <= 13; limit++) {
                ocore_backorder_list_request request = {.limit = limit};
                const ocore_backorder_list *page;
                char sku[8] = "";
                size_t count = 0;

                do {
                        request.after_sku.data = sku; /* pages do not outlive the next one */
                        assert_done(&world, try_list(&world, request, &page));
                        assert_in_range(page->backorder_count, 1, limit);
                        for (size_t i = 0; i < page->backorder_count; i++)
                                seen[count++] = *page->backorders[i];
                        request = behind(request, page);
                        memcpy(sku, request.after_sku.data, request.after_sku.size);
                } while (page->more && count < 16);
                assert_int_equal(count, 12);
        }
        assert_number(seen[0].rank, -2);
        for (size_t i = 1; i < 12; i++) {
                const ocore_backorder *a = &seen[i - 1], *b = &seen[i];

                assert_true(i < 9 ? a->rank < b->rank ||
                                            (a->rank == b->rank && a->since_us <= b->since_us)
                                  : b->quantity == 2);
        }
        sale_close(&world);
}

static void one_product(void **state)
{
        ocore_backorder_list_request request = {.sku = STR("pill")};
        const ocore_backorder_list *page;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_waiting(&world, "jug", "2", 0);
        assert_done(&world, try_list(&world, request, &page));
        assert_int_equal(page->backorder_count, 0);
        assert_number(page->more, 0);
        buy(&world, "pill", "3", TEST_NOW_US + TEST_DAY_US);
        order_id = buy_waiting(&world, "pill", "3", 4);
        buy_waiting(&world, "saw", "2", 0);
        assert_done(&world, try_list(&world, request, &page));
        assert_int_equal(page->backorder_count, 1);
        assert_same_id(page->backorders[0]->order_id, order_id);
        assert_number(page->backorders[0]->rank, -4);
        assert_number(page->backorders[0]->expected_us, TEST_NOW_US + TEST_DAY_US);
        assert_done(&world, try_list(&world, behind(request, page), &page));
        assert_int_equal(page->backorder_count, 0);
        sale_close(&world);
}

static void wrong_pages_are_refused(void **state)
{
        const ocore_backorder_list *page;
        test_world world;

        (void)state;
        buy_open(&world);
        assert_refused(&world,
                try_list(&world, (ocore_backorder_list_request){.limit = 1001}, &page), OCORE_LIMIT,
                "limit");
        assert_refused(&world, try_list(&world, (ocore_backorder_list_request){.limit = -1}, &page),
                OCORE_INVALID, "limit");
        assert_refused(&world,
                try_list(&world,
                        (ocore_backorder_list_request){.sku = STR("jug"), .after_sku = STR("tea")},
                        &page),
                OCORE_INVALID, "after_sku");
        assert_null(page);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(pages_follow_each_other),
                cmocka_unit_test(one_product),
                cmocka_unit_test(wrong_pages_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
