/*
 * Lots: a recalled lot leaves the sale at every site and never comes back into it, whichever way
 * its units become free or come in: cancelled, released, returned, received, corrected. A trace
 * names each order and hold that has or had units of a lot, with numbers that follow each step.
 * The store is verified after each test.
 */
#include "lots.h"

static const ocore_lot_trace *trace(test_world *world, const char *sku, const char *lot)
{
        const ocore_lot_trace_request request = {
                sizeof request, ocore_str_of(sku), ocore_str_of(lot)};
        const ocore_lot_trace *found;

        assert_done(world, ocore_lot_trace_of(world->core, &request, &found));
        return found;
}

/* What an order or hold has of lot L1 of tins; with shop and tins of the lot at two sites. */
static void assert_holder(
        test_world *world, ocore_id id, int64_t reserved, int64_t shipped, int64_t came_back)
{
        const ocore_lot_trace *found = trace(world, "tin", "L1");
        ocore_lot_holder holder = {.subject_id = id};

        for (size_t i = 0; i < found->holder_count; i++)
                if (memcmp(found->holders[i]->subject_id.bytes, id.bytes, sizeof id.bytes) == 0)
                        holder = *found->holders[i];
        assert_number(holder.reserved, reserved);
        assert_number(holder.shipped, shipped);
        assert_number(holder.came_back, came_back);
}

static void assert_tins(test_world *world, const char *site, int64_t available, int64_t damaged)
{
        const ocore_stock row = lots_row(world, "tin", site, "L1");

        assert_number(row.available, available);
        assert_number(row.damaged, damaged);
}

static void begin(test_world *world)
{
        sale_open(world);
        lots_product(world, "tin", 0, OCORE_TRACKING_LOT);
        assert_done(world, lots_do(world, ocore_stock_receive, "tin", "north", "L1", "20", 0));
        assert_done(world, lots_do(world, ocore_stock_receive, "tin", "south", "L1", "5", 0));
}

