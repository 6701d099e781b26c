/* Purchase orders: drawing them up, looking them up, listing them. What happens to them then stands
 * in purchase_steps.c and receipt.c. */
#include "purchase.h"

#include "engine/procedure.h"

static const ocore_field propose_line_fields[] = {
        OCORE__FIELD_CODE(ocore_purchase_request_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD(ocore_purchase_request_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, above zero"),
        OCORE__FIELD(ocore_purchase_request_line, due_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "when it is wanted; default: after the lead time"),
};
static const ocore_record propose_line_record =
        OCORE__RECORD("purchase_request_line", ocore_purchase_request_line, propose_line_fields, 0);
static const ocore_field propose_fields[] = {
        OCORE__FIELD(ocore_purchase_request, id, ID, OCORE_FIELD_REQUIRED,
                "the retry key and the purchase order's id"),
        OCORE__FIELD_OF(ocore_purchase_request, kind, CHOICE, 0, ocore__purchase_kinds,
                "stock or production; default stock"),
        OCORE__FIELD_CODE(ocore_purchase_request, supplier, 0, "from whom; needed for stock"),
        OCORE__FIELD_CODE(
                ocore_purchase_request, site, OCORE_FIELD_REQUIRED, "where it is to come to"),
        OCORE__FIELD_OF(ocore_purchase_request, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &propose_line_record, "what is ordered"),
};
const ocore_record ocore__purchase_propose_request =
        OCORE__RECORD("purchase_propose", ocore_purchase_request, propose_fields, 0);

static int check_head(ocore__work *work, const ocore_purchase_request *request,
        const ocore__group *sites, const ocore__group *suppliers)
{
        const ocore_site *site = ocore__site_find(sites, request->site);

        if (request->kind == OCORE_PURCHASE_DROP_SHIP)
                return ocore__refuse(work, OCORE_INVALID, "kind",
                        "a drop shipment is made for an order; use purchase.arrange");
        if (!request->supplier.size && request->kind != OCORE_PURCHASE_PRODUCTION)
                return ocore__refuse(work, OCORE_INVALID, "supplier",
                        "is needed; name a supplier, or let kind be production");
        if (suppliers && !ocore__first(suppliers))
                return ocore__refuse(work, OCORE_NOT_FOUND, "supplier",
                        "there is no supplier \"%t\"; put it first", &request->supplier);
        if (suppliers)
                ocore__rely(work, ocore__first(suppliers));
        if (!site)
                return ocore__refuse(work, OCORE_NOT_FOUND, "site",
                        "there is no site \"%t\"; put it first", &request->site);
        if (site->supplier.size)
                return ocore__refuse(work, OCORE_INVALID, "site",
                        "\"%t\" is the house of a supplier; name a site of your own", &site->site);
        return OCORE_OK;
}

static int propose_line(ocore__work *work, const ocore_purchase_request *request, size_t index,
        const ocore__group *products)
{
        const ocore_purchase_request_line *wish = &request->lines[index];
        ocore__entry *entry = ocore__first(products);
        const ocore_product *product = entry ? ocore__row(entry) : NULL;
        ocore_purchase_line line = {.purchase_id = work->id,
                .number = (int64_t)index + 1,
                .sku = wish->sku,
                .due_us = wish->due_us};
        int status;

        if (!product || product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, product ? OCORE_INVALID : OCORE_NOT_FOUND,
                        ocore__at(work, "lines", index, "sku"),
                        product ? "\"%t\" is no goods and cannot be ordered; name a product of "
                                  "goods"
                                : "there is no product \"%t\"; put it first",
                        &wish->sku);
        ocore__rely(work, entry);
        line.scale = product->scale;
        status = ocore__item_units(
                work, product->scale, wish->quantity, "lines", index, &line.quantity);
        if (!status)
                ocore__insert(work, &ocore__purchase_line_table, &line);
        return status ? status : work->status;
}

static int purchase_propose(ocore__work *work, const void *args, const void **answer)
{
        const ocore_purchase_request *request = args;
        const ocore_purchase purchase = {
                .id = work->id,
                .kind = request->kind ? request->kind : OCORE_PURCHASE_STOCK,
                .supplier = request->supplier,
                .site = request->site,
                .state = OCORE_PURCHASE_PROPOSED,
                .proposed_us = work->now_us,
                .event_count = 1,
        };
        ocore__group **products =
                ocore__arena_zero(work->arena, request->line_count, sizeof(ocore__group *));
        ocore__group *policy, *sites, *suppliers = NULL;
        ocore__purchase_view view;
        int status = products ? ocore__consult_policy(work, &policy) : OCORE_NOMEM;

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        if (!status && request->supplier.size)
                status = ocore__consult(work, &ocore__supplier_table,
                        ocore__cell_text(request->supplier), &suppliers);
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = ocore__consult(work, &ocore__product_table,
                        ocore__cell_text(request->lines[i].sku), &products[i]);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_head(work, request, sites, suppliers);
        if (status)
                return status;
        ocore__rely(work, ocore__first(policy));
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = propose_line(work, request, i, products[i]);
        if (status)
                return status;
        ocore__insert(work, &ocore__purchase_table, &purchase);
        ocore__event(work, purchase.id, 1, OCORE_EVENT_PURCHASE_PROPOSED, request->supplier);
        status = ocore__purchase_own(work, purchase.id, &view);
        return status ? status : ocore__purchase_answer(work, &view, answer);
}

const ocore__procedure ocore__purchase_propose = {&ocore__purchase_propose_request,
        &ocore__purchase_record, purchase_propose, OCORE__COMMAND};
OCORE__PUBLIC(
        ocore_purchase_propose, ocore_purchase_request, ocore_purchase, ocore__purchase_propose)

static const ocore_field key_fields[] = {
        OCORE__FIELD(
                ocore_purchase_key, purchase_id, ID, OCORE_FIELD_REQUIRED, "which purchase order"),
};
const ocore_record ocore__purchase_get_request =
        OCORE__RECORD("purchase_key", ocore_purchase_key, key_fields, 0);

static int purchase_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_purchase_key *request = args;
        const ocore_purchase *purchase;
        ocore__purchase_view view;
        int status = ocore__purchase_want(work, request->purchase_id, &view);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__purchase_found(work, &view, &purchase);
        return status ? status : ocore__purchase_answer(work, &view, answer);
}

const ocore__procedure ocore__purchase_get = {
        &ocore__purchase_get_request, &ocore__purchase_record, purchase_get, 0};
OCORE__PUBLIC(ocore_purchase_get, ocore_purchase_key, ocore_purchase, ocore__purchase_get)

enum { PAGE_DEFAULT = 100, PAGE_MAX = 1000, LOOKED_AT_MAX = 10000 };

static const ocore_field list_request_fields[] = {
        OCORE__FIELD(ocore_purchase_list_request, open, BOOLEAN, 0,
                "only those of which something is still to come, or to be sent"),
        OCORE__FIELD(ocore_purchase_list_request, after, ID, 0, "start behind this one"),
        OCORE__FIELD(ocore_purchase_list_request, limit, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "most of them, 1 to 1000; default 100"),
};
const ocore_record ocore__purchase_list_request =
        OCORE__RECORD("purchase_list_request", ocore_purchase_list_request, list_request_fields, 0);
static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_purchase_list, purchases, ROWS, 0, &ocore__purchase_record, "by id"),
        OCORE__FIELD(ocore_purchase_list, next, ID, 0,
                "for the next page's after; zero: there is no more"),
};
const ocore_record ocore__purchase_list_record =
        OCORE__RECORD("purchase_list", ocore_purchase_list, list_fields, 0);

