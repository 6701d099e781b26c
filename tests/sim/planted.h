/*
 * Damage planted into a store past the library, one row at a time, and what ocore_verify() must
 * then name. A test brings its plants and makes a world for each of them.
 */
#ifndef ORDERCORE_TESTS_PLANTED_H
#define ORDERCORE_TESTS_PLANTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <ordercore.h>

enum damage { ADD, SET, SET_ID, SET_TEXT, DELETE, COPY };

/* What is done to one row of a table. */
typedef struct plant {
        const char *invariant;
        const char *table;
        const char *where; /* a number column that must have `is`; NULL: the first row */
        int64_t is;
        enum damage damage;
        const char *column; /* the one changed; for COPY the key column that is */
        int64_t value;      /* added, set, or the number of an id */
} plant;

/* What verify said. */
typedef struct findings {
        const char *wanted;
        int64_t count, matching;
        char text[4096];
        size_t used;
} findings;

/* Damages the row of a store that the plant is for; the tenant is 0. */
void planted_damage(const ocore_store *store, const plant *wanted);
/* An ocore_finding_fn; its user data are findings. */
int planted_collect(void *user_data, const ocore_finding *finding);
/* 1: verify finds nothing before the damage and names the invariant after it. The plant's number
 * and what was found are printed otherwise. */
int planted_is_named(ocore_core *core, const ocore_store *store, const plant *one, size_t number);

#endif
