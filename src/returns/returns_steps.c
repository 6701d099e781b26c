/*
 * The steps of a return: receive, inspect, refund. Goods go from the customer to inspection and
 * from there to exactly one place; the customer is credited with the exact share of what was
 * charged, so that all refunds of a line together are what was charged for it, to the cent.
 */
#include "returns.h"

#include "engine/procedure.h"
#include "payment/payment.h"

/* A step under way. */
typedef struct step_view {
        ocore__entry *entry;
        ocore_return *row; /* to be changed, with its next state */
        ocore__group *lines;
        ocore__group **stock;    /* of each line of goods, in their order */
        ocore__group **products; /* likewise, to receive a lot */
        size_t goods;            /* lines of goods */
        ocore__order_view order;
} step_view;

static int is_goods(const ocore__entry *entry)
{
        return ((const ocore_return_line *)ocore__row(entry))->kind == OCORE_PRODUCT_GOODS;
}

/* The first line of goods from an entry on, itself included; NULL: none. */
static ocore__entry *goods_from(ocore__entry *entry)
{
        while (entry && !is_goods(entry))
                entry = ocore__next(entry);
        return entry;
}

static int check_step(ocore__work *work, const step_view *step, int64_t verb, int64_t *state)
{
        static const char *const verbs[] = {"received", "inspected", "refunded"};
        const ocore_return *row = ocore__row(step->entry);
        const char *word = ocore__return_word(row->state);
        int64_t has_goods = step->goods > 0, after;

        if (!ocore__return_step(row->state, verb, has_goods, state))
                return OCORE_OK;
        if (!has_goods && verb != OCORE_RETURN_STEP_REFUND)
                return ocore__refuse(work, OCORE_STATE, "return_id",
                        "the return is of services and fees alone: there are no goods "
                        "to be %s; refund it",
                        verbs[verb - 1]);
        for (int64_t next = OCORE_RETURN_STEP_RECEIVE; next <= OCORE_RETURN_STEP_REFUND; next++)
                if (!ocore__return_step(row->state, next, has_goods, &after))
                        return ocore__refuse(work, OCORE_STATE, "return_id",
                                "the return is %s: it must be %s next", word,
                                ocore__return_word(after));
        return ocore__refuse(
                work, OCORE_STATE, "return_id", "the return is %s: nothing can follow", word);
}

/* The first read: the return with its lines, and whether its state allows the step. */
static int read_return(
        ocore__work *work, ocore_id id, int64_t verb, step_view *step, int64_t *state)
{
        ocore__group *group;
        int status = ocore__want(work, &ocore__return_table, ocore__cell_id(id), &group);

        *step = (step_view){0};
        if (!status)
                status = ocore__want(
                        work, &ocore__return_line_table, ocore__cell_id(id), &step->lines);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__return_found(work, group, &step->entry);
        if (status)
                return status;
        for (ocore__entry *at = goods_from(ocore__first(step->lines)); at;
                at = goods_from(ocore__next(at)))
                step->goods++;
        return check_step(work, step, verb, state);
}

/* The second read: the order and, where goods move, their stock. */
static int read_order(ocore__work *work, int64_t verb, step_view *step)
{
        const ocore_return *row = ocore__row(step->entry);
        const ocore_order *order;
        int64_t state;
        size_t i = 0;
        int status = ocore__order_want(work, row->order_id, &step->order);

        if (verb != OCORE_RETURN_STEP_REFUND) {
                step->stock = ocore__arena_zero(work->arena, step->goods, sizeof *step->stock);
                step->products =
                        ocore__arena_zero(work->arena, step->goods, sizeof *step->products);
                if (!step->stock || !step->products)
                        return OCORE_NOMEM;
                for (ocore__entry *at = goods_from(ocore__first(step->lines)); at && !status;
                        at = goods_from(ocore__next(at))) {
                        const ocore_return_line *line = ocore__row(at);

                        status = ocore__stock_want(work, line->sku, &step->stock[i]);
                        if (!status && verb == OCORE_RETURN_STEP_RECEIVE && line->lot.size)
                                status = ocore__consult(work, &ocore__product_table,
                                        ocore__cell_text(line->sku), &step->products[i]);
                        i++;
                }
        }
        if (!status)
                status = ocore__order_fetch(work, &step->order, OCORE_STEP_RETURN, &order, &state);
        return status;
}

