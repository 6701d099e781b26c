/*
 * The stock ledger: balances are the sum of their moves, and what is held, allocated, picked or in
 * inspection is what open holds, orders and returns say (I1, I2, I3, I4).
 */
#include "verify.h"

#include "base/hash.h"

static const char *const bucket_names[OCORE__BUCKETS] = {
        "", "available", "held", "allocated", "picked", "inspection", "damaged"};

/* Reads the rows of a catalogue table into a map of names. */
static int walk_names(ocore__verify *verify, const ocore_table *table, ocore__table_map *map)
{
        ocore__cursor cursor;
        const ocore__above *above;
        int status;

        ocore__cursor_init(verify, &cursor, table, 0, NULL);
        while ((status = ocore__cursor_next(verify, &cursor, &above)) == OCORE_OK && above &&
                !status) {
                const ocore_product *product = above->row;
                int is_product = table == &ocore__product_table;
                ocore_str name = is_product ? product->sku : ((const ocore_site *)above->row)->site;

                status = ocore__name_add(verify, map, name, is_product ? product->kind : 0,
                        is_product ? product->scale : 0);
                if (status)
                        break;
        }
        ocore__cursor_finish(&cursor);
        return status;
}

int ocore__verify_catalog(ocore__verify *verify)
{
        int status = walk_names(verify, &ocore__product_table, &verify->products);

        return status ? status : walk_names(verify, &ocore__site_table, &verify->sites);
}

/* What stands in every row of stock: a product of goods, with its scale, at a site that is
 * there. */
static int check_names(ocore__verify *verify, const char *table, const char *subject, ocore_str sku,
        ocore_str site, int64_t scale)
{
        const ocore__named *product = ocore__name_find(&verify->products, sku);
        int status = OCORE_OK;

        if (!product)
                status = ocore__found(
                        verify, "I2", table, subject, "there is no product \"%t\"", &sku);
        else if (product->kind != OCORE_PRODUCT_GOODS)
                status = ocore__found(verify, "I2", table, subject, "\"%t\" is no goods", &sku);
        else if (product->scale != scale)
                status = ocore__found(verify, "I2", table, subject,
                        "its scale is %d, that of the product %d", &scale, &product->scale);
        if (!status && !ocore__name_find(&verify->sites, site))
                status = ocore__found(
                        verify, "I2", table, subject, "there is no site \"%t\"", &site);
        return status;
}

static int check_balance(ocore__verify *verify, const ocore_stock *row)
{
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%t %t %t", &row->sku, &row->site, &row->lot);
        ocore_stock copy = *row;
        ocore__place *place;
        int64_t on_hand = 0;
        int status = check_names(verify, "stock", subject, row->sku, row->site, row->scale);

        if (!status)
                status = ocore__place_of(verify, row->sku, row->site, row->lot, row->scale, &place);
        if (status)
                return status;
        place->found = 1;
        for (int64_t i = 1; i < OCORE__BUCKETS && !status; i++) {
                place->balance[i] = *ocore__bucket(&copy, i);
                if (place->balance[i] < 0)
                        status = ocore__found(verify, "I1", "stock", subject,
                                "%s is %d, below zero", bucket_names[i], &place->balance[i]);
                else if (ocore__add(on_hand, place->balance[i], &on_hand))
                        status = ocore__found(verify, "I1", "stock", subject,
                                "the sum of its buckets leaves 64 bits");
        }
        return status;
}

static int walk_balances(ocore__verify *verify)
{
        ocore__cursor cursor;
        const ocore__above *above;
        int status;

        ocore__cursor_init(verify, &cursor, &ocore__stock_table, 0, NULL);
        status = ocore__cursor_next(verify, &cursor, &above);
        while (!status && above) {
                status = check_balance(verify, above->row);
                if (!status)
                        status = ocore__cursor_next(verify, &cursor, &above);
        }
        ocore__cursor_finish(&cursor);
        return status;
}

static int is_bucket(int64_t end)
{
        return end >= OCORE_BUCKET_AVAILABLE && end <= OCORE_BUCKET_DAMAGED;
}

