/*
 * Which layout the database has, and whether its tables are ours. What is missing is made; what is
 * there beyond the schema stays; what contradicts it is refused. The table ordercore_layout marks
 * the tables of this library and says their version.
 *
 * Each change of a table commits by itself here, so the marks come last and everything can be made
 * again: an opening that was cut off is completed by the next. For the same reason nothing is made
 * inside a host's transaction.
 */
#include "mariadb_store.h"

#include "stores/sql/sql_wait.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MARK "ordercore_layout"
#define TRIES_MAX 20

/* A walk over the schema: first it only looks, and where something is missing it is done once
 * more, growing. The results hold what the server says of all tables of the schema. */
typedef struct schema_walk {
        ocore__mariadb *store;
        const ocore_schema *schema;
        MYSQL_RES *tables;  /* name, type, engine */
        MYSQL_RES *columns; /* table, name, type, collation, extra, nullable */
        MYSQL_RES *indexes; /* table, index, 1 if not unique, place, column, 1 if cut */
        int grow;
        int missing;
        int renew; /* the layout is older: views are made anew */
} schema_walk;

/* Runs text that was built. Another opener, or another node, may be making the same. */
static int run_text(ocore__mariadb *store, const ocore__sql *sql)
{
        int64_t tries;

        if (sql->failed)
                return ocore__mariadb_fail(store, OCORE_NOMEM, "no memory for a statement");
        for (tries = 1;; tries++) {
                int stage;
                unsigned code = ocore__mariadb_run(store, sql->data, sql->used, 0, &stage);

                if (code == 0)
                        return OCORE_OK;
                if (ocore__mariadb_decide(code, store->sqlstate, stage) != OCORE__MARIADB_AGAIN ||
                        tries >= TRIES_MAX)
                        break;
                ocore__sql_wait(tries, 200, &store->random);
        }
        /* Rows that contradict a unique index were not written by this library. */
        return store->code == 1062 ? OCORE_CORRUPT : OCORE_STORE;
}

/* What the server says of the tables with these names; every column is never NULL. */
static MYSQL_RES *look(schema_walk *walk, const char *select, const char *order)
{
        ocore__sql sql = {0};
        MYSQL_RES *result = NULL;
        size_t n;

        ocore__sql_add(&sql, select);
        ocore__sql_add(&sql, " WHERE TABLE_SCHEMA = x'");
        ocore__sql_hex(&sql, walk->store->database, strlen(walk->store->database));
        ocore__sql_add(&sql, "' AND TABLE_NAME IN ('" MARK "'");
        for (n = 0; n < walk->schema->table_count; n++) {
                const char *name = walk->schema->tables[n]->name;

                ocore__sql_add(&sql, ", x'");
                ocore__sql_hex(&sql, name, strlen(name));
                ocore__sql_add(&sql, "', x'765f"); /* "v_" */
                ocore__sql_hex(&sql, name, strlen(name));
                ocore__sql_add(&sql, "'");
        }
        ocore__sql_add(&sql, ")");
        ocore__sql_add(&sql, order);
        if (!sql.failed)
                result = ocore__mariadb_query(walk->store, sql.data, "reading the schema");
        ocore__sql_finish(&sql);
        return result;
}

static void walk_forget(schema_walk *walk)
{
        mysql_free_result(walk->tables);
        mysql_free_result(walk->columns);
        mysql_free_result(walk->indexes);
        walk->tables = walk->columns = walk->indexes = NULL;
}

static int walk_look(schema_walk *walk)
{
        walk_forget(walk);
        walk->tables = look(walk,
                "SELECT TABLE_NAME, TABLE_TYPE, COALESCE(ENGINE, '') FROM "
                "information_schema.TABLES",
                " LIMIT 100000");
        if (walk->tables != NULL)
                walk->columns = look(walk,
                        "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, "
                        "COALESCE(COLLATION_NAME, ''), EXTRA, IS_NULLABLE FROM "
                        "information_schema.COLUMNS",
                        " LIMIT 100000");
        if (walk->columns != NULL)
                walk->indexes = look(walk,
                        "SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, "
                        "SUB_PART IS NOT NULL FROM information_schema.STATISTICS",
                        " ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX LIMIT 100000");
        return walk->indexes != NULL ? OCORE_OK : OCORE_STORE;
}

