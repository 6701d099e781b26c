/*
 * Holds: placed all or none, given back by release or by the pump after the deadline, converted by
 * an order whole or in part with the rest available again, and over after that. The sums of all
 * balances are checked against what the tests expect, and the store is verified at each end.
 */
#include "draft.h"

static ocore_hold_request hold_of(
        test_world *world, const ocore_hold_request_line *lines, size_t count)
{
        return (ocore_hold_request){.struct_size = sizeof(ocore_hold_request),
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_HOUR_US,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};
}

static ocore_hold_request_line held(const char *sku, const char *quantity)
{
        return (ocore_hold_request_line){ocore_str_of(sku), test_quantity(quantity)};
}

/* Holds one line for an hour. */
static ocore_id hold(test_world *world, const char *sku, const char *quantity)
{
        const ocore_hold_request_line line = held(sku, quantity);
        const ocore_hold_request request = hold_of(world, &line, 1);

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

static int release(test_world *world, ocore_id hold_id, const ocore_hold **out)
{
        const ocore_hold_release_request request = {sizeof request, test_next_id(world), hold_id};

        return ocore_hold_release(world->core, &request, out);
}

static const ocore_hold *look(test_world *world, ocore_id hold_id)
{
        const ocore_hold_key key = {sizeof key, hold_id};
        const ocore_hold *found;

        assert_done(world, ocore_hold_get(world->core, &key, &found));
        return found;
}

static void assert_cups(
        test_world *world, const char *site, int64_t available, int64_t in_hold, int64_t allocated)
{
        ocore_stock stock = shop_stock(world, "cup", site);

        assert_number(stock.available, available);
        assert_number(stock.held, in_hold);
        assert_number(stock.allocated, allocated);
}

static void placing_holds_all_or_none(void **state)
{
        const ocore_hold_request_line lines[] = {
                held("cup", "5"), held("rice", "1.5"), held("cup", "1")};
        ocore_hold_request request;
        const ocore_hold *placed;
        test_world world;

        (void)state;
        sale_open(&world);
        request = hold_of(&world, lines, 3);
        assert_done(&world, ocore_hold_place(world.core, &request, &placed));
        assert_same_id(placed->id, request.id);
        assert_number(placed->state, OCORE_HOLD_OPEN);
        assert_number(placed->due_us, request.expires_us);
        assert_int_equal(placed->line_count, 4); /* cups from two sites, rice, another cup */
        assert_text(placed->lines[0]->site, "north");
        assert_number(placed->lines[0]->quantity, 3);
        assert_number(placed->lines[0]->reason, OCORE_ALLOCATED_BY_PRIORITY);
        assert_text(placed->lines[1]->site, "south");
        assert_number(placed->lines[1]->quantity, 2);
        assert_number(placed->lines[2]->quantity, 1500);
        assert_number(placed->lines[3]->number, 4);
        assert_cups(&world, "north", 0, 3, 0);
        assert_cups(&world, "south", 7, 3, 0);
        assert_status(&world, ocore_hold_place(world.core, &request, &placed), OCORE_ALREADY);
        assert_int_equal(placed->line_count, 4);
        request.id = test_next_id(&world);
        assert_done(&world, ocore_hold_place(world.core, &request, NULL));
        request.id = test_next_id(&world);
        assert_refused(&world, ocore_hold_place(world.core, &request, &placed), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_null(placed);
        assert_cups(&world, "south", 1, 9, 0);
        sale_close(&world);
}

static void wrong_holds_are_refused(void **state)
{
        const struct {
                ocore_hold_request_line line;
                int64_t expires_us; /* from now */
                int status;
                const char *field;
        } cases[] = {
                {held("none", "1"), 1, OCORE_NOT_FOUND, "lines[0].sku"},
                {held("wrap", "1"), 1, OCORE_INVALID, "lines[0].sku"},
                {held("cup", "0"), 1, OCORE_INVALID, "lines[0].quantity"},
                {held("cup", "-1"), 1, OCORE_INVALID, "lines[0].quantity"},
                {held("cup", "1.5"), 1, OCORE_INVALID, "lines[0].quantity"},
                {held("cup", "1"), 0, OCORE_LAPSED, "expires_us"},
                {held("cup", "1"), -1, OCORE_LAPSED, "expires_us"},
                {held("cup", "1"), -TEST_NOW_US, OCORE_INVALID, "expires_us"},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_hold_request request = hold_of(&world, &cases[i].line, 1);

                request.expires_us = world.now_us + cases[i].expires_us;
                assert_refused(&world, ocore_hold_place(world.core, &request, NULL),
                        cases[i].status, cases[i].field);
        }
        assert_cups(&world, "north", 3, 0, 0);
        sale_close(&world);
}

static void releasing_gives_back_once(void **state)
{
        const ocore_hold *over;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold(&world, "cup", "5");
        assert_done(&world, release(&world, hold_id, &over));
        assert_number(over->state, OCORE_HOLD_RELEASED);
        assert_number(over->due_us, 0);
        assert_cups(&world, "north", 3, 0, 0);
        assert_cups(&world, "south", 10, 0, 0);
        assert_refused(&world, release(&world, hold_id, &over), OCORE_STATE, "hold_id");
        assert_refused(&world, release(&world, test_id(9), &over), OCORE_NOT_FOUND, "hold_id");
        assert_null(over);
        world.now_us += TEST_DAY_US;
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_number(look(&world, hold_id)->state, OCORE_HOLD_RELEASED);
        sale_close(&world);
}

static void the_pump_lapses_what_is_due(void **state)
{
        ocore_pumped pumped;
        ocore_id first, second;
        int64_t due_us;
        test_world world;

        (void)state;
        sale_open(&world);
        first = hold(&world, "cup", "3");
        world.now_us += TEST_MINUTE_US;
        second = hold(&world, "cup", "3");
        assert_done(&world, ocore_next_due(world.core, &due_us));
        assert_number(due_us, TEST_NOW_US + TEST_HOUR_US);
        world.now_us = due_us - 1;
        assert_status(&world, ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 0);
        world.now_us = due_us;
        assert_status(&world, ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 1);
        assert_number(look(&world, first)->state, OCORE_HOLD_LAPSED);
        assert_number(look(&world, second)->state, OCORE_HOLD_OPEN);
        assert_cups(&world, "north", 3, 0, 0);
        assert_cups(&world, "south", 7, 3, 0);
        assert_status(&world, ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 0);
        assert_refused(&world, release(&world, first, NULL), OCORE_LAPSED, "hold_id");
        sale_close(&world);
}

/* An order of these lines from a hold of those: what is allocated where, and why. */
static void orders_take_from_holds(void **state)
{
        static const struct {
                const char *in_hold, *ordered; /* cups */
                int64_t north[3], south[3];    /* available, held, allocated afterwards */
                const char *pieces;            /* site, quantity, from hold or not */
        } cases[] = {
                {"3", "3", {0, 0, 3}, {10, 0, 0}, "north 3 h"},
                {"5", "5", {0, 0, 3}, {8, 0, 2}, "north 3 h, south 2 h"},
                {"5", "2", {1, 0, 2}, {10, 0, 0}, "north 2 h"},           /* in part */
                {"2", "4", {0, 0, 3}, {9, 0, 1}, "north 3 h, south 1 p"}, /* more than the hold */
                {"13", "13", {0, 0, 3}, {0, 0, 10}, "north 3 h, south 10 h"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_draft_line line;
                ocore_order_draft draft;
                const ocore_order *order;
                ocore_id hold_id;
                char text[100];
                size_t used = 0;
                test_world world;

                sale_open(&world);
                hold_id = hold(&world, "cup", cases[i].in_hold);
                line = line_of("cup", cases[i].ordered);
                draft = draft_of(&world, &line, 1);
                draft.hold_id = hold_id;
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                for (size_t n = 0; n < order->lines[0]->allocation_count; n++) {
                        const ocore_allocation *row = order->lines[0]->allocations[n];

                        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s %lld %s",
                                n ? ", " : "", (int)row->site.size, row->site.data,
                                (long long)row->allocated,
                                row->reason == OCORE_ALLOCATED_FROM_HOLD ? "h" : "p");
                }
                assert_string_equal(text, cases[i].pieces);
                assert_cups(
                        &world, "north", cases[i].north[0], cases[i].north[1], cases[i].north[2]);
                assert_cups(
                        &world, "south", cases[i].south[0], cases[i].south[1], cases[i].south[2]);
                assert_number(look(&world, hold_id)->state, OCORE_HOLD_CONVERTED);
                assert_same_id(look(&world, hold_id)->order_id, draft.id);
                draft.id = test_next_id(&world); /* it is converted once */
                assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_STATE,
                        "hold_id");
                assert_refused(&world, release(&world, hold_id, NULL), OCORE_STATE, "hold_id");
                sale_close(&world);
        }
}

/* Several lines share a hold in their order, and what the order does not name goes back. */
static void lines_share_a_hold_and_the_rest_goes_back(void **state)
{
        const ocore_hold_request_line lines[] = {
                held("cup", "4"), held("tea", "6"), held("rice", "2")};
        const ocore_draft_line ordered[] = {line_of("cup", "1"), line_of("wrap", "1"),
                line_of("cup", "5"), line_of("rice", "0.5")};
        ocore_hold_request request;
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        request = hold_of(&world, lines, 3);
        assert_done(&world, ocore_hold_place(world.core, &request, NULL));
        draft = draft_of(&world, ordered, 4);
        draft.hold_id = request.id;
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->allocated, 1);
        assert_int_equal(order->lines[1]->allocation_count, 0);
        assert_number(order->lines[2]->allocated, 5);
        assert_number(order->lines[3]->allocated, 500);
        assert_cups(&world, "north", 0, 0, 3);
        assert_cups(&world, "south", 7, 0, 3);
        assert_number(shop_stock(&world, "tea", "north").available, 100);
        assert_number(shop_stock(&world, "tea", "north").held, 0);
        assert_number(shop_stock(&world, "rice", "north").available, 19500);
        assert_number(shop_stock(&world, "rice", "north").allocated, 500);
        sale_close(&world);
}

