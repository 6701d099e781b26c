/*
 * What purchase orders, supplies and orders say of each other: a purchase order for one order names
 * lines that it has, and what waits for a purchase order is named by it (I5, I6).
 */
#include "verify.h"

#include "base/hash.h"

/* A line of a purchase order that is for a line of an order. */
typedef struct ocore__link {
        struct ocore__link *next;
        ocore_id purchase_id;
        ocore_str sku;
        int64_t number, line, kind;
} ocore__link;

/* An order, with what purchase orders say of it. */
typedef struct ocore__linked {
        uint64_t hash;
        ocore_id order_id;
        ocore__link *links;
        uint8_t found;
} ocore__linked;

static int same_order(const void *entry, const void *key)
{
        return ocore__id_compare(((const ocore__linked *)entry)->order_id,
                       ((const ocore__linked *)key)->order_id) == 0;
}

static ocore__linked *linked_of(const ocore__verify *verify, ocore_id order_id, uint64_t *hash)
{
        const ocore__linked key = {.order_id = order_id};

        *hash = ocore__hash(order_id.bytes, sizeof order_id.bytes, 3);
        return ocore__table_find(&verify->linked, *hash, same_order, &key);
}

/* A drop shipment's supplier is that of a product, which nobody had to put; others are known. */
static int check_supplier(
        ocore__verify *verify, const ocore_purchase *purchase, const char *subject)
{
        int ok = purchase->supplier.size
                         ? purchase->kind == OCORE_PURCHASE_DROP_SHIP ||
                                   ocore__name_find(&verify->suppliers, purchase->supplier) != NULL
                         : purchase->kind == OCORE_PURCHASE_PRODUCTION;

        return ok ? OCORE_OK
                  : ocore__found(verify, "I5", "purchase", subject,
                            "there is no supplier \"%t\", or it needs one", &purchase->supplier);
}

/* The state says how far the lines are: some came in while it is received, and some are to come
 * until it is over. */
static int check_progress(ocore__verify *verify, const ocore__above *above, const char *subject)
{
        const ocore_purchase *purchase = above->row;
        int came = 0, left = 0, fits;

        for (const ocore__below *below = above->first; below; below = below->next) {
                const ocore_purchase_line *line = below->row;

                came |= line->received > 0;
                left |= line->quantity > line->received;
        }
        switch (purchase->state) {
        case OCORE_PURCHASE_PROPOSED:
        case OCORE_PURCHASE_SENT:
        case OCORE_PURCHASE_CONFIRMED: fits = !came && left; break;
        case OCORE_PURCHASE_RECEIVING: fits = came && left; break;
        case OCORE_PURCHASE_CANCELLED: fits = !came; break;
        default: fits = 1;
        }
        return fits ? OCORE_OK
                    : ocore__found(verify, "I5", "purchase", subject,
                              "it is in state %d, which its lines are not", &purchase->state);
}

static int link_line(ocore__verify *verify, ocore__linked *linked, const ocore_purchase *purchase,
        const ocore_purchase_line *line)
{
        ocore__link *link = ocore__arena_zero(&verify->arena, 1, sizeof *link);

        if (!link || ocore__arena_text(&verify->arena, line->sku, &link->sku))
                return OCORE_NOMEM;
        link->purchase_id = purchase->id;
        link->kind = purchase->kind;
        link->number = line->number;
        link->line = line->order_line;
        link->next = linked->links;
        linked->links = link;
        return OCORE_OK;
}

static int link_lines(ocore__verify *verify, const ocore__above *above)
{
        const ocore_purchase *purchase = above->row;
        uint64_t hash;
        ocore__linked *linked = linked_of(verify, purchase->order_id, &hash);
        int status = OCORE_OK;

        if (!linked) {
                linked = ocore__arena_zero(&verify->arena, 1, sizeof *linked);
                if (!linked || ocore__table_add(verify, &verify->linked, linked, hash))
                        return OCORE_NOMEM;
                linked->order_id = purchase->order_id;
        }
        for (const ocore__below *below = above->first; below && !status; below = below->next)
                status = link_line(verify, linked, purchase, below->row);
        return status;
}

