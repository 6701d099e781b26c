/**
 * @file supply.h
 * What is not there yet: suppliers, purchase and production orders, backorders, promises.
 *
 * A supply is a dated quantity that will come to a site. A backorder waits in the queue of its
 * product, by priority and then by age, and is pegged to supplies: what one order was promised is
 * not promised to another. The store guards that like stock.
 */
#ifndef ORDERCORE_SUPPLY_H
#define ORDERCORE_SUPPLY_H

#include "stock_control.h"
#include "returns.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Someone who supplies goods. Library-filled. */
typedef struct ocore_supplier {
        ocore_str supplier;  /**< The code; the key. */
        ocore_str name;      /**< For people. */
        int64_t lead_us;     /**< How long supply takes as a rule. */
        int64_t over_ppm;    /**< How much more than ordered may be delivered, in parts per million of a line. */
        ocore_str email;     /**< Where purchase orders go, or empty. */
} ocore_supplier;

/** Caller-filled. Sets a supplier. */
typedef struct ocore_supplier_request {
        size_t struct_size;  /**< sizeof(ocore_supplier_request). */
        ocore_id id;         /**< The retry key. */
        ocore_str supplier;  /**< Needed; at most 64 bytes. */
        ocore_str name;      /**< Empty: as supplier. */
        int64_t lead_us;     /**< 0 or more. */
        int64_t over_ppm;    /**< 0 to 1,000,000. */
        ocore_str email;     /**< Or empty. */
} ocore_supplier_request;

/** Sets a supplier. Since 0.1. */
OCORE_API int ocore_supplier_put(ocore_core *core, const ocore_supplier_request *request, const ocore_supplier **out);

/** All suppliers. Library-filled. */
typedef struct ocore_supplier_list {
        const ocore_supplier *const *suppliers; /**< By code. */
        size_t supplier_count;                  /**< How many. */
} ocore_supplier_list;

/** Lists all suppliers. Since 0.1. */
OCORE_API int ocore_supplier_list_all(ocore_core *core, const ocore_empty_request *request, const ocore_supplier_list **out);

/**
 * @name Kinds of purchase orders
 * @{
 */
#define OCORE_PURCHASE_STOCK 1      /**< Goods for a site. */
#define OCORE_PURCHASE_DROP_SHIP 2  /**< Goods that the supplier sends to the customer of one order. */
#define OCORE_PURCHASE_PRODUCTION 3 /**< Goods that are made; perhaps for one order. */
/** @} */

/**
 * @name States of a purchase order
 * @{
 */
#define OCORE_PURCHASE_PROPOSED 1  /**< Drawn up; nothing is on its way. */
#define OCORE_PURCHASE_SENT 2      /**< With the supplier; it counts as supply. */
#define OCORE_PURCHASE_CONFIRMED 3 /**< Agreed by the supplier. */
#define OCORE_PURCHASE_RECEIVING 4 /**< A part has come. */
#define OCORE_PURCHASE_CLOSED 5    /**< Nothing more comes. */
#define OCORE_PURCHASE_CANCELLED 6 /**< Called off before anything came. */
/** @} */

/**
 * @name Steps of a purchase order
 * @{
 */
#define OCORE_PURCHASE_STEP_SEND 1    /**< purchase.send */
#define OCORE_PURCHASE_STEP_CONFIRM 2 /**< purchase.confirm */
#define OCORE_PURCHASE_STEP_RECEIVE 3 /**< purchase.receive, or purchase.ship of a drop shipment; something is still to come */
#define OCORE_PURCHASE_STEP_FINISH 4  /**< the same or purchase.confirm, and nothing is */
#define OCORE_PURCHASE_STEP_CLOSE 5   /**< purchase.close */
#define OCORE_PURCHASE_STEP_CANCEL 6  /**< purchase.cancel */
/** @} */

/** A line of a purchase order. Library-filled. */
typedef struct ocore_purchase_line {
        ocore_id purchase_id; /**< Of which purchase order. */
        int64_t number;       /**< 1, 2, 3 … */
        ocore_str sku;        /**< Which product. */
        int64_t scale;        /**< Decimals of the quantities. */
        int64_t quantity;     /**< Ordered, as confirmed. */
        int64_t received;     /**< Come in so far; may be more than ordered. */
        int64_t due_us;       /**< When it is expected. */
        int64_t order_line;   /**< Of a purchase order for one order: which of its lines; else 0. */
} ocore_purchase_line;

