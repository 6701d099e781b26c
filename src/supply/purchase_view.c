/* A purchase order as its steps and answers see it: loading, finding, changing, and its snapshot;
 * and what of it is expected, which changes with the stock and the promises that rest on it. */
#include "purchase.h"

int ocore__purchase_want(ocore__work *work, ocore_id purchase_id, ocore__purchase_view *out)
{
        const ocore_cell id = ocore__cell_id(purchase_id);
        int status;

        *out = (ocore__purchase_view){0};
        status = ocore__want(work, &ocore__purchase_table, id, &out->purchases);
        return status ? status : ocore__want(work, &ocore__purchase_line_table, id, &out->lines);
}

int ocore__purchase_own(ocore__work *work, ocore_id purchase_id, ocore__purchase_view *out)
{
        const ocore_cell id = ocore__cell_id(purchase_id);
        int status;

        *out = (ocore__purchase_view){0};
        status = ocore__staged(work, &ocore__purchase_table, id, &out->purchases);
        return status ? status : ocore__staged(work, &ocore__purchase_line_table, id, &out->lines);
}

int ocore__purchase_found(ocore__work *work, ocore__purchase_view *view, const ocore_purchase **out)
{
        size_t count = ocore__count(view->lines), i = 0;

        *out = ocore__only(view->purchases);
        if (!*out)
                return ocore__refuse(work, OCORE_NOT_FOUND, "purchase_id",
                        "there is no such purchase order; list them with purchase.list");
        view->line_count = count;
        view->line_at = ocore__arena_zero(work->arena, count + 1, sizeof(ocore__entry *));
        if (!view->line_at)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(view->lines); entry; entry = ocore__next(entry)) {
                view->line_at[i++] = entry; /* lines are never removed: numbers have no gaps */
                if (((const ocore_purchase_line *)ocore__row(entry))->number != (int64_t)i)
                        return ocore__refuse(work, OCORE_CORRUPT, "purchase_id",
                                "a line of the purchase order is missing; verify the store");
        }
        return OCORE_OK;
}

static const char *choice_name(const ocore_choice *choice, int64_t value)
{
        while (choice->name && choice->value != value)
                choice++;
        return choice->name ? choice->name : "unknown";
}

int ocore__purchase_step_check(
        ocore__work *work, const ocore_purchase *purchase, int64_t step, int64_t *out_state)
{
        static const char *const verbs[] = {
                [OCORE_PURCHASE_STEP_SEND] = "sent",
                [OCORE_PURCHASE_STEP_CONFIRM] = "confirmed",
                [OCORE_PURCHASE_STEP_RECEIVE] = "received",
                [OCORE_PURCHASE_STEP_FINISH] = "received",
                [OCORE_PURCHASE_STEP_CLOSE] = "closed",
                [OCORE_PURCHASE_STEP_CANCEL] = "cancelled",
        };

        if (!ocore__purchase_step(purchase->state, step, out_state))
                return OCORE_OK;
        return ocore__refuse(work, OCORE_STATE, "purchase_id",
                purchase->state == OCORE_PURCHASE_RECEIVING
                        ? "the purchase order is %s and cannot be %s; close it"
                : purchase->state == OCORE_PURCHASE_PROPOSED
                        ? "the purchase order is %s and cannot be %s; send or cancel it"
                        : "the purchase order is %s and cannot be %s",
                choice_name(ocore__purchase_states, purchase->state), verbs[step]);
}

int ocore__purchase_fetch(ocore__work *work, ocore_id purchase_id, int64_t step,
        ocore__purchase_view *view, const ocore_purchase **out, int64_t *out_state)
{
        int status = ocore__purchase_want(work, purchase_id, view);

        *out = NULL;
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__purchase_found(work, view, out);
        return status ? status : ocore__purchase_step_check(work, *out, step, out_state);
}

ocore_purchase *ocore__purchase_touch(
        ocore__work *work, const ocore__purchase_view *view, int64_t event, ocore_str detail)
{
        ocore_purchase *purchase = ocore__edit(work, ocore__first(view->purchases));

        if (!purchase)
                return NULL;
        purchase->event_count++;
        ocore__event(work, purchase->id, purchase->event_count, event, detail);
        return purchase;
}