static ocore_id hold(test_world *world, const char *quantity)
{
        const ocore_hold_request_line line = {STR("tin"), test_quantity(quantity)};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_HOUR_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

static void release(test_world *world, ocore_id hold_id)
{
        const ocore_hold_release_request request = {sizeof request, test_next_id(world), hold_id};

        assert_done(world, ocore_hold_release(world->core, &request, NULL));
}

/* An order for tins that a hold kept. */
static ocore_id convert(test_world *world, ocore_id hold_id, const char *quantity)
{
        const ocore_draft_line line = line_of("tin", quantity);
        ocore_order_draft draft = draft_of(world, &line, 1);

        draft.hold_id = hold_id;
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

/* Units of the first line come back to the north and are judged fit for sale. */
static void bring_back(test_world *world, ocore_id order_id, int64_t quantity)
{
        const ocore_return_draft_line line = {.line = 1, .quantity = {quantity, 0, 0}};
        const ocore_return_draft request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_return_receive_request receive = {.struct_size = sizeof receive,
                .id = test_next_id(world),
                .return_id = request.id,
                .site = STR("north")};
        const ocore_return_inspect_request inspect = {
                .struct_size = sizeof inspect, .id = test_next_id(world), .return_id = request.id};

        assert_done(world, ocore_return_request(world->core, &request, NULL));
        assert_done(world, ocore_return_receive(world->core, &receive, NULL));
        assert_done(world, ocore_return_inspect(world->core, &inspect, NULL));
}

static void a_recall_takes_the_lot_out_everywhere(void **state)
{
        ocore_lot_recall_request request = {.struct_size = sizeof request,
                .sku = STR("tin"),
                .lot = STR("L1"),
                .reason = STR("glass in it")};
        const ocore_stock_moves *moves;
        ocore_id held;
        test_world world;

        (void)state;
        begin(&world);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L2", "4", 0));
        held = hold(&world, "3");
        world.now_us += TEST_MINUTE_US;
        request.id = test_next_id(&world);
        assert_done(&world, ocore_lot_recall(world.core, &request, &moves));
        assert_int_equal(moves->move_count, 2);
        assert_text(moves->moves[0]->site, "north");
        assert_number(moves->moves[0]->quantity, 17);
        assert_number(moves->moves[0]->from_bucket, OCORE_BUCKET_AVAILABLE);
        assert_number(moves->moves[0]->to_bucket, OCORE_BUCKET_DAMAGED);
        assert_text(moves->moves[0]->reason, "glass in it");
        assert_text(moves->moves[1]->site, "south");
        assert_number(moves->moves[1]->quantity, 5);
        assert_status(&world, ocore_lot_recall(world.core, &request, &moves), OCORE_ALREADY);
        assert_int_equal(moves->move_count, 2);
        assert_tins(&world, "north", 0, 17);
        assert_tins(&world, "south", 0, 5);
        assert_number(lots_row(&world, "tin", "north", "L1").recalled_us, world.now_us);
        assert_number(lots_row(&world, "tin", "north", "L1").held, 3);
        assert_number(lots_row(&world, "tin", "north", "L2").available, 4);
        assert_number(lots_row(&world, "tin", "north", "L2").recalled_us, 0);
        world.now_us += TEST_MINUTE_US;
        assert_done(&world, lots_recall(&world, "tin", "L1", &moves));
        assert_int_equal(moves->move_count, 0);
        assert_number(
                lots_row(&world, "tin", "north", "L1").recalled_us, world.now_us - TEST_MINUTE_US);
        release(&world, held);
        sale_close(&world);
}

static void what_is_no_lot_is_refused(void **state)
{
        static const struct {
                const char *sku, *lot, *reason;
                int status;
                const char *field;
        } cases[] = {
                {"", "L1", "so", OCORE_INVALID, "sku"},
                {"tin", "", "so", OCORE_INVALID, "lot"},
                {"tin", "L1", "", OCORE_INVALID, "reason"},
                {"none", "L1", "so", OCORE_NOT_FOUND, "lot"},
                {"tin", "L3", "so", OCORE_NOT_FOUND, "lot"},
                {"tin", "L", "so", OCORE_NOT_FOUND, "lot"},
        };
        test_world world;

        (void)state;
        begin(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_lot_recall_request recall = {.struct_size = sizeof recall,
                        .id = test_next_id(&world),
                        .sku = ocore_str_of(cases[i].sku),
                        .lot = ocore_str_of(cases[i].lot),
                        .reason = ocore_str_of(cases[i].reason)};
                const ocore_lot_trace_request question = {sizeof question, recall.sku, recall.lot};
                const ocore_lot_trace *found;

                assert_refused(&world, ocore_lot_recall(world.core, &recall, NULL), cases[i].status,
                        cases[i].field);
                if (!cases[i].reason[0])
                        continue;
                assert_refused(&world, ocore_lot_trace_of(world.core, &question, &found),
                        cases[i].status, cases[i].field);
                assert_null(found);
        }
        assert_tins(&world, "north", 20, 0);
        sale_close(&world);
}

/* Everything that makes units free or brings them in, after the recall. */
static void a_recalled_lot_is_never_available(void **state)
{
        const ocore_draft_line line = line_of("tin", "1");
        ocore_stock_transfer_request back = {.struct_size = sizeof back,
                .sku = STR("tin"),
                .site = STR("north"),
                .lot = STR("L1"),
                .from_bucket = OCORE_BUCKET_DAMAGED,
                .to_bucket = OCORE_BUCKET_AVAILABLE,
                .quantity = {1, 0, 0}};
        ocore_id sold, cancelled, held;
        ocore_order_draft draft;
        test_world world;

        (void)state;
        begin(&world);
        sold = sale_of(&world, "tin", "4");
        sale_deliver(&world, sold, "north");
        cancelled = sale_of(&world, "tin", "3");
        held = hold(&world, "2");
        assert_tins(&world, "north", 11, 0);
        assert_done(&world, lots_recall(&world, "tin", "L1", NULL));
        assert_tins(&world, "north", 0, 11);
        draft = draft_of(&world, &line, 1);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_cancel(&world, cancelled, 1, NULL);
        assert_tins(&world, "north", 0, 14);
        release(&world, held);
        assert_tins(&world, "north", 0, 16);
        bring_back(&world, sold, 1);
        assert_tins(&world, "north", 0, 17);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L1", "2", 0));
        assert_tins(&world, "north", 0, 19);
        assert_done(&world, lots_do(&world, ocore_stock_adjust, "tin", "north", "L1", "1", 0));
        assert_tins(&world, "north", 0, 20);
        assert_refused(&world, lots_do(&world, ocore_stock_count, "tin", "north", "L1", "1", 0),
                OCORE_STATE, "lines[0].lot");
        assert_done(&world, lots_do(&world, ocore_stock_count, "tin", "north", "L1", "0", 0));
        back.id = test_next_id(&world);
        assert_refused(
                &world, ocore_stock_transfer(world.core, &back, NULL), OCORE_STATE, "to_bucket");
        back.id = test_next_id(&world);
        back.to_bucket = OCORE_ACCOUNT_SUPPLIER;
        assert_done(&world, ocore_stock_transfer(world.core, &back, NULL));
        assert_tins(&world, "north", 0, 19);
        /* A site that never had the lot gets no more of it to sell than the others. */
        shop_site(&world, "east", 3);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "east", "L1", "6", 0));
        assert_tins(&world, "east", 0, 6);
        draft.id = test_next_id(&world);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "east", "L2", "1", 0));
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_number(lots_row(&world, "tin", "east", "L2").allocated, 1);
        sale_close(&world);
}

