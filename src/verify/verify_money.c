/*
 * Money: totals are what their rule makes of the lines (O3), what was given back is exactly the
 * share of the units (M3), and the ledger shows what the order itself says (M1).
 */
#include "verify.h"

#include "order/pricing_rules.h"
#include "payment/payment.h"

#include <string.h>

/* Numbers that a rule may be asked with. */
static int line_is_sane(const ocore_order_line *line)
{
        return line->quantity > 0 && line->scale >= 0 && line->scale <= OCORE__SCALE_MAX &&
               line->unit_price_minor >= 0 && line->discount_minor >= 0 &&
               line->order_discount_minor >= 0 && line->tax_rate_ppm >= 0 &&
               line->tax_rate_ppm <= (int64_t)1000000000 && line->tax_minor >= 0 &&
               line->total_minor >= 0 && line->shipping_minor >= 0 &&
               line->shipping_tax_minor >= 0 && line->cancelled >= 0 && line->refunded >= 0 &&
               line->shipping_refunded >= 0;
}

/* Everything again from price, quantity, discounts and rates; `order` gets the totals without
 * shipping. OCORE_OVERFLOW, OCORE_INVALID: no order can have such numbers. */
static int price_again(ocore__order_proof *proof, ocore_order_line *lines, ocore_order *order)
{
        const ocore_order *row = &proof->order;
        ocore__pricing pricing = {.tax_mode = row->tax_mode,
                .rounding = row->rounding,
                .rounding_level = row->rounding_level};
        ocore__line_discount *discounts =
                ocore__arena_zero(&proof->arena, proof->line_count, sizeof *discounts);
        size_t wrong;

        if (!discounts)
                return OCORE_NOMEM;
        for (size_t i = 0; i < proof->line_count; i++) {
                const ocore_order_line *line = &proof->lines[i].row;

                discounts[i].minor = line->discount_minor;
                if (ocore__add(pricing.discount_minor, line->order_discount_minor,
                            &pricing.discount_minor))
                        return OCORE_OVERFLOW;
                lines[i] = (ocore_order_line){.number = line->number,
                        .kind = line->kind,
                        .scale = line->scale,
                        .quantity = line->quantity,
                        .unit_price_minor = line->unit_price_minor,
                        .tax_rate_ppm = line->tax_rate_ppm};
        }
        return ocore__price_order(
                &proof->arena, &pricing, discounts, lines, proof->line_count, order, &wrong);
}

static int check_line(ocore__verify *verify, const ocore__order_proof *proof,
        const ocore_order_line *line, const ocore_order_line *again)
{
        const struct {
                const char *name;
                int64_t stored, recomputed;
        } amounts[] = {
                {"goods_minor", line->goods_minor, again->goods_minor},
                {"order_discount_minor", line->order_discount_minor, again->order_discount_minor},
                {"tax_minor", line->tax_minor, again->tax_minor},
                {"total_minor", line->total_minor, again->total_minor},
        };
        char room[OCORE__SUBJECT_SIZE];
        int status = OCORE_OK;

        for (size_t i = 0; i < sizeof amounts / sizeof amounts[0] && !status; i++)
                if (amounts[i].stored != amounts[i].recomputed)
                        status = ocore__found(verify, "O3", "order_line",
                                ocore__subject(room, "%s %d", proof->subject, &line->number),
                                "%s is %d, recomputed it is %d", amounts[i].name,
                                &amounts[i].stored, &amounts[i].recomputed);
        return status;
}

