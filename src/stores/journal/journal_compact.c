/*
 * Compacting: every row that lives is written to the other area as it is, and that area takes the
 * place of the one in use. The same code makes the first log of a new device, with no rows. Until
 * the device has replaced the area nothing is changed, whatever fails.
 */
#include "journal_store.h"

#include <string.h>

/* A record of the new area is closed before a row that would make it larger than this, so that
 * reading needs little, and a row that is as large as a record may be has one of its own. */
#define CHUNK 32768

/* An area being written. */
typedef struct compaction {
        ocore__journal *store;
        ocore__journal_log log;
        const ocore_table *table; /* whose rows are being told */
        int measuring;            /* nothing is written, the end alone is wanted */
} compaction;

/* The record in hand becomes one of the area. */
static int flush(compaction *to, uint32_t kind)
{
        int64_t size = ocore__journal_record_size(to->store);
        int status = OCORE_OK;

        if (!to->measuring)
                status = ocore__journal_append(to->store, &to->log, kind);
        else if (to->log.end > INT64_MAX / 4 - size)
                status = ocore__journal_fail(to->store, OCORE_STORE, "the journal is too large");
        else
                to->log.end += size;
        return status == OCORE_OK ? ocore__journal_begin(to->store) : status;
}

/* One row, told by the memory store. */
static int put_row(void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        compaction *to = sink;
        const ocore_write write = {.table = to->table,
                .kind = OCORE_WRITE_INSERT,
                .revision = revision,
                .cells = cells,
                .cell_count = (uint32_t)count};
        ocore__bytes *out = &to->store->out;
        const size_t before = out->used;
        int status;

        (void)read;
        status = ocore__journal_put_write(to->store, &write);
        if (status != OCORE_OK || out->used <= CHUNK || before == OCORE__JOURNAL_HEAD)
                return status;
        out->used = before;
        status = flush(to, OCORE__JOURNAL_BATCH);
        return status == OCORE_OK ? ocore__journal_put_write(to->store, &write) : status;
}

int ocore__journal_row_size(ocore__journal *store, const ocore_table *table, int64_t revision,
        const ocore_cell *cells, size_t count, int64_t *bytes)
{
        const ocore_write write = {.table = table,
                .kind = OCORE_WRITE_INSERT,
                .revision = revision,
                .cells = cells,
                .cell_count = (uint32_t)count};
        int status = ocore__journal_begin(store);

        *bytes = 0;
        if (status == OCORE_OK)
                status = ocore__journal_put_write(store, &write);
        if (status == OCORE_OK)
                *bytes = (int64_t)store->out.used - OCORE__JOURNAL_HEAD;
        return status;
}

/* All rows of all tables, behind the list of tables and before END. */
static int put_all(compaction *to)
{
        ocore__journal *store = to->store;
        const ocore_schema *schema = store->at.schema;
        int status = ocore__journal_begin(store);
        size_t n;

        if (status == OCORE_OK)
                status = ocore__journal_put_schema(store, schema);
        if (status == OCORE_OK)
                status = flush(to, OCORE__JOURNAL_SCHEMA);
        for (n = 0; status == OCORE_OK && n < schema->table_count; n++) {
                const ocore_read read = {.table = schema->tables[n]};

                to->table = read.table;
                status = ocore__memory_read(store->at.inner.self, &read, 1, put_row, to);
        }
        return status;
}

int ocore__journal_measure(ocore__journal *store, int64_t *bytes)
{
        compaction to = {.store = store, .measuring = 1};
        int status = put_all(&to);

        if (status == OCORE_OK)
                status = flush(&to, OCORE__JOURNAL_BATCH);
        /* END is a head alone. */
        *bytes = to.log.end + ocore__journal_record_size(store);
        return status;
}

/* The whole new area, durable. */
static int write_area(compaction *to)
{
        ocore__journal *store = to->store;
        const ocore_journal_device *device = &store->device;
        int status;

        if (device->erase(device->self, to->log.area) != OCORE_OK)
                return ocore__journal_device_failed(store, "emptying an area of the journal");
        status = put_all(to);
        if (status == OCORE_OK && store->out.used > OCORE__JOURNAL_HEAD)
                status = flush(to, OCORE__JOURNAL_BATCH);
        if (status == OCORE_OK)
                status = flush(to, OCORE__JOURNAL_END);
        if (status == OCORE_OK && device->sync(device->self, to->log.area) != OCORE_OK)
                status = ocore__journal_device_failed(store, "syncing an area of the journal");
        if (status == OCORE_OK)
                status = ocore__journal_check_area(store, &to->log);
        return status;
}

/* The log now has all that the schema has. */
static int note_schema(ocore__journal *store)
{
        const ocore_schema *schema = store->at.schema;
        uint32_t *logged;
        size_t n;

        store->logged.used = 0;
        if (ocore__bytes_ensure(
                    store, &store->logged, (schema->table_count + 1) * sizeof *logged) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for the tables");
        logged = (uint32_t *)(void *)store->logged.data;
        for (n = 0; n < schema->table_count; n++)
                logged[n] = (uint32_t)schema->tables[n]->record->column_count;
        store->logged.used = schema->table_count * sizeof *logged;
        store->logged_version = schema->version;
        return OCORE_OK;
}

int ocore__journal_compact_now(ocore__journal *store)
{
        const ocore_journal_device *device = &store->device;
        compaction to = {.store = store, .log = store->at.log};
        int replaced;
        int status;

        to.log.area = 1 - to.log.area;
        to.log.end = 0;
        to.log.settled = 1; /* the area counts from when it is synced */
        to.log.generation += ++store->attempts;
        status = note_schema(store);
        if (status == OCORE_OK)
                status = write_area(&to);
        if (status != OCORE_OK)
                return status == OCORE_NOMEM ? status : OCORE_STORE;
        replaced = device->replace(device->self, to.log.area);
        if (replaced != OCORE_OK) {
                ocore__journal_device_failed(store, "replacing the old area of the journal");
                if (replaced == OCORE_STORE)
                        return OCORE_STORE;
                ocore__journal_down(store);
                return OCORE_UNKNOWN;
        }
        store->at.log = to.log;
        if (store->compact_bytes >= 0)
                store->at.compact_next = to.log.end > store->compact_bytes / 2
                                                 ? 2 * to.log.end
                                                 : store->compact_bytes;
        return OCORE_OK;
}

void ocore__journal_compact_perhaps(ocore__journal *store)
{
        const int64_t end = store->at.log.end;
        int64_t live;

        if (store->compact_bytes < 0 || end <= store->at.compact_next)
                return;
        /* Not asked again at once, whatever comes of it. */
        store->at.compact_next = end + end / 4;
        if (ocore__journal_measure(store, &live) != OCORE_OK)
                return;
        if (live > end / 2) {
                store->at.compact_next = 2 * live;
                return;
        }
        (void)ocore__journal_compact_now(store);
}
