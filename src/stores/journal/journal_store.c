/*
 * The journal store: opening, the two verbs, closing. A batch is tried in memory, which alone can
 * refuse it, with the steps kept that undo it; then it is appended and synced; then it counts.
 */
#include "journal_store.h"

#include <string.h>

#define COMPACT_BYTES INT64_C(16777216)
#define PREALLOCATE_BYTES INT64_C(1048576)

/* OCORE_OK if the store can be asked now. */
static int ready(ocore__journal *store)
{
        /* Once it is down the message goes on saying why. */
        if (store->down)
                return OCORE_STORE;
        store->code = 0;
        store->message[0] = '\0';
        if (store->inside)
                return ocore__journal_fail(store, OCORE_STORE, "called from within a call");
        if (store->at.schema == NULL)
                return ocore__journal_fail(store, OCORE_STORE, "the store is not opened");
        return OCORE_OK;
}

static int journal_open(void *self, const ocore_schema *schema)
{
        ocore__journal *store = self;

        if (store->inside)
                return ocore__journal_fail(store, OCORE_STORE, "called from within a call");
        if (!store->down && store->at.schema == schema)
                return OCORE_OK;
        store->code = 0;
        store->message[0] = '\0';
        return ocore__journal_recover(store, schema);
}

static int journal_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore__journal *store = self;
        int status = ready(store);

        if (status != OCORE_OK)
                return status;
        store->inside = 1;
        status = ocore__memory_read(store->at.inner.self, reads, count, emit, sink);
        store->inside = 0;
        if (status == OCORE_CORRUPT || status == OCORE_STORE || status == OCORE_NOMEM)
                return ocore__journal_inner_failed(store, status);
        return status;
}

/* After an append that failed: OCORE_STORE once what it left is surely gone. */
static int take_back(ocore__journal *store)
{
        const ocore_journal_device *device = &store->device;
        char why[OCORE__JOURNAL_MESSAGE];
        const int64_t code = store->code;
        int status;

        memcpy(why, store->message, sizeof why);
        if (device->truncate != NULL)
                status = device->truncate(device->self, store->at.log.area, store->at.log.end);
        else
                status = ocore__journal_compact_now(store);
        memcpy(store->message, why, sizeof why);
        store->code = code;
        if (status == OCORE_OK)
                return OCORE_STORE;
        ocore__journal_down(store);
        return OCORE_UNKNOWN;
}

/* Puts the record behind the log, while the batch stands in memory undecided. */
static int log_batch(ocore__journal *store)
{
        ocore__memory *memory = ocore__journal_memory(store);
        int status = ocore__journal_commit(store, OCORE__JOURNAL_BATCH);

        if (status == OCORE_OK) {
                ocore__memory_accept(memory);
                return OCORE_OK;
        }
        ocore__memory_undo(memory);
        return status == OCORE_STORE ? take_back(store) : status;
}

/* There is no room: the batch is taken back while some is made, and then carried out once more. */
static int apply_with_room(
        ocore__journal *store, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        ocore__memory *memory = ocore__journal_memory(store);
        int status;

        ocore__memory_undo(memory);
        status = ocore__journal_make_room(store, writes, count);
        if (status != OCORE_OK)
                return status;
        status = ocore__memory_apply(memory, writes, count, refusal);
        return status == OCORE_OK ? OCORE_OK : ocore__journal_inner_failed(store, status);
}

/* What memory has taken is logged, as far as there is anything to log. */
static int log_applied(
        ocore__journal *store, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        ocore__memory *memory = ocore__journal_memory(store);
        int status = ocore__journal_encode(store, writes, count);

        if (status != OCORE_OK) {
                ocore__memory_undo(memory);
                return status;
        }
        if (store->out.used == OCORE__JOURNAL_HEAD) {
                /* Only expectations: nothing is changed, nothing needs to be kept. */
                ocore__memory_accept(memory);
                return OCORE_OK;
        }
        if (!ocore__journal_fits(store))
                status = apply_with_room(store, writes, count, refusal);
        if (status == OCORE_OK)
                status = log_batch(store);
        if (status == OCORE_OK)
                ocore__journal_compact_perhaps(store);
        return status;
}

static int journal_write(
        void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        ocore__journal *store = self;
        int status = ready(store);

        memset(refusal, 0, sizeof *refusal);
        if (status != OCORE_OK)
                return status;
        /* What is wrong with the batch is said before what is wrong with the journal. */
        status = ocore__memory_apply(ocore__journal_memory(store), writes, count, refusal);
        if (status == OCORE_CONFLICT)
                return status;
        if (status != OCORE_OK)
                return ocore__journal_inner_failed(store, status);
        status = log_applied(store, writes, count, refusal);
        ocore__journal_slim(store);
        return status;
}

