/*
 * Proves what the pump promises: a hold lapses once, however many pumps there are, and not when it
 * was extended; an effect is told until it is acknowledged, later and later, and given up in the
 * end; a sink that fails, or calls back, changes nothing else; and ocore_next_due() says when there
 * is something to do.
 */
#include "shop.h"

#include "engine/core.h"

typedef struct sink {
        ocore_core *core;
        ocore_core *other; /* pumps in the middle of a tell, when it is set */
        int64_t answer;    /* what telling returns */
        int64_t calls;
        int64_t number; /* of the last effect */
        int64_t attempts;
        int reentry; /* what a call back was answered */
} sink;

static int tell(void *user_data, const ocore_effect *effect)
{
        sink *self = user_data;
        ocore_pumped pumped;

        self->calls++;
        self->number = effect->number;
        self->attempts = effect->attempts;
        self->reentry = ocore_pump(self->core, 0, NULL);
        if (self->other) {
                ocore_core *other = self->other;

                self->other = NULL;
                assert_int_equal(ocore_pump(other, 0, &pumped), OCORE_DONE);
                assert_number(pumped.told, 0); /* the one that is being told is claimed */
        }
        return (int)self->answer;
}

/* A shop with two of a thing, whose core tells `self`. */
static void begin(test_world *world, sink *self)
{
        ocore_config config = {.struct_size = sizeof config,
                .tell = tell,
                .tell_data = self,
                .effect_attempts_max = 4,
                .effect_retry_us = 10 * 1000000};

        test_open_with(world, &config);
        self->core = world->core;
        shop_goods(world, "CUP", "5.00 EUR");
        shop_site(world, "EAST", 1);
        shop_receive(world, "CUP", "EAST", "9");
}

/* A second core on the same store. */
static ocore_core *second(test_world *world, sink *self)
{
        const ocore_config config = {.struct_size = sizeof config,
                .store = world->store,
                .allocator = test_allocator(&world->memory),
                .clock = world->core->config.clock,
                .clock_data = world,
                .tell = tell,
                .tell_data = self,
                .tenant = world->core->config.tenant};
        ocore_core *core;

        assert_int_equal(ocore_open(&config, &core), OCORE_OK);
        if (self)
                self->core = core;
        return core;
}

static ocore_id hold(test_world *world, int64_t minutes)
{
        const ocore_hold_request_line line = {STR("CUP"), {1, 0, 0}};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + minutes * TEST_MINUTE_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

static void place(test_world *world)
{
        const ocore_draft_line line = {.sku = STR("CUP"), .quantity = {1, 0, 0}};
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = test_next_id(world),
                .currency = STR("EUR"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_order_place(world->core, &draft, NULL));
}

static int64_t next_due(ocore_core *core)
{
        int64_t due_us = -1;

        assert_int_equal(ocore_next_due(core, &due_us), OCORE_OK);
        return due_us;
}

static void holds_lapse_once(void **state)
{
        test_world world;
        sink self = {0};
        ocore_pumped pumped;
        ocore_core *other;
        ocore_hold_key key = {sizeof key, {{0}}};
        const ocore_hold *row;

        (void)state;
        begin(&world, &self);
        other = second(&world, NULL);
        assert_number(next_due(world.core), INT64_MAX);
        key.hold_id = hold(&world, 5);
        hold(&world, 6);
        assert_number(shop_stock(&world, "CUP", "EAST").held, 2);
        assert_number(next_due(world.core), world.now_us + 5 * TEST_MINUTE_US);
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 0);
        world.now_us += 5 * TEST_MINUTE_US;
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 1);
        assert_int_equal(ocore_pump(other, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 0);
        assert_done(&world, ocore_hold_get(world.core, &key, &row));
        assert_number(row->state, OCORE_HOLD_LAPSED);
        assert_number(shop_stock(&world, "CUP", "EAST").held, 1);
        assert_number(shop_stock(&world, "CUP", "EAST").available, 8);
        assert_verified(&world);
        ocore_close(other);
        test_close(&world);
}

/* The limit bounds one call; OCORE_OK says that there may be more. */
static void work_is_bounded(void **state)
{
        test_world world;
        sink self = {0};
        ocore_pumped pumped;

        (void)state;
        begin(&world, &self);
        shop_receive(&world, "CUP", "EAST", "100");
        for (int i = 0; i < 40; i++)
                hold(&world, 1);
        world.now_us += TEST_DAY_US;
        assert_int_equal(ocore_pump(world.core, 3, &pumped), OCORE_OK);
        assert_number(pumped.holds_lapsed, 3);
        assert_int_equal(ocore_pump(world.core, 17, &pumped), OCORE_OK);
        assert_number(pumped.holds_lapsed, 17);
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 20);
        assert_refused(&world, ocore_pump(world.core, -1, &pumped), OCORE_INVALID, "limit");
        for (int i = 0; i < 20; i++)
                place(&world);
        assert_int_equal(ocore_pump(world.core, 16, &pumped), OCORE_OK);
        assert_number(pumped.told, 16);
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.told, 4);
        assert_verified(&world);
        test_close(&world);
}

