/* What a draft rests on is read, and decided in its order; what that takes stands in the files
 * beside this one. Staging is in place.c. */
#include "draft.h"

/* A saved draft is placed as it is when the request brings no lines of its own. */
static int read_saved(ocore__work *work, const ocore_order_draft *request, ocore__draft_work *out)
{
        const ocore__draft_row *row;
        void *content;
        int status = ocore__order_want(work, out->order_id, &out->view);

        if (!status)
                status = ocore__want(
                        work, &ocore__draft_table, ocore__cell_id(out->order_id), &out->saved);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__only(out->view.orders))
                return ocore__refuse(work, OCORE_NOT_FOUND, "order_id",
                        "there is no such draft; leave order_id out for a new order");
        row = ocore__only(out->saved);
        if (request->line_count || !row)
                return OCORE_OK;
        status = ocore__record_decode(
                work->arena, &ocore__order_save_request, row->content, &content);
        if (status == OCORE_CORRUPT)
                return ocore__refuse(
                        work, status, "order_id", "the saved draft cannot be read; save it again");
        if (!status) { /* what a store returns is checked like what a caller gives */
                ((ocore_order_draft *)content)->struct_size = sizeof(ocore_order_draft);
                status = ocore__request_take(work, &ocore__order_save_request, content, &content);
        }
        if (!status)
                out->draft = content;
        return status;
}

static int want_lines(ocore__work *work, ocore__draft_work *out)
{
        const ocore_order_draft *draft = out->draft;
        int status = OCORE_OK;

        out->line_count = draft->line_count;
        out->targets = ocore__arena_zero(work->arena, draft->line_count + 1, sizeof *out->targets);
        if (!out->targets)
                return OCORE_NOMEM;
        for (size_t i = 0; !status && i < draft->line_count; i++) {
                const ocore_cell sku = ocore__cell_text(draft->lines[i].sku);

                status =
                        ocore__consult(work, &ocore__product_table, sku, &out->targets[i].products);
                if (!status && !draft->lines[i].unit_price.currency[0])
                        status = ocore__consult(
                                work, &ocore__price_table, sku, &out->targets[i].prices);
                if (!status)
                        status = ocore__want_balance(
                                work, &ocore__stock_table, sku, &out->targets[i].stock);
        }
        return status;
}

int ocore__draft_read(ocore__work *work, const ocore_order_draft *request, ocore__draft_work *out)
{
        int is_new = ocore__id_is_none(request->order_id);
        int status;

        *out = (ocore__draft_work){.draft = request,
                .order_id = is_new ? request->id : request->order_id,
                .is_new = is_new};
        if (is_new) {
                status = ocore__order_own(work, out->order_id, &out->view);
                if (!status)
                        status = ocore__want_new(work, &ocore__order_table,
                                ocore__cell_id(out->order_id), &out->view.orders);
        } else {
                status = read_saved(work, request, out);
        }
        if (!status)
                status = ocore__consult_policy(work, &out->policy);
        if (!status)
                status = ocore__sourcing_consult(work, &out->sources);
        if (!status)
                status = ocore__shipping_consult(work, &out->shipping);
        if (!status && !ocore__id_is_none(out->draft->hold_id))
                status = ocore__hold_want(work, out->draft->hold_id, &out->holds, &out->hold_lines);
        if (!status)
                status = want_lines(work, out);
        if (!status)
                status = ocore__fetch(work);
        if (!status && out->holds) {
                status = ocore__hold_want_stock(work, out->hold_lines);
                if (!status)
                        status = ocore__fetch(work);
        }
        return status ? status : ocore__draft_read_related(work, out);
}

static void decide_header(ocore__work *work, ocore__draft_work *draft)
{
        const ocore_order_draft *request = draft->draft;
        const ocore_order *saved = ocore__only(draft->view.orders);
        int64_t event_count = saved ? saved->event_count : 0, version = saved ? saved->version : 0;

        draft->order = (ocore_order){
                .id = draft->order_id,
                .number = request->number,
                .state = OCORE_ORDER_PLACED,
                .channel = request->channel,
                .customer = request->customer,
                .currency = request->currency,
                .tax_mode = request->tax_mode ? request->tax_mode : OCORE_TAX_INCLUSIVE,
                .rounding = request->rounding ? request->rounding : OCORE_ROUND_HALF_UP,
                .rounding_level =
                        request->rounding_level ? request->rounding_level : OCORE_ROUND_LINE,
                .ship_country = request->ship_country,
                .ship_postcode = request->ship_postcode,
                .shipping_option = request->shipping_option,
                .purchase_order = request->purchase_order,
                .note = request->note,
                .hold_id = request->hold_id,
                .saved_us = saved ? saved->saved_us : work->now_us,
                .placed_us = work->now_us,
                .event_count = event_count + 1,
                .version = version + 1,
        };
}

