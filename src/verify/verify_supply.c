/*
 * What is not there yet: supplies and the purchase orders and transfers that they come from,
 * counts, and in the end promises and caps against what orders say of them (I2, I3, I5).
 */
#include "verify.h"

#include "base/hash.h"

static int same_supply(const void *entry, const void *key)
{
        const ocore__supply_proof *a = entry, *b = key;

        return a->number == b->number && ocore__id_compare(a->source_id, b->source_id) == 0 &&
               ocore_str_equal(a->sku, b->sku);
}

static uint64_t supply_hash(const ocore__supply_proof *key)
{
        uint64_t hash = ocore__hash(
                key->source_id.bytes, sizeof key->source_id.bytes, (uint64_t)key->number);

        return ocore__hash(key->sku.data, key->sku.size, hash);
}

ocore__supply_proof *ocore__supply_proof_of(
        const ocore__verify *verify, ocore_str sku, ocore_id source_id, int64_t number)
{
        const ocore__supply_proof key = {.sku = sku, .source_id = source_id, .number = number};

        return ocore__table_find(&verify->supplies, supply_hash(&key), same_supply, &key);
}

/* Units that are ordered or made are incoming at their site; transfers bring theirs themselves. */
static int own_incoming(ocore__verify *verify, const ocore_supply *row)
{
        ocore__place *place;
        int status;

        if (row->source == OCORE_SOURCE_TRANSFER || !row->expected)
                return OCORE_OK;
        status = ocore__place_of(verify, row->sku, row->site, (ocore_str){0}, row->scale, &place);
        if (!status)
                place->owned[OCORE_BUCKET_INCOMING] =
                        ocore__plus(place->owned[OCORE_BUCKET_INCOMING], row->expected);
        return status;
}

static int take_supply(ocore__verify *verify, const ocore__above *above)
{
        const ocore_supply *row = above->row;
        ocore__supply_proof *proof = ocore__arena_zero(&verify->arena, 1, sizeof *proof);
        char room[OCORE__SUBJECT_SIZE];
        const char *subject =
                ocore__subject(room, "%t %i %d", &row->sku, &row->source_id, &row->number);
        int status = ocore__check_goods(
                verify, "I2", "supply", subject, row->sku, row->site, row->scale);

        if (!proof || ocore__arena_text(&verify->arena, row->sku, &proof->sku))
                return OCORE_NOMEM;
        proof->source_id = row->source_id;
        proof->number = row->number;
        proof->source = row->source;
        proof->order_id = row->order_id;
        proof->due_us = row->due_us;
        proof->expected = row->expected;
        proof->unpromised = row->unpromised;
        if (!status && (row->unpromised > row->expected || (!row->expected && !row->unpromised)))
                status = ocore__found(verify, "I6", "supply", subject,
                        "of %d expected are %d unpromised", &row->expected, &row->unpromised);
        if (!status)
                status = own_incoming(verify, row);
        return status ? status
                      : ocore__table_add(verify, &verify->supplies, proof, supply_hash(proof));
}

/* What a source says is still to come is what its supply expects. A supply of which nothing is
 * expected may stay until what was promised of it is given back. */
static int check_source(ocore__verify *verify, const char *invariant, const char *table,
        const char *subject, ocore_str sku, const ocore__supply_proof *source)
{
        ocore__supply_proof *supply =
                ocore__supply_proof_of(verify, sku, source->source_id, source->number);
        int64_t there = supply ? supply->expected : 0;

        if (supply)
                supply->sourced = supply->source == source->source;
        if (there != source->expected)
                return ocore__found(verify, invariant, table, subject,
                        "%d are still to come, its supply expects %d", &source->expected, &there);
        if (supply && (supply->due_us != source->due_us ||
                              ocore__id_compare(supply->order_id, source->order_id) != 0))
                return ocore__found(verify, invariant, table, subject,
                        "it is due at %d for order %i, its supply at %d for order %i",
                        &source->due_us, &source->order_id, &supply->due_us, &supply->order_id);
        return OCORE_OK;
}

static int64_t state_of_lines(const ocore__above *above)
{
        for (const ocore__below *below = above->first; below; below = below->next) {
                const ocore_transfer_line *line = below->row;

                if (line->quantity != ocore__plus(line->received, line->lost))
                        return OCORE_TRANSFER_SHIPPED;
        }
        return OCORE_TRANSFER_CLOSED;
}

