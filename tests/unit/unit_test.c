/*
 * Units: inside one a command sees what those before it have staged; a failing one leaves nothing;
 * commit writes all or none in one call of the store, in one fixed order and each row once.
 */
#include "pair.h"

static void commands_see_what_is_staged(void **state)
{
        const ocore_order_key by_number = {.struct_size = sizeof by_number, .number = STR("N-1")};
        ocore_draft_line line;
        ocore_order_draft draft;
        const ocore_order *order;
        ocore_id order_id;
        int64_t writes;
        pair both;

        (void)state;
        pair_open(&both, 0);
        writes = both.store.writes;
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_goods(&both.a, "new", "1.50 EUR"); /* a product, its price, its stock, and its sale */
        shop_receive(&both.a, "new", "north", "3");
        order_id = place(&both.a, "new", "2");
        assert_number(total_of(&both.a, order_id), 300);
        put_price(&both.a, "new", "9.99 EUR");
        line = line_of("new", "1");
        draft = draft_of(&both.a, &line, 1);
        draft.number = STR("N-1");
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, &order));
        assert_number(order->total_minor, 999); /* the price of a moment ago */
        assert_done(&both.a, ocore_order_get(both.a.core, &by_number, &order));
        assert_same_id(order->id, draft.id);
        assert_refused(
                &both.a, draft_place(&both.a, "new", "1"), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        sale_confirm(&both.a, order_id);
        sale_cancel(&both.a, order_id, 1, "1");
        assert_int_equal(sale_event(&both.a, order_id, 0).number, 3);
        assert_number(both.store.writes, writes); /* nothing has been written yet */
        assert_int_equal(draft_orders(&both.b), 0);
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(both.store.writes, writes + 1);
        assert_int_equal(draft_orders(&both.b), 2);
        assert_number(sale_order(&both.b, order_id)->cancelled_minor, 150);
        assert_number(shop_stock(&both.b, "new", "north").available, 1);
        assert_number(shop_stock(&both.b, "new", "north").allocated, 2);
        pair_close(&both);
}

static void a_number_moves_inside_a_unit(void **state)
{
        const ocore_order_key old = {.struct_size = sizeof old, .number = STR("old")};
        const ocore_order_key new = {.struct_size = sizeof new, .number = STR("new")};
        const ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        const ocore_order *order;
        const ocore_verdict *verdict;
        pair both;

        (void)state;
        pair_open(&both, 0);
        draft = draft_of(&both.a, &line, 1);
        draft.number = STR("old");
        assert_done(&both.a, ocore_order_save(both.a.core, &draft, &order));
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        draft.order_id = draft.id;
        draft.id = test_next_id(&both.a);
        draft.number = STR("new");
        assert_done(&both.a, ocore_order_save(both.a.core, &draft, &order));
        assert_done(&both.a, ocore_order_get(both.a.core, &new, &order));
        assert_same_id(order->id, draft.order_id);
        assert_refused(
                &both.a, ocore_order_get(both.a.core, &old, &order), OCORE_NOT_FOUND, "number");
        draft.order_id = (ocore_id){{0}};
        assert_done(&both.a, ocore_order_verify(both.a.core, &draft, &verdict));
        assert_int_equal(verdict->problem_count, 1);
        assert_text(verdict->problems[0]->field, "number");
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_refused(
                &both.a, ocore_order_get(both.a.core, &old, &order), OCORE_NOT_FOUND, "number");
        pair_close(&both);
}

