/* What a draft rests on, and what becomes of it: read, decide. Staging is in place.c. */
#include "draft.h"

static const ocore_field line_fields[] = {
        OCORE__FIELD_CODE(ocore_draft_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD(ocore_draft_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, in the product's unit"),
        OCORE__FIELD(ocore_draft_line, unit_price, MONEY, OCORE_FIELD_NOT_NEGATIVE,
                "of one whole unit; default: the list price"),
        OCORE__FIELD(
                ocore_draft_line, discount, MONEY, OCORE_FIELD_NOT_NEGATIVE, "taken off the line"),
        OCORE__FIELD(ocore_draft_line, discount_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "or a part of it: 0 to 1000000 parts per million"),
};
static const ocore_record line_record =
        OCORE__RECORD("draft_line", ocore_draft_line, line_fields, 0);

#define FREE(member, note) OCORE__FIELD(ocore_order_draft, member, TEXT, OCORE_FIELD_FREE, note)
#define TEXT(member, note) OCORE__FIELD(ocore_order_draft, member, TEXT, 0, note)
#define CODE(member, note) OCORE__FIELD_CODE(ocore_order_draft, member, 0, note)
#define CHOICE(member, of, note) OCORE__FIELD_OF(ocore_order_draft, member, CHOICE, 0, of, note)
static const ocore_field draft_fields[] = {
        OCORE__FIELD(ocore_order_draft, id, ID, 0,
                "the retry key, made by you; a new order gets it as its id"),
        OCORE__FIELD(ocore_order_draft, order_id, ID, 0,
                "the saved draft that this corrects or places; default: a new order"),
        CODE(number, "readable number, unique"),
        CODE(channel, "where it comes from"),
        CODE(customer, "your customer number"),
        OCORE__FIELD_UP_TO(
                ocore_order_draft, currency, TEXT, OCORE_FIELD_CURRENCY, 3, "needed: ISO 4217"),
        CHOICE(tax_mode, ocore__tax_modes, "how tax stands in prices; default inclusive"),
        CHOICE(rounding, ocore__rounding_modes, "how amounts are rounded; default half_up"),
        CHOICE(rounding_level, ocore__rounding_levels, "where tax is rounded; default line"),
        CHOICE(strategy, ocore__allocation_strategies, "how sites are chosen; default priority"),
        OCORE__FIELD(ocore_order_draft, hold_id, ID, 0, "a hold to take the stock from"),
        FREE(ship_name, "consignee"),
        FREE(ship_street, "street and house"),
        FREE(ship_city, "city"),
        CODE(ship_postcode, "postcode"),
        OCORE__FIELD_UP_TO(ocore_order_draft, ship_country, TEXT, 0, 2,
                "ISO 3166-1 alpha-2; needed for shipping and for taxed products"),
        TEXT(email, "for the customer's mail"),
        CODE(phone, "for the carrier"),
        CODE(shipping_option, "code of the option chosen; default: no shipping"),
        CODE(purchase_order, "the customer's own number for it"),
        OCORE__FIELD_UP_TO(ocore_order_draft, note, TEXT, OCORE_FIELD_FREE | OCORE_FIELD_LINES,
                1000, "free text"),
        OCORE__FIELD(ocore_order_draft, discount, MONEY, OCORE_FIELD_NOT_NEGATIVE,
                "taken off the goods of the whole order"),
        OCORE__FIELD(ocore_order_draft, discount_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "or a part of them: 0 to 1000000 parts per million"),
        OCORE__FIELD_OF(ocore_order_draft, lines, ITEMS, 0, &line_record,
                "needed, unless a saved draft is placed as it is"),
};
/* One description; a record for each command, because a command row remembers which it was. */
const ocore_record ocore__order_verify_request =
        OCORE__RECORD("order_verify", ocore_order_draft, draft_fields, 0);
const ocore_record ocore__order_quote_request =
        OCORE__RECORD("order_quote", ocore_order_draft, draft_fields, 0);
const ocore_record ocore__order_save_request =
        OCORE__RECORD("order_save", ocore_order_draft, draft_fields, 0);
const ocore_record ocore__order_place_request =
        OCORE__RECORD("order_place", ocore_order_draft, draft_fields, 0);

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
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &out->sites);
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
        return status;
}

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

