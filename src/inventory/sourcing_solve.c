/*
 * Which sites send what at least cost. Up to twelve sites exactly, by branch and bound over the
 * sites (Land and Doig, 1960; for plant location Efroymson and Ray, 1966); beyond that by the
 * heuristic. For order.place with the strategy lowest_cost, and for hosts with a problem of their
 * own.
 */
#include "sourcing_solve.h"

#include <string.h>

/* Of a branch: these sites are open, these may yet be; the rest is closed. */
typedef struct branch {
        uint64_t open;
        uint64_t undecided;
} branch;

/* Whether a branch may still hold a better solution, or a better one with some site. All that it
 * holds costs at least what its open sites cost and what its items cost if every undecided site
 * were open for nothing. */
static int may_gain(const ocore__source_search *search, branch at, int64_t items_minor)
{
        const ocore_sourcing_problem *problem = search->problem;
        const ocore__source_best *best = &search->best;
        int64_t least = ocore__source_fixed(search, at.open) + items_minor;

        if (!best->found || least < best->cost_minor ||
                (least == best->cost_minor && ocore__source_count(at.open) <= best->used_count))
                return 1;
        for (size_t s = 0; search->why && s < problem->site_count; s++) {
                int64_t with = least;

                if (!((at.open | at.undecided) >> s & 1))
                        continue;
                if (at.undecided >> s & 1)
                        with += problem->site_minor[s] + problem->split_minor;
                if (with < search->with[s])
                        return 1;
        }
        return 0;
}

static int is_over(const ocore__source_search *search)
{
        return (search->nodes_max > 0 && search->nodes >= search->nodes_max) ||
               (search->feasible_only && search->best.found);
}

/* The site whose cost is the most that the bound leaves out. */
static size_t choose_site(const ocore_sourcing_problem *problem, uint64_t from)
{
        size_t best = OCORE_SOURCING_SITES_MAX;

        for (size_t s = 0; s < problem->site_count; s++) {
                if ((from >> s & 1) && (best == OCORE_SOURCING_SITES_MAX ||
                                               problem->site_minor[s] > problem->site_minor[best]))
                        best = s;
        }
        return best;
}

static ocore__source_value look(ocore__source_search *search, branch at)
{
        ocore__source_value value = ocore__source_evaluate(search, at.open | at.undecided);

        search->nodes++;
        ocore__source_note(search, at.open | at.undecided, &value);
        return value;
}

/*
 * One branch, with what all of its sites together are worth. Where these use no undecided site,
 * noting them has said all that there is to say of the branch: no other set in it is cheaper, nor
 * any with one more site. As deep as there are sites.
 */
static void search_branch(ocore__source_search *search, branch at, const ocore__source_value *value)
{
        uint64_t wanted = value->used & at.undecided;
        ocore__source_value closed;
        uint64_t site;

        if (value->unmet > 0 || !wanted || is_over(search) ||
                !may_gain(search, at, value->cost_minor))
                return;
        site = ocore__source_bit(choose_site(search->problem, wanted));
        at.undecided &= ~site;
        if (ocore__source_count(at.open) + 1 < search->sites_max)
                search_branch(search, (branch){at.open | site, at.undecided}, value);
        else
                (void)look(search, (branch){at.open | site, 0});
        closed = look(search, at);
        search_branch(search, at, &closed);
}

static void search_all(ocore__source_search *search)
{
        branch root = {0, search->sites};
        ocore__source_value value = look(search, root);

        search_branch(search, root, &value);
}

/* Beyond what is exact a limit of sites can hide the only solutions from the heuristic. Then the
 * branches are searched for any, for as long as an exact search may take. */
static void search_any(ocore__source_search *search)
{
        enum { NODES_MAX = 2 << OCORE_SOURCING_EXACT_SITES };

        search->nodes_max = search->nodes + NODES_MAX;
        search->feasible_only = 1;
        search_all(search);
}

static int solve_exactly(ocore__source_search *search, ocore_sourcing_solution *solution)
{
        ocore__source_heuristic(search);
        search_all(search);
        solution->bound_minor = search->best.cost_minor;
        return search->best.found ? OCORE_OK : OCORE_OUT_OF_STOCK;
}

