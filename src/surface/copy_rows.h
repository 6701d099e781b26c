/* Rows on their way from one store to another: taken over with distrust, compared, and told of. */
#ifndef ORDERCORE_SURFACE_COPY_ROWS_H
#define ORDERCORE_SURFACE_COPY_ROWS_H

#include "base/text.h"
#include "record/record.h"

/* A row as a store returned it; its texts live in the arena that it was taken into. */
typedef struct ocore__copied {
        const ocore_cell *cells;
        int64_t revision;
} ocore__copied;

/* Takes a row over. OCORE_OK, OCORE_NOMEM, or OCORE_CORRUPT for one that cannot be right. */
int ocore__copied_take(ocore__arena *arena, const ocore_table *table, int64_t revision,
        const ocore_cell *cells, size_t count, ocore__copied *out);
/* By the key, as a store orders rows. */
int ocore__copied_compare(const ocore_table *table, const ocore__copied *a, const ocore__copied *b);
/* 1 if two rows of one key are the same in every column and in their revision. */
int ocore__copied_equal(const ocore_table *table, const ocore__copied *a, const ocore__copied *b);

/* "table stock: row (0, 'cup', 'shop', '') " and what is said of it. */
void ocore__copied_write(
        ocore__writer *text, const ocore_table *table, const ocore__copied *row, const char *what);
/* The same for two rows of one key that are not the same: in which column, or how else. */
void ocore__copied_write_difference(ocore__writer *text, const ocore_table *table,
        const ocore__copied *from, const ocore__copied *to);

#endif
