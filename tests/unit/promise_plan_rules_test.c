/*
 * Proves what each strategy does to promises, by cases with numbers, and on random queues: no
 * supply is promised twice, nobody gets more than is missing, gain, improve and keeping are never
 * worse off at any date, fill is never better off, lose has nothing, and what win has not got
 * early nobody has who may be served after it.
 */
#include "supply/promise_plan.h"

#include "../sourcing/instance.h"
#include "../support/support.h"

#include <stdlib.h>

enum { SUPPLIES = 6, DEMANDS = 8 };
enum { KEEP = 0, WIN = OCORE_PROMISE_WIN, GAIN = OCORE_PROMISE_GAIN };
enum { IMPROVE = OCORE_PROMISE_IMPROVE, SHARE = OCORE_PROMISE_REDISTRIBUTE };
enum { FILL = OCORE_PROMISE_FILL, LOSE = OCORE_PROMISE_LOSE };

/* A demand with what it had, and what it is to get, of each supply. */
typedef struct row {
        int64_t strategy, quantity, lost;
        int64_t had[SUPPLIES];
        int64_t gets[SUPPLIES];
} row;

/* What is free beside what the demands had. */
typedef struct plan_case {
        const char *what;
        int64_t unpromised[SUPPLIES];
        row rows[DEMANDS];
        size_t count;
} plan_case;

static const plan_case cases[] = {
        {"everybody anew: in the order of service, as early as is left", {2, 3, 0},
                {{SHARE, 4, 0, {0}, {4}}, {SHARE, 3, 0, {3, 0}, {1, 2}},
                        {SHARE, 5, 0, {0, 0, 2}, {0, 1, 2}}},
                3},
        {"win before the first in the queue", {5, 5},
                {{SHARE, 5, 0, {0}, {0, 5}}, {WIN, 5, 0, {0}, {5}}}, 2},
        {"win takes what others had, but not from gain, improve or keeping", {0, 0, 0, 0},
                {{SHARE, 2, 0, {2}, {0}}, {GAIN, 3, 0, {0, 3}, {0, 3}},
                        {KEEP, 1, 0, {0, 1}, {0, 1}}, {FILL, 2, 0, {0, 0, 2}, {0}},
                        {IMPROVE, 1, 0, {0, 0, 1}, {0, 0, 1}}, {WIN, 4, 0, {0}, {2, 0, 2}}},
                6},
        {"gain becomes earlier, and what it leaves others get", {2, 0, 0},
                {{SHARE, 2, 0, {0}, {0, 0, 2}}, {GAIN, 2, 0, {0, 0, 2}, {2}}}, 2},
        {"improve before gain where both may become better", {3, 0, 0},
                {{GAIN, 3, 0, {0, 3}, {0, 3}}, {IMPROVE, 3, 0, {0, 0, 3}, {3}}}, 2},
        {"gain gets more than it had", {1, 4}, {{GAIN, 5, 0, {1}, {2, 3}}}, 1},
        {"keeping stays as it is, whatever there is", {9, 9}, {{KEEP, 5, 0, {0, 2}, {0, 2}}}, 1},
        {"keeping has lost something, and gets as much again", {0, 9, 9},
                {{KEEP, 9, 3, {2, 0, 1}, {2, 3, 1}}}, 1},
        {"and beside what it kept", {0, 1, 9}, {{KEEP, 9, 3, {2, 1, 1}, {2, 2, 3}}}, 1},
        {"fill gets nothing new", {9, 9}, {{FILL, 5, 0, {0, 2}, {0, 2}}}, 1},
        {"fill moves behind those who are served before it", {0, 0, 4},
                {{FILL, 4, 0, {3, 1}, {0, 1, 3}}, {WIN, 3, 0, {0}, {3}}}, 2},
        {"fill without anything has nothing", {9}, {{FILL, 5, 4, {0}, {0}}}, 1},
        {"lose loses, and others get it", {0, 0},
                {{LOSE, 5, 0, {5}, {0}}, {SHARE, 4, 0, {0, 4}, {4}}}, 2},
        {"more was promised than comes: the last in the order of service loses", {-3, 9},
                {{GAIN, 4, 0, {4}, {4}}, {KEEP, 4, 0, {4}, {1, 3}}}, 2},
        {"more was promised than comes, and win is served before others", {-5, 2},
                {{SHARE, 4, 0, {4}, {0, 2}}, {WIN, 4, 0, {4}, {4}}, {FILL, 1, 0, {1}, {0}}}, 3},
        {"what is missing became less: the latest promises go", {0, 0},
                {{KEEP, 3, 0, {2, 2}, {2, 1}}, {GAIN, 1, 0, {0, 2}, {0, 1}}}, 2},
        {"nothing is expected", {0}, {{WIN, 5, 2, {0}, {0}}, {KEEP, 5, 2, {0}, {0}}}, 2},
};

