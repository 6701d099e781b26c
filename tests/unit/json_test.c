/*
 * Proves the frame around request and answer: what the core's errors become, names that are not
 * known, the lines of a batch, and that neither want of memory nor any bytes at all crash, leak or
 * lie. How: by tables; by failing each allocation in turn; by some ten thousand lines with changed
 * bytes.
 */
#include "json_things.h"

/* What the core says. */

static void test_core_errors(void **state)
{
        static const ocore_error two[] = {
                {OCORE_OUT_OF_STOCK, {"parts[0].quantity", 17}, {"only 2 are \"there\"", 18}, 0},
                {OCORE_LIMIT, {"note", 4}, {"too long", 8}, 0},
        };
        int status = 0;
        (void)state;
        next_status = OCORE_OUT_OF_STOCK;
        char *line = call_sized("thing.echo", "{}", 2, &status);
        assert_string_equal(line, "{\"ok\": false, \"status\": \"OUT_OF_STOCK\", \"field\": \"\", "
                                  "\"message\": \"\"}");
        assert_int_equal(status, OCORE_OUT_OF_STOCK);
        ocore_json_free(line);
        errors = two;
        error_count = 1;
        line = call_sized("thing.echo", "{}", 2, &status);
        assert_string_equal(line,
                "{\"ok\": false, \"status\": \"OUT_OF_STOCK\", \"field\": \"parts[0].quantity\", "
                "\"message\": \"only 2 are \\\"there\\\"\"}");
        ocore_json_free(line);
        error_count = 2;
        line = call_sized("thing.echo", "{}", 2, &status);
        assert_non_null(strstr(line,
                ", \"errors\": [{\"status\": \"OUT_OF_STOCK\", \"field\": \"parts[0].quantity\""));
        assert_non_null(strstr(line,
                ", {\"status\": \"LIMIT\", \"field\": \"note\", \"message\": \"too long\"}]}"));
        ocore_json_free(line);
}

static void test_unknown_commands(void **state)
{
        static const struct {
                const char *name, *words;
        } cases[] = {
                {"thing.ecko", "there are thing.echo, thing.grow, thing.look"},
                {"nothing.echo", "noun.verb"},
                {"thing", "noun.verb"},
                {"", "noun.verb"},
                {".", "noun.verb"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int status = 0;
                char *line = call_sized(cases[i].name, "{}", 2, &status);
                assert_refused(line, "NOT_FOUND", "call", cases[i].words);
                assert_int_equal(status, OCORE_NOT_FOUND);
                assert_null(strstr(line, "other"));
                ocore_json_free(line);
        }
}

static void test_lines(void **state)
{
        static const struct {
                const char *line, *status, *field, *words;
        } cases[] = {
                {"{\"call\": \"thing.echo\"}", "OK", "", ""},
                {"{\"call\": \"thing.echo\", \"args\": null}", "OK", "", ""},
                {"{\"args\": {\"count\": 3}, \"call\": \"thing.echo\"}\r", "OK", "", ""},
                {"{\"args\": {\"count\": 1.5}, \"call\": \"thing.echo\"}", "INVALID", "count",
                        "whole"},
                {"{\"call\": \"thing.nope\", \"args\": {}}", "NOT_FOUND", "call", "thing.echo"},
                {"", "INVALID", "", "not complete"},
                {"[]", "INVALID", "", "object"},
                {"{}", "INVALID", "call", "name of a command"},
                {"{\"call\": 1}", "INVALID", "call", "name of a command"},
                {"{\"call\": null}", "INVALID", "call", "name of a command"},
                {"{\"call\": \"thing.echo\", \"args\": [1]}", "INVALID", "args", "object"},
                {"{\"call\": \"thing.echo\", \"argz\": {}}", "INVALID", "argz", "call, args"},
                {"{\"call\": \"thing.echo\", \"call\": \"thing.echo\"}", "INVALID", "",
                        "duplicate"},
                {"{\"call\": \"thing.echo\\u0000\"}", "NOT_FOUND", "call", "thing.echo"},
        };
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char *out = NULL;
                const int status = ocore_json_line(NULL, ocore_str_of(cases[i].line), &out);
                assert_non_null(out);
                assert_string_equal(ocore_status_name(status), cases[i].status);
                if (status < 0)
                        assert_refused(out, cases[i].status, cases[i].field, cases[i].words);
                else
                        assert_memory_equal(out, "{\"ok\": true, ", 13);
                ocore_json_free(out);
        }
        assert_int_equal(calls, 3);
        assert_int_equal(ocore_json_line(NULL, ocore_str_of("{}"), NULL), OCORE_INVALID);
        assert_int_equal(
                ocore_json_call(NULL, ocore_str_of(""), ocore_str_of(""), NULL), OCORE_INVALID);
        ocore_json_free(NULL);
}

