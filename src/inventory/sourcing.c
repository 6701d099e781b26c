/*
 * What is to be obeyed when goods are chosen: the wishes of an order and the rules of its channel
 * become one list of sites in the order in which they are asked. And taking what was chosen, so
 * that the store itself keeps the safety stock.
 */
#include "sourcing.h"

#include "base/sort.h"
#include "engine/core.h"

int ocore__sourcing_consult(ocore__work *work, ocore__sourcing_view *out)
{
        const ocore_cell all = ocore__cell_none();
        int status = ocore__consult(work, &ocore__site_table, all, &out->sites);

        if (!status)
                status = ocore__consult(work, &ocore__channel_table, all, &out->channels);
        if (!status)
                status = ocore__consult(work, &ocore__channel_site_table, all, &out->channel_sites);
        return status ? status : ocore__consult(work, &ocore__site_cost_table, all, &out->costs);
}

const ocore__source_site *ocore__source_site_find(const ocore__sourcing *sourcing, ocore_str site)
{
        size_t low = 0, high = sourcing->all_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = ocore__str_compare(sourcing->all_sites[middle].site->site, site);

                if (!order)
                        return &sourcing->all_sites[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

/* The channel's own row, else the one for all others; NULL: there is none. */
static const ocore_channel *find_channel(const ocore__group *channels, ocore_str channel)
{
        const ocore_channel *general = NULL;

        for (const ocore__entry *entry = ocore__first(channels); entry;
                entry = ocore__next(entry)) {
                const ocore_channel *row = ocore__row(entry);

                if (ocore_str_equal(row->channel, channel))
                        return row;
                if (!row->channel.size)
                        general = row;
        }
        return general;
}

/* All sites, by code as their table has them. */
static int gather_sites(
        ocore__work *work, const ocore__group *sites, ocore__sourcing *out, ocore__source_site **at)
{
        size_t count = 0;

        *at = ocore__arena_zero(work->arena, ocore__count(sites) + 1, sizeof **at);
        if (!*at)
                return OCORE_NOMEM;
        for (const ocore__entry *entry = ocore__first(sites); entry; entry = ocore__next(entry)) {
                const ocore_site *site = ocore__row(entry);

                (*at)[count++] = (ocore__source_site){.site = site,
                        .far_m = INT64_MAX,
                        .barred = site->closed          ? OCORE_SITE_CLOSED
                                  : site->supplier.size ? OCORE_SITE_SUPPLIER
                                                        : 0};
        }
        out->all_sites = *at;
        out->all_count = count;
        return OCORE_OK;
}

/* The first word on a site counts: of the order, then of the channel. `said` numbers the words. */
static void wish(ocore__source_site *at, int excluded, size_t said)
{
        if (at->wish)
                return;
        at->wish = said;
        if (excluded && !at->barred)
                at->barred = OCORE_SITE_EXCLUDED;
}

static int read_wishes(ocore__work *work, const ocore__sourcing_view *view,
        const ocore__sourcing_wishes *wishes, const ocore__sourcing *sourcing,
        ocore__source_site *at)
{
        size_t said = 0;
        int status = OCORE_OK;

        for (size_t i = 0; i < wishes->site_count; i++) {
                const ocore_site_wish *item = &wishes->sites[i];
                const ocore__source_site *site = ocore__source_site_find(sourcing, item->site);

                if (site)
                        wish(&at[site - at], item->excluded != 0, ++said);
                else
                        status = ocore__refuse(work, OCORE_NOT_FOUND,
                                ocore__at(work, "sites", i, "site"),
                                "there is no site \"%t\"; put it first", &item->site);
        }
        if (!sourcing->rules)
                return status;
        for (const ocore__entry *entry = ocore__first(view->channel_sites); entry;
                entry = ocore__next(entry)) {
                const ocore_channel_site *row = ocore__row(entry);
                const ocore__source_site *site =
                        ocore_str_equal(row->channel, sourcing->rules->channel)
                                ? ocore__source_site_find(sourcing, row->site)
                                : NULL;

                if (site)
                        wish(&at[site - at], row->excluded != 0, ++said);
        }
        return status;
}

/* Costs come by site and country, sites by code: one walk finds the cost of each site. */
int ocore__site_costs(ocore__work *work, const ocore__sourcing *sourcing, ocore_str *currency,
        const ocore_site_cost *const **out)
{
        const ocore_site_cost **of =
                ocore__arena_zero(work->arena, sourcing->all_count + 1, sizeof *of);
        const ocore__entry *entry = ocore__first(sourcing->costs);
        size_t i = 0;

        if (!of)
                return OCORE_NOMEM;
        *currency = sourcing->currency;
        while (entry && i < sourcing->all_count) {
                const ocore_site_cost *cost = ocore__row(entry);
                int order = ocore__str_compare(cost->site, sourcing->all_sites[i].site->site);

                if (order > 0) {
                        i++;
                        continue;
                }
                if (!order && !currency->size)
                        *currency = cost->currency;
                if (!order && ocore_str_equal(cost->currency, *currency) &&
                        (!cost->country.size || ocore_str_equal(cost->country, sourcing->country)))
                        of[i] = cost; /* its own country comes behind the general row */
                entry = ocore__next(entry);
        }
        *out = of;
        return OCORE_OK;
}

/* Where some sites have a cost, those without one are left out: nobody sends from there. */
static int bar_without_cost(ocore__work *work, ocore__sourcing *sourcing, ocore__source_site *at)
{
        const ocore_site_cost *const *of;
        int status = ocore__site_costs(work, sourcing, &sourcing->currency, &of), any = 0;

        for (size_t i = 0; !status && i < sourcing->all_count; i++) {
                at[i].cost = of[i];
                any |= of[i] && !at[i].barred;
        }
        for (size_t i = 0; any && i < sourcing->all_count; i++)
                if (!at[i].cost && !at[i].barred)
                        at[i].barred = OCORE_SITE_NO_COST;
        return status;
}

static int by_call(const void *a, const void *b)
{
        const ocore__source_site *x = a, *y = b;

        if (x->wish != y->wish) {
                if (!x->wish || !y->wish)
                        return x->wish ? -1 : 1;
                return x->wish < y->wish ? -1 : 1;
        }
        if (x->far_m != y->far_m)
                return x->far_m < y->far_m ? -1 : 1;
        if (x->site->priority != y->site->priority)
                return x->site->priority < y->site->priority ? -1 : 1;
        return ocore__str_compare(x->site->site, y->site->site);
}

static int order_sites(ocore__work *work, ocore__sourcing *sourcing, ocore__source_site *at)
{
        size_t room = sourcing->all_count + 1;
        ocore__source_site **asked = ocore__arena_take(work->arena, room * sizeof *asked);
        const ocore_site **sites = ocore__arena_take(work->arena, room * sizeof *sites);

        if (!asked || !sites)
                return OCORE_NOMEM;
        for (size_t i = 0; i < sourcing->all_count; i++)
                if (!at[i].barred)
                        asked[sourcing->site_count++] = &at[i];
        ocore__sort((const void **)asked, sourcing->site_count, by_call);
        for (size_t i = 0; i < sourcing->site_count; i++) {
                sites[i] = asked[i]->site;
                asked[i]->position = i;
                sourcing->preferred_count += asked[i]->wish > 0;
        }
        sourcing->sites = sites;
        return OCORE_OK;
}

static int check_strategy(ocore__work *work, const ocore__sourcing *sourcing)
{
        if (sourcing->strategy == OCORE_ALLOCATE_NEAREST && !sourcing->located)
                return ocore__refuse(work, OCORE_INVALID, "strategy",
                        "the nearest site is wanted but nobody says where it goes; give the "
                        "coordinates, or another strategy");
        if (sourcing->strategy == OCORE_ALLOCATE_HOST && !work->core->config.allocate)
                return ocore__refuse(work, OCORE_INVALID, "strategy",
                        "the host is to choose but has no allocation callback; open the core with "
                        "one, or give another strategy");
        return OCORE_OK;
}

static void measure(const ocore__sourcing *sourcing, ocore__source_site *at)
{
        for (size_t i = 0; i < sourcing->all_count; i++) {
                const ocore_site *site = at[i].site;
                int64_t far_m = site->located ? ocore_distance_m(sourcing->latitude_e7,
                                                        sourcing->longitude_e7, site->latitude_e7,
                                                        site->longitude_e7)
                                              : -1;

                at[i].far_m = far_m < 0 ? INT64_MAX : far_m;
        }
}

int ocore__sourcing_resolve(ocore__work *work, const ocore__sourcing_view *view,
        const ocore__sourcing_wishes *wishes, ocore_str channel, ocore_str country,
        ocore_str currency, ocore__sourcing *out)
{
        const ocore_channel *rules = find_channel(view->channels, channel);
        ocore__source_site *at = NULL;
        int status;

        *out = (ocore__sourcing){.strategy = wishes->strategy,
                .short_action = wishes->short_action,
                .no_split = wishes->no_split,
                .ship_complete = wishes->ship_complete,
                .priority = wishes->priority,
                .channel = channel,
                .country = country,
                .currency = currency,
                .located = wishes->located,
                .latitude_e7 = wishes->latitude_e7,
                .longitude_e7 = wishes->longitude_e7,
                .wanted_us = wishes->wanted_us,
                .rules = rules,
                .costs = view->costs};
        if (rules) {
                out->strategy = out->strategy ? out->strategy : rules->strategy;
                out->short_action = out->short_action ? out->short_action : rules->short_action;
                out->no_split = out->no_split || rules->no_split;
                out->ship_complete = out->ship_complete || rules->ship_complete;
                out->priority = out->priority ? out->priority : rules->priority;
                out->currency = currency.size ? currency : rules->currency;
        }
        out->strategy = out->strategy ? out->strategy : OCORE_ALLOCATE_PRIORITY;
        status = gather_sites(work, view->sites, out, &at);
        if (!status)
                status = read_wishes(work, view, wishes, out, at);
        if (!status)
                status = check_strategy(work, out);
        if (status)
                return status;
        if (out->strategy == OCORE_ALLOCATE_NEAREST)
                measure(out, at);
        if (out->strategy == OCORE_ALLOCATE_LOWEST_COST)
                status = bar_without_cost(work, out, at);
        return status ? status : order_sites(work, out, at);
}

/* The floor that the store keeps in the first of several commands of a unit falls by what a later
 * one takes: what was left then is left for both. */
static int64_t floor_before(const ocore__entry *entry)
{
        if (entry->floor_offset != offsetof(ocore_stock, available))
                return 0;
        return entry->floored ? entry->floor_pending : entry->floor;
}

int ocore__sourcing_take(
        ocore__work *work, const ocore__source_piece *piece, int64_t bucket, ocore_id subject)
{
        int64_t floor = floor_before(piece->stock);
        int status = ocore__stock_shift(work, piece->stock, OCORE_BUCKET_AVAILABLE, bucket,
                piece->quantity, subject, (ocore_str){0});

        if (status)
                return status;
        if (floor > 0 || piece->floor > 0) {
                floor = floor > piece->quantity ? floor - piece->quantity : 0;
                ocore__floor(work, piece->stock, offsetof(ocore_stock, available),
                        floor > piece->floor ? floor : piece->floor);
        }
        for (size_t i = 0; i < piece->kept_count; i++)
                ocore__exact(work, piece->kept[i]);
        return work->status;
}

int ocore__source_by_place(const void *a, const void *b)
{
        const ocore__source_piece *x = a, *y = b;
        int order = 0;

        if (x->line != y->line)
                return x->line < y->line ? -1 : 1;
        if (x->stock != y->stock)
                order = ocore__row_compare(&ocore__stock_table, x->stock->key, y->stock->key);
        return order ? order : (x > y) - (x < y);
}
