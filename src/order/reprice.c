/* Changing the prices of an order: amounts are made anew by the rules that made them, units and
 * stock stay as they are. */
#include "pricing_rules.h"

#include "engine/procedure.h"

typedef struct repricing {
        ocore__order_view view;
        ocore_order_line *lines; /* as they will be */
        ocore_order order;       /* only its totals count */
        size_t *asked;           /* by line − 1: which line of the request names it, from 1 */
} repricing;

/* What was taken back was taken back at the old price: its shares could not sum any more. */
static int check_untouched(ocore__work *work, const ocore__order_view *view)
{
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);

                if (line->cancelled || line->refunded || line->shipping_refunded)
                        return ocore__refuse(work, OCORE_STATE, "order_id",
                                "units of line %d are cancelled or refunded already; refund the "
                                "difference instead",
                                &line->number);
        }
        return OCORE_OK;
}

static int take_price(
        ocore__work *work, repricing *all, const ocore_reprice_line *asked, size_t index)
{
        const ocore_order *order = ocore__only(all->view.orders);
        const ocore_str currency = {asked->unit_price.currency, 3};
        const char *field = ocore__at(work, "lines", index, "line");
        ocore_order_line *line;

        if (!ocore__order_line_entry(&all->view, asked->line))
                return ocore__refuse(work, OCORE_NOT_FOUND, field,
                        "the order has no line %d; look it up with order.get", &asked->line);
        line = &all->lines[asked->line - 1];
        if (line->parent)
                return ocore__refuse(work, OCORE_INVALID, field,
                        "line %d is a part of the bundle in line %d and has no price; change that "
                        "of the bundle",
                        &line->number, &line->parent);
        if (all->asked[asked->line - 1])
                return ocore__refuse(work, OCORE_INVALID, field,
                        "line %d stands in the request twice; name it once", &asked->line);
        if (!ocore_str_equal(currency, order->currency))
                return ocore__refuse(work, OCORE_INVALID,
                        ocore__at(work, "lines", index, "unit_price"),
                        "is in %t, the order is in %t; use one currency", &currency,
                        &order->currency);
        all->asked[asked->line - 1] = index + 1;
        line->unit_price_minor = asked->unit_price.amount_minor;
        return OCORE_OK;
}

/* The lines as the rules want them: units, prices and rates, the amounts still to be made. */
static int begin(ocore__work *work, repricing *all)
{
        size_t count = all->view.line_count;

        all->lines = ocore__arena_zero(work->arena, count + 1, sizeof *all->lines);
        all->asked = ocore__arena_zero(work->arena, count + 1, sizeof *all->asked);
        if (!all->lines || !all->asked)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++) {
                ocore_order_line *line = &all->lines[i];

                *line = *(const ocore_order_line *)ocore__row(all->view.line_at[i]);
                line->order_discount_minor = line->tax_minor = 0;
                line->shipping_minor = line->shipping_tax_minor = 0;
        }
        return OCORE_OK;
}

/* Where a refusal of the rules points: to the line that was named, or to the request. */
static const char *field_of(ocore__work *work, const repricing *all, size_t line)
{
        size_t asked = line < all->view.line_count ? all->asked[line] : 0;

        return asked ? ocore__at(work, "lines", asked - 1, "unit_price") : "lines";
}

/* Discounts and the shipping charge keep their amounts; all of it is shared out anew. */
static int price(ocore__work *work, repricing *all)
{
        const ocore_order *order = ocore__only(all->view.orders);
        size_t count = all->view.line_count, wrong = count;
        ocore__line_discount *discounts =
                ocore__arena_zero(work->arena, count + 1, sizeof *discounts);
        ocore__pricing pricing = {.tax_mode = order->tax_mode,
                .rounding = order->rounding,
                .rounding_level = order->rounding_level,
                .shipping_minor = order->shipping_minor,
                .shipping_given = 1};
        int status = discounts ? OCORE_OK : OCORE_NOMEM;

        for (size_t i = 0; i < count && !status; i++) {
                const ocore_order_line *line = ocore__row(all->view.line_at[i]);

                discounts[i].minor = line->discount_minor;
                status = ocore__add(pricing.discount_minor, line->order_discount_minor,
                        &pricing.discount_minor);
                if (!status)
                        status = ocore__add(pricing.shipping_tax_minor, line->shipping_tax_minor,
                                &pricing.shipping_tax_minor);
        }
        if (!status)
                status = ocore__price_order(
                        work->arena, &pricing, discounts, all->lines, count, &all->order, &wrong);
        if (!status || status == OCORE_NOMEM)
                return status;
        return ocore__refuse(work, status, field_of(work, all, wrong),
                status == OCORE_INVALID
                        ? "the discounts that were given are more than what is left; give a "
                          "higher price"
                        : "the amount leaves 64 bits; take a lower price");
}

