/*
 * The rows of a product by place and by lot. A command with many lines of one product looks its
 * rows up as often as it has lines: from some size on the rows are put into an array in their
 * order, to be found by halving, and chained by lot. It is made at the first look-up and kept with
 * the group, and what this file inserts is added to it. Without memory the rows are walked instead.
 */
#include "inventory.h"

#include "base/hash.h"

#include <string.h>

enum { WALKED_MAX = 32 }; /* rows that are walked faster than put in order */

/* An entry in the chain of the lots whose names fall together. */
typedef struct lot_link {
        struct lot_link *next;
        ocore__entry *entry;
} lot_link;

typedef struct stock_places {
        ocore__entry **ordered; /* by site, then lot; also those without a row */
        size_t count;           /* of the group when the index was last true */
        size_t room;
        lot_link **lots;
        size_t slot_count; /* a power of two */
} stock_places;

static const ocore_stock *key_of(const ocore__entry *entry)
{
        return entry->key;
}

static lot_link **lot_slot(const stock_places *places, ocore_str lot)
{
        return &places->lots[(size_t)ocore__hash(lot.data, lot.size, 0) & (places->slot_count - 1)];
}

static void chain(stock_places *places, lot_link *link, ocore__entry *entry)
{
        lot_link **slot = lot_slot(places, key_of(entry)->lot);

        *link = (lot_link){*slot, entry};
        *slot = link;
}

static stock_places *places_make(ocore__work *work, const ocore__group *stock)
{
        stock_places *places = ocore__arena_zero(work->arena, 1, sizeof *places);
        const size_t room = stock->count * 2;
        lot_link *links = ocore__arena_take(work->arena, stock->count * sizeof *links);
        size_t slot_count = WALKED_MAX;

        while (slot_count < room)
                slot_count *= 2;
        if (!places || !links)
                return NULL;
        places->room = room;
        places->slot_count = slot_count;
        places->ordered = ocore__arena_take(work->arena, room * sizeof(ocore__entry *));
        places->lots = ocore__arena_zero(work->arena, slot_count, sizeof *places->lots);
        if (!places->ordered || !places->lots)
                return NULL;
        for (ocore__entry *entry = stock->first; entry && places->count < stock->count;
                entry = entry->next)
                places->ordered[places->count++] = entry;
        for (size_t i = places->count; i > 0; i--) /* so that a chain begins with its first site */
                chain(places, &links[i - 1], places->ordered[i - 1]);
        return places;
}

/* NULL: the rows are few, or there is no memory. */
static stock_places *places_of(ocore__work *work, ocore__group *stock)
{
        stock_places *places = stock->index;

        if (stock->count <= WALKED_MAX || stock->cached)
                return NULL;
        if (!places || places->count != stock->count)
                places = stock->index = places_make(work, stock);
        return places;
}

/* How many stand before this place. */
static size_t position_of(const stock_places *places, ocore_str site, ocore_str lot)
{
        size_t low = 0, high = places->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const ocore_stock *key = key_of(places->ordered[middle]);
                int order = ocore__str_compare(key->site, site);

                if (!order)
                        order = ocore__str_compare(key->lot, lot);
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static int is_at(const ocore__entry *entry, ocore_str site, ocore_str lot)
{
        return ocore_str_equal(key_of(entry)->site, site) &&
               ocore_str_equal(key_of(entry)->lot, lot);
}

ocore__entry *ocore__stock_find(
        ocore__work *work, ocore__group *stock, ocore_str site, ocore_str lot)
{
        const stock_places *places = places_of(work, stock);
        ocore__entry *entry = NULL;

        if (places) {
                size_t at = position_of(places, site, lot);

                if (at < places->count)
                        entry = places->ordered[at];
                return entry && ocore__row(entry) && is_at(entry, site, lot) ? entry : NULL;
        }
        entry = ocore__first(stock);
        while (entry && !is_at(entry, site, lot))
                entry = ocore__next(entry);
        return entry;
}

static ocore__entry *walk_lot(ocore__lot_walk *walk, ocore__entry *entry)
{
        while (entry && !ocore_str_equal(key_of(entry)->lot, walk->lot))
                entry = ocore__next(entry);
        return walk->entry = entry;
}

static ocore__entry *walk_chain(ocore__lot_walk *walk, const lot_link *link)
{
        while (link &&
                (!ocore__row(link->entry) || !ocore_str_equal(key_of(link->entry)->lot, walk->lot)))
                link = link->next;
        walk->link = link;
        return walk->entry = link ? link->entry : NULL;
}

ocore__entry *ocore__stock_lot_first(
        ocore__work *work, ocore__group *stock, ocore_str lot, ocore__lot_walk *walk)
{
        const stock_places *places = places_of(work, stock);

        *walk = (ocore__lot_walk){.lot = lot};
        return places ? walk_chain(walk, *lot_slot(places, lot))
                      : walk_lot(walk, ocore__first(stock));
}

ocore__entry *ocore__stock_lot_next(ocore__lot_walk *walk)
{
        const lot_link *link = walk->link;

        if (!walk->entry)
                return NULL;
        return link ? walk_chain(walk, link->next) : walk_lot(walk, ocore__next(walk->entry));
}

/* What has been inserted stands in the index too, unless there is no room or no memory for it:
 * then the counts differ, and the next look-up makes it anew. */
static void places_add(
        ocore__work *work, const ocore__group *stock, stock_places *places, ocore__entry *entry)
{
        const ocore_stock *key = key_of(entry);
        size_t at = position_of(places, key->site, key->lot);
        lot_link *link;

        if (stock->count != places->count + 1 || places->count == places->room)
                return;
        link = ocore__arena_take(work->arena, sizeof *link);
        if (!link)
                return;
        memmove(&places->ordered[at + 1], &places->ordered[at],
                (places->count - at) * sizeof(ocore__entry *));
        places->ordered[at] = entry;
        places->count++;
        chain(places, link, entry);
}

ocore__entry *ocore__stock_place_add(ocore__work *work, ocore__group *stock, const ocore_stock *row)
{
        stock_places *places = places_of(work, stock);
        ocore__entry *entry;

        if (places) { /* the row will stand behind this one */
                size_t at = position_of(places, row->site, row->lot);

                stock->near = at ? places->ordered[at - 1] : NULL;
        }
        entry = ocore__insert(work, &ocore__stock_table, row);
        if (entry && places)
                places_add(work, stock, places, entry);
        return entry;
}
