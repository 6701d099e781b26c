/*
 * Arranging the supply of an order: one purchase order for each supplier and one for the own
 * production, noted with what waits; made once, and again when it was called off.
 */
#include "buying.h"

/* Two boxes (drop shipped by acme), a jar (by zinc), three desks (made), a jug (waits), one tea. */
static ocore_id order_all_kinds(test_world *world)
{
        const ocore_draft_line lines[] = {line_of("desk", "3"), line_of("box", "2"),
                line_of("jar", "1"), line_of("jug", "1"), line_of("box", "4"), line_of("tea", "1")};
        ocore_order_draft draft;

        buy_supplier(world, "zinc", 7 * TEST_DAY_US, 0);
        buy_house(world, "zinc-hub", "zinc");
        buy_goods(world, (buy_product){"jar", OCORE_SHORT_DROP_SHIP, "zinc", 0, 0, 0});
        draft = draft_of(world, lines, 6);
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void one_purchase_order_for_each_source(void **state)
{
        const ocore_purchase_set *set;
        const ocore_purchase *acme, *zinc, *own;
        const ocore_order *order;
        ocore_id order_id, ids[3];
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = order_all_kinds(&world);
        set = buy_arrange(&world, order_id, "");
        assert_int_equal(set->purchase_count, 3);
        acme = set->purchases[0];
        zinc = set->purchases[1];
        own = set->purchases[2];
        assert_number(acme->kind, OCORE_PURCHASE_DROP_SHIP);
        assert_text(acme->supplier, "acme");
        assert_text(acme->site, "acme-hub");
        assert_number(acme->state, OCORE_PURCHASE_PROPOSED);
        assert_same_id(acme->order_id, order_id);
        assert_int_equal(acme->line_count, 2);
        assert_number(acme->lines[0]->order_line, 2);
        assert_number(acme->lines[0]->quantity, 2);
        assert_number(acme->lines[1]->order_line, 5);
        assert_number(acme->lines[1]->quantity, 4);
        assert_text(zinc->site, "zinc-hub");
        assert_number(zinc->lines[0]->order_line, 3);
        assert_number(own->kind, OCORE_PURCHASE_PRODUCTION);
        assert_text(own->supplier, "");
        assert_text(own->site, "north"); /* the first open one */
        assert_number(own->lines[0]->quantity, 3);
        for (size_t i = 0; i < 3; i++) {
                ids[i] = set->purchases[i]->id;
                assert_int_equal(ids[i].bytes[6] >> 4, 8); /* a UUID of version 8 */
        }
        assert_true(memcmp(&ids[0], &ids[1], sizeof ids[0]) != 0);
        assert_true(memcmp(&ids[1], &ids[2], sizeof ids[0]) != 0);
        order = sale_order(&world, order_id);
        assert_int_equal(order->backorder_count, 5);
        assert_same_id(order->backorders[0]->purchase_id, ids[2]);
        assert_same_id(order->backorders[1]->purchase_id, ids[0]);
        assert_same_id(order->backorders[2]->purchase_id, ids[1]);
        assert_same_id(order->backorders[3]->purchase_id, (ocore_id){{0}}); /* the jug waits */
        assert_same_id(order->backorders[4]->purchase_id, ids[0]);
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_PURCHASE_PROPOSED);
        assert_text(sale_event(&world, order_id, 0).detail, "3 purchase orders");
        set = buy_arrange(&world, order_id, ""); /* nothing is left to arrange */
        assert_int_equal(set->purchase_count, 0);
        sale_close(&world);
}

static void a_retry_tells_the_same(void **state)
{
        ocore_purchase_arrange_request request = {.struct_size = sizeof request};
        const ocore_purchase_set *set;
        ocore_id first;
        test_world world;

        (void)state;
        buy_open(&world);
        request.id = test_next_id(&world);
        request.order_id = buy_waiting(&world, "box", "2", 0);
        assert_done(&world, ocore_purchase_arrange(world.core, &request, &set));
        assert_int_equal(set->purchase_count, 1);
        first = set->purchases[0]->id;
        assert_status(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_ALREADY);
        assert_int_equal(set->purchase_count, 1);
        assert_same_id(set->purchases[0]->id, first);
        assert_number(set->purchases[0]->lines[0]->quantity, 2);
        sale_close(&world);
}

