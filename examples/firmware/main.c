/*
 * An order from placing to return on a machine without an operating system: the core alone, its
 * store in memory, all memory from one fixed block. Prints each step and how much of the block was
 * needed. Serves whoever wants to know whether the library fits a till, a kiosk or a controller.
 */
#define _POSIX_C_SOURCE 200809L

#include "buffer.h"

#include <ordercore.h>

#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* The bound: the core, its store and every answer live in this block. */
#define MEMORY_BYTES (256u * 1024u)

static _Alignas(max_align_t) unsigned char memory[MEMORY_BYTES];

static void say(const char *text)
{
        size_t size = strlen(text);

        while (size > 0) {
                ssize_t done = write(1, text, size);
                if (done <= 0)
                        return;
                text += done;
                size -= (size_t)done;
        }
}

static void say_number(const char *before, int64_t number, const char *after)
{
        char text[OCORE_NUMBER_TEXT_SIZE];

        say(before);
        (void)ocore_quantity_format((ocore_quantity){.amount = number}, text);
        say(text);
        say(after);
}

static void say_money(const char *before, int64_t amount_minor, const char *after)
{
        char text[OCORE_NUMBER_TEXT_SIZE];

        say(before);
        (void)ocore_money_format(
                (ocore_money){.amount_minor = amount_minor, .currency = "EUR"}, text);
        say(text);
        say(after);
}

/* A board would read its clock; here each command comes a second after the one before. */
static int64_t tick(void *user_data)
{
        int64_t *now_us = user_data;

        *now_us += 1000000;
        return *now_us;
}

/* Ids must be unique, no more; a board without randomness can count. */
static ocore_id id_of(uint8_t number)
{
        return (ocore_id){.bytes = {[0] = 1, [15] = number}};
}

static ocore_str text_of(const char *text)
{
        return ocore_str_of(text);
}

/* 1 if the command was carried out; else prints why not. */
static int good(const ocore_core *core, const char *step, int status)
{
        const ocore_error *error;

        if (status == OCORE_OK)
                return 1;
        error = ocore_last_error(core);
        say(step);
        say(": ");
        say(ocore_status_name(status));
        if (error != NULL && error->message.size > 0) {
                say(": ");
                (void)!write(1, error->message.data, error->message.size);
        }
        say("\n");
        return 0;
}

