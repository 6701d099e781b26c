/*
 * The memory store against a naive model: an array of rows that is searched from end to end.
 * Random batches of all five writes go to both; status, refusal and every kind of look-up must be
 * the same. Then each batch is repeated with the n-th allocation failing (once, and from then on):
 * it must leave no trace and succeed when tried again. At the end all memory is given back. Each
 * batch is also applied and undone before it is written, as the journal does it.
 */
#include "stores/memory/memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory_store_model.h"

static int check_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        expected *wanted = sink;
        const model_row *row;
        size_t n;

        assert_int_equal(read, 0);
        assert_int_equal(cell_count, COLUMNS);
        assert_true(wanted->seen < wanted->count);
        row = wanted->rows[wanted->seen++];
        assert_int_equal(revision, row->revision);
        for (n = 0; n < COLUMNS; n++)
                assert_int_equal(cell_order(&cells[n], &row->cells[n]), 0);
        return OCORE_OK;
}

static expected wanted_rows;

static void check_read(ocore_store store, model *of, const ocore_read *read)
{
        expect(of, read, &wanted_rows);
        assert_int_equal(store.ops->read(store.self, read, 1, check_row, &wanted_rows), OCORE_OK);
        assert_int_equal(wanted_rows.seen, wanted_rows.count);
}

static ocore_cell number_cell(int64_t number)
{
        ocore_cell cell = {OCORE_CELL_NUMBER, 0, {0}};

        cell.as.number = number;
        return cell;
}

static ocore_cell text_cell(const char *data, size_t size)
{
        ocore_cell cell = {OCORE_CELL_TEXT, 0, {0}};

        cell.as.text.data = data;
        cell.as.text.size = size;
        return cell;
}

static const char names[] = "aabbccddeeffgghh0123456789";
static char long_text[TEXT_MAX];

/* A row of few keys, so that writes meet, with numbers and texts of all sizes. */
static void random_cells(ocore_cell *cells)
{
        static const ocore_cell nothing = {OCORE_CELL_NULL, 0, {0}};

        cells[0] = number_cell((int64_t)random_below(2) - 1);
        cells[1] = text_cell(names, random_below(9));
        cells[2] = number_cell((int64_t)random_below(40) - 20);
        cells[3] = number_cell((int64_t)random_below(1000) << random_below(50));
        cells[4] = random_below(5) == 0 ? nothing : number_cell((int64_t)random_below(4));
        cells[5] = random_below(3) == 0 ? nothing
                                        : text_cell(names + random_below(18), random_below(9));
        cells[6] = random_below(4) == 0 ? nothing : number_cell((int64_t)random_below(9) - 4);
        if (random_below(40) == 0)
                cells[5] = text_cell(long_text, 100 + random_below(TEXT_MAX - 100));
}

typedef struct batch {
        ocore_cell cells[BATCH_MAX][COLUMNS];
        ocore_add adds[BATCH_MAX][3];
        ocore_write writes[BATCH_MAX];
        size_t count;
} batch;

static int has_key(const batch *of, const ocore_cell *cells)
{
        size_t n;
        size_t k;

        for (n = 0; n < of->count; n++) {
                for (k = 0; k < KEYS && cell_order(&of->cells[n][k], &cells[k]) == 0; k++)
                        ;
                if (k == KEYS)
                        return 1;
        }
        return 0;
}

static void random_batch(model *of, batch *out)
{
        size_t wanted = 1 + random_below(BATCH_MAX);

        for (out->count = 0; out->count < wanted;) {
                ocore_cell *cells = out->cells[out->count];
                ocore_write *write = &out->writes[out->count];
                ocore_add *adds = out->adds[out->count];
                const model_row *row = of->count > 0 ? &of->rows[random_below(of->count)] : NULL;
                size_t k;

                memset(write, 0, sizeof *write);
                random_cells(cells);
                write->kind = 1 + (uint32_t)random_below(5);
                /* Mostly what can succeed: else nearly every batch is refused. */
                if (row != NULL && write->kind != OCORE_WRITE_INSERT && random_below(50) > 0) {
                        memcpy(cells, row->cells, KEYS * sizeof *cells);
                        write->revision = row->revision - (random_below(60) == 0);
                } else if (random_below(20) > 0) {
                        write->kind = OCORE_WRITE_INSERT;
                }
                if (has_key(out, cells))
                        continue;
                write->table = &things;
                write->cells = cells;
                write->adds = adds;
                write->cell_count = COLUMNS;
                if (write->kind == OCORE_WRITE_ADD)
                        write->add_count = 1 + (uint32_t)random_below(3);
                for (k = 0; k < write->add_count; k++) {
                        adds[k].column = random_below(2) == 0 ? 3 : 6;
                        adds[k].amount = (int64_t)(random_below(200) << random_below(54)) - 100;
                        adds[k].floor = random_below(4) == 0 ? 0 : INT64_MIN;
                        adds[k].reserved = 0;
                }
                out->count++;
        }
}

