/*
 * The statements that read and write rows. Each is prepared when it is first needed and kept in
 * the place that its table, kind and shape give it: finding it again costs an array index.
 */
#include "sqlite_store.h"

#include <string.h>

static const char *column_name(const ocore__sqlite_table *table, size_t column)
{
        return table->columns[column].field->name;
}

static int prepare(ocore__sqlite *store, sqlite3_str *sql, sqlite3_stmt **out)
{
        char *text = sqlite3_str_finish(sql);
        int status = OCORE_NOMEM;

        if (text != NULL) {
                status = OCORE_OK;
                if (sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) !=
                        SQLITE_OK) {
                        status = ocore__sqlite_failed(store, "preparing");
                }
        }
        sqlite3_free(text);
        return status;
}

/* " WHERE key = ?1 AND … ": the key columns are always the first parameters. */
static void key_where(sqlite3_str *sql, const ocore__sqlite_table *table)
{
        size_t n;

        for (n = 0; n < table->table->key_count; n++) {
                sqlite3_str_appendf(sql, "%s\"%w\" = ?%d", n == 0 ? " WHERE " : " AND ",
                        column_name(table, n), (int)n + 1);
        }
}

int ocore__sqlite_insert(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out)
{
        if (table->insert == NULL) {
                sqlite3_str *sql = sqlite3_str_new(store->db);
                size_t n;
                int status;

                sqlite3_str_appendf(sql, "INSERT INTO main.\"%w\"(", table->table->name);
                for (n = 0; n < table->column_count; n++) {
                        sqlite3_str_appendf(sql, "\"%w\", ", column_name(table, n));
                }
                sqlite3_str_appendall(sql, "\"revision\") VALUES(");
                for (n = 0; n < table->column_count; n++) {
                        sqlite3_str_appendf(sql, "?%d, ", (int)n + 1);
                }
                sqlite3_str_appendf(sql, "?%d)", (int)table->column_count + 1);
                status = prepare(store, sql, &table->insert);
                if (status != OCORE_OK) {
                        return status;
                }
        }
        *out = table->insert;
        return OCORE_OK;
}

int ocore__sqlite_update(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out)
{
        if (table->update == NULL) {
                sqlite3_str *sql = sqlite3_str_new(store->db);
                size_t n;
                int status;

                sqlite3_str_appendf(sql, "UPDATE main.\"%w\" SET \"revision\" = \"revision\" + 1",
                        table->table->name);
                for (n = table->table->key_count; n < table->column_count; n++) {
                        sqlite3_str_appendf(
                                sql, ", \"%w\" = ?%d", column_name(table, n), (int)n + 1);
                }
                key_where(sql, table);
                sqlite3_str_appendf(sql, " AND \"revision\" = ?%d", (int)table->column_count + 1);
                status = prepare(store, sql, &table->update);
                if (status != OCORE_OK) {
                        return status;
                }
        }
        *out = table->update;
        return OCORE_OK;
}

int ocore__sqlite_remove(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out)
{
        if (table->remove == NULL) {
                sqlite3_str *sql = sqlite3_str_new(store->db);
                int status;

                sqlite3_str_appendf(sql, "DELETE FROM main.\"%w\"", table->table->name);
                key_where(sql, table);
                sqlite3_str_appendf(
                        sql, " AND \"revision\" = ?%d", (int)table->table->key_count + 1);
                status = prepare(store, sql, &table->remove);
                if (status != OCORE_OK) {
                        return status;
                }
        }
        *out = table->remove;
        return OCORE_OK;
}

int ocore__sqlite_check(ocore__sqlite *store, ocore__sqlite_table *table, sqlite3_stmt **out)
{
        if (table->check == NULL) {
                sqlite3_str *sql = sqlite3_str_new(store->db);
                int status;

                sqlite3_str_appendf(
                        sql, "SELECT \"revision\" FROM main.\"%w\"", table->table->name);
                key_where(sql, table);
                status = prepare(store, sql, &table->check);
                if (status != OCORE_OK) {
                        return status;
                }
        }
        *out = table->check;
        return OCORE_OK;
}

static ocore__sqlite_add *add_find(const ocore__sqlite_table *table, const ocore_write *write)
{
        size_t n;
        uint32_t i;

        for (n = 0; n < table->add_count; n++) {
                for (i = 0; i < write->add_count && i < table->adds[n].count &&
                            table->adds[n].columns[i] == write->adds[i].column;
                        i++) {
                }
                if (i == write->add_count && i == table->adds[n].count) {
                        return &table->adds[n];
                }
        }
        return NULL;
}

