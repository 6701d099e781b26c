/* The stock ledger: every unit is in one bucket, and leaves it only with a move row. */
#include "inventory.h"

int64_t *ocore__bucket(ocore_stock *stock, int64_t bucket)
{
        switch (bucket) {
        case OCORE_BUCKET_AVAILABLE: return &stock->available;
        case OCORE_BUCKET_HELD: return &stock->held;
        case OCORE_BUCKET_ALLOCATED: return &stock->allocated;
        case OCORE_BUCKET_PICKED: return &stock->picked;
        case OCORE_BUCKET_INSPECTION: return &stock->inspection;
        case OCORE_BUCKET_DAMAGED: return &stock->damaged;
        default: return NULL;
        }
}

ocore__entry *ocore__stock_entry(ocore__work *work, ocore__group *stock, ocore_str sku,
        ocore_str site, ocore_str lot, int64_t scale)
{
        const ocore_stock row = {.sku = sku, .site = site, .lot = lot, .scale = scale};

        for (ocore__entry *entry = ocore__first(stock); entry; entry = ocore__next(entry)) {
                const ocore_stock *there = ocore__row(entry);

                if (ocore_str_equal(there->site, site) && ocore_str_equal(there->lot, lot))
                        return entry;
        }
        return ocore__insert(work, &ocore__stock_table, &row);
}

int ocore__stock_shift(ocore__work *work, ocore__entry *entry, int64_t from_bucket,
        int64_t to_bucket, int64_t quantity, ocore_id subject, ocore_str reason)
{
        ocore_stock *stock = ocore__edit(work, entry);
        int64_t *from = stock ? ocore__bucket(stock, from_bucket) : NULL;
        int64_t *to = stock ? ocore__bucket(stock, to_bucket) : NULL;
        int64_t raised = 0;
        ocore_stock_move move;

        if (!stock)
                return work->status;
        if (from && *from < quantity)
                return OCORE_OUT_OF_STOCK;
        if (to && ocore__add(*to, quantity, &raised))
                return OCORE_OVERFLOW;
        if (from)
                *from -= quantity;
        if (to)
                *to = raised;
        move = (ocore_stock_move){.command_id = work->id,
                .number = ++work->stock_moves,
                .sku = stock->sku,
                .site = stock->site,
                .lot = stock->lot,
                .scale = stock->scale,
                .from_bucket = from_bucket,
                .to_bucket = to_bucket,
                .quantity = quantity,
                .at_us = work->now_us,
                .subject_id = subject,
                .reason = reason};
        ocore__insert(work, &ocore__stock_move_table, &move);
        return work->status;
}

int ocore__stock_moves_answer(ocore__work *work, const void **answer)
{
        ocore_stock_moves *moves = ocore__arena_zero(work->arena, 1, sizeof *moves);
        ocore__group *group;
        const void *const *rows;
        int status = moves ? ocore__staged(work, &ocore__stock_move_table, ocore__cell_id(work->id),
                                     &group)
                           : OCORE_NOMEM;

        if (!status)
                status = ocore__rows_of(work, group, &rows, &moves->move_count);
        if (status)
                return status;
        moves->moves = (const ocore_stock_move *const *)rows;
        *answer = moves;
        return work->status;
}
