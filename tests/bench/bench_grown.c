/*
 * What an order costs when many are stored: placing, getting by id and listing a customer's orders
 * in a store that holds a thousand orders and in one that holds many, on SQLite and on PostgreSQL,
 * in turns. Prints medians and their ratio, and asserts nothing about time; it does check that what
 * is looked up is found whole. Both stores have ten orders a customer, so that pages are alike.
 */
#include "bench_postgres.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
        SMALL = 1000,
        UNIT = 500,
        ORDERS_EACH = 10, /* of a customer */
        PLACED = 50,      /* a round; the small store does grow by that */
        LOOKED_UP = 200,
        WHATS = 4
};

typedef struct options {
        const char *folder;
        const char *script;
        const char *only;
        int64_t orders;
        int rounds;
} options;

/* A store with its orders. */
typedef struct grown {
        bench_library library;
        bench_source source;
        ocore_id *ids;
        int64_t count;
        int64_t rows; /* of pages; a check that both sizes list alike */
        double load_s;
        uint64_t random;
        char path[4096]; /* SQLite */
        char schema[64]; /* PostgreSQL */
        char conninfo[BENCH_CONNINFO_SIZE];
} grown;

static void unit_place(grown *self, int64_t count)
{
        static bench_order orders[UNIT];
        bench_orders_make(&self->source, orders, count);
        bench_library_must(&self->library, ocore_unit_begin(self->library.core), "unit");
        for (int64_t i = 0; i < count; i++) {
                if (bench_library_place(&self->library, &orders[i]) != OCORE_OK)
                        bench_failed("order.place", "others are at work in this store");
                self->ids[self->count++] = orders[i].id;
        }
        bench_library_must(&self->library, ocore_unit_commit(self->library.core), "unit");
}

static void grown_load(grown *self, ocore_store store, int64_t orders, int rounds)
{
        self->source = (bench_source){.random = (uint64_t)orders,
                .start_us = BENCH_START_US,
                .customers = (int)(orders / ORDERS_EACH)};
        self->ids = calloc((size_t)(orders + rounds * PLACED), sizeof *self->ids);
        if (self->ids == NULL)
                bench_failed("orders", "no memory");
        bench_library_open(&self->library, store);
        if (self->path[0] != '\0')
                bench_sqlite_settle(self->path);
        bench_library_shop(&self->library);
        bench_library_warm(&self->library, BENCH_START_US);
        const double begin = bench_now_s();
        while (self->count < orders)
                unit_place(self, orders - self->count < UNIT ? orders - self->count : UNIT);
        self->load_s = bench_now_s() - begin;
}

static double place_us(grown *self)
{
        bench_order orders[PLACED];
        bench_orders_make(&self->source, orders, PLACED);
        const double begin = bench_now_s();
        for (int i = 0; i < PLACED; i++) {
                if (bench_library_place(&self->library, &orders[i]) != OCORE_OK)
                        bench_failed("order.place", "others are at work in this store");
                self->ids[self->count++] = orders[i].id;
        }
        return (bench_now_s() - begin) * 1e6 / PLACED;
}

/* Any of the last `among` orders. */
static double get_us(grown *self, int64_t among)
{
        const double begin = bench_now_s();
        for (int i = 0; i < LOOKED_UP; i++) {
                const uint64_t back = bench_random(&self->random) % (uint64_t)among;
                bench_library_get(&self->library, self->ids[self->count - 1 - (int64_t)back]);
        }
        return (bench_now_s() - begin) * 1e6 / LOOKED_UP;
}

static double list_us(grown *self)
{
        const double begin = bench_now_s();
        for (int i = 0; i < LOOKED_UP; i++) {
                const uint64_t random = bench_random(&self->random);
                self->rows += bench_library_list(&self->library,
                        (int)(random % (uint64_t)self->source.customers), ORDERS_EACH);
        }
        return (bench_now_s() - begin) * 1e6 / LOOKED_UP;
}

static double measure_us(grown *self, int what)
{
        switch (what) {
        case 0: return place_us(self);
        case 1: return get_us(self, self->count);
        case 2: return get_us(self, SMALL);
        default: return list_us(self);
        }
}