enum { LATITUDE_MAX_E7 = 900000000, LONGITUDE_MAX_E7 = 1800000000, SITES_MAX = 100 };

/* What the draft says of sourcing, as far as it can be judged without rows. */
static void check_wishes(ocore__work *work, const ocore_order_draft *request)
{
        if (request->wanted_us && request->wanted_us < work->now_us)
                ocore__refuse(work, OCORE_INVALID, "wanted_us",
                        "is in the past; give a time to come, or leave it out");
        if (request->ship_latitude_e7 < -LATITUDE_MAX_E7 ||
                request->ship_latitude_e7 > LATITUDE_MAX_E7)
                ocore__refuse(work, OCORE_INVALID, "ship_latitude_e7",
                        "must be -900000000 to 900000000: degrees north times 10000000");
        if (request->ship_longitude_e7 < -LONGITUDE_MAX_E7 ||
                request->ship_longitude_e7 > LONGITUDE_MAX_E7)
                ocore__refuse(work, OCORE_INVALID, "ship_longitude_e7",
                        "must be -1800000000 to 1800000000: degrees east times 10000000");
        if (request->site_count > SITES_MAX)
                ocore__refuse(work, OCORE_LIMIT, "sites",
                        "at most 100 sites are allowed; leave the last ones out");
        if (request->hold_keep && ocore__id_is_none(request->hold_id))
                ocore__refuse(work, OCORE_INVALID, "hold_keep",
                        "there is no hold to keep; give hold_id, or leave it out");
}

static void check_header(ocore__work *work, const ocore__draft_work *draft)
{
        const ocore_order_draft *request = draft->draft;
        const ocore_order *saved = ocore__only(draft->view.orders);

        if (saved && draft->is_new)
                ocore__refuse(
                        work, OCORE_EXISTS, "id", "is the id of another order; make a new one");
        else if (saved)
                ocore__order_step_check(work, saved, OCORE_STEP_PLACE, NULL);
        if (!request->currency.size)
                ocore__refuse(
                        work, OCORE_INVALID, "currency", "is needed; give a code such as EUR");
        if (!request->line_count)
                ocore__refuse(work, OCORE_INVALID, "lines", "is empty; give at least one");
        ocore__country_check(
                work, request->ship_country, request->shipping_option.size > 0, "ship_country");
        check_wishes(work, request);
}

/* 1: nothing more can be decided; what was refused so far may be all that is wrong, or not. */
static int is_over(const ocore__work *work, int status)
{
        return work->status || status == OCORE_NOMEM || status == OCORE_CONFLICT ||
               status == OCORE_STORE || status == OCORE_CORRUPT ||
               (status && !ocore__refused(work));
}

static int resolve(ocore__work *work, ocore__draft_work *draft)
{
        const ocore_order_draft *request = draft->draft;
        const ocore__sourcing_wishes wishes = ocore__wishes_of_draft(request);
        int status;

        if (request->site_count > SITES_MAX)
                return OCORE_LIMIT; /* refused already */
        status = ocore__sourcing_resolve(work, &draft->sources, &wishes, request->channel,
                request->ship_country, request->currency, &draft->sourcing);
        draft->order.ship_complete = draft->sourcing.ship_complete;
        return status;
}

int ocore__draft_decide(ocore__work *work, ocore__draft_work *draft)
{
        size_t count = draft->line_count;
        ocore__line_discount *discounts =
                ocore__arena_zero(work->arena, count + 1, sizeof *discounts);
        int status, sourced;

        draft->lines = ocore__arena_zero(work->arena, count + 1, sizeof *draft->lines);
        if (!discounts || !draft->lines)
                return OCORE_NOMEM;
        ocore__rely(work, ocore__first(draft->policy));
        decide_header(work, draft);
        check_header(work, draft);
        status = ocore__draft_lines(work, draft, discounts);
        if (status)
                return status;
        if (draft->holds && ocore__hold_live(work, draft->holds))
                draft->holds = NULL; /* what else is wrong is still said */
        sourced = resolve(work, draft);
        status = sourced;
        if (!status && count)
                status = ocore__draft_plan_lines(work, draft);
        if (!status && count)
                status = ocore__draft_substitute(work, draft);
        if (is_over(work, status))
                return status ? status : work->status;
        ocore__draft_taxes(work, draft);
        status = ocore__draft_total(work, draft, discounts);
        if (!is_over(work, status) && count && !sourced)
                status = ocore__draft_stock(work, draft);
        if (!is_over(work, status))
                status = ocore__draft_quotas(work, draft);
        if (is_over(work, status))
                return status ? status : work->status;
        return ocore__refused(work);
}
