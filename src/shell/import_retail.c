/*
 * `ordercore import retail`: replays the days of a wholesaler through the public functions, as a
 * host would have called them. For whoever wants to see real orders go from placing to return.
 *
 * In short: the skus that are new on a day become products, what the day needs beyond what is
 * there is received, each invoice is an order that is paid and delivered at once, each C-invoice
 * a return against what that customer bought before, negative lines of other invoices are
 * corrections of stock. docs/guide/retail.md has the whole of it.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "import_retail.h"

static const ocore_str none;

#define DAY_US INT64_C(86400000000)
#define RECEIPT_LINES 1000
/* A unit is written when it has about fifty invoices: an invoice weighs as its lines and these. */
#define INVOICE_WEIGHT 40
#define UNIT_WEIGHT 3000

/* An id made from a name, so that the same files give the same ids: a UUIDv8 (RFC 9562) that grows
 * with time as a UUIDv7 does. */
static ocore_id id_made(int64_t at_us, const char *role, ocore_str name, ocore_str more)
{
        const uint64_t at_ms = (uint64_t)at_us / 1000;
        uint64_t hash = names_hash(NAMES_HASH_START, ocore_str_of(role));
        ocore_id id;
        hash = names_hash(hash, ocore_str_of("/"));
        hash = names_hash(hash, name);
        hash = names_hash(hash, ocore_str_of("/"));
        hash = names_hash(hash, more);
        for (int i = 0; i < 6; i++)
                id.bytes[i] = (uint8_t)(at_ms >> (40 - 8 * i));
        for (int i = 6; i < 16; i++) {
                /* One byte a step of SplitMix64 (Steele, Lea, Flood, 2014). */
                hash += UINT64_C(0x9e3779b97f4a7c15);
                uint64_t mixed = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
                mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
                id.bytes[i] = (uint8_t)(mixed >> 56);
        }
        id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x80);
        id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
        return id;
}

ocore_id replay_id(const retail_invoice *invoice, const char *role, ocore_str more)
{
        return id_made(invoice->at_us, role, invoice->number, more);
}

ocore_quantity replay_pieces(int64_t quantity)
{
        return (ocore_quantity){.amount = quantity};
}

int replay_ran(replay *self, int status, const char *command, ocore_str of)
{
        char what[160];
        self->counts.done += status == OCORE_OK;
        self->counts.already += status == OCORE_ALREADY;
        if (status >= 0)
                return 1;
        snprintf(what, sizeof what, "%s of %.*s", command, (int)of.size, of.data);
        shell_core_failed(self->shell, what, status);
        return 0;
}

static void clock_set(replay *self, int64_t at_us)
{
        self->shell->clock_fixed = 1;
        self->shell->clock_us = at_us;
}

static int unit_write(replay *self)
{
        const int status = ocore_unit_commit(self->core);
        self->unit_weight = 0;
        return status == OCORE_OK ||
               replay_ran(self, status, "writing the unit", ocore_str_of(self->day));
}

int replay_weigh(replay *self, size_t weight)
{
        if (self->unit_weight >= UNIT_WEIGHT && !unit_write(self))
                return 0;
        const int status = self->unit_weight == 0 ? ocore_unit_begin(self->core) : OCORE_OK;
        if (status == OCORE_OK)
                self->unit_weight += weight;
        return status == OCORE_OK ||
               replay_ran(self, status, "beginning the unit", ocore_str_of(self->day));
}

/* A sku is put when it is first seen, by its code while it has no name, and again once it has. */
static int product_put(replay *self, const retail_line *line)
{
        retail_sku *sku = &self->data.skus[line->sku];
        const int named = line->name.size > 0;
        if (sku->put && !named)
                return 1;
        const ocore_product_request request = {
                .struct_size = sizeof request,
                .id = id_made(0, named ? "name" : "product", sku->code, ocore_str_of("")),
                .sku = sku->code,
                .name = named ? line->name : sku->code,
                .kind = sku->kind,
        };
        self->counts.products += !sku->put;
        sku->put = 1;
        return replay_weigh(self, 1) &&
               replay_ran(self, ocore_product_put(self->core, &request, NULL), "product.put",
                       sku->code);
}

ocore_stock_line replay_stock_line(const retail_sku *sku, int64_t quantity)
{
        return (ocore_stock_line){
                .sku = sku->code,
                .site = ocore_str_of("main"),
                .quantity = replay_pieces(quantity),
        };
}

