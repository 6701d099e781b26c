/*
 * What the tests ask of a database server past any store: a schema (PostgreSQL) or database
 * (MariaDB) of their own, made, emptied and dropped. `words` is the server's conninfo.
 */
#ifndef ORDERCORE_TESTS_SERVERS_H
#define ORDERCORE_TESTS_SERVERS_H

#include <stddef.h>

/* 0: done. What the server said is printed otherwise. */
int test_server_make(int is_postgres, const char *words, const char *name);
int test_server_drop(int is_postgres, const char *words, const char *name);
/* Any SQL in that schema or database, for what a test does behind a store's back. */
int test_server_run(int is_postgres, const char *words, const char *name, const char *sql);
/* Deletes every row of every table of the library in it. 1: done; 0: it must be made anew. */
int test_server_empty(int is_postgres, const char *words, const char *name);
/* The conninfo with which a store works in that schema or database. */
void test_server_words(
        int is_postgres, const char *words, const char *name, char *out, size_t size);

#endif
