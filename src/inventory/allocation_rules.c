/*
 * Choosing the sites that give the stock. Demands of one product are summed before anything is
 * chosen, so that several lines never count the same units; what was chosen is then dealt out to
 * the lines in their order. Cost is linear in lines and constant in quantity.
 */
#include "inventory.h"

/* All that is wanted of one product. */
typedef struct product_demand {
        ocore__group *stock;
        const ocore__demand *first; /* the first line that wants it: where a refusal points */
        int64_t quantity;
        size_t pieces_first; /* its pieces, before they are dealt out */
        size_t pieces_next;
        size_t pieces_end;
} product_demand;

typedef struct allocator {
        ocore__work *work;
        const ocore__demand *lines;
        size_t line_count;
        product_demand *products;
        size_t product_count;
        const ocore_site *const *sites;
        size_t site_count;
        ocore__piece *pieces;
        size_t piece_count;
} allocator;

static int64_t at_site(const ocore__group *stock, ocore_str site)
{
        int64_t sum = 0;

        for (ocore__entry *entry = ocore__first(stock); entry; entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (ocore_str_equal(row->site, site) && ocore__add(sum, row->available, &sum))
                        return INT64_MAX; /* more than any order can ask for */
        }
        return sum;
}

static int merge_lines(allocator *allocation)
{
        allocation->products = ocore__arena_zero(
                allocation->work->arena, allocation->line_count, sizeof *allocation->products);
        if (!allocation->products)
                return OCORE_NOMEM;
        for (size_t i = 0; i < allocation->line_count; i++)
                if (allocation->lines[i].quantity)
                        allocation->lines[i].stock->scratch = 0;
        for (size_t i = 0; i < allocation->line_count; i++) {
                const ocore__demand *line = &allocation->lines[i];
                product_demand *product;

                if (!line->quantity)
                        continue;
                if (!line->stock->scratch) {
                        product = &allocation->products[allocation->product_count++];
                        line->stock->scratch = allocation->product_count;
                        product->stock = line->stock;
                        product->first = line;
                }
                product = &allocation->products[line->stock->scratch - 1];
                if (ocore__add(product->quantity, line->quantity, &product->quantity))
                        return ocore__refuse(allocation->work, OCORE_OVERFLOW,
                                ocore__at(allocation->work, "lines", i, "quantity"),
                                "the lines of this product together leave 64 bits; take less");
        }
        return OCORE_OK;
}

/* Every product that is short is named; nothing is taken when one is. */
static int check_stock(const allocator *allocation)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < allocation->product_count; i++) {
                const product_demand *product = &allocation->products[i];
                const ocore__demand *line = product->first;
                int64_t sum = 0;

                for (size_t site = 0; site < allocation->site_count && sum < product->quantity;
                        site++)
                        if (ocore__add(sum, at_site(product->stock, allocation->sites[site]->site),
                                    &sum))
                                sum = INT64_MAX;
                if (sum < product->quantity)
                        status = ocore__refuse(allocation->work, OCORE_OUT_OF_STOCK,
                                ocore__at(allocation->work, "lines",
                                        (size_t)(line - allocation->lines), "quantity"),
                                "%u of \"%t\" are available, not %u; order less, or wait for more",
                                &sum, &line->scale, &line->sku, &product->quantity, &line->scale);
        }
        return status;
}

/* Takes up to `quantity` at one site, lot by lot; returns what is still wanted. */
static int64_t take(allocator *allocation, const product_demand *product, ocore_str site,
        int64_t quantity, int64_t reason)
{
        for (ocore__entry *entry = ocore__first(product->stock); entry && quantity;
                entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);
                int64_t taken = row->available < quantity ? row->available : quantity;

                if (taken <= 0 || !ocore_str_equal(row->site, site))
                        continue;
                allocation->pieces[allocation->piece_count++] =
                        (ocore__piece){.stock = entry, .quantity = taken, .reason = reason};
                quantity -= taken;
        }
        return quantity;
}

static void by_priority(allocator *allocation, const product_demand *product)
{
        int64_t rest = product->quantity;

        for (size_t i = 0; i < allocation->site_count && rest; i++)
                rest = take(allocation, product, allocation->sites[i]->site, rest,
                        OCORE_ALLOCATED_BY_PRIORITY);
}

