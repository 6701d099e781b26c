/*
 * Whose file it is, which layout it has, and whether its tables are ours. What is missing is
 * made; what is there beyond the schema stays; what contradicts it is refused.
 *
 * The table ordercore_layout marks a database of this library, also inside a host's own database,
 * whose application_id and user_version are the host's. A file made by path carries both marks.
 */
#include "sqlite_store.h"

#include <string.h>

#define MARK "ordercore_layout"

/* A walk over the schema: first it only looks, and where something is missing it is done once
 * more inside a transaction, growing. */
typedef struct schema_walk {
        ocore__sqlite *store;
        const ocore_schema *schema;
        int grow;
        int missing;
} schema_walk;

/* One row of a query with up to two texts as parameters: OCORE_OK, or OCORE_DONE for none. */
static int ask(ocore__sqlite *store, const char *sql, const char *first, const char *second,
        sqlite3_stmt **out)
{
        int code;

        *out = NULL;
        code = sqlite3_prepare_v2(store->db, sql, -1, out, NULL);
        if (code == SQLITE_OK && first != NULL) {
                code = sqlite3_bind_text(*out, 1, first, -1, SQLITE_STATIC);
        }
        if (code == SQLITE_OK && second != NULL) {
                code = sqlite3_bind_text(*out, 2, second, -1, SQLITE_STATIC);
        }
        if (code == SQLITE_OK) {
                code = sqlite3_step(*out);
        }
        if (code == SQLITE_ROW) {
                return OCORE_OK;
        }
        if (code != SQLITE_DONE) {
                int status = ocore__sqlite_failed(store, "reading the schema");

                sqlite3_finalize(*out);
                *out = NULL;
                return status;
        }
        sqlite3_finalize(*out);
        *out = NULL;
        return OCORE_DONE;
}

static int ask_number(ocore__sqlite *store, const char *sql, const char *first, int64_t *out)
{
        sqlite3_stmt *statement;
        int status = ask(store, sql, first, NULL, &statement);

        *out = 0;
        if (status == OCORE_OK) {
                if (sqlite3_column_type(statement, 0) != SQLITE_INTEGER) {
                        status = ocore__sqlite_fail(
                                store, OCORE_CORRUPT, "a number of the layout is none");
                }
                *out = sqlite3_column_int64(statement, 0);
        }
        sqlite3_finalize(statement);
        return status;
}

/* Runs text that was built; the builder is gone afterwards, also when it ran out of memory. */
static int run_text(ocore__sqlite *store, sqlite3_str *sql)
{
        char *text = sqlite3_str_finish(sql);
        int status = OCORE_NOMEM;

        if (text != NULL) {
                status = OCORE_OK;
                if (sqlite3_exec(store->db, text, NULL, NULL, NULL) != SQLITE_OK) {
                        status = ocore__sqlite_failed(store, "making the tables");
                }
        }
        sqlite3_free(text);
        return status;
}

static int equal(const unsigned char *a, const char *b)
{
        return a != NULL && b != NULL && strcmp((const char *)a, b) == 0;
}

int ocore__sqlite_schema_marked(ocore__sqlite *store, int *out)
{
        int64_t objects = 0;
        int64_t marks = 0;
        int status;

        *out = 0;
        status = ask_number(store, "SELECT count(*) FROM main.sqlite_schema", NULL, &objects);
        if (status == OCORE_OK) {
                status = ask_number(store,
                        "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' "
                        "AND name = ?1 AND sql LIKE 'CREATE TABLE %'",
                        MARK, &marks);
        }
        if (status == OCORE_OK && store->owned && objects > 0 && marks == 0) {
                return ocore__sqlite_fail(
                        store, OCORE_CORRUPT, "the file is a database of something else");
        }
        *out = status == OCORE_OK && marks == 1;
        return status;
}

static int mark_number(ocore__sqlite *store, const char *name, int64_t *out)
{
        int status = ask_number(
                store, "SELECT \"value\" FROM main.\"" MARK "\" WHERE \"name\" = ?1", name, out);

        if (status == OCORE_DONE || (status == OCORE_OK && *out <= 0)) {
                return ocore__sqlite_fail(
                        store, OCORE_CORRUPT, "the layout does not say its %s", name);
        }
        return status;
}

