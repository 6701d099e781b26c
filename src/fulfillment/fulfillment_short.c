/*
 * A pick that came up short: what was not on the shelf leaves the list, is booked as lost or as
 * still to be found, and is allocated anew from another place. What cannot be had waits.
 */
#include "fulfillment.h"

#include "order/allocate_anew.h"

#include "engine/procedure.h"

/* Units that were not found at one place. */
typedef struct missing_units {
        int64_t line; /* the order's */
        ocore__entry *stock;
        int64_t quantity;
        int64_t hidden; /* what the balance says is available there, while others are asked */
} missing_units;

typedef struct short_pick {
        ocore__order_view order;
        ocore__anew anew;
        ocore_fulfillment *row; /* to be changed */
        ocore__group *lines;
        ocore__entry **line_at; /* by number − 1 */
        size_t line_count;
        missing_units *missing; /* one for each line of the request */
        size_t count;
} short_pick;

static int read_fulfillment(ocore__work *work, ocore_id id, short_pick *pick, ocore__entry **entry)
{
        const ocore_fulfillment *row;
        int status = ocore__fulfillment_read(work, id, &pick->lines, entry);

        if (status)
                return status;
        row = ocore__row(*entry);
        if (row->state == OCORE_FULFILLMENT_STATE_OPEN)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_STATE, "fulfillment_id",
                "the fulfillment is not open any more: what is missing was found, or is missed "
                "later; count the stock instead");
}

/* The lines of the pick list by their numbers, which have no gaps. */
static int index_lines(ocore__work *work, short_pick *pick)
{
        size_t count = ocore__count(pick->lines);

        pick->line_at = ocore__arena_zero(work->arena, count + 1, sizeof(ocore__entry *));
        if (!pick->line_at)
                return OCORE_NOMEM;
        for (ocore__entry *at = ocore__first(pick->lines); at; at = ocore__next(at)) {
                const ocore_fulfillment_line *line = ocore__row(at);

                pick->line_at[pick->line_count++] = at;
                if (line->number != (int64_t)pick->line_count)
                        return ocore__refuse(work, OCORE_CORRUPT, "fulfillment_id",
                                "a line of the fulfillment is missing; verify the store");
        }
        return OCORE_OK;
}

static ocore__entry *line_entry(const short_pick *pick, int64_t number)
{
        return number >= 1 && number <= (int64_t)pick->line_count ? pick->line_at[number - 1]
                                                                  : NULL;
}

/* Takes one line of the request off the list. Its allocation and stock follow later. */
static int take_off(ocore__work *work, short_pick *pick, const ocore_fulfillment_short_line *asked,
        size_t index)
{
        const char *field = ocore__at(work, "lines", index, "number");
        ocore__entry *entry = line_entry(pick, asked->number);
        ocore_fulfillment_line *line;
        int64_t quantity;
        int status;

        if (!entry)
                return ocore__refuse(work, OCORE_NOT_FOUND, field,
                        "the fulfillment has no line %d; look at its lines", &asked->number);
        if (entry->pending) /* only an earlier line of this request can have changed it */
                return ocore__refuse(work, OCORE_INVALID, field,
                        "line %d stands in the request twice; name it once, with the sum",
                        &asked->number);
        line = ocore__edit(work, entry);
        if (!line)
                return work->status;
        status = ocore__item_units(work, line->scale, asked->quantity, "lines", index, &quantity);
        if (status)
                return status;
        if (quantity > line->quantity)
                return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                        "%u is more than the %u of line %d on the list; report at most these",
                        &quantity, &line->scale, &line->quantity, &line->scale, &line->number);
        line->quantity -= quantity;
        if (ocore__add(line->short_quantity, quantity, &line->short_quantity))
                return OCORE_OVERFLOW;
        pick->missing[index] = (missing_units){.line = line->line, .quantity = quantity};
        return OCORE_OK;
}

