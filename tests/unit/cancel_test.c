/*
 * Confirming and cancelling: refused where the state or the units do not allow it; cancelled in any
 * parts an order gives back exactly its total, before and after it is confirmed, and the books
 * close to zero; what is on a pick list or further stays. Units that wait go first, bundles go
 * whole with their parts, and caps get back what was counted under them.
 */
#include "assortment.h"
#include "pair.h"

static int confirm(test_world *world, ocore_id order_id)
{
        const ocore_order_confirm_request request = {
                .struct_size = sizeof request, .id = test_next_id(world), .order_id = order_id};

        return ocore_order_confirm(world->core, &request, NULL);
}

static int cancel(test_world *world, ocore_id order_id, const ocore_line_quantity *lines,
        size_t count, const ocore_order **out)
{
        const ocore_order_cancel_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .reason = STR("changed their mind"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return ocore_order_cancel(world->core, &request, out);
}

/* Tea, cups from two sites, rice and a service, shipped, with odd discounts. */
static ocore_id place_all(test_world *world)
{
        ocore_draft_line lines[] = {line_of("tea", "7"), line_of("cup", "5"),
                line_of("rice", "1.337"), line_of("wrap", "3")};
        ocore_order_draft draft;

        lines[0].discount = test_money("0.05 EUR");
        lines[1].discount_ppm = 33333;
        draft = draft_of(world, lines, 4);
        draft.shipping_option = STR("post");
        draft.discount = test_money("1.01 EUR");
        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void parts_and_rest_sum_to_the_total(void **state)
{
        uint64_t seed = 11;

        (void)state;
        for (int confirmed = 0; confirmed < 2; confirmed++)
                for (int round = 0; round < 12; round++) {
                        int64_t left[4] = {7, 5, 1337, confirmed ? 0 : 3}, cancelled = 0;
                        const ocore_order *order;
                        ocore_id order_id;
                        test_world world;

                        sale_open(&world);
                        order_id = place_all(&world);
                        if (confirmed)
                                assert_done(&world, confirm(&world, order_id));
                        for (int part = 0; part < 6; part++) {
                                ocore_line_quantity some = {0, {0, 0, 0}};

                                seed = seed * UINT64_C(6364136223846793005) + 1;
                                some.line = 1 + (int64_t)(seed >> 40) % 4;
                                if (left[some.line - 1] < 2)
                                        continue;
                                some.quantity.amount =
                                        1 + (int64_t)(seed >> 20) % (left[some.line - 1] / 2);
                                some.quantity.scale = some.line == 3 ? 3 : 0;
                                left[some.line - 1] -= some.quantity.amount;
                                assert_done(&world, cancel(&world, order_id, &some, 1, &order));
                                assert_true(order->cancelled_minor >= cancelled);
                                cancelled = order->cancelled_minor;
                                assert_number(order->state,
                                        confirmed ? OCORE_ORDER_CONFIRMED : OCORE_ORDER_PLACED);
                        }
                        assert_done(&world, cancel(&world, order_id, NULL, 0, &order));
                        if (confirmed) { /* the service is done and stays owed */
                                assert_number(order->state, OCORE_ORDER_COMPLETED);
                                assert_number(order->due_minor, order->lines[3]->total_minor);
                        } else {
                                assert_number(order->state, OCORE_ORDER_CANCELLED);
                                assert_number(order->cancelled_minor, order->total_minor);
                                assert_number(order->due_minor, 0);
                        }
                        assert_number(shop_stock(&world, "tea", "north").available, 100);
                        assert_number(shop_stock(&world, "cup", "north").available, 3);
                        assert_number(shop_stock(&world, "cup", "south").available, 10);
                        assert_number(shop_stock(&world, "rice", "north").available, 20000);
                        assert_number(shop_stock(&world, "rice", "north").allocated, 0);
                        assert_number(
                                sale_account(&world, order_id)->balance_minor, order->due_minor);
                        sale_close(&world);
                }
}

static void a_placed_order_is_not_owed_until_it_is_confirmed(void **state)
{
        const ocore_account *account;
        const ocore_order *order;
        const ocore_line_quantity some = {1, {3, 0, 0}};
        int64_t owed;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = place_all(&world);
        assert_int_equal(sale_account(&world, order_id)->move_count, 0);
        assert_done(&world, cancel(&world, order_id, &some, 1, &order));
        assert_int_equal(sale_account(&world, order_id)->move_count, 0);
        assert_done(&world, confirm(&world, order_id));
        order = sale_order(&world, order_id);
        assert_number(order->lines[3]->performed, 3);
        assert_number(order->lines[3]->delivered, 3);
        owed = order->total_minor - order->cancelled_minor;
        account = sale_account(&world, order_id);
        assert_number(account->balance_minor, owed);
        for (size_t i = 0; i < account->move_count; i++)
                assert_number(account->moves[i]->debit, OCORE_LEDGER_CUSTOMER);
        assert_refused(&world, confirm(&world, order_id), OCORE_STATE, "order_id");
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_ORDER_CONFIRMED);
        sale_close(&world);
}

static void an_order_of_services_is_completed_by_its_confirmation(void **state)
{
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "wrap", "2");
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        assert_number(sale_order(&world, order_id)->version, 2);
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_ORDER_COMPLETED);
        assert_number(sale_event(&world, order_id, 1).kind, OCORE_EVENT_ORDER_CONFIRMED);
        assert_refused(&world, cancel(&world, order_id, NULL, 0, NULL), OCORE_STATE, "order_id");
        sale_close(&world);
}

