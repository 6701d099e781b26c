/* The rows of an order, described once. */
#include "order_room.h"

const ocore_choice ocore__order_states[] = {
        {"none", OCORE_ORDER_NONE},
        {"draft", OCORE_ORDER_DRAFT},
        {"placed", OCORE_ORDER_PLACED},
        {"confirmed", OCORE_ORDER_CONFIRMED},
        {"completed", OCORE_ORDER_COMPLETED},
        {"cancelled", OCORE_ORDER_CANCELLED},
        {NULL, 0},
};
const ocore_choice ocore__order_steps[] = {
        {"save", OCORE_STEP_SAVE},
        {"place", OCORE_STEP_PLACE},
        {"confirm", OCORE_STEP_CONFIRM},
        {"cancel", OCORE_STEP_CANCEL},
        {"reduce", OCORE_STEP_REDUCE},
        {"pay", OCORE_STEP_PAY},
        {"fulfill", OCORE_STEP_FULFILL},
        {"complete", OCORE_STEP_COMPLETE},
        {"return", OCORE_STEP_RETURN},
        {"allocate", OCORE_STEP_ALLOCATE},
        {"reprice", OCORE_STEP_REPRICE},
        {NULL, 0},
};
const ocore_choice ocore__tax_modes[] = {
        {"inclusive", OCORE_TAX_INCLUSIVE},
        {"exclusive", OCORE_TAX_EXCLUSIVE},
        {NULL, 0},
};
const ocore_choice ocore__rounding_modes[] = {
        {"half_up", OCORE_ROUND_HALF_UP},
        {"half_even", OCORE_ROUND_HALF_EVEN},
        {"down", OCORE_ROUND_DOWN},
        {"up", OCORE_ROUND_UP},
        {NULL, 0},
};
const ocore_choice ocore__rounding_levels[] = {
        {"line", OCORE_ROUND_LINE},
        {"unit", OCORE_ROUND_UNIT},
        {"order", OCORE_ROUND_ORDER},
        {NULL, 0},
};
static const ocore_choice fulfillment_statuses[] = {
        {"none", OCORE_FULFILLMENT_NONE},
        {"partial", OCORE_FULFILLMENT_PARTIAL},
        {"shipped", OCORE_FULFILLMENT_SHIPPED},
        {"delivered", OCORE_FULFILLMENT_DELIVERED},
        {"returned", OCORE_FULFILLMENT_RETURNED},
        {NULL, 0},
};
static const ocore_choice payment_statuses[] = {
        {"not_paid", OCORE_PAID_NOT},
        {"partly_paid", OCORE_PAID_PARTLY},
        {"paid", OCORE_PAID_FULLY},
        {"too_much_paid", OCORE_PAID_TOO_MUCH},
        {NULL, 0},
};

#define NUMBER(type, member, kind, note)                                                           \
        OCORE__FIELD(type, member, kind, OCORE_FIELD_NOT_NEGATIVE, note)

static const ocore_field allocation_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_allocation, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_allocation, line, INTEGER, 0, "of which line"),
        OCORE__FIELD(ocore_allocation, site, TEXT, 0, "where"),
        OCORE__FIELD(ocore_allocation, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD_OF(ocore_allocation, reason, CHOICE, 0, ocore__allocation_reasons, "why here"),
        NUMBER(ocore_allocation, allocated, UNITS, "waiting"),
        NUMBER(ocore_allocation, released, UNITS, "on a pick list, still on the shelf"),
        NUMBER(ocore_allocation, picked, UNITS, "taken from the shelf"),
        NUMBER(ocore_allocation, packed, UNITS, "in a package"),
        NUMBER(ocore_allocation, shipped, UNITS, "on the way"),
        NUMBER(ocore_allocation, delivered, UNITS, "arrived, and perhaps returned since"),
        NUMBER(ocore_allocation, returned, UNITS, "of these, what is known to come back"),
};
const ocore_record ocore__allocation_record =
        OCORE__RECORD("allocation", ocore_allocation, allocation_fields, 13);
const ocore_table ocore__allocation_table = {
        "allocation", &ocore__allocation_record, NULL, 5, 0, 19, 2, 0, 0};

