/* Heapsort (Williams, 1964; building by Floyd, 1964). The C library's qsort() may take memory of
 * its own and may need n² steps, so that it is not for the core. */
#include "sort.h"

/* Sinks one item into a heap whose last by order is on top. */
static void sink(const void **items, size_t at, size_t count, ocore__order_fn order)
{
        const void *item = items[at];

        for (size_t child = at * 2 + 1; child < count; child = at * 2 + 1) {
                if (child + 1 < count && order(items[child], items[child + 1]) < 0)
                        child++;
                if (order(item, items[child]) >= 0)
                        break;
                items[at] = items[child];
                at = child;
        }
        items[at] = item;
}

void ocore__sort(const void **items, size_t count, ocore__order_fn order)
{
        for (size_t n = count / 2; n > 0; n--)
                sink(items, n - 1, count, order);
        for (size_t n = count; n > 1; n--) {
                const void *last = items[0];

                items[0] = items[n - 1];
                items[n - 1] = last;
                sink(items, 0, n - 1, order);
        }
}
