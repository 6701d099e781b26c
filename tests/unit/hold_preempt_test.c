/*
 * Preemption: a hold takes what it lacks from open holds of lower priority, the lowest and youngest
 * first, as much as is short and no more; every holder that loses something has an event for it;
 * what is out of reach (sites, lots, safety stock, more than a hundred lines) stays where it is.
 */
#include "draft.h"

enum { HOLDS_MAX = 120 };

/* Holds cups; the status, and the new hold if there is one. */
static int hold_cups(test_world *world, const char *quantity, int64_t priority, int preempt,
        const ocore_hold **out)
{
        const ocore_hold_request_line line = {STR("cup"), test_quantity(quantity)};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_HOUR_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line,
                .priority = priority,
                .preempt = preempt};

        return ocore_hold_place(world->core, &request, out);
}

static ocore_id held(test_world *world, const char *quantity, int64_t priority)
{
        const ocore_hold *hold;

        world->now_us += TEST_MINUTE_US; /* the next one is younger */
        assert_done(world, hold_cups(world, quantity, priority, 0, &hold));
        return hold->id;
}

static const ocore_hold *look(test_world *world, ocore_id hold_id)
{
        const ocore_hold_key key = {sizeof key, hold_id};
        const ocore_hold *found;

        assert_done(world, ocore_hold_get(world->core, &key, &found));
        return found;
}

/* What a hold still holds. */
static int64_t left(test_world *world, ocore_id hold_id)
{
        const ocore_hold *hold = look(world, hold_id);
        int64_t sum = 0;

        for (size_t i = 0; i < hold->line_count; i++)
                if (hold->lines[i]->held_sku.size)
                        sum += hold->lines[i]->quantity;
        return sum;
}

/* 3 cups at north and 10 at south are held by four holds; a fifth one takes what it lacks. */
static void the_lowest_and_youngest_give_way(void **state)
{
        static const struct {
                const char *wanted;
                int64_t priority;
                int status;
                int64_t left[4];
        } cases[] = {
                {"1", 1, OCORE_OUT_OF_STOCK, {4, 3, 4, 2}}, /* none is lower */
                {"1", 2, OCORE_OK, {4, 3, 4, 1}},
                {"2", 2, OCORE_OK, {4, 3, 4, 0}},
                {"3", 2, OCORE_OK, {4, 2, 4, 0}},
                {"6", 2, OCORE_OUT_OF_STOCK, {4, 3, 4, 2}},
                {"7", 4, OCORE_OK, {2, 0, 4, 0}},
                {"9", 9, OCORE_OK, {0, 0, 4, 0}},
                {"10", 9, OCORE_OK, {0, 0, 3, 0}},
                {"13", 9, OCORE_OK, {0, 0, 0, 0}},
                {"14", 9, OCORE_OUT_OF_STOCK, {4, 3, 4, 2}},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_id ids[4];
                const ocore_hold *taken = NULL;
                test_world world;
                int status;

                sale_open(&world);
                ids[0] = held(&world, "4", 3);
                ids[1] = held(&world, "3", 1);
                ids[2] = held(&world, "4", 5);
                ids[3] = held(&world, "2", 1);
                world.now_us += TEST_MINUTE_US;
                status = hold_cups(&world, cases[i].wanted, cases[i].priority, 1, &taken);
                if (cases[i].status)
                        assert_refused(&world, status, cases[i].status, "lines[0].quantity");
                else
                        assert_done(&world, status);
                if (taken) {
                        ocore_id taker = taken->id;

                        assert_number(taken->event_count, 1);
                        assert_number(left(&world, taker), test_quantity(cases[i].wanted).amount);
                }
                for (size_t n = 0; n < 4; n++) {
                        static const int64_t before[] = {4, 3, 4, 2};
                        const ocore_hold *hold = look(&world, ids[n]);

                        assert_number(hold->state,
                                cases[i].left[n] ? OCORE_HOLD_OPEN : OCORE_HOLD_RELEASED);
                        assert_number(hold->event_count, !cases[i].left[n]               ? 3
                                                         : cases[i].left[n] == before[n] ? 1
                                                                                         : 2);
                        assert_number(left(&world, ids[n]), cases[i].left[n]);
                }
                sale_close(&world);
        }
}

