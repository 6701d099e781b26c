/*
 * Payments: an amount not given is all that is due (or owed), more is refused with both numbers,
 * agreed cash on delivery counts as spoken for, and never more goes back than came in. Every step
 * is booked and told, and a repeated command changes nothing. The decisions are tested as tables,
 * the rest through the public functions with the store verified at the end of each test.
 */
#include "payment/payment.h"
#include "sale.h"

static void amounts_are_decided_by_what_is_left(void **state)
{
        static const struct {
                int64_t most, asked;
                int status;
                int64_t amount;
        } cases[] = {
                {100, 0, OCORE_OK, 100},
                {100, 1, OCORE_OK, 1},
                {100, 100, OCORE_OK, 100},
                {100, 101, OCORE_INVALID, 0},
                {100, -1, OCORE_INVALID, 0},
                {0, 0, OCORE_STATE, 0},
                {0, 1, OCORE_STATE, 0},
                {INT64_MAX, 0, OCORE_OK, INT64_MAX},
        };
        static const struct {
                ocore__order_money money; /* paid, agreed, due */
                int64_t open, owed;
        } sums[] = {
                {{0, 0, 100}, 100, 0},
                {{0, 30, 100}, 70, 0},
                {{0, 100, 100}, 0, 0},
                {{0, 100, 40}, 0, 0}, /* units were cancelled after it was agreed */
                {{100, 0, 0}, 0, 0},
                {{100, 0, -40}, 0, 40},
                {{30, 0, -40}, 0, 30}, /* never more than came in */
                {{0, 0, -40}, 0, 0},
                {{-5, 0, -40}, 0, 0},
                {{INT64_MAX, 0, INT64_MIN}, 0, 0},
                {{0, INT64_MIN, INT64_MAX}, 0, 0},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t amount = -1;

                assert_int_equal(ocore__payment_amount(cases[i].most, cases[i].asked, &amount),
                        cases[i].status);
                assert_number(amount, cases[i].amount);
        }
        for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
                assert_number(ocore__payment_open(&sums[i].money), sums[i].open);
                assert_number(ocore__payment_owed(&sums[i].money), sums[i].owed);
        }
        assert_number(ocore__tender_account(OCORE_TENDER_PREPAID), OCORE_LEDGER_BANK);
        assert_number(ocore__tender_account(OCORE_TENDER_CASH), OCORE_LEDGER_CASH);
        assert_number(ocore__tender_account(OCORE_TENDER_CASH_ON_DELIVERY), OCORE_LEDGER_CARRIER);
}

/* "" is an amount that is not given. */
static ocore_money money_of(const char *text)
{
        return *text ? test_money(text) : (ocore_money){0, "", 0};
}

static void assert_move(
        const ocore_account *account, size_t n, int64_t debit, int64_t credit, int64_t amount_minor)
{
        assert_true(n < account->move_count);
        assert_number(account->moves[n]->debit, debit);
        assert_number(account->moves[n]->credit, credit);
        assert_number(account->moves[n]->amount_minor, amount_minor);
}

/* The message of the last refusal holds this text. */
static void assert_said(test_world *world, const char *text)
{
        const ocore_str message = ocore_last_error(world->core)->message;
        char copy[512] = "";

        memcpy(copy, message.data, message.size < sizeof copy - 1 ? message.size : sizeof copy - 1);
        if (!strstr(copy, text))
                fail_msg("\"%s\" does not say \"%s\"", copy, text);
}

