/*
 * Counts of stock: what is on the shelf is entered line by line and compared with the books at that
 * moment; closing books the differences. Selling goes on meanwhile.
 */
#include "inventory.h"

#include "base/sort.h"
#include "engine/procedure.h"

enum { LINES_MAX = 10000 }; /* of a count */

static const ocore_field open_fields[] = {
        OCORE__FIELD_KEY(ocore_count_open_request),
        OCORE__FIELD_CODE(ocore_count_open_request, site, OCORE_FIELD_REQUIRED, "where"),
        OCORE__FIELD(ocore_count_open_request, blind, BOOLEAN, 0,
                "what is expected is not shown while it is open"),
        OCORE__FIELD(ocore_count_open_request, reason, TEXT, OCORE_FIELD_FREE | OCORE_FIELD_LINES,
                "why it is held"),
};
const ocore_record ocore__count_open_request =
        OCORE__RECORD("count_open", ocore_count_open_request, open_fields, 0);

static const ocore_field enter_line_fields[] = {
        OCORE__FIELD_CODE(ocore_count_enter_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(
                ocore_count_enter_line, lot, 0, "lot or serial; default: not kept by lot"),
        OCORE__FIELD(ocore_count_enter_line, quantity, QUANTITY, OCORE_FIELD_NOT_NEGATIVE,
                "what is on the shelf, 0 or more"),
        OCORE__FIELD(ocore_count_enter_line, reason, TEXT, OCORE_FIELD_FREE | OCORE_FIELD_LINES,
                "why it differs"),
};
static const ocore_record enter_line_record =
        OCORE__RECORD("count_enter_line", ocore_count_enter_line, enter_line_fields, 0);
static const ocore_field enter_fields[] = {
        OCORE__FIELD_KEY(ocore_count_enter_request),
        OCORE__FIELD(ocore_count_enter_request, count_id, ID, OCORE_FIELD_REQUIRED, "which count"),
        OCORE__FIELD_OF(ocore_count_enter_request, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &enter_line_record, "what was counted; replaces what was entered before"),
};
const ocore_record ocore__count_enter_request =
        OCORE__RECORD("count_enter", ocore_count_enter_request, enter_fields, 0);

static const ocore_field end_fields[] = {
        OCORE__FIELD_KEY(ocore_count_end_request),
        OCORE__FIELD(ocore_count_end_request, count_id, ID, OCORE_FIELD_REQUIRED, "which count"),
};
const ocore_record ocore__count_close_request =
        OCORE__RECORD("count_close", ocore_count_end_request, end_fields, 0);
const ocore_record ocore__count_cancel_request =
        OCORE__RECORD("count_cancel", ocore_count_end_request, end_fields, 0);
static const ocore_field key_fields[] = {
        OCORE__FIELD(ocore_count_key, count_id, ID, OCORE_FIELD_REQUIRED, "which count"),
};
const ocore_record ocore__count_get_request =
        OCORE__RECORD("count_key", ocore_count_key, key_fields, 0);

/* A count and its lines. */
typedef struct count_view {
        ocore__group *counts;
        ocore__group *lines;
} count_view;

static int want_count(ocore__work *work, ocore_id count_id, count_view *out)
{
        int status = ocore__want(work, &ocore__count_table, ocore__cell_id(count_id), &out->counts);

        return status ? status
                      : ocore__want(work, &ocore__count_line_table, ocore__cell_id(count_id),
                                &out->lines);
}

static int check_open(ocore__work *work, const count_view *view, const ocore_count **out)
{
        *out = ocore__only(view->counts);
        if (!*out)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "count_id", "there is no such count; check the id");
        if ((*out)->state != OCORE_COUNT_OPEN)
                return ocore__refuse(
                        work, OCORE_STATE, "count_id", "the count is over; open a new one");
        return OCORE_OK;
}

/* Who counts blindly sees what was counted, and not with what that is compared. */
static const ocore_count_line *hide(ocore__work *work, const ocore_count_line *line)
{
        ocore_count_line *shown = ocore__arena_take(work->arena, sizeof *shown);

        if (!shown)
                return NULL;
        *shown = *line;
        shown->expected = shown->variance = 0;
        return shown;
}

