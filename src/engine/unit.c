/*
 * The rows of a unit: read in groups, changed in memory, written together.
 *
 * A unit is one command, or the commands between begin and commit. Every row it touches stands
 * here once, however many commands touch it: so one batch never writes a row twice, and what one
 * command staged the next one sees.
 */
#include "core.h"

#include "base/hash.h"

#include <assert.h>
#include <string.h>

static ocore__group *map_find(
        const ocore__map *map, const ocore_table *table, const ocore_cell *key, uint64_t hash)
{
        ocore__group *group = map->slot_count ? map->slots[hash & (map->slot_count - 1)] : NULL;

        while (group && (group->hash != hash || group->table != table ||
                                !ocore__cell_equal(&group->key, key)))
                group = group->next_in_slot;
        return group;
}

static int map_grow(ocore_core *core, ocore__map *map)
{
        size_t count = map->slot_count ? map->slot_count * 2 : OCORE__SLOTS_FIRST;
        ocore__group **slots = ocore__allocate(&core->config.allocator, count * sizeof *slots);

        if (!slots)
                return OCORE_NOMEM;
        memset(slots, 0, count * sizeof *slots);
        for (size_t i = 0; i < map->slot_count; i++) {
                for (ocore__group *group = map->slots[i], *next; group; group = next) {
                        next = group->next_in_slot;
                        group->next_in_slot = slots[group->hash & (count - 1)];
                        slots[group->hash & (count - 1)] = group;
                }
        }
        if (map->slots)
                ocore__release(
                        &core->config.allocator, map->slots, map->slot_count * sizeof *slots);
        map->slots = slots;
        map->slot_count = count;
        return OCORE_OK;
}

static uint64_t group_hash(const ocore_table *table, const ocore_cell *key)
{
        return ocore__cell_hash(key, table->number + 1);
}

ocore__group *ocore__map_find(
        const ocore__map *map, const ocore_table *table, const ocore_cell *key)
{
        return map_find(map, table, key, group_hash(table, key));
}

ocore__group *ocore__map_group(ocore_core *core, ocore__map *map, ocore__arena *arena,
        const ocore_table *table, const ocore_cell *key)
{
        uint64_t hash = group_hash(table, key);
        ocore__group *group = map_find(map, table, key, hash);

        if (group)
                return group;
        if (map->group_count >= map->slot_count && map_grow(core, map))
                return NULL;
        group = ocore__arena_zero(arena, 1, sizeof *group);
        if (!group)
                return NULL;
        group->table = table;
        group->key = *key;
        group->hash = hash;
        if (key->type == OCORE_CELL_TEXT &&
                ocore__arena_text(arena, key->as.text, &group->key.as.text))
                return NULL;
        group->next_in_slot = map->slots[hash & (map->slot_count - 1)];
        map->slots[hash & (map->slot_count - 1)] = group;
        map->group_count++;
        return group;
}

static void map_clear(ocore__map *map)
{
        if (map->group_count)
                memset(map->slots, 0, map->slot_count * sizeof *map->slots);
        map->group_count = 0;
}

void ocore__wanted_clear(ocore_core *core)
{
        for (ocore__group *group = core->wanted; group; group = group->next_wanted)
                group->wanted = 0;
        core->wanted = NULL;
        core->wanted_end = &core->wanted;
        core->wanted_count = 0;
}

void ocore__unit_clear(ocore_core *core)
{
        ocore__wanted_clear(core);
        map_clear(&core->unit);
        if (core->unit.slot_count > 1024) { /* one huge unit must not slow every small one */
                ocore__release(&core->config.allocator, core->unit.slots,
                        core->unit.slot_count * sizeof *core->unit.slots);
                core->unit = (ocore__map){0};
        }
        core->staged = NULL;
        core->staged_end = &core->staged;
        for (size_t i = 0; i < OCORE__TABLES_MAX; i++) {
                for (ocore__entry *entry = core->dirty[i]; entry; entry = entry->next_dirty)
                        entry->dirty = entry->relied = 0; /* cached ones live on */
                core->dirty[i] = NULL;
                core->dirty_end[i] = &core->dirty[i];
        }
        core->dirty_count = 0;
        memset(core->last_group, 0, sizeof core->last_group);
        core->first_command = (ocore_id){{0}};
        core->catalog_staged = 0;
        core->balances = NULL;
}

void ocore__cache_clear(ocore_core *core)
{
        map_clear(&core->cache);
        core->cached_rows = 0;
        core->cache_stale = 0;
        ocore__arena_reset(&core->cache_arena, (size_t)1 << 22);
}

void ocore__want_group(ocore_core *core, ocore__group *group)
{
        if (group->loaded || group->wanted)
                return;
        group->wanted = 1;
        group->next_wanted = NULL;
        *core->wanted_end = group;
        core->wanted_end = &group->next_wanted;
        core->wanted_count++;
}