static void payments_settle_what_is_due(void **state)
{
        static const struct {
                int64_t tender;
                const char *amount, *tendered;
                int64_t paid, given, change, debit;
                const char *detail;
        } cases[] = {
                {OCORE_TENDER_PREPAID, "", "", 1402, 0, 0, OCORE_LEDGER_BANK, "prepaid 14.02 EUR"},
                {OCORE_TENDER_PREPAID, "4.02 EUR", "", 402, 0, 0, OCORE_LEDGER_BANK,
                        "prepaid 4.02 EUR"},
                {OCORE_TENDER_CASH, "", "20.00 EUR", 1402, 2000, 598, OCORE_LEDGER_CASH,
                        "cash 14.02 EUR"},
                {OCORE_TENDER_CASH, "", "", 1402, 1402, 0, OCORE_LEDGER_CASH, "cash 14.02 EUR"},
                {OCORE_TENDER_CASH, "10.00 EUR", "10.00 EUR", 1000, 1000, 0, OCORE_LEDGER_CASH,
                        "cash 10.00 EUR"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                test_world world;
                ocore_id order_id;
                ocore_payment_request request = {.struct_size = sizeof request,
                        .tender = cases[i].tender,
                        .amount = money_of(cases[i].amount),
                        .tendered = money_of(cases[i].tendered),
                        .reference = STR("slip 7")};
                const ocore_payment *payment;
                const ocore_account *account;
                const ocore_order *order;

                sale_open(&world);
                order_id = sale_of(&world, "cup", "2");
                request.id = test_next_id(&world);
                request.order_id = order_id;
                assert_done(&world, ocore_payment_take(world.core, &request, &payment));
                assert_number(payment->kind, OCORE_PAYMENT_IN);
                assert_number(payment->state, OCORE_PAYMENT_SETTLED);
                assert_number(payment->amount_minor, cases[i].paid);
                assert_number(payment->tendered_minor, cases[i].given);
                assert_number(payment->change_minor, cases[i].change);
                assert_number(payment->settled_us, world.now_us);
                assert_text(payment->currency, "EUR");
                assert_text(payment->reference, "slip 7");
                account = sale_account(&world, order_id);
                assert_int_equal(account->payment_count, 1);
                assert_number(account->balance_minor, 1402 - cases[i].paid);
                assert_move(account, 1, cases[i].debit, OCORE_LEDGER_CUSTOMER, cases[i].paid);
                assert_text(sale_event(&world, order_id, 0).detail, cases[i].detail);
                assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_PAYMENT_TAKEN);
                order = sale_order(&world, order_id);
                assert_number(order->paid_minor, cases[i].paid);
                assert_number(order->due_minor, 1402 - cases[i].paid);
                assert_number(order->payment,
                        cases[i].paid == 1402 ? OCORE_PAID_FULLY : OCORE_PAID_PARTLY);
                sale_close(&world);
        }
}

static void wrong_payments_are_refused_in_words(void **state)
{
        static const struct {
                int64_t tender;
                const char *amount, *tendered;
                int status;
                const char *field, *said;
        } cases[] = {
                {OCORE_TENDER_CASH, "14.03 EUR", "", OCORE_INVALID, "amount", "14.03 EUR"},
                {OCORE_TENDER_CASH, "14.03 EUR", "", OCORE_INVALID, "amount", "14.02 EUR"},
                {OCORE_TENDER_CASH, "14.02 USD", "", OCORE_INVALID, "amount", "USD"},
                {OCORE_TENDER_CASH, "", "20.00 USD", OCORE_INVALID, "tendered", "EUR"},
                {OCORE_TENDER_CASH, "", "14.01 EUR", OCORE_INVALID, "tendered", "14.01 EUR"},
                {OCORE_TENDER_CASH, "5.00 EUR", "4.00 EUR", OCORE_INVALID, "tendered", "5.00 EUR"},
                {OCORE_TENDER_PREPAID, "", "20.00 EUR", OCORE_INVALID, "tendered", "cash"},
                {OCORE_TENDER_CASH_ON_DELIVERY, "", "20.00 EUR", OCORE_INVALID, "tendered", "cash"},
                {OCORE_TENDER_CASH, "0.00 EUR", "", OCORE_INVALID, "amount", "above zero"},
                {OCORE_TENDER_CASH, "-1.00 EUR", "", OCORE_INVALID, "amount", "above zero"},
                {0, "", "", OCORE_INVALID, "tender", "needed"},
                {9, "", "", OCORE_INVALID, "tender", "cash_on_delivery"},
        };
        test_world world;
        ocore_id order_id;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "2");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_payment_request request = {.struct_size = sizeof request,
                        .id = test_next_id(&world),
                        .order_id = order_id,
                        .tender = cases[i].tender,
                        .amount = money_of(cases[i].amount),
                        .tendered = money_of(cases[i].tendered)};
                const ocore_payment *payment = (const ocore_payment *)(uintptr_t)&world;

                assert_refused(&world, ocore_payment_take(world.core, &request, &payment),
                        cases[i].status, cases[i].field);
                assert_said(&world, cases[i].said);
                assert_null(payment);
        }
        assert_int_equal(sale_account(&world, order_id)->payment_count, 0);
        sale_close(&world);
}

static void orders_that_cannot_be_paid_say_so(void **state)
{
        const sale_line line = {"cup", "1"};
        test_world world;
        ocore_payment_request request = {
                .struct_size = sizeof request, .tender = OCORE_TENDER_PREPAID};

        (void)state;
        sale_open(&world);
        request.id = test_next_id(&world);
        request.order_id = test_id(77);
        assert_refused(&world, ocore_payment_take(world.core, &request, NULL), OCORE_NOT_FOUND,
                "order_id");
        request.order_id = sale_place(&world, &line, 1, "");
        assert_done(&world, ocore_payment_take(world.core, &request, NULL));
        request.id = test_next_id(&world);
        assert_refused(
                &world, ocore_payment_take(world.core, &request, NULL), OCORE_STATE, "order_id");
        assert_said(&world, "nothing is left to pay");
        sale_cancel(&world, request.order_id, 0, NULL);
        assert_refused(
                &world, ocore_payment_take(world.core, &request, NULL), OCORE_STATE, "order_id");
        sale_close(&world);
}

