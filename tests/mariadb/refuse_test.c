/*
 * Proves that the judge which the SQL stores share names the first write of a batch that is refused
 * and says why, from the rows as they are once the batch is rolled back: a table of batches, each
 * with the rows that are there. No server takes part; a look-up is answered from the table, in
 * memory that is overwritten behind each row, as a store's may be.
 */
#include "suite_private.h"

#include "stores/sql/sql_refuse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS_MAX = 4, WRITES_MAX = 6 };

/* A row of toy_item: its key is its line, and no two have the same name. */
typedef struct test_row {
        int64_t line; /* 0: the end of the list */
        const char *name;
        int64_t count;
        int64_t revision;
} test_row;

typedef struct test_write {
        uint32_t kind; /* 0: the end of the list */
        int64_t line;
        const char *name;
        int64_t revision; /* ADD: the amount */
} test_write;

#define INSERT OCORE_WRITE_INSERT
#define UPDATE OCORE_WRITE_UPDATE
#define DELETE OCORE_WRITE_DELETE
#define CHECK OCORE_WRITE_CHECK
#define ADD OCORE_WRITE_ADD
#define EXISTS OCORE_REFUSED_EXISTS
#define MISSING OCORE_REFUSED_MISSING
#define REVISION OCORE_REFUSED_REVISION
#define FLOOR OCORE_REFUSED_FLOOR
#define OVERFLOWS OCORE_REFUSED_OVERFLOW

typedef struct refuse_case {
        const char *name;
        test_row rows[ROWS_MAX + 1];
        test_write writes[WRITES_MAX + 1];
        size_t write;
        uint32_t reason; /* 0: nothing is wrong now */
        uint32_t column;
} refuse_case;

