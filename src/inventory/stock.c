/* Stock commands: receive, adjust, count, transfer between buckets, list. */
#include "inventory.h"

#include "engine/procedure.h"

#include <string.h>

static const ocore_choice transfer_ends[] = {
        {"available", OCORE_BUCKET_AVAILABLE},
        {"damaged", OCORE_BUCKET_DAMAGED},
        {"scrap", OCORE_ACCOUNT_SCRAP},
        {"supplier", OCORE_ACCOUNT_SUPPLIER},
        {NULL, 0},
};

static const ocore_field stock_line_fields[] = {
        OCORE__FIELD_CODE(ocore_stock_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(ocore_stock_line, site, OCORE_FIELD_REQUIRED, "where"),
        OCORE__FIELD_CODE(ocore_stock_line, lot, 0, "lot or serial; default: not kept by lot"),
        OCORE__FIELD(ocore_stock_line, quantity, QUANTITY, 0,
                "how much, in the product's unit: received (above zero), difference (not zero) or "
                "counted"),
        OCORE__FIELD(ocore_stock_line, expires_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "when the lot that comes in expires; default: as the lot is known, or never"),
};
static const ocore_record stock_line_record =
        OCORE__RECORD("stock_line", ocore_stock_line, stock_line_fields, 0);

static const ocore_field stock_request_fields[] = {
        OCORE__FIELD_KEY(ocore_stock_request),
        OCORE__FIELD(ocore_stock_request, reason, TEXT, OCORE_FIELD_FREE | OCORE_FIELD_LINES,
                "why, or a document's number"),
        OCORE__FIELD_OF(ocore_stock_request, lines, ITEMS, OCORE_FIELD_REQUIRED, &stock_line_record,
                "what; all or none"),
};
const ocore_record ocore__stock_receive_request =
        OCORE__RECORD("stock_receive", ocore_stock_request, stock_request_fields, 0);
const ocore_record ocore__stock_adjust_request =
        OCORE__RECORD("stock_adjust", ocore_stock_request, stock_request_fields, 0);
const ocore_record ocore__stock_count_request =
        OCORE__RECORD("stock_count", ocore_stock_request, stock_request_fields, 0);

static const ocore_field transfer_fields[] = {
        OCORE__FIELD_KEY(ocore_stock_transfer_request),
        OCORE__FIELD_CODE(ocore_stock_transfer_request, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(ocore_stock_transfer_request, site, OCORE_FIELD_REQUIRED, "where"),
        OCORE__FIELD_CODE(
                ocore_stock_transfer_request, lot, 0, "lot or serial; default: not kept by lot"),
        OCORE__FIELD_OF(ocore_stock_transfer_request, from_bucket, CHOICE, OCORE_FIELD_REQUIRED,
                transfer_ends, "available or damaged"),
        OCORE__FIELD_OF(ocore_stock_transfer_request, to_bucket, CHOICE, OCORE_FIELD_REQUIRED,
                transfer_ends, "another bucket, scrap or supplier"),
        OCORE__FIELD(ocore_stock_transfer_request, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, above zero"),
        OCORE__FIELD(ocore_stock_transfer_request, reason, TEXT,
                OCORE_FIELD_FREE | OCORE_FIELD_LINES, "why"),
};
const ocore_record ocore__stock_transfer_request =
        OCORE__RECORD("stock_transfer", ocore_stock_transfer_request, transfer_fields, 0);

static const ocore_field stock_list_request_fields[] = {
        OCORE__FIELD_CODE(
                ocore_stock_list_request, sku, 0, "only of this product; default: of all"),
        OCORE__FIELD_CODE(ocore_stock_list_request, after, 0, "start behind this sku"),
        OCORE__FIELD(ocore_stock_list_request, limit, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "most products, 1 to 1000; default 100"),
};
const ocore_record ocore__stock_list_request =
        OCORE__RECORD("stock_list_request", ocore_stock_list_request, stock_list_request_fields, 0);
static const ocore_field stock_list_fields[] = {
        OCORE__FIELD_OF(
                ocore_stock_list, stock, ROWS, 0, &ocore__stock_record, "by sku, site and lot"),
        OCORE__FIELD(ocore_stock_list, next, TEXT, 0, "for the next page's after; empty: no more"),
};
const ocore_record ocore__stock_list_record =
        OCORE__RECORD("stock_list", ocore_stock_list, stock_list_fields, 0);

/* The last code there can be: no UTF-8 text has a larger first byte. */
#define LAST_CODE ((ocore_str){"\xf4\x8f\xbf\xbf", 4})

/* One line with what it needs: the product, its balances. */
typedef struct stock_target {
        ocore__group *products;
        ocore__group *stock;
} stock_target;

/* A line that names a lot may bring it for the first time, which rewrites the product. */
static int want_line(ocore__work *work, ocore_str sku, ocore_str lot, stock_target *out)
{
        const ocore_cell key = ocore__cell_text(sku);
        int status = lot.size ? ocore__want(work, &ocore__product_table, key, &out->products)
                              : ocore__consult(work, &ocore__product_table, key, &out->products);

        return status ? status : ocore__want(work, &ocore__stock_table, key, &out->stock);
}

/* The field of a line, or of a request that is no list. */
static const char *place(ocore__work *work, const char *list, size_t index, const char *field)
{
        return list ? ocore__at(work, list, index, field) : field;
}

/* A line with product, site and lot checked. */
static int check_line(ocore__work *work, const stock_target *target, ocore__group *sites,
        const ocore_stock_line *line, const char *list, size_t index, const ocore_product **out)
{
        ocore__entry *product = ocore__first(target->products);
        const ocore_product *row = product ? ocore__row(product) : NULL;

        *out = row;
        if (!row || row->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, row ? OCORE_INVALID : OCORE_NOT_FOUND,
                        place(work, list, index, "sku"),
                        row ? "\"%t\" is no goods and has no stock; name a product of goods"
                            : "there is no product \"%t\"; put it first",
                        &line->sku);
        if (!ocore__site_find(sites, line->site))
                return ocore__refuse(work, OCORE_NOT_FOUND, place(work, list, index, "site"),
                        "there is no site \"%t\"; put it first", &line->site);
        ocore__rely(work, product);
        return ocore__stock_lot_check(work, row, line->lot, list, index);
}

/* What a stock command does with its lines. */
typedef struct stock_verb {
        int64_t account; /* the other end of its moves */
        int64_t event;
        int counted; /* the quantity is what is there, not a difference */
        int either;  /* the quantity may be below zero */
} stock_verb;

static int quantity_check(ocore__work *work, const stock_verb *verb, int64_t amount, size_t index)
{
        const char *message = NULL;

        if (verb->counted && amount < 0)
                message = "must not be below zero; give what was counted";
        else if (verb->either && amount == 0)
                message = "must not be zero; give the difference";
        else if (!verb->counted && !verb->either && amount <= 0)
                message = "must be above zero";
        return message ? ocore__refuse(work, OCORE_INVALID,
                                 ocore__at(work, "lines", index, "quantity"), message)
                       : OCORE_OK;
}

static int refuse_shift(ocore__work *work, int status, const char *field,
        const ocore_stock_line *line, int64_t scale, int64_t there, int64_t wanted)
{
        if (status == OCORE_OUT_OF_STOCK)
                return ocore__refuse(work, status, field,
                        "\"%t\" has %u at \"%t\", not %u; take less", &line->sku, &there, &scale,
                        &line->site, &wanted, &scale);
        if (status == OCORE_OVERFLOW)
                return ocore__refuse(
                        work, status, field, "the balance would leave 64 bits; take less");
        return status;
}

/* A line as it is carried out. */
typedef struct stock_step {
        const stock_verb *verb;
        const ocore_stock_line *line;
        const ocore_product *product;
        ocore__group *stock;
        ocore_str reason;
        size_t index;
} stock_step;

static int bring(ocore__work *work, const stock_step *step, int64_t quantity)
{
        const ocore_stock_line *line = step->line;
        ocore__entry *entry;
        int status = ocore__stock_lot_entry(work, step->stock, step->product, line->site, line->lot,
                line->expires_us, quantity, "lines", step->index, &entry);

        return status ? status
                      : ocore__stock_take_in(work, entry, step->verb->account,
                                OCORE_BUCKET_AVAILABLE, quantity, (ocore_id){{0}}, step->reason);
}

static int take(ocore__work *work, const stock_step *step, ocore__entry *entry, int64_t quantity)
{
        return entry ? ocore__stock_shift(work, entry, OCORE_BUCKET_AVAILABLE, step->verb->account,
                               quantity, (ocore_id){{0}}, step->reason)
                     : OCORE_OUT_OF_STOCK;
}

/* What was counted is available afterwards, and nothing is oversold any longer: what the customer
 * had in hand before it was in the books is no longer missing. The count rests on the numbers as
 * they are, not on what others made of them since. */
static int count(ocore__work *work, const stock_step *step, ocore__entry *entry, int64_t counted)
{
        ocore_stock before = {0};
        int64_t difference;
        int status;

        if (entry) {
                before = *(const ocore_stock *)ocore__row(entry);
                ocore__exact(work, entry);
        }
        if (before.recalled_us && counted)
                return ocore__refuse(work, OCORE_STATE,
                        ocore__at(work, "lines", step->index, "lot"),
                        "lot \"%t\" was recalled: none of it is for sale; count 0, and correct "
                        "what is damaged",
                        &before.lot);
        difference = counted - before.available; /* both are zero or more */
        if (ocore__add(difference, before.oversold, &difference))
                return OCORE_OVERFLOW;
        if (difference > 0 && difference <= before.oversold) /* nothing comes that was not sold */
                status = ocore__stock_take_in(work, entry, step->verb->account,
                        OCORE_BUCKET_AVAILABLE, difference, (ocore_id){{0}}, step->reason);
        else
                status = difference > 0 ? bring(work, step, difference) : OCORE_OK;
        if (!status && entry) {
                const ocore_stock *now = ocore__row(entry);

                if (now->oversold > 0)
                        status = ocore__stock_shift(work, entry, OCORE_BUCKET_AVAILABLE,
                                OCORE_ACCOUNT_OVERSOLD, now->oversold, (ocore_id){{0}},
                                step->reason);
        }
        return status || difference >= 0 ? status : take(work, step, entry, -difference);
}

static int run_line(
        ocore__work *work, stock_step *step, const stock_target *target, ocore__group *sites)
{
        const ocore_stock_line *line = step->line;
        int status = quantity_check(work, step->verb, line->quantity.amount, step->index);
        int64_t units, there;
        ocore__entry *entry;

        if (!status)
                status =
                        check_line(work, target, sites, line, "lines", step->index, &step->product);
        if (!status)
                status = ocore__item_units(
                        work, step->product->scale, line->quantity, "lines", step->index, &units);
        if (status)
                return status;
        step->stock = target->stock;
        entry = ocore__stock_find(work, target->stock, line->site, line->lot);
        there = entry ? ((const ocore_stock *)ocore__row(entry))->available : 0;
        if (step->verb->counted)
                status = count(work, step, entry, units);
        else if (units > 0)
                status = bring(work, step, units);
        else if (ocore__subtract(0, units, &units))
                status = OCORE_OVERFLOW;
        else
                status = take(work, step, entry, units);
        return status ? refuse_shift(work, status,
                                ocore__at(work, "lines", step->index, "quantity"), line,
                                step->product->scale, there, units)
                      : OCORE_OK;
}

static int run(ocore__work *work, const ocore_stock_request *request, const void **answer,
        const stock_verb *verb)
{
        stock_target *targets =
                ocore__arena_zero(work->arena, request->line_count, sizeof *targets);
        ocore__group *sites, *policy;
        int status = targets ? ocore__consult_policy(work, &policy) : OCORE_NOMEM;

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        for (size_t i = 0; !status && i < request->line_count; i++)
                status = want_line(work, request->lines[i].sku, request->lines[i].lot, &targets[i]);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        ocore__rely(work, ocore__first(policy));
        for (size_t i = 0; !status && i < request->line_count; i++) {
                stock_step step = {.verb = verb,
                        .line = &request->lines[i],
                        .reason = request->reason,
                        .index = i};

                status = run_line(work, &step, &targets[i], sites);
        }
        if (status)
                return status;
        ocore__event(work, work->id, 1, verb->event, request->reason);
        return ocore__stock_moves_answer(work, answer);
}

static int stock_receive(ocore__work *work, const void *request, const void **answer)
{
        const stock_verb verb = {OCORE_ACCOUNT_SUPPLIER, OCORE_EVENT_STOCK_RECEIVED, 0, 0};

        return run(work, request, answer, &verb);
}

static int stock_adjust(ocore__work *work, const void *request, const void **answer)
{
        const stock_verb verb = {OCORE_ACCOUNT_COUNT, OCORE_EVENT_STOCK_ADJUSTED, 0, 1};

        return run(work, request, answer, &verb);
}

static int stock_count(ocore__work *work, const void *request, const void **answer)
{
        const stock_verb verb = {OCORE_ACCOUNT_COUNT, OCORE_EVENT_STOCK_COUNTED, 1, 0};

        return run(work, request, answer, &verb);
}

/* Moves what a transfer says, from a row that is there. */
static int transfer_units(ocore__work *work, const ocore_stock_transfer_request *request,
        const ocore_stock_line *line, ocore__entry *entry, const ocore_product *product)
{
        ocore_stock stock = {0};
        int64_t quantity;
        int status = ocore__product_units(
                work, product->scale, request->quantity, "quantity", &quantity);

        if (status)
                return status;
        if (entry)
                stock = *(const ocore_stock *)ocore__row(entry);
        if (stock.recalled_us && request->to_bucket == OCORE_BUCKET_AVAILABLE)
                return ocore__refuse(work, OCORE_STATE, "to_bucket",
                        "lot \"%t\" was recalled and is not for sale again; scrap it or send it "
                        "back",
                        &stock.lot);
        status = entry ? ocore__stock_shift(work, entry, request->from_bucket, request->to_bucket,
                                 quantity, (ocore_id){{0}}, request->reason)
                       : OCORE_OUT_OF_STOCK;
        return status ? refuse_shift(work, status, "quantity", line, product->scale,
                                *ocore__bucket(&stock, request->from_bucket), quantity)
                      : OCORE_OK;
}

static int stock_transfer(ocore__work *work, const void *args, const void **answer)
{
        const ocore_stock_transfer_request *request = args;
        const ocore_stock_line line = {.sku = request->sku,
                .site = request->site,
                .lot = request->lot,
                .quantity = request->quantity};
        const ocore_product *product;
        stock_target target;
        ocore__group *sites, *policy;
        int status = ocore__consult_policy(work, &policy);

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        if (!status)
                status = want_line(work, request->sku, (ocore_str){0}, &target);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (request->from_bucket >= OCORE_ACCOUNT_SUPPLIER ||
                request->from_bucket == request->to_bucket)
                return ocore__refuse(work, OCORE_INVALID, "from_bucket",
                        "must be available or damaged, and not where the goods go");
        ocore__rely(work, ocore__first(policy));
        status = check_line(work, &target, sites, &line, NULL, 0, &product);
        if (!status)
                status = transfer_units(work, request, &line,
                        ocore__stock_find(work, target.stock, line.site, line.lot), product);
        if (status)
                return status;
        ocore__event(work, work->id, 1, OCORE_EVENT_STOCK_MOVED, request->reason);
        return ocore__stock_moves_answer(work, answer);
}

/* A page ends between two products, so that the next one can start behind a sku. */
typedef struct stock_page {
        ocore__row_list list;
        int64_t products, products_max;
        ocore_str next;
} stock_page;

static int stock_row(void *user_data, const void *row, int64_t revision)
{
        stock_page *page = user_data;
        const ocore_stock *last = page->list.count ? page->list.rows[page->list.count - 1] : NULL;

        if (!last || !ocore_str_equal(last->sku, ((const ocore_stock *)row)->sku)) {
                if (page->products == page->products_max) {
                        page->next = last->sku;
                        return OCORE_DONE;
                }
                page->products++;
        }
        return ocore__row_list_add(&page->list, row, revision);
}

static int stock_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_stock_list_request *request = args;
        /* Behind a sku means behind its last row: texts that go on behind "sku" come later. */
        const ocore_cell after[] = {ocore__cell_text(request->after), ocore__cell_text(LAST_CODE),
                ocore__cell_text(LAST_CODE)};
        const ocore_cell sku = ocore__cell_text(request->sku);
        const ocore__scan scan = {.table = &ocore__stock_table,
                .prefix = &sku,
                .prefix_count = request->sku.size ? 1 : 0,
                .after = request->after.size ? after : NULL,
                .after_count = 3};
        stock_page page = {
                .list.arena = work->arena, .products_max = request->limit ? request->limit : 100};
        ocore_stock_list *list;
        int status;

        if (request->limit > 1000)
                return ocore__refuse(work, OCORE_LIMIT, "limit",
                        "at most 1000 products are allowed; ask for pages");
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, stock_row, &page);
        list = status ? NULL : ocore__arena_zero(work->arena, 1, sizeof *list);
        if (!list)
                return status ? status : OCORE_NOMEM;
        list->stock = (const ocore_stock *const *)page.list.rows;
        list->stock_count = page.list.count;
        list->next = page.next;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__stock_receive = {
        &ocore__stock_receive_request, &ocore__stock_moves_record, stock_receive, OCORE__COMMAND};
const ocore__procedure ocore__stock_adjust = {
        &ocore__stock_adjust_request, &ocore__stock_moves_record, stock_adjust, OCORE__COMMAND};
const ocore__procedure ocore__stock_count = {
        &ocore__stock_count_request, &ocore__stock_moves_record, stock_count, OCORE__COMMAND};
const ocore__procedure ocore__stock_transfer = {
        &ocore__stock_transfer_request, &ocore__stock_moves_record, stock_transfer, OCORE__COMMAND};
const ocore__procedure ocore__stock_list = {
        &ocore__stock_list_request, &ocore__stock_list_record, stock_list, OCORE__DIRECT};

OCORE__PUBLIC(ocore_stock_receive, ocore_stock_request, ocore_stock_moves, ocore__stock_receive)
OCORE__PUBLIC(ocore_stock_adjust, ocore_stock_request, ocore_stock_moves, ocore__stock_adjust)
OCORE__PUBLIC(ocore_stock_count, ocore_stock_request, ocore_stock_moves, ocore__stock_count)
OCORE__PUBLIC(ocore_stock_transfer, ocore_stock_transfer_request, ocore_stock_moves,
        ocore__stock_transfer)
OCORE__PUBLIC(ocore_stock_list_page, ocore_stock_list_request, ocore_stock_list, ocore__stock_list)
