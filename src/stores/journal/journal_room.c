/*
 * What happens where an area is full: whether a batch may have the room that is left, and whether
 * compacting makes enough of it. Two things are kept in mind. A sixteenth of the area is for
 * batches that make what lives smaller, so that a full journal can be emptied; and a compaction
 * that would free less than another sixteenth is left alone, since a chip that is nearly full
 * would be erased for every few writes.
 */
#include "journal_store.h"
#include "record/record.h"

#define SHARE 16

/* What an ADD can make a number grow by, in the codec. */
#define ADD_GROWS 9

/* Takes a row that the store tells. */
typedef struct sizer {
        ocore__journal *store;
        const ocore_table *table;
        int64_t bytes;
} sizer;

static int take_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        sizer *of = sink;

        (void)read;
        return ocore__journal_row_size(of->store, of->table, revision, cells, count, &of->bytes);
}

static int same_row(const ocore_write *a, const ocore_write *b)
{
        uint32_t n;

        if (a->table != b->table)
                return 0;
        for (n = 0; n < a->table->key_count; n++) {
                if (!ocore__cell_equal(&a->cells[n], &b->cells[n]))
                        return 0;
        }
        return 1;
}

/* Bytes of the row that a write will leave behind it; 0 for none. */
static int size_after(ocore__journal *store, const ocore_write *write, int64_t *bytes)
{
        int64_t revision = write->revision;

        *bytes = 0;
        if (write->kind == OCORE_WRITE_DELETE)
                return OCORE_OK;
        if (write->kind == OCORE_WRITE_UPDATE && revision < INT64_MAX)
                revision++;
        return ocore__journal_row_size(
                store, write->table, revision, write->cells, write->cell_count, bytes);
}

/* Bytes of the row that write `n` of the batch finds. */
static int size_before(ocore__journal *store, const ocore_write *writes, size_t n, int64_t *bytes)
{
        const ocore_read read = {.table = writes[n].table,
                .prefix = writes[n].cells,
                .prefix_count = writes[n].table->key_count};
        sizer of = {.store = store, .table = writes[n].table};
        size_t at = n;
        int status;

        *bytes = 0;
        if (writes[n].kind == OCORE_WRITE_INSERT)
                return OCORE_OK;
        while (at-- > 0) {
                if (writes[at].kind != OCORE_WRITE_CHECK && writes[at].kind != OCORE_WRITE_ADD &&
                        same_row(&writes[at], &writes[n]))
                        return size_after(store, &writes[at], bytes);
        }
        status = ocore__memory_read(store->at.inner.self, &read, 1, take_row, &of);
        *bytes = of.bytes;
        return status;
}

/* By how much the batch makes what lives larger, or a little more than that. */
static int growth(ocore__journal *store, const ocore_write *writes, size_t count, int64_t *bytes)
{
        int status = OCORE_OK;
        size_t n;

        *bytes = 0;
        for (n = 0; n < count && status == OCORE_OK; n++) {
                int64_t before;
                int64_t after;

                if (writes[n].kind == OCORE_WRITE_CHECK)
                        continue;
                if (writes[n].kind == OCORE_WRITE_ADD) {
                        *bytes += (int64_t)writes[n].add_count * ADD_GROWS;
                        continue;
                }
                status = size_before(store, writes, n, &before);
                if (status == OCORE_OK)
                        status = size_after(store, &writes[n], &after);
                if (status == OCORE_OK)
                        *bytes += after - before;
        }
        return status;
}

int ocore__journal_encode(ocore__journal *store, const ocore_write *writes, size_t count)
{
        int status = ocore__journal_begin(store);
        size_t n;

        for (n = 0; n < count && status == OCORE_OK; n++)
                status = ocore__journal_put_write(store, &writes[n]);
        if (status == OCORE_OK && store->out.used - OCORE__JOURNAL_HEAD > OCORE__JOURNAL_PAYLOAD)
                status = ocore__journal_fail(store, OCORE_STORE,
                        "the write is larger than a record of the journal may be");
        return status;
}

int ocore__journal_fits(const ocore__journal *store)
{
        const int64_t area = store->device.area_size;

        return area == 0 ||
               ocore__journal_record_size(store) <= area - area / SHARE - store->at.log.end;
}

int ocore__journal_make_room(ocore__journal *store, const ocore_write *writes, size_t count)
{
        const int64_t area = store->device.area_size;
        const int64_t size = ocore__journal_record_size(store);
        const int64_t end = store->at.log.end;
        int64_t most = area;
        int64_t grows;
        int64_t live;
        int status = growth(store, writes, count, &grows);

        if (status == OCORE_OK && (grows >= 0 || size > area - end)) {
                if (grows >= 0)
                        most -= area / SHARE;
                status = ocore__journal_measure(store, &live);
                if (status == OCORE_OK &&
                        (live > most - size || (grows >= 0 && end - live < area / SHARE)))
                        status = ocore__journal_fail(store, OCORE_STORE,
                                "the journal is full: %d of %d bytes are in use, %d more do not "
                                "fit",
                                &live, &area, &size);
                if (status == OCORE_OK)
                        status = ocore__journal_compact_now(store);
        }
        /* Both areas hold the same: nothing of this batch was written. */
        if (status == OCORE_UNKNOWN)
                return OCORE_STORE;
        return status == OCORE_OK ? ocore__journal_encode(store, writes, count) : status;
}