static int solve_nearly(
        ocore__arena *arena, ocore__source_search *search, ocore_sourcing_solution *solution)
{
        int status;

        ocore__source_heuristic(search);
        if (!search->best.found)
                search_any(search);
        if (!search->best.found)
                return OCORE_OUT_OF_STOCK;
        if (search->why)
                ocore__source_heuristic_why(search);
        status = ocore__source_bound(arena, search, &solution->bound_minor);
        if (solution->bound_minor > search->best.cost_minor)
                solution->bound_minor = search->best.cost_minor;
        return status;
}

static int can_all(const ocore__source_search *search)
{
        return ocore__source_evaluate(search, search->sites).unmet == 0;
}

/* What each item takes from where, once the sites are chosen. */
static void take(const ocore__source_search *search, int64_t *taken)
{
        const ocore_sourcing_problem *problem = search->problem;

        for (size_t i = 0; i < search->item_count; i++) {
                const ocore__source_item *item = &search->items[i];
                int64_t left = item->quantity;

                for (size_t k = 0; left > 0 && k < item->offer_count; k++) {
                        const ocore__source_offer *offer = &item->offers[k];
                        int64_t some = offer->quantity < left ? offer->quantity : left;

                        if (!(search->best.used >> offer->site & 1))
                                continue;
                        left -= some;
                        for (size_t n = 0; n < item->line_count; n++)
                                taken[item->lines[n] * problem->site_count + offer->site] =
                                        item->one_site ? problem->quantity[item->lines[n]] : some;
                }
        }
}

static void answer(const ocore__source_search *search, ocore_sourcing_solution *solution)
{
        take(search, solution->taken);
        solution->total_minor = search->best.cost_minor;
        solution->exact = solution->bound_minor == solution->total_minor;
        for (size_t s = 0; s < search->problem->site_count; s++) {
                int64_t with = search->with[s];

                solution->used[s] = (int64_t)(search->best.used >> s & 1);
                if (!solution->why_minor)
                        continue;
                if (solution->used[s])
                        with = search->best.cost_minor;
                solution->why_minor[s] =
                        with == INT64_MAX ? OCORE_SOURCING_NONE : with - search->best.cost_minor;
        }
}

static int solve(
        ocore__arena *arena, ocore__source_search *search, ocore_sourcing_solution *solution)
{
        int status = OCORE_OK;

        if (search->item_count == 0) {
                search->best = (ocore__source_best){.found = 1};
                solution->bound_minor = 0;
        } else if (!can_all(search)) {
                status = OCORE_OUT_OF_STOCK;
        } else if (search->problem->site_count <= OCORE_SOURCING_EXACT_SITES) {
                status = solve_exactly(search, solution);
        } else {
                status = solve_nearly(arena, search, solution);
        }
        solution->nodes = search->nodes;
        return status;
}

static void clear(const ocore_sourcing_problem *problem, ocore_sourcing_solution *solution)
{
        solution->total_minor = 0;
        solution->bound_minor = 0;
        solution->exact = 0;
        solution->nodes = 0;
        if (problem->site_count > OCORE_SOURCING_SITES_MAX ||
                problem->line_count > OCORE__SOURCE_LINES_MAX)
                return;
        memset(solution->taken, 0,
                problem->line_count * problem->site_count * sizeof *solution->taken);
        memset(solution->used, 0, problem->site_count * sizeof *solution->used);
        for (size_t s = 0; solution->why_minor && s < problem->site_count; s++)
                solution->why_minor[s] = OCORE_SOURCING_NONE;
}

int ocore_sourcing_solve(const ocore_sourcing_problem *problem,
        const ocore_allocator *scratch_allocator, ocore_sourcing_solution *solution)
{
        const ocore_allocator libc = {0};
        ocore__source_search search;
        ocore__arena arena;
        int status;

        if (!problem || problem->struct_size < sizeof *problem || !solution ||
                solution->struct_size < sizeof *solution || !solution->taken || !solution->used)
                return OCORE_INVALID;
        ocore__arena_init(&arena, scratch_allocator ? scratch_allocator : &libc, 4096);
        status = ocore__source_begin(&arena, problem, &search);
        search.why = solution->why_minor != NULL;
        clear(problem, solution);
        if (!status)
                status = solve(&arena, &search, solution);
        if (!status)
                answer(&search, solution);
        else
                solution->bound_minor = 0;
        ocore__arena_finish(&arena);
        return status;
}
