/* What is done to orders and their money; see random_shop.h. */
#include "random_shop.h"

/* What an order would be, and whether there is enough for it. */
static int plan_order(shop *self, model_order *order, ocore_draft_line *lines)
{
        int64_t wanted[SKUS] = {0};
        int good = 1;

        memset(order, 0, sizeof *order);
        order->line_count = 1 + (int)random_below(self, LINES_MAX);
        for (int i = 0; i < order->line_count; i++) {
                model_line *line = &order->lines[i];

                line->sku = (int)random_below(self, SKUS);
                line->ordered = line->allocated = 1 + random_below(self, 8);
                line->price = self->model.price[line->sku];
                line->discount = random_below(self, line->ordered * line->price + 1);
                order->total += line->ordered * line->price - line->discount;
                wanted[line->sku] += line->ordered;
                lines[i] = (ocore_draft_line){.sku = ocore_str_of(random_skus[line->sku]),
                        .quantity = {line->ordered, 0, 0},
                        .discount = {line->discount, "EUR", 0}};
        }
        for (int sku = 0; sku < SKUS; sku++)
                good &= wanted[sku] <= self->model.stock[sku].available;
        return good;
}

static void keep_order(shop *self, ocore_id id)
{
        model_order *order = &self->model.orders[self->model.order_count++];

        order->id = id;
        order->state = OCORE_ORDER_PLACED;
        for (int i = 0; i < order->line_count; i++) {
                self->model.stock[order->lines[i].sku].available -= order->lines[i].ordered;
                self->model.stock[order->lines[i].sku].allocated += order->lines[i].ordered;
        }
}

void random_place_order(shop *self)
{
        model_order *order = &self->model.orders[self->model.order_count];
        ocore_draft_line lines[LINES_MAX];
        ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = random_id(self),
                .currency = STR("EUR"),
                .strategy = 1 + random_below(self, 2),
                .lines = lines,
                .line_stride = sizeof lines[0]};
        int good;

        if (self->model.order_count == ORDERS_MAX)
                return;
        good = plan_order(self, order, lines);
        draft.line_count = (size_t)order->line_count;
        random_command(self, "order.place", &draft, good);
        if (good)
                keep_order(self, draft.id);
}

/* An order and its payment as one fact, or as none. */
void random_place_and_pay(shop *self)
{
        model_order *order = &self->model.orders[self->model.order_count];
        ocore_draft_line lines[LINES_MAX];
        ocore_core *core = random_actor(self);
        ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = random_id(self),
                .currency = STR("EUR"),
                .lines = lines,
                .line_stride = sizeof lines[0]};
        ocore_payment_request pay = {.struct_size = sizeof pay,
                .id = random_id(self),
                .order_id = draft.id,
                .tender = OCORE_TENDER_CASH};
        int good, commit = random_below(self, 2) == 0, status = OCORE_BUSY, paid = OCORE_OK;

        if (self->model.order_count == ORDERS_MAX)
                return;
        good = plan_order(self, order, lines);
        draft.line_count = (size_t)order->line_count;
        /* A price that another actor changed meanwhile shows at the commit: then once more. */
        for (int i = 0; i < 2 && status == OCORE_BUSY; i++) {
                assert_int_equal(ocore_unit_begin(core), OCORE_OK);
                assert_int_equal(ocore_order_place(core, &draft, NULL) == OCORE_OK, good);
                paid = ocore_payment_take(core, &pay, NULL);
                status = commit ? ocore_unit_commit(core) : ocore_unit_cancel(core);
        }
        assert_int_equal(status, OCORE_OK);
        if (!commit)
                return;
        assert_int_equal(paid == OCORE_OK, good && order->total > 0);
        if (!good)
                return;
        order->paid = order->total;
        keep_order(self, draft.id);
}

void random_confirm_order(shop *self)
{
        int n = random_recent(self, self->model.order_count);
        model_order *order = n < 0 ? NULL : &self->model.orders[n];
        ocore_order_confirm_request request = {
                .struct_size = sizeof request, .id = random_id(self)};

        if (!order)
                return;
        request.order_id = order->id;
        random_command(self, "order.confirm", &request, order->state == OCORE_ORDER_PLACED);
        if (order->state == OCORE_ORDER_PLACED)
                order->state = OCORE_ORDER_CONFIRMED;
}

void random_pay_order(shop *self)
{
        int n = random_recent(self, self->model.order_count);
        model_order *order = n < 0 ? NULL : &self->model.orders[n];
        ocore_payment_request request = {.struct_size = sizeof request,
                .id = random_id(self),
                .tender = 1 + random_below(self, 2)};
        int64_t due, amount;
        int good;

        if (!order)
                return;
        due = model_due(order);
        amount = random_below(self, 3) ? 0 : 1 + random_below(self, 20000);
        good = due > 0 && amount <= due;
        request.order_id = order->id;
        if (amount)
                request.amount = (ocore_money){amount, "EUR", 0};
        random_command(self, "payment.take", &request, good);
        if (good)
                order->paid += amount ? amount : due;
}

void random_refund_order(shop *self)
{
        int n = random_recent(self, self->model.order_count);
        model_order *order = n < 0 ? NULL : &self->model.orders[n];
        ocore_payment_refund_request request = {.struct_size = sizeof request,
                .id = random_id(self),
                .tender = OCORE_TENDER_PREPAID};
        int64_t owed, amount;
        int good;

        if (!order)
                return;
        owed = model_owed(order);
        amount = random_below(self, 2) ? 0 : 1 + random_below(self, 5000);
        good = owed > 0 && amount <= owed;
        request.order_id = order->id;
        if (amount)
                request.amount = (ocore_money){amount, "EUR", 0};
        random_command(self, "payment.refund", &request, good);
        if (good)
                order->paid -= amount ? amount : owed;
}

void random_cancel_units(shop *self)
{
        int n = random_recent(self, self->model.order_count);
        model_order *order = n < 0 ? NULL : &self->model.orders[n];
        ocore_order_cancel_request request = {.struct_size = sizeof request, .id = random_id(self)};
        ocore_line_quantity one;
        int line, good, all = random_below(self, 6) == 0;
        int64_t waiting = 0;

        if (!order)
                return;
        line = (int)random_below(self, order->line_count);
        one = (ocore_line_quantity){line + 1, {1 + random_below(self, 3), 0, 0}};
        request.order_id = order->id;
        if (!all) {
                request.lines = &one;
                request.line_count = 1;
                request.line_stride = sizeof one;
        }
        for (int i = 0; i < order->line_count; i++)
                waiting += order->lines[i].allocated;
        good = (order->state == OCORE_ORDER_PLACED || order->state == OCORE_ORDER_CONFIRMED) &&
               (all ? waiting > 0 : one.quantity.amount <= order->lines[line].allocated);
        random_command(self, "order.cancel", &request, good);
        if (!good)
                return;
        for (int i = 0; i < order->line_count; i++)
                if (all || i == line)
                        model_cancel(&self->model, order, i,
                                all ? order->lines[i].allocated : one.quantity.amount);
        model_settle(order);
}
