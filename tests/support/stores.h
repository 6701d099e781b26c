/*
 * The store that a run of the tests is on: ORDERCORE_TEST_STORE is memory: (the default), sqlite:,
 * journal:, postgres:CONNINFO or mariadb:CONNINFO; without CONNINFO it is taken from
 * ORDERCORE_TEST_POSTGRES and ORDERCORE_TEST_MARIADB, which tests/servers/ prints. So the suites of
 * the spine run over every store.
 */
#ifndef ORDERCORE_TESTS_STORES_H
#define ORDERCORE_TESTS_STORES_H

#include <ordercore.h>

enum { TEST_MEMORY, TEST_SQLITE, TEST_JOURNAL, TEST_POSTGRES, TEST_MARIADB };

/* The kind of this run, and its name: "memory". The whole program is skipped, saying what is
 * missing, when the store is not in this build or its server is not there. */
int test_store_kind(void);
const char *test_kind_name(int kind);
/* 1 if stores of this kind can be opened here: it is built, and its server is named. */
int test_kind_usable(int kind);

/*
 * An empty store of the run's kind. ocore_store_close() closes it and its data are gone. Memory
 * comes from `allocator` where the store takes one. Durability is left out for speed: what the loss
 * of power does is the business of other tests.
 */
void test_store_open(const ocore_allocator *allocator, ocore_store *out);
void test_store_open_kind(int kind, const ocore_allocator *allocator, ocore_store *out);

/* Where the data of a store are: a file, a schema of PostgreSQL, a database of MariaDB. */
typedef struct test_place {
        int kind;
        int slot;
        char name[64];  /* of the schema or database */
        char path[160]; /* of the file */
} test_place;

/* A place with nothing in it; one is there again for another after test_place_give(). */
void test_place_take(int kind, test_place *out);
void test_place_give(const test_place *place);
/* A store on it; any number of times, one after the other, and with SQLite and the servers also
 * beside each other and in other processes. For memory, each is empty. */
void test_place_open(const test_place *place, const ocore_allocator *allocator, ocore_store *out);
/* The words behind "postgres:" and its like with which the shell opens the place. */
void test_place_words(const test_place *place, char *out, size_t size);

/* Runs SQL in a place of a server, past the store. 0: done. */
int test_place_run(const test_place *place, const char *sql);

/* The plan of a program that has nothing to do on the store of this run; main() returns it. */
int test_skip_all(const char *why);

#endif
