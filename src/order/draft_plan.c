/* What each line of a draft may take, from where, and what happens when it is short; and what of
 * that a hold gives. */
#include "draft.h"

#include "base/sort.h"

ocore__want_line ocore__draft_want(ocore__work *work, const ocore__draft_work *draft, size_t line,
        const ocore__draft_target *target)
{
        const ocore_draft_line *asked = &draft->draft->lines[ocore__draft_asked(draft, line)];
        const ocore_product *product = ocore__draft_product(target);
        int64_t life_us = asked->min_life_us ? asked->min_life_us : product->min_life_us;
        ocore__want_line want = {.stock = target->stock,
                .rules = target->rules,
                .sku = product->sku,
                .scale = product->scale,
                .site = asked->site,
                .lot = asked->lot,
                .together = asked->together,
                .weight_g = product->weight_g};

        if (life_us && ocore__add(work->now_us, life_us, &want.keeps_until_us))
                want.keeps_until_us = INT64_MAX;
        if (draft->lines[line].parent)
                want.field =
                        ocore__at(work, "lines", (size_t)draft->lines[line].parent - 1, "quantity");
        return want;
}

/* By draft, channel, product in this order; what is in the customer's hand cannot wait. */
static int64_t action_of(const ocore__draft_work *draft, const ocore_product *product)
{
        if (draft->draft->in_hand)
                return OCORE_SHORT_REFUSE;
        if (draft->sourcing.short_action)
                return draft->sourcing.short_action;
        return product->short_action ? product->short_action : OCORE_SHORT_REFUSE;
}

/* A bundle is handed out when all its parts may be; unless they may ship alone. */
static void plan_bundle(const ocore__work *work, ocore__draft_work *draft, size_t index)
{
        const ocore__draft_target *target = &draft->targets[index];
        const ocore_product *bundle = ocore__draft_product(target);
        ocore__draft_plan *plan = &draft->plans[index];
        int unreleased = ocore__draft_unreleased(work, plan);

        for (size_t n = target->part_first; n < target->part_first + target->part_count; n++) {
                const ocore_product *part = ocore__draft_product(&draft->targets[n]);

                draft->plans[n] = *plan;
                if (part->release_us > plan->release_us)
                        draft->plans[n].release_us = part->release_us;
                unreleased |=
                        !bundle->parts_alone && ocore__draft_unreleased(work, &draft->plans[n]);
        }
        plan->allowed = unreleased ? 0 : draft->lines[index].quantity;
        for (size_t n = target->part_first; n < target->part_first + target->part_count; n++)
                draft->plans[n].allowed =
                        unreleased || ocore__draft_unreleased(work, &draft->plans[n])
                                ? 0
                                : draft->lines[n].quantity;
}

/* The hold's lines of each product, so that a product finds the first at once; its number, or 0. */
static int number_held(ocore__work *work, const ocore__draft_work *draft, ocore__group ***out)
{
        size_t count = ocore__count(draft->hold_lines), n = 0;
        ocore__group **stock = ocore__arena_take(work->arena, (count + 1) * sizeof *stock);

        *out = stock;
        if (!stock)
                return OCORE_NOMEM;
        for (size_t i = 0; i < draft->line_count; i++)
                if (draft->wants[i].stock)
                        draft->wants[i].stock->scratch = 0;
        for (ocore__entry *entry = ocore__first(draft->hold_lines); entry;
                entry = ocore__next(entry), n++) {
                const ocore_hold_line *line = ocore__row(entry);

                if (ocore__staged(
                            work, &ocore__stock_table, ocore__cell_text(line->sku), &stock[n]))
                        return OCORE_NOMEM;
                stock[n]->scratch = 0;
        }
        while (n-- > 0)
                stock[n]->scratch = n + 1;
        return OCORE_OK;
}

static int by_group(const void *a, const void *b)
{
        const ocore__want_line *x = a, *y = b;

        if (x->together != y->together)
                return x->together < y->together ? -1 : 1;
        return (x > y) - (x < y);
}

/* Lines that come from one site come from where a hold has the first of them. */
static int pin_groups(ocore__work *work, ocore__draft_work *draft)
{
        int whole = draft->sourcing.no_split != 0;
        const void *const *rows;
        const void **order;
        ocore__group **stock;
        size_t count = 0, held;
        int status = number_held(work, draft, &stock);

        order = ocore__arena_take(work->arena, (draft->line_count + 1) * sizeof *order);
        if (!status)
                status = ocore__rows_of(work, draft->hold_lines, &rows, &held);
        if (status || !order)
                return OCORE_NOMEM;
        for (size_t i = 0; i < draft->line_count; i++)
                if (draft->wants[i].stock && (whole || draft->wants[i].together))
                        order[count++] = &draft->wants[i];
        if (!whole)
                ocore__sort(order, count, by_group);
        for (size_t i = 0, end; i < count; i = end) {
                const ocore__want_line *first = order[i];
                ocore_str site = {0};

                for (end = i; end < count; end++) {
                        const ocore__want_line *want = order[end];

                        if (!whole && want->together != first->together)
                                break;
                        if (!site.size && want->stock->scratch)
                                site = ((const ocore_hold_line *)rows[want->stock->scratch - 1])
                                               ->site;
                }
                for (size_t n = i; n < end && site.size; n++) {
                        ocore__want_line *want =
                                &draft->wants[(const ocore__want_line *)order[n] - draft->wants];

                        if (!want->site.size)
                                want->site = site;
                }
        }
        return OCORE_OK;
}

int ocore__draft_plan_lines(ocore__work *work, ocore__draft_work *draft)
{
        int grouped = draft->sourcing.no_split != 0;

        draft->plans = ocore__arena_zero(work->arena, draft->line_count, sizeof *draft->plans);
        draft->wants = ocore__arena_zero(work->arena, draft->line_count, sizeof *draft->wants);
        if (!draft->plans || !draft->wants)
                return OCORE_NOMEM;
        for (size_t i = 0; i < draft->draft->line_count; i++) {
                const ocore_product *product = ocore__draft_product(&draft->targets[i]);
                ocore__draft_plan *plan = &draft->plans[i];

                if (!product)
                        continue; /* refused already */
                plan->action = action_of(draft, product);
                plan->release_us = product->release_us;
                if (ocore__line_is_bundle(&draft->lines[i]))
                        plan_bundle(work, draft, i);
                else if (!ocore__draft_unreleased(work, plan))
                        plan->allowed = draft->lines[i].quantity;
        }
        for (size_t i = 0; i < draft->line_count; i++) {
                if (!draft->lines[i].number || draft->lines[i].kind != OCORE_PRODUCT_GOODS)
                        continue;
                draft->wants[i] = ocore__draft_want(work, draft, i, &draft->targets[i]);
                grouped |= draft->wants[i].together != 0;
        }
        return grouped && draft->holds ? pin_groups(work, draft) : OCORE_OK;
}
