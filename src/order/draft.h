/* A draft being turned into an order: what verify, quote, save and place share. */
#ifndef ORDERCORE_ORDER_DRAFT_H
#define ORDERCORE_ORDER_DRAFT_H

#include "backorder.h"
#include "pricing_rules.h"
#include "shipping/shipping.h"

/* ocore_order_draft as a request; a saved draft's content is what order.save was given. */
extern const ocore_record ocore__order_verify_request;
extern const ocore_record ocore__order_quote_request;
extern const ocore_record ocore__order_save_request;
extern const ocore_record ocore__order_place_request;

/* The rows that a line rests on. What is not there for most products is read only where the product
 * says that there is some. */
typedef struct ocore__draft_target {
        ocore__group *products;
        ocore__group *prices; /* NULL: the draft says the price, or none is needed */
        ocore__group *stock;
        ocore__group *rules;                    /* of its stock; NULL: there are none */
        ocore__group *quotas;                   /* NULL: there are none, or they do not count */
        ocore__group *parts;                    /* NULL: it is no bundle, or one without parts */
        ocore__group *substitutes;              /* NULL: nothing else may be sent */
        struct ocore__draft_target *candidates; /* the products of these, in order */
        size_t candidate_count;
        const struct ocore__draft_target *instead_of; /* what was asked for; candidates before this
                                                       * one were short as well; NULL: it is this */
        size_t part_first;                            /* the line of its first part */
        size_t part_count;
} ocore__draft_target;

/* What becomes of the units of a line. */
typedef struct ocore__draft_plan {
        int64_t action;     /* OCORE_SHORT_…: when it is short */
        int64_t release_us; /* not handed out before; 0: it is released */
        int64_t allowed;    /* most that may be allocated now */
        int64_t held;       /* of these, taken from the hold */
        int64_t in_hand;    /* with the customer, though the books have none */
        int64_t later;      /* waits */
} ocore__draft_plan;

typedef struct ocore__draft_work {
        const ocore_order_draft *draft; /* of the request, or as it was saved */
        ocore_id order_id;
        int is_new;
        ocore__group *policy, *holds, *hold_lines, *saved;
        ocore__shipping_view shipping;
        ocore__sourcing_view sources;
        ocore__sourcing sourcing;
        ocore__draft_target *targets; /* of each line of the order */
        size_t line_count;            /* of the order: those of the draft, then parts of bundles */
        ocore__order_view view;       /* of the saved draft; orders only for a new one */
        ocore_order order;            /* as it will be */
        ocore_order_line *lines;
        ocore__draft_plan *plans; /* of each line */
        ocore__want_line *wants;  /* of each line: what the sites are to give */
        int64_t *hold_taken;      /* of each line of the hold */
        ocore__source_piece *pieces;
        size_t piece_count;
        const ocore__source_piece *chosen; /* of these, what the sites give */
        size_t chosen_count;
        int64_t weight_g;
} ocore__draft_work;

/* Reads what a draft rests on; OCORE_ALREADY and refusals unwind. */
int ocore__draft_read(ocore__work *work, const ocore_order_draft *request, ocore__draft_work *out);
/* Decides: prices, shipping, allocation. Every error is refused by field; the first is returned.
 * OCORE_CONFLICT: something is short by a guess; to be decided anew on rows that are read. */
int ocore__draft_decide(ocore__work *work, ocore__draft_work *draft);
/* Stages the order. */
int ocore__draft_stage(ocore__work *work, ocore__draft_work *draft);

/* What ocore__draft_read() and ocore__draft_decide() are made of. */

/* A product as it was read; NULL: there is none. */
static inline const ocore_product *ocore__draft_product(const ocore__draft_target *target)
{
        return target->products ? ocore__only(target->products) : NULL;
}
/* The line of the draft that a line of the order is for. */
static inline size_t ocore__draft_asked(const ocore__draft_work *draft, size_t line)
{
        return line < draft->draft->line_count ? line : (size_t)draft->lines[line].parent - 1;
}
/* Reads what the products of the draft say that there is more of; after their own rows. */
int ocore__draft_read_related(ocore__work *work, ocore__draft_work *draft);
/* Each line with all that does not depend on the others, the parts of bundles behind them; then,
 * once it is known what is sent, its tax and weight; and what all cost. What is wrong is refused,
 * all of it; what is returned ends the draft. */
int ocore__draft_lines(
        ocore__work *work, ocore__draft_work *draft, ocore__line_discount *discounts);
void ocore__draft_taxes(ocore__work *work, ocore__draft_work *draft);
int ocore__draft_total(
        ocore__work *work, ocore__draft_work *draft, const ocore__line_discount *discounts);
/* What each line may take and from where; makes plans and wants. */
int ocore__draft_plan_lines(ocore__work *work, ocore__draft_work *draft);
/* Sends something else where the draft allows it and the product is short. */
int ocore__draft_substitute(ocore__work *work, ocore__draft_work *draft);
/* Chooses where everything comes from, and what waits. */
int ocore__draft_stock(ocore__work *work, ocore__draft_work *draft);
/* Counts the lines under the caps of their products. */
int ocore__draft_quotas(ocore__work *work, ocore__draft_work *draft);
/* The want of a line for a target: that of the line, or one that may stand in for it. */
ocore__want_line ocore__draft_want(ocore__work *work, const ocore__draft_work *draft, size_t line,
        const ocore__draft_target *target);
/* Takes from the hold what the plans allow, and wants the rest of the sites. Pieces from the hold
 * are then the first of the draft's. */
int ocore__draft_take_held(ocore__work *work, ocore__draft_work *draft);
/* Whether a line is short by a guess: then the draft is decided anew (OCORE_CONFLICT) on balances
 * that are read, because what follows from being short is no refusal. */
static inline int ocore__draft_short(const ocore__want_line *want)
{
        return want->stock->guessed ? OCORE_CONFLICT : OCORE_OK;
}
/* 1: the line cannot be handed out yet. */
static inline int ocore__draft_unreleased(const ocore__work *work, const ocore__draft_plan *plan)
{
        return plan->release_us > work->now_us;
}

#endif
