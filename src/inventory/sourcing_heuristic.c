/*
 * Sourcing beyond what is searched exactly: the ADD heuristic (Kuehn and Hamburger, 1963) with
 * drops and swaps, and a bound by dual ascent (Erlenkotter, 1978) that says how far it can be from
 * the best. For the solver, which also begins its exact search with what this finds.
 */
#include "sourcing_solve.h"

/* How good an open set is: first as little as possible is missing, then cost. */
typedef struct standing {
        uint64_t open;
        int64_t unmet;
        int64_t cost_minor;
} standing;

/* Looks at a set; sites that give nothing are closed again, but not those that are to be kept. */
static standing look(ocore__source_search *search, uint64_t open, uint64_t keep)
{
        ocore__source_value value = ocore__source_evaluate(search, open);
        uint64_t needed = value.used | (keep & open);

        search->nodes++;
        ocore__source_note(search, open, &value);
        return (standing){
                needed, value.unmet, ocore__source_fixed(search, needed) + value.cost_minor};
}

static int is_better(const standing *a, const standing *b)
{
        if (a->unmet != b->unmet)
                return a->unmet < b->unmet;
        return a->cost_minor < b->cost_minor;
}

static void take_better(standing *best, standing other)
{
        if (is_better(&other, best))
                *best = other;
}

/* The best set that is reached by opening one site. */
static standing add_one(ocore__source_search *search, const standing *from, uint64_t keep)
{
        standing best = *from;

        if (ocore__source_count(from->open) >= search->sites_max)
                return best;
        for (size_t s = 0; s < search->problem->site_count; s++) {
                if (search->sites & ~from->open & ocore__source_bit(s))
                        take_better(&best, look(search, from->open | ocore__source_bit(s), keep));
        }
        return best;
}

/* The best set that is reached by closing one site, or by closing it and opening another. */
static standing drop_one(ocore__source_search *search, const standing *from, uint64_t keep)
{
        standing best = *from;

        for (size_t s = 0; s < search->problem->site_count; s++) {
                if (from->open & ~keep & ocore__source_bit(s))
                        take_better(&best, look(search, from->open & ~ocore__source_bit(s), keep));
        }
        return best;
}

static standing swap_one(ocore__source_search *search, const standing *from, uint64_t keep)
{
        standing best = *from;

        for (size_t s = 0; s < search->problem->site_count; s++) {
                standing without = {from->open & ~ocore__source_bit(s), INT64_MAX, INT64_MAX};

                if (!(from->open & ~keep & ocore__source_bit(s)))
                        continue;
                for (size_t t = 0; t < search->problem->site_count; t++) {
                        if (search->sites & ~from->open & ocore__source_bit(t))
                                take_better(&best,
                                        look(search, without.open | ocore__source_bit(t), keep));
                }
        }
        return best;
}

/* Moves until none gains. Every move makes the set better, so that it ends; the rounds bound it on
 * problems that are made to go long ways. */
static standing improve(ocore__source_search *search, standing at, uint64_t keep, int swaps)
{
        for (size_t round = 0; round < 4 * search->problem->site_count; round++) {
                standing best = at;

                take_better(&best, add_one(search, &at, keep));
                take_better(&best, drop_one(search, &at, keep));
                if (swaps && !is_better(&best, &at))
                        best = swap_one(search, &at, keep);
                if (!is_better(&best, &at))
                        return at;
                at = best;
        }
        return at;
}

void ocore__source_heuristic(ocore__source_search *search)
{
        ocore__source_value all = ocore__source_evaluate(search, search->sites);
        standing none = {0, INT64_MAX, 0};

        ocore__source_note(search, search->sites, &all);
        (void)improve(search, none, 0, 1);
        /* From the other end, where every site may be open: what is left often is another set. */
        if (ocore__source_count(all.used) <= search->sites_max)
                (void)improve(search, look(search, all.used, 0), 0, 1);
}

void ocore__source_heuristic_why(ocore__source_search *search)
{
        uint64_t used = search->best.used;

        for (size_t s = 0; s < search->problem->site_count; s++) {
                uint64_t keep = search->sites & ~used & ocore__source_bit(s);
                standing at;

                if (!keep)
                        continue;
                if (search->best.used_count < search->sites_max) {
                        (void)improve(search, look(search, used | keep, keep), keep, 0);
                        continue;
                }
                /* The set is full: the site takes the place of the one that is missed least. */
                at = (standing){used, INT64_MAX, INT64_MAX};
                for (size_t t = 0; t < search->problem->site_count; t++) {
                        if (used & ocore__source_bit(t))
                                take_better(&at,
                                        look(search, (used & ~ocore__source_bit(t)) | keep, keep));
                }
                if (at.unmet == 0)
                        (void)improve(search, at, keep, 0);
        }
}

/*
 * The bound. Each item gets a price that is paid for its units; what the price exceeds an offer by
 * is paid towards the site, as long as the site is not paid for. Whatever the prices are, no
 * solution costs less than
 *         Σ quantity × price + the least of Σ (site − what is paid towards it) over sets of sites
 */