static int begin(ocore__work *work, ocore_id id, int64_t verb, step_view *step)
{
        int64_t state;
        int status = read_return(work, id, verb, step, &state);

        if (!status)
                status = read_order(work, verb, step);
        if (status)
                return status;
        step->row = ocore__edit(work, step->entry);
        if (!step->row)
                return work->status;
        step->row->state = state;
        return OCORE_OK;
}

static int finish(ocore__work *work, const step_view *step, int64_t event, ocore_str detail,
        const void **answer)
{
        ocore__order_touch(work, &step->order, event, detail);
        return work->status ? work->status
                            : ocore__return_answer(work, step->row, step->lines, answer);
}

/* Moves goods of a line at the return's site. What comes in from outside, or becomes available, is
 * taken in as every receipt is. The return was read before the stock: when they do not fit each
 * other, others were faster in between, and all is read again. */
static int move_goods(ocore__work *work, const step_view *step, ocore__entry *stock,
        const int64_t from_to[2], int64_t quantity)
{
        int comes_in = from_to[0] == OCORE_ACCOUNT_CUSTOMER || from_to[1] == OCORE_BUCKET_AVAILABLE;
        int status = comes_in ? ocore__stock_take_in(work, stock, from_to[0], from_to[1], quantity,
                                        step->row->order_id, (ocore_str){0})
                              : ocore__stock_shift(work, stock, from_to[0], from_to[1], quantity,
                                        step->row->order_id, (ocore_str){0});

        return status == OCORE_OUT_OF_STOCK ? OCORE_CONFLICT : status;
}

/* The balance that goods of a line are received into: a lot keeps its date, and a serial number is
 * nowhere else. */
static int receive_place(ocore__work *work, const step_view *step, size_t index,
        const ocore_return_line *line, ocore__entry **out)
{
        ocore__entry *entry = line->lot.size ? ocore__first(step->products[index]) : NULL;

        if (!line->lot.size) {
                *out = ocore__stock_entry(work, step->stock[index], line->sku, step->row->site,
                        line->lot, line->scale);
                return *out ? OCORE_OK : work->status;
        }
        ocore__rely(work, entry);
        if (work->status)
                return work->status;
        return ocore__stock_lot_entry(work, step->stock[index], ocore__row(entry), step->row->site,
                line->lot, 0, line->quantity, NULL, 0, out);
}

/* The site is the catalogue's: the decision rests on the row that covers it. */
static int check_site(
        ocore__work *work, ocore_str site, const ocore__group *sites, const ocore__group *policy)
{
        ocore__entry *entry = ocore__first(policy);

        if (!ocore__site_find(sites, site))
                return ocore__refuse(work, OCORE_NOT_FOUND, "site",
                        "there is no site \"%t\"; put it first", &site);
        if (entry)
                ocore__rely(work, entry);
        return OCORE_OK;
}

static int return_receive(ocore__work *work, const void *args, const void **answer)
{
        static const int64_t from_to[2] = {OCORE_ACCOUNT_CUSTOMER, OCORE_BUCKET_INSPECTION};
        const ocore_return_receive_request *request = args;
        ocore__group *sites, *policy;
        step_view step;
        size_t i = 0;
        int status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);

        if (!status)
                status = ocore__consult_policy(work, &policy);
        if (!status)
                status = begin(work, request->return_id, OCORE_RETURN_STEP_RECEIVE, &step);
        if (!status)
                status = check_site(work, request->site, sites, policy);
        if (status)
                return status;
        step.row->site = request->site;
        for (ocore__entry *at = goods_from(ocore__first(step.lines)); at && !status;
                at = goods_from(ocore__next(at))) {
                ocore_return_line *line = ocore__edit(work, at);
                ocore__entry *stock;

                if (!line)
                        return work->status;
                line->received = line->quantity;
                status = receive_place(work, &step, i++, line, &stock);
                if (!status)
                        status = move_goods(work, &step, stock, from_to, line->quantity);
        }
        return status ? status
                      : finish(work, &step, OCORE_EVENT_RETURN_RECEIVED, request->site, answer);
}

