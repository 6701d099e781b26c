/*
 * Proves that a request in JSON becomes exactly the struct its description tells of, and that
 * nothing else gets through: floats, "-0", duplicate keys, unknown fields, broken text, too much of
 * anything. How: by tables of requests; good ones come back from a command that echoes them, bad
 * ones must be refused with status, field and words before any command is reached.
 */
#include "json_things.h"

/* Requests that are good: what goes in comes out. */

#define ECHO_NONE                                                                                  \
        "\"id\": null, \"count\": 0, \"good\": false, \"color\": 0, \"at\": null, \"price\": "     \
        "null, \"weight\": \"0\", \"note\": \"\", \"parts\": []"

static const struct {
        const char *args, *in_answer;
} good_requests[] = {
        {"", ECHO_NONE},
        {"{}", ECHO_NONE},
        {" { } \n", ECHO_NONE},
        {"{\"note\": null, \"price\": null, \"parts\": null}", ECHO_NONE},
        {"{\"count\": 9223372036854775807}", "\"count\": 9223372036854775807"},
        {"{\"count\": -9223372036854775808}", "\"count\": -9223372036854775808"},
        {"{\"count\": 9007199254740993}", "\"count\": 9007199254740993"},
        {"{\"count\": \"9007199254740993\"}", "\"count\": 9007199254740993"},
        {"{\"count\": \"-9223372036854775807\"}", "\"count\": -9223372036854775807"},
        {"{\"good\": true}", "\"good\": true"},
        {"{\"color\": \"dark_green\"}", "\"color\": \"dark_green\""},
        {"{\"at\": \"2026-01-31T09:30:00.25+01:00\"}", "\"at\": \"2026-01-31T08:30:00.250000Z\""},
        {"{\"price\": \"12.5 EUR\"}", "\"price\": \"12.50 EUR\""},
        {"{\"price\": \"0 EUR\"}", "\"price\": \"0.00 EUR\""},
        {"{\"price\": \"1250 JPY\"}", "\"price\": \"1250 JPY\""},
        {"{\"weight\": \"1.250\"}", "\"weight\": \"1.250\""},
        {"{\"weight\": 9007199254740993}", "\"weight\": \"9007199254740993\""},
        {"{\"id\": \"018F3C1E-7b2a-7cc4-9d11-3f5a6b7c8d9e\"}",
                "\"id\": \"018f3c1e-7b2a-7cc4-9d11-3f5a6b7c8d9e\""},
        {"{\"note\": \"a\\\"b\\\\c\\nd\\u0001\\ud83d\\ude00\xc3\xa4/\\u007f\"}",
                "\"note\": \"a\\\"b\\\\c\\nd\\u0001\xf0\x9f\x98\x80\xc3\xa4/\\u007f\""},
        {"{\"n\\u006fte\": \"-0 [[[\\\\\"}", "\"note\": \"-0 [[[\\\\\""},
        {"{\"note\": \"\\\"-0\"}", "\"note\": \"\\\"-0\""},
        {"{\"parts\": []}", "\"parts\": []"},
        {"{\"parts\": [{\"sku\": \"A\", \"quantity\": \"2.5\"}, {}]}",
                "\"parts\": [{\"sku\": \"A\", \"quantity\": \"2.5\"}, "
                "{\"sku\": \"\", \"quantity\": \"0\"}]"},
};

static void test_good_requests(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof good_requests / sizeof good_requests[0]; i++) {
                int status = 0;
                char *line = call_sized("thing.echo", good_requests[i].args,
                        strlen(good_requests[i].args), &status);
                if (strstr(line, good_requests[i].in_answer) == NULL)
                        fail_msg("%s gave %s", good_requests[i].args, line);
                assert_int_equal(status, OCORE_OK);
                assert_memory_equal(line, "{\"ok\": true, \"answer\": {\"id\": ", 29);
                assert_int_equal(calls, i + 1);
                ocore_json_free(line);
        }
}