/* By path: the marks in the header of the file, which a host's database need not have. */
static int header_check(ocore__sqlite *store, const ocore_schema *schema, int marked)
{
        int64_t application = 0;
        int64_t version = 0;
        int status = ask_number(store, "PRAGMA main.application_id", NULL, &application);

        if (status == OCORE_OK) {
                status = ask_number(store, "PRAGMA main.user_version", NULL, &version);
        }
        if (status != OCORE_OK) {
                return status;
        }
        if (!marked && application != 0 && application != schema->application) {
                return ocore__sqlite_fail(store, OCORE_CORRUPT,
                        "the file belongs to application %lld, not %lld",
                        (sqlite3_int64)application, (sqlite3_int64)schema->application);
        }
        if (application == schema->application && version > schema->version) {
                return ocore__sqlite_fail(store, OCORE_VERSION_MISMATCH,
                        "the file has layout %lld, this library knows up to %lld",
                        (sqlite3_int64)version, (sqlite3_int64)schema->version);
        }
        return OCORE_OK;
}

static int layout_check(schema_walk *walk)
{
        ocore__sqlite *store = walk->store;
        const ocore_schema *schema = walk->schema;
        int64_t application = 0;
        int64_t version = 0;
        int marked = 0;
        int status = ocore__sqlite_schema_marked(store, &marked);

        if (status == OCORE_OK && store->owned) {
                status = header_check(store, schema, marked);
        }
        if (status != OCORE_OK || !marked) {
                walk->missing = 1;
                return status;
        }
        status = mark_number(store, "application", &application);
        if (status == OCORE_OK) {
                status = mark_number(store, "version", &version);
        }
        if (status != OCORE_OK) {
                return status;
        }
        if (application != schema->application) {
                return ocore__sqlite_fail(store, OCORE_CORRUPT,
                        "the tables belong to application %lld, not %lld",
                        (sqlite3_int64)application, (sqlite3_int64)schema->application);
        }
        if (version > schema->version) {
                return ocore__sqlite_fail(store, OCORE_VERSION_MISMATCH,
                        "the tables have layout %lld, this library knows up to %lld",
                        (sqlite3_int64)version, (sqlite3_int64)schema->version);
        }
        walk->missing |= version < schema->version;
        return OCORE_OK;
}

static int layout_write(schema_walk *walk)
{
        ocore__sqlite *store = walk->store;
        sqlite3_int64 application = walk->schema->application;
        sqlite3_int64 version = walk->schema->version;
        int64_t present = 0;
        int status = ask_number(store, "PRAGMA main.application_id", NULL, &present);
        sqlite3_str *sql = sqlite3_str_new(store->db);

        sqlite3_str_appendf(sql,
                "CREATE TABLE IF NOT EXISTS main.\"" MARK "\"(\"name\" TEXT NOT NULL "
                "PRIMARY KEY, \"value\" INTEGER NOT NULL) WITHOUT ROWID;"
                "INSERT OR REPLACE INTO main.\"" MARK "\" VALUES "
                "('application', %lld), ('version', %lld);",
                application, version);
        if (store->owned && (present == 0 || present == application)) {
                sqlite3_str_appendf(sql,
                        "PRAGMA main.application_id=%lld;PRAGMA main.user_version=%lld",
                        application, version);
        }
        if (status != OCORE_OK) {
                sqlite3_free(sqlite3_str_finish(sql));
                return status;
        }
        return run_text(store, sql);
}

/* Index bytes are compared as UTF-8; another encoding has another order. */
static int encoding_check(ocore__sqlite *store)
{
        sqlite3_stmt *statement;
        int status = ask(store, "PRAGMA main.encoding", NULL, NULL, &statement);

        if (status == OCORE_OK && !equal(sqlite3_column_text(statement, 0), "UTF-8")) {
                status = ocore__sqlite_fail(store, OCORE_CORRUPT,
                        "the database keeps its text in another encoding than "
                        "UTF-8");
        }
        sqlite3_finalize(statement);
        return status;
}