/* Sends units of a line where its judgement says. `index` is that of the line's stock group. */
static int dispose(ocore__work *work, const step_view *step, size_t index, ocore__entry *entry,
        int64_t disposition, int64_t quantity)
{
        const ocore__disposition *place = ocore__disposition_of(disposition);
        const int64_t from_to[2] = {OCORE_BUCKET_INSPECTION, place->bucket};
        ocore_return_line *line = ocore__edit(work, entry);
        ocore__entry *stock = line ? ocore__stock_entry(work, step->stock[index], line->sku,
                                             step->row->site, line->lot, line->scale)
                                   : NULL;

        if (!stock)
                return work->status;
        OCORE__NUMBER_AT(line, place->column) += quantity;
        return move_goods(work, step, stock, from_to, quantity);
}

/* A line of a return that may be judged. */
typedef struct judged_line {
        ocore__entry *entry;
        size_t goods; /* lines of goods before it */
} judged_line;

typedef struct judgement {
        judged_line *lines; /* by number */
        size_t count;
} judgement;

static int index_lines(ocore__work *work, const step_view *step, judgement *out)
{
        size_t goods = 0;

        out->count = 0;
        out->lines = ocore__arena_take(
                work->arena, (ocore__count(step->lines) + 1) * sizeof *out->lines);
        if (!out->lines)
                return OCORE_NOMEM;
        for (ocore__entry *at = ocore__first(step->lines); at; at = ocore__next(at)) {
                out->lines[out->count++] = (judged_line){at, goods};
                goods += is_goods(at) != 0;
        }
        return OCORE_OK;
}

static const judged_line *find_line(const judgement *all, int64_t number)
{
        size_t low = 0, high = all->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const ocore_return_line *line = ocore__row(all->lines[middle].entry);

                if (line->number == number)
                        return &all->lines[middle];
                if (line->number < number)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

/* One line of the request: it must be of goods, and leave no unit judged twice. */
static int judge(ocore__work *work, const step_view *step, const judgement *all, size_t index,
        const ocore_return_inspect_line *asked)
{
        const judged_line *found = find_line(all, asked->number);
        ocore__entry *entry = found ? found->entry : NULL;
        const ocore_return_line *line;
        int64_t quantity, left;
        int status;

        if (!entry)
                return ocore__refuse(work, OCORE_NOT_FOUND,
                        ocore__at(work, "lines", index, "number"),
                        "the return has no line %d; look at its lines", &asked->number);
        if (!is_goods(entry))
                return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "number"),
                        "line %d has no goods to judge; leave it out", &asked->number);
        line = ocore__row(entry);
        status = ocore__item_units(work, line->scale, asked->quantity, "lines", index, &quantity);
        if (status)
                return status;
        left = ocore__return_unjudged(line);
        if (quantity > left)
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", index, "quantity"),
                        "%u is more than the %u of line %d that are not yet judged; "
                        "judge each unit once",
                        &quantity, &line->scale, &left, &line->scale, &line->number);
        return dispose(work, step, found->goods, entry, asked->disposition, quantity);
}

/* Every unit must have been judged; when nothing was said, all are restocked. */
static int judge_rest(ocore__work *work, const step_view *step, int restock)
{
        size_t i = 0;
        int status = OCORE_OK;

        for (ocore__entry *at = goods_from(ocore__first(step->lines)); at && !status;
                at = goods_from(ocore__next(at)), i++) {
                const ocore_return_line *line = ocore__row(at);
                int64_t left = ocore__return_unjudged(line);

                if (left && restock)
                        status = dispose(work, step, i, at, OCORE_DISPOSITION_RESTOCK, left);
                else if (left)
                        status = ocore__refuse(work, OCORE_INVALID, "lines",
                                "%u of the %u of line %d are not judged; say where "
                                "each unit goes",
                                &left, &line->scale, &line->received, &line->scale, &line->number);
        }
        return status;
}

static int return_inspect(ocore__work *work, const void *args, const void **answer)
{
        const ocore_return_inspect_request *request = args;
        step_view step;
        judgement all;
        int status = begin(work, request->return_id, OCORE_RETURN_STEP_INSPECT, &step);

        if (!status)
                status = index_lines(work, &step, &all);
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = judge(work, &step, &all, i, &request->lines[i]);
        if (!status)
                status = judge_rest(work, &step, request->line_count == 0);
        return status ? status
                      : finish(work, &step, OCORE_EVENT_RETURN_INSPECTED, step.row->site, answer);
}

static int add_share(ocore__share *sum, ocore__share share)
{
        int status = ocore__add(sum->total_minor, share.total_minor, &sum->total_minor);

        return status ? status : ocore__add(sum->tax_minor, share.tax_minor, &sum->tax_minor);
}

