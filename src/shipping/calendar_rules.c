/*
 * When a parcel arrives: cut-off, working days, transit. Local time is UTC and an offset; a day is
 * counted from 1970-01-01, which was a Thursday. What comes from a store may be odd, so that every
 * number is brought into its range before it is used, and no loop takes more than seven steps.
 */
#include "shipping_room.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US (INT64_C(60) * MINUTE_US)
#define DAY_US (INT64_C(24) * HOUR_US)
#define END_OF_9999_US INT64_C(253402300800000000)

static int64_t within(int64_t number, int64_t least, int64_t most)
{
        return number < least ? least : number > most ? most : number;
}

static int works(int64_t weekdays, int64_t day)
{
        return (int)(weekdays >> ((day + 3) % 7) & 1); /* day 0 is a Thursday, bit 3 */
}

/* The first working day from `day` on. */
static int64_t working_day_from(int64_t weekdays, int64_t day)
{
        for (int i = 0; i < 7 && !works(weekdays, day); i++)
                day++;
        return day;
}

/* The working day that is `count` of them behind the working day `day`. */
static int64_t working_days_after(int64_t weekdays, int64_t day, int64_t count)
{
        int64_t a_week = 0;

        for (int i = 0; i < 7; i++)
                a_week += weekdays >> i & 1;
        day += count / a_week * 7;
        for (int64_t left = count % a_week; left > 0; left--)
                day = working_day_from(weekdays, day + 1);
        return day;
}

/* Within hours from now, and never beyond the day of the order. */
static int64_t promise_today(const ocore_shipping_option *option, int64_t now, int64_t end,
        int64_t *earliest, int64_t *latest)
{
        int64_t from = now + within(option->transit_min, 0, OCORE__TRANSIT_MAX) * HOUR_US;
        int64_t until = now + within(option->transit_max, 0, OCORE__TRANSIT_MAX) * HOUR_US;

        if (from >= end)
                return OCORE_OFFER_CUT_OFF;
        *earliest = from;
        *latest = until < end ? until : end - 1;
        return OCORE_OFFER_GOOD;
}

int64_t ocore__promise(const ocore_shipping_option *option, int64_t at_us, int64_t *out_earliest_us,
        int64_t *out_latest_us)
{
        int64_t offset = within(option->utc_offset_minutes, -OCORE__OFFSET_MAX_MINUTES,
                                 OCORE__OFFSET_MAX_MINUTES) *
                         MINUTE_US;
        int64_t cut_off = within(option->cut_off_minute, 0, OCORE__DAY_MINUTES) * MINUTE_US;
        int64_t weekdays = option->weekdays & OCORE__WEEKDAYS_ALL;
        /* From the second day on, so that no offset leads below zero and division rounds down. */
        int64_t now = within(at_us, DAY_US, END_OF_9999_US) + offset;
        int64_t today = now / DAY_US;
        int in_time = now - today * DAY_US < cut_off;
        int64_t earliest = 0, latest = 0, left_out = OCORE_OFFER_GOOD;

        if (!weekdays)
                weekdays = OCORE__WEEKDAYS_ALL;
        if (option->service == OCORE_SERVICE_SAME_DAY) {
                if (!works(weekdays, today))
                        left_out = OCORE_OFFER_DAY_OFF;
                else if (!in_time)
                        left_out = OCORE_OFFER_CUT_OFF;
                else
                        left_out = promise_today(
                                option, now, (today + 1) * DAY_US, &earliest, &latest);
        } else {
                int64_t leaves = working_day_from(weekdays, in_time ? today : today + 1);
                int64_t least = within(option->transit_min, 0, OCORE__TRANSIT_MAX);
                int64_t most = within(option->transit_max, 0, OCORE__TRANSIT_MAX);

                earliest = working_days_after(weekdays, leaves, least) * DAY_US;
                latest = (working_days_after(weekdays, leaves, most) + 1) * DAY_US - 1;
        }
        *out_earliest_us = left_out ? 0 : earliest - offset;
        *out_latest_us = left_out ? 0 : latest - offset;
        return left_out;
}
