/*
 * Rows and keys as bytes: what is written comes back; sizes are exact; keys order as their cells
 * do; an ADD in place equals writing anew. Random and damaged bytes are either refused or, written
 * again, are the same bytes: there is one encoding. Inputs stand at the end of their own memory,
 * so that a sanitizer sees any read past them.
 */
#include "record/codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 40 };

__extension__ typedef __int128 wide;

/* The encoding written down plainly, byte by byte; with out NULL only its size. */
static size_t reference_put(uint8_t *out, size_t size, uint64_t byte)
{
        if (out)
                out[size] = (uint8_t)byte;
        return size + 1;
}

static size_t reference(const ocore_cell *cells, size_t first, size_t count, uint8_t *out)
{
        size_t size = 0, next = 0, n, i;

        for (n = 0; n < count; n++) {
                const ocore_cell *cell = &cells[n];
                uint64_t folded = (uint64_t)cell->as.number << 1;
                uint64_t bytes[8], length;
                size_t used = 0, before = first + n - next;

                if (cell->type == OCORE_CELL_NULL)
                        continue;
                for (; before >= 16; before -= 16)
                        size = reference_put(out, size, 12 << 4);
                next = first + n + 1;
                if (cell->type == OCORE_CELL_NUMBER) {
                        if (cell->as.number < 0)
                                folded = ~folded;
                        for (; folded; folded >>= 8)
                                bytes[used++] = folded & 0xff;
                        size = reference_put(out, size, used << 4 | before);
                        for (i = 0; i < used; i++)
                                size = reference_put(out, size, bytes[i]);
                } else if (cell->type == OCORE_CELL_ID) {
                        size = reference_put(out, size, 10 << 4 | before);
                        for (i = 0; i < 16; i++)
                                size = reference_put(out, size, cell->as.id.bytes[i]);
                } else {
                        size = reference_put(out, size,
                                (cell->type == OCORE_CELL_TEXT ? 9u : 11u) << 4 | before);
                        for (length = cell->as.text.size; length > 0x7f; length >>= 7)
                                size = reference_put(out, size, length | 0x80);
                        size = reference_put(out, size, length);
                        for (i = 0; i < cell->as.text.size; i++)
                                size = reference_put(out, size, (uint8_t)cell->as.text.data[i]);
                }
        }
        return size;
}

static uint64_t state = 7;

static uint64_t random_below(uint64_t bound)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (state >> 11) % bound;
}

static int64_t random_number(void)
{
        static const int64_t edges[] = {0, 1, -1, 127, -128, 128, INT64_MAX, INT64_MIN};

        if (random_below(3) == 0)
                return edges[random_below(8)];
        return (int64_t)(random_below(UINT64_MAX) >> random_below(64)) * (random_below(2) ? 1 : -1);
}

static char letters[300];

static ocore_cell random_cell(uint32_t type)
{
        ocore_cell cell;

        memset(&cell, 0, sizeof cell);
        cell.type = type;
        if (type == OCORE_CELL_NUMBER)
                cell.as.number = random_number();
        else if (type == OCORE_CELL_ID)
                memset(cell.as.id.bytes, (int)random_below(256), 16);
        else if (type != OCORE_CELL_NULL) {
                cell.as.text.data = letters + random_below(20);
                cell.as.text.size = random_below(random_below(4) == 0 ? 250 : 9);
        }
        return cell;
}

static void assert_same(const ocore_cell *a, const ocore_cell *b)
{
        assert_int_equal(a->type, b->type);
        assert_int_equal(a->reserved, 0);
        if (a->type == OCORE_CELL_NUMBER)
                assert_true(a->as.number == b->as.number);
        else if (a->type == OCORE_CELL_ID)
                assert_memory_equal(&a->as.id, &b->as.id, 16);
        else if (a->type != OCORE_CELL_NULL)
                assert_true(ocore_str_equal(a->as.text, b->as.text));
}

static size_t random_cells(ocore_cell *cells, uint64_t nulls)
{
        size_t count = random_below(COUNT + 1);
        size_t n;

        for (n = 0; n < count; n++)
                cells[n] = random_cell(random_below(nulls) > 0 ? 0 : 1 + (uint32_t)random_below(4));
        return count;
}

