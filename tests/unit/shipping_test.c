/*
 * Proves the commands on shipping through the public functions: defaults by service, refusals by
 * field, rules listed as set, and a quote with an offer for each option, dated by the clock.
 */
#include "../support/shop.h"

static const ocore_empty_request all = {sizeof all};

static ocore_shipping_option_request option_of(test_world *world, const char *code, int64_t service)
{
        return (ocore_shipping_option_request){.struct_size = sizeof(ocore_shipping_option_request),
                .id = test_next_id(world),
                .code = ocore_str_of(code),
                .service = service};
}

static void test_defaults(void **state)
{
        static const struct {
                int64_t service, min, max; /* asked for */
                int64_t got_min, got_max;
        } cases[] = {
                {OCORE_SERVICE_STANDARD, 0, 0, 3, 7},
                {OCORE_SERVICE_EXPEDITED, 0, 0, 1, 3},
                {OCORE_SERVICE_SAME_DAY, 0, 0, 1, 6},
                {OCORE_SERVICE_STANDARD, 5, 0, 5, 7},
                {OCORE_SERVICE_STANDARD, 0, 4, 0, 4}, /* with a maximum, zero days is zero days */
                {OCORE_SERVICE_STANDARD, 365, 365, 365, 365},
        };
        const ocore_shipping_option *option;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_shipping_option_request request = option_of(&world, "x", cases[i].service);

                request.transit_min = cases[i].min;
                request.transit_max = cases[i].max;
                assert_done(&world, ocore_shipping_option_put(world.core, &request, &option));
                assert_text(option->name, "x");
                assert_number(option->tracking, OCORE_TRACKING_BASIC);
                assert_number(option->transit_min, cases[i].got_min);
                assert_number(option->transit_max, cases[i].got_max);
                assert_number(option->cut_off_minute, 1440);
                assert_number(option->utc_offset_minutes, 0);
                assert_number(option->weekdays, 31);
        }
        test_close(&world);
}

static void test_option_refused(void **state)
{
        static const struct {
                const char *code;
                int64_t service, tracking, min, max, cut_off, offset, weekdays;
                const char *field;
        } cases[] = {
                {"", 1, 0, 0, 0, 0, 0, 0, "code"},
                {"x", 0, 0, 0, 0, 0, 0, 0, "service"},
                {"x", 4, 0, 0, 0, 0, 0, 0, "service"},
                {"x", 1, 4, 0, 0, 0, 0, 0, "tracking"},
                {"x", 1, 0, -1, 0, 0, 0, 0, "transit_min"},
                {"x", 1, 0, 8, 0, 0, 0, 0, "transit_min"},
                {"x", 1, 0, 3, 2, 0, 0, 0, "transit_min"},
                {"x", 1, 0, 0, 366, 0, 0, 0, "transit_max"},
                {"x", 1, 0, 0, 0, 1441, 0, 0, "cut_off_minute"},
                {"x", 1, 0, 0, 0, -1, 0, 0, "cut_off_minute"},
                {"x", 1, 0, 0, 0, 0, 841, 0, "utc_offset_minutes"},
                {"x", 1, 0, 0, 0, 0, -841, 0, "utc_offset_minutes"},
                {"x", 1, 0, 0, 0, 0, 0, 128, "weekdays"},
                {"x", 1, 0, 0, 0, 0, 0, -1, "weekdays"},
        };
        const ocore_shipping_rules *rules;
        const ocore_shipping_option *option;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_shipping_option_request request =
                        option_of(&world, cases[i].code, cases[i].service);

                request.tracking = cases[i].tracking;
                request.transit_min = cases[i].min;
                request.transit_max = cases[i].max;
                request.cut_off_minute = cases[i].cut_off;
                request.utc_offset_minutes = cases[i].offset;
                request.weekdays = cases[i].weekdays;
                assert_refused(&world, ocore_shipping_option_put(world.core, &request, &option),
                        OCORE_INVALID, cases[i].field);
                assert_null(option);
        }
        assert_done(&world, ocore_shipping_rules_all(world.core, &all, &rules));
        assert_int_equal(rules->option_count, 0);
        test_close(&world);
}

static int put_zone(test_world *world, const char *country, const char *prefix, const char *zone,
        const ocore_shipping_zone **out)
{
        const ocore_shipping_zone_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .country = ocore_str_of(country),
                .postcode_prefix = ocore_str_of(prefix),
                .zone = ocore_str_of(zone)};

        return ocore_shipping_zone_put(world->core, &request, out);
}

static int put_rate(test_world *world, const char *option, const char *zone, int64_t weight_max_g,
        const char *price)
{
        const ocore_shipping_rate_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .option = ocore_str_of(option),
                .zone = ocore_str_of(zone),
                .weight_max_g = weight_max_g,
                .price = test_money(price)};

        return ocore_shipping_rate_put(world->core, &request, NULL);
}

