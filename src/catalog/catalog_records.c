/* The rows of the catalogue, described once: products, prices, sites and tax rates. */
#include "catalog.h"

const ocore_choice ocore__product_kinds[] = {
        {"goods", OCORE_PRODUCT_GOODS},
        {"service", OCORE_PRODUCT_SERVICE},
        {"fee", OCORE_PRODUCT_FEE},
        {"bundle", OCORE_PRODUCT_BUNDLE},
        {NULL, 0},
};

const ocore_choice ocore__stock_trackings[] = {
        {"none", OCORE_TRACKING_NONE},
        {"lot", OCORE_TRACKING_LOT},
        {"serial", OCORE_TRACKING_SERIAL},
        {NULL, 0},
};

const ocore_choice ocore__short_actions[] = {
        {"default", 0},
        {"refuse", OCORE_SHORT_REFUSE},
        {"backorder", OCORE_SHORT_BACKORDER},
        {"drop_ship", OCORE_SHORT_DROP_SHIP},
        {"make_to_order", OCORE_SHORT_MAKE_TO_ORDER},
        {NULL, 0},
};

static const ocore_field product_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_product, sku, TEXT, 0, "the seller's code for it"),
        OCORE__FIELD(ocore_product, name, TEXT, 0, "for people"),
        OCORE__FIELD_OF(ocore_product, kind, CHOICE, 0, ocore__product_kinds,
                "goods have stock, services and fees have none"),
        OCORE__FIELD(ocore_product, gtin, TEXT, 0, "GS1 trade item number, or empty"),
        OCORE__FIELD(ocore_product, unit, TEXT, 0, "UN/ECE Recommendation 20 code"),
        OCORE__FIELD(ocore_product, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of a quantity"),
        OCORE__FIELD(ocore_product, weight_g, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "grams of one whole unit"),
        OCORE__FIELD(ocore_product, tax_class, TEXT, 0, "empty: not taxed"),
        OCORE__FIELD_OF(ocore_product, tracking, CHOICE, 0, ocore__stock_trackings,
                "how its stock is kept apart: not at all, by lot or by serial number"),
        OCORE__FIELD(ocore_product, min_life_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long a lot must still keep when it is promised, in microseconds"),
        OCORE__FIELD_OF(ocore_product, short_action, CHOICE, 0, ocore__short_actions,
                "what happens when it is short"),
        OCORE__FIELD(ocore_product, supplier, TEXT, 0, "who supplies it as a rule"),
        OCORE__FIELD(ocore_product, lead_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long supply takes, in microseconds; 0: as the supplier says"),
        OCORE__FIELD(ocore_product, release_us, TIME, 0, "before, it can only be preordered"),
        OCORE__FIELD(ocore_product, parts_alone, BOOLEAN, 0,
                "of a bundle: parts may ship while others are missing"),
        OCORE__FIELD(ocore_product, related, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "which tables have rows of it, as bits"),
};
const ocore_record ocore__product_record =
        OCORE__RECORD("product", ocore_product, product_fields, 17);

static const ocore_field part_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_bundle_part, sku, TEXT, 0, "the bundle"),
        OCORE__FIELD(ocore_bundle_part, part_sku, TEXT, 0, "the part"),
        OCORE__FIELD(
                ocore_bundle_part, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantity"),
        OCORE__FIELD(ocore_bundle_part, quantity, UNITS, OCORE_FIELD_NOT_NEGATIVE,
                "how much of it in one whole bundle"),
};
const ocore_record ocore__bundle_part_record =
        OCORE__RECORD("bundle_part", ocore_bundle_part, part_fields, 5);
const ocore_table ocore__bundle_part_table = {
        "bundle_part", &ocore__bundle_part_record, NULL, 3, 0, 26, 2, OCORE_TABLE_CACHED, 0};

static const ocore_field substitute_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_substitute, sku, TEXT, 0, "what was asked for"),
        OCORE__FIELD(ocore_substitute, rank, INTEGER, 0, "1: the best"),
        OCORE__FIELD(ocore_substitute, substitute, TEXT, 0, "what may be sent instead"),
};
const ocore_record ocore__substitute_record =
        OCORE__RECORD("substitute", ocore_substitute, substitute_fields, 4);
const ocore_table ocore__substitute_table = {
        "substitute", &ocore__substitute_record, NULL, 3, 0, 27, 2, OCORE_TABLE_CACHED, 0};
