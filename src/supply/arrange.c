/*
 * Arranging the supply of one order: what it needs drop shipped or made becomes purchase orders,
 * one for each supplier and one for the own production, noted with what waits for them.
 */
#include "purchase.h"

#include "base/hash.h"
#include "base/sort.h"
#include "engine/procedure.h"

static const ocore_field arrange_fields[] = {
        OCORE__FIELD(ocore_purchase_arrange_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key; the purchase orders' ids follow from it"),
        OCORE__FIELD(ocore_purchase_arrange_request, order_id, ID, OCORE_FIELD_REQUIRED,
                "which order; placed or confirmed"),
        OCORE__FIELD_CODE(ocore_purchase_arrange_request, site, 0,
                "where things made to order are to come to; default: the first open site"),
};
const ocore_record ocore__purchase_arrange_request =
        OCORE__RECORD("purchase_arrange", ocore_purchase_arrange_request, arrange_fields, 0);
static const ocore_field set_fields[] = {
        OCORE__FIELD_OF(ocore_purchase_set, purchases, ROWS, 0, &ocore__purchase_record,
                "with their lines"),
};
const ocore_record ocore__purchase_set_record =
        OCORE__RECORD("purchase_set", ocore_purchase_set, set_fields, 0);

/* Something that waits and that nobody has ordered yet. */
typedef struct need {
        ocore__entry *entry; /* of the queue */
        ocore__group *products;
        int64_t kind;       /* OCORE_PURCHASE_… */
        ocore_str supplier; /* empty: own production */
} need;

typedef struct arranging {
        ocore__order_view order;
        ocore__backorder_view waiting;
        ocore__group *policy;
        ocore__group *sites;
        need *needs;
        const void **by_source; /* needs in the order of kind, supplier and line */
        size_t count;
} arranging;

static int read_order(
        ocore__work *work, const ocore_purchase_arrange_request *request, arranging *all)
{
        const ocore_order *order;
        int64_t state;
        int status = ocore__consult_policy(work, &all->policy);

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &all->sites);
        if (!status)
                status = ocore__backorder_want(work, request->order_id, &all->waiting);
        if (!status)
                status = ocore__order_want(work, request->order_id, &all->order);
        if (!status)
                status = ocore__order_fetch(work, &all->order, OCORE_STEP_ALLOCATE, &order, &state);
        if (!status)
                status = ocore__backorder_found(work, &all->order, &all->waiting);
        if (!status)
                ocore__rely(work, ocore__first(all->policy));
        return status ? status : work->status;
}

/* The second read: the products of what is to be arranged, which name their suppliers. */
static int read_needs(ocore__work *work, arranging *all)
{
        size_t room = ocore__count(all->waiting.backorders) + 1;
        int status = OCORE_OK;

        all->needs = ocore__arena_zero(work->arena, room, sizeof *all->needs);
        all->by_source = ocore__arena_take(work->arena, room * sizeof *all->by_source);
        if (!all->needs || !all->by_source)
                return OCORE_NOMEM;
        for (ocore__entry *at = ocore__first(all->waiting.backorders); at && !status;
                at = ocore__next(at)) {
                const ocore_backorder *row = ocore__row(at);
                need *one = &all->needs[all->count];

                if (!ocore__id_is_none(row->purchase_id) ||
                        (row->kind != OCORE_BACKORDER_DROP_SHIP &&
                                row->kind != OCORE_BACKORDER_MAKE_TO_ORDER))
                        continue;
                one->entry = at;
                one->kind = row->kind == OCORE_BACKORDER_DROP_SHIP ? OCORE_PURCHASE_DROP_SHIP
                                                                   : OCORE_PURCHASE_PRODUCTION;
                all->by_source[all->count++] = one;
                status = ocore__consult(
                        work, &ocore__product_table, ocore__cell_text(row->sku), &one->products);
        }
        return status ? status : ocore__fetch(work);
}

static int name_supplier(ocore__work *work, need *one)
{
        const ocore_backorder *row = ocore__row(one->entry);
        ocore__entry *entry = ocore__first(one->products);
        const ocore_product *product = entry ? ocore__row(entry) : NULL;

        if (!product || product->scale != row->scale)
                return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                        "the product of line %d cannot be right; verify the store", &row->line);
        if (one->kind != OCORE_PURCHASE_DROP_SHIP)
                return OCORE_OK;
        if (!product->supplier.size)
                return ocore__refuse(work, OCORE_NOT_FOUND, "order_id",
                        "\"%t\" of line %d has no supplier; name one by product.put", &row->sku,
                        &row->line);
        ocore__rely(work, entry);
        one->supplier = product->supplier;
        return work->status;
}

static int compare_source(const need *x, const need *y)
{
        int order = (x->kind > y->kind) - (x->kind < y->kind);

        return order ? order : ocore__str_compare(x->supplier, y->supplier);
}

/* Those of one source stand in one array, in the order of their lines. */
static int by_source(const void *a, const void *b)
{
        const need *x = a, *y = b;
        int order = compare_source(x, y);

        return order ? order : (x > y) - (x < y);
}

/* Where goods of a supplier leave from: the first open site that is its house. */
static int house_of(ocore__work *work, const arranging *all, ocore_str supplier, ocore_str *out)
{
        const ocore_site *const *sites;
        size_t count;
        int status = ocore__sites_in_order(work, all->sites, &sites, &count);

        for (size_t i = 0; i < count && !status; i++)
                if (ocore_str_equal(sites[i]->supplier, supplier)) {
                        *out = sites[i]->site;
                        return OCORE_OK;
                }
        if (status)
                return status;
        return supplier.size
                       ? ocore__refuse(work, OCORE_NOT_FOUND, "order_id",
                                 "no open site is the house of the supplier \"%t\"; put one with "
                                 "this supplier",
                                 &supplier)
                       : ocore__refuse(work, OCORE_NOT_FOUND, "site",
                                 "no site of your own is open; name where it is to come to");
}