#define LINE(member, kind, note)                                                                   \
        OCORE__FIELD(ocore_order_line, member, kind, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_order_line, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_order_line, number, INTEGER, 0, "1, 2, 3 …"),
        OCORE__FIELD(ocore_order_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD_OF(
                ocore_order_line, kind, CHOICE, 0, ocore__product_kinds, "goods, service or fee"),
        OCORE__FIELD(
                ocore_order_line, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        LINE(quantity, UNITS, "ordered"),
        LINE(unit_price_minor, AMOUNT, "of one whole unit"),
        LINE(goods_minor, AMOUNT, "quantity × price"),
        LINE(discount_minor, AMOUNT, "the line's own discount"),
        LINE(order_discount_minor, AMOUNT, "its share of the order's discount"),
        LINE(tax_rate_ppm, INTEGER, "parts per million"),
        LINE(tax_minor, AMOUNT, "the tax in (or on) what is left"),
        LINE(total_minor, AMOUNT, "what the customer pays for it, with tax, without shipping"),
        LINE(shipping_minor, AMOUNT, "its share of the shipping charge, with tax"),
        LINE(shipping_tax_minor, AMOUNT, "the tax in that share"),
        LINE(cancelled, UNITS, "units cancelled"),
        LINE(performed, UNITS, "units of a service or fee that are done"),
        LINE(returned, UNITS, "units that came back or are announced to"),
        LINE(refunded, UNITS, "units refunded after delivery"),
        LINE(shipping_refunded, UNITS, "units whose share of shipping was given back"),
        LINE(backordered, UNITS, "units that are not there yet"),
        LINE(parent, INTEGER, "of a part of a bundle: the bundle's line"),
        LINE(per_parent, UNITS, "of a part: how much of it is in one bundle"),
        LINE(capped, UNITS, "units counted under the channel's cap"),
        LINE(preordered, UNITS, "units counted under the cap of preorders"),
        OCORE__FIELD(ocore_order_line, substitute_for, TEXT, OCORE_FIELD_NULLABLE,
                "what was asked for, where this was sent instead"),
        LINE(allocated, UNITS, "units allocated or on a pick list"),
        LINE(picked, UNITS, "units picked, not packed"),
        LINE(packed, UNITS, "units packed"),
        LINE(shipped, UNITS, "units on the way"),
        LINE(delivered, UNITS, "units with the customer"),
        LINE(open, UNITS, "units in none of these"),
        OCORE__FIELD_OF(ocore_order_line, allocations, ROWS, 0, &ocore__allocation_record,
                "where its units are from"),
};
const ocore_record ocore__order_line_record =
        OCORE__RECORD("order_line", ocore_order_line, line_fields, 27);
const ocore_table ocore__order_line_table = {
        "order_line", &ocore__order_line_record, NULL, 3, 0, 18, 2, 0, 0};

#define TEXT(member, flags, note) OCORE__FIELD(ocore_order, member, TEXT, flags, note)
#define AMOUNT(member, note)                                                                       \
        OCORE__FIELD(ocore_order, member, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, note)
#define TIME(member, note) OCORE__FIELD(ocore_order, member, TIME, OCORE_FIELD_NULLABLE, note)
static const ocore_field order_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_order, id, ID, 0, "made by the caller"),
        TEXT(number, OCORE_FIELD_NULLABLE, "readable number"),
        OCORE__FIELD_OF(ocore_order, state, CHOICE, 0, ocore__order_states, "where it stands"),
        TEXT(channel, 0, "where it came from"),
        TEXT(customer, OCORE_FIELD_NULLABLE, "the host's customer number"),
        TEXT(currency, OCORE_FIELD_CURRENCY, "of all its amounts"),
        OCORE__FIELD_OF(
                ocore_order, tax_mode, CHOICE, 0, ocore__tax_modes, "how tax stands in prices"),
        OCORE__FIELD_OF(
                ocore_order, rounding, CHOICE, 0, ocore__rounding_modes, "how amounts are rounded"),
        OCORE__FIELD_OF(ocore_order, rounding_level, CHOICE, 0, ocore__rounding_levels,
                "where tax is rounded"),
        TEXT(ship_country, 0, "where it goes"),
        TEXT(ship_postcode, 0, "and postcode"),
        TEXT(shipping_option, 0, "which shipping option"),
        TEXT(purchase_order, 0, "the customer's own number for it"),
        TEXT(note, 0, "free text"),
        OCORE__FIELD(ocore_order, hold_id, ID, OCORE_FIELD_NULLABLE, "the hold it was placed from"),
        TIME(saved_us, "when it was first saved or placed"),
        TIME(placed_us, "when it was placed"),
        TIME(earliest_us, "promised arrival, from"),
        TIME(latest_us, "promised arrival, until"),
        AMOUNT(goods_minor, "sum of quantity × price"),
        AMOUNT(discount_minor, "all discounts"),
        AMOUNT(shipping_minor, "shipping charge, with tax"),
        AMOUNT(tax_minor, "all tax, that on shipping included"),
        AMOUNT(total_minor, "what the customer pays, as placed"),
        AMOUNT(cancelled_minor, "of that, for units cancelled"),
        AMOUNT(refunded_minor, "of that, credited for returns"),
        NUMBER(ocore_order, event_count, INTEGER, "number of its last event"),
        NUMBER(ocore_order, version, INTEGER, "grows by one with each change"),
        OCORE__FIELD(ocore_order, ship_complete, BOOLEAN, 0,
                "our own sites ship nothing before all of theirs can go"),
        OCORE__FIELD(ocore_order, wishes, BOOLEAN, 0, "what the draft said of sourcing is kept"),
        OCORE__FIELD_OF(
                ocore_order, fulfillment, CHOICE, 0, fulfillment_statuses, "how far its units are"),
        OCORE__FIELD_OF(ocore_order, payment, CHOICE, 0, payment_statuses, "how far it is paid"),
        OCORE__FIELD(ocore_order, paid_minor, AMOUNT, 0, "payments less refunds"),
        OCORE__FIELD(
                ocore_order, due_minor, AMOUNT, 0, "still owed; below zero: owed to the customer"),
        TIME(expected_us, "when the last missing unit is expected"),
        OCORE__FIELD_OF(
                ocore_order, backorders, ROWS, 0, &ocore__backorder_record, "what it waits for"),
        OCORE__FIELD_OF(ocore_order, lines, ROWS, 0, &ocore__order_line_record, "its lines"),
};
const ocore_record ocore__order_record = OCORE__RECORD("order", ocore_order, order_fields, 31);
static const uint32_t number_columns[] = {0, 2};
static const uint32_t customer_columns[] = {0, 5};
static const ocore_index order_indexes[] = {
        {"sales_order_by_number", number_columns, 2, OCORE_INDEX_SPARSE | OCORE_INDEX_UNIQUE},
        {"sales_order_by_customer", customer_columns, 2, OCORE_INDEX_SPARSE},
};
const ocore_table ocore__order_table = {
        "sales_order", &ocore__order_record, order_indexes, 2, 2, 15, 2, 0, 0};

static const ocore_field draft_row_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore__draft_row, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore__draft_row, content, BYTES, 0, "the request that was saved"),
};
static const ocore_record draft_row_record =
        OCORE__RECORD("draft_row", ocore__draft_row, draft_row_fields, 3);
const ocore_table ocore__draft_table = {"order_draft", &draft_row_record, NULL, 2, 0, 16, 2, 0, 0};

static const ocore_field party_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_party, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_party, name, TEXT, 0, "consignee"),
        OCORE__FIELD(ocore_party, street, TEXT, 0, "street and house"),
        OCORE__FIELD(ocore_party, city, TEXT, 0, "city"),
        OCORE__FIELD(ocore_party, postcode, TEXT, 0, "postcode"),
        OCORE__FIELD(ocore_party, country, TEXT, 0, "ISO 3166-1 alpha-2"),
        OCORE__FIELD(ocore_party, email, TEXT, 0, "mail address"),
        OCORE__FIELD(ocore_party, phone, TEXT, 0, "telephone number"),
};
const ocore_record ocore__party_record = OCORE__RECORD("party", ocore_party, party_fields, 9);
const ocore_table ocore__party_table = {
        "order_party", &ocore__party_record, NULL, 2, 0, 17, 2, 0, 0};
