/*
 * What tests of the core share: a core on an empty store (in memory, or as stores.h says) with a
 * clock that stands still, an allocator that counts and can fail, ids by number, and assertions
 * that print what the library had to say.
 *
 *         test_world world;
 *
 *         test_open(&world);
 *         assert_done(&world, ocore_site_put(world.core, &request, &site));
 *         assert_refused(&world, ocore_site_put(world.core, &wrong, NULL), OCORE_INVALID, "site");
 *         test_close(&world); … fails when a byte is leaked
 */
#ifndef ORDERCORE_TESTS_SUPPORT_H
#define ORDERCORE_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ordercore.h>

#include "stores.h"

/* A literal as ocore_str. */
#define STR(text) ((ocore_str){text, sizeof(text) - 1})
/* The same in a static table, where only constants may stand. */
#define STR_INIT(text)                                                                             \
        {                                                                                          \
                text, sizeof(text) - 1                                                             \
        }

/* Monday, 2026-01-05T10:00:00Z: when the clock of a new world stands still. */
#define TEST_NOW_US INT64_C(1767607200000000)
#define TEST_MINUTE_US INT64_C(60000000)
#define TEST_HOUR_US (60 * TEST_MINUTE_US)
#define TEST_DAY_US (24 * TEST_HOUR_US)

/* Counts what is taken and given back, moves every block that is resized, and fails on demand. */
typedef struct test_memory {
        int64_t blocks;    /* taken and not given back */
        int64_t bytes;     /* in them */
        int64_t bytes_max; /* at most so far */
        int64_t requests;  /* for memory so far */
        int64_t fail_at;   /* the number of the request that gets none, from 1; 0: none fails */
        int fails_on;      /* and all behind it */
        int failed;        /* a request got none */
} test_memory;

ocore_allocator test_allocator(test_memory *memory);

typedef struct test_world {
        ocore_core *core;
        ocore_store store;
        test_memory memory; /* of the core, and of a store in memory */
        int64_t now_us;     /* set it, and time has passed */
        int64_t next_id;
        uint64_t random;
        ocore_config config; /* what the core was opened with */
        int owns_store;
} test_world;

/* A world of its own: an empty store and a core of tenant 1 on it. */
void test_open(test_world *world);
/* The same with settings. Zero members of `config` get what test_open() gives: store, allocator,
 * clock, randomness. A store that is given is not closed. */
void test_open_with(test_world *world, const ocore_config *config);
/* Closes the core and opens another on the same store, with nothing in its memory. */
void test_reopen(test_world *world);
/* Closes core and store and fails when memory is left. */
void test_close(test_world *world);

/* Ids: by number, and the next of a world (from 1,000,001 on). */
ocore_id test_id(int64_t n);
ocore_id test_next_id(test_world *world);

/* Values that must be good: "12.50 EUR", "1.250", "2026-01-31T09:30:00Z". */
ocore_money test_money(const char *text);
ocore_quantity test_quantity(const char *text);
int64_t test_time(const char *text);

/* OCORE_OK, else what the library said is printed. */
#define assert_done(world, call)                                                                   \
        test_status((world)->core, call, OCORE_OK, NULL, #call, __FILE__, __LINE__)
/* A status; what the library said is printed when it is another. */
#define assert_status(world, call, status)                                                         \
        test_status((world)->core, call, status, NULL, #call, __FILE__, __LINE__)
/* A refusal by this field, with a message. */
#define assert_refused(world, call, status, field)                                                 \
        test_status((world)->core, call, status, field, #call, __FILE__, __LINE__)
void test_status(ocore_core *core, int got, int wanted, const char *field, const char *call,
        const char *file, int line);

/* A text of the library is this NUL-terminated one. */
#define assert_text(text, wanted) test_text(text, wanted, #text, __FILE__, __LINE__)
void test_text(ocore_str got, const char *wanted, const char *what, const char *file, int line);

/* 64-bit numbers, printed in decimal when they differ. */
#define assert_number(number, wanted) test_number(number, wanted, #number, __FILE__, __LINE__)
void test_number(int64_t got, int64_t wanted, const char *what, const char *file, int line);

/* ocore_verify() finds nothing; findings are printed. */
#define assert_verified(world) test_verified((world)->core, __FILE__, __LINE__)
void test_verified(ocore_core *core, const char *file, int line);

#endif
