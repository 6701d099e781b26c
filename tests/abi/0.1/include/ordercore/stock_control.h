/**
 * @file stock_control.h
 * Keeping stock right: rules and caps, counts, transfers between sites, lots and recalls, the ledger.
 */
#ifndef ORDERCORE_STOCK_CONTROL_H
#define ORDERCORE_STOCK_CONTROL_H

#include "inventory.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A rule for the stock of a product. The row that fits best counts: site and channel, then site, then channel, then neither. Library-filled. */
typedef struct ocore_stock_rule {
        ocore_str sku;      /**< Which product. */
        ocore_str site;     /**< At which site; empty: at each that has no row of its own. */
        ocore_str channel;  /**< For which channel; empty: for each that has no row of its own. */
        int64_t scale;      /**< Decimals of the quantity. */
        int64_t safety;     /**< What is left at each site: orders and holds of the channel do not take it. */
        int64_t below_zero; /**< 1: what the customer has in hand is sold though the books have none; see ocore_stock.oversold. */
} ocore_stock_rule;

/** Caller-filled. Sets a rule for the stock of a product. */
typedef struct ocore_stock_rule_request {
        size_t struct_size;    /**< sizeof(ocore_stock_rule_request). */
        ocore_id id;           /**< The retry key. */
        ocore_str sku;         /**< Needed; goods. */
        ocore_str site;        /**< Empty: each site. It must exist. */
        ocore_str channel;     /**< Empty: each channel. */
        ocore_quantity safety; /**< Safety stock; 0 or more. */
        int64_t below_zero;    /**< 1: goods in the customer's hand may be sold though the books have none. */
} ocore_stock_rule_request;

/** Sets a rule for the stock of a product. The store itself keeps the safety stock: of any number of writers none gets it. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_stock_rule_put(ocore_core *core, const ocore_stock_rule_request *request, const ocore_stock_rule **out);

/** The rules of a product. Library-filled. */
typedef struct ocore_stock_rule_list {
        const ocore_stock_rule *const *rules; /**< By site, then channel. */
        size_t rule_count;                    /**< How many. */
} ocore_stock_rule_list;

/** Lists the rules of a product. Since 0.1. */
OCORE_API int ocore_stock_rule_list_of(ocore_core *core, const ocore_product_key *request, const ocore_stock_rule_list **out);

/**
 * @name What a cap counts
 * @{
 */
#define OCORE_QUOTA_SALE 1     /**< Units ordered through a channel, less those cancelled. */
#define OCORE_QUOTA_PREORDER 2 /**< Units ordered before the product's release, less those cancelled. */
/** @} */

/** A cap on the units of a product. Library-filled. */
typedef struct ocore_quota {
        ocore_str sku;     /**< Which product. */
        int64_t kind;      /**< OCORE_QUOTA_… */
        ocore_str channel; /**< Which channel; empty: of a preorder: all. */
        int64_t scale;     /**< Decimals of the quantities. */
        int64_t cap;       /**< Most units. */
        int64_t used;      /**< Of these, ordered. */
        int64_t remaining; /**< And still free. */
} ocore_quota;

/** Caller-filled. Sets a cap. */
typedef struct ocore_quota_request {
        size_t struct_size; /**< sizeof(ocore_quota_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str sku;      /**< Needed; goods or a bundle. */
        int64_t kind;       /**< Needed: OCORE_QUOTA_… */
        ocore_str channel;  /**< Needed for a sale; must be empty for a preorder. */
        ocore_quantity cap; /**< 0 or more; not below what is ordered. Orders from before the first cap are not counted. */
} ocore_quota_request;

/** Sets a cap on the units of a product; the store guards it like stock. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE (more is ordered). Since 0.1. */
OCORE_API int ocore_quota_put(ocore_core *core, const ocore_quota_request *request, const ocore_quota **out);

/** The caps of a product. Library-filled. */
typedef struct ocore_quota_list {
        const ocore_quota *const *quotas; /**< By kind, then channel. */
        size_t quota_count;               /**< How many. */
} ocore_quota_list;

/** Lists the caps of a product. Since 0.1. */
OCORE_API int ocore_quota_list_of(ocore_core *core, const ocore_product_key *request, const ocore_quota_list **out);

/**
 * @name States of a count
 * @{
 */
