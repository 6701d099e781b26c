/**
 * @file fault_store.h
 * A store that fails on purpose, in libordercore-store-suite: for the tests of whoever builds on
 * a store.
 *
 * It stands around any other store, counts the calls, and at a chosen one fails, fails although
 * it wrote, dies until it is rebooted, or lies about what it read. A loop over the number of the
 * call (1, 2, 3 … until `hits` stays 0) visits every place where a store can let its user down.
 */
#ifndef ORDERCORE_FAULT_STORE_H
#define ORDERCORE_FAULT_STORE_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Calls that count
 * Flags; a plan's `at` counts the calls of these kinds.
 * @{
 */
#define OCORE_FAULT_READS 1  /**< Calls of `read`. */
#define OCORE_FAULT_WRITES 2 /**< Calls of `write`. */
#define OCORE_FAULT_OPENS 4  /**< Calls of `open`. */
/** @} */

/**
 * @name Kinds of faults
 * The numbers from 20 on are lies in rows and touch reads only; 40 is a lie of writes only. A lie that finds no row
 * to touch waits for the next call.
 * @{
 */
#define OCORE_FAULT_FAIL 1          /**< This call fails; the store behind it is not called. */
#define OCORE_FAULT_FAIL_ON 2       /**< This call and all later ones of these kinds fail. */
#define OCORE_FAULT_APPLIED 3       /**< The call is carried out, and then fails: OCORE_UNKNOWN for a write. */
#define OCORE_FAULT_LOST 4          /**< The call is not carried out, and the answer is as for APPLIED. */
#define OCORE_FAULT_CRASH 5         /**< The process dies before this call: every call of any kind fails until `down` is set to 0. */
#define OCORE_FAULT_CRASH_AFTER 6   /**< The same, but this call is carried out first. */
#define OCORE_FAULT_STALE 20        /**< The first row is told at one revision less; one at revision 1 is left out. */
#define OCORE_FAULT_MISSING 21      /**< The first row is left out. */
#define OCORE_FAULT_TWICE 22        /**< The first row is told twice. */
#define OCORE_FAULT_SHORT 23        /**< The first row has one cell too few. */
#define OCORE_FAULT_FOREIGN 24      /**< The first row is another tenant's. */
#define OCORE_FAULT_KEY 25          /**< The last key cell of the first row is another. */
#define OCORE_FAULT_TYPE 26         /**< One cell of the first row has another type; `seed` says which. */
#define OCORE_FAULT_NUMBER 27       /**< The first row answers a look-up that was not asked. */
#define OCORE_FAULT_REVISION 28     /**< The first row has revision 0. */
#define OCORE_FAULT_TEXT 29         /**< A text of the first row is no UTF-8; `seed` says which. */
#define OCORE_FAULT_REFUSAL 40      /**< A write is refused, not carried out, with a refusal that cannot be right. */
/** @} */

/**
 * What goes wrong, when, and what has happened so far. Caller-filled; belongs to the caller, who
 * may read and change it between calls and keeps it until the store is closed.
 */
typedef struct ocore_fault_plan {
        size_t struct_size; /**< sizeof(ocore_fault_plan). */
        int64_t kind;       /**< OCORE_FAULT_…; 0: nothing goes wrong, calls are only counted. */
        int64_t at;         /**< Which call is hit, from 1, counted from the last time `counted` was 0. 0: none. */
        int64_t calls;      /**< Flags: which calls count. 0: reads and writes. */
        int64_t status;     /**< What a failing call returns. 0: OCORE_STORE, and OCORE_UNKNOWN where a write may have happened. */
        int64_t seed;       /**< For lies with a choice. */
        int64_t counted;    /**< Kept by the store: calls of the kinds in `calls`. */
        int64_t hits;       /**< Kept by the store: calls that were made to fail or lie. */
        int64_t down;       /**< Kept by the store: 1 after a crash. Set it to 0 to reboot. */
        int64_t reads;      /**< Kept by the store: calls of `read`. */
        int64_t writes;     /**< Kept by the store: calls of `write`. */
        int64_t opens;      /**< Kept by the store: calls of `open`. */
        int64_t rows;       /**< Kept by the store: rows told. */
} ocore_fault_plan;

/**
 * Puts a store that follows a plan around another one.
 * @param inner closed together with the new store
 * @param plan  stays the caller's
 * @param out   the store, `{0}` on failure (`inner` is then still the caller's)
 * @return OCORE_OK, OCORE_INVALID (an argument is wrong) or OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_fault_store(ocore_store inner, ocore_fault_plan *plan, ocore_store *out);

#ifdef __cplusplus
}
#endif
#endif
