/*
 * Counts: what is entered is compared with the shelf at that moment, blind ones say nothing of it
 * while they are open, closing books each difference as a move and nothing twice, and what belongs
 * to holds and orders is never booked away. The store is verified at each end.
 */
#include "sale.h"

#include "rows.h"

#include "inventory/inventory.h"

static ocore_count_enter_line counted(const char *sku, const char *lot, const char *quantity)
{
        const ocore_count_enter_line line = {.sku = ocore_str_of(sku),
                .lot = ocore_str_of(lot),
                .quantity = test_quantity(quantity)};

        return line;
}

static ocore_id begin_count(test_world *world, const char *site, int64_t blind)
{
        const ocore_count_open_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .blind = blind,
                .reason = STR("cycle")};
        const ocore_count *count;

        assert_done(world, ocore_count_open(world->core, &request, &count));
        assert_number(count->state, OCORE_COUNT_OPEN);
        assert_number(count->opened_us, world->now_us);
        assert_int_equal(count->line_count, 0);
        assert_text(count->reason, "cycle");
        return request.id;
}

static int enter(test_world *world, ocore_id count_id, const ocore_count_enter_line *lines,
        size_t size, const ocore_count **out)
{
        const ocore_count_enter_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .count_id = count_id,
                .lines = lines,
                .line_count = size,
                .line_stride = sizeof *lines};

        return ocore_count_enter(world->core, &request, out);
}

typedef int (*end_fn)(
        ocore_core *core, const ocore_count_end_request *request, const ocore_count **out);

static int end_count(test_world *world, end_fn end, ocore_id count_id, const ocore_count **out)
{
        const ocore_count_end_request request = {sizeof request, test_next_id(world), count_id};

        return end(world->core, &request, out);
}

static const ocore_count *look(test_world *world, ocore_id count_id)
{
        const ocore_count_key key = {sizeof key, count_id};
        const ocore_count *count;

        assert_done(world, ocore_count_get(world->core, &key, &count));
        return count;
}

