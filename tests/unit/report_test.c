/*
 * Proves what reports count, on rows that stand in the store as commands would have left them:
 * drafts are no sales, what was credited is told apart as cancelled and refunded, rows come in
 * their order, and a sum that does not fit is refused.
 */
#include "inventory/inventory.h"
#include "order/order_room.h"
#include "returns/returns.h"

#include "../support/rows.h"
#include "../support/shop.h"

static const ocore_empty_request all = {sizeof all};

static void put_order(test_world *world, int64_t n, int64_t state, const char *currency,
        int64_t total_minor, int64_t cancelled_minor, int64_t refunded_minor)
{
        const ocore_order order = {.id = test_id(n),
                .state = state,
                .currency = ocore_str_of(currency),
                .tax_mode = OCORE_TAX_INCLUSIVE,
                .rounding = OCORE_ROUND_HALF_UP,
                .rounding_level = OCORE_ROUND_LINE,
                .total_minor = total_minor,
                .cancelled_minor = cancelled_minor,
                .refunded_minor = refunded_minor,
                .version = 1};

        test_insert(world, &ocore__order_table, &order);
}

static void put_line(test_world *world, int64_t n, int64_t number, const char *sku,
        int64_t quantity, int64_t total_minor, int64_t cancelled, int64_t returned,
        int64_t refunded)
{
        const ocore_order_line line = {.order_id = test_id(n),
                .number = number,
                .sku = ocore_str_of(sku),
                .kind = OCORE_PRODUCT_GOODS,
                .quantity = quantity,
                .total_minor = total_minor,
                .cancelled = cancelled,
                .returned = returned,
                .refunded = refunded};

        test_insert(world, &ocore__order_line_table, &line);
}

static void put_return(test_world *world, int64_t n, int64_t order, int64_t state, const char *sku,
        int64_t refund_minor)
{
        const ocore_return of = {.id = test_id(n),
                .order_id = test_id(order),
                .state = state,
                .currency = STR("EUR")};
        const ocore_return_line line = {.return_id = test_id(n),
                .number = 1,
                .line = 1,
                .sku = ocore_str_of(sku),
                .kind = OCORE_PRODUCT_GOODS,
                .quantity = 1,
                .reason = OCORE_REASON_UNWANTED,
                .refund_minor = refund_minor};

        test_insert(world, &ocore__return_table, &of);
        test_insert(world, &ocore__return_line_table, &line);
}

static void check_sales(
        const ocore_sales_row *row, const char *sku, const char *currency, const int64_t numbers[6])
{
        assert_text(row->sku, sku);
        assert_text(row->currency, currency);
        assert_number(row->ordered, numbers[0]);
        assert_number(row->cancelled, numbers[1]);
        assert_number(row->returned, numbers[2]);
        assert_number(row->sales_minor, numbers[3]);
        assert_number(row->cancellations_minor, numbers[4]);
        assert_number(row->refunded_minor, numbers[5]);
}

static void test_sales(void **state)
{
        const ocore_sales_report *sales;
        test_world world;

        (void)state;
        test_open(&world);
        assert_done(&world, ocore_report_sales(world.core, &all, &sales));
        assert_int_equal(sales->row_count, 0);
        put_order(&world, 1, OCORE_ORDER_PLACED, "EUR", 1000, 0, 0);
        put_line(&world, 1, 1, "B", 3, 1000, 0, 0, 0);
        put_line(&world, 1, 2, "A", 1, 50, 0, 0, 0);
        put_order(&world, 2, OCORE_ORDER_DRAFT, "EUR", 99, 0, 0);
        put_line(&world, 2, 1, "A", 99, 9900, 0, 0, 0);
        put_order(&world, 3, OCORE_ORDER_COMPLETED, "USD", 700, 0, 0);
        put_line(&world, 3, 1, "A", 7, 700, 0, 0, 0);
        /* 10.00 for 3: shares of 3.33, 3.33 and 3.34. One was cancelled, one refunded; which of
         * them came first is only known by what the refund gave. */
        put_order(&world, 4, OCORE_ORDER_COMPLETED, "EUR", 1000, 333, 333);
        put_line(&world, 4, 1, "C", 3, 1000, 1, 1, 1);
        put_return(&world, 101, 4, OCORE_RETURN_REFUNDED, "C", 333);
        put_order(&world, 5, OCORE_ORDER_CANCELLED, "EUR", 1000, 1000, 0);
        put_line(&world, 5, 1, "B", 2, 1000, 2, 0, 0);
        /* Come back and not yet refunded. */
        put_order(&world, 6, OCORE_ORDER_COMPLETED, "EUR", 400, 0, 0);
        put_line(&world, 6, 1, "C", 4, 400, 0, 1, 0);
        put_return(&world, 102, 6, OCORE_RETURN_INSPECTED, "C", 100);
        assert_done(&world, ocore_report_sales(world.core, &all, &sales));
        assert_int_equal(sales->row_count, 4);
        check_sales(sales->rows[0], "A", "EUR", (const int64_t[]){1, 0, 0, 50, 0, 0});
        check_sales(sales->rows[1], "A", "USD", (const int64_t[]){7, 0, 0, 700, 0, 0});
        check_sales(sales->rows[2], "B", "EUR", (const int64_t[]){5, 2, 0, 2000, 1000, 0});
        check_sales(sales->rows[3], "C", "EUR", (const int64_t[]){7, 1, 2, 1400, 333, 333});
        test_close(&world);
}

