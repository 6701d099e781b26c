/*
 * Opening a store by its name, for the `ordercore` command and for `ordercore-store-test`: the one
 * place that knows which names there are and which stores this build has.
 */
#ifndef ORDERCORE_SHELL_STORES_H
#define ORDERCORE_SHELL_STORES_H

#include <ordercore/store.h>

/* As a help text or a hint shows them. */
#define SHELL_STORE_NAMES                                                                          \
        "memory:, sqlite:FILE, journal:FILE, postgres:CONNINFO or mariadb:CONNINFO"

/* Flag: acknowledged writes may be lost with the power; for stores in files. */
enum { SHELL_STORE_RELAXED = 1 };

/* What is wrong with a store that was not opened. Both texts are static, and NULL on success. */
typedef struct shell_store_words {
        const char *what; /* "no server answers" */
        const char *hint; /* a sentence that says what to do about it */
} shell_store_words;

/*
 * Opens the store of this name; `out` is `{0}` on failure, and to be closed with
 * ocore_store_close(). OCORE_INVALID says that the name itself is wrong; OCORE_STATE that the kind
 * of store is known and this program was built without it; else what the store said.
 */
int shell_store_open(const char *name, unsigned flags, ocore_store *out, shell_store_words *words);

/* The file of a store that is kept in one, else NULL. */
const char *shell_store_file(const char *name);

#endif
