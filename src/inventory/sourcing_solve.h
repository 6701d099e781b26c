/* The sourcing problem as its solver sees it: what the exact search and the heuristic share. */
#ifndef ORDERCORE_INVENTORY_SOURCING_SOLVE_H
#define ORDERCORE_INVENTORY_SOURCING_SOLVE_H

#include "base/arena.h"
#include "base/number.h"

#include <ordercore/sourcing.h>

enum { OCORE__SOURCE_LINES_MAX = 10000 };

/* What a site offers an item. */
typedef struct ocore__source_offer {
        int64_t quantity;   /* at most this; of an item from one site: 1 */
        int64_t cost_minor; /* of a unit; of an item from one site: of all of it */
        size_t site;
} ocore__source_offer;

/* A line that may be divided, or lines that come from one site: `one_site`, wanted once. */
typedef struct ocore__source_item {
        const ocore__source_offer *offers; /* by cost, then by site; none that gives nothing */
        size_t offer_count;
        const size_t *lines; /* of the problem */
        size_t line_count;
        int64_t quantity;
        int one_site;
} ocore__source_item;

/* What the best choice from a set of open sites costs without the sites themselves: items do not
 * know of each other, so that each takes the cheapest offers. */
typedef struct ocore__source_value {
        int64_t unmet; /* units that nobody has; 0: the set is enough */
        int64_t cost_minor;
        uint64_t used; /* sites that give something */
} ocore__source_value;

/* The best solution so far. */
typedef struct ocore__source_best {
        int found;
        int64_t cost_minor;
        uint64_t used;
        size_t used_count;
} ocore__source_best;

typedef struct ocore__source_search {
        const ocore_sourcing_problem *problem;
        ocore__source_item *items;
        size_t item_count;
        uint64_t sites; /* that offer anything */
        size_t sites_max;
        int why; /* the best solution with each site is wanted as well */
        ocore__source_best best;
        int64_t with[OCORE_SOURCING_SITES_MAX]; /* INT64_MAX: none was found */
        int64_t nodes;
        int64_t nodes_max; /* the search ends here though it is not done; 0: it goes on */
        int feasible_only; /* the first solution is enough */
} ocore__source_search;

/* Lets a problem be searched: checks it, and gathers items and offers in the arena. OCORE_INVALID,
 * OCORE_LIMIT, OCORE_OVERFLOW: some sum of what may be chosen does not fit; OCORE_NOMEM. */
int ocore__source_begin(
        ocore__arena *arena, const ocore_sourcing_problem *problem, ocore__source_search *search);

static inline uint64_t ocore__source_bit(size_t site)
{
        return UINT64_C(1) << site;
}
size_t ocore__source_count(uint64_t set);
/* What a set of sites costs by itself; of the empty set minus one split, so that it adds up. */
int64_t ocore__source_fixed(const ocore__source_search *search, uint64_t set);

ocore__source_value ocore__source_evaluate(const ocore__source_search *search, uint64_t open);
/* Keeps what an open set that is enough gives: as the best, and as the best with each of its sites.
 * Of equal costs fewer sites are better, then those with the lower index. */
void ocore__source_note(
        ocore__source_search *search, uint64_t open, const ocore__source_value *value);

/* ADD, drop, swap. What it finds is noted. */
void ocore__source_heuristic(ocore__source_search *search);
/* The best with each site that is not in the best solution, by the same moves. */
void ocore__source_heuristic_why(ocore__source_search *search);
/* What no solution costs less than. */
int ocore__source_bound(ocore__arena *arena, const ocore__source_search *search, int64_t *out);

#endif
