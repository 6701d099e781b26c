/*
 * What can be promised over time, asked through the whole way: the golden case of the textbooks
 * with real orders and purchases, fences and past-due supply, one site alone, a product before its
 * release, and when a quantity can be had though others wait. What is wrong is refused.
 */
#include "buying.h"

#define DAY TEST_DAY_US
#define HOUR TEST_HOUR_US

static const ocore_promise *ask(test_world *world, ocore_promise_request request)
{
        const ocore_promise *promise;

        request.struct_size = sizeof request;
        if (!request.sku.size)
                request.sku = STR("jug");
        assert_done(world, ocore_promise_ask(world->core, &request, &promise));
        return promise;
}

/* When `quantity` jugs can be had. */
static int64_t when(test_world *world, int64_t quantity)
{
        return ask(world, (ocore_promise_request){.quantity = {quantity, 0, 0}})->complete_us;
}

static ocore_id order_for(test_world *world, const char *sku, const char *quantity, int64_t at_us)
{
        const ocore_draft_line line = line_of(sku, quantity);
        ocore_order_draft draft = draft_of(world, &line, 1);

        draft.wanted_us = at_us;
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void the_golden_case(void **state)
{
        static const char *const supply[] = {"6", "4", "2", "4", "8", "4", "4", "4"};
        static const char *const demand[] = {"6", "2", "3", "6", "6", "1", "2", "2"};
        static const int64_t available[] = {0, 0, 0, -1, 2, 3, 2, 2};
        static const int64_t cumulative[] = {0, 0, 0, -1, 2, 5, 7, 9};
        const ocore_promise *promise;
        test_world world;

        (void)state;
        buy_open(&world);
        for (int64_t i = 0; i < 8; i++)
                order_for(&world, "jug", demand[i], TEST_NOW_US + i * DAY + HOUR);
        shop_receive(&world, "jug", "north", supply[0]);
        for (int64_t i = 1; i < 8; i++)
                buy(&world, "jug", supply[i], TEST_NOW_US + i * DAY + 2 * HOUR);
        promise = ask(&world, (ocore_promise_request){.periods = 8});
        assert_int_equal(promise->period_count, 8);
        assert_number(promise->now, 0);
        assert_number(promise->complete_us, 0);
        for (size_t i = 0; i < 8; i++) {
                const ocore_promise_period *period = promise->periods[i];

                assert_number(period->from_us, TEST_NOW_US + (int64_t)i * DAY);
                assert_number(period->supply, test_quantity(supply[i]).amount);
                assert_number(period->demand, test_quantity(demand[i]).amount);
                assert_number(period->available, available[i]);
                assert_number(period->cumulative, cumulative[i]);
        }
        /* Two days to a period. */
        promise = ask(&world, (ocore_promise_request){.periods = 4, .period_us = 2 * DAY});
        assert_number(promise->periods[1]->supply, 6);
        assert_number(promise->periods[1]->demand, 9);
        /* By default a fortnight; the last days have nothing, and what was free stays free. */
        promise = ask(&world, (ocore_promise_request){.quantity = {0, 0, 0}});
        assert_int_equal(promise->period_count, 14);
        assert_number(promise->periods[13]->cumulative, 9);
        /* Later first periods gather what was before them. */
        promise = ask(
                &world, (ocore_promise_request){.periods = 1, .from_us = TEST_NOW_US + 2 * DAY});
        assert_number(promise->periods[0]->supply, 12);
        assert_number(promise->periods[0]->demand, 11);
        /* Demand from the third day on is not looked at; supply from the fourth on is unlimited. */
        promise = ask(&world, (ocore_promise_request){.periods = 8, .demand_fence_us = 2 * DAY});
        assert_number(promise->periods[1]->demand, 2);
        assert_number(promise->periods[2]->demand, 0);
        promise = ask(&world, (ocore_promise_request){.periods = 8, .supply_fence_us = 3 * DAY});
        assert_number(promise->periods[1]->available, 1);
        assert_number(promise->periods[2]->available, 0);
        assert_number(promise->periods[3]->supply, 6);
        assert_number(promise->periods[3]->available, 0);
        sale_close(&world);
}

/* Units promised to others are never counted, whoever asks. */
static void look_ahead(void **state)
{
        test_world world;

        (void)state;
        buy_open(&world);
        assert_number(when(&world, 1), 0);
        shop_receive(&world, "jug", "north", "2");
        shop_receive(&world, "jug", "south", "1");
        assert_number(when(&world, 3), TEST_NOW_US);
        assert_number(when(&world, 4), 0);
        buy(&world, "jug", "5", TEST_NOW_US + 2 * DAY);
        buy(&world, "jug", "5", TEST_NOW_US + 4 * DAY);
        assert_number(when(&world, 4), TEST_NOW_US + 2 * DAY);
        assert_number(when(&world, 8), TEST_NOW_US + 2 * DAY);
        assert_number(when(&world, 13), TEST_NOW_US + 4 * DAY);
        assert_number(when(&world, 14), 0);
        buy_waiting(&world, "jug", "7", 0); /* gets 3 and is promised 4 */
        assert_number(when(&world, 1), TEST_NOW_US + 2 * DAY);
        assert_number(when(&world, 2), TEST_NOW_US + 4 * DAY);
        assert_number(when(&world, 7), 0);
        assert_number(ask(&world, (ocore_promise_request){.quantity = {7, 0, 0},
                                          .supply_fence_us = 30 * DAY})
                              ->complete_us,
                TEST_NOW_US + 30 * DAY);
        assert_number(ask(&world, (ocore_promise_request){.quantity = {2, 0, 0},
                                          .supply_fence_us = 3 * DAY})
                              ->complete_us,
                TEST_NOW_US + 3 * DAY);
        sale_close(&world);
}

/* A supply that is late counts as coming now for as long as it is believed. */
static void past_due(void **state)
{
        ocore_promise_request request = {.quantity = {1, 0, 0}, .periods = 2};
        const ocore_promise *promise;
        test_world world;

        (void)state;
        buy_open(&world);
        buy(&world, "jug", "5", TEST_NOW_US + DAY);
        world.now_us += 3 * DAY;
        promise = ask(&world, request);
        assert_number(promise->complete_us, 0);
        assert_number(promise->periods[0]->supply, 0);
        request.past_due_us = 2 * DAY;
        promise = ask(&world, request);
        assert_number(promise->now, 0);
        assert_number(promise->complete_us, world.now_us);
        assert_number(promise->periods[0]->supply, 5);
        request.past_due_us = 2 * DAY - 1;
        assert_number(ask(&world, request)->complete_us, 0);
        sale_close(&world);
}

static void one_site(void **state)
{
        ocore_promise_request request = {.quantity = {4, 0, 0}, .site = STR("south"), .periods = 3};
        const ocore_promise *promise;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_waiting(&world, "jug", "2", 0);
        shop_receive(&world, "jug", "south", "3");
        buy(&world, "jug", "6", TEST_NOW_US + DAY);
        promise = ask(&world, request);
        assert_number(promise->now, 3);
        assert_number(promise->complete_us, 0);
        assert_number(promise->periods[0]->supply, 3);
        assert_number(promise->periods[1]->supply, 0);
        assert_number(promise->periods[0]->demand, 0);
        buy_waiting(&world, "jug", "5", 0); /* three from south, and two are promised */
        request.site = STR("north");
        promise = ask(&world, request);
        assert_number(promise->now, 0);
        assert_number(promise->complete_us, TEST_NOW_US + DAY);
        assert_number(promise->periods[1]->supply, 6);
        assert_number(promise->periods[1]->demand, 2);
        assert_number(promise->periods[2]->cumulative, 4);
        sale_close(&world);
}

/* Goods for one order alone are nobody else's; and nothing is had before the release. */
static void what_is_not_for_all(void **state)
{
        const ocore_promise_request desk = {
                .sku = STR("desk"), .quantity = {1, 0, 0}, .periods = 8};
        const ocore_promise_request disc = {.sku = STR("disc"), .quantity = {2, 0, 0}};
        const ocore_promise *promise;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = buy_waiting(&world, "desk", "4", 0);
        buy_step(&world, ocore_purchase_send, buy_arrange(&world, order_id, "")->purchases[0]->id);
        promise = ask(&world, desk);
        assert_number(promise->complete_us, 0);
        assert_number(promise->periods[5]->supply, 0);
        assert_number(promise->periods[0]->demand, 0);
        buy_goods(&world,
                (buy_product){"disc", OCORE_SHORT_BACKORDER, "acme", 0, 0, TEST_NOW_US + 9 * DAY});
        shop_receive(&world, "disc", "north", "2");
        promise = ask(&world, disc);
        assert_number(promise->now, 0);
        assert_number(promise->complete_us, TEST_NOW_US + 9 * DAY);
        world.now_us += 9 * DAY;
        assert_number(ask(&world, disc)->now, 2);
        assert_number(ask(&world, disc)->complete_us, world.now_us);
        sale_close(&world);
}

static void wrong_questions_are_refused(void **state)
{
        static const struct {
                ocore_promise_request request;
                int status;
                const char *field;
        } cases[] = {
                {{.sku = STR_INIT("")}, OCORE_INVALID, "sku"},
                {{.sku = STR_INIT("mud")}, OCORE_NOT_FOUND, "sku"},
                {{.sku = STR_INIT("wrap")}, OCORE_INVALID, "sku"},
                {{.sku = STR_INIT("jug"), .site = STR_INIT("moon")}, OCORE_NOT_FOUND, "site"},
                {{.sku = STR_INIT("jug"), .quantity = {-1, 0, 0}}, OCORE_INVALID, "quantity"},
                {{.sku = STR_INIT("jug"), .quantity = {5, 1, 0}}, OCORE_INVALID, "quantity"},
                {{.sku = STR_INIT("jug"), .from_us = -1}, OCORE_INVALID, "from_us"},
                {{.sku = STR_INIT("jug"), .period_us = -1}, OCORE_INVALID, "period_us"},
                {{.sku = STR_INIT("jug"), .period_us = INT64_MAX}, OCORE_OVERFLOW, "period_us"},
                {{.sku = STR_INIT("jug"), .periods = -1}, OCORE_INVALID, "periods"},
                {{.sku = STR_INIT("jug"), .periods = 401}, OCORE_LIMIT, "periods"},
                {{.sku = STR_INIT("jug"), .past_due_us = -1}, OCORE_INVALID, "past_due_us"},
                {{.sku = STR_INIT("jug"), .demand_fence_us = -1}, OCORE_INVALID, "demand_fence_us"},
                {{.sku = STR_INIT("jug"), .supply_fence_us = -1}, OCORE_INVALID, "supply_fence_us"},
        };
        const ocore_promise *promise;
        test_world world;

        (void)state;
        buy_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                ocore_promise_request request = cases[i].request;

                request.struct_size = sizeof request;
                assert_refused(&world, ocore_promise_ask(world.core, &request, &promise),
                        cases[i].status, cases[i].field);
                assert_null(promise);
        }
        assert_int_equal(ask(&world, (ocore_promise_request){.periods = 400,
                                             .past_due_us = INT64_MAX,
                                             .demand_fence_us = INT64_MAX,
                                             .supply_fence_us = INT64_MAX})
                                 ->period_count,
                400);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_golden_case),
                cmocka_unit_test(look_ahead),
                cmocka_unit_test(past_due),
                cmocka_unit_test(one_site),
                cmocka_unit_test(what_is_not_for_all),
                cmocka_unit_test(wrong_questions_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
