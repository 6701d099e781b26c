/**
 * @file base.h
 * The values everything else is made of: status codes, text, ids, money, quantities, time.
 *
 * Nothing here knows of orders. All values are integers, bytes and text; there is no floating
 * point anywhere in the library.
 */
#ifndef ORDERCORE_BASE_H
#define ORDERCORE_BASE_H

#include <stddef.h>
#include <stdint.h>

/** Marks what the shared library exports. */
#if defined(__GNUC__)
#define OCORE_API __attribute__((visibility("default")))
#else
#define OCORE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Version
 * The version of these headers; ocore_version() tells that of the library in use.
 * @{
 */
#define OCORE_VERSION_MAJOR 0 /**< Grows with an incompatible change of the C API. */
#define OCORE_VERSION_MINOR 1 /**< Grows with each release that adds. */
#define OCORE_VERSION_PATCH 0 /**< Grows with each release that only mends. */
/** @} */

/**
 * @name Status codes
 * Every function that can fail returns one of these as an `int`: negative is failure and nothing
 * was changed, zero is success. The numbers are never reused.
 * @{
 */
#define OCORE_OK 0             /**< Done. */
#define OCORE_DONE 1           /**< A loop has come to its end. */
#define OCORE_ALREADY 2        /**< This command was carried out before: its stored answer. */
#define OCORE_INVALID (-1)     /**< An argument is wrong; the error names the field. */
#define OCORE_NOMEM (-2)       /**< The allocator gave no memory. */
#define OCORE_REENTRANT (-3)   /**< A callback called back into the core that called it. */
#define OCORE_LIMIT (-4)       /**< A named limit is exceeded. */
#define OCORE_OVERFLOW (-5)    /**< A sum or product does not fit 64 bits. */
#define OCORE_NOT_FOUND (-6)   /**< There is no such thing for this tenant. */
#define OCORE_ID_REUSED (-7)   /**< The id was used before with other content. */
#define OCORE_OUT_OF_STOCK (-8) /**< Less is available than was asked for. */
#define OCORE_STATE (-9)       /**< The state of the thing does not allow this step. */
#define OCORE_BUSY (-10)       /**< Others changed the same rows each time; try again. */
#define OCORE_UNKNOWN (-11)    /**< The store cannot say whether it wrote; repeat the same id. */
#define OCORE_STORE (-12)      /**< The store failed; nothing was written. */
#define OCORE_CORRUPT (-13)    /**< What the store returned cannot be right. */
#define OCORE_SENSITIVE (-14)  /**< A free text holds what looks like a card number. */
#define OCORE_LAPSED (-15)     /**< The deadline has passed. */
#define OCORE_EXISTS (-16)     /**< Something else already has this name. */
#define OCORE_VERSION_MISMATCH (-17) /**< The store's layout is of another version. */
#define OCORE_CONFLICT (-18)   /**< From a store: an expectation of a write does not hold. */
/** @} */

/** Text: `size` bytes of UTF-8 at `data`, no terminator needed. Frozen value. `{0}` is empty. */
typedef struct ocore_str {
        const char *data; /**< The bytes; may be NULL when size is 0. */
        size_t size;      /**< How many bytes. */
} ocore_str;

/** A 128-bit id, made by the caller (UUIDv7 is best: it grows with time). Frozen value. */
typedef struct ocore_id {
        uint8_t bytes[16]; /**< In network order; all zeros is "none" and never a valid id. */
} ocore_id;

/** An amount of money. Frozen value. `{0}` is "not given"; `{0, "EUR"}` is zero euros. */
typedef struct ocore_money {
        int64_t amount_minor; /**< In the currency's minor unit (cents for EUR, yen for JPY). */
        char currency[4];     /**< ISO 4217 code, terminated by NUL. */
        uint32_t reserved;    /**< Zero. */
} ocore_money;

/** A quantity: `amount` × 10^-`scale` of the product's unit. Frozen value. `{3}` is 3 pieces. */
typedef struct ocore_quantity {
        int64_t amount;    /**< The digits: 1.250 kg is amount 1250, scale 3. */
        int32_t scale;     /**< How many of them stand behind the point, 0 to 9. */
        uint32_t reserved; /**< Zero. */
} ocore_quantity;

/** The library's version as text, "MAJOR.MINOR.PATCH". Never fails; static. Since 0.1. */
OCORE_API const char *ocore_version(void);

/**
 * The name of a status code without its prefix ("OUT_OF_STOCK"), "?" for a number that is none.
 * Static text. Since 0.1.
 */
OCORE_API const char *ocore_status_name(int status);

/** A NUL-terminated string as ocore_str, borrowed; NULL gives the empty text. Since 0.1. */
OCORE_API ocore_str ocore_str_of(const char *text);

/** Tells whether two texts hold the same bytes: 1 or 0. Since 0.1. */
OCORE_API int ocore_str_equal(ocore_str a, ocore_str b);

/**
 * Reads an id from its 36-character text ("018f…-…", RFC 9562; upper case is accepted).
 * @return OCORE_OK, or OCORE_INVALID with `*out` all zeros. Since 0.1.
 */
OCORE_API int ocore_id_parse(ocore_str text, ocore_id *out);

/** Bytes that ocore_id_format() writes, with the terminating NUL. */
#define OCORE_ID_TEXT_SIZE 37

/** Writes an id as 36 lower-case characters and a NUL. Never fails. Since 0.1. */
OCORE_API void ocore_id_format(ocore_id id, char out[OCORE_ID_TEXT_SIZE]);

/**
 * How many decimals a currency has: 0 (JPY), 2 (EUR), 3 (KWD) or 4 (CLF).
 * @param currency an ISO 4217 code of three upper-case letters
 * @return 0 to 4, or OCORE_INVALID for a code that is not in the list. Since 0.1.
 */
OCORE_API int ocore_currency_exponent(ocore_str currency);

/**
 * Reads "12.50 EUR": a plain decimal, one space, the code. The decimals may be fewer than the
 * currency has, never more; no exponent, no plus, no leading zeros, no "-0".
 * @return OCORE_OK, OCORE_INVALID, or OCORE_OVERFLOW; `*out` is zeroed on failure. Since 0.1.
 */
OCORE_API int ocore_money_parse(ocore_str text, ocore_money *out);

/** Bytes that are always enough for ocore_money_format() and ocore_quantity_format(). */
#define OCORE_NUMBER_TEXT_SIZE 32

/**
 * Writes "12.50 EUR" and a NUL.
 * @return the length without the NUL, or OCORE_INVALID (unknown currency, out is ""). Since 0.1.
 */
OCORE_API int ocore_money_format(ocore_money money, char out[OCORE_NUMBER_TEXT_SIZE]);

/**
 * Reads "1.25": a plain decimal with at most 9 decimals; same strictness as ocore_money_parse().
 * @return OCORE_OK, OCORE_INVALID or OCORE_OVERFLOW; `*out` is zeroed on failure. Since 0.1.
 */
OCORE_API int ocore_quantity_parse(ocore_str text, ocore_quantity *out);

/**
 * Writes "1.250" (always `scale` decimals) and a NUL.
 * @return the length without the NUL, or OCORE_INVALID (scale not 0 to 9, out is ""). Since 0.1.
 */
OCORE_API int ocore_quantity_format(ocore_quantity quantity, char out[OCORE_NUMBER_TEXT_SIZE]);

/**
 * Reads an RFC 3339 date and time ("2026-01-31T09:30:00Z", "…00.250+01:00") as microseconds
 * since 1970-01-01T00:00:00Z. Years 0001 to 9999; impossible dates are refused; a leap second
 * (":60") is refused too, because a count of microseconds has no place for it.
 * @return OCORE_OK or OCORE_INVALID; `*out_us` is 0 on failure. Since 0.1.
 */
OCORE_API int ocore_time_parse(ocore_str text, int64_t *out_us);

/** Bytes that ocore_time_format() writes at most, with the NUL. */
#define OCORE_TIME_TEXT_SIZE 32

/**
 * Writes a time as RFC 3339 in UTC, with 6 decimals only when they are not all zero.
 * @return the length, or OCORE_INVALID outside the years 0001 to 9999 (out is ""). Since 0.1.
 */
OCORE_API int ocore_time_format(int64_t at_us, char out[OCORE_TIME_TEXT_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
