/* Stock, sites, rules and wishes made by hand, and what allocation makes of them as text: for the
 * tests of sourcing. Pieces read "line:site/lot quantity reason", see shelf_reasons. */
#ifndef ORDERCORE_TESTS_SHELF_H
#define ORDERCORE_TESTS_SHELF_H

#include "inventory/allocation.h"

#include "rows.h"

enum { SHELF_SKUS = 4, SHELF_WANTS = 40 };

/* A reason by its number: priority, whole order, whole product, largest, hold, nearest, cost, old,
 * expiry, given, host. */
static const char shelf_reasons[] = "?POMLHNCAEGX";

/* What there is; sku NULL ends. Skus "a" to "d"; rows by sku, site and lot. Days from now. */
typedef struct shelf_stock {
        const char *sku, *site, *lot;
        int64_t available;
        int64_t expires_days; /* 0: never */
        int64_t age_days;     /* received so long ago; 0: nobody knows when */
} shelf_stock;

/* What is wanted; sku NULL ends. */
typedef struct shelf_want {
        const char *sku;
        int64_t quantity;
        const char *site, *lot; /* NULL: any */
        int64_t together;
        int64_t keeps_days; /* 0: as long as it likes */
} shelf_want;

#define WANT(sku, quantity)                                                                        \
        {                                                                                          \
                sku, quantity, NULL, NULL, 0, 0                                                    \
        }
#define AT(sku, quantity, site)                                                                    \
        {                                                                                          \
                sku, quantity, site, NULL, 0, 0                                                    \
        }
#define LOT(sku, quantity, lot)                                                                    \
        {                                                                                          \
                sku, quantity, NULL, lot, 0, 0                                                     \
        }
#define WITH(sku, quantity, together)                                                              \
        {                                                                                          \
                sku, quantity, NULL, NULL, together, 0                                             \
        }
#define KEEPS(sku, quantity, days)                                                                 \
        {                                                                                          \
                sku, quantity, NULL, NULL, 0, days                                                 \
        }

typedef struct shelf_world {
        test_world world;
        ocore__arena arena;
        ocore__work work;
        test_rows skus[SHELF_SKUS];
        test_rows rules[SHELF_SKUS];
        test_rows sites, channels, channel_sites, costs;
        ocore_stock stock[SHELF_SKUS][TEST_ROWS_MAX];
        ocore_stock_rule rule[SHELF_SKUS][TEST_ROWS_MAX];
        size_t rule_count[SHELF_SKUS];
        ocore__sourcing_view view;
        ocore__sourcing_wishes wishes;
        ocore__sourcing sourcing;
        ocore__want_line wants[SHELF_WANTS];
        size_t want_count;
        ocore__source_piece *pieces;
        size_t piece_count;
        int64_t scale;
        int64_t weight_g;
} shelf_world;

static inline ocore_str shelf_text(const char *text)
{
        return text ? ocore_str_of(text) : (ocore_str){NULL, 0};
}

static inline void shelf_open(shelf_world *all, const ocore_config *config)
{
        const ocore_allocator none = {NULL, NULL};
        const ocore_config plain = {.struct_size = sizeof plain};

        memset(all, 0, sizeof *all);
        test_open_with(&all->world, config ? config : &plain);
        ocore__arena_init(&all->arena, &none, 4096);
        all->work = (ocore__work){
                .core = all->world.core, .arena = &all->arena, .now_us = all->world.now_us};
        test_group(&all->sites, &ocore__site_table, NULL, 0);
        test_group(&all->channels, &ocore__channel_table, NULL, 0);
        test_group(&all->channel_sites, &ocore__channel_site_table, NULL, 0);
        test_group(&all->costs, &ocore__site_cost_table, NULL, 0);
        all->view = (ocore__sourcing_view){&all->sites.group, &all->channels.group,
                &all->channel_sites.group, &all->costs.group};
        all->weight_g = 100;
}

static inline void shelf_close(shelf_world *all)
{
        ocore__arena_finish(&all->arena);
        test_close(&all->world);
}