int replay_receive(replay *self, ocore_id id, ocore_str reason, size_t line_count)
{
        const ocore_stock_request request = {
                .struct_size = sizeof request,
                .id = id,
                .reason = reason,
                .lines = self->stock_lines,
                .line_count = line_count,
                .line_stride = sizeof *self->stock_lines,
        };
        return line_count == 0 ||
               (replay_weigh(self, line_count) &&
                       replay_ran(self, ocore_stock_receive(self->core, &request, NULL),
                               "stock.receive", reason));
}

/* Receives what the lines from `first` on need beyond what is there. */
static int shortfall_receive(replay *self, size_t first, size_t end, int64_t day_us)
{
        char number[OCORE_NUMBER_TEXT_SIZE];
        size_t count = 0;
        int64_t receipts = 0;
        for (size_t i = first; i < end; i++) {
                const retail_line *line = &self->data.lines[i];
                if (self->data.skus[line->sku].kind == OCORE_PRODUCT_GOODS &&
                        !self->data.invoices[line->invoice].cancels)
                        self->data.skus[line->sku].wanted += llabs(line->quantity);
        }
        for (size_t i = first; i < end; i++) {
                retail_sku *sku = &self->data.skus[self->data.lines[i].sku];
                if (sku->wanted > sku->available) {
                        const int64_t missing = sku->wanted - sku->available;
                        self->stock_lines[count++] = replay_stock_line(sku, missing);
                        sku->available += missing;
                        self->counts.received += missing;
                }
                sku->wanted = 0;
                if (count < RECEIPT_LINES && i + 1 < end)
                        continue;
                if (ocore_quantity_format(replay_pieces(++receipts), number) < 0 ||
                        !replay_receive(self,
                                id_made(day_us, "receipt", ocore_str_of(self->day),
                                        ocore_str_of(number)),
                                ocore_str_of(self->day), count))
                        return 0;
                count = 0;
        }
        return 1;
}

/* Picks, packs, ships and delivers all goods of an order. */
static int order_send(replay *self, const retail_invoice *invoice)
{
        const ocore_str number = invoice->number;
        const ocore_fulfillment_request create = {
                .struct_size = sizeof create,
                .id = replay_id(invoice, "fulfillment", none),
                .order_id = replay_id(invoice, "order", none),
        };
        ocore_fulfillment_step_request step = {
                .struct_size = sizeof step,
                .id = replay_id(invoice, "pick", none),
                .fulfillment_id = create.id,
        };
        const ocore_fulfillment_pack_request pack = {
                .struct_size = sizeof pack,
                .id = replay_id(invoice, "pack", none),
                .fulfillment_id = create.id,
        };
        const ocore_fulfillment_ship_request ship = {
                .struct_size = sizeof ship,
                .id = replay_id(invoice, "ship", none),
                .fulfillment_id = create.id,
                .tracking_number = number,
        };
        if (!replay_ran(self, ocore_fulfillment_create(self->core, &create, NULL),
                    "fulfillment.create", number) ||
                !replay_ran(self, ocore_fulfillment_pick(self->core, &step, NULL),
                        "fulfillment.pick", number) ||
                !replay_ran(self, ocore_fulfillment_pack(self->core, &pack, NULL),
                        "fulfillment.pack", number) ||
                !replay_ran(self, ocore_fulfillment_ship(self->core, &ship, NULL),
                        "fulfillment.ship", number))
                return 0;
        step.id = replay_id(invoice, "deliver", none);
        return replay_ran(self, ocore_fulfillment_deliver(self->core, &step, NULL),
                "fulfillment.deliver", number);
}

/* Confirms an order and, if it costs anything, takes the money for it. */
static int order_settle(replay *self, const retail_invoice *invoice, int64_t total_minor)
{
        const ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm,
                .id = replay_id(invoice, "confirm", none),
                .order_id = replay_id(invoice, "order", none),
        };
        const ocore_payment_request pay = {
                .struct_size = sizeof pay,
                .id = replay_id(invoice, "payment", none),
                .order_id = confirm.order_id,
                .tender = OCORE_TENDER_PREPAID,
                .reference = invoice->number,
        };
        return replay_ran(self, ocore_order_confirm(self->core, &confirm, NULL), "order.confirm",
                       invoice->number) &&
               (total_minor == 0 || replay_ran(self, ocore_payment_take(self->core, &pay, NULL),
                                            "payment.take", invoice->number));
}

