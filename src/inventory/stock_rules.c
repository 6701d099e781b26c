/* The stock ledger: every unit is in one bucket, and leaves it only with a move row. What comes in
 * is put into the right row: of the right lot, once if it has a serial number. */
#include "inventory.h"

int64_t *ocore__bucket(ocore_stock *stock, int64_t bucket)
{
        switch (bucket) {
        case OCORE_BUCKET_AVAILABLE: return &stock->available;
        case OCORE_BUCKET_HELD: return &stock->held;
        case OCORE_BUCKET_ALLOCATED: return &stock->allocated;
        case OCORE_BUCKET_PICKED: return &stock->picked;
        case OCORE_BUCKET_INSPECTION: return &stock->inspection;
        case OCORE_BUCKET_DAMAGED: return &stock->damaged;
        case OCORE_BUCKET_INCOMING: return &stock->incoming;
        case OCORE_BUCKET_IN_TRANSIT: return &stock->in_transit;
        default: return NULL;
        }
}

int ocore__stock_on_hand(const ocore_stock *stock, int64_t *out)
{
        const int64_t buckets[] = {stock->available, stock->held, stock->allocated, stock->picked,
                stock->inspection, stock->damaged};
        int64_t sum = 0;
        int status = OCORE_OK;

        for (size_t i = 0; i < sizeof buckets / sizeof buckets[0] && !status; i++)
                status = ocore__add(sum, buckets[i], &sum);
        return status ? status : ocore__subtract(sum, stock->oversold, out);
}

/* A new row rests on there being none, which no row says: so the product is rewritten, and of two
 * writers who bring a place or a lot at once, or of whom one decides that there is no more of the
 * product, one decides again. */
static int claim_product(ocore__work *work, ocore_str sku)
{
        ocore__group *products;
        int status = ocore__want(work, &ocore__product_table, ocore__cell_text(sku), &products);

        if (!status && !products->loaded)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__only(products))
                return OCORE_CONFLICT; /* it was there when it was consulted */
        return ocore__edit(work, ocore__first(products)) ? OCORE_OK : work->status;
}

ocore__entry *ocore__stock_entry(ocore__work *work, ocore__group *stock, ocore_str sku,
        ocore_str site, ocore_str lot, int64_t scale)
{
        ocore_stock row = {.sku = sku, .site = site, .lot = lot, .scale = scale};
        ocore__lot_walk walk;
        ocore__entry *there = ocore__stock_find(work, stock, site, lot);
        ocore__entry *other =
                there || !lot.size ? NULL : ocore__stock_lot_first(work, stock, lot, &walk);

        if (there)
                return there;
        if (!work->status)
                work->status = claim_product(work, sku);
        if (work->status)
                return NULL;
        if (other) {
                const ocore_stock *known = ocore__row(other);

                row.expires_us = known->expires_us;
                row.recalled_us = known->recalled_us;
                ocore__rely(work, other);
        }
        return ocore__stock_place_add(work, stock, &row);
}

/* Moves a quantity within a row. What was oversold is a debt: it rises with what is taken from its
 * account and falls with what is given back. A row that refuses is left as it was. */
static int shift_row(ocore_stock *stock, int64_t from_bucket, int64_t to_bucket, int64_t quantity)
{
        ocore_stock row = *stock;
        int64_t *falls[] = {ocore__bucket(&row, from_bucket),
                to_bucket == OCORE_ACCOUNT_OVERSOLD ? &row.oversold : NULL};
        int64_t *rises[] = {ocore__bucket(&row, to_bucket),
                from_bucket == OCORE_ACCOUNT_OVERSOLD ? &row.oversold : NULL};
        int64_t on_hand;

        for (size_t i = 0; i < 2; i++) {
                if (falls[i] && *falls[i] < quantity)
                        return OCORE_OUT_OF_STOCK;
                if (falls[i])
                        *falls[i] -= quantity;
        }
        for (size_t i = 0; i < 2; i++)
                if (rises[i] && ocore__add(*rises[i], quantity, rises[i]))
                        return OCORE_OVERFLOW;
        if (rises[0] && ocore__stock_on_hand(&row, &on_hand))
                return OCORE_OVERFLOW;
        *stock = row;
        return OCORE_OK;
}

/* What a command before this one in the unit said must be left there: who takes by another way, and
 * may, takes from that as well. */
static void lower_floor(ocore__work *work, ocore__entry *entry, int64_t available)
{
        const size_t offset = offsetof(ocore_stock, available);
        int64_t floor = entry->floored ? entry->floor_pending : entry->floor;

        if (entry->floor_offset == offset && floor > available)
                ocore__floor(work, entry, offset, available);
}

/* What is available and what is oversold never stand side by side, and a sum would not see that the
 * other one came in between. Only a rule of the product lets it be sold below zero: where there is
 * none, its row proves it; where there is one, or nobody knows, the balance is written at its
 * revision. */
