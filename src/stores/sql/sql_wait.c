/* Waiting before something is tried again; see sql_wait.h. */
#define _POSIX_C_SOURCE 200809L

#include "sql_wait.h"

#include <time.h>

int64_t ocore__sql_now_ms(void)
{
        struct timespec now = {0, 0};

        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t random_next(uint64_t *state)
{
        uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return z ^ z >> 31;
}

void ocore__sql_wait(int64_t attempt, int64_t most_ms, uint64_t *random)
{
        int64_t span_us = INT64_C(1000) << (attempt < 20 ? attempt - 1 : 19);
        struct timespec sleep;
        int64_t us;

        if (span_us > most_ms * 1000)
                span_us = most_ms * 1000;
        us = (int64_t)(random_next(random) % (uint64_t)(span_us + 1));
        sleep.tv_sec = (time_t)(us / 1000000);
        sleep.tv_nsec = (us % 1000000) * 1000;
        (void)nanosleep(&sleep, 0);
}