/* The shares of the shipping charge sum to it, and are what largest remainder gives. */
static int check_shipping(
        ocore__verify *verify, ocore__order_proof *proof, const ocore_order *order)
{
        size_t count = proof->line_count;
        int64_t *room = ocore__arena_zero(&proof->arena, count, 3 * sizeof *room);
        int64_t tax = 0;
        int status = room ? OCORE_OK : OCORE_NOMEM, bad;

        if (status)
                return status;
        for (size_t i = 0; i < count; i++) {
                const ocore_order_line *line = &proof->lines[i].row;

                room[i] = line->kind == OCORE_PRODUCT_GOODS || line->kind == OCORE_PRODUCT_BUNDLE
                                  ? line->total_minor
                                  : 0;
                tax = ocore__plus(tax, line->shipping_tax_minor);
        }
        bad = order->shipping_minor < 0 || tax < 0 || tax > order->shipping_minor ||
              ocore__share_out(order->shipping_minor, room, count, room + count, room + 2 * count);
        for (size_t i = 0; i < count && !bad; i++)
                bad |= room[count + i] != proof->lines[i].row.shipping_minor;
        bad = bad || ocore__share_out(tax, room + count, count, room, room + 2 * count);
        for (size_t i = 0; i < count && !bad; i++)
                bad |= room[i] != proof->lines[i].row.shipping_tax_minor;
        return bad ? ocore__found(verify, "O3", "sales_order", proof->subject,
                             "the shares of its shipping charge of %d are not what the rule gives",
                             &order->shipping_minor)
                   : OCORE_OK;
}

static int check_totals(
        ocore__verify *verify, const ocore__order_proof *proof, const ocore_order *again)
{
        const ocore_order *order = &proof->order;
        int64_t shipping_tax = 0;

        for (size_t i = 0; i < proof->line_count; i++)
                shipping_tax = ocore__plus(shipping_tax, proof->lines[i].row.shipping_tax_minor);
        {
                const struct {
                        const char *name;
                        int64_t stored, recomputed;
                } amounts[] = {
                        {"goods_minor", order->goods_minor, again->goods_minor},
                        {"discount_minor", order->discount_minor, again->discount_minor},
                        {"tax_minor", order->tax_minor,
                                ocore__plus(again->tax_minor, shipping_tax)},
                        {"total_minor", order->total_minor,
                                ocore__plus(again->total_minor, order->shipping_minor)},
                };

                for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++)
                        if (amounts[i].stored != amounts[i].recomputed)
                                return ocore__found(verify, "O3", "sales_order", proof->subject,
                                        "%s is %d, recomputed it is %d", amounts[i].name,
                                        &amounts[i].stored, &amounts[i].recomputed);
        }
        return OCORE_OK;
}

/* What is charged for the units that were not taken back, by account of the ledger. */
static void charge(ocore__order_proof *proof, const ocore_order_line *line, int sign)
{
        int64_t taken = ocore__plus(line->cancelled, line->refunded);
        ocore__share goods = ocore__line_share(line, 0, taken);
        ocore__share shipping = ocore__line_shipping_share(line, 0, line->shipping_refunded);
        int64_t *ledger = proof->expected;
        int64_t sales, tax, carriage;

        if (!sign) { /* what was taken back in all, for M3 */
                ledger[0] = ocore__plus(
                        ledger[0], ocore__plus(goods.total_minor, shipping.total_minor));
                return;
        }
        sales = ocore__minus(ocore__minus(line->total_minor, goods.total_minor),
                ocore__minus(line->tax_minor, goods.tax_minor));
        carriage = ocore__minus(ocore__minus(line->shipping_minor, shipping.total_minor),
                ocore__minus(line->shipping_tax_minor, shipping.tax_minor));
        tax = ocore__plus(ocore__minus(line->tax_minor, goods.tax_minor),
                ocore__minus(line->shipping_tax_minor, shipping.tax_minor));
        ledger[OCORE_LEDGER_SALES] = ocore__minus(ledger[OCORE_LEDGER_SALES], sales);
        ledger[OCORE_LEDGER_SHIPPING] = ocore__minus(ledger[OCORE_LEDGER_SHIPPING], carriage);
        ledger[OCORE_LEDGER_TAX] = ocore__minus(ledger[OCORE_LEDGER_TAX], tax);
        ledger[OCORE_LEDGER_CUSTOMER] = ocore__plus(
                ledger[OCORE_LEDGER_CUSTOMER], ocore__plus(sales, ocore__plus(tax, carriage)));
}

