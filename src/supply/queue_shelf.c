/*
 * What the queues of one command share: the orders that stand in any of them, each once, and what
 * their rows say of each product. For queue.c; orders are named by indexes, by the unit, by pegs.
 */
#include "queue_shelf.h"

#include "base/sort.h"

#include <string.h>

struct ocore__queue_shelf {
        ocore__queue_order **orders; /* of all queues */
        size_t count;
        size_t room;
        const void **unit_rows; /* ocore_backorder rows of the unit, by sku */
        size_t unit_count;
        size_t unit_room;
        int unit_read;
        int unit_pegs_read;
        const void **waiting; /* mentions of lines, by sku, order and line; once it is sorted */
        size_t waiting_count;
        const void **pegs; /* and of pegs */
        size_t peg_count;
        size_t sorted; /* orders that were there when it was sorted */
};

ocore__queue_shelf *ocore__queue_shelf_open(ocore__work *work)
{
        return ocore__arena_zero(work->arena, 1, sizeof(ocore__queue_shelf));
}

/* Room for one more pointer in an array of the arena. */
static int grow(ocore__work *work, const void ***rows, size_t count, size_t *room)
{
        size_t larger = *room ? *room * 2 : 64;
        const void **grown;

        if (count < *room)
                return OCORE_OK;
        grown = ocore__arena_take(work->arena, larger * sizeof *grown);
        if (!grown)
                return OCORE_NOMEM;
        if (count)
                memcpy(grown, *rows, count * sizeof *grown);
        *rows = grown;
        *room = larger;
        return OCORE_OK;
}

/* The order on the shelf; its group of backorders, which all queues share, remembers where. What
 * stands there from another command is told by that the shelf does not have it. */
int ocore__queue_shelve(ocore__work *work, ocore__queue_shelf *shelf, ocore_id id)
{
        const ocore_cell cell = ocore__cell_id(id);
        const void **orders = (const void **)shelf->orders;
        ocore__queue_order *order;
        ocore__group *backorders;
        int status = ocore__want(work, &ocore__backorder_table, cell, &backorders);

        if (status || (backorders->scratch && backorders->scratch <= shelf->count &&
                              shelf->orders[backorders->scratch - 1]->backorders == backorders))
                return status;
        status = grow(work, &orders, shelf->count, &shelf->room);
        shelf->orders = (ocore__queue_order **)orders;
        order = status ? NULL : ocore__arena_zero(work->arena, 1, sizeof *order);
        if (!order)
                return OCORE_NOMEM;
        order->id = id;
        order->backorders = backorders;
        shelf->orders[shelf->count++] = order;
        backorders->scratch = shelf->count;
        return ocore__want(work, &ocore__peg_table, cell, &order->pegs);
}

/* For the rows of the unit. */
typedef struct naming {
        ocore__work *work;
        ocore__queue_shelf *shelf;
} naming;

static int keep_unit_row(void *user_data, const void *row, int64_t revision)
{
        naming *names = user_data;
        ocore__queue_shelf *shelf = names->shelf;
        int status = grow(names->work, &shelf->unit_rows, shelf->unit_count, &shelf->unit_room);

        (void)revision;
        if (!status)
                shelf->unit_rows[shelf->unit_count++] = row;
        return status;
}

