/*
 * Goods of a purchase order come in: what was expected becomes available, and in the same write
 * goes to the orders that wait for it, first to the one it was ordered for.
 */
#include "purchase.h"

#include "engine/procedure.h"

static const ocore_field receive_line_fields[] = {
        OCORE__FIELD(ocore_purchase_receive_line, number, INTEGER,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "which line, from 1"),
        OCORE__FIELD(ocore_purchase_receive_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, above zero"),
        OCORE__FIELD_CODE(ocore_purchase_receive_line, lot, 0,
                "lot or serial; needed when the product is kept by it"),
        OCORE__FIELD(ocore_purchase_receive_line, expires_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "when the lot expires; default: never"),
};
const ocore_record ocore__purchase_receive_line_record =
        OCORE__RECORD("purchase_receive_line", ocore_purchase_receive_line, receive_line_fields, 0);
static const ocore_field receive_fields[] = {
        OCORE__FIELD_KEY(ocore_purchase_receive_request),
        OCORE__FIELD(ocore_purchase_receive_request, purchase_id, ID, OCORE_FIELD_REQUIRED,
                "which purchase order"),
        OCORE__FIELD(ocore_purchase_receive_request, close, BOOLEAN, 0, "nothing more comes"),
        OCORE__FIELD(ocore_purchase_receive_request, reference, TEXT, OCORE_FIELD_FREE,
                "the delivery note's number"),
        OCORE__FIELD_OF(ocore_purchase_receive_request, lines, ITEMS, 0,
                &ocore__purchase_receive_line_record,
                "what came, a line several times by lot; default: all that is expected"),
};
const ocore_record ocore__purchase_receive_request =
        OCORE__RECORD("purchase_receive", ocore_purchase_receive_request, receive_fields, 0);

/* All that is expected of each line. */
static size_t arrive_all(
        const ocore__purchase_view *view, uint8_t *used, ocore__purchase_arrival *arrivals)
{
        size_t count = 0;

        for (size_t i = 0; i < view->line_count; i++) {
                int64_t left = ocore__purchase_left(ocore__row(view->line_at[i]));

                used[i] = left > 0;
                if (left)
                        arrivals[count++] = (ocore__purchase_arrival){i, left, {0}, 0};
        }
        return count;
}

int ocore__purchase_arrivals(ocore__work *work, const ocore__purchase_view *view,
        const ocore_purchase_receive_line *lines, size_t count, uint8_t *used,
        ocore__purchase_arrival **out, size_t *out_count)
{
        size_t room = count > view->line_count ? count : view->line_count;
        int status = OCORE_OK;

        *out_count = 0;
        *out = ocore__arena_zero(work->arena, room + 1, sizeof **out);
        if (!*out)
                return OCORE_NOMEM;
        if (!count) {
                *out_count = arrive_all(view, used, *out);
                return *out_count ? OCORE_OK
                                  : ocore__refuse(work, OCORE_STATE, "purchase_id",
                                            "nothing more is expected of it; name what came");
        }
        for (size_t i = 0; i < count && !status; i++) {
                const ocore_purchase_receive_line *line = &lines[i];
                ocore__purchase_arrival *arrival = &(*out)[i];
                ocore__entry *entry;

                status = ocore__purchase_line_entry(work, view, line->number, i, &entry);
                if (status)
                        break;
                *arrival = (ocore__purchase_arrival){
                        (size_t)line->number - 1, 0, line->lot, line->expires_us};
                used[arrival->line] = 1;
                status = ocore__item_units(work,
                        ((const ocore_purchase_line *)ocore__row(entry))->scale, line->quantity,
                        "lines", i, &arrival->quantity);
        }
        *out_count = count;
        return status;
}

/* A receipt under way. */
typedef struct receiving {
        const ocore_purchase_receive_request *request;
        const ocore_purchase *purchase;
        ocore__purchase_view view;
        ocore__purchase_needs needs;
        uint8_t *used;
        ocore__purchase_arrival *arrivals;
        size_t arrival_count;
        ocore__queue_piece *pieces; /* of each arrival */
        size_t *line_of;
} receiving;

static int read_receipt(ocore__work *work, receiving *all)
{
        const ocore_purchase_receive_request *request = all->request;
        int status;

        if (all->purchase->kind == OCORE_PURCHASE_DROP_SHIP)
                return ocore__refuse(work, OCORE_STATE, "purchase_id",
                        "its goods go to the customer; report them by purchase.ship");
        all->used = ocore__arena_zero(work->arena, all->view.line_count + 1, 1);
        if (!all->used)
                return OCORE_NOMEM;
        status = ocore__purchase_arrivals(work, &all->view, request->lines, request->line_count,
                all->used, &all->arrivals, &all->arrival_count);
        if (status)
                return status;
        all->pieces = ocore__arena_take(work->arena, all->arrival_count * sizeof *all->pieces);
        all->line_of = ocore__arena_take(work->arena, all->arrival_count * sizeof *all->line_of);
        if (!all->pieces || !all->line_of)
                return OCORE_NOMEM;
        /* What is closed touches what nothing came of, too. */
        return ocore__purchase_fetch_needs(
                work, &all->view, request->close ? NULL : all->used, 1, &all->needs);
}

static int check_most(ocore__work *work, const receiving *all, const ocore_purchase_line *line,
        int64_t received, size_t index)
{
        const ocore_supplier *supplier =
                all->needs.suppliers ? ocore__only(all->needs.suppliers) : NULL;
        int64_t most = ocore__purchase_most(line, supplier ? supplier->over_ppm : 0);

        if (received <= most)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "quantity"),
                "with it %u of line %d have come, and %u are the most; confirm more before, or "
                "send "
                "the rest back",
                &received, &line->scale, &line->number, &most, &line->scale);
}

