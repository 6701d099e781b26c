/*
 * The queue of what is not there yet, as one order sees it: its entries and their promises. Who
 * places, cancels, receives or promises anew changes them only here, so that a line, its entry in
 * the queue, the pegs of that entry and the supplies they stand for always agree.
 */
#include "backorder.h"

#include "base/sort.h"

#include <assert.h>
#include <stddef.h>

int ocore__backorder_want(ocore__work *work, ocore_id order_id, ocore__backorder_view *out)
{
        const ocore_cell id = ocore__cell_id(order_id);
        int status;

        *out = (ocore__backorder_view){0};
        status = ocore__want(work, &ocore__backorder_table, id, &out->backorders);
        return status ? status : ocore__want(work, &ocore__peg_table, id, &out->pegs);
}

static int make_index(ocore__work *work, size_t line_count, ocore__backorder_view *view)
{
        view->line_count = line_count;
        view->backorder_at = ocore__arena_zero(work->arena, line_count + 1, sizeof(ocore__entry *));
        view->peg_at = ocore__arena_zero(work->arena, line_count + 1, sizeof(ocore__entry *));
        return view->backorder_at && view->peg_at ? OCORE_OK : OCORE_NOMEM;
}

int ocore__backorder_own(
        ocore__work *work, ocore_id order_id, size_t line_count, ocore__backorder_view *out)
{
        const ocore_cell id = ocore__cell_id(order_id);
        int status;

        *out = (ocore__backorder_view){0};
        status = ocore__staged(work, &ocore__backorder_table, id, &out->backorders);
        if (!status)
                status = ocore__staged(work, &ocore__peg_table, id, &out->pegs);
        return status ? status : make_index(work, line_count, out);
}

int ocore__backorder_want_for(
        ocore__work *work, const ocore__order_view *order, ocore__backorder_view *out)
{
        ocore_id order_id = ((const ocore_order *)ocore__only(order->orders))->id;
        int waits = 0, status = OCORE_OK;

        for (size_t i = 0; i < order->line_count && !status; i++) {
                const ocore_order_line *line = ocore__row(order->line_at[i]);
                ocore__group *supplies;

                if (!line->backordered)
                        continue;
                waits = 1;
                status = ocore__want(
                        work, &ocore__supply_table, ocore__cell_text(line->sku), &supplies);
        }
        if (status)
                return status;
        return waits ? ocore__backorder_want(work, order_id, out)
                     : ocore__backorder_own(work, order_id, order->line_count, out);
}

/* The queue, and then the pegs, may have been read later than the order. */
static int refuse_queue(ocore__work *work, int64_t line)
{
        return ocore__torn(work, "order_id",
                "what line %d waits for cannot be right; verify the store", &line);
}

/* The entries of the queue: each of a line that says it waits for as much. */
static int index_entries(
        ocore__work *work, const ocore__order_view *order, ocore__backorder_view *view)
{
        for (ocore__entry *at = ocore__first(view->backorders); at; at = ocore__next(at)) {
                const ocore_backorder *row = ocore__row(at);
                ocore__entry *entry = ocore__order_line_entry(order, row->line);
                const ocore_order_line *line = entry ? ocore__row(entry) : NULL;

                if (!line || row->quantity <= 0 || row->quantity != line->backordered ||
                        row->scale != line->scale || !ocore_str_equal(row->sku, line->sku))
                        return refuse_queue(work, row->line);
                view->backorder_at[row->line - 1] = at;
        }
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(order->line_at[i]);

                if (line->backordered && !view->backorder_at[i])
                        return refuse_queue(work, line->number);
        }
        return OCORE_OK;
}

/* The pegs: together no more than what their line waits for. */
static int index_pegs(ocore__work *work, ocore__backorder_view *view)
{
        int64_t line = 0, left = 0;

        for (ocore__entry *at = ocore__first(view->pegs); at; at = ocore__next(at)) {
                const ocore__peg *peg = ocore__row(at);
                ocore__entry *entry = ocore__backorder_of(view, peg->line);
                const ocore_backorder *row = entry ? ocore__row(entry) : NULL;

                if (row && peg->line != line) {
                        line = peg->line;
                        left = row->quantity;
                        view->peg_at[line - 1] = at;
                }
                if (!row || peg->quantity <= 0 || peg->quantity > left ||
                        peg->scale != row->scale || !ocore_str_equal(peg->sku, row->sku))
                        return refuse_queue(work, peg->line);
                left -= peg->quantity;
        }
        return OCORE_OK;
}

