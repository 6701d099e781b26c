/*
 * Rows and keys as bytes; the format stands in codec.h. Numbers are folded by zigzag, so that
 * small ones of either sign take few bytes, and cut to their bytes rather than to groups of seven
 * bits: that takes no loop. What is read may come from a file and is distrusted.
 */
#include "codec.h"
#include "base/endian.h"

#include <limits.h>
#include <string.h>

enum { KIND_TEXT = 9, KIND_ID = 10, KIND_BYTES = 11, KIND_SKIP = 12, SKIP_COLUMNS = 16 };
enum { NUMBER_SIZE_MAX = 8, ID_SIZE = 16 };

static uint64_t zigzag(int64_t number)
{
        return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t folded)
{
        uint64_t number = folded >> 1 ^ (0 - (folded & 1));

        return number <= (uint64_t)INT64_MAX ? (int64_t)number : -(int64_t)~number - 1;
}

/* How many bytes a number needs: 0 for zero. */
static size_t bytes_of(uint64_t folded)
{
#if defined(__GNUC__)
        return folded == 0 ? 0 : (size_t)(71 - __builtin_clzll(folded)) / 8;
#else
        size_t size = 0;

        for (; folded != 0; folded >>= 8)
                size++;
        return size;
#endif
}

static uint8_t *put_length(uint8_t *out, size_t length)
{
        for (; length > 0x7f; length >>= 7)
                *out++ = (uint8_t)(length | 0x80);
        *out++ = (uint8_t)length;
        return out;
}

static void store_bytes(uint8_t *out, uint64_t number, size_t size)
{
        for (; size > 0; size--, number >>= 8)
                *out++ = (uint8_t)number;
}

static uint64_t load_bytes(const uint8_t *p, size_t size)
{
        uint64_t number = 0;

        while (size-- > 0)
                number = number << 8 | p[size];
        return number;
}

/* Without the bytes of texts: a tag and an id each, a skip each, and skips up to the first. */
static size_t bound_without_text(size_t first, size_t count)
{
        return count * (2 + ID_SIZE) + first / SKIP_COLUMNS + NUMBER_SIZE_MAX;
}

size_t ocore__cells_bound(const ocore_cell *cells, size_t count)
{
        size_t size = bound_without_text(SKIP_COLUMNS * ID_SIZE, count);
        size_t n;

        for (n = 0; n < count; n++) {
                if (cells[n].type == OCORE_CELL_TEXT || cells[n].type == OCORE_CELL_BYTES)
                        size += cells[n].as.text.size;
        }
        return size;
}

/*
 * Eight bytes are written where a number needs fewer, because that takes no loop; `texts` is how
 * many bytes of text there is room for. NULL when there are more.
 */
static uint8_t *put_cells(
        const ocore_cell *cells, size_t first, size_t count, uint8_t *out, size_t texts)
{
        size_t before = first;
        size_t n;

        for (n = 0; n < count; n++, before++) {
                const ocore_cell *cell = &cells[n];

                if (cell->type == OCORE_CELL_NULL)
                        continue;
                for (; before >= SKIP_COLUMNS; before -= SKIP_COLUMNS)
                        *out++ = KIND_SKIP << 4;
                if (cell->type == OCORE_CELL_NUMBER) {
                        uint64_t folded = zigzag(cell->as.number);
                        size_t size = bytes_of(folded);

                        *out++ = (uint8_t)(size << 4 | before);
                        ocore__store_little(out, folded);
                        out += size;
                } else if (cell->type == OCORE_CELL_ID) {
                        *out++ = (uint8_t)(KIND_ID << 4 | before);
                        memcpy(out, cell->as.id.bytes, ID_SIZE);
                        out += ID_SIZE;
                } else {
                        size_t kind = cell->type == OCORE_CELL_TEXT ? KIND_TEXT : KIND_BYTES;

                        if (cell->as.text.size > texts)
                                return NULL;
                        texts -= cell->as.text.size;
                        *out++ = (uint8_t)(kind << 4 | before);
                        out = put_length(out, cell->as.text.size);
                        if (cell->as.text.size > 0)
                                memcpy(out, cell->as.text.data, cell->as.text.size);
                        out += cell->as.text.size;
                }
                before = SIZE_MAX; /* becomes 0 with the step to the next cell */
        }
        return out;
}

