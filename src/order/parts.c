/* The lines of an order that are parts of its bundles: who cancels, ships or takes back a bundle
 * finds them here. */
#include "order_room.h"

/* A part is cancelled with its bundle, and there is as much of it as its bundles need. */
static int part_credible(const ocore_order_line *bundle, const ocore_order_line *part)
{
        int64_t quantity, cancelled;

        return bundle && ocore__line_is_bundle(bundle) && bundle->number < part->number &&
               part->kind == OCORE_PRODUCT_GOODS && part->per_parent > 0 &&
               !ocore__multiply(part->per_parent, bundle->quantity, &quantity) &&
               !ocore__multiply(part->per_parent, bundle->cancelled, &cancelled) &&
               part->quantity == quantity && part->cancelled == cancelled;
}

int ocore__parts_index(ocore__work *work, const ocore__order_view *view, ocore__parts *out)
{
        size_t count = view->line_count;

        out->first = ocore__arena_zero(work->arena, count + 1, sizeof *out->first);
        out->next = ocore__arena_zero(work->arena, count + 1, sizeof *out->next);
        if (!out->first || !out->next)
                return OCORE_NOMEM;
        for (size_t i = count; i-- > 0;) {
                const ocore_order_line *part = ocore__row(view->line_at[i]);
                ocore__entry *entry;

                if (!part->parent)
                        continue;
                entry = ocore__order_line_entry(view, part->parent);
                if (!part_credible(entry ? ocore__row(entry) : NULL, part))
                        return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                                "line %d is no part of line %d; verify the store", &part->number,
                                &part->parent);
                out->next[i] = out->first[part->parent - 1];
                out->first[part->parent - 1] = part->number;
        }
        return OCORE_OK;
}