/** A purchase order, or an order to make something. Library-filled. */
typedef struct ocore_purchase {
        ocore_id id;          /**< The id of the command that proposed it, or made from it and the order's. */
        int64_t kind;         /**< OCORE_PURCHASE_… kind. */
        ocore_str supplier;   /**< From whom; empty: own production. */
        ocore_str site;       /**< Where it is to come to. */
        int64_t state;        /**< OCORE_PURCHASE_… state. */
        ocore_id order_id;    /**< The order it is for alone; zero: for stock. */
        ocore_str reference;  /**< The supplier's number for it. */
        int64_t proposed_us;  /**< When it was drawn up. */
        int64_t sent_us;      /**< When it was sent; 0: not yet. */
        int64_t closed_us;    /**< When it was over; 0: not yet. */
        int64_t event_count;  /**< Number of its last event. */
        const ocore_purchase_line *const *lines; /**< What is ordered. */
        size_t line_count;    /**< How many. */
} ocore_purchase;

/** Caller-filled. A line of a purchase order. */
typedef struct ocore_purchase_request_line {
        ocore_str sku;           /**< Needed; goods. */
        ocore_quantity quantity; /**< Above zero. */
        int64_t due_us;          /**< When it is wanted; 0: after the lead time of the product, else of the supplier. */
} ocore_purchase_request_line;

/** Caller-filled. Draws a purchase or production order up. */
typedef struct ocore_purchase_request {
        size_t struct_size; /**< sizeof(ocore_purchase_request). */
        ocore_id id;        /**< The retry key and the purchase order's id. */
        int64_t kind;       /**< OCORE_PURCHASE_STOCK or _PRODUCTION; 0: stock. Drop shipments come from orders. */
        ocore_str supplier; /**< Needed for stock; must exist. */
        ocore_str site;     /**< Needed; must exist. */
        const ocore_purchase_request_line *lines; /**< At least one. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_purchase_request_line). */
} ocore_purchase_request;

/** Draws a purchase or production order up; nothing counts as supply yet. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_purchase_propose(ocore_core *core, const ocore_purchase_request *request, const ocore_purchase **out);

/** Caller-filled. Arranges the supply of one order. */
typedef struct ocore_purchase_arrange_request {
        size_t struct_size; /**< sizeof(ocore_purchase_arrange_request). */
        ocore_id id;        /**< The retry key; the purchase orders' ids follow from it. */
        ocore_id order_id;  /**< Which order; placed or confirmed. */
        ocore_str site;     /**< Where things made to order are to come to; empty: the first open site. */
} ocore_purchase_arrange_request;

/** Purchase orders. Library-filled. */
typedef struct ocore_purchase_set {
        const ocore_purchase *const *purchases; /**< With their lines. */
        size_t purchase_count;                  /**< How many; 0 when nothing was left to arrange. */
} ocore_purchase_set;

/**
 * Draws up what an order needs made or drop shipped, one purchase order for each supplier (or the
 * own production), and notes it with the backorders. Often called in one unit with order.place.
 * Drop shipments need a site with `supplier` set, from where they leave. A purchase order covers
 * what it was drawn up for: what its line misses in addition later (a pick came up short) waits until
 * it is confirmed too, or the purchase order is over or cancelled; then it can be arranged.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (order, supplier, its site), OCORE_STATE. Since 0.1.
 */
OCORE_API int ocore_purchase_arrange(ocore_core *core, const ocore_purchase_arrange_request *request, const ocore_purchase_set **out);

/** Caller-filled. A step of a purchase order. */
typedef struct ocore_purchase_step_request {
        size_t struct_size;   /**< sizeof(ocore_purchase_step_request). */
        ocore_id id;          /**< The retry key. */
        ocore_id purchase_id; /**< Which purchase order. */
        ocore_str reason;     /**< Why, or empty. */
} ocore_purchase_step_request;

/**
 * Sends a purchase order (the host is told by an effect): it is supply from now on. The order it is
 * for alone gets its date at once, others by ocore_promise_run().
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (not proposed; a drop shipment of more
 * than its order waits for). Since 0.1.
 */