static void check_everything(ocore_store store, model *of)
{
        ocore_cell prefix[1];
        ocore_read read = {&things, prefix, NULL, 0, 1, 0, 0, 0, 0};
        int64_t tenant;

        for (tenant = -1; tenant <= 0; tenant++) {
                prefix[0] = number_cell(tenant);
                for (read.index = 0; read.index <= 2; read.index++) {
                        read.flags = 0;
                        check_read(store, of, &read);
                        read.flags = OCORE_READ_DESCENDING;
                        check_read(store, of, &read);
                }
        }
}

static void check_some_read(ocore_store store, model *of)
{
        ocore_cell cells[COLUMNS];
        ocore_cell others[COLUMNS];
        ocore_cell prefix[8];
        ocore_cell after[8];
        ocore_read read = {&things, prefix, NULL, 0, 0, 0, 0, 0, 0};
        uint32_t columns[8];
        size_t count;
        size_t n;

        random_cells(cells);
        random_cells(others);
        if (of->count > 0 && random_below(2) == 0)
                memcpy(cells, of->rows[random_below(of->count)].cells, sizeof cells);
        if (of->count > 0 && random_below(2) == 0)
                memcpy(others, of->rows[random_below(of->count)].cells, sizeof others);
        others[0] = cells[0];
        read.index = (uint32_t)random_below(3);
        count = read.index > 0 ? indexes[read.index - 1].column_count : KEYS;
        read.prefix_count = 1 + (uint32_t)random_below(count);
        count = order_columns(read.index, columns);
        for (n = 0; n < count; n++) {
                prefix[n] = cells[columns[n]];
                after[n] = others[columns[n]];
        }
        read.limit = (uint32_t)random_below(4);
        read.flags = random_below(2) == 0 ? OCORE_READ_DESCENDING : 0;
        if (random_below(2) == 0) {
                read.after = after;
                read.after_count = (uint32_t)count;
                if (random_below(2) == 0)
                        memcpy(after, prefix, read.prefix_count * sizeof *after);
        }
        check_read(store, of, &read);
}

static model model_create(void)
{
        model made = {calloc(ROWS_MAX, sizeof(model_row)), 0};

        assert_non_null(made.rows);
        return made;
}

/* `fail`: 0 no, 1 the n-th allocation, 2 all from the n-th on. */
static void run(uint64_t seed, size_t batches, int fail)
{
        counting counts = {0, 0, 0, 0, 0};
        ocore_allocator allocator = {count_allocate, &counts};
        model rows = model_create();
        model aside = model_create();
        size_t accepted = 0;
        ocore_store store;
        size_t n;

        print_message("# seed %llu\n", (unsigned long long)seed);
        state = seed;
        assert_int_equal(ocore_memory_store(&allocator, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &schema), OCORE_OK);
        for (n = 0; n < batches; n++) {
                static batch writes;
                ocore_refusal wanted = {0, 0, 0};
                ocore_refusal got = {0, 0, 0};
                size_t nth = 1;
                int status;

                random_batch(&rows, &writes);
                if (ocore__memory_apply(store.self, writes.writes, writes.count, &got) == OCORE_OK)
                        ocore__memory_undo(store.self);
                if (n % 8 == 0)
                        check_everything(store, &rows);
                while (fail != 0) {
                        counts.fail_at = counts.calls + nth++;
                        counts.fail_onward = fail == 2;
                        counts.failed = 0;
                        status = store.ops->write(store.self, writes.writes, writes.count, &got);
                        counts.fail_at = 0;
                        if (counts.failed == 0)
                                break;
                        assert_int_equal(status, OCORE_NOMEM);
                        check_everything(store, &rows);
                }
                if (fail == 0)
                        status = store.ops->write(store.self, writes.writes, writes.count, &got);
                assert_int_equal(
                        status, model_write(&rows, &aside, writes.writes, writes.count, &wanted));
                accepted += status == OCORE_OK;
                if (status == OCORE_CONFLICT) {
                        assert_int_equal(got.write, wanted.write);
                        assert_int_equal(got.reason, wanted.reason);
                        assert_int_equal(got.column, wanted.column);
                }
                check_some_read(store, &rows);
                if (n % 16 == 0)
                        check_everything(store, &rows);
        }
        check_everything(store, &rows);
        assert_true(accepted > batches / 8);
        ocore_store_close(store);
        assert_int_equal(counts.out, 0);
        free(rows.rows);
        free(aside.rows);
}

