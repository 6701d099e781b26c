/*
 * The steps of a fulfillment: pick, pack, ship, deliver, cancel. They are one and the same: by the
 * table in fulfillment_rules.c its units go from the place of one state to that of the next, in
 * their allocation rows and, where the goods move, in the stock.
 */
#include "fulfillment.h"

#include "engine/procedure.h"

/* A step under way. */
typedef struct step_view {
        ocore_fulfillment *row; /* to be changed */
        ocore__group *lines;
        ocore__group **stock; /* of each line's sku; NULL: the goods stay where they are */
        const ocore__fulfillment_transition *transition;
        const ocore__fulfillment_place *from;
        const ocore__fulfillment_place *to;
        ocore__order_view order;
        ocore__whole whole; /* of a step by which goods leave */
} step_view;

/* "the fulfillment is picked: it can be packed or cancelled next" */
static int refuse_step(ocore__work *work, const ocore_fulfillment *row)
{
        char next[96];
        ocore__writer writer;
        const ocore__fulfillment_place *place = ocore__fulfillment_place_of(row->state);

        ocore__writer_init(&writer, next, sizeof next);
        for (size_t i = 0; i < ocore__fulfillment_transition_count; i++) {
                const ocore__fulfillment_transition *one = &ocore__fulfillment_transitions[i];

                if (one->from != row->state)
                        continue;
                ocore__write(&writer, "%s%s", writer.used ? " or " : "",
                        ocore__fulfillment_place_of(one->to)->word);
        }
        if (!writer.used)
                return ocore__refuse(work, OCORE_STATE, "fulfillment_id",
                        "the fulfillment is %s: nothing can follow",
                        place ? place->word : "in no known state");
        return ocore__refuse(work, OCORE_STATE, "fulfillment_id",
                "the fulfillment is %s: it can be %s next", place->word, next);
}

/* The first read: the fulfillment with its lines, and whether its state allows the step. */
static int read_fulfillment(
        ocore__work *work, ocore_id id, int64_t step, step_view *out, ocore__entry **entry)
{
        const ocore_fulfillment *row;
        int status;

        *out = (step_view){0};
        status = ocore__fulfillment_read(work, id, &out->lines, entry);
        if (status)
                return status;
        row = ocore__row(*entry);
        out->transition = ocore__fulfillment_step(row->state, step);
        if (!out->transition)
                return refuse_step(work, row);
        out->from = ocore__fulfillment_place_of(out->transition->from);
        out->to = ocore__fulfillment_place_of(out->transition->to);
        return OCORE_OK;
}

/* The second read: the order and, where the goods move, the stock of each line. */
static int read_order(ocore__work *work, ocore_id order_id, step_view *step)
{
        const ocore_order *order;
        int64_t state;
        size_t i = 0;
        int status = ocore__order_want(work, order_id, &step->order);

        if (step->from->bucket != step->to->bucket) {
                step->stock = ocore__arena_zero(
                        work->arena, ocore__count(step->lines) + 1, sizeof *step->stock);
                if (!step->stock)
                        return OCORE_NOMEM;
                for (ocore__entry *at = ocore__first(step->lines); at && !status;
                        at = ocore__next(at)) {
                        const ocore_fulfillment_line *line = ocore__row(at);

                        status = ocore__want(work, &ocore__stock_table, ocore__cell_text(line->sku),
                                &step->stock[i++]);
                }
        }
        if (!status)
                status = ocore__order_fetch(work, &step->order, OCORE_STEP_FULFILL, &order, &state);
        return status;
}

static int is_of(
        const ocore_allocation *allocation, const ocore_fulfillment_line *line, ocore_str site)
{
        return allocation->line == line->line && ocore_str_equal(allocation->site, site) &&
               ocore_str_equal(allocation->lot, line->lot);
}

