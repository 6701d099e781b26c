/*
 * How many questions "how many are there of this at that site" are answered in a second: through
 * stock.availability on the memory store, with what the core remembers and with every row read
 * anew, and by a hand-written hash table in the same run and in turns. Calls of 1, 10, 100 and 700
 * pairs, drawn at random from 10,000 products at 3 sites; for each the time of a call, median and
 * 99th percentile. Then one product at 4,000 sites, by the library alone. Prints and asserts
 * nothing about time; it does check that all say the same.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        PRODUCTS = 10000,
        SITES = 3,
        WIDE_SITES = 4000, /* of the one product that is everywhere */
        LINES = 500,       /* of a receipt of it */
        PAIRS_MAX = 700,
        CALLS_MAX = 200000,
        SLOTS = 65536, /* of the hash table; a power of two */
        ROUNDS = 5
};

typedef struct pair {
        int product;
        int site;
} pair;

/* What one would write for this alone: balances by sku and site. */
typedef struct balance {
        char sku[16];
        char site[8];
        size_t sku_size, site_size;
        int64_t available, held, on_the_way, next_us;
} balance;

static char skus[PRODUCTS][16];
static size_t sku_sizes[PRODUCTS];
static const char *const sites[SITES] = {"east", "north", "west"};
static balance *table[SLOTS];
static pair pairs[CALLS_MAX];
static double times_us[CALLS_MAX];
static ocore_availability_pair questions[PAIRS_MAX];
static ocore_available answers[PAIRS_MAX];

static int64_t real_clock(void *user_data)
{
        (void)user_data;
        return BENCH_START_US + (int64_t)(bench_now_s() * 1e6);
}

static int64_t stock_of(int product, int site)
{
        return 5 + (product * 7 + site * 3) % 90;
}

static uint64_t hash_of(const char *sku, size_t sku_size, const char *site, size_t site_size)
{
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        for (size_t i = 0; i < sku_size; i++)
                hash = (hash ^ (unsigned char)sku[i]) * UINT64_C(0x100000001b3);
        for (size_t i = 0; i < site_size; i++)
                hash = (hash ^ (unsigned char)site[i]) * UINT64_C(0x100000001b3);
        return hash ^ hash >> 29;
}

static void hand_fill(void)
{
        for (int product = 0; product < PRODUCTS; product++) {
                for (int site = 0; site < SITES; site++) {
                        balance *row = calloc(1, sizeof *row);
                        uint64_t at;
                        if (row == NULL)
                                bench_failed("hand", "no memory");
                        row->sku_size = sku_sizes[product];
                        row->site_size = strlen(sites[site]);
                        memcpy(row->sku, skus[product], row->sku_size);
                        memcpy(row->site, sites[site], row->site_size);
                        row->available = stock_of(product, site);
                        at = hash_of(row->sku, row->sku_size, row->site, row->site_size);
                        while (table[at % SLOTS] != NULL)
                                at++;
                        table[at % SLOTS] = row;
                }
        }
}

static void hand_free(void)
{
        for (int i = 0; i < SLOTS; i++)
                free(table[i]);
}

static int64_t hand_ask(int count)
{
        int64_t sum = 0;
        for (int i = 0; i < count; i++) {
                const ocore_availability_pair *asked = &questions[i];
                uint64_t at = hash_of(
                        asked->sku.data, asked->sku.size, asked->site.data, asked->site.size);
                const balance *row;
                while ((row = table[at % SLOTS]) != NULL &&
                        (row->sku_size != asked->sku.size || row->site_size != asked->site.size ||
                                memcmp(row->sku, asked->sku.data, row->sku_size) != 0 ||
                                memcmp(row->site, asked->site.data, row->site_size) != 0))
                        at++;
                answers[i] = (ocore_available){.sku = asked->sku, .site = asked->site};
                if (row == NULL)
                        continue;
                answers[i].known = 1;
                answers[i].available = row->available;
                answers[i].held = row->held;
                answers[i].on_the_way = row->on_the_way;
                answers[i].next_us = row->next_us;
                sum += row->available;
        }
        return sum;
}

static void library_open(bench_library *self, int64_t age_us)
{
        const ocore_config config = {.struct_size = sizeof config,
                .store = self->store,
                .clock = real_clock,
                .cache_rows = 10 * PRODUCTS * SITES,
                .balance_age_us = age_us,
                .actor = ocore_str_of("bench")};
        if (ocore_open(&config, &self->core) != OCORE_OK)
                bench_failed("library", "it cannot be opened");
}