int ocore__backorder_found(
        ocore__work *work, const ocore__order_view *order, ocore__backorder_view *view)
{
        int status = make_index(work, order->line_count, view);

        if (!status)
                status = index_entries(work, order, view);
        return status ? status : index_pegs(work, view);
}

ocore__entry *ocore__backorder_of(const ocore__backorder_view *view, int64_t line)
{
        ocore__entry *entry = line >= 1 && line <= (int64_t)view->line_count
                                      ? view->backorder_at[line - 1]
                                      : NULL;

        return entry && ocore__row(entry) ? entry : NULL;
}

int64_t ocore__backorder_expected(const ocore__backorder_view *view, int64_t line)
{
        const ocore__entry *entry = ocore__backorder_of(view, line);

        return entry ? ((const ocore_backorder *)ocore__row(entry))->expected_us : 0;
}

/* The peg itself, or the next one behind it that is of the line; NULL: none. */
static ocore__entry *of_line(ocore__entry *entry, int64_t line)
{
        entry = entry ? ocore__present(entry) : NULL;
        return entry && ((const ocore__peg *)ocore__row(entry))->line == line ? entry : NULL;
}

static ocore__entry *first_peg(const ocore__backorder_view *view, int64_t line)
{
        return of_line(view->peg_at[line - 1], line);
}

static ocore__entry *next_peg(const ocore__entry *entry)
{
        return of_line(entry->next, ((const ocore__peg *)entry->key)->line);
}

/* The fetched supplies of a sku. */
static ocore__group *supplies_of(ocore__work *work, ocore_str sku)
{
        ocore__group *supplies;

        if (ocore__staged(work, &ocore__supply_table, ocore__cell_text(sku), &supplies)) {
                work->status = OCORE_NOMEM;
                return NULL;
        }
        assert(supplies->loaded); /* whoever lets an order wait reads what it may wait for */
        return supplies;
}

/* Where to look for the supplies of a line's pegs; a line without any passes none. */
static ocore__entry *first_supply(
        const ocore__backorder_view *view, int64_t line, const ocore__group *supplies)
{
        return supplies && first_peg(view, line) ? ocore__first(supplies) : NULL;
}

/* The supply of a peg. The pegs of a line and the supplies of a sku both stand by source and
 * number: the caller's `*at` walks along. NULL: the supplies were read before the peg, or the store
 * lost it; what was promised must not be forgotten with it. */
static ocore__entry *supply_of(ocore__work *work, ocore__entry **at, const ocore__peg *peg)
{
        for (; *at; *at = ocore__next(*at)) {
                const ocore_supply *supply = ocore__row(*at);
                int order = ocore__id_compare(supply->source_id, peg->source_id);

                if (!order && supply->number == peg->number)
                        return *at;
                if (order > 0 || (!order && supply->number > peg->number))
                        break;
        }
        work->status = ocore__torn(work, "order_id",
                "what line %d is promised is no supply of \"%t\"; verify the store", &peg->line,
                &peg->sku);
        return NULL;
}

/* Dates that others move meanwhile were not told to this order: then it is decided anew. */
static int rely_on_dates(ocore__work *work, const ocore__backorder_view *view, int64_t line,
        const ocore__group *supplies)
{
        ocore__entry *walk = first_supply(view, line, supplies);

        for (ocore__entry *at = first_peg(view, line); at; at = next_peg(at)) {
                ocore__entry *supply = supply_of(work, &walk, ocore__row(at));

                if (!supply)
                        return work->status;
                ocore__exact(work, supply); /* an add alone would compare no revision */
        }
        return OCORE_OK;
}

/* When the whole entry is expected: the last of its pegs, if they cover it. A preorder is never
 * expected before the customer may have it. */
