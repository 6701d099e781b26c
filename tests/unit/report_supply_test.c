/*
 * What is held, what orders wait for, and what moved: counted by commands in a small shop, and on
 * planted rows where a sum does not fit. Rows come in their order, however they were made.
 */
#include "../support/rows.h"

#include "buying.h"

#include "inventory/inventory.h"
#include "order/order_room.h"

#define DAY TEST_DAY_US

static const ocore_empty_request all = {sizeof all};

static ocore_id hold(test_world *world, const char *sku, const char *quantity, int64_t expires_us)
{
        const ocore_hold_request_line line = {ocore_str_of(sku), test_quantity(quantity)};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = expires_us,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line,
                .holder = STR("cart"),
                .priority = 4};

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

static void holds_come_by_deadline(void **state)
{
        ocore_hold_release_request release = {.struct_size = sizeof release};
        const ocore_holds_report *report;
        ocore_id late, soon, gone;
        test_world world;

        (void)state;
        buy_open(&world);
        assert_done(&world, ocore_report_holds(world.core, &all, &report));
        assert_int_equal(report->row_count, 0);
        late = hold(&world, "cup", "5", TEST_NOW_US + 2 * DAY); /* 3 north, 2 south */
        world.now_us += 90 * INT64_C(1000000);
        soon = hold(&world, "rice", "1.25", TEST_NOW_US + DAY);
        gone = hold(&world, "tea", "1", TEST_NOW_US + DAY);
        release.id = test_next_id(&world);
        release.hold_id = gone;
        assert_done(&world, ocore_hold_release(world.core, &release, NULL));
        world.now_us += 10 * INT64_C(1000000);
        assert_done(&world, ocore_report_holds(world.core, &all, &report));
        assert_int_equal(report->row_count, 3);
        assert_same_id(report->rows[0]->hold_id, soon);
        assert_text(report->rows[0]->sku, "rice");
        assert_number(report->rows[0]->quantity, 1250);
        assert_number(report->rows[0]->scale, 3);
        assert_number(report->rows[0]->age_s, 10);
        assert_number(report->rows[0]->expires_us, TEST_NOW_US + DAY);
        assert_same_id(report->rows[1]->hold_id, late);
        assert_text(report->rows[1]->holder, "cart");
        assert_number(report->rows[1]->priority, 4);
        assert_text(report->rows[1]->site, "north");
        assert_number(report->rows[1]->quantity, 3);
        assert_number(report->rows[1]->age_s, 100);
        assert_text(report->rows[2]->site, "south");
        assert_number(report->rows[2]->quantity, 2);
        world.now_us = TEST_NOW_US - DAY; /* set back */
        assert_done(&world, ocore_report_holds(world.core, &all, &report));
        assert_number(report->rows[1]->age_s, 0);
        world.now_us = TEST_NOW_US + DAY;
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_done(&world, ocore_report_holds(world.core, &all, &report));
        assert_int_equal(report->row_count, 2);
        sale_close(&world);
}

static void many_holds_are_all_told(void **state)
{
        enum { COUNT = 150 };
        const ocore_holds_report *report;
        test_world world;

        (void)state;
        buy_open(&world);
        shop_receive(&world, "tea", "south", "100");
        for (int64_t i = 0; i < COUNT; i++)
                hold(&world, "tea", "1", TEST_NOW_US + DAY - i);
        assert_done(&world, ocore_report_holds(world.core, &all, &report));
        assert_int_equal(report->row_count, COUNT);
        for (int64_t i = 0; i < COUNT; i++)
                assert_number(report->rows[i]->expires_us, TEST_NOW_US + DAY - COUNT + 1 + i);
        sale_close(&world);
}

/* Two lines of one order are one order; what has no date is told apart. */
static void backorders_by_product(void **state)
{
        const ocore_draft_line twice[] = {
                line_of("jug", "3"), line_of("box", "1"), line_of("jug", "4")};
        const ocore_backorders_report *report;
        ocore_order_draft draft;
        test_world world;

        (void)state;
        buy_open(&world);
        assert_done(&world, ocore_report_backorders(world.core, &all, &report));
        assert_int_equal(report->row_count, 0);
        buy(&world, "jug", "5", TEST_NOW_US + 2 * DAY);
        buy_waiting(&world, "jug", "2", 0);
        world.now_us += TEST_HOUR_US;
        draft = draft_of(&world, twice, 3);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_done(&world, ocore_report_backorders(world.core, &all, &report));
        assert_int_equal(report->row_count, 2);
        assert_text(report->rows[0]->sku, "box");
        assert_number(report->rows[0]->orders, 1);
        assert_number(report->rows[0]->quantity, 1);
        assert_number(report->rows[0]->undated, 1);
        assert_number(report->rows[0]->expected_us, 0);
        assert_number(report->rows[0]->oldest_us, TEST_NOW_US + TEST_HOUR_US);
        assert_text(report->rows[1]->sku, "jug");
        assert_number(report->rows[1]->orders, 2);
        assert_number(report->rows[1]->quantity, 9);
        assert_number(report->rows[1]->undated, 4);
        assert_number(report->rows[1]->expected_us, TEST_NOW_US + 2 * DAY);
        assert_number(report->rows[1]->oldest_us, TEST_NOW_US);
        sale_close(&world);
}

