/*
 * How fast orders of five lines are placed, through the library and by hand-written code that
 * keeps the same rows, in the same run and in turns: on memory, on SQLite with one order a commit,
 * and with a hundred. Prints medians and their ratio, and asserts nothing about time; it does check
 * that both hands sold the same.
 */
#include "bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096 };

typedef struct options {
        const char *folder;
        const char *only;
        int rounds;
        int library_only;
        int64_t times;
} options;

/* What is measured; `unit` orders are written together. */
typedef struct measure {
        const char *name;
        const char *title;
        int sqlite;
        int unit;
        int64_t orders; /* a round */
} measure;

/* The two hands, and the orders that both place. */
typedef struct contest {
        bench_library library;
        hand_memory *memory;
        hand_sqlite *sqlite;
        bench_order *orders;
        bench_source source;
        char paths[2][PATH_SIZE];
} contest;

static double library_round(contest *self, const measure *what, int64_t orders)
{
        const double begin = bench_now_s();
        for (int64_t i = 0; i < orders; i++) {
                if (what->unit > 1 && i % what->unit == 0)
                        bench_library_must(
                                &self->library, ocore_unit_begin(self->library.core), "unit");
                bench_library_place(&self->library, &self->orders[i]);
                if (what->unit > 1 && (i + 1) % what->unit == 0)
                        bench_library_must(
                                &self->library, ocore_unit_commit(self->library.core), "unit");
        }
        return (double)orders / (bench_now_s() - begin);
}

static double hand_round(contest *self, const measure *what, int64_t orders)
{
        const double begin = bench_now_s();
        for (int64_t i = 0; i < orders; i++) {
                if (what->sqlite && i % what->unit == 0)
                        hand_sqlite_begin(self->sqlite);
                if (what->sqlite)
                        hand_sqlite_place(self->sqlite, &self->orders[i]);
                else
                        hand_memory_place(self->memory, &self->orders[i]);
                if (what->sqlite && (i + 1) % what->unit == 0)
                        hand_sqlite_commit(self->sqlite);
        }
        return (double)orders / (bench_now_s() - begin);
}

/* A shop with its goods. */
static void shop_open(bench_library *self, ocore_store store)
{
        bench_library_open(self, store);
        bench_library_shop(self);
}

/* Both shops, each with its goods; a few orders tell how large the library's command rows are. */
static void contest_open(contest *self, const measure *what, const char *folder)
{
        bench_library made;
        ocore_store store;
        int sizes[2];
        if (!what->sqlite) {
                if (ocore_memory_store(NULL, &store) != OCORE_OK)
                        bench_failed(what->name, "no memory");
                shop_open(&self->library, store);
                self->memory = hand_memory_open();
                return;
        }
        for (int i = 0; i < 2; i++) {
                snprintf(self->paths[i], PATH_SIZE, "%s/bench_%s.db", folder,
                        i == 0 ? "library" : "hand");
                bench_file_remove(self->paths[i]);
        }
        shop_open(&self->library, bench_sqlite_store(self->paths[0]));
        shop_open(&made, bench_sqlite_store(self->paths[1]));
        bench_library_close(&made);
        bench_orders_make(&self->source, self->orders, what->unit);
        library_round(self, what, what->unit);
        hand_sqlite_sizes(self->paths[0], &sizes[0], &sizes[1]);
        self->sqlite = hand_sqlite_open(self->paths[1], sizes[0], sizes[1]);
        hand_round(self, what, what->unit);
}

static void contest_close(contest *self, const measure *what, int library_only)
{
        const int64_t left = bench_library_available(&self->library);
        const int64_t by_hand = what->sqlite ? hand_sqlite_available(self->sqlite)
                                             : hand_memory_available(self->memory);
        if (!library_only && left != by_hand)
                bench_failed(what->name, "the two did not sell the same");
        bench_library_close(&self->library);
        if (what->sqlite) {
                hand_sqlite_close(self->sqlite);
                bench_file_remove(self->paths[0]);
                bench_file_remove(self->paths[1]);
        } else {
                hand_memory_close(self->memory);
        }
}

static void measure_run(const measure *what, const options *asked)
{
        contest *self = calloc(1, sizeof *self);
        double ours[BENCH_ROUNDS_MAX];
        double theirs[BENCH_ROUNDS_MAX];
        double ratio[BENCH_ROUNDS_MAX];
        const int64_t orders = what->orders * asked->times;
        if (self == NULL || (self->orders = calloc((size_t)orders, sizeof *self->orders)) == NULL)
                bench_failed(what->name, "no memory");
        self->source.start_us = BENCH_START_US;
        contest_open(self, what, asked->folder);
        for (int round = 0; round < asked->rounds; round++) {
                bench_orders_make(&self->source, self->orders, orders);
                /* In turns, and who begins changes too: a machine that slows down hits both. */
                if (round % 2 == 0)
                        ours[round] = library_round(self, what, orders);
                theirs[round] = asked->library_only ? 0 : hand_round(self, what, orders);
                if (round % 2 != 0)
                        ours[round] = library_round(self, what, orders);
                ratio[round] = asked->library_only ? 0 : ours[round] / theirs[round];
        }
        printf("%-30s %10.0f /s", what->title, bench_median(ours, asked->rounds));
        if (!asked->library_only)
                printf(" %10.0f /s %8.2f", bench_median(theirs, asked->rounds),
                        bench_median(ratio, asked->rounds));
        putchar('\n');
        fflush(stdout);
        contest_close(self, what, asked->library_only);
        free(self->orders);
        free(self);
}

static int options_read(options *self, int count, char **arguments)
{
        int good = 1;
        for (int at = 1; at < count && good; at++) {
                const char *value = at + 1 < count ? arguments[at + 1] : NULL;
                if (strcmp(arguments[at], "--library-only") == 0) {
                        self->library_only = 1;
                        continue;
                }
                good = value != NULL;
                if (good && strcmp(arguments[at], "--folder") == 0)
                        self->folder = value;
                else if (good && strcmp(arguments[at], "--only") == 0)
                        self->only = value;
                else if (good && strcmp(arguments[at], "--rounds") == 0)
                        self->rounds = atoi(value);
                else if (good && strcmp(arguments[at], "--times") == 0)
                        self->times = atoi(value);
                else
                        good = 0;
                at++;
        }
        return good && self->rounds > 0 && self->rounds <= BENCH_ROUNDS_MAX && self->times > 0;
}

int main(int count, char **arguments)
{
        static const measure measures[] = {
                {"memory", "memory", 0, 1, 20000},
                {"one", "SQLite, one order a commit", 1, 1, 1000},
                {"hundred", "SQLite, 100 orders a commit", 1, 100, 5000},
        };
        options asked = {.folder = ".", .rounds = 7, .times = 1};
        if (!options_read(&asked, count, arguments)) {
                fprintf(stderr,
                        "Usage: %s [--folder DIR] [--only memory|one|hundred] [--rounds N]\n"
                        "       [--times N] [--library-only]\n"
                        "--times N places N times as many orders; with --library-only a "
                        "run for a profiler.\n",
                        arguments[0]);
                return 2;
        }
        bench_names_make();
        printf("orders of %d lines, %d skus, %d sites; medians of %d rounds\n%-30s %13s %13s %8s\n",
                BENCH_LINES, BENCH_SKUS, BENCH_SITES, asked.rounds, "", "library", "by hand",
                "ratio");
        for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
                if (asked.only == NULL || strcmp(asked.only, measures[i].name) == 0)
                        measure_run(&measures[i], &asked);
        return 0;
}
