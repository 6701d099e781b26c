/**
 * @file fulfillment.h
 * From the pick list to the customer's door: one fulfillment is what one site sends of one order.
 *
 * open → picked → packed → shipped → delivered; until it is shipped it can be cancelled, and its
 * units are allocated again.
 */
#ifndef ORDERCORE_FULFILLMENT_H
#define ORDERCORE_FULFILLMENT_H

#include "payment.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name States of a fulfillment
 * @{
 */
#define OCORE_FULFILLMENT_STATE_OPEN 1      /**< A pick list: the goods are on the shelf. */
#define OCORE_FULFILLMENT_STATE_PICKED 2    /**< Taken from the shelf. */
#define OCORE_FULFILLMENT_STATE_PACKED 3    /**< In a package. */
#define OCORE_FULFILLMENT_STATE_SHIPPED 4   /**< With the carrier. */
#define OCORE_FULFILLMENT_STATE_DELIVERED 5 /**< Arrived. */
#define OCORE_FULFILLMENT_STATE_CANCELLED 6 /**< Taken back; the units are allocated again. */
/** @} */

/**
 * @name Steps of a fulfillment
 * @{
 */
#define OCORE_FULFILLMENT_STEP_PICK 1    /**< fulfillment.pick */
#define OCORE_FULFILLMENT_STEP_PACK 2    /**< fulfillment.pack */
#define OCORE_FULFILLMENT_STEP_SHIP 3    /**< fulfillment.ship */
#define OCORE_FULFILLMENT_STEP_DELIVER 4 /**< fulfillment.deliver */
#define OCORE_FULFILLMENT_STEP_CANCEL 5  /**< fulfillment.cancel */
/** @} */

/** One line of a pick list. Library-filled. */
typedef struct ocore_fulfillment_line {
        ocore_id fulfillment_id; /**< Of which fulfillment. */
        int64_t number;          /**< 1, 2, 3 … */
        int64_t line;            /**< The order's line. */
        ocore_str sku;           /**< Which product. */
        ocore_str lot;           /**< Lot or serial. */
        int64_t scale;           /**< Decimals of the quantity. */
        int64_t quantity;        /**< How much. */
        int64_t short_quantity;  /**< What was on the list and not on the shelf; not in quantity. */
} ocore_fulfillment_line;

/** What one site sends of one order. Library-filled. */
typedef struct ocore_fulfillment {
        ocore_id id;               /**< The id of the command that created it. */
        ocore_id order_id;         /**< Of which order. */
        ocore_str site;            /**< From where. */
        int64_t state;             /**< OCORE_FULFILLMENT_STATE_… */
        ocore_str carrier;         /**< Who carries it. */
        ocore_str tracking_number; /**< The carrier's number. */
        int64_t packages;          /**< In how many packages; 0: not packed yet. */
        int64_t created_us;        /**< When it was created. */
        int64_t shipped_us;        /**< When it left; 0: not yet. */
        int64_t delivered_us;      /**< When it arrived; 0: not yet. */
        const ocore_fulfillment_line *const *lines; /**< What is in it. */
        size_t line_count;         /**< How many. */
} ocore_fulfillment;

/** Caller-filled. Releases allocated units to a site's pick list. */
typedef struct ocore_fulfillment_request {
        size_t struct_size; /**< sizeof(ocore_fulfillment_request). */
        ocore_id id;        /**< The retry key and the fulfillment's id. */
        ocore_id order_id;  /**< Which order; it must be confirmed. */
        ocore_str site;     /**< Which site; empty: the only one that has units of it. */
        const ocore_line_quantity *lines; /**< What of it; none: all that is allocated there and may go. Of bundles the lines of their parts. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_line_quantity). */
} ocore_fulfillment_request;

/**
 * Releases allocated units to a pick list: of bundles only whole ones of which every part is there
 * (at any site), unless their parts may ship alone; of an order that ships complete nothing before
 * all of it is there, but for what a supplier sends to the customer.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (not confirmed, nothing allocated there). Since 0.1.
 */
OCORE_API int ocore_fulfillment_create(ocore_core *core, const ocore_fulfillment_request *request, const ocore_fulfillment **out);

/** Caller-filled. A step of a fulfillment. */
typedef struct ocore_fulfillment_step_request {
        size_t struct_size;        /**< sizeof(ocore_fulfillment_step_request). */
        ocore_id id;               /**< The retry key. */
        ocore_id fulfillment_id;   /**< Which fulfillment. */
} ocore_fulfillment_step_request;

/** The goods are taken from the shelf: allocated → picked. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_fulfillment_pick(ocore_core *core, const ocore_fulfillment_step_request *request, const ocore_fulfillment **out);

/** Caller-filled. What was not on the shelf. */
typedef struct ocore_fulfillment_short_line {
        int64_t number;          /**< Of the fulfillment's line. */
        ocore_quantity quantity; /**< How much is missing; above zero. */
} ocore_fulfillment_short_line;

/** Caller-filled. A pick that came up short. */
typedef struct ocore_fulfillment_short_request {
        size_t struct_size;      /**< sizeof(ocore_fulfillment_short_request). */
        ocore_id id;             /**< The retry key. */
        ocore_id fulfillment_id; /**< Which fulfillment; open. */
        int64_t keep;            /**< 1: the books stay; it will be found again (available). 0: it is lost, and booked so. */
        const ocore_fulfillment_short_line *lines; /**< At least one. */
        size_t line_count;       /**< How many. */
        size_t line_stride;      /**< sizeof(ocore_fulfillment_short_line). */
} ocore_fulfillment_short_request;

/**
 * Takes what was not found off the pick list and allocates it anew from another place, by the
 * order's strategy; what cannot be had waits as a backorder. Of an order that is not split, or of
 * lines that come together, it is only had where others of them are, if any are left. A list of which nothing is left is
 * cancelled.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (not open). Since 0.1.
 */
OCORE_API int ocore_fulfillment_short(ocore_core *core, const ocore_fulfillment_short_request *request, const ocore_fulfillment **out);

/** Caller-filled. The goods are packed. */
typedef struct ocore_fulfillment_pack_request {
        size_t struct_size;      /**< sizeof(ocore_fulfillment_pack_request). */
        ocore_id id;             /**< The retry key. */
        ocore_id fulfillment_id; /**< Which fulfillment. */
        int64_t packages;        /**< In how many packages. 0: 1. */
} ocore_fulfillment_pack_request;

/** The goods are packed. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_fulfillment_pack(ocore_core *core, const ocore_fulfillment_pack_request *request, const ocore_fulfillment **out);

/** Caller-filled. The goods are with the carrier. */
typedef struct ocore_fulfillment_ship_request {
        size_t struct_size;        /**< sizeof(ocore_fulfillment_ship_request). */
        ocore_id id;               /**< The retry key. */
        ocore_id fulfillment_id;   /**< Which fulfillment. */
        ocore_str carrier;         /**< Who carries it. */
        ocore_str tracking_number; /**< Needed: the carrier's number. */
} ocore_fulfillment_ship_request;

/**
 * The goods leave: picked → customer. An order that ships complete leaves your own sites only when
 * every unit that comes from them is on a pick list or further; parts of a bundle leave only with
 * whole bundles of which every part is there, unless they may ship alone.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (by "fulfillment_id": not packed, or units are missing). Since 0.1.
 */
OCORE_API int ocore_fulfillment_ship(ocore_core *core, const ocore_fulfillment_ship_request *request, const ocore_fulfillment **out);

/** The goods arrived; with the last unit the order is completed. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_fulfillment_deliver(ocore_core *core, const ocore_fulfillment_step_request *request, const ocore_fulfillment **out);

/** Takes a fulfillment back before it is shipped: its units are allocated again. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_fulfillment_cancel(ocore_core *core, const ocore_fulfillment_step_request *request, const ocore_fulfillment **out);

/** Caller-filled. Names a fulfillment. */
typedef struct ocore_fulfillment_key {
        size_t struct_size;      /**< sizeof(ocore_fulfillment_key). */
        ocore_id fulfillment_id; /**< Which fulfillment. */
} ocore_fulfillment_key;

/** Looks a fulfillment up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_fulfillment_get(ocore_core *core, const ocore_fulfillment_key *request, const ocore_fulfillment **out);

/** Fulfillments of an order. Library-filled. */
typedef struct ocore_fulfillment_list {
        const ocore_fulfillment *const *fulfillments; /**< By id. */
        size_t fulfillment_count;                     /**< How many. */
} ocore_fulfillment_list;

/** Lists the fulfillments of an order. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_fulfillment_list_of(ocore_core *core, const ocore_order_key *request, const ocore_fulfillment_list **out);

#ifdef __cplusplus
}
#endif
#endif
