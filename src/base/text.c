/*
 * Text: what may stand in a field, card numbers and trade item numbers, and writing into fixed
 * room.
 */
#include "text.h"

#include <stdarg.h>
#include <string.h>

/*
 * 1 if eight bytes at once are printable ASCII: none has its high bit, is below 0x20 or is 0x7f
 * (the test for a byte below a bound in a word is Mycroft's, 1987).
 */
static int eight_plain(const uint8_t *p)
{
        const uint64_t ones = UINT64_C(0x0101010101010101);
        const uint64_t highs = ones * 0x80;
        uint64_t word;
        uint64_t deleted;

        memcpy(&word, p, sizeof word);
        deleted = word ^ ones * 0x7f;
        return ((word | (word - ones * 0x20) | (deleted - ones)) & highs) == 0;
}

/* Bytes of the character at `p`, 0 if it is malformed; p[0] is not ASCII. */
static size_t character_size(const uint8_t *p, size_t room)
{
        size_t size;
        size_t n;

        if (p[0] >= 0xc2 && p[0] <= 0xdf)
                size = 2;
        else if (p[0] >= 0xe0 && p[0] <= 0xef)
                size = 3;
        else if (p[0] >= 0xf0 && p[0] <= 0xf4)
                size = 4;
        else
                return 0;
        if (size > room)
                return 0;
        for (n = 1; n < size; n++) {
                if ((p[n] & 0xc0) != 0x80)
                        return 0;
        }
        if ((p[0] == 0xe0 && p[1] < 0xa0) ||      /* overlong */
                (p[0] == 0xed && p[1] >= 0xa0) || /* surrogates */
                (p[0] == 0xf0 && p[1] < 0x90) ||  /* overlong */
                (p[0] == 0xf4 && p[1] >= 0x90))   /* past U+10FFFF */
                return 0;
        return size;
}

int ocore__text_is_utf8(ocore_str text)
{
        const uint8_t *p = (const uint8_t *)text.data;
        size_t at = 0;

        if (text.data == NULL)
                return text.size == 0;
        while (at < text.size) {
                size_t size = p[at] != 0;

                if (text.size - at >= 8 && eight_plain(p + at))
                        size = 8;
                else if (p[at] >= 0x80)
                        size = character_size(p + at, text.size - at);
                if (size == 0)
                        return 0;
                at += size;
        }
        return 1;
}

int ocore__text_good(ocore_str text, int lines)
{
        const uint8_t *p = (const uint8_t *)text.data;
        size_t at = 0;

        if (text.data == NULL)
                return text.size == 0;
        while (at < text.size) {
                size_t size = 1;

                if (text.size - at >= 8 && eight_plain(p + at)) {
                        at += 8;
                        continue;
                }
                if (p[at] >= 0x80) {
                        size = character_size(p + at, text.size - at);
                        if (size == 0 || (p[at] == 0xc2 && p[at + 1] < 0xa0)) /* C1 */
                                return 0;
                } else if (p[at] < 0x20) {
                        if (!lines || (p[at] != '\t' && p[at] != '\n' && p[at] != '\r'))
                                return 0;
                } else if (p[at] == 0x7f) {
                        return 0;
                }
                at += size;
        }
        return 1;
}

static int is_digit(char c)
{
        return c >= '0' && c <= '9';
}

enum { CARD_DIGITS_MIN = 13, CARD_DIGITS_MAX = 19 };

static int luhn_good(const uint8_t *digits, size_t count)
{
        unsigned sum = 0;
        size_t n;

        for (n = 0; n < count; n++) {
                unsigned digit = digits[count - 1 - n];

                if (n % 2 == 1)
                        digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
                sum += digit;
        }
        return sum % 10 == 0;
}

int ocore__text_has_card(ocore_str text)
{
        uint8_t digits[CARD_DIGITS_MAX];
        size_t at = 0;

        while (at < text.size) {
                size_t count = 0;

                if (!is_digit(text.data[at])) {
                        at++;
                        continue;
                }
                /* One run: digits with at most one blank or hyphen between two of them. */
                for (;;) {
                        if (count < CARD_DIGITS_MAX)
                                digits[count] = (uint8_t)(text.data[at] - '0');
                        count++;
                        at++;
                        if (text.size - at >= 2 && (text.data[at] == ' ' || text.data[at] == '-') &&
                                is_digit(text.data[at + 1]))
                                at++;
                        if (at == text.size || !is_digit(text.data[at]))
                                break;
                }
                if (count >= CARD_DIGITS_MIN && count <= CARD_DIGITS_MAX &&
                        luhn_good(digits, count))
                        return 1;
        }
        return 0;
}

