/*
 * Choosing by the lowest cost: demands become lines of a sourcing problem, sites its columns, and
 * ocore_sourcing_solve() says what comes from where.
 *
 * The solver counts whole numbers, and one smallest unit may cost a small part of a minor unit. So
 * all costs are multiplied by one power of ten: by the largest with which they still fit, at best
 * one that makes every cost exact; else costs are rounded half up to that many parts of a minor
 * unit. Lines that share stock with a group, or keep longer than others of their product, and what
 * one lot or site has to give, are placed before; their sites count as used anyway.
 */
#include "allocation.h"

#include "base/sort.h"
#include "engine/core.h"

#define UNIT_COST_MAX (INT64_C(1) << 40) /* what the solver takes */
enum { LINES_MAX = 10000 };

typedef struct cost_problem {
        ocore__allocation *allocation;
        ocore__source_costs costs;
        ocore__source_demand **demands; /* those that the solver looks at */
        size_t demand_count;
        size_t *columns;   /* the sites, by position */
        size_t *column_of; /* of a site by its position, plus 1; 0: it has none */
        size_t column_count;
        uint8_t *fixed; /* by position: the site is used anyway */
        int is_partial; /* something was placed before that could have been placed otherwise */
        ocore_sourcing_problem problem;
        ocore_sourcing_solution solution;
        int64_t factor; /* by which costs are multiplied */
} cost_problem;

/* A group is the solver's when nobody else wants its products, and any site will do. */
static int is_solvable(const ocore__allocation *allocation, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];

                if (demand->want->site.size || demand->want->lot.size ||
                        demand->product->owner != demand->group ||
                        (i > first && demand[-1].product == demand->product))
                        return 0;
        }
        return 1;
}

/* The cheapest sites first, each shipment for nothing. */
static int by_key(const void *a, const void *b)
{
        const ocore__shelf *x = a, *y = b;

        if (x->key != y->key)
                return x->key < y->key ? -1 : 1;
        return x->site < y->site ? -1 : x->site > y->site;
}

static int allocate_cheapest(cost_problem *cost, ocore__source_demand *demand)
{
        ocore__source_product *product = demand->product;
        const ocore__shelf **shelves = ocore__arena_take(
                cost->allocation->work->arena, (product->shelf_count + 1) * sizeof *shelves);

        if (!shelves)
                return OCORE_NOMEM;
        for (size_t i = 0; i < product->shelf_count; i++) {
                ocore__shelf *shelf = &product->shelves[i];

                if (ocore__unit_cost(&cost->costs, demand->want, shelf, &shelf->key))
                        return OCORE_OVERFLOW;
                shelves[i] = shelf;
        }
        ocore__sort((const void **)shelves, product->shelf_count, by_key);
        for (size_t i = 0; i < product->shelf_count && demand->got < demand->quantity; i++)
                ocore__shelf_take(cost->allocation, demand, shelves[i],
                        demand->quantity - demand->got, OCORE_ALLOCATED_LOWEST_COST);
        return cost->allocation->work->status;
}

/* Places what the solver cannot, and lists the rest. */
static int split_demands(cost_problem *cost)
{
        ocore__allocation *allocation = cost->allocation;
        size_t i = allocation->single_end;
        int status = OCORE_OK;

        while (!status && i < allocation->group_end) {
                size_t end = ocore__group_end(allocation, i);

                if (!is_solvable(allocation, i, end)) {
                        status = ocore__allocate_group(allocation, i, end, &cost->costs);
                        cost->is_partial |= end - i < allocation->demand_count;
                        i = end;
                }
                while (i < end)
                        cost->demands[cost->demand_count++] = &allocation->demands[i++];
        }
        for (; !status && i < allocation->demand_count; i++) {
                ocore__source_demand *demand = &allocation->demands[i];

                if (i + 1 < allocation->demand_count && demand[1].product == demand->product) {
                        status = allocate_cheapest(cost, demand);
                        cost->is_partial = 1;
                } else {
                        cost->demands[cost->demand_count++] = demand;
                }
        }
        return status;
}

