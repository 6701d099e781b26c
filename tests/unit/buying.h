/*
 * Buying in a line or two, for the tests of the supply room: the shop of sale.h with a supplier,
 * products that wait for supply, and the steps of a purchase order.
 */
#ifndef ORDERCORE_TESTS_BUYING_H
#define ORDERCORE_TESTS_BUYING_H

#include "draft.h"

static inline void buy_supplier(
        test_world *world, const char *supplier, int64_t lead_us, int64_t over_ppm)
{
        const ocore_supplier_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .supplier = ocore_str_of(supplier),
                .lead_us = lead_us,
                .over_ppm = over_ppm};

        assert_done(world, ocore_supplier_put(world->core, &request, NULL));
}

/* The house of a supplier, from where drop shipments leave. */
static inline void buy_house(test_world *world, const char *site, const char *supplier)
{
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .priority = 9,
                .supplier = ocore_str_of(supplier)};

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

/* A product of goods for 5.00 EUR with all that matters here. */
typedef struct buy_product {
        const char *sku;
        int64_t short_action;
        const char *supplier;
        int64_t lead_us;
        int64_t tracking;
        int64_t release_us;
} buy_product;

static inline void buy_goods(test_world *world, buy_product wish)
{
        const ocore_product_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(wish.sku),
                .name = ocore_str_of(wish.sku),
                .tracking = wish.tracking,
                .short_action = wish.short_action,
                .supplier = ocore_str_of(wish.supplier ? wish.supplier : ""),
                .lead_us = wish.lead_us,
                .release_us = wish.release_us};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = test_next_id(world),
                .sku = request.sku,
                .price = test_money("5.00 EUR")};

        assert_done(world, ocore_product_put(world->core, &request, NULL));
        assert_done(world, ocore_price_put(world->core, &price, NULL));
}

/*
 * The shop of sale.h, and: acme (3 days, 10 % over) with its house; jug, which waits; box, which
 * acme sends to the customer; desk, made to order in 5 days; pill, kept by lot, and saw, kept by
 * serial number, which wait too. There is nothing of any of them.
 */
