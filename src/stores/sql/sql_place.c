/* The places of an index; see sql_place.h. */
#include "sql_place.h"

uint32_t ocore__sql_place_count(const ocore_table *table, uint32_t index)
{
        return index == 0 ? table->key_count
                          : table->indexes[index - 1].column_count + table->key_count;
}

uint32_t ocore__sql_place_column(const ocore_table *table, uint32_t index, uint32_t place)
{
        const ocore_index *secondary = index == 0 ? NULL : &table->indexes[index - 1];

        if (secondary == NULL)
                return place;
        return place < secondary->column_count ? secondary->columns[place]
                                               : place - secondary->column_count;
}

int ocore__sql_place_repeats(const ocore_table *table, uint32_t index, uint32_t place)
{
        uint32_t column = ocore__sql_place_column(table, index, place);
        uint32_t n;

        for (n = 0; n < place; n++) {
                if (ocore__sql_place_column(table, index, n) == column)
                        return 1;
        }
        return 0;
}
