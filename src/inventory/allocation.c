/*
 * Choosing where goods come from, for orders and holds. First everything is placed site by site,
 * which says what can be had at all; a strategy that looks farther ahead then places it anew. What
 * was chosen is dealt out to the lines, with what the store has to keep for the safety stock.
 */
#include "allocation.h"

/* Where the pieces of a line begin among those of its demand. */
typedef struct deal_start {
        const ocore__taken *taken;
        int64_t used; /* of it, by lines before */
} deal_start;

/* What is possible: no strategy gets more. */
static int place_all(ocore__allocation *allocation)
{
        int64_t strategy = allocation->sourcing->strategy;
        ocore__source_costs costs;
        int status = OCORE_OK, by_cost = strategy == OCORE_ALLOCATE_LOWEST_COST;

        if (by_cost)
                status = ocore__source_costs_of(allocation, &costs);
        if (status)
                return status;
        ocore__allocate_singles(allocation);
        for (size_t i = allocation->single_end; !status && i < allocation->group_end;) {
                size_t end = ocore__group_end(allocation, i);

                status = ocore__allocate_group(allocation, i, end, by_cost ? &costs : NULL);
                i = end;
        }
        if (status == OCORE_OVERFLOW)
                return ocore__costs_refuse(allocation->work);
        ocore__allocate_in_order(allocation, strategy == OCORE_ALLOCATE_NEAREST
                                                     ? OCORE_ALLOCATED_NEAREST
                                                     : OCORE_ALLOCATED_BY_PRIORITY);
        return status ? status : allocation->work->status;
}

static int refuse_short(const ocore__allocation *allocation, const ocore__source_demand *demand)
{
        const ocore__want_line *want = demand->want;
        const char *field = ocore__want_field(allocation, want);
        const char *of = want->lot.size ? " of lot \"" : want->site.size ? " at \"" : "";
        const ocore_str *named = want->lot.size ? &want->lot : &want->site;

        if (demand->group)
                return ocore__refuse(allocation->work, OCORE_OUT_OF_STOCK, field,
                        "one site has only %u of \"%t\", not %u, together with what has to come "
                        "from the same site; order less, or let it come from several",
                        &demand->got, &want->scale, &want->sku, &demand->quantity, &want->scale);
        if (named->size)
                return ocore__refuse(allocation->work, OCORE_OUT_OF_STOCK, field,
                        "%u of \"%t\" are available%s%t\", not %u; order less, or do not insist "
                        "on it",
                        &demand->got, &want->scale, &want->sku, of, named, &demand->quantity,
                        &want->scale);
        return ocore__refuse(allocation->work, OCORE_OUT_OF_STOCK, field,
                "%u of \"%t\" are available, not %u; order less, or wait for more", &demand->got,
                &want->scale, &want->sku, &demand->quantity, &want->scale);
}

/* Everything that is short is named. */
static int check_whole(const ocore__allocation *allocation)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < allocation->demand_count; i++)
                if (allocation->demands[i].got < allocation->demands[i].quantity)
                        status = refuse_short(allocation, &allocation->demands[i]);
        return status;
}

static int place_by_strategy(ocore__allocation *allocation)
{
        switch (allocation->sourcing->strategy) {
        case OCORE_ALLOCATE_FEWEST_SPLITS:
        case OCORE_ALLOCATE_MOST_STOCK:
        case OCORE_ALLOCATE_OLDEST_FIRST:
        case OCORE_ALLOCATE_FIRST_EXPIRED:
                ocore__allocation_reset(allocation, allocation->group_end);
                return ocore__allocate_rest(allocation);
        case OCORE_ALLOCATE_LOWEST_COST: return ocore__allocate_by_cost(allocation, NULL);
        case OCORE_ALLOCATE_HOST:
                ocore__allocation_reset(allocation, allocation->single_end);
                return ocore__allocate_by_host(allocation);
        default: return OCORE_OK; /* site by site is what they say */
        }
}

/* The safety stock is left in the lots that would be taken last. Where nothing is taken from such a
 * lot it has to be as it was; of another its floor is kept. */
static int keep_safety(ocore__allocation *allocation, ocore__shelf *shelf)
{
        int64_t rest = shelf->safety;
        int is_touched = 0;

        for (size_t i = 0; i < shelf->row_count && !is_touched; i++)
                is_touched = shelf->rows[i]->left < shelf->rows[i]->row->available;
        if (!is_touched || rest <= 0)
                return OCORE_OK;
        shelf->kept =
                ocore__arena_take(allocation->work->arena, shelf->row_count * sizeof *shelf->kept);
        if (!shelf->kept)
                return OCORE_NOMEM;
        for (size_t i = shelf->row_count; i-- > 0 && rest > 0;) {
                ocore__shelf_row *row = shelf->rows[i];

                row->floor = row->left < rest ? row->left : rest;
                rest -= row->floor;
                if (row->floor > 0 && row->left == row->row->available)
                        shelf->kept[shelf->kept_count++] = row->stock;
        }
        return OCORE_OK;
}

static int keep_all_safety(ocore__allocation *allocation)
{
        int status = OCORE_OK;

        for (size_t i = 0; !status && i < allocation->product_count; i++) {
                const ocore__source_product *product = &allocation->products[i];

                for (size_t n = 0; !status && n < product->shelf_count; n++)
                        status = keep_safety(allocation, &product->shelves[n]);
        }
        return status;
}

