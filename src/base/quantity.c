/* Quantities as text, and the reading of plain decimals that money shares. */
#include "decimal.h"
#include "number.h"
#include "text.h"

static int is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* The form alone: -? (0 | [1-9][0-9]*) (. [0-9]+)? ; *decimals: digits behind the point. */
static int form_good(ocore_str text, size_t *decimals)
{
        size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
        size_t start = at;

        *decimals = 0;
        while (at < text.size && is_digit(text.data[at]))
                at++;
        if (at == start || (at - start > 1 && text.data[start] == '0'))
                return 0;
        if (at == text.size)
                return 1;
        if (text.data[at] != '.')
                return 0;
        start = ++at;
        while (at < text.size && is_digit(text.data[at]))
                at++;
        *decimals = at - start;
        return at == text.size && at > start;
}

int ocore__decimal_parse(ocore_str text, int scale_max, int64_t *amount, int *scale)
{
        int negative = text.size > 0 && text.data[0] == '-';
        size_t decimals;
        int64_t sum = 0;
        size_t at;

        *amount = 0;
        *scale = 0;
        if (!form_good(text, &decimals) || decimals > (size_t)scale_max)
                return OCORE_INVALID;
        for (at = negative ? 1 : 0; at < text.size; at++) {
                int64_t digit = text.data[at] - '0';

                if (text.data[at] == '.')
                        continue;
                /* Summed up on the negative side, where there is one number more. */
                if (ocore__multiply(sum, 10, &sum) != OCORE_OK ||
                        ocore__subtract(sum, digit, &sum) != OCORE_OK)
                        return OCORE_OVERFLOW;
        }
        if (negative && sum == 0)
                return OCORE_INVALID;
        if (!negative && ocore__subtract(0, sum, &sum) != OCORE_OK)
                return OCORE_OVERFLOW;
        *amount = sum;
        *scale = (int)decimals;
        return OCORE_OK;
}

int ocore_quantity_parse(ocore_str text, ocore_quantity *out)
{
        int64_t amount;
        int scale;
        int status;

        if (out == NULL)
                return OCORE_INVALID;
        status = ocore__decimal_parse(text, OCORE__SCALE_MAX, &amount, &scale);
        out->amount = amount;
        out->scale = (int32_t)scale;
        out->reserved = 0;
        return status;
}

int ocore_quantity_format(ocore_quantity quantity, char out[OCORE_NUMBER_TEXT_SIZE])
{
        ocore__writer writer;

        ocore__writer_init(&writer, out, OCORE_NUMBER_TEXT_SIZE);
        if (quantity.scale < 0 || quantity.scale > OCORE__SCALE_MAX)
                return OCORE_INVALID;
        ocore__write_units(&writer, quantity.amount, quantity.scale);
        return (int)writer.used;
}
