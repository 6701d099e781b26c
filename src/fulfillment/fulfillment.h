/* What the fulfillment room offers to others: its rows, and the table of its states. */
#ifndef ORDERCORE_FULFILLMENT_FULFILLMENT_H
#define ORDERCORE_FULFILLMENT_FULFILLMENT_H

#include "order/order_room.h"

#include <ordercore/fulfillment.h>

extern const ocore_table ocore__fulfillment_table;      /* group: fulfillment */
extern const ocore_table ocore__fulfillment_line_table; /* group: fulfillment; never changes */
extern const ocore_record ocore__fulfillment_record;
extern const ocore_record ocore__fulfillment_list_record;
enum { OCORE__FULFILLMENT_BY_ORDER = 1 }; /* index */

/* Requests. */
extern const ocore_record ocore__fulfillment_create_request;
extern const ocore_record ocore__fulfillment_pick_request;
extern const ocore_record ocore__fulfillment_pack_request;
extern const ocore_record ocore__fulfillment_ship_request;
extern const ocore_record ocore__fulfillment_deliver_request;
extern const ocore_record ocore__fulfillment_cancel_request;
extern const ocore_record ocore__fulfillment_get_request;

/* A step of a fulfillment: from which state to which, and the event it is. */
typedef struct ocore__fulfillment_transition {
        int64_t from;
        int64_t step;
        int64_t to;
        int64_t event;
} ocore__fulfillment_transition;
extern const ocore__fulfillment_transition ocore__fulfillment_transitions[];
extern const size_t ocore__fulfillment_transition_count;

/* The transition of a step; NULL: the state does not allow it. Pure. */
const ocore__fulfillment_transition *ocore__fulfillment_step(int64_t state, int64_t step);

/* Where the units of a fulfillment are in a state: one column of their allocation row, and one
 * bucket (or outside account) of the stock. NULL: no such state. Pure. */
typedef struct ocore__fulfillment_place {
        int64_t state;
        size_t column; /* offset in ocore_allocation */
        int64_t bucket;
        const char *word; /* the state, for a refusal */
} ocore__fulfillment_place;
const ocore__fulfillment_place *ocore__fulfillment_place_of(int64_t state);

/* A fulfillment with its lines as an answer; its row stays as it is. */
int ocore__fulfillment_answer(ocore__work *work, const ocore_fulfillment *row,
        const ocore__group *lines, const void **answer);
/* The row of a fulfillment's fetched group, or a refusal OCORE_NOT_FOUND by "fulfillment_id". */
int ocore__fulfillment_found(ocore__work *work, const ocore__group *group, ocore__entry **out);

/* Moves units of an allocation from one column to another; OCORE_STATE: it has fewer. Pure. */
int ocore__allocation_move(ocore_allocation *allocation, size_t from, size_t to, int64_t quantity);

#endif