/* The positive lines of an invoice as lines of a draft: how many, and whether some are goods. */
static size_t order_lines(replay *self, const retail_invoice *invoice, int *goods)
{
        size_t count = 0;
        *goods = 0;
        for (size_t i = invoice->first; i < invoice->first + invoice->line_count; i++) {
                retail_line *line = &self->data.lines[i];
                retail_sku *sku = &self->data.skus[line->sku];
                if (line->quantity < 0)
                        continue;
                self->draft_lines[count++] = (ocore_draft_line){
                        .sku = sku->code,
                        .quantity = replay_pieces(line->quantity),
                        .unit_price = {.amount_minor = line->price_minor, .currency = "GBP"},
                };
                line->number = (int64_t)count;
                line->left = line->quantity;
                if (sku->kind == OCORE_PRODUCT_GOODS) {
                        *goods = 1;
                        sku->available -= line->quantity;
                        self->counts.sold += line->quantity;
                }
                if (invoice->customer == RETAIL_NOBODY)
                        continue;
                line->older = self->newest[invoice->customer];
                self->newest[invoice->customer] = i + 1;
        }
        return count;
}

static int order_replay(replay *self, const retail_invoice *invoice)
{
        const ocore_order *order = NULL;
        int goods = 0;
        const size_t count = order_lines(self, invoice, &goods);
        if (count == 0)
                return 1;
        const ocore_order_draft draft = {
                .struct_size = sizeof draft,
                .id = replay_id(invoice, "order", none),
                .number = invoice->number,
                .channel = ocore_str_of("retail"),
                .customer = invoice->customer != RETAIL_NOBODY
                                    ? self->data.customers.texts[invoice->customer]
                                    : ocore_str_of(""),
                .currency = ocore_str_of("GBP"),
                .lines = self->draft_lines,
                .line_count = count,
                .line_stride = sizeof *self->draft_lines,
        };
        if (!replay_ran(self, ocore_order_place(self->core, &draft, &order), "order.place",
                    invoice->number))
                return 0;
        self->counts.orders++;
        self->counts.order_lines += (int64_t)count;
        self->counts.sales_minor += order->total_minor;
        return order_settle(self, invoice, order->total_minor) &&
               (!goods || order_send(self, invoice));
}

/* The negative lines of an invoice that is no cancellation: what the shelves really hold. */
static int correction_replay(replay *self, const retail_invoice *invoice)
{
        size_t count = 0;
        for (size_t i = invoice->first; i < invoice->first + invoice->line_count; i++) {
                const retail_line *line = &self->data.lines[i];
                retail_sku *sku = &self->data.skus[line->sku];
                if (line->quantity > 0)
                        continue;
                self->stock_lines[count++] = replay_stock_line(sku, line->quantity);
                sku->available += line->quantity;
                self->counts.corrected -= line->quantity;
        }
        self->counts.corrections += (int64_t)count;
        const ocore_stock_request request = {
                .struct_size = sizeof request,
                .id = replay_id(invoice, "correction", none),
                .reason = invoice->number,
                .lines = self->stock_lines,
                .line_count = count,
                .line_stride = sizeof *self->stock_lines,
        };
        return count == 0 || replay_ran(self, ocore_stock_adjust(self->core, &request, NULL),
                                     "stock.adjust", invoice->number);
}

static int invoice_replay(replay *self, const retail_invoice *invoice)
{
        clock_set(self, invoice->at_us);
        if (!replay_weigh(self, INVOICE_WEIGHT + invoice->line_count))
                return 0;
        return invoice->cancels ? replay_cancellation(self, invoice)
                                : order_replay(self, invoice) && correction_replay(self, invoice);
}

/* What comes before the first invoice of a day: new products, and the goods that will be sold. */
static int day_open(replay *self, const retail_invoice *first, const retail_invoice *last)
{
        const int64_t day_us = first->at_us - first->at_us % DAY_US;
        const size_t end = last->first + last->line_count;
        clock_set(self, day_us);
        if (ocore_time_format(day_us, self->day) < 0)
                return 0;
        self->day[strcspn(self->day, "T")] = 0;
        self->counts.days++;
        for (size_t i = first->first; i < end; i++)
                if (!product_put(self, &self->data.lines[i]))
                        return 0;
        return shortfall_receive(self, first->first, end, day_us);
}

static int site_open(replay *self)
{
        const ocore_site_request request = {
                .struct_size = sizeof request,
                .id = id_made(0, "site", ocore_str_of("main"), none),
                .site = ocore_str_of("main"),
                .country = ocore_str_of("GB"),
        };
        return replay_weigh(self, 1) && replay_ran(self, ocore_site_put(self->core, &request, NULL),
                                                "site.put", request.site);
}