static int note_expected(ocore__work *work, const ocore__backorder_view *view, ocore__entry *entry)
{
        const ocore_backorder *row = ocore__row(entry);
        const ocore__group *supplies = supplies_of(work, row->sku);
        ocore__entry *walk = first_supply(view, row->line, supplies);
        int64_t left = row->quantity, last_us = 0;
        ocore_backorder *changed;

        if (!supplies)
                return work->status;
        for (ocore__entry *at = first_peg(view, row->line); at; at = next_peg(at)) {
                const ocore__peg *peg = ocore__row(at);
                const ocore__entry *supply = supply_of(work, &walk, peg);
                const ocore_supply *there = supply ? ocore__row(supply) : NULL;

                if (!there)
                        return work->status;
                if (!there->due_us)
                        continue; /* nobody knows when: as if it were not promised */
                left -= peg->quantity;
                if (there->due_us > last_us)
                        last_us = there->due_us;
        }
        if (last_us < row->wanted_us && row->kind == OCORE_BACKORDER_PREORDER)
                last_us = row->wanted_us;
        if (left)
                last_us = 0;
        else if (rely_on_dates(work, view, row->line, supplies))
                return work->status;
        if (row->expected_us == last_us)
                return OCORE_OK;
        changed = ocore__edit(work, entry);
        if (!changed)
                return work->status;
        changed->expected_us = last_us;
        return OCORE_OK;
}

/* Pieces of a promise in the order of their pegs' keys: rows that come in order are placed at the
 * end of their group at once. */
static int by_source(const void *a, const void *b)
{
        const ocore_supply *x = ocore__row(((const ocore__promised *)a)->supply);
        const ocore_supply *y = ocore__row(((const ocore__promised *)b)->supply);
        int order = ocore__id_compare(x->source_id, y->source_id);

        return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Whoever changes the pegs of a line writes its entry in the queue as well, so that another who
 * rests on that entry, and read other pegs, is refused. */
static int mark_pegged(ocore__work *work, const ocore__backorder_view *view, int64_t line)
{
        ocore__entry *entry = ocore__backorder_of(view, line);

        if (!entry)
                return refuse_queue(work, line);
        return ocore__edit(work, entry) ? OCORE_OK : work->status;
}

static int put_peg(ocore__work *work, ocore__backorder_view *view, const ocore_backorder *row,
        const ocore__promised *piece)
{
        const ocore_supply *supply = ocore__row(piece->supply);
        const ocore__peg peg = {row->order_id, row->line, supply->source_id, supply->number,
                row->sku, row->scale, 0};
        ocore__entry *entry = ocore__entry_for(work, &ocore__peg_table, &peg);
        ocore__peg *changed = entry ? ocore__edit(work, entry) : NULL;
        ocore__entry **first = &view->peg_at[row->line - 1];

        if (!changed)
                return work->status;
        if (!*first || ocore__row_compare_within(&ocore__peg_table, entry->key, (*first)->key) < 0)
                *first = entry;
        if (ocore__add(changed->quantity, piece->quantity, &changed->quantity))
                return OCORE_OVERFLOW;
        return mark_pegged(work, view, row->line);
}

/* What of an entry nobody has promised yet. */
static int64_t unpegged(const ocore__backorder_view *view, const ocore_backorder *row)
{
        int64_t left = row->quantity;

        for (ocore__entry *at = first_peg(view, row->line); at; at = next_peg(at))
                left -= ((const ocore__peg *)ocore__row(at))->quantity;
        return left;
}

/* What is made or sent for one order comes only from what was ordered for it; before that is drawn
 * up there is nothing to promise. */
static int is_arranged(const ocore_backorder *row)
{
        return row->kind == OCORE_BACKORDER_DROP_SHIP || row->kind == OCORE_BACKORDER_MAKE_TO_ORDER;
}

int ocore__backorder_peg(ocore__work *work, ocore__backorder_view *view, ocore__entry *backorder,
        ocore__group *supplies)
{
        const ocore_backorder *row = ocore__row(backorder);
        int64_t wanted = unpegged(view, row), left, last_us;
        ocore_id source_id = is_arranged(row) ? row->purchase_id : (ocore_id){{0}};
        ocore__promised *pieces = NULL;
        const void **order;
        size_t count = 0;
        int status = OCORE_OK;

        if (wanted && !(is_arranged(row) && ocore__id_is_none(source_id)))
                status = ocore__supply_promise(work, supplies, source_id, view->bar, wanted, 0,
                        &pieces, &count, &left, &last_us);
        order = ocore__arena_take(work->arena, (count + 1) * sizeof *order);
        if (!order)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++)
                order[i] = &pieces[i];
        ocore__sort(order, count, by_source);
        for (size_t i = 0; i < count && !status; i++)
                status = put_peg(work, view, row, order[i]);
        return status ? status : note_expected(work, view, backorder);
}

