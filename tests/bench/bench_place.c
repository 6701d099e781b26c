/*
 * How fast orders of five lines are placed, through the library and by hand-written code that
 * keeps the same rows, in the same run and in turns: on memory, on SQLite with one order a commit,
 * and with a hundred. Prints medians and their ratio, and asserts nothing about time; it does check
 * that both hands sold the same.
 */
#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <ordercore/sqlite.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 101, PATH_SIZE = 4096 };

char bench_skus[BENCH_SKUS][16];
char bench_customers[BENCH_CUSTOMERS][16];
const char *const bench_sites[BENCH_SITES] = {"east", "west"};

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

typedef struct library {
        ocore_store store;
        ocore_core *core;
        int64_t now_us;
} library;

/* The two hands, and the orders that both place. */
typedef struct contest {
        library library;
        hand_memory *memory;
        hand_sqlite *sqlite;
        bench_order *orders;
        int64_t placed;
        uint64_t random;
        char paths[2][PATH_SIZE];
} contest;

void bench_failed(const char *what, const char *why)
{
        fprintf(stderr, "bench: %s: %s\n", what, why);
        exit(EXIT_FAILURE);
}

int64_t bench_price(int sku)
{
        return 199 + sku * 7 % 5000;
}

static double now_s(void)
{
        struct timespec now;
        if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
                bench_failed("clock", "it cannot be read");
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int64_t library_clock(void *user_data)
{
        return ((const library *)user_data)->now_us;
}

static void must(const library *self, int status, const char *what)
{
        const ocore_error *error = ocore_last_error(self->core);
        char why[512];
        if (status == OCORE_OK)
                return;
        snprintf(why, sizeof why, "%s %.*s %.*s", ocore_status_name(status),
                error != NULL ? (int)error->field.size : 0, error != NULL ? error->field.data : "",
                error != NULL ? (int)error->message.size : 0,
                error != NULL ? error->message.data : "");
        bench_failed(what, why);
}

/* An id that grows with time, as UUIDv7 does. */
static ocore_id id_at(int64_t at_us, uint64_t random)
{
        ocore_id id;
        const uint64_t at_ms = (uint64_t)at_us / 1000;
        for (int i = 0; i < 6; i++)
                id.bytes[i] = (uint8_t)(at_ms >> (40 - 8 * i));
        for (int i = 0; i < 8; i++)
                id.bytes[8 + i] = (uint8_t)(random >> (8 * i));
        id.bytes[6] = 0x70;
        id.bytes[7] = (uint8_t)at_us;
        id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
        return id;
}

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static uint64_t random_next(uint64_t *state)
{
        uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
        mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
        return mixed ^ mixed >> 31;
}

static void orders_make(contest *self, int64_t count)
{
        for (int64_t i = 0; i < count; i++) {
                bench_order *order = &self->orders[i];
                memset(order, 0, sizeof *order);
                order->at_us = BENCH_START_US + (self->placed + i) * 1000;
                order->id = id_at(order->at_us, random_next(&self->random));
                order->customer = (int)(random_next(&self->random) % BENCH_CUSTOMERS);
                for (int n = 0; n < BENCH_LINES; n++) {
                        int sku = (int)(random_next(&self->random) % BENCH_SKUS);
                        for (int earlier = 0; earlier < n; earlier++) {
                                if (order->skus[earlier] == sku) {
                                        sku = (sku + 1) % BENCH_SKUS;
                                        earlier = -1;
                                }
                        }
                        order->skus[n] = sku;
                        order->quantities[n] = 1 + (int)(random_next(&self->random) % 5);
                }
        }
        self->placed += count;
}

static void shop_sku(library *self, int sku, uint64_t *random)
{
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = id_at(self->now_us, random_next(random)),
                .sku = ocore_str_of(bench_skus[sku]),
                .name = ocore_str_of("an article of the benchmark"),
                .tax_class = ocore_str_of("full")};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = id_at(self->now_us, random_next(random)),
                .sku = product.sku,
                .price = {.amount_minor = bench_price(sku), .currency = "EUR"}};
        ocore_stock_line lines[BENCH_SITES];
        for (int i = 0; i < BENCH_SITES; i++)
                lines[i] = (ocore_stock_line){.sku = product.sku,
                        .site = ocore_str_of(bench_sites[i]),
                        .quantity = {.amount = BENCH_STOCK}};
        const ocore_stock_request stock = {.struct_size = sizeof stock,
                .id = id_at(self->now_us, random_next(random)),
                .lines = lines,
                .line_count = BENCH_SITES,
                .line_stride = sizeof lines[0]};
        must(self, ocore_product_put(self->core, &product, NULL), "product.put");
        must(self, ocore_price_put(self->core, &price, NULL), "price.put");
        must(self, ocore_stock_receive(self->core, &stock, NULL), "stock.receive");
}

