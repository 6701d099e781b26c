/*
 * Proves that the conformance suite is worth its name: it passes on the model, and it finds each
 * of the mistakes that the model can be told to make. A checker that has not caught anything has
 * not been tested.
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

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_model_passes),
                cmocka_unit_test(test_mistakes_are_found),
                cmocka_unit_test(test_config_is_checked),
        };

        return cmocka_run_group_tests_name("store suite", tests, NULL, NULL);
}