/* Stages the lines; what they are worth more (or less) now is the share to be charged. */
static int stage_lines(ocore__work *work, const repricing *all, ocore__share shares[2])
{
        for (size_t i = 0; i < all->view.line_count; i++) {
                ocore_order_line *line = ocore__edit(work, all->view.line_at[i]);

                if (!line)
                        return work->status;
                shares[0].total_minor += all->lines[i].total_minor - line->total_minor;
                shares[0].tax_minor += all->lines[i].tax_minor - line->tax_minor;
                shares[1].total_minor += all->lines[i].shipping_minor - line->shipping_minor;
                shares[1].tax_minor += all->lines[i].shipping_tax_minor - line->shipping_tax_minor;
                *line = all->lines[i];
        }
        return OCORE_OK;
}

static int order_reprice(ocore__work *work, const void *args, const void **answer)
{
        const ocore_order_reprice_request *request = args;
        ocore__share shares[2] = {{0, 0}, {0, 0}};
        repricing all = {.lines = NULL};
        const ocore_order *order = NULL;
        ocore_order *changed;
        int64_t state;
        int status = ocore__order_want(work, request->order_id, &all.view);

        if (!status)
                status = ocore__order_fetch(work, &all.view, OCORE_STEP_REPRICE, &order, &state);
        if (!status)
                status = check_untouched(work, &all.view);
        if (!status)
                status = begin(work, &all);
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = take_price(work, &all, &request->lines[i], i);
        if (!status)
                status = price(work, &all);
        if (!status)
                status = stage_lines(work, &all, shares);
        if (status)
                return status;
        changed = ocore__order_touch(work, &all.view, OCORE_EVENT_ORDER_REPRICED, request->reason);
        if (!changed)
                return OCORE_NOMEM;
        changed->goods_minor = all.order.goods_minor;
        changed->discount_minor = all.order.discount_minor;
        changed->shipping_minor = all.order.shipping_minor;
        changed->tax_minor = all.order.tax_minor;
        changed->total_minor = all.order.total_minor;
        if (state == OCORE_ORDER_CONFIRMED)
                ocore__money_charge(work, changed, shares[0], shares[1], 1);
        if (!work->status)
                status = ocore__order_snapshot(work, &all.view, &order);
        *answer = order;
        return status ? status : work->status;
}

static const ocore_field line_fields[] = {
        OCORE__FIELD(ocore_reprice_line, line, INTEGER, OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE,
                "number of the line, from 1"),
        OCORE__FIELD(ocore_reprice_line, unit_price, MONEY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_NOT_NEGATIVE,
                "of one whole unit, in the order's currency"),
};
static const ocore_record line_record =
        OCORE__RECORD("order_reprice_line", ocore_reprice_line, line_fields, 0);
static const ocore_field reprice_fields[] = {
        OCORE__FIELD_KEY(ocore_order_reprice_request),
        OCORE__FIELD(
                ocore_order_reprice_request, order_id, ID, OCORE_FIELD_REQUIRED, "which order"),
        OCORE__FIELD(ocore_order_reprice_request, reason, TEXT,
                OCORE_FIELD_FREE | OCORE_FIELD_LINES, "why"),
        OCORE__FIELD_OF(ocore_order_reprice_request, lines, ITEMS, OCORE_FIELD_REQUIRED,
                &line_record, "the new prices"),
};
const ocore_record ocore__order_reprice_request =
        OCORE__RECORD("order_reprice", ocore_order_reprice_request, reprice_fields, 0);

const ocore__procedure ocore__order_reprice = {
        &ocore__order_reprice_request, &ocore__order_record, order_reprice, OCORE__COMMAND};

OCORE__PUBLIC(ocore_order_reprice, ocore_order_reprice_request, ocore_order, ocore__order_reprice)
