/*
 * Proves distances on the sphere: against the haversine in floating point on random pairs, and by
 * hand at poles, the antimeridian, antipodes, right next to each other, and out of range.
 */
#include "../sourcing/instance.h"
#include "../support/support.h"

#include <math.h>

static const double radius_m = 6371008.8;
static const double pi = 3.14159265358979323846;

/* By Vincenty's formula on a sphere, which is well conditioned everywhere. */
static double expected_m(const int64_t at[4])
{
        const double to_radians = pi / 180e7;
        double a = (double)at[0] * to_radians;
        double b = (double)at[2] * to_radians;
        double turn = (double)(at[3] - at[1]) * to_radians;
        double across = hypot(cos(b) * sin(turn), cos(a) * sin(b) - sin(a) * cos(b) * cos(turn));
        double along = sin(a) * sin(b) + cos(a) * cos(b) * cos(turn);

        return radius_m * atan2(across, along);
}

static void check(const int64_t at[4])
{
        int64_t got = ocore_distance_m(at[0], at[1], at[2], at[3]);
        double expected = expected_m(at);

        if (fabs((double)got - expected) > 10 + expected / 10000) {
                print_message("# %lld %lld to %lld %lld: %lld, not %.1f\n", (long long)at[0],
                        (long long)at[1], (long long)at[2], (long long)at[3], (long long)got,
                        expected);
                fail();
        }
        assert_number(got, ocore_distance_m(at[2], at[3], at[0], at[1]));
}

static void test_known(void **state)
{
        static const int64_t cases[][5] = {
                /* Berlin to Paris, London to New York, Sydney to Santiago, over the date line. */
                {525200000, 134050000, 488566000, 23522000, 877464},
                {515074000, -1278000, 407128000, -740060000, 5570230},
                {-338688000, 1512093000, -334489000, -706693000, 11340000},
                {0, 1799000000, 0, -1799000000, 22239},
                {900000000, 0, -900000000, 1230000000, 20015114},
                {900000000, 1700000000, 900000000, -100000000, 0},
                {0, 0, 0, 1800000000, 20015114},
                {0, -1800000000, 0, 1800000000, 0},
                {450000000, 900000000, 450000000, 900000000, 0},
                {0, 0, 0, 900000000, 10007557},
        };

        (void)state;
        for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
                const int64_t *at = cases[n];
                int64_t got = ocore_distance_m(at[0], at[1], at[2], at[3]);
                int64_t allowed = n == 2 ? 20000 : n < 2 ? 700 : 3;

                check(at);
                assert_in_range(got - at[4] + allowed, 0, 2 * allowed);
        }
}

static void test_random(void **state)
{
        static const int64_t reaches[] = {1800000000, 10000000, 100000, 1000, 20};
        uint64_t random = 20260105;
        double worst = 0;

        (void)state;
        print_message("# seed 20260105\n");
        for (int n = 0; n < 200000; n++) {
                int64_t reach = reaches[n % 5];
                int64_t at[4] = {instance_up_to(&random, 1800000000) - 900000000,
                        instance_up_to(&random, 3600000000) - 1800000000, 0, 0};
                double off;

                at[2] = at[0] + instance_up_to(&random, 2 * reach) - reach;
                at[3] = at[1] + instance_up_to(&random, 2 * reach) - reach;
                if (n % 3 == 0) {
                        /* Near the antipodes. */
                        at[2] = -at[0] + (at[2] - at[0]);
                        at[3] += at[1] < 0 ? 1800000000 : -1800000000;
                }
                if (at[2] < -900000000 || at[2] > 900000000 || at[3] < -1800000000 ||
                        at[3] > 1800000000)
                        continue;
                check(at);
                off = fabs((double)ocore_distance_m(at[0], at[1], at[2], at[3]) - expected_m(at));
                worst = off > worst ? off : worst;
        }
        print_message("# at most %.2f m off\n", worst);
        assert_true(worst < 1); /* far better than promised, and so it shall stay */
}

static void test_out_of_range(void **state)
{
        static const int64_t cases[][4] = {
                {900000001, 0, 0, 0},
                {-900000001, 0, 0, 0},
                {0, 1800000001, 0, 0},
                {0, 0, 900000001, 0},
                {0, 0, 0, -1800000001},
                {INT64_MIN, INT64_MAX, 0, 0},
        };

        (void)state;
        for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
                assert_number(
                        ocore_distance_m(cases[n][0], cases[n][1], cases[n][2], cases[n][3]), -1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_known),
                cmocka_unit_test(test_random),
                cmocka_unit_test(test_out_of_range),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