/* A page is full, or has looked at so many that are over that the caller goes on from there. */
typedef struct page {
        const ocore_purchase **purchases;
        size_t count;
        size_t limit;
        size_t looked_at;
        int open;
        ocore_id last; /* looked at */
        int more;
} page;

static int page_row(void *user_data, const void *row, int64_t revision)
{
        page *listed = user_data;
        const ocore_purchase *purchase = row;

        (void)revision;
        if (listed->count == listed->limit || listed->looked_at == LOOKED_AT_MAX) {
                listed->more = 1;
                return OCORE_DONE;
        }
        listed->looked_at++;
        listed->last = purchase->id;
        if (!listed->open || purchase->state < OCORE_PURCHASE_CLOSED)
                listed->purchases[listed->count++] = purchase;
        return OCORE_OK;
}

static int purchase_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_purchase_list_request *request = args;
        page listed = {.limit = request->limit ? (size_t)request->limit : PAGE_DEFAULT,
                .open = request->open != 0};
        ocore_cell after = ocore__cell_id(request->after);
        ocore__scan scan = {.table = &ocore__purchase_table};
        ocore_purchase_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        int status;

        if (request->limit > PAGE_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "limit",
                        "%d is too much; ask for at most 1000 at a time", &request->limit);
        listed.purchases = ocore__arena_take(work->arena, listed.limit * sizeof *listed.purchases);
        if (!list || !listed.purchases)
                return OCORE_NOMEM;
        if (!ocore__id_is_none(request->after)) {
                scan.after = &after;
                scan.after_count = 1;
        }
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, page_row, &listed);
        if (status)
                return status;
        list->purchases = listed.purchases;
        list->purchase_count = listed.count;
        if (listed.more)
                list->next = listed.last;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__purchase_list = {
        &ocore__purchase_list_request, &ocore__purchase_list_record, purchase_list, OCORE__DIRECT};
OCORE__PUBLIC(ocore_purchase_list_page, ocore_purchase_list_request, ocore_purchase_list,
        ocore__purchase_list)
