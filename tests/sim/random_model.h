/*
 * A plain model of a shop, for random_test.c: how many units of each product are where, and what
 * each order owes. It knows no rows, no places and no ledger; it says beforehand whether a command
 * must succeed, and what then is true.
 */
#ifndef ORDERCORE_TESTS_RANDOM_MODEL_H
#define ORDERCORE_TESTS_RANDOM_MODEL_H

#include <ordercore.h>

enum {
        SKUS = 4,
        LINES_MAX = 3,
        ORDERS_MAX = 2048,
        HOLDS_MAX = 1024,
        SHIPMENTS_MAX = 2048,
        RETURNS_MAX = 2048
};

typedef struct model_line {
        int sku;
        int64_t ordered, price, discount;
        int64_t cancelled, allocated, released, picked, packed, shipped, delivered;
        int64_t returned, refunded;
} model_line;

typedef struct model_order {
        ocore_id id;
        int64_t state;
        model_line lines[LINES_MAX];
        int line_count;
        int64_t total, cancelled, credited, paid;
} model_order;

typedef struct model_hold {
        ocore_id id;
        int64_t expires_us;
        int64_t quantity[SKUS];
        int open;
} model_hold;

typedef struct model_shipment {
        ocore_id id;
        int order;
        int64_t state;
        int64_t quantity[LINES_MAX];
} model_shipment;

typedef struct model_return {
        ocore_id id;
        int order;
        int64_t state;
        int64_t quantity[LINES_MAX];
} model_return;

typedef struct model {
        struct {
                int64_t available, held, allocated, picked, inspection, damaged;
        } stock[SKUS];
        int64_t price[SKUS];
        model_order orders[ORDERS_MAX];
        model_hold holds[HOLDS_MAX];
        model_shipment shipments[SHIPMENTS_MAX];
        model_return returns[RETURNS_MAX];
        int order_count, hold_count, shipment_count, return_count;
        int64_t now_us;
} model;

int64_t model_due(const model_order *order);
/* What is owed to the customer, at most what was paid. */
int64_t model_owed(const model_order *order);
/* Takes `quantity` from a line that is waiting: back to the shelf, its share no longer owed. */
void model_cancel(model *shop, model_order *order, int line, int64_t quantity);
/* Credits what was charged for units that came back; returns the credit. */
int64_t model_credit(model_order *order, int line, int64_t quantity);
/* The state after a change: completed or cancelled when nothing is open. */
void model_settle(model_order *order);
/* Moves a shipment to its next state (or back, when it is cancelled). */
void model_ship(model *shop, model_shipment *shipment, int64_t state);
/* Holds whose deadline has passed give their stock back; returns how many. */
int model_lapse(model *shop);

#endif
