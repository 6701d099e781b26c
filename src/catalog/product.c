/* Products: setting, looking up, listing. Kind, scale and tracking of a product never change,
 * because its stock and its order lines are counted by them. */
#include "catalog.h"

#include "engine/procedure.h"

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_product_request),
        OCORE__FIELD_CODE(
                ocore_product_request, sku, OCORE_FIELD_REQUIRED, "the seller's code for it"),
        OCORE__FIELD(ocore_product_request, name, TEXT, OCORE_FIELD_REQUIRED | OCORE_FIELD_FREE,
                "for people"),
        OCORE__FIELD_OF(ocore_product_request, kind, CHOICE, 0, ocore__product_kinds,
                "never changes once set; default goods"),
        OCORE__FIELD_UP_TO(ocore_product_request, gtin, TEXT, 0, 14,
                "8, 12, 13 or 14 digits with a right check digit, or empty"),
        OCORE__FIELD_UP_TO(ocore_product_request, unit, TEXT, 0, 3,
                "UN/ECE Recommendation 20 code; default C62 (piece)"),
        OCORE__FIELD(ocore_product_request, scale, INTEGER, OCORE_FIELD_SCALE,
                "decimals of a quantity, 0 to 9; never changes once set"),
        OCORE__FIELD(ocore_product_request, weight_g, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "grams of one whole unit"),
        OCORE__FIELD_CODE(ocore_product_request, tax_class, 0, "empty: not taxed"),
        OCORE__FIELD_OF(ocore_product_request, tracking, CHOICE, 0, ocore__stock_trackings,
                "how its stock is kept apart; never changes once set; default none"),
        OCORE__FIELD(ocore_product_request, min_life_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long a lot must still keep when it is promised, in microseconds"),
        OCORE__FIELD_OF(ocore_product_request, short_action, CHOICE, 0, ocore__short_actions,
                "what happens when it is short; default refuse"),
        OCORE__FIELD_CODE(ocore_product_request, supplier, 0,
                "who supplies it as a rule; needed for drop shipment"),
        OCORE__FIELD(ocore_product_request, lead_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long supply takes, in microseconds; default: as the supplier says"),
        OCORE__FIELD(ocore_product_request, release_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "before, it can only be preordered; default: at once"),
        OCORE__FIELD(ocore_product_request, parts_alone, BOOLEAN, 0,
                "of a bundle: parts may ship while others are missing"),
};
const ocore_record ocore__product_put_request =
        OCORE__RECORD("product_put", ocore_product_request, put_fields, 0);

static int check_texts(ocore__work *work, const ocore_product *product)
{
        int good = 1;

        if (product->gtin.size && !ocore__text_is_gtin(product->gtin))
                ocore__refuse(work, OCORE_INVALID, "gtin",
                        "\"%t\" is no GTIN: 8, 12, 13 or 14 digits, the last one the check digit",
                        &product->gtin);
        for (size_t i = 0; i < product->unit.size; i++) {
                char c = product->unit.data[i];

                good &= (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
        if (!good)
                ocore__refuse(work, OCORE_INVALID, "unit",
                        "\"%t\" is no unit of UN/ECE Recommendation 20 such as C62, KGM or LTR",
                        &product->unit);
        return ocore__refused(work);
}

/* What does not fit the kind of the product. */
static int check_kind(ocore__work *work, const ocore_product *product)
{
        int is_goods = product->kind == OCORE_PRODUCT_GOODS;
        int is_bundle = product->kind == OCORE_PRODUCT_BUNDLE;

        if (is_bundle && product->scale)
                ocore__refuse(
                        work, OCORE_INVALID, "scale", "a bundle is sold in whole pieces; give 0");
        if (product->tracking && !is_goods)
                ocore__refuse(work, OCORE_INVALID, "tracking",
                        "only goods have lots and serial numbers; give none");
        if (product->tracking == OCORE_TRACKING_SERIAL && product->scale)
                ocore__refuse(work, OCORE_INVALID, "scale",
                        "what has serial numbers is counted in whole pieces; give 0");
        if (product->min_life_us && !is_goods)
                ocore__refuse(
                        work, OCORE_INVALID, "min_life_us", "only goods expire; leave it out");
        if (product->short_action && !is_goods && !is_bundle)
                ocore__refuse(work, OCORE_INVALID, "short_action",
                        "only goods and bundles can be short; leave it out");
        if (product->short_action == OCORE_SHORT_DROP_SHIP && is_goods && !product->supplier.size)
                ocore__refuse(work, OCORE_INVALID, "supplier",
                        "is needed for drop shipment; name who ships it");
        if (product->parts_alone && !is_bundle)
                ocore__refuse(work, OCORE_INVALID, "parts_alone",
                        "only a bundle has parts; leave it out");
        return ocore__refused(work);
}

static int check_change(ocore__work *work, const ocore_product *old, const ocore_product *product)
{
        if (old->kind != product->kind)
                return ocore__refuse(work, OCORE_STATE, "kind",
                        "the kind of \"%t\" never changes; use a new sku", &product->sku);
        if (old->scale != product->scale)
                return ocore__refuse(work, OCORE_STATE, "scale",
                        "quantities of \"%t\" have %d decimals for ever; use a new sku",
                        &product->sku, &old->scale);
        if (old->tracking != product->tracking)
                return ocore__refuse(work, OCORE_STATE, "tracking",
                        "how the stock of \"%t\" is kept apart never changes; use a new sku",
                        &product->sku);
        return OCORE_OK;
}

static int product_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_product_request *request = args;
        ocore_product product = {
                .sku = request->sku,
                .name = request->name,
                .kind = request->kind ? request->kind : OCORE_PRODUCT_GOODS,
                .gtin = request->gtin,
                .unit = request->unit.size ? request->unit : ocore_str_of("C62"),
                .scale = request->scale,
                .weight_g = request->weight_g,
                .tax_class = request->tax_class,
                .tracking = request->tracking,
                .min_life_us = request->min_life_us,
                .short_action = request->short_action,
                .supplier = request->supplier,
                .lead_us = request->lead_us,
                .release_us = request->release_us,
                .parts_alone = request->parts_alone,
        };
        const ocore_product *old;
        ocore__group *products;
        int status =
                ocore__want(work, &ocore__product_table, ocore__cell_text(request->sku), &products);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check_texts(work, &product);
        if (!status)
                status = check_kind(work, &product);
        if (status)
                return status;
        old = ocore__only(products);
        if (old) {
                status = check_change(work, old, &product);
                product.related = old->related; /* kept by the commands that set those rows */
        }
        if (status)
                return status;
        *answer = ocore__row_put(work, products, &product);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->sku);
        return work->status;
}

const ocore__procedure ocore__product_put = {
        &ocore__product_put_request, &ocore__product_record, product_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_product_put, ocore_product_request, ocore_product, ocore__product_put)

static const ocore_field key_fields[] = {
        OCORE__FIELD_CODE(ocore_product_key, sku, OCORE_FIELD_REQUIRED, "which product"),
};
const ocore_record ocore__product_get_request =
        OCORE__RECORD("product_get", ocore_product_key, key_fields, 0);

static int product_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_product_key *request = args;
        ocore__group *products;
        int status =
                ocore__want(work, &ocore__product_table, ocore__cell_text(request->sku), &products);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        *answer = ocore__only(products);
        if (!*answer)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"", &request->sku);
        return OCORE_OK;
}

