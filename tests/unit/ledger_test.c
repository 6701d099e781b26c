/*
 * The money ledger: what is paid, agreed and due is the fold of the payments; a charge is booked by
 * account and given back the other way round; a part below zero, which rounding can make of a
 * share, turns its booking round, so that no booking is zero or less and all end at nothing.
 * Pure sums are tested on rows made by hand, bookings by orders through the public functions.
 */
#include "order/ledger.h"
#include "rows.h"
#include "sale.h"

static void money_is_the_fold_of_the_payments(void **state)
{
        static const struct {
                ocore_order order; /* total, cancelled, refunded count */
                struct {
                        int64_t kind, state, amount;
                } payments[3];
                int64_t paid, agreed, due;
        } cases[] = {
                {{.total_minor = 1000}, {{0, 0, 0}}, 0, 0, 1000},
                {{.total_minor = 1000}, {{OCORE_PAYMENT_IN, OCORE_PAYMENT_SETTLED, 400}}, 400, 0,
                        600},
                {{.total_minor = 1000}, {{OCORE_PAYMENT_IN, OCORE_PAYMENT_PENDING, 400}}, 0, 400,
                        1000},
                {{.total_minor = 1000, .cancelled_minor = 300, .refunded_minor = 200},
                        {{OCORE_PAYMENT_IN, OCORE_PAYMENT_SETTLED, 1000},
                                {OCORE_PAYMENT_OUT, OCORE_PAYMENT_SETTLED, 100},
                                {OCORE_PAYMENT_IN, OCORE_PAYMENT_PENDING, 7}},
                        900, 7, -400},
                /* What cannot be right stays at the end of 64 bits instead of wrapping. */
                {{.total_minor = INT64_MIN, .cancelled_minor = INT64_MAX},
                        {{OCORE_PAYMENT_IN, OCORE_PAYMENT_SETTLED, INT64_MAX},
                                {OCORE_PAYMENT_IN, OCORE_PAYMENT_SETTLED, INT64_MAX}},
                        INT64_MAX, 0, INT64_MIN},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_payment rows[3] = {{.amount_minor = 0}};
                test_rows made;
                ocore__order_view view = {0};
                ocore__order_money money;
                size_t count = 0;

                for (; count < 3 && cases[i].payments[count].kind; count++) {
                        rows[count].id = test_id((int64_t)count + 1);
                        rows[count].kind = cases[i].payments[count].kind;
                        rows[count].state = cases[i].payments[count].state;
                        rows[count].amount_minor = cases[i].payments[count].amount;
                }
                view.payments = (ocore__group *)(uintptr_t)test_group(
                        &made, &ocore__payment_table, rows, count);
                ocore__order_money_of(&view, &cases[i].order, &money);
                assert_number(money.paid_minor, cases[i].paid);
                assert_number(money.agreed_minor, cases[i].agreed);
                assert_number(money.due_minor, cases[i].due);
        }
}

/* Debits less credits of an account, and that no booking is zero or less. */
static int64_t balance(const ocore_account *account, int64_t of)
{
        int64_t sum = 0;

        for (size_t i = 0; i < account->move_count; i++) {
                assert_true(account->moves[i]->amount_minor > 0);
                assert_text(account->moves[i]->currency, "EUR");
                if (account->moves[i]->debit == of)
                        sum += account->moves[i]->amount_minor;
                if (account->moves[i]->credit == of)
                        sum -= account->moves[i]->amount_minor;
        }
        return sum;
}

static void a_confirmed_order_is_charged_by_account(void **state)
{
        const sale_line lines[] = {{"tea", "7"}, {"cup", "1"}};
        test_world world;
        ocore_id order_id;
        const ocore_account *account;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 2, "post");
        assert_number((int64_t)sale_account(&world, order_id)->move_count, 0);
        sale_confirm(&world, order_id);
        account = sale_account(&world, order_id);
        /* 7 × 3.33 = 23.31 with 3.72 tax; 7.01; 4.99 shipping. */
        assert_number(account->balance_minor, 3531);
        assert_number(balance(account, OCORE_LEDGER_CUSTOMER), 3531);
        assert_number(balance(account, OCORE_LEDGER_SALES), -(2331 - 372 + 701));
        assert_number(balance(account, OCORE_LEDGER_TAX), -372);
        assert_number(balance(account, OCORE_LEDGER_SHIPPING), -499);
        for (size_t i = 0; i < account->move_count; i++)
                assert_number(account->moves[i]->number, (int64_t)i + 1);
        sale_cancel(&world, order_id, 0, NULL);
        account = sale_account(&world, order_id);
        for (int64_t of = OCORE_LEDGER_CUSTOMER; of <= OCORE_LEDGER_CARRIER; of++)
                assert_number(balance(account, of), 0);
        assert_number(account->balance_minor, 0);
        sale_close(&world);
}

/* An order of 7 units for 0.05 with 0.02 tax: its fourth unit is a share of 0.00 with 0.01 tax. */
static ocore_id order_of_crumbs(test_world *world)
{
        const ocore_draft_line line = {
                .sku = STR("crumb"), .quantity = {7, 0, 0}, .discount = test_money("0.02 EUR")};
        const ocore_order_draft draft = {
                .struct_size = sizeof draft,
                .id = test_next_id(world),
                .currency = STR("EUR"),
                .ship_country = STR("DE"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line,
        };

        shop_tax_rate(world, "steep", "DE", 666667);
        shop_product(world, "crumb", OCORE_PRODUCT_GOODS, 0, "steep", "0.01 EUR");
        shop_receive(world, "crumb", "north", "7");
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void a_part_below_zero_is_booked_the_other_way_round(void **state)
{
        test_world world;
        ocore_id order_id;
        const ocore_order *order;
        int turned = 0;

        (void)state;
        sale_open(&world);
        order_id = order_of_crumbs(&world);
        order = sale_order(&world, order_id);
        assert_number(order->total_minor, 5);
        assert_number(order->tax_minor, 2);
        sale_confirm(&world, order_id);
        for (int64_t unit = 1; unit <= 7; unit++) {
                const ocore_account *account;

                sale_cancel(&world, order_id, 1, "1");
                account = sale_account(&world, order_id);
                for (size_t i = 0; i < account->move_count; i++)
                        turned += account->moves[i]->debit == OCORE_LEDGER_CUSTOMER &&
                                  account->moves[i]->credit == OCORE_LEDGER_SALES;
                assert_number(balance(account, OCORE_LEDGER_CUSTOMER), 5 - 5 * unit / 7);
                assert_number(balance(account, OCORE_LEDGER_TAX), -(2 - 2 * unit / 7));
        }
        assert_true(turned > 7); /* the charge itself is seen once after each unit */
        assert_number(sale_account(&world, order_id)->balance_minor, 0);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(money_is_the_fold_of_the_payments),
                cmocka_unit_test(a_confirmed_order_is_charged_by_account),
                cmocka_unit_test(a_part_below_zero_is_booked_the_other_way_round),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