/* I5: out = in + in transit + lost, and each of these by its moves. */
static int take_transfer_line(ocore__verify *verify, const ocore_transfer *transfer,
        const ocore_transfer_line *line, const char *subject)
{
        const int64_t left = ocore__minus(line->quantity, ocore__plus(line->received, line->lost));
        ocore__flow from = {.subject = transfer->id,
                .sku = line->sku,
                .site = transfer->from_site,
                .lot = line->lot};
        ocore__flow to = from;
        ocore__place *place;
        int status = ocore__check_goods(verify, "I2", "stock_transfer_line", subject, line->sku,
                transfer->to_site, line->scale);

        to.site = transfer->to_site;
        if (!status && (line->quantity <= 0 || line->received < 0 || line->lost < 0 || left < 0))
                status = ocore__found(verify, "I5", "stock_transfer_line", subject,
                        "of %d sent %d arrived and %d are lost", &line->quantity, &line->received,
                        &line->lost);
        if (!status)
                status = ocore__flow_add(
                        verify, &from, OCORE__FLOW_SENT, ocore__minus(0, line->quantity));
        if (!status)
                status = ocore__flow_add(
                        verify, &to, OCORE__FLOW_UNDER_WAY, ocore__minus(0, line->quantity));
        if (!status)
                status = ocore__flow_add(
                        verify, &to, OCORE__FLOW_ARRIVED, ocore__minus(0, line->received));
        if (!status)
                status =
                        ocore__flow_add(verify, &to, OCORE__FLOW_LOST, ocore__minus(0, line->lost));
        if (!status)
                status = ocore__place_of(
                        verify, line->sku, transfer->to_site, line->lot, line->scale, &place);
        if (!status)
                place->owned[OCORE_BUCKET_IN_TRANSIT] =
                        ocore__plus(place->owned[OCORE_BUCKET_IN_TRANSIT], left);
        return status ? status
                      : check_source(verify, "I5", "stock_transfer_line", subject, line->sku,
                                &(ocore__supply_proof){.source_id = transfer->id,
                                        .number = line->number,
                                        .source = OCORE_SOURCE_TRANSFER,
                                        .due_us = transfer->due_us,
                                        .expected = transfer->due_us ? left : 0});
}

static int take_transfer(ocore__verify *verify, const ocore__above *above)
{
        const ocore_transfer *transfer = above->row;
        int64_t expected = 1, state = state_of_lines(above);
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%i", &transfer->id);
        int status = OCORE_OK;

        if (!above->count || transfer->state != state ||
                (transfer->closed_us != 0) != (state == OCORE_TRANSFER_CLOSED) ||
                ocore_str_equal(transfer->from_site, transfer->to_site) ||
                !ocore__name_find(&verify->sites, transfer->from_site))
                status = ocore__found(verify, "I5", "stock_transfer", subject,
                        "from \"%t\" to \"%t\" it is in state %d, closed at %d; by its lines in %d",
                        &transfer->from_site, &transfer->to_site, &transfer->state,
                        &transfer->closed_us, &state);
        for (const ocore__below *below = above->first; below && !status;
                below = below->next, expected++) {
                const ocore_transfer_line *line = below->row;

                ocore__subject(room, "%i %d", &transfer->id, &line->number);
                if (line->number != expected)
                        status = ocore__found(verify, "I5", "stock_transfer_line", room,
                                "line %d was expected", &expected);
                if (!status)
                        status = take_transfer_line(verify, transfer, line, room);
        }
        return status;
}

/* What a closed count found more or less is what it moved; another one moved nothing. */
static int take_count(ocore__verify *verify, const ocore__above *above)
{
        const ocore_count *count = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%i", &count->id);
        int status = OCORE_OK;

        if ((count->closed_us != 0) != (count->state != OCORE_COUNT_OPEN) ||
                !ocore__name_find(&verify->sites, count->site))
                status = ocore__found(verify, "I2", "stock_count", subject,
                        "in state %d at \"%t\" it was closed at %d", &count->state, &count->site,
                        &count->closed_us);
        for (const ocore__below *below = above->first; below && !status; below = below->next) {
                const ocore_count_line *line = below->row;
                const ocore__flow key = {.subject = count->id,
                        .sku = line->sku,
                        .site = count->site,
                        .lot = line->lot};

                ocore__subject(room, "%i %t %t", &count->id, &line->sku, &line->lot);
                status = ocore__check_goods(verify, "I2", "stock_count_line", room, line->sku,
                        count->site, line->scale);
                if (!status && (line->counted < 0 || line->variance != ocore__minus(line->counted,
                                                                               line->expected)))
                        status = ocore__found(verify, "I2", "stock_count_line", room,
                                "%d were counted and %d expected, a difference of %d",
                                &line->counted, &line->expected, &line->variance);
                if (!status && count->state == OCORE_COUNT_CLOSED && line->variance)
                        status = ocore__flow_add(
                                verify, &key, OCORE__FLOW_COUNTED, ocore__minus(0, line->variance));
        }
        return status;
}

static int is_under_way(const ocore_purchase *purchase)
{
        return purchase->state == OCORE_PURCHASE_SENT ||
               purchase->state == OCORE_PURCHASE_CONFIRMED ||
               purchase->state == OCORE_PURCHASE_RECEIVING;
}

