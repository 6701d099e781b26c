/*
 * A queue is promised anew: what is there goes to those who are served first, promises move by the
 * strategy of each order, orders whose date changed are told, and a simulation says the same and
 * leaves nothing. The planner's own cases stand in promise_plan_rules_test.c. Verified at each end.
 */
#include "buying.h"
#include "rows.h"

#include "engine/procedure.h"
#include "order/order_room.h"

#define DAY TEST_DAY_US
enum { QUEUE = 1000 }; /* as many are looked at by one run */

static int try_run(test_world *world, const char *sku, int64_t simulate,
        const ocore_promise_class *classes, size_t count, const ocore_promise_run **out)
{
        const ocore_promise_run_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .simulate = simulate,
                .classes = classes,
                .class_count = count,
                .class_stride = sizeof *classes};

        return ocore_promise_run_queue(world->core, &request, out);
}

/* What a simulation says is what then happens. */
static const ocore_promise_run *run(
        test_world *world, const char *sku, const ocore_promise_class *classes, size_t count)
{
        ocore_promise_change said[8];
        const ocore_promise_run *done;
        size_t said_count;
        int64_t filled;

        assert_done(world, try_run(world, sku, 1, classes, count, &done));
        said_count = done->change_count;
        filled = done->filled;
        assert_true(said_count <= 8);
        for (size_t i = 0; i < said_count; i++)
                said[i] = *done->changes[i];
        assert_done(world, try_run(world, sku, 0, classes, count, &done));
        assert_int_equal(done->change_count, said_count);
        assert_number(done->filled, filled);
        for (size_t i = 0; i < said_count; i++)
                assert_memory_equal(done->changes[i], &said[i], sizeof said[i]);
        assert_verified(world);
        return done;
}

static void assert_change(const ocore_promise_run *done, size_t index, ocore_id order_id,
        int64_t filled, int64_t before_us, int64_t after_us)
{
        const ocore_promise_change *change;

        assert_true(index < done->change_count);
        change = done->changes[index];
        assert_same_id(change->order_id, order_id);
        assert_number(change->line, 1);
        assert_number(change->filled, filled);
        assert_number(change->before_us, before_us);
        assert_number(change->after_us, after_us);
}

/* Two orders wait without a date until a purchase order is sent; a run gives them one. */
static void orders_get_a_date(void **state)
{
        const ocore_promise_run *done;
        ocore_id calm, urgent;
        test_world world;

        (void)state;
        buy_open(&world);
        calm = buy_waiting(&world, "jug", "5", 0);
        urgent = buy_waiting(&world, "jug", "5", 3);
        buy(&world, "jug", "6", TEST_NOW_US + 2 * DAY);
        buy(&world, "jug", "4", TEST_NOW_US + 9 * DAY);
        assert_waits(&world, calm, 0, 5, 0);
        done = run(&world, "jug", NULL, 0);
        assert_text(done->sku, "jug");
        assert_number(done->looked_at, 2);
        assert_number(done->filled, 0);
        assert_int_equal(done->change_count, 2);
        assert_change(done, 0, urgent, 0, 0, TEST_NOW_US + 2 * DAY);
        assert_change(done, 1, calm, 0, 0, TEST_NOW_US + 9 * DAY);
        assert_number(done->changes[0]->strategy, OCORE_PROMISE_REDISTRIBUTE);
        assert_waits(&world, urgent, 0, 5, TEST_NOW_US + 2 * DAY);
        assert_waits(&world, calm, 0, 5, TEST_NOW_US + 9 * DAY);
        assert_number(sale_event(&world, calm, 0).kind, OCORE_EVENT_PROMISE_CHANGED);
        assert_text(sale_event(&world, calm, 0).detail, "jug");
        /* Again: nothing changes, and nobody is told. */
        done = run(&world, "jug", NULL, 0);
        assert_int_equal(done->change_count, 0);
        assert_number(done->looked_at, 2);
        sale_close(&world);
}

