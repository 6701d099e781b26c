/*
 * Saying where goods come from and why: for every site there is, whether it was chosen, what that
 * costs, and else the first thing that kept it out. For quotes; nothing is chosen here.
 */
#include "allocation.h"

static const ocore_choice site_reasons[] = {
        {"used", OCORE_SITE_USED},
        {"closed", OCORE_SITE_CLOSED},
        {"supplier", OCORE_SITE_SUPPLIER},
        {"excluded", OCORE_SITE_EXCLUDED},
        {"no_cost", OCORE_SITE_NO_COST},
        {"out_of_stock", OCORE_SITE_OUT_OF_STOCK},
        {"expired", OCORE_SITE_EXPIRED},
        {"safety", OCORE_SITE_SAFETY},
        {"not_given", OCORE_SITE_NOT_GIVEN},
        {"not_whole", OCORE_SITE_NOT_WHOLE},
        {"later", OCORE_SITE_LATER},
        {"farther", OCORE_SITE_FARTHER},
        {"less_stock", OCORE_SITE_LESS_STOCK},
        {"dearer", OCORE_SITE_DEARER},
        {"younger", OCORE_SITE_YOUNGER},
        {"keeps_longer", OCORE_SITE_KEEPS_LONGER},
        {"host", OCORE_SITE_HOST},
        {NULL, 0},
};

static const ocore_field site_fields[] = {
        OCORE__FIELD(ocore_sourcing_site, site, TEXT, 0, "which site"),
        OCORE__FIELD(ocore_sourcing_site, used, BOOLEAN, 0, "goods come from there"),
        OCORE__FIELD_OF(ocore_sourcing_site, why, CHOICE, 0, site_reasons, "why not"),
        OCORE__FIELD(
                ocore_sourcing_site, shipment_minor, AMOUNT, 0, "what a shipment from there costs"),
        OCORE__FIELD(ocore_sourcing_site, units_minor, AMOUNT, 0,
                "what its units cost: weight, handling, lateness less ageing"),
        OCORE__FIELD(ocore_sourcing_site, extra_minor, AMOUNT, 0,
                "what the best order found with goods from there costs more"),
        OCORE__FIELD(ocore_sourcing_site, distance_m, INTEGER, 0,
                "metres from the consignee; -1: not known"),
};
static const ocore_record site_record =
        OCORE__RECORD("sourcing_site", ocore_sourcing_site, site_fields, 0);
static const ocore_field report_fields[] = {
        OCORE__FIELD_OF(ocore_sourcing_report, strategy, CHOICE, 0, ocore__allocation_strategies,
                "how sites were chosen"),
        OCORE__FIELD(ocore_sourcing_report, currency, TEXT, OCORE_FIELD_CURRENCY,
                "of the amounts; empty: no costs are known"),
        OCORE__FIELD(ocore_sourcing_report, total_minor, AMOUNT, 0,
                "shipments, splits and units of all sites that are used"),
        OCORE__FIELD(ocore_sourcing_report, exact, BOOLEAN, 0,
                "it was proven that no other choice costs less"),
        OCORE__FIELD_OF(ocore_sourcing_report, sites, ROWS, 0, &site_record,
                "every site there is, by code"),
};
const ocore_record ocore__sourcing_report_record =
        OCORE__RECORD("sourcing_report", ocore_sourcing_report, report_fields, 0);

typedef struct explanation {
        ocore__allocation allocation;
        ocore__source_costs costs;
        ocore__cost_answer answer;
        ocore_sourcing_report *report;
        ocore_sourcing_site **sites; /* as all_sites */
        const ocore__source_piece *pieces;
        size_t piece_count;
        uint8_t *
                best; /* by all_sites: OCORE_SITE_… of what it has of the wants, the best of them */
} explanation;

/* What a balance could do for its wants, from nothing to all: the further down, the better. */
enum { HAS_NOTHING, HAS_EXPIRED, HAS_OTHER, HAS_SAFETY, HAS_SOME };

static size_t index_of(const ocore__sourcing *sourcing, const ocore__source_site *site)
{
        return (size_t)(site - sourcing->all_sites);
}

static void raise(uint8_t *best, uint8_t to)
{
        if (*best < to)
                *best = to;
}

/* Goods that cannot be promised are not on the shelves: they are looked for in the balances. */
static void see_expired(explanation *e, const ocore__source_product *product)
{
        const ocore__sourcing *sourcing = e->allocation.sourcing;

        for (const ocore__entry *entry = ocore__first(product->stock); entry;
                entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);
                const ocore__source_site *site =
                        row->available > 0 ? ocore__source_site_find(sourcing, row->site) : NULL;

                if (site)
                        raise(&e->best[index_of(sourcing, site)], HAS_EXPIRED);
        }
}

