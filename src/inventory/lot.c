/* Lots: taking one out of sale everywhere, and telling who got it. */
#include "inventory.h"

#include "base/hash.h"
#include "base/sort.h"
#include "engine/procedure.h"

#include <string.h>

static const ocore_field recall_fields[] = {
        OCORE__FIELD_KEY(ocore_lot_recall_request),
        OCORE__FIELD_CODE(ocore_lot_recall_request, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(ocore_lot_recall_request, lot, OCORE_FIELD_REQUIRED, "lot or serial"),
        OCORE__FIELD(ocore_lot_recall_request, reason, TEXT,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_FREE | OCORE_FIELD_LINES, "why"),
};
const ocore_record ocore__lot_recall_request =
        OCORE__RECORD("lot_recall", ocore_lot_recall_request, recall_fields, 0);

static const ocore_field trace_request_fields[] = {
        OCORE__FIELD_CODE(ocore_lot_trace_request, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(ocore_lot_trace_request, lot, OCORE_FIELD_REQUIRED, "lot or serial"),
};
const ocore_record ocore__lot_trace_request =
        OCORE__RECORD("lot_trace_request", ocore_lot_trace_request, trace_request_fields, 0);

static const ocore_field holder_fields[] = {
        OCORE__FIELD(ocore_lot_holder, subject_id, ID, 0, "the order or hold"),
        OCORE__FIELD(ocore_lot_holder, reserved, UNITS, 0,
                "still in the house: held, allocated or picked"),
        OCORE__FIELD(ocore_lot_holder, shipped, UNITS, 0, "sent to the customer"),
        OCORE__FIELD(ocore_lot_holder, came_back, UNITS, 0, "and returned since"),
};
static const ocore_record holder_record =
        OCORE__RECORD("lot_holder", ocore_lot_holder, holder_fields, 0);
static const ocore_field trace_fields[] = {
        OCORE__FIELD(ocore_lot_trace, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_lot_trace, lot, TEXT, 0, "lot or serial"),
        OCORE__FIELD(
                ocore_lot_trace, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD_OF(
                ocore_lot_trace, stock, ROWS, 0, &ocore__stock_record, "where it is, by site"),
        OCORE__FIELD_OF(ocore_lot_trace, holders, ROWS, 0, &holder_record, "who has it, by id"),
};
const ocore_record ocore__lot_trace_record =
        OCORE__RECORD("lot_trace", ocore_lot_trace, trace_fields, 0);

static int refuse_lot(ocore__work *work, ocore_str sku, ocore_str lot)
{
        return ocore__refuse(work, OCORE_NOT_FOUND, "lot",
                "there is no lot \"%t\" of \"%t\"; check both", &lot, &sku);
}

/* A row leaves the sale: at its revision, so that nothing is taken from it meanwhile. */
static int recall_row(
        ocore__work *work, ocore__entry *entry, const ocore_lot_recall_request *request)
{
        ocore_stock *stock = ocore__edit(work, entry);

        if (!stock)
                return work->status;
        ocore__exact(work, entry);
        if (!stock->recalled_us)
                stock->recalled_us = work->now_us;
        return stock->available > 0 ? ocore__stock_shift(work, entry, OCORE_BUCKET_AVAILABLE,
                                              OCORE_BUCKET_DAMAGED, stock->available,
                                              (ocore_id){{0}}, request->reason)
                                    : OCORE_OK;
}

static int lot_recall(ocore__work *work, const void *args, const void **answer)
{
        const ocore_lot_recall_request *request = args;
        ocore__group *stock;
        int found = 0;
        int status = ocore__want(work, &ocore__stock_table, ocore__cell_text(request->sku), &stock);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        for (ocore__entry *entry = ocore__first(stock); entry && !status;
                entry = ocore__next(entry)) {
                if (!ocore_str_equal(((const ocore_stock *)ocore__row(entry))->lot, request->lot))
                        continue;
                found = 1;
                status = recall_row(work, entry, request);
        }
        if (status == OCORE_OVERFLOW)
                return ocore__refuse(work, status, "lot",
                        "what is damaged would leave 64 bits; scrap some of it first");
        if (status)
                return status;
        if (!found)
                return refuse_lot(work, request->sku, request->lot);
        ocore__event(work, work->id, 1, OCORE_EVENT_STOCK_RECALLED, request->reason);
        return ocore__stock_moves_answer(work, answer);
}

/* Orders and holds by id: open addressing, at most half full. */
typedef struct lot_holders {
        ocore__arena *arena;
        ocore_lot_holder **slots;
        size_t slot_count; /* a power of two */
        size_t count;
} lot_holders;

static ocore_lot_holder **holder_slot(const lot_holders *holders, ocore_id id)
{
        size_t at = (size_t)ocore__hash(id.bytes, sizeof id.bytes, 0) & (holders->slot_count - 1);

        while (holders->slots[at] && ocore__id_compare(holders->slots[at]->subject_id, id) != 0)
                at = (at + 1) & (holders->slot_count - 1);
        return &holders->slots[at];
}

static int holders_grow(lot_holders *holders)
{
        lot_holders grown = {.arena = holders->arena,
                .slot_count = holders->slot_count ? holders->slot_count * 2 : 64,
                .count = holders->count};

        grown.slots = ocore__arena_zero(grown.arena, grown.slot_count, sizeof *grown.slots);
        if (!grown.slots)
                return OCORE_NOMEM;
        for (size_t i = 0; i < holders->slot_count; i++)
                if (holders->slots[i])
                        *holder_slot(&grown, holders->slots[i]->subject_id) = holders->slots[i];
        *holders = grown;
        return OCORE_OK;
}

/* The one with this id, a new one if need be; NULL: no memory. */
static ocore_lot_holder *holder_of(lot_holders *holders, ocore_id id)
{
        ocore_lot_holder **slot;

        if (holders->count * 2 >= holders->slot_count && holders_grow(holders))
                return NULL;
        slot = holder_slot(holders, id);
        if (!*slot) {
                *slot = ocore__arena_zero(holders->arena, 1, sizeof **slot);
                if (!*slot)
                        return NULL;
                (*slot)->subject_id = id;
                holders->count++;
        }
        return *slot;
}

/* A trace being put together from three scans. */
typedef struct tracing {
        const ocore_lot_trace_request *request;
        ocore_lot_trace *trace;
        lot_holders holders;
        const ocore_stock **stock;
        size_t room;
} tracing;

static int trace_stock(void *user_data, const void *row, int64_t revision)
{
        tracing *to = user_data;
        const ocore_stock *stock = row;

        (void)revision;
        if (!ocore_str_equal(stock->lot, to->request->lot))
                return OCORE_OK;
        if (to->trace->stock_count == to->room) {
                size_t room = to->room ? to->room * 2 : 16;
                const ocore_stock **rows =
                        ocore__arena_take(to->holders.arena, room * sizeof *rows);

                if (!rows)
                        return OCORE_NOMEM;
                if (to->room)
                        memcpy(rows, to->stock, to->room * sizeof *rows);
                to->stock = rows;
                to->room = room;
        }
        to->stock[to->trace->stock_count++] = stock;
        to->trace->scale = stock->scale;
        return OCORE_OK;
}

/* Holds write moves, but what they hold goes from one to another without: their lines tell. */
static int trace_hold(void *user_data, const void *row, int64_t revision)
{
        tracing *to = user_data;
        const ocore_hold_line *line = row;
        ocore_lot_holder *holder;

        (void)revision;
        if (!ocore_str_equal(line->lot, to->request->lot))
                return OCORE_OK;
        holder = holder_of(&to->holders, line->hold_id);
        if (!holder)
                return OCORE_NOMEM;
        return ocore__add(holder->reserved, line->quantity, &holder->reserved) ? OCORE_CORRUPT
                                                                               : OCORE_OK;
}

static int is_ordered(int64_t bucket)
{
        return bucket == OCORE_BUCKET_ALLOCATED || bucket == OCORE_BUCKET_PICKED;
}

/* What belongs to an order is what was allocated to it, from wherever, and did not leave again. */
static int trace_move(void *user_data, const void *row, int64_t revision)
{
        tracing *to = user_data;
        const ocore_stock_move *move = row;
        int64_t from = move->from_bucket, into = move->to_bucket;
        int reserved = is_ordered(into) - is_ordered(from);
        ocore_lot_holder *holder;
        int status = OCORE_OK;

        (void)revision;
        if (ocore__id_is_none(move->subject_id) ||
                (!reserved && into != OCORE_ACCOUNT_CUSTOMER && from != OCORE_ACCOUNT_CUSTOMER))
                return OCORE_OK;
        holder = holder_of(&to->holders, move->subject_id);
        if (!holder)
                return OCORE_NOMEM;
        if (reserved > 0)
                status = ocore__add(holder->reserved, move->quantity, &holder->reserved);
        else if (reserved < 0)
                status = ocore__subtract(holder->reserved, move->quantity, &holder->reserved);
        if (!status && into == OCORE_ACCOUNT_CUSTOMER)
                status = ocore__add(holder->shipped, move->quantity, &holder->shipped);
        if (!status && from == OCORE_ACCOUNT_CUSTOMER)
                status = ocore__add(holder->came_back, move->quantity, &holder->came_back);
        return status ? OCORE_CORRUPT : OCORE_OK;
}

static int by_id(const void *a, const void *b)
{
        const ocore_lot_holder *x = a, *y = b;

        return ocore__id_compare(x->subject_id, y->subject_id);
}

/* Those that have, or had, something of the lot, in order: an order that was cancelled before
 * anything was sent is not among them. */
static int trace_holders(tracing *to)
{
        lot_holders *holders = &to->holders;
        const void **list = ocore__arena_take(holders->arena, (holders->count + 1) * sizeof *list);
        size_t count = 0;

        if (!list)
                return OCORE_NOMEM;
        for (size_t i = 0; i < holders->slot_count; i++) {
                const ocore_lot_holder *holder = holders->slots[i];

                if (holder && (holder->reserved || holder->shipped || holder->came_back))
                        list[count++] = holder;
        }
        ocore__sort(list, count, by_id);
        to->trace->holders = (const ocore_lot_holder *const *)list;
        to->trace->holder_count = count;
        return OCORE_OK;
}

static int lot_trace(ocore__work *work, const void *args, const void **answer)
{
        const ocore_lot_trace_request *request = args;
        const ocore_cell prefix[] = {
                ocore__cell_text(request->sku), ocore__cell_text(request->lot)};
        const ocore__scan stock = {
                .table = &ocore__stock_table, .prefix = prefix, .prefix_count = 1};
        const ocore__scan holds = {.table = &ocore__hold_line_table,
                .index = OCORE__HOLD_LINE_BY_HELD,
                .prefix = prefix,
                .prefix_count = 1};
        const ocore__scan moves = {.table = &ocore__stock_move_table,
                .index = OCORE__STOCK_MOVE_BY_LOT,
                .prefix = prefix,
                .prefix_count = 2};
        tracing to = {.request = request, .holders = {.arena = work->arena}};
        int status;

        to.trace = ocore__arena_zero(work->arena, 1, sizeof *to.trace);
        if (!to.trace)
                return OCORE_NOMEM;
        to.trace->sku = request->sku;
        to.trace->lot = request->lot;
        status = ocore__scan_rows(work->core, work->arena, &stock, 1, trace_stock, &to);
        if (!status && !to.trace->stock_count)
                return refuse_lot(work, request->sku, request->lot);
        to.trace->stock = to.stock;
        if (!status)
                status = ocore__scan_rows(work->core, work->arena, &holds, 0, trace_hold, &to);
        if (!status)
                status = ocore__scan_rows(work->core, work->arena, &moves, 0, trace_move, &to);
        if (status == OCORE_CORRUPT && !ocore__refused(work))
                return ocore__refuse(work, status, "lot",
                        "the moves of the lot do not add up; verify the store");
        if (!status)
                status = trace_holders(&to);
        *answer = to.trace;
        return status;
}

const ocore__procedure ocore__lot_recall = {
        &ocore__lot_recall_request, &ocore__stock_moves_record, lot_recall, OCORE__COMMAND};
const ocore__procedure ocore__lot_trace = {
        &ocore__lot_trace_request, &ocore__lot_trace_record, lot_trace, OCORE__DIRECT};

OCORE__PUBLIC(ocore_lot_recall, ocore_lot_recall_request, ocore_stock_moves, ocore__lot_recall)
OCORE__PUBLIC(ocore_lot_trace_of, ocore_lot_trace_request, ocore_lot_trace, ocore__lot_trace)
