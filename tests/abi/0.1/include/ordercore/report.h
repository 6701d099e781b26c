/**
 * @file report.h
 * What the books say, over everything that is stored. Same store content, same bytes.
 */
#ifndef ORDERCORE_REPORT_H
#define ORDERCORE_REPORT_H

#include "returns.h"

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

#ifdef __cplusplus
}
#endif
#endif
