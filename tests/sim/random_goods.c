/* How goods go out and come back; see random_shop.h. */
#include "random_shop.h"

/* Which site has what is not the model's to know: it takes the answer, and checks it for sanity. */
void random_release_units(shop *self)
{
        int n = random_recent(self, self->model.order_count);
        model_order *order = n < 0 ? NULL : &self->model.orders[n];
        model_shipment *shipment = &self->model.shipments[self->model.shipment_count];
        const ocore_fulfillment *answer;
        ocore_fulfillment_request request = {.struct_size = sizeof request,
                .id = random_id(self),
                .site = ocore_str_of(random_sites[random_below(self, 2)])};
        int status;

        if (!order || self->model.shipment_count == SHIPMENTS_MAX)
                return;
        request.order_id = order->id;
        status = ocore_fulfillment_create(random_actor(self), &request, &answer);
        if (status)
                return;
        assert_int_equal(order->state, OCORE_ORDER_CONFIRMED);
        assert_true(answer->line_count > 0);
        memset(shipment, 0, sizeof *shipment);
        shipment->id = request.id;
        shipment->order = n;
        shipment->state = OCORE_FULFILLMENT_STATE_OPEN;
        for (size_t i = 0; i < answer->line_count; i++) {
                int64_t quantity = answer->lines[i]->quantity;
                model_line *line = &order->lines[answer->lines[i]->line - 1];

                assert_true(quantity > 0 && quantity <= line->allocated);
                line->allocated -= quantity;
                line->released += quantity;
                shipment->quantity[answer->lines[i]->line - 1] += quantity;
        }
        self->model.shipment_count++;
}

void random_move_shipment(shop *self)
{
        static const char *const names[] = {"", "fulfillment.pick", "fulfillment.pack",
                "fulfillment.ship", "fulfillment.deliver"};
        int n = random_recent(self, self->model.shipment_count);
        model_shipment *shipment = n < 0 ? NULL : &self->model.shipments[n];
        int64_t step, to;
        int good;

        if (!shipment)
                return;
        step = random_below(self, 6) ? shipment->state : 1 + random_below(self, 4);
        if (step > 4)
                return;
        to = step + 1;
        good = step == shipment->state;
        if (random_below(self, 10) == 0) { /* take it back instead */
                const ocore_fulfillment_step_request undo = {
                        sizeof undo, random_id(self), shipment->id};

                good = shipment->state < OCORE_FULFILLMENT_STATE_SHIPPED;
                random_command(self, "fulfillment.cancel", &undo, good);
                to = OCORE_FULFILLMENT_STATE_CANCELLED;
        } else if (step == 2) {
                const ocore_fulfillment_pack_request pack = {
                        sizeof pack, random_id(self), shipment->id, random_below(self, 3)};

                random_command(self, names[step], &pack, good);
        } else if (step == 3) {
                const ocore_fulfillment_ship_request ship = {
                        sizeof ship, random_id(self), shipment->id, STR("Post"), STR("RR")};

                random_command(self, names[step], &ship, good);
        } else {
                const ocore_fulfillment_step_request next = {
                        sizeof next, random_id(self), shipment->id};

                random_command(self, names[step], &next, good);
        }
        if (good)
                model_ship(&self->model, shipment, to);
}

void random_ask_return(shop *self)
{
        int shipment = random_recent(self, self->model.shipment_count);
        int n = shipment < 0 ? -1 : self->model.shipments[shipment].order;
        model_order *order = n < 0 ? NULL : &self->model.orders[n];
        model_return *back = &self->model.returns[self->model.return_count];
        ocore_return_draft_line line;
        ocore_return_draft request = {.struct_size = sizeof request,
                .id = random_id(self),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        int at, good;

        if (!order || self->model.return_count == RETURNS_MAX)
                return;
        at = (int)random_below(self, order->line_count);
        line = (ocore_return_draft_line){at + 1, {1 + random_below(self, 3), 0, 0}, 0, {0}};
        good = line.quantity.amount <= order->lines[at].delivered - order->lines[at].returned;
        request.order_id = order->id;
        random_command(self, "return.request", &request, good);
        if (!good)
                return;
        memset(back, 0, sizeof *back);
        back->id = request.id;
        back->order = n;
        back->state = OCORE_RETURN_REQUESTED;
        back->quantity[at] = line.quantity.amount;
        order->lines[at].returned += line.quantity.amount;
        self->model.return_count++;
}

static void receive_return(shop *self, model_return *back)
{
        model_order *order = &self->model.orders[back->order];
        const ocore_return_receive_request request = {sizeof request, random_id(self), back->id,
                ocore_str_of(random_sites[random_below(self, 2)])};

        random_command(self, "return.receive", &request, back->state == OCORE_RETURN_REQUESTED);
        if (back->state != OCORE_RETURN_REQUESTED)
                return;
        back->state = OCORE_RETURN_RECEIVED;
        for (int i = 0; i < order->line_count; i++)
                self->model.stock[order->lines[i].sku].inspection += back->quantity[i];
}

static void inspect_return(shop *self, model_return *back)
{
        model_order *order = &self->model.orders[back->order];
        int64_t disposition = 1 + random_below(self, 4);
        ocore_return_inspect_line line = {1, disposition, {0, 0, 0}};
        const ocore_return_inspect_request request = {
                sizeof request, random_id(self), back->id, &line, 1, sizeof line};

        for (int i = 0; i < order->line_count; i++)
                line.quantity.amount += back->quantity[i];
        random_command(self, "return.inspect", &request, back->state == OCORE_RETURN_RECEIVED);
        if (back->state != OCORE_RETURN_RECEIVED)
                return;
        back->state = OCORE_RETURN_INSPECTED;
        for (int i = 0; i < order->line_count; i++) {
                self->model.stock[order->lines[i].sku].inspection -= back->quantity[i];
                if (disposition == OCORE_DISPOSITION_RESTOCK)
                        self->model.stock[order->lines[i].sku].available += back->quantity[i];
                if (disposition == OCORE_DISPOSITION_QUARANTINE)
                        self->model.stock[order->lines[i].sku].damaged += back->quantity[i];
        }
}

static void settle_return(shop *self, model_return *back)
{
        model_order *order = &self->model.orders[back->order];
        int pay_out = random_below(self, 2) == 0;
        const ocore_return_refund_request request = {.struct_size = sizeof request,
                .id = random_id(self),
                .return_id = back->id,
                .tender = pay_out ? OCORE_TENDER_CASH : 0};
        int64_t credit = 0;

        random_command(self, "return.refund", &request, back->state == OCORE_RETURN_INSPECTED);
        if (back->state != OCORE_RETURN_INSPECTED)
                return;
        back->state = OCORE_RETURN_REFUNDED;
        for (int i = 0; i < order->line_count; i++)
                credit += model_credit(order, i, back->quantity[i]);
        if (pay_out)
                order->paid -= credit < model_owed(order) ? credit : model_owed(order);
}

void random_move_return(shop *self)
{
        int n = random_recent(self, self->model.return_count);
        model_return *back = n < 0 ? NULL : &self->model.returns[n];
        int64_t step;

        if (!back)
                return;
        step = random_below(self, 5) ? back->state : 1 + random_below(self, 3);
        if (step == OCORE_RETURN_REQUESTED)
                receive_return(self, back);
        else if (step == OCORE_RETURN_RECEIVED)
                inspect_return(self, back);
        else if (step == OCORE_RETURN_INSPECTED)
                settle_return(self, back);
}
