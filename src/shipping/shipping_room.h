/* What the files of the shipping room share among themselves. */
#ifndef ORDERCORE_SHIPPING_SHIPPING_ROOM_H
#define ORDERCORE_SHIPPING_SHIPPING_ROOM_H

#include "shipping.h"

extern const ocore_record ocore__shipping_option_record;
extern const ocore_record ocore__shipping_zone_record;
extern const ocore_record ocore__shipping_rate_record;
extern const ocore_choice ocore__services[];
extern const ocore_choice ocore__trackings[];

enum {
        OCORE__TRANSIT_MAX = 365,
        OCORE__DAY_MINUTES = 1440,
        OCORE__OFFSET_MAX_MINUTES = 840,
        OCORE__WEEKDAYS_ALL = 127
};

/* A postcode as prefixes are compared: without blanks, A to Z in upper case. Writes at most
 * postcode.size bytes; returns how many. */
size_t ocore__postcode_plain(ocore_str postcode, char *out);

/* The zone of a place by the longest prefix of its plain postcode; empty: nothing goes there. */
ocore_str ocore__zone_find(const ocore__group *zones, ocore_str country, ocore_str plain_postcode);

/* When a parcel of this option arrives that is ordered at `at_us`: OCORE_OFFER_GOOD, or same-day's
 * OCORE_OFFER_CUT_OFF or OCORE_OFFER_DAY_OFF with the dates 0. Any option gives an answer in
 * bounded time, however odd its numbers are. */
int64_t ocore__promise(const ocore_shipping_option *option, int64_t at_us, int64_t *out_earliest_us,
        int64_t *out_latest_us);

#endif
