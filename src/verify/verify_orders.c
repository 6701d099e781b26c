/*
 * Orders with all that belongs to them: each unit of a line is in exactly one place (O2), the
 * state fits what there is (O1), and nothing belongs to an order that is not there.
 */
#include "verify.h"

#include <string.h>

/* Room for one more line. */
static ocore__line_proof *line_add(ocore__order_proof *proof)
{
        if (proof->line_count == proof->line_room) {
                size_t room = proof->line_room ? proof->line_room * 2 : 16;
                ocore__line_proof *lines = ocore__arena_zero(&proof->arena, room, sizeof *lines);

                if (!lines)
                        return NULL;
                if (proof->line_count)
                        memcpy(lines, proof->lines, proof->line_count * sizeof *lines);
                proof->lines = lines;
                proof->line_room = room;
        }
        return &proof->lines[proof->line_count++];
}

static int check_product(ocore__verify *verify, const ocore_order_line *line, const char *subject)
{
        const ocore__named *product = ocore__name_find(&verify->products, line->sku);

        if (product && product->kind == line->kind && product->scale == line->scale)
                return OCORE_OK;
        return ocore__found(verify, "O2", "order_line", subject,
                product ? "\"%t\" is another kind of product" : "there is no product \"%t\"",
                &line->sku);
}

/* One allocation: its units belong to the line, and to the stock at its place. */
static int take_allocation(
        ocore__verify *verify, ocore__line_proof *line, const ocore_allocation *row)
{
        const int64_t waiting = ocore__plus(row->allocated, row->released);
        const int64_t taken = ocore__plus(row->picked, row->packed);
        const int64_t sent = ocore__plus(row->shipped, row->delivered);
        ocore__place *place;
        int status = ocore__place_of(
                verify, line->row.sku, row->site, row->lot, line->row.scale, &place);

        if (status)
                return status;
        line->allocated = ocore__plus(line->allocated, waiting);
        line->picked = ocore__plus(line->picked, row->picked);
        line->packed = ocore__plus(line->packed, row->packed);
        line->shipped = ocore__plus(line->shipped, row->shipped);
        line->delivered = ocore__plus(line->delivered, row->delivered);
        place->owned[OCORE_BUCKET_ALLOCATED] =
                ocore__plus(place->owned[OCORE_BUCKET_ALLOCATED], waiting);
        place->owned[OCORE_BUCKET_PICKED] = ocore__plus(place->owned[OCORE_BUCKET_PICKED], taken);
        place->orders_sent = ocore__plus(place->orders_sent, sent);
        return OCORE_OK;
}

static int take_lines(ocore__verify *verify, ocore__order_walk *walk)
{
        ocore__order_proof *proof = &walk->proof;
        const ocore__above *above;
        char room[OCORE__SUBJECT_SIZE];
        int status;

        for (;;) {
                const ocore_order_line *row;
                ocore__line_proof *line;
                int64_t expected = (int64_t)proof->line_count + 1;

                status = ocore__cursor_take(verify, &walk->lines,
                        offsetof(ocore_order_line, order_id), proof->order.id, "O2", &above);
                if (status || !above)
                        return status;
                row = above->row;
                ocore__subject(room, "%s %d", proof->subject, &row->number);
                line = line_add(proof);
                if (!line)
                        return OCORE_NOMEM;
                line->row = *row;
                status = ocore__arena_text(&proof->arena, row->sku, &line->row.sku);
                if (!status)
                        status = check_product(verify, row, room);
                if (!status && row->number != expected)
                        status = ocore__found(verify, "O2", "order_line", room,
                                "line %d was expected", &expected);
                if (status)
                        return status;
        }
}

static int take_allocations(ocore__verify *verify, ocore__order_walk *walk)
{
        ocore__order_proof *proof = &walk->proof;
        const ocore__above *above;
        int status = ocore__cursor_take(verify, &walk->allocations,
                offsetof(ocore_allocation, order_id), proof->order.id, "O2", &above);

        while (!status && above) {
                const ocore_allocation *row = above->row;
                char room[OCORE__SUBJECT_SIZE];

                ocore__subject(
                        room, "%s %d %t %t", proof->subject, &row->line, &row->site, &row->lot);
                if (row->line < 1 || (uint64_t)row->line > proof->line_count)
                        status = ocore__found(
                                verify, "O2", "allocation", room, "the order has no such line");
                else if (row->returned < 0 || row->returned > row->delivered)
                        status = ocore__found(verify, "RT1", "allocation", room,
                                "of %d that arrived came %d back", &row->delivered, &row->returned);
                else
                        status = take_allocation(verify, &proof->lines[row->line - 1], row);
                if (!status)
                        status = ocore__transit_allocation(verify, row);
                if (!status)
                        status = ocore__cursor_take(verify, &walk->allocations,
                                offsetof(ocore_allocation, order_id), proof->order.id, "O2",
                                &above);
        }
        return status;
}

