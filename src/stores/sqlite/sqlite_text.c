/*
 * The SQL that describes: tables, columns, indexes, and the views in which people read choices by
 * name, times as times and ids as UUIDs. Every name is quoted.
 */
#include "sqlite_store.h"

#include <string.h>

/* Since SQLite 3.37 a table can insist on the types of its columns. */
#define STRICT_SINCE 3037000

const char *ocore__sqlite_type_name(uint32_t cell_type)
{
        switch (cell_type) {
        case OCORE_CELL_NUMBER: return "INTEGER";
        case OCORE_CELL_TEXT: return "TEXT";
        default: return "BLOB";
        }
}

/* What a column holds in rows that are older than it. */
static const char *default_text(uint32_t cell_type)
{
        switch (cell_type) {
        case OCORE_CELL_NUMBER: return "0";
        case OCORE_CELL_TEXT: return "''";
        case OCORE_CELL_ID: return "x'00000000000000000000000000000000'";
        default: return "x''";
        }
}

void ocore__sqlite_column_text(sqlite3_str *sql, const ocore_table *table, size_t column)
{
        const ocore_field *field = ocore_record_field(table->record, column);
        uint32_t type = ocore_cell_type(field->kind);

        sqlite3_str_appendf(sql, "\"%w\" %s", field->name, ocore__sqlite_type_name(type));
        if (column < table->key_count) {
                sqlite3_str_appendall(sql, " NOT NULL");
        } else if ((field->flags & OCORE_FIELD_NULLABLE) == 0) {
                sqlite3_str_appendf(sql, " NOT NULL DEFAULT %s", default_text(type));
        }
}

static void name_list(
        sqlite3_str *sql, const ocore_table *table, const uint32_t *columns, size_t count)
{
        size_t n;

        for (n = 0; n < count; n++) {
                size_t column = columns != NULL ? columns[n] : n;

                sqlite3_str_appendf(sql, "%s\"%w\"", n > 0 ? ", " : "",
                        ocore_record_field(table->record, column)->name);
        }
}

void ocore__sqlite_table_text(sqlite3_str *sql, const ocore_table *table)
{
        size_t n;

        sqlite3_str_appendf(sql, "CREATE TABLE main.\"%w\"(", table->name);
        for (n = 0; n < table->record->column_count; n++) {
                ocore__sqlite_column_text(sql, table, n);
                sqlite3_str_appendall(sql, ", ");
        }
        sqlite3_str_appendall(sql, "\"revision\" INTEGER NOT NULL, PRIMARY KEY(");
        name_list(sql, table, NULL, table->key_count);
        sqlite3_str_appendall(sql, ")) WITHOUT ROWID");
        if (sqlite3_libversion_number() >= STRICT_SINCE) {
                sqlite3_str_appendall(sql, ", STRICT");
        }
}

/* As SQLite keeps it in its schema: without the name of the database. */
void ocore__sqlite_index_text(sqlite3_str *sql, const ocore_table *table, const ocore_index *index)
{
        sqlite3_str_appendf(sql, "CREATE %sINDEX \"%w\" ON \"%w\"(",
                (index->flags & OCORE_INDEX_UNIQUE) != 0 ? "UNIQUE " : "", index->name,
                table->name);
        name_list(sql, table, index->columns, index->column_count);
        sqlite3_str_appendall(sql, ")");
        if ((index->flags & OCORE_INDEX_SPARSE) != 0) {
                sqlite3_str_appendf(sql, " WHERE \"%w\" IS NOT NULL",
                        ocore_record_field(table->record, index->columns[1])->name);
        }
}

static void view_choice(sqlite3_str *sql, const ocore_field *field)
{
        const ocore_choice *choice = field->of;

        if (choice == NULL || choice->name == NULL) {
                sqlite3_str_appendf(sql, "\"%w\"", field->name);
                return;
        }
        sqlite3_str_appendf(sql, "CASE \"%w\"", field->name);
        for (; choice->name != NULL; choice++) {
                sqlite3_str_appendf(
                        sql, " WHEN %lld THEN %Q", (sqlite3_int64)choice->value, choice->name);
        }
        sqlite3_str_appendf(sql, " ELSE \"%w\" END", field->name);
}

/* As ocore_time_format() writes it: the decimals only when they are not all zero. */
static void view_time(sqlite3_str *sql, const char *name)
{
        sqlite3_str_appendf(sql,
                "CASE WHEN \"%w\" <> 0 THEN strftime('%%Y-%%m-%%dT%%H:%%M:%%S', "
                "\"%w\" / 1000000, 'unixepoch') || CASE WHEN \"%w\" %% 1000000 <> 0 "
                "THEN printf('.%%06dZ', \"%w\" %% 1000000) ELSE 'Z' END END",
                name, name, name, name);
}

static void view_id(sqlite3_str *sql, const char *name)
{
        static const int starts[] = {1, 9, 13, 17, 21};
        static const int sizes[] = {8, 4, 4, 4, 12};
        size_t n;

        sqlite3_str_appendf(sql, "CASE WHEN \"%w\" <> zeroblob(16) THEN lower(", name);
        for (n = 0; n < sizeof starts / sizeof starts[0]; n++) {
                sqlite3_str_appendf(sql, "%ssubstr(hex(\"%w\"), %d, %d)",
                        n > 0 ? " || '-' || " : "", name, starts[n], sizes[n]);
        }
        sqlite3_str_appendall(sql, ") END");
}

static void view_column(sqlite3_str *sql, const ocore_field *field)
{
        size_t size = strlen(field->name);

        switch (field->kind) {
        case OCORE_FIELD_CHOICE: view_choice(sql, field); break;
        case OCORE_FIELD_BOOLEAN:
                sqlite3_str_appendf(
                        sql, "CASE \"%w\" WHEN 0 THEN 'no' WHEN 1 THEN 'yes' END", field->name);
                break;
        case OCORE_FIELD_TIME:
                view_time(sql, field->name);
                /* Its unit is no longer the microsecond. */
                if (size > 3 && strcmp(field->name + size - 3, "_us") == 0) {
                        size -= 3;
                }
                break;
        case OCORE_FIELD_ID: view_id(sql, field->name); break;
        case OCORE_FIELD_BYTES: sqlite3_str_appendf(sql, "lower(hex(\"%w\"))", field->name); break;
        default: sqlite3_str_appendf(sql, "\"%w\"", field->name); break;
        }
        sqlite3_str_appendf(sql, " AS \"%.*w\"", (int)size, field->name);
}

void ocore__sqlite_view_text(sqlite3_str *sql, const ocore_table *table)
{
        size_t n;

        sqlite3_str_appendf(sql, "CREATE VIEW \"v_%w\" AS SELECT ", table->name);
        for (n = 0; n < table->record->column_count; n++) {
                view_column(sql, ocore_record_field(table->record, n));
                sqlite3_str_appendall(sql, ", ");
        }
        sqlite3_str_appendf(sql, "\"revision\" FROM \"%w\"", table->name);
}
