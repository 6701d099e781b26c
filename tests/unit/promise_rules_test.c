/*
 * Available-to-promise by period: the golden case of the textbooks, the edges of 64 bits, and long
 * random series against the obvious way, which looks back from every period that lacks something.
 */
#include "support.h"

#include <stdlib.h>

enum { PERIODS_MAX = 400, SERIES = 3000 };

static void the_golden_case(void **state)
{
        static const int64_t supply[] = {6, 4, 2, 4, 8, 4, 4, 4},
                             demand[] = {6, 2, 3, 6, 6, 1, 2, 2};
        static const int64_t available[] = {0, 0, 0, -1, 2, 3, 2, 2};
        static const int64_t cumulative[] = {0, 0, 0, -1, 2, 5, 7, 9};
        int64_t left[8], sum[8];

        (void)state;
        assert_int_equal(ocore_promise_periods(supply, demand, 8, left, sum), OCORE_OK);
        assert_memory_equal(left, available, sizeof left);
        assert_memory_equal(sum, cumulative, sizeof sum);
        memcpy(sum, supply, sizeof sum);
        assert_int_equal(ocore_promise_periods(sum, demand, 8, left, sum), OCORE_OK);
        assert_memory_equal(left, available, sizeof left);
        assert_memory_equal(sum, cumulative, sizeof sum);
}

static void small_cases(void **state)
{
        static const struct {
                size_t count;
                int64_t supply[5], demand[5], available[5], cumulative[5];
        } cases[] = {
                {0, {0}, {0}, {0}, {0}},
                {1, {5}, {2}, {3}, {3}},
                {1, {2}, {5}, {-3}, {-3}},
                {3, {0, 0, 9}, {4, 0, 0}, {-4, 0, 9}, {-4, 0, 9}},           /* never looks ahead */
                {4, {5, 5, 5, 0}, {0, 0, 0, 7}, {5, 3, 0, 0}, {5, 8, 8, 8}}, /* the nearest first */
                {5, {5, 0, 3, 0, 1}, {0, 6, 0, 2, 2}, {0, -1, 0, 0, 0}, {0, -1, 0, 0, 0}},
                {3, {INT64_MAX, 0, 0}, {0, INT64_MAX, 1}, {0, 0, -1}, {0, 0, -1}},
                {2, {0, 0}, {INT64_MAX, INT64_MAX}, {-INT64_MAX, -INT64_MAX},
                        {-INT64_MAX, -INT64_MAX}},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t left[5] = {0}, sum[5] = {0};

                assert_int_equal(ocore_promise_periods(cases[i].supply, cases[i].demand,
                                         cases[i].count, left, sum),
                        OCORE_OK);
                assert_memory_equal(left, cases[i].available, sizeof left);
                assert_memory_equal(sum, cases[i].cumulative, sizeof sum);
        }
}

static void what_leaves_64_bits_is_refused(void **state)
{
        static const int64_t many[] = {INT64_MAX, 1}, less[] = {INT64_MIN, 0}, none[] = {0, 0};
        static const int64_t one[] = {1, 0};
        int64_t left[2] = {7, 7}, sum[2] = {7, 7};

        (void)state;
        assert_int_equal(ocore_promise_periods(many, none, 2, left, sum), OCORE_OVERFLOW);
        assert_true(!left[0] && !left[1] && !sum[0] && !sum[1]);
        left[0] = sum[0] = 7;
        assert_int_equal(ocore_promise_periods(less, one, 2, left, sum), OCORE_OVERFLOW);
        assert_true(!left[0] && !sum[0]);
        left[0] = sum[0] = 7;
        assert_int_equal(ocore_promise_periods(NULL, none, 2, left, sum), OCORE_INVALID);
        assert_true(!left[0] && !sum[0]);
        assert_int_equal(ocore_promise_periods(many, NULL, 2, left, sum), OCORE_INVALID);
        assert_int_equal(ocore_promise_periods(many, none, 2, NULL, sum), OCORE_INVALID);
        assert_int_equal(ocore_promise_periods(many, none, 2, left, NULL), OCORE_INVALID);
}

/* The obvious way: each period that lacks something looks back, one period after the other. */
static void look_back(
        const int64_t *supply, const int64_t *demand, size_t count, int64_t *left, int64_t *sum)
{
        int64_t total = 0;

        for (size_t i = 0; i < count; i++) {
                left[i] = supply[i] - demand[i];
                for (size_t n = i; n > 0 && left[i] < 0; n--) {
                        int64_t taken = left[n - 1] < -left[i] ? left[n - 1] : -left[i];

                        if (taken > 0) {
                                left[n - 1] -= taken;
                                left[i] += taken;
                        }
                }
        }
        for (size_t i = 0; i < count; i++) {
                total += left[i] > 0 ? left[i] : 0;
                sum[i] = left[i] < 0 ? left[i] : total;
        }
}

static uint64_t random_next(uint64_t *state)
{
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        return *state;
}

static void random_series_agree(void **state)
{
        const char *given = getenv("ORDERCORE_TEST_SEED");
        uint64_t seed = given ? strtoull(given, NULL, 10) : 20260105, random = seed | 1;

        (void)state;
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (int n = 0; n < SERIES; n++) {
                static int64_t supply[PERIODS_MAX], demand[PERIODS_MAX], left[PERIODS_MAX],
                        sum[PERIODS_MAX], left_back[PERIODS_MAX], sum_back[PERIODS_MAX];
                size_t count = 1 + random_next(&random) % PERIODS_MAX;
                uint64_t most = 1 + random_next(&random) % 50;

                for (size_t i = 0; i < count; i++) {
                        supply[i] = (int64_t)(random_next(&random) % most);
                        demand[i] = random_next(&random) % 3
                                            ? (int64_t)(random_next(&random) % most)
                                            : 0;
                }
                look_back(supply, demand, count, left_back, sum_back);
                assert_int_equal(ocore_promise_periods(supply, demand, count, left, sum), OCORE_OK);
                assert_memory_equal(left, left_back, count * sizeof *left);
                assert_memory_equal(sum, sum_back, count * sizeof *sum);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_golden_case),
                cmocka_unit_test(small_cases),
                cmocka_unit_test(what_leaves_64_bits_is_refused),
                cmocka_unit_test(random_series_agree),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
