/* Substitutes: what may be sent instead of a product that is short. They are covered by the
 * revision of that product: setting them changes it too. */
#include "catalog.h"

#include "engine/procedure.h"

enum { SUBSTITUTES_MAX = 20 };

static const ocore_field item_fields[] = {
        OCORE__FIELD_CODE(
                ocore_substitute_item, sku, OCORE_FIELD_REQUIRED, "goods, of the same scale"),
};
static const ocore_record item_record =
        OCORE__RECORD("substitute_item", ocore_substitute_item, item_fields, 0);
static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_substitute_request),
        OCORE__FIELD_CODE(
                ocore_substitute_request, sku, OCORE_FIELD_REQUIRED, "what is asked for; goods"),
        OCORE__FIELD_OF(ocore_substitute_request, substitutes, ITEMS, 0, &item_record,
                "in order of preference, at most 20; none: it has none"),
};
const ocore_record ocore__substitute_put_request =
        OCORE__RECORD("substitute_put", ocore_substitute_request, put_fields, 0);

static const ocore_field list_fields[] = {
        OCORE__FIELD(ocore_substitute_list, sku, TEXT, 0, "what was asked for"),
        OCORE__FIELD_OF(ocore_substitute_list, substitutes, ROWS, 0, &ocore__substitute_record,
                "in order of preference"),
};
const ocore_record ocore__substitute_list_record =
        OCORE__RECORD("substitute_list", ocore_substitute_list, list_fields, 0);

static int answer_list(
        ocore__work *work, ocore_str sku, const ocore__group *substitutes, const void **answer)
{
        ocore_substitute_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void *const *rows;
        int status = list ? ocore__rows_of(work, substitutes, &rows, &list->substitute_count)
                          : OCORE_NOMEM;

        if (status)
                return status;
        list->sku = sku;
        list->substitutes = (const ocore_substitute *const *)rows;
        *answer = list;
        return work->status;
}

/* Kind and scale of a product never change, so nothing is relied on. */
static int put_item(ocore__work *work, const ocore_substitute_request *request, size_t index,
        const ocore_product *product, const ocore__group *products)
{
        const ocore_str sku = request->substitutes[index].sku;
        const ocore_product *other = ocore__only(products);
        const ocore_substitute row = {request->sku, (int64_t)index + 1, sku};
        const char *message = NULL;

        if (!other)
                return ocore__refuse(work, OCORE_NOT_FOUND,
                        ocore__at(work, "substitutes", index, "sku"),
                        "there is no product \"%t\"; put it first", &sku);
        if (other->kind != OCORE_PRODUCT_GOODS)
                message = "\"%t\" is no goods; only goods stand in for goods";
        else if (ocore_str_equal(sku, request->sku))
                message = "\"%t\" is the product itself; name another";
        else if (other->scale != product->scale)
                message = "\"%t\" is counted with other decimals; name one of the same scale";
        for (size_t i = 0; i < index && !message; i++)
                if (ocore_str_equal(request->substitutes[i].sku, sku))
                        message = "\"%t\" is named twice; name it once";
        if (message)
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "substitutes", index, "sku"), message, &sku);
        ocore__put(work, &ocore__substitute_table, &row);
        return work->status;
}

static int substitute_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_substitute_request *request = args;
        const ocore_cell sku = ocore__cell_text(request->sku);
        size_t count = request->substitute_count;
        ocore__group *products, *substitutes, **others;
        ocore_product *product;
        int status;

        if (count > SUBSTITUTES_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "substitutes",
                        "at most 20 substitutes are allowed; leave the last ones out");
        others = ocore__arena_zero(work->arena, count + 1, sizeof *others);
        status = others ? ocore__want(work, &ocore__product_table, sku, &products) : OCORE_NOMEM;
        if (!status)
                status = ocore__want(work, &ocore__substitute_table, sku, &substitutes);
        for (size_t i = 0; i < count && !status; i++)
                status = ocore__want(work, &ocore__product_table,
                        ocore__cell_text(request->substitutes[i].sku), &others[i]);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__only(products))
                return ocore__refuse(work, OCORE_NOT_FOUND, "sku",
                        "there is no product \"%t\"; put it first", &request->sku);
        product = ocore__edit(work, ocore__first(products));
        if (!product)
                return work->status;
        if (product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, OCORE_INVALID, "sku",
                        "\"%t\" is no goods; only goods have substitutes", &request->sku);
        for (ocore__entry *entry = ocore__first(substitutes); entry; entry = ocore__next(entry))
                ocore__remove(work, entry);
        for (size_t i = 0; i < count && !status; i++)
                status = put_item(work, request, i, product, others[i]);
        if (status)
                return status;
        product->related &= ~(int64_t)OCORE_RELATED_SUBSTITUTES;
        product->related |= count ? OCORE_RELATED_SUBSTITUTES : 0;
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->sku);
        return answer_list(work, request->sku, substitutes, answer);
}

static int substitute_get(ocore__work *work, const void *args, const void **answer)
{
        const ocore_product_key *request = args;
        const ocore_cell sku = ocore__cell_text(request->sku);
        ocore__group *products, *substitutes;
        int status = ocore__want(work, &ocore__product_table, sku, &products);

        if (!status)
                status = ocore__want(work, &ocore__substitute_table, sku, &substitutes);
        if (!status)
                status = ocore__fetch(work);
        if (!status && !ocore__only(products))
                status = ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"", &request->sku);
        return status ? status : answer_list(work, request->sku, substitutes, answer);
}

const ocore__procedure ocore__substitute_put = {&ocore__substitute_put_request,
        &ocore__substitute_list_record, substitute_put, OCORE__COMMAND};
const ocore__procedure ocore__substitute_get = {
        &ocore__product_get_request, &ocore__substitute_list_record, substitute_get, 0};
OCORE__PUBLIC(ocore_substitute_put, ocore_substitute_request, ocore_substitute_list,
        ocore__substitute_put)
OCORE__PUBLIC(ocore_substitute_get, ocore_product_key, ocore_substitute_list, ocore__substitute_get)
