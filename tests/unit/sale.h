/*
 * A small sale, for the tests of what follows an order: a shop with two sites, an order placed and
 * confirmed in it, and its way to the customer. Each is one command that must succeed.
 */
#ifndef ORDERCORE_TESTS_SALE_H
#define ORDERCORE_TESTS_SALE_H

#include "shop.h"

/*
 * North (asked first) and south; in pieces: tea 3.33 EUR with 19 % tax (100 north), cup 7.01 EUR
 * without (3 north, 10 south); rice in kilograms with 3 decimals (20.000 north); wrap, a service;
 * post to DE for 4.99 EUR.
 */
static inline void sale_open(test_world *world)
{
        test_open(world);
        shop_site(world, "north", 1);
        shop_site(world, "south", 2);
        shop_tax_rate(world, "full", "DE", 190000);
        shop_product(world, "tea", OCORE_PRODUCT_GOODS, 0, "full", "3.33 EUR");
        shop_product(world, "cup", OCORE_PRODUCT_GOODS, 0, "", "7.01 EUR");
        shop_product(world, "rice", OCORE_PRODUCT_GOODS, 3, "", "1.99 EUR");
        shop_product(world, "wrap", OCORE_PRODUCT_SERVICE, 0, "", "2.50 EUR");
        shop_receive(world, "tea", "north", "100");
        shop_receive(world, "cup", "north", "3");
        shop_receive(world, "cup", "south", "10");
        shop_receive(world, "rice", "north", "20.000");
        shop_shipping(world, "post", OCORE_SERVICE_STANDARD, "DE", "4.99 EUR");
}

static inline void sale_close(test_world *world)
{
        assert_verified(world);
        test_close(world);
}

/* Mugs for 4.00 EUR come to north: 2 of lot L1 and, with two lots, 3 of lot L2. */
static inline void sale_lots(test_world *world, size_t count)
{
        const ocore_stock_line lots[] = {
                {STR_INIT("mug"), STR_INIT("north"), STR_INIT("L1"), {2, 0, 0}, 0},
                {STR_INIT("mug"), STR_INIT("north"), STR_INIT("L2"), {3, 0, 0}, 0}};
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .lines = lots,
                .line_count = count,
                .line_stride = sizeof lots[0]};

        shop_goods(world, "mug", "4.00 EUR");
        assert_done(world, ocore_stock_receive(world->core, &request, NULL));
}

typedef struct sale_line {
        const char *sku;
        const char *quantity; /* NULL: no line */
} sale_line;

/* Places an order of up to three lines, shipped by `option` ("" : not at all). */
static inline ocore_id sale_place(
        test_world *world, const sale_line *lines, size_t count, const char *option)
{
        ocore_draft_line items[3];
        ocore_order_draft draft = {
                .struct_size = sizeof draft,
                .id = test_next_id(world),
                .currency = STR("EUR"),
                .ship_country = STR("DE"),
                .ship_postcode = STR("10115"),
                .shipping_option = ocore_str_of(option),
                .lines = items,
                .line_count = count,
                .line_stride = sizeof items[0],
        };

        memset(items, 0, sizeof items);
        for (size_t i = 0; i < count; i++) {
                items[i].sku = ocore_str_of(lines[i].sku);
                items[i].quantity = test_quantity(lines[i].quantity);
        }
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static inline void sale_confirm(test_world *world, ocore_id order_id)
{
        const ocore_order_confirm_request request = {
                .struct_size = sizeof request, .id = test_next_id(world), .order_id = order_id};

        assert_done(world, ocore_order_confirm(world->core, &request, NULL));
}

/* An order of one line, confirmed, without shipping. */
static inline ocore_id sale_of(test_world *world, const char *sku, const char *quantity)
{
        const sale_line line = {sku, quantity};
        ocore_id order_id = sale_place(world, &line, 1, "");

        sale_confirm(world, order_id);
        return order_id;
}

/* Cancels some units of a line; quantity NULL: all that can be cancelled. */
static inline void sale_cancel(
        test_world *world, ocore_id order_id, int64_t line, const char *quantity)
{
        ocore_line_quantity some = {line, {0, 0, 0}};
        const ocore_order_cancel_request request = {
                .struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .lines = &some,
                .line_count = quantity ? 1 : 0,
                .line_stride = sizeof some,
        };

        if (quantity)
                some.quantity = test_quantity(quantity);
        assert_done(world, ocore_order_cancel(world->core, &request, NULL));
}

static inline const ocore_order *sale_order(test_world *world, ocore_id order_id)
{
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = order_id};
        const ocore_order *order;

        assert_done(world, ocore_order_get(world->core, &key, &order));
        return order;
}

