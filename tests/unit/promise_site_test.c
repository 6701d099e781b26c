/*
 * Nobody is promised what may not go to him: a line that is to come from one site, an order or a
 * channel that excludes the site of a supply, a supply that comes to a closed site. When placing,
 * in a run, and when what was promised before is lost; and others are promised it instead.
 */
#include "buying.h"

#define DAY TEST_DAY_US
#define SOON (TEST_NOW_US + DAY)
#define LATER (TEST_NOW_US + 7 * DAY)

/* Ordered from acme and sent, to a site. */
static ocore_id buy_at(test_world *world, const char *site, const char *quantity, int64_t due_us)
{
        const buy_line wish = {"jug", quantity, due_us};
        ocore_purchase_request_line line;
        ocore_purchase_request request = buy_request(world, &line, &wish, 1);

        request.site = ocore_str_of(site);
        assert_done(world, ocore_purchase_propose(world->core, &request, NULL));
        buy_step(world, ocore_purchase_send, request.id);
        return request.id;
}

/* Why north may not give. */
enum { LINE, ORDER, CHANNEL, CLOSED, WAYS };

static void put_north(test_world *world, int64_t closed)
{
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = STR("north"),
                .priority = 1,
                .closed = closed};

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

static void exclude_for_channel(test_world *world)
{
        const ocore_site_wish sites[] = {{STR("north"), 1}};
        const ocore_channel_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .channel = STR("shop"),
                .sites = sites,
                .site_count = 1,
                .site_stride = sizeof *sites};

        assert_done(world, ocore_channel_put(world->core, &request, NULL));
}

static ocore_id place_barred(test_world *world, int way)
{
        const ocore_site_wish sites[] = {{STR("north"), 1}};
        ocore_draft_line line = line_of("jug", "5");
        ocore_order_draft draft;

        if (way == LINE)
                line.site = STR("south");
        draft = draft_of(world, &line, 1);
        if (way == ORDER) {
                draft.sites = sites;
                draft.site_count = 1;
                draft.site_stride = sizeof *sites;
        }
        if (way == CHANNEL)
                draft.channel = STR("shop");
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        world->now_us++;
        return draft.id;
}

static void prepare(test_world *world, int way)
{
        buy_open(world);
        if (way == CHANNEL)
                exclude_for_channel(world);
}

static void run_jugs(test_world *world)
{
        const ocore_promise_run_request request = {
                .struct_size = sizeof request, .id = test_next_id(world), .sku = STR("jug")};

        assert_done(world, ocore_promise_run_queue(world->core, &request, NULL));
}

static void placing_promises_only_what_may_come(void **state)
{
        (void)state;
        for (int way = 0; way < WAYS; way++) {
                ocore_id barred, other;
                test_world world;

                prepare(&world, way);
                buy_at(&world, "north", "5", SOON);
                buy_at(&world, "south", "5", LATER);
                if (way == CLOSED)
                        put_north(&world, 1);
                barred = place_barred(&world, way);
                assert_waits(&world, barred, 0, 5, LATER);
                if (way == CLOSED)
                        put_north(&world, 0);
                other = buy_waiting(&world, "jug", "5", 0);
                assert_waits(&world, other, 0, 5, SOON);
                sale_close(&world);
        }
}

static void a_run_promises_only_what_may_come(void **state)
{
        (void)state;
        for (int way = 0; way < WAYS; way++) {
                ocore_id barred, other;
                test_world world;

                prepare(&world, way);
                barred = place_barred(&world, way);
                other = buy_waiting(&world, "jug", "5", 0);
                buy_at(&world, "north", "5", SOON);
                buy_at(&world, "south", "5", LATER);
                if (way == CLOSED)
                        put_north(&world, 1);
                run_jugs(&world);
                assert_waits(&world, barred, 0, 5, LATER);
                assert_waits(&world, other, 0, 5, way == CLOSED ? 0 : SOON);
                sale_close(&world);
        }
}

/* What was promised is lost; what else comes may not go there. */
static void a_lost_promise_is_not_made_anew_from_elsewhere(void **state)
{
        (void)state;
        for (int way = 0; way < WAYS; way++) {
                ocore_id barred, id;
                test_world world;

                prepare(&world, way);
                id = buy_at(&world, "south", "5", SOON);
                barred = place_barred(&world, way);
                assert_waits(&world, barred, 0, 5, SOON);
                buy_at(&world, "north", "5", LATER);
                if (way == CLOSED)
                        put_north(&world, 1);
                buy_step(&world, ocore_purchase_close, id);
                assert_waits(&world, barred, 0, 5, 0);
                sale_close(&world);
        }
}

/* A promise of a site that was closed since is not kept by a run: its goods would not be given. */
static void a_run_takes_back_what_a_closed_site_was_to_give(void **state)
{
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_at(&world, "north", "5", SOON);
        buy_at(&world, "south", "5", LATER);
        order_id = buy_waiting(&world, "jug", "5", 0);
        assert_waits(&world, order_id, 0, 5, SOON);
        put_north(&world, 1);
        run_jugs(&world);
        assert_waits(&world, order_id, 0, 5, LATER);
        sale_close(&world);
}

/* What the channel has excluded since is lost even to those who keep what they have. */
static void nobody_keeps_what_may_not_come(void **state)
{
        const ocore_promise_class keep = {.strategy = OCORE_PROMISE_GAIN};
        ocore_promise_run_request request;
        const ocore_promise_run *run;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_at(&world, "north", "5", SOON);
        buy_at(&world, "south", "5", LATER);
        order_id = place_barred(&world, CHANNEL);
        assert_waits(&world, order_id, 0, 5, SOON);
        exclude_for_channel(&world);
        request = (ocore_promise_run_request){.struct_size = sizeof request,
                .id = test_next_id(&world),
                .sku = STR("jug"),
                .classes = &keep,
                .class_count = 1,
                .class_stride = sizeof keep};
        assert_done(&world, ocore_promise_run_queue(world.core, &request, &run));
        assert_int_equal(run->change_count, 1);
        assert_number(run->changes[0]->after_us, LATER);
        assert_waits(&world, order_id, 0, 5, LATER);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(placing_promises_only_what_may_come),
                cmocka_unit_test(a_run_promises_only_what_may_come),
                cmocka_unit_test(a_lost_promise_is_not_made_anew_from_elsewhere),
                cmocka_unit_test(nobody_keeps_what_may_not_come),
                cmocka_unit_test(a_run_takes_back_what_a_closed_site_was_to_give),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
