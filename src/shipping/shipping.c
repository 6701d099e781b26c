/* Setting the shipping rules, listing them, and asking what they make of a parcel. */
#include "shipping_room.h"

#include "engine/procedure.h"

static const ocore_field option_fields[] = {
        OCORE__FIELD_KEY(ocore_shipping_option_request),
        OCORE__FIELD_CODE(ocore_shipping_option_request, code, OCORE_FIELD_REQUIRED, "its code"),
        OCORE__FIELD(ocore_shipping_option_request, name, TEXT, OCORE_FIELD_FREE,
                "for people; default its code"),
        OCORE__FIELD_OF(ocore_shipping_option_request, service, CHOICE, OCORE_FIELD_REQUIRED,
                ocore__services, "service level"),
        OCORE__FIELD_OF(ocore_shipping_option_request, tracking, CHOICE, 0, ocore__trackings,
                "how closely it can be followed; default basic"),
        OCORE__FIELD(ocore_shipping_option_request, transit_min, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "working days (same_day: hours) at least; default 3, 1, 1 by service"),
        OCORE__FIELD(ocore_shipping_option_request, transit_max, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "working days (same_day: hours) at most, up to 365; default 7, 3, 6"),
        OCORE__FIELD(ocore_shipping_option_request, cut_off_minute, INTEGER,
                OCORE_FIELD_NOT_NEGATIVE,
                "minute of the local day until which an order leaves that day; default 1440"),
        OCORE__FIELD(ocore_shipping_option_request, utc_offset_minutes, INTEGER, 0,
                "local time less UTC, -840 to 840"),
        OCORE__FIELD(ocore_shipping_option_request, weekdays, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "working days: 1 Monday + 2 Tuesday + … + 64 Sunday; default 31"),
        OCORE__FIELD_CODE(
                ocore_shipping_option_request, tax_class, 0, "of its charge; empty: not taxed"),
};
const ocore_record ocore__shipping_option_put_request =
        OCORE__RECORD("shipping_option_put", ocore_shipping_option_request, option_fields, 0);

/* The option of a request with its defaults. */
static ocore_shipping_option option_of(const ocore_shipping_option_request *request)
{
        static const int8_t defaults[][2] = {{0, 0}, {3, 7}, {1, 3}, {1, 6}}; /* by service */
        ocore_shipping_option option = {
                .code = request->code,
                .name = request->name.size ? request->name : request->code,
                .service = request->service,
                .tracking = request->tracking ? request->tracking : OCORE_TRACKING_BASIC,
                .transit_min = request->transit_min,
                .transit_max = request->transit_max,
                .cut_off_minute =
                        request->cut_off_minute ? request->cut_off_minute : OCORE__DAY_MINUTES,
                .utc_offset_minutes = request->utc_offset_minutes,
                .weekdays = request->weekdays ? request->weekdays : 31,
                .tax_class = request->tax_class,
        };

        if (!option.transit_max) {
                option.transit_max = defaults[option.service][1];
                if (!option.transit_min)
                        option.transit_min = defaults[option.service][0];
        }
        return option;
}

static int check_option(ocore__work *work, const ocore_shipping_option *option)
{
        if (option->transit_max > OCORE__TRANSIT_MAX)
                ocore__refuse(work, OCORE_INVALID, "transit_max", "%d is too long; at most 365",
                        &option->transit_max);
        if (option->transit_min > option->transit_max)
                ocore__refuse(work, OCORE_INVALID, "transit_min",
                        "at least %d is more than at most %d; set both", &option->transit_min,
                        &option->transit_max);
        if (option->cut_off_minute > OCORE__DAY_MINUTES)
                ocore__refuse(work, OCORE_INVALID, "cut_off_minute",
                        "%d is no minute of a day; 1 to 1440", &option->cut_off_minute);
        if (option->utc_offset_minutes < -OCORE__OFFSET_MAX_MINUTES ||
                option->utc_offset_minutes > OCORE__OFFSET_MAX_MINUTES)
                ocore__refuse(work, OCORE_INVALID, "utc_offset_minutes",
                        "%d minutes is nowhere the local time; -840 to 840",
                        &option->utc_offset_minutes);
        if (option->weekdays > OCORE__WEEKDAYS_ALL)
                ocore__refuse(work, OCORE_INVALID, "weekdays",
                        "%d has days that are none; add up 1 Monday + 2 Tuesday + … + 64 Sunday",
                        &option->weekdays);
        return ocore__refused(work);
}

