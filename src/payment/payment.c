/*
 * Taking, collecting and refunding payments of an order, and its account. A payment settles what
 * the customer owes and never changes what that is; each one is a row, a booking and an event.
 */
#include "payment.h"

#include "engine/procedure.h"

/* "cash 12.50 EUR", for the timeline. */
static ocore_str payment_words(ocore__work *work, const ocore_payment *payment)
{
        enum { ROOM = 64 };
        ocore_str amount = ocore__money_words(work, payment->amount_minor, payment->currency);
        char *text = ocore__arena_take(work->arena, ROOM);
        ocore__writer writer;

        if (!text) {
                work->status = OCORE_NOMEM;
                return (ocore_str){0};
        }
        ocore__writer_init(&writer, text, ROOM);
        for (const ocore_choice *choice = ocore__tenders; choice->name; choice++)
                if (choice->value == payment->tender)
                        ocore__write(&writer, "%s %t", choice->name, &amount);
        return (ocore_str){text, writer.used};
}

/* An order that can be paid, with its money. The view is wanted here. */
static int find_payable(ocore__work *work, ocore_id order_id, ocore__order_view *view,
        const ocore_order **order, ocore__order_money *money)
{
        int64_t state;
        int status = ocore__order_want(work, order_id, view);

        if (!status)
                status = ocore__order_fetch(work, view, OCORE_STEP_PAY, order, &state);
        if (!status)
                ocore__order_money_of(view, *order, money);
        return status;
}

/* Money in a request is in the order's currency, or not given at all. */
static int check_currency(
        ocore__work *work, const ocore_order *order, const ocore_money *money, const char *field)
{
        const ocore_str code = {money->currency, 3};

        if (!money->currency[0] || ocore_str_equal(code, order->currency))
                return OCORE_OK;
        return ocore__refuse(work, OCORE_INVALID, field,
                "is in %t, but the order is in %t; give it in %t", &code, &order->currency,
                &order->currency);
}

/* The amount of a payment in or out, with the refusals in words. */
static int decide_amount(ocore__work *work, const ocore_order *order, const ocore_money *asked,
        int64_t most_minor, int out, int64_t *amount_minor)
{
        const char *what = out ? "owed to the customer" : "left to pay";
        ocore_str asked_words, most_words;
        int status = check_currency(work, order, asked, "amount");

        if (status)
                return status;
        status = ocore__payment_amount(most_minor, asked->amount_minor, amount_minor);
        if (!status)
                return status;
        if (status == OCORE_STATE)
                return ocore__refuse(work, status, "order_id",
                        "nothing is %s; look at the order's account", what);
        asked_words = ocore__money_words(work, asked->amount_minor, order->currency);
        most_words = ocore__money_words(work, most_minor, order->currency);
        return ocore__refuse(work, status, "amount",
                "%t is more than the %t that are %s; give at most %t", &asked_words, &most_words,
                what, &most_words);
}

/* What is handed over, and the change. */
static int decide_tendered(ocore__work *work, const ocore_order *order,
        const ocore_payment_request *request, ocore_payment *payment)
{
        ocore_str tendered, amount;
        int status = check_currency(work, order, &request->tendered, "tendered");

        if (status)
                return status;
        if (request->tender != OCORE_TENDER_CASH)
                return request->tendered.currency[0]
                               ? ocore__refuse(work, OCORE_INVALID, "tendered",
                                         "is for cash only; leave it out")
                               : OCORE_OK;
        payment->tendered_minor = request->tendered.currency[0] ? request->tendered.amount_minor
                                                                : payment->amount_minor;
        if (payment->tendered_minor < payment->amount_minor) {
                tendered = ocore__money_words(work, payment->tendered_minor, order->currency);
                amount = ocore__money_words(work, payment->amount_minor, order->currency);
                return ocore__refuse(work, OCORE_INVALID, "tendered",
                        "%t is less than the amount of %t; take more, or a smaller "
                        "amount",
                        &tendered, &amount);
        }
        payment->change_minor = payment->tendered_minor - payment->amount_minor;
        return OCORE_OK;
}

