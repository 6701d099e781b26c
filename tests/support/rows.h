/* Groups of rows made by hand, for tests of pure rules that need no store. */
#ifndef ORDERCORE_TESTS_ROWS_H
#define ORDERCORE_TESTS_ROWS_H

#include "engine/engine.h"

#include "support.h"

enum { TEST_ROWS_MAX = 64 };

typedef struct test_rows {
        ocore__group group;
        ocore__entry entries[TEST_ROWS_MAX];
} test_rows;

/* `rows` is an array of `count` row structs of the table, in order of key as a store gives them. */
const ocore__group *test_group(
        test_rows *out, const ocore_table *table, const void *rows, size_t count);
/* The same from a literal array. */
#define TEST_GROUP(out, table, array) test_group(out, table, array, sizeof array / sizeof array[0])

/* Puts a row into the store of a world past all rules, as if it had always been there. */
void test_insert(test_world *world, const ocore_table *table, const void *row);
/* The revision of the row with the key of `row`; 0: there is none. */
int64_t test_revision(test_world *world, const ocore_table *table, const void *row);

#endif
