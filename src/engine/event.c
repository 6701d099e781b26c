/* Events and effects, and the other tables that belong to the engine. */
#include "core.h"

static const ocore_choice event_kinds[] = {
        {"catalog_changed", OCORE_EVENT_CATALOG_CHANGED},
        {"stock_received", OCORE_EVENT_STOCK_RECEIVED},
        {"stock_adjusted", OCORE_EVENT_STOCK_ADJUSTED},
        {"stock_counted", OCORE_EVENT_STOCK_COUNTED},
        {"stock_moved", OCORE_EVENT_STOCK_MOVED},
        {"hold_placed", OCORE_EVENT_HOLD_PLACED},
        {"hold_released", OCORE_EVENT_HOLD_RELEASED},
        {"hold_lapsed", OCORE_EVENT_HOLD_LAPSED},
        {"hold_converted", OCORE_EVENT_HOLD_CONVERTED},
        {"order_saved", OCORE_EVENT_ORDER_SAVED},
        {"order_placed", OCORE_EVENT_ORDER_PLACED},
        {"order_confirmed", OCORE_EVENT_ORDER_CONFIRMED},
        {"order_cancelled", OCORE_EVENT_ORDER_CANCELLED},
        {"lines_cancelled", OCORE_EVENT_LINES_CANCELLED},
        {"order_completed", OCORE_EVENT_ORDER_COMPLETED},
        {"payment_taken", OCORE_EVENT_PAYMENT_TAKEN},
        {"payment_agreed", OCORE_EVENT_PAYMENT_AGREED},
        {"payment_collected", OCORE_EVENT_PAYMENT_COLLECTED},
        {"payment_refunded", OCORE_EVENT_PAYMENT_REFUNDED},
        {"fulfillment_created", OCORE_EVENT_FULFILLMENT_CREATED},
        {"fulfillment_picked", OCORE_EVENT_FULFILLMENT_PICKED},
        {"fulfillment_packed", OCORE_EVENT_FULFILLMENT_PACKED},
        {"fulfillment_shipped", OCORE_EVENT_FULFILLMENT_SHIPPED},
        {"fulfillment_delivered", OCORE_EVENT_FULFILLMENT_DELIVERED},
        {"fulfillment_cancelled", OCORE_EVENT_FULFILLMENT_CANCELLED},
        {"return_requested", OCORE_EVENT_RETURN_REQUESTED},
        {"return_received", OCORE_EVENT_RETURN_RECEIVED},
        {"return_inspected", OCORE_EVENT_RETURN_INSPECTED},
        {"return_refunded", OCORE_EVENT_RETURN_REFUNDED},
        {"stock_recalled", OCORE_EVENT_STOCK_RECALLED},
        {"count_opened", OCORE_EVENT_COUNT_OPENED},
        {"count_entered", OCORE_EVENT_COUNT_ENTERED},
        {"count_closed", OCORE_EVENT_COUNT_CLOSED},
        {"count_cancelled", OCORE_EVENT_COUNT_CANCELLED},
        {"transfer_shipped", OCORE_EVENT_TRANSFER_SHIPPED},
        {"transfer_received", OCORE_EVENT_TRANSFER_RECEIVED},
        {"transfer_closed", OCORE_EVENT_TRANSFER_CLOSED},
        {"hold_extended", OCORE_EVENT_HOLD_EXTENDED},
        {"hold_transferred", OCORE_EVENT_HOLD_TRANSFERRED},
        {"hold_reduced", OCORE_EVENT_HOLD_REDUCED},
        {"backorder_filled", OCORE_EVENT_BACKORDER_FILLED},
        {"promise_changed", OCORE_EVENT_PROMISE_CHANGED},
        {"order_reallocated", OCORE_EVENT_ORDER_REALLOCATED},
        {"order_repriced", OCORE_EVENT_ORDER_REPRICED},
        {"fulfillment_short", OCORE_EVENT_FULFILLMENT_SHORT},
        {"purchase_proposed", OCORE_EVENT_PURCHASE_PROPOSED},
        {"purchase_sent", OCORE_EVENT_PURCHASE_SENT},
        {"purchase_confirmed", OCORE_EVENT_PURCHASE_CONFIRMED},
        {"purchase_received", OCORE_EVENT_PURCHASE_RECEIVED},
        {"purchase_closed", OCORE_EVENT_PURCHASE_CLOSED},
        {"purchase_cancelled", OCORE_EVENT_PURCHASE_CANCELLED},
        {"drop_shipped", OCORE_EVENT_DROP_SHIPPED},
        {NULL, 0},
};

static const ocore_choice effect_states[] = {
        {"pending", OCORE_EFFECT_PENDING},
        {"done", OCORE_EFFECT_DONE},
        {"dead", OCORE_EFFECT_DEAD},
        {NULL, 0},
};

