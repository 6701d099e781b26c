/* Goods kept by lot or serial number, for the tests of stock. */
#ifndef ORDERCORE_TESTS_LOTS_H
#define ORDERCORE_TESTS_LOTS_H

#include "pair.h"

/* Goods for 1.00 EUR, kept as OCORE_TRACKING_… says. */
static inline void lots_product(test_world *world, const char *sku, int64_t scale, int64_t tracking)
{
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .name = ocore_str_of(sku),
                .scale = scale,
                .tracking = tracking};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .price = test_money("1.00 EUR")};

        assert_done(world, ocore_product_put(world->core, &product, NULL));
        assert_done(world, ocore_price_put(world->core, &price, NULL));
}

typedef int (*lots_verb)(ocore_core *, const ocore_stock_request *, const ocore_stock_moves **);

/* One line of a stock command; the status. */
static inline int lots_do(test_world *world, lots_verb verb, const char *sku, const char *site,
        const char *lot, const char *quantity, int64_t expires_us)
{
        const ocore_stock_line line = {ocore_str_of(sku), ocore_str_of(site), ocore_str_of(lot),
                test_quantity(quantity), expires_us};
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .reason = STR("because"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        return verb(world->core, &request, NULL);
}

static inline int lots_recall(
        test_world *world, const char *sku, const char *lot, const ocore_stock_moves **out)
{
        const ocore_lot_recall_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .lot = ocore_str_of(lot),
                .reason = STR("glass in it")};

        return ocore_lot_recall(world->core, &request, out);
}

/* The row of a lot; all zero where there is none. */
static inline ocore_stock lots_row(
        test_world *world, const char *sku, const char *site, const char *lot)
{
        const ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_stock_list *list;

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (size_t i = 0; i < list->stock_count; i++)
                if (ocore_str_equal(list->stock[i]->site, ocore_str_of(site)) &&
                        ocore_str_equal(list->stock[i]->lot, ocore_str_of(lot)))
                        return *list->stock[i];
        return (ocore_stock){.sku = {0}};
}

#endif
