/*
 * The walk over a schema on the server, shared by the two files that carry it out: what was found
 * (postgres_schema.c), and who begins and ends it (postgres_layout.c).
 */
#ifndef ORDERCORE_STORES_POSTGRES_SCHEMA_H
#define ORDERCORE_STORES_POSTGRES_SCHEMA_H

#include "postgres_store.h"

/* A look at everything, and the walk over it: first it only looks, then it makes. */
typedef struct ocore__pg_walk {
        ocore__pg *store;
        const ocore_schema *schema;
        PGresult *tables;
        PGresult *indexes;
        int old;     /* the layout is of an older version */
        int missing; /* something has to be made */
        int grow;    /* make it */
        int secured; /* a table has row-level security */
        int race;    /* something was refused because others make it too */
} ocore__pg_walk;

/* Asks the server for all that has our names. */
int ocore__pg_walk_scan(ocore__pg_walk *walk);
/* Compares, and makes what is missing when `grow` is set. OCORE_OK, OCORE_DONE (others are making
 * it too), or why not. */
int ocore__pg_walk_all(ocore__pg_walk *walk);
/* Is there a table of this name? */
int ocore__pg_walk_has(const ocore__pg_walk *walk, const char *name);
/* Runs store->text, which makes something; answers like ocore__pg_walk_all(). */
int ocore__pg_walk_make(ocore__pg_walk *walk);
ocore__sql *ocore__pg_walk_text(ocore__pg_walk *walk); /* the same, emptied */
/* One plain question whose answer must be a table of so many columns. */
int ocore__pg_walk_ask(ocore__pg *store, const char *text, const char *const *values, int count,
        int columns, PGresult **out);
/* A value of a text result, "" for NULL; and whether it is true. */
const char *ocore__pg_walk_cell(const PGresult *result, int row, int column);
int ocore__pg_walk_true(const PGresult *result, int row, int column);

#endif
