/*
 * The inside of the journal store, shared by its files.
 *
 * An area is a row of records, each at a multiple of the device's alignment:
 *
 *       0  4  magic "OCJ1"
 *       4  4  bytes of payload
 *       8  4  kind (low 16 bits) and flags
 *      12  4  CRC-32C of everything else in the record, the padding included
 *      16  8  generation: one for each time that an area was written
 *      24  8  sequence: one more than that of the record before
 *      32     payload, then zeros up to the alignment
 *
 * All numbers are little-endian. An area begins with a SCHEMA record and the rows that lived when
 * it was written, and then END, which was synced before the area became current: where END is
 * missing, bytes were lost that had been promised. Behind it stands what was written since.
 */
#ifndef ORDERCORE_JOURNAL_STORE_H
#define ORDERCORE_JOURNAL_STORE_H

#include <ordercore/journal.h>

#include "stores/memory/memory_store.h"

/* Machines with files; elsewhere journal_file.c is not built. */
#if defined(__unix__) || (defined(__APPLE__) && defined(__MACH__))
#define OCORE__JOURNAL_FILES 1
#else
#define OCORE__JOURNAL_FILES 0
#endif

enum {
        OCORE__JOURNAL_HEAD = 32, /* bytes before the payload */
        OCORE__JOURNAL_ALIGN_MAX = 65536,
        OCORE__JOURNAL_SCHEMA = 1, /* kinds of records */
        OCORE__JOURNAL_BATCH = 2,
        OCORE__JOURNAL_END = 3,
        OCORE__JOURNAL_SETTLED = 0x10000, /* all records before this one were durable by then */
        OCORE__JOURNAL_MESSAGE = 320,
        /* Most bytes of a batch. A row is kept by compacting in a record that has a longer revision
         * and, after ADDs, longer numbers than the batch which wrote it. */
        OCORE__JOURNAL_PAYLOAD = OCORE_JOURNAL_RECORD_MAX - 1024
};

/* Bytes that grow and are kept. */
typedef struct ocore__bytes {
        uint8_t *data;
        size_t room;
        size_t used;
} ocore__bytes;

/* Where the next record of an area goes. */
typedef struct ocore__journal_log {
        int64_t area;
        int64_t end;
        uint64_t generation;
        uint64_t sequence; /* of the last record */
        int settled;       /* all that was appended so far is durable */
} ocore__journal_log;

/* What reading the log has made. */
typedef struct ocore__journal_state {
        ocore_store inner;          /* a memory store */
        const ocore_schema *schema; /* NULL: not opened */
        ocore__journal_log log;
        int64_t compact_next; /* compacting is thought of when the log is larger */
} ocore__journal_state;

typedef struct ocore__journal {
        ocore_journal_device device;
        ocore_allocator allocator;
        ocore__journal_state at;
        ocore__bytes out;    /* the record being made */
        ocore__bytes in;     /* a window on the area being read */
        int64_t in_at;       /* where the window begins */
        ocore__bytes cells;  /* of a row being replayed */
        ocore__bytes adds;   /* of a write being replayed */
        ocore__bytes logged; /* columns of each table by the log's own schema, uint32_t */
        int64_t logged_version;
        int64_t compact_bytes; /* negative: never */
        uint64_t attempts;     /* areas written; makes generations differ */
        int sync_off;
        int down;   /* nobody knows what the device holds */
        int inside; /* a row is being told */
        int64_t code;
        char message[OCORE__JOURNAL_MESSAGE];
} ocore__journal;

/* Continues a CRC-32C; starts with 0. */
uint32_t ocore__crc32c(uint32_t crc, const void *bytes, size_t size);

/* The memory store inside. */
static inline ocore__memory *ocore__journal_memory(const ocore__journal *store)
{
        return store->at.inner.self;
}

/* Sets the message (see ocore__write()) and returns `status`. */
int ocore__journal_fail(ocore__journal *store, int status, const char *format, ...);
/* The same with the device's own words: OCORE_STORE. */
int ocore__journal_device_failed(ocore__journal *store, const char *doing);
/* Takes over what the memory store said. */
int ocore__journal_inner_failed(ocore__journal *store, int status);
/* Gives back the room that a very large record took. */
void ocore__journal_slim(ocore__journal *store);
/* From now on everything is refused until the log is read anew; keeps the message. */
void ocore__journal_down(ocore__journal *store);

