/* What is asked of the payment room, and the account it answers with, described once. */
#include "payment.h"

const ocore_choice ocore__tenders_out[] = {
        {"prepaid", OCORE_TENDER_PREPAID},
        {"cash", OCORE_TENDER_CASH},
        {NULL, 0},
};

static const ocore_field take_fields[] = {
        OCORE__FIELD(ocore_payment_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key and the payment's id"),
        OCORE__FIELD(ocore_payment_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD_OF(ocore_payment_request, tender, CHOICE, OCORE_FIELD_REQUIRED, ocore__tenders,
                "how it is paid"),
        OCORE__FIELD(ocore_payment_request, amount, MONEY, OCORE_FIELD_POSITIVE,
                "at most what is due; default: all that is due"),
        OCORE__FIELD(ocore_payment_request, tendered, MONEY, OCORE_FIELD_POSITIVE,
                "cash: what is handed over; default: the exact amount"),
        OCORE__FIELD(ocore_payment_request, reference, TEXT, OCORE_FIELD_FREE,
                "the host's or the bank's number for it"),
};
const ocore_record ocore__payment_take_request =
        OCORE__RECORD("payment_take", ocore_payment_request, take_fields, 0);

static const ocore_field collect_fields[] = {
        OCORE__FIELD(ocore_payment_collect_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(
                ocore_payment_collect_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD(ocore_payment_collect_request, payment_id, ID, OCORE_FIELD_REQUIRED,
                "which payment: cash on delivery that was agreed"),
};
const ocore_record ocore__payment_collect_request =
        OCORE__RECORD("payment_collect", ocore_payment_collect_request, collect_fields, 0);

static const ocore_field refund_fields[] = {
        OCORE__FIELD(ocore_payment_refund_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key and the payment's id"),
        OCORE__FIELD(
                ocore_payment_refund_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD_OF(ocore_payment_refund_request, tender, CHOICE, OCORE_FIELD_REQUIRED,
                ocore__tenders_out, "how it is paid out"),
        OCORE__FIELD(ocore_payment_refund_request, amount, MONEY, OCORE_FIELD_POSITIVE,
                "at most what is owed to the customer; default: all of it"),
        OCORE__FIELD(ocore_payment_refund_request, reference, TEXT, OCORE_FIELD_FREE,
                "the host's or the bank's number for it"),
};
const ocore_record ocore__payment_refund_request =
        OCORE__RECORD("payment_refund", ocore_payment_refund_request, refund_fields, 0);

static const ocore_field account_fields[] = {
        OCORE__FIELD(ocore_account, currency, TEXT, OCORE_FIELD_CURRENCY, "of the amounts"),
        OCORE__FIELD(ocore_account, balance_minor, AMOUNT, 0,
                "what the customer account shows; above zero: the customer owes"),
        OCORE__FIELD_OF(ocore_account, payments, ROWS, 0, &ocore__payment_record, "by id"),
        OCORE__FIELD_OF(
                ocore_account, moves, ROWS, 0, &ocore__money_move_record, "by command and number"),
};
const ocore_record ocore__account_record =
        OCORE__RECORD("account", ocore_account, account_fields, 0);
