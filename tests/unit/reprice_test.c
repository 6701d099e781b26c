/*
 * Changing prices: amounts are what placing at these prices would have made of them (verify
 * computes them anew), discounts and shipping keep their sums, units and stock stay, a confirmed
 * order owes the difference in the ledger, and what cannot be changed is refused by its field.
 */
#include "assortment.h"

typedef struct price {
        int64_t line;
        const char *amount;
} price;

static int try_prices(test_world *world, ocore_id order_id, const price *prices, size_t count,
        const ocore_order **out)
{
        ocore_reprice_line lines[3];
        const ocore_order_reprice_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .reason = STR("as agreed by telephone"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        for (size_t i = 0; i < count; i++)
                lines[i] = (ocore_reprice_line){prices[i].line, test_money(prices[i].amount)};
        return ocore_order_reprice(world->core, &request, out);
}

static const ocore_order *reprice(
        test_world *world, ocore_id order_id, int64_t line, const char *amount)
{
        const price one = {line, amount};
        const ocore_order *order;

        assert_done(world, try_prices(world, order_id, &one, 1, &order));
        return order;
}

/* Seven teas at `tea`, five cups at `cup` and a service, shipped, with odd discounts. */
static ocore_order_draft draft_at(test_world *world, ocore_draft_line lines[3], const char *tea,
        const char *cup, int64_t tax_mode, int64_t level)
{
        ocore_order_draft draft;

        lines[0] = line_of("tea", "7");
        lines[1] = line_of("cup", "5");
        lines[2] = line_of("wrap", "3");
        lines[0].unit_price = test_money(tea);
        lines[1].unit_price = test_money(cup);
        lines[0].discount = test_money("0.05 EUR");
        lines[1].discount = test_money("1.00 EUR");
        draft = draft_of(world, lines, 3);
        draft.discount = test_money("1.01 EUR");
        draft.shipping_option = STR("post");
        draft.tax_mode = tax_mode;
        draft.rounding_level = level;
        return draft;
}

/* All amounts of an order of three lines, one behind the other. */
enum { AMOUNTS = 5 + 3 * 6 };

static void amounts_of(test_world *world, ocore_id order_id, int64_t *out)
{
        const ocore_order *order = sale_order(world, order_id);

        *out++ = order->goods_minor;
        *out++ = order->discount_minor;
        *out++ = order->shipping_minor;
        *out++ = order->tax_minor;
        *out++ = order->total_minor;
        assert_int_equal(order->line_count, 3);
        for (size_t i = 0; i < 3; i++) {
                const ocore_order_line *line = order->lines[i];

                *out++ = line->goods_minor;
                *out++ = line->order_discount_minor;
                *out++ = line->tax_minor;
                *out++ = line->total_minor;
                *out++ = line->shipping_minor;
                *out++ = line->shipping_tax_minor;
        }
}

static void amounts_are_those_of_an_order_placed_at_these_prices(void **state)
{
        static const price prices[] = {{2, "9.99 EUR"}, {1, "1.07 EUR"}};

        (void)state;
        for (int64_t mode = OCORE_TAX_INCLUSIVE; mode <= OCORE_TAX_EXCLUSIVE; mode++)
                for (int64_t level = OCORE_ROUND_LINE; level <= OCORE_ROUND_ORDER; level++) {
                        ocore_draft_line lines[3];
                        ocore_order_draft draft;
                        const ocore_order *order;
                        ocore_order before;
                        int64_t changed[AMOUNTS], placed[AMOUNTS];
                        ocore_id order_id;
                        test_world world;

                        sale_open(&world);
                        draft = draft_at(&world, lines, "3.33 EUR", "7.01 EUR", mode, level);
                        assert_done(&world, ocore_order_place(world.core, &draft, &order));
                        order_id = draft.id;
                        before = *order;
                        assert_done(&world, try_prices(&world, order_id, prices, 2, &order));
                        assert_number(order->version, before.version + 1);
                        assert_number(order->lines[0]->unit_price_minor, 107);
                        assert_number(order->lines[0]->allocated, 7);
                        assert_number(order->shipping_minor, before.shipping_minor);
                        assert_number(order->discount_minor, before.discount_minor);
                        assert_verified(&world);
                        draft = draft_at(&world, lines, "1.07 EUR", "9.99 EUR", mode, level);
                        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
                        amounts_of(&world, order_id, changed);
                        amounts_of(&world, draft.id, placed);
                        for (size_t i = 0; i < AMOUNTS; i++)
                                assert_number(changed[i], placed[i]);
                        assert_number(shop_stock(&world, "tea", "north").allocated, 14);
                        sale_close(&world);
                }
}

static void a_confirmed_order_owes_the_difference(void **state)
{
        static const char *const amounts[] = {"9.00 EUR", "7.01 EUR", "0.00 EUR", "1.23 EUR"};
        const sale_line lines[] = {{"tea", "2"}, {"cup", "3"}};
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 2, "post");
        assert_number(reprice(&world, order_id, 2, "8.00 EUR")->due_minor, 666 + 2400 + 499);
        assert_int_equal(sale_account(&world, order_id)->move_count, 0); /* nothing is owed yet */
        sale_confirm(&world, order_id);
        sale_pay(&world, order_id, OCORE_TENDER_PREPAID, "35.65 EUR");
        assert_number(sale_order(&world, order_id)->due_minor, 0);
        for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
                int64_t paid = 3565;

                order = reprice(&world, order_id, 2, amounts[i]);
                assert_number(order->due_minor,
                        666 + 3 * test_money(amounts[i]).amount_minor + 499 - paid);
                assert_number(order->payment, order->due_minor > 0   ? OCORE_PAID_PARTLY
                                              : order->due_minor < 0 ? OCORE_PAID_TOO_MUCH
                                                                     : OCORE_PAID_FULLY);
                assert_number(sale_account(&world, order_id)->balance_minor, order->due_minor);
                assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_ORDER_REPRICED);
                assert_text(sale_event(&world, order_id, 0).detail, "as agreed by telephone");
                assert_verified(&world);
        }
        sale_cancel(&world, order_id, 1, NULL); /* at the new price, to the cent */
        assert_number(sale_order(&world, order_id)->due_minor, -3565);
        sale_close(&world);
}

