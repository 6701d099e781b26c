/*
 * The way of a command when others are faster or the store is at fault: what others change
 * meanwhile is found out by the write, what was kept in the cache never decides wrongly, retries
 * are bounded, and an unknown outcome is settled by asking for the command row.
 */
#include "pair.h"

/* What one core keeps of the catalogue, another has changed. */
static void a_stale_cache_never_decides(void **state)
{
        ocore_id order_id;
        int64_t writes;
        pair both;

        (void)state;
        for (int64_t attempts_max = 1; attempts_max < 3; attempts_max++) {
                pair_open(&both, attempts_max);
                place(&both.a, "cup", "1");
                put_price(&both.b, "cup", "8.00 EUR");
                writes = both.store.writes;
                order_id = place(&both.a, "cup", "1");
                assert_number(total_of(&both.a, order_id), 800);
                assert_number(both.store.writes, writes + 2); /* a CHECK was refused */
                writes = both.store.writes;
                place(&both.a, "cup", "1");
                assert_number(both.store.writes, writes + 1); /* and now it is kept again */

                put_site(&both.b, "north", 1, 1);
                assert_refused(&both.a, draft_place(&both.a, "cup", "1"), OCORE_OUT_OF_STOCK,
                        "lines[0].quantity");
                put_site(&both.b, "north", 1,
                        0); /* a refusal that rests on the cache is no refusal */
                assert_done(&both.a, draft_place(&both.a, "cup", "1"));

                assert_refused(
                        &both.a, draft_place(&both.a, "pen", "1"), OCORE_NOT_FOUND, "lines[0].sku");
                shop_product(&both.b, "pen", OCORE_PRODUCT_SERVICE, 0, "full", "1.00 EUR");
                assert_refused(
                        &both.a, draft_place(&both.a, "pen", "1"), OCORE_NOT_FOUND, "lines[0].sku");
                shop_tax_rate(&both.b, "full", "DE", 190000);
                order_id = place(&both.a, "pen", "1");
                assert_number(sale_order(&both.a, order_id)->tax_minor, 16);
                shop_tax_rate(&both.b, "full", "DE", 70000);
                order_id = place(&both.a, "pen", "1");
                assert_number(sale_order(&both.a, order_id)->tax_minor, 7);
                pair_close(&both);
        }
}

static void a_stale_cache_never_decides_inside_a_unit(void **state)
{
        ocore_draft_line line = line_of("pen", "1");
        ocore_order_draft draft;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_refused(&both.a, draft_place(&both.a, "pen", "1"), OCORE_NOT_FOUND, "lines[0].sku");
        shop_product(&both.b, "pen", OCORE_PRODUCT_SERVICE, 0, "", "1.00 EUR");
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        place(&both.a, "pen", "1"); /* decided on the cache, refused, and decided anew */
        assert_done(&both.a, ocore_unit_commit(both.a.core));

        place(&both.a, "cup", "1");
        put_price(&both.b, "cup", "8.00 EUR");
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        line = line_of("cup", "1");
        draft = draft_of(&both.a, &line, 1);
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL)); /* at 7.00 */
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_BUSY);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(total_of(&both.b, draft.id), 800);

        /* Cached first, changed by the unit afterwards: one write of the product is both. */
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        place(&both.a, "cup", "1");
        put_price(&both.a, "cup", "9.00 EUR");
        draft.id = test_next_id(&both.a);
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(total_of(&both.b, draft.id), 900);

        /* The same, but another has changed the product in between: the first order is stale. */
        place(&both.a, "cup", "1");
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        place(&both.a, "cup", "1");
        put_price(&both.b, "cup", "1.00 EUR");
        put_price(&both.a, "cup", "2.00 EUR");
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_BUSY);
        pair_close(&both);
}

static void take_all(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, draft_place(&both->b, "cup", "10"));
}

static void the_last_unit_is_sold_once(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        both.store.before = take_all;
        both.store.user_data = &both;
        assert_refused(
                &both.a, draft_place(&both.a, "cup", "1"), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 10);
        shop_receive(&both.a, "cup", "north", "10");
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        both.store.before = take_all;
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_BUSY);
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 20);
        pair_close(&both);
}

static void take_some(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, draft_place(&both->b, "cup", "3"));
}

/* What was counted is what is there, whatever was taken meanwhile. */
static void a_count_is_no_difference(void **state)
{
        const ocore_stock_line line = {.sku = STR("cup"), STR("north"), {0}, {20, 0, 0}};
        ocore_stock_request count = {.struct_size = sizeof count,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        pair both;

        (void)state;
        pair_open(&both, 0);
        both.store.before = take_some;
        both.store.user_data = &both;
        count.id = test_next_id(&both.a);
        assert_done(&both.a, ocore_stock_count(both.a.core, &count, NULL));
        assert_number(shop_stock(&both.a, "cup", "north").available, 20);
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 3);
        pair_close(&both);
}

static void stock_is_shared_without_a_retry(void **state)
{
        int64_t writes;
        pair both;

        (void)state;
        pair_open(&both, 1);
        place(&both.a, "cup", "1");
        writes = both.store.writes;
        both.store.before = take_some;
        both.store.user_data = &both;
        assert_done(&both.a, draft_place(&both.a, "cup", "6"));
        assert_number(both.store.writes, writes + 1);
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 10);
        pair_close(&both);
}

