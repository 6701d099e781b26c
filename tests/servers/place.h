/*
 * Where the tests of the PostgreSQL store put their tables: a schema of their own on a server that
 * is there, or a server of their own, started by the scripts beside this file.
 */
#ifndef ORDERCORE_TESTS_PLACE_H
#define ORDERCORE_TESTS_PLACE_H

#include <ordercore/postgres.h>

#include <sys/types.h>

enum { PLACE_TEXT = 1024 };

/* What market.place is for PostgreSQL. */
typedef struct server_place {
        char conninfo[PLACE_TEXT]; /* with the schema */
        char server[PLACE_TEXT];   /* without */
        char schema[64];           /* empty: it is not ours to drop */
        int64_t isolation;         /* OCORE_POSTGRES_… */
        int mistake;               /* BROKEN_… */
} server_place;

/* Carries out one statement on a server, and fails unless it succeeds. */
void place_do(const char *server, const char *sql);

/* A market_open_fn. */
int place_open_store(void *place, ocore_store *out);

/* Makes a schema on this server; `name` is unique within the program. */
void place_make(
        server_place *made, const char *server, const char *name, int64_t isolation, int mistake);
void place_drop(const server_place *made);

/* The conninfo in the environment; NULL: there is none. */
const char *place_server(void);
/* Says in the manner of TAP that all tests are skipped, and why, when there is no server, or when
 * this script (if not NULL) could not start one of its own. @return 1: they are skipped */
int place_skips(const char *script);

/* A server of our own. */
typedef struct test_script {
        char name[32];          /* "postgres.sh" */
        char folder[64];        /* where it keeps everything */
        char value[PLACE_TEXT]; /* of the variable it printed */
        pid_t guard;            /* stops the server should this program die */
        int alarm;              /* what wakes the guard */
} test_script;

/* Starts it, with these words behind the folder's name. */
void script_start(test_script *server, const char *name, const char *words);
/* Runs another verb and fails unless it succeeds; what it prints goes to `line`, if not NULL. */
void script_do(
        const test_script *server, const char *verb, const char *words, char *line, size_t size);
void script_stop(test_script *server);

#endif