/* A column that is there: its type, its place in the key, and that it compares by bytes. */
static int column_match(ocore__sqlite *store, const ocore_table *table, const char *name,
        uint32_t type, int64_t key_place, sqlite3_stmt *found)
{
        const char *collation = NULL;
        int code = sqlite3_table_column_metadata(
                store->db, "main", table->name, name, NULL, &collation, NULL, NULL, NULL);

        if (code != SQLITE_OK) {
                return ocore__sqlite_failed(store, "reading the schema");
        }
        if (!equal(sqlite3_column_text(found, 0), ocore__sqlite_type_name(type)) ||
                sqlite3_column_int64(found, 1) != key_place ||
                sqlite3_column_int64(found, 2) != 0 || collation == NULL ||
                sqlite3_stricmp(collation, "BINARY") != 0) {
                return ocore__sqlite_fail(store, OCORE_CORRUPT,
                        "column %s of table %s is not as this library makes it", name, table->name);
        }
        return OCORE_OK;
}

static int column_walk(schema_walk *walk, const ocore_table *table, size_t column)
{
        static const char find[] = "SELECT type, pk, hidden FROM pragma_table_xinfo(?1, 'main') "
                                   "WHERE name = ?2 COLLATE NOCASE";
        int is_revision = column == table->record->column_count;
        const ocore_field *field = is_revision ? NULL : ocore_record_field(table->record, column);
        const char *name = is_revision ? "revision" : field->name;
        uint32_t type = is_revision ? OCORE_CELL_NUMBER : ocore_cell_type(field->kind);
        sqlite3_stmt *found;
        sqlite3_str *sql;
        int status = ask(walk->store, find, table->name, name, &found);

        if (status == OCORE_OK) {
                status = column_match(walk->store, table, name, type,
                        column < table->key_count ? (int64_t)column + 1 : 0, found);
                sqlite3_finalize(found);
                return status;
        }
        if (status != OCORE_DONE) {
                return status;
        }
        if (is_revision || column < table->key_count) {
                return ocore__sqlite_fail(
                        walk->store, OCORE_CORRUPT, "table %s has no column %s", table->name, name);
        }
        walk->missing = 1;
        if (!walk->grow) {
                return OCORE_OK;
        }
        sql = sqlite3_str_new(walk->store->db);
        sqlite3_str_appendf(sql, "ALTER TABLE main.\"%w\" ADD COLUMN ", table->name);
        ocore__sqlite_column_text(sql, table, column);
        return run_text(walk->store, sql);
}

static int columns_walk(schema_walk *walk, const ocore_table *table)
{
        int64_t keys = 0;
        size_t n;
        int status = ask_number(walk->store,
                "SELECT count(*) FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0", table->name,
                &keys);

        if (status == OCORE_OK && keys != (int64_t)table->key_count) {
                return ocore__sqlite_fail(walk->store, OCORE_CORRUPT,
                        "table %s has another primary key", table->name);
        }
        for (n = 0; status == OCORE_OK && n <= table->record->column_count; n++) {
                status = column_walk(walk, table, n);
        }
        return status;
}

/*
 * An object whose text says all: an index or a view. Where the text differs it is made anew,
 * since nothing is kept in it; but what is not of its kind or table was never ours.
 */
static int derived_walk(
        schema_walk *walk, const ocore_table *table, const char *kind, const char *name, char *text)
{
        static const char find[] = "SELECT type, tbl_name, sql FROM main.sqlite_schema "
                                   "WHERE name = ?1 COLLATE NOCASE";
        const char *owner = strcmp(kind, "VIEW") == 0 ? name : table->name;
        sqlite3_stmt *found;
        sqlite3_str *sql;
        int differs = 0;
        int status = ask(walk->store, find, name, NULL, &found);

        if (status == OCORE_OK) {
                if (sqlite3_stricmp((const char *)sqlite3_column_text(found, 0), kind) != 0 ||
                        sqlite3_stricmp((const char *)sqlite3_column_text(found, 1), owner) != 0) {
                        status = ocore__sqlite_fail(walk->store, OCORE_CORRUPT,
                                "the name %s is taken by something else", name);
                }
                differs = !equal(sqlite3_column_text(found, 2), text);
        }
        sqlite3_finalize(found);
        if (status < 0 || (status == OCORE_OK && !differs)) {
                return status;
        }
        walk->missing = 1;
        if (!walk->grow) {
                return OCORE_OK;
        }
        sql = sqlite3_str_new(walk->store->db);
        if (differs) {
                sqlite3_str_appendf(sql, "DROP %s main.\"%w\";", kind, name);
        }
        sqlite3_str_appendall(sql, text);
        status = run_text(walk->store, sql);
        if (status == OCORE_STORE && (walk->store->code & 0xff) == SQLITE_CONSTRAINT) {
                status = OCORE_CORRUPT;
        }
        return status;
}

