/*
 * Proves that a journal grows with the library and never shrinks: a log of the first release
 * opens with the second (new columns hold their default, a new index finds old rows, a new table
 * is empty), what was written then is kept, and the first release refuses the log from then on,
 * naming both versions. A log of another application, or with other keys or types, is refused as
 * well, and so is one with more columns than the library knows: nothing is read wrongly and
 * nothing changed. Also: a store that is open stays open when another schema is refused. On an
 * emulated chip.
 */
#include "mini.h"

#include <ordercore/flash_emulator.h>

#include <stdlib.h>

static ocore_flash *flash;
static ocore_store store;

static int reopen(const ocore_schema *schema)
{
        ocore_journal_config config = {.struct_size = sizeof config, .compact_bytes = -1};
        ocore_journal_device device;

        ocore_store_close(store);
        ocore_flash_device(flash, &device);
        config.device = &device;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_OK);
        return store.ops->open(store.self, schema);
}

static int begin(void **state)
{
        const ocore_flash_config chip = {.struct_size = sizeof chip};

        (void)state;
        memset(&store, 0, sizeof store);
        assert_int_equal(ocore_flash_create(&chip, &flash), OCORE_OK);
        assert_int_equal(reopen(&mini_first), OCORE_OK);
        for (int64_t n = 0; n < 10; n++)
                assert_int_equal(
                        mini_do(store, &mini_first, OCORE_WRITE_INSERT, n, 10 * n, 0), OCORE_OK);
        assert_int_equal(mini_do(store, &mini_first, OCORE_WRITE_UPDATE, 3, 33, 1), OCORE_OK);
        return 0;
}

static int end(void **state)
{
        (void)state;
        ocore_store_close(store);
        ocore_flash_destroy(flash);
        return 0;
}

static int check_old_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        assert_int_equal(cell_count, 8);
        assert_number(revision, 1);
        assert_int_equal(cells[BOX_NOTE].type, OCORE_CELL_TEXT);
        assert_int_equal(cells[BOX_NOTE].as.text.size, 0);
        assert_int_equal(cells[BOX_OWNER].type, OCORE_CELL_ID);
        assert_int_equal(cells[BOX_OWNER].as.id.bytes[0], 0);
        assert_int_equal(cells[BOX_PLACE].type, OCORE_CELL_NULL);
        assert_int_equal(cells[BOX_ROOM].type, OCORE_CELL_NULL);
        ++*(int *)sink;
        return OCORE_OK;
}

static int count_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int *)sink;
        return OCORE_OK;
}

static int rows_at(const char *place)
{
        const ocore_cell prefix[2] = {{.type = OCORE_CELL_NUMBER, .as.number = 1},
                {.type = OCORE_CELL_TEXT, .as.text = {place, strlen(place)}}};
        const ocore_read read = {
                .table = mini_second.tables[0], .index = 2, .prefix = prefix, .prefix_count = 2};
        int rows = 0;

        assert_int_equal(store.ops->read(store.self, &read, 1, count_row, &rows), OCORE_OK);
        return rows;
}

static void check_grown(void)
{
        const ocore_cell prefix[2] = {{.type = OCORE_CELL_NUMBER, .as.number = 1},
                {.type = OCORE_CELL_TEXT, .as.text = {"C5", 2}}};
        const ocore_read read = {
                .table = mini_second.tables[0], .prefix = prefix, .prefix_count = 2};
        int rows = 0;

        assert_number(mini_count(store, &mini_second), 10);
        assert_number(mini_get(store, &mini_second, 3, NULL), 33);
        assert_int_equal(store.ops->read(store.self, &read, 1, check_old_row, &rows), OCORE_OK);
        assert_int_equal(rows, 1);
}

