/**
 * @file report.h
 * What the books say, over everything that is stored. Same store content, same bytes.
 */
#ifndef ORDERCORE_REPORT_H
#define ORDERCORE_REPORT_H

#include "supply.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sales of one product in one currency. Library-filled. */
typedef struct ocore_sales_row {
        ocore_str sku;           /**< Which product. */
        ocore_str currency;      /**< Of the amounts. */
        int64_t scale;           /**< Decimals of the quantities. */
        int64_t ordered;         /**< Units ordered (placed or further). */
        int64_t cancelled;       /**< Of these, cancelled. */
        int64_t returned;        /**< Of these, come back. */
        int64_t sales_minor;     /**< Charged for the units ordered, with tax, without shipping. */
        int64_t cancellations_minor; /**< Of that, for units cancelled. */
        int64_t refunded_minor;  /**< Of that, refunded. */
} ocore_sales_row;

/** Sales by product. Library-filled. */
typedef struct ocore_sales_report {
        const ocore_sales_row *const *rows; /**< By sku and currency. */
        size_t row_count;                   /**< How many. */
} ocore_sales_report;

/** Sales and refunds by product. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_sales(ocore_core *core, const ocore_empty_request *request, const ocore_sales_report **out);

/** Stock of everything. Library-filled. */
typedef struct ocore_stock_report {
        const ocore_stock *const *rows; /**< By sku, site and lot. */
        size_t row_count;               /**< How many. */
} ocore_stock_report;

/** All stock balances. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_stock(ocore_core *core, const ocore_empty_request *request, const ocore_stock_report **out);

/** Orders in one state and currency. Library-filled. */
typedef struct ocore_orders_row {
        int64_t state;           /**< OCORE_ORDER_… */
        ocore_str currency;      /**< Of the amounts. */
        int64_t orders;          /**< How many. */
        int64_t total_minor;     /**< Their totals as placed. */
        int64_t cancelled_minor; /**< Of that, for units cancelled. */
        int64_t refunded_minor;  /**< Of that, credited for returns. */
} ocore_orders_row;

/** Orders by state. Library-filled. */
typedef struct ocore_orders_report {
        const ocore_orders_row *const *rows; /**< By state and currency. */
        size_t row_count;                    /**< How many. */
} ocore_orders_report;

/** Orders by state. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_orders(ocore_core *core, const ocore_empty_request *request, const ocore_orders_report **out);

/** What one account of the money ledger says in one currency. Library-filled. */
typedef struct ocore_money_row {
        int64_t account;       /**< OCORE_LEDGER_… */
        ocore_str currency;    /**< Of the amounts. */
        int64_t debit_minor;   /**< Sum of its debits. */
        int64_t credit_minor;  /**< Sum of its credits. */
        int64_t balance_minor; /**< Debits less credits. */
} ocore_money_row;

/** The money ledger by account. Library-filled. */
typedef struct ocore_money_report {
        const ocore_money_row *const *rows; /**< By account and currency. */
        size_t row_count;                   /**< How many. */
} ocore_money_report;

/** The money ledger by account: the balances of one currency sum to zero. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_money(ocore_core *core, const ocore_empty_request *request, const ocore_money_report **out);

/** Stock under an open hold at one place. Library-filled. */
typedef struct ocore_holds_row {
        ocore_id hold_id;    /**< Which hold. */
        ocore_str holder;    /**< For whom, or empty. */
        int64_t priority;    /**< Higher is more important. */
        int64_t expires_us;  /**< Its deadline; one that has passed waits for ocore_pump(). */
        int64_t age_s;       /**< How long it has been held, in seconds. */
        ocore_str sku;       /**< Which product. */
        ocore_str site;      /**< Where. */
        ocore_str lot;       /**< Lot or serial. */
        int64_t scale;       /**< Decimals of the quantity. */
        int64_t quantity;    /**< How much. */
} ocore_holds_row;

/** Open holds. Library-filled. */
typedef struct ocore_holds_report {
        const ocore_holds_row *const *rows; /**< By deadline, then by hold and line. */
        size_t row_count;                   /**< How many. */
} ocore_holds_report;

/** All that is held now. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_holds(ocore_core *core, const ocore_empty_request *request, const ocore_holds_report **out);

/** What orders wait for of one product. Library-filled. */
typedef struct ocore_backorders_row {
        ocore_str sku;       /**< Which product. */
        int64_t scale;       /**< Decimals of the quantities. */
        int64_t orders;      /**< How many orders wait. */
        int64_t quantity;    /**< For how much together. */
        int64_t undated;     /**< Of that, on lines that nobody knows a date for. */
        int64_t oldest_us;   /**< Since when the oldest waits. */
        int64_t expected_us; /**< When the last of what has a date is expected; 0: nothing has one. */
} ocore_backorders_row;

/** Backorders by product. Library-filled. */
typedef struct ocore_backorders_report {
        const ocore_backorders_row *const *rows; /**< By sku. */
        size_t row_count;                        /**< How many. */
} ocore_backorders_report;

/** What orders wait for, by product. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_backorders(ocore_core *core, const ocore_empty_request *request, const ocore_backorders_report **out);

/** Caller-filled. Asks what moved. */
typedef struct ocore_moves_report_request {
        size_t struct_size; /**< sizeof(ocore_moves_report_request). */
        int64_t from_us;    /**< Not before; 0: from the start. */
        int64_t until_us;   /**< Before; 0: to the end. */
} ocore_moves_report_request;

/** Moves of one product from one bucket or account to another. Library-filled. */
typedef struct ocore_moves_row {
        ocore_str sku;       /**< Which product. */
        int64_t scale;       /**< Decimals of the quantity. */
        int64_t from_bucket; /**< Bucket or account they left. */
        int64_t to_bucket;   /**< Bucket or account they entered. */
        int64_t moves;       /**< How many moves. */
        int64_t quantity;    /**< Of how much together. */
} ocore_moves_row;

/** Moves by product and by where from and to. Library-filled. */
typedef struct ocore_moves_report {
        const ocore_moves_row *const *rows; /**< By sku, then by both ends. */
        size_t row_count;                   /**< How many. */
} ocore_moves_report;

/** What moved in a time. @return OCORE_OK, OCORE_STATE inside a unit. Since 0.1. */
OCORE_API int ocore_report_moves(ocore_core *core, const ocore_moves_report_request *request, const ocore_moves_report **out);

#ifdef __cplusplus
}
#endif
#endif