static void add_column(cost_problem *cost, size_t site)
{
        if (cost->column_of[site] || cost->column_count == OCORE_SOURCING_SITES_MAX)
                return;
        cost->columns[cost->column_count++] = site;
        cost->column_of[site] = cost->column_count;
}

static int by_number(const void *a, const void *b)
{
        const size_t *x = a, *y = b;

        return *x < *y ? -1 : *x > *y;
}

/* The sites that are looked at: those that placing site by site has used, so that there is a
 * solution, then as many others as the solver takes, in the order they are asked. */
static int choose_columns(cost_problem *cost, const uint8_t *placed)
{
        const ocore__allocation *allocation = cost->allocation;
        size_t sites = allocation->sourcing->site_count, sorted[OCORE_SOURCING_SITES_MAX];
        const void *at[OCORE_SOURCING_SITES_MAX];
        uint8_t *has = ocore__arena_zero(allocation->work->arena, sites + 1, 1);

        if (!has)
                return OCORE_NOMEM;
        for (size_t i = 0; i < cost->demand_count; i++)
                for (size_t n = 0; n < cost->demands[i]->product->shelf_count; n++)
                        has[cost->demands[i]->product->shelves[n].site] = 1;
        for (size_t i = 0; i < sites; i++)
                if (placed[i])
                        add_column(cost, i);
        for (size_t i = 0; i < sites; i++)
                if (has[i] || cost->fixed[i])
                        add_column(cost, i);
        for (size_t i = 0; i < cost->column_count; i++) {
                sorted[i] = cost->columns[i];
                at[i] = &sorted[i];
        }
        ocore__sort(at, cost->column_count, by_number);
        for (size_t i = 0; i < cost->column_count; i++) {
                cost->columns[i] = *(const size_t *)at[i];
                cost->column_of[cost->columns[i]] = i + 1;
        }
        return OCORE_OK;
}

static void note_used(const ocore__allocation *allocation, size_t first, uint8_t *used)
{
        for (size_t i = first; i < allocation->demand_count; i++)
                for (const ocore__taken *taken = allocation->demands[i].taken; taken;
                        taken = taken->next)
                        used[taken->row->site] = 1;
}

/* A cost in parts of a minor unit, `denominator` of which were given. */
static int scaled(const cost_problem *cost, int64_t amount, int64_t denominator, int64_t *out)
{
        int status = ocore__multiply_divide(amount, cost->factor, denominator, OCORE__HALF_UP, out);

        return !status && (*out > UNIT_COST_MAX || *out < -UNIT_COST_MAX) ? OCORE_OVERFLOW : status;
}

/* The lines: demands, then one unit of nothing for each site that is used anyway. */
static int fill_line(cost_problem *cost, size_t line, int64_t *available, int64_t *unit)
{
        const ocore__source_demand *demand = cost->demands[line];
        const ocore__source_product *product = demand->product;
        int64_t denominator = ocore__power_of_ten((int)demand->want->scale + 3);
        size_t width = cost->column_count;

        for (size_t i = 0; i < width; i++) {
                available[line * width + i] = 0;
                unit[line * width + i] = OCORE_SOURCING_NONE;
        }
        for (size_t n = 0; n < product->shelf_count; n++) {
                const ocore__shelf *shelf = &product->shelves[n];
                size_t column = cost->column_of[shelf->site];
                int64_t milli, gives;

                if (!column)
                        continue;
                gives = ocore__shelf_gives(demand, shelf);
                available[line * width + column - 1] =
                        gives < demand->quantity ? gives : demand->quantity;
                if (ocore__unit_cost(&cost->costs, demand->want, shelf, &milli) ||
                        scaled(cost, milli, denominator, &unit[line * width + column - 1]))
                        return OCORE_OVERFLOW;
        }
        return OCORE_OK;
}