static int answer_count(ocore__work *work, const count_view *view, const void **answer)
{
        ocore_count *count = ocore__arena_take(work->arena, sizeof *count);
        size_t size = ocore__count(view->lines);
        const ocore_count_line **lines =
                ocore__arena_take(work->arena, (size + 1) * sizeof(const ocore_count_line *));
        int hidden;

        if (!count || !lines)
                return OCORE_NOMEM;
        *count = *(const ocore_count *)ocore__only(view->counts);
        hidden = count->blind && count->state == OCORE_COUNT_OPEN;
        count->surplus = count->shortage = 0;
        count->line_count = 0;
        count->lines = lines;
        for (ocore__entry *entry = ocore__first(view->lines); entry; entry = ocore__next(entry)) {
                const ocore_count_line *line = ocore__row(entry);

                count->surplus += !hidden && line->variance > 0;
                count->shortage += !hidden && line->variance < 0;
                if (hidden)
                        line = hide(work, line);
                if (!line)
                        return OCORE_NOMEM;
                lines[count->line_count++] = line;
        }
        *answer = count;
        return work->status;
}

/* The count after a step, with its event. NULL: it cannot be. */
static ocore_count *touch(ocore__work *work, const count_view *view, int64_t event)
{
        ocore_count *count = ocore__edit(work, ocore__first(view->counts));

        if (!count)
                return NULL;
        if (ocore__add(count->event_count, 1, &count->event_count)) {
                work->status = OCORE_OVERFLOW;
                return NULL;
        }
        ocore__event(work, count->id, count->event_count, event, (ocore_str){0});
        return count;
}

static int count_open(ocore__work *work, const void *args, const void **answer)
{
        const ocore_count_open_request *request = args;
        const ocore_count count = {.id = work->id,
                .site = request->site,
                .state = OCORE_COUNT_OPEN,
                .blind = request->blind,
                .reason = request->reason,
                .opened_us = work->now_us,
                .event_count = 1};
        ocore__group *policy, *sites;
        count_view view;
        int status = ocore__consult_policy(work, &policy);

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__site_find(sites, request->site))
                return ocore__refuse(work, OCORE_NOT_FOUND, "site",
                        "there is no site \"%t\"; put it first", &request->site);
        ocore__rely(work, ocore__first(policy));
        ocore__insert(work, &ocore__count_table, &count);
        ocore__event(work, count.id, 1, OCORE_EVENT_COUNT_OPENED, request->reason);
        status = ocore__staged(work, &ocore__count_table, ocore__cell_id(count.id), &view.counts);
        if (!status)
                status = ocore__staged(
                        work, &ocore__count_line_table, ocore__cell_id(count.id), &view.lines);
        return status || work->status ? (status ? status : work->status)
                                      : answer_count(work, &view, answer);
}

/* A line of a request, with what it needs. */
typedef struct entered {
        const ocore_count_enter_line *line;
        size_t index;
        ocore__group *products;
        ocore__group *stock;
} entered;

