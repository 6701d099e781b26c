/*
 * Rows as cells: what is written comes back with texts of its own, NULL stands for zero where the
 * description says so, and cells that no library wrote (another type, an unknown choice, a wrong
 * tenant, a missing key) are refused one by one. Keys compare column by column.
 */
#include "order/order_room.h"

#include "../support/support.h"

enum { TENANT = 5 };

static void begin(ocore__arena *arena)
{
        const ocore_allocator allocator = {NULL, NULL};

        ocore__arena_init(arena, &allocator, 256);
}

static const ocore_hold hold = {
        .id = {{1, 2, 3}}, .state = OCORE_HOLD_OPEN, .expires_us = 50, .due_us = 50, .at_us = -4};
static const ocore_stock stock = {.sku = STR_INIT("tea"),
        .site = STR_INIT("north"),
        .scale = 3,
        .available = 7,
        .held = INT64_MAX};
static const ocore_site site = {.site = STR_INIT("north"), .priority = -2, .closed = 1};

static const ocore_effect effect = {.subject_id = {{7}}, .number = 1, .attempts = 2};

static const struct {
        const ocore_table *table;
        const void *row;
} samples[] = {
        {&ocore__hold_table, &hold},
        {&ocore__stock_table, &stock},
        {&ocore__site_table, &site},
        {&ocore__effect_table, &effect},
};

static void rows_come_back_with_their_own_texts(void **state)
{
        ocore_cell cells[OCORE__COLUMNS_MAX];
        ocore__arena arena;
        void *back;

        (void)state;
        begin(&arena);
        for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
                const ocore_table *table = samples[i].table;
                ocore_cell again[OCORE__COLUMNS_MAX];
                size_t count = table->record->column_count;

                ocore__row_to_cells(table->record, TENANT, samples[i].row, count, cells);
                assert_int_equal(ocore__row_from_cells(&arena, table, TENANT, cells, count, &back),
                        OCORE_OK);
                assert_int_equal(ocore__row_compare(table, back, samples[i].row), 0);
                ocore__row_to_cells(table->record, TENANT, back, count, again);
                for (size_t n = 0; n < count; n++) {
                        assert_true(ocore__cell_equal(&cells[n], &again[n]));
                        if (cells[n].type == OCORE_CELL_TEXT && cells[n].as.text.size)
                                assert_ptr_not_equal(cells[n].as.text.data, again[n].as.text.data);
                }
        }
        ocore__arena_finish(&arena);
}

static void nullable_zero_is_null(void **state)
{
        ocore_cell cells[OCORE__COLUMNS_MAX];
        ocore_hold over = hold;

        (void)state;
        ocore__row_to_cells(&ocore__hold_record, TENANT, &hold, 7, cells);
        assert_int_equal(cells[4].type, OCORE_CELL_NUMBER); /* due_us */
        assert_int_equal(cells[5].type, OCORE_CELL_NULL);   /* order_id */
        over.due_us = 0;
        ocore__row_to_cells(&ocore__hold_record, TENANT, &over, 7, cells);
        assert_int_equal(cells[4].type, OCORE_CELL_NULL);
}

static void nonsense_is_corrupt(void **state)
{
        static const struct {
                const char *what;
                size_t sample, column;
                ocore_cell cell;
        } cases[] = {
                {"the tenant is another", 0, 0, {OCORE_CELL_NUMBER, 0, {.number = TENANT + 1}}},
                {"the tenant is no number", 0, 0, {OCORE_CELL_NULL, 0, {.number = TENANT}}},
                {"the key is missing", 0, 1, {OCORE_CELL_NULL, 0, {.number = 0}}},
                {"an id is a number", 0, 1, {OCORE_CELL_NUMBER, 0, {.number = 1}}},
                {"the state is unknown", 0, 2, {OCORE_CELL_NUMBER, 0, {.number = 9}}},
                {"a time is a text", 0, 3, {OCORE_CELL_TEXT, 0, {.text = STR_INIT("noon")}}},
                {"a text is bytes", 1, 2, {OCORE_CELL_BYTES, 0, {.text = STR_INIT("x")}}},
                {"the scale is ten", 1, 4, {OCORE_CELL_NUMBER, 0, {.number = 10}}},
                {"the scale is below zero", 1, 4, {OCORE_CELL_NUMBER, 0, {.number = -1}}},
                {"stock is below zero", 1, 5, {OCORE_CELL_NUMBER, 0, {.number = -1}}},
                {"yes or no is two", 2, 5, {OCORE_CELL_NUMBER, 0, {.number = 2}}},
                {"a counter is at its end", 3, 6, {OCORE_CELL_NUMBER, 0, {.number = INT64_MAX}}},
                {"there is no such type", 1, 5, {77, 0, {.number = 1}}},
        };
        ocore_cell cells[OCORE__COLUMNS_MAX];
        ocore__arena arena;

        (void)state;
        begin(&arena);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_table *table = samples[cases[i].sample].table;
                size_t count = table->record->column_count;
                void *back = &arena;

                ocore__row_to_cells(
                        table->record, TENANT, samples[cases[i].sample].row, count, cells);
                cells[cases[i].column] = cases[i].cell;
                if (ocore__row_from_cells(&arena, table, TENANT, cells, count, &back) !=
                        OCORE_CORRUPT)
                        fail_msg("%s, and nobody minds", cases[i].what);
                assert_null(back);
        }
        for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
                size_t count = samples[i].table->record->column_count;
                void *back;

                ocore__row_to_cells(samples[i].table->record, TENANT, samples[i].row, count, cells);
                for (size_t n = 0; n < count; n++)
                        assert_int_equal(ocore__row_from_cells(
                                                 &arena, samples[i].table, TENANT, cells, n, &back),
                                OCORE_CORRUPT);
        }
        ocore__arena_finish(&arena);
}

