/*
 * Opening the memory store: remembering the schema, and when a later one adds tables or indexes,
 * making their trees from the rows that are there.
 */
#include "memory_store.h"

#include "base/text.h"

#include <string.h>

/* 1 if every table of the old schema is still there and has lost nothing. */
static int grows_from(const ocore_schema *schema, const ocore_schema *old)
{
        size_t n;

        if (schema->application != old->application || schema->version < old->version ||
                schema->table_count < old->table_count)
                return 0;
        for (n = 0; n < old->table_count; n++) {
                const ocore_table *table = schema->tables[n];
                const ocore_table *before = old->tables[n];

                if (table->key_count != before->key_count ||
                        table->index_count < before->index_count ||
                        table->record->column_count < before->record->column_count)
                        return 0;
        }
        return 1;
}

static void clear_tree(ocore__memory *store, ocore__tree *tree)
{
        ocore__item *item;

        for (;;) {
                ocore__place place = ocore__tree_seek(tree, (const uint8_t *)"", 0, 1);

                item = ocore__tree_previous(&place);
                if (item == NULL)
                        return;
                ocore__tree_remove(tree, &store->pool, item);
                ocore__item_give(store, item);
        }
}

/* Fills the tree of a new index from the rows of its table. */
static int fill_index(ocore__memory *store, const ocore_table *table, const ocore_index *index,
        int64_t tenant, const ocore__tree *rows, ocore__tree *tree)
{
        ocore__place place = ocore__tree_seek(rows, (const uint8_t *)"", 0, 0);
        ocore__item *row;

        while ((row = ocore__tree_next(&place)) != NULL) {
                ocore__item *entry;
                ocore__item *other;
                size_t part;
                int status;

                if (ocore__row_cells(row, table, tenant, store->cells,
                            table->record->column_count) != OCORE_OK)
                        return OCORE_CORRUPT;
                if (!ocore__entry_wanted(index, store->cells))
                        continue;
                status = ocore__entry_create(store, index, store->cells, row, &entry, &part);
                if (status != OCORE_OK)
                        return status;
                if (ocore__entry_unique(index, store->cells) &&
                        ocore__entry_taken(tree, entry, part)) {
                        ocore__item_give(store, entry);
                        store->message = "rows that are there break a new unique index";
                        return OCORE_CORRUPT;
                }
                if (ocore__tree_insert(tree, &store->pool, entry, &other) != OCORE_OK) {
                        ocore__item_give(store, entry);
                        return OCORE_NOMEM;
                }
        }
        return OCORE_OK;
}

static size_t tenant_size(size_t trees)
{
        return sizeof(ocore__memory_tenant) + trees * sizeof(ocore__tree);
}

/* What a later schema will need, all made before the old is let go. */
typedef struct later {
        const ocore_schema *schema;
        size_t *first_tree;
        ocore_cell *cells;
        ocore__memory_tenant **tenants; /* in the places of the store's */
} later;

static size_t first_tree_size(const ocore_schema *schema)
{
        return (schema->table_count + 1) * sizeof(size_t);
}

static size_t cells_size(const ocore_schema *schema)
{
        size_t widest = 1;
        size_t n;

        for (n = 0; n < schema->table_count; n++) {
                if (schema->tables[n]->record->column_count > widest)
                        widest = schema->tables[n]->record->column_count;
        }
        return widest * sizeof(ocore_cell);
}

/* A tenant's trees in their new places, with those that are missing. */
static int widen_tenant(ocore__memory *store, const later *next, const ocore__memory_tenant *old,
        ocore__memory_tenant *made)
{
        const ocore_schema *before = store->schema;
        size_t n;

        made->tenant = old->tenant;
        for (n = 0; n < before->table_count; n++) {
                const ocore_table *table = next->schema->tables[n];
                ocore__tree *trees = &made->trees[next->first_tree[n]];
                size_t kept = before->tables[n]->index_count;
                size_t index;

                memcpy(trees, &old->trees[store->first_tree[n]], (kept + 1) * sizeof *trees);
                for (index = kept; index < table->index_count; index++) {
                        int status = fill_index(store, table, &table->indexes[index], old->tenant,
                                &trees[0], &trees[index + 1]);

                        if (status != OCORE_OK)
                                return status;
                }
        }
        return OCORE_OK;
}

