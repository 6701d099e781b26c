/*
 * The SQL of look-ups: one select for all that differ in their prefix only, and keyset paging with
 * the values themselves in the text. NULL comes first, as in every index of the contract.
 */
#include "mariadb_store.h"

#include "stores/sql/sql_judge.h"

static void place_name(ocore__sql *sql, const ocore_read *read, uint32_t place)
{
        uint32_t column = ocore__sql_place_column(read->table, read->index, place);

        ocore__sql_name(sql, ocore_record_field(read->table->record, column)->name, '`');
}

/* "`a` = 1 AND `b` IS NULL", from place `from` on. */
static void prefix_text(ocore__sql *sql, const ocore_read *read, uint32_t from)
{
        uint32_t place;

        for (place = from; place < read->prefix_count; place++) {
                ocore__sql_add(sql, place > from ? " AND " : "");
                place_name(sql, read, place);
                if (read->prefix[place].type == OCORE_CELL_NULL) {
                        ocore__sql_add(sql, " IS NULL");
                } else {
                        ocore__sql_add(sql, " = ");
                        ocore__mariadb_cell_text(sql, &read->prefix[place]);
                }
        }
}

/* "`b` > 5", also where a value may be NULL, which SQL compares to nothing. */
static void after_strict(ocore__sql *sql, const ocore_read *read, uint32_t place)
{
        int descending = (read->flags & OCORE_READ_DESCENDING) != 0;

        if (read->after[place].type == OCORE_CELL_NULL) {
                if (descending) {
                        ocore__sql_add(sql, "FALSE");
                } else {
                        place_name(sql, read, place);
                        ocore__sql_add(sql, " IS NOT NULL");
                }
                return;
        }
        place_name(sql, read, place);
        ocore__sql_add(sql, descending ? " < " : " > ");
        ocore__mariadb_cell_text(sql, &read->after[place]);
        if (descending) {
                ocore__sql_add(sql, " OR ");
                place_name(sql, read, place);
                ocore__sql_add(sql, " IS NULL");
        }
}

/* " AND (a after 1 OR (a = 1 AND (b after 2 OR …)))": the server makes ranges of the index of it.
 * With no column left to compare there is nothing behind the place. */
static void after_text(ocore__sql *sql, const ocore_read *read)
{
        uint32_t places = ocore__sql_place_count(read->table, read->index);
        uint32_t open = 0;
        uint32_t place;

        for (place = read->prefix_count; place < places; place++) {
                if (ocore__sql_place_repeats(read->table, read->index, place))
                        continue;
                ocore__sql_add(sql, open > 0 ? " AND (" : "(");
                after_strict(sql, read, place);
                ocore__sql_add(sql, " OR (");
                place_name(sql, read, place);
                if (read->after[place].type == OCORE_CELL_NULL) {
                        ocore__sql_add(sql, " IS NULL");
                } else {
                        ocore__sql_add(sql, " = ");
                        ocore__mariadb_cell_text(sql, &read->after[place]);
                }
                open++;
        }
        ocore__sql_add(sql, open > 0 ? " AND FALSE" : "FALSE");
        for (; open > 0; open--)
                ocore__sql_add(sql, "))");
}

static void order_text(ocore__sql *sql, const ocore_read *read)
{
        uint32_t places = ocore__sql_place_count(read->table, read->index);
        const char *before = " ORDER BY ";
        uint32_t place;

        for (place = 0; place < places; place++) {
                if (ocore__sql_place_repeats(read->table, read->index, place))
                        continue;
                ocore__sql_add(sql, before);
                place_name(sql, read, place);
                ocore__sql_add(sql, (read->flags & OCORE_READ_DESCENDING) != 0 ? " DESC" : "");
                before = ", ";
        }
        /* A host may have set a limit for selects that say none. */
        ocore__sql_add(sql, " LIMIT ");
        if (read->limit > 0)
                ocore__sql_number(sql, read->limit);
        else
                ocore__sql_add(sql, "18446744073709551615");
}

/* The prefixes: "a = 1 AND b IN (2, 3)" where they differ in one value behind the tenant, else
 * each by itself. */
static void where_text(ocore__sql *sql, const ocore_read *const *reads, size_t count)
{
        int listed = count > 1 && reads[0]->prefix_count == 2;
        size_t n;

        for (n = 0; listed && n < count; n++)
                listed = reads[n]->prefix[0].as.number == reads[0]->prefix[0].as.number &&
                         reads[n]->prefix[1].type != OCORE_CELL_NULL;
        if (!listed) {
                for (n = 0; n < count; n++) {
                        ocore__sql_add(sql, n > 0 ? ") OR (" : count > 1 ? "((" : "(");
                        prefix_text(sql, reads[n], 0);
                }
                ocore__sql_add(sql, count > 1 ? "))" : ")");
                return;
        }
        place_name(sql, reads[0], 0);
        ocore__sql_add(sql, " = ");
        ocore__mariadb_cell_text(sql, &reads[0]->prefix[0]);
        ocore__sql_add(sql, " AND ");
        place_name(sql, reads[0], 1);
        ocore__sql_add(sql, " IN (");
        for (n = 0; n < count; n++) {
                ocore__sql_add(sql, n > 0 ? ", " : "");
                ocore__mariadb_cell_text(sql, &reads[n]->prefix[1]);
        }
        ocore__sql_add(sql, ")");
}

void ocore__mariadb_select_text(ocore__sql *sql, const ocore__mariadb_table *table,
        const ocore_read *const *reads, size_t count, int locking)
{
        const ocore_read *first = reads[0];
        const ocore_index *index =
                first->index == 0 ? NULL : &table->table->indexes[first->index - 1];
        int after =
                first->after != NULL && first->after_count > 0 && ocore__sql_after_side(first) == 0;
        const char *before = " WHERE ";

        ocore__sql_add(sql, "SELECT ");
        ocore__sql_bytes(sql, table->select.data, table->select.used);
        ocore__sql_add(sql, " FROM ");
        ocore__sql_bytes(sql, table->name.data, table->name.used);
        ocore__sql_add(sql, " FORCE INDEX (");
        ocore__sql_name(sql, index == NULL ? "PRIMARY" : index->name, '`');
        ocore__sql_add(sql, ")");
        if (first->prefix_count > 0) {
                ocore__sql_add(sql, before);
                where_text(sql, reads, count);
                before = " AND ";
        }
        if (index != NULL && (index->flags & OCORE_INDEX_SPARSE) != 0) {
                ocore__sql_add(sql, before);
                place_name(sql, first, 1);
                ocore__sql_add(sql, " IS NOT NULL");
                before = " AND ";
        }
        if (after) {
                ocore__sql_add(sql, before);
                after_text(sql, first);
        }
        order_text(sql, first);
        ocore__sql_add(sql, locking ? " LOCK IN SHARE MODE" : "");
}
