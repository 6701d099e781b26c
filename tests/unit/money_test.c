/*
 * Money: every three-letter code is looked up, so that the table is sorted, whole and has nothing
 * else in it; amounts are read and written by tables, and what is refused leaves zeros.
 */
#include <ordercore/base.h>

#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_currencies(void **unused)
{
        static const struct {
                const char *code;
                int exponent;
        } cases[] = {
                {"AED", 2},
                {"EUR", 2},
                {"USD", 2},
                {"JPY", 0},
                {"KWD", 3},
                {"CLF", 4},
                {"UYW", 4},
                {"BHD", 3},
                {"TND", 3},
                {"ISK", 0},
                {"ZWG", 2},
                {"XAU", -1},
                {"XXX", -1},
                {"eur", -1},
                {"EU", -1},
                {"EURO", -1},
                {"", -1},
        };
        size_t counts[5] = {0, 0, 0, 0, 0};
        char code[4] = "AAA";
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++)
                assert_int_equal(
                        ocore_currency_exponent(ocore_str_of(cases[n].code)), cases[n].exponent);
        for (n = 0; n < 26 * 26 * 26; n++) {
                int exponent;

                code[0] = (char)('A' + n / 676);
                code[1] = (char)('A' + n / 26 % 26);
                code[2] = (char)('A' + n % 26);
                exponent = ocore_currency_exponent(ocore_str_of(code));
                if (exponent >= 0)
                        counts[exponent]++;
                else
                        assert_int_equal(exponent, OCORE_INVALID);
        }
        assert_int_equal(counts[0], 17);
        assert_int_equal(counts[1], 0);
        assert_int_equal(counts[3], 7);
        assert_int_equal(counts[4], 2);
        assert_int_equal(counts[2], 140);
        assert_int_equal(ocore_currency_exponent(ocore_str_of(NULL)), OCORE_INVALID);
}

static void test_text(void **unused)
{
        static const struct {
                const char *text;
                int status;
                int64_t amount;
                const char *back;
        } cases[] = {
                {"12.50 EUR", OCORE_OK, 1250, "12.50 EUR"},
                {"12.5 EUR", OCORE_OK, 1250, "12.50 EUR"},
                {"12 EUR", OCORE_OK, 1200, "12.00 EUR"},
                {"-0.01 USD", OCORE_OK, -1, "-0.01 USD"},
                {"0 JPY", OCORE_OK, 0, "0 JPY"},
                {"0.0001 CLF", OCORE_OK, 1, "0.0001 CLF"},
                {"-92233720368547758.08 EUR", OCORE_OK, INT64_MIN, "-92233720368547758.08 EUR"},
                {"92233720368547758.07 EUR", OCORE_OK, INT64_MAX, "92233720368547758.07 EUR"},
                {"-922337203685477.5808 CLF", OCORE_OK, INT64_MIN, "-922337203685477.5808 CLF"},
                {"92233720368547758.08 EUR", OCORE_OVERFLOW, 0, ""},
                {"92233720368547759 EUR", OCORE_OVERFLOW, 0, ""},
                {"99999999999999999999 JPY", OCORE_OVERFLOW, 0, ""},
                {"1.5 JPY", OCORE_INVALID, 0, ""},
                {"1.234 EUR", OCORE_INVALID, 0, ""},
                {"1.230 EUR", OCORE_INVALID, 0, ""},
                {"-0 EUR", OCORE_INVALID, 0, ""},
                {"-0.00 EUR", OCORE_INVALID, 0, ""},
                {"+1 EUR", OCORE_INVALID, 0, ""},
                {"01 EUR", OCORE_INVALID, 0, ""},
                {".5 EUR", OCORE_INVALID, 0, ""},
                {"5. EUR", OCORE_INVALID, 0, ""},
                {"1e2 EUR", OCORE_INVALID, 0, ""},
                {"1  EUR", OCORE_INVALID, 0, ""},
                {"1 EUR ", OCORE_INVALID, 0, ""},
                {" EUR", OCORE_INVALID, 0, ""},
                {"- EUR", OCORE_INVALID, 0, ""},
                {"1 XXX", OCORE_INVALID, 0, ""},
                {"1EUR", OCORE_INVALID, 0, ""},
                {"1,5 EUR", OCORE_INVALID, 0, ""},
                {"", OCORE_INVALID, 0, ""},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                ocore_money money;
                char out[OCORE_NUMBER_TEXT_SIZE];
                int status;

                memset(&money, 7, sizeof money);
                status = ocore_money_parse(ocore_str_of(cases[n].text), &money);
                if (status != cases[n].status)
                        fail_msg("%s gives %d", cases[n].text, status);
                assert_true(money.amount_minor == cases[n].amount);
                assert_int_equal(money.reserved, 0);
                status = ocore_money_format(money, out);
                assert_int_equal(status,
                        cases[n].back[0] != '\0' ? (int)strlen(cases[n].back) : OCORE_INVALID);
                assert_string_equal(out, cases[n].back);
        }
        assert_int_equal(ocore_money_parse(ocore_str_of("1 EUR"), NULL), OCORE_INVALID);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_currencies),
                cmocka_unit_test(test_text),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
