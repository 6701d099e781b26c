/*
 * The state table, cell by cell against a picture of it; shares of a line, which sum to the whole
 * however they are cut; and the units of a line over its allocations.
 */
#include "rows.h"

#include "order/order_room.h"

/* One row a state, one column a step (save place confirm cancel reduce pay fulfill complete return
 * allocate reprice): the state that follows, "." where the step is not allowed. N none, D draft,
 * P placed, C confirmed, F completed, X cancelled. */
static const char states[] = "NDPCFX";
static const char *const table[] = {
        /* N */ "DP.........",
        /* D */ "DP.X.......",
        /* P */ "..CXPP...PP",
        /* C */ "...XCCCFCCC",
        /* F */ ".....F..F..",
        /* X */ ".....X.....",
};

static void every_cell_of_the_state_table(void **state)
{
        size_t allowed = 0;

        (void)state;
        for (int64_t from = 0; from < 6; from++)
                for (int64_t step = 1; step <= 11; step++) {
                        char wanted = table[from][step - 1];
                        int64_t to = 77;
                        int status = ocore__order_step(from, step, &to);

                        if (status != (wanted == '.' ? OCORE_STATE : OCORE_OK) ||
                                (wanted == '.' ? to != from : states[to] != wanted))
                                fail_msg("from %c step %d: %d", states[from], (int)step, (int)to);
                        allowed += wanted != '.';
                }
        assert_int_equal(allowed, ocore__order_transition_count);
        for (int64_t step = -1; step < 12; step++) {
                int64_t to;

                assert_int_equal(ocore__order_step(6, step, &to), OCORE_STATE);
                assert_int_equal(ocore__order_step(-1, step, &to), OCORE_STATE);
        }
        for (int64_t from = 0; from < 6; from++) {
                int64_t to;

                assert_int_equal(ocore__order_step(from, 0, &to), OCORE_STATE);
                assert_int_equal(ocore__order_step(from, 12, &to), OCORE_STATE);
        }
}

static uint64_t seed = 42;

static uint64_t random_below(uint64_t bound)
{
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (seed >> 33) % bound;
}

/* Cut at random places, the parts sum to the whole, and none is below zero. */
static void shares_sum_to_the_whole(void **state)
{
        static const int64_t totals[] = {0, 1, 2, 99, 100, 333, 1000003, INT64_MAX};
        static const int64_t quantities[] = {1, 2, 3, 7, 1250, 1000000007, INT64_MAX};

        (void)state;
        for (size_t t = 0; t < 8; t++)
                for (size_t q = 0; q < 7; q++) {
                        const ocore_order_line line = {.quantity = quantities[q],
                                .total_minor = totals[t],
                                .tax_minor = totals[t] / 6,
                                .shipping_minor = totals[7 - t],
                                .shipping_tax_minor = totals[7 - t] / 3};
                        int64_t done = 0;
                        ocore__share goods = {0, 0}, shipping = {0, 0};

                        while (done < line.quantity) {
                                int64_t left = line.quantity - done;
                                int64_t part =
                                        left < 4 || random_below(9) == 0
                                                ? left
                                                : 1 + (int64_t)random_below((uint64_t)left / 2);
                                ocore__share share = ocore__line_share(&line, done, part);
                                ocore__share carried =
                                        ocore__line_shipping_share(&line, done, part);

                                assert_true(share.total_minor >= 0 && share.tax_minor >= 0);
                                assert_true(carried.total_minor >= 0 && carried.tax_minor >= 0);
                                goods.total_minor += share.total_minor;
                                goods.tax_minor += share.tax_minor;
                                shipping.total_minor += carried.total_minor;
                                shipping.tax_minor += carried.tax_minor;
                                done += part;
                        }
                        assert_number(goods.total_minor, line.total_minor);
                        assert_number(goods.tax_minor, line.tax_minor);
                        assert_number(shipping.total_minor, line.shipping_minor);
                        assert_number(shipping.tax_minor, line.shipping_tax_minor);
                }
}

static void single_units_cost_what_is_written(void **state)
{
        const ocore_order_line line = {.quantity = 3, .total_minor = 100, .tax_minor = 16};
        static const int64_t totals[] = {33, 33, 34}, taxes[] = {5, 5, 6};

        (void)state;
        for (int64_t i = 0; i < 3; i++) {
                assert_number(ocore__line_share(&line, i, 1).total_minor, totals[i]);
                assert_number(ocore__line_share(&line, i, 1).tax_minor, taxes[i]);
        }
        assert_number(ocore__line_share(&line, 1, 2).total_minor, 67);
        assert_number(ocore__line_share(&line, 1, 0).total_minor, 0);
}

static void units_are_counted_over_the_allocations_of_a_line(void **state)
{
        static const ocore_allocation rows[] = {
                {.line = 1,
                        .site = STR_INIT("x"),
                        .allocated = 1,
                        .released = 2,
                        .picked = 3,
                        .packed = 4,
                        .shipped = 5,
                        .delivered = 6},
                {.line = 1, .site = STR_INIT("y"), .allocated = 10},
                {.line = 3, .site = STR_INIT("x"), .delivered = 9},
        };
        const ocore_order_line lines[] = {
                {.number = 1, .quantity = 40, .cancelled = 2, .backordered = 3},
                {.number = 2, .quantity = 5, .performed = 5}, {.number = 3, .quantity = 9},
                {.number = 4, .quantity = 7}};
        ocore__entry *first[4];
        ocore__order_view view = {.allocation_at = first, .line_count = 4};
        ocore__line_units units;
        test_rows group;

        (void)state;
        TEST_GROUP(&group, &ocore__allocation_table, rows);
        first[0] = &group.entries[0];
        first[1] = NULL;
        first[2] = &group.entries[2];
        first[3] = NULL;
        ocore__line_units_of(&view, &lines[0], &units);
        assert_number(units.allocated, 13);
        assert_number(units.released, 2);
        assert_number(units.picked, 3);
        assert_number(units.packed, 4);
        assert_number(units.shipped, 5);
        assert_number(units.arrived, 6);
        assert_number(units.open, 40 - 2 - 3 - 13 - 3 - 4 - 5 - 6);
        ocore__line_units_of(&view, &lines[1], &units);
        assert_number(units.arrived, 5);
        assert_number(units.open, 0);
        ocore__line_units_of(&view, &lines[2], &units);
        assert_number(units.arrived, 9);
        assert_number(units.allocated, 0);
        ocore__line_units_of(&view, &lines[3], &units);
        assert_number(units.open, 7);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_cell_of_the_state_table),
                cmocka_unit_test(shares_sum_to_the_whole),
                cmocka_unit_test(single_units_cost_what_is_written),
                cmocka_unit_test(units_are_counted_over_the_allocations_of_a_line),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
