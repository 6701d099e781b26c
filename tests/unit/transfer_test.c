/*
 * Transfers: what one site sends the other has in transit, what arrives is available there, what
 * does not is lost by name, and at every moment out = in + in transit + lost (I5). Lots keep their
 * date and serial numbers stay one. The store is verified at each end.
 */
#include "sale.h"

#include "rows.h"

#include "inventory/inventory.h"

static ocore_transfer_ship_line sent(const char *sku, const char *lot, const char *quantity)
{
        const ocore_transfer_ship_line line = {
                ocore_str_of(sku), ocore_str_of(lot), test_quantity(quantity)};

        return line;
}

static ocore_transfer_ship_request sending(
        test_world *world, const ocore_transfer_ship_line *lines, size_t count)
{
        return (ocore_transfer_ship_request){.struct_size = sizeof(ocore_transfer_ship_request),
                .id = test_next_id(world),
                .from_site = STR("south"),
                .to_site = STR("north"),
                .reason = STR("T-1"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};
}

/* Cups from south to north; due in so many hours, 0: nobody knows when. */
static ocore_id send_cups(test_world *world, const char *quantity, int64_t hours)
{
        const ocore_transfer_ship_line line = sent("cup", "", quantity);
        ocore_transfer_ship_request request = sending(world, &line, 1);

        request.due_us = hours ? world->now_us + hours * TEST_HOUR_US : 0;
        assert_done(world, ocore_transfer_ship(world->core, &request, NULL));
        return request.id;
}

static int receive(test_world *world, ocore_id transfer_id, int64_t close,
        const ocore_transfer_receive_line *lines, size_t count, const ocore_transfer **out)
{
        const ocore_transfer_receive_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .transfer_id = transfer_id,
                .close = close,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return ocore_transfer_receive(world->core, &request, out);
}

static const ocore_transfer *look(test_world *world, ocore_id transfer_id)
{
        const ocore_transfer_key key = {sizeof key, transfer_id};
        const ocore_transfer *transfer;

        assert_done(world, ocore_transfer_get(world->core, &key, &transfer));
        return transfer;
}

static ocore_stock lot_stock(test_world *world, const char *sku, const char *site, const char *lot)
{
        const ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_stock none = {.scale = -1};
        const ocore_stock_list *list;

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (size_t i = 0; i < list->stock_count; i++)
                if (ocore_str_equal(list->stock[i]->site, ocore_str_of(site)) &&
                        ocore_str_equal(list->stock[i]->lot, ocore_str_of(lot)))
                        return *list->stock[i];
        return none;
}

/* Available south; available and in transit north. */
static void assert_cups(test_world *world, int64_t south, int64_t north, int64_t in_transit)
{
        assert_number(shop_stock(world, "cup", "south").available, south);
        assert_number(shop_stock(world, "cup", "south").in_transit, 0);
        assert_number(shop_stock(world, "cup", "north").available, north);
        assert_number(shop_stock(world, "cup", "north").in_transit, in_transit);
        assert_verified(world);
}

static int take_supply(void *user_data, const void *row, int64_t revision)
{
        (void)revision;
        *(ocore_supply *)user_data = *(const ocore_supply *)row;
        return OCORE_OK;
}

/* The only supply of cups; expected −1: there is none. */
static ocore_supply supply_of_cups(test_world *world)
{
        const ocore__scan scan = {.table = &ocore__supply_table};
        const ocore_allocator none = {NULL, NULL};
        ocore_supply supply = {.expected = -1};
        ocore__arena arena;

        ocore__arena_init(&arena, &none, 4096);
        assert_int_equal(
                ocore__scan_rows(world->core, &arena, &scan, 0, take_supply, &supply), OCORE_OK);
        ocore__arena_finish(&arena);
        supply.sku = STR("cup"); /* the texts went with the arena */
        supply.site = STR("north");
        return supply;
}

static void goods_go_and_arrive_in_parts(void **state)
{
        const ocore_transfer_receive_line some = {1, {4, 0, 0}}, rest = {1, {1, 0, 0}};
        const ocore_transfer *transfer;
        ocore_id id;
        test_world world;

        (void)state;
        sale_open(&world);
        id = send_cups(&world, "7", 5);
        assert_cups(&world, 3, 3, 7);
        assert_number(supply_of_cups(&world).expected, 7);
        assert_number(supply_of_cups(&world).unpromised, 7);
        assert_number(supply_of_cups(&world).due_us, world.now_us + 5 * TEST_HOUR_US);
        assert_text(look(&world, id)->to_site, "north");
        assert_number(look(&world, id)->state, OCORE_TRANSFER_SHIPPED);
        world.now_us += TEST_HOUR_US;
        assert_done(&world, receive(&world, id, 0, &some, 1, &transfer));
        assert_number(transfer->state, OCORE_TRANSFER_SHIPPED);
        assert_number(transfer->lines[0]->received, 4);
        assert_number(transfer->event_count, 2);
        assert_cups(&world, 3, 7, 3);
        assert_number(supply_of_cups(&world).expected, 3);
        assert_done(&world, receive(&world, id, 0, &rest, 1, NULL));
        assert_done(&world, receive(&world, id, 0, NULL, 0, &transfer)); /* all that is left */
        assert_number(transfer->state, OCORE_TRANSFER_CLOSED);
        assert_number(transfer->closed_us, world.now_us);
        assert_number(transfer->lines[0]->received, 7);
        assert_number(transfer->lines[0]->lost, 0);
        assert_cups(&world, 3, 10, 0);
        assert_number(supply_of_cups(&world).expected, -1);
        assert_refused(&world, receive(&world, id, 0, NULL, 0, NULL), OCORE_STATE, "transfer_id");
        sale_close(&world);
}

/* Closing says what is lost: beside what arrives, and of lines that are not named at all. */
static void closing_loses_the_rest(void **state)
{
        static const struct {
                int64_t hours, arrived, close;
                int64_t received, lost, events;
        } cases[] = {
                {0, 5, 1, 5, 2, 3},
                {3, 5, 1, 5, 2, 3},
                {3, 0, 1, 0, 7, 2},
                {0, 7, 1, 7, 0, 2},
                {3, 7, 0, 7, 0, 2},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_transfer_ship_line lines[] = {
                        sent("cup", "", "7"), sent("tea", "", "2")};
                const ocore_transfer_receive_line came = {1, {cases[i].arrived, 0, 0}};
                ocore_transfer_ship_request request;
                const ocore_transfer *transfer;
                test_world world;

                sale_open(&world);
                shop_receive(&world, "tea", "south", "2");
                request = sending(&world, lines, 2);
                request.due_us = cases[i].hours ? world.now_us + cases[i].hours * TEST_HOUR_US : 0;
                assert_done(&world, ocore_transfer_ship(world.core, &request, NULL));
                assert_done(
                        &world, receive(&world, request.id, cases[i].close, &came, 1, &transfer));
                assert_number(transfer->lines[0]->received, cases[i].received);
                assert_number(transfer->lines[0]->lost, cases[i].lost);
                assert_number(transfer->lines[1]->lost, cases[i].close ? 2 : 0);
                assert_number(transfer->state,
                        cases[i].close ? OCORE_TRANSFER_CLOSED : OCORE_TRANSFER_SHIPPED);
                assert_number(transfer->event_count,
                        cases[i].events + (cases[i].close && !cases[i].lost));
                assert_cups(&world, 3, 3 + cases[i].received, 0);
                sale_close(&world);
        }
}

/* Two lines of one product and lot, and of another lot; the date goes along. */
static void lots_keep_their_date(void **state)
{
        const ocore_stock_line in[] = {{STR_INIT("jam"), STR_INIT("south"), STR_INIT("A"),
                                               {5, 0, 0}, TEST_NOW_US + 9 * TEST_DAY_US},
                {STR_INIT("jam"), STR_INIT("south"), STR_INIT("B"), {6, 0, 0},
                        TEST_NOW_US + 8 * TEST_DAY_US}};
        const ocore_transfer_ship_line out[] = {
                sent("jam", "A", "1"), sent("jam", "B", "6"), sent("jam", "A", "2")};
        const ocore_product_request jam = {.struct_size = sizeof jam,
                .id = test_id(1),
                .sku = STR("jam"),
                .name = STR("jam"),
                .kind = OCORE_PRODUCT_GOODS,
                .tracking = OCORE_TRACKING_LOT};
        const ocore_stock_request come = {.struct_size = sizeof come,
                .id = test_id(2),
                .lines = in,
                .line_count = 2,
                .line_stride = sizeof in[0]};
        ocore_transfer_ship_request request;
        const ocore_transfer *transfer;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, ocore_product_put(world.core, &jam, NULL));
        assert_done(&world, ocore_stock_receive(world.core, &come, NULL));
        request = sending(&world, out, 3);
        request.due_us = world.now_us + TEST_DAY_US;
        assert_done(&world, ocore_transfer_ship(world.core, &request, &transfer));
        assert_int_equal(transfer->line_count, 3);
        assert_number(lot_stock(&world, "jam", "north", "A").in_transit, 3);
        assert_number(lot_stock(&world, "jam", "north", "A").expires_us, in[0].expires_us);
        assert_number(lot_stock(&world, "jam", "north", "B").expires_us, in[1].expires_us);
        assert_number(lot_stock(&world, "jam", "south", "A").available, 2);
        assert_verified(&world);
        assert_done(&world, receive(&world, request.id, 0, NULL, 0, NULL));
        assert_number(lot_stock(&world, "jam", "north", "A").available, 3);
        assert_number(lot_stock(&world, "jam", "north", "B").available, 6);
        assert_number(lot_stock(&world, "jam", "north", "A").received_us, world.now_us);
        sale_close(&world);
}

