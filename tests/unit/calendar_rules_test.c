/*
 * Proves when a parcel arrives: by dates of a real calendar (weekends, the end of a year, a leap
 * day, offsets to both sides), by comparison with a model that walks day by day, and with numbers
 * that only a broken store could hold.
 */
#include "shipping/shipping_room.h"

#include "../support/support.h"

enum { MON_FRI = 31, MON_SAT = 63, ALL = 127, WEDNESDAY = 4 };

typedef struct dated {
        const char *at;
        int64_t cut_off_minute, utc_offset_minutes, weekdays, transit_min, transit_max;
        const char *earliest, *latest;
} dated;

static void test_working_days(void **state)
{
        static const dated cases[] = {
                /* A Monday, before its cut-off and from it on. */
                {"2026-01-05T10:00:00Z", 840, 0, MON_FRI, 1, 3, "2026-01-06T00:00:00Z",
                        "2026-01-08T23:59:59.999999Z"},
                {"2026-01-05T13:59:59.999999Z", 840, 0, MON_FRI, 1, 3, "2026-01-06T00:00:00Z",
                        "2026-01-08T23:59:59.999999Z"},
                {"2026-01-05T14:00:00Z", 840, 0, MON_FRI, 1, 3, "2026-01-07T00:00:00Z",
                        "2026-01-09T23:59:59.999999Z"},
                {"2026-01-05T23:59:59.999999Z", 1440, 0, MON_FRI, 1, 1, "2026-01-06T00:00:00Z",
                        "2026-01-06T23:59:59.999999Z"},
                /* Around a weekend. */
                {"2026-01-09T10:00:00Z", 840, 0, MON_FRI, 1, 3, "2026-01-12T00:00:00Z",
                        "2026-01-14T23:59:59.999999Z"},
                {"2026-01-09T15:00:00Z", 840, 0, MON_FRI, 1, 3, "2026-01-13T00:00:00Z",
                        "2026-01-15T23:59:59.999999Z"},
                {"2026-01-09T15:00:00Z", 840, 0, MON_SAT, 1, 3, "2026-01-12T00:00:00Z",
                        "2026-01-14T23:59:59.999999Z"},
                {"2026-01-10T00:00:00Z", 840, 0, MON_FRI, 1, 3, "2026-01-13T00:00:00Z",
                        "2026-01-15T23:59:59.999999Z"},
                {"2026-01-11T23:00:00Z", 840, 0, MON_FRI, 1, 3, "2026-01-13T00:00:00Z",
                        "2026-01-15T23:59:59.999999Z"},
                /* Sunday in London is Monday in Berlin; Saturday is Friday in Los Angeles. */
                {"2026-01-11T23:30:00Z", 840, 60, MON_FRI, 1, 3, "2026-01-12T23:00:00Z",
                        "2026-01-15T22:59:59.999999Z"},
                {"2026-01-10T03:00:00Z", 1440, -480, MON_FRI, 1, 3, "2026-01-12T08:00:00Z",
                        "2026-01-15T07:59:59.999999Z"},
                {"2026-01-10T03:00:00Z", 840, -480, MON_FRI, 1, 3, "2026-01-13T08:00:00Z",
                        "2026-01-16T07:59:59.999999Z"},
                {"2026-01-05T09:00:00Z", 1440, 840, MON_FRI, 0, 0, "2026-01-04T10:00:00Z",
                        "2026-01-05T09:59:59.999999Z"},
                {"2026-01-05T10:00:00Z", 1440, 840, MON_FRI, 0, 0, "2026-01-05T10:00:00Z",
                        "2026-01-06T09:59:59.999999Z"},
                /* The end of a year, a leap day, none in 2100. */
                {"2025-12-31T12:00:00Z", 840, 0, MON_FRI, 3, 7, "2026-01-05T00:00:00Z",
                        "2026-01-09T23:59:59.999999Z"},
                {"2028-02-28T12:00:00Z", 840, 0, MON_FRI, 1, 2, "2028-02-29T00:00:00Z",
                        "2028-03-01T23:59:59.999999Z"},
                {"2100-02-26T12:00:00Z", 840, 0, MON_FRI, 1, 1, "2100-03-01T00:00:00Z",
                        "2100-03-01T23:59:59.999999Z"},
                /* Few and many working days. */
                {"2026-01-05T10:00:00Z", 840, 0, WEDNESDAY, 1, 3, "2026-01-14T00:00:00Z",
                        "2026-01-28T23:59:59.999999Z"},
                {"2026-01-07T15:00:00Z", 840, 0, WEDNESDAY, 0, 0, "2026-01-14T00:00:00Z",
                        "2026-01-14T23:59:59.999999Z"},
                {"2026-01-05T10:00:00Z", 840, 0, ALL, 0, 0, "2026-01-05T00:00:00Z",
                        "2026-01-05T23:59:59.999999Z"},
                {"2026-01-05T10:00:00Z", 840, 0, MON_FRI, 5, 365, "2026-01-12T00:00:00Z",
                        "2027-05-31T23:59:59.999999Z"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_shipping_option option = {.service = OCORE_SERVICE_STANDARD,
                        .transit_min = cases[i].transit_min,
                        .transit_max = cases[i].transit_max,
                        .cut_off_minute = cases[i].cut_off_minute,
                        .utc_offset_minutes = cases[i].utc_offset_minutes,
                        .weekdays = cases[i].weekdays};
                int64_t earliest, latest;

                assert_number(ocore__promise(&option, test_time(cases[i].at), &earliest, &latest),
                        OCORE_OFFER_GOOD);
                if (earliest != test_time(cases[i].earliest) ||
                        latest != test_time(cases[i].latest))
                        print_error("ordered at %s\n", cases[i].at);
                assert_number(earliest, test_time(cases[i].earliest));
                assert_number(latest, test_time(cases[i].latest));
        }
}

static void test_same_day(void **state)
{
        static const struct {
                const char *at;
                int64_t cut_off_minute, utc_offset_minutes, left_out;
                const char *earliest, *latest;
        } cases[] = {
                {"2026-01-05T10:00:00Z", 840, 0, OCORE_OFFER_GOOD, "2026-01-05T11:00:00Z",
                        "2026-01-05T16:00:00Z"},
                {"2026-01-05T10:00:00.000001Z", 840, 0, OCORE_OFFER_GOOD,
                        "2026-01-05T11:00:00.000001Z", "2026-01-05T16:00:00.000001Z"},
                {"2026-01-05T14:00:00Z", 840, 0, OCORE_OFFER_CUT_OFF, NULL, NULL},
                {"2026-01-04T10:00:00Z", 840, 0, OCORE_OFFER_DAY_OFF, NULL, NULL},
                {"2026-01-10T23:00:00Z", 840, 0, OCORE_OFFER_DAY_OFF, NULL,
                        NULL}, /* before it is late */
                /* Never promised for tomorrow. */
                {"2026-01-05T20:00:00Z", 1440, 0, OCORE_OFFER_GOOD, "2026-01-05T21:00:00Z",
                        "2026-01-05T23:59:59.999999Z"},
                {"2026-01-05T22:59:59.999999Z", 1440, 0, OCORE_OFFER_GOOD,
                        "2026-01-05T23:59:59.999999Z", "2026-01-05T23:59:59.999999Z"},
                {"2026-01-05T23:00:00Z", 1440, 0, OCORE_OFFER_CUT_OFF, NULL, NULL},
                /* Tuesday in UTC is still Monday evening five hours to the west. */
                {"2026-01-06T03:00:00Z", 1380, -300, OCORE_OFFER_GOOD, "2026-01-06T04:00:00Z",
                        "2026-01-06T04:59:59.999999Z"},
                {"2026-01-10T03:00:00Z", 1380, -300, OCORE_OFFER_GOOD, "2026-01-10T04:00:00Z",
                        "2026-01-10T04:59:59.999999Z"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_shipping_option option = {.service = OCORE_SERVICE_SAME_DAY,
                        .transit_min = 1,
                        .transit_max = 6,
                        .cut_off_minute = cases[i].cut_off_minute,
                        .utc_offset_minutes = cases[i].utc_offset_minutes,
                        .weekdays = MON_FRI};
                int64_t earliest = 77, latest = 77;

                assert_number(ocore__promise(&option, test_time(cases[i].at), &earliest, &latest),
                        cases[i].left_out);
                assert_number(earliest, cases[i].earliest ? test_time(cases[i].earliest) : 0);
                assert_number(latest, cases[i].latest ? test_time(cases[i].latest) : 0);
        }
}

/* The model: walks day by day and asks of each whether it is a working day. */
static int64_t walk(int64_t weekdays, int64_t day, int64_t count)
{
        while (!(weekdays >> (day + 3) % 7 & 1))
                day++;
        while (count > 0) {
                day++;
                if (weekdays >> (day + 3) % 7 & 1)
                        count--;
        }
        return day;
}

static uint64_t next(uint64_t *state)
{
        /* xorshift64 (Marsaglia, 2003). */
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        return *state;
}

static int64_t random_to(uint64_t *state, int64_t most)
{
        return (int64_t)(next(state) % (uint64_t)(most + 1));
}

static void test_model(void **state)
{
        uint64_t seed = 20260105;

        (void)state;
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (int i = 0; i < 20000; i++) {
                const ocore_shipping_option option = {.service = OCORE_SERVICE_EXPEDITED,
                        .transit_min = random_to(&seed, 365),
                        .transit_max = random_to(&seed, 365),
                        .cut_off_minute = random_to(&seed, 1440),
                        .utc_offset_minutes = random_to(&seed, 1680) - 840,
                        .weekdays = 1 + random_to(&seed, 126)};
                int64_t at = TEST_DAY_US + random_to(&seed, INT64_C(4000000000000000));
                int64_t offset = option.utc_offset_minutes * TEST_MINUTE_US;
                int64_t local = at + offset, day = local / TEST_DAY_US, earliest, latest;

                if (local % TEST_DAY_US >= option.cut_off_minute * TEST_MINUTE_US)
                        day++;
                assert_number(ocore__promise(&option, at, &earliest, &latest), OCORE_OFFER_GOOD);
                assert_number(earliest,
                        walk(option.weekdays, day, option.transit_min) * TEST_DAY_US - offset);
                assert_number(
                        latest, (walk(option.weekdays, day, option.transit_max) + 1) * TEST_DAY_US -
                                        1 - offset);
        }
}

/* Whatever a store holds: an answer, in bounded time, without leaving 64 bits. */
static void test_odd_numbers(void **state)
{
        static const int64_t odd[] = {
                INT64_MIN, INT64_MIN + 1, -1, 0, 1, 128, 1441, INT64_MAX - 1, INT64_MAX};
        enum { COUNT = sizeof odd / sizeof odd[0] };

        (void)state;
        for (size_t n = 0; n < (size_t)COUNT * COUNT * COUNT * COUNT * COUNT; n++) {
                ocore_shipping_option option = {.service = OCORE_SERVICE_STANDARD,
                        .transit_max = odd[n % COUNT],
                        .cut_off_minute = odd[n / COUNT % COUNT],
                        .utc_offset_minutes = odd[n / COUNT / COUNT % COUNT],
                        .weekdays = odd[n / COUNT / COUNT / COUNT % COUNT]};
                int64_t at = odd[n / COUNT / COUNT / COUNT / COUNT], earliest, latest;

                assert_number(ocore__promise(&option, at, &earliest, &latest), OCORE_OFFER_GOOD);
                assert_true(earliest <= latest);
                option.service = OCORE_SERVICE_SAME_DAY;
                if (ocore__promise(&option, at, &earliest, &latest) == OCORE_OFFER_GOOD)
                        assert_true(earliest <= latest && latest > 0);
                else
                        assert_true(!earliest && !latest);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_working_days),
                cmocka_unit_test(test_same_day),
                cmocka_unit_test(test_model),
                cmocka_unit_test(test_odd_numbers),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
