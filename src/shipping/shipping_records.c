/* The rows of shipping, described once: options, zones, rates and what they make of a parcel. */
#include "shipping_room.h"

const ocore_choice ocore__services[] = {
        {"standard", OCORE_SERVICE_STANDARD},
        {"expedited", OCORE_SERVICE_EXPEDITED},
        {"same_day", OCORE_SERVICE_SAME_DAY},
        {NULL, 0},
};

const ocore_choice ocore__trackings[] = {
        {"basic", OCORE_TRACKING_BASIC},
        {"detailed", OCORE_TRACKING_DETAILED},
        {"real_time", OCORE_TRACKING_REAL_TIME},
        {NULL, 0},
};

static const ocore_choice offer_reasons[] = {
        {"good", OCORE_OFFER_GOOD},
        {"no_zone", OCORE_OFFER_NO_ZONE},
        {"no_rate", OCORE_OFFER_NO_RATE},
        {"too_heavy", OCORE_OFFER_TOO_HEAVY},
        {"cut_off", OCORE_OFFER_CUT_OFF},
        {"day_off", OCORE_OFFER_DAY_OFF},
        {"no_tax_rate", OCORE_OFFER_NO_TAX_RATE},
        {NULL, 0},
};

static const ocore_field option_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_shipping_option, code, TEXT, 0, "its code"),
        OCORE__FIELD(ocore_shipping_option, name, TEXT, 0, "for people"),
        OCORE__FIELD_OF(
                ocore_shipping_option, service, CHOICE, 0, ocore__services, "service level"),
        OCORE__FIELD_OF(ocore_shipping_option, tracking, CHOICE, 0, ocore__trackings,
                "how closely it can be followed"),
        OCORE__FIELD(ocore_shipping_option, transit_min, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "working days (same-day: hours) at least"),
        OCORE__FIELD(ocore_shipping_option, transit_max, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "working days (same-day: hours) at most"),
        OCORE__FIELD(ocore_shipping_option, cut_off_minute, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "minute of the local day until which an order leaves that day"),
        OCORE__FIELD(ocore_shipping_option, utc_offset_minutes, INTEGER, 0, "local time less UTC"),
        OCORE__FIELD(ocore_shipping_option, weekdays, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "working days: 1 Monday + 2 Tuesday + … + 64 Sunday"),
        OCORE__FIELD(ocore_shipping_option, tax_class, TEXT, 0, "of its charge; empty: not taxed"),
};
const ocore_record ocore__shipping_option_record =
        OCORE__RECORD("shipping_option", ocore_shipping_option, option_fields, 11);
const ocore_table ocore__shipping_option_table = {
        "shipping_option", &ocore__shipping_option_record, NULL, 2, 0, 8, 1, OCORE_TABLE_CACHED, 0};

static const ocore_field zone_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_shipping_zone, country, TEXT, 0, "ISO 3166-1 alpha-2"),
        OCORE__FIELD(ocore_shipping_zone, postcode_prefix, TEXT, 0,
                "first characters of the postcode, without blanks, in upper case"),
        OCORE__FIELD(ocore_shipping_zone, zone, TEXT, 0,
                "which zone it belongs to; empty: nothing is shipped there"),
};
const ocore_record ocore__shipping_zone_record =
        OCORE__RECORD("shipping_zone", ocore_shipping_zone, zone_fields, 4);
const ocore_table ocore__shipping_zone_table = {
        "shipping_zone", &ocore__shipping_zone_record, NULL, 3, 0, 9, 1, OCORE_TABLE_CACHED, 0};

static const ocore_field rate_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_shipping_rate, option, TEXT, 0, "which option"),
        OCORE__FIELD(ocore_shipping_rate, zone, TEXT, 0, "which zone"),
        OCORE__FIELD(ocore_shipping_rate, currency, TEXT, OCORE_FIELD_CURRENCY, "ISO 4217"),
        OCORE__FIELD(ocore_shipping_rate, weight_max_g, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "for parcels up to this weight in grams"),
        OCORE__FIELD(ocore_shipping_rate, price_minor, AMOUNT, OCORE_FIELD_NOT_NEGATIVE,
                "with or without tax, as the order's prices are"),
};
const ocore_record ocore__shipping_rate_record =
        OCORE__RECORD("shipping_rate", ocore_shipping_rate, rate_fields, 6);
const ocore_table ocore__shipping_rate_table = {
        "shipping_rate", &ocore__shipping_rate_record, NULL, 5, 0, 10, 1, OCORE_TABLE_CACHED, 0};

static const ocore_field offer_fields[] = {
        OCORE__FIELD(ocore_shipping_offer, option, TEXT, 0, "which option"),
        OCORE__FIELD(ocore_shipping_offer, name, TEXT, 0, "for people"),
        OCORE__FIELD_OF(ocore_shipping_offer, service, CHOICE, 0, ocore__services, "service level"),
        OCORE__FIELD_OF(ocore_shipping_offer, tracking, CHOICE, 0, ocore__trackings,
                "how closely it can be followed"),
        OCORE__FIELD_OF(ocore_shipping_offer, left_out, CHOICE, 0, offer_reasons,
                "good, or why it is not offered"),
        OCORE__FIELD(ocore_shipping_offer, why, TEXT, 0, "the reason in words"),
        OCORE__FIELD(ocore_shipping_offer, currency, TEXT, OCORE_FIELD_CURRENCY, "of the price"),
        OCORE__FIELD(ocore_shipping_offer, price_minor, AMOUNT, 0, "with or without tax, as asked"),
        OCORE__FIELD(ocore_shipping_offer, earliest_us, TIME, 0, "arrival, from"),
        OCORE__FIELD(ocore_shipping_offer, latest_us, TIME, 0, "arrival, until"),
};
const ocore_record ocore__shipping_offer_record =
        OCORE__RECORD("shipping_offer", ocore_shipping_offer, offer_fields, 0);
