/*
 * The benchmarks' SQLite store: a file of its own, removed with what SQLite keeps beside it.
 */
#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <ordercore/sqlite.h>

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

ocore_store bench_sqlite_store(const char *path)
{
        const ocore_sqlite_config file = {.struct_size = sizeof file, .path = path};
        ocore_store store;
        if (ocore_sqlite_store(&file, &store) != OCORE_OK)
                bench_failed(path, "it cannot be opened as a store");
        return store;
}

void bench_sqlite_settle(const char *path)
{
        sqlite3 *db = NULL;
        if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
                sqlite3_exec(db,
                        "PRAGMA wal_autocheckpoint=0; CREATE TABLE filler(bytes BLOB);"
                        "INSERT INTO filler VALUES(zeroblob(82000000)); DROP TABLE filler; VACUUM;"
                        "PRAGMA wal_checkpoint(RESTART)",
                        NULL, NULL, NULL) != SQLITE_OK)
                bench_failed(path, sqlite3_errmsg(db));
        sqlite3_close(db);
}

void bench_file_remove(const char *path)
{
        static const char *const ends[] = {"", "-wal", "-shm"};
        char whole[4096 + 8];
        for (int i = 0; i < 3; i++) {
                snprintf(whole, sizeof whole, "%s%s", path, ends[i]);
                if (access(whole, F_OK) == 0 && remove(whole) != 0)
                        bench_failed(whole, "it cannot be removed");
        }
}