static const ocore_field event_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(
                ocore_event, subject_id, ID, 0, "the order, or the command that belongs to none"),
        OCORE__FIELD(ocore_event, number, INTEGER, 0, "1, 2, 3 … for each subject, without gaps"),
        OCORE__FIELD_OF(ocore_event, kind, CHOICE, 0, event_kinds, "what happened"),
        OCORE__FIELD(ocore_event, at_us, TIME, 0, "when"),
        OCORE__FIELD(ocore_event, command_id, ID, 0, "the command that caused it"),
        OCORE__FIELD(ocore_event, actor, TEXT, 0, "who"),
        OCORE__FIELD(ocore_event, detail, TEXT, 0, "what else there is to say"),
};
const ocore_record ocore__event_record = OCORE__RECORD("event", ocore_event, event_fields, 8);
const ocore_table ocore__event_table = {"event", &ocore__event_record, NULL, 3, 0, 1, 2, 0, 0};

static const ocore_field effect_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore_effect, subject_id, ID, 0, "the order"),
        OCORE__FIELD(ocore_effect, number, INTEGER, 0, "the number of the event"),
        OCORE__FIELD_OF(ocore_effect, kind, CHOICE, 0, event_kinds, "what the world is told"),
        OCORE__FIELD_OF(ocore_effect, state, CHOICE, 0, effect_states, "pending, done or dead"),
        OCORE__FIELD(ocore_effect, due_us, TIME, OCORE_FIELD_NULLABLE, "when it is tried next"),
        OCORE__FIELD(ocore_effect, attempts, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how often it was tried"),
};
const ocore_record ocore__effect_record = OCORE__RECORD("effect", ocore_effect, effect_fields, 7);
static const uint32_t effect_due_columns[] = {0, 5};
static const ocore_index effect_indexes[] = {
        {"effect_by_due", effect_due_columns, 2, OCORE_INDEX_SPARSE},
};
const ocore_table ocore__effect_table = {
        "effect", &ocore__effect_record, effect_indexes, 3, 1, 2, 2, 0, 0};

static const ocore_field command_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore__command_row, id, ID, 0, "made by the caller"),
        OCORE__FIELD(ocore__command_row, name, TEXT, 0, "which request"),
        OCORE__FIELD(ocore__command_row, request, BYTES, 0, "its digest by field"),
        OCORE__FIELD(ocore__command_row, answer, BYTES, 0, "what was answered"),
        OCORE__FIELD(ocore__command_row, at_us, TIME, 0, "when"),
};
static const ocore_record command_record =
        OCORE__RECORD("command", ocore__command_row, command_fields, 6);
const ocore_table ocore__command_table = {"command", &command_record, NULL, 2, 0, 0, 2, 0, 0};

static const ocore_field policy_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(ocore__policy_row, name, TEXT, 0, "what is covered"),
        OCORE__FIELD(ocore__policy_row, changes, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how often a rule under it has changed"),
};
static const ocore_record policy_record =
        OCORE__RECORD("policy", ocore__policy_row, policy_fields, 3);
const ocore_table ocore__policy_table = {
        "policy", &policy_record, NULL, 2, 0, 3, 2, OCORE_TABLE_CACHED, 0};
const ocore_str ocore__policy_name = {"rules", 5};

/* What the world is told of: the steps that a customer, a carrier or a bookkeeper waits for. */
static int is_told(int64_t kind)
{
        switch (kind) {
        case OCORE_EVENT_ORDER_PLACED:
        case OCORE_EVENT_ORDER_CONFIRMED:
        case OCORE_EVENT_ORDER_CANCELLED:
        case OCORE_EVENT_LINES_CANCELLED:
        case OCORE_EVENT_ORDER_COMPLETED:
        case OCORE_EVENT_PAYMENT_TAKEN:
        case OCORE_EVENT_PAYMENT_COLLECTED:
        case OCORE_EVENT_PAYMENT_REFUNDED:
        case OCORE_EVENT_FULFILLMENT_CREATED:
        case OCORE_EVENT_FULFILLMENT_SHIPPED:
        case OCORE_EVENT_FULFILLMENT_DELIVERED:
        case OCORE_EVENT_RETURN_REQUESTED:
        case OCORE_EVENT_RETURN_RECEIVED:
        case OCORE_EVENT_RETURN_REFUNDED:
        case OCORE_EVENT_BACKORDER_FILLED:
        case OCORE_EVENT_PROMISE_CHANGED:
        case OCORE_EVENT_PURCHASE_SENT:
        case OCORE_EVENT_PURCHASE_CANCELLED:
        case OCORE_EVENT_DROP_SHIPPED: return 1;
        default: return 0;
        }
}

void ocore__event(
        ocore__work *work, ocore_id subject, int64_t number, int64_t kind, ocore_str detail)
{
        const ocore_config *config = &work->core->config;
        const ocore_event event = {
                subject, number, kind, work->now_us, work->id, config->actor, detail};
        const ocore_effect effect = {subject, number, kind, OCORE_EFFECT_PENDING, work->now_us, 0};

        ocore__insert(work, &ocore__event_table, &event);
        if (is_told(kind) && !config->effects_off)
                ocore__insert(work, &ocore__effect_table, &effect);
}
