/* What can happen to a fulfillment, where its units then are, and what of an order may go on pick
 * lists: tables and sums, and nothing but them. */
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

/* Units of a part that are on pick lists or further. */
static int64_t gone(const ocore__line_units *units)
{
        return units->released + units->picked + units->packed + units->shipped + units->arrived;
}

/* How far units of a part are: those that count as there, and those that went before. */
typedef struct part_units {
        int64_t there;
        int64_t gone;
} part_units;

static part_units part_of(const ocore__order_view *view, const ocore_order_line *part, int leaves)
{
        ocore__line_units units;

        ocore__line_units_of(view, part, &units);
        return (part_units){units.allocated - units.released + gone(&units),
                leaves ? units.shipped + units.arrived : gone(&units)};
}

static void limit_parts(const ocore__order_view *view, const ocore__parts *parts,
        const uint8_t *alone, int leaves, int64_t *limits)
{
        for (size_t i = 0; i < view->line_count; i++)
                limits[i] = INT64_MAX;
        for (size_t i = 0; i < view->line_count; i++) {
                int64_t whole = INT64_MAX;

                for (int64_t n = alone[i] ? 0 : parts->first[i]; n; n = parts->next[n - 1]) {
                        const ocore_order_line *part = ocore__row(view->line_at[n - 1]);
                        int64_t there = part_of(view, part, leaves).there / part->per_parent;

                        whole = there < whole ? there : whole;
                }
                for (int64_t n = alone[i] ? 0 : parts->first[i]; n; n = parts->next[n - 1]) {
                        const ocore_order_line *part = ocore__row(view->line_at[n - 1]);

                        limits[n - 1] = whole * part->per_parent - part_of(view, part, leaves).gone;
                        if (limits[n - 1] < 0 && !leaves)
                                limits[n - 1] = 0; /* a pick that came up short left the rest */
                }
        }
}

void ocore__release_limits(const ocore__order_view *view, const ocore__parts *parts,
        const uint8_t *alone, int64_t *limits)
{
        limit_parts(view, parts, alone, 0, limits);
}

void ocore__ship_limits(const ocore__order_view *view, const ocore__parts *parts,
        const uint8_t *alone, int64_t *limits)
{
        limit_parts(view, parts, alone, 1, limits);
}

const ocore_order_line *ocore__release_missing(
        const ocore__order_view *view, const uint8_t *dropped, int listed, int64_t *out_missing)
{
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);
                ocore__line_units units;

                if (line->kind != OCORE_PRODUCT_GOODS)
                        continue;
                ocore__line_units_of(view, line, &units);
                *out_missing = units.open + (dropped[i] ? 0 : line->backordered) +
                               (listed ? units.allocated - units.released : 0);
                if (*out_missing)
                        return line;
        }
        return NULL;
}
