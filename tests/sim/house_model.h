/*
 * A plain model of a house with several sites, for house_test.c: how many units of each product
 * are where, what each order and each supply stands for. It knows no rows, no indexes and no
 * ledger. It says beforehand whether a command must succeed; where goods come from it takes from
 * the answer, and books it only if they were there to be taken.
 */
#ifndef ORDERCORE_TESTS_HOUSE_MODEL_H
#define ORDERCORE_TESTS_HOUSE_MODEL_H

#include <ordercore.h>

enum {
        HOUSE_SKUS = 4, /* A and B plain, C by lot, D a bundle of two A and one B */
        HOUSE_GOODS = 3,
        HOUSE_SITES = 3,
        HOUSE_LOTS = 4, /* number 0 is "no lot" */
        HOUSE_LINES = 9,
        HOUSE_ORDERS = 64,
        HOUSE_HOLDS = 32,
        HOUSE_PURCHASES = 32,
        HOUSE_TRANSFERS = 32,
        HOUSE_SHIPMENTS = 64,
        HOUSE_PRICE = 999
};
enum { BUNDLE = 3, BY_LOT = 2 };

typedef struct house_place {
        int64_t available, held, allocated, picked, inspection, damaged;
        int64_t incoming, in_transit;
} house_place;

/* What an order's line has at one place. */
typedef struct house_part {
        int64_t waiting;  /* allocated, or on a pick list */
        int64_t taken;    /* picked or packed */
        int64_t gone;     /* shipped or delivered */
        int64_t released; /* of those waiting, on a pick list */
} house_part;

typedef struct house_line {
        int sku, parent; /* parent: index of the bundle's line + 1 */
        int64_t price;   /* of one; parts of bundles have none */
        int64_t ordered, cancelled, backordered, performed;
        house_part at[HOUSE_SITES][HOUSE_LOTS];
} house_line;

typedef struct house_order {
        ocore_id id;
        int64_t state, priority, since_us;
        house_line lines[HOUSE_LINES];
        int line_count;
        int no_split;
} house_order;

typedef struct house_hold {
        ocore_id id;
        int64_t expires_us, priority;
        int open;
        int64_t at[HOUSE_GOODS][HOUSE_SITES][HOUSE_LOTS];
} house_hold;

typedef struct house_purchase {
        ocore_id id;
        int64_t state, ordered, received;
        int sku, site;
} house_purchase;

typedef struct house_transfer {
        ocore_id id;
        int sku, lot, from, to, open;
        int64_t left;
} house_transfer;

typedef struct house_shipment {
        ocore_id id;
        int order;
        int64_t state;
} house_shipment;

typedef struct house {
        house_place at[HOUSE_GOODS][HOUSE_SITES][HOUSE_LOTS];
        int64_t safety[HOUSE_GOODS][HOUSE_SITES];
        int closed[HOUSE_SITES];
        int64_t lot_expires_us[HOUSE_LOTS];
        house_order orders[HOUSE_ORDERS];
        house_hold holds[HOUSE_HOLDS];
        house_purchase purchases[HOUSE_PURCHASES];
        house_transfer transfers[HOUSE_TRANSFERS];
        house_shipment shipments[HOUSE_SHIPMENTS];
        int order_count, hold_count, purchase_count, transfer_count, shipment_count;
        int64_t now_us;
} house;

/* Units of a product that an order can have now, over all sites. */
int64_t house_free(const house *self, int sku);
int64_t house_free_at(const house *self, int sku, int site);
/* What a line wants of each product of goods: a bundle wants its parts. */
void house_wants(int sku, int64_t quantity, int64_t wants[HOUSE_GOODS]);

/* An order as the library answered it becomes the model's: units that a line has more at a place
 * come from what is available there, or, where `from_outside`, from nowhere; units that it has
 * less go back to it, or are lost where `lost`. NULL: all is well; else what is wrong. */
typedef struct house_change {
        int lost;
} house_change;
const char *house_learn_order(
        house *self, int order, const ocore_order *answer, const house_change *change);
/* The same for a hold. */
const char *house_learn_hold(house *self, house_hold *hold, const ocore_hold *answer);

/* What the strategy "priority" takes of a product, at each place: the sites in their order, at each
 * the lot that expires first. */
void house_by_priority(
        const house *self, int sku, int64_t quantity, int64_t takes[HOUSE_SITES][HOUSE_LOTS]);
/* Units a line can still cancel. */
int64_t house_cancellable(const house_order *order, int line);
/* Serves the queue of a product with what is free at each site, by priority, then age, then id; an
 * order that is not split only from one site. Writes how many units each line of each order must
 * get. Returns how many in all. */
int64_t house_serve(const house *self, int sku, const int64_t free_at[HOUSE_SITES],
        int64_t gets[HOUSE_ORDERS][HOUSE_LINES]);
/* Holds whose deadline has passed are over; returns how many. */
int house_lapse(house *self);
/* What is held, allocated and picked is what holds and orders have; NULL, or what is wrong. */
const char *house_consistent(const house *self);

extern const char *const house_skus[HOUSE_SKUS];
extern const char *const house_sites[HOUSE_SITES];
extern const char *const house_lots[HOUSE_LOTS];

#endif