static int payment_take(ocore__work *work, const void *args, const void **answer)
{
        const ocore_payment_request *request = args;
        int agreed = request->tender == OCORE_TENDER_CASH_ON_DELIVERY;
        ocore__order_view view;
        const ocore_order *order;
        ocore__order_money money;
        ocore__entry *entry;
        ocore_payment payment = {.order_id = request->order_id,
                .id = request->id,
                .kind = OCORE_PAYMENT_IN,
                .tender = request->tender,
                .state = agreed ? OCORE_PAYMENT_PENDING : OCORE_PAYMENT_SETTLED,
                .reference = request->reference,
                .at_us = work->now_us,
                .settled_us = agreed ? 0 : work->now_us};
        int status = find_payable(work, request->order_id, &view, &order, &money);

        if (!status)
                status = decide_amount(work, order, &request->amount, ocore__payment_open(&money),
                        0, &payment.amount_minor);
        if (!status)
                status = decide_tendered(work, order, request, &payment);
        if (status)
                return status;
        payment.currency = order->currency;
        entry = ocore__insert(work, &ocore__payment_table, &payment);
        if (!agreed)
                ocore__money_book(work, order, ocore__tender_account(payment.tender),
                        OCORE_LEDGER_CUSTOMER, payment.amount_minor);
        ocore__order_touch(work, &view,
                agreed ? OCORE_EVENT_PAYMENT_AGREED : OCORE_EVENT_PAYMENT_TAKEN,
                payment_words(work, &payment));
        *answer = entry ? ocore__row(entry) : NULL;
        return work->status;
}

static ocore__entry *payment_entry(const ocore__order_view *view, ocore_id id)
{
        ocore__entry *entry = ocore__first(view->payments);

        while (entry && ocore__id_compare(((const ocore_payment *)ocore__row(entry))->id, id) != 0)
                entry = ocore__next(entry);
        return entry;
}

/* Collects at most what is still due: units may have been cancelled since it was agreed. */
static int payment_collect(ocore__work *work, const void *args, const void **answer)
{
        const ocore_payment_collect_request *request = args;
        ocore__order_view view;
        const ocore_order *order;
        ocore__order_money money;
        ocore__entry *entry;
        ocore_payment *payment;
        int status = find_payable(work, request->order_id, &view, &order, &money);

        if (status)
                return status;
        entry = payment_entry(&view, request->payment_id);
        if (!entry)
                return ocore__refuse(work, OCORE_NOT_FOUND, "payment_id",
                        "the order has no such payment; look at its account");
        if (((const ocore_payment *)ocore__row(entry))->state != OCORE_PAYMENT_PENDING)
                return ocore__refuse(work, OCORE_STATE, "payment_id",
                        "the payment is settled already; there is nothing to collect");
        if (money.due_minor <= 0)
                return ocore__refuse(
                        work, OCORE_STATE, "order_id", "nothing is due any more; collect nothing");
        payment = ocore__edit(work, entry);
        if (!payment)
                return work->status;
        payment->state = OCORE_PAYMENT_SETTLED;
        payment->settled_us = work->now_us;
        if (payment->amount_minor > money.due_minor)
                payment->amount_minor = money.due_minor;
        ocore__money_book(work, order, ocore__tender_account(payment->tender),
                OCORE_LEDGER_CUSTOMER, payment->amount_minor);
        ocore__order_touch(
                work, &view, OCORE_EVENT_PAYMENT_COLLECTED, payment_words(work, payment));
        *answer = payment;
        return work->status;
}