static void test_request_in_memory(void **state)
{
        static const char args[] =
                "{\"parts\": [{}, {\"quantity\": 4, \"sku\": \"BC\"}], \"note\": \"hi\", "
                "\"weight\": "
                "\"1.250\", \"price\": \"-12.50 EUR\", \"at\": \"1970-01-01T00:00:01.000001Z\", "
                "\"color\": \"dark_green\", \"good\": true, \"count\": 3, \"id\": "
                "\"018f3c1e-7b2a-7cc4-9d11-3f5a6b7c8d9e\"}";
        int status = 0;
        (void)state;
        char *line = call_sized("thing.look", args, strlen(args), &status);
        assert_int_equal(calls, 1);
        assert_int_equal(status, OCORE_ALREADY);
        assert_string_equal(line, "{\"ok\": true, \"already\": true, \"answer\": null}");
        ocore_json_free(line);
}

/* Requests that are refused before any command is reached. */

/* The text of a C string with all its bytes, a NUL inside included. */
#define TEXT(literal) literal, sizeof literal - 1

static const struct {
        const char *args;
        size_t size;
        const char *status, *field, *words;
} bad_requests[] = {
        /* fields */
        {TEXT("{\"nope\": 1}"), "INVALID", "nope", "the fields are id, count, good"},
        {TEXT("{\"secret\": 1}"), "INVALID", "secret", "no such field"},
        {TEXT("{\"tenant\": 1}"), "INVALID", "tenant", "no such field"},
        {TEXT("{\"struct_size\": 1}"), "INVALID", "struct_size", "no such field"},
        {TEXT("{\"\": 1}"), "INVALID", "", "no such field"},
        {TEXT("{\"parts\": [{}, {}, {\"x\": 1}]}"), "INVALID", "parts[2].x", "sku, quantity"},
        {TEXT("{\"parts\": [{\"quantity\": true}]}"), "INVALID", "parts[0].quantity", "decimal"},
        {TEXT("{\"parts\": [1]}"), "INVALID", "parts[0]", "object"},
        {TEXT("{\"parts\": [null]}"), "INVALID", "parts[0]", "object"},
        {TEXT("{\"parts\": {}}"), "INVALID", "parts", "list"},
        /* kinds */
        {TEXT("{\"count\": 1.0}"), "INVALID", "count", "without point or exponent"},
        {TEXT("{\"count\": 1e3}"), "INVALID", "count", "without point or exponent"},
        {TEXT("{\"count\": true}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \"1.0\"}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \"01\"}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \"-0\"}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \"+1\"}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \"\"}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \" 1\"}"), "INVALID", "count", "whole number"},
        {TEXT("{\"count\": \"9223372036854775808\"}"), "INVALID", "count", "64 bits"},
        {TEXT("{\"good\": 1}"), "INVALID", "good", "true or false"},
        {TEXT("{\"good\": \"true\"}"), "INVALID", "good", "true or false"},
        {TEXT("{\"color\": \"Red\"}"), "INVALID", "color", "\"red\", \"dark_green\""},
        {TEXT("{\"color\": 1}"), "INVALID", "color", "must be one of \"red\""},
        {TEXT("{\"color\": \"red\\u0000\"}"), "INVALID", "color", "must be one of"},
        {TEXT("{\"at\": 5}"), "INVALID", "at", "RFC 3339"},
        {TEXT("{\"at\": \"2026-02-30T00:00:00Z\"}"), "INVALID", "at", "RFC 3339"},
        {TEXT("{\"price\": 12.5}"), "INVALID", "price", "12.50 EUR"},
        {TEXT("{\"price\": 12}"), "INVALID", "price", "12.50 EUR"},
        {TEXT("{\"price\": \"12.505 EUR\"}"), "INVALID", "price", "decimals"},
        {TEXT("{\"price\": \"-0 EUR\"}"), "INVALID", "price", "12.50 EUR"},
        {TEXT("{\"price\": \"1 XQX\"}"), "INVALID", "price", "12.50 EUR"},
        {TEXT("{\"price\": \"92233720368547758.08 EUR\"}"), "OVERFLOW", "price", "64 bits"},
        {TEXT("{\"weight\": 1.5}"), "INVALID", "weight", "1.250"},
        {TEXT("{\"weight\": 1e3}"), "INVALID", "weight", "1.250"},
        {TEXT("{\"weight\": \"1e3\"}"), "INVALID", "weight", "1.250"},
        {TEXT("{\"weight\": \"1.0000000000\"}"), "INVALID", "weight", "9 decimals"},
        {TEXT("{\"weight\": \"9223372036854775808\"}"), "OVERFLOW", "weight", "64 bits"},
        {TEXT("{\"note\": 1}"), "INVALID", "note", "text"},
        {TEXT("{\"note\": \"a\\u0000b\"}"), "INVALID", "note", "NUL"},
        {TEXT("{\"id\": \"x\"}"), "INVALID", "id", "UUID"},
        {TEXT("{\"id\": \"00000000-0000-0000-0000-000000000000\"}"), "INVALID", "id", "zeros"},
        /* the text itself */
        {TEXT("{\"count\": -0}"), "INVALID", "", "line 1, column 11, offset 10: \"-0\""},
        {TEXT("{\"\xc3\xa4\":\n -0}"), "INVALID", "", "line 2, column 2, offset 8: \"-0\""},
        {TEXT("{\"count\": -0"), "INVALID", "", "\"-0\""},
        {TEXT("{\"count\": -0.0}"), "INVALID", "count", "without point"},
        {TEXT("{\"count\": 01}"), "INVALID", "", "invalid token"},
        {TEXT("{\"count\": -01}"), "INVALID", "", "invalid token"},
        {TEXT("{\"count\": +1}"), "INVALID", "", "invalid token"},
        {TEXT("{\"count\": NaN}"), "INVALID", "", "invalid token"},
        {TEXT("{\"count\": 0x10}"), "INVALID", "", "column 12, offset 11"},
        {TEXT("{\"count\": 9223372036854775808}"), "INVALID", "", "64 bits"},
        {TEXT("{\"count\": 1e999}"), "INVALID", "", "64 bits"},
        {TEXT("{\"count\": 1, \"count\": 1}"), "INVALID", "", "duplicate object key"},
        {TEXT("{\"count\": 1, \"co\\u0075nt\": 1}"), "INVALID", "", "duplicate object key"},
        {TEXT("{\"a\\u0000b\": 1}"), "INVALID", "", "NUL"},
        {TEXT("{\"note\": \"\\ud800\"}"), "INVALID", "", "Unicode"},
        {TEXT("{\"note\": \"\\udc00\\ud800\"}"), "INVALID", "", "Unicode"},
        {TEXT("{\"note\": \"\xff\"}"), "INVALID", "", "UTF-8"},
        {TEXT("{\"note\": \"\xc0\x80\"}"), "INVALID", "", "UTF-8"},
        {TEXT("{\"note\": \"\xed\xa0\x80\"}"), "INVALID", "", "UTF-8"},
        {TEXT("{\"note\": \"\xf4\x90\x80\x80\"}"), "INVALID", "", "UTF-8"},
        {TEXT("{\"note\": \"a\nb\"}"), "INVALID", "", "newline"},
        {TEXT("{\"note\": \"a\0b\"}"), "INVALID", "", "control character"},
        {TEXT("{\"note\": \"\\x\"}"), "INVALID", "", "escape"},
        {TEXT("{\"note\": \"abc"), "INVALID", "", "not complete"},
        {TEXT("{\"note\": \"abc\\"), "INVALID", "", "escape"},
        {TEXT("{}x"), "INVALID", "", "column 3, offset 2: end of file expected"},
        {TEXT("{}{}"), "INVALID", "", "behind"},
        {TEXT("{}\0"), "INVALID", "", "behind"},
        {TEXT("\0"), "INVALID", "", "line 1"},
        {TEXT(" "), "INVALID", "", "not complete"},
        {TEXT("[]"), "INVALID", "", "object"},
        {TEXT("null"), "INVALID", "", "expected"},
        {TEXT("{\"count\": 1,}"), "INVALID", "", "offset 12"},
        {TEXT("{'count': 1}"), "INVALID", "", "line 1, column 2"},
        {TEXT("// x\n{}"), "INVALID", "", "line 1"},
        {TEXT("\xef\xbb\xbf{}"), "INVALID", "", "line 1"},
};

