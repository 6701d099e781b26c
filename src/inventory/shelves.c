/*
 * What allocation chooses from and for: the shelves of each product, and the lines gathered into
 * demands. Lines that want the same are one demand, so that they never count the same units. For
 * the strategies; the cost is linear in lines and balances but for sorting, constant in quantity.
 */
#include "allocation.h"

#include "base/sort.h"

/* A line and where it stands among the others. */
typedef struct placed_line {
        const ocore__want_line *want;
        int64_t group;
        int tier;
} placed_line;

enum { TIER_LOT_AND_SITE, TIER_LOT, TIER_SITE, TIER_GROUP, TIER_REST };

const char *ocore__want_field(const ocore__allocation *allocation, const ocore__want_line *want)
{
        return want->field ? want->field
                           : ocore__at(allocation->work, "lines",
                                     (size_t)(want - allocation->wants), "quantity");
}

int ocore__shelf_row_compare(const ocore__shelf_row *a, const ocore__shelf_row *b)
{
        int64_t x = a->row->expires_us ? a->row->expires_us : INT64_MAX; /* never: last */
        int64_t y = b->row->expires_us ? b->row->expires_us : INT64_MAX;

        if (x != y)
                return x < y ? -1 : 1;
        return (a->row->received_us > b->row->received_us) -
               (a->row->received_us < b->row->received_us);
}

/* Rows of a product: by site, then the first to expire, then the oldest. */
static int by_expiry(const void *a, const void *b)
{
        const ocore__shelf_row *x = a, *y = b;
        int order = x->site < y->site ? -1 : x->site > y->site;

        if (!order)
                order = ocore__shelf_row_compare(x, y);
        return order ? order : ocore__str_compare(x->row->lot, y->row->lot);
}

/* The balances that may be promised, in no order yet. */
static int gather_rows(ocore__allocation *allocation, ocore__source_product *product)
{
        const ocore__source_site *site = NULL;
        ocore_str code = {NULL, 0};

        product->rows = ocore__arena_take(allocation->work->arena,
                (ocore__count(product->stock) + 1) * sizeof *product->rows);
        if (!product->rows)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(product->stock); entry;
                entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (row->available <= 0 || !ocore__lot_keeps(row, allocation->work->now_us, 0))
                        continue;
                if (!code.size || !ocore_str_equal(code, row->site))
                        site = ocore__source_site_find(allocation->sourcing, row->site);
                code = row->site;
                if (site && !site->barred)
                        product->rows[product->row_count++] = (ocore__shelf_row){.stock = entry,
                                .row = row,
                                .site = site->position,
                                .left = row->available};
        }
        return OCORE_OK;
}

/* Rows of one site are a shelf. */
static void cut_shelves(
        const ocore__allocation *allocation, ocore__source_product *product, ocore__shelf_row **at)
{
        const ocore__sourcing *sourcing = allocation->sourcing;

        for (size_t i = 0; i < product->row_count; i++) {
                size_t site = at[i]->site;
                ocore__shelf *shelf;

                if (!i || at[i - 1]->site != site) {
                        shelf = &product->shelves[product->shelf_count++];
                        *shelf = (ocore__shelf){.site = site,
                                .rows = at + i,
                                .rank = site < sourcing->preferred_count
                                                ? site
                                                : sourcing->preferred_count};
                        if (product->first->rules)
                                shelf->safety = ocore__stock_fence_of(
                                        product->first->rules, at[i]->row->site, sourcing->channel)
                                                        .safety;
                }
                shelf = &product->shelves[product->shelf_count - 1];
                shelf->row_count++;
                at[i]->shelf = shelf;
        }
}

static int gather_shelves(ocore__allocation *allocation, ocore__source_product *product)
{
        int status = gather_rows(allocation, product);
        size_t count = product->row_count, sorted = 1;
        ocore__shelf_row **at;

        if (status)
                return status;
        at = ocore__arena_take(allocation->work->arena, (count + 1) * sizeof *at);
        product->shelves =
                ocore__arena_take(allocation->work->arena, (count + 1) * sizeof *product->shelves);
        if (!at || !product->shelves)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++) {
                at[i] = &product->rows[i];
                sorted &= !i || by_expiry(at[i - 1], at[i]) < 0;
        }
        if (!sorted)
                ocore__sort((const void **)at, count, by_expiry);
        cut_shelves(allocation, product, at);
        return OCORE_OK;
}

static int gather_products(ocore__allocation *allocation)
{
        allocation->products = ocore__arena_zero(
                allocation->work->arena, allocation->want_count + 1, sizeof *allocation->products);
        if (!allocation->products)
                return OCORE_NOMEM;
        for (size_t i = 0; i < allocation->want_count; i++)
                if (allocation->wants[i].quantity)
                        allocation->wants[i].stock->scratch = 0;
        for (size_t i = 0; i < allocation->want_count; i++) {
                const ocore__want_line *want = &allocation->wants[i];
                ocore__source_product *product;
                int status;

                if (!want->quantity)
                        continue;
                allocation->order_count++;
                if (want->stock->scratch)
                        continue;
                product = &allocation->products[allocation->product_count++];
                want->stock->scratch = allocation->product_count;
                product->stock = want->stock;
                product->first = want;
                status = gather_shelves(allocation, product);
                if (status)
                        return status;
        }
        return OCORE_OK;
}

