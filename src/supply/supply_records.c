/* The rows of supply: suppliers and purchase orders. */
#include "supply.h"

static const ocore_field supplier_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_supplier, supplier, TEXT, 0, "its code"),
        OCORE__FIELD(ocore_supplier, name, TEXT, 0, "for people"),
        OCORE__FIELD(ocore_supplier, lead_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long supply takes as a rule, in microseconds"),
        OCORE__FIELD(ocore_supplier, over_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how much more than ordered may be delivered: parts per million"),
        OCORE__FIELD(ocore_supplier, email, TEXT, 0, "where purchase orders go"),
};
const ocore_record ocore__supplier_record =
        OCORE__RECORD("supplier", ocore_supplier, supplier_fields, 6);
const ocore_table ocore__supplier_table = {
        "supplier", &ocore__supplier_record, NULL, 2, 0, 41, 2, OCORE_TABLE_CACHED, 0};

const ocore_choice ocore__purchase_kinds[] = {
        {"stock", OCORE_PURCHASE_STOCK},
        {"drop_ship", OCORE_PURCHASE_DROP_SHIP},
        {"production", OCORE_PURCHASE_PRODUCTION},
        {NULL, 0},
};
const ocore_choice ocore__purchase_states[] = {
        {"proposed", OCORE_PURCHASE_PROPOSED},
        {"sent", OCORE_PURCHASE_SENT},
        {"confirmed", OCORE_PURCHASE_CONFIRMED},
        {"receiving", OCORE_PURCHASE_RECEIVING},
        {"closed", OCORE_PURCHASE_CLOSED},
        {"cancelled", OCORE_PURCHASE_CANCELLED},
        {NULL, 0},
};

static const ocore_field line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_purchase_line, purchase_id, ID, 0, "of which purchase order"),
        OCORE__FIELD(ocore_purchase_line, number, INTEGER, 0, "1, 2, 3 …"),
        OCORE__FIELD(ocore_purchase_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_purchase_line, scale, INTEGER, OCORE_FIELD_SCALE,
                "decimals of the quantities"),
        OCORE__FIELD(ocore_purchase_line, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE,
                "ordered, as confirmed"),
        OCORE__FIELD(
                ocore_purchase_line, received, UNITS, OCORE_FIELD_NOT_NEGATIVE, "come in so far"),
        OCORE__FIELD(ocore_purchase_line, due_us, TIME, 0, "when it is expected"),
        OCORE__FIELD(ocore_purchase_line, order_line, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "of the order it is for: which line"),
};
const ocore_record ocore__purchase_line_record =
        OCORE__RECORD("purchase_line", ocore_purchase_line, line_fields, 9);
const ocore_table ocore__purchase_line_table = {
        "purchase_line", &ocore__purchase_line_record, NULL, 3, 0, 43, 2, 0, 0};

static const ocore_field purchase_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_purchase, id, ID, 0, "the purchase order"),
        OCORE__FIELD_OF(ocore_purchase, kind, CHOICE, 0, ocore__purchase_kinds,
                "for stock, for a customer's door, or made"),
        OCORE__FIELD(ocore_purchase, supplier, TEXT, 0, "from whom; empty: own production"),
        OCORE__FIELD(ocore_purchase, site, TEXT, 0, "where it is to come to"),
        OCORE__FIELD_OF(ocore_purchase, state, CHOICE, 0, ocore__purchase_states, "how far it is"),
        OCORE__FIELD(
                ocore_purchase, order_id, ID, OCORE_FIELD_NULLABLE, "the order it is for alone"),
        OCORE__FIELD(ocore_purchase, reference, TEXT, 0, "the supplier's number for it"),
        OCORE__FIELD(ocore_purchase, proposed_us, TIME, 0, "when it was drawn up"),
        OCORE__FIELD(ocore_purchase, sent_us, TIME, OCORE_FIELD_NULLABLE, "when it was sent"),
        OCORE__FIELD(ocore_purchase, closed_us, TIME, OCORE_FIELD_NULLABLE, "when it was over"),
        OCORE__FIELD(ocore_purchase, event_count, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "number of its last event"),
        OCORE__FIELD_OF(
                ocore_purchase, lines, ROWS, 0, &ocore__purchase_line_record, "what is ordered"),
};
const ocore_record ocore__purchase_record =
        OCORE__RECORD("purchase", ocore_purchase, purchase_fields, 12);
static const uint32_t by_order_columns[] = {0, 6};
static const ocore_index purchase_indexes[] = {
        {"purchase_by_order", by_order_columns, 2, OCORE_INDEX_SPARSE},
};
const ocore_table ocore__purchase_table = {
        "purchase", &ocore__purchase_record, purchase_indexes, 2, 1, 42, 2, 0, 0};