OCORE_API int ocore_purchase_send(ocore_core *core, const ocore_purchase_step_request *request, const ocore_purchase **out);

/** Caller-filled. What the supplier confirmed of a line. */
typedef struct ocore_purchase_confirm_line {
        int64_t number;          /**< Which line. */
        ocore_quantity quantity; /**< How much will come, with what has come; 0: none. */
        int64_t due_us;          /**< When; 0: as it was. */
} ocore_purchase_confirm_line;

/** Caller-filled. The supplier's answer. */
typedef struct ocore_purchase_confirm_request {
        size_t struct_size;   /**< sizeof(ocore_purchase_confirm_request). */
        ocore_id id;          /**< The retry key. */
        ocore_id purchase_id; /**< Which purchase order; sent, confirmed (a new answer) or receiving. */
        ocore_str reference;  /**< The supplier's number; empty: as it was. */
        const ocore_purchase_confirm_line *lines; /**< What differs from what was ordered; none: nothing. */
        size_t line_count;    /**< How many. */
        size_t line_stride;   /**< sizeof(ocore_purchase_confirm_line). */
} ocore_purchase_confirm_request;

/**
 * Notes what the supplier confirmed. Orders that were promised what no longer comes, or comes later,
 * are promised anew in the same write and told. When nothing is left to come, it is closed.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE, OCORE_INVALID (less than has come;
 * more than the order of a drop shipment waits for). Since 0.1.
 */
OCORE_API int ocore_purchase_confirm(ocore_core *core, const ocore_purchase_confirm_request *request, const ocore_purchase **out);

/** Caller-filled. What came in of a line. */
typedef struct ocore_purchase_receive_line {
        int64_t number;          /**< Which line. */
        ocore_quantity quantity; /**< Above zero. */
        ocore_str lot;           /**< Needed when the product is kept by lot or serial. */
        int64_t expires_us;      /**< When the lot expires; 0: never. */
} ocore_purchase_receive_line;

/** Caller-filled. Takes goods of a purchase order in. */
typedef struct ocore_purchase_receive_request {
        size_t struct_size;   /**< sizeof(ocore_purchase_receive_request). */
        ocore_id id;          /**< The retry key. */
        ocore_id purchase_id; /**< Which purchase order; sent, confirmed or receiving. */
        int64_t close;        /**< 1: nothing more comes (under-delivery). */
        ocore_str reference;  /**< The delivery note's number, or empty; kept with each move. */
        const ocore_purchase_receive_line *lines; /**< What came; a line may stand several times, by lot. None: all that is expected. */
        size_t line_count;    /**< How many. */
        size_t line_stride;   /**< sizeof(ocore_purchase_receive_line). */
} ocore_purchase_receive_request;

/**
 * Takes goods of a purchase order in and, in the same write, gives them to the orders that wait for
 * them: first the order it was made for, then by priority, then the oldest, until all is given; behind
 * the 10,000th of a product nobody is looked at, which promise.run does. These orders are told by effects. More
 * than ordered is refused beyond the supplier's `over_ppm`.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE, OCORE_INVALID (too much, lot missing), OCORE_EXISTS (serial number). Since 0.1.
 */
OCORE_API int ocore_purchase_receive(ocore_core *core, const ocore_purchase_receive_request *request, const ocore_purchase **out);

/** Caller-filled. What the supplier shipped to the customer. */
typedef struct ocore_purchase_ship_request {
        size_t struct_size;        /**< sizeof(ocore_purchase_ship_request). */
        ocore_id id;               /**< The retry key; also the id of the fulfillment that it makes. */
        ocore_id purchase_id;      /**< Which drop shipment; sent, confirmed or receiving; its order is confirmed. */
        ocore_str carrier;         /**< Who carries it. */
        ocore_str tracking_number; /**< Needed: the carrier's number. */
        const ocore_purchase_receive_line *lines; /**< What was shipped; none: all that is expected. */
        size_t line_count;         /**< How many. */
        size_t line_stride;        /**< sizeof(ocore_purchase_receive_line). */
} ocore_purchase_ship_request;