static ocore_id hold_cups(test_world *world, const char *quantity)
{
        const ocore_hold_request_line line = {STR("cup"), test_quantity(quantity)};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_HOUR_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

/* Surplus, shortage, and what is as it should be; lines come by sku, however they were entered. */
static void closing_books_the_differences(void **state)
{
        const ocore_count_enter_line lines[] = {
                counted("tea", "", "97"), counted("cup", "", "5"), counted("rice", "", "20")};
        const ocore_count *count;
        ocore_id count_id;
        test_world world;

        (void)state;
        sale_open(&world);
        count_id = begin_count(&world, "north", 0);
        world.now_us += TEST_MINUTE_US;
        assert_done(&world, enter(&world, count_id, lines, 3, &count));
        assert_int_equal(count->line_count, 3);
        assert_text(count->lines[0]->sku, "cup");
        assert_number(count->lines[0]->expected, 3);
        assert_number(count->lines[0]->counted, 5);
        assert_number(count->lines[0]->variance, 2);
        assert_number(count->lines[0]->entered_us, world.now_us);
        assert_number(count->lines[1]->variance, 0);
        assert_number(count->lines[1]->counted, 20000);
        assert_number(count->lines[2]->variance, -3);
        assert_number(count->surplus, 1);
        assert_number(count->shortage, 1);
        assert_number(count->event_count, 2);
        assert_number(shop_stock(&world, "cup", "north").available, 3); /* nothing is booked yet */
        assert_done(&world, end_count(&world, ocore_count_close, count_id, &count));
        assert_number(count->state, OCORE_COUNT_CLOSED);
        assert_number(count->closed_us, world.now_us);
        assert_number(count->event_count, 3);
        assert_number(shop_stock(&world, "cup", "north").available, 5);
        assert_number(shop_stock(&world, "tea", "north").available, 97);
        assert_number(shop_stock(&world, "rice", "north").available, 20000);
        assert_refused(&world, end_count(&world, ocore_count_close, count_id, NULL), OCORE_STATE,
                "count_id");
        assert_refused(&world, end_count(&world, ocore_count_cancel, count_id, NULL), OCORE_STATE,
                "count_id");
        assert_refused(&world, enter(&world, count_id, lines, 1, NULL), OCORE_STATE, "count_id");
        assert_number(shop_stock(&world, "cup", "north").available, 5);
        sale_close(&world);
}

/* What is sold, held or received between entering and closing stays as it is. */
static void selling_goes_on(void **state)
{
        ocore_count_enter_line line = counted("cup", "", "9");
        const ocore_count *count;
        ocore_id count_id, hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold_cups(&world, "5"); /* 3 north, 2 south */
        sale_of(&world, "cup", "4");      /* south */
        count_id = begin_count(&world, "south", 0);
        assert_done(&world, enter(&world, count_id, &line, 1, &count));
        assert_number(count->lines[0]->expected, 10); /* held and allocated stand on the shelf */
        assert_number(count->lines[0]->variance, -1);
        sale_of(&world, "cup", "2");
        shop_receive(&world, "cup", "south", "6");
        assert_done(&world, end_count(&world, ocore_count_close, count_id, &count));
        assert_number(count->lines[0]->expected, 10);
        assert_number(shop_stock(&world, "cup", "south").available, 7);
        assert_number(shop_stock(&world, "cup", "south").held, 2);
        assert_number(shop_stock(&world, "cup", "south").allocated, 6);
        (void)hold_id;

        /* Counted again it replaces what was entered. */
        count_id = begin_count(&world, "south", 0);
        assert_done(&world, enter(&world, count_id, &line, 1, NULL));
        line = counted("cup", "", "15");
        assert_done(&world, enter(&world, count_id, &line, 1, &count));
        assert_int_equal(count->line_count, 1);
        assert_number(count->lines[0]->variance, 0);
        assert_done(&world, end_count(&world, ocore_count_close, count_id, &count));
        assert_number(shop_stock(&world, "cup", "south").available, 7);
        sale_close(&world);
}

/* Of two counts of one place only one books what both found; a correction makes it worthless too,
 * until it is entered anew. */
static void one_difference_is_booked_once(void **state)
{
        const ocore_count_enter_line lines[] = {counted("cup", "", "8"), counted("tea", "", "0")};
        const ocore_stock_line correction = {STR("cup"), STR("south"), {0}, test_quantity("-1"), 0};
        ocore_stock_request adjust = {.struct_size = sizeof adjust,
                .lines = &correction,
                .line_count = 1,
                .line_stride = sizeof correction};
        ocore_id first, second;
        const ocore_count *count;
        test_world world;

        (void)state;
        sale_open(&world);
        first = begin_count(&world, "south", 0);
        second = begin_count(&world, "south", 0);
        assert_done(&world, enter(&world, first, lines, 2, NULL));
        assert_done(&world, enter(&world, second, lines, 1, &count));
        assert_number(count->lines[0]->variance, -2);
        assert_done(&world, end_count(&world, ocore_count_close, first, NULL));
        assert_number(shop_stock(&world, "cup", "south").available, 8);
        assert_refused(&world, end_count(&world, ocore_count_close, second, NULL), OCORE_STATE,
                "lines[0].sku");
        adjust.id = test_next_id(&world);
        assert_done(&world, enter(&world, second, lines, 1, NULL)); /* nothing differs now */
        assert_done(&world, ocore_stock_adjust(world.core, &adjust, NULL));
        assert_done(&world, end_count(&world, ocore_count_close, second, NULL));
        assert_number(shop_stock(&world, "cup", "south").available, 7);
        first = begin_count(&world, "south", 0);
        assert_done(&world, enter(&world, first, lines, 1, NULL));
        adjust.id = test_next_id(&world);
        assert_done(&world, ocore_stock_adjust(world.core, &adjust, NULL));
        assert_refused(&world, end_count(&world, ocore_count_close, first, NULL), OCORE_STATE,
                "lines[0].sku");
        assert_done(&world, enter(&world, first, lines, 1, NULL));
        assert_done(&world, end_count(&world, ocore_count_close, first, NULL));
        assert_number(shop_stock(&world, "cup", "south").available, 8);
        sale_close(&world);
}

/* A line that another wrote wrong is not booked. */
static void a_difference_is_what_was_counted(void **state)
{
        const ocore_count_enter_line line = counted("cup", "", "9");
        ocore_count_line wrong = {.sku = STR("tea"),
                .expected = 5,
                .counted = 5,
                .variance = 100,
                .entered_us = TEST_NOW_US};
        ocore_id count_id;
        test_world world;

        (void)state;
        sale_open(&world);
        count_id = begin_count(&world, "south", 0);
        assert_done(&world, enter(&world, count_id, &line, 1, NULL));
        wrong.count_id = count_id;
        test_insert(&world, &ocore__count_line_table, &wrong);
        assert_refused(&world, end_count(&world, ocore_count_close, count_id, NULL), OCORE_CORRUPT,
                "count_id");
        assert_number(shop_stock(&world, "cup", "south").available, 10);
        test_close(&world); /* it would not be verified */
}

static void what_is_held_is_not_booked_away(void **state)
{
        const ocore_count_enter_line lines[] = {
                counted("cup", "", "1"), counted("tea", "", "0"), counted("rice", "", "0")};
        ocore_count_end_request request = {.struct_size = sizeof request};
        const ocore_hold_release_request release = {sizeof release, test_id(5), test_id(4)};
        ocore_hold_request_line cups = {STR("cup"), test_quantity("2")};
        const ocore_hold_request hold = {.struct_size = sizeof hold,
                .id = test_id(4),
                .expires_us = TEST_NOW_US + TEST_HOUR_US,
                .lines = &cups,
                .line_count = 1,
                .line_stride = sizeof cups};
        const ocore_count *count;
        ocore_id count_id;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, ocore_hold_place(world.core, &hold, NULL));
        sale_of(&world, "tea", "1");
        count_id = begin_count(&world, "north", 0);
        assert_done(&world, enter(&world, count_id, lines, 3, NULL));
        /* Both that are short are named; rice could be booked, but all or none is. */
        request.id = test_next_id(&world);
        request.count_id = count_id;
        assert_refused(&world, ocore_count_close(world.core, &request, &count), OCORE_OUT_OF_STOCK,
                "lines[0].counted");
        assert_null(count);
        assert_int_equal(ocore_error_count(world.core), 2);
        assert_text(ocore_error_at(world.core, 1)->field, "lines[2].counted");
        assert_number(shop_stock(&world, "rice", "north").available, 20000);
        assert_number(look(&world, count_id)->state, OCORE_COUNT_OPEN);
        assert_done(&world, ocore_hold_release(world.core, &release, NULL));
        assert_refused(&world, ocore_count_close(world.core, &request, NULL), OCORE_OUT_OF_STOCK,
                "lines[2].counted");
        assert_int_equal(ocore_error_count(world.core), 1);
        assert_done(&world, end_count(&world, ocore_count_cancel, count_id, &count));
        assert_number(count->state, OCORE_COUNT_CANCELLED);
        assert_number(count->closed_us, world.now_us);
        assert_number(shop_stock(&world, "cup", "north").available, 3);
        assert_number(shop_stock(&world, "tea", "north").available, 99);
        sale_close(&world);
}