/* Sites, tax, products, prices and stock. */
static void shop_make(library *self)
{
        uint64_t random = 7;
        must(self, ocore_unit_begin(self->core), "unit");
        for (int i = 0; i < BENCH_SITES; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = id_at(self->now_us, random_next(&random)),
                        .site = ocore_str_of(bench_sites[i]),
                        .priority = i};
                must(self, ocore_site_put(self->core, &site, NULL), "site.put");
        }
        const ocore_tax_rate_request rate = {.struct_size = sizeof rate,
                .id = id_at(self->now_us, random_next(&random)),
                .tax_class = ocore_str_of("full"),
                .country = ocore_str_of("DE"),
                .rate_ppm = BENCH_RATE_PPM};
        must(self, ocore_tax_rate_put(self->core, &rate, NULL), "tax_rate.put");
        for (int sku = 0; sku < BENCH_SKUS; sku++)
                shop_sku(self, sku, &random);
        must(self, ocore_unit_commit(self->core), "unit");
}

static void library_open(library *self, const char *path)
{
        const ocore_sqlite_config file = {.struct_size = sizeof file, .path = path};
        *self = (library){.now_us = BENCH_START_US - 1};
        must(self,
                path != NULL ? ocore_sqlite_store(&file, &self->store)
                             : ocore_memory_store(NULL, &self->store),
                "store");
        const ocore_config config = {.struct_size = sizeof config,
                .store = self->store,
                .clock = library_clock,
                .clock_data = self,
                .actor = ocore_str_of("bench")};
        must(self, ocore_open(&config, &self->core), "core");
        shop_make(self);
}

static void library_close(library *self)
{
        ocore_close(self->core);
        ocore_store_close(self->store);
}

static void library_place(library *self, const bench_order *order)
{
        ocore_draft_line lines[BENCH_LINES];
        for (int n = 0; n < BENCH_LINES; n++)
                lines[n] = (ocore_draft_line){.sku = ocore_str_of(bench_skus[order->skus[n]]),
                        .quantity = {.amount = order->quantities[n]}};
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = order->id,
                .channel = ocore_str_of("web"),
                .customer = ocore_str_of(bench_customers[order->customer]),
                .currency = ocore_str_of("EUR"),
                .ship_country = ocore_str_of("DE"),
                .lines = lines,
                .line_count = BENCH_LINES,
                .line_stride = sizeof lines[0]};
        self->now_us = order->at_us;
        must(self, ocore_order_place(self->core, &draft, NULL), "order.place");
}

static int64_t library_available(library *self)
{
        const ocore_empty_request all = {.struct_size = sizeof all};
        const ocore_stock_report *report = NULL;
        int64_t sum = 0;
        must(self, ocore_report_stock(self->core, &all, &report), "report.stock");
        for (size_t i = 0; i < report->row_count; i++)
                sum += report->rows[i]->available;
        return sum;
}

static double library_round(contest *self, const measure *what, int64_t orders)
{
        const double begin = now_s();
        for (int64_t i = 0; i < orders; i++) {
                if (what->unit > 1 && i % what->unit == 0)
                        must(&self->library, ocore_unit_begin(self->library.core), "unit");
                library_place(&self->library, &self->orders[i]);
                if (what->unit > 1 && (i + 1) % what->unit == 0)
                        must(&self->library, ocore_unit_commit(self->library.core), "unit");
        }
        return (double)orders / (now_s() - begin);
}

static double hand_round(contest *self, const measure *what, int64_t orders)
{
        const double begin = now_s();
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
        return (double)orders / (now_s() - begin);
}

