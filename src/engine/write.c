/*
 * The fourth step: all that a unit changes, in one store write. The writes stand in one fixed
 * order, cold rows first and guarded adds last, each by table and key: two writers never wait for
 * each other in a circle, and hot rows are locked for the shortest time.
 */
#include "core.h"

#include <string.h>

typedef struct write_batch {
        ocore_core *core;
        ocore_write *writes;
        size_t count;
        size_t room;
} write_batch;

/* A decision that rests on a row would not be proved by adding to it. */
static int is_add(const ocore__entry *entry)
{
        return (entry->group->table->flags & OCORE_TABLE_ADDS) && entry->stored && entry->row &&
               entry->row != entry->stored && !entry->exact && !entry->relied;
}

/* What has to be written for an entry; 0: nothing. */
static uint32_t kind_of(const ocore__entry *entry)
{
        if (!entry->stored)
                return entry->row ? OCORE_WRITE_INSERT : 0;
        if (!entry->row)
                return OCORE_WRITE_DELETE;
        if (entry->row != entry->stored)
                return is_add(entry) ? OCORE_WRITE_ADD : OCORE_WRITE_UPDATE;
        return entry->relied || entry->exact ? OCORE_WRITE_CHECK : 0;
}

/* The difference of each number outside the key; a sum of differences cannot leave 64 bits where
 * both rows were sums of moves, so a wrap here is a defect of the store. */
static int adds_of(ocore_core *core, const ocore__entry *entry, ocore_write *write)
{
        const ocore_record *record = entry->group->table->record;
        size_t first = entry->group->table->key_count, count = record->column_count;
        ocore_add *add = ocore__arena_take(&core->arena, (count - first) * sizeof *add);

        if (!add)
                return OCORE_NOMEM;
        write->adds = add;
        for (size_t i = first; i < count; i++) {
                const ocore_field *field = &record->fields[i];
                int64_t now, before;

                if (field->kind != OCORE_FIELD_UNITS && field->kind != OCORE_FIELD_AMOUNT)
                        continue;
                now = OCORE__CONST_NUMBER_AT(entry->row, field->offset);
                before = OCORE__CONST_NUMBER_AT(entry->stored, field->offset);
                if (now == before)
                        continue;
                *add = (ocore_add){.column = (uint32_t)i,
                        .floor = field->offset == entry->floor_offset ? entry->floor : 0};
                if (ocore__subtract(now, before, &add++->amount))
                        return OCORE_OVERFLOW;
        }
        write->add_count = (uint32_t)(add - write->adds);
        return OCORE_OK;
}

static int put_write(write_batch *batch, const ocore__entry *entry, uint32_t kind)
{
        ocore_core *core = batch->core;
        const ocore_table *table = entry->group->table;
        int whole = kind == OCORE_WRITE_INSERT || kind == OCORE_WRITE_UPDATE;
        size_t count = whole ? table->record->column_count : table->key_count;
        ocore_cell *cells = ocore__arena_take(&core->arena, count * sizeof *cells);
        ocore_write *write = &batch->writes[batch->count];
        int status;

        if (!cells)
                return OCORE_NOMEM;
        ocore__row_to_cells(table->record, core->config.tenant,
                entry->row ? entry->row : entry->key, count, cells);
        *write = (ocore_write){.table = table,
                .cells = cells,
                .revision =
                        kind == OCORE_WRITE_INSERT || kind == OCORE_WRITE_ADD ? 0 : entry->revision,
                .kind = kind,
                .cell_count = (uint32_t)count};
        if (kind == OCORE_WRITE_ADD) {
                status = adds_of(core, entry, write);
                if (status || !write->add_count)
                        return status;
        }
        batch->count++;
        return OCORE_OK;
}

static int order_of(const ocore_table *table, const ocore__entry *a, const ocore__entry *b)
{
        return a->group == b->group ? ocore__row_compare_within(table, a->key, b->key)
                                    : ocore__row_compare(table, a->key, b->key);
}

