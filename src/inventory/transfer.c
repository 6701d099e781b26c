/*
 * Transfers: goods that go from one site to another. What one site sends the other has in transit
 * by the same command; what arrives is available there, and what does not is lost by name.
 */
#include "inventory.h"

#include "engine/procedure.h"

static const ocore_field ship_line_fields[] = {
        OCORE__FIELD_CODE(ocore_transfer_ship_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(
                ocore_transfer_ship_line, lot, 0, "lot or serial; default: not kept by lot"),
        OCORE__FIELD(ocore_transfer_ship_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, above zero"),
};
static const ocore_record ship_line_record =
        OCORE__RECORD("transfer_ship_line", ocore_transfer_ship_line, ship_line_fields, 0);
static const ocore_field ship_fields[] = {
        OCORE__FIELD_KEY(ocore_transfer_ship_request),
        OCORE__FIELD_CODE(
                ocore_transfer_ship_request, from_site, OCORE_FIELD_REQUIRED, "from where"),
        OCORE__FIELD_CODE(ocore_transfer_ship_request, to_site, OCORE_FIELD_REQUIRED, "to where"),
        OCORE__FIELD(ocore_transfer_ship_request, due_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "when it will arrive; default: not known"),
        OCORE__FIELD(ocore_transfer_ship_request, reason, TEXT,
                OCORE_FIELD_FREE | OCORE_FIELD_LINES, "why, or a document's number"),
        OCORE__FIELD_OF(ocore_transfer_ship_request, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &ship_line_record, "what; all or none"),
};
const ocore_record ocore__transfer_ship_request =
        OCORE__RECORD("transfer_ship", ocore_transfer_ship_request, ship_fields, 0);

static const ocore_field receive_line_fields[] = {
        OCORE__FIELD(ocore_transfer_receive_line, number, INTEGER,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "number of the transfer's line"),
        OCORE__FIELD(ocore_transfer_receive_line, quantity, QUANTITY, OCORE_FIELD_NOT_NEGATIVE,
                "what arrived in good order, 0 or more"),
};
static const ocore_record receive_line_record =
        OCORE__RECORD("transfer_receive_line", ocore_transfer_receive_line, receive_line_fields, 0);
static const ocore_field receive_fields[] = {
        OCORE__FIELD_KEY(ocore_transfer_receive_request),
        OCORE__FIELD(ocore_transfer_receive_request, transfer_id, ID, OCORE_FIELD_REQUIRED,
                "which transfer"),
        OCORE__FIELD(ocore_transfer_receive_request, close, BOOLEAN, 0,
                "what has not arrived now is lost"),
        OCORE__FIELD_OF(ocore_transfer_receive_request, lines, ITEMS, 0, &receive_line_record,
                "what arrived; default: everything"),
};
const ocore_record ocore__transfer_receive_request =
        OCORE__RECORD("transfer_receive", ocore_transfer_receive_request, receive_fields, 0);

static const ocore_field key_fields[] = {
        OCORE__FIELD(ocore_transfer_key, transfer_id, ID, OCORE_FIELD_REQUIRED, "which transfer"),
};
const ocore_record ocore__transfer_get_request =
        OCORE__RECORD("transfer_key", ocore_transfer_key, key_fields, 0);

static int answer_transfer(ocore__work *work, const ocore__group *transfers,
        const ocore__group *lines, const void **answer)
{
        ocore_transfer *transfer = ocore__arena_take(work->arena, sizeof *transfer);
        const void *const *rows;
        int status;

        if (!transfer)
                return OCORE_NOMEM;
        *transfer = *(const ocore_transfer *)ocore__only(transfers);
        status = ocore__rows_of(work, lines, &rows, &transfer->line_count);
        if (status)
                return status;
        transfer->lines = (const ocore_transfer_line *const *)rows;
        *answer = transfer;
        return work->status;
}

/* The products and balances of what is sent. */
typedef struct ship_target {
        ocore__group *products;
        ocore__group *stock;
} ship_target;

static int check_sites(ocore__work *work, const ocore__group *sites, ocore_str from, ocore_str to)
{
        const char *field = !ocore__site_find(sites, from) ? "from_site"
                            : !ocore__site_find(sites, to) ? "to_site"
                                                           : NULL;

        if (field)
                return ocore__refuse(work, OCORE_NOT_FOUND, field,
                        "there is no site \"%t\"; put it first", *field == 'f' ? &from : &to);
        if (ocore_str_equal(from, to))
                return ocore__refuse(work, OCORE_INVALID, "to_site",
                        "must be another site; between buckets of one site use stock.transfer");
        return OCORE_OK;
}

static int refuse_short(ocore__work *work, const ocore_transfer_ship_line *line, size_t index,
        ocore_str site, int64_t available, int64_t wanted, int64_t scale)
{
        return ocore__refuse(work, OCORE_OUT_OF_STOCK, ocore__at(work, "lines", index, "quantity"),
                "\"%t\" has %u at \"%t\", not %u; send less", &line->sku, &available, &scale, &site,
                &wanted, &scale);
}

/* What leaves one site and is in transit to the other. */
static int move_out(ocore__work *work, const ocore_transfer *transfer,
        const ocore_transfer_ship_line *line, size_t index, ocore__group *stock, int64_t quantity,
        int64_t scale)
{
        ocore__entry *from = ocore__stock_find(work, stock, transfer->from_site, line->lot);
        ocore__entry *to = ocore__stock_find(work, stock, transfer->to_site, line->lot);
        int64_t available = from ? ((const ocore_stock *)ocore__row(from))->available : 0;
        int status;

        if (available < quantity)
                return refuse_short(
                        work, line, index, transfer->from_site, available, quantity, scale);
        if (line->lot.size && !to)
                ocore__exact(work, from); /* a new row of a lot has what the others say of it */
        if (!to)
                to = ocore__stock_entry(
                        work, stock, line->sku, transfer->to_site, line->lot, scale);
        if (!to)
                return work->status;
        status = ocore__stock_shift(work, from, OCORE_BUCKET_AVAILABLE, OCORE_ACCOUNT_TRANSFER,
                quantity, transfer->id, transfer->reason);
        if (!status)
                status = ocore__stock_shift(work, to, OCORE_ACCOUNT_TRANSFER,
                        OCORE_BUCKET_IN_TRANSIT, quantity, transfer->id, transfer->reason);
        if (status == OCORE_OVERFLOW)
                return ocore__refuse(work, status, ocore__at(work, "lines", index, "quantity"),
                        "the balance at \"%t\" would leave 64 bits; send less", &transfer->to_site);
        return status;
}

static int ship_line(ocore__work *work, const ocore_transfer *transfer,
        const ocore_transfer_ship_line *line, size_t index, const ship_target *target)
{
        ocore__entry *entry = ocore__first(target->products);
        const ocore_product *product = entry ? ocore__row(entry) : NULL;
        ocore_transfer_line row = {.transfer_id = transfer->id,
                .number = (int64_t)index + 1,
                .sku = line->sku,
                .lot = line->lot};
        int status;

        if (!product || product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, product ? OCORE_INVALID : OCORE_NOT_FOUND,
                        ocore__at(work, "lines", index, "sku"),
                        product ? "\"%t\" is no goods and has no stock; name a product of goods"
                                : "there is no product \"%t\"; put it first",
                        &line->sku);
        ocore__rely(work, entry);
        row.scale = product->scale;
        status = ocore__stock_lot_check(work, product, line->lot, "lines", index);
        if (!status)
                status = ocore__item_units(
                        work, product->scale, line->quantity, "lines", index, &row.quantity);
        if (!status)
                status = move_out(
                        work, transfer, line, index, target->stock, row.quantity, row.scale);
        if (status)
                return status;
        ocore__insert(work, &ocore__transfer_line_table, &row);
        if (transfer->due_us) {
                const ocore_supply supply = {.sku = line->sku,
                        .source_id = transfer->id,
                        .number = row.number,
                        .source = OCORE_SOURCE_TRANSFER,
                        .site = transfer->to_site,
                        .scale = row.scale,
                        .due_us = transfer->due_us,
                        .expected = row.quantity};

                status = ocore__supply_open(work, &supply);
        }
        return status ? status : work->status;
}

static int transfer_ship(ocore__work *work, const void *args, const void **answer)
{
        const ocore_transfer_ship_request *request = args;
        const ocore_transfer transfer = {.id = work->id,
                .from_site = request->from_site,
                .to_site = request->to_site,
                .state = OCORE_TRANSFER_SHIPPED,
                .shipped_us = work->now_us,
                .due_us = request->due_us,
                .reason = request->reason,
                .event_count = 1};
        ship_target *targets = ocore__arena_zero(work->arena, request->line_count, sizeof *targets);
        ocore__group *policy, *sites, *transfers, *lines;
        int status = targets ? ocore__consult_policy(work, &policy) : OCORE_NOMEM;

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        for (size_t i = 0; i < request->line_count && !status; i++) {
                const ocore_cell sku = ocore__cell_text(request->lines[i].sku);

                status = ocore__consult(work, &ocore__product_table, sku, &targets[i].products);
                if (!status)
                        status = ocore__want(work, &ocore__stock_table, sku, &targets[i].stock);
        }
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_sites(work, sites, request->from_site, request->to_site);
        if (status)
                return status;
        ocore__rely(work, ocore__first(policy));
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = ship_line(work, &transfer, &request->lines[i], i, &targets[i]);
        if (status)
                return status;
        ocore__insert(work, &ocore__transfer_table, &transfer);
        ocore__event(work, transfer.id, 1, OCORE_EVENT_TRANSFER_SHIPPED, request->reason);
        status = ocore__staged(
                work, &ocore__transfer_table, ocore__cell_id(transfer.id), &transfers);
        if (!status)
                status = ocore__staged(
                        work, &ocore__transfer_line_table, ocore__cell_id(transfer.id), &lines);
        return status || work->status ? (status ? status : work->status)
                                      : answer_transfer(work, transfers, lines, answer);
}

/* A line of a transfer, with what becomes of it now. */
typedef struct arrival {
        ocore__entry *entry;
        const ocore_transfer_line *line;
        int64_t under_way; /* before this */
        int64_t arrived;
        int64_t lost;
        ocore__group *stock;
        ocore__group *supplies; /* NULL: it has no date, and is none */
} arrival;

static int refuse_corrupt(ocore__work *work)
{
        return ocore__torn(work, "transfer_id",
                "the books do not have what the transfer says; verify the store");
}

/* The lines of a transfer by number, each with what is still under way. */
static int arrivals_of(ocore__work *work, const ocore__group *lines, arrival **out, size_t *count)
{
        size_t size = ocore__count(lines), i = 0;
        arrival *all = ocore__arena_zero(work->arena, size + 1, sizeof *all);

        *out = all;
        *count = size;
        if (!all)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(lines); entry; entry = ocore__next(entry), i++) {
                const ocore_transfer_line *line = ocore__row(entry);

                all[i].entry = entry;
                all[i].line = line;
                if (line->number != (int64_t)i + 1 ||
                        ocore__subtract(line->quantity, line->received, &all[i].under_way) ||
                        ocore__subtract(all[i].under_way, line->lost, &all[i].under_way) ||
                        all[i].under_way < 0)
                        return refuse_corrupt(work);
        }
        return OCORE_OK;
}

static int take_line(ocore__work *work, const ocore_transfer_receive_line *line, size_t index,
        arrival *all, size_t count)
{
        arrival *one = line->number <= (int64_t)count ? &all[line->number - 1] : NULL;
        int64_t units, left;
        int status;

        if (!one)
                return ocore__refuse(work, OCORE_NOT_FOUND,
                        ocore__at(work, "lines", index, "number"),
                        "the transfer has no line %d; look at its lines", &line->number);
        status = ocore__item_units(work, one->line->scale, line->quantity, "lines", index, &units);
        if (status)
                return status;
        left = one->under_way - one->arrived;
        if (units > left)
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", index, "quantity"),
                        "only %u of line %d are on the way, not %u; book what is found on top "
                        "with stock.adjust",
                        &left, &one->line->scale, &line->number, &units, &one->line->scale);
        one->arrived += units;
        return OCORE_OK;
}