/* M3: cancelled and refunded together are exactly the shares of the units that were taken back. */
static int check_shares(ocore__verify *verify, ocore__order_proof *proof)
{
        const ocore_order *order = &proof->order;
        int64_t given = ocore__plus(order->cancelled_minor, order->refunded_minor);
        int booked = order->state == OCORE_ORDER_CONFIRMED || order->state == OCORE_ORDER_COMPLETED;

        for (size_t i = 0; i < proof->line_count; i++) {
                const ocore_order_line *line = &proof->lines[i].row;
                char room[OCORE__SUBJECT_SIZE];
                int64_t taken = ocore__plus(line->cancelled, line->refunded);

                if (taken < 0 || taken > line->quantity || line->shipping_refunded > taken)
                        return ocore__found(verify, "M3", "order_line",
                                ocore__subject(room, "%s %d", proof->subject, &line->number),
                                "of %d units %d were taken back, %d with shipping", &line->quantity,
                                &taken, &line->shipping_refunded);
                charge(proof, line, 0);
                if (booked)
                        charge(proof, line, 1);
        }
        if (given != proof->expected[0])
                return ocore__found(verify, "M3", "sales_order", proof->subject,
                        "%d were given back, the shares of the units are %d", &given,
                        &proof->expected[0]);
        if (order->refunded_minor != proof->refunded_minor)
                return ocore__found(verify, "M3", "sales_order", proof->subject,
                        "%d were refunded, its returns have %d", &order->refunded_minor,
                        &proof->refunded_minor);
        return OCORE_OK;
}

int ocore__verify_totals(ocore__verify *verify, ocore__order_proof *proof)
{
        ocore_order_line *lines;
        ocore_order again = {.version = 0};
        int status = OCORE_OK;

        if (!proof->line_count) /* a draft has no lines of its own yet */
                return OCORE_OK;
        for (size_t i = 0; i < proof->line_count; i++)
                if (!line_is_sane(&proof->lines[i].row))
                        return ocore__found(verify, "O3", "order_line", proof->subject,
                                "line %d has numbers that no line can have",
                                &proof->lines[i].row.number);
        lines = ocore__arena_zero(&proof->arena, proof->line_count, sizeof *lines);
        status = lines ? price_again(proof, lines, &again) : OCORE_NOMEM;
        if (status == OCORE_OVERFLOW || status == OCORE_INVALID)
                return ocore__found(verify, "O3", "sales_order", proof->subject,
                        "its amounts cannot be recomputed: they leave 64 bits, or a discount "
                        "is above its goods");
        for (size_t i = 0; i < proof->line_count && !status; i++)
                status = check_line(verify, proof, &proof->lines[i].row, &lines[i]);
        if (!status)
                status = check_shipping(verify, proof, &proof->order);
        if (!status)
                status = check_totals(verify, proof, &again);
        return status ? status : check_shares(verify, proof);
}

/* A payment: settled ones move money between the customer and the account of their tender. */
static int take_payment(ocore__verify *verify, ocore__order_proof *proof, const ocore_payment *row,
        int64_t *paid_in, int64_t *paid_out)
{
        int64_t account = ocore__tender_account(row->tender);
        int settled = row->state == OCORE_PAYMENT_SETTLED, out = row->kind == OCORE_PAYMENT_OUT;
        int64_t amount = out ? ocore__minus(0, row->amount_minor) : row->amount_minor;
        char room[OCORE__SUBJECT_SIZE];

        if (settled) {
                *(out ? paid_out : paid_in) =
                        ocore__plus(*(out ? paid_out : paid_in), row->amount_minor);
                proof->expected[account] = ocore__plus(proof->expected[account], amount);
                proof->expected[OCORE_LEDGER_CUSTOMER] =
                        ocore__minus(proof->expected[OCORE_LEDGER_CUSTOMER], amount);
        }
        if (row->amount_minor <= 0 || settled != (row->settled_us != 0) || (out && !settled) ||
                !ocore_str_equal(row->currency, proof->order.currency))
                return ocore__found(verify, "M1", "payment",
                        ocore__subject(room, "%s %i", proof->subject, &row->id),
                        "%d %t in state %d, settled at %d, does not fit the order",
                        &row->amount_minor, &row->currency, &row->state, &row->settled_us);
        return OCORE_OK;
}

