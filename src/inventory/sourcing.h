/* Where goods come from: what is to be obeyed, how it is chosen, and taking what was chosen. */
#ifndef ORDERCORE_INVENTORY_SOURCING_H
#define ORDERCORE_INVENTORY_SOURCING_H

#include "inventory.h"

/* The catalogue rows that sourcing rests on; consulted before the fetch, covered by the policy
 * row. */
typedef struct ocore__sourcing_view {
        ocore__group *sites;
        ocore__group *channels;
        ocore__group *channel_sites;
        ocore__group *costs;
} ocore__sourcing_view;
int ocore__sourcing_consult(ocore__work *work, ocore__sourcing_view *out);

/* What an order says of sourcing itself: zero passes the question on to its channel. */
typedef struct ocore__sourcing_wishes {
        int64_t strategy;
        int64_t short_action;
        int64_t no_split;
        int64_t ship_complete;
        int64_t priority;
        int64_t located;
        int64_t latitude_e7;
        int64_t longitude_e7;
        int64_t wanted_us;
        const ocore_site_wish *sites; /* as in ocore_order_draft */
        size_t site_count;
        size_t site_stride;
} ocore__sourcing_wishes;

/* A site as sourcing looks at it. */
typedef struct ocore__source_site {
        const ocore_site *site;
        const ocore_site_cost *cost; /* of the country and currency; NULL: there is none */
        size_t wish;                 /* 1, 2, 3 …: how it is preferred; 0: it is not */
        int64_t far_m;   /* from the consignee; INT64_MAX: not known, or it does not count */
        int64_t barred;  /* 0: it may give; else OCORE_SITE_…: why it may not */
        size_t position; /* in `sites` of what was resolved, when it may give */
} ocore__source_site;

/* The wishes resolved: what is to be obeyed wherever the goods of one order come from. */
typedef struct ocore__sourcing {
        int64_t strategy;     /* OCORE_ALLOCATE_… */
        int64_t short_action; /* OCORE_SHORT_REFUSE, _BACKORDER; 0: as each product says */
        int64_t no_split;
        int64_t ship_complete;
        int64_t priority;
        ocore_str channel;
        ocore_str country; /* where it goes */
        ocore_str
                currency; /* of the order: costs in another are not comparable and count as none */
        int64_t located;
        int64_t latitude_e7;
        int64_t longitude_e7;
        int64_t wanted_us;
        const ocore_channel *rules;     /* of the channel; NULL: none */
        const ocore__group *costs;      /* site_cost rows */
        const ocore_site *const *sites; /* that may give, in the order they are asked */
        size_t site_count;
        size_t preferred_count;              /* of these, the first, which somebody prefers */
        const ocore__source_site *all_sites; /* every site there is, by code */
        size_t all_count;
} ocore__sourcing;

/* After the fetch: resolves the wishes of an order (or hold) against its channel; what the order
 * says of a site counts before what the channel says. The sites are the open ones of our own,
 * without excluded ones: preferred ones first, then the nearest where that is the strategy, then by
 * priority and code. For the lowest cost only sites with a cost to that country in that currency
 * (empty: the channel's, else that of the first cost) are asked, unless none has one. A wish for a
 * site that is not there is refused by "sites[n].site", a strategy that cannot work (nearest
 * without coordinates, host without callback) by "strategy". The caller relies on the policy
 * row. */
int ocore__sourcing_resolve(ocore__work *work, const ocore__sourcing_view *view,
        const ocore__sourcing_wishes *wishes, ocore_str channel, ocore_str country,
        ocore_str currency, ocore__sourcing *out);

/* A site by its code; NULL: there is none. */
const ocore__source_site *ocore__source_site_find(const ocore__sourcing *sourcing, ocore_str site);

/* What it costs to send from each of all_sites to the country, NULL where nobody says; *currency is
 * the one of sourcing, else of the first cost. Independent of the strategy. */
int ocore__site_costs(ocore__work *work, const ocore__sourcing *sourcing, ocore_str *currency,
        const ocore_site_cost *const **out);

