/*
 * What the benchmarks share: the clock, the orders to place, the shop they are placed in, the
 * library's hand, and the hands written for comparison. The hand-written parts keep the same rows
 * as the library, with nothing around them: no checks of the request, no other strategy, no retry.
 * They say what the machine gives at best.
 */
#ifndef ORDERCORE_TESTS_BENCH_H
#define ORDERCORE_TESTS_BENCH_H

#include <ordercore.h>

enum {
        BENCH_SKUS = 1000,
        BENCH_SITES = 2,
        BENCH_LINES = 5,
        BENCH_CUSTOMERS = 5000,
        BENCH_CUSTOMERS_MAX = 100000,
        BENCH_ROUNDS_MAX = 101
};

#define BENCH_STOCK INT64_C(1000000000) /* of each sku at each site */
#define BENCH_RATE_PPM 190000
#define BENCH_START_US INT64_C(1767225600000000) /* 2026-01-01 */

/* One order to place: distinct skus, list prices. */
typedef struct bench_order {
        ocore_id id;
        int64_t at_us;
        int customer;
        int skus[BENCH_LINES];
        int quantities[BENCH_LINES];
} bench_order;

/* Where orders come from: the same source gives the same orders. */
typedef struct bench_source {
        uint64_t random;  /* the seed */
        int64_t start_us; /* when the next order is placed; each one a millisecond later */
        int sku_first;    /* only every `sku_step`th sku is ordered, */
        int sku_step;     /* from this one on; 0: all */
        int hot;          /* 1: the first line is always sku 0 */
        int customers;    /* how many there are; 0: BENCH_CUSTOMERS */
} bench_source;

/* Names by number, the same for all parts. */
extern char bench_skus[BENCH_SKUS][16];
extern char bench_customers[BENCH_CUSTOMERS_MAX][16];
extern const char *const bench_sites[BENCH_SITES];
void bench_names_make(void);
int64_t bench_price(int sku);
/* The tax that is in the price of a line. */
int64_t bench_tax(int64_t total_minor);

/* Says what failed and ends the program: a benchmark of half a run is none. */
void bench_failed(const char *what, const char *why);
double bench_now_s(void);
double bench_median(double *numbers, int count); /* sorts them */
/* SplitMix64 (Steele, Lea, Flood, 2014). */
uint64_t bench_random(uint64_t *state);
/* An id that grows with time, as UUIDv7 does. */
ocore_id bench_id_at(int64_t at_us, uint64_t random);
void bench_orders_make(bench_source *self, bench_order *orders, int64_t count);

/* The library on some store; the clock stands at the order being placed. */
typedef struct bench_library {
        ocore_store store;
        ocore_core *core;
        int64_t now_us;
} bench_library;

/* `self` must stay where it is until it is closed, and takes the store. */
void bench_library_open(bench_library *self, ocore_store store);
/* Sites, tax, products, prices and stock. */
void bench_library_shop(bench_library *self);
/* Ends the program unless `status` is OCORE_OK. */
void bench_library_must(const bench_library *self, int status, const char *what);
/* OCORE_OK or OCORE_BUSY; everything else ends the program. */
int bench_library_place(bench_library *self, const bench_order *order);
/* Has the core read each product and its stock once within the last second, as it has in a program
 * that runs for a while. */
void bench_library_warm(bench_library *self, int64_t until_us);
/* Order by id, and a page of a customer's orders. Both end the program if there is none. */
void bench_library_get(bench_library *self, ocore_id order_id);
int64_t bench_library_list(bench_library *self, int customer, int64_t limit);
int64_t bench_library_available(bench_library *self);
void bench_library_close(bench_library *self);

/* A SQLite store in a file, and the removal of that file with what SQLite keeps beside it. */
ocore_store bench_sqlite_store(const char *path);
/* Lets the log of an open store reach its full length once, as it has in a program that runs for a
 * while: a file that grows is synced more slowly than one that is written over. */
void bench_sqlite_settle(const char *path);
void bench_file_remove(const char *path);

/* The bare hash tables and structs that one would write for this alone. */
typedef struct hand_memory hand_memory;
hand_memory *hand_memory_open(void);
void hand_memory_place(hand_memory *self, const bench_order *order);
int64_t hand_memory_available(const hand_memory *self);
void hand_memory_close(hand_memory *self);

/* Prepared statements on tables that the library made; its command rows bear blobs of these
 * sizes. */
typedef struct hand_sqlite hand_sqlite;
hand_sqlite *hand_sqlite_open(const char *path, int request_size, int answer_size);
/* How large the blobs of the library's own command rows are in this file, on average. */
void hand_sqlite_sizes(const char *path, int *request_size, int *answer_size);
void hand_sqlite_begin(hand_sqlite *self);
void hand_sqlite_place(hand_sqlite *self, const bench_order *order);
void hand_sqlite_commit(hand_sqlite *self);
int64_t hand_sqlite_available(hand_sqlite *self);
void hand_sqlite_close(hand_sqlite *self);

/* How hand-written libpq talks to the server. */
enum {
        HAND_STATEMENTS, /* each statement prepared, each a round trip, in a transaction */
        HAND_PIPELINE,   /* the reads in one pipeline, the writes in another */
        HAND_FUNCTION    /* one PL/pgSQL function that does it all */
};

/* Prepared statements on tables that the library made, in the schema that the connection is in. */
typedef struct hand_postgres hand_postgres;
hand_postgres *hand_postgres_open(
        const char *conninfo, int kind, int request_size, int answer_size);
/* Makes the function in the schema; once, before HAND_FUNCTION places. */
void hand_postgres_function_make(const char *conninfo);
/* All orders in one transaction; more than one only as HAND_FUNCTION. */
void hand_postgres_place(hand_postgres *self, const bench_order *orders, int count);
void hand_postgres_close(hand_postgres *self);

#endif
