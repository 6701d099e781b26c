/* The stores that are wrong on purpose: see broken_store.h. */
#include "broken_store.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 32, TEXT_MAX = 2048, TRIES_MAX = 200 };

typedef struct broken {
        ocore_store_ops ops; /* of the inner store, but for the writes */
        ocore_store inner;
        int mistake;
} broken;

/* A row as it was read; texts are kept in `text`. */
typedef struct row {
        ocore_cell cells[COLUMNS_MAX];
        char text[TEXT_MAX];
        size_t used;
        int64_t revision; /* 0: no such row */
} row;

static int broken_open(void *self, const ocore_schema *schema)
{
        ocore_store inner = ((broken *)self)->inner;

        return inner.ops->open(inner.self, schema);
}

static int broken_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore_store inner = ((broken *)self)->inner;

        return inner.ops->read(inner.self, reads, count, emit, sink);
}

static const char *broken_message(void *self, int64_t *code)
{
        ocore_store inner = ((broken *)self)->inner;

        *code = 0;
        return inner.ops->message ? inner.ops->message(inner.self, code) : "";
}

static void broken_close(void *self)
{
        if (!self)
                return;
        ocore_store_close(((broken *)self)->inner);
        free(self);
}

static int keep_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        row *kept = sink;

        (void)read;
        if (cell_count > COLUMNS_MAX)
                return OCORE_LIMIT;
        kept->revision = revision;
        kept->used = 0;
        memcpy(kept->cells, cells, cell_count * sizeof *cells);
        for (size_t i = 0; i < cell_count; i++) {
                ocore_str *text = &kept->cells[i].as.text;

                if (cells[i].type != OCORE_CELL_TEXT && cells[i].type != OCORE_CELL_BYTES)
                        continue;
                if (text->size > TEXT_MAX - kept->used)
                        return OCORE_LIMIT;
                if (text->size)
                        memcpy(kept->text + kept->used, text->data, text->size);
                text->data = kept->text + kept->used;
                kept->used += text->size;
        }
        return OCORE_OK;
}

static int read_row(const broken *store, const ocore_write *write, row *kept)
{
        const ocore_read read = {.table = write->table,
                .prefix = write->cells,
                .prefix_count = write->table->key_count};

        kept->revision = 0;
        return store->inner.ops->read(store->inner.self, &read, 1, keep_row, kept);
}

/* The sum, and whether it stays above the floors, both by what was read. */
static int add_up(const ocore_write *write, size_t number, row *kept, ocore_refusal *refusal)
{
        for (uint32_t i = 0; i < write->add_count; i++) {
                const ocore_add *add = &write->adds[i];
                int64_t *sum = &kept->cells[add->column].as.number;

                *sum += add->amount;
                if (add->amount > 0 || *sum >= add->floor)
                        continue;
                *refusal = (ocore_refusal){number, OCORE_REFUSED_FLOOR, add->column};
                return OCORE_CONFLICT;
        }
        return OCORE_OK;
}

/* Turns the adds, which stand last, into updates that know nothing of what others wrote. */
static int blind(const broken *store, ocore_write *writes, size_t first, size_t count, row *rows,
        ocore_refusal *refusal)
{
        for (size_t i = first; i < count; i++) {
                row *kept = &rows[i - first];
                int status = read_row(store, &writes[i], kept);

                if (!status && !kept->revision) {
                        *refusal = (ocore_refusal){i, OCORE_REFUSED_MISSING, 0};
                        status = OCORE_CONFLICT;
                }
                if (!status)
                        status = add_up(&writes[i], i, kept, refusal);
                if (status)
                        return status;
                writes[i].kind = OCORE_WRITE_UPDATE;
                writes[i].cells = kept->cells;
                writes[i].cell_count = (uint32_t)writes[i].table->record->column_count;
                writes[i].revision = kept->revision;
        }
        return OCORE_OK;
}

/* Where others were faster only the revision is read again, and their sums are written over. */
static int write_blindly(const broken *store, ocore_write *writes, size_t first, size_t count,
        ocore_refusal *refusal)
{
        row *rows = calloc(count - first + 1, sizeof *rows), *scratch = rows + (count - first);
        int status = rows ? blind(store, writes, first, count, rows, refusal) : OCORE_NOMEM;

        for (int tries = 0; rows && !status && tries < TRIES_MAX; tries++) {
                status = store->inner.ops->write(store->inner.self, writes, count, refusal);
                if (status != OCORE_CONFLICT || refusal->write < first ||
                        refusal->reason != OCORE_REFUSED_REVISION)
                        break;
                status = OCORE_OK;
                for (size_t i = first; i < count && !status; i++) {
                        status = read_row(store, &writes[i], scratch);
                        writes[i].revision = scratch->revision;
                }
        }
        free(rows);
        return status;
}

static int broken_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        const broken *store = self;
        ocore_write *changed = calloc(count, sizeof *changed);
        size_t kept = 0, first = 0;
        int status;

        if (!changed)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++)
                if (store->mistake != BROKEN_COMMANDS || writes[i].kind != OCORE_WRITE_INSERT ||
                        strcmp(writes[i].table->name, "command") != 0)
                        changed[kept++] = writes[i];
        while (first < kept && changed[first].kind != OCORE_WRITE_ADD)
                first++;
        if (store->mistake == BROKEN_ADDS && first < kept)
                status = write_blindly(store, changed, first, kept, refusal);
        else
                status = store->inner.ops->write(store->inner.self, changed, kept, refusal);
        free(changed);
        return status;
}

int broken_store(ocore_store inner, int mistake, ocore_store *out)
{
        broken *store;

        *out = inner;
        if (!mistake)
                return OCORE_OK;
        store = calloc(1, sizeof *store);
        *out = (ocore_store){0};
        if (!store) {
                ocore_store_close(inner);
                return OCORE_NOMEM;
        }
        store->ops = (ocore_store_ops){.struct_size = sizeof store->ops,
                .name = "broken",
                .open = broken_open,
                .read = broken_read,
                .write = broken_write,
                .close = broken_close,
                .message = broken_message,
                .durability = inner.ops->durability};
        store->inner = inner;
        store->mistake = mistake;
        *out = (ocore_store){&store->ops, store};
        return OCORE_OK;
}
