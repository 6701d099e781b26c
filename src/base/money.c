/* Money: the currencies and their decimals (ISO 4217), and amounts as text. */
#include "decimal.h"
#include "number.h"
#include "text.h"

#include <string.h>

/*
 * Every code of ISO 4217 list one that has a minor unit, in order, each followed by its number of
 * decimals. The codes without one (metals, test, "no currency") are no money an order can be in.
 */
static const char currencies[] =
        "AED2AFN2ALL2AMD2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BGN2BHD3BIF0BMD2BND2BOB2BOV2BRL2"
        "BSD2BTN2BWP2BYN2BZD2CAD2CDF2CHE2CHF2CHW2CLF4CLP0CNY2COP2COU2CRC2CUP2CVE2CZK2DJF0"
        "DKK2DOP2DZD2EGP2ERN2ETB2EUR2FJD2FKP2GBP2GEL2GHS2GIP2GMD2GNF0GTQ2GYD2HKD2HNL2HTG2"
        "HUF2IDR2ILS2INR2IQD3IRR2ISK0JMD2JOD3JPY0KES2KGS2KHR2KMF0KPW2KRW0KWD3KYD2KZT2LAK2"
        "LBP2LKR2LRD2LSL2LYD3MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2MUR2MVR2MWK2MXN2MXV2MYR2MZN2"
        "NAD2NGN2NIO2NOK2NPR2NZD2OMR3PAB2PEN2PGK2PHP2PKR2PLN2PYG0QAR2RON2RSD2RUB2RWF0SAR2"
        "SBD2SCR2SDG2SEK2SGD2SHP2SLE2SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2TMT2TND3TOP2TRY2"
        "TTD2TWD2TZS2UAH2UGX0USD2USN2UYI0UYU2UYW4UZS2VED2VES2VND0VUV0WST2XAD2XAF0XCD2XCG2"
        "XOF0XPF0YER2ZAR2ZMW2ZWG2";

enum { CODE_SIZE = 3, ENTRY_SIZE = 4 };

int ocore_currency_exponent(ocore_str currency)
{
        size_t low = 0;
        size_t high = (sizeof currencies - 1) / ENTRY_SIZE;

        if (currency.data == NULL || currency.size != CODE_SIZE)
                return OCORE_INVALID;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const char *entry = currencies + middle * ENTRY_SIZE;
                int order = memcmp(currency.data, entry, CODE_SIZE);

                if (order == 0)
                        return entry[CODE_SIZE] - '0';
                if (order < 0)
                        high = middle;
                else
                        low = middle + 1;
        }
        return OCORE_INVALID;
}

int ocore_money_parse(ocore_str text, ocore_money *out)
{
        ocore_str number = text;
        ocore_str code;
        int64_t amount;
        int exponent;
        int scale;
        int status;

        if (out == NULL)
                return OCORE_INVALID;
        memset(out, 0, sizeof *out);
        if (text.data == NULL || text.size < CODE_SIZE + 2 ||
                text.data[text.size - CODE_SIZE - 1] != ' ')
                return OCORE_INVALID;
        code.data = text.data + text.size - CODE_SIZE;
        code.size = CODE_SIZE;
        number.size = text.size - CODE_SIZE - 1;
        exponent = ocore_currency_exponent(code);
        if (exponent < 0)
                return OCORE_INVALID;
        status = ocore__decimal_parse(number, exponent, &amount, &scale);
        if (status == OCORE_OK)
                status = ocore__rescale(amount, scale, exponent, &amount);
        if (status != OCORE_OK)
                return status;
        out->amount_minor = amount;
        memcpy(out->currency, code.data, CODE_SIZE);
        return OCORE_OK;
}

int ocore_money_format(ocore_money money, char out[OCORE_NUMBER_TEXT_SIZE])
{
        ocore_str code = {money.currency, CODE_SIZE};
        int exponent = ocore_currency_exponent(code);
        ocore__writer writer;

        ocore__writer_init(&writer, out, OCORE_NUMBER_TEXT_SIZE);
        if (exponent < 0 || money.currency[CODE_SIZE] != '\0')
                return OCORE_INVALID;
        ocore__write_units(&writer, money.amount_minor, exponent);
        ocore__write_string(&writer, " ");
        ocore__write_text(&writer, code);
        return (int)writer.used;
}
