/*
 * A market: processes that sell from one store until it is empty or they are told to stop, and the
 * reckoning afterwards. What the tests of servers share; it knows no engine.
 *
 * Each seller notes in shared memory which orders it was told are taken. The reckoning compares
 * these notes with what the store then says, and counts what does not agree instead of failing,
 * so that a test can also show that it finds the mistakes of a store that is broken on purpose.
 */
#ifndef ORDERCORE_TESTS_MARKET_H
#define ORDERCORE_TESTS_MARKET_H

#include "support.h"

#include <stdatomic.h>
#include <sys/types.h>

enum { MARKET_PRODUCTS = 2, MARKET_SELLERS_MAX = 64, MARKET_ORDERS_MAX = 20000 };

/* Opens a store for one process; called in each. */
typedef int (*market_open_fn)(void *place, ocore_store *out);

/* What a seller did; it alone writes it. */
typedef struct market_seller {
        _Atomic int64_t acknowledged; /* orders it was told are taken: 0 … acknowledged-1 */
        _Atomic int64_t repeats;      /* calls made again because their outcome was not known */
        int64_t sold[MARKET_PRODUCTS];
        int64_t sold_out;  /* the last order was refused: nothing left */
        char trouble[200]; /* why it stopped before it should; empty: it did not */
} market_seller;

typedef struct market_shared {
        _Atomic int stop;
        market_seller sellers[MARKET_SELLERS_MAX];
} market_shared;

typedef struct test_market {
        market_open_fn open;
        void *place;
        int64_t pieces; /* of each product at the beginning */
        int sellers;
        unsigned seed;
        market_shared *shared;
        pid_t processes[MARKET_SELLERS_MAX];
} test_market;

/* What the reckoning found. All but the first three and `repeats` are to be zero. */
typedef struct market_findings {
        int64_t acknowledged; /* orders that sellers were told are taken */
        int64_t stored;       /* orders in the store */
        int64_t sold;         /* pieces of the first product in acknowledged orders */
        int64_t repeats;      /* as above, over all sellers */
        int64_t lost;         /* acknowledged, and not in the store */
        int64_t strange;      /* in the store, and nobody was told so */
        int64_t unrepeatable; /* acknowledged, and the same command again is not OCORE_ALREADY */
        int64_t oversold;     /* pieces sold beyond what there was */
        int64_t misplaced;    /* pieces neither sold nor there any more, or both */
        int64_t broken_rules; /* what ocore_verify() found */
        int64_t troubled;     /* sellers that stopped before they should */
} market_findings;

/* Fills the store and makes the shared memory. `place`, `pieces`, … are set by the caller. */
void market_open(test_market *market);
void market_start(test_market *market);
/* Orders acknowledged so far. */
int64_t market_acknowledged(const test_market *market);
/* 1 while any seller is still at it. */
int market_alive(test_market *market);
/* Tells the sellers to stop after the order they are at, and waits for them. */
void market_stop(test_market *market);
/* Waits for them until the stock is gone. */
void market_wait(test_market *market);
/* Reckons and says what it found in lines that begin with "# ". */
market_findings market_reckon(test_market *market, const char *what);
void market_close(test_market *market);
/* Fails unless each acknowledged order is there once and every piece is accounted for. */
void market_assert_clean(const market_findings *findings);
/* How many mistakes were found. */
int64_t market_mistakes(const market_findings *findings);

#endif
