/*
 * Allocating an order anew. What is allocated and not yet on a pick list is looked at as if it were
 * free, and chosen once more together with what the order waits for; then only the difference is
 * moved. Nothing becomes worse by it: a line that would get less than it has keeps what it has,
 * unless its site is to give nothing more. A site that is closed is left as far as others can give.
 */
#include "allocate_anew.h"

#include "base/sort.h"
#include "engine/procedure.h"

/* What a line has at one place and may exchange. */
typedef struct kept_place {
        ocore__entry *allocation;
        ocore__entry *stock;
        int64_t quantity; /* what may be exchanged */
        int64_t left;     /* of that, what the new choice does not have there */
        int64_t line;
        int fixed; /* the line keeps what it has here */
} kept_place;

typedef struct reallocation {
        ocore__anew anew;
        ocore__order_view view;
        kept_place *places; /* by line, then place */
        size_t place_count;
        int64_t *has;         /* by line − 1: exchangeable units */
        int64_t *keeps;       /* by line − 1: of these, units that stay where they are */
        uint8_t *stuck;       /* by line − 1: it would become worse by exchanging all it has */
        uint8_t *bound_stuck; /* the same by group − 1 of lines that come from one site */
        int64_t *waits;       /* by line − 1: units that may be filled */
        int64_t *filled;      /* by line − 1: units that come true */
} reallocation;

static const ocore_order_line *line_of(const reallocation *all, size_t index)
{
        return ocore__row(all->view.line_at[index]);
}

/* 1 if units of this allocation may be exchanged. */
static int is_exchangeable(const reallocation *all, const ocore_allocation *row)
{
        return row->allocated > 0 &&
               (!all->anew.excluded.size || ocore_str_equal(row->site, all->anew.excluded));
}

/* Which lines are looked at: those with exchangeable units, and those that wait. */
static int look(ocore__work *work, reallocation *all)
{
        size_t places = 0;

        for (ocore__entry *at = ocore__first(all->view.allocations); at; at = ocore__next(at)) {
                const ocore_allocation *row = ocore__row(at);

                if (!is_exchangeable(all, row))
                        continue;
                all->anew.lines[row->line - 1].looked_at = 1;
                places++;
        }
        if (all->anew.excluded.size && !places)
                return ocore__refuse(work, OCORE_STATE, "site",
                        "nothing of the order that could move is allocated at \"%t\"; name another "
                        "site, or none",
                        &all->anew.excluded);
        for (size_t i = 0; i < all->view.line_count; i++)
                if (line_of(all, i)->backordered) {
                        all->anew.lines[i].looked_at = 1;
                        places++;
                }
        if (!places)
                return ocore__refuse(work, OCORE_STATE, "order_id",
                        "nothing of the order can be allocated anew: all of it is on pick lists or "
                        "further");
        return OCORE_OK;
}

static int make_room(ocore__work *work, reallocation *all)
{
        size_t lines = all->view.line_count + 1;
        size_t places = ocore__count(all->view.allocations) + 1;

        all->places = ocore__arena_zero(work->arena, places, sizeof *all->places);
        all->has = ocore__arena_zero(work->arena, lines, sizeof *all->has);
        all->waits = ocore__arena_zero(work->arena, lines, sizeof *all->waits);
        all->keeps = ocore__arena_zero(work->arena, lines, sizeof *all->keeps);
        all->stuck = ocore__arena_zero(work->arena, lines, sizeof *all->stuck);
        all->bound_stuck = ocore__arena_zero(work->arena, lines, sizeof *all->bound_stuck);
        all->filled = ocore__arena_zero(work->arena, lines, sizeof *all->filled);
        return all->places && all->has && all->keeps && all->stuck && all->bound_stuck &&
                               all->waits && all->filled
                       ? OCORE_OK
                       : OCORE_NOMEM;
}

static int note_places(ocore__work *work, reallocation *all)
{
        for (ocore__entry *at = ocore__first(all->view.allocations); at; at = ocore__next(at)) {
                const ocore_allocation *row = ocore__row(at);
                size_t index = (size_t)row->line - 1;
                kept_place *place = &all->places[all->place_count];

                if (!is_exchangeable(all, row))
                        continue;
                *place = (kept_place){.allocation = at,
                        .stock = ocore__stock_entry(work, all->anew.lines[index].stock,
                                line_of(all, index)->sku, row->site, row->lot,
                                line_of(all, index)->scale),
                        .quantity = row->allocated,
                        .line = row->line};
                if (!place->stock)
                        return work->status;
                all->has[index] += row->allocated;
                all->place_count++;
        }
        return OCORE_OK;
}

/* 1 if what a line waits for may be filled from stock: not before a release (of a bundle, for its
 * parts), and not what has been ordered or is being made for it. */
