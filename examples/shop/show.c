/*
 * How the shop shows what the library answered. Names of states, events and buckets are taken
 * from the library's own descriptions, so that there is no second list of them here.
 */
#include "show.h"

#include <stdio.h>
#include <string.h>

/* "1.250", "34.90 EUR" or "2026-03-02 09:30" in room of its own. */
typedef struct text {
        char data[OCORE_NUMBER_TEXT_SIZE];
} text;

static text quantity_text(int64_t amount, int64_t scale)
{
        text out;
        if (ocore_quantity_format((ocore_quantity){amount, (int32_t)scale, 0}, out.data) < 0)
                strcpy(out.data, "?");
        return out;
}

static text money_text(int64_t amount_minor, ocore_str currency)
{
        ocore_money money = {.amount_minor = amount_minor};
        text out;
        if (currency.size == sizeof money.currency - 1)
                memcpy(money.currency, currency.data, currency.size);
        if (ocore_money_format(money, out.data) < 0)
                strcpy(out.data, "?");
        return out;
}

static text time_text(int64_t at_us)
{
        text out;
        if (ocore_time_format(at_us, out.data) < 0)
                strcpy(out.data, "?");
        out.data[strcspn(out.data, "T")] = ' ';
        out.data[sizeof "2026-03-02 09:30" - 1] = 0; /* UTC; a person does not want more of it */
        return out;
}

/* What the description of a row calls the value of one of its fields. */
static const char *value_name(
        const char *command_name, const char *list, const char *name, int64_t value)
{
        const ocore_command *command = ocore_command_find(ocore_str_of(command_name));
        const ocore_record *record = command != NULL ? command->answer : NULL;
        const char *path[] = {list, name};
        for (size_t step = 0; step < 2 && record != NULL; step++) {
                const ocore_field *field = NULL;
                size_t n = 0;
                while ((field = ocore_record_field(record, n)) != NULL &&
                        strcmp(field->name, path[step]) != 0)
                        n++;
                record = NULL;
                if (field == NULL)
                        return "?";
                if (step == 0)
                        record = field->of;
                for (const ocore_choice *choice = field->of; step == 1 && choice->name != NULL;
                        choice++)
                        if (choice->value == value)
                                return choice->name;
        }
        return "?";
}

/* For printf's "%.*s". */
#define TEXT(str) (int)(str).size, (str).data

void show_inquiry(const ocore_inquiry *inquiry)
{
        const ocore_product *product = inquiry->product;
        printf("  %.*s, %.*s: %s, %s available", TEXT(product->sku), TEXT(product->name),
                money_text(inquiry->price_minor, inquiry->currency).data,
                quantity_text(inquiry->available, inquiry->scale).data);
        for (size_t i = 0; i < inquiry->site_count; i++)
                printf("%s %s in %.*s", i == 0 ? ":" : ",",
                        quantity_text(inquiry->sites[i]->available, inquiry->scale).data,
                        TEXT(inquiry->sites[i]->site));
        putchar('\n');
}

static void show_offer(const ocore_shipping_offer *offer)
{
        printf("  %-10.*s ", TEXT(offer->option));
        if (offer->left_out != OCORE_OFFER_GOOD)
                printf("left out: %.*s\n", TEXT(offer->why));
        else
                printf("%s, arrives from %s to %s\n",
                        money_text(offer->price_minor, offer->currency).data,
                        time_text(offer->earliest_us).data, time_text(offer->latest_us).data);
}

static void show_line(const ocore_order *order, const ocore_order_line *line)
{
        printf("  %-9.*s %6s at %s", TEXT(line->sku),
                quantity_text(line->quantity, line->scale).data,
                money_text(line->unit_price_minor, order->currency).data);
        if (line->discount_minor + line->order_discount_minor > 0)
                printf(", less %s", money_text(line->discount_minor + line->order_discount_minor,
                                            order->currency)
                                            .data);
        printf(" = %s", money_text(line->total_minor, order->currency).data);
        printf(", %s of it tax\n", money_text(line->tax_minor, order->currency).data);
        for (size_t i = 0; i < line->allocation_count; i++) {
                const ocore_allocation *from = line->allocations[i];
                const int64_t units = from->allocated + from->released + from->picked +
                                      from->packed + from->shipped + from->delivered;
                printf("  %9s %6s from %.*s (%s)\n", "", quantity_text(units, line->scale).data,
                        TEXT(from->site), value_name("hold.get", "lines", "reason", from->reason));
        }
}

