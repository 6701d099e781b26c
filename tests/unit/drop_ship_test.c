/*
 * Drop shipments: the supplier's house sends to the customer, in parts and in lots; the order's
 * units are shipped with a tracking number, delivered like others, and nothing is left waiting.
 */
#include "buying.h"

static ocore_purchase_ship_request ship_of(test_world *world, ocore_id purchase_id,
        const ocore_purchase_receive_line *lines, size_t count)
{
        const ocore_purchase_ship_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .purchase_id = purchase_id,
                .carrier = STR("Post"),
                .tracking_number = STR("DS-1"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return request;
}

/* A confirmed order of boxes, arranged and sent. */
static ocore_id order_boxes(test_world *world, const char *quantity, ocore_id *purchase_id)
{
        ocore_id order_id = buy_waiting(world, "box", quantity, 0);

        sale_confirm(world, order_id);
        *purchase_id = buy_arrange(world, order_id, "")->purchases[0]->id;
        buy_step(world, ocore_purchase_send, *purchase_id);
        return order_id;
}

static const ocore_fulfillment *look(test_world *world, ocore_id id)
{
        const ocore_fulfillment_key key = {.struct_size = sizeof key, .fulfillment_id = id};
        const ocore_fulfillment *fulfillment;

        assert_done(world, ocore_fulfillment_get(world->core, &key, &fulfillment));
        return fulfillment;
}

static void shipped_and_delivered(void **state)
{
        ocore_purchase_ship_request request;
        const ocore_fulfillment *fulfillment;
        const ocore_purchase *purchase;
        const ocore_order *order;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = order_boxes(&world, "5", &id);
        assert_waits(&world, order_id, 0, 5, TEST_NOW_US + 3 * TEST_DAY_US);
        assert_number(shop_stock(&world, "box", "acme-hub").incoming, 5);
        request = ship_of(&world, id, NULL, 0);
        assert_done(&world, ocore_purchase_ship(world.core, &request, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        assert_number(purchase->lines[0]->received, 5);
        assert_number(shop_stock(&world, "box", "acme-hub").incoming, 0);
        order = sale_order(&world, order_id);
        assert_number(order->lines[0]->shipped, 5);
        assert_number(order->lines[0]->backordered, 0);
        assert_number(order->fulfillment, OCORE_FULFILLMENT_SHIPPED);
        assert_text(order->lines[0]->allocations[0]->site, "acme-hub");
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_DROP_SHIPPED);
        assert_text(sale_event(&world, order_id, 0).detail, "Post DS-1");
        fulfillment = look(&world, request.id);
        assert_number(fulfillment->state, OCORE_FULFILLMENT_STATE_SHIPPED);
        assert_text(fulfillment->tracking_number, "DS-1");
        assert_text(fulfillment->carrier, "Post");
        assert_number(fulfillment->shipped_us, TEST_NOW_US);
        assert_int_equal(fulfillment->line_count, 1);
        assert_number(fulfillment->lines[0]->quantity, 5);
        assert_verified(&world);
        assert_status(&world, ocore_purchase_ship(world.core, &request, &purchase), OCORE_ALREADY);
        assert_refused(&world,
                sale_try_step(&world, test_next_id(&world), request.id,
                        OCORE_FULFILLMENT_STEP_CANCEL, NULL),
                OCORE_STATE, "fulfillment_id");
        sale_step(&world, request.id, OCORE_FULFILLMENT_STEP_DELIVER);
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

/* 2 now, 3 later, of two lines; each shipment is a fulfillment of its own. */
static void in_parts(void **state)
{
        const ocore_draft_line drafted[] = {
                line_of("box", "5"), line_of("tea", "1"), line_of("box", "2")};
        const ocore_purchase_receive_line some[] = {
                {2, {1, 0, 0}, {0}, 0}, {1, {1, 0, 0}, {0}, 0}, {1, {1, 0, 0}, {0}, 0}};
        ocore_order_draft draft;
        ocore_purchase_ship_request request;
        const ocore_fulfillment *fulfillment;
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        draft = draft_of(&world, drafted, 3);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_confirm(&world, draft.id);
        id = buy_arrange(&world, draft.id, "")->purchases[0]->id;
        buy_step(&world, ocore_purchase_send, id);
        request = ship_of(&world, id, some, 3);
        assert_done(&world, ocore_purchase_ship(world.core, &request, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_RECEIVING);
        assert_number(purchase->lines[0]->received, 2);
        assert_number(purchase->lines[1]->received, 1);
        fulfillment = look(&world, request.id);
        assert_int_equal(fulfillment->line_count, 2); /* in the order of the allocations */
        assert_number(fulfillment->lines[0]->line, 1);
        assert_number(fulfillment->lines[0]->quantity, 2);
        assert_number(fulfillment->lines[1]->line, 3);
        assert_waits(&world, draft.id, 0, 3, TEST_NOW_US + 3 * TEST_DAY_US);
        sale_step(&world, request.id, OCORE_FULFILLMENT_STEP_DELIVER);
        request = ship_of(&world, id, NULL, 0);
        assert_done(&world, ocore_purchase_ship(world.core, &request, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        sale_step(&world, request.id, OCORE_FULFILLMENT_STEP_DELIVER);
        assert_number(sale_order(&world, draft.id)->lines[0]->delivered, 5);
        assert_number(sale_order(&world, draft.id)->lines[2]->delivered, 2);
        sale_deliver(&world, draft.id, "north");
        assert_number(sale_order(&world, draft.id)->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

/* The supplier tells the serial numbers that the customer gets. */
static void with_serial_numbers(void **state)
{
        ocore_purchase_receive_line lines[] = {
                {1, {1, 0, 0}, STR_INIT("B2"), 0}, {1, {1, 0, 0}, STR_INIT("B1"), 0}};
        ocore_purchase_ship_request request;
        const ocore_fulfillment *fulfillment;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_goods(&world,
                (buy_product){"bike", OCORE_SHORT_DROP_SHIP, "acme", 0, OCORE_TRACKING_SERIAL, 0});
        order_id = buy_waiting(&world, "bike", "2", 0);
        sale_confirm(&world, order_id);
        id = buy_arrange(&world, order_id, "")->purchases[0]->id;
        buy_step(&world, ocore_purchase_send, id);
        request = ship_of(&world, id, NULL, 0);
        assert_refused(
                &world, ocore_purchase_ship(world.core, &request, NULL), OCORE_INVALID, "lines");
        request = ship_of(&world, id, lines, 2);
        assert_done(&world, ocore_purchase_ship(world.core, &request, NULL));
        fulfillment = look(&world, request.id);
        assert_int_equal(fulfillment->line_count, 2);
        assert_text(fulfillment->lines[0]->lot, "B1");
        assert_text(fulfillment->lines[1]->lot, "B2");
        sale_step(&world, request.id, OCORE_FULFILLMENT_STEP_DELIVER);
        sale_close(&world);
}

/* The supplier has only three: they are shipped, and the rest can be ordered elsewhere. */
static void less_than_ordered(void **state)
{
        ocore_purchase_ship_request request;
        const ocore_purchase *purchase;
        const ocore_purchase_set *set;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = order_boxes(&world, "5", &id);
        buy_confirm(&world, id, "3", TEST_NOW_US + TEST_DAY_US);
        assert_waits(&world, order_id, 0, 5, 0); /* nobody knows of the other two */
        request = ship_of(&world, id, NULL, 0);
        assert_done(&world, ocore_purchase_ship(world.core, &request, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED);
        assert_number(sale_order(&world, order_id)->lines[0]->shipped, 3);
        set = buy_arrange(&world, order_id, "");
        assert_int_equal(set->purchase_count, 1);
        assert_number(set->purchases[0]->lines[0]->quantity, 2);
        sale_close(&world);
}

/* Of an order that ships complete each house sends its own at once: the supplier all of his, our
 * own sites all of theirs, and neither waits for the other. */
static void each_house_ships_its_own_completely(void **state)
{
        (void)state;
        for (int house_first = 0; house_first < 2; house_first++) {
                const ocore_draft_line lines[] = {line_of("box", "4"), line_of("jug", "2")};
                const ocore_purchase_receive_line some = {.number = 1, .quantity = {3, 0, 0}};
                ocore_purchase_ship_request request;
                ocore_order_draft draft;
                ocore_id id, supply;
                test_world world;

                buy_open(&world);
                draft = draft_of(&world, lines, 2);
                draft.ship_complete = 1;
                assert_done(&world, ocore_order_place(world.core, &draft, NULL));
                sale_confirm(&world, draft.id);
                id = buy_arrange(&world, draft.id, "")->purchases[0]->id;
                buy_step(&world, ocore_purchase_send, id);
                supply = buy(&world, "jug", "2", 0);
                if (house_first) {
                        buy_receive(&world, supply, NULL);
                        sale_deliver(&world, draft.id, "north");
                }
                request = ship_of(&world, id, &some, 1);
                assert_refused(&world, ocore_purchase_ship(world.core, &request, NULL), OCORE_STATE,
                        "lines");
                request = ship_of(&world, id, NULL, 0);
                assert_done(&world, ocore_purchase_ship(world.core, &request, NULL));
                sale_step(&world, request.id, OCORE_FULFILLMENT_STEP_DELIVER);
                if (!house_first) {
                        buy_receive(&world, supply, NULL);
                        sale_deliver(&world, draft.id, "north");
                }
                assert_number(sale_order(&world, draft.id)->state, OCORE_ORDER_COMPLETED);
                sale_close(&world);
        }
}

static void wrong_shipments_are_refused(void **state)
{
        static const struct {
                ocore_purchase_receive_line line;
                int status;
                const char *field;
        } cases[] = {
                {{0, {1, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].number"},
                {{2, {1, 0, 0}, {0}, 0}, OCORE_NOT_FOUND, "lines[0].number"},
                {{1, {0, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"},
                {{1, {6, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"}, /* 5 are expected */
                {{1, {4, 0, 0}, {0}, 0}, OCORE_STATE, "lines[0].quantity"},   /* 3 are wanted */
                {{1, {INT64_MAX, 0, 0}, {0}, 0}, OCORE_INVALID, "lines[0].quantity"},
        };
        ocore_purchase_ship_request request;
        const ocore_purchase *purchase;
        ocore_id order_id, id, placed;
        test_world world;

        (void)state;
        buy_open(&world);
        order_id = order_boxes(&world, "5", &id);
        sale_cancel(&world, order_id, 1, "2");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                request = ship_of(&world, id, &cases[i].line, 1);
                assert_refused(&world, ocore_purchase_ship(world.core, &request, &purchase),
                        cases[i].status, cases[i].field);
                assert_null(purchase);
        }
        request = ship_of(&world, id, NULL, 0);
        request.tracking_number = STR("");
        assert_refused(&world, ocore_purchase_ship(world.core, &request, NULL), OCORE_INVALID,
                "tracking_number");
        request = ship_of(&world, buy(&world, "jug", "2", 0), NULL, 0);
        assert_refused(&world, ocore_purchase_ship(world.core, &request, NULL), OCORE_STATE,
                "purchase_id"); /* it comes to us */
        placed = buy_waiting(&world, "box", "1", 0);
        request = ship_of(&world, buy_arrange(&world, placed, "")->purchases[0]->id, NULL, 0);
        assert_refused(&world, ocore_purchase_ship(world.core, &request, NULL), OCORE_STATE,
                "purchase_id"); /* it is not sent */
        buy_step(&world, ocore_purchase_send, request.purchase_id);
        assert_refused(&world, ocore_purchase_ship(world.core, &request, NULL), OCORE_STATE,
                "order_id"); /* the order is not confirmed */
        sale_confirm(&world, placed);
        assert_done(&world, ocore_purchase_ship(world.core, &request, NULL));
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(shipped_and_delivered),
                cmocka_unit_test(in_parts),
                cmocka_unit_test(with_serial_numbers),
                cmocka_unit_test(less_than_ordered),
                cmocka_unit_test(each_house_ships_its_own_completely),
                cmocka_unit_test(wrong_shipments_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
