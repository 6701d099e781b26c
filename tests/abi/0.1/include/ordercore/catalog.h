/**
 * @file catalog.h
 * What can be sold, for how much, from where: products, prices, tax rates and sites.
 *
 * All `put` commands make the thing or change it to what the request says, whole.
 */
#ifndef ORDERCORE_CATALOG_H
#define ORDERCORE_CATALOG_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Kinds of products
 * @{
 */
#define OCORE_PRODUCT_GOODS 1   /**< Has stock. */
#define OCORE_PRODUCT_SERVICE 2 /**< Work; no stock. */
#define OCORE_PRODUCT_FEE 3     /**< A charge (postage, surcharge); no stock. */
/** @} */

/** A product. Library-filled. */
typedef struct ocore_product {
        ocore_str sku;       /**< The seller's code for it; the key. */
        ocore_str name;      /**< For people. */
        int64_t kind;        /**< OCORE_PRODUCT_… */
        ocore_str gtin;      /**< GS1 trade item number, or empty. */
        ocore_str unit;      /**< UN/ECE Recommendation 20 code: "C62" piece, "KGM", "LTR". */
        int64_t scale;       /**< Decimals of a quantity: 0 for pieces, 3 for grams sold by kilogram. */
        int64_t weight_g;    /**< Grams of one whole unit. */
        ocore_str tax_class; /**< Empty: not taxed. */
} ocore_product;

/** Caller-filled. Sets a product. */
typedef struct ocore_product_request {
        size_t struct_size;  /**< sizeof(ocore_product_request). */
        ocore_id id;         /**< The retry key. */
        ocore_str sku;       /**< Needed; at most 64 bytes. */
        ocore_str name;      /**< Needed. */
        int64_t kind;        /**< 0: goods. Never changes once set. */
        ocore_str gtin;      /**< 8, 12, 13 or 14 digits with a right check digit, or empty. */
        ocore_str unit;      /**< Empty: "C62". */
        int64_t scale;       /**< 0 to 9. Never changes once set. */
        int64_t weight_g;    /**< 0 or more. */
        ocore_str tax_class; /**< Empty: not taxed. */
} ocore_product_request;

/** Sets a product. @return OCORE_OK, OCORE_ALREADY, OCORE_STATE (kind or scale would change). Since 0.1. */
OCORE_API int ocore_product_put(ocore_core *core, const ocore_product_request *request, const ocore_product **out);

/** Caller-filled. Names a product. */
typedef struct ocore_product_key {
        size_t struct_size; /**< sizeof(ocore_product_key). */
        ocore_str sku;      /**< Needed. */
} ocore_product_key;

/** Looks a product up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_product_get(ocore_core *core, const ocore_product_key *request, const ocore_product **out);

/** Caller-filled. Asks for one page of a list that is ordered by a code. */
typedef struct ocore_page_request {
        size_t struct_size; /**< sizeof(ocore_page_request). */
        ocore_str after;    /**< Start behind this code (the last page's `next`); empty: from the start. */
        int64_t limit;      /**< Most rows, 1 to 1,000. 0: 100. */
} ocore_page_request;

/** A page of products. Library-filled. */
typedef struct ocore_product_list {
        const ocore_product *const *products; /**< In order of sku. */
        size_t product_count;                 /**< How many. */
        ocore_str next;                       /**< For the next page's `after`; empty: there is no more. */
} ocore_product_list;

/** Lists products by sku. Since 0.1. */
OCORE_API int ocore_product_list_page(ocore_core *core, const ocore_page_request *request, const ocore_product_list **out);

/** What a product costs from a time on. Library-filled. */
typedef struct ocore_price {
        ocore_str sku;       /**< Of which product. */
        ocore_str currency;  /**< ISO 4217. */
        ocore_str channel;   /**< In which channel; empty: in all that have no price of their own. */
        int64_t from_us;     /**< Valid from; until the next one begins. */
        int64_t price_minor; /**< For one whole unit. */
} ocore_price;

/** Caller-filled. Sets a list price. */
typedef struct ocore_price_request {
        size_t struct_size; /**< sizeof(ocore_price_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str sku;      /**< Needed; the product must exist. */
        ocore_str channel;  /**< Empty: all channels. */
        int64_t from_us;    /**< 0: always. */
        ocore_money price;  /**< For one whole unit; not negative. */
} ocore_price_request;

/** Sets a list price. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (no such product). Since 0.1. */
OCORE_API int ocore_price_put(ocore_core *core, const ocore_price_request *request, const ocore_price **out);

/** A place that keeps stock. Library-filled. */
typedef struct ocore_site {
        ocore_str site;     /**< Its code; the key. */
        ocore_str name;     /**< For people. */
        ocore_str country;  /**< ISO 3166-1 alpha-2. */
        int64_t priority;   /**< Lower is asked first. */
        int64_t closed;     /**< 1: gives nothing to new orders. */
} ocore_site;

/** Caller-filled. Sets a site. */
typedef struct ocore_site_request {
        size_t struct_size; /**< sizeof(ocore_site_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str site;     /**< Needed; at most 64 bytes. */
        ocore_str name;     /**< Empty: as site. */
        ocore_str country;  /**< Two upper-case letters, or empty. */
        int64_t priority;   /**< Lower is asked first; sites of equal priority by code. */
        int64_t closed;     /**< 1: gives nothing to new orders. */
} ocore_site_request;

/** Sets a site. Since 0.1. */
OCORE_API int ocore_site_put(ocore_core *core, const ocore_site_request *request, const ocore_site **out);

/** All sites. Library-filled. */
typedef struct ocore_site_list {
        const ocore_site *const *sites; /**< In order of code. */
        size_t site_count;              /**< How many. */
} ocore_site_list;

/** Caller-filled. A question without fields. */
typedef struct ocore_empty_request {
        size_t struct_size; /**< sizeof(ocore_empty_request). */
} ocore_empty_request;

/** Lists all sites. Since 0.1. */
OCORE_API int ocore_site_list_all(ocore_core *core, const ocore_empty_request *request, const ocore_site_list **out);

/** A tax rate. Library-filled. */
typedef struct ocore_tax_rate {
        ocore_str tax_class; /**< As in products. */
        ocore_str country;   /**< Where the goods go; ISO 3166-1 alpha-2. */
        int64_t from_us;     /**< Valid from; until the next one begins. */
        int64_t rate_ppm;    /**< Parts per million: 190000 is 19 %. */
} ocore_tax_rate;

/** Caller-filled. Sets a tax rate. */
typedef struct ocore_tax_rate_request {
        size_t struct_size;  /**< sizeof(ocore_tax_rate_request). */
        ocore_id id;         /**< The retry key. */
        ocore_str tax_class; /**< Needed; at most 64 bytes. */
        ocore_str country;   /**< Needed: two upper-case letters. */
        int64_t from_us;     /**< 0: always. */
        int64_t rate_ppm;    /**< 0 to 1,000,000. */
} ocore_tax_rate_request;

/** Sets a tax rate. Since 0.1. */
OCORE_API int ocore_tax_rate_put(ocore_core *core, const ocore_tax_rate_request *request, const ocore_tax_rate **out);

/** All tax rates. Library-filled. */
typedef struct ocore_tax_rate_list {
        const ocore_tax_rate *const *rates; /**< By class, country and time. */
        size_t rate_count;                  /**< How many. */
} ocore_tax_rate_list;

/** Lists all tax rates. Since 0.1. */
OCORE_API int ocore_tax_rate_list_all(ocore_core *core, const ocore_empty_request *request, const ocore_tax_rate_list **out);

/** How much of a product one site can give now. Library-filled. */
typedef struct ocore_availability {
        ocore_str site;    /**< Which site. */
        int64_t available; /**< Free to promise, over all lots. */
} ocore_availability;

/** What is to be known of a product before it is ordered. Library-filled. */
typedef struct ocore_inquiry {
        const ocore_product *product; /**< What it is. */
        int64_t scale;                /**< Decimals of the quantities here. */
        ocore_str currency;           /**< Of the price; empty when there is none. */
        int64_t price_minor;          /**< List price of one whole unit. */
        int64_t priced;               /**< 1: there is a price. */
        int64_t available;            /**< Free to promise at all open sites together. */
        const ocore_availability *const *sites; /**< Each open site that has some, in the order they are asked. */
        size_t site_count;            /**< How many. */
} ocore_inquiry;

/** Caller-filled. Asks what a product is, costs, and how many there are. */
typedef struct ocore_inquiry_request {
        size_t struct_size; /**< sizeof(ocore_inquiry_request). */
        ocore_str sku;      /**< Needed. */
        ocore_str currency; /**< Empty: no price is wanted. */
        ocore_str channel;  /**< Whose price; empty: the general one. */
} ocore_inquiry_request;

/** Answers what a product is, what it costs now and how many can be had from where; changes nothing. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_product_inquire(ocore_core *core, const ocore_inquiry_request *request, const ocore_inquiry **out);

#ifdef __cplusplus
}
#endif
#endif
