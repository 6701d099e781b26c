/*
 * Checks of texts: a key is its bytes and nothing else. Engines have rules of their own (case,
 * accents, blanks at the end, characters that count for nothing, lengths) and a store must have
 * switched all of them off.
 */
#include "suite_private.h"

#include <stdlib.h>
#include <string.h>

/* Each is another text, though some collation takes it for one of its neighbours. */
static const char *const unlike[] = {
        "", " ", "  ", "\t", "\n", "a", "a ", "a  ", " a", "a\t", "a\n", "A", "A ", "b", "B",
        "\xc3\xa4",           /* a with diaeresis, */
        "a\xcc\x88",          /* the same composed of two, */
        "\xc3\x84",           /* in upper case, */
        "ae",                 /* and as phone books write it */
        "ss", "\xc3\x9f",     /* sharp s, */
        "\xe1\xba\x9e",       /* and its upper case */
        "fi", "\xef\xac\x81", /* a ligature */
        "i", "I", "\xc4\xb0", /* I with a dot, */
        "\xc4\xb1",           /* i without */
        "K", "\xe2\x84\xaa",  /* the sign of kelvin */
        "\xef\xbc\xa1",       /* a wide A */
        "a\xc2\xad",          /* soft hyphen, */
        "a\xe2\x80\x8b",      /* space of no width, */
        "a\xef\xbb\xbf",      /* byte order mark, */
        "a\x01",              /* and control characters, which count for nothing */
        "1", "01", "+1", "1.0", "1e0", "0x1", "\xd9\xa1", /* numbers as somebody reads them */
        "null", "NULL", "%", "_", "a%", "\\", "\\\\", "'", "''", "\"", "?", "$1", ":a",
        "\xef\xbf\xbf",     /* the last of the first plane, which UTF-16 sorts behind */
        "\xf0\x90\x80\x80", /* the first of the second */
};

enum { UNLIKE = sizeof unlike / sizeof unlike[0] };

static void one(suite_run *run, const char *what, uint32_t kind, uint32_t table, const toy_row *row,
        int64_t revision, uint32_t reason)
{
        ocore_write write = ocore__toy_write(kind, table, row, revision);

        ocore__suite_step(run, what, &write, 1, reason, 0);
}

/* Only one of the texts is there: no other finds, changes or blocks it. */
static void check_unlike_alone(suite_run *run)
{
        ocore_add adds[1] = {{1, 0, BIN_ORDER, 0}};
        size_t n;
        size_t m;

        for (n = 0; n < UNLIKE && !run->failed; n++) {
                toy_row row = ocore__toy_bin(1, unlike[n], 1);
                ocore_cell keys[UNLIKE][2];

                one(run, "insert", OCORE_WRITE_INSERT, TOY_BIN, &row, 0, 0);
                for (m = 0; m < UNLIKE; m++) {
                        ocore_read read;

                        keys[m][0] = ocore__toy_number(1);
                        keys[m][1] = ocore__toy_text(unlike[m]);
                        read = ocore__toy_read(TOY_BIN, 0, keys[m], 2);
                        ocore__suite_ask(run, unlike[m], &read, 1);
                }
                for (m = n < 3 ? 0 : n - 3; m < UNLIKE && m < n + 4; m++) {
                        toy_row other = ocore__toy_bin(1, unlike[m], 1);
                        ocore_write write = ocore__toy_add(TOY_BIN, &other, adds, 1);

                        if (m != n) {
                                one(run, "another text", OCORE_WRITE_CHECK, TOY_BIN, &other, 1,
                                        OCORE_REFUSED_MISSING);
                                one(run, "another text", OCORE_WRITE_DELETE, TOY_BIN, &other, 1,
                                        OCORE_REFUSED_MISSING);
                                ocore__suite_step(
                                        run, "another text", &write, 1, OCORE_REFUSED_MISSING, 0);
                        }
                }
                one(run, "delete", OCORE_WRITE_DELETE, TOY_BIN, &row, 1, 0);
        }
}