static int try_collect(test_world *world, ocore_id id, ocore_id order_id, ocore_id payment_id,
        const ocore_payment **out)
{
        const ocore_payment_collect_request request = {.struct_size = sizeof request,
                .id = id,
                .order_id = order_id,
                .payment_id = payment_id};

        return ocore_payment_collect(world->core, &request, out);
}

static void cash_on_delivery_is_agreed_and_then_collected(void **state)
{
        test_world world;
        ocore_id order_id, agreed, paid;
        ocore_payment_request request = {
                .struct_size = sizeof request, .tender = OCORE_TENDER_PREPAID};
        const ocore_payment *payment;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "2");
        agreed = sale_pay(&world, order_id, OCORE_TENDER_CASH_ON_DELIVERY, "10.00 EUR");
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_PAYMENT_AGREED);
        assert_number(sale_order(&world, order_id)->paid_minor, 0);
        assert_number(sale_account(&world, order_id)->balance_minor, 1402);
        request.id = test_next_id(&world);
        request.order_id = order_id;
        request.amount = test_money("4.03 EUR");
        assert_refused(
                &world, ocore_payment_take(world.core, &request, NULL), OCORE_INVALID, "amount");
        assert_said(&world, "4.02 EUR");
        paid = sale_pay(&world, order_id, OCORE_TENDER_PREPAID, NULL);
        assert_number(sale_order(&world, order_id)->paid_minor, 402);

        assert_refused(&world,
                try_collect(&world, test_next_id(&world), order_id, test_id(5), NULL),
                OCORE_NOT_FOUND, "payment_id");
        assert_refused(&world, try_collect(&world, test_next_id(&world), order_id, paid, NULL),
                OCORE_STATE, "payment_id");
        assert_done(&world, try_collect(&world, test_id(9), order_id, agreed, &payment));
        assert_number(payment->state, OCORE_PAYMENT_SETTLED);
        assert_number(payment->amount_minor, 1000);
        assert_text(sale_event(&world, order_id, 0).detail, "cash_on_delivery 10.00 EUR");
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_PAYMENT_COLLECTED);
        assert_number(sale_order(&world, order_id)->due_minor, 0);
        assert_status(
                &world, try_collect(&world, test_id(9), order_id, agreed, &payment), OCORE_ALREADY);
        assert_number(payment->amount_minor, 1000);
        assert_refused(&world, try_collect(&world, test_next_id(&world), order_id, agreed, NULL),
                OCORE_STATE, "payment_id");
        sale_close(&world);
}

static void no_more_is_collected_than_is_still_due(void **state)
{
        test_world world;
        ocore_id order_id, agreed;
        const ocore_payment *payment;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "2");
        agreed = sale_pay(&world, order_id, OCORE_TENDER_CASH_ON_DELIVERY, NULL);
        sale_cancel(&world, order_id, 1, "1");
        assert_done(&world, try_collect(&world, test_next_id(&world), order_id, agreed, &payment));
        assert_number(payment->amount_minor, 701);
        assert_number(sale_order(&world, order_id)->due_minor, 0);

        order_id = sale_of(&world, "cup", "2");
        agreed = sale_pay(&world, order_id, OCORE_TENDER_CASH_ON_DELIVERY, NULL);
        sale_cancel(&world, order_id, 0, NULL);
        assert_refused(&world, try_collect(&world, test_next_id(&world), order_id, agreed, NULL),
                OCORE_STATE, "order_id");
        sale_close(&world);
}

static int try_refund(test_world *world, ocore_id id, ocore_id order_id, int64_t tender,
        const char *amount, const ocore_payment **out)
{
        const ocore_payment_refund_request request = {.struct_size = sizeof request,
                .id = id,
                .order_id = order_id,
                .tender = tender,
                .amount = money_of(amount)};

        return ocore_payment_refund(world->core, &request, out);
}