/* The young one has the early supply; who is served first by its class gets it. */
static void classes_decide(void **state)
{
        const ocore_promise_class gain = {.strategy = OCORE_PROMISE_GAIN};
        const ocore_promise_class win[] = {
                {OCORE_PROMISE_WIN, 3, 0, {0}}, {OCORE_PROMISE_REDISTRIBUTE, 0, 0, {0}}};
        const ocore_promise_class lose[] = {
                {OCORE_PROMISE_LOSE, 3, 3, {0}}, {OCORE_PROMISE_GAIN, 0, 2, {0}}};
        const ocore_promise_class other[] = {{OCORE_PROMISE_WIN, 0, 0, STR_INIT("web")}};
        const int64_t early = TEST_NOW_US + DAY, late = TEST_NOW_US + 4 * DAY;
        const ocore_promise_run *done;
        ocore_id calm, urgent;
        test_world world;

        (void)state;
        buy_open(&world);
        buy(&world, "jug", "5", early);
        buy(&world, "jug", "5", late);
        calm = buy_waiting(&world, "jug", "5", 1);
        urgent = buy_waiting(&world, "jug", "5", 3);
        assert_waits(&world, calm, 0, 5, early);
        /* Nobody is of that channel: all keep what they have. And nobody who gains can. */
        assert_int_equal(run(&world, "jug", other, 1)->change_count, 0);
        assert_int_equal(run(&world, "jug", &gain, 1)->change_count, 0);
        done = run(&world, "jug", win, 2);
        assert_int_equal(done->change_count, 2);
        assert_number(done->changes[0]->strategy, OCORE_PROMISE_WIN);
        assert_change(done, 0, urgent, 0, late, early);
        assert_change(done, 1, calm, 0, early, late);
        done = run(&world, "jug", lose, 2);
        assert_change(done, 0, urgent, 0, early, 0);
        assert_change(done, 1, calm, 0, late, early);
        assert_waits(&world, urgent, 0, 5, 0);
        assert_waits(&world, calm, 0, 5, early);
        sale_close(&world);
}

/* Goods that are there go by strategy, then by priority; fill and lose get none. */
static void what_is_there_is_given(void **state)
{
        const ocore_promise_class classes[] = {{OCORE_PROMISE_FILL, 9, 0, {0}},
                {OCORE_PROMISE_WIN, 0, 1, {0}}, {OCORE_PROMISE_REDISTRIBUTE, 0, 0, {0}}};
        const ocore_promise_run *done;
        ocore_id first, second, third;
        test_world world;

        (void)state;
        buy_open(&world);
        first = buy_waiting(&world, "jug", "2", 9);
        second = buy_waiting(&world, "jug", "2", 5);
        third = buy_waiting(&world, "jug", "2", 1);
        shop_receive(&world, "jug", "south", "1");
        shop_receive(&world, "jug", "north", "2");
        done = run(&world, "jug", classes, 3);
        assert_number(done->filled, 3);
        assert_int_equal(done->change_count, 2);
        assert_change(done, 0, second, 1, 0, 0);
        assert_change(done, 1, third, 2, 0, 0);
        assert_waits(&world, first, 0, 2, 0);
        assert_waits(&world, second, 1, 1, 0);
        assert_waits(&world, third, 2, 0, 0);
        assert_text(sale_order(&world, third)->lines[0]->allocations[0]->site, "north");
        assert_number(sale_event(&world, third, 0).kind, OCORE_EVENT_BACKORDER_FILLED);
        /* What is missing of it is promised by the same run. */
        shop_receive(&world, "jug", "north", "1");
        buy(&world, "jug", "2", TEST_NOW_US + DAY);
        done = run(&world, "jug", NULL, 0);
        assert_change(done, 0, first, 1, 0, TEST_NOW_US + DAY);
        assert_change(done, 1, second, 0, 0, TEST_NOW_US + DAY);
        sale_close(&world);
}

