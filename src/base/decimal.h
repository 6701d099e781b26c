/* Plain decimals ("-12.50") as whole numbers with a scale: how money and quantities are read. */
#ifndef ORDERCORE_BASE_DECIMAL_H
#define ORDERCORE_BASE_DECIMAL_H

#include <ordercore/base.h>

/* Most decimals of a quantity. */
enum { OCORE__SCALE_MAX = 9 };

/*
 * Reads digits with at most `scale_max` decimals; no plus, exponent, leading zeros, bare point or
 * "-0". OCORE_OK, OCORE_INVALID or OCORE_OVERFLOW; the outs are 0 on failure.
 */
int ocore__decimal_parse(ocore_str text, int scale_max, int64_t *amount, int *scale);

#endif
