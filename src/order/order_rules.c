/* What may happen to an order in which state, and what its numbers say. Pure. */
#include "order_room.h"

const ocore__transition ocore__order_transitions[] = {
        {OCORE_ORDER_NONE, OCORE_STEP_SAVE, OCORE_ORDER_DRAFT},
        {OCORE_ORDER_NONE, OCORE_STEP_PLACE, OCORE_ORDER_PLACED},
        {OCORE_ORDER_DRAFT, OCORE_STEP_SAVE, OCORE_ORDER_DRAFT},
        {OCORE_ORDER_DRAFT, OCORE_STEP_PLACE, OCORE_ORDER_PLACED},
        {OCORE_ORDER_DRAFT, OCORE_STEP_CANCEL, OCORE_ORDER_CANCELLED},
        {OCORE_ORDER_PLACED, OCORE_STEP_CONFIRM, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_PLACED, OCORE_STEP_REDUCE, OCORE_ORDER_PLACED},
        {OCORE_ORDER_PLACED, OCORE_STEP_CANCEL, OCORE_ORDER_CANCELLED},
        {OCORE_ORDER_PLACED, OCORE_STEP_PAY, OCORE_ORDER_PLACED},
        {OCORE_ORDER_PLACED, OCORE_STEP_ALLOCATE, OCORE_ORDER_PLACED},
        {OCORE_ORDER_PLACED, OCORE_STEP_REPRICE, OCORE_ORDER_PLACED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_REDUCE, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_CANCEL, OCORE_ORDER_CANCELLED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_PAY, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_ALLOCATE, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_REPRICE, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_FULFILL, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_RETURN, OCORE_ORDER_CONFIRMED},
        {OCORE_ORDER_CONFIRMED, OCORE_STEP_COMPLETE, OCORE_ORDER_COMPLETED},
        {OCORE_ORDER_COMPLETED, OCORE_STEP_PAY, OCORE_ORDER_COMPLETED},
        {OCORE_ORDER_COMPLETED, OCORE_STEP_RETURN, OCORE_ORDER_COMPLETED},
        {OCORE_ORDER_CANCELLED, OCORE_STEP_PAY, OCORE_ORDER_CANCELLED},
};
const size_t ocore__order_transition_count =
        sizeof ocore__order_transitions / sizeof ocore__order_transitions[0];

int ocore__order_step(int64_t state, int64_t step, int64_t *out_state)
{
        for (size_t i = 0; i < ocore__order_transition_count; i++) {
                const ocore__transition *row = &ocore__order_transitions[i];

                if (row->from == state && row->step == step) {
                        *out_state = row->to;
                        return OCORE_OK;
                }
        }
        *out_state = state;
        return OCORE_STATE;
}

static const char *choice_name(const ocore_choice *choice, int64_t value)
{
        while (choice->name && choice->value != value)
                choice++;
        return choice->name ? choice->name : "unknown";
}

int ocore__order_step_check(
        ocore__work *work, const ocore_order *order, int64_t step, int64_t *out_state)
{
        int64_t next;

        if (!ocore__order_step(order->state, step, out_state ? out_state : &next))
                return OCORE_OK;
        return ocore__refuse(work, OCORE_STATE, "order_id",
                "the order is %s and cannot %s; ask order.next for what it can",
                choice_name(ocore__order_states, order->state),
                choice_name(ocore__order_steps, step));
}

void ocore__line_units_of(
        const ocore__order_view *view, const ocore_order_line *line, ocore__line_units *out)
{
        size_t index = (size_t)line->number - 1;
        ocore__entry *entry = index < view->line_count ? view->allocation_at[index] : NULL;

        *out = (ocore__line_units){.arrived = line->performed};
        for (; entry; entry = ocore__next(entry)) {
                const ocore_allocation *row = ocore__row(entry);

                if (row->line != line->number)
                        break;
                out->allocated += row->allocated + row->released;
                out->released += row->released;
                out->picked += row->picked;
                out->packed += row->packed;
                out->shipped += row->shipped;
                out->arrived += row->delivered;
        }
        out->open = line->quantity - line->cancelled - line->backordered - out->allocated -
                    out->picked - out->packed - out->shipped - out->arrived;
}

static ocore__share share_of(
        int64_t total_minor, int64_t tax_minor, int64_t quantity, int64_t first, int64_t count)
{
        return (ocore__share){ocore__unit_share(total_minor, first + count, quantity) -
                                      ocore__unit_share(total_minor, first, quantity),
                ocore__unit_share(tax_minor, first + count, quantity) -
                        ocore__unit_share(tax_minor, first, quantity)};
}

ocore__share ocore__line_share(const ocore_order_line *line, int64_t first, int64_t count)
{
        return share_of(line->total_minor, line->tax_minor, line->quantity, first, count);
}

ocore__share ocore__line_shipping_share(const ocore_order_line *line, int64_t first, int64_t count)
{
        return share_of(
                line->shipping_minor, line->shipping_tax_minor, line->quantity, first, count);
}