/* The groups that setting a rule needs: all rows of its table, and the policy row. */
static int want_rules(
        ocore__work *work, const ocore_table *table, ocore__group **rules, ocore__group **policy)
{
        int status = ocore__want(work, table, ocore__cell_none(), rules);

        if (!status)
                status = ocore__want(
                        work, &ocore__policy_table, ocore__cell_text(ocore__policy_name), policy);
        return status;
}

/* The end of all three commands. */
static int put_rule(ocore__work *work, ocore__group *rules, ocore__group *policy, const void *row,
        ocore_str detail, const void **answer)
{
        ocore__policy_touch(work, policy);
        *answer = ocore__row_put(work, rules, row);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, detail);
        return work->status;
}

static int option_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_shipping_option option = option_of(args);
        ocore__group *options, *policy;
        int status = want_rules(work, &ocore__shipping_option_table, &options, &policy);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_option(work, &option);
        return status ? status : put_rule(work, options, policy, &option, option.code, answer);
}

const ocore__procedure ocore__shipping_option_put = {&ocore__shipping_option_put_request,
        &ocore__shipping_option_record, option_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_shipping_option_put, ocore_shipping_option_request, ocore_shipping_option,
        ocore__shipping_option_put)

static const ocore_field zone_fields[] = {
        OCORE__FIELD_KEY(ocore_shipping_zone_request),
        OCORE__FIELD(ocore_shipping_zone_request, country, TEXT, OCORE_FIELD_REQUIRED,
                "two upper-case letters"),
        OCORE__FIELD_CODE(ocore_shipping_zone_request, postcode_prefix, 0,
                "first characters of the postcode; empty: all of the country"),
        OCORE__FIELD_CODE(ocore_shipping_zone_request, zone, 0, "empty: nothing is shipped there"),
};
const ocore_record ocore__shipping_zone_put_request =
        OCORE__RECORD("shipping_zone_put", ocore_shipping_zone_request, zone_fields, 0);

static int zone_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_shipping_zone_request *request = args;
        char *plain = ocore__arena_take(work->arena, request->postcode_prefix.size + 1);
        ocore_shipping_zone zone = {.country = request->country, .zone = request->zone};
        ocore__group *zones, *policy;
        int status = plain ? want_rules(work, &ocore__shipping_zone_table, &zones, &policy)
                           : OCORE_NOMEM;

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__country_check(work, request->country, 1, "country");
        if (status)
                return status;
        zone.postcode_prefix.size = ocore__postcode_plain(request->postcode_prefix, plain);
        zone.postcode_prefix.data = plain;
        return put_rule(work, zones, policy, &zone, request->country, answer);
}

const ocore__procedure ocore__shipping_zone_put = {
        &ocore__shipping_zone_put_request, &ocore__shipping_zone_record, zone_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_shipping_zone_put, ocore_shipping_zone_request, ocore_shipping_zone,
        ocore__shipping_zone_put)

static const ocore_field rate_fields[] = {
        OCORE__FIELD_KEY(ocore_shipping_rate_request),
        OCORE__FIELD_CODE(ocore_shipping_rate_request, option, OCORE_FIELD_REQUIRED,
                "which option; it must exist"),
        OCORE__FIELD_CODE(ocore_shipping_rate_request, zone, OCORE_FIELD_REQUIRED, "which zone"),
        OCORE__FIELD(ocore_shipping_rate_request, weight_max_g, INTEGER, OCORE_FIELD_POSITIVE,
                "for parcels up to this weight in grams"),
        OCORE__FIELD(ocore_shipping_rate_request, price, MONEY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_NOT_NEGATIVE,
                "with or without tax, as the order's prices are"),
};
const ocore_record ocore__shipping_rate_put_request =
        OCORE__RECORD("shipping_rate_put", ocore_shipping_rate_request, rate_fields, 0);

static int option_there(const ocore__group *options, ocore_str code)
{
        for (const ocore__entry *entry = ocore__first(options); entry; entry = ocore__next(entry))
                if (ocore_str_equal(((const ocore_shipping_option *)ocore__row(entry))->code, code))
                        return 1;
        return 0;
}

static int rate_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_shipping_rate_request *request = args;
        const ocore_shipping_rate rate = {
                .option = request->option,
                .zone = request->zone,
                .currency = {request->price.currency, 3},
                .weight_max_g = request->weight_max_g,
                .price_minor = request->price.amount_minor,
        };
        ocore__group *options, *rates, *policy;
        int status = ocore__want(work, &ocore__shipping_option_table, ocore__cell_none(), &options);

        if (!status)
                status = want_rules(work, &ocore__shipping_rate_table, &rates, &policy);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!option_there(options, request->option))
                return ocore__refuse(work, OCORE_NOT_FOUND, "option",
                        "there is no shipping option \"%t\"; put it first", &request->option);
        return put_rule(work, rates, policy, &rate, request->option, answer);
}

