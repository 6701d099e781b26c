/* The rows that keep stock right, described once: rules, caps, counts, transfers, supplies, and how
 * channels are sourced. */
#include "inventory.h"

static const ocore_field channel_site_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_channel_site, channel, TEXT, 0, "which channel"),
        OCORE__FIELD(ocore_channel_site, rank, INTEGER, 0, "1, 2, 3 …: in order of preference"),
        OCORE__FIELD(ocore_channel_site, site, TEXT, 0, "which site"),
        OCORE__FIELD(ocore_channel_site, excluded, BOOLEAN, 0, "nothing may come from there"),
};
static const ocore_record channel_site_record =
        OCORE__RECORD("channel_site", ocore_channel_site, channel_site_fields, 5);
const ocore_table ocore__channel_site_table = {
        "channel_site", &channel_site_record, NULL, 3, 0, 30, 1, OCORE_TABLE_CACHED, 0};

#define AMOUNT(member, note)                                                                       \
        OCORE__FIELD(ocore_channel, member, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field channel_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_channel, channel, TEXT, 0, "its code; empty: all others"),
        OCORE__FIELD_OF(ocore_channel, strategy, CHOICE, 0, ocore__allocation_strategies,
                "how sites are chosen"),
        OCORE__FIELD_OF(ocore_channel, short_action, CHOICE, 0, ocore__short_actions,
                "what happens when something is short"),
        OCORE__FIELD(ocore_channel, no_split, BOOLEAN, 0, "one site for the whole order"),
        OCORE__FIELD(ocore_channel, ship_complete, BOOLEAN, 0,
                "our own sites ship nothing before all of theirs can go"),
        OCORE__FIELD(ocore_channel, priority, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "of its backorders: higher is filled first"),
        OCORE__FIELD(ocore_channel, currency, TEXT, OCORE_FIELD_CURRENCY, "of the amounts"),
        AMOUNT(split_minor, "what each shipment beyond the first costs on top"),
        AMOUNT(late_day_minor, "what a unit costs for each day that it comes late"),
        AMOUNT(age_day_minor, "what is gained for each day that a unit has lain there"),
        OCORE__FIELD_OF(ocore_channel, sites, ROWS, 0, &channel_site_record,
                "preferred and excluded sites"),
};
const ocore_record ocore__channel_record =
        OCORE__RECORD("channel", ocore_channel, channel_fields, 11);
const ocore_table ocore__channel_table = {
        "channel", &ocore__channel_record, NULL, 2, 0, 29, 1, OCORE_TABLE_CACHED, 0};

static const ocore_field rule_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_stock_rule, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_stock_rule, site, TEXT, 0, "at which site; empty: each"),
        OCORE__FIELD(ocore_stock_rule, channel, TEXT, 0, "for which channel; empty: each"),
        OCORE__FIELD(
                ocore_stock_rule, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD(ocore_stock_rule, safety, UNITS, OCORE_FIELD_NOT_NEGATIVE,
                "what is left at each site"),
        OCORE__FIELD(ocore_stock_rule, below_zero, BOOLEAN, 0,
                "goods in the customer's hand are sold though the books have none"),
};
const ocore_record ocore__stock_rule_record =
        OCORE__RECORD("stock_rule", ocore_stock_rule, rule_fields, 7);
const ocore_table ocore__stock_rule_table = {
        "stock_rule", &ocore__stock_rule_record, NULL, 4, 0, 31, 2, OCORE_TABLE_CACHED, 0};

const ocore_choice ocore__quota_kinds[] = {
        {"sale", OCORE_QUOTA_SALE},
        {"preorder", OCORE_QUOTA_PREORDER},
        {NULL, 0},
};
static const ocore_field quota_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_quota, sku, TEXT, 0, "which product"),
        OCORE__FIELD_OF(ocore_quota, kind, CHOICE, 0, ocore__quota_kinds, "what it counts"),
        OCORE__FIELD(ocore_quota, channel, TEXT, 0, "which channel"),
        OCORE__FIELD(ocore_quota, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_quota, cap, UNITS, OCORE_FIELD_NOT_NEGATIVE, "most units"),
        OCORE__FIELD(ocore_quota, used, UNITS, OCORE_FIELD_NOT_NEGATIVE, "of these, ordered"),
        OCORE__FIELD(ocore_quota, remaining, UNITS, OCORE_FIELD_NOT_NEGATIVE, "and still free"),
};
const ocore_record ocore__quota_record = OCORE__RECORD("quota", ocore_quota, quota_fields, 8);
const ocore_table ocore__quota_table = {
        "quota", &ocore__quota_record, NULL, 4, 0, 32, 2, OCORE_TABLE_ADDS, 0};

