/**
 * @file returns.h
 * Goods that come back: request, receive, inspect, refund.
 *
 * requested → received → inspected → refunded. A refund is the exact share of what was charged
 * for the units: any sequence of partial refunds returns, with the last unit, exactly the whole.
 */
#ifndef ORDERCORE_RETURNS_H
#define ORDERCORE_RETURNS_H

#include "fulfillment.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name States of a return
 * @{
 */
#define OCORE_RETURN_REQUESTED 1 /**< Announced. */
#define OCORE_RETURN_RECEIVED 2  /**< All its goods are in. */
#define OCORE_RETURN_INSPECTED 3 /**< All its goods are judged. */
#define OCORE_RETURN_REFUNDED 4  /**< Settled. */
/** @} */

/**
 * @name Steps of a return
 * @{
 */
#define OCORE_RETURN_STEP_RECEIVE 1 /**< return.receive */
#define OCORE_RETURN_STEP_INSPECT 2 /**< return.inspect */
#define OCORE_RETURN_STEP_REFUND 3  /**< return.refund */
/** @} */

/**
 * @name Why goods come back
 * @{
 */
#define OCORE_REASON_UNWANTED 1  /**< Changed their mind. */
#define OCORE_REASON_DEFECTIVE 2 /**< Does not work. */
#define OCORE_REASON_DAMAGED 3   /**< Damaged on the way. */
#define OCORE_REASON_WRONG 4     /**< Not what was ordered. */
#define OCORE_REASON_LATE 5      /**< Came too late. */
#define OCORE_REASON_OTHER 6     /**< Something else. */
/** @} */

/**
 * @name Where returned goods go
 * @{
 */
#define OCORE_DISPOSITION_RESTOCK 1    /**< For sale again. */
#define OCORE_DISPOSITION_QUARANTINE 2 /**< Kept, not for sale. */
#define OCORE_DISPOSITION_SCRAP 3      /**< Thrown away. */
#define OCORE_DISPOSITION_SUPPLIER 4   /**< Back to the supplier. */
/** @} */

/** A line of a return. Library-filled. */
typedef struct ocore_return_line {
        ocore_id return_id;     /**< Of which return. */
        int64_t number;         /**< 1, 2, 3 … */
        int64_t line;           /**< The order's line. */
        ocore_str sku;          /**< Which product. */
        ocore_str lot;          /**< Lot or serial; empty: none, or not known. */
        int64_t kind;           /**< OCORE_PRODUCT_…; services and fees have no goods to receive. */
        int64_t scale;          /**< Decimals of the quantities. */
        int64_t quantity;       /**< Announced. */
        int64_t reason;         /**< OCORE_REASON_… */
        int64_t received;       /**< Came in. */
        int64_t restocked;      /**< Of these, for sale again. */
        int64_t quarantined;    /**< Of these, kept, not for sale. */
        int64_t scrapped;       /**< Of these, thrown away. */
        int64_t to_supplier;    /**< Of these, back to the supplier. */
        int64_t refund_minor;   /**< What the customer gets for it, with tax, without shipping. */
        int64_t refund_tax_minor; /**< The tax in it. */
        int64_t refund_shipping_minor; /**< Shipping given back, with tax. */
        int64_t refund_shipping_tax_minor; /**< The tax in that. */
} ocore_return_line;

/** A return. Library-filled. */
typedef struct ocore_return {
        ocore_id id;          /**< The id of the command that requested it. */
        ocore_id order_id;    /**< Of which order. */
        int64_t state;        /**< OCORE_RETURN_… */
        ocore_str site;       /**< Where the goods came in; empty: not yet. */
        ocore_str currency;   /**< Of the amounts. */
        int64_t refund_minor; /**< Credited to the customer in all. */
        int64_t requested_us; /**< When it was announced. */
        int64_t refunded_us;  /**< When it was settled; 0: not yet. */
        const ocore_return_line *const *lines; /**< What comes back. */
        size_t line_count;    /**< How many. */
} ocore_return;

/** Caller-filled. Units that come back, and why. */
typedef struct ocore_return_draft_line {
        int64_t line;            /**< Number of the order's line, from 1. Of a bundle its own line: with it come all its parts. */
        ocore_quantity quantity; /**< How much; at most what was delivered and is not yet coming back. */
        int64_t reason;          /**< OCORE_REASON_…; 0: unwanted. */
        ocore_str lot;           /**< Which lot or serial comes back; empty: known by itself when only one is left, or all of them come. Needed otherwise for a product kept by lot or serial. */
} ocore_return_draft_line;

/** Caller-filled. Announces a return. */
typedef struct ocore_return_draft {
        size_t struct_size; /**< sizeof(ocore_return_draft). */
        ocore_id id;        /**< The retry key and the return's id. */
        ocore_id order_id;  /**< Which order. */
        const ocore_return_draft_line *lines; /**< At least one; a line of the order once, or once for each lot. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_return_draft_line). */
} ocore_return_draft;

/** Announces that delivered units come back. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (more than was delivered). Since 0.1. */
OCORE_API int ocore_return_request(ocore_core *core, const ocore_return_draft *request, const ocore_return **out);

/** Caller-filled. Returned goods have come in. */
typedef struct ocore_return_receive_request {
        size_t struct_size; /**< sizeof(ocore_return_receive_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id return_id; /**< Which return. */
        ocore_str site;     /**< Needed: where. */
} ocore_return_receive_request;

/** Takes all goods of a return in: customer → inspection. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_return_receive(ocore_core *core, const ocore_return_receive_request *request, const ocore_return **out);

/** Caller-filled. Where units of a line go. */
typedef struct ocore_return_inspect_line {
        int64_t number;          /**< Number of the return's line, from 1. */
        int64_t disposition;     /**< Needed: OCORE_DISPOSITION_… */
        ocore_quantity quantity; /**< How much. */
} ocore_return_inspect_line;

/** Caller-filled. Returned goods have been judged. */
typedef struct ocore_return_inspect_request {
        size_t struct_size; /**< sizeof(ocore_return_inspect_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id return_id; /**< Which return. */
        const ocore_return_inspect_line *lines; /**< All units of all its lines of goods, each once. None: restock all. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_return_inspect_line). */
} ocore_return_inspect_request;

/** Judges all goods of a return: inspection → available, damaged, scrap or supplier. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_return_inspect(ocore_core *core, const ocore_return_inspect_request *request, const ocore_return **out);

/** Caller-filled. Settles a return. */
typedef struct ocore_return_refund_request {
        size_t struct_size;      /**< sizeof(ocore_return_refund_request). */
        ocore_id id;             /**< The retry key, and the id of the payment it makes. */
        ocore_id return_id;      /**< Which return. */
        int64_t with_shipping;   /**< 1: the units' share of the shipping charge too. */
        int64_t tender;          /**< OCORE_TENDER_PREPAID or OCORE_TENDER_CASH: how it is paid out; 0: credited only. */
} ocore_return_refund_request;

/**
 * Credits the customer with exactly what was charged for the units, and pays out what is then
 * owed to the customer, at most this credit.
 *
 * Share of the first k of n units of an amount A: A × k / n, rounded down; the refund of units
 * k to m is the difference of two such shares, so that all refunds together are A.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1.
 */
OCORE_API int ocore_return_refund(ocore_core *core, const ocore_return_refund_request *request, const ocore_return **out);

/** Caller-filled. Names a return. */
typedef struct ocore_return_key {
        size_t struct_size; /**< sizeof(ocore_return_key). */
        ocore_id return_id; /**< Which return. */
} ocore_return_key;

/** Looks a return up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_return_get(ocore_core *core, const ocore_return_key *request, const ocore_return **out);

#ifdef __cplusplus
}
#endif
#endif
