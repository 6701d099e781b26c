/*
 * Opening a journal: reading its records in their order into a new memory store, and what is done
 * where they end. Behind the last whole record there is nothing (zeros, or erased flash), or a tail
 * that a cut has torn, which is taken off before anything is appended, or damage: a whole record
 * that says of those before it that they were durable. Damage is never cut away.
 *
 * Until the log has been read nothing is changed: a store that was open stays so when a later
 * schema cannot be opened.
 */
#include "base/endian.h"
#include "journal_store.h"

#include <string.h>

enum { WINDOW = 4096, TAIL_SUMS = 8 };

/* An area being read. */
typedef struct scan {
        ocore__journal *store;
        ocore__journal_log log; /* behind the last record that was good */
        int64_t limit;          /* what may have been appended */
        int64_t firm;           /* what stands before it is durable */
        int complete;           /* END was seen */
} scan;

/* A record that was found, its payload lent from the window. */
typedef struct record {
        const uint8_t *payload; /* behind the head */
        size_t length;
        int64_t size; /* with head and padding */
        uint64_t generation;
        uint64_t sequence;
        uint32_t kind;
        int settled;
} record;

/* Up to `size` bytes at `offset` in the window; *got is less only at the limit. */
static int view(scan *from, int64_t offset, size_t size, const uint8_t **out, size_t *got)
{
        ocore__journal *store = from->store;
        const ocore_journal_device *device = &store->device;
        size_t wanted = size > WINDOW ? size : WINDOW;
        uint64_t left = (uint64_t)(from->limit - offset);

        if (left < size)
                size = (size_t)left;
        if (offset < store->in_at || (uint64_t)(offset - store->in_at) > store->in.used ||
                store->in.used - (size_t)(offset - store->in_at) < size) {
                store->in.used = 0;
                if (ocore__bytes_ensure(store, &store->in, wanted) != OCORE_OK)
                        return ocore__journal_fail(
                                store, OCORE_NOMEM, "no memory for reading the journal");
                wanted = left < wanted ? (size_t)left : wanted;
                if (device->read(device->self, from->log.area, offset, store->in.data, wanted,
                            got) != OCORE_OK)
                        return ocore__journal_device_failed(store, "reading the journal");
                if (*got > wanted)
                        return ocore__journal_fail(store, OCORE_STORE,
                                "the journal's device read more than it was asked for");
                store->in_at = offset;
                store->in.used = *got;
                if (*got < size)
                        size = *got;
        }
        *out = store->in.data + (offset - store->in_at);
        *got = size;
        return OCORE_OK;
}

