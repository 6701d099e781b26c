/* The rows of the fulfillment room, and what is asked of it, described once. */
#include "fulfillment.h"

static const ocore_choice states[] = {
        {"open", OCORE_FULFILLMENT_STATE_OPEN},
        {"picked", OCORE_FULFILLMENT_STATE_PICKED},
        {"packed", OCORE_FULFILLMENT_STATE_PACKED},
        {"shipped", OCORE_FULFILLMENT_STATE_SHIPPED},
        {"delivered", OCORE_FULFILLMENT_STATE_DELIVERED},
        {"cancelled", OCORE_FULFILLMENT_STATE_CANCELLED},
        {NULL, 0},
};

static const ocore_field line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_fulfillment_line, fulfillment_id, ID, 0, "of which fulfillment"),
        OCORE__FIELD(ocore_fulfillment_line, number, INTEGER, 0, "1, 2, 3 …"),
        OCORE__FIELD(ocore_fulfillment_line, line, INTEGER, 0, "the order's line"),
        OCORE__FIELD(ocore_fulfillment_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_fulfillment_line, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(ocore_fulfillment_line, scale, INTEGER, OCORE_FIELD_SCALE,
                "decimals of the quantity"),
        OCORE__FIELD(ocore_fulfillment_line, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE, "how much"),
        OCORE__FIELD(ocore_fulfillment_line, short_quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE,
                "what was on the list and not on the shelf"),
};
static const ocore_record line_record =
        OCORE__RECORD("fulfillment_line", ocore_fulfillment_line, line_fields, 9);
const ocore_table ocore__fulfillment_line_table = {
        "fulfillment_line",
        &line_record,
        NULL,
        3,
        0,
        23,
        2,
        0,
        0,
};

static const ocore_field fulfillment_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_fulfillment, id, ID, 0, "the fulfillment; the command that created it"),
        OCORE__FIELD(ocore_fulfillment, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_fulfillment, site, TEXT, 0, "from where"),
        OCORE__FIELD_OF(ocore_fulfillment, state, CHOICE, 0, states, "how far it is"),
        OCORE__FIELD(ocore_fulfillment, carrier, TEXT, 0, "who carries it"),
        OCORE__FIELD(ocore_fulfillment, tracking_number, TEXT, 0, "the carrier's number"),
        OCORE__FIELD(ocore_fulfillment, packages, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "in how many packages; 0: not packed yet"),
        OCORE__FIELD(ocore_fulfillment, created_us, TIME, 0, "when it was created"),
        OCORE__FIELD(ocore_fulfillment, shipped_us, TIME, OCORE_FIELD_NULLABLE, "when it left"),
        OCORE__FIELD(
                ocore_fulfillment, delivered_us, TIME, OCORE_FIELD_NULLABLE, "when it arrived"),
        OCORE__FIELD_OF(ocore_fulfillment, lines, ROWS, 0, &line_record, "what is in it"),
};
const ocore_record ocore__fulfillment_record =
        OCORE__RECORD("fulfillment", ocore_fulfillment, fulfillment_fields, 11);
static const uint32_t by_order_columns[] = {0, 2};
static const ocore_index fulfillment_indexes[] = {
        {"fulfillment_by_order", by_order_columns, 2, 0},
};
const ocore_table ocore__fulfillment_table = {
        "fulfillment",
        &ocore__fulfillment_record,
        fulfillment_indexes,
        2,
        1,
        22,
        2,
        0,
        0,
};

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(
                ocore_fulfillment_list, fulfillments, ROWS, 0, &ocore__fulfillment_record, "by id"),
};
const ocore_record ocore__fulfillment_list_record =
        OCORE__RECORD("fulfillment_list", ocore_fulfillment_list, list_fields, 0);

