/*
 * Holds: what an open one holds is held stock, it ends once, and what orders took out of it is what
 * its events say (I4).
 */
#include "verify.h"

#include "base/hash.h"

static int check_line(ocore__verify *verify, const ocore_hold *hold, const ocore_hold_line *line,
        int64_t expected, const char *subject)
{
        int open = hold->state == OCORE_HOLD_OPEN, held = open && line->quantity > 0;
        const ocore_str held_sku = held ? line->sku : (ocore_str){0};
        ocore__place *place;
        int status = OCORE_OK;

        if (line->number != expected || line->quantity < 0)
                status = ocore__found(verify, "I4", "hold_line", subject,
                        "line %d holds %d; line %d was expected", &line->number, &line->quantity,
                        &expected);
        if (!status &&
                (!ocore_str_equal(line->held_sku, held_sku) || line->priority != hold->priority ||
                        line->rank != ocore__minus(0, hold->at_us)))
                status = ocore__found(verify, "I4", "hold_line", subject,
                        "line %d is found under \"%t\", with priority %d and rank %d",
                        &line->number, &line->held_sku, &line->priority, &line->rank);
        if (!status)
                status = ocore__check_goods(
                        verify, "I2", "hold_line", subject, line->sku, line->site, line->scale);
        if (!status)
                status = ocore__place_of(
                        verify, line->sku, line->site, line->lot, line->scale, &place);
        if (!status && open)
                place->owned[OCORE_BUCKET_HELD] =
                        ocore__plus(place->owned[OCORE_BUCKET_HELD], line->quantity);
        return status;
}

static int check_lines(ocore__verify *verify, const ocore__above *above, const char *subject)
{
        const ocore_hold *hold = above->row;
        int64_t expected = 1;
        int held = 0, status = OCORE_OK;

        for (const ocore__below *below = above->first; below && !status;
                below = below->next, expected++) {
                const ocore_hold_line *line = below->row;

                held |= line->quantity > 0;
                status = check_line(verify, hold, line, expected, subject);
        }
        /* One that was emptied by a transfer or for another hold was released so. */
        if (!status && (!above->count || (!held && hold->state != OCORE_HOLD_RELEASED)))
                status = ocore__found(verify, "I4", "hold", subject, "it holds nothing");
        return status;
}

static int check_hold(ocore__verify *verify, const ocore__above *above)
{
        const ocore_hold *hold = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%i", &hold->id);
        int open = hold->state == OCORE_HOLD_OPEN, converted = hold->state == OCORE_HOLD_CONVERTED;
        int status = OCORE_OK;

        if (hold->due_us != (open ? hold->expires_us : 0))
                status = ocore__found(verify, "I4", "hold", subject,
                        "in state %d it is due at %d, its deadline is %d", &hold->state,
                        &hold->due_us, &hold->expires_us);
        if (!status && converted == ocore__id_is_none(hold->order_id))
                status = ocore__found(verify, "I4", "hold", subject, "in state %d its order is %i",
                        &hold->state, &hold->order_id);
        return status ? status : check_lines(verify, above, subject);
}

int ocore__verify_holds(ocore__verify *verify)
{
        return ocore__each_row(
                verify, &ocore__hold_table, &ocore__hold_line_table, "I4", check_hold);
}

static int same_taking(const void *entry, const void *key)
{
        const ocore__taking *a = entry, *b = key;

        return ocore__id_compare(a->hold_id, b->hold_id) == 0 &&
               ocore__id_compare(a->command_id, b->command_id) == 0;
}

int ocore__taking_of(
        ocore__verify *verify, ocore_id hold_id, ocore_id command_id, ocore__taking **out)
{
        const ocore__taking key = {.hold_id = hold_id, .command_id = command_id};
        uint64_t hash = ocore__hash(hold_id.bytes, sizeof hold_id.bytes,
                ocore__hash(command_id.bytes, sizeof command_id.bytes, 1));
        ocore__taking *taking = ocore__table_find(&verify->takings, hash, same_taking, &key);

        if (!taking) {
                taking = ocore__arena_take(&verify->arena, sizeof *taking);
                if (!taking)
                        return OCORE_NOMEM;
                *taking = key;
                if (ocore__table_add(verify, &verify->takings, taking, hash))
                        return OCORE_NOMEM;
        }
        *out = taking;
        return OCORE_OK;
}

int ocore__verify_takings(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->takings.slot_count && !status; i++) {
                const ocore__taking *taking = verify->takings.slots[i];
                char room[OCORE__SUBJECT_SIZE];

                if (!taking || (taking->by_hold && taking->by_order &&
                                       (ocore__id_is_none(taking->hold_order) ||
                                               ocore__id_compare(
                                                       taking->hold_order, taking->order_id) == 0)))
                        continue;
                status = ocore__found(verify, "I4", "hold",
                        ocore__subject(room, "%i", &taking->hold_id),
                        "it and the order %i placed from it do not name each other",
                        taking->by_order ? &taking->order_id : &taking->hold_order);
        }
        return status;
}