static int may_fill(const ocore__work *work, const reallocation *all, const ocore_backorder *row)
{
        const ocore_product *product = ocore__only(all->anew.lines[row->line - 1].products);
        int is_part = line_of(all, (size_t)row->line - 1)->parent > 0;

        if (!ocore__id_is_none(row->purchase_id) || product->release_us > work->now_us)
                return 0;
        return !(is_part && row->kind == OCORE_BACKORDER_PREORDER && row->wanted_us > work->now_us);
}

static void note_waits(const ocore__work *work, reallocation *all)
{
        for (size_t i = 0; i < all->view.line_count; i++) {
                const ocore__entry *entry = ocore__backorder_of(&all->anew.waits, (int64_t)i + 1);
                const ocore_backorder *row = entry ? ocore__row(entry) : NULL;

                if (row && may_fill(work, all, row))
                        all->waits[i] = row->quantity;
        }
}

/* What may be exchanged is looked at as if it were available (sign 1), and no longer (−1). Nothing
 * has moved in between: the choice sees balances as they will be. */
static int lend(ocore__work *work, const reallocation *all, int sign)
{
        for (size_t i = 0; i < all->place_count; i++) {
                const kept_place *place = &all->places[i];
                ocore_stock *stock;

                if (place->fixed)
                        continue;
                stock = ocore__edit(work, place->stock);
                if (!stock)
                        return work->status;
                if (ocore__add(stock->available, sign * place->quantity, &stock->available))
                        return ocore__torn(work, "order_id",
                                "the balances of \"%t\" cannot be right; verify the store",
                                &stock->sku);
        }
        return OCORE_OK;
}

/* The wants: first what each line has, then what it waits for. Returns how many there are. */
static size_t put_wants(
        const ocore__work *work, const reallocation *all, ocore__want_line *wants, int64_t *lines)
{
        size_t count = 0;

        for (int waiting = 0; waiting < 2; waiting++)
                for (size_t i = 0; i < all->view.line_count; i++) {
                        int64_t quantity = waiting ? all->waits[i] : all->has[i];

                        if (!quantity)
                                continue;
                        lines[count] = (int64_t)i + 1;
                        wants[count++] =
                                ocore__anew_want(work, &all->anew, (int64_t)i + 1, quantity);
                }
        return count;
}

typedef struct choice {
        ocore__want_line *wants;
        int64_t *lines; /* of each want */
        int64_t *possible;
        size_t count;
        size_t own; /* the first wants: what lines have already */
        ocore__source_piece *pieces;
        size_t piece_count;
        const void **order; /* the pieces by line, then place */
} choice;

/* 1 if the new choice can take from a place, so that what a line has there is its best already. */
static int may_give(const ocore__work *work, const reallocation *all, const kept_place *place)
{
        const ocore__sourcing *sourcing = &all->anew.sourcing;
        const ocore_stock *stock = ocore__row(place->stock);
        size_t i = 0;

        while (i < sourcing->site_count && !ocore_str_equal(sourcing->sites[i]->site, stock->site))
                i++;
        return i < sourcing->site_count && ocore__lot_keeps(stock, work->now_us, 0);
}

/* Lines that come from one site are stuck together. */
static void spread_stuck(reallocation *all)
{
        const ocore__one_site *bound = &all->anew.bound;

        for (size_t i = 0; i < bound->group_count; i++)
                all->bound_stuck[i] = 0;
        for (size_t i = 0; i < all->view.line_count && bound->group_count; i++)
                if (bound->group_of[i] && all->stuck[i])
                        all->bound_stuck[bound->group_of[i] - 1] = 1;
        for (size_t i = 0; i < all->view.line_count && bound->group_count; i++)
                if (bound->group_of[i] && all->bound_stuck[bound->group_of[i] - 1])
                        all->stuck[i] = 1;
}

/* Units that stay where they are hold those that come from one site with them. */
static void note_bound(reallocation *all)
{
        size_t n = 0;

        ocore__one_site_clear(&all->anew.bound);
        for (ocore__entry *at = ocore__first(all->view.allocations); at; at = ocore__next(at)) {
                const ocore_allocation *row = ocore__row(at);
                int leaves = is_exchangeable(all, row) && !all->places[n++].fixed;

                ocore__one_site_note(&all->anew.bound, all->anew.catalog.sites, row->line,
                        row->site, ocore__one_site_has(row, leaves ? row->allocated : 0));
        }
}

/* A line that would become worse keeps what it has wherever that may stay, and exchanges the rest
 * as far as there is something for it; but what comes from one site stays as a whole. */