static void a_trace_follows_each_step(void **state)
{
        const ocore_lot_trace *found;
        ocore_id order_id, other, pick_list, held;
        test_world world;

        (void)state;
        begin(&world);
        assert_int_equal(trace(&world, "tin", "L1")->holder_count, 0);
        order_id = sale_of(&world, "tin", "4");
        assert_holder(&world, order_id, 4, 0, 0);
        other = sale_of(&world, "tin", "2");
        assert_holder(&world, other, 2, 0, 0);
        sale_cancel(&world, order_id, 1, "1");
        assert_holder(&world, order_id, 3, 0, 0);
        pick_list = sale_release(&world, order_id, "north");
        sale_step(&world, pick_list, OCORE_FULFILLMENT_STEP_PICK);
        assert_holder(&world, order_id, 3, 0, 0);
        sale_step(&world, pick_list, OCORE_FULFILLMENT_STEP_PACK);
        sale_step(&world, pick_list, OCORE_FULFILLMENT_STEP_SHIP);
        assert_holder(&world, order_id, 0, 3, 0);
        sale_step(&world, pick_list, OCORE_FULFILLMENT_STEP_DELIVER);
        bring_back(&world, order_id, 2);
        assert_holder(&world, order_id, 0, 3, 2);
        held = hold(&world, "3");
        assert_holder(&world, held, 3, 0, 0);
        found = trace(&world, "tin", "L1");
        assert_text(found->sku, "tin");
        assert_text(found->lot, "L1");
        assert_number(found->scale, 0);
        assert_int_equal(found->stock_count, 2);
        assert_text(found->stock[0]->site, "north");
        assert_number(found->stock[0]->held, 3);
        assert_number(found->stock[0]->allocated, 2);
        assert_text(found->stock[1]->site, "south");
        assert_int_equal(found->holder_count, 3);
        for (size_t i = 1; i < found->holder_count; i++)
                assert_true(memcmp(found->holders[i - 1]->subject_id.bytes,
                                    found->holders[i]->subject_id.bytes, 16) < 0);
        sale_cancel(&world, other, 1, NULL); /* it never had any: it is not named */
        assert_int_equal(trace(&world, "tin", "L1")->holder_count, 2);
        other = convert(&world, held, "2");
        assert_holder(&world, held, 0, 0, 0);
        assert_holder(&world, other, 2, 0, 0);
        assert_int_equal(trace(&world, "tin", "L1")->holder_count, 2);
        sale_close(&world);
}

