/* O5: every row of a table is found by each of its indexes, and nothing else is. */
#include "verify.h"

enum { INDEXES_MAX = 8 };

/* Rows counted and summed by hash, so that two walks in different order can be compared. */
typedef struct row_sum {
        int64_t count;
        uint64_t hash;
} row_sum;

static void sum_row(row_sum *sum, const ocore_cell *cells, size_t count)
{
        uint64_t hash = 1;

        for (size_t i = 0; i < count; i++)
                hash = ocore__cell_hash(&cells[i], hash);
        sum->count++;
        sum->hash += hash;
}

/* Walks a table by its key (index 0) or by an index; by key, a row counts for each index that it
 * is in. */
static int walk_table(ocore__verify *verify, const ocore_table *table, uint32_t by, row_sum *sums)
{
        const ocore_record *record = table->record;
        ocore__cursor cursor;
        const ocore__above *above;
        int status;

        ocore__cursor_init(verify, &cursor, table, by, NULL);
        status = ocore__cursor_next(verify, &cursor, &above);
        while (!status && above) {
                ocore_cell cells[OCORE__COLUMNS_MAX];

                ocore__row_to_cells(record, verify->core->config.tenant, above->row,
                        record->column_count, cells);
                for (uint32_t i = by ? by : 1; i <= (by ? by : table->index_count); i++) {
                        const ocore_index *index = &table->indexes[i - 1];

                        if (by || !(index->flags & OCORE_INDEX_SPARSE) ||
                                cells[index->columns[1]].type != OCORE_CELL_NULL)
                                sum_row(&sums[i], cells, record->column_count);
                }
                status = ocore__cursor_next(verify, &cursor, &above);
        }
        ocore__cursor_finish(&cursor);
        return status;
}

static int check_table(ocore__verify *verify, const ocore_table *table)
{
        row_sum by_key[INDEXES_MAX + 1] = {{0, 0}}, by_index[INDEXES_MAX + 1] = {{0, 0}};
        int status = walk_table(verify, table, 0, by_key);

        for (uint32_t i = 1; i <= table->index_count && !status; i++) {
                status = walk_table(verify, table, i, by_index);
                if (!status && (by_key[i].count != by_index[i].count ||
                                       by_key[i].hash != by_index[i].hash))
                        status = ocore__found(verify, "O5", table->indexes[i - 1].name, "",
                                "it finds %d rows, the table has %d for it, and they are not "
                                "the same",
                                &by_index[i].count, &by_key[i].count);
        }
        return status;
}

int ocore__verify_indexes(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < ocore__schema.table_count && !status; i++)
                if (ocore__schema.tables[i]->index_count)
                        status = check_table(verify, ocore__schema.tables[i]);
        return status;
}
