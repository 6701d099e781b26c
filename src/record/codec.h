/*
 * Rows as bytes: what the memory store keeps, what a log would write, and what a command's stored
 * answer is made of.
 *
 * A row is a list of (column number, value), each tagged, NULLs left out: columns that an older
 * library does not know survive, columns that an older row does not have are NULL.
 *
 *      tag     high four bits: what follows; low four: columns since the last value, less one
 *      0 to 8  a number of so many bytes, zigzag, little-endian, no zero byte at the end
 *      9, 11   text, bytes: LEB128 length and the bytes
 *      10      an id: 16 bytes
 *      12      nothing: 16 columns are passed over (low bits 0)
 *
 * There is one encoding for each row, so that equal rows are equal bytes.
 */
#ifndef ORDERCORE_RECORD_CODEC_H
#define ORDERCORE_RECORD_CODEC_H

#include <ordercore/store.h>

/* Room in which ocore__cells_put() surely succeeds. */
size_t ocore__cells_bound(const ocore_cell *cells, size_t count);
/* Writes the cells of columns first … first+count-1 (cells[0] is column `first`). Returns the bytes
 * used and scribbles on the others, or SIZE_MAX when the room might be too little. */
size_t ocore__cells_put(
        const ocore_cell *cells, size_t first, size_t count, uint8_t *out, size_t room);

/* Reads them into cells[0 … count-1]; those that are not there become NULL, unknown ones are
 * passed over. Texts are lent from `bytes`. OCORE_OK, or OCORE_CORRUPT for bytes that no encoder
 * wrote: never reads outside. */
int ocore__cells_decode(
        const uint8_t *bytes, size_t size, ocore_cell *cells, size_t first, size_t count);

/* Adds to a number where it stands. 1: done, `*sum` is the new number; 0: the row must be written
 * anew (the column is NULL, or the sum needs another number of bytes), `*sum` is what it must
 * become; OCORE_OVERFLOW; OCORE_CORRUPT for bytes that no encoder wrote, or another type. */
int ocore__cells_add(uint8_t *bytes, size_t size, size_t column, int64_t amount, int64_t *sum);

/*
 * Key bytes whose memcmp order is the order of the cells (store.h, "Types of cells"): number as
 * tag and big-endian with the sign turned, text as tag, bytes and 0x00, id as tag and 16 bytes,
 * NULL as tag alone.
 */
size_t ocore__key_size(const ocore_cell *cells, size_t count);
void ocore__key_encode(const ocore_cell *cells, size_t count, uint8_t *out);
/* Back to cells; texts are lent from `bytes`. Returns bytes used, 0 for bytes that are no key. */
size_t ocore__key_decode(const uint8_t *bytes, size_t size, ocore_cell *cells, size_t count);

#endif