static uint32_t load_word(const uint8_t *p)
{
        return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* What the head at `offset` says: OCORE_OK, OCORE_DONE if it is none, or a failure. A generation
 * other than 0 is the one it must have. */
static int read_head(scan *from, int64_t offset, uint64_t generation, record *out)
{
        const int64_t align = from->store->device.alignment;
        const uint8_t *head;
        uint32_t flags;
        size_t got;
        int status = view(from, offset, OCORE__JOURNAL_HEAD, &head, &got);

        if (status != OCORE_OK)
                return status;
        if (got < OCORE__JOURNAL_HEAD || memcmp(head, "OCJ1", 4) != 0)
                return OCORE_DONE;
        out->length = load_word(head + 4);
        out->size = ((int64_t)out->length + OCORE__JOURNAL_HEAD + align - 1) & ~(align - 1);
        out->generation = ocore__load_little(head + 16);
        out->sequence = ocore__load_little(head + 24);
        flags = load_word(head + 8);
        out->kind = flags & 0xffff;
        out->settled = (flags & OCORE__JOURNAL_SETTLED) != 0;
        if (out->length > OCORE_JOURNAL_RECORD_MAX || out->size > from->limit - offset ||
                (generation != 0 && out->generation != generation))
                return OCORE_DONE;
        return OCORE_OK;
}

/* The record at `offset`, the head of which was read: OCORE_OK, OCORE_DONE if it is not whole, or a
 * failure. */
static int read_body(scan *from, int64_t offset, record *out)
{
        const uint8_t *head;
        size_t got;
        uint32_t crc;
        int status;

        status = view(from, offset, (size_t)out->size, &head, &got);
        if (status != OCORE_OK)
                return status;
        if (got < (size_t)out->size)
                return OCORE_DONE;
        crc = ocore__crc32c(0, head, 12);
        crc = ocore__crc32c(crc, head + 16, (size_t)out->size - 16);
        out->payload = head + OCORE__JOURNAL_HEAD;
        return crc == load_word(head + 12) ? OCORE_OK : OCORE_DONE;
}

static int read_record(scan *from, int64_t offset, uint64_t generation, record *out)
{
        int status = read_head(from, offset, generation, out);

        return status == OCORE_OK ? read_body(from, offset, out) : status;
}

static int damaged(scan *from, int64_t offset, const char *why)
{
        return ocore__journal_fail(
                from->store, OCORE_CORRUPT, "the journal is damaged at byte %d: %s", &offset, why);
}

/* Takes the next record of the log into memory. */
static int take_record(scan *from, const record *next)
{
        ocore__journal *store = from->store;
        int status = OCORE_OK;

        if (from->log.end == 0 && next->kind != OCORE__JOURNAL_SCHEMA)
                return damaged(from, 0, "it does not begin with a list of tables");
        switch (next->kind) {
        case OCORE__JOURNAL_SCHEMA:
                status = ocore__journal_check_schema(
                        store, store->at.schema, next->payload, next->length);
                break;
        case OCORE__JOURNAL_BATCH:
                status = ocore__journal_replay(store, next->payload, next->length);
                if (status == OCORE_CORRUPT)
                        return damaged(from, from->log.end, "its writes cannot be carried out");
                if (status == OCORE_NOMEM)
                        return ocore__journal_fail(
                                store, OCORE_NOMEM, "no memory for the rows of the journal");
                break;
        case OCORE__JOURNAL_END: from->complete = 1; break;
        default: return damaged(from, from->log.end, "a record of an unknown kind");
        }
        if (status != OCORE_OK)
                return status;
        /* Its writer knew by then that what stood before it was durable. */
        if (next->settled)
                from->firm = from->log.end;
        from->log.generation = next->generation;
        from->log.sequence = next->sequence;
        from->log.end += next->size;
        if (next->kind == OCORE__JOURNAL_END) {
                /* It was synced before its area became current. */
                from->firm = from->log.end;
                store->at.compact_next = store->compact_bytes;
                if (store->compact_bytes >= 0 && from->log.end > store->compact_bytes / 2)
                        store->at.compact_next = 2 * from->log.end;
        }
        return OCORE_OK;
}

/* All records up to the first that is none. */
static int read_log(scan *from)
{
        for (;;) {
                record next;
                int status = OCORE_DONE;

                if (from->log.end < from->limit)
                        status = read_record(from, from->log.end, from->log.generation, &next);
                if (status == OCORE_OK && from->log.end > 0 &&
                        next.sequence != from->log.sequence + 1)
                        status = OCORE_DONE;
                /* So that neither ever wraps. */
                if (status == OCORE_OK && (next.generation == 0 || next.generation > INT64_MAX ||
                                                  next.sequence > INT64_MAX))
                        status = OCORE_DONE;
                if (status == OCORE_OK)
                        status = take_record(from, &next);
                if (status != OCORE_OK)
                        return status == OCORE_DONE ? OCORE_OK : status;
        }
}

/* *empty: from `offset` on there are only zeros, or only erased flash. */
static int look_behind(scan *from, int64_t offset, int *empty)
{
        int zeros = 1;
        int ones = 1;

        *empty = 1;
        while (offset < from->limit) {
                const uint8_t *p;
                size_t got;
                size_t n;
                int status = view(from, offset, WINDOW, &p, &got);

                if (status != OCORE_OK)
                        return status;
                if (got == 0)
                        return OCORE_OK;
                for (n = 0; n < got; n++) {
                        zeros &= p[n] == 0;
                        ones &= p[n] == 0xff;
                }
                if (!zeros && !ones) {
                        *empty = 0;
                        return OCORE_OK;
                }
                offset += (int64_t)got;
        }
        return OCORE_OK;
}

/* 1 if a record of this log may have such a head at `offset`, and says of the one at the end of the
 * log, which is not whole, that it was durable. */
static int may_prove(const scan *from, int64_t offset, const record *later)
{
        const int64_t align = from->store->device.alignment;
        const int64_t least = (OCORE__JOURNAL_HEAD + align - 1) & ~(align - 1);
        const uint64_t between = (uint64_t)((offset - from->log.end) / least);

        return later->settled && later->sequence > from->log.sequence + 1 &&
               later->sequence <= from->log.sequence + 1 + between &&
               later->kind >= OCORE__JOURNAL_SCHEMA && later->kind <= OCORE__JOURNAL_END;
}

/* Looks behind a record that is not whole for one that was written when it was durable. A tail may
 * be made of heads that all promise a long record: as many bytes are summed as would do for any
 * that a journal has written, and no more. */
static int look_for_damage(scan *from)
{
        const int64_t align = from->store->device.alignment;
        const int64_t tail = from->limit - from->log.end;
        int64_t left = tail > INT64_MAX / TAIL_SUMS ? INT64_MAX : TAIL_SUMS * tail;
        int64_t offset;

        for (offset = from->log.end; offset < from->limit; offset += align) {
                record later;
                int status = read_head(from, offset, from->log.generation, &later);

                if (status == OCORE_OK && !may_prove(from, offset, &later))
                        continue;
                if (status == OCORE_OK && later.size > left)
                        return damaged(from, from->log.end, "nothing whole stands in its tail");
                if (status == OCORE_OK) {
                        left -= later.size;
                        status = read_body(from, offset, &later);
                }
                if (status == OCORE_OK)
                        return damaged(from, from->log.end, "whole records stand behind it");
                if (status < 0)
                        return status;
        }
        return OCORE_OK;
}

/* What stands behind the log, whose every record has been read: *torn. */
static int judge_tail(scan *from, int *torn)
{
        int empty;
        int status = look_behind(from, from->log.end, &empty);

        *torn = 0;
        if (status != OCORE_OK)
                return status;
        if (!from->complete && (from->log.end > 0 || !empty))
                return damaged(from, from->log.end,
                        from->log.end > 0 ? "it ends before its foundation does"
                                          : "it does not begin as a journal does");
        if (empty)
                return OCORE_OK;
        *torn = 1;
        return look_for_damage(from);
}

/* Writes again what nothing proves durable: it may only stand in a cache, which would take a sync
 * for done. What is written is what was read and is whole. */
static int write_again(scan *from, int64_t end)
{
        const ocore_journal_device *device = &from->store->device;
        int64_t offset = from->firm;

        if (device->rewrite == NULL)
                return OCORE_OK;
        while (offset < end) {
                record again;
                int status = read_record(from, offset, from->log.generation, &again);

                if (status == OCORE_DONE)
                        return ocore__journal_fail(from->store, OCORE_STORE,
                                "the journal changed while it was read, at byte %d", &offset);
                if (status != OCORE_OK)
                        return status;
                if (device->rewrite(device->self, from->log.area, offset,
                            again.payload - OCORE__JOURNAL_HEAD, (size_t)again.size) != OCORE_OK)
                        return ocore__journal_device_failed(
                                from->store, "writing the end of the journal again");
                offset += again.size;
        }
        return OCORE_OK;
}

int ocore__journal_check_area(ocore__journal *store, const ocore__journal_log *log)
{
        scan from = {.store = store, .log = *log, .limit = log->end};
        int64_t offset = 0;
        record next = {.sequence = 0};
        int status = OCORE_OK;

        store->in.used = 0;
        while (status == OCORE_OK && offset < log->end) {
                status = read_record(&from, offset, log->generation, &next);
                offset += next.size;
        }
        store->in.used = 0;
        if (status == OCORE_OK &&
                (next.kind != OCORE__JOURNAL_END || next.sequence != log->sequence))
                status = OCORE_DONE;
        if (status != OCORE_DONE)
                return status;
        return ocore__journal_fail(store, OCORE_STORE,
                "an area of the journal was not what had been written when it was read back");
}

/* Reads everything into store->at; *torn says that something must be cut off, *firm what is durable
 * for sure. */
static int read_all(ocore__journal *store, const ocore_schema *schema, int *torn, int64_t *firm)
{
        const ocore_journal_device *device = &store->device;
        scan from = {.store = store};
        int status = ocore_memory_store(&store->allocator, &store->at.inner);

        *torn = 0;
        if (status == OCORE_OK)
                status = ocore__memory_open(store->at.inner.self, schema);
        if (status != OCORE_OK)
                return ocore__journal_fail(store, status, "no memory for the tables");
        store->at.schema = schema;
        store->logged.used = 0;
        store->logged_version = 0;
        store->in.used = 0;
        store->cells.used = 0;
        if (device->current(device->self, &from.log.area, &from.limit) != OCORE_OK)
                return ocore__journal_device_failed(store, "looking for the journal");
        if ((from.log.area != 0 && from.log.area != 1) || from.limit < 0)
                return ocore__journal_fail(store, OCORE_STORE,
                        "the journal's device names an area that there cannot be");
        status = read_log(&from);
        if (status == OCORE_OK)
                status = judge_tail(&from, torn);
        from.log.settled = 1; /* recovery syncs before anything is appended */
        store->at.log = from.log;
        *firm = from.firm;
        return status;
}

static int widest(const ocore_schema *schema, size_t *out)
{
        size_t n;

        *out = 1;
        for (n = 0; n < schema->table_count; n++) {
                if (schema->tables[n]->record->column_count > *out)
                        *out = schema->tables[n]->record->column_count;
        }
        return *out > SIZE_MAX / 4 / sizeof(ocore_cell) ? OCORE_NOMEM : OCORE_OK;
}

/*
 * The log was read; now the device is put in order. What was read may not be durable yet: whoever
 * wrote it may have died before the sync, and is told from now on that it was done.
 */
static int settle(ocore__journal *store, const ocore_schema *schema, int torn, int64_t firm)
{
        const ocore_journal_device *device = &store->device;
        const ocore__journal_log *log = &store->at.log;
        scan from = {.store = store, .log = *log, .limit = log->end, .firm = firm};
        int status;

        if (log->end == 0 || (torn && device->truncate == NULL))
                return ocore__journal_compact_now(store);
        status = write_again(&from, log->end);
        if (status != OCORE_OK)
                return status;
        if (device->sync(device->self, log->area) != OCORE_OK)
                return ocore__journal_device_failed(store, "syncing the journal");
        if (torn && device->truncate(device->self, log->area, log->end) != OCORE_OK)
                return ocore__journal_device_failed(store, "cutting the torn end of the journal");
        if (!ocore__journal_schema_grown(store, schema))
                return OCORE_OK;
        status = ocore__journal_begin(store);
        if (status == OCORE_OK)
                status = ocore__journal_put_schema(store, schema);
        if (status == OCORE_OK && device->area_size > 0 &&
                log->end + ocore__journal_record_size(store) > device->area_size)
                return ocore__journal_compact_now(store);
        return status == OCORE_OK ? ocore__journal_commit(store, OCORE__JOURNAL_SCHEMA) : status;
}

int ocore__journal_recover(ocore__journal *store, const ocore_schema *schema)
{
        ocore__journal_state before = store->at;
        size_t columns;
        int64_t firm = 0;
        int torn = 0;
        int status = widest(schema, &columns);

        if (store->down) {
                ocore_store_close(before.inner);
                memset(&before, 0, sizeof before);
        }
        memset(&store->at, 0, sizeof store->at);
        store->at.compact_next = store->compact_bytes;
        store->cells.used = 0;
        if (status == OCORE_OK)
                status = ocore__bytes_ensure(store, &store->cells, columns * sizeof(ocore_cell));
        if (status != OCORE_OK)
                ocore__journal_fail(store, status, "no memory for the tables");
        else
                status = read_all(store, schema, &torn, &firm);
        if (status != OCORE_OK) {
                ocore_store_close(store->at.inner);
                store->at = before;
                return status;
        }
        ocore_store_close(before.inner);
        store->down = 0;
        status = settle(store, schema, torn, firm);
        store->in.used = 0;
        ocore__journal_slim(store);
        if (status != OCORE_OK && !store->down)
                ocore__journal_down(store);
        return status == OCORE_UNKNOWN ? OCORE_STORE : status;
}
