/*
 * What the parts of the benchmark share: the orders to place, and the two hands that place them.
 * The hand-written parts keep the same rows as the library, with nothing around them: no checks of
 * the request, no other strategy, no retry. They say what the machine gives at best.
 */
#ifndef ORDERCORE_TESTS_BENCH_H
#define ORDERCORE_TESTS_BENCH_H

#include <ordercore.h>

enum { BENCH_SKUS = 1000, BENCH_SITES = 2, BENCH_LINES = 5, BENCH_CUSTOMERS = 5000 };

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

/* Names by number, the same for all parts. */
extern char bench_skus[BENCH_SKUS][16];
extern char bench_customers[BENCH_CUSTOMERS][16];
extern const char *const bench_sites[BENCH_SITES];
int64_t bench_price(int sku);

/* Says what failed and ends the program: a benchmark of half a run is none. */
void bench_failed(const char *what, const char *why);

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

#endif
