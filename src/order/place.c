/* Verify, quote, save, place: what becomes of a draft. */
#include "draft.h"

#include "base/sort.h"
#include "engine/procedure.h"

/* What the customer has in hand is from what is available there, also where that is kept back;
 * only what is more leaves the books though they had none, and is owed to them. */
static int move_in_hand(
        ocore__work *work, const ocore__draft_work *draft, const ocore__source_piece *piece)
{
        const ocore_stock *stock = ocore__row(piece->stock);
        const ocore_str none = {0};
        int64_t there = stock->available < piece->quantity ? stock->available : piece->quantity;
        int status = OCORE_OK;

        if (there > 0)
                status = ocore__stock_shift(work, piece->stock, OCORE_BUCKET_AVAILABLE,
                        OCORE_BUCKET_ALLOCATED, there, draft->order_id, none);
        if (!status && there < piece->quantity)
                status = ocore__stock_shift(work, piece->stock, OCORE_ACCOUNT_OVERSOLD,
                        OCORE_BUCKET_ALLOCATED, piece->quantity - there, draft->order_id, none);
        return status;
}

/* The piece moves to the order. What is from a hold is moved by ending the hold; what is in hand
 * moves when all that was chosen has. */
static int move_piece(ocore__work *work, const ocore__draft_work *draft,
        const ocore__source_piece *piece, int in_hand)
{
        if (piece->reason == OCORE_ALLOCATED_FROM_HOLD ||
                in_hand != (piece->reason == OCORE_ALLOCATED_IN_HAND))
                return OCORE_OK;
        return in_hand ? move_in_hand(work, draft, piece)
                       : ocore__sourcing_take(work, piece, OCORE_BUCKET_ALLOCATED, draft->order_id);
}

static int stage_piece(ocore__work *work, const ocore__draft_work *draft,
        const ocore__source_piece *piece, int in_hand)
{
        int status = in_hand ? OCORE_OK
                             : ocore__allocation_add(work, &draft->lines[piece->line],
                                       ocore__row(piece->stock), piece->reason, piece->quantity);

        if (!status)
                status = move_piece(work, draft, piece, in_hand);
        if (status == OCORE_OUT_OF_STOCK) /* it was chosen by a guess, and read since */
                return OCORE_CONFLICT;
        return status == OCORE_OVERFLOW
                       ? ocore__refuse(work, status,
                                 ocore__at(work, "lines", ocore__draft_asked(draft, piece->line),
                                         "quantity"),
                                 "the balance would leave 64 bits; order less")
                       : status;
}

/* Rows that come in the order of their keys are placed at the end of their group at once: without
 * this an order of many lines, each from several sites, would take time by their square. */
static int sort_pieces(ocore__work *work, ocore__draft_work *draft)
{
        size_t count = draft->piece_count, sorted = 1;
        const void **order;
        ocore__source_piece *pieces;

        while (sorted < count &&
                ocore__source_by_place(&draft->pieces[sorted - 1], &draft->pieces[sorted]) < 0)
                sorted++;
        if (sorted >= count)
                return OCORE_OK;
        order = ocore__arena_take(work->arena, count * sizeof *order);
        pieces = ocore__arena_take(work->arena, count * sizeof *pieces);
        if (!order || !pieces)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++)
                order[i] = &draft->pieces[i];
        ocore__sort(order, count, ocore__source_by_place);
        for (size_t i = 0; i < count; i++)
                pieces[i] = *(const ocore__source_piece *)order[i];
        draft->pieces = pieces;
        return OCORE_OK;
}

/* To whom it goes stands in a row of its own, because it is personal. */
static void stage_party(ocore__work *work, const ocore_order_draft *draft, ocore_id order_id)
{
        const ocore_party party = {order_id, draft->ship_name, draft->ship_street, draft->ship_city,
                draft->ship_postcode, draft->ship_country, draft->email, draft->phone};

        if (party.name.size || party.street.size || party.city.size || party.email.size ||
                party.phone.size)
                ocore__insert(work, &ocore__party_table, &party);
}

/* That something is short rests on all balances of its product, and on there being no more of them:
 * a new one rewrites the product. */
static void rest_on(ocore__work *work, const ocore__draft_target *target)
{
        for (ocore__entry *entry = ocore__first(target->stock); entry; entry = ocore__next(entry))
                ocore__exact(work, entry);
        ocore__rely(work, ocore__first(target->products));
}

