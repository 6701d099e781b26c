/*
 * Why a write was refused, from the row as it is now: what a store of a SQL server tells once a
 * statement has found less to change than it should. What the stores of SQL servers share.
 */
#ifndef ORDERCORE_STORES_SQL_JUDGE_H
#define ORDERCORE_STORES_SQL_JUDGE_H

#include <ordercore/store.h>

/* What the write would be refused for: OCORE_REFUSED_… with *column, or 0. `revision` 0: there is
 * no row under its key, else `row` is its cells. Unique indexes are looked at by the store. */
uint32_t ocore__sql_judge(
        const ocore_write *write, int64_t revision, const ocore_cell *row, uint32_t *column);

/* The values that an amount may be added to: from *least to *most; none when *least > *most. */
void ocore__sql_add_bounds(const ocore_add *add, int64_t *least, int64_t *most);

/* Where the place to start behind lies, seen in the direction of the read: below zero before all
 * that is asked for (it leaves nothing out), above zero behind it (nothing is left), zero
 * within. */
int ocore__sql_after_side(const ocore_read *read);

#endif
