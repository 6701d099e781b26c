/**
 * @file flash_emulator.h
 * A flash chip in memory on which the power can be cut, in libordercore-store-suite: for the tests
 * of whoever runs a journal store on a device of their own.
 *
 * It has erase blocks and program units. A unit is programmed once between erases and bits only go
 * from 1 to 0; whatever breaks this is an error, and counted. What was appended and not synced
 * stands in a cache, of which a cut leaves what the plan says. Two areas; which is current stands
 * in a small log of its own in two blocks, so that a replace is all or nothing.
 *
 * A loop over the number of the call that is cut (1, 2, 3 … until `hits` stays 0) visits every
 * place where the power can go.
 */
#ifndef ORDERCORE_FLASH_EMULATOR_H
#define ORDERCORE_FLASH_EMULATOR_H

#include "journal.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A chip; made by ocore_flash_create(). */
typedef struct ocore_flash ocore_flash;

/**
 * @name Calls that count
 * Flags; a plan's `at` counts the calls of these kinds.
 * @{
 */
#define OCORE_FLASH_APPEND 1    /**< Bytes are appended. */
#define OCORE_FLASH_SYNC 2      /**< The cache is emptied. */
#define OCORE_FLASH_TRUNCATE 4  /**< An area is cut (only where `can_truncate` is set). */
#define OCORE_FLASH_ERASE 8     /**< A block is erased: an area has several. */
#define OCORE_FLASH_REPLACE 16  /**< The other area becomes current. */
#define OCORE_FLASH_READ 32     /**< Bytes are read. */
/** @} */

/**
 * @name Kinds of faults
 * @{
 */
#define OCORE_FLASH_CUT 1       /**< The power goes in the middle of this call: all fail until ocore_flash_power_on(). */
#define OCORE_FLASH_FAIL 2      /**< This call fails; an append may leave a part behind, a sync loses what was in the cache (see `failed_sync_shows`). */
#define OCORE_FLASH_FAIL_ON 3   /**< This call and all later ones of these kinds fail. */
/** @} */

/**
 * @name What a cut leaves of the bytes in the cache
 * @{
 */
#define OCORE_FLASH_DROPPED 0   /**< Nothing. */
#define OCORE_FLASH_PART 1      /**< The first of them, up to any byte. */
#define OCORE_FLASH_REORDERED 2 /**< Any units, others not. */
#define OCORE_FLASH_GARBLED 3   /**< Any units, some of them with wrong bits. */
#define OCORE_FLASH_KEPT 4      /**< All: only the answer is lost. */
/** @} */

/** What goes wrong, when, and what has happened so far. Caller-filled; the caller's until the chip is destroyed. */
typedef struct ocore_flash_plan {
        size_t struct_size; /**< sizeof(ocore_flash_plan). */
        int64_t kind;       /**< OCORE_FLASH_CUT, …; 0: calls are only counted. */
        int64_t at;         /**< Which call is hit, from 1, counted from the last time `counted` was 0. */
        int64_t calls;      /**< Flags: which calls count. 0: all but reads. */
        int64_t tail;       /**< OCORE_FLASH_DROPPED, …. */
        int64_t seed;       /**< For what is left to chance. */
        int64_t ignore_sync; /**< 1: a sync says it was done and leaves the cache as it is, as bad devices do. */
        int64_t counted;    /**< Kept by the chip: calls of the kinds in `calls`. */
        int64_t hits;       /**< Kept by the chip: calls that were hit. */
        int64_t down;       /**< Kept by the chip: 1 without power. */
        int64_t appends;    /**< Kept by the chip: calls of append. */
        int64_t syncs;      /**< Kept by the chip: calls of sync. */
        int64_t violations; /**< Kept by the chip: units programmed twice, at a wrong place, or in a truncate that it cannot do. */
        /** 1: after a sync that failed reads go on showing what it lost, until the power goes, and a later sync does not write it: as the cache of a kernel does
         *  (with `can_truncate`). */
        int64_t failed_sync_shows;
} ocore_flash_plan;

/** Caller-filled. The chip. Zero means the default. */
typedef struct ocore_flash_config {
        size_t struct_size;     /**< sizeof(ocore_flash_config). */
        ocore_flash_plan *plan; /**< NULL: nothing goes wrong. */
        ocore_allocator allocator; /**< `{0}`: the C library. */
        int64_t unit_size;      /**< Bytes programmed at once, a power of two from 16 to 65,536. 0: 16. */
        int64_t block_size;     /**< Bytes erased at once, a multiple of the unit. 0: 4,096. */
        int64_t area_blocks;    /**< Blocks of each of the two areas. 0: 64. */
        int64_t can_truncate;   /**< 1: an area can be cut and written again behind the cut, as on a disk, and `rewrite` is there. */
} ocore_flash_config;

/**
 * Makes an erased chip.
 * @param config borrowed for the call; its plan stays in use
 * @param out    the chip, NULL on failure; to be destroyed with ocore_flash_destroy()
 * @return OCORE_OK, OCORE_INVALID (a size or struct_size is wrong) or OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_flash_create(const ocore_flash_config *config, ocore_flash **out);

/** Gives the chip's memory back; NULL is allowed. Close the stores on it first. Since 0.1. */
OCORE_API void ocore_flash_destroy(ocore_flash *flash);

/**
 * The chip as the device of a journal; closing the store leaves the chip as it is, so that it can
 * be opened again.
 * @param flash the chip
 * @param out   to be given to ocore_journal_store(). Since 0.1.
 */
OCORE_API void ocore_flash_device(ocore_flash *flash, ocore_journal_device *out);

/** The power comes back: `down` becomes 0, and reads show what the cut has left. Since 0.1. */
OCORE_API void ocore_flash_power_on(ocore_flash *flash);

/**
 * How often a block was erased.
 * @param flash the chip
 * @param block from 0: two for the log of areas, then those of area 0 and of area 1
 * @return the count; negative behind the last block. Since 0.1.
 */
OCORE_API int64_t ocore_flash_erases(const ocore_flash *flash, int64_t block);

/**
 * The bytes of an area as reads show them, for tests that look at them or damage them.
 * @param flash the chip
 * @param area  0 or 1
 * @param size  how many there are
 * @return the bytes; lent until the chip is destroyed. Since 0.1.
 */
OCORE_API unsigned char *ocore_flash_bytes(ocore_flash *flash, int64_t area, size_t *size);

#ifdef __cplusplus
}
#endif
#endif
