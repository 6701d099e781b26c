/* The rows of the returns room, and what is asked of it, described once. */
#include "returns.h"

#include "payment/payment.h"

static const ocore_choice states[] = {
        {"requested", OCORE_RETURN_REQUESTED},
        {"received", OCORE_RETURN_RECEIVED},
        {"inspected", OCORE_RETURN_INSPECTED},
        {"refunded", OCORE_RETURN_REFUNDED},
        {NULL, 0},
};

static const ocore_choice reasons[] = {
        {"unwanted", OCORE_REASON_UNWANTED},
        {"defective", OCORE_REASON_DEFECTIVE},
        {"damaged", OCORE_REASON_DAMAGED},
        {"wrong", OCORE_REASON_WRONG},
        {"late", OCORE_REASON_LATE},
        {"other", OCORE_REASON_OTHER},
        {NULL, 0},
};

static const ocore_choice disposition_names[] = {
        {"restock", OCORE_DISPOSITION_RESTOCK},
        {"quarantine", OCORE_DISPOSITION_QUARANTINE},
        {"scrap", OCORE_DISPOSITION_SCRAP},
        {"supplier", OCORE_DISPOSITION_SUPPLIER},
        {NULL, 0},
};

#define UNITS(member, note)                                                                        \
        OCORE__FIELD(ocore_return_line, member, UNITS, OCORE_FIELD_NOT_NEGATIVE, note)
#define AMOUNT(member, note)                                                                       \
        OCORE__FIELD(ocore_return_line, member, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_return_line, return_id, ID, 0, "of which return"),
        OCORE__FIELD(ocore_return_line, number, INTEGER, 0, "1, 2, 3 …"),
        OCORE__FIELD(ocore_return_line, line, INTEGER, 0, "the order's line"),
        OCORE__FIELD(ocore_return_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_return_line, lot, TEXT, 0, "lot or serial; empty: none, or not known"),
        OCORE__FIELD_OF(ocore_return_line, kind, CHOICE, 0, ocore__product_kinds,
                "services and fees have no goods to receive"),
        OCORE__FIELD(
                ocore_return_line, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        UNITS(quantity, "announced"),
        OCORE__FIELD_OF(ocore_return_line, reason, CHOICE, 0, reasons, "why it comes back"),
        UNITS(received, "came in"),
        UNITS(restocked, "of these, for sale again"),
        UNITS(quarantined, "of these, kept, not for sale"),
        UNITS(scrapped, "of these, thrown away"),
        UNITS(to_supplier, "of these, back to the supplier"),
        AMOUNT(refund_minor, "what the customer gets for it, with tax, without shipping"),
        AMOUNT(refund_tax_minor, "the tax in it"),
        AMOUNT(refund_shipping_minor, "shipping given back, with tax"),
        AMOUNT(refund_shipping_tax_minor, "the tax in that"),
};
static const ocore_record line_record =
        OCORE__RECORD("return_line", ocore_return_line, line_fields, 19);
const ocore_table ocore__return_line_table = {
        "return_line",
        &line_record,
        NULL,
        3,
        0,
        25,
        2,
        0,
        0,
};

static const ocore_field return_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_return, id, ID, 0, "the return; the command that requested it"),
        OCORE__FIELD(ocore_return, order_id, ID, 0, "of which order"),
        OCORE__FIELD_OF(ocore_return, state, CHOICE, 0, states, "how far it is"),
        OCORE__FIELD(ocore_return, site, TEXT, 0, "where the goods came in; empty: not yet"),
        OCORE__FIELD(ocore_return, currency, TEXT, OCORE_FIELD_CURRENCY, "of the amounts"),
        OCORE__FIELD(ocore_return, refund_minor, AMOUNT, OCORE_FIELD_NOT_NEGATIVE,
                "credited to the customer in all"),
        OCORE__FIELD(ocore_return, requested_us, TIME, 0, "when it was announced"),
        OCORE__FIELD(ocore_return, refunded_us, TIME, OCORE_FIELD_NULLABLE, "when it was settled"),
        OCORE__FIELD_OF(ocore_return, lines, ROWS, 0, &line_record, "what comes back"),
};
const ocore_record ocore__return_record = OCORE__RECORD("return", ocore_return, return_fields, 9);
static const uint32_t by_order_columns[] = {0, 2};
static const ocore_index return_indexes[] = {
        {"return_by_order", by_order_columns, 2, 0},
};
const ocore_table ocore__return_table = {
        "goods_return",
        &ocore__return_record,
        return_indexes,
        2,
        1,
        24,
        2,
        0,
        0,
};

