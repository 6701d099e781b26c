/* Checked whole-number arithmetic, rounding by name, and the division of a sum into parts. */
#ifndef ORDERCORE_BASE_NUMBER_H
#define ORDERCORE_BASE_NUMBER_H

#include <ordercore/base.h>

/* The same numbers as OCORE_ROUND_HALF_UP and its kin in order.h. */
enum { OCORE__HALF_UP = 1, OCORE__HALF_EVEN = 2, OCORE__DOWN = 3, OCORE__UP = 4 };

/* OCORE_OK, or OCORE_OVERFLOW with *out untouched. */
int ocore__add(int64_t a, int64_t b, int64_t *out);
int ocore__subtract(int64_t a, int64_t b, int64_t *out);
int ocore__multiply(int64_t a, int64_t b, int64_t *out);

/* a × b / c with a 128-bit product, rounded by name; c > 0. Rounding is symmetric about zero. */
int ocore__multiply_divide(int64_t a, int64_t b, int64_t c, int rounding, int64_t *out);

/* 10^exponent for 0 to 18. */
int64_t ocore__power_of_ten(int exponent);

/* amount at scale `from` → scale `to`, exactly. OCORE_INVALID: digits would be lost. */
int ocore__rescale(int64_t amount, int from, int to, int64_t *out);

/*
 * Largest remainder (Hamilton, 1792): divides `total` into `count` parts in proportion to
 * `weights` (each >= 0, sum fits 64 bits), which sum to it exactly. Equal remainders go to the
 * earlier part. All weights zero: equal weights. Negative totals are mirrored. `remainders` is
 * working room for `count` numbers. Cost O(count log count). OCORE_OK or OCORE_OVERFLOW; `count`
 * 0 asks for total 0.
 */
int ocore__share_out(
        int64_t total, const int64_t *weights, size_t count, int64_t *parts, int64_t *remainders);

/* The share of the first k of n units: total × k / n, rounded towards zero; 0 <= k <= n, n > 0. */
int64_t ocore__unit_share(int64_t total, int64_t k, int64_t n);

#endif
