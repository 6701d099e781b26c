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
#define OCORE_PRODUCT_BUNDLE 4  /**< A kit: has no stock of its own, its parts have (see ocore_bundle_put()). */
/** @} */

/**
 * @name How the stock of a product is kept apart
 * @{
 */
#define OCORE_TRACKING_NONE 0   /**< The default: one unit is like another. */
#define OCORE_TRACKING_LOT 1    /**< By lot: every receipt names one. */
#define OCORE_TRACKING_SERIAL 2 /**< By serial number: a lot of one unit, once in the whole house. */
/** @} */

/**
 * @name What happens when a product is short
 * In products, channels and drafts. The draft's word counts before the channel's, that before the
 * product's; 0 passes the question on, and a product that says nothing is refused.
 * @{
 */
#define OCORE_SHORT_REFUSE 1        /**< The order is refused. */
#define OCORE_SHORT_BACKORDER 2     /**< What is missing waits in the queue for supply. */
#define OCORE_SHORT_DROP_SHIP 3     /**< What is missing is ordered from the supplier, who ships it to the customer. */
#define OCORE_SHORT_MAKE_TO_ORDER 4 /**< What is missing is made for this order. */
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
        int64_t tracking;    /**< OCORE_TRACKING_… */
        int64_t min_life_us; /**< How long a lot must still keep when it is promised; 0: it must not have expired. */
        int64_t short_action; /**< OCORE_SHORT_…; 0: refuse. */
        ocore_str supplier;  /**< Who supplies it as a rule; empty: nobody is named. */
        int64_t lead_us;     /**< How long supply takes; 0: as the supplier says. */
        int64_t release_us;  /**< Not handed out before this time: until then it can only be preordered. 0: at once. */
        int64_t parts_alone; /**< Of a bundle: 1: parts may ship while others are missing. */
        int64_t related;     /**< Which tables have rows of it besides prices: OCORE_RELATED_… added up. */
} ocore_product;

/**
 * @name What else is known of a product
 * Bits of ocore_product.related, kept by the commands that set these rows.
 * @{
 */
#define OCORE_RELATED_PARTS 1       /**< The parts of a bundle. */
#define OCORE_RELATED_SUBSTITUTES 2 /**< Products that may stand in for it. */
#define OCORE_RELATED_RULES 4       /**< Safety stock, selling below zero. */
#define OCORE_RELATED_QUOTAS 8      /**< Caps by channel and of preorders. */
/** @} */

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
        int64_t tracking;    /**< OCORE_TRACKING_…; 0: none. Never changes once set. */
        int64_t min_life_us; /**< 0 or more. */
        int64_t short_action; /**< OCORE_SHORT_…; 0: refuse. */
        ocore_str supplier;  /**< A code set by ocore_supplier_put(), or empty. Needed for drop shipment. */
        int64_t lead_us;     /**< 0 or more; 0: as the supplier says. */
        int64_t release_us;  /**< 0: at once. */
        int64_t parts_alone; /**< 1: parts of the bundle may ship while others are missing. */
} ocore_product_request;

/** Sets a product. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (supplier), OCORE_STATE (kind, scale or tracking would change). Since 0.1. */
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

/** A part of a bundle. Library-filled. */
typedef struct ocore_bundle_part {
        ocore_str sku;      /**< The bundle. */
        ocore_str part_sku; /**< The part: goods. */
        int64_t scale;      /**< Decimals of the quantity. */
        int64_t quantity;   /**< How much of it in one whole bundle. */
} ocore_bundle_part;

/** The parts of a bundle. Library-filled. */
typedef struct ocore_bundle {
        ocore_str sku;                          /**< The bundle. */
        const ocore_bundle_part *const *parts;  /**< By sku. */
        size_t part_count;                      /**< How many. */
} ocore_bundle;

/** Caller-filled. One part of a bundle. */
typedef struct ocore_bundle_part_request {
        ocore_str sku;           /**< The part: goods. */
        ocore_quantity quantity; /**< How much of it in one whole bundle; above zero. */
} ocore_bundle_part_request;