/*
 * Moves the units of every line. Lines were made in the order of the allocations, so one walk over
 * both finds each line's allocation. The fulfillment was read before the order and the stock: when
 * they do not fit each other, others were faster in between, and all is read again.
 */
static int move_units(ocore__work *work, const step_view *step)
{
        ocore__entry *at = ocore__first(step->order.allocations);
        size_t i = 0;
        int status = OCORE_OK;

        for (ocore__entry *entry = ocore__first(step->lines); entry && !status;
                entry = ocore__next(entry), i++) {
                const ocore_fulfillment_line *line = ocore__row(entry);
                ocore_allocation *allocation;

                if (!line->quantity) /* a pick came up short of all of it */
                        continue;
                while (at && !is_of(ocore__row(at), line, step->row->site))
                        at = ocore__next(at);
                if (!at)
                        return OCORE_CONFLICT;
                allocation = ocore__edit(work, at);
                if (!allocation)
                        return work->status;
                status = ocore__allocation_move(
                        allocation, step->from->column, step->to->column, line->quantity);
                if (!status && step->stock) {
                        ocore__entry *stock = ocore__stock_entry(work, step->stock[i], line->sku,
                                step->row->site, line->lot, line->scale);

                        status = stock ? ocore__stock_shift(work, stock, step->from->bucket,
                                                 step->to->bucket, line->quantity,
                                                 step->row->order_id, (ocore_str){0})
                                       : work->status;
                }
        }
        return status == OCORE_STATE || status == OCORE_OUT_OF_STOCK ? OCORE_CONFLICT : status;
}

/* All of a step but what only this step knows: that is set in step->row between this and finish. */
static int run(ocore__work *work, ocore_id id, int64_t verb, step_view *step)
{
        ocore__entry *entry;
        int status = read_fulfillment(work, id, verb, step, &entry);

        if (!status)
                status = read_order(
                        work, ((const ocore_fulfillment *)ocore__row(entry))->order_id, step);
        if (!status && verb == OCORE_FULFILLMENT_STEP_SHIP)
                status = ocore__whole_order(work, &step->order, "fulfillment_id");
        if (!status && verb == OCORE_FULFILLMENT_STEP_SHIP)
                status = ocore__whole_read(work, &step->order, &step->whole);
        if (status)
                return status;
        step->row = ocore__edit(work, entry);
        if (!step->row)
                return work->status;
        step->row->state = step->transition->to;
        status = move_units(work, step);
        if (!status && verb == OCORE_FULFILLMENT_STEP_SHIP)
                status = ocore__whole_bundles(work, &step->order, &step->whole, step->lines);
        return status;
}

static int finish(ocore__work *work, const step_view *step, ocore_str detail, const void **answer)
{
        int status = OCORE_OK;

        ocore__order_touch(work, &step->order, step->transition->event, detail);
        if (!work->status && step->transition->to == OCORE_FULFILLMENT_STATE_DELIVERED) {
                status = ocore__bundle_perform(work, &step->order);
                if (!status)
                        status = ocore__order_complete_if_done(work, &step->order);
        }
        if (!status)
                status = work->status;
        return status ? status : ocore__fulfillment_answer(work, step->row, step->lines, answer);
}

static int fulfillment_pick(ocore__work *work, const void *args, const void **answer)
{
        const ocore_fulfillment_step_request *request = args;
        step_view step;
        int status = run(work, request->fulfillment_id, OCORE_FULFILLMENT_STEP_PICK, &step);

        return status ? status : finish(work, &step, step.row->site, answer);
}

static int fulfillment_pack(ocore__work *work, const void *args, const void **answer)
{
        enum { ROOM = 40 };
        const ocore_fulfillment_pack_request *request = args;
        char *text = ocore__arena_take(work->arena, ROOM);
        ocore__writer writer;
        step_view step;
        int status = text ? run(work, request->fulfillment_id, OCORE_FULFILLMENT_STEP_PACK, &step)
                          : OCORE_NOMEM;

        if (status)
                return status;
        step.row->packages = request->packages ? request->packages : 1;
        ocore__writer_init(&writer, text, ROOM);
        ocore__write(&writer, step.row->packages == 1 ? "%d package" : "%d packages",
                &step.row->packages);
        return finish(work, &step, (ocore_str){text, writer.used}, answer);
}

