/**
 * @file journal.h
 * The journal store: the memory store plus an append-only log on a device of the host: a file, or
 * flash. Durability D2.
 *
 * Each write of the store is one record: tried in memory, appended, synced, and only then
 * acknowledged; a unit of many commands is one record and one sync. Opening replays the log. A torn
 * tail is cut before anything is appended; damage that has whole records behind it is
 * OCORE_CORRUPT, with its place. When the log has grown well beyond what lives, the rows are written
 * to the other area of the device, which then takes the place of the first: nothing is ever
 * rewritten where it stands, and a cut at any moment leaves one whole log.
 *
 * After a failed sync, or an append that cannot be taken back, nobody knows what the device holds:
 * the write is OCORE_UNKNOWN and the store refuses reads and writes until ocore_open() reads the log
 * anew. A cache may still show what a failed sync lost, and take a second sync for done. So opening
 * writes again, by the device's `rewrite`, every record that nothing behind it proves durable (mostly
 * the last one), and syncs before it believes any: whoever opens it, and whatever failed before.
 *
 * A journal with a limited area keeps a sixteenth of it for writes that make what lives smaller, and
 * refuses the others with OCORE_STORE once compacting would not free another sixteenth: a chip that
 * is nearly full is not worn out. One thread at a time; a journal has one store. A record, and so a unit, is at most
 * OCORE_JOURNAL_RECORD_MAX bytes.
 */
#ifndef ORDERCORE_JOURNAL_H
#define ORDERCORE_JOURNAL_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most bytes of one record; a write that needs more is refused with OCORE_STORE. */
#define OCORE_JOURNAL_RECORD_MAX 67108864

/**
 * Where a journal keeps its bytes: two areas, 0 and 1, of which one is current. Caller-filled; the
 * functions return OCORE_OK or OCORE_STORE and are called on the caller's thread, one at a time.
 * What was appended and not synced may be lost, kept in part or garbled by a cut; what was synced,
 * and a truncate, an erase or a replace that returned, stays.
 */
typedef struct ocore_journal_device {
        size_t struct_size; /**< sizeof(ocore_journal_device). */
        void *self;         /**< First parameter of each function. */
        int64_t alignment;  /**< Bytes are appended in whole multiples of this, at such an offset: a flash's program unit; a power of two up to 65,536. 0: 16. */
        int64_t area_size;  /**< Most bytes of an area. 0: no limit. */
        /** Which area is current, durably (from here on a cut cannot change it), and an upper bound of how many bytes were appended to it; a new device names any
         *  area, with nothing in it. Called first by each opening. */
        int (*current)(void *self, int64_t *area, int64_t *size);
        /** Reads `size` bytes at `offset`; `*got` is less only at the end of the area. What was never written reads as bytes that are all 0x00 or all 0xff. */
        int (*read)(void *self, int64_t area, int64_t offset, void *bytes, size_t size, size_t *got);
        /** Appends at `offset`, where what the area holds ends; behind it only bytes were found that are all 0x00 or all 0xff. */
        int (*append)(void *self, int64_t area, int64_t offset, const void *bytes, size_t size);
        /** Makes durable what was appended to the area. A failed sync is never tried again. */
        int (*sync)(void *self, int64_t area);
        /** Cuts the area, durably: what is appended next stands at `size`. NULL: the device cannot; a torn tail is then left behind by writing the other area and replacing. */
        int (*truncate)(void *self, int64_t area, int64_t size);
        /** Empties the area that is not current, before it is written. */
        int (*erase)(void *self, int64_t area);
        /** Makes the other area, which was synced, the current one: durably, and all or nothing. OCORE_STORE: it did not happen; OCORE_UNKNOWN: it may have. */
        int (*replace)(void *self, int64_t area);
        /** Writes bytes that `read` has just shown once more where they stand, so that the next sync makes them durable even if an earlier one failed; a cut
         *  meanwhile leaves what was durable. NULL: after a failed sync `read` shows only what is durable, as where no cache lies between (flash). */
        int (*rewrite)(void *self, int64_t area, int64_t offset, const void *bytes, size_t size);
        /** Gives everything back; may be NULL. Called by closing the store. */
        void (*close)(void *self);
        /** What went wrong in the last call, for people; lent until the next; may be NULL. */
        const char *(*message)(void *self, int64_t *code);
} ocore_journal_device;

/** Caller-filled. How to open a journal store. Zero means the default. */
typedef struct ocore_journal_config {
        size_t struct_size;                 /**< sizeof(ocore_journal_config). */
        /** A file, made when absent. Its other area is there for a moment: for "till.log" it is ".till.log.ocore-compact" beside it, and what a compaction that
         *  was cut left of it is removed. A name of that kind is refused as `path`. NULL: `device` is used. Only on machines with files. */
        const char *path;
        const ocore_journal_device *device; /**< The host's device; copied. */
        ocore_allocator allocator;          /**< `{0}`: the C library. */
        int64_t compact_bytes;              /**< Compacts when the log is larger than this and twice what lives. 0: 16 MiB, or half an area if that is less; negative: only when an area is full. */
        int64_t preallocate_bytes;          /**< `path`: the file grows by so many zeros at a time, so that a sync only writes what was appended. 0: 1 MiB; negative: never. */
        int64_t sync_off;                   /**< 1: records are not synced; with the power everything since the log was opened or compacted may be lost (D1). 0: each one is. */
} ocore_journal_config;

/**
 * Makes a journal store; the log is read by its ocore_open(). Its message() says in a sentence what
 * failed, and for damage where.
 * @param config borrowed for the call
 * @param out    the store, `{0}` on failure; to be closed with ocore_store_close()
 * @return OCORE_OK; OCORE_INVALID (neither or both of path and device, a function of the device
 *         missing, wrong alignment or struct_size, `path` is the name of another journal's other
 *         area); OCORE_STORE (the file cannot be opened: its folder, its rights, or a store has it
 *         open already); OCORE_NOMEM. A device stays the caller's on failure. Since 0.1.
 */
OCORE_API int ocore_journal_store(const ocore_journal_config *config, ocore_store *out);

/**
 * Writes what lives to the other area of the device and drops the old log: for a host that has a
 * quiet moment.
 * @param store from ocore_journal_store(), opened by a core
 * @return OCORE_OK; OCORE_INVALID (it is no journal store); OCORE_STATE (not opened, or it must be
 *         opened anew); OCORE_STORE; OCORE_UNKNOWN (the replace may have happened: open it anew);
 *         OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_journal_compact(ocore_store store);

#ifdef __cplusplus
}
#endif
#endif