static void fix_stuck(const ocore__work *work, reallocation *all)
{
        for (size_t i = 0; i < all->place_count; i++) {
                kept_place *place = &all->places[i];

                if (place->fixed || !all->stuck[place->line - 1] ||
                        (!ocore__one_site_group(&all->anew.bound, place->line) &&
                                !may_give(work, all, place)))
                        continue;
                place->fixed = 1;
                all->has[place->line - 1] -= place->quantity;
        }
}

/* One look: what could be had. `*worse`: lines are stuck that were not before. */
static int look_once(ocore__work *work, reallocation *all, choice *chosen, int *worse)
{
        int status = lend(work, all, 1);

        *worse = 0;
        note_bound(all);
        chosen->count = put_wants(work, all, chosen->wants, chosen->lines);
        chosen->own = 0;
        for (size_t i = 0; i < all->view.line_count; i++)
                chosen->own += all->has[i] > 0;
        if (!status)
                status = ocore__sourcing_possible(
                        work, &all->anew.sourcing, chosen->wants, chosen->count, chosen->possible);
        for (size_t i = 0; i < chosen->own && !status && !all->anew.excluded.size; i++) {
                uint8_t *stuck = &all->stuck[chosen->lines[i] - 1];

                if (!*stuck && chosen->possible[i] < chosen->wants[i].quantity) {
                        *stuck = 1;
                        *worse = 1;
                }
        }
        if (status || *worse)
                return status ? status : lend(work, all, -1);
        for (size_t i = 0; i < chosen->count; i++)
                chosen->wants[i].quantity = chosen->possible[i];
        status = ocore__sourcing_choose(work, &all->anew.sourcing, chosen->wants, chosen->count,
                &chosen->pieces, &chosen->piece_count);
        return status ? status : lend(work, all, -1);
}

/* Three looks at most: at all lines; with those stuck that would become worse; and, if others
 * would then, with all of them stuck. */
static int choose(ocore__work *work, reallocation *all, choice *chosen)
{
        size_t room = 2 * all->view.line_count + 1;
        int worse = 1, status = OCORE_OK;

        chosen->wants = ocore__arena_take(work->arena, room * sizeof *chosen->wants);
        chosen->lines = ocore__arena_take(work->arena, room * sizeof *chosen->lines);
        chosen->possible = ocore__arena_zero(work->arena, room, sizeof *chosen->possible);
        if (!chosen->wants || !chosen->lines || !chosen->possible)
                return OCORE_NOMEM;
        for (int round = 1; worse && !status; round++) {
                status = look_once(work, all, chosen, &worse);
                for (size_t i = 0; i < all->view.line_count && worse && round > 1; i++)
                        all->stuck[i] = 1;
                if (worse) {
                        spread_stuck(all);
                        fix_stuck(work, all);
                }
        }
        for (size_t i = 0; i < chosen->own && !status; i++)
                all->keeps[chosen->lines[i] - 1] =
                        all->has[chosen->lines[i] - 1] - chosen->possible[i];
        return status;
}

/* From here on a piece names its order line. Rows that come in the order of their keys are found
 * and placed without a search. */
static int sort_pieces(ocore__work *work, reallocation *all, choice *chosen)
{
        chosen->order =
                ocore__arena_take(work->arena, (chosen->piece_count + 1) * sizeof *chosen->order);
        if (!chosen->order)
                return OCORE_NOMEM;
        for (size_t i = 0; i < chosen->piece_count; i++) {
                ocore__source_piece *piece = &chosen->pieces[i];
                int64_t line = chosen->lines[piece->line];

                if (piece->line >= chosen->own)
                        all->filled[line - 1] += piece->quantity;
                piece->line = (size_t)line;
                chosen->order[i] = piece;
        }
        ocore__sort(chosen->order, chosen->piece_count, ocore__source_by_place);
        return OCORE_OK;
}

/* Pieces where a line has units already are not moved: they are taken off both sides, in one walk
 * over both, as both stand in the order of lines and places. */
static void match(reallocation *all, const choice *chosen)
{
        size_t n = 0;

        for (size_t i = 0; i < all->place_count; i++) {
                kept_place *place = &all->places[i];
                const ocore__source_piece key = {
                        .line = (size_t)place->line, .stock = place->stock};

                if (place->fixed)
                        continue;
                place->left = place->quantity;
                for (; n < chosen->piece_count; n++) {
                        const ocore__source_piece *at = chosen->order[n];
                        ocore__source_piece *piece = &chosen->pieces[at - chosen->pieces];
                        int64_t same;

                        if (piece->line != key.line || piece->stock != key.stock) {
                                if (ocore__source_by_place(piece, &key) > 0)
                                        break;
                                continue;
                        }
                        same = place->left < piece->quantity ? place->left : piece->quantity;
                        place->left -= same;
                        piece->quantity -= same;
                }
        }
}