/* What is free is taken before anything is taken from others; two lines count together. */
static void only_what_is_short(void **state)
{
        const ocore_hold_request_line lines[] = {{STR_INIT("cup"), {3, 0, 0}},
                {STR_INIT("tea"), {2, 0, 0}}, {STR_INIT("cup"), {4, 0, 0}}};
        ocore_hold_request request = {.struct_size = sizeof request,
                .lines = lines,
                .line_count = 3,
                .line_stride = sizeof lines[0],
                .priority = 1,
                .preempt = 1};
        const ocore_hold *taken;
        ocore_id low;
        test_world world;

        (void)state;
        sale_open(&world);
        low = held(&world, "8", 0); /* 5 are free */
        request.id = test_next_id(&world);
        request.expires_us = world.now_us + TEST_HOUR_US;
        assert_done(&world, ocore_hold_place(world.core, &request, &taken));
        assert_number(left(&world, low), 6);
        assert_number(shop_stock(&world, "tea", "north").held, 2);
        assert_number(
                shop_stock(&world, "cup", "north").held + shop_stock(&world, "cup", "south").held,
                13);
        request.id = test_next_id(&world); /* without the word nothing is taken */
        request.preempt = 0;
        request.priority = 9;
        assert_refused(&world, ocore_hold_place(world.core, &request, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_number(left(&world, low), 6);
        sale_close(&world);
}

/* A closed site gives nothing, and so what is held there is of no use. */
static void what_is_out_of_reach_is_left(void **state)
{
        ocore_site_request site = {.struct_size = sizeof site, .site = STR("north"), .closed = 1};
        ocore_id first, second;
        test_world world;

        (void)state;
        sale_open(&world);
        first = held(&world, "3", 0);   /* north */
        second = held(&world, "10", 1); /* south */
        site.id = test_next_id(&world);
        assert_done(&world, ocore_site_put(world.core, &site, NULL));
        assert_done(&world, hold_cups(&world, "4", 2, 1, NULL));
        assert_number(left(&world, first), 3);
        assert_number(left(&world, second), 6);
        assert_refused(&world, hold_cups(&world, "7", 2, 1, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_close(&world);
}

/* Safety stock that is not there swallows the first units; more is taken for it, not less. */
static void safety_stock_is_made_up_first(void **state)
{
        const ocore_stock_rule_request rule = {.struct_size = sizeof rule,
                .id = test_id(77),
                .sku = STR("cup"),
                .site = STR("south"),
                .safety = {2, 0, 0}};
        ocore_id low;
        test_world world;

        (void)state;
        sale_open(&world);
        low = held(&world, "13", 0);
        assert_done(&world, ocore_stock_rule_put(world.core, &rule, NULL));
        assert_done(
                &world, hold_cups(&world, "5", 1, 1, NULL)); /* 3 north, 2 south, 2 stay there */
        assert_number(left(&world, low), 6);
        assert_number(shop_stock(&world, "cup", "south").available, 2);
        assert_refused(&world, hold_cups(&world, "7", 1, 1, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_done(&world, hold_cups(&world, "6", 1, 1, NULL));
        assert_number(look(&world, low)->state, OCORE_HOLD_RELEASED);
        sale_close(&world);
}

/* North keeps back more than there is: nothing is taken from who holds there, though it is the
 * first to give way; where two holds together give something beyond what is kept, both are gone
 * through, and nobody is begun with who cannot help. */
static void nothing_is_taken_for_nobody(void **state)
{
        static const struct {
                const char *safety, *wanted;
                int status;
                int64_t old, first, second; /* what is left at south, and of both at north */
        } cases[] = {
                {"3", "2", OCORE_OK, 8, 1, 2},
                {"3", "10", OCORE_OK, 0, 1, 2},
                {"4", "10", OCORE_OK, 0, 1, 2},
                {"2", "1", OCORE_OK, 10, 0, 0},
                {"2", "11", OCORE_OK, 0, 0, 0},
                {"3", "11", OCORE_OUT_OF_STOCK, 10, 1, 2},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_stock_rule_request rule = {
                        .struct_size = sizeof rule, .sku = STR("cup"), .site = STR("north")};
                ocore_id old, first, second;
                test_world world;

                sale_open(&world); /* 3 at north, 10 at south */
                first = held(&world, "1", 0);
                second = held(&world, "2", 0);
                world.now_us -= TEST_HOUR_US / 2;
                old = held(&world, "10", 0);
                world.now_us += TEST_HOUR_US / 2;
                rule.id = test_next_id(&world);
                rule.safety = test_quantity(cases[i].safety);
                assert_done(&world, ocore_stock_rule_put(world.core, &rule, NULL));
                assert_int_equal(hold_cups(&world, cases[i].wanted, 1, 1, NULL), cases[i].status);
                assert_number(left(&world, old), cases[i].old);
                assert_number(left(&world, first), cases[i].first);
                assert_number(left(&world, second), cases[i].second);
                sale_close(&world);
        }
}

/* A hundred lines of holds are looked at for a product, the first to give way. */
static void the_look_is_bounded(void **state)
{
        ocore_id ids[HOLDS_MAX];
        int64_t sum = 0;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_receive(&world, "cup", "south", "107"); /* 120 with the others */
        for (size_t i = 0; i < HOLDS_MAX; i++)
                ids[i] = held(&world, "1", 0);
        world.now_us -= TEST_HOUR_US; /* none has lapsed yet */
        assert_refused(&world, hold_cups(&world, "101", 1, 1, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_done(&world, hold_cups(&world, "100", 1, 1, NULL));
        for (size_t i = 0; i < HOLDS_MAX; i++) {
                assert_number(left(&world, ids[i]), i < HOLDS_MAX - 100 ? 1 : 0);
                sum += left(&world, ids[i]);
        }
        assert_number(sum, HOLDS_MAX - 100);
        sale_close(&world);
}

/* What one command of a unit took, the next one does not take again. */
static void in_a_unit(void **state)
{
        ocore_id low, other;
        test_world world;

        (void)state;
        sale_open(&world);
        other = held(&world, "9", 1);
        low = held(&world, "4", 0);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, hold_cups(&world, "3", 2, 1, NULL));
        assert_done(&world, hold_cups(&world, "3", 2, 1, NULL));
        assert_done(&world, hold_cups(&world, "1", 2, 1, NULL));
        assert_refused(&world, hold_cups(&world, "8", 2, 1, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_done(&world, ocore_unit_commit(world.core));
        assert_number(look(&world, low)->state, OCORE_HOLD_RELEASED);
        assert_number(left(&world, other), 6);
        assert_number(look(&world, other)->event_count, 3);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_lowest_and_youngest_give_way),
                cmocka_unit_test(only_what_is_short),
                cmocka_unit_test(what_is_out_of_reach_is_left),
                cmocka_unit_test(safety_stock_is_made_up_first),
                cmocka_unit_test(nothing_is_taken_for_nobody),
                cmocka_unit_test(the_look_is_bounded),
                cmocka_unit_test(in_a_unit),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