/**
 * The supplier reports a drop shipment: the units are shipped, in a fulfillment with its tracking
 * number. Of an order that ships complete all that it waits for of this purchase order leaves at
 * once; it does not wait for what your own sites send.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (its order is not confirmed, waits
 * for less by now, or ships complete and something would stay behind), OCORE_INVALID (more than is expected, lot missing), OCORE_EXISTS (serial number).
 * Since 0.1.
 */
OCORE_API int ocore_purchase_ship(ocore_core *core, const ocore_purchase_ship_request *request, const ocore_purchase **out);

/**
 * Nothing more comes of a purchase order: what was expected is expected no longer, and orders that
 * were promised it are promised anew in the same write: of each line up to 10,000 promises, the rest by
 * the runs of promise.run, until when the line's supply stands below zero.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1.
 */
OCORE_API int ocore_purchase_close(ocore_core *core, const ocore_purchase_step_request *request, const ocore_purchase **out);

/** Calls a purchase order off before anything came. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_purchase_cancel(ocore_core *core, const ocore_purchase_step_request *request, const ocore_purchase **out);

/** Caller-filled. Names a purchase order. */
typedef struct ocore_purchase_key {
        size_t struct_size;   /**< sizeof(ocore_purchase_key). */
        ocore_id purchase_id; /**< Which purchase order. */
} ocore_purchase_key;

/** Looks a purchase order up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_purchase_get(ocore_core *core, const ocore_purchase_key *request, const ocore_purchase **out);

/** Caller-filled. Asks for purchase orders. */
typedef struct ocore_purchase_list_request {
        size_t struct_size; /**< sizeof(ocore_purchase_list_request). */
        int64_t open;       /**< 1: only those of which something is still to come, or to be sent. */
        ocore_id after;     /**< Start behind this one; zero: from the start. */
        int64_t limit;      /**< Most of them, 1 to 1,000. 0: 100. */
} ocore_purchase_list_request;

/** Purchase orders, without their lines; with `open` perhaps fewer than asked for, though there are more. Library-filled. */
typedef struct ocore_purchase_list {
        const ocore_purchase *const *purchases; /**< By id; without lines. */
        size_t purchase_count;                  /**< How many. */
        ocore_id next;                          /**< For the next page's `after`; zero: there is no more. */
} ocore_purchase_list;

/** Lists purchase orders. Since 0.1. */
OCORE_API int ocore_purchase_list_page(ocore_core *core, const ocore_purchase_list_request *request, const ocore_purchase_list **out);

/** Caller-filled. Asks for the queue of a product. */
typedef struct ocore_backorder_list_request {
        size_t struct_size; /**< sizeof(ocore_backorder_list_request). */
        ocore_str sku;      /**< Only of this product; empty: of all, by sku. */
        ocore_str after_sku;      /**< Start behind this entry (the last page's `next_…`); empty: from the start. */
        int64_t after_rank;       /**< Its rank. */
        int64_t after_since_us;   /**< Its time. */
        ocore_id after_order;     /**< Its order. */
        int64_t after_line;       /**< Its line. */
        int64_t limit;      /**< Most entries, 1 to 1,000. 0: 100. */
} ocore_backorder_list_request;

/** Entries of the queues. Library-filled. */
typedef struct ocore_backorder_list {
        const ocore_backorder *const *backorders; /**< By sku, then as they will be served. */
        size_t backorder_count;                   /**< How many. */
        int64_t more;                             /**< 1: go on behind the last entry. */
} ocore_backorder_list;

/** Lists what orders wait for, in the order in which it will be served. Since 0.1. */
OCORE_API int ocore_backorder_list_page(ocore_core *core, const ocore_backorder_list_request *request, const ocore_backorder_list **out);

/** Caller-filled. Asks what can be promised over time. */
typedef struct ocore_promise_request {
        size_t struct_size;    /**< sizeof(ocore_promise_request). */
        ocore_str sku;         /**< Needed; goods. */
        ocore_str site;        /**< Only there; empty: at all open sites. Orders wait for no site in particular: of one site, demand is what is promised of its supplies. */
        ocore_quantity quantity; /**< How much is wanted; 0: only the table. */
        int64_t from_us;       /**< Start of the first period; 0: now. */
        int64_t period_us;     /**< Length of a period; 0: a day. */
        int64_t periods;       /**< How many, 1 to 400; 0: 14. */
        int64_t past_due_us;   /**< How late a supply may be and still count as coming now; older is not believed. 0: none counts. */
        int64_t demand_fence_us;  /**< Demand beyond this from now is not looked at; 0: all is. */
        int64_t supply_fence_us;  /**< From this time from now on supply is taken for unlimited: it can be ordered, so that periods that begin there lack nothing; 0: never. */
} ocore_promise_request;

