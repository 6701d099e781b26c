/*
 * Who is promised what, by the strategies of backorder processing in large ERP systems. For
 * promise.run, which knows of orders and supplies; here they are numbers.
 */
#include "promise_plan.h"

typedef struct plan {
        ocore__arena *arena;
        int64_t *left; /* of each supply */
        size_t supply_count;
        size_t first; /* nothing is left of the supplies before it */
} plan;

/* What a demand may get of a supply. */
static int64_t left_for(const plan *self, const ocore__plan_demand *demand, size_t supply)
{
        return demand->barred && demand->barred[supply] ? 0 : self->left[supply];
}

static void take(plan *self, size_t supply, int64_t quantity)
{
        self->left[supply] -= quantity;
        while (self->first < self->supply_count && self->left[self->first] == 0)
                self->first++;
}

static int64_t smaller(int64_t a, int64_t b)
{
        return a < b ? a : b;
}

/* A piece behind the last one of a demand. */
static int add_piece(plan *self, ocore__plan_piece ***end, size_t supply, int64_t quantity)
{
        ocore__plan_piece *piece = ocore__arena_take(self->arena, sizeof *piece);

        if (!piece)
                return OCORE_NOMEM;
        *piece = (ocore__plan_piece){NULL, supply, quantity};
        **end = piece;
        *end = &piece->next;
        take(self, supply, quantity);
        return OCORE_OK;
}

/* What a demand had stays with it, the earliest first. */
static int keep(plan *self, ocore__plan_demand *demand)
{
        ocore__plan_piece **end = &demand->gets;
        int64_t missing = demand->quantity;
        int status = OCORE_OK;

        for (const ocore__plan_piece *had = demand->had; had && !status; had = had->next) {
                int64_t part = smaller(smaller(had->quantity, missing), self->left[had->supply]);

                if (part <= 0)
                        continue;
                status = add_piece(self, &end, had->supply, part);
                missing -= part;
        }
        return status;
}

static int64_t sum_of(const ocore__plan_piece *pieces)
{
        int64_t sum = 0;

        for (; pieces; pieces = pieces->next)
                sum += pieces->quantity;
        return sum;
}

static void give_back(plan *self, ocore__plan_demand *demand)
{
        for (const ocore__plan_piece *piece = demand->gets; piece; piece = piece->next) {
                self->left[piece->supply] += piece->quantity;
                if (piece->supply < self->first)
                        self->first = piece->supply;
        }
        demand->gets = NULL;
}

/* All that is missing as early as can be. What a demand has is given back first: it can be had
 * again, so that nothing becomes worse. */
static int take_all(plan *self, ocore__plan_demand *demand)
{
        ocore__plan_piece **end = &demand->gets;
        int64_t missing = demand->quantity;
        int status = OCORE_OK;

        give_back(self, demand);
        for (size_t i = self->first; i < self->supply_count && missing > 0 && !status; i++) {
                int64_t part = smaller(left_for(self, demand, i), missing);

                if (part <= 0)
                        continue;
                missing -= part;
                status = add_piece(self, &end, i, part);
        }
        return status;
}

/* In place of what a keeping demand lost: as much as it had, where something is left. The pieces
 * that it kept stay; new ones go between them. */
static int replace_lost(plan *self, ocore__plan_demand *demand)
{
        ocore__plan_piece **end = &demand->gets;
        int64_t had = demand->lost + sum_of(demand->had);
        int64_t missing = smaller(had, demand->quantity) - sum_of(demand->gets);
        int status = OCORE_OK;

        for (size_t i = self->first; i < self->supply_count && missing > 0 && !status; i++) {
                int64_t part = smaller(left_for(self, demand, i), missing);
                ocore__plan_piece *rest;

                if (part <= 0)
                        continue;
                while (*end && (*end)->supply < i)
                        end = &(*end)->next;
                missing -= part;
                if (*end && (*end)->supply == i) {
                        (*end)->quantity += part;
                        take(self, i, part);
                        continue;
                }
                rest = *end;
                status = add_piece(self, &end, i, part);
                *end = rest;
        }
        return status;
}

/* At no date more than it had: what is lost on the way may be had later instead, if at all. */
static int stay_behind(plan *self, ocore__plan_demand *demand)
{
        ocore__plan_piece **end = &demand->gets;
        const ocore__plan_piece *had = demand->had;
        int64_t missing = demand->quantity;
        int64_t allowed = 0;
        int status = OCORE_OK;

        for (size_t i = had ? had->supply : self->supply_count;
                i < self->supply_count && missing > 0 && !status; i++) {
                int64_t part;

                if (had && had->supply == i) {
                        allowed += had->quantity;
                        had = had->next;
                }
                if (!had && allowed == 0)
                        break;
                part = smaller(smaller(left_for(self, demand, i), allowed), missing);
                if (part <= 0)
                        continue;
                allowed -= part;
                missing -= part;
                status = add_piece(self, &end, i, part);
        }
        return status;
}

/* One pass over the demands of a strategy. */
static int serve(plan *self, ocore__plan_demand *demands, size_t count, int64_t strategy,
        int (*how)(plan *, ocore__plan_demand *))
{
        int status = OCORE_OK;

        for (size_t i = 0; i < count && !status; i++)
                if (demands[i].strategy == strategy)
                        status = how(self, &demands[i]);
        return status;
}

int ocore__promise_plan(ocore__arena *arena, const int64_t *pools, size_t supply_count,
        ocore__plan_demand *demands, size_t demand_count)
{
        static const struct {
                int64_t strategy;
                int (*how)(plan *, ocore__plan_demand *);
        } passes[] = {
                {OCORE_PROMISE_WIN, take_all},
                {OCORE_PROMISE_IMPROVE, take_all},
                {OCORE_PROMISE_GAIN, take_all},
                {0, replace_lost},
                {OCORE_PROMISE_REDISTRIBUTE, take_all},
                {OCORE_PROMISE_FILL, stay_behind},
        };
        plan self = {.arena = arena,
                .left = ocore__arena_zero(arena, supply_count + 1, sizeof *self.left),
                .supply_count = supply_count};
        int status = self.left ? OCORE_OK : OCORE_NOMEM;

        for (size_t i = 0; i < supply_count && !status; i++)
                self.left[i] = pools[i] > 0 ? pools[i] : 0;
        for (size_t i = 0; i < demand_count && !status; i++) {
                int64_t strategy = demands[i].strategy;

                demands[i].gets = NULL;
                if (strategy == 0 || strategy == OCORE_PROMISE_GAIN ||
                        strategy == OCORE_PROMISE_IMPROVE)
                        status = keep(&self, &demands[i]);
        }
        for (size_t i = 0; i < sizeof passes / sizeof *passes && !status; i++)
                status = serve(&self, demands, demand_count, passes[i].strategy, passes[i].how);
        return status;
}