static void test_round_trip(void **unused)
{
        size_t turn;

        (void)unused;
        for (turn = 0; turn < 4000; turn++) {
                ocore_cell cells[COUNT];
                ocore_cell back[COUNT + 5];
                size_t first = random_below(3) == 0 ? random_below(70) : random_below(4);
                size_t count = random_cells(cells, turn % 2 == 0 ? 1 : 20);
                size_t size = reference(cells, first, count, NULL);
                size_t bound = ocore__cells_bound(cells, count);
                uint8_t *bytes = malloc(size + (size == 0));
                uint8_t *roomy = malloc(bound);
                size_t n;

                (void)reference(cells, first, count, bytes);
                assert_int_equal(ocore__cells_put(cells, first, count, roomy, bound), size);
                assert_memory_equal(bytes, roomy, size);
                assert_int_equal(ocore__cells_decode(bytes, size, back, first, count), OCORE_OK);
                for (n = 0; n < count; n++)
                        assert_same(&back[n], &cells[n]);
                /* A reader that knows fewer columns, and one that knows more. */
                assert_int_equal(
                        ocore__cells_decode(bytes, size, back, first, count / 2), OCORE_OK);
                for (n = 0; n < count / 2; n++)
                        assert_same(&back[n], &cells[n]);
                assert_int_equal(
                        ocore__cells_decode(bytes, size, back, first, count + 5), OCORE_OK);
                for (n = count; n < count + 5; n++)
                        assert_int_equal(back[n].type, OCORE_CELL_NULL);
                free(bytes);
                free(roomy);
        }
}

static void test_little_room(void **unused)
{
        ocore_cell cells[2] = {random_cell(OCORE_CELL_NUMBER), random_cell(OCORE_CELL_TEXT)};
        uint8_t bytes[600];

        (void)unused;
        cells[1].as.text.size = 200;
        assert_int_equal(ocore__cells_put(cells, 0, 2, bytes, 10), SIZE_MAX);
        assert_int_equal(ocore__cells_put(cells, 0, 2, bytes, 200), SIZE_MAX);
        assert_true(ocore__cells_put(cells, 0, 2, bytes, sizeof bytes) < 300);
}

/* Whatever is accepted is what an encoder writes. */
static void check_hostile(const uint8_t *bytes, size_t size)
{
        ocore_cell cells[200];
        uint8_t again[2000];
        int64_t sum;
        uint8_t *exact = malloc(size + (size == 0));

        memcpy(exact, bytes, size);
        if (ocore__cells_decode(exact, size, cells, 0, 200) == OCORE_OK) {
                size_t used = reference(cells, 0, 200, NULL);

                assert_true(used <= size);
                (void)reference(cells, 0, 200, again);
                /* Columns past the last known one are passed over. */
                assert_memory_equal(again, exact, used);
        }
        (void)ocore__cells_add(exact, size, random_below(20), 5, &sum);
        assert_true(ocore__key_decode(exact, size, cells, 5) <= size);
        free(exact);
}

static void test_hostile(void **unused)
{
        size_t turn;

        (void)unused;
        for (turn = 0; turn < 30000; turn++) {
                uint8_t bytes[64];
                size_t size = random_below(sizeof bytes);
                size_t n;

                for (n = 0; n < size; n++)
                        bytes[n] = (uint8_t)(random_below(3) == 0 ? random_below(256)
                                                                  : random_below(13) << 4);
                check_hostile(bytes, size);
        }
        for (turn = 0; turn < 6000; turn++) {
                ocore_cell cells[COUNT];
                uint8_t bytes[2000];
                size_t count = random_cells(cells, 1) % 7;
                size_t size = reference(cells, 0, count, NULL);

                (void)reference(cells, 0, count, bytes);
                if (size > 0)
                        bytes[random_below(size)] ^= (uint8_t)(1u << random_below(8));
                check_hostile(bytes, size - random_below(size + 1));
        }
}

static void test_refused(void **unused)
{
        static const struct {
                size_t size;
                uint8_t bytes[12];
        } cases[] = {
                {1, {0x10}},             /* a number of one byte without it */
                {2, {0x10, 0x00}},       /* zero takes no byte */
                {3, {0x20, 0x01, 0x00}}, /* one byte would do */
                {1, {0xc0}},             /* columns passed over, then nothing */
                {2, {0xc1, 0x00}},       /* a skip with low bits */
                {1, {0xd0}},             /* no such kind */
                {2, {0x90, 0x01}},       /* a text cut off */
                {3, {0x90, 0x80, 0x00}}, /* a length that is not the shortest */
                {12, {0x90, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}},
                {5, {0xa0, 1, 2, 3, 4}}, /* an id cut off */
        };
        size_t n;

        (void)unused;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                ocore_cell cells[4];

                memset(cells, 0xaa, sizeof cells);
                assert_int_equal(ocore__cells_decode(cases[n].bytes, cases[n].size, cells, 0, 4),
                        OCORE_CORRUPT);
                assert_int_equal(cells[3].type, OCORE_CELL_NULL);
        }
}

