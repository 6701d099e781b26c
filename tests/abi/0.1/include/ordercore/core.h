/**
 * @file core.h
 * The core: one handle on one tenant's orders in one store.
 *
 * Every command takes the same five steps: check the request, read what it rests on (one store
 * read), decide (pure), write (one store write), answer. The host brings clock, memory and store;
 * the library starts no thread, prints nothing and keeps no globals. A core may be used by one
 * thread at a time; several cores, in one process or many, may share one store.
 *
 * **Requests** are caller-filled structs: set `struct_size = sizeof(x)`, zero means the documented
 * default. **Answers** are library-filled, borrowed and immutable; they live until the next call
 * on the same core (ocore_last_error() and its kin excepted).
 *
 * **Ids**: each command that changes something carries `id`, made by the caller. It is the retry
 * key: the same id with the same content gives the stored answer (OCORE_ALREADY) and changes
 * nothing; with other content it is refused (OCORE_ID_REUSED, the error names the field).
 *
 * **Errors** that any command can return, beside those its comment names: OCORE_INVALID (a field
 * is wrong), OCORE_LIMIT, OCORE_OVERFLOW, OCORE_SENSITIVE, OCORE_NOMEM, OCORE_REENTRANT,
 * OCORE_STORE, OCORE_CORRUPT, OCORE_BUSY (others kept changing the same rows), OCORE_UNKNOWN (the
 * store lost its answer and it cannot be settled whether it wrote: repeat with the same id),
 * OCORE_ID_REUSED. On every failure but OCORE_UNKNOWN nothing has been changed; `*out` is NULL.
 */
#ifndef ORDERCORE_CORE_H
#define ORDERCORE_CORE_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One tenant's orders in one store. Opaque. */
typedef struct ocore_core ocore_core;

/**
 * @name Kinds of events
 * Every change is an event, in the same write. Numbered by hand, never reused.
 * @{
 */
#define OCORE_EVENT_CATALOG_CHANGED 1     /**< A product, price, site, tax rate or shipping rule was set. */
#define OCORE_EVENT_STOCK_RECEIVED 2      /**< Goods came in. */
#define OCORE_EVENT_STOCK_ADJUSTED 3      /**< Stock was corrected by a difference. */
#define OCORE_EVENT_STOCK_COUNTED 4       /**< Stock was set to what was counted. */
#define OCORE_EVENT_STOCK_MOVED 5         /**< Stock went from one bucket to another. */
#define OCORE_EVENT_HOLD_PLACED 6         /**< Stock is held until a deadline. */
#define OCORE_EVENT_HOLD_RELEASED 7       /**< A hold was given back. */
#define OCORE_EVENT_HOLD_LAPSED 8         /**< A hold's deadline passed. */
#define OCORE_EVENT_HOLD_CONVERTED 9      /**< A hold became an order's allocation. */
#define OCORE_EVENT_ORDER_SAVED 10        /**< A draft was saved. */
#define OCORE_EVENT_ORDER_PLACED 11       /**< An order was taken and its stock allocated. */
#define OCORE_EVENT_ORDER_CONFIRMED 12    /**< The sale is agreed; the customer owes the total. */
#define OCORE_EVENT_ORDER_CANCELLED 13    /**< The whole order was cancelled. */
#define OCORE_EVENT_LINES_CANCELLED 14    /**< Some units were cancelled. */
#define OCORE_EVENT_ORDER_COMPLETED 15    /**< Every unit has been delivered or cancelled. */
#define OCORE_EVENT_PAYMENT_TAKEN 16      /**< Money came in. */
#define OCORE_EVENT_PAYMENT_AGREED 17     /**< Cash on delivery was agreed. */
#define OCORE_EVENT_PAYMENT_COLLECTED 18  /**< Cash on delivery came in. */
#define OCORE_EVENT_PAYMENT_REFUNDED 19   /**< Money went back to the customer. */
#define OCORE_EVENT_FULFILLMENT_CREATED 20 /**< A pick list was released to a site. */
#define OCORE_EVENT_FULFILLMENT_PICKED 21 /**< The goods were taken from the shelf. */
#define OCORE_EVENT_FULFILLMENT_PACKED 22 /**< The goods were packed. */
#define OCORE_EVENT_FULFILLMENT_SHIPPED 23 /**< The goods left; there is a tracking number. */
#define OCORE_EVENT_FULFILLMENT_DELIVERED 24 /**< The goods arrived. */
#define OCORE_EVENT_FULFILLMENT_CANCELLED 25 /**< The pick list was taken back. */
#define OCORE_EVENT_RETURN_REQUESTED 26   /**< The customer wants to send goods back. */
#define OCORE_EVENT_RETURN_RECEIVED 27    /**< Returned goods came in. */
#define OCORE_EVENT_RETURN_INSPECTED 28   /**< Returned goods were judged and put somewhere. */
#define OCORE_EVENT_RETURN_REFUNDED 29    /**< A return was settled. */
#define OCORE_EVENT_STOCK_RECALLED 30 /**< A lot was taken out of sale at every site. */
#define OCORE_EVENT_COUNT_OPENED 31 /**< A count of stock began. */
#define OCORE_EVENT_COUNT_ENTERED 32 /**< Something was counted. */
#define OCORE_EVENT_COUNT_CLOSED 33 /**< A count's differences were booked. */
#define OCORE_EVENT_COUNT_CANCELLED 34 /**< A count was given up. */
#define OCORE_EVENT_TRANSFER_SHIPPED 35 /**< Goods left one site for another. */
#define OCORE_EVENT_TRANSFER_RECEIVED 36 /**< Goods arrived from another site. */
#define OCORE_EVENT_TRANSFER_CLOSED 37 /**< What had not arrived of a transfer is lost. */
#define OCORE_EVENT_HOLD_EXTENDED 38 /**< A hold got a new deadline. */
#define OCORE_EVENT_HOLD_TRANSFERRED 39 /**< A hold, or a part of it, went to another holder. */
#define OCORE_EVENT_HOLD_REDUCED 40 /**< A part of a hold was used or taken; the rest stays held. */
#define OCORE_EVENT_BACKORDER_FILLED 41 /**< Units that an order waited for were allocated to it. */
#define OCORE_EVENT_PROMISE_CHANGED 42 /**< The date on which missing units are expected changed. */
#define OCORE_EVENT_ORDER_REALLOCATED 43 /**< The units of an order were allocated anew. */
#define OCORE_EVENT_ORDER_REPRICED 44 /**< Prices of an order's lines were changed. */
#define OCORE_EVENT_FULFILLMENT_SHORT 45 /**< Units on a pick list were not found on the shelf. */
#define OCORE_EVENT_PURCHASE_PROPOSED 46 /**< A purchase order was drawn up. */
#define OCORE_EVENT_PURCHASE_SENT 47 /**< A purchase order goes to its supplier. */
#define OCORE_EVENT_PURCHASE_CONFIRMED 48 /**< The supplier agreed, perhaps with other dates. */
#define OCORE_EVENT_PURCHASE_RECEIVED 49 /**< Goods of a purchase order came in. */
#define OCORE_EVENT_PURCHASE_CLOSED 50 /**< Nothing more comes of a purchase order. */
#define OCORE_EVENT_PURCHASE_CANCELLED 51 /**< A purchase order was called off. */
#define OCORE_EVENT_DROP_SHIPPED 52 /**< The supplier shipped goods to the customer; there is a tracking number. */
/** @} */

