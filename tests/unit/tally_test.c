/*
 * Proves that sums by key are kept apart, found again while the table grows, and come out by name,
 * number and currency; and that it can run out of memory anywhere.
 */
#include "report/tally.h"

#include "../support/support.h"

enum { KEYS = 1000 };

typedef struct counted {
        int64_t n;
        int64_t times;
} counted;

/* Keys that differ in one part only: name, then number, then currency. */
static ocore__tally_key key_of(int64_t n, char text[8])
{
        static const char *const currencies[] = {"EUR", "JPY"};

        text[0] = (char)('a' + n / 100 % 10);
        text[1] = (char)('a' + n / 10 % 10);
        return (ocore__tally_key){
                {text, n / 500 ? 2 : 1}, n % 10 / 2 - 2, ocore_str_of(currencies[n % 2])};
}

static void test_many(void **state)
{
        test_memory memory = {0};
        const ocore_allocator allocator = test_allocator(&memory);
        const void *const *rows;
        ocore__arena arena;
        ocore__tally tally;
        size_t count;
        int64_t sum = 0;
        char text[8];

        (void)state;
        ocore__arena_init(&arena, &allocator, 4096);
        ocore__tally_init(&tally, &arena, sizeof(counted));
        for (int64_t i = 0; i < 3 * KEYS; i++) {
                ocore__tally_entry *entry = ocore__tally_at(&tally, key_of(i * 7 % KEYS, text));
                counted *row;

                assert_non_null(entry);
                assert_true(entry->key.name.data != text); /* a text of its own */
                row = entry->row;
                row->n = i * 7 % KEYS;
                row->times++;
        }
        assert_int_equal(ocore__tally_rows(&tally, &rows, &count), OCORE_OK);
        assert_int_equal(
                count, 550); /* 500 keys of one letter are 50: the second letter is not in them */
        for (size_t i = 0; i < count; i++) {
                const counted *row = rows[i];

                sum += row->times;
                if (i > 0) {
                        char before[8];
                        ocore__tally_key a = key_of(((const counted *)rows[i - 1])->n, before);
                        ocore__tally_key b = key_of(row->n, text);
                        int order = ocore__str_compare(a.name, b.name);

                        if (!order)
                                order = a.number < b.number ? -1 : a.number > b.number;
                        assert_true(
                                (order ? order : ocore__str_compare(a.currency, b.currency)) < 0);
                }
        }
        assert_number(sum, 3 * KEYS);
        ocore__arena_finish(&arena);
        assert_number(memory.blocks, 0);
}

static void test_empty(void **state)
{
        test_memory memory = {0};
        const ocore_allocator allocator = test_allocator(&memory);
        const void *const *rows;
        ocore__arena arena;
        ocore__tally tally;
        size_t count = 77;

        (void)state;
        ocore__arena_init(&arena, &allocator, 4096);
        ocore__tally_init(&tally, &arena, sizeof(counted));
        assert_int_equal(ocore__tally_rows(&tally, &rows, &count), OCORE_OK);
        assert_int_equal(count, 0);
        assert_non_null(rows);
        ocore__arena_finish(&arena);
}

static int count_to(ocore__arena *arena, int64_t keys)
{
        const void *const *rows;
        ocore__tally tally;
        size_t count;
        char text[8];

        ocore__tally_init(&tally, arena, sizeof(counted));
        for (int64_t i = 0; i < keys; i++)
                if (!ocore__tally_at(&tally, key_of(i, text)))
                        return OCORE_NOMEM;
        return ocore__tally_rows(&tally, &rows, &count);
}

static void test_no_memory(void **state)
{
        int failures = 0, status = OCORE_NOMEM;

        (void)state;
        for (int64_t n = 1; status; n++) {
                test_memory memory = {.fail_at = n};
                const ocore_allocator allocator = test_allocator(&memory);
                ocore__arena arena;

                ocore__arena_init(&arena, &allocator, 64);
                status = count_to(&arena, 100);
                assert_int_equal(status, memory.failed ? OCORE_NOMEM : OCORE_OK);
                failures += memory.failed;
                ocore__arena_finish(&arena);
                assert_number(memory.blocks, 0);
        }
        assert_true(failures > 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_many),
                cmocka_unit_test(test_empty),
                cmocka_unit_test(test_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