static void refunds_pay_back_what_is_owed_and_no_more(void **state)
{
        test_world world;
        ocore_id order_id;
        const ocore_payment *payment;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "3");
        sale_pay(&world, order_id, OCORE_TENDER_PREPAID, "20.00 EUR");
        assert_refused(&world,
                try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_CASH, "", NULL),
                OCORE_STATE, "order_id");
        assert_said(&world, "nothing is owed to the customer");
        sale_cancel(&world, order_id, 1, "2"); /* 7.01 is left of it, 20.00 was paid */
        assert_number(sale_order(&world, order_id)->due_minor, -1299);
        assert_number(sale_order(&world, order_id)->payment, OCORE_PAID_TOO_MUCH);
        assert_refused(&world,
                try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_CASH, "13.00 EUR",
                        NULL),
                OCORE_INVALID, "amount");
        assert_said(&world, "12.99 EUR");
        assert_refused(&world,
                try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_CASH, "1.00 USD",
                        NULL),
                OCORE_INVALID, "amount");
        assert_refused(&world,
                try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_CASH_ON_DELIVERY,
                        "", NULL),
                OCORE_INVALID, "tender");
        assert_done(&world,
                try_refund(&world, test_id(3), order_id, OCORE_TENDER_CASH, "2.99 EUR", &payment));
        assert_number(payment->kind, OCORE_PAYMENT_OUT);
        assert_number(payment->state, OCORE_PAYMENT_SETTLED);
        assert_number(payment->amount_minor, 299);
        assert_text(sale_event(&world, order_id, 0).detail, "cash 2.99 EUR");
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_PAYMENT_REFUNDED);
        assert_status(&world,
                try_refund(&world, test_id(3), order_id, OCORE_TENDER_CASH, "2.99 EUR", &payment),
                OCORE_ALREADY);
        assert_number(payment->amount_minor, 299);
        assert_done(&world, try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_PREPAID,
                                    "", &payment));
        assert_number(payment->amount_minor, 1000);
        assert_number(sale_order(&world, order_id)->due_minor, 0);
        assert_number(sale_account(&world, order_id)->balance_minor, 0);
        sale_cancel(&world, order_id, 0, NULL);
        assert_done(&world, try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_PREPAID,
                                    "", &payment));
        assert_number(payment->amount_minor, 701);
        assert_number(sale_order(&world, order_id)->paid_minor, 0);
        assert_refused(&world,
                try_refund(&world, test_next_id(&world), order_id, OCORE_TENDER_CASH, "", NULL),
                OCORE_STATE, "order_id");
        sale_close(&world);
}

static void a_repeated_payment_is_taken_once(void **state)
{
        test_world world;
        ocore_payment_request request = {
                .struct_size = sizeof request, .tender = OCORE_TENDER_CASH};
        const ocore_payment *payment;
        ocore_payment first;

        (void)state;
        sale_open(&world);
        request.id = test_next_id(&world);
        request.order_id = sale_of(&world, "cup", "2");
        request.amount = test_money("5.00 EUR");
        request.tendered = test_money("10.00 EUR");
        assert_done(&world, ocore_payment_take(world.core, &request, &payment));
        first = *payment;
        world.now_us += TEST_HOUR_US;
        assert_status(&world, ocore_payment_take(world.core, &request, &payment), OCORE_ALREADY);
        assert_number(payment->amount_minor, first.amount_minor);
        assert_number(payment->change_minor, 500);
        assert_number(payment->at_us, first.at_us);
        assert_memory_equal(&payment->id, &request.id, sizeof request.id);
        request.amount = test_money("6.00 EUR");
        assert_refused(&world, ocore_payment_take(world.core, &request, &payment), OCORE_ID_REUSED,
                "amount");
        assert_int_equal(sale_account(&world, request.order_id)->payment_count, 1);
        sale_close(&world);
}

static void an_account_is_found_by_id_or_number(void **state)
{
        const ocore_draft_line line = {.sku = STR("cup"), .quantity = {1, 0, 0}};
        ocore_order_key key = {.struct_size = sizeof key, .order_id = test_id(4)};
        ocore_order_draft draft = {.struct_size = sizeof draft,
                .number = STR("A-1"),
                .currency = STR("EUR"),
                .ship_country = STR("DE"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        test_world world;
        const ocore_account *account;

        (void)state;
        sale_open(&world);
        assert_refused(&world, ocore_order_account(world.core, &key, &account), OCORE_NOT_FOUND,
                "order_id");
        assert_null(account);
        draft.id = test_next_id(&world);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_pay(&world, draft.id, OCORE_TENDER_CASH, NULL);
        key = (ocore_order_key){.struct_size = sizeof key, .number = STR("A-1")};
        assert_done(&world, ocore_order_account(world.core, &key, &account));
        assert_int_equal(account->payment_count, 1);
        assert_number(account->balance_minor, -701); /* paid before the sale was agreed */
        assert_text(account->currency, "EUR");
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(amounts_are_decided_by_what_is_left),
                cmocka_unit_test(payments_settle_what_is_due),
                cmocka_unit_test(wrong_payments_are_refused_in_words),
                cmocka_unit_test(orders_that_cannot_be_paid_say_so),
                cmocka_unit_test(cash_on_delivery_is_agreed_and_then_collected),
                cmocka_unit_test(no_more_is_collected_than_is_still_due),
                cmocka_unit_test(refunds_pay_back_what_is_owed_and_no_more),
                cmocka_unit_test(a_repeated_payment_is_taken_once),
                cmocka_unit_test(an_account_is_found_by_id_or_number),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
