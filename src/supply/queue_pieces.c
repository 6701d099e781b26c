/* What is there of a product, as those who wait for it are given it. For promise.run. */
#include "queue.h"

#include "base/sort.h"

/* Goods by site, and within a site the lots that expire first, then the oldest. */
static int piece_order(const void *a, const void *b)
{
        const ocore_stock *x = ocore__row(((const ocore__queue_piece *)a)->stock);
        const ocore_stock *y = ocore__row(((const ocore__queue_piece *)b)->stock);
        int order = ocore__str_compare(x->site, y->site);

        if (order)
                return order;
        if (x->expires_us != y->expires_us)
                return !y->expires_us || (x->expires_us && x->expires_us < y->expires_us) ? -1 : 1;
        if (x->received_us != y->received_us)
                return x->received_us < y->received_us ? -1 : 1;
        return ocore__str_compare(x->lot, y->lot);
}

/* The pieces of the open sites, in the order in which sites are asked. */
int ocore__queue_pieces(
        ocore__work *work, const ocore__queue *queue, ocore__queue_piece **out, size_t *out_count)
{
        const ocore__group *stock = queue->stock;
        size_t room = ocore__count(stock) + 1, site_count, count = 0, at = 0;
        ocore__queue_piece *found = ocore__arena_zero(work->arena, room, sizeof *found);
        ocore__queue_piece *pieces = ocore__arena_zero(work->arena, room, sizeof *pieces);
        const void **order = ocore__arena_zero(work->arena, room, sizeof *order);
        const ocore_site *const *sites;
        int status = ocore__sites_in_order(work, queue->sites, &sites, &site_count);

        if (status || !found || !pieces || !order)
                return status ? status : OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(stock); entry; entry = ocore__next(entry)) {
                int64_t available = ((const ocore_stock *)ocore__row(entry))->available;

                if (available <= 0)
                        continue;
                found[count] = (ocore__queue_piece){entry, available};
                order[count] = &found[count];
                count++;
        }
        ocore__sort(order, count, piece_order);
        for (size_t i = 0; i < site_count && at < count; i++) {
                size_t low = 0, high = count;

                while (low < high) {
                        size_t middle = low + (high - low) / 2;
                        const ocore__queue_piece *piece = order[middle];
                        const ocore_stock *row = ocore__row(piece->stock);

                        if (ocore__str_compare(row->site, sites[i]->site) < 0)
                                low = middle + 1;
                        else
                                high = middle;
                }
                for (; low < count; low++) {
                        const ocore__queue_piece *piece = order[low];
                        const ocore_stock *row = ocore__row(piece->stock);

                        if (!ocore_str_equal(row->site, sites[i]->site))
                                break;
                        pieces[at++] = *piece;
                }
        }
        *out = pieces;
        *out_count = at;
        return OCORE_OK;
}