int ocore__backorder_peg_from(ocore__work *work, ocore__backorder_view *view,
        ocore__entry *backorder, const ocore__promised *pieces, size_t count)
{
        const ocore_backorder *row = ocore__row(backorder);
        int64_t left = unpegged(view, row);
        int status = OCORE_OK;

        for (size_t i = 0; i < count && !status; i++) {
                ocore_supply *supply = ocore__edit(work, pieces[i].supply);

                if (!supply)
                        return work->status;
                if (pieces[i].quantity > supply->unpromised || pieces[i].quantity > left)
                        return OCORE_CONFLICT;
                left -= pieces[i].quantity;
                supply->unpromised -= pieces[i].quantity;
                ocore__exact(work, pieces[i].supply); /* the plan rests on its date */
                status = put_peg(work, view, row, &pieces[i]);
        }
        return status ? status : note_expected(work, view, backorder);
}

/* Takes `quantity` off a peg, and gives it back to its supply. */
static int loosen(ocore__work *work, ocore__entry *supply, ocore__entry *entry, int64_t quantity)
{
        const ocore__peg *peg = ocore__row(entry);
        int status = ocore__supply_unpromise(work, supply, quantity);
        ocore__peg *changed;

        if (status)
                return status;
        if (peg->quantity == quantity) {
                ocore__remove(work, entry);
                return OCORE_OK;
        }
        changed = ocore__edit(work, entry);
        if (!changed)
                return work->status;
        changed->quantity -= quantity;
        return OCORE_OK;
}

typedef struct loose_peg {
        ocore__entry *entry;
        ocore__entry *supply;
        int64_t due_us; /* INT64_MAX: nobody knows, or more was promised than comes */
} loose_peg;

static int latest_first(const void *a, const void *b)
{
        const loose_peg *x = a, *y = b;
        int order = (x->due_us < y->due_us) - (x->due_us > y->due_us);

        return order ? order
                     : ocore__row_compare_within(&ocore__peg_table, x->entry->key, y->entry->key);
}

/* When a supply comes that can keep its promises. */
static int64_t kept_us(const ocore__entry *entry)
{
        const ocore_supply *supply = ocore__row(entry);

        return supply->due_us && supply->unpromised >= 0 ? supply->due_us : INT64_MAX;
}

/* Gives `quantity` of a line's promises back: first what came already or will never come (a
 * supply that owes more than is expected of it), then what comes last. */
static int loosen_line(ocore__work *work, const ocore__backorder_view *view,
        const ocore_backorder *row, int64_t quantity)
{
        const ocore__group *supplies = supplies_of(work, row->sku);
        ocore__entry *walk = first_supply(view, row->line, supplies);
        size_t count = 0, room = 0;
        loose_peg *pegs;
        const void **order;
        int status = OCORE_OK;

        for (ocore__entry *at = first_peg(view, row->line); at; at = next_peg(at))
                room++;
        pegs = ocore__arena_take(work->arena, (room + 1) * sizeof *pegs);
        order = ocore__arena_take(work->arena, (room + 1) * sizeof *order);
        if (!supplies || !pegs || !order)
                return OCORE_NOMEM;
        for (ocore__entry *at = first_peg(view, row->line); at; at = next_peg(at)) {
                ocore__entry *supply = supply_of(work, &walk, ocore__row(at));

                if (!supply)
                        return work->status;
                pegs[count] = (loose_peg){at, supply, kept_us(supply)};
                order[count] = &pegs[count];
                count++;
        }
        ocore__sort(order, count, latest_first);
        for (size_t i = 0; i < count && quantity > 0 && !status; i++) {
                const loose_peg *peg = order[i];
                int64_t part = ((const ocore__peg *)ocore__row(peg->entry))->quantity;

                part = part < quantity ? part : quantity;
                quantity -= part;
                status = loosen(work, peg->supply, peg->entry, part);
        }
        view->peg_at[row->line - 1] =
                first_peg(view, row->line); /* nobody passes the others again */
        return status || !count ? status : mark_pegged(work, view, row->line);
}

