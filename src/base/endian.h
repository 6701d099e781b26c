/* Numbers as bytes in a fixed order, whatever the machine's own is. */
#ifndef ORDERCORE_BASE_ENDIAN_H
#define ORDERCORE_BASE_ENDIAN_H

#include <stdint.h>
#include <string.h>

/* A machine known to be little-endian moves eight bytes at once; others turn them one by one. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OCORE__LITTLE_ENDIAN 1
#else
#define OCORE__LITTLE_ENDIAN 0
#endif

static inline uint64_t ocore__load_little(const uint8_t *p)
{
        uint64_t number = 0;
#if OCORE__LITTLE_ENDIAN
        memcpy(&number, p, sizeof number);
#else
        unsigned n;

        for (n = 8; n > 0; n--)
                number = number << 8 | p[n - 1];
#endif
        return number;
}

static inline void ocore__store_little(uint8_t *p, uint64_t number)
{
#if OCORE__LITTLE_ENDIAN
        memcpy(p, &number, sizeof number);
#else
        unsigned n;

        for (n = 0; n < 8; n++, number >>= 8)
                p[n] = (uint8_t)number;
#endif
}

static inline uint64_t ocore__load_big(const uint8_t *p)
{
#if OCORE__LITTLE_ENDIAN
        return __builtin_bswap64(ocore__load_little(p));
#else
        uint64_t number = 0;
        unsigned n;

        for (n = 0; n < 8; n++)
                number = number << 8 | p[n];
        return number;
#endif
}

static inline void ocore__store_big(uint8_t *p, uint64_t number)
{
#if OCORE__LITTLE_ENDIAN
        ocore__store_little(p, __builtin_bswap64(number));
#else
        unsigned n;

        for (n = 8; n > 0; n--, number >>= 8)
                p[n - 1] = (uint8_t)number;
#endif
}

#endif
