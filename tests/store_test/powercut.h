/*
 * The loss of power, played inside one process: for the test of stores that say they survive it.
 *
 * The program that links powercut_calls.c stands before the C library for the calls that change
 * files or make them durable, also when a library makes them. Once armed, it knows of each file and
 * folder below one folder what is durable: what was there at the beginning, and what a sync has
 * made durable since. At a chosen call the power goes: all that was not durable is lost, kept, or
 * kept in part and out of order, the folder is left like that, and the process ends.
 *
 * What is durable is kept as whole contents and not as a list of writes. So a change that reached
 * the file in a way nobody saw (a mapping, the C library's own streams) counts as not durable until
 * a sync is seen: the test may be too strict, never too mild. Processes that a store starts, and
 * syncs by io_uring or by bare system calls, are not seen.
 */
#ifndef ORDERCORE_STORE_TEST_POWERCUT_H
#define ORDERCORE_STORE_TEST_POWERCUT_H

#include <stddef.h>
#include <stdint.h>

/* What becomes of that which was not durable. */
enum {
        POWERCUT_LOSES_ALL,
        POWERCUT_KEEPS_ALL,
        POWERCUT_KEEPS_SOME,  /* sectors and names at random: also later ones without earlier */
        POWERCUT_KEEPS_EARLY, /* in each file the sectors at the front */
        POWERCUT_KEEPS_LATE,  /* in each file the sectors at the back */
        POWERCUT_GARBLES,     /* as KEEPS_SOME, with noise behind the old end of a file */
        POWERCUT_MODES
};

/* The process ends with this when the power went. */
enum { POWERCUT_EXIT = 86, POWERCUT_BROKEN = 87 };

/*
 * All that is below `folder` now is durable from here on. Call number `at` of those that change
 * something or sync is where the power goes, INT64_MAX for never. 0, or -1 with errno.
 */
int powercut_arm(const char *folder, int64_t at, int mode, uint64_t seed);
/* How many such calls there were. */
int64_t powercut_calls(void);
/* The power goes now. Does not return. */
void powercut_now(void);

/* For powercut_calls.c: a call is about to be made; and a sync of this file was asked for, or of
 * everything. Returns 1 when armed, and then the sync itself need not be made. */
int powercut_call(void);
int powercut_synced(int file);
int powercut_synced_all(void);
/* 1 if the descriptor is of a file or folder. */
int powercut_counts(int file);

#endif
