/* What the fulfillment room offers to others: its rows, and the table of its states. */
#ifndef ORDERCORE_FULFILLMENT_FULFILLMENT_H
#define ORDERCORE_FULFILLMENT_FULFILLMENT_H

#include "order/order_room.h"

#include <ordercore/fulfillment.h>

extern const ocore_table ocore__fulfillment_table;      /* group: fulfillment */
extern const ocore_table ocore__fulfillment_line_table; /* group: fulfillment */
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
extern const ocore_record ocore__fulfillment_short_request;

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
/* Reads a fulfillment with its lines. */
int ocore__fulfillment_read(
        ocore__work *work, ocore_id id, ocore__group **lines, ocore__entry **out);
/* The row of a fulfillment's fetched group, or a refusal OCORE_NOT_FOUND by "fulfillment_id". */
int ocore__fulfillment_found(ocore__work *work, const ocore__group *group, ocore__entry **out);

/* Moves units of an allocation from one column to another; OCORE_STATE: it has fewer. Pure. */
int ocore__allocation_move(ocore_allocation *allocation, size_t from, size_t to, int64_t quantity);

/*
 * How many more units of each line may go on pick lists, by number − 1: of a part of a bundle as
 * many as there are whole bundles of which every part is allocated or further, wherever it is, less
 * what went before; INT64_MAX: the line has no such limit. `alone` says by number − 1 of which
 * bundles the parts may ship while others are missing. Pure.
 */
void ocore__release_limits(const ocore__order_view *view, const ocore__parts *parts,
        const uint8_t *alone, int64_t *limits);
/* Likewise how many more may leave, less what has left; below zero: so many too many have. Pure. */
void ocore__ship_limits(const ocore__order_view *view, const ocore__parts *parts,
        const uint8_t *alone, int64_t *limits);
/* The first line of an order of which units are not there yet, and how many; `listed`: are on no
 * pick list yet. NULL: there is none. Lines that wait for a drop shipment (`dropped`, by number −
 * 1) do not count as far as they wait. Pure. */
const ocore_order_line *ocore__release_missing(
        const ocore__order_view *view, const uint8_t *dropped, int listed, int64_t *out_missing);

/* What says of an order's bundles whether their parts stay together. */
typedef struct ocore__whole {
        ocore__parts parts;
        uint8_t *alone; /* by number − 1: the parts of this bundle may go alone */
} ocore__whole;
/* Of an order that was found; reads the products of its bundles and relies on them. */
int ocore__whole_read(ocore__work *work, const ocore__order_view *view, ocore__whole *out);
/* Refuses what an order that ships complete does not allow: by "order_id" a pick list while units
 * are not there, by another field leaving while some are on no pick list. A drop shipment leaves
 * from another house: what waits for one holds nothing of ours back. */
int ocore__whole_order(ocore__work *work, const ocore__order_view *view, const char *field);
/* Refuses by "fulfillment_id" that parts on these lines have left without their bundles; the order
 * says already that they left. */
int ocore__whole_bundles(ocore__work *work, const ocore__order_view *view,
        const ocore__whole *whole, const ocore__group *lines);

#endif
