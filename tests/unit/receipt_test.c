/*
 * Goods of a purchase order come in: what was expected becomes available, in part, in lots, with
 * more or less than was ordered; and goes in the same write to the orders that wait for it.
 */
#include "buying.h"

#define DAY TEST_DAY_US

static void assert_jugs(test_world *world, int64_t incoming, int64_t available, int64_t allocated)
{
        const ocore_stock stock = shop_stock(world, "jug", "north");

        assert_number(stock.incoming, incoming);
        assert_number(stock.available, available);
        assert_number(stock.allocated, allocated);
}

static void in_parts_to_the_last_one(void **state)
{
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy(&world, "jug", "10", 0);
        assert_jugs(&world, 10, 0, 0);
        purchase = buy_receive(&world, id, "4");
        assert_number(purchase->state, OCORE_PURCHASE_RECEIVING);
        assert_number(purchase->lines[0]->received, 4);
        assert_number(purchase->closed_us, 0);
        assert_jugs(&world, 6, 4, 0);
        assert_verified(&world);
        world.now_us += TEST_HOUR_US;
        purchase = buy_receive(&world, id, NULL);
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        assert_number(purchase->lines[0]->received, 10);
        assert_number(purchase->closed_us, world.now_us);
        assert_jugs(&world, 0, 10, 0);
        assert_refused(
                &world, buy_try_receive(&world, id, NULL, 0, 0, NULL), OCORE_STATE, "purchase_id");
        sale_close(&world);
}

/* acme may bring 10 % more of a line of 20; that comes from the supplier, not from what was
 * expected. The limit holds over several receipts. */
