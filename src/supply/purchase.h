/* What the files of purchase orders share: an order to a supplier with all that its steps need. */
#ifndef ORDERCORE_SUPPLY_PURCHASE_H
#define ORDERCORE_SUPPLY_PURCHASE_H

#include "supply.h"

#include "order/backorder.h"

/* A purchase order as a command sees it. */
typedef struct ocore__purchase_view {
        ocore__group *purchases; /* one row, or none */
        ocore__group *lines;
        ocore__entry **line_at; /* by number − 1; made by ocore__purchase_found() */
        size_t line_count;
} ocore__purchase_view;

int ocore__purchase_want(ocore__work *work, ocore_id purchase_id, ocore__purchase_view *out);
/* The groups as the unit has them, for one that the command itself makes. */
int ocore__purchase_own(ocore__work *work, ocore_id purchase_id, ocore__purchase_view *out);
/* After the fetch: the purchase order with its lines, checked like everything that a store returns;
 * or a refusal OCORE_NOT_FOUND by "purchase_id". */
int ocore__purchase_found(
        ocore__work *work, ocore__purchase_view *view, const ocore_purchase **out);
/* How a step begins: reads the purchase order and checks that its state allows the step. */
int ocore__purchase_fetch(ocore__work *work, ocore_id purchase_id, int64_t step,
        ocore__purchase_view *view, const ocore_purchase **out, int64_t *out_state);
int ocore__purchase_step_check(
        ocore__work *work, const ocore_purchase *purchase, int64_t step, int64_t *out_state);
/* The only way in which a purchase order changes: its row to change, with the event written. */
ocore_purchase *ocore__purchase_touch(
        ocore__work *work, const ocore__purchase_view *view, int64_t event, ocore_str detail);
int ocore__purchase_answer(
        ocore__work *work, const ocore__purchase_view *view, const void **answer);
/* The lines that a request names, by number; a refusal by "lines[n].number". */
int ocore__purchase_line_entry(ocore__work *work, const ocore__purchase_view *view, int64_t number,
        size_t index, ocore__entry **out);

/* 1 if something is still to come of it. */
int ocore__purchase_open_left(const ocore__purchase_view *view);

/* What a line of a purchase order is about. */
typedef struct ocore__purchase_goods {
        ocore__group *products;
        ocore__group *stock;
        ocore__group *supplies;
        ocore__entry *supply; /* the row of what is still to come; NULL: there was none */
        ocore__queue *queue;  /* of the sku, at the first line of it that is used; else NULL */
        size_t first;         /* that line */
        size_t next;          /* number of the next used line of the sku; 0: none */
} ocore__purchase_goods;

/* What a step needs beside the purchase order itself. */
typedef struct ocore__purchase_needs {
        ocore__purchase_goods *goods; /* of each line */
        ocore__group *suppliers;      /* NULL: own production */
        int for_order;                /* it is for one order alone: */
        ocore__order_view order;
        ocore__backorder_view waiting;
} ocore__purchase_needs;

/* The second read of a step: of the lines that it uses (NULL: all) products, balances and supplies;
 * with `queues` also who waits for them; the supplier; and the order it is for alone. */
int ocore__purchase_fetch_needs(ocore__work *work, const ocore__purchase_view *view,
        const uint8_t *used, int queues, ocore__purchase_needs *out);
/* The product of a line, relied on; a line of nothing that is known is OCORE_CORRUPT. */
const ocore_product *ocore__purchase_product(
        ocore__work *work, const ocore__purchase_goods *goods, const ocore_purchase_line *line);
/* The balance that a line comes to before its lot is known. */
ocore__entry *ocore__purchase_place(ocore__work *work, const ocore_purchase *purchase,
        const ocore__purchase_goods *goods, const ocore_purchase_line *line);
/* The row of what is still to come of a line; NULL: nothing is. */
static inline ocore__entry *ocore__purchase_supply(const ocore__purchase_goods *goods)
{
        return goods->supply && ocore__row(goods->supply) ? goods->supply : NULL;
}

/* `quantity` of what was expected of a line is expected no longer: incoming → the account it
 * would have come from. */
int ocore__purchase_expect_less(ocore__work *work, const ocore_purchase *purchase,
        const ocore__purchase_goods *goods, const ocore_purchase_line *line, int64_t quantity);
/* A failure of balances or supplies in words. */
int ocore__purchase_books(ocore__work *work, int status);
/* All that is still to come of it is expected no longer. */
int ocore__purchase_withdraw(
        ocore__work *work, const ocore__purchase_view *view, const ocore__purchase_needs *needs);
/* Serves the queue of each product: pieces came in, each of line_of[i] (an index); and moved[i]
 * (NULL: none) says that what was promised of a line is to be promised anew. */
int ocore__purchase_serve(ocore__work *work, const ocore__purchase_view *view,
        const ocore__purchase_needs *needs, const ocore__queue_piece *pieces, const size_t *line_of,
        size_t piece_count, const uint8_t *moved);
/* The order that it was for alone can have another one made for what it still waits for. */
int ocore__purchase_forget(ocore__work *work, const ocore__purchase_view *view,
        const ocore__purchase_needs *needs, int64_t event);
/* What the order's line still waits for from this purchase order; 0: nothing. */
int64_t ocore__purchase_wanted(const ocore_purchase *purchase, const ocore__purchase_needs *needs,
        const ocore_purchase_line *line);

/* The description of one thing that came of a line. */
extern const ocore_record ocore__purchase_receive_line_record;

/* One thing that came of a line. */
typedef struct ocore__purchase_arrival {
        size_t line;      /* index of the purchase order's line */
        int64_t quantity; /* in smallest units */
        ocore_str lot;
        int64_t expires_us;
} ocore__purchase_arrival;
/* What a request says that came; when it names nothing, all that is expected. used[i] is set for
 * each line of which something came. */
int ocore__purchase_arrivals(ocore__work *work, const ocore__purchase_view *view,
        const ocore_purchase_receive_line *lines, size_t count, uint8_t *used,
        ocore__purchase_arrival **out, size_t *out_count);

#endif