typedef struct ascent {
        const ocore__source_search *search;
        int64_t *price;                          /* of each item */
        size_t *reached;                         /* offers that cost no more than the price */
        int64_t slack[OCORE_SOURCING_SITES_MAX]; /* of each site: not yet paid */
} ascent;

/* How far the price of an item may rise: to the next offer, or until a site is paid; 0: no more. */
static int64_t rise_of(ascent *self, size_t i)
{
        const ocore__source_item *item = &self->search->items[i];
        int64_t gain = item->quantity;
        int64_t rise = INT64_MAX;

        while (self->reached[i] < item->offer_count &&
                item->offers[self->reached[i]].cost_minor <= self->price[i])
                self->reached[i]++;
        if (self->reached[i] < item->offer_count)
                rise = item->offers[self->reached[i]].cost_minor - self->price[i];
        for (size_t k = 0; k < self->reached[i]; k++) {
                const ocore__source_offer *offer = &item->offers[k];
                int64_t slack = self->slack[offer->site];

                if (slack < offer->quantity)
                        gain -= offer->quantity;
                else if (slack / offer->quantity < rise)
                        rise = slack / offer->quantity;
        }
        return gain <= 0 || rise == INT64_MAX ? 0 : rise;
}

static int raise_price(ascent *self, size_t i, int64_t rise)
{
        const ocore__source_item *item = &self->search->items[i];
        int status = ocore__add(self->price[i], rise, &self->price[i]);

        for (size_t k = 0; !status && k < self->reached[i]; k++) {
                int64_t *slack = &self->slack[item->offers[k].site];
                int64_t paid = 0;

                status = ocore__multiply(item->offers[k].quantity, rise, &paid);
                if (!status)
                        status = ocore__subtract(*slack, paid, slack);
        }
        return status;
}

static int ascend(ascent *self)
{
        const ocore__source_search *search = self->search;
        size_t rounds = 2 * search->problem->site_count + 2;
        int status = OCORE_OK;

        for (int moved = 1; moved && rounds > 0; rounds--) {
                moved = 0;
                for (size_t i = 0; !status && i < search->item_count; i++) {
                        int64_t rise = rise_of(self, i);

                        if (rise > 0) {
                                moved = 1;
                                status = raise_price(self, i, rise);
                        }
                }
                if (status)
                        return status;
        }
        return OCORE_OK;
}

/* The least that a set of one site or more adds: the sites that are overpaid, as many as may be
 * used; where there is none, the one that is paid best. */
static int least_sites(ascent *self, int64_t *sum)
{
        const ocore__source_search *search = self->search;
        uint64_t left = search->sites;

        for (size_t n = 0; n < search->sites_max && left; n++) {
                size_t best = OCORE_SOURCING_SITES_MAX;

                for (size_t s = 0; s < search->problem->site_count; s++) {
                        if ((left >> s & 1) && (best == OCORE_SOURCING_SITES_MAX ||
                                                       self->slack[s] < self->slack[best]))
                                best = s;
                }
                if (n > 0 && self->slack[best] >= 0)
                        return OCORE_OK;
                if (ocore__add(*sum, self->slack[best], sum))
                        return OCORE_OVERFLOW;
                left &= ~ocore__source_bit(best);
        }
        return OCORE_OK;
}

static int bound_by_ascent(ascent *self, int64_t *out)
{
        const ocore__source_search *search = self->search;
        int64_t sum = -search->problem->split_minor;
        int status = ascend(self);

        for (size_t i = 0; !status && i < search->item_count; i++) {
                int64_t paid = 0;

                status = ocore__multiply(search->items[i].quantity, self->price[i], &paid);
                if (!status)
                        status = ocore__add(sum, paid, &sum);
        }
        if (!status)
                status = least_sites(self, &sum);
        if (!status)
                *out = sum;
        return status;
}

int ocore__source_bound(ocore__arena *arena, const ocore__source_search *search, int64_t *out)
{
        const ocore_sourcing_problem *problem = search->problem;
        ocore__source_value all = ocore__source_evaluate(search, search->sites);
        ascent self = {.search = search,
                .price = ocore__arena_zero(arena, search->item_count, sizeof *self.price),
                .reached = ocore__arena_zero(arena, search->item_count, sizeof *self.reached)};
        int64_t cheapest = INT64_MAX;
        int64_t other = 0;

        if (!self.price || !self.reached)
                return OCORE_NOMEM;
        for (size_t s = 0; s < problem->site_count; s++) {
                if ((search->sites >> s & 1) && problem->site_minor[s] < cheapest)
                        cheapest = problem->site_minor[s];
                self.slack[s] = problem->site_minor[s] + problem->split_minor;
        }
        *out = all.cost_minor + cheapest;
        for (size_t i = 0; i < search->item_count; i++)
                self.price[i] = search->items[i].offers[0].cost_minor;
        /* Prices that do not fit leave the plain bound: every site open, and the cheapest paid. */
        if (!bound_by_ascent(&self, &other) && other > *out)
                *out = other;
        return OCORE_OK;
}
