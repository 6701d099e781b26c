/* Channels: how the orders of each are sourced. They are few, read whole and covered by the policy
 * row; their preferred and excluded sites are rows of their own. */
#include "inventory.h"

#include "engine/procedure.h"

enum { SITES_MAX = 100 };

static const ocore_choice channel_short_actions[] = {
        {"default", 0},
        {"refuse", OCORE_SHORT_REFUSE},
        {"backorder", OCORE_SHORT_BACKORDER},
        {NULL, 0},
};

static const ocore_field wish_fields[] = {
        OCORE__FIELD_CODE(ocore_site_wish, site, OCORE_FIELD_REQUIRED, "which site"),
        OCORE__FIELD(ocore_site_wish, excluded, BOOLEAN, 0,
                "nothing may come from there; else it is preferred, the first named first"),
};
static const ocore_record wish_record = OCORE__RECORD("site_wish", ocore_site_wish, wish_fields, 0);

static const ocore_field put_fields[] = {
        OCORE__FIELD_KEY(ocore_channel_request),
        OCORE__FIELD_CODE(ocore_channel_request, channel, 0,
                "its code; empty: all channels without a row of their own"),
        OCORE__FIELD_OF(ocore_channel_request, strategy, CHOICE, 0, ocore__allocation_strategies,
                "how sites are chosen; default priority"),
        OCORE__FIELD_OF(ocore_channel_request, short_action, CHOICE, 0, channel_short_actions,
                "what happens when something is short; default: as the product says"),
        OCORE__FIELD(ocore_channel_request, no_split, BOOLEAN, 0, "one site for the whole order"),
        OCORE__FIELD(ocore_channel_request, ship_complete, BOOLEAN, 0,
                "our own sites ship nothing before all of theirs can go"),
        OCORE__FIELD(ocore_channel_request, priority, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "of its backorders: higher is filled first"),
        OCORE__FIELD(ocore_channel_request, currency, TEXT, OCORE_FIELD_CURRENCY,
                "of the amounts; needed when there is one"),
        OCORE__FIELD(ocore_channel_request, split_minor, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "what each shipment beyond the first costs on top, in minor units"),
        OCORE__FIELD(ocore_channel_request, late_day_minor, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "what a unit costs for each day that it comes late, in minor units"),
        OCORE__FIELD(ocore_channel_request, age_day_minor, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "what is gained for each day that a unit has lain there, in minor units"),
        OCORE__FIELD_OF(ocore_channel_request, sites, ITEMS, 0, &wish_record,
                "preferred and excluded sites"),
};
const ocore_record ocore__channel_put_request =
        OCORE__RECORD("channel_put", ocore_channel_request, put_fields, 0);

/* What belongs to a channel, wanted before the fetch. */
typedef struct channel_groups {
        ocore__group *channels;
        ocore__group *wishes;
        ocore__group *sites;
        ocore__group *policy;
} channel_groups;

static int want_groups(ocore__work *work, channel_groups *out)
{
        const ocore_cell all = ocore__cell_none();
        int status = ocore__want(work, &ocore__channel_table, all, &out->channels);

        if (!status)
                status = ocore__want(work, &ocore__channel_site_table, all, &out->wishes);
        if (!status)
                status = ocore__want(work, &ocore__site_table, all, &out->sites);
        if (!status)
                status = ocore__want(work, &ocore__policy_table,
                        ocore__cell_text(ocore__policy_name), &out->policy);
        return status ? status : ocore__fetch(work);
}

/* A site is named once: what it is to be must not depend on which word is read first. */
static int check_sites(
        ocore__work *work, const ocore__group *sites, const ocore_channel_request *request)
{
        int status = OCORE_OK;

        if (request->site_count > SITES_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "sites",
                        "at most 100 sites may be preferred or excluded; name fewer");
        for (size_t i = 0; i < request->site_count; i++) {
                const ocore_str *site = &request->sites[i].site;
                size_t n = 0;

                if (!ocore__site_find(sites, *site))
                        status = ocore__refuse(work, OCORE_NOT_FOUND,
                                ocore__at(work, "sites", i, "site"),
                                "there is no site \"%t\"; put it first", site);
                while (n < i && !ocore_str_equal(request->sites[n].site, *site))
                        n++;
                if (n < i)
                        status = ocore__refuse(work, OCORE_INVALID,
                                ocore__at(work, "sites", i, "site"),
                                "\"%t\" is named twice; name it once", site);
        }
        return status;
}

