/* The lines of an order as its draft asks for them: products, quantities, prices and discounts, the
 * parts of bundles; then the tax and weight of what is sent, and what all of it costs. */
#include "draft.h"

/* 1 if an amount of the draft is in the order's currency, or the order's was refused already. */
static int same_currency(const ocore__draft_work *draft, const ocore_money *money)
{
        const ocore_str currency = {money->currency, 3}, wanted = draft->draft->currency;

        return !money->currency[0] || !wanted.size || ocore_str_equal(currency, wanted);
}

static void refuse_currency(ocore__work *work, const ocore__draft_work *draft,
        const ocore_money *money, const char *field)
{
        const ocore_str currency = {money->currency, 3};

        ocore__refuse(work, OCORE_INVALID, field, "is in %t, the order is in %t; use one currency",
                &currency, &draft->draft->currency);
}

static void check_ppm(ocore__work *work, int64_t ppm, int64_t amount, const char *field)
{
        if (ppm > 1000000)
                ocore__refuse(work, OCORE_INVALID, field, "must be 0 to 1000000 parts per million");
        else if (ppm && amount)
                ocore__refuse(work, OCORE_INVALID, field,
                        "cannot stand beside a discount in money; give one of them");
}

/* The price of a line: as the draft says, or the list's. */
static void decide_price(
        ocore__work *work, const ocore__draft_work *draft, size_t index, ocore_order_line *line)
{
        const ocore_order_draft *request = draft->draft;
        const ocore_money *price = &request->lines[index].unit_price;
        const ocore__group *prices = draft->targets[index].prices;

        if (!prices) {
                line->unit_price_minor = price->amount_minor;
                if (!same_currency(draft, price))
                        refuse_currency(
                                work, draft, price, ocore__at(work, "lines", index, "unit_price"));
        } else if (request->currency.size &&
                   ocore__price_find(prices, request->currency, request->channel, work->now_us,
                           &line->unit_price_minor)) {
                ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "unit_price"),
                        "\"%t\" has no list price in %t; put one, or give unit_price", &line->sku,
                        &request->currency);
        }
}

/* The quantity of a line in smallest units. */
static void decide_quantity(ocore__work *work, const ocore_draft_line *request, size_t index,
        const ocore_product *product, ocore_order_line *line)
{
        if (ocore__item_units(
                    work, product->scale, request->quantity, "lines", index, &line->quantity))
                return;
        if (line->quantity < 0) /* refused already; a verdict goes on as if nothing were wanted */
                line->quantity = 0;
}

static void decide_discount(ocore__work *work, const ocore__draft_work *draft, size_t index,
        ocore__line_discount *discount)
{
        const ocore_draft_line *request = &draft->draft->lines[index];

        if (!request->discount.currency[0] && !request->discount_ppm)
                return;
        discount->minor = request->discount.amount_minor;
        if (!same_currency(draft, &request->discount))
                refuse_currency(work, draft, &request->discount,
                        ocore__at(work, "lines", index, "discount"));
        discount->ppm = request->discount_ppm;
        check_ppm(work, discount->ppm, discount->minor,
                ocore__at(work, "lines", index, "discount_ppm"));
}

/* Sites and lots that a line names. */
static void check_places(ocore__work *work, const ocore__draft_work *draft, size_t index)
{
        const ocore_draft_line *request = &draft->draft->lines[index];

        if (request->site.size && !ocore__site_find(draft->sources.sites, request->site))
                ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "site"),
                        "there is no site \"%t\"; name another, or none", &request->site);
        if (request->lot.size && draft->lines[index].kind != OCORE_PRODUCT_GOODS)
                ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "lot"),
                        "only goods have lots; leave it out");
}

/* A part of a bundle: a line of its own, for which nothing is charged. The rows of part and product
 * may come from different reads: where they do not fit they are read again. */