/* All of them side by side: in the key, in an index, and in an index where no two are alike. */
static void check_unlike_together(suite_run *run)
{
        ocore_cell cells[UNLIKE][2];
        size_t n;

        for (n = 0; n < UNLIKE; n++) {
                toy_row bin = ocore__toy_bin(1, unlike[n], (int64_t)n);
                toy_row item = ocore__toy_item(1, n, 1, unlike[n]);

                bin.cells[BIN_NOTE] = ocore__toy_text(unlike[n]);
                item.cells[ITEM_NAME] = ocore__toy_text(unlike[n]);
                one(run, "a key unlike all others", OCORE_WRITE_INSERT, TOY_BIN, &bin, 0, 0);
                one(run, "a name unlike all others", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0, 0);
        }
        for (n = 0; n < UNLIKE; n++) {
                ocore_read reads[3];

                cells[n][0] = ocore__toy_number(1);
                cells[n][1] = ocore__toy_text(unlike[n]);
                reads[0] = ocore__toy_read(TOY_BIN, 0, cells[n], 2);
                reads[1] = ocore__toy_read(TOY_ITEM, ITEM_BY_SKU, cells[n], 2);
                reads[2] = ocore__toy_read(TOY_ITEM, ITEM_BY_NAME, cells[n], 2);
                ocore__suite_ask(run, "each by itself", reads, 3);
                reads[0] = ocore__toy_read(TOY_BIN, 0, cells[n], 1);
                reads[0].after = cells[n];
                reads[0].after_count = 2;
                reads[1] = reads[0];
                reads[1].flags = OCORE_READ_DESCENDING;
                ocore__suite_ask(run, "what comes behind each", reads, 2);
        }
}

/* Keys as long as the table says, alike but for their last byte. */
static void check_long_keys(suite_run *run)
{
        static const size_t sizes[] = {63, 64, 127, 128, 191, 192, 254, 255, 256, 399, 400};
        static char texts[2 * sizeof sizes / sizeof sizes[0]][TOY_KEY_BYTES + 1];
        size_t n;

        for (n = 0; n < sizeof texts / sizeof texts[0]; n++) {
                size_t size = sizes[n / 2];
                toy_row bin;
                toy_row item;

                memset(texts[n], 'k', size);
                texts[n][size] = '\0';
                texts[n][size - 1] = n % 2 == 0 ? 'k' : 'l';
                bin = ocore__toy_bin(1, texts[n], (int64_t)n);
                item = ocore__toy_item(1, n, 1, texts[n]);
                item.cells[ITEM_NAME] = ocore__toy_text(texts[n]);
                one(run, "a long key", OCORE_WRITE_INSERT, TOY_BIN, &bin, 0, 0);
                one(run, "a long name", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0, 0);
                one(run, "a long key again", OCORE_WRITE_INSERT, TOY_BIN, &bin, 0,
                        OCORE_REFUSED_EXISTS);
                item.cells[ITEM_LINE] = ocore__toy_number(2);
                one(run, "a long name again", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0,
                        OCORE_REFUSED_EXISTS);
        }
        /* 100 characters of four bytes fill a key as well. */
        for (n = 0; n < 100; n++) {
                memcpy(texts[0] + n * 4, "\xf0\x9f\x93\xa6", 4);
        }
        texts[0][TOY_KEY_BYTES] = '\0';
        {
                toy_row bin = ocore__toy_bin(1, texts[0], 1);

                one(run, "a key of long characters", OCORE_WRITE_INSERT, TOY_BIN, &bin, 0, 0);
        }
}

enum { LARGE = 1 << 20 };

