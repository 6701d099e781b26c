/*
 * What the benchmarks share: names, clock, random orders, and the library's hand, which sells them
 * from a shop of a thousand articles at two sites.
 */
#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

char bench_skus[BENCH_SKUS][16];
char bench_customers[BENCH_CUSTOMERS_MAX][16];
const char *const bench_sites[BENCH_SITES] = {"east", "west"};

void bench_names_make(void)
{
        for (int i = 0; i < BENCH_SKUS; i++)
                snprintf(bench_skus[i], sizeof bench_skus[i], "SKU-%05d", i * 17 % 99991);
        for (int i = 0; i < BENCH_CUSTOMERS_MAX; i++)
                snprintf(bench_customers[i], sizeof bench_customers[i], "C-%06d", i);
}

int64_t bench_price(int sku)
{
        return 199 + sku * 7 % 5000;
}

int64_t bench_tax(int64_t total_minor)
{
        const int64_t gross = 1000000 + BENCH_RATE_PPM;
        return (total_minor * BENCH_RATE_PPM * 2 + gross) / (gross * 2);
}

void bench_failed(const char *what, const char *why)
{
        fprintf(stderr, "bench: %s: %s\n", what, why);
        exit(EXIT_FAILURE);
}

double bench_now_s(void)
{
        struct timespec now;
        if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
                bench_failed("clock", "it cannot be read");
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int number_compare(const void *a, const void *b)
{
        const double one = *(const double *)a;
        const double two = *(const double *)b;
        return (one > two) - (one < two);
}

double bench_median(double *numbers, int count)
{
        qsort(numbers, (size_t)count, sizeof *numbers, number_compare);
        return numbers[count / 2];
}

ocore_id bench_id_at(int64_t at_us, uint64_t random)
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

uint64_t bench_random(uint64_t *state)
{
        uint64_t mixed = *state += UINT64_C(0x9e3779b97f4a7c15);
        mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
        return mixed ^ mixed >> 31;
}

/* A sku that the order does not have yet. */
static int sku_choose(bench_source *self, const bench_order *order, int line)
{
        const int step = self->sku_step > 0 ? self->sku_step : 1;
        const int count = (BENCH_SKUS - self->sku_first + step - 1) / step;
        int place = (int)(bench_random(&self->random) % (uint64_t)count);
        if (self->hot && line == 0)
                return 0;
        for (int earlier = 0; earlier < line; earlier++) {
                if (order->skus[earlier] == self->sku_first + place * step) {
                        place = (place + 1) % count;
                        earlier = -1;
                }
        }
        return self->sku_first + place * step;
}

void bench_orders_make(bench_source *self, bench_order *orders, int64_t count)
{
        for (int64_t i = 0; i < count; i++) {
                bench_order *order = &orders[i];
                memset(order, 0, sizeof *order);
                order->at_us = self->start_us;
                self->start_us += 1000;
                order->id = bench_id_at(order->at_us, bench_random(&self->random));
                order->customer = (int)(bench_random(&self->random) %
                                        (uint64_t)(self->customers > 0 ? self->customers
                                                                       : BENCH_CUSTOMERS));
                for (int n = 0; n < BENCH_LINES; n++) {
                        order->skus[n] = sku_choose(self, order, n);
                        order->quantities[n] = 1 + (int)(bench_random(&self->random) % 5);
                }
        }
}

static int64_t library_clock(void *user_data)
{
        return ((const bench_library *)user_data)->now_us;
}

void bench_library_must(const bench_library *self, int status, const char *what)
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

void bench_library_open(bench_library *self, ocore_store store)
{
        *self = (bench_library){.store = store, .now_us = BENCH_START_US - 1};
        const ocore_config config = {.struct_size = sizeof config,
                .store = self->store,
                .clock = library_clock,
                .clock_data = self,
                .actor = ocore_str_of("bench")};
        const int status = ocore_open(&config, &self->core);
        int64_t code = 0;
        if (status != OCORE_OK)
                bench_failed("core", store.ops->message != NULL
                                             ? store.ops->message(store.self, &code)
                                             : ocore_status_name(status));
}

static void shop_sku(bench_library *self, int sku, uint64_t *random)
{
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = bench_id_at(self->now_us, bench_random(random)),
                .sku = ocore_str_of(bench_skus[sku]),
                .name = ocore_str_of("an article of the benchmark"),
                .tax_class = ocore_str_of("full")};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = bench_id_at(self->now_us, bench_random(random)),
                .sku = product.sku,
                .price = {.amount_minor = bench_price(sku), .currency = "EUR"}};
        ocore_stock_line lines[BENCH_SITES];
        for (int i = 0; i < BENCH_SITES; i++)
                lines[i] = (ocore_stock_line){.sku = product.sku,
                        .site = ocore_str_of(bench_sites[i]),
                        .quantity = {.amount = BENCH_STOCK}};
        const ocore_stock_request stock = {.struct_size = sizeof stock,
                .id = bench_id_at(self->now_us, bench_random(random)),
                .lines = lines,
                .line_count = BENCH_SITES,
                .line_stride = sizeof lines[0]};
        bench_library_must(self, ocore_product_put(self->core, &product, NULL), "product.put");
        bench_library_must(self, ocore_price_put(self->core, &price, NULL), "price.put");
        bench_library_must(self, ocore_stock_receive(self->core, &stock, NULL), "stock.receive");
}

