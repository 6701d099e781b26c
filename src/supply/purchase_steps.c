/*
 * The steps of a purchase order without goods: sent, it is supply; confirmed, it is as much and as
 * soon as the supplier says; closed or cancelled, nothing more comes. Whoever was promised what
 * changes is promised anew in the same write.
 */
#include "purchase.h"

#include "engine/procedure.h"

/* Steps without a content of their own share their fields; each has its own name, so that an id
 * used for another step is told apart. */
static const ocore_field step_fields[] = {
        OCORE__FIELD_KEY(ocore_purchase_step_request),
        OCORE__FIELD(ocore_purchase_step_request, purchase_id, ID, OCORE_FIELD_REQUIRED,
                "which purchase order"),
        OCORE__FIELD(ocore_purchase_step_request, reason, TEXT,
                OCORE_FIELD_FREE | OCORE_FIELD_LINES, "why"),
};
const ocore_record ocore__purchase_send_request =
        OCORE__RECORD("purchase_send", ocore_purchase_step_request, step_fields, 0);
const ocore_record ocore__purchase_close_request =
        OCORE__RECORD("purchase_close", ocore_purchase_step_request, step_fields, 0);
const ocore_record ocore__purchase_cancel_request =
        OCORE__RECORD("purchase_cancel", ocore_purchase_step_request, step_fields, 0);

static const ocore_field confirm_line_fields[] = {
        OCORE__FIELD(ocore_purchase_confirm_line, number, INTEGER,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "which line, from 1"),
        OCORE__FIELD(ocore_purchase_confirm_line, quantity, QUANTITY, OCORE_FIELD_NOT_NEGATIVE,
                "how much will come, with what has come; 0: none"),
        OCORE__FIELD(ocore_purchase_confirm_line, due_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "when; default: as it was"),
};
static const ocore_record confirm_line_record =
        OCORE__RECORD("purchase_confirm_line", ocore_purchase_confirm_line, confirm_line_fields, 0);
static const ocore_field confirm_fields[] = {
        OCORE__FIELD_KEY(ocore_purchase_confirm_request),
        OCORE__FIELD(ocore_purchase_confirm_request, purchase_id, ID, OCORE_FIELD_REQUIRED,
                "which purchase order"),
        OCORE__FIELD(ocore_purchase_confirm_request, reference, TEXT, OCORE_FIELD_FREE,
                "the supplier's number; default: as it was"),
        OCORE__FIELD_OF(ocore_purchase_confirm_request, lines, ITEMS, 0, &confirm_line_record,
                "what differs from what was ordered; default: nothing"),
};
const ocore_record ocore__purchase_confirm_request =
        OCORE__RECORD("purchase_confirm", ocore_purchase_confirm_request, confirm_fields, 0);

/* The supply that a line is from now on. */
static int open_supply(ocore__work *work, const ocore_purchase *purchase,
        const ocore_purchase_line *line, int64_t quantity)
{
        const ocore_supply supply = {
                .sku = line->sku,
                .source_id = purchase->id,
                .number = line->number,
                .source = purchase->kind == OCORE_PURCHASE_PRODUCTION ? OCORE_SOURCE_PRODUCTION
                                                                      : OCORE_SOURCE_PURCHASE,
                .site = purchase->site,
                .scale = line->scale,
                .due_us = line->due_us,
                .expected = quantity,
                .order_id = purchase->order_id,
        };

        return ocore__purchase_books(work, ocore__supply_open(work, &supply));
}