/* Lines are looked at in the order of the rows, so that each is found behind the one before. */
static int by_sku_and_lot(const void *left, const void *right)
{
        const entered *a = left, *b = right;
        int order = ocore__str_compare(a->line->sku, b->line->sku);

        if (!order)
                order = ocore__str_compare(a->line->lot, b->line->lot);
        return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

static int take_lines(
        ocore__work *work, const ocore_count_enter_request *request, const entered *const **out)
{
        size_t count = request->line_count;
        entered *items = ocore__arena_zero(work->arena, count, sizeof *items);
        const void **order = ocore__arena_take(work->arena, (count + 1) * sizeof *order);
        int status = items && order ? OCORE_OK : OCORE_NOMEM;

        *out = (const entered *const *)order;
        for (size_t i = 0; i < count && !status; i++) {
                const ocore_cell sku = ocore__cell_text(request->lines[i].sku);

                items[i].line = &request->lines[i];
                items[i].index = i;
                order[i] = &items[i];
                status = ocore__consult(work, &ocore__product_table, sku, &items[i].products);
                if (!status)
                        status = ocore__want(work, &ocore__stock_table, sku, &items[i].stock);
        }
        if (!status)
                ocore__sort(order, count, by_sku_and_lot);
        return status;
}

/* What was counted, in the product's smallest units. */
static int check_line(
        ocore__work *work, const entered *item, const entered *before, ocore_count_line *out)
{
        const ocore_count_enter_line *line = item->line;
        ocore__entry *entry = ocore__first(item->products);
        const ocore_product *product = entry ? ocore__row(entry) : NULL;
        int status;

        if (!product || product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, product ? OCORE_INVALID : OCORE_NOT_FOUND,
                        ocore__at(work, "lines", item->index, "sku"),
                        product ? "\"%t\" is no goods and has no stock; name a product of goods"
                                : "there is no product \"%t\"; put it first",
                        &line->sku);
        if (before && ocore_str_equal(before->line->sku, line->sku) &&
                ocore_str_equal(before->line->lot, line->lot))
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", item->index, "sku"),
                        "\"%t\" stands in the list twice; add up what was counted", &line->sku);
        ocore__rely(work, entry);
        status = ocore__stock_lot_check(work, product, line->lot, "lines", item->index);
        if (!status)
                status = ocore__item_units(
                        work, product->scale, line->quantity, "lines", item->index, &out->counted);
        if (!status && product->tracking == OCORE_TRACKING_SERIAL && out->counted &&
                out->counted != ocore__power_of_ten((int)product->scale))
                status = ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", item->index, "quantity"),
                        "a serial number is one whole unit; give 1 or 0");
        out->sku = line->sku;
        out->lot = line->lot;
        out->scale = product->scale;
        out->reason = line->reason;
        return status;
}

/* The balance at a place, looked for behind `near`: a line before found that one, and lines come in
 * the order of lots, as the balances of a site do. NULL: there is none. */
static ocore__entry *balance_at(
        ocore__group *stock, ocore__entry *near, ocore_str site, ocore_str lot)
{
        ocore__entry *entry = near && near->group == stock ? near : ocore__first(stock);

        for (; entry; entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);
                int order = ocore__str_compare(row->site, site);

                if (!order)
                        order = ocore__str_compare(row->lot, lot);
                if (order >= 0)
                        return order ? NULL : entry;
        }
        return NULL;
}

/* What the books have on the shelf. */
static int compare(ocore__work *work, ocore__entry *balance, size_t index, ocore_count_line *line)
{
        const ocore_stock *stock = ocore__row(balance);
        int64_t shelf;

        ocore__rely(work, balance); /* at this moment, not what it was in a cache or unit */
        line->counts = stock->counts;
        if (ocore__add(stock->available, stock->held, &shelf) ||
                ocore__add(shelf, stock->allocated, &shelf) ||
                ocore__subtract(shelf, stock->oversold, &line->expected) ||
                ocore__subtract(line->counted, line->expected, &line->variance))
                return ocore__refuse(work, OCORE_OVERFLOW,
                        ocore__at(work, "lines", index, "quantity"),
                        "the difference to the books leaves 64 bits; check what was counted");
        return OCORE_OK;
}

/* The lines of a count are answered whole, so there is a limit to them. */
static int check_size(ocore__work *work, const count_view *view)
{
        const int64_t most = LINES_MAX;

        if (ocore__count(view->lines) <= LINES_MAX)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_LIMIT, "lines",
                "a count has at most %d lines; open another one for the rest", &most);
}

static int count_enter(ocore__work *work, const void *args, const void **answer)
{
        const ocore_count_enter_request *request = args;
        const entered *const *items;
        const ocore_count *count;
        ocore__entry *near = NULL;
        count_view view;
        int status = want_count(work, request->count_id, &view);

        if (!status)
                status = take_lines(work, request, &items);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_open(work, &view, &count);
        for (size_t i = 0; i < request->line_count && !status; i++) {
                ocore_count_line line = {.count_id = count->id, .entered_us = work->now_us};
                ocore__entry *balance;

                status = check_line(work, items[i], i ? items[i - 1] : NULL, &line);
                line.variance = line.counted;
                balance = status ? NULL : balance_at(items[i]->stock, near, count->site, line.lot);
                if (balance)
                        status = compare(work, near = balance, items[i]->index, &line);
                if (!status && !ocore__put(work, &ocore__count_line_table, &line))
                        status = work->status;
        }
        if (!status)
                status = check_size(work, &view);
        if (!status && !touch(work, &view, OCORE_EVENT_COUNT_ENTERED))
                status = work->status;
        return status ? status : answer_count(work, &view, answer);
}

