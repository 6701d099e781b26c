/* What shipping offers to other rooms: its rules, and what they say of one parcel. */
#ifndef ORDERCORE_SHIPPING_SHIPPING_H
#define ORDERCORE_SHIPPING_SHIPPING_H

#include "catalog/catalog.h"

#include <ordercore/shipping.h>

/* All are read whole and covered by the policy row. */
extern const ocore_table ocore__shipping_option_table;
extern const ocore_table ocore__shipping_zone_table;
extern const ocore_table ocore__shipping_rate_table;
extern const ocore_record ocore__shipping_offer_record;

/* The rules as a command consults them; the caller relies on the policy row. */
typedef struct ocore__shipping_view {
        ocore__group *options;
        ocore__group *zones;
        ocore__group *rates;
        ocore__group *tax_rates;
} ocore__shipping_view;

int ocore__shipping_consult(ocore__work *work, ocore__shipping_view *out); /* before the fetch */

/* One parcel. */
typedef struct ocore__parcel {
        ocore_str country;
        ocore_str postcode;
        ocore_str currency;
        int64_t weight_g;
        int64_t at_us; /* when the order is taken */
} ocore__parcel;

/* One offer for each option, by code; pure but for memory. */
int ocore__shipping_offers(ocore__work *work, const ocore__shipping_view *view,
        const ocore__parcel *parcel, const ocore_shipping_offer *const **out, size_t *count,
        ocore_str *out_zone);

/* The offer of one option, left out or not; OCORE_NOT_FOUND when there is no such option. The tax
 * rate is that of its charge in the country. */
int ocore__shipping_offer_of(ocore__work *work, const ocore__shipping_view *view,
        const ocore__parcel *parcel, ocore_str option, const ocore_shipping_offer **out,
        int64_t *out_tax_ppm);

#endif
