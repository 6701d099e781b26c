/*
 * Waiting before something is tried again: longer each time, never in step with others, never past
 * a deadline. What the stores of SQL servers share.
 */
#ifndef ORDERCORE_STORES_SQL_WAIT_H
#define ORDERCORE_STORES_SQL_WAIT_H

#include <stdint.h>

/* Milliseconds of a clock that is never set back. */
int64_t ocore__sql_now_ms(void);
/*
 * Sleeps before try number `attempt` (from 1): a random time up to 1 ms, 2 ms, 4 ms … at most
 * `most_ms` (exponential back-off with full jitter; Brooker, 2015). *random is any state, moved on.
 */
void ocore__sql_wait(int64_t attempt, int64_t most_ms, uint64_t *random);

#endif
