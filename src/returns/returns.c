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

/* A return being announced. */
typedef struct announcing {
        ocore__order_view view;
        ocore__parts parts;
        ocore__group **products; /* by line − 1, where a line went out in several lots */
        uint8_t *named;          /* by line − 1: an earlier line of the request named its lot */
        ocore_return_line row;   /* the last one that was made */
        ocore__group *lines;
} announcing;

/* The allocation itself, or the next one behind it, of the line, of which units can come back and,
 * unless `lot` is NULL, of that lot; NULL: none. */
static ocore__entry *next_of(ocore__entry *at, int64_t line, const ocore_str *lot)
{
        for (; at; at = ocore__next(at)) {
                const ocore_allocation *row = ocore__row(at);

                if (row->line != line)
                        return NULL;
                if (row->delivered > row->returned && (!lot || ocore_str_equal(row->lot, *lot)))
                        return at;
        }
        return NULL;
}

/* Of one lot, when all that can still come back of the line is; else of several. 0: of several. */
static int one_lot(const ocore__order_view *view, int64_t line, ocore_str *out)
{
        ocore__entry *at = next_of(view->allocation_at[line - 1], line, NULL);

        *out = at ? ((const ocore_allocation *)ocore__row(at))->lot : (ocore_str){0};
        for (; at; at = next_of(ocore__next(at), line, NULL))
                if (!ocore_str_equal(((const ocore_allocation *)ocore__row(at))->lot, *out))
                        return 0;
        return 1;
}

/* Products of lines that went out in several lots are asked whether these must be known. */
static int read_products(ocore__work *work, announcing *all, const ocore_return_draft *request)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < request->line_count && !status; i++) {
                int64_t number = request->lines[i].line;
                int is_bundle;

                if (!ocore__order_line_entry(&all->view, number))
                        continue;
                is_bundle = all->parts.first[number - 1] != 0;
                for (int64_t n = is_bundle ? all->parts.first[number - 1] : number; n && !status;
                        n = is_bundle ? all->parts.next[n - 1] : 0) {
                        const ocore_order_line *line = ocore__row(all->view.line_at[n - 1]);
                        ocore_str lot;

                        if (!one_lot(&all->view, n, &lot))
                                status = ocore__consult(work, &ocore__product_table,
                                        ocore__cell_text(line->sku), &all->products[n - 1]);
                }
        }
        return status ? status : ocore__fetch(work);
}

/* One line of the return. */
static int put_line(ocore__work *work, announcing *all, const ocore_order_line *line, ocore_str lot,
        int64_t quantity)
{
        ocore__entry *entry;

        all->row.number++;
        all->row.line = line->number;
        all->row.sku = line->sku;
        all->row.lot = lot;
        all->row.kind = line->kind;
        all->row.scale = line->scale;
        all->row.quantity = quantity;
        entry = ocore__insert(work, &ocore__return_line_table, &all->row);
        if (!entry)
                return work->status;
        all->lines = entry->group;
        return OCORE_OK;
}

/* Notes where up to `quantity` units of a lot had been; returns how many it found no place for. */
static int64_t note_lot(
        ocore__work *work, const announcing *all, int64_t line, ocore_str lot, int64_t quantity)
{
        for (ocore__entry *at = next_of(all->view.allocation_at[line - 1], line, &lot);
                at && quantity; at = next_of(ocore__next(at), line, &lot)) {
                ocore_allocation *row = ocore__edit(work, at);
                int64_t part;

                if (!row)
                        return quantity;
                part = row->delivered - row->returned;
                part = part < quantity ? part : quantity;
                row->returned += part;
                quantity -= part;
        }
        return quantity;
}

/* All that is left of a line comes back: each lot as it went. */
static int put_all_lots(ocore__work *work, announcing *all, const ocore_order_line *line)
{
        int status = OCORE_OK;

        for (ocore__entry *at =
                        next_of(all->view.allocation_at[line->number - 1], line->number, NULL);
                at && !status; at = next_of(ocore__next(at), line->number, NULL)) {
                ocore_allocation *row = ocore__edit(work, at);
                int64_t part;

                if (!row)
                        return work->status;
                part = row->delivered - row->returned;
                row->returned = row->delivered;
                status = put_line(work, all, line, row->lot, part);
        }
        return status;
}

/* Units of a line that are left by its allocations. */
static int64_t left_in_lots(const ocore__order_view *view, int64_t line)
{
        int64_t left = 0;

        for (ocore__entry *at = next_of(view->allocation_at[line - 1], line, NULL); at;
                at = next_of(ocore__next(at), line, NULL)) {
                const ocore_allocation *row = ocore__row(at);

                left += row->delivered - row->returned;
        }
        return left;
}

/* Units of a line that went out in several lots: all of them come back, or nobody knows which. */
static int put_several(ocore__work *work, announcing *all, size_t index,
        const ocore_order_line *line, int64_t quantity, int64_t left)
{
        ocore__group *products = all->products[line->number - 1];
        const ocore_product *product;

        if (quantity == left && left_in_lots(&all->view, line->number) == left)
                return put_all_lots(work, all, line);
        ocore__rely(work, products ? ocore__first(products) : NULL);
        product = work->status ? NULL : ocore__only(products);
        if (!product)
                return work->status;
        if (product->tracking == OCORE_TRACKING_NONE)
                return put_line(work, all, line, (ocore_str){0}, quantity);
        return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "lot"),
                "line %d went out in several lots; say which of them come back", &line->number);
}

