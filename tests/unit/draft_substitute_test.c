/*
 * Substitutes in orders: the first that has all of a short line is sent at the line's price, by its
 * own stock rules and tax; never at the cost of other lines; and the original waits or is refused
 * when no substitute has all.
 */
#include "assortment.h"
#include "watched_store.h"

enum { WAIT = OCORE_SHORT_BACKORDER };

/* 2 of "want" are north; of its substitutes "a" has 3, "b" 10, "c" 20, in this order. */
static void open_shop(test_world *world)
{
        static const char *const skus[] = {"want", "a", "b", "c"};
        static const char *const there[] = {"2", "3", "10", "20"};

        sale_open(world);
        for (size_t i = 0; i < 4; i++) {
                shop_goods(world, skus[i], i ? NULL : "6.00 EUR");
                shop_receive(world, skus[i], "north", there[i]);
        }
        assorted_substitutes(world, "want", "a", "b", "c");
}

static void the_first_that_has_all_is_sent(void **state)
{
        static const struct {
                int64_t asked, allowed, action;
                const char *sent; /* NULL: refused */
                int64_t later;
        } cases[] = {
                {2, 1, 0, "want", 0},
                {3, 1, 0, "a", 0},
                {4, 1, 0, "b", 0},
                {20, 1, 0, "c", 0},
                {20, 1, WAIT, "c", 0},
                {21, 1, 0, NULL, 0},
                {21, 1, WAIT, "want", 19},
                {3, 0, 0, NULL, 0},
                {3, 0, WAIT, "want", 1},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_draft_line line = line_of("want", "1");
                ocore_order_draft draft;
                const ocore_order *order;
                test_world world;
                int instead;

                open_shop(&world);
                line.quantity.amount = cases[i].asked;
                line.substitutes = cases[i].allowed;
                draft = draft_of(&world, &line, 1);
                draft.short_action = cases[i].action;
                if (!cases[i].sent) {
                        assert_refused(&world, ocore_order_place(world.core, &draft, NULL),
                                OCORE_OUT_OF_STOCK, "lines[0].quantity");
                        sale_close(&world);
                        continue;
                }
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                instead = strcmp(cases[i].sent, "want") != 0;
                assert_text(order->lines[0]->sku, cases[i].sent);
                assert_text(order->lines[0]->substitute_for, instead ? "want" : "");
                assert_number(order->lines[0]->backordered, cases[i].later);
                assert_number(order->lines[0]->allocated, cases[i].asked - cases[i].later);
                assert_number(order->total_minor, 600 * cases[i].asked);
                assert_number(shop_stock(&world, cases[i].sent, "north").allocated,
                        cases[i].asked - cases[i].later);
                assert_text(sale_order(&world, draft.id)->lines[0]->substitute_for,
                        instead ? "want" : "");
                sale_close(&world);
        }
}

/* Only the rules of the substitute itself count: its safety stock, its lots, its release. */
static void a_substitute_is_sent_by_its_own_rules(void **state)
{
        const assorted later = {.sku = "a", .release_us = TEST_NOW_US + 1};
        ocore_draft_line line = line_of("want", "3");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        open_shop(&world);
        assorted_goods(&world, &later);
        assorted_rule(&world, "b", "north", "8", 0);
        assorted_rule(&world, "want", "north", "2", 0); /* of these none is to be had */
        line.substitutes = 1;
        line.quantity.amount = 2;
        draft = draft_of(&world, &line, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "b");
        draft.id = test_next_id(&world);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "c");
        assert_number(shop_stock(&world, "b", "north").available, 8);
        sale_close(&world);
}

static void what_others_ask_for_is_not_sent_instead(void **state)
{
        ocore_draft_line lines[] = {line_of("want", "3"), line_of("a", "1"), line_of("want", "1")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        open_shop(&world);
        for (size_t i = 0; i < 3; i++)
                lines[i].unit_price = test_money("1.00 EUR");
        lines[0].substitutes = 1;
        draft = draft_of(&world, lines, 2); /* a has 3: 1 is asked for, so 2 are left, not 3 */
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "b");
        assert_text(order->lines[1]->sku, "a");
        assert_number(order->lines[1]->allocated, 1);
        shop_receive(&world, "a", "north", "1");
        shop_receive(&world, "b", "north", "3");
        lines[0].site = STR("north"); /* who names a place is served first, but not before others */
        draft.id = test_next_id(&world);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "b");
        assert_number(order->lines[1]->allocated, 1);
        lines[0].site = (ocore_str){0};
        lines[0].substitutes = 0; /* 3 and 1 of 2: the second may be sent otherwise */
        lines[0].quantity.amount = 2;
        lines[2].substitutes = 1;
        draft = draft_of(&world, lines, 3);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "want");
        assert_text(order->lines[2]->sku, "a");
        sale_close(&world);
}

