/**
 * @file sourcing.h
 * Where the goods of an order come from: strategies, channels, costs, and the sourcing problem.
 *
 * A strategy is data: on the draft, or on its channel. All strategies obey the same fences: closed
 * and excluded sites, safety stock, lots that expire too soon, lines that stay together. Each
 * choice says why it was made.
 */
#ifndef ORDERCORE_SOURCING_H
#define ORDERCORE_SOURCING_H

#include "catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name How sites are chosen
 * Within a site lots are taken by their expiry, the first to expire first, then the oldest; but for
 * OCORE_ALLOCATE_OLDEST_FIRST, which looks at their age first. Where sites are asked one by one
 * (priority, nearest, most stock), preferred ones are asked first; else preference breaks ties.
 * @{
 */
#define OCORE_ALLOCATE_PRIORITY 1 /**< The default: each product from the site with the lowest priority number that has any, then the next. */
#define OCORE_ALLOCATE_FEWEST_SPLITS 2 /**< One site for all if one can; else one site for a product if one can; else the largest stocks first. Ties by priority. */
#define OCORE_ALLOCATE_NEAREST 3      /**< The site nearest to the consignee, then the next; needs coordinates. */
#define OCORE_ALLOCATE_MOST_STOCK 4   /**< The site with most of the product, then the next. */
#define OCORE_ALLOCATE_LOWEST_COST 5  /**< The sites that together cost least: see ocore_sourcing_solve(). */
#define OCORE_ALLOCATE_OLDEST_FIRST 6 /**< The lots that were received first, wherever they are. */
#define OCORE_ALLOCATE_FIRST_EXPIRED 7 /**< The lots that expire first, wherever they are (FEFO); those without a date last. */
#define OCORE_ALLOCATE_HOST 8         /**< `ocore_config.allocate` chooses. */
/** @} */

/**
 * @name Why an allocation was made
 * @{
 */
#define OCORE_ALLOCATED_BY_PRIORITY 1    /**< The first open site by priority that had some. */
#define OCORE_ALLOCATED_WHOLE_ORDER 2    /**< This site has everything. */
#define OCORE_ALLOCATED_WHOLE_PRODUCT 3  /**< This site has all of this product. */
#define OCORE_ALLOCATED_LARGEST_STOCK 4  /**< No site has all; this one has most. */
#define OCORE_ALLOCATED_FROM_HOLD 5      /**< It was held there. */
#define OCORE_ALLOCATED_NEAREST 6        /**< The nearest site that had some. */
#define OCORE_ALLOCATED_LOWEST_COST 7    /**< The sites chosen cost least together. */
#define OCORE_ALLOCATED_OLDEST 8         /**< The oldest lot that there was. */
#define OCORE_ALLOCATED_FIRST_EXPIRED 9  /**< The lot that expires first. */
#define OCORE_ALLOCATED_GIVEN 10         /**< The draft named the site, lot or serial number. */
#define OCORE_ALLOCATED_BY_HOST 11       /**< The host chose. */
#define OCORE_ALLOCATED_FROM_SUPPLY 12   /**< It had waited, and the goods came in. */
#define OCORE_ALLOCATED_IN_HAND 13       /**< The customer has it in hand, though the books had none. */
/** @} */

/** Caller-filled. A site that an order prefers or shuns. */
typedef struct ocore_site_wish {
        ocore_str site;   /**< Which site. */
        int64_t excluded; /**< 1: nothing may come from there. 0: it is preferred; the first named first. */
} ocore_site_wish;

/** A channel's preference for a site. Library-filled. */
typedef struct ocore_channel_site {
        ocore_str channel; /**< Which channel. */
        int64_t rank;      /**< 1, 2, 3 …: in order of preference. */
        ocore_str site;    /**< Which site. */
        int64_t excluded;  /**< 1: nothing may come from there. */
} ocore_channel_site;

/** How the orders of a channel are sourced. Library-filled. */
typedef struct ocore_channel {
        ocore_str channel;      /**< Its code; "" is for all that have no row of their own. */
        int64_t strategy;       /**< OCORE_ALLOCATE_…; 0: priority. */
        int64_t short_action;   /**< OCORE_SHORT_REFUSE or OCORE_SHORT_BACKORDER; 0: as the product says. */
        int64_t no_split;       /**< 1: one site for the whole order. */
        int64_t ship_complete;  /**< 1: our own sites ship nothing before all of theirs can go. */
        int64_t priority;       /**< Of its backorders: higher is filled first. */
        ocore_str currency;     /**< Of the amounts below; empty: they are zero. */
        int64_t split_minor;    /**< What each shipment beyond the first costs on top. */
        int64_t late_day_minor; /**< What a unit costs for each day that it comes later than wanted. */
        int64_t age_day_minor;  /**< What is gained by a unit for each day that its lot has lain there. */
        const ocore_channel_site *const *sites; /**< Preferred and excluded sites. */
        size_t site_count;      /**< How many. */
} ocore_channel;

/** Caller-filled. Sets a channel. */
typedef struct ocore_channel_request {
        size_t struct_size;     /**< sizeof(ocore_channel_request). */
        ocore_id id;            /**< The retry key. */
        ocore_str channel;      /**< Empty: for all channels without a row of their own. */
        int64_t strategy;       /**< OCORE_ALLOCATE_…; 0: priority. */
        int64_t short_action;   /**< OCORE_SHORT_REFUSE or OCORE_SHORT_BACKORDER; 0: as the product says. */
        int64_t no_split;       /**< 1: one site for the whole order. */
        int64_t ship_complete;  /**< 1: our own sites ship nothing before all of theirs can go. */
        int64_t priority;       /**< Of its backorders; 0 or more. */
        ocore_str currency;     /**< Needed when an amount is given. */
        int64_t split_minor;    /**< 0 or more. */
        int64_t late_day_minor; /**< 0 or more. */
        int64_t age_day_minor;  /**< 0 or more. */
        const ocore_site_wish *sites; /**< Preferred and excluded sites, at most 100; they must exist. */
        size_t site_count;      /**< How many. */
        size_t site_stride;     /**< sizeof(ocore_site_wish). */
} ocore_channel_request;

/** Sets how the orders of a channel are sourced, whole. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (site). Since 0.1. */
OCORE_API int ocore_channel_put(ocore_core *core, const ocore_channel_request *request, const ocore_channel **out);

/** All channels. Library-filled. */
typedef struct ocore_channel_list {
        const ocore_channel *const *channels; /**< By code. */
        size_t channel_count;                 /**< How many. */
} ocore_channel_list;

/** Lists all channels. Since 0.1. */
OCORE_API int ocore_channel_list_all(ocore_core *core, const ocore_empty_request *request, const ocore_channel_list **out);

/** What it costs to send from a site to a country. Library-filled. */
typedef struct ocore_site_cost {
        ocore_str site;         /**< From which site. */
        ocore_str country;      /**< To which country; empty: to all without a row of their own. */
        ocore_str currency;     /**< ISO 4217. */
        int64_t shipment_minor; /**< One shipment. */
        int64_t kg_minor;       /**< Each kilogram of it. */
        int64_t unit_minor;     /**< Handling one whole unit. */
        int64_t transit_us;     /**< How long it takes. */
} ocore_site_cost;

/** Caller-filled. Sets what it costs to send from a site. */
typedef struct ocore_site_cost_request {
        size_t struct_size;     /**< sizeof(ocore_site_cost_request). */
        ocore_id id;            /**< The retry key. */
        ocore_str site;         /**< Needed; must exist. */
        ocore_str country;      /**< ISO 3166-1 alpha-2; empty: all countries without a row of their own. */
        ocore_str currency;     /**< Needed: ISO 4217. */
        int64_t shipment_minor; /**< 0 or more. */
        int64_t kg_minor;       /**< 0 or more. */
        int64_t unit_minor;     /**< 0 or more. */
        int64_t transit_us;     /**< 0 or more. */
} ocore_site_cost_request;

/** Sets what it costs to send from a site to a country. @return OCORE_OK, OCORE_ALREADY, OCORE_NOT_FOUND (site). Since 0.1. */
OCORE_API int ocore_site_cost_put(ocore_core *core, const ocore_site_cost_request *request, const ocore_site_cost **out);

/** All costs of sites. Library-filled. */
typedef struct ocore_site_cost_list {
        const ocore_site_cost *const *costs; /**< By site, then country. */
        size_t cost_count;                   /**< How many. */
} ocore_site_cost_list;

/** Lists what it costs to send from each site. Since 0.1. */
OCORE_API int ocore_site_cost_list_all(ocore_core *core, const ocore_empty_request *request, const ocore_site_cost_list **out);

/**
 * @name Why a site was not chosen
 * @{
 */
#define OCORE_SITE_USED 0        /**< It was chosen. */
#define OCORE_SITE_CLOSED 1      /**< It is closed. */
#define OCORE_SITE_SUPPLIER 2    /**< It is a supplier's house. */
#define OCORE_SITE_EXCLUDED 3    /**< The order or its channel excludes it. */
#define OCORE_SITE_NO_COST 4     /**< It has no cost to that country in that currency, and others have one. */
#define OCORE_SITE_OUT_OF_STOCK 5 /**< It has nothing of what is wanted. */
#define OCORE_SITE_EXPIRED 6     /**< What it has is recalled, has expired, or does not keep long enough. */
#define OCORE_SITE_SAFETY 7      /**< What it has is safety stock. */
#define OCORE_SITE_NOT_GIVEN 8   /**< The order names other sites or lots. */
#define OCORE_SITE_NOT_WHOLE 9   /**< It has not all of what must come from one site. */
#define OCORE_SITE_LATER 10      /**< Others are asked before it: by preference, priority and code. */
#define OCORE_SITE_FARTHER 11    /**< Others are nearer. */
#define OCORE_SITE_LESS_STOCK 12 /**< Others have more, or need fewer shipments. */
#define OCORE_SITE_DEARER 13     /**< With it the order costs more; see extra_minor. */
#define OCORE_SITE_YOUNGER 14    /**< Its lots are younger. */
#define OCORE_SITE_KEEPS_LONGER 15 /**< Its lots expire later. */
#define OCORE_SITE_HOST 16       /**< The host did not choose it. */
/** @} */

/** What sourcing thinks of one site. Library-filled. */
typedef struct ocore_sourcing_site {
        ocore_str site;         /**< Which site. */
        int64_t used;           /**< 1: goods come from there. */
        int64_t why;            /**< OCORE_SITE_…: why not. */
        int64_t shipment_minor; /**< What a shipment from there costs. */
        int64_t units_minor;    /**< What its units cost: weight, handling, lateness less ageing. 0 when it is not used. */
        int64_t extra_minor;    /**< OCORE_SITE_DEARER: what the best order found with goods from there costs more. */
        int64_t distance_m;     /**< From the consignee; −1: not known. */
} ocore_sourcing_site;

/** Where the goods of an order come from, what that costs, and why no other site was chosen. Library-filled. */
typedef struct ocore_sourcing_report {
        int64_t strategy;    /**< OCORE_ALLOCATE_… */
        ocore_str currency;  /**< Of the amounts; empty: no costs are known. */
        int64_t total_minor; /**< Shipments, splits and units of all sites that are used. */
        int64_t exact;       /**< 1: it was proven that no other choice costs less. */
        const ocore_sourcing_site *const *sites; /**< Every site there is, by code. */
        size_t site_count;   /**< How many. */
} ocore_sourcing_report;

/** In place of a cost: this site cannot serve the line. */
#define OCORE_SOURCING_NONE INT64_MIN
/** Sites up to which ocore_sourcing_solve() is exact. */
#define OCORE_SOURCING_EXACT_SITES 12
/** Most sites of a sourcing problem. */
#define OCORE_SOURCING_SITES_MAX 64

/**
 * Caller-filled. A sourcing problem: which sites send what, so that
 * Σ site_minor of the sites used + split_minor × (sites used − 1) + Σ quantity × cost_minor is least.
 * Costs may be below zero (a gain for old stock).
 */
typedef struct ocore_sourcing_problem {
        size_t struct_size;        /**< sizeof(ocore_sourcing_problem). */
        size_t site_count;         /**< 1 to OCORE_SOURCING_SITES_MAX. */
        size_t line_count;         /**< 1 to 10,000. */
        const int64_t *quantity;   /**< Of each line: how many are wanted, 0 or more. */
        const int64_t *together;   /**< Of each line: lines with the same number above 0 come from one site; NULL: none do. */
        const int64_t *whole;      /**< Of each line: 1: one site gives the whole line; NULL: lines may be divided. */
        const int64_t *available;  /**< Of each line and site, at [line × site_count + site]: how many there are. */
        const int64_t *cost_minor; /**< Likewise: what one unit costs from there. OCORE_SOURCING_NONE: it cannot. */
        const int64_t *site_minor; /**< Of each site: what using it costs at all; 0 or more. */
        int64_t split_minor;       /**< What each site beyond the first costs on top; 0 or more. */
        int64_t sites_max;         /**< Most sites that may be used; 0: as many as there are. */
} ocore_sourcing_problem;

/** The answer to a sourcing problem. Caller's memory: the arrays are as large as the problem's. */
typedef struct ocore_sourcing_solution {
        size_t struct_size;       /**< sizeof(ocore_sourcing_solution). */
        int64_t *taken;           /**< Of each line and site, as in `available`. */
        int64_t *used;            /**< Of each site: 1: it is used. */
        int64_t *why_minor;       /**< Of each site: how much more the best solution found with it costs (0: it is used); OCORE_SOURCING_NONE: there is none. NULL: not asked for, which is quicker. */
        int64_t total_minor;      /**< What the solution costs. */
        int64_t bound_minor;      /**< What no solution can cost less than; total_minor when it is exact. */
        int64_t exact;            /**< 1: no solution costs less. */
        int64_t nodes;            /**< Nodes of the search that were looked at. */
} ocore_sourcing_solution;

/**
 * Solves a sourcing problem: exactly up to OCORE_SOURCING_EXACT_SITES sites, by branch and bound over
 * the sites (Land and Doig, 1960; for plant location Efroymson and Ray, 1966); beyond that by the
 * ADD heuristic (Kuehn and Hamburger, 1963) with drops and swaps, and `bound_minor`, by dual ascent (Erlenkotter,
 * 1978), says how far it can be from the best; with `sites_max` it may then miss that there is a solution.
 * Of solutions that cost the same the one with fewer sites is chosen, then the one with sites of lower index.
 * Pure; uses no core; integers only. Cost: at most 2^13 times lines × sites when it is exact, else a few hundred times.
 * @param scratch_allocator for memory during the call; NULL: the C library
 * @return OCORE_OK; OCORE_OUT_OF_STOCK (there is no solution); OCORE_INVALID, OCORE_LIMIT, OCORE_OVERFLOW, OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_sourcing_solve(const ocore_sourcing_problem *problem, const ocore_allocator *scratch_allocator, ocore_sourcing_solution *solution);

/**
 * The distance between two places on a sphere of the Earth's mean radius (6,371,008.8 m), by integer
 * arithmetic (CORDIC, Volder 1959), the same on every machine; error below 10 m + 0.01 %.
 * @return metres; −1 when a coordinate is out of range. Since 0.1.
 */
OCORE_API int64_t ocore_distance_m(int64_t latitude_a_e7, int64_t longitude_a_e7, int64_t latitude_b_e7, int64_t longitude_b_e7);

#ifdef __cplusplus
}
#endif
#endif
