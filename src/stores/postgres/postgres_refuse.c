/*
 * Which write is refused, and why. The batch has been rolled back; one more read brings the rows
 * that it was about, as one snapshot, and the judge of all SQL stores does the rest.
 */
#include "postgres_store.h"

#include "stores/sql/sql_refuse.h"

#include <string.h>

static int look(void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        return ocore__pg_read_all(self, reads, count, emit, sink);
}

int ocore__pg_refuse(
        ocore__pg *store, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        char message[sizeof store->message];
        char state[sizeof store->state];
        int status;

        memcpy(message, store->message, sizeof message);
        memcpy(state, store->state, sizeof state);
        status = ocore__sql_refuse(writes, count, look, store, refusal);
        if (status == OCORE_OK) {
                memcpy(store->message, message, sizeof message);
                memcpy(store->state, state, sizeof state);
        }
        return status == OCORE_CORRUPT ? OCORE_STORE : status;
}
