/*
 * What an order waits for, and the parts of its bundles: missing units stand in the queue, are
 * promised at most once and expected when these promises say, and a bundle is as far as the parts
 * of it (O2, I6).
 */
#include "verify.h"

static int take_backorder(
        ocore__verify *verify, ocore__order_proof *proof, const ocore_backorder *row)
{
        ocore__line_proof *line = row->line >= 1 && (uint64_t)row->line <= proof->line_count
                                          ? &proof->lines[row->line - 1]
                                          : NULL;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%s %d", proof->subject, &row->line);

        if (!line || !ocore_str_equal(row->sku, line->row.sku) || row->scale != line->row.scale ||
                line->row.kind != OCORE_PRODUCT_GOODS || row->quantity <= 0)
                return ocore__found(verify, "O2", "backorder", subject,
                        "%d of \"%t\" are missing, which the line is not", &row->quantity,
                        &row->sku);
        line->waits = *row;
        line->waits.sku = line->waits.channel = (ocore_str){0};
        line->backordered = row->quantity;
        line->expected_us = row->expected_us;
        line->last_us = row->kind == OCORE_BACKORDER_PREORDER ? row->wanted_us : 0;
        return OCORE_OK;
}

/* A peg belongs to units that are missing, and to a supply. */
static int take_peg(ocore__verify *verify, ocore__order_proof *proof, const ocore__peg *row)
{
        ocore__line_proof *line = row->line >= 1 && (uint64_t)row->line <= proof->line_count
                                          ? &proof->lines[row->line - 1]
                                          : NULL;
        ocore__supply_proof *supply =
                ocore__supply_proof_of(verify, row->sku, row->source_id, row->number);
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(
                room, "%s %d %i %d", proof->subject, &row->line, &row->source_id, &row->number);

        if (!line || !supply || !ocore_str_equal(row->sku, line->row.sku) ||
                row->scale != line->row.scale || row->quantity <= 0)
                return ocore__found(verify, "I6", "backorder_peg", subject,
                        "%d of \"%t\" are promised, %s", &row->quantity, &row->sku,
                        supply ? "which the line is not" : "but there is no such supply");
        line->pegged = ocore__plus(line->pegged, row->quantity);
        if (supply->due_us)
                line->dated = ocore__plus(line->dated, row->quantity);
        if (supply->due_us > line->last_us)
                line->last_us = supply->due_us;
        supply->pegged = ocore__plus(supply->pegged, row->quantity);
        return OCORE_OK;
}

/* What a line counts under caps. */
static int count_quotas(
        ocore__verify *verify, const ocore_order *order, const ocore_order_line *line)
{
        int status = OCORE_OK;

        if (line->capped)
                status = ocore__quota_count(verify, line->sku, OCORE_QUOTA_SALE, order->channel,
                        ocore__minus(0, line->capped));
        if (!status && line->preordered)
                status = ocore__quota_count(verify, line->sku, OCORE_QUOTA_PREORDER, (ocore_str){0},
                        ocore__minus(0, line->preordered));
        return status;
}

/* A whole backorder is expected with the last of what it is promised. */
static int check_date(ocore__verify *verify, const ocore__line_proof *line, const char *subject)
{
        int64_t follows_us = line->dated == line->backordered ? line->last_us : 0;

        if (line->expected_us == follows_us)
                return OCORE_OK;
        return ocore__found(verify, "I6", "backorder", subject,
                "it is expected at %d; by what is promised of it at %d", &line->expected_us,
                &follows_us);
}

static int check_line(
        ocore__verify *verify, const ocore__order_proof *proof, const ocore__line_proof *line)
{
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%s %d", proof->subject, &line->row.number);
        int status;

        if (line->backordered != line->row.backordered || line->pegged > line->backordered)
                return ocore__found(verify, "O2", "order_line", subject,
                        "%d are backordered, %d stand in the queue, %d of them are promised",
                        &line->row.backordered, &line->backordered, &line->pegged);
        if (line->row.capped < 0 || line->row.preordered < 0 ||
                line->row.capped > line->row.quantity || line->row.preordered > line->row.quantity)
                return ocore__found(verify, "I6", "order_line", subject,
                        "of %d are %d counted under a cap, and %d as preordered",
                        &line->row.quantity, &line->row.capped, &line->row.preordered);
        status = check_date(verify, line, subject);
        return status ? status : count_quotas(verify, &proof->order, &line->row);
}

