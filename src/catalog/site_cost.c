/* What it costs to send from a site: few rows, read whole and covered by the policy row. */
#include "catalog.h"

#include "engine/procedure.h"

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_site_cost_request),
        OCORE__FIELD_CODE(ocore_site_cost_request, site, OCORE_FIELD_REQUIRED, "from which site"),
        OCORE__FIELD(ocore_site_cost_request, country, TEXT, 0,
                "to which country: two upper-case letters; empty: to all without a row of their "
                "own"),
        OCORE__FIELD(ocore_site_cost_request, currency, TEXT,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_CURRENCY, "ISO 4217"),
        OCORE__FIELD(ocore_site_cost_request, shipment_minor, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "one shipment, in minor units"),
        OCORE__FIELD(ocore_site_cost_request, kg_minor, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "each kilogram of it, in minor units"),
        OCORE__FIELD(ocore_site_cost_request, unit_minor, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "handling one whole unit, in minor units"),
        OCORE__FIELD(ocore_site_cost_request, transit_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long it takes, in microseconds"),
};
const ocore_record ocore__site_cost_put_request =
        OCORE__RECORD("site_cost_put", ocore_site_cost_request, put_fields, 0);

static int site_cost_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_site_cost_request *request = args;
        const ocore_site_cost cost = {
                .site = request->site,
                .country = request->country,
                .currency = request->currency,
                .shipment_minor = request->shipment_minor,
                .kg_minor = request->kg_minor,
                .unit_minor = request->unit_minor,
                .transit_us = request->transit_us,
        };
        ocore__group *sites, *costs, *policy;
        int status = ocore__want(work, &ocore__site_table, ocore__cell_none(), &sites);

        if (!status)
                status = ocore__want(work, &ocore__site_cost_table, ocore__cell_none(), &costs);
        if (!status)
                status = ocore__want(
                        work, &ocore__policy_table, ocore__cell_text(ocore__policy_name), &policy);
        if (!status)
                status = ocore__fetch(work);
        if (!status && !ocore__site_find(sites, request->site))
                status = ocore__refuse(work, OCORE_NOT_FOUND, "site",
                        "there is no site \"%t\"; put it first", &request->site);
        if (!status)
                status = ocore__country_check(work, request->country, 0, "country");
        if (status)
                return status;
        ocore__policy_touch(work, policy);
        *answer = ocore__row_put(work, costs, &cost);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->site);
        return work->status;
}

const ocore__procedure ocore__site_cost_put = {
        &ocore__site_cost_put_request, &ocore__site_cost_record, site_cost_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_site_cost_put, ocore_site_cost_request, ocore_site_cost, ocore__site_cost_put)

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_site_cost_list, costs, ROWS, 0, &ocore__site_cost_record,
                "by site, then country"),
};
const ocore_record ocore__site_cost_list_record =
        OCORE__RECORD("site_cost_list", ocore_site_cost_list, list_fields, 0);

static int site_cost_list(ocore__work *work, const void *args, const void **answer)
{
        ocore_site_cost_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void *const *rows;
        ocore__group *costs;
        int status = ocore__want(work, &ocore__site_cost_table, ocore__cell_none(), &costs);

        (void)args;
        if (!status)
                status = list ? ocore__fetch(work) : OCORE_NOMEM;
        if (!status)
                status = ocore__rows_of(work, costs, &rows, &list->cost_count);
        if (status)
                return status;
        list->costs = (const ocore_site_cost *const *)rows;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__site_cost_list = {
        &ocore__empty_record, &ocore__site_cost_list_record, site_cost_list, 0};
OCORE__PUBLIC(
        ocore_site_cost_list_all, ocore_empty_request, ocore_site_cost_list, ocore__site_cost_list)
