/*
 * Proves that the conformance suite is worth its name: it passes on the model, and it finds each
 * of the mistakes that the model can be told to make. The work for tests of durability is looked
 * at the same way: right when all is there, and found when something is not. A checker that has not
 * caught anything has not been tested.
 */
#include "suite_private.h"
#include "suite_runner.h"

#include <string.h>

static const char *const mistakes[MODEL_MISTAKES] = {
        [MODEL_RIGHT] = "none",
        [MODEL_NOT_ATOMIC] = "a refused batch leaves its first writes",
        [MODEL_INSERT_REPLACES] = "an insert replaces",
        [MODEL_UPDATE_UNCHECKED] = "an update ignores the revision",
        [MODEL_DELETE_UNCHECKED] = "a delete ignores the revision",
        [MODEL_CHECK_IGNORED] = "a check is not looked at",
        [MODEL_REVISION_STAYS] = "an update keeps the revision",
        [MODEL_ADD_KEEPS_REVISION] = "an addition keeps the revision",
        [MODEL_ADD_COMPARES_BELOW] = "an addition goes one below the floor",
        [MODEL_ADD_FLOOR_WHEN_POSITIVE] = "a positive amount asks for the floor",
        [MODEL_ADD_WRAPS] = "an addition wraps around",
        [MODEL_UNIQUE_IGNORED] = "unique indexes are not",
        [MODEL_SPARSE_IGNORED] = "sparse indexes hold every row",
        [MODEL_TENANTS_MIXED] = "tenants see each other",
        [MODEL_LIMIT_IGNORED] = "limits are ignored",
        [MODEL_ASCENDING_ONLY] = "every read ascends",
        [MODEL_AFTER_INCLUSIVE] = "a page begins with the last row of the one before",
        [MODEL_NULLS_LAST] = "NULL comes last",
        [MODEL_TEXT_CUT_AT_HIGH] = "texts end at a character beyond the first plane",
        [MODEL_EMPTY_IS_NULL] = "the empty text becomes NULL",
        [MODEL_EMIT_IGNORED] = "a sink that had enough gets more",
        [MODEL_WRONG_WRITE_NAMED] = "a refusal names the first write always",
        [MODEL_NUMBER_32_BITS] = "numbers lose their upper half",
        [MODEL_REOPEN_FORGETS] = "a store reopened is empty",
        [MODEL_GROWTH_FORGETS] = "a schema that grows loses the rows",
        [MODEL_INSERT_AT_ONE] = "an insert begins at revision 1 always",
        [MODEL_ALL_TENANTS_NONE] = "a read without a prefix finds nothing",
        [MODEL_ALL_TENANTS_FIRST] = "a read without a prefix sees the first tenants only",
        [MODEL_ALL_TENANTS_AFTER_IGNORED] = "a read without a prefix always begins at the start",
        [MODEL_CASE_IGNORED] = "upper and lower case are one key",
        [MODEL_BLANKS_IGNORED] = "blanks at the end of a key do not count",
        [MODEL_COMPARES_255_BYTES] = "keys are compared by their first 255 bytes",
        [MODEL_TEXT_64_KIB] = "texts end after 64 KiB",
};

static int model_make(void *user_data, ocore_store *out)
{
        return ocore__model_store(*(int *)user_data, out);
}

/* The model keeps its rows, so reopening it is doing nothing. */
static int model_reopen(void *user_data, ocore_store *store)
{
        if (*(int *)user_data == MODEL_REOPEN_FORGETS) {
                store->ops->close(store->self);
                return model_make(user_data, store);
        }
        return OCORE_OK;
}

static void test_model_passes(void **state)
{
        int mistake = MODEL_RIGHT;

        (void)state;
        suite_runner(model_make, model_reopen, &mistake);
}

static void test_mistakes_are_found(void **state)
{
        int mistake;

        (void)state;
        for (mistake = MODEL_RIGHT + 1; mistake < MODEL_MISTAKES; mistake++) {
                ocore_store_suite_config config = {
                        .struct_size = sizeof config,
                        .make = model_make,
                        .reopen = model_reopen,
                        .user_data = &mistake,
                        .rounds = 50,
                        .large_batch = 100,
                };
                int64_t failed = 0;
                int status = ocore_store_suite(&config, &failed);

                if (status != OCORE_STATE || failed == 0) {
                        print_error("not found: %s\n", mistakes[mistake]);
                }
                assert_int_equal(status, OCORE_STATE);
                assert_true(failed > 0);
        }
}

static int counted;

static void count_report(void *user_data, const char *check, int64_t passed, const char *detail)
{
        assert_non_null(check);
        assert_non_null(detail);
        assert_true(passed == 1);
        assert_non_null(user_data);
        counted++;
}

static void test_config_is_checked(void **state)
{
        int mistake = MODEL_RIGHT;
        ocore_store_suite_config config = {
                .struct_size = sizeof config,
                .make = model_make,
                .report = count_report,
                .user_data = &mistake,
                .rounds = 1,
                .large_batch = 1,
        };
        int64_t failed = 7;
        int without;

        (void)state;
        assert_int_equal(ocore_store_suite(NULL, &failed), OCORE_INVALID);
        assert_int_equal(failed, 0);
        config.struct_size--;
        assert_int_equal(ocore_store_suite(&config, NULL), OCORE_INVALID);
        config.struct_size++;
        config.rounds = -1;
        assert_int_equal(ocore_store_suite(&config, NULL), OCORE_INVALID);
        config.rounds = 1;
        config.make = NULL;
        assert_int_equal(ocore_store_suite(&config, NULL), OCORE_INVALID);
        config.make = model_make;
        assert_int_equal(counted, 0);
        assert_int_equal(ocore_store_suite(&config, NULL), OCORE_OK);
        without = counted;
        config.reopen = model_reopen;
        assert_int_equal(ocore_store_suite(&config, NULL), OCORE_OK);
        assert_true(counted - without > without);
}

