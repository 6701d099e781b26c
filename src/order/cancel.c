/* Confirming and cancelling: when the customer owes, and when no longer. */
#include "backorder.h"

#include "engine/procedure.h"

static int order_confirm(ocore__work *work, const void *args, const void **answer)
{
        const ocore_order_confirm_request *request = args;
        ocore__share goods = {0, 0}, shipping = {0, 0};
        ocore__order_view view;
        const ocore_order *order = NULL;
        ocore_order *changed;
        int64_t state;
        int status = ocore__order_want(work, request->order_id, &view);

        if (!status)
                status = ocore__order_fetch(work, &view, OCORE_STEP_CONFIRM, &order, &state);
        if (status)
                return status;
        changed = ocore__order_touch(work, &view, OCORE_EVENT_ORDER_CONFIRMED, (ocore_str){0});
        if (!changed)
                return OCORE_NOMEM;
        changed->state = state;
        for (size_t i = 0; i < view.line_count; i++) {
                const ocore_order_line *line = ocore__row(view.line_at[i]);
                int64_t left = line->quantity - line->cancelled;
                ocore__share share = ocore__line_share(line, line->cancelled, left);
                ocore__share part = ocore__line_shipping_share(line, line->shipping_refunded, left);
                ocore_order_line *performed;

                goods.total_minor += share.total_minor;
                goods.tax_minor += share.tax_minor;
                shipping.total_minor += part.total_minor;
                shipping.tax_minor += part.tax_minor;
                if (line->kind == OCORE_PRODUCT_GOODS || ocore__line_is_bundle(line) || !left)
                        continue;
                performed = ocore__edit(work, view.line_at[i]);
                if (!performed)
                        return OCORE_NOMEM;
                performed->performed = left;
        }
        ocore__money_charge(work, changed, goods, shipping, 1);
        status = ocore__order_complete_if_done(work, &view);
        if (!status)
                status = ocore__order_snapshot(work, &view, &order);
        *answer = order;
        return status;
}

typedef struct cancelling {
        ocore__order_view view;
        ocore__backorder_view waits;
        ocore__parts parts;
        ocore__share goods;
        ocore__share shipping;
        int64_t units;
} cancelling;

static const ocore_order_line *line_of(const cancelling *all, int64_t number)
{
        return ocore__row(all->view.line_at[number - 1]);
}

/* What can still be cancelled of a line: what is neither on a pick list nor further. Of a bundle
 * that is as many whole ones as all its parts allow. */
static int64_t cancellable(const cancelling *all, const ocore_order_line *line)
{
        ocore__line_units units;
        int64_t most;

        ocore__line_units_of(&all->view, line, &units);
        most = line->backordered + units.open + units.allocated - units.released;
        for (int64_t n = all->parts.first[line->number - 1]; n; n = all->parts.next[n - 1]) {
                const ocore_order_line *part = line_of(all, n);
                int64_t whole = cancellable(all, part) / part->per_parent;

                most = whole < most ? whole : most;
        }
        return most;
}

/* Gives back the stock of up to `quantity` units, from one place after the other. */
static int free_stock(
        ocore__work *work, const cancelling *all, const ocore_order_line *line, int64_t quantity)
{
        int status = OCORE_OK;

        for (ocore__entry *entry = all->view.allocation_at[line->number - 1];
                entry && quantity && !status; entry = ocore__next(entry)) {
                const ocore_allocation *row = ocore__row(entry);
                int64_t part = row->allocated < quantity ? row->allocated : quantity;
                ocore_allocation *allocation;
                ocore__group *stock;
                ocore__entry *balance;

                if (row->line != line->number)
                        break;
                if (!part)
                        continue;
                status = ocore__staged(
                        work, &ocore__stock_table, ocore__cell_text(line->sku), &stock);
                if (status)
                        break;
                allocation = ocore__edit(work, entry);
                balance = ocore__stock_entry(
                        work, stock, line->sku, row->site, row->lot, line->scale);
                if (!allocation || !balance)
                        return OCORE_NOMEM;
                allocation->allocated -= part;
                quantity -= part;
                status = ocore__stock_shift(work, balance, OCORE_BUCKET_ALLOCATED,
                        OCORE_BUCKET_AVAILABLE, part, line->order_id, (ocore_str){0});
        }
        if (status == OCORE_OUT_OF_STOCK || status == OCORE_OVERFLOW) /* they were read later */
                return ocore__torn(work, "order_id",
                        "the balances do not hold what the order says; verify the store");
        return status;
}

/* Lets go of `quantity` units: those that wait first, then open ones, which have no stock, then
 * those that were allocated. */
static int free_units(ocore__work *work, cancelling *all, ocore__entry *entry, int64_t quantity)
{
        const ocore_order_line *line = ocore__row(entry);
        int64_t waiting = line->backordered < quantity ? line->backordered : quantity;
        ocore__line_units units;
        int status = OCORE_OK;

        ocore__line_units_of(&all->view, line, &units);
        if (waiting)
                status = ocore__backorder_less(work, &all->waits, entry, waiting);
        quantity -= waiting;
        quantity -= units.open < quantity ? units.open : quantity;
        return status ? status : free_stock(work, all, line, quantity);
}

