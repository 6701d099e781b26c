/* What the stories of life.h are written with: steps as data, and short ways to write requests
 * where only constants may stand. */
#ifndef ORDERCORE_TESTS_LIFE_STEPS_H
#define ORDERCORE_TESTS_LIFE_STEPS_H

#include "life.h"

#define MINUTE_US INT64_C(60000000)
#define DAY_US (INT64_C(1440) * MINUTE_US)
#define START_US INT64_C(1767607200000000) /* Monday, 2026-01-05T10:00:00Z */
#define T(text)                                                                                    \
        {                                                                                          \
                text, sizeof(text) - 1                                                             \
        }
/* The id of a number, as in life_id(), where only constants may stand. */
#define ID(n)                                                                                      \
        {                                                                                          \
                {                                                                                  \
                        1, 0x9b, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n                    \
                }                                                                                  \
        }
#define LINES(array) array, sizeof array / sizeof array[0], sizeof array[0]
#define EUR(minor)                                                                                 \
        {                                                                                          \
                minor, "EUR", 0                                                                    \
        }

struct life_call {
        const char *command; /* NULL: the pump */
        const void *request;
};

struct life_book {
        const struct life_call *steps;
        size_t count;
        void (*prepare)(void); /* requests whose ids follow from others; NULL: there are none */
};

#endif