int ocore__text_is_gtin(ocore_str text)
{
        unsigned sum = 0;
        size_t n;

        if (text.size != 8 && text.size != 12 && text.size != 13 && text.size != 14)
                return 0;
        for (n = 0; n < text.size; n++) {
                char c = text.data[text.size - 1 - n];

                if (!is_digit(c))
                        return 0;
                /* Weights 3 and 1 in turn, counted from the check digit, which weighs 1. */
                sum += (unsigned)(c - '0') * (n % 2 == 1 ? 3u : 1u);
        }
        return sum % 10 == 0;
}

int ocore__str_compare(ocore_str a, ocore_str b)
{
        size_t size = a.size < b.size ? a.size : b.size;
        int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

        if (order != 0)
                return order;
        return a.size < b.size ? -1 : a.size > b.size;
}

void ocore__writer_init(ocore__writer *writer, char *data, size_t size)
{
        writer->data = data;
        writer->size = size;
        writer->used = 0;
        data[0] = '\0';
}

void ocore__write_text(ocore__writer *writer, ocore_str text)
{
        size_t room = writer->size - 1 - writer->used;
        size_t size = text.size < room ? text.size : room;

        /* What is cut is cut between characters: a byte 10xxxxxx goes on with the one before. */
        while (size > 0 && size < text.size && ((uint8_t)text.data[size] & 0xc0) == 0x80)
                size--;
        if (size > 0)
                memcpy(writer->data + writer->used, text.data, size);
        writer->used += size;
        writer->data[writer->used] = '\0';
}

void ocore__write_string(ocore__writer *writer, const char *text)
{
        ocore__write_text(writer, ocore_str_of(text));
}

void ocore__write_number(ocore__writer *writer, int64_t number)
{
        ocore__write_units(writer, number, 0);
}

void ocore__write_units(ocore__writer *writer, int64_t amount, int64_t scale)
{
        /* From the back: at most 20 digits or 18 decimals and a zero, a point and a sign. */
        char digits[24];
        size_t at = sizeof digits;
        uint64_t rest = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
        int64_t written = 0;
        ocore_str text;

        if (scale < 0 || scale > 18)
                scale = 0;
        do {
                digits[--at] = (char)('0' + (char)(rest % 10));
                rest /= 10;
                written++;
                if (written == scale)
                        digits[--at] = '.';
        } while (rest > 0 || written <= scale);
        if (amount < 0)
                digits[--at] = '-';
        text.data = digits + at;
        text.size = sizeof digits - at;
        ocore__write_text(writer, text);
}

/* Writes what one letter of a format stands for. */
static void write_argument(ocore__writer *writer, char letter, va_list *arguments)
{
        switch (letter) {
        case 's': ocore__write_string(writer, va_arg(*arguments, const char *)); break;
        case 't': ocore__write_text(writer, *va_arg(*arguments, const ocore_str *)); break;
        case 'd': ocore__write_number(writer, *va_arg(*arguments, const int64_t *)); break;
        case 'u': {
                const int64_t *amount = va_arg(*arguments, const int64_t *);
                const int64_t *scale = va_arg(*arguments, const int64_t *);

                ocore__write_units(writer, *amount, *scale);
                break;
        }
        case 'i': {
                char text[OCORE_ID_TEXT_SIZE];

                ocore_id_format(*va_arg(*arguments, const ocore_id *), text);
                ocore__write_string(writer, text);
                break;
        }
        default: {
                ocore_str sign = {&letter, 1};

                ocore__write_text(writer, sign);
                break;
        }
        }
}

void ocore__write_list(ocore__writer *writer, const char *format, va_list arguments)
{
        va_list rest;

        va_copy(rest, arguments);
        while (*format != '\0') {
                ocore_str piece = {format, strcspn(format, "%")};

                ocore__write_text(writer, piece);
                format += piece.size;
                if (*format == '%' && format[1] != '\0') {
                        write_argument(writer, format[1], &rest);
                        format += 2;
                } else if (*format == '%') {
                        format++;
                }
        }
        va_end(rest);
}

void ocore__write(ocore__writer *writer, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        ocore__write_list(writer, format, arguments);
        va_end(arguments);
}
