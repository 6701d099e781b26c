/*
 * The SQL that describes: tables, columns, indexes, and the views in which people read choices by
 * name, times as times and ids as UUIDs. Every name is quoted, every value a number or hexadecimal.
 */
#include "mariadb_store.h"

#include <string.h>

/* InnoDB indexes up to 3,072 bytes; of them a number takes 8, an id 16, a character of text 4 and
 * its length 2. Where a field sets no limit the library writes up to 255 bytes into it. */
#define INDEX_BYTES 3072u
#define CHARACTERS_MAX 255u

/* The width of the texts among these columns that fits the index, at most as much as is wanted. */
static uint32_t width_within(
        const ocore_table *table, const uint32_t *columns, size_t count, uint32_t wanted)
{
        uint32_t left = INDEX_BYTES;
        uint32_t texts = 0;
        size_t n;

        for (n = 0; n < count; n++) {
                size_t column = columns != NULL ? columns[n] : n;
                uint32_t type = ocore_cell_type(ocore_record_field(table->record, column)->kind);

                texts += type == OCORE_CELL_TEXT;
                left -= type == OCORE_CELL_ID ? 17 : type == OCORE_CELL_TEXT ? 3 : 9;
        }
        return texts == 0 || left / 4 / texts > wanted ? wanted : left / 4 / texts;
}

uint32_t ocore__mariadb_width(const ocore_table *table, size_t column)
{
        const ocore_field *field = ocore_record_field(table->record, column);
        uint32_t wanted = field->limit > 0 ? field->limit : CHARACTERS_MAX;
        uint32_t width = 0;
        uint32_t n;
        uint32_t i;

        if (ocore_cell_type(field->kind) != OCORE_CELL_TEXT)
                return 0;
        if (column < table->key_count)
                width = width_within(table, NULL, table->key_count, wanted);
        for (n = 0; n < table->index_count; n++) {
                const ocore_index *index = &table->indexes[n];

                for (i = 0; i < index->column_count; i++) {
                        uint32_t here;

                        if (index->columns[i] != column)
                                continue;
                        here = width_within(table, index->columns, index->column_count, wanted);
                        if (width == 0 || here < width)
                                width = here;
                }
        }
        return width;
}

void ocore__mariadb_place_text(ocore__sql *sql, const char *database, const char *table)
{
        ocore__sql_name(sql, database, '`');
        ocore__sql_add(sql, ".");
        ocore__sql_name(sql, table, '`');
}

void ocore__mariadb_type_text(ocore__sql *sql, const ocore_table *table, size_t column)
{
        uint32_t width = ocore__mariadb_width(table, column);

        switch (ocore_cell_type(ocore_record_field(table->record, column)->kind)) {
        case OCORE_CELL_NUMBER: ocore__sql_add(sql, "bigint"); break;
        case OCORE_CELL_ID: ocore__sql_add(sql, "binary(16)"); break;
        case OCORE_CELL_BYTES: ocore__sql_add(sql, "longblob"); break;
        default:
                ocore__sql_add(sql, width > 0 ? "varchar(" : "longtext");
                if (width > 0) {
                        ocore__sql_number(sql, width);
                        ocore__sql_add(sql, ")");
                }
                ocore__sql_add(sql, " CHARACTER SET utf8mb4 COLLATE " OCORE__MARIADB_COLLATION);
                break;
        }
}

/* What a column holds in rows that are older than it. */
static const char *default_text(uint32_t cell_type)
{
        switch (cell_type) {
        case OCORE_CELL_NUMBER: return "0";
        case OCORE_CELL_ID: return "x'00000000000000000000000000000000'";
        default: return "''";
        }
}

void ocore__mariadb_column_text(ocore__sql *sql, const ocore_table *table, size_t column)
{
        const ocore_field *field = ocore_record_field(table->record, column);

        ocore__sql_name(sql, field->name, '`');
        ocore__sql_add(sql, " ");
        ocore__mariadb_type_text(sql, table, column);
        if (column < table->key_count) {
                ocore__sql_add(sql, " NOT NULL");
        } else if ((field->flags & OCORE_FIELD_NULLABLE) != 0) {
                ocore__sql_add(sql, " NULL");
        } else {
                ocore__sql_add(sql, " NOT NULL DEFAULT ");
                ocore__sql_add(sql, default_text(ocore_cell_type(field->kind)));
        }
}

