/*
 * The queue of a product as receipts and confirmations serve it: orders of the unit itself, orders
 * that wait on several lines or for several products, queues longer than one command looks at, and
 * what all of it costs.
 */
#include "buying.h"

#include <stdlib.h>

#define DAY TEST_DAY_US

/* The order and the receipt are one fact, and the receipt sees the order. */
static void the_unit_s_own_orders_are_served(void **state)
{
        ocore_id before, within, id;
        test_world world;

        (void)state;
        buy_open(&world);
        before = buy_waiting(&world, "jug", "2", 0);
        id = buy(&world, "jug", "10", 0);
        assert_done(&world, ocore_unit_begin(world.core));
        within = buy_waiting(&world, "jug", "5", 3);
        sale_cancel(&world, before, 1, "1"); /* less than the store says */
        buy_receive(&world, id, "5");
        buy_receive(&world, id, "1");
        assert_done(&world, ocore_unit_commit(world.core));
        assert_waits(&world, within, 5, 0, 0);
        assert_waits(&world, before, 1, 0, 0);
        assert_number(shop_stock(&world, "jug", "north").available, 0);
        sale_close(&world);
}

/* What the unit took out of the queue is not served, though the store still says so. */
static void what_the_unit_cancelled_is_not_served(void **state)
{
        ocore_id order_id, id;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = buy_waiting(&world, "jug", "2", 0);
        id = buy(&world, "jug", "10", 0);
        assert_done(&world, ocore_unit_begin(world.core));
        sale_cancel(&world, order_id, 1, NULL);
        buy_receive(&world, id, NULL);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_CANCELLED);
        assert_number(shop_stock(&world, "jug", "north").available, 10);
        sale_close(&world);
}

/* An order that waits for two products on three lines: one receipt changes it once, and it is told
 * once of each product. */
