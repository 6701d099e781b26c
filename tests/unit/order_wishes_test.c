/*
 * What a draft says of sourcing is kept with the order and read back as it was said, line by line,
 * the parts of bundles like their bundle; an order that says nothing has no such row; and bytes
 * that nobody kept are corrupt.
 */
#include "assortment.h"
#include "rows.h"

#include "engine/core.h"
#include "order/order_room.h"

static ocore_id wanted_id;
static ocore__order_wishes seen;
static ocore__line_wish seen_lines[4];
static ocore_site_wish seen_sites[2];
static char seen_texts[8][16];

static ocore_str kept(size_t n, ocore_str text)
{
        assert_true(text.size < sizeof seen_texts[n]);
        if (text.size)
                memcpy(seen_texts[n], text.data, text.size);
        return (ocore_str){seen_texts[n], text.size};
}

/* A question that reads the wishes of an order and keeps them for the test. */
static int read_wishes(ocore__work *work, const void *request, const void **answer)
{
        static const ocore_site_list nothing;
        ocore__order_view view;
        const ocore_order *order = NULL;
        ocore__group *rows;
        int status = ocore__order_want(work, wanted_id, &view);

        (void)request;
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__order_found(work, &view, &order);
        if (!status)
                status = ocore__wishes_want(work, order, &rows);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__wishes_read(work, &view, rows, &seen);
        if (status)
                return status;
        for (size_t i = 0; i < view.line_count && i < 4; i++) {
                seen_lines[i] = seen.lines[i];
                seen_lines[i].site = kept(i, seen.lines[i].site);
                seen_lines[i].lot = kept(4 + i, seen.lines[i].lot);
        }
        for (size_t i = 0; i < seen.order.site_count && i < 2; i++)
                seen_sites[i].excluded = seen.order.sites[i].excluded;
        *answer = &nothing;
        return OCORE_OK;
}

static const ocore_record answer_record = {
        "nothing", NULL, sizeof(ocore_field), 0, 0, sizeof(ocore_site_list)};
static const ocore__procedure question = {&ocore__empty_record, &answer_record, read_wishes, 0};

static int ask(test_world *world, ocore_id order_id)
{
        const ocore_empty_request request = {.struct_size = sizeof request};
        const void *answer;

        wanted_id = order_id;
        return ocore__call(world->core, &question, &request, &answer);
}

static void wishes_are_read_as_they_were_said(void **state)
{
        static const ocore_site_wish sites[] = {{STR_INIT("south"), 0}, {STR_INIT("north"), 1}};
        const assorted_part part = {"tea", "1"};
        ocore_draft_line lines[] = {line_of("cup", "1"), line_of("cup", "1"), line_of("box", "1")};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "box", 0, 0, &part, 1);
        shop_receive(&world, "tea", "south", "1");
        lines[1].together = 8;
        lines[1].min_life_us = 9;
        lines[2].site = STR("south");
        draft = draft_of(&world, lines, 3);
        draft.strategy = OCORE_ALLOCATE_NEAREST;
        draft.short_action = OCORE_SHORT_BACKORDER;
        draft.ship_complete = 1;
        draft.priority = 3;
        draft.wanted_us = TEST_NOW_US + 4;
        draft.ship_located = 1;
        draft.ship_latitude_e7 = -5;
        draft.ship_longitude_e7 = 6;
        draft.sites = sites;
        draft.site_count = 2;
        draft.site_stride = sizeof sites[0];
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->wishes, 1);
        assert_number(order->ship_complete, 1);
        assert_done(&world, ask(&world, draft.id));
        assert_number(seen.order.strategy, OCORE_ALLOCATE_NEAREST);
        assert_number(seen.order.short_action, OCORE_SHORT_BACKORDER);
        assert_number(seen.order.no_split, 0);
        assert_number(seen.order.ship_complete, 1);
        assert_number(seen.order.priority, 3);
        assert_number(seen.order.wanted_us, TEST_NOW_US + 4);
        assert_number(seen.order.located, 1);
        assert_number(seen.order.latitude_e7, -5);
        assert_number(seen.order.longitude_e7, 6);
        assert_int_equal(seen.order.site_count, 2);
        assert_int_equal(seen.order.site_stride, sizeof sites[0]);
        assert_number(seen_sites[0].excluded, 0);
        assert_number(seen_sites[1].excluded, 1);
        assert_text(seen_lines[0].site, "");
        assert_number(seen_lines[0].together, 0);
        assert_number(seen_lines[1].together, 8);
        assert_number(seen_lines[1].min_life_us, 9);
        assert_text(seen_lines[2].site, "south");
        assert_text(seen_lines[3].site, "south"); /* the part */
        sale_close(&world);
}

static void each_wish_alone_is_kept(void **state)
{
        test_world world;

        (void)state;
        sale_open(&world);
        for (int i = 0; i < 12; i++) {
                static const ocore_site_wish site = {STR_INIT("south"), 0};
                ocore_draft_line line = line_of("tea", "1");
                ocore_order_draft draft = draft_of(&world, &line, 1);
                const ocore_order *order;

                switch (i) {
                case 1: draft.strategy = OCORE_ALLOCATE_PRIORITY; break;
                case 2: draft.short_action = OCORE_SHORT_REFUSE; break;
                case 3: draft.no_split = 1; break;
                case 4: draft.ship_complete = 1; break;
                case 5: draft.priority = 1; break;
                case 6: draft.wanted_us = TEST_NOW_US; break;
                case 7: draft.ship_located = 1; break;
                case 8:
                        draft.sites = &site;
                        draft.site_count = 1;
                        draft.site_stride = sizeof site;
                        break;
                case 9: line.site = STR("north"); break;
                case 10: line.together = 1; break;
                case 11: line.min_life_us = 1; break;
                default: break;
                }
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->wishes, i != 0);
                assert_done(&world, ask(&world, draft.id));
                assert_number(seen.order.no_split, i == 3);
                assert_number(seen_lines[0].together, i == 10);
        }
        sale_close(&world);
}

/* Rows as a hostile store might tell them. */
static void bytes_that_nobody_kept_are_corrupt(void **state)
{
        static const char *const contents[] = {
                NULL, "nonsense", "\xff\xff\xff\xff\xff\xff", "\x63"};
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
                const ocore_order order = {.id = test_id(100 + (int64_t)i),
                        .state = OCORE_ORDER_PLACED,
                        .currency = STR("EUR"),
                        .version = 1,
                        .event_count = 1,
                        .wishes = 1};
                const ocore__sourcing_row row = {
                        order.id, ocore_str_of(contents[i] ? contents[i] : "")};

                test_insert(&world, &ocore__order_table, &order);
                if (contents[i])
                        test_insert(&world, &ocore__sourcing_table, &row);
                assert_refused(&world, ask(&world, order.id), OCORE_CORRUPT, "order_id");
                assert_int_equal(ocore_error_count(world.core), 1);
        }
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(wishes_are_read_as_they_were_said),
                cmocka_unit_test(each_wish_alone_is_kept),
                cmocka_unit_test(bytes_that_nobody_kept_are_corrupt),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
