/* The plain model of a shop; see random_model.h. */
#include "random_model.h"

int64_t model_due(const model_order *order)
{
        return order->total - order->cancelled - order->credited - order->paid;
}

int64_t model_owed(const model_order *order)
{
        int64_t owed = -model_due(order);

        return owed <= 0 ? 0 : owed < order->paid ? owed : order->paid;
}

/* What the first k of the line's units were charged. */
static int64_t share(const model_line *line, int64_t k)
{
        return (line->ordered * line->price - line->discount) * k / line->ordered;
}

void model_cancel(model *shop, model_order *order, int line, int64_t quantity)
{
        model_line *at = &order->lines[line];
        int64_t taken = at->cancelled + at->refunded;

        order->cancelled += share(at, taken + quantity) - share(at, taken);
        at->cancelled += quantity;
        at->allocated -= quantity;
        shop->stock[at->sku].allocated -= quantity;
        shop->stock[at->sku].available += quantity;
}

int64_t model_credit(model_order *order, int line, int64_t quantity)
{
        model_line *at = &order->lines[line];
        int64_t taken = at->cancelled + at->refunded;
        int64_t credit = share(at, taken + quantity) - share(at, taken);

        at->refunded += quantity;
        order->credited += credit;
        return credit;
}

void model_settle(model_order *order)
{
        int64_t open = 0, delivered = 0;

        for (int i = 0; i < order->line_count; i++) {
                open += order->lines[i].ordered - order->lines[i].cancelled -
                        order->lines[i].delivered;
                delivered += order->lines[i].delivered;
        }
        if (!open && !delivered)
                order->state = OCORE_ORDER_CANCELLED;
        else if (!open && order->state == OCORE_ORDER_CONFIRMED)
                order->state = OCORE_ORDER_COMPLETED;
}

void model_ship(model *shop, model_shipment *shipment, int64_t state)
{
        model_order *order = &shop->orders[shipment->order];

        for (int i = 0; i < order->line_count; i++) {
                model_line *line = &order->lines[i];
                int64_t quantity = shipment->quantity[i];
                int64_t *places[] = {NULL, &line->released, &line->picked, &line->packed,
                        &line->shipped, &line->delivered, &line->allocated};
                int was_picked = shipment->state == OCORE_FULFILLMENT_STATE_PICKED ||
                                 shipment->state == OCORE_FULFILLMENT_STATE_PACKED;
                int is_picked = state == OCORE_FULFILLMENT_STATE_PICKED ||
                                state == OCORE_FULFILLMENT_STATE_PACKED;

                *places[shipment->state] -= quantity;
                *places[state] += quantity;
                if (!was_picked && is_picked)
                        shop->stock[line->sku].allocated -= quantity;
                if (was_picked && state == OCORE_FULFILLMENT_STATE_CANCELLED)
                        shop->stock[line->sku].allocated += quantity;
                shop->stock[line->sku].picked += (is_picked - was_picked) * quantity;
        }
        shipment->state = state;
        model_settle(order);
}

int model_lapse(model *shop)
{
        int lapsed = 0;

        for (int i = 0; i < shop->hold_count; i++) {
                model_hold *hold = &shop->holds[i];

                if (!hold->open || hold->expires_us > shop->now_us)
                        continue;
                for (int sku = 0; sku < SKUS; sku++) {
                        shop->stock[sku].held -= hold->quantity[sku];
                        shop->stock[sku].available += hold->quantity[sku];
                }
                hold->open = 0;
                lapsed++;
        }
        return lapsed;
}
