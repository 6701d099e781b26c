/* The queues of what is not there yet, page by page, in the order in which they are served. */
#include "supply.h"

#include "engine/procedure.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 1000 };

static const ocore_field request_fields[] = {
        OCORE__FIELD_CODE(
                ocore_backorder_list_request, sku, 0, "only of this product; default: of all"),
        OCORE__FIELD_CODE(ocore_backorder_list_request, after_sku, 0,
                "start behind this entry: the last one's sku"),
        OCORE__FIELD(ocore_backorder_list_request, after_rank, INTEGER, 0, "its rank"),
        OCORE__FIELD(ocore_backorder_list_request, after_since_us, TIME, 0, "its since_us"),
        OCORE__FIELD(ocore_backorder_list_request, after_order, ID, 0, "its order_id"),
        OCORE__FIELD(ocore_backorder_list_request, after_line, INTEGER, 0, "its line"),
        OCORE__FIELD(ocore_backorder_list_request, limit, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "most entries, 1 to 1000; default 100"),
};
const ocore_record ocore__backorder_list_request =
        OCORE__RECORD("backorder_list_request", ocore_backorder_list_request, request_fields, 0);
static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_backorder_list, backorders, ROWS, 0, &ocore__backorder_record,
                "by sku, then as they will be served"),
        OCORE__FIELD(ocore_backorder_list, more, BOOLEAN, 0, "go on behind the last entry"),
};
const ocore_record ocore__backorder_list_record =
        OCORE__RECORD("backorder_list", ocore_backorder_list, list_fields, 0);

typedef struct page {
        const ocore_backorder **rows;
        size_t count;
        size_t limit;
        int64_t more;
} page;

static int page_row(void *user_data, const void *row, int64_t revision)
{
        page *self = user_data;

        (void)revision;
        if (self->count == self->limit) {
                self->more = 1;
                return OCORE_DONE;
        }
        self->rows[self->count++] = row;
        return OCORE_OK;
}

static int backorder_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_backorder_list_request *request = args;
        const ocore_cell sku = ocore__cell_text(request->sku);
        const ocore_cell after[] = {ocore__cell_text(request->after_sku),
                ocore__cell_number(request->after_rank),
                ocore__cell_number(request->after_since_us), ocore__cell_id(request->after_order),
                ocore__cell_number(request->after_line)};
        page self = {.limit = request->limit ? (size_t)request->limit : LIMIT_DEFAULT};
        const ocore__scan scan = {.table = &ocore__backorder_table,
                .index = OCORE__BACKORDER_QUEUE,
                .prefix = &sku,
                .prefix_count = request->sku.size ? 1 : 0,
                .after = request->after_sku.size ? after : NULL,
                .after_count = 5,
                .limit = (uint32_t)self.limit + 1};
        ocore_backorder_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        int status;

        if (request->limit > LIMIT_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "limit",
                        "at most 1000 entries are allowed; ask for pages");
        if (request->sku.size && request->after_sku.size &&
                !ocore_str_equal(request->sku, request->after_sku))
                return ocore__refuse(work, OCORE_INVALID, "after_sku",
                        "\"%t\" is not the product that is asked for; give the last entry of the "
                        "page before",
                        &request->after_sku);
        self.rows = ocore__arena_zero(work->arena, self.limit, sizeof *self.rows);
        if (!list || !self.rows)
                return OCORE_NOMEM;
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, page_row, &self);
        if (status)
                return status;
        *list = (ocore_backorder_list){self.rows, self.count, self.more};
        *answer = list;
        return OCORE_OK;
}

const ocore__procedure ocore__backorder_list = {&ocore__backorder_list_request,
        &ocore__backorder_list_record, backorder_list, OCORE__DIRECT};
OCORE__PUBLIC(ocore_backorder_list_page, ocore_backorder_list_request, ocore_backorder_list,
        ocore__backorder_list)
