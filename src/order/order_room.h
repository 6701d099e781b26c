/* What the order room offers to payment, fulfillment and returns: an order with all that belongs
 * to it, its state table, its shares, and its snapshot. */
#ifndef ORDERCORE_ORDER_ORDER_ROOM_H
#define ORDERCORE_ORDER_ORDER_ROOM_H

#include "inventory/sourcing.h"

#include <ordercore/order.h>
#include <ordercore/payment.h>

extern const ocore_table
        ocore__order_table; /* group: order; the root that all its rows are guarded by */
extern const ocore_table ocore__order_line_table; /* group: order */
extern const ocore_table ocore__allocation_table; /* group: order */
extern const ocore_table ocore__party_table;      /* group: order */
extern const ocore_table ocore__draft_table;      /* group: order; the saved content of a draft */
extern const ocore_table ocore__payment_table;    /* group: order */
extern const ocore_table ocore__money_move_table; /* group: order */
extern const ocore_table ocore__backorder_table;  /* group: order; the queue is an index */
extern const ocore_table ocore__peg_table;        /* group: order; promised from which supply */
extern const ocore_table ocore__sourcing_table;   /* group: order; only where order.wishes */
extern const ocore_record ocore__backorder_record;
extern const ocore_choice ocore__backorder_kinds[];
enum {
        OCORE__BACKORDER_QUEUE = 1,   /* index: sku, rank, since_us */
        OCORE__BACKORDER_BY_KIND = 2, /* index: sku, kind, rank, since_us */
        OCORE__PEG_BY_SUPPLY = 1,     /* index: source_id, number */
};
extern const ocore_record ocore__order_record;
extern const ocore_record ocore__order_line_record;
extern const ocore_record ocore__party_record;
extern const ocore_choice ocore__order_steps[];
extern const ocore_choice ocore__tax_modes[];
extern const ocore_choice ocore__rounding_modes[];
extern const ocore_choice ocore__rounding_levels[];
extern const ocore_record ocore__payment_record;
extern const ocore_record ocore__money_move_record;
enum { OCORE__ORDER_BY_NUMBER = 1, OCORE__ORDER_BY_CUSTOMER = 2 }; /* indexes */

/* The content of a draft as it was saved: an ocore_order_draft as bytes. */
typedef struct ocore__draft_row {
        ocore_id order_id;
        ocore_str content;
} ocore__draft_row;

/* Units of a backorder that are promised from one supply. */
typedef struct ocore__peg {
        ocore_id order_id;
        int64_t line;
        ocore_id source_id; /* the key of the supply, with sku */
        int64_t number;
        ocore_str sku;
        int64_t scale;
        int64_t quantity;
} ocore__peg;

/* What a draft said of sourcing, as bytes; see ocore__wishes_keep(). */
typedef struct ocore__sourcing_row {
        ocore_id order_id;
        ocore_str content;
} ocore__sourcing_row;

/* What a draft said of the sourcing of one line. */
typedef struct ocore__line_wish {
        ocore_str site;
        ocore_str lot;
        int64_t together;
        int64_t min_life_us;
} ocore__line_wish;

/* What the draft of an order said of sourcing; zeros where it said nothing. */
typedef struct ocore__order_wishes {
        ocore__sourcing_wishes order;
        const ocore__line_wish *lines; /* by number − 1; the parts of a bundle have its line's */
} ocore__order_wishes;

/* An order as a command sees it. The groups are wanted by ocore__order_want(). */
typedef struct ocore__order_view {
        ocore__group *orders; /* one row, or none */
        ocore__group *lines;
        ocore__group *allocations;
        ocore__group *payments;
        ocore__entry **line_at;       /* by number − 1; made by ocore__order_found() */
        ocore__entry **allocation_at; /* the first of a line; NULL: none */
        size_t line_count;
} ocore__order_view;

int ocore__order_want(ocore__work *work, ocore_id order_id, ocore__order_view *out);
/* The groups as the unit has them, for an order that the command itself makes. */
int ocore__order_own(ocore__work *work, ocore_id order_id, ocore__order_view *out);
/* Its lines and allocations by number; ocore__order_found() does it for an order that was read. */
int ocore__order_index(ocore__work *work, ocore__order_view *view);
/* After the fetch: the order, or a refusal OCORE_NOT_FOUND by "order_id". */
int ocore__order_found(ocore__work *work, ocore__order_view *view, const ocore_order **out);

/* The state table. OCORE_OK and the state that follows, or OCORE_STATE. Pure. */
typedef struct ocore__transition {
        int64_t from;
        int64_t step;
        int64_t to;
} ocore__transition;
extern const ocore__transition ocore__order_transitions[];
extern const size_t ocore__order_transition_count;
int ocore__order_step(int64_t state, int64_t step, int64_t *out_state);
/* The same as a refusal in words by "order_id". */
int ocore__order_step_check(
        ocore__work *work, const ocore_order *order, int64_t step, int64_t *out_state);
/* How a command that changes an order begins: fetches what is wanted, finds the order, and checks
 * that its state allows the step. */
int ocore__order_fetch(ocore__work *work, ocore__order_view *view, int64_t step,
        const ocore_order **out, int64_t *out_state);