static int derived_all(schema_walk *walk, const ocore_table *table)
{
        size_t n;
        int status = OCORE_OK;

        for (n = 0; status == OCORE_OK && n <= table->index_count; n++) {
                sqlite3_str *sql = sqlite3_str_new(walk->store->db);
                int is_view = n == table->index_count;
                char *name = is_view ? sqlite3_mprintf("v_%s", table->name)
                                     : sqlite3_mprintf("%s", table->indexes[n].name);
                char *text;

                if (is_view) {
                        ocore__sqlite_view_text(sql, table);
                } else {
                        ocore__sqlite_index_text(sql, table, &table->indexes[n]);
                }
                text = sqlite3_str_finish(sql);
                status = OCORE_NOMEM;
                if (name != NULL && text != NULL) {
                        status = derived_walk(walk, table, is_view ? "VIEW" : "INDEX", name, text);
                }
                sqlite3_free(name);
                sqlite3_free(text);
        }
        return status;
}

static int table_walk(schema_walk *walk, const ocore_table *table)
{
        static const char find[] = "SELECT type, sql LIKE 'CREATE TABLE %' FROM main.sqlite_schema "
                                   "WHERE name = ?1 COLLATE NOCASE";
        sqlite3_stmt *found;
        sqlite3_str *sql;
        int status = ask(walk->store, find, table->name, NULL, &found);

        if (status == OCORE_OK) {
                if (!equal(sqlite3_column_text(found, 0), "table") ||
                        sqlite3_column_int64(found, 1) != 1) {
                        status = ocore__sqlite_fail(
                                walk->store, OCORE_CORRUPT, "%s is no ordinary table", table->name);
                }
                sqlite3_finalize(found);
                return status == OCORE_OK ? columns_walk(walk, table) : status;
        }
        if (status != OCORE_DONE) {
                return status;
        }
        walk->missing = 1;
        if (!walk->grow) {
                return OCORE_OK;
        }
        sql = sqlite3_str_new(walk->store->db);
        ocore__sqlite_table_text(sql, table);
        return run_text(walk->store, sql);
}

static int walk_all(schema_walk *walk)
{
        size_t n;
        int status = layout_check(walk);

        for (n = 0; status == OCORE_OK && n < walk->schema->table_count; n++) {
                status = table_walk(walk, walk->schema->tables[n]);
                /* A table that is still to be made has no indexes to look at. */
                if (status == OCORE_OK && (walk->grow || !walk->missing)) {
                        status = derived_all(walk, walk->schema->tables[n]);
                }
        }
        if (status == OCORE_OK && walk->grow) {
                status = layout_write(walk);
        }
        return status;
}

static int grow_all(schema_walk *walk)
{
        ocore__sqlite *store = walk->store;
        int joined = sqlite3_get_autocommit(store->db) == 0;
        int status;

        if (sqlite3_exec(store->db, joined ? "SAVEPOINT \"ordercore\"" : "BEGIN IMMEDIATE", NULL,
                    NULL, NULL) != SQLITE_OK) {
                return ocore__sqlite_failed(store, "making the tables");
        }
        walk->grow = 1;
        status = walk_all(walk);
        if (status == OCORE_OK &&
                sqlite3_exec(store->db, joined ? "RELEASE \"ordercore\"" : "COMMIT", NULL, NULL,
                        NULL) != SQLITE_OK) {
                status = ocore__sqlite_failed(store, "making the tables");
        }
        if (status != OCORE_OK && sqlite3_get_autocommit(store->db) == 0 &&
                sqlite3_exec(store->db,
                        joined ? "ROLLBACK TO \"ordercore\";RELEASE \"ordercore\"" : "ROLLBACK",
                        NULL, NULL, NULL) != SQLITE_OK) {
                store->poisoned = 1;
        }
        return status;
}

int ocore__sqlite_schema_open(ocore__sqlite *store, const ocore_schema *schema)
{
        schema_walk walk = {.store = store, .schema = schema};
        int status = encoding_check(store);

        if (status == OCORE_OK) {
                status = walk_all(&walk);
        }
        if (status == OCORE_OK && walk.missing) {
                status = grow_all(&walk);
        }
        return status;
}
