/*
 * Proves that whatever several actors do in whatever order, the shop stays what a plain model of it
 * says: thousands of random commands on several cores over one store, each predicted beforehand,
 * some sent twice, some in units that are committed or cancelled, prices changing and holds lapsing
 * in between. Every so often stock and every order are compared, and ocore_verify() must be clean.
 *
 * The seed is printed; give it as argument to see the same run again.
 */
#include "random_shop.h"

#include <stdlib.h>

enum { OPERATIONS = 12000, CHECK_EVERY = 100 };

static uint64_t seed = 20260105;

static void check_orders(shop *self)
{
        for (int i = 0; i < self->model.order_count; i++) {
                const model_order *order = &self->model.orders[i];
                const ocore_order_key key = {sizeof key, order->id, {NULL, 0}};
                const ocore_order *row;

                assert_int_equal(ocore_order_get(random_actor(self), &key, &row), OCORE_OK);
                assert_number(row->state, order->state);
                assert_number(row->total_minor, order->total);
                assert_number(row->cancelled_minor, order->cancelled);
                assert_number(row->refunded_minor, order->credited);
                assert_number(row->paid_minor, order->paid);
                assert_number(row->due_minor, model_due(order));
                assert_int_equal((int)row->line_count, order->line_count);
                for (int n = 0; n < order->line_count; n++) {
                        const model_line *line = &order->lines[n];

                        assert_number(row->lines[n]->cancelled, line->cancelled);
                        assert_number(row->lines[n]->allocated, line->allocated + line->released);
                        assert_number(row->lines[n]->picked, line->picked);
                        assert_number(row->lines[n]->packed, line->packed);
                        assert_number(row->lines[n]->shipped, line->shipped);
                        assert_number(row->lines[n]->returned, line->returned);
                        assert_number(row->lines[n]->refunded, line->refunded);
                }
        }
}

static void check_all(shop *self)
{
        const ocore_stock_list_request request = {.struct_size = sizeof request};
        const ocore_stock_list *list;
        model sums;

        memset(sums.stock, 0, sizeof sums.stock);
        assert_int_equal(ocore_stock_list_page(self->actors[0], &request, &list), OCORE_OK);
        for (size_t i = 0; i < list->stock_count; i++) {
                const ocore_stock *row = list->stock[i];
                int sku = row->sku.data[0] - 'A';

                sums.stock[sku].available += row->available;
                sums.stock[sku].held += row->held;
                sums.stock[sku].allocated += row->allocated;
                sums.stock[sku].picked += row->picked;
                sums.stock[sku].inspection += row->inspection;
                sums.stock[sku].damaged += row->damaged;
        }
        for (int sku = 0; sku < SKUS; sku++) {
                assert_number(sums.stock[sku].available, self->model.stock[sku].available);
                assert_number(sums.stock[sku].held, self->model.stock[sku].held);
                assert_number(sums.stock[sku].allocated, self->model.stock[sku].allocated);
                assert_number(sums.stock[sku].picked, self->model.stock[sku].picked);
                assert_number(sums.stock[sku].inspection, self->model.stock[sku].inspection);
                assert_number(sums.stock[sku].damaged, self->model.stock[sku].damaged);
        }
        check_orders(self);
        test_verified(self->actors[0], __FILE__, __LINE__);
}

static int64_t clock_of(void *user_data)
{
        return ((const shop *)user_data)->model.now_us;
}

static void open_shop(shop *self)
{
        const ocore_allocator allocator = test_allocator(&self->memory);

        self->seed = self->random = seed;
        self->model.now_us = TEST_NOW_US;
        test_store_open(&allocator, &self->store);
        for (int i = 0; i < ACTORS; i++) {
                const ocore_config config = {.struct_size = sizeof config,
                        .store = self->store,
                        .allocator = allocator,
                        .clock = clock_of,
                        .clock_data = self};

                assert_int_equal(ocore_open(&config, &self->actors[i]), OCORE_OK);
        }
        for (int i = 0; i < SKUS; i++) {
                const ocore_product_request product = {.struct_size = sizeof product,
                        .id = random_id(self),
                        .sku = ocore_str_of(random_skus[i]),
                        .name = ocore_str_of(random_skus[i])};
                const ocore_price_request price = {.struct_size = sizeof price,
                        .id = random_id(self),
                        .sku = ocore_str_of(random_skus[i]),
                        .price = {999, "EUR", 0}};

                random_command(self, "product.put", &product, 1);
                random_command(self, "price.put", &price, 1);
                self->model.price[i] = 999;
        }
        for (int i = 0; i < 2; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = random_id(self),
                        .site = ocore_str_of(random_sites[i]),
                        .priority = i};

                random_command(self, "site.put", &site, 1);
        }
}

/* One action of somebody. */
static void act(shop *self)
{
        static const struct {
                void (*run)(shop *self);
                int weight;
        } operations[] = {
                {random_change_stock, 10},
                {random_change_price, 2},
                {random_place_hold, 5},
                {random_release_hold, 3},
                {random_place_order, 6},
                {random_place_and_pay, 2},
                {random_confirm_order, 12},
                {random_pay_order, 10},
                {random_refund_order, 5},
                {random_cancel_units, 6},
                {random_release_units, 14},
                {random_move_shipment, 40},
                {random_ask_return, 8},
                {random_move_return, 16},
                {random_pass_time, 3},
        };
        enum { COUNT = sizeof operations / sizeof operations[0] };
        int weights = 0, pick, n = 0;

        for (int i = 0; i < COUNT; i++)
                weights += operations[i].weight;
        pick = (int)random_below(self, weights);
        while (pick >= operations[n].weight)
                pick -= operations[n++].weight;
        operations[n].run(self);
}

static void actors_and_model_agree(void **state)
{
        static shop self; /* too large for a small stack */

        (void)state;
        memset(&self, 0, sizeof self);
        print_message("# seed %llu\n", (unsigned long long)seed);
        open_shop(&self);
        for (int i = 0; i < OPERATIONS; i++) {
                act(&self);
                if (i % CHECK_EVERY == 0)
                        check_all(&self);
        }
        check_all(&self);
        print_message("# %lld commands done, %lld refused, %d orders, %d shipments, %d returns, "
                      "%lld holds lapsed\n",
                (long long)self.done, (long long)self.refused, self.model.order_count,
                self.model.shipment_count, self.model.return_count, (long long)self.lapsed);
        assert_true(self.model.return_count > 5 && self.refused > 50 && self.lapsed > 5);
        for (int i = 0; i < ACTORS; i++)
                ocore_close(self.actors[i]);
        ocore_store_close(self.store);
        assert_number(self.memory.bytes, 0);
}

int main(int count, char **arguments)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(actors_and_model_agree)};

        if (count > 1)
                seed = strtoull(arguments[1], NULL, 10);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