static int decide_part(ocore__work *work, ocore__draft_work *draft, size_t index, size_t n,
        const ocore_bundle_part *part)
{
        const ocore_product *product = ocore__draft_product(&draft->targets[n]);
        ocore_order_line *line = &draft->lines[n];

        if (!product || product->kind != OCORE_PRODUCT_GOODS || product->scale != part->scale ||
                part->quantity <= 0)
                return ocore__torn(work, ocore__at(work, "lines", index, "sku"),
                        "the part \"%t\" of the bundle cannot be right; verify the store",
                        &part->part_sku);
        *line = (ocore_order_line){.order_id = draft->order_id,
                .number = (int64_t)n + 1,
                .sku = part->part_sku,
                .kind = OCORE_PRODUCT_GOODS,
                .scale = part->scale,
                .parent = (int64_t)index + 1,
                .per_parent = part->quantity};
        ocore__rely(work, ocore__first(draft->targets[n].products));
        if (ocore__multiply(part->quantity, draft->lines[index].quantity, &line->quantity))
                ocore__refuse(work, OCORE_OVERFLOW, ocore__at(work, "lines", index, "quantity"),
                        "the parts leave 64 bits; order less");
        return OCORE_OK;
}

static int decide_parts(ocore__work *work, ocore__draft_work *draft, size_t index)
{
        const ocore__draft_target *target = &draft->targets[index];
        size_t n = target->part_first;
        int status = OCORE_OK;

        if (!target->part_count) {
                ocore__refuse(work, OCORE_INVALID, ocore__at(work, "lines", index, "sku"),
                        "the bundle \"%t\" has no parts; put them first", &draft->lines[index].sku);
                return OCORE_OK;
        }
        for (ocore__entry *entry = ocore__first(target->parts); entry && !status;
                entry = ocore__next(entry))
                status = decide_part(work, draft, index, n++, ocore__row(entry));
        return status;
}

/* A line with all that does not depend on the others; what is wrong is refused, all of it. */
static int decide_line(
        ocore__work *work, ocore__draft_work *draft, size_t index, ocore__line_discount *discount)
{
        const ocore_draft_line *request = &draft->draft->lines[index];
        ocore__entry *entry = ocore__first(draft->targets[index].products);
        const ocore_product *product = entry ? ocore__row(entry) : NULL;
        ocore_order_line *line = &draft->lines[index];

        if (!product) {
                ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "sku"),
                        "there is no product \"%t\"; put it first", &request->sku);
                return OCORE_OK;
        }
        ocore__rely(work, entry);
        *line = (ocore_order_line){.order_id = draft->order_id,
                .number = (int64_t)index + 1,
                .sku = product->sku,
                .kind = product->kind,
                .scale = product->scale};
        decide_quantity(work, request, index, product, line);
        decide_price(work, draft, index, line);
        decide_discount(work, draft, index, discount);
        check_places(work, draft, index);
        return ocore__line_is_bundle(line) ? decide_parts(work, draft, index) : OCORE_OK;
}

int ocore__draft_lines(ocore__work *work, ocore__draft_work *draft, ocore__line_discount *discounts)
{
        const ocore_order_draft *request = draft->draft;
        int status = OCORE_OK;

        check_ppm(work, request->discount_ppm, request->discount.amount_minor, "discount_ppm");
        for (size_t i = 0; i < request->line_count && !status; i++)
                status = decide_line(work, draft, i, &discounts[i]);
        if (!same_currency(draft, &request->discount))
                refuse_currency(work, draft, &request->discount, "discount");
        return status;
}

/* What a quantity of a product weighs, on top of the order's weight. */
static int add_weight(
        ocore__draft_work *draft, const ocore_product *product, const ocore_order_line *line)
{
        int64_t weight_g = 0;

        if (!product->weight_g)
                return OCORE_OK;
        if (ocore__multiply_divide(product->weight_g, line->quantity,
                    ocore__power_of_ten((int)product->scale), OCORE__UP, &weight_g))
                return OCORE_OVERFLOW;
        return ocore__add(draft->weight_g, weight_g, &draft->weight_g);
}