static const ocore_field create_fields[] = {
        OCORE__FIELD(ocore_fulfillment_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key and the fulfillment's id"),
        OCORE__FIELD(ocore_fulfillment_request, order_id, ID, OCORE_FIELD_REQUIRED,
                "which order; it must be confirmed"),
        OCORE__FIELD_UP_TO(ocore_fulfillment_request, site, TEXT, 0, OCORE__CODE_MAX,
                "which site; default: the only one that has units of it"),
        OCORE__FIELD_OF(ocore_fulfillment_request, lines, ITEMS, 0, &ocore__line_quantity_record,
                "what of it; default: all that is allocated there"),
};
const ocore_record ocore__fulfillment_create_request =
        OCORE__RECORD("fulfillment_create", ocore_fulfillment_request, create_fields, 0);

/* Steps without a content of their own share their fields; each has its own name, so that an id
 * used for another step is told apart. */
static const ocore_field step_fields[] = {
        OCORE__FIELD(ocore_fulfillment_step_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(ocore_fulfillment_step_request, fulfillment_id, ID, OCORE_FIELD_REQUIRED,
                "which fulfillment"),
};
const ocore_record ocore__fulfillment_pick_request =
        OCORE__RECORD("fulfillment_pick", ocore_fulfillment_step_request, step_fields, 0);
const ocore_record ocore__fulfillment_deliver_request =
        OCORE__RECORD("fulfillment_deliver", ocore_fulfillment_step_request, step_fields, 0);
const ocore_record ocore__fulfillment_cancel_request =
        OCORE__RECORD("fulfillment_cancel", ocore_fulfillment_step_request, step_fields, 0);

static const ocore_field short_line_fields[] = {
        OCORE__FIELD(ocore_fulfillment_short_line, number, INTEGER,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "of the fulfillment's line"),
        OCORE__FIELD(ocore_fulfillment_short_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much is missing"),
};
static const ocore_record short_line_record =
        OCORE__RECORD("fulfillment_short_line", ocore_fulfillment_short_line, short_line_fields, 0);
static const ocore_field short_fields[] = {
        OCORE__FIELD(
                ocore_fulfillment_short_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(ocore_fulfillment_short_request, fulfillment_id, ID, OCORE_FIELD_REQUIRED,
                "which fulfillment; open"),
        OCORE__FIELD(ocore_fulfillment_short_request, keep, BOOLEAN, 0,
                "it will be found again; default: it is lost, and booked so"),
        OCORE__FIELD_OF(ocore_fulfillment_short_request, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &short_line_record, "what was not on the shelf"),
};
const ocore_record ocore__fulfillment_short_request =
        OCORE__RECORD("fulfillment_short", ocore_fulfillment_short_request, short_fields, 0);

static const ocore_field pack_fields[] = {
        OCORE__FIELD(ocore_fulfillment_pack_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(ocore_fulfillment_pack_request, fulfillment_id, ID, OCORE_FIELD_REQUIRED,
                "which fulfillment"),
        OCORE__FIELD(ocore_fulfillment_pack_request, packages, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "in how many packages; default: 1"),
};
const ocore_record ocore__fulfillment_pack_request =
        OCORE__RECORD("fulfillment_pack", ocore_fulfillment_pack_request, pack_fields, 0);

static const ocore_field ship_fields[] = {
        OCORE__FIELD(ocore_fulfillment_ship_request, id, ID, OCORE_FIELD_REQUIRED, "the retry key"),
        OCORE__FIELD(ocore_fulfillment_ship_request, fulfillment_id, ID, OCORE_FIELD_REQUIRED,
                "which fulfillment"),
        OCORE__FIELD_UP_TO(ocore_fulfillment_ship_request, carrier, TEXT, 0, OCORE__CODE_MAX,
                "who carries it"),
        OCORE__FIELD_UP_TO(ocore_fulfillment_ship_request, tracking_number, TEXT,
                OCORE_FIELD_REQUIRED, OCORE__CODE_MAX, "the carrier's number"),
};
const ocore_record ocore__fulfillment_ship_request =
        OCORE__RECORD("fulfillment_ship", ocore_fulfillment_ship_request, ship_fields, 0);

static const ocore_field key_fields[] = {
        OCORE__FIELD(ocore_fulfillment_key, fulfillment_id, ID, OCORE_FIELD_REQUIRED,
                "which fulfillment"),
};
const ocore_record ocore__fulfillment_get_request =
        OCORE__RECORD("fulfillment_get", ocore_fulfillment_key, key_fields, 0);
