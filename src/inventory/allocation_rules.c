/*
 * The strategies: which site or lot is asked first. All of them take from the same shelves, so that
 * none gets at safety stock or at lots that may not be promised. For sourcing; whoever calls has
 * the demands in the order in which they are served.
 */
#include "allocation.h"

#include "base/sort.h"

/* Where a lot is wanted its balances are found by their lot, not by looking at all of them. */
static int by_lot(const void *a, const void *b)
{
        const ocore__shelf_row *x = a, *y = b;
        int order = ocore__str_compare(x->row->lot, y->row->lot);

        return order ? order : x->site < y->site ? -1 : x->site > y->site;
}

static size_t first_of_lot(const ocore__source_product *product, ocore_str lot)
{
        size_t low = 0, high = product->row_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (ocore__str_compare(product->by_lot[middle]->row->lot, lot) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static void allocate_lot(ocore__allocation *allocation, ocore__source_demand *demand)
{
        ocore__source_product *product = demand->product;
        const ocore__want_line *want = demand->want;

        if (!product->by_lot) {
                product->by_lot = ocore__arena_take(allocation->work->arena,
                        (product->row_count + 1) * sizeof *product->by_lot);
                if (!product->by_lot) {
                        allocation->work->status = OCORE_NOMEM;
                        return;
                }
                for (size_t i = 0; i < product->row_count; i++)
                        product->by_lot[i] = &product->rows[i];
                ocore__sort((const void **)product->by_lot, product->row_count, by_lot);
        }
        for (size_t i = first_of_lot(product, want->lot);
                i < product->row_count && demand->got < demand->quantity &&
                ocore_str_equal(product->by_lot[i]->row->lot, want->lot);
                i++) {
                ocore__shelf_row *row = product->by_lot[i];
                int64_t gives = ocore__row_gives(demand, row);

                if (gives > demand->quantity - demand->got)
                        gives = demand->quantity - demand->got;
                if (gives > 0 && (!want->site.size || ocore_str_equal(row->row->site, want->site)))
                        ocore__row_take(allocation, demand, row, gives, OCORE_ALLOCATED_GIVEN);
        }
}

void ocore__allocate_singles(ocore__allocation *allocation)
{
        for (size_t i = 0; i < allocation->single_end; i++) {
                ocore__source_demand *demand = &allocation->demands[i];

                const ocore__source_site *site;
                const ocore__shelf *shelf;

                if (demand->want->lot.size) {
                        allocate_lot(allocation, demand);
                        continue;
                }
                site = ocore__source_site_find(allocation->sourcing, demand->want->site);
                shelf = site && !site->barred ? ocore__shelf_at(demand->product, site->position)
                                              : NULL;
                if (shelf)
                        ocore__shelf_take(
                                allocation, demand, shelf, demand->quantity, OCORE_ALLOCATED_GIVEN);
        }
}

/* What a site could do for a group: how many of its demands wholly, how many at all. */
typedef struct group_trial {
        size_t site;
        size_t whole, some;
        size_t rank;
        int64_t key;
} group_trial;

static void shelf_save(const ocore__shelf *shelf)
{
        for (size_t i = 0; i < shelf->row_count; i++)
                shelf->rows[i]->saved = shelf->rows[i]->left;
}

static void shelf_restore(const ocore__shelf *shelf)
{
        for (size_t i = 0; i < shelf->row_count; i++)
                shelf->rows[i]->left = shelf->rows[i]->saved;
}

size_t ocore__group_end(const ocore__allocation *allocation, size_t first)
{
        size_t end = first + 1;

        while (end < allocation->group_end &&
                allocation->demands[end].group == allocation->demands[first].group)
                end++;
        return end;
}

/* What the site costs when all that is wanted comes from there. */
static int add_cost(const ocore__source_costs *costs, const ocore__source_demand *demand,
        const ocore__shelf *shelf, group_trial *trial)
{
        const ocore_site_cost *site = costs->of[trial->site];
        int64_t milli, minor;

        if (trial->some == 1)
                trial->key = site ? site->shipment_minor : 0;
        if (ocore__unit_cost(costs, demand->want, shelf, &milli) ||
                ocore__units_cost(milli, demand->want->scale, demand->quantity, &minor))
                return OCORE_OVERFLOW;
        return ocore__add(trial->key, minor, &trial->key);
}

static int64_t oldest_us(const ocore__shelf *shelf)
{
        int64_t oldest = INT64_MAX;

        for (size_t i = 0; i < shelf->row_count; i++)
                if (shelf->rows[i]->row->received_us < oldest)
                        oldest = shelf->rows[i]->row->received_us;
        return oldest;
}

/* What the strategy compares sites by, where one of them serves a group; the least is best. The
 * first demand that a site gives anything of speaks for it, but for costs, which are added up. */
static int add_key(const ocore__allocation *allocation, const ocore__source_costs *costs,
        const ocore__source_demand *demand, const ocore__shelf *shelf, int64_t gives,
        group_trial *trial)
{
        int64_t expires_us = shelf->rows[0]->row->expires_us;

        if (allocation->sourcing->strategy == OCORE_ALLOCATE_LOWEST_COST)
                return costs ? add_cost(costs, demand, shelf, trial) : OCORE_OK;
        if (trial->some > 1)
                return OCORE_OK;
        switch (allocation->sourcing->strategy) {
        case OCORE_ALLOCATE_MOST_STOCK: trial->key = -gives; break;
        case OCORE_ALLOCATE_OLDEST_FIRST: trial->key = oldest_us(shelf); break;
        case OCORE_ALLOCATE_FIRST_EXPIRED: trial->key = expires_us ? expires_us : INT64_MAX; break;
        default: break;
        }
        return OCORE_OK;
}

/* Demands of one product stand side by side, and share its shelf. */
static int try_site(const ocore__allocation *allocation, size_t first, size_t end,
        const ocore__source_costs *costs, group_trial *trial)
{
        int status = OCORE_OK;

        for (size_t i = first; i < end && !status;) {
                const ocore__source_product *product = allocation->demands[i].product;
                const ocore__shelf *shelf = ocore__shelf_at(product, trial->site);

                if (shelf)
                        shelf_save(shelf);
                for (; i < end && allocation->demands[i].product == product; i++) {
                        const ocore__source_demand *demand = &allocation->demands[i];
                        int64_t gives = shelf ? ocore__shelf_gives(demand, shelf) : 0;

                        if (gives <= 0 || status)
                                continue;
                        ocore__shelf_draw(demand, shelf, demand->quantity);
                        trial->whole += gives >= demand->quantity;
                        trial->some++;
                        status = add_key(allocation, costs, demand, shelf, gives, trial);
                }
                if (shelf)
                        shelf_restore(shelf);
        }
        return status;
}

/* Preferred sites come first where sites are asked one by one; else they only break ties. */
static size_t group_rank(const ocore__sourcing *sourcing, size_t site)
{
        switch (sourcing->strategy) {
        case OCORE_ALLOCATE_OLDEST_FIRST:
        case OCORE_ALLOCATE_FIRST_EXPIRED:
        case OCORE_ALLOCATE_LOWEST_COST: return 0;
        default: return site < sourcing->preferred_count ? site : sourcing->preferred_count;
        }
}

static int is_better(const group_trial *a, const group_trial *b)
{
        if (a->whole != b->whole)
                return a->whole > b->whole;
        if (a->some != b->some)
                return a->some > b->some;
        if (a->rank != b->rank)
                return a->rank < b->rank;
        return a->key != b->key ? a->key < b->key : a->site < b->site;
}

static int64_t group_reason(const ocore__allocation *allocation)
{
        switch (allocation->sourcing->strategy) {
        case OCORE_ALLOCATE_FEWEST_SPLITS:
                return allocation->sourcing->no_split ? OCORE_ALLOCATED_WHOLE_ORDER
                                                      : OCORE_ALLOCATED_WHOLE_PRODUCT;
        case OCORE_ALLOCATE_NEAREST: return OCORE_ALLOCATED_NEAREST;
        case OCORE_ALLOCATE_MOST_STOCK: return OCORE_ALLOCATED_LARGEST_STOCK;
        case OCORE_ALLOCATE_LOWEST_COST: return OCORE_ALLOCATED_LOWEST_COST;
        case OCORE_ALLOCATE_OLDEST_FIRST: return OCORE_ALLOCATED_OLDEST;
        case OCORE_ALLOCATE_FIRST_EXPIRED: return OCORE_ALLOCATED_FIRST_EXPIRED;
        default: return OCORE_ALLOCATED_BY_PRIORITY;
        }
}

int ocore__allocate_group(
        ocore__allocation *allocation, size_t first, size_t end, const ocore__source_costs *costs)
{
        group_trial best = {0};
        int64_t reason = group_reason(allocation);

        for (size_t site = 0; site < allocation->sourcing->site_count; site++) {
                group_trial trial = {.site = site, .rank = group_rank(allocation->sourcing, site)};

                if (try_site(allocation, first, end, costs, &trial))
                        return OCORE_OVERFLOW;
                if (trial.some && (!best.some || is_better(&trial, &best)))
                        best = trial;
        }
        for (size_t i = first; best.some && i < end; i++) {
                ocore__source_demand *demand = &allocation->demands[i];
                const ocore__shelf *shelf = ocore__shelf_at(demand->product, best.site);
                int given = demand->want->site.size || demand->want->lot.size;

                if (shelf)
                        ocore__shelf_take(allocation, demand, shelf, demand->quantity,
                                given ? OCORE_ALLOCATED_GIVEN : reason);
        }
        return allocation->work->status;
}

static void take_shelves(ocore__allocation *allocation, ocore__source_demand *demand,
        const ocore__shelf *const *shelves, int64_t reason)
{
        for (size_t n = 0; n < demand->product->shelf_count && demand->got < demand->quantity; n++)
                ocore__shelf_take(
                        allocation, demand, shelves[n], demand->quantity - demand->got, reason);
}

void ocore__allocate_in_order(ocore__allocation *allocation, int64_t reason)
{
        for (size_t i = allocation->group_end; i < allocation->demand_count; i++) {
                ocore__source_demand *demand = &allocation->demands[i];

                for (size_t n = 0;
                        n < demand->product->shelf_count && demand->got < demand->quantity; n++)
                        ocore__shelf_take(allocation, demand, &demand->product->shelves[n],
                                demand->quantity - demand->got, reason);
        }
}

static int by_key(const void *a, const void *b)
{
        const ocore__shelf *x = a, *y = b;

        if (x->rank != y->rank)
                return x->rank < y->rank ? -1 : 1;
        if (x->key != y->key)
                return x->key > y->key ? -1 : 1;
        return x->site < y->site ? -1 : x->site > y->site;
}

/* The largest stocks first; preferred sites before them, or only where they are equal. */
static void allocate_largest(
        ocore__allocation *allocation, ocore__source_demand *demand, int preferred)
{
        ocore__source_product *product = demand->product;
        const ocore__shelf **shelves = ocore__arena_take(
                allocation->work->arena, (product->shelf_count + 1) * sizeof *shelves);

        if (!shelves) {
                allocation->work->status = OCORE_NOMEM;
                return;
        }
        for (size_t n = 0; n < product->shelf_count; n++) {
                ocore__shelf *shelf = &product->shelves[n];
                size_t count = allocation->sourcing->preferred_count;

                shelf->rank = preferred && shelf->site < count ? shelf->site : count;
                shelf->key = ocore__shelf_gives(demand, shelf);
                shelves[n] = shelf;
        }
        ocore__sort((const void **)shelves, product->shelf_count, by_key);
        take_shelves(allocation, demand, shelves, OCORE_ALLOCATED_LARGEST_STOCK);
}

/* 1 if the site has everything that may come from anywhere. Demands of one product stand side by
 * side, what must keep longest first: what the later ones may have the earlier ones share. */
static int has_all(const ocore__allocation *allocation, size_t site)
{
        const ocore__source_product *product = NULL;
        const ocore__shelf *shelf = NULL;
        int64_t sum = 0;

        for (size_t i = allocation->group_end; i < allocation->demand_count; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];

                if (demand->product != product) {
                        product = demand->product;
                        shelf = ocore__shelf_at(product, site);
                        sum = 0;
                }
                if (!shelf || ocore__add(sum, demand->quantity, &sum) ||
                        ocore__shelf_gives(demand, shelf) < sum)
                        return 0;
        }
        return 1;
}

static const ocore__shelf *whole_product(const ocore__source_demand *demand)
{
        for (size_t n = 0; n < demand->product->shelf_count; n++)
                if (ocore__shelf_gives(demand, &demand->product->shelves[n]) >= demand->quantity)
                        return &demand->product->shelves[n];
        return NULL;
}

static void allocate_fewest(ocore__allocation *allocation)
{
        size_t site = 0, count = allocation->sourcing->site_count;
        int64_t reason =
                allocation->group_end ? OCORE_ALLOCATED_WHOLE_PRODUCT : OCORE_ALLOCATED_WHOLE_ORDER;

        while (site < count && !has_all(allocation, site))
                site++;
        for (size_t i = allocation->group_end; i < allocation->demand_count; i++) {
                ocore__source_demand *demand = &allocation->demands[i];
                const ocore__shelf *whole = site < count ? ocore__shelf_at(demand->product, site)
                                                         : whole_product(demand);

                if (whole)
                        ocore__shelf_take(allocation, demand, whole, demand->quantity,
                                site < count ? reason : OCORE_ALLOCATED_WHOLE_PRODUCT);
                else
                        allocate_largest(allocation, demand, 0);
        }
}

static int by_date(const void *a, const void *b)
{
        const ocore__shelf_row *x = a, *y = b;
        int order = ocore__shelf_row_compare(x, y);

        if (!order)
                order = x->site < y->site ? -1 : x->site > y->site;
        return order ? order : ocore__str_compare(x->row->lot, y->row->lot);
}

static int by_age(const void *a, const void *b)
{
        const ocore__shelf_row *x = a, *y = b;

        if (x->row->received_us != y->row->received_us)
                return x->row->received_us < y->row->received_us ? -1 : 1;
        return by_date(a, b);
}

/* Lot by lot wherever it lies; what a site must keep limits all of its lots together. */
static void allocate_lots(
        ocore__allocation *allocation, ocore__source_demand *demand, int64_t reason)
{
        ocore__source_product *product = demand->product;
        ocore__shelf_row **rows =
                ocore__arena_take(allocation->work->arena, (product->row_count + 1) * sizeof *rows);
        size_t count = 0;

        if (!rows) {
                allocation->work->status = OCORE_NOMEM;
                return;
        }
        for (size_t n = 0; n < product->shelf_count; n++) {
                ocore__shelf *shelf = &product->shelves[n];

                shelf->key = ocore__shelf_gives(demand, shelf);
                for (size_t i = 0; i < shelf->row_count; i++)
                        if (ocore__row_keeps(demand, shelf->rows[i]))
                                rows[count++] = shelf->rows[i];
        }
        ocore__sort(
                (const void **)rows, count, reason == OCORE_ALLOCATED_OLDEST ? by_age : by_date);
        for (size_t i = 0; i < count && demand->got < demand->quantity; i++) {
                ocore__shelf_row *row = rows[i];
                int64_t gives = demand->quantity - demand->got;

                gives = row->left < gives ? row->left : gives;
                gives = row->shelf->key < gives ? row->shelf->key : gives;
                if (gives > 0) {
                        row->shelf->key -= gives;
                        ocore__row_take(allocation, demand, row, gives, reason);
                }
        }
}

int ocore__allocate_rest(ocore__allocation *allocation)
{
        int64_t strategy = allocation->sourcing->strategy;

        if (strategy == OCORE_ALLOCATE_FEWEST_SPLITS) {
                allocate_fewest(allocation);
                return allocation->work->status;
        }
        for (size_t i = allocation->group_end; i < allocation->demand_count; i++) {
                ocore__source_demand *demand = &allocation->demands[i];

                if (strategy == OCORE_ALLOCATE_MOST_STOCK)
                        allocate_largest(allocation, demand, 1);
                else if (strategy == OCORE_ALLOCATE_OLDEST_FIRST)
                        allocate_lots(allocation, demand, OCORE_ALLOCATED_OLDEST);
                else
                        allocate_lots(allocation, demand, OCORE_ALLOCATED_FIRST_EXPIRED);
        }
        return allocation->work->status;
}
