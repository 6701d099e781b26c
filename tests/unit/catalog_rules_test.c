/*
 * Proves what the catalogue decides, on rows made by hand: which price and which tax rate counts
 * at a time, the order in which sites are asked, country codes, and quantities in smallest units.
 */
#include "catalog/catalog.h"

#include "../support/rows.h"

static void test_country(void **state)
{
        static const struct {
                const char *text;
                int good;
        } cases[] = {
                {"DE", 1},
                {"AA", 1},
                {"ZZ", 1},
                {"", 0},
                {"D", 0},
                {"DEU", 0},
                {"de", 0},
                {"D1", 0},
                {"@A", 0},
                {"A[", 0},
                {"\xc3\x84", 0},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_int_equal(ocore__country_good(ocore_str_of(cases[i].text)), cases[i].good);
}

static void test_price(void **state)
{
        static const ocore_price prices[] = {
                {STR_INIT("A"), STR_INIT("EUR"), STR_INIT(""), 0, 1000},
                {STR_INIT("A"), STR_INIT("EUR"), STR_INIT(""), 500, 900},
                {STR_INIT("A"), STR_INIT("EUR"), STR_INIT("till"), 300, 800},
                {STR_INIT("A"), STR_INIT("EUR"), STR_INIT("till"), 700, 0},
                {STR_INIT("A"), STR_INIT("USD"), STR_INIT("web"), 0, 1100},
        };
        static const struct {
                const char *currency, *channel;
                int64_t now_us, price_minor;
                int status;
        } cases[] = {
                {"EUR", "", 0, 1000, OCORE_OK},
                {"EUR", "", 499, 1000, OCORE_OK},
                {"EUR", "", 500, 900, OCORE_OK},
                {"EUR", "web", 501, 900, OCORE_OK},   /* no price of its own: the general one */
                {"EUR", "till", 299, 1000, OCORE_OK}, /* its own has not begun */
                {"EUR", "till", 300, 800, OCORE_OK},
                {"EUR", "till", 600, 800, OCORE_OK}, /* its own before a later general one */
                {"EUR", "till", 700, 0, OCORE_OK},   /* free of charge is a price */
                {"EUR", "TILL", 700, 900, OCORE_OK},
                {"EUR", "", -1, 0, OCORE_NOT_FOUND},
                {"USD", "web", 0, 1100, OCORE_OK},
                {"USD", "", 0, 0, OCORE_NOT_FOUND}, /* another channel's price is nobody else's */
                {"GBP", "web", 0, 0, OCORE_NOT_FOUND},
        };
        test_rows rows;
        const ocore__group *group = TEST_GROUP(&rows, &ocore__price_table, prices);

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t price_minor = 77;

                assert_int_equal(
                        ocore__price_find(group, ocore_str_of(cases[i].currency),
                                ocore_str_of(cases[i].channel), cases[i].now_us, &price_minor),
                        cases[i].status);
                assert_number(price_minor, cases[i].price_minor);
        }
}

static void test_tax_rate(void **state)
{
        static const ocore_tax_rate rates[] = {
                {STR_INIT("full"), STR_INIT("DE"), 0, 190000},
                {STR_INIT("full"), STR_INIT("DE"), 100, 160000},
                {STR_INIT("full"), STR_INIT("DE"), 200, 190000},
                {STR_INIT("full"), STR_INIT("FR"), 100, 200000},
                {STR_INIT("zero"), STR_INIT("DE"), 0, 0},
        };
        static const struct {
                const char *tax_class, *country;
                int64_t now_us, ppm;
                int status;
        } cases[] = {
                {"full", "DE", 0, 190000, OCORE_OK}, {"full", "DE", 99, 190000, OCORE_OK},
                {"full", "DE", 100, 160000, OCORE_OK}, {"full", "DE", 199, 160000, OCORE_OK},
                {"full", "DE", 1000, 190000, OCORE_OK}, {"full", "FR", 99, 0, OCORE_NOT_FOUND},
                {"full", "FR", 100, 200000, OCORE_OK}, {"full", "", 100, 0, OCORE_NOT_FOUND},
                {"zero", "DE", 0, 0, OCORE_OK}, {"zero", "FR", 0, 0, OCORE_NOT_FOUND},
                {"", "XX", 0, 0, OCORE_OK}, /* not taxed */
        };
        test_rows rows;
        const ocore__group *group = TEST_GROUP(&rows, &ocore__tax_rate_table, rates);

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t ppm = 77;

                assert_int_equal(ocore__tax_rate_find(group, ocore_str_of(cases[i].tax_class),
                                         ocore_str_of(cases[i].country), cases[i].now_us, &ppm),
                        cases[i].status);
                assert_number(ppm, cases[i].ppm);
        }
}

