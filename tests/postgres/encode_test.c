/*
 * Proves that what a server delivers is checked value by value: answers made by hand, each wrong in
 * one way (type, format, size, text that is no UTF-8, NULL where none may be, revision), are
 * refused as corrupt, and the right one is taken. And that UTF-8 is told from what is none, by
 * cases at each edge of its definition (RFC 3629).
 */
#include "base/text.h"
#include "stores/postgres/postgres_store.h"

#include "../contract/suite_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_utf8(void **state)
{
        static const struct {
                const char *text;
                int good;
        } cases[] = {
                {"", 1},
                {"a\x7f", 1},
                {"\xc2\x80", 1},
                {"\xdf\xbf", 1},
                {"\xe0\xa0\x80", 1},
                {"\xed\x9f\xbf", 1},
                {"\xee\x80\x80", 1},
                {"\xef\xbf\xbf", 1},
                {"\xf0\x90\x80\x80", 1},
                {"\xf4\x8f\xbf\xbf", 1},
                {"\x80", 0},
                {"\xbf", 0},
                {"\xc0\x80", 0},
                {"\xc1\xbf", 0},
                {"\xc2", 0},
                {"\xc2\x41", 0},
                {"\xc2\xc0", 0},
                {"\xe0\x9f\xbf", 0},
                {"\xe2\x82", 0},
                {"\xed\xa0\x80", 0},
                {"\xed\xbf\xbf", 0},
                {"\xf0\x8f\xbf\xbf", 0},
                {"\xf0\x9f\x93", 0},
                {"\xf4\x90\x80\x80", 0},
                {"\xf5\x80\x80\x80", 0},
                {"\xf8\x88\x80\x80\x80", 0},
                {"\xff", 0},
                {"ab\xc3", 0},
        };
        size_t n;

        (void)state;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++)
                assert_int_equal(
                        ocore__text_is_utf8((ocore_str){cases[n].text, strlen(cases[n].text)}),
                        cases[n].good);
        assert_int_equal(ocore__text_is_utf8((ocore_str){"a\0b", 3}), 0);
}

/* A value of an answer; size -1: NULL. */
typedef struct answer_cell {
        Oid type;
        const char *value;
        int size;
} answer_cell;

static const answer_cell right[BIN_COLUMNS + 1] = {
        {20, "\0\0\0\0\0\0\0\1", 8},
        {25, "code", 4},
        {20, "\xff\xff\xff\xff\xff\xff\xff\xfe", 8},
        {20, "\0\0\0\0\0\0\0\0", 8},
        {25, NULL, -1},
        {2950, "0123456789abcdef", 16},
        {17, "\0\xff", 2},
        {20, "\0\0\0\0\0\0\0\7", 8},
};

static PGresult *answer_make(const answer_cell *cells, int count, int format)
{
        static char name[] = "column";
        PGresAttDesc columns[BIN_COLUMNS + 1];
        PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
        int n;

        assert_non_null(result);
        memset(columns, 0, sizeof columns);
        for (n = 0; n < count; n++) {
                columns[n].name = name;
                columns[n].typid = cells[n].type;
                columns[n].format = format;
        }
        assert_int_equal(PQsetResultAttrs(result, count, columns), 1);
        for (n = 0; n < count; n++)
                assert_int_equal(
                        PQsetvalue(result, 0, n, (char *)(uintptr_t)cells[n].value, cells[n].size),
                        1);
        return result;
}

static int answer_take(const answer_cell *cells, int count, int format, ocore_cell *out)
{
        ocore__pg store;
        PGresult *result = answer_make(cells, count, format);
        int64_t revision = 0;
        int status;

        memset(&store, 0, sizeof store);
        assert_int_equal(ocore__pg_tables_learn(&store, &ocore__toy_schema), OCORE_OK);
        status = ocore__pg_result_check(&store, &store.tables[TOY_BIN], result, 0);
        if (status == OCORE_OK)
                status = ocore__pg_row(&store, &store.tables[TOY_BIN], result, 0, &revision);
        if (status == OCORE_OK) {
                assert_int_equal(revision, 7);
                memcpy(out, store.row, BIN_COLUMNS * sizeof *out);
                assert_int_equal(out[BIN_CODE].as.text.size, 4);
                assert_memory_equal(out[BIN_CODE].as.text.data, "code", 4);
        } else {
                assert_true(strlen(store.message) > 0);
        }
        ocore__pg_tables_forget(&store);
        PQclear(result);
        return status;
}

static void test_answers(void **state)
{
        static const struct {
                int column;
                answer_cell cell;
        } wrong[] = {
                {0, {23, "\0\0\0\1", 4}},
                {0, {20, "\0\0\0\1", 4}},
                {0, {20, "\0\0\0\0\0\0\0\0\1", 9}},
                {0, {20, "", 0}},
                {0, {20, NULL, -1}},
                {1, {1043, "code", 4}},
                {1, {25, "c\xff", 2}},
                {1, {25, "c\0d", 3}},
                {1, {25, NULL, -1}},
                {2, {25, "5", 1}},
                {4, {25, "\xed\xa0\x80", 3}},
                {5, {2950, "0123456789abcde", 15}},
                {5, {2950, "0123456789abcdefg", 17}},
                {5, {25, "0123456789abcdef", 16}},
                {6, {25, "x", 1}},
                {7, {20, "\0\0\0\0\0\0\0\0", 8}},
                {7, {20, "\xff\xff\xff\xff\xff\xff\xff\xff", 8}},
                {7, {20, NULL, -1}},
                {7, {20, "\1", 1}},
        };
        answer_cell cells[BIN_COLUMNS + 1];
        ocore_cell out[BIN_COLUMNS];
        size_t n;

        (void)state;
        assert_int_equal(answer_take(right, BIN_COLUMNS + 1, 1, out), OCORE_OK);
        assert_int_equal(out[BIN_ORDER].as.number, -2);
        assert_int_equal(out[BIN_NOTE].type, OCORE_CELL_NULL);
        assert_int_equal(out[BIN_OWNER].type, OCORE_CELL_ID);
        assert_int_equal(out[BIN_PHOTO].as.text.size, 2);
        assert_int_equal(answer_take(right, BIN_COLUMNS + 1, 0, out), OCORE_CORRUPT);
        assert_int_equal(answer_take(right, BIN_COLUMNS, 1, out), OCORE_CORRUPT);
        for (n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
                memcpy(cells, right, sizeof cells);
                cells[wrong[n].column] = wrong[n].cell;
                assert_int_equal(answer_take(cells, BIN_COLUMNS + 1, 1, out), OCORE_CORRUPT);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_utf8),
                cmocka_unit_test(test_answers),
        };

        return cmocka_run_group_tests_name("answers of a postgres server", tests, NULL, NULL);
}