/* More orders than the first table has room for, some with units of another lot as well. */
static void a_trace_names_every_order(void **state)
{
        enum { ORDERS = 200 };
        const ocore_lot_trace *found;
        ocore_id ids[ORDERS];
        int64_t reserved = 0;
        test_world world;

        (void)state;
        begin(&world);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L1", "380", 0));
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "south", "L2", "999", 0));
        for (size_t i = 0; i < ORDERS; i++)
                ids[i] = sale_of(&world, "tin", i % 2 ? "2" : "1");
        found = trace(&world, "tin", "L1");
        assert_int_equal(found->stock_count, 2);
        assert_int_equal(found->holder_count, ORDERS);
        for (size_t i = 0; i < ORDERS; i++) {
                assert_same_id(found->holders[i]->subject_id, ids[i]); /* ids rise by number */
                assert_number(found->holders[i]->reserved, i % 2 ? 2 : 1);
                reserved += found->holders[i]->reserved;
        }
        assert_number(reserved, lots_row(&world, "tin", "north", "L1").allocated);
        assert_int_equal(trace(&world, "tin", "L2")->holder_count, 0);
        sale_close(&world);
}

/* Each allocation fails once: the question says so, and a recall leaves nothing half done. */
static void without_memory_nothing_is_done(void **state)
{
        enum { ORDERS = 70 }; /* the table of holders grows */
        const ocore_lot_trace_request question = {sizeof question, STR("tin"), STR("L1")};
        const ocore_lot_trace *found;
        int64_t n, tries;
        test_world world;

        (void)state;
        begin(&world);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L1", "80", 0));
        for (size_t i = 0; i < ORDERS; i++)
                sale_of(&world, "tin", "1");
        for (n = 1, world.memory.failed = 1; world.memory.failed; n++) {
                int status;

                test_reopen(&world);
                world.memory.failed = 0;
                world.memory.fail_at = world.memory.requests + n;
                status = ocore_lot_trace_of(world.core, &question, &found);
                world.memory.fail_at = 0;
                assert_int_equal(status, world.memory.failed ? OCORE_NOMEM : OCORE_OK);
                assert_int_equal(found ? found->holder_count : 0, status ? 0 : ORDERS);
        }
        assert_true(n > 2);
        for (tries = 1, world.memory.failed = 1; world.memory.failed; tries++) {
                int status;

                test_reopen(&world);
                world.memory.failed = 0;
                world.memory.fail_at = world.memory.requests + tries;
                status = lots_recall(&world, "tin", "L1", NULL);
                world.memory.fail_at = 0;
                assert_int_equal(status, world.memory.failed ? OCORE_NOMEM : OCORE_OK);
                if (status)
                        assert_tins(&world, "north", 30, 0);
        }
        assert_true(tries > 2);
        assert_tins(&world, "north", 0, 30);
        sale_close(&world);
}

/* A question that reads past a unit is refused inside one; a recall is not. */
static void a_recall_stands_in_a_unit(void **state)
{
        const ocore_lot_trace_request question = {sizeof question, STR("tin"), STR("L1")};
        test_world world;

        (void)state;
        begin(&world);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, lots_recall(&world, "tin", "L1", NULL));
        assert_refused(&world, ocore_lot_trace_of(world.core, &question, NULL), OCORE_STATE, "");
        assert_status(&world, draft_place(&world, "tin", "1"), OCORE_OUT_OF_STOCK);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "south", "L1", "1", 0));
        assert_done(&world, ocore_unit_commit(world.core));
        assert_tins(&world, "north", 0, 20);
        assert_tins(&world, "south", 0, 6);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_recall_takes_the_lot_out_everywhere),
                cmocka_unit_test(what_is_no_lot_is_refused),
                cmocka_unit_test(a_recalled_lot_is_never_available),
                cmocka_unit_test(a_trace_follows_each_step),
                cmocka_unit_test(a_trace_names_every_order),
                cmocka_unit_test(without_memory_nothing_is_done),
                cmocka_unit_test(a_recall_stands_in_a_unit),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