void ocore__mariadb_table_text(ocore__sql *sql, const char *database, const ocore_table *table)
{
        size_t n;

        ocore__sql_add(sql, "CREATE TABLE IF NOT EXISTS ");
        ocore__mariadb_place_text(sql, database, table->name);
        ocore__sql_add(sql, "(");
        for (n = 0; n < table->record->column_count; n++) {
                ocore__mariadb_column_text(sql, table, n);
                ocore__sql_add(sql, ", ");
        }
        ocore__sql_add(sql, "`revision` bigint NOT NULL, PRIMARY KEY(");
        ocore__sql_names(sql, table, NULL, table->key_count, "", '`');
        ocore__sql_add(sql, ")) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 "
                            "COLLATE " OCORE__MARIADB_COLLATION);
}

/* There are no partial indexes here: a sparse one holds the NULLs too, of which a unique one
 * allows any number, and reads leave them out. */
void ocore__mariadb_index_text(
        ocore__sql *sql, const char *database, const ocore_table *table, const ocore_index *index)
{
        int unique = (index->flags & OCORE_INDEX_UNIQUE) != 0;

        ocore__sql_add(
                sql, unique ? "CREATE UNIQUE INDEX IF NOT EXISTS " : "CREATE INDEX IF NOT EXISTS ");
        ocore__sql_name(sql, index->name, '`');
        ocore__sql_add(sql, " ON ");
        ocore__mariadb_place_text(sql, database, table->name);
        ocore__sql_add(sql, "(");
        ocore__sql_names(sql, table, index->columns, index->column_count, "", '`');
        ocore__sql_add(sql, ")");
}

static void view_choice(ocore__sql *sql, const ocore_field *field)
{
        const ocore_choice *choice = field->of;

        if (choice == NULL || choice->name == NULL) {
                ocore__sql_name(sql, field->name, '`');
                return;
        }
        ocore__sql_add(sql, "CASE ");
        ocore__sql_name(sql, field->name, '`');
        for (; choice->name != NULL; choice++) {
                ocore__sql_add(sql, " WHEN ");
                ocore__sql_number(sql, choice->value);
                ocore__sql_add(sql, " THEN _utf8mb4 ");
                ocore__sql_name(sql, choice->name, '\'');
        }
        ocore__sql_add(sql, " ELSE CAST(");
        ocore__sql_name(sql, field->name, '`');
        ocore__sql_add(sql, " AS CHAR CHARACTER SET utf8mb4) END");
}

/* As ocore_time_format() writes it: the decimals only when they are not all zero. */
static void view_time(ocore__sql *sql, const char *name)
{
        ocore__sql_add(sql, "CASE WHEN ");
        ocore__sql_name(sql, name, '`');
        ocore__sql_add(sql, " <> 0 THEN DATE_FORMAT(TIMESTAMPADD(MICROSECOND, ");
        ocore__sql_name(sql, name, '`');
        ocore__sql_add(sql, ", _utf8mb4 '1970-01-01'), IF(");
        ocore__sql_name(sql, name, '`');
        ocore__sql_add(sql, " % 1000000 = 0, _utf8mb4 '%Y-%m-%dT%H:%i:%sZ', "
                            "_utf8mb4 '%Y-%m-%dT%H:%i:%s.%fZ')) END");
}

static void view_id(ocore__sql *sql, const char *name)
{
        static const char *const parts[] = {
                ", 1, 8)", ", 9, 4)", ", 13, 4)", ", 17, 4)", ", 21, 12)"};
        size_t n;

        ocore__sql_add(sql, "CASE WHEN ");
        ocore__sql_name(sql, name, '`');
        ocore__sql_add(sql, " <> x'00000000000000000000000000000000' THEN LOWER(CONCAT_WS("
                            "_utf8mb4 '-'");
        for (n = 0; n < sizeof parts / sizeof parts[0]; n++) {
                ocore__sql_add(sql, ", SUBSTR(HEX(");
                ocore__sql_name(sql, name, '`');
                ocore__sql_add(sql, ")");
                ocore__sql_add(sql, parts[n]);
        }
        ocore__sql_add(sql, ")) END");
}