const ocore__procedure ocore__shipping_rate_put = {
        &ocore__shipping_rate_put_request, &ocore__shipping_rate_record, rate_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_shipping_rate_put, ocore_shipping_rate_request, ocore_shipping_rate,
        ocore__shipping_rate_put)

static const ocore_field rules_fields[] = {
        OCORE__FIELD_OF(
                ocore_shipping_rules, options, ROWS, 0, &ocore__shipping_option_record, "by code"),
        OCORE__FIELD_OF(ocore_shipping_rules, zones, ROWS, 0, &ocore__shipping_zone_record,
                "by country and postcode"),
        OCORE__FIELD_OF(ocore_shipping_rules, rates, ROWS, 0, &ocore__shipping_rate_record,
                "by option, zone, currency and weight"),
};
const ocore_record ocore__shipping_rules_record =
        OCORE__RECORD("shipping_rules", ocore_shipping_rules, rules_fields, 0);

static int rules_all(ocore__work *work, const void *args, const void **answer)
{
        ocore_shipping_rules *rules = ocore__arena_zero(work->arena, 1, sizeof *rules);
        const void *const *options, *const *zones, *const *rates;
        ocore__shipping_view view;
        int status = rules ? ocore__shipping_consult(work, &view) : OCORE_NOMEM;

        (void)args;
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__rows_of(work, view.options, &options, &rules->option_count);
        if (!status)
                status = ocore__rows_of(work, view.zones, &zones, &rules->zone_count);
        if (!status)
                status = ocore__rows_of(work, view.rates, &rates, &rules->rate_count);
        if (status)
                return status;
        rules->options = (const ocore_shipping_option *const *)options;
        rules->zones = (const ocore_shipping_zone *const *)zones;
        rules->rates = (const ocore_shipping_rate *const *)rates;
        *answer = rules;
        return OCORE_OK;
}

const ocore__procedure ocore__shipping_rules = {
        &ocore__empty_record, &ocore__shipping_rules_record, rules_all, 0};
OCORE__PUBLIC(
        ocore_shipping_rules_all, ocore_empty_request, ocore_shipping_rules, ocore__shipping_rules)

static const ocore_field parcel_fields[] = {
        OCORE__FIELD(ocore_shipping_quote_request, country, TEXT, OCORE_FIELD_REQUIRED,
                "where to: two upper-case letters"),
        OCORE__FIELD_CODE(ocore_shipping_quote_request, postcode, 0, "where to"),
        OCORE__FIELD(ocore_shipping_quote_request, currency, TEXT,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_CURRENCY, "of the prices"),
        OCORE__FIELD(ocore_shipping_quote_request, weight_g, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how heavy, in grams"),
};
const ocore_record ocore__shipping_quote_request =
        OCORE__RECORD("shipping_quote", ocore_shipping_quote_request, parcel_fields, 0);

static const ocore_field quote_fields[] = {
        OCORE__FIELD(ocore_shipping_quote, zone, TEXT, 0, "the zone of the place; empty: none"),
        OCORE__FIELD_OF(ocore_shipping_quote, offers, ROWS, 0, &ocore__shipping_offer_record,
                "one for each option, by code"),
};
const ocore_record ocore__shipping_quote_record =
        OCORE__RECORD("shipping_quote", ocore_shipping_quote, quote_fields, 0);

static int quote_parcel(ocore__work *work, const void *args, const void **answer)
{
        const ocore_shipping_quote_request *request = args;
        const ocore__parcel parcel = {request->country, request->postcode, request->currency,
                request->weight_g, work->now_us};
        ocore_shipping_quote *quote = ocore__arena_zero(work->arena, 1, sizeof *quote);
        ocore__shipping_view view;
        int status =
                quote ? ocore__country_check(work, request->country, 1, "country") : OCORE_NOMEM;

        if (!status)
                status = ocore__shipping_consult(work, &view);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__shipping_offers(
                        work, &view, &parcel, &quote->offers, &quote->offer_count, &quote->zone);
        *answer = quote;
        return status;
}

const ocore__procedure ocore__shipping_quote = {
        &ocore__shipping_quote_request, &ocore__shipping_quote_record, quote_parcel, 0};
OCORE__PUBLIC(ocore_shipping_quote_parcel, ocore_shipping_quote_request, ocore_shipping_quote,
        ocore__shipping_quote)
