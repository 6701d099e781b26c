/* What may be taken of the stock of a product: which lots may be promised, and how much of a site
 * is left alone. For sourcing, holds and whoever tells what is available. */
#include "sourcing.h"

int ocore__lot_keeps(const ocore_stock *stock, int64_t now_us, int64_t keeps_until_us)
{
        if (stock->recalled_us)
                return 0;
        return !stock->expires_us ||
               (stock->expires_us > now_us && stock->expires_us >= keeps_until_us);
}

ocore__stock_fence ocore__stock_fence_of(
        const ocore__group *rules, ocore_str site, ocore_str channel)
{
        ocore__stock_fence fence = {0, 0};
        int best = -1;

        if (!rules)
                return fence;
        for (const ocore__entry *entry = ocore__first(rules); entry; entry = ocore__next(entry)) {
                const ocore_stock_rule *rule = ocore__row(entry);
                int fit = (rule->site.size ? 2 : 0) + (rule->channel.size ? 1 : 0);

                if (fit <= best || (rule->site.size && !ocore_str_equal(rule->site, site)) ||
                        (rule->channel.size && !ocore_str_equal(rule->channel, channel)))
                        continue;
                best = fit;
                fence = (ocore__stock_fence){rule->safety, rule->below_zero};
        }
        return fence;
}

int64_t ocore__stock_free(const ocore__group *stock, const ocore__group *rules, ocore_str site,
        ocore_str channel, int64_t now_us, int64_t keeps_until_us)
{
        int64_t safety, sum = 0;

        for (const ocore__entry *entry = ocore__first(stock); entry; entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (ocore_str_equal(row->site, site) &&
                        ocore__lot_keeps(row, now_us, keeps_until_us) &&
                        ocore__add(sum, row->available, &sum)) {
                        sum = INT64_MAX; /* more than any order can ask for */
                        break;
                }
        }
        safety = sum > 0 && rules ? ocore__stock_fence_of(rules, site, channel).safety : 0;
        return sum > safety ? sum - safety : 0;
}