/** One event of an order (or of a command that belongs to no order). Library-filled. */
typedef struct ocore_event {
        ocore_id subject_id; /**< The order; for a change that belongs to no order, the command. */
        int64_t number;      /**< 1, 2, 3 … for each subject, without gaps. */
        int64_t kind;        /**< OCORE_EVENT_… */
        int64_t at_us;       /**< When. */
        ocore_id command_id; /**< The command that caused it. */
        ocore_str actor;     /**< Who: ocore_config.actor of the core that carried it out. */
        ocore_str detail;    /**< What else there is to say, for people; may be empty. */
} ocore_event;

/** An effect: something the world must be told, at least once. Library-filled. */
typedef struct ocore_effect {
        ocore_id subject_id; /**< The order. */
        int64_t number;      /**< The number of the event; with subject_id the idempotency key. */
        int64_t kind;        /**< OCORE_EVENT_… */
        int64_t state;       /**< OCORE_EFFECT_… */
        int64_t due_us;      /**< When it is to be tried next; 0 when it is over. */
        int64_t attempts;    /**< How often it was tried. */
} ocore_effect;

/**
 * @name States of an effect
 * @{
 */
#define OCORE_EFFECT_PENDING 1 /**< To be tried at due_us. */
#define OCORE_EFFECT_DONE 2    /**< Acknowledged by the host. */
#define OCORE_EFFECT_DEAD 3    /**< Given up after ocore_config.effect_attempts_max tries. */
/** @} */

/**
 * The host's clock. Called on the caller's thread, at the start of a command.
 * @return microseconds since 1970 UTC; must not be negative
 */
typedef int64_t (*ocore_clock_fn)(void *user_data);

/** Fills `size` bytes with randomness; returns 0, or negative when it cannot. */
typedef int (*ocore_random_fn)(void *user_data, void *bytes, size_t size);