/* Several lines look for something at once; each gets the first that is enough for all of them. */
static void several_lines_share_what_there_is(void **state)
{
        ocore_draft_line lines[3];
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;
        int64_t sent[3] = {0, 0, 0};

        (void)state;
        open_shop(&world);
        for (size_t i = 0; i < 3; i++) {
                lines[i] = line_of("want", "3");
                lines[i].substitutes = 1;
        }
        draft = draft_of(&world, lines, 3);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        for (size_t i = 0; i < 3; i++) {
                assert_number(order->lines[i]->allocated, 3);
                sent[order->lines[i]->sku.data[0] - 'a']++;
        }
        assert_number(sent[0], 1);
        assert_number(sent[1], 2);
        sale_close(&world);
}

/* A hold that has too few is not used for a line that is sent as something else; and what the
 * customer has in hand is not exchanged. */
static void a_line_is_one_product(void **state)
{
        const assorted_part held = {"want", "2"};
        ocore_draft_line line = line_of("want", "3");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        open_shop(&world);
        line.substitutes = 1;
        draft = draft_of(&world, &line, 1);
        draft.hold_id = assorted_hold(&world, &held, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "a");
        assert_number(order->lines[0]->allocated, 3);
        assert_number(shop_stock(&world, "want", "north").available, 2);
        draft = draft_of(&world, &line, 1);
        draft.in_hand = 1;
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_close(&world);
}

/* Tax and weight are those of what is sent. */
static void tax_is_that_of_what_is_sent(void **state)
{
        ocore_draft_line line = line_of("want", "3");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        open_shop(&world);
        shop_product(&world, "a", OCORE_PRODUCT_GOODS, 0, "full", NULL);
        line.substitutes = 1;
        draft = draft_of(&world, &line, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_text(order->lines[0]->sku, "a");
        assert_number(order->lines[0]->tax_rate_ppm, 190000);
        assert_number(order->total_minor, 1800);
        assert_number(order->tax_minor, 287);
        sale_close(&world);
}

/* Its cap is the one that is used, and a core that remembers that all is sold looks again. */
static void caps_and_memory_are_those_of_now(void **state)
{
        ocore_draft_line line = line_of("want", "2");
        ocore_order_draft draft, plain;
        const ocore_order *order;
        ocore_core *other;
        ocore_config config;
        test_world world;

        (void)state;
        open_shop(&world);
        assorted_cap(&world, "a", OCORE_QUOTA_SALE, "web", "9");
        config = world.config;
        assert_int_equal(ocore_open(&config, &other), OCORE_OK);
        line.substitutes = 1;
        draft = draft_of(&world, &line, 1);
        draft.channel = STR("web");
        assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
        assert_text(order->lines[0]->sku, "want");
        draft.id = test_next_id(&world);
        assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
        assert_text(order->lines[0]->sku, "a");
        assert_number(order->lines[0]->capped, 2);
        assert_number(assorted_left(&world, "a", 0), 7);
        shop_receive(&world, "want", "north", "2");
        draft.id = test_next_id(&world);
        assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
        assert_text(order->lines[0]->sku, "want");
        shop_receive(&world, "want", "north", "2"); /* and so in a unit, which is written once */
        assert_int_equal(ocore_unit_begin(other), OCORE_OK);
        plain = draft_of(
                &world, &(const ocore_draft_line){.sku = STR("cup"), .quantity = {1, 0, 0}}, 1);
        assert_int_equal(ocore_order_place(other, &plain, &order), OCORE_OK);
        draft.id = test_next_id(&world);
        assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
        assert_text(order->lines[0]->sku, "want");
        assert_int_equal(ocore_unit_commit(other), OCORE_OK);
        ocore_close(other);
        sale_close(&world);
}

static void more_of_it_comes_in(void *data)
{
        shop_receive(data, "want", "north", "1");
}

static void more_of_the_first_comes_in(void *data)
{
        shop_receive(data, "a", "north", "1");
}

/* What was short when it was read and is not when the order is written is sent after all. */
static void nothing_else_is_sent_once_it_has_come(void **state)
{
        static const struct {
                void (*before_write)(void *data);
                const char *quantity, *sent;
        } cases[] = {{more_of_it_comes_in, "3", "want"}, {more_of_the_first_comes_in, "4", "a"}};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_draft_line line = line_of("want", cases[i].quantity);
                ocore_order_draft draft;
                const ocore_order *order;
                watched_store watched;
                ocore_config config;
                ocore_core *other;
                test_world world;

                open_shop(&world);
                config = world.config;
                config.store = watched_of(&watched, world.store);
                assert_int_equal(ocore_open(&config, &other), OCORE_OK);
                watched.before_write = cases[i].before_write;
                watched.data = &world;
                line.substitutes = 1;
                draft = draft_of(&world, &line, 1);
                assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
                assert_text(order->lines[0]->sku, cases[i].sent);
                assert_int_equal(watched.writes, 2);
                ocore_close(other);
                sale_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_that_has_all_is_sent),
                cmocka_unit_test(a_substitute_is_sent_by_its_own_rules),
                cmocka_unit_test(what_others_ask_for_is_not_sent_instead),
                cmocka_unit_test(several_lines_share_what_there_is),
                cmocka_unit_test(a_line_is_one_product),
                cmocka_unit_test(tax_is_that_of_what_is_sent),
                cmocka_unit_test(caps_and_memory_are_those_of_now),
                cmocka_unit_test(nothing_else_is_sent_once_it_has_come),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
