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

int ocore__fulfillment_read(
        ocore__work *work, ocore_id id, ocore__group **lines, ocore__entry **out)
{
        ocore__group *group;
        int status = ocore__want(work, &ocore__fulfillment_table, ocore__cell_id(id), &group);

        if (!status)
                status = ocore__want(
                        work, &ocore__fulfillment_line_table, ocore__cell_id(id), lines);
        if (!status)
                status = ocore__fetch(work);
        return status ? status : ocore__fulfillment_found(work, group, out);
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

/* A pick list being drawn up. */
typedef struct releasing {
        ocore__order_view view;
        ocore__whole whole;
        int64_t *limits; /* by line − 1: how much more of it may go */
        ocore_str site;
        int64_t released; /* above zero: something is on the list */
} releasing;

/* Puts up to `most` units of an allocation on the pick list; returns how many. */
static int64_t release_some(ocore__work *work, releasing *list, ocore__entry *entry, int64_t most)
{
        const ocore_allocation *row = ocore__row(entry);
        int64_t *limit = &list->limits[row->line - 1];
        int64_t quantity = row->allocated < most ? row->allocated : most;
        ocore_allocation *allocation;

        quantity = *limit < quantity ? *limit : quantity;
        allocation = quantity > 0 ? ocore__edit(work, entry) : NULL;
        if (!allocation)
                return 0;
        if (ocore__allocation_move(allocation, offsetof(ocore_allocation, allocated),
                    offsetof(ocore_allocation, released), quantity))
                work->status = OCORE_CORRUPT;
        *limit -= quantity;
        list->released |= quantity;
        return quantity;
}

/* Releases up to `most` units of a line, from its first allocation at the site on. */
static int64_t release_at(ocore__work *work, releasing *list, int64_t line, int64_t most)
{
        int64_t left = most;

        for (ocore__entry *at = list->view.allocation_at[line - 1]; at && left;
                at = ocore__next(at)) {
                const ocore_allocation *allocation = ocore__row(at);

                if (allocation->line != line)
                        break;
                if (ocore_str_equal(allocation->site, list->site))
                        left -= release_some(work, list, at, left);
        }
        return most - left;
}

/* Releases one line of the request, from one lot after the other. */
static int release_line(
        ocore__work *work, releasing *list, const ocore_line_quantity *asked, size_t index)
{
        ocore__entry *entry = ocore__order_line_entry(&list->view, asked->line);
        const ocore_order_line *line = entry ? ocore__row(entry) : NULL;
        int64_t quantity, waiting, limit;
        int status;

        if (!line)
                return ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "line"),
                        "the order has no line %d; look at its lines", &asked->line);
        if (ocore__line_is_bundle(line))
                return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "line"),
                        "line %d is a bundle; name the lines of its parts", &asked->line);
        status = ocore__item_units(work, line->scale, asked->quantity, "lines", index, &quantity);
        if (status)
                return status;
        limit = list->limits[line->number - 1];
        if (quantity > limit)
                return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                        "%u of line %d can go with whole bundles of line %d, not %u: other parts "
                        "are not there yet; ask for less, or wait",
                        &limit, &line->scale, &line->number, &line->parent, &quantity,
                        &line->scale);
        waiting = release_at(work, list, line->number, quantity);
        if (work->status || waiting == quantity)
                return work->status;
        return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                "%u is more than the %u of line %d that wait at \"%t\"; ask for less", &quantity,
                &line->scale, &waiting, &line->scale, &line->number, &list->site);
}

static int release_all(ocore__work *work, releasing *list)
{
        for (ocore__entry *at = ocore__first(list->view.allocations); at; at = ocore__next(at)) {
                const ocore_allocation *allocation = ocore__row(at);

                if (ocore_str_equal(allocation->site, list->site))
                        release_some(work, list, at, allocation->allocated);
        }
        if (work->status || list->released)
                return work->status;
        return ocore__refuse(work, OCORE_STATE, "order_id",
                "only parts of bundles wait at \"%t\", and other parts of these are not there yet; "
                "wait, or allocate the order anew",
                &list->site);
}

static int release(ocore__work *work, releasing *list, const ocore_fulfillment_request *request)
{
        int status = request->line_count ? OCORE_OK : release_all(work, list);

        for (size_t i = 0; i < request->line_count && !status; i++)
                status = release_line(work, list, &request->lines[i], i);
        return status ? status : work->status;
}

/* What of the order may go: nothing of one that ships complete before all is there, and whole
 * bundles unless their parts may ship alone. */
static int check_rules(ocore__work *work, releasing *list)
{
        int status = ocore__whole_order(work, &list->view, "order_id");

        list->limits =
                ocore__arena_zero(work->arena, list->view.line_count + 1, sizeof *list->limits);
        if (!list->limits)
                return OCORE_NOMEM;
        if (!status)
                ocore__release_limits(
                        &list->view, &list->whole.parts, list->whole.alone, list->limits);
        return status;
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
        releasing list = {.released = 0};
        const ocore_order *order;
        ocore__group *lines;
        ocore__entry *entry;
        int64_t state;
        int status = ocore__order_want(work, request->order_id, &list.view);

        if (!status)
                status = ocore__order_fetch(work, &list.view, OCORE_STEP_FULFILL, &order, &state);
        if (!status)
                status = choose_site(work, &list.view, request->site, &list.site);
        if (!status)
                status = ocore__whole_read(work, &list.view, &list.whole);
        if (!status)
                status = check_rules(work, &list);
        if (!status)
                status = release(work, &list, request);
        if (!status)
                status = put_lines(work, &list.view, request->id, &lines);
        if (status)
                return status;
        row.site = list.site;
        entry = ocore__insert(work, &ocore__fulfillment_table, &row);
        ocore__order_touch(work, &list.view, OCORE_EVENT_FULFILLMENT_CREATED, row.site);
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
