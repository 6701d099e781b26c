/* What the returns room offers to others: its rows, the table of its states, where goods go. */
#ifndef ORDERCORE_RETURNS_RETURNS_H
#define ORDERCORE_RETURNS_RETURNS_H

#include "order/order_room.h"

#include <ordercore/returns.h>

extern const ocore_table ocore__return_table;      /* group: return */
extern const ocore_table ocore__return_line_table; /* group: return */
extern const ocore_record ocore__return_record;
enum { OCORE__RETURN_BY_ORDER = 1 }; /* index */

/* Requests. */
extern const ocore_record ocore__return_request_request;
extern const ocore_record ocore__return_receive_request;
extern const ocore_record ocore__return_inspect_request;
extern const ocore_record ocore__return_refund_request;
extern const ocore_record ocore__return_get_request;

/* A step of a return. A return of services and fees alone has no goods to receive and to judge:
 * it goes its own way through the table. */
typedef struct ocore__return_transition {
        int64_t from;
        int64_t step;
        int64_t to;
        int64_t has_goods;
} ocore__return_transition;
extern const ocore__return_transition ocore__return_transitions[];
extern const size_t ocore__return_transition_count;

/* OCORE_OK and the state that follows, or OCORE_STATE. Pure. */
int ocore__return_step(int64_t state, int64_t step, int64_t has_goods, int64_t *out_state);
/* The state as a word, for a refusal. Pure. */
const char *ocore__return_word(int64_t state);

/* Where a disposition sends goods: a bucket or outside account, and the column of the return's
 * line that counts them. NULL: no such disposition. Pure. */
typedef struct ocore__disposition {
        int64_t disposition;
        int64_t bucket;
        size_t column; /* offset in ocore_return_line */
} ocore__disposition;
const ocore__disposition *ocore__disposition_of(int64_t disposition);

/* Units received and not yet judged. Pure. */
int64_t ocore__return_unjudged(const ocore_return_line *line);

/* A return with its lines as an answer; its row stays as it is. */
int ocore__return_answer(
        ocore__work *work, const ocore_return *row, const ocore__group *lines, const void **answer);
/* The row of a return's fetched group, or a refusal OCORE_NOT_FOUND by "return_id". */
int ocore__return_found(ocore__work *work, const ocore__group *group, ocore__entry **out);

#endif
