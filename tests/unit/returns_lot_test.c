/*
 * Returns of what is not plain: lots and serial numbers come back as they went where that is known,
 * bundles come back whole with their parts, goods that are restocked settle what was oversold, and
 * the stock is back where it began, never above.
 */
#include "assortment.h"
#include "lots.h"

static int try_back(test_world *world, ocore_id id, ocore_id order_id,
        const ocore_return_draft_line *lines, size_t count, const ocore_return **out)
{
        const ocore_return_draft request = {.struct_size = sizeof request,
                .id = id,
                .order_id = order_id,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        return ocore_return_request(world->core, &request, out);
}

/* Announces units of line 1, of a lot unless it is "". */
static int try_one(test_world *world, ocore_id id, ocore_id order_id, int64_t quantity,
        const char *lot, const ocore_return **out)
{
        const ocore_return_draft_line one = {1, {quantity, 0, 0}, 0, ocore_str_of(lot)};

        return try_back(world, id, order_id, &one, 1, out);
}

/* Received at a site, all restocked, refunded. */
static const ocore_return *settle(test_world *world, ocore_id return_id, const char *site)
{
        const ocore_return_receive_request receive = {.struct_size = sizeof receive,
                .id = test_next_id(world),
                .return_id = return_id,
                .site = ocore_str_of(site)};
        const ocore_return_inspect_request inspect = {
                .struct_size = sizeof inspect, .id = test_next_id(world), .return_id = return_id};
        const ocore_return_refund_request refund = {.struct_size = sizeof refund,
                .id = test_next_id(world),
                .return_id = return_id,
                .with_shipping = 1};
        const ocore_return *row;

        assert_done(world, ocore_return_receive(world->core, &receive, NULL));
        assert_verified(world);
        assert_done(world, ocore_return_inspect(world->core, &inspect, NULL));
        assert_done(world, ocore_return_refund(world->core, &refund, &row));
        return row;
}

/* Two of lot A and three of lot B at north, all five with the customer. */
static ocore_id sell_lots(test_world *world, int64_t tracking)
{
        ocore_id order_id;

        sale_open(world);
        lots_product(world, "pill", 0, tracking);
        assorted_lot(world, "pill", "north", "A", "2", TEST_NOW_US + 9 * TEST_DAY_US);
        assorted_lot(world, "pill", "north", "B", "3", 0);
        order_id = sale_of(world, "pill", "5");
        sale_deliver(world, order_id, "");
        return order_id;
}

static void all_lots_come_back_as_they_went(void **state)
{
        const ocore_return *row;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        for (int64_t tracking = OCORE_TRACKING_NONE; tracking <= OCORE_TRACKING_LOT; tracking++) {
                order_id = sell_lots(&world, tracking);
                id = test_next_id(&world);
                assert_done(&world, try_one(&world, id, order_id, 5, "", &row));
                assert_int_equal(row->line_count, 2);
                assert_text(row->lines[0]->lot, "A");
                assert_number(row->lines[0]->quantity, 2);
                assert_text(row->lines[1]->lot, "B");
                assert_number(row->lines[1]->quantity, 3);
                row = settle(&world, id, "south");
                assert_number(row->refund_minor, 500);
                assert_number(lots_row(&world, "pill", "south", "A").available, 2);
                assert_number(lots_row(&world, "pill", "south", "A").expires_us,
                        TEST_NOW_US + 9 * TEST_DAY_US);
                assert_number(lots_row(&world, "pill", "south", "B").available, 3);
                sale_close(&world);
        }
}

/* Which lots come back must be said of a product that is kept by lot; of others it stays open. */
static void a_part_of_several_lots_is_named(void **state)
{
        const ocore_return *row;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        order_id = sell_lots(&world, OCORE_TRACKING_LOT);
        id = test_next_id(&world);
        assert_refused(
                &world, try_one(&world, id, order_id, 2, "", &row), OCORE_INVALID, "lines[0].lot");
        assert_refused(
                &world, try_one(&world, id, order_id, 3, "A", &row), OCORE_STATE, "lines[0].lot");
        assert_refused(
                &world, try_one(&world, id, order_id, 1, "C", &row), OCORE_STATE, "lines[0].lot");
        assert_done(&world, try_one(&world, id, order_id, 2, "A", &row));
        assert_text(row->lines[0]->lot, "A");
        assert_refused(&world, try_one(&world, test_next_id(&world), order_id, 1, "A", &row),
                OCORE_STATE, "lines[0].lot");
        settle(&world, id, "north");
        id = test_next_id(&world); /* only B is left: no need to name it */
        assert_done(&world, try_one(&world, id, order_id, 1, "", &row));
        assert_text(row->lines[0]->lot, "B");
        settle(&world, id, "north");
        assert_number(lots_row(&world, "pill", "north", "A").available, 2);
        assert_number(lots_row(&world, "pill", "north", "B").available, 1);
        sale_close(&world);
}

static void lots_of_one_line_come_in_one_return(void **state)
{
        const ocore_return_draft_line both[] = {{1, {1, 0, 0}, 0, STR_INIT("A")},
                {1, {2, 0, 0}, OCORE_REASON_DAMAGED, STR_INIT("B")}};
        const ocore_return_draft_line mixed[] = {
                {1, {1, 0, 0}, 0, STR_INIT("A")}, {1, {1, 0, 0}, 0, {0}}};
        const ocore_return_draft_line much[] = {
                {1, {1, 0, 0}, 0, STR_INIT("B")}, {1, {3, 0, 0}, 0, STR_INIT("B")}};
        const ocore_return *row;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        order_id = sell_lots(&world, OCORE_TRACKING_LOT);
        id = test_next_id(&world);
        assert_refused(&world, try_back(&world, id, order_id, mixed, 2, &row), OCORE_INVALID,
                "lines[1].line");
        assert_refused(
                &world, try_back(&world, id, order_id, much, 2, &row), OCORE_STATE, "lines[1].lot");
        assert_done(&world, try_back(&world, id, order_id, both, 2, &row));
        assert_number(row->lines[1]->reason, OCORE_REASON_DAMAGED);
        assert_number(settle(&world, id, "north")->refund_minor, 300);
        assert_number(lots_row(&world, "pill", "north", "B").available, 2);
        sale_close(&world);
}

static void a_serial_number_comes_back_once(void **state)
{
        const ocore_return *row;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        sale_open(&world);
        lots_product(&world, "saw", 0, OCORE_TRACKING_SERIAL);
        assorted_lot(&world, "saw", "north", "S1", "1", 0);
        assorted_lot(&world, "saw", "north", "S2", "1", 0);
        order_id = sale_of(&world, "saw", "2");
        sale_deliver(&world, order_id, "");
        id = test_next_id(&world);
        assert_done(&world, try_one(&world, id, order_id, 1, "S2", &row));
        settle(&world, id, "north");
        assert_refused(&world, try_one(&world, test_next_id(&world), order_id, 1, "S2", &row),
                OCORE_STATE, "lines[0].lot");
        assert_number(lots_row(&world, "saw", "north", "S2").available, 1);
        sale_close(&world);
}

/* Sets of one cup and two teas come back whole, or not at all. */
static void bundles_come_back_whole(void **state)
{
        static const assorted_part parts[] = {{"cup", "1"}, {"tea", "2"}};
        static const ocore_return_draft_line part = {2, {1, 0, 0}, 0, {0}};
        const sale_line line = {"set", "3"};
        const ocore_return *row;
        const ocore_order *order;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "set", 0, 0, parts, 2);
        order_id = sale_place(&world, &line, 1, "post");
        sale_confirm(&world, order_id);
        id = test_next_id(&world);
        assert_refused(&world, try_one(&world, id, order_id, 1, "", &row), OCORE_STATE,
                "lines[0].quantity"); /* it has not arrived */
        sale_deliver(&world, order_id, "");
        assert_refused(&world, try_back(&world, id, order_id, &part, 1, &row), OCORE_INVALID,
                "lines[0].line");
        assert_refused(
                &world, try_one(&world, id, order_id, 1, "A", &row), OCORE_INVALID, "lines[0].lot");
        assert_done(&world, try_one(&world, id, order_id, 2, "", &row));
        assert_int_equal(row->line_count, 3);
        assert_number(row->lines[0]->kind, OCORE_PRODUCT_BUNDLE);
        assert_number(row->lines[1]->quantity, 2);
        assert_number(row->lines[2]->quantity, 4);
        row = settle(&world, id, "north");
        assert_number(row->refund_minor, 4000 + 332); /* two thirds of 4.99, rounded down */
        assert_number(row->lines[1]->refund_minor, 0);
        assert_number(row->lines[2]->restocked, 4);
        assert_number(shop_stock(&world, "cup", "north").available, 2);
        assert_number(shop_stock(&world, "tea", "north").available, 98);
        order = sale_order(&world, order_id);
        assert_number(order->lines[0]->refunded, 2);
        assert_number(order->lines[2]->returned, 4);
        assert_verified(&world);
        assert_refused(&world, try_one(&world, test_next_id(&world), order_id, 2, "", &row),
                OCORE_STATE, "lines[0].quantity");
        id = test_next_id(&world);
        assert_done(&world, try_one(&world, id, order_id, 1, "", &row));
        assert_number(settle(&world, id, "north")->refund_minor, 2000 + 167);
        assert_number(sale_order(&world, order_id)->due_minor, 0);
        sale_close(&world);
}

