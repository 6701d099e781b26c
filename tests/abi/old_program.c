/*
 * A program of release 0.1, compiled with the headers of 0.1 (tests/abi/0.1) and linked with
 * today's library. Proves that it still works: a store of its own making, whose operations table is
 * as short as 0.1 knew it, carries an order from placing to cancelling, and every answer is read
 * through the structs of then.
 */
#include <ordercore.h>

#include <stdio.h>
#include <string.h>

/* The store of this program: it hands each call on to the memory store. */
static ocore_store inner;

static int open_tables(void *self, const ocore_schema *schema)
{
        (void)self;
        return inner.ops->open(inner.self, schema);
}

static int read_rows(void *self, const ocore_read *reads, size_t count, ocore_row_fn emit,
        void *sink)
{
        (void)self;
        return inner.ops->read(inner.self, reads, count, emit, sink);
}

static int write_rows(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        (void)self;
        return inner.ops->write(inner.self, writes, count, refusal);
}

static void close_store(void *self)
{
        (void)self;
        inner.ops->close(inner.self);
}

static const ocore_store_ops ops = {
        .struct_size = sizeof ops,
        .name = "of old",
        .open = open_tables,
        .read = read_rows,
        .write = write_rows,
        .close = close_store,
};

static int64_t clock_of_old(void *user_data)
{
        (void)user_data;
        return 1767225600000000; /* 2026-01-01 */
}

static ocore_id id_of(uint8_t number)
{
        return (ocore_id){.bytes = {[0] = 1, [15] = number}};
}

static int check(int good, const char *what)
{
        printf("%s: %s\n", what, good ? "as in 0.1" : "NOT as in 0.1");
        return good;
}

static int set_up(ocore_core *core)
{
        const ocore_site_request site = {
                .struct_size = sizeof site, .id = id_of(1), .site = ocore_str_of("north")};
        const ocore_product_request product = {
                .struct_size = sizeof product, .id = id_of(2), .sku = ocore_str_of("cup"),
                .name = ocore_str_of("Cup")};
        const ocore_price_request price = {
                .struct_size = sizeof price, .id = id_of(3), .sku = ocore_str_of("cup"),
                .price = {.amount_minor = 450, .currency = "EUR"}};
        const ocore_stock_line line = {
                .sku = ocore_str_of("cup"), .site = ocore_str_of("north"),
                .quantity = {.amount = 7}};
        const ocore_stock_request stock = {
                .struct_size = sizeof stock, .id = id_of(4), .lines = &line, .line_count = 1,
                .line_stride = sizeof line};
        const ocore_site *site_out;
        const ocore_product *product_out;
        const ocore_price *price_out;
        const ocore_stock_moves *moves;

        return ocore_site_put(core, &site, &site_out) == OCORE_OK &&
                ocore_product_put(core, &product, &product_out) == OCORE_OK &&
                ocore_price_put(core, &price, &price_out) == OCORE_OK &&
                ocore_stock_receive(core, &stock, &moves) == OCORE_OK && moves->move_count == 1 &&
                moves->moves[0]->quantity == 7;
}

static int order(ocore_core *core)
{
        ocore_draft_line line = {.sku = ocore_str_of("cup"), .quantity = {.amount = 2}};
        const ocore_order_draft draft = {
                .struct_size = sizeof draft, .id = id_of(5), .currency = ocore_str_of("EUR"),
                .lines = &line, .line_count = 1, .line_stride = sizeof line};
        const ocore_order_cancel_request cancel = {
                .struct_size = sizeof cancel, .id = id_of(6), .order_id = id_of(5)};
        const ocore_order *out;
        int good;

        good = check(ocore_order_place(core, &draft, &out) == OCORE_OK &&
                        out->state == OCORE_ORDER_PLACED && out->total_minor == 900 &&
                        out->line_count == 1 && out->lines[0]->allocated == 2,
                "placing");
        good &= check(ocore_order_place(core, &draft, &out) == OCORE_ALREADY &&
                        out->total_minor == 900,
                "the same again");
        line.quantity.amount = 3;
        good &= check(ocore_order_place(core, &draft, &out) == OCORE_ID_REUSED && out == NULL &&
                        ocore_last_error(core)->status == OCORE_ID_REUSED,
                "the same id for something else");
        good &= check(ocore_order_cancel(core, &cancel, &out) == OCORE_OK &&
                        out->state == OCORE_ORDER_CANCELLED && out->lines[0]->cancelled == 2,
                "cancelling");
        return good;
}

int main(void)
{
        ocore_config config = {
                .struct_size = sizeof config, .clock = clock_of_old,
                .actor = ocore_str_of("old program")};
        ocore_core *core = NULL;
        int64_t findings = -1;
        int good;

        if (ocore_memory_store(NULL, &inner) != OCORE_OK)
                return 1;
        config.store = (ocore_store){&ops, NULL};
        good = check(ocore_open(&config, &core) == OCORE_OK && set_up(core), "opening");
        good = good && order(core);
        good = good && check(ocore_verify(core, NULL, NULL, &findings) == OCORE_OK &&
                findings == 0, "verify");
        ocore_close(core);
        ocore_store_close(config.store);
        return good ? 0 : 1;
}