/* What one line wants. Lines of one product are counted together. */
typedef struct ocore__want_line {
        ocore__group *stock;       /* the product's balances, fetched */
        const ocore__group *rules; /* its stock rules; NULL: it has none */
        ocore_str sku;
        int64_t scale;
        int64_t quantity; /* in smallest units; 0: wants nothing */
        ocore_str site;   /* only there; empty: anywhere */
        ocore_str lot;    /* only of this lot; empty: of any */
        /* Lots that expire before are left out; those that have expired always are. */
        int64_t keeps_until_us;
        int64_t together;  /* lines with the same number above 0 come from one site */
        int64_t weight_g;  /* of one whole unit */
        const char *field; /* where a refusal points; NULL: "lines[n].quantity" */
} ocore__want_line;

/* A piece of a want at one place. */
typedef struct ocore__source_piece {
        size_t line; /* index of the want */
        ocore__entry *stock;
        int64_t quantity;
        int64_t reason; /* OCORE_ALLOCATED_… */
        /* What the store keeps for the safety stock: of this balance, and other lots of the site
         * that must be as they were, named once by the first of the pieces from there. */
        int64_t floor;
        ocore__entry *const *kept;
        size_t kept_count;
} ocore__source_piece;

/*
 * Wants are served in this order: those for a lot, those for a site, those that come together (by
 * their number), and then the others, the ones that must keep longest first; within each in the
 * order of lines. Choosing and what is possible follow the same steps, so that all wants can be had
 * exactly when each is possible whole.
 *
 * How much of each want could be had by these rules: out[n] <= wants[n].quantity; wanting that much
 * can be had. So can wanting less, but where groups share products: then ask again. Changes
 * nothing, refuses nothing but what is wrong.
 */
int ocore__sourcing_possible(ocore__work *work, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count, int64_t *out);

/* Chooses where every want comes from, whole; changes nothing. OCORE_OUT_OF_STOCK refuses each
 * short product by its field with what is there; OCORE_INVALID by "strategy" when the host chose
 * what is not there. Pieces stand in the order of lines. All of them are to be taken. */
int ocore__sourcing_choose(ocore__work *work, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count, ocore__source_piece **out, size_t *out_count);

/* Compares two pieces by line, then place: the order of the allocations' keys; what stood first
 * comes first (what is from a hold). */
int ocore__source_by_place(const void *a, const void *b);

/* Moves a piece from available to a bucket, so that the store keeps the safety stock. It returns
 * what ocore__stock_shift() does: OCORE_OVERFLOW is not yet refused in words. */
int ocore__sourcing_take(
        ocore__work *work, const ocore__source_piece *piece, int64_t bucket, ocore_id subject);

/* The rule that fits (site, channel) best; zeros where there is none, or no rules. Pure. */
typedef struct ocore__stock_fence {
        int64_t safety;
        int64_t below_zero;
} ocore__stock_fence;
ocore__stock_fence ocore__stock_fence_of(
        const ocore__group *rules, ocore_str site, ocore_str channel);

/* 1 if the lot of a balance may be promised: it is not recalled, has not expired, and keeps until
 * then (0: as long as it likes). Pure. */
int ocore__lot_keeps(const ocore_stock *stock, int64_t now_us, int64_t keeps_until_us);

/* What is free at a site over its lots that keep, less the safety stock; never below zero. Pure. */
int64_t ocore__stock_free(const ocore__group *stock, const ocore__group *rules, ocore_str site,
        ocore_str channel, int64_t now_us, int64_t keeps_until_us);

/* What was chosen, site by site, and why each other site was not; to be asked before the pieces are
 * taken. OCORE_NOMEM, or a failure of adding the costs up, refused by "strategy". */
int ocore__sourcing_explain(ocore__work *work, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count, const ocore__source_piece *pieces,
        size_t piece_count, const ocore_sourcing_report **out);
extern const ocore_record ocore__sourcing_report_record;

/* Makes room for wants that are short: takes it from open holds of a lower priority, the lowest and
 * youngest first, only as much as is short; what they lose is available, staged. Looks at no more
 * than 100 lines of holds for each product, so some may stay short: choosing refuses them. */
int ocore__hold_preempt(ocore__work *work, int64_t priority, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count);

#endif
