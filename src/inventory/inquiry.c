/* What is to be known of a product before it is ordered: what it is, costs, and how many there are
 * where. It stands here because the catalogue knows nothing of stock. */
#include "inventory.h"

#include "engine/procedure.h"

static const ocore_field request_fields[] = {
        OCORE__FIELD_CODE(ocore_inquiry_request, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD(ocore_inquiry_request, currency, TEXT, OCORE_FIELD_CURRENCY,
                "of the price; empty: no price is wanted"),
        OCORE__FIELD_CODE(ocore_inquiry_request, channel, 0,
                "whose price, safety stock and cap; empty: the general ones"),
};
const ocore_record ocore__product_inquire_request =
        OCORE__RECORD("product_inquire", ocore_inquiry_request, request_fields, 0);

static const ocore_field availability_fields[] = {
        OCORE__FIELD(ocore_availability, site, TEXT, 0, "which site"),
        OCORE__FIELD(ocore_availability, available, UNITS, 0, "free to promise, over all lots"),
};
static const ocore_record availability_record =
        OCORE__RECORD("availability", ocore_availability, availability_fields, 0);

static const ocore_field inquiry_fields[] = {
        OCORE__FIELD_OF(ocore_inquiry, product, RECORD, 0, &ocore__product_record, "what it is"),
        OCORE__FIELD(
                ocore_inquiry, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_inquiry, currency, TEXT, OCORE_FIELD_CURRENCY,
                "of the price; empty when there is none"),
        OCORE__FIELD(ocore_inquiry, price_minor, AMOUNT, 0, "list price of one whole unit"),
        OCORE__FIELD(ocore_inquiry, priced, BOOLEAN, 0, "there is a price"),
        OCORE__FIELD(
                ocore_inquiry, available, UNITS, 0, "free to promise at all open sites together"),
        OCORE__FIELD_OF(ocore_inquiry, sites, ROWS, 0, &availability_record,
                "open sites that have some, in the order they are asked"),
        OCORE__FIELD(ocore_inquiry, on_the_way, UNITS, 0, "expected and not yet promised"),
        OCORE__FIELD(ocore_inquiry, next_us, TIME, OCORE_FIELD_NULLABLE,
                "when the first of it is expected"),
};
const ocore_record ocore__inquiry_record =
        OCORE__RECORD("inquiry", ocore_inquiry, inquiry_fields, 0);

/* The open sites that have some. Of a bundle each says how many it could give alone. */
static int add_sites(ocore__work *work, const ocore__availability *view, const ocore__asked *asked,
        ocore_inquiry *inquiry)
{
        const ocore_site *const *open;
        const ocore_availability **list;
        ocore_availability *rows;
        ocore__at_hand all;
        int64_t sum = 0;
        size_t count;
        int status = ocore__sites_in_order(work, view->sites, &open, &count);

        if (status)
                return status;
        list = ocore__arena_take(work->arena, (count + 1) * sizeof *list);
        rows = ocore__arena_take(work->arena, (count + 1) * sizeof *rows);
        if (!list || !rows)
                return OCORE_NOMEM;
        inquiry->sites = list;
        for (size_t i = 0; i < count && !status; i++) {
                int64_t available = ocore__availability_at(view, asked, open[i]->site).available;

                status = ocore__add(sum, available, &sum);
                if (status || !available)
                        continue;
                rows[inquiry->site_count] = (ocore_availability){open[i]->site, available};
                list[inquiry->site_count] = &rows[inquiry->site_count];
                inquiry->site_count++;
        }
        if (status)
                return ocore__refuse(work, status, "sku",
                        "the stock of \"%t\" at all sites together does not fit 64 bits",
                        &inquiry->product->sku);
        all = ocore__availability_at(view, asked, (ocore_str){0});
        inquiry->available = all.available;
        inquiry->on_the_way = all.on_the_way;
        inquiry->next_us = all.next_us;
        return OCORE_OK;
}

static int product_inquire(ocore__work *work, const void *args, const void **answer)
{
        const ocore_inquiry_request *request = args;
        ocore_inquiry *inquiry = ocore__arena_zero(work->arena, 1, sizeof *inquiry);
        ocore__availability view;
        ocore__asked *asked;
        ocore__group *prices;
        int status = inquiry ? ocore__availability_begin(&view, work, request->channel, 1, 0)
                             : OCORE_NOMEM;

        if (!status)
                status = ocore__availability_ask(&view, request->sku, &asked);
        if (!status)
                status = ocore__want(
                        work, &ocore__price_table, ocore__cell_text(request->sku), &prices);
        if (!status)
                status = ocore__availability_read(&view);
        if (status)
                return status;
        inquiry->product = asked->product;
        if (!inquiry->product)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"", &request->sku);
        inquiry->scale = inquiry->product->scale;
        if (request->currency.size &&
                !ocore__price_find(prices, request->currency, request->channel, work->now_us,
                        &inquiry->price_minor)) {
                inquiry->currency = request->currency;
                inquiry->priced = 1;
        }
        status = add_sites(work, &view, asked, inquiry);
        *answer = inquiry;
        return status;
}

const ocore__procedure ocore__product_inquire = {
        &ocore__product_inquire_request, &ocore__inquiry_record, product_inquire, 0};
OCORE__PUBLIC(ocore_product_inquire, ocore_inquiry_request, ocore_inquiry, ocore__product_inquire)
