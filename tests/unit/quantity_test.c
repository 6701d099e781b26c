/* Quantities as text, by a table: what is good comes back, what is not leaves zeros. */
#include <ordercore/base.h>

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
                int64_t amount;
                int32_t scale;
        } cases[] = {
                {"3", OCORE_OK, 3, 0},
                {"0", OCORE_OK, 0, 0},
                {"0.000", OCORE_OK, 0, 3},
                {"1.250", OCORE_OK, 1250, 3},
                {"-1.5", OCORE_OK, -15, 1},
                {"0.000000001", OCORE_OK, 1, 9},
                {"9223372036854775807", OCORE_OK, INT64_MAX, 0},
                {"-9223372036.854775808", OCORE_OK, INT64_MIN, 9},
                {"9223372036854775808", OCORE_OVERFLOW, 0, 0},
                {"-9223372036854775809", OCORE_OVERFLOW, 0, 0},
                {"0.0000000001", OCORE_INVALID, 0, 0},
                {"-0", OCORE_INVALID, 0, 0},
                {"-0.0", OCORE_INVALID, 0, 0},
                {"00", OCORE_INVALID, 0, 0},
                {"01", OCORE_INVALID, 0, 0},
                {"+1", OCORE_INVALID, 0, 0},
                {"1.", OCORE_INVALID, 0, 0},
                {".1", OCORE_INVALID, 0, 0},
                {"-", OCORE_INVALID, 0, 0},
                {"", OCORE_INVALID, 0, 0},
                {"1e3", OCORE_INVALID, 0, 0},
                {"1 ", OCORE_INVALID, 0, 0},
                {"1.2.3", OCORE_INVALID, 0, 0},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                ocore_quantity quantity;
                char out[OCORE_NUMBER_TEXT_SIZE];
                int status;

                memset(&quantity, 7, sizeof quantity);
                status = ocore_quantity_parse(ocore_str_of(cases[n].text), &quantity);
                if (status != cases[n].status)
                        fail_msg("%s gives %d", cases[n].text, status);
                assert_true(quantity.amount == cases[n].amount);
                assert_int_equal(quantity.scale, cases[n].scale);
                assert_int_equal(quantity.reserved, 0);
                status = ocore_quantity_format(quantity, out);
                if (cases[n].status == OCORE_OK) {
                        assert_int_equal(status, strlen(cases[n].text));
                        assert_string_equal(out, cases[n].text);
                }
        }
        assert_int_equal(ocore_quantity_parse(ocore_str_of("1"), NULL), OCORE_INVALID);
        assert_int_equal(ocore_quantity_parse(ocore_str_of(NULL), &(ocore_quantity){0, 0, 0}),
                OCORE_INVALID);
}

static void test_scales(void **unused)
{
        ocore_quantity quantity = {5, -1, 0};
        char out[OCORE_NUMBER_TEXT_SIZE] = "x";

        (void)unused;
        assert_int_equal(ocore_quantity_format(quantity, out), OCORE_INVALID);
        assert_string_equal(out, "");
        quantity.scale = 10;
        assert_int_equal(ocore_quantity_format(quantity, out), OCORE_INVALID);
        quantity.scale = 9;
        assert_int_equal(ocore_quantity_format(quantity, out), 11);
        assert_string_equal(out, "0.000000005");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_text),
                cmocka_unit_test(test_scales),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
