/* Holds: stock kept until a deadline, then released, converted into an order, or lapsed; and what
 * every change of a hold is made of. */
#include "sourcing.h"

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
        OCORE__FIELD(ocore_hold_request, holder, TEXT, OCORE_FIELD_FREE,
                "for whom: a cart, a customer, a till"),
        OCORE__FIELD(ocore_hold_request, priority, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "higher is more important; default 0"),
        OCORE__FIELD(ocore_hold_request, preempt, BOOLEAN, 0,
                "take what is short from holds of lower priority"),
        OCORE__FIELD_CODE(ocore_hold_request, channel, 0,
                "whose safety stock is left alone; default the general one"),
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

/* A product that is to be held. */
typedef struct hold_target {
        ocore__group *products;
        ocore__group *stock;
        ocore__group *rules; /* NULL: it has none */
} hold_target;

/* What placing a hold rests on. */
typedef struct hold_placing {
        const ocore_hold_request *request;
        ocore__sourcing_view view;
        ocore__group *policy;
        hold_target *targets;
        ocore__want_line *wants;
} hold_placing;

void ocore__hold_event(ocore__work *work, ocore__entry *entry, int64_t kind, const char *detail)
{
        ocore_hold *hold = ocore__edit(work, entry);

        if (hold)
                ocore__event(work, hold->id, ++hold->event_count, kind, ocore_str_of(detail));
}

int ocore__hold_reduce(ocore__work *work, ocore__entry *entry, int64_t quantity)
{
        ocore_hold_line *line = ocore__edit(work, entry);

        if (!line)
                return work->status;
        line->quantity -= quantity;
        if (!line->quantity)
                line->held_sku = (ocore_str){0};
        return OCORE_OK;
}

/* The hold is over; its lines hold nothing. */
static int close_hold(ocore__work *work, ocore__entry *entry, const ocore__group *lines,
        int64_t state, ocore_id order_id)
{
        static const int64_t events[] = {[OCORE_HOLD_CONVERTED] = OCORE_EVENT_HOLD_CONVERTED,
                [OCORE_HOLD_RELEASED] = OCORE_EVENT_HOLD_RELEASED,
                [OCORE_HOLD_LAPSED] = OCORE_EVENT_HOLD_LAPSED};
        ocore_hold *hold = ocore__edit(work, entry);

        if (!hold)
                return work->status;
        for (ocore__entry *at = ocore__first(lines); at; at = ocore__next(at)) {
                const ocore_hold_line *there = ocore__row(at);
                ocore_hold_line *line = there->held_sku.size ? ocore__edit(work, at) : NULL;

                if (line)
                        line->held_sku = (ocore_str){0};
        }
        hold->state = state;
        hold->due_us = 0;
        hold->order_id = order_id;
        ocore__hold_event(work, entry, events[state], "");
        return work->status;
}

int ocore__hold_close_empty(ocore__work *work, ocore__entry *hold, const ocore__group *lines,
        int64_t state, ocore_id order_id)
{
        for (ocore__entry *at = ocore__first(lines); at; at = ocore__next(at))
                if (((const ocore_hold_line *)ocore__row(at))->quantity)
                        return work->status;
        return close_hold(work, hold, lines, state, order_id);
}

int ocore__hold_answer(ocore__work *work, ocore_id hold_id, const void **answer)
{
        ocore_hold *hold = ocore__arena_take(work->arena, sizeof *hold);
        const void *const *rows;
        ocore__group *holds, *lines;
        int status = hold ? work->status : OCORE_NOMEM;

        if (!status)
                status = ocore__staged(work, &ocore__hold_table, ocore__cell_id(hold_id), &holds);
        if (!status)
                status = ocore__staged(
                        work, &ocore__hold_line_table, ocore__cell_id(hold_id), &lines);
        if (status)
                return status;
        *hold = *(const ocore_hold *)ocore__only(holds);
        status = ocore__rows_of(work, lines, &rows, &hold->line_count);
        if (status)
                return status;
        hold->lines = (const ocore_hold_line *const *)rows;
        *answer = hold;
        return OCORE_OK;
}

