/* What the products of a draft say that there is more of: stock rules, caps, the parts of bundles,
 * substitutes. A draft of which no product says so reads nothing here. */
#include "draft.h"

#include "engine/core.h"

/* The stock rules of a product, and its caps if they count for the line. */
static int want_rules(ocore__work *work, ocore__draft_target *target, int counts)
{
        const ocore_product *product = ocore__draft_product(target);
        int64_t related = product ? product->related : 0;
        int status = OCORE_OK;

        if (related & OCORE_RELATED_RULES)
                status = ocore__consult(work, &ocore__stock_rule_table,
                        ocore__cell_text(product->sku), &target->rules);
        if (!status && counts && (related & OCORE_RELATED_QUOTAS))
                status = ocore__want_balance(
                        work, &ocore__quota_table, ocore__cell_text(product->sku), &target->quotas);
        return status;
}

static int want_more(ocore__work *work, const ocore_draft_line *line, ocore__draft_target *target)
{
        const ocore_product *product = ocore__draft_product(target);
        int status = want_rules(work, target, 1);

        if (status || !product)
                return status;
        if (product->kind == OCORE_PRODUCT_BUNDLE && (product->related & OCORE_RELATED_PARTS))
                status = ocore__consult(work, &ocore__bundle_part_table,
                        ocore__cell_text(product->sku), &target->parts);
        if (!status && line->substitutes && product->kind == OCORE_PRODUCT_GOODS &&
                (product->related & OCORE_RELATED_SUBSTITUTES))
                status = ocore__consult(work, &ocore__substitute_table,
                        ocore__cell_text(product->sku), &target->substitutes);
        return status;
}

static int want_product(ocore__work *work, ocore_str sku, ocore__draft_target *target)
{
        const ocore_cell cell = ocore__cell_text(sku);
        int status = ocore__consult(work, &ocore__product_table, cell, &target->products);

        return status ? status
                      : ocore__want_balance(work, &ocore__stock_table, cell, &target->stock);
}

/* Room for a line of each part of a bundle, behind those of the draft. */
static int make_room(ocore__work *work, ocore__draft_work *draft)
{
        size_t asked = draft->draft->line_count;
        size_t most = (size_t)work->core->config.lines_max, count = asked;
        ocore__draft_target *targets;

        for (size_t i = 0; i < asked; i++)
                if (draft->targets[i].parts) {
                        draft->targets[i].part_first = count;
                        draft->targets[i].part_count = ocore__count(draft->targets[i].parts);
                        count += draft->targets[i].part_count;
                        if (count > most)
                                return ocore__refuse(work, OCORE_LIMIT, "lines",
                                        "are too many together with the parts of bundles; order "
                                        "fewer at a time");
                }
        if (count == asked)
                return OCORE_OK;
        targets = ocore__arena_zero(work->arena, count + 1, sizeof *targets);
        if (!targets)
                return OCORE_NOMEM;
        for (size_t i = 0; i < asked; i++)
                targets[i] = draft->targets[i];
        draft->targets = targets;
        draft->line_count = count;
        return OCORE_OK;
}

static int want_parts(ocore__work *work, ocore__draft_work *draft, const ocore__draft_target *of)
{
        size_t n = of->part_first;
        int status = OCORE_OK;

        for (ocore__entry *entry = of->parts ? ocore__first(of->parts) : NULL; entry && !status;
                entry = ocore__next(entry))
                status =
                        want_product(work, ((const ocore_bundle_part *)ocore__row(entry))->part_sku,
                                &draft->targets[n++]);
        return status;
}

static int want_candidates(ocore__work *work, ocore__draft_target *target)
{
        size_t count = target->substitutes ? ocore__count(target->substitutes) : 0;
        int status = OCORE_OK;

        if (!count)
                return OCORE_OK;
        target->candidates = ocore__arena_zero(work->arena, count, sizeof *target->candidates);
        if (!target->candidates)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(target->substitutes); entry && !status;
                entry = ocore__next(entry))
                status = want_product(work,
                        ((const ocore_substitute *)ocore__row(entry))->substitute,
                        &target->candidates[target->candidate_count++]);
        return status;
}

/* The rules of parts and substitutes. A bundle is counted under its own caps, its parts are not. */
static int want_their_rules(ocore__work *work, ocore__draft_work *draft)
{
        int status = OCORE_OK;

        for (size_t i = draft->draft->line_count; i < draft->line_count && !status; i++)
                status = want_rules(work, &draft->targets[i], 0);
        for (size_t i = 0; i < draft->draft->line_count && !status; i++) {
                ocore__draft_target *target = &draft->targets[i];

                for (size_t n = 0; n < target->candidate_count && !status; n++)
                        status = want_rules(work, &target->candidates[n], 1);
        }
        return status ? status : ocore__fetch(work);
}

int ocore__draft_read_related(ocore__work *work, ocore__draft_work *draft)
{
        size_t asked = draft->draft->line_count;
        int status = OCORE_OK, more = 0;

        for (size_t i = 0; i < asked && !status; i++)
                status = want_more(work, &draft->draft->lines[i], &draft->targets[i]);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = make_room(work, draft);
        for (size_t i = 0; i < asked && !status; i++) {
                more |= draft->targets[i].parts || draft->targets[i].substitutes;
                status = want_parts(work, draft, &draft->targets[i]);
                if (!status)
                        status = want_candidates(work, &draft->targets[i]);
        }
        if (!status && more)
                status = ocore__fetch(work);
        return status || !more ? status : want_their_rules(work, draft);
}
