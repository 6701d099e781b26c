/* Putting an array of pointers in order: needs no memory, and n log n steps whatever the input. */
#ifndef ORDERCORE_BASE_SORT_H
#define ORDERCORE_BASE_SORT_H

#include <stddef.h>

/* Below zero, zero or above zero: a stands before, with or behind b. */
typedef int (*ocore__order_fn)(const void *a, const void *b);

/* Items that compare equal come in no promised order: compare by something unique last. */
void ocore__sort(const void **items, size_t count, ocore__order_fn order);

#endif