#define OCORE_COUNT_OPEN 1      /**< Being counted. */
#define OCORE_COUNT_CLOSED 2    /**< The differences are booked. */
#define OCORE_COUNT_CANCELLED 3 /**< Given up; nothing is booked. */
/** @} */

/** Something counted. Library-filled. */
typedef struct ocore_count_line {
        ocore_id count_id; /**< Of which count. */
        ocore_str sku;     /**< Which product. */
        ocore_str lot;     /**< Lot or serial. */
        int64_t scale;     /**< Decimals of the quantities. */
        int64_t expected;  /**< What the books had on the shelf (available, held, allocated) less oversold, when it was counted; hidden while a blind count is open. */
        int64_t counted;   /**< What was counted on the shelf. */
        int64_t variance;  /**< counted − expected; hidden likewise. */
        int64_t entered_us; /**< When. */
        ocore_str reason;  /**< Why it differs, or empty. */
        int64_t counts;    /**< ocore_stock.counts of its place when it was counted: a count or correction since makes it worthless. */
} ocore_count_line;

/** A count of stock at a site. Library-filled. */
typedef struct ocore_count {
        ocore_id id;         /**< The id of the command that opened it. */
        ocore_str site;      /**< Where. */
        int64_t state;       /**< OCORE_COUNT_… */
        int64_t blind;       /**< 1: who counts does not see what is expected. */
        ocore_str reason;    /**< Why it is held: cycle count, yearly stock-taking. */
        int64_t opened_us;   /**< When it was opened. */
        int64_t closed_us;   /**< When it was closed or cancelled; 0: not yet. */
        int64_t event_count; /**< Number of its last event. */
        int64_t surplus;     /**< Lines with more than expected; 0 while a blind count is open. Derived. */
        int64_t shortage;    /**< Lines with less. Derived. */
        const ocore_count_line *const *lines; /**< What was counted, by sku and lot. */
        size_t line_count;   /**< How many. */
} ocore_count;

/** Caller-filled. Opens a count. */
typedef struct ocore_count_open_request {
        size_t struct_size; /**< sizeof(ocore_count_open_request). */
        ocore_id id;        /**< The retry key and the count's id. */
        ocore_str site;     /**< Needed; must exist. */
        int64_t blind;      /**< 1: what is expected is not shown while it is open. */
        ocore_str reason;   /**< Why. */
} ocore_count_open_request;

/** Opens a count at a site. Selling goes on meanwhile. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_count_open(ocore_core *core, const ocore_count_open_request *request, const ocore_count **out);

/** Caller-filled. One thing counted. */
typedef struct ocore_count_enter_line {
        ocore_str sku;           /**< Needed; goods. */
        ocore_str lot;           /**< Empty: not kept by lot. */
        ocore_quantity quantity; /**< What is on the shelf; 0 or more. */
        ocore_str reason;        /**< Why it differs, or empty. */
} ocore_count_enter_line;

/** Caller-filled. Enters what was counted. */
typedef struct ocore_count_enter_request {
        size_t struct_size; /**< sizeof(ocore_count_enter_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id count_id;  /**< Which count; open. */
        const ocore_count_enter_line *lines; /**< At least one, each sku and lot once; what is entered again replaces what was. A count has at most 10,000 lines. */
        size_t line_count;  /**< How many. */
        size_t line_stride; /**< sizeof(ocore_count_enter_line). */
} ocore_count_enter_request;

/** Enters what was counted; what the books have at this moment is what it is compared with. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE, OCORE_LIMIT. Since 0.1. */
OCORE_API int ocore_count_enter(ocore_core *core, const ocore_count_enter_request *request, const ocore_count **out);

/** Caller-filled. Ends a count. */
typedef struct ocore_count_end_request {
        size_t struct_size; /**< sizeof(ocore_count_end_request). */
        ocore_id id;        /**< The retry key. */
        ocore_id count_id;  /**< Which count; open. */
} ocore_count_end_request;

/**
 * Closes a count: each difference is booked between available and count. What is missing beyond
 * what is available belongs to holds and orders and is refused (OCORE_OUT_OF_STOCK names the line):
 * release or cancel these first. A line whose place was counted or corrected by another command
 * since it was entered is refused (OCORE_STATE by lines[n].sku): enter it anew.
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE, OCORE_OUT_OF_STOCK. Since 0.1.
 */
OCORE_API int ocore_count_close(ocore_core *core, const ocore_count_end_request *request, const ocore_count **out);

