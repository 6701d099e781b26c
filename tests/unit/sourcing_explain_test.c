/*
 * Why a site was chosen, and why not: one shop in which each site has its own reason, under every
 * strategy; the costs add up to the total; what is dearer says by how much.
 */
#include "shelf.h"

/* Asked in this order: p, q, r, s, … ; each does its part. */
static const ocore_site sites[] = {
        {.site = STR_INIT("p"), .priority = 1, .located = 1, .latitude_e7 = 100000000},
        {.site = STR_INIT("q"), .priority = 2, .located = 1, .latitude_e7 = 200000000},
        {.site = STR_INIT("r"), .priority = 3},
        {.site = STR_INIT("s"), .priority = 4},
        {.site = STR_INIT("t"), .priority = 5},
        {.site = STR_INIT("u"), .priority = 6, .closed = 1},
        {.site = STR_INIT("v"), .priority = 7, .supplier = STR_INIT("acme")},
        {.site = STR_INIT("w"), .priority = 8},
        {.site = STR_INIT("x"), .priority = 9},
        {.site = STR_INIT("y"), .priority = 10},
};
static const shelf_stock rows[] = {
        {"a", "p", "", 3, 0, 4},
        {"a", "q", "", 9, 0, 2},
        {"a", "r", "", 2, 0, 0},   /* safety stock */
        {"a", "s", "1", 5, -1, 0}, /* expired */
        {"a", "u", "", 9, 0, 0},
        {"a", "v", "", 9, 0, 0},
        {"a", "w", "", 9, 0, 0},  /* excluded */
        {"a", "y", "2", 9, 5, 0}, /* does not keep */
        {"b", "x", "", 9, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};
static const ocore_stock_rule safety[] = {
        {.sku = STR_INIT("a"), .site = STR_INIT("r"), .safety = 2}};
static const ocore_site_cost costs[] = {
        {.site = STR_INIT("p"),
                .currency = STR_INIT("EUR"),
                .shipment_minor = 300,
                .unit_minor = 20},
        {.site = STR_INIT("q"),
                .currency = STR_INIT("EUR"),
                .shipment_minor = 400,
                .kg_minor = 100},
        {.site = STR_INIT("r"), .currency = STR_INIT("EUR"), .shipment_minor = 1},
        {.site = STR_INIT("s"), .currency = STR_INIT("EUR"), .shipment_minor = 1},
        {.site = STR_INIT("t"), .currency = STR_INIT("EUR"), .shipment_minor = 1},
        {.site = STR_INIT("y"), .currency = STR_INIT("EUR"), .shipment_minor = 1},
};
static const ocore_channel channel = {.currency = STR_INIT("EUR"), .split_minor = 50};
static const ocore_site_wish wishes[] = {{STR_INIT("w"), 1}};

static const ocore_sourcing_report *explain(
        shelf_world *all, int64_t strategy, const shelf_want *wants)
{
        const ocore_sourcing_report *report;

        TEST_GROUP(&all->sites, &ocore__site_table, sites);
        TEST_GROUP(&all->costs, &ocore__site_cost_table, costs);
        test_group(&all->channels, &ocore__channel_table, &channel, 1);
        shelf_fill(all, rows);
        all->rule_count[0] = 1;
        TEST_GROUP(&all->rules[0], &ocore__stock_rule_table, safety);
        shelf_want_all(all, wants);
        all->wishes.sites = wishes;
        all->wishes.site_count = 1;
        all->wishes.site_stride = sizeof wishes[0];
        all->wishes.located = 1;
        assert_done(&all->world, shelf_resolve(all, strategy, NULL));
        assert_done(&all->world, shelf_choose(all));
        assert_done(&all->world, ocore__sourcing_explain(&all->work, &all->sourcing, all->wants,
                                         all->want_count, all->pieces, all->piece_count, &report));
        assert_number(report->strategy, strategy);
        assert_text(report->currency, "EUR");
        assert_int_equal(report->site_count, sizeof sites / sizeof sites[0]);
        return report;
}

static const ocore_sourcing_site *at(const ocore_sourcing_report *report, char site)
{
        for (size_t i = 0; i < report->site_count; i++)
                if (*report->sites[i]->site.data == site)
                        return report->sites[i];
        fail();
        return NULL;
}

/* All of "a" keeps nine days. */
static const shelf_want few[] = {KEEPS("a", 2, 9), WANT(NULL, 0)};
static const shelf_want more[] = {KEEPS("a", 5, 9), WANT(NULL, 0)};

static void each_site_has_its_reason(void **state)
{
        static const struct {
                int64_t strategy;
                char used;
                int64_t other; /* why not the other of p and q */
        } cases[] = {
                {OCORE_ALLOCATE_PRIORITY, 'p', OCORE_SITE_LATER},
                {OCORE_ALLOCATE_FEWEST_SPLITS, 'p', OCORE_SITE_LESS_STOCK},
                {OCORE_ALLOCATE_NEAREST, 'p', OCORE_SITE_FARTHER},
                {OCORE_ALLOCATE_MOST_STOCK, 'q', OCORE_SITE_LESS_STOCK},
                {OCORE_ALLOCATE_LOWEST_COST, 'p', OCORE_SITE_DEARER},
                {OCORE_ALLOCATE_OLDEST_FIRST, 'p', OCORE_SITE_YOUNGER},
                {OCORE_ALLOCATE_FIRST_EXPIRED, 'p', OCORE_SITE_KEEPS_LONGER},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_sourcing_report *report;
                shelf_world all;
                char other = cases[i].used == 'p' ? 'q' : 'p';
                int64_t no_cost = cases[i].strategy == OCORE_ALLOCATE_LOWEST_COST
                                          ? OCORE_SITE_NO_COST
                                          : OCORE_SITE_OUT_OF_STOCK;

                shelf_open(&all, NULL);
                report = explain(&all, cases[i].strategy, few);
                assert_number(at(report, cases[i].used)->used, 1);
                assert_number(at(report, cases[i].used)->why, OCORE_SITE_USED);
                assert_number(at(report, other)->used, 0);
                assert_number(at(report, other)->why, cases[i].other);
                assert_number(at(report, 'r')->why, OCORE_SITE_SAFETY);
                assert_number(at(report, 's')->why, OCORE_SITE_EXPIRED);
                assert_number(at(report, 't')->why, OCORE_SITE_OUT_OF_STOCK);
                assert_number(at(report, 'u')->why, OCORE_SITE_CLOSED);
                assert_number(at(report, 'v')->why, OCORE_SITE_SUPPLIER);
                assert_number(at(report, 'w')->why, OCORE_SITE_EXCLUDED);
                assert_number(at(report, 'x')->why, no_cost);
                assert_number(at(report, 'y')->why, OCORE_SITE_EXPIRED);
                assert_number(report->exact, cases[i].strategy == OCORE_ALLOCATE_LOWEST_COST);
                assert_number(at(report, 'r')->distance_m, -1);
                assert_true(at(report, 'p')->distance_m > 1000000 &&
                            at(report, 'p')->distance_m < at(report, 'q')->distance_m);
                shelf_close(&all);
        }
}

static void costs_add_up(void **state)
{
        const ocore_sourcing_report *report;
        shelf_world all;

        (void)state;
        shelf_open(&all, NULL);
        all.weight_g = 500;                                    /* so that a unit from q costs 50 */
        report = explain(&all, OCORE_ALLOCATE_PRIORITY, more); /* 3 from p and 2 from q */
        assert_number(at(report, 'p')->shipment_minor, 300);
        assert_number(at(report, 'p')->units_minor, 60);
        assert_number(at(report, 'q')->shipment_minor, 400);
        assert_number(at(report, 'q')->units_minor, 100);
        assert_number(at(report, 't')->shipment_minor, 1);
        assert_number(at(report, 't')->units_minor, 0);
        assert_number(report->total_minor, 300 + 60 + 400 + 100 + 50);
        assert_number(at(report, 'q')->extra_minor, 0);
        report = explain(&all, OCORE_ALLOCATE_LOWEST_COST, more); /* all from q */
        assert_number(at(report, 'q')->used, 1);
        assert_number(report->total_minor, 400 + 250);
        assert_number(at(report, 'p')->why, OCORE_SITE_DEARER);
        /* 3 for 20 instead of 50, but a second shipment: 300 + 50 − 90. */
        assert_number(at(report, 'p')->extra_minor, 260);
        shelf_close(&all);
}

static void wishes_are_reasons(void **state)
{
        static const shelf_want given[] = {AT("a", 2, "q"), WANT(NULL, 0)};
        static const shelf_want lot[] = {LOT("a", 2, "2"), WANT(NULL, 0)};
        const ocore_sourcing_report *report;
        shelf_world all;

        (void)state;
        shelf_open(&all, NULL);
        report = explain(&all, OCORE_ALLOCATE_PRIORITY, given);
        assert_number(at(report, 'q')->used, 1);
        assert_number(at(report, 'p')->why, OCORE_SITE_NOT_GIVEN);
        report = explain(&all, OCORE_ALLOCATE_PRIORITY, lot);
        assert_number(at(report, 'y')->used, 1);
        assert_number(at(report, 'p')->why, OCORE_SITE_NOT_GIVEN);
        all.wishes.no_split = 1;
        report = explain(&all, OCORE_ALLOCATE_PRIORITY, more);
        assert_number(at(report, 'q')->used, 1);
        assert_number(at(report, 'p')->why, OCORE_SITE_NOT_WHOLE);
        report = explain(&all, OCORE_ALLOCATE_LOWEST_COST, more);
        assert_number(at(report, 'q')->used, 1);
        assert_number(at(report, 'p')->why, OCORE_SITE_NOT_WHOLE);
        shelf_close(&all);
}

/* Pieces that come from a hold want nothing, and may lie where nothing more is taken. */
static void held_pieces_are_told_too(void **state)
{
        const ocore_sourcing_report *report;
        ocore__source_piece held = {.quantity = 1, .reason = OCORE_ALLOCATED_FROM_HOLD};
        shelf_world all;

        (void)state;
        shelf_open(&all, NULL);
        (void)explain(&all, OCORE_ALLOCATE_PRIORITY, few);
        all.wants[0].quantity = 0;
        all.wants[0].stock->scratch = 12345; /* whatever somebody left there */
        held.stock = all.skus[0].group.last; /* at y */
        assert_done(&all.world,
                ocore__sourcing_explain(&all.work, &all.sourcing, all.wants, 1, &held, 1, &report));
        assert_number(at(report, 'y')->used, 1);
        assert_number(report->total_minor, 1);
        shelf_close(&all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_site_has_its_reason),
                cmocka_unit_test(costs_add_up),
                cmocka_unit_test(wishes_are_reasons),
                cmocka_unit_test(held_pieces_are_told_too),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