static int check(ocore__work *work, const ocore__group *sites, const ocore_channel_request *request)
{
        int status = check_sites(work, sites, request);

        if (!request->currency.size &&
                (request->split_minor || request->late_day_minor || request->age_day_minor))
                status = ocore__refuse(work, OCORE_INVALID, "currency",
                        "is needed where there is an amount; give an ISO 4217 code such as EUR");
        return status;
}

static void put_sites(
        ocore__work *work, const ocore__group *wishes, const ocore_channel_request *request)
{
        for (ocore__entry *entry = ocore__first(wishes); entry; entry = ocore__next(entry)) {
                const ocore_channel_site *row = ocore__row(entry);

                if (ocore_str_equal(row->channel, request->channel) &&
                        (row->rank < 1 || (uint64_t)row->rank > request->site_count))
                        ocore__remove(work, entry);
        }
        for (size_t i = 0; i < request->site_count; i++) {
                const ocore_channel_site row = {request->channel, (int64_t)i + 1,
                        request->sites[i].site, request->sites[i].excluded};

                ocore__put(work, &ocore__channel_site_table, &row);
        }
}

/* A channel with its sites, which come by channel and rank, from `*wish` on. */
static int channel_answer(ocore__work *work, const ocore_channel *row, const ocore__entry **wish,
        const ocore_channel **out)
{
        ocore_channel *channel = ocore__arena_take(work->arena, sizeof *channel);
        const ocore__entry *first = *wish;
        const ocore_channel_site **sites;
        size_t count = 0;

        while (first && ocore__str_compare(((const ocore_channel_site *)ocore__row(first))->channel,
                                row->channel) < 0)
                first = ocore__next(first);
        for (*wish = first;
                *wish && ocore_str_equal(((const ocore_channel_site *)ocore__row(*wish))->channel,
                                 row->channel);
                *wish = ocore__next(*wish))
                count++;
        sites = ocore__arena_take(work->arena, (count + 1) * sizeof *sites);
        if (!channel || !sites)
                return OCORE_NOMEM;
        *channel = *row;
        for (size_t i = 0; i < count; i++, first = ocore__next(first))
                sites[i] = ocore__row(first);
        channel->sites = sites;
        channel->site_count = count;
        *out = channel;
        return work->status;
}

static int channel_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_channel_request *request = args;
        const ocore_channel row = {
                .channel = request->channel,
                .strategy = request->strategy,
                .short_action = request->short_action,
                .no_split = request->no_split,
                .ship_complete = request->ship_complete,
                .priority = request->priority,
                .currency = request->currency,
                .split_minor = request->split_minor,
                .late_day_minor = request->late_day_minor,
                .age_day_minor = request->age_day_minor,
        };
        const ocore__entry *wish;
        const ocore_channel *channel = NULL;
        channel_groups groups;
        int status = want_groups(work, &groups);

        if (!status)
                status = check(work, groups.sites, request);
        if (status)
                return status;
        ocore__policy_touch(work, groups.policy);
        ocore__row_put(work, groups.channels, &row);
        put_sites(work, groups.wishes, request);
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, request->channel);
        if (work->status)
                return work->status;
        wish = ocore__first(groups.wishes);
        status = channel_answer(work, &row, &wish, &channel);
        *answer = channel;
        return status;
}

const ocore__procedure ocore__channel_put = {
        &ocore__channel_put_request, &ocore__channel_record, channel_put, OCORE__COMMAND};
OCORE__PUBLIC(ocore_channel_put, ocore_channel_request, ocore_channel, ocore__channel_put)

static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(
                ocore_channel_list, channels, ROWS, 0, &ocore__channel_record, "by their code"),
};
const ocore_record ocore__channel_list_record =
        OCORE__RECORD("channel_list", ocore_channel_list, list_fields, 0);

static int channel_list(ocore__work *work, const void *args, const void **answer)
{
        ocore_channel_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const ocore__entry *wish;
        const ocore_channel **channels;
        channel_groups groups;
        int status = list ? want_groups(work, &groups) : OCORE_NOMEM;

        (void)args;
        if (status)
                return status;
        channels = ocore__arena_take(
                work->arena, (ocore__count(groups.channels) + 1) * sizeof *channels);
        if (!channels)
                return OCORE_NOMEM;
        wish = ocore__first(groups.wishes);
        for (const ocore__entry *entry = ocore__first(groups.channels); entry && !status;
                entry = ocore__next(entry))
                status = channel_answer(
                        work, ocore__row(entry), &wish, &channels[list->channel_count++]);
        list->channels = channels;
        *answer = list;
        return status;
}

const ocore__procedure ocore__channel_list = {
        &ocore__empty_record, &ocore__channel_list_record, channel_list, 0};
OCORE__PUBLIC(ocore_channel_list_all, ocore_empty_request, ocore_channel_list, ocore__channel_list)
