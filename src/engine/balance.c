/*
 * Guessing instead of reading. A command that makes new rows and takes from balances by guarded
 * adds needs no read to be safe: inserting proves that an id is new, and the floors prove that
 * the balance is enough. So a core remembers the balances that it read or wrote last, for a
 * short while, and such a command is tried on them first: one round trip to the store instead of
 * two.
 *
 * Nothing that is refused rests on a guess: it is decided once more on rows that were read.
 */
#include "core.h"

#include "base/number.h"

#include <assert.h>
#include <string.h>

int ocore__want_new(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        ocore_core *core = work->core;

        *out = ocore__map_group(core, &core->unit, &core->arena, table, &key);
        if (!*out)
                return OCORE_NOMEM;
        if (work->guess && !(*out)->loaded && !(*out)->wanted)
                (*out)->loaded = (*out)->guessed = 1;
        if ((*out)->guessed)
                core->cache_used = 1;
        ocore__want_group(core, *out);
        return OCORE_OK;
}

/* What the core remembers of a group, NULL when it is nothing, or too old. */
static ocore__group *remembered(ocore_core *core, const ocore_table *table, const ocore_cell *key)
{
        ocore__group *group = ocore__map_find(&core->cache, table, key);
        int64_t age_us;

        if (!group || !group->loaded || ocore__subtract(core->call_us, group->read_us, &age_us) ||
                age_us < 0 || age_us > core->config.balance_age_us)
                return NULL;
        return group;
}

int ocore__want_balance(
        ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        ocore_core *core = work->core;
        const ocore__group *known;

        *out = ocore__map_group(core, &core->unit, &core->arena, table, &key);
        if (!*out)
                return OCORE_NOMEM;
        if (!(*out)->is_balance) {
                (*out)->is_balance = 1;
                (*out)->next_balance = core->balances;
                core->balances = *out;
        }
        if ((*out)->guessed) /* by a command before this one in the unit */
                core->cache_used = 1;
        known = work->guess && !(*out)->loaded && !(*out)->wanted ? remembered(core, table, &key)
                                                                  : NULL;
        if (known) {
                for (const ocore__entry *entry = known->first; entry; entry = entry->next)
                        if (!ocore__group_add(
                                    core, *out, (void *)(uintptr_t)entry->row, entry->revision))
                                return OCORE_NOMEM;
                (*out)->loaded = (*out)->guessed = 1;
                (*out)->read_us = known->read_us;
                (*out)->fetch_try = core->try_number;
                core->cache_used = 1;
        }
        ocore__want_group(core, *out);
        return OCORE_OK;
}

int ocore__glance(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        ocore_core *core = work->core;
        int may = !core->unit_open && core->config.cache_rows >= 0 &&
                  core->config.balance_age_us >= 0;
        ocore__group *known = may ? remembered(core, table, &key) : NULL;

        assert(table->flags & (OCORE_TABLE_CACHED | OCORE_TABLE_ADDS));
        if (known) {
                *out = known;
                core->cache_used = 1;
                return OCORE_OK;
        }
        if (!may)
                return ocore__want(work, table, key, out);
        *out = ocore__map_group(core, &core->unit, &core->arena, table, &key);
        if (!*out)
                return OCORE_NOMEM;
        if (!(*out)->is_balance) {
                (*out)->is_balance = 1;
                (*out)->next_balance = core->balances;
                core->balances = *out;
        }
        ocore__want_group(core, *out);
        return OCORE_OK;
}

void ocore__balances_want(ocore_core *core)
{
        for (ocore__group *group = core->balances; group; group = group->next_balance)
                if (group->guessed && group->fetch_try == core->try_number) {
                        group->guessed = group->loaded = 0;
                        ocore__want_group(core, group);
                }
}

/* The numbers that are moved: `to` gets those of `from`, or the difference now - before on top. */
static int numbers_carry(const ocore_table *table, void *to, const void *now, const void *before)
{
        for (size_t i = table->key_count; i < table->record->column_count; i++) {
                const ocore_field *field = &table->record->fields[i];
                int64_t difference = 0, *number = &OCORE__NUMBER_AT(to, field->offset);

                if (field->kind > OCORE_FIELD_UNITS)
                        continue;
                if (!before)
                        *number = OCORE__CONST_NUMBER_AT(now, field->offset);
                else if (ocore__subtract(OCORE__CONST_NUMBER_AT(now, field->offset),
                                 OCORE__CONST_NUMBER_AT(before, field->offset), &difference) ||
                         ocore__add(*number, difference, number))
                        return OCORE_OVERFLOW;
        }
        return OCORE_OK;
}

int ocore__balance_rebase(ocore_core *core, ocore__entry *entry, void *row, int64_t revision)
{
        const ocore_table *table = entry->group->table;
        void *changed = row;

        if (entry->row && entry->row != entry->stored) {
                changed = ocore__arena_take(&core->arena, table->record->size);
                if (!changed)
                        return OCORE_NOMEM;
                memcpy(changed, row, table->record->size);
                if (numbers_carry(table, changed, entry->row, entry->stored))
                        return OCORE_OK; /* what the unit has stays, and the write is refused */
        }
        if (entry->row)
                entry->row = changed;
        entry->stored = row;
        entry->revision = revision;
        return OCORE_OK;
}

