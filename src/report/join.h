/* Rows with the row they belong to: lines with their order, lines with their return. */
#ifndef ORDERCORE_REPORT_JOIN_H
#define ORDERCORE_REPORT_JOIN_H

#include "engine/engine.h"

/* Receives a row and its owner; both live until it returns. OCORE_OK to go on. */
typedef int (*ocore__join_fn)(void *user_data, const void *owner, const void *row);

/*
 * Both tables stand in the order of the owner's id, their first key column behind the tenant; the
 * second key column of `rows` is a number. A merge join: each table is read once, page by page, in
 * bounded memory. Rows without an owner are left out: they are for verify to find.
 */
int ocore__join(ocore__work *work, const ocore_table *owners, const ocore_table *rows,
        ocore__join_fn each, void *user_data);

#endif