static void grows(void **state)
{
        static const ocore_cell shelf[2] = {{.type = OCORE_CELL_NUMBER, .as.number = 1},
                {.type = OCORE_CELL_NUMBER, .as.number = 8}};
        ocore_refusal refusal;
        ocore_write write;
        mini_row row;

        (void)state;
        assert_int_equal(reopen(&mini_second), OCORE_OK);
        check_grown();
        mini_box(&row, 7, 70);
        row.cells[BOX_PLACE] = (ocore_cell){.type = OCORE_CELL_TEXT, .as.text = {"hall", 4}};
        write = mini_write(&mini_second, OCORE_WRITE_UPDATE, &row, 1);
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        write = (ocore_write){.table = mini_second.tables[1],
                .kind = OCORE_WRITE_INSERT,
                .cells = shelf,
                .cell_count = 2};
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        for (int round = 0; round < 3; round++) {
                assert_int_equal(reopen(&mini_second), OCORE_OK);
                check_grown();
                assert_int_equal(rows_at("hall"), 1);
                assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_CONFLICT);
                assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        }
}

/* Without closing: what the host's program does when its plug-in brings more tables. */
static void grows_while_open(void **state)
{
        (void)state;
        assert_int_equal(store.ops->open(store.self, &mini_second), OCORE_OK);
        check_grown();
        assert_int_equal(store.ops->open(store.self, &mini_second), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &mini_first), OCORE_VERSION_MISMATCH);
        /* It goes on as it was. */
        check_grown();
        assert_int_equal(mini_do(store, &mini_second, OCORE_WRITE_DELETE, 9, 0, 1), OCORE_OK);
}

/* The bytes of both areas, to see that a refusal changes none. */
static uint32_t bytes_sum(void)
{
        uint32_t sum = 1;

        for (int64_t area = 0; area < 2; area++) {
                size_t size;
                const unsigned char *bytes = ocore_flash_bytes(flash, area, &size);

                for (size_t n = 0; n < size; n++)
                        sum = sum * 31 + bytes[n];
        }
        return sum;
}

static void refuses(const ocore_schema *schema, int status, const char *words)
{
        const uint32_t before = bytes_sum();
        ocore_refusal refusal;
        mini_row row;
        ocore_write write;

        assert_int_equal(reopen(schema), status);
        if (!strstr(mini_words(store), words))
                fail_msg("\"%s\" is not in \"%s\"", words, mini_words(store));
        mini_box(&row, 50, 1);
        write = mini_write(schema, OCORE_WRITE_INSERT, &row, 0);
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_STORE);
        assert_true(bytes_sum() == before);
}

static void refuses_others(void **state)
{
        (void)state;
        refuses(&mini_foreign, OCORE_CORRUPT, "application 4711, not 4712");
        refuses(&mini_other_key, OCORE_CORRUPT, "table box of the journal is not");
        refuses(&mini_other_type, OCORE_CORRUPT, "table box of the journal is not");
        assert_int_equal(reopen(&mini_first), OCORE_OK);
        assert_number(mini_count(store, &mini_first), 10);
}

static void refuses_the_future(void **state)
{
        (void)state;
        assert_int_equal(reopen(&mini_second), OCORE_OK);
        refuses(&mini_first, OCORE_VERSION_MISMATCH, "layout 2, this library knows up to 1");
        assert_int_equal(ocore_journal_compact(store), OCORE_STATE);
        assert_int_equal(reopen(&mini_second), OCORE_OK);
        check_grown();
}

/* Columns that the library does not know are not dropped: the log is left alone. */
static void refuses_unknown_columns(void **state)
{
        (void)state;
        assert_int_equal(reopen(&mini_wide), OCORE_OK);
        refuses(&mini_first, OCORE_VERSION_MISMATCH, "has 8 columns, this library knows 4");
        assert_int_equal(reopen(&mini_wide), OCORE_OK);
        assert_number(mini_count(store, &mini_wide), 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(grows, begin, end),
                cmocka_unit_test_setup_teardown(grows_while_open, begin, end),
                cmocka_unit_test_setup_teardown(refuses_others, begin, end),
                cmocka_unit_test_setup_teardown(refuses_the_future, begin, end),
                cmocka_unit_test_setup_teardown(refuses_unknown_columns, begin, end),
        };
        return cmocka_run_group_tests_name("growth of a journal", tests, NULL, NULL);
}