/* Moves what was expected, and what comes beyond that, to what is available. Goods of a lot leave
 * the row they were expected at, which knows no lot, by way of the account they come from. */
static int move_in(ocore__work *work, const receiving *all, const ocore__purchase_goods *goods,
        const ocore_purchase_line *line, ocore__entry *stock, int64_t expected, int64_t over)
{
        ocore__entry *place = ocore__purchase_place(work, all->purchase, goods, line);
        ocore__entry *supply = ocore__purchase_supply(goods);
        int64_t account = ocore__purchase_account(all->purchase->kind);
        ocore_id id = all->purchase->id;
        ocore_str reason = all->request->reference;
        int status = place ? OCORE_OK : work->status;

        if (!status && expected)
                status = supply ? ocore__supply_less(work, supply, expected) : OCORE_OUT_OF_STOCK;
        if (!status && expected && place == stock)
                status = ocore__stock_take_in(work, stock, OCORE_BUCKET_INCOMING,
                        OCORE_BUCKET_AVAILABLE, expected, id, reason);
        else if (!status && expected) {
                status = ocore__stock_shift(
                        work, place, OCORE_BUCKET_INCOMING, account, expected, id, reason);
                over += expected; /* their sum is what came of the line */
        }
        if (!status && over)
                status = ocore__stock_take_in(
                        work, stock, account, OCORE_BUCKET_AVAILABLE, over, id, reason);
        return ocore__purchase_books(work, status);
}

static int receive_one(ocore__work *work, receiving *all, size_t index)
{
        const ocore__purchase_arrival *arrival = &all->arrivals[index];
        const ocore__purchase_goods *goods = &all->needs.goods[arrival->line];
        ocore_purchase_line *line = ocore__edit(work, all->view.line_at[arrival->line]);
        const ocore_product *product = line ? ocore__purchase_product(work, goods, line) : NULL;
        int64_t left, received, expected;
        ocore__entry *stock;
        int status;

        if (!product)
                return work->status;
        if (!all->request->line_count && product->tracking)
                return ocore__refuse(work, OCORE_INVALID, "lines",
                        "line %d, \"%t\", is kept by lot or serial number; name what came",
                        &line->number, &line->sku);
        status = ocore__stock_lot_entry(work, goods->stock, product, all->purchase->site,
                arrival->lot, arrival->expires_us, arrival->quantity, "lines", index, &stock);
        if (!status && ocore__add(line->received, arrival->quantity, &received))
                status = ocore__refuse(work, OCORE_OVERFLOW,
                        ocore__at(work, "lines", index, "quantity"),
                        "what came would leave 64 bits; give what came");
        if (!status)
                status = check_most(work, all, line, received, index);
        if (status)
                return status;
        left = ocore__purchase_left(line);
        expected = arrival->quantity < left ? arrival->quantity : left;
        status = move_in(work, all, goods, line, stock, expected, arrival->quantity - expected);
        line->received = received;
        all->pieces[index] = (ocore__queue_piece){stock, arrival->quantity};
        all->line_of[index] = arrival->line;
        return status;
}

/* The goods are there: the purchase order goes on, or is over. */
static int finish(ocore__work *work, receiving *all, const void **answer)
{
        int over = all->request->close || !ocore__purchase_open_left(&all->view);
        ocore_purchase *changed;
        int64_t state;
        int status = ocore__purchase_step_check(work, all->purchase,
                over ? OCORE_PURCHASE_STEP_FINISH : OCORE_PURCHASE_STEP_RECEIVE, &state);

        if (!status && over)
                status = ocore__purchase_forget(
                        work, &all->view, &all->needs, OCORE_EVENT_PURCHASE_CLOSED);
        if (status)
                return status;
        changed = ocore__purchase_touch(
                work, &all->view, OCORE_EVENT_PURCHASE_RECEIVED, all->request->reference);
        if (!changed)
                return work->status;
        changed->state = state;
        if (over) {
                changed->closed_us = work->now_us;
                ocore__purchase_touch(
                        work, &all->view, OCORE_EVENT_PURCHASE_CLOSED, all->request->reference);
        }
        return ocore__purchase_answer(work, &all->view, answer);
}

static int purchase_receive(ocore__work *work, const void *args, const void **answer)
{
        receiving all = {.request = args};
        int64_t state;
        int status = ocore__purchase_fetch(work, all.request->purchase_id,
                OCORE_PURCHASE_STEP_RECEIVE, &all.view, &all.purchase, &state);

        if (!status)
                status = read_receipt(work, &all);
        if (!status && all.needs.suppliers)
                ocore__rely(work, ocore__first(all.needs.suppliers));
        for (size_t i = 0; i < all.arrival_count && !status; i++)
                status = receive_one(work, &all, i);
        if (!status && all.request->close)
                status = ocore__purchase_withdraw(work, &all.view, &all.needs);
        if (!status)
                status = ocore__purchase_serve(work, &all.view, &all.needs, all.pieces, all.line_of,
                        all.arrival_count, NULL);
        return status ? status : finish(work, &all, answer);
}

const ocore__procedure ocore__purchase_receive = {&ocore__purchase_receive_request,
        &ocore__purchase_record, purchase_receive, OCORE__COMMAND};
OCORE__PUBLIC(ocore_purchase_receive, ocore_purchase_receive_request, ocore_purchase,
        ocore__purchase_receive)