static ocore__plan_piece *pieces_of(ocore__arena *arena, const int64_t *had)
{
        ocore__plan_piece *first = NULL, **end = &first;

        for (size_t i = 0; i < SUPPLIES; i++) {
                if (had[i] == 0)
                        continue;
                *end = ocore__arena_zero(arena, 1, sizeof **end);
                **end = (ocore__plan_piece){NULL, i, had[i]};
                end = &(*end)->next;
        }
        return first;
}

/* Plans, and sums what each gets by supply; pieces must come in order and have something. */
static void plan(const plan_case *one, int64_t gets[DEMANDS][SUPPLIES])
{
        ocore__plan_demand demands[DEMANDS];
        int64_t pools[SUPPLIES];
        ocore_allocator libc = {0};
        ocore__arena arena;

        ocore__arena_init(&arena, &libc, 4096);
        memcpy(pools, one->unpromised, sizeof pools);
        memset(demands, 0, sizeof demands);
        for (size_t n = 0; n < one->count; n++) {
                demands[n] = (ocore__plan_demand){one->rows[n].strategy, one->rows[n].quantity,
                        one->rows[n].lost, pieces_of(&arena, one->rows[n].had), NULL, NULL};
                for (size_t i = 0; i < SUPPLIES; i++)
                        pools[i] += one->rows[n].had[i];
        }
        assert_int_equal(
                ocore__promise_plan(&arena, pools, SUPPLIES, demands, one->count), OCORE_OK);
        memset(gets, 0, DEMANDS * sizeof *gets);
        for (size_t n = 0; n < one->count; n++) {
                int64_t last = -1;

                for (const ocore__plan_piece *at = demands[n].gets; at; at = at->next) {
                        assert_true((int64_t)at->supply > last && at->quantity > 0);
                        last = (int64_t)at->supply;
                        gets[n][at->supply] += at->quantity;
                }
        }
        ocore__arena_finish(&arena);
}

static void test_cases(void **state)
{
        int64_t gets[DEMANDS][SUPPLIES];

        (void)state;
        for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
                plan(&cases[c], gets);
                for (size_t n = 0; n < cases[c].count; n++) {
                        if (memcmp(gets[n], cases[c].rows[n].gets, sizeof gets[n]) == 0)
                                continue;
                        print_message("# %s: demand %d gets", cases[c].what, (int)n);
                        for (size_t i = 0; i < SUPPLIES; i++)
                                print_message(" %d", (int)gets[n][i]);
                        print_message("\n");
                        fail();
                }
        }
}

static plan_case random_case(uint64_t *random, int over)
{
        plan_case one = {.count = 1 + (size_t)instance_up_to(random, DEMANDS - 1)};

        for (size_t i = 0; i < SUPPLIES; i++)
                one.unpromised[i] = instance_up_to(random, 6) - (over ? 3 : 0);
        for (size_t n = 0; n < one.count; n++) {
                row *demand = &one.rows[n];

                demand->strategy = instance_up_to(random, LOSE);
                demand->quantity = instance_up_to(random, 3);
                for (size_t i = 0; i < SUPPLIES; i++) {
                        demand->had[i] = instance_chance(random, 30) * instance_up_to(random, 4);
                        demand->quantity += demand->had[i];
                }
        }
        return one;
}

static void check_supplies(const plan_case *one, int64_t gets[DEMANDS][SUPPLIES])
{
        for (size_t i = 0; i < SUPPLIES; i++) {
                int64_t pool = one->unpromised[i], sum = 0;

                for (size_t n = 0; n < one->count; n++) {
                        pool += one->rows[n].had[i];
                        sum += gets[n][i];
                }
                assert_true(sum <= (pool > 0 ? pool : 0));
        }
}

