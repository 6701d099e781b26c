/*
 * What the PostgreSQL benchmarks share: the server, the schemas of the hands, and their sellers.
 */
#ifndef ORDERCORE_TESTS_BENCH_POSTGRES_H
#define ORDERCORE_TESTS_BENCH_POSTGRES_H

#include "bench.h"

/* The hands: the library, and those of hand_postgres_open(). */
enum { BENCH_LIBRARY = -1, BENCH_HANDS = 4, BENCH_CONNINFO_SIZE = 1024 };

/* What orders say; what is in the tables must be the same. */
typedef struct bench_tally {
        int64_t orders;
        int64_t quantity;
        int64_t total_minor;
} bench_tally;

void bench_tally_add(bench_tally *self, const bench_order *orders, int count);
void bench_tally_join(bench_tally *self, const bench_tally *other);

/* Who places orders, and in which schema. */
typedef struct bench_hand {
        const char *name;
        int kind; /* BENCH_LIBRARY or HAND_… */
        int request_size;
        int answer_size;
        char schema[64];
        char conninfo[BENCH_CONNINFO_SIZE];
        bench_tally tally;
} bench_hand;

/* Finds the server of ORDERCORE_TEST_POSTGRES, or starts one by the script in a new folder in
 * `folder`, which is stopped when the program ends. 0 and a sentence: there is none. */
int bench_server_find(const char *script, const char *folder, char conninfo[BENCH_CONNINFO_SIZE]);

/* Makes the schemas with a shop in each, and shows that all hands write the same rows. */
void bench_hands_open(bench_hand hands[BENCH_HANDS], const char *conninfo);
/* Compares what was sold with the orders, and drops the schemas. */
void bench_hands_close(bench_hand hands[BENCH_HANDS]);

/* One connection of a hand, warmed up for orders from that time on. */
typedef struct bench_seller bench_seller;
bench_seller *bench_seller_open(const bench_hand *hand, int64_t start_us);
/* All orders in one transaction. Returns how often that had to be tried again. */
int64_t bench_seller_place(bench_seller *self, const bench_order *orders, int count);
void bench_seller_close(bench_seller *self);

/* A store in the schema that the connection is in. */
ocore_store bench_postgres_store(const char *conninfo);
/* Makes a schema, and the conninfo that leads into it. */
void bench_schema_make(const char *conninfo, const char *schema, char inside[BENCH_CONNINFO_SIZE]);
void bench_schema_drop(const char *conninfo, const char *schema);
/* Carries a command out. */
void bench_sql(const char *conninfo, const char *text);

#endif
