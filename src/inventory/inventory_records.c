/* The rows of the inventory, described once. */
#include "inventory.h"

const ocore_choice ocore__buckets[] = {
        {"available", OCORE_BUCKET_AVAILABLE},
        {"held", OCORE_BUCKET_HELD},
        {"allocated", OCORE_BUCKET_ALLOCATED},
        {"picked", OCORE_BUCKET_PICKED},
        {"inspection", OCORE_BUCKET_INSPECTION},
        {"damaged", OCORE_BUCKET_DAMAGED},
        {"incoming", OCORE_BUCKET_INCOMING},
        {"in_transit", OCORE_BUCKET_IN_TRANSIT},
        {"supplier", OCORE_ACCOUNT_SUPPLIER},
        {"customer", OCORE_ACCOUNT_CUSTOMER},
        {"scrap", OCORE_ACCOUNT_SCRAP},
        {"count", OCORE_ACCOUNT_COUNT},
        {"production", OCORE_ACCOUNT_PRODUCTION},
        {"lost", OCORE_ACCOUNT_LOST},
        {"oversold", OCORE_ACCOUNT_OVERSOLD},
        {"transfer", OCORE_ACCOUNT_TRANSFER},
        {NULL, 0},
};

const ocore_choice ocore__allocation_reasons[] = {
        {"by_priority", OCORE_ALLOCATED_BY_PRIORITY},
        {"whole_order", OCORE_ALLOCATED_WHOLE_ORDER},
        {"whole_product", OCORE_ALLOCATED_WHOLE_PRODUCT},
        {"largest_stock", OCORE_ALLOCATED_LARGEST_STOCK},
        {"from_hold", OCORE_ALLOCATED_FROM_HOLD},
        {"nearest", OCORE_ALLOCATED_NEAREST},
        {"lowest_cost", OCORE_ALLOCATED_LOWEST_COST},
        {"oldest", OCORE_ALLOCATED_OLDEST},
        {"first_expired", OCORE_ALLOCATED_FIRST_EXPIRED},
        {"given", OCORE_ALLOCATED_GIVEN},
        {"by_host", OCORE_ALLOCATED_BY_HOST},
        {"from_supply", OCORE_ALLOCATED_FROM_SUPPLY},
        {"in_hand", OCORE_ALLOCATED_IN_HAND},
        {NULL, 0},
};

const ocore_choice ocore__allocation_strategies[] = {
        {"default", 0},
        {"priority", OCORE_ALLOCATE_PRIORITY},
        {"fewest_splits", OCORE_ALLOCATE_FEWEST_SPLITS},
        {"nearest", OCORE_ALLOCATE_NEAREST},
        {"most_stock", OCORE_ALLOCATE_MOST_STOCK},
        {"lowest_cost", OCORE_ALLOCATE_LOWEST_COST},
        {"oldest_first", OCORE_ALLOCATE_OLDEST_FIRST},
        {"first_expired", OCORE_ALLOCATE_FIRST_EXPIRED},
        {"host", OCORE_ALLOCATE_HOST},
        {NULL, 0},
};

static const ocore_choice hold_states[] = {
        {"open", OCORE_HOLD_OPEN},
        {"converted", OCORE_HOLD_CONVERTED},
        {"released", OCORE_HOLD_RELEASED},
        {"lapsed", OCORE_HOLD_LAPSED},
        {NULL, 0},
};