static int fulfillment_ship(ocore__work *work, const void *args, const void **answer)
{
        enum { ROOM = OCORE__CODE_MAX * 2 + 2 };
        const ocore_fulfillment_ship_request *request = args;
        char *text = ocore__arena_take(work->arena, ROOM);
        ocore__writer writer;
        step_view step;
        int status = text ? run(work, request->fulfillment_id, OCORE_FULFILLMENT_STEP_SHIP, &step)
                          : OCORE_NOMEM;

        if (status)
                return status;
        step.row->carrier = request->carrier;
        step.row->tracking_number = request->tracking_number;
        step.row->shipped_us = work->now_us;
        ocore__writer_init(&writer, text, ROOM);
        ocore__write(&writer, request->carrier.size ? "%t %t" : "%t%t", &request->carrier,
                &request->tracking_number);
        return finish(work, &step, (ocore_str){text, writer.used}, answer);
}

static int fulfillment_deliver(ocore__work *work, const void *args, const void **answer)
{
        const ocore_fulfillment_step_request *request = args;
        step_view step;
        int status = run(work, request->fulfillment_id, OCORE_FULFILLMENT_STEP_DELIVER, &step);

        if (status)
                return status;
        step.row->delivered_us = work->now_us;
        return finish(work, &step, step.row->tracking_number, answer);
}

static int fulfillment_cancel(ocore__work *work, const void *args, const void **answer)
{
        const ocore_fulfillment_step_request *request = args;
        step_view step;
        int status = run(work, request->fulfillment_id, OCORE_FULFILLMENT_STEP_CANCEL, &step);

        return status ? status : finish(work, &step, step.row->site, answer);
}

const ocore__procedure ocore__fulfillment_pick = {
        &ocore__fulfillment_pick_request,
        &ocore__fulfillment_record,
        fulfillment_pick,
        OCORE__COMMAND,
};
const ocore__procedure ocore__fulfillment_pack = {
        &ocore__fulfillment_pack_request,
        &ocore__fulfillment_record,
        fulfillment_pack,
        OCORE__COMMAND,
};
const ocore__procedure ocore__fulfillment_ship = {
        &ocore__fulfillment_ship_request,
        &ocore__fulfillment_record,
        fulfillment_ship,
        OCORE__COMMAND,
};
const ocore__procedure ocore__fulfillment_deliver = {
        &ocore__fulfillment_deliver_request,
        &ocore__fulfillment_record,
        fulfillment_deliver,
        OCORE__COMMAND,
};
const ocore__procedure ocore__fulfillment_cancel = {
        &ocore__fulfillment_cancel_request,
        &ocore__fulfillment_record,
        fulfillment_cancel,
        OCORE__COMMAND,
};

OCORE__PUBLIC(ocore_fulfillment_pick, ocore_fulfillment_step_request, ocore_fulfillment,
        ocore__fulfillment_pick)
OCORE__PUBLIC(ocore_fulfillment_pack, ocore_fulfillment_pack_request, ocore_fulfillment,
        ocore__fulfillment_pack)
OCORE__PUBLIC(ocore_fulfillment_ship, ocore_fulfillment_ship_request, ocore_fulfillment,
        ocore__fulfillment_ship)
OCORE__PUBLIC(ocore_fulfillment_deliver, ocore_fulfillment_step_request, ocore_fulfillment,
        ocore__fulfillment_deliver)
OCORE__PUBLIC(ocore_fulfillment_cancel, ocore_fulfillment_step_request, ocore_fulfillment,
        ocore__fulfillment_cancel)
