/* Text: what may stand in a field, and small builders that never overrun. */
#ifndef ORDERCORE_BASE_TEXT_H
#define ORDERCORE_BASE_TEXT_H

#include <ordercore/base.h>

#include <stdarg.h>

/* 1 if the bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms) without NUL: what a
 * store may hold. */
int ocore__text_is_utf8(ocore_str text);

/* 1 if the bytes are valid UTF-8 without control characters (C0, DEL, C1); `lines` also allows tab,
 * CR and LF: what a field may hold. */
int ocore__text_good(ocore_str text, int lines);

/* 1 if the text holds 13 to 19 digits, single blanks or hyphens between them allowed, that pass
 * the check of Luhn (1954): a card number. A run of more than 19 digits is none. */
int ocore__text_has_card(ocore_str text);

/* 1 if the text is a GTIN-8, -12, -13 or -14 with a right check digit (GS1 General
 * Specifications 7.9). */
int ocore__text_is_gtin(ocore_str text);

int ocore__str_compare(ocore_str a, ocore_str b); /* by bytes, like strcmp */
int ocore__id_compare(ocore_id a, ocore_id b);
int ocore__id_is_none(ocore_id id);

/* A text being written into fixed room: what does not fit is cut, the end is always NUL. */
typedef struct ocore__writer {
        char *data;
        size_t size; /* room, at least 1 */
        size_t used; /* without the NUL */
} ocore__writer;

void ocore__writer_init(ocore__writer *writer, char *data, size_t size);
void ocore__write_text(ocore__writer *writer, ocore_str text);
void ocore__write_string(ocore__writer *writer, const char *text);
void ocore__write_number(ocore__writer *writer, int64_t number);
void ocore__write_units(ocore__writer *writer, int64_t amount, int64_t scale); /* decimal */
/* %s const char *, %t ocore_str *, %d int64_t *, %u int64_t * amount then int64_t * scale as
 * decimal, %i ocore_id *, %% : each argument is a pointer, so that nothing is promoted or
 * truncated. */
void ocore__write(ocore__writer *writer, const char *format, ...);
void ocore__write_list(ocore__writer *writer, const char *format, va_list arguments);

#endif
