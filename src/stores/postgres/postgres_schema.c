/*
 * Whether the tables are as this library makes them. What is missing is made, each thing in a
 * transaction of its own; what is there beyond the schema stays; what contradicts it is refused.
 */
#include "postgres_schema.h"

#include <stdlib.h>
#include <string.h>

/* Columns of the answer about tables, and of the one about indexes. */
enum {
        T_NAME,
        T_KIND,
        T_HOOKS,
        T_SECURE,
        T_COLUMN,
        T_TYPE,
        T_STRICT,
        T_COLLATION,
        T_NUMBER,
        T_KEY,
        T_BARRIER
};
enum { I_NAME, I_TABLE, I_UNIQUE, I_COLUMNS, I_OPTIONS, I_PARTIAL, I_VALID };

const char *ocore__pg_walk_cell(const PGresult *result, int row, int column)
{
        return PQgetisnull(result, row, column) != 0 ? "" : PQgetvalue(result, row, column);
}

int ocore__pg_walk_true(const PGresult *result, int row, int column)
{
        return ocore__pg_walk_cell(result, row, column)[0] == 't';
}

/* One plain question whose answer must be a table of so many columns. */
int ocore__pg_walk_ask(ocore__pg *store, const char *text, const char *const *values, int count,
        int columns, PGresult **out)
{
        int action = ocore__pg_ask(store, text, values, count, out);

        if (action == OCORE__PG_DONE &&
                (PQresultStatus(*out) != PGRES_TUPLES_OK || PQnfields(*out) != columns)) {
                PQclear(*out);
                *out = NULL;
                return ocore__pg_fail(store, OCORE_CORRUPT, "the server answers another question");
        }
        return ocore__pg_status(store, action);
}

/* Refusals that come from others who make the same things at the same moment. */
static int is_race(const char *state)
{
        static const char *const states[] = {"23505", "42P07", "42710", "42701", "42P06", "XX000",
                "40001", "40P01", "55P03", "42P16", "42704", "42P01"};
        size_t n;

        for (n = 0; n < sizeof states / sizeof states[0]; n++) {
                if (strcmp(state, states[n]) == 0)
                        return 1;
        }
        return 0;
}

/* Makes something: the text is in store->text. */
int ocore__pg_walk_make(ocore__pg_walk *walk)
{
        ocore__pg *store = walk->store;
        PGresult *result;
        int action;

        if (store->text.failed)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a statement");
        /* An index over many rows takes its time. */
        store->patience_ms = -1;
        action = ocore__pg_ask(store, store->text.data, NULL, 0, &result);
        store->patience_ms = store->deadline_ms;
        PQclear(result);
        if (action == OCORE__PG_DONE)
                return OCORE_OK;
        if (is_race(store->state)) {
                walk->race = 1;
                return OCORE_DONE;
        }
        return ocore__pg_status(store, action);
}

ocore__sql *ocore__pg_walk_text(ocore__pg_walk *walk)
{
        ocore__sql_clear(&walk->store->text);
        return &walk->store->text;
}

/* Rows about one relation: from *from up to the row that is returned. */
static int relation_find(
        const ocore__pg_walk *walk, const char *prefix, const char *name, int *from)
{
        size_t skip = strlen(prefix);
        int to;
        int n;

        for (n = 0; n < PQntuples(walk->tables); n++) {
                const char *found = ocore__pg_walk_cell(walk->tables, n, T_NAME);

                if (strncmp(found, prefix, skip) == 0 && strcmp(found + skip, name) == 0)
                        break;
        }
        *from = n;
        for (to = n; to < PQntuples(walk->tables) &&
                     strcmp(ocore__pg_walk_cell(walk->tables, to, T_NAME),
                             ocore__pg_walk_cell(walk->tables, n, T_NAME)) == 0;
                to++)
                ;
        return to;
}

int ocore__pg_walk_has(const ocore__pg_walk *walk, const char *name)
{
        int from;

        return relation_find(walk, "", name, &from) > from;
}

static int column_find(const ocore__pg_walk *walk, int from, int to, const char *name)
{
        for (; from < to; from++) {
                if (strcmp(ocore__pg_walk_cell(walk->tables, from, T_COLUMN), name) == 0)
                        return from;
        }
        return -1;
}

