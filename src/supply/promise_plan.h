/* Planning who is promised what: numbers in, numbers out. For promise.run. */
#ifndef ORDERCORE_SUPPLY_PROMISE_PLAN_H
#define ORDERCORE_SUPPLY_PROMISE_PLAN_H

#include "base/arena.h"

#include <ordercore/supply.h>

/* Units of one supply that one demand is promised, by the supply's place in the plan. */
typedef struct ocore__plan_piece ocore__plan_piece;
struct ocore__plan_piece {
        ocore__plan_piece *next; /* of a later supply */
        size_t supply;
        int64_t quantity; /* above zero */
};

/* Someone who waits. What was promised from supplies that are not in the plan is lost. */
typedef struct ocore__plan_demand {
        int64_t strategy; /* OCORE_PROMISE_…; 0: keeps what it has */
        int64_t quantity; /* that is missing */
        int64_t lost; /* of it, what was promised from supplies that are gone, dateless or barred */
        const ocore__plan_piece *had;
        ocore__plan_piece *gets; /* written */
        const uint8_t *barred; /* of each supply: it gets nothing of it; NULL: of all it may */
} ocore__plan_demand;

/*
 * Promises anew. `pools` is what each supply has for these demands, the earliest supply first: what
 * nobody is promised and what the demands had, below zero where more was promised than comes.
 * Demands stand in the order of service; it is by strategy, then by place:
 *
 *   keeping, gain, improve  first keep what they had, as far as the supplies still have it
 *   win                     all it wants, as early as the rest allows
 *   improve, then gain      all they want, as early as can be, never worse than before
 *   keeping                 in place of what it lost, as early as can be
 *   redistribute            all it wants, as early as is left
 *   fill                    at no date more than it had
 *   lose                    nothing
 *
 * Pure. OCORE_OK or OCORE_NOMEM.
 */
int ocore__promise_plan(ocore__arena *arena, const int64_t *pools, size_t supply_count,
        ocore__plan_demand *demands, size_t demand_count);

#endif