int ocore__link_purchase(ocore__verify *verify, const ocore__above *above, const char *subject)
{
        const ocore_purchase *purchase = above->row;
        int for_order = !ocore__id_is_none(purchase->order_id);
        int status = check_supplier(verify, purchase, subject);

        if (!status)
                status = check_progress(verify, above, subject);
        for (const ocore__below *below = above->first; below && !status; below = below->next) {
                const ocore_purchase_line *line = below->row;
                char room[OCORE__SUBJECT_SIZE];

                if ((line->order_line != 0) != for_order)
                        status = ocore__found(verify, "I5", "purchase_line",
                                ocore__subject(room, "%i %d", &purchase->id, &line->number),
                                "it is for line %d of an order, and its purchase order %s",
                                &line->order_line, for_order ? "for one" : "for stock");
        }
        return status || !for_order ? status : link_lines(verify, above);
}

/* How the missing units will come. */
static int64_t kind_of(const ocore__link *link)
{
        return link->kind == OCORE_PURCHASE_DROP_SHIP ? OCORE_BACKORDER_DROP_SHIP
                                                      : OCORE_BACKORDER_MAKE_TO_ORDER;
}

static int take_link(ocore__verify *verify, ocore__order_proof *proof, const ocore__link *link)
{
        ocore__line_proof *line = link->line >= 1 && (uint64_t)link->line <= proof->line_count
                                          ? &proof->lines[link->line - 1]
                                          : NULL;
        char room[OCORE__SUBJECT_SIZE];

        if (!line || !ocore_str_equal(line->row.sku, link->sku))
                return ocore__found(verify, "I5", "purchase_line",
                        ocore__subject(room, "%i %d", &link->purchase_id, &link->number),
                        "line %d of order %s is not of \"%t\"", &link->line, proof->subject,
                        &link->sku);
        if (ocore__id_compare(line->waits.purchase_id, link->purchase_id) == 0 &&
                line->waits.kind == kind_of(link))
                line->arranged = 1;
        return OCORE_OK;
}

/* A row of the queue: rank and dates fit its order and kind, and its purchase order is there. */
static int check_waiting(
        ocore__verify *verify, const ocore__order_proof *proof, const ocore__line_proof *line)
{
        const ocore_backorder *row = &line->waits;
        const int ordered = !ocore__id_is_none(row->purchase_id);
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%s %d", proof->subject, &line->row.number);

        if (!row->quantity)
                return OCORE_OK;
        if (row->rank > 0 || (row->rank && !proof->order.wishes) || row->wanted_us < 0 ||
                (row->kind == OCORE_BACKORDER_PREORDER && !row->wanted_us))
                return ocore__found(verify, "I6", "backorder", subject,
                        "of kind %d it has rank %d and is wanted at %d, which its order did not "
                        "say",
                        &row->kind, &row->rank, &row->wanted_us);
        if (row->kind < OCORE_BACKORDER_SUPPLY || row->kind > OCORE_BACKORDER_MAKE_TO_ORDER ||
                ordered != line->arranged)
                return ocore__found(verify, "I6", "backorder", subject,
                        "of kind %d it waits for purchase order %i, which is not for it",
                        &row->kind, &row->purchase_id);
        return OCORE_OK;
}

int ocore__link_order(ocore__verify *verify, ocore__order_proof *proof)
{
        uint64_t hash;
        ocore__linked *linked = linked_of(verify, proof->order.id, &hash);
        int status = OCORE_OK;

        if (linked)
                linked->found = 1;
        for (const ocore__link *link = linked ? linked->links : NULL; link && !status;
                link = link->next)
                status = take_link(verify, proof, link);
        for (size_t i = 0; i < proof->line_count && !status; i++)
                status = check_waiting(verify, proof, &proof->lines[i]);
        return status;
}

int ocore__verify_links(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->linked.slot_count && !status; i++) {
                const ocore__linked *linked = verify->linked.slots[i];
                char room[OCORE__SUBJECT_SIZE];

                if (linked && !linked->found)
                        status = ocore__found(verify, "I5", "purchase",
                                linked->links
                                        ? ocore__subject(room, "%i", &linked->links->purchase_id)
                                        : "",
                                "its order %i is not there", &linked->order_id);
        }
        return status;
}