static void serials_stay_one(void **state)
{
        const ocore_stock_line in = {
                STR_INIT("saw"), STR_INIT("south"), STR_INIT("S1"), {1, 0, 0}, 0};
        const ocore_transfer_ship_line out = sent("saw", "S1", "1"), unnamed = sent("saw", "", "1");
        const ocore_product_request saw = {.struct_size = sizeof saw,
                .id = test_id(1),
                .sku = STR("saw"),
                .name = STR("saw"),
                .kind = OCORE_PRODUCT_GOODS,
                .tracking = OCORE_TRACKING_SERIAL};
        ocore_stock_request come = {.struct_size = sizeof come,
                .id = test_id(2),
                .lines = &in,
                .line_count = 1,
                .line_stride = sizeof in};
        ocore_transfer_ship_request request;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, ocore_product_put(world.core, &saw, NULL));
        assert_done(&world, ocore_stock_receive(world.core, &come, NULL));
        request = sending(&world, &unnamed, 1);
        assert_refused(&world, ocore_transfer_ship(world.core, &request, NULL), OCORE_INVALID,
                "lines[0].lot");
        request = sending(&world, &out, 1);
        assert_done(&world, ocore_transfer_ship(world.core, &request, NULL));
        come.id = test_next_id(&world); /* on the way it is in the house all the same */
        assert_refused(
                &world, ocore_stock_receive(world.core, &come, NULL), OCORE_EXISTS, "lines[0].lot");
        assert_done(&world, receive(&world, request.id, 0, NULL, 0, NULL));
        assert_number(lot_stock(&world, "saw", "north", "S1").available, 1);
        assert_number(lot_stock(&world, "saw", "south", "S1").available, 0);
        request = sending(&world, &out, 1); /* it is not there any more */
        assert_refused(&world, ocore_transfer_ship(world.core, &request, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_close(&world);
}

static void wrong_shipments_are_refused(void **state)
{
        const struct {
                ocore_transfer_ship_line line;
                ocore_str from, to;
                int64_t due_us;
                int status;
                const char *field;
        } cases[] = {
                {sent("none", "", "1"), STR("south"), STR("north"), 0, OCORE_NOT_FOUND,
                        "lines[0].sku"},
                {sent("wrap", "", "1"), STR("south"), STR("north"), 0, OCORE_INVALID,
                        "lines[0].sku"},
                {sent("", "", "1"), STR("south"), STR("north"), 0, OCORE_INVALID, "lines[0].sku"},
                {sent("cup", "", "0"), STR("south"), STR("north"), 0, OCORE_INVALID,
                        "lines[0].quantity"},
                {sent("cup", "", "-1"), STR("south"), STR("north"), 0, OCORE_INVALID,
                        "lines[0].quantity"},
                {sent("cup", "", "0.5"), STR("south"), STR("north"), 0, OCORE_INVALID,
                        "lines[0].quantity"},
                {sent("cup", "", "11"), STR("south"), STR("north"), 0, OCORE_OUT_OF_STOCK,
                        "lines[0].quantity"},
                {sent("cup", "L", "1"), STR("south"), STR("north"), 0, OCORE_OUT_OF_STOCK,
                        "lines[0].quantity"},
                {sent("tea", "", "1"), STR("south"), STR("north"), 0, OCORE_OUT_OF_STOCK,
                        "lines[0].quantity"},
                {sent("cup", "", "1"), STR("none"), STR("north"), 0, OCORE_NOT_FOUND, "from_site"},
                {sent("cup", "", "1"), STR("south"), STR("none"), 0, OCORE_NOT_FOUND, "to_site"},
                {sent("cup", "", "1"), STR("south"), STR("south"), 0, OCORE_INVALID, "to_site"},
                {sent("cup", "", "1"), STR(""), STR("north"), 0, OCORE_INVALID, "from_site"},
                {sent("cup", "", "1"), STR("south"), STR("north"), -1, OCORE_INVALID, "due_us"},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_transfer_ship_request request = sending(&world, &cases[i].line, 1);
                const ocore_transfer *transfer;

                request.from_site = cases[i].from;
                request.to_site = cases[i].to;
                request.due_us = cases[i].due_us;
                assert_refused(&world, ocore_transfer_ship(world.core, &request, &transfer),
                        cases[i].status, cases[i].field);
                assert_null(transfer);
        }
        assert_cups(&world, 10, 3, 0);
        sale_close(&world);
}

/* All lines or none: six and five of ten cups. */
static void a_transfer_is_shipped_whole(void **state)
{
        const ocore_transfer_ship_line lines[] = {
                sent("cup", "", "6"), sent("cup", "", "5"), sent("cup", "", "4")};
        ocore_transfer_ship_request request;
        test_world world;

        (void)state;
        sale_open(&world);
        request = sending(&world, lines, 2);
        assert_refused(&world, ocore_transfer_ship(world.core, &request, NULL), OCORE_OUT_OF_STOCK,
                "lines[1].quantity");
        assert_cups(&world, 10, 3, 0);
        request = sending(&world, lines, 0);
        assert_refused(
                &world, ocore_transfer_ship(world.core, &request, NULL), OCORE_INVALID, "lines");
        sale_close(&world);
}

static void wrong_receipts_are_refused(void **state)
{
        const struct {
                ocore_transfer_receive_line lines[2];
                size_t count;
                int64_t close;
                int status;
                const char *field;
        } cases[] = {
                {{{1, {8, 0, 0}}}, 1, 0, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {4, 0, 0}}, {1, {4, 0, 0}}}, 2, 0, OCORE_INVALID, "lines[1].quantity"},
                {{{1, {-1, 0, 0}}}, 1, 0, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {15, 1, 0}}}, 1, 0, OCORE_INVALID, "lines[0].quantity"},
                {{{2, {1, 0, 0}}}, 1, 0, OCORE_NOT_FOUND, "lines[0].number"},
                {{{0, {1, 0, 0}}}, 1, 0, OCORE_INVALID, "lines[0].number"},
                {{{-1, {1, 0, 0}}}, 1, 0, OCORE_INVALID, "lines[0].number"},
                {{{INT64_MAX, {1, 0, 0}}}, 1, 0, OCORE_NOT_FOUND, "lines[0].number"},
                {{{1, {0, 0, 0}}}, 1, 0, OCORE_INVALID, "lines"},
                {{{1, {1, 0, 0}}}, 1, 2, OCORE_INVALID, "close"},
        };
        const ocore_transfer_key key = {sizeof key, test_id(9)};
        const ocore_transfer *transfer;
        ocore_id id;
        test_world world;

        (void)state;
        sale_open(&world);
        id = send_cups(&world, "7", 2);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        receive(&world, id, cases[i].close, cases[i].lines, cases[i].count, NULL),
                        cases[i].status, cases[i].field);
        assert_refused(&world, receive(&world, test_id(9), 0, NULL, 0, &transfer), OCORE_NOT_FOUND,
                "transfer_id");
        assert_null(transfer);
        assert_refused(&world, ocore_transfer_get(world.core, &key, &transfer), OCORE_NOT_FOUND,
                "transfer_id");
        assert_cups(&world, 3, 3, 7);
        assert_number(look(&world, id)->event_count, 1);
        sale_close(&world);
}

