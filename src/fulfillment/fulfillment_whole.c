/*
 * What goes together or not at all: an order that ships complete, and the parts of a bundle. Asked
 * when a pick list is made and once more when it leaves, for a pick may have come up short between.
 */
#include "fulfillment.h"

int ocore__whole_read(ocore__work *work, const ocore__order_view *view, ocore__whole *out)
{
        size_t count = view->line_count;
        ocore__group **bundles = ocore__arena_zero(work->arena, count + 1, sizeof *bundles);
        int status = bundles ? ocore__parts_index(work, view, &out->parts) : OCORE_NOMEM;

        out->alone = ocore__arena_zero(work->arena, count + 1, sizeof *out->alone);
        if (!status && !out->alone)
                status = OCORE_NOMEM;
        for (size_t i = 0; i < count && !status; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);

                if (ocore__line_is_bundle(line))
                        status = ocore__consult(work, &ocore__product_table,
                                ocore__cell_text(line->sku), &bundles[i]);
        }
        if (!status)
                status = ocore__fetch(work);
        for (size_t i = 0; i < count && !status; i++) {
                const ocore_product *product;

                if (!bundles[i])
                        continue;
                ocore__rely(work, ocore__first(bundles[i]));
                product = work->status ? NULL : ocore__only(bundles[i]);
                if (!product)
                        return work->status;
                out->alone[i] = product->parts_alone != 0;
        }
        return status;
}

/* Which lines wait for a supplier who sends to the customer: these leave another house. */
static int read_dropped(ocore__work *work, const ocore__order_view *view, uint8_t **out)
{
        const ocore_order *order = ocore__only(view->orders);
        ocore__group *backorders;
        int status = ocore__staged(
                work, &ocore__backorder_table, ocore__cell_id(order->id), &backorders);

        *out = ocore__arena_zero(work->arena, view->line_count + 1, 1);
        if (status || !*out)
                return OCORE_NOMEM;
        for (ocore__entry *at = ocore__first(backorders); at; at = ocore__next(at)) {
                const ocore_backorder *row = ocore__row(at);

                if (row->kind == OCORE_BACKORDER_DROP_SHIP && row->line >= 1 &&
                        row->line <= (int64_t)view->line_count)
                        (*out)[row->line - 1] = 1;
        }
        return OCORE_OK;
}

int ocore__whole_order(ocore__work *work, const ocore__order_view *view, const char *field)
{
        const ocore_order *order = ocore__only(view->orders);
        int leaves = !ocore_str_equal(ocore_str_of(field), ocore_str_of("order_id"));
        const ocore_order_line *line;
        uint8_t *dropped;
        int64_t missing;
        int status;

        if (!order->ship_complete)
                return OCORE_OK;
        status = read_dropped(work, view, &dropped);
        line = status ? NULL : ocore__release_missing(view, dropped, leaves, &missing);
        if (!line)
                return status;
        if (leaves)
                return ocore__refuse(work, OCORE_STATE, field,
                        "the order ships complete, and %u of line %d are on no pick list; release "
                        "them, or cancel them",
                        &missing, &line->scale, &line->number);
        return ocore__refuse(work, OCORE_STATE, field,
                "the order ships complete, and %u of line %d are not there; wait for them, or "
                "allocate the order anew",
                &missing, &line->scale, &line->number);
}

int ocore__whole_bundles(ocore__work *work, const ocore__order_view *view,
        const ocore__whole *whole, const ocore__group *lines)
{
        int64_t *limits = ocore__arena_take(work->arena, (view->line_count + 1) * sizeof *limits);

        if (!limits)
                return OCORE_NOMEM;
        ocore__ship_limits(view, &whole->parts, whole->alone, limits);
        for (ocore__entry *at = ocore__first(lines); at; at = ocore__next(at)) {
                const ocore_fulfillment_line *row = ocore__row(at);
                const ocore_order_line *line;
                int64_t many;

                if (!row->quantity || row->line < 1 || row->line > (int64_t)view->line_count ||
                        limits[row->line - 1] >= 0)
                        continue;
                line = ocore__row(view->line_at[row->line - 1]);
                many = -limits[row->line - 1];
                return ocore__refuse(work, OCORE_STATE, "fulfillment_id",
                        "%u of line %d would go without the other parts of their bundles (line "
                        "%d), which are not there; wait for these, or cancel the fulfillment and "
                        "make one of what can go",
                        &many, &line->scale, &line->number, &line->parent);
        }
        return OCORE_OK;
}
