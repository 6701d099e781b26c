/*
 * Proves that ocore_verify() names what is broken. After a whole life, with an order, a hold, a
 * shipment and a return still under way, one row at a time is damaged past the library, by the
 * store's own write; verify must then find the invariant that stands beside the damage, and must
 * have found nothing before.
 */
#include "life.h"
#include "planted.h"
#include "stores.h"

#include <stdio.h>
#include <string.h>

static const plant plants[] = {
        {"I1", "stock", NULL, 0, SET, "available", INT64_MAX},
        {"D3", "stock", NULL, 0, SET, "available", -1},
        {"I2", "stock", NULL, 0, ADD, "available", 1},
        {"I2", "stock", NULL, 0, ADD, "damaged", 1},
        {"I2", "stock", NULL, 0, DELETE, NULL, 0},
        {"I2", "stock", NULL, 0, ADD, "scale", 1},
        {"I4", "stock", NULL, 0, ADD, "held", 1},
        {"I3", "stock", NULL, 0, ADD, "allocated", 1},
        {"I3", "stock", NULL, 0, ADD, "picked", 1},
        {"I3", "stock", NULL, 0, ADD, "inspection", 1},
        {"I2", "stock_move", NULL, 0, ADD, "quantity", 1},
        {"I2", "stock_move", NULL, 0, SET, "quantity", 0},
        {"D3", "stock_move", NULL, 0, SET, "quantity", -1},
        {"I2", "stock_move", NULL, 0, DELETE, NULL, 0},
        {"I2", "stock_move", NULL, 0, COPY, "number", 90},
        {"I3", "stock_move", "to_bucket", OCORE_ACCOUNT_CUSTOMER, ADD, "quantity", 1},
        {"RT2", "stock_move", "from_bucket", OCORE_ACCOUNT_CUSTOMER, ADD, "quantity", 1},
        {"I2", "product", NULL, 0, DELETE, NULL, 0},
        {"I2", "site", NULL, 0, DELETE, NULL, 0},
        {"I4", "hold", "state", OCORE_HOLD_OPEN, SET, "due_us", 0},
        {"I4", "hold", "state", OCORE_HOLD_OPEN, SET, "state", OCORE_HOLD_LAPSED},
        {"I4", "hold", "state", OCORE_HOLD_LAPSED, SET, "state", OCORE_HOLD_OPEN},
        {"I4", "hold", "state", OCORE_HOLD_CONVERTED, SET_ID, "order_id", 200},
        {"I4", "hold", "state", OCORE_HOLD_CONVERTED, SET, "state", OCORE_HOLD_RELEASED},
        {"I4", "hold", NULL, 0, DELETE, NULL, 0},
        {"I4", "hold_line", NULL, 0, DELETE, NULL, 0},
        {"I4", "hold_line", NULL, 0, SET, "quantity", 0},
        {"O1", "sales_order", NULL, 0, SET, "state", OCORE_ORDER_DRAFT},
        {"O1", "sales_order", "state", OCORE_ORDER_CANCELLED, SET, "state", OCORE_ORDER_COMPLETED},
        {"O1", "sales_order", "state", OCORE_ORDER_CONFIRMED, SET, "state", OCORE_ORDER_COMPLETED},
        {"O1", "sales_order", "state", OCORE_ORDER_COMPLETED, SET, "state", OCORE_ORDER_CONFIRMED},
        {"O1", "event", "kind", OCORE_EVENT_ORDER_CONFIRMED, SET, "kind",
                OCORE_EVENT_ORDER_COMPLETED},
        {"O1", "sales_order", NULL, 0, ADD, "version", 1},
        {"O1", "sales_order", NULL, 0, ADD, "version", -1},
        {"E1", "sales_order", NULL, 0, ADD, "event_count", 1},
        {"M1", "sales_order", "state", OCORE_ORDER_COMPLETED, SET, "state", OCORE_ORDER_PLACED},
        {"O3", "sales_order", NULL, 0, ADD, "goods_minor", 1},
        {"O3", "sales_order", NULL, 0, ADD, "discount_minor", 1},
        {"O3", "sales_order", NULL, 0, ADD, "shipping_minor", 1},
        {"O3", "sales_order", NULL, 0, ADD, "tax_minor", 1},
        {"O3", "sales_order", NULL, 0, ADD, "total_minor", 1},
        {"O3", "sales_order", NULL, 0, SET, "tax_mode", OCORE_TAX_EXCLUSIVE},
        {"M3", "sales_order", NULL, 0, ADD, "cancelled_minor", 1},
        {"M3", "sales_order", NULL, 0, ADD, "refunded_minor", 1},
        {"O2", "sales_order", NULL, 0, DELETE, NULL, 0},
        {"D3", "sales_order", NULL, 0, SET, "state", 99},
        {"O2", "order_line", NULL, 0, ADD, "quantity", 1},
        {"O2", "order_line", NULL, 0, ADD, "cancelled", 1},
        {"O2", "order_line", NULL, 0, SET_TEXT, "sku", 0},
        {"O2", "order_line", NULL, 0, DELETE, NULL, 0},
        {"O2", "order_line", "kind", OCORE_PRODUCT_SERVICE, ADD, "performed", 1},
        {"O2", "order_line", NULL, 0, SET, "quantity", INT64_MAX},
        {"O3", "order_line", NULL, 0, ADD, "unit_price_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "goods_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "discount_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "order_discount_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "tax_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "tax_rate_ppm", 100000},
        {"O3", "order_line", NULL, 0, ADD, "total_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "shipping_minor", 1},
        {"O3", "order_line", NULL, 0, ADD, "shipping_tax_minor", 1},
        {"O3", "order_line", NULL, 0, SET, "unit_price_minor", INT64_MAX},
        {"RT1", "order_line", NULL, 0, ADD, "returned", 1},
        {"RT1", "order_line", NULL, 0, ADD, "refunded", 1},
        {"M3", "order_line", NULL, 0, ADD, "shipping_refunded", 1},
        {"O2", "allocation", NULL, 0, ADD, "allocated", 1},
        {"O2", "allocation", NULL, 0, ADD, "delivered", 1},
        {"O2", "allocation", "picked", 1, SET, "picked", 0},
        {"O2", "allocation", "released", 1, SET, "released", 0},
        {"D3", "allocation", NULL, 0, SET, "shipped", -1},
        {"O2", "allocation", NULL, 0, DELETE, NULL, 0},
        {"O2", "allocation", NULL, 0, COPY, "line", 9},
        {"O2", "order_party", NULL, 0, COPY, "order_id", 200},
        {"M1", "payment", NULL, 0, ADD, "amount_minor", 1},
        {"M1", "payment", NULL, 0, DELETE, NULL, 0},
        {"M1", "payment", NULL, 0, SET_TEXT, "currency", 0},
        {"M1", "payment", NULL, 0, SET, "state", OCORE_PAYMENT_PENDING},
        {"M1", "payment", "kind", OCORE_PAYMENT_OUT, COPY, "id", 200}, /* paid back twice */
        {"M1", "payment", NULL, 0, COPY, "order_id", 200},
        {"M1", "money_move", NULL, 0, ADD, "amount_minor", 1},
        {"M1", "money_move", NULL, 0, SET, "debit", OCORE_LEDGER_CARRIER},
        {"M1", "money_move", NULL, 0, SET_TEXT, "currency", 0},
        {"M1", "money_move", NULL, 0, DELETE, NULL, 0},
        {"M1", "money_move", NULL, 0, COPY, "number", 90},
        {"O2", "fulfillment", "state", OCORE_FULFILLMENT_STATE_PICKED, SET, "state",
                OCORE_FULFILLMENT_STATE_SHIPPED},
        {"O2", "fulfillment", NULL, 0, DELETE, NULL, 0},
        {"O2", "fulfillment", NULL, 0, SET_ID, "order_id", 200},
        {"O2", "fulfillment_line", NULL, 0, DELETE, NULL, 0},
        {"O2", "fulfillment_line", NULL, 0, SET, "quantity", 0},
        {"RT1", "goods_return", "state", OCORE_RETURN_REFUNDED, ADD, "refund_minor", 1},
        {"RT1", "goods_return", "state", OCORE_RETURN_REFUNDED, SET, "state",
                OCORE_RETURN_INSPECTED},
        {"RT1", "goods_return", "state", OCORE_RETURN_REFUNDED, DELETE, NULL, 0},
        {"M1", "goods_return", NULL, 0, SET_TEXT, "currency", 0},
        {"RT1", "goods_return", NULL, 0, COPY, "id", 200},  /* refunded twice, without lines */
        {"RT1", "return_line", NULL, 0, COPY, "number", 3}, /* a unit refunded twice */
        {"RT1", "return_line", NULL, 0, ADD, "refund_minor", 1},
        {"RT1", "return_line", NULL, 0, SET, "line", 77},
        {"RT1", "return_line", NULL, 0, DELETE, NULL, 0},
        {"RT2", "return_line", NULL, 0, ADD, "received", 1},
        {"RT2", "return_line", NULL, 0, ADD, "restocked", 1},
        {"RT2", "return_line", "scrapped", 1, SET, "scrapped", 0},
        {"E1", "event", NULL, 0, DELETE, NULL, 0},
        {"E1", "event", "number", 2, DELETE, NULL, 0},
        {"E1", "event", NULL, 0, SET_ID, "command_id", 200},
        {"E1", "event", "number", 3, COPY, "number", 99},
        {"E1", "event", NULL, 0, COPY, "subject_id", 200},
        {"E1", "command", NULL, 0, DELETE, NULL, 0},
        {"E1", "command", NULL, 0, COPY, "id", 200},
        {"E2", "effect", NULL, 0, COPY, "number", 99},
        {"E2", "effect", NULL, 0, SET, "due_us", 5},
        {"E2", "effect", NULL, 0, SET, "kind", OCORE_EVENT_HOLD_LAPSED},
};

typedef struct world {
        life story;
        ocore_store store;
        ocore_core *core;
} world;

static int succeed(world *self, const char *command, const void *request)
{
        const void *answer;
        int status = ocore_command_find(ocore_str_of(command))->call(self->core, request, &answer);

        if (status)
                print_error("%s: %d %.*s\n", command, status,
                        (int)ocore_last_error(self->core)->message.size,
                        ocore_last_error(self->core)->message.data);
        return status;
}

/* A hold, an order on a pick list, one picked, and a return received: all still under way. */
static void begin_more(world *self)
{
        const ocore_str cup = ocore_str_of("CUP");
        const ocore_stock_line in = {
                .sku = cup, .site = ocore_str_of("EAST"), .quantity = {9, 0, 0}};
        const ocore_stock_request receive = {
                sizeof receive, life_id(100), {NULL, 0}, &in, 1, sizeof in};
        const ocore_hold_request_line held = {cup, {1, 0, 0}};
        const ocore_hold_request hold = {.struct_size = sizeof hold,
                .id = life_id(101),
                .expires_us = INT64_MAX,
                .lines = &held,
                .line_count = 1,
                .line_stride = sizeof held};
        const ocore_draft_line line = {.sku = cup, .quantity = {2, 0, 0}};
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = life_id(102),
                .currency = ocore_str_of("EUR"),
                .ship_country = ocore_str_of("DE"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_order_confirm_request confirm = {sizeof confirm, life_id(103), draft.id};
        const ocore_line_quantity one = {1, {1, 0, 0}};
        const ocore_fulfillment_request first = {
                sizeof first, life_id(104), draft.id, {NULL, 0}, &one, 1, sizeof one};
        const ocore_fulfillment_step_request pick = {sizeof pick, life_id(105), first.id};
        const ocore_fulfillment_request second = {
                sizeof second, life_id(106), draft.id, {NULL, 0}, NULL, 0, 0};
        const ocore_return_draft_line back = {1, {1, 0, 0}, 0, {0}};
        const ocore_return_draft ask = {
                sizeof ask, life_id(107), life_id(LIFE_ORDER), &back, 1, sizeof back};
        const ocore_return_receive_request come = {
                sizeof come, life_id(108), ask.id, ocore_str_of("WEST")};

        assert_int_equal(succeed(self, "stock.receive", &receive), OCORE_OK);
        assert_int_equal(succeed(self, "hold.place", &hold), OCORE_OK);
        assert_int_equal(succeed(self, "order.place", &draft), OCORE_OK);
        assert_int_equal(succeed(self, "order.confirm", &confirm), OCORE_OK);
        assert_int_equal(succeed(self, "fulfillment.create", &first), OCORE_OK);
        assert_int_equal(succeed(self, "fulfillment.pick", &pick), OCORE_OK);
        assert_int_equal(succeed(self, "fulfillment.create", &second), OCORE_OK);
        assert_int_equal(succeed(self, "return.request", &ask), OCORE_OK);
        assert_int_equal(succeed(self, "return.receive", &come), OCORE_OK);
}

static void world_begin(world *self)
{
        ocore_config config = {0};

        test_store_open(NULL, &self->store);
        life_begin(&self->story);
        life_connect(&self->story, &config);
        config.store = self->store;
        assert_int_equal(ocore_open(&config, &self->core), OCORE_OK);
        assert_int_equal(life_run(&self->story, self->core), OCORE_OK);
        begin_more(self);
}

static void world_end(world *self)
{
        ocore_close(self->core);
        ocore_store_close(self->store);
        life_finish(&self->story);
}

static void each_damage_is_named(void **state)
{
        int missed = 0;

        (void)state;
        for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
                world self;

                world_begin(&self);
                missed += !planted_is_named(self.core, &self.store, &plants[i], i);
                world_end(&self);
        }
        assert_int_equal(missed, 0);
}

/* A store whose indexes have lost their first row. */
static const ocore_store *hiding_inner;
typedef struct hiding_sink {
        ocore_row_fn emit;
        void *sink;
        int hide;
} hiding_sink;

static int hide_first(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        hiding_sink *self = sink;

        if (self->hide) {
                self->hide = 0;
                return OCORE_OK;
        }
        return self->emit(self->sink, read, revision, cells, count);
}

static int hiding_open(void *self, const ocore_schema *schema)
{
        (void)self;
        return hiding_inner->ops->open(hiding_inner->self, schema);
}

static int hiding_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        hiding_sink hiding = {emit, sink,
                count == 1 && reads[0].index && !reads[0].after &&
                        strcmp(reads[0].table->name, self) == 0};

        return hiding_inner->ops->read(hiding_inner->self, reads, count, hide_first, &hiding);
}

static int hiding_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        (void)self;
        return hiding_inner->ops->write(hiding_inner->self, writes, count, refusal);
}

