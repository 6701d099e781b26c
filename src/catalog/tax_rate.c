/* Tax rates by class, country and time. They are few, read whole and covered by the policy row. */
#include "catalog.h"

#include "engine/procedure.h"

enum { RATE_MAX_PPM = 1000000 };

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_tax_rate_request),
        OCORE__FIELD_CODE(
                ocore_tax_rate_request, tax_class, OCORE_FIELD_REQUIRED, "as in products"),
        OCORE__FIELD(ocore_tax_rate_request, country, TEXT, OCORE_FIELD_REQUIRED,
                "where the goods go: two upper-case letters"),
        OCORE__FIELD(ocore_tax_rate_request, from_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "valid from; default always"),
        OCORE__FIELD(ocore_tax_rate_request, rate_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "parts per million, 0 to 1000000: 190000 is 19 %"),
};
const ocore_record ocore__tax_rate_put_request =
        OCORE__RECORD("tax_rate_put", ocore_tax_rate_request, put_fields, 0);

static int check(ocore__work *work, const ocore_tax_rate_request *request)
{
        ocore__country_check(work, request->country, 1, "country");
        if (request->rate_ppm > RATE_MAX_PPM)
                ocore__refuse(work, OCORE_INVALID, "rate_ppm",
                        "%d is above 1000000 parts per million, which is all", &request->rate_ppm);
        return ocore__refused(work);
}

static int tax_rate_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_tax_rate_request *request = args;
        const ocore_tax_rate rate = {
                .tax_class = request->tax_class,
                .country = request->country,
                .from_us = request->from_us,
                .rate_ppm = request->rate_ppm,
        };
        ocore__group *rates, *policy;
        int status = ocore__want(work, &ocore__tax_rate_table, ocore__cell_none(), &rates);

        if (!status)
                status = ocore__want(
                        work, &ocore__policy_table, ocore__cell_text(ocore__policy_name), &policy);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = check(work, request);
        if (status)
                return status;
        ocore__policy_touch(work, policy);
        *answer = ocore__row_put(work, rates, &rate);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->tax_class);
        return work->status;
}

const ocore__procedure ocore__tax_rate_put = {
        &ocore__tax_rate_put_request, &ocore__tax_rate_record, tax_rate_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_tax_rate_put, ocore_tax_rate_request, ocore_tax_rate, ocore__tax_rate_put)

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_tax_rate_list, rates, ROWS, 0, &ocore__tax_rate_record,
                "by class, country and time"),
};
const ocore_record ocore__tax_rate_list_record =
        OCORE__RECORD("tax_rate_list", ocore_tax_rate_list, list_fields, 0);

static int tax_rate_list(ocore__work *work, const void *args, const void **answer)
{
        ocore_tax_rate_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void *const *rows;
        ocore__group *rates;
        int status = ocore__want(work, &ocore__tax_rate_table, ocore__cell_none(), &rates);

        (void)args;
        if (!status)
                status = list ? ocore__fetch(work) : OCORE_NOMEM;
        if (!status)
                status = ocore__rows_of(work, rates, &rows, &list->rate_count);
        if (status)
                return status;
        list->rates = (const ocore_tax_rate *const *)rows;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__tax_rate_list = {
        &ocore__empty_record, &ocore__tax_rate_list_record, tax_rate_list, 0};
OCORE__PUBLIC(
        ocore_tax_rate_list_all, ocore_empty_request, ocore_tax_rate_list, ocore__tax_rate_list)
