/*
 * Proving the invariants of a whole store, like a file-system check for a business. The walks stand
 * in the files beside this one; here are the way through them, the findings and the maps.
 */
#include "verify.h"

#include "base/hash.h"

#include <stdarg.h>
#include <string.h>

int ocore__found(ocore__verify *verify, const char *invariant, const char *table,
        const char *subject, const char *format, ...)
{
        char message[320], row[OCORE__SUBJECT_SIZE + 32];
        ocore__writer words, name;
        ocore_finding finding;
        va_list arguments;

        verify->found++;
        if (!verify->finding)
                return OCORE_OK;
        ocore__writer_init(&words, message, sizeof message);
        va_start(arguments, format);
        ocore__write_list(&words, format, arguments);
        va_end(arguments);
        ocore__writer_init(&name, row, sizeof row);
        ocore__write_string(&name, table);
        if (*subject)
                ocore__write(&name, " %s", subject);
        finding = (ocore_finding){ocore_str_of(invariant), {row, name.used}, {message, words.used}};
        return verify->finding(verify->user_data, &finding) ? OCORE_DONE : OCORE_OK;
}

const char *ocore__subject(char room[OCORE__SUBJECT_SIZE], const char *format, ...)
{
        ocore__writer writer;
        va_list arguments;

        ocore__writer_init(&writer, room, OCORE__SUBJECT_SIZE);
        va_start(arguments, format);
        ocore__write_list(&writer, format, arguments);
        va_end(arguments);
        return room;
}

static uint64_t hash_of(const void *entry)
{
        return *(const uint64_t *)entry;
}

static void put(void **slots, size_t count, void *entry)
{
        size_t at = (size_t)hash_of(entry) & (count - 1);

        while (slots[at])
                at = (at + 1) & (count - 1);
        slots[at] = entry;
}

void *ocore__table_find(
        const ocore__table_map *map, uint64_t hash, ocore__same_fn same, const void *key)
{
        size_t at = (size_t)hash & (map->slot_count - 1);

        if (!map->slot_count)
                return NULL;
        for (; map->slots[at]; at = (at + 1) & (map->slot_count - 1))
                if (hash_of(map->slots[at]) == hash && same(map->slots[at], key))
                        return map->slots[at];
        return NULL;
}

static int grow(ocore__verify *verify, ocore__table_map *map)
{
        const ocore_allocator *allocator = &verify->core->config.allocator;
        size_t count = map->slot_count ? map->slot_count * 2 : 64;
        void **slots = ocore__allocate(allocator, count * sizeof *slots);

        if (!slots)
                return OCORE_NOMEM;
        memset(slots, 0, count * sizeof *slots);
        for (size_t i = 0; i < map->slot_count; i++)
                if (map->slots[i])
                        put(slots, count, map->slots[i]);
        if (map->slots)
                ocore__release(allocator, map->slots, map->slot_count * sizeof *slots);
        map->slots = slots;
        map->slot_count = count;
        return OCORE_OK;
}

int ocore__table_add(ocore__verify *verify, ocore__table_map *map, void *entry, uint64_t hash)
{
        if (map->count * 2 >= map->slot_count && grow(verify, map))
                return OCORE_NOMEM;
        *(uint64_t *)entry = hash;
        put(map->slots, map->slot_count, entry);
        map->count++;
        return OCORE_OK;
}

void ocore__table_finish(ocore__verify *verify, ocore__table_map *map)
{
        if (map->slots)
                ocore__release(&verify->core->config.allocator, map->slots,
                        map->slot_count * sizeof *map->slots);
        *map = (ocore__table_map){0};
}

static int same_name(const void *entry, const void *key)
{
        return ocore_str_equal(((const ocore__named *)entry)->name, *(const ocore_str *)key);
}

int ocore__name_add(ocore__verify *verify, ocore__table_map *map, const ocore__named *one)
{
        ocore__named *named = ocore__arena_take(&verify->arena, sizeof *named);

        if (!named)
                return OCORE_NOMEM;
        *named = *one;
        if (ocore__arena_text(&verify->arena, one->name, &named->name))
                return OCORE_NOMEM;
        return ocore__table_add(verify, map, named, ocore__hash(one->name.data, one->name.size, 1));
}

