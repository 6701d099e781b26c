/*
 * SQL as it is built: a text that grows, with names and texts quoted. What the stores of SQL
 * servers share.
 */
#ifndef ORDERCORE_STORES_SQL_TEXT_H
#define ORDERCORE_STORES_SQL_TEXT_H

#include <ordercore/store.h>

/* `data` ends with NUL. Once memory is short `failed` is set and nothing more is added; whoever
 * uses the text looks at it once, at the end. {0} is an empty text. */
typedef struct ocore__sql {
        char *data;
        size_t used;
        size_t room;
        int failed;
} ocore__sql;

void ocore__sql_finish(ocore__sql *sql);
void ocore__sql_clear(ocore__sql *sql); /* empties it and keeps its room */
void ocore__sql_add(ocore__sql *sql, const char *text);
void ocore__sql_bytes(ocore__sql *sql, const void *bytes, size_t size);
void ocore__sql_number(ocore__sql *sql, int64_t number);
/* Two digits a byte. */
void ocore__sql_hex(ocore__sql *sql, const void *bytes, size_t size);
/* A name between these quotes; those inside are doubled. */
void ocore__sql_name(ocore__sql *sql, const char *name, char quote);
/* The names of columns, with commas between; `columns` NULL: 0 … count-1. Each is preceded by
 * `before` ("t." or ""). */
void ocore__sql_names(ocore__sql *sql, const ocore_table *table, const uint32_t *columns,
        size_t count, const char *before, char quote);

#endif