/* The allocation of a line of the list; NULL: they were read at different times. */
static ocore__entry *allocation_of(const short_pick *pick, const ocore_fulfillment_line *line)
{
        ocore__entry *at = line->line >= 1 && line->line <= (int64_t)pick->order.line_count
                                   ? pick->order.allocation_at[line->line - 1]
                                   : NULL;

        for (; at; at = ocore__next(at)) {
                const ocore_allocation *row = ocore__row(at);

                if (row->line != line->line)
                        return NULL;
                if (ocore_str_equal(row->site, pick->row->site) &&
                        ocore_str_equal(row->lot, line->lot))
                        return at;
        }
        return NULL;
}

/* The units leave the order's allocation and the shelf: to where they are lost, or to where they
 * will be found again. What the place says is available is hidden from the new choice: nobody
 * found anything there. */
static int miss(ocore__work *work, short_pick *pick, const ocore_fulfillment_line *line,
        missing_units *units, int64_t bucket)
{
        ocore__entry *at = allocation_of(pick, line);
        ocore_allocation *allocation = at ? ocore__edit(work, at) : NULL;
        ocore_stock *stock;
        int status;

        if (!at || units->quantity > ((const ocore_allocation *)ocore__row(at))->released)
                return work->status ? work->status : OCORE_CONFLICT;
        if (!allocation)
                return work->status;
        units->stock = ocore__stock_entry(work, pick->anew.lines[line->line - 1].stock, line->sku,
                pick->row->site, line->lot, line->scale);
        if (!units->stock)
                return work->status;
        allocation->released -= units->quantity;
        status = ocore__stock_shift(work, units->stock, OCORE_BUCKET_ALLOCATED, bucket,
                units->quantity, pick->row->order_id, ocore_str_of("not found"));
        stock = status ? NULL : ocore__edit(work, units->stock);
        if (!stock)
                return status ? status : work->status;
        units->hidden = stock->available;
        stock->available = 0;
        return OCORE_OK;
}

static int miss_all(
        ocore__work *work, short_pick *pick, const ocore_fulfillment_short_request *request)
{
        int64_t bucket = request->keep ? OCORE_BUCKET_AVAILABLE : OCORE_ACCOUNT_LOST;
        int status = OCORE_OK;

        for (size_t i = 0; i < pick->count && !status; i++)
                status = miss(work, pick, ocore__row(line_entry(pick, request->lines[i].number)),
                        &pick->missing[i], bucket);
        return status == OCORE_OUT_OF_STOCK ? OCORE_CONFLICT : status;
}

/* The last place that was hidden is shown first: two lines may have missed at the same one. */
static int show(ocore__work *work, const short_pick *pick)
{
        for (size_t i = pick->count; i-- > 0;) {
                ocore_stock *stock = ocore__edit(work, pick->missing[i].stock);

                if (!stock)
                        return work->status;
                if (ocore__add(stock->available, pick->missing[i].hidden, &stock->available))
                        return OCORE_OVERFLOW;
        }
        return OCORE_OK;
}

/* Another place for what is missing, as far as there is one; the rest waits. */
static int find_elsewhere(ocore__work *work, short_pick *pick)
{
        ocore__want_line *wants = ocore__arena_take(work->arena, pick->count * sizeof *wants);
        int64_t *possible = ocore__arena_zero(work->arena, pick->count, sizeof *possible);
        ocore__source_piece *pieces;
        size_t count;
        int status = wants && possible ? OCORE_OK : OCORE_NOMEM;

        ocore__one_site_note_all(&pick->anew.bound, pick->anew.catalog.sites, &pick->order);
        for (size_t i = 0; i < pick->count && !status; i++)
                wants[i] = ocore__anew_want(
                        work, &pick->anew, pick->missing[i].line, pick->missing[i].quantity);
        if (!status)
                status = ocore__sourcing_possible(
                        work, &pick->anew.sourcing, wants, pick->count, possible);
        for (size_t i = 0; i < pick->count && !status; i++)
                wants[i].quantity = possible[i];
        if (!status)
                status = ocore__sourcing_choose(
                        work, &pick->anew.sourcing, wants, pick->count, &pieces, &count);
        if (!status)
                status = show(work, pick);
        for (size_t i = 0; !status && i < count; i++)
                status = ocore__anew_take(
                        work, &pick->anew, pick->missing[pieces[i].line].line, &pieces[i]);
        for (size_t i = 0; !status && i < pick->count; i++)
                if (possible[i] < pick->missing[i].quantity)
                        status = ocore__anew_wait(work, &pick->anew, pick->missing[i].line,
                                pick->missing[i].quantity - possible[i]);
        return status;
}

