/* Runs the conformance suite inside a cmocka test, and shows each check that failed. */
#ifndef ORDERCORE_TESTS_SUITE_RUNNER_H
#define ORDERCORE_TESTS_SUITE_RUNNER_H

#include <ordercore/store_suite.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Called for each check; user_data is not needed. */
static void suite_runner_report(
        void *user_data, const char *check, int64_t passed, const char *detail)
{
        (void)user_data;
        if (!passed) {
                print_error("%s: %s\n", check, detail);
        }
}

static void suite_runner(
        ocore_store_suite_make_fn make, ocore_store_suite_reopen_fn reopen, void *user_data)
{
        const char *seed = getenv("ORDERCORE_SEED");
        ocore_store_suite_config config = {
                .struct_size = sizeof config,
                .make = make,
                .reopen = reopen,
                .report = suite_runner_report,
                .user_data = user_data,
                .seed = seed != NULL ? strtoll(seed, NULL, 10) : 0,
        };
        int64_t failed = -1;

        assert_int_equal(ocore_store_suite(&config, &failed), OCORE_OK);
        assert_int_equal(failed, 0);
}

#endif