/** One period of what can be promised. Library-filled. */
typedef struct ocore_promise_period {
        int64_t from_us;    /**< Its start. */
        int64_t supply;     /**< What comes in it; in the first one also what is there. */
        int64_t demand;     /**< What orders wait for in it. */
        int64_t available;  /**< Supply − demand, after later demand has consumed what earlier periods had left (backward consumption); below zero: not covered. */
        int64_t cumulative; /**< Of available, what is free up to here, accumulated over periods that are not below zero. */
} ocore_promise_period;

/** What can be promised over time. Library-filled. */
typedef struct ocore_promise {
        ocore_str sku;      /**< Which product. */
        int64_t scale;      /**< Decimals of the quantities. */
        int64_t now;        /**< How much of what is wanted is there now. */
        int64_t complete_us; /**< When all of what is wanted can be had; 0: nobody knows. */
        const ocore_promise_period *const *periods; /**< One after the other. */
        size_t period_count; /**< How many. */
} ocore_promise;

/**
 * Tells what can be promised over time: available-to-promise with backward consumption and
 * accumulation. `complete_us` never counts what was promised to others; goods made or sent for one
 * order alone, and what waits for them, are left out.
 * @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1.
 */
OCORE_API int ocore_promise_ask(ocore_core *core, const ocore_promise_request *request, const ocore_promise **out);

/**
 * Available-to-promise by period from supply and demand by period: what later periods lack consumes
 * what earlier ones have left, the nearest first (backward consumption); then the surplus is accumulated,
 * and what could not be covered stays below zero in its period. Pure.
 * @param available written; another array than the rest
 * @param cumulative written; may be the same array as `supply`. Both are zeros after a failure.
 * @return OCORE_OK, OCORE_INVALID (a NULL), OCORE_OVERFLOW. Since 0.1.
 */
OCORE_API int ocore_promise_periods(const int64_t *supply, const int64_t *demand, size_t count, int64_t *available, int64_t *cumulative);

/**
 * @name What a re-promise run may do to a class of orders
 * In the order in which they are served. After the strategies of backorder processing in large ERP systems.
 * @{
 */
#define OCORE_PROMISE_WIN 1          /**< Gets all it wants as early as it can be had, before everyone else; not what those below have who keep it. */
#define OCORE_PROMISE_GAIN 2         /**< Keeps at least what it has, and may become better. */
#define OCORE_PROMISE_IMPROVE 3      /**< As gain, and is served before other gaining ones where it becomes better. */
#define OCORE_PROMISE_REDISTRIBUTE 4 /**< May become better, stay, or become worse. */
#define OCORE_PROMISE_FILL 5         /**< Gets nothing new; may stay or become worse. */
#define OCORE_PROMISE_LOSE 6         /**< Loses its promise. */
/** @} */

/** Caller-filled. Which orders get which strategy; the first class that fits counts. */
typedef struct ocore_promise_class {
        int64_t strategy;     /**< OCORE_PROMISE_… */
        int64_t priority_min; /**< Orders of at least this priority. */
        int64_t priority_max; /**< And at most this; 0: any. */
        ocore_str channel;    /**< Only of this channel; empty: of any. */
} ocore_promise_class;

/** Caller-filled. Promises anew. */
typedef struct ocore_promise_run_request {
        size_t struct_size; /**< sizeof(ocore_promise_run_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str sku;      /**< Needed: which queue. */
        int64_t simulate;   /**< 1: answers what would happen; changes nothing. */
        const ocore_promise_class *classes; /**< None: all are redistributed. Orders that fit no class keep what they have. */
        size_t class_count; /**< How many, at most 32. */
        size_t class_stride; /**< sizeof(ocore_promise_class). */
        int64_t after_rank;     /**< Go on behind this place of the queue: the last run's `next_rank`. */
        int64_t after_since_us; /**< Its `next_since_us`. */
        ocore_id after_order;   /**< Its `next_order`. */
        int64_t after_line;     /**< Its `next_line`; 0: from the start of the queue. */
} ocore_promise_run_request;