/* A line that differs, when the count is closed. */
typedef struct difference {
        const ocore_count_line *line;
        size_t index;
        ocore__group *products;
        ocore__group *stock;
} difference;

/* Those that differ, with what booking them needs. */
static int want_differences(
        ocore__work *work, const count_view *view, difference **out, size_t *out_count)
{
        difference *all =
                ocore__arena_zero(work->arena, ocore__count(view->lines) + 1, sizeof *all);
        size_t count = 0, index = 0;
        int status = all ? OCORE_OK : OCORE_NOMEM;

        *out = all;
        *out_count = 0;
        for (ocore__entry *entry = ocore__first(view->lines); entry && !status;
                entry = ocore__next(entry), index++) {
                const ocore_count_line *line = ocore__row(entry);
                const ocore_cell sku = ocore__cell_text(line->sku);
                int64_t variance;

                if (ocore__subtract(line->counted, line->expected, &variance) ||
                        variance != line->variance)
                        return ocore__refuse(work, OCORE_CORRUPT, "count_id",
                                "what line %d says differs is not what was counted less what was "
                                "expected; verify the store",
                                &index);
                if (!variance)
                        continue;
                all[count].line = line;
                all[count].index = index;
                status = ocore__want(work, &ocore__product_table, sku, &all[count].products);
                if (!status)
                        status = ocore__want(work, &ocore__stock_table, sku, &all[count].stock);
                count++;
        }
        *out_count = count;
        return status;
}

static int refuse_missing(ocore__work *work, const difference *one, int64_t available)
{
        const ocore_count_line *line = one->line;
        int64_t missing = line->variance == INT64_MIN ? INT64_MAX : -line->variance;

        return ocore__refuse(work, OCORE_OUT_OF_STOCK,
                ocore__at(work, "lines", one->index, "counted"),
                "%u of \"%t\" are missing and %u are available, the rest is held or ordered; "
                "release or cancel that first",
                &missing, &line->scale, &line->sku, &available, &line->scale);
}

/* What is missing: from what is available, once that has settled what was oversold. */
static int book_shortage(
        ocore__work *work, const difference *one, const ocore_count *count, ocore_str reason)
{
        ocore__entry *entry = ocore__stock_find(work, one->stock, count->site, one->line->lot);
        const ocore_stock *stock = entry ? ocore__row(entry) : NULL;
        int64_t settled = 0, available = 0;
        int status = OCORE_OK;

        if (stock) {
                settled = stock->available < stock->oversold ? stock->available : stock->oversold;
                available = stock->available - settled;
        }
        if (one->line->variance < -available)
                return refuse_missing(work, one, available);
        if (settled)
                status = ocore__stock_shift(work, entry, OCORE_BUCKET_AVAILABLE,
                        OCORE_ACCOUNT_OVERSOLD, settled, count->id, reason);
        return status ? status
                      : ocore__stock_shift(work, entry, OCORE_BUCKET_AVAILABLE, OCORE_ACCOUNT_COUNT,
                                -one->line->variance, count->id, reason);
}

static int book_surplus(
        ocore__work *work, const difference *one, const ocore_count *count, ocore_str reason)
{
        const ocore_product *product = ocore__only(one->products);
        ocore__entry *entry;
        int status;

        if (!product)
                return ocore__refuse(work, OCORE_CORRUPT, "count_id",
                        "it has lines of \"%t\", which is no product; verify the store",
                        &one->line->sku);
        status = ocore__stock_lot_entry(work, one->stock, product, count->site, one->line->lot, 0,
                one->line->variance, "lines", one->index, &entry);
        return status ? status
                      : ocore__stock_take_in(work, entry, OCORE_ACCOUNT_COUNT,
                                OCORE_BUCKET_AVAILABLE, one->line->variance, count->id, reason);
}

/* What was counted differed from the books as they were: whoever has counted or corrected the same
 * place since has booked that difference, or another one. */
