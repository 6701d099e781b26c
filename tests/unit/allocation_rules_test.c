/*
 * The strategies as tables: what there is, what is wanted, and the pieces that come out. The same
 * stock gives other pieces under each strategy; within a site the first to expire go first; safety
 * stock, expired and recalled lots are never taken; groups come from one site.
 */
#include "shelf.h"

#define MOST INT64_MAX

typedef struct table_case {
        const shelf_stock *stock;
        int64_t strategy;
        const char *sites; /* in order of their priority */
        shelf_want wants[5];
        const char *pieces; /* NULL: out of stock */
} table_case;

static void check_case(const table_case *test, size_t i, int no_split, const char *safety)
{
        ocore_site sites[8];
        char text[1024];
        shelf_world all;
        int status;

        shelf_open(&all, NULL);
        shelf_sites(&all, sites, test->sites);
        shelf_fill(&all, test->stock);
        if (safety)
                shelf_rule(&all, "a", NULL, NULL, *safety - '0');
        shelf_want_all(&all, test->wants);
        all.wishes.no_split = no_split;
        assert_done(&all.world, shelf_resolve(&all, test->strategy, NULL));
        status = shelf_choose(&all);
        shelf_print(&all, text, sizeof text);
        if (status != (test->pieces ? OCORE_OK : OCORE_OUT_OF_STOCK) ||
                strcmp(text, test->pieces ? test->pieces : ""))
                fail_msg("case %zu: %s \"%s\", not \"%s\"", i, ocore_status_name(status), text,
                        test->pieces ? test->pieces : "out of stock");
        shelf_close(&all);
}

