/*
 * Allocating anew: units leave a closed site or one that is to give nothing more, what waits is
 * filled from what has come, nothing becomes worse by it, only the difference is moved, and the
 * wishes of the draft still count. Verify proves the books after each.
 */
#include "buying.h"
#include "assortment.h"

static int try_again(
        test_world *world, ocore_id order_id, const char *site, const ocore_order **out)
{
        const ocore_order_reallocate_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .site = ocore_str_of(site),
                .reason = STR("the roof leaks")};

        return ocore_order_reallocate(world->core, &request, out);
}

static const ocore_order *again(test_world *world, ocore_id order_id, const char *site)
{
        const ocore_order *order;

        assert_done(world, try_again(world, order_id, site, &order));
        assert_number(sale_event(world, order_id, 0).kind, OCORE_EVENT_ORDER_REALLOCATED);
        assert_text(sale_event(world, order_id, 0).detail, "the roof leaks");
        assert_verified(world);
        return sale_order(world, order_id);
}

static void close_site(test_world *world, const char *site, int64_t closed)
{
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .priority = 1,
                .closed = closed};

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

/* Units of a line allocated at a site, whatever the lot. */
static int64_t at(const ocore_order *order, size_t line, const char *site)
{
        int64_t sum = 0;

        for (size_t i = 0; i < order->lines[line]->allocation_count; i++) {
                const ocore_allocation *row = order->lines[line]->allocations[i];

                if (ocore_str_equal(row->site, ocore_str_of(site)))
                        sum += row->allocated;
        }
        return sum;
}

static int64_t moves(test_world *world)
{
        const ocore_stock_history_request request = {
                .struct_size = sizeof request, .sku = STR("cup"), .limit = 1000};
        const ocore_stock_history *history;

        assert_done(world, ocore_stock_history_page(world->core, &request, &history));
        return (int64_t)history->move_count;
}

static void units_leave_a_closed_site_as_far_as_they_can(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        int64_t before;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "6"); /* 3 north, 3 south */
        before = moves(&world);
        order = again(&world, order_id, ""); /* all is well: nothing moves */
        assert_number(at(order, 0, "north"), 3);
        assert_number(at(order, 0, "south"), 3);
        assert_number(moves(&world), before);
        close_site(&world, "north", 1);
        order = again(&world, order_id, "");
        assert_number(at(order, 0, "south"), 6);
        assert_number(shop_stock(&world, "cup", "north").available, 3);
        assert_number(shop_stock(&world, "cup", "south").allocated, 6);
        assert_number(moves(&world), before + 2);
        close_site(&world, "north", 0);
        order_id = sale_of(&world, "cup", "5"); /* 3 north, 2 south */
        close_site(&world, "north", 1);
        order = again(&world, order_id, ""); /* two are free at south: one stays where it is */
        assert_number(at(order, 0, "north"), 1);
        assert_number(at(order, 0, "south"), 4);
        assert_number(shop_stock(&world, "cup", "north").available, 2);
        before = moves(&world);
        order = again(&world, order_id, "");
        assert_number(at(order, 0, "north"), 1);
        assert_number(moves(&world), before);
        sale_close(&world);
}

static void a_site_that_gives_nothing_more_is_left(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "12"); /* 3 north, 9 south */
        order = again(&world, order_id, "north");
        assert_number(at(order, 0, "north"), 0);
        assert_number(at(order, 0, "south"), 10);
        assert_number(order->lines[0]->backordered, 2);
        assert_number(order->backorders[0]->kind, OCORE_BACKORDER_SUPPLY);
        assert_number(shop_stock(&world, "cup", "north").available, 3);
        assert_refused(&world, try_again(&world, order_id, "north", &order), OCORE_STATE, "site");
        assert_refused(&world, try_again(&world, order_id, "west", &order), OCORE_STATE, "site");
        order = again(&world, order_id, ""); /* and now north may give again */
        assert_number(at(order, 0, "north"), 3);
        assert_number(at(order, 0, "south"), 9);
        assert_number(order->lines[0]->backordered, 0);
        sale_close(&world);
}