extern const ocore_choice ocore__order_states[];

/*
 * The only way in which an order changes: gives its row to change, with the version one higher and
 * the event (and the effect, where the world is told of it) written. NULL: no memory. Calling it
 * again in the same command adds an event only.
 */
ocore_order *ocore__order_touch(
        ocore__work *work, const ocore__order_view *view, int64_t event, ocore_str detail);

/* The entry of a line by its number; NULL: there is none. */
ocore__entry *ocore__order_line_entry(const ocore__order_view *view, int64_t number);

/* Of a line that is a bundle: its parts follow from `parent`. 1: the line is a bundle. Pure. */
static inline int ocore__line_is_bundle(const ocore_order_line *line)
{
        return line->kind == OCORE_PRODUCT_BUNDLE;
}
/* The parts of each bundle of an order, as numbers of lines: first[bundle − 1], then
 * next[part − 1]; 0: no more. Linear in lines; what cannot be right is refused. */
typedef struct ocore__parts {
        int64_t *first;
        int64_t *next;
} ocore__parts;
int ocore__parts_index(ocore__work *work, const ocore__order_view *view, ocore__parts *out);
/* Whole bundles of a line whose parts have all arrived (or are cancelled with it); the line's
 * `performed` is set to it by whoever lets parts arrive. */
int ocore__bundle_perform(ocore__work *work, const ocore__order_view *view);

/* Sums over the allocations of a line, and what of it is still open. Pure. */
typedef struct ocore__line_units {
        int64_t allocated; /* with those on a pick list */
        int64_t released;  /* of these, on a pick list */
        int64_t picked, packed, shipped;
        int64_t arrived; /* delivered or performed, returned or not */
        int64_t open;    /* ordered − cancelled − backordered − all of these */
} ocore__line_units;
void ocore__line_units_of(
        const ocore__order_view *view, const ocore_order_line *line, ocore__line_units *out);

/* What was charged for units first … first+count-1 (counted as taken back) of a line. Pure. */
typedef struct ocore__share {
        int64_t total_minor; /* with tax */
        int64_t tax_minor;
} ocore__share;
ocore__share ocore__line_share(const ocore_order_line *line, int64_t first, int64_t count);
ocore__share ocore__line_shipping_share(const ocore_order_line *line, int64_t first, int64_t count);

/* Money: what the order is worth now, what is paid, what is due. Pure. */
typedef struct ocore__order_money {
        int64_t paid_minor;   /* settled payments less refunds */
        int64_t agreed_minor; /* cash on delivery that is pending */
        int64_t due_minor; /* total − cancelled − refunded − paid; below zero: owed to them */
} ocore__order_money;
void ocore__order_money_of(
        const ocore__order_view *view, const ocore_order *order, ocore__order_money *out);

/* A booking: `amount` > 0 from credit to debit; an amount of zero books nothing. */
void ocore__money_book(ocore__work *work, const ocore_order *order, int64_t debit, int64_t credit,
        int64_t amount_minor);
/* Books what a share of goods and of shipping is worth: charged (sign 1) or given back (-1). */
void ocore__money_charge(ocore__work *work, const ocore_order *order, ocore__share goods,
        ocore__share shipping, int sign);

/* Wishes. want: of an order that was found and says that there are any (*out NULL: there are none);
 * after a fetch read: what they are. Hostile bytes are OCORE_CORRUPT by "order_id". keep: stages
 * what a draft says beyond the defaults, if it says anything: *out_kept. */
int ocore__wishes_want(ocore__work *work, const ocore_order *order, ocore__group **out);
int ocore__wishes_read(ocore__work *work, const ocore__order_view *view, const ocore__group *rows,
        ocore__order_wishes *out);
ocore__sourcing_wishes ocore__wishes_of_draft(const ocore_order_draft *draft);
int ocore__wishes_keep(
        ocore__work *work, ocore_id order_id, const ocore_order_draft *draft, int64_t *out_kept);

/* For an ocore__supply_bar: what is chosen now for a line may not come from there, so that what is
 * promised may not either. */
typedef struct ocore__line_bar {
        const ocore__sourcing *sourcing;
        ocore_str site; /* only there; empty: anywhere */
} ocore__line_bar;
int ocore__line_barred(const void *line_bar, ocore_str site);

/* When every unit is delivered or cancelled, the order is completed: state and event. `at least one
 * delivered` is the caller's to know. */
int ocore__order_complete_if_done(ocore__work *work, const ocore__order_view *view);

/* The order as an answer: lines, allocations, and everything derived. */
int ocore__order_snapshot(
        ocore__work *work, const ocore__order_view *view, const ocore_order **out);

/* The order that has a readable number, in the store and in the unit; none: nobody has it. */
int ocore__order_number_owner(ocore__work *work, ocore_str number, ocore_id *out);

/* The order_id of an ocore_order_key: given, or looked up by number. */
int ocore__order_key_resolve(ocore__work *work, const ocore_order_key *key, ocore_id *out);
/* ocore_order_key as a request. */
extern const ocore_record ocore__order_key_record;
/* ocore_line_quantity as items of a request. */
extern const ocore_record ocore__line_quantity_record;

#endif
