/*
 * The hash against published results of XXH64 and SplitMix64, at every size against itself at
 * another alignment, and by how many bits of the result one bit of the input turns; and ids that
 * follow from others.
 */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_published(void **unused)
{
        static const struct {
                const char *text;
                uint64_t wanted;
        } cases[] = {
                {"", UINT64_C(0xef46db3751d8e999)},
                {"a", UINT64_C(0xd24ec4f1a98c6e5b)},
                {"abc", UINT64_C(0x44bc2cf5ad770999)},
                {"Nobody inspects the spammish repetition", UINT64_C(0xfbcea83c8a378bf1)},
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++)
                assert_true(
                        ocore__hash(cases[n].text, strlen(cases[n].text), 0) == cases[n].wanted);
        /* The first number that SplitMix64 gives when it starts from 0. */
        assert_true(ocore__hash_number(0, 0) == UINT64_C(0xe220a8397b1dcdaf));
        assert_true(ocore__hash(NULL, 0, 0) == cases[0].wanted);
}

static unsigned bits_of(uint64_t number)
{
        unsigned bits = 0;

        for (; number != 0; number &= number - 1)
                bits++;
        return bits;
}

static void test_spread(void **unused)
{
        size_t size;

        (void)unused;
        for (size = 1; size < 100; size++) {
                uint8_t *bytes = malloc(size + 1);
                uint64_t before;
                uint64_t moved;
                size_t bit;
                unsigned turned = 0;

                memset(bytes, 0x5a, size + 1);
                before = ocore__hash(bytes, size, 3);
                moved = ocore__hash(bytes + 1, size, 3);
                assert_true(before == moved);
                assert_true(before != ocore__hash(bytes, size, 4));
                assert_true(before != ocore__hash(bytes, size - 1, 3));
                for (bit = 0; bit < size * 8; bit++) {
                        unsigned now;

                        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        now = bits_of(before ^ ocore__hash(bytes, size, 3));
                        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
                        assert_true(now >= 8);
                        turned += now;
                }
                assert_true(turned / (size * 8) >= 28 && turned / (size * 8) <= 36);
                free(bytes);
        }
}

/* What follows from an id for a purpose is always the same, a UUID of version 8, and another one
 * for any other id or purpose. It is kept in stores, so it is written down here. */
static void test_derive(void **unused)
{
        static const uint8_t wanted[16] = {0x62, 0x9e, 0x7f, 0x19, 0x08, 0x6b, 0x8c, 0x02, 0xbd,
                0xa9, 0x86, 0xda, 0x7a, 0x36, 0x50, 0x94};
        const ocore_id from = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
        const ocore_id other = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17}};
        const ocore_str make = {"make", 4}, ship = {"ship", 4}, none = {NULL, 0};
        ocore_id ids[5];

        (void)unused;
        ids[0] = ocore__id_derive(from, make);
        ids[1] = ocore__id_derive(from, ship);
        ids[2] = ocore__id_derive(from, none);
        ids[3] = ocore__id_derive(other, make);
        ids[4] = ocore__id_derive(ids[0], make);
        assert_memory_equal(ids[0].bytes, wanted, sizeof wanted);
        for (size_t i = 0; i < 5; i++) {
                assert_int_equal(ids[i].bytes[6] >> 4, 8);
                assert_int_equal(ids[i].bytes[8] >> 6, 2);
                for (size_t n = 0; n < i; n++)
                        assert_memory_not_equal(ids[i].bytes, ids[n].bytes, 16);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_published),
                cmocka_unit_test(test_spread),
                cmocka_unit_test(test_derive),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
