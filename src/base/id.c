/* Ids as text (RFC 9562), and their order. */
#include "text.h"

#include <string.h>

/* Where the hyphens stand in the text: before the bytes 4, 6, 8 and 10. */
static int hyphen_before(size_t byte)
{
        return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static int digit_of(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

int ocore_id_parse(ocore_str text, ocore_id *out)
{
        ocore_id id;
        size_t at = 0;
        size_t n;

        if (out == NULL)
                return OCORE_INVALID;
        memset(out, 0, sizeof *out);
        if (text.data == NULL || text.size != OCORE_ID_TEXT_SIZE - 1)
                return OCORE_INVALID;
        for (n = 0; n < sizeof id.bytes; n++) {
                int high;
                int low;

                if (hyphen_before(n) && text.data[at++] != '-')
                        return OCORE_INVALID;
                high = digit_of(text.data[at++]);
                low = digit_of(text.data[at++]);
                if (high < 0 || low < 0)
                        return OCORE_INVALID;
                id.bytes[n] = (uint8_t)(high * 16 + low);
        }
        *out = id;
        return OCORE_OK;
}

void ocore_id_format(ocore_id id, char out[OCORE_ID_TEXT_SIZE])
{
        static const char digits[] = "0123456789abcdef";
        size_t at = 0;
        size_t n;

        for (n = 0; n < sizeof id.bytes; n++) {
                if (hyphen_before(n))
                        out[at++] = '-';
                out[at++] = digits[id.bytes[n] >> 4];
                out[at++] = digits[id.bytes[n] & 15];
        }
        out[at] = '\0';
}

int ocore__id_compare(ocore_id a, ocore_id b)
{
        return memcmp(a.bytes, b.bytes, sizeof a.bytes);
}

int ocore__id_is_none(ocore_id id)
{
        static const ocore_id none;

        return memcmp(id.bytes, none.bytes, sizeof id.bytes) == 0;
}
