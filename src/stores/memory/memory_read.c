/* Reading from the memory store: finding a place in a tree, and walking from there. */
#include "memory_store.h"
#include "record/codec.h"

#include <string.h>

/*
 * The key bytes of a place in an index: its columns, then (secondary) the key, without the tenant
 * that both begin with. Sets room->used.
 */
static int encode_place(ocore__memory *store, const ocore_read *read, const ocore_cell *cells,
        size_t count, ocore__room *room)
{
        size_t columns = read->index > 0 ? read->table->indexes[read->index - 1].column_count
                                         : read->table->key_count;
        size_t first = (count < columns ? count : columns) - 1;
        size_t rest = count > columns ? count - columns - 1 : 0;
        size_t size = ocore__key_size(cells + 1, first);
        size_t more = ocore__key_size(cells + columns + 1, rest);

        if (ocore__room_ensure(store, room, size + more + 1) != OCORE_OK)
                return OCORE_NOMEM;
        ocore__key_encode(cells + 1, first, room->bytes);
        ocore__key_encode(cells + columns + 1, rest, room->bytes + size);
        room->used = size + more;
        return OCORE_OK;
}

/* 1 if the item's key begins with the key asked for. */
static int is_within(const ocore__memory *store, const ocore__item *item)
{
        return item->key_size >= store->key.used &&
               memcmp(item->key, store->key.bytes, store->key.used) == 0;
}

/* How `after` stands to the prefix: within it, or before or behind all that begins with it. */
static int after_side(const ocore__memory *store)
{
        const ocore__room *key = &store->key;
        const ocore__room *after = &store->after;
        size_t size = key->used < after->used ? key->used : after->used;
        int order = memcmp(after->bytes, key->bytes, size);

        return order != 0 ? order : after->used < key->used ? -1 : 0;
}

/* Where the look-up starts. */
static ocore__place start_of(
        const ocore__memory *store, const ocore_read *read, const ocore__tree *tree)
{
        int descending = (read->flags & OCORE_READ_DESCENDING) != 0;
        int side = read->after_count > 0 ? after_side(store) : descending ? 1 : -1;
        const ocore__room *from = &store->key;

        /* The place after which to start counts unless all that is asked for lies behind it. */
        if (descending ? side <= 0 : side >= 0)
                from = &store->after;
        return ocore__tree_seek(
                tree, from->bytes, from->used, from == &store->key ? descending : !descending);
}

static int emit_row(ocore__memory *store, const ocore_read *read, size_t number, ocore__item *row,
        ocore_row_fn emit, void *sink)
{
        const ocore_table *table = read->table;
        size_t count = table->record->column_count;

        if (ocore__row_cells(row, table, read->prefix[0].as.number, store->cells, count) !=
                OCORE_OK) {
                store->message = "the bytes of a row are damaged";
                return OCORE_CORRUPT;
        }
        return emit(sink, number, row->as.revision, store->cells, count);
}

static int read_range(ocore__memory *store, const ocore_read *read, size_t number,
        const ocore__tree *tree, ocore_row_fn emit, void *sink)
{
        ocore__place place = start_of(store, read, tree);
        uint32_t left = read->limit > 0 ? read->limit : UINT32_MAX;

        while (left > 0) {
                ocore__item *item = (read->flags & OCORE_READ_DESCENDING) != 0
                                            ? ocore__tree_previous(&place)
                                            : ocore__tree_next(&place);
                int status;

                if (item == NULL || !is_within(store, item))
                        break;
                status = emit_row(
                        store, read, number, read->index > 0 ? item->as.row : item, emit, sink);
                if (status != OCORE_OK)
                        return status;
                if (read->limit > 0)
                        left--;
        }
        return OCORE_OK;
}

static int read_one(
        ocore__memory *store, const ocore_read *read, size_t number, ocore_row_fn emit, void *sink)
{
        ocore__memory_tenant *tenant = ocore__memory_find_tenant(store, read->prefix[0].as.number);
        const ocore__tree *tree;
        int status;

        if (tenant == NULL)
                return OCORE_OK;
        tree = &tenant->trees[store->first_tree[read->table->number] + read->index];
        status = encode_place(store, read, read->prefix, read->prefix_count, &store->key);
        if (status == OCORE_OK && read->after_count > 0)
                status = encode_place(store, read, read->after, read->after_count, &store->after);
        if (status != OCORE_OK)
                return status;
        if (read->index == 0 && read->prefix_count == read->table->key_count &&
                read->after_count == 0) {
                ocore__item *row = ocore__tree_find(tree, store->key.bytes, store->key.used);

                return row != NULL ? emit_row(store, read, number, row, emit, sink) : OCORE_OK;
        }
        return read_range(store, read, number, tree, emit, sink);
}

int ocore__memory_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore__memory *store = self;
        int status = OCORE_OK;
        size_t n;

        store->message = "";
        if (store->schema == NULL) {
                store->message = "the store is not opened";
                return OCORE_STORE;
        }
        for (n = 0; n < count && status == OCORE_OK; n++)
                status = read_one(store, &reads[n], n, emit, sink);
        return status;
}