static void an_expired_hold_cannot_be_converted(void **state)
{
        ocore_draft_line line;
        ocore_order_draft draft;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold(&world, "cup", "13");
        line = line_of("cup", "1");
        draft = draft_of(&world, &line, 1);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity"); /* all is held */
        draft.hold_id = hold_id;
        world.now_us += TEST_HOUR_US;
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_LAPSED, "hold_id");
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_LAPSED, "hold_id");
        draft.hold_id = test_id(99);
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_NOT_FOUND, "hold_id");
        draft.hold_id = (ocore_id){{0}};
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_close(&world);
}

static void an_order_that_is_refused_leaves_its_hold(void **state)
{
        ocore_draft_line line;
        ocore_order_draft draft;
        ocore_id hold_id;
        const ocore_order_quote *quote;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold(&world, "cup", "4");
        line = line_of("cup", "14");
        draft = draft_of(&world, &line, 1);
        draft.hold_id = hold_id;
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        line = line_of("cup", "13");
        assert_done(&world, ocore_order_quote_draft(world.core, &draft, &quote));
        assert_number(quote->order->lines[0]->allocated, 13);
        assert_number(look(&world, hold_id)->state, OCORE_HOLD_OPEN);
        assert_cups(&world, "north", 0, 3, 0);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_cups(&world, "south", 0, 0, 10);
        sale_close(&world);
}