#define UNITS(member, note) OCORE__FIELD(ocore_stock, member, UNITS, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field stock_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_stock, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_stock, site, TEXT, 0, "where"),
        OCORE__FIELD(ocore_stock, lot, TEXT, 0, "lot or serial; empty: not kept by lot"),
        OCORE__FIELD(ocore_stock, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        UNITS(available, "on hand, free to promise"),
        UNITS(held, "on hand, under a hold"),
        UNITS(allocated, "on hand, belongs to an order line"),
        UNITS(picked, "on hand, taken from the shelf"),
        UNITS(inspection, "on hand, returned and not yet judged"),
        UNITS(damaged, "on hand, not for sale"),
        UNITS(incoming, "not yet here: on order, or being made"),
        UNITS(in_transit, "not yet here: on the way from another site"),
        UNITS(oversold, "sold over the counter though the books had none"),
        OCORE__FIELD(ocore_stock, expires_us, TIME, 0, "when the lot expires; none: never"),
        OCORE__FIELD(ocore_stock, received_us, TIME, 0,
                "when it was first received, or received again after it was empty"),
        OCORE__FIELD(ocore_stock, recalled_us, TIME, 0, "when the lot was taken out of sale"),
        OCORE__FIELD(ocore_stock, counts, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how often a count or correction has changed it"),
};
const ocore_record ocore__stock_record = OCORE__RECORD("stock", ocore_stock, stock_fields, 18);
const ocore_table ocore__stock_table = {
        "stock", &ocore__stock_record, NULL, 4, 0, 11, 2, OCORE_TABLE_ADDS, 0};

static const ocore_field move_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_stock_move, command_id, ID, 0, "the command that moved it"),
        OCORE__FIELD(ocore_stock_move, number, INTEGER, 0, "1, 2, 3 … within the command"),
        OCORE__FIELD(ocore_stock_move, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_stock_move, site, TEXT, 0, "where"),
        OCORE__FIELD(ocore_stock_move, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(
                ocore_stock_move, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD_OF(ocore_stock_move, from_bucket, CHOICE, 0, ocore__buckets, "what it leaves"),
        OCORE__FIELD_OF(ocore_stock_move, to_bucket, CHOICE, 0, ocore__buckets, "what it enters"),
        OCORE__FIELD(ocore_stock_move, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE, "above zero"),
        OCORE__FIELD(ocore_stock_move, at_us, TIME, 0, "when"),
        OCORE__FIELD(ocore_stock_move, subject_id, ID, OCORE_FIELD_NULLABLE,
                "the order or hold it was for"),
        OCORE__FIELD(ocore_stock_move, reason, TEXT, OCORE_FIELD_NULLABLE, "of a correction"),
};
const ocore_record ocore__stock_move_record =
        OCORE__RECORD("stock_move", ocore_stock_move, move_fields, 13);
static const uint32_t move_lot_columns[] = {0, 3, 5, 10};
static const ocore_index move_indexes[] = {
        {"stock_move_by_lot", move_lot_columns, 4, 0},
};
const ocore_table ocore__stock_move_table = {
        "stock_move", &ocore__stock_move_record, move_indexes, 3, 1, 12, 2, 0, 0};

static const ocore_field moves_fields[] = {
        OCORE__FIELD_OF(
                ocore_stock_moves, moves, ROWS, 0, &ocore__stock_move_record, "what was moved"),
};
const ocore_record ocore__stock_moves_record =
        OCORE__RECORD("stock_moves", ocore_stock_moves, moves_fields, 0);

static const ocore_field hold_line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_hold_line, hold_id, ID, 0, "of which hold"),
        OCORE__FIELD(ocore_hold_line, number, INTEGER, 0, "1, 2, 3 …"),
        OCORE__FIELD(ocore_hold_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_hold_line, site, TEXT, 0, "where"),
        OCORE__FIELD(ocore_hold_line, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(
                ocore_hold_line, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD(ocore_hold_line, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE, "how much"),
        OCORE__FIELD_OF(ocore_hold_line, reason, CHOICE, 0, ocore__allocation_reasons, "why there"),
        OCORE__FIELD(ocore_hold_line, held_sku, TEXT, OCORE_FIELD_NULLABLE,
                "the product while it is held"),
        OCORE__FIELD(ocore_hold_line, priority, INTEGER, OCORE_FIELD_NOT_NEGATIVE, "of its hold"),
        OCORE__FIELD(ocore_hold_line, rank, INTEGER, 0,
                "among holds of one priority the lower gives way first"),
};
static const ocore_record hold_line_record =
        OCORE__RECORD("hold_line", ocore_hold_line, hold_line_fields, 12);
static const uint32_t held_columns[] = {0, 9, 10, 11};
static const ocore_index hold_line_indexes[] = {
        {"hold_line_by_held", held_columns, 4, OCORE_INDEX_SPARSE},
};
const ocore_table ocore__hold_line_table = {
        "hold_line", &hold_line_record, hold_line_indexes, 3, 1, 14, 2, 0, 0};

static const ocore_field hold_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_hold, id, ID, 0, "the hold"),
        OCORE__FIELD_OF(ocore_hold, state, CHOICE, 0, hold_states, "open, or how it ended"),
        OCORE__FIELD(ocore_hold, expires_us, TIME, 0, "the deadline"),
        OCORE__FIELD(
                ocore_hold, due_us, TIME, OCORE_FIELD_NULLABLE, "the deadline while it is open"),
        OCORE__FIELD(
                ocore_hold, order_id, ID, OCORE_FIELD_NULLABLE, "the order it was converted for"),
        OCORE__FIELD(ocore_hold, at_us, TIME, 0, "when it was placed"),
        OCORE__FIELD(ocore_hold, holder, TEXT, 0, "for whom: a cart, a customer, a till"),
        OCORE__FIELD(ocore_hold, priority, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "higher is more important"),
        OCORE__FIELD(ocore_hold, event_count, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "number of its last event"),
        OCORE__FIELD_OF(ocore_hold, lines, ROWS, 0, &hold_line_record, "what is held where"),
};
const ocore_record ocore__hold_record = OCORE__RECORD("hold", ocore_hold, hold_fields, 10);
static const uint32_t hold_due_columns[] = {0, 4};
static const ocore_index hold_indexes[] = {
        {"hold_by_due", hold_due_columns, 2, OCORE_INDEX_SPARSE},
};
const ocore_table ocore__hold_table = {
        "hold", &ocore__hold_record, hold_indexes, 2, 1, 13, 2, 0, 0};