/* The order and its purchase orders as one fact. */
static void in_one_unit_with_placing(void **state)
{
        const ocore_purchase_set *set;
        ocore_id order_id, purchase_id;
        test_world world;

        (void)state;
        buy_open(&world);
        assert_done(&world, ocore_unit_begin(world.core));
        order_id = buy_waiting(&world, "desk", "2", 0);
        set = buy_arrange(&world, order_id, "south");
        assert_int_equal(set->purchase_count, 1);
        assert_text(set->purchases[0]->site, "south");
        purchase_id = set->purchases[0]->id;
        buy_step(&world, ocore_purchase_send, purchase_id);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_waits(&world, order_id, 0, 2, TEST_NOW_US + 5 * TEST_DAY_US);
        assert_number(shop_stock(&world, "desk", "south").incoming, 2);
        assert_number(buy_look(&world, purchase_id)->state, OCORE_PURCHASE_SENT);
        sale_close(&world);
}

/* What was called off, or ended too early, is arranged anew: for what is then missing. */
static void what_was_called_off_is_arranged_anew(void **state)
{
        const ocore_purchase_set *set;
        ocore_id order_id, first, second;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = buy_waiting(&world, "desk", "5", 0);
        first = buy_arrange(&world, order_id, "")->purchases[0]->id;
        buy_step(&world, ocore_purchase_cancel, first);
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_PURCHASE_CANCELLED);
        set = buy_arrange(&world, order_id, "");
        assert_int_equal(set->purchase_count, 1);
        second = set->purchases[0]->id;
        assert_true(memcmp(&first, &second, sizeof first) != 0);
        buy_step(&world, ocore_purchase_send, second);
        assert_waits(&world, order_id, 0, 5, TEST_NOW_US + 5 * TEST_DAY_US);
        buy_receive(&world, second, "2");
        assert_waits(&world, order_id, 2, 3, TEST_NOW_US + 5 * TEST_DAY_US);
        buy_step(&world, ocore_purchase_close, second);
        assert_waits(&world, order_id, 2, 3, 0);
        set = buy_arrange(&world, order_id, "");
        assert_int_equal(set->purchase_count, 1);
        assert_number(set->purchases[0]->lines[0]->quantity, 3);
        sale_close(&world);
}

/* Two of five desks (or boxes) in the house are not on the shelf, and five more were arranged
 * already: seven wait, of which the purchase order covers what it was drawn up for. The other two
 * are confirmed in addition, or arranged when it is over, or all are when it was called off. */
static void what_came_up_short_is_arranged_too(void **state)
{
        enum { CONFIRMED, OVER, CALLED_OFF, WAYS };

        (void)state;
        for (int way = 0; way < WAYS; way++)
                for (int dropped = 0; dropped < 2; dropped++) {
                        const char *sku = dropped ? "box" : "desk";
                        const ocore_fulfillment_short_line two = {1, {2, 0, 0}};
                        ocore_fulfillment_short_request request = {.struct_size = sizeof request,
                                .lines = &two,
                                .line_count = 1,
                                .line_stride = sizeof two};
                        ocore_purchase_ship_request ship = {
                                .struct_size = sizeof ship, .tracking_number = STR("T1")};
                        const ocore_purchase_set *set;
                        ocore_id order_id, id;
                        test_world world;

                        buy_open(&world);
                        shop_receive(&world, sku, "north", "5");
                        order_id = buy_waiting(&world, sku, "10", 0);
                        sale_confirm(&world, order_id);
                        id = buy_arrange(&world, order_id, "")->purchases[0]->id;
                        request.fulfillment_id = sale_release(&world, order_id, "north");
                        request.id = test_next_id(&world);
                        assert_done(&world, ocore_fulfillment_short(world.core, &request, NULL));
                        assert_waits(&world, order_id, 3, 7, 0);
                        assert_verified(&world);
                        assert_int_equal(buy_arrange(&world, order_id, "")->purchase_count, 0);
                        buy_step(&world,
                                way == CALLED_OFF ? ocore_purchase_cancel : ocore_purchase_send,
                                id);
                        if (way == CONFIRMED)
                                buy_confirm(&world, id, "7", TEST_NOW_US + TEST_DAY_US);
                        ship.id = test_next_id(&world);
                        ship.purchase_id = id;
                        if (way != CALLED_OFF && dropped)
                                assert_done(&world, ocore_purchase_ship(world.core, &ship, NULL));
                        else if (way != CALLED_OFF)
                                buy_receive(&world, id, NULL);
                        assert_number(sale_order(&world, order_id)->lines[0]->backordered,
                                way == CONFIRMED ? 0
                                : way == OVER    ? 2
                                                 : 7);
                        set = buy_arrange(&world, order_id, "");
                        assert_int_equal(set->purchase_count, way != CONFIRMED);
                        if (way != CONFIRMED)
                                assert_number(
                                        set->purchases[0]->lines[0]->quantity, way == OVER ? 2 : 7);
                        sale_close(&world);
                }
}

