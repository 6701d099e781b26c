/*
 * The stock ledger: balances are the sum of their moves, and what is held, allocated, picked, in
 * inspection, incoming or in transit is what open holds, orders, returns, supplies and transfers
 * say (I1, I2, I3, I4, I5); a lot is one lot in the whole house.
 */
#include "verify.h"

#include "base/hash.h"

static const char *const bucket_names[OCORE__BUCKETS] = {"", "available", "held", "allocated",
        "picked", "inspection", "damaged", "incoming", "in_transit"};

static int same_lot(const void *entry, const void *key)
{
        const ocore__lot *a = entry, *b = key;

        return ocore_str_equal(a->sku, b->sku) && ocore_str_equal(a->lot, b->lot);
}

int ocore__lot_of(ocore__verify *verify, ocore_str sku, ocore_str lot, ocore__lot **out)
{
        const ocore__lot key = {.sku = sku, .lot = lot};
        uint64_t hash = ocore__hash(lot.data, lot.size, ocore__hash(sku.data, sku.size, 2));
        ocore__lot *there = ocore__table_find(&verify->lots, hash, same_lot, &key);

        if (!there) {
                there = ocore__arena_zero(&verify->arena, 1, sizeof *there);
                if (!there || ocore__arena_text(&verify->arena, sku, &there->sku) ||
                        ocore__arena_text(&verify->arena, lot, &there->lot) ||
                        ocore__table_add(verify, &verify->lots, there, hash))
                        return OCORE_NOMEM;
        }
        *out = there;
        return OCORE_OK;
}

/* A lot has one date in the whole house, is recalled everywhere or nowhere, and then not sold. */
static int check_lot(ocore__verify *verify, const ocore_stock *row, const char *subject)
{
        ocore__lot *lot;
        int64_t units = ocore__plus(
                ocore__plus(row->available, row->held), ocore__plus(row->allocated, row->picked));
        int status = ocore__lot_of(verify, row->sku, row->lot, &lot);

        if (status)
                return status;
        if (!lot->found) {
                lot->found = 1;
                lot->expires_us = row->expires_us;
                lot->recalled_us = row->recalled_us;
        }
        units = ocore__plus(units, ocore__plus(row->inspection, row->damaged));
        lot->units = ocore__plus(lot->units, ocore__plus(units, row->in_transit));
        if (!row->lot.size && (row->expires_us || row->recalled_us))
                return ocore__found(
                        verify, "I3", "stock", subject, "it is no lot, but has a date of one");
        if (row->expires_us != lot->expires_us || row->recalled_us != lot->recalled_us)
                return ocore__found(verify, "I3", "stock", subject,
                        "the lot expires at %d and was recalled at %d; elsewhere at %d and %d",
                        &row->expires_us, &row->recalled_us, &lot->expires_us, &lot->recalled_us);
        if (row->recalled_us && row->available)
                return ocore__found(verify, "I3", "stock", subject,
                        "%d are available of a lot that was recalled", &row->available);
        return OCORE_OK;
}

/* The buckets on hand are those up to damaged; what was oversold is missing from them. */
static int check_buckets(
        ocore__verify *verify, ocore__place *place, ocore_stock *row, const char *subject)
{
        int64_t on_hand;
        int status = OCORE_OK;

        for (int64_t i = 1; i < OCORE__BUCKETS && !status; i++) {
                place->balance[i] = *ocore__bucket(row, i);
                if (place->balance[i] < 0)
                        status = ocore__found(verify, "I1", "stock", subject,
                                "%s is %d, below zero", bucket_names[i], &place->balance[i]);
        }
        place->oversold = row->oversold;
        if (!status && row->oversold < 0)
                status = ocore__found(verify, "I1", "stock", subject, "oversold is %d, below zero",
                        &row->oversold);
        if (!status && row->available > 0 && row->oversold > 0)
                status = ocore__found(verify, "I1", "stock", subject,
                        "%d are available, and %d oversold", &row->available, &row->oversold);
        if (!status && ocore__stock_on_hand(row, &on_hand))
                status = ocore__found(
                        verify, "I1", "stock", subject, "the sum of its buckets leaves 64 bits");
        return status;
}

static int check_balance(ocore__verify *verify, const ocore__above *above)
{
        const ocore_stock *row = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%t %t %t", &row->sku, &row->site, &row->lot);
        ocore_stock copy = *row;
        ocore__place *place;
        int status =
                ocore__check_goods(verify, "I2", "stock", subject, row->sku, row->site, row->scale);

        if (!status)
                status = ocore__place_of(verify, row->sku, row->site, row->lot, row->scale, &place);
        if (status)
                return status;
        place->found = 1;
        status = check_buckets(verify, place, &copy, subject);
        return status ? status : check_lot(verify, row, subject);
}

static int same_flow(const void *entry, const void *key)
{
        const ocore__flow *a = entry, *b = key;

        return ocore__id_compare(a->subject, b->subject) == 0 && ocore_str_equal(a->sku, b->sku) &&
               ocore_str_equal(a->site, b->site) && ocore_str_equal(a->lot, b->lot);
}

