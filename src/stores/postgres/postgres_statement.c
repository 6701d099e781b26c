/*
 * The statements that write rows, in two forms: for one row with plain parameters, and for many
 * with an array a column, but plain ones where all rows have the same value. Each is written once,
 * when it is first needed, and kept in the place that its table and kind give it.
 *
 * An expectation is part of its statement: where fewer rows than expected are met, the statement
 * divides by zero, and all that was queued with it is rolled back.
 */
#include "postgres_store.h"

#include <stdlib.h>
#include <string.h>

int ocore__pg_place_nullable(const ocore_table *table, uint32_t index, uint32_t place)
{
        uint32_t column = ocore__sql_place_column(table, index, place);

        if (index != 0 && place == 1 && (table->indexes[index - 1].flags & OCORE_INDEX_SPARSE) != 0)
                return 0;
        return column >= table->key_count &&
               (ocore_record_field(table->record, column)->flags & OCORE_FIELD_NULLABLE) != 0;
}

ocore__pg_statement *ocore__pg_statement_make(ocore__pg *store, ocore__sql *sql)
{
        ocore__pg_statement *made = sql->failed ? NULL : calloc(1, sizeof *made + sql->used);

        if (made == NULL) {
                (void)ocore__pg_fail(store, OCORE_NOMEM, "no memory for a statement");
                return NULL;
        }
        memcpy(made->text, sql->data, sql->used);
        return made;
}

void ocore__pg_statements_free(ocore__pg_statement *list)
{
        while (list != NULL) {
                ocore__pg_statement *next = list->next;

                free(list->columns);
                free(list);
                list = next;
        }
}

void ocore__pg_table_forget(ocore__pg_table *table)
{
        size_t kind;
        size_t form;

        for (kind = 0; kind <= OCORE_WRITE_CHECK; kind++) {
                for (form = 0; form < OCORE__PG_FORMS; form++)
                        ocore__pg_statements_free(table->writes[kind][form]);
        }
        ocore__pg_statements_free(table->adds);
        ocore__pg_statements_free(table->selects);
        free(table->columns);
}

/* What a statement is made from. */
typedef struct text_part {
        ocore__pg *store;
        ocore__sql *sql;
        const ocore__pg_table *table;
        const ocore_write *write;
        int many;
        uint64_t same;       /* which parameters are plain though there are many rows */
        uint32_t parameters; /* all but the number of rows */
} text_part;

/* The type of the n-th parameter: of the columns in front, a number behind them. */
static const char *parameter_type(const text_part *part, uint32_t n)
{
        int whole =
                part->write->kind == OCORE_WRITE_INSERT || part->write->kind == OCORE_WRITE_UPDATE;
        size_t cells = whole ? part->table->column_count : part->table->table->key_count;

        return ocore__pg_type_name(n < cells ? part->table->columns[n].type : OCORE_CELL_NUMBER);
}

static int is_array(const text_part *part, uint32_t n)
{
        return part->many && !ocore__pg_is_same(part->same, n);
}

/* The n-th parameter, or the n-th column of the arrays. */
static void value(const text_part *part, uint32_t n)
{
        int array = is_array(part, n);

        ocore__sql_add(part->sql, array ? "x.c" : "$");
        ocore__sql_number(part->sql, array ? (int64_t)n : (int64_t)n + 1);
        if (!array) {
                ocore__sql_add(part->sql, "::");
                ocore__sql_add(part->sql, parameter_type(part, n));
        }
}

/* "(SELECT unnest($1::bigint[]) AS c0, …) AS x": the arrays go side by side, row by row. Behind
 * FROM each would first be copied into a store of tuples of its own. */