static int fill_sites(cost_problem *cost, int64_t *site_minor)
{
        for (size_t i = 0; i < cost->column_count; i++) {
                const ocore_site_cost *site = cost->costs.of[cost->columns[i]];

                site_minor[i] = 0;
                if (site && ocore__multiply(site->shipment_minor, cost->factor, &site_minor[i]))
                        return OCORE_OVERFLOW;
        }
        return ocore__multiply(cost->costs.split_minor, cost->factor, &cost->problem.split_minor);
}

static int fill_problem(cost_problem *cost)
{
        int64_t *available = (int64_t *)(uintptr_t)cost->problem.available;
        int64_t *unit = (int64_t *)(uintptr_t)cost->problem.cost_minor;
        int64_t *quantity = (int64_t *)(uintptr_t)cost->problem.quantity;
        int64_t *together = (int64_t *)(uintptr_t)cost->problem.together;
        size_t width = cost->column_count, line = cost->demand_count;

        for (size_t i = 0; i < cost->demand_count; i++) {
                quantity[i] = cost->demands[i]->quantity;
                together[i] = cost->demands[i]->group;
                if (fill_line(cost, i, available, unit))
                        return OCORE_OVERFLOW;
        }
        for (size_t i = 0; i < width; i++) {
                if (!cost->fixed[cost->columns[i]])
                        continue;
                quantity[line] = 1;
                together[line] = 0;
                for (size_t n = 0; n < width; n++) {
                        available[line * width + n] = n == i;
                        unit[line * width + n] = n == i ? 0 : OCORE_SOURCING_NONE;
                }
                line++;
        }
        return fill_sites(cost, (int64_t *)(uintptr_t)cost->problem.site_minor);
}

static int64_t *numbers(const cost_problem *cost, size_t count, int *status)
{
        int64_t *out = ocore__arena_zero(cost->allocation->work->arena, count + 1, sizeof *out);

        if (!out)
                *status = OCORE_NOMEM;
        return out;
}

/* `why`: what each other site would cost more is asked for, which takes far longer. */
static int make_room(cost_problem *cost, int why)
{
        size_t width = cost->column_count, lines = cost->demand_count;
        int status = OCORE_OK;

        for (size_t i = 0; i < width; i++)
                lines += cost->fixed[cost->columns[i]];
        cost->problem = (ocore_sourcing_problem){.struct_size = sizeof cost->problem,
                .site_count = width,
                .line_count = lines,
                .quantity = numbers(cost, lines, &status),
                .together = numbers(cost, lines, &status),
                .available = numbers(cost, lines * width, &status),
                .cost_minor = numbers(cost, lines * width, &status),
                .site_minor = numbers(cost, width, &status)};
        cost->solution = (ocore_sourcing_solution){.struct_size = sizeof cost->solution,
                .taken = numbers(cost, lines * width, &status),
                .used = numbers(cost, width, &status),
                .why_minor = why ? numbers(cost, width, &status) : NULL};
        return status;
}

/* The finest parts of a minor unit with which everything fits. */
static int solve(cost_problem *cost, int why)
{
        int64_t scale = 0;
        int status = make_room(cost, why);

        if (status)
                return status;
        for (size_t i = 0; i < cost->demand_count; i++)
                if (cost->demands[i]->want->scale > scale)
                        scale = cost->demands[i]->want->scale;
        cost->factor = ocore__power_of_ten((int)scale + 3);
        do {
                status = fill_problem(cost);
                if (!status)
                        status = ocore_sourcing_solve(&cost->problem,
                                &cost->allocation->work->core->config.allocator, &cost->solution);
                if (status != OCORE_OVERFLOW || cost->factor == 1)
                        break;
                cost->factor /= 10;
        } while (1);
        return status;
}

