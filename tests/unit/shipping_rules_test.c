/*
 * Proves which zone a place is in, what a parcel costs there, and that each option left out says
 * why; on rules made by hand.
 */
#include "shipping/shipping_room.h"

#include "../support/rows.h"

static void test_postcode(void **state)
{
        static const char *const cases[][2] = {
                {"", ""}, {" ", ""}, {"10115", "10115"}, {"sw1a 1aa", "SW1A1AA"}, {" 1 2 ", "12"},
                {"az-AZ09", "AZ-AZ09"},
                {"\xc3\xa4", "\xc3\xa4"}, /* letters beyond A to Z stay as they are */
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char plain[16];
                const ocore_str got = {
                        plain, ocore__postcode_plain(ocore_str_of(cases[i][0]), plain)};

                assert_text(got, cases[i][1]);
        }
}

static const ocore_shipping_zone zones[] = {
        {STR_INIT("DE"), STR_INIT(""), STR_INIT("home")},
        {STR_INIT("DE"), STR_INIT("27498"), STR_INIT("island")},
        {STR_INIT("DE"), STR_INIT("274980"), STR_INIT("")},
        {STR_INIT("GB"), STR_INIT("BT"), STR_INIT("ireland")},
        {STR_INIT("GB"), STR_INIT("BT1"), STR_INIT("belfast")},
};

static void test_zone(void **state)
{
        static const char *const cases[][3] = {
                {"DE", "10115", "home"},
                {"DE", "", "home"},
                {"DE", "2749", "home"},
                {"DE", "27498", "island"},
                {"DE", "274981", "island"},
                {"DE", "2749801", ""}, /* the longest prefix counts, even when it says no */
                {"GB", "BT71AA", "ireland"},
                {"GB", "BT11AA", "belfast"},
                {"GB", "SW1A1AA", ""},
                {"FR", "75001", ""},
                {"", "", ""},
        };
        test_rows rows;
        const ocore__group *group = TEST_GROUP(&rows, &ocore__shipping_zone_table, zones);

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_text(ocore__zone_find(
                                    group, ocore_str_of(cases[i][0]), ocore_str_of(cases[i][1])),
                        cases[i][2]);
}

#define OPTION(code, service, tax_class)                                                           \
        {                                                                                          \
                STR_INIT(code), STR_INIT(code " mail"), service, OCORE_TRACKING_BASIC, 1, 2, 840,  \
                        0, 31, STR_INIT(tax_class)                                                 \
        }

static const ocore_shipping_option options[] = {
        OPTION("express", OCORE_SERVICE_EXPEDITED, "full"),
        OPTION("none", OCORE_SERVICE_STANDARD, ""),
        OPTION("now", OCORE_SERVICE_SAME_DAY, ""),
        OPTION("post", OCORE_SERVICE_STANDARD, "full"),
};

static const ocore_shipping_rate rates[] = {
        {STR_INIT("aaa"), STR_INIT("home"), STR_INIT("EUR"), 1000,
                1}, /* of an option that is gone */
        {STR_INIT("express"), STR_INIT("home"), STR_INIT("EUR"), 1000, 900},
        {STR_INIT("express"), STR_INIT("home"), STR_INIT("EUR"), 5000, 1500},
        {STR_INIT("express"), STR_INIT("home"), STR_INIT("USD"), 9000, 1000},
        {STR_INIT("express"), STR_INIT("island"), STR_INIT("EUR"), 1000, 1900},
        {STR_INIT("now"), STR_INIT("home"), STR_INIT("EUR"), 2000, 0},
        {STR_INIT("post"), STR_INIT("belfast"), STR_INIT("EUR"), 10000, 700},
        {STR_INIT("post"), STR_INIT("home"), STR_INIT("EUR"), 10000, 500},
};

static const ocore_tax_rate tax_rates[] = {
        {STR_INIT("full"), STR_INIT("DE"), 0, 190000},
};

