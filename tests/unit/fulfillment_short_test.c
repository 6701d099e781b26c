/*
 * Picks that come up short: what is missing leaves the list, its stock is lost or available again,
 * the order gets it from another place by its wishes or waits for it, the rest of the list goes on,
 * and wrong reports change nothing. Verify proves the books after each.
 */
#include "assortment.h"
#include "buying.h"

static int try_short(test_world *world, ocore_id id, int64_t keep,
        const ocore_fulfillment_short_line *lines, size_t count, const ocore_fulfillment **out)
{
        const ocore_fulfillment_short_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .fulfillment_id = id,
                .keep = keep,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        return ocore_fulfillment_short(world->core, &request, out);
}

/* Units of line 1 of a list are not there. */
static const ocore_fulfillment *come_up_short(
        test_world *world, ocore_id id, int64_t quantity, int64_t keep)
{
        const ocore_fulfillment_short_line one = {1, {quantity, 0, 0}};
        const ocore_fulfillment *row;

        assert_done(world, try_short(world, id, keep, &one, 1, &row));
        return row;
}

static int64_t lost(test_world *world, const char *sku)
{
        const ocore_stock_history_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku), .limit = 1000};
        const ocore_stock_history *history;
        int64_t sum = 0;

        assert_done(world, ocore_stock_history_page(world->core, &request, &history));
        for (size_t i = 0; i < history->move_count; i++)
                if (history->moves[i]->to_bucket == OCORE_ACCOUNT_LOST)
                        sum += history->moves[i]->quantity;
        return sum;
}

/* Three cups at north, some of which are not on the shelf; south has ten. */
static void what_is_missing_comes_from_elsewhere(void **state)
{
        (void)state;
        for (int64_t keep = 0; keep < 2; keep++)
                for (int64_t missing = 1; missing <= 3; missing++) {
                        const ocore_fulfillment *row;
                        const ocore_order *order;
                        ocore_stock stock;
                        ocore_id order_id, id;
                        test_world world;

                        sale_open(&world);
                        order_id = sale_of(&world, "cup", "3");
                        id = sale_release(&world, order_id, "");
                        row = come_up_short(&world, id, missing, keep);
                        assert_number(row->lines[0]->quantity, 3 - missing);
                        assert_number(row->lines[0]->short_quantity, missing);
                        assert_number(row->state, missing < 3 ? OCORE_FULFILLMENT_STATE_OPEN
                                                              : OCORE_FULFILLMENT_STATE_CANCELLED);
                        assert_number(sale_event(&world, order_id, 0).kind,
                                OCORE_EVENT_FULFILLMENT_SHORT);
                        assert_verified(&world);
                        stock = shop_stock(&world, "cup", "north");
                        assert_number(stock.available, keep ? missing : 0);
                        assert_number(stock.allocated, 3 - missing);
                        assert_number(lost(&world, "cup"), keep ? 0 : missing);
                        assert_number(shop_stock(&world, "cup", "south").allocated, missing);
                        if (missing < 3)
                                for (int64_t step = OCORE_FULFILLMENT_STEP_PICK;
                                        step <= OCORE_FULFILLMENT_STEP_DELIVER; step++)
                                        sale_step(&world, id, step);
                        sale_deliver(&world, order_id, "");
                        order = sale_order(&world, order_id);
                        assert_number(order->state, OCORE_ORDER_COMPLETED);
                        assert_number(order->lines[0]->delivered, 3);
                        sale_close(&world);
                }
}

static void what_cannot_be_had_waits(void **state)
{
        const ocore_order *order;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "13");
        id = sale_release(&world, order_id, "south");
        come_up_short(&world, id, 4, 1);
        order = sale_order(&world, order_id);
        assert_number(order->lines[0]->backordered, 4); /* not from where they were not found */
        assert_number(order->lines[0]->allocated, 9);
        assert_number(shop_stock(&world, "cup", "south").available, 4);
        assert_verified(&world);
        shop_receive(&world, "cup", "north", "1");
        id = sale_release(&world, order_id, "north");
        come_up_short(&world, id, 2, 0);
        order = sale_order(&world, order_id); /* the books have one at north, but not the shelf */
        assert_number(order->lines[0]->backordered, 4);
        assert_number(shop_stock(&world, "cup", "north").available, 1);
        assert_number(shop_stock(&world, "cup", "south").available, 2);
        sale_close(&world);
}

/* Another lot of the same site is another place. */
static void another_lot_will_do(void **state)
{
        const ocore_order *order;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        sale_open(&world);
        sale_lots(&world, 2);
        order_id = sale_of(&world, "mug", "2");
        id = sale_release(&world, order_id, "");
        come_up_short(&world, id, 1, 1);
        order = sale_order(&world, order_id);
        assert_int_equal(order->lines[0]->allocation_count, 2);
        assert_text(order->lines[0]->allocations[1]->lot, "L2");
        assert_number(order->lines[0]->allocations[1]->allocated, 1);
        assert_number(order->lines[0]->allocations[0]->released, 1);
        sale_close(&world);
}