static int replay_run(replay *self)
{
        const retail_invoice *invoices = self->data.invoices;
        const size_t count = self->data.invoice_count;
        const int watched = isatty(STDERR_FILENO);
        size_t day_end = 0;
        if (count == 0)
                return 1;
        clock_set(self, invoices[0].at_us);
        if (!site_open(self))
                return 0;
        for (size_t i = 0; i < count; i++) {
                if (i == day_end) {
                        const int64_t day = invoices[i].at_us / DAY_US;
                        while (day_end < count && invoices[day_end].at_us / DAY_US == day)
                                day_end++;
                        if (!day_open(self, &invoices[i], &invoices[day_end - 1]))
                                return 0;
                        if (watched)
                                fprintf(stderr, "\r%s: %zu of %zu invoices", self->day, i, count);
                }
                if (!invoice_replay(self, &invoices[i]))
                        return 0;
        }
        if (watched)
                fprintf(stderr, "\r%s: %zu of %zu invoices\n", self->day, count, count);
        return unit_write(self);
}

static int replay_make(replay *self)
{
        size_t lines = RECEIPT_LINES;
        for (size_t i = 0; i < self->data.invoice_count; i++)
                if (self->data.invoices[i].line_count > lines)
                        lines = self->data.invoices[i].line_count;
        self->draft_lines = calloc(lines, sizeof *self->draft_lines);
        self->stock_lines = calloc(lines, sizeof *self->stock_lines);
        self->newest = calloc(self->data.customers.count + 1, sizeof *self->newest);
        return self->draft_lines != NULL && self->stock_lines != NULL && self->newest != NULL;
}

static void print_count(const char *what, int64_t count)
{
        printf("%-44s %10" PRId64 "\n", what, count);
}

static void print_amount(const char *what, int64_t amount_minor)
{
        char text[OCORE_NUMBER_TEXT_SIZE];
        const ocore_money money = {.amount_minor = amount_minor, .currency = "GBP"};
        if (ocore_money_format(money, text) >= 0)
                printf("%-44s %14s\n", what, text);
}

static void summary_print(const replay *self)
{
        const counts *all = &self->counts;
        print_count("files", (int64_t)self->data.file_count);
        print_count("lines", self->data.lines_read);
        for (int i = 0; i < RETAIL_REASONS; i++)
                if (self->data.lines_left_out[i] > 0)
                        printf("  left out: %-32s %10" PRId64 "\n", retail_reasons[i],
                                self->data.lines_left_out[i]);
        print_count("days", all->days);
        print_count("invoices", (int64_t)self->data.invoice_count);
        print_count("products", all->products);
        print_count("units received before they were sold", all->received);
        print_count("orders", all->orders);
        print_count("  lines", all->order_lines);
        print_count("  units of goods", all->sold);
        print_amount("  charged", all->sales_minor);
        print_count("returns against an order", all->returns);
        print_count("  lines", all->return_lines);
        print_count("  units of goods", all->returned);
        print_amount("  refunded", all->refunds_minor);
        print_count("lines taken in without an order", all->unmatched_lines);
        print_count("  units of goods", all->unmatched);
        print_count("credits of fees without an order", all->credits);
        print_amount("  not refunded", all->credits_minor);
        print_count("corrections of stock", all->corrections);
        print_count("  units taken off", all->corrected);
        print_count("commands carried out", all->done);
        print_count("  done before, by an earlier import", all->already);
}

/* A store in memory ends with the process, so its books are printed before. */
static int books_print(shell *self)
{
        putchar('\n');
        const int end = shell_verify(self, 0, NULL);
        putchar('\n');
        return end == SHELL_DONE ? shell_report(self, 0, NULL) : end;
}

int shell_import_retail(shell *self, int file_count, char **files)
{
        replay run = {.shell = self, .core = self->core};
        const int report = file_count > 0 && strcmp(files[0], "--report") == 0;
        if (file_count == report)
                return shell_misused("import", "there is no file",
                        "Write: ordercore --store ... import retail [--report] FILE...");
        int end = retail_read(&run.data, file_count - report, files + report);
        if (end == SHELL_DONE && !replay_make(&run))
                end = shell_failed(NULL, "there was no memory", "Nothing was imported.");
        if (end == SHELL_DONE && !replay_run(&run)) {
                if (run.unit_weight > 0 && ocore_unit_cancel(self->core) != OCORE_OK)
                        fputs("ordercore: the unit was over already\n", stderr);
                end = shell_failed(NULL, "the import stopped",
                        "What was written before stays; run it again with the same files.");
        }
        if (end == SHELL_DONE)
                summary_print(&run);
        if (end == SHELL_DONE && report)
                end = books_print(self);
        free(run.draft_lines);
        free(run.stock_lines);
        free(run.newest);
        free(run.pieces);
        retail_free(&run.data);
        return end;
}
