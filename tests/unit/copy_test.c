/*
 * Proves that a copy is the whole store, rows, revisions and all tenants; that it can be broken off
 * anywhere and carried on; that it overwrites nothing; and that the comparison misses no difference
 * and says which.
 *
 * How: three tenants and rows at the limits stand on the source. Copies go between the memory store
 * and the store of this run (SQLite when that is memory too), both ways, in small pages. This
 * covers copy_rows.c too; faults are in copy_faults_test.c.
 */
#include "copy_shop.h"

static void a_copy_is_the_whole_store(void **state)
{
        ocore_store from, over, to;
        int64_t rows;
        ocore_cell cells[3];

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        open_other(&over);
        assert_int_equal(ocore_memory_store(NULL, &to), OCORE_OK);
        fill(from);
        /* A revision that no counting reaches, and tenants at the limits. */
        policy_cells(cells, INT64_MAX, "limit", INT64_MAX);
        assert_int_equal(
                write_one(from, OCORE_WRITE_INSERT, table_named("policy"), cells, INT64_MAX - 1),
                OCORE_OK);
        policy_cells(cells, INT64_MIN, "limit", INT64_MIN);
        assert_int_equal(
                write_one(from, OCORE_WRITE_INSERT, table_named("policy"), cells, 77), OCORE_OK);
        rows = count_rows(from);
        assert_true(rows > 200);
        assert_copied(from, over, rows, rows);
        assert_copied(from, over, rows, 0); /* once more: all is there */
        assert_same(from, over, rows);
        assert_copied(over, to, rows, rows);
        assert_same(from, to, rows);
        assert_same(to, over, rows);
        /* A core goes on where the source stood. */
        for (int64_t tenant = 0; tenant < TENANTS; tenant++) {
                const ocore_config config = {
                        .tenant = tenant * 1000, .store = over, .clock = fixed_clock};
                test_world world;

                test_open_with(&world, &config);
                assert_verified(&world);
                assert_number(shop_stock(&world, "sku-3", "north").available, 15);
                test_close(&world);
        }
        ocore_store_close(from);
        ocore_store_close(over);
        ocore_store_close(to);
}

static void a_copy_that_was_broken_off_is_carried_on(void **state)
{
        ocore_store from;
        int64_t rows, stop = 1, stopped = 1, partial = 0;

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        fill(from);
        rows = count_rows(from);
        for (; stopped; stop += 5) {
                heard ears = {.stop_at = stop};
                ocore_copy_progress progress;
                ocore_store to;
                ocore_copy_config config;
                int status;

                open_other(&to);
                config = config_of(from, to, &ears);
                status = ocore_store_copy(&config, &progress);
                stopped = status != OCORE_OK;
                if (stopped) {
                        assert_int_equal(status, OCORE_STATE);
                        assert_number(ears.progress, stop);
                        partial += progress.written < rows;
                }
                assert_copied(from, to, rows, rows - progress.written);
                assert_same(from, to, rows);
                ears.progress = 0;
                ears.last_rows = 0;
                ears.stop_at = 1;
                config = config_of(from, to, &ears);
                assert_int_equal(ocore_store_compare(&config, &progress), OCORE_STATE);
                assert_number(progress.differences, 0);
                ocore_store_close(to);
        }
        assert_true(partial > 5); /* the last tables are empty */
        ocore_store_close(from);
}