/*
 * Per column three parameters after the key: the amount, and the least and greatest value that it
 * may be added to. The bounds hold the floor and keep the sum inside 64 bits, which SQLite would
 * else leave for a floating-point number.
 */
static void add_text(sqlite3_str *sql, const ocore__sqlite_table *table, const ocore_write *write)
{
        static const char *const values[] = {"\"%w\"", "ifnull(\"%w\", 0)"};
        int parameter = (int)table->table->key_count + 1;
        uint32_t i;

        sqlite3_str_appendf(
                sql, "UPDATE main.\"%w\" SET \"revision\" = \"revision\" + 1", table->table->name);
        for (i = 0; i < write->add_count; i++) {
                const ocore__sqlite_column *column = &table->columns[write->adds[i].column];

                sqlite3_str_appendf(sql, ", \"%w\" = ", column->field->name);
                sqlite3_str_appendf(sql, values[column->nullable], column->field->name);
                sqlite3_str_appendf(sql, " + ?%d", parameter + 3 * (int)i);
        }
        key_where(sql, table);
        for (i = 0; i < write->add_count; i++) {
                const ocore__sqlite_column *column = &table->columns[write->adds[i].column];

                sqlite3_str_appendall(sql, " AND ");
                sqlite3_str_appendf(sql, values[column->nullable], column->field->name);
                sqlite3_str_appendf(sql, " BETWEEN ?%d AND ?%d", parameter + 3 * (int)i + 1,
                        parameter + 3 * (int)i + 2);
        }
}

int ocore__sqlite_guarded_add(ocore__sqlite *store, ocore__sqlite_table *table,
        const ocore_write *write, sqlite3_stmt **out)
{
        ocore__sqlite_add *add = add_find(table, write);
        ocore__sqlite_add *grown;
        sqlite3_str *sql;
        uint32_t i;
        int status;

        if (add != NULL) {
                *out = add->statement;
                return OCORE_OK;
        }
        grown = sqlite3_realloc64(table->adds, (table->add_count + 1) * sizeof *grown);
        if (grown == NULL) {
                return OCORE_NOMEM;
        }
        table->adds = grown;
        add = &grown[table->add_count];
        memset(add, 0, sizeof *add);
        add->count = write->add_count;
        add->columns = sqlite3_malloc64((add->count + (sqlite3_uint64)1) * sizeof *add->columns);
        if (add->columns == NULL) {
                return OCORE_NOMEM;
        }
        for (i = 0; i < add->count; i++) {
                add->columns[i] = write->adds[i].column;
        }
        sql = sqlite3_str_new(store->db);
        add_text(sql, table, write);
        status = prepare(store, sql, &add->statement);
        if (status != OCORE_OK) {
                sqlite3_free(add->columns);
                return status;
        }
        table->add_count++;
        *out = add->statement;
        return OCORE_OK;
}

static int place_nullable(const ocore__sqlite_table *table, uint32_t index, uint32_t place)
{
        uint32_t column = ocore__sql_place_column(table->table, index, place);

        if (index != 0 && place == 1 &&
                (table->table->indexes[index - 1].flags & OCORE_INDEX_SPARSE) != 0) {
                return 0;
        }
        return column >= table->table->key_count && table->columns[column].nullable;
}

/* A part of a select: which index, from which place on, in which direction. */
typedef struct select_part {
        const ocore__sqlite_table *table;
        uint32_t index;
        uint32_t from;
        uint32_t count;
        int descending;
} select_part;

static const char *place_name(const select_part *part, uint32_t place)
{
        return column_name(
                part->table, ocore__sql_place_column(part->table->table, part->index, place));
}

static const char *condition_word(const select_part *part)
{
        return part->from == 0 ? " WHERE " : " AND ";
}

/* "(a, b, c) > (?1, ?2, ?3)": SQLite seeks the place in the index. */
static void after_row(sqlite3_str *sql, const select_part *part)
{
        const char *comma = "";
        uint32_t n;

        sqlite3_str_appendf(sql, "%s(", condition_word(part));
        for (n = part->from; n < part->count; n++) {
                if (!ocore__sql_place_repeats(part->table->table, part->index, n)) {
                        sqlite3_str_appendf(sql, "%s\"%w\"", comma, place_name(part, n));
                        comma = ", ";
                }
        }
        sqlite3_str_appendf(sql, ") %s (", part->descending ? "<" : ">");
        comma = "";
        for (n = part->from; n < part->count; n++) {
                if (!ocore__sql_place_repeats(part->table->table, part->index, n)) {
                        sqlite3_str_appendf(sql, "%s?%d", comma, (int)n + 1);
                        comma = ", ";
                }
        }
        sqlite3_str_appendall(sql, ")");
}

