/* Reading from the memory store: finding a place in a tree, and walking from there. */
#include "memory_store.h"
#include "base/sort.h"
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

/* One look-up in the rows of one tenant. */
typedef struct look_up {
        const ocore_read *read;
        size_t number;
        int64_t tenant;
        uint32_t left; /* rows that may still be told; 0: no limit */
        int full;      /* the limit was reached */
        ocore_row_fn emit;
        void *sink;
} look_up;

static int emit_row(ocore__memory *store, const look_up *asked, ocore__item *row)
{
        const ocore_table *table = asked->read->table;
        size_t count = table->record->column_count;

        if (ocore__row_cells(row, table, asked->tenant, store->cells, count) != OCORE_OK) {
                store->message = "the bytes of a row are damaged";
                return OCORE_CORRUPT;
        }
        return asked->emit(asked->sink, asked->number, row->as.revision, store->cells, count);
}

static int read_range(ocore__memory *store, look_up *asked, const ocore__tree *tree)
{
        const ocore_read *read = asked->read;
        ocore__place place = start_of(store, read, tree);

        while (!asked->full) {
                ocore__item *item = (read->flags & OCORE_READ_DESCENDING) != 0
                                            ? ocore__tree_previous(&place)
                                            : ocore__tree_next(&place);
                int status;

                if (item == NULL || !is_within(store, item))
                        break;
                status = emit_row(store, asked, read->index > 0 ? item->as.row : item);
                if (status != OCORE_OK)
                        return status;
                asked->full = asked->left > 0 && --asked->left == 0;
        }
        return OCORE_OK;
}

/* The rows of one tenant. `store->key` and `store->after` have been encoded. */
static int read_tenant(ocore__memory *store, look_up *asked, const ocore__memory_tenant *tenant)
{
        const ocore_read *read = asked->read;
        const ocore__tree *tree =
                &tenant->trees[store->first_tree[read->table->number] + read->index];

        asked->tenant = tenant->tenant;
        if (read->index == 0 && read->prefix_count == read->table->key_count &&
                read->after_count == 0) {
                ocore__item *row = ocore__tree_find(tree, store->key.bytes, store->key.used);

                return row != NULL ? emit_row(store, asked, row) : OCORE_OK;
        }
        return read_range(store, asked, tree);
}

static int read_one(
        ocore__memory *store, const ocore_read *read, size_t number, ocore_row_fn emit, void *sink)
{
        ocore__memory_tenant *tenant = ocore__memory_find_tenant(store, read->prefix[0].as.number);
        look_up asked = {read, number, 0, read->limit, 0, emit, sink};
        int status;

        if (tenant == NULL)
                return OCORE_OK;
        status = encode_place(store, read, read->prefix, read->prefix_count, &store->key);
        if (status == OCORE_OK && read->after_count > 0)
                status = encode_place(store, read, read->after, read->after_count, &store->after);
        if (status == OCORE_OK)
                status = read_tenant(store, &asked, tenant);
        return status;
}

static int by_tenant(const void *a, const void *b)
{
        const ocore__memory_tenant *x = a;
        const ocore__memory_tenant *y = b;

        return (x->tenant > y->tenant) - (x->tenant < y->tenant);
}

/* All tenants in order; sorted anew only when there are more of them. */
static int tenants_in_order(ocore__memory *store, const void ***out)
{
        size_t size = store->tenant_count * sizeof **out;
        const void **tenants;
        size_t count = 0;
        size_t n;

        if (ocore__room_ensure(store, &store->order, size + 1) != OCORE_OK)
                return OCORE_NOMEM;
        tenants = (const void **)(void *)store->order.bytes;
        *out = tenants;
        if (store->order.used == size)
                return OCORE_OK;
        for (n = 0; n < store->tenant_room; n++) {
                if (store->tenants[n] != NULL)
                        tenants[count++] = store->tenants[n];
        }
        ocore__sort(tenants, count, by_tenant);
        store->order.used = size;
        return OCORE_OK;
}

/* How many of the tenants in order come before this one. */
static size_t tenants_before(const void *const *tenants, size_t count, int64_t tenant)
{
        size_t first = 0;

        while (first < count) {
                size_t middle = first + (count - first) / 2;

                if (((const ocore__memory_tenant *)tenants[middle])->tenant < tenant)
                        first = middle + 1;
                else
                        count = middle;
        }
        return first;
}

/* Every tenant's rows, in the order of the key: for whoever copies a whole store. */
static int read_all(
        ocore__memory *store, const ocore_read *read, size_t number, ocore_row_fn emit, void *sink)
{
        const int descending = (read->flags & OCORE_READ_DESCENDING) != 0;
        const ocore_cell *after = read->after_count > 0 ? read->after : NULL;
        const ocore_cell none = {.type = OCORE_CELL_NUMBER};
        ocore_read within = *read;
        look_up asked = {&within, number, 0, read->limit, 0, emit, sink};
        size_t count = store->tenant_count;
        size_t passed = 0;
        const void **tenants;
        int status = tenants_in_order(store, &tenants);

        if (status == OCORE_OK)
                status = encode_place(store, read, &none, 1, &store->key);
        if (status == OCORE_OK && after != NULL)
                status = encode_place(store, read, after, read->after_count, &store->after);
        if (status != OCORE_OK)
                return status;
        if (after != NULL) {
                passed = tenants_before(tenants, count, after->as.number);
                /* Downwards those behind are passed by; the tenant of the place itself is read. */
                if (descending)
                        passed = count - passed -
                                 (passed < count &&
                                         ((const ocore__memory_tenant *)tenants[passed])->tenant ==
                                                 after->as.number);
        }
        within.prefix_count = 1;
        for (; status == OCORE_OK && passed < count && !asked.full; passed++) {
                const ocore__memory_tenant *tenant =
                        tenants[descending ? count - 1 - passed : passed];

                /* The place to start behind counts in its own tenant alone. */
                within.after_count =
                        after != NULL && tenant->tenant == after->as.number ? read->after_count : 0;
                status = read_tenant(store, &asked, tenant);
        }
        return status;
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
                status = reads[n].prefix_count == 0 ? read_all(store, &reads[n], n, emit, sink)
                                                    : read_one(store, &reads[n], n, emit, sink);
        return status;
}