/* Room for `more` bytes behind those in use. OCORE_OK or OCORE_NOMEM. */
int ocore__bytes_ensure(ocore__journal *store, ocore__bytes *bytes, size_t more);
void ocore__bytes_release(ocore__journal *store, ocore__bytes *bytes);

/* A record is begun, filled by ocore__journal_put_…, and appended to a log. */
int ocore__journal_begin(ocore__journal *store);
/* Bytes of the record that was begun, with its padding. */
int64_t ocore__journal_record_size(const ocore__journal *store);
/* OCORE_OK, or OCORE_STORE: then the log is as it was, but bytes may stand behind its end. */
int ocore__journal_append(ocore__journal *store, ocore__journal_log *log, uint32_t kind);
/* The record that was begun becomes the last of the store's own log, durably. OCORE_OK;
 * OCORE_STORE: the append failed; OCORE_UNKNOWN: the sync did, and the store is down. */
int ocore__journal_commit(ocore__journal *store, uint32_t kind);

/* One write behind the others of the record; a CHECK leaves nothing. OCORE_OK, OCORE_NOMEM, or
 * OCORE_STORE for what no record can hold. */
int ocore__journal_put_write(ocore__journal *store, const ocore_write *write);
/* Carries out the writes of a payload on the memory store. */
int ocore__journal_replay(ocore__journal *store, const uint8_t *payload, size_t size);

/* What the log was written for, and whether `schema` can go on with it. */
int ocore__journal_put_schema(ocore__journal *store, const ocore_schema *schema);
int ocore__journal_check_schema(
        ocore__journal *store, const ocore_schema *schema, const uint8_t *payload, size_t size);
/* 1 if the schema has more than the log says. */
int ocore__journal_schema_grown(const ocore__journal *store, const ocore_schema *schema);

/* Reads the log, cuts a torn tail, and leaves the store ready for writing. */
int ocore__journal_recover(ocore__journal *store, const ocore_schema *schema);

/* Reads back an area that was just written, from its beginning to the end of `log`. OCORE_OK if
 * every record is whole, or a failure: it must not become the current one. */
int ocore__journal_check_area(ocore__journal *store, const ocore__journal_log *log);

/* Writes what lives to the other area and makes it the current one. OCORE_OK; OCORE_STORE or
 * OCORE_NOMEM: nothing has changed; OCORE_UNKNOWN: the store is down. */
int ocore__journal_compact_now(ocore__journal *store);
/* Bytes that compacting would leave. */
int ocore__journal_measure(ocore__journal *store, int64_t *bytes);
/* Behind a write: compacts if that pays. A failure is no failure of the write. */
void ocore__journal_compact_perhaps(ocore__journal *store);

/* Bytes that the row of a write takes where it is kept by compacting. OCORE_OK or as put_write;
 * spoils the record in hand. */
int ocore__journal_row_size(ocore__journal *store, const ocore_table *table, int64_t revision,
        const ocore_cell *cells, size_t count, int64_t *bytes);
/* 1 if there is room for the record in hand behind the log, without what is kept back. */
int ocore__journal_fits(const ocore__journal *store);
/* Room for a batch of which the record in hand does not fit; the batch must not stand in memory.
 * OCORE_OK: the record in hand is the batch; otherwise nothing has changed. */
int ocore__journal_make_room(ocore__journal *store, const ocore_write *writes, size_t count);
/* The batch as the record in hand. */
int ocore__journal_encode(ocore__journal *store, const ocore_write *writes, size_t count);

/* A file as a device. OCORE_OK, OCORE_STORE, OCORE_NOMEM, or OCORE_INVALID for a name that is kept
 * for other areas. */
int ocore__journal_file_open(const ocore_allocator *allocator, const char *path,
        int64_t preallocate_bytes, ocore_journal_device *out);

/* Reading bytes that may be hostile: 1, or 0 when they end too early or are nonsense. */
typedef struct ocore__journal_reader {
        const uint8_t *p;
        const uint8_t *end;
} ocore__journal_reader;
int ocore__journal_get_number(ocore__journal_reader *reader, uint64_t *out);
int ocore__journal_put_number(ocore__journal *store, uint64_t number);

#endif
