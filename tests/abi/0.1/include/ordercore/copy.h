/**
 * @file copy.h
 * Moving everything from one store to another, and comparing two stores.
 *
 * All tenants, all tables, every row with its revision. Nobody may write to either store meanwhile:
 * what changes under the copy is found by the comparison. A copy that was broken off is carried on
 * by copying again: rows that are there and equal are passed over, rows that differ are never
 * overwritten.
 *
 * Both stores are opened first, as a core opens them: their tables are made, or brought up to this
 * library's layout. Copy into a store that no core has been opened on: opening a core writes a first
 * row, which may differ from the source's. Columns that this library does not know are not copied.
 */
#ifndef ORDERCORE_COPY_H
#define ORDERCORE_COPY_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How far a copy or comparison is. Library-filled. */
typedef struct ocore_copy_progress {
        ocore_str table;     /**< The table at hand. */
        int64_t table_index; /**< Its number, from 0 … */
        int64_t table_count; /**< … of so many. */
        int64_t rows;        /**< Rows of the source looked at so far, over all tables. */
        int64_t written;     /**< Rows written to the target so far. */
        int64_t differences; /**< Comparison: rows that are not the same on both ends. */
} ocore_copy_progress;

/**
 * Hears how far it is, after each page. Called on the caller's thread; `progress` lives for the call.
 * @return 0 to go on; anything else ends the copy with OCORE_STATE
 */
typedef int (*ocore_copy_progress_fn)(void *user_data, const ocore_copy_progress *progress);

/**
 * Hears of one row that is not the same on both ends, of the row that a copy stops at, or of a store
 * that returned what cannot be right. Called on the caller's thread.
 * @param sentence "table stock: row (0, 'cup', 'shop', '') has another available in the target: 4, where the source has 3"; lives for the call
 */
typedef void (*ocore_copy_difference_fn)(void *user_data, ocore_str sentence);

/** Caller-filled. What to copy or compare. Zero means the default. */
typedef struct ocore_copy_config {
        size_t struct_size;                  /**< sizeof(ocore_copy_config). */
        ocore_store from;                    /**< The source; only read. */
        ocore_store to;                      /**< The target. */
        ocore_copy_progress_fn progress;     /**< May be NULL. */
        ocore_copy_difference_fn difference; /**< May be NULL. */
        void *user_data;                     /**< First parameter of the two. */
        ocore_allocator allocator;           /**< `{0}`: the C library. */
        int64_t page_rows;                   /**< Rows read and written at once, at most 100,000. 0: 500. */
} ocore_copy_config;

/**
 * Copies every row of `from` that `to` does not have.
 * @param out how far it came, also on failure; may be NULL
 * @return OCORE_OK; OCORE_EXISTS (`to` has another row under a key of `from`: nothing was
 *         overwritten); OCORE_INVALID (config or struct_size); OCORE_STATE (ended by `progress`);
 *         OCORE_BUSY (others write to `to`); OCORE_UNKNOWN (the last rows may be written or not:
 *         copying again settles it); OCORE_STORE, OCORE_CORRUPT, OCORE_VERSION_MISMATCH,
 *         OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_store_copy(const ocore_copy_config *config, ocore_copy_progress *out);

/**
 * Compares every row and revision of the two stores, in both directions.
 * @param out how many rows and differences; may be NULL
 * @return OCORE_OK: they are the same; OCORE_STATE: they are not, or `progress` ended it;
 *         OCORE_INVALID, OCORE_STORE, OCORE_CORRUPT, OCORE_VERSION_MISMATCH, OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_store_compare(const ocore_copy_config *config, ocore_copy_progress *out);

#ifdef __cplusplus
}
#endif
#endif
