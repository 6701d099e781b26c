/*
 * The places of an index: its columns, then (secondary) those of the key. What a look-up's prefix
 * and the row to start behind are numbered by. What the stores of SQL engines share.
 */
#ifndef ORDERCORE_STORES_SQL_PLACE_H
#define ORDERCORE_STORES_SQL_PLACE_H

#include <ordercore/store.h>

/* Index 0 is the key. */
uint32_t ocore__sql_place_count(const ocore_table *table, uint32_t index);
/* Which column stands at a place. */
uint32_t ocore__sql_place_column(const ocore_table *table, uint32_t index, uint32_t place);
/* 1 for a key column that the index names already: it adds nothing to the order. */
int ocore__sql_place_repeats(const ocore_table *table, uint32_t index, uint32_t place);

#endif
