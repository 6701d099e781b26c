/*
 * Stores that are wrong on purpose, around any real one: what the tests of servers must be able to
 * find. Without them nobody would know whether those tests can fail.
 */
#ifndef ORDERCORE_TESTS_BROKEN_STORE_H
#define ORDERCORE_TESTS_BROKEN_STORE_H

#include <ordercore/store.h>

/* Reads a row, adds in its own memory and writes the sum, whatever others did meanwhile: what the
 * guarded add is there for. */
#define BROKEN_ADDS 1
/* Leaves the command row out, so that a lost answer cannot be asked for. */
#define BROKEN_COMMANDS 2

/* Puts a store with this mistake around another one and closes that with itself; 0: `*out` is
 * `inner`. On failure `inner` is closed. */
int broken_store(ocore_store inner, int mistake, ocore_store *out);

#endif
