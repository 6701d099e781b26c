/* An order as commands and answers see it: loading, finding, changing, and its snapshot. */
#include "order_room.h"

int ocore__order_want(ocore__work *work, ocore_id order_id, ocore__order_view *out)
{
        const ocore_cell id = ocore__cell_id(order_id);
        int status = ocore__want(work, &ocore__order_table, id, &out->orders);

        if (!status)
                status = ocore__want(work, &ocore__order_line_table, id, &out->lines);
        if (!status)
                status = ocore__want(work, &ocore__allocation_table, id, &out->allocations);
        return status ? status : ocore__want(work, &ocore__payment_table, id, &out->payments);
}

int ocore__order_own(ocore__work *work, ocore_id order_id, ocore__order_view *out)
{
        const ocore_cell id = ocore__cell_id(order_id);
        int status = ocore__staged(work, &ocore__order_table, id, &out->orders);

        if (!status)
                status = ocore__staged(work, &ocore__order_line_table, id, &out->lines);
        if (!status)
                status = ocore__staged(work, &ocore__allocation_table, id, &out->allocations);
        return status ? status : ocore__staged(work, &ocore__payment_table, id, &out->payments);
}

/* What is left of the order's own numbers when its lines are taken off, one by one. */
typedef struct order_rest {
        int64_t total_minor;
        int64_t tax_minor;
} order_rest;

/* Takes `part` off, as long as there is enough. Both are zero or more. */
static int take_off(int64_t *rest, int64_t part)
{
        if (part > *rest)
                return 0;
        *rest -= part;
        return 1;
}

/* 1 if the numbers of a line can be right: so that whatever is computed from them stays in 64 bits,
 * though the store may be hostile. None of them is below zero. */
static int line_credible(const ocore_order_line *line, order_rest *rest)
{
        int64_t left = line->quantity;

        return line->quantity > 0 && line->capped <= left && line->preordered <= left &&
               take_off(&left, line->cancelled) && line->refunded <= left &&
               line->returned <= left &&
               line->shipping_refunded <= line->cancelled + line->refunded &&
               take_off(&rest->total_minor, line->total_minor) &&
               take_off(&rest->total_minor, line->shipping_minor) &&
               take_off(&rest->tax_minor, line->tax_minor) &&
               take_off(&rest->tax_minor, line->shipping_tax_minor);
}

/* Each unit of a line is in one place at most. `left` is what the allocations before this left. */
static int allocation_credible(const ocore_allocation *row, int64_t *left)
{
        return take_off(left, row->allocated) && take_off(left, row->released) &&
               take_off(left, row->picked) && take_off(left, row->packed) &&
               take_off(left, row->shipped) && take_off(left, row->delivered);
}

/* 1 if the line is no part of a bundle, or is as much of one as the bundle's line says. */
static int part_credible(const ocore__order_view *view, const ocore_order_line *line)
{
        const ocore_order_line *bundle;
        int64_t quantity;

        if (!line->parent)
                return !line->per_parent;
        if (line->parent >= line->number || line->per_parent <= 0)
                return 0;
        bundle = ocore__row(view->line_at[line->parent - 1]);
        return ocore__line_is_bundle(bundle) &&
               !ocore__multiply(bundle->quantity, line->per_parent, &quantity) &&
               quantity == line->quantity;
}

static int check_units(ocore__work *work, const ocore__order_view *view)
{
        const ocore_order *order = ocore__only(view->orders);
        order_rest rest = {order->total_minor, order->tax_minor};

        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);
                int64_t left = line->quantity;
                int good = line_credible(line, &rest) && part_credible(view, line) &&
                           take_off(&left, line->cancelled) && take_off(&left, line->backordered) &&
                           take_off(&left, line->performed);

                for (ocore__entry *entry = view->allocation_at[i]; entry && good;
                        entry = ocore__next(entry)) {
                        const ocore_allocation *row = ocore__row(entry);

                        if (row->line != line->number)
                                break;
                        good = allocation_credible(row, &left);
                }
                if (!good)
                        return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                                "the numbers of line %d cannot be right; verify the store",
                                &line->number);
        }
        return OCORE_OK;
}