/* What arrives, and with `close` what is lost. */
static int take_lines(ocore__work *work, const ocore_transfer_receive_request *request,
        arrival *all, size_t count)
{
        int changes = 0, status = OCORE_OK;

        for (size_t i = 0; i < request->line_count && !status; i++)
                status = take_line(work, &request->lines[i], i, all, count);
        for (size_t i = 0; i < count; i++) {
                if (!request->line_count)
                        all[i].arrived = all[i].under_way;
                if (request->close)
                        all[i].lost = all[i].under_way - all[i].arrived;
                changes |= all[i].arrived || all[i].lost;
        }
        if (!status && !changes)
                return ocore__refuse(work, OCORE_INVALID, "lines",
                        "nothing arrived; give what did, or close the transfer");
        return status;
}

static int want_arrivals(
        ocore__work *work, const ocore_transfer *transfer, arrival *all, size_t count)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < count && !status; i++) {
                const ocore_cell sku = ocore__cell_text(all[i].line->sku);

                if (!all[i].arrived && !all[i].lost)
                        continue;
                status = ocore__stock_want(work, all[i].line->sku, &all[i].stock);
                if (!status && transfer->due_us)
                        status = ocore__want(work, &ocore__supply_table, sku, &all[i].supplies);
        }
        return status;
}

