/*
 * Available-to-promise by period, for whoever plans or asks ahead of time: discrete
 * available-to-promise with backward consumption and accumulation, as in the APICS dictionary.
 */
#include "base/number.h"

#include <ordercore/supply.h>

#include <string.h>

/*
 * Backward consumption. Periods that have something left stand on a stack, the nearest on top; each
 * is pushed once and emptied once, so the whole takes as many steps as there are periods. The stack
 * lies in `stack`, whose first n places are free once period n has been read.
 */
static int consume(const int64_t *supply, const int64_t *demand, size_t count, int64_t *available,
        int64_t *stack)
{
        size_t depth = 0;

        for (size_t i = 0; i < count; i++) {
                int64_t rest;

                if (ocore__subtract(supply[i], demand[i], &rest))
                        return OCORE_OVERFLOW;
                while (rest < 0 && depth) {
                        int64_t *left = &available[stack[depth - 1]];

                        rest += *left;
                        *left = rest > 0 ? rest : 0;
                        depth -= rest <= 0;
                        rest = rest < 0 ? rest : 0;
                }
                available[i] = rest;
                if (rest > 0)
                        stack[depth++] = (int64_t)i;
        }
        return OCORE_OK;
}

static int accumulate(const int64_t *available, size_t count, int64_t *cumulative)
{
        int64_t sum = 0;

        for (size_t i = 0; i < count; i++) {
                if (available[i] >= 0 && ocore__add(sum, available[i], &sum))
                        return OCORE_OVERFLOW;
                cumulative[i] = available[i] >= 0 ? sum : available[i];
        }
        return OCORE_OK;
}

int ocore_promise_periods(const int64_t *supply, const int64_t *demand, size_t count,
        int64_t *available, int64_t *cumulative)
{
        int status;

        if (!supply || !demand || !available || !cumulative) {
                status = OCORE_INVALID;
        } else {
                status = consume(supply, demand, count, available, cumulative);
                if (!status)
                        status = accumulate(available, count, cumulative);
        }
        if (status && available)
                memset(available, 0, count * sizeof *available);
        if (status && cumulative)
                memset(cumulative, 0, count * sizeof *cumulative);
        return status;
}