size_t ocore__cells_put(
        const ocore_cell *cells, size_t first, size_t count, uint8_t *out, size_t room)
{
        size_t bound = bound_without_text(first, count);
        uint8_t *end;

        if (room < bound)
                return SIZE_MAX;
        end = put_cells(cells, first, count, out, room - bound);
        return end != NULL ? (size_t)(end - out) : SIZE_MAX;
}

/* Reads a length at *p: 1, or 0 if it is cut off, not the shortest form, or runs past the end. */
static int read_length(const uint8_t **p, const uint8_t *end, size_t *out)
{
        uint64_t length = 0;
        unsigned shift = 0;

        while (*p < end && shift < 63) {
                uint8_t byte = *(*p)++;

                length |= (uint64_t)(byte & 0x7f) << shift;
                if (byte < 0x80) {
                        if ((byte == 0 && shift > 0) || length > (uint64_t)(end - *p))
                                return 0;
                        *out = (size_t)length;
                        return 1;
                }
                shift += 7;
        }
        return 0;
}

/*
 * The tag at *p, which is moved behind it; *column, the first that it can stand for, becomes the
 * one it stands for. UINT_MAX when the bytes end in skips. There is at least one byte.
 */
static inline unsigned read_tag(const uint8_t **p, const uint8_t *end, size_t *column)
{
        unsigned tag = *(*p)++;

        while (tag == KIND_SKIP << 4) {
                *column += SKIP_COLUMNS;
                if (*p == end)
                        return UINT_MAX;
                tag = *(*p)++;
        }
        *column += tag & 15;
        return tag >> 4;
}

/* The number of 1 to 8 bytes at `p`: 1, or 0 if it is cut off or not the shortest form. */
static inline int read_number(const uint8_t *p, const uint8_t *end, size_t size, int64_t *out)
{
        uint64_t folded;

        if (end - p >= NUMBER_SIZE_MAX)
                folded = ocore__load_little(p) & UINT64_MAX >> (64 - 8 * size);
        else if ((size_t)(end - p) >= size)
                folded = load_bytes(p, size);
        else
                return 0;
        *out = unzigzag(folded);
        return p[size - 1] != 0;
}

/* The value behind a tag. Returns what follows it, NULL for bytes that no encoder wrote. */
static inline const uint8_t *read_value(
        const uint8_t *p, const uint8_t *end, unsigned kind, ocore_cell *cell)
{
        size_t size;

        cell->reserved = 0;
        if (kind <= NUMBER_SIZE_MAX) {
                cell->type = OCORE_CELL_NUMBER;
                cell->as.number = 0;
                return kind == 0 || read_number(p, end, kind, &cell->as.number) ? p + kind : NULL;
        }
        if (kind == KIND_ID) {
                cell->type = OCORE_CELL_ID;
                if (end - p < ID_SIZE)
                        return NULL;
                memcpy(cell->as.id.bytes, p, ID_SIZE);
                return p + ID_SIZE;
        }
        if (kind > KIND_BYTES || !read_length(&p, end, &size))
                return NULL;
        cell->type = kind == KIND_TEXT ? OCORE_CELL_TEXT : OCORE_CELL_BYTES;
        cell->as.text.data = (const char *)p;
        cell->as.text.size = size;
        return p + size;
}

static inline void clear_cells(ocore_cell *cells, size_t from, size_t to)
{
        if (from < to)
                memset(&cells[from], 0, (to - from) * sizeof *cells);
}

int ocore__cells_decode(
        const uint8_t *bytes, size_t size, ocore_cell *cells, size_t first, size_t count)
{
        const uint8_t *p = bytes;
        const uint8_t *end = size > 0 ? bytes + size : bytes;
        size_t column = 0;
        size_t done = 0; /* cells */

        for (; p != NULL && p < end; column++) {
                ocore_cell unknown;
                unsigned kind = read_tag(&p, end, &column);
                size_t n = column - first; /* huge for a column before the first */

                if (n < count) {
                        clear_cells(cells, done, n);
                        done = n + 1;
                }
                p = read_value(p, end, kind, n < count ? &cells[n] : &unknown);
        }
        if (p == NULL && size > 0)
                done = 0;
        clear_cells(cells, done, count);
        return p == NULL && size > 0 ? OCORE_CORRUPT : OCORE_OK;
}

