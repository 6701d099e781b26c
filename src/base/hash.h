/* A fast 64-bit hash for tables in memory and for telling requests apart; not for secrets. */
#ifndef ORDERCORE_BASE_HASH_H
#define ORDERCORE_BASE_HASH_H

#include <ordercore/base.h>

/* Every bit of the result depends on every bit of the input (published mixers, see hash.c). */
uint64_t ocore__hash(const void *data, size_t size, uint64_t seed);
uint64_t ocore__hash_number(uint64_t number, uint64_t seed);

/* The id that follows from another one for a purpose: whoever needs it finds the same, so that two
 * who do the same thing meet in one row. A version 8 UUID (RFC 9562, 5.8). */
ocore_id ocore__id_derive(ocore_id from, ocore_str purpose);

#endif
