/*
 * Choosing the sites that give the stock, as tables: what there is, what is wanted, and the pieces
 * that come out, written as "line:site/lot quantity reason". Pieces of a line sum to what it wants,
 * lines of one product never count the same units, and what is short is named with its numbers.
 */
#include "rows.h"

#include "inventory/inventory.h"

#include <stdlib.h>

#define MOST INT64_MAX

typedef struct allocator {
        test_world world;
        ocore__arena arena;
        ocore__work work;
        test_rows skus[2]; /* "a" and "b" */
} allocator;

/* What there is, by sku, site and lot; sku NULL ends. Skus "a" and "b" only. */
typedef struct there {
        const char *sku, *site, *lot;
        int64_t available;
} there;

static void begin(allocator *all, const there *rows)
{
        static ocore_stock stock[2][TEST_ROWS_MAX];
        const ocore_allocator none = {NULL, NULL};
        size_t counts[2] = {0, 0};

        test_open(&all->world);
        ocore__arena_init(&all->arena, &none, 1024);
        all->work = (ocore__work){.core = all->world.core, .arena = &all->arena};
        for (; rows->sku; rows++) {
                int n = *rows->sku == 'b';

                stock[n][counts[n]++] = (ocore_stock){.sku = ocore_str_of(rows->sku),
                        .site = ocore_str_of(rows->site),
                        .lot = ocore_str_of(rows->lot),
                        .available = rows->available,
                        .held = 1000,
                        .damaged = 1000};
        }
        for (int n = 0; n < 2; n++)
                test_group(&all->skus[n], &ocore__stock_table, stock[n], counts[n]);
}

static void end(allocator *all)
{
        ocore__arena_finish(&all->arena);
        test_close(&all->world);
}

typedef struct wish {
        const char *sku; /* NULL: no more */
        int64_t quantity;
} wish;

/* Sites "x", "y", "z" in the order given. */
static int allocate(allocator *all, int64_t strategy, const char *sites, const wish *wishes,
        char *text, size_t size)
{
        static const char reasons[] = "?POML";
        ocore__demand demands[8];
        ocore_site places[4];
        const ocore_site *order[4];
        ocore__piece *pieces;
        size_t count = 0, site_count = 0, piece_count, used = 0;
        int status;

        for (; wishes[count].sku; count++)
                demands[count] = (ocore__demand){&all->skus[*wishes[count].sku == 'b'].group,
                        ocore_str_of(wishes[count].sku), 0, wishes[count].quantity};
        for (; sites[site_count]; site_count++) {
                places[site_count] = (ocore_site){.site = {&sites[site_count], 1}};
                order[site_count] = &places[site_count];
        }
        status = ocore__allocate_stock(
                &all->work, strategy, demands, count, order, site_count, &pieces, &piece_count);
        text[0] = 0;
        for (size_t i = 0; !status && i < piece_count; i++) {
                const ocore_stock *stock = ocore__row(pieces[i].stock);

                assert_true(ocore_str_equal(stock->sku, demands[pieces[i].line].sku));
                used += (size_t)snprintf(text + used, size - used, "%s%zu:%.*s/%.*s %lld %c",
                        i ? ", " : "", pieces[i].line, (int)stock->site.size, stock->site.data,
                        (int)stock->lot.size, stock->lot.data, (long long)pieces[i].quantity,
                        reasons[pieces[i].reason]);
        }
        if (status) {
                assert_null(pieces);
                assert_int_equal(piece_count, 0);
        }
        return status;
}

static const there shop[] = {
        {"a", "x", "", 2},
        {"a", "y", "", 5},
        {"a", "z", "", 5},
        {"b", "x", "", 1},
        {"b", "y", "", 0},
        {"b", "z", "", 4},
        {NULL, NULL, NULL, 0},
};
static const there lots[] = {
        {"a", "x", "1", 2},
        {"a", "x", "2", 0},
        {"a", "x", "3", 3},
        {"a", "y", "1", 10},
        {NULL, NULL, NULL, 0},
};
static const there edge[] = {
        {"a", "x", "", MOST},
        {"a", "y", "", MOST},
        {"a", "y", "1", MOST},
        {NULL, NULL, NULL, 0},
};

enum { P = OCORE_ALLOCATE_PRIORITY, F = OCORE_ALLOCATE_FEWEST_SPLITS };

