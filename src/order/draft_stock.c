/*
 * Where the goods of a draft come from, and what becomes of those that are short: refused, sold
 * though the books have none, or left waiting. A bundle takes its parts all or none, unless they
 * may come alone.
 */
#include "draft.h"

enum { ROUNDS_MAX = 8 };

/* 1 if being short is not simply refused for some line. */
static int is_flexible(const ocore__work *work, const ocore__draft_work *draft)
{
        if (draft->draft->in_hand)
                return 1;
        for (size_t i = 0; i < draft->line_count; i++)
                if (draft->wants[i].stock &&
                        (draft->plans[i].action != OCORE_SHORT_REFUSE ||
                                ocore__draft_unreleased(work, &draft->plans[i]) ||
                                draft->plans[i].allowed < draft->lines[i].quantity))
                        return 1;
        return 0;
}

/* How many whole bundles there can be; `possible` is what the sites can give to each line. */
static int64_t whole_bundles(const ocore__draft_work *draft, size_t index, const int64_t *possible)
{
        const ocore__draft_target *target = &draft->targets[index];
        int64_t whole = draft->plans[index].allowed;

        for (size_t n = target->part_first; n < target->part_first + target->part_count; n++) {
                int64_t bundles = (draft->plans[n].held + possible[n]) / draft->lines[n].per_parent;

                if (bundles < whole)
                        whole = bundles;
        }
        return whole;
}

/* Bundles of which a part is short take fewer of the others. What one leaves another may have, so
 * this is done again, with less each time: after some rounds a bundle that is still short waits
 * whole, and in the last one all of them do. 1 if something changed. */
static int shrink_bundles(ocore__draft_work *draft, const int64_t *possible, int round)
{
        int changed = 0;

        for (size_t i = 0; i < draft->draft->line_count; i++) {
                const ocore__draft_target *target = &draft->targets[i];
                ocore__draft_plan *plan = &draft->plans[i];
                int64_t whole;

                if (!target->part_count || plan->action == OCORE_SHORT_REFUSE || !plan->allowed ||
                        ocore__draft_product(target)->parts_alone)
                        continue;
                whole = whole_bundles(draft, i, possible);
                if (whole == plan->allowed && round <= ROUNDS_MAX)
                        continue;
                plan->allowed = round < ROUNDS_MAX ? whole : 0;
                changed = 1;
                for (size_t n = target->part_first; n < target->part_first + target->part_count;
                        n++)
                        draft->plans[n].allowed = draft->lines[n].per_parent * plan->allowed;
        }
        return changed;
}

/* Where the customer has in hand what the books have not. */
static ocore_str site_in_hand(const ocore__draft_work *draft, const ocore__want_line *want)
{
        if (want->site.size || !draft->sourcing.site_count)
                return want->site;
        return draft->sourcing.sites[0]->site;
}

/* A lot is recalled in the whole house. */
static int is_recalled(const ocore__want_line *want)
{
        for (ocore__entry *entry = ocore__first(want->stock); want->lot.size && entry;
                entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (ocore_str_equal(row->lot, want->lot))
                        return row->recalled_us != 0;
        }
        return 0;
}

/* What is short is in the customer's hand: it is sold where a rule of its stock allows that. */
static int sell_in_hand(ocore__work *work, ocore__draft_work *draft, size_t line, int64_t missing)
{
        ocore__want_line *want = &draft->wants[line];
        const ocore_product *product = ocore__draft_product(&draft->targets[line]);
        ocore_str site = site_in_hand(draft, want);
        int status;

        if (!site.size ||
                !ocore__stock_fence_of(want->rules, site, draft->sourcing.channel).below_zero)
                return OCORE_OK; /* choosing refuses it */
        if (product->tracking && !want->lot.size)
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", ocore__draft_asked(draft, line), "lot"),
                        "the books have too few of \"%t\"; name the lot that the customer has",
                        &want->sku);
        if (is_recalled(want))
                return ocore__refuse(work, OCORE_STATE,
                        ocore__at(work, "lines", ocore__draft_asked(draft, line), "lot"),
                        "lot \"%t\" was recalled and must not be handed out; give another one",
                        &want->lot);
        status = ocore__draft_short(want);
        draft->plans[line].in_hand = missing;
        want->quantity -= missing;
        return status;
}