/* The row whose first values are these; NULL: there is none. A second NULL: any. */
static MYSQL_ROW find(MYSQL_RES *result, const char *first, const char *second)
{
        MYSQL_ROW row;

        mysql_data_seek(result, 0);
        while ((row = mysql_fetch_row(result)) != NULL)
                if (row[0] != NULL && strcasecmp(row[0], first) == 0 &&
                        (second == NULL || (row[1] != NULL && strcasecmp(row[1], second) == 0)))
                        break;
        return row;
}

static int begins(const char *text, const char *with)
{
        return text != NULL && strncasecmp(text, with, strlen(with)) == 0;
}

static int mark_number(ocore__mariadb *store, const char *name, int64_t *out)
{
        ocore__sql sql = {0};
        MYSQL_RES *result = NULL;
        MYSQL_ROW row;
        int status = OCORE_OK;

        *out = 0;
        ocore__sql_add(&sql, "SELECT `value` FROM ");
        ocore__mariadb_place_text(&sql, store->database, MARK);
        ocore__sql_add(&sql, " WHERE `name` = ");
        ocore__sql_name(&sql, name, '\'');
        ocore__sql_add(&sql, " LIMIT 1");
        if (!sql.failed)
                result = ocore__mariadb_query(store, sql.data, "reading the layout");
        ocore__sql_finish(&sql);
        if (result == NULL)
                return OCORE_STORE;
        row = mysql_fetch_row(result);
        if (row == NULL || row[0] == NULL || !ocore__mariadb_number(row[0], strlen(row[0]), out) ||
                *out <= 0)
                status = ocore__mariadb_fail(
                        store, OCORE_CORRUPT, "the layout does not say its %s", name);
        mysql_free_result(result);
        return status;
}

/* Tables without marks are those of an opening that was cut off, or of something else: the walk
 * tells by their columns. */
static int layout_check(schema_walk *walk)
{
        ocore__mariadb *store = walk->store;
        int64_t application = 0;
        int64_t version = 0;
        int status = OCORE_OK;

        if (find(walk->tables, MARK, NULL) == NULL) {
                walk->missing = 1;
                return OCORE_OK;
        }
        status = mark_number(store, "application", &application);
        if (status == OCORE_OK)
                status = mark_number(store, "version", &version);
        if (status != OCORE_OK)
                return status;
        if (application != walk->schema->application)
                return ocore__mariadb_fail(store, OCORE_CORRUPT,
                        "the tables belong to application %lld, not %lld", (long long)application,
                        (long long)walk->schema->application);
        if (version > walk->schema->version)
                return ocore__mariadb_fail(store, OCORE_VERSION_MISMATCH,
                        "the tables have layout %lld, this library knows up to %lld",
                        (long long)version, (long long)walk->schema->version);
        walk->renew = version < walk->schema->version;
        walk->missing |= walk->renew;
        return OCORE_OK;
}

/* The marks, all in one statement; a newer opener's version stays. */
static int layout_write(schema_walk *walk)
{
        ocore__mariadb *store = walk->store;
        ocore__sql sql = {0};
        int status;

        ocore__sql_add(&sql, "CREATE TABLE IF NOT EXISTS ");
        ocore__mariadb_place_text(&sql, store->database, MARK);
        ocore__sql_add(&sql,
                "(`name` varchar(64) CHARACTER SET utf8mb4 COLLATE " OCORE__MARIADB_COLLATION
                " NOT NULL PRIMARY KEY, `value` bigint NOT NULL) ENGINE=InnoDB");
        status = run_text(store, &sql);
        ocore__sql_clear(&sql);
        ocore__sql_add(&sql, "INSERT INTO ");
        ocore__mariadb_place_text(&sql, store->database, MARK);
        ocore__sql_add(&sql, "(`name`, `value`) VALUES ('application', ");
        ocore__sql_number(&sql, walk->schema->application);
        ocore__sql_add(&sql, "), ('version', ");
        ocore__sql_number(&sql, walk->schema->version);
        ocore__sql_add(&sql, ") ON DUPLICATE KEY UPDATE `value` = IF(`name` = 'version', "
                             "GREATEST(`value`, VALUES(`value`)), `value`)");
        if (status == OCORE_OK)
                status = run_text(store, &sql);
        ocore__sql_finish(&sql);
        return status;
}

/* Holds a text column less than the schema asks, or has it no limit where an index needs one? */
static int text_differs(const ocore_table *table, size_t column, const char *type)
{
        static const char limited[] = "varchar(";
        uint32_t width = ocore__mariadb_width(table, column);
        int64_t most = 0;
        const char *digits = type + sizeof limited - 1;

        if (!begins(type, limited))
                return width > 0;
        return width == 0 || !ocore__mariadb_number(digits, strcspn(digits, ")"), &most) ||
               most < (int64_t)width;
}