/* Drafts, parties and wishes: at most one, and of an order that is there. */
static int take_only(
        ocore__verify *verify, ocore__cursor *cursor, ocore_id order_id, int64_t *count)
{
        const ocore__above *above;
        int status = ocore__cursor_take(verify, cursor, 0, order_id, "O2", &above);

        while (!status && above) {
                if (count)
                        ++*count;
                status = ocore__cursor_take(verify, cursor, 0, order_id, "O2", &above);
        }
        return status;
}

/* O2 of a line, after its allocations and returns are known. */
static int check_line(
        ocore__verify *verify, const ocore__order_proof *proof, const ocore__line_proof *line)
{
        const ocore_order_line *row = &line->row;
        const int64_t arrived = ocore__plus(line->delivered, row->performed);
        const int64_t parts[] = {row->cancelled, row->backordered, line->allocated, line->picked,
                line->packed, line->shipped, arrived};
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%s %d", proof->subject, &row->number);
        int goods = row->kind == OCORE_PRODUCT_GOODS;
        int placed = proof->order.placed_us != 0,
            done = proof->order.state == OCORE_ORDER_COMPLETED;
        int64_t sum = 0;
        int bad = 0;

        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
                bad |= parts[i] < 0 || ocore__add(sum, parts[i], &sum);
        if (bad || row->quantity <= 0 || sum > row->quantity ||
                (placed && sum < row->quantity && (goods || done)))
                return ocore__found(verify, "O2", "order_line", subject,
                        "%d are ordered, but %d are backordered, allocated, picked, packed, "
                        "shipped, delivered or cancelled",
                        &row->quantity, &sum);
        if (line->arrived != line->delivered)
                return ocore__found(verify, "O2", "order_line", subject,
                        "%d were delivered, its fulfillments have %d", &line->delivered,
                        &line->arrived);
        if (row->refunded < 0 || row->returned < row->refunded || row->returned > arrived)
                return ocore__found(verify, "RT1", "order_line", subject,
                        "of %d that arrived %d were returned and %d refunded", &arrived,
                        &row->returned, &row->refunded);
        if (row->refunded != line->refunded)
                return ocore__found(verify, "RT1", "order_line", subject,
                        "%d were refunded, its returns have %d", &row->refunded, &line->refunded);
        if (row->returned != line->announced)
                return ocore__found(verify, "RT1", "order_line", subject,
                        "%d came back or will, its returns have %d", &row->returned,
                        &line->announced);
        return OCORE_OK;
}

/* O1: what the state says must fit what there is. */
static int check_state(ocore__verify *verify, const ocore__order_proof *proof)
{
        const ocore_order *order = &proof->order;
        int placed = order->placed_us != 0, open = 0, moving = 0;

        for (size_t i = 0; i < proof->line_count; i++) {
                const ocore__line_proof *line = &proof->lines[i];

                open |= line->row.cancelled < line->row.quantity;
                moving |= line->allocated || line->picked || line->packed || line->shipped ||
                          line->row.backordered;
        }
        if (order->state == OCORE_ORDER_NONE || (order->state == OCORE_ORDER_DRAFT && placed) ||
                (order->state != OCORE_ORDER_DRAFT && order->state != OCORE_ORDER_CANCELLED &&
                        !placed) ||
                (placed && !proof->line_count) || order->version < 1 ||
                order->event_count < order->version)
                return ocore__found(verify, "O1", "sales_order", proof->subject,
                        "state %d does not fit placed_us %d, version %d and %d events",
                        &order->state, &order->placed_us, &order->version, &order->event_count);
        if ((order->state == OCORE_ORDER_COMPLETED && moving) ||
                (order->state == OCORE_ORDER_CANCELLED && placed && (open || moving)))
                return ocore__found(verify, "O1", "sales_order", proof->subject,
                        "it is over in state %d, but some of its units are not", &order->state);
        return OCORE_OK;
}

static int check_order(ocore__verify *verify, ocore__order_walk *walk)
{
        ocore__order_proof *proof = &walk->proof;
        const ocore_order *order = &proof->order;
        int64_t wishes = 0;
        int status = take_lines(verify, walk);

        if (!status)
                status = take_allocations(verify, walk);
        if (!status)
                status = take_only(verify, &walk->drafts, order->id, NULL);
        if (!status)
                status = take_only(verify, &walk->parties, order->id, NULL);
        if (!status)
                status = take_only(verify, &walk->sourcings, order->id, &wishes);
        if (!status && wishes != (order->wishes != 0))
                status = ocore__found(verify, "O2", "sales_order", proof->subject,
                        "it says %d of its wishes, there are %d rows of them", &order->wishes,
                        &wishes);
        if (!status)
                status = ocore__verify_backorders(verify, walk);
        if (!status)
                status = ocore__link_order(verify, proof);
        if (!status)
                status = ocore__verify_fulfillments(verify, walk);
        if (!status)
                status = ocore__verify_returns(verify, walk);
        for (size_t i = 0; i < proof->line_count && !status; i++)
                status = check_line(verify, proof, &proof->lines[i]);
        if (!status)
                status = ocore__verify_parts(verify, proof);
        if (!status)
                status = check_state(verify, proof);
        if (!status)
                status = ocore__verify_totals(verify, proof);
        if (!status)
                status = ocore__verify_money(verify, walk);
        return status;
}

