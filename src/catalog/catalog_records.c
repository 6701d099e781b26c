/* The rows of the catalogue, described once: products, prices, sites and tax rates. */
#include "catalog.h"

const ocore_choice ocore__product_kinds[] = {
        {"goods", OCORE_PRODUCT_GOODS},
        {"service", OCORE_PRODUCT_SERVICE},
        {"fee", OCORE_PRODUCT_FEE},
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
};
const ocore_record ocore__product_record =
        OCORE__RECORD("product", ocore_product, product_fields, 9);
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
};
const ocore_record ocore__site_record = OCORE__RECORD("site", ocore_site, site_fields, 6);
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
