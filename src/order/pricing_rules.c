/* Pricing in five steps, each over all lines: goods, discount, tax, totals, shipping. Pure. */
#include "pricing_rules.h"

enum { PPM = 1000000 };

typedef struct pricer {
        const ocore__pricing *rules;
        const ocore__line_discount *discounts;
        ocore_order_line *lines;
        size_t count;
        ocore_order *order;
        int64_t *weights; /* working room: one number a line each */
        int64_t *parts;
        int64_t *remainders;
        size_t *out_line;
} pricer;

static int64_t net_of(const ocore_order_line *line)
{
        return line->goods_minor - line->discount_minor - line->order_discount_minor;
}

/* Goods and the line's own discount. */
static int price_line(const pricer *of, size_t index)
{
        ocore_order_line *line = &of->lines[index];
        const ocore__line_discount *discount = &of->discounts[index];
        int rounding = (int)of->rules->rounding;
        int status = ocore__multiply_divide(line->unit_price_minor, line->quantity,
                ocore__power_of_ten((int)line->scale), rounding, &line->goods_minor);

        line->discount_minor = discount->minor;
        if (!status && discount->ppm)
                status = ocore__multiply_divide(
                        line->goods_minor, discount->ppm, PPM, rounding, &line->discount_minor);
        *of->out_line = index;
        if (!status && line->discount_minor > line->goods_minor)
                return OCORE_INVALID;
        if (!status)
                status = ocore__add(
                        of->order->goods_minor, line->goods_minor, &of->order->goods_minor);
        return status;
}

/* The order's discount, by largest remainder over what the lines cost after their own. */
static int share_discount(const pricer *of)
{
        int64_t base = 0, discount = of->rules->discount_minor;
        int status = OCORE_OK;

        if (!discount && !of->rules->discount_ppm)
                return OCORE_OK;
        for (size_t i = 0; i < of->count; i++) {
                of->weights[i] = net_of(&of->lines[i]);
                base += of->weights[i]; /* no more than the goods, whose sum was checked */
        }
        if (of->rules->discount_ppm)
                status = ocore__multiply_divide(
                        base, of->rules->discount_ppm, PPM, (int)of->rules->rounding, &discount);
        *of->out_line = of->count;
        if (!status && discount > base)
                return OCORE_INVALID;
        if (!status)
                status = ocore__share_out(
                        discount, of->weights, of->count, of->parts, of->remainders);
        for (size_t i = 0; !status && i < of->count; i++)
                of->lines[i].order_discount_minor = of->parts[i];
        return status;
}

/* The tax in (inclusive) or on (exclusive) an amount. */
static int tax_of(const pricer *of, int64_t amount, int64_t rate_ppm, int64_t *out)
{
        int64_t base = of->rules->tax_mode == OCORE_TAX_EXCLUSIVE ? PPM : PPM + rate_ppm;

        return ocore__multiply_divide(amount, rate_ppm, base, (int)of->rules->rounding, out);
}

/* Rounded for one whole unit, then times the quantity. */
static int tax_by_unit(const pricer *of, ocore_order_line *line)
{
        int64_t whole = ocore__power_of_ten((int)line->scale), unit, tax;
        int rounding = (int)of->rules->rounding;
        int status = ocore__multiply_divide(net_of(line), whole, line->quantity, rounding, &unit);

        if (!status)
                status = tax_of(of, unit, line->tax_rate_ppm, &tax);
        if (!status)
                status = ocore__multiply_divide(
                        tax, line->quantity, whole, rounding, &line->tax_minor);
        if (!status && of->rules->tax_mode == OCORE_TAX_INCLUSIVE && line->tax_minor > net_of(line))
                line->tax_minor = net_of(line); /* rounding up each of many small units */
        return status;
}

/* One sum for all lines of the rate of line `first`, shared out over them. */
static int tax_by_order(const pricer *of, size_t first)
{
        int64_t rate = of->lines[first].tax_rate_ppm, sum = 0, tax;
        int status;

        for (size_t i = 0; i < first; i++)
                if (of->lines[i].tax_rate_ppm == rate)
                        return OCORE_OK; /* done with an earlier line */
        for (size_t i = 0; i < of->count; i++) {
                of->weights[i] = of->lines[i].tax_rate_ppm == rate ? net_of(&of->lines[i]) : 0;
                sum += of->weights[i];
        }
        if (!sum)
                return OCORE_OK;
        status = tax_of(of, sum, rate, &tax);
        if (!status)
                status = ocore__share_out(tax, of->weights, of->count, of->parts, of->remainders);
        for (size_t i = 0; !status && i < of->count; i++)
                if (of->lines[i].tax_rate_ppm == rate)
                        of->lines[i].tax_minor = of->parts[i];
        return status;
}