static inline const ocore_account *sale_account(test_world *world, ocore_id order_id)
{
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = order_id};
        const ocore_account *account;

        assert_done(world, ocore_order_account(world->core, &key, &account));
        return account;
}

/* The event that is `back` events before the last: 0 is the last. */
static inline ocore_event sale_event(test_world *world, ocore_id order_id, size_t back)
{
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = order_id};
        const ocore_timeline *timeline;

        assert_done(world, ocore_order_timeline(world->core, &key, &timeline));
        assert_true(timeline->event_count > back);
        return *timeline->events[timeline->event_count - 1 - back];
}

static inline ocore_id sale_pay(
        test_world *world, ocore_id order_id, int64_t tender, const char *amount)
{
        const ocore_payment_request request = {
                .struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .tender = tender,
                .amount = amount ? test_money(amount) : (ocore_money){0, "", 0},
        };

        assert_done(world, ocore_payment_take(world->core, &request, NULL));
        return request.id;
}

/* A step of a fulfillment by its number, under this command id. */
static inline int sale_try_step(test_world *world, ocore_id id, ocore_id fulfillment_id,
        int64_t step, const ocore_fulfillment **out)
{
        const ocore_fulfillment_step_request plain = {
                .struct_size = sizeof plain, .id = id, .fulfillment_id = fulfillment_id};
        const ocore_fulfillment_pack_request pack = {.struct_size = sizeof pack,
                .id = id,
                .fulfillment_id = fulfillment_id,
                .packages = 2};
        const ocore_fulfillment_ship_request ship = {.struct_size = sizeof ship,
                .id = id,
                .fulfillment_id = fulfillment_id,
                .carrier = STR("Post"),
                .tracking_number = STR("JD0001")};

        switch (step) {
        case OCORE_FULFILLMENT_STEP_PICK: return ocore_fulfillment_pick(world->core, &plain, out);
        case OCORE_FULFILLMENT_STEP_PACK: return ocore_fulfillment_pack(world->core, &pack, out);
        case OCORE_FULFILLMENT_STEP_SHIP: return ocore_fulfillment_ship(world->core, &ship, out);
        case OCORE_FULFILLMENT_STEP_DELIVER:
                return ocore_fulfillment_deliver(world->core, &plain, out);
        default: return ocore_fulfillment_cancel(world->core, &plain, out);
        }
}

static inline void sale_step(test_world *world, ocore_id fulfillment_id, int64_t step)
{
        assert_done(world, sale_try_step(world, test_next_id(world), fulfillment_id, step, NULL));
}

/* A pick list of all that waits at a site. */
static inline ocore_id sale_release(test_world *world, ocore_id order_id, const char *site)
{
        const ocore_fulfillment_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .site = ocore_str_of(site)};

        assert_done(world, ocore_fulfillment_create(world->core, &request, NULL));
        return request.id;
}

/* All that waits at a site goes to the customer. */
static inline void sale_deliver(test_world *world, ocore_id order_id, const char *site)
{
        ocore_id id = sale_release(world, order_id, site);

        for (int64_t step = OCORE_FULFILLMENT_STEP_PICK; step <= OCORE_FULFILLMENT_STEP_DELIVER;
                step++)
                sale_step(world, id, step);
}

#endif