static int choose_site(
        ocore__work *work, const arranging *all, ocore_str asked, const need *first, ocore_str *out)
{
        const ocore_site *site;

        if (!asked.size || first->kind == OCORE_PURCHASE_DROP_SHIP)
                return house_of(work, all, first->supplier, out);
        site = ocore__site_find(all->sites, asked);
        if (!site)
                return ocore__refuse(work, OCORE_NOT_FOUND, "site",
                        "there is no site \"%t\"; put it first", &asked);
        if (site->supplier.size)
                return ocore__refuse(work, OCORE_INVALID, "site",
                        "\"%t\" is the house of a supplier; name a site of your own", &asked);
        *out = site->site;
        return OCORE_OK;
}

/* An id for each source of one command. */
static ocore_id purchase_id(const ocore__work *work, const need *first)
{
        enum { ROOM = OCORE__CODE_MAX + 16 };
        char text[ROOM];
        ocore__writer writer;

        ocore__writer_init(&writer, text, sizeof text);
        ocore__write(&writer, first->kind == OCORE_PURCHASE_DROP_SHIP ? "drop ship %t" : "make%t",
                &first->supplier);
        return ocore__id_derive(work->id, (ocore_str){text, writer.used});
}

/* One purchase order of needs[from] … needs[to − 1], which have one source. */
static int draw_up(ocore__work *work, arranging *all, ocore_str asked, size_t from, size_t to,
        const ocore_purchase **out)
{
        const need *first = all->by_source[from];
        ocore_purchase purchase = {.kind = first->kind,
                .supplier = first->supplier,
                .state = OCORE_PURCHASE_PROPOSED,
                .proposed_us = work->now_us,
                .event_count = 1};
        ocore__purchase_view view;
        const void *answer = NULL;
        int status = choose_site(work, all, asked, first, &purchase.site);

        if (status)
                return status;
        purchase.id = purchase_id(work, first);
        for (size_t i = from; i < to; i++) {
                const need *one = all->by_source[i];
                ocore_backorder *row = ocore__edit(work, one->entry);
                ocore_purchase_line line;

                if (!row)
                        return work->status;
                row->purchase_id = purchase.id;
                purchase.order_id = row->order_id;
                line = (ocore_purchase_line){.purchase_id = purchase.id,
                        .number = (int64_t)(i - from) + 1,
                        .sku = row->sku,
                        .scale = row->scale,
                        .quantity = row->quantity,
                        .order_line = row->line};
                ocore__insert(work, &ocore__purchase_line_table, &line);
        }
        ocore__insert(work, &ocore__purchase_table, &purchase);
        ocore__event(work, purchase.id, 1, OCORE_EVENT_PURCHASE_PROPOSED, purchase.supplier);
        status = ocore__purchase_own(work, purchase.id, &view);
        if (!status)
                status = ocore__purchase_answer(work, &view, &answer);
        *out = answer;
        return status;
}

/* The order tells how much was drawn up for it; when that is nothing it stays as it is, and the
 * command alone says that it was asked. */
static int tell(ocore__work *work, const arranging *all, size_t count)
{
        enum { ROOM = 40 };
        char *text = ocore__arena_take(work->arena, ROOM);
        int64_t drawn_up = (int64_t)count;
        ocore__writer writer;
        ocore_str detail;

        if (!text)
                return OCORE_NOMEM;
        ocore__writer_init(&writer, text, ROOM);
        ocore__write(&writer, count == 1 ? "%d purchase order" : "%d purchase orders", &drawn_up);
        detail = (ocore_str){text, writer.used};
        if (count)
                ocore__order_touch(work, &all->order, OCORE_EVENT_PURCHASE_PROPOSED, detail);
        else
                ocore__event(work, work->id, 1, OCORE_EVENT_PURCHASE_PROPOSED, detail);
        return work->status;
}

static int purchase_arrange(ocore__work *work, const void *args, const void **answer)
{
        const ocore_purchase_arrange_request *request = args;
        ocore_purchase_set *set = ocore__arena_zero(work->arena, 1, sizeof *set);
        const ocore_purchase **purchases;
        arranging all = {.count = 0};
        int status = set ? read_order(work, request, &all) : OCORE_NOMEM;

        if (!status)
                status = read_needs(work, &all);
        for (size_t i = 0; i < all.count && !status; i++)
                status = name_supplier(work, &all.needs[i]);
        if (status)
                return status;
        ocore__sort(all.by_source, all.count, by_source);
        purchases = ocore__arena_take(work->arena, (all.count + 1) * sizeof *purchases);
        if (!purchases)
                return OCORE_NOMEM;
        for (size_t from = 0, to; from < all.count && !status; from = to) {
                for (to = from + 1; to < all.count; to++)
                        if (compare_source(all.by_source[from], all.by_source[to]))
                                break;
                status = draw_up(
                        work, &all, request->site, from, to, &purchases[set->purchase_count++]);
        }
        set->purchases = purchases;
        *answer = set;
        return status ? status : tell(work, &all, set->purchase_count);
}

const ocore__procedure ocore__purchase_arrange = {&ocore__purchase_arrange_request,
        &ocore__purchase_set_record, purchase_arrange, OCORE__COMMAND};
OCORE__PUBLIC(ocore_purchase_arrange, ocore_purchase_arrange_request, ocore_purchase_set,
        ocore__purchase_arrange)