/** Caller-filled. Sets the parts of a bundle. */
typedef struct ocore_bundle_request {
        size_t struct_size; /**< sizeof(ocore_bundle_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str sku;      /**< Needed; a product of kind bundle, sold in whole pieces (scale 0). */
        const ocore_bundle_part_request *parts; /**< All its parts, at most 100; each sku once. */
        size_t part_count;  /**< How many; at least one. */
        size_t part_stride; /**< sizeof(ocore_bundle_part_request). */
} ocore_bundle_request;

/** Sets the parts of a bundle, whole; orders that are placed keep theirs. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_bundle_put(ocore_core *core, const ocore_bundle_request *request, const ocore_bundle **out);

/** Looks the parts of a bundle up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_bundle_get(ocore_core *core, const ocore_product_key *request, const ocore_bundle **out);

/** A product that may stand in for another. Library-filled. */
typedef struct ocore_substitute {
        ocore_str sku;        /**< What was asked for. */
        int64_t rank;         /**< 1: the best. */
        ocore_str substitute; /**< What may be sent instead, piece for piece. */
} ocore_substitute;

/** The substitutes of a product. Library-filled. */
typedef struct ocore_substitute_list {
        ocore_str sku;                              /**< What was asked for. */
        const ocore_substitute *const *substitutes; /**< In order of preference. */
        size_t substitute_count;                    /**< How many. */
} ocore_substitute_list;

/** Caller-filled. One substitute. */
typedef struct ocore_substitute_item {
        ocore_str sku; /**< Goods, of the same scale. */
} ocore_substitute_item;

/** Caller-filled. Sets the substitutes of a product. */
typedef struct ocore_substitute_request {
        size_t struct_size; /**< sizeof(ocore_substitute_request). */
        ocore_id id;        /**< The retry key. */
        ocore_str sku;      /**< Needed; goods. */
        const ocore_substitute_item *substitutes; /**< In order of preference, at most 20; none: it has none. */
        size_t substitute_count;  /**< How many. */
        size_t substitute_stride; /**< sizeof(ocore_substitute_item). */
} ocore_substitute_request;

/** Sets the substitutes of a product, whole. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_substitute_put(ocore_core *core, const ocore_substitute_request *request, const ocore_substitute_list **out);

/** Looks the substitutes of a product up. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_substitute_get(ocore_core *core, const ocore_product_key *request, const ocore_substitute_list **out);

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
        int64_t located;    /**< 1: it has coordinates. */
        int64_t latitude_e7;  /**< Degrees north × 10,000,000. */
        int64_t longitude_e7; /**< Degrees east × 10,000,000. */
        ocore_str supplier; /**< The supplier whose house it is: drop shipments leave from there. Empty: our own. */
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
        int64_t located;    /**< 1: the coordinates count. */
        int64_t latitude_e7;  /**< Degrees north × 10,000,000; −900,000,000 to 900,000,000. */
        int64_t longitude_e7; /**< Degrees east × 10,000,000; −1,800,000,000 to 1,800,000,000. */
        ocore_str supplier; /**< Whose house it is, for drop shipments; empty: our own. Such a site gives nothing to other orders. */
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
        int64_t available;            /**< Free to promise at all open sites together; see ocore_stock_availability(). */
        const ocore_availability *const *sites; /**< Each open site that has some, in the order they are asked. */
        size_t site_count;            /**< How many. */
        int64_t on_the_way;           /**< Expected and not yet promised, at all open sites together. */
        int64_t next_us;              /**< When the first of it is expected; 0: nothing is. ocore_promise_ask() tells more. */
} ocore_inquiry;

/** Caller-filled. Asks what a product is, costs, and how many there are. */
typedef struct ocore_inquiry_request {
        size_t struct_size; /**< sizeof(ocore_inquiry_request). */
        ocore_str sku;      /**< Needed. */
        ocore_str currency; /**< Empty: no price is wanted. */
        ocore_str channel;  /**< Whose price, safety stock and cap; empty: the general ones. */
} ocore_inquiry_request;

/** Answers what a product is, what it costs now and how many can be had from where; changes nothing. @return OCORE_OK or OCORE_NOT_FOUND. Since 0.1. */
OCORE_API int ocore_product_inquire(ocore_core *core, const ocore_inquiry_request *request, const ocore_inquiry **out);

#ifdef __cplusplus
}
#endif
#endif