static void wrong_prices_change_nothing(void **state)
{
        static const struct {
                price prices[3];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{{4, "1.00 EUR"}}, 1, OCORE_NOT_FOUND, "lines[0].line"},
                {{{1, "1.00 EUR"}, {INT64_MAX, "1.00 EUR"}}, 2, OCORE_NOT_FOUND, "lines[1].line"},
                {{{0, "1.00 EUR"}}, 1, OCORE_INVALID, "lines[0].line"},
                {{{1, "1.00 EUR"}, {1, "2.00 EUR"}}, 2, OCORE_INVALID, "lines[1].line"},
                {{{1, "1.00 USD"}}, 1, OCORE_INVALID, "lines[0].unit_price"},
                {{{1, "-1.00 EUR"}}, 1, OCORE_INVALID, "lines[0].unit_price"},
                {{{2, "0.19 EUR"}}, 1, OCORE_INVALID,
                        "lines[0].unit_price"}, /* less than 1.00 off */
                {{{1, "0.01 EUR"}, {2, "0.20 EUR"}, {3, "0.30 EUR"}}, 3, OCORE_INVALID, "lines"},
                {{{1, "92233720368547758.07 EUR"}}, 1, OCORE_OVERFLOW, "lines[0].unit_price"},
                {{{1, "1.00 EUR"}}, 0, OCORE_INVALID, "lines"},
        };
        ocore_draft_line lines[3];
        ocore_order_draft draft;
        const ocore_order *order;
        const price good = {1, "2.00 EUR"};
        ocore_order before;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_at(&world, lines, "3.33 EUR", "7.01 EUR", 0, 0);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        before = *order;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_refused(&world,
                        try_prices(&world, draft.id, cases[i].prices, cases[i].count, &order),
                        cases[i].status, cases[i].field);
                assert_null(order);
                assert_number(sale_order(&world, draft.id)->version, before.version);
        }
        assert_number(sale_order(&world, draft.id)->total_minor, before.total_minor);
        assert_refused(&world, try_prices(&world, test_id(3), &good, 1, &order), OCORE_NOT_FOUND,
                "order_id");
        sale_close(&world);
}

/* Units that are cancelled or refunded were so at the old price. */
static void what_was_taken_back_cannot_get_another_price(void **state)
{
        const price one = {1, "1.00 EUR"};
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "3");
        sale_cancel(&world, order_id, 1, "1");
        assert_refused(
                &world, try_prices(&world, order_id, &one, 1, &order), OCORE_STATE, "order_id");
        order_id = sale_of(&world, "cup", "2");
        sale_cancel(&world, order_id, 1, NULL);
        assert_refused(
                &world, try_prices(&world, order_id, &one, 1, &order), OCORE_STATE, "order_id");
        order_id = sale_of(&world, "wrap", "2"); /* completed */
        assert_refused(
                &world, try_prices(&world, order_id, &one, 1, &order), OCORE_STATE, "order_id");
        sale_close(&world);
}

static void a_bundle_has_the_price_and_its_parts_have_none(void **state)
{
        static const assorted_part parts[] = {{"cup", "1"}, {"tea", "2"}};
        const price of_part = {2, "1.00 EUR"};
        const sale_line line = {"set", "2"};
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "set", 0, 0, parts, 2);
        order_id = sale_place(&world, &line, 1, "post");
        order = reprice(&world, order_id, 1, "15.00 EUR");
        assert_number(order->total_minor, 3000 + 499);
        assert_number(order->lines[0]->shipping_minor, 499);
        assert_number(order->lines[1]->total_minor, 0);
        assert_refused(&world, try_prices(&world, order_id, &of_part, 1, &order), OCORE_INVALID,
                "lines[0].line");
        sale_close(&world);
}

static void the_same_request_again_is_once(void **state)
{
        ocore_reprice_line line = {1, test_money("2.00 EUR")};
        ocore_order_reprice_request request = {.struct_size = sizeof request,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        request.id = test_next_id(&world);
        request.order_id = sale_of(&world, "cup", "2");
        assert_done(&world, ocore_order_reprice(world.core, &request, &order));
        assert_status(&world, ocore_order_reprice(world.core, &request, &order), OCORE_ALREADY);
        assert_number(order->total_minor, 400);
        line.unit_price = test_money("3.00 EUR");
        assert_refused(&world, ocore_order_reprice(world.core, &request, &order), OCORE_ID_REUSED,
                "lines");
        assert_number(sale_order(&world, request.order_id)->version, 3);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(amounts_are_those_of_an_order_placed_at_these_prices),
                cmocka_unit_test(a_confirmed_order_owes_the_difference),
                cmocka_unit_test(wrong_prices_change_nothing),
                cmocka_unit_test(what_was_taken_back_cannot_get_another_price),
                cmocka_unit_test(a_bundle_has_the_price_and_its_parts_have_none),
                cmocka_unit_test(the_same_request_again_is_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