void bench_library_shop(bench_library *self)
{
        uint64_t random = 7;
        bench_library_must(self, ocore_unit_begin(self->core), "unit");
        for (int i = 0; i < BENCH_SITES; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = bench_id_at(self->now_us, bench_random(&random)),
                        .site = ocore_str_of(bench_sites[i]),
                        .priority = i};
                bench_library_must(self, ocore_site_put(self->core, &site, NULL), "site.put");
        }
        const ocore_tax_rate_request rate = {.struct_size = sizeof rate,
                .id = bench_id_at(self->now_us, bench_random(&random)),
                .tax_class = ocore_str_of("full"),
                .country = ocore_str_of("DE"),
                .rate_ppm = BENCH_RATE_PPM};
        bench_library_must(self, ocore_tax_rate_put(self->core, &rate, NULL), "tax_rate.put");
        for (int sku = 0; sku < BENCH_SKUS; sku++)
                shop_sku(self, sku, &random);
        bench_library_must(self, ocore_unit_commit(self->core), "unit");
}

int bench_library_place(bench_library *self, const bench_order *order)
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
        const int status = ocore_order_place(self->core, &draft, NULL);
        if (status != OCORE_BUSY)
                bench_library_must(self, status, "order.place");
        return status;
}

void bench_library_warm(bench_library *self, int64_t until_us)
{
        enum { AT_ONCE = 50 };
        const int64_t step_us = 1000000 * AT_ONCE / BENCH_SKUS;
        ocore_draft_line lines[AT_ONCE];
        for (int sku = 0; sku < BENCH_SKUS; sku += AT_ONCE) {
                memset(lines, 0, sizeof lines);
                self->now_us = until_us - step_us * ((BENCH_SKUS - sku) / AT_ONCE);
                for (int n = 0; n < AT_ONCE; n++)
                        lines[n] = (ocore_draft_line){.sku = ocore_str_of(bench_skus[sku + n]),
                                .quantity = {.amount = 1}};
                const ocore_order_draft draft = {.struct_size = sizeof draft,
                        .channel = ocore_str_of("web"),
                        .currency = ocore_str_of("EUR"),
                        .ship_country = ocore_str_of("DE"),
                        .lines = lines,
                        .line_count = AT_ONCE,
                        .line_stride = sizeof lines[0]};
                bench_library_must(
                        self, ocore_order_quote_draft(self->core, &draft, NULL), "order.quote");
        }
}

void bench_library_get(bench_library *self, ocore_id order_id)
{
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = order_id};
        const ocore_order *order = NULL;
        bench_library_must(self, ocore_order_get(self->core, &key, &order), "order.get");
        if (order->line_count != BENCH_LINES)
                bench_failed("order.get", "lines are missing");
}

int64_t bench_library_list(bench_library *self, int customer, int64_t limit)
{
        const ocore_order_list_request request = {.struct_size = sizeof request,
                .customer = ocore_str_of(bench_customers[customer]),
                .limit = limit};
        const ocore_order_list *list = NULL;
        bench_library_must(self, ocore_order_list_page(self->core, &request, &list), "order.list");
        return (int64_t)list->order_count;
}

int64_t bench_library_available(bench_library *self)
{
        const ocore_empty_request all = {.struct_size = sizeof all};
        const ocore_stock_report *report = NULL;
        int64_t sum = 0;
        bench_library_must(self, ocore_report_stock(self->core, &all, &report), "report.stock");
        for (size_t i = 0; i < report->row_count; i++)
                sum += report->rows[i]->available;
        return sum;
}

void bench_library_close(bench_library *self)
{
        ocore_close(self->core);
        ocore_store_close(self->store);
}