/* What differs is found, said and never overwritten: a column, a revision, a row that lacks. */
static void differences_are_found_and_kept(void **state)
{
        static const struct {
                int in_target; /* the policy row "rule" there: 0: none, 1: as in the source */
                int64_t changes, revision;
                int copied; /* what ocore_store_copy() says */
                const char *sentence;
        } cases[] = {
                {1, 5, 3, OCORE_OK, ""},
                {0, 0, 0, OCORE_OK, "table policy: row (4, 'rule') is not in the target"},
                {1, 6, 3, OCORE_EXISTS,
                        "table policy: row (4, 'rule') has another changes in the target: 6, where "
                        "the source has 5"},
                {1, 5, 4, OCORE_EXISTS,
                        "table policy: row (4, 'rule') is at revision 3 in the source and 4 in the "
                        "target"},
        };
        const ocore_table *policy = table_named("policy");

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                heard ears = {0};
                ocore_copy_config config;
                ocore_copy_progress progress;
                ocore_cell cells[3];
                ocore_store from, to;
                const int alike = cases[i].sentence[0] == 0;

                assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
                open_other(&to);
                fill(from);
                config = config_of(from, to, &ears);
                assert_int_equal(ocore_store_copy(&config, NULL), OCORE_OK);
                policy_cells(cells, 4, "rule", 5);
                assert_int_equal(write_one(from, OCORE_WRITE_INSERT, policy, cells, 3), OCORE_OK);
                if (cases[i].in_target) {
                        policy_cells(cells, 4, "rule", cases[i].changes);
                        assert_int_equal(
                                write_one(to, OCORE_WRITE_INSERT, policy, cells, cases[i].revision),
                                OCORE_OK);
                }
                ears.last_rows = ears.sentences = 0;
                assert_int_equal(
                        ocore_store_compare(&config, &progress), alike ? OCORE_OK : OCORE_STATE);
                assert_number(progress.differences, !alike);
                assert_number(ears.sentences, !alike);
                assert_string_equal(ears.sentence, cases[i].sentence);
                ears.last_rows = ears.sentences = 0;
                assert_int_equal(ocore_store_copy(&config, &progress), cases[i].copied);
                assert_number(ears.sentences, cases[i].copied != OCORE_OK);
                /* What was there is there as it was. */
                ears.last_rows = ears.sentences = 0;
                assert_int_equal(ocore_store_compare(&config, &progress),
                        cases[i].copied ? OCORE_STATE : OCORE_OK);
                assert_number(progress.differences, cases[i].copied != OCORE_OK);
                ocore_store_close(from);
                ocore_store_close(to);
        }
}

/* Rows that only the target has stand between those of the source, more than a page of them. */
static void rows_of_the_target_alone_are_told_and_kept(void **state)
{
        enum { EXTRA = 4 * PAGE };
        heard ears = {0};
        ocore_copy_config config;
        ocore_copy_progress progress;
        ocore_store from, to;
        int64_t rows;

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        open_other(&to);
        fill(from);
        rows = count_rows(from);
        config = config_of(from, to, &ears);
        assert_int_equal(to.ops->open(to.self, &ocore__schema), OCORE_OK);
        for (int64_t i = 0; i < EXTRA; i++) {
                ocore_cell cells[3];

                policy_cells(cells, i * 100, "extra", 1);
                assert_int_equal(write_one(to, OCORE_WRITE_INSERT, table_named("policy"), cells, 0),
                        OCORE_OK);
        }
        assert_int_equal(ocore_store_copy(&config, &progress), OCORE_OK);
        assert_number(progress.written, rows);
        ears.last_rows = 0;
        assert_int_equal(ocore_store_compare(&config, &progress), OCORE_STATE);
        assert_number(progress.differences, EXTRA);
        assert_number(ears.sentences, EXTRA);
        assert_string_equal(
                ears.sentence, "table policy: row (2700, 'extra') is not in the source");
        ocore_store_close(from);
        ocore_store_close(to);
}

/* A value that must be unique stands under another key in the target. */
static void a_unique_value_is_not_taken_twice(void **state)
{
        const ocore_table *orders = table_named("sales_order");
        const uint32_t columns = (uint32_t)orders->record->column_count;
        heard ears = {0};
        ocore_copy_config config;
        ocore_store stores[2];
        ocore_cell cells[OCORE__COLUMNS_MAX];

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &stores[0]), OCORE_OK);
        open_other(&stores[1]);
        for (int i = 0; i < 2; i++) {
                for (uint32_t n = 0; n < columns; n++) {
                        const ocore_field *field = ocore_record_field(orders->record, n);
                        const uint32_t type = ocore_cell_type(field->kind);

                        cells[n] = (ocore_cell){.type = type};
                        if (type == OCORE_CELL_TEXT || type == OCORE_CELL_BYTES)
                                cells[n].as.text = STR("x");
                        if (type == OCORE_CELL_ID)
                                cells[n].as.id = test_id(5 + i);
                        if (strcmp(field->name, "number") == 0)
                                cells[n] = ocore__cell_text(STR("A-1"));
                }
                assert_int_equal(stores[i].ops->open(stores[i].self, &ocore__schema), OCORE_OK);
                assert_int_equal(
                        write_one(stores[i], OCORE_WRITE_INSERT, orders, cells, 0), OCORE_OK);
        }
        config = config_of(stores[0], stores[1], &ears);
        assert_int_equal(ocore_store_copy(&config, NULL), OCORE_EXISTS);
        assert_number(ears.sentences, 1);
        assert_non_null(strstr(ears.sentence, "must be unique"));
        ocore_store_close(stores[0]);
        ocore_store_close(stores[1]);
}