static void more_than_ordered(void **state)
{
        ocore_purchase_receive_line line = {.number = 1, .quantity = {23, 0, 0}};
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy(&world, "jug", "20", 0);
        assert_refused(&world, buy_try_receive(&world, id, &line, 1, 0, &purchase), OCORE_INVALID,
                "lines[0].quantity");
        assert_null(purchase);
        assert_jugs(&world, 20, 0, 0);
        line.quantity.amount = 15;
        assert_done(&world, buy_try_receive(&world, id, &line, 1, 0, &purchase));
        line.quantity.amount = 8;
        assert_refused(&world, buy_try_receive(&world, id, &line, 1, 0, &purchase), OCORE_INVALID,
                "lines[0].quantity");
        line.quantity.amount = 7;
        assert_done(&world, buy_try_receive(&world, id, &line, 1, 0, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        assert_number(purchase->lines[0]->received, 22);
        assert_number(purchase->lines[0]->quantity, 20);
        assert_jugs(&world, 0, 22, 0);
        sale_close(&world);
}

/* Some lines come short, one does not come at all, and the rest never will. */
static void less_than_ordered(void **state)
{
        const buy_line wishes[] = {{"jug", "10", 0}, {"tea", "5", 0}, {"jug", "3", 0}};
        const ocore_purchase_receive_line lines[] = {
                {3, {3, 0, 0}, {0}, 0}, {1, {4, 0, 0}, {0}, 0}, {1, {2, 0, 0}, {0}, 0}};
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy_propose(&world, wishes, 3);
        buy_step(&world, ocore_purchase_send, id);
        assert_done(&world, buy_try_receive(&world, id, lines, 3, 1, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        assert_number(purchase->lines[0]->received, 6);
        assert_number(purchase->lines[1]->received, 0);
        assert_number(purchase->lines[2]->received, 3);
        assert_jugs(&world, 0, 9, 0);
        assert_number(shop_stock(&world, "tea", "north").incoming, 0);
        assert_number(shop_stock(&world, "tea", "north").available, 100);
        sale_close(&world);
}

static ocore_stock lot_stock(test_world *world, const char *sku, const char *lot)
{
        const ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_stock_list *list;
        ocore_stock none = {.scale = 0};

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (size_t i = 0; i < list->stock_count; i++)
                if (ocore_str_equal(list->stock[i]->lot, ocore_str_of(lot)))
                        return *list->stock[i];
        return none;
}

/* A lot has its own row; what was expected stood in the one without. */
static void goods_in_lots(void **state)
{
        ocore_purchase_receive_line lines[] = {
                {1, {4, 0, 0}, STR_INIT("L1"), TEST_NOW_US + 90 * DAY},
                {1, {7, 0, 0}, STR_INIT("L2"), 0},
        };
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy(&world, "pill", "10", 0);
        assert_number(lot_stock(&world, "pill", "").incoming, 10);
        assert_refused(
                &world, buy_try_receive(&world, id, NULL, 0, 0, &purchase), OCORE_INVALID, "lines");
        lines[0].lot = STR("");
        assert_refused(&world, buy_try_receive(&world, id, lines, 2, 0, &purchase), OCORE_INVALID,
                "lines[0].lot");
        lines[0].lot = STR("L1");
        assert_done(&world, buy_try_receive(&world, id, lines, 2, 0, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED); /* with one more than ordered */
        assert_number(lot_stock(&world, "pill", "").incoming, 0);
        assert_number(lot_stock(&world, "pill", "L1").available, 4);
        assert_number(lot_stock(&world, "pill", "L1").expires_us, TEST_NOW_US + 90 * DAY);
        assert_number(lot_stock(&world, "pill", "L2").available, 7);
        assert_number(lot_stock(&world, "pill", "L2").received_us, TEST_NOW_US);
        sale_close(&world);
}

static void a_serial_number_comes_once(void **state)
{
        ocore_purchase_receive_line lines[] = {
                {1, {1, 0, 0}, STR_INIT("S1"), 0}, {1, {1, 0, 0}, STR_INIT("S1"), 0}};
        const ocore_purchase *purchase;
        ocore_id id, order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy(&world, "saw", "3", 0);
        order_id = buy_waiting(&world, "saw", "2", 0);
        assert_refused(&world, buy_try_receive(&world, id, lines, 2, 0, &purchase), OCORE_EXISTS,
                "lines[1].lot");
        lines[1].lot = STR("S2");
        assert_done(&world, buy_try_receive(&world, id, lines, 2, 0, &purchase));
        assert_waits(&world, order_id, 2, 0, 0);
        assert_int_equal(sale_order(&world, order_id)->lines[0]->allocation_count, 2);
        assert_number(lot_stock(&world, "saw", "S2").allocated, 1);
        lines[0].lot = STR("S2");
        assert_refused(&world, buy_try_receive(&world, id, lines, 1, 0, &purchase), OCORE_EXISTS,
                "lines[0].lot");
        sale_close(&world);
}

/* Three orders wait; 12 come for 5 + 5 + 5: by priority, then the oldest, to the last unit. */
static void what_comes_in_goes_to_who_waits(void **state)
{
        ocore_id id, old, urgent, young;
        test_world world;

        (void)state;
        buy_open(&world);
        old = buy_waiting(&world, "jug", "5", 1);
        world.now_us += TEST_MINUTE_US;
        young = buy_waiting(&world, "jug", "5", 1);
        world.now_us += TEST_MINUTE_US;
        urgent = buy_waiting(&world, "jug", "5", 7);
        id = buy(&world, "jug", "20", 0);
        buy_receive(&world, id, "12");
        assert_waits(&world, urgent, 5, 0, 0);
        assert_waits(&world, old, 5, 0, 0);
        assert_waits(&world, young, 2, 3, 0);
        assert_jugs(&world, 8, 0, 12);
        assert_number(sale_event(&world, young, 0).kind, OCORE_EVENT_BACKORDER_FILLED);
        assert_text(sale_event(&world, young, 0).detail, "jug");
        assert_number(sale_order(&world, old)->lines[0]->allocations[0]->reason,
                OCORE_ALLOCATED_FROM_SUPPLY);
        assert_verified(&world);
        buy_receive(&world, id, "8");
        assert_waits(&world, young, 5, 0, 0);
        assert_jugs(&world, 0, 5, 15);
        sale_close(&world);
}

/* The younger order was promised the first supply; the urgent one that came later gets it, and the
 * younger is promised what is next. */
static void who_loses_it_is_promised_anew(void **state)
{
        ocore_id first, calm, urgent;
        test_world world;

        (void)state;
        buy_open(&world);
        first = buy(&world, "jug", "5", TEST_NOW_US + DAY);
        buy(&world, "jug", "5", TEST_NOW_US + 4 * DAY);
        calm = buy_waiting(&world, "jug", "5", 1);
        urgent = buy_waiting(&world, "jug", "5", 2);
        assert_waits(&world, calm, 0, 5, TEST_NOW_US + DAY);
        assert_waits(&world, urgent, 0, 5, TEST_NOW_US + 4 * DAY);
        buy_receive(&world, first, NULL);
        assert_waits(&world, urgent, 5, 0, 0);
        assert_waits(&world, calm, 0, 5, TEST_NOW_US + 4 * DAY);
        assert_number(sale_event(&world, calm, 0).kind, OCORE_EVENT_PROMISE_CHANGED);
        sale_close(&world);
}

/* Made for one order: that is served first, however late it stands in the queue. */
static void what_was_made_for_an_order_is_its(void **state)
{
        ocore_purchase_receive_line line = {.number = 1, .quantity = {4, 0, 0}};
        ocore_id urgent, mine, made;
        const ocore_purchase *purchase;
        test_world world;

        (void)state;
        buy_open(&world);
        urgent = buy_waiting(&world, "desk", "5", 9);
        mine = buy_waiting(&world, "desk", "4", 0);
        made = buy_arrange(&world, mine, "")->purchases[0]->id;
        buy_step(&world, ocore_purchase_send, made);
        assert_waits(&world, mine, 0, 4, TEST_NOW_US + 5 * DAY);
        assert_waits(&world, urgent, 0, 5, 0);
        sale_cancel(&world, mine, 1, "1");
        assert_done(&world, buy_try_receive(&world, made, &line, 1, 0, &purchase));
        assert_waits(&world, mine, 3, 0, 0);
        assert_waits(&world, urgent, 0, 5, 0); /* what it waits for is made for it alone */
        assert_number(shop_stock(&world, "desk", "north").available, 1);
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        sale_close(&world);
}

static void preorders_wait_for_their_release(void **state)
{
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_goods(&world,
                (buy_product){"disc", OCORE_SHORT_BACKORDER, "acme", 0, 0, TEST_NOW_US + 10 * DAY});
        order_id = buy_waiting(&world, "disc", "2", 0);
        assert_number(sale_order(&world, order_id)->backorders[0]->kind, OCORE_BACKORDER_PREORDER);
        buy_receive(&world, buy(&world, "disc", "5", 0), NULL);
        assert_waits(&world, order_id, 0, 2, 0);
        assert_number(shop_stock(&world, "disc", "north").available, 5);
        world.now_us += 10 * DAY;
        buy_receive(&world, buy(&world, "disc", "1", 0), NULL);
        assert_waits(&world, order_id, 1, 1, 0); /* of what came in now */
        sale_close(&world);
}

/* Orders leave the safety stock alone, and a closed site gives nothing. */
static void what_is_not_free_is_not_given_away(void **state)
{
        ocore_stock_rule_request rule = {.struct_size = sizeof rule, .sku = STR("jug")};
        ocore_site_request site = {.struct_size = sizeof site, .site = STR("north"), .closed = 1};
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        rule.id = test_next_id(&world);
        rule.safety = test_quantity("4");
        assert_done(&world, ocore_stock_rule_put(world.core, &rule, NULL));
        order_id = buy_waiting(&world, "jug", "10", 0);
        buy_receive(&world, buy(&world, "jug", "3", 0), NULL);
        assert_waits(&world, order_id, 0, 10, 0);
        buy_receive(&world, buy(&world, "jug", "3", 0), NULL);
        assert_waits(&world, order_id, 2, 8, 0);
        assert_jugs(&world, 0, 4, 2);
        site.id = test_next_id(&world);
        assert_done(&world, ocore_site_put(world.core, &site, NULL));
        buy_receive(&world, buy(&world, "jug", "3", 0), NULL);
        assert_waits(&world, order_id, 2, 8, 0);
        sale_close(&world);
}

/* Each receipt asks the store as often, however many units it is. */
static void the_cost_does_not_depend_on_the_quantity(void **state)
{
        static const char *const quantities[] = {"1", "1000", "1000000"};
        int64_t requests[3];
        test_world world;

        (void)state;
        for (size_t i = 0; i < 3; i++) {
                ocore_id id;

                buy_open(&world);
                buy_waiting(&world, "jug", quantities[i], 0);
                id = buy(&world, "jug", quantities[i], 0);
                requests[i] = world.memory.requests;
                buy_receive(&world, id, NULL);
                requests[i] = world.memory.requests - requests[i];
                sale_close(&world);
        }
        assert_number(requests[1], requests[0]);
        assert_number(requests[2], requests[0]);
}

static void wrong_receipts_are_refused(void **state)
{
        static const struct {
                ocore_purchase_receive_line line;
                int status;
                const char *field;
        } cases[] = {
                {{0, {1, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].number"},
                {{2, {1, 0, 0}, {0}, 0}, OCORE_NOT_FOUND, "lines[0].number"},
                {{INT64_MAX, {1, 0, 0}, {0}, 0}, OCORE_NOT_FOUND, "lines[0].number"},
                {{1, {0, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"},
                {{1, {-1, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"},
                {{1, {15, 1, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"},
                {{1, {INT64_MAX, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"},
                {{1, {1, 0, 0}, {0}, -1}, OCORE_INVALID, "lines[0].expires_us"},
        };
        const ocore_purchase *purchase;
        ocore_id id, boxes;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy(&world, "jug", "5", 0);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_refused(&world, buy_try_receive(&world, id, &cases[i].line, 1, 0, &purchase),
                        cases[i].status, cases[i].field);
                assert_null(purchase);
        }
        assert_jugs(&world, 5, 0, 0);
        assert_refused(&world, buy_try_receive(&world, test_id(4), NULL, 0, 0, &purchase),
                OCORE_NOT_FOUND, "purchase_id");
        boxes = buy_arrange(&world, buy_waiting(&world, "box", "2", 0), "")->purchases[0]->id;
        buy_step(&world, ocore_purchase_send, boxes);
        assert_refused(&world, buy_try_receive(&world, boxes, NULL, 0, 0, &purchase), OCORE_STATE,
                "purchase_id");
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(in_parts_to_the_last_one),
                cmocka_unit_test(more_than_ordered),
                cmocka_unit_test(less_than_ordered),
                cmocka_unit_test(goods_in_lots),
                cmocka_unit_test(a_serial_number_comes_once),
                cmocka_unit_test(what_comes_in_goes_to_who_waits),
                cmocka_unit_test(who_loses_it_is_promised_anew),
                cmocka_unit_test(what_was_made_for_an_order_is_its),
                cmocka_unit_test(preorders_wait_for_their_release),
                cmocka_unit_test(what_is_not_free_is_not_given_away),
                cmocka_unit_test(the_cost_does_not_depend_on_the_quantity),
                cmocka_unit_test(wrong_receipts_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
