/*
 * How fast orders of five lines are placed in PostgreSQL by one, eight and thirty-two processes:
 * through the library, and by hand-written libpq in three manners (see hand_postgres.c), in the
 * same run and in turns, each in a schema of its own. Every process sells skus of its own, or all
 * sell one hot sku beside them. Prints medians and ratios, and asserts nothing about time; it does
 * check that all hands write the same rows, and that each sold what its orders say.
 *
 * The server is that of ORDERCORE_TEST_POSTGRES, or one that --server starts for this run; it must
 * have fsync and synchronous_commit on.
 */
#define _GNU_SOURCE

#include "bench_postgres.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 64, UNIT_MAX = 64, WARM_UNITS = 6 };

/* What is measured; `unit` orders are written together. */
typedef struct measure {
        const char *name;
        const char *title;
        int connections;
        int hot;
        int unit;
} measure;

typedef struct options {
        const char *conninfo;
        const char *script;
        const char *folder;
        const char *only;
        const char *hand;
        int connections;
        int rounds;
        int round_ms;
} options;

/* What one process did in one round, in memory that it shares with the first process. */
typedef struct result {
        bench_tally tally;
        int64_t timed; /* orders between begin and end */
        int64_t busy;
        double begin_s;
        double end_s;
} result;

typedef struct contest {
        bench_hand hands[BENCH_HANDS];
        result *results;
        int round_ms;
        int64_t rounds; /* so far, of all measures: a seed */
        int64_t busy;
} contest;

/* The processes of a round wait for each other: bytes on `ready`, the end of `go`. */
typedef struct gate {
        int ready[2];
        int go[2];
} gate;

static void source_seed(bench_source *source, const contest *self, const measure *what, int worker)
{
        *source = (bench_source){.random = (uint64_t)self->rounds * 1000003 + (uint64_t)worker,
                .start_us = BENCH_START_US + self->rounds * 60000000,
                .sku_first = what->connections > 1 ? worker : 0,
                .sku_step = what->connections,
                .hot = what->hot};
}

/* One process: opens, warms up, waits for the others, places orders until the time is over. */
static void work(
        contest *self, const measure *what, const bench_hand *hand, int worker, gate *doors)
{
        result *to = &self->results[worker];
        bench_order orders[UNIT_MAX];
        bench_source source;
        bench_seller *seller;
        int64_t start_us;
        char byte = 0;
        memset(to, 0, sizeof *to);
        source_seed(&source, self, what, worker);
        seller = bench_seller_open(hand, source.start_us);
        for (int i = 0; i < WARM_UNITS; i++) {
                bench_orders_make(&source, orders, what->unit);
                to->busy += bench_seller_place(seller, orders, what->unit);
                bench_tally_add(&to->tally, orders, what->unit);
        }
        close(doors->go[1]);
        if (write(doors->ready[1], &byte, 1) != 1)
                bench_failed("process", "the pipe is broken");
        /* So that the first process sees the end of the pipe when another one fails. */
        close(doors->ready[1]);
        if (read(doors->go[0], &byte, 1) != 0)
                bench_failed("process", "the pipe is broken");
        start_us = source.start_us;
        to->begin_s = to->end_s = bench_now_s();
        while ((to->end_s - to->begin_s) * 1000 < self->round_ms) {
                /* The orders' clock is the real one: what the library remembers grows old by it. */
                source.start_us = start_us + (int64_t)((to->end_s - to->begin_s) * 1e6);
                bench_orders_make(&source, orders, what->unit);
                to->busy += bench_seller_place(seller, orders, what->unit);
                bench_tally_add(&to->tally, orders, what->unit);
                to->timed += what->unit;
                to->end_s = bench_now_s();
        }
        bench_seller_close(seller);
}

static void gate_open(gate *doors, int count)
{
        char byte;
        close(doors->ready[1]);
        close(doors->go[0]);
        for (int i = 0; i < count; i++)
                if (read(doors->ready[0], &byte, 1) != 1)
                        bench_failed("process", "one ended before its time");
        close(doors->go[1]);
        close(doors->ready[0]);
}

/* Orders a second of all processes together. */
static double round_run(contest *self, const measure *what, bench_hand *hand)
{
        pid_t workers[CONNECTIONS_MAX];
        gate doors;
        double begin_s = 0;
        double end_s = 0;
        int64_t orders = 0;
        int status;
        if (pipe(doors.ready) != 0 || pipe(doors.go) != 0)
                bench_failed("process", "no pipe");
        for (int i = 0; i < what->connections; i++) {
                if ((workers[i] = fork()) < 0)
                        bench_failed("process", "cannot be made");
                if (workers[i] == 0) {
                        work(self, what, hand, i, &doors);
                        _exit(0);
                }
        }
        gate_open(&doors, what->connections);
        for (int i = 0; i < what->connections; i++) {
                const result *one = &self->results[i];
                if (waitpid(workers[i], &status, 0) != workers[i] || status != 0)
                        bench_failed(hand->name, "a process failed");
                begin_s = i == 0 || one->begin_s < begin_s ? one->begin_s : begin_s;
                end_s = i == 0 || one->end_s > end_s ? one->end_s : end_s;
                orders += one->timed;
                self->busy += one->busy;
                bench_tally_join(&hand->tally, &one->tally);
        }
        return (double)orders / (end_s - begin_s);
}

