/*
 * Substitutes: a line that is short and may be sent as something else gets the first substitute
 * that has all of it, by the same fences. All such lines try their first, then their second and so
 * on, each time together: the work is linear in lines. What is tried comes behind all other lines
 * and is given up where it takes from them.
 */
#include "draft.h"

typedef struct substitution {
        ocore__work *work;
        ocore__draft_work *draft;
        ocore__want_line *wants; /* first of the other lines, then of those that try */
        size_t *line_of;         /* each want */
        size_t other_count, count;
        int64_t *possible;
        uint8_t *open; /* the line still looks for something */
} substitution;

/* 1 if a candidate may stand in for the line now. */
static int is_usable(const substitution *all, size_t line, const ocore__draft_target *candidate)
{
        const ocore_product *product = ocore__draft_product(candidate);

        return product && product->kind == OCORE_PRODUCT_GOODS &&
               product->scale == all->draft->lines[line].scale &&
               product->release_us <= all->work->now_us;
}

static void add_want(substitution *all, size_t line, const ocore__want_line *want)
{
        all->line_of[all->count] = line;
        all->wants[all->count++] = *want;
}

/* The wants of a round: those of all lines as they are, and behind them the candidates. */
static void make_round(substitution *all, size_t rank)
{
        ocore__draft_work *draft = all->draft;

        all->count = 0;
        for (size_t i = 0; i < draft->line_count; i++)
                if (!all->open[i] && draft->wants[i].stock)
                        add_want(all, i, &draft->wants[i]);
        all->other_count = all->count;
        for (size_t i = 0; i < draft->line_count; i++) {
                const ocore__draft_target *target = &draft->targets[i];
                ocore__want_line want;

                if (!all->open[i])
                        continue;
                if (rank >= target->candidate_count ||
                        !is_usable(all, i, &target->candidates[rank]))
                        continue;
                want = ocore__draft_want(all->work, draft, i, &target->candidates[rank]);
                want.quantity = draft->lines[i].quantity;
                add_want(all, i, &want);
        }
}

/* The line sends the candidate instead; those before it were short. */
static int accept(substitution *all, size_t line, size_t rank)
{
        ocore__draft_target *target = &all->draft->targets[line];
        ocore__draft_target *asked = ocore__arena_take(all->work->arena, sizeof *asked);
        ocore_order_line *row = &all->draft->lines[line];

        if (!asked)
                return OCORE_NOMEM;
        *asked = *target;
        *target = asked->candidates[rank];
        target->candidates = asked->candidates;
        target->candidate_count = rank;
        target->instead_of = asked;
        ocore__rely(all->work, ocore__first(target->products));
        row->substitute_for = row->sku;
        row->sku = ocore__draft_product(target)->sku;
        all->draft->wants[line] = ocore__draft_want(all->work, all->draft, line, target);
        all->draft->wants[line].quantity = row->quantity;
        all->open[line] = 0;
        return OCORE_OK;
}

static int run_round(substitution *all, size_t rank)
{
        int status;

        make_round(all, rank);
        if (all->count == all->other_count)
                return OCORE_OK;
        status = ocore__sourcing_possible(
                all->work, &all->draft->sourcing, all->wants, all->count, all->possible);
        for (size_t n = 0; n < all->other_count && !status; n++)
                if (all->possible[n] < all->wants[n].quantity)
                        return OCORE_OK; /* others would go short */
        for (size_t n = all->other_count; n < all->count && !status; n++)
                if (all->possible[n] == all->wants[n].quantity)
                        status = accept(all, all->line_of[n], rank);
        return status;
}

/* What each line can have as it is; those that are short and may be sent as something else look
 * for it. *out_most is how many substitutes one of them has. */
static int find_short(substitution *all, size_t *out_most)
{
        ocore__draft_work *draft = all->draft;
        int status = ocore__draft_take_held(all->work, draft);

        *out_most = 0;
        for (size_t i = 0; i < draft->line_count; i++)
                if (draft->wants[i].stock)
                        add_want(all, i, &draft->wants[i]);
        if (!status)
                status = ocore__sourcing_possible(
                        all->work, &draft->sourcing, all->wants, all->count, all->possible);
        for (size_t n = 0; n < all->count && !status; n++) {
                size_t line = all->line_of[n];
                ocore__want_line *want = &draft->wants[line];
                const ocore__draft_target *target = &draft->targets[line];
                int is_short = all->possible[n] < want->quantity ||
                               ocore__draft_unreleased(all->work, &draft->plans[line]);

                want->quantity = all->possible[n];
                if (!is_short || !target->candidate_count || !draft->lines[line].quantity)
                        continue;
                status = ocore__draft_short(want);
                all->open[line] = 1;
                if (target->candidate_count > *out_most)
                        *out_most = target->candidate_count;
        }
        return status;
}

int ocore__draft_substitute(ocore__work *work, ocore__draft_work *draft)
{
        substitution all = {.work = work, .draft = draft};
        size_t count = draft->line_count, most, asked = 0;
        int status, changed = 0;

        for (size_t i = 0; i < count; i++)
                asked |= draft->targets[i].candidate_count;
        if (!asked || draft->draft->in_hand) /* what the customer has is what is sold */
                return OCORE_OK;
        all.wants = ocore__arena_take(work->arena, count * sizeof *all.wants);
        all.line_of = ocore__arena_take(work->arena, count * sizeof *all.line_of);
        all.possible = ocore__arena_zero(work->arena, count, sizeof *all.possible);
        all.open = ocore__arena_zero(work->arena, count, sizeof *all.open);
        if (!all.wants || !all.line_of || !all.possible || !all.open)
                return OCORE_NOMEM;
        status = find_short(&all, &most);
        for (size_t rank = 0; rank < most && !status; rank++)
                status = run_round(&all, rank);
        for (size_t i = 0; i < count; i++)
                changed |= draft->targets[i].instead_of != NULL;
        return status || !changed ? status : ocore__draft_plan_lines(work, draft);
}
