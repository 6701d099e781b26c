/*
 * The pool: pieces do not overlap, are aligned and used again; large ones go back to the host at
 * once; closing gives everything back; without memory it answers NULL and stays usable.
 */
#include "stores/memory/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t out;
static int failing;

static void *allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        (void)user_data;
        if (new_size == 0) {
                out -= old_size;
                free(old);
                return NULL;
        }
        if (failing)
                return NULL;
        out += new_size - old_size;
        return realloc(old, new_size);
}

static void test_pieces(void **unused)
{
        static const ocore_allocator allocator = {allocate, NULL};
        enum { COUNT = 2000 };
        static unsigned char *pieces[COUNT];
        ocore__pool pool;
        size_t turn;
        size_t n;

        (void)unused;
        ocore__pool_init(&pool, &allocator);
        for (turn = 0; turn < 3; turn++) {
                size_t held = out;

                for (n = 0; n < COUNT; n++) {
                        size_t size = 1 + n * 7 % 1500;

                        pieces[n] = ocore__pool_take(&pool, size);
                        assert_non_null(pieces[n]);
                        assert_int_equal((uintptr_t)pieces[n] % 8, 0);
                        assert_true(
                                ocore__pool_room_of(pieces[n], ocore__pool_class(size)) >= size);
                        memset(pieces[n], (int)(n % 251), size);
                }
                for (n = 0; n < COUNT; n++) {
                        size_t size = 1 + n * 7 % 1500;

                        assert_int_equal(pieces[n][0], n % 251);
                        assert_int_equal(pieces[n][size - 1], n % 251);
                        ocore__pool_give(&pool, pieces[n], ocore__pool_class(size));
                }
                /* The second time round everything is there already. */
                if (turn > 0)
                        assert_int_equal(out, held);
                assert_null(pool.large);
        }
        ocore__pool_finish(&pool);
        assert_int_equal(out, 0);
}

static void test_no_memory(void **unused)
{
        static const ocore_allocator allocator = {allocate, NULL};
        ocore__pool pool;

        (void)unused;
        ocore__pool_init(&pool, &allocator);
        failing = 1;
        assert_null(ocore__pool_take(&pool, 10));
        assert_null(ocore__pool_take(&pool, 5000));
        failing = 0;
        assert_null(ocore__pool_take(&pool, SIZE_MAX - 3));
        assert_non_null(ocore__pool_take(&pool, 10));
        assert_non_null(ocore__pool_take(&pool, 5000));
        assert_non_null(ocore__pool_take(&pool, 6000));
        ocore__pool_finish(&pool);
        assert_int_equal(out, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_pieces),
                cmocka_unit_test(test_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
