/*
 * Orders from a hold: what is held is taken before anything else, by the lines that name its place
 * and lot first; the rest is free again, or stays held; lines and orders that come from one site
 * come from where the hold is; and what has expired or is short as a bundle is not taken.
 */
#include "assortment.h"

enum { WAIT = OCORE_SHORT_BACKORDER };

static const ocore_hold *hold_of(test_world *world, ocore_id hold_id)
{
        const ocore_hold_key key = {.struct_size = sizeof key, .hold_id = hold_id};
        const ocore_hold *hold;

        assert_done(world, ocore_hold_get(world->core, &key, &hold));
        return hold;
}

/* 5 cups are held, 3 north and 2 south; what an order of so many takes, and what it leaves. */
static void the_rest_is_free_or_stays_held(void **state)
{
        static const struct {
                const char *ordered;
                int64_t keep, held, state;
        } cases[] = {
                {"4", 0, 0, OCORE_HOLD_CONVERTED},
                {"4", 1, 1, OCORE_HOLD_OPEN},
                {"5", 1, 0, OCORE_HOLD_CONVERTED},
                {"7", 1, 0, OCORE_HOLD_CONVERTED},
        };
        const assorted_part cups = {"cup", "5"};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_draft_line line = line_of("cup", cases[i].ordered);
                ocore_order_draft draft;
                const ocore_order *order;
                test_world world;

                sale_open(&world);
                draft = draft_of(&world, &line, 1);
                draft.hold_id = assorted_hold(&world, &cups, 1);
                draft.hold_keep = cases[i].keep;
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[0]->allocated, order->lines[0]->quantity);
                assert_number(hold_of(&world, draft.hold_id)->state, cases[i].state);
                assert_number(shop_stock(&world, "cup", "north").held +
                                      shop_stock(&world, "cup", "south").held,
                        cases[i].held);
                assert_number(shop_stock(&world, "cup", "north").allocated +
                                      shop_stock(&world, "cup", "south").allocated,
                        order->lines[0]->quantity);
                assert_verified(&world);
                draft.id = test_next_id(&world); /* what stays held can be ordered as well */
                if (cases[i].state == OCORE_HOLD_OPEN) {
                        world.now_us += TEST_HOUR_US - 1;
                        assert_done(&world, ocore_order_place(world.core, &draft, &order));
                        assert_number(shop_stock(&world, "cup", "south").held, 0);
                } else {
                        assert_refused(&world, ocore_order_place(world.core, &draft, NULL),
                                OCORE_STATE, "hold_id");
                }
                sale_close(&world);
        }
}

static void a_lapsed_hold_gives_nothing(void **state)
{
        const assorted_part cups = {"cup", "5"};
        const ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        draft.hold_id = assorted_hold(&world, &cups, 1);
        world.now_us += TEST_HOUR_US; /* the pump has not come by */
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_LAPSED, "hold_id");
        sale_close(&world);
}

/* The line that names the south gets what is held there, though another stands before it. */
static void lines_that_name_a_place_take_there(void **state)
{
        const assorted_part cups = {"cup", "5"};
        ocore_draft_line lines[] = {line_of("cup", "3"), line_of("cup", "2")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        lines[1].site = STR("south");
        draft = draft_of(&world, lines, 2);
        draft.hold_id = assorted_hold(&world, &cups, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->allocations[0]->site, "north");
        assert_number(order->lines[0]->allocations[0]->reason, OCORE_ALLOCATED_FROM_HOLD);
        assert_text(order->lines[1]->allocations[0]->site, "south");
        assert_number(order->lines[1]->allocations[0]->reason, OCORE_ALLOCATED_FROM_HOLD);
        assert_number(shop_stock(&world, "cup", "south").available, 8);
        sale_close(&world);
}

static void lots_are_taken_by_name_and_while_they_keep(void **state)
{
        const assorted goods = {.sku = "milk", .tracking = OCORE_TRACKING_LOT};
        const assorted_part held = {"milk", "4"};
        ocore_draft_line lines[] = {line_of("milk", "1"), line_of("milk", "1")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_goods(&world, &goods);
        assorted_lot(&world, "milk", "north", "L1", "2", TEST_NOW_US + TEST_MINUTE_US);
        assorted_lot(&world, "milk", "north", "L2", "2", TEST_NOW_US + TEST_DAY_US);
        assorted_lot(&world, "milk", "south", "L3", "9", TEST_NOW_US + 9 * TEST_DAY_US);
        lines[1].lot = STR("L1");
        draft = draft_of(&world, lines, 2);
        draft.hold_keep = 1;
        draft.hold_id = assorted_hold(&world, &held, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->allocations[0]->lot, "L1");
        assert_text(order->lines[1]->allocations[0]->lot, "L1");
        lines[0].min_life_us = 2 * TEST_DAY_US; /* what is held does not keep so long */
        draft.id = test_next_id(&world);
        draft.line_count = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->allocations[0]->lot, "L3");
        assert_number(hold_of(&world, draft.hold_id)->state, OCORE_HOLD_OPEN);
        sale_close(&world);
}

/* 3 cups are held north; an order from one site comes from there, or not at all. */
static void one_site_is_where_the_hold_is(void **state)
{
        static const struct {
                int64_t no_split, together;
                const char *cups;
                int64_t status;
        } cases[] = {
                {1, 0, "3", OCORE_OK},
                {1, 0, "4", OCORE_OUT_OF_STOCK},
                {0, 7, "3", OCORE_OK},
                {0, 7, "4", OCORE_OUT_OF_STOCK},
                {0, 0, "4", OCORE_OK},
        };
        const assorted_part cups = {"cup", "2"};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_draft_line lines[] = {line_of("tea", "1"), line_of("cup", cases[i].cups)};
                ocore_order_draft draft;
                const ocore_order *order;
                test_world world;

                sale_open(&world);
                shop_receive(&world, "tea", "south", "9");
                lines[0].together = lines[1].together = cases[i].together;
                draft = draft_of(&world, lines, 2);
                draft.no_split = cases[i].no_split;
                draft.hold_id = assorted_hold(&world, &cups, 1);
                assert_status(&world, ocore_order_place(world.core, &draft, &order),
                        (int)cases[i].status);
                if (!cases[i].status) {
                        assert_text(order->lines[0]->allocations[0]->site, "north");
                        assert_text(order->lines[1]->allocations[0]->site, "north");
                }
                sale_close(&world);
        }
}

