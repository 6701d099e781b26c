/*
 * The statements that read rows: a look-up by the columns of an index, in its order, from a place
 * on. Which of the values are NULL is part of a statement's shape, because SQL compares NULL to
 * nothing, and an index serves only what is written as it stands in it.
 */
#include "postgres_store.h"

#include <string.h>

/* A statement being written. */
typedef struct select_part {
        ocore__sql *sql;
        const ocore__pg_table *table;
        const ocore__pg_shape *shape;
        uint32_t places;
        uint32_t parameter; /* the next one's number */
} select_part;

static uint64_t shape_number(const ocore__pg_shape *shape)
{
        return (uint64_t)shape->index | (uint64_t)shape->prefix_count << 8 |
               (uint64_t)shape->prefix_nulls << 16 | (uint64_t)shape->after_nulls << 32 |
               (uint64_t)(shape->after != 0) << 48 | (uint64_t)(shape->descending != 0) << 49 |
               (uint64_t)(shape->limit != 0) << 50 | (uint64_t)(shape->many != 0) << 51;
}

static void place_name(const select_part *part, uint32_t place)
{
        uint32_t column = ocore__sql_place_column(part->table->table, part->shape->index, place);

        ocore__sql_add(part->sql, "t.");
        ocore__sql_name(part->sql, part->table->columns[column].field->name, '"');
}

static const char *place_type(const select_part *part, uint32_t place)
{
        uint32_t column = ocore__sql_place_column(part->table->table, part->shape->index, place);

        return ocore__pg_type_name(part->table->columns[column].type);
}

static int repeats(const select_part *part, uint32_t place)
{
        return ocore__sql_place_repeats(part->table->table, part->shape->index, place);
}

static int nullable(const select_part *part, uint32_t place)
{
        return ocore__pg_place_nullable(part->table->table, part->shape->index, place);
}

static void parameter(const select_part *part, uint32_t number, const char *type)
{
        ocore__sql_add(part->sql, "$");
        ocore__sql_number(part->sql, number);
        ocore__sql_add(part->sql, "::");
        ocore__sql_add(part->sql, type);
}

/* "(SELECT unnest($1::bigint[]) AS p0, …, unnest($3::bigint[]) AS n) AS x" */
static void arrays(const select_part *part)
{
        uint32_t n;

        ocore__sql_add(part->sql, "(SELECT ");
        for (n = 0; n < part->shape->prefix_count; n++) {
                ocore__sql_add(part->sql, "unnest(");
                parameter(part, n + 1, place_type(part, n));
                ocore__sql_add(part->sql, "[]) AS p");
                ocore__sql_number(part->sql, n);
                ocore__sql_add(part->sql, ", ");
        }
        ocore__sql_add(part->sql, "unnest(");
        parameter(part, n + 1, "bigint");
        ocore__sql_add(part->sql, "[]) AS n) AS x");
}

static void prefix(select_part *part)
{
        uint32_t n;

        for (n = 0; n < part->shape->prefix_count; n++) {
                ocore__sql_add(part->sql, n > 0 ? " AND " : part->shape->many ? " ON " : " WHERE ");
                place_name(part, n);
                if ((part->shape->prefix_nulls >> n & 1) != 0) {
                        ocore__sql_add(part->sql, " IS NULL");
                } else if (part->shape->many) {
                        ocore__sql_add(part->sql, " = x.p");
                        ocore__sql_number(part->sql, n);
                } else {
                        ocore__sql_add(part->sql, " = ");
                        parameter(part, part->parameter++, place_type(part, n));
                }
        }
}

/* "(a, b, c) > ($3, $4, $5)": PostgreSQL seeks the place in the index. */
static void after_row(select_part *part)
{
        const char *comma = "(";
        uint32_t n;

        for (n = part->shape->prefix_count; n < part->places; n++) {
                if (!repeats(part, n)) {
                        ocore__sql_add(part->sql, comma);
                        place_name(part, n);
                        comma = ", ";
                }
        }
        ocore__sql_add(part->sql, part->shape->descending ? ") < " : ") > ");
        comma = "(";
        for (n = part->shape->prefix_count; n < part->places; n++) {
                if (!repeats(part, n)) {
                        ocore__sql_add(part->sql, comma);
                        parameter(part, part->parameter++, place_type(part, n));
                        comma = ", ";
                }
        }
        ocore__sql_add(part->sql, ")");
}

/* One place lies behind the one that was given: $p, or NULL, which comes first. */
static void term_behind(const select_part *part, uint32_t place, int is_null, uint32_t number)
{
        int descending = part->shape->descending;

        if (is_null) {
                if (descending) {
                        ocore__sql_add(part->sql, "false");
                        return;
                }
                place_name(part, place);
                ocore__sql_add(part->sql, " IS NOT NULL");
                return;
        }
        place_name(part, place);
        ocore__sql_add(part->sql, descending ? " < " : " > ");
        parameter(part, number, place_type(part, place));
        if (descending && nullable(part, place)) {
                ocore__sql_add(part->sql, " OR ");
                place_name(part, place);
                ocore__sql_add(part->sql, " IS NULL");
        }
}

/* The first place from which a read goes on, where that is one comparison: the index is entered
 * there and not at its start. */
