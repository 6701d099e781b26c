/*
 * Serving the queue of a product when goods came in or supplies changed: what came is given to
 * those who wait, and what can no longer be kept of promises is promised anew.
 */
#include "queue.h"

#include "base/sort.h"

typedef struct plan {
        ocore__queue *queue;
        const ocore__serving *serving;
        const void **lost; /* keys of supplies that no longer keep what they promised, sorted */
        size_t lost_count;
} plan;

static int by_key(const void *a, const void *b)
{
        const ocore__queue_supply *x = a, *y = b;
        int order = ocore__id_compare(x->source_id, y->source_id);

        return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* The supplies that moved, and those that have promised more than is expected of them. */
static int find_lost(ocore__work *work, plan *all)
{
        const ocore__group *supplies = all->queue->supplies;
        size_t room = ocore__count(supplies) + all->serving->moved_count + 1;
        ocore__queue_supply *keys = ocore__arena_take(work->arena, room * sizeof *keys);

        all->lost = ocore__arena_take(work->arena, room * sizeof *all->lost);
        if (!keys || !all->lost)
                return OCORE_NOMEM;
        for (size_t i = 0; i < all->serving->moved_count; i++)
                all->lost[all->lost_count++] = &all->serving->moved[i];
        for (ocore__entry *at = ocore__first(supplies); at; at = ocore__next(at)) {
                const ocore_supply *supply = ocore__row(at);

                if (supply->unpromised >= 0)
                        continue;
                *keys = (ocore__queue_supply){supply->source_id, supply->number};
                all->lost[all->lost_count++] = keys++;
        }
        ocore__sort(all->lost, all->lost_count, by_key);
        return OCORE_OK;
}

static int is_lost(const plan *all, const ocore__peg *peg)
{
        const ocore__queue_supply key = {peg->source_id, peg->number};
        size_t low = 0, high = all->lost_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (by_key(all->lost[middle], &key) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < all->lost_count && !by_key(all->lost[low], &key);
}

/* Marks who was promised something of a lost supply: pegs and entries both stand in the order of
 * orders and lines. */
static void mark_lost(const plan *all)
{
        const ocore__queue *queue = all->queue;
        size_t i = 0, n = 0;

        for (size_t at = 0; at < queue->peg_count && i < queue->order_count && all->lost_count;) {
                const ocore__peg *peg = ocore__row(queue->pegs[at]);
                ocore__queue_order *order = queue->orders[i];
                int side = ocore__id_compare(order->id, peg->order_id);

                if (side < 0 || (!side && n == order->entry_count)) {
                        i++;
                        n = 0;
                } else if (!side && order->entries[n].line < peg->line) {
                        n++;
                } else {
                        if (!side && order->entries[n].line == peg->line && is_lost(all, peg))
                                order->entries[n].lost = order->wanted = 1;
                        at++;
                }
        }
}

/* Lost promises are given back first, so that nobody keeps by them what is gone; they are made anew
 * last, from what is then left, in the order of service. */
static int carry_out(ocore__work *work, const plan *all, const ocore__queue_gift *gifts)
{
        ocore__queue *queue = all->queue;
        int status = OCORE_OK;

        for (size_t i = 0; i < queue->entry_count && !status; i++)
                if (queue->entries[i]->lost && queue->entries[i]->owner->open)
                        status = ocore__queue_unpeg(work, queue->entries[i]);
        if (!status)
                status = ocore__queue_give(work, queue, gifts);
        for (size_t i = 0; i < queue->entry_count && !status; i++)
                if (queue->entries[i]->lost && queue->entries[i]->owner->open)
                        status = ocore__queue_peg(work, queue, queue->entries[i]);
        return status ? status : ocore__queue_tell(work, queue);
}

/* 1 if some of what came in is not given to anyone yet. */
static int is_left(const ocore__queue *queue, const ocore__serving *serving)
{
        int64_t left = 0;

        for (size_t i = 0; i < serving->piece_count; i++)
                if (ocore__add(left, serving->pieces[i].quantity, &left))
                        left = INT64_MAX;
        for (size_t i = 0; i < queue->entry_count; i++)
                left -= queue->entries[i]->given; /* of the pieces, so that it stays above zero */
        return left > 0;
}

/* Shares out what came in; as long as some of it is left the queue is looked at further on. */
static int share(ocore__work *work, const plan *all, ocore__queue_gift **out)
{
        ocore__queue *queue = all->queue;
        const ocore__serving *serving = all->serving;
        int status = OCORE_OK;

        for (;;) {
                mark_lost(all);
                for (size_t i = 0; i < queue->entry_count; i++)
                        if (queue->entries[i]->outside)
                                queue->entries[i]->turn = -1;
                status =
                        ocore__queue_share(work, queue, serving->pieces, serving->piece_count, out);
                if (status || !queue->more || queue->looked_at >= OCORE__QUEUE_MAX ||
                        !is_left(queue, serving))
                        return status;
                status = ocore__queue_next(work, queue);
                if (status)
                        return status;
        }
}

int ocore__queue_serve(ocore__work *work, ocore__queue *queue, const ocore__serving *serving)
{
        plan all = {.queue = queue, .serving = serving};
        ocore__queue_gift *gifts = NULL;
        int status = ocore__queue_entries(work, queue);

        if (status || !queue->entry_count)
                return status;
        status = find_lost(work, &all);
        if (!status && queue->more && all.lost_count)
                status = ocore__queue_find_pegs(
                        work, queue, (const ocore__queue_supply *const *)all.lost, all.lost_count);
        if (!status)
                status = share(work, &all, &gifts);
        return status ? status : carry_out(work, &all, gifts);
}