static const ocore_choice count_states[] = {
        {"open", OCORE_COUNT_OPEN},
        {"closed", OCORE_COUNT_CLOSED},
        {"cancelled", OCORE_COUNT_CANCELLED},
        {NULL, 0},
};
static const ocore_field count_line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_count_line, count_id, ID, 0, "of which count"),
        OCORE__FIELD(ocore_count_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_count_line, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(
                ocore_count_line, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_count_line, expected, UNITS, 0,
                "what the books had on the shelf when it was counted; below zero: oversold"),
        OCORE__FIELD(ocore_count_line, counted, UNITS, OCORE_FIELD_NOT_NEGATIVE,
                "what was counted on the shelf"),
        OCORE__FIELD(ocore_count_line, variance, UNITS, 0, "counted − expected"),
        OCORE__FIELD(ocore_count_line, entered_us, TIME, 0, "when"),
        OCORE__FIELD(ocore_count_line, reason, TEXT, 0, "why it differs"),
        OCORE__FIELD(ocore_count_line, counts, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how often its place was counted before"),
};
const ocore_record ocore__count_line_record =
        OCORE__RECORD("count_line", ocore_count_line, count_line_fields, 11);
const ocore_table ocore__count_line_table = {
        "stock_count_line", &ocore__count_line_record, NULL, 4, 0, 34, 2, 0, 0};

static const ocore_field count_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_count, id, ID, 0, "the count; the command that opened it"),
        OCORE__FIELD(ocore_count, site, TEXT, 0, "where"),
        OCORE__FIELD_OF(ocore_count, state, CHOICE, 0, count_states, "open, or how it ended"),
        OCORE__FIELD(ocore_count, blind, BOOLEAN, 0, "who counts does not see what is expected"),
        OCORE__FIELD(ocore_count, reason, TEXT, 0, "why it is held"),
        OCORE__FIELD(ocore_count, opened_us, TIME, 0, "when it was opened"),
        OCORE__FIELD(ocore_count, closed_us, TIME, OCORE_FIELD_NULLABLE, "when it was over"),
        OCORE__FIELD(ocore_count, event_count, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "number of its last event"),
        OCORE__FIELD(ocore_count, surplus, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "lines with more than expected"),
        OCORE__FIELD(ocore_count, shortage, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "lines with less than expected"),
        OCORE__FIELD_OF(ocore_count, lines, ROWS, 0, &ocore__count_line_record, "what was counted"),
};
const ocore_record ocore__count_record = OCORE__RECORD("count", ocore_count, count_fields, 9);
const ocore_table ocore__count_table = {
        "stock_count", &ocore__count_record, NULL, 2, 0, 33, 2, 0, 0};

static const ocore_choice transfer_states[] = {
        {"shipped", OCORE_TRANSFER_SHIPPED},
        {"closed", OCORE_TRANSFER_CLOSED},
        {NULL, 0},
};
#define UNITS(member, note)                                                                        \
        OCORE__FIELD(ocore_transfer_line, member, UNITS, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field transfer_line_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_transfer_line, transfer_id, ID, 0, "of which transfer"),
        OCORE__FIELD(ocore_transfer_line, number, INTEGER, 0, "1, 2, 3 …"),
        OCORE__FIELD(ocore_transfer_line, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_transfer_line, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(ocore_transfer_line, scale, INTEGER, OCORE_FIELD_SCALE,
                "decimals of the quantities"),
        UNITS(quantity, "sent"),
        UNITS(received, "arrived"),
        UNITS(lost, "lost on the way"),
};
static const ocore_record transfer_line_record =
        OCORE__RECORD("transfer_line", ocore_transfer_line, transfer_line_fields, 9);
const ocore_table ocore__transfer_line_table = {
        "stock_transfer_line", &transfer_line_record, NULL, 3, 0, 36, 2, 0, 0};

static const ocore_field transfer_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_transfer, id, ID, 0, "the transfer; the command that shipped it"),
        OCORE__FIELD(ocore_transfer, from_site, TEXT, 0, "from where"),
        OCORE__FIELD(ocore_transfer, to_site, TEXT, 0, "to where"),
        OCORE__FIELD_OF(ocore_transfer, state, CHOICE, 0, transfer_states, "how far it is"),
        OCORE__FIELD(ocore_transfer, shipped_us, TIME, 0, "when it left"),
        OCORE__FIELD(ocore_transfer, due_us, TIME, OCORE_FIELD_NULLABLE, "when it is expected"),
        OCORE__FIELD(ocore_transfer, closed_us, TIME, OCORE_FIELD_NULLABLE, "when it was over"),
        OCORE__FIELD(ocore_transfer, reason, TEXT, 0, "why, or a document's number"),
        OCORE__FIELD(ocore_transfer, event_count, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "number of its last event"),
        OCORE__FIELD_OF(ocore_transfer, lines, ROWS, 0, &transfer_line_record, "what is in it"),
};
const ocore_record ocore__transfer_record =
        OCORE__RECORD("transfer", ocore_transfer, transfer_fields, 10);
const ocore_table ocore__transfer_table = {
        "stock_transfer", &ocore__transfer_record, NULL, 2, 0, 35, 2, 0, 0};

const ocore_choice ocore__supply_sources[] = {
        {"purchase", OCORE_SOURCE_PURCHASE},
        {"transfer", OCORE_SOURCE_TRANSFER},
        {"production", OCORE_SOURCE_PRODUCTION},
        {NULL, 0},
};
static const ocore_field supply_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_supply, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_supply, source_id, ID, 0, "the purchase order or transfer"),
        OCORE__FIELD(ocore_supply, number, INTEGER, 0, "its line"),
        OCORE__FIELD_OF(ocore_supply, source, CHOICE, 0, ocore__supply_sources, "how it comes"),
        OCORE__FIELD(ocore_supply, site, TEXT, 0, "where it will be"),
        OCORE__FIELD(ocore_supply, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_supply, due_us, TIME, 0, "when it is expected"),
        OCORE__FIELD(ocore_supply, expected, UNITS, OCORE_FIELD_NOT_NEGATIVE, "still to come"),
        OCORE__FIELD(ocore_supply, unpromised, UNITS, 0,
                "of that, what no order waits for; below zero: promised, but no longer expected"),
        OCORE__FIELD(ocore_supply, order_id, ID, OCORE_FIELD_NULLABLE, "the order it is for alone"),
};
const ocore_record ocore__supply_record = OCORE__RECORD("supply", ocore_supply, supply_fields, 11);
const ocore_table ocore__supply_table = {
        "supply", &ocore__supply_record, NULL, 4, 0, 37, 2, OCORE_TABLE_ADDS, 0};