/** Gives a count up; nothing is booked. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE. Since 0.1. */
OCORE_API int ocore_count_cancel(ocore_core *core, const ocore_count_end_request *request, const ocore_count **out);

/** Caller-filled. Names a count. */
typedef struct ocore_count_key {
        size_t struct_size; /**< sizeof(ocore_count_key). */
        ocore_id count_id;  /**< Which count. */
} ocore_count_key;

/** Looks a count up: its lines are the report of variances. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_count_get(ocore_core *core, const ocore_count_key *request, const ocore_count **out);

/**
 * @name States of a transfer
 * @{
 */
#define OCORE_TRANSFER_SHIPPED 1 /**< On the way. */
#define OCORE_TRANSFER_CLOSED 2  /**< Everything arrived or is lost. */
/** @} */

/** What a transfer has of one product. Library-filled. */
typedef struct ocore_transfer_line {
        ocore_id transfer_id; /**< Of which transfer. */
        int64_t number;       /**< 1, 2, 3 … */
        ocore_str sku;        /**< Which product. */
        ocore_str lot;        /**< Lot or serial. */
        int64_t scale;        /**< Decimals of the quantities. */
        int64_t quantity;     /**< Sent; always received + lost + still in transit. */
        int64_t received;     /**< Arrived. */
        int64_t lost;         /**< Lost on the way. */
} ocore_transfer_line;

/** Goods that go from one site to another. Library-filled. */
typedef struct ocore_transfer {
        ocore_id id;          /**< The id of the command that shipped it. */
        ocore_str from_site;  /**< From where. */
        ocore_str to_site;    /**< To where. */
        int64_t state;        /**< OCORE_TRANSFER_… */
        int64_t shipped_us;   /**< When it left. */
        int64_t due_us;       /**< When it is expected; 0: nobody knows, and nothing is promised from it. */
        int64_t closed_us;    /**< When it was over; 0: not yet. */
        ocore_str reason;     /**< Why, or a document's number. */
        int64_t event_count;  /**< Number of its last event. */
        const ocore_transfer_line *const *lines; /**< What is in it. */
        size_t line_count;    /**< How many. */
} ocore_transfer;

/** Caller-filled. One product of a transfer. */
typedef struct ocore_transfer_ship_line {
        ocore_str sku;           /**< Needed; goods. */
        ocore_str lot;           /**< Empty: not kept by lot. */
        ocore_quantity quantity; /**< Above zero. */
} ocore_transfer_ship_line;

/** Caller-filled. Sends goods to another site. */
typedef struct ocore_transfer_ship_request {
        size_t struct_size;  /**< sizeof(ocore_transfer_ship_request). */
        ocore_id id;         /**< The retry key and the transfer's id. */
        ocore_str from_site; /**< Needed. */
        ocore_str to_site;   /**< Needed; another one. */
        int64_t due_us;      /**< When it will arrive; 0: not known. */
        ocore_str reason;    /**< Why, or a document's number. */
        const ocore_transfer_ship_line *lines; /**< At least one. */
        size_t line_count;   /**< How many. */
        size_t line_stride;  /**< sizeof(ocore_transfer_ship_line). */
} ocore_transfer_ship_request;

/** Sends goods to another site: available there → in transit here. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_OUT_OF_STOCK. Since 0.1. */
OCORE_API int ocore_transfer_ship(ocore_core *core, const ocore_transfer_ship_request *request, const ocore_transfer **out);

/** Caller-filled. What arrived of a line. */
typedef struct ocore_transfer_receive_line {
        int64_t number;          /**< Of the transfer's line. */
        ocore_quantity quantity; /**< Arrived in good order; 0 or more. */
} ocore_transfer_receive_line;

/** Caller-filled. Takes goods from another site in. */
typedef struct ocore_transfer_receive_request {
        size_t struct_size;   /**< sizeof(ocore_transfer_receive_request). */
        ocore_id id;          /**< The retry key. */
        ocore_id transfer_id; /**< Which transfer; shipped. */
        int64_t close;        /**< 1: what has not arrived now is lost. */
        const ocore_transfer_receive_line *lines; /**< What arrived; none: everything. */
        size_t line_count;    /**< How many. */
        size_t line_stride;   /**< sizeof(ocore_transfer_receive_line). */
} ocore_transfer_receive_request;

/**
 * Takes goods from another site in: in transit → available; with `close` the rest is lost. Orders
 * that wait for them are served by ocore_promise_run_queue().
 * @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND, OCORE_STATE, OCORE_INVALID (more than is on the way). Since 0.1.
 */