/* A bundle that names no weight of its own weighs what its parts weigh. */
static int add_weights(ocore__draft_work *draft, size_t index, const ocore_product *product)
{
        const ocore__draft_target *target = &draft->targets[index];
        int status = add_weight(draft, product, &draft->lines[index]);

        if (product->weight_g)
                return status;
        for (size_t n = target->part_first; !status && n < target->part_first + target->part_count;
                n++)
                if (draft->lines[n].number)
                        status = add_weight(
                                draft, ocore__draft_product(&draft->targets[n]), &draft->lines[n]);
        return status;
}

void ocore__draft_taxes(ocore__work *work, ocore__draft_work *draft)
{
        const ocore_str country = draft->draft->ship_country;

        for (size_t i = 0; i < draft->draft->line_count; i++) {
                const ocore_product *product = ocore__draft_product(&draft->targets[i]);

                if (!product)
                        continue; /* refused already */
                if (product->tax_class.size &&
                        ocore__tax_rate_find(draft->shipping.tax_rates, product->tax_class, country,
                                work->now_us, &draft->lines[i].tax_rate_ppm))
                        ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", i, "sku"),
                                "there is no tax rate for class \"%t\" in country \"%t\"; give "
                                "ship_country, or put the rate",
                                &product->tax_class, &country);
                if (add_weights(draft, i, product))
                        ocore__refuse(work, OCORE_OVERFLOW, ocore__at(work, "lines", i, "quantity"),
                                "the weight leaves 64 bits; order less");
        }
}

/* The chosen shipping option: its charge and dates. */
static void decide_shipping(ocore__work *work, ocore__draft_work *draft, ocore__pricing *pricing)
{
        const ocore_order_draft *request = draft->draft;
        const ocore__parcel parcel = {request->ship_country, request->ship_postcode,
                request->currency, draft->weight_g, work->now_us};
        const ocore_shipping_offer *offer;
        int status;

        if (!request->shipping_option.size)
                return;
        status = ocore__shipping_offer_of(work, &draft->shipping, &parcel, request->shipping_option,
                &offer, &pricing->shipping_tax_ppm);
        if (status == OCORE_NOT_FOUND)
                ocore__refuse(work, status, "shipping_option",
                        "there is no option \"%t\"; ask shipping.quote", &request->shipping_option);
        else if (status)
                work->status = status;
        else if (offer->left_out)
                ocore__refuse(work, OCORE_INVALID, "shipping_option", "\"%t\" cannot be used: %t",
                        &request->shipping_option, &offer->why);
        else {
                pricing->shipping_minor = offer->price_minor;
                draft->order.earliest_us = offer->earliest_us;
                draft->order.latest_us = offer->latest_us;
        }
}

int ocore__draft_total(
        ocore__work *work, ocore__draft_work *draft, const ocore__line_discount *discounts)
{
        const ocore_order_draft *request = draft->draft;
        ocore__pricing pricing = {.tax_mode = draft->order.tax_mode,
                .rounding = draft->order.rounding,
                .rounding_level = draft->order.rounding_level,
                .discount_minor = request->discount.amount_minor,
                .discount_ppm = request->discount_ppm};
        const char *field = "discount";
        size_t line = 0;
        int status;

        decide_shipping(work, draft, &pricing);
        if (work->status || ocore__refused(work))
                return work->status;
        status = ocore__price_order(work->arena, &pricing, discounts, draft->lines,
                draft->line_count, &draft->order, &line);
        if (!status || status == OCORE_NOMEM)
                return status;
        if (line < request->line_count)
                field = ocore__at(
                        work, "lines", line, status == OCORE_INVALID ? "discount" : "quantity");
        return ocore__refuse(work, status, field,
                status == OCORE_INVALID ? "is more than what it is taken off; take less off"
                                        : "the amount leaves 64 bits; order less");
}