/* Lines as they are served: by tier and group, then by product, lots before others, and what must
 * keep longest before what may expire sooner. */
static int by_service(const void *a, const void *b)
{
        const placed_line *x = a, *y = b;
        int order = x->tier - y->tier;

        if (!order && x->group != y->group)
                order = x->group < y->group ? -1 : 1;
        if (!order && x->want->stock != y->want->stock)
                order = x->want->stock->scratch < y->want->stock->scratch ? -1 : 1;
        if (!order)
                order = (y->want->lot.size > 0) - (x->want->lot.size > 0);
        if (!order)
                order = ocore__str_compare(x->want->lot, y->want->lot);
        if (!order)
                order = ocore__str_compare(x->want->site, y->want->site);
        if (!order && x->want->keeps_until_us != y->want->keeps_until_us)
                order = x->want->keeps_until_us > y->want->keeps_until_us ? -1 : 1;
        return order ? order : x->want < y->want ? -1 : x->want > y->want;
}

static int place_lines(ocore__allocation *allocation, const placed_line ***out)
{
        ocore__arena *arena = allocation->work->arena;
        size_t count = allocation->order_count, sorted = 1, n = 0;
        placed_line *lines = ocore__arena_take(arena, (count + 1) * sizeof *lines);
        const placed_line **at = ocore__arena_take(arena, (count + 1) * sizeof *at);

        if (!lines || !at)
                return OCORE_NOMEM;
        for (size_t i = 0; i < allocation->want_count; i++) {
                const ocore__want_line *want = &allocation->wants[i];
                int64_t group = allocation->sourcing->no_split ? 1 : want->together;

                if (!want->quantity)
                        continue;
                lines[n] = (placed_line){want, group > 0 ? group : 0,
                        group > 0         ? TIER_GROUP
                        : want->lot.size  ? want->site.size ? TIER_LOT_AND_SITE : TIER_LOT
                        : want->site.size ? TIER_SITE
                                          : TIER_REST};
                at[n] = &lines[n];
                sorted &= !n || by_service(at[n - 1], at[n]) < 0;
                n++;
        }
        if (!sorted)
                ocore__sort((const void **)at, count, by_service);
        *out = at;
        return OCORE_OK;
}

/* The host is asked line by line; for others lines that differ in nothing are one demand. */
static int are_one_demand(
        const ocore__allocation *allocation, const placed_line *a, const placed_line *b)
{
        return allocation->sourcing->strategy != OCORE_ALLOCATE_HOST && a->tier == b->tier &&
               a->group == b->group && a->want->stock == b->want->stock &&
               ocore_str_equal(a->want->lot, b->want->lot) &&
               ocore_str_equal(a->want->site, b->want->site) &&
               a->want->keeps_until_us == b->want->keeps_until_us;
}

static ocore__source_demand *new_demand(
        ocore__allocation *allocation, const placed_line *line, size_t index)
{
        ocore__source_demand *demand = &allocation->demands[allocation->demand_count++];
        ocore__source_product *product = &allocation->products[line->want->stock->scratch - 1];

        *demand = (ocore__source_demand){
                .product = product, .want = line->want, .first = index, .group = line->group};
        demand->taken_end = &demand->taken;
        if (line->tier < TIER_GROUP)
                allocation->single_end = allocation->demand_count;
        if (line->tier < TIER_REST)
                allocation->group_end = allocation->demand_count;
        if (!product->is_owned)
                product->owner = line->group;
        else if (product->owner != line->group)
                product->owner = 0;
        product->is_owned = 1;
        return demand;
}

static int gather_demands(ocore__allocation *allocation, const placed_line *const *lines)
{
        ocore__arena *arena = allocation->work->arena;
        ocore__source_demand *demand = NULL;
        size_t count = allocation->order_count;

        allocation->order = ocore__arena_take(arena, (count + 1) * sizeof *allocation->order);
        allocation->demands = ocore__arena_take(arena, (count + 1) * sizeof *allocation->demands);
        if (!allocation->order || !allocation->demands)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++) {
                const ocore__want_line *want = lines[i]->want;

                allocation->order[i] = want;
                if (!demand || !are_one_demand(allocation, lines[i - 1], lines[i]))
                        demand = new_demand(allocation, lines[i], i);
                demand->end = i + 1;
                if (ocore__add(demand->quantity, want->quantity, &demand->quantity))
                        return ocore__refuse(allocation->work, OCORE_OVERFLOW,
                                ocore__want_field(allocation, want),
                                "the lines of this product together leave 64 bits; take less");
        }
        return OCORE_OK;
}