OCORE_API int ocore_transfer_receive(ocore_core *core, const ocore_transfer_receive_request *request, const ocore_transfer **out);

/** Caller-filled. Names a transfer. */
typedef struct ocore_transfer_key {
        size_t struct_size;   /**< sizeof(ocore_transfer_key). */
        ocore_id transfer_id; /**< Which transfer. */
} ocore_transfer_key;

/** Looks a transfer up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_transfer_get(ocore_core *core, const ocore_transfer_key *request, const ocore_transfer **out);

/** Caller-filled. Takes a lot out of sale. */
typedef struct ocore_lot_recall_request {
        size_t struct_size; /**< sizeof(ocore_lot_recall_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str sku;      /**< Needed. */
        ocore_str lot;      /**< Needed. */
        ocore_str reason;   /**< Needed: why. */
} ocore_lot_recall_request;

/**
 * Takes a lot out of sale at every site, for good: available → damaged, and what becomes free or
 * comes in later likewise. What is held or allocated stays: ocore_lot_trace_of() names it.
 * @return OCORE_OK (the moves; none when nothing was available), OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1.
 */
OCORE_API int ocore_lot_recall(ocore_core *core, const ocore_lot_recall_request *request, const ocore_stock_moves **out);

/** Caller-filled. Asks who got a lot. */
typedef struct ocore_lot_trace_request {
        size_t struct_size; /**< sizeof(ocore_lot_trace_request). */
        ocore_str sku;      /**< Needed. */
        ocore_str lot;      /**< Needed. */
} ocore_lot_trace_request;

/** An order or hold that got, or is to get, units of a lot. Library-filled. */
typedef struct ocore_lot_holder {
        ocore_id subject_id; /**< The order or hold. */
        int64_t reserved;    /**< Still in the house: held, allocated or picked. */
        int64_t shipped;     /**< Sent to the customer. */
        int64_t came_back;   /**< And returned since. */
} ocore_lot_holder;

/** Where a lot is and was. Library-filled. */
typedef struct ocore_lot_trace {
        ocore_str sku;                            /**< Which product. */
        ocore_str lot;                            /**< Which lot. */
        int64_t scale;                            /**< Decimals of the quantities. */
        const ocore_stock *const *stock;          /**< Where it is. */
        size_t stock_count;                       /**< How many rows. */
        const ocore_lot_holder *const *holders;   /**< Who has it, by id; order.get and order.party say more. */
        size_t holder_count;                      /**< How many. */
} ocore_lot_trace;

/** Tells where a lot is and who got it, from the ledger. Cost: linear in the moves of the lot. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_lot_trace_of(ocore_core *core, const ocore_lot_trace_request *request, const ocore_lot_trace **out);

/** Caller-filled. Asks for the moves of a product. */
typedef struct ocore_stock_history_request {
        size_t struct_size; /**< sizeof(ocore_stock_history_request). */
        ocore_str sku;      /**< Needed. */
        ocore_str site;     /**< Only at this site; empty: at all. */
        ocore_str lot;      /**< Only of this lot; empty: of all. */
        int64_t from_us;    /**< Not before; 0: from the start. */
        int64_t until_us;   /**< Before; 0: to the end. */
        ocore_id after_command; /**< Start behind this move (the last page's `next_…`); zero: from the start. */
        int64_t after_number;   /**< Its number. */
        int64_t limit;      /**< Most moves, 1 to 10,000. 0: 100. */
} ocore_stock_history_request;

/** Moves of a product, the oldest first. Library-filled. */
typedef struct ocore_stock_history {
        const ocore_stock_move *const *moves; /**< By time, command and number. */
        size_t move_count;                    /**< How many. */
        ocore_id next_command;                /**< For the next page's `after_command`; zero: there is no more. */
        int64_t next_number;                  /**< For `after_number`. */
} ocore_stock_history;

/**
 * Tells what happened to the stock of a product. Cost: linear in what is answered (with a site: in
 * the moves at all sites) and in the lots.
 * @return OCORE_OK or OCORE_NOT_FOUND (sku, or the move to start behind). Since 0.1.
 */
OCORE_API int ocore_stock_history_page(ocore_core *core, const ocore_stock_history_request *request, const ocore_stock_history **out);

#ifdef __cplusplus
}
#endif
#endif