/* Hears of each batch in its turn, and has had enough after the 57th. */
static int told_stop(void *user_data, int64_t batch)
{
        int64_t *last = user_data;

        assert_true(batch == *last + 1);
        *last = batch;
        return batch == 57 ? OCORE_DONE : OCORE_OK;
}

static void test_work_is_kept(void **state)
{
        ocore_store store;
        char detail[300];
        int64_t last = 0;
        int64_t found = -1;
        int64_t rows = -1;

        (void)state;
        assert_int_equal(ocore__model_store(MODEL_RIGHT, &store), OCORE_OK);
        assert_int_equal(ocore_store_suite_rows(store, &rows), OCORE_OK);
        assert_int_equal(rows, 0);
        assert_int_equal(
                ocore_store_suite_kept(store, 5, 0, &found, detail, sizeof detail), OCORE_OK);
        assert_int_equal(found, 0);
        assert_int_equal(ocore_store_suite_work(store, 5, 1, 20, told_stop, &last), OCORE_OK);
        assert_int_equal(last, 20);
        assert_int_equal(
                ocore_store_suite_work(store, 5, 21, INT64_MAX - 1, told_stop, &last), OCORE_DONE);
        assert_int_equal(last, 57);
        /* Known as acknowledged, or as the one that was under way. */
        for (last = 56; last <= 57; last++) {
                assert_int_equal(
                        ocore_store_suite_kept(store, 5, last, &found, detail, sizeof detail),
                        OCORE_OK);
                assert_int_equal(found, 57);
                assert_string_equal(detail, "");
        }
        assert_int_equal(ocore_store_suite_rows(store, &rows), OCORE_OK);
        assert_int_equal(rows, 2 + 40 + 25);
        assert_int_equal(ocore_store_suite_empty(store), OCORE_OK);
        assert_int_equal(ocore_store_suite_rows(store, &rows), OCORE_OK);
        assert_int_equal(rows, 0);
        store.ops->close(store.self);
}

/* Lost, too much, another seed, and a batch in part: each is found. */
static void test_lost_work_is_found(void **state)
{
        toy_row item = ocore__toy_item(1, 7, 30, "");
        ocore_write write = ocore__toy_write(OCORE_WRITE_DELETE, TOY_ITEM, &item, 1);
        ocore_refusal refusal;
        ocore_store store;
        char detail[300];
        int64_t found = 7;

        (void)state;
        assert_int_equal(ocore__model_store(MODEL_RIGHT, &store), OCORE_OK);
        assert_int_equal(ocore_store_suite_work(store, 5, 1, 30, NULL, NULL), OCORE_OK);
        assert_int_equal(
                ocore_store_suite_kept(store, 5, 31, &found, detail, sizeof detail), OCORE_STATE);
        assert_int_equal(found, 0);
        assert_non_null(strstr(detail, "batch 31 was acknowledged and is lost"));
        assert_int_equal(
                ocore_store_suite_kept(store, 5, 28, &found, detail, sizeof detail), OCORE_STATE);
        assert_int_equal(
                ocore_store_suite_kept(store, 6, 30, &found, detail, sizeof detail), OCORE_STATE);
        assert_int_equal(store.ops->write(store.self, &write, 1, &refusal), OCORE_OK);
        assert_int_equal(
                ocore_store_suite_kept(store, 5, 30, &found, detail, sizeof detail), OCORE_STATE);
        assert_non_null(strstr(detail, "behind batch 30 not everything is there"));
        assert_int_equal(ocore_store_suite_kept(store, 5, 30, &found, NULL, 0), OCORE_STATE);
        store.ops->close(store.self);
}

static void test_work_is_checked(void **state)
{
        const ocore_store none = {NULL, NULL};
        ocore_store store;
        int64_t number = 7;

        (void)state;
        assert_int_equal(ocore__model_store(MODEL_RIGHT, &store), OCORE_OK);
        assert_int_equal(ocore_store_suite_rows(none, &number), OCORE_INVALID);
        assert_int_equal(number, 0);
        assert_int_equal(ocore_store_suite_rows(store, NULL), OCORE_INVALID);
        assert_int_equal(ocore_store_suite_empty(none), OCORE_INVALID);
        assert_int_equal(ocore_store_suite_work(none, 1, 1, 1, NULL, NULL), OCORE_INVALID);
        assert_int_equal(ocore_store_suite_work(store, 1, 0, 1, NULL, NULL), OCORE_INVALID);
        assert_int_equal(ocore_store_suite_work(store, 1, 2, 0, NULL, NULL), OCORE_INVALID);
        assert_int_equal(ocore_store_suite_work(store, 1, 2, 1, NULL, NULL), OCORE_OK);
        number = 7;
        assert_int_equal(ocore_store_suite_kept(none, 1, 0, &number, NULL, 0), OCORE_INVALID);
        assert_int_equal(number, 0);
        assert_int_equal(ocore_store_suite_kept(store, 1, -1, &number, NULL, 0), OCORE_INVALID);
        assert_int_equal(ocore_store_suite_kept(store, 1, 0, NULL, NULL, 0), OCORE_INVALID);
        store.ops->close(store.self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_model_passes),
                cmocka_unit_test(test_mistakes_are_found),
                cmocka_unit_test(test_config_is_checked),
                cmocka_unit_test(test_work_is_kept),
                cmocka_unit_test(test_lost_work_is_found),
                cmocka_unit_test(test_work_is_checked),
        };

        return cmocka_run_group_tests_name("store suite", tests, NULL, NULL);
}