int ocore__purchase_answer(ocore__work *work, const ocore__purchase_view *view, const void **answer)
{
        ocore_purchase *purchase = ocore__arena_take(work->arena, sizeof *purchase);
        const void *const *rows;
        int status;

        if (!purchase)
                return OCORE_NOMEM;
        *purchase = *(const ocore_purchase *)ocore__only(view->purchases);
        status = ocore__rows_of(work, view->lines, &rows, &purchase->line_count);
        purchase->lines = (const ocore_purchase_line *const *)rows;
        *answer = purchase;
        return status ? status : work->status;
}

int ocore__purchase_line_entry(ocore__work *work, const ocore__purchase_view *view, int64_t number,
        size_t index, ocore__entry **out)
{
        *out = NULL;
        if (number < 1 || number > (int64_t)view->line_count)
                return ocore__refuse(work, OCORE_NOT_FOUND,
                        ocore__at(work, "lines", index, "number"),
                        "the purchase order has no line %d; look it up with purchase.get", &number);
        *out = view->line_at[number - 1];
        return OCORE_OK;
}

int ocore__purchase_open_left(const ocore__purchase_view *view)
{
        for (size_t i = 0; i < view->line_count; i++)
                if (ocore__purchase_left(ocore__row(view->line_at[i])))
                        return 1;
        return 0;
}

static int want_goods(
        ocore__work *work, const ocore_purchase_line *line, ocore__purchase_goods *out)
{
        const ocore_cell sku = ocore__cell_text(line->sku);
        int status = ocore__consult(work, &ocore__product_table, sku, &out->products);

        if (!status)
                status = ocore__want(work, &ocore__stock_table, sku, &out->stock);
        return status ? status : ocore__want(work, &ocore__supply_table, sku, &out->supplies);
}

/* The first used line of each product gets the queue, and the others of it stand behind that. The
 * stock's group, which lines of one product share, remembers the last one. */
static int want_queues(ocore__work *work, const ocore__purchase_view *view, const uint8_t *used,
        ocore_id order_id, ocore__purchase_goods *goods)
{
        ocore__queue *queue = NULL;
        int status = OCORE_OK;

        for (size_t i = 0; i < view->line_count; i++)
                if (!used || used[i])
                        goods[i].stock->scratch = 0;
        for (size_t i = 0; i < view->line_count && !status; i++) {
                const ocore_purchase_line *line = ocore__row(view->line_at[i]);
                size_t last;

                if (used && !used[i])
                        continue;
                last = goods[i].stock->scratch;
                goods[i].first = last ? goods[last - 1].first : i;
                goods[i].stock->scratch = i + 1;
                if (last) {
                        goods[last - 1].next = i + 1;
                        continue;
                }
                status = ocore__queue_want(work, line->sku, order_id, queue, &goods[i].queue);
                queue = goods[i].queue;
        }
        return status;
}

/* The order that it is for alone. One that is gone waits for nothing. */
static int find_order(ocore__work *work, ocore__purchase_needs *needs)
{
        const ocore_order *order;
        int status;

        if (!ocore__only(needs->order.orders))
                return ocore__refuse(work, OCORE_CORRUPT, "purchase_id",
                        "the order that it is for is missing; verify the store");
        status = ocore__order_found(work, &needs->order, &order);
        return status ? status : ocore__backorder_found(work, &needs->order, &needs->waiting);
}

/* Finds the supply of each line, each product's supplies walked once; the group remembers that. */
static void find_supplies(const ocore__purchase_view *view, const uint8_t *used, ocore_id id,
        ocore__purchase_goods *goods)
{
        for (size_t i = 0; i < view->line_count; i++)
                if (!used || used[i])
                        goods[i].supplies->scratch = 0;
        for (size_t i = 0; i < view->line_count; i++) {
                if ((used && !used[i]) || goods[i].supplies->scratch)
                        continue;
                goods[i].supplies->scratch = 1;
                for (ocore__entry *at = ocore__first(goods[i].supplies); at; at = ocore__next(at)) {
                        const ocore_supply *supply = ocore__row(at);
                        size_t number = (size_t)supply->number;

                        if (supply->number >= 1 && number <= view->line_count &&
                                ocore__id_compare(supply->source_id, id) == 0 &&
                                goods[number - 1].supplies == goods[i].supplies)
                                goods[number - 1].supply = at;
                }
        }
}