static void test_model(void **unused)
{
        uint64_t seed;

        (void)unused;
        for (seed = 1; seed <= 4; seed++)
                run(seed * 0x9e3779b97f4a7c15u, 1500, 0);
}

static void test_faults(void **unused)
{
        (void)unused;
        run(11, 400, 1);
        run(12, 400, 2);
}

/* Making and opening a store, with each allocation failing. */
static void test_open_faults(void **unused)
{
        size_t nth;
        int status = OCORE_NOMEM;

        (void)unused;
        for (nth = 1; status != OCORE_OK; nth++) {
                counting counts = {0, 0, 0, 0, 0};
                ocore_allocator allocator = {count_allocate, &counts};
                ocore_store store;

                counts.fail_at = nth;
                status = ocore_memory_store(&allocator, &store);
                if (status == OCORE_OK)
                        status = store.ops->open(store.self, &schema);
                else
                        assert_null(store.ops);
                assert_true(status == OCORE_OK || status == OCORE_NOMEM);
                ocore_store_close(store);
                assert_int_equal(counts.out, 0);
        }
        assert_true(nth > 2);
}

static void insert(ocore_store store, const ocore_table *table, int64_t line, size_t columns)
{
        ocore_cell cells[COLUMNS];
        ocore_write write = {table, cells, NULL, 0, OCORE_WRITE_INSERT, 0, 0, 0};
        ocore_refusal refusal;

        memset(cells, 0, sizeof cells);
        cells[0] = number_cell(5);
        cells[1] = text_cell("x", 1);
        cells[2] = number_cell(line);
        cells[4] = number_cell(line % 3);
        write.cell_count = (uint32_t)columns;
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
}

static int count_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        assert_int_equal(cells[4].as.number, 1);
        assert_int_equal(cell_count, COLUMNS);
        ++*(size_t *)sink;
        return OCORE_OK;
}

/* A later schema adds a table and indexes; an earlier or foreign one is refused. */
static void test_schema(void **unused)
{
        static const ocore_record narrow = {"thing", fields, sizeof fields[0], COLUMNS, 5, 0};
        static const ocore_table first_things = {"thing", &narrow, indexes, KEYS, 0, 0, 2, 0, 0};
        static const ocore_table *const first_tables[] = {&first_things};
        static const ocore_schema first = {first_tables, 1, 1, 7};
        static const ocore_schema later = {tables, 2, 2, 7};
        static const ocore_schema foreign = {tables, 2, 3, 8};
        size_t nth;
        int status = OCORE_NOMEM;

        (void)unused;
        for (nth = 1; status != OCORE_OK; nth++) {
                counting counts = {0, 0, 0, 0, 0};
                ocore_allocator allocator = {count_allocate, &counts};
                ocore_cell prefix[2] = {number_cell(5), number_cell(1)};
                ocore_read read = {&things, prefix, NULL, 1, 2, 0, 0, 0, 0};
                ocore_store store;
                size_t seen = 0;
                int64_t line;
                int64_t code;

                assert_int_equal(ocore_memory_store(&allocator, &store), OCORE_OK);
                assert_int_equal(store.ops->open(store.self, &first), OCORE_OK);
                for (line = 0; line < 300; line++)
                        insert(store, &first_things, line, 5);
                counts.fail_at = counts.calls + nth;
                status = store.ops->open(store.self, &later);
                counts.fail_at = 0;
                if (status != OCORE_OK)
                        assert_int_equal(status, OCORE_NOMEM);
                assert_int_equal(store.ops->open(store.self, &later), OCORE_OK);
                assert_int_equal(store.ops->open(store.self, &foreign), OCORE_VERSION_MISMATCH);
                assert_int_equal(store.ops->open(store.self, &first), OCORE_VERSION_MISMATCH);
                assert_string_equal(store.ops->message(store.self, &code),
                        "the store has layout 2, this library knows up to 1");
                insert(store, &more, 1, COLUMNS);
                insert(store, &things, 301, COLUMNS);
                assert_int_equal(store.ops->read(store.self, &read, 1, count_row, &seen), OCORE_OK);
                assert_int_equal(seen, 101);
                ocore_store_close(store);
                assert_int_equal(counts.out, 0);
        }
        assert_true(nth > 2);
}

