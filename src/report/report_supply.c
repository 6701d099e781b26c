/* What is held, what orders wait for, and what moved: read when goods run short. */
#include "report.h"

#include "base/sort.h"
#include "engine/procedure.h"
#include "order/order_room.h"
#include "join.h"
#include "tally.h"

#include <string.h>

/* A report while its rows are collected; old arrays stay in the arena until the next call. */
typedef struct holding {
        ocore__work *work;
        const void **rows;
        size_t count;
        size_t room;
} holding;

/* A row with what only its place in the report needs. */
typedef struct held {
        ocore_holds_row row; /* first, so that a pointer to it is one to the row */
        int64_t number;
} held;

static int keep_text(ocore__work *work, ocore_str text, ocore_str *out)
{
        return ocore__arena_text(work->arena, text, out);
}

static int keep_line(void *user_data, const void *owner, const void *row)
{
        holding *report = user_data;
        const ocore_hold *hold = owner;
        const ocore_hold_line *line = row;
        ocore__work *work = report->work;
        int64_t age_us;
        held *one;
        int status;

        if (hold->state != OCORE_HOLD_OPEN || !line->quantity)
                return OCORE_OK;
        if (report->count == report->room) {
                size_t room = report->room ? report->room * 2 : 64;
                const void **rows = ocore__arena_take(work->arena, room * sizeof *rows);

                if (!rows)
                        return OCORE_NOMEM;
                if (report->count)
                        memcpy(rows, report->rows, report->count * sizeof *rows);
                report->rows = rows;
                report->room = room;
        }
        one = ocore__arena_zero(work->arena, 1, sizeof *one);
        if (!one)
                return OCORE_NOMEM;
        if (ocore__subtract(work->now_us, hold->at_us, &age_us) || age_us < 0)
                age_us = 0; /* the clock was set back */
        one->row = (ocore_holds_row){.hold_id = hold->id,
                .priority = hold->priority,
                .expires_us = hold->expires_us,
                .age_s = age_us / 1000000,
                .scale = line->scale,
                .quantity = line->quantity};
        one->number = line->number;
        status = keep_text(work, hold->holder, &one->row.holder);
        if (!status)
                status = keep_text(work, line->sku, &one->row.sku);
        if (!status)
                status = keep_text(work, line->site, &one->row.site);
        if (!status)
                status = keep_text(work, line->lot, &one->row.lot);
        report->rows[report->count++] = one;
        return status;
}

