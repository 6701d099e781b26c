/* Sums by key: what a report is while it is being counted. */
#ifndef ORDERCORE_REPORT_TALLY_H
#define ORDERCORE_REPORT_TALLY_H

#include "engine/engine.h"

typedef struct ocore__tally_key {
        ocore_str name;     /* first in the order of the report */
        int64_t number;     /* then this */
        ocore_str currency; /* then this */
} ocore__tally_key;

/* What is counted under a key; `row` is a row struct of the report. */
typedef struct ocore__tally_entry {
        ocore__tally_key key;
        uint64_t hash;
        void *row;
} ocore__tally_entry;

/* A table of entries by key; it grows in the arena, where all of it lives. */
typedef struct ocore__tally {
        ocore__arena *arena;
        ocore__tally_entry **slots;
        size_t slot_count; /* a power of two */
        size_t count;
        size_t row_size;
} ocore__tally;

void ocore__tally_init(ocore__tally *tally, ocore__arena *arena, size_t row_size);
/* The entry of a key. A new one has a row of zeros and texts of its own. NULL: no memory. */
ocore__tally_entry *ocore__tally_at(ocore__tally *tally, ocore__tally_key key);
/* All rows by key, in an array of the arena; OCORE_NOMEM. */
int ocore__tally_rows(ocore__tally *tally, const void *const **out, size_t *count);

#endif