/*
 * The same where a column may be NULL, which comes first and which SQL compares to nothing:
 * (a after ?1 OR (a IS ?1 AND (b after ?2 OR …))). SQLite reads the prefix from its start and
 * filters, so a page costs as much as the pages before it.
 */
static void after_terms(sqlite3_str *sql, const select_part *part)
{
        uint32_t open = 0;
        uint32_t n;

        sqlite3_str_appendall(sql, condition_word(part));
        for (n = part->from; n < part->count; n++) {
                const char *name = place_name(part, n);
                int p = (int)n + 1;

                if (ocore__sql_place_repeats(part->table->table, part->index, n)) {
                        continue;
                }
                if (part->descending) {
                        sqlite3_str_appendf(sql,
                                "(\"%w\" < ?%d OR (\"%w\" IS NULL AND ?%d IS NOT NULL) "
                                "OR (\"%w\" IS ?%d AND ",
                                name, p, name, p, name, p);
                } else {
                        sqlite3_str_appendf(sql,
                                "(\"%w\" > ?%d OR (\"%w\" IS NOT NULL AND ?%d IS NULL) "
                                "OR (\"%w\" IS ?%d AND ",
                                name, p, name, p, name, p);
                }
                open++;
        }
        sqlite3_str_appendall(sql, "0");
        for (n = 0; n < open; n++) {
                sqlite3_str_appendall(sql, "))");
        }
}

static void order_text(sqlite3_str *sql, const select_part *part)
{
        const char *before = " ORDER BY ";
        uint32_t n;

        for (n = part->from; n < part->count; n++) {
                if (!ocore__sql_place_repeats(part->table->table, part->index, n)) {
                        sqlite3_str_appendf(sql, "%s\"%w\"%s", before, place_name(part, n),
                                part->descending ? " DESC" : "");
                        before = ", ";
                }
        }
        sqlite3_str_appendf(sql, " LIMIT ?%d", (int)part->count + 1);
}

static void select_text(sqlite3_str *sql, const select_part *part, int after)
{
        const ocore_table *table = part->table->table;
        const ocore_index *index = part->index == 0 ? NULL : &table->indexes[part->index - 1];
        int by_terms = 1;
        size_t n;
        uint32_t place;

        sqlite3_str_appendall(sql, "SELECT ");
        for (n = 0; n < part->table->column_count; n++) {
                sqlite3_str_appendf(sql, "\"%w\", ", column_name(part->table, n));
        }
        sqlite3_str_appendf(sql, "\"revision\" FROM main.\"%w\"", table->name);
        if (index != NULL) {
                sqlite3_str_appendf(sql, " INDEXED BY \"%w\"", index->name);
        }
        for (place = 0; place < part->from; place++) {
                sqlite3_str_appendf(sql, "%s\"%w\" %s ?%d", place == 0 ? " WHERE " : " AND ",
                        place_name(part, place),
                        place_nullable(part->table, part->index, place) ? "IS" : "=",
                        (int)place + 1);
        }
        if (index != NULL && (index->flags & OCORE_INDEX_SPARSE) != 0) {
                sqlite3_str_appendf(sql, " AND \"%w\" IS NOT NULL", place_name(part, 1));
        }
        for (place = part->from; place < part->count; place++) {
                if (place_nullable(part->table, part->index, place)) {
                        by_terms = 1;
                        break;
                }
                /* With no column left to compare there is nothing behind the place. */
                by_terms &= ocore__sql_place_repeats(table, part->index, place);
        }
        if (after && by_terms) {
                after_terms(sql, part);
        } else if (after) {
                after_row(sql, part);
        }
        order_text(sql, part);
}

int ocore__sqlite_select(ocore__sqlite *store, ocore__sqlite_table *table, uint32_t index,
        uint32_t prefix_count, int after, int descending, sqlite3_stmt **out)
{
        sqlite3_stmt **kept =
                &table->reads[index][prefix_count * 4 + (uint32_t)after * 2 + (uint32_t)descending];

        if (*kept == NULL) {
                select_part part = {
                        .table = table,
                        .index = index,
                        .from = prefix_count,
                        .count = ocore__sql_place_count(table->table, index),
                        .descending = descending,
                };
                sqlite3_str *sql = sqlite3_str_new(store->db);
                int status;

                select_text(sql, &part, after);
                status = prepare(store, sql, kept);
                if (status != OCORE_OK) {
                        return status;
                }
        }
        *out = *kept;
        return OCORE_OK;
}
