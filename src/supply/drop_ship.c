/*
 * A drop shipment leaves the supplier's house: its units go to the customer as if a site of ours
 * had sent them, in a fulfillment that is shipped already and is delivered like any other.
 */
#include "purchase.h"

#include "engine/procedure.h"
#include "fulfillment/fulfillment.h"

static const ocore_field ship_fields[] = {
        OCORE__FIELD(ocore_purchase_ship_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key; also the id of the fulfillment that it makes"),
        OCORE__FIELD(ocore_purchase_ship_request, purchase_id, ID, OCORE_FIELD_REQUIRED,
                "which drop shipment"),
        OCORE__FIELD_CODE(ocore_purchase_ship_request, carrier, 0, "who carries it"),
        OCORE__FIELD_CODE(ocore_purchase_ship_request, tracking_number, OCORE_FIELD_REQUIRED,
                "the carrier's number"),
        OCORE__FIELD_OF(ocore_purchase_ship_request, lines, ITEMS, 0,
                &ocore__purchase_receive_line_record,
                "what was shipped; default: all that is expected"),
};
const ocore_record ocore__purchase_ship_request =
        OCORE__RECORD("purchase_ship", ocore_purchase_ship_request, ship_fields, 0);

/* A drop shipment under way. */
typedef struct shipping {
        const ocore_purchase_ship_request *request;
        const ocore_purchase *purchase;
        ocore__purchase_view view;
        ocore__purchase_needs needs;
        ocore__purchase_arrival *arrivals;
        size_t arrival_count;
} shipping;

static int read_shipment(ocore__work *work, shipping *all)
{
        const ocore_purchase_ship_request *request = all->request;
        uint8_t *used = ocore__arena_zero(work->arena, all->view.line_count + 1, 1);
        int64_t state;
        int status;

        if (all->purchase->kind != OCORE_PURCHASE_DROP_SHIP)
                return ocore__refuse(work, OCORE_STATE, "purchase_id",
                        "it is no drop shipment; take its goods in by purchase.receive");
        status = used ? ocore__purchase_arrivals(work, &all->view, request->lines,
                                request->line_count, used, &all->arrivals, &all->arrival_count)
                      : OCORE_NOMEM;
        if (!status)
                status = ocore__purchase_fetch_needs(work, &all->view, used, 0, &all->needs);
        if (status)
                return status;
        if (!all->needs.for_order)
                return ocore__refuse(work, OCORE_CORRUPT, "purchase_id",
                        "the drop shipment is for no order; verify the store");
        return ocore__order_step_check(
                work, ocore__only(all->needs.order.orders), OCORE_STEP_FULFILL, &state);
}

static int check_quantity(
        ocore__work *work, const shipping *all, const ocore_purchase_line *line, size_t index)
{
        int64_t quantity = all->arrivals[index].quantity;
        int64_t left = ocore__purchase_left(line);
        int64_t wanted = ocore__purchase_wanted(all->purchase, &all->needs, line);

        if (quantity > left)
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", index, "quantity"),
                        "%u of line %d are expected, not %u; confirm more before", &left,
                        &line->scale, &line->number, &quantity, &line->scale);
        if (quantity > wanted)
                return ocore__refuse(work, OCORE_STATE, ocore__at(work, "lines", index, "quantity"),
                        "the order waits for %u of line %d by now, not %u; ship no more", &wanted,
                        &line->scale, &line->number, &quantity, &line->scale);
        return OCORE_OK;
}

/* What was expected goes to the customer. Units of a lot leave from the row of that lot, where they
 * are expected by way of the supplier first. */
