/*
 * Drafts: saved without being priced, corrected, verified with everything wrong told at once by
 * field, placed as they are or as they were corrected, and never again after that. What a store
 * returns as a saved draft is checked like a request.
 */
#include "draft.h"
#include "rows.h"

#include "order/draft.h"

static int64_t count_events(test_world *world, ocore_id order_id)
{
        return sale_event(world, order_id, 0).number;
}

static void a_draft_is_saved_corrected_and_placed(void **state)
{
        ocore_draft_line lines[] = {line_of("tea", "1"), line_of("cup", "2")};
        ocore_order_draft draft;
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, lines, 2);
        draft.currency = (ocore_str){0}; /* what is not known yet can come later */
        draft.customer = STR("C1");
        order_id = draft.id;
        assert_done(&world, ocore_order_save(world.core, &draft, &order));
        assert_same_id(order->id, order_id);
        assert_number(order->state, OCORE_ORDER_DRAFT);
        assert_number(order->total_minor, 0);
        assert_int_equal(order->line_count, 0);
        assert_number(order->version, 1);
        assert_status(&world, ocore_order_save(world.core, &draft, &order), OCORE_ALREADY);

        draft.id = test_next_id(&world);
        draft.order_id = order_id;
        draft.currency = STR("EUR");
        draft.customer = STR("C2");
        draft.ship_name = STR("Ann");
        world.now_us += TEST_HOUR_US;
        assert_done(&world, ocore_order_save(world.core, &draft, &order));
        assert_same_id(order->id, order_id);
        assert_text(order->customer, "C2");
        assert_number(order->version, 2);
        assert_number(order->saved_us, TEST_NOW_US);
        assert_number(shop_stock(&world, "cup", "north").allocated, 0);

        memset(lines, 0, sizeof lines); /* the content is the store's now */
        draft = (ocore_order_draft){
                .struct_size = sizeof draft, .id = test_next_id(&world), .order_id = order_id};
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_same_id(order->id, order_id);
        assert_number(order->state, OCORE_ORDER_PLACED);
        assert_text(order->customer, "C2");
        assert_number(order->total_minor, 333 + 1402);
        assert_number(order->version, 3);
        assert_number(order->saved_us, TEST_NOW_US);
        assert_number(order->placed_us, TEST_NOW_US + TEST_HOUR_US);
        assert_number(count_events(&world, order_id), 3);
        assert_number(shop_stock(&world, "cup", "north").allocated, 2);
        assert_status(&world, ocore_order_place(world.core, &draft, &order), OCORE_ALREADY);
        draft.id = test_next_id(&world);
        assert_refused(
                &world, ocore_order_place(world.core, &draft, &order), OCORE_STATE, "order_id");
        assert_refused(
                &world, ocore_order_save(world.core, &draft, &order), OCORE_STATE, "order_id");
        assert_number(count_events(&world, order_id), 3);
        sale_close(&world);
}

static void what_it_says_of_sourcing_is_saved_with_it(void **state)
{
        const ocore_site_wish wish = {STR_INIT("south"), 0};
        ocore_draft_line lines[] = {line_of("cup", "2"), line_of("tea", "101")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        lines[1].min_life_us = 5;
        draft = draft_of(&world, lines, 2);
        draft.short_action = OCORE_SHORT_BACKORDER;
        draft.sites = &wish;
        draft.site_count = 1;
        draft.site_stride = sizeof wish;
        assert_done(&world, ocore_order_save(world.core, &draft, &order));
        assert_number(order->wishes, 0); /* they are in the draft */
        draft = (ocore_order_draft){
                .struct_size = sizeof draft, .id = test_next_id(&world), .order_id = order->id};
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->wishes, 1);
        assert_text(order->lines[0]->allocations[0]->site, "south");
        assert_number(order->lines[1]->backordered, 1);
        sale_close(&world);
}

static void a_draft_can_be_placed_with_other_lines(void **state)
{
        const ocore_draft_line lines[] = {line_of("tea", "1"), line_of("cup", "2")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, lines, 1);
        assert_done(&world, ocore_order_save(world.core, &draft, NULL));
        draft.order_id = draft.id;
        draft.id = test_next_id(&world);
        draft.lines = &lines[1];
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_same_id(order->id, draft.order_id);
        assert_number(order->total_minor, 1402);
        sale_close(&world);
}