/* A row in the arena of the cache. */
static void *row_copy(ocore_core *core, const ocore_table *table, const void *row)
{
        const ocore_record *record = table->record;
        char *copy = ocore__arena_take(&core->cache_arena, record->size);

        if (!copy)
                return NULL;
        memcpy(copy, row, record->size);
        for (size_t i = 0; i < record->column_count; i++) {
                const ocore_field *field = &record->fields[i];

                if ((field->kind == OCORE_FIELD_TEXT || field->kind == OCORE_FIELD_BYTES) &&
                        ocore__arena_text(&core->cache_arena, OCORE__TEXT_AT(copy, field->offset),
                                &OCORE__TEXT_AT(copy, field->offset)))
                        return NULL;
        }
        return copy;
}

/* 1 if nothing but numbers differs between two rows of one key. */
static int same_but_numbers(const ocore_table *table, const void *a, const void *b)
{
        for (size_t i = table->key_count; i < table->record->column_count; i++) {
                const ocore_field *field = &table->record->fields[i];
                ocore_cell x, y;

                if (field->kind <= OCORE_FIELD_UNITS)
                        continue;
                x = field->kind == OCORE_FIELD_ID
                            ? ocore__cell_id(OCORE__CONST_ID_AT(a, field->offset))
                            : ocore__cell_text(OCORE__CONST_TEXT_AT(a, field->offset));
                y = field->kind == OCORE_FIELD_ID
                            ? ocore__cell_id(OCORE__CONST_ID_AT(b, field->offset))
                            : ocore__cell_text(OCORE__CONST_TEXT_AT(b, field->offset));
                if (!ocore__cell_equal(&x, &y))
                        return 0;
        }
        return 1;
}

/* 1 if both have the same keys and texts; the numbers of `to` are then those of the unit. */
static int group_refresh(ocore__group *to, const ocore__group *unit)
{
        const ocore__entry *entry = unit->first;

        for (ocore__entry *known = to->first; known; known = known->next, entry = entry->next)
                if (!entry || !entry->row ||
                        ocore__row_compare_within(to->table, known->key, entry->key) != 0 ||
                        !same_but_numbers(to->table, known->row, entry->row))
                        return 0;
        if (entry)
                return 0;
        entry = unit->first;
        for (ocore__entry *known = to->first; known; known = known->next, entry = entry->next) {
                (void)numbers_carry(to->table, (void *)(uintptr_t)known->row, entry->row, NULL);
                known->revision = entry->revision;
        }
        return 1;
}

/* 1 if the rows of a catalogue group are the same that were read again. */
static int is_unchanged(const ocore__group *known, const ocore__group *unit)
{
        const ocore__entry *entry = unit->first;

        for (const ocore__entry *at = known->first; at; at = at->next, entry = entry->next)
                if (!entry || at->revision != entry->revision ||
                        ocore__row_compare_within(known->table, at->key, entry->key) != 0)
                        return 0;
        return !entry;
}

/* 1 if what is remembered is as the unit has it, or nothing at all is believed any longer: what
 * commands consulted stays as it is, because the rows that are covered by another one's revision
 * must not become older than that. */
static int group_confirm(ocore_core *core, ocore__group *group, const ocore__group *unit)
{
        if (!group->loaded)
                return 0;
        if (!(group->table->flags & OCORE_TABLE_CACHED))
                return group_refresh(group, unit);
        if (is_unchanged(group, unit))
                return 1;
        if (!group->glanced)
                core->cache_stale = 1;
        return !group->glanced;
}

/* What the unit read and wrote is what the core remembers. */
static void group_keep(ocore_core *core, const ocore__group *unit)
{
        ocore__group *group =
                ocore__map_group(core, &core->cache, &core->cache_arena, unit->table, &unit->key);

        if (!group)
                return;
        group->read_us = unit->read_us;
        if (group_confirm(core, group, unit))
                return;
        group->cached = 1;
        group->glanced = (group->table->flags & OCORE_TABLE_CACHED) != 0;
        group->loaded = 0;
        group->first = group->last = group->near = NULL;
        group->count = 0;
        for (const ocore__entry *entry = unit->first; entry; entry = entry->next) {
                void *row = entry->row ? row_copy(core, unit->table, entry->row) : NULL;

                if (entry->row && (!row || !ocore__group_add(core, group, row, entry->revision)))
                        return;
                core->cached_rows++;
        }
        group->loaded = 1;
}

void ocore__balances_keep(ocore_core *core)
{
        if (core->config.cache_rows < 0 || core->config.balance_age_us < 0)
                return;
        for (const ocore__group *unit = core->balances; unit; unit = unit->next_balance)
                if (unit->loaded)
                        group_keep(core, unit);
        /* What other commands did to balances that are remembered: these are read anew. */
        for (size_t i = 0; i < OCORE__TABLES_MAX; i++) {
                const ocore__entry *entry = core->dirty[i];

                if (!entry || !(entry->group->table->flags & OCORE_TABLE_ADDS))
                        continue;
                for (; entry; entry = entry->next_dirty) {
                        ocore__group *known =
                                entry->group->is_balance
                                        ? NULL
                                        : ocore__map_find(&core->cache, entry->group->table,
                                                  &entry->group->key);

                        if (known)
                                known->loaded = 0;
                }
        }
}

void ocore__guesses_drop(ocore_core *core)
{
        core->doubt = 1;
        for (size_t i = 0; i < core->unit.slot_count; i++)
                for (ocore__group *group = core->unit.slots[i]; group; group = group->next_in_slot)
                        if (group->guessed)
                                group->guessed = group->loaded = 0;
}
