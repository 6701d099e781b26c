/*
 * What the files of the SQLite store share. A store is a connection and, for each table of the
 * schema, its statements: prepared once, found by number, never by name.
 */
#ifndef ORDERCORE_STORES_SQLITE_H
#define ORDERCORE_STORES_SQLITE_H

#include "stores/sql/sql_place.h"

#include <ordercore/sqlite.h>
#include <sqlite3.h>

/* The statements that open and end transactions; prepared at open so that a rollback needs no
 * memory. */
enum {
        OCORE__SQLITE_BEGIN_READ,
        OCORE__SQLITE_BEGIN_WRITE,
        OCORE__SQLITE_COMMIT,
        OCORE__SQLITE_ROLLBACK,
        OCORE__SQLITE_SAVE,
        OCORE__SQLITE_RELEASE,
        OCORE__SQLITE_ROLLBACK_TO,
        OCORE__SQLITE_CONTROLS
};

/* A guarded addition, prepared for one list of columns. */
typedef struct ocore__sqlite_add {
        sqlite3_stmt *statement;
        uint32_t *columns;
        uint32_t count;
} ocore__sqlite_add;

/* What is known of a column; asked for with every cell that comes back. */
typedef struct ocore__sqlite_column {
        const ocore_field *field;
        uint32_t type; /* OCORE_CELL_… */
        int nullable;
} ocore__sqlite_column;

typedef struct ocore__sqlite_table {
        const ocore_table *table;
        ocore__sqlite_column *columns;
        size_t column_count;
        sqlite3_stmt *insert;
        sqlite3_stmt *update;
        sqlite3_stmt *remove;
        sqlite3_stmt *check;
        sqlite3_stmt ***reads; /* [index][shape] */
        ocore__sqlite_add *adds;
        size_t add_count;
} ocore__sqlite_table;

typedef struct ocore__sqlite {
        sqlite3 *db;
        int owned;    /* opened by path: ours to set up and to close */
        int poisoned; /* a sync failed, or a rollback: no more writes on this handle */
        int inside;   /* a call is under way */
        int64_t busy_timeout_ms;
        int64_t busy_waited_ms;
        ocore__sqlite_table *tables; /* by table number */
        size_t table_count;
        ocore_cell *row; /* room for the widest row */
        sqlite3_stmt *controls[OCORE__SQLITE_CONTROLS];
        int64_t code;
        char message[512];
} ocore__sqlite;

/* Notes what went wrong (sqlite3_mprintf's format) and returns `status`. */
int ocore__sqlite_fail(ocore__sqlite *store, int status, const char *format, ...);
/* The same from the connection's last error: OCORE_NOMEM, OCORE_CORRUPT or OCORE_STORE. */
int ocore__sqlite_failed(ocore__sqlite *store, const char *doing);
/* Steps a statement that gives no rows, and resets it. Returns SQLite's extended code. */
int ocore__sqlite_run(ocore__sqlite *store, sqlite3_stmt *statement);

/* Checks that the database may be used, and makes or completes its tables. */
int ocore__sqlite_schema_open(ocore__sqlite *store, const ocore_schema *schema);
/* Tells whether the table that marks databases of this library is there. */
int ocore__sqlite_schema_marked(ocore__sqlite *store, int *out);

/* The text that makes a table, one of its columns (with what separates it), an index, a view. */
void ocore__sqlite_table_text(sqlite3_str *sql, const ocore_table *table);
void ocore__sqlite_column_text(sqlite3_str *sql, const ocore_table *table, size_t column);
void ocore__sqlite_index_text(sqlite3_str *sql, const ocore_table *table, const ocore_index *index);
void ocore__sqlite_view_text(sqlite3_str *sql, const ocore_table *table);
const char *ocore__sqlite_type_name(uint32_t cell_type);

/* The statements of a table; prepared when first asked for. */
int ocore__sqlite_insert(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out);
int ocore__sqlite_update(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out);
int ocore__sqlite_remove(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out);
int ocore__sqlite_check(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out);
int ocore__sqlite_guarded_add(ocore__sqlite *store, ocore__sqlite_table *table,
        const ocore_write *write, sqlite3_stmt **out);
int ocore__sqlite_select(ocore__sqlite *store, ocore__sqlite_table *table, uint32_t index,
        uint32_t prefix_count, int after, int descending, sqlite3_stmt **out);

int ocore__sqlite_bind(ocore__sqlite *store, sqlite3_stmt *statement, int at,
        const ocore_cell *cells, size_t count);
/* Checks the row a statement stands on and lends it in store->row. OCORE_OK or OCORE_CORRUPT. */
int ocore__sqlite_row(ocore__sqlite *store, const ocore__sqlite_table *table,
        sqlite3_stmt *statement, int64_t *revision);

int ocore__sqlite_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);
int ocore__sqlite_write(
        void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal);

#endif
