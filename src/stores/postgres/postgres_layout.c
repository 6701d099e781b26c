/*
 * Whose tables these are and which layout they have; and making them.
 *
 * Anybody may be doing the same at the same moment: after each round of making, and after each
 * refusal that comes from such a race, all is looked at again. The mark of the layout is written
 * last, so that a start that was cut off is carried on by the next one.
 */
#include "postgres_schema.h"

#include "stores/sql/sql_wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 30, PAUSE_MAX_MS = 100 };

static void scan_forget(ocore__pg_walk *walk)
{
        PQclear(walk->tables);
        PQclear(walk->indexes);
        walk->tables = NULL;
        walk->indexes = NULL;
        walk->missing = 0;
        walk->grow = 0;
        walk->race = 0;
        walk->old = 0;
        walk->secured = 0;
}

static int marks_check(ocore__pg_walk *walk, int64_t application, int64_t version)
{
        const ocore_schema *schema = walk->schema;

        if (application <= 0 || version <= 0)
                return ocore__pg_fail(walk->store, OCORE_CORRUPT,
                        "the layout does not say its application and its version");
        if (application != schema->application)
                return ocore__pg_fail(walk->store, OCORE_CORRUPT,
                        "the tables belong to application %lld, not %lld", (long long)application,
                        (long long)schema->application);
        if (version > schema->version)
                return ocore__pg_fail(walk->store, OCORE_VERSION_MISMATCH,
                        "the tables have layout %lld, this library knows up to %lld",
                        (long long)version, (long long)schema->version);
        walk->old = version < schema->version;
        return OCORE_OK;
}

static int layout_check(ocore__pg_walk *walk)
{
        int64_t application = 0;
        int64_t version = 0;
        PGresult *result = NULL;
        int rows;
        int n;
        int status;

        walk->old = 1;
        if (!ocore__pg_walk_has(walk, OCORE__PG_LAYOUT))
                return OCORE_OK;
        ocore__pg_layout_text(ocore__pg_walk_text(walk), walk->store->schema, 2);
        if (walk->store->text.failed)
                return ocore__pg_fail(walk->store, OCORE_NOMEM, "no memory for a statement");
        status = ocore__pg_walk_ask(walk->store, walk->store->text.data, NULL, 0, 2, &result);
        if (status != OCORE_OK)
                return status;
        rows = PQntuples(result);
        for (n = 0; n < rows; n++) {
                int64_t number = strtoll(ocore__pg_walk_cell(result, n, 1), NULL, 10);

                if (strcmp(ocore__pg_walk_cell(result, n, 0), "application") == 0)
                        application = number;
                else if (strcmp(ocore__pg_walk_cell(result, n, 0), "version") == 0)
                        version = number;
        }
        PQclear(result);
        return rows > 0 ? marks_check(walk, application, version) : OCORE_OK;
}

static int layout_write(ocore__pg_walk *walk)
{
        ocore__pg *store = walk->store;
        char application[24];
        char version[24];
        const char *values[2] = {application, version};
        PGresult *result;
        int action;
        int status;

        ocore__pg_layout_text(ocore__pg_walk_text(walk), store->schema, 0);
        status = ocore__pg_walk_make(walk);
        if (status != OCORE_OK)
                return status;
        (void)snprintf(
                application, sizeof application, "%lld", (long long)walk->schema->application);
        (void)snprintf(version, sizeof version, "%lld", (long long)walk->schema->version);
        ocore__pg_layout_text(ocore__pg_walk_text(walk), store->schema, 1);
        if (store->text.failed)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a statement");
        action = ocore__pg_ask(store, store->text.data, values, 2, &result);
        PQclear(result);
        return ocore__pg_status(store, action);
}

/* Row-level security that hides rows from us would look like orders that are lost; and where it
 * is asked for, a role whom it does not bind would believe itself guarded. */
static int rights_check(ocore__pg_walk *walk)
{
        PGresult *result = NULL;
        int asked = walk->store->row_security != 0;
        int passes;
        int status;

        if (!walk->secured && !asked)
                return OCORE_OK;
        status = ocore__pg_walk_ask(
                walk->store, ocore__pg_fixed[OCORE__PG_RIGHTS], NULL, 0, 1, &result);
        if (status != OCORE_OK)
                return status;
        passes = PQntuples(result) == 1 && ocore__pg_walk_true(result, 0, 0);
        PQclear(result);
        if (asked)
                return passes ? ocore__pg_fail(walk->store, OCORE_STORE,
                                        "row_security does nothing for this role, which is a "
                                        "superuser or has BYPASSRLS")
                              : OCORE_OK;
        return passes ? OCORE_OK
                      : ocore__pg_fail(walk->store, OCORE_STORE,
                                "the tables have row-level security; "
                                "set row_security and the tenant");
}

/* The change is of the layout's row, which everybody who writes here may change. A row that is not
 * there, or a commit that wrote nothing, would not wait for anything. */
