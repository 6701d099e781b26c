/**
 * @file order.h
 * Orders: draft, verify, quote, place, confirm, cancel, and looking at them.
 *
 * Three things are told apart: the order's own state (a table of transitions), how far its units
 * are fulfilled (derived from quantities), and how far it is paid (derived from payments).
 */
#ifndef ORDERCORE_ORDER_H
#define ORDERCORE_ORDER_H

#include "stock_control.h"
#include "shipping.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name States of an order
 * @{
 */
#define OCORE_ORDER_NONE 0      /**< There is no order yet. */
#define OCORE_ORDER_DRAFT 1     /**< Saved, holds nothing, can be corrected. */
#define OCORE_ORDER_PLACED 2    /**< Taken; its stock is allocated. */
#define OCORE_ORDER_CONFIRMED 3 /**< The sale is agreed; the customer owes the total. */
#define OCORE_ORDER_COMPLETED 4 /**< Every unit is delivered or cancelled. */
#define OCORE_ORDER_CANCELLED 5 /**< Over before anything was shipped. */
/** @} */

/**
 * @name Steps of an order
 * What can happen to the state; ocore_order_next() tells which are allowed now.
 * @{
 */
#define OCORE_STEP_SAVE 1     /**< order.save */
#define OCORE_STEP_PLACE 2    /**< order.place */
#define OCORE_STEP_CONFIRM 3  /**< order.confirm */
#define OCORE_STEP_CANCEL 4   /**< order.cancel, when nothing is left open */
#define OCORE_STEP_REDUCE 5   /**< order.cancel of some units */
#define OCORE_STEP_PAY 6      /**< payment.take, payment.collect, payment.refund */
#define OCORE_STEP_FULFILL 7  /**< fulfillment.create, pick, pack, ship, deliver, cancel */
#define OCORE_STEP_COMPLETE 8 /**< the last unit is delivered or cancelled */
#define OCORE_STEP_RETURN 9   /**< return.request, receive, inspect, refund */
#define OCORE_STEP_ALLOCATE 10 /**< order.reallocate; goods come in for it; it is promised anew */
#define OCORE_STEP_REPRICE 11 /**< order.reprice */
/** @} */

/**
 * @name How tax stands in prices
 * @{
 */
#define OCORE_TAX_INCLUSIVE 1 /**< The default: prices contain the tax. */
#define OCORE_TAX_EXCLUSIVE 2 /**< The tax comes on top. */
/** @} */

/**
 * @name How amounts are rounded
 * @{
 */
#define OCORE_ROUND_HALF_UP 1   /**< The default: a half goes away from zero. */
#define OCORE_ROUND_HALF_EVEN 2 /**< A half goes to the even neighbour. */
#define OCORE_ROUND_DOWN 3      /**< Towards zero. */
#define OCORE_ROUND_UP 4        /**< Away from zero. */
/** @} */

/**
 * @name Where tax is rounded
 * @{
 */
#define OCORE_ROUND_LINE 1  /**< The default: once a line. */
#define OCORE_ROUND_UNIT 2  /**< Once for a whole unit, then times the quantity. */
#define OCORE_ROUND_ORDER 3 /**< Once for all lines of a rate, shared out by largest remainder. */
/** @} */

/**
 * @name How far the units are
 * @{
 */
#define OCORE_FULFILLMENT_NONE 1      /**< Nothing has been shipped. */
#define OCORE_FULFILLMENT_PARTIAL 2   /**< Some units have been shipped. */
#define OCORE_FULFILLMENT_SHIPPED 3   /**< All have been shipped, not all delivered. */
#define OCORE_FULFILLMENT_DELIVERED 4 /**< All have been delivered. */
#define OCORE_FULFILLMENT_RETURNED 5  /**< All have come back. */
/** @} */

/**
 * @name How far it is paid
 * @{
 */
#define OCORE_PAID_NOT 1      /**< Nothing is paid. */
#define OCORE_PAID_PARTLY 2   /**< Something is still owed. */
#define OCORE_PAID_FULLY 3    /**< Nothing is owed by anyone. */
#define OCORE_PAID_TOO_MUCH 4 /**< The customer is owed something. */
/** @} */

/** Units of a line that belong to it at one place. Library-filled. */
typedef struct ocore_allocation {
        ocore_id order_id;  /**< Of which order. */
        int64_t line;       /**< Of which line. */
        ocore_str site;     /**< Where. */
        ocore_str lot;      /**< Lot or serial. */
        int64_t reason;     /**< OCORE_ALLOCATED_…: why here. */
        int64_t allocated;  /**< Waiting. */
        int64_t released;   /**< On a pick list, still on the shelf. */
        int64_t picked;     /**< Taken from the shelf. */
        int64_t packed;     /**< In a package. */
        int64_t shipped;    /**< On the way. */
        int64_t delivered;  /**< Arrived (and perhaps returned since). */
        int64_t returned;   /**< Of these, what is known to come back, or to have come back; of a line with several lots not all of it is known. */
} ocore_allocation;

/**
 * @name How missing units will come
 * @{
 */
#define OCORE_BACKORDER_SUPPLY 1        /**< They wait in the queue for any supply. */
#define OCORE_BACKORDER_PREORDER 2      /**< Likewise, and not before the product's release. */
#define OCORE_BACKORDER_DROP_SHIP 3     /**< The supplier sends them to the customer. */
#define OCORE_BACKORDER_MAKE_TO_ORDER 4 /**< They are made for this order. */
/** @} */

/** Units of a line that are not there yet, in the queue of their product. Library-filled. */
typedef struct ocore_backorder {
        ocore_id order_id;  /**< Of which order. */
        int64_t line;       /**< Of which line. */
        ocore_str sku;      /**< Which product. */
        int64_t kind;       /**< OCORE_BACKORDER_… */
        int64_t scale;      /**< Decimals of the quantity. */
        int64_t quantity;   /**< How much is missing; never 0. */
        int64_t rank;       /**< Place in the queue: minus the priority; the lowest is served first. */
        int64_t since_us;   /**< Then the oldest is served first. */
        int64_t wanted_us;  /**< When the customer wants it; 0: as soon as can be. */
        int64_t expected_us; /**< Tentative date: when the last of it is expected; 0: nobody knows. */
        ocore_str channel;  /**< The order's channel. */
        ocore_id purchase_id; /**< The drop shipment or production order made for it; zero: none. What the line misses beyond it can be confirmed in addition, or is arranged when it is over. */
} ocore_backorder;

/** A line of an order. Library-filled. All amounts in the order's currency. */
typedef struct ocore_order_line {
        ocore_id order_id;            /**< Of which order. */
        int64_t number;               /**< 1, 2, 3 … */
        ocore_str sku;                /**< Which product. */
        int64_t kind;                 /**< OCORE_PRODUCT_… */
        int64_t scale;                /**< Decimals of the quantities. */
        int64_t quantity;             /**< Ordered. */
        int64_t unit_price_minor;     /**< Of one whole unit. */
        int64_t goods_minor;          /**< Quantity × price. */
        int64_t discount_minor;       /**< The line's own discount. */
        int64_t order_discount_minor; /**< Its share of the order's discount. */
        int64_t tax_rate_ppm;         /**< Parts per million. */
        int64_t tax_minor;            /**< The tax in (or on) what is left. */
        int64_t total_minor;          /**< What the customer pays for it, with tax, without shipping. */
        int64_t shipping_minor;       /**< Its share of the shipping charge, with tax. */
        int64_t shipping_tax_minor;   /**< The tax in that share. */
        int64_t cancelled;            /**< Units cancelled. */
        int64_t performed;            /**< Units of a service or fee that are done. */
        int64_t returned;             /**< Units that came back or are announced to. */
        int64_t refunded;             /**< Units refunded after delivery. */
        int64_t shipping_refunded;    /**< Units whose share of shipping was given back, cancelled ones included. */
        int64_t allocated;            /**< Units allocated or on a pick list. Derived. */
        int64_t picked;               /**< Units picked, not packed. Derived. */
        int64_t packed;               /**< Units packed. Derived. */
        int64_t shipped;              /**< Units on the way. Derived. */
        int64_t delivered;            /**< Units with the customer. Derived. */
        int64_t open;                 /**< Units in none of these. Derived. */
        const ocore_allocation *const *allocations; /**< Where its units are from. */
        size_t allocation_count;      /**< How many. */
        int64_t backordered;          /**< Units that are not there yet. */
        int64_t parent;               /**< Of a part of a bundle: the number of the bundle's line; else 0. */
        int64_t per_parent;           /**< Of a part: how much of it is in one bundle. */
        int64_t capped;               /**< Units counted under the channel's cap. */
        int64_t preordered;           /**< Units counted under the cap of preorders. */
        ocore_str substitute_for;     /**< What was asked for, where this was sent instead; else empty. */
} ocore_order_line;

/** An order as it stands at one version. Library-filled. */
typedef struct ocore_order {
        ocore_id id;                 /**< Made by the caller. */
        ocore_str number;            /**< Readable number, or empty. */
        int64_t state;               /**< OCORE_ORDER_… */
        ocore_str channel;           /**< Where it came from: "web", "till-3". */
        ocore_str customer;          /**< The host's customer number, or empty. */
        ocore_str currency;          /**< ISO 4217; of all its amounts. */
        int64_t tax_mode;            /**< OCORE_TAX_… */
        int64_t rounding;            /**< OCORE_ROUND_… mode. */
        int64_t rounding_level;      /**< OCORE_ROUND_… level. */
        ocore_str ship_country;      /**< Where it goes: ISO 3166-1 alpha-2. */
        ocore_str ship_postcode;     /**< And postcode. */
        ocore_str shipping_option;   /**< Which option, or empty. */
        ocore_str purchase_order;    /**< The customer's own number for it. */
        ocore_str note;              /**< Free text. */
        ocore_id hold_id;            /**< The hold it was placed from; zero: none. */
        int64_t saved_us;            /**< When it was first saved or placed. */
        int64_t placed_us;           /**< When it was placed; 0: not yet. */
        int64_t earliest_us;         /**< Promised arrival, from; 0: none. */
        int64_t latest_us;           /**< Promised arrival, until; 0: none. */
        int64_t goods_minor;         /**< Sum of quantity × price. */
        int64_t discount_minor;      /**< All discounts. */
        int64_t shipping_minor;      /**< Shipping charge, with tax. */
        int64_t tax_minor;           /**< All tax, that on shipping included. */
        int64_t total_minor;         /**< What the customer pays, as placed. */
        int64_t cancelled_minor;     /**< Of that, for units cancelled. */
        int64_t refunded_minor;      /**< Of that, credited for returns. */
        int64_t event_count;         /**< Number of its last event. */
        int64_t version;             /**< Grows by one with each change. */
        int64_t fulfillment;         /**< OCORE_FULFILLMENT_… Derived. */
        int64_t payment;             /**< OCORE_PAID_… Derived. */
        int64_t paid_minor;          /**< Payments less refunds. Derived. */
        int64_t due_minor;           /**< total − cancelled − refunded − paid; below zero: owed to the customer. Derived. */
        const ocore_order_line *const *lines; /**< Its lines. */
        size_t line_count;           /**< How many. */
        int64_t ship_complete;       /**< 1: what your own sites send leaves only when all of it is on pick lists; a drop shipment leaves whole, for itself. */
        int64_t wishes;              /**< 1: the draft said more than the defaults about where goods come from; it is kept for allocating anew. */
        int64_t expected_us;         /**< When the last missing unit is expected; 0: nothing is missing, or nobody knows. Derived. */
        const ocore_backorder *const *backorders; /**< What it waits for. */
        size_t backorder_count;      /**< How many. */
} ocore_order;

/** Caller-filled. A line of a draft. */
typedef struct ocore_draft_line {
        ocore_str sku;           /**< Needed. */
        ocore_quantity quantity; /**< Above zero; no more decimals than the product has. */
        ocore_money unit_price;  /**< Of one whole unit; `{0}`: the list price; `{0, "EUR"}`: free of charge. */
        ocore_money discount;    /**< Taken off the line. */
        int64_t discount_ppm;    /**< Or a part of it, 0 to 1,000,000 parts per million; not both. */
        ocore_str site;          /**< Only from this site; empty: from any. */
        ocore_str lot;           /**< Only of this lot or serial; empty: of any. */
        int64_t together;        /**< Lines with the same number above 0 come from one site, also what of them comes later. */
        int64_t min_life_us;     /**< How long its lots must still keep; 0: as the product says. */
        int64_t substitutes;     /**< 1: when it is short, the first substitute that has all of it is sent instead, at this line's price. */
} ocore_draft_line;

/** Caller-filled. What is to be ordered: the same for verify, quote, save and place. */
typedef struct ocore_order_draft {
        size_t struct_size;        /**< sizeof(ocore_order_draft). */
        ocore_id id;               /**< The retry key and, for a new order, its id. */
        ocore_id order_id;         /**< The saved draft that this corrects or places; zero: a new order. */
        ocore_str number;          /**< Readable number, unique; or empty. */
        ocore_str channel;         /**< Empty: none. */
        ocore_str customer;        /**< The host's customer number, or empty. */
        ocore_str currency;        /**< Needed. */
        int64_t tax_mode;          /**< OCORE_TAX_…; 0: inclusive. */
        int64_t rounding;          /**< OCORE_ROUND_… mode; 0: half up. */
        int64_t rounding_level;    /**< OCORE_ROUND_… level; 0: line. */
        int64_t strategy;          /**< OCORE_ALLOCATE_…; 0: priority. */
        ocore_id hold_id;          /**< A hold to take the stock from; zero: none. */
        ocore_str ship_name;       /**< Consignee. */
        ocore_str ship_street;     /**< Street and house. */
        ocore_str ship_city;       /**< City. */
        ocore_str ship_postcode;   /**< Postcode. */
        ocore_str ship_country;    /**< ISO 3166-1 alpha-2; needed for shipping and for taxed products. */
        ocore_str email;           /**< For the customer's mail. */
        ocore_str phone;           /**< For the carrier. */
        ocore_str shipping_option; /**< Code of the option chosen; empty: no shipping (till, pickup). */
        ocore_str purchase_order;  /**< The customer's own number for it. */
        ocore_str note;            /**< Free text. */
        ocore_money discount;      /**< Taken off the goods of the whole order. */
        int64_t discount_ppm;      /**< Or a part of them, 0 to 1,000,000 parts per million; not both. */
        const ocore_draft_line *lines; /**< At least one; order.place of a saved draft may give none: then all content is the saved one's. */
        size_t line_count;         /**< How many. */
        size_t line_stride;        /**< sizeof(ocore_draft_line). */
        int64_t short_action;      /**< OCORE_SHORT_REFUSE or OCORE_SHORT_BACKORDER; 0: as the channel, else each product, says. */
        int64_t no_split;          /**< 1: one site for the whole order, also for what comes later: once units are at a site the others wait until they are there. 0: as the channel says. */
        int64_t ship_complete;     /**< 1: nothing leaves your own sites before everything that comes from them is there, and a drop shipment leaves whole, for itself; 0: as the channel says. */
        int64_t priority;          /**< Of its backorders, 0 or more; 0: as the channel says. */
        int64_t wanted_us;         /**< When the customer wants it; 0: as soon as can be. Not in the past. */
        int64_t ship_located;      /**< 1: the coordinates count. */
        int64_t ship_latitude_e7;  /**< Of the consignee: degrees north × 10,000,000. */
        int64_t ship_longitude_e7; /**< Degrees east × 10,000,000. */
        int64_t in_hand;           /**< 1: the customer has the goods in hand; where a stock rule allows it, all that is available there is sold, then below zero; never of a recalled lot. */
        int64_t hold_keep;         /**< 1: what the order does not take of the hold stays held. 0: it is free again. */
        const ocore_site_wish *sites; /**< Preferred sites in order, and excluded ones, at most 100; these count before the channel's. */
        size_t site_count;         /**< How many. */
        size_t site_stride;        /**< sizeof(ocore_site_wish). */
} ocore_order_draft;

/** One thing that is wrong with a draft. Library-filled. */
typedef struct ocore_problem {
        ocore_str status;  /**< The code's name: "INVALID". */
        ocore_str field;   /**< "lines[2].quantity". */
        ocore_str message; /**< What is wrong and how to mend it. */
} ocore_problem;

/** What verification found. Library-filled. */
typedef struct ocore_verdict {
        int64_t good; /**< 1: nothing is wrong; it could be placed now. */
        const ocore_problem *const *problems; /**< All that is wrong, at most 64. */
        size_t problem_count; /**< How many. */
} ocore_verdict;

/** Says everything that is wrong with a draft, at once, stock included; changes nothing. @return OCORE_OK, whatever it finds. Since 0.1. */
OCORE_API int ocore_order_verify(ocore_core *core, const ocore_order_draft *draft, const ocore_verdict **out);

/** A draft priced, promised and allocated, as it would be now. Library-filled. */
typedef struct ocore_order_quote {
        const ocore_order *order; /**< As placing would make it. */
        const ocore_shipping_offer *const *offers; /**< Each shipping option with price and dates, or why not. */
        size_t offer_count; /**< How many. */
        const ocore_sourcing_report *sourcing; /**< Which sites were chosen, what they cost, and for every other site why not. What is from a hold, or waits, is not in it. */
} ocore_order_quote;

/** Says what an order would cost, where it would come from and how it could be shipped; changes nothing. @return OCORE_OK, or as ocore_order_place(). Since 0.1. */
OCORE_API int ocore_order_quote_draft(ocore_core *core, const ocore_order_draft *draft, const ocore_order_quote **out);

/** Saves a draft, or what it was corrected to; checks only what is given. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (it is placed). Since 0.1. */
OCORE_API int ocore_order_save(ocore_core *core, const ocore_order_draft *draft, const ocore_order **out);

/**
 * Takes an order: prices it, allocates its stock, writes it. Lines of the same product are counted
 * together. What is short waits where draft, channel or product say so (see `short_action`);
 * else, when one line cannot be had, nothing is taken. The parts of bundles become lines of their
 * own behind those of the draft; a bundle is taken whole or waits whole, unless its parts may come
 * alone. Lines and parts together are at most `ocore_config.lines_max`.
 *
 * Cost: linear in lines, constant in quantity. Prices are rounded once a line, discounts, tax and
 * shipping are shared out by largest remainder (Hamilton), so that parts sum to the whole.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK (the error names the line
 *         and what is there), OCORE_LAPSED (the hold), OCORE_STATE, OCORE_EXISTS (number). Since 0.1.
 */
OCORE_API int ocore_order_place(ocore_core *core, const ocore_order_draft *draft, const ocore_order **out);

/** Caller-filled. Confirms an order. */
typedef struct ocore_order_confirm_request {
        size_t struct_size; /**< sizeof(ocore_order_confirm_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id order_id;  /**< Which order. */
} ocore_order_confirm_request;

/** Confirms a placed order: the customer owes its total; services and fees count as done. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_order_confirm(ocore_core *core, const ocore_order_confirm_request *request, const ocore_order **out);

/** Caller-filled. Some units of a line. */
typedef struct ocore_line_quantity {
        int64_t line;            /**< Number of the line, from 1. */
        ocore_quantity quantity; /**< How much of it, above zero. */
} ocore_line_quantity;

/** Caller-filled. Cancels an order, or some of it. */
typedef struct ocore_order_cancel_request {
        size_t struct_size; /**< sizeof(ocore_order_cancel_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id order_id;  /**< Which order. */
        ocore_str reason;   /**< Why. */
        const ocore_line_quantity *lines; /**< What of it; none: all that can still be cancelled, at least one unit. Of a bundle its own line: its parts go with it. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_line_quantity). */
} ocore_order_cancel_request;

/**
 * Cancels units that are not yet on a pick list, those that wait first: their stock is available
 * again, caps count them no longer, and their exact share of price, discount, tax and shipping is no
 * longer owed. What was paid too much is owed to the customer: see ocore_payment_refund().
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (shipped, on a pick list, over). Since 0.1.
 */
OCORE_API int ocore_order_cancel(ocore_core *core, const ocore_order_cancel_request *request, const ocore_order **out);

/** Caller-filled. Allocates an order anew. */
typedef struct ocore_order_reallocate_request {
        size_t struct_size; /**< sizeof(ocore_order_reallocate_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id order_id;  /**< Which order; placed or confirmed. */
        ocore_str site;     /**< Only what is allocated at this site moves away (it is closed, or short), and nothing is taken there; empty: everything is looked at. */
        ocore_str reason;   /**< Why, or empty. */
} ocore_order_reallocate_request;

/**
 * Allocates anew what is not yet on a pick list, by the strategy and wishes the order was placed
 * with, and fills what it waits for from what is there. What cannot be had elsewhere stays where it is, or waits if `site` is to give nothing more.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1.
 */
OCORE_API int ocore_order_reallocate(ocore_core *core, const ocore_order_reallocate_request *request, const ocore_order **out);

/** Caller-filled. A new price of a line. */
typedef struct ocore_reprice_line {
        int64_t line;           /**< Number of the line, from 1. */
        ocore_money unit_price; /**< Of one whole unit, in the order's currency. */
} ocore_reprice_line;

/** Caller-filled. Changes prices of an order. */
typedef struct ocore_order_reprice_request {
        size_t struct_size; /**< sizeof(ocore_order_reprice_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id order_id;  /**< Which order; placed or confirmed. */
        ocore_str reason;   /**< Why, or empty. */
        const ocore_reprice_line *lines; /**< At least one. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_reprice_line). */
} ocore_order_reprice_request;

/**
 * Changes prices of an order's lines; units and stock stay as they are. Discounts keep their
 * amount; tax and totals are computed anew, and a confirmed order owes the difference.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (units of the order are cancelled or refunded already; it is over). Since 0.1.
 */
OCORE_API int ocore_order_reprice(ocore_core *core, const ocore_order_reprice_request *request, const ocore_order **out);

/** Caller-filled. Names an order. */
typedef struct ocore_order_key {
        size_t struct_size; /**< sizeof(ocore_order_key). */
        ocore_id order_id;  /**< Which order; zero: by number. */
        ocore_str number;   /**< Its readable number, when order_id is zero. */
} ocore_order_key;

/** Looks an order up, by id or by number. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_order_get(ocore_core *core, const ocore_order_key *request, const ocore_order **out);

/** Caller-filled. Asks for a page of orders. */
typedef struct ocore_order_list_request {
        size_t struct_size; /**< sizeof(ocore_order_list_request). */
        ocore_str customer; /**< Only this customer's; empty: all. */
        ocore_id after;     /**< Start behind this order; zero: from the start. */
        int64_t limit;      /**< Most orders, 1 to 1,000. 0: 100. */
} ocore_order_list_request;

/** A page of orders, without their lines. Library-filled. */
typedef struct ocore_order_list {
        const ocore_order *const *orders; /**< In order of id; lines and what is derived from them left out. */
        size_t order_count;               /**< How many. */
        ocore_id next;                    /**< For the next page's `after`; zero: there is no more. */
} ocore_order_list;

/** Lists orders by id. Since 0.1. */
OCORE_API int ocore_order_list_page(ocore_core *core, const ocore_order_list_request *request, const ocore_order_list **out);

/** Everything that happened to an order. Library-filled. */
typedef struct ocore_timeline {
        const ocore_event *const *events; /**< 1, 2, 3 … without gaps. */
        size_t event_count;               /**< How many. */
} ocore_timeline;

/** Tells everything that happened to an order. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_order_timeline(ocore_core *core, const ocore_order_key *request, const ocore_timeline **out);

/** A step that the state allows. Library-filled. */
typedef struct ocore_step {
        int64_t step; /**< OCORE_STEP_… */
        int64_t to;   /**< OCORE_ORDER_…: the state it leads to. */
} ocore_step;

/** The steps that the state allows. Library-filled. */
typedef struct ocore_step_list {
        int64_t state;                  /**< OCORE_ORDER_…: the state now. */
        const ocore_step *const *steps; /**< What may come next. */
        size_t step_count;              /**< How many. */
} ocore_step_list;

/** Tells which steps an order's state allows now. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_order_next(ocore_core *core, const ocore_order_key *request, const ocore_step_list **out);

/** To whom an order goes; kept apart because it is personal. Library-filled. */
typedef struct ocore_party {
        ocore_id order_id;  /**< Of which order. */
        ocore_str name;     /**< Consignee. */
        ocore_str street;   /**< Street and house. */
        ocore_str city;     /**< City. */
        ocore_str postcode; /**< Postcode. */
        ocore_str country;  /**< ISO 3166-1 alpha-2. */
        ocore_str email;    /**< Mail address. */
        ocore_str phone;    /**< Telephone number. */
} ocore_party;

/** Looks up to whom an order goes. @return OCORE_OK, or OCORE_NOT_FOUND (no order, or it has none). Since 0.1. */
OCORE_API int ocore_order_party(ocore_core *core, const ocore_order_key *request, const ocore_party **out);

#ifdef __cplusplus
}
#endif
#endif