int ocore__verify_backorders(ocore__verify *verify, ocore__order_walk *walk)
{
        ocore__order_proof *proof = &walk->proof;
        const ocore_id id = proof->order.id;
        const size_t backorder_id = offsetof(ocore_backorder, order_id);
        const size_t peg_id = offsetof(ocore__peg, order_id);
        const ocore__above *above;
        int status = ocore__cursor_take(verify, &walk->backorders, backorder_id, id, "O2", &above);

        while (!status && above) {
                status = take_backorder(verify, proof, above->row);
                if (!status)
                        status = ocore__cursor_take(
                                verify, &walk->backorders, backorder_id, id, "O2", &above);
        }
        if (!status)
                status = ocore__cursor_take(verify, &walk->pegs, peg_id, id, "O2", &above);
        while (!status && above) {
                status = take_peg(verify, proof, above->row);
                if (!status)
                        status = ocore__cursor_take(verify, &walk->pegs, peg_id, id, "O2", &above);
        }
        for (size_t i = 0; i < proof->line_count && !status; i++)
                status = check_line(verify, proof, &proof->lines[i]);
        return status;
}

/* A part has as many units as its bundles need, and as many cancelled. */
static int check_part(ocore__verify *verify, ocore__order_proof *proof, size_t index)
{
        const ocore__line_proof *part = &proof->lines[index];
        const ocore_order_line *row = &part->row;
        ocore__line_proof *bundle = row->parent >= 1 && (uint64_t)row->parent <= index
                                            ? &proof->lines[row->parent - 1]
                                            : NULL;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%s %d", proof->subject, &row->number);
        int64_t quantity, cancelled, whole;

        if (!row->parent && !row->per_parent)
                return OCORE_OK;
        if (!bundle || bundle->row.kind != OCORE_PRODUCT_BUNDLE || row->per_parent <= 0 ||
                row->kind != OCORE_PRODUCT_GOODS)
                return ocore__found(verify, "O2", "order_line", subject,
                        "it is no part of line %d, of which it has %d", &row->parent,
                        &row->per_parent);
        if (ocore__multiply(row->per_parent, bundle->row.quantity, &quantity) ||
                ocore__multiply(row->per_parent, bundle->row.cancelled, &cancelled) ||
                row->quantity != quantity || row->cancelled != cancelled)
                return ocore__found(verify, "O2", "order_line", subject,
                        "%d are ordered and %d cancelled, but of its bundle %d and %d",
                        &row->quantity, &row->cancelled, &bundle->row.quantity,
                        &bundle->row.cancelled);
        whole = part->delivered / row->per_parent;
        if (!bundle->parts++ || whole < bundle->whole)
                bundle->whole = whole;
        return OCORE_OK;
}

int ocore__verify_parts(ocore__verify *verify, ocore__order_proof *proof)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < proof->line_count && !status; i++)
                status = check_part(verify, proof, i);
        for (size_t i = 0; i < proof->line_count && !status; i++) {
                const ocore__line_proof *line = &proof->lines[i];
                char room[OCORE__SUBJECT_SIZE];

                if (line->row.kind == OCORE_PRODUCT_BUNDLE && proof->order.placed_us &&
                        (!line->parts || line->row.performed != line->whole))
                        status = ocore__found(verify, "O2", "order_line",
                                ocore__subject(room, "%s %d", proof->subject, &line->row.number),
                                "of %d parts %d whole bundles arrived, it says %d", &line->parts,
                                &line->whole, &line->row.performed);
        }
        return status;
}