int ocore__want(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        ocore_core *core = work->core;

        *out = ocore__map_group(core, &core->unit, &core->arena, table, &key);
        if (!*out)
                return OCORE_NOMEM;
        if ((*out)->guessed)
                core->cache_used = 1;
        ocore__want_group(core, *out);
        return OCORE_OK;
}

int ocore__staged(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        *out = ocore__map_group(work->core, &work->core->unit, &work->core->arena, table, &key);
        return *out ? OCORE_OK : OCORE_NOMEM;
}

int ocore__consult(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        ocore_core *core = work->core;

        if (ocore__id_is_none(work->id) || core->catalog_staged || core->config.cache_rows < 0)
                return ocore__want(work, table, key, out);
        *out = ocore__map_group(core, &core->cache, &core->cache_arena, table, &key);
        if (!*out)
                return OCORE_NOMEM;
        if ((*out)->glanced) { /* nobody knows whether the row that covers it is older */
                (*out)->glanced = (*out)->loaded = 0;
                (*out)->first = (*out)->last = (*out)->near = NULL;
                (*out)->count = 0;
        }
        (*out)->cached = 1;
        if ((*out)->loaded && (*out)->fetch_try != core->try_number)
                core->cache_used = 1;
        ocore__want_group(core, *out);
        return OCORE_OK;
}

int ocore__consult_policy(ocore__work *work, ocore__group **out)
{
        return ocore__consult(
                work, &ocore__policy_table, ocore__cell_text(ocore__policy_name), out);
}

const void *ocore__only(const ocore__group *group)
{
        ocore__entry *entry = ocore__first(group);

        return entry ? ocore__row(entry) : NULL;
}

size_t ocore__count(const ocore__group *group)
{
        size_t count = 0;

        for (ocore__entry *entry = ocore__first(group); entry; entry = ocore__next(entry))
                count++;
        return count;
}

int ocore__rows_of(
        ocore__work *work, const ocore__group *group, const void *const **out, size_t *count)
{
        size_t size = ocore__count(group), i = 0;
        const void **rows = ocore__arena_take(work->arena, (size + 1) * sizeof *rows);

        *out = NULL;
        *count = 0;
        if (!rows)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(group); entry; entry = ocore__next(entry))
                rows[i++] = ocore__row(entry);
        *out = rows;
        *count = size;
        return OCORE_OK;
}

/* Puts an entry where its key belongs; rows mostly come in order, so the end is tried first, and
 * then what lies behind the row before.
 * Returns an entry of the same key that is there already, which then stands for it. */
static ocore__entry *group_place(ocore__group *group, ocore__entry *entry, const void *row)
{
        ocore__entry **at = &group->first;
        int order = 0;

        entry->key = row;
        entry->group = group;
        entry->next = NULL;
        if (group->last) {
                order = ocore__row_compare_within(group->table, group->last->key, row);
                if (order == 0)
                        return group->last;
                if (order < 0) {
                        group->last->next = entry;
                        group->last = entry;
                        group->count++;
                        return entry;
                }
        }
        if (group->near && ocore__row_compare_within(group->table, group->near->key, row) < 0)
                at = &group->near->next;
        while (*at && (order = ocore__row_compare_within(group->table, (*at)->key, row)) < 0)
                at = &(*at)->next;
        if (*at && !order)
                return group->near = *at;
        entry->next = *at;
        *at = group->near = entry;
        if (!entry->next)
                group->last = entry;
        group->count++;
        return entry;
}

/* A row that was read. What the unit has staged of the same key stays; where it was staged on a
 * guess the difference is carried over to what was read. */
ocore__entry *ocore__group_add(ocore_core *core, ocore__group *group, void *row, int64_t revision)
{
        ocore__entry *entry =
                ocore__arena_take(group->cached ? &core->cache_arena : &core->arena, sizeof *entry);
        ocore__entry *there;

        if (!entry)
                return NULL;
        *entry = (ocore__entry){.stored = row, .row = row, .revision = revision};
        there = group_place(group, entry, row);
        if (there != entry && group->is_balance && there->stored)
                return ocore__balance_rebase(core, there, row, revision) ? NULL : there;
        return there;
}

/* Once the unit changes the catalogue, the cache no longer tells what the unit sees. */
static void stage_change(ocore__work *work, const ocore__entry *entry)
{
        assert(!entry->group->cached);
        if (entry->group->table->flags & OCORE_TABLE_CACHED)
                work->core->catalog_staged = 1;
}

static void stage(ocore__work *work, ocore__entry *entry)
{
        if (!entry->staged) {
                entry->staged = 1;
                entry->next_staged = NULL;
                *work->core->staged_end = entry;
                work->core->staged_end = &entry->next_staged;
        }
}

void *ocore__edit(ocore__work *work, ocore__entry *entry)
{
        size_t size = entry->group->table->record->size;

        if (entry->pending)
                return entry->pending;
        entry->pending = ocore__arena_take(work->arena, size);
        if (!entry->pending) {
                work->status = OCORE_NOMEM;
                return NULL;
        }
        memcpy(entry->pending, entry->row, size);
        stage_change(work, entry);
        stage(work, entry);
        return entry->pending;
}