static void a_row_that_an_index_lost_is_found(void **state)
{
        static const char *const tables[] = {
                "sales_order", "hold", "fulfillment", "goods_return", "hold_line", "stock_move"};
        static const ocore_store_ops ops = {.struct_size = sizeof ops,
                .name = "hiding",
                .open = hiding_open,
                .read = hiding_read,
                .write = hiding_write};

        (void)state;
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
                char name[32];
                findings after = {.wanted = "O5"};
                ocore_config config = {0};
                ocore_core *core;
                world self;

                world_begin(&self);
                hiding_inner = &self.store;
                snprintf(name, sizeof name, "%s", tables[i]);
                life_connect(&self.story, &config);
                config.store = (ocore_store){&ops, name};
                assert_int_equal(ocore_open(&config, &core), OCORE_OK);
                assert_int_equal(ocore_verify(core, planted_collect, &after, NULL), OCORE_CORRUPT);
                if (!after.matching)
                        fail_msg("%s: no O5:\n%s", tables[i], after.text);
                ocore_close(core);
                world_end(&self);
        }
}

/* The host may want no more: then verify stops at once and still says that something is wrong. */
static int stop_at_once(void *user_data, const ocore_finding *finding)
{
        (void)finding;
        ++*(int *)user_data;
        return 1;
}