/* A line with all that does not depend on the others; what is wrong is refused, all of it. */
static void decide_line(
        ocore__work *work, ocore__draft_work *draft, size_t index, ocore__line_discount *discount)
{
        const ocore_draft_line *request = &draft->draft->lines[index];
        ocore__entry *entry = ocore__first(draft->targets[index].products);
        const ocore_product *product = entry ? ocore__row(entry) : NULL;
        ocore_order_line *line = &draft->lines[index];
        int64_t weight_g = 0;

        if (!product) {
                ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "sku"),
                        "there is no product \"%t\"; put it first", &request->sku);
                return;
        }
        ocore__rely(work, entry);
        *line = (ocore_order_line){.order_id = draft->order_id,
                .number = (int64_t)index + 1,
                .sku = product->sku,
                .kind = product->kind,
                .scale = product->scale};
        if (ocore__item_units(
                    work, product->scale, request->quantity, "lines", index, &line->quantity))
                return;
        if (line->quantity < 0) /* refused already; a verdict goes on as if nothing were wanted */
                line->quantity = 0;
        decide_price(work, draft, index, line);
        if (request->discount.currency[0] || request->discount_ppm) {
                discount->minor = request->discount.amount_minor;
                if (!same_currency(draft, &request->discount))
                        refuse_currency(work, draft, &request->discount,
                                ocore__at(work, "lines", index, "discount"));
                discount->ppm = request->discount_ppm;
                check_ppm(work, discount->ppm, discount->minor,
                        ocore__at(work, "lines", index, "discount_ppm"));
        }
        if (product->tax_class.size &&
                ocore__tax_rate_find(draft->shipping.tax_rates, product->tax_class,
                        draft->draft->ship_country, work->now_us, &line->tax_rate_ppm))
                ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "sku"),
                        "there is no tax rate for class \"%t\" in country \"%t\"; give "
                        "ship_country, or put "
                        "the rate",
                        &product->tax_class, &draft->draft->ship_country);
        if (product->weight_g &&
                (ocore__multiply_divide(product->weight_g, line->quantity,
                         ocore__power_of_ten((int)product->scale), OCORE__UP, &weight_g) ||
                        ocore__add(draft->weight_g, weight_g, &draft->weight_g)))
                ocore__refuse(work, OCORE_OVERFLOW, ocore__at(work, "lines", index, "quantity"),
                        "the weight leaves 64 bits; order less");
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

static int decide_total(ocore__work *work, ocore__draft_work *draft, const ocore__pricing *pricing,
        const ocore__line_discount *discounts)
{
        size_t line = 0;
        const char *field = "discount";
        int status = ocore__price_order(work->arena, pricing, discounts, draft->lines,
                draft->draft->line_count, &draft->order, &line);

        if (!status || status == OCORE_NOMEM)
                return status;
        if (line < draft->draft->line_count)
                field = ocore__at(
                        work, "lines", line, status == OCORE_INVALID ? "discount" : "quantity");
        return ocore__refuse(work, status, field,
                status == OCORE_INVALID ? "is more than what it is taken off; take less off"
                                        : "the amount leaves 64 bits; order less");
}

/* The lines of each product in a chain, so that a hold's line finds its takers at once. */
static int chain_lines(ocore__work *work, const ocore__draft_work *draft,
        const ocore__demand *demands, size_t **out_next)
{
        size_t count = draft->draft->line_count;
        size_t *next = ocore__arena_take(work->arena, (count + 1) * sizeof *next);

        *out_next = next;
        if (!next)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(draft->hold_lines); entry;
                entry = ocore__next(entry)) {
                ocore__group *stock;
                const ocore_hold_line *line = ocore__row(entry);
                int status = ocore__staged(
                        work, &ocore__stock_table, ocore__cell_text(line->sku), &stock);

                if (status)
                        return status;
                stock->scratch = 0;
        }
        for (size_t i = 0; i < count; i++)
                demands[i].stock->scratch = 0;
        for (size_t i = count; i-- > 0;) {
                next[i] = demands[i].stock->scratch;
                demands[i].stock->scratch = i + 1;
        }
        return OCORE_OK;
}

/* What the hold has of each line is taken first; what remains is wanted of the sites. */
static int take_from_hold(ocore__work *work, ocore__draft_work *draft, ocore__demand *demands)
{
        size_t held = ocore__count(draft->hold_lines), n = 0;
        ocore__piece *pieces =
                ocore__arena_take(work->arena, (held + draft->draft->line_count) * sizeof *pieces);
        size_t *next;
        int status = chain_lines(work, draft, demands, &next);

        draft->hold_taken = ocore__arena_zero(work->arena, held + 1, sizeof *draft->hold_taken);
        if (status || !pieces || !draft->hold_taken)
                return OCORE_NOMEM;
        draft->pieces = pieces;
        for (ocore__entry *entry = ocore__first(draft->hold_lines); entry;
                entry = ocore__next(entry), n++) {
                const ocore_hold_line *line = ocore__row(entry);
                int64_t rest = line->quantity;
                ocore__group *stock;
                ocore__entry *balance;

                if (ocore__staged(work, &ocore__stock_table, ocore__cell_text(line->sku), &stock))
                        return OCORE_NOMEM;
                balance = ocore__stock_entry(
                        work, stock, line->sku, line->site, line->lot, line->scale);
                while (rest && stock->scratch) {
                        ocore__demand *demand = &demands[stock->scratch - 1];
                        int64_t taken = demand->quantity < rest ? demand->quantity : rest;

                        if (taken)
                                pieces[draft->piece_count++] = (ocore__piece){stock->scratch - 1,
                                        balance, taken, OCORE_ALLOCATED_FROM_HOLD};
                        demand->quantity -= taken;
                        rest -= taken;
                        if (!demand->quantity)
                                stock->scratch = next[stock->scratch - 1];
                }
                draft->hold_taken[n] = line->quantity - rest;
        }
        return work->status;
}