/* A row of the running command under its key. Where the key has a row already, that is returned. */
static ocore__entry *put_row(
        ocore__work *work, const ocore_table *table, const void *row, int *is_there)
{
        ocore_core *core = work->core;
        ocore_cell key = ocore__row_group(table, row);
        ocore__group *group = core->last_group[table->number];
        size_t size = table->record->size;
        ocore__entry *entry, *there;

        if (!group || group->table != table || !ocore__cell_equal(&group->key, &key))
                group = ocore__map_group(core, &core->unit, &core->arena, table, &key);
        entry = group ? ocore__arena_take(work->arena, sizeof *entry + size) : NULL;
        if (!entry) {
                work->status = OCORE_NOMEM;
                return NULL;
        }
        core->last_group[table->number] = group;
        *entry = (ocore__entry){.pending = memcpy(entry + 1, row, size)};
        there = group_place(group, entry, entry->pending);
        *is_there = there != entry && ocore__row(there);
        if (*is_there)
                return there;
        there->pending = entry->pending; /* new, or deleted before */
        there->deleted = 0;
        stage_change(work, there);
        stage(work, there);
        return there;
}

ocore__entry *ocore__insert(ocore__work *work, const ocore_table *table, const void *row)
{
        int is_there;
        ocore__entry *entry = put_row(work, table, row, &is_there);

        if (entry && is_there) {
                work->status = OCORE_EXISTS;
                return NULL;
        }
        return entry;
}

ocore__entry *ocore__entry_for(ocore__work *work, const ocore_table *table, const void *row)
{
        int is_there;

        return put_row(work, table, row, &is_there);
}

ocore__entry *ocore__put(ocore__work *work, const ocore_table *table, const void *row)
{
        int is_there;
        ocore__entry *entry = put_row(work, table, row, &is_there);
        void *copy = entry && is_there ? ocore__edit(work, entry) : NULL;

        if (copy)
                memcpy(copy, row, table->record->size);
        return entry;
}

void ocore__remove(ocore__work *work, ocore__entry *entry)
{
        entry->pending = NULL;
        entry->deleted = 1;
        stage_change(work, entry);
        stage(work, entry);
}

void ocore__rely(ocore__work *work, ocore__entry *entry)
{
        if (!entry) { /* only a store that lost the row can bring this about */
                work->status = ocore__refuse(work, OCORE_CORRUPT, "",
                        "a row that decisions rest on is missing; check the store");
        } else if (!entry->relied) {
                entry->relied = 2; /* asked for by the running command */
                stage(work, entry);
        }
}

void ocore__exact(ocore__work *work, ocore__entry *entry)
{
        if (!entry->exact)
                entry->exact = 2; /* asked for by the running command */
        stage(work, entry);
}

void ocore__floor(ocore__work *work, ocore__entry *entry, size_t offset, int64_t floor)
{
        entry->floored = 1;
        entry->floor_offset = offset;
        entry->floor_pending = floor;
        stage(work, entry);
}

int ocore__unit_rows(
        ocore__work *work, const ocore_table *table, ocore__each_fn each, void *user_data)
{
        int status = OCORE_OK;

        for (ocore__entry *entry = work->core->dirty[table->number]; entry && !status;
                entry = entry->next_dirty)
                if (entry->row)
                        status = each(user_data, entry->row, entry->revision);
        return status == OCORE_DONE ? OCORE_OK : status;
}

void ocore__staged_accept(ocore_core *core)
{
        for (ocore__entry *entry = core->staged; entry; entry = entry->next_staged) {
                uint32_t table = entry->group->table->number;

                if (entry->pending || entry->deleted)
                        entry->row = entry->pending;
                if (entry->relied)
                        entry->relied = 1;
                if (entry->exact)
                        entry->exact = 1;
                if (entry->floored)
                        entry->floor = entry->floor_pending;
                entry->floored = 0;
                entry->pending = NULL;
                entry->deleted = 0;
                entry->staged = 0;
                if (!entry->dirty) {
                        entry->dirty = 1;
                        entry->next_dirty = NULL;
                        *core->dirty_end[table] = entry;
                        core->dirty_end[table] = &entry->next_dirty;
                        core->dirty_count++;
                }
        }
        core->staged = NULL;
        core->staged_end = &core->staged;
}

void ocore__staged_drop(ocore_core *core)
{
        for (ocore__entry *entry = core->staged; entry; entry = entry->next_staged) {
                entry->pending = NULL;
                entry->deleted = 0;
                entry->staged = 0;
                entry->floored = 0;
                if (entry->relied == 2)
                        entry->relied = 0;
                if (entry->exact == 2)
                        entry->exact = 0;
        }
        core->staged = NULL;
        core->staged_end = &core->staged;
}