static void arrays(const text_part *part)
{
        const char *before = "(SELECT unnest($";
        uint32_t n;

        for (n = 0; n < part->parameters; n++) {
                if (!is_array(part, n))
                        continue;
                ocore__sql_add(part->sql, before);
                ocore__sql_number(part->sql, (int64_t)n + 1);
                ocore__sql_add(part->sql, "::");
                ocore__sql_add(part->sql, parameter_type(part, n));
                ocore__sql_add(part->sql, "[]) AS c");
                ocore__sql_number(part->sql, (int64_t)n);
                before = ", unnest($";
        }
        ocore__sql_add(part->sql, ") AS x");
}

static void column_name(const text_part *part, uint32_t column)
{
        ocore__sql_name(part->sql, part->table->columns[column].field->name, '"');
}

/* "t.a = $1 AND t.b = $2": the key columns are always the first parameters. */
static void key_where(const text_part *part)
{
        uint32_t n;

        for (n = 0; n < part->table->table->key_count; n++) {
                ocore__sql_add(part->sql, n == 0 ? "t." : " AND t.");
                column_name(part, n);
                ocore__sql_add(part->sql, " = ");
                value(part, n);
        }
}

/* The key and, in the parameter behind it, the revision. */
static void expect_where(const text_part *part, uint32_t revision)
{
        key_where(part);
        ocore__sql_add(part->sql, " AND t.\"revision\" = ");
        value(part, revision);
}

static void count_begin(const text_part *part)
{
        ocore__sql_add(part->sql, "WITH u AS (");
}

/* Divides by zero unless there are as many rows as there should be. */
static void count_condition(const text_part *part)
{
        ocore__sql_add(part->sql, "SELECT 1 / CASE WHEN count(*) = ");
        if (part->many) {
                ocore__sql_add(part->sql, "$");
                ocore__sql_number(part->sql, (int64_t)part->parameters + 1);
                ocore__sql_add(part->sql, "::bigint");
        } else {
                ocore__sql_add(part->sql, "1");
        }
        ocore__sql_add(part->sql, " THEN 1 ELSE 0 END FROM ");
}

static void count_end(const text_part *part)
{
        ocore__sql_add(part->sql, " RETURNING 1) ");
        count_condition(part);
        ocore__sql_add(part->sql, "u");
}

static void table_name(const text_part *part, const char *before, const char *after)
{
        ocore__sql_add(part->sql, before);
        ocore__pg_name(part->sql, part->store->schema, part->table->table->name);
        ocore__sql_add(part->sql, after);
}

/* A key that is taken raises by itself. The rows are only counted where a trigger or a rule of
 * somebody else could leave some out. */
static void insert_text(const text_part *part)
{
        uint32_t n;

        if (part->table->guard_inserts)
                count_begin(part);
        table_name(part, "INSERT INTO ", "(");
        ocore__sql_names(part->sql, part->table->table, NULL, part->table->column_count, "", '"');
        ocore__sql_add(part->sql, ", \"revision\") ");
        for (n = 0; n < part->parameters; n++) {
                ocore__sql_add(part->sql, n > 0 ? ", " : part->many ? "SELECT " : "VALUES (");
                value(part, n);
        }
        if (part->many) {
                ocore__sql_add(part->sql, " FROM ");
                arrays(part);
        } else {
                ocore__sql_add(part->sql, ")");
        }
        if (part->table->guard_inserts)
                count_end(part);
}

static void update_text(const text_part *part)
{
        uint32_t n;

        count_begin(part);
        table_name(part, "UPDATE ", " AS t SET \"revision\" = t.\"revision\" + 1");
        for (n = part->table->table->key_count; n < part->table->column_count; n++) {
                ocore__sql_add(part->sql, ", ");
                column_name(part, n);
                ocore__sql_add(part->sql, " = ");
                value(part, n);
        }
        if (part->many) {
                ocore__sql_add(part->sql, " FROM ");
                arrays(part);
        }
        ocore__sql_add(part->sql, " WHERE ");
        expect_where(part, (uint32_t)part->table->column_count);
        count_end(part);
}

