/*
 * Confirming and cancelling: refused where the state or the units do not allow it; cancelled in any
 * parts an order gives back exactly its total, before and after it is confirmed, and the books
 * close to zero; what is on a pick list or further stays.
 */
#include "draft.h"

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
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