static void test_bad_requests(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof bad_requests / sizeof bad_requests[0]; i++) {
                int status = 0;
                char *line = call_sized(
                        "thing.echo", bad_requests[i].args, bad_requests[i].size, &status);
                assert_refused(
                        line, bad_requests[i].status, bad_requests[i].field, bad_requests[i].words);
                assert_string_equal(ocore_status_name(status), bad_requests[i].status);
                assert_int_equal(calls, 0);
                ocore_json_free(line);
        }
}

static void test_all_faults_at_once(void **state)
{
        static const char args[] =
                "{\"count\": 1.5, \"x\": 1, \"price\": \"99999999999999999999 EUR\", "
                "\"parts\": [{\"sku\": 1}]}";
        int status = 0;
        (void)state;
        char *line = call_sized("thing.echo", args, strlen(args), &status);
        assert_refused(line, "INVALID", "count", "whole");
        assert_int_equal(status, OCORE_INVALID);
        json_t *answer = json_loads(line, 0, NULL);
        const json_t *all = json_object_get(answer, "errors");
        static const char *const fields[] = {"count", "x", "price", "parts[0].sku"};
        assert_int_equal(json_array_size(all), 4);
        for (size_t i = 0; i < 4; i++) {
                const json_t *one = json_array_get(all, i);
                assert_string_equal(json_string_value(json_object_get(one, "field")), fields[i]);
                assert_string_equal(json_string_value(json_object_get(one, "status")),
                        i == 2 ? "OVERFLOW" : "INVALID");
        }
        json_decref(answer);
        ocore_json_free(line);
}

