/* What a product can be besides plain: bundles, substitutes, stock rules, caps, what happens when
 * it is short. For the tests of the order room; each is one command that must succeed. */
#ifndef ORDERCORE_TESTS_ASSORTMENT_H
#define ORDERCORE_TESTS_ASSORTMENT_H

#include "draft.h"

typedef struct assorted {
        const char *sku;
        int64_t tracking;
        int64_t short_action;
        int64_t release_us;
        int64_t min_life_us;
        const char *supplier; /* NULL: none */
} assorted;

/* Goods in pieces, not taxed, 100 g each, for 5.00 EUR. */
static inline void assorted_goods(test_world *world, const assorted *goods)
{
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = test_next_id(world),
                .sku = ocore_str_of(goods->sku),
                .name = ocore_str_of(goods->sku),
                .weight_g = 100,
                .tracking = goods->tracking,
                .short_action = goods->short_action,
                .release_us = goods->release_us,
                .min_life_us = goods->min_life_us,
                .supplier = ocore_str_of(goods->supplier ? goods->supplier : "")};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = test_next_id(world),
                .sku = product.sku,
                .price = test_money("5.00 EUR")};

        assert_done(world, ocore_product_put(world->core, &product, NULL));
        assert_done(world, ocore_price_put(world->core, &price, NULL));
}

typedef struct assorted_part {
        const char *sku;
        const char *quantity;
} assorted_part;

/* A bundle for 20.00 EUR of up to four parts. */
static inline void assorted_bundle(test_world *world, const char *sku, int64_t short_action,
        int64_t parts_alone, const assorted_part *parts, size_t count)
{
        ocore_bundle_part_request items[4];
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .name = ocore_str_of(sku),
                .kind = OCORE_PRODUCT_BUNDLE,
                .short_action = short_action,
                .parts_alone = parts_alone};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = test_next_id(world),
                .sku = product.sku,
                .price = test_money("20.00 EUR")};
        const ocore_bundle_request bundle = {.struct_size = sizeof bundle,
                .id = test_next_id(world),
                .sku = product.sku,
                .parts = items,
                .part_count = count,
                .part_stride = sizeof items[0]};

        for (size_t i = 0; i < count; i++)
                items[i] = (ocore_bundle_part_request){
                        ocore_str_of(parts[i].sku), test_quantity(parts[i].quantity)};
        assert_done(world, ocore_product_put(world->core, &product, NULL));
        assert_done(world, ocore_price_put(world->core, &price, NULL));
        assert_done(world, ocore_bundle_put(world->core, &bundle, NULL));
}

/* Up to three substitutes; NULL ends them. */
static inline void assorted_substitutes(
        test_world *world, const char *sku, const char *a, const char *b, const char *c)
{
        const ocore_substitute_item items[] = {
                {ocore_str_of(a)}, {ocore_str_of(b ? b : "")}, {ocore_str_of(c ? c : "")}};
        const ocore_substitute_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .substitutes = items,
                .substitute_count = c   ? 3
                                    : b ? 2
                                        : 1,
                .substitute_stride = sizeof items[0]};

        assert_done(world, ocore_substitute_put(world->core, &request, NULL));
}

static inline void assorted_rule(test_world *world, const char *sku, const char *site,
        const char *safety, int64_t below_zero)
{
        const ocore_stock_rule_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .site = ocore_str_of(site),
                .safety = test_quantity(safety),
                .below_zero = below_zero};

        assert_done(world, ocore_stock_rule_put(world->core, &request, NULL));
}

static inline void assorted_cap(
        test_world *world, const char *sku, int64_t kind, const char *channel, const char *cap)
{
        const ocore_quota_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .kind = kind,
                .channel = ocore_str_of(channel),
                .cap = test_quantity(cap)};

        assert_done(world, ocore_quota_put(world->core, &request, NULL));
}

/* What of a cap is still free. */
static inline int64_t assorted_left(test_world *world, const char *sku, size_t index)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = ocore_str_of(sku)};
        const ocore_quota_list *list;

        assert_done(world, ocore_quota_list_of(world->core, &key, &list));
        assert_true(index < list->quota_count);
        assert_number(list->quotas[index]->used + list->quotas[index]->remaining,
                list->quotas[index]->cap);
        return list->quotas[index]->remaining;
}

/* Goods of a lot from the supplier. */
static inline void assorted_lot(test_world *world, const char *sku, const char *site,
        const char *lot, const char *quantity, int64_t expires_us)
{
        const ocore_stock_line line = {.sku = ocore_str_of(sku),
                .site = ocore_str_of(site),
                .lot = ocore_str_of(lot),
                .quantity = test_quantity(quantity),
                .expires_us = expires_us};
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_stock_receive(world->core, &request, NULL));
}

/* A hold of up to three products, for an hour. */
static inline ocore_id assorted_hold(test_world *world, const assorted_part *parts, size_t count)
{
        ocore_hold_request_line lines[3];
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_HOUR_US,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        for (size_t i = 0; i < count; i++)
                lines[i] = (ocore_hold_request_line){
                        ocore_str_of(parts[i].sku), test_quantity(parts[i].quantity)};
        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

#endif
