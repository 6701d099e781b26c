/**
 * @file inventory.h
 * Stock in buckets, moved in double entry, and holds with a deadline.
 *
 * Every unit is in exactly one bucket. Nothing is ever set: it is moved, and each move is a row
 * that never changes. What comes from or goes outside has an outside account as its other end.
 */
#ifndef ORDERCORE_INVENTORY_H
#define ORDERCORE_INVENTORY_H

#include "sourcing.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Buckets and outside accounts
 * The two ends of a move.
 * @{
 */
#define OCORE_BUCKET_AVAILABLE 1  /**< On hand, free to promise. */
#define OCORE_BUCKET_HELD 2       /**< On hand, under a hold. */
#define OCORE_BUCKET_ALLOCATED 3  /**< On hand, belongs to an order line. */
#define OCORE_BUCKET_PICKED 4     /**< On hand, taken from the shelf for a shipment. */
#define OCORE_BUCKET_INSPECTION 5 /**< On hand, returned and not yet judged. */
#define OCORE_BUCKET_DAMAGED 6    /**< On hand, not for sale. */
#define OCORE_BUCKET_INCOMING 7   /**< Not yet here: on order from a supplier, or being made. */
#define OCORE_BUCKET_IN_TRANSIT 8 /**< Not yet here: on the way from another site. */
#define OCORE_ACCOUNT_SUPPLIER 16 /**< Outside: goods come from there, or go back. */
#define OCORE_ACCOUNT_CUSTOMER 17 /**< Outside: goods go there, or come back. */
#define OCORE_ACCOUNT_SCRAP 18    /**< Outside: thrown away. */
#define OCORE_ACCOUNT_COUNT 19    /**< Outside: the other end of a correction. */
#define OCORE_ACCOUNT_PRODUCTION 20 /**< Outside: goods that were made come from there. */
#define OCORE_ACCOUNT_LOST 21     /**< Outside: lost on the way or on the shelf. */
#define OCORE_ACCOUNT_OVERSOLD 22 /**< Outside, but counted at each place: goods the customer had in hand though the books had none; see ocore_stock.oversold. */
#define OCORE_ACCOUNT_TRANSFER 23 /**< Between two sites: what one sends the other has in transit by the same command, so over all sites it is zero at all times. */
/** @} */

/** The balance of one sku at one site in one lot. Library-filled. On hand is the sum of the buckets. */
typedef struct ocore_stock {
        ocore_str sku;      /**< Which product. */
        ocore_str site;     /**< Where. */
        ocore_str lot;      /**< Lot or serial; empty: not kept by lot. */
        int64_t scale;      /**< Decimals of the quantities. */
        int64_t available;  /**< OCORE_BUCKET_AVAILABLE. */
        int64_t held;       /**< OCORE_BUCKET_HELD. */
        int64_t allocated;  /**< OCORE_BUCKET_ALLOCATED. */
        int64_t picked;     /**< OCORE_BUCKET_PICKED. */
        int64_t inspection; /**< OCORE_BUCKET_INSPECTION. */
        int64_t damaged;    /**< OCORE_BUCKET_DAMAGED. */
        int64_t incoming;   /**< OCORE_BUCKET_INCOMING; not on hand. */
        int64_t in_transit; /**< OCORE_BUCKET_IN_TRANSIT; not on hand. */
        int64_t oversold;   /**< Sold over the counter though the books had none; what is on hand is less by this. The next receipt or count settles it. */
        int64_t expires_us; /**< When the lot expires; 0: never. */
        int64_t received_us; /**< When the row was first received, or received again after it was empty; 0: not yet. */
        int64_t recalled_us; /**< When the lot was recalled; 0: it was not. It is never for sale again: what would become available becomes damaged. */
        int64_t counts;     /**< How often a count or correction has changed the row. */
} ocore_stock;

/** A move of stock; never changes. Library-filled. */
typedef struct ocore_stock_move {
        ocore_id command_id; /**< The command that moved it. */
        int64_t number;      /**< 1, 2, 3 … within the command. */
        ocore_str sku;       /**< Which product. */
        ocore_str site;      /**< Where. */
        ocore_str lot;       /**< Lot or serial. */
        int64_t scale;       /**< Decimals of the quantity. */
        int64_t from_bucket; /**< Bucket or account it leaves. */
        int64_t to_bucket;   /**< Bucket or account it enters. */
        int64_t quantity;    /**< Above zero. */
        int64_t at_us;       /**< When. */
        ocore_id subject_id; /**< The order or hold it was for; zero: none. */
        ocore_str reason;    /**< Of a correction; else empty. */
} ocore_stock_move;

/** The moves of one command. Library-filled. */
typedef struct ocore_stock_moves {
        const ocore_stock_move *const *moves; /**< In order of number. */
        size_t move_count;                    /**< How many; 0 when a count found what was expected. */
} ocore_stock_moves;

/** Caller-filled. One line of a stock command. */
typedef struct ocore_stock_line {
        ocore_str sku;           /**< Needed; goods. */
        ocore_str site;          /**< Needed; must exist. */
        ocore_str lot;           /**< Empty: not kept by lot. */
        ocore_quantity quantity; /**< See the command. */
        int64_t expires_us;      /**< When the lot that comes in expires. 0: as the lot is known, or never. A lot has one date. */
} ocore_stock_line;

/** Caller-filled. A stock command. */
typedef struct ocore_stock_request {
        size_t struct_size;            /**< sizeof(ocore_stock_request). */
        ocore_id id;                   /**< The retry key. */
        ocore_str reason;              /**< Why, or a document's number; kept with each move. */
        const ocore_stock_line *lines; /**< At least one; all or none are carried out. */
        size_t line_count;             /**< How many. */
        size_t line_stride;            /**< sizeof(ocore_stock_line). */
} ocore_stock_request;

/**
 * Takes goods in: supplier → available; of a recalled lot → damaged. What was oversold there is
 * settled first. Quantities above zero.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (sku or site), OCORE_STATE (the lot has another date), OCORE_EXISTS (the serial number is in the house). Since 0.1.
 */
OCORE_API int ocore_stock_receive(ocore_core *core, const ocore_stock_request *request, const ocore_stock_moves **out);

/**
 * Corrects available stock by a difference, not zero: count → available or back. What is found
 * settles what was oversold there first.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK (it would fall below zero), OCORE_STATE, OCORE_EXISTS (as ocore_stock_receive()). Since 0.1.
 */
OCORE_API int ocore_stock_adjust(ocore_core *core, const ocore_stock_request *request, const ocore_stock_moves **out);

/**
 * Sets available stock to what was counted, zero or more; nothing is oversold there any longer.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (the lot is recalled, or has another date), OCORE_EXISTS (as ocore_stock_receive()). Since 0.1.
 */
OCORE_API int ocore_stock_count(ocore_core *core, const ocore_stock_request *request, const ocore_stock_moves **out);

/** Caller-filled. Moves stock between buckets at one place. */
typedef struct ocore_stock_transfer_request {
        size_t struct_size;      /**< sizeof(ocore_stock_transfer_request). */
        ocore_id id;             /**< The retry key. */
        ocore_str sku;           /**< Needed. */
        ocore_str site;          /**< Needed. */
        ocore_str lot;           /**< Empty: not kept by lot. */
        int64_t from_bucket;     /**< OCORE_BUCKET_AVAILABLE or OCORE_BUCKET_DAMAGED. */
        int64_t to_bucket;       /**< One of these, OCORE_ACCOUNT_SCRAP or OCORE_ACCOUNT_SUPPLIER. */
        ocore_quantity quantity; /**< Above zero. */
        ocore_str reason;        /**< Why. */
} ocore_stock_transfer_request;

/** Moves stock between buckets, to scrap or back to the supplier. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK, OCORE_STATE (a recalled lot is not for sale). Since 0.1. */
OCORE_API int ocore_stock_transfer(ocore_core *core, const ocore_stock_transfer_request *request, const ocore_stock_moves **out);

/** Caller-filled. Asks for stock balances. */
typedef struct ocore_stock_list_request {
        size_t struct_size; /**< sizeof(ocore_stock_list_request). */
        ocore_str sku;      /**< Only of this product; empty: of all. */
        ocore_str after;    /**< Start behind this sku; empty: from the start. */
        int64_t limit;      /**< Most products, 1 to 1,000. 0: 100. */
} ocore_stock_list_request;

/** Stock balances. Library-filled. */
typedef struct ocore_stock_list {
        const ocore_stock *const *stock; /**< By sku, site and lot. */
        size_t stock_count;              /**< How many. */
        ocore_str next;                  /**< For the next page's `after`; empty: there is no more. */
} ocore_stock_list;

/** Lists stock balances. Since 0.1. */
OCORE_API int ocore_stock_list_page(ocore_core *core, const ocore_stock_list_request *request, const ocore_stock_list **out);

/**
 * @name States of a hold
 * @{
 */
#define OCORE_HOLD_OPEN 1      /**< Stock is held. */
#define OCORE_HOLD_CONVERTED 2 /**< It became an order's allocation. */
#define OCORE_HOLD_RELEASED 3  /**< It was given back. */
#define OCORE_HOLD_LAPSED 4    /**< The deadline passed; it was given back. */
/** @} */

/** Stock held at one place. Library-filled. */
typedef struct ocore_hold_line {
        ocore_id hold_id;  /**< Of which hold. */
        int64_t number;    /**< 1, 2, 3 … */
        ocore_str sku;     /**< Which product. */
        ocore_str site;    /**< Where. */
        ocore_str lot;     /**< Lot or serial. */
        int64_t scale;     /**< Decimals of the quantity. */
        int64_t quantity;  /**< How much; 0 in an open hold when all of it was used or taken. */
        int64_t reason;    /**< OCORE_ALLOCATED_… */
        ocore_str held_sku; /**< The sku while it is held; empty once nothing of the line is. */
        int64_t priority;  /**< Of its hold. */
        int64_t rank;      /**< Among holds of one priority, lower gives way first: minus the time when it was placed. */
} ocore_hold_line;

/** A hold: stock kept until a deadline. Library-filled. */
typedef struct ocore_hold {
        ocore_id id;           /**< The hold; the id of the command that placed it. */
        int64_t state;         /**< OCORE_HOLD_… */
        int64_t expires_us;    /**< The deadline. */
        int64_t due_us;        /**< The deadline while it is open, else 0. */
        ocore_id order_id;     /**< The order it was converted for; zero: none. */
        int64_t at_us;         /**< When it was placed. */
        const ocore_hold_line *const *lines; /**< What is held where. */
        size_t line_count;     /**< How many. */
        ocore_str holder;      /**< For whom: a cart, a customer, a till; may be empty. */
        int64_t priority;      /**< Higher is more important; 0 as a rule. */
        int64_t event_count;   /**< Number of its last event. */
} ocore_hold;

/** Caller-filled. What is to be held. */
typedef struct ocore_hold_request_line {
        ocore_str sku;           /**< Needed; goods. */
        ocore_quantity quantity; /**< Above zero. */
} ocore_hold_request_line;

/** Caller-filled. Holds stock. */
typedef struct ocore_hold_request {
        size_t struct_size;       /**< sizeof(ocore_hold_request). */
        ocore_id id;              /**< The retry key and the hold's id. */
        int64_t expires_us;       /**< Needed: the deadline; in the future. */
        int64_t strategy;         /**< OCORE_ALLOCATE_…; 0: priority. */
        const ocore_hold_request_line *lines; /**< At least one; all or none are held. */
        size_t line_count;        /**< How many. */
        size_t line_stride;       /**< sizeof(ocore_hold_request_line). */
        ocore_str holder;         /**< For whom; may be empty. */
        int64_t priority;         /**< Higher is more important; 0 or more. */
        int64_t preempt;          /**< 1: what is short is taken from open holds of lower priority, the lowest and youngest first, but not what safety stock would swallow; they keep the rest. */
        ocore_str channel;        /**< Whose safety stock is left alone; empty: the general one. */
} ocore_hold_request;

/**
 * Holds stock until a deadline. With `preempt` at most 100 lines of other holds are looked at for each
 * product, those that give way first; a holder that loses something is told by an event
 * (OCORE_EVENT_HOLD_REDUCED), one that loses everything by its release.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK (also before the product's
 *         release), OCORE_LAPSED (the deadline is past). Since 0.1.
 */
OCORE_API int ocore_hold_place(ocore_core *core, const ocore_hold_request *request, const ocore_hold **out);

/** Caller-filled. Gives a hold back. */
typedef struct ocore_hold_release_request {
        size_t struct_size; /**< sizeof(ocore_hold_release_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id hold_id;   /**< Which hold. */
} ocore_hold_release_request;

/** Gives a hold back. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (it is over). Since 0.1. */
OCORE_API int ocore_hold_release(ocore_core *core, const ocore_hold_release_request *request, const ocore_hold **out);

/** Caller-filled. Gives a hold a new deadline. */
typedef struct ocore_hold_extend_request {
        size_t struct_size; /**< sizeof(ocore_hold_extend_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id hold_id;   /**< Which hold; open, its deadline not passed. */
        int64_t expires_us; /**< The new deadline; in the future. It may be sooner than the old one. */
} ocore_hold_extend_request;

/** Gives an open hold a new deadline. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (it is over), OCORE_LAPSED (either deadline is past). Since 0.1. */
OCORE_API int ocore_hold_extend(ocore_core *core, const ocore_hold_extend_request *request, const ocore_hold **out);

/** Caller-filled. One sku of a hold. */
typedef struct ocore_hold_transfer_line {
        ocore_str sku;           /**< Which product of the hold. */
        ocore_quantity quantity; /**< How much of it; above zero. */
} ocore_hold_transfer_line;

/** Caller-filled. Gives a hold, or a part of it, to another holder. */
typedef struct ocore_hold_transfer_request {
        size_t struct_size; /**< sizeof(ocore_hold_transfer_request). */
        ocore_id id;        /**< The retry key; a part that goes becomes a hold with this id. */
        ocore_id hold_id;   /**< Which hold; open, its deadline not passed. */
        ocore_str holder;   /**< Needed: the new holder. */
        const ocore_hold_transfer_line *lines; /**< What goes; none: the whole hold, which keeps its id. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_hold_transfer_line). */
} ocore_hold_transfer_request;

/**
 * Gives a hold, or a part of it, to another holder, with its deadline and priority. Stock stays held,
 * so nothing is moved; a hold of which everything is given away in parts is released. Answers the
 * hold of the new holder.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (the hold, or a product that it does not hold),
 *         OCORE_STATE, OCORE_LAPSED, OCORE_OUT_OF_STOCK (the hold has less). Since 0.1.
 */
OCORE_API int ocore_hold_transfer(ocore_core *core, const ocore_hold_transfer_request *request, const ocore_hold **out);

/** Caller-filled. Names a hold. */
typedef struct ocore_hold_key {
        size_t struct_size; /**< sizeof(ocore_hold_key). */
        ocore_id hold_id;   /**< Which hold. */
} ocore_hold_key;

/** Looks a hold up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_hold_get(ocore_core *core, const ocore_hold_key *request, const ocore_hold **out);

/**
 * @name How missing stock is expected
 * @{
 */
#define OCORE_SOURCE_PURCHASE 1   /**< A line of a purchase order. */
#define OCORE_SOURCE_TRANSFER 2   /**< A line of a transfer from another site. */
#define OCORE_SOURCE_PRODUCTION 3 /**< A line of a production order. */
/** @} */

/** A supply: goods that are expected somewhere at some time. Library-filled. */
typedef struct ocore_supply {
        ocore_str sku;      /**< Which product. */
        ocore_id source_id; /**< The purchase order or transfer. */
        int64_t number;     /**< Its line. */
        int64_t source;     /**< OCORE_SOURCE_… */
        ocore_str site;     /**< Where it will be. */
        int64_t scale;      /**< Decimals of the quantities. */
        int64_t due_us;     /**< When it is expected. */
        int64_t expected;   /**< How much is still to come. */
        int64_t unpromised; /**< Of that, what no order waits for; below zero: so much was promised, but came already or is lost, and the next promise run mends it. */
        ocore_id order_id;  /**< The order it is for alone (made to order); zero: for all. */
} ocore_supply;

/** Caller-filled. One question of ocore_stock_availability(). */
typedef struct ocore_availability_pair {
        ocore_str sku;  /**< Needed; goods or a bundle. */
        ocore_str site; /**< Which site; empty: all open ones together. */
} ocore_availability_pair;

/** Caller-filled. Asks how many can be had of many products. */
typedef struct ocore_availability_request {
        size_t struct_size; /**< sizeof(ocore_availability_request). */
        ocore_str channel;  /**< Whose safety stock and caps count; empty: the general ones. */
        const ocore_availability_pair *pairs; /**< The questions. */
        size_t pair_count;  /**< How many; at most ocore_config.lines_max. */
        size_t pair_stride; /**< sizeof(ocore_availability_pair). */
} ocore_availability_request;

/** How many of a product can be had at a site. Library-filled. */
typedef struct ocore_available {
        ocore_str sku;      /**< As asked. */
        ocore_str site;     /**< As asked. */
        int64_t known;      /**< 1: there is such a product and site. */
        int64_t scale;      /**< Decimals of the quantities. */
        int64_t available;  /**< Free to promise now: safety stock, channel cap and expired lots left out; of a bundle what its parts allow. */
        int64_t held;       /**< Under holds. */
        int64_t on_the_way; /**< Expected and not yet promised. */
        int64_t next_us;    /**< When the first of it is expected; 0: nothing is. */
} ocore_available;

/** The answers, in the order of the questions. Library-filled. */
typedef struct ocore_availability_list {
        const ocore_available *const *available; /**< One for each pair. */
        size_t available_count;                  /**< How many. */
} ocore_availability_list;

/**
 * Answers how many can be had of many products at many sites, in one read (bundles, caps, safety
 * stock and supplies in a few more). Rows that the core remembers, at most
 * `ocore_config.balance_age_us` old, are not read again; orders and holds never rest on them alone.
 * A bundle can be had as often as its scarcest part allows: over all sites parts are counted
 * together, as an order's lines may come from several. Sums that leave 64 bits stay at INT64_MAX.
 * Cost: constant for each pair, as a product's sites and lots are few.
 * @return OCORE_OK; an unknown product or site is no error: `known` is 0. Since 0.1.
 */
OCORE_API int ocore_stock_availability(ocore_core *core, const ocore_availability_request *request, const ocore_availability_list **out);

#ifdef __cplusplus
}
#endif
#endif