static int check_hold(ocore__work *work, const ocore__draft_work *draft)
{
        const ocore_hold *hold;
        int status;

        if (!draft->holds)
                return OCORE_OK;
        status = ocore__hold_check(work, draft->holds);
        hold = status ? NULL : ocore__only(draft->holds);
        if (hold && hold->expires_us <= work->now_us)
                status = ocore__refuse(work, OCORE_LAPSED, "hold_id",
                        "its deadline has passed; place the order without it, or hold again");
        return status;
}

/* The held pieces and the chosen ones, by line (counting sort: order stays within a line). */
static int join_pieces(
        ocore__work *work, ocore__draft_work *draft, const ocore__piece *chosen, size_t count)
{
        size_t lines = draft->draft->line_count, held = draft->piece_count;
        size_t *at = ocore__arena_zero(work->arena, lines + 2, sizeof *at);
        ocore__piece *joined = ocore__arena_take(work->arena, (held + count + 1) * sizeof *joined);

        if (!at || !joined)
                return OCORE_NOMEM;
        for (size_t i = 0; i < held; i++)
                at[draft->pieces[i].line + 1]++;
        for (size_t i = 0; i < count; i++)
                at[chosen[i].line + 1]++;
        for (size_t i = 0; i < lines; i++)
                at[i + 1] += at[i];
        for (size_t i = 0; i < held; i++)
                joined[at[draft->pieces[i].line]++] = draft->pieces[i];
        for (size_t i = 0; i < count; i++)
                joined[at[chosen[i].line]++] = chosen[i];
        draft->pieces = joined;
        draft->piece_count = held + count;
        return OCORE_OK;
}

static int decide_stock(ocore__work *work, ocore__draft_work *draft)
{
        size_t count = draft->draft->line_count, site_count, chosen_count;
        ocore__demand *demands = ocore__arena_take(work->arena, count * sizeof *demands);
        ocore__piece *chosen;
        const ocore_site *const *sites;
        int status = demands ? OCORE_OK : OCORE_NOMEM;

        for (size_t i = 0; !status && i < count; i++) {
                const ocore_order_line *line = &draft->lines[i];

                demands[i] = (ocore__demand){draft->targets[i].stock, line->sku, line->scale,
                        line->kind == OCORE_PRODUCT_GOODS ? line->quantity : 0};
        }
        if (!status && draft->holds)
                status = take_from_hold(work, draft, demands);
        if (!status)
                status = ocore__sites_in_order(work, draft->sites, &sites, &site_count);
        if (!status)
                status = ocore__allocate_stock(work, draft->draft->strategy, demands, count, sites,
                        site_count, &chosen, &chosen_count);
        if (status)
                return status;
        if (draft->piece_count)
                return join_pieces(work, draft, chosen, chosen_count);
        draft->pieces = chosen;
        draft->piece_count = chosen_count;
        return OCORE_OK;
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
        check_ppm(work, request->discount_ppm, request->discount.amount_minor, "discount_ppm");
}

int ocore__draft_decide(ocore__work *work, ocore__draft_work *draft)
{
        const ocore_order_draft *request = draft->draft;
        size_t count = request->line_count;
        ocore__line_discount *discounts =
                ocore__arena_zero(work->arena, count + 1, sizeof *discounts);
        ocore__pricing pricing = {0};
        int status = OCORE_OK;

        draft->lines = ocore__arena_zero(work->arena, count + 1, sizeof *draft->lines);
        if (!discounts || !draft->lines)
                return OCORE_NOMEM;
        ocore__rely(work, ocore__first(draft->policy));
        decide_header(work, draft);
        check_header(work, draft);
        for (size_t i = 0; i < count; i++)
                decide_line(work, draft, i, &discounts[i]);
        pricing.tax_mode = draft->order.tax_mode;
        pricing.rounding = draft->order.rounding;
        pricing.rounding_level = draft->order.rounding_level;
        pricing.discount_minor = request->discount.amount_minor;
        if (!same_currency(draft, &request->discount))
                refuse_currency(work, draft, &request->discount, "discount");
        pricing.discount_ppm = request->discount_ppm;
        decide_shipping(work, draft, &pricing);
        if (check_hold(work, draft))
                draft->holds = NULL; /* what else is wrong is still said */
        if (!ocore__refused(work))
                status = decide_total(work, draft, &pricing, discounts);
        if (status != OCORE_NOMEM && count)
                status = decide_stock(work, draft);
        if (status == OCORE_NOMEM || work->status)
                return status ? status : work->status;
        return ocore__refused(work);
}
