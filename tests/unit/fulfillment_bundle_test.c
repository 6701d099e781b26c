/*
 * What may go on a pick list: nothing of an order that ships complete before all of it is there;
 * whole bundles, whichever sites their parts are at, unless their parts may ship alone; and of an
 * order that waits for some, the others keep their places through a split shipment.
 */
#include "assortment.h"
#include "buying.h"

static int try_list(test_world *world, ocore_id order_id, const char *site, int64_t line,
        int64_t quantity, const ocore_fulfillment **out)
{
        const ocore_line_quantity some = {line, {quantity, 0, 0}};
        const ocore_fulfillment_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .site = ocore_str_of(site),
                .lines = &some,
                .line_count = line ? 1 : 0,
                .line_stride = sizeof some};

        return ocore_fulfillment_create(world->core, &request, out);
}

/* Sets of one cup and two mugs; the mugs wait when they are short. */
static ocore_id place_sets(
        test_world *world, const char *mugs, int64_t parts_alone, const char *sets)
{
        static const assorted_part parts[] = {{"cup", "1"}, {"mug", "2"}};
        static const assorted mug = {"mug", 0, OCORE_SHORT_BACKORDER, 0, 0, NULL};
        const ocore_draft_line line = line_of("set", sets);
        ocore_order_draft draft;

        sale_open(world);
        assorted_goods(world, &mug);
        assorted_bundle(world, "set", OCORE_SHORT_BACKORDER, parts_alone, parts, 2);
        if (mugs)
                shop_receive(world, "mug", "south", mugs);
        draft = draft_of(world, &line, 1);
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        sale_confirm(world, draft.id);
        return draft.id;
}

static void finish(test_world *world, ocore_id id)
{
        for (int64_t step = OCORE_FULFILLMENT_STEP_PICK; step <= OCORE_FULFILLMENT_STEP_DELIVER;
                step++)
                sale_step(world, id, step);
}

static void ready(test_world *world, ocore_id id)
{
        sale_step(world, id, OCORE_FULFILLMENT_STEP_PICK);
        sale_step(world, id, OCORE_FULFILLMENT_STEP_PACK);
}

static int try_ship(test_world *world, ocore_id id)
{
        return sale_try_step(world, test_next_id(world), id, OCORE_FULFILLMENT_STEP_SHIP, NULL);
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
}

static void whole_bundles_go_from_all_their_sites(void **state)
{
        const ocore_fulfillment *row;
        ocore_id order_id, cups, mugs;
        test_world world;

        (void)state;
        order_id = place_sets(&world, "4", 0, "3"); /* two whole sets are there */
        assert_number(sale_order(&world, order_id)->lines[1]->allocated, 2);
        assert_refused(&world, try_list(&world, order_id, "north", 1, 1, &row), OCORE_INVALID,
                "lines[0].line"); /* a bundle is on no shelf */
        assert_done(&world, try_list(&world, order_id, "north", 2, 1, &row));
        cups = row->id;
        assert_refused(&world, try_list(&world, order_id, "north", 2, 2, &row), OCORE_STATE,
                "lines[0].quantity");
        finish(&world, cups);
        assert_number(sale_order(&world, order_id)->lines[0]->performed, 0);
        cups = sale_release(&world, order_id, "north");
        mugs = sale_release(&world, order_id, "south");
        finish(&world, mugs);
        assert_number(sale_order(&world, order_id)->lines[0]->performed, 1);
        assert_verified(&world);
        finish(&world, cups);
        assert_number(sale_order(&world, order_id)->lines[0]->performed, 2);
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_CONFIRMED);
        sale_cancel(&world, order_id, 1, "1"); /* the third set */
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

/* A set of which the mugs came up short: its cup waits for them, unless it may ship alone. */
static void parts_wait_for_each_other_unless_they_may_ship_alone(void **state)
{
        (void)state;
        for (int64_t alone = 0; alone < 2; alone++) {
                const ocore_fulfillment_short_line missing = {1, {1, 0, 0}};
                ocore_fulfillment_short_request request = {.struct_size = sizeof request,
                        .lines = &missing,
                        .line_count = 1,
                        .line_stride = sizeof missing};
                const ocore_fulfillment *row;
                ocore_id order_id;
                test_world world;

                order_id = place_sets(&world, "2", alone, "1");
                request.id = test_next_id(&world);
                request.fulfillment_id = sale_release(&world, order_id, "south");
                assert_done(&world, ocore_fulfillment_short(world.core, &request, &row));
                if (alone) {
                        assert_done(&world, try_list(&world, order_id, "north", 0, 0, &row));
                        request.fulfillment_id = row->id;
                        finish(&world, request.fulfillment_id);
                } else {
                        assert_refused(&world, try_list(&world, order_id, "north", 0, 0, &row),
                                OCORE_STATE, "order_id");
                        assert_refused(&world, try_list(&world, order_id, "north", 2, 1, &row),
                                OCORE_STATE, "lines[0].quantity");
                }
                assert_number(sale_order(&world, order_id)->lines[0]->performed, 0);
                sale_close(&world);
        }
}