static void test_add(void **unused)
{
        size_t turn;

        (void)unused;
        for (turn = 0; turn < 5000; turn++) {
                ocore_cell cells[COUNT];
                uint8_t bytes[12000];
                uint8_t wanted[12000];
                size_t count = random_cells(cells, 2);
                size_t size = reference(cells, 2, count, NULL);
                size_t column = random_below(COUNT);
                int64_t amount = random_number();
                int64_t sum;
                int done;

                (void)reference(cells, 2, count, bytes);
                done = ocore__cells_add(bytes, size, column + 2, amount, &sum);
                if (column >= count || cells[column].type == OCORE_CELL_NULL) {
                        assert_int_equal(done, 0);
                        assert_true(sum == amount);
                } else if (cells[column].type != OCORE_CELL_NUMBER) {
                        assert_int_equal(done, OCORE_CORRUPT);
                } else {
                        wide exact = (wide)cells[column].as.number + amount;
                        size_t other;

                        if (exact < INT64_MIN || exact > INT64_MAX) {
                                assert_int_equal(done, OCORE_OVERFLOW);
                                continue;
                        }
                        assert_true(sum == (int64_t)exact);
                        cells[column].as.number = sum;
                        other = reference(cells, 2, count, NULL);
                        assert_int_equal(done, other == size);
                        (void)reference(cells, 2, count, wanted);
                        if (done == 1)
                                assert_memory_equal(bytes, wanted, size);
                }
        }
}

static int cell_order(const ocore_cell *a, const ocore_cell *b)
{
        if (a->type != b->type)
                return a->type < b->type ? -1 : 1;
        if (a->type == OCORE_CELL_NUMBER)
                return (a->as.number > b->as.number) - (a->as.number < b->as.number);
        if (a->type == OCORE_CELL_ID)
                return memcmp(&a->as.id, &b->as.id, 16);
        if (a->type == OCORE_CELL_TEXT) {
                size_t size = a->as.text.size < b->as.text.size ? a->as.text.size : b->as.text.size;
                int order = memcmp(a->as.text.data, b->as.text.data, size);

                return order != 0 ? order
                                  : (a->as.text.size > b->as.text.size) -
                                            (a->as.text.size < b->as.text.size);
        }
        return 0;
}

static void test_keys(void **unused)
{
        size_t turn;

        (void)unused;
        for (turn = 0; turn < 20000; turn++) {
                ocore_cell cells[2][3];
                ocore_cell back[3];
                uint8_t bytes[2][1000];
                size_t size[2];
                int wanted = 0;
                int order;
                size_t n;

                for (n = 0; n < 3; n++) {
                        uint32_t type = 1 + (uint32_t)random_below(3);

                        cells[0][n] = random_cell(random_below(5) == 0 ? 0 : type);
                        cells[1][n] = cells[0][n];
                        if (random_below(2) == 0)
                                cells[1][n] = random_cell(random_below(5) == 0 ? 0 : type);
                }
                for (n = 0; n < 2; n++) {
                        size[n] = ocore__key_size(cells[n], 3);
                        ocore__key_encode(cells[n], 3, bytes[n]);
                }
                assert_int_equal(ocore__key_decode(bytes[0], size[0], back, 3), size[0]);
                for (n = 0; n < 3; n++)
                        assert_same(&back[n], &cells[0][n]);
                assert_int_equal(ocore__key_decode(bytes[0], size[0] - 1, back, 3), 0);
                for (n = 0; n < 3 && wanted == 0; n++)
                        wanted = cell_order(&cells[0][n], &cells[1][n]);
                order = memcmp(bytes[0], bytes[1], size[0] < size[1] ? size[0] : size[1]);
                if (order == 0)
                        order = (size[0] > size[1]) - (size[0] < size[1]);
                assert_int_equal((order > 0) - (order < 0), (wanted > 0) - (wanted < 0));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_little_room),
                cmocka_unit_test(test_hostile),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_add),
                cmocka_unit_test(test_keys),
        };
        size_t n;

        for (n = 0; n < sizeof letters; n++)
                letters[n] = (char)('a' + n % 3);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
