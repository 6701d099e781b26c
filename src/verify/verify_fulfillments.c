/*
 * Fulfillments: their lines and the allocations of the order agree, state by state, on where each
 * unit is (O2). What is under way is compared place by place, what arrived line by line.
 */
#include "verify.h"

#include "base/hash.h"

static int same_transit(const void *entry, const void *key)
{
        const ocore__transit *a = entry, *b = key;

        return a->line == b->line && ocore__id_compare(a->order_id, b->order_id) == 0 &&
               ocore_str_equal(a->site, b->site) && ocore_str_equal(a->lot, b->lot);
}

/* Units on their way through a fulfillment; the entry is made when it is not there. */
static int transit_add(
        ocore__verify *verify, const ocore__transit *key, int64_t state, int64_t units)
{
        uint64_t hash =
                ocore__hash(key->order_id.bytes, sizeof key->order_id.bytes, (uint64_t)key->line);
        ocore__transit *transit;

        if (!units)
                return OCORE_OK;
        hash = ocore__hash(
                key->lot.data, key->lot.size, ocore__hash(key->site.data, key->site.size, hash));
        transit = ocore__table_find(&verify->transits, hash, same_transit, key);
        if (!transit) {
                transit = ocore__arena_zero(&verify->arena, 1, sizeof *transit);
                if (!transit || ocore__arena_text(&verify->arena, key->site, &transit->site) ||
                        ocore__arena_text(&verify->arena, key->lot, &transit->lot))
                        return OCORE_NOMEM;
                transit->order_id = key->order_id;
                transit->line = key->line;
                if (ocore__table_add(verify, &verify->transits, transit, hash))
                        return OCORE_NOMEM;
        }
        transit->units[state] = ocore__plus(transit->units[state], units);
        return OCORE_OK;
}

int ocore__transit_allocation(ocore__verify *verify, const ocore_allocation *row)
{
        const ocore__transit key = {
                .order_id = row->order_id, .line = row->line, .site = row->site, .lot = row->lot};
        const int64_t units[] = {[OCORE_FULFILLMENT_STATE_OPEN] = row->released,
                [OCORE_FULFILLMENT_STATE_PICKED] = row->picked,
                [OCORE_FULFILLMENT_STATE_PACKED] = row->packed,
                [OCORE_FULFILLMENT_STATE_SHIPPED] = row->shipped};
        int status = OCORE_OK;

        for (int64_t state = OCORE_FULFILLMENT_STATE_OPEN;
                state <= OCORE_FULFILLMENT_STATE_SHIPPED && !status; state++)
                status = transit_add(verify, &key, state, ocore__minus(0, units[state]));
        return status ? status
                      : ocore__transit_returned(verify, row->order_id, row->line, row->lot,
                                ocore__minus(0, row->returned));
}

int ocore__transit_returned(
        ocore__verify *verify, ocore_id order_id, int64_t line, ocore_str lot, int64_t units)
{
        const ocore__transit key = {.order_id = order_id, .line = line, .lot = lot};

        return lot.size ? transit_add(verify, &key, OCORE__TRANSIT_RETURNED, units) : OCORE_OK;
}

/* A line of a fulfillment that was not taken back. */
static int take_line(ocore__verify *verify, ocore__order_proof *proof, const ocore_fulfillment *row,
        const ocore_fulfillment_line *line)
{
        const ocore__transit key = {
                .order_id = row->order_id, .line = line->line, .site = row->site, .lot = line->lot};
        ocore__line_proof *ordered = &proof->lines[line->line - 1];

        if (row->state <= OCORE_FULFILLMENT_STATE_SHIPPED)
                return transit_add(verify, &key, row->state, line->quantity);
        if (row->state == OCORE_FULFILLMENT_STATE_DELIVERED)
                ordered->arrived = ocore__plus(ordered->arrived, line->quantity);
        return OCORE_OK;
}

static int take_fulfillment(
        ocore__verify *verify, ocore__order_proof *proof, const ocore__above *above)
{
        const ocore_fulfillment *row = above->row;
        char room[OCORE__SUBJECT_SIZE];
        int64_t expected = 1;
        int status = OCORE_OK;

        if (!above->count)
                status = ocore__found(verify, "O2", "fulfillment",
                        ocore__subject(room, "%i", &row->id), "it has no lines");
        for (const ocore__below *below = above->first; below && !status;
                below = below->next, expected++) {
                const ocore_fulfillment_line *line = below->row;

                ocore__subject(room, "%i %d", &row->id, &line->number);
                if (line->line < 1 || (uint64_t)line->line > proof->line_count ||
                        !ocore_str_equal(line->sku, proof->lines[line->line - 1].row.sku))
                        status = ocore__found(verify, "O2", "fulfillment_line", room,
                                "it is of \"%t\", which line %d of the order is not", &line->sku,
                                &line->line);
                else if (line->quantity < 0 || line->short_quantity < 0 ||
                         (!line->quantity && !line->short_quantity) || line->number != expected)
                        status = ocore__found(verify, "O2", "fulfillment_line", room,
                                "its quantity is %d, %d were short; line %d was expected",
                                &line->quantity, &line->short_quantity, &expected);
                else
                        status = take_line(verify, proof, row, line);
        }
        return status;
}

int ocore__verify_fulfillments(ocore__verify *verify, ocore__order_walk *walk)
{
        const size_t offset = offsetof(ocore_fulfillment, order_id);
        const ocore__above *above;
        int status = ocore__cursor_take(
                verify, &walk->fulfillments, offset, walk->proof.order.id, "O2", &above);

        while (!status && above) {
                status = take_fulfillment(verify, &walk->proof, above);
                if (!status)
                        status = ocore__cursor_take(verify, &walk->fulfillments, offset,
                                walk->proof.order.id, "O2", &above);
        }
        return status;
}

static int check_transit(ocore__verify *verify, const ocore__transit *transit)
{
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%i %d %t %t", &transit->order_id,
                &transit->line, &transit->site, &transit->lot);
        int status = OCORE_OK;

        if (transit->units[OCORE__TRANSIT_RETURNED])
                status = ocore__found(verify, "RT1", "allocation", subject,
                        "returns of this lot have %d more than it says came back",
                        &transit->units[OCORE__TRANSIT_RETURNED]);
        for (int64_t state = OCORE_FULFILLMENT_STATE_OPEN;
                state <= OCORE_FULFILLMENT_STATE_SHIPPED && !status; state++)
                if (transit->units[state])
                        status = ocore__found(verify, "O2", "allocation", subject,
                                "fulfillments in state %d have %d more than it has", &state,
                                &transit->units[state]);
        return status;
}

/* Units on their way, and lots that came back: fulfillments, allocations and returns must agree. */
int ocore__verify_transits(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->transits.slot_count && !status; i++)
                if (verify->transits.slots[i])
                        status = check_transit(verify, verify->transits.slots[i]);
        return status;
}