static int move_in(ocore__work *work, const ocore_transfer *transfer, const arrival *one)
{
        ocore_transfer_line *line = ocore__edit(work, one->entry);
        ocore__entry *stock =
                ocore__stock_find(work, one->stock, transfer->to_site, one->line->lot);
        ocore__entry *supply =
                one->supplies ? ocore__supply_find(one->supplies, transfer->id, one->line->number)
                              : NULL;
        int status = OCORE_OK;

        if (!line)
                return work->status;
        if (!stock || (one->supplies && !supply))
                return refuse_corrupt(work);
        if (one->arrived)
                status = ocore__stock_take_in(work, stock, OCORE_BUCKET_IN_TRANSIT,
                        OCORE_BUCKET_AVAILABLE, one->arrived, transfer->id, transfer->reason);
        if (!status && one->lost)
                status = ocore__stock_shift(work, stock, OCORE_BUCKET_IN_TRANSIT,
                        OCORE_ACCOUNT_LOST, one->lost, transfer->id, transfer->reason);
        if (!status && supply)
                status = ocore__supply_less(work, supply, one->arrived + one->lost);
        line->received += one->arrived; /* all three sum to the quantity */
        line->lost += one->lost;
        if (status == OCORE_OVERFLOW)
                return ocore__refuse(work, status, "lines",
                        "the balance at \"%t\" would leave 64 bits; take less in",
                        &transfer->to_site);
        return status == OCORE_OUT_OF_STOCK ? refuse_corrupt(work) : status;
}