/* Two lines of one product at one place, and a line of another, in one report. */
static void several_lines_are_reported_at_once(void **state)
{
        static const ocore_fulfillment_short_line missing[] = {
                {2, {2, 0, 0}}, {1, {1, 0, 0}}, {3, {5, 0, 0}}};
        const sale_line lines[] = {{"cup", "1"}, {"cup", "2"}, {"tea", "5"}};
        const ocore_fulfillment *row;
        const ocore_order *order;
        ocore_id order_id, id;
        test_world world;

        (void)state;
        for (int64_t keep = 0; keep < 2; keep++) {
                sale_open(&world);
                order_id = sale_place(&world, lines, 3, "");
                sale_confirm(&world, order_id);
                id = sale_release(&world, order_id, "");
                assert_done(&world, try_short(&world, id, keep, missing, 3, &row));
                assert_number(row->state, OCORE_FULFILLMENT_STATE_CANCELLED);
                assert_number(shop_stock(&world, "cup", "north").available, keep ? 3 : 0);
                assert_number(shop_stock(&world, "cup", "south").allocated, 3);
                order = sale_order(&world, order_id);
                assert_number(order->lines[2]->backordered, 5);
                assert_number(shop_stock(&world, "tea", "north").available, keep ? 100 : 95);
                sale_close(&world);
        }
}

static void the_wishes_of_the_draft_still_count(void **state)
{
        static const ocore_site_wish shun = {STR_INIT("south"), 1};
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        ocore_id id;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        draft.sites = &shun;
        draft.site_count = 1;
        draft.site_stride = sizeof shun;
        draft.priority = 5;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_confirm(&world, draft.id);
        id = sale_release(&world, draft.id, "");
        come_up_short(&world, id, 2, 0);
        assert_number(sale_order(&world, draft.id)->lines[0]->backordered, 2);
        assert_number(sale_order(&world, draft.id)->backorders[0]->rank, -5);
        sale_close(&world);
}

static void wrong_reports_change_nothing(void **state)
{
        static const struct {
                ocore_fulfillment_short_line lines[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{{1, {4, 0, 0}}}, 1, OCORE_STATE, "lines[0].quantity"},
                {{{1, {1, 0, 0}}, {1, {1, 0, 0}}}, 2, OCORE_INVALID, "lines[1].number"},
                {{{2, {1, 0, 0}}}, 1, OCORE_NOT_FOUND, "lines[0].number"},
                {{{INT64_MAX, {1, 0, 0}}}, 1, OCORE_NOT_FOUND, "lines[0].number"},
                {{{0, {1, 0, 0}}}, 1, OCORE_INVALID, "lines[0].number"},
                {{{1, {0, 0, 0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {-1, 0, 0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {15, 1, 0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {INT64_MAX, 0, 0}}}, 1, OCORE_STATE, "lines[0].quantity"},
                {{{1, {1, 0, 0}}}, 0, OCORE_INVALID, "lines"},
        };
        const ocore_fulfillment_short_line one = {1, {1, 0, 0}};
        const ocore_fulfillment *row;
        ocore_id order_id, id;
        int64_t version;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "3");
        id = sale_release(&world, order_id, "");
        version = sale_order(&world, order_id)->version;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_refused(&world,
                        try_short(&world, id, 0, cases[i].lines, cases[i].count, &row),
                        cases[i].status, cases[i].field);
                assert_null(row);
        }
        assert_refused(&world, try_short(&world, id, 2, &one, 1, &row), OCORE_INVALID, "keep");
        assert_refused(&world, try_short(&world, test_id(3), 0, &one, 1, &row), OCORE_NOT_FOUND,
                "fulfillment_id");
        assert_number(sale_order(&world, order_id)->version, version);
        for (int64_t step = OCORE_FULFILLMENT_STEP_PICK; step <= OCORE_FULFILLMENT_STEP_DELIVER;
                step++) {
                sale_step(&world, id, step);
                assert_refused(&world, try_short(&world, id, 0, &one, 1, &row), OCORE_STATE,
                        "fulfillment_id");
        }
        sale_close(&world);
}

static void the_same_report_again_is_once(void **state)
{
        ocore_fulfillment_short_line line = {1, {1, 0, 0}};
        ocore_fulfillment_short_request request = {.struct_size = sizeof request,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_fulfillment *row;
        test_world world;

        (void)state;
        sale_open(&world);
        request.id = test_next_id(&world);
        request.fulfillment_id = sale_release(&world, sale_of(&world, "cup", "3"), "");
        assert_done(&world, ocore_fulfillment_short(world.core, &request, &row));
        assert_status(&world, ocore_fulfillment_short(world.core, &request, &row), OCORE_ALREADY);
        assert_number(row->lines[0]->quantity, 2);
        line.quantity.amount = 2;
        assert_refused(&world, ocore_fulfillment_short(world.core, &request, &row), OCORE_ID_REUSED,
                "lines");
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_missing_comes_from_elsewhere),
                cmocka_unit_test(what_cannot_be_had_waits),
                cmocka_unit_test(another_lot_will_do),
                cmocka_unit_test(several_lines_are_reported_at_once),
                cmocka_unit_test(the_wishes_of_the_draft_still_count),
                cmocka_unit_test(wrong_reports_change_nothing),
                cmocka_unit_test(the_same_report_again_is_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