int ocore__pg_barrier(ocore__pg *store)
{
        int64_t attempt;
        int action = OCORE__PG_AGAIN;
        int changed = 0;

        if (store->conninfo == NULL && PQtransactionStatus(store->connection) == PQTRANS_INTRANS)
                return ocore__pg_fail(store, OCORE_STORE,
                        "the last write may not be on its standby; that is only found out outside "
                        "the host's transaction");
        for (attempt = 1; action == OCORE__PG_AGAIN && attempt <= store->attempts_max; attempt++) {
                PGresult *result = NULL;

                if (attempt > 1)
                        ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
                ocore__sql_clear(&store->text);
                ocore__pg_layout_text(&store->text, store->schema, 3);
                if (store->text.failed)
                        return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a statement");
                action = ocore__pg_ask(store, store->text.data, NULL, 0, &result);
                changed = action == OCORE__PG_DONE && strcmp(PQcmdTuples(result), "1") == 0;
                PQclear(result);
        }
        if (action == OCORE__PG_NOMEM)
                return OCORE_NOMEM;
        if (action == OCORE__PG_DONE && !changed)
                return ocore__pg_fail(store, OCORE_STORE, "the layout's row is not there");
        if (action != OCORE__PG_DONE)
                return OCORE_STORE;
        store->barrier = 0;
        return OCORE_OK;
}

/* One look, and what follows from it: OCORE_OK when all is there, OCORE_DONE to look again. */
static int round_once(ocore__pg_walk *walk)
{
        int status = ocore__pg_walk_scan(walk);

        if (status == OCORE_OK)
                status = layout_check(walk);
        if (status == OCORE_OK)
                status = ocore__pg_walk_all(walk);
        if (status == OCORE_OK)
                status = rights_check(walk);
        if (status != OCORE_OK || (!walk->missing && !walk->old))
                return status;
        walk->grow = 1;
        status = ocore__pg_walk_all(walk);
        /* Only when everything was seen to be there: an index may have been refused. */
        if (status == OCORE_OK)
                status = layout_write(walk);
        return status == OCORE_OK ? OCORE_DONE : status;
}

/* The schema that comes first in the search path: there the tables are, also when the path
 * changes later. */
static int schema_name_learn(ocore__pg *store)
{
        PGresult *result = NULL;
        int status =
                ocore__pg_walk_ask(store, ocore__pg_fixed[OCORE__PG_SCHEMA], NULL, 0, 1, &result);
        const char *name;
        char *copy;

        if (status != OCORE_OK)
                return status;
        name = PQntuples(result) == 1 ? ocore__pg_walk_cell(result, 0, 0) : "";
        if (name[0] == '\0') {
                PQclear(result);
                return ocore__pg_fail(store, OCORE_STORE,
                        "there is no schema to make tables in; set search_path");
        }
        if (store->schema != NULL && strcmp(store->schema, name) == 0) {
                PQclear(result);
                return OCORE_OK;
        }
        copy = malloc(strlen(name) + 1);
        if (copy != NULL)
                memcpy(copy, name, strlen(name) + 1);
        PQclear(result);
        if (copy == NULL)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a name");
        ocore__pg_release(store);
        ocore__pg_tables_forget(store);
        free(store->schema);
        store->schema = copy;
        return OCORE_OK;
}

static int encoding_check(ocore__pg *store)
{
        static const char *const names[] = {"server_encoding", "client_encoding"};
        size_t n;

        for (n = 0; n < sizeof names / sizeof names[0]; n++) {
                const char *found = PQparameterStatus(store->connection, names[n]);

                if (found != NULL && strcmp(found, "UTF8") != 0)
                        return ocore__pg_fail(
                                store, OCORE_STORE, "%s is %s; it must be UTF8", names[n], found);
        }
        return OCORE_OK;
}

int ocore__pg_schema_open(ocore__pg *store, const ocore_schema *schema)
{
        ocore__pg_walk walk = {.store = store, .schema = schema};
        int64_t round;
        int status = encoding_check(store);

        if (status == OCORE_OK)
                status = schema_name_learn(store);
        if (status == OCORE_OK && store->known != schema) {
                ocore__pg_release(store);
                ocore__pg_tables_forget(store);
                status = ocore__pg_tables_learn(store, schema);
        }
        for (round = 1; status == OCORE_OK; round++) {
                status = round_once(&walk);
                if (walk.race)
                        ocore__sql_wait(round, PAUSE_MAX_MS, &store->random);
                scan_forget(&walk);
                if (status == OCORE_OK)
                        return OCORE_OK;
                if (status == OCORE_DONE && round < ROUNDS_MAX)
                        status = OCORE_OK;
        }
        ocore__pg_tables_forget(store);
        if (status == OCORE_DONE)
                status = strcmp(store->state, "23505") == 0 ? OCORE_CORRUPT : OCORE_STORE;
        return status;
}