static void wrong_cancels_are_refused_by_line(void **state)
{
        static const struct {
                ocore_line_quantity lines[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{{1, {8, 0, 0}}}, 1, OCORE_STATE, "lines[0].quantity"},
                {{{1, {4, 0, 0}}, {1, {4, 0, 0}}}, 2, OCORE_STATE, "lines[1].quantity"},
                {{{1, {1, 0, 0}}, {5, {1, 0, 0}}}, 2, OCORE_NOT_FOUND, "lines[1].line"},
                {{{INT64_MAX, {1, 0, 0}}}, 1, OCORE_NOT_FOUND, "lines[0].line"},
                {{{0, {1, 0, 0}}}, 1, OCORE_INVALID, "lines[0].line"},
                {{{1, {0, 0, 0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {15, 1, 0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{3, {INT64_MAX, 0, 0}}}, 1, OCORE_OVERFLOW, "lines[0].quantity"},
        };
        const ocore_order *order = NULL;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = place_all(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_refused(&world,
                        cancel(&world, order_id, cases[i].lines, cases[i].count, &order),
                        cases[i].status, cases[i].field);
                assert_null(order);
                assert_number(sale_order(&world, order_id)->version, 1);
        }
        assert_number(shop_stock(&world, "tea", "north").allocated, 7);
        assert_refused(
                &world, cancel(&world, test_id(3), NULL, 0, &order), OCORE_NOT_FOUND, "order_id");
        assert_refused(&world, confirm(&world, test_id(3)), OCORE_NOT_FOUND, "order_id");
        sale_close(&world);
}

/* Three cups at north as far on their way as can be, and what of the order can be cancelled. */
static void what_is_on_its_way_stays(void **state)
{
        (void)state;
        for (int64_t steps = 0; steps <= 5; steps++) {
                const ocore_line_quantity one = {1, {1, 0, 0}};
                const ocore_order *order;
                ocore_id order_id, pick_id;
                test_world world;

                sale_open(&world);
                order_id = sale_of(&world, "cup", "5"); /* three north, two south */
                if (steps) {
                        pick_id = sale_release(&world, order_id, "north");
                        for (int64_t step = OCORE_FULFILLMENT_STEP_PICK;
                                step < OCORE_FULFILLMENT_STEP_PICK + steps - 1; step++)
                                sale_step(&world, pick_id, step);
                }
                assert_done(&world, cancel(&world, order_id, &one, 1, &order));
                assert_done(&world, cancel(&world, order_id, NULL, 0, &order));
                if (!steps) {
                        assert_number(order->state, OCORE_ORDER_CANCELLED);
                        assert_number(order->cancelled_minor, 5 * 701);
                } else {
                        assert_number(order->cancelled_minor, 2 * 701);
                        assert_number(order->lines[0]->cancelled, 2);
                        assert_number(order->state,
                                steps == 5 ? OCORE_ORDER_COMPLETED : OCORE_ORDER_CONFIRMED);
                        assert_refused(&world, cancel(&world, order_id, NULL, 0, &order),
                                OCORE_STATE, "order_id");
                        assert_refused(&world, cancel(&world, order_id, &one, 1, &order),
                                OCORE_STATE, steps == 5 ? "order_id" : "lines[0].quantity");
                }
                assert_number(shop_stock(&world, "cup", "south").available, 10);
                sale_close(&world);
        }
}

static void cancelling_twice_by_the_same_id_is_once(void **state)
{
        const ocore_line_quantity some = {1, {3, 0, 0}};
        ocore_order_cancel_request request = {.struct_size = sizeof request,
                .lines = &some,
                .line_count = 1,
                .line_stride = sizeof some};
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        request.id = test_next_id(&world);
        request.order_id = place_all(&world);
        assert_done(&world, ocore_order_cancel(world.core, &request, &order));
        assert_status(&world, ocore_order_cancel(world.core, &request, &order), OCORE_ALREADY);
        assert_number(order->lines[0]->cancelled, 3);
        assert_number(sale_order(&world, request.order_id)->lines[0]->cancelled, 3);
        request.reason = STR("another");
        assert_refused(&world, ocore_order_cancel(world.core, &request, &order), OCORE_ID_REUSED,
                "reason");
        assert_text(sale_event(&world, request.order_id, 0).detail, "");
        sale_close(&world);
}

static void what_was_paid_too_much_is_owed_to_the_customer(void **state)
{
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "2");
        sale_pay(&world, order_id, OCORE_TENDER_PREPAID, NULL);
        assert_done(&world, cancel(&world, order_id, NULL, 0, &order));
        assert_number(order->due_minor, -1402);
        assert_number(order->payment, OCORE_PAID_TOO_MUCH);
        assert_number(sale_account(&world, order_id)->balance_minor, -1402);
        assert_text(sale_event(&world, order_id, 0).detail, "changed their mind");
        sale_close(&world);
}

/* A set of one cup and two mugs for 20.00 EUR, of which parts may be missing; no mug is there. */
static void open_sets(test_world *world)
{
        static const assorted mug = {"mug", 0, OCORE_SHORT_BACKORDER, 0, 0, NULL};
        static const assorted_part parts[] = {{"cup", "1"}, {"mug", "2"}};

        sale_open(world);
        assorted_goods(world, &mug);
        assorted_bundle(world, "set", OCORE_SHORT_BACKORDER, 0, parts, 2);
}

static ocore_id place_one(test_world *world, const char *sku, const char *quantity)
{
        const ocore_draft_line line = line_of(sku, quantity);
        const ocore_order_draft draft = draft_of(world, &line, 1);

        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void units_that_wait_go_first(void **state)
{
        const ocore_line_quantity some = {1, {3, 0, 0}};
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        open_sets(&world);
        shop_receive(&world, "mug", "north", "5");
        order_id = place_one(&world, "mug", "10");
        assert_number(sale_order(&world, order_id)->lines[0]->backordered, 5);
        assert_done(&world, cancel(&world, order_id, &some, 1, &order));
        assert_number(order->lines[0]->backordered, 2);
        assert_number(order->lines[0]->allocated, 5);
        assert_int_equal(order->backorder_count, 1);
        assert_number(order->backorders[0]->quantity, 2);
        assert_done(&world, cancel(&world, order_id, &some, 1, &order));
        assert_number(order->lines[0]->backordered, 0);
        assert_number(order->lines[0]->allocated, 4);
        assert_int_equal(order->backorder_count, 0);
        assert_verified(&world);
        assert_done(&world, cancel(&world, order_id, NULL, 0, &order));
        assert_number(order->state, OCORE_ORDER_CANCELLED);
        assert_number(shop_stock(&world, "mug", "north").available, 5);
        sale_close(&world);
}

static void a_bundle_goes_whole_with_its_parts(void **state)
{
        static const struct {
                ocore_line_quantity line;
                int status;
                const char *field;
        } wrong[] = {
                {{2, {1, 0, 0}}, OCORE_INVALID, "lines[0].line"}, /* a part */
                {{3, {2, 0, 0}}, OCORE_INVALID, "lines[0].line"},
                {{1, {4, 0, 0}}, OCORE_STATE, "lines[0].quantity"},
                {{1, {5, 1, 0}}, OCORE_INVALID, "lines[0].quantity"}, /* half a bundle */
        };
        const ocore_line_quantity one = {1, {1, 0, 0}};
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        open_sets(&world);
        shop_receive(&world, "mug", "north", "4");
        order_id = place_one(&world, "set", "3"); /* two sets are there */
        order = sale_order(&world, order_id);
        assert_int_equal(order->line_count, 3);
        assert_number(order->lines[1]->allocated, 2);
        assert_number(order->lines[2]->allocated, 4);
        assert_number(order->lines[2]->backordered, 2);
        assert_done(&world, confirm(&world, order_id));
        assert_number(sale_order(&world, order_id)->lines[0]->performed, 0);
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
                assert_refused(&world, cancel(&world, order_id, &wrong[i].line, 1, &order),
                        wrong[i].status, wrong[i].field);
        assert_done(&world, cancel(&world, order_id, &one, 1, &order));
        assert_number(order->lines[0]->cancelled, 1);
        assert_number(order->lines[1]->cancelled, 1);
        assert_number(order->lines[2]->cancelled, 2);
        assert_number(order->lines[1]->allocated, 2);
        assert_number(order->lines[2]->allocated, 4);
        assert_int_equal(order->backorder_count, 0);
        assert_number(order->due_minor, 4000);
        assert_verified(&world);
        assert_done(&world, cancel(&world, order_id, NULL, 0, &order));
        assert_number(order->state, OCORE_ORDER_CANCELLED);
        assert_number(order->cancelled_minor, 6000);
        assert_number(shop_stock(&world, "mug", "north").available, 4);
        assert_number(shop_stock(&world, "cup", "north").available, 3);
        sale_close(&world);
}

/* One cup is on a pick list: its set stays, with the mugs that belong to it. */
static void a_bundle_whose_part_is_on_its_way_stays(void **state)
{
        ocore_line_quantity some = {2, {1, 0, 0}};
        ocore_fulfillment_request pick = {.struct_size = sizeof pick,
                .site = STR("north"),
                .lines = &some,
                .line_count = 1,
                .line_stride = sizeof some};
        const ocore_order *order;
        test_world world;

        (void)state;
        open_sets(&world);
        shop_receive(&world, "mug", "north", "6");
        pick.order_id = place_one(&world, "set", "3");
        pick.id = test_next_id(&world);
        assert_done(&world, confirm(&world, pick.order_id));
        assert_done(&world, ocore_fulfillment_create(world.core, &pick, NULL));
        some = (ocore_line_quantity){1, {3, 0, 0}};
        assert_refused(&world, cancel(&world, pick.order_id, &some, 1, &order), OCORE_STATE,
                "lines[0].quantity");
        assert_done(&world, cancel(&world, pick.order_id, NULL, 0, &order));
        assert_number(order->state, OCORE_ORDER_CONFIRMED);
        assert_number(order->lines[0]->cancelled, 2);
        assert_number(order->lines[1]->allocated, 1);
        assert_number(order->lines[2]->allocated, 2);
        assert_refused(
                &world, cancel(&world, pick.order_id, NULL, 0, &order), OCORE_STATE, "order_id");
        sale_close(&world);
}

static void caps_get_back_what_is_cancelled(void **state)
{
        static const assorted book = {
                "book", 0, OCORE_SHORT_BACKORDER, TEST_NOW_US + TEST_DAY_US, 0, NULL};
        ocore_draft_line line = line_of("book", "6");
        ocore_order_draft draft;
        ocore_line_quantity some = {1, {4, 0, 0}};
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_goods(&world, &book);
        assorted_cap(&world, "book", OCORE_QUOTA_SALE, "web", "10");
        assorted_cap(&world, "book", OCORE_QUOTA_PREORDER, "", "8");
        draft = draft_of(&world, &line, 1);
        draft.channel = STR("web");
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->capped, 6);
        assert_number(order->lines[0]->preordered, 6);
        assert_number(assorted_left(&world, "book", 0), 4);
        assert_number(assorted_left(&world, "book", 1), 2);
        assert_done(&world, cancel(&world, draft.id, &some, 1, &order));
        assert_number(order->lines[0]->capped, 2);
        assert_number(order->lines[0]->preordered, 2);
        assert_number(assorted_left(&world, "book", 0), 8);
        assert_number(assorted_left(&world, "book", 1), 6);
        assert_verified(&world);
        assert_done(&world, cancel(&world, draft.id, NULL, 0, &order));
        assert_number(order->lines[0]->capped, 0);
        assert_number(assorted_left(&world, "book", 0), 10);
        assert_number(assorted_left(&world, "book", 1), 8);
        sale_close(&world);
}

/* In a unit the caps were read before the order that counts under one of them came to be. */
static void a_cap_that_was_not_seen_gets_its_units_back(void **state)
{
        ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft one, four;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assorted_cap(&both.b, "cup", OCORE_QUOTA_SALE, "shop", "9");
        assert_done(&both.b, draft_place(&both.b, "cup", "4")); /* the balance seen holds as much */
        one = draft_of(&both.b, &line, 1);
        one.channel = STR("shop");
        assert_done(&both.b, ocore_order_place(both.b.core, &one, NULL));
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        sale_cancel(&both.a, one.id, 1, NULL);
        assorted_cap(&both.b, "cup", OCORE_QUOTA_SALE, "web", "5");
        line.quantity = test_quantity("4");
        four = draft_of(&both.b, &line, 1);
        four.channel = STR("web");
        assert_done(&both.b, ocore_order_place(both.b.core, &four, NULL));
        assert_int_equal(cancel(&both.a, four.id, NULL, 0, NULL), OCORE_BUSY);
        (void)ocore_unit_cancel(both.a.core);
        assert_done(&both.a, cancel(&both.a, four.id, NULL, 0, NULL));
        assert_number(assorted_left(&both.b, "cup", 0), 9 - 1);
        assert_number(assorted_left(&both.b, "cup", 1), 5);
        pair_close(&both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(parts_and_rest_sum_to_the_total),
                cmocka_unit_test(a_placed_order_is_not_owed_until_it_is_confirmed),
                cmocka_unit_test(an_order_of_services_is_completed_by_its_confirmation),
                cmocka_unit_test(wrong_cancels_are_refused_by_line),
                cmocka_unit_test(what_is_on_its_way_stays),
                cmocka_unit_test(cancelling_twice_by_the_same_id_is_once),
                cmocka_unit_test(what_was_paid_too_much_is_owed_to_the_customer),
                cmocka_unit_test(units_that_wait_go_first),
                cmocka_unit_test(a_bundle_goes_whole_with_its_parts),
                cmocka_unit_test(a_bundle_whose_part_is_on_its_way_stays),
                cmocka_unit_test(caps_get_back_what_is_cancelled),
                cmocka_unit_test(a_cap_that_was_not_seen_gets_its_units_back),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