/* The first site that has everything; NULL: none. */
static const ocore_site *whole_order(const allocator *allocation)
{
        for (size_t i = 0; i < allocation->site_count; i++) {
                size_t n = 0;

                while (n < allocation->product_count &&
                        at_site(allocation->products[n].stock, allocation->sites[i]->site) >=
                                allocation->products[n].quantity)
                        n++;
                if (n == allocation->product_count)
                        return allocation->sites[i];
        }
        return NULL;
}

/* Largest stocks first; each round empties a site, so the rounds are bounded by the sites. */
static void by_fewest_splits(allocator *allocation, const product_demand *product)
{
        int64_t rest = product->quantity;
        int64_t below = INT64_MAX; /* sites with this much or more, up to `last`, are used up */
        size_t last = allocation->site_count;

        for (size_t i = 0; i < allocation->site_count; i++)
                if (at_site(product->stock, allocation->sites[i]->site) >= rest) {
                        take(allocation, product, allocation->sites[i]->site, rest,
                                OCORE_ALLOCATED_WHOLE_PRODUCT);
                        return;
                }
        while (rest) {
                int64_t most = 0;
                size_t best = allocation->site_count;

                for (size_t i = 0; i < allocation->site_count; i++) {
                        int64_t here = at_site(product->stock, allocation->sites[i]->site);

                        if (here > most && (here < below || (here == below && i > last))) {
                                most = here;
                                best = i;
                        }
                }
                if (best == allocation->site_count)
                        return; /* not reached: check_stock() counted the same sites */
                rest = take(allocation, product, allocation->sites[best]->site, rest,
                        OCORE_ALLOCATED_LARGEST_STOCK);
                below = most;
                last = best;
        }
}

static int choose(allocator *allocation, int64_t strategy)
{
        const ocore_site *whole =
                strategy == OCORE_ALLOCATE_FEWEST_SPLITS ? whole_order(allocation) : NULL;
        size_t room = 0;

        for (size_t i = 0; i < allocation->product_count; i++)
                room += ocore__count(allocation->products[i].stock);
        allocation->pieces =
                ocore__arena_zero(allocation->work->arena, room + 1, sizeof *allocation->pieces);
        if (!allocation->pieces)
                return OCORE_NOMEM;
        for (size_t i = 0; i < allocation->product_count; i++) {
                product_demand *product = &allocation->products[i];

                product->pieces_first = product->pieces_next = allocation->piece_count;
                if (whole)
                        take(allocation, product, whole->site, product->quantity,
                                OCORE_ALLOCATED_WHOLE_ORDER);
                else if (strategy == OCORE_ALLOCATE_FEWEST_SPLITS)
                        by_fewest_splits(allocation, product);
                else
                        by_priority(allocation, product);
                product->pieces_end = allocation->piece_count;
        }
        return OCORE_OK;
}

/* Deals the chosen pieces out to the lines; a line takes what the one before it left. */
static int deal(allocator *allocation, ocore__piece **out, size_t *out_count)
{
        size_t room = allocation->piece_count + allocation->line_count, count = 0;
        ocore__piece *dealt =
                ocore__arena_take(allocation->work->arena, (room + 1) * sizeof *dealt);

        if (!dealt)
                return OCORE_NOMEM;
        for (size_t i = 0; i < allocation->line_count; i++) {
                int64_t rest = allocation->lines[i].quantity;
                product_demand *product =
                        rest ? &allocation->products[allocation->lines[i].stock->scratch - 1]
                             : NULL;

                while (rest && product->pieces_next < product->pieces_end) {
                        ocore__piece *piece = &allocation->pieces[product->pieces_next];
                        int64_t taken = piece->quantity < rest ? piece->quantity : rest;

                        dealt[count++] = (ocore__piece){i, piece->stock, taken, piece->reason};
                        rest -= taken;
                        piece->quantity -= taken;
                        if (!piece->quantity)
                                product->pieces_next++;
                }
        }
        *out = dealt;
        *out_count = count;
        return OCORE_OK;
}

int ocore__allocate_stock(ocore__work *work, int64_t strategy, const ocore__demand *demands,
        size_t count, const ocore_site *const *sites, size_t site_count, ocore__piece **out,
        size_t *out_count)
{
        allocator allocation = {.work = work,
                .lines = demands,
                .line_count = count,
                .sites = sites,
                .site_count = site_count};
        int status = merge_lines(&allocation);

        *out = NULL;
        *out_count = 0;
        if (!status)
                status = check_stock(&allocation);
        if (!status)
                status = choose(&allocation, strategy);
        return status ? status : deal(&allocation, out, out_count);
}
