/*
 * Announcing a return, and looking returns up. What happens to it then stands in returns_steps.c.
 */
#include "returns.h"

#include "engine/procedure.h"

int ocore__return_answer(
        ocore__work *work, const ocore_return *row, const ocore__group *lines, const void **answer)
{
        ocore_return *copy = ocore__arena_take(work->arena, sizeof *copy);
        const void *const *rows;
        int status;

        if (!copy)
                return OCORE_NOMEM;
        *copy = *row;
        status = ocore__rows_of(work, lines, &rows, &copy->line_count);
        copy->lines = (const ocore_return_line *const *)rows;
        *answer = copy;
        return status;
}

int ocore__return_found(ocore__work *work, const ocore__group *group, ocore__entry **out)
{
        *out = ocore__first(group);
        if (*out)
                return OCORE_OK;
        return ocore__refuse(
                work, OCORE_NOT_FOUND, "return_id", "there is no such return; announce it first");
}

/* Whether these units can come back: they arrived, and no return has announced them yet. */
static int check_units(ocore__work *work, const ocore__order_view *view,
        const ocore_order_line *line, int64_t quantity, size_t index)
{
        ocore__line_units units;
        int64_t left;

        ocore__line_units_of(view, line, &units);
        if (ocore__subtract(units.arrived, line->returned, &left) || left < 0)
                return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                        "more of line %d has come back than arrived; check the store",
                        &line->number);
        if (quantity <= left)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                "%u is more than the %u of line %d that arrived and are not yet "
                "coming back; announce at most these",
                &quantity, &line->scale, &left, &line->scale, &line->number);
}

/* Announces one line: counted on the order's line, so that no other return announces it too. */
static int announce_line(ocore__work *work, const ocore__order_view *view, size_t index,
        const ocore_return_draft_line *asked, ocore_return_line *row)
{
        ocore__entry *entry = ocore__order_line_entry(view, asked->line);
        ocore_order_line *line;
        int status;

        if (!entry)
                return ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "line"),
                        "the order has no line %d; look at its lines", &asked->line);
        if (entry->pending) /* only an earlier line of this request can have changed it */
                return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "line"),
                        "line %d stands in the request twice; name it once, with the "
                        "sum",
                        &asked->line);
        line = ocore__edit(work, entry);
        if (!line)
                return work->status;
        status = ocore__item_units(
                work, line->scale, asked->quantity, "lines", index, &row->quantity);
        if (!status)
                status = check_units(work, view, line, row->quantity, index);
        if (status)
                return status;
        line->returned += row->quantity;
        row->number++;
        row->line = line->number;
        row->sku = line->sku;
        row->kind = line->kind;
        row->scale = line->scale;
        row->reason = asked->reason ? asked->reason : OCORE_REASON_UNWANTED;
        return OCORE_OK;
}

/* "2 of line 1, 1.5 of line 3", for the timeline; cut where it gets long. */
static void announce_words(ocore__writer *words, const ocore_return_line *row)
{
        if (words->used + 64 < words->size)
                ocore__write(words, "%s%u of line %d", words->used ? ", " : "", &row->quantity,
                        &row->scale, &row->line);
}

static int announce(ocore__work *work, const ocore__order_view *view,
        const ocore_return_draft *request, ocore__writer *words, ocore__group **lines)
{
        ocore_return_line row = {.return_id = request->id};

        for (size_t i = 0; i < request->line_count; i++) {
                int status = announce_line(work, view, i, &request->lines[i], &row);
                ocore__entry *entry;

                if (status)
                        return status;
                announce_words(words, &row);
                entry = ocore__insert(work, &ocore__return_line_table, &row);
                if (!entry)
                        return work->status;
                *lines = entry->group;
        }
        return OCORE_OK;
}

static int return_request(ocore__work *work, const void *args, const void **answer)
{
        enum { ROOM = 256 };
        const ocore_return_draft *request = args;
        char *text = ocore__arena_take(work->arena, ROOM);
        ocore_return row = {.id = request->id,
                .order_id = request->order_id,
                .state = OCORE_RETURN_REQUESTED,
                .requested_us = work->now_us};
        ocore__writer words;
        ocore__order_view view;
        const ocore_order *order;
        ocore__group *lines = NULL;
        ocore__entry *entry;
        int64_t state;
        int status = text ? ocore__order_want(work, request->order_id, &view) : OCORE_NOMEM;

        if (!status)
                status = ocore__order_fetch(work, &view, OCORE_STEP_RETURN, &order, &state);
        if (status)
                return status;
        row.currency = order->currency;
        ocore__writer_init(&words, text, ROOM);
        status = announce(work, &view, request, &words, &lines);
        if (status)
                return status;
        entry = ocore__insert(work, &ocore__return_table, &row);
        ocore__order_touch(
                work, &view, OCORE_EVENT_RETURN_REQUESTED, (ocore_str){text, words.used});
        if (!entry || work->status)
                return work->status;
        return ocore__return_answer(work, ocore__row(entry), lines, answer);
}

static int return_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_return_key *request = args;
        const ocore_cell key = ocore__cell_id(request->return_id);
        ocore__group *group, *lines;
        ocore__entry *entry;
        int status = ocore__want(work, &ocore__return_table, key, &group);

        if (!status)
                status = ocore__want(work, &ocore__return_line_table, key, &lines);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__return_found(work, group, &entry);
        return status ? status : ocore__return_answer(work, ocore__row(entry), lines, answer);
}

const ocore__procedure ocore__return_request = {
        &ocore__return_request_request,
        &ocore__return_record,
        return_request,
        OCORE__COMMAND,
};
const ocore__procedure ocore__return_get = {
        &ocore__return_get_request,
        &ocore__return_record,
        return_get,
        0,
};

OCORE__PUBLIC(ocore_return_request, ocore_return_draft, ocore_return, ocore__return_request)
OCORE__PUBLIC(ocore_return_get, ocore_return_key, ocore_return, ocore__return_get)
