/*
 * The money ledger of an order: what is paid and due, and bookings in double entry. Confirming,
 * cancelling, paying and returning all book through here, so that debits always equal credits.
 */
#include "ledger.h"

/* A sum of what a store returned: one that leaves 64 bits stays at the end it ran to, where every
 * comparison with it refuses. */
static int64_t plus(int64_t a, int64_t b)
{
        int64_t sum;

        if (!ocore__add(a, b, &sum))
                return sum;
        return b < 0 ? INT64_MIN : INT64_MAX;
}

static int64_t minus(int64_t a, int64_t b)
{
        int64_t difference;

        if (!ocore__subtract(a, b, &difference))
                return difference;
        return b < 0 ? INT64_MAX : INT64_MIN;
}

void ocore__order_money_of(
        const ocore__order_view *view, const ocore_order *order, ocore__order_money *out)
{
        const ocore__entry *entry;

        *out = (ocore__order_money){0};
        for (entry = ocore__first(view->payments); entry; entry = ocore__next(entry)) {
                const ocore_payment *payment = ocore__row(entry);

                if (payment->kind == OCORE_PAYMENT_OUT)
                        out->paid_minor = minus(out->paid_minor, payment->amount_minor);
                else if (payment->state == OCORE_PAYMENT_SETTLED)
                        out->paid_minor = plus(out->paid_minor, payment->amount_minor);
                else
                        out->agreed_minor = plus(out->agreed_minor, payment->amount_minor);
        }
        out->due_minor = minus(order->total_minor, order->cancelled_minor);
        out->due_minor = minus(out->due_minor, order->refunded_minor);
        out->due_minor = minus(out->due_minor, out->paid_minor);
}

void ocore__money_book(ocore__work *work, const ocore_order *order, int64_t debit, int64_t credit,
        int64_t amount_minor)
{
        const ocore_money_move move = {.order_id = order->id,
                .command_id = work->id,
                .number = work->money_moves + 1,
                .debit = debit,
                .credit = credit,
                .currency = order->currency,
                .amount_minor = amount_minor,
                .at_us = work->now_us};

        if (amount_minor <= 0)
                return;
        work->money_moves++;
        ocore__insert(work, &ocore__money_move_table, &move);
}

/* One part of a charge. Parts are differences of rounded shares: one of them can be below zero,
 * and then it is booked the other way round. */
static void book_part(
        ocore__work *work, const ocore_order *order, int64_t account, int64_t part, int sign)
{
        int charged = sign > 0;

        if (part < 0) {
                charged = !charged;
                part = minus(0, part);
        }
        if (charged)
                ocore__money_book(work, order, OCORE_LEDGER_CUSTOMER, account, part);
        else
                ocore__money_book(work, order, account, OCORE_LEDGER_CUSTOMER, part);
}

void ocore__money_charge(ocore__work *work, const ocore_order *order, ocore__share goods,
        ocore__share shipping, int sign)
{
        int64_t sales, tax, carriage;

        if (ocore__subtract(goods.total_minor, goods.tax_minor, &sales) ||
                ocore__subtract(shipping.total_minor, shipping.tax_minor, &carriage) ||
                ocore__add(goods.tax_minor, shipping.tax_minor, &tax)) {
                work->status = ocore__refuse(work, OCORE_OVERFLOW, "",
                        "the amounts of the order leave 64 bits; "
                        "split the order");
                return;
        }
        book_part(work, order, OCORE_LEDGER_SALES, sales, sign);
        book_part(work, order, OCORE_LEDGER_TAX, tax, sign);
        book_part(work, order, OCORE_LEDGER_SHIPPING, carriage, sign);
}

ocore_str ocore__money_words(ocore__work *work, int64_t amount_minor, ocore_str currency)
{
        int exponent = ocore_currency_exponent(currency);
        char *text = ocore__arena_take(work->arena, OCORE_NUMBER_TEXT_SIZE);
        ocore__writer writer;

        if (!text) {
                work->status = OCORE_NOMEM;
                return (ocore_str){0};
        }
        ocore__writer_init(&writer, text, OCORE_NUMBER_TEXT_SIZE);
        ocore__write_units(&writer, amount_minor, exponent < 0 ? 0 : exponent);
        ocore__write_string(&writer, " ");
        ocore__write_text(&writer, currency);
        return (ocore_str){text, writer.used};
}
