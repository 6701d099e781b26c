/*
 * Queues longer than a page: nobody starves behind a thousand who cannot be served, nobody is
 * served before the turn of those who were not looked at yet, and who was promised what is lost is
 * found wherever it stands. Runs go on where the last one ended.
 */
#include "buying.h"

#include <stdlib.h>

enum { PAGE = 1000 };

static ocore_id wait_at(test_world *world, const char *sku, const char *site, int64_t priority)
{
        ocore_draft_line line = line_of(sku, "1");
        ocore_order_draft draft;

        line.site = ocore_str_of(site);
        draft = draft_of(world, &line, 1);
        draft.priority = priority;
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        world->now_us++;
        return draft.id;
}

static void fill_page(test_world *world, const char *site)
{
        for (int i = 0; i < PAGE; i++)
                wait_at(world, "jug", site, 5);
}

static const ocore_promise_run *run_behind(test_world *world, const ocore_promise_run *last)
{
        ocore_promise_run_request request = {
                .struct_size = sizeof request, .id = test_next_id(world), .sku = STR("jug")};
        const ocore_promise_run *run;

        if (last) {
                request.after_rank = last->next_rank;
                request.after_since_us = last->next_since_us;
                request.after_order = last->next_order;
                request.after_line = last->next_line;
        }
        assert_done(world, ocore_promise_run_queue(world->core, &request, &run));
        return run;
}

/* The goods come to north, and a whole page waits for south alone. */
static void nobody_starves_behind_a_page(void **state)
{
        ocore_id last, id;
        test_world world;

        (void)state;
        buy_open(&world);
        fill_page(&world, "south");
        last = wait_at(&world, "jug", "", 0);
        id = buy(&world, "jug", "50", TEST_NOW_US + 9 * TEST_DAY_US);
        buy_receive(&world, id, "50");
        assert_waits(&world, last, 1, 0, 0);
        assert_number(shop_stock(&world, "jug", "north").available, 49);
        sale_close(&world);
}

/* The same by runs: the second one goes on behind the first. */
static void a_run_goes_on_behind_the_last(void **state)
{
        const ocore_promise_run *run;
        ocore_id last;
        test_world world;

        (void)state;
        buy_open(&world);
        fill_page(&world, "south");
        last = wait_at(&world, "jug", "", 0);
        shop_receive(&world, "jug", "north", "5");
        run = run_behind(&world, NULL);
        assert_number(run->looked_at, PAGE);
        assert_number(run->filled, 0);
        assert_number(run->more, 1);
        run = run_behind(&world, run);
        assert_number(run->looked_at, 1);
        assert_number(run->filled, 1);
        assert_number(run->more, 0);
        assert_same_id(run->next_order, last);
        assert_waits(&world, last, 1, 0, 0);
        sale_close(&world);
}

/* What is sent or made for one order alone does not stand before those who wait for all. */
static void what_is_arranged_stands_in_nobodys_way(void **state)
{
        const ocore_promise_run *run;
        ocore_product_request request;
        ocore_id last;
        test_world world;

        (void)state;
        buy_open(&world);
        request = (ocore_product_request){.struct_size = sizeof request,
                .id = test_next_id(&world),
                .sku = STR("jug"),
                .name = STR("jug"),
                .short_action = OCORE_SHORT_MAKE_TO_ORDER};
        assert_done(&world, ocore_product_put(world.core, &request, NULL));
        fill_page(&world, "");
        request.id = test_next_id(&world);
        request.short_action = OCORE_SHORT_BACKORDER;
        assert_done(&world, ocore_product_put(world.core, &request, NULL));
        last = wait_at(&world, "jug", "", 0);
        shop_receive(&world, "jug", "north", "5");
        run = run_behind(&world, NULL);
        assert_number(run->looked_at, 1);
        assert_number(run->more, 0);
        assert_waits(&world, last, 1, 0, 0);
        sale_close(&world);
}

/* The unit's own order is known, and stands last all the same. */
static void the_unit_s_own_order_waits_for_its_turn(void **state)
{
        ocore_id before, own, id;
        test_world world;

        (void)state;
        buy_open(&world);
        fill_page(&world, "");
        before = wait_at(&world, "jug", "", 2);
        id = buy(&world, "jug", "1001", 0);
        assert_done(&world, ocore_unit_begin(world.core));
        own = wait_at(&world, "jug", "", 1);
        buy_receive(&world, id, "1001");
        assert_done(&world, ocore_unit_commit(world.core));
        assert_waits(&world, before, 1, 0, 0);
        assert_waits(&world, own, 0, 1, 0);
        sale_close(&world);
}

/* Whoever was promised what no longer comes is promised anew, wherever it stands in the queue: by
 * the store's promises and by those that the unit made itself. */
static void a_lost_promise_is_found_behind_a_page(void **state)
{
        (void)state;
        for (int in_unit = 0; in_unit < 2; in_unit++) {
                ocore_id last, id;
                test_world world;

                buy_open(&world);
                fill_page(&world, "");
                last = wait_at(&world, "jug", "", 0);
                if (in_unit)
                        assert_done(&world, ocore_unit_begin(world.core));
                id = buy(&world, "jug", "1001", TEST_NOW_US + TEST_DAY_US);
                if (!in_unit)
                        (void)run_behind(&world, run_behind(&world, NULL));
                else
                        last = wait_at(&world, "jug", "", 0);
                assert_waits(&world, last, 0, 1, TEST_NOW_US + TEST_DAY_US);
                buy_step(&world, ocore_purchase_close, id);
                if (in_unit)
                        assert_done(&world, ocore_unit_commit(world.core));
                assert_waits(&world, last, 0, 1, 0);
                sale_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(nobody_starves_behind_a_page),
                cmocka_unit_test(a_run_goes_on_behind_the_last),
                cmocka_unit_test(what_is_arranged_stands_in_nobodys_way),
                cmocka_unit_test(the_unit_s_own_order_waits_for_its_turn),
                cmocka_unit_test(a_lost_promise_is_found_behind_a_page),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