static int check_purchase(ocore__verify *verify, const ocore__above *above, const char *subject)
{
        const ocore_purchase *purchase = above->row;
        const int over = purchase->state == OCORE_PURCHASE_CLOSED ||
                         purchase->state == OCORE_PURCHASE_CANCELLED;

        if (!above->count || (purchase->closed_us != 0) != over ||
                (is_under_way(purchase) && !purchase->sent_us) ||
                (purchase->kind == OCORE_PURCHASE_DROP_SHIP &&
                        ocore__id_is_none(purchase->order_id)) ||
                !ocore__name_find(&verify->sites, purchase->site))
                return ocore__found(verify, "I5", "purchase", subject,
                        "of kind %d at \"%t\" in state %d it was sent at %d and closed at %d",
                        &purchase->kind, &purchase->site, &purchase->state, &purchase->sent_us,
                        &purchase->closed_us);
        return OCORE_OK;
}

/* What was ordered and has not come is expected while the purchase order is under way. */
static int take_purchase_line(ocore__verify *verify, const ocore_purchase *purchase,
        const ocore_purchase_line *line, const char *subject)
{
        const int64_t left =
                line->quantity > line->received ? ocore__minus(line->quantity, line->received) : 0;
        int status = ocore__check_goods(
                verify, "I2", "purchase_line", subject, line->sku, purchase->site, line->scale);

        if (!status &&
                (line->quantity < 0 || line->received < 0 ||
                        (line->received && (purchase->state == OCORE_PURCHASE_PROPOSED ||
                                                   purchase->state == OCORE_PURCHASE_CANCELLED))))
                status = ocore__found(verify, "I5", "purchase_line", subject,
                        "of %d ordered %d came in state %d", &line->quantity, &line->received,
                        &purchase->state);
        return status ? status
                      : check_source(verify, "I5", "purchase_line", subject, line->sku,
                                &(ocore__supply_proof){.source_id = purchase->id,
                                        .number = line->number,
                                        .source = purchase->kind == OCORE_PURCHASE_PRODUCTION
                                                          ? OCORE_SOURCE_PRODUCTION
                                                          : OCORE_SOURCE_PURCHASE,
                                        .order_id = purchase->order_id,
                                        .due_us = line->due_us,
                                        .expected = is_under_way(purchase) ? left : 0});
}

static int take_purchase(ocore__verify *verify, const ocore__above *above)
{
        const ocore_purchase *purchase = above->row;
        char room[OCORE__SUBJECT_SIZE];
        int64_t expected = 1;
        const char *subject = ocore__subject(room, "%i", &purchase->id);
        int status = check_purchase(verify, above, subject);

        if (!status)
                status = ocore__link_purchase(verify, above, subject);

        for (const ocore__below *below = above->first; below && !status;
                below = below->next, expected++) {
                const ocore_purchase_line *line = below->row;

                ocore__subject(room, "%i %d", &purchase->id, &line->number);
                if (line->number != expected)
                        status = ocore__found(verify, "I5", "purchase_line", room,
                                "line %d was expected", &expected);
                if (!status)
                        status = take_purchase_line(verify, purchase, line, room);
        }
        return status;
}

int ocore__verify_supply(ocore__verify *verify)
{
        int status = ocore__each_row(verify, &ocore__supply_table, NULL, NULL, take_supply);

        if (!status)
                status = ocore__each_row(verify, &ocore__transfer_table,
                        &ocore__transfer_line_table, "I5", take_transfer);
        if (!status)
                status = ocore__each_row(
                        verify, &ocore__count_table, &ocore__count_line_table, "I2", take_count);
        return status ? status
                      : ocore__each_row(verify, &ocore__purchase_table, &ocore__purchase_line_table,
                                "I5", take_purchase);
}

/* No unit is promised twice: pegs are what is promised of a supply. */
static int check_supplies(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->supplies.slot_count && !status; i++) {
                const ocore__supply_proof *supply = verify->supplies.slots[i];
                char room[OCORE__SUBJECT_SIZE];
                int64_t promised;

                if (!supply)
                        continue;
                ocore__subject(room, "%t %i %d", &supply->sku, &supply->source_id, &supply->number);
                promised = ocore__minus(supply->expected, supply->unpromised);
                if (!supply->sourced)
                        status = ocore__found(verify, "I5", "supply", room,
                                "its transfer or purchase order is not there");
                if (!status && supply->pegged != promised)
                        status = ocore__found(verify, "I6", "supply", room,
                                "%d of it are promised, but orders have %d", &promised,
                                &supply->pegged);
        }
        return status;
}

int ocore__verify_promises(ocore__verify *verify)
{
        int status = check_supplies(verify);

        if (!status)
                status = ocore__verify_links(verify);
        for (size_t i = 0; i < verify->quotas.slot_count && !status; i++) {
                const ocore__quota_proof *quota = verify->quotas.slots[i];
                char room[OCORE__SUBJECT_SIZE];

                if (quota && quota->used)
                        status = ocore__found(verify, "I6", "quota",
                                ocore__subject(room, "%t %d %t", &quota->sku, &quota->kind,
                                        &quota->channel),
                                "it counts %d more than orders do", &quota->used);
        }
        return status;
}