/* Goods of a site that an order or its channel shuns do not go to it, nor does safety stock. */
static void fences_hold(void **state)
{
        const ocore_site_wish shun = {STR_INIT("south"), 1};
        ocore_channel_request channel = {.struct_size = sizeof channel,
                .channel = STR("shop"),
                .sites = &shun,
                .site_count = 1,
                .site_stride = sizeof shun};
        ocore_stock_rule_request rule = {.struct_size = sizeof rule,
                .sku = STR("jug"),
                .site = STR("north"),
                .safety = {3, 0, 0}};
        ocore_draft_line line = line_of("jug", "2");
        ocore_order_draft draft;
        ocore_id shunning, of_shop, only_north, any;
        test_world world;

        (void)state;
        buy_open(&world);
        channel.id = test_next_id(&world);
        assert_done(&world, ocore_channel_put(world.core, &channel, NULL));
        rule.id = test_next_id(&world);
        assert_done(&world, ocore_stock_rule_put(world.core, &rule, NULL));
        draft = draft_of(&world, &line, 1);
        draft.priority = 4;
        draft.sites = &shun;
        draft.site_count = 1;
        draft.site_stride = sizeof shun;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        shunning = draft.id;
        draft = draft_of(&world, &line, 1);
        draft.priority = 3;
        draft.channel = STR("shop");
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        of_shop = draft.id;
        line.site = STR("north");
        draft = draft_of(&world, &line, 1);
        draft.priority = 2;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        only_north = draft.id;
        any = buy_waiting(&world, "jug", "2", 0);
        shop_receive(&world, "jug", "south", "1");
        shop_receive(&world, "jug", "north", "4");
        assert_number(run(&world, "jug", NULL, 0)->filled, 2);
        assert_waits(&world, shunning, 1, 1, 0); /* the one beyond the safety stock of north */
        assert_waits(&world, of_shop, 0, 2, 0);
        assert_waits(&world, only_north, 0, 2, 0);
        assert_waits(&world, any, 1, 1, 0);
        assert_text(sale_order(&world, any)->lines[0]->allocations[0]->site, "south");
        assert_number(shop_stock(&world, "jug", "north").available, 3);
        sale_close(&world);
}

static void preorders_wait(void **state)
{
        const int64_t release = TEST_NOW_US + 10 * DAY;
        const ocore_promise_run *done;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_goods(&world, (buy_product){"disc", OCORE_SHORT_BACKORDER, "acme", 0, 0, release});
        order_id = buy_waiting(&world, "disc", "3", 0);
        shop_receive(&world, "disc", "north", "1");
        buy(&world, "disc", "2", TEST_NOW_US + DAY);
        done = run(&world, "disc", NULL, 0);
        assert_number(done->filled, 0);
        buy(&world, "disc", "1", TEST_NOW_US + 2 * DAY);
        done = run(&world, "disc", NULL, 0);
        assert_change(done, 0, order_id, 0, 0, release);
        world.now_us = release;
        done = run(&world, "disc", NULL, 0);
        assert_number(done->filled, 1);
        assert_waits(&world, order_id, 1, 2, release);
        sale_close(&world);
}

/* Two lines of one order, and one made for it alone, which the run leaves as it is. */
static void an_order_with_several_lines(void **state)
{
        const ocore_draft_line lines[] = {
                line_of("jug", "3"), line_of("desk", "1"), line_of("jug", "4")};
        const ocore_promise_run *done;
        ocore_order_draft draft;
        const ocore_order *order;
        int64_t version;
        test_world world;

        (void)state;
        buy_open(&world);
        draft = draft_of(&world, lines, 3);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        buy_step(&world, ocore_purchase_send, buy_arrange(&world, draft.id, "")->purchases[0]->id);
        buy(&world, "jug", "5", TEST_NOW_US + DAY);
        shop_receive(&world, "jug", "north", "2");
        version = sale_order(&world, draft.id)->version;
        done = run(&world, "jug", NULL, 0);
        assert_number(done->looked_at, 2);
        assert_int_equal(done->change_count, 2);
        assert_number(done->changes[0]->filled, 2);
        assert_number(done->changes[0]->after_us, TEST_NOW_US + DAY);
        assert_number(done->changes[1]->line, 3);
        assert_number(done->changes[1]->after_us, TEST_NOW_US + DAY);
        order = sale_order(&world, draft.id);
        assert_number(order->version, version + 1); /* once, with two events */
        assert_number(order->lines[0]->allocated, 2);
        assert_number(order->expected_us, TEST_NOW_US + 5 * DAY); /* the desk */
        assert_int_equal(run(&world, "desk", NULL, 0)->change_count, 0);
        sale_close(&world);
}