static int read_targets(ocore__work *work, hold_placing *placing)
{
        const ocore_hold_request *request = placing->request;
        size_t related = 0;
        int status = OCORE_OK;

        for (size_t i = 0; !status && i < request->line_count; i++) {
                ocore_cell sku = ocore__cell_text(request->lines[i].sku);
                hold_target *target = &placing->targets[i];

                status = ocore__consult(work, &ocore__product_table, sku, &target->products);
                if (!status)
                        status = ocore__want(work, &ocore__stock_table, sku, &target->stock);
        }
        if (!status)
                status = ocore__fetch(work);
        for (size_t i = 0; !status && i < request->line_count; i++) {
                const ocore_product *product = ocore__only(placing->targets[i].products);

                if (!product || !(product->related & OCORE_RELATED_RULES))
                        continue;
                related++;
                status = ocore__consult(work, &ocore__stock_rule_table,
                        ocore__cell_text(request->lines[i].sku), &placing->targets[i].rules);
        }
        return status || !related ? status : ocore__fetch(work);
}

static int want_of(ocore__work *work, const ocore_hold_request_line *line, size_t index,
        const hold_target *target, ocore__want_line *out)
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
        if (row->release_us > work->now_us)
                return ocore__refuse(work, OCORE_OUT_OF_STOCK,
                        ocore__at(work, "lines", index, "quantity"),
                        "\"%t\" is not handed out yet; order it in advance instead", &line->sku);
        *out = (ocore__want_line){.stock = target->stock,
                .rules = target->rules,
                .sku = row->sku,
                .scale = row->scale,
                .weight_g = row->weight_g};
        if (ocore__add(work->now_us, row->min_life_us, &out->keeps_until_us))
                out->keeps_until_us = INT64_MAX;
        return ocore__item_units(work, row->scale, line->quantity, "lines", index, &out->quantity);
}

static int place_piece(
        ocore__work *work, const ocore_hold *hold, const ocore__source_piece *piece, int64_t number)
{
        const ocore_stock *stock = ocore__row(piece->stock);
        const ocore_hold_line line = {hold->id, number, stock->sku, stock->site, stock->lot,
                stock->scale, piece->quantity, piece->reason, stock->sku, hold->priority,
                -hold->at_us};
        int status = ocore__sourcing_take(work, piece, OCORE_BUCKET_HELD, hold->id);

        ocore__insert(work, &ocore__hold_line_table, &line);
        return status == OCORE_OVERFLOW ? ocore__refuse(work, status, "lines",
                                                  "the balance would leave 64 bits; hold less")
                                        : status;
}

/* Where the goods come from, and with `preempt` room made for them first. */
static int choose_pieces(ocore__work *work, const hold_placing *placing,
        ocore__source_piece **pieces, size_t *piece_count)
{
        const ocore_hold_request *request = placing->request;
        const ocore__sourcing_wishes wishes = {.strategy = request->strategy};
        ocore__sourcing sourcing;
        int status = OCORE_OK;

        for (size_t i = 0; !status && i < request->line_count; i++)
                status = want_of(
                        work, &request->lines[i], i, &placing->targets[i], &placing->wants[i]);
        if (!status)
                status = ocore__sourcing_resolve(work, &placing->view, &wishes, request->channel,
                        (ocore_str){0}, (ocore_str){0}, &sourcing);
        if (!status && request->preempt)
                status = ocore__hold_preempt(
                        work, request->priority, &sourcing, placing->wants, request->line_count);
        return status ? status
                      : ocore__sourcing_choose(work, &sourcing, placing->wants, request->line_count,
                                pieces, piece_count);
}

static int hold_place(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_request *request = args;
        hold_placing placing = {.request = request,
                .targets = ocore__arena_zero(work->arena, request->line_count, sizeof(hold_target)),
                .wants = ocore__arena_zero(
                        work->arena, request->line_count, sizeof(ocore__want_line))};
        const ocore_hold hold = {.id = work->id,
                .state = OCORE_HOLD_OPEN,
                .expires_us = request->expires_us,
                .due_us = request->expires_us,
                .at_us = work->now_us,
                .holder = request->holder,
                .priority = request->priority};
        ocore__source_piece *pieces;
        size_t piece_count;
        ocore__entry *entry;
        int status = placing.targets && placing.wants ? ocore__consult_policy(work, &placing.policy)
                                                      : OCORE_NOMEM;

        if (!status)
                status = ocore__sourcing_consult(work, &placing.view);
        if (!status)
                status = read_targets(work, &placing);
        if (status)
                return status;
        if (request->expires_us <= work->now_us)
                return ocore__refuse(
                        work, OCORE_LAPSED, "expires_us", "is in the past; give a time to come");
        ocore__rely(work, ocore__first(placing.policy));
        status = choose_pieces(work, &placing, &pieces, &piece_count);
        for (size_t i = 0; !status && i < piece_count; i++)
                status = place_piece(work, &hold, &pieces[i], (int64_t)i + 1);
        if (status)
                return status;
        entry = ocore__insert(work, &ocore__hold_table, &hold);
        if (!entry)
                return work->status;
        ocore__hold_event(work, entry, OCORE_EVENT_HOLD_PLACED, "");
        return ocore__hold_answer(work, hold.id, answer);
}

