/**
 * @file sqlite.h
 * The SQLite store, in libordercore-sqlite: the embedded default.
 *
 * Real tables with real columns, and a view for people beside each (`v_` and its name). Opened by
 * path it uses WAL and synchronous=FULL: durability D2. One writing core a process is best; several
 * processes may share the file. One thread at a time.
 */
#ifndef ORDERCORE_SQLITE_H
#define ORDERCORE_SQLITE_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** SQLite's connection. */
struct sqlite3;

/** Caller-filled. How to open a SQLite store. Zero means the default. */
typedef struct ocore_sqlite_config {
        size_t struct_size;         /**< sizeof(ocore_sqlite_config). */
        const char *path;           /**< The file, made when absent; NULL: `connection` is used. */
        struct sqlite3 *connection; /**< The host's own connection, which stays the host's: its settings are left alone, and a write inside its open transaction joins it as a savepoint. */
        int64_t busy_timeout_ms;    /**< How long to wait for another writer. 0: 10,000. Not used with `connection`. */
        int64_t relaxed;            /**< 1: synchronous=NORMAL; what was acknowledged may be lost with the power (D1). 0: FULL. Not used with `connection`. */
} ocore_sqlite_config;

/**
 * Opens a SQLite store.
 * @param out the store, `{0}` on failure; to be closed with ocore_store_close()
 * @return OCORE_OK; OCORE_INVALID (neither or both of path and connection, wrong struct_size);
 *         OCORE_STORE (the file cannot be opened); OCORE_CORRUPT (it is no database of this
 *         library); OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_sqlite_store(const ocore_sqlite_config *config, ocore_store *out);

#ifdef __cplusplus
}
#endif
#endif
