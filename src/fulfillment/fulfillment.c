/*
 * Releasing allocated units to the pick list of a site, and looking fulfillments up. What happens
 * to a pick list then stands in fulfillment_steps.c.
 */
#include "fulfillment.h"

#include "engine/procedure.h"

int ocore__fulfillment_answer(ocore__work *work, const ocore_fulfillment *row,
        const ocore__group *lines, const void **answer)
{
        ocore_fulfillment *copy = ocore__arena_take(work->arena, sizeof *copy);
        const void *const *rows;
        int status;

        if (!copy)
                return OCORE_NOMEM;
        *copy = *row;
        status = ocore__rows_of(work, lines, &rows, &copy->line_count);
        copy->lines = (const ocore_fulfillment_line *const *)rows;
        *answer = copy;
        return status;
}

int ocore__fulfillment_found(ocore__work *work, const ocore__group *group, ocore__entry **out)
{
        *out = ocore__first(group);
        if (*out)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_NOT_FOUND, "fulfillment_id",
                "there is no such fulfillment; list those of the order");
}

/* An allocation of which something can go on a pick list. */
static int is_waiting(const ocore_allocation *allocation)
{
        return allocation->allocated > 0;
}

/* The site that is meant: the one named, or the only one with units of the order. */
static int choose_site(
        ocore__work *work, const ocore__order_view *view, ocore_str asked, ocore_str *out)
{
        *out = asked;
        for (ocore__entry *at = ocore__first(view->allocations); at; at = ocore__next(at)) {
                const ocore_allocation *allocation = ocore__row(at);

                if (!is_waiting(allocation))
                        continue;
                if (asked.size && ocore_str_equal(allocation->site, asked))
                        return OCORE_OK;
                if (!asked.size && out->size && !ocore_str_equal(allocation->site, *out))
                        return ocore__refuse(work, OCORE_INVALID, "site",
                                "units of the order are at \"%t\" and at \"%t\"; name "
                                "one of them",
                                out, &allocation->site);
                if (!asked.size)
                        *out = allocation->site;
        }
        if (asked.size)
                return ocore__refuse(work, OCORE_STATE, "site",
                        "nothing of the order is allocated at \"%t\"; name another "
                        "site",
                        &asked);
        if (!out->size)
                return ocore__refuse(work, OCORE_STATE, "order_id",
                        "nothing of the order waits to be picked; look at its "
                        "allocations");
        return OCORE_OK;
}

/* Puts up to `most` units of an allocation on the pick list; returns how many. */
static int64_t release_some(ocore__work *work, ocore__entry *entry, int64_t most)
{
        const ocore_allocation *row = ocore__row(entry);
        int64_t quantity = row->allocated < most ? row->allocated : most;
        ocore_allocation *allocation = quantity > 0 ? ocore__edit(work, entry) : NULL;

        if (!allocation)
                return 0;
        if (ocore__allocation_move(allocation, offsetof(ocore_allocation, allocated),
                    offsetof(ocore_allocation, released), quantity))
                work->status = OCORE_CORRUPT;
        return quantity;
}

/* Releases up to `most` units of a line at a site, from its first allocation on. */
static int64_t release_at(
        ocore__work *work, ocore__entry *first, int64_t line, ocore_str site, int64_t most)
{
        int64_t left = most;

        for (ocore__entry *at = first; at && left; at = ocore__next(at)) {
                const ocore_allocation *allocation = ocore__row(at);

                if (allocation->line != line)
                        break;
                if (ocore_str_equal(allocation->site, site))
                        left -= release_some(work, at, left);
        }
        return most - left;
}

/* Releases one line of the request, from one lot after the other. */
static int release_line(ocore__work *work, const ocore__order_view *view, ocore_str site,
        const ocore_line_quantity *asked, size_t index)
{
        ocore__entry *entry = ocore__order_line_entry(view, asked->line);
        const ocore_order_line *line;
        int64_t quantity, waiting;
        int status;

        if (!entry)
                return ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "line"),
                        "the order has no line %d; look at its lines", &asked->line);
        line = ocore__row(entry);
        status = ocore__item_units(work, line->scale, asked->quantity, "lines", index, &quantity);
        if (status)
                return status;
        waiting = release_at(
                work, view->allocation_at[line->number - 1], line->number, site, quantity);
        if (work->status || waiting == quantity)
                return work->status;
        return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                "%u is more than the %u of line %d that wait at \"%t\"; ask for less", &quantity,
                &line->scale, &waiting, &line->scale, &line->number, &site);
}

static void release_all(ocore__work *work, const ocore__order_view *view, ocore_str site)
{
        for (ocore__entry *at = ocore__first(view->allocations); at; at = ocore__next(at)) {
                const ocore_allocation *allocation = ocore__row(at);

                if (ocore_str_equal(allocation->site, site))
                        release_some(work, at, allocation->allocated);
        }
}

static int release(ocore__work *work, const ocore__order_view *view, ocore_str site,
        const ocore_fulfillment_request *request)
{
        int status = OCORE_OK;

        if (!request->line_count)
                release_all(work, view, site);
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = release_line(work, view, site, &request->lines[i], i);
        return status ? status : work->status;
}