/* Five of ten go out and some of them come back; then the rest is cancelled, in one or two parts,
 * before or after: the stock is back where it began. */
static void after_a_return_and_a_cancel_the_stock_is_where_it_began(void **state)
{
        (void)state;
        for (int64_t back = 0; back <= 5; back++)
                for (int first = 0; first < 2; first++) {
                        const ocore_line_quantity some = {1, {5, 0, 0}};
                        ocore_fulfillment_request list = {.struct_size = sizeof list,
                                .lines = &some,
                                .line_count = 1,
                                .line_stride = sizeof some};
                        const ocore_return *row;
                        ocore_id id;
                        test_world world;

                        sale_open(&world);
                        list.order_id = sale_of(&world, "tea", "10");
                        list.id = test_next_id(&world);
                        assert_done(&world, ocore_fulfillment_create(world.core, &list, NULL));
                        for (int64_t step = OCORE_FULFILLMENT_STEP_PICK;
                                step <= OCORE_FULFILLMENT_STEP_DELIVER; step++)
                                sale_step(&world, list.id, step);
                        if (first)
                                sale_cancel(&world, list.order_id, 1, "2");
                        id = test_next_id(&world);
                        if (back) {
                                assert_done(
                                        &world, try_one(&world, id, list.order_id, back, "", &row));
                                settle(&world, id, "north");
                        }
                        assert_verified(&world);
                        sale_cancel(&world, list.order_id, 1, NULL);
                        assert_number(shop_stock(&world, "tea", "north").available, 95 + back);
                        assert_number(shop_stock(&world, "tea", "north").allocated, 0);
                        assert_number(sale_order(&world, list.order_id)->lines[0]->cancelled, 5);
                        assert_number(
                                sale_order(&world, list.order_id)->state, OCORE_ORDER_COMPLETED);
                        assert_refused(&world,
                                try_one(&world, test_next_id(&world), list.order_id, 6 - back, "",
                                        &row),
                                OCORE_STATE, "lines[0].quantity");
                        sale_close(&world);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(all_lots_come_back_as_they_went),
                cmocka_unit_test(a_part_of_several_lots_is_named),
                cmocka_unit_test(lots_of_one_line_come_in_one_return),
                cmocka_unit_test(a_serial_number_comes_back_once),
                cmocka_unit_test(bundles_come_back_whole),
                cmocka_unit_test(after_a_return_and_a_cancel_the_stock_is_where_it_began),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
