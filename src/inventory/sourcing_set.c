/*
 * What a set of open sites is worth to a sourcing problem. Once the sites are given the lines do
 * not know of each other: each takes its cheapest offers, which are sorted once. For whoever
 * searches among the sets: the exact search and the heuristic.
 */
#include "sourcing_solve.h"

#include "base/sort.h"

/* Sums stay below a quarter of what fits, so that differences and sums of two fit as well. */
#define SUM_MAX (INT64_MAX / 4)

/* What begin gathers as it goes. */
typedef struct gathering {
        ocore__source_search *search;
        ocore__source_offer *next_offer;
        int64_t dearest; /* sum over the items of the dearest way to get them, without signs */
        int64_t units;
} gathering;

static int is_one_site(const ocore_sourcing_problem *problem, size_t line)
{
        return (problem->whole && problem->whole[line] != 0) ||
               (problem->together && problem->together[line] > 0);
}

static int64_t group_of(const ocore_sourcing_problem *problem, size_t line)
{
        return problem->together && problem->together[line] > 0 ? problem->together[line] : 0;
}

static int check_lines(const ocore_sourcing_problem *problem)
{
        size_t cells = problem->line_count * problem->site_count;

        for (size_t i = 0; i < problem->line_count; i++) {
                if (problem->quantity[i] < 0)
                        return OCORE_INVALID;
        }
        for (size_t i = 0; i < cells; i++) {
                if (problem->available[i] < 0)
                        return OCORE_INVALID;
        }
        return OCORE_OK;
}

static int check(const ocore_sourcing_problem *problem)
{
        int64_t sum = problem->split_minor;
        int status = OCORE_OK;

        if (problem->site_count == 0 || problem->line_count == 0 || !problem->quantity ||
                !problem->available || !problem->cost_minor || !problem->site_minor ||
                problem->split_minor < 0 || problem->sites_max < 0)
                return OCORE_INVALID;
        if (problem->site_count > OCORE_SOURCING_SITES_MAX ||
                problem->line_count > OCORE__SOURCE_LINES_MAX)
                return OCORE_LIMIT;
        for (size_t s = 0; !status && s < problem->site_count; s++) {
                if (problem->site_minor[s] < 0)
                        return OCORE_INVALID;
                status = ocore__add(sum, problem->site_minor[s], &sum);
                if (!status)
                        status = ocore__add(sum, problem->split_minor, &sum);
        }
        if (status || sum > SUM_MAX)
                return OCORE_OVERFLOW;
        return check_lines(problem);
}

/* What all lines of an item cost from a site together; OCORE_DONE: it cannot give them. */
static int offer_all(const ocore_sourcing_problem *problem, const ocore__source_item *item,
        size_t site, int64_t *out)
{
        int64_t sum = 0;

        for (size_t i = 0; i < item->line_count; i++) {
                size_t line = item->lines[i];
                size_t cell = line * problem->site_count + site;
                int64_t cost = problem->cost_minor[cell];

                if (cost == OCORE_SOURCING_NONE ||
                        problem->available[cell] < problem->quantity[line])
                        return OCORE_DONE;
                if (ocore__multiply(cost, problem->quantity[line], &cost) ||
                        ocore__add(sum, cost, &sum))
                        return OCORE_OVERFLOW;
        }
        *out = sum;
        return OCORE_OK;
}

static int offer_of(const ocore_sourcing_problem *problem, const ocore__source_item *item,
        size_t site, ocore__source_offer *out)
{
        size_t cell = item->lines[0] * problem->site_count + site;

        out->site = site;
        out->quantity = 1;
        if (item->one_site)
                return offer_all(problem, item, site, &out->cost_minor);
        out->cost_minor = problem->cost_minor[cell];
        out->quantity = problem->available[cell] < item->quantity ? problem->available[cell]
                                                                  : item->quantity;
        return out->cost_minor == OCORE_SOURCING_NONE || out->quantity == 0 ? OCORE_DONE : OCORE_OK;
}

/* Puts an offer among those of its item, behind equal ones: sites come by index. */
static void offer_insert(ocore__source_offer *offers, size_t count, ocore__source_offer offer)
{
        for (; count > 0 && offers[count - 1].cost_minor > offer.cost_minor; count--)
                offers[count] = offers[count - 1];
        offers[count] = offer;
}

