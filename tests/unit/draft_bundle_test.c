/*
 * Bundles in orders: the bundle's line has the money, its parts follow behind all lines of the
 * draft and have the stock; they are taken all or none for each bundle, unless they may come
 * alone; what is short waits part by part; tax, weight and shipping are the bundle's. And what is
 * refused.
 */
#include "assortment.h"
#include "rows.h"

#include "catalog/catalog.h"

enum { WAIT = OCORE_SHORT_BACKORDER };

static const assorted_part breakfast[] = {{"cup", "1"}, {"tea", "2"}};

static void parts_follow_the_lines_of_the_draft(void **state)
{
        const ocore_draft_line lines[] = {
                line_of("box", "3"), line_of("rice", "0.5"), line_of("box", "1")};
        const assorted_part parts[] = {{"cup", "1"}, {"tea", "2"}, {"rice", "0.250"}};
        ocore_order_draft draft;
        const ocore_order *order;
        const ocore_order_line *part;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", 0, 0, parts, 3);
        draft = draft_of(&world, lines, 3);
        draft.ship_postcode = STR("10115");
        draft.shipping_option = STR("post");
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_int_equal(order->line_count, 9);
        assert_number(order->goods_minor, 3 * 2000 + 100 + 2000);
        assert_number(order->lines[0]->kind, OCORE_PRODUCT_BUNDLE);
        assert_number(order->lines[0]->open, 3); /* until its parts arrive */
        assert_int_equal(order->lines[0]->allocation_count, 0);
        assert_true(order->lines[0]->shipping_minor > order->lines[2]->shipping_minor);
        assert_true(order->lines[2]->shipping_minor > 0);
        part = order->lines[3];
        assert_text(part->sku, "cup");
        assert_number(part->parent, 1);
        assert_number(part->per_parent, 1);
        assert_number(part->quantity, 3);
        assert_number(part->allocated, 3);
        part = order->lines[4]; /* parts come by sku */
        assert_text(part->sku, "rice");
        assert_number(part->per_parent, 250);
        assert_number(part->quantity, 750);
        part = order->lines[8];
        assert_text(part->sku, "tea");
        assert_number(part->parent, 3);
        assert_number(part->quantity, 2);
        for (size_t i = 3; i < 9; i++) {
                assert_number(order->lines[i]->kind, OCORE_PRODUCT_GOODS);
                assert_number(order->lines[i]->open, 0);
                assert_number(order->lines[i]->total_minor, 0);
                assert_number(order->lines[i]->shipping_minor, 0);
        }
        assert_number(shop_stock(&world, "tea", "north").allocated, 8);
        assert_number(order->fulfillment, OCORE_FULFILLMENT_NONE);
        sale_close(&world);
}

/* 3 cups north, 10 south, and 100 teas: 13 bundles, together with cups that are asked for alone. */
static void parts_and_lines_are_counted_together(void **state)
{
        const ocore_draft_line lines[] = {line_of("box", "10"), line_of("cup", "3")};
        ocore_draft_line more[] = {lines[0], line_of("cup", "4")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", 0, 0, breakfast, 2);
        draft = draft_of(&world, more, 2);
        assert_status(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK);
        draft.lines = lines;
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(shop_stock(&world, "cup", "south").allocated, 10);
        draft = draft_of(&world, lines, 1);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_close(&world);
}

/* What there is of cup (13), tea (as given) and how many bundles wait with how much of each. */
static void short_bundles_wait_whole(void **state)
{
        static const struct {
                int64_t action, alone;
                const char *bundles;
                int64_t cups, teas, cups_later, teas_later; /* −1: refused */
        } cases[] = {
                {0, 0, "14", -1, 0, 0, 0},
                {0, 1, "14", -1, 0, 0, 0},
                {WAIT, 0, "13", 13, 26, 0, 0},
                {WAIT, 0, "15", 13, 26, 2, 4},
                {WAIT, 1, "15", 13, 30, 2, 0},
                {WAIT, 0, "60", 13, 26, 47, 94},
                {WAIT, 1, "60", 13, 100, 47, 20},
                {OCORE_SHORT_MAKE_TO_ORDER, 0, "15", 13, 26, 2, 4},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_draft_line line = line_of("box", cases[i].bundles);
                ocore_order_draft draft;
                const ocore_order *order;
                test_world world;

                sale_open(&world);
                assorted_bundle(&world, "box", cases[i].action, cases[i].alone, breakfast, 2);
                draft = draft_of(&world, &line, 1);
                if (cases[i].cups < 0) {
                        assert_refused(&world, ocore_order_place(world.core, &draft, NULL),
                                OCORE_OUT_OF_STOCK, "lines[0].quantity");
                        sale_close(&world);
                        continue;
                }
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[0]->backordered, 0);
                assert_number(order->lines[1]->allocated, cases[i].cups);
                assert_number(order->lines[1]->backordered, cases[i].cups_later);
                assert_number(order->lines[2]->allocated, cases[i].teas);
                assert_number(order->lines[2]->backordered, cases[i].teas_later);
                assert_number(order->lines[1]->open + order->lines[2]->open, 0);
                if (cases[i].cups_later)
                        assert_number(order->backorders[0]->kind,
                                cases[i].action == WAIT ? OCORE_BACKORDER_SUPPLY
                                                        : OCORE_BACKORDER_MAKE_TO_ORDER);
                sale_close(&world);
        }
}

