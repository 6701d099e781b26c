/* What the supply room offers to others: the rows of suppliers and purchase orders, the table of
 * their states, and how queues are served. */
#ifndef ORDERCORE_SUPPLY_SUPPLY_H
#define ORDERCORE_SUPPLY_SUPPLY_H

#include "order/order_room.h"

#include <ordercore/supply.h>

extern const ocore_table ocore__supplier_table;      /* group: supplier */
extern const ocore_table ocore__purchase_table;      /* group: purchase */
extern const ocore_table ocore__purchase_line_table; /* group: purchase */
extern const ocore_record ocore__supplier_record;
extern const ocore_record ocore__purchase_record;
extern const ocore_record ocore__purchase_line_record;
extern const ocore_choice ocore__purchase_kinds[];
extern const ocore_choice ocore__purchase_states[];
enum { OCORE__PURCHASE_BY_ORDER = 1 }; /* index */

/* The state table. OCORE_OK and the state that follows, or OCORE_STATE. Pure. */
extern const ocore__transition ocore__purchase_transitions[];
extern const size_t ocore__purchase_transition_count;
int ocore__purchase_step(int64_t state, int64_t step, int64_t *out_state);
/* 1 if what is still to come of it counts as supply. Pure. */
int ocore__purchase_is_supply(int64_t state);
/* What is still to come of a line. Pure. */
int64_t ocore__purchase_left(const ocore_purchase_line *line);
/* The most that may come of a line, from a supplier who may deliver so much more. Pure. */
int64_t ocore__purchase_most(const ocore_purchase_line *line, int64_t over_ppm);
/* When a line is expected: as it says, else by the lead time of product or supplier. Pure. */
int64_t ocore__purchase_due(
        int64_t due_us, int64_t product_lead_us, int64_t supplier_lead_us, int64_t now_us);
/* The outside account that the goods of a kind come from. Pure. */
int64_t ocore__purchase_account(int64_t kind);

/*
 * Serving the queue of a product; promise.run, and each command by which goods come in or supplies
 * change, do it by the same code. want: reads the first page of the queue past the unit (at most
 * OCORE__QUEUE_PAGE entries; ocore__unit_rows() adds the unit's own) and wants its orders, the
 * balances, supplies and rules of the product; a fetch must follow. `first` is the order that is
 * served before all others (the purchase order was made for it); zero: none. `with` is another
 * queue of the same command, with which it shares its orders, so that one that waits for many
 * products is read once; NULL: there is none.
 */
enum { OCORE__QUEUE_PAGE = 1000, OCORE__QUEUE_MAX = 10000 };
typedef struct ocore__queue ocore__queue;
int ocore__queue_want(
        ocore__work *work, ocore_str sku, ocore_id first, ocore__queue *with, ocore__queue **out);

/* What a command lets happen to a queue. Goods that came in are already available (or are there as
 * `from_bucket` says), supplies already less. */
typedef struct ocore__queue_piece {
        ocore__entry *stock; /* where goods came in */
        int64_t quantity;    /* how much of it may be given to orders */
} ocore__queue_piece;
typedef struct ocore__queue_supply {
        ocore_id source_id; /* the key of a supply, with the queue's sku */
        int64_t number;
} ocore__queue_supply;
typedef struct ocore__serving {
        const ocore__queue_piece *pieces; /* given to orders by priority, the oldest first */
        size_t piece_count;
        const ocore__queue_supply *moved; /* supplies that come at another time, or no longer: what
                                             was promised from them is promised anew */
        size_t moved_count;
} ocore__serving;
/*
 * After the fetch, once for each queue of a command: fills what waits from the pieces, then
 * promises anew what was promised from `moved` supplies and what a supply can no longer cover
 * (unpromised below zero: those served last lose it). It goes on through the queue until the pieces
 * are given, it ends, or OCORE__QUEUE_MAX entries were looked at; who was promised what is lost is
 * found wherever it stands, up to as many promises of a supply. Orders that changed are touched:
 * BACKORDER_FILLED, PROMISE_CHANGED.
 */
int ocore__queue_serve(ocore__work *work, ocore__queue *queue, const ocore__serving *serving);

/*
 * Looking ahead, for whoever asks when goods can be had. counts: 1 if a supply is for anyone, has
 * a date, is not older than `oldest_us`, and comes to the site (empty: to one that gives). ahead:
 * when `quantity` can be had of what is expected and promised to nobody, the earliest first; 0:
 * nobody knows. shelf: what is there and free, before a product's release too.
 */
int ocore__supply_counts(const ocore__availability *view, const ocore_supply *supply,
        ocore_str site, int64_t oldest_us);
int ocore__supply_ahead(const ocore__availability *view, const ocore__asked *asked, ocore_str site,
        int64_t quantity, int64_t oldest_us, int64_t *out_us);
int64_t ocore__supply_on_shelf(
        const ocore__availability *view, const ocore__asked *asked, ocore_str site);

#endif