static void an_order_that_ships_complete_waits_for_all_of_it(void **state)
{
        const ocore_draft_line lines[] = {line_of("jug", "5"), line_of("cup", "4")};
        ocore_order_reallocate_request request = {.struct_size = sizeof request, .id = test_id(77)};
        ocore_order_draft draft;
        const ocore_fulfillment *row;
        ocore_id south, north;
        test_world world;

        (void)state;
        buy_open(&world);
        shop_receive(&world, "jug", "north", "3");
        draft = draft_of(&world, lines, 2);
        draft.ship_complete = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_confirm(&world, draft.id);
        assert_refused(
                &world, try_list(&world, draft.id, "north", 0, 0, &row), OCORE_STATE, "order_id");
        assert_refused(
                &world, try_list(&world, draft.id, "south", 2, 1, &row), OCORE_STATE, "order_id");
        shop_receive(&world, "jug", "north", "2");
        request.order_id = draft.id;
        assert_done(&world, ocore_order_reallocate(world.core, &request, NULL));
        south = sale_release(&world, draft.id, "south"); /* each site sends its own */
        ready(&world, south);
        assert_refused(&world, try_ship(&world, south), OCORE_STATE, "fulfillment_id");
        north = sale_release(&world, draft.id, "north");
        sale_step(&world, south, OCORE_FULFILLMENT_STEP_SHIP);
        sale_step(&world, south, OCORE_FULFILLMENT_STEP_DELIVER);
        finish(&world, north);
        assert_number(sale_order(&world, draft.id)->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

/* What was not on the shelf holds the rest back, until it is on a list again or cancelled. */
static void an_order_that_ships_complete_waits_for_what_came_up_short(void **state)
{
        (void)state;
        for (int way = 0; way < 3; way++) {
                const ocore_fulfillment *row;
                ocore_draft_line line;
                ocore_order_draft draft;
                ocore_id list, rest;
                test_world world;

                buy_open(&world);
                shop_receive(&world, "jug", "north", "10");
                line = line_of("jug", "10");
                draft = draft_of(&world, &line, 1);
                draft.ship_complete = 1;
                assert_done(&world, ocore_order_place(world.core, &draft, NULL));
                sale_confirm(&world, draft.id);
                list = sale_release(&world, draft.id, "north");
                come_up_short(&world, list, 1, 3);
                ready(&world, list);
                assert_refused(&world, try_ship(&world, list), OCORE_STATE, "fulfillment_id");
                assert_number(sale_order(&world, draft.id)->lines[0]->packed, 7);
                if (way == 0) { /* three more come: they have to be on a list as well */
                        buy_receive(&world, buy(&world, "jug", "3", 0), NULL);
                        assert_refused(
                                &world, try_ship(&world, list), OCORE_STATE, "fulfillment_id");
                        rest = sale_release(&world, draft.id, "north");
                        sale_step(&world, list, OCORE_FULFILLMENT_STEP_SHIP);
                        sale_step(&world, list, OCORE_FULFILLMENT_STEP_DELIVER);
                        finish(&world, rest);
                } else if (way == 1) { /* the customer does without them */
                        sale_cancel(&world, draft.id, 1, "3");
                        sale_step(&world, list, OCORE_FULFILLMENT_STEP_SHIP);
                        sale_step(&world, list, OCORE_FULFILLMENT_STEP_DELIVER);
                } else { /* taken back, it cannot be listed again before all is there */
                        sale_step(&world, list, OCORE_FULFILLMENT_STEP_CANCEL);
                        assert_refused(&world, try_list(&world, draft.id, "north", 0, 0, &row),
                                OCORE_STATE, "order_id");
                        buy_receive(&world, buy(&world, "jug", "3", 0), NULL);
                        sale_deliver(&world, draft.id, "north");
                }
                assert_number(sale_order(&world, draft.id)->state, OCORE_ORDER_COMPLETED);
                sale_close(&world);
        }
}

/* Three of each part were on lists, and one mug was not on its shelf: two whole sets may go. */
static void a_bundle_s_parts_leave_whole_after_a_short_pick(void **state)
{
        (void)state;
        for (int64_t alone = 0; alone < 2; alone++) {
                ocore_id order_id, cups, mugs;
                test_world world;

                order_id = place_sets(&world, "6", alone, "3");
                cups = sale_release(&world, order_id, "north");
                mugs = sale_release(&world, order_id, "south");
                come_up_short(&world, mugs, 1, 1);
                ready(&world, cups);
                ready(&world, mugs);
                if (alone) {
                        sale_step(&world, cups, OCORE_FULFILLMENT_STEP_SHIP);
                        sale_step(&world, mugs, OCORE_FULFILLMENT_STEP_SHIP);
                        assert_number(sale_order(&world, order_id)->lines[1]->shipped, 3);
                } else {
                        assert_refused(
                                &world, try_ship(&world, cups), OCORE_STATE, "fulfillment_id");
                        assert_refused(
                                &world, try_ship(&world, mugs), OCORE_STATE, "fulfillment_id");
                        sale_step(&world, cups, OCORE_FULFILLMENT_STEP_CANCEL);
                        sale_step(&world, mugs, OCORE_FULFILLMENT_STEP_CANCEL);
                        finish(&world, sale_release(&world, order_id, "north"));
                        finish(&world, sale_release(&world, order_id, "south"));
                        assert_number(sale_order(&world, order_id)->lines[0]->performed, 2);
                        assert_number(sale_order(&world, order_id)->lines[1]->delivered, 2);
                        assert_number(sale_order(&world, order_id)->lines[2]->delivered, 4);
                }
                sale_close(&world);
        }
}

/* What of line 1 is backordered, allocated, on lists, picked, packed, shipped, delivered. */
static void assert_units(test_world *world, ocore_id order_id, const int64_t wanted[7])
{
        const ocore_order_line *line = sale_order(world, order_id)->lines[0];
        int64_t released = 0;

        for (size_t i = 0; i < line->allocation_count; i++)
                released += line->allocations[i]->released;
        assert_number(line->backordered, wanted[0]);
        assert_number(line->allocated - released, wanted[1]);
        assert_number(released, wanted[2]);
        assert_number(line->picked, wanted[3]);
        assert_number(line->packed, wanted[4]);
        assert_number(line->shipped, wanted[5]);
        assert_number(line->delivered, wanted[6]);
        assert_number(line->open, 0);
        assert_verified(world);
}

/* Five of ten wait; the other five go in two shipments, one of which is taken back once. */
static void five_of_ten_wait_through_a_split_shipment(void **state)
{
        static const int64_t way[][7] = {{5, 5, 0, 0, 0, 0, 0}, {5, 2, 3, 0, 0, 0, 0},
                {5, 2, 0, 3, 0, 0, 0}, {5, 2, 0, 0, 3, 0, 0}, {5, 2, 0, 0, 0, 3, 0},
                {5, 2, 0, 0, 0, 0, 3}};
        static const int64_t rest[][7] = {{5, 0, 2, 0, 0, 0, 3}, {5, 0, 0, 2, 0, 0, 3},
                {5, 2, 0, 0, 0, 0, 3}, {5, 0, 0, 0, 0, 0, 5}, {0, 5, 0, 0, 0, 0, 5},
                {0, 0, 0, 0, 0, 0, 10}};
        const ocore_fulfillment *row;
        ocore_id order_id, purchase_id, id;
        test_world world;

        (void)state;
        buy_open(&world);
        shop_receive(&world, "jug", "north", "5");
        purchase_id = buy(&world, "jug", "5", 0);
        order_id = buy_waiting(&world, "jug", "10", 0);
        sale_confirm(&world, order_id);
        assert_units(&world, order_id, way[0]);
        assert_done(&world, try_list(&world, order_id, "", 1, 3, &row));
        id = row->id;
        for (int64_t step = 0; step <= OCORE_FULFILLMENT_STEP_DELIVER; step++) {
                if (step)
                        sale_step(&world, id, step);
                assert_units(&world, order_id, way[step + 1]);
        }
        id = sale_release(&world, order_id, "");
        assert_units(&world, order_id, rest[0]);
        sale_step(&world, id, OCORE_FULFILLMENT_STEP_PICK);
        assert_units(&world, order_id, rest[1]);
        sale_step(&world, id, OCORE_FULFILLMENT_STEP_CANCEL);
        assert_units(&world, order_id, rest[2]);
        sale_deliver(&world, order_id, "");
        assert_units(&world, order_id, rest[3]);
        buy_receive(&world, purchase_id, NULL);
        assert_units(&world, order_id, rest[4]);
        sale_deliver(&world, order_id, "");
        assert_units(&world, order_id, rest[5]);
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(whole_bundles_go_from_all_their_sites),
                cmocka_unit_test(parts_wait_for_each_other_unless_they_may_ship_alone),
                cmocka_unit_test(an_order_that_ships_complete_waits_for_all_of_it),
                cmocka_unit_test(an_order_that_ships_complete_waits_for_what_came_up_short),
                cmocka_unit_test(a_bundle_s_parts_leave_whole_after_a_short_pick),
                cmocka_unit_test(five_of_ten_wait_through_a_split_shipment),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