static void view_column(ocore__sql *sql, const ocore_field *field)
{
        size_t size = strlen(field->name);
        char name[128];

        switch (field->kind) {
        case OCORE_FIELD_CHOICE: view_choice(sql, field); break;
        case OCORE_FIELD_BOOLEAN:
                ocore__sql_add(sql, "CASE ");
                ocore__sql_name(sql, field->name, '`');
                ocore__sql_add(sql, " WHEN 0 THEN _utf8mb4 'no' WHEN 1 THEN _utf8mb4 'yes' END");
                break;
        case OCORE_FIELD_TIME: view_time(sql, field->name); break;
        case OCORE_FIELD_ID: view_id(sql, field->name); break;
        case OCORE_FIELD_BYTES:
                ocore__sql_add(sql, "LOWER(HEX(");
                ocore__sql_name(sql, field->name, '`');
                ocore__sql_add(sql, "))");
                break;
        default: ocore__sql_name(sql, field->name, '`'); break;
        }
        /* The unit of a time that people read is no longer the microsecond. */
        if (field->kind == OCORE_FIELD_TIME && size > 3 && size < sizeof name &&
                strcmp(field->name + size - 3, "_us") == 0) {
                memcpy(name, field->name, size - 3);
                name[size - 3] = '\0';
        } else {
                name[0] = '\0';
        }
        ocore__sql_add(sql, " AS ");
        ocore__sql_name(sql, name[0] != '\0' ? name : field->name, '`');
}

void ocore__mariadb_view_text(ocore__sql *sql, const char *database, const ocore_table *table)
{
        size_t n;

        ocore__sql_add(sql, " SQL SECURITY INVOKER VIEW ");
        ocore__sql_name(sql, database, '`');
        ocore__sql_add(sql, ".`v_");
        /* The name follows its prefix inside the same quotes; a quote in it is doubled. */
        for (n = 0; table->name[n] != '\0'; n++) {
                ocore__sql_bytes(sql, &table->name[n], 1);
                if (table->name[n] == '`')
                        ocore__sql_add(sql, "`");
        }
        ocore__sql_add(sql, "` AS SELECT ");
        for (n = 0; n < table->record->column_count; n++) {
                view_column(sql, ocore_record_field(table->record, n));
                ocore__sql_add(sql, ", ");
        }
        ocore__sql_add(sql, "`revision` FROM ");
        ocore__mariadb_place_text(sql, database, table->name);
}

void ocore__mariadb_cell_text(ocore__sql *sql, const ocore_cell *cell)
{
        switch (cell->type) {
        case OCORE_CELL_NUMBER: ocore__sql_number(sql, cell->as.number); return;
        case OCORE_CELL_TEXT:
                ocore__sql_add(sql, "_utf8mb4 x'");
                ocore__sql_hex(sql, cell->as.text.data, cell->as.text.size);
                break;
        case OCORE_CELL_BYTES:
                ocore__sql_add(sql, "x'");
                ocore__sql_hex(sql, cell->as.text.data, cell->as.text.size);
                break;
        case OCORE_CELL_ID:
                ocore__sql_add(sql, "x'");
                ocore__sql_hex(sql, cell->as.id.bytes, sizeof cell->as.id.bytes);
                break;
        default: ocore__sql_add(sql, "NULL"); return;
        }
        ocore__sql_add(sql, "'");
}

void ocore__mariadb_key_text(ocore__sql *sql, const ocore_table *table, const ocore_cell *cells)
{
        uint32_t n;

        for (n = 0; n < table->key_count; n++) {
                ocore__sql_add(sql, n > 0 ? " AND " : "");
                ocore__sql_name(sql, ocore_record_field(table->record, n)->name, '`');
                ocore__sql_add(sql, " = ");
                ocore__mariadb_cell_text(sql, &cells[n]);
        }
}