/* A row of more than a megabyte is written by itself, and one of everything is shown in words. */
static void large_rows_are_written_in_parts(void **state)
{
        enum { SIZE = 700000, ROWS = 5 };
        static char big[SIZE];
        const ocore_table *command = table_named("command");
        heard ears = {0};
        ocore_copy_config config;
        ocore_copy_progress progress;
        ocore_fault_plan plan = {.struct_size = sizeof plan};
        ocore_store from, inner, to;

        (void)state;
        memset(big, 'b', sizeof big);
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        open_other(&inner);
        assert_int_equal(ocore_fault_store(inner, &plan, &to), OCORE_OK);
        assert_int_equal(from.ops->open(from.self, &ocore__schema), OCORE_OK);
        for (int i = 0; i < ROWS; i++) {
                const ocore__command_row row = {
                        .id = test_id(i + 1), .name = STR("n"), .answer = {big, SIZE}, .at_us = 1};
                ocore_cell cells[OCORE__COLUMNS_MAX];

                ocore__row_to_cells(command->record, 1, &row, command->record->column_count, cells);
                assert_int_equal(write_one(from, OCORE_WRITE_INSERT, command, cells, 0), OCORE_OK);
        }
        config = config_of(from, to, &ears);
        assert_int_equal(ocore_store_copy(&config, &progress), OCORE_OK);
        assert_number(progress.written, ROWS);
        assert_number(plan.writes, 3); /* of two, two and one */
        assert_same(from, to, ROWS);
        ocore_store_close(from);
        ocore_store_close(to);
}

static void wrong_arguments_are_refused(void **state)
{
        ocore_store from, to;
        ocore_copy_progress progress;
        ocore_copy_config good;

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        assert_int_equal(ocore_memory_store(NULL, &to), OCORE_OK);
        good = config_of(from, to, NULL);
        for (int i = 0; i < 8; i++) {
                struct {
                        ocore_copy_config config;
                        int64_t newer;
                } larger = {good, 0};
                ocore_store_ops ops = *to.ops;

                larger.config.struct_size = sizeof larger;
                switch (i) {
                case 0: break; /* of a newer program that asks for nothing new */
                case 1: larger.newer = 1; break;
                case 2: larger.config.struct_size = 8; break;
                case 3: larger.config.to = larger.config.from; break;
                case 4: larger.config.from.ops = NULL; break;
                case 5: larger.config.page_rows = -1; break;
                case 6: larger.config.page_rows = 100001; break;
                default:
                        ops.write = NULL;
                        larger.config.to.ops = &ops;
                        break;
                }
                memset(&progress, 1, sizeof progress);
                assert_int_equal(ocore_store_copy(&larger.config, &progress),
                        i == 0 ? OCORE_OK : OCORE_INVALID);
                assert_number(progress.rows, 0);
                assert_int_equal(ocore_store_compare(&larger.config, NULL),
                        i == 0 ? OCORE_OK : OCORE_INVALID);
        }
        assert_int_equal(ocore_store_copy(NULL, NULL), OCORE_INVALID);
        assert_int_equal(ocore_store_compare(NULL, &progress), OCORE_INVALID);
        ocore_store_close(from);
        ocore_store_close(to);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_copy_is_the_whole_store),
                cmocka_unit_test(a_copy_that_was_broken_off_is_carried_on),
                cmocka_unit_test(differences_are_found_and_kept),
                cmocka_unit_test(rows_of_the_target_alone_are_told_and_kept),
                cmocka_unit_test(a_unique_value_is_not_taken_twice),
                cmocka_unit_test(large_rows_are_written_in_parts),
                cmocka_unit_test(wrong_arguments_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