/* What is not handed out yet and may not wait; a bundle is refused once for all its parts, which
 * stand one behind the other. `*told` is the last line of the draft that was refused so, plus 1. */
static int refuse_unreleased(
        ocore__work *work, const ocore__draft_work *draft, size_t line, size_t *told)
{
        size_t asked = ocore__draft_asked(draft, line);

        if (*told == asked + 1)
                return OCORE_OUT_OF_STOCK;
        *told = asked + 1;
        return ocore__refuse(work, OCORE_OUT_OF_STOCK, ocore__at(work, "lines", asked, "quantity"),
                "\"%t\" is not handed out yet; preorder it with short_action backorder, or wait",
                &draft->lines[asked].sku);
}

/* Who is to ship what is short must be known; of a bundle that is each part's own supplier. */
static int check_supplier(ocore__work *work, const ocore__draft_work *draft, size_t line)
{
        const ocore_product *product = ocore__draft_product(&draft->targets[line]);

        if (draft->plans[line].action != OCORE_SHORT_DROP_SHIP || product->supplier.size)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_OUT_OF_STOCK,
                ocore__at(work, "lines", ocore__draft_asked(draft, line), "quantity"),
                "\"%t\" is short and no supplier is named to ship it; set its supplier, or order "
                "less",
                &product->sku);
}

static int settle_line(
        ocore__work *work, ocore__draft_work *draft, size_t line, int64_t possible, size_t *told)
{
        ocore__want_line *want = &draft->wants[line];
        ocore__draft_plan *plan = &draft->plans[line];
        int64_t missing = want->quantity - possible;

        if (plan->action == OCORE_SHORT_REFUSE) {
                if (plan->allowed < draft->lines[line].quantity)
                        return refuse_unreleased(work, draft, line, told);
                return missing && draft->draft->in_hand ? sell_in_hand(work, draft, line, missing)
                                                        : OCORE_OK;
        }
        want->quantity = possible;
        plan->later = draft->lines[line].quantity - plan->held - possible;
        if (plan->later && check_supplier(work, draft, line))
                return OCORE_OUT_OF_STOCK;
        return plan->later && !ocore__draft_unreleased(work, plan) ? ocore__draft_short(want)
                                                                   : OCORE_OK;
}

/* The first failure that ends the draft counts before one that is only told. */
static int worse(int a, int b)
{
        return a == OCORE_NOMEM || a == OCORE_CONFLICT || !b ? a : b;
}

static int settle(ocore__work *work, ocore__draft_work *draft)
{
        int64_t *possible = ocore__arena_zero(work->arena, draft->line_count, sizeof *possible);
        size_t told = 0;
        int status = possible ? OCORE_OK : OCORE_NOMEM, changed = 1;

        for (int round = 0; !status && changed; round++) {
                status = ocore__sourcing_possible(
                        work, &draft->sourcing, draft->wants, draft->line_count, possible);
                changed = status ? 0 : shrink_bundles(draft, possible, round);
                if (changed)
                        status = ocore__draft_take_held(work, draft);
        }
        if (status)
                return status;
        for (size_t i = 0; i < draft->line_count; i++)
                if (draft->wants[i].stock)
                        status = worse(settle_line(work, draft, i, possible[i], &told), status);
        return status;
}