static void test_rules(void **state)
{
        const ocore_shipping_rules *rules;
        const ocore_shipping_zone *zone;
        ocore_shipping_option_request option;
        test_world world;

        (void)state;
        test_open(&world);
        assert_refused(&world, put_zone(&world, "", "", "z", &zone), OCORE_INVALID, "country");
        assert_refused(&world, put_zone(&world, "gb", "", "z", &zone), OCORE_INVALID, "country");
        assert_null(zone);
        assert_done(&world, put_zone(&world, "GB", "sw 1a", "london", &zone));
        assert_text(zone->postcode_prefix, "SW1A");
        assert_done(&world, put_zone(&world, "GB", "SW1A", "palace", &zone)); /* the same piece */
        assert_done(&world, put_zone(&world, "GB", "", "", &zone));

        assert_refused(&world, put_rate(&world, "post", "palace", 1000, "5 GBP"), OCORE_NOT_FOUND,
                "option");
        option = option_of(&world, "post", OCORE_SERVICE_STANDARD);
        assert_done(&world, ocore_shipping_option_put(world.core, &option, NULL));
        assert_refused(&world, put_rate(&world, "post", "", 1000, "5 GBP"), OCORE_INVALID, "zone");
        assert_refused(&world, put_rate(&world, "post", "palace", 0, "5 GBP"), OCORE_INVALID,
                "weight_max_g");
        assert_refused(
                &world, put_rate(&world, "post", "palace", 1, "-5 GBP"), OCORE_INVALID, "price");
        assert_done(&world, put_rate(&world, "post", "palace", 2000, "7 GBP"));
        assert_done(&world, put_rate(&world, "post", "palace", 1000, "5 GBP"));
        assert_done(&world, put_rate(&world, "post", "palace", 1000, "6 GBP"));

        assert_done(&world, ocore_shipping_rules_all(world.core, &all, &rules));
        assert_int_equal(rules->option_count, 1);
        assert_int_equal(rules->zone_count, 2);
        assert_text(rules->zones[0]->postcode_prefix, "");
        assert_text(rules->zones[1]->zone, "palace");
        assert_int_equal(rules->rate_count, 2);
        assert_number(rules->rates[0]->weight_max_g, 1000);
        assert_number(rules->rates[0]->price_minor, 600);
        assert_number(rules->rates[1]->price_minor, 700);
        assert_verified(&world);
        test_close(&world);
}

static void test_quote(void **state)
{
        ocore_shipping_quote_request request = {.struct_size = sizeof request,
                .country = STR("DE"),
                .postcode = STR("10115"),
                .currency = STR("EUR"),
                .weight_g = 2500};
        const ocore_shipping_quote *quote;
        test_world world;

        (void)state;
        test_open(&world);
        assert_done(&world, ocore_shipping_quote_parcel(world.core, &request, &quote));
        assert_int_equal(quote->offer_count, 0);
        assert_text(quote->zone, "");
        shop_shipping(&world, "today", OCORE_SERVICE_SAME_DAY, "DE", "14.90 EUR");
        shop_shipping(&world, "fast", OCORE_SERVICE_EXPEDITED, "DE", "9.90 EUR");
        shop_shipping(&world, "slow", OCORE_SERVICE_STANDARD, "DE", "4.90 EUR");
        assert_done(&world, ocore_shipping_quote_parcel(world.core, &request, &quote));
        assert_text(quote->zone, "DE");
        assert_int_equal(quote->offer_count, 3);
        assert_text(quote->offers[0]->option, "fast");
        assert_number(quote->offers[0]->price_minor, 990);
        assert_number(quote->offers[0]->earliest_us, test_time("2026-01-06T00:00:00Z"));
        assert_number(quote->offers[0]->latest_us, test_time("2026-01-08T23:59:59.999999Z"));
        assert_number(quote->offers[1]->earliest_us, test_time("2026-01-08T00:00:00Z"));
        assert_number(quote->offers[1]->latest_us, test_time("2026-01-14T23:59:59.999999Z"));
        assert_number(quote->offers[2]->earliest_us, TEST_NOW_US + TEST_HOUR_US);
        assert_number(quote->offers[2]->latest_us, TEST_NOW_US + 6 * TEST_HOUR_US);

        world.now_us -= TEST_DAY_US; /* on Sunday */
        assert_done(&world, ocore_shipping_quote_parcel(world.core, &request, &quote));
        assert_number(quote->offers[2]->left_out, OCORE_OFFER_DAY_OFF);
        assert_text(quote->offers[2]->why, "today is no working day");
        request.weight_g = 30001;
        assert_done(&world, ocore_shipping_quote_parcel(world.core, &request, &quote));
        for (size_t i = 0; i < 3; i++)
                assert_number(quote->offers[i]->left_out, OCORE_OFFER_TOO_HEAVY);

        request.weight_g = -1;
        assert_refused(&world, ocore_shipping_quote_parcel(world.core, &request, &quote),
                OCORE_INVALID, "weight_g");
        request.weight_g = 0;
        request.country = STR("de");
        assert_refused(&world, ocore_shipping_quote_parcel(world.core, &request, &quote),
                OCORE_INVALID, "country");
        request.country = STR("DE");
        request.currency = STR("");
        assert_refused(&world, ocore_shipping_quote_parcel(world.core, &request, &quote),
                OCORE_INVALID, "currency");
        assert_null(quote);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_defaults),
                cmocka_unit_test(test_option_refused),
                cmocka_unit_test(test_rules),
                cmocka_unit_test(test_quote),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
