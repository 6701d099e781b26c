/*
 * Arithmetic against the compiler's own 128-bit numbers, at edges and at random (a printed seed);
 * shares against the definition of the largest remainder, found by looking at all parts.
 */
#include "base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

__extension__ typedef __int128 wide;

static uint64_t state;

static uint64_t next_random(void)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
}

static int64_t random_number(void)
{
        static const int64_t edges[] = {0, 1, -1, 2, INT64_MAX, INT64_MIN, INT64_MIN + 1,
                INT64_MAX - 1, UINT32_MAX, INT64_C(1) << 32, -(INT64_C(1) << 62)};

        if (next_random() % 4 == 0)
                return edges[next_random() % (sizeof edges / sizeof edges[0])];
        return (int64_t)(next_random() >> (next_random() % 64)) * (next_random() % 2 == 0 ? 1 : -1);
}

static void check(int status, int64_t got, wide wanted)
{
        if (wanted < INT64_MIN || wanted > INT64_MAX) {
                assert_int_equal(status, OCORE_OVERFLOW);
                assert_true(got == 42);
        } else {
                assert_int_equal(status, OCORE_OK);
                assert_true(got == (int64_t)wanted);
        }
}

static wide divide(wide a, wide c, int rounding)
{
        wide size = a < 0 ? -a : a;
        wide quotient = size / c;
        wide twice = size % c * 2;

        if ((rounding == OCORE__HALF_UP && twice >= c) || (rounding == OCORE__UP && twice > 0) ||
                (rounding == OCORE__HALF_EVEN && (twice > c || (twice == c && quotient % 2 == 1))))
                quotient++;
        return a < 0 ? -quotient : quotient;
}

static void test_arithmetic(void **unused)
{
        size_t n;

        (void)unused;
        state = 0x1234567;
        print_message("# seed %llu\n", (unsigned long long)state);
        for (n = 0; n < 400000; n++) {
                int64_t a = random_number();
                int64_t b = random_number();
                int64_t c = random_number();
                int rounding = 1 + (int)(next_random() % 4);
                int64_t got = 42;
                int status = ocore__add(a, b, &got);

                check(status, got, (wide)a + b);
                got = 42;
                status = ocore__subtract(a, b, &got);
                check(status, got, (wide)a - b);
                got = 42;
                status = ocore__multiply(a, b, &got);
                check(status, got, (wide)a * b);
                c = c == INT64_MIN ? INT64_MAX : c < 0 ? -c : c;
                c += c == 0;
                got = 42;
                status = ocore__multiply_divide(a, b, c, rounding, &got);
                check(status, got, divide((wide)a * b, c, rounding));
        }
}

static void test_rounding(void **unused)
{
        static const struct {
                int64_t a, half_up, half_even, down, up;
        } cases[] = {
                {5, 1, 0, 0, 1},
                {15, 2, 2, 1, 2},
                {25, 3, 2, 2, 3},
                {24, 2, 2, 2, 3},
                {-5, -1, 0, 0, -1},
                {-25, -3, -2, -2, -3},
                {20, 2, 2, 2, 2},
                {1, 0, 0, 0, 1},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                const int64_t wanted[] = {
                        cases[n].half_up, cases[n].half_even, cases[n].down, cases[n].up};
                int rounding;

                for (rounding = OCORE__HALF_UP; rounding <= OCORE__UP; rounding++) {
                        int64_t got;

                        assert_int_equal(ocore__multiply_divide(cases[n].a, 1, 10, rounding, &got),
                                OCORE_OK);
                        assert_int_equal(got, wanted[rounding - 1]);
                }
        }
}