/* One line for each allocation that gave something. */
static int put_lines(
        ocore__work *work, const ocore__order_view *view, ocore_id id, ocore__group **lines)
{
        ocore_fulfillment_line row = {.fulfillment_id = id};

        *lines = NULL;
        for (ocore__entry *at = ocore__first(view->allocations); at; at = ocore__next(at)) {
                const ocore_allocation *now = ocore__row(at), *before = at->row;
                const ocore_order_line *line;
                ocore__entry *entry;

                if (now->released == before->released)
                        continue;
                line = ocore__row(ocore__order_line_entry(view, now->line));
                row.number++;
                row.line = line->number;
                row.sku = line->sku;
                row.lot = now->lot;
                row.scale = line->scale;
                row.quantity = now->released - before->released;
                entry = ocore__insert(work, &ocore__fulfillment_line_table, &row);
                if (!entry)
                        return work->status;
                *lines = entry->group;
        }
        return OCORE_OK;
}

static int fulfillment_create(ocore__work *work, const void *args, const void **answer)
{
        const ocore_fulfillment_request *request = args;
        ocore_fulfillment row = {.id = request->id,
                .order_id = request->order_id,
                .state = OCORE_FULFILLMENT_STATE_OPEN,
                .created_us = work->now_us};
        ocore__order_view view;
        const ocore_order *order;
        ocore__group *lines;
        ocore__entry *entry;
        int64_t state;
        int status = ocore__order_want(work, request->order_id, &view);

        if (!status)
                status = ocore__order_fetch(work, &view, OCORE_STEP_FULFILL, &order, &state);
        if (!status)
                status = choose_site(work, &view, request->site, &row.site);
        if (!status)
                status = release(work, &view, row.site, request);
        if (!status)
                status = put_lines(work, &view, request->id, &lines);
        if (status)
                return status;
        entry = ocore__insert(work, &ocore__fulfillment_table, &row);
        ocore__order_touch(work, &view, OCORE_EVENT_FULFILLMENT_CREATED, row.site);
        if (!entry || work->status)
                return work->status;
        return ocore__fulfillment_answer(work, ocore__row(entry), lines, answer);
}

static int fulfillment_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_fulfillment_key *request = args;
        const ocore_cell key = ocore__cell_id(request->fulfillment_id);
        ocore__group *group, *lines;
        ocore__entry *entry;
        int status = ocore__want(work, &ocore__fulfillment_table, key, &group);

        if (!status)
                status = ocore__want(work, &ocore__fulfillment_line_table, key, &lines);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__fulfillment_found(work, group, &entry);
        return status ? status : ocore__fulfillment_answer(work, ocore__row(entry), lines, answer);
}

/* Fulfillments of an order as they are read, each with the group its lines come in. */
typedef struct found {
        struct found *next;
        const ocore_fulfillment *row;
        ocore__group *lines;
} found;

typedef struct finding {
        ocore__work *work;
        found *first;
        found **end;
        size_t count;
} finding;

static int find_one(void *user_data, const void *row, int64_t revision)
{
        finding *all = user_data;
        found *one = ocore__arena_zero(all->work->arena, 1, sizeof *one);

        (void)revision;
        if (!one)
                return OCORE_NOMEM;
        one->row = row;
        *all->end = one;
        all->end = &one->next;
        all->count++;
        return OCORE_OK;
}

/* All lines come in one read, whatever the number of fulfillments. */
static int list_answer(ocore__work *work, const finding *all, const void **answer)
{
        ocore_fulfillment_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void **rows = ocore__arena_take(work->arena, (all->count + 1) * sizeof *rows);
        int status = list && rows ? OCORE_OK : OCORE_NOMEM;

        for (found *one = all->first; one && !status; one = one->next)
                status = ocore__want(work, &ocore__fulfillment_line_table,
                        ocore__cell_id(one->row->id), &one->lines);
        if (!status)
                status = ocore__fetch(work);
        for (found *one = all->first; one && !status; one = one->next)
                status = ocore__fulfillment_answer(
                        work, one->row, one->lines, &rows[list->fulfillment_count++]);
        if (status)
                return status;
        list->fulfillments = (const ocore_fulfillment *const *)rows;
        *answer = list;
        return OCORE_OK;
}

static int fulfillment_list(ocore__work *work, const void *args, const void **answer)
{
        ocore__order_view view;
        const ocore_order *order;
        ocore_id order_id;
        ocore_cell prefix;
        finding all = {.work = work};
        ocore__scan scan = {.table = &ocore__fulfillment_table,
                .index = OCORE__FULFILLMENT_BY_ORDER,
                .prefix = &prefix,
                .prefix_count = 1};
        int status = ocore__order_key_resolve(work, args, &order_id);

        if (!status)
                status = ocore__order_want(work, order_id, &view);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__order_found(work, &view, &order);
        if (status)
                return status;
        prefix = ocore__cell_id(order_id);
        all.end = &all.first;
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, find_one, &all);
        return status ? status : list_answer(work, &all, answer);
}

const ocore__procedure ocore__fulfillment_create = {
        &ocore__fulfillment_create_request,
        &ocore__fulfillment_record,
        fulfillment_create,
        OCORE__COMMAND,
};
const ocore__procedure ocore__fulfillment_get = {
        &ocore__fulfillment_get_request,
        &ocore__fulfillment_record,
        fulfillment_get,
        0,
};
const ocore__procedure ocore__fulfillment_list = {
        &ocore__order_key_record,
        &ocore__fulfillment_list_record,
        fulfillment_list,
        OCORE__DIRECT,
};

OCORE__PUBLIC(ocore_fulfillment_create, ocore_fulfillment_request, ocore_fulfillment,
        ocore__fulfillment_create)
OCORE__PUBLIC(
        ocore_fulfillment_get, ocore_fulfillment_key, ocore_fulfillment, ocore__fulfillment_get)
OCORE__PUBLIC(
        ocore_fulfillment_list_of, ocore_order_key, ocore_fulfillment_list, ocore__fulfillment_list)