static void a_draft_is_saved_and_placed_in_one_unit(void **state)
{
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        const ocore_order *order;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, ocore_unit_begin(world.core));
        draft = draft_of(&world, &line, 1);
        order_id = draft.id;
        assert_done(&world, ocore_order_save(world.core, &draft, NULL));
        draft = (ocore_order_draft){
                .struct_size = sizeof draft, .id = test_next_id(&world), .order_id = order_id};
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->total_minor, 1402);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_PLACED);
        assert_number(count_events(&world, order_id), 2);
        sale_close(&world);
}

static void a_draft_can_be_cancelled(void **state)
{
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        assert_done(&world, ocore_order_save(world.core, &draft, NULL));
        sale_cancel(&world, draft.id, 0, NULL);
        assert_number(sale_order(&world, draft.id)->state, OCORE_ORDER_CANCELLED);
        draft.order_id = draft.id;
        draft.id = test_next_id(&world);
        assert_refused(&world, ocore_order_save(world.core, &draft, NULL), OCORE_STATE, "order_id");
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_STATE, "order_id");
        draft.line_count = 0;
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_STATE, "order_id");
        sale_close(&world);
}

static void wrong_saves_are_refused(void **state)
{
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        draft.id = (ocore_id){{0}};
        assert_refused(&world, ocore_order_save(world.core, &draft, NULL), OCORE_INVALID, "id");
        draft.id = test_next_id(&world);
        draft.order_id = test_id(77);
        assert_refused(
                &world, ocore_order_save(world.core, &draft, NULL), OCORE_NOT_FOUND, "order_id");
        draft.order_id = (ocore_id){{0}};
        draft.currency = STR("EUX");
        assert_refused(
                &world, ocore_order_save(world.core, &draft, NULL), OCORE_INVALID, "currency");
        assert_int_equal(draft_orders(&world), 0);
        sale_close(&world);
}

static void everything_wrong_is_told_at_once(void **state)
{
        static const struct {
                const char *status, *field;
        } wanted[] = {
                {"INVALID", "tax_mode"},
                {"SENSITIVE", "note"},
                {"INVALID", "lines[1].quantity"},
                {"INVALID", "currency"},
                {"INVALID", "discount_ppm"},
                {"NOT_FOUND", "lines[0].sku"},
                {"INVALID", "lines[3].quantity"},
                {"NOT_FOUND", "shipping_option"},
                {"NOT_FOUND", "hold_id"},
                {"OUT_OF_STOCK", "lines[2].quantity"},
                {"INVALID", "lines[4].sku"},
        };
        ocore_draft_line lines[] = {line_of("none", "1"), line_of("cup", "-1"),
                line_of("cup", "14"), line_of("tea", "0.5"), line_of("", "1")};
        ocore_order_draft draft;
        const ocore_verdict *verdict;
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < 5; i++)
                lines[i].unit_price = test_money("1.00 EUR");
        draft = draft_of(&world, lines, 5);
        draft.tax_mode = 9;
        draft.note = STR("4111111111111111");
        draft.currency = (ocore_str){0};
        draft.discount_ppm = 2000000;
        draft.shipping_option = STR("pigeon");
        draft.hold_id = test_id(5);
        assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
        assert_number(verdict->good, 0);
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
                size_t n = 0;

                while (n < verdict->problem_count &&
                        !(ocore_str_equal(
                                  verdict->problems[n]->field, ocore_str_of(wanted[i].field)) &&
                                ocore_str_equal(verdict->problems[n]->status,
                                        ocore_str_of(wanted[i].status))))
                        n++;
                if (n == verdict->problem_count)
                        fail_msg("%s of %s is not told", wanted[i].status, wanted[i].field);
                assert_true(verdict->problems[n]->message.size > 0);
        }
        for (size_t i = 0; i < verdict->problem_count; i++) /* none twice */
                for (size_t n = 0; n < i; n++)
                        assert_false(ocore_str_equal(
                                verdict->problems[i]->field, verdict->problems[n]->field));
        assert_int_equal(ocore_error_count(world.core), 0);
        assert_int_equal(draft_orders(&world), 0);
        sale_close(&world);
}