static const refuse_case cases[] = {
        {"nothing is wrong now", {{1, "a", 5, 3}},
                {{CHECK, 1, NULL, 3}, {ADD, 1, NULL, -5}, {INSERT, 2, "b", 0}}, 0, 0, 0},
        {"the key is taken", {{2, "a", 5, 3}}, {{INSERT, 1, "b", 0}, {INSERT, 2, "c", 0}}, 1,
                EXISTS, 0},
        {"the key comes before the name", {{1, "a", 5, 3}, {2, "b", 5, 3}}, {{INSERT, 1, "b", 0}},
                0, EXISTS, 0},
        {"another revision", {{1, "a", 5, 3}}, {{CHECK, 1, NULL, 4}}, 0, REVISION, 0},
        {"no row", {{1, "a", 5, 3}}, {{DELETE, 2, NULL, 3}}, 0, MISSING, 0},
        {"no row to add to", {{1, "a", 5, 3}}, {{ADD, 2, NULL, 3}}, 0, MISSING, 0},
        {"the first of two", {{1, "a", 5, 3}}, {{UPDATE, 1, "a", 9}, {CHECK, 2, NULL, 1}}, 0,
                REVISION, 0},
        {"a name before a row", {{1, "a", 5, 3}}, {{INSERT, 2, "a", 0}, {CHECK, 3, NULL, 1}}, 0,
                EXISTS, ITEM_NAME},
        {"a row before a name", {{1, "a", 5, 3}}, {{CHECK, 3, NULL, 1}, {INSERT, 2, "a", 0}}, 0,
                MISSING, 0},
        {"below the floor", {{1, "a", 5, 3}}, {{ADD, 1, NULL, -6}}, 0, FLOOR, ITEM_COUNT},
        {"out of 64 bits", {{1, "a", 5, 3}}, {{ADD, 1, NULL, INT64_MAX - 4}}, 0, OVERFLOWS,
                ITEM_COUNT},
        {"below the floor together", {{1, "a", 5, 3}}, {{ADD, 1, NULL, -3}, {ADD, 1, NULL, -3}}, 1,
                FLOOR, ITEM_COUNT},
        {"enough together", {{1, "a", 5, 3}}, {{ADD, 1, NULL, 1}, {ADD, 1, NULL, -6}}, 0, 0, 0},
        {"the name is another's", {{1, "a", 5, 3}}, {{INSERT, 2, "a", 0}}, 0, EXISTS, ITEM_NAME},
        {"changed to another's name", {{1, "a", 5, 3}, {2, "b", 5, 3}}, {{UPDATE, 2, "a", 3}}, 0,
                EXISTS, ITEM_NAME},
        {"its own name again", {{1, "a", 5, 3}}, {{UPDATE, 1, "a", 3}}, 0, 0, 0},
        {"no name is nobody's", {{1, NULL, 5, 3}}, {{INSERT, 2, NULL, 0}, {INSERT, 3, NULL, 0}}, 0,
                0, 0},
        {"the owner is deleted before", {{1, "a", 5, 3}},
                {{DELETE, 1, NULL, 3}, {INSERT, 2, "a", 0}}, 0, 0, 0},
        {"the owner is deleted behind", {{1, "a", 5, 3}},
                {{INSERT, 2, "a", 0}, {DELETE, 1, NULL, 3}}, 0, EXISTS, ITEM_NAME},
        {"the owner is renamed before", {{1, "a", 5, 3}},
                {{UPDATE, 1, "b", 3}, {INSERT, 2, "a", 0}}, 0, 0, 0},
        {"the owner loses its name before", {{1, "a", 5, 3}},
                {{UPDATE, 1, NULL, 3}, {INSERT, 2, "a", 0}}, 0, 0, 0},
        {"the owner is renamed to the same", {{1, "a", 5, 3}},
                {{UPDATE, 1, "a", 3}, {INSERT, 2, "a", 0}}, 1, EXISTS, ITEM_NAME},
        {"the owner is only added to", {{1, "a", 5, 3}}, {{ADD, 1, NULL, 1}, {INSERT, 2, "a", 0}},
                1, EXISTS, ITEM_NAME},
        {"one that is not the owner is deleted", {{1, "a", 5, 3}, {2, "b", 5, 3}},
                {{DELETE, 2, NULL, 3}, {INSERT, 3, "a", 0}}, 1, EXISTS, ITEM_NAME},
        {"given up, and two want it", {{1, "a", 5, 3}},
                {{DELETE, 1, NULL, 3}, {INSERT, 2, "a", 0}, {INSERT, 3, "a", 0}}, 2, EXISTS,
                ITEM_NAME},
        {"given up and taken back", {{1, "a", 5, 3}},
                {{UPDATE, 1, "b", 3}, {UPDATE, 1, "a", 4}, {INSERT, 2, "a", 0}}, 2, EXISTS,
                ITEM_NAME},
        {"two change names", {{1, "a", 5, 3}, {2, "b", 5, 3}},
                {{UPDATE, 1, NULL, 3}, {UPDATE, 2, "a", 3}, {UPDATE, 1, "b", 4}}, 0, 0, 0},
        {"two change names at once", {{1, "a", 5, 3}, {2, "b", 5, 3}},
                {{UPDATE, 1, "b", 3}, {UPDATE, 2, "a", 3}}, 0, EXISTS, ITEM_NAME},
        {"a key twice", {{0}}, {{INSERT, 1, "a", 0}, {INSERT, 2, "b", 0}, {INSERT, 1, "c", 0}}, 2,
                EXISTS, 0},
        {"a name twice", {{0}}, {{INSERT, 1, "a", 0}, {INSERT, 2, "b", 0}, {INSERT, 3, "a", 0}}, 2,
                EXISTS, ITEM_NAME},
        {"a name twice, deleted between", {{0}},
                {{INSERT, 1, "a", 7}, {DELETE, 1, NULL, 7}, {INSERT, 3, "a", 0}}, 0, 0, 0},
        {"deleted and made again", {{1, "a", 5, 3}}, {{DELETE, 1, NULL, 3}, {INSERT, 1, "a", 0}}, 0,
                0, 0},
        {"deleted twice", {{1, "a", 5, 3}}, {{DELETE, 1, NULL, 3}, {DELETE, 1, NULL, 3}}, 1,
                MISSING, 0},
        {"made and then checked", {{0}},
                {{INSERT, 1, "a", 0}, {CHECK, 1, NULL, 1}, {CHECK, 1, NULL, 2}}, 2, REVISION, 0},
        {"changed and then checked", {{1, "a", 5, 3}},
                {{UPDATE, 1, "a", 3}, {ADD, 1, NULL, 1}, {CHECK, 1, NULL, 5}, {CHECK, 1, NULL, 3}},
                3, REVISION, 0},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static toy_row row_of(int64_t line, const char *name, int64_t count)
{
        toy_row row = ocore__toy_item(1, 5, line, "cup");

        row.cells[ITEM_NAME] = name != NULL ? ocore__toy_text(name) : ocore__toy_null();
        row.cells[ITEM_COUNT] = ocore__toy_number(count);
        return row;
}

/* What stands for the database. */
typedef struct shelf {
        const test_row *rows;
        int looks;
        int answers; /* how often each row is given */
        int status;  /* of a look-up that fails */
} shelf;

static int row_give(
        const ocore_read *read, size_t number, const test_row *kept, ocore_row_fn emit, void *sink)
{
        char name[8] = "";
        toy_row row;
        uint32_t n;
        int status;

        if (kept->name != NULL)
                (void)snprintf(name, sizeof name, "%s", kept->name);
        row = row_of(kept->line, kept->name != NULL ? name : NULL, kept->count);
        for (n = 0; n < read->prefix_count; n++)
                if (ocore__toy_compare(&read->prefix[n],
                            &row.cells[ocore__toy_place_column(read->table, read->index, n)]) != 0)
                        return OCORE_OK;
        status = emit(sink, number, kept->revision, row.cells, ITEM_COLUMNS);
        memset(name, '?', sizeof name);
        memset(&row, '?', sizeof row);
        return status;
}

static int look(void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        shelf *there = self;
        const test_row *row;
        size_t n;
        int times;
        int status = there->status;

        there->looks++;
        for (n = 0; n < count; n++)
                for (row = there->rows; row->line > 0; row++)
                        for (times = 0; status == OCORE_OK && times < there->answers; times++)
                                status = row_give(&reads[n], n, row, emit, sink);
        return status;
}

static int judge(const refuse_case *given, shelf *there, ocore_refusal *refusal)
{
        toy_row rows[WRITES_MAX];
        ocore_write writes[WRITES_MAX];
        ocore_add adds[WRITES_MAX];
        size_t n;

        for (n = 0; given->writes[n].kind != 0; n++) {
                const test_write *from = &given->writes[n];

                rows[n] = row_of(from->line, from->name, 1);
                adds[n] = (ocore_add){.column = ITEM_COUNT, .amount = from->revision};
                writes[n] = from->kind == ADD ? ocore__toy_add(TOY_ITEM, &rows[n], &adds[n], 1)
                                              : ocore__toy_write(from->kind, TOY_ITEM, &rows[n],
                                                        from->revision);
        }
        return ocore__sql_refuse(writes, n, look, there, refusal);
}

static void test_case(void **state)
{
        const refuse_case *given = *state;
        int answers;

        /* A row that a server gives twice is one row. */
        for (answers = 1; answers <= 2; answers++) {
                shelf there = {.rows = given->rows, .answers = answers};
                ocore_refusal refusal = {9, 9, 9};

                assert_int_equal(judge(given, &there, &refusal),
                        given->reason != 0 ? OCORE_CONFLICT : OCORE_OK);
                assert_int_equal(refusal.write, given->write);
                assert_int_equal(refusal.reason,
                        given->reason != 0 ? given->reason : OCORE_REFUSED_CONFLICT);
                assert_int_equal(refusal.column, given->column);
                assert_int_equal(there.looks, 1);
        }
}

static void test_look_fails(void **state)
{
        shelf there = {.rows = cases[1].rows, .answers = 1, .status = OCORE_STORE};
        ocore_refusal refusal;

        (void)state;
        assert_int_equal(judge(&cases[1], &there, &refusal), OCORE_STORE);
}

/* More rows than can answer the look-ups were not asked for. */
static int look_too_much(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        int64_t line;
        int status = OCORE_OK;

        (void)self;
        for (line = 100; status == OCORE_OK && line < 200; line++) {
                toy_row row = row_of(line, "a", 1);

                status = emit(sink, count - 1, 1, row.cells, ITEM_COLUMNS);
        }
        assert_int_equal(reads[count - 1].index, ITEM_BY_NAME);
        return status;
}

static void test_too_many_rows(void **state)
{
        toy_row row = row_of(1, "a", 1);
        ocore_write write = ocore__toy_write(INSERT, TOY_ITEM, &row, 0);
        ocore_refusal refusal;

        (void)state;
        assert_int_equal(
                ocore__sql_refuse(&write, 1, look_too_much, NULL, &refusal), OCORE_CORRUPT);
}

/* A batch as large as an order of many lines: the last of them is found. */
static void test_many(void **state)
{
        enum { MANY = 3000 };
        static toy_row rows[MANY];
        static ocore_write writes[MANY];
        static char names[MANY][8];
        static const test_row none[1];
        shelf there = {.rows = none, .answers = 1};
        ocore_refusal refusal;
        int n;

        (void)state;
        for (n = 0; n < MANY; n++) {
                (void)snprintf(names[n], sizeof names[n], "%d", n < MANY - 1 ? n : 17);
                rows[n] = row_of(n + 1, names[n], 1);
                writes[n] = ocore__toy_write(INSERT, TOY_ITEM, &rows[n], 0);
        }
        assert_int_equal(ocore__sql_refuse(writes, MANY, look, &there, &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.write, MANY - 1);
        assert_int_equal(refusal.reason, EXISTS);
        assert_int_equal(ocore__sql_refuse(writes, MANY - 1, look, &there, &refusal), OCORE_OK);
}

int main(void)
{
        struct CMUnitTest tests[CASES + 3] = {
                [CASES] = cmocka_unit_test(test_look_fails),
                cmocka_unit_test(test_too_many_rows),
                cmocka_unit_test(test_many),
        };
        size_t n;

        for (n = 0; n < CASES; n++) {
                tests[n].name = cases[n].name;
                tests[n].test_func = test_case;
                tests[n].initial_state = (void *)(uintptr_t)&cases[n];
        }
        return cmocka_run_group_tests_name("refused batches", tests, NULL, NULL);
}
