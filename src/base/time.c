/*
 * Times: microseconds since 1970-01-01T00:00:00Z, and the text of RFC 3339. Days and dates are
 * turned into each other by days_from_civil and civil_from_days (Howard Hinnant, 2013), which
 * count in eras of 400 years that begin on the first of March.
 */
#include "text.h"

#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DAY_US (INT64_C(86400) * SECOND_US)

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
        int64_t shifted = month <= 2 ? year - 1 : year;
        int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        int64_t year_of_era = shifted - era * 400;
        int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

        return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
        int64_t shifted = days + 719468;
        int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
        int64_t day_of_era = shifted - era * 146097;
        int64_t year_of_era =
                (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        int64_t day_of_year =
                day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int64_t shifted_month = (5 * day_of_year + 2) / 153;

        *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
        *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

static int64_t days_of_month(int64_t year, int64_t month)
{
        static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

        return month == 2 && leap ? 29 : days[month - 1];
}

/* A place in the text that is being read; `good` falls to 0 at the first thing that is wrong. */
typedef struct reader {
        const char *at;
        const char *end;
        int good;
} reader;

/* Exactly `digits` digits, as a number from `least` to `most`. */
static int64_t read_number(reader *in, int digits, int64_t least, int64_t most)
{
        int64_t number = 0;

        for (; digits > 0; digits--) {
                if (in->at == in->end || *in->at < '0' || *in->at > '9') {
                        in->good = 0;
                        return least;
                }
                number = number * 10 + (*in->at++ - '0');
        }
        if (number < least || number > most) {
                in->good = 0;
                return least;
        }
        return number;
}

static int read_one_of(reader *in, char a, char b)
{
        if (in->at == in->end || (*in->at != a && *in->at != b))
                return 0;
        in->at++;
        return 1;
}

/* The digits behind the point as microseconds; past the sixth only zeros: nothing is rounded. */
static int64_t read_fraction(reader *in)
{
        int64_t fraction = 0;
        int64_t weight = SECOND_US / 10;
        const char *start = in->at;

        for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
                if (weight == 0 && *in->at != '0')
                        in->good = 0;
                fraction += weight * (*in->at - '0');
                weight /= 10;
        }
        if (in->at == start)
                in->good = 0;
        return fraction;
}

/* "Z" or "+01:00": how far the local time is ahead of UTC. */
static int64_t read_offset(reader *in)
{
        int64_t sign = 1;
        int64_t minutes;

        if (read_one_of(in, 'Z', 'z'))
                return 0;
        if (read_one_of(in, '-', '-'))
                sign = -1;
        else if (!read_one_of(in, '+', '+'))
                in->good = 0;
        minutes = read_number(in, 2, 0, 23) * 60;
        in->good &= read_one_of(in, ':', ':');
        minutes += read_number(in, 2, 0, 59);
        return sign * minutes * 60 * SECOND_US;
}

static int in_range(int64_t at_us)
{
        return at_us >= days_from_civil(1, 1, 1) * DAY_US &&
               at_us < days_from_civil(10000, 1, 1) * DAY_US;
}

int ocore_time_parse(ocore_str text, int64_t *out_us)
{
        reader in = {text.data, text.data + text.size, 1};
        int64_t year;
        int64_t month;
        int64_t day;
        int64_t at_us;

        if (out_us == NULL)
                return OCORE_INVALID;
        *out_us = 0;
        if (text.data == NULL)
                return OCORE_INVALID;
        year = read_number(&in, 4, 1, 9999);
        in.good &= read_one_of(&in, '-', '-');
        month = read_number(&in, 2, 1, 12);
        in.good &= read_one_of(&in, '-', '-');
        day = read_number(&in, 2, 1, days_of_month(year, month));
        in.good &= read_one_of(&in, 'T', 't');
        at_us = read_number(&in, 2, 0, 23) * 3600;
        in.good &= read_one_of(&in, ':', ':');
        at_us += read_number(&in, 2, 0, 59) * 60;
        in.good &= read_one_of(&in, ':', ':');
        at_us += read_number(&in, 2, 0, 59);
        at_us = days_from_civil(year, month, day) * DAY_US + at_us * SECOND_US;
        if (read_one_of(&in, '.', '.'))
                at_us += read_fraction(&in);
        at_us -= read_offset(&in);
        if (!in.good || in.at != in.end || !in_range(at_us))
                return OCORE_INVALID;
        *out_us = at_us;
        return OCORE_OK;
}

static void put_digits(char *out, int64_t number, int digits)
{
        while (digits > 0) {
                out[--digits] = (char)('0' + number % 10);
                number /= 10;
        }
}

int ocore_time_format(int64_t at_us, char out[OCORE_TIME_TEXT_SIZE])
{
        static const char form[] = "0000-00-00T00:00:00";
        int64_t year;
        int64_t month;
        int64_t day;
        int64_t days;
        int64_t rest;
        size_t size = sizeof form - 1;

        out[0] = '\0';
        if (!in_range(at_us))
                return OCORE_INVALID;
        days = (at_us >= 0 ? at_us : at_us - (DAY_US - 1)) / DAY_US;
        rest = at_us - days * DAY_US;
        civil_from_days(days, &year, &month, &day);
        memcpy(out, form, size);
        put_digits(out, year, 4);
        put_digits(out + 5, month, 2);
        put_digits(out + 8, day, 2);
        put_digits(out + 11, rest / SECOND_US / 3600, 2);
        put_digits(out + 14, rest / SECOND_US / 60 % 60, 2);
        put_digits(out + 17, rest / SECOND_US % 60, 2);
        if (rest % SECOND_US != 0) {
                out[size++] = '.';
                put_digits(out + size, rest % SECOND_US, 6);
                size += 6;
        }
        out[size++] = 'Z';
        out[size] = '\0';
        return (int)size;
}
