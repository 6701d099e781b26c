/*
 * The store in memory, the reference for all others: rows as codec bytes in B+trees, one for each
 * table, index and tenant. Here: making and closing it, tenants, and rows and index entries as
 * items; beside it memory_open.c, memory_read.c and memory_write.c.
 */
#include "memory_store.h"
#include "base/hash.h"
#include "record/codec.h"

#include <string.h>

int ocore__room_grow(ocore__memory *store, ocore__room *room, size_t size)
{
        size_t wanted = room->size * 2 > size ? room->size * 2 : size;
        uint8_t *grown;

        if (size > SIZE_MAX / 4)
                return OCORE_NOMEM;
        grown = ocore__reallocate(&store->allocator, room->bytes, room->size, wanted);
        if (grown == NULL)
                return OCORE_NOMEM;
        room->bytes = grown;
        room->size = wanted;
        return OCORE_OK;
}

static size_t tenant_place(const ocore__memory *store, int64_t tenant)
{
        size_t mask = store->tenant_room - 1;
        size_t at = (size_t)ocore__hash_number((uint64_t)tenant, 0) & mask;

        while (store->tenants[at] != NULL && store->tenants[at]->tenant != tenant)
                at = (at + 1) & mask;
        return at;
}

ocore__memory_tenant *ocore__memory_look_up_tenant(ocore__memory *store, int64_t tenant)
{
        ocore__memory_tenant *found;

        if (store->tenant_room == 0)
                return NULL;
        found = store->tenants[tenant_place(store, tenant)];
        if (found != NULL)
                store->recent = found;
        return found;
}

static int grow_tenants(ocore__memory *store)
{
        size_t room = store->tenant_room > 0 ? store->tenant_room * 2 : 4;
        size_t old_room = store->tenant_room;
        ocore__memory_tenant **old = store->tenants;
        ocore__memory_tenant **tenants = ocore__allocate(&store->allocator, room * sizeof *tenants);
        size_t n;

        if (tenants == NULL)
                return OCORE_NOMEM;
        memset(tenants, 0, room * sizeof *tenants);
        store->tenants = tenants;
        store->tenant_room = room;
        for (n = 0; n < old_room; n++) {
                if (old[n] != NULL)
                        tenants[tenant_place(store, old[n]->tenant)] = old[n];
        }
        ocore__release(&store->allocator, old, old_room * sizeof *old);
        return OCORE_OK;
}

ocore__memory_tenant *ocore__memory_make_tenant(ocore__memory *store, int64_t tenant)
{
        ocore__memory_tenant *made = ocore__memory_find_tenant(store, tenant);
        size_t size =
                sizeof *made + store->first_tree[store->schema->table_count] * sizeof(ocore__tree);

        if (made != NULL)
                return made;
        if (store->tenant_count * 2 >= store->tenant_room && grow_tenants(store) != OCORE_OK)
                return NULL;
        made = ocore__pool_take(&store->pool, size);
        if (made == NULL)
                return NULL;
        memset(made, 0, size);
        made->tenant = tenant;
        store->tenants[tenant_place(store, tenant)] = made;
        store->tenant_count++;
        store->recent = made;
        return made;
}

ocore__outside *ocore__row_outside(const ocore__item *row)
{
        ocore__outside *outside;

        if ((row->flags & OCORE__ITEM_OUTSIDE) == 0)
                return NULL;
        memcpy(&outside, row->key + row->key_size, sizeof outside);
        return outside;
}

uint8_t *ocore__row_body(ocore__item *row)
{
        if ((row->flags & OCORE__ITEM_OUTSIDE) != 0)
                return ocore__row_outside(row)->bytes;
        return row->key + row->key_size;
}

size_t ocore__row_room(const ocore__item *row)
{
        const ocore__outside *outside = ocore__row_outside(row);

        if (outside != NULL)
                return ocore__pool_room_of(outside, (unsigned)outside->class) - sizeof *outside;
        return ocore__pool_room_of(row, row->class) - offsetof(ocore__item, key) - row->key_size;
}

void ocore__item_give(ocore__memory *store, ocore__item *item)
{
        ocore__outside *outside = ocore__row_outside(item);

        if (outside != NULL)
                ocore__pool_give(&store->pool, outside, (unsigned)outside->class);
        ocore__pool_give(&store->pool, item, item->class);
}