static void blind_counts_say_nothing(void **state)
{
        const ocore_count_enter_line line = counted("cup", "", "7");
        const ocore_count *count;
        ocore_id count_id;
        test_world world;

        (void)state;
        sale_open(&world);
        count_id = begin_count(&world, "south", 1);
        assert_done(&world, enter(&world, count_id, &line, 1, &count));
        for (int i = 0; i < 2; i++) {
                assert_number(count->lines[0]->counted, 7);
                assert_number(count->lines[0]->expected, 0);
                assert_number(count->lines[0]->variance, 0);
                assert_number(count->surplus, 0);
                assert_number(count->shortage, 0);
                count = look(&world, count_id);
        }
        assert_done(&world, end_count(&world, ocore_count_close, count_id, &count));
        for (int i = 0; i < 2; i++) {
                assert_number(count->lines[0]->expected, 10);
                assert_number(count->lines[0]->variance, -3);
                assert_number(count->shortage, 1);
                count = look(&world, count_id);
        }
        assert_number(shop_stock(&world, "cup", "south").available, 7);
        sale_close(&world);
}

static void tracked(test_world *world, const char *sku, int64_t tracking)
{
        const ocore_product_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .name = ocore_str_of(sku),
                .kind = OCORE_PRODUCT_GOODS,
                .tracking = tracking};

        assert_done(world, ocore_product_put(world->core, &request, NULL));
}

static int64_t available(test_world *world, const char *sku, const char *site, const char *lot)
{
        const ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_stock_list *list;

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (size_t i = 0; i < list->stock_count; i++)
                if (ocore_str_equal(list->stock[i]->site, ocore_str_of(site)) &&
                        ocore_str_equal(list->stock[i]->lot, ocore_str_of(lot)))
                        return list->stock[i]->available;
        return -1;
}

