/*
 * Units that are not there yet: entering the queue, being promised, being filled, leaving.
 *
 * A line's `backordered`, its row in the queue and the pegs of that row change together, and what
 * is pegged is what its supplies no longer have to promise. Changing these rows is a change of
 * the order: whoever does it also calls ocore__order_touch().
 */
#ifndef ORDERCORE_ORDER_BACKORDER_H
#define ORDERCORE_ORDER_BACKORDER_H

#include "order_room.h"

/* What an order waits for, beside its view. */
typedef struct ocore__backorder_view {
        ocore__group *backorders;    /* of the order */
        ocore__group *pegs;          /* of the order */
        ocore__entry **backorder_at; /* by line number − 1; NULL: it never waited */
        ocore__entry **peg_at;       /* the first of a line; NULL: none */
        size_t line_count;
        const ocore__supply_bar *bar; /* obeyed by promises that are made by it; NULL: none */
} ocore__backorder_view;

int ocore__backorder_want(ocore__work *work, ocore_id order_id, ocore__backorder_view *out);
/* After the fetch: the rows by line, checked like everything that a store returns. */
int ocore__backorder_found(
        ocore__work *work, const ocore__order_view *order, ocore__backorder_view *view);
/* For an order that has been found: its queue and the supplies of its waiting lines are wanted
 * where it waits for something, so that others cost no more. A fetch and found follow. */
int ocore__backorder_want_for(
        ocore__work *work, const ocore__order_view *order, ocore__backorder_view *out);
/* For an order that the command itself makes: nothing is read, nothing waits yet. */
int ocore__backorder_own(
        ocore__work *work, ocore_id order_id, size_t line_count, ocore__backorder_view *out);

/* The entry of a line; NULL: it waits for nothing. */
ocore__entry *ocore__backorder_of(const ocore__backorder_view *view, int64_t line);

/*
 * `quantity` more of a line is missing: the line's number, the row, and promises from the fetched
 * supplies of its sku. `like` gives rank, since_us, wanted_us, channel, kind, purchase_id for a new
 * row; of a preorder wanted_us is not before the release.
 */
int ocore__backorder_add(ocore__work *work, ocore__backorder_view *view, ocore__entry *line,
        const ocore_backorder *like, int64_t quantity);
/* `quantity` less is missing (filled or cancelled): promises are given back, the latest first. */
int ocore__backorder_less(
        ocore__work *work, const ocore__backorder_view *view, ocore__entry *line, int64_t quantity);
/* Units of a line come true: available → allocated at the balance's place, with the allocation
 * row; and less is missing. From any other bucket or account they come in by
 * ocore__stock_take_in(). The order is indexed anew before its allocations are looked at. */
int ocore__backorder_fill(ocore__work *work, const ocore__backorder_view *view, ocore__entry *line,
        ocore__entry *stock, int64_t from_bucket, int64_t quantity);
/* Gives all promises of a line back, or promises what of it is not promised yet; expected_us
 * follows. Changes no order row: the caller touches it when the date changed, and otherwise relies
 * on it, as these promises rest on what the order waits for. */
int ocore__backorder_unpeg(
        ocore__work *work, const ocore__backorder_view *view, ocore__entry *backorder);
int ocore__backorder_peg(ocore__work *work, ocore__backorder_view *view, ocore__entry *backorder,
        ocore__group *supplies);
/* Promises exactly these pieces (in the order of source and number, each above zero)
 * as a plan says that was made from the same supplies. OCORE_CONFLICT: they do not hold as much. */
int ocore__backorder_peg_from(ocore__work *work, ocore__backorder_view *view,
        ocore__entry *backorder, const ocore__promised *pieces, size_t count);
/* When the last of a line is expected; 0: nobody knows, or nothing is missing. */
int64_t ocore__backorder_expected(const ocore__backorder_view *view, int64_t line);

/* Adds `quantity` to the allocation row of (line, place); makes it when there is none. */
int ocore__allocation_add(ocore__work *work, const ocore_order_line *line, const ocore_stock *place,
        int64_t reason, int64_t quantity);

#endif
