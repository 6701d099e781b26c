/* What an order takes from a hold. A line of the hold serves the lines that name its place and lot
 * first, then those that name less of it; within each in the order of lines. The lines are sorted
 * by what they name, so that each line of the hold finds its takers by halving. */
#include "draft.h"

#include "base/sort.h"

/* A line of the order as a taker. */
typedef struct taker {
        ocore__want_line *want;
        ocore_str sku;
        ocore_str site;
        ocore_str lot;
        size_t next; /* of the first of those that name the same: the first that still wants */
} taker;

static int by_name(const taker *a, const taker *b)
{
        int order = ocore__str_compare(a->sku, b->sku);

        if (!order)
                order = ocore__str_compare(a->site, b->site);
        return order ? order : ocore__str_compare(a->lot, b->lot);
}

static int by_name_and_line(const void *a, const void *b)
{
        const taker *x = a, *y = b;
        int order = by_name(x, y);

        return order ? order : (x->want > y->want) - (x->want < y->want);
}

typedef struct taking {
        ocore__work *work;
        ocore__draft_work *draft;
        taker **takers; /* sorted */
        size_t count;
        ocore__source_piece *pieces;
        size_t piece_count;
} taking;

static int sort_takers(taking *all)
{
        ocore__draft_work *draft = all->draft;
        taker *takers =
                ocore__arena_take(all->work->arena, (draft->line_count + 1) * sizeof *takers);
        const void **order =
                ocore__arena_take(all->work->arena, (draft->line_count + 1) * sizeof *order);

        if (!takers || !order)
                return OCORE_NOMEM;
        for (size_t i = 0; i < draft->line_count; i++) {
                ocore__want_line *want = &draft->wants[i];

                if (!want->quantity)
                        continue;
                takers[all->count] = (taker){want, want->sku, want->site, want->lot, 0};
                order[all->count] = &takers[all->count];
                all->count++;
        }
        ocore__sort(order, all->count, by_name_and_line);
        for (size_t i = 0; i < all->count; i++)
                ((taker *)(uintptr_t)order[i])->next = i;
        all->takers = (taker **)(uintptr_t)order;
        return OCORE_OK;
}

/* The first taker that names this; `count` if there is none. */
static size_t find(const taking *all, const taker *name)
{
        size_t low = 0, high = all->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (by_name(all->takers[middle], name) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < all->count && !by_name(all->takers[low], name) ? low : all->count;
}

/* Gives what is left of a line of the hold to those that name this of it. */
static void give(taking *all, const taker *name, ocore__entry *balance, int64_t *rest)
{
        size_t first = find(all, name), at;

        if (first == all->count)
                return;
        for (at = all->takers[first]->next; *rest && at < all->count; at++) {
                ocore__want_line *want = all->takers[at]->want;
                int64_t taken = want->quantity < *rest ? want->quantity : *rest;

                if (by_name(all->takers[at], name) ||
                        !ocore__lot_keeps(
                                ocore__row(balance), all->work->now_us, want->keeps_until_us))
                        break;
                if (taken)
                        all->pieces[all->piece_count++] =
                                (ocore__source_piece){.line = (size_t)(want - all->draft->wants),
                                        .stock = balance,
                                        .quantity = taken,
                                        .reason = OCORE_ALLOCATED_FROM_HOLD};
                want->quantity -= taken;
                *rest -= taken;
                if (want->quantity)
                        break;
        }
        all->takers[first]->next = at;
}

static int give_line(taking *all, const ocore_hold_line *line, int64_t *rest)
{
        const ocore_str none = {0};
        const taker names[] = {{NULL, line->sku, line->site, line->lot, 0},
                {NULL, line->sku, line->site, none, 0}, {NULL, line->sku, none, line->lot, 0},
                {NULL, line->sku, none, none, 0}};
        ocore__group *stock;
        ocore__entry *balance;
        int status =
                ocore__staged(all->work, &ocore__stock_table, ocore__cell_text(line->sku), &stock);

        *rest = line->quantity;
        if (status || !*rest)
                return status;
        balance =
                ocore__stock_entry(all->work, stock, line->sku, line->site, line->lot, line->scale);
        if (!balance)
                return all->work->status;
        for (size_t i = 0; i < 4; i++)
                if (line->lot.size || i % 2 == 0)
                        give(all, &names[i], balance, rest);
        return OCORE_OK;
}

/* Each line takes what the plan allows; what the hold has not is wanted of the sites. */
int ocore__draft_take_held(ocore__work *work, ocore__draft_work *draft)
{
        taking all = {.work = work, .draft = draft};
        size_t held = draft->holds ? ocore__count(draft->hold_lines) : 0, n = 0;
        int status;

        for (size_t i = 0; i < draft->line_count; i++)
                if (draft->wants[i].stock)
                        draft->wants[i].quantity = draft->plans[i].allowed;
        draft->piece_count = 0;
        if (!draft->holds)
                return OCORE_OK;
        draft->hold_taken = ocore__arena_zero(work->arena, held + 1, sizeof *draft->hold_taken);
        /* Each piece ends a line of the hold or one of the order. */
        all.pieces =
                ocore__arena_take(work->arena, (held + draft->line_count + 1) * sizeof *all.pieces);
        status = draft->hold_taken && all.pieces ? sort_takers(&all) : OCORE_NOMEM;
        for (ocore__entry *entry = status ? NULL : ocore__first(draft->hold_lines);
                entry && !status; entry = ocore__next(entry), n++) {
                const ocore_hold_line *line = ocore__row(entry);
                int64_t rest;

                status = give_line(&all, line, &rest);
                draft->hold_taken[n] = line->quantity - rest;
        }
        for (size_t i = 0; i < draft->line_count && !status; i++)
                if (draft->wants[i].stock)
                        draft->plans[i].held = draft->plans[i].allowed - draft->wants[i].quantity;
        draft->pieces = all.pieces;
        draft->piece_count = all.piece_count;
        return status;
}
