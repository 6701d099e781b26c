/*
 * What the books say. Every report reads its tables once, in the order of their keys, and counts
 * as it goes: the memory it needs grows with the rows of the report, not with those of the store.
 */
#include "report.h"

#include "engine/procedure.h"
#include "order/order_room.h"
#include "returns/returns.h"
#include "join.h"
#include "tally.h"

/* A report while it is being counted. */
typedef struct counting {
        ocore__work *work;
        ocore__tally tally;
} counting;

static void begin(counting *report, ocore__work *work, size_t row_size)
{
        report->work = work;
        ocore__tally_init(&report->tally, work->arena, row_size);
}

/* A sum of the report that does not fit ends it; `key` says which. */
static int overflow(counting *report, const ocore__tally_key *key)
{
        return ocore__refuse(report->work, OCORE_OVERFLOW, "",
                "a sum in %t%s%t does not fit 64 bits; run verify, for no shop sells that much",
                &key->currency, key->name.size ? " of " : "", &key->name);
}

static int sell(void *user_data, const void *owner, const void *row)
{
        counting *report = user_data;
        const ocore_order *order = owner;
        const ocore_order_line *line = row;
        const ocore__tally_key key = {line->sku, line->scale, order->currency};
        ocore__tally_entry *entry;
        ocore_sales_row *sales;
        int64_t credited_minor, gone;
        int status;

        if (order->state < OCORE_ORDER_PLACED)
                return OCORE_OK;
        entry = ocore__tally_at(&report->tally, key);
        if (!entry)
                return OCORE_NOMEM;
        sales = entry->row;
        sales->sku = entry->key.name;
        sales->currency = entry->key.currency;
        sales->scale = line->scale;
        status = ocore__add(line->cancelled, line->refunded, &gone);
        if (status)
                return overflow(report, &key);
        /* Units are given back in the order in which they were taken back, by cancelling or by
         * refund; what refunds gave is taken off again when their lines are read. */
        credited_minor = ocore__line_share(line, 0, gone).total_minor;
        status |= ocore__add(sales->ordered, line->quantity, &sales->ordered);
        status |= ocore__add(sales->cancelled, line->cancelled, &sales->cancelled);
        status |= ocore__add(sales->returned, line->returned, &sales->returned);
        status |= ocore__add(sales->sales_minor, line->total_minor, &sales->sales_minor);
        status |=
                ocore__add(sales->cancellations_minor, credited_minor, &sales->cancellations_minor);
        return status ? overflow(report, &key) : OCORE_OK;
}

static int refund(void *user_data, const void *owner, const void *row)
{
        counting *report = user_data;
        const ocore_return *of = owner;
        const ocore_return_line *line = row;
        const ocore__tally_key key = {line->sku, line->scale, of->currency};
        ocore__tally_entry *entry;
        ocore_sales_row *sales;
        int status;

        if (of->state != OCORE_RETURN_REFUNDED)
                return OCORE_OK;
        entry = ocore__tally_at(&report->tally, key);
        if (!entry)
                return OCORE_NOMEM;
        sales = entry->row;
        sales->sku = entry->key.name;
        sales->currency = entry->key.currency;
        sales->scale = line->scale;
        status = ocore__add(sales->refunded_minor, line->refund_minor, &sales->refunded_minor);
        status |= ocore__subtract(
                sales->cancellations_minor, line->refund_minor, &sales->cancellations_minor);
        return status ? overflow(report, &key) : OCORE_OK;
}

static int report_sales(ocore__work *work, const void *args, const void **answer)
{
        ocore_sales_report *sales = ocore__arena_zero(work->arena, 1, sizeof *sales);
        const void *const *rows;
        counting report;
        int status = sales ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        begin(&report, work, sizeof(ocore_sales_row));
        if (!status)
                status = ocore__join(
                        work, &ocore__order_table, &ocore__order_line_table, sell, &report);
        if (!status)
                status = ocore__join(
                        work, &ocore__return_table, &ocore__return_line_table, refund, &report);
        if (!status)
                status = ocore__tally_rows(&report.tally, &rows, &sales->row_count);
        if (status)
                return status;
        sales->rows = (const ocore_sales_row *const *)rows;
        *answer = sales;
        return OCORE_OK;
}

const ocore__procedure ocore__report_sales = {
        &ocore__empty_record, &ocore__sales_report_record, report_sales, OCORE__DIRECT};
OCORE__PUBLIC(ocore_report_sales, ocore_empty_request, ocore_sales_report, ocore__report_sales)