/* Site order does not matter to what is held, nor that the site is closed since. */
static void what_is_held_at_a_closed_site_is_still_held(void **state)
{
        ocore_site_request site = {.struct_size = sizeof site, .site = STR("north"), .closed = 1};
        ocore_draft_line line;
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        line = line_of("cup", "4");
        draft = draft_of(&world, &line, 1);
        draft.hold_id = hold(&world, "cup", "2");
        site.id = test_next_id(&world);
        assert_done(&world, ocore_site_put(world.core, &site, NULL));
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_cups(&world, "north", 1, 0, 2);
        assert_cups(&world, "south", 8, 0, 2);
        sale_close(&world);
}

static void a_hold_says_for_whom_it_is(void **state)
{
        const ocore_hold_request_line line = held("cup", "5");
        ocore_hold_request request;
        const ocore_hold *hold;
        test_world world;

        (void)state;
        sale_open(&world);
        request = hold_of(&world, &line, 1);
        request.holder = STR("cart 7");
        request.priority = 3;
        assert_done(&world, ocore_hold_place(world.core, &request, &hold));
        assert_text(hold->holder, "cart 7");
        assert_number(hold->priority, 3);
        assert_number(hold->event_count, 1);
        assert_text(hold->lines[1]->held_sku, "cup");
        assert_number(hold->lines[1]->priority, 3);
        assert_number(hold->lines[1]->rank, -world.now_us);
        assert_done(&world, release(&world, request.id, &hold));
        assert_number(hold->event_count, 2);
        assert_text(hold->holder, "cart 7");
        assert_text(hold->lines[1]->held_sku, "");
        assert_number(hold->lines[1]->quantity, 2); /* what it was when it ended */
        request.id = test_next_id(&world);
        request.priority = -1;
        assert_refused(
                &world, ocore_hold_place(world.core, &request, NULL), OCORE_INVALID, "priority");
        request.priority = 0;
        request.preempt = 2;
        assert_refused(
                &world, ocore_hold_place(world.core, &request, NULL), OCORE_INVALID, "preempt");
        request.preempt = 0;
        request.holder = STR("4111 1111 1111 1111");
        assert_refused(
                &world, ocore_hold_place(world.core, &request, NULL), OCORE_SENSITIVE, "holder");
        sale_close(&world);
}