static void prove_paid(ocore__work *work, ocore__entry *entry, const ocore_stock *stock)
{
        ocore__group *products;
        ocore__entry *known;

        if (stock->oversold > 0) {
                ocore__exact(work, entry);
                return;
        }
        if (ocore__consult(work, &ocore__product_table, ocore__cell_text(stock->sku), &products)) {
                work->status = OCORE_NOMEM;
                return;
        }
        known = products->loaded ? ocore__first(products) : NULL;
        if (known && !(((const ocore_product *)ocore__row(known))->related & OCORE_RELATED_RULES))
                ocore__rely(work, known);
        else
                ocore__exact(work, entry);
}

/* What has to be written at the row's revision, and why. */
static void prove(ocore__work *work, ocore__entry *entry, ocore_stock *stock, int64_t from_bucket,
        int64_t to_bucket)
{
        int is_counted = from_bucket == OCORE_ACCOUNT_COUNT || to_bucket == OCORE_ACCOUNT_COUNT;

        if (to_bucket == OCORE_BUCKET_AVAILABLE && stock->lot.size)
                ocore__exact(work, entry); /* a sum would not see that the lot is recalled now */
        else if (to_bucket == OCORE_BUCKET_AVAILABLE)
                prove_paid(work, entry, stock);
        if (from_bucket == OCORE_ACCOUNT_OVERSOLD || is_counted)
                ocore__exact(work, entry);
        if (is_counted && stock->counts < INT64_MAX)
                stock->counts++;
}

static int shift(ocore__work *work, ocore__entry *entry, const ocore_stock_move *like)
{
        ocore_stock *stock = ocore__edit(work, entry);
        ocore_stock_move move = *like;
        int status = stock ? shift_row(stock, like->from_bucket, like->to_bucket, like->quantity)
                           : work->status;

        if (status)
                return status;
        if (like->from_bucket == OCORE_BUCKET_AVAILABLE)
                lower_floor(work, entry, stock->available);
        move.command_id = work->id;
        move.number = ++work->stock_moves;
        move.sku = stock->sku;
        move.site = stock->site;
        move.lot = stock->lot;
        move.scale = stock->scale;
        move.at_us = work->now_us;
        ocore__insert(work, &ocore__stock_move_table, &move);
        return work->status;
}

int ocore__stock_shift(ocore__work *work, ocore__entry *entry, int64_t from_bucket,
        int64_t to_bucket, int64_t quantity, ocore_id subject, ocore_str reason)
{
        ocore_stock *stock = ocore__edit(work, entry);
        ocore_stock_move move = {.from_bucket = from_bucket,
                .to_bucket = to_bucket,
                .quantity = quantity,
                .subject_id = subject,
                .reason = reason};
        int64_t oversold;
        int status;

        if (!stock)
                return work->status;
        oversold = stock->oversold;
        if (to_bucket == OCORE_BUCKET_AVAILABLE && stock->recalled_us)
                move.to_bucket = OCORE_BUCKET_DAMAGED;
        status = shift(work, entry, &move);
        if (status)
                return status;
        prove(work, entry, stock, from_bucket, to_bucket);
        if (to_bucket != OCORE_BUCKET_AVAILABLE || oversold <= 0)
                return work->status;
        move.from_bucket = move.to_bucket;
        move.to_bucket = OCORE_ACCOUNT_OVERSOLD;
        move.quantity = oversold < quantity ? oversold : quantity;
        return shift(work, entry, &move);
}

int ocore__stock_want(ocore__work *work, ocore_str sku, ocore__group **out)
{
        ocore__group *products;
        int status = ocore__want(work, &ocore__stock_table, ocore__cell_text(sku), out);

        return status ? status
                      : ocore__consult(
                                work, &ocore__product_table, ocore__cell_text(sku), &products);
}

int ocore__stock_take_in(ocore__work *work, ocore__entry *entry, int64_t from_bucket,
        int64_t to_bucket, int64_t quantity, ocore_id subject, ocore_str reason)
{
        ocore_stock *stock = ocore__edit(work, entry);
        int64_t on_hand;
        int status = stock ? ocore__stock_on_hand(stock, &on_hand) : OCORE_NOMEM;

        if (!status && on_hand <= 0) {
                stock->received_us = work->now_us;
                ocore__exact(work, entry); /* a time is not added to */
        }
        return status ? status
                      : ocore__stock_shift(
                                work, entry, from_bucket, to_bucket, quantity, subject, reason);
}

static const char *field_at(ocore__work *work, const char *list, size_t index, const char *field)
{
        return list ? ocore__at(work, list, index, field) : field;
}

int ocore__stock_lot_check(ocore__work *work, const ocore_product *product, ocore_str lot,
        const char *list, size_t index)
{
        if (lot.size || product->tracking == OCORE_TRACKING_NONE)
                return OCORE_OK;
        return ocore__refuse(work, OCORE_INVALID, field_at(work, list, index, "lot"),
                product->tracking == OCORE_TRACKING_SERIAL
                        ? "\"%t\" is kept by serial number; name it"
                        : "\"%t\" is kept by lot; name it",
                &product->sku);
}

