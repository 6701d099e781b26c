/* A draft being turned into an order: what verify, quote, save and place share. */
#ifndef ORDERCORE_ORDER_DRAFT_H
#define ORDERCORE_ORDER_DRAFT_H

#include "shipping/shipping.h"
#include "order_room.h"
#include "pricing_rules.h"

/* ocore_order_draft as a request; a saved draft's content is what order.save was given. */
extern const ocore_record ocore__order_verify_request;
extern const ocore_record ocore__order_quote_request;
extern const ocore_record ocore__order_save_request;
extern const ocore_record ocore__order_place_request;

/* A line with the rows it rests on. */
typedef struct ocore__draft_target {
        ocore__group *products;
        ocore__group *prices; /* NULL: the draft says the price */
        ocore__group *stock;
} ocore__draft_target;

typedef struct ocore__draft_work {
        const ocore_order_draft *draft; /* of the request, or as it was saved */
        ocore_id order_id;
        int is_new;
        ocore__group *policy, *sites, *holds, *hold_lines, *saved;
        ocore__shipping_view shipping;
        ocore__draft_target *targets;
        ocore__order_view view; /* of the saved draft; orders only for a new one */
        ocore_order order;      /* as it will be */
        ocore_order_line *lines;
        int64_t *hold_taken; /* of each line of the hold */
        ocore__piece *pieces;
        size_t piece_count;
        int64_t weight_g;
} ocore__draft_work;

/* Reads what a draft rests on; OCORE_ALREADY and refusals unwind. */
int ocore__draft_read(ocore__work *work, const ocore_order_draft *request, ocore__draft_work *out);
/* Decides: prices, shipping, allocation. Every error is refused by field; the first is returned. */
int ocore__draft_decide(ocore__work *work, ocore__draft_work *draft);
/* Stages the order. */
int ocore__draft_stage(ocore__work *work, ocore__draft_work *draft);

#endif
