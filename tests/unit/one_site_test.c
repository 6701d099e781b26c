/*
 * Lines whose units all come from one site: an order that is not split, by its own wish or its
 * channel's, and lines that stay together. Once units of them are at a site the others come from
 * there: when goods come in, when a pick comes up short, when the order is allocated anew. Where
 * they have none, the site chosen first holds them.
 */
#include "assortment.h"
#include "buying.h"

enum { WHOLE = 1, BY_CHANNEL = 2, TOGETHER = 3, FREE = 4 };

/* Up to two lines that come from one site in one of the ways, or are free. */
static ocore_id place_bound(
        test_world *world, int64_t way, const char *first, const char *second, const char *sku)
{
        ocore_draft_line lines[] = {
                line_of("jug", first), line_of(sku ? sku : "jug", sku ? second : "1")};
        ocore_order_draft draft = draft_of(world, lines, sku ? 2 : 1);

        draft.no_split = way == WHOLE;
        if (way == BY_CHANNEL)
                draft.channel = STR("whole");
        for (size_t i = 0; i < 2 && way == TOGETHER; i++)
                lines[i].together = 7;
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void shop_open(test_world *world)
{
        ocore_channel_request channel = {
                .struct_size = sizeof channel, .channel = STR("whole"), .no_split = 1};

        buy_open(world);
        buy_goods(world, (buy_product){"pan", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
        channel.id = test_next_id(world);
        assert_done(world, ocore_channel_put(world->core, &channel, NULL));
}

/* Units of a line at a site, wherever they are on their way. */
static int64_t at(test_world *world, ocore_id order_id, size_t line, const char *site)
{
        const ocore_order *order = sale_order(world, order_id);
        int64_t sum = 0;

        for (size_t i = 0; i < order->lines[line]->allocation_count; i++) {
                const ocore_allocation *row = order->lines[line]->allocations[i];

                if (ocore_str_equal(row->site, ocore_str_of(site)))
                        sum += row->allocated + row->released + row->picked + row->packed +
                               row->shipped + row->delivered;
        }
        return sum;
}

static int64_t waits(test_world *world, ocore_id order_id, size_t line)
{
        return sale_order(world, order_id)->lines[line]->backordered;
}

static void again(test_world *world, ocore_id order_id, const char *site)
{
        const ocore_order_reallocate_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .site = ocore_str_of(site)};

        assert_done(world, ocore_order_reallocate(world->core, &request, NULL));
        assert_verified(world);
}

static void come_up_short(test_world *world, ocore_id id, int64_t number, int64_t quantity)
{
        const ocore_fulfillment_short_line line = {number, {quantity, 0, 0}};
        const ocore_fulfillment_short_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .fulfillment_id = id,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_fulfillment_short(world->core, &request, NULL));
        assert_verified(world);
}

/* Goods at another site go to others, or stay; at the right one they are theirs. */
static void what_comes_in_is_taken_only_where_they_are(void **state)
{
        (void)state;
        for (int64_t way = WHOLE; way <= FREE; way++) {
                ocore_id order_id, id;
                test_world world;

                shop_open(&world);
                shop_receive(&world, "jug", "south", "5");
                order_id = place_bound(&world, way, "8", "2", "jug");
                id = buy(&world, "jug", "20", 0); /* to north */
                buy_receive(&world, id, "10");
                assert_number(waits(&world, order_id, 0) + waits(&world, order_id, 1),
                        way == FREE ? 0 : 5);
                assert_number(at(&world, order_id, 0, "north") + at(&world, order_id, 1, "north"),
                        way == FREE ? 5 : 0);
                shop_receive(&world, "jug", "south", "5");
                again(&world, order_id, "");
                assert_number(waits(&world, order_id, 0) + waits(&world, order_id, 1), 0);
                sale_close(&world);
        }
}

static ocore_purchase_request bring(
        test_world *world, ocore_purchase_request_line *lines, const char *site, size_t count)
{
        static const buy_line wishes[] = {{"jug", "5", 0}, {"pan", "5", 0}};
        ocore_purchase_request request = buy_request(world, lines, wishes, count);

        request.site = ocore_str_of(site);
        assert_done(world, ocore_purchase_propose(world->core, &request, NULL));
        buy_step(world, ocore_purchase_send, request.id);
        return request;
}

/* Nothing of them is anywhere: the first goods that come say where, also for the other product of
 * the same delivery and of later ones. */
static void the_first_goods_that_come_say_where(void **state)
{
        (void)state;
        for (int64_t way = WHOLE; way <= FREE; way++)
                for (size_t products = 1; products < 3; products++) {
                        ocore_purchase_request_line lines[2];
                        ocore_purchase_request south, north;
                        ocore_id order_id;
                        test_world world;

                        shop_open(&world);
                        order_id = place_bound(&world, way, "7", "7", "pan");
                        south = bring(&world, lines, "south", products);
                        north = bring(&world, lines, "north", 2);
                        buy_receive(&world, south.id, NULL);
                        assert_number(at(&world, order_id, 0, "south"), 5);
                        assert_number(at(&world, order_id, 1, "south"), products == 2 ? 5 : 0);
                        buy_receive(&world, north.id, NULL);
                        assert_number(at(&world, order_id, 0, "north"), way == FREE ? 2 : 0);
                        assert_number(at(&world, order_id, 1, "north"), way < FREE      ? 0
                                                                        : products == 2 ? 2
                                                                                        : 5);
                        sale_close(&world);
                }
}

/* A site that has all of a line is chosen before one that only has some of it. */
static void a_run_prefers_the_site_that_has_all_of_it(void **state)
{
        ocore_promise_run_request run = {.struct_size = sizeof run, .sku = STR("jug")};
        ocore_id order_id;
        test_world world;

        (void)state;
        shop_open(&world);
        order_id = place_bound(&world, WHOLE, "4", NULL, NULL);
        shop_receive(&world, "jug", "north", "3");
        shop_receive(&world, "jug", "south", "9");
        run.id = test_next_id(&world);
        assert_done(&world, ocore_promise_run_queue(world.core, &run, NULL));
        assert_number(at(&world, order_id, 0, "south"), 4);
        assert_number(at(&world, order_id, 0, "north"), 0);
        sale_close(&world);
}

static void a_short_pick_is_filled_only_where_they_are(void **state)
{
        (void)state;
        for (int64_t way = WHOLE; way <= FREE; way++)
                for (int64_t missing = 3; missing <= 6; missing += 3) {
                        ocore_id order_id, id;
                        test_world world;

                        shop_open(&world);
                        shop_receive(&world, "jug", "north", "10");
                        shop_receive(&world, "jug", "south", "10");
                        order_id = place_bound(&world, way, "6", NULL, NULL);
                        sale_confirm(&world, order_id);
                        id = sale_release(&world, order_id, "north");
                        come_up_short(&world, id, 1, missing);
                        /* all of it is missing: another site may send all of it */
                        assert_number(at(&world, order_id, 0, "south"),
                                missing == 6 || way == FREE ? missing : 0);
                        assert_number(at(&world, order_id, 0, "north"), 6 - missing);
                        assert_number(waits(&world, order_id, 0),
                                missing == 6 || way == FREE ? 0 : missing);
                        sale_close(&world);
                }
}

/* The other line of the group is still there: all that is missing of the first waits. */
static void a_short_pick_counts_the_other_lines(void **state)
{
        (void)state;
        for (int64_t way = WHOLE; way <= FREE; way++) {
                ocore_id order_id, id;
                test_world world;

                shop_open(&world);
                shop_receive(&world, "jug", "north", "3");
                shop_receive(&world, "pan", "north", "3");
                shop_receive(&world, "jug", "south", "3");
                order_id = place_bound(&world, way, "3", "3", "pan");
                sale_confirm(&world, order_id);
                id = sale_release(&world, order_id, "north");
                come_up_short(&world, id, 1, 3);
                assert_number(at(&world, order_id, 0, "south"), way == FREE ? 3 : 0);
                assert_number(waits(&world, order_id, 0), way == FREE ? 0 : 3);
                sale_close(&world);
        }
}

/* Some are on a pick list: the rest stays with them. Nothing is: all may go elsewhere at once. */
static void allocating_anew_keeps_them_with_those_on_pick_lists(void **state)
{
        (void)state;
        for (int64_t way = WHOLE; way <= FREE; way++)
                for (int listed = 0; listed < 2; listed++) {
                        int stays = listed && way != FREE;
                        ocore_id order_id;
                        test_world world;

                        shop_open(&world);
                        shop_receive(&world, "jug", "north", "4");
                        shop_receive(&world, "pan", "north", "3");
                        order_id = place_bound(&world, way, "6", "3", "pan");
                        assert_number(waits(&world, order_id, 0), 2);
                        sale_confirm(&world, order_id);
                        if (listed)
                                sale_release(&world, order_id, "north");
                        shop_receive(&world, "jug", "south", "9");
                        shop_receive(&world, "pan", "south", "9");
                        again(&world, order_id, "");
                        assert_number(waits(&world, order_id, 0), stays ? 2 : 0);
                        if (way != FREE) {
                                assert_number(at(&world, order_id, 0, "south"), stays ? 0 : 6);
                                assert_number(at(&world, order_id, 1, "south"), stays ? 0 : 3);
                        }
                        sale_close(&world);
                }
}

/* What one line would lose by moving holds the others back as well. */
static void nothing_is_split_to_let_one_line_move(void **state)
{
        (void)state;
        for (int closed = 0; closed < 2; closed++) {
                ocore_id order_id;
                test_world world;

                shop_open(&world);
                shop_receive(&world, "jug", "north", "4");
                order_id = place_bound(&world, WHOLE, "4", "3", "pan");
                shop_receive(&world, "pan", "south", "9");
                shop_receive(&world, "jug", "south", "2");
                if (closed) {
                        const ocore_site_request north = {.struct_size = sizeof north,
                                .id = test_next_id(&world),
                                .site = STR("north"),
                                .priority = 1,
                                .closed = 1};

                        assert_done(&world, ocore_site_put(world.core, &north, NULL));
                }
                again(&world, order_id, "");
                assert_number(at(&world, order_id, 0, "north"), 4);
                assert_number(waits(&world, order_id, 1), 3);
                sale_close(&world);
        }
}

/* Away from a site: all that can move goes to one other; what is on a pick list there holds it. */
static void leaving_a_site_they_go_together(void **state)
{
        (void)state;
        for (int listed = 0; listed < 2; listed++) {
                ocore_id order_id;
                test_world world;

                shop_open(&world);
                shop_receive(&world, "jug", "north", "4");
                order_id = place_bound(&world, WHOLE, "4", NULL, NULL);
                sale_confirm(&world, order_id);
                if (listed) {
                        const ocore_line_quantity one = {1, {1, 0, 0}};
                        const ocore_fulfillment_request list = {.struct_size = sizeof list,
                                .id = test_next_id(&world),
                                .order_id = order_id,
                                .lines = &one,
                                .line_count = 1,
                                .line_stride = sizeof one};

                        assert_done(&world, ocore_fulfillment_create(world.core, &list, NULL));
                }
                shop_receive(&world, "jug", "south", "3");
                again(&world, order_id, "north");
                assert_number(at(&world, order_id, 0, "north"), listed);
                assert_number(at(&world, order_id, 0, "south"), listed ? 0 : 3);
                assert_number(waits(&world, order_id, 0), listed ? 3 : 1);
                sale_close(&world);
        }
}

/* Nothing is promised from what comes to another site than theirs. */
static void supply_of_another_site_is_not_promised(void **state)
{
        (void)state;
        for (int64_t way = WHOLE; way <= FREE; way++) {
                ocore_purchase_request_line lines[2];
                ocore_id order_id, id;
                test_world world;

                shop_open(&world);
                shop_receive(&world, "jug", "north", "6");
                order_id = place_bound(&world, way, "6", NULL, NULL);
                sale_confirm(&world, order_id);
                id = sale_release(&world, order_id, "north");
                bring(&world, lines, "south", 1);
                come_up_short(&world, id, 1, 3);
                assert_number(waits(&world, order_id, 0), 3);
                assert_true((sale_order(&world, order_id)->expected_us > 0) == (way == FREE));
                sale_close(&world);
        }
}

/* What a supplier sends to the customer leaves his house, and holds nothing there. */
static void a_drop_shipment_says_nothing_of_the_house(void **state)
{
        ocore_draft_line lines[] = {line_of("box", "2"), line_of("jug", "3")};
        ocore_purchase_ship_request ship = {
                .struct_size = sizeof ship, .tracking_number = STR("T1")};
        ocore_order_draft draft;
        test_world world;
        ocore_id id;

        (void)state;
        shop_open(&world);
        draft = draft_of(&world, lines, 2);
        draft.no_split = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_confirm(&world, draft.id);
        ship.purchase_id = buy_arrange(&world, draft.id, "")->purchases[0]->id;
        buy_step(&world, ocore_purchase_send, ship.purchase_id);
        ship.id = test_next_id(&world);
        assert_done(&world, ocore_purchase_ship(world.core, &ship, NULL));
        id = buy(&world, "jug", "9", 0);
        buy_receive(&world, id, NULL);
        assert_number(at(&world, draft.id, 1, "north"), 3);
        sale_close(&world);
}

int main(void)
{
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_comes_in_is_taken_only_where_they_are),
                cmocka_unit_test(the_first_goods_that_come_say_where),
                cmocka_unit_test(a_run_prefers_the_site_that_has_all_of_it),
                cmocka_unit_test(a_short_pick_is_filled_only_where_they_are),
                cmocka_unit_test(a_short_pick_counts_the_other_lines),
                cmocka_unit_test(allocating_anew_keeps_them_with_those_on_pick_lists),
                cmocka_unit_test(nothing_is_split_to_let_one_line_move),
                cmocka_unit_test(leaving_a_site_they_go_together),
                cmocka_unit_test(supply_of_another_site_is_not_promised),
                cmocka_unit_test(a_drop_shipment_says_nothing_of_the_house),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