static int walk_orders(ocore__verify *verify, ocore__order_walk *walk)
{
        ocore__order_proof *proof = &walk->proof;
        const ocore__above *above;
        int status = ocore__cursor_next(verify, &walk->orders, &above);

        while (!status && above) {
                ocore__arena arena = proof->arena;

                ocore__arena_reset(&arena, (size_t)1 << 16);
                *proof = (ocore__order_proof){
                        .order = *(const ocore_order *)above->row, .arena = arena};
                ocore_id_format(proof->order.id, proof->subject);
                status = check_order(verify, walk);
                if (!status)
                        status = ocore__cursor_next(verify, &walk->orders, &above);
        }
        return status;
}

/* What is left when the orders are at their end belongs to none. */
static int walk_rest(ocore__verify *verify, ocore__order_walk *walk)
{
        const struct {
                ocore__cursor *cursor;
                size_t offset;
                const char *invariant;
        } rests[] = {
                {&walk->lines, offsetof(ocore_order_line, order_id), "O2"},
                {&walk->allocations, offsetof(ocore_allocation, order_id), "O2"},
                {&walk->drafts, 0, "O2"},
                {&walk->parties, 0, "O2"},
                {&walk->payments, offsetof(ocore_payment, order_id), "M1"},
                {&walk->moves, offsetof(ocore_money_move, order_id), "M1"},
                {&walk->fulfillments, offsetof(ocore_fulfillment, order_id), "O2"},
                {&walk->returns, offsetof(ocore_return, order_id), "RT1"},
                {&walk->backorders, offsetof(ocore_backorder, order_id), "O2"},
                {&walk->pegs, offsetof(ocore__peg, order_id), "O2"},
                {&walk->sourcings, 0, "O2"},
        };
        int status = OCORE_OK;

        for (size_t i = 0; i < sizeof rests / sizeof rests[0] && !status; i++)
                status = ocore__cursor_rest(
                        verify, rests[i].cursor, rests[i].offset, rests[i].invariant);
        if (!status)
                status = ocore__cursor_below(verify, &walk->fulfillments, "O2");
        return status ? status : ocore__cursor_below(verify, &walk->returns, "RT1");
}

int ocore__verify_orders(ocore__verify *verify)
{
        ocore__order_walk walk;
        ocore__cursor *cursors[] = {&walk.orders, &walk.lines, &walk.allocations, &walk.drafts,
                &walk.parties, &walk.payments, &walk.moves, &walk.fulfillments, &walk.returns,
                &walk.backorders, &walk.pegs, &walk.sourcings};
        int status;

        ocore__cursor_init(verify, &walk.orders, &ocore__order_table, 0, NULL);
        ocore__cursor_init(verify, &walk.lines, &ocore__order_line_table, 0, NULL);
        ocore__cursor_init(verify, &walk.allocations, &ocore__allocation_table, 0, NULL);
        ocore__cursor_init(verify, &walk.drafts, &ocore__draft_table, 0, NULL);
        ocore__cursor_init(verify, &walk.parties, &ocore__party_table, 0, NULL);
        ocore__cursor_init(verify, &walk.payments, &ocore__payment_table, 0, NULL);
        ocore__cursor_init(verify, &walk.moves, &ocore__money_move_table, 0, NULL);
        ocore__cursor_init(verify, &walk.fulfillments, &ocore__fulfillment_table, 1,
                &ocore__fulfillment_line_table);
        ocore__cursor_init(
                verify, &walk.returns, &ocore__return_table, 1, &ocore__return_line_table);
        ocore__cursor_init(verify, &walk.backorders, &ocore__backorder_table, 0, NULL);
        ocore__cursor_init(verify, &walk.pegs, &ocore__peg_table, 0, NULL);
        ocore__cursor_init(verify, &walk.sourcings, &ocore__sourcing_table, 0, NULL);
        walk.proof = (ocore__order_proof){.line_count = 0};
        ocore__arena_init(&walk.proof.arena, &verify->core->config.allocator, 4096);
        status = walk_orders(verify, &walk);
        if (!status)
                status = walk_rest(verify, &walk);
        if (!status)
                status = ocore__verify_transits(verify);
        for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++)
                ocore__cursor_finish(cursors[i]);
        ocore__arena_finish(&walk.proof.arena);
        return status;
}