static void library_fill(bench_library *self)
{
        uint64_t random = 7;
        for (int i = 0; i < SITES; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = bench_id_at(BENCH_START_US, bench_random(&random)),
                        .site = ocore_str_of(sites[i]),
                        .priority = i};
                bench_library_must(self, ocore_site_put(self->core, &site, NULL), "site.put");
        }
        for (int i = 0; i < PRODUCTS; i++) {
                const ocore_product_request product = {.struct_size = sizeof product,
                        .id = bench_id_at(BENCH_START_US, bench_random(&random)),
                        .sku = ocore_str_of(skus[i]),
                        .name = ocore_str_of("an article of the benchmark")};
                ocore_stock_line lines[SITES];
                const ocore_stock_request stock = {.struct_size = sizeof stock,
                        .id = bench_id_at(BENCH_START_US, bench_random(&random)),
                        .lines = lines,
                        .line_count = SITES,
                        .line_stride = sizeof lines[0]};
                for (int site = 0; site < SITES; site++)
                        lines[site] = (ocore_stock_line){.sku = product.sku,
                                .site = ocore_str_of(sites[site]),
                                .quantity = {.amount = stock_of(i, site)}};
                bench_library_must(
                        self, ocore_product_put(self->core, &product, NULL), "product.put");
                bench_library_must(
                        self, ocore_stock_receive(self->core, &stock, NULL), "stock.receive");
        }
}

static int64_t library_ask(bench_library *self, int count)
{
        const ocore_availability_request request = {.struct_size = sizeof request,
                .pairs = questions,
                .pair_count = (size_t)count,
                .pair_stride = sizeof questions[0]};
        const ocore_availability_list *list = NULL;
        int64_t sum = 0;
        bench_library_must(
                self, ocore_stock_availability(self->core, &request, &list), "stock.availability");
        for (size_t i = 0; i < list->available_count; i++)
                sum += list->available[i]->available;
        return sum;
}

/* The questions of one call. */
static void prepare(int count, int call)
{
        for (int i = 0; i < count; i++) {
                const pair *asked = &pairs[(call * count + i) % CALLS_MAX];
                questions[i].sku.data = skus[asked->product];
                questions[i].sku.size = sku_sizes[asked->product];
                questions[i].site = ocore_str_of(sites[asked->site]);
        }
}

/* All calls of one hand; NULL: the hash table. Returns the sum of what was answered, and writes
 * what the calls took together, without the time of preparing them. */
static int64_t ask_all(bench_library *self, int count, int calls, double *took_s)
{
        int64_t sum = 0;
        *took_s = 0;
        for (int call = 0; call < calls; call++) {
                double begin;
                prepare(count, call);
                begin = bench_now_s();
                sum += self != NULL ? library_ask(self, count) : hand_ask(count);
                times_us[call] = (bench_now_s() - begin) * 1e6;
                *took_s += times_us[call] * 1e-6;
        }
        return sum;
}

static void measure(bench_library *library, const char *title, int count)
{
        const int calls = CALLS_MAX / count;
        double ours[ROUNDS], theirs[ROUNDS], ratio[ROUNDS], middle[ROUNDS], high[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
                double took_s;
                const int64_t by_hand = ask_all(NULL, count, calls, &took_s);
                theirs[round] = (double)count * calls / took_s;
                if (ask_all(library, count, calls, &took_s) != by_hand)
                        bench_failed(title, "the two do not say the same");
                ours[round] = (double)count * calls / took_s;
                ratio[round] = ours[round] / theirs[round];
                middle[round] = bench_median(times_us, calls); /* sorts them */
                high[round] = times_us[calls * 99 / 100];
        }
        printf("%-12s %4d pairs %11.0f /s  p50 %8.2f us  p99 %8.2f us %11.0f /s %6.2f\n", title,
                count, bench_median(ours, ROUNDS), bench_median(middle, ROUNDS),
                bench_median(high, ROUNDS), bench_median(theirs, ROUNDS),
                bench_median(ratio, ROUNDS));
        fflush(stdout);
}

static int64_t wide_stock_of(int site)
{
        return 1 + site % 97;
}