static void delete_text(const text_part *part)
{
        count_begin(part);
        table_name(part, "DELETE FROM ", " AS t");
        if (part->many) {
                ocore__sql_add(part->sql, " USING ");
                arrays(part);
        }
        ocore__sql_add(part->sql, " WHERE ");
        expect_where(part, part->table->table->key_count);
        count_end(part);
}

/*
 * Below SERIALIZABLE a plain select would say what was, not what is when we commit: the row is
 * held until then. The host's isolation is not ours to know, so there it is held always.
 */
static void check_text(const text_part *part)
{
        int hold = part->store->conninfo == NULL ||
                   part->store->isolation != OCORE_POSTGRES_SERIALIZABLE;

        count_condition(part);
        ocore__sql_add(part->sql, "(SELECT 1 FROM ");
        if (part->many) {
                arrays(part);
                ocore__sql_add(part->sql, " JOIN ");
        }
        table_name(part, "", part->many ? " AS t ON " : " AS t WHERE ");
        expect_where(part, part->table->table->key_count);
        ocore__sql_add(part->sql, hold ? " FOR SHARE OF t) AS u" : ") AS u");
}

/* "t.c", or coalesce(t.c, 0) where the column may be NULL. */
static void add_column(const text_part *part, uint32_t column)
{
        int nullable = part->table->columns[column].nullable;

        ocore__sql_add(part->sql, nullable ? "coalesce(t." : "t.");
        column_name(part, column);
        ocore__sql_add(part->sql, nullable ? ", 0)" : "");
}

/*
 * Per column three parameters behind the key: the amount, and the least and greatest value that it
 * may be added to. The sum is made from the row as it is when the server holds it, never from one
 * that was read before; the bounds keep the floor and 64 bits.
 */
static void add_text(const text_part *part)
{
        uint32_t first = part->table->table->key_count;
        uint32_t n;

        count_begin(part);
        table_name(part, "UPDATE ", " AS t SET \"revision\" = t.\"revision\" + 1");
        for (n = 0; n < part->write->add_count; n++) {
                ocore__sql_add(part->sql, ", ");
                column_name(part, part->write->adds[n].column);
                ocore__sql_add(part->sql, " = ");
                add_column(part, part->write->adds[n].column);
                ocore__sql_add(part->sql, " + ");
                value(part, first + 3 * n);
        }
        if (part->many) {
                ocore__sql_add(part->sql, " FROM ");
                arrays(part);
        }
        ocore__sql_add(part->sql, " WHERE ");
        key_where(part);
        for (n = 0; n < part->write->add_count; n++) {
                ocore__sql_add(part->sql, " AND ");
                add_column(part, part->write->adds[n].column);
                ocore__sql_add(part->sql, " BETWEEN ");
                value(part, first + 3 * n + 1);
                ocore__sql_add(part->sql, " AND ");
                value(part, first + 3 * n + 2);
        }
        count_end(part);
}

static int adds_same(const ocore__pg_statement *statement, const ocore_write *write, int form)
{
        uint32_t n;

        if (statement->shape != (uint64_t)form || statement->count != write->add_count)
                return 0;
        for (n = 0; n < write->add_count; n++) {
                if (statement->columns[n] != write->adds[n].column)
                        return 0;
        }
        return 1;
}

static int adds_note(ocore__pg_statement *statement, const ocore_write *write)
{
        uint32_t n;

        statement->count = write->add_count;
        statement->columns = malloc((write->add_count + (size_t)1) * sizeof *statement->columns);
        if (statement->columns == NULL)
                return OCORE_NOMEM;
        for (n = 0; n < write->add_count; n++)
                statement->columns[n] = write->adds[n].column;
        return OCORE_OK;
}

static uint64_t bit(size_t n)
{
        return n < 64 ? UINT64_C(1) << n : 0;
}

/*
 * The parameters that may be plain in a statement for many rows: none by which rows are found. A
 * planner that knows one of those would walk through all rows that have it, and hold them in
 * another order than the batch. Of an inserted key one column stays an array: it makes the rows.
 */