const ocore__procedure ocore__product_get = {
        &ocore__product_get_request, &ocore__product_record, product_get, 0};
OCORE__PUBLIC(ocore_product_get, ocore_product_key, ocore_product, ocore__product_get)

enum { PAGE_DEFAULT = 100, PAGE_MAX = 1000 };

static const ocore_field page_fields[] = {
        OCORE__FIELD_CODE(
                ocore_page_request, after, 0, "start behind this sku; empty: from the start"),
        OCORE__FIELD(ocore_page_request, limit, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "most products, 1 to 1000; default 100"),
};
const ocore_record ocore__product_list_request =
        OCORE__RECORD("product_list", ocore_page_request, page_fields, 0);

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(
                ocore_product_list, products, ROWS, 0, &ocore__product_record, "in order of sku"),
        OCORE__FIELD(ocore_product_list, next, TEXT, 0,
                "for the next page's after; empty: there is no more"),
};
const ocore_record ocore__product_list_record =
        OCORE__RECORD("product_list", ocore_product_list, list_fields, 0);

typedef struct page {
        const ocore_product **products;
        size_t count;
} page;

static int page_row(void *user_data, const void *row, int64_t revision)
{
        page *listed = user_data;

        (void)revision;
        listed->products[listed->count++] = row;
        return OCORE_OK;
}

static int product_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_page_request *request = args;
        size_t limit = request->limit ? (size_t)request->limit : PAGE_DEFAULT;
        ocore_cell after = ocore__cell_text(request->after);
        ocore__scan scan = {.table = &ocore__product_table};
        ocore_product_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        page listed = {NULL, 0};
        int status;

        if (request->limit > PAGE_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "limit",
                        "%d is too much; ask for at most 1000 products at a time", &request->limit);
        listed.products = ocore__arena_take(work->arena, (limit + 1) * sizeof *listed.products);
        if (!list || !listed.products)
                return OCORE_NOMEM;
        if (request->after.size) {
                scan.after = &after;
                scan.after_count = 1;
        }
        scan.limit = (uint32_t)limit + 1; /* the one too many tells that there is more */
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, page_row, &listed);
        if (status)
                return status;
        list->products = listed.products;
        list->product_count = listed.count > limit ? limit : listed.count;
        if (listed.count > limit)
                list->next = listed.products[limit - 1]->sku;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__product_list = {
        &ocore__product_list_request, &ocore__product_list_record, product_list, OCORE__DIRECT};
OCORE__PUBLIC(ocore_product_list_page, ocore_page_request, ocore_product_list, ocore__product_list)