/* Is a column that is there as this library makes it? `convert`: it is, but was made for another
 * limit. */
static int column_match(
        const ocore_table *table, size_t column, const MYSQL_ROW found, int *convert)
{
        uint32_t type = column == table->record->column_count
                                ? OCORE_CELL_NUMBER
                                : ocore_cell_type(ocore_record_field(table->record, column)->kind);

        int strict = column == table->record->column_count || column < table->key_count ||
                     (ocore_record_field(table->record, column)->flags & OCORE_FIELD_NULLABLE) == 0;

        *convert = 0;
        if (strstr(found[4], "GENERATED") != NULL || strstr(found[4], "VIRTUAL") != NULL ||
                strcmp(found[5], strict ? "NO" : "YES") != 0)
                return 0;
        switch (type) {
        case OCORE_CELL_NUMBER:
                return begins(found[2], "bigint") && strstr(found[2], "unsigned") == NULL;
        case OCORE_CELL_ID: return strcasecmp(found[2], "binary(16)") == 0;
        case OCORE_CELL_BYTES: return strcasecmp(found[2], "longblob") == 0;
        default: break;
        }
        *convert = text_differs(table, column, found[2]);
        return (begins(found[2], "varchar(") || begins(found[2], "longtext")) &&
               strcasecmp(found[3], OCORE__MARIADB_COLLATION) == 0;
}

static int column_make(schema_walk *walk, const ocore_table *table, size_t column, int convert)
{
        ocore__sql sql = {0};
        int status;

        walk->missing = 1;
        if (!walk->grow)
                return OCORE_OK;
        ocore__sql_add(&sql, "ALTER TABLE ");
        ocore__mariadb_place_text(&sql, walk->store->database, table->name);
        ocore__sql_add(&sql, convert ? " MODIFY COLUMN " : " ADD COLUMN IF NOT EXISTS ");
        ocore__mariadb_column_text(&sql, table, column);
        status = run_text(walk->store, &sql);
        ocore__sql_finish(&sql);
        return status;
}

static int column_walk(schema_walk *walk, const ocore_table *table, size_t column)
{
        int is_revision = column == table->record->column_count;
        const char *name =
                is_revision ? "revision" : ocore_record_field(table->record, column)->name;
        MYSQL_ROW found = find(walk->columns, table->name, name);
        int convert = 0;

        if (found == NULL && (is_revision || column < table->key_count))
                return ocore__mariadb_fail(
                        walk->store, OCORE_CORRUPT, "table %s has no column %s", table->name, name);
        if (found != NULL && !column_match(table, column, found, &convert))
                return ocore__mariadb_fail(walk->store, OCORE_CORRUPT,
                        "column %s of table %s is not as this library makes it", name, table->name);
        return found == NULL || convert ? column_make(walk, table, column, convert) : OCORE_OK;
}

/* Has an index exactly these columns, whole? -1: there is no index of this name. */
static int index_match(schema_walk *walk, const ocore_table *table, const char *name,
        const uint32_t *columns, size_t count, int unique)
{
        size_t place = 0;
        int same = 1;
        MYSQL_ROW row;

        mysql_data_seek(walk->indexes, 0);
        while ((row = mysql_fetch_row(walk->indexes)) != NULL) {
                const ocore_field *field;

                if (strcasecmp(row[0], table->name) != 0 || strcasecmp(row[1], name) != 0)
                        continue;
                field = place < count ? ocore_record_field(table->record,
                                                columns != NULL ? columns[place] : place)
                                      : NULL;
                same &= field != NULL && row[4] != NULL && strcasecmp(row[4], field->name) == 0 &&
                        strcmp(row[5], "0") == 0 && (strcmp(row[2], "0") == 0) == unique;
                place++;
        }
        return place == 0 ? -1 : same && place == count;
}

static int index_walk(schema_walk *walk, const ocore_table *table, const ocore_index *index)
{
        int unique = (index->flags & OCORE_INDEX_UNIQUE) != 0;
        int match =
                index_match(walk, table, index->name, index->columns, index->column_count, unique);
        ocore__sql sql = {0};
        int status = OCORE_OK;

        if (match == 1)
                return OCORE_OK;
        walk->missing = 1;
        if (!walk->grow)
                return OCORE_OK;
        /* Nothing is kept in an index: one that differs is made anew. */
        if (match == 0) {
                ocore__sql_add(&sql, "DROP INDEX IF EXISTS ");
                ocore__sql_name(&sql, index->name, '`');
                ocore__sql_add(&sql, " ON ");
                ocore__mariadb_place_text(&sql, walk->store->database, table->name);
                status = run_text(walk->store, &sql);
                ocore__sql_clear(&sql);
        }
        ocore__mariadb_index_text(&sql, walk->store->database, table, index);
        if (status == OCORE_OK)
                status = run_text(walk->store, &sql);
        ocore__sql_finish(&sql);
        return status;
}

