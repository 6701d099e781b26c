/*
 * Proves that ocore__sort() puts pointers in order: arrays of every small size in every order, and
 * large ones that defeat careless sorts, each compared with what must come out.
 */
#include "base/sort.h"

#include "../support/support.h"

static int by_value(const void *a, const void *b)
{
        const int x = *(const int *)a, y = *(const int *)b;

        return x < y ? -1 : x > y;
}

/* Every sequence of up to 6 of the numbers 0 to 3: each value is there as often as before. */
static void test_small(void **state)
{
        static const int values[] = {0, 1, 2, 3};
        const void *items[6];

        (void)state;
        for (size_t size = 0; size <= 6; size++) {
                for (unsigned code = 0; code < 1u << 2 * size; code++) {
                        int seen[4] = {0};

                        for (size_t i = 0; i < size; i++) {
                                items[i] = &values[code >> 2 * i & 3];
                                seen[code >> 2 * i & 3]++;
                        }
                        ocore__sort(items, size, by_value);
                        for (size_t i = 0; i < size; i++)
                                seen[*(const int *)items[i]]--;
                        for (size_t i = 1; i < size; i++)
                                assert_true(by_value(items[i - 1], items[i]) <= 0);
                        for (size_t i = 0; i < 4; i++)
                                assert_int_equal(seen[i], 0);
                }
        }
}

enum { LARGE = 10000 };

/* Ascending, descending, and mixed by a multiplier without a common factor. */
static void test_large(void **state)
{
        static int values[LARGE];
        static const void *items[LARGE];
        static const int multipliers[] = {1, LARGE - 1, 7919};

        (void)state;
        for (int i = 0; i < LARGE; i++)
                values[i] = i;
        for (size_t n = 0; n < sizeof multipliers / sizeof multipliers[0]; n++) {
                for (int i = 0; i < LARGE; i++)
                        items[i] = &values[(size_t)i * (size_t)multipliers[n] % LARGE];
                ocore__sort(items, LARGE, by_value);
                for (int i = 0; i < LARGE; i++)
                        assert_ptr_equal(items[i], &values[i]);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_small),
                cmocka_unit_test(test_large),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