static void verify_stops_when_asked(void **state)
{
        static const plant both[] = {
                {"I2", "stock", NULL, 0, ADD, "available", 1},
                {"E1", "event", NULL, 0, DELETE, NULL, 0},
        };
        world self;
        int64_t count;
        int calls = 0;

        (void)state;
        world_begin(&self);
        planted_damage(&self.store, &both[0]);
        planted_damage(&self.store, &both[1]);
        assert_int_equal(ocore_verify(self.core, stop_at_once, &calls, &count), OCORE_CORRUPT);
        assert_int_equal(calls, 1);
        assert_int_equal(count, 1);
        world_end(&self);
}

/* Verify belongs outside a unit, and a finding must not call back. */
static int call_back(void *user_data, const ocore_finding *finding)
{
        (void)finding;
        return ocore_pump(user_data, 0, NULL) == OCORE_REENTRANT ? 0 : 1;
}

static void verify_refuses_units_and_reentry(void **state)
{
        static const plant broken = {"I2", "stock", NULL, 0, ADD, "available", 1};
        world self;
        int64_t count = 7;

        (void)state;
        world_begin(&self);
        assert_int_equal(ocore_unit_begin(self.core), OCORE_OK);
        assert_int_equal(ocore_verify(self.core, NULL, NULL, &count), OCORE_STATE);
        assert_int_equal(count, 0);
        assert_int_equal(ocore_unit_cancel(self.core), OCORE_OK);
        planted_damage(&self.store, &broken);
        assert_int_equal(ocore_verify(self.core, call_back, self.core, &count), OCORE_CORRUPT);
        assert_true(count >= 1);
        assert_int_equal(ocore_verify(NULL, NULL, NULL, &count), OCORE_INVALID);
        world_end(&self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_damage_is_named),
                cmocka_unit_test(a_row_that_an_index_lost_is_found),
                cmocka_unit_test(verify_stops_when_asked),
                cmocka_unit_test(verify_refuses_units_and_reentry),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