/* Ships some units of line 1 to the customer, who sends them back and gets the money. */
static void ship_and_return(test_world *world, ocore_id order, const char *quantity)
{
        const ocore_line_quantity line = {.line = 1, .quantity = test_quantity(quantity)};
        const ocore_fulfillment_request create = {.struct_size = sizeof create,
                .id = test_next_id(world),
                .order_id = order,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        ocore_fulfillment_step_request step = {
                .struct_size = sizeof step, .id = test_next_id(world), .fulfillment_id = create.id};
        const ocore_fulfillment_pack_request pack = {
                .struct_size = sizeof pack, .id = test_next_id(world), .fulfillment_id = create.id};
        const ocore_fulfillment_ship_request ship = {.struct_size = sizeof ship,
                .id = test_next_id(world),
                .fulfillment_id = create.id,
                .tracking_number = STR("T1")};
        const ocore_return_draft_line back = {.line = 1, .quantity = line.quantity};
        const ocore_return_draft announce = {.struct_size = sizeof announce,
                .id = test_next_id(world),
                .order_id = order,
                .lines = &back,
                .line_count = 1,
                .line_stride = sizeof back};
        const ocore_return_receive_request receive = {.struct_size = sizeof receive,
                .id = test_next_id(world),
                .return_id = announce.id,
                .site = STR("S")};
        const ocore_return_inspect_request inspect = {
                .struct_size = sizeof inspect, .id = test_next_id(world), .return_id = announce.id};
        const ocore_return_refund_request settle = {
                .struct_size = sizeof settle, .id = test_next_id(world), .return_id = announce.id};

        assert_done(world, ocore_fulfillment_create(world->core, &create, NULL));
        assert_done(world, ocore_fulfillment_pick(world->core, &step, NULL));
        assert_done(world, ocore_fulfillment_pack(world->core, &pack, NULL));
        assert_done(world, ocore_fulfillment_ship(world->core, &ship, NULL));
        step.id = test_next_id(world);
        assert_done(world, ocore_fulfillment_deliver(world->core, &step, NULL));
        assert_done(world, ocore_return_request(world->core, &announce, NULL));
        assert_done(world, ocore_return_receive(world->core, &receive, NULL));
        assert_done(world, ocore_return_inspect(world->core, &inspect, NULL));
        assert_done(world, ocore_return_refund(world->core, &settle, NULL));
}

/*
 * The same on an order that went through its life: 10.00 for three units, whose shares are 3.33,
 * 3.33 and 3.34 in the order in which they are taken back. Two are refunded, then one cancelled.
 */
static void test_life(void **state)
{
        const ocore_draft_line line = {
                .sku = STR("A"), .quantity = {3, 0, 0}, .discount = {2, "EUR", 0}};
        ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = test_id(1),
                .currency = STR("EUR"),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm, .id = test_id(2), .order_id = test_id(1)};
        const ocore_order_cancel_request cancel = {
                .struct_size = sizeof cancel, .id = test_id(3), .order_id = test_id(1)};
        const ocore_sales_report *sales;
        const ocore_orders_report *orders;
        const ocore_money_report *money;
        test_world world;

        (void)state;
        test_open(&world);
        shop_goods(&world, "A", "3.34 EUR");
        shop_site(&world, "S", 1);
        shop_receive(&world, "A", "S", "10");
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_done(&world, ocore_order_confirm(world.core, &confirm, NULL));
        ship_and_return(&world, test_id(1), "1");
        ship_and_return(&world, test_id(1), "1");
        assert_done(&world, ocore_order_cancel(world.core, &cancel, NULL));
        draft.id = test_id(4);
        assert_done(&world, ocore_order_save(world.core, &draft, NULL));

        assert_done(&world, ocore_report_sales(world.core, &all, &sales));
        assert_int_equal(sales->row_count, 1);
        check_sales(sales->rows[0], "A", "EUR", (const int64_t[]){3, 1, 2, 1000, 334, 666});
        assert_done(&world, ocore_report_orders(world.core, &all, &orders));
        assert_int_equal(orders->row_count, 2);
        assert_number(orders->rows[0]->state, OCORE_ORDER_DRAFT);
        assert_number(orders->rows[1]->total_minor, 1000);
        assert_number(orders->rows[1]->cancelled_minor, 334);
        assert_number(orders->rows[1]->refunded_minor, 666);
        assert_done(&world, ocore_report_money(world.core, &all, &money));
        for (size_t i = 0; i < money->row_count; i++)
                assert_number(money->rows[i]->balance_minor, 0);
        assert_true(money->row_count >= 2);
        assert_verified(&world);
        test_close(&world);
}

