/* What it costs to send goods from a site: a shipment, its weight, handling, coming late, and what
 * is gained by selling old stock. For choosing by cost and for telling what was chosen. */
#include "allocation.h"

#define DAY_US INT64_C(86400000000)

int ocore__source_costs_of(const ocore__allocation *allocation, ocore__source_costs *out)
{
        const ocore__sourcing *sourcing = allocation->sourcing;
        const ocore_channel *rules = sourcing->rules;

        *out = (ocore__source_costs){.allocation = allocation};
        out->of = ocore__arena_zero(
                allocation->work->arena, sourcing->site_count + 1, sizeof *out->of);
        if (!out->of)
                return OCORE_NOMEM;
        for (size_t i = 0; i < sourcing->all_count; i++)
                if (!sourcing->all_sites[i].barred)
                        out->of[sourcing->all_sites[i].position] = sourcing->all_sites[i].cost;
        if (rules && ocore_str_equal(rules->currency, sourcing->currency)) {
                out->split_minor = rules->split_minor;
                out->late_day_minor = rules->late_day_minor;
                out->age_day_minor = rules->age_day_minor;
        }
        return OCORE_OK;
}

/* Begun days behind the time at which it is wanted. */
static int days_late(const ocore__source_costs *costs, const ocore_site_cost *site, int64_t *out)
{
        int64_t wanted_us = costs->allocation->sourcing->wanted_us, late_us;

        *out = 0;
        if (!wanted_us || !costs->late_day_minor)
                return OCORE_OK;
        if (ocore__add(costs->allocation->work->now_us, site ? site->transit_us : 0, &late_us) ||
                ocore__subtract(late_us, wanted_us, &late_us))
                return OCORE_OVERFLOW;
        if (late_us > 0)
                *out = late_us / DAY_US + (late_us % DAY_US != 0);
        return OCORE_OK;
}

/* Full days that the oldest lot has lain there. */
static int64_t days_lain(const ocore__source_costs *costs, const ocore__shelf *shelf)
{
        int64_t oldest_us = 0, lain_us = 0;

        if (!costs->age_day_minor)
                return 0;
        for (size_t i = 0; i < shelf->row_count; i++) {
                int64_t received_us = shelf->rows[i]->row->received_us;

                if (received_us && (!oldest_us || received_us < oldest_us))
                        oldest_us = received_us;
        }
        if (!oldest_us || ocore__subtract(costs->allocation->work->now_us, oldest_us, &lain_us) ||
                lain_us < 0)
                return 0;
        return lain_us / DAY_US;
}

int ocore__unit_cost(const ocore__source_costs *costs, const ocore__want_line *want,
        const ocore__shelf *shelf, int64_t *out_milli)
{
        const ocore_site_cost *site = costs->of[shelf->site];
        int64_t late, gain, unit = site ? site->unit_minor : 0, weight = 0;

        *out_milli = 0;
        if (days_late(costs, site, &late) || ocore__multiply(late, costs->late_day_minor, &late) ||
                ocore__multiply(days_lain(costs, shelf), costs->age_day_minor, &gain) ||
                ocore__add(unit, late, &unit) || ocore__subtract(unit, gain, &unit) ||
                ocore__multiply(unit, 1000, &unit) ||
                (site && ocore__multiply(site->kg_minor, want->weight_g, &weight)) ||
                ocore__add(unit, weight, out_milli))
                return OCORE_OVERFLOW;
        return OCORE_OK;
}

int ocore__units_cost(int64_t unit_milli, int64_t scale, int64_t quantity, int64_t *out_minor)
{
        /* Scales end at 9, so that thousandths of a smallest unit fit a power of ten. */
        return ocore__multiply_divide(unit_milli, quantity, ocore__power_of_ten((int)scale + 3),
                OCORE__HALF_UP, out_minor);
}

int ocore__costs_refuse(ocore__work *work)
{
        return ocore__refuse(work, OCORE_OVERFLOW, "strategy",
                "the costs of this order leave 64 bits; take less, or another strategy");
}
