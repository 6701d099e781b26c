/* Suppliers: who supplies goods, how long that takes, and how much more they may deliver. A
 * supplier's row is covered by its own revision. */
#include "supply.h"

#include "engine/procedure.h"

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_supplier_request),
        OCORE__FIELD_CODE(ocore_supplier_request, supplier, OCORE_FIELD_REQUIRED, "its code"),
        OCORE__FIELD(ocore_supplier_request, name, TEXT, OCORE_FIELD_FREE,
                "for people; default its code"),
        OCORE__FIELD(ocore_supplier_request, lead_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long supply takes as a rule, in microseconds"),
        OCORE__FIELD(ocore_supplier_request, over_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how much more than ordered may be delivered: parts per million of a line, 0 to "
                "1000000"),
        OCORE__FIELD(ocore_supplier_request, email, TEXT, 0, "where purchase orders go, or empty"),
};
const ocore_record ocore__supplier_put_request =
        OCORE__RECORD("supplier_put", ocore_supplier_request, put_fields, 0);

static int supplier_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_supplier_request *request = args;
        const ocore_supplier supplier = {
                .supplier = request->supplier,
                .name = request->name.size ? request->name : request->supplier,
                .lead_us = request->lead_us,
                .over_ppm = request->over_ppm,
                .email = request->email,
        };
        ocore__group *group;
        int status = ocore__want(
                work, &ocore__supplier_table, ocore__cell_text(request->supplier), &group);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (request->over_ppm > 1000000)
                return ocore__refuse(work, OCORE_INVALID, "over_ppm",
                        "%d is more than all of it again; give 0 to 1000000", &request->over_ppm);
        *answer = ocore__row_put(work, group, &supplier);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->supplier);
        return work->status;
}

const ocore__procedure ocore__supplier_put = {
        &ocore__supplier_put_request, &ocore__supplier_record, supplier_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_supplier_put, ocore_supplier_request, ocore_supplier, ocore__supplier_put)

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(
                ocore_supplier_list, suppliers, ROWS, 0, &ocore__supplier_record, "by code"),
};
const ocore_record ocore__supplier_list_record =
        OCORE__RECORD("supplier_list", ocore_supplier_list, list_fields, 0);

static int supplier_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore__scan scan = {.table = &ocore__supplier_table};
        ocore_supplier_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        ocore__row_list all = {.arena = work->arena};
        int status = list ? OCORE_OK : OCORE_NOMEM;

        (void)args;
        if (!status)
                status = ocore__scan_rows(
                        work->core, work->arena, &scan, 1, ocore__row_list_add, &all);
        if (status)
                return status;
        list->suppliers = (const ocore_supplier *const *)all.rows;
        list->supplier_count = all.count;
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__supplier_list = {
        &ocore__empty_record, &ocore__supplier_list_record, supplier_list, OCORE__DIRECT};
OCORE__PUBLIC(
        ocore_supplier_list_all, ocore_empty_request, ocore_supplier_list, ocore__supplier_list)
