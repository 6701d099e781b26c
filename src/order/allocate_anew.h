/*
 * Allocating units of an order once more, by the wishes it was placed with: after a closed site, a
 * short pick, or because there is more now than there was. Reallocating and picking short share it.
 */
#ifndef ORDERCORE_ORDER_ALLOCATE_ANEW_H
#define ORDERCORE_ORDER_ALLOCATE_ANEW_H

#include "backorder.h"
#include "one_site.h"

/* A line that is looked at, with the rows its choice rests on. */
typedef struct ocore__anew_line {
        uint8_t looked_at; /* set by the caller: this line is allocated anew */
        ocore__group *products;
        ocore__group *stock;
        ocore__group *rules; /* NULL: it has none */
} ocore__anew_line;

typedef struct ocore__anew {
        ocore__order_view *order;
        ocore__backorder_view waits;
        ocore__anew_line *lines; /* by number − 1 */
        ocore__group *policy, *wish_rows;
        ocore__sourcing_view catalog;
        ocore__order_wishes wishes;
        ocore__sourcing sourcing;
        ocore__one_site bound; /* the caller notes where units of its groups stay */
        ocore_str excluded; /* nothing is taken at this site; empty: there is none */
} ocore__anew;

/* Before the fetch of the order. */
int ocore__anew_consult(ocore__work *work, ocore__anew *anew);
/* Once the order is found: room for its lines, none of them looked at. */
int ocore__anew_begin(ocore__work *work, ocore__order_view *order, ocore__anew *anew);
/* Reads what the lines to be looked at rest on, and relies on what covers it. The wishes are
 * resolved; refusals name their fields. */
int ocore__anew_read(ocore__work *work, ocore__anew *anew);
/* What `quantity` of a line wants: from the site where units of its group stay, if there are any;
 * nothing where the line itself has to come from another. */
ocore__want_line ocore__anew_want(
        const ocore__work *work, const ocore__anew *anew, int64_t line, int64_t quantity);
/* Takes a piece for a line: available → allocated, with its allocation row. Of a piece without
 * quantity only what must stay as it is at its site is guarded. */
int ocore__anew_take(
        ocore__work *work, ocore__anew *anew, int64_t line, const ocore__source_piece *piece);
/* `quantity` of a line could not be had: it waits. Where the line waits already for what is drop
 * shipped or made for it, it waits with that: the purchase order covers only what it was drawn up
 * for, and what is left when it is over can be arranged. */
int ocore__anew_wait(ocore__work *work, ocore__anew *anew, int64_t line, int64_t quantity);

#endif