/** What a run did to one backorder. Library-filled. */
typedef struct ocore_promise_change {
        ocore_id order_id;   /**< Which order. */
        int64_t line;        /**< Which of its lines. */
        int64_t strategy;    /**< OCORE_PROMISE_…; 0: none fits it. */
        int64_t filled;      /**< Units it got from what is there. */
        int64_t before_us;   /**< When all was expected; 0: nobody knew. */
        int64_t after_us;    /**< And now; 0: nobody knows, or nothing is missing. */
} ocore_promise_change;

/** What a run did. Library-filled. */
typedef struct ocore_promise_run {
        ocore_str sku;     /**< Which queue. */
        int64_t scale;     /**< Decimals of the quantities. */
        int64_t looked_at; /**< Backorders looked at: at most the next 1,000 of the queue. What is made or sent for one order alone is not counted and stands in nobody's way. */
        int64_t filled;    /**< Units that went from available to orders. */
        const ocore_promise_change *const *changes; /**< Each backorder that became better or worse. */
        size_t change_count; /**< How many. */
        int64_t more;          /**< 1: there may be others behind the last one; go on with `after_…` in another run. */
        int64_t next_rank;     /**< Of the last one that was looked at: its rank. */
        int64_t next_since_us; /**< Its time. */
        ocore_id next_order;   /**< Its order. */
        int64_t next_line;     /**< Its line; 0: none was looked at. */
} ocore_promise_run;

/**
 * Serves a queue with what is there, by strategy, then priority, then age, and promises the rest anew
 * from what is expected; orders whose date changed are told. A run looks at 1,000 backorders; `more` tells
 * that the next run may go on behind them. Those it does not look at keep what they have. Goods go only where the order, its channel,
 * safety stock and lots allow it, and nobody is promised what comes to a site that may not give to him. A simulation leaves nothing behind; its id is free again.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_INVALID, OCORE_LIMIT (classes). Since 0.1.
 */
OCORE_API int ocore_promise_run_queue(ocore_core *core, const ocore_promise_run_request *request, const ocore_promise_run **out);

/**
 * @name Kinds of alternatives
 * @{
 */
#define OCORE_ALTERNATIVE_WHOLE 1      /**< All of it, now, from one site. */
#define OCORE_ALTERNATIVE_SITES 2      /**< All of it, now, from several sites. */
#define OCORE_ALTERNATIVE_PARTIAL 3    /**< A part of it now. */
#define OCORE_ALTERNATIVE_LATER 4      /**< All of it at a later date. */
#define OCORE_ALTERNATIVE_SUBSTITUTE 5 /**< Another product. */
/** @} */

/** One way out when a product is short. Library-filled. */
typedef struct ocore_alternative {
        int64_t kind;      /**< OCORE_ALTERNATIVE_… */
        ocore_str sku;     /**< Which product. */
        ocore_str site;    /**< From which site; empty: several. */
        int64_t quantity;  /**< How much. */
        int64_t at_us;     /**< When. */
} ocore_alternative;

/** Ways to get what is wanted, the best first. Library-filled. */
typedef struct ocore_alternative_list {
        int64_t scale;                                  /**< Decimals of the quantities. */
        const ocore_alternative *const *alternatives;   /**< Whole, then sites, substitutes by preference, partial, later. */
        size_t alternative_count;                       /**< How many; 0: there is none. */
} ocore_alternative_list;

/** Caller-filled. Asks for ways to get a product. */
typedef struct ocore_alternative_request {
        size_t struct_size;      /**< sizeof(ocore_alternative_request). */
        ocore_str sku;           /**< Needed; goods. */
        ocore_quantity quantity; /**< Above zero. */
        ocore_str site;          /**< The site one would like; empty: any. */
        ocore_str channel;       /**< Whose safety stock counts; empty: the general one. */
} ocore_alternative_request;

/** Tells how a product can be had: at once, from elsewhere, another product, a part, or later. Changes nothing. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_product_alternatives(ocore_core *core, const ocore_alternative_request *request, const ocore_alternative_list **out);

#ifdef __cplusplus
}
#endif
#endif
