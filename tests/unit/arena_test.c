/*
 * Arenas: what is taken is aligned and apart, going back frees exactly what came after, chunks are
 * kept up to a bound, sizes that are absurd or not to be had give NULL, and all goes back.
 */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t out;
static size_t calls_left;

static void *allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        assert_ptr_equal(user_data, &out);
        if (new_size == 0) {
                out -= old_size;
                free(old);
                return NULL;
        }
        if (calls_left == 0)
                return NULL;
        calls_left--;
        out += new_size - old_size;
        return realloc(old, new_size);
}

static const ocore_allocator counted = {allocate, &out};

static void test_take(void **unused)
{
        ocore__arena arena;
        unsigned char *taken[200];
        size_t n;

        (void)unused;
        calls_left = SIZE_MAX;
        ocore__arena_init(&arena, &counted, 100);
        for (n = 0; n < 200; n++) {
                taken[n] = ocore__arena_take(&arena, n);
                assert_non_null(taken[n]);
                assert_int_equal((uintptr_t)taken[n] % 8, 0);
                memset(taken[n], (int)n, n);
        }
        for (n = 1; n < 200; n++) {
                assert_int_equal(taken[n][0], n);
                assert_int_equal(taken[n][n - 1], n);
        }
        assert_null(ocore__arena_take(&arena, SIZE_MAX));
        assert_null(ocore__arena_take(&arena, SIZE_MAX - 7));
        assert_null(ocore__arena_zero(&arena, SIZE_MAX / 2, 3));
        ocore__arena_finish(&arena);
        assert_int_equal(out, 0);
}

static void test_rewind(void **unused)
{
        ocore__arena arena;
        ocore__mark none;
        ocore__mark mark;
        unsigned char *first;
        unsigned char *second;
        size_t held;
        size_t n;

        (void)unused;
        calls_left = SIZE_MAX;
        ocore__arena_init(&arena, &counted, 64);
        none = ocore__arena_mark(&arena);
        first = ocore__arena_take(&arena, 40);
        memset(first, 9, 40);
        mark = ocore__arena_mark(&arena);
        second = ocore__arena_take(&arena, 8);
        for (n = 0; n < 20; n++)
                assert_non_null(ocore__arena_take(&arena, 60));
        held = out;
        ocore__arena_rewind(&arena, mark);
        assert_ptr_equal(ocore__arena_take(&arena, 8), second);
        for (n = 0; n < 20; n++) {
                unsigned char *zero = ocore__arena_zero(&arena, 6, 10);

                assert_int_equal(zero[0] | zero[59], 0);
        }
        assert_int_equal(out, held);
        assert_int_equal(first[0] + first[39], 18);
        ocore__arena_rewind(&arena, none);
        assert_ptr_equal(ocore__arena_take(&arena, 1), first);
        ocore__arena_reset(&arena, 200);
        assert_true(out <= 200 && out > 0);
        assert_non_null(ocore__arena_take(&arena, 1000));
        ocore__arena_reset(&arena, 0);
        assert_int_equal(out, 0);
        ocore__arena_finish(&arena);
}

static void test_text_and_faults(void **unused)
{
        ocore__arena arena;
        ocore_str text;

        (void)unused;
        calls_left = 0;
        ocore__arena_init(&arena, &counted, 64);
        assert_null(ocore__arena_take(&arena, 1));
        assert_int_equal(ocore__arena_text(&arena, ocore_str_of("abc"), &text), OCORE_NOMEM);
        assert_int_equal(text.size, 0);
        assert_int_equal(ocore__arena_text(&arena, ocore_str_of(NULL), &text), OCORE_OK);
        calls_left = 1;
        assert_int_equal(ocore__arena_text(&arena, ocore_str_of("abc"), &text), OCORE_OK);
        assert_true(ocore_str_equal(text, ocore_str_of("abc")));
        assert_null(ocore__arena_take(&arena, 65));
        assert_non_null(ocore__arena_take(&arena, 8));
        ocore__arena_finish(&arena);
        assert_int_equal(out, 0);
}

/* {0} and NULL mean the C library. */
static void test_default(void **unused)
{
        static const ocore_allocator none = {NULL, NULL};
        unsigned char *bytes = ocore__allocate(&none, 10);

        (void)unused;
        assert_non_null(bytes);
        bytes[9] = 4;
        bytes = ocore__reallocate(NULL, bytes, 10, 1000);
        assert_non_null(bytes);
        assert_int_equal(bytes[9], 4);
        ocore__release(NULL, bytes, 1000);
        ocore__release(NULL, NULL, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_take),
                cmocka_unit_test(test_rewind),
                cmocka_unit_test(test_text_and_faults),
                cmocka_unit_test(test_default),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
