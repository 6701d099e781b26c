/* What the catalogue decides: which price and which tax rate counts now, which sites are asked
 * first, and what a quantity is in a product's smallest units. */
#include "catalog.h"

#include "base/sort.h"

int ocore__country_good(ocore_str country)
{
        return country.size == 2 && country.data[0] >= 'A' && country.data[0] <= 'Z' &&
               country.data[1] >= 'A' && country.data[1] <= 'Z';
}

int ocore__country_check(ocore__work *work, ocore_str country, int needed, const char *field)
{
        if ((!country.size && !needed) || ocore__country_good(country))
                return OCORE_OK;
        return ocore__refuse(work, OCORE_INVALID, field,
                "\"%t\" is no country; give two upper-case letters (ISO 3166-1) such as DE",
                &country);
}

int ocore__price_find(const ocore__group *prices, ocore_str currency, ocore_str channel,
        int64_t now_us, int64_t *out_minor)
{
        const ocore_price *general = NULL, *own = NULL, *best;

        /* Prices of one channel come by time, so that the last one that has begun counts. */
        for (const ocore__entry *entry = ocore__first(prices); entry; entry = ocore__next(entry)) {
                const ocore_price *price = ocore__row(entry);

                if (price->from_us > now_us || !ocore_str_equal(price->currency, currency))
                        continue;
                if (!price->channel.size)
                        general = price;
                else if (ocore_str_equal(price->channel, channel))
                        own = price;
        }
        best = own ? own : general;
        *out_minor = best ? best->price_minor : 0;
        return best ? OCORE_OK : OCORE_NOT_FOUND;
}

int ocore__tax_rate_find(const ocore__group *rates, ocore_str tax_class, ocore_str country,
        int64_t now_us, int64_t *out_ppm)
{
        int status = tax_class.size ? OCORE_NOT_FOUND : OCORE_OK;

        *out_ppm = 0;
        if (!status)
                return status;
        for (const ocore__entry *entry = ocore__first(rates); entry; entry = ocore__next(entry)) {
                const ocore_tax_rate *rate = ocore__row(entry);

                if (rate->from_us > now_us || !ocore_str_equal(rate->country, country) ||
                        !ocore_str_equal(rate->tax_class, tax_class))
                        continue;
                *out_ppm = rate->rate_ppm; /* a later one of the same class and country follows */
                status = OCORE_OK;
        }
        return status;
}

static int by_priority(const void *a, const void *b)
{
        const ocore_site *x = a, *y = b;

        if (x->priority != y->priority)
                return x->priority < y->priority ? -1 : 1;
        return ocore__str_compare(x->site, y->site);
}

int ocore__sites_in_order(
        ocore__work *work, const ocore__group *sites, const ocore_site *const **out, size_t *count)
{
        const void **open =
                ocore__arena_take(work->arena, (ocore__count(sites) + 1) * sizeof *open);
        size_t n = 0;

        *out = NULL;
        *count = 0;
        if (!open)
                return OCORE_NOMEM;
        for (const ocore__entry *entry = ocore__first(sites); entry; entry = ocore__next(entry)) {
                const ocore_site *site = ocore__row(entry);

                if (!site->closed)
                        open[n++] = site;
        }
        ocore__sort(open, n, by_priority);
        *out = (const ocore_site *const *)open;
        *count = n;
        return OCORE_OK;
}

const ocore_site *ocore__site_find(const ocore__group *sites, ocore_str site)
{
        for (const ocore__entry *entry = ocore__first(sites); entry; entry = ocore__next(entry)) {
                const ocore_site *row = ocore__row(entry);

                if (ocore_str_equal(row->site, site))
                        return row;
        }
        return NULL;
}

int ocore__product_units(
        ocore__work *work, int64_t scale, ocore_quantity quantity, const char *field, int64_t *out)
{
        int64_t given = quantity.scale;
        int status;

        *out = 0;
        status = ocore__rescale(quantity.amount, quantity.scale, (int)scale, out);
        if (status == OCORE_INVALID)
                return ocore__refuse(work, OCORE_INVALID, field,
                        "%u has more decimals than the product's %d; round it before",
                        &quantity.amount, &given, &scale);
        if (status)
                return ocore__refuse(work, OCORE_OVERFLOW, field,
                        "%u is more than can be counted with the product's %d decimals",
                        &quantity.amount, &given, &scale);
        return OCORE_OK;
}
