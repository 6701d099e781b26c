/*
 * Text by tables of good and bad bytes, each also shifted so that the eight-at-once path and the
 * one-by-one path both meet it; card and trade item numbers; the writer at every size of room.
 */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text)                                                                                \
        {                                                                                          \
                text, sizeof text - 1                                                              \
        }

static void test_good(void **unused)
{
        static const struct {
                ocore_str text;
                int good, with_lines, utf8;
        } cases[] = {
                {BYTES(""), 1, 1, 1},
                {BYTES("plain ~"), 1, 1, 1},
                {BYTES("M\xc3\xbcller"), 1, 1, 1},
                {BYTES("\xe2\x82\xac"), 1, 1, 1},
                {BYTES("\xf0\x9f\x93\xa6"), 1, 1, 1},
                {BYTES("\xf4\x8f\xbf\xbf"), 1, 1, 1},
                {BYTES("\xc2\xa0"), 1, 1, 1},
                {BYTES("a\nb\tc\r"), 0, 1, 1},
                {BYTES("\0"), 0, 0, 0},
                {BYTES("\x1f"), 0, 0, 1},
                {BYTES("\x7f"), 0, 0, 1},
                {BYTES("\xc2\x9f"), 0, 0, 1},
                {BYTES("\x80"), 0, 0, 0},
                {BYTES("\xc0\xaf"), 0, 0, 0},
                {BYTES("\xc1\xbf"), 0, 0, 0},
                {BYTES("\xe0\x9f\xbf"), 0, 0, 0},
                {BYTES("\xed\xa0\x80"), 0, 0, 0},
                {BYTES("\xf0\x8f\xbf\xbf"), 0, 0, 0},
                {BYTES("\xf4\x90\x80\x80"), 0, 0, 0},
                {BYTES("\xf5\x80\x80\x80"), 0, 0, 0},
                {BYTES("\xff"), 0, 0, 0},
                {BYTES("\xe2\x82"), 0, 0, 0},
                {BYTES("\xe2\x28\xa1"), 0, 0, 0},
                {BYTES("\xc3"), 0, 0, 0},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                size_t before;

                for (before = 0; before < 20; before++) {
                        size_t size = before + cases[n].text.size;
                        char *bytes = malloc(size + (size == 0));
                        ocore_str text = {bytes, size};

                        memset(bytes, 'x', before);
                        memcpy(bytes + before, cases[n].text.data, cases[n].text.size);
                        assert_int_equal(ocore__text_good(text, 0), cases[n].good);
                        assert_int_equal(ocore__text_good(text, 1), cases[n].with_lines);
                        assert_int_equal(ocore__text_is_utf8(text), cases[n].utf8);
                        free(bytes);
                }
        }
        assert_int_equal(ocore__text_good(ocore_str_of(NULL), 0), 1);
}

/* Every byte, at every place of a word. */
static void test_every_byte(void **unused)
{
        unsigned byte;
        size_t at;

        (void)unused;
        for (byte = 0; byte < 256; byte++) {
                for (at = 0; at < 8; at++) {
                        char bytes[8];
                        ocore_str text = {bytes, 8};

                        memset(bytes, 'x', 8);
                        bytes[at] = (char)byte;
                        assert_int_equal(ocore__text_good(text, 0), byte >= 0x20 && byte < 0x7f);
                        assert_int_equal(ocore__text_is_utf8(text), byte > 0 && byte < 0x80);
                }
        }
}

static void test_numbers(void **unused)
{
        static const struct {
                const char *text;
                int card, gtin;
        } cases[] = {
                {"4111111111111111", 1, 0},
                {"pay 4111 1111 1111 1111 please", 1, 0},
                {"3782-822463-10005", 1, 0},
                {"4111111111111112", 0, 0},
                {"4111  1111 1111 1111", 0, 0},
                {"41111111111111110000", 0, 0},
                {"0000000000000", 1, 1},
                {"4222222222222", 1, 0},
                {"4006381333931", 0, 1},
                {"4006381333932", 1, 0},
                {"96385074", 0, 1},
                {"036000291452", 0, 1},
                {"10614141000415", 0, 1},
                {"106141410004x5", 0, 0},
                {"", 0, 0},
                {"12 ", 0, 0},
                {"12-", 0, 0},
                {"a 4111 1111 1111 1111", 1, 0},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                ocore_str text = ocore_str_of(cases[n].text);

                if (ocore__text_has_card(text) != cases[n].card ||
                        ocore__text_is_gtin(text) != cases[n].gtin)
                        fail_msg("case %s", cases[n].text);
        }
}

