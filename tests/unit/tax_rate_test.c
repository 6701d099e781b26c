/* Proves the commands on tax rates through the public functions: keys, refusals and the list. */
#include "../support/support.h"

static const ocore_empty_request all = {sizeof all};

static ocore_tax_rate_request rate_of(
        test_world *world, const char *tax_class, const char *country, int64_t from_us, int64_t ppm)
{
        return (ocore_tax_rate_request){.struct_size = sizeof(ocore_tax_rate_request),
                .id = test_next_id(world),
                .tax_class = ocore_str_of(tax_class),
                .country = ocore_str_of(country),
                .from_us = from_us,
                .rate_ppm = ppm};
}

static void test_put(void **state)
{
        static const struct {
                const char *tax_class, *country;
                int64_t from_us, ppm;
        } puts[] = {
                {"full", "FR", 0, 200000},
                {"full", "DE", 100, 160000},
                {"full", "DE", 0, 190000},
                {"books", "DE", 0, 0},
                {"full", "DE", 100, 165000}, /* corrected */
                {"luxury", "DE", 0, 1000000},
        };
        static const int64_t listed[] = {0, 190000, 165000, 200000, 1000000};
        const ocore_tax_rate_list *list;
        const ocore_tax_rate *rate;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof puts / sizeof puts[0]; i++) {
                const ocore_tax_rate_request request = rate_of(
                        &world, puts[i].tax_class, puts[i].country, puts[i].from_us, puts[i].ppm);

                assert_done(&world, ocore_tax_rate_put(world.core, &request, &rate));
                assert_text(rate->tax_class, puts[i].tax_class);
                assert_text(rate->country, puts[i].country);
                assert_number(rate->from_us, puts[i].from_us);
                assert_number(rate->rate_ppm, puts[i].ppm);
        }
        assert_done(&world, ocore_tax_rate_list_all(world.core, &all, &list));
        assert_int_equal(list->rate_count, 5);
        for (size_t i = 0; i < 5; i++)
                assert_number(list->rates[i]->rate_ppm, listed[i]);
        assert_verified(&world);
        test_close(&world);
}

static void test_refused(void **state)
{
        static const struct {
                const char *tax_class, *country;
                int64_t from_us, ppm;
                const char *field;
        } cases[] = {
                {"", "DE", 0, 1, "tax_class"},
                {"full", "", 0, 1, "country"},
                {"full", "De", 0, 1, "country"},
                {"full", "DE", -1, 1, "from_us"},
                {"full", "DE", 0, -1, "rate_ppm"},
                {"full", "DE", 0, 1000001, "rate_ppm"},
        };
        const ocore_tax_rate_list *list;
        const ocore_tax_rate *rate;
        ocore_tax_rate_request request;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                request = rate_of(&world, cases[i].tax_class, cases[i].country, cases[i].from_us,
                        cases[i].ppm);
                assert_refused(&world, ocore_tax_rate_put(world.core, &request, &rate),
                        OCORE_INVALID, cases[i].field);
                assert_null(rate);
        }
        request =
                rate_of(&world, "full", "de", 0, INT64_MAX); /* everything that is wrong, at once */
        assert_refused(
                &world, ocore_tax_rate_put(world.core, &request, NULL), OCORE_INVALID, "country");
        assert_int_equal(ocore_error_count(world.core), 2);
        assert_text(ocore_error_at(world.core, 1)->field, "rate_ppm");
        assert_done(&world, ocore_tax_rate_list_all(world.core, &all, &list));
        assert_int_equal(list->rate_count, 0);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_put),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