static void check_demand(const row *demand, const int64_t *gets, int over)
{
        int64_t had = 0, has = 0;

        for (size_t i = 0; i < SUPPLIES; i++) {
                had += demand->had[i];
                has += gets[i];
                if (!over && (demand->strategy == GAIN || demand->strategy == IMPROVE))
                        assert_true(has >= had);
                if (!over && demand->strategy == KEEP)
                        assert_number(gets[i], demand->had[i]);
                if (demand->strategy == FILL)
                        assert_true(has <= had);
        }
        assert_true(has <= demand->quantity);
        if (demand->strategy == LOSE)
                assert_number(has, 0);
}

/* Nobody who is served after a demand of `strategy` gets, earlier than that demand's last unit,
 * what it did not have before (or anything, if it has no right to keep). */
static void check_before(const plan_case *one, int64_t gets[DEMANDS][SUPPLIES], size_t winner)
{
        int64_t has = 0;
        size_t last = 0;

        for (size_t i = 0; i < SUPPLIES; i++) {
                has += gets[winner][i];
                if (gets[winner][i])
                        last = i;
        }
        if (has < one->rows[winner].quantity)
                last = SUPPLIES;
        for (size_t n = 0; n < one->count; n++) {
                int64_t strategy = one->rows[n].strategy;
                int64_t before = 0, now = 0;

                if (strategy == WIN)
                        continue;
                for (size_t i = 0; i < last && i < SUPPLIES; i++) {
                        before += one->rows[n].had[i];
                        now += gets[n][i];
                        if (strategy == GAIN || strategy == IMPROVE || strategy == KEEP)
                                assert_true(now <= before);
                        else
                                assert_number(now, 0);
                }
        }
}

static void test_random(void **state)
{
        uint64_t random = 20260105;
        int64_t gets[DEMANDS][SUPPLIES];

        (void)state;
        print_message("# seed 20260105\n");
        for (int round = 0; round < 100000; round++) {
                int over = round % 4 == 0;
                plan_case one = random_case(&random, over);

                plan(&one, gets);
                check_supplies(&one, gets);
                for (size_t n = 0; n < one.count; n++) {
                        check_demand(&one.rows[n], gets[n], over);
                        if (!over && one.rows[n].strategy == WIN)
                                check_before(&one, gets, n);
                }
        }
}

/* A demand gets nothing of what is barred to it, by any strategy; others do. */
static void test_barred(void **state)
{
        static const uint8_t barred[SUPPLIES] = {1};
        static const int64_t strategies[] = {0, WIN, GAIN, IMPROVE, SHARE};

        (void)state;
        for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++) {
                const int64_t pools[SUPPLIES] = {5, 5};
                ocore__plan_demand demands[] = {
                        {.strategy = strategies[i], .quantity = 3, .lost = 3, .barred = barred},
                        {.strategy = SHARE, .quantity = 5}};
                ocore_allocator libc = {0};
                ocore__arena arena;

                ocore__arena_init(&arena, &libc, 4096);
                assert_int_equal(
                        ocore__promise_plan(&arena, pools, SUPPLIES, demands, 2), OCORE_OK);
                assert_int_equal(demands[0].gets->supply, 1);
                assert_number(demands[0].gets->quantity, 3);
                assert_null(demands[0].gets->next);
                assert_int_equal(demands[1].gets->supply, 0);
                assert_number(demands[1].gets->quantity, 5);
                ocore__arena_finish(&arena);
        }
}

static void test_no_memory(void **state)
{
        int64_t pools[SUPPLIES] = {5, 5};
        ocore__plan_demand demand = {.strategy = WIN, .quantity = 7};
        test_memory memory = {.fail_at = 1};
        ocore_allocator allocator = test_allocator(&memory);
        ocore__arena arena;

        (void)state;
        ocore__arena_init(&arena, &allocator, 64);
        assert_int_equal(ocore__promise_plan(&arena, pools, SUPPLIES, &demand, 1), OCORE_NOMEM);
        ocore__arena_finish(&arena);
        assert_number(memory.blocks, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_cases),
                cmocka_unit_test(test_random),
                cmocka_unit_test(test_barred),
                cmocka_unit_test(test_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