static void test_compare(void **unused)
{
        ocore_id a = {{0}};
        ocore_id b = {{1}};

        (void)unused;
        assert_true(ocore__str_compare(ocore_str_of("a"), ocore_str_of("b")) < 0);
        assert_true(ocore__str_compare(ocore_str_of("ab"), ocore_str_of("a")) > 0);
        assert_true(ocore__str_compare(ocore_str_of("a"), ocore_str_of("ab")) < 0);
        assert_true(ocore__str_compare(ocore_str_of("a"), ocore_str_of("\xc3")) < 0);
        assert_int_equal(ocore__str_compare(ocore_str_of(NULL), ocore_str_of("")), 0);
        assert_true(ocore__id_compare(a, b) < 0);
        assert_int_equal(ocore__id_compare(b, b), 0);
        assert_int_equal(ocore__id_is_none(a), 1);
        assert_int_equal(ocore__id_is_none(b), 0);
}

/* A text that does not fit is cut between characters. */
static void test_writer_cuts(void **unused)
{
        static const size_t kept[] = {0, 1, 1, 3, 3, 3, 6};
        char data[8];
        size_t room;

        (void)unused;
        for (room = 1; room <= 7; room++) {
                ocore__writer writer;

                ocore__writer_init(&writer, data, room);
                ocore__write_text(&writer, ocore_str_of("a\xc3\xa9\xe2\x82\xac"));
                assert_int_equal(writer.used, kept[room - 1]);
                assert_int_equal(data[writer.used], 0);
        }
}

static void test_writer(void **unused)
{
        static const char wanted[] = "x 9223372036854775807 -0.05 % t -9223372036854775808 ? "
                                     "00010203-0405-0607-0809-0a0b0c0d0e0f";
        ocore_id id = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
        ocore_str text = {"text", 1};
        int64_t most = INT64_MAX;
        int64_t least = INT64_MIN;
        int64_t amount = -5;
        int64_t scale = 2;
        size_t room;

        (void)unused;
        for (room = 1; room <= sizeof wanted + 3; room++) {
                char *data = malloc(room);
                size_t size = room - 1 < sizeof wanted - 1 ? room - 1 : sizeof wanted - 1;
                ocore__writer writer;

                ocore__writer_init(&writer, data, room);
                ocore__write(&writer, "%s %d %u %% %t %d %? %i%", "x", &most, &amount, &scale,
                        &text, &least, &id);
                assert_int_equal(writer.used, size);
                assert_memory_equal(data, wanted, size);
                assert_int_equal(data[size], 0);
                free(data);
        }
}

static void test_units(void **unused)
{
        static const struct {
                int64_t amount, scale;
                const char *wanted;
        } cases[] = {
                {0, 0, "0"},
                {0, 2, "0.00"},
                {5, 3, "0.005"},
                {-1250, 3, "-1.250"},
                {INT64_MIN, 0, "-9223372036854775808"},
                {INT64_MIN, 18, "-9.223372036854775808"},
                {1, 18, "0.000000000000000001"},
                {-7, 18, "-0.000000000000000007"},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                char data[40];
                ocore__writer writer;

                ocore__writer_init(&writer, data, sizeof data);
                ocore__write_units(&writer, cases[n].amount, cases[n].scale);
                assert_string_equal(data, cases[n].wanted);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_good),
                cmocka_unit_test(test_every_byte),
                cmocka_unit_test(test_numbers),
                cmocka_unit_test(test_compare),
                cmocka_unit_test(test_writer),
                cmocka_unit_test(test_writer_cuts),
                cmocka_unit_test(test_units),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
