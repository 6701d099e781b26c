/* Holds: stock kept until a deadline, then released, converted into an order, or lapsed. */
#include "inventory.h"

#include "engine/procedure.h"

static const ocore_field hold_request_line_fields[] = {
        OCORE__FIELD_CODE(ocore_hold_request_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD(ocore_hold_request_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, above zero"),
};
static const ocore_record hold_request_line_record =
        OCORE__RECORD("hold_request_line", ocore_hold_request_line, hold_request_line_fields, 0);
static const ocore_field hold_place_fields[] = {
        OCORE__FIELD_KEY(ocore_hold_request),
        OCORE__FIELD(ocore_hold_request, expires_us, TIME,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "the deadline, in the future"),
        OCORE__FIELD_OF(ocore_hold_request, strategy, CHOICE, 0, ocore__allocation_strategies,
                "how sites are chosen; default priority"),
        OCORE__FIELD_OF(ocore_hold_request, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &hold_request_line_record, "what; all or none"),
};
const ocore_record ocore__hold_place_request =
        OCORE__RECORD("hold_place", ocore_hold_request, hold_place_fields, 0);
static const ocore_field hold_release_fields[] = {
        OCORE__FIELD_KEY(ocore_hold_release_request),
        OCORE__FIELD(ocore_hold_release_request, hold_id, ID, OCORE_FIELD_REQUIRED, "which hold"),
};
const ocore_record ocore__hold_release_request =
        OCORE__RECORD("hold_release", ocore_hold_release_request, hold_release_fields, 0);
static const ocore_field hold_key_fields[] = {
        OCORE__FIELD(ocore_hold_key, hold_id, ID, OCORE_FIELD_REQUIRED, "which hold"),
};
const ocore_record ocore__hold_get_request =
        OCORE__RECORD("hold_key", ocore_hold_key, hold_key_fields, 0);

/* The pump's own command; the id is made from the hold's, so that two pumps meet in one row. */
static const ocore_record hold_lapse_record =
        OCORE__RECORD("hold_lapse", ocore_hold_release_request, hold_release_fields, 0);

/* What a hold places: the products of its lines and their balances. */
typedef struct hold_target {
        ocore__group *products;
        ocore__group *stock;
} hold_target;

static int demand_of(ocore__work *work, const ocore_hold_request_line *line, size_t index,
        const hold_target *target, ocore__demand *out)
{
        ocore__entry *product = ocore__first(target->products);
        const ocore_product *row = product ? ocore__row(product) : NULL;

        if (!row || row->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, row ? OCORE_INVALID : OCORE_NOT_FOUND,
                        ocore__at(work, "lines", index, "sku"),
                        row ? "\"%t\" is no goods and cannot be held; name a product of goods"
                            : "there is no product \"%t\"; put it first",
                        &line->sku);
        ocore__rely(work, product);
        *out = (ocore__demand){target->stock, row->sku, row->scale, 0};
        return ocore__item_units(work, row->scale, line->quantity, "lines", index, &out->quantity);
}

static int place_piece(
        ocore__work *work, const ocore_hold *hold, const ocore__piece *piece, int64_t number)
{
        const ocore_stock *stock = ocore__row(piece->stock);
        const ocore_hold_line line = {hold->id, number, stock->sku, stock->site, stock->lot,
                stock->scale, piece->quantity, piece->reason};
        int status = ocore__stock_shift(work, piece->stock, OCORE_BUCKET_AVAILABLE,
                OCORE_BUCKET_HELD, piece->quantity, hold->id, (ocore_str){0});

        ocore__insert(work, &ocore__hold_line_table, &line);
        return status == OCORE_OVERFLOW ? ocore__refuse(work, status, "lines",
                                                  "the balance would leave 64 bits; hold less")
                                        : status;
}

/* The hold with its lines as an answer. */
static int answer_hold(ocore__work *work, const ocore__group *holds, const ocore__group *lines,
        const void **answer)
{
        ocore_hold *hold = ocore__arena_take(work->arena, sizeof *hold);
        const void *const *rows;
        int status;

        if (!hold)
                return OCORE_NOMEM;
        *hold = *(const ocore_hold *)ocore__only(holds);
        status = ocore__rows_of(work, lines, &rows, &hold->line_count);
        if (status)
                return status;
        hold->lines = (const ocore_hold_line *const *)rows;
        *answer = hold;
        return work->status;
}

static int hold_place(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_request *request = args;
        size_t count = request->line_count, piece_count, site_count;
        hold_target *targets = ocore__arena_zero(work->arena, count, sizeof *targets);
        ocore__demand *demands = ocore__arena_zero(work->arena, count, sizeof *demands);
        ocore__group *sites, *policy, *holds, *lines;
        const ocore_site *const *order;
        ocore__piece *pieces;
        const ocore_hold hold = {.id = work->id,
                .state = OCORE_HOLD_OPEN,
                .expires_us = request->expires_us,
                .due_us = request->expires_us,
                .at_us = work->now_us};
        int status = targets && demands ? ocore__consult_policy(work, &policy) : OCORE_NOMEM;

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        for (size_t i = 0; !status && i < count; i++) {
                ocore_cell sku = ocore__cell_text(request->lines[i].sku);

                status = ocore__consult(work, &ocore__product_table, sku, &targets[i].products);
                if (!status)
                        status = ocore__want(work, &ocore__stock_table, sku, &targets[i].stock);
        }
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (request->expires_us <= work->now_us)
                return ocore__refuse(
                        work, OCORE_LAPSED, "expires_us", "is in the past; give a time to come");
        ocore__rely(work, ocore__first(policy));
        for (size_t i = 0; !status && i < count; i++)
                status = demand_of(work, &request->lines[i], i, &targets[i], &demands[i]);
        if (!status)
                status = ocore__sites_in_order(work, sites, &order, &site_count);
        if (!status)
                status = ocore__allocate_stock(work, request->strategy, demands, count, order,
                        site_count, &pieces, &piece_count);
        for (size_t i = 0; !status && i < piece_count; i++)
                status = place_piece(work, &hold, &pieces[i], (int64_t)i + 1);
        if (status)
                return status;
        ocore__insert(work, &ocore__hold_table, &hold);
        ocore__event(work, hold.id, 1, OCORE_EVENT_HOLD_PLACED, (ocore_str){0});
        status = ocore__staged(work, &ocore__hold_table, ocore__cell_id(hold.id), &holds);
        if (!status)
                status = ocore__staged(
                        work, &ocore__hold_line_table, ocore__cell_id(hold.id), &lines);
        return status || work->status ? (status ? status : work->status)
                                      : answer_hold(work, holds, lines, answer);
}

/* One line of a hold that ends: what an order takes, and the rest, which is free again. */
static int end_line(
        ocore__work *work, const ocore_hold_line *line, ocore_id order_id, int64_t taken)
{
        const ocore_str none = {0};
        ocore__group *group;
        ocore__entry *stock;
        int status = ocore__staged(work, &ocore__stock_table, ocore__cell_text(line->sku), &group);

        if (status)
                return status;
        stock = ocore__stock_entry(work, group, line->sku, line->site, line->lot, line->scale);
        if (!stock)
                return work->status;
        if (taken)
                status = ocore__stock_shift(work, stock, OCORE_BUCKET_HELD, OCORE_BUCKET_ALLOCATED,
                        taken, order_id, none);
        if (!status && taken < line->quantity)
                status = ocore__stock_shift(work, stock, OCORE_BUCKET_HELD, OCORE_BUCKET_AVAILABLE,
                        line->quantity - taken, line->hold_id, none);
        return status;
}

int ocore__hold_end(ocore__work *work, ocore__group *holds, ocore__group *lines, int64_t state,
        ocore_id order_id, const int64_t *taken)
{
        static const int64_t events[] = {[OCORE_HOLD_CONVERTED] = OCORE_EVENT_HOLD_CONVERTED,
                [OCORE_HOLD_RELEASED] = OCORE_EVENT_HOLD_RELEASED,
                [OCORE_HOLD_LAPSED] = OCORE_EVENT_HOLD_LAPSED};
        ocore_hold *hold = ocore__edit(work, ocore__first(holds));
        int status = hold ? OCORE_OK : OCORE_NOMEM;
        size_t i = 0;

        for (ocore__entry *entry = ocore__first(lines); entry && !status;
                entry = ocore__next(entry))
                status = end_line(work, ocore__row(entry), order_id, taken ? taken[i++] : 0);
        if (status == OCORE_OUT_OF_STOCK || status == OCORE_OVERFLOW)
                return ocore__refuse(work, OCORE_CORRUPT, "hold_id",
                        "the balances do not hold what the hold says; verify the store");
        if (status)
                return status;
        hold->state = state;
        hold->due_us = 0;
        hold->order_id = order_id;
        ocore__event(work, hold->id, 2, events[state], (ocore_str){0}); /* its second and last */
        return work->status;
}

int ocore__hold_want(
        ocore__work *work, ocore_id hold_id, ocore__group **holds, ocore__group **lines)
{
        int status = ocore__want(work, &ocore__hold_table, ocore__cell_id(hold_id), holds);

        return status ? status
                      : ocore__want(work, &ocore__hold_line_table, ocore__cell_id(hold_id), lines);
}

int ocore__hold_want_stock(ocore__work *work, const ocore__group *lines)
{
        int status = OCORE_OK;

        for (ocore__entry *entry = ocore__first(lines); entry && !status;
                entry = ocore__next(entry)) {
                const ocore_hold_line *line = ocore__row(entry);
                ocore__group *stock;

                status =
                        ocore__want(work, &ocore__stock_table, ocore__cell_text(line->sku), &stock);
        }
        return status;
}

int ocore__hold_check(ocore__work *work, const ocore__group *holds)
{
        const ocore_hold *hold = ocore__only(holds);

        if (!hold)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "hold_id", "there is no such hold; check the id");
        if (hold->state != OCORE_HOLD_OPEN)
                return ocore__refuse(work,
                        hold->state == OCORE_HOLD_LAPSED ? OCORE_LAPSED : OCORE_STATE, "hold_id",
                        "the hold is over; place a new one");
        return OCORE_OK;
}

/* Releasing and lapsing differ in who does it: a lapse waits for the deadline. */
static int end_hold(ocore__work *work, ocore_id hold_id, int64_t state, const void **answer)
{
        ocore__group *holds, *lines;
        int status = ocore__hold_want(work, hold_id, &holds, &lines);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__hold_check(work, holds);
        if (!status && state == OCORE_HOLD_LAPSED &&
                ((const ocore_hold *)ocore__only(holds))->expires_us > work->now_us)
                return ocore__refuse(
                        work, OCORE_STATE, "hold_id", "its deadline has not passed; release it");
        if (!status)
                status = ocore__hold_want_stock(work, lines);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__hold_end(work, holds, lines, state, (ocore_id){{0}}, NULL);
        return status ? status : answer_hold(work, holds, lines, answer);
}

static int hold_release(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_release_request *request = args;

        return end_hold(work, request->hold_id, OCORE_HOLD_RELEASED, answer);
}

static int hold_lapse(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_release_request *request = args;

        return end_hold(work, request->hold_id, OCORE_HOLD_LAPSED, answer);
}

static int hold_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_key *request = args;
        ocore__group *holds, *lines;
        int status = ocore__hold_want(work, request->hold_id, &holds, &lines);

        if (!status)
                status = ocore__fetch(work);
        if (!status && !ocore__only(holds))
                status = ocore__refuse(
                        work, OCORE_NOT_FOUND, "hold_id", "there is no such hold; check the id");
        return status ? status : answer_hold(work, holds, lines, answer);
}

const ocore__procedure ocore__hold_place = {
        &ocore__hold_place_request, &ocore__hold_record, hold_place, OCORE__COMMAND};
const ocore__procedure ocore__hold_release = {
        &ocore__hold_release_request, &ocore__hold_record, hold_release, OCORE__COMMAND};
const ocore__procedure ocore__hold_lapse = {
        &hold_lapse_record, &ocore__hold_record, hold_lapse, OCORE__COMMAND};
const ocore__procedure ocore__hold_get = {
        &ocore__hold_get_request, &ocore__hold_record, hold_get, 0};

OCORE__PUBLIC(ocore_hold_place, ocore_hold_request, ocore_hold, ocore__hold_place)
OCORE__PUBLIC(ocore_hold_release, ocore_hold_release_request, ocore_hold, ocore__hold_release)
OCORE__PUBLIC(ocore_hold_get, ocore_hold_key, ocore_hold, ocore__hold_get)