/* Limits. */

static char *repeat(
        const char *before, const char *piece, size_t times, const char *after, size_t *size)
{
        const size_t each = strlen(piece);
        *size = strlen(before) + times * each + strlen(after);
        char *text = malloc(*size + 1);
        assert_non_null(text);
        char *at = text + sprintf(text, "%s", before);
        for (size_t i = 0; i < times; i++, at += each)
                memcpy(at, piece, each);
        memcpy(at, after, strlen(after) + 1);
        return text;
}

static void test_limits(void **state)
{
        static const size_t mib = (size_t)1024 * 1024;
        static const struct {
                const char *before, *piece;
                size_t times;
                const char *after, *status, *words;
        } cases[] = {
                {"{\"x\": ", "[", 31, "", "INVALID", "not complete"},
                {"{\"x\": ", "[", 32, "", "INVALID",
                        "line 1, column 38, offset 37: nested too deep"},
                {"", "[", 3000000, "", "INVALID", "nested too deep"},
                {"{\"x\": ", "{\"a\":", 100000, "", "INVALID", "nested too deep"},
                {"{\"x\": [", "[],", 999998, "[]]}", "LIMIT", "split"},
                {"{\"note\": \"", "a", 16 * mib - 12, "\"}", "OK", ""},
                {"{\"note\": \"", "a", 16 * mib - 11, "\"}", "LIMIT", "16 MiB"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                size_t size = 0;
                int status = 0;
                char *args = repeat(
                        cases[i].before, cases[i].piece, cases[i].times, cases[i].after, &size);
                char *line = call_sized("thing.echo", args, size, &status);
                assert_string_equal(ocore_status_name(status), cases[i].status);
                if (status < 0)
                        assert_refused(line, cases[i].status, "", cases[i].words);
                ocore_json_free(line);
                free(args);
        }
}

/* More faults than can be told, and a name longer than can be shown, are cut and still told. */
static void test_many_faults(void **state)
{
        size_t size = 0;
        int status = 0;
        (void)state;
        char *args = repeat("{\"parts\": [", "{\"quantity\": 1.5},", 1000, "{}]}", &size);
        char *line = call_sized("thing.echo", args, size, &status);
        assert_refused(line, "INVALID", "parts[0].quantity", "decimal");
        json_t *answer = json_loads(line, 0, NULL);
        assert_int_equal(json_array_size(json_object_get(answer, "errors")), 64);
        json_decref(answer);
        ocore_json_free(line);
        free(args);
        args = repeat("{\"", "\xc3\xa4", 100000, "\": 1}", &size);
        line = call_sized("thing.echo", args, size, &status);
        assert_int_equal(status, OCORE_INVALID);
        assert_true(strlen(line) < 1000);
        ocore_json_free(line);
        free(args);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(test_good_requests, reset),
                cmocka_unit_test_setup(test_request_in_memory, reset),
                cmocka_unit_test_setup(test_bad_requests, reset),
                cmocka_unit_test_setup(test_all_faults_at_once, reset),
                cmocka_unit_test_setup(test_limits, reset),
                cmocka_unit_test_setup(test_many_faults, reset),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
