/* A schema of two small tables, in three releases, and rows for it: what the tests of the journal
 * write where a whole shop would only be in the way. */
#ifndef ORDERCORE_TESTS_MINI_H
#define ORDERCORE_TESTS_MINI_H

#include "support.h"

#include <ordercore/journal.h>

/* Columns of the first table, "box"; NOTE and after came with the second release. */
enum { BOX_TENANT, BOX_CODE, BOX_LABEL, BOX_COUNT, BOX_NOTE, BOX_OWNER, BOX_PLACE, BOX_ROOM };

extern const ocore_schema mini_first;      /* box with 4 columns */
extern const ocore_schema mini_second;     /* box with 8 and an index more, and the table "shelf" */
extern const ocore_schema mini_foreign;    /* the first, of another application */
extern const ocore_schema mini_other_key;  /* the first, with a key of other columns */
extern const ocore_schema mini_other_type; /* the first, with a number where it has a text */
extern const ocore_schema mini_wide;       /* of the first release, with the second's columns */

/* One row of "box" with the columns of the first release; `label` is unique. */
typedef struct mini_row {
        ocore_cell cells[8];
        char code[16];
        char label[16];
} mini_row;

void mini_box(mini_row *row, int64_t number, int64_t count);
/* A write of it. */
ocore_write mini_write(
        const ocore_schema *schema, uint32_t kind, const mini_row *row, int64_t revision);
/* Carries out one write. */
int mini_do(ocore_store store, const ocore_schema *schema, uint32_t kind, int64_t number,
        int64_t count, int64_t revision);
/* Adds to the count of a row. */
int mini_add(ocore_store store, const ocore_schema *schema, int64_t number, int64_t amount);
/* The count of a row, -1 if it is not there, -2 where reading fails; its revision. */
int64_t mini_get(ocore_store store, const ocore_schema *schema, int64_t number, int64_t *revision);
/* How many rows there are in all; negative where reading fails. */
int64_t mini_count(ocore_store store, const ocore_schema *schema);
/* What the store says. */
const char *mini_words(ocore_store store);

#endif