/* One bundle is short of milk, so the tea that it would have had is the other's. */
static void what_a_short_bundle_leaves_another_has(void **state)
{
        const assorted_part early[] = {{"milk", "1"}, {"tea", "50"}};
        const assorted_part late[] = {{"cup", "1"}, {"tea", "60"}};
        const ocore_draft_line lines[] = {line_of("early", "1"), line_of("tea", "30")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_goods(&world, "milk", "1.00 EUR");
        assorted_bundle(&world, "early", WAIT, 0, early, 2);
        assorted_bundle(&world, "late", WAIT, 0, late, 2);
        draft = draft_of(&world, lines, 2);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[1]->allocated, 30);
        assert_number(order->lines[2]->backordered, 1);
        assert_number(order->lines[3]->backordered, 50);
        assert_number(shop_stock(&world, "tea", "north").available, 70);
        draft = draft_of(&world, lines, 2);
        draft.lines = (const ocore_draft_line[]){line_of("late", "1"), line_of("late", "1")};
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[3]->allocated, 60); /* tea of the first */
        assert_number(order->lines[4]->backordered, 1);
        assert_number(order->lines[5]->backordered, 60);
        sale_close(&world);
}

static void a_bundle_waits_for_the_release_of_its_parts(void **state)
{
        const assorted game = {.sku = "game", .release_us = TEST_NOW_US + TEST_DAY_US};
        const assorted_part parts[] = {{"cup", "1"}, {"game", "1"}};
        const ocore_draft_line line = line_of("box", "2");

        (void)state;
        for (int alone = 0; alone < 2; alone++) {
                ocore_order_draft draft;
                const ocore_order *order;
                test_world world;

                sale_open(&world);
                assorted_goods(&world, &game);
                shop_receive(&world, "game", "north", "9");
                assorted_bundle(&world, "box", 0, alone, parts, 2);
                draft = draft_of(&world, &line, 1);
                assert_refused(&world, ocore_order_place(world.core, &draft, NULL),
                        OCORE_OUT_OF_STOCK, "lines[0].quantity");
                assert_int_equal(ocore_error_count(world.core), 1);
                draft.short_action = WAIT;
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[1]->allocated, alone ? 2 : 0);
                assert_number(order->lines[1]->backordered, alone ? 0 : 2);
                assert_number(order->lines[2]->backordered, 2);
                assert_number(order->backorders[!alone]->kind, OCORE_BACKORDER_PREORDER);
                sale_close(&world);
        }
}

/* Caps count the bundle, not its parts. */
static void a_bundle_has_a_cap_of_its_own(void **state)
{
        const ocore_draft_line line = line_of("box", "2");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", 0, 0, breakfast, 2);
        assorted_cap(&world, "box", OCORE_QUOTA_SALE, "web", "3");
        assorted_cap(&world, "cup", OCORE_QUOTA_SALE, "web", "1");
        draft = draft_of(&world, &line, 1);
        draft.channel = STR("web");
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->capped, 2);
        assert_number(order->lines[1]->capped, 0);
        assert_number(assorted_left(&world, "box", 0), 1);
        assert_number(assorted_left(&world, "cup", 0), 1);
        draft.id = test_next_id(&world);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_close(&world);
}

/* The rates go up to 30 kg: 150 cups and 300 teas of 100 g each are too much, a bundle that names
 * its own weight of a gram is not. */