static int take_payments(ocore__verify *verify, ocore__order_walk *walk)
{
        ocore__order_proof *proof = &walk->proof;
        const size_t offset = offsetof(ocore_payment, order_id);
        const ocore__above *above;
        int64_t paid_in = 0, paid_out = 0;
        int status =
                ocore__cursor_take(verify, &walk->payments, offset, proof->order.id, "M1", &above);

        while (!status && above) {
                status = take_payment(verify, proof, above->row, &paid_in, &paid_out);
                if (!status)
                        status = ocore__cursor_take(
                                verify, &walk->payments, offset, proof->order.id, "M1", &above);
        }
        if (!status && paid_out > paid_in)
                status = ocore__found(verify, "M1", "sales_order", proof->subject,
                        "%d were paid back of %d that came in", &paid_out, &paid_in);
        return status;
}

static int is_account(int64_t account)
{
        return account >= OCORE_LEDGER_CUSTOMER && account <= OCORE_LEDGER_CARRIER;
}

static int take_move(ocore__verify *verify, ocore__order_proof *proof, const ocore_money_move *row,
        ocore_id *command, int64_t *number)
{
        char room[OCORE__SUBJECT_SIZE];
        const char *subject =
                ocore__subject(room, "%s %i %d", proof->subject, &row->command_id, &row->number);

        int64_t expected =
                ocore__id_compare(*command, row->command_id) == 0 ? ocore__plus(*number, 1) : 1;

        if (row->number != expected)
                return ocore__found(verify, "M1", "money_move", subject,
                        "booking %d of its command is missing", &expected);
        *command = row->command_id;
        *number = row->number;
        if (!is_account(row->debit) || !is_account(row->credit) || row->debit == row->credit ||
                row->amount_minor <= 0 || !ocore_str_equal(row->currency, proof->order.currency))
                return ocore__found(verify, "M1", "money_move", subject,
                        "%d %t from %d to %d is no booking of the order", &row->amount_minor,
                        &row->currency, &row->credit, &row->debit);
        proof->ledger[row->debit] = ocore__plus(proof->ledger[row->debit], row->amount_minor);
        proof->ledger[row->credit] = ocore__minus(proof->ledger[row->credit], row->amount_minor);
        return OCORE_OK;
}

int ocore__verify_money(ocore__verify *verify, ocore__order_walk *walk)
{
        static const char *const names[] = {
                "", "customer", "sales", "shipping", "tax", "bank", "cash", "carrier"};
        ocore__order_proof *proof = &walk->proof;
        const size_t offset = offsetof(ocore_money_move, order_id);
        const ocore__above *above;
        ocore_id command = {{0}};
        int64_t number = 0;
        int status = take_payments(verify, walk);

        if (!status)
                status = ocore__cursor_take(
                        verify, &walk->moves, offset, proof->order.id, "M1", &above);
        while (!status && above) {
                status = take_move(verify, proof, above->row, &command, &number);
                if (!status)
                        status = ocore__cursor_take(
                                verify, &walk->moves, offset, proof->order.id, "M1", &above);
        }
        for (int64_t i = OCORE_LEDGER_CUSTOMER; i <= OCORE_LEDGER_CARRIER && !status; i++)
                if (proof->ledger[i] != proof->expected[i])
                        status = ocore__found(verify, "M1", "money_move", proof->subject,
                                "account %s shows %d, the order says %d", names[i],
                                &proof->ledger[i], &proof->expected[i]);
        return status;
}
