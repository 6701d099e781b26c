/*
 * What the tests of the MariaDB store share: where the server is, a database of its own for each
 * test, a host's connection to it, and stores on it.
 */
#ifndef ORDERCORE_TESTS_MARIADB_PLACE_H
#define ORDERCORE_TESTS_MARIADB_PLACE_H

#include <ordercore/mariadb.h>

#include <mysql.h>

typedef struct place {
        char server[512];   /* the conninfo, without a database of its own */
        char conninfo[640]; /* with it */
        char database[64];
        MYSQL *db; /* a host's connection; the database is its current one */
} place;

/* Says which variable is missing, as TAP, and 1; 0 when it is there. */
int place_missing(const char *variable, const char *packages);

/* Makes a database on the server of ORDERCORE_TEST_MARIADB (or `server`) and connects to it. */
void place_open(place *self, const char *server);
/* Drops the database and disconnects. */
void place_close(place *self);
/* Drops all tables, by making the database anew. */
void place_empty(place *self);
/* Another connection to it, as a host would make one; `server`: through this node of a cluster,
 * once it knows the database. `flags` are for mysql_real_connect. */
MYSQL *place_connect(const place *self, const char *server, unsigned long flags);

/* A store on it by conninfo; `server`: through that server. */
int place_store(const place *self, const char *server, ocore_store *out);
int place_host_store(MYSQL *db, ocore_store *out);

/* Statements that must succeed; the number that a query gives; the text it gives. */
void place_run(MYSQL *db, const char *sql);
int64_t place_ask(MYSQL *db, const char *sql);
/* Waits until some transaction waits for a lock. */
void place_wait_for_lock(MYSQL *db);
void place_text(MYSQL *db, const char *sql, char *out, size_t room);

#endif