static void check_move(const ocore_moves_row *row, const char *sku, int64_t from, int64_t to,
        int64_t moves, int64_t quantity)
{
        assert_text(row->sku, sku);
        assert_number(row->from_bucket, from);
        assert_number(row->to_bucket, to);
        assert_number(row->moves, moves);
        assert_number(row->quantity, quantity);
}

static void moves_by_their_ends(void **state)
{
        ocore_moves_report_request request = {.struct_size = sizeof request};
        const ocore_moves_report *report;
        test_world world;
        ocore_id id;

        (void)state;
        test_open(&world);
        shop_site(&world, "north", 1);
        buy_supplier(&world, "acme", 0, 0);
        buy_goods(&world, (buy_product){"jug", 0, "acme", 0, 0, 0});
        buy_goods(&world, (buy_product){"ale", 0, "acme", 0, 0, 0});
        assert_done(&world, ocore_report_moves(world.core, &request, &report));
        assert_int_equal(report->row_count, 0);
        id = buy(&world, "jug", "10", 0);
        shop_receive(&world, "ale", "north", "7");
        world.now_us += DAY;
        buy_receive(&world, id, "4");
        buy_receive(&world, id, "6");
        world.now_us += DAY;
        draft_place(&world, "jug", "3");
        assert_done(&world, ocore_report_moves(world.core, &request, &report));
        assert_int_equal(report->row_count, 4);
        check_move(report->rows[0], "ale", OCORE_ACCOUNT_SUPPLIER, OCORE_BUCKET_AVAILABLE, 1, 7);
        check_move(report->rows[1], "jug", OCORE_BUCKET_AVAILABLE, OCORE_BUCKET_ALLOCATED, 1, 3);
        check_move(report->rows[2], "jug", OCORE_BUCKET_INCOMING, OCORE_BUCKET_AVAILABLE, 2, 10);
        check_move(report->rows[3], "jug", OCORE_ACCOUNT_SUPPLIER, OCORE_BUCKET_INCOMING, 1, 10);
        request.from_us = TEST_NOW_US + DAY;
        request.until_us = TEST_NOW_US + 2 * DAY; /* from it on, and before it */
        assert_done(&world, ocore_report_moves(world.core, &request, &report));
        assert_int_equal(report->row_count, 1);
        check_move(report->rows[0], "jug", OCORE_BUCKET_INCOMING, OCORE_BUCKET_AVAILABLE, 2, 10);
        request.until_us = request.from_us;
        assert_refused(&world, ocore_report_moves(world.core, &request, &report), OCORE_INVALID,
                "until_us");
        assert_null(report);
        request.from_us = -1;
        assert_refused(&world, ocore_report_moves(world.core, &request, &report), OCORE_INVALID,
                "from_us");
        sale_close(&world);
}

/* What a report cannot add up is refused, and so is a report inside a unit. */
static void sums_that_do_not_fit(void **state)
{
        const ocore_moves_report_request request = {.struct_size = sizeof request};
        ocore_stock_move move = {.command_id = test_id(1),
                .number = 1,
                .sku = STR("x"),
                .site = STR("s"),
                .from_bucket = OCORE_ACCOUNT_SUPPLIER,
                .to_bucket = OCORE_BUCKET_AVAILABLE,
                .quantity = INT64_MAX,
                .at_us = 5};
        ocore_backorder waits = {.order_id = test_id(1),
                .line = 1,
                .sku = STR("x"),
                .kind = OCORE_BACKORDER_SUPPLY,
                .quantity = INT64_MAX,
                .since_us = 5};
        const ocore_moves_report *moves;
        const ocore_backorders_report *backorders;
        test_world world;

        (void)state;
        test_open(&world);
        test_insert(&world, &ocore__stock_move_table, &move);
        test_insert(&world, &ocore__backorder_table, &waits);
        assert_done(&world, ocore_report_moves(world.core, &request, &moves));
        assert_number(moves->rows[0]->quantity, INT64_MAX);
        assert_done(&world, ocore_report_backorders(world.core, &all, &backorders));
        assert_number(backorders->rows[0]->undated, INT64_MAX);
        move.number = 2;
        move.quantity = 1;
        waits.line = 2;
        waits.quantity = 1;
        test_insert(&world, &ocore__stock_move_table, &move);
        test_insert(&world, &ocore__backorder_table, &waits);
        assert_refused(
                &world, ocore_report_moves(world.core, &request, &moves), OCORE_OVERFLOW, "");
        assert_refused(
                &world, ocore_report_backorders(world.core, &all, &backorders), OCORE_OVERFLOW, "");
        assert_null(backorders);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_refused(&world, ocore_report_moves(world.core, &request, NULL), OCORE_STATE, "");
        assert_refused(&world, ocore_report_holds(world.core, &all, NULL), OCORE_STATE, "");
        assert_refused(&world, ocore_report_backorders(world.core, &all, NULL), OCORE_STATE, "");
        assert_done(&world, ocore_unit_cancel(world.core));
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(holds_come_by_deadline),
                cmocka_unit_test(many_holds_are_all_told),
                cmocka_unit_test(backorders_by_product),
                cmocka_unit_test(moves_by_their_ends),
                cmocka_unit_test(sums_that_do_not_fit),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