/* Safety stock is left alone by the channels it is kept from, and the store keeps it. */
static void safety_stock_is_left_alone(void **state)
{
        static const struct {
                const char *channel, *quantity;
                int status;
        } cases[] = {
                {"", "13", OCORE_OK},
                {"web", "6", OCORE_OK},
                {"web", "7", OCORE_OUT_OF_STOCK}, /* 3 − 2 and 10 − 5 */
                {"till", "8", OCORE_OK},
                {"till", "9", OCORE_OUT_OF_STOCK},
        };
        const struct {
                const char *site, *channel;
                int64_t safety;
        } rules[] = {{"south", "web", 5}, {"", "web", 2}, {"south", "till", 5}};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_hold_request_line line = held("cup", cases[i].quantity);
                ocore_hold_request request;
                test_world world;
                int status;

                sale_open(&world);
                for (size_t n = 0; n < sizeof rules / sizeof rules[0]; n++) {
                        const ocore_stock_rule_request rule = {.struct_size = sizeof rule,
                                .id = test_next_id(&world),
                                .sku = STR("cup"),
                                .site = ocore_str_of(rules[n].site),
                                .channel = ocore_str_of(rules[n].channel),
                                .safety = {rules[n].safety, 0, 0}};

                        assert_done(&world, ocore_stock_rule_put(world.core, &rule, NULL));
                }
                request = hold_of(&world, &line, 1);
                request.channel = ocore_str_of(cases[i].channel);
                status = ocore_hold_place(world.core, &request, NULL);
                if (cases[i].status)
                        assert_refused(&world, status, cases[i].status, "lines[0].quantity");
                else
                        assert_done(&world, status);
                sale_close(&world);
        }
}