static int hand_wanted(const measure *what, const options *asked, const bench_hand *hand)
{
        if (asked->hand != NULL)
                return strcmp(asked->hand, hand->name) == 0;
        return what->unit == 1 || hand->kind == BENCH_LIBRARY || hand->kind == HAND_FUNCTION;
}

static void measure_print(const measure *what, const options *asked, const contest *self,
        double rates[BENCH_HANDS][BENCH_ROUNDS_MAX])
{
        double ratios[BENCH_ROUNDS_MAX];
        printf("%-38s", what->title);
        for (int hand = 0; hand < BENCH_HANDS; hand++) {
                if (!hand_wanted(what, asked, &self->hands[hand])) {
                        printf("%16s", "");
                        continue;
                }
                for (int round = 0; round < asked->rounds; round++)
                        ratios[round] = rates[0][round] / rates[hand][round];
                /* Before the rates are sorted, the rounds belong together. */
                if (hand > 0 && asked->hand == NULL)
                        printf(" %5.2f x", bench_median(ratios, asked->rounds));
                else
                        printf("%8s", "");
                memcpy(ratios, rates[hand], sizeof ratios);
                printf(" %7.0f", bench_median(ratios, asked->rounds));
        }
        putchar('\n');
        fflush(stdout);
}

static void measure_run(contest *self, const measure *what, const options *asked)
{
        static double rates[BENCH_HANDS][BENCH_ROUNDS_MAX];
        bench_sql(self->hands[0].conninfo, "CHECKPOINT");
        for (int round = 0; round < asked->rounds; round++) {
                self->rounds++;
                /* In turns, and who begins changes too: a machine that slows down hits all. */
                for (int turn = 0; turn < BENCH_HANDS; turn++) {
                        const int hand = (round + turn) % BENCH_HANDS;
                        if (hand_wanted(what, asked, &self->hands[hand]))
                                rates[hand][round] = round_run(self, what, &self->hands[hand]);
                }
        }
        measure_print(what, asked, self, rates);
}

static int options_read(options *self, int count, char **arguments)
{
        int good = 1;
        for (int at = 1; at + 1 < count && good; at += 2) {
                const char *value = arguments[at + 1];
                if (strcmp(arguments[at], "--server") == 0)
                        self->script = value;
                else if (strcmp(arguments[at], "--folder") == 0)
                        self->folder = value;
                else if (strcmp(arguments[at], "--only") == 0)
                        self->only = value;
                else if (strcmp(arguments[at], "--hand") == 0)
                        self->hand = value;
                else if (strcmp(arguments[at], "--connections") == 0)
                        self->connections = atoi(value);
                else if (strcmp(arguments[at], "--rounds") == 0)
                        self->rounds = atoi(value);
                else if (strcmp(arguments[at], "--ms") == 0)
                        self->round_ms = atoi(value);
                else
                        good = 0;
        }
        return good && count % 2 == 1 && self->rounds > 0 && self->rounds <= BENCH_ROUNDS_MAX &&
               self->round_ms > 0;
}

static void contest_run(contest *self, const options *asked)
{
        static const measure measures[] = {
                {"spread", "1 connection, spread", 1, 0, 1},
                {"spread", "8 connections, spread", 8, 0, 1},
                {"spread", "32 connections, spread", 32, 0, 1},
                {"hot", "1 connection, one hot sku", 1, 1, 1},
                {"hot", "8 connections, one hot sku", 8, 1, 1},
                {"hot", "32 connections, one hot sku", 32, 1, 1},
                {"units", "1 connection, 16 orders a commit", 1, 0, 16},
                {"units", "8 connections, 16 orders a commit", 8, 0, 16},
        };
        printf("orders of %d lines a second, %d skus, %d sites; medians of %d rounds of %d ms; "
               "the library is ... x as fast as each hand\n%-38s",
                BENCH_LINES, BENCH_SKUS, BENCH_SITES, asked->rounds, asked->round_ms, "");
        for (int hand = 0; hand < BENCH_HANDS; hand++)
                printf("%16s", self->hands[hand].name);
        putchar('\n');
        for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
                if ((asked->only == NULL || strcmp(asked->only, measures[i].name) == 0) &&
                        (asked->connections == 0 || asked->connections == measures[i].connections))
                        measure_run(self, &measures[i], asked);
        printf("batches of the library that others aborted for good: %" PRId64 "\n", self->busy);
}

int main(int count, char **arguments)
{
        static contest self;
        options asked = {.folder = "/tmp", .rounds = 5, .round_ms = 1000};
        char conninfo[BENCH_CONNINFO_SIZE];
        if (!options_read(&asked, count, arguments)) {
                fprintf(stderr,
                        "Usage: %s [--server SCRIPT] [--folder DIR] [--rounds N] [--ms N]\n"
                        "       [--only spread|hot|units] [--connections 1|8|32]\n"
                        "       [--hand library|statements|pipeline|function]\n"
                        "--server: tests/servers/postgres.sh, to start a server in a new folder\n"
                        "in DIR where ORDERCORE_TEST_POSTGRES is not set.\n",
                        arguments[0]);
                return 2;
        }
        if (!bench_server_find(asked.script, asked.folder, conninfo))
                return 77;
        bench_names_make();
        self.round_ms = asked.round_ms;
        self.results = mmap(NULL, sizeof(result) * CONNECTIONS_MAX, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (self.results == MAP_FAILED)
                bench_failed("results", "no memory");
        bench_hands_open(self.hands, conninfo);
        contest_run(&self, &asked);
        bench_hands_close(self.hands);
        return 0;
}