/* Goods that an order was promised come, or are lost: the books say so and the promise stays. */
static void promised_goods_may_be_lost(void **state)
{
        static const ocore_transfer_receive_line some = {1, {2, 0, 0}};
        ocore_supply supply;
        ocore_id id;
        test_world world;

        (void)state;
        sale_open(&world);
        id = send_cups(&world, "7", 2);
        supply = supply_of_cups(&world);
        assert_int_equal(test_revision(&world, &ocore__supply_table, &supply), 1);
        {
                const ocore_cell cells[] = {ocore__cell_number(1), ocore__cell_text(supply.sku),
                        ocore__cell_id(supply.source_id), ocore__cell_number(supply.number)};
                const ocore_add add = {.column = 9, .amount = -6}; /* unpromised */
                const ocore_write write = {.table = &ocore__supply_table,
                        .cells = cells,
                        .kind = OCORE_WRITE_ADD,
                        .cell_count = 4,
                        .adds = &add,
                        .add_count = 1};
                ocore_refusal refusal;

                assert_int_equal(
                        world.store.ops->write(world.store.self, &write, 1, &refusal), OCORE_OK);
        }
        assert_number(supply_of_cups(&world).unpromised, 1);
        assert_done(&world, receive(&world, id, 0, &some, 1, NULL));
        assert_number(supply_of_cups(&world).expected, 5);
        assert_number(supply_of_cups(&world).unpromised, -1);
        assert_done(&world, receive(&world, id, 1, &some, 1, NULL));
        assert_number(supply_of_cups(&world).expected, 0);
        assert_number(supply_of_cups(&world).unpromised, -6);
        assert_number(shop_stock(&world, "cup", "north").available, 7);
        test_close(&world); /* no order has these promises: it would not be verified */
}