const ocore_table ocore__product_table = {
        "product", &ocore__product_record, NULL, 2, 0, 4, 2, OCORE_TABLE_CACHED, 0};

static const ocore_field price_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_price, sku, TEXT, 0, "of which product"),
        OCORE__FIELD(ocore_price, currency, TEXT, OCORE_FIELD_CURRENCY, "ISO 4217"),
        OCORE__FIELD(ocore_price, channel, TEXT, 0,
                "in which channel; empty: in all without a price of their own"),
        OCORE__FIELD(ocore_price, from_us, TIME, 0, "valid from, until the next one begins"),
        OCORE__FIELD(
                ocore_price, price_minor, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, "for one whole unit"),
};
const ocore_record ocore__price_record = OCORE__RECORD("price", ocore_price, price_fields, 6);
const ocore_table ocore__price_table = {
        "price", &ocore__price_record, NULL, 5, 0, 5, 2, OCORE_TABLE_CACHED, 0};

static const ocore_field site_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_site, site, TEXT, 0, "its code"),
        OCORE__FIELD(ocore_site, name, TEXT, 0, "for people"),
        OCORE__FIELD(ocore_site, country, TEXT, 0, "ISO 3166-1 alpha-2, or empty"),
        OCORE__FIELD(ocore_site, priority, INTEGER, 0, "lower is asked first"),
        OCORE__FIELD(ocore_site, closed, BOOLEAN, 0, "gives nothing to new orders"),
        OCORE__FIELD(ocore_site, located, BOOLEAN, 0, "it has coordinates"),
        OCORE__FIELD(ocore_site, latitude_e7, INTEGER, 0, "degrees north × 10,000,000"),
        OCORE__FIELD(ocore_site, longitude_e7, INTEGER, 0, "degrees east × 10,000,000"),
        OCORE__FIELD(ocore_site, supplier, TEXT, 0,
                "whose house it is, for drop shipments; empty: our own"),
};
const ocore_record ocore__site_record = OCORE__RECORD("site", ocore_site, site_fields, 10);
const ocore_table ocore__site_table = {
        "site", &ocore__site_record, NULL, 2, 0, 6, 1, OCORE_TABLE_CACHED, 0};

static const ocore_field tax_rate_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_tax_rate, tax_class, TEXT, 0, "as in products"),
        OCORE__FIELD(ocore_tax_rate, country, TEXT, 0, "where the goods go; ISO 3166-1 alpha-2"),
        OCORE__FIELD(ocore_tax_rate, from_us, TIME, 0, "valid from, until the next one begins"),
        OCORE__FIELD(ocore_tax_rate, rate_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "parts per million: 190000 is 19 %"),
};
const ocore_record ocore__tax_rate_record =
        OCORE__RECORD("tax_rate", ocore_tax_rate, tax_rate_fields, 5);
const ocore_table ocore__tax_rate_table = {
        "tax_rate", &ocore__tax_rate_record, NULL, 4, 0, 7, 1, OCORE_TABLE_CACHED, 0};

const ocore_record ocore__empty_record = {
        "empty", NULL, sizeof(ocore_field), 0, 0, sizeof(ocore_empty_request)};

static const ocore_field site_cost_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_site_cost, site, TEXT, 0, "from which site"),
        OCORE__FIELD(ocore_site_cost, country, TEXT, 0,
                "to which country; empty: to all without a row of their own"),
        OCORE__FIELD(ocore_site_cost, currency, TEXT, OCORE_FIELD_CURRENCY, "ISO 4217"),
        OCORE__FIELD(
                ocore_site_cost, shipment_minor, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, "one shipment"),
        OCORE__FIELD(
                ocore_site_cost, kg_minor, AMOUNT, OCORE_FIELD_NOT_NEGATIVE, "each kilogram of it"),
        OCORE__FIELD(ocore_site_cost, unit_minor, AMOUNT, OCORE_FIELD_NOT_NEGATIVE,
                "handling one whole unit"),
        OCORE__FIELD(ocore_site_cost, transit_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long it takes, in microseconds"),
};
const ocore_record ocore__site_cost_record =
        OCORE__RECORD("site_cost", ocore_site_cost, site_cost_fields, 8);
const ocore_table ocore__site_cost_table = {
        "site_cost", &ocore__site_cost_record, NULL, 3, 0, 28, 1, OCORE_TABLE_CACHED, 0};
