/*
 * What allocation chooses from and for: which balances are on a shelf and in which order, which
 * lines become one demand and in which order they are served; that what was taken comes back whole.
 */
#include "shelf.h"

static const shelf_stock rows[] = {
        {"a", "q", "", 9, 0, 0}, /* nobody knows this site */
        {"a", "x", "1", 5, 0, 3},
        {"a", "x", "2", 5, 30, 1},
        {"a", "x", "3", 5, 10, 1},
        {"a", "x", "4", 5, 10, 2},
        {"a", "x", "5", 0, 1, 2},
        {"a", "x", "6", 5, -1, 2},
        {"a", "y", "", 7, 0, 0},
        {"a", "z", "", 7, 0, 0}, /* closed */
        {"b", "y", "", 0, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};

static void begin(
        shelf_world *all, ocore_site *sites, const shelf_want *wants, ocore__allocation *out)
{
        shelf_open(all, NULL);
        shelf_sites(all, sites, "yxz");
        sites[2].closed = 1;
        shelf_fill(all, rows);
        shelf_want_all(all, wants);
        assert_done(&all->world, shelf_resolve(all, OCORE_ALLOCATE_PRIORITY, NULL));
        *out = (ocore__allocation){.work = &all->work,
                .sourcing = &all->sourcing,
                .wants = all->wants,
                .want_count = all->want_count};
        assert_int_equal(ocore__allocation_begin(out), OCORE_OK);
}

static void shelves_are_in_order(void **state)
{
        static const shelf_want wants[] = {WANT("a", 1), WANT("b", 1), WANT("c", 1), WANT(NULL, 0)};
        const ocore__source_product *product;
        ocore__allocation allocation;
        ocore_site sites[3];
        shelf_world all;
        char lots[8] = "";

        (void)state;
        begin(&all, sites, wants, &allocation);
        assert_int_equal(allocation.product_count, 3);
        product = &allocation.products[0];
        assert_int_equal(product->shelf_count, 2);
        assert_int_equal(product->row_count, 5);
        assert_int_equal(product->shelves[0].site, 0);
        assert_int_equal(product->shelves[0].row_count, 1);
        assert_text(product->shelves[0].rows[0]->row->site, "y");
        assert_int_equal(product->shelves[1].row_count, 4);
        for (size_t i = 0; i < 4; i++)
                lots[i] = *product->shelves[1].rows[i]->row->lot.data;
        assert_string_equal(lots, "4321");
        assert_ptr_equal(ocore__shelf_at(product, 1), &product->shelves[1]);
        assert_null(ocore__shelf_at(product, 2));
        assert_int_equal(allocation.products[1].shelf_count, 0);
        assert_int_equal(allocation.products[2].shelf_count, 0);
        assert_null(ocore__shelf_at(&allocation.products[2], 0));
        shelf_close(&all);
}

static void lines_become_demands(void **state)
{
        static const shelf_want wants[] = {
                WANT("a", 1),
                AT("b", 2, "x"),
                WITH("a", 3, 7),
                KEEPS("a", 4, 9),
                WANT("b", 5),
                LOT("a", 6, "1"),
                WANT("a", 7),
                WITH("b", 8, 2),
                {"a", 9, "y", "1", 0, 0},
                WANT("b", 0),
                WITH("a", 11, 7),
                WANT(NULL, 0),
        };
        static const struct {
                char sku;
                int64_t quantity;
                size_t lines;
        } wanted[] = {
                {'a', 9, 1},  /* lot and site */
                {'a', 6, 1},  /* lot */
                {'b', 2, 1},  /* site */
                {'b', 8, 1},  /* group 2 */
                {'a', 14, 2}, /* group 7 */
                {'a', 4, 1},  /* what must keep longest */
                {'a', 8, 2},
                {'b', 5, 1},
        };
        ocore__allocation allocation;
        ocore_site sites[3];
        shelf_world all;

        (void)state;
        begin(&all, sites, wants, &allocation);
        assert_int_equal(allocation.order_count, 10);
        assert_int_equal(allocation.demand_count, sizeof wanted / sizeof wanted[0]);
        assert_int_equal(allocation.single_end, 3);
        assert_int_equal(allocation.group_end, 5);
        assert_int_equal(ocore__group_end(&allocation, 3), 4);
        for (size_t i = 0; i < allocation.demand_count; i++) {
                const ocore__source_demand *demand = &allocation.demands[i];

                if (*demand->want->sku.data != wanted[i].sku ||
                        demand->quantity != wanted[i].quantity ||
                        demand->end - demand->first != wanted[i].lines)
                        fail_msg("demand %zu: %.1s %d", i, demand->want->sku.data,
                                (int)demand->quantity);
        }
        assert_string_equal(ocore__want_field(&allocation, &all.wants[3]), "lines[3].quantity");
        shelf_close(&all);
}

static void what_was_taken_comes_back(void **state)
{
        static const shelf_want wants[] = {WANT("a", 20), KEEPS("a", 3, 20), WANT(NULL, 0)};
        ocore__source_demand *longer, *any;
        const ocore__shelf *shelf;
        ocore__allocation allocation;
        ocore_site sites[3];
        shelf_world all;

        (void)state;
        begin(&all, sites, wants, &allocation);
        longer = &allocation.demands[0];
        any = &allocation.demands[1];
        shelf = &any->product->shelves[1];
        assert_number(ocore__shelf_gives(longer, shelf), 10);
        assert_number(ocore__shelf_gives(any, shelf), 20);
        assert_number(ocore__shelf_take(&allocation, longer, shelf, 3, 1), 3);
        assert_number(ocore__shelf_gives(longer, shelf), 7);
        assert_number(ocore__shelf_take(&allocation, any, shelf, 99, 1), 17);
        assert_number(any->got, 17);
        assert_number(ocore__shelf_gives(any, shelf), 0);
        assert_number(ocore__row_gives(any, shelf->rows[0]), 0);
        ocore__allocation_reset(&allocation, 1); /* only the second */
        assert_number(any->got, 0);
        assert_null(any->taken);
        assert_number(longer->got, 3);
        assert_number(ocore__shelf_gives(any, shelf), 17);
        ocore__allocation_reset(&allocation, 0);
        assert_number(ocore__shelf_gives(longer, shelf), 10);
        assert_number(ocore__shelf_draw(any, shelf, 6), 6); /* nobody notes it */
        assert_number(any->got, 0);
        assert_number(ocore__shelf_gives(any, shelf), 14);
        shelf_close(&all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(shelves_are_in_order),
                cmocka_unit_test(lines_become_demands),
                cmocka_unit_test(what_was_taken_comes_back),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
