/* Ids as text: there and back, both cases of letters, and every single wrong character. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_round_trip(void **unused)
{
        static const char text[] = "018f2a3b-4c5d-7e6f-8091-a2b3c4d5e6f7";
        static const char upper[] = "018F2A3B-4C5D-7E6F-8091-A2B3C4D5E6F7";
        char out[OCORE_ID_TEXT_SIZE];
        ocore_id id;
        ocore_id other;

        (void)unused;
        assert_int_equal(ocore_id_parse(ocore_str_of(text), &id), OCORE_OK);
        assert_int_equal(id.bytes[0], 0x01);
        assert_int_equal(id.bytes[15], 0xf7);
        ocore_id_format(id, out);
        assert_string_equal(out, text);
        assert_int_equal(ocore_id_parse(ocore_str_of(upper), &other), OCORE_OK);
        assert_int_equal(ocore__id_compare(id, other), 0);
}

static void test_wrong(void **unused)
{
        static const char wrong[] = {'g', 'G', '/', ':', '@', '`', ' ', '\0', '\xff'};
        char text[] = "018f2a3b-4c5d-7e6f-8091-a2b3c4d5e6f7";
        ocore_str part = {text, 35};
        ocore_id id;
        size_t at;
        size_t n;

        (void)unused;
        for (at = 0; at < sizeof text - 1; at++) {
                char kept = text[at];

                for (n = 0; n < sizeof wrong; n++) {
                        ocore_str whole = {text, sizeof text - 1};

                        text[at] = wrong[n];
                        memset(&id, 7, sizeof id);
                        assert_int_equal(ocore_id_parse(whole, &id), OCORE_INVALID);
                        assert_int_equal(ocore__id_is_none(id), 1);
                }
                text[at] = kept == '-' ? '0' : '-';
                assert_int_equal(ocore_id_parse(ocore_str_of(text), &id), OCORE_INVALID);
                text[at] = kept;
        }
        assert_int_equal(ocore_id_parse(part, &id), OCORE_INVALID);
        part.size = 37;
        assert_int_equal(ocore_id_parse(part, &id), OCORE_INVALID);
        assert_int_equal(ocore_id_parse(ocore_str_of(NULL), &id), OCORE_INVALID);
        assert_int_equal(ocore_id_parse(ocore_str_of(text), NULL), OCORE_INVALID);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_wrong),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
