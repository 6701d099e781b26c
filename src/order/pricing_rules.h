/* What an order costs: prices, discounts, tax, shipping, divided so that parts sum to the whole. */
#ifndef ORDERCORE_ORDER_PRICING_RULES_H
#define ORDERCORE_ORDER_PRICING_RULES_H

#include "order_room.h"

/* What the draft says beside the lines. */
typedef struct ocore__pricing {
        int64_t tax_mode;
        int64_t rounding;
        int64_t rounding_level;
        int64_t discount_minor; /* of the whole order; or a part of its goods: */
        int64_t discount_ppm;
        int64_t shipping_minor; /* with or without tax, by tax_mode */
        int64_t shipping_tax_ppm;
        int64_t shipping_given; /* 1: the charge is with tax already, and this is the tax in it: */
        int64_t shipping_tax_minor;
} ocore__pricing;

/* A line's own discount. */
typedef struct ocore__line_discount {
        int64_t minor;
        int64_t ppm;
} ocore__line_discount;

/*
 * Fills the amounts of `lines` (whose kind, scale, quantity, unit_price_minor and tax_rate_ppm are
 * given) and the totals of `order`. Line amounts are rounded once; the order's discount, the tax of
 * rounding level "order" and the shipping charge are shared out by largest remainder. OCORE_OK,
 * OCORE_OVERFLOW, OCORE_NOMEM, or OCORE_INVALID: a discount is larger than what it is taken from
 * (*out_line: which line, or `count` for the order's own).
 */
int ocore__price_order(ocore__arena *arena, const ocore__pricing *pricing,
        const ocore__line_discount *discounts, ocore_order_line *lines, size_t count,
        ocore_order *order, size_t *out_line);

#endif