int ocore__row_cells(
        ocore__item *row, const ocore_table *table, int64_t tenant, ocore_cell *cells, size_t count)
{
        size_t keys = table->key_count;

        memset(&cells[0], 0, sizeof cells[0]);
        cells[0].type = OCORE_CELL_NUMBER;
        cells[0].as.number = tenant;
        if (keys > 1 && ocore__key_decode(row->key, row->key_size, cells + 1, keys - 1) == 0)
                return OCORE_CORRUPT;
        return ocore__cells_decode(
                ocore__row_body(row), row->body_size, cells + keys, keys, count - keys);
}

int ocore__entry_wanted(const ocore_index *index, const ocore_cell *cells)
{
        return (index->flags & OCORE_INDEX_SPARSE) == 0 || index->column_count < 2 ||
               cells[index->columns[1]].type != OCORE_CELL_NULL;
}

int ocore__entry_unique(const ocore_index *index, const ocore_cell *cells)
{
        uint32_t n;

        if ((index->flags & OCORE_INDEX_UNIQUE) == 0)
                return 0;
        for (n = 1; n < index->column_count; n++) {
                if (cells[index->columns[n]].type == OCORE_CELL_NULL)
                        return 0;
        }
        return 1;
}

int ocore__key_too_long(ocore__memory *store)
{
        store->message = "the key of a row is longer than 65535 bytes";
        return OCORE_STORE;
}

int ocore__entry_create(ocore__memory *store, const ocore_index *index, const ocore_cell *cells,
        ocore__item *row, ocore__item **out, size_t *part)
{
        size_t size = 0;
        ocore__item *entry;
        uint32_t n;

        for (n = 1; n < index->column_count; n++)
                size += ocore__key_size(&cells[index->columns[n]], 1);
        *out = NULL;
        *part = size;
        if (size + row->key_size > UINT16_MAX)
                return ocore__key_too_long(store);
        size += offsetof(ocore__item, key) + row->key_size;
        entry = ocore__pool_take(&store->pool, size);
        if (entry == NULL)
                return OCORE_NOMEM;
        entry->class = (uint8_t)ocore__pool_class(size);
        entry->flags = 0;
        entry->body_size = 0;
        entry->as.row = row;
        entry->key_size = (uint16_t)(*part + row->key_size);
        size = 0;
        for (n = 1; n < index->column_count; n++) {
                const ocore_cell *cell = &cells[index->columns[n]];

                ocore__key_encode(cell, 1, entry->key + size);
                size += ocore__key_size(cell, 1);
        }
        memcpy(entry->key + size, row->key, row->key_size);
        *out = entry;
        return OCORE_OK;
}

int ocore__entry_taken(const ocore__tree *tree, const ocore__item *entry, size_t part)
{
        ocore__place place = ocore__tree_seek(tree, entry->key, part, 0);
        const ocore__item *other;

        while ((other = ocore__tree_next(&place)) != NULL && other->key_size >= part &&
                memcmp(other->key, entry->key, part) == 0) {
                if ((other->flags & OCORE__ITEM_DYING) == 0 && other->as.row != entry->as.row)
                        return 1;
        }
        return 0;
}

static const char *memory_message(void *self, int64_t *code)
{
        const ocore__memory *store = self;

        *code = 0;
        return store->message;
}

static void release_room(ocore__memory *store, ocore__room *room)
{
        ocore__release(&store->allocator, room->bytes, room->size);
}

static void memory_close(void *self)
{
        ocore__memory *store = self;
        ocore_allocator allocator;

        if (store == NULL)
                return;
        allocator = store->allocator;
        release_room(store, &store->key);
        release_room(store, &store->after);
        release_room(store, &store->body);
        release_room(store, &store->saved);
        release_room(store, &store->steps);
        release_room(store, &store->order);
        ocore__release(&allocator, store->tenants, store->tenant_room * sizeof *store->tenants);
        ocore__pool_finish(&store->pool);
        ocore__release(&allocator, store, sizeof *store);
}

int ocore_memory_store(const ocore_allocator *allocator, ocore_store *out)
{
        static const ocore_store_ops operations = {
                .struct_size = sizeof(ocore_store_ops),
                .name = "memory",
                .open = ocore__memory_open,
                .read = ocore__memory_read,
                .write = ocore__memory_write,
                .close = memory_close,
                .message = memory_message,
                .durability = OCORE_DURABLE_MEMORY,
        };
        ocore__memory *store;

        if (out == NULL)
                return OCORE_INVALID;
        memset(out, 0, sizeof *out);
        store = ocore__allocate(allocator, sizeof *store);
        if (store == NULL)
                return OCORE_NOMEM;
        memset(store, 0, sizeof *store);
        store->message = "";
        if (allocator != NULL)
                store->allocator = *allocator;
        ocore__pool_init(&store->pool, allocator);
        out->ops = &operations;
        out->self = store;
        return OCORE_OK;
}