static void what_waits_is_filled_from_what_is_there(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy(&world, "jug", "9", TEST_NOW_US + TEST_DAY_US);
        order_id = buy_waiting(&world, "jug", "5", 0);
        order = again(&world, order_id, ""); /* nothing has come yet */
        assert_waits(&world, order_id, 0, 5, TEST_NOW_US + TEST_DAY_US);
        shop_receive(&world, "jug", "south", "3");
        again(&world, order_id, "");
        assert_waits(&world, order_id, 3, 2, TEST_NOW_US + TEST_DAY_US);
        shop_receive(&world, "jug", "north", "3");
        again(&world, order_id, "");
        assert_waits(&world, order_id, 5, 0, 0);
        order = sale_order(&world, order_id); /* by priority: 3 of north before 2 of south */
        assert_number(at(order, 0, "north"), 3);
        assert_number(at(order, 0, "south"), 2);
        assert_number(shop_stock(&world, "jug", "south").available, 1);
        sale_close(&world);
}

/* Neither a preorder before its release, nor what is made for the order, is filled from stock. */
static void what_must_wait_waits(void **state)
{
        test_world world;
        ocore_id book, desk;

        (void)state;
        buy_open(&world);
        buy_goods(&world, (buy_product){"book", OCORE_SHORT_BACKORDER, "acme", 0, 0,
                                  TEST_NOW_US + TEST_DAY_US});
        shop_receive(&world, "book", "north", "5");
        book = buy_waiting(&world, "book", "2", 0);
        again(&world, book, "");
        assert_waits(&world, book, 0, 2, 0);
        desk = buy_waiting(&world, "desk", "2", 0);
        buy_arrange(&world, desk, "north");
        shop_receive(&world, "desk", "north", "5");
        again(&world, desk, "");
        assert_waits(&world, desk, 0, 2, 0);
        world.now_us += TEST_DAY_US;
        again(&world, book, "");
        assert_waits(&world, book, 2, 0, 0);
        sale_close(&world);
}

static void the_wishes_of_the_draft_still_count(void **state)
{
        static const ocore_site_wish shun = {STR_INIT("south"), 1};
        ocore_draft_line lines[] = {line_of("cup", "2"), line_of("cup", "2")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_site(&world, "west", 3);
        shop_receive(&world, "cup", "west", "10");
        lines[1].site = STR("west");
        draft = draft_of(&world, lines, 2);
        draft.sites = &shun;
        draft.site_count = 1;
        draft.site_stride = sizeof shun;
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(at(order, 0, "north"), 2);
        order = again(&world, draft.id, "north"); /* not to south, which is shunned */
        assert_number(at(order, 0, "west"), 2);
        assert_number(at(order, 1, "west"), 2);
        order = again(&world, draft.id, "west"); /* line 2 wants nothing from elsewhere */
        assert_number(at(order, 0, "north"), 2);
        assert_number(order->lines[1]->backordered, 2);
        sale_close(&world);
}

static void a_new_safety_stock_takes_nothing_away(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "13");
        assorted_rule(&world, "cup", "", "2", 0);
        order = again(&world, order_id, "");
        assert_number(order->lines[0]->allocated, 13);
        sale_cancel(&world, order_id, 1, "6");
        order_id = sale_of(&world, "cup", "2"); /* of 3 free at each site 2 are kept */
        order = again(&world, order_id, "");
        assert_number(order->lines[0]->allocated, 2);
        sale_close(&world);
}

