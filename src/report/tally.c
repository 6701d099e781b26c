/* Sums by key: a hash table with open addressing while rows come in, sorted once at the end. */
#include "tally.h"

#include "base/hash.h"
#include "base/sort.h"

enum { SLOTS_FIRST = 64 };

void ocore__tally_init(ocore__tally *tally, ocore__arena *arena, size_t row_size)
{
        *tally = (ocore__tally){.arena = arena, .row_size = row_size};
}

static uint64_t hash_of(const ocore__tally_key *key)
{
        uint64_t hash = ocore__hash(key->name.data, key->name.size, 1);

        hash = ocore__hash(key->currency.data, key->currency.size, hash);
        return ocore__hash_number((uint64_t)key->number, hash);
}

static int same(const ocore__tally_key *a, const ocore__tally_key *b)
{
        return a->number == b->number && ocore_str_equal(a->name, b->name) &&
               ocore_str_equal(a->currency, b->currency);
}

/* The slot where an entry is or belongs; there is always an empty one. */
static ocore__tally_entry **slot_of(
        const ocore__tally *tally, const ocore__tally_key *key, uint64_t hash)
{
        size_t at = (size_t)hash & (tally->slot_count - 1);

        while (tally->slots[at] &&
                (tally->slots[at]->hash != hash || !same(&tally->slots[at]->key, key)))
                at = (at + 1) & (tally->slot_count - 1);
        return &tally->slots[at];
}

static int grow(ocore__tally *tally)
{
        const ocore__tally old = *tally;

        tally->slot_count = old.slot_count ? old.slot_count * 2 : SLOTS_FIRST;
        tally->slots = ocore__arena_zero(tally->arena, tally->slot_count, sizeof *tally->slots);
        if (!tally->slots) {
                *tally = old;
                return OCORE_NOMEM;
        }
        for (size_t i = 0; i < old.slot_count; i++)
                if (old.slots[i])
                        *slot_of(tally, &old.slots[i]->key, old.slots[i]->hash) = old.slots[i];
        return OCORE_OK;
}

ocore__tally_entry *ocore__tally_at(ocore__tally *tally, ocore__tally_key key)
{
        const uint64_t hash = hash_of(&key);
        ocore__tally_entry **slot, *entry;

        if (tally->count * 2 >= tally->slot_count && grow(tally))
                return NULL;
        slot = slot_of(tally, &key, hash);
        if (*slot)
                return *slot;
        entry = ocore__arena_zero(tally->arena, 1, sizeof *entry);
        if (!entry)
                return NULL;
        entry->key.number = key.number;
        entry->hash = hash;
        entry->row = ocore__arena_zero(tally->arena, 1, tally->row_size);
        if (!entry->row || ocore__arena_text(tally->arena, key.name, &entry->key.name) ||
                ocore__arena_text(tally->arena, key.currency, &entry->key.currency))
                return NULL;
        *slot = entry;
        tally->count++;
        return entry;
}

static int by_key(const void *a, const void *b)
{
        const ocore__tally_entry *x = a, *y = b;
        int order = ocore__str_compare(x->key.name, y->key.name);

        if (!order && x->key.number != y->key.number)
                order = x->key.number < y->key.number ? -1 : 1;
        return order ? order : ocore__str_compare(x->key.currency, y->key.currency);
}

int ocore__tally_rows(ocore__tally *tally, const void *const **out, size_t *count)
{
        const void **rows = ocore__arena_take(tally->arena, (tally->count + 1) * sizeof *rows);
        size_t n = 0;

        *out = NULL;
        *count = 0;
        if (!rows)
                return OCORE_NOMEM;
        for (size_t i = 0; i < tally->slot_count; i++)
                if (tally->slots[i])
                        rows[n++] = tally->slots[i];
        ocore__sort(rows, n, by_key);
        for (size_t i = 0; i < n; i++)
                rows[i] = ((const ocore__tally_entry *)rows[i])->row;
        *out = rows;
        *count = n;
        return OCORE_OK;
}