static void test_stock(void **state)
{
        static const char *const skus[] = {"A", "B", "a"};
        const ocore_stock_report *stock;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < 3; i++) {
                for (int64_t n = 0; n < 100; n++) {
                        char lot[] = {(char)('0' + n / 10), (char)('0' + n % 10)};
                        const ocore_stock row = {.sku = ocore_str_of(skus[2 - i]),
                                .site = STR("S"),
                                .lot = {lot, 2},
                                .available = n};

                        test_insert(&world, &ocore__stock_table, &row);
                }
        }
        assert_done(&world, ocore_report_stock(world.core, &all, &stock));
        assert_int_equal(stock->row_count, 300);
        for (size_t i = 0; i < 300; i++) {
                assert_text(stock->rows[i]->sku, skus[i / 100]);
                assert_number(stock->rows[i]->available, (int64_t)(i % 100));
        }
        test_close(&world);
}

static void test_orders(void **state)
{
        const ocore_orders_report *orders;
        test_world world;

        (void)state;
        test_open(&world);
        put_order(&world, 1, OCORE_ORDER_COMPLETED, "EUR", 1000, 10, 100);
        put_order(&world, 2, OCORE_ORDER_DRAFT, "EUR", 5, 0, 0);
        put_order(&world, 3, OCORE_ORDER_COMPLETED, "CHF", 7, 0, 0);
        put_order(&world, 4, OCORE_ORDER_COMPLETED, "EUR", 500, 20, 200);
        assert_done(&world, ocore_report_orders(world.core, &all, &orders));
        assert_int_equal(orders->row_count, 3);
        assert_number(orders->rows[0]->state, OCORE_ORDER_DRAFT);
        assert_text(orders->rows[1]->currency, "CHF");
        assert_number(orders->rows[1]->orders, 1);
        assert_number(orders->rows[2]->state, OCORE_ORDER_COMPLETED);
        assert_text(orders->rows[2]->currency, "EUR");
        assert_number(orders->rows[2]->orders, 2);
        assert_number(orders->rows[2]->total_minor, 1500);
        assert_number(orders->rows[2]->cancelled_minor, 30);
        assert_number(orders->rows[2]->refunded_minor, 300);
        test_close(&world);
}

static void put_move(test_world *world, int64_t n, int64_t debit, int64_t credit,
        const char *currency, int64_t amount_minor)
{
        const ocore_money_move move = {.order_id = test_id(1),
                .command_id = test_id(2),
                .number = n,
                .debit = debit,
                .credit = credit,
                .currency = ocore_str_of(currency),
                .amount_minor = amount_minor};

        test_insert(world, &ocore__money_move_table, &move);
}