static void a_bundle_weighs_what_it_says_or_its_parts(void **state)
{
        const ocore_draft_line line = line_of("box", "150");
        ocore_product_request product = {.struct_size = sizeof product,
                .sku = STR("box"),
                .name = STR("box"),
                .kind = OCORE_PRODUCT_BUNDLE,
                .weight_g = 1};
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", WAIT, 0, breakfast, 2);
        draft = draft_of(&world, &line, 1);
        draft.ship_postcode = STR("10115");
        draft.short_action = WAIT;
        draft.shipping_option = STR("post");
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_INVALID,
                "shipping_option");
        product.id = test_next_id(&world);
        assert_done(&world, ocore_product_put(world.core, &product, NULL));
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_close(&world);
}

static void wrong_bundles_are_refused_by_line(void **state)
{
        static const struct {
                const char *sku, *quantity, *lot;
                int status;
                const char *field;
        } cases[] = {
                {"empty", "1", "", OCORE_INVALID, "lines[0].sku"},
                {"box", "1.5", "", OCORE_INVALID, "lines[0].quantity"},
                {"box", "1", "L1", OCORE_INVALID, "lines[0].lot"},
                {"box", "5000000000000000000", "", OCORE_OVERFLOW, "lines[0].quantity"},
        };
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_product(&world, "empty", OCORE_PRODUCT_BUNDLE, 0, "", "1.00 EUR");
        assorted_bundle(&world, "box", WAIT, 0, breakfast, 2);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_draft_line line = line_of(cases[i].sku, cases[i].quantity);
                const ocore_verdict *verdict;

                line.lot = ocore_str_of(cases[i].lot);
                draft = draft_of(&world, &line, 1);
                assert_refused(&world, ocore_order_place(world.core, &draft, NULL), cases[i].status,
                        cases[i].field);
                assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
                assert_number(verdict->good, 0);
        }
        sale_close(&world);
}

/* Who ships what is short is the supplier of each part. */
static void parts_are_shipped_by_their_suppliers(void **state)
{
        const ocore_draft_line line = line_of("box", "14");

        (void)state;
        for (int named = 0; named < 2; named++) {
                const assorted cup = {.sku = "cup", .supplier = named ? "acme" : NULL};
                const assorted tea = {.sku = "leaf", .supplier = "acme"};
                const assorted_part parts[] = {{"cup", "1"}, {"leaf", "1"}};
                ocore_order_draft draft;
                const ocore_order *order;
                test_world world;

                sale_open(&world);
                assorted_goods(&world, &cup);
                assorted_goods(&world, &tea);
                shop_receive(&world, "leaf", "north", "99");
                assorted_bundle(&world, "box", OCORE_SHORT_DROP_SHIP, 0, parts, 2);
                draft = draft_of(&world, &line, 1);
                if (named) {
                        assert_done(&world, ocore_order_place(world.core, &draft, &order));
                        assert_number(order->backorders[0]->kind, OCORE_BACKORDER_DROP_SHIP);
                        assert_number(order->lines[2]->backordered, 1);
                } else {
                        assert_refused(&world, ocore_order_place(world.core, &draft, NULL),
                                OCORE_OUT_OF_STOCK, "lines[0].quantity");
                }
                sale_close(&world);
        }
}

/* A customer has a bundle in hand of which the books have too few cups. */
static void a_bundle_in_hand_is_sold_below_zero(void **state)
{
        const ocore_draft_line line = line_of("box", "14");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", WAIT, 0, breakfast, 2);
        draft = draft_of(&world, &line, 1);
        draft.in_hand = 1;
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assorted_rule(&world, "cup", "", "0", 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[1]->allocated, 14);
        assert_number(shop_stock(&world, "cup", "north").oversold, 1);
        sale_close(&world);
}

/* Lines and parts together are no more than a core takes. */
static void parts_count_as_lines(void **state)
{
        const ocore_config config = {.tenant = 1, .lines_max = 5};
        const assorted_part parts[] = {{"a", "1"}, {"b", "1"}};
        const ocore_draft_line lines[] = {line_of("box", "1"), line_of("box", "1")};
        ocore_order_draft draft;
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        shop_site(&world, "north", 1);
        for (size_t i = 0; i < 2; i++) {
                shop_goods(&world, parts[i].sku, NULL);
                shop_receive(&world, parts[i].sku, "north", "9");
        }
        assorted_bundle(&world, "box", 0, 0, parts, 2);
        draft = draft_of(&world, lines, 2);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_LIMIT, "lines");
        draft.line_count = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_close(&world);
}