static void pieces_are_as_the_table_says(void **state)
{
        static const struct {
                const there *stock;
                int64_t strategy;
                const char *sites;
                wish wishes[4];
                const char *pieces; /* NULL: out of stock */
        } cases[] = {
                /* By priority: the first that has any, then the next. */
                {shop, P, "xyz", {{"a", 1}}, "0:x/ 1 P"},
                {shop, P, "xyz", {{"a", 3}}, "0:x/ 2 P, 0:y/ 1 P"},
                {shop, P, "zyx", {{"a", 3}}, "0:z/ 3 P"},
                {shop, P, "xyz", {{"a", 12}}, "0:x/ 2 P, 0:y/ 5 P, 0:z/ 5 P"},
                {shop, P, "xyz", {{"a", 13}}, NULL},
                {shop, 0, "xyz", {{"a", 1}}, "0:x/ 1 P"},
                {shop, P, "xyz", {{"b", 2}}, "0:x/ 1 P, 0:z/ 1 P"}, /* y has none */
                /* A site that is closed is not among those that are asked. */
                {shop, P, "yz", {{"a", 10}}, "0:y/ 5 P, 0:z/ 5 P"},
                {shop, P, "yz", {{"a", 11}}, NULL},
                {shop, P, "", {{"a", 1}}, NULL},
                /* Lines of one product are counted together and dealt out in their order. */
                {shop, P, "xyz", {{"a", 1}, {"b", 1}, {"a", 3}},
                        "0:x/ 1 P, 1:x/ 1 P, 2:x/ 1 P, 2:y/ 2 P"},
                {shop, P, "xyz", {{"a", 6}, {"a", 6}}, "0:x/ 2 P, 0:y/ 4 P, 1:y/ 1 P, 1:z/ 5 P"},
                {shop, P, "xyz", {{"a", 6}, {"a", 7}}, NULL},
                /* What wants nothing gets nothing. */
                {shop, P, "xyz", {{"a", 0}, {"b", 1}}, "1:x/ 1 P"},
                {shop, P, "xyz", {{"a", 0}}, ""},
                {shop, F, "", {{"a", 0}}, ""},
                /* Fewest splits: one site for all, */
                {shop, F, "xyz", {{"a", 2}, {"b", 1}}, "0:x/ 2 O, 1:x/ 1 O"},
                {shop, F, "xyz", {{"a", 3}, {"b", 1}}, "0:z/ 3 O, 1:z/ 1 O"},
                {shop, F, "xyz", {{"a", 3}}, "0:y/ 3 O"},
                {shop, F, "xzy", {{"a", 3}}, "0:z/ 3 O"}, /* ties by priority */
                /* else one site for a product, */
                {shop, F, "xy", {{"a", 5}, {"b", 1}}, "0:y/ 5 M, 1:x/ 1 M"},
                /* else the largest stocks first, ties by priority. */
                {shop, F, "xyz", {{"a", 6}}, "0:y/ 5 L, 0:z/ 1 L"},
                {shop, F, "xzy", {{"a", 11}}, "0:z/ 5 L, 0:y/ 5 L, 0:x/ 1 L"},
                {shop, F, "xyz", {{"a", 12}, {"b", 5}},
                        "0:y/ 5 L, 0:z/ 5 L, 0:x/ 2 L, 1:z/ 4 L, 1:x/ 1 L"},
                {shop, F, "xyz", {{"a", 4}, {"a", 2}}, "0:y/ 4 L, 1:y/ 1 L, 1:z/ 1 L"},
                {shop, F, "xyz", {{"a", 13}}, NULL},
                /* Lots of a site are taken in their order, empty ones passed over. */
                {lots, P, "xy", {{"a", 4}}, "0:x/1 2 P, 0:x/3 2 P"},
                {lots, P, "xy", {{"a", 1}, {"a", 2}}, "0:x/1 1 P, 1:x/1 1 P, 1:x/3 1 P"},
                {lots, P, "xy", {{"a", 6}}, "0:x/1 2 P, 0:x/3 3 P, 0:y/1 1 P"},
                {lots, F, "xy", {{"a", 6}}, "0:y/1 6 O"},
                {lots, F, "xy", {{"a", 5}}, "0:x/1 2 O, 0:x/3 3 O"},
                /* Sums that leave 64 bits are more than any order can ask for. */
                {edge, P, "xy", {{"a", MOST}}, "0:x/ 9223372036854775807 P"},
                {edge, F, "yx", {{"a", MOST}}, "0:y/ 9223372036854775807 O"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char text[512];
                allocator all;
                int status;

                begin(&all, cases[i].stock);
                status = allocate(&all, cases[i].strategy, cases[i].sites, cases[i].wishes, text,
                        sizeof text);
                if (status != (cases[i].pieces ? OCORE_OK : OCORE_OUT_OF_STOCK) ||
                        (cases[i].pieces && strcmp(text, cases[i].pieces)))
                        fail_msg("case %zu: %s \"%s\", not \"%s\"", i, ocore_status_name(status),
                                text, cases[i].pieces ? cases[i].pieces : "out of stock");
                end(&all);
        }
}

static void every_short_product_is_named_with_numbers(void **state)
{
        static const wish wishes[] = {{"b", 3}, {"a", 8}, {"b", 3}, {"a", 7}, {NULL, 0}};
        char text[64];
        allocator all;

        (void)state;
        begin(&all, shop);
        assert_int_equal(allocate(&all, P, "xyz", wishes, text, sizeof text), OCORE_OUT_OF_STOCK);
        assert_int_equal(ocore_error_count(all.world.core), 2);
        assert_text(ocore_error_at(all.world.core, 0)->field, "lines[0].quantity");
        assert_text(ocore_error_at(all.world.core, 0)->message,
                "5 of \"b\" are available, not 6; order less, or wait for more");
        assert_text(ocore_error_at(all.world.core, 1)->field, "lines[1].quantity");
        assert_text(ocore_error_at(all.world.core, 1)->message,
                "12 of \"a\" are available, not 15; order less, or wait for more");
        end(&all);
}

static void wishes_that_leave_64_bits_are_refused(void **state)
{
        static const wish wishes[] = {{"a", MOST}, {"b", 1}, {"a", 1}, {NULL, 0}};
        char text[64];
        allocator all;

        (void)state;
        begin(&all, edge);
        assert_int_equal(allocate(&all, P, "xy", wishes, text, sizeof text), OCORE_OVERFLOW);
        assert_text(ocore_last_error(all.world.core)->field, "lines[2].quantity");
        end(&all);
}

/* Against a count that is too simple to be wrong: pieces sum to the wishes and no balance gives
 * more than it has, whatever the stock. */
static void random_pieces_add_up(void **state)
{
        uint64_t seed = 20260105;

        (void)state;
        for (int round = 0; round < 300; round++) {
                there rows[13] = {{NULL, NULL, NULL, 0}};
                int64_t sums[2] = {0, 0}, left[2];
                wish wishes[5] = {{NULL, 0}};
                char text[2000];
                allocator all;
                size_t n = 0;
                int status;

                for (int sku = 0; sku < 2; sku++)
                        for (int site = 0; site < 3; site++)
                                for (int lot = 0; lot < 2; lot++) {
                                        seed = seed * UINT64_C(6364136223846793005) + 1;
                                        rows[n] = (there){sku ? "b" : "a",
                                                (const char *[]){"x", "y", "z"}[site],
                                                lot ? "2" : "1", (int64_t)(seed >> 33) % 7};
                                        sums[sku] += rows[n++].available;
                                }
                for (n = 0; n < 4; n++) {
                        seed = seed * UINT64_C(6364136223846793005) + 1;
                        wishes[n] = (wish){n % 2 ? "b" : "a", (int64_t)(seed >> 33) % 14};
                }
                left[0] = sums[0] - wishes[0].quantity - wishes[2].quantity;
                left[1] = sums[1] - wishes[1].quantity - wishes[3].quantity;
                begin(&all, rows);
                status = allocate(&all, round % 2 ? P : F, "zxy", wishes, text, sizeof text);
                assert_int_equal(
                        status, left[0] < 0 || left[1] < 0 ? OCORE_OUT_OF_STOCK : OCORE_OK);
                for (char *at = text; !status && *at;) {
                        size_t line = (size_t)(at[0] - '0');
                        int64_t quantity = strtoll(at + 6, NULL, 10);

                        assert_true(quantity > 0);
                        wishes[line].quantity -= quantity;
                        for (size_t i = 0; i < 12; i++)
                                if (rows[i].sku[0] == wishes[line].sku[0] &&
                                        rows[i].site[0] == at[2] && rows[i].lot[0] == at[4])
                                        rows[i].available -= quantity;
                        at = strchr(at, ',');
                        at = at ? at + 2 : text + strlen(text);
                }
                for (size_t i = 0; !status && i < 12; i++)
                        assert_true(rows[i].available >= 0);
                for (n = 0; !status && n < 4; n++)
                        assert_number(wishes[n].quantity, 0);
                end(&all);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(pieces_are_as_the_table_says),
                cmocka_unit_test(every_short_product_is_named_with_numbers),
                cmocka_unit_test(wishes_that_leave_64_bits_are_refused),
                cmocka_unit_test(random_pieces_add_up),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