static void wrong_runs_are_refused(void **state)
{
        const ocore_promise_class wrong[] = {{0, 0, 0, {0}}, {7, 0, 0, {0}},
                {OCORE_PROMISE_WIN, -1, 0, {0}}, {OCORE_PROMISE_WIN, 0, -1, {0}},
                {OCORE_PROMISE_WIN, 5, 4, {0}}};
        static const char *const fields[] = {"classes[0].strategy", "classes[0].strategy",
                "classes[0].priority_min", "classes[0].priority_max", "classes[0].priority_max"};
        ocore_promise_class many[33];
        const ocore_promise_run *done;
        test_world world;

        (void)state;
        buy_open(&world);
        for (size_t i = 0; i < 5; i++) {
                assert_refused(&world, try_run(&world, "jug", 0, &wrong[i], 1, &done),
                        OCORE_INVALID, fields[i]);
                assert_null(done);
        }
        for (size_t i = 0; i < 33; i++)
                many[i] = (ocore_promise_class){.strategy = OCORE_PROMISE_WIN};
        assert_refused(&world, try_run(&world, "jug", 0, many, 33, &done), OCORE_LIMIT, "classes");
        assert_done(&world, try_run(&world, "jug", 0, many, 32, &done));
        assert_refused(&world, try_run(&world, "mud", 0, NULL, 0, &done), OCORE_NOT_FOUND, "sku");
        assert_refused(&world, try_run(&world, "", 0, NULL, 0, &done), OCORE_INVALID, "sku");
        sale_close(&world);
}

/* A transfer brings less than was promised of it: the run gives what came to whom it was promised,
 * and those served last lose the rest; nothing is promised of what will never come. */