/* The pieces from the hold, those that were chosen, and what is in the customer's hand. */
static int join_pieces(ocore__work *work, ocore__draft_work *draft)
{
        size_t held = draft->piece_count, more = 0;
        ocore__source_piece *joined;

        for (size_t i = 0; i < draft->line_count; i++)
                more += draft->plans[i].in_hand > 0;
        if (!held && !more) {
                draft->pieces = (ocore__source_piece *)(uintptr_t)draft->chosen;
                draft->piece_count = draft->chosen_count;
                return OCORE_OK;
        }
        joined = ocore__arena_take(
                work->arena, (held + draft->chosen_count + more + 1) * sizeof *joined);
        if (!joined)
                return OCORE_NOMEM;
        for (size_t i = 0; i < held; i++)
                joined[i] = draft->pieces[i];
        for (size_t i = 0; i < draft->chosen_count; i++)
                joined[held++] = draft->chosen[i];
        for (size_t i = 0; i < draft->line_count; i++) {
                const ocore__want_line *want = &draft->wants[i];
                ocore__entry *stock;

                if (!draft->plans[i].in_hand)
                        continue;
                stock = ocore__stock_entry(work, want->stock, want->sku, site_in_hand(draft, want),
                        want->lot, want->scale);
                if (!stock)
                        return work->status;
                joined[held++] = (ocore__source_piece){.line = i,
                        .stock = stock,
                        .quantity = draft->plans[i].in_hand,
                        .reason = OCORE_ALLOCATED_IN_HAND};
        }
        draft->pieces = joined;
        draft->piece_count = held;
        return OCORE_OK;
}

/* What waits is promised from what is expected. */
static int read_supplies(ocore__work *work, const ocore__draft_work *draft)
{
        int status = OCORE_OK, waits = 0;

        for (size_t i = 0; i < draft->line_count && !status; i++) {
                ocore__group *supplies;

                if (!draft->plans[i].later)
                        continue;
                waits = 1;
                status = ocore__want(work, &ocore__supply_table,
                        ocore__cell_text(draft->lines[i].sku), &supplies);
        }
        return status || !waits ? status : ocore__fetch(work);
}

int ocore__draft_stock(ocore__work *work, ocore__draft_work *draft)
{
        ocore__source_piece *chosen;
        int status = ocore__draft_take_held(work, draft), settled = OCORE_OK;

        if (!status && is_flexible(work, draft))
                settled = settle(work, draft);
        if (status || settled == OCORE_NOMEM || settled == OCORE_CONFLICT)
                return status ? status : settled;
        status = ocore__sourcing_choose(work, &draft->sourcing, draft->wants, draft->line_count,
                &chosen, &draft->chosen_count);
        if (!status)
                status = settled;
        if (status)
                return status;
        draft->chosen = chosen;
        status = join_pieces(work, draft);
        return status ? status : read_supplies(work, draft);
}

/* Counts a line under a cap of its product; a kind of which there is none caps nothing. */
static int use_quota(ocore__work *work, const ocore__draft_work *draft, size_t line, int64_t kind,
        ocore_str channel, int64_t *out)
{
        ocore__entry *entry = ocore__quota_find(draft->targets[line].quotas, kind, channel);
        const ocore_order_line *row = &draft->lines[line];
        const ocore_quota *quota = entry ? ocore__row(entry) : NULL;
        int64_t remaining = quota ? quota->remaining : 0;
        int status =
                quota && row->quantity ? ocore__quota_use(work, entry, row->quantity) : OCORE_OK;

        if (quota && !status)
                *out = row->quantity;
        if (status == OCORE_OUT_OF_STOCK)
                return ocore__refuse(work, status, ocore__at(work, "lines", line, "quantity"),
                        kind == OCORE_QUOTA_SALE
                                ? "%u of \"%t\" are left for this channel, not %u; order less"
                                : "%u of \"%t\" can still be preordered, not %u; order less",
                        &remaining, &row->scale, &row->sku, &row->quantity, &row->scale);
        return status;
}

int ocore__draft_quotas(ocore__work *work, ocore__draft_work *draft)
{
        const ocore_str none = {0};
        int status = OCORE_OK;

        for (size_t i = 0; i < draft->draft->line_count && draft->plans; i++) {
                ocore_order_line *line = &draft->lines[i];

                if (!draft->targets[i].quotas || !line->number)
                        continue;
                if (draft->draft->channel.size)
                        status = worse(use_quota(work, draft, i, OCORE_QUOTA_SALE,
                                               draft->draft->channel, &line->capped),
                                status);
                if (ocore__draft_unreleased(work, &draft->plans[i]))
                        status = worse(use_quota(work, draft, i, OCORE_QUOTA_PREORDER, none,
                                               &line->preordered),
                                status);
        }
        return status;
}
