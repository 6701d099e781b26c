/* All tables by number: the one place that knows every room's rows. Tables are only appended. */
#include "procedures.h"

static const ocore_table *const tables[] = {
        &ocore__command_table,
        &ocore__event_table,
        &ocore__effect_table,
        &ocore__policy_table,
        &ocore__product_table,
        &ocore__price_table,
        &ocore__site_table,
        &ocore__tax_rate_table,
        &ocore__shipping_option_table,
        &ocore__shipping_zone_table,
        &ocore__shipping_rate_table,
        &ocore__stock_table,
        &ocore__stock_move_table,
        &ocore__hold_table,
        &ocore__hold_line_table,
        &ocore__order_table,
        &ocore__draft_table,
        &ocore__party_table,
        &ocore__order_line_table,
        &ocore__allocation_table,
        &ocore__payment_table,
        &ocore__money_move_table,
        &ocore__fulfillment_table,
        &ocore__fulfillment_line_table,
        &ocore__return_table,
        &ocore__return_line_table,
};

/* The number marks files as ours: "OCOR". */
const ocore_schema ocore__schema = {tables, sizeof tables / sizeof tables[0], 1, 0x4f434f52};
