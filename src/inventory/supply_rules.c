/*
 * Supplies: what is expected of a product, and what of it orders were promised. What comes is
 * added, whoever adds at the same time; what is promised or given back, and the last that comes, is
 * written at the row's revision: so no unit is promised twice, no date that no longer stands, and
 * no row stays that has nothing to say.
 */
#include "inventory.h"

#include "base/sort.h"

#include <stddef.h>

ocore__entry *ocore__supply_find(const ocore__group *supplies, ocore_id source_id, int64_t number)
{
        ocore__entry *entry = ocore__first(supplies);

        for (; entry; entry = ocore__next(entry)) {
                const ocore_supply *supply = ocore__row(entry);

                if (supply->number == number &&
                        ocore__id_compare(supply->source_id, source_id) == 0)
                        return entry;
        }
        return NULL;
}

/* Units that are ordered or being made stand in incoming. Those of a transfer left another site,
 * and were moved when they did. */
static int move_incoming(ocore__work *work, const ocore_supply *supply, int64_t quantity)
{
        const int64_t account = supply->source == OCORE_SOURCE_PRODUCTION ? OCORE_ACCOUNT_PRODUCTION
                                                                          : OCORE_ACCOUNT_SUPPLIER;
        ocore__group *group;
        ocore__entry *stock;
        int status;

        if (supply->source == OCORE_SOURCE_TRANSFER)
                return OCORE_OK;
        status = ocore__staged(work, &ocore__stock_table, ocore__cell_text(supply->sku), &group);
        if (status)
                return status;
        stock = ocore__stock_entry(
                work, group, supply->sku, supply->site, (ocore_str){0}, supply->scale);
        return stock ? ocore__stock_shift(work, stock, account, OCORE_BUCKET_INCOMING, quantity,
                               supply->source_id, (ocore_str){0})
                     : work->status;
}

int ocore__supply_open(ocore__work *work, const ocore_supply *supply)
{
        ocore_supply row = *supply;

        row.unpromised = row.expected;
        ocore__insert(work, &ocore__supply_table, &row);
        return work->status ? work->status : move_incoming(work, &row, row.expected);
}

int ocore__supply_more(ocore__work *work, ocore__entry *entry, int64_t quantity)
{
        ocore_supply *supply = ocore__edit(work, entry);
        int64_t expected, unpromised;

        if (!supply)
                return work->status;
        if (ocore__add(supply->expected, quantity, &expected) ||
                ocore__add(supply->unpromised, quantity, &unpromised))
                return OCORE_OVERFLOW;
        supply->expected = expected;
        supply->unpromised = unpromised;
        return move_incoming(work, supply, quantity);
}

/* A row that nothing is expected of and nothing is owed by has said what it had to. */
static void drop_finished(ocore__work *work, ocore__entry *entry)
{
        const ocore_supply *supply = ocore__row(entry);

        if (!supply->expected && !supply->unpromised)
                ocore__remove(work, entry);
}

int ocore__supply_less(ocore__work *work, ocore__entry *entry, int64_t quantity)
{
        int changed = entry->row != entry->stored || entry->pending;
        ocore_supply *supply = ocore__edit(work, entry);
        int64_t unpromised;

        if (!supply)
                return work->status;
        if (supply->expected < quantity)
                return OCORE_OUT_OF_STOCK;
        if (ocore__subtract(supply->unpromised, quantity, &unpromised))
                return OCORE_OVERFLOW;
        supply->expected -= quantity;
        supply->unpromised = unpromised;
        /* Goods that are there, or lost, are so whoever was promised them. A promise that the unit
         * made before, however, still rests on what was read, and so does who brings the last. */
        if (changed || !supply->expected)
                ocore__exact(work, entry);
        else
                ocore__floor(work, entry, offsetof(ocore_supply, unpromised), INT64_MIN);
        drop_finished(work, entry);
        return work->status;
}

/* A promise rests on supplies for all, or on the one source that was made for it. */
static int may_promise(const ocore_supply *supply, ocore_id source_id, const ocore__supply_bar *bar,
        int64_t until_us)
{
        const ocore_id for_one =
                ocore__id_is_none(source_id) ? supply->order_id : supply->source_id;

        return supply->unpromised > 0 && supply->due_us > 0 &&
               (!until_us || supply->due_us <= until_us) &&
               ocore__id_compare(for_one, source_id) == 0 &&
               !(bar && ocore__id_is_none(source_id) && bar->barred(bar->user_data, supply->site));
}

/* By date, then by key. */
static int order_of(const void *left, const void *right)
{
        const ocore_supply *a = ocore__row(left), *b = ocore__row(right);

        if (a->due_us != b->due_us)
                return a->due_us < b->due_us ? -1 : 1;
        return ocore__row_compare(&ocore__supply_table, a, b);
}

static int promise_from(ocore__work *work, ocore__entry *entry, int64_t most, ocore__promised *out)
{
        ocore_supply *supply = ocore__edit(work, entry);

        if (!supply)
                return work->status;
        *out = (ocore__promised){entry, supply->unpromised < most ? supply->unpromised : most};
        supply->unpromised -= out->quantity;
        ocore__exact(work, entry); /* the date that is promised with it is the one that was read */
        return OCORE_OK;
}

int ocore__supply_promise(ocore__work *work, ocore__group *supplies, ocore_id source_id,
        const ocore__supply_bar *bar, int64_t quantity, int64_t until_us, ocore__promised **out,
        size_t *out_count, int64_t *out_left, int64_t *out_last_us)
{
        size_t size = ocore__count(supplies), count = 0;
        const void **order = ocore__arena_take(work->arena, (size + 1) * sizeof *order);
        ocore__promised *promised = ocore__arena_zero(work->arena, size + 1, sizeof *promised);
        int status = OCORE_OK;

        *out = promised;
        *out_count = 0;
        *out_left = quantity;
        *out_last_us = 0;
        if (!order || !promised)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(supplies); entry; entry = ocore__next(entry))
                if (may_promise(ocore__row(entry), source_id, bar, until_us))
                        order[count++] = entry;
        ocore__sort(order, count, order_of);
        for (size_t i = 0; i<count && * out_left> 0 && !status; i++) {
                ocore__entry *entry = (ocore__entry *)order[i];
                int64_t due_us = ((const ocore_supply *)ocore__row(entry))->due_us;

                status = promise_from(work, entry, *out_left, &promised[i]);
                if (status)
                        break;
                *out_left -= promised[i].quantity;
                *out_count = i + 1;
                if (due_us > *out_last_us)
                        *out_last_us = due_us;
        }
        return status;
}

int ocore__supply_unpromise(ocore__work *work, ocore__entry *entry, int64_t quantity)
{
        ocore_supply *supply = ocore__edit(work, entry);
        int64_t unpromised;

        if (!supply)
                return work->status;
        if (ocore__add(supply->unpromised, quantity, &unpromised) || unpromised > supply->expected)
                return ocore__torn(work, "",
                        "a supply of \"%t\" was promised less than is given back; verify the store",
                        &supply->sku);
        supply->unpromised = unpromised;
        /* Of those that bring the last and give the last back one must see that it was the last. */
        ocore__exact(work, entry);
        drop_finished(work, entry);
        return work->status;
}