static int item_finish(gathering *self, ocore__source_item *item)
{
        ocore__source_search *search = self->search;
        ocore__source_offer *offers = self->next_offer;
        ocore__source_offer offer = {0};
        int64_t dearest = 0;

        for (size_t s = 0; s < search->problem->site_count; s++) {
                int status = offer_of(search->problem, item, s, &offer);

                if (status == OCORE_DONE)
                        continue;
                if (status || offer.cost_minor < -SUM_MAX)
                        return OCORE_OVERFLOW;
                if (dearest < offer.cost_minor || dearest < -offer.cost_minor)
                        dearest = offer.cost_minor < 0 ? -offer.cost_minor : offer.cost_minor;
                search->sites |= ocore__source_bit(s);
                offer_insert(offers, item->offer_count++, offer);
        }
        item->offers = offers;
        self->next_offer += item->offer_count;
        if (ocore__multiply(dearest, item->quantity, &dearest) ||
                ocore__add(self->dearest, dearest, &self->dearest) ||
                ocore__add(self->units, item->quantity, &self->units) || self->dearest > SUM_MAX ||
                self->units > SUM_MAX)
                return OCORE_OVERFLOW;
        return OCORE_OK;
}

/* The lines that want something, those of a group behind each other. */
typedef struct sorted_line {
        int64_t group;
        size_t line;
} sorted_line;

static int compare_lines(const void *a, const void *b)
{
        const sorted_line *one = a;
        const sorted_line *two = b;

        if (one->group != two->group)
                return one->group < two->group ? -1 : 1;
        return one->line < two->line ? -1 : one->line > two->line;
}

static int sort_lines(ocore__arena *arena, const ocore_sourcing_problem *problem,
        const sorted_line ***out, size_t *out_count)
{
        sorted_line *lines = ocore__arena_zero(arena, problem->line_count, sizeof *lines);
        const void **sorted = ocore__arena_zero(arena, problem->line_count, sizeof *sorted);
        size_t count = 0;

        if (!lines || !sorted)
                return OCORE_NOMEM;
        for (size_t i = 0; i < problem->line_count; i++) {
                if (problem->quantity[i] == 0)
                        continue;
                lines[count] = (sorted_line){group_of(problem, i), i};
                sorted[count] = &lines[count];
                count++;
        }
        if (problem->together)
                ocore__sort(sorted, count, compare_lines);
        *out = (const sorted_line **)sorted;
        *out_count = count;
        return OCORE_OK;
}

static int gather(gathering *self, ocore__arena *arena)
{
        ocore__source_search *search = self->search;
        const ocore_sourcing_problem *problem = search->problem;
        const sorted_line **sorted = NULL;
        size_t count = 0;
        int status = sort_lines(arena, problem, &sorted, &count);
        size_t *lines =
                status || count == 0 ? NULL : ocore__arena_zero(arena, count, sizeof *lines);

        if (status || count == 0)
                return status;
        search->items = ocore__arena_zero(arena, count, sizeof *search->items);
        self->next_offer =
                ocore__arena_zero(arena, count * problem->site_count, sizeof *self->next_offer);
        if (!lines || !search->items || !self->next_offer)
                return OCORE_NOMEM;
        for (size_t i = 0; !status && i < count;) {
                ocore__source_item *item = &search->items[search->item_count++];
                int64_t group = sorted[i]->group;

                item->lines = &lines[i];
                item->one_site = is_one_site(problem, sorted[i]->line);
                item->quantity = item->one_site ? 1 : problem->quantity[sorted[i]->line];
                do
                        lines[i] = sorted[i]->line;
                while (++i < count && group > 0 && sorted[i]->group == group);
                item->line_count = (size_t)(&lines[i] - item->lines);
                status = item_finish(self, item);
        }
        return status;
}

