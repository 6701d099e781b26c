/* Tests that a store keeps what its durability class says. */
#ifndef ORDERCORE_STORE_TEST_DURABILITY_H
#define ORDERCORE_STORE_TEST_DURABILITY_H

#include "subject.h"

enum { DURABILITY_DETAIL = 800 };

/* What to do, and how it went. */
typedef struct durability {
        subject *store;
        int64_t seed;
        int64_t cuts;                   /* how often something ends the writer */
        int64_t batches;                /* set: how many were acknowledged */
        int64_t ended;                  /* set: how often it ended before it was done */
        char detail[DURABILITY_DETAIL]; /* set: what was lost, or what made it impossible */
} durability;

/* Kills the writer (D1). 1 when all is kept. */
int durability_kill(durability *self);
/* Cuts the power (D2, stores in files). 1 when all is kept. */
int durability_power(durability *self);
/* 1 if this program can do that on this system. */
int durability_power_known(void);

#endif