/* Goods of a line come back by lot, where it is known. `left` is what could come back before. */
static int put_goods(ocore__work *work, announcing *all, size_t index, const ocore_order_line *line,
        ocore_str lot, int64_t quantity, int64_t left)
{
        if (!lot.size && !one_lot(&all->view, line->number, &lot))
                return put_several(work, all, index, line, quantity, left);
        if (!lot.size)
                return put_line(work, all, line, lot, quantity);
        if (!note_lot(work, all, line->number, lot, quantity))
                return work->status ? work->status : put_line(work, all, line, lot, quantity);
        return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "lot"),
                "fewer units of line %d in lot \"%t\" arrived and are not yet coming back; "
                "name the right lots",
                &line->number, &lot);
}

/* Counts units on the order's line, so that no other return announces them too, and makes their
 * lines of the return. */
static int announce_units(ocore__work *work, announcing *all, size_t index, int64_t number,
        ocore_str lot, int64_t quantity)
{
        ocore__entry *entry = all->view.line_at[number - 1];
        ocore__line_units units;
        ocore_order_line *line;
        int64_t left;
        int status = check_units(work, &all->view, ocore__row(entry), quantity, index);

        if (status)
                return status;
        line = ocore__edit(work, entry);
        if (!line)
                return work->status;
        ocore__line_units_of(&all->view, line, &units);
        left = units.arrived - line->returned;
        line->returned += quantity;
        return line->kind == OCORE_PRODUCT_GOODS
                       ? put_goods(work, all, index, line, lot, quantity, left)
                       : put_line(work, all, line, (ocore_str){0}, quantity);
}

/* Whether a line of the request may name this line of the order. */
static int check_named(
        ocore__work *work, announcing *all, size_t index, const ocore_return_draft_line *asked)
{
        const char *field = ocore__at(work, "lines", index, "line");
        ocore__entry *entry = ocore__order_line_entry(&all->view, asked->line);
        const ocore_order_line *line = entry ? ocore__row(entry) : NULL;

        if (!line)
                return ocore__refuse(work, OCORE_NOT_FOUND, field,
                        "the order has no line %d; look at its lines", &asked->line);
        if (line->parent)
                return ocore__refuse(work, OCORE_INVALID, field,
                        "line %d is a part of the bundle in line %d; take that back", &line->number,
                        &line->parent);
        if (asked->lot.size && line->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "lot"),
                        "line %d is not kept by lot; leave it out", &line->number);
        /* only an earlier line of this request can have changed it */
        if (entry->pending && !(asked->lot.size && all->named[asked->line - 1]))
                return ocore__refuse(work, OCORE_INVALID, field,
                        "line %d stands in the request twice; name it once, with the sum, or each "
                        "time with a lot",
                        &asked->line);
        all->named[asked->line - 1] = asked->lot.size > 0;
        return OCORE_OK;
}

static int announce_line(ocore__work *work, announcing *all, size_t index,
        const ocore_return_draft_line *asked, int64_t *quantity)
{
        int status = check_named(work, all, index, asked);
        const ocore_order_line *line;

        if (status)
                return status;
        line = ocore__row(all->view.line_at[asked->line - 1]);
        status = ocore__item_units(work, line->scale, asked->quantity, "lines", index, quantity);
        all->row.reason = asked->reason ? asked->reason : OCORE_REASON_UNWANTED;
        if (!status)
                status = announce_units(work, all, index, asked->line, asked->lot, *quantity);
        for (int64_t n = all->parts.first[asked->line - 1]; n && !status;
                n = all->parts.next[n - 1]) {
                const ocore_order_line *part = ocore__row(all->view.line_at[n - 1]);

                status = announce_units(
                        work, all, index, n, (ocore_str){0}, *quantity * part->per_parent);
        }
        return status;
}

/* "2 of line 1, 1.5 of line 3", for the timeline; cut where it gets long. */
static void announce_words(ocore__writer *words, const ocore_order_line *line, int64_t quantity)
{
        if (words->used + 64 < words->size)
                ocore__write(words, "%s%u of line %d", words->used ? ", " : "", &quantity,
                        &line->scale, &line->number);
}

static int announce(
        ocore__work *work, announcing *all, const ocore_return_draft *request, ocore__writer *words)
{
        size_t count = all->view.line_count;
        int status = ocore__parts_index(work, &all->view, &all->parts);

        all->row.return_id = request->id;
        all->named = ocore__arena_zero(work->arena, count + 1, sizeof *all->named);
        all->products = ocore__arena_zero(work->arena, count + 1, sizeof(ocore__group *));
        if (!all->named || !all->products)
                return OCORE_NOMEM;
        if (!status)
                status = read_products(work, all, request);
        for (size_t i = 0; i < request->line_count && !status; i++) {
                int64_t quantity;

                status = announce_line(work, all, i, &request->lines[i], &quantity);
                if (!status)
                        announce_words(words,
                                ocore__row(all->view.line_at[request->lines[i].line - 1]),
                                quantity);
        }
        return status;
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
        announcing all = {.lines = NULL};
        ocore__writer words;
        const ocore_order *order;
        ocore__entry *entry;
        int64_t state;
        int status = text ? ocore__order_want(work, request->order_id, &all.view) : OCORE_NOMEM;

        if (!status)
                status = ocore__order_fetch(work, &all.view, OCORE_STEP_RETURN, &order, &state);
        if (status)
                return status;
        row.currency = order->currency;
        ocore__writer_init(&words, text, ROOM);
        status = announce(work, &all, request, &words);
        if (status)
                return status;
        entry = ocore__insert(work, &ocore__return_table, &row);
        ocore__order_touch(
                work, &all.view, OCORE_EVENT_RETURN_REQUESTED, (ocore_str){text, words.used});
        if (!entry || work->status)
                return work->status;
        return ocore__return_answer(work, ocore__row(entry), all.lines, answer);
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