static inline void shelf_fill(shelf_world *all, const shelf_stock *rows)
{
        size_t counts[SHELF_SKUS] = {0};

        for (; rows->sku; rows++) {
                int n = *rows->sku - 'a';

                all->stock[n][counts[n]++] = (ocore_stock){.sku = shelf_text(rows->sku),
                        .site = shelf_text(rows->site),
                        .lot = shelf_text(rows->lot),
                        .scale = all->scale,
                        .available = rows->available,
                        .held = 1000,
                        .damaged = 1000,
                        .incoming = 1000,
                        .expires_us = rows->expires_days
                                              ? all->work.now_us + rows->expires_days * TEST_DAY_US
                                              : 0,
                        .received_us = rows->age_days
                                               ? all->work.now_us - rows->age_days * TEST_DAY_US
                                               : 0};
        }
        for (int n = 0; n < SHELF_SKUS; n++)
                test_group(&all->skus[n], &ocore__stock_table, all->stock[n], counts[n]);
}

/* The next rule of a sku, by site, then channel. */
static inline void shelf_rule(
        shelf_world *all, const char *sku, const char *site, const char *channel, int64_t safety)
{
        int n = *sku - 'a';

        all->rule[n][all->rule_count[n]++] = (ocore_stock_rule){.sku = shelf_text(sku),
                .site = shelf_text(site),
                .channel = shelf_text(channel),
                .safety = safety};
        test_group(&all->rules[n], &ocore__stock_rule_table, all->rule[n], all->rule_count[n]);
}

static inline void shelf_want_all(shelf_world *all, const shelf_want *wants)
{
        all->want_count = 0;
        for (; wants->sku; wants++) {
                int n = *wants->sku - 'a';

                all->wants[all->want_count++] = (ocore__want_line){.stock = &all->skus[n].group,
                        .rules = all->rule_count[n] ? &all->rules[n].group : NULL,
                        .sku = shelf_text(wants->sku),
                        .scale = all->scale,
                        .quantity = wants->quantity,
                        .site = shelf_text(wants->site),
                        .lot = shelf_text(wants->lot),
                        .keeps_until_us = wants->keeps_days ? all->work.now_us + wants->keeps_days *
                                                                                         TEST_DAY_US
                                                            : 0,
                        .together = wants->together,
                        .weight_g = all->weight_g};
        }
}

static inline int shelf_resolve(shelf_world *all, int64_t strategy, const char *channel)
{
        all->wishes.strategy = strategy;
        return ocore__sourcing_resolve(&all->work, &all->view, &all->wishes, shelf_text(channel),
                STR("DE"), STR("EUR"), &all->sourcing);
}

static inline int shelf_choose(shelf_world *all)
{
        return ocore__sourcing_choose(&all->work, &all->sourcing, all->wants, all->want_count,
                &all->pieces, &all->piece_count);
}

static inline void shelf_print(const shelf_world *all, char *text, size_t size)
{
        size_t used = 0;

        text[0] = 0;
        for (size_t i = 0; i < all->piece_count; i++) {
                const ocore__source_piece *piece = &all->pieces[i];
                const ocore_stock *stock = ocore__row(piece->stock);

                assert_true(ocore_str_equal(stock->sku, all->wants[piece->line].sku));
                used += (size_t)snprintf(text + used, size - used, "%s%zu:%.*s/%.*s %lld %c",
                        i ? ", " : "", piece->line, (int)stock->site.size, stock->site.data,
                        (int)stock->lot.size, stock->lot.data ? stock->lot.data : "",
                        (long long)piece->quantity, shelf_reasons[piece->reason]);
                assert_true(used < size);
        }
}

/* Sites by code; each letter of `order` is a site, in order of its priority. */
static inline void shelf_sites(shelf_world *all, ocore_site *sites, const char *order)
{
        size_t count = 0;

        for (char code = 'a'; code <= 'z'; code++) {
                const char *at = strchr(order, code);

                if (at)
                        sites[count++] =
                                (ocore_site){.site = {at, 1}, .priority = (int64_t)(at - order)};
        }
        test_group(&all->sites, &ocore__site_table, sites, count);
}

#endif
