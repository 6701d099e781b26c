/* What may happen to a purchase order in which state, and what its numbers say. Pure. */
#include "supply.h"

const ocore__transition ocore__purchase_transitions[] = {
        {OCORE_PURCHASE_PROPOSED, OCORE_PURCHASE_STEP_SEND, OCORE_PURCHASE_SENT},
        {OCORE_PURCHASE_PROPOSED, OCORE_PURCHASE_STEP_CANCEL, OCORE_PURCHASE_CANCELLED},
        {OCORE_PURCHASE_SENT, OCORE_PURCHASE_STEP_CONFIRM, OCORE_PURCHASE_CONFIRMED},
        {OCORE_PURCHASE_SENT, OCORE_PURCHASE_STEP_RECEIVE, OCORE_PURCHASE_RECEIVING},
        {OCORE_PURCHASE_SENT, OCORE_PURCHASE_STEP_FINISH, OCORE_PURCHASE_CLOSED},
        {OCORE_PURCHASE_SENT, OCORE_PURCHASE_STEP_CLOSE, OCORE_PURCHASE_CLOSED},
        {OCORE_PURCHASE_SENT, OCORE_PURCHASE_STEP_CANCEL, OCORE_PURCHASE_CANCELLED},
        {OCORE_PURCHASE_CONFIRMED, OCORE_PURCHASE_STEP_CONFIRM, OCORE_PURCHASE_CONFIRMED},
        {OCORE_PURCHASE_CONFIRMED, OCORE_PURCHASE_STEP_RECEIVE, OCORE_PURCHASE_RECEIVING},
        {OCORE_PURCHASE_CONFIRMED, OCORE_PURCHASE_STEP_FINISH, OCORE_PURCHASE_CLOSED},
        {OCORE_PURCHASE_CONFIRMED, OCORE_PURCHASE_STEP_CLOSE, OCORE_PURCHASE_CLOSED},
        {OCORE_PURCHASE_CONFIRMED, OCORE_PURCHASE_STEP_CANCEL, OCORE_PURCHASE_CANCELLED},
        {OCORE_PURCHASE_RECEIVING, OCORE_PURCHASE_STEP_CONFIRM, OCORE_PURCHASE_RECEIVING},
        {OCORE_PURCHASE_RECEIVING, OCORE_PURCHASE_STEP_RECEIVE, OCORE_PURCHASE_RECEIVING},
        {OCORE_PURCHASE_RECEIVING, OCORE_PURCHASE_STEP_FINISH, OCORE_PURCHASE_CLOSED},
        {OCORE_PURCHASE_RECEIVING, OCORE_PURCHASE_STEP_CLOSE, OCORE_PURCHASE_CLOSED},
};
const size_t ocore__purchase_transition_count =
        sizeof ocore__purchase_transitions / sizeof ocore__purchase_transitions[0];

int ocore__purchase_step(int64_t state, int64_t step, int64_t *out_state)
{
        for (size_t i = 0; i < ocore__purchase_transition_count; i++) {
                const ocore__transition *row = &ocore__purchase_transitions[i];

                if (row->from == state && row->step == step) {
                        *out_state = row->to;
                        return OCORE_OK;
                }
        }
        *out_state = state;
        return OCORE_STATE;
}

int ocore__purchase_is_supply(int64_t state)
{
        return state == OCORE_PURCHASE_SENT || state == OCORE_PURCHASE_CONFIRMED ||
               state == OCORE_PURCHASE_RECEIVING;
}

int64_t ocore__purchase_left(const ocore_purchase_line *line)
{
        return line->quantity > line->received ? line->quantity - line->received : 0;
}

int64_t ocore__purchase_most(const ocore_purchase_line *line, int64_t over_ppm)
{
        int64_t more, most;

        if (ocore__multiply_divide(line->quantity, over_ppm, 1000000, OCORE__DOWN, &more) ||
                ocore__add(line->quantity, more, &most))
                return INT64_MAX;
        return most;
}

int64_t ocore__purchase_due(
        int64_t due_us, int64_t product_lead_us, int64_t supplier_lead_us, int64_t now_us)
{
        int64_t at_us;

        if (due_us)
                return due_us;
        return ocore__add(now_us, product_lead_us ? product_lead_us : supplier_lead_us, &at_us)
                       ? INT64_MAX
                       : at_us;
}

int64_t ocore__purchase_account(int64_t kind)
{
        return kind == OCORE_PURCHASE_PRODUCTION ? OCORE_ACCOUNT_PRODUCTION
                                                 : OCORE_ACCOUNT_SUPPLIER;
}