int ocore__flow_add(ocore__verify *verify, const ocore__flow *key, int flow, int64_t units)
{
        uint64_t hash = ocore__hash(key->subject.bytes, sizeof key->subject.bytes, 1);
        ocore__flow *there;

        hash = ocore__hash(key->lot.data, key->lot.size,
                ocore__hash(key->site.data, key->site.size,
                        ocore__hash(key->sku.data, key->sku.size, hash)));
        there = ocore__table_find(&verify->flows, hash, same_flow, key);
        if (!there) {
                there = ocore__arena_zero(&verify->arena, 1, sizeof *there);
                if (!there || ocore__arena_text(&verify->arena, key->sku, &there->sku) ||
                        ocore__arena_text(&verify->arena, key->site, &there->site) ||
                        ocore__arena_text(&verify->arena, key->lot, &there->lot) ||
                        ocore__table_add(verify, &verify->flows, there, hash))
                        return OCORE_NOMEM;
                there->subject = key->subject;
        }
        there->units[flow] = ocore__plus(there->units[flow], units);
        return OCORE_OK;
}

/* Moves of counts and transfers, for what these say themselves. */
static int fold_flow(ocore__verify *verify, const ocore_stock_move *move)
{
        const ocore__flow key = {.subject = move->subject_id,
                .sku = move->sku,
                .site = move->site,
                .lot = move->lot};
        const int64_t from = move->from_bucket, to = move->to_bucket, units = move->quantity;
        ocore__lot *lot;
        int status = OCORE_OK;

        if (from == OCORE_ACCOUNT_TRANSFER || to == OCORE_ACCOUNT_TRANSFER) {
                int out = to == OCORE_ACCOUNT_TRANSFER;

                status = ocore__lot_of(verify, move->sku, move->lot, &lot);
                if (status)
                        return status;
                lot->transferred =
                        ocore__plus(lot->transferred, out ? units : ocore__minus(0, units));
                status = ocore__flow_add(
                        verify, &key, out ? OCORE__FLOW_SENT : OCORE__FLOW_UNDER_WAY, units);
        } else if (from == OCORE_BUCKET_IN_TRANSIT) {
                status = ocore__flow_add(verify, &key,
                        to == OCORE_ACCOUNT_LOST ? OCORE__FLOW_LOST : OCORE__FLOW_ARRIVED, units);
        } else if ((from == OCORE_ACCOUNT_COUNT || to == OCORE_ACCOUNT_COUNT) &&
                   !ocore__id_is_none(move->subject_id)) {
                status = ocore__flow_add(verify, &key, OCORE__FLOW_COUNTED,
                        from == OCORE_ACCOUNT_COUNT ? units : ocore__minus(0, units));
        }
        return status;
}

static int is_bucket(int64_t end)
{
        return end >= OCORE_BUCKET_AVAILABLE && end < OCORE__BUCKETS;
}

static int fold_move(ocore__verify *verify, const ocore_stock_move *move, const char *subject)
{
        ocore__place *place;
        int64_t from = move->from_bucket, to = move->to_bucket, units = move->quantity;
        int status = ocore__place_of(verify, move->sku, move->site, move->lot, move->scale, &place);

        if (status)
                return status;
        if (units <= 0 || from == to || (!is_bucket(from) && !is_bucket(to)))
                return ocore__found(verify, "I2", "stock_move", subject,
                        "a move of %d from %d to %d is none", &units, &from, &to);
        if (is_bucket(from))
                place->moved[from] = ocore__minus(place->moved[from], units);
        if (is_bucket(to))
                place->moved[to] = ocore__plus(place->moved[to], units);
        if (from == OCORE_ACCOUNT_OVERSOLD)
                place->oversold_moved = ocore__plus(place->oversold_moved, units);
        if (to == OCORE_ACCOUNT_OVERSOLD)
                place->oversold_moved = ocore__minus(place->oversold_moved, units);
        if (to == OCORE_ACCOUNT_CUSTOMER)
                place->sent = ocore__plus(place->sent, units);
        if (from == OCORE_ACCOUNT_CUSTOMER)
                place->came_back = ocore__plus(place->came_back, units);
        return fold_flow(verify, move);
}

static int walk_moves(ocore__verify *verify)
{
        ocore__cursor cursor;
        const ocore__above *above;
        ocore_id command = {{0}};
        int64_t expected = 1;
        int status;

        ocore__cursor_init(verify, &cursor, &ocore__stock_move_table, 0, NULL);
        status = ocore__cursor_next(verify, &cursor, &above);
        while (!status && above) {
                const ocore_stock_move *move = above->row;
                char room[OCORE__SUBJECT_SIZE];
                const char *subject =
                        ocore__subject(room, "%i %d", &move->command_id, &move->number);

                if (ocore__id_compare(command, move->command_id) != 0)
                        expected = 1;
                command = move->command_id;
                if (move->number != expected)
                        status = ocore__found(verify, "I2", "stock_move", subject,
                                "move %d of its command is missing", &expected);
                expected = ocore__plus(move->number, 1);
                if (!status)
                        status = ocore__check_goods(verify, "I2", "stock_move", subject, move->sku,
                                move->site, move->scale);
                if (!status)
                        status = fold_move(verify, move, subject);
                if (!status)
                        status = ocore__cursor_next(verify, &cursor, &above);
        }
        ocore__cursor_finish(&cursor);
        return status;
}

