/*
 * The SQL that describes: tables, columns, indexes, row-level security, the mark of the layout,
 * and the views in which people read choices by name and times as times. Every name is quoted and
 * says in which schema it is, so that nobody's search_path can put something else in its place.
 */
#include "postgres_store.h"

#include <string.h>

/* Which rows are this connection's; without a tenant, none. */
#define TENANT_CONDITION                                                                           \
        "\"tenant\" = nullif(current_setting('ordercore.tenant', true), '')::bigint"

const char *ocore__pg_type_name(uint32_t cell_type)
{
        switch (cell_type) {
        case OCORE_CELL_NUMBER: return "bigint";
        case OCORE_CELL_TEXT: return "text";
        case OCORE_CELL_ID: return "uuid";
        default: return "bytea";
        }
}

/* What a column holds in rows that are older than it. */
static const char *default_text(uint32_t cell_type)
{
        switch (cell_type) {
        case OCORE_CELL_NUMBER: return "0";
        case OCORE_CELL_TEXT: return "''";
        case OCORE_CELL_ID: return "'00000000-0000-0000-0000-000000000000'";
        default: return "''";
        }
}

void ocore__pg_name(ocore__sql *sql, const char *schema, const char *name)
{
        ocore__sql_name(sql, schema, '"');
        ocore__sql_add(sql, ".");
        ocore__sql_name(sql, name, '"');
}

static void column_text(ocore__sql *sql, const ocore_table *table, size_t column)
{
        const ocore_field *field = ocore_record_field(table->record, column);
        uint32_t type = ocore_cell_type(field->kind);

        ocore__sql_name(sql, field->name, '"');
        ocore__sql_add(sql, " ");
        ocore__sql_add(sql, ocore__pg_type_name(type));
        /* Indexes compare byte by byte, whatever the database's language. */
        if (type == OCORE_CELL_TEXT)
                ocore__sql_add(sql, " COLLATE \"C\"");
        if (column < table->key_count) {
                ocore__sql_add(sql, " NOT NULL");
        } else if ((field->flags & OCORE_FIELD_NULLABLE) == 0) {
                ocore__sql_add(sql, " NOT NULL DEFAULT ");
                ocore__sql_add(sql, default_text(type));
        }
}

void ocore__pg_table_text(ocore__sql *sql, const char *schema, const ocore_table *table)
{
        size_t n;

        ocore__sql_add(sql, "CREATE TABLE IF NOT EXISTS ");
        ocore__pg_name(sql, schema, table->name);
        ocore__sql_add(sql, "(");
        for (n = 0; n < table->record->column_count; n++) {
                column_text(sql, table, n);
                ocore__sql_add(sql, ", ");
        }
        ocore__sql_add(sql, "\"revision\" bigint NOT NULL, PRIMARY KEY(");
        ocore__sql_names(sql, table, NULL, table->key_count, "", '"');
        ocore__sql_add(sql, "))");
}

void ocore__pg_column_add_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, size_t column)
{
        ocore__sql_add(sql, "ALTER TABLE ");
        ocore__pg_name(sql, schema, table->name);
        ocore__sql_add(sql, " ADD COLUMN IF NOT EXISTS ");
        column_text(sql, table, column);
}

/* A unique index has its own columns alone, any other those of the key behind them: that is its
 * order. NULL comes first. */