static void test_ledger(void **state)
{
        const ocore_money_report *money;
        int64_t sum = 0;
        test_world world;

        (void)state;
        test_open(&world);
        put_move(&world, 1, OCORE_LEDGER_CUSTOMER, OCORE_LEDGER_SALES, "EUR", 1000);
        put_move(&world, 2, OCORE_LEDGER_CUSTOMER, OCORE_LEDGER_TAX, "EUR", 190);
        put_move(&world, 3, OCORE_LEDGER_BANK, OCORE_LEDGER_CUSTOMER, "EUR", 1190);
        put_move(&world, 4, OCORE_LEDGER_SALES, OCORE_LEDGER_CUSTOMER, "EUR", 400);
        put_move(&world, 5, OCORE_LEDGER_CUSTOMER, OCORE_LEDGER_SALES, "CHF", 1);
        assert_done(&world, ocore_report_money(world.core, &all, &money));
        assert_int_equal(money->row_count, 6);
        assert_number(money->rows[0]->account, OCORE_LEDGER_CUSTOMER);
        assert_text(money->rows[0]->currency, "CHF");
        assert_text(money->rows[1]->currency, "EUR");
        assert_number(money->rows[1]->debit_minor, 1190);
        assert_number(money->rows[1]->credit_minor, 1590);
        assert_number(money->rows[1]->balance_minor, -400);
        assert_number(money->rows[3]->account, OCORE_LEDGER_SALES);
        assert_number(money->rows[3]->balance_minor, -600);
        for (size_t i = 0; i < money->row_count; i++)
                if (ocore_str_equal(money->rows[i]->currency, STR("EUR")))
                        sum += money->rows[i]->balance_minor;
        assert_number(sum, 0);
        test_close(&world);
}

static void test_refused(void **state)
{
        const ocore_sales_report *sales;
        const ocore_stock_report *stock;
        const ocore_orders_report *orders;
        const ocore_money_report *money;
        test_world world;

        (void)state;
        test_open(&world);
        put_order(&world, 1, OCORE_ORDER_PLACED, "EUR", INT64_MAX, 0, 0);
        put_line(&world, 1, 1, "A", 1, INT64_MAX, 0, 0, 0);
        put_move(&world, 1, OCORE_LEDGER_CUSTOMER, OCORE_LEDGER_SALES, "EUR", INT64_MAX);
        assert_done(&world, ocore_report_sales(world.core, &all, &sales));
        assert_number(sales->rows[0]->sales_minor, INT64_MAX);
        assert_done(&world, ocore_report_orders(world.core, &all, &orders));
        assert_done(&world, ocore_report_money(world.core, &all, &money));
        put_order(&world, 2, OCORE_ORDER_PLACED, "EUR", 1, 0, 0);
        put_line(&world, 2, 1, "A", 1, 1, 0, 0, 0);
        put_move(&world, 2, OCORE_LEDGER_CUSTOMER, OCORE_LEDGER_SALES, "EUR", 1);
        assert_refused(&world, ocore_report_sales(world.core, &all, &sales), OCORE_OVERFLOW, "");
        assert_int_equal(ocore_error_count(world.core), 1);
        assert_null(sales);
        assert_refused(&world, ocore_report_orders(world.core, &all, &orders), OCORE_OVERFLOW, "");
        assert_refused(&world, ocore_report_money(world.core, &all, &money), OCORE_OVERFLOW, "");

        assert_done(&world, ocore_unit_begin(world.core));
        assert_refused(&world, ocore_report_sales(world.core, &all, &sales), OCORE_STATE, "");
        assert_refused(&world, ocore_report_stock(world.core, &all, &stock), OCORE_STATE, "");
        assert_refused(&world, ocore_report_orders(world.core, &all, &orders), OCORE_STATE, "");
        assert_refused(&world, ocore_report_money(world.core, &all, &money), OCORE_STATE, "");
        assert_done(&world, ocore_unit_cancel(world.core));
        test_close(&world);
}

/* Each request for memory fails once: OCORE_NOMEM, no answer, nothing leaked. */
static void test_no_memory(void **state)
{
        const ocore_sales_report *sales;
        int status = OCORE_NOMEM, failures = 0;
        test_world world;

        (void)state;
        test_open(&world);
        for (int64_t n = 1; n <= 40; n++) {
                char sku[] = {'A', (char)('0' + n % 10), 0};

                put_order(&world, n, OCORE_ORDER_PLACED, "EUR", 1, 0, 0);
                put_line(&world, n, 1, sku, 1, 1, 0, 0, 0);
        }
        for (int64_t n = 1; status; n++) {
                test_reopen(&world); /* so that no memory is left over */
                world.memory.failed = 0;
                world.memory.fail_at = world.memory.requests + n;
                status = ocore_report_sales(world.core, &all, &sales);
                assert_int_equal(status, world.memory.failed ? OCORE_NOMEM : OCORE_OK);
                assert_int_equal(sales == NULL, status != OCORE_OK);
                failures += world.memory.failed;
                world.memory.fail_at = 0;
        }
        assert_int_equal(sales->row_count, 10);
        assert_true(failures > 3);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_sales),
                cmocka_unit_test(test_life),
                cmocka_unit_test(test_stock),
                cmocka_unit_test(test_orders),
                cmocka_unit_test(test_ledger),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