int ocore__purchase_fetch_needs(ocore__work *work, const ocore__purchase_view *view,
        const uint8_t *used, int queues, ocore__purchase_needs *out)
{
        const ocore_purchase *purchase = ocore__only(view->purchases);
        int status = OCORE_OK;

        *out = (ocore__purchase_needs){.for_order = !ocore__id_is_none(purchase->order_id)};
        out->goods = ocore__arena_zero(work->arena, view->line_count + 1, sizeof *out->goods);
        if (!out->goods)
                return OCORE_NOMEM;
        if (purchase->supplier.size)
                status = ocore__consult(work, &ocore__supplier_table,
                        ocore__cell_text(purchase->supplier), &out->suppliers);
        for (size_t i = 0; i < view->line_count && !status; i++)
                if (!used || used[i])
                        status = want_goods(work, ocore__row(view->line_at[i]), &out->goods[i]);
        if (!status && out->for_order)
                status = ocore__order_want(work, purchase->order_id, &out->order);
        if (!status && out->for_order)
                status = ocore__backorder_want(work, purchase->order_id, &out->waiting);
        if (!status && queues)
                status = want_queues(work, view, used, purchase->order_id, out->goods);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                find_supplies(view, used, purchase->id, out->goods);
        if (!status && out->suppliers && !ocore__first(out->suppliers))
                status = ocore__refuse(work, OCORE_CORRUPT, "purchase_id",
                        "its supplier \"%t\" is missing; verify the store", &purchase->supplier);
        if (!status && out->for_order)
                status = find_order(work, out);
        return status;
}

const ocore_product *ocore__purchase_product(
        ocore__work *work, const ocore__purchase_goods *goods, const ocore_purchase_line *line)
{
        ocore__entry *entry = ocore__first(goods->products);

        if (!entry || ((const ocore_product *)ocore__row(entry))->scale != line->scale) {
                work->status = ocore__refuse(work, OCORE_CORRUPT, "purchase_id",
                        "the product of line %d cannot be right; verify the store", &line->number);
                return NULL;
        }
        ocore__rely(work, entry);
        return ocore__row(entry);
}

ocore__entry *ocore__purchase_place(ocore__work *work, const ocore_purchase *purchase,
        const ocore__purchase_goods *goods, const ocore_purchase_line *line)
{
        return ocore__stock_entry(
                work, goods->stock, line->sku, purchase->site, (ocore_str){0}, line->scale);
}

int ocore__purchase_expect_less(ocore__work *work, const ocore_purchase *purchase,
        const ocore__purchase_goods *goods, const ocore_purchase_line *line, int64_t quantity)
{
        ocore__entry *supply = ocore__purchase_supply(goods);
        ocore__entry *place = ocore__purchase_place(work, purchase, goods, line);
        int status = place ? OCORE_OK : work->status;

        if (!status)
                status = supply ? ocore__supply_less(work, supply, quantity) : OCORE_OUT_OF_STOCK;
        if (!status)
                status = ocore__stock_shift(work, place, OCORE_BUCKET_INCOMING,
                        ocore__purchase_account(purchase->kind), quantity, purchase->id,
                        (ocore_str){0});
        return ocore__purchase_books(work, status);
}

int ocore__purchase_books(ocore__work *work, int status)
{
        if (status == OCORE_OUT_OF_STOCK)
                return ocore__torn(work, "purchase_id",
                        "the books do not expect what the purchase order says; verify the store");
        if (status == OCORE_OVERFLOW)
                return ocore__refuse(
                        work, status, "lines", "a balance would leave 64 bits; take less");
        return status;
}

int ocore__purchase_withdraw(
        ocore__work *work, const ocore__purchase_view *view, const ocore__purchase_needs *needs)
{
        const ocore_purchase *purchase = ocore__only(view->purchases);
        int status = OCORE_OK;

        for (size_t i = 0; i < view->line_count && !status; i++) {
                const ocore_purchase_line *line = ocore__row(view->line_at[i]);
                int64_t left = ocore__purchase_left(line);

                if (left)
                        status = ocore__purchase_expect_less(
                                work, purchase, &needs->goods[i], line, left);
        }
        return status;
}

