/**
 * @file store_suite.h
 * The conformance suite for stores, in libordercore-store-suite: what every store must do.
 *
 * The suite brings a small schema of its own and asks a store for everything that store.h
 * promises: each kind of write, each reason for a refusal, batches that are all or nothing,
 * ranges over every index in both directions, tenants kept apart, texts that only their bytes tell
 * apart, reopening, growth of the schema, and many random batches beside a model that is too simple
 * to be wrong. It needs nothing but the C library and the store.
 *
 * What survives the end of a process or of the power is tested by ocore_store_suite_work(), which
 * writes until something ends it, and ocore_store_suite_kept(), which looks what is left. The
 * installed program `ordercore-store-test` does all of it, on the stores that come with the library
 * and on those of others, which it loads as a plug-in: docs/guide/own-store.md.
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

/**
 * Opens a store with the suite's schema and counts the rows in the suite's tables.
 * @param store    borrowed for the call
 * @param out_rows how many; 0 on failure
 * @return OCORE_OK, OCORE_INVALID (an argument is wrong), or what the store returned. Since 0.1.
 */
OCORE_API int ocore_store_suite_rows(ocore_store store, int64_t *out_rows);

/**
 * Opens a store with the suite's schema and deletes all rows of the suite's tables, a few hundred
 * in a write: for `make`, where a fresh store cannot be had for each check.
 * @param store borrowed for the call; not yet grown by the suite's last check
 * @return OCORE_OK, OCORE_INVALID (no store), or what the store returned; OCORE_CONFLICT when
 *         somebody else writes there. Since 0.1.
 */
OCORE_API int ocore_store_suite_empty(ocore_store store);

/**
 * Hears that a batch was acknowledged, before the next one is begun.
 * @param user_data as given with the function
 * @param batch     its number, from 1
 * @return OCORE_OK to go on; anything else ends the work and is returned
 */
typedef int (*ocore_store_suite_told_fn)(void *user_data, int64_t batch);

/**
 * Opens a store with the suite's schema and writes the batches `first` to `last` of a piece of
 * work: each changes rows in every table by every kind of write, and what the store holds after a
 * batch follows from its number and the seed alone. A process that does this is what a test of
 * durability kills.
 * @param store     borrowed for the call; empty for `first` 1, else holding the batches before
 * @param seed      any number
 * @param first     from 1
 * @param last      at least `first` - 1, which writes nothing
 * @param told      hears of each batch; NULL: nobody does
 * @param user_data first parameter of `told`
 * @return OCORE_OK, OCORE_INVALID (an argument is wrong), OCORE_NOMEM, what the store or `told`
 *         returned. Since 0.1.
 */
OCORE_API int ocore_store_suite_work(ocore_store store, int64_t seed, int64_t first, int64_t last,
                                     ocore_store_suite_told_fn told, void *user_data);

/**
 * Opens a store with the suite's schema and looks what is left of the work: every batch up to the
 * last acknowledged one, whole, and perhaps the one that was under way, whole.
 * @param store        borrowed for the call
 * @param seed         as given to the work
 * @param acknowledged the last batch that `told` heard of, 0 for none
 * @param out_batch    which batch the store stands behind: where to go on; 0 on failure
 * @param detail       gets a sentence on what is lost or halved, "" when nothing is; may be NULL
 * @param detail_size  bytes at `detail`
 * @return OCORE_OK; OCORE_STATE (something acknowledged is lost, or a batch is there in part);
 *         OCORE_INVALID (an argument is wrong), OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_store_suite_kept(ocore_store store, int64_t seed, int64_t acknowledged,
                                     int64_t *out_batch, char *detail, size_t detail_size);

/** The name of the function that a plug-in for `ordercore-store-test` exports. */
#define OCORE_STORE_PLUGIN "ocore_store_open_plugin"

/** The type of that function. */
typedef int (*ocore_store_open_plugin_fn)(const char *argument, ocore_store *out);

/**
 * Written by the author of a plug-in and not part of any library: opens the author's store, as often
 * as it is asked to, each time with what earlier ones left there.
 * @param argument what stands behind the plug-in on the command line: a path (of a file or folder;
 *                 the program gives names of its own beside it), or with --server the words as
 *                 they are
 * @param out      the store, `{0}` on failure; `ops->close` is called for it
 * @return OCORE_OK or an error. Since 0.1.
 */
OCORE_API int ocore_store_open_plugin(const char *argument, ocore_store *out);

#ifdef __cplusplus
}
#endif
#endif