int ocore__allocation_begin(ocore__allocation *allocation)
{
        const placed_line **lines = NULL;
        int status = gather_products(allocation);

        if (!status)
                status = place_lines(allocation, &lines);
        return status ? status : gather_demands(allocation, lines);
}

void ocore__allocation_reset(ocore__allocation *allocation, size_t first)
{
        for (size_t i = first; i < allocation->demand_count; i++) {
                ocore__source_demand *demand = &allocation->demands[i];

                for (ocore__taken *taken = demand->taken; taken; taken = taken->next)
                        taken->row->left += taken->quantity;
                demand->got = 0;
                demand->taken = NULL;
                demand->taken_end = &demand->taken;
        }
}

ocore__shelf *ocore__shelf_at(const ocore__source_product *product, size_t site)
{
        size_t low = 0, high = product->shelf_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (product->shelves[middle].site == site)
                        return &product->shelves[middle];
                if (product->shelves[middle].site < site)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

int ocore__row_keeps(const ocore__source_demand *demand, const ocore__shelf_row *row)
{
        return !row->row->expires_us || row->row->expires_us >= demand->want->keeps_until_us;
}

static int is_lot(const ocore__source_demand *demand, const ocore__shelf_row *row)
{
        return !demand->want->lot.size || ocore_str_equal(demand->want->lot, row->row->lot);
}

/* What the lots that keep have above the safety stock, whichever lot is wanted. */
static int64_t above_safety(const ocore__source_demand *demand, const ocore__shelf *shelf)
{
        int64_t sum = 0;

        for (size_t i = 0; i < shelf->row_count; i++)
                if (ocore__row_keeps(demand, shelf->rows[i]) &&
                        ocore__add(sum, shelf->rows[i]->left, &sum))
                        return INT64_MAX; /* more than any order can ask for */
        return sum > shelf->safety ? sum - shelf->safety : 0;
}

int64_t ocore__row_gives(const ocore__source_demand *demand, const ocore__shelf_row *row)
{
        int64_t free;

        if (!ocore__row_keeps(demand, row))
                return 0;
        free = row->shelf->safety > 0 ? above_safety(demand, row->shelf) : row->left;
        return row->left < free ? row->left : free;
}

int64_t ocore__shelf_gives(const ocore__source_demand *demand, const ocore__shelf *shelf)
{
        int64_t free, sum = 0;

        if (demand->want->site.size &&
                !ocore_str_equal(demand->want->site, shelf->rows[0]->row->site))
                return 0;
        free = above_safety(demand, shelf);
        if (!demand->want->lot.size)
                return free;
        for (size_t i = 0; i < shelf->row_count; i++)
                if (is_lot(demand, shelf->rows[i]) && ocore__row_keeps(demand, shelf->rows[i]))
                        sum += shelf->rows[i]->left; /* one row: site and lot are its key */
        return sum < free ? sum : free;
}

void ocore__row_take(ocore__allocation *allocation, ocore__source_demand *demand,
        ocore__shelf_row *row, int64_t quantity, int64_t reason)
{
        ocore__taken *taken = ocore__arena_take(allocation->work->arena, sizeof *taken);

        if (!taken) {
                allocation->work->status = OCORE_NOMEM;
                return;
        }
        *taken = (ocore__taken){.row = row, .quantity = quantity, .reason = reason};
        row->left -= quantity;
        demand->got += quantity;
        *demand->taken_end = taken;
        demand->taken_end = &taken->next;
}

static int64_t take_from(ocore__allocation *allocation, ocore__source_demand *noted,
        const ocore__source_demand *demand, const ocore__shelf *shelf, int64_t quantity,
        int64_t reason)
{
        int64_t free = ocore__shelf_gives(demand, shelf), rest, taken;

        if (quantity > free)
                quantity = free;
        rest = quantity;
        for (size_t i = 0; i < shelf->row_count && rest > 0; i++) {
                ocore__shelf_row *row = shelf->rows[i];

                taken = row->left < rest ? row->left : rest;
                if (taken <= 0 || !ocore__row_keeps(demand, row) || !is_lot(demand, row))
                        continue;
                if (noted)
                        ocore__row_take(allocation, noted, row, taken, reason);
                else
                        row->left -= taken;
                rest -= taken;
        }
        return quantity - rest;
}

int64_t ocore__shelf_take(ocore__allocation *allocation, ocore__source_demand *demand,
        const ocore__shelf *shelf, int64_t quantity, int64_t reason)
{
        return take_from(allocation, demand, demand, shelf, quantity, reason);
}

int64_t ocore__shelf_draw(
        const ocore__source_demand *demand, const ocore__shelf *shelf, int64_t quantity)
{
        return take_from(NULL, NULL, demand, shelf, quantity, 0);
}