static void verify_sees_a_number_that_is_taken(void **state)
{
        const ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        const ocore_verdict *verdict;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        draft.number = STR("7");
        assert_done(&world, ocore_order_save(world.core, &draft, NULL));
        draft.order_id = draft.id; /* its own number is no problem */
        assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
        assert_number(verdict->good, 1);
        draft.order_id = (ocore_id){{0}};
        draft.id = test_next_id(&world);
        draft.discount_ppm = 2000000; /* and it is told beside what else is wrong */
        assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
        assert_int_equal(verdict->problem_count, 2);
        assert_text(verdict->problems[1]->field, "number");
        assert_text(verdict->problems[1]->status, "EXISTS");
        sale_close(&world);
}

/* Bytes that are a draft but not one that was ever saved. */
static void a_hostile_draft_is_checked_like_a_request(void **state)
{
        static const struct {
                ocore_draft_line line;
                int64_t tax_mode;
                const char *field;
        } cases[] = {
                {{.sku = STR_INIT("cup"), .quantity = {-5, 0, 0}}, 0, "lines[0].quantity"},
                {{.sku = STR_INIT("cup"), .quantity = {5, 99, 0}}, 0, "lines[0].quantity"},
                {{.sku = STR_INIT("\xff"), .quantity = {5, 0, 0}}, 0, "lines[0].sku"},
                {{.sku = STR_INIT("cup"),
                         .quantity = {5, 0, 0},
                         .unit_price = {INT64_MIN, "EUR", 0}},
                        0, "lines[0].unit_price"},
                {{.sku = STR_INIT("cup"),
                         .quantity = {5, 0, 0},
                         .unit_price = {1, {'E', 'U', 'R', 'O'}, 0}},
                        0, "lines[0].unit_price"},
                {{.sku = STR_INIT("cup"), .quantity = {5, 0, 0}, .discount_ppm = INT64_MIN}, 0,
                        "lines[0].discount_ppm"},
                {{.sku = STR_INIT("cup"), .quantity = {5, 0, 0}}, 77, "tax_mode"},
                {{.sku = STR_INIT("cup"), .quantity = {5, 0, 0}, .together = -1}, 0,
                        "lines[0].together"},
                {{.sku = STR_INIT("cup"), .quantity = {5, 0, 0}, .lot = STR_INIT("\xff")}, 0,
                        "lines[0].lot"},
        };
        const ocore_allocator none = {NULL, NULL};
        ocore__arena arena;
        test_world world;

        (void)state;
        sale_open(&world);
        ocore__arena_init(&arena, &none, 256);
        for (size_t i = 0; i <= sizeof cases / sizeof cases[0]; i++) {
                const ocore_order order = {.id = test_id(100 + (int64_t)i),
                        .state = OCORE_ORDER_DRAFT,
                        .currency = STR("EUR"),
                        .version = 1};
                ocore__draft_row row = {.order_id = order.id, .content = STR("nonsense")};
                ocore_order_draft place = {.struct_size = sizeof place,
                        .id = test_next_id(&world),
                        .order_id = order.id};
                int is_draft = i < sizeof cases / sizeof cases[0];

                if (is_draft) {
                        const ocore_order_draft saved = {.currency = STR("EUR"),
                                .tax_mode = cases[i].tax_mode,
                                .lines = &cases[i].line,
                                .line_count = 1,
                                .line_stride = sizeof cases[i].line};

                        assert_int_equal(ocore__record_encode(&arena, &ocore__order_save_request,
                                                 &saved, &row.content),
                                OCORE_OK);
                }
                test_insert(&world, &ocore__order_table, &order);
                test_insert(&world, &ocore__draft_table, &row);
                assert_refused(&world, ocore_order_place(world.core, &place, NULL),
                        is_draft ? OCORE_INVALID : OCORE_CORRUPT,
                        is_draft ? cases[i].field : "order_id");
        }
        ocore__arena_finish(&arena);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_draft_is_saved_corrected_and_placed),
                cmocka_unit_test(what_it_says_of_sourcing_is_saved_with_it),
                cmocka_unit_test(a_draft_can_be_placed_with_other_lines),
                cmocka_unit_test(a_draft_is_saved_and_placed_in_one_unit),
                cmocka_unit_test(a_draft_can_be_cancelled),
                cmocka_unit_test(wrong_saves_are_refused),
                cmocka_unit_test(everything_wrong_is_told_at_once),
                cmocka_unit_test(verify_sees_a_number_that_is_taken),
                cmocka_unit_test(a_hostile_draft_is_checked_like_a_request),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