static void journal_close(void *self)
{
        ocore__journal *store = self;
        ocore_allocator allocator;

        if (store == NULL)
                return;
        allocator = store->allocator;
        ocore_store_close(store->at.inner);
        if (store->device.close != NULL)
                store->device.close(store->device.self);
        ocore__bytes_release(store, &store->out);
        ocore__bytes_release(store, &store->in);
        ocore__bytes_release(store, &store->cells);
        ocore__bytes_release(store, &store->adds);
        ocore__bytes_release(store, &store->logged);
        ocore__release(&allocator, store, sizeof *store);
}

static const char *journal_message(void *self, int64_t *code)
{
        const ocore__journal *store = self;

        if (code != NULL)
                *code = store->code;
        return store->message;
}

#define OPERATIONS(class)                                                                          \
        {                                                                                          \
                .struct_size = sizeof(ocore_store_ops), .name = "journal", .open = journal_open,   \
                .read = journal_read, .write = journal_write, .close = journal_close,              \
                .message = journal_message, .durability = (class)                                  \
        }

static const ocore_store_ops operations = OPERATIONS(OCORE_DURABLE_POWER);
static const ocore_store_ops operations_unsynced = OPERATIONS(OCORE_DURABLE_PROCESS);

/* 1 if the device has all that is needed; fills in what was left to the default. */
static int check_device(ocore_journal_device *device)
{
        if (device->alignment == 0)
                device->alignment = 16;
        return device->alignment > 0 && device->alignment <= OCORE__JOURNAL_ALIGN_MAX &&
               (device->alignment & (device->alignment - 1)) == 0 && device->area_size >= 0 &&
               device->current != NULL && device->read != NULL && device->append != NULL &&
               device->sync != NULL && device->erase != NULL && device->replace != NULL;
}

/* The device of a config: the host's, or a file. */
static int find_device(
        const ocore_journal_config *config, int64_t preallocate_bytes, ocore_journal_device *out)
{
        if (config->device != NULL) {
                if (config->device->struct_size != sizeof *out)
                        return OCORE_INVALID;
                *out = *config->device;
                return check_device(out) ? OCORE_OK : OCORE_INVALID;
        }
#if OCORE__JOURNAL_FILES
        {
                int status = ocore__journal_file_open(
                        &config->allocator, config->path, preallocate_bytes, out);

                return status == OCORE_OK && !check_device(out) ? OCORE_INVALID : status;
        }
#else
        (void)preallocate_bytes;
        return OCORE_INVALID;
#endif
}

static int64_t compact_bytes_of(const ocore_journal_config *config, int64_t area_size)
{
        if (config->compact_bytes != 0)
                return config->compact_bytes;
        return area_size > 0 && area_size / 2 < COMPACT_BYTES ? area_size / 2 : COMPACT_BYTES;
}

int ocore_journal_store(const ocore_journal_config *config, ocore_store *out)
{
        ocore__journal *store;
        int status;

        if (out == NULL)
                return OCORE_INVALID;
        memset(out, 0, sizeof *out);
        if (config == NULL || config->struct_size != sizeof *config ||
                (config->path == NULL) == (config->device == NULL))
                return OCORE_INVALID;
        store = ocore__allocate(&config->allocator, sizeof *store);
        if (store == NULL)
                return OCORE_NOMEM;
        memset(store, 0, sizeof *store);
        status = find_device(config,
                config->preallocate_bytes != 0 ? config->preallocate_bytes : PREALLOCATE_BYTES,
                &store->device);
        if (status != OCORE_OK) {
                ocore__release(&config->allocator, store, sizeof *store);
                return status;
        }
        store->allocator = config->allocator;
        store->compact_bytes = compact_bytes_of(config, store->device.area_size);
        store->sync_off = config->sync_off != 0;
        out->ops = store->sync_off ? &operations_unsynced : &operations;
        out->self = store;
        return OCORE_OK;
}

int ocore_journal_compact(ocore_store store)
{
        ocore__journal *self = store.self;
        int status;

        if (self == NULL || (store.ops != &operations && store.ops != &operations_unsynced))
                return OCORE_INVALID;
        if (self->down || self->inside || self->at.schema == NULL)
                return OCORE_STATE;
        status = ocore__journal_compact_now(self);
        ocore__journal_slim(self);
        return status;
}