/* Lots are counted one by one, found in any order, and new ones come to be by what is found. */
static void lots_and_serials_are_counted(void **state)
{
        const ocore_count_enter_line lines[] = {counted("jam", "C", "4"), counted("jam", "A", "1"),
                counted("mug", "L2", "3"), counted("jam", "B", "0"), counted("saw", "S1", "1"),
                counted("saw", "S2", "0")};
        ocore_count_enter_line wrong = counted("saw", "S1", "1");
        const ocore_count *count;
        ocore_id north, south;
        test_world world;

        (void)state;
        sale_open(&world);
        tracked(&world, "jam", OCORE_TRACKING_LOT);
        tracked(&world, "saw", OCORE_TRACKING_SERIAL);
        sale_lots(&world, 2); /* mugs: L1 2, L2 3 */
        north = begin_count(&world, "north", 0);
        assert_done(&world, enter(&world, north, lines, 6, &count));
        assert_int_equal(count->line_count, 6);
        assert_text(count->lines[0]->lot, "A");
        assert_text(count->lines[3]->lot, "L2");
        assert_number(count->lines[3]->variance, 0);
        assert_done(&world, end_count(&world, ocore_count_close, north, &count));
        assert_number(available(&world, "jam", "north", "A"), 1);
        assert_number(available(&world, "jam", "north", "B"), -1); /* none, and none was found */
        assert_number(available(&world, "jam", "north", "C"), 4);
        assert_number(available(&world, "saw", "north", "S1"), 1);
        assert_number(available(&world, "mug", "north", "L1"), 2);

        south = begin_count(&world, "south", 0); /* the same saw cannot be here too */
        assert_done(&world, enter(&world, south, &wrong, 1, NULL));
        assert_refused(&world, end_count(&world, ocore_count_close, south, NULL), OCORE_EXISTS,
                "lines[0].lot");
        wrong = counted("saw", "S1", "2");
        assert_refused(
                &world, enter(&world, south, &wrong, 1, NULL), OCORE_INVALID, "lines[0].quantity");
        wrong = counted("saw", "", "1");
        assert_refused(
                &world, enter(&world, south, &wrong, 1, NULL), OCORE_INVALID, "lines[0].lot");
        wrong = counted("jam", "", "1");
        assert_refused(
                &world, enter(&world, south, &wrong, 1, NULL), OCORE_INVALID, "lines[0].lot");
        assert_done(&world, end_count(&world, ocore_count_cancel, south, NULL));
        sale_close(&world);
}

static void wrong_entries_are_refused(void **state)
{
        const struct {
                ocore_count_enter_line lines[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{counted("none", "", "1")}, 1, OCORE_NOT_FOUND, "lines[0].sku"},
                {{counted("wrap", "", "1")}, 1, OCORE_INVALID, "lines[0].sku"},
                {{counted("", "", "1")}, 1, OCORE_INVALID, "lines[0].sku"},
                {{counted("cup", "", "-1")}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{counted("cup", "", "1.5")}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{counted("cup", "", "1"), counted("cup", "", "2")}, 2, OCORE_INVALID,
                        "lines[1].sku"},
                {{counted("cup", "\xff", "1")}, 1, OCORE_INVALID, "lines[0].lot"},
                {{counted("rice", "", "9223372036854775807")}, 1, OCORE_OVERFLOW,
                        "lines[0].quantity"},
                {{counted("", "", "1")}, 0, OCORE_INVALID, "lines"},
        };
        const ocore_count_open_request nowhere = {
                .struct_size = sizeof nowhere, .id = test_id(8), .site = STR("none")};
        const ocore_count_open_request unnamed = {.struct_size = sizeof unnamed, .id = test_id(8)};
        const ocore_count_key key = {sizeof key, test_id(9)};
        ocore_id count_id;
        const ocore_count *count;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_refused(
                &world, ocore_count_open(world.core, &nowhere, &count), OCORE_NOT_FOUND, "site");
        assert_null(count);
        assert_refused(&world, ocore_count_open(world.core, &unnamed, NULL), OCORE_INVALID, "site");
        assert_refused(
                &world, ocore_count_get(world.core, &key, &count), OCORE_NOT_FOUND, "count_id");
        assert_refused(&world, end_count(&world, ocore_count_close, test_id(9), NULL),
                OCORE_NOT_FOUND, "count_id");
        assert_refused(&world, end_count(&world, ocore_count_cancel, test_id(9), NULL),
                OCORE_NOT_FOUND, "count_id");
        count_id = begin_count(&world, "north", 0);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        enter(&world, count_id, cases[i].lines, cases[i].count, &count),
                        cases[i].status, cases[i].field);
        assert_refused(&world, enter(&world, test_id(9), cases[0].lines, 1, NULL), OCORE_NOT_FOUND,
                "count_id");
        assert_int_equal(look(&world, count_id)->line_count, 0);
        assert_number(look(&world, count_id)->event_count, 1);
        sale_close(&world);
}