int ocore__backorder_unpeg(
        ocore__work *work, const ocore__backorder_view *view, ocore__entry *backorder)
{
        int status = loosen_line(work, view, ocore__row(backorder), INT64_MAX);

        return status ? status : note_expected(work, view, backorder);
}

int ocore__backorder_add(ocore__work *work, ocore__backorder_view *view, ocore__entry *line,
        const ocore_backorder *like, int64_t quantity)
{
        ocore_order_line *waiting = ocore__edit(work, line);
        ocore_backorder row = *like, *changed;
        ocore__entry *entry;
        ocore__group *supplies = waiting ? supplies_of(work, waiting->sku) : NULL;

        if (!supplies || !quantity)
                return work->status;
        if (ocore__add(waiting->backordered, quantity, &waiting->backordered))
                return OCORE_OVERFLOW;
        row.order_id = waiting->order_id;
        row.line = waiting->number;
        row.sku = waiting->sku;
        row.scale = waiting->scale;
        row.quantity = row.expected_us = 0;
        entry = ocore__backorder_of(view, waiting->number);
        if (!entry)
                entry = ocore__entry_for(work, &ocore__backorder_table, &row);
        changed = entry ? ocore__edit(work, entry) : NULL;
        if (!changed)
                return work->status;
        changed->quantity = waiting->backordered;
        view->backorder_at[waiting->number - 1] = entry;
        return ocore__backorder_peg(work, view, entry, supplies);
}

int ocore__backorder_less(
        ocore__work *work, const ocore__backorder_view *view, ocore__entry *line, int64_t quantity)
{
        ocore_order_line *waiting = ocore__edit(work, line);
        ocore__entry *entry = waiting ? ocore__backorder_of(view, waiting->number) : NULL;
        ocore_backorder *row = entry ? ocore__edit(work, entry) : NULL;
        int64_t excess;
        int status = OCORE_OK;

        if (work->status)
                return work->status;
        if (!row || quantity > row->quantity)
                return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                        "line %d waits for less than is to be taken off; verify the store",
                        &waiting->number);
        waiting->backordered -= quantity;
        row->quantity -= quantity;
        excess = -unpegged(view, row);
        if (excess > 0)
                status = loosen_line(work, view, row, excess);
        if (status)
                return status;
        if (row->quantity)
                return note_expected(work, view, entry);
        ocore__remove(work, entry);
        return OCORE_OK;
}

int ocore__backorder_fill(ocore__work *work, const ocore__backorder_view *view, ocore__entry *line,
        ocore__entry *stock, int64_t from_bucket, int64_t quantity)
{
        ocore_id order_id = ((const ocore_order_line *)ocore__row(line))->order_id;
        int status = ocore__backorder_less(work, view, line, quantity);

        if (!status && from_bucket == OCORE_BUCKET_AVAILABLE)
                status = ocore__stock_shift(work, stock, from_bucket, OCORE_BUCKET_ALLOCATED,
                        quantity, order_id, (ocore_str){0});
        else if (!status)
                status = ocore__stock_take_in(work, stock, from_bucket, OCORE_BUCKET_ALLOCATED,
                        quantity, order_id, (ocore_str){0});
        return status ? status
                      : ocore__allocation_add(work, ocore__row(line), ocore__row(stock),
                                OCORE_ALLOCATED_FROM_SUPPLY, quantity);
}

int ocore__allocation_add(ocore__work *work, const ocore_order_line *line, const ocore_stock *place,
        int64_t reason, int64_t quantity)
{
        const ocore_allocation row = {.order_id = line->order_id,
                .line = line->number,
                .site = place->site,
                .lot = place->lot,
                .reason = reason};
        ocore__entry *entry = ocore__entry_for(work, &ocore__allocation_table, &row);
        ocore_allocation *allocation = entry ? ocore__edit(work, entry) : NULL;

        if (!allocation)
                return work->status;
        return ocore__add(allocation->allocated, quantity, &allocation->allocated);
}
