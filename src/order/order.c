/* Looking at orders: get, list, timeline, next steps, consignee. */
#include "order_room.h"

#include "engine/procedure.h"

#include <string.h>

static int found_id(void *user_data, const void *row, int64_t revision)
{
        (void)revision;
        *(ocore_id *)user_data = ((const ocore_order *)row)->id;
        return OCORE_OK;
}

typedef struct number_search {
        ocore_str number;
        ocore_id *owner;
} number_search;

/* The unit may have given the number to an order, or taken it from the one that the store names. */
static int seen_in_unit(void *user_data, const void *row, int64_t revision)
{
        number_search *search = user_data;
        const ocore_order *order = row;

        (void)revision;
        if (ocore_str_equal(order->number, search->number)) {
                *search->owner = order->id;
                return OCORE_DONE;
        }
        if (ocore__id_compare(order->id, *search->owner) == 0)
                *search->owner = (ocore_id){{0}};
        return OCORE_OK;
}

int ocore__order_number_owner(ocore__work *work, ocore_str number, ocore_id *out)
{
        const ocore_cell cell = ocore__cell_text(number);
        const ocore__scan scan = {.table = &ocore__order_table,
                .index = OCORE__ORDER_BY_NUMBER,
                .prefix = &cell,
                .prefix_count = 1,
                .limit = 1};
        number_search search = {number, out};
        int status;

        *out = (ocore_id){{0}};
        status = ocore__scan_rows(work->core, work->arena, &scan, 0, found_id, out);
        return status ? status : ocore__unit_rows(work, &ocore__order_table, seen_in_unit, &search);
}

int ocore__order_key_resolve(ocore__work *work, const ocore_order_key *key, ocore_id *out)
{
        int status;

        *out = key->order_id;
        if (!ocore__id_is_none(key->order_id))
                return OCORE_OK;
        if (!key->number.size)
                return ocore__refuse(
                        work, OCORE_INVALID, "order_id", "is needed; give it, or the number");
        status = ocore__order_number_owner(work, key->number, out);
        if (!status && ocore__id_is_none(*out))
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "number", "there is no order \"%t\"", &key->number);
        return status;
}

static int load(
        ocore__work *work, const void *request, ocore__order_view *view, const ocore_order **order)
{
        ocore_id order_id;
        int status = ocore__order_key_resolve(work, request, &order_id);

        if (!status)
                status = ocore__order_want(work, order_id, view);
        if (!status)
                status = ocore__fetch(work);
        return status ? status : ocore__order_found(work, view, order);
}

static int order_get(ocore__work *work, const void *request, const void **answer)
{
        ocore__order_view view;
        const ocore_order *order = NULL;
        int status = load(work, request, &view, &order);

        if (!status)
                status = ocore__order_snapshot(work, &view, &order);
        *answer = order;
        return status;
}

static int order_timeline(ocore__work *work, const void *request, const void **answer)
{
        ocore_timeline *timeline = ocore__arena_zero(work->arena, 1, sizeof *timeline);
        const void *const *rows;
        ocore__order_view view;
        const ocore_order *order = NULL;
        ocore__group *events;
        int status = timeline ? load(work, request, &view, &order) : OCORE_NOMEM;

        if (!status)
                status = ocore__want(work, &ocore__event_table, ocore__cell_id(order->id), &events);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__rows_of(work, events, &rows, &timeline->event_count);
        if (status)
                return status;
        timeline->events = (const ocore_event *const *)rows;
        *answer = timeline;
        return OCORE_OK;
}

static int order_next(ocore__work *work, const void *request, const void **answer)
{
        ocore_step_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        ocore_step *steps =
                ocore__arena_zero(work->arena, ocore__order_transition_count, sizeof *steps);
        const ocore_step **rows =
                ocore__arena_zero(work->arena, ocore__order_transition_count, sizeof *rows);
        ocore__order_view view;
        const ocore_order *order = NULL;
        int status = list && steps && rows ? load(work, request, &view, &order) : OCORE_NOMEM;

        if (status)
                return status;
        for (size_t i = 0; i < ocore__order_transition_count; i++) {
                const ocore__transition *row = &ocore__order_transitions[i];

                if (row->from != order->state)
                        continue;
                steps[list->step_count] = (ocore_step){row->step, row->to};
                rows[list->step_count] = &steps[list->step_count];
                list->step_count++;
        }
        list->state = order->state;
        list->steps = rows;
        *answer = list;
        return OCORE_OK;
}

static int order_party(ocore__work *work, const void *request, const void **answer)
{
        ocore__order_view view;
        const ocore_order *order = NULL;
        ocore__group *parties;
        int status = load(work, request, &view, &order);

        if (!status)
                status =
                        ocore__want(work, &ocore__party_table, ocore__cell_id(order->id), &parties);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        *answer = ocore__only(parties);
        return *answer ? OCORE_OK
                       : ocore__refuse(
                                 work, OCORE_NOT_FOUND, "order_id", "the order names no consignee");
}

typedef struct order_page {
        const ocore_order **rows;
        size_t count;
        size_t limit;
        ocore_id next;
} order_page;

