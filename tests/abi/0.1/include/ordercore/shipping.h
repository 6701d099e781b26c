/**
 * @file shipping.h
 * Shipping options: service × zone × weight band, each with price, earliest and latest date, or
 * with the reason why it is left out.
 */
#ifndef ORDERCORE_SHIPPING_H
#define ORDERCORE_SHIPPING_H

#include "inventory.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Service levels
 * @{
 */
#define OCORE_SERVICE_STANDARD 1  /**< 3 to 7 working days unless said otherwise. */
#define OCORE_SERVICE_EXPEDITED 2 /**< 1 to 3 working days unless said otherwise. */
#define OCORE_SERVICE_SAME_DAY 3  /**< Within hours, on the day of the order. */
/** @} */

/**
 * @name How closely a parcel can be followed
 * @{
 */
#define OCORE_TRACKING_BASIC 1     /**< Shipped, delivered. */
#define OCORE_TRACKING_DETAILED 2  /**< Each handling. */
#define OCORE_TRACKING_REAL_TIME 3 /**< The vehicle on a map. */
/** @} */

/** A way to ship. Library-filled. */
typedef struct ocore_shipping_option {
        ocore_str code;             /**< The key. */
        ocore_str name;             /**< For people. */
        int64_t service;            /**< OCORE_SERVICE_… */
        int64_t tracking;           /**< OCORE_TRACKING_… */
        int64_t transit_min;        /**< Working days (same-day: hours) at least. */
        int64_t transit_max;        /**< Working days (same-day: hours) at most. */
        int64_t cut_off_minute;     /**< Minute of the local day until which an order still leaves that day. */
        int64_t utc_offset_minutes; /**< Local time less UTC. */
        int64_t weekdays;           /**< Working days: 1 Monday + 2 Tuesday + … + 64 Sunday. */
        ocore_str tax_class;        /**< Of its charge; empty: not taxed. */
} ocore_shipping_option;

/** Caller-filled. Sets a shipping option. */
typedef struct ocore_shipping_option_request {
        size_t struct_size;         /**< sizeof(ocore_shipping_option_request). */
        ocore_id id;                /**< The retry key. */
        ocore_str code;             /**< Needed; at most 64 bytes. */
        ocore_str name;             /**< Empty: as code. */
        int64_t service;            /**< Needed: OCORE_SERVICE_… */
        int64_t tracking;           /**< 0: basic. */
        int64_t transit_min;        /**< With transit_max 0: standard 3, expedited 1 (days), same-day 1 (hour). */
        int64_t transit_max;        /**< 0: standard 7, expedited 3 (days), same-day 6 (hours). At most 365. */
        int64_t cut_off_minute;     /**< 1 to 1440. 0: 1440, the end of the day. */
        int64_t utc_offset_minutes; /**< -840 to 840. */
        int64_t weekdays;           /**< 0: 31, Monday to Friday. At most 127. */
        ocore_str tax_class;        /**< Empty: not taxed. */
} ocore_shipping_option_request;

/** Sets a shipping option. Since 0.1. */
OCORE_API int ocore_shipping_option_put(ocore_core *core, const ocore_shipping_option_request *request, const ocore_shipping_option **out);

/** A piece of a zone. The longest matching postcode prefix decides which zone a place is in. Library-filled. */
typedef struct ocore_shipping_zone {
        ocore_str country;         /**< ISO 3166-1 alpha-2. */
        ocore_str postcode_prefix; /**< First characters of the postcode; empty: all of the country. */
        ocore_str zone;            /**< Which zone it belongs to; empty: nothing is shipped there. */
} ocore_shipping_zone;

/** Caller-filled. Sets a piece of a zone. */
typedef struct ocore_shipping_zone_request {
        size_t struct_size;        /**< sizeof(ocore_shipping_zone_request). */
        ocore_id id;               /**< The retry key. */
        ocore_str country;         /**< Needed: two upper-case letters. */
        ocore_str postcode_prefix; /**< Empty: all of the country. */
        ocore_str zone;            /**< Empty: nothing is shipped there. At most 64 bytes. */
} ocore_shipping_zone_request;

/** Sets a piece of a zone. Since 0.1. */
OCORE_API int ocore_shipping_zone_put(ocore_core *core, const ocore_shipping_zone_request *request, const ocore_shipping_zone **out);

/** The price of an option in a zone up to a weight. Library-filled. */
typedef struct ocore_shipping_rate {
        ocore_str option;      /**< Which option. */
        ocore_str zone;        /**< Which zone. */
        ocore_str currency;    /**< ISO 4217. */
        int64_t weight_max_g;  /**< For parcels up to this weight; the lightest band that fits counts. */
        int64_t price_minor;   /**< With or without tax, as the order's prices are. */
} ocore_shipping_rate;

/** Caller-filled. Sets the price of an option in a zone up to a weight. */
typedef struct ocore_shipping_rate_request {
        size_t struct_size;   /**< sizeof(ocore_shipping_rate_request). */
        ocore_id id;          /**< The retry key. */
        ocore_str option;     /**< Needed; the option must exist. */
        ocore_str zone;       /**< Needed. */
        int64_t weight_max_g; /**< Above zero. */
        ocore_money price;    /**< Not negative. */
} ocore_shipping_rate_request;

/** Sets the price of an option in a zone up to a weight. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (no such option). Since 0.1. */
OCORE_API int ocore_shipping_rate_put(ocore_core *core, const ocore_shipping_rate_request *request, const ocore_shipping_rate **out);

/** All shipping rules. Library-filled. */
typedef struct ocore_shipping_rules {
        const ocore_shipping_option *const *options; /**< By code. */
        size_t option_count;                         /**< How many. */
        const ocore_shipping_zone *const *zones;     /**< By country and postcode. */
        size_t zone_count;                           /**< How many. */
        const ocore_shipping_rate *const *rates;     /**< By option, zone, currency and weight. */
        size_t rate_count;                           /**< How many. */
} ocore_shipping_rules;

/** Lists all shipping rules. Since 0.1. */
OCORE_API int ocore_shipping_rules_all(ocore_core *core, const ocore_empty_request *request, const ocore_shipping_rules **out);

/**
 * @name Why an option is left out
 * @{
 */
#define OCORE_OFFER_GOOD 0        /**< It is offered. */
#define OCORE_OFFER_NO_ZONE 1     /**< Nothing is shipped to this place. */
#define OCORE_OFFER_NO_RATE 2     /**< The option has no price for this zone and currency. */
#define OCORE_OFFER_TOO_HEAVY 3   /**< The parcel is heavier than its heaviest band. */
#define OCORE_OFFER_CUT_OFF 4     /**< Same-day: today's cut-off has passed. */
#define OCORE_OFFER_DAY_OFF 5     /**< Same-day: today is no working day. */
#define OCORE_OFFER_NO_TAX_RATE 6 /**< There is no tax rate for its charge in this country. */
/** @} */

/** One option for one parcel: offered with price and dates, or left out with the reason. Library-filled. */
typedef struct ocore_shipping_offer {
        ocore_str option;    /**< Which option. */
        ocore_str name;      /**< For people. */
        int64_t service;     /**< OCORE_SERVICE_… */
        int64_t tracking;    /**< OCORE_TRACKING_… */
        int64_t left_out;    /**< OCORE_OFFER_… */
        ocore_str why;       /**< The reason, for people; empty when it is offered. */
        ocore_str currency;  /**< Of the price. */
        int64_t price_minor; /**< With or without tax, as asked. */
        int64_t earliest_us; /**< Arrival, from. */
        int64_t latest_us;   /**< Arrival, until. */
} ocore_shipping_offer;

/** Caller-filled. Asks how a parcel could be shipped. */
typedef struct ocore_shipping_quote_request {
        size_t struct_size; /**< sizeof(ocore_shipping_quote_request). */
        ocore_str country;  /**< Needed: where to. */
        ocore_str postcode; /**< Where to. */
        ocore_str currency; /**< Needed. */
        int64_t weight_g;   /**< How heavy, 0 or more. */
} ocore_shipping_quote_request;

/** All options for one parcel. Library-filled. */
typedef struct ocore_shipping_quote {
        ocore_str zone; /**< The zone of the place; empty: none. */
        const ocore_shipping_offer *const *offers; /**< One for each option, by code. */
        size_t offer_count; /**< How many. */
} ocore_shipping_quote;

/** Offers every option for a parcel with price and dates, and says of the others why not; changes nothing. Since 0.1. */
OCORE_API int ocore_shipping_quote_parcel(ocore_core *core, const ocore_shipping_quote_request *request, const ocore_shipping_quote **out);

#ifdef __cplusplus
}
#endif
#endif
