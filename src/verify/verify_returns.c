/*
 * Returns: a unit comes back at most once, goes to exactly one place (RT2), and is refunded at most
 * once with exactly its share (RT1).
 */
#include "verify.h"

/* What the state of a return says of a line of it. */
static int check_return_line(ocore__verify *verify, const ocore_return *row,
        const ocore_return_line *line, const ocore__line_proof *ordered, const char *subject)
{
        const int64_t judged = ocore__plus(ocore__plus(line->restocked, line->quarantined),
                ocore__plus(line->scrapped, line->to_supplier));
        int goods = line->kind == OCORE_PRODUCT_GOODS;
        int64_t received = goods && row->state >= OCORE_RETURN_RECEIVED ? line->quantity : 0;
        int64_t expected = goods && row->state >= OCORE_RETURN_INSPECTED ? line->quantity : 0;

        if (line->kind != ordered->row.kind || line->scale != ordered->row.scale ||
                !ocore_str_equal(line->sku, ordered->row.sku))
                return ocore__found(verify, "RT1", "return_line", subject,
                        "it is not what line %d of the order is", &line->line);
        if (line->quantity <= 0 || line->received != received)
                return ocore__found(verify, "RT2", "return_line", subject,
                        "of %d announced %d were received in state %d", &line->quantity,
                        &line->received, &row->state);
        if (line->restocked < 0 || line->quarantined < 0 || line->scrapped < 0 ||
                line->to_supplier < 0 || judged != expected)
                return ocore__found(verify, "RT2", "return_line", subject,
                        "of %d received %d went somewhere in state %d", &line->received, &judged,
                        &row->state);
        return OCORE_OK;
}

static int take_return_line(ocore__verify *verify, ocore__line_proof *ordered,
        const ocore_return *row, const ocore_return_line *line)
{
        ocore__place *place;
        int refunded = row->state == OCORE_RETURN_REFUNDED, status = OCORE_OK;

        ordered->announced = ocore__plus(ordered->announced, line->quantity);
        if (refunded)
                ordered->refunded = ocore__plus(ordered->refunded, line->quantity);
        if (line->kind == OCORE_PRODUCT_GOODS)
                status = ocore__transit_returned(
                        verify, row->order_id, line->line, line->lot, line->quantity);
        if (status || line->kind != OCORE_PRODUCT_GOODS || !line->received)
                return status;
        status = ocore__place_of(verify, line->sku, row->site, line->lot, line->scale, &place);
        if (status)
                return status;
        place->returns_came_back = ocore__plus(place->returns_came_back, line->received);
        if (row->state == OCORE_RETURN_RECEIVED)
                place->owned[OCORE_BUCKET_INSPECTION] =
                        ocore__plus(place->owned[OCORE_BUCKET_INSPECTION], line->received);
        return OCORE_OK;
}

/* What the customer got for a return is the sum of its lines, and nothing before it is settled. */
static int check_return(ocore__verify *verify, ocore__order_proof *proof, const ocore_return *row,
        int64_t lines_minor)
{
        int refunded = row->state == OCORE_RETURN_REFUNDED;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%i", &row->id);

        if (refunded)
                proof->refunded_minor = ocore__plus(proof->refunded_minor, row->refund_minor);
        if (row->refund_minor != (refunded ? lines_minor : 0) ||
                (row->refunded_us != 0) != refunded)
                return ocore__found(verify, "RT1", "goods_return", subject,
                        "in state %d it refunds %d, its lines %d", &row->state, &row->refund_minor,
                        &lines_minor);
        if (!ocore_str_equal(row->currency, proof->order.currency))
                return ocore__found(verify, "M1", "goods_return", subject,
                        "it is in %t, the order in %t", &row->currency, &proof->order.currency);
        return OCORE_OK;
}

static int take_return(ocore__verify *verify, ocore__order_proof *proof, const ocore__above *above)
{
        const ocore_return *row = above->row;
        int64_t lines_minor = 0, expected = 1;
        int status = OCORE_OK;

        for (const ocore__below *below = above->first; below && !status;
                below = below->next, expected++) {
                const ocore_return_line *line = below->row;
                char room[OCORE__SUBJECT_SIZE];
                const char *subject = ocore__subject(room, "%i %d", &row->id, &line->number);

                lines_minor = ocore__plus(
                        lines_minor, ocore__plus(line->refund_minor, line->refund_shipping_minor));
                if (line->line < 1 || (uint64_t)line->line > proof->line_count ||
                        line->number != expected)
                        status = ocore__found(verify, "RT1", "return_line", subject,
                                "line %d of the order is not there, or line %d of the return "
                                "is missing",
                                &line->line, &expected);
                else
                        status = check_return_line(
                                verify, row, line, &proof->lines[line->line - 1], subject);
                if (!status && line->line >= 1 && (uint64_t)line->line <= proof->line_count)
                        status = take_return_line(verify, &proof->lines[line->line - 1], row, line);
        }
        return status ? status : check_return(verify, proof, row, lines_minor);
}

int ocore__verify_returns(ocore__verify *verify, ocore__order_walk *walk)
{
        const size_t offset = offsetof(ocore_return, order_id);
        const ocore__above *above;
        int status = ocore__cursor_take(
                verify, &walk->returns, offset, walk->proof.order.id, "RT1", &above);

        while (!status && above) {
                status = take_return(verify, &walk->proof, above);
                if (!status)
                        status = ocore__cursor_take(verify, &walk->returns, offset,
                                walk->proof.order.id, "RT1", &above);
        }
        return status;
}