static int check_current(ocore__work *work, const difference *one, const ocore_count *count)
{
        ocore__entry *entry = ocore__stock_find(work, one->stock, count->site, one->line->lot);
        const ocore_stock *stock = entry ? ocore__row(entry) : NULL;

        if ((stock ? stock->counts : 0) == one->line->counts)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", one->index, "sku"),
                "\"%t\" was counted or corrected again since; enter it anew", &one->line->sku);
}

static int book(ocore__work *work, const difference *one, const ocore_count *count)
{
        const ocore_str reason = one->line->reason.size ? one->line->reason : count->reason;
        int status = check_current(work, one, count);

        if (status)
                return status;
        status = one->line->variance > 0 ? book_surplus(work, one, count, reason)
                                         : book_shortage(work, one, count, reason);
        if (status == OCORE_OVERFLOW)
                return ocore__refuse(work, status, ocore__at(work, "lines", one->index, "counted"),
                        "the balance of \"%t\" would leave 64 bits; count it anew",
                        &one->line->sku);
        return status;
}

static int count_close(ocore__work *work, const void *args, const void **answer)
{
        const ocore_count_end_request *request = args;
        const ocore_count *count;
        difference *all;
        ocore_count *closed;
        count_view view;
        size_t size;
        int status = want_count(work, request->count_id, &view);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_open(work, &view, &count);
        if (!status)
                status = want_differences(work, &view, &all, &size);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        for (size_t i = 0; i < size; i++) { /* all that is missing is named at once */
                status = book(work, &all[i], count);
                if (status && status != OCORE_OUT_OF_STOCK && status != OCORE_STATE)
                        return status;
        }
        status = ocore__refused(work);
        if (status)
                return status;
        closed = touch(work, &view, OCORE_EVENT_COUNT_CLOSED);
        if (!closed)
                return work->status;
        closed->state = OCORE_COUNT_CLOSED;
        closed->closed_us = work->now_us;
        return answer_count(work, &view, answer);
}

static int count_cancel(ocore__work *work, const void *args, const void **answer)
{
        const ocore_count_end_request *request = args;
        const ocore_count *count;
        ocore_count *cancelled;
        count_view view;
        int status = want_count(work, request->count_id, &view);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_open(work, &view, &count);
        if (status)
                return status;
        cancelled = touch(work, &view, OCORE_EVENT_COUNT_CANCELLED);
        if (!cancelled)
                return work->status;
        cancelled->state = OCORE_COUNT_CANCELLED;
        cancelled->closed_us = work->now_us;
        return answer_count(work, &view, answer);
}

static int count_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_count_key *request = args;
        count_view view;
        int status = want_count(work, request->count_id, &view);

        if (!status)
                status = ocore__fetch(work);
        if (!status && !ocore__only(view.counts))
                status = ocore__refuse(
                        work, OCORE_NOT_FOUND, "count_id", "there is no such count; check the id");
        return status ? status : answer_count(work, &view, answer);
}

const ocore__procedure ocore__count_open = {
        &ocore__count_open_request, &ocore__count_record, count_open, OCORE__COMMAND};
const ocore__procedure ocore__count_enter = {
        &ocore__count_enter_request, &ocore__count_record, count_enter, OCORE__COMMAND};
const ocore__procedure ocore__count_close = {
        &ocore__count_close_request, &ocore__count_record, count_close, OCORE__COMMAND};
const ocore__procedure ocore__count_cancel = {
        &ocore__count_cancel_request, &ocore__count_record, count_cancel, OCORE__COMMAND};
const ocore__procedure ocore__count_get = {
        &ocore__count_get_request, &ocore__count_record, count_get, 0};

OCORE__PUBLIC(ocore_count_open, ocore_count_open_request, ocore_count, ocore__count_open)
OCORE__PUBLIC(ocore_count_enter, ocore_count_enter_request, ocore_count, ocore__count_enter)
OCORE__PUBLIC(ocore_count_close, ocore_count_end_request, ocore_count, ocore__count_close)
OCORE__PUBLIC(ocore_count_cancel, ocore_count_end_request, ocore_count, ocore__count_cancel)
OCORE__PUBLIC(ocore_count_get, ocore_count_key, ocore_count, ocore__count_get)