static uint8_t worth_of(const ocore__source_demand *demand, const ocore__shelf *shelf)
{
        int keeps = 0, fits = 0;

        if (ocore__shelf_gives(demand, shelf) > 0)
                return HAS_SOME;
        if (demand->want->site.size &&
                !ocore_str_equal(demand->want->site, shelf->rows[0]->row->site))
                return HAS_OTHER;
        for (size_t i = 0; i < shelf->row_count; i++) {
                const ocore__shelf_row *row = shelf->rows[i];

                if (!ocore__row_keeps(demand, row))
                        continue;
                keeps = 1;
                fits |= !demand->want->lot.size ||
                        ocore_str_equal(demand->want->lot, row->row->lot);
        }
        return fits ? HAS_SAFETY : keeps ? HAS_OTHER : HAS_EXPIRED;
}

/* Positions of sites that may give, back to their place among all sites. */
static int see_shelves(explanation *e)
{
        const ocore__sourcing *sourcing = e->allocation.sourcing;
        size_t *at = ocore__arena_take(
                e->allocation.work->arena, (sourcing->site_count + 1) * sizeof *at);

        if (!at)
                return OCORE_NOMEM;
        for (size_t i = 0; i < sourcing->all_count; i++)
                if (!sourcing->all_sites[i].barred)
                        at[sourcing->all_sites[i].position] = i;
        for (size_t i = 0; i < e->allocation.product_count; i++)
                see_expired(e, &e->allocation.products[i]);
        for (size_t i = 0; i < e->allocation.demand_count; i++) {
                const ocore__source_demand *demand = &e->allocation.demands[i];

                for (size_t n = 0; n < demand->product->shelf_count; n++) {
                        const ocore__shelf *shelf = &demand->product->shelves[n];

                        raise(&e->best[at[shelf->site]], worth_of(demand, shelf));
                }
        }
        return OCORE_OK;
}

/* Why a site that could have given something did not, by the strategy. */
static int64_t strategy_says(const ocore__sourcing *sourcing)
{
        switch (sourcing->strategy) {
        case OCORE_ALLOCATE_NEAREST: return OCORE_SITE_FARTHER;
        case OCORE_ALLOCATE_FEWEST_SPLITS:
        case OCORE_ALLOCATE_MOST_STOCK: return OCORE_SITE_LESS_STOCK;
        case OCORE_ALLOCATE_LOWEST_COST: return OCORE_SITE_DEARER;
        case OCORE_ALLOCATE_OLDEST_FIRST: return OCORE_SITE_YOUNGER;
        case OCORE_ALLOCATE_FIRST_EXPIRED: return OCORE_SITE_KEEPS_LONGER;
        case OCORE_ALLOCATE_HOST: return OCORE_SITE_HOST;
        default: return OCORE_SITE_LATER;
        }
}

/* 1 if every demand must come from one site, and this one has not enough of each. */
static int is_not_whole(const explanation *e, const ocore__source_site *site)
{
        const ocore__allocation *allocation = &e->allocation;

        if (!allocation->sourcing->no_split)
                return 0;
        for (size_t i = 0; i < allocation->demand_count; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];
                const ocore__shelf *shelf = ocore__shelf_at(demand->product, site->position);

                if (!shelf || ocore__shelf_gives(demand, shelf) < demand->quantity)
                        return 1;
        }
        return 0;
}

static int64_t why_not(const explanation *e, size_t i)
{
        static const int64_t reasons[] = {[HAS_NOTHING] = OCORE_SITE_OUT_OF_STOCK,
                [HAS_EXPIRED] = OCORE_SITE_EXPIRED,
                [HAS_OTHER] = OCORE_SITE_NOT_GIVEN,
                [HAS_SAFETY] = OCORE_SITE_SAFETY};
        const ocore__sourcing *sourcing = e->allocation.sourcing;
        const ocore__source_site *site = &sourcing->all_sites[i];

        if (site->barred)
                return site->barred;
        if (e->best[i] < HAS_SOME)
                return reasons[e->best[i]];
        if (is_not_whole(e, site))
                return OCORE_SITE_NOT_WHOLE;
        if (sourcing->strategy == OCORE_ALLOCATE_LOWEST_COST && e->answer.solved &&
                e->answer.extra_minor[site->position] == OCORE_SOURCING_NONE)
                return OCORE_SITE_LATER; /* the solver has not looked at it */
        return strategy_says(sourcing);
}

static int64_t distance_of(const ocore__sourcing *sourcing, const ocore_site *site)
{
        return sourcing->located && site->located
                       ? ocore_distance_m(sourcing->latitude_e7, sourcing->longitude_e7,
                                 site->latitude_e7, site->longitude_e7)
                       : -1;
}

/* NULL: nothing is wanted of it; its pieces come from a hold. */
static const ocore__source_product *product_of(const explanation *e, const ocore__want_line *want)
{
        size_t number = want->stock->scratch;

        return number > 0 && number <= e->allocation.product_count &&
                               e->allocation.products[number - 1].stock == want->stock
                       ? &e->allocation.products[number - 1]
                       : NULL;
}