static int report_stock(ocore__work *work, const void *args, const void **answer)
{
        const ocore__scan scan = {.table = &ocore__stock_table};
        ocore_stock_report *stock = ocore__arena_zero(work->arena, 1, sizeof *stock);
        ocore__row_list list = {.arena = work->arena};
        int status = stock ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        if (!status)
                status = ocore__scan_rows(
                        work->core, work->arena, &scan, 1, ocore__row_list_add, &list);
        if (status)
                return status;
        stock->rows = (const ocore_stock *const *)list.rows;
        stock->row_count = list.count;
        *answer = stock;
        return OCORE_OK;
}

const ocore__procedure ocore__report_stock = {
        &ocore__empty_record, &ocore__stock_report_record, report_stock, OCORE__DIRECT};
OCORE__PUBLIC(ocore_report_stock, ocore_empty_request, ocore_stock_report, ocore__report_stock)

static int count_order(void *user_data, const void *row, int64_t revision)
{
        counting *report = user_data;
        const ocore_order *order = row;
        const ocore__tally_key key = {{0}, order->state, order->currency};
        ocore__tally_entry *entry = ocore__tally_at(&report->tally, key);
        ocore_orders_row *orders;
        int status;

        (void)revision;
        if (!entry)
                return OCORE_NOMEM;
        orders = entry->row;
        orders->state = order->state;
        orders->currency = entry->key.currency;
        orders->orders++;
        status = ocore__add(orders->total_minor, order->total_minor, &orders->total_minor);
        status |= ocore__add(
                orders->cancelled_minor, order->cancelled_minor, &orders->cancelled_minor);
        status |=
                ocore__add(orders->refunded_minor, order->refunded_minor, &orders->refunded_minor);
        return status ? overflow(report, &key) : OCORE_OK;
}

static int report_orders(ocore__work *work, const void *args, const void **answer)
{
        const ocore__scan scan = {.table = &ocore__order_table};
        ocore_orders_report *orders = ocore__arena_zero(work->arena, 1, sizeof *orders);
        const void *const *rows;
        counting report;
        int status = orders ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        begin(&report, work, sizeof(ocore_orders_row));
        if (!status)
                status = ocore__scan_rows(work->core, work->arena, &scan, 0, count_order, &report);
        if (!status)
                status = ocore__tally_rows(&report.tally, &rows, &orders->row_count);
        if (status)
                return status;
        orders->rows = (const ocore_orders_row *const *)rows;
        *answer = orders;
        return OCORE_OK;
}

const ocore__procedure ocore__report_orders = {
        &ocore__empty_record, &ocore__orders_report_record, report_orders, OCORE__DIRECT};
OCORE__PUBLIC(ocore_report_orders, ocore_empty_request, ocore_orders_report, ocore__report_orders)

/* One end of a booking. */
static int book(
        counting *report, int64_t account, ocore_str currency, int64_t debit, int64_t credit)
{
        const ocore__tally_key key = {{0}, account, currency};
        ocore__tally_entry *entry = ocore__tally_at(&report->tally, key);
        ocore_money_row *money;
        int status;

        if (!entry)
                return OCORE_NOMEM;
        money = entry->row;
        money->account = account;
        money->currency = entry->key.currency;
        status = ocore__add(money->debit_minor, debit, &money->debit_minor);
        status |= ocore__add(money->credit_minor, credit, &money->credit_minor);
        status |= ocore__subtract(money->debit_minor, money->credit_minor, &money->balance_minor);
        return status ? overflow(report, &key) : OCORE_OK;
}

static int count_move(void *user_data, const void *row, int64_t revision)
{
        const ocore_money_move *move = row;
        int status = book(user_data, move->debit, move->currency, move->amount_minor, 0);

        (void)revision;
        return status ? status
                      : book(user_data, move->credit, move->currency, 0, move->amount_minor);
}

static int report_money(ocore__work *work, const void *args, const void **answer)
{
        const ocore__scan scan = {.table = &ocore__money_move_table};
        ocore_money_report *money = ocore__arena_zero(work->arena, 1, sizeof *money);
        const void *const *rows;
        counting report;
        int status = money ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        begin(&report, work, sizeof(ocore_money_row));
        if (!status)
                status = ocore__scan_rows(work->core, work->arena, &scan, 0, count_move, &report);
        if (!status)
                status = ocore__tally_rows(&report.tally, &rows, &money->row_count);
        if (status)
                return status;
        money->rows = (const ocore_money_row *const *)rows;
        *answer = money;
        return OCORE_OK;
}

const ocore__procedure ocore__report_money = {
        &ocore__empty_record, &ocore__money_report_record, report_money, OCORE__DIRECT};
OCORE__PUBLIC(ocore_report_money, ocore_empty_request, ocore_money_report, ocore__report_money)
