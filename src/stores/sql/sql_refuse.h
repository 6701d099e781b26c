/*
 * Which write of a batch is the first one refused, and why. A server only says that something was
 * not as expected; once the batch is rolled back the store brings the rows that it was about, and
 * the writes are carried out in memory, in their order, until one finds what it may not find.
 * Serves the stores whose engines judge a whole batch at once.
 */
#ifndef ORDERCORE_STORES_SQL_REFUSE_H
#define ORDERCORE_STORES_SQL_REFUSE_H

#include <ordercore/store.h>

/* Carries out look-ups as a store's `read` does, best as one snapshot: first the rows under the
 * keys of all writes, then the owners of the values that they set in unique indexes. */
typedef int (*ocore__sql_look_fn)(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);

/*
 * OCORE_CONFLICT with the first write refused. OCORE_OK when none is, as things are now: whoever
 * was in the way has gone again, or the error came from something else, such as a trigger; the
 * refusal then is OCORE_REFUSED_CONFLICT at write 0, for a store that wants to say so. Else
 * OCORE_NOMEM, OCORE_CORRUPT for more rows than can be, or what `look` returned.
 */
int ocore__sql_refuse(const ocore_write *writes, size_t count, ocore__sql_look_fn look, void *self,
        ocore_refusal *refusal);

#endif