int ocore__source_begin(
        ocore__arena *arena, const ocore_sourcing_problem *problem, ocore__source_search *search)
{
        gathering self = {.search = search};
        int status = check(problem);

        *search = (ocore__source_search){.problem = problem, .sites_max = problem->site_count};
        if (status)
                return status;
        if (problem->sites_max > 0 && (uint64_t)problem->sites_max < problem->site_count)
                search->sites_max = (size_t)problem->sites_max;
        for (size_t s = 0; s < OCORE_SOURCING_SITES_MAX; s++)
                search->with[s] = INT64_MAX;
        return gather(&self, arena);
}

size_t ocore__source_count(uint64_t set)
{
        size_t count = 0;

        for (; set; set &= set - 1)
                count++;
        return count;
}

int64_t ocore__source_fixed(const ocore__source_search *search, uint64_t set)
{
        const ocore_sourcing_problem *problem = search->problem;
        int64_t sum = -problem->split_minor;

        for (size_t s = 0; set >> s; s++) {
                if (set >> s & 1)
                        sum += problem->site_minor[s] + problem->split_minor;
                if (s + 1 == problem->site_count)
                        break;
        }
        return sum;
}

ocore__source_value ocore__source_evaluate(const ocore__source_search *search, uint64_t open)
{
        ocore__source_value value = {0};

        for (size_t i = 0; i < search->item_count; i++) {
                const ocore__source_item *item = &search->items[i];
                int64_t left = item->quantity;

                for (size_t k = 0; left > 0 && k < item->offer_count; k++) {
                        const ocore__source_offer *offer = &item->offers[k];
                        int64_t taken = offer->quantity < left ? offer->quantity : left;

                        if (!(open >> offer->site & 1))
                                continue;
                        left -= taken;
                        value.cost_minor += taken * offer->cost_minor;
                        value.used |= ocore__source_bit(offer->site);
                }
                value.unmet += left;
        }
        return value;
}

/* What it costs more to let each open site that gives nothing give something: one unit of a line
 * that may be divided comes from there instead of from the dearest site used, or one item that
 * cannot. INT64_MAX: it has nothing to give. */
static void shifts(const ocore__source_search *search, uint64_t open, uint64_t used, int64_t *out)
{
        for (size_t s = 0; s < search->problem->site_count; s++)
                out[s] = INT64_MAX;
        for (size_t i = 0; i < search->item_count; i++) {
                const ocore__source_item *item = &search->items[i];
                int64_t left = item->quantity;
                int64_t last = 0;

                for (size_t k = 0; k < item->offer_count; k++) {
                        const ocore__source_offer *offer = &item->offers[k];

                        if (!(open >> offer->site & 1))
                                continue;
                        if (left > 0) {
                                left -= offer->quantity < left ? offer->quantity : left;
                                last = offer->cost_minor;
                        } else if (!(used >> offer->site & 1) &&
                                   offer->cost_minor - last < out[offer->site]) {
                                out[offer->site] = offer->cost_minor - last;
                        }
                }
        }
}

static int is_better(const ocore__source_best *best, int64_t cost, uint64_t used, size_t count)
{
        uint64_t differ = best->used ^ used;

        if (!best->found || cost != best->cost_minor)
                return !best->found || cost < best->cost_minor;
        if (count != best->used_count)
                return count < best->used_count;
        return (differ & (~differ + 1) & used) != 0;
}

void ocore__source_note(
        ocore__source_search *search, uint64_t open, const ocore__source_value *value)
{
        size_t count = ocore__source_count(value->used);
        int64_t cost = ocore__source_fixed(search, value->used) + value->cost_minor;
        int64_t shift[OCORE_SOURCING_SITES_MAX];

        if (value->unmet > 0 || count > search->sites_max)
                return;
        if (is_better(&search->best, cost, value->used, count))
                search->best = (ocore__source_best){1, cost, value->used, count};
        if (!search->why)
                return;
        if (open != value->used && count < search->sites_max)
                shifts(search, open, value->used, shift);
        for (size_t s = 0; s < search->problem->site_count; s++) {
                int64_t with = cost;

                if (!(open >> s & 1))
                        continue;
                if (!(value->used >> s & 1)) {
                        if (count >= search->sites_max || shift[s] == INT64_MAX)
                                continue;
                        with += search->problem->site_minor[s] + search->problem->split_minor +
                                shift[s];
                }
                if (with < search->with[s])
                        search->with[s] = with;
        }
}