/* One product at so many sites that looking through them for each question would show. */
static void wide_fill(bench_library *self, char (*codes)[16])
{
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = bench_id_at(BENCH_START_US, 1),
                .sku = ocore_str_of("WIDE"),
                .name = ocore_str_of("an article that is everywhere")};
        static ocore_stock_line lines[LINES];
        uint64_t random = 13;
        bench_library_must(self, ocore_product_put(self->core, &product, NULL), "product.put");
        for (int i = 0; i < WIDE_SITES; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = bench_id_at(BENCH_START_US, bench_random(&random)),
                        .site = ocore_str_of(codes[i]),
                        .priority = i};
                bench_library_must(self, ocore_site_put(self->core, &site, NULL), "site.put");
        }
        for (int from = 0; from < WIDE_SITES; from += LINES) {
                const ocore_stock_request stock = {.struct_size = sizeof stock,
                        .id = bench_id_at(BENCH_START_US, bench_random(&random)),
                        .lines = lines,
                        .line_count = LINES,
                        .line_stride = sizeof lines[0]};
                for (int i = 0; i < LINES; i++)
                        lines[i] = (ocore_stock_line){.sku = product.sku,
                                .site = ocore_str_of(codes[from + i]),
                                .quantity = {.amount = wide_stock_of(from + i)}};
                bench_library_must(
                        self, ocore_stock_receive(self->core, &stock, NULL), "stock.receive");
        }
}

static void measure_wide(int count)
{
        enum { CALLS = 300 };
        static char codes[WIDE_SITES][16];
        bench_library library = {.now_us = BENCH_START_US};
        double rates[ROUNDS];
        uint64_t random = 17;
        for (int i = 0; i < WIDE_SITES; i++)
                snprintf(codes[i], sizeof codes[i], "SITE-%04d", i);
        if (ocore_memory_store(NULL, &library.store) != OCORE_OK)
                bench_failed("store", "no memory");
        library_open(&library, 0);
        wide_fill(&library, codes);
        for (int round = 0; round < ROUNDS; round++) {
                double took_s = 0;
                for (int call = 0; call < CALLS; call++) {
                        int64_t expected = 0;
                        double begin;
                        for (int i = 0; i < count; i++) {
                                const int site = (int)(bench_random(&random) % WIDE_SITES);
                                questions[i].sku = ocore_str_of("WIDE");
                                questions[i].site = ocore_str_of(codes[site]);
                                expected += wide_stock_of(site);
                        }
                        begin = bench_now_s();
                        if (library_ask(&library, count) != expected)
                                bench_failed("wide", "it does not say what was received");
                        took_s += bench_now_s() - begin;
                }
                rates[round] = (double)count * CALLS / took_s;
        }
        printf("%-12s %4d pairs %11.0f /s\n", "4,000 sites", count, bench_median(rates, ROUNDS));
        ocore_close(library.core);
        ocore_store_close(library.store);
}

int main(int count, char **arguments)
{
        static const int counts[] = {1, 10, 100, PAIRS_MAX};
        static const struct {
                const char *title;
                int64_t age_us;
        } ways[] = {{"remembered", 0}, {"always read", -1}};
        bench_library library = {.now_us = BENCH_START_US};
        uint64_t random = 11;
        int64_t sum = 0;
        double took_s;
        const int remembered_only = count == 2 && strcmp(arguments[1], "--remembered-only") == 0;
        if (count > 1 && !remembered_only) {
                fprintf(stderr, "Usage: %s [--remembered-only]\nThe latter for a profiler.\n",
                        arguments[0]);
                return 2;
        }
        for (int i = 0; i < PRODUCTS; i++)
                sku_sizes[i] =
                        (size_t)snprintf(skus[i], sizeof skus[i], "SKU-%06d", i * 17 % 99991);
        for (int i = 0; i < CALLS_MAX; i++)
                pairs[i] = (pair){(int)(bench_random(&random) % PRODUCTS),
                        (int)(bench_random(&random) % SITES)};
        hand_fill();
        if (ocore_memory_store(NULL, &library.store) != OCORE_OK)
                bench_failed("store", "no memory");
        library_open(&library, 0);
        library_fill(&library);
        ocore_close(library.core);
        printf("availability of %d products at %d sites; medians of %d rounds\n%-24s %14s %52s "
               "%6s\n",
                PRODUCTS, SITES, ROUNDS, "", "library", "by hand", "ratio");
        for (size_t way = 0; way < (remembered_only ? 1 : sizeof ways / sizeof ways[0]); way++) {
                library_open(&library, ways[way].age_us);
                sum += ask_all(&library, PAIRS_MAX, CALLS_MAX / PAIRS_MAX, &took_s);
                for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
                        measure(&library, ways[way].title, counts[i]);
                ocore_close(library.core);
        }
        ocore_store_close(library.store);
        hand_free();
        measure_wide(1);
        measure_wide(PAIRS_MAX);
        return sum > 0 ? 0 : 1;
}
