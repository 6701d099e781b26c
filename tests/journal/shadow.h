/*
 * A store that stands around a journal and remembers, in memory stores beside it, what was
 * acknowledged and what may have been written. After a cut the journal must hold exactly the one or
 * the other: every acknowledged batch, and of the one that was under way all or nothing.
 */
#ifndef ORDERCORE_TESTS_SHADOW_H
#define ORDERCORE_TESTS_SHADOW_H

#include <ordercore/store.h>

typedef struct shadow {
        ocore_store journal;
        ocore_store sure;     /* what was acknowledged */
        ocore_store possible; /* and what may have been written besides */
        const ocore_schema *schema;
        int64_t acknowledged; /* batches */
        int64_t open_ended;   /* batches whose outcome is unknown */
        int64_t lost;         /* openings that found neither the one nor the other */
} shadow;

/* SHADOW_LOST: something that was acknowledged is not there, or something that never was is. */
enum { SHADOW_SURE, SHADOW_POSSIBLE, SHADOW_LOST };

void shadow_begin(shadow *self);
void shadow_finish(shadow *self);
/* The store to give to a core; its closing leaves the shadow alone. `journal` is closed with it. */
ocore_store shadow_store(shadow *self, ocore_store journal);
/* Which of the two the journal holds; each opening asks. It becomes both of them, for what comes
 * next. Fails the test where a store cannot be read. */
int shadow_compare(shadow *self);

#endif