static const ocore_field request_line_fields[] = {
        OCORE__FIELD(ocore_return_draft_line, line, INTEGER, OCORE_FIELD_POSITIVE,
                "number of the order's line, from 1"),
        OCORE__FIELD(ocore_return_draft_line, quantity, QUANTITY, OCORE_FIELD_POSITIVE,
                "how much; at most what was delivered and is not yet coming back"),
        OCORE__FIELD_OF(
                ocore_return_draft_line, reason, CHOICE, 0, reasons, "why; default: unwanted"),
        OCORE__FIELD_CODE(ocore_return_draft_line, lot, 0,
                "which lot or serial; default: known when only one is left, or all come back"),
};
static const ocore_record request_line_record =
        OCORE__RECORD("return_request_line", ocore_return_draft_line, request_line_fields, 0);
static const ocore_field request_fields[] = {
        OCORE__FIELD(ocore_return_draft, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key and the return's id"),
        OCORE__FIELD(ocore_return_draft, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD_OF(ocore_return_draft, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &request_line_record,
                "what comes back; a line of the order once, or once for each lot"),
};
const ocore_record ocore__return_request_request =
        OCORE__RECORD("return_request", ocore_return_draft, request_fields, 0);

static const ocore_field receive_fields[] = {
        OCORE__FIELD(ocore_return_receive_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(
                ocore_return_receive_request, return_id, ID, OCORE_FIELD_REQUIRED, "which return"),
        OCORE__FIELD_UP_TO(ocore_return_receive_request, site, TEXT, OCORE_FIELD_REQUIRED,
                OCORE__CODE_MAX, "where the goods came in"),
};
const ocore_record ocore__return_receive_request =
        OCORE__RECORD("return_receive", ocore_return_receive_request, receive_fields, 0);

static const ocore_field inspect_line_fields[] = {
        OCORE__FIELD(ocore_return_inspect_line, number, INTEGER, OCORE_FIELD_POSITIVE,
                "number of the return's line, from 1"),
        OCORE__FIELD_OF(ocore_return_inspect_line, disposition, CHOICE, OCORE_FIELD_REQUIRED,
                disposition_names, "where the goods go"),
        OCORE__FIELD(
                ocore_return_inspect_line, quantity, QUANTITY, OCORE_FIELD_POSITIVE, "how much"),
};
static const ocore_record inspect_line_record =
        OCORE__RECORD("return_inspect_line", ocore_return_inspect_line, inspect_line_fields, 0);
static const ocore_field inspect_fields[] = {
        OCORE__FIELD(ocore_return_inspect_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(
                ocore_return_inspect_request, return_id, ID, OCORE_FIELD_REQUIRED, "which return"),
        OCORE__FIELD_OF(ocore_return_inspect_request, lines, ITEMS, 0, &inspect_line_record,
                "all units of all goods, each once; default: restock all"),
};
const ocore_record ocore__return_inspect_request =
        OCORE__RECORD("return_inspect", ocore_return_inspect_request, inspect_fields, 0);

static const ocore_field refund_fields[] = {
        OCORE__FIELD(ocore_return_refund_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key, and the id of the payment it makes"),
        OCORE__FIELD(
                ocore_return_refund_request, return_id, ID, OCORE_FIELD_REQUIRED, "which return"),
        OCORE__FIELD(ocore_return_refund_request, with_shipping, BOOLEAN, 0,
                "1: the units' share of the shipping charge too"),
        OCORE__FIELD_OF(ocore_return_refund_request, tender, CHOICE, 0, ocore__tenders_out,
                "how it is paid out; default: credited only"),
};
const ocore_record ocore__return_refund_request =
        OCORE__RECORD("return_refund", ocore_return_refund_request, refund_fields, 0);

static const ocore_field key_fields[] = {
        OCORE__FIELD(ocore_return_key, return_id, ID, OCORE_FIELD_REQUIRED, "which return"),
};
const ocore_record ocore__return_get_request =
        OCORE__RECORD("return_get", ocore_return_key, key_fields, 0);