/* What `emit` returns ends the read; a store that is not opened answers with an error. */
static int stop_at_once(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(size_t *)sink;
        return OCORE_LIMIT;
}

static void test_edges(void **unused)
{
        ocore_cell prefix[1] = {number_cell(5)};
        ocore_read read = {&things, prefix, NULL, 0, 1, 0, 0, 0, 0};
        ocore_store store;
        ocore_store none = {NULL, NULL};
        ocore_refusal refusal;
        size_t seen = 0;
        int64_t code;

        (void)unused;
        ocore_store_close(none);
        assert_int_equal(ocore_memory_store(NULL, NULL), OCORE_INVALID);
        assert_int_equal(ocore_memory_store(NULL, &store), OCORE_OK);
        assert_int_equal(store.ops->read(store.self, &read, 1, stop_at_once, &seen), OCORE_STORE);
        assert_int_equal(store.ops->write(store.self, NULL, 0, &refusal), OCORE_STORE);
        assert_true(strlen(store.ops->message(store.self, &code)) > 0);
        assert_int_equal(store.ops->open(store.self, &schema), OCORE_OK);
        insert(store, &things, 1, COLUMNS);
        insert(store, &things, 2, COLUMNS);
        assert_int_equal(store.ops->read(store.self, &read, 1, stop_at_once, &seen), OCORE_LIMIT);
        assert_int_equal(seen, 1);
        store.ops->close(NULL);
        ocore_store_close(store);
}

/* A counter at its end is not stepped over it. */
static void test_last_revision(void **unused)
{
        static const uint32_t kinds[] = {
                OCORE_WRITE_UPDATE, OCORE_WRITE_ADD, OCORE_WRITE_CHECK, OCORE_WRITE_DELETE};
        const ocore_add add = {1, 0, 6, 0};
        ocore_cell cells[COLUMNS];
        ocore_write write = {&things, cells, NULL, INT64_MAX, OCORE_WRITE_INSERT, COLUMNS, 0, 0};
        ocore_refusal refusal;
        ocore_store store;
        size_t n;

        (void)unused;
        memset(cells, 0, sizeof cells);
        cells[0] = number_cell(5);
        cells[1] = text_cell("x", 1);
        cells[2] = number_cell(1);
        cells[4] = number_cell(1);
        assert_int_equal(ocore_memory_store(NULL, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &schema), OCORE_OK);
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        for (n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
                const int stepped = n < 2;

                write.kind = kinds[n];
                write.cell_count = n == 0 ? (uint32_t)COLUMNS : (uint32_t)KEYS;
                write.adds = n == 1 ? &add : NULL;
                write.add_count = n == 1;
                assert_int_equal(store.ops->write(store.self, &write, 1, &refusal),
                        stepped ? OCORE_CONFLICT : OCORE_OK);
                assert_int_equal(refusal.reason, stepped ? OCORE_REFUSED_OVERFLOW : 0);
        }
        ocore_store_close(store);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_model),
                cmocka_unit_test(test_faults),
                cmocka_unit_test(test_open_faults),
                cmocka_unit_test(test_schema),
                cmocka_unit_test(test_edges),
                cmocka_unit_test(test_last_revision),
        };

        memset(long_text, 'z', sizeof long_text);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
