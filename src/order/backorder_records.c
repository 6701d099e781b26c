/* What an order waits for, to which supplies that is pegged, and what its draft said of sourcing:
 * rows. */
#include "order_room.h"

const ocore_choice ocore__backorder_kinds[] = {
        {"supply", OCORE_BACKORDER_SUPPLY},
        {"preorder", OCORE_BACKORDER_PREORDER},
        {"drop_ship", OCORE_BACKORDER_DROP_SHIP},
        {"make_to_order", OCORE_BACKORDER_MAKE_TO_ORDER},
        {NULL, 0},
};

static const ocore_field backorder_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_backorder, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore_backorder, line, INTEGER, 0, "of which line"),
        OCORE__FIELD(ocore_backorder, sku, TEXT, 0, "which product"),
        OCORE__FIELD_OF(ocore_backorder, kind, CHOICE, 0, ocore__backorder_kinds,
                "how the missing units will come"),
        OCORE__FIELD(
                ocore_backorder, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD(
                ocore_backorder, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE, "how much is missing"),
        OCORE__FIELD(ocore_backorder, rank, INTEGER, 0,
                "minus the priority: the lowest is served first"),
        OCORE__FIELD(ocore_backorder, since_us, TIME, 0, "then the oldest is served first"),
        OCORE__FIELD(ocore_backorder, wanted_us, TIME, OCORE_FIELD_NULLABLE, "when it is wanted"),
        OCORE__FIELD(ocore_backorder, expected_us, TIME, OCORE_FIELD_NULLABLE,
                "tentative date: when the last of it is expected"),
        OCORE__FIELD(ocore_backorder, channel, TEXT, 0, "the order's channel"),
        OCORE__FIELD(ocore_backorder, purchase_id, ID, OCORE_FIELD_NULLABLE,
                "the purchase order made for it"),
};
const ocore_record ocore__backorder_record =
        OCORE__RECORD("backorder", ocore_backorder, backorder_fields, 13);
static const uint32_t queue_columns[] = {0, 3, 7, 8};
static const uint32_t kind_columns[] = {0, 3, 4, 7, 8};
static const ocore_index backorder_indexes[] = {
        {"backorder_queue", queue_columns, 4, 0},
        {"backorder_by_kind", kind_columns, 5, 0},
};
const ocore_table ocore__backorder_table = {
        "backorder", &ocore__backorder_record, backorder_indexes, 3, 2, 38, 2, 0, 0};

static const ocore_field peg_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore__peg, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore__peg, line, INTEGER, 0, "of which line"),
        OCORE__FIELD(ocore__peg, source_id, ID, 0, "promised from which supply"),
        OCORE__FIELD(ocore__peg, number, INTEGER, 0, "and its line"),
        OCORE__FIELD(ocore__peg, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore__peg, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD(ocore__peg, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE, "how much"),
};
static const ocore_record peg_record = OCORE__RECORD("peg", ocore__peg, peg_fields, 8);
static const uint32_t supply_columns[] = {0, 3, 4};
static const ocore_index peg_indexes[] = {
        {"backorder_peg_by_supply", supply_columns, 3, 0},
};
const ocore_table ocore__peg_table = {"backorder_peg", &peg_record, peg_indexes, 5, 1, 39, 2, 0, 0};

static const ocore_field sourcing_row_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore__sourcing_row, order_id, ID, 0, "of which order"),
        OCORE__FIELD(ocore__sourcing_row, content, BYTES, 0, "what its draft said of sourcing"),
};
static const ocore_record sourcing_row_record =
        OCORE__RECORD("order_sourcing", ocore__sourcing_row, sourcing_row_fields, 3);
const ocore_table ocore__sourcing_table = {
        "order_sourcing", &sourcing_row_record, NULL, 2, 0, 40, 2, 0, 0};