/* A work on a core of its own, as a procedure would be given it. */
static void begin(test_world *world, ocore__arena *arena, ocore__work *work)
{
        const ocore_allocator allocator = test_allocator(&world->memory);

        test_open(world);
        ocore__arena_init(arena, &allocator, 1024);
        *work = (ocore__work){.core = world->core, .arena = arena};
}

static void test_sites(void **state)
{
        static const ocore_site sites[] = {
                {.site = STR_INIT("a"), STR_INIT("A"), STR_INIT(""), 5, 0},
                {.site = STR_INIT("b"), STR_INIT("B"), STR_INIT(""), -1, 1},
                {.site = STR_INIT("c"), STR_INIT("C"), STR_INIT(""), 2, 0},
                {.site = STR_INIT("d"), STR_INIT("D"), STR_INIT(""), 2, 0},
                {.site = STR_INIT("e"), STR_INIT("E"), STR_INIT(""), INT64_MIN, 0},
                {.site = STR_INIT("f"), STR_INIT("F"), STR_INIT(""), INT64_MAX, 0},
        };
        static const char *const wanted[] = {"e", "c", "d", "a", "f"};
        test_rows rows;
        const ocore__group *group = TEST_GROUP(&rows, &ocore__site_table, sites);
        const ocore_site *const *open;
        test_world world;
        ocore__arena arena;
        ocore__work work;
        size_t count;

        (void)state;
        begin(&world, &arena, &work);
        assert_int_equal(ocore__sites_in_order(&work, group, &open, &count), OCORE_OK);
        assert_int_equal(count, 5);
        for (size_t i = 0; i < count; i++)
                assert_text(open[i]->site, wanted[i]);
        assert_ptr_equal(ocore__site_find(group, STR("b")), &sites[1]); /* closed ones are found */
        assert_null(ocore__site_find(group, STR("B")));
        assert_null(ocore__site_find(group, STR("")));
        world.memory.fail_at = world.memory.requests + 1;
        ocore__arena_finish(&arena);
        assert_int_equal(ocore__sites_in_order(&work, group, &open, &count), OCORE_NOMEM);
        assert_null(open);
        assert_int_equal(count, 0);
        test_close(&world);
}

static void test_units(void **state)
{
        static const struct {
                int64_t amount;
                int32_t given;
                int64_t scale, units;
                int status;
        } cases[] = {
                {3, 0, 0, 3, OCORE_OK},
                {1250, 3, 3, 1250, OCORE_OK},
                {125, 2, 3, 1250, OCORE_OK},
                {1, 0, 9, 1000000000, OCORE_OK},
                {12500, 4, 3, 1250, OCORE_OK}, /* 1.2500 loses nothing */
                {12501, 4, 3, 0, OCORE_INVALID},
                {5, 1, 0, 0, OCORE_INVALID},
                {-25, 1, 2, -250, OCORE_OK},
                {INT64_MAX, 0, 1, 0, OCORE_OVERFLOW},
                {INT64_MAX / 10, 0, 1, INT64_MAX / 10 * 10, OCORE_OK},
                {INT64_MIN, 0, 9, 0, OCORE_OVERFLOW},
        };
        test_world world;
        ocore__arena arena;
        ocore__work work;

        (void)state;
        begin(&world, &arena, &work);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_quantity quantity = {cases[i].amount, cases[i].given, 0};
                const char *field = ocore__at(&work, "lines", i, "quantity");
                size_t before = ocore_error_count(world.core);
                int64_t units = 77;

                assert_int_equal(
                        ocore__product_units(&work, cases[i].scale, quantity, field, &units),
                        cases[i].status);
                assert_int_equal(ocore_error_count(world.core), before + (cases[i].status ? 1 : 0));
                if (cases[i].status)
                        assert_text(ocore_error_at(world.core, before)->field, field);
                else
                        assert_number(units, cases[i].units);
        }
        assert_text(ocore_error_at(world.core, 0)->message,
                "1.2501 has more decimals than the product's 3; round it before");
        ocore__arena_finish(&arena);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_country),
                cmocka_unit_test(test_price),
                cmocka_unit_test(test_tax_rate),
                cmocka_unit_test(test_sites),
                cmocka_unit_test(test_units),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