static int send_line(ocore__work *work, const ocore__purchase_view *view,
        const ocore__purchase_needs *needs, size_t index)
{
        const ocore_purchase *purchase = ocore__only(view->purchases);
        const ocore__purchase_goods *goods = &needs->goods[index];
        const ocore_purchase_line *line = ocore__row(view->line_at[index]);
        const ocore_product *product = ocore__purchase_product(work, goods, line);
        const ocore_supplier *supplier = needs->suppliers ? ocore__only(needs->suppliers) : NULL;
        int64_t wanted = needs->for_order ? ocore__purchase_wanted(purchase, needs, line) : 0;
        ocore_purchase_line *changed;

        if (!product)
                return work->status;
        if (purchase->kind == OCORE_PURCHASE_DROP_SHIP && wanted < line->quantity)
                return ocore__refuse(work, OCORE_STATE, "purchase_id",
                        "line %d is %u, and its order waits for %u by now; cancel it and arrange "
                        "the order anew",
                        &line->number, &line->quantity, &line->scale, &wanted, &line->scale);
        changed = ocore__edit(work, view->line_at[index]);
        if (!changed)
                return work->status;
        changed->due_us = ocore__purchase_due(
                line->due_us, product->lead_us, supplier ? supplier->lead_us : 0, work->now_us);
        return open_supply(work, purchase, changed, changed->quantity);
}

/* The order that it is for alone gets its date at once: nobody else can have it. Promises without a
 * date, for a part of what is missing, rest on the order as it was read all the same. */
static int promise_order(
        ocore__work *work, const ocore__purchase_view *view, ocore__purchase_needs *needs)
{
        const ocore_purchase *purchase = ocore__only(view->purchases);
        int status = OCORE_OK, promised = 0, moved = 0;

        for (size_t i = 0; i < view->line_count && !status; i++) {
                const ocore_purchase_line *line = ocore__row(view->line_at[i]);
                int64_t before = ocore__backorder_expected(&needs->waiting, line->order_line);

                if (!ocore__purchase_wanted(purchase, needs, line))
                        continue;
                promised = 1;
                status = ocore__backorder_peg(work, &needs->waiting,
                        ocore__backorder_of(&needs->waiting, line->order_line),
                        needs->goods[i].supplies);
                moved |= ocore__backorder_expected(&needs->waiting, line->order_line) != before;
        }
        if (!status && moved)
                ocore__order_touch(
                        work, &needs->order, OCORE_EVENT_PROMISE_CHANGED, purchase->supplier);
        else if (!status && promised)
                ocore__rely(work, ocore__first(needs->order.orders));
        return status ? status : work->status;
}

static int purchase_send(ocore__work *work, const void *args, const void **answer)
{
        const ocore_purchase_step_request *request = args;
        const ocore_purchase *purchase;
        ocore__purchase_view view;
        ocore__purchase_needs needs;
        ocore_purchase *changed;
        int64_t state;
        int status = ocore__purchase_fetch(
                work, request->purchase_id, OCORE_PURCHASE_STEP_SEND, &view, &purchase, &state);

        if (!status)
                status = ocore__purchase_fetch_needs(work, &view, NULL, 0, &needs);
        if (status)
                return status;
        if (needs.suppliers)
                ocore__rely(work, ocore__first(needs.suppliers));
        for (size_t i = 0; i < view.line_count && !status; i++)
                status = send_line(work, &view, &needs, i);
        if (!status && needs.for_order)
                status = promise_order(work, &view, &needs);
        if (status)
                return status;
        changed = ocore__purchase_touch(work, &view, OCORE_EVENT_PURCHASE_SENT, request->reason);
        if (!changed)
                return work->status;
        changed->state = state;
        changed->sent_us = work->now_us;
        return ocore__purchase_answer(work, &view, answer);
}

/* A confirmation under way. */
typedef struct confirming {
        const ocore_purchase *purchase;
        ocore__purchase_view view;
        ocore__purchase_needs needs;
        uint8_t *used;  /* of each line: it is named */
        uint8_t *moved; /* what is promised of it is to be promised anew */
} confirming;

