/**
 * @file store_suite.h
 * The conformance suite for stores, in libordercore-store-suite: what every store must do.
 *
 * The suite brings a small schema of its own and asks a store for everything that store.h
 * promises: each kind of write, each reason for a refusal, batches that are all or nothing,
 * ranges over every index in both directions, tenants kept apart, reopening, growth of the schema,
 * and many random batches beside a model that is too simple to be wrong. It needs nothing but the
 * C library and the store.
 */
#ifndef ORDERCORE_STORE_SUITE_H
#define ORDERCORE_STORE_SUITE_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes an empty store; called on the caller's thread before each check. The suite closes it
 * with `ops->close`.
 * @param user_data as given in the config
 * @param out       the store
 * @return OCORE_OK, or an error, which fails the check
 */
typedef int (*ocore_store_suite_make_fn)(void *user_data, ocore_store *out);

/**
 * Closes a store and opens the same content again, as after the end of a process.
 * @param user_data as given in the config
 * @param store     the store of the last `make` or `reopen`; replaced by the new one, `{0}` on
 *                  failure
 * @return OCORE_OK, or an error, which fails the check
 */
typedef int (*ocore_store_suite_reopen_fn)(void *user_data, ocore_store *store);

/**
 * Hears of each check when it is over.
 * @param user_data as given in the config
 * @param check     its name; static text of lower-case words
 * @param passed    1 or 0
 * @param detail    what was wrong, or for random checks the seed; lives for the call
 */
typedef void (*ocore_store_suite_report_fn)(void *user_data, const char *check, int64_t passed,
                                            const char *detail);

/** Caller-filled. What to test. Zero means the default. */
typedef struct ocore_store_suite_config {
        size_t struct_size;                 /**< sizeof(ocore_store_suite_config). */
        ocore_store_suite_make_fn make;     /**< Needed. */
        ocore_store_suite_reopen_fn reopen; /**< NULL: the store keeps nothing (memory); checks of reopening are left out. */
        ocore_store_suite_report_fn report; /**< NULL: only the count is wanted. */
        void *user_data;                    /**< First parameter of the three. */
        int64_t seed;                       /**< Where the random checks begin. 0: 1. */
        int64_t rounds;                     /**< Random batches. 0: 2,000. */
        int64_t large_batch;                /**< Writes in the large batch. 0: 5,000. */
} ocore_store_suite_config;

/**
 * Runs all checks.
 * @param config     borrowed for the call
 * @param out_failed how many checks failed; may be NULL
 * @return OCORE_OK: every check passed; OCORE_STATE: some failed; OCORE_INVALID (config, its
 *         struct_size or a member is wrong); OCORE_NOMEM (for the suite itself). Since 0.1.
 */
OCORE_API int ocore_store_suite(const ocore_store_suite_config *config, int64_t *out_failed);

#ifdef __cplusplus
}
#endif
#endif