/* Gives a cap back its part of the units that go: all that is counted when none is left. */
static int free_quota(ocore__work *work, const cancelling *all, const ocore_order_line *line,
        int64_t kind, int64_t *counted, int64_t quantity)
{
        const ocore_order *order = ocore__only(all->view.orders);
        int64_t left = line->quantity - line->cancelled, kept;
        ocore__group *quotas;
        ocore__entry *quota;
        int status;

        if (!*counted)
                return OCORE_OK;
        if (ocore__multiply_divide(*counted, left - quantity, left, OCORE__DOWN, &kept))
                return OCORE_OVERFLOW;
        status = ocore__staged(work, &ocore__quota_table, ocore__cell_text(line->sku), &quotas);
        if (status)
                return status;
        quota = ocore__quota_find(
                quotas, kind, kind == OCORE_QUOTA_SALE ? order->channel : (ocore_str){0});
        if (!quota) /* caps stay for ever, but these may have been read before the order */
                return ocore__torn(work, "order_id",
                        "line %d counts under a cap of \"%t\" that is not there; verify the store",
                        &line->number, &line->sku);
        status = ocore__quota_use(work, quota, kept - *counted);
        *counted = kept;
        return status;
}

static int cancel_units(ocore__work *work, cancelling *all, size_t index, int64_t quantity)
{
        ocore__entry *entry = all->view.line_at[index];
        const ocore_order_line *line = ocore__row(entry);
        ocore__share share = ocore__line_share(line, line->cancelled + line->refunded, quantity);
        ocore__share part = ocore__line_shipping_share(line, line->shipping_refunded, quantity);
        ocore_order_line *changed;
        int status = free_units(work, all, entry, quantity);

        if (status)
                return status;
        changed = ocore__edit(work, entry);
        if (!changed)
                return OCORE_NOMEM;
        status = free_quota(work, all, changed, OCORE_QUOTA_SALE, &changed->capped, quantity);
        if (!status)
                status = free_quota(
                        work, all, changed, OCORE_QUOTA_PREORDER, &changed->preordered, quantity);
        changed->cancelled += quantity;
        changed->shipping_refunded += quantity;
        all->goods.total_minor += share.total_minor;
        all->goods.tax_minor += share.tax_minor;
        all->shipping.total_minor += part.total_minor;
        all->shipping.tax_minor += part.tax_minor;
        all->units |= quantity;
        return status;
}

/* Cancels units of a line; with a bundle go its parts. */
static int cancel_whole(ocore__work *work, cancelling *all, int64_t number, int64_t quantity)
{
        int status = cancel_units(work, all, (size_t)number - 1, quantity);

        for (int64_t n = all->parts.first[number - 1]; n && !status; n = all->parts.next[n - 1])
                status = cancel_units(
                        work, all, (size_t)n - 1, quantity * line_of(all, n)->per_parent);
        return status;
}

static int cancel_line(
        ocore__work *work, cancelling *all, const ocore_order_cancel_request *request, size_t index)
{
        const ocore_line_quantity *wish = &request->lines[index];
        ocore__entry *entry = ocore__order_line_entry(&all->view, wish->line);
        const ocore_order_line *line = entry ? ocore__row(entry) : NULL;
        int64_t quantity, most;
        int status;

        if (!line)
                return ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "line"),
                        "the order has no line %d; look it up with order.get", &wish->line);
        if (line->parent)
                return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "line"),
                        "line %d is a part of the bundle in line %d; cancel that", &line->number,
                        &line->parent);
        status = ocore__item_units(work, line->scale, wish->quantity, "lines", index, &quantity);
        if (status)
                return status;
        most = cancellable(all, line);
        if (quantity > most)
                return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                        "%u of line %d can still be cancelled, not %u; what is on a pick list or "
                        "further cannot",
                        &most, &line->scale, &line->number, &quantity, &line->scale);
        return cancel_whole(work, all, wish->line, quantity);
}

static int cancel_all(ocore__work *work, cancelling *all)
{
        int status = OCORE_OK;

        for (size_t i = 0; !status && i < all->view.line_count; i++) {
                const ocore_order_line *line = ocore__row(all->view.line_at[i]);
                int64_t most = line->parent ? 0 : cancellable(all, line);

                if (most)
                        status = cancel_whole(work, all, line->number, most);
        }
        return status;
}

/* 1 if no unit of the order is left. */
static int nothing_left(const ocore__order_view *view)
{
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);

                if (line->cancelled != line->quantity)
                        return 0;
        }
        return 1;
}