static int fold_move(ocore__verify *verify, const ocore_stock_move *move, const char *subject)
{
        ocore__place *place;
        int64_t from = move->from_bucket, to = move->to_bucket;
        int status = ocore__place_of(verify, move->sku, move->site, move->lot, move->scale, &place);

        if (status)
                return status;
        if (move->quantity <= 0 || from == to || (!is_bucket(from) && !is_bucket(to)))
                return ocore__found(verify, "I2", "stock_move", subject,
                        "a move of %d from %d to %d is none", &move->quantity, &from, &to);
        if (is_bucket(from))
                place->moved[from] = ocore__minus(place->moved[from], move->quantity);
        if (is_bucket(to))
                place->moved[to] = ocore__plus(place->moved[to], move->quantity);
        if (to == OCORE_ACCOUNT_CUSTOMER)
                place->sent = ocore__plus(place->sent, move->quantity);
        if (from == OCORE_ACCOUNT_CUSTOMER)
                place->came_back = ocore__plus(place->came_back, move->quantity);
        return OCORE_OK;
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
                        status = check_names(
                                verify, "stock_move", subject, move->sku, move->site, move->scale);
                if (!status)
                        status = fold_move(verify, move, subject);
                if (!status)
                        status = ocore__cursor_next(verify, &cursor, &above);
        }
        ocore__cursor_finish(&cursor);
        return status;
}

/* Lines of an open hold are stock that is held. */
static int check_hold_lines(ocore__verify *verify, const ocore__above *above, const char *subject)
{
        const ocore_hold *hold = above->row;
        int64_t expected = 1;
        int status = OCORE_OK;

        for (const ocore__below *below = above->first; below && !status;
                below = below->next, expected++) {
                const ocore_hold_line *line = below->row;
                ocore__place *place;

                if (line->number != expected || line->quantity <= 0)
                        status = ocore__found(verify, "I4", "hold_line", subject,
                                "line %d holds %d; line %d was expected", &line->number,
                                &line->quantity, &expected);
                if (!status)
                        status = check_names(
                                verify, "hold_line", subject, line->sku, line->site, line->scale);
                if (!status)
                        status = ocore__place_of(
                                verify, line->sku, line->site, line->lot, line->scale, &place);
                if (!status && hold->state == OCORE_HOLD_OPEN)
                        place->owned[OCORE_BUCKET_HELD] =
                                ocore__plus(place->owned[OCORE_BUCKET_HELD], line->quantity);
        }
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
        if (!status && !above->count)
                status = ocore__found(verify, "I4", "hold", subject, "it has no lines");
        if (converted)
                verify->hold_orders += ocore__hash(hold->id.bytes, sizeof hold->id.bytes,
                        ocore__hash(hold->order_id.bytes, sizeof hold->order_id.bytes, 1));
        return status ? status : check_hold_lines(verify, above, subject);
}

static int walk_holds(ocore__verify *verify)
{
        ocore__cursor cursor;
        const ocore__above *above;
        int status;

        ocore__cursor_init(verify, &cursor, &ocore__hold_table, 0, &ocore__hold_line_table);
        status = ocore__cursor_next(verify, &cursor, &above);
        while (!status && above) {
                status = check_hold(verify, above);
                if (!status)
                        status = ocore__cursor_next(verify, &cursor, &above);
        }
        if (!status)
                status = ocore__cursor_below(verify, &cursor, "I4");
        ocore__cursor_finish(&cursor);
        return status;
}

int ocore__verify_stock(ocore__verify *verify)
{
        int status = walk_balances(verify);

        if (!status)
                status = walk_moves(verify);
        return status ? status : walk_holds(verify);
}

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
                if (!status && i >= OCORE_BUCKET_HELD && i <= OCORE_BUCKET_INSPECTION &&
                        place->owned[i] != place->balance[i])
                        status = ocore__found(verify, i == OCORE_BUCKET_HELD ? "I4" : "I3", "stock",
                                subject, "%s is %d, but holds, orders and returns have %d there",
                                bucket_names[i], &place->balance[i], &place->owned[i]);
        }
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

int ocore__verify_places(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->places.slot_count && !status; i++)
                if (verify->places.slots[i])
                        status = check_place(verify, verify->places.slots[i]);
        return status;
}