/* What an order takes of a line, and what is free again. */
static int use_line(ocore__work *work, const ocore_hold_line *line, ocore_id order_id,
        int64_t taken, int64_t freed)
{
        const ocore_str none = {0};
        ocore__group *group;
        ocore__entry *stock;
        int status;

        if (!taken && !freed)
                return OCORE_OK;
        status = ocore__staged(work, &ocore__stock_table, ocore__cell_text(line->sku), &group);
        if (status)
                return status;
        stock = ocore__stock_entry(work, group, line->sku, line->site, line->lot, line->scale);
        if (!stock)
                return work->status;
        if (taken)
                status = ocore__stock_shift(work, stock, OCORE_BUCKET_HELD, OCORE_BUCKET_ALLOCATED,
                        taken, order_id, none);
        if (!status && freed)
                status = ocore__stock_shift(work, stock, OCORE_BUCKET_HELD, OCORE_BUCKET_AVAILABLE,
                        freed, line->hold_id, none);
        return status;
}

/* The balances are what holds say: anything else was read at another time, or is a store that lost
 * something. */
static int use_failed(ocore__work *work, int status)
{
        if (status != OCORE_OUT_OF_STOCK && status != OCORE_OVERFLOW)
                return status;
        return ocore__torn(
                work, "hold_id", "the balances do not hold what the hold says; verify the store");
}

int ocore__hold_end(ocore__work *work, ocore__group *holds, ocore__group *lines, int64_t state,
        ocore_id order_id, const int64_t *taken)
{
        int status = OCORE_OK;
        size_t i = 0;

        for (ocore__entry *entry = ocore__first(lines); entry && !status;
                entry = ocore__next(entry)) {
                const ocore_hold_line *line = ocore__row(entry);
                int64_t used = taken ? taken[i++] : 0;

                status = use_line(work, line, order_id, used, line->quantity - used);
        }
        return status ? use_failed(work, status)
                      : close_hold(work, ocore__first(holds), lines, state, order_id);
}

int ocore__hold_take(ocore__work *work, ocore__group *holds, ocore__group *lines, ocore_id order_id,
        const int64_t *taken)
{
        int status = OCORE_OK;
        int64_t left = 0;
        size_t i = 0;

        for (ocore__entry *entry = ocore__first(lines); entry && !status;
                entry = ocore__next(entry), i++) {
                const ocore_hold_line *line = ocore__row(entry);

                left |= line->quantity - taken[i];
        }
        if (!left)
                return ocore__hold_end(work, holds, lines, OCORE_HOLD_CONVERTED, order_id, taken);
        i = 0;
        for (ocore__entry *entry = ocore__first(lines); entry && !status;
                entry = ocore__next(entry), i++) {
                status = use_line(work, ocore__row(entry), order_id, taken[i], 0);
                if (!status && taken[i])
                        status = ocore__hold_reduce(work, entry, taken[i]);
        }
        if (status)
                return use_failed(work, status);
        ocore__hold_event(work, ocore__first(holds), OCORE_EVENT_HOLD_REDUCED, "order");
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

                status = ocore__stock_want(work, line->sku, &stock);
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

int ocore__hold_live(ocore__work *work, const ocore__group *holds)
{
        int status = ocore__hold_check(work, holds);

        if (!status && ((const ocore_hold *)ocore__only(holds))->expires_us <= work->now_us)
                return ocore__refuse(
                        work, OCORE_LAPSED, "hold_id", "its deadline has passed; place a new one");
        return status;
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
        return status ? status : ocore__hold_answer(work, hold_id, answer);
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
        return status ? status : ocore__hold_answer(work, request->hold_id, answer);
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