static void a_failing_command_leaves_the_unit_as_it_was(void **state)
{
        ocore_draft_line lines[2];
        ocore_order_draft draft;
        ocore_id order_id;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        order_id = place(&both.a, "cup", "4");
        lines[0] = line_of("cup", "6");
        lines[1] = line_of("tea", "1"); /* there is none */
        draft = draft_of(&both.a, lines, 2);
        assert_refused(&both.a, ocore_order_place(both.a.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[1].quantity");
        {
                /* The first line is carried out before the second is refused. */
                const ocore_stock_line moved[2] = {
                        {.sku = STR("cup"), STR("north"), {0}, {-6, 0, 0}},
                        {.sku = STR("cup"), STR("north"), {0}, {-1, 0, 0}}};
                const ocore_stock_request adjust = {.struct_size = sizeof adjust,
                        .id = test_next_id(&both.a),
                        .lines = moved,
                        .line_count = 2,
                        .line_stride = sizeof moved[0]};

                assert_refused(&both.a, ocore_stock_adjust(both.a.core, &adjust, NULL),
                        OCORE_OUT_OF_STOCK, "lines[1].quantity");
        }
        assert_done(&both.a, draft_place(&both.a, "cup", "6")); /* so all six are still there */
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_int_equal(draft_orders(&both.b), 2);
        assert_number(shop_stock(&both.b, "cup", "north").allocated, 10);
        /* The refused ids were never used. */
        lines[0] = line_of("tea", "1");
        shop_receive(&both.a, "tea", "north", "1");
        draft.line_count = 1;
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        (void)order_id;
        pair_close(&both);
}

static void cancelling_leaves_nothing(void **state)
{
        ocore_order_draft draft;
        const ocore_draft_line line = line_of("cup", "1");
        int64_t writes;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_STATE);
        assert_status(&both.a, ocore_unit_cancel(both.a.core), OCORE_STATE);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_status(&both.a, ocore_unit_begin(both.a.core), OCORE_STATE);
        draft = draft_of(&both.a, &line, 1);
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        writes = both.store.writes;
        assert_done(&both.a, ocore_unit_cancel(both.a.core));
        assert_number(both.store.writes, writes);
        assert_int_equal(draft_orders(&both.a), 0);
        assert_number(shop_stock(&both.a, "cup", "north").available, 10);
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL)); /* the id is free */
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, ocore_unit_commit(both.a.core)); /* of nothing */
        assert_number(both.store.writes, writes + 1);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        place(&both.a, "cup", "1");
        test_reopen(&both.a); /* closing cancels */
        assert_int_equal(draft_orders(&both.a), 1);
        pair_close(&both);
}

static void lists_are_refused_inside(void **state)
{
        const ocore_order_list_request list = {.struct_size = sizeof list};
        const ocore_page_request page = {.struct_size = sizeof page};
        const ocore_stock_list_request stock = {.struct_size = sizeof stock};
        const ocore_order_list *orders = (const ocore_order_list *)&list;
        int64_t due_us;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_status(&both.a, ocore_order_list_page(both.a.core, &list, &orders), OCORE_STATE);
        assert_null(orders);
        assert_status(&both.a, ocore_product_list_page(both.a.core, &page, NULL), OCORE_STATE);
        assert_status(&both.a, ocore_stock_list_page(both.a.core, &stock, NULL), OCORE_STATE);
        assert_status(&both.a, ocore_verify(both.a.core, NULL, NULL, NULL), OCORE_STATE);
        assert_status(&both.a, ocore_pump(both.a.core, 0, NULL), OCORE_STATE);
        assert_status(&both.a, ocore_next_due(both.a.core, &due_us), OCORE_STATE);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_int_equal(draft_orders(&both.a), 1);
        pair_close(&both);
}

static void an_id_counts_inside_a_unit_too(void **state)
{
        ocore_draft_line line = line_of("cup", "3");
        ocore_order_draft draft;
        const ocore_order *order;
        pair both;

        (void)state;
        pair_open(&both, 0);
        draft = draft_of(&both.a, &line, 1);
        for (int i = 0; i < 2; i++) { /* staged, then written */
                assert_done(&both.a, ocore_unit_begin(both.a.core));
                if (!i)
                        assert_done(&both.a, ocore_order_place(both.a.core, &draft, &order));
                assert_status(
                        &both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_ALREADY);
                assert_number(order->total_minor, 2100);
                assert_int_equal(order->line_count, 1);
                line.quantity.amount = 4;
                assert_refused(&both.a, ocore_order_place(both.a.core, &draft, &order),
                        OCORE_ID_REUSED, "lines");
                assert_null(order);
                assert_refused(&both.a, ocore_order_save(both.a.core, &draft, &order),
                        OCORE_ID_REUSED, "id");
                line.quantity.amount = 3;
                assert_done(&both.a, ocore_unit_commit(both.a.core));
        }
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_ALREADY);
        assert_text(order->currency, "EUR");
        assert_int_equal(draft_orders(&both.a), 1);
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 3);
        pair_close(&both);
}