static int fill_shop(ocore_core *core)
{
        const ocore_site_request site = {.struct_size = sizeof site,
                .id = id_of(1),
                .site = text_of("shop"),
                .country = text_of("DE")};
        const ocore_tax_rate_request tax = {.struct_size = sizeof tax,
                .id = id_of(2),
                .tax_class = text_of("normal"),
                .country = text_of("DE"),
                .rate_ppm = 190000};
        const ocore_product_request product = {.struct_size = sizeof product,
                .id = id_of(3),
                .sku = text_of("lamp"),
                .name = text_of("Desk lamp"),
                .tax_class = text_of("normal"),
                .weight_g = 900};
        const ocore_price_request price = {.struct_size = sizeof price,
                .id = id_of(4),
                .sku = text_of("lamp"),
                .price = {.amount_minor = 1999, .currency = "EUR"}};
        const ocore_stock_line line = {
                .sku = text_of("lamp"), .site = text_of("shop"), .quantity = {.amount = 5}};
        const ocore_stock_request stock = {.struct_size = sizeof stock,
                .id = id_of(5),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_site *site_out;
        const ocore_tax_rate *tax_out;
        const ocore_product *product_out;
        const ocore_price *price_out;
        const ocore_stock_moves *moves;

        return good(core, "site", ocore_site_put(core, &site, &site_out)) &&
               good(core, "tax rate", ocore_tax_rate_put(core, &tax, &tax_out)) &&
               good(core, "product", ocore_product_put(core, &product, &product_out)) &&
               good(core, "price", ocore_price_put(core, &price, &price_out)) &&
               good(core, "receive", ocore_stock_receive(core, &stock, &moves));
}

static int sell(ocore_core *core)
{
        const ocore_draft_line line = {.sku = text_of("lamp"), .quantity = {.amount = 3}};
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = id_of(10),
                .currency = text_of("EUR"),
                .channel = text_of("till"),
                .ship_country = text_of("DE"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm, .id = id_of(11), .order_id = id_of(10)};
        const ocore_payment_request pay = {.struct_size = sizeof pay,
                .id = id_of(12),
                .order_id = id_of(10),
                .tender = OCORE_TENDER_CASH,
                .tendered = {.amount_minor = 7000, .currency = "EUR"}};
        const ocore_order *order;
        const ocore_payment *payment;

        if (!good(core, "place", ocore_order_place(core, &draft, &order)))
                return 0;
        say_number("placed: ", order->lines[0]->quantity, " lamps");
        say_number(", ", order->lines[0]->allocated, " allocated");
        say_money(", total ", order->total_minor, "");
        say_money(" with tax ", order->tax_minor, "\n");
        if (!good(core, "confirm", ocore_order_confirm(core, &confirm, &order)) ||
                !good(core, "pay", ocore_payment_take(core, &pay, &payment)))
                return 0;
        say_money("paid: ", payment->amount_minor, "");
        say_money(" in cash, change ", payment->change_minor, "\n");
        return 1;
}

static int ship(ocore_core *core)
{
        const ocore_fulfillment_request create = {
                .struct_size = sizeof create, .id = id_of(20), .order_id = id_of(10)};
        const ocore_fulfillment_step_request pick = {
                .struct_size = sizeof pick, .id = id_of(21), .fulfillment_id = id_of(20)};
        const ocore_fulfillment_pack_request pack = {
                .struct_size = sizeof pack, .id = id_of(22), .fulfillment_id = id_of(20)};
        const ocore_fulfillment_ship_request leave = {.struct_size = sizeof leave,
                .id = id_of(23),
                .fulfillment_id = id_of(20),
                .carrier = text_of("by hand"),
                .tracking_number = text_of("0001")};
        const ocore_fulfillment_step_request arrive = {
                .struct_size = sizeof arrive, .id = id_of(24), .fulfillment_id = id_of(20)};
        const ocore_fulfillment *out;

        if (!good(core, "create", ocore_fulfillment_create(core, &create, &out)) ||
                !good(core, "pick", ocore_fulfillment_pick(core, &pick, &out)) ||
                !good(core, "pack", ocore_fulfillment_pack(core, &pack, &out)) ||
                !good(core, "ship", ocore_fulfillment_ship(core, &leave, &out)) ||
                !good(core, "deliver", ocore_fulfillment_deliver(core, &arrive, &out)))
                return 0;
        say_number("shipped and delivered: ", out->lines[0]->quantity, " lamps\n");
        return 1;
}

static int take_back(ocore_core *core)
{
        const ocore_return_draft_line line = {
                .line = 1, .quantity = {.amount = 1}, .reason = OCORE_REASON_UNWANTED};
        const ocore_return_draft request = {.struct_size = sizeof request,
                .id = id_of(30),
                .order_id = id_of(10),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_return_receive_request receive = {.struct_size = sizeof receive,
                .id = id_of(31),
                .return_id = id_of(30),
                .site = text_of("shop")};
        const ocore_return_inspect_request inspect = {
                .struct_size = sizeof inspect, .id = id_of(32), .return_id = id_of(30)};
        const ocore_return_refund_request refund = {.struct_size = sizeof refund,
                .id = id_of(33),
                .return_id = id_of(30),
                .tender = OCORE_TENDER_CASH};
        const ocore_return *out;

        if (!good(core, "return", ocore_return_request(core, &request, &out)) ||
                !good(core, "receive", ocore_return_receive(core, &receive, &out)) ||
                !good(core, "inspect", ocore_return_inspect(core, &inspect, &out)) ||
                !good(core, "refund", ocore_return_refund(core, &refund, &out)))
                return 0;
        say_number("returned: ", out->lines[0]->quantity, " lamp");
        say_number(", ", out->lines[0]->restocked, " for sale again");
        say_money(", refunded ", out->refund_minor, "\n");
        return 1;
}

static int show_stock(ocore_core *core)
{
        const ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = text_of("lamp")};
        const ocore_stock_list *list;

        if (!good(core, "stock", ocore_stock_list_page(core, &request, &list)))
                return 0;
        say_number("stock: ", list->stock[0]->available, " lamps\n");
        return list->stock[0]->available == 3;
}

static int opened(const ocore_config *config, ocore_core **out)
{
        const int status = ocore_open(config, out);

        if (status == OCORE_OK)
                return 1;
        say("open: ");
        say(ocore_status_name(status));
        say("\n");
        return 0;
}

static int whole_life(buffer *block)
{
        int64_t now_us = 1767225600000000; /* 2026-01-01 */
        const ocore_allocator allocator = {.allocate = buffer_allocate, .user_data = block};
        ocore_config config = {.struct_size = sizeof config,
                .allocator = allocator,
                .clock = tick,
                .clock_data = &now_us,
                .actor = text_of("till"),
                .lines_max = 100,
                .cache_rows = 64,
                .effects_off = 1};
        ocore_core *core = NULL;
        int64_t findings = -1;
        int done;

        if (ocore_memory_store(&allocator, &config.store) != OCORE_OK) {
                say("no memory for the store\n");
                return 0;
        }
        done = opened(&config, &core) && fill_shop(core) && sell(core) && ship(core) &&
               take_back(core) && show_stock(core) &&
               good(core, "verify", ocore_verify(core, NULL, NULL, &findings));
        if (done)
                say_number("verify: OK, ", findings, " findings\n");
        ocore_close(core);
        ocore_store_close(config.store);
        return done;
}

int main(void)
{
        buffer block;
        int done;

        buffer_init(&block, memory, sizeof memory);
        done = whole_life(&block);
        say_number("memory: ", (int64_t)block.peak, "");
        say_number(" bytes at most, of ", MEMORY_BYTES, "");
        say_number("; ", (int64_t)block.used, " left over\n");
        return done && block.used == 0 ? 0 : 1;
}
