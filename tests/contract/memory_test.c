/*
 * Proves that the memory store keeps the contract of stores: it passes the conformance suite,
 * and gives all its memory back.
 */
#include "suite_runner.h"

static int64_t in_use;

/* Counts what is given out, to see that all of it comes back. */
static void *counting_allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        void *given = NULL;

        (void)user_data;
        if (new_size == 0) {
                free(old);
                in_use -= (int64_t)old_size;
                return NULL;
        }
        given = realloc(old, new_size);
        if (given != NULL) {
                in_use += (int64_t)new_size - (int64_t)old_size;
        }
        return given;
}

static int memory_make(void *user_data, ocore_store *out)
{
        const ocore_allocator allocator = {counting_allocate, NULL};

        (void)user_data;
        return ocore_memory_store(&allocator, out);
}

static void test_suite(void **state)
{
        (void)state;
        suite_runner(memory_make, NULL, NULL);
        assert_int_equal(in_use, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_suite),
        };

        return cmocka_run_group_tests_name("memory store", tests, NULL, NULL);
}