static int page_row(void *user_data, const void *row, int64_t revision)
{
        order_page *page = user_data;

        (void)revision;
        if (page->count == page->limit) {
                page->next = page->rows[page->count - 1]->id;
                return OCORE_DONE;
        }
        page->rows[page->count++] = row;
        return OCORE_OK;
}

static int order_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_order_list_request *request = args;
        int by_customer = request->customer.size > 0;
        const ocore_cell customer = ocore__cell_text(request->customer);
        const ocore_cell after[] = {customer, ocore__cell_id(request->after)};
        order_page page = {.limit = request->limit ? (size_t)request->limit : 100};
        const ocore__scan scan = {.table = &ocore__order_table,
                .index = by_customer ? OCORE__ORDER_BY_CUSTOMER : 0,
                .prefix = &customer,
                .prefix_count = by_customer ? 1 : 0,
                .after = ocore__id_is_none(request->after) ? NULL : &after[!by_customer],
                .after_count = by_customer ? 2 : 1,
                .limit = (uint32_t)page.limit + 1};
        ocore_order_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        int status;

        if (request->limit > 1000)
                return ocore__refuse(work, OCORE_LIMIT, "limit",
                        "at most 1000 orders are allowed; ask for pages");
        page.rows = ocore__arena_zero(work->arena, page.limit, sizeof *page.rows);
        if (!list || !page.rows)
                return OCORE_NOMEM;
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, page_row, &page);
        if (status)
                return status;
        list->orders = page.rows;
        list->order_count = page.count;
        list->next = page.next;
        *answer = list;
        return OCORE_OK;
}

static const ocore_field key_fields[] = {
        OCORE__FIELD(ocore_order_key, order_id, ID, 0, "which order; default: by number"),
        OCORE__FIELD_CODE(ocore_order_key, number, 0, "its readable number"),
};
const ocore_record ocore__order_key_record =
        OCORE__RECORD("order_key", ocore_order_key, key_fields, 0);

static const ocore_field list_request_fields[] = {
        OCORE__FIELD_CODE(
                ocore_order_list_request, customer, 0, "only this customer's; default: all"),
        OCORE__FIELD(ocore_order_list_request, after, ID, 0, "start behind this order"),
        OCORE__FIELD(ocore_order_list_request, limit, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "most orders, 1 to 1000; default 100"),
};
const ocore_record ocore__order_list_request =
        OCORE__RECORD("order_list_request", ocore_order_list_request, list_request_fields, 0);
static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_order_list, orders, ROWS, 0, &ocore__order_record,
                "in order of id, without lines"),
        OCORE__FIELD(ocore_order_list, next, ID, 0, "for the next page's after; none: no more"),
};
const ocore_record ocore__order_list_record =
        OCORE__RECORD("order_list", ocore_order_list, list_fields, 0);
static const ocore_field timeline_fields[] = {
        OCORE__FIELD_OF(ocore_timeline, events, ROWS, 0, &ocore__event_record, "all that happened"),
};
const ocore_record ocore__timeline_record =
        OCORE__RECORD("timeline", ocore_timeline, timeline_fields, 0);
static const ocore_field step_fields[] = {
        OCORE__FIELD_OF(ocore_step, step, CHOICE, 0, ocore__order_steps, "what may come next"),
        OCORE__FIELD_OF(ocore_step, to, CHOICE, 0, ocore__order_states, "the state it leads to"),
};
static const ocore_record step_record = OCORE__RECORD("step", ocore_step, step_fields, 0);
static const ocore_field step_list_fields[] = {
        OCORE__FIELD_OF(ocore_step_list, state, CHOICE, 0, ocore__order_states, "the state now"),
        OCORE__FIELD_OF(ocore_step_list, steps, ROWS, 0, &step_record, "what may come next"),
};
const ocore_record ocore__step_list_record =
        OCORE__RECORD("step_list", ocore_step_list, step_list_fields, 0);

const ocore__procedure ocore__order_get = {
        &ocore__order_key_record, &ocore__order_record, order_get, 0};
const ocore__procedure ocore__order_list = {
        &ocore__order_list_request, &ocore__order_list_record, order_list, OCORE__DIRECT};
const ocore__procedure ocore__order_timeline = {
        &ocore__order_key_record, &ocore__timeline_record, order_timeline, 0};
const ocore__procedure ocore__order_next = {
        &ocore__order_key_record, &ocore__step_list_record, order_next, 0};
const ocore__procedure ocore__order_party = {
        &ocore__order_key_record, &ocore__party_record, order_party, 0};

OCORE__PUBLIC(ocore_order_get, ocore_order_key, ocore_order, ocore__order_get)
OCORE__PUBLIC(ocore_order_list_page, ocore_order_list_request, ocore_order_list, ocore__order_list)
OCORE__PUBLIC(ocore_order_timeline, ocore_order_key, ocore_timeline, ocore__order_timeline)
OCORE__PUBLIC(ocore_order_next, ocore_order_key, ocore_step_list, ocore__order_next)
OCORE__PUBLIC(ocore_order_party, ocore_order_key, ocore_party, ocore__order_party)