int ocore__verify_stock(ocore__verify *verify)
{
        int status = ocore__each_row(verify, &ocore__stock_table, NULL, NULL, check_balance);

        return status ? status : walk_moves(verify);
}

/* Which invariant says that a bucket is what others say of it; NULL: nobody does. */
static const char *const owners[OCORE__BUCKETS] = {[OCORE_BUCKET_HELD] = "I4",
        [OCORE_BUCKET_ALLOCATED] = "I3",
        [OCORE_BUCKET_PICKED] = "I3",
        [OCORE_BUCKET_INSPECTION] = "I3",
        [OCORE_BUCKET_INCOMING] = "I5",
        [OCORE_BUCKET_IN_TRANSIT] = "I5"};

/* One place, after all the walks: three ways to the same number. */
static int check_place(ocore__verify *verify, const ocore__place *place)
{
        char room[OCORE__SUBJECT_SIZE];
        const char *subject =
                ocore__subject(room, "%t %t %t", &place->sku, &place->site, &place->lot);
        int status = OCORE_OK;

        if (!place->found)
                return ocore__found(verify, "I2", "stock", subject,
                        "rows refer to it, but there is no balance");
        for (int64_t i = 1; i < OCORE__BUCKETS && !status; i++) {
                if (place->moved[i] != place->balance[i])
                        status = ocore__found(verify, "I2", "stock", subject,
                                "%s is %d, its moves sum to %d", bucket_names[i],
                                &place->balance[i], &place->moved[i]);
                if (!status && owners[i] && place->owned[i] != place->balance[i])
                        status = ocore__found(verify, owners[i], "stock", subject,
                                "%s is %d, but what is open has %d there", bucket_names[i],
                                &place->balance[i], &place->owned[i]);
        }
        if (!status && place->oversold_moved != place->oversold)
                status = ocore__found(verify, "I2", "stock", subject,
                        "oversold is %d, its moves sum to %d", &place->oversold,
                        &place->oversold_moved);
        if (!status && place->sent != place->orders_sent)
                status = ocore__found(verify, "I3", "stock", subject,
                        "%d were moved to customers, orders have %d", &place->sent,
                        &place->orders_sent);
        if (!status && place->came_back != place->returns_came_back)
                status = ocore__found(verify, "RT2", "stock", subject,
                        "%d came back from customers, returns have %d", &place->came_back,
                        &place->returns_came_back);
        return status;
}

/* A serial number is one unit, and what left one site for another is in transit there. */
static int check_lots(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->lots.slot_count && !status; i++) {
                const ocore__lot *lot = verify->lots.slots[i];
                const ocore__named *product =
                        lot ? ocore__name_find(&verify->products, lot->sku) : NULL;
                char room[OCORE__SUBJECT_SIZE];

                if (!lot)
                        continue;
                ocore__subject(room, "%t %t", &lot->sku, &lot->lot);
                if (lot->transferred)
                        status = ocore__found(verify, "I5", "stock_move", room,
                                "%d more left a site than came to be in transit",
                                &lot->transferred);
                if (!status && product && product->tracking == OCORE_TRACKING_SERIAL &&
                        lot->lot.size && lot->units > ocore__power_of_ten((int)product->scale))
                        status = ocore__found(verify, "I3", "stock", room,
                                "%d units have this serial number", &lot->units);
        }
        return status;
}

/* What moved for a count or transfer is what it says itself. */
static int check_flows(ocore__verify *verify)
{
        static const char *const words[OCORE__FLOWS] = {[OCORE__FLOW_COUNTED] = "counted",
                [OCORE__FLOW_SENT] = "sent",
                [OCORE__FLOW_UNDER_WAY] = "under way",
                [OCORE__FLOW_ARRIVED] = "arrived",
                [OCORE__FLOW_LOST] = "lost"};
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->flows.slot_count && !status; i++) {
                const ocore__flow *flow = verify->flows.slots[i];
                char room[OCORE__SUBJECT_SIZE];

                for (int n = 0; flow && n < OCORE__FLOWS && !status; n++)
                        if (flow->units[n])
                                status = ocore__found(verify,
                                        n == OCORE__FLOW_COUNTED ? "I2" : "I5", "stock_move",
                                        ocore__subject(room, "%i %t %t %t", &flow->subject,
                                                &flow->sku, &flow->site, &flow->lot),
                                        "%d more were moved as %s than it says", &flow->units[n],
                                        words[n]);
        }
        return status;
}

int ocore__verify_places(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->places.slot_count && !status; i++)
                if (verify->places.slots[i])
                        status = check_place(verify, verify->places.slots[i]);
        if (!status)
                status = check_lots(verify);
        return status ? status : check_flows(verify);
}