int ocore__order_index(ocore__work *work, ocore__order_view *view)
{
        size_t count = ocore__count(view->lines), i = 0;

        view->line_count = count;
        view->line_at = ocore__arena_zero(work->arena, count + 1, sizeof(ocore__entry *));
        view->allocation_at = ocore__arena_zero(work->arena, count + 1, sizeof(ocore__entry *));
        if (!view->line_at || !view->allocation_at)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(view->lines); entry; entry = ocore__next(entry))
                view->line_at[i++] = entry;
        for (i = 0; i < count; i++) /* lines are never removed, so numbers have no gaps */
                if (((const ocore_order_line *)ocore__row(view->line_at[i]))->number !=
                        (int64_t)i + 1)
                        return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                                "a line of the order is missing; verify the store");
        for (ocore__entry *entry = ocore__first(view->allocations); entry;
                entry = ocore__next(entry)) {
                const ocore_allocation *row = ocore__row(entry);

                if (row->line < 1 || row->line > (int64_t)count)
                        return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                                "an allocation is of no line; verify the store");
                if (!view->allocation_at[row->line - 1])
                        view->allocation_at[row->line - 1] = entry;
        }
        return check_units(work, view);
}

/* The queue was read later than the lines: others may have filled it in between. */
static int check_queue(
        ocore__work *work, const ocore__order_view *view, const ocore__group *backorders)
{
        ocore__entry *at = ocore__first(backorders);

        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);
                const ocore_backorder *row = at ? ocore__row(at) : NULL;
                int64_t waits = row && row->line == line->number ? row->quantity : 0;

                if (waits != line->backordered)
                        return ocore__torn(work, "order_id",
                                "what line %d waits for cannot be right; verify the store",
                                &line->number);
                at = waits ? ocore__next(at) : at;
        }
        return OCORE_OK;
}

/* What an order waits for belongs to its snapshot; one that waits for nothing costs no read. */
static int read_backorders(ocore__work *work, const ocore__order_view *view)
{
        const ocore_order *order = ocore__only(view->orders);
        ocore__group *backorders;
        int waits = 0, status;

        for (size_t i = 0; i < view->line_count && !waits; i++)
                waits = ((const ocore_order_line *)ocore__row(view->line_at[i]))->backordered > 0;
        if (!waits)
                return OCORE_OK;
        status = ocore__want(work, &ocore__backorder_table, ocore__cell_id(order->id), &backorders);
        if (!status)
                status = ocore__fetch(work);
        return status ? status : check_queue(work, view, backorders);
}

int ocore__order_found(ocore__work *work, ocore__order_view *view, const ocore_order **out)
{
        int status;

        *out = ocore__only(view->orders);
        if (!*out)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "order_id", "there is no such order; check the id");
        status = ocore__order_index(work, view);
        return status ? status : read_backorders(work, view);
}

int ocore__order_fetch(ocore__work *work, ocore__order_view *view, int64_t step,
        const ocore_order **out, int64_t *out_state)
{
        int status = ocore__fetch(work);

        *out = NULL;
        if (!status)
                status = ocore__order_found(work, view, out);
        return status ? status : ocore__order_step_check(work, *out, step, out_state);
}

ocore__entry *ocore__order_line_entry(const ocore__order_view *view, int64_t number)
{
        return number >= 1 && number <= (int64_t)view->line_count ? view->line_at[number - 1]
                                                                  : NULL;
}

ocore_order *ocore__order_touch(
        ocore__work *work, const ocore__order_view *view, int64_t event, ocore_str detail)
{
        ocore__entry *entry = ocore__first(view->orders);
        int first = !entry->pending;
        ocore_order *order = ocore__edit(work, entry);

        if (!order)
                return NULL;
        if (first)
                order->version++;
        order->event_count++;
        ocore__event(work, order->id, order->event_count, event, detail);
        return order;
}

int ocore__order_complete_if_done(ocore__work *work, const ocore__order_view *view)
{
        const ocore_order *row = ocore__only(view->orders);
        ocore_order *order;
        int64_t arrived = 0, next;

        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);
                ocore__line_units units;

                ocore__line_units_of(view, line, &units);
                if (units.arrived + line->cancelled != line->quantity)
                        return OCORE_OK;
                arrived |= units.arrived;
        }
        if (!arrived || ocore__order_step(row->state, OCORE_STEP_COMPLETE, &next))
                return OCORE_OK;
        order = ocore__order_touch(work, view, OCORE_EVENT_ORDER_COMPLETED, (ocore_str){0});
        if (!order)
                return OCORE_NOMEM;
        order->state = next;
        return OCORE_OK;
}

int ocore__bundle_perform(ocore__work *work, const ocore__order_view *view)
{
        int64_t *whole = ocore__arena_take(work->arena, (view->line_count + 1) * sizeof *whole);

        if (!whole)
                return OCORE_NOMEM;
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);
                ocore__line_units units;
                int64_t bundles;

                whole[i] = line->quantity - line->cancelled;
                if (!line->parent)
                        continue;
                ocore__line_units_of(view, line, &units);
                bundles = units.arrived / line->per_parent;
                if (bundles < whole[line->parent - 1])
                        whole[line->parent - 1] = bundles;
        }
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);
                ocore_order_line *changed;

                if (!ocore__line_is_bundle(line) || line->performed == whole[i])
                        continue;
                changed = ocore__edit(work, view->line_at[i]);
                if (!changed)
                        return OCORE_NOMEM;
                changed->performed = whole[i];
        }
        return OCORE_OK;
}