static inline void buy_open(test_world *world)
{
        sale_open(world);
        buy_supplier(world, "acme", 3 * TEST_DAY_US, 100000);
        buy_house(world, "acme-hub", "acme");
        buy_goods(world, (buy_product){"jug", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
        buy_goods(world, (buy_product){"box", OCORE_SHORT_DROP_SHIP, "acme", 0, 0, 0});
        buy_goods(world,
                (buy_product){"desk", OCORE_SHORT_MAKE_TO_ORDER, NULL, 5 * TEST_DAY_US, 0, 0});
        buy_goods(world,
                (buy_product){"pill", OCORE_SHORT_BACKORDER, "acme", 0, OCORE_TRACKING_LOT, 0});
        buy_goods(world,
                (buy_product){"saw", OCORE_SHORT_BACKORDER, "acme", 0, OCORE_TRACKING_SERIAL, 0});
}

typedef struct buy_line {
        const char *sku;
        const char *quantity;
        int64_t due_us;
} buy_line;

static inline ocore_purchase_request buy_request(
        test_world *world, ocore_purchase_request_line *lines, const buy_line *wishes, size_t count)
{
        const ocore_purchase_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .supplier = STR("acme"),
                .site = STR("north"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        for (size_t i = 0; i < count; i++)
                lines[i] = (ocore_purchase_request_line){ocore_str_of(wishes[i].sku),
                        test_quantity(wishes[i].quantity), wishes[i].due_us};
        return request;
}

/* Up to four lines from acme to north. */
static inline ocore_id buy_propose(test_world *world, const buy_line *wishes, size_t count)
{
        ocore_purchase_request_line lines[4];
        const ocore_purchase_request request = buy_request(world, lines, wishes, count);

        assert_done(world, ocore_purchase_propose(world->core, &request, NULL));
        return request.id;
}

typedef int (*buy_step_fn)(
        ocore_core *core, const ocore_purchase_step_request *request, const ocore_purchase **out);

static inline int buy_try(
        test_world *world, buy_step_fn step, ocore_id purchase_id, const ocore_purchase **out)
{
        const ocore_purchase_step_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .purchase_id = purchase_id,
                .reason = STR("so")};

        return step(world->core, &request, out);
}

static inline const ocore_purchase *buy_step(
        test_world *world, buy_step_fn step, ocore_id purchase_id)
{
        const ocore_purchase *purchase;

        assert_done(world, buy_try(world, step, purchase_id, &purchase));
        return purchase;
}

/* Ordered and sent: one line from acme to north. */
static inline ocore_id buy(test_world *world, const char *sku, const char *quantity, int64_t due_us)
{
        const buy_line line = {sku, quantity, due_us};
        ocore_id id = buy_propose(world, &line, 1);

        buy_step(world, ocore_purchase_send, id);
        return id;
}

static inline const ocore_purchase *buy_look(test_world *world, ocore_id purchase_id)
{
        const ocore_purchase_key key = {.struct_size = sizeof key, .purchase_id = purchase_id};
        const ocore_purchase *purchase;

        assert_done(world, ocore_purchase_get(world->core, &key, &purchase));
        return purchase;
}

static inline int buy_try_receive(test_world *world, ocore_id purchase_id,
        const ocore_purchase_receive_line *lines, size_t count, int64_t close,
        const ocore_purchase **out)
{
        const ocore_purchase_receive_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .purchase_id = purchase_id,
                .close = close,
                .reference = STR("note 7"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return ocore_purchase_receive(world->core, &request, out);
}

/* Some of line 1 comes in; NULL: all that is expected. */
static inline const ocore_purchase *buy_receive(
        test_world *world, ocore_id purchase_id, const char *quantity)
{
        ocore_purchase_receive_line line = {.number = 1};
        const ocore_purchase *purchase;

        if (quantity)
                line.quantity = test_quantity(quantity);
        assert_done(
                world, buy_try_receive(world, purchase_id, &line, quantity ? 1 : 0, 0, &purchase));
        return purchase;
}

static inline int buy_try_confirm(test_world *world, ocore_id purchase_id,
        const ocore_purchase_confirm_line *lines, size_t count, const ocore_purchase **out)
{
        const ocore_purchase_confirm_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .purchase_id = purchase_id,
                .reference = STR("A-17"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return ocore_purchase_confirm(world->core, &request, out);
}

/* The supplier confirms line 1. */
static inline const ocore_purchase *buy_confirm(
        test_world *world, ocore_id purchase_id, const char *quantity, int64_t due_us)
{
        const ocore_purchase_confirm_line line = {1, test_quantity(quantity), due_us};
        const ocore_purchase *purchase;

        assert_done(world, buy_try_confirm(world, purchase_id, &line, 1, &purchase));
        return purchase;
}

/* An order of one line that waits for what is not there, with this priority. */
static inline ocore_id buy_waiting(
        test_world *world, const char *sku, const char *quantity, int64_t priority)
{
        const ocore_draft_line line = line_of(sku, quantity);
        ocore_order_draft draft = draft_of(world, &line, 1);

        draft.priority = priority;
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static inline const ocore_purchase_set *buy_arrange(
        test_world *world, ocore_id order_id, const char *site)
{
        const ocore_purchase_arrange_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .site = ocore_str_of(site)};
        const ocore_purchase_set *set;

        assert_done(world, ocore_purchase_arrange(world->core, &request, &set));
        return set;
}

/* What line 1 of an order has got, still waits for, and from when on that is expected. */
static inline void assert_waits(test_world *world, ocore_id order_id, int64_t allocated,
        int64_t backordered, int64_t expected_us)
{
        const ocore_order *order = sale_order(world, order_id);

        assert_number(order->lines[0]->allocated, allocated);
        assert_number(order->lines[0]->backordered, backordered);
        assert_number(order->expected_us, expected_us);
        assert_true(order->backorder_count > 0 || !backordered);
}

#endif
