/* Sites: the places that keep stock. They are few, read whole and covered by the policy row. */
#include "catalog.h"

#include "engine/procedure.h"

enum { LATITUDE_MAX = 900000000, LONGITUDE_MAX = 1800000000 }; /* degrees × 10,000,000 */

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_site_request),
        OCORE__FIELD_CODE(ocore_site_request, site, OCORE_FIELD_REQUIRED, "its code"),
        OCORE__FIELD(
                ocore_site_request, name, TEXT, OCORE_FIELD_FREE, "for people; default its code"),
        OCORE__FIELD(ocore_site_request, country, TEXT, 0, "two upper-case letters, or empty"),
        OCORE__FIELD(ocore_site_request, priority, INTEGER, 0,
                "lower is asked first; equal ones by code"),
        OCORE__FIELD(ocore_site_request, closed, BOOLEAN, 0, "gives nothing to new orders"),
        OCORE__FIELD(ocore_site_request, located, BOOLEAN, 0, "the coordinates count"),
        OCORE__FIELD(ocore_site_request, latitude_e7, INTEGER, 0,
                "degrees north × 10,000,000: -900,000,000 to 900,000,000"),
        OCORE__FIELD(ocore_site_request, longitude_e7, INTEGER, 0,
                "degrees east × 10,000,000: -1,800,000,000 to 1,800,000,000"),
        OCORE__FIELD_CODE(ocore_site_request, supplier, 0,
                "whose house it is, for drop shipments; empty: our own"),
};
const ocore_record ocore__site_put_request =
        OCORE__RECORD("site_put", ocore_site_request, put_fields, 0);

static int check_place(ocore__work *work, const ocore_site_request *request)
{
        int status = OCORE_OK;

        if (!request->located && (request->latitude_e7 || request->longitude_e7))
                status = ocore__refuse(work, OCORE_INVALID, "located",
                        "is 0, but there are coordinates; set it to 1, or leave them out");
        if (request->latitude_e7 < -LATITUDE_MAX || request->latitude_e7 > LATITUDE_MAX)
                status = ocore__refuse(work, OCORE_INVALID, "latitude_e7",
                        "is beyond the poles; give degrees north × 10,000,000");
        if (request->longitude_e7 < -LONGITUDE_MAX || request->longitude_e7 > LONGITUDE_MAX)
                status = ocore__refuse(work, OCORE_INVALID, "longitude_e7",
                        "is beyond 180 degrees; give degrees east × 10,000,000");
        return status;
}

static int site_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_site_request *request = args;
        const ocore_site site = {
                .site = request->site,
                .name = request->name.size ? request->name : request->site,
                .country = request->country,
                .priority = request->priority,
                .closed = request->closed,
                .located = request->located,
                .latitude_e7 = request->latitude_e7,
                .longitude_e7 = request->longitude_e7,
                .supplier = request->supplier,
        };
        ocore__group *sites, *policy;
        int status = ocore__want(work, &ocore__site_table, ocore__cell_none(), &sites);

        if (!status)
                status = ocore__want(
                        work, &ocore__policy_table, ocore__cell_text(ocore__policy_name), &policy);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__country_check(work, request->country, 0, "country");
        if (!status)
                status = check_place(work, request);
        if (status)
                return status;
        ocore__policy_touch(work, policy);
        *answer = ocore__row_put(work, sites, &site);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->site);
        return work->status;
}

const ocore__procedure ocore__site_put = {
        &ocore__site_put_request, &ocore__site_record, site_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_site_put, ocore_site_request, ocore_site, ocore__site_put)

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_site_list, sites, ROWS, 0, &ocore__site_record, "in order of code"),
};
const ocore_record ocore__site_list_record =
        OCORE__RECORD("site_list", ocore_site_list, list_fields, 0);

static int site_list(ocore__work *work, const void *args, const void **answer)
{
        ocore_site_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void *const *rows;
        ocore__group *sites;
        int status = ocore__want(work, &ocore__site_table, ocore__cell_none(), &sites);

        (void)args;
        if (!status)
                status = list ? ocore__fetch(work) : OCORE_NOMEM;
        if (!status)
                status = ocore__rows_of(work, sites, &rows, &list->site_count);
        if (status)
                return status;
        list->sites = (const ocore_site *const *)rows;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__site_list = {
        &ocore__empty_record, &ocore__site_list_record, site_list, 0};
OCORE__PUBLIC(ocore_site_list_all, ocore_empty_request, ocore_site_list, ocore__site_list)
