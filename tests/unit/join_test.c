/*
 * Proves that a join meets each line with its order, and no other: over more orders than a page
 * holds, orders without lines, and lines without an order, which are left out.
 */
#include "report/join.h"

#include "order/order_room.h"

#include "../support/rows.h"

/* Order n has n % 4 lines; every 7th order is missing while its lines are there. */
static int64_t lines_of(int64_t n)
{
        return n % 4;
}

static int there(int64_t n)
{
        return n % 7 != 0;
}

typedef struct met {
        int64_t order, line; /* of the last row */
        int64_t count, sum;
        int64_t stop_at;
} met;

static int64_t number_of(ocore_id id)
{
        return (int64_t)id.bytes[14] * 256 + id.bytes[15];
}

static int meet(void *user_data, const void *owner, const void *row)
{
        met *so_far = user_data;
        const ocore_order *order = owner;
        const ocore_order_line *line = row;

        assert_memory_equal(&order->id, &line->order_id, sizeof order->id);
        if (number_of(order->id) == so_far->order)
                assert_number(line->number, so_far->line + 1);
        else
                assert_number(line->number, 1);
        assert_true(number_of(order->id) >= so_far->order);
        so_far->order = number_of(order->id);
        so_far->line = line->number;
        so_far->sum += line->quantity;
        return ++so_far->count == so_far->stop_at ? OCORE_OVERFLOW : OCORE_OK;
}

static void test_join(void **state)
{
        static const int64_t sizes[] = {0, 1, 2, 511, 512, 513, 600, 1024, 1400};

        (void)state;
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
                met so_far = {0};
                int64_t count = 0, sum = 0;
                ocore__arena arena;
                ocore__work work;
                test_world world;
                ocore_allocator allocator;

                test_open(&world);
                allocator = test_allocator(&world.memory);
                ocore__arena_init(&arena, &allocator, 1024);
                work = (ocore__work){.core = world.core, .arena = &arena};
                for (int64_t n = 1; n <= sizes[i]; n++) {
                        const ocore_order order = {.id = test_id(n), .state = OCORE_ORDER_PLACED};

                        if (there(n))
                                test_insert(&world, &ocore__order_table, &order);
                        for (int64_t k = 1; k <= lines_of(n); k++) {
                                const ocore_order_line line = {.order_id = test_id(n),
                                        .number = k,
                                        .quantity = n * 10 + k};

                                test_insert(&world, &ocore__order_line_table, &line);
                                count += there(n);
                                sum += there(n) ? line.quantity : 0;
                        }
                }
                assert_int_equal(ocore__join(&work, &ocore__order_table, &ocore__order_line_table,
                                         meet, &so_far),
                        OCORE_OK);
                assert_number(so_far.count, count);
                assert_number(so_far.sum, sum);
                if (count > 600) { /* what the receiver returns ends it */
                        so_far = (met){.stop_at = 600};
                        assert_int_equal(ocore__join(&work, &ocore__order_table,
                                                 &ocore__order_line_table, meet, &so_far),
                                OCORE_OVERFLOW);
                        assert_number(so_far.count, 600);
                }
                ocore__arena_finish(&arena);
                test_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_join),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