/* 2 cups and no milk are held: of a bundle of both that waits whole, the cups are not taken. */
static void a_bundle_takes_all_that_is_held_or_nothing(void **state)
{
        const assorted_part parts[] = {{"cup", "1"}, {"milk", "1"}};
        const assorted_part held = {"cup", "2"};
        const ocore_draft_line line = line_of("box", "2");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_goods(&world, "milk", "1.00 EUR");
        assorted_bundle(&world, "box", WAIT, 0, parts, 2);
        shop_receive(&world, "milk", "south", "1");
        draft = draft_of(&world, &line, 1);
        draft.hold_keep = 1;
        draft.hold_id = assorted_hold(&world, &held, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[1]->allocated, 1);
        assert_number(order->lines[1]->backordered, 1);
        assert_number(order->lines[2]->allocated, 1);
        assert_number(shop_stock(&world, "cup", "north").held, 1);
        sale_close(&world);
}

/* A thousand lines and a hold of as many, with places and lots named: each finds its own. */
static void many_lines_find_what_is_held(void **state)
{
        enum { COUNT = 1000 };
        static ocore_draft_line lines[COUNT];
        static ocore_stock_line there[COUNT];
        static char lots[COUNT][8];
        const assorted_part held = {"milk", "1000"};
        ocore_stock_request receive = {.struct_size = sizeof receive,
                .lines = there,
                .line_count = COUNT,
                .line_stride = sizeof there[0]};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_goods(&world, "milk", "1.00 EUR");
        for (size_t i = 0; i < COUNT; i++) {
                (void)snprintf(lots[i], sizeof lots[i], "L%05u", (unsigned)i % 100000);
                there[i] = (ocore_stock_line){.sku = STR("milk"),
                        .site = STR("north"),
                        .lot = ocore_str_of(lots[i]),
                        .quantity = {1, 0, 0}};
                lines[COUNT - 1 - i] = (ocore_draft_line){
                        .sku = STR("milk"), .lot = there[i].lot, .quantity = {1, 0, 0}};
        }
        receive.id = test_next_id(&world);
        assert_done(&world, ocore_stock_receive(world.core, &receive, NULL));
        draft = draft_of(&world, lines, COUNT);
        draft.hold_id = assorted_hold(&world, &held, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        for (size_t i = 0; i < COUNT; i++) {
                assert_int_equal(order->lines[i]->allocation_count, 1);
                assert_text(order->lines[i]->allocations[0]->lot, lots[COUNT - 1 - i]);
                assert_number(order->lines[i]->allocations[0]->reason, OCORE_ALLOCATED_FROM_HOLD);
        }
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_rest_is_free_or_stays_held),
                cmocka_unit_test(a_lapsed_hold_gives_nothing),
                cmocka_unit_test(lines_that_name_a_place_take_there),
                cmocka_unit_test(lots_are_taken_by_name_and_while_they_keep),
                cmocka_unit_test(one_site_is_where_the_hold_is),
                cmocka_unit_test(a_bundle_takes_all_that_is_held_or_nothing),
                cmocka_unit_test(many_lines_find_what_is_held),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