/* Takes back what widen_tenant() made; the old trees are still the old tenant's. */
static void narrow_tenant(ocore__memory *store, const later *next, ocore__memory_tenant *made)
{
        size_t trees = next->first_tree[next->schema->table_count];
        size_t n;

        for (n = 0; n < store->schema->table_count; n++) {
                size_t index = store->schema->tables[n]->index_count;

                for (; index < next->schema->tables[n]->index_count; index++)
                        clear_tree(store, &made->trees[next->first_tree[n] + index + 1]);
        }
        ocore__pool_give(&store->pool, made, ocore__pool_class(tenant_size(trees)));
}

static int widen_tenants(ocore__memory *store, later *next)
{
        size_t size = tenant_size(next->first_tree[next->schema->table_count]);
        size_t n;

        for (n = 0; n < store->tenant_room; n++) {
                int status;

                if (store->tenants[n] == NULL)
                        continue;
                next->tenants[n] = ocore__pool_take(&store->pool, size);
                if (next->tenants[n] == NULL)
                        return OCORE_NOMEM;
                memset(next->tenants[n], 0, size);
                status = widen_tenant(store, next, store->tenants[n], next->tenants[n]);
                if (status != OCORE_OK)
                        return status;
        }
        return OCORE_OK;
}

/* The store takes over what was made; the shells of the old tenants go. */
static void adopt(ocore__memory *store, const later *next)
{
        size_t n;

        for (n = 0; n < store->tenant_room; n++) {
                size_t trees = store->first_tree[store->schema->table_count];

                if (store->tenants[n] == NULL)
                        continue;
                ocore__pool_give(
                        &store->pool, store->tenants[n], ocore__pool_class(tenant_size(trees)));
                store->tenants[n] = next->tenants[n];
        }
        store->schema = next->schema;
        store->first_tree = next->first_tree;
        store->recent = NULL;
        store->order.used = 0;
}

/* Gives back what belongs to a schema that is not, or no longer, the store's. */
static void discard(ocore__memory *store, const later *next, size_t tenants_size)
{
        if (next->first_tree != NULL)
                ocore__pool_give(&store->pool, next->first_tree,
                        ocore__pool_class(first_tree_size(next->schema)));
        if (next->cells != NULL)
                ocore__pool_give(
                        &store->pool, next->cells, ocore__pool_class(cells_size(next->schema)));
        if (next->tenants != NULL)
                ocore__pool_give(&store->pool, next->tenants, ocore__pool_class(tenants_size));
}

static int prepare(ocore__memory *store, later *next, size_t tenants_size)
{
        const ocore_schema *schema = next->schema;
        size_t n;

        next->first_tree = ocore__pool_take(&store->pool, first_tree_size(schema));
        next->cells = ocore__pool_take(&store->pool, cells_size(schema));
        next->tenants = ocore__pool_take(&store->pool, tenants_size);
        if (next->first_tree == NULL || next->cells == NULL || next->tenants == NULL)
                return OCORE_NOMEM;
        memset(next->tenants, 0, tenants_size);
        next->first_tree[0] = 0;
        for (n = 0; n < schema->table_count; n++)
                next->first_tree[n + 1] = next->first_tree[n] + schema->tables[n]->index_count + 1;
        return OCORE_OK;
}

static void refuse_version(ocore__memory *store, const ocore_schema *schema)
{
        ocore__writer writer;

        store->message = store->words;
        ocore__writer_init(&writer, store->words, sizeof store->words);
        if (schema->version < store->schema->version)
                ocore__write(&writer, "the store has layout %d, this library knows up to %d",
                        &store->schema->version, &schema->version);
        else
                ocore__write_string(&writer, "the store was opened with other tables");
}

int ocore__memory_open(void *self, const ocore_schema *schema)
{
        ocore__memory *store = self;
        size_t tenants_size = (store->tenant_room + 1) * sizeof(ocore__memory_tenant *);
        later next = {schema, NULL, NULL, NULL};
        later past = {store->schema, store->first_tree, store->cells, NULL};
        int status;
        size_t n;

        store->message = "";
        if (store->schema == schema)
                return OCORE_OK;
        if (store->schema != NULL && !grows_from(schema, store->schema)) {
                refuse_version(store, schema);
                return OCORE_VERSION_MISMATCH;
        }
        status = prepare(store, &next, tenants_size);
        if (status == OCORE_OK) {
                store->cells = next.cells;
                status = widen_tenants(store, &next);
                for (n = 0; status != OCORE_OK && n < store->tenant_room; n++) {
                        if (next.tenants[n] != NULL)
                                narrow_tenant(store, &next, next.tenants[n]);
                }
        }
        if (status != OCORE_OK) {
                store->cells = past.cells;
                discard(store, &next, tenants_size);
                return status;
        }
        adopt(store, &next);
        past.tenants = next.tenants;
        discard(store, &past, tenants_size);
        return OCORE_OK;
}