static void test_rescale(void **unused)
{
        static const struct {
                int64_t amount;
                int from, to, status;
                int64_t wanted;
        } cases[] = {
                {125, 2, 3, OCORE_OK, 1250},
                {1250, 3, 2, OCORE_OK, 125},
                {1251, 3, 2, OCORE_INVALID, 0},
                {INT64_MAX, 0, 1, OCORE_OVERFLOW, 0},
                {INT64_MIN, 4, 4, OCORE_OK, INT64_MIN},
                {0, 0, 30, OCORE_OK, 0},
                {1, 0, 30, OCORE_OVERFLOW, 0},
                {-70, 1, 0, OCORE_OK, -7},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                int64_t got = 0;

                assert_int_equal(ocore__rescale(cases[n].amount, cases[n].from, cases[n].to, &got),
                        cases[n].status);
                assert_true(got == cases[n].wanted);
        }
        assert_true(ocore__power_of_ten(18) == INT64_C(1000000000000000000));
}

/* Parts sum to the whole; each is the floor or one more; no remainder passed over is larger. */
static void check_shares(int64_t total, const int64_t *weights, size_t count)
{
        int64_t parts[32];
        int64_t room[32];
        wide sum = 0;
        wide weight = 0;
        wide size = total < 0 ? -(wide)total : total;
        size_t n;
        size_t m;

        assert_int_equal(ocore__share_out(total, weights, count, parts, room), OCORE_OK);
        for (n = 0; n < count; n++) {
                sum += parts[n];
                weight += weights[n];
        }
        assert_true(sum == total);
        for (n = 0; n < count; n++) {
                wide product = size * (weight > 0 ? weights[n] : 1);
                wide whole = weight > 0 ? weight : (wide)count;
                wide part = total < 0 ? -(wide)parts[n] : parts[n];

                assert_true(part == product / whole || part == product / whole + 1);
                for (m = 0; m < count; m++) {
                        wide other = size * (weight > 0 ? weights[m] : 1);
                        wide given = total < 0 ? -(wide)parts[m] : parts[m];

                        if (part > product / whole && given == other / whole) {
                                assert_true(other % whole <= product % whole);
                                if (other % whole == product % whole)
                                        assert_true(n < m);
                        }
                }
        }
}

static void test_shares(void **unused)
{
        size_t turn;
        int64_t none[1];
        static const int64_t large[] = {INT64_MAX, 1};
        static const int64_t negative[] = {1, -1};
        int64_t parts[2];
        int64_t room[2];

        (void)unused;
        state = 99;
        for (turn = 0; turn < 20000; turn++) {
                int64_t weights[32];
                size_t count = 1 + next_random() % 32;
                unsigned bits = 6 + (unsigned)(next_random() % 58);
                size_t n;

                for (n = 0; n < count; n++) {
                        weights[n] = (int64_t)(next_random() >> bits);
                        if (next_random() % 3 == 0 || turn % 50 == 0)
                                weights[n] = turn % 2;
                }
                check_shares(random_number(), weights, count);
        }
        assert_int_equal(ocore__share_out(0, none, 0, none, none), OCORE_OK);
        assert_int_equal(ocore__share_out(1, none, 0, none, none), OCORE_INVALID);
        assert_int_equal(ocore__share_out(1, large, 2, parts, room), OCORE_OVERFLOW);
        assert_int_equal(ocore__share_out(1, negative, 2, parts, room), OCORE_INVALID);
}

/* Unit by unit a total is given back exactly. */
static void test_unit_share(void **unused)
{
        static const struct {
                int64_t total, n;
        } cases[] = {{100, 3}, {-100, 7}, {INT64_MAX, 11}, {INT64_MIN, 13}, {2, 5}};
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                int64_t before = 0;
                int64_t k;

                for (k = 0; k <= cases[n].n; k++) {
                        int64_t share = ocore__unit_share(cases[n].total, k, cases[n].n);

                        assert_true(share == (int64_t)((wide)cases[n].total * k / cases[n].n));
                        assert_true(cases[n].total < 0 ? share <= before : share >= before);
                        before = share;
                }
                assert_true(before == cases[n].total);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_arithmetic),
                cmocka_unit_test(test_rounding),
                cmocka_unit_test(test_rescale),
                cmocka_unit_test(test_shares),
                cmocka_unit_test(test_unit_share),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