/**
 * Carries out an effect. Called by ocore_pump() on its thread, outside any write; `effect` lives
 * until it returns. It may be called again for the same effect (after a crash, or when another
 * pump took over), so use subject_id and number as idempotency key.
 * @return 0: done; anything else: to be tried again later
 */
typedef int (*ocore_tell_fn)(void *user_data, const ocore_effect *effect);

/** A line as the host's allocation callback sees it; lines that name a site or a lot are not asked. Library-filled. */
typedef struct ocore_allocate_line {
        ocore_str sku;    /**< Which product. */
        int64_t scale;    /**< Decimals of the quantity. */
        int64_t quantity; /**< Wanted. */
        int64_t together; /**< Lines with the same number above 0 must come from one site. */
} ocore_allocate_line;

/** Stock that may be taken for a line. Library-filled, but for `taken`. */
typedef struct ocore_allocate_choice {
        size_t line;        /**< Index of the line. */
        ocore_str site;     /**< Where. */
        ocore_str lot;      /**< Which lot. */
        int64_t expires_us; /**< When it expires; 0: never. */
        int64_t available;  /**< How much may be taken; safety stock is left out. Lines of one product share what is there. */
        int64_t taken;      /**< To be filled: how much is taken. */
} ocore_allocate_choice;

/**
 * Chooses where an order's goods come from (OCORE_ALLOCATE_HOST). Called on the caller's thread,
 * while a command decides, and again when it decides anew because others were faster: it must not
 * call the core. The choices are lent until it returns.
 * @return 0; anything else refuses the command (OCORE_INVALID by "strategy"). What is taken must sum to each line's quantity.
 */
typedef int (*ocore_allocation_fn)(void *user_data, const ocore_allocate_line *lines, size_t line_count, ocore_allocate_choice *choices, size_t choice_count);

/** Caller-filled. How to open a core. Zero means the default. */
typedef struct ocore_config {
        size_t struct_size;         /**< sizeof(ocore_config). */
        ocore_store store;          /**< Needed. Stays the host's; must outlive the core. */
        ocore_allocator allocator;  /**< `{0}`: the C library. */
        ocore_clock_fn clock;       /**< Needed. */
        void *clock_data;           /**< First parameter of `clock`. */
        ocore_random_fn random;     /**< Needed by ocore_id_make() only. */
        void *random_data;          /**< First parameter of `random`. */
        ocore_tell_fn tell;         /**< NULL: ocore_pump() leaves effects to other cores. */
        void *tell_data;            /**< First parameter of `tell`. */
        ocore_str actor;            /**< Who uses this core: user, till, job; at most 64 bytes; copied. */
        int64_t tenant;             /**< Whose orders: 0 to 2^53; 0 is a tenant like any other. */
        int64_t lines_max;          /**< Most lines of a request. 0: 10,000. At most 1,000,000. */
        int64_t attempts_max;       /**< How often a command is decided anew when others change its rows. 0: 32. */
        int64_t effect_attempts_max; /**< Tries of an effect before it is dead. 0: 12. */
        int64_t effect_retry_us;    /**< Wait after the first failed try; doubles each time, at most a day. 0: 10 s. */
        int64_t effects_off;        /**< 1: commands of this core write no effects. 0: they do. */
        int64_t cards_allowed;      /**< 1: free text is not looked at for card numbers. 0: it is. */
        int64_t cache_rows;         /**< Most catalogue rows and balances kept in memory. 0: 16,384; -1: none. */
        int64_t balance_age_us;     /**< How old remembered balances may be by which an order's sites are first chosen; the store guards the rest. At most an hour. 0: 1 s; -1: always read. */
        ocore_allocation_fn allocate; /**< Chooses sites for orders with the strategy OCORE_ALLOCATE_HOST; NULL: these are refused. */
        void *allocate_data;        /**< First parameter of `allocate`. */
} ocore_config;

/**
 * Opens a core on a store and makes or checks its tables.
 * @param config copied, but the store and the user data pointers stay the host's
 * @param out    the core, NULL on failure; to be closed with ocore_close()
 * @return OCORE_OK; OCORE_INVALID (config, or one of its members, is wrong); OCORE_NOMEM;
 *         OCORE_STORE, OCORE_CORRUPT or OCORE_VERSION_MISMATCH from the store. Since 0.1.
 */
OCORE_API int ocore_open(const ocore_config *config, ocore_core **out);

/** Closes a core; an open unit is cancelled. The store stays open. NULL is allowed. Since 0.1. */
OCORE_API void ocore_close(ocore_core *core);

/** What was wrong. Library-filled; borrowed until the next call on the core. */
typedef struct ocore_error {
        int64_t status;     /**< The code that was returned. */
        ocore_str field;    /**< Which field: "lines[2].quantity"; empty when it is none. */
        ocore_str message;  /**< One sentence: what is wrong and how to mend it. */
        int64_t store_code; /**< The store's own code, 0 when the store is not to blame. */
} ocore_error;

