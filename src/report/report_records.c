/* The rows of reports, described once. */
#include "report.h"

#include "inventory/inventory.h"
#include "order/ledger.h"

#define SALES(member, note) OCORE__FIELD(ocore_sales_row, member, UNITS, 0, note)
#define SALES_MINOR(member, note) OCORE__FIELD(ocore_sales_row, member, AMOUNT, 0, note)
static const ocore_field sales_fields[] = {
        OCORE__FIELD(ocore_sales_row, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_sales_row, currency, TEXT, OCORE_FIELD_CURRENCY, "of the amounts"),
        OCORE__FIELD(
                ocore_sales_row, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        SALES(ordered, "units ordered"),
        SALES(cancelled, "of these, cancelled"),
        SALES(returned, "of these, come back"),
        SALES_MINOR(sales_minor, "charged for the units ordered, with tax, without shipping"),
        SALES_MINOR(cancellations_minor, "of that, for units cancelled"),
        SALES_MINOR(refunded_minor, "of that, refunded"),
};
static const ocore_record sales_row = OCORE__RECORD("sales_row", ocore_sales_row, sales_fields, 0);

static const ocore_field sales_report_fields[] = {
        OCORE__FIELD_OF(ocore_sales_report, rows, ROWS, 0, &sales_row, "by sku and currency"),
};
const ocore_record ocore__sales_report_record =
        OCORE__RECORD("sales_report", ocore_sales_report, sales_report_fields, 0);

static const ocore_field stock_report_fields[] = {
        OCORE__FIELD_OF(
                ocore_stock_report, rows, ROWS, 0, &ocore__stock_record, "by sku, site and lot"),
};
const ocore_record ocore__stock_report_record =
        OCORE__RECORD("stock_report", ocore_stock_report, stock_report_fields, 0);

static const ocore_field orders_fields[] = {
        OCORE__FIELD_OF(
                ocore_orders_row, state, CHOICE, 0, ocore__order_states, "state of the orders"),
        OCORE__FIELD(ocore_orders_row, currency, TEXT, OCORE_FIELD_CURRENCY, "of the amounts"),
        OCORE__FIELD(ocore_orders_row, orders, INTEGER, 0, "how many"),
        OCORE__FIELD(ocore_orders_row, total_minor, AMOUNT, 0, "their totals as placed"),
        OCORE__FIELD(ocore_orders_row, cancelled_minor, AMOUNT, 0, "of that, for units cancelled"),
        OCORE__FIELD(ocore_orders_row, refunded_minor, AMOUNT, 0, "of that, credited for returns"),
};
static const ocore_record orders_row =
        OCORE__RECORD("orders_row", ocore_orders_row, orders_fields, 0);

static const ocore_field orders_report_fields[] = {
        OCORE__FIELD_OF(ocore_orders_report, rows, ROWS, 0, &orders_row, "by state and currency"),
};
const ocore_record ocore__orders_report_record =
        OCORE__RECORD("orders_report", ocore_orders_report, orders_report_fields, 0);

static const ocore_field money_fields[] = {
        OCORE__FIELD_OF(ocore_money_row, account, CHOICE, 0, ocore__ledger_accounts,
                "account of the money ledger"),
        OCORE__FIELD(ocore_money_row, currency, TEXT, OCORE_FIELD_CURRENCY, "of the amounts"),
        OCORE__FIELD(ocore_money_row, debit_minor, AMOUNT, 0, "sum of its debits"),
        OCORE__FIELD(ocore_money_row, credit_minor, AMOUNT, 0, "sum of its credits"),
        OCORE__FIELD(ocore_money_row, balance_minor, AMOUNT, 0, "debits less credits"),
};
static const ocore_record money_row = OCORE__RECORD("money_row", ocore_money_row, money_fields, 0);

static const ocore_field money_report_fields[] = {
        OCORE__FIELD_OF(ocore_money_report, rows, ROWS, 0, &money_row, "by account and currency"),
};
const ocore_record ocore__money_report_record =
        OCORE__RECORD("money_report", ocore_money_report, money_report_fields, 0);

static const ocore_field holds_fields[] = {
        OCORE__FIELD(ocore_holds_row, hold_id, ID, 0, "which hold"),
        OCORE__FIELD(ocore_holds_row, holder, TEXT, 0, "for whom"),
        OCORE__FIELD(ocore_holds_row, priority, INTEGER, 0, "higher is more important"),
        OCORE__FIELD(ocore_holds_row, expires_us, TIME, 0, "its deadline"),
        OCORE__FIELD(ocore_holds_row, age_s, INTEGER, 0, "held for so many seconds"),
        OCORE__FIELD(ocore_holds_row, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_holds_row, site, TEXT, 0, "where"),
        OCORE__FIELD(ocore_holds_row, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(
                ocore_holds_row, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD(ocore_holds_row, quantity, UNITS, 0, "how much"),
};
static const ocore_record holds_row = OCORE__RECORD("holds_row", ocore_holds_row, holds_fields, 0);

static const ocore_field holds_report_fields[] = {
        OCORE__FIELD_OF(ocore_holds_report, rows, ROWS, 0, &holds_row, "by deadline, then by hold"),
};
const ocore_record ocore__holds_report_record =
        OCORE__RECORD("holds_report", ocore_holds_report, holds_report_fields, 0);

static const ocore_field backorders_fields[] = {
        OCORE__FIELD(ocore_backorders_row, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_backorders_row, scale, INTEGER, OCORE_FIELD_SCALE,
                "decimals of the quantities"),
        OCORE__FIELD(ocore_backorders_row, orders, INTEGER, 0, "how many orders wait"),
        OCORE__FIELD(ocore_backorders_row, quantity, UNITS, 0, "for how much together"),
        OCORE__FIELD(ocore_backorders_row, undated, UNITS, 0, "of that, without a date"),
        OCORE__FIELD(ocore_backorders_row, oldest_us, TIME, 0, "since when the oldest waits"),
        OCORE__FIELD(ocore_backorders_row, expected_us, TIME, 0,
                "when the last of what has a date is expected"),
};
static const ocore_record backorders_row =
        OCORE__RECORD("backorders_row", ocore_backorders_row, backorders_fields, 0);

static const ocore_field backorders_report_fields[] = {
        OCORE__FIELD_OF(ocore_backorders_report, rows, ROWS, 0, &backorders_row, "by sku"),
};
const ocore_record ocore__backorders_report_record =
        OCORE__RECORD("backorders_report", ocore_backorders_report, backorders_report_fields, 0);

static const ocore_field moves_fields[] = {
        OCORE__FIELD(ocore_moves_row, sku, TEXT, 0, "which product"),
        OCORE__FIELD(
                ocore_moves_row, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD_OF(ocore_moves_row, from_bucket, CHOICE, 0, ocore__buckets,
                "bucket or account they left"),
        OCORE__FIELD_OF(ocore_moves_row, to_bucket, CHOICE, 0, ocore__buckets,
                "bucket or account they entered"),
        OCORE__FIELD(ocore_moves_row, moves, INTEGER, 0, "how many moves"),
        OCORE__FIELD(ocore_moves_row, quantity, UNITS, 0, "of how much together"),
};
static const ocore_record moves_row = OCORE__RECORD("moves_row", ocore_moves_row, moves_fields, 0);

static const ocore_field moves_report_fields[] = {
        OCORE__FIELD_OF(ocore_moves_report, rows, ROWS, 0, &moves_row, "by sku, then by both ends"),
};
const ocore_record ocore__moves_report_record =
        OCORE__RECORD("moves_report", ocore_moves_report, moves_report_fields, 0);
