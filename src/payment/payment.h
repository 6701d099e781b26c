/* What the payment room offers to others: its requests, its decisions, and paying out. */
#ifndef ORDERCORE_PAYMENT_PAYMENT_H
#define ORDERCORE_PAYMENT_PAYMENT_H

#include "order/ledger.h"

/* The requests, and the answer of order.account. */
extern const ocore_record ocore__payment_take_request;
extern const ocore_record ocore__payment_collect_request;
extern const ocore_record ocore__payment_refund_request;
extern const ocore_record ocore__account_record;
/* The tenders that money can be paid out by. */
extern const ocore_choice ocore__tenders_out[];

/* The account that a tender fills, or is paid out of. Pure. */
int64_t ocore__tender_account(int64_t tender);

/* What can still be paid in (what is due and not yet agreed on), or paid out (what is owed to the
 * customer, never more than came in); not below zero. Pure. */
int64_t ocore__payment_open(const ocore__order_money *money);
int64_t ocore__payment_owed(const ocore__order_money *money);

/* The amount of a payment when at most `most` is possible and `asked` (0: all of it) is wanted.
 * OCORE_STATE: nothing is possible; OCORE_INVALID: more is asked. Pure. */
int ocore__payment_amount(int64_t most_minor, int64_t asked_minor, int64_t *out_minor);

/* Pays out to the customer: the payment's row under the command's id, its booking and its event.
 * The amount is the caller's to check. NULL: work->status says why. */
const ocore_payment *ocore__payment_pay_out(ocore__work *work, const ocore__order_view *view,
        int64_t tender, int64_t amount_minor, ocore_str reference);

#endif
