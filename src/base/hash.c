/*
 * Hashing: XXH64 (Yann Collet, 2014) for bytes, the finisher of SplitMix64 (Steele, Lea and
 * Flood, 2014; constants by Stafford, variant 13) for a number. Written from their published
 * descriptions. Digests are kept in stores: the result is the same on every machine and must
 * never change.
 */
#include "hash.h"
#include "endian.h"

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_3 UINT64_C(0x165667b19e3779f9)
#define PRIME_4 UINT64_C(0x85ebca77c2b2ae63)
#define PRIME_5 UINT64_C(0x27d4eb2f165667c5)

static uint64_t turn(uint64_t value, unsigned bits)
{
        return (value << bits) | (value >> (64 - bits));
}

static uint64_t load_32(const uint8_t *p)
{
        return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

static uint64_t round_in(uint64_t sum, uint64_t input)
{
        return turn(sum + input * PRIME_2, 31) * PRIME_1;
}

static uint64_t merge(uint64_t hash, uint64_t sum)
{
        return (hash ^ round_in(0, sum)) * PRIME_1 + PRIME_4;
}

/* Four sums side by side over all whole blocks of 32 bytes; *p is moved behind them. */
static uint64_t hash_blocks(const uint8_t **p, const uint8_t *end, uint64_t seed)
{
        uint64_t a = seed + PRIME_1 + PRIME_2;
        uint64_t b = seed + PRIME_2;
        uint64_t c = seed;
        uint64_t d = seed - PRIME_1;
        uint64_t hash;

        for (; end - *p >= 32; *p += 32) {
                a = round_in(a, ocore__load_little(*p));
                b = round_in(b, ocore__load_little(*p + 8));
                c = round_in(c, ocore__load_little(*p + 16));
                d = round_in(d, ocore__load_little(*p + 24));
        }
        hash = turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18);
        hash = merge(hash, a);
        hash = merge(hash, b);
        hash = merge(hash, c);
        return merge(hash, d);
}

uint64_t ocore__hash(const void *data, size_t size, uint64_t seed)
{
        const uint8_t *p = data;
        const uint8_t *end;
        uint64_t hash = seed + PRIME_5;

        if (size == 0)
                p = (const uint8_t *)"";
        end = p + size;
        if (size >= 32)
                hash = hash_blocks(&p, end, seed);
        hash += size;
        for (; end - p >= 8; p += 8)
                hash = turn(hash ^ round_in(0, ocore__load_little(p)), 27) * PRIME_1 + PRIME_4;
        if (end - p >= 4) {
                hash = turn(hash ^ load_32(p) * PRIME_1, 23) * PRIME_2 + PRIME_3;
                p += 4;
        }
        for (; p < end; p++)
                hash = turn(hash ^ *p * PRIME_5, 11) * PRIME_1;
        hash = (hash ^ hash >> 33) * PRIME_2;
        hash = (hash ^ hash >> 29) * PRIME_3;
        return hash ^ hash >> 32;
}

uint64_t ocore__hash_number(uint64_t number, uint64_t seed)
{
        uint64_t hash = number + seed * PRIME_1 + UINT64_C(0x9e3779b97f4a7c15);

        hash = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
        return hash ^ hash >> 31;
}

ocore_id ocore__id_derive(ocore_id from, ocore_str purpose)
{
        uint64_t seed = ocore__hash(purpose.data, purpose.size, 0);
        ocore_id id;

        for (size_t half = 0; half < 2; half++) {
                uint64_t hash = ocore__hash(from.bytes, sizeof from.bytes, seed + half);

                for (size_t i = 0; i < 8; i++, hash >>= 8)
                        id.bytes[half * 8 + i] = (uint8_t)hash;
        }
        id.bytes[6] = (uint8_t)(0x80 | (id.bytes[6] & 0x0f));
        id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
        return id;
}