/* 1 if a unit is in the house, or on its way between two sites. */
static int is_there(const ocore_stock *stock)
{
        return stock->available > 0 || stock->held > 0 || stock->allocated > 0 ||
               stock->picked > 0 || stock->inspection > 0 || stock->damaged > 0 ||
               stock->in_transit > 0;
}

/* What comes in, and the rows of its lot. */
typedef struct lot_arrival {
        ocore__work *work;
        const ocore_product *product;
        ocore__group *stock;
        ocore_str lot;
        int64_t expires_us;
        const char *list;
        size_t index;
        ocore__entry *known; /* the first row of the lot, at any site; NULL: there is none */
} lot_arrival;

/* A serial number is one whole unit, and nowhere in the house. Each row of it is rewritten, so that
 * of two arrivals at two sites one is refused. */
static int check_serial(const lot_arrival *arrival, int64_t quantity)
{
        ocore__work *work = arrival->work;
        ocore__lot_walk walk;

        if (quantity != ocore__power_of_ten((int)arrival->product->scale))
                return ocore__refuse(work, OCORE_INVALID,
                        field_at(work, arrival->list, arrival->index, "quantity"),
                        "a serial number is one whole unit; give 1, and each unit its own line");
        for (ocore__entry *entry =
                        ocore__stock_lot_first(work, arrival->stock, arrival->lot, &walk);
                entry; entry = ocore__stock_lot_next(&walk)) {
                const ocore_stock *row = ocore__row(entry);

                if (is_there(row))
                        return ocore__refuse(work, OCORE_EXISTS,
                                field_at(work, arrival->list, arrival->index, "lot"),
                                "serial number \"%t\" is at \"%t\" already; check the number",
                                &row->lot, &row->site);
                if (!ocore__edit(work, entry))
                        return work->status;
                ocore__exact(work, entry);
        }
        return OCORE_OK;
}

/* A lot has one date in the whole house. One that had none gets it everywhere. */
static int check_date(const lot_arrival *arrival)
{
        ocore__work *work = arrival->work;
        ocore__lot_walk walk;
        char date[OCORE_TIME_TEXT_SIZE];
        const char *text = date;

        if (!arrival->expires_us)
                return OCORE_OK;
        for (ocore__entry *entry =
                        ocore__stock_lot_first(work, arrival->stock, arrival->lot, &walk);
                entry; entry = ocore__stock_lot_next(&walk)) {
                const ocore_stock *row = ocore__row(entry);
                ocore_stock *changed;

                if (row->expires_us == arrival->expires_us)
                        continue;
                if (row->expires_us) {
                        if (ocore_time_format(row->expires_us, date))
                                text = "another time";
                        return ocore__refuse(work, OCORE_STATE,
                                field_at(work, arrival->list, arrival->index, "expires_us"),
                                "lot \"%t\" expires at %s; give that, or none", &row->lot, text);
                }
                changed = ocore__edit(work, entry);
                if (!changed)
                        return work->status;
                changed->expires_us = arrival->expires_us;
                ocore__exact(work, entry);
        }
        return OCORE_OK;
}

int ocore__stock_lot_entry(ocore__work *work, ocore__group *stock, const ocore_product *product,
        ocore_str site, ocore_str lot, int64_t expires_us, int64_t quantity, const char *list,
        size_t index, ocore__entry **out)
{
        lot_arrival arrival = {.work = work,
                .product = product,
                .stock = stock,
                .lot = lot,
                .expires_us = expires_us,
                .list = list,
                .index = index};
        ocore__lot_walk walk;
        int status = ocore__stock_lot_check(work, product, lot, list, index);

        *out = NULL;
        if (status)
                return status;
        if (!lot.size) {
                if (expires_us)
                        return ocore__refuse(work, OCORE_INVALID,
                                field_at(work, list, index, "expires_us"),
                                "only a lot has a date; name the lot, or give no date");
                *out = ocore__stock_entry(work, stock, product->sku, site, lot, product->scale);
                return work->status;
        }
        arrival.known = ocore__stock_lot_first(work, stock, lot, &walk);
        if (product->tracking == OCORE_TRACKING_SERIAL)
                status = check_serial(&arrival, quantity);
        if (!status)
                status = check_date(&arrival);
        if (status)
                return status;
        *out = ocore__stock_entry(work, stock, product->sku, site, lot, product->scale);
        if (*out && !arrival.known && expires_us) {
                ocore_stock *opened = ocore__edit(work, *out);

                if (opened)
                        opened->expires_us = expires_us;
        }
        return work->status;
}

int ocore__stock_moves_answer(ocore__work *work, const void **answer)
{
        ocore_stock_moves *moves = ocore__arena_zero(work->arena, 1, sizeof *moves);
        ocore__group *group;
        const void *const *rows;
        int status = moves ? ocore__staged(work, &ocore__stock_move_table, ocore__cell_id(work->id),
                                     &group)
                           : OCORE_NOMEM;

        if (!status)
                status = ocore__rows_of(work, group, &rows, &moves->move_count);
        if (status)
                return status;
        moves->moves = (const ocore_stock_move *const *)rows;
        *answer = moves;
        return work->status;
}