/* An order keeps its parts, and the bundle is performed with the parts that arrive. */
static void whole_bundles_arrive(void **state)
{
        const ocore_draft_line line = line_of("box", "2");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", 0, 0, breakfast, 2);
        draft = draft_of(&world, &line, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assorted_bundle(&world, "box", 0, 0, &breakfast[1], 1);
        sale_confirm(&world, draft.id);
        order = sale_order(&world, draft.id);
        assert_int_equal(order->line_count, 3);
        assert_number(order->lines[0]->performed, 0);
        sale_deliver(&world, draft.id, "north");
        order = sale_order(&world, draft.id);
        assert_number(order->lines[0]->performed, 2);
        assert_number(order->lines[0]->open, 0);
        assert_number(order->fulfillment, OCORE_FULFILLMENT_DELIVERED);
        assert_number(order->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

/* Parts as a hostile store might tell them: read again, and when they never fit, corrupt. */
static void parts_that_cannot_be_right_are_corrupt(void **state)
{
        static const struct {
                const char *part;
                int64_t scale, quantity;
                int status;
        } cases[] = {
                {"cup", 0, 1, OCORE_OK},
                {"none", 0, 1, OCORE_CORRUPT},
                {"wrap", 0, 1, OCORE_CORRUPT},
                {"cup", 3, 1, OCORE_CORRUPT},
                {"cup", 0, 0, OCORE_CORRUPT},
                {"cup", 0, INT64_MAX, OCORE_OVERFLOW},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const char sku[] = {'k', (char)('a' + i), 0};
                const ocore_product product = {.sku = ocore_str_of(sku),
                        .name = STR("kit"),
                        .kind = OCORE_PRODUCT_BUNDLE,
                        .unit = STR("C62"),
                        .related = OCORE_RELATED_PARTS};
                const ocore_bundle_part part = {ocore_str_of(sku), ocore_str_of(cases[i].part),
                        cases[i].scale, cases[i].quantity};
                ocore_draft_line line = line_of(sku, "2");
                ocore_order_draft draft;
                const ocore_verdict *verdict;

                test_insert(&world, &ocore__product_table, &product);
                test_insert(&world, &ocore__bundle_part_table, &part);
                line.unit_price = test_money("1.00 EUR");
                draft = draft_of(&world, &line, 1);
                assert_status(&world, ocore_order_verify(world.core, &draft, &verdict),
                        cases[i].status == OCORE_CORRUPT ? OCORE_CORRUPT : OCORE_OK);
                assert_status(&world, ocore_order_place(world.core, &draft, NULL), cases[i].status);
        }
        test_close(&world);
}

/* Each request for memory fails once: nothing is half done, and the same id succeeds later. */
static void nothing_is_half_done_without_memory(void **state)
{
        const ocore_draft_line line = line_of("box", "20");
        int failures = 0, done = 0;

        (void)state;
        for (int64_t n = 1; !done; n++) {
                ocore_order_draft draft;
                test_world world;
                int status;

                sale_open(&world);
                assorted_bundle(&world, "box", WAIT, 0, breakfast, 2);
                test_reopen(&world);
                draft = draft_of(&world, &line, 1);
                world.memory.fail_at = world.memory.requests + n;
                status = ocore_order_place(world.core, &draft, NULL);
                done = !world.memory.failed;
                failures += !done;
                world.memory.fail_at = 0;
                assert_status(&world, status, done ? OCORE_OK : OCORE_NOMEM);
                assert_int_equal(draft_orders(&world), done);
                assert_status(&world, ocore_order_place(world.core, &draft, NULL),
                        done ? OCORE_ALREADY : OCORE_OK);
                sale_close(&world);
        }
        assert_true(failures > 3);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(parts_follow_the_lines_of_the_draft),
                cmocka_unit_test(parts_and_lines_are_counted_together),
                cmocka_unit_test(short_bundles_wait_whole),
                cmocka_unit_test(what_a_short_bundle_leaves_another_has),
                cmocka_unit_test(a_bundle_waits_for_the_release_of_its_parts),
                cmocka_unit_test(a_bundle_has_a_cap_of_its_own),
                cmocka_unit_test(a_bundle_weighs_what_it_says_or_its_parts),
                cmocka_unit_test(wrong_bundles_are_refused_by_line),
                cmocka_unit_test(parts_are_shipped_by_their_suppliers),
                cmocka_unit_test(a_bundle_in_hand_is_sold_below_zero),
                cmocka_unit_test(parts_count_as_lines),
                cmocka_unit_test(whole_bundles_arrive),
                cmocka_unit_test(parts_that_cannot_be_right_are_corrupt),
                cmocka_unit_test(nothing_is_half_done_without_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