typedef struct asked {
        const char *country, *postcode, *currency;
        int64_t weight_g;
        const char *at;
        const char *option;
        int64_t left_out, price_minor;
        const char *why;
} asked;

#define MONDAY "2026-01-05T10:00:00Z"

static const asked cases[] = {
        {"DE", "10115", "EUR", 0, MONDAY, "express", OCORE_OFFER_GOOD, 900, ""},
        {"DE", "10115", "EUR", 1000, MONDAY, "express", OCORE_OFFER_GOOD, 900, ""},
        {"DE", "10115", "EUR", 1001, MONDAY, "express", OCORE_OFFER_GOOD, 1500, ""},
        {"DE", "10115", "EUR", 5001, MONDAY, "express", OCORE_OFFER_TOO_HEAVY, 0,
                "5001 g is more than the 5000 g it takes to zone home"},
        {"DE", "10115", "USD", 5001, MONDAY, "express", OCORE_OFFER_GOOD, 1000, ""},
        {"DE", "27 498", "EUR", 1, MONDAY, "express", OCORE_OFFER_GOOD, 1900, ""},
        {"DE", "27498", "EUR", 1, MONDAY, "post", OCORE_OFFER_NO_RATE, 0,
                "it has no price in EUR for zone island"},
        {"DE", "10115", "GBP", 1, MONDAY, "post", OCORE_OFFER_NO_RATE, 0,
                "it has no price in GBP for zone home"},
        {"DE", "10115", "EUR", 1, MONDAY, "none", OCORE_OFFER_NO_RATE, 0,
                "it has no price in EUR for zone home"},
        {"FR", "75001", "EUR", 1, MONDAY, "post", OCORE_OFFER_NO_ZONE, 0,
                "nothing is shipped to FR 75001"},
        {"GB", "bt1 1aa", "EUR", 1, MONDAY, "post", OCORE_OFFER_NO_TAX_RATE, 0,
                "there is no tax rate of class full for its charge in GB"},
        {"DE", "10115", "EUR", 1, MONDAY, "now", OCORE_OFFER_GOOD, 0, ""},
        {"DE", "10115", "EUR", 1, "2026-01-05T15:00:00Z", "now", OCORE_OFFER_CUT_OFF, 0,
                "it is too late for today"},
        {"DE", "10115", "EUR", 1, "2026-01-04T10:00:00Z", "now", OCORE_OFFER_DAY_OFF, 0,
                "today is no working day"},
};

typedef struct bench {
        test_world world;
        ocore__arena arena;
        ocore__work work;
        test_rows rows[4];
        ocore__shipping_view view;
} bench;

static void begin(bench *on)
{
        ocore_allocator allocator;

        test_open(&on->world);
        allocator = test_allocator(&on->world.memory);
        ocore__arena_init(&on->arena, &allocator, 256);
        on->work = (ocore__work){.core = on->world.core, .arena = &on->arena};
        TEST_GROUP(&on->rows[0], &ocore__shipping_option_table, options);
        TEST_GROUP(&on->rows[1], &ocore__shipping_zone_table, zones);
        TEST_GROUP(&on->rows[2], &ocore__shipping_rate_table, rates);
        TEST_GROUP(&on->rows[3], &ocore__tax_rate_table, tax_rates);
        on->view = (ocore__shipping_view){
                &on->rows[0].group, &on->rows[1].group, &on->rows[2].group, &on->rows[3].group};
}

static void end(bench *on)
{
        ocore__arena_finish(&on->arena);
        test_close(&on->world);
}

static ocore__parcel parcel_of(const asked *of)
{
        return (ocore__parcel){ocore_str_of(of->country), ocore_str_of(of->postcode),
                ocore_str_of(of->currency), of->weight_g, test_time(of->at)};
}