/* What the units of a piece cost where they are. */
static int piece_cost(const explanation *e, const ocore__source_piece *piece, int64_t *out)
{
        const ocore__want_line *want = &e->allocation.wants[piece->line];
        const ocore_stock *stock = ocore__row(piece->stock);
        const ocore__source_site *site =
                ocore__source_site_find(e->allocation.sourcing, stock->site);
        const ocore__source_product *product = product_of(e, want);
        const ocore__shelf *shelf =
                site && !site->barred && product ? ocore__shelf_at(product, site->position) : NULL;
        int64_t milli = 0;
        int status;

        *out = 0;
        if (!shelf)
                return OCORE_OK; /* it was held where nothing more is taken */
        status = ocore__unit_cost(&e->costs, want, shelf, &milli);
        return status ? status : ocore__units_cost(milli, want->scale, piece->quantity, out);
}

static int add_pieces(explanation *e)
{
        int64_t *total = &e->report->total_minor, shipments = 0;

        for (size_t i = 0; i < e->piece_count; i++) {
                const ocore_stock *stock = ocore__row(e->pieces[i].stock);
                const ocore__source_site *at =
                        ocore__source_site_find(e->allocation.sourcing, stock->site);
                ocore_sourcing_site *site;
                int64_t minor;

                if (!at)
                        continue;
                site = e->sites[index_of(e->allocation.sourcing, at)];
                if (!site->used) {
                        site->used = 1;
                        if (ocore__add(*total, site->shipment_minor, total) ||
                                (shipments++ && ocore__add(*total, e->costs.split_minor, total)))
                                return OCORE_OVERFLOW;
                }
                if (piece_cost(e, &e->pieces[i], &minor) ||
                        ocore__add(site->units_minor, minor, &site->units_minor) ||
                        ocore__add(*total, minor, total))
                        return OCORE_OVERFLOW;
        }
        return OCORE_OK;
}

static int make_sites(explanation *e, const ocore_site_cost *const *costs)
{
        const ocore__sourcing *sourcing = e->allocation.sourcing;
        ocore__arena *arena = e->allocation.work->arena;
        size_t count = sourcing->all_count;
        ocore_sourcing_site *sites = ocore__arena_zero(arena, count + 1, sizeof *sites);

        e->sites = ocore__arena_take(arena, (count + 1) * sizeof(ocore_sourcing_site *));
        e->best = ocore__arena_zero(arena, count + 1, 1);
        if (!sites || !e->sites || !e->best)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++) {
                const ocore__source_site *site = &sourcing->all_sites[i];

                e->sites[i] = &sites[i];
                sites[i].site = site->site->site;
                sites[i].shipment_minor = costs[i] ? costs[i]->shipment_minor : 0;
                sites[i].distance_m = distance_of(sourcing, site->site);
                if (!site->barred)
                        e->costs.of[site->position] = costs[i];
        }
        e->report->sites = (const ocore_sourcing_site *const *)e->sites;
        e->report->site_count = count;
        return OCORE_OK;
}

static void say_why(explanation *e)
{
        const ocore__sourcing *sourcing = e->allocation.sourcing;

        for (size_t i = 0; i < sourcing->all_count; i++) {
                ocore_sourcing_site *site = e->sites[i];

                site->why = site->used ? OCORE_SITE_USED : why_not(e, i);
                if (site->why == OCORE_SITE_DEARER && e->answer.solved)
                        site->extra_minor = e->answer.extra_minor[sourcing->all_sites[i].position];
        }
        e->report->exact = e->answer.exact;
}

/* Shelves are looked at full: what was tried on them is put back. */
static int look(explanation *e)
{
        const ocore__sourcing *sourcing = e->allocation.sourcing;
        int status = sourcing->strategy == OCORE_ALLOCATE_LOWEST_COST
                             ? ocore__allocation_cost(&e->allocation, &e->answer)
                             : ocore__allocation_begin(&e->allocation);

        if (!status) {
                ocore__allocation_reset(&e->allocation, 0);
                status = see_shelves(e);
        }
        return status;
}

int ocore__sourcing_explain(ocore__work *work, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count, const ocore__source_piece *pieces,
        size_t piece_count, const ocore_sourcing_report **out)
{
        explanation e = {.allocation = {.work = work,
                                 .sourcing = sourcing,
                                 .wants = wants,
                                 .want_count = count},
                .pieces = pieces,
                .piece_count = piece_count};
        const ocore_site_cost *const *costs;
        int status;

        *out = NULL;
        e.report = ocore__arena_zero(work->arena, 1, sizeof *e.report);
        if (!e.report)
                return OCORE_NOMEM;
        e.report->strategy = sourcing->strategy;
        status = ocore__site_costs(work, sourcing, &e.report->currency, &costs);
        if (!status)
                status = ocore__source_costs_of(&e.allocation, &e.costs);
        if (!status)
                status = make_sites(&e, costs);
        if (!status)
                status = look(&e);
        if (!status)
                status = add_pieces(&e);
        if (status == OCORE_OVERFLOW)
                return ocore__costs_refuse(work);
        if (status)
                return status;
        say_why(&e);
        *out = e.report;
        return OCORE_OK;
}