/* A line that is short, wholly or in part, or was sent as something else because of it. */
static void rest_on_short(ocore__work *work, const ocore__draft_work *draft, size_t line)
{
        const ocore__draft_target *target = &draft->targets[line];
        const ocore__draft_plan *plan = &draft->plans[line];

        if (target->instead_of) {
                rest_on(work, target->instead_of);
                for (size_t n = 0; n < target->candidate_count; n++)
                        if (ocore__draft_product(&target->candidates[n]))
                                rest_on(work, &target->candidates[n]);
        }
        if ((plan->later && !ocore__draft_unreleased(work, plan)) || plan->in_hand)
                rest_on(work, target);
}

/* What is not there yet enters the queue. */
static int stage_backorder(ocore__work *work, const ocore__draft_work *draft,
        ocore__backorder_view *queue, ocore__entry *line, const ocore__draft_plan *plan)
{
        const int unreleased = ocore__draft_unreleased(work, plan);
        const size_t number = (size_t)(plan - draft->plans);
        const ocore__line_bar line_bar = {&draft->sourcing, draft->wants[number].site};
        const ocore__supply_bar bar = {ocore__line_barred, &line_bar};
        ocore_backorder like = {.kind = OCORE_BACKORDER_SUPPLY,
                .rank = -draft->sourcing.priority,
                .since_us = work->now_us,
                .wanted_us = draft->draft->wanted_us,
                .channel = draft->order.channel};
        int status;

        if (plan->action == OCORE_SHORT_DROP_SHIP)
                like.kind = OCORE_BACKORDER_DROP_SHIP;
        else if (plan->action == OCORE_SHORT_MAKE_TO_ORDER)
                like.kind = OCORE_BACKORDER_MAKE_TO_ORDER;
        else if (unreleased)
                like.kind = OCORE_BACKORDER_PREORDER;
        if (unreleased && like.wanted_us < plan->release_us)
                like.wanted_us = plan->release_us;
        queue->bar = &bar;
        status = ocore__backorder_add(work, queue, line, &like, plan->later);
        queue->bar = NULL;
        return status;
}

/* The lines, with what of them waits. */
static int stage_lines(ocore__work *work, const ocore__draft_work *draft)
{
        ocore__backorder_view queue = {0};
        int status = OCORE_OK;

        for (size_t i = 0; i < draft->line_count && !status; i++) {
                ocore__entry *line =
                        ocore__insert(work, &ocore__order_line_table, &draft->lines[i]);

                if (!line)
                        return work->status;
                if (!queue.backorders && draft->plans[i].later)
                        status = ocore__backorder_own(
                                work, draft->order_id, draft->line_count, &queue);
                if (!status && draft->plans[i].later)
                        status = stage_backorder(work, draft, &queue, line, &draft->plans[i]);
                if (!status)
                        rest_on_short(work, draft, i);
        }
        return status ? status : work->status;
}

static int stage_hold(ocore__work *work, const ocore__draft_work *draft)
{
        if (!draft->holds)
                return OCORE_OK;
        if (draft->draft->hold_keep)
                return ocore__hold_take(
                        work, draft->holds, draft->hold_lines, draft->order_id, draft->hold_taken);
        return ocore__hold_end(work, draft->holds, draft->hold_lines, OCORE_HOLD_CONVERTED,
                draft->order_id, draft->hold_taken);
}

int ocore__draft_stage(ocore__work *work, ocore__draft_work *draft)
{
        ocore__entry *saved = ocore__first(draft->view.orders);
        ocore_order *order = saved ? ocore__edit(work, saved) : NULL;
        int status = ocore__wishes_keep(work, draft->order_id, draft->draft, &draft->order.wishes);

        if (order)
                *order = draft->order;
        else if (!saved)
                ocore__insert(work, &ocore__order_table, &draft->order);
        if (draft->saved && ocore__first(draft->saved))
                ocore__remove(work, ocore__first(draft->saved));
        stage_party(work, draft->draft, draft->order_id);
        if (!status)
                status = stage_lines(work, draft);
        if (!status)
                status = stage_hold(work, draft);
        if (!status)
                status = sort_pieces(work, draft);
        for (int in_hand = 0; in_hand <= (draft->draft->in_hand != 0); in_hand++)
                for (size_t i = 0; !status && i < draft->piece_count; i++)
                        status = stage_piece(work, draft, &draft->pieces[i], in_hand);
        ocore__event(work, draft->order_id, draft->order.event_count, OCORE_EVENT_ORDER_PLACED,
                (ocore_str){0});
        if (!status)
                status = work->status;
        return status ? status : ocore__order_index(work, &draft->view);
}