static const shelf_stock shop[] = {
        {"a", "x", "", 2, 0, 0},
        {"a", "y", "", 5, 0, 0},
        {"a", "z", "", 5, 0, 0},
        {"b", "x", "", 1, 0, 0},
        {"b", "y", "", 0, 0, 0},
        {"b", "z", "", 4, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};
static const shelf_stock lots[] = {
        {"a", "x", "1", 2, 0, 0},
        {"a", "x", "2", 0, 0, 0},
        {"a", "x", "3", 3, 0, 0},
        {"a", "y", "1", 10, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};
/* Expiry in days and age: the youngest lot expires first. */
static const shelf_stock dated[] = {
        {"a", "x", "1", 2, 30, 10},
        {"a", "x", "2", 3, 20, 5},
        {"a", "x", "3", 4, 0, 50},
        {"a", "x", "4", 9, -1, 90},
        {"a", "y", "1", 5, 10, 2},
        {"a", "y", "5", 5, 20, 7},
        {"a", "z", "6", 5, 20, 7},
        {NULL, NULL, NULL, 0, 0, 0},
};
static const shelf_stock edge[] = {
        {"a", "x", "", MOST, 0, 0},
        {"a", "y", "", MOST, 0, 0},
        {"a", "y", "1", MOST, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};

enum {
        P = OCORE_ALLOCATE_PRIORITY,
        F = OCORE_ALLOCATE_FEWEST_SPLITS,
        M = OCORE_ALLOCATE_MOST_STOCK,
        A = OCORE_ALLOCATE_OLDEST_FIRST,
        E = OCORE_ALLOCATE_FIRST_EXPIRED
};

static const table_case anywhere[] = {
        /* By priority: the first that has any, then the next. */
        {shop, P, "xyz", {WANT("a", 1)}, "0:x/ 1 P"},
        {shop, P, "xyz", {WANT("a", 3)}, "0:x/ 2 P, 0:y/ 1 P"},
        {shop, P, "zyx", {WANT("a", 3)}, "0:z/ 3 P"},
        {shop, P, "xyz", {WANT("a", 12)}, "0:x/ 2 P, 0:y/ 5 P, 0:z/ 5 P"},
        {shop, P, "xyz", {WANT("a", 13)}, NULL},
        {shop, 0, "xyz", {WANT("a", 1)}, "0:x/ 1 P"},
        {shop, P, "xyz", {WANT("b", 2)}, "0:x/ 1 P, 0:z/ 1 P"}, /* y has none */
        /* A site that is closed is not among those that are asked. */
        {shop, P, "yz", {WANT("a", 10)}, "0:y/ 5 P, 0:z/ 5 P"},
        {shop, P, "yz", {WANT("a", 11)}, NULL},
        /* Lines of one product are counted together and dealt out in their order. */
        {shop, P, "xyz", {WANT("a", 1), WANT("b", 1), WANT("a", 3)},
                "0:x/ 1 P, 1:x/ 1 P, 2:x/ 1 P, 2:y/ 2 P"},
        {shop, P, "xyz", {WANT("a", 6), WANT("a", 6)}, "0:x/ 2 P, 0:y/ 4 P, 1:y/ 1 P, 1:z/ 5 P"},
        {shop, P, "xyz", {WANT("a", 6), WANT("a", 7)}, NULL},
        /* What wants nothing gets nothing. */
        {shop, P, "xyz", {WANT("a", 0), WANT("b", 1)}, "1:x/ 1 P"},
        {shop, P, "xyz", {WANT("a", 0)}, ""},
        /* Fewest splits: one site for all, */
        {shop, F, "xyz", {WANT("a", 2), WANT("b", 1)}, "0:x/ 2 O, 1:x/ 1 O"},
        {shop, F, "xyz", {WANT("a", 3), WANT("b", 1)}, "0:z/ 3 O, 1:z/ 1 O"},
        {shop, F, "xyz", {WANT("a", 3)}, "0:y/ 3 O"},
        {shop, F, "xzy", {WANT("a", 3)}, "0:z/ 3 O"}, /* ties by priority */
        /* else one site for a product, */
        {shop, F, "xy", {WANT("a", 5), WANT("b", 1)}, "0:y/ 5 M, 1:x/ 1 M"},
        /* else the largest stocks first, ties by priority. */
        {shop, F, "xyz", {WANT("a", 6)}, "0:y/ 5 L, 0:z/ 1 L"},
        {shop, F, "xzy", {WANT("a", 11)}, "0:z/ 5 L, 0:y/ 5 L, 0:x/ 1 L"},
        {shop, F, "xyz", {WANT("a", 12), WANT("b", 5)},
                "0:y/ 5 L, 0:z/ 5 L, 0:x/ 2 L, 1:z/ 4 L, 1:x/ 1 L"},
        {shop, F, "xyz", {WANT("a", 4), WANT("a", 2)}, "0:y/ 4 L, 1:y/ 1 L, 1:z/ 1 L"},
        {shop, F, "xyz", {WANT("a", 13)}, NULL},
        /* Lots of a site are taken in their order, empty ones passed over. */
        {lots, P, "xy", {WANT("a", 4)}, "0:x/1 2 P, 0:x/3 2 P"},
        {lots, P, "xy", {WANT("a", 1), WANT("a", 2)}, "0:x/1 1 P, 1:x/1 1 P, 1:x/3 1 P"},
        {lots, P, "xy", {WANT("a", 6)}, "0:x/1 2 P, 0:x/3 3 P, 0:y/1 1 P"},
        {lots, F, "xy", {WANT("a", 6)}, "0:y/1 6 O"},
        {lots, F, "xy", {WANT("a", 5)}, "0:x/1 2 O, 0:x/3 3 O"},
        /* Sums that leave 64 bits are more than any order can ask for. */
        {edge, P, "xy", {WANT("a", MOST)}, "0:x/ 9223372036854775807 P"},
        {edge, F, "yx", {WANT("a", MOST)}, "0:y/ 9223372036854775807 O"},
        /* Most stock: the largest first, ties by priority; each product by itself. */
        {shop, M, "xyz", {WANT("a", 6), WANT("b", 5)}, "0:y/ 5 L, 0:z/ 1 L, 1:z/ 4 L, 1:x/ 1 L"},
        {shop, M, "zyx", {WANT("a", 1)}, "0:z/ 1 L"},
        {lots, M, "xy", {WANT("a", 11)}, "0:y/1 10 L, 0:x/1 1 L"},
        {shop, M, "xyz", {WANT("a", 13)}, NULL},
        /* Within a site: first to expire, then the oldest; those without a date last. */
        {dated, P, "xyz", {WANT("a", 7)}, "0:x/2 3 P, 0:x/1 2 P, 0:x/3 2 P"},
        {dated, P, "zyx", {WANT("a", 12)}, "0:z/6 5 P, 0:y/1 5 P, 0:y/5 2 P"},
        /* What has expired is not there. */
        {dated, P, "x", {WANT("a", 10)}, NULL},
        {dated, P, "x", {WANT("a", 9)}, "0:x/2 3 P, 0:x/1 2 P, 0:x/3 4 P"},
        /* What must keep longer. */
        {dated, P, "xy", {KEEPS("a", 6, 25)}, "0:x/1 2 P, 0:x/3 4 P"},
        {dated, P, "xy", {KEEPS("a", 7, 25)}, NULL},
        {dated, P, "xy", {WANT("a", 8), KEEPS("a", 6, 25)},
                "0:x/2 3 P, 0:y/1 5 P, 1:x/1 2 P, 1:x/3 4 P"},
        {dated, F, "xyz", {WANT("a", 5), KEEPS("a", 5, 20)}, "0:y/1 5 O, 1:y/5 5 O"},
        /* Oldest first, wherever it lies; of the same age the one that expires first. */
        {dated, A, "xyz", {WANT("a", 13)}, "0:x/3 4 A, 0:x/1 2 A, 0:y/5 5 A, 0:z/6 2 A"},
        {dated, A, "zyx", {WANT("a", 13)}, "0:x/3 4 A, 0:x/1 2 A, 0:z/6 5 A, 0:y/5 2 A"},
        /* First expired first, wherever it lies; then the oldest. */
        {dated, E, "xyz", {WANT("a", 21)},
                "0:y/1 5 E, 0:y/5 5 E, 0:z/6 5 E, 0:x/2 3 E, 0:x/1 2 E, 0:x/3 1 E"},
        {dated, E, "xyz", {KEEPS("a", 6, 25)}, "0:x/1 2 E, 0:x/3 4 E"},
        /* A lot or a site that is named is served first; the others get what is left. */
        {dated, P, "xyz", {WANT("a", 3), LOT("a", 2, "2")}, "0:x/2 1 P, 0:x/1 2 P, 1:x/2 2 G"},
        {dated, P, "xyz", {LOT("a", 1, "4")}, NULL},
        {dated, P, "xyz", {LOT("a", 7, "1")}, "0:x/1 2 G, 0:y/1 5 G"},
        {dated, P, "xyz", {{"a", 3, "y", "1", 0, 0}, LOT("a", 4, "1")},
                "0:y/1 3 G, 1:x/1 2 G, 1:y/1 2 G"},
        {dated, E, "xyz", {AT("a", 6, "y")}, "0:y/1 5 G, 0:y/5 1 G"},
        {dated, P, "xyz", {AT("a", 11, "y")}, NULL},
        {dated, P, "xy", {AT("a", 1, "z")}, NULL},
        {dated, P, "xyz", {AT("a", 1, "q")}, NULL},
        {dated, P, "xyz", {LOT("a", 1, "q")}, NULL},
        {dated, P, "xyz", {{"a", 3, NULL, "1", 0, 20}}, NULL},
        /* Together: one site for the group, whatever the strategy asks first. */
        {shop, P, "xyz", {WITH("a", 2, 1), WITH("b", 2, 1)}, "0:z/ 2 P, 1:z/ 2 P"},
        {shop, P, "xyz", {WITH("a", 2, 1), WITH("b", 5, 1)}, NULL},
        {shop, P, "xyz", {WANT("a", 1), WITH("b", 1, 1), WITH("a", 2, 1)},
                "0:y/ 1 P, 1:x/ 1 P, 2:x/ 2 P"},
        {shop, P, "xyz", {WITH("a", 3, 2), WITH("a", 3, 1), WANT("a", 6)},
                "0:z/ 3 P, 1:y/ 3 P, 2:x/ 2 P, 2:y/ 2 P, 2:z/ 2 P"},
        {shop, F, "xyz", {WITH("a", 2, 1), WITH("b", 1, 1)}, "0:x/ 2 M, 1:x/ 1 M"},
        {shop, M, "xyz", {WITH("a", 1, 1), WITH("b", 1, 1)}, "0:z/ 1 L, 1:z/ 1 L"},
        {dated, A, "yzx", {WITH("a", 4, 1)}, "0:x/2 3 A, 0:x/1 1 A"},
        {dated, E, "xzy", {WITH("a", 4, 1)}, "0:y/1 4 E"},
        {dated, P, "yx", {{"a", 1, NULL, "3", 1, 0}, WITH("a", 2, 1)}, "0:x/3 1 G, 1:x/2 2 P"},
        {dated, P, "xy", {{"a", 1, "y", NULL, 1, 0}, WITH("a", 4, 1)}, "0:y/1 1 G, 1:y/1 4 P"},
};

static void pieces_are_as_the_table_says(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof anywhere / sizeof anywhere[0]; i++)
                check_case(&anywhere[i], i, 0, NULL);
}

static void one_site_gives_all_or_nothing(void **state)
{
        static const table_case cases[] = {
                {shop, P, "xyz", {WANT("a", 2), WANT("b", 1)}, "0:x/ 2 P, 1:x/ 1 P"},
                {shop, P, "xyz", {WANT("a", 3), WANT("b", 1)}, "0:z/ 3 P, 1:z/ 1 P"},
                {shop, F, "xyz", {WANT("a", 3), WANT("b", 1)}, "0:z/ 3 O, 1:z/ 1 O"},
                {shop, P, "xyz", {WANT("a", 5), WANT("b", 5)}, NULL},
                {shop, P, "xyz", {WANT("a", 3), WANT("a", 3)}, NULL},
                {shop, M, "xyz", {WANT("a", 3), WANT("a", 2)}, "0:y/ 3 L, 1:y/ 2 L"},
                {shop, P, "xyz", {AT("a", 1, "x"), WANT("a", 2)}, NULL},
                {shop, P, "xyz", {AT("a", 1, "z"), WANT("a", 2)}, "0:z/ 1 G, 1:z/ 2 P"},
                {dated, P, "xyz", {LOT("a", 1, "5"), WANT("a", 5)}, "0:y/5 1 G, 1:y/1 5 P"},
                {dated, E, "xyz", {KEEPS("a", 4, 25), WANT("a", 5)},
                        "0:x/1 2 E, 0:x/3 2 E, 1:x/2 3 E, 1:x/3 2 E"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                check_case(&cases[i], i, 1, NULL);
}

/* Two of "a" stay at each site. */
static void safety_stock_stays(void **state)
{
        static const table_case cases[] = {
                {shop, P, "xyz", {WANT("a", 6)}, "0:y/ 3 P, 0:z/ 3 P"},
                {shop, P, "xyz", {WANT("a", 7)}, NULL},
                {shop, P, "xyz", {WANT("b", 5)}, "0:x/ 1 P, 0:z/ 4 P"},
                {shop, F, "xyz", {WANT("a", 3)}, "0:y/ 3 O"},
                {shop, F, "xyz", {WANT("a", 4)}, "0:y/ 3 L, 0:z/ 1 L"},
                {shop, M, "xyz", {WANT("a", 4)}, "0:y/ 3 L, 0:z/ 1 L"},
                {shop, P, "xyz", {AT("a", 1, "x")}, NULL},
                {shop, P, "xyz", {WITH("a", 2, 1)}, "0:y/ 2 P"},
                {dated, P, "xyz", {WANT("a", 14)},
                        "0:x/2 3 P, 0:x/1 2 P, 0:x/3 2 P, 0:y/1 5 P, 0:y/5 2 P"},
                {dated, A, "xyz", {WANT("a", 8)}, "0:x/3 4 A, 0:x/1 2 A, 0:y/5 2 A"},
                {dated, A, "xyz", {WANT("a", 15)},
                        "0:x/3 4 A, 0:x/1 2 A, 0:y/5 5 A, 0:z/6 3 A, 0:x/2 1 A"},
                {dated, E, "xyz", {WANT("a", 12)}, "0:y/1 5 E, 0:y/5 3 E, 0:z/6 3 E, 0:x/2 1 E"},
                {dated, P, "xyz", {LOT("a", 2, "1"), AT("a", 4, "x"), WANT("a", 1)},
                        "0:x/1 2 G, 1:x/2 3 G, 1:x/3 1 G, 2:x/3 1 P"},
                {dated, P, "z", {LOT("a", 4, "6")}, NULL},
                /* Lots that do not keep are no safety stock for one that must. */
                {dated, P, "x", {KEEPS("a", 4, 25)}, "0:x/1 2 P, 0:x/3 2 P"},
                {dated, P, "x", {KEEPS("a", 5, 25)}, NULL},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                check_case(&cases[i], i, 0, "2");
}

static void nobody_is_asked(void **state)
{
        static const shelf_want some[] = {WANT("a", 1), WANT(NULL, 0)};
        static const shelf_want none[] = {WANT("a", 0), WANT(NULL, 0)};
        shelf_world all;

        (void)state;
        shelf_open(&all, NULL);
        shelf_fill(&all, shop);
        assert_done(&all.world, shelf_resolve(&all, P, NULL));
        shelf_want_all(&all, some);
        assert_int_equal(shelf_choose(&all), OCORE_OUT_OF_STOCK);
        assert_null(all.pieces);
        shelf_want_all(&all, none);
        assert_int_equal(shelf_choose(&all), OCORE_OK);
        assert_int_equal(all.piece_count, 0);
        shelf_close(&all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(pieces_are_as_the_table_says),
                cmocka_unit_test(one_site_gives_all_or_nothing),
                cmocka_unit_test(safety_stock_stays),
                cmocka_unit_test(nobody_is_asked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