static int by_sku(const void *a, const void *b)
{
        const ocore_backorder *x = a, *y = b;
        int order = ocore__str_compare(x->sku, y->sku);

        if (!order)
                order = ocore__id_compare(x->order_id, y->order_id);
        return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* The unit's own orders; all of its rows are looked at once for all queues. */
int ocore__queue_shelve_unit(ocore__work *work, ocore__queue_shelf *shelf, ocore_str sku)
{
        naming names = {.work = work, .shelf = shelf};
        size_t low = 0, high;
        int status = OCORE_OK;

        if (!shelf->unit_read)
                status = ocore__unit_rows(work, &ocore__backorder_table, keep_unit_row, &names);
        if (!shelf->unit_read)
                ocore__sort(shelf->unit_rows, shelf->unit_count, by_sku);
        shelf->unit_read = 1;
        high = shelf->unit_count;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const ocore_backorder *row = shelf->unit_rows[middle];

                if (ocore__str_compare(row->sku, sku) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        for (; low < shelf->unit_count && !status; low++) {
                const ocore_backorder *row = shelf->unit_rows[low];

                if (!ocore_str_equal(row->sku, sku))
                        break;
                status = ocore__queue_shelve(work, shelf, row->order_id);
        }
        return status;
}

static int name_peg(void *user_data, const void *row, int64_t revision)
{
        naming *names = user_data;

        (void)revision;
        return ocore__queue_shelve(names->work, names->shelf, ((const ocore__peg *)row)->order_id);
}

int ocore__queue_shelve_pegs(ocore__work *work, ocore__queue_shelf *shelf,
        const ocore__queue_supply *supply, uint32_t limit)
{
        const ocore_cell key[] = {
                ocore__cell_id(supply->source_id), ocore__cell_number(supply->number)};
        const ocore__scan scan = {.table = &ocore__peg_table,
                .index = OCORE__PEG_BY_SUPPLY,
                .prefix = key,
                .prefix_count = 2,
                .limit = limit};
        naming names = {.work = work, .shelf = shelf};
        int status = OCORE_OK;

        if (!shelf->unit_pegs_read)
                status = ocore__unit_rows(work, &ocore__peg_table, name_peg, &names);
        shelf->unit_pegs_read = 1;
        return status ? status
                      : ocore__scan_rows(work->core, work->arena, &scan, 0, name_peg, &names);
}

static int by_mention(const void *a, const void *b)
{
        const ocore__queue_mention *x = a, *y = b;
        int order = ocore__str_compare(x->sku, y->sku);

        if (!order)
                order = ocore__id_compare(x->owner->id, y->owner->id);
        if (!order)
                order = (x->line > y->line) - (x->line < y->line);
        return order ? order : (x > y) - (x < y);
}

/* All lines (or pegs) of the orders on a shelf, sorted. */
static int sort_mentions(ocore__work *work, const ocore__queue_shelf *shelf, int pegs,
        const void ***out, size_t *out_count)
{
        size_t room = 0, count = 0;
        ocore__queue_mention *all;

        for (size_t i = 0; i < shelf->count; i++)
                room += ocore__count(pegs ? shelf->orders[i]->pegs : shelf->orders[i]->backorders);
        all = ocore__arena_take(work->arena, (room + 1) * sizeof *all);
        *out = ocore__arena_take(work->arena, (room + 1) * sizeof **out);
        *out_count = room;
        if (!all || !*out)
                return OCORE_NOMEM;
        for (size_t i = 0; i < shelf->count; i++) {
                ocore__queue_order *order = shelf->orders[i];

                for (ocore__entry *at = ocore__first(pegs ? order->pegs : order->backorders); at;
                        at = ocore__next(at), count++) {
                        const ocore__peg *peg = pegs ? ocore__row(at) : NULL;
                        const ocore_backorder *row = pegs ? NULL : ocore__row(at);

                        all[count] = (ocore__queue_mention){pegs ? peg->sku : row->sku, order,
                                pegs ? peg->line : row->line, at};
                        (*out)[count] = &all[count];
                }
        }
        ocore__sort(*out, room, by_mention);
        return OCORE_OK;
}

/* The mentions of a sku. */
static const void **find_mentions(
        const void **mentions, size_t count, ocore_str sku, size_t *out_count)
{
        size_t low = 0, high = count, end;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (ocore__str_compare(((const ocore__queue_mention *)mentions[middle])->sku, sku) <
                        0)
                        low = middle + 1;
                else
                        high = middle;
        }
        for (end = low; end < count; end++)
                if (!ocore_str_equal(((const ocore__queue_mention *)mentions[end])->sku, sku))
                        break;
        *out_count = end - low;
        return mentions + low;
}

int ocore__queue_shelf_sort(ocore__work *work, ocore__queue_shelf *shelf)
{
        int status = OCORE_OK;

        if (shelf->sorted == shelf->count)
                return OCORE_OK;
        status = sort_mentions(work, shelf, 0, &shelf->waiting, &shelf->waiting_count);
        if (!status)
                status = sort_mentions(work, shelf, 1, &shelf->pegs, &shelf->peg_count);
        shelf->sorted = shelf->count;
        return status;
}

const void **ocore__queue_shelf_lines(
        const ocore__queue_shelf *shelf, ocore_str sku, size_t *out_count)
{
        return find_mentions(shelf->waiting, shelf->waiting_count, sku, out_count);
}

const void **ocore__queue_shelf_pegs(
        const ocore__queue_shelf *shelf, ocore_str sku, size_t *out_count)
{
        return find_mentions(shelf->pegs, shelf->peg_count, sku, out_count);
}