static int by_deadline(const void *a, const void *b)
{
        const held *x = a, *y = b;
        int order =
                (x->row.expires_us > y->row.expires_us) - (x->row.expires_us < y->row.expires_us);

        if (!order)
                order = ocore__id_compare(x->row.hold_id, y->row.hold_id);
        return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int report_holds(ocore__work *work, const void *args, const void **answer)
{
        ocore_holds_report *holds = ocore__arena_zero(work->arena, 1, sizeof *holds);
        holding report = {.work = work};
        int status = holds ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        if (!status)
                status = ocore__join(
                        work, &ocore__hold_table, &ocore__hold_line_table, keep_line, &report);
        if (status)
                return status;
        ocore__sort(report.rows, report.count, by_deadline);
        holds->rows = (const ocore_holds_row *const *)report.rows;
        holds->row_count = report.count;
        *answer = holds;
        return OCORE_OK;
}

const ocore__procedure ocore__report_holds = {
        &ocore__empty_record, &ocore__holds_report_record, report_holds, OCORE__DIRECT};
OCORE__PUBLIC(ocore_report_holds, ocore_empty_request, ocore_holds_report, ocore__report_holds)

/* A report while it is being counted. */
typedef struct counting {
        ocore__work *work;
        ocore__tally tally;
        const ocore_moves_report_request *asked; /* moves */
} counting;

static int overflow(const counting *report, ocore_str sku)
{
        return ocore__refuse(report->work, OCORE_OVERFLOW, "",
                "a sum of \"%t\" does not fit 64 bits; run verify, for no shop has that much",
                &sku);
}

/* A row with the order that was counted last: the table stands in the order of orders. */
typedef struct waiting {
        ocore_backorders_row row; /* first, likewise */
        ocore_id last;
} waiting;

static int count_backorder(void *user_data, const void *row, int64_t revision)
{
        counting *report = user_data;
        const ocore_backorder *backorder = row;
        const ocore__tally_key key = {.name = backorder->sku};
        ocore__tally_entry *entry = ocore__tally_at(&report->tally, key);
        waiting *one;
        int status;

        (void)revision;
        if (!entry)
                return OCORE_NOMEM;
        one = entry->row;
        if (!one->row.orders || ocore__id_compare(one->last, backorder->order_id) != 0)
                one->row.orders++;
        if (!one->row.oldest_us || backorder->since_us < one->row.oldest_us)
                one->row.oldest_us = backorder->since_us;
        if (backorder->expected_us > one->row.expected_us)
                one->row.expected_us = backorder->expected_us;
        one->last = backorder->order_id;
        one->row.sku = entry->key.name;
        one->row.scale = backorder->scale;
        status = ocore__add(one->row.quantity, backorder->quantity, &one->row.quantity);
        if (!status && !backorder->expected_us)
                status = ocore__add(one->row.undated, backorder->quantity, &one->row.undated);
        return status ? overflow(report, backorder->sku) : OCORE_OK;
}

static int report_backorders(ocore__work *work, const void *args, const void **answer)
{
        const ocore__scan scan = {.table = &ocore__backorder_table};
        ocore_backorders_report *backorders = ocore__arena_zero(work->arena, 1, sizeof *backorders);
        const void *const *rows;
        counting report = {.work = work};
        int status = backorders ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        ocore__tally_init(&report.tally, work->arena, sizeof(waiting));
        if (!status)
                status = ocore__scan_rows(
                        work->core, work->arena, &scan, 0, count_backorder, &report);
        if (!status)
                status = ocore__tally_rows(&report.tally, &rows, &backorders->row_count);
        if (status)
                return status;
        backorders->rows = (const ocore_backorders_row *const *)rows;
        *answer = backorders;
        return OCORE_OK;
}

const ocore__procedure ocore__report_backorders = {
        &ocore__empty_record, &ocore__backorders_report_record, report_backorders, OCORE__DIRECT};
OCORE__PUBLIC(ocore_report_backorders, ocore_empty_request, ocore_backorders_report,
        ocore__report_backorders)

static const ocore_field moves_request_fields[] = {
        OCORE__FIELD(ocore_moves_report_request, from_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "not before; default: from the start"),
        OCORE__FIELD(ocore_moves_report_request, until_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "before; default: to the end"),
};
const ocore_record ocore__report_moves_request =
        OCORE__RECORD("report_moves", ocore_moves_report_request, moves_request_fields, 0);

/* Both ends in one number, by which the rows of a product are sorted: from, then to. */
static int64_t ends_of(const ocore_stock_move *move)
{
        return move->from_bucket * 1000 + move->to_bucket;
}

static int count_move(void *user_data, const void *row, int64_t revision)
{
        counting *report = user_data;
        const ocore_stock_move *move = row;
        ocore__tally_entry *entry;
        ocore_moves_row *one;

        (void)revision;
        if (move->at_us < report->asked->from_us ||
                (report->asked->until_us && move->at_us >= report->asked->until_us))
                return OCORE_OK;
        entry = ocore__tally_at(
                &report->tally, (ocore__tally_key){.name = move->sku, .number = ends_of(move)});
        if (!entry)
                return OCORE_NOMEM;
        one = entry->row;
        one->sku = entry->key.name;
        one->scale = move->scale;
        one->from_bucket = move->from_bucket;
        one->to_bucket = move->to_bucket;
        one->moves++;
        return ocore__add(one->quantity, move->quantity, &one->quantity)
                       ? overflow(report, move->sku)
                       : OCORE_OK;
}

static int report_moves(ocore__work *work, const void *args, const void **answer)
{
        const ocore__scan scan = {.table = &ocore__stock_move_table};
        ocore_moves_report *moves = ocore__arena_zero(work->arena, 1, sizeof *moves);
        const void *const *rows;
        counting report = {.work = work, .asked = args};
        int status = moves ? OCORE_OK : OCORE_NOMEM;

        if (!status && report.asked->until_us && report.asked->until_us <= report.asked->from_us)
                return ocore__refuse(work, OCORE_INVALID, "until_us",
                        "is not behind from; give a later time, or none");
        ocore__tally_init(&report.tally, work->arena, sizeof(ocore_moves_row));
        if (!status)
                status = ocore__scan_rows(work->core, work->arena, &scan, 0, count_move, &report);
        if (!status)
                status = ocore__tally_rows(&report.tally, &rows, &moves->row_count);
        if (status)
                return status;
        moves->rows = (const ocore_moves_row *const *)rows;
        *answer = moves;
        return OCORE_OK;
}

const ocore__procedure ocore__report_moves = {
        &ocore__report_moves_request, &ocore__moves_report_record, report_moves, OCORE__DIRECT};
OCORE__PUBLIC(
        ocore_report_moves, ocore_moves_report_request, ocore_moves_report, ocore__report_moves)