/* Removes a database with what SQLite keeps beside it. */
static void file_remove(const char *path)
{
        static const char *const ends[] = {"", "-wal", "-shm"};
        char whole[PATH_SIZE + 8];
        for (int i = 0; i < 3; i++) {
                snprintf(whole, sizeof whole, "%s%s", path, ends[i]);
                if (access(whole, F_OK) == 0 && remove(whole) != 0)
                        bench_failed(whole, "it cannot be removed");
        }
}

/* Both shops, each with its goods; a few orders tell how large the library's command rows are. */
static void contest_open(contest *self, const measure *what, const char *folder)
{
        library made;
        int sizes[2];
        if (!what->sqlite) {
                library_open(&self->library, NULL);
                self->memory = hand_memory_open();
                return;
        }
        for (int i = 0; i < 2; i++) {
                snprintf(self->paths[i], PATH_SIZE, "%s/bench_%s.db", folder,
                        i == 0 ? "library" : "hand");
                file_remove(self->paths[i]);
        }
        library_open(&self->library, self->paths[0]);
        library_open(&made, self->paths[1]);
        library_close(&made);
        orders_make(self, what->unit);
        library_round(self, what, what->unit);
        hand_sqlite_sizes(self->paths[0], &sizes[0], &sizes[1]);
        self->sqlite = hand_sqlite_open(self->paths[1], sizes[0], sizes[1]);
        hand_round(self, what, what->unit);
}

static void contest_close(contest *self, const measure *what, int library_only)
{
        const int64_t left = library_available(&self->library);
        const int64_t by_hand = what->sqlite ? hand_sqlite_available(self->sqlite)
                                             : hand_memory_available(self->memory);
        if (!library_only && left != by_hand)
                bench_failed(what->name, "the two did not sell the same");
        library_close(&self->library);
        if (what->sqlite) {
                hand_sqlite_close(self->sqlite);
                file_remove(self->paths[0]);
                file_remove(self->paths[1]);
        } else {
                hand_memory_close(self->memory);
        }
}

static int number_compare(const void *a, const void *b)
{
        const double one = *(const double *)a;
        const double two = *(const double *)b;
        return (one > two) - (one < two);
}

static double median(double *numbers, int count)
{
        qsort(numbers, (size_t)count, sizeof *numbers, number_compare);
        return numbers[count / 2];
}

static void measure_run(const measure *what, const options *asked)
{
        contest *self = calloc(1, sizeof *self);
        double ours[ROUNDS_MAX];
        double theirs[ROUNDS_MAX];
        double ratio[ROUNDS_MAX];
        const int64_t orders = what->orders * asked->times;
        if (self == NULL || (self->orders = calloc((size_t)orders, sizeof *self->orders)) == NULL)
                bench_failed(what->name, "no memory");
        contest_open(self, what, asked->folder);
        for (int round = 0; round < asked->rounds; round++) {
                orders_make(self, orders);
                /* In turns, and who begins changes too: a machine that slows down hits both. */
                if (round % 2 == 0)
                        ours[round] = library_round(self, what, orders);
                theirs[round] = asked->library_only ? 0 : hand_round(self, what, orders);
                if (round % 2 != 0)
                        ours[round] = library_round(self, what, orders);
                ratio[round] = asked->library_only ? 0 : ours[round] / theirs[round];
        }
        printf("%-30s %10.0f /s", what->title, median(ours, asked->rounds));
        if (!asked->library_only)
                printf(" %10.0f /s %8.2f", median(theirs, asked->rounds),
                        median(ratio, asked->rounds));
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
        return good && self->rounds > 0 && self->rounds <= ROUNDS_MAX && self->times > 0;
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
        for (int i = 0; i < BENCH_SKUS; i++)
                snprintf(bench_skus[i], sizeof bench_skus[i], "SKU-%05d", i * 17 % 99991);
        for (int i = 0; i < BENCH_CUSTOMERS; i++)
                snprintf(bench_customers[i], sizeof bench_customers[i], "C-%06d", i);
        printf("orders of %d lines, %d skus, %d sites; medians of %d rounds\n%-30s %13s %13s %8s\n",
                BENCH_LINES, BENCH_SKUS, BENCH_SITES, asked.rounds, "", "library", "by hand",
                "ratio");
        for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
                if (asked.only == NULL || strcmp(asked.only, measures[i].name) == 0)
                        measure_run(&measures[i], &asked);
        return 0;
}