void show_order(const ocore_order *order)
{
        for (size_t i = 0; i < order->line_count; i++)
                show_line(order, order->lines[i]);
        printf("  goods and services %s,", money_text(order->goods_minor, order->currency).data);
        printf(" discount %s,", money_text(order->discount_minor, order->currency).data);
        printf(" shipping %s,", money_text(order->shipping_minor, order->currency).data);
        printf(" total %s\n", money_text(order->total_minor, order->currency).data);
}

void show_quote(const ocore_order_quote *quote)
{
        show_order(quote->order);
        puts("How it could be shipped (in UTC; the total above is with standard)");
        for (size_t i = 0; i < quote->offer_count; i++)
                show_offer(quote->offers[i]);
}

void show_fulfillment(const ocore_fulfillment *sent)
{
        printf("  from %.*s by %.*s, tracking number %.*s:", TEXT(sent->site), TEXT(sent->carrier),
                TEXT(sent->tracking_number));
        for (size_t i = 0; i < sent->line_count; i++)
                printf("%s %s %.*s", i == 0 ? "" : ",",
                        quantity_text(sent->lines[i]->quantity, sent->lines[i]->scale).data,
                        TEXT(sent->lines[i]->sku));
        putchar('\n');
}

void show_payment(const ocore_payment *payment)
{
        printf("  %s, reference %.*s\n", money_text(payment->amount_minor, payment->currency).data,
                TEXT(payment->reference));
}

void show_return(const ocore_return *back)
{
        for (size_t i = 0; i < back->line_count; i++) {
                const ocore_return_line *line = back->lines[i];
                printf("  %s %.*s came back: %s for sale again, ",
                        quantity_text(line->received, line->scale).data, TEXT(line->sku),
                        quantity_text(line->restocked, line->scale).data);
                printf("%s kept as damaged", quantity_text(line->quarantined, line->scale).data);
                printf("; refund %s\n",
                        money_text(line->refund_minor + line->refund_shipping_minor, back->currency)
                                .data);
        }
}

void show_timeline(const ocore_timeline *timeline)
{
        for (size_t i = 0; i < timeline->event_count; i++) {
                const ocore_event *event = timeline->events[i];
                printf("  %2d  %s  %-22s %.*s\n", (int)event->number, time_text(event->at_us).data,
                        value_name("order.timeline", "events", "kind", event->kind),
                        TEXT(event->detail));
        }
}

void show_stock(const ocore_stock_report *stock)
{
        printf("  %-9s %-8s %9s %9s %9s\n", "sku", "site", "available", "allocated", "damaged");
        for (size_t i = 0; i < stock->row_count; i++) {
                const ocore_stock *row = stock->rows[i];
                printf("  %-9.*s %-8.*s %9s", TEXT(row->sku), TEXT(row->site),
                        quantity_text(row->available, row->scale).data);
                printf(" %9s", quantity_text(row->allocated, row->scale).data);
                printf(" %9s\n", quantity_text(row->damaged, row->scale).data);
        }
}

void show_money(const ocore_money_report *money)
{
        printf("  %-10s %14s %14s %14s\n", "account", "debit", "credit", "balance");
        for (size_t i = 0; i < money->row_count; i++) {
                const ocore_money_row *row = money->rows[i];
                printf("  %-10s %14s", value_name("report.money", "rows", "account", row->account),
                        money_text(row->debit_minor, row->currency).data);
                printf(" %14s", money_text(row->credit_minor, row->currency).data);
                printf(" %14s\n", money_text(row->balance_minor, row->currency).data);
        }
}
