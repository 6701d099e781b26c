/* What is expected and promised to nobody, by time: available-to-promise with look-ahead. For
 * promise.ask and product.alternatives. */
#include "supply.h"

#include "base/sort.h"
#include "inventory/sourcing.h"

static const ocore_site *find_site(const ocore__availability *view, ocore_str code)
{
        size_t low = 0, high = view->site_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = ocore__str_compare(view->by_code[middle]->site, code);

                if (!order)
                        return view->by_code[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

int ocore__supply_counts(const ocore__availability *view, const ocore_supply *supply,
        ocore_str site, int64_t oldest_us)
{
        const ocore_site *at = find_site(view, supply->site);

        return supply->due_us > 0 && supply->due_us >= oldest_us &&
               ocore__id_is_none(supply->order_id) && at && !at->closed && !at->supplier.size &&
               (!site.size || ocore_str_equal(site, supply->site));
}

static int by_date(const void *a, const void *b)
{
        const ocore_supply *x = a, *y = b;

        if (x->due_us != y->due_us)
                return x->due_us < y->due_us ? -1 : 1;
        return ocore__row_compare(&ocore__supply_table, x, y);
}

int ocore__supply_ahead(const ocore__availability *view, const ocore__asked *asked, ocore_str site,
        int64_t quantity, int64_t oldest_us, int64_t *out_us)
{
        size_t room = asked->supplies ? ocore__count(asked->supplies) : 0, count = 0;
        const void **order = ocore__arena_take(view->work->arena, (room + 1) * sizeof *order);

        *out_us = 0;
        if (!order)
                return OCORE_NOMEM;
        if (room) {
                for (ocore__entry *at = ocore__first(asked->supplies); at; at = ocore__next(at)) {
                        const ocore_supply *row = ocore__row(at);

                        if (row->unpromised > 0 && ocore__supply_counts(view, row, site, oldest_us))
                                order[count++] = row;
                }
        }
        ocore__sort(order, count, by_date);
        for (size_t i = 0; i < count && quantity > 0; i++) {
                const ocore_supply *row = order[i];

                quantity -= row->unpromised < quantity ? row->unpromised : quantity;
                *out_us = row->due_us;
        }
        if (quantity > 0)
                *out_us = 0;
        else if (*out_us < view->work->now_us)
                *out_us = view->work->now_us; /* it is late, and believed to come now */
        return OCORE_OK;
}

int64_t ocore__supply_on_shelf(
        const ocore__availability *view, const ocore__asked *asked, ocore_str site)
{
        const ocore_product *product = asked->product;
        const int64_t now_us = view->work->now_us;
        int64_t sum = 0, keeps_us;

        if (product->release_us <= now_us)
                return ocore__availability_at(view, asked, site).available;
        if (ocore__add(now_us, product->min_life_us, &keeps_us))
                keeps_us = INT64_MAX;
        for (size_t i = 0; i < view->site_count; i++) {
                const ocore_site *at = view->by_code[i];

                if (at->closed || at->supplier.size ||
                        (site.size && !ocore_str_equal(site, at->site)))
                        continue;
                if (ocore__add(sum,
                            ocore__stock_free(asked->stock, asked->rules, at->site, view->channel,
                                    now_us, keeps_us),
                            &sum))
                        return INT64_MAX;
        }
        return sum;
}
