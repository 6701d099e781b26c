/*
 * Times: texts by a table; then every day from year 1 to 9999 is written, read back, and counted
 * on by a calendar that knows only how long the months are.
 */
#include <ordercore/base.h>

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_text(void **unused)
{
        static const struct {
                const char *text;
                int status;
                int64_t at_us;
                const char *back;
        } cases[] = {
                {"1970-01-01T00:00:00Z", OCORE_OK, 0, NULL},
                {"2026-01-31T09:30:00Z", OCORE_OK, INT64_C(1769851800000000), NULL},
                {"2026-01-31t09:30:00z", OCORE_OK, INT64_C(1769851800000000),
                        "2026-01-31T09:30:00Z"},
                {"1970-01-01T00:00:00.250+01:00", OCORE_OK, INT64_C(-3599750000),
                        "1969-12-31T23:00:00.250000Z"},
                {"1969-12-31T23:59:59.999999Z", OCORE_OK, -1, NULL},
                {"1970-01-01T00:00:00.000001000Z", OCORE_OK, 1, "1970-01-01T00:00:00.000001Z"},
                {"1970-01-01T00:00:00-00:00", OCORE_OK, 0, "1970-01-01T00:00:00Z"},
                {"2000-02-29T00:00:00Z", OCORE_OK, INT64_C(951782400000000), NULL},
                {"0001-01-01T00:00:00Z", OCORE_OK, INT64_C(-62135596800000000), NULL},
                {"9999-12-31T23:59:59.999999Z", OCORE_OK, INT64_C(253402300799999999), NULL},
                {"0001-01-01T00:00:00+00:01", OCORE_INVALID, 0, NULL},
                {"9999-12-31T23:59:59-00:01", OCORE_INVALID, 0, NULL},
                {"0000-01-01T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"1900-02-29T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-02-29T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-04-31T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-13-01T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-00-01T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-01-00T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-01-01T24:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:60:00Z", OCORE_INVALID, 0, NULL},
                {"2016-12-31T23:59:60Z", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00.Z", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00.0000001Z", OCORE_INVALID, 0, NULL},
                {"2026-01-01 00:00:00Z", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00Z ", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00+24:00", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00+0100", OCORE_INVALID, 0, NULL},
                {"2026-01-01T00:00:00+01:60", OCORE_INVALID, 0, NULL},
                {"2026-1-01T00:00:00Z", OCORE_INVALID, 0, NULL},
                {"", OCORE_INVALID, 0, NULL},
        };
        char out[OCORE_TIME_TEXT_SIZE];
        int64_t at_us;
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                const char *back = cases[n].back != NULL ? cases[n].back : cases[n].text;
                int status;

                at_us = 7;
                status = ocore_time_parse(ocore_str_of(cases[n].text), &at_us);
                if (status != cases[n].status)
                        fail_msg("%s gives %d", cases[n].text, status);
                assert_true(at_us == cases[n].at_us);
                if (status != OCORE_OK)
                        continue;
                assert_int_equal(ocore_time_format(at_us, out), strlen(back));
                assert_string_equal(out, back);
        }
        assert_int_equal(ocore_time_format(INT64_MIN, out), OCORE_INVALID);
        assert_string_equal(out, "");
        assert_int_equal(ocore_time_format(INT64_MAX, out), OCORE_INVALID);
        assert_int_equal(ocore_time_parse(ocore_str_of(NULL), &at_us), OCORE_INVALID);
        assert_int_equal(ocore_time_parse(ocore_str_of(cases[0].text), NULL), OCORE_INVALID);
}

static void test_every_day(void **unused)
{
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int64_t at_us = INT64_C(-62135596800000000);
        int year;
        int month;
        int day;

        (void)unused;
        for (year = 1; year <= 9999; year++) {
                int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

                for (month = 1; month <= 12; month++) {
                        int length = lengths[month - 1] + (month == 2 && leap);

                        for (day = 1; day <= length; day++, at_us += INT64_C(86400000000)) {
                                char out[OCORE_TIME_TEXT_SIZE];
                                char wanted[64];
                                int64_t back;

                                snprintf(wanted, sizeof wanted, "%04d-%02d-%02dT00:00:00Z", year,
                                        month, day);
                                assert_int_equal(ocore_time_format(at_us, out), 20);
                                if (strcmp(out, wanted) != 0)
                                        fail_msg("%s is not %s", out, wanted);
                                assert_int_equal(
                                        ocore_time_parse(ocore_str_of(out), &back), OCORE_OK);
                                if (back != at_us)
                                        fail_msg("%s is read as another time", out);
                        }
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_text),
                cmocka_unit_test(test_every_day),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