static void an_order_with_several_lines_changes_once(void **state)
{
        const ocore_draft_line drafted[] = {
                line_of("jug", "3"), line_of("pan", "2"), line_of("jug", "4")};
        const buy_line bought[] = {{"pan", "2", 0}, {"jug", "6", 0}};
        const ocore_order *order;
        ocore_order_draft draft;
        int64_t version, events;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_goods(&world, (buy_product){"pan", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
        draft = draft_of(&world, drafted, 3);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        id = buy_propose(&world, bought, 2);
        buy_step(&world, ocore_purchase_send, id);
        version = sale_order(&world, draft.id)->version;
        events = sale_order(&world, draft.id)->event_count;
        buy_receive(&world, id, NULL);
        order = sale_order(&world, draft.id);
        assert_number(order->version, version + 1);
        assert_number(order->event_count, events + 2);
        assert_number(order->lines[0]->allocated, 3);
        assert_number(order->lines[1]->allocated, 2);
        assert_number(order->lines[2]->allocated, 3);
        assert_number(order->lines[2]->backordered, 1);
        assert_int_equal(order->backorder_count, 1);
        for (size_t back = 0; back < 2; back++)
                assert_number(
                        sale_event(&world, draft.id, back).kind, OCORE_EVENT_BACKORDER_FILLED);
        sale_close(&world);
}

/* Who keeps what he was promised, at the time he was promised it, is not touched. */
static void who_is_not_concerned_is_not_touched(void **state)
{
        ocore_id first, second, kept, lost;
        int64_t version;
        test_world world;

        (void)state;
        buy_open(&world);
        first = buy(&world, "jug", "5", TEST_NOW_US + DAY);
        second = buy(&world, "jug", "5", TEST_NOW_US + 2 * DAY);
        kept = buy_waiting(&world, "jug", "5", 2);
        lost = buy_waiting(&world, "jug", "5", 1);
        version = sale_order(&world, kept)->version;
        buy_confirm(&world, second, "5", TEST_NOW_US + 9 * DAY);
        assert_number(sale_order(&world, kept)->version, version);
        assert_waits(&world, kept, 0, 5, TEST_NOW_US + DAY);
        assert_waits(&world, lost, 0, 5, TEST_NOW_US + 9 * DAY);
        buy_step(&world, ocore_purchase_cancel, first);
        assert_waits(&world, kept, 0, 5, 0);
        assert_waits(&world, lost, 0, 5, TEST_NOW_US + 9 * DAY); /* that was his all along */
        sale_close(&world);
}

/* A part comes; what is left of the same order's promise stands, and is dated by the rest. */
static void a_part_of_what_was_promised_comes(void **state)
{
        ocore_id early, late, order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        early = buy(&world, "jug", "4", TEST_NOW_US + DAY);
        late = buy(&world, "jug", "6", TEST_NOW_US + 5 * DAY);
        order_id = buy_waiting(&world, "jug", "9", 0);
        assert_waits(&world, order_id, 0, 9, TEST_NOW_US + 5 * DAY);
        buy_receive(&world, early, "3");
        assert_waits(&world, order_id, 3, 6, TEST_NOW_US + 5 * DAY);
        assert_verified(&world);
        buy_receive(&world, late, "5"); /* sooner than thought: one more is needed, of early */
        assert_waits(&world, order_id, 8, 1, TEST_NOW_US + DAY);
        buy_receive(&world, early, NULL);
        assert_waits(&world, order_id, 9, 0, 0);
        sale_close(&world);
}

/* One command goes on behind the first thousand as long as something is left. */
static void a_queue_longer_than_a_page(void **state)
{
        enum { COUNT = 1040 };
        ocore_id *orders = calloc(COUNT, sizeof *orders), id;
        size_t filled = 0;
        test_world world;

        (void)state;
        assert_non_null(orders);
        buy_open(&world);
        for (size_t i = 0; i < COUNT; i++) {
                orders[i] = buy_waiting(&world, "jug", "1", 0);
                world.now_us++;
        }
        id = buy(&world, "jug", "2000", 0);
        buy_receive(&world, id, "1020");
        for (size_t i = 0; i < COUNT; i++) {
                int64_t got = sale_order(&world, orders[i])->lines[0]->allocated;

                assert_int_equal(got, i < 1020);
                filled += (size_t)got;
        }
        assert_int_equal(filled, 1020);
        assert_number(shop_stock(&world, "jug", "north").available, 0);
        buy_receive(&world, id, "40");
        assert_waits(&world, orders[COUNT - 1], 1, 0, 0);
        assert_number(shop_stock(&world, "jug", "north").available, 20);
        free(orders);
        sale_close(&world);
}

/* Requests for memory, which follow rows and steps: of a receipt of `lines` lines that an order
 * waits for line by line. All of one product, or each of its own. */
static int64_t cost_of(size_t lines, int one_product)
{
        ocore_draft_line *drafted = calloc(lines, sizeof *drafted);
        ocore_purchase_request_line *bought = calloc(lines, sizeof *bought);
        char(*codes)[8] = calloc(lines, sizeof *codes);
        ocore_order_draft draft;
        ocore_purchase_request request;
        const buy_line none = {"", "0", 0};
        int64_t cost;
        test_world world;

        assert_true(drafted && bought && codes);
        buy_open(&world);
        for (size_t i = 0; i < lines; i++) {
                snprintf(codes[i], sizeof codes[i], "g%u", one_product ? 0 : (unsigned)i);
                if (!i || !one_product)
                        buy_goods(&world,
                                (buy_product){codes[i], OCORE_SHORT_BACKORDER, NULL, 0, 0, 0});
                drafted[i] = line_of(codes[i], "2");
        }
        draft = draft_of(&world, drafted, lines);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        request = buy_request(&world, bought, &none, 0);
        for (size_t i = 0; i < lines; i++)
                bought[i] = (ocore_purchase_request_line){
                        ocore_str_of(codes[i]), test_quantity("2"), 0};
        request.line_count = lines;
        assert_done(&world, ocore_purchase_propose(world.core, &request, NULL));
        buy_step(&world, ocore_purchase_send, request.id);
        test_reopen(&world);
        cost = world.memory.requests;
        buy_receive(&world, request.id, NULL);
        cost = world.memory.requests - cost;
        assert_int_equal(sale_order(&world, draft.id)->backorder_count, 0);
        free(drafted);
        free(bought);
        free(codes);
        sale_close(&world);
        return cost;
}

static void the_cost_is_in_proportion_to_the_lines(void **state)
{
        (void)state;
        for (int one_product = 0; one_product < 2; one_product++) {
                int64_t few = cost_of(30, one_product), many = cost_of(300, one_product);

                if (many > few * 12)
                        fail_msg("30 lines: %d requests for memory, 300 lines: %d", (int)few,
                                (int)many);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_unit_s_own_orders_are_served),
                cmocka_unit_test(what_the_unit_cancelled_is_not_served),
                cmocka_unit_test(an_order_with_several_lines_changes_once),
                cmocka_unit_test(who_is_not_concerned_is_not_touched),
                cmocka_unit_test(a_part_of_what_was_promised_comes),
                cmocka_unit_test(a_queue_longer_than_a_page),
                cmocka_unit_test(the_cost_is_in_proportion_to_the_lines),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