/* A line with where its units are; `rows` has room for its allocations. */
static size_t fill_line(const ocore__order_view *view, size_t index, ocore_order_line *line,
        const ocore_allocation **rows)
{
        ocore__line_units units;
        size_t count = 0;

        *line = *(const ocore_order_line *)ocore__row(view->line_at[index]);
        ocore__line_units_of(view, line, &units);
        line->allocated = units.allocated;
        line->picked = units.picked;
        line->packed = units.packed;
        line->shipped = units.shipped;
        line->delivered = units.arrived - line->returned;
        line->open = units.open;
        for (ocore__entry *entry = view->allocation_at[index]; entry; entry = ocore__next(entry)) {
                const ocore_allocation *row = ocore__row(entry);

                if (row->line != line->number)
                        break;
                rows[count++] = row;
        }
        line->allocations = rows;
        line->allocation_count = count;
        return count;
}

/* How far the units are, over all lines; of a bundle its parts tell. */
static int64_t fulfillment_status(const ocore_order *order)
{
        int some = 0, waiting = 0, away = 0, here = 0, back = 0;

        for (size_t i = 0; i < order->line_count; i++) {
                const ocore_order_line *line = order->lines[i];
                int64_t gone = line->shipped + line->delivered + line->returned;

                if (ocore__line_is_bundle(line))
                        continue;
                some |= gone > 0;
                waiting |= line->quantity - line->cancelled > gone;
                away |= line->shipped > 0;
                here |= line->delivered > 0;
                back |= line->returned > 0;
        }
        if (!some)
                return OCORE_FULFILLMENT_NONE;
        if (waiting)
                return OCORE_FULFILLMENT_PARTIAL;
        if (away)
                return OCORE_FULFILLMENT_SHIPPED;
        return back && !here ? OCORE_FULFILLMENT_RETURNED : OCORE_FULFILLMENT_DELIVERED;
}

static int64_t payment_status(const ocore_order *order)
{
        if (order->due_minor < 0)
                return OCORE_PAID_TOO_MUCH;
        if (order->due_minor == 0)
                return OCORE_PAID_FULLY;
        return order->paid_minor > 0 ? OCORE_PAID_PARTLY : OCORE_PAID_NOT;
}

/* What the order waits for, and when the last of it is expected. */
static int fill_backorders(ocore__work *work, ocore_order *order)
{
        ocore__group *group;
        const void *const *rows;
        int unknown = 0;
        int status =
                ocore__staged(work, &ocore__backorder_table, ocore__cell_id(order->id), &group);

        if (!status)
                status = ocore__rows_of(work, group, &rows, &order->backorder_count);
        if (status)
                return status;
        order->backorders = (const ocore_backorder *const *)rows;
        order->expected_us = 0;
        for (size_t i = 0; i < order->backorder_count; i++) {
                unknown |= !order->backorders[i]->expected_us;
                if (order->backorders[i]->expected_us > order->expected_us)
                        order->expected_us = order->backorders[i]->expected_us;
        }
        if (unknown)
                order->expected_us = 0;
        return OCORE_OK;
}

int ocore__order_snapshot(ocore__work *work, const ocore__order_view *view, const ocore_order **out)
{
        size_t count = view->line_count, used = 0;
        ocore_order *order = ocore__arena_take(work->arena, sizeof *order);
        ocore_order_line *lines = ocore__arena_take(work->arena, (count + 1) * sizeof *lines);
        const ocore_order_line **pointers =
                ocore__arena_take(work->arena, (count + 1) * sizeof *pointers);
        const ocore_allocation **rows = ocore__arena_take(
                work->arena, (ocore__count(view->allocations) + 1) * sizeof *rows);
        ocore__order_money money;

        *out = NULL;
        if (!order || !lines || !pointers || !rows)
                return OCORE_NOMEM;
        *order = *(const ocore_order *)ocore__only(view->orders);
        for (size_t i = 0; i < count; i++) {
                used += fill_line(view, i, &lines[i], rows + used);
                pointers[i] = &lines[i];
        }
        order->lines = pointers;
        order->line_count = count;
        ocore__order_money_of(view, order, &money);
        order->paid_minor = money.paid_minor;
        order->due_minor = money.due_minor;
        order->fulfillment = fulfillment_status(order);
        order->payment = payment_status(order);
        if (fill_backorders(work, order))
                return OCORE_NOMEM;
        *out = order;
        return OCORE_OK;
}
