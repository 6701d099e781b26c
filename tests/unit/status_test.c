/* Every status has its own name and every other number none; the version; texts borrowed. */
#include <ordercore/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_names(void **unused)
{
        int status;

        (void)unused;
        for (status = -30; status <= 10; status++) {
                int other;

                assert_int_equal(strcmp(ocore_status_name(status), "?") != 0,
                        status >= OCORE_CONFLICT && status <= OCORE_ALREADY);
                for (other = OCORE_CONFLICT; other < status && status <= OCORE_ALREADY; other++)
                        assert_string_not_equal(
                                ocore_status_name(status), ocore_status_name(other));
        }
        assert_string_equal(ocore_status_name(OCORE_OUT_OF_STOCK), "OUT_OF_STOCK");
        assert_string_equal(ocore_version(), "0.1.0");
}

static void test_texts(void **unused)
{
        ocore_str empty = {NULL, 0};

        (void)unused;
        assert_int_equal(ocore_str_of(NULL).size, 0);
        assert_int_equal(ocore_str_of("abc").size, 3);
        assert_int_equal(ocore_str_equal(empty, ocore_str_of("")), 1);
        assert_int_equal(ocore_str_equal(ocore_str_of("ab"), ocore_str_of("ab")), 1);
        assert_int_equal(ocore_str_equal(ocore_str_of("ab"), ocore_str_of("ac")), 0);
        assert_int_equal(ocore_str_equal(ocore_str_of("ab"), ocore_str_of("abc")), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_names),
                cmocka_unit_test(test_texts),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