/* Merges two runs of a list by key (von Neumann, 1945); a list that is in order already, as nearly
 * all are, is only walked once (see in_order). */
static ocore__entry *merge(const ocore_table *table, ocore__entry *a, ocore__entry *b)
{
        ocore__entry *first = NULL, **end = &first;

        while (a && b) {
                ocore__entry **less = order_of(table, a, b) <= 0 ? &a : &b;

                *end = *less;
                end = &(*less)->next_dirty;
                *less = (*less)->next_dirty;
        }
        *end = a ? a : b;
        return first;
}

static int in_order(const ocore_table *table, const ocore__entry *list)
{
        for (; list && list->next_dirty; list = list->next_dirty)
                if (order_of(table, list, list->next_dirty) > 0)
                        return 0;
        return 1;
}

static ocore__entry *sort(const ocore_table *table, ocore__entry *list)
{
        ocore__entry *runs[48]; /* run i has 2^i entries, or none */
        ocore__entry *sorted = NULL;
        size_t count = 0;

        while (list) {
                ocore__entry *run = list;
                size_t i = 0;

                list = list->next_dirty;
                run->next_dirty = NULL;
                for (; i < count && runs[i]; i++) {
                        run = merge(table, runs[i], run);
                        runs[i] = NULL;
                }
                runs[i] = run;
                count += i == count;
        }
        for (size_t i = 0; i < count; i++)
                sorted = merge(table, runs[i], sorted);
        return sorted;
}

/* A catalogue row may stand in the list twice, from the cache and from the unit: the unit's counts,
 * if both saw the same revision. */
static int drop_twin(ocore__entry *entry)
{
        ocore__entry *twin = entry->next_dirty;

        if (!twin || entry->group->cached == twin->group->cached ||
                ocore__row_compare(entry->group->table, entry->key, twin->key) != 0)
                return OCORE_OK;
        if (entry->revision != twin->revision)
                return OCORE_CONFLICT;
        if (entry->group->cached) {
                twin->relied = 1;
                entry->relied = 0;
        } else {
                entry->relied = 1;
                twin->relied = 0;
        }
        return OCORE_OK;
}

static int put_entries(write_batch *batch, int adds)
{
        for (size_t i = 0; i < ocore__schema.table_count; i++) {
                uint32_t flags = ocore__schema.tables[i]->flags;

                if (adds && !(flags & OCORE_TABLE_ADDS))
                        continue;
                for (ocore__entry *entry = batch->core->dirty[i]; entry;
                        entry = entry->next_dirty) {
                        int status = flags & OCORE_TABLE_CACHED ? drop_twin(entry) : OCORE_OK;
                        uint32_t kind = is_add(entry) == adds ? kind_of(entry) : 0;

                        if (!status && kind)
                                status = put_write(batch, entry, kind);
                        if (status)
                                return status;
                }
        }
        return OCORE_OK;
}

int ocore__flush(ocore_core *core, ocore_refusal *refusal, const ocore_table **refused)
{
        const ocore_store *store = &core->config.store;
        write_batch batch = {.core = core, .room = core->dirty_count};
        int status;

        *refused = NULL;
        *refusal = (ocore_refusal){0};
        if (!batch.room)
                return OCORE_OK;
        batch.writes = ocore__arena_take(&core->arena, batch.room * sizeof *batch.writes);
        if (!batch.writes)
                return OCORE_NOMEM;
        for (size_t i = 0; i < ocore__schema.table_count; i++)
                if (!in_order(ocore__schema.tables[i], core->dirty[i]))
                        core->dirty[i] = sort(ocore__schema.tables[i], core->dirty[i]);
        status = put_entries(&batch, 0);
        if (!status)
                status = put_entries(&batch, 1);
        if (status || !batch.count)
                return status;
        status = store->ops->write(store->self, batch.writes, batch.count, refusal);
        if (status == OCORE_CONFLICT && refusal->write < batch.count)
                *refused = batch.writes[refusal->write].table;
        return status;
}
