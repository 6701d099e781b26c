/* List prices. A price is covered by the revision of its product: setting one changes that too. */
#include "catalog.h"

#include "engine/procedure.h"

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_price_request),
        OCORE__FIELD_CODE(ocore_price_request, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(ocore_price_request, channel, 0,
                "empty: all channels without a price of their own"),
        OCORE__FIELD(ocore_price_request, from_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "valid from; default always"),
        OCORE__FIELD(ocore_price_request, price, MONEY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_NOT_NEGATIVE, "for one whole unit"),
};
const ocore_record ocore__price_put_request =
        OCORE__RECORD("price_put", ocore_price_request, put_fields, 0);

static int price_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_price_request *request = args;
        const ocore_price price = {
                .sku = request->sku,
                .currency = {request->price.currency, 3},
                .channel = request->channel,
                .from_us = request->from_us,
                .price_minor = request->price.amount_minor,
        };
        const ocore_cell sku = ocore__cell_text(request->sku);
        ocore__group *products, *prices;
        ocore__entry *product;
        int status = ocore__want(work, &ocore__product_table, sku, &products);

        if (!status)
                status = ocore__want(work, &ocore__price_table, sku, &prices);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        product = ocore__first(products);
        if (!product)
                return ocore__refuse(work, OCORE_NOT_FOUND, "sku",
                        "there is no product \"%t\"; put it first", &request->sku);
        ocore__edit(work, product);
        *answer = ocore__row_put(work, prices, &price);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->sku);
        return work->status;
}

const ocore__procedure ocore__price_put = {
        &ocore__price_put_request, &ocore__price_record, price_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_price_put, ocore_price_request, ocore_price, ocore__price_put)