/* What the new choice has not got there is available again; but for what there is nothing else. */
static int give_back(ocore__work *work, const reallocation *all)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < all->place_count && !status; i++) {
                kept_place *place = &all->places[i];
                int64_t *keeps = &all->keeps[place->line - 1];
                int64_t stays = place->left < *keeps ? place->left : *keeps;
                ocore_allocation *row;

                if (all->anew.excluded.size)
                        stays = 0; /* it gives nothing more: the line waits instead */
                place->left -= stays;
                *keeps -= stays;
                if (!place->left)
                        continue;
                row = ocore__edit(work, place->allocation);
                if (!row)
                        return work->status;
                row->allocated -= place->left;
                status = ocore__stock_shift(work, place->stock, OCORE_BUCKET_ALLOCATED,
                        OCORE_BUCKET_AVAILABLE, place->left, row->order_id, (ocore_str){0});
        }
        return status ? status : work->status;
}

static int take_pieces(ocore__work *work, reallocation *all, const choice *chosen)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < chosen->piece_count && !status; i++) {
                const ocore__source_piece *piece = chosen->order[i];

                status = ocore__anew_take(work, &all->anew, (int64_t)piece->line, piece);
        }
        return status;
}

/* What waits less now, and what waits because its site gives nothing more. */
static int settle_queue(ocore__work *work, reallocation *all)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < all->view.line_count && !status; i++)
                if (all->filled[i])
                        status = ocore__backorder_less(
                                work, &all->anew.waits, all->view.line_at[i], all->filled[i]);
        for (size_t i = 0; i < all->view.line_count && !status; i++)
                if (all->keeps[i])
                        status = ocore__anew_wait(work, &all->anew, (int64_t)i + 1, all->keeps[i]);
        return status;
}

static int reallocate(ocore__work *work, reallocation *all)
{
        choice chosen = {.count = 0};
        int status = note_places(work, all);

        if (status)
                return status;
        note_waits(work, all);
        status = choose(work, all, &chosen);
        if (status)
                return status;
        status = sort_pieces(work, all, &chosen);
        if (status)
                return status;
        match(all, &chosen);
        status = give_back(work, all);
        if (!status)
                status = take_pieces(work, all, &chosen);
        if (!status)
                status = settle_queue(work, all);
        if ((status == OCORE_OUT_OF_STOCK || status == OCORE_OVERFLOW) && !ocore__refused(work))
                status = ocore__torn(work, "order_id",
                        "the balances do not hold what the order says; verify the store");
        return status;
}

static int order_reallocate(ocore__work *work, const void *args, const void **answer)
{
        const ocore_order_reallocate_request *request = args;
        reallocation all = {.place_count = 0};
        const ocore_order *order = NULL;
        int64_t state;
        int status = ocore__order_want(work, request->order_id, &all.view);

        all.anew.excluded = request->site;
        if (!status)
                status = ocore__anew_consult(work, &all.anew);
        if (!status)
                status = ocore__order_fetch(work, &all.view, OCORE_STEP_ALLOCATE, &order, &state);
        if (!status)
                status = ocore__anew_begin(work, &all.view, &all.anew);
        if (!status)
                status = make_room(work, &all);
        if (!status)
                status = look(work, &all);
        if (!status)
                status = ocore__anew_read(work, &all.anew);
        if (!status)
                status = reallocate(work, &all);
        if (status)
                return status;
        ocore__order_touch(work, &all.view, OCORE_EVENT_ORDER_REALLOCATED, request->reason);
        status = work->status;
        if (!status)
                status = ocore__order_index(work, &all.view);
        if (!status)
                status = ocore__order_snapshot(work, &all.view, &order);
        *answer = order;
        return status;
}

static const ocore_field reallocate_fields[] = {
        OCORE__FIELD_KEY(ocore_order_reallocate_request),
        OCORE__FIELD(
                ocore_order_reallocate_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD_CODE(ocore_order_reallocate_request, site, 0,
                "only what is allocated here moves away; default: everything is looked at"),
        OCORE__FIELD(ocore_order_reallocate_request, reason, TEXT,
                OCORE_FIELD_FREE | OCORE_FIELD_LINES, "why"),
};
const ocore_record ocore__order_reallocate_request =
        OCORE__RECORD("order_reallocate", ocore_order_reallocate_request, reallocate_fields, 0);

const ocore__procedure ocore__order_reallocate = {
        &ocore__order_reallocate_request, &ocore__order_record, order_reallocate, OCORE__COMMAND};

OCORE__PUBLIC(ocore_order_reallocate, ocore_order_reallocate_request, ocore_order,
        ocore__order_reallocate)