static int name_lines(
        ocore__work *work, const ocore_purchase_confirm_request *request, confirming *all)
{
        int status = OCORE_OK;

        all->used = ocore__arena_zero(work->arena, all->view.line_count + 1, 1);
        all->moved = ocore__arena_zero(work->arena, all->view.line_count + 1, 1);
        if (!all->used || !all->moved)
                return OCORE_NOMEM;
        for (size_t i = 0; i < request->line_count && !status; i++) {
                int64_t number = request->lines[i].number;
                ocore__entry *entry;

                status = ocore__purchase_line_entry(work, &all->view, number, i, &entry);
                if (!status && all->used[number - 1])
                        status = ocore__refuse(work, OCORE_INVALID,
                                ocore__at(work, "lines", i, "number"),
                                "line %d stands here twice; say it once", &number);
                if (!status)
                        all->used[number - 1] = 1;
        }
        return status;
}

static int check_quantity(ocore__work *work, const confirming *all, const ocore_purchase_line *line,
        int64_t quantity, size_t index)
{
        int64_t wanted, most;

        if (quantity < line->received)
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", index, "quantity"),
                        "%u of line %d have come already; give no less", &line->received,
                        &line->scale, &line->number);
        if (all->purchase->kind != OCORE_PURCHASE_DROP_SHIP || quantity <= line->quantity)
                return OCORE_OK;
        wanted = ocore__purchase_wanted(all->purchase, &all->needs, line);
        if (ocore__add(line->received, wanted, &most) || quantity <= most)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "quantity"),
                "the order waits for no more than %u of line %d; confirm no more", &most,
                &line->scale, &line->number);
}

/* More or less is expected of a line, or at another time. */
static int confirm_line(
        ocore__work *work, confirming *all, const ocore_purchase_confirm_line *wish, size_t index)
{
        ocore__entry *entry = all->view.line_at[wish->number - 1];
        const ocore__purchase_goods *goods = &all->needs.goods[wish->number - 1];
        ocore_purchase_line *line = ocore__edit(work, entry);
        int64_t left = line ? ocore__purchase_left(line) : 0, quantity, due_us;
        ocore__entry *supply;
        int status = line ? ocore__item_units(
                                    work, line->scale, wish->quantity, "lines", index, &quantity)
                          : work->status;

        if (!status)
                status = check_quantity(work, all, line, quantity, index);
        if (status)
                return status;
        due_us = wish->due_us ? wish->due_us : line->due_us;
        all->moved[wish->number - 1] = due_us != line->due_us || all->needs.for_order;
        line->due_us = due_us;
        line->quantity = quantity;
        quantity -= line->received; /* what is to come from now on */
        supply = ocore__purchase_supply(goods);
        if (quantity > left && !left && !supply)
                return open_supply(work, all->purchase, line, quantity);
        if (quantity > left)
                status = supply ? ocore__purchase_books(
                                          work, ocore__supply_more(work, supply, quantity - left))
                                : ocore__purchase_books(work, OCORE_OUT_OF_STOCK);
        else if (quantity < left)
                status = ocore__purchase_expect_less(
                        work, all->purchase, goods, line, left - quantity);
        if (status || !supply || !ocore__row(supply))
                return status;
        if (((const ocore_supply *)ocore__row(supply))->due_us != due_us) {
                ocore_supply *row = ocore__edit(work, supply);

                if (!row)
                        return work->status;
                row->due_us = due_us;
                ocore__exact(work, supply); /* a time is not added to */
        }
        return work->status;
}

static int finish_confirm(ocore__work *work, const ocore_purchase_confirm_request *request,
        confirming *all, int64_t state, const void **answer)
{
        ocore_purchase *changed = ocore__purchase_touch(
                work, &all->view, OCORE_EVENT_PURCHASE_CONFIRMED, request->reference);
        int status;

        if (!changed)
                return work->status;
        if (request->reference.size)
                changed->reference = request->reference;
        if (!ocore__purchase_open_left(&all->view)) {
                status = ocore__purchase_step_check(
                        work, changed, OCORE_PURCHASE_STEP_FINISH, &state);
                if (!status)
                        status = ocore__purchase_forget(
                                work, &all->view, &all->needs, OCORE_EVENT_PURCHASE_CLOSED);
                if (status)
                        return status;
                changed->closed_us = work->now_us;
                ocore__purchase_touch(
                        work, &all->view, OCORE_EVENT_PURCHASE_CLOSED, request->reference);
        }
        changed->state = state;
        return ocore__purchase_answer(work, &all->view, answer);
}