/** The (first) error of the last call; status 0 and empty texts after success. Never NULL but for a NULL core. Since 0.1. */
OCORE_API const ocore_error *ocore_last_error(const ocore_core *core);

/** How many errors the last call found: a request is checked to its end. At most 64. Since 0.1. */
OCORE_API size_t ocore_error_count(const ocore_core *core);

/** The n-th error of the last call, from 0; NULL past the end. Since 0.1. */
OCORE_API const ocore_error *ocore_error_at(const ocore_core *core, size_t n);

/**
 * Makes a UUIDv7 from the clock and the random callback. Ids from one core grow.
 * @return OCORE_OK; OCORE_INVALID (config had no random callback, or it failed); `*out` is then zero. Since 0.1.
 */
OCORE_API int ocore_id_make(ocore_core *core, ocore_id *out);

/**
 * Starts a unit: the commands that follow are answered at once but written together by
 * ocore_unit_commit(), all or none. They see what the unit has changed. A command that fails
 * inside leaves the unit as it was before that command. Paged lists, reports and verify see only
 * what is written, and are refused inside a unit (OCORE_STATE).
 * @return OCORE_OK, OCORE_STATE (a unit is open already) or OCORE_REENTRANT. Since 0.1.
 */
OCORE_API int ocore_unit_begin(ocore_core *core);

/**
 * Writes the unit in one store write. The unit is over, whatever is returned. When it is
 * refused, the host carries out the same commands with the same ids again.
 * @return OCORE_OK; OCORE_BUSY (others changed rows it rests on, or took the stock first; nothing
 *         was written); OCORE_EXISTS (a readable number is taken); OCORE_OVERFLOW (a balance
 *         would leave 64 bits); OCORE_STATE (no unit is open); OCORE_STORE; OCORE_NOMEM; OCORE_UNKNOWN. Since 0.1.
 */
OCORE_API int ocore_unit_commit(ocore_core *core);

/** Forgets the unit; nothing is written. @return OCORE_OK or OCORE_STATE (no unit is open). Since 0.1. */
OCORE_API int ocore_unit_cancel(ocore_core *core);

/** What ocore_pump() did. Library-filled; the caller's memory. */
typedef struct ocore_pumped {
        int64_t told;         /**< Effects acknowledged. */
        int64_t failed;       /**< Effects that failed and will be tried again. */
        int64_t dead;         /**< Effects given up. */
        int64_t holds_lapsed; /**< Holds whose deadline passed: their stock is back. */
} ocore_pumped;

/**
 * Does what is due now: lapses holds, carries effects out. Bounded work; call it again while it
 * returns OCORE_OK.
 * @param limit most holds and most effects in this call; 0: 100
 * @param out   what was done; may be NULL
 * @return OCORE_DONE when nothing more is due, OCORE_OK when there may be more, OCORE_STATE inside
 *         a unit, or an error of the store. Since 0.1.
 */
OCORE_API int ocore_pump(ocore_core *core, int64_t limit, ocore_pumped *out);

/**
 * When ocore_pump() has something to do next. Effects count only for a core with a `tell`.
 * @param out_us the time, INT64_MAX when nothing is planned
 * @return OCORE_OK, OCORE_STATE inside a unit, or an error of the store. Since 0.1.
 */
OCORE_API int ocore_next_due(ocore_core *core, int64_t *out_us);

/** One thing that verify found broken. Library-filled; lives for the call. */
typedef struct ocore_finding {
        ocore_str invariant; /**< Its name in docs/invariants.md: "I2". */
        ocore_str subject;   /**< The row: table and key. */
        ocore_str message;   /**< What is wrong, with the numbers. */
} ocore_finding;

/** Receives a finding, on the thread of ocore_verify(). Return 0 to go on, else verify stops. */
typedef int (*ocore_finding_fn)(void *user_data, const ocore_finding *finding);

/**
 * Proves the invariants of everything this tenant has in the store; changes nothing. Reads
 * every row, indexed ones once more by each index, in pages; needs memory in proportion to the
 * number of stock rows and open things.
 * Nobody should write meanwhile: pages are not one snapshot.
 * @param finding   called for each broken invariant; NULL: only the count is wanted
 * @param user_data its first parameter
 * @param out_count how many findings; may be NULL
 * @return OCORE_OK: all is well; OCORE_CORRUPT: there are findings; OCORE_STATE inside a unit;
 *         OCORE_NOMEM; OCORE_STORE. Since 0.1.
 */
OCORE_API int ocore_verify(ocore_core *core, ocore_finding_fn finding, void *user_data, int64_t *out_count);

#ifdef __cplusplus
}
#endif
#endif