/* 1 if something is left on the list. */
static int something_left(const short_pick *pick)
{
        for (const ocore__entry *at = ocore__first(pick->lines); at; at = ocore__next(at))
                if (((const ocore_fulfillment_line *)ocore__row(at))->quantity)
                        return 1;
        return 0;
}

/* What is decided once everything is read. */
static int decide(ocore__work *work, short_pick *pick, ocore__entry *entry,
        const ocore_fulfillment_short_request *request)
{
        int status;

        pick->row = ocore__edit(work, entry);
        if (!pick->row)
                return work->status;
        status = miss_all(work, pick, request);
        if (!status)
                status = find_elsewhere(work, pick);
        if (status == OCORE_OVERFLOW && !ocore__refused(work))
                status = ocore__refuse(work, status, "fulfillment_id",
                        "a balance would leave 64 bits; verify the store");
        if (status)
                return status;
        ocore__order_touch(work, &pick->order, OCORE_EVENT_FULFILLMENT_SHORT, pick->row->site);
        if (!something_left(pick))
                pick->row->state = OCORE_FULFILLMENT_STATE_CANCELLED;
        return work->status;
}

static int read_order(ocore__work *work, ocore_id order_id, short_pick *pick)
{
        const ocore_order *order;
        int64_t state;
        int status = ocore__order_want(work, order_id, &pick->order);

        if (!status)
                status = ocore__anew_consult(work, &pick->anew);
        if (!status)
                status = ocore__order_fetch(work, &pick->order, OCORE_STEP_FULFILL, &order, &state);
        if (!status)
                status = ocore__anew_begin(work, &pick->order, &pick->anew);
        for (size_t i = 0; i < pick->count && !status; i++) {
                int64_t line = pick->missing[i].line;

                if (!ocore__order_line_entry(&pick->order, line))
                        return OCORE_CONFLICT;
                pick->anew.lines[line - 1].looked_at = 1;
        }
        return status ? status : ocore__anew_read(work, &pick->anew);
}

static int fulfillment_short(ocore__work *work, const void *args, const void **answer)
{
        const ocore_fulfillment_short_request *request = args;
        short_pick pick = {.count = request->line_count};
        ocore__entry *entry;
        int status;

        pick.missing = ocore__arena_zero(work->arena, pick.count + 1, sizeof *pick.missing);
        status = pick.missing ? read_fulfillment(work, request->fulfillment_id, &pick, &entry)
                              : OCORE_NOMEM;
        if (!status)
                status = index_lines(work, &pick);
        for (size_t i = 0; i < pick.count && !status; i++)
                status = take_off(work, &pick, &request->lines[i], i);
        if (!status)
                status = read_order(
                        work, ((const ocore_fulfillment *)ocore__row(entry))->order_id, &pick);
        if (!status)
                status = decide(work, &pick, entry, request);
        return status ? status : ocore__fulfillment_answer(work, pick.row, pick.lines, answer);
}

const ocore__procedure ocore__fulfillment_short = {
        &ocore__fulfillment_short_request,
        &ocore__fulfillment_record,
        fulfillment_short,
        OCORE__COMMAND,
};

OCORE__PUBLIC(ocore_fulfillment_short, ocore_fulfillment_short_request, ocore_fulfillment,
        ocore__fulfillment_short)