static void take_solution(cost_problem *cost)
{
        for (size_t i = 0; i < cost->demand_count; i++)
                for (size_t n = 0; n < cost->column_count; n++) {
                        int64_t taken = cost->solution.taken[i * cost->column_count + n];

                        if (taken > 0)
                                ocore__shelf_take(cost->allocation, cost->demands[i],
                                        ocore__shelf_at(
                                                cost->demands[i]->product, cost->columns[n]),
                                        taken, OCORE_ALLOCATED_LOWEST_COST);
                }
}

static int tell(cost_problem *cost, ocore__cost_answer *answer)
{
        int status = OCORE_OK;
        size_t sites = cost->allocation->sourcing->site_count;
        int64_t *extra = numbers(cost, sites, &status);

        if (status)
                return status;
        for (size_t i = 0; i < sites; i++)
                extra[i] = OCORE_SOURCING_NONE;
        for (size_t i = 0; i < cost->column_count; i++)
                if (cost->solution.why_minor[i] != OCORE_SOURCING_NONE)
                        (void)ocore__multiply_divide(cost->solution.why_minor[i], 1, cost->factor,
                                OCORE__UP, &extra[cost->columns[i]]);
        answer->solved = 1;
        answer->exact = cost->solution.exact && !cost->is_partial;
        answer->extra_minor = extra;
        return OCORE_OK;
}

/* More than the solver takes: groups and lines by themselves, each where it costs least. */
static int place_each(cost_problem *cost)
{
        ocore__allocation *allocation = cost->allocation;
        size_t i = allocation->single_end;
        int status = OCORE_OK;

        ocore__allocation_reset(allocation, i);
        while (!status && i < allocation->group_end) {
                size_t end = ocore__group_end(allocation, i);

                status = ocore__allocate_group(allocation, i, end, &cost->costs);
                i = end;
        }
        for (; !status && i < allocation->demand_count; i++)
                status = allocate_cheapest(cost, &allocation->demands[i]);
        return status;
}

static int begin(cost_problem *cost, uint8_t **placed)
{
        ocore__allocation *allocation = cost->allocation;
        ocore__arena *arena = allocation->work->arena;
        size_t sites = allocation->sourcing->site_count;

        *placed = ocore__arena_zero(arena, sites + 1, 1);
        cost->fixed = ocore__arena_zero(arena, sites + 1, 1);
        cost->columns = ocore__arena_take(arena, OCORE_SOURCING_SITES_MAX * sizeof *cost->columns);
        cost->column_of = ocore__arena_zero(arena, sites + 1, sizeof *cost->column_of);
        cost->demands =
                ocore__arena_take(arena, (allocation->demand_count + 1) * sizeof *cost->demands);
        if (!*placed || !cost->fixed || !cost->columns || !cost->column_of || !cost->demands)
                return OCORE_NOMEM;
        note_used(allocation, allocation->single_end, *placed);
        ocore__allocation_reset(allocation, allocation->single_end);
        return ocore__source_costs_of(allocation, &cost->costs);
}

int ocore__allocate_by_cost(ocore__allocation *allocation, ocore__cost_answer *answer)
{
        cost_problem cost = {.allocation = allocation};
        uint8_t *placed;
        int status = begin(&cost, &placed);

        if (!status)
                status = split_demands(&cost);
        if (!status)
                note_used(allocation, 0, cost.fixed);
        if (!status)
                status = choose_columns(&cost, placed);
        if (!status && cost.demand_count && cost.demand_count <= LINES_MAX - cost.column_count) {
                status = solve(&cost, answer != NULL);
                if (!status) {
                        take_solution(&cost);
                        status = answer ? tell(&cost, answer) : OCORE_OK;
                } else if (status == OCORE_OUT_OF_STOCK || status == OCORE_LIMIT) {
                        status = place_each(&cost); /* more sites are needed than it looks at */
                }
        } else if (!status && cost.demand_count) {
                status = place_each(&cost);
        }
        if (status == OCORE_OVERFLOW)
                return ocore__costs_refuse(allocation->work);
        return status ? status : allocation->work->status;
}