void ocore__pg_index_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, const ocore_index *index)
{
        int unique = (index->flags & OCORE_INDEX_UNIQUE) != 0;
        uint32_t number = (uint32_t)(index - table->indexes) + 1;
        uint32_t count = unique ? index->column_count : ocore__sql_place_count(table, number);
        uint32_t n;

        ocore__sql_add(sql, unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
        ocore__sql_add(sql, " IF NOT EXISTS ");
        ocore__sql_name(sql, index->name, '"');
        ocore__sql_add(sql, " ON ");
        ocore__pg_name(sql, schema, table->name);
        for (n = 0; n < count; n++) {
                uint32_t column = ocore__sql_place_column(table, number, n);

                if (ocore__sql_place_repeats(table, number, n))
                        continue;
                ocore__sql_add(sql, n == 0 ? "(" : ", ");
                ocore__sql_names(sql, table, &column, 1, "", '"');
                if (ocore__pg_place_nullable(table, number, n))
                        ocore__sql_add(sql, " NULLS FIRST");
        }
        ocore__sql_add(sql, ")");
        if ((index->flags & OCORE_INDEX_SPARSE) != 0) {
                ocore__sql_add(sql, " WHERE ");
                ocore__sql_names(sql, table, &index->columns[1], 1, "", '"');
                ocore__sql_add(sql, " IS NOT NULL");
        }
}

static void view_choice(ocore__sql *sql, const ocore_field *field)
{
        const ocore_choice *choice = field->of;

        if (choice == NULL || choice->name == NULL) {
                ocore__sql_name(sql, field->name, '"');
                return;
        }
        ocore__sql_add(sql, "CASE ");
        ocore__sql_name(sql, field->name, '"');
        for (; choice->name != NULL; choice++) {
                ocore__sql_add(sql, " WHEN ");
                ocore__sql_number(sql, choice->value);
                ocore__sql_add(sql, " THEN ");
                ocore__sql_name(sql, choice->name, '\'');
        }
        ocore__sql_add(sql, " ELSE ");
        ocore__sql_name(sql, field->name, '"');
        ocore__sql_add(sql, "::text END");
}

/* `before` and the column and `after`. */
static void view_around(
        ocore__sql *sql, const char *before, const ocore_field *field, const char *after)
{
        ocore__sql_add(sql, before);
        ocore__sql_name(sql, field->name, '"');
        ocore__sql_add(sql, after);
}

const char *ocore__pg_view_column(const ocore_field *field, size_t *size)
{
        *size = strlen(field->name);
        /* Its unit is no longer the microsecond. */
        if (field->kind == OCORE_FIELD_TIME && *size > 3 &&
                strcmp(field->name + *size - 3, "_us") == 0)
                *size -= 3;
        return field->name;
}

static void view_column(ocore__sql *sql, const ocore_field *field)
{
        char name[64];
        size_t size;
        const char *from = ocore__pg_view_column(field, &size);

        switch (field->kind) {
        case OCORE_FIELD_CHOICE: view_choice(sql, field); break;
        case OCORE_FIELD_BOOLEAN: view_around(sql, "", field, " <> 0"); break;
        case OCORE_FIELD_TIME:
                view_around(sql, "CASE WHEN ", field, " <> 0 THEN timestamptz 'epoch' + ");
                view_around(sql, "", field, " * interval '1 microsecond' END");
                break;
        case OCORE_FIELD_ID:
                view_around(sql, "nullif(", field, ", '00000000-0000-0000-0000-000000000000')");
                break;
        case OCORE_FIELD_BYTES: view_around(sql, "encode(", field, ", 'hex')"); break;
        default: ocore__sql_name(sql, field->name, '"'); break;
        }
        size = size < sizeof name ? size : sizeof name - 1;
        memcpy(name, from, size);
        name[size] = '\0';
        ocore__sql_add(sql, " AS ");
        ocore__sql_name(sql, name, '"');
}

/*
 * The revision comes first, because CREATE OR REPLACE VIEW only takes new columns at the end. With
 * row-level security the view asks for the tenant itself: it reads with the rights of its owner,
 * whom the policies may not bind.
 */
void ocore__pg_view_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, int row_security)
{
        ocore__sql name = {0};
        size_t n;

        ocore__sql_add(&name, "v_");
        ocore__sql_add(&name, table->name);
        ocore__sql_add(sql, "CREATE OR REPLACE VIEW ");
        if (name.failed)
                sql->failed = 1;
        else
                ocore__pg_name(sql, schema, name.data);
        ocore__sql_finish(&name);
        ocore__sql_add(sql, row_security ? " WITH (security_barrier)" : "");
        ocore__sql_add(sql, " AS SELECT \"revision\"");
        for (n = 0; n < table->record->column_count; n++) {
                ocore__sql_add(sql, ", ");
                view_column(sql, ocore_record_field(table->record, n));
        }
        ocore__sql_add(sql, " FROM ");
        ocore__pg_name(sql, schema, table->name);
        ocore__sql_add(sql, row_security ? " WHERE " TENANT_CONDITION : "");
}

void ocore__pg_drop_text(ocore__sql *sql, const char *schema, const char *kind, const char *name)
{
        ocore__sql_add(sql, "DROP ");
        ocore__sql_add(sql, kind);
        ocore__sql_add(sql, " IF EXISTS ");
        ocore__pg_name(sql, schema, name);
}

/* In this order, so that the table is never closed to everybody. */
void ocore__pg_policy_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, unsigned step)
{
        ocore__sql_add(
                sql, step == 0 ? "CREATE POLICY \"" OCORE__PG_POLICY "\" ON " : "ALTER TABLE ");
        ocore__pg_name(sql, schema, table->name);
        ocore__sql_add(sql, step == 0 ? " USING (" TENANT_CONDITION
                                        ") WITH CHECK (" TENANT_CONDITION ")"
                            : step == 1 ? " ENABLE ROW LEVEL SECURITY"
                                        : " FORCE ROW LEVEL SECURITY");
}

/* The table with the marks, writing them ($1 and $2: application and version, which only grow),
 * reading them, and a change that changes nothing. */
void ocore__pg_layout_text(ocore__sql *sql, const char *schema, unsigned step)
{
        static const char *const before[OCORE__PG_LAYOUT_STEPS] = {"CREATE TABLE IF NOT EXISTS ",
                "INSERT INTO ", "SELECT \"name\", \"value\" FROM ", "UPDATE "};
        static const char *const after[OCORE__PG_LAYOUT_STEPS] = {
                "(\"tenant\" bigint NOT NULL, \"name\" text COLLATE \"C\" NOT NULL, "
                "\"value\" bigint NOT NULL, PRIMARY KEY(\"tenant\", \"name\"))",
                " AS t(\"tenant\", \"name\", \"value\") "
                "VALUES (0, 'application', $1::bigint), (0, 'version', $2::bigint) "
                "ON CONFLICT (\"tenant\", \"name\") DO UPDATE SET \"value\" = excluded.\"value\" "
                "WHERE t.\"value\" < excluded.\"value\"",
                " WHERE \"tenant\" = 0",
                " SET \"value\" = \"value\" WHERE \"tenant\" = 0 AND \"name\" = 'version'"};

        ocore__sql_add(sql, before[step]);
        ocore__pg_name(sql, schema, OCORE__PG_LAYOUT);
        ocore__sql_add(sql, after[step]);
}