/* What a step did, chained by the first line of each product: its pieces and its lines. */
typedef struct serving_chains {
        const ocore__queue_piece *pieces;
        const uint8_t *moved; /* of each line; NULL: none */
        size_t *first_piece;  /* of a line: number of its first piece, from 1 */
        size_t *next_piece;
} serving_chains;

static int serve_queue(ocore__work *work, const ocore__purchase_view *view,
        const ocore__purchase_goods *goods, size_t first, const serving_chains *chains)
{
        size_t piece_count = 0, moved_count = 0;
        ocore__queue_piece *pieces;
        ocore__queue_supply *moved;
        ocore__serving serving = {0};

        for (size_t i = chains->first_piece[first]; i; i = chains->next_piece[i - 1])
                piece_count++;
        for (size_t i = first + 1; i; i = goods[i - 1].next)
                moved_count += chains->moved && chains->moved[i - 1];
        pieces = ocore__arena_take(work->arena, (piece_count + 1) * sizeof *pieces);
        moved = ocore__arena_take(work->arena, (moved_count + 1) * sizeof *moved);
        if (!pieces || !moved)
                return OCORE_NOMEM;
        for (size_t i = chains->first_piece[first]; i; i = chains->next_piece[i - 1])
                pieces[serving.piece_count++] = chains->pieces[i - 1];
        for (size_t i = first + 1; i; i = goods[i - 1].next) {
                const ocore_purchase_line *line = ocore__row(view->line_at[i - 1]);

                if (chains->moved && chains->moved[i - 1])
                        moved[serving.moved_count++] =
                                (ocore__queue_supply){line->purchase_id, line->number};
        }
        serving.pieces = pieces;
        serving.moved = moved;
        return ocore__queue_serve(work, goods[first].queue, &serving);
}

int ocore__purchase_serve(ocore__work *work, const ocore__purchase_view *view,
        const ocore__purchase_needs *needs, const ocore__queue_piece *pieces, const size_t *line_of,
        size_t piece_count, const uint8_t *moved)
{
        serving_chains chains = {.pieces = pieces, .moved = moved};
        int status = OCORE_OK;

        chains.first_piece =
                ocore__arena_zero(work->arena, view->line_count + 1, sizeof *chains.first_piece);
        chains.next_piece =
                ocore__arena_zero(work->arena, piece_count + 1, sizeof *chains.next_piece);
        if (!chains.first_piece || !chains.next_piece)
                return OCORE_NOMEM;
        for (size_t i = piece_count; i; i--) {
                size_t first = needs->goods[line_of[i - 1]].first;

                chains.next_piece[i - 1] = chains.first_piece[first];
                chains.first_piece[first] = i;
        }
        for (size_t i = 0; i < view->line_count && !status; i++)
                if (needs->goods[i].queue)
                        status = serve_queue(work, view, needs->goods, i, &chains);
        return status;
}

int64_t ocore__purchase_wanted(const ocore_purchase *purchase, const ocore__purchase_needs *needs,
        const ocore_purchase_line *line)
{
        ocore__entry *entry = ocore__backorder_of(&needs->waiting, line->order_line);
        const ocore_backorder *row = entry ? ocore__row(entry) : NULL;

        return row && ocore__id_compare(row->purchase_id, purchase->id) == 0 &&
                               ocore_str_equal(row->sku, line->sku)
                       ? row->quantity
                       : 0;
}

int ocore__purchase_forget(ocore__work *work, const ocore__purchase_view *view,
        const ocore__purchase_needs *needs, int64_t event)
{
        const ocore_purchase *purchase = ocore__only(view->purchases);
        int forgot = 0;

        for (size_t i = 0; i < view->line_count && needs->for_order; i++) {
                const ocore_purchase_line *line = ocore__row(view->line_at[i]);
                ocore_backorder *row;

                if (!ocore__purchase_wanted(purchase, needs, line))
                        continue;
                row = ocore__edit(work, ocore__backorder_of(&needs->waiting, line->order_line));
                if (!row)
                        return work->status;
                row->purchase_id = (ocore_id){{0}};
                forgot = 1;
        }
        if (forgot)
                ocore__order_touch(work, &needs->order, event, purchase->supplier);
        return work->status;
}
