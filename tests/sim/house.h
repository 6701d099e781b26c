/*
 * The house of house_test.c: a store, the actors on it, the plain model beside it, and what an
 * actor can do. Each action says by the model whether it must succeed, carries it out, and books
 * it in the model.
 */
#ifndef ORDERCORE_TESTS_HOUSE_H
#define ORDERCORE_TESTS_HOUSE_H

#include "house_model.h"

#include "support.h"

enum { HOUSE_ACTORS = 8 };
/* What an action expects. */
enum { REFUSED, GOOD, EITHER };

typedef struct house_run {
        house model;
        ocore_store inner; /* what the actors' store is around */
        int eager;         /* others may come in between */
        int nested;        /* an actor acts while another is about to write */
        int disturbed; /* somebody acted in between: what was expected beforehand may be wrong */
        int first_try; /* of a unit: what is wrong in it may be refused yet */
        const char *forgiven;
        int rules_changed;   /* in this world: actors may remember older ones until a refusal */
        ocore_core *writing; /* who acts, when another comes in between */
        int unit_actor;      /* all commands go to this one while its unit is open; −1: to any */
        ocore_store store;
        ocore_core *actors[HOUSE_ACTORS];
        test_memory memory;
        uint64_t seed, random;
        int always_reads; /* who acted last does not choose by what it remembers */
        int64_t next_id, operation;
        int64_t done, refused, filled, lapsed, shorts, units, between; /* over all worlds */
} house_run;

typedef struct house_action {
        void (*run)(house_run *self);
        int weight;
} house_action;
extern const house_action house_goods_actions[], house_order_actions[];
/* Those that make nothing new: for an actor who comes in between. */
extern const house_action house_short_actions[], house_short_order_actions[];
/* Those that may stand in a unit: none reads past it. */
extern const house_action house_unit_actions[];

int64_t house_below(house_run *self, int64_t limit);
ocore_id house_id(house_run *self);
/* One command by some actor; it succeeds or not as expected. NULL: it was refused. Now and then it
 * is sent again by another, who must get the same answer. */
const void *house_command(house_run *self, const char *name, const void *request, int expected);
/* Ends the test with the seed, the operation and what is wrong, if anything is. */
void house_check(house_run *self, const char *wrong);
/* Looks an order up and books what changed. */
void house_learn(house_run *self, int order, int lost);
/* One of the last few, −1: there is none. */
int house_recent(house_run *self, int count);
ocore_str house_text(const char *const *names, int index);

#endif