/*
 * Each allocation fails, once or from then on: no crash, no leak, and either no text and NOMEM or
 * the right answer. A refusal for want of memory must never be told as a fault of the request.
 */

static size_t allocations_left; /* until one fails, which is the last; 0: none fails */
static int allocations_stay;    /* 1: those behind it fail too */
static size_t allocations_open;

static void *failing_malloc(size_t size)
{
        if (allocations_left == 1) {
                allocations_left = allocations_stay ? 1 : 0;
                return NULL;
        }
        allocations_left -= allocations_left > 0;
        allocations_open++;
        return malloc(size);
}

static void counting_free(void *memory)
{
        allocations_open -= memory != NULL;
        free(memory);
}

/* Fails the nth allocation of a line, for n = 1, 2 … until it is not reached; counts NOMEM. */
static size_t starve(const char *line, int status)
{
        size_t starved = 0;
        for (size_t nth = 1;; nth++) {
                char *out = NULL;
                allocations_left = nth;
                const int got = ocore_json_line(NULL, ocore_str_of(line), &out);
                const int reached =
                        allocations_left <= 1 && (allocations_stay || allocations_left == 0);
                allocations_left = 0;
                assert_int_equal(got, out == NULL ? OCORE_NOMEM : status);
                starved += out == NULL;
                ocore_json_free(out);
                assert_int_equal(allocations_open, 0);
                if (!reached)
                        return starved;
        }
}

static void test_no_memory(void **state)
{
        static const struct {
                const char *line;
                int status;
        } cases[] = {
                {"{\"call\": \"thing.echo\", \"args\": {\"note\": \"abc\", \"weight\": \"1\", "
                 "\"parts\": "
                 "[{\"sku\": \"A\"}, {\"sku\": \"B\"}]}}",
                        OCORE_OK},
                {"{\"call\": \"thing.echo\", \"args\": {\"color\": 1, \"x\": 1.5, \"count\": []}}",
                        OCORE_INVALID},
                {"{\"call\": \"thing.nope\"}", OCORE_NOT_FOUND},
                {"{\"call\": -0}", OCORE_INVALID},
                {"{\"call\": x}", OCORE_INVALID},
        };
        (void)state;
        json_set_alloc_funcs(failing_malloc, counting_free);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                allocations_stay = 0;
                assert_true(starve(cases[i].line, cases[i].status) > 0);
                allocations_stay = 1;
                assert_true(starve(cases[i].line, cases[i].status) > 1);
        }
        json_set_alloc_funcs(malloc, free);
}

/* Any bytes at all: good lines with a few bytes changed. What comes out is always one line of
 * JSON that says ok or names a status. The seed is printed; JSON_TEST_SEED repeats a run. */
static void test_any_bytes(void **state)
{
        static const char *const good[] = {
                "{\"call\": \"thing.echo\", \"args\": {\"note\": \"a\\ud83d\\ude00\", \"count\": "
                "12}}",
                "{\"call\": \"thing.echo\", \"args\": {\"parts\": [{\"sku\": \"A\", \"quantity\": "
                "1}]}}",
                "{\"call\": \"thing.echo\", \"args\": {\"price\": \"1.5 EUR\", \"weight\": "
                "\"1.5\", "
                "\"color\": \"red\", \"at_us\": \"2026-01-31T09:30:00Z\", \"good\": true}}",
        };
        static const char likely[] = "{}[]\",:-0.e\\u1 \n";
        const char *given = getenv("JSON_TEST_SEED");
        uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20260131;
        (void)state;
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (int round = 0; round < 30000; round++) {
                char line[256];
                const char *from = good[round % 3];
                size_t size = strlen(from);
                memcpy(line, from, size);
                for (int change = 0; change <= round % 4; change++) {
                        seed ^= seed << 13; /* xorshift (Marsaglia, 2003) */
                        seed ^= seed >> 7;
                        seed ^= seed << 17;
                        const size_t at = (size_t)(seed >> 8) % size;
                        if (seed % 16 == 0)
                                size = at > 0 ? at : 1;
                        else if (seed % 2 == 0)
                                line[at] = likely[(seed >> 40) % (sizeof likely - 1)];
                        else
                                line[at] = (char)(seed >> 40);
                }
                char *out = NULL;
                const int status = ocore_json_line(NULL, (ocore_str){line, size}, &out);
                assert_non_null(out);
                assert_null(strpbrk(out, "\r\n"));
                json_t *answer = json_loads(out, JSON_REJECT_DUPLICATES, NULL);
                assert_non_null(answer);
                assert_int_equal(json_is_true(json_object_get(answer, "ok")), status >= 0);
                json_decref(answer);
                ocore_json_free(out);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(test_core_errors, reset),
                cmocka_unit_test_setup(test_unknown_commands, reset),
                cmocka_unit_test_setup(test_lines, reset),
                cmocka_unit_test_setup(test_no_memory, reset),
                cmocka_unit_test_setup(test_any_bytes, reset),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