int ocore__cells_add(uint8_t *bytes, size_t size, size_t column, int64_t amount, int64_t *sum)
{
        const uint8_t *p = bytes;
        const uint8_t *end = size > 0 ? bytes + size : bytes;
        const uint8_t *at;
        size_t next = 0;
        unsigned kind;
        ocore_cell found;
        uint64_t folded;

        *sum = amount;
        for (;; next++) {
                if (p == end)
                        return 0;
                kind = read_tag(&p, end, &next);
                at = p;
                p = read_value(p, end, kind, &found);
                if (p == NULL)
                        return OCORE_CORRUPT;
                if (next >= column)
                        break;
        }
        if (next > column)
                return 0;
        if (found.type != OCORE_CELL_NUMBER)
                return OCORE_CORRUPT;
        if (amount > 0 ? found.as.number > INT64_MAX - amount
                       : found.as.number < INT64_MIN - amount)
                return OCORE_OVERFLOW;
        *sum = found.as.number + amount;
        folded = zigzag(*sum);
        if (bytes_of(folded) != kind)
                return 0;
        store_bytes(bytes + (at - bytes), folded, kind);
        return 1;
}

size_t ocore__key_size(const ocore_cell *cells, size_t count)
{
        size_t size = count;
        size_t n;

        for (n = 0; n < count; n++) {
                if (cells[n].type == OCORE_CELL_NUMBER)
                        size += NUMBER_SIZE_MAX;
                else if (cells[n].type == OCORE_CELL_ID)
                        size += ID_SIZE;
                else if (cells[n].type == OCORE_CELL_TEXT)
                        size += cells[n].as.text.size + 1;
        }
        return size;
}

void ocore__key_encode(const ocore_cell *cells, size_t count, uint8_t *out)
{
        size_t n;

        for (n = 0; n < count; n++) {
                const ocore_cell *cell = &cells[n];

                *out++ = (uint8_t)cell->type;
                if (cell->type == OCORE_CELL_NUMBER) {
                        ocore__store_big(out, (uint64_t)cell->as.number ^ UINT64_C(1) << 63);
                        out += NUMBER_SIZE_MAX;
                } else if (cell->type == OCORE_CELL_ID) {
                        memcpy(out, cell->as.id.bytes, ID_SIZE);
                        out += ID_SIZE;
                } else if (cell->type == OCORE_CELL_TEXT) {
                        if (cell->as.text.size > 0)
                                memcpy(out, cell->as.text.data, cell->as.text.size);
                        out += cell->as.text.size;
                        *out++ = 0;
                }
        }
}

/* One cell of a key: the bytes behind its tag, SIZE_MAX for nonsense. */
static size_t decode_part(const uint8_t *p, size_t room, ocore_cell *cell)
{
        uint64_t turned;
        const uint8_t *nul;

        switch (cell->type) {
        case OCORE_CELL_NULL: return 0;
        case OCORE_CELL_NUMBER:
                if (room < NUMBER_SIZE_MAX)
                        return SIZE_MAX;
                turned = ocore__load_big(p);
                cell->as.number = turned >> 63 == 0 ? -(int64_t)(INT64_MAX - (int64_t)turned) - 1
                                                    : (int64_t)(turned ^ UINT64_C(1) << 63);
                return NUMBER_SIZE_MAX;
        case OCORE_CELL_TEXT:
                nul = room > 0 ? memchr(p, 0, room) : NULL;
                if (nul == NULL)
                        return SIZE_MAX;
                cell->as.text.data = (const char *)p;
                cell->as.text.size = (size_t)(nul - p);
                return cell->as.text.size + 1;
        case OCORE_CELL_ID:
                if (room < ID_SIZE)
                        return SIZE_MAX;
                memcpy(cell->as.id.bytes, p, ID_SIZE);
                return ID_SIZE;
        default: return SIZE_MAX;
        }
}

size_t ocore__key_decode(const uint8_t *bytes, size_t size, ocore_cell *cells, size_t count)
{
        size_t at = 0;
        size_t n;

        memset(cells, 0, count * sizeof *cells);
        for (n = 0; n < count; n++) {
                size_t part = SIZE_MAX;

                if (at < size) {
                        cells[n].type = bytes[at++];
                        part = decode_part(bytes + at, size - at, &cells[n]);
                }
                if (part == SIZE_MAX) {
                        memset(cells, 0, count * sizeof *cells);
                        return 0;
                }
                at += part;
        }
        return at;
}
