/*
 * Making the records of a journal and putting them on the device: the bytes of a head, appending,
 * syncing. What the records hold stands in journal_batch.c and journal_schema.c.
 */
#include "journal_store.h"
#include "base/endian.h"
#include "base/text.h"

#include <string.h>

/* Records larger than this are rare, and room for them is not kept. */
#define ROOM_KEPT 1048576

int ocore__journal_fail(ocore__journal *store, int status, const char *format, ...)
{
        ocore__writer writer;
        va_list arguments;

        ocore__writer_init(&writer, store->message, sizeof store->message);
        va_start(arguments, format);
        ocore__write_list(&writer, format, arguments);
        va_end(arguments);
        return status;
}

int ocore__journal_device_failed(ocore__journal *store, const char *doing)
{
        const ocore_journal_device *device = &store->device;
        const char *said = NULL;

        store->code = 0;
        if (device->message != NULL)
                said = device->message(device->self, &store->code);
        if (said == NULL || said[0] == '\0')
                said = "the device failed";
        return ocore__journal_fail(store, OCORE_STORE, "%s: %s", doing, said);
}

int ocore__journal_inner_failed(ocore__journal *store, int status)
{
        int64_t code;
        const char *said = store->at.inner.ops->message(store->at.inner.self, &code);

        if (said[0] == '\0')
                said = status == OCORE_NOMEM ? "no memory for the rows" : "the rows cannot be read";
        return ocore__journal_fail(store, status, "%s", said);
}

void ocore__journal_down(ocore__journal *store)
{
        static const char anew[] = "; the journal must be opened anew";
        ocore__writer writer = {store->message, sizeof store->message, strlen(store->message)};

        /* A long sentence of the device gives way to the one that helps. */
        if (writer.used > sizeof store->message - sizeof anew)
                writer.used = sizeof store->message - sizeof anew;
        ocore__write_string(&writer, anew);
        store->down = 1;
}

int ocore__bytes_ensure(ocore__journal *store, ocore__bytes *bytes, size_t more)
{
        size_t wanted = bytes->used + more;
        uint8_t *grown;

        if (wanted <= bytes->room)
                return OCORE_OK;
        if (more > SIZE_MAX / 4 || wanted > SIZE_MAX / 4)
                return OCORE_NOMEM;
        if (wanted < bytes->room + bytes->room / 2)
                wanted = bytes->room + bytes->room / 2;
        grown = ocore__reallocate(&store->allocator, bytes->data, bytes->room, wanted);
        if (grown == NULL)
                return OCORE_NOMEM;
        bytes->data = grown;
        bytes->room = wanted;
        return OCORE_OK;
}

void ocore__bytes_release(ocore__journal *store, ocore__bytes *bytes)
{
        ocore__release(&store->allocator, bytes->data, bytes->room);
        memset(bytes, 0, sizeof *bytes);
}

void ocore__journal_slim(ocore__journal *store)
{
        if (store->out.room > ROOM_KEPT)
                ocore__bytes_release(store, &store->out);
        if (store->in.room > ROOM_KEPT)
                ocore__bytes_release(store, &store->in);
}

int ocore__journal_begin(ocore__journal *store)
{
        store->out.used = 0;
        if (ocore__bytes_ensure(store, &store->out, OCORE__JOURNAL_HEAD) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for a record");
        store->out.used = OCORE__JOURNAL_HEAD;
        return OCORE_OK;
}

int64_t ocore__journal_record_size(const ocore__journal *store)
{
        int64_t align = store->device.alignment;

        return ((int64_t)store->out.used + align - 1) & ~(align - 1);
}

/* Completes the record in store->out as the next of `log`. */
static int seal(ocore__journal *store, const ocore__journal_log *log, uint32_t kind)
{
        ocore__bytes *out = &store->out;
        size_t total = (size_t)ocore__journal_record_size(store);
        uint64_t length = out->used - OCORE__JOURNAL_HEAD;
        uint64_t flags = log->settled ? OCORE__JOURNAL_SETTLED : 0;
        uint32_t crc;

        if (length > OCORE_JOURNAL_RECORD_MAX)
                return ocore__journal_fail(store, OCORE_STORE,
                        "the write is larger than a record of the journal may be");
        if (ocore__bytes_ensure(store, out, total - out->used) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for a record");
        memset(out->data + out->used, 0, total - out->used);
        memcpy(out->data, "OCJ1", 4);
        ocore__store_little(out->data + 8, kind | flags);
        ocore__store_little(out->data + 16, log->generation);
        ocore__store_little(out->data + 24, log->sequence + 1);
        out->data[4] = (uint8_t)length;
        out->data[5] = (uint8_t)(length >> 8);
        out->data[6] = (uint8_t)(length >> 16);
        out->data[7] = (uint8_t)(length >> 24);
        crc = ocore__crc32c(0, out->data, 12);
        crc = ocore__crc32c(crc, out->data + 16, total - 16);
        out->data[12] = (uint8_t)crc;
        out->data[13] = (uint8_t)(crc >> 8);
        out->data[14] = (uint8_t)(crc >> 16);
        out->data[15] = (uint8_t)(crc >> 24);
        out->used = total;
        return OCORE_OK;
}

int ocore__journal_append(ocore__journal *store, ocore__journal_log *log, uint32_t kind)
{
        const ocore_journal_device *device = &store->device;
        int64_t size = ocore__journal_record_size(store);
        int status;

        if (log->end > INT64_MAX - size ||
                (device->area_size > 0 && log->end + size > device->area_size))
                return ocore__journal_fail(store, OCORE_STORE,
                        "an area of the journal is full: %d bytes do not fit behind %d", &size,
                        &log->end);
        status = seal(store, log, kind);
        if (status != OCORE_OK)
                return status;
        if (device->append(device->self, log->area, log->end, store->out.data, (size_t)size) !=
                OCORE_OK)
                return ocore__journal_device_failed(store, "appending to the journal");
        log->end += size;
        log->sequence++;
        return OCORE_OK;
}

int ocore__journal_commit(ocore__journal *store, uint32_t kind)
{
        const ocore_journal_device *device = &store->device;
        ocore__journal_log next = store->at.log;
        int status = ocore__journal_append(store, &next, kind);

        if (status != OCORE_OK)
                return status;
        next.settled = !store->sync_off;
        if (!store->sync_off && device->sync(device->self, next.area) != OCORE_OK) {
                ocore__journal_device_failed(store, "syncing the journal");
                ocore__journal_down(store);
                return OCORE_UNKNOWN;
        }
        store->at.log = next;
        return OCORE_OK;
}
