/* Bundles: what a kit is made of. Its parts are covered by the revision of the bundle's product:
 * setting them changes that too. */
#include "catalog.h"

#include "engine/procedure.h"

enum { PARTS_MAX = 100 };

static const ocore_field part_fields[] = {
        OCORE__FIELD_CODE(ocore_bundle_part_request, sku, OCORE_FIELD_REQUIRED, "the part: goods"),
        OCORE__FIELD(ocore_bundle_part_request, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much of it in one whole bundle"),
};
static const ocore_record part_record =
        OCORE__RECORD("bundle_part_request", ocore_bundle_part_request, part_fields, 0);
static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_bundle_request),
        OCORE__FIELD_CODE(
                ocore_bundle_request, sku, OCORE_FIELD_REQUIRED, "a product of kind bundle"),
        OCORE__FIELD_OF(ocore_bundle_request, parts, ITEMS, OCORE_FIELD_REQUIRED, &part_record,
                "all its parts, each sku once, at most 100"),
};
const ocore_record ocore__bundle_put_request =
        OCORE__RECORD("bundle_put", ocore_bundle_request, put_fields, 0);

static const ocore_field bundle_fields[] = {
        OCORE__FIELD(ocore_bundle, sku, TEXT, 0, "the bundle"),
        OCORE__FIELD_OF(ocore_bundle, parts, ROWS, 0, &ocore__bundle_part_record, "by sku"),
};
const ocore_record ocore__bundle_record = OCORE__RECORD("bundle", ocore_bundle, bundle_fields, 0);

static int answer_bundle(
        ocore__work *work, ocore_str sku, const ocore__group *parts, const void **answer)
{
        ocore_bundle *bundle = ocore__arena_zero(work->arena, 1, sizeof *bundle);
        const void *const *rows;
        int status = bundle ? ocore__rows_of(work, parts, &rows, &bundle->part_count) : OCORE_NOMEM;

        if (status)
                return status;
        bundle->sku = sku;
        bundle->parts = (const ocore_bundle_part *const *)rows;
        *answer = bundle;
        return work->status;
}

/* A part, checked. That it is goods and how it is counted never changes: nothing is relied on. */
static int put_part(ocore__work *work, const ocore_bundle_request *request, size_t index,
        const ocore__group *products)
{
        const ocore_bundle_part_request *wish = &request->parts[index];
        const ocore_product *product = ocore__only(products);
        ocore_bundle_part part = {.sku = request->sku, .part_sku = wish->sku};
        int status;

        if (!product || product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, product ? OCORE_INVALID : OCORE_NOT_FOUND,
                        ocore__at(work, "parts", index, "sku"),
                        product ? "\"%t\" is no goods; the parts of a bundle are goods"
                                : "there is no product \"%t\"; put it first",
                        &wish->sku);
        for (size_t i = 0; i < index; i++)
                if (ocore_str_equal(request->parts[i].sku, wish->sku))
                        return ocore__refuse(work, OCORE_INVALID,
                                ocore__at(work, "parts", index, "sku"),
                                "\"%t\" is named twice; name it once with all its quantity",
                                &wish->sku);
        part.scale = product->scale;
        status = ocore__item_units(
                work, product->scale, wish->quantity, "parts", index, &part.quantity);
        if (status)
                return status;
        ocore__put(work, &ocore__bundle_part_table, &part);
        return work->status;
}

static int bundle_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_bundle_request *request = args;
        const ocore_cell sku = ocore__cell_text(request->sku);
        ocore__group *products, *parts, **part_products;
        ocore_product *product;
        int status;

        if (request->part_count > PARTS_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "parts",
                        "at most 100 parts are allowed; make a smaller bundle");
        part_products = ocore__arena_zero(work->arena, request->part_count, sizeof *part_products);
        status = part_products ? ocore__want(work, &ocore__product_table, sku, &products)
                               : OCORE_NOMEM;
        if (!status)
                status = ocore__want(work, &ocore__bundle_part_table, sku, &parts);
        for (size_t i = 0; i < request->part_count && !status; i++)
                status = ocore__want(work, &ocore__product_table,
                        ocore__cell_text(request->parts[i].sku), &part_products[i]);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__only(products))
                return ocore__refuse(work, OCORE_NOT_FOUND, "sku",
                        "there is no product \"%t\"; put it first", &request->sku);
        if (((const ocore_product *)ocore__only(products))->kind != OCORE_PRODUCT_BUNDLE)
                return ocore__refuse(work, OCORE_INVALID, "sku",
                        "\"%t\" is no bundle; put a product of kind bundle", &request->sku);
        for (ocore__entry *entry = ocore__first(parts); entry; entry = ocore__next(entry))
                ocore__remove(work, entry);
        for (size_t i = 0; i < request->part_count && !status; i++)
                status = put_part(work, request, i, part_products[i]);
        if (status)
                return status;
        product = ocore__edit(work, ocore__first(products));
        if (!product)
                return work->status;
        product->related |= OCORE_RELATED_PARTS;
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->sku);
        return answer_bundle(work, request->sku, parts, answer);
}

static int bundle_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_product_key *request = args;
        ocore__group *parts;
        int status = ocore__want(
                work, &ocore__bundle_part_table, ocore__cell_text(request->sku), &parts);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__first(parts))
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no bundle \"%t\"", &request->sku);
        return answer_bundle(work, request->sku, parts, answer);
}

const ocore__procedure ocore__bundle_put = {
        &ocore__bundle_put_request, &ocore__bundle_record, bundle_put, OCORE__COMMAND};
const ocore__procedure ocore__bundle_get = {
        &ocore__product_get_request, &ocore__bundle_record, bundle_get, 0};
OCORE__PUBLIC(ocore_bundle_put, ocore_bundle_request, ocore_bundle, ocore__bundle_put)
OCORE__PUBLIC(ocore_bundle_get, ocore_product_key, ocore_bundle, ocore__bundle_get)
