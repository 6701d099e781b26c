/* Allocation as its own files see it: what is on the shelves, what is wanted of it, and what has
 * been chosen so far. Nothing here changes a balance. */
#ifndef ORDERCORE_INVENTORY_ALLOCATION_H
#define ORDERCORE_INVENTORY_ALLOCATION_H

#include "sourcing.h"

typedef struct ocore__shelf ocore__shelf;

/* A lot at a site that may be promised. */
typedef struct ocore__shelf_row {
        ocore__entry *stock;
        const ocore_stock *row;
        ocore__shelf *shelf;
        size_t site;   /* its position in sourcing->sites */
        int64_t left;  /* available, and not yet chosen */
        int64_t saved; /* `left` before a trial */
        int64_t floor; /* what must be left for the safety stock */
} ocore__shelf_row;

/* What a site has of a product. */
struct ocore__shelf {
        size_t site;                   /* its position in sourcing->sites */
        ocore__shelf_row *const *rows; /* the first to expire first, then the oldest */
        size_t row_count;
        int64_t safety;
        size_t rank;         /* of a preferred site its position; else one number for all */
        int64_t key;         /* by which a strategy orders shelves or limits them */
        ocore__entry **kept; /* lots that must be as they were, for the safety stock */
        size_t kept_count;
        int kept_told; /* a piece has named them */
};

/* A product that somebody wants. */
typedef struct ocore__source_product {
        ocore__group *stock;
        const ocore__want_line *first; /* the first line that wants it */
        ocore__shelf *shelves;         /* by the position of the site; no empty ones */
        size_t shelf_count;
        ocore__shelf_row *rows; /* all of them */
        size_t row_count;
        ocore__shelf_row **by_lot; /* made when a lot is asked for */
        int64_t owner;             /* the only group that wants it; 0: others do as well */
        int is_owned;              /* `owner` is set */
} ocore__source_product;

/* Units chosen for a demand. */
typedef struct ocore__taken ocore__taken;
struct ocore__taken {
        ocore__taken *next;
        ocore__shelf_row *row;
        int64_t quantity;
        int64_t reason;
};

/* Lines that want the same under the same conditions. */
typedef struct ocore__source_demand {
        ocore__source_product *product;
        const ocore__want_line *want; /* the first of them: its site, lot and date count */
        size_t first, end;            /* its lines, in allocation->order */
        int64_t group;                /* above 0: from one site with others of that number */
        int64_t quantity;
        int64_t got;
        ocore__taken *taken; /* in the order it was chosen */
        ocore__taken **taken_end;
} ocore__source_demand;

typedef struct ocore__allocation {
        ocore__work *work;
        const ocore__sourcing *sourcing;
        const ocore__want_line *wants;
        size_t want_count;
        const ocore__want_line **order; /* those that want something, as they are served */
        size_t order_count;
        ocore__source_product *products;
        size_t product_count;
        ocore__source_demand *demands; /* as they are served */
        size_t demand_count;
        size_t single_end; /* the first demand behind those for one lot or site */
        size_t group_end;  /* the first demand that may come from anywhere */
} ocore__allocation;

/* Gathers products, shelves and demands. Refuses sums that leave 64 bits. */
int ocore__allocation_begin(ocore__allocation *allocation);
/* Puts back what was chosen for the demands from `first` on. */
void ocore__allocation_reset(ocore__allocation *allocation, size_t first);
/* "lines[n].quantity", or what the line itself says. */
const char *ocore__want_field(const ocore__allocation *allocation, const ocore__want_line *want);

/* Below zero: a is taken before b on a shelf: the first to expire, then the oldest. */
int ocore__shelf_row_compare(const ocore__shelf_row *a, const ocore__shelf_row *b);
/* The shelf of a product at a site by its position; NULL: it has nothing there. */
ocore__shelf *ocore__shelf_at(const ocore__source_product *product, size_t site);
/* How much of a demand this shelf could give now. */
int64_t ocore__shelf_gives(const ocore__source_demand *demand, const ocore__shelf *shelf);
/* Chooses up to `quantity` on a shelf, lot by lot; returns how much. */
int64_t ocore__shelf_take(ocore__allocation *allocation, ocore__source_demand *demand,
        const ocore__shelf *shelf, int64_t quantity, int64_t reason);
/* The same, but nobody notes it: a trial. */
int64_t ocore__shelf_draw(
        const ocore__source_demand *demand, const ocore__shelf *shelf, int64_t quantity);
/* Chooses `quantity` of a row, which has it. */
void ocore__row_take(ocore__allocation *allocation, ocore__source_demand *demand,
        ocore__shelf_row *row, int64_t quantity, int64_t reason);

/* 1 if the lot keeps as long as the demand says. */
int ocore__row_keeps(const ocore__source_demand *demand, const ocore__shelf_row *row);
/* What a row could give now to a demand that its lot, site and date fit. */
int64_t ocore__row_gives(const ocore__source_demand *demand, const ocore__shelf_row *row);

/* allocation_rules.c: chooses for demands what there is, by the strategy. */
typedef struct ocore__source_costs ocore__source_costs;
/* For those that name a lot or a site. */
void ocore__allocate_singles(ocore__allocation *allocation);
/* For the group of demands [first, end); by cost when there are costs. */
int ocore__allocate_group(
        ocore__allocation *allocation, size_t first, size_t end, const ocore__source_costs *costs);
size_t ocore__group_end(const ocore__allocation *allocation, size_t first);
/* For those that may come from anywhere: site by site, or by the strategy. */
void ocore__allocate_in_order(ocore__allocation *allocation, int64_t reason);
int ocore__allocate_rest(ocore__allocation *allocation);

/* allocation_host.c: the host chooses for groups and the rest; all of it can be had, and nothing of
 * it is chosen yet. */
int ocore__allocate_by_host(ocore__allocation *allocation);

/* What sending and handling costs, as far as the channel and the sites say. */
struct ocore__source_costs {
        const ocore__allocation *allocation;
        const ocore_site_cost **of; /* by position; NULL: it costs nothing */
        int64_t split_minor, late_day_minor, age_day_minor;
};
/* cost_rules.c: with the costs as they were resolved. */
int ocore__source_costs_of(const ocore__allocation *allocation, ocore__source_costs *out);
/* What a whole unit of a want costs from a shelf, in thousandths of a minor unit: handling and
 * weight, each begun day that it comes too late, less each full day that the oldest lot has lain
 * there. OCORE_OVERFLOW. */
int ocore__unit_cost(const ocore__source_costs *costs, const ocore__want_line *want,
        const ocore__shelf *shelf, int64_t *out_milli);
/* What `quantity` smallest units cost then, in minor units, half up. OCORE_OVERFLOW. */
int ocore__units_cost(int64_t unit_milli, int64_t scale, int64_t quantity, int64_t *out_minor);

/* Refuses costs that leave 64 bits. */
int ocore__costs_refuse(ocore__work *work);

/* What the solver found, for those who ask why. */
typedef struct ocore__cost_answer {
        int solved;                 /* it was asked */
        int64_t exact;              /* no choice costs less */
        const int64_t *extra_minor; /* by position; OCORE_SOURCING_NONE: not known */
} ocore__cost_answer;
/* cost.c: chooses for groups and the rest by the lowest cost, once all of it could be placed. */
int ocore__allocate_by_cost(ocore__allocation *allocation, ocore__cost_answer *answer);
/* The same from the beginning, for the answer. */
int ocore__allocation_cost(ocore__allocation *allocation, ocore__cost_answer *out);

#endif