/* What was charged for the units of one line: they follow those cancelled and refunded before. */
static int refund_line(ocore__work *work, const step_view *step, ocore__entry *entry,
        int with_shipping, ocore__share sums[2])
{
        ocore_return_line *row = ocore__edit(work, entry);
        ocore__entry *at = row ? ocore__order_line_entry(&step->order, row->line) : NULL;
        ocore_order_line *line = at ? ocore__edit(work, at) : NULL;
        ocore__share goods, shipping = {0};
        int64_t taken, left, announced;

        if (!line)
                return work->status ? work->status : OCORE_CONFLICT;
        if (ocore__add(line->cancelled, line->refunded, &taken) ||
                ocore__subtract(line->quantity, taken, &left) || row->quantity > left ||
                ocore__subtract(line->returned, line->refunded, &announced) ||
                row->quantity > announced || line->shipping_refunded > taken)
                return OCORE_CONFLICT;
        goods = ocore__line_share(line, taken, row->quantity);
        if (with_shipping) {
                shipping = ocore__line_shipping_share(line, line->shipping_refunded, row->quantity);
                line->shipping_refunded += row->quantity;
        }
        line->refunded += row->quantity;
        row->refund_minor = goods.total_minor;
        row->refund_tax_minor = goods.tax_minor;
        row->refund_shipping_minor = shipping.total_minor;
        row->refund_shipping_tax_minor = shipping.tax_minor;
        return add_share(&sums[0], goods) || add_share(&sums[1], shipping) ? OCORE_OVERFLOW
                                                                           : OCORE_OK;
}

/* Credits the customer, and pays out what is then owed, at most this credit. */
static int settle(
        ocore__work *work, const step_view *step, int64_t tender, const ocore__share sums[2])
{
        int64_t credit = step->row->refund_minor, owed;
        ocore_order *order = ocore__order_touch(work, &step->order, OCORE_EVENT_RETURN_REFUNDED,
                ocore__money_words(work, credit, step->row->currency));
        ocore__order_money money;

        if (!order || work->status)
                return work->status;
        if (ocore__add(order->refunded_minor, credit, &order->refunded_minor))
                return OCORE_OVERFLOW;
        ocore__money_charge(work, order, sums[0], sums[1], -1);
        ocore__order_money_of(&step->order, order, &money);
        owed = ocore__payment_owed(&money);
        if (tender && owed > 0 && credit > 0)
                ocore__payment_pay_out(
                        work, &step->order, tender, owed < credit ? owed : credit, (ocore_str){0});
        return work->status;
}

static int return_refund(ocore__work *work, const void *args, const void **answer)
{
        const ocore_return_refund_request *request = args;
        ocore__share sums[2] = {{0, 0}, {0, 0}};
        step_view step;
        int status = begin(work, request->return_id, OCORE_RETURN_STEP_REFUND, &step);

        for (ocore__entry *at = status ? NULL : ocore__first(step.lines); at && !status;
                at = ocore__next(at))
                status = refund_line(work, &step, at, request->with_shipping != 0, sums);
        if (status)
                return status;
        if (ocore__add(sums[0].total_minor, sums[1].total_minor, &step.row->refund_minor))
                return OCORE_OVERFLOW;
        step.row->refunded_us = work->now_us;
        status = settle(work, &step, request->tender, sums);
        return status ? status : ocore__return_answer(work, step.row, step.lines, answer);
}

const ocore__procedure ocore__return_receive = {
        &ocore__return_receive_request,
        &ocore__return_record,
        return_receive,
        OCORE__COMMAND,
};
const ocore__procedure ocore__return_inspect = {
        &ocore__return_inspect_request,
        &ocore__return_record,
        return_inspect,
        OCORE__COMMAND,
};
const ocore__procedure ocore__return_refund = {
        &ocore__return_refund_request,
        &ocore__return_record,
        return_refund,
        OCORE__COMMAND,
};

OCORE__PUBLIC(
        ocore_return_receive, ocore_return_receive_request, ocore_return, ocore__return_receive)
OCORE__PUBLIC(
        ocore_return_inspect, ocore_return_inspect_request, ocore_return, ocore__return_inspect)
OCORE__PUBLIC(ocore_return_refund, ocore_return_refund_request, ocore_return, ocore__return_refund)