/* Where each line's pieces begin, and how many pieces there are in all. */
static size_t find_starts(const ocore__allocation *allocation, deal_start *starts)
{
        size_t count = 0;

        for (size_t i = 0; i < allocation->demand_count; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];
                deal_start at = {demand->taken, 0};

                for (size_t n = demand->first; n < demand->end; n++) {
                        int64_t rest = allocation->order[n]->quantity;

                        starts[allocation->order[n] - allocation->wants] = at;
                        while (rest > 0 && at.taken) {
                                int64_t there = at.taken->quantity - at.used;

                                count++;
                                if (there > rest) {
                                        at.used += rest;
                                        break;
                                }
                                rest -= there;
                                at = (deal_start){at.taken->next, 0};
                        }
                }
        }
        return count;
}

static ocore__source_piece piece_of(const ocore__taken *taken, size_t line, int64_t quantity)
{
        ocore__shelf *shelf = taken->row->shelf;
        ocore__source_piece piece = {.line = line,
                .stock = taken->row->stock,
                .quantity = quantity,
                .reason = taken->reason,
                .floor = taken->row->floor};

        if (shelf->kept_count && !shelf->kept_told) {
                piece.kept = shelf->kept;
                piece.kept_count = shelf->kept_count;
                shelf->kept_told = 1;
        }
        return piece;
}

/* Deals what was chosen out to the lines; a line takes what the one before it left. */
static int deal(ocore__allocation *allocation, ocore__source_piece **out, size_t *out_count)
{
        ocore__arena *arena = allocation->work->arena;
        deal_start *starts =
                ocore__arena_take(arena, (allocation->want_count + 1) * sizeof *starts);
        ocore__source_piece *pieces;
        size_t count = 0;

        if (!starts)
                return OCORE_NOMEM;
        pieces = ocore__arena_take(arena, (find_starts(allocation, starts) + 1) * sizeof *pieces);
        if (!pieces)
                return OCORE_NOMEM;
        for (size_t i = 0; i < allocation->want_count; i++) {
                int64_t rest = allocation->wants[i].quantity;

                while (rest > 0) {
                        const ocore__taken *taken = starts[i].taken;
                        int64_t there = taken->quantity - starts[i].used;
                        int64_t used = there < rest ? there : rest;

                        pieces[count++] = piece_of(taken, i, used);
                        rest -= used;
                        starts[i] = (deal_start){taken->next, 0};
                }
        }
        *out = pieces;
        *out_count = count;
        return OCORE_OK;
}

/* What each line gets when all are placed; *is_settled: wanting just that gives the same. */
static int place_once(ocore__allocation *allocation, int64_t *out, int *is_settled)
{
        int status = ocore__allocation_begin(allocation);

        if (!status)
                status = place_all(allocation);
        *is_settled = 1;
        for (size_t i = 0; i < allocation->want_count; i++)
                out[i] = 0;
        for (size_t i = 0; !status && i < allocation->demand_count; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];
                int64_t rest = demand->got;

                for (size_t n = demand->first; n < demand->end; n++) {
                        const ocore__want_line *want = allocation->order[n];
                        int64_t got = want->quantity < rest ? want->quantity : rest;

                        out[want - allocation->wants] = got;
                        rest -= got;
                }
                if (demand->got < demand->quantity &&
                        allocation->single_end < allocation->group_end)
                        *is_settled = 0; /* a group may prefer another site when it wants less */
        }
        return status;
}

/* Placing less of a group may move it to another site, where others then miss something; so what
 * came out is placed again until it stays. That is so at once but where groups share products. */
int ocore__sourcing_possible(ocore__work *work, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count, int64_t *out)
{
        enum { TRIES = 4 };
        ocore__want_line *less = NULL;
        int is_settled, status;

        for (size_t tries = 0;; tries++) {
                ocore__allocation allocation = {.work = work,
                        .sourcing = sourcing,
                        .wants = less ? less : wants,
                        .want_count = count};

                status = place_once(&allocation, out, &is_settled);
                if (status || is_settled)
                        return status;
                if (!less)
                        less = ocore__arena_take(work->arena, (count + 1) * sizeof *less);
                if (!less)
                        return OCORE_NOMEM;
                for (size_t i = 0; i < count; i++) {
                        int64_t wanted = allocation.wants[i].quantity;

                        less[i] = wants[i];
                        less[i].quantity = tries < TRIES || out[i] == wanted ? out[i] : 0;
                }
        }
}

int ocore__sourcing_choose(ocore__work *work, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count, ocore__source_piece **out, size_t *out_count)
{
        ocore__allocation allocation = {
                .work = work, .sourcing = sourcing, .wants = wants, .want_count = count};
        int status = ocore__allocation_begin(&allocation);

        *out = NULL;
        *out_count = 0;
        if (!status)
                status = place_all(&allocation);
        if (!status)
                status = check_whole(&allocation);
        if (!status)
                status = place_by_strategy(&allocation);
        if (!status)
                status = keep_all_safety(&allocation);
        return status ? status : deal(&allocation, out, out_count);
}

int ocore__allocation_cost(ocore__allocation *allocation, ocore__cost_answer *out)
{
        int status = ocore__allocation_begin(allocation);

        *out = (ocore__cost_answer){0};
        if (!status)
                status = place_all(allocation);
        for (size_t i = 0; !status && i < allocation->demand_count; i++)
                if (allocation->demands[i].got < allocation->demands[i].quantity)
                        return OCORE_OK; /* nothing was chosen by cost */
        return status ? status : ocore__allocate_by_cost(allocation, out);
}
