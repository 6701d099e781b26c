/**
 * @file inventory.h
 * Stock in buckets, moved in double entry, and holds with a deadline.
 *
 * Every unit is in exactly one bucket. Nothing is ever set: it is moved, and each move is a row
 * that never changes. What comes from or goes outside has an outside account as its other end.
 */
#ifndef ORDERCORE_INVENTORY_H
#define ORDERCORE_INVENTORY_H

#include "catalog.h"

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
#define OCORE_ACCOUNT_SUPPLIER 16 /**< Outside: goods come from there, or go back. */
#define OCORE_ACCOUNT_CUSTOMER 17 /**< Outside: goods go there, or come back. */
#define OCORE_ACCOUNT_SCRAP 18    /**< Outside: thrown away. */
#define OCORE_ACCOUNT_COUNT 19    /**< Outside: the other end of a correction. */
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

/** Takes goods in: supplier → available. Quantities above zero. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (sku or site). Since 0.1. */
OCORE_API int ocore_stock_receive(ocore_core *core, const ocore_stock_request *request, const ocore_stock_moves **out);

/**
 * Corrects available stock by a difference, not zero: count → available or back.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK (it would fall below zero). Since 0.1.
 */
OCORE_API int ocore_stock_adjust(ocore_core *core, const ocore_stock_request *request, const ocore_stock_moves **out);

/** Sets available stock to what was counted, zero or more. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1. */
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

/** Moves stock between buckets, to scrap or back to the supplier. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK. Since 0.1. */
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
 * @name How sites are chosen
 * @{
 */
#define OCORE_ALLOCATE_PRIORITY 1 /**< The default: each product from the site with the lowest priority number that has any, then the next. */
#define OCORE_ALLOCATE_FEWEST_SPLITS 2 /**< One site for all if one can; else one site for a product if one can; else the largest stocks first. Ties by priority. */
/** @} */

/**
 * @name Why an allocation was made
 * @{
 */
#define OCORE_ALLOCATED_BY_PRIORITY 1    /**< The first open site by priority that had some. */
#define OCORE_ALLOCATED_WHOLE_ORDER 2    /**< This site has everything. */
#define OCORE_ALLOCATED_WHOLE_PRODUCT 3  /**< This site has all of this product. */
#define OCORE_ALLOCATED_LARGEST_STOCK 4  /**< No site has all; this one has most. */
#define OCORE_ALLOCATED_FROM_HOLD 5      /**< It was held there. */
/** @} */

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
        int64_t quantity;  /**< How much. */
        int64_t reason;    /**< OCORE_ALLOCATED_… */
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
} ocore_hold_request;

/** Holds stock until a deadline. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK, OCORE_LAPSED (the deadline is past). Since 0.1. */
OCORE_API int ocore_hold_place(ocore_core *core, const ocore_hold_request *request, const ocore_hold **out);

/** Caller-filled. Gives a hold back. */
typedef struct ocore_hold_release_request {
        size_t struct_size; /**< sizeof(ocore_hold_release_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id hold_id;   /**< Which hold. */
} ocore_hold_release_request;

/** Gives a hold back. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (it is over). Since 0.1. */
OCORE_API int ocore_hold_release(ocore_core *core, const ocore_hold_release_request *request, const ocore_hold **out);

/** Caller-filled. Names a hold. */
typedef struct ocore_hold_key {
        size_t struct_size; /**< sizeof(ocore_hold_key). */
        ocore_id hold_id;   /**< Which hold. */
} ocore_hold_key;

/** Looks a hold up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_hold_get(ocore_core *core, const ocore_hold_key *request, const ocore_hold **out);

#ifdef __cplusplus
}
#endif
#endif
