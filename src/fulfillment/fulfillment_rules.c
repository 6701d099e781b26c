/* What can happen to a fulfillment, and where its units then are: tables, and nothing but them. */
#include "fulfillment.h"

const ocore__fulfillment_transition ocore__fulfillment_transitions[] = {
        {OCORE_FULFILLMENT_STATE_OPEN, OCORE_FULFILLMENT_STEP_PICK, OCORE_FULFILLMENT_STATE_PICKED,
                OCORE_EVENT_FULFILLMENT_PICKED},
        {OCORE_FULFILLMENT_STATE_OPEN, OCORE_FULFILLMENT_STEP_CANCEL,
                OCORE_FULFILLMENT_STATE_CANCELLED, OCORE_EVENT_FULFILLMENT_CANCELLED},
        {OCORE_FULFILLMENT_STATE_PICKED, OCORE_FULFILLMENT_STEP_PACK,
                OCORE_FULFILLMENT_STATE_PACKED, OCORE_EVENT_FULFILLMENT_PACKED},
        {OCORE_FULFILLMENT_STATE_PICKED, OCORE_FULFILLMENT_STEP_CANCEL,
                OCORE_FULFILLMENT_STATE_CANCELLED, OCORE_EVENT_FULFILLMENT_CANCELLED},
        {OCORE_FULFILLMENT_STATE_PACKED, OCORE_FULFILLMENT_STEP_SHIP,
                OCORE_FULFILLMENT_STATE_SHIPPED, OCORE_EVENT_FULFILLMENT_SHIPPED},
        {OCORE_FULFILLMENT_STATE_PACKED, OCORE_FULFILLMENT_STEP_CANCEL,
                OCORE_FULFILLMENT_STATE_CANCELLED, OCORE_EVENT_FULFILLMENT_CANCELLED},
        {OCORE_FULFILLMENT_STATE_SHIPPED, OCORE_FULFILLMENT_STEP_DELIVER,
                OCORE_FULFILLMENT_STATE_DELIVERED, OCORE_EVENT_FULFILLMENT_DELIVERED},
};
const size_t ocore__fulfillment_transition_count =
        sizeof ocore__fulfillment_transitions / sizeof ocore__fulfillment_transitions[0];

static const ocore__fulfillment_place places[] = {
        {OCORE_FULFILLMENT_STATE_OPEN, offsetof(ocore_allocation, released), OCORE_BUCKET_ALLOCATED,
                "open"},
        {OCORE_FULFILLMENT_STATE_PICKED, offsetof(ocore_allocation, picked), OCORE_BUCKET_PICKED,
                "picked"},
        {OCORE_FULFILLMENT_STATE_PACKED, offsetof(ocore_allocation, packed), OCORE_BUCKET_PICKED,
                "packed"},
        {OCORE_FULFILLMENT_STATE_SHIPPED, offsetof(ocore_allocation, shipped),
                OCORE_ACCOUNT_CUSTOMER, "shipped"},
        {OCORE_FULFILLMENT_STATE_DELIVERED, offsetof(ocore_allocation, delivered),
                OCORE_ACCOUNT_CUSTOMER, "delivered"},
        {OCORE_FULFILLMENT_STATE_CANCELLED, offsetof(ocore_allocation, allocated),
                OCORE_BUCKET_ALLOCATED, "cancelled"},
};

const ocore__fulfillment_transition *ocore__fulfillment_step(int64_t state, int64_t step)
{
        for (size_t i = 0; i < ocore__fulfillment_transition_count; i++)
                if (ocore__fulfillment_transitions[i].from == state &&
                        ocore__fulfillment_transitions[i].step == step)
                        return &ocore__fulfillment_transitions[i];
        return NULL;
}

const ocore__fulfillment_place *ocore__fulfillment_place_of(int64_t state)
{
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
                if (places[i].state == state)
                        return &places[i];
        return NULL;
}

int ocore__allocation_move(ocore_allocation *allocation, size_t from, size_t to, int64_t quantity)
{
        if (quantity > OCORE__NUMBER_AT(allocation, from))
                return OCORE_STATE;
        OCORE__NUMBER_AT(allocation, from) -= quantity;
        if (ocore__add(
                    OCORE__NUMBER_AT(allocation, to), quantity, &OCORE__NUMBER_AT(allocation, to)))
                return OCORE_OVERFLOW;
        return OCORE_OK;
}
