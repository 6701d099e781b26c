/* Which zone a place is in, what a parcel costs there, and why an option is left out. */
#include "shipping_room.h"

int ocore__shipping_consult(ocore__work *work, ocore__shipping_view *out)
{
        const ocore_cell all = ocore__cell_none();
        int status = ocore__consult(work, &ocore__shipping_option_table, all, &out->options);

        if (!status)
                status = ocore__consult(work, &ocore__shipping_zone_table, all, &out->zones);
        if (!status)
                status = ocore__consult(work, &ocore__shipping_rate_table, all, &out->rates);
        if (!status)
                status = ocore__consult(work, &ocore__tax_rate_table, all, &out->tax_rates);
        return status;
}

size_t ocore__postcode_plain(ocore_str postcode, char *out)
{
        size_t size = 0;

        for (size_t i = 0; i < postcode.size; i++) {
                char c = postcode.data[i];

                if (c != ' ')
                        out[size++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
        return size;
}

ocore_str ocore__zone_find(const ocore__group *zones, ocore_str country, ocore_str plain_postcode)
{
        const ocore_shipping_zone *best = NULL;

        for (const ocore__entry *entry = ocore__first(zones); entry; entry = ocore__next(entry)) {
                const ocore_shipping_zone *zone = ocore__row(entry);
                ocore_str start = plain_postcode;

                if (zone->postcode_prefix.size > start.size)
                        continue;
                start.size = zone->postcode_prefix.size;
                if (ocore_str_equal(zone->country, country) &&
                        ocore_str_equal(zone->postcode_prefix, start) &&
                        (!best || best->postcode_prefix.size < start.size))
                        best = zone;
        }
        return best ? best->zone : (ocore_str){0};
}

/* One parcel with its zone. */
typedef struct asked {
        const ocore__shipping_view *view;
        const ocore__parcel *parcel;
        ocore_str zone;
} asked;

static int zone_of(ocore__work *work, asked *of)
{
        ocore_str postcode = of->parcel->postcode;
        char *plain = ocore__arena_take(work->arena, postcode.size + 1);

        if (!plain)
                return OCORE_NOMEM;
        postcode.size = ocore__postcode_plain(postcode, plain);
        postcode.data = plain;
        of->zone = ocore__zone_find(of->view->zones, of->parcel->country, postcode);
        return OCORE_OK;
}

/* The bands of an option, from the first rate that is not behind it: rates come by option, zone,
 * currency and weight, so that the first band that fits is the lightest. */
static const ocore__entry *rates_from(const ocore__entry *rate, ocore_str option)
{
        while (rate && ocore__str_compare(
                               ((const ocore_shipping_rate *)ocore__row(rate))->option, option) < 0)
                rate = ocore__next(rate);
        return rate;
}

static int64_t find_rate(const asked *of, const ocore__entry *entry, ocore_str option,
        const ocore_shipping_rate **out)
{
        int64_t left_out = OCORE_OFFER_NO_RATE;

        *out = NULL;
        for (; entry; entry = ocore__next(entry)) {
                const ocore_shipping_rate *rate = ocore__row(entry);

                if (!ocore_str_equal(rate->option, option))
                        break;
                if (!ocore_str_equal(rate->zone, of->zone) ||
                        !ocore_str_equal(rate->currency, of->parcel->currency))
                        continue;
                *out = rate; /* when none fits: the heaviest band, for the words */
                if (rate->weight_max_g >= of->parcel->weight_g)
                        return OCORE_OFFER_GOOD;
                left_out = OCORE_OFFER_TOO_HEAVY;
        }
        return left_out;
}

/* The reason in words; `rate` is the heaviest band. */
static int put_why(ocore__work *work, const asked *of, const ocore_shipping_option *option,
        const ocore_shipping_rate *rate, ocore_shipping_offer *offer)
{
        enum { ROOM = 320 }; /* the longest postcode and some words */
        const ocore__parcel *parcel = of->parcel;
        char *text = ocore__arena_take(work->arena, ROOM);
        ocore__writer writer;

        if (!text)
                return OCORE_NOMEM;
        ocore__writer_init(&writer, text, ROOM);
        switch (offer->left_out) {
        case OCORE_OFFER_NO_ZONE:
                ocore__write(&writer, "nothing is shipped to %t %t", &parcel->country,
                        &parcel->postcode);
                break;
        case OCORE_OFFER_NO_RATE:
                ocore__write(
                        &writer, "it has no price in %t for zone %t", &parcel->currency, &of->zone);
                break;
        case OCORE_OFFER_TOO_HEAVY:
                ocore__write(&writer, "%d g is more than the %d g it takes to zone %t",
                        &parcel->weight_g, &rate->weight_max_g, &of->zone);
                break;
        case OCORE_OFFER_CUT_OFF: ocore__write(&writer, "it is too late for today"); break;
        case OCORE_OFFER_DAY_OFF: ocore__write(&writer, "today is no working day"); break;
        default:
                ocore__write(&writer, "there is no tax rate of class %t for its charge in %t",
                        &option->tax_class, &parcel->country);
        }
        offer->why = (ocore_str){text, writer.used};
        return OCORE_OK;
}

/* What is wrong is looked for in the order of the reasons, the first one is told. */
static int make_offer(ocore__work *work, const asked *of, const ocore_shipping_option *option,
        const ocore__entry *rates, const ocore_shipping_offer **out, int64_t *out_tax_ppm)
{
        const ocore__parcel *parcel = of->parcel;
        ocore_shipping_offer *offer = ocore__arena_zero(work->arena, 1, sizeof *offer);
        const ocore_shipping_rate *rate = NULL;
        int no_tax_rate;

        *out = offer;
        if (!offer)
                return OCORE_NOMEM;
        offer->option = option->code;
        offer->name = option->name;
        offer->service = option->service;
        offer->tracking = option->tracking;
        offer->currency = parcel->currency;
        no_tax_rate = ocore__tax_rate_find(of->view->tax_rates, option->tax_class, parcel->country,
                parcel->at_us, out_tax_ppm);
        offer->left_out =
                of->zone.size ? find_rate(of, rates, option->code, &rate) : OCORE_OFFER_NO_ZONE;
        if (!offer->left_out)
                offer->left_out = ocore__promise(
                        option, parcel->at_us, &offer->earliest_us, &offer->latest_us);
        if (!offer->left_out && no_tax_rate)
                offer->left_out = OCORE_OFFER_NO_TAX_RATE;
        if (!offer->left_out) {
                offer->price_minor = rate->price_minor;
                return OCORE_OK;
        }
        offer->earliest_us = offer->latest_us = 0;
        return put_why(work, of, option, rate, offer);
}

int ocore__shipping_offers(ocore__work *work, const ocore__shipping_view *view,
        const ocore__parcel *parcel, const ocore_shipping_offer *const **out, size_t *count,
        ocore_str *out_zone)
{
        asked of = {view, parcel, {0}};
        const ocore_shipping_offer **offers =
                ocore__arena_take(work->arena, (ocore__count(view->options) + 1) * sizeof *offers);
        const ocore__entry *rates = ocore__first(view->rates);
        int status = offers ? zone_of(work, &of) : OCORE_NOMEM;
        size_t n = 0;

        *out = NULL;
        *count = 0;
        *out_zone = of.zone;
        if (status)
                return status;
        /* Options and rates both come by the option's code: one walk over both. */
        for (const ocore__entry *entry = ocore__first(view->options); entry;
                entry = ocore__next(entry)) {
                const ocore_shipping_option *option = ocore__row(entry);
                int64_t tax_ppm;

                rates = rates_from(rates, option->code);
                status = make_offer(work, &of, option, rates, &offers[n++], &tax_ppm);
                if (status)
                        return status;
        }
        *out = offers;
        *count = n;
        return OCORE_OK;
}

int ocore__shipping_offer_of(ocore__work *work, const ocore__shipping_view *view,
        const ocore__parcel *parcel, ocore_str option, const ocore_shipping_offer **out,
        int64_t *out_tax_ppm)
{
        asked of = {view, parcel, {0}};
        const ocore__entry *entry = ocore__first(view->options);
        int status;

        *out = NULL;
        *out_tax_ppm = 0;
        while (entry &&
                !ocore_str_equal(((const ocore_shipping_option *)ocore__row(entry))->code, option))
                entry = ocore__next(entry);
        if (!entry)
                return OCORE_NOT_FOUND;
        status = zone_of(work, &of);
        if (status)
                return status;
        return make_offer(work, &of, ocore__row(entry),
                rates_from(ocore__first(view->rates), option), out, out_tax_ppm);
}