static void measure_all(const char *engine, grown stores[2], int rounds)
{
        static const char *const titles[WHATS] = {
                "place", "get any order", "get one of the last 1,000", "list a customer's orders"};
        static double times[WHATS][2][BENCH_ROUNDS_MAX];
        static double ratios[BENCH_ROUNDS_MAX];
        /* Once unmeasured: statements are prepared, pages are read. */
        for (int what = 1; what < WHATS; what++)
                for (int size = 0; size < 2; size++)
                        measure_us(&stores[size], what);
        for (int round = 0; round < rounds; round++)
                for (int what = 0; what < WHATS; what++)
                        for (int turn = 0; turn < 2; turn++) {
                                const int size = (round + turn) % 2;
                                times[what][size][round] = measure_us(&stores[size], what);
                        }
        for (int what = 0; what < WHATS; what++) {
                for (int round = 0; round < rounds; round++)
                        ratios[round] = times[what][1][round] / times[what][0][round];
                printf("%-10s %-26s %10.1f us %10.1f us %8.2f\n", engine, titles[what],
                        bench_median(times[what][0], rounds), bench_median(times[what][1], rounds),
                        bench_median(ratios, rounds));
        }
        printf("%-10s rows a page: %.1f and %.1f; loading the larger took %.0f s, %.0f orders/s\n",
                engine, (double)stores[0].rows / LOOKED_UP / (rounds + 1),
                (double)stores[1].rows / LOOKED_UP / (rounds + 1), stores[1].load_s,
                (double)(stores[1].count - (int64_t)rounds * PLACED) / stores[1].load_s);
        fflush(stdout);
}

static void sqlite_run(const options *asked)
{
        static grown stores[2];
        for (int size = 0; size < 2; size++) {
                snprintf(stores[size].path, sizeof stores[size].path, "%s/bench_grown_%d.db",
                        asked->folder, size);
                bench_file_remove(stores[size].path);
                grown_load(&stores[size], bench_sqlite_store(stores[size].path),
                        size == 0 ? SMALL : asked->orders, asked->rounds);
        }
        measure_all("SQLite", stores, asked->rounds);
        for (int size = 0; size < 2; size++) {
                bench_library_close(&stores[size].library);
                bench_file_remove(stores[size].path);
                free(stores[size].ids);
        }
}

static void postgres_run(const options *asked)
{
        static grown stores[2];
        char conninfo[BENCH_CONNINFO_SIZE];
        if (!bench_server_find(asked->script, "/tmp", conninfo))
                return;
        for (int size = 0; size < 2; size++) {
                snprintf(stores[size].schema, sizeof stores[size].schema, "bench_grown_%d_%d",
                        (int)getpid(), size);
                bench_schema_make(conninfo, stores[size].schema, stores[size].conninfo);
                grown_load(&stores[size], bench_postgres_store(stores[size].conninfo),
                        size == 0 ? SMALL : asked->orders, asked->rounds);
        }
        /* What the server would do at some time of its own, in the middle of a round. */
        bench_sql(conninfo, "VACUUM ANALYZE");
        bench_sql(conninfo, "CHECKPOINT");
        measure_all("PostgreSQL", stores, asked->rounds);
        for (int size = 0; size < 2; size++) {
                bench_library_close(&stores[size].library);
                bench_schema_drop(conninfo, stores[size].schema);
                free(stores[size].ids);
        }
}

static int options_read(options *self, int count, char **arguments)
{
        int good = 1;
        for (int at = 1; at + 1 < count && good; at += 2) {
                const char *value = arguments[at + 1];
                if (strcmp(arguments[at], "--folder") == 0)
                        self->folder = value;
                else if (strcmp(arguments[at], "--server") == 0)
                        self->script = value;
                else if (strcmp(arguments[at], "--only") == 0)
                        self->only = value;
                else if (strcmp(arguments[at], "--orders") == 0)
                        self->orders = atoll(value);
                else if (strcmp(arguments[at], "--rounds") == 0)
                        self->rounds = atoi(value);
                else
                        good = 0;
        }
        return good && count % 2 == 1 && self->rounds > 0 && self->rounds <= BENCH_ROUNDS_MAX &&
               self->orders >= SMALL && self->orders / ORDERS_EACH <= BENCH_CUSTOMERS_MAX;
}

int main(int count, char **arguments)
{
        options asked = {.folder = ".", .orders = 50000, .rounds = 9};
        if (!options_read(&asked, count, arguments)) {
                fprintf(stderr,
                        "Usage: %s [--orders N] [--rounds N] [--only sqlite|postgres]\n"
                        "       [--folder DIR] [--server SCRIPT]\n"
                        "N: from 1,000 to 1,000,000, which takes some minutes and gigabytes.\n"
                        "--folder: for the SQLite files; --server: tests/servers/postgres.sh,\n"
                        "to start a server where ORDERCORE_TEST_POSTGRES is not set.\n",
                        arguments[0]);
                return 2;
        }
        bench_names_make();
        printf("one order, with %d and with %" PRId64 " stored; medians of %d rounds\n", SMALL,
                asked.orders, asked.rounds);
        if (asked.only == NULL || strcmp(asked.only, "sqlite") == 0)
                sqlite_run(&asked);
        if (asked.only == NULL || strcmp(asked.only, "postgres") == 0)
                postgres_run(&asked);
        return 0;
}