/* Tells what happened: goods arrived, some are lost, or both. */
static int close_receipt(
        ocore__work *work, ocore__group *transfers, const arrival *all, size_t count)
{
        ocore_transfer *transfer = ocore__edit(work, ocore__first(transfers));
        int arrived = 0, lost = 0, under_way = 0;

        if (!transfer)
                return work->status;
        for (size_t i = 0; i < count; i++) {
                arrived |= all[i].arrived != 0;
                lost |= all[i].lost != 0;
                under_way |= all[i].under_way != all[i].arrived + all[i].lost;
        }
        if (transfer->event_count > INT64_MAX - 2)
                return OCORE_OVERFLOW;
        if (!under_way) {
                transfer->state = OCORE_TRANSFER_CLOSED;
                transfer->closed_us = work->now_us;
        }
        if (arrived)
                ocore__event(work, transfer->id, ++transfer->event_count,
                        OCORE_EVENT_TRANSFER_RECEIVED, (ocore_str){0});
        if (lost)
                ocore__event(work, transfer->id, ++transfer->event_count,
                        OCORE_EVENT_TRANSFER_CLOSED, (ocore_str){0});
        return work->status;
}

static int want_transfer(
        ocore__work *work, ocore_id transfer_id, ocore__group **transfers, ocore__group **lines)
{
        const ocore_cell id = ocore__cell_id(transfer_id);
        int status = ocore__want(work, &ocore__transfer_table, id, transfers);

        if (!status)
                status = ocore__want(work, &ocore__transfer_line_table, id, lines);
        if (!status)
                status = ocore__fetch(work);
        if (!status && !ocore__only(*transfers))
                return ocore__refuse(work, OCORE_NOT_FOUND, "transfer_id",
                        "there is no such transfer; check the id");
        return status;
}

static int transfer_receive(ocore__work *work, const void *args, const void **answer)
{
        const ocore_transfer_receive_request *request = args;
        const ocore_transfer *transfer;
        ocore__group *transfers, *lines;
        arrival *all;
        size_t count;
        int status = want_transfer(work, request->transfer_id, &transfers, &lines);

        if (status)
                return status;
        transfer = ocore__only(transfers);
        if (transfer->state != OCORE_TRANSFER_SHIPPED)
                return ocore__refuse(work, OCORE_STATE, "transfer_id",
                        "the transfer is over; book what is found later with stock.adjust");
        status = arrivals_of(work, lines, &all, &count);
        if (!status)
                status = take_lines(work, request, all, count);
        if (!status)
                status = want_arrivals(work, transfer, all, count);
        if (!status)
                status = ocore__fetch(work);
        for (size_t i = 0; i < count && !status; i++)
                if (all[i].stock)
                        status = move_in(work, transfer, &all[i]);
        if (!status)
                status = close_receipt(work, transfers, all, count);
        return status ? status : answer_transfer(work, transfers, lines, answer);
}

static int transfer_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_transfer_key *request = args;
        ocore__group *transfers, *lines;
        int status = want_transfer(work, request->transfer_id, &transfers, &lines);

        return status ? status : answer_transfer(work, transfers, lines, answer);
}

const ocore__procedure ocore__transfer_ship = {
        &ocore__transfer_ship_request, &ocore__transfer_record, transfer_ship, OCORE__COMMAND};
const ocore__procedure ocore__transfer_receive = {&ocore__transfer_receive_request,
        &ocore__transfer_record, transfer_receive, OCORE__COMMAND};
const ocore__procedure ocore__transfer_get = {
        &ocore__transfer_get_request, &ocore__transfer_record, transfer_get, 0};

OCORE__PUBLIC(
        ocore_transfer_ship, ocore_transfer_ship_request, ocore_transfer, ocore__transfer_ship)
OCORE__PUBLIC(ocore_transfer_receive, ocore_transfer_receive_request, ocore_transfer,
        ocore__transfer_receive)
OCORE__PUBLIC(ocore_transfer_get, ocore_transfer_key, ocore_transfer, ocore__transfer_get)
