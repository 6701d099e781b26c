/*
 * Proves that an answer becomes exactly the JSON its description tells of: the unit of each amount
 * and quantity, what stands for "none", what is left out, and text that would break a line. How: by
 * comparing whole lines.
 */
#include "json_things.h"

#define NONE "\xef\xbf\xbd"

/* Answers. */

static void test_answer_units(void **state)
{
        const leaf leaf_one = {1250, 1250};
        const leaf leaf_none = {-5, 0};
        const leaf *leaves[] = {&leaf_one, &leaf_none};
        const branch euro = {{"EUR", 3}, 2, 7, leaves, 2};
        const branch yen = {{"JPY", 3}, 0, 7, leaves, 1};
        const branch none = {{NULL, 0}, 99, 7, leaves, 1};
        const branch *branches[] = {&yen, &none, NULL};
        const tree answer = {
                .id = {{1}},
                .currency = {"KWD", 3},
                .scale = 3,
                .units = -1,
                .price_minor = 1,
                .color = 42,
                .at_us = 1,
                .note = {"\xff\"\n\xc3", 4},
                .bytes = {"\0\xab", 2},
                .secret = 99,
                .only = &euro,
                .branches = branches,
                .branch_count = 3,
                .leaves = leaves,
                .leaf_count = 2,
        };
        int status = 0;
        (void)state;
        next_tree = &answer;
        char *line = call_sized("thing.grow", "", 0, &status);
        assert_string_equal(line,
                "{\"ok\": true, \"answer\": {\"id\": \"01000000-0000-0000-0000-000000000000\", "
                "\"currency\": \"KWD\", \"units\": \"-0.001\", \"scale\": 3, \"price\": "
                "\"0.001 KWD\", \"color\": 42, \"at\": \"1970-01-01T00:00:00.000001Z\", "
                "\"note\": \"\xef\xbf\xbd\\\"\\n\xef\xbf\xbd\", \"bytes\": \"00ab\", "
                "\"only\": {\"currency\": \"EUR\", \"scale\": 2, \"price\": \"0.07 EUR\", "
                "\"leaves\": [{\"price\": \"12.50 EUR\", \"units\": \"12.50\"}, "
                "{\"price\": \"-0.05 EUR\", \"units\": \"0.00\"}]}, "
                "\"branches\": [{\"currency\": \"JPY\", \"scale\": 0, \"price\": \"7 JPY\", "
                "\"leaves\": [{\"price\": \"1250 JPY\", \"units\": \"1250\"}]}, "
                "{\"currency\": \"\", \"scale\": 99, \"price\": null, \"leaves\": "
                "[{\"price\": null, \"units\": null}]}, null], "
                "\"leaves\": [{\"price\": \"1.250 KWD\", \"units\": \"1.250\"}, "
                "{\"price\": \"-0.005 KWD\", \"units\": \"0.000\"}]}}");
        ocore_json_free(line);
}

/* Characters at the edges of UTF-8 stay; what is none becomes U+FFFD byte by byte. */
static void test_answer_text(void **state)
{
        static const struct {
                const char *text, *shown;
        } cases[] = {
                {"\xc2\x80 \xdf\xbf", "\xc2\x80 \xdf\xbf"},
                {"\xe0\xa0\x80 \xed\x9f\xbf", "\xe0\xa0\x80 \xed\x9f\xbf"},
                {"\xee\x80\x80 \xef\xbf\xbf", "\xee\x80\x80 \xef\xbf\xbf"},
                {"\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", "\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"},
                {"a\x80z", "a" NONE "z"},
                {"a\xc1\xbfz", "a" NONE NONE "z"},
                {"a\xe0\x9f\xbfz", "a" NONE NONE NONE "z"},
                {"a\xed\xa0\x80z", "a" NONE NONE NONE "z"},
                {"a\xf0\x8f\xbf\xbfz", "a" NONE NONE NONE NONE "z"},
                {"a\xf4\x90\x80\x80z", "a" NONE NONE NONE NONE "z"},
                {"a\xf5\x80\x80\x80z", "a" NONE NONE NONE NONE "z"},
                {"a\xe2\x82", "a" NONE NONE},
                {"a\xf0\x9f\x98", "a" NONE NONE NONE},
                {"\b\f\t\r\x1f\x7f", "\\b\\f\\t\\r\\u001f\\u007f"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                tree answer = {.note = ocore_str_of(cases[i].text)};
                char expected[128];
                int status = 0;
                snprintf(expected, sizeof expected, "\"note\": \"%s\", \"bytes\"", cases[i].shown);
                next_tree = &answer;
                char *line = call_sized("thing.grow", "", 0, &status);
                if (strstr(line, expected) == NULL)
                        fail_msg("%s is not in %s", expected, line);
                ocore_json_free(line);
        }
}

static void test_answer_of_nothing(void **state)
{
        const tree answer = {.currency = {"EURO", 4}, .at_us = INT64_MAX, .price_minor = 5};
        int status = 0;
        (void)state;
        next_tree = &answer;
        char *line = call_sized("thing.grow", "{}", 2, &status);
        assert_string_equal(line,
                "{\"ok\": true, \"answer\": {\"id\": null, \"currency\": \"EURO\", \"units\": "
                "\"0\", \"scale\": 0, \"price\": null, \"color\": 0, \"at\": null, "
                "\"note\": \"\", \"bytes\": \"\", \"only\": null, \"branches\": [], \"leaves\": "
                "[]}}");
        ocore_json_free(line);
        next_tree = NULL;
        line = call_sized("thing.grow", "{}", 2, &status);
        assert_string_equal(line, "{\"ok\": true, \"answer\": null}");
        ocore_json_free(line);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(test_answer_units, reset),
                cmocka_unit_test_setup(test_answer_of_nothing, reset),
                cmocka_unit_test_setup(test_answer_text, reset),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