static void effects_are_retried_and_given_up(void **state)
{
        static const int64_t waits_s[] = {10, 20, 40};
        test_world world;
        sink self = {.answer = -1};
        ocore_pumped pumped;

        (void)state;
        begin(&world, &self);
        place(&world);
        assert_number(next_due(world.core), world.now_us);
        for (size_t i = 0; i < 3; i++) {
                assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
                assert_number(pumped.failed, 1);
                assert_number(self.calls, (int64_t)i + 1);
                assert_number(self.attempts, (int64_t)i + 1);
                assert_number(next_due(world.core), world.now_us + waits_s[i] * 1000000);
                assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
                assert_number(pumped.failed, 0); /* not before its time */
                world.now_us += waits_s[i] * 1000000;
        }
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.dead, 1);
        assert_number(self.calls, 4);
        assert_number(next_due(world.core), INT64_MAX);
        world.now_us += 365 * TEST_DAY_US;
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(self.calls, 4);
        assert_verified(&world);
        test_close(&world);
}

/* The wait never grows beyond a day. */
static void the_wait_is_at_most_a_day(void **state)
{
        test_world world;
        sink self = {.answer = 1};
        ocore_config config = {.struct_size = sizeof config,
                .tell = tell,
                .tell_data = &self,
                .effect_attempts_max = 1000,
                .effect_retry_us = TEST_DAY_US / 2};

        (void)state;
        test_open_with(&world, &config);
        self.core = world.core;
        shop_goods(&world, "CUP", "5.00 EUR");
        shop_site(&world, "EAST", 1);
        shop_receive(&world, "CUP", "EAST", "1");
        place(&world);
        for (int i = 0; i < 100; i++) {
                int64_t wait_us;

                assert_int_equal(ocore_pump(world.core, 0, NULL), OCORE_DONE);
                wait_us = next_due(world.core) - world.now_us;
                assert_number(wait_us, i ? TEST_DAY_US : TEST_DAY_US / 2);
                world.now_us += wait_us;
        }
        assert_number(self.calls, 100);
        test_close(&world);
}

static void a_sink_must_not_call_back(void **state)
{
        test_world world;
        sink self = {0};
        ocore_pumped pumped;

        (void)state;
        begin(&world, &self);
        place(&world);
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.told, 1);
        assert_int_equal(self.reentry, OCORE_REENTRANT);
        place(&world); /* and the core is as good as before */
        assert_verified(&world);
        test_close(&world);
}

/* While one pump tells, another neither tells the same nor waits; when the first one dies in the
 * middle, the lease runs out and the other takes over. */
static void pumps_share_the_work(void **state)
{
        test_world world;
        sink first = {0}, other = {0};
        ocore_pumped pumped;
        ocore_core *core;

        (void)state;
        begin(&world, &first);
        core = second(&world, &other);
        place(&world);
        first.other = core;
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.told, 1);
        assert_number(first.calls, 1);
        assert_number(other.calls, 0);
        ocore_close(core);
        test_close(&world);
}

/* A store that loses the outcome: the effect is told again, with the same key, after the lease. */
static int64_t writes_left = -1;
static ocore_store inner;
static void (*before_write)(void *data); /* once, in the middle of the next write */
static void *before_data;

static int fail_open(void *self, const ocore_schema *schema)
{
        (void)self;
        return inner.ops->open(inner.self, schema);
}

static int fail_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *rows)
{
        (void)self;
        return inner.ops->read(inner.self, reads, count, emit, rows);
}

static int fail_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        void (*before)(void *data) = before_write;

        (void)self;
        before_write = NULL;
        if (before)
                before(before_data);
        if (writes_left >= 0 && writes_left-- == 0)
                return OCORE_STORE;
        return inner.ops->write(inner.self, writes, count, refusal);
}

static const ocore_store_ops ops = {.struct_size = sizeof ops,
        .name = "failing",
        .open = fail_open,
        .read = fail_read,
        .write = fail_write};

static void a_lost_outcome_is_told_again(void **state)
{
        test_world world;
        sink self = {0};
        ocore_pumped pumped;
        ocore_config config = {.struct_size = sizeof config,
                .tell = tell,
                .tell_data = &self,
                .store = {&ops, NULL}};

        (void)state;
        test_store_open(NULL, &inner);
        test_open_with(&world, &config);
        self.core = world.core;
        shop_goods(&world, "CUP", "5.00 EUR");
        shop_site(&world, "EAST", 1);
        shop_receive(&world, "CUP", "EAST", "1");
        place(&world);
        writes_left = 1; /* the claim is written, the outcome is not */
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_STORE);
        assert_true(ocore_last_error(world.core)->message.size > 0);
        assert_number(self.calls, 1);
        writes_left = -1;
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(self.calls, 1); /* the claim still stands */
        world.now_us += TEST_MINUTE_US;
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(self.calls, 2);
        assert_number(pumped.told, 1);
        assert_number(self.attempts, 2);
        assert_verified(&world);
        test_close(&world);
        ocore_store_close(inner);
}