static void parts_of_bundles_move_like_others_and_lists_stay(void **state)
{
        static const assorted_part parts[] = {{"cup", "2"}, {"tea", "1"}};
        const sale_line lines[] = {{"set", "2"}, {"cup", "1"}};
        const ocore_order *order;
        ocore_line_quantity some = {4, {1, 0, 0}};
        ocore_fulfillment_request pick = {.struct_size = sizeof pick,
                .site = STR("north"),
                .lines = &some,
                .line_count = 1,
                .line_stride = sizeof some};
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "set", 0, 0, parts, 2);
        pick.order_id = sale_place(&world, lines, 2, "");
        sale_confirm(&world, pick.order_id);
        pick.id = test_next_id(&world);
        assert_done(&world, ocore_fulfillment_create(world.core, &pick, NULL));
        order = again(&world, pick.order_id, "north"); /* one tea is on a list, one can move */
        assert_int_equal(order->line_count, 4);
        assert_number(at(order, 2, "south"), 4);
        assert_number(order->lines[3]->allocated, 1);
        assert_number(order->lines[3]->backordered, 1);
        sale_close(&world);
}

static void wrong_requests_change_nothing(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_refused(
                &world, try_again(&world, test_id(3), "", &order), OCORE_NOT_FOUND, "order_id");
        order_id = sale_of(&world, "cup", "2");
        sale_release(&world, order_id, "north");
        assert_refused(&world, try_again(&world, order_id, "", &order), OCORE_STATE, "order_id");
        assert_null(order);
        assert_refused(&world, try_again(&world, order_id, "north", &order), OCORE_STATE, "site");
        order_id = sale_of(&world, "wrap", "1"); /* completed */
        assert_refused(&world, try_again(&world, order_id, "", &order), OCORE_STATE, "order_id");
        order_id = sale_of(&world, "cup", "2");
        sale_cancel(&world, order_id, 1, NULL);
        assert_refused(&world, try_again(&world, order_id, "", &order), OCORE_STATE, "order_id");
        sale_close(&world);
}

static void the_same_request_again_is_once(void **state)
{
        ocore_order_reallocate_request request = {
                .struct_size = sizeof request, .site = STR("north")};
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        request.id = test_next_id(&world);
        request.order_id = sale_of(&world, "cup", "2");
        assert_done(&world, ocore_order_reallocate(world.core, &request, &order));
        assert_status(&world, ocore_order_reallocate(world.core, &request, &order), OCORE_ALREADY);
        assert_number(at(order, 0, "south"), 2);
        request.site = STR("south");
        assert_refused(&world, ocore_order_reallocate(world.core, &request, &order),
                OCORE_ID_REUSED, "site");
        sale_close(&world);
}

/* Units by lot: each piece goes where it is, and a lot that is recalled is not chosen again. */
static void lots_move_one_by_one(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        assorted_lot(&world, "pill", "north", "A", "2", TEST_NOW_US + 9 * TEST_DAY_US);
        assorted_lot(&world, "pill", "north", "B", "2", TEST_NOW_US + 8 * TEST_DAY_US);
        assorted_lot(&world, "pill", "south", "A", "4", TEST_NOW_US + 9 * TEST_DAY_US);
        order_id = buy_waiting(&world, "pill", "3", 0); /* 2 of B, then 1 of A */
        order = again(&world, order_id, "");
        assert_int_equal(order->lines[0]->allocation_count, 2);
        order = again(&world, order_id, "north");
        assert_number(at(order, 0, "south"), 3);
        order = again(&world, order_id, "");
        assert_number(at(order, 0, "north"), 3);
        world.now_us += 8 * TEST_DAY_US; /* B has expired meanwhile */
        order = again(&world, order_id, "");
        assert_number(at(order, 0, "north"), 2);
        assert_number(at(order, 0, "south"), 1);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(units_leave_a_closed_site_as_far_as_they_can),
                cmocka_unit_test(a_site_that_gives_nothing_more_is_left),
                cmocka_unit_test(what_waits_is_filled_from_what_is_there),
                cmocka_unit_test(what_must_wait_waits),
                cmocka_unit_test(the_wishes_of_the_draft_still_count),
                cmocka_unit_test(a_new_safety_stock_takes_nothing_away),
                cmocka_unit_test(parts_of_bundles_move_like_others_and_lists_stay),
                cmocka_unit_test(wrong_requests_change_nothing),
                cmocka_unit_test(the_same_request_again_is_once),
                cmocka_unit_test(lots_move_one_by_one),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
