/* Why a write was refused; see sql_judge.h. */
#include "sql_judge.h"

#include "record/record.h"

void ocore__sql_add_bounds(const ocore_add *add, int64_t *least, int64_t *most)
{
        *least = INT64_MIN;
        *most = INT64_MAX;
        if (add->amount > 0) {
                *most = INT64_MAX - add->amount;
        } else if (add->floor >= 0 && add->amount < add->floor - INT64_MAX) {
                *most = INT64_MIN;
                *least = INT64_MAX;
        } else {
                *least = add->floor - add->amount;
        }
}

static uint32_t judge_add(const ocore_write *write, const ocore_cell *row, uint32_t *column)
{
        uint32_t n;

        for (n = 0; n < write->add_count; n++) {
                const ocore_add *add = &write->adds[n];
                const ocore_cell *cell = &row[add->column];
                int64_t value = cell->type == OCORE_CELL_NUMBER ? cell->as.number : 0;

                *column = add->column;
                if (add->amount > 0 ? value > INT64_MAX - add->amount
                                    : value < INT64_MIN - add->amount)
                        return OCORE_REFUSED_OVERFLOW;
                if (add->amount <= 0 && value + add->amount < add->floor)
                        return OCORE_REFUSED_FLOOR;
        }
        *column = 0;
        return 0;
}

uint32_t ocore__sql_judge(
        const ocore_write *write, int64_t revision, const ocore_cell *row, uint32_t *column)
{
        *column = 0;
        if (write->kind == OCORE_WRITE_INSERT)
                return revision > 0 ? OCORE_REFUSED_EXISTS : 0;
        if (revision == 0)
                return OCORE_REFUSED_MISSING;
        if (write->kind == OCORE_WRITE_ADD)
                return judge_add(write, row, column);
        return revision != write->revision ? OCORE_REFUSED_REVISION : 0;
}

int ocore__sql_after_side(const ocore_read *read)
{
        int order = 0;
        uint32_t n;

        for (n = 0; order == 0 && n < read->prefix_count && n < read->after_count; n++)
                order = ocore__cell_compare(&read->after[n], &read->prefix[n]);
        /* NULL comes before all that a sparse index holds. */
        if (order == 0 && read->index != 0 && read->prefix_count == 1 && read->after_count > 1 &&
                (read->table->indexes[read->index - 1].flags & OCORE_INDEX_SPARSE) != 0 &&
                read->after[1].type == OCORE_CELL_NULL)
                order = -1;
        return (read->flags & OCORE_READ_DESCENDING) != 0 ? -order : order;
}
