/* The rows of the money side of an order, payments and bookings, described once. */
#include "ledger.h"

const ocore_choice ocore__tenders[] = {
        {"prepaid", OCORE_TENDER_PREPAID},
        {"cash", OCORE_TENDER_CASH},
        {"cash_on_delivery", OCORE_TENDER_CASH_ON_DELIVERY},
        {NULL, 0},
};

const ocore_choice ocore__ledger_accounts[] = {
        {"customer", OCORE_LEDGER_CUSTOMER},
        {"sales", OCORE_LEDGER_SALES},
        {"shipping", OCORE_LEDGER_SHIPPING},
        {"tax", OCORE_LEDGER_TAX},
        {"bank", OCORE_LEDGER_BANK},
        {"cash", OCORE_LEDGER_CASH},
        {"carrier", OCORE_LEDGER_CARRIER},
        {NULL, 0},
};

static const ocore_choice payment_kinds[] = {
        {"in", OCORE_PAYMENT_IN},
        {"out", OCORE_PAYMENT_OUT},
        {NULL, 0},
};

static const ocore_choice payment_states[] = {
        {"pending", OCORE_PAYMENT_PENDING},
        {"settled", OCORE_PAYMENT_SETTLED},
        {NULL, 0},
};

#define AMOUNT(type, member, note)                                                                 \
        OCORE__FIELD(type, member, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field payment_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_payment, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_payment, id, ID, 0, "the payment; the command that made it"),
        OCORE__FIELD_OF(
                ocore_payment, kind, CHOICE, 0, payment_kinds, "in from or out to the customer"),
        OCORE__FIELD_OF(ocore_payment, tender, CHOICE, 0, ocore__tenders, "how it is paid"),
        OCORE__FIELD_OF(
                ocore_payment, state, CHOICE, 0, payment_states, "has the money changed hands?"),
        OCORE__FIELD(ocore_payment, currency, TEXT, OCORE_FIELD_CURRENCY, "ISO 4217"),
        AMOUNT(ocore_payment, amount_minor, "how much"),
        AMOUNT(ocore_payment, tendered_minor, "cash: what was handed over"),
        AMOUNT(ocore_payment, change_minor, "cash: what was given back"),
        OCORE__FIELD(ocore_payment, reference, TEXT, 0, "the host's or the bank's number for it"),
        OCORE__FIELD(ocore_payment, at_us, TIME, 0, "when it was made"),
        OCORE__FIELD(ocore_payment, settled_us, TIME, OCORE_FIELD_NULLABLE,
                "when the money changed hands"),
};
const ocore_record ocore__payment_record =
        OCORE__RECORD("payment", ocore_payment, payment_fields, 13);
const ocore_table ocore__payment_table = {
        "payment",
        &ocore__payment_record,
        NULL,
        3,
        0,
        20,
        2,
        0,
        0,
};

static const ocore_field move_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_money_move, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_money_move, command_id, ID, 0, "the command that booked it"),
        OCORE__FIELD(ocore_money_move, number, INTEGER, 0, "1, 2, 3 … within the command"),
        OCORE__FIELD_OF(
                ocore_money_move, debit, CHOICE, 0, ocore__ledger_accounts, "the account debited"),
        OCORE__FIELD_OF(ocore_money_move, credit, CHOICE, 0, ocore__ledger_accounts,
                "the account credited"),
        OCORE__FIELD(ocore_money_move, currency, TEXT, OCORE_FIELD_CURRENCY, "ISO 4217"),
        AMOUNT(ocore_money_move, amount_minor, "above zero"),
        OCORE__FIELD(ocore_money_move, at_us, TIME, 0, "when"),
};
const ocore_record ocore__money_move_record =
        OCORE__RECORD("money_move", ocore_money_move, move_fields, 9);
const ocore_table ocore__money_move_table = {
        "money_move",
        &ocore__money_move_record,
        NULL,
        4,
        0,
        21,
        2,
        0,
        0,
};