/* A count is answered whole, so it has a limit: here 10,000 lots, and one too many. */
static void a_count_has_a_limit(void **state)
{
        enum { MOST = 10000 };
        static ocore_count_enter_line lines[MOST];
        static char lots[MOST][8];
        const ocore_count_enter_line more = counted("cup", "L", "0");
        const ocore_count *count;
        ocore_id count_id;
        test_world world;

        (void)state;
        for (int i = 0; i < MOST; i++) { /* neither in order nor in its reverse */
                snprintf(lots[i], sizeof lots[i], "L%d", (i * 7919) % MOST);
                lines[i] = counted("cup", lots[i], "0");
        }
        sale_open(&world);
        count_id = begin_count(&world, "north", 0);
        assert_done(&world, enter(&world, count_id, lines, MOST, &count));
        assert_int_equal(count->line_count, MOST);
        assert_refused(&world, enter(&world, count_id, &more, 1, NULL), OCORE_LIMIT, "lines");
        assert_done(&world, enter(&world, count_id, lines, 1, &count)); /* entered before */
        assert_int_equal(count->line_count, MOST);
        sale_close(&world);
}

/* What was sold though the books had none is settled first; till then the shelf is below zero. */
static void counting_settles_what_was_oversold(void **state)
{
        static const struct {
                int64_t available, oversold;
                const char *counted;
                int64_t expected, after;
        } cases[] = {
                {0, 3, "2", -3, 2},
                {5, 3, "0", 2, 0},
                {5, 3, "1", 2, 1},
                {0, 3, "0", -3, 0},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_stock there = {.sku = STR("cup"),
                        .site = STR("west"),
                        .available = cases[i].available,
                        .oversold = cases[i].oversold};
                const ocore_count_enter_line line = counted("cup", "", cases[i].counted);
                const ocore_count *count;
                ocore_id count_id;
                test_world world;

                sale_open(&world);
                shop_site(&world, "west", 3);
                test_insert(&world, &ocore__stock_table, &there);
                count_id = begin_count(&world, "west", 0);
                assert_done(&world, enter(&world, count_id, &line, 1, &count));
                assert_number(count->lines[0]->expected, cases[i].expected);
                assert_done(&world, end_count(&world, ocore_count_close, count_id, NULL));
                assert_number(shop_stock(&world, "cup", "west").available, cases[i].after);
                assert_number(shop_stock(&world, "cup", "west").oversold, 0);
                test_close(&world); /* the row came from nowhere: it would not be verified */
        }
}

/* A repeated command answers as it did, and books nothing twice. */
static void repeating_changes_nothing(void **state)
{
        const ocore_count_enter_line line = counted("cup", "", "4");
        ocore_count_end_request request = {.struct_size = sizeof request};
        const ocore_count *count;
        test_world world;

        (void)state;
        sale_open(&world);
        request.count_id = begin_count(&world, "north", 1);
        assert_done(&world, enter(&world, request.count_id, &line, 1, NULL));
        request.id = test_next_id(&world);
        assert_done(&world, ocore_count_close(world.core, &request, NULL));
        assert_status(&world, ocore_count_close(world.core, &request, &count), OCORE_ALREADY);
        assert_number(count->lines[0]->variance, 1);
        assert_number(count->surplus, 1);
        assert_number(shop_stock(&world, "cup", "north").available, 4);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(closing_books_the_differences),
                cmocka_unit_test(selling_goes_on),
                cmocka_unit_test(one_difference_is_booked_once),
                cmocka_unit_test(a_difference_is_what_was_counted),
                cmocka_unit_test(what_is_held_is_not_booked_away),
                cmocka_unit_test(blind_counts_say_nothing),
                cmocka_unit_test(lots_and_serials_are_counted),
                cmocka_unit_test(wrong_entries_are_refused),
                cmocka_unit_test(a_count_has_a_limit),
                cmocka_unit_test(counting_settles_what_was_oversold),
                cmocka_unit_test(repeating_changes_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