static void what_was_lost_is_promised_no_longer(void **state)
{
        const ocore_transfer_ship_line line = {STR_INIT("jug"), {0}, {5, 0, 0}};
        ocore_transfer_ship_request ship = {.struct_size = sizeof ship,
                .from_site = STR("south"),
                .to_site = STR("north"),
                .due_us = TEST_NOW_US + DAY,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_transfer_receive_line came = {1, {3, 0, 0}};
        ocore_transfer_receive_request receive = {.struct_size = sizeof receive,
                .close = 1,
                .lines = &came,
                .line_count = 1,
                .line_stride = sizeof came};
        const ocore_promise_class keep = {OCORE_PROMISE_FILL, 9, 9, {0}};
        const ocore_promise_run *done;
        ocore_id urgent, calm;
        test_world world;

        (void)state;
        buy_open(&world);
        shop_receive(&world, "jug", "south", "5");
        ship.id = test_next_id(&world);
        assert_done(&world, ocore_transfer_ship(world.core, &ship, NULL));
        calm = buy_waiting(&world, "jug", "3", 0);
        urgent = buy_waiting(&world, "jug", "2", 4);
        assert_waits(&world, urgent, 0, 2, TEST_NOW_US + DAY);
        receive.id = test_next_id(&world);
        receive.transfer_id = ship.id;
        assert_done(&world, ocore_transfer_receive(world.core, &receive, NULL));
        assert_verified(&world);
        /* Who fits no class keeps what there is; here that is nothing any longer. */
        buy(&world, "jug", "4", TEST_NOW_US + 5 * DAY);
        done = run(&world, "jug", &keep, 1);
        assert_number(done->filled, 0);
        assert_int_equal(done->change_count, 2);
        assert_waits(&world, urgent, 0, 2, TEST_NOW_US + 5 * DAY);
        assert_waits(&world, calm, 0, 3, 0);
        done = run(&world, "jug", NULL, 0);
        assert_number(done->filled, 3);
        assert_waits(&world, urgent, 2, 0, 0);
        assert_waits(&world, calm, 1, 2, TEST_NOW_US + 5 * DAY);
        sale_close(&world);
}

/* What an order waits for says a date that its promises do not. */
typedef struct misdating {
        size_t struct_size;
        ocore_id id, order_id;
} misdating;
static const ocore_field misdate_fields[] = {
        OCORE__FIELD_KEY(misdating),
        OCORE__FIELD(misdating, order_id, ID, 0, "of which order"),
};
static const ocore_record misdate_record = OCORE__RECORD("misdate", misdating, misdate_fields, 0);

static int misdate(ocore__work *work, const void *request, const void **answer)
{
        const misdating *now = request;
        ocore__order_view view;
        ocore__group *backorders;
        const ocore_order *order;
        ocore_backorder *row;
        int64_t state;
        int status = ocore__order_want(work, now->order_id, &view);

        if (!status)
                status = ocore__want(
                        work, &ocore__backorder_table, ocore__cell_id(now->order_id), &backorders);
        if (!status)
                status = ocore__order_fetch(work, &view, OCORE_STEP_ALLOCATE, &order, &state);
        if (status)
                return status;
        row = ocore__edit(work, ocore__first(backorders));
        row->expected_us -= DAY;
        ocore__order_touch(work, &view, OCORE_EVENT_ORDER_REALLOCATED, (ocore_str){0});
        *answer = now;
        return work->status;
}

static void a_wrong_date_is_mended(void **state)
{
        static const ocore__procedure misdates = {
                &misdate_record, &misdate_record, misdate, OCORE__COMMAND};
        const ocore_promise_class keep = {OCORE_PROMISE_FILL, 9, 9, {0}};

        (void)state;
        for (size_t classes = 0; classes < 2; classes++) {
                misdating wrong = {.struct_size = sizeof wrong};
                const ocore_promise_run *done;
                const void *answer;
                test_world world;

                buy_open(&world);
                buy(&world, "jug", "5", TEST_NOW_US + 3 * DAY);
                wrong.order_id = buy_waiting(&world, "jug", "4", 0);
                buy_waiting(&world, "jug", "4", 0); /* its promise is right: it has none */
                wrong.id = test_next_id(&world);
                assert_done(&world, ocore__call(world.core, &misdates, &wrong, &answer));
                assert_waits(&world, wrong.order_id, 0, 4, TEST_NOW_US + 2 * DAY);
                assert_int_equal(ocore_verify(world.core, NULL, NULL, NULL), OCORE_CORRUPT);
                done = run(&world, "jug", &keep, classes);
                assert_int_equal(done->change_count, 1);
                assert_number(done->changes[0]->before_us, TEST_NOW_US + 2 * DAY);
                assert_number(done->changes[0]->after_us, TEST_NOW_US + 3 * DAY);
                assert_waits(&world, wrong.order_id, 0, 4, TEST_NOW_US + 3 * DAY);
                sale_close(&world);
        }
}

/* Promises that a hostile store might tell: refused, never added up. */
static void promises_that_cannot_be_right_are_corrupt(void **state)
{
        static const int64_t quantities[][2] = {
                {INT64_MAX / 2 + 1, INT64_MAX / 2 + 1}, {3, 3}, {1, INT64_MAX}, {6, 1}, {0, 1}};

        (void)state;
        for (size_t i = 0; i < sizeof quantities / sizeof quantities[0]; i++) {
                const ocore_promise_class gain = {OCORE_PROMISE_GAIN, 0, 0, STR_INIT("none")};
                const ocore_promise_run *done;
                ocore_id order_id;
                test_world world;

                buy_open(&world);
                order_id = buy_waiting(&world, "jug", "5", 0);
                for (size_t n = 0; n < 2; n++) {
                        const ocore__peg peg = {order_id, 1,
                                buy(&world, "jug", "5", TEST_NOW_US + DAY), 1, STR("jug"), 0,
                                quantities[i][n]};

                        test_insert(&world, &ocore__peg_table, &peg);
                }
                for (int64_t simulate = 0; simulate < 2; simulate++)
                        assert_refused(&world, try_run(&world, "jug", simulate, &gain, 1, &done),
                                OCORE_CORRUPT, "");
                test_close(&world);
        }
}

/* A long queue: the first thousand are served, the others by the next run. */
static void a_long_queue(void **state)
{
        const ocore_promise_run *done;
        test_world world;

        (void)state;
        buy_open(&world);
        for (int64_t i = 0; i < QUEUE + 5; i++) {
                buy_waiting(&world, "jug", "1", 0);
                world.now_us++;
        }
        shop_receive(&world, "jug", "north", "2000");
        assert_done(&world, try_run(&world, "jug", 0, NULL, 0, &done));
        assert_number(done->looked_at, QUEUE);
        assert_number(done->filled, QUEUE);
        assert_done(&world, try_run(&world, "jug", 0, NULL, 0, &done));
        assert_number(done->filled, 5);
        sale_close(&world);
}

/* A repeated run answers as before; a simulated one leaves its id free. */
static void ids_are_retry_keys(void **state)
{
        ocore_promise_run_request request = {
                .struct_size = sizeof request, .sku = STR("jug"), .simulate = 1};
        const ocore_promise_run *done;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        request.id = test_next_id(&world);
        order_id = buy_waiting(&world, "jug", "3", 0);
        shop_receive(&world, "jug", "north", "1");
        assert_done(&world, ocore_promise_run_queue(world.core, &request, &done));
        assert_number(done->filled, 1);
        assert_waits(&world, order_id, 0, 3, 0);
        request.simulate = 0;
        assert_done(&world, ocore_promise_run_queue(world.core, &request, &done));
        assert_waits(&world, order_id, 1, 2, 0);
        shop_receive(&world, "jug", "north", "1");
        assert_status(&world, ocore_promise_run_queue(world.core, &request, &done), OCORE_ALREADY);
        assert_number(done->filled, 1);
        assert_int_equal(done->change_count, 1);
        assert_waits(&world, order_id, 1, 2, 0);
        sale_close(&world);
}

/* Each request for memory fails once: nothing is done, and the next time all is. */
static void no_memory(void **state)
{
        const ocore_promise_run *done;
        int failures = 0, finished = 0;

        (void)state;
        for (int64_t n = 1; !finished; n++) {
                ocore_promise_run_request request = {
                        .struct_size = sizeof request, .sku = STR("jug")};
                ocore_id order_id;
                test_world world;
                int status;

                buy_open(&world);
                order_id = buy_waiting(&world, "jug", "3", 0);
                buy(&world, "jug", "2", TEST_NOW_US + DAY);
                shop_receive(&world, "jug", "north", "1");
                test_reopen(&world);
                request.id = test_next_id(&world);
                world.memory.fail_at = world.memory.requests + n;
                status = ocore_promise_run_queue(world.core, &request, &done);
                finished = !world.memory.failed;
                failures += !finished;
                world.memory.fail_at = 0;
                assert_status(&world, status, finished ? OCORE_OK : OCORE_NOMEM);
                if (!finished) {
                        assert_waits(&world, order_id, 0, 3, 0);
                        assert_done(&world, ocore_promise_run_queue(world.core, &request, &done));
                }
                assert_number(done->filled, 1);
                assert_waits(&world, order_id, 1, 2, TEST_NOW_US + DAY);
                sale_close(&world);
        }
        assert_true(failures > 3);
}

/* In one unit with what it rests on: the queue is seen as the unit has it. */
static void in_a_unit(void **state)
{
        const ocore_promise_run *done;
        ocore_id order_id;
        test_world world;

        (void)state;
        buy_open(&world);
        assert_done(&world, ocore_unit_begin(world.core));
        order_id = buy_waiting(&world, "jug", "3", 0);
        shop_receive(&world, "jug", "north", "2");
        assert_done(&world, try_run(&world, "jug", 1, NULL, 0, &done));
        assert_number(done->filled, 2);
        assert_done(&world, try_run(&world, "jug", 0, NULL, 0, &done));
        assert_number(done->filled, 2);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_waits(&world, order_id, 2, 1, 0);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(orders_get_a_date),
                cmocka_unit_test(classes_decide),
                cmocka_unit_test(what_is_there_is_given),
                cmocka_unit_test(fences_hold),
                cmocka_unit_test(preorders_wait),
                cmocka_unit_test(an_order_with_several_lines),
                cmocka_unit_test(wrong_runs_are_refused),
                cmocka_unit_test(what_was_lost_is_promised_no_longer),
                cmocka_unit_test(a_wrong_date_is_mended),
                cmocka_unit_test(promises_that_cannot_be_right_are_corrupt),
                cmocka_unit_test(a_long_queue),
                cmocka_unit_test(ids_are_retry_keys),
                cmocka_unit_test(no_memory),
                cmocka_unit_test(in_a_unit),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