/* The n-th number of "1 3 2", -1 past the end. */
static long list_number(const char *list, size_t n)
{
        for (; n > 0 && list != NULL; n--) {
                list = strchr(list, ' ');
                list = list != NULL ? list + 1 : NULL;
        }
        return list != NULL && *list != '\0' ? strtol(list, NULL, 10) : -1;
}

static int column_good(const ocore__pg_walk *walk, const ocore_table *table, size_t column, int row)
{
        int is_revision = column == table->record->column_count;
        const ocore_field *field = is_revision ? NULL : ocore_record_field(table->record, column);
        uint32_t type = is_revision ? OCORE_CELL_NUMBER : ocore_cell_type(field->kind);
        int strict = is_revision || column < table->key_count ||
                     (field->flags & OCORE_FIELD_NULLABLE) == 0;
        const char *name = type == OCORE_CELL_NUMBER ? "int8" : ocore__pg_type_name(type);

        return strcmp(ocore__pg_walk_cell(walk->tables, row, T_TYPE), name) == 0 &&
               ocore__pg_walk_true(walk->tables, row, T_STRICT) == strict &&
               (type != OCORE_CELL_TEXT ||
                       strcmp(ocore__pg_walk_cell(walk->tables, row, T_COLLATION), "C") == 0) &&
               (column >= table->key_count ||
                       list_number(ocore__pg_walk_cell(walk->tables, row, T_KEY), column) ==
                               strtol(ocore__pg_walk_cell(walk->tables, row, T_NUMBER), NULL, 10));
}

static int columns_walk(ocore__pg_walk *walk, const ocore_table *table, int from, int to)
{
        size_t n;
        int status = OCORE_OK;

        if (list_number(ocore__pg_walk_cell(walk->tables, from, T_KEY), table->key_count) != -1)
                return ocore__pg_fail(walk->store, OCORE_CORRUPT,
                        "table %s has another primary key", table->name);
        for (n = 0; status == OCORE_OK && n <= table->record->column_count; n++) {
                const char *name = n < table->record->column_count
                                           ? ocore_record_field(table->record, n)->name
                                           : "revision";
                int row = column_find(walk, from, to, name);

                if (row >= 0 && column_good(walk, table, n, row))
                        continue;
                if (row >= 0)
                        return ocore__pg_fail(walk->store, OCORE_CORRUPT,
                                "column %s of table %s is not as this library makes it", name,
                                table->name);
                if (n < table->key_count || n == table->record->column_count)
                        return ocore__pg_fail(walk->store, OCORE_CORRUPT,
                                "table %s has no column %s", table->name, name);
                walk->missing = 1;
                if (walk->grow) {
                        ocore__pg_column_add_text(
                                ocore__pg_walk_text(walk), walk->store->schema, table, n);
                        status = ocore__pg_walk_make(walk);
                }
        }
        return status;
}

/* Who may see which rows; see ocore__pg_policy_text(). Where one table keeps tenants apart all do,
 * also those that somebody makes who did not ask for it. */
static int security_walk(ocore__pg_walk *walk, const ocore_table *table, int from, int to)
{
        const char *found =
                from < to ? ocore__pg_walk_cell(walk->tables, from, T_SECURE) : "false false 0";
        int has[OCORE__PG_POLICY_STEPS] = {found[strlen(found) - 1] != '0',
                strncmp(found, "true", 4) == 0, strstr(found, " true") != NULL};
        unsigned step;
        int status = OCORE_OK;

        if (!walk->store->row_security && !walk->secured)
                return OCORE_OK;
        for (step = 0; status == OCORE_OK && step < OCORE__PG_POLICY_STEPS; step++) {
                if (has[step])
                        continue;
                walk->missing = 1;
                if (walk->grow) {
                        ocore__pg_policy_text(
                                ocore__pg_walk_text(walk), walk->store->schema, table, step);
                        status = ocore__pg_walk_make(walk);
                }
        }
        return status;
}

