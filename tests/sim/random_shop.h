/*
 * The shop of random_test.c: a store, the actors on it, the plain model beside it, and what an
 * actor can do. Each action predicts its outcome by the model, carries it out, and changes the
 * model.
 */
#ifndef ORDERCORE_TESTS_RANDOM_SHOP_H
#define ORDERCORE_TESTS_RANDOM_SHOP_H

#include "random_model.h"

#include "support.h"

enum { ACTORS = 3 };

typedef struct shop {
        model model;
        ocore_store store;
        ocore_core *actors[ACTORS];
        test_memory memory;
        uint64_t seed, random;
        int64_t next_id;
        int64_t done, refused; /* commands */
        int64_t lapsed;
} shop;

extern const char *const random_skus[SKUS];
extern const char *const random_sites[2];

/* A number below `limit`. */
int64_t random_below(shop *self, int64_t limit);
ocore_id random_id(shop *self);
ocore_core *random_actor(shop *self);
/* Something that happened lately is more fun to act on: one of the last few, -1: there is none. */
int random_recent(shop *self, int count);
/* One command by some actor, which must succeed or not as predicted; now and then sent again by
 * another, who must get the same answer. */
const void *random_command(shop *self, const char *name, const void *request, int good);

void random_change_stock(shop *self);
void random_change_price(shop *self);
void random_place_hold(shop *self);
void random_release_hold(shop *self);
void random_place_order(shop *self);
void random_place_and_pay(shop *self);
void random_confirm_order(shop *self);
void random_pay_order(shop *self);
void random_refund_order(shop *self);
void random_cancel_units(shop *self);
void random_release_units(shop *self);
void random_move_shipment(shop *self);
void random_ask_return(shop *self);
void random_move_return(shop *self);
void random_pass_time(shop *self);

#endif