static int purchase_confirm(ocore__work *work, const void *args, const void **answer)
{
        const ocore_purchase_confirm_request *request = args;
        confirming all = {.purchase = NULL};
        int64_t state;
        int status = ocore__purchase_fetch(work, request->purchase_id, OCORE_PURCHASE_STEP_CONFIRM,
                &all.view, &all.purchase, &state);

        if (!status)
                status = name_lines(work, request, &all);
        if (!status)
                status = ocore__purchase_fetch_needs(work, &all.view, all.used, 1, &all.needs);
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = confirm_line(work, &all, &request->lines[i], i);
        if (!status)
                status = ocore__purchase_serve(
                        work, &all.view, &all.needs, NULL, NULL, 0, all.moved);
        return status ? status : finish_confirm(work, request, &all, state, answer);
}

/* Closing and cancelling: nothing more comes. What was only proposed was never expected. */
static int end(ocore__work *work, const ocore_purchase_step_request *request, int64_t step,
        int64_t event, const void **answer)
{
        const ocore_purchase *purchase;
        ocore__purchase_view view;
        ocore__purchase_needs needs;
        ocore_purchase *changed;
        int64_t state;
        int was_supply = 0;
        int status =
                ocore__purchase_fetch(work, request->purchase_id, step, &view, &purchase, &state);

        if (!status) {
                was_supply = ocore__purchase_is_supply(purchase->state);
                status = ocore__purchase_fetch_needs(work, &view, NULL, was_supply, &needs);
        }
        if (!status && was_supply)
                status = ocore__purchase_withdraw(work, &view, &needs);
        if (!status && was_supply)
                status = ocore__purchase_serve(work, &view, &needs, NULL, NULL, 0, NULL);
        if (!status)
                status = ocore__purchase_forget(work, &view, &needs, event);
        if (status)
                return status;
        changed = ocore__purchase_touch(work, &view, event, request->reason);
        if (!changed)
                return work->status;
        changed->state = state;
        changed->closed_us = work->now_us;
        return ocore__purchase_answer(work, &view, answer);
}

static int purchase_close(ocore__work *work, const void *args, const void **answer)
{
        return end(work, args, OCORE_PURCHASE_STEP_CLOSE, OCORE_EVENT_PURCHASE_CLOSED, answer);
}

static int purchase_cancel(ocore__work *work, const void *args, const void **answer)
{
        return end(work, args, OCORE_PURCHASE_STEP_CANCEL, OCORE_EVENT_PURCHASE_CANCELLED, answer);
}

const ocore__procedure ocore__purchase_send = {
        &ocore__purchase_send_request, &ocore__purchase_record, purchase_send, OCORE__COMMAND};
const ocore__procedure ocore__purchase_confirm = {&ocore__purchase_confirm_request,
        &ocore__purchase_record, purchase_confirm, OCORE__COMMAND};
const ocore__procedure ocore__purchase_close = {
        &ocore__purchase_close_request, &ocore__purchase_record, purchase_close, OCORE__COMMAND};
const ocore__procedure ocore__purchase_cancel = {
        &ocore__purchase_cancel_request, &ocore__purchase_record, purchase_cancel, OCORE__COMMAND};

OCORE__PUBLIC(
        ocore_purchase_send, ocore_purchase_step_request, ocore_purchase, ocore__purchase_send)
OCORE__PUBLIC(ocore_purchase_confirm, ocore_purchase_confirm_request, ocore_purchase,
        ocore__purchase_confirm)
OCORE__PUBLIC(
        ocore_purchase_close, ocore_purchase_step_request, ocore_purchase, ocore__purchase_close)
OCORE__PUBLIC(
        ocore_purchase_cancel, ocore_purchase_step_request, ocore_purchase, ocore__purchase_cancel)