static int order_place(ocore__work *work, const void *request, const void **answer)
{
        ocore__draft_work draft;
        const ocore_order *order = NULL;
        int status = ocore__draft_read(work, request, &draft);

        if (!status)
                status = ocore__draft_decide(work, &draft);
        if (!status)
                status = ocore__draft_stage(work, &draft);
        if (!status)
                status = ocore__order_snapshot(work, &draft.view, &order);
        *answer = order;
        return status;
}

/* A quote plays the placing through; as a question it changes nothing. */
static int order_quote(ocore__work *work, const void *request, const void **answer)
{
        ocore_order_quote *quote = ocore__arena_zero(work->arena, 1, sizeof *quote);
        ocore__draft_work draft;
        ocore__parcel parcel;
        ocore_str zone;
        int status = quote ? ocore__draft_read(work, request, &draft) : OCORE_NOMEM;

        if (!status)
                status = ocore__draft_decide(work, &draft);
        if (!status)
                status = ocore__sourcing_explain(work, &draft.sourcing, draft.wants,
                        draft.line_count, draft.chosen, draft.chosen_count, &quote->sourcing);
        if (!status)
                status = ocore__draft_stage(work, &draft);
        if (!status)
                status = ocore__order_snapshot(work, &draft.view, &quote->order);
        if (status)
                return status;
        parcel = (ocore__parcel){draft.order.ship_country, draft.order.ship_postcode,
                draft.order.currency, draft.weight_g, work->now_us};
        status = ocore__shipping_offers(
                work, &draft.shipping, &parcel, &quote->offers, &quote->offer_count, &zone);
        *answer = quote;
        return status;
}

/* A number that is taken shows only when it is written: a question has to look. */
static int verify_number(ocore__work *work, const ocore__draft_work *draft)
{
        ocore_id owner = {{0}};
        int status = draft->draft->number.size
                             ? ocore__order_number_owner(work, draft->draft->number, &owner)
                             : OCORE_OK;

        if (!status && !ocore__id_is_none(owner) && ocore__id_compare(owner, draft->order_id) != 0)
                ocore__refuse(work, OCORE_EXISTS, "number",
                        "is taken by another; choose a different one");
        return status;
}

static int order_verify(ocore__work *work, const void *request, const void **answer)
{
        ocore_verdict *verdict = ocore__arena_zero(work->arena, 1, sizeof *verdict);
        const ocore_problem **problems;
        ocore__draft_work draft;
        int status = verdict ? ocore__draft_read(work, request, &draft) : OCORE_NOMEM;

        if (!status) {
                status = ocore__draft_decide(work, &draft);
                if (status != OCORE_NOMEM && status != OCORE_CORRUPT && status != OCORE_CONFLICT) {
                        int seen = verify_number(work, &draft);

                        status = seen ? seen : status;
                }
        }
        if (status && !ocore__refused(work))
                return status;
        if (status == OCORE_NOMEM || status == OCORE_STORE || status == OCORE_CORRUPT ||
                status == OCORE_CONFLICT)
                return status;
        problems =
                ocore__arena_zero(work->arena, ocore_error_count(work->core) + 1, sizeof *problems);
        if (!problems)
                return OCORE_NOMEM;
        for (size_t i = 0; i < ocore_error_count(work->core); i++) {
                const ocore_error *error = ocore_error_at(work->core, i);
                ocore_problem *problem = ocore__arena_zero(work->arena, 1, sizeof *problem);

                if (!problem || ocore__arena_text(work->arena, error->field, &problem->field) ||
                        ocore__arena_text(work->arena, error->message, &problem->message))
                        return OCORE_NOMEM;
                problem->status = ocore_str_of(ocore_status_name((int)error->status));
                problems[verdict->problem_count++] = problem;
        }
        verdict->problems = problems;
        verdict->good = verdict->problem_count == 0;
        *answer = verdict;
        ocore__refusals_clear(work);
        return OCORE_OK;
}

/* What a draft shows of itself before it is placed; everything else is in its content. */
static void describe_draft(ocore_order *row, const ocore_order_draft *request)
{
        row->number = request->number;
        row->channel = request->channel;
        row->customer = request->customer;
        row->currency = request->currency;
        row->ship_country = request->ship_country;
        row->ship_postcode = request->ship_postcode;
        row->shipping_option = request->shipping_option;
        row->purchase_order = request->purchase_order;
        row->note = request->note;
        row->event_count++;
        row->version++;
}