static int tax_lines(const pricer *of)
{
        ocore_order *order = of->order;
        int status = OCORE_OK;

        for (size_t i = 0; !status && i < of->count; i++) {
                ocore_order_line *line = &of->lines[i];

                *of->out_line = i;
                if (!line->tax_rate_ppm)
                        continue;
                if (of->rules->rounding_level == OCORE_ROUND_UNIT)
                        status = tax_by_unit(of, line);
                else if (of->rules->rounding_level == OCORE_ROUND_ORDER)
                        status = tax_by_order(of, i);
                else
                        status = tax_of(of, net_of(line), line->tax_rate_ppm, &line->tax_minor);
        }
        for (size_t i = 0; !status && i < of->count; i++) {
                ocore_order_line *line = &of->lines[i];
                int64_t on_top = of->rules->tax_mode == OCORE_TAX_EXCLUSIVE ? line->tax_minor : 0;

                status = ocore__add(net_of(line), on_top, &line->total_minor);
                if (!status)
                        status = ocore__add(
                                order->total_minor, line->total_minor, &order->total_minor);
                if (!status)
                        status = ocore__add(order->tax_minor, line->tax_minor, &order->tax_minor);
                order->discount_minor += line->discount_minor + line->order_discount_minor;
        }
        return status;
}

/* The charge with its tax, and that tax. */
static int shipping_charge(const pricer *of, int64_t *charge, int64_t *tax)
{
        int status;

        *charge = of->rules->shipping_minor;
        *tax = of->rules->shipping_tax_minor;
        if (of->rules->shipping_given)
                return OCORE_OK;
        status = tax_of(of, *charge, of->rules->shipping_tax_ppm, tax);
        if (!status && of->rules->tax_mode == OCORE_TAX_EXCLUSIVE)
                status = ocore__add(*charge, *tax, charge);
        return status;
}

/* 1: something is sent for the line, and it bears its share of the charge. */
static int is_sent(const ocore_order_line *line)
{
        return line->kind == OCORE_PRODUCT_GOODS || ocore__line_is_bundle(line);
}

/* The shipping charge is shared over the goods by what they cost; its tax in proportion. */
static int share_shipping(const pricer *of)
{
        ocore_order *order = of->order;
        int64_t charge, tax;
        int status;

        if (!of->rules->shipping_minor)
                return OCORE_OK;
        *of->out_line = of->count;
        status = shipping_charge(of, &charge, &tax);
        for (size_t i = 0; i < of->count; i++)
                of->weights[i] = is_sent(&of->lines[i]) ? of->lines[i].total_minor : 0;
        if (!status)
                status =
                        ocore__share_out(charge, of->weights, of->count, of->parts, of->remainders);
        for (size_t i = 0; !status && i < of->count; i++)
                of->lines[i].shipping_minor = of->weights[i] = of->parts[i];
        if (!status)
                status = ocore__share_out(tax, of->weights, of->count, of->parts, of->remainders);
        for (size_t i = 0; !status && i < of->count; i++)
                of->lines[i].shipping_tax_minor = of->parts[i];
        order->shipping_minor = charge;
        if (!status)
                status = ocore__add(order->total_minor, charge, &order->total_minor);
        return status ? status : ocore__add(order->tax_minor, tax, &order->tax_minor);
}

int ocore__price_order(ocore__arena *arena, const ocore__pricing *pricing,
        const ocore__line_discount *discounts, ocore_order_line *lines, size_t count,
        ocore_order *order, size_t *out_line)
{
        int64_t *room = ocore__arena_take(arena, count * 3 * sizeof *room);
        pricer all = {pricing, discounts, lines, count, order, room, room + count, room + 2 * count,
                out_line};
        int status = room ? OCORE_OK : OCORE_NOMEM;

        for (size_t i = 0; !status && i < count; i++)
                status = price_line(&all, i);
        if (!status)
                status = share_discount(&all);
        if (!status)
                status = tax_lines(&all);
        return status ? status : share_shipping(&all);
}