static uint64_t plain_allowed(const ocore__pg_table *table, const ocore_write *write)
{
        size_t key = table->table->key_count;
        uint64_t plain = 0;
        size_t n;

        switch (write->kind) {
        case OCORE_WRITE_INSERT:
                for (n = 0; n <= table->column_count; n++)
                        plain |= n + 1 != key ? bit(n) : 0;
                break;
        case OCORE_WRITE_UPDATE:
                for (n = key; n < table->column_count; n++)
                        plain |= bit(n);
                break;
        case OCORE_WRITE_ADD:
                for (n = 0; n < write->add_count; n++)
                        plain |= bit(key + 3 * n);
                break;
        default: break;
        }
        return plain;
}

static int make(ocore__pg *store, ocore__pg_table *table, const ocore_write *write, int form,
        uint64_t same, ocore__pg_statement **out)
{
        text_part part = {
                .store = store,
                .sql = &store->text,
                .table = table,
                .write = write,
                .many = form == OCORE__PG_MANY,
                .same = form == OCORE__PG_MANY ? same & plain_allowed(table, write) : 0,
                .parameters = table->table->key_count + 1,
        };

        ocore__sql_clear(&store->text);
        switch (write->kind) {
        case OCORE_WRITE_INSERT:
        case OCORE_WRITE_UPDATE:
                part.parameters = (uint32_t)table->column_count + 1;
                if (write->kind == OCORE_WRITE_INSERT)
                        insert_text(&part);
                else
                        update_text(&part);
                break;
        case OCORE_WRITE_DELETE: delete_text(&part); break;
        case OCORE_WRITE_CHECK: check_text(&part); break;
        default:
                part.parameters = table->table->key_count + 3 * write->add_count;
                add_text(&part);
                break;
        }
        *out = ocore__pg_statement_make(store, &store->text);
        if (*out == NULL)
                return OCORE_NOMEM;
        (*out)->same = part.same;
        return OCORE_OK;
}

/* The newest of its kind; it fits where what it takes for the same is the same. */
static ocore__pg_statement *newest(
        const ocore__pg_table *table, const ocore_write *write, int form, int slot)
{
        ocore__pg_statement *found;

        if (write->kind != OCORE_WRITE_ADD)
                return table->writes[write->kind][slot];
        for (found = table->adds; found != NULL; found = found->next) {
                if (adds_same(found, write, form))
                        break;
        }
        return found;
}

/*
 * A statement that takes values for the same which differ now makes room for one that does not, for
 * good: so there are at most as many as there are columns, and soon none is made any more. The old
 * ones stay in the list, because the server knows them until it is told to forget.
 */
int ocore__pg_statement_of(ocore__pg *store, ocore__pg_table *table, const ocore_write *write,
        int form, uint64_t same, ocore__pg_statement **out)
{
        int counted = write->kind == OCORE_WRITE_INSERT && table->guard_inserts;
        int slot = form + (counted ? OCORE__PG_COUNTED : 0);
        int is_add = write->kind == OCORE_WRITE_ADD;
        ocore__pg_statement **list = is_add ? &table->adds : &table->writes[write->kind][slot];
        ocore__pg_statement *known = newest(table, write, form, slot);
        int status;

        *out = known;
        if (known != NULL && (form == OCORE__PG_ONE || (known->same & ~same) == 0))
                return OCORE_OK;
        if (known != NULL)
                same &= known->same;
        status = make(store, table, write, form, same, out);
        if (status == OCORE_OK && is_add && adds_note(*out, write) != OCORE_OK) {
                free(*out);
                *out = NULL;
                status = ocore__pg_fail(store, OCORE_NOMEM, "no memory for a statement");
        }
        if (status != OCORE_OK)
                return status;
        (*out)->shape = is_add ? (uint64_t)form : 0;
        (*out)->next = *list;
        *list = *out;
        return OCORE_OK;
}