static void retries_are_bounded(void **state)
{
        ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        const ocore_order *order = NULL;
        int64_t writes;
        pair both;

        (void)state;
        pair_open(&both, 5);
        place(&both.a, "cup", "1");
        both.store.refuse = INT64_MAX;
        writes = both.store.writes;
        draft = draft_of(&both.a, &line, 1);
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_BUSY);
        assert_null(order);
        assert_true(both.store.writes - writes >= 5 && both.store.writes - writes <= 6);
        assert_int_equal(ocore_error_count(both.a.core), 1);
        both.store.refuse = 4;
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, &order));
        assert_int_equal(ocore_error_count(both.a.core), 0);
        assert_int_equal(draft_orders(&both.a), 2);
        pair_close(&both);
}

/* The answer of a write is lost: the command row tells what became of it. */
static void unknown_outcomes_are_settled(void **state)
{
        pair both;

        (void)state;
        for (int in_unit = 0; in_unit < 2; in_unit++)
                for (int lose = 0; lose < 2; lose++) {
                        ocore_draft_line line = line_of("cup", "1");
                        ocore_order_draft draft;
                        int status;

                        pair_open(&both, 0);
                        draft = draft_of(&both.a, &line, 1);
                        both.store.unknown = 1;
                        both.store.lose = lose;
                        if (in_unit) {
                                assert_done(&both.a, ocore_unit_begin(both.a.core));
                                assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
                                status = ocore_unit_commit(both.a.core);
                                assert_status(&both.a, status, lose ? OCORE_UNKNOWN : OCORE_OK);
                        } else {
                                assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
                        }
                        assert_int_equal(draft_orders(&both.b), in_unit && lose ? 0 : 1);
                        assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL),
                                in_unit && lose ? OCORE_OK : OCORE_ALREADY);
                        assert_number(shop_stock(&both.b, "cup", "north").allocated, 1);
                        pair_close(&both);
                }
}

static void an_outcome_that_cannot_be_asked_for_is_unknown(void **state)
{
        ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        const ocore_order *order;
        pair both;

        (void)state;
        pair_open(&both, 0);
        draft = draft_of(&both.a, &line, 1);
        both.store.unknown = both.store.reads_fail = 1;
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_UNKNOWN);
        assert_null(order);
        both.store.reads_fail = 0;
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_ALREADY);
        assert_int_equal(draft_orders(&both.a), 1);
        pair_close(&both);
}

static void sell_the_rest(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, draft_place(&both->b, "cup", "10"));
}

/* A write whose answer was lost and that is not seen may still come: a server can be at work on it.
 * So what is tried once more and fails, for whatever reason, has not surely changed nothing. */
static void what_may_still_come_is_unknown(void **state)
{
        (void)state;
        for (int sold_out = 0; sold_out < 2; sold_out++) {
                const ocore_draft_line line = line_of("cup", "1");
                ocore_order_draft draft;
                pair both;

                pair_open(&both, 3);
                draft = draft_of(&both.a, &line, 1);
                both.store.unknown = both.store.lose = 1;
                if (sold_out)
                        both.store.before = sell_the_rest;
                else
                        both.store.refuse_then = 100;
                both.store.user_data = &both;
                assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL), OCORE_UNKNOWN);
                both.store.refuse = 0;
                assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL),
                        sold_out ? OCORE_OUT_OF_STOCK : OCORE_OK);
                pair_close(&both);
        }
}

static ocore_order_draft the_draft;

static void carry_out_the_same(void *user_data)
{
        pair *both = user_data;

        both->b.now_us += 7; /* so that its answer is another */
        assert_done(&both->b, ocore_order_place(both->b.core, &the_draft, NULL));
}

/* Another core carries the same command out while our write gets lost: its answer is the answer. */
static void the_row_of_another_is_not_ours(void **state)
{
        ocore_draft_line line = line_of("cup", "1");
        const ocore_order *order;
        pair both;

        (void)state;
        pair_open(&both, 0);
        the_draft = draft_of(&both.a, &line, 1);
        both.store.unknown = both.store.lose = 1;
        both.store.before = carry_out_the_same;
        both.store.user_data = &both;
        assert_status(&both.a, ocore_order_place(both.a.core, &the_draft, &order), OCORE_ALREADY);
        assert_number(order->placed_us, TEST_NOW_US + 7);
        assert_number(shop_stock(&both.a, "cup", "north").allocated, 1);
        pair_close(&both);
}

/* A status that no store may return from a write is an unknown outcome. */
static void odd_answers_of_a_store_are_settled(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        both.store.odd_status = OCORE_DONE;
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        both.store.odd_status = OCORE_ALREADY;
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_int_equal(draft_orders(&both.a), 2);
        pair_close(&both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_stale_cache_never_decides),
                cmocka_unit_test(a_stale_cache_never_decides_inside_a_unit),
                cmocka_unit_test(the_last_unit_is_sold_once),
                cmocka_unit_test(a_count_is_no_difference),
                cmocka_unit_test(stock_is_shared_without_a_retry),
                cmocka_unit_test(retries_are_bounded),
                cmocka_unit_test(unknown_outcomes_are_settled),
                cmocka_unit_test(an_outcome_that_cannot_be_asked_for_is_unknown),
                cmocka_unit_test(what_may_still_come_is_unknown),
                cmocka_unit_test(the_row_of_another_is_not_ours),
                cmocka_unit_test(odd_answers_of_a_store_are_settled),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
