/**
 * @file payment.h
 * Payments of an order, and the money ledger in double entry.
 *
 * Confirming an order books what the customer owes; cancelling and returning book it back, exactly;
 * payments settle it. Every booking debits one account and credits another.
 */
#ifndef ORDERCORE_PAYMENT_H
#define ORDERCORE_PAYMENT_H

#include "order.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Tenders
 * @{
 */
#define OCORE_TENDER_PREPAID 1          /**< Paid before, by transfer or card terminal; the host says so. */
#define OCORE_TENDER_CASH 2             /**< Cash, with change. */
#define OCORE_TENDER_CASH_ON_DELIVERY 3 /**< To be collected on delivery. */
/** @} */

/**
 * @name Kinds of payments
 * @{
 */
#define OCORE_PAYMENT_IN 1  /**< From the customer. */
#define OCORE_PAYMENT_OUT 2 /**< Back to the customer. */
/** @} */

/**
 * @name States of a payment
 * @{
 */
#define OCORE_PAYMENT_PENDING 1 /**< Agreed, not yet collected. */
#define OCORE_PAYMENT_SETTLED 2 /**< The money has changed hands. */
/** @} */

/**
 * @name Accounts of the money ledger
 * @{
 */
#define OCORE_LEDGER_CUSTOMER 1 /**< What the customer owes (debit) or is owed (credit). */
#define OCORE_LEDGER_SALES 2    /**< Goods and services, without tax. */
#define OCORE_LEDGER_SHIPPING 3 /**< Shipping charges, without tax. */
#define OCORE_LEDGER_TAX 4      /**< Tax owed to the state. */
#define OCORE_LEDGER_BANK 5     /**< Prepaid money. */
#define OCORE_LEDGER_CASH 6     /**< Cash in the till. */
#define OCORE_LEDGER_CARRIER 7  /**< Collected on delivery. */
/** @} */

/** A booking; never changes. Library-filled. */
typedef struct ocore_money_move {
        ocore_id order_id;    /**< Of which order. */
        ocore_id command_id;  /**< The command that booked it. */
        int64_t number;       /**< 1, 2, 3 … within the command. */
        int64_t debit;        /**< OCORE_LEDGER_… */
        int64_t credit;       /**< OCORE_LEDGER_… */
        ocore_str currency;   /**< ISO 4217. */
        int64_t amount_minor; /**< Above zero. */
        int64_t at_us;        /**< When. */
} ocore_money_move;

/** A payment. Library-filled. */
typedef struct ocore_payment {
        ocore_id order_id;      /**< Of which order. */
        ocore_id id;            /**< The payment; the id of the command that made it. */
        int64_t kind;           /**< OCORE_PAYMENT_IN or OCORE_PAYMENT_OUT. */
        int64_t tender;         /**< OCORE_TENDER_… */
        int64_t state;          /**< OCORE_PAYMENT_… */
        ocore_str currency;     /**< ISO 4217. */
        int64_t amount_minor;   /**< Above zero. */
        int64_t tendered_minor; /**< Cash: what was handed over. */
        int64_t change_minor;   /**< Cash: what was given back. */
        ocore_str reference;    /**< The host's or the bank's number for it. */
        int64_t at_us;          /**< When it was made. */
        int64_t settled_us;     /**< When the money changed hands; 0: not yet. */
} ocore_payment;

/** Caller-filled. Takes a payment. */
typedef struct ocore_payment_request {
        size_t struct_size;   /**< sizeof(ocore_payment_request). */
        ocore_id id;          /**< The retry key and the payment's id. */
        ocore_id order_id;    /**< Which order. */
        int64_t tender;       /**< Needed: OCORE_TENDER_… */
        ocore_money amount;   /**< Above zero, at most what is due; `{0}`: all that is due. */
        ocore_money tendered; /**< Cash: what was handed over; `{0}`: the exact amount. */
        ocore_str reference;  /**< The host's or the bank's number for it. */
} ocore_payment_request;

/** Takes a payment for a placed or confirmed order, or agrees on cash on delivery. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (not placed, nothing due). Since 0.1. */
OCORE_API int ocore_payment_take(ocore_core *core, const ocore_payment_request *request, const ocore_payment **out);

/** Caller-filled. Cash on delivery has come in. */
typedef struct ocore_payment_collect_request {
        size_t struct_size;  /**< sizeof(ocore_payment_collect_request). */
        ocore_id id;         /**< The retry key. */
        ocore_id order_id;   /**< Which order. */
        ocore_id payment_id; /**< Which payment. */
} ocore_payment_collect_request;

/** Books cash on delivery as collected, at most what is still due. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (settled already, nothing due). Since 0.1. */
OCORE_API int ocore_payment_collect(ocore_core *core, const ocore_payment_collect_request *request, const ocore_payment **out);

/** Caller-filled. Pays money back that is owed to the customer. */
typedef struct ocore_payment_refund_request {
        size_t struct_size;  /**< sizeof(ocore_payment_refund_request). */
        ocore_id id;         /**< The retry key and the payment's id. */
        ocore_id order_id;   /**< Which order. */
        int64_t tender;      /**< Needed: OCORE_TENDER_PREPAID or OCORE_TENDER_CASH: how it is paid out. */
        ocore_money amount;  /**< Above zero, at most what is owed to the customer; `{0}`: all of it. */
        ocore_str reference; /**< The host's or the bank's number for it. */
} ocore_payment_refund_request;

/**
 * Pays money back: what is owed to the customer after cancelling or returning, never more than was paid.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (nothing is owed). Since 0.1.
 */
OCORE_API int ocore_payment_refund(ocore_core *core, const ocore_payment_refund_request *request, const ocore_payment **out);

/** Payments and bookings of an order. Library-filled. */
typedef struct ocore_account {
        ocore_str currency;                    /**< Of the amounts. */
        int64_t balance_minor;                 /**< What the customer account shows: above zero: the customer owes. */
        const ocore_payment *const *payments;  /**< By id. */
        size_t payment_count;                  /**< How many. */
        const ocore_money_move *const *moves;  /**< By command and number. */
        size_t move_count;                     /**< How many. */
} ocore_account;

/** Lists payments and bookings of an order. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_order_account(ocore_core *core, const ocore_order_key *request, const ocore_account **out);

#ifdef __cplusplus
}
#endif
#endif