static void what_is_not_released_is_not_held(void **state)
{
        const ocore_hold_request_line line = held("new", "1");
        ocore_product_request product = {.struct_size = sizeof product,
                .sku = STR("new"),
                .name = STR("new"),
                .release_us = TEST_NOW_US + 1};
        ocore_hold_request request;
        test_world world;

        (void)state;
        sale_open(&world);
        product.id = test_next_id(&world);
        assert_done(&world, ocore_product_put(world.core, &product, NULL));
        shop_receive(&world, "new", "north", "5");
        request = hold_of(&world, &line, 1);
        assert_refused(&world, ocore_hold_place(world.core, &request, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        world.now_us++;
        assert_done(&world, ocore_hold_place(world.core, &request, NULL));
        sale_close(&world);
}

/* An order that keeps the hold takes what it needs of it; the order that takes the last unit
 * converts it. */
static void a_hold_that_is_kept_is_used_up(void **state)
{
        const struct {
                const char *quantity;
                int64_t state, left[2], events; /* of the hold: cups north, south */
        } orders[] = {
                {"2", OCORE_HOLD_OPEN, {1, 2}, 2},
                {"2", OCORE_HOLD_OPEN, {0, 1}, 3},
                {"1", OCORE_HOLD_CONVERTED, {0, 0}, 4},
        };
        ocore_draft_line line;
        ocore_order_draft draft;
        const ocore_hold *kept;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold(&world, "cup", "5");
        for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
                line = line_of("cup", orders[i].quantity);
                draft = draft_of(&world, &line, 1);
                draft.hold_id = hold_id;
                draft.hold_keep = 1;
                assert_done(&world, ocore_order_place(world.core, &draft, NULL));
                kept = look(&world, hold_id);
                assert_number(kept->state, orders[i].state);
                assert_number(kept->event_count, orders[i].events);
                assert_int_equal(kept->order_id.bytes[15] != 0, i == 2);
                if (i < 2) {
                        assert_number(kept->lines[0]->quantity, orders[i].left[0]);
                        assert_number(kept->lines[1]->quantity, orders[i].left[1]);
                        assert_int_equal(kept->lines[0]->held_sku.size, i ? 0 : 3);
                }
                assert_number(shop_stock(&world, "cup", "north").held, orders[i].left[0]);
                assert_number(shop_stock(&world, "cup", "south").held, orders[i].left[1]);
                assert_verified(&world);
        }
        assert_same_id(look(&world, hold_id)->order_id, draft.id);
        assert_cups(&world, "north", 0, 0, 3);
        assert_cups(&world, "south", 8, 0, 2);
        hold_id = hold(&world, "cup", "4"); /* and what is not used is given back */
        draft = draft_of(&world, &line, 1);
        draft.hold_id = hold_id;
        draft.hold_keep = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        world.now_us += TEST_HOUR_US - 1;
        draft.id = test_next_id(&world); /* to the last microsecond */
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        world.now_us++;
        draft.id = test_next_id(&world);
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_LAPSED, "hold_id");
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_number(look(&world, hold_id)->state, OCORE_HOLD_LAPSED);
        assert_cups(&world, "south", 6, 0, 4);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(placing_holds_all_or_none),
                cmocka_unit_test(wrong_holds_are_refused),
                cmocka_unit_test(releasing_gives_back_once),
                cmocka_unit_test(the_pump_lapses_what_is_due),
                cmocka_unit_test(orders_take_from_holds),
                cmocka_unit_test(lines_share_a_hold_and_the_rest_goes_back),
                cmocka_unit_test(an_expired_hold_cannot_be_converted),
                cmocka_unit_test(an_order_that_is_refused_leaves_its_hold),
                cmocka_unit_test(what_is_held_at_a_closed_site_is_still_held),
                cmocka_unit_test(a_hold_says_for_whom_it_is),
                cmocka_unit_test(safety_stock_is_left_alone),
                cmocka_unit_test(what_is_not_released_is_not_held),
                cmocka_unit_test(a_hold_that_is_kept_is_used_up),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