static int table_walk(ocore__pg_walk *walk, const ocore_table *table)
{
        int from;
        int to = relation_find(walk, "", table->name, &from);
        const char *kind = from < to ? ocore__pg_walk_cell(walk->tables, from, T_KIND) : "r";
        int status;

        if (strcmp(kind, "r") != 0 && strcmp(kind, "p") != 0)
                return ocore__pg_fail(
                        walk->store, OCORE_CORRUPT, "%s is no ordinary table", table->name);
        if (from < to) {
                walk->store->tables[table->number].guard_inserts =
                        ocore__pg_walk_true(walk->tables, from, T_HOOKS);
                status = columns_walk(walk, table, from, to);
        } else {
                walk->missing = 1;
                if (!walk->grow)
                        return OCORE_OK;
                ocore__pg_table_text(ocore__pg_walk_text(walk), walk->store->schema, table);
                status = ocore__pg_walk_make(walk);
        }
        return status == OCORE_OK ? security_walk(walk, table, from, to) : status;
}

/* The index in row `row` has the columns, in their order, that the schema says. */
static int index_good(
        const ocore__pg_walk *walk, const ocore_table *table, uint32_t number, int row)
{
        const ocore_index *index = &table->indexes[number - 1];
        int unique = (index->flags & OCORE_INDEX_UNIQUE) != 0;
        uint32_t count = unique ? index->column_count : ocore__sql_place_count(table, number);
        size_t at = 0;
        int from;
        int to = relation_find(walk, "", table->name, &from);
        uint32_t n;

        if (ocore__pg_walk_true(walk->indexes, row, I_UNIQUE) != unique ||
                !ocore__pg_walk_true(walk->indexes, row, I_VALID) ||
                ocore__pg_walk_true(walk->indexes, row, I_PARTIAL) !=
                        ((index->flags & OCORE_INDEX_SPARSE) != 0))
                return 0;
        for (n = 0; n < count; n++) {
                uint32_t column = ocore__sql_place_column(table, number, n);
                int found = column_find(
                        walk, from, to, ocore_record_field(table->record, column)->name);

                if (ocore__sql_place_repeats(table, number, n))
                        continue;
                /* 2 is "NULL comes first" in pg_index.indoption. */
                if (found < 0 ||
                        list_number(ocore__pg_walk_cell(walk->indexes, row, I_COLUMNS), at) !=
                                strtol(ocore__pg_walk_cell(walk->tables, found, T_NUMBER), NULL,
                                        10) ||
                        list_number(ocore__pg_walk_cell(walk->indexes, row, I_OPTIONS), at) !=
                                (ocore__pg_place_nullable(table, number, n) ? 2 : 0))
                        return 0;
                at++;
        }
        return list_number(ocore__pg_walk_cell(walk->indexes, row, I_COLUMNS), at) == -1;
}

static int index_walk(ocore__pg_walk *walk, const ocore_table *table, uint32_t number)
{
        const ocore_index *index = &table->indexes[number - 1];
        int rows = PQntuples(walk->indexes);
        int row = 0;
        int status = OCORE_OK;

        while (row < rows &&
                strcmp(ocore__pg_walk_cell(walk->indexes, row, I_NAME), index->name) != 0)
                row++;
        if (row < rows &&
                strcmp(ocore__pg_walk_cell(walk->indexes, row, I_TABLE), table->name) != 0)
                return ocore__pg_fail(walk->store, OCORE_CORRUPT,
                        "the name %s is taken by something else", index->name);
        if (row < rows && index_good(walk, table, number, row))
                return OCORE_OK;
        walk->missing = 1;
        if (!walk->grow)
                return OCORE_OK;
        if (row < rows) {
                ocore__pg_drop_text(
                        ocore__pg_walk_text(walk), walk->store->schema, "INDEX", index->name);
                status = ocore__pg_walk_make(walk);
        }
        if (status == OCORE_OK) {
                ocore__pg_index_text(ocore__pg_walk_text(walk), walk->store->schema, table, index);
                status = ocore__pg_walk_make(walk);
        }
        return status;
}

/* The view has our columns, in our order, and where rows are kept apart it does so too. */
static int view_good(
        const ocore__pg_walk *walk, const ocore_table *table, int secure, int from, int to)
{
        size_t n;

        if (walk->old || to - from != (int)table->record->column_count + 1 ||
                (secure && strstr(ocore__pg_walk_cell(walk->tables, from, T_BARRIER),
                                   "security_barrier") == NULL))
                return 0;
        for (n = 0; n < table->record->column_count; n++) {
                const char *found = ocore__pg_walk_cell(walk->tables, from + 1 + (int)n, T_COLUMN);
                size_t size;
                const char *name =
                        ocore__pg_view_column(ocore_record_field(table->record, n), &size);

                if (strncmp(found, name, size) != 0 || found[size] != '\0')
                        return 0;
        }
        return 1;
}

