/* What can happen to a return, and where its goods go: tables, and nothing but them. */
#include "returns.h"

const ocore__return_transition ocore__return_transitions[] = {
        {OCORE_RETURN_REQUESTED, OCORE_RETURN_STEP_RECEIVE, OCORE_RETURN_RECEIVED, 1},
        {OCORE_RETURN_RECEIVED, OCORE_RETURN_STEP_INSPECT, OCORE_RETURN_INSPECTED, 1},
        {OCORE_RETURN_INSPECTED, OCORE_RETURN_STEP_REFUND, OCORE_RETURN_REFUNDED, 1},
        {OCORE_RETURN_REQUESTED, OCORE_RETURN_STEP_REFUND, OCORE_RETURN_REFUNDED, 0},
};
const size_t ocore__return_transition_count =
        sizeof ocore__return_transitions / sizeof ocore__return_transitions[0];

static const ocore__disposition dispositions[] = {
        {OCORE_DISPOSITION_RESTOCK, OCORE_BUCKET_AVAILABLE, offsetof(ocore_return_line, restocked)},
        {OCORE_DISPOSITION_QUARANTINE, OCORE_BUCKET_DAMAGED,
                offsetof(ocore_return_line, quarantined)},
        {OCORE_DISPOSITION_SCRAP, OCORE_ACCOUNT_SCRAP, offsetof(ocore_return_line, scrapped)},
        {OCORE_DISPOSITION_SUPPLIER, OCORE_ACCOUNT_SUPPLIER,
                offsetof(ocore_return_line, to_supplier)},
};

int ocore__return_step(int64_t state, int64_t step, int64_t has_goods, int64_t *out_state)
{
        *out_state = state;
        for (size_t i = 0; i < ocore__return_transition_count; i++) {
                const ocore__return_transition *one = &ocore__return_transitions[i];

                if (one->from == state && one->step == step && one->has_goods == has_goods) {
                        *out_state = one->to;
                        return OCORE_OK;
                }
        }
        return OCORE_STATE;
}

const char *ocore__return_word(int64_t state)
{
        switch (state) {
        case OCORE_RETURN_REQUESTED: return "requested";
        case OCORE_RETURN_RECEIVED: return "received";
        case OCORE_RETURN_INSPECTED: return "inspected";
        case OCORE_RETURN_REFUNDED: return "refunded";
        default: return "in no known state";
        }
}

const ocore__disposition *ocore__disposition_of(int64_t disposition)
{
        for (size_t i = 0; i < sizeof dispositions / sizeof dispositions[0]; i++)
                if (dispositions[i].disposition == disposition)
                        return &dispositions[i];
        return NULL;
}

/* Received is never less than what is judged of it; a store that says so has nothing left. */
int64_t ocore__return_unjudged(const ocore_return_line *line)
{
        int64_t left = line->received;

        for (size_t i = 0; i < sizeof dispositions / sizeof dispositions[0]; i++) {
                int64_t judged = OCORE__CONST_NUMBER_AT(line, dispositions[i].column);

                if (judged > left)
                        return 0;
                left -= judged;
        }
        return left;
}