ocore__named *ocore__name_find(const ocore__table_map *map, ocore_str name)
{
        return ocore__table_find(map, ocore__hash(name.data, name.size, 1), same_name, &name);
}

int ocore__each_row(ocore__verify *verify, const ocore_table *table, const ocore_table *below,
        const char *invariant, int (*each)(ocore__verify *verify, const ocore__above *above))
{
        ocore__cursor cursor;
        const ocore__above *above;
        int status;

        ocore__cursor_init(verify, &cursor, table, 0, below);
        status = ocore__cursor_next(verify, &cursor, &above);
        while (!status && above) {
                status = each(verify, above);
                if (!status)
                        status = ocore__cursor_next(verify, &cursor, &above);
        }
        if (!status && below)
                status = ocore__cursor_below(verify, &cursor, invariant);
        ocore__cursor_finish(&cursor);
        return status;
}

static int same_place(const void *entry, const void *key)
{
        const ocore__place *a = entry, *b = key;

        return ocore_str_equal(a->sku, b->sku) && ocore_str_equal(a->site, b->site) &&
               ocore_str_equal(a->lot, b->lot);
}

int ocore__place_of(ocore__verify *verify, ocore_str sku, ocore_str site, ocore_str lot,
        int64_t scale, ocore__place **out)
{
        const ocore__place key = {.sku = sku, .site = site, .lot = lot};
        uint64_t hash = ocore__hash(sku.data, sku.size, 1);
        ocore__place *place;

        hash = ocore__hash(site.data, site.size, hash);
        hash = ocore__hash(lot.data, lot.size, hash);
        *out = place = ocore__table_find(&verify->places, hash, same_place, &key);
        if (place)
                return OCORE_OK;
        place = ocore__arena_zero(&verify->arena, 1, sizeof *place);
        if (!place || ocore__arena_text(&verify->arena, sku, &place->sku) ||
                ocore__arena_text(&verify->arena, site, &place->site) ||
                ocore__arena_text(&verify->arena, lot, &place->lot))
                return OCORE_NOMEM;
        place->scale = scale;
        *out = place;
        return ocore__table_add(verify, &verify->places, place, hash);
}

static int walk(ocore__verify *verify)
{
        static int (*const walks[])(ocore__verify *) = {
                ocore__verify_catalog,
                ocore__verify_stock,
                ocore__verify_holds,
                ocore__verify_supply,
                ocore__verify_orders,
                ocore__verify_promises,
                ocore__verify_places,
                ocore__verify_events,
                ocore__verify_takings,
                ocore__verify_indexes,
        };

        for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
                int status = walks[i](verify);

                if (status)
                        return status == OCORE_DONE ? OCORE_OK : status;
        }
        return OCORE_OK;
}

static int refuse_unit(ocore_core *core)
{
        return ocore__error_add(core, OCORE_STATE, (ocore_str){0},
                ocore_str_of("a unit is open; commit or cancel it first"));
}

int ocore_verify(ocore_core *core, ocore_finding_fn finding, void *user_data, int64_t *out_count)
{
        ocore__verify verify = {.core = core, .finding = finding, .user_data = user_data};
        ocore__table_map *const maps[] = {&verify.places, &verify.products, &verify.sites,
                &verify.suppliers, &verify.linked, &verify.transits, &verify.lots, &verify.flows,
                &verify.supplies, &verify.quotas, &verify.takings};
        int status;

        if (out_count)
                *out_count = 0;
        status = ocore__enter(core);
        if (status)
                return status;
        if (core->unit_open)
                return ocore__leave(core, refuse_unit(core));
        ocore__arena_init(&verify.arena, &core->config.allocator, 16384);
        status = walk(&verify);
        for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
                ocore__table_finish(&verify, maps[i]);
        ocore__arena_finish(&verify.arena);
        if (out_count)
                *out_count = verify.found;
        if (!status && verify.found)
                status = ocore__error_add(core, OCORE_CORRUPT, (ocore_str){0},
                        ocore_str_of("invariants are broken; the findings name them"));
        return ocore__leave(core, status);
}