/* The server keeps a view's text in its own words, so it is made anew when the layout grows. */
static int view_walk(schema_walk *walk, const ocore_table *table)
{
        ocore__sql sql = {0};
        MYSQL_ROW found;
        int status = OCORE_OK;

        ocore__sql_add(&sql, "v_");
        ocore__sql_add(&sql, table->name);
        if (sql.failed)
                return OCORE_NOMEM;
        found = find(walk->tables, sql.data, NULL);
        if (found != NULL && (found[1] == NULL || strcmp(found[1], "VIEW") != 0))
                status = ocore__mariadb_fail(walk->store, OCORE_CORRUPT,
                        "the name %s is taken by something else", sql.data);
        walk->missing |= found == NULL;
        if (status == OCORE_OK && walk->grow && (found == NULL || walk->renew)) {
                ocore__sql_clear(&sql);
                ocore__sql_add(&sql, "CREATE OR REPLACE");
                ocore__mariadb_view_text(&sql, walk->store->database, table);
                status = run_text(walk->store, &sql);
        }
        ocore__sql_finish(&sql);
        return status;
}

static int table_make(schema_walk *walk, const ocore_table *table)
{
        ocore__sql sql = {0};
        int status;

        walk->missing = 1;
        if (!walk->grow)
                return OCORE_OK;
        ocore__mariadb_table_text(&sql, walk->store->database, table);
        status = run_text(walk->store, &sql);
        ocore__sql_finish(&sql);
        return status;
}

static int table_walk(schema_walk *walk, const ocore_table *table)
{
        MYSQL_ROW found = find(walk->tables, table->name, NULL);
        size_t n;
        int status = OCORE_OK;

        if (found == NULL) {
                status = table_make(walk, table);
        } else {
                if (found[1] == NULL || strcmp(found[1], "BASE TABLE") != 0 || found[2] == NULL ||
                        strcasecmp(found[2], "InnoDB") != 0)
                        return ocore__mariadb_fail(walk->store, OCORE_CORRUPT,
                                "%s is no ordinary InnoDB table", table->name);
                if (index_match(walk, table, "PRIMARY", NULL, table->key_count, 1) != 1)
                        return ocore__mariadb_fail(walk->store, OCORE_CORRUPT,
                                "table %s has another primary key", table->name);
                for (n = 0; status == OCORE_OK && n <= table->record->column_count; n++)
                        status = column_walk(walk, table, n);
        }
        for (n = 0; status == OCORE_OK && n < table->index_count; n++)
                status = index_walk(walk, table, &table->indexes[n]);
        return status == OCORE_OK ? view_walk(walk, table) : status;
}

static int walk_all(schema_walk *walk)
{
        int status = walk_look(walk);
        size_t n;

        if (status == OCORE_OK)
                status = layout_check(walk);
        for (n = 0; status == OCORE_OK && n < walk->schema->table_count; n++)
                status = table_walk(walk, walk->schema->tables[n]);
        if (status == OCORE_OK && walk->grow)
                status = layout_write(walk);
        return status;
}

static int grow_all(schema_walk *walk)
{
        ocore__mariadb *store = walk->store;
        int status;

        if (ocore__mariadb_joined(store))
                return ocore__mariadb_fail(store, OCORE_STORE,
                        "the tables are missing or older, and making them would commit your "
                        "transaction; open the store once outside it");
        /* An index over many rows takes longer than any other answer may. */
        status = ocore__mariadb_patience(store, 1);
        walk->grow = 1;
        if (status == OCORE_OK)
                status = walk_all(walk);
        if (ocore__mariadb_patience(store, 0) != OCORE_OK && status == OCORE_OK)
                status = OCORE_STORE;
        return status;
}

int ocore__mariadb_schema_open(ocore__mariadb *store, const ocore_schema *schema)
{
        schema_walk walk = {.store = store, .schema = schema};
        int status = walk_all(&walk);

        if (status == OCORE_OK && walk.missing)
                status = grow_all(&walk);
        walk_forget(&walk);
        return status;
}