static void repeating_changes_nothing(void **state)
{
        const ocore_transfer_ship_line line = sent("cup", "", "2");
        ocore_transfer_receive_request come = {.struct_size = sizeof come};
        ocore_transfer_ship_request request;
        const ocore_transfer *transfer;
        test_world world;

        (void)state;
        sale_open(&world);
        request = sending(&world, &line, 1);
        assert_done(&world, ocore_transfer_ship(world.core, &request, NULL));
        assert_status(&world, ocore_transfer_ship(world.core, &request, &transfer), OCORE_ALREADY);
        assert_int_equal(transfer->line_count, 1);
        come.id = test_next_id(&world);
        come.transfer_id = request.id;
        assert_done(&world, ocore_transfer_receive(world.core, &come, NULL));
        assert_status(&world, ocore_transfer_receive(world.core, &come, &transfer), OCORE_ALREADY);
        assert_number(transfer->state, OCORE_TRANSFER_CLOSED);
        assert_cups(&world, 8, 5, 0);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(goods_go_and_arrive_in_parts),
                cmocka_unit_test(closing_loses_the_rest),
                cmocka_unit_test(lots_keep_their_date),
                cmocka_unit_test(serials_stay_one),
                cmocka_unit_test(wrong_shipments_are_refused),
                cmocka_unit_test(a_transfer_is_shipped_whole),
                cmocka_unit_test(wrong_receipts_are_refused),
                cmocka_unit_test(promised_goods_may_be_lost),
                cmocka_unit_test(repeating_changes_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