/* Wants the balances of all its lines, the caps they count under, and what they wait for. */
static int want_stock(ocore__work *work, cancelling *all)
{
        int status = ocore__backorder_want_for(work, &all->view, &all->waits);

        for (size_t i = 0; !status && i < all->view.line_count; i++) {
                const ocore_order_line *line = ocore__row(all->view.line_at[i]);
                const ocore_cell sku = ocore__cell_text(line->sku);
                ocore__group *group;

                status = ocore__stock_want(work, line->sku, &group);
                if (!status && (line->capped || line->preordered))
                        status = ocore__want(work, &ocore__quota_table, sku, &group);
        }
        return status;
}

static int finish_cancel(ocore__work *work, cancelling *all, ocore_str reason, const void **answer)
{
        const ocore_order *order = ocore__only(all->view.orders);
        int whole = nothing_left(&all->view), was_confirmed = order->state == OCORE_ORDER_CONFIRMED;
        int64_t state;
        ocore_order *changed;
        int status = ocore__order_step_check(
                work, order, whole ? OCORE_STEP_CANCEL : OCORE_STEP_REDUCE, &state);

        if (!status && !whole && !all->units)
                return ocore__refuse(work, OCORE_STATE, "order_id",
                        "nothing of the order can still be cancelled; return it instead");
        if (status)
                return status;
        changed = ocore__order_touch(work, &all->view,
                whole ? OCORE_EVENT_ORDER_CANCELLED : OCORE_EVENT_LINES_CANCELLED, reason);
        if (!changed)
                return OCORE_NOMEM;
        changed->state = state;
        changed->cancelled_minor += all->goods.total_minor + all->shipping.total_minor;
        if (was_confirmed)
                ocore__money_charge(work, changed, all->goods, all->shipping, -1);
        status = ocore__order_complete_if_done(work, &all->view);
        if (!status)
                status = ocore__order_snapshot(work, &all->view, &order);
        *answer = order;
        return status;
}

static int order_cancel(ocore__work *work, const void *args, const void **answer)
{
        const ocore_order_cancel_request *request = args;
        cancelling all = {.units = 0};
        const ocore_order *order = NULL;
        ocore__group *drafts;
        int64_t state;
        int status = ocore__order_want(work, request->order_id, &all.view);

        if (!status)
                status = ocore__want(
                        work, &ocore__draft_table, ocore__cell_id(request->order_id), &drafts);
        if (!status)
                status = ocore__order_fetch(work, &all.view, OCORE_STEP_CANCEL, &order, &state);
        if (!status)
                status = want_stock(work, &all);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__backorder_found(work, &all.view, &all.waits);
        if (!status)
                status = ocore__parts_index(work, &all.view, &all.parts);
        if (status)
                return status;
        if (ocore__first(drafts))
                ocore__remove(work, ocore__first(drafts));
        if (request->line_count)
                for (size_t i = 0; !status && i < request->line_count; i++)
                        status = cancel_line(work, &all, request, i);
        else
                status = cancel_all(work, &all);
        return status ? status : finish_cancel(work, &all, request->reason, answer);
}

static const ocore_field confirm_fields[] = {
        OCORE__FIELD_KEY(ocore_order_confirm_request),
        OCORE__FIELD(
                ocore_order_confirm_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
};
const ocore_record ocore__order_confirm_request =
        OCORE__RECORD("order_confirm", ocore_order_confirm_request, confirm_fields, 0);

static const ocore_field line_quantity_fields[] = {
        OCORE__FIELD(ocore_line_quantity, line, INTEGER,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "number of the order's line, from 1"),
        OCORE__FIELD(ocore_line_quantity, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much of it"),
};
const ocore_record ocore__line_quantity_record =
        OCORE__RECORD("line_quantity", ocore_line_quantity, line_quantity_fields, 0);

static const ocore_field cancel_fields[] = {
        OCORE__FIELD_KEY(ocore_order_cancel_request),
        OCORE__FIELD(ocore_order_cancel_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD(ocore_order_cancel_request, reason, TEXT, OCORE_FIELD_FREE | OCORE_FIELD_LINES,
                "why"),
        OCORE__FIELD_OF(ocore_order_cancel_request, lines, ITEMS, 0, &ocore__line_quantity_record,
                "what of it; default: all that can still be cancelled"),
};
const ocore_record ocore__order_cancel_request =
        OCORE__RECORD("order_cancel", ocore_order_cancel_request, cancel_fields, 0);

const ocore__procedure ocore__order_confirm = {
        &ocore__order_confirm_request, &ocore__order_record, order_confirm, OCORE__COMMAND};
const ocore__procedure ocore__order_cancel = {
        &ocore__order_cancel_request, &ocore__order_record, order_cancel, OCORE__COMMAND};

OCORE__PUBLIC(ocore_order_confirm, ocore_order_confirm_request, ocore_order, ocore__order_confirm)
OCORE__PUBLIC(ocore_order_cancel, ocore_order_cancel_request, ocore_order, ocore__order_cancel)
