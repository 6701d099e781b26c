/*
 * The state table of purchase orders, cell by cell against a picture of it; and what their numbers
 * say: what is still to come, how much more may come, and when.
 */
#include "support.h"

#include "supply/supply.h"

/* One row a state, one column a step (send confirm receive finish close cancel): the state that
 * follows, "." where the step is not allowed. P proposed, S sent, C confirmed, R receiving, F
 * closed, X cancelled. */
static const char states[] = "?PSCRFX";
static const char *const table[] = {
        "......",
        /* P */ "S....X",
        /* S */ ".CRFFX",
        /* C */ ".CRFFX",
        /* R */ ".RRFF.",
        /* F */ "......",
        /* X */ "......",
};

static void every_cell_of_the_state_table(void **state)
{
        size_t allowed = 0;

        (void)state;
        for (int64_t from = 0; from < 7; from++)
                for (int64_t step = 1; step <= 6; step++) {
                        char wanted = table[from][step - 1];
                        int64_t to = 77;
                        int status = ocore__purchase_step(from, step, &to);

                        if (status != (wanted == '.' ? OCORE_STATE : OCORE_OK) ||
                                (wanted == '.' ? to != from : states[to] != wanted))
                                fail_msg("from %c step %d: %d", states[from], (int)step, (int)to);
                        allowed += wanted != '.';
                }
        assert_int_equal(allowed, ocore__purchase_transition_count);
        for (int64_t from = -1; from < 9; from++) {
                int64_t to;

                assert_int_equal(ocore__purchase_step(from, 0, &to), OCORE_STATE);
                assert_int_equal(ocore__purchase_step(from, 7, &to), OCORE_STATE);
                assert_int_equal(ocore__purchase_step(from, INT64_MIN, &to), OCORE_STATE);
        }
}

/* Supply is what was sent and is not over: the states from which goods can come. */
static void supply_is_what_goods_can_come_of(void **state)
{
        (void)state;
        for (int64_t from = -1; from < 9; from++) {
                int64_t to;

                assert_int_equal(ocore__purchase_is_supply(from),
                        ocore__purchase_step(from, OCORE_PURCHASE_STEP_RECEIVE, &to) == OCORE_OK);
        }
}

static void what_is_left_and_what_is_most(void **state)
{
        static const struct {
                int64_t quantity, received, over_ppm, left, most;
        } cases[] = {
                {10, 0, 0, 10, 10},
                {10, 4, 0, 6, 10},
                {10, 10, 0, 0, 10},
                {10, 12, 200000, 0, 12},
                {10, 0, 99999, 10, 10}, /* a part of a unit is none */
                {10, 0, 100000, 10, 11},
                {0, 0, 1000000, 0, 0},
                {7, 0, 1000000, 7, 14},
                {INT64_MAX, 1, 1, INT64_MAX - 1, INT64_MAX},
                {INT64_MAX, INT64_MAX, 1000000, 0, INT64_MAX},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_purchase_line line = {
                        .quantity = cases[i].quantity, .received = cases[i].received};

                assert_number(ocore__purchase_left(&line), cases[i].left);
                assert_number(ocore__purchase_most(&line, cases[i].over_ppm), cases[i].most);
        }
}

/* As the line says, else the product's lead time, else the supplier's. */
static void when_a_line_is_due(void **state)
{
        static const struct {
                int64_t due_us, product_us, supplier_us, now_us, wanted_us;
        } cases[] = {
                {500, 7, 9, 100, 500},
                {50, 7, 9, 100, 50},
                {0, 7, 9, 100, 107},
                {0, 0, 9, 100, 109},
                {0, 0, 0, 100, 100},
                {0, INT64_MAX, 0, 100, INT64_MAX},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_number(ocore__purchase_due(cases[i].due_us, cases[i].product_us,
                                      cases[i].supplier_us, cases[i].now_us),
                        cases[i].wanted_us);
}

static void where_goods_come_from(void **state)
{
        (void)state;
        assert_number(ocore__purchase_account(OCORE_PURCHASE_STOCK), OCORE_ACCOUNT_SUPPLIER);
        assert_number(ocore__purchase_account(OCORE_PURCHASE_DROP_SHIP), OCORE_ACCOUNT_SUPPLIER);
        assert_number(ocore__purchase_account(OCORE_PURCHASE_PRODUCTION), OCORE_ACCOUNT_PRODUCTION);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_cell_of_the_state_table),
                cmocka_unit_test(supply_is_what_goods_can_come_of),
                cmocka_unit_test(what_is_left_and_what_is_most),
                cmocka_unit_test(when_a_line_is_due),
                cmocka_unit_test(where_goods_come_from),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