static void close_site(test_world *world, const char *site, const char *supplier)
{
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .closed = 1,
                .supplier = ocore_str_of(supplier)};

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

static void wrong_arrangements_are_refused(void **state)
{
        ocore_purchase_arrange_request request = {.struct_size = sizeof request};
        const ocore_purchase_set *set;
        ocore_id boxes, desks;
        test_world world;

        (void)state;
        buy_open(&world);
        boxes = buy_waiting(&world, "box", "2", 0);
        desks = buy_waiting(&world, "desk", "2", 0);
        request.id = test_next_id(&world);
        request.order_id = test_id(7);
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_NOT_FOUND,
                "order_id");
        request.order_id = (ocore_id){{0}};
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_INVALID,
                "order_id");
        request.order_id = desks;
        request.site = STR("nowhere");
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_NOT_FOUND,
                "site");
        request.site = STR("acme-hub");
        assert_refused(
                &world, ocore_purchase_arrange(world.core, &request, &set), OCORE_INVALID, "site");
        request.site = STR("");
        close_site(&world, "north", "");
        close_site(&world, "south", "");
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_NOT_FOUND,
                "site");
        request.order_id = boxes;
        close_site(&world, "acme-hub", "acme");
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_NOT_FOUND,
                "order_id"); /* its house is closed */
        assert_null(set);
        buy_goods(&world, (buy_product){"box", 0, NULL, 0, 0, 0});
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_NOT_FOUND,
                "order_id"); /* nobody supplies it any more */
        sale_cancel(&world, boxes, 1, NULL);
        assert_refused(&world, ocore_purchase_arrange(world.core, &request, &set), OCORE_STATE,
                "order_id");
        sale_close(&world);
}

/* What the order no longer wants is not sent to the supplier. */
static void a_drop_shipment_of_what_was_cancelled_is_not_sent(void **state)
{
        ocore_id order_id, id;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = buy_waiting(&world, "box", "5", 0);
        id = buy_arrange(&world, order_id, "")->purchases[0]->id;
        sale_cancel(&world, order_id, 1, "2");
        assert_refused(
                &world, buy_try(&world, ocore_purchase_send, id, NULL), OCORE_STATE, "purchase_id");
        buy_step(&world, ocore_purchase_cancel, id);
        id = buy_arrange(&world, order_id, "")->purchases[0]->id;
        assert_number(buy_step(&world, ocore_purchase_send, id)->lines[0]->quantity, 3);
        assert_waits(&world, order_id, 0, 3, TEST_NOW_US + 3 * TEST_DAY_US);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_purchase_order_for_each_source),
                cmocka_unit_test(a_retry_tells_the_same),
                cmocka_unit_test(in_one_unit_with_placing),
                cmocka_unit_test(what_was_called_off_is_arranged_anew),
                cmocka_unit_test(what_came_up_short_is_arranged_too),
                cmocka_unit_test(wrong_arrangements_are_refused),
                cmocka_unit_test(a_drop_shipment_of_what_was_cancelled_is_not_sent),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