static int check_saved(ocore__work *work, const ocore_order *saved, int is_new)
{
        if (saved && is_new)
                return ocore__refuse(
                        work, OCORE_EXISTS, "id", "is the id of another order; make a new one");
        if (!saved && !is_new)
                return ocore__refuse(work, OCORE_NOT_FOUND, "order_id",
                        "there is no such draft; leave order_id out for a new order");
        return saved ? ocore__order_step_check(work, saved, OCORE_STEP_SAVE, NULL) : OCORE_OK;
}

/* A saved draft holds nothing and is not priced; its content is kept as it came. */
static int order_save(ocore__work *work, const void *args, const void **answer)
{
        const ocore_order_draft *request = args;
        int is_new = ocore__id_is_none(request->order_id);
        ocore_id order_id = is_new ? request->id : request->order_id;
        ocore_order row = {.id = order_id, .state = OCORE_ORDER_DRAFT, .saved_us = work->now_us};
        ocore__draft_row draft = {.order_id = order_id};
        const ocore_order *order = NULL;
        ocore__order_view view;
        ocore__group *drafts;
        int status = ocore__order_want(work, order_id, &view);

        if (!status)
                status = ocore__want(work, &ocore__draft_table, ocore__cell_id(order_id), &drafts);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_saved(work, ocore__only(view.orders), is_new);
        if (!status)
                status = ocore__record_encode(
                        work->arena, &ocore__order_save_request, request, &draft.content);
        if (status)
                return status;
        if (!is_new)
                row = *(const ocore_order *)ocore__only(view.orders);
        describe_draft(&row, request);
        ocore__put(work, &ocore__order_table, &row);
        ocore__put(work, &ocore__draft_table, &draft);
        ocore__event(work, order_id, row.event_count, OCORE_EVENT_ORDER_SAVED, (ocore_str){0});
        if (work->status)
                return work->status;
        status = ocore__order_index(work, &view);
        if (!status)
                status = ocore__order_snapshot(work, &view, &order);
        *answer = order;
        return status;
}

static const ocore_field problem_fields[] = {
        OCORE__FIELD(ocore_problem, status, TEXT, 0, "the code's name"),
        OCORE__FIELD(ocore_problem, field, TEXT, 0, "which field"),
        OCORE__FIELD(ocore_problem, message, TEXT, 0, "what is wrong and how to mend it"),
};
static const ocore_record problem_record =
        OCORE__RECORD("problem", ocore_problem, problem_fields, 0);
static const ocore_field verdict_fields[] = {
        OCORE__FIELD(ocore_verdict, good, BOOLEAN, 0, "nothing is wrong; it could be placed now"),
        OCORE__FIELD_OF(ocore_verdict, problems, ROWS, 0, &problem_record, "all that is wrong"),
};
const ocore_record ocore__verdict_record =
        OCORE__RECORD("verdict", ocore_verdict, verdict_fields, 0);
static const ocore_field quote_fields[] = {
        OCORE__FIELD_OF(ocore_order_quote, order, RECORD, 0, &ocore__order_record,
                "as placing would make it"),
        OCORE__FIELD_OF(ocore_order_quote, offers, ROWS, 0, &ocore__shipping_offer_record,
                "each shipping option with price and dates, or why not"),
        OCORE__FIELD_OF(ocore_order_quote, sourcing, RECORD, 0, &ocore__sourcing_report_record,
                "which sites were chosen, what they cost, and why not the others"),
};
const ocore_record ocore__order_quote_record =
        OCORE__RECORD("order_quote", ocore_order_quote, quote_fields, 0);

const ocore__procedure ocore__order_verify = {
        &ocore__order_verify_request, &ocore__verdict_record, order_verify, OCORE__LENIENT};
const ocore__procedure ocore__order_quote = {
        &ocore__order_quote_request, &ocore__order_quote_record, order_quote, 0};
const ocore__procedure ocore__order_save = {
        &ocore__order_save_request, &ocore__order_record, order_save, OCORE__COMMAND};
const ocore__procedure ocore__order_place = {&ocore__order_place_request, &ocore__order_record,
        order_place, OCORE__COMMAND | OCORE__GUESSES};

OCORE__PUBLIC(ocore_order_verify, ocore_order_draft, ocore_verdict, ocore__order_verify)
OCORE__PUBLIC(ocore_order_quote_draft, ocore_order_draft, ocore_order_quote, ocore__order_quote)
OCORE__PUBLIC(ocore_order_save, ocore_order_draft, ocore_order, ocore__order_save)
OCORE__PUBLIC(ocore_order_place, ocore_order_draft, ocore_order, ocore__order_place)