/* A view that cannot be replaced is made anew: nothing is kept in it. */
static int view_walk(ocore__pg_walk *walk, const ocore_table *table)
{
        ocore__pg *store = walk->store;
        ocore__sql name = {0};
        int from;
        int to = relation_find(walk, "v_", table->name, &from);
        int secure = store->row_security || walk->secured;
        int status;

        if (from < to && strcmp(ocore__pg_walk_cell(walk->tables, from, T_KIND), "v") != 0)
                return ocore__pg_fail(store, OCORE_CORRUPT,
                        "the name v_%s is taken by something else", table->name);
        if (from < to && view_good(walk, table, secure, from, to))
                return OCORE_OK;
        walk->missing = 1;
        if (!walk->grow)
                return OCORE_OK;
        ocore__pg_view_text(ocore__pg_walk_text(walk), store->schema, table, secure);
        status = ocore__pg_walk_make(walk);
        if (status != OCORE_DONE || strcmp(store->state, "42P16") != 0)
                return status;
        ocore__sql_add(&name, "v_");
        ocore__sql_add(&name, table->name);
        if (name.failed)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a statement");
        ocore__pg_drop_text(ocore__pg_walk_text(walk), store->schema, "VIEW", name.data);
        ocore__sql_finish(&name);
        return ocore__pg_walk_make(walk);
}

int ocore__pg_walk_all(ocore__pg_walk *walk)
{
        size_t n;
        uint32_t i;
        int row;
        int status = OCORE_OK;

        for (row = 0; row < PQntuples(walk->tables); row++)
                walk->secured |=
                        strncmp(ocore__pg_walk_cell(walk->tables, row, T_SECURE), "true", 4) == 0;
        for (n = 0; status == OCORE_OK && n < walk->schema->table_count; n++) {
                const ocore_table *table = walk->schema->tables[n];

                status = table_walk(walk, table);
                for (i = 1; status == OCORE_OK && i <= table->index_count; i++)
                        status = index_walk(walk, table, i);
                if (status == OCORE_OK)
                        status = view_walk(walk, table);
        }
        return status;
}

/* '{"a","b"}': the names of all tables and views, or of all indexes. */
static int names_text(ocore__sql *sql, const ocore_schema *schema, int indexes)
{
        size_t n;
        uint32_t i;

        ocore__sql_add(sql, "{" OCORE__PG_LAYOUT);
        for (n = 0; n < schema->table_count; n++) {
                const ocore_table *table = schema->tables[n];

                for (i = 0; indexes && i < table->index_count; i++) {
                        ocore__sql_add(sql, ",");
                        ocore__sql_name(sql, table->indexes[i].name, '"');
                }
                if (!indexes) {
                        ocore__sql_add(sql, ",");
                        ocore__sql_name(sql, table->name, '"');
                        ocore__sql_add(sql, ",\"v_");
                        ocore__sql_add(sql, table->name);
                        ocore__sql_add(sql, "\"");
                }
        }
        ocore__sql_add(sql, "}");
        return sql->failed ? OCORE_NOMEM : OCORE_OK;
}

int ocore__pg_walk_scan(ocore__pg_walk *walk)
{
        ocore__sql names = {0};
        ocore__sql indexes = {0};
        const char *values[2] = {walk->store->schema, NULL};
        int status = names_text(&names, walk->schema, 0);

        if (status == OCORE_OK)
                status = names_text(&indexes, walk->schema, 1);
        if (status == OCORE_OK) {
                values[1] = names.data;
                status = ocore__pg_walk_ask(walk->store, ocore__pg_fixed[OCORE__PG_TABLES], values,
                        2, T_BARRIER + 1, &walk->tables);
        }
        if (status == OCORE_OK) {
                values[1] = indexes.data;
                status = ocore__pg_walk_ask(walk->store, ocore__pg_fixed[OCORE__PG_INDEXES], values,
                        2, I_VALID + 1, &walk->indexes);
        }
        ocore__sql_finish(&names);
        ocore__sql_finish(&indexes);
        return status;
}