/* Many orders take from one balance: one guarded add carries them all. */
static void adds_of_a_unit_are_one(void **state)
{
        enum { ORDERS = 200 };
        size_t single;
        pair both;

        (void)state;
        pair_open(&both, 0);
        shop_receive(&both.a, "tea", "north", "200");
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        single = both.store.last_count;
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        for (int i = 0; i < ORDERS; i++)
                assert_done(&both.a, draft_place(&both.a, "tea", "1"));
        assert_refused(
                &both.a, draft_place(&both.a, "tea", "1"), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        /* All but policy, product and balance are each order's own. */
        assert_int_equal(both.store.last_count, (single - 3) * ORDERS + 3);
        assert_number(shop_stock(&both.a, "tea", "north").allocated, ORDERS);
        pair_close(&both);
}

static void numbers_are_unique(void **state)
{
        ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        const ocore_order *order;
        pair both;

        (void)state;
        pair_open(&both, 0);
        draft = draft_of(&both.a, &line, 1);
        draft.number = STR("2026-1");
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        draft.id = test_next_id(&both.a);
        assert_refused(
                &both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_EXISTS, "number");
        assert_null(order);
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 1);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, &order));
        assert_refused(&both.a, ocore_unit_commit(both.a.core), OCORE_EXISTS, "number");
        assert_int_equal(draft_orders(&both.a), 1);
        pair_close(&both);
}

/* Whatever fails in a unit for want of memory, the unit is as before, and the next try succeeds. */
static void memory_may_run_out_inside_a_unit(void **state)
{
        ocore_draft_line line = line_of("cup", "1");
        int64_t n = 0;
        int failed = 1;

        (void)state;
        for (n = 1; failed; n++) {
                ocore_order_draft draft;
                test_world world;
                int status;

                test_open(&world);
                shop_site(&world, "north", 1);
                shop_goods(&world, "cup", "7.00 EUR");
                shop_receive(&world, "cup", "north", "10");
                assert_done(&world, ocore_unit_begin(world.core));
                assert_done(&world, draft_place(&world, "cup", "2"));
                draft = draft_of(&world, &line, 1);
                world.memory.requests = 0;
                world.memory.fail_at = n;
                world.memory.failed = 0;
                status = ocore_order_place(world.core, &draft, NULL);
                if (status)
                        assert_status(&world, status, OCORE_NOMEM);
                if (!status)
                        status = ocore_unit_commit(world.core);
                else
                        assert_done(&world, ocore_unit_commit(world.core));
                failed = world.memory.failed;
                world.memory.fail_at = 0;
                if (status) {
                        assert_int_equal(status, OCORE_NOMEM);
                        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
                }
                assert_status(&world, ocore_order_place(world.core, &draft, NULL), OCORE_ALREADY);
                sale_close(&world);
        }
        assert_true(n > 2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(commands_see_what_is_staged),
                cmocka_unit_test(a_number_moves_inside_a_unit),
                cmocka_unit_test(a_failing_command_leaves_the_unit_as_it_was),
                cmocka_unit_test(cancelling_leaves_nothing),
                cmocka_unit_test(lists_are_refused_inside),
                cmocka_unit_test(an_id_counts_inside_a_unit_too),
                cmocka_unit_test(adds_of_a_unit_are_one),
                cmocka_unit_test(numbers_are_unique),
                cmocka_unit_test(memory_may_run_out_inside_a_unit),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