const ocore_payment *ocore__payment_pay_out(ocore__work *work, const ocore__order_view *view,
        int64_t tender, int64_t amount_minor, ocore_str reference)
{
        const ocore_order *order = ocore__only(view->orders);
        const ocore_payment payment = {.order_id = order->id,
                .id = work->id,
                .kind = OCORE_PAYMENT_OUT,
                .tender = tender,
                .state = OCORE_PAYMENT_SETTLED,
                .currency = order->currency,
                .amount_minor = amount_minor,
                .reference = reference,
                .at_us = work->now_us,
                .settled_us = work->now_us};
        ocore__entry *entry = ocore__insert(work, &ocore__payment_table, &payment);

        ocore__money_book(
                work, order, OCORE_LEDGER_CUSTOMER, ocore__tender_account(tender), amount_minor);
        ocore__order_touch(work, view, OCORE_EVENT_PAYMENT_REFUNDED, payment_words(work, &payment));
        return entry ? ocore__row(entry) : NULL;
}

static int payment_refund(ocore__work *work, const void *args, const void **answer)
{
        const ocore_payment_refund_request *request = args;
        ocore__order_view view;
        const ocore_order *order;
        ocore__order_money money;
        int64_t amount_minor;
        int status = find_payable(work, request->order_id, &view, &order, &money);

        if (!status)
                status = decide_amount(work, order, &request->amount, ocore__payment_owed(&money),
                        1, &amount_minor);
        if (status)
                return status;
        *answer = ocore__payment_pay_out(
                work, &view, request->tender, amount_minor, request->reference);
        return work->status;
}

/* What the customer owes by the ledger: debits less credits of the customer account. */
static int balance_of(const ocore_account *account, int64_t *out)
{
        int status = OCORE_OK;

        *out = 0;
        for (size_t i = 0; i < account->move_count && !status; i++) {
                const ocore_money_move *move = account->moves[i];

                if (move->debit == OCORE_LEDGER_CUSTOMER)
                        status = ocore__add(*out, move->amount_minor, out);
                if (!status && move->credit == OCORE_LEDGER_CUSTOMER)
                        status = ocore__subtract(*out, move->amount_minor, out);
        }
        return status;
}

static int order_account(ocore__work *work, const void *args, const void **answer)
{
        ocore_account *account = ocore__arena_zero(work->arena, 1, sizeof *account);
        ocore__order_view view;
        ocore__group *moves;
        const ocore_order *order;
        ocore_id order_id;
        const void *const *rows;
        int status = account ? ocore__order_key_resolve(work, args, &order_id) : OCORE_NOMEM;

        if (!status)
                status = ocore__order_want(work, order_id, &view);
        if (!status)
                status = ocore__want(
                        work, &ocore__money_move_table, ocore__cell_id(order_id), &moves);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__order_found(work, &view, &order);
        if (!status)
                status = ocore__rows_of(work, view.payments, &rows, &account->payment_count);
        if (status)
                return status;
        account->currency = order->currency;
        account->payments = (const ocore_payment *const *)rows;
        status = ocore__rows_of(work, moves, &rows, &account->move_count);
        if (status)
                return status;
        account->moves = (const ocore_money_move *const *)rows;
        if (balance_of(account, &account->balance_minor))
                return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                        "the bookings of the order leave 64 bits; check the store");
        *answer = account;
        return OCORE_OK;
}

const ocore__procedure ocore__payment_take = {
        &ocore__payment_take_request,
        &ocore__payment_record,
        payment_take,
        OCORE__COMMAND,
};
const ocore__procedure ocore__payment_collect = {
        &ocore__payment_collect_request,
        &ocore__payment_record,
        payment_collect,
        OCORE__COMMAND,
};
const ocore__procedure ocore__payment_refund = {
        &ocore__payment_refund_request,
        &ocore__payment_record,
        payment_refund,
        OCORE__COMMAND,
};
const ocore__procedure ocore__order_account = {
        &ocore__order_key_record,
        &ocore__account_record,
        order_account,
        0,
};

OCORE__PUBLIC(ocore_payment_take, ocore_payment_request, ocore_payment, ocore__payment_take)
OCORE__PUBLIC(
        ocore_payment_collect, ocore_payment_collect_request, ocore_payment, ocore__payment_collect)
OCORE__PUBLIC(
        ocore_payment_refund, ocore_payment_refund_request, ocore_payment, ocore__payment_refund)
OCORE__PUBLIC(ocore_order_account, ocore_order_key, ocore_account, ocore__order_account)