static void keys_compare_column_by_column(void **state)
{
        static const ocore_stock order[] = {
                {.sku = STR_INIT("a"), .site = STR_INIT("z")},
                {.sku = STR_INIT("ab"), .site = STR_INIT("a")},
                {.sku = STR_INIT("ab"), .site = STR_INIT("a"), .lot = STR_INIT("1")},
                {.sku = STR_INIT("ab"), .site = STR_INIT("b")},
                {.sku = STR_INIT("b")},
        };
        static const ocore_event events[] = {
                {.subject_id = {{1}}, .number = -1},
                {.subject_id = {{1}}, .number = 2},
                {.subject_id = {{1}}, .number = 10},
                {.subject_id = {{2}}, .number = 0},
        };

        (void)state;
        for (int a = 0; a < 5; a++)
                for (int b = 0; b < 5; b++) {
                        int got = ocore__row_compare(&ocore__stock_table, &order[a], &order[b]);

                        assert_int_equal((got > 0) - (got < 0), (a > b) - (a < b));
                }
        for (int a = 0; a < 4; a++)
                for (int b = 0; b < 4; b++) {
                        int got = ocore__row_compare(&ocore__event_table, &events[a], &events[b]);

                        assert_int_equal((got > 0) - (got < 0), (a > b) - (a < b));
                }
}

static void cells_are_equal_and_ordered_by_type_and_value(void **state)
{
        const ocore_cell order[] = {
                ocore__cell_none(),
                ocore__cell_number(INT64_MIN),
                ocore__cell_number(0),
                ocore__cell_number(INT64_MAX),
                ocore__cell_text((ocore_str){NULL, 0}),
                ocore__cell_text(STR("a")),
                ocore__cell_text(STR("ab")),
                ocore__cell_text(STR("b")),
                ocore__cell_id((ocore_id){{0}}),
                ocore__cell_id((ocore_id){{1}}),
        };

        (void)state;
        for (int a = 0; a < 10; a++)
                for (int b = 0; b < 10; b++) {
                        int got = ocore__cell_compare(&order[a], &order[b]);

                        assert_int_equal((got > 0) - (got < 0), (a > b) - (a < b));
                        assert_int_equal(ocore__cell_equal(&order[a], &order[b]), a == b);
                }
        for (int a = 0; a < 10; a++) {
                ocore_cell copy = order[a];

                assert_true(ocore__cell_hash(&copy, 3) == ocore__cell_hash(&order[a], 3));
                assert_true(ocore__cell_hash(&copy, 3) != ocore__cell_hash(&order[a], 4));
        }
}

static void groups_are_by_the_first_column_or_whole(void **state)
{
        ocore_cell cell = ocore__row_group(&ocore__stock_table, &stock);

        (void)state;
        assert_int_equal(cell.type, OCORE_CELL_TEXT);
        assert_text(cell.as.text, "tea");
        cell = ocore__row_group(&ocore__hold_table, &hold);
        assert_int_equal(cell.type, OCORE_CELL_ID);
        cell = ocore__row_group(&ocore__site_table, &site);
        assert_int_equal(cell.type, OCORE_CELL_NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rows_come_back_with_their_own_texts),
                cmocka_unit_test(nullable_zero_is_null),
                cmocka_unit_test(nonsense_is_corrupt),
                cmocka_unit_test(keys_compare_column_by_column),
                cmocka_unit_test(cells_are_equal_and_ordered_by_type_and_value),
                cmocka_unit_test(groups_are_by_the_first_column_or_whole),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