static void check_offer(const asked *of, const ocore_shipping_offer *offer)
{
        assert_text(offer->option, of->option);
        assert_number(offer->left_out, of->left_out);
        assert_text(offer->why, of->why);
        assert_text(offer->currency, of->currency);
        assert_number(offer->price_minor, of->price_minor);
        assert_int_equal(offer->earliest_us != 0, !of->left_out);
        assert_int_equal(offer->latest_us != 0, !of->left_out);
}

/* Asked for one option, and among all of them: the same offer. */
static void test_offers(void **state)
{
        bench on;

        (void)state;
        begin(&on);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore__parcel parcel = parcel_of(&cases[i]);
                const ocore_shipping_offer *const *offers, *offer;
                ocore_str zone;
                size_t count;
                int64_t tax_ppm;

                assert_int_equal(ocore__shipping_offer_of(&on.work, &on.view, &parcel,
                                         ocore_str_of(cases[i].option), &offer, &tax_ppm),
                        OCORE_OK);
                check_offer(&cases[i], offer);
                assert_int_equal(
                        ocore__shipping_offers(&on.work, &on.view, &parcel, &offers, &count, &zone),
                        OCORE_OK);
                assert_int_equal(count, sizeof options / sizeof options[0]);
                for (size_t n = 0; n < count; n++) {
                        assert_true(ocore_str_equal(offers[n]->option, options[n].code));
                        assert_true(ocore_str_equal(offers[n]->name, options[n].name));
                        assert_number(offers[n]->service, options[n].service);
                        if (ocore_str_equal(offers[n]->option, ocore_str_of(cases[i].option)))
                                check_offer(&cases[i], offers[n]);
                }
                assert_int_equal(zone.size == 0, cases[i].left_out == OCORE_OFFER_NO_ZONE);
        }
        end(&on);
}

static void test_offer_of(void **state)
{
        const ocore__parcel parcel = parcel_of(&cases[0]);
        const ocore_shipping_offer *offer;
        int64_t tax_ppm = 77;
        bench on;

        (void)state;
        begin(&on);
        assert_int_equal(ocore__shipping_offer_of(
                                 &on.work, &on.view, &parcel, STR("drone"), &offer, &tax_ppm),
                OCORE_NOT_FOUND);
        assert_null(offer);
        assert_number(tax_ppm, 0);
        assert_int_equal(ocore__shipping_offer_of(
                                 &on.work, &on.view, &parcel, STR("post"), &offer, &tax_ppm),
                OCORE_OK);
        assert_number(tax_ppm, 190000);
        assert_int_equal(
                ocore__shipping_offer_of(&on.work, &on.view, &parcel, STR("now"), &offer, &tax_ppm),
                OCORE_OK);
        assert_number(tax_ppm, 0);
        end(&on);
}

/* Without memory, at whichever request: OCORE_NOMEM and no answer; in the end it succeeds. */
static void test_no_memory(void **state)
{
        const ocore__parcel parcel = parcel_of(&cases[3]);
        const ocore_shipping_offer *const *offers;
        int status = OCORE_NOMEM, failures = 0;
        ocore_str zone;
        size_t count;
        bench on;

        (void)state;
        begin(&on);
        for (int64_t n = 1; status; n++) {
                ocore__arena_finish(&on.arena);
                on.world.memory.failed = 0;
                on.world.memory.fail_at = on.world.memory.requests + n;
                status =
                        ocore__shipping_offers(&on.work, &on.view, &parcel, &offers, &count, &zone);
                assert_int_equal(status, on.world.memory.failed ? OCORE_NOMEM : OCORE_OK);
                if (status) {
                        assert_null(offers);
                        failures++;
                }
        }
        on.world.memory.fail_at = 0;
        assert_true(failures > 1);
        end(&on);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_postcode),
                cmocka_unit_test(test_zone),
                cmocka_unit_test(test_offers),
                cmocka_unit_test(test_offer_of),
                cmocka_unit_test(test_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