static void after_bound(const select_part *part)
{
        uint32_t first = part->shape->prefix_count;

        if (first >= part->places || repeats(part, first) ||
                (part->shape->after_nulls >> first & 1) != 0 ||
                (part->shape->descending && nullable(part, first)))
                return;
        place_name(part, first);
        ocore__sql_add(part->sql, part->shape->descending ? " <= " : " >= ");
        parameter(part, part->parameter, place_type(part, first));
        ocore__sql_add(part->sql, " AND ");
}

/*
 * The same where a column may be NULL: (a behind $3 OR (a = $3 AND (b behind $4 OR …))). The index
 * is entered at the first column's value; equal values of it are read and left out.
 */
static void after_terms(select_part *part)
{
        uint32_t open = 0;
        uint32_t n;

        after_bound(part);
        for (n = part->shape->prefix_count; n < part->places; n++) {
                int is_null = (part->shape->after_nulls >> n & 1) != 0;
                uint32_t number = part->parameter;

                if (repeats(part, n))
                        continue;
                part->parameter += !is_null;
                ocore__sql_add(part->sql, "(");
                term_behind(part, n, is_null, number);
                ocore__sql_add(part->sql, " OR (");
                place_name(part, n);
                if (is_null) {
                        ocore__sql_add(part->sql, " IS NULL");
                } else {
                        ocore__sql_add(part->sql, " = ");
                        parameter(part, number, place_type(part, n));
                }
                ocore__sql_add(part->sql, " AND ");
                open++;
        }
        ocore__sql_add(part->sql, "false");
        for (n = 0; n < open; n++)
                ocore__sql_add(part->sql, "))");
}

static void after(select_part *part)
{
        int by_terms = 1;
        uint32_t n;

        ocore__sql_add(part->sql, part->shape->prefix_count > 0 ? " AND " : " WHERE ");
        for (n = part->shape->prefix_count; n < part->places; n++) {
                if (nullable(part, n)) {
                        by_terms = 1;
                        break;
                }
                /* With no column left to compare there is nothing behind the place. */
                by_terms &= repeats(part, n);
        }
        if (by_terms)
                after_terms(part);
        else
                after_row(part);
}

/* A whole key finds one row, which needs no order. */
static void order(const select_part *part)
{
        const char *before = " ORDER BY ";
        uint32_t n;

        if (part->shape->index == 0 && part->shape->prefix_count == part->places)
                return;
        if (part->shape->many) {
                ocore__sql_add(part->sql, " ORDER BY x.n");
                before = ", ";
        }
        for (n = part->shape->prefix_count; n < part->places; n++) {
                if (repeats(part, n))
                        continue;
                ocore__sql_add(part->sql, before);
                place_name(part, n);
                if (part->shape->descending)
                        ocore__sql_add(part->sql, " DESC");
                if (nullable(part, n))
                        ocore__sql_add(part->sql,
                                part->shape->descending ? " NULLS LAST" : " NULLS FIRST");
                before = ", ";
        }
}

static void select_text(select_part *part, const char *schema)
{
        const ocore_table *table = part->table->table;
        uint32_t index = part->shape->index;
        size_t n;

        ocore__sql_add(part->sql, "SELECT ");
        for (n = 0; n < part->table->column_count; n++) {
                ocore__sql_add(part->sql, "t.");
                ocore__sql_name(part->sql, part->table->columns[n].field->name, '"');
                ocore__sql_add(part->sql, ", ");
        }
        ocore__sql_add(part->sql,
                part->shape->many ? "t.\"revision\", x.n FROM " : "t.\"revision\" FROM ");
        if (part->shape->many) {
                arrays(part);
                ocore__sql_add(part->sql, " JOIN ");
        }
        ocore__pg_name(part->sql, schema, table->name);
        ocore__sql_add(part->sql, " AS t");
        prefix(part);
        if (index != 0 && (table->indexes[index - 1].flags & OCORE_INDEX_SPARSE) != 0) {
                ocore__sql_add(part->sql, " AND ");
                place_name(part, 1);
                ocore__sql_add(part->sql, " IS NOT NULL");
        }
        if (part->shape->after)
                after(part);
        order(part);
        if (part->shape->limit) {
                ocore__sql_add(part->sql, " LIMIT ");
                parameter(part, part->parameter, "bigint");
        }
}

int ocore__pg_select(ocore__pg *store, ocore__pg_table *table, const ocore__pg_shape *shape,
        ocore__pg_statement **out)
{
        uint64_t number = shape_number(shape);
        select_part part = {
                .sql = &store->text,
                .table = table,
                .shape = shape,
                .places = ocore__sql_place_count(table->table, shape->index),
                .parameter = 1,
        };

        for (*out = table->selects; *out != NULL; *out = (*out)->next) {
                if ((*out)->shape == number)
                        return OCORE_OK;
        }
        ocore__sql_clear(&store->text);
        select_text(&part, store->schema);
        *out = ocore__pg_statement_make(store, &store->text);
        if (*out == NULL)
                return OCORE_NOMEM;
        (*out)->shape = number;
        (*out)->next = table->selects;
        table->selects = *out;
        return OCORE_OK;
}