static int move_out(ocore__work *work, const shipping *all, const ocore__purchase_goods *goods,
        const ocore_purchase_line *line, ocore__entry *stock, int64_t quantity)
{
        ocore__entry *place = ocore__purchase_place(work, all->purchase, goods, line);
        ocore__entry *supply = ocore__purchase_supply(goods);
        ocore_id order_id = all->purchase->order_id;
        ocore_str reason = all->request->tracking_number;
        int status = place ? OCORE_OK : work->status;

        if (!status)
                status = supply ? ocore__supply_less(work, supply, quantity) : OCORE_OUT_OF_STOCK;
        if (!status && place != stock)
                status = ocore__stock_shift(work, place, OCORE_BUCKET_INCOMING,
                        OCORE_ACCOUNT_SUPPLIER, quantity, all->purchase->id, reason);
        if (!status && place != stock)
                status = ocore__stock_shift(work, stock, OCORE_ACCOUNT_SUPPLIER,
                        OCORE_BUCKET_INCOMING, quantity, all->purchase->id, reason);
        if (!status)
                status = ocore__stock_shift(work, stock, OCORE_BUCKET_INCOMING,
                        OCORE_ACCOUNT_CUSTOMER, quantity, order_id, reason);
        return ocore__purchase_books(work, status);
}

static int allocate_shipped(ocore__work *work, const shipping *all, const ocore_purchase_line *line,
        ocore_str lot, int64_t quantity)
{
        const ocore_allocation row = {.order_id = all->purchase->order_id,
                .line = line->order_line,
                .site = all->purchase->site,
                .lot = lot,
                .reason = OCORE_ALLOCATED_FROM_SUPPLY};
        ocore__entry *entry = ocore__entry_for(work, &ocore__allocation_table, &row);
        ocore_allocation *allocation = entry ? ocore__edit(work, entry) : NULL;

        if (!allocation)
                return work->status;
        return ocore__add(allocation->shipped, quantity, &allocation->shipped);
}

/* The line waits for less; what is left of its promise is made anew, for the supply is less too. */
static int ship_one(ocore__work *work, shipping *all, size_t index)
{
        const ocore__purchase_arrival *arrival = &all->arrivals[index];
        const ocore__purchase_goods *goods = &all->needs.goods[arrival->line];
        ocore_purchase_line *line = ocore__edit(work, all->view.line_at[arrival->line]);
        const ocore_product *product = line ? ocore__purchase_product(work, goods, line) : NULL;
        ocore__backorder_view *waiting = &all->needs.waiting;
        ocore__entry *stock, *entry;
        int status = product ? check_quantity(work, all, line, index) : work->status;

        if (status)
                return status;
        if (!all->request->line_count && product->tracking)
                return ocore__refuse(work, OCORE_INVALID, "lines",
                        "line %d, \"%t\", is kept by lot or serial number; name what was shipped",
                        &line->number, &line->sku);
        status = ocore__stock_lot_entry(work, goods->stock, product, all->purchase->site,
                arrival->lot, arrival->expires_us, arrival->quantity, "lines", index, &stock);
        if (!status)
                status = ocore__backorder_unpeg(
                        work, waiting, ocore__backorder_of(waiting, line->order_line));
        if (!status)
                status = ocore__backorder_less(work, waiting,
                        ocore__order_line_entry(&all->needs.order, line->order_line),
                        arrival->quantity);
        if (!status)
                status = move_out(work, all, goods, line, stock, arrival->quantity);
        if (!status)
                status = allocate_shipped(work, all, line, arrival->lot, arrival->quantity);
        if (status)
                return status;
        line->received += arrival->quantity; /* no more than was ordered: it fits */
        entry = ocore__backorder_of(waiting, line->order_line);
        return entry ? ocore__backorder_peg(work, waiting, entry, goods->supplies) : OCORE_OK;
}

/* Of an order that ships complete all that waits for the supplier leaves his house at once. What
 * the order has in our own sites is another parcel: it neither waits for this one nor holds it. */
static int check_whole(ocore__work *work, const shipping *all)
{
        const ocore_order *order = ocore__only(all->needs.order.orders);

        for (size_t i = 0; i < all->view.line_count && order->ship_complete; i++) {
                const ocore_purchase_line *line = ocore__row(all->view.line_at[i]);
                int64_t stays = ocore__purchase_wanted(all->purchase, &all->needs, line);

                if (stays)
                        return ocore__refuse(work, OCORE_STATE, "lines",
                                "the order ships complete, and %u of line %d would stay behind; "
                                "ship all of it, or cancel the rest of the order's line %d",
                                &stays, &line->scale, &line->number, &line->order_line);
        }
        return OCORE_OK;
}

