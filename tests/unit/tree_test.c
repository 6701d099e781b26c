/*
 * The B+tree against a sorted array: random puts, takes and seeks with keys that often begin
 * alike, differ late or are each other's beginnings; and keys that only grow. With the n-th
 * allocation failing a put must leave the tree as it was.
 */
#include "stores/memory/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS_MAX = 3000, KEY_MAX = 40 };

static uint64_t state;

static uint64_t random_below(uint64_t bound)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (state >> 11) % bound;
}

/* Fails from a call on, once it is told. */
static size_t calls_left;

static void *allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        (void)user_data;
        (void)old_size;
        if (new_size == 0) {
                free(old);
                return NULL;
        }
        if (calls_left == 0)
                return NULL;
        calls_left--;
        return realloc(old, new_size);
}

typedef struct model {
        ocore__item *items[ITEMS_MAX];
        size_t count;
} model;

static int order_of(const ocore__item *item, const uint8_t *key, size_t size)
{
        size_t both = item->key_size < size ? item->key_size : size;
        int order = memcmp(item->key, key, both);

        return order != 0 ? order : (item->key_size > size) - (item->key_size < size);
}

/* How many items are below the key; *found is whether the next one has it. */
static size_t place_of(const model *of, const uint8_t *key, size_t size, int *found)
{
        size_t n = 0;

        while (n < of->count && order_of(of->items[n], key, size) < 0)
                n++;
        *found = n < of->count && order_of(of->items[n], key, size) == 0;
        return n;
}

static ocore__item *item_create(const uint8_t *key, size_t size)
{
        ocore__item *item = calloc(1, sizeof *item + size);

        assert_non_null(item);
        item->key_size = (uint16_t)size;
        memcpy(item->key, key, size);
        return item;
}

static size_t random_key(uint8_t *key)
{
        size_t size = 1 + random_below(random_below(3) == 0 ? 5 : KEY_MAX - 1);
        size_t same = random_below(4) == 0 ? 0 : random_below(size + 1);
        size_t n;

        for (n = 0; n < size; n++)
                key[n] = (uint8_t)(n < same ? 3 : random_below(random_below(2) == 0 ? 256 : 4));
        if (random_below(9) == 0)
                memset(key, 0xff, size);
        key[0] = random_below(9) == 0 ? OCORE_CELL_NULL : OCORE_CELL_TEXT;
        return size;
}

static void check_walk(const ocore__tree *tree, const model *of, const uint8_t *key, size_t size)
{
        int found;
        size_t first = place_of(of, key, size, &found);
        size_t past = first;
        ocore__place place = ocore__tree_seek(tree, key, size, 0);
        size_t n;

        assert_ptr_equal(ocore__tree_find(tree, key, size), found ? of->items[first] : NULL);
        for (n = first; n < of->count && n < first + 70; n++)
                assert_ptr_equal(ocore__tree_next(&place), of->items[n]);
        if (n == of->count)
                assert_null(ocore__tree_next(&place));
        while (past < of->count && of->items[past]->key_size >= size &&
                memcmp(of->items[past]->key, key, size) == 0)
                past++;
        place = ocore__tree_seek(tree, key, size, 1);
        for (n = past; n > 0 && n + 70 > past; n--)
                assert_ptr_equal(ocore__tree_previous(&place), of->items[n - 1]);
        if (n == 0)
                assert_null(ocore__tree_previous(&place));
}

/* 1 if the item is in; 0 if there was one like it. */
static int put(ocore__tree *tree, ocore__pool *pool, model *of, const uint8_t *key, size_t size)
{
        int found;
        size_t at = place_of(of, key, size, &found);
        ocore__item *item = item_create(key, size);
        ocore__item *other;
        int status = ocore__tree_insert(tree, pool, item, &other);

        if (status == OCORE_NOMEM) {
                calls_left = SIZE_MAX;
                check_walk(tree, of, key, size);
                status = ocore__tree_insert(tree, pool, item, &other);
        }
        if (found) {
                assert_int_equal(status, OCORE_EXISTS);
                assert_ptr_equal(other, of->items[at]);
                free(item);
                return 0;
        }
        assert_int_equal(status, OCORE_OK);
        memmove(&of->items[at + 1], &of->items[at], (of->count - at) * sizeof of->items[0]);
        of->items[at] = item;
        of->count++;
        return 1;
}

static void take(ocore__tree *tree, ocore__pool *pool, model *of, size_t at)
{
        ocore__item *item = of->items[at];

        ocore__tree_remove(tree, pool, item);
        of->count--;
        memmove(&of->items[at], &of->items[at + 1], (of->count - at) * sizeof of->items[0]);
        free(item);
}

static void run(uint64_t seed, int faults)
{
        static model of;
        ocore_allocator allocator = {allocate, NULL};
        ocore__tree tree = {NULL, NULL};
        ocore__pool pool;
        uint8_t key[KEY_MAX];
        size_t n;

        print_message("# seed %llu\n", (unsigned long long)seed);
        state = seed;
        of.count = 0;
        ocore__pool_init(&pool, &allocator);
        for (n = 0; n < 12000; n++) {
                /* Grows, then shrinks to nothing, then grows again. */
                uint64_t puts = n < 5000 ? 9 : n < 9000 ? 2 : 8;

                calls_left = faults ? random_below(2) : SIZE_MAX;
                if (random_below(10) < puts && of.count < ITEMS_MAX - 1)
                        (void)put(&tree, &pool, &of, key, random_key(key));
                else if (of.count > 0)
                        take(&tree, &pool, &of, random_below(of.count));
                calls_left = SIZE_MAX;
                if (n % 7 == 0)
                        check_walk(&tree, &of, key, random_key(key));
        }
        check_walk(&tree, &of, key, 0);
        while (of.count > 0)
                take(&tree, &pool, &of, random_below(2) * (of.count - 1));
        assert_null(tree.root);
        assert_null(tree.last);
        ocore__pool_finish(&pool);
}

static void test_random(void **unused)
{
        (void)unused;
        run(1, 0);
        run(2, 0);
        run(3, 1);
}

/* Growing keys fill the leaves: memory stays near what the slots need. */
static void test_growing(void **unused)
{
        static model of;
        ocore__tree tree = {NULL, NULL};
        ocore__pool pool;
        uint8_t key[9] = {1};
        unsigned n;

        (void)unused;
        calls_left = SIZE_MAX;
        of.count = 0;
        ocore__pool_init(&pool, NULL);
        for (n = 0; n < ITEMS_MAX - 1; n++) {
                key[7] = (uint8_t)(n >> 8);
                key[8] = (uint8_t)n;
                assert_int_equal(put(&tree, &pool, &of, key, sizeof key), 1);
        }
        check_walk(&tree, &of, key, 0);
        key[7] = 5;
        check_walk(&tree, &of, key, 8);
        while (of.count > 0)
                take(&tree, &pool, &of, 0);
        ocore__pool_finish(&pool);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_random),
                cmocka_unit_test(test_growing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