/* A hold, and the core of somebody who extends it a minute further. */
typedef struct extender {
        test_world world; /* only its core and its clock are its own */
        ocore_id hold_id;
        int64_t expires_us;
} extender;

static void extend(void *data)
{
        extender *self = data;
        const ocore_hold_extend_request request = {sizeof request, test_next_id(&self->world),
                self->hold_id, self->expires_us += TEST_MINUTE_US};

        assert_done(&self->world, ocore_hold_extend(self->world.core, &request, NULL));
}

/* The pump of a core sees a hold that is due; the clock of another is a little behind, and it
 * extends the hold at the last moment: before the pump comes by, and in the middle of its write.
 * The pump leaves the hold, and lapses it when the new deadline comes. */
static void an_extended_hold_is_left_alone(void **state)
{
        (void)state;
        for (int in_the_middle = 0; in_the_middle < 2; in_the_middle++) {
                sink self = {0};
                extender other = {.expires_us = TEST_NOW_US + TEST_MINUTE_US};
                ocore_config config = {.struct_size = sizeof config, .store = {&ops, NULL}};
                ocore_hold_key key = {sizeof key, {{0}}};
                const ocore_hold *row;
                ocore_pumped pumped;
                test_world world;

                test_store_open(NULL, &inner);
                test_open_with(&world, &config);
                shop_goods(&world, "CUP", "5.00 EUR");
                shop_site(&world, "EAST", 1);
                shop_receive(&world, "CUP", "EAST", "9");
                key.hold_id = other.hold_id = hold(&world, 1);
                other.world = world;
                other.world.next_id += 1000000;
                other.world.store = inner;
                other.world.core = second(&other.world, &self);
                world.now_us += TEST_MINUTE_US;
                other.world.now_us = world.now_us - 1;
                before_write = in_the_middle ? extend : NULL;
                before_data = &other;
                if (!in_the_middle)
                        extend(&other);
                for (int i = 0; i < 2; i++) { /* tried in vain, and tried again */
                        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
                        assert_number(pumped.holds_lapsed, 0);
                }
                assert_null(before_write);
                assert_done(&world, ocore_hold_get(world.core, &key, &row));
                assert_number(row->state, OCORE_HOLD_OPEN);
                assert_number(row->event_count, 2);
                assert_number(next_due(world.core), TEST_NOW_US + 2 * TEST_MINUTE_US);
                world.now_us = TEST_NOW_US + 2 * TEST_MINUTE_US;
                assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
                assert_number(pumped.holds_lapsed, 1);
                assert_done(&world, ocore_hold_get(world.core, &key, &row));
                assert_number(row->state, OCORE_HOLD_LAPSED);
                assert_number(shop_stock(&world, "CUP", "EAST").available, 9);
                assert_verified(&world);
                ocore_close(other.world.core);
                test_close(&world);
                ocore_store_close(inner);
        }
}

static void units_and_nulls_are_refused(void **state)
{
        test_world world;
        sink self = {0};
        ocore_pumped pumped = {7, 7, 7, 7};
        int64_t due_us = 7;

        (void)state;
        begin(&world, &self);
        assert_int_equal(ocore_pump(NULL, 0, &pumped), OCORE_INVALID);
        assert_number(pumped.told + pumped.holds_lapsed, 0);
        assert_int_equal(ocore_next_due(NULL, &due_us), OCORE_INVALID);
        assert_number(due_us, INT64_MAX);
        assert_refused(&world, ocore_next_due(world.core, NULL), OCORE_INVALID, "out_us");
        assert_done(&world, ocore_unit_begin(world.core));
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_STATE);
        assert_status(&world, ocore_next_due(world.core, &due_us), OCORE_STATE);
        assert_done(&world, ocore_unit_cancel(world.core));
        test_close(&world);
}

/* Without a sink effects are left to other cores, and are nothing to wait for. */
static void a_core_without_a_sink_leaves_effects(void **state)
{
        test_world world;
        ocore_pumped pumped;

        (void)state;
        test_open(&world);
        shop_goods(&world, "CUP", "5.00 EUR");
        shop_site(&world, "EAST", 1);
        shop_receive(&world, "CUP", "EAST", "1");
        place(&world);
        assert_number(next_due(world.core), INT64_MAX);
        assert_int_equal(ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.told, 0);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(holds_lapse_once),
                cmocka_unit_test(work_is_bounded),
                cmocka_unit_test(effects_are_retried_and_given_up),
                cmocka_unit_test(the_wait_is_at_most_a_day),
                cmocka_unit_test(a_sink_must_not_call_back),
                cmocka_unit_test(pumps_share_the_work),
                cmocka_unit_test(a_lost_outcome_is_told_again),
                cmocka_unit_test(an_extended_hold_is_left_alone),
                cmocka_unit_test(units_and_nulls_are_refused),
                cmocka_unit_test(a_core_without_a_sink_leaves_effects),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
