/* What the catalogue offers to other rooms: its rows, and looking them up for a decision. */
#ifndef ORDERCORE_CATALOG_CATALOG_H
#define ORDERCORE_CATALOG_CATALOG_H

#include "engine/engine.h"

#include <ordercore/sourcing.h>

extern const ocore_table ocore__product_table;  /* group: sku; covers its prices by its revision */
extern const ocore_table ocore__price_table;    /* group: sku */
extern const ocore_table ocore__site_table;     /* read whole; covered by the policy row */
extern const ocore_table ocore__tax_rate_table; /* read whole; covered by the policy row */
extern const ocore_table ocore__bundle_part_table; /* group: sku; covered by the product */
extern const ocore_table ocore__substitute_table;  /* group: sku; covered by the product */
extern const ocore_table ocore__site_cost_table;   /* read whole; covered by the policy row */
extern const ocore_record ocore__product_record;
extern const ocore_record ocore__bundle_part_record;
extern const ocore_record ocore__substitute_record;
extern const ocore_record ocore__site_cost_record;
extern const ocore_choice ocore__stock_trackings[];
extern const ocore_choice ocore__short_actions[];
extern const ocore_record ocore__site_record;
extern const ocore_record ocore__price_record;
extern const ocore_record ocore__tax_rate_record;
extern const ocore_choice ocore__product_kinds[];
/* The request of a question without fields. */
extern const ocore_record ocore__empty_record;
/* ocore_product_key as a request. */
extern const ocore_record ocore__product_get_request;

/* A command that changes a rule covered by the policy row edits that row too. `policy` is its
 * group, wanted and fetched. */
void ocore__policy_touch(ocore__work *work, ocore__group *policy);

/* Sets a row whole, whether it is there or not; its group is wanted and fetched. Returns it as it
 * now is, NULL: no memory. */
const void *ocore__row_put(ocore__work *work, ocore__group *group, const void *row);

/* 1 if the text is a country code: two letters A to Z. Pure. */
int ocore__country_good(ocore_str country);
/* Refuses a country by `field` that is no code; an empty one too if it is `needed`. */
int ocore__country_check(ocore__work *work, ocore_str country, int needed, const char *field);

/* The list price of a whole unit now: the channel's own before the general one, the latest that
 * has begun. OCORE_OK, or OCORE_NOT_FOUND with *out 0. Pure. */
int ocore__price_find(const ocore__group *prices, ocore_str currency, ocore_str channel,
        int64_t now_us, int64_t *out_minor);

/* The tax rate now. OCORE_OK (0 for an empty class), or OCORE_NOT_FOUND. Pure. */
int ocore__tax_rate_find(const ocore__group *rates, ocore_str tax_class, ocore_str country,
        int64_t now_us, int64_t *out_ppm);

/* Sites as allocation asks them: open ones by priority, then code. The array is in the arena. */
int ocore__sites_in_order(
        ocore__work *work, const ocore__group *sites, const ocore_site *const **out, size_t *count);
const ocore_site *ocore__site_find(const ocore__group *sites, ocore_str site);

/* A quantity of a request in the product's smallest units; refuses by `field` (from ocore__at). */
int ocore__product_units(
        ocore__work *work, int64_t scale, ocore_quantity quantity, const char *field, int64_t *out);

/* The same for an item of a list; the path is only spelled out when it is refused. */
static inline int ocore__item_units(ocore__work *work, int64_t scale, ocore_quantity quantity,
        const char *list, size_t index, int64_t *out)
{
        if (!ocore__rescale(quantity.amount, quantity.scale, (int)scale, out))
                return OCORE_OK;
        return ocore__product_units(
                work, scale, quantity, ocore__at(work, list, index, "quantity"), out);
}

#endif