/* The fulfillment: a line for each allocation of which something was shipped, in their order. */
static int put_fulfillment(ocore__work *work, const shipping *all)
{
        const ocore_fulfillment row = {.id = work->id,
                .order_id = all->purchase->order_id,
                .site = all->purchase->site,
                .state = OCORE_FULFILLMENT_STATE_SHIPPED,
                .carrier = all->request->carrier,
                .tracking_number = all->request->tracking_number,
                .packages = 1,
                .created_us = work->now_us,
                .shipped_us = work->now_us};
        ocore_fulfillment_line line = {.fulfillment_id = work->id};

        for (ocore__entry *at = ocore__first(all->needs.order.allocations); at;
                at = ocore__next(at)) {
                const ocore_allocation *now = ocore__row(at), *before = at->row;
                const ocore_order_line *of;

                line.quantity = now->shipped - (before ? before->shipped : 0);
                if (!line.quantity)
                        continue;
                of = ocore__row(ocore__order_line_entry(&all->needs.order, now->line));
                line.number++;
                line.line = now->line;
                line.sku = of->sku;
                line.lot = now->lot;
                line.scale = of->scale;
                ocore__insert(work, &ocore__fulfillment_line_table, &line);
        }
        ocore__insert(work, &ocore__fulfillment_table, &row);
        return work->status;
}

static int finish(ocore__work *work, shipping *all, const void **answer)
{
        enum { ROOM = OCORE__CODE_MAX * 2 + 2 };
        int over = !ocore__purchase_open_left(&all->view);
        char *text = ocore__arena_take(work->arena, ROOM);
        ocore_purchase *changed;
        ocore__writer writer;
        ocore_str detail;
        int64_t state;
        int status = text ? ocore__purchase_step_check(work, all->purchase,
                                    over ? OCORE_PURCHASE_STEP_FINISH : OCORE_PURCHASE_STEP_RECEIVE,
                                    &state)
                          : OCORE_NOMEM;

        if (status)
                return status;
        ocore__writer_init(&writer, text, ROOM);
        ocore__write(&writer, all->request->carrier.size ? "%t %t" : "%t%t", &all->request->carrier,
                &all->request->tracking_number);
        detail = (ocore_str){text, writer.used};
        ocore__order_touch(work, &all->needs.order, OCORE_EVENT_DROP_SHIPPED, detail);
        if (over)
                status = ocore__purchase_forget(
                        work, &all->view, &all->needs, OCORE_EVENT_PURCHASE_CLOSED);
        changed = status ? NULL
                         : ocore__purchase_touch(
                                   work, &all->view, OCORE_EVENT_PURCHASE_RECEIVED, detail);
        if (!changed)
                return status ? status : work->status;
        changed->state = state;
        if (over) {
                changed->closed_us = work->now_us;
                ocore__purchase_touch(work, &all->view, OCORE_EVENT_PURCHASE_CLOSED, detail);
        }
        return ocore__purchase_answer(work, &all->view, answer);
}

static int purchase_ship(ocore__work *work, const void *args, const void **answer)
{
        shipping all = {.request = args};
        int64_t state;
        int status = ocore__purchase_fetch(work, all.request->purchase_id,
                OCORE_PURCHASE_STEP_RECEIVE, &all.view, &all.purchase, &state);

        if (!status)
                status = read_shipment(work, &all);
        for (size_t i = 0; i < all.arrival_count && !status; i++)
                status = ship_one(work, &all, i);
        if (!status)
                status = check_whole(work, &all);
        if (!status)
                status = put_fulfillment(work, &all);
        return status ? status : finish(work, &all, answer);
}

const ocore__procedure ocore__purchase_ship = {
        &ocore__purchase_ship_request, &ocore__purchase_record, purchase_ship, OCORE__COMMAND};
OCORE__PUBLIC(
        ocore_purchase_ship, ocore_purchase_ship_request, ocore_purchase, ocore__purchase_ship)