/* Texts and bytes of 1 MiB outside keys and indexes, some just at the edge of a length field. */
static void check_large_values(suite_run *run)
{
        static const size_t sizes[] = {255, 256, 65535, 65536, 100000, LARGE};
        char *text = malloc(LARGE + 1);
        size_t n;
        size_t at;

        if (!ocore__suite_expect(run, text != NULL, "no memory")) {
                return;
        }
        for (at = 0; at + 4 <= LARGE; at += 4) {
                memcpy(text + at, at % 64 == 0 ? "\xf0\x9f\x93\xa6" : "ab'\\", 4);
        }
        for (n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
                toy_row bin = ocore__toy_bin(1, "large", (int64_t)n);
                size_t size = sizes[n];

                /* Only whole characters. */
                while (size < LARGE && ((unsigned char)text[size] & 0xc0) == 0x80) {
                        size--;
                }
                bin.cells[BIN_NOTE] = ocore__toy_text("");
                bin.cells[BIN_NOTE].as.text = (ocore_str){text, size};
                bin.cells[BIN_PHOTO] = ocore__toy_bytes(text + LARGE - sizes[n], sizes[n]);
                one(run, "a large text", n == 0 ? OCORE_WRITE_INSERT : OCORE_WRITE_UPDATE, TOY_BIN,
                        &bin, (int64_t)n, 0);
        }
        for (at = 0; at < LARGE; at++) {
                text[at] = (char)(at * 131 >> 3);
        }
        {
                toy_row item = ocore__toy_item(1, 1, 1, "s");

                item.cells[ITEM_MEMO] = ocore__toy_bytes(text, LARGE);
                one(run, "large bytes", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0, 0);
                item.cells[ITEM_MEMO] = ocore__toy_bytes(text, 3);
                one(run, "shorter again", OCORE_WRITE_UPDATE, TOY_ITEM, &item, 1, 0);
                item.cells[ITEM_MEMO] = ocore__toy_bytes(text, 0);
                one(run, "and empty", OCORE_WRITE_UPDATE, TOY_ITEM, &item, 2, 0);
        }
        free(text);
}

/* The empty text is a text: in every kind of column it is told apart from NULL. */
static void check_empty_and_null(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "", 1);
        toy_row item = ocore__toy_item(1, 1, 1, "");

        row.cells[BIN_NOTE] = ocore__toy_text("");
        row.cells[BIN_PHOTO] = ocore__toy_bytes("", 0);
        row.cells[BIN_OWNER] = ocore__toy_id(0);
        one(run, "empty things", OCORE_WRITE_INSERT, TOY_BIN, &row, 0, 0);
        row.cells[BIN_NOTE] = ocore__toy_null();
        row.cells[BIN_PHOTO] = ocore__toy_null();
        row.cells[BIN_OWNER] = ocore__toy_null();
        one(run, "NULL instead", OCORE_WRITE_UPDATE, TOY_BIN, &row, 1, 0);
        row.cells[BIN_NOTE] = ocore__toy_text("");
        row.cells[BIN_PHOTO] = ocore__toy_bytes(NULL, 0);
        one(run, "and empty again", OCORE_WRITE_UPDATE, TOY_BIN, &row, 2, 0);
        item.cells[ITEM_NAME] = ocore__toy_text("");
        item.cells[ITEM_DUE] = ocore__toy_number(0);
        one(run, "an empty name", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0, 0);
        item.cells[ITEM_LINE] = ocore__toy_number(2);
        one(run, "another empty name", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0,
                OCORE_REFUSED_EXISTS);
        item.cells[ITEM_NAME] = ocore__toy_null();
        item.cells[ITEM_DUE] = ocore__toy_null();
        one(run, "no name", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0, 0);
        item.cells[ITEM_LINE] = ocore__toy_number(3);
        one(run, "no name again", OCORE_WRITE_INSERT, TOY_ITEM, &item, 0, 0);
}

const suite_check ocore__suite_text_checks[] = {
        {"a text finds no other", check_unlike_alone, 0},
        {"texts that are not alike", check_unlike_together, 0},
        {"long keys", check_long_keys, 0},
        {"large values", check_large_values, 0},
        {"the empty text and NULL", check_empty_and_null, 0},
        {NULL, NULL, 0},
};
