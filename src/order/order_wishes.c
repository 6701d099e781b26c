/* What a draft says of where its goods come from, kept beside the order as bytes, so that it can be
 * allocated anew by the same wishes. Only orders that say more than the defaults have it. */
#include "order_room.h"

/* A line that has wishes. */
typedef struct kept_line {
        int64_t line;
        ocore_str site;
        ocore_str lot;
        int64_t together;
        int64_t min_life_us;
} kept_line;

typedef struct kept_wishes {
        size_t struct_size;
        int64_t strategy;
        int64_t short_action;
        int64_t no_split;
        int64_t ship_complete;
        int64_t priority;
        int64_t wanted_us;
        int64_t located;
        int64_t latitude_e7;
        int64_t longitude_e7;
        const ocore_site_wish *sites;
        size_t site_count;
        size_t site_stride;
        const kept_line *lines;
        size_t line_count;
        size_t line_stride;
} kept_wishes;

static const ocore_field site_fields[] = {
        OCORE__FIELD_CODE(ocore_site_wish, site, OCORE_FIELD_REQUIRED, "which site"),
        OCORE__FIELD(ocore_site_wish, excluded, BOOLEAN, 0, "nothing may come from there"),
};
static const ocore_record site_record = OCORE__RECORD("kept_site", ocore_site_wish, site_fields, 0);
static const ocore_field line_fields[] = {
        OCORE__FIELD(kept_line, line, INTEGER, OCORE_FIELD_POSITIVE, "of which line"),
        OCORE__FIELD_CODE(kept_line, site, 0, "only from this site"),
        OCORE__FIELD_CODE(kept_line, lot, 0, "only of this lot"),
        OCORE__FIELD(kept_line, together, INTEGER, OCORE_FIELD_NOT_NEGATIVE, "which group"),
        OCORE__FIELD(
                kept_line, min_life_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE, "how long it keeps"),
};
static const ocore_record line_record = OCORE__RECORD("kept_line", kept_line, line_fields, 0);

#define NUMBER(member, kind, flags)                                                                \
        OCORE__FIELD(kept_wishes, member, kind, flags, "as in the draft")
static const ocore_field wishes_fields[] = {
        OCORE__FIELD_OF(
                kept_wishes, strategy, CHOICE, 0, ocore__allocation_strategies, "as in the draft"),
        OCORE__FIELD_OF(
                kept_wishes, short_action, CHOICE, 0, ocore__short_actions, "as in the draft"),
        NUMBER(no_split, BOOLEAN, 0),
        NUMBER(ship_complete, BOOLEAN, 0),
        NUMBER(priority, INTEGER, OCORE_FIELD_NOT_NEGATIVE),
        NUMBER(wanted_us, TIME, OCORE_FIELD_NOT_NEGATIVE),
        NUMBER(located, BOOLEAN, 0),
        NUMBER(latitude_e7, INTEGER, 0),
        NUMBER(longitude_e7, INTEGER, 0),
        OCORE__FIELD_OF(kept_wishes, sites, ITEMS, 0, &site_record, "as in the draft"),
        OCORE__FIELD_OF(kept_wishes, lines, ITEMS, 0, &line_record, "as in the draft"),
};
static const ocore_record wishes_record =
        OCORE__RECORD("order_wishes", kept_wishes, wishes_fields, 0);

ocore__sourcing_wishes ocore__wishes_of_draft(const ocore_order_draft *draft)
{
        return (ocore__sourcing_wishes){.strategy = draft->strategy,
                .short_action = draft->short_action,
                .no_split = draft->no_split,
                .ship_complete = draft->ship_complete,
                .priority = draft->priority,
                .located = draft->ship_located,
                .latitude_e7 = draft->ship_latitude_e7,
                .longitude_e7 = draft->ship_longitude_e7,
                .wanted_us = draft->wanted_us,
                .sites = draft->sites,
                .site_count = draft->site_count,
                .site_stride = draft->site_stride};
}

static int line_wishes(const ocore_draft_line *line)
{
        return line->site.size || line->lot.size || line->together || line->min_life_us;
}

/* 1 if the draft says more of sourcing than the defaults. */
static int draft_wishes(const ocore_order_draft *draft)
{
        int some = draft->strategy || draft->short_action || draft->no_split ||
                   draft->ship_complete || draft->priority || draft->wanted_us ||
                   draft->ship_located || draft->site_count;

        for (size_t i = 0; i < draft->line_count && !some; i++)
                some = line_wishes(&draft->lines[i]);
        return some;
}

int ocore__wishes_keep(
        ocore__work *work, ocore_id order_id, const ocore_order_draft *draft, int64_t *out_kept)
{
        kept_line *lines;
        kept_wishes kept = {.strategy = draft->strategy,
                .short_action = draft->short_action,
                .no_split = draft->no_split,
                .ship_complete = draft->ship_complete,
                .priority = draft->priority,
                .wanted_us = draft->wanted_us,
                .located = draft->ship_located,
                .latitude_e7 = draft->ship_latitude_e7,
                .longitude_e7 = draft->ship_longitude_e7,
                .sites = draft->sites,
                .site_count = draft->site_count,
                .site_stride = sizeof *draft->sites,
                .line_stride = sizeof *lines};
        ocore__sourcing_row row = {.order_id = order_id};
        int status;

        *out_kept = draft_wishes(draft);
        if (!*out_kept)
                return OCORE_OK;
        lines = ocore__arena_zero(work->arena, draft->line_count + 1, sizeof *lines);
        if (!lines)
                return OCORE_NOMEM;
        for (size_t i = 0; i < draft->line_count; i++) {
                const ocore_draft_line *line = &draft->lines[i];

                if (line_wishes(line))
                        lines[kept.line_count++] = (kept_line){(int64_t)i + 1, line->site,
                                line->lot, line->together, line->min_life_us};
        }
        kept.lines = lines;
        status = ocore__record_encode(work->arena, &wishes_record, &kept, &row.content);
        if (status)
                return status;
        ocore__insert(work, &ocore__sourcing_table, &row);
        return work->status;
}

int ocore__wishes_want(ocore__work *work, const ocore_order *order, ocore__group **out)
{
        *out = NULL;
        return order->wishes
                       ? ocore__want(work, &ocore__sourcing_table, ocore__cell_id(order->id), out)
                       : OCORE_OK;
}

static int refuse_wishes(ocore__work *work)
{
        return ocore__refuse(work, OCORE_CORRUPT, "order_id",
                "what its draft said of sourcing cannot be read; verify the store");
}

/* Bytes that a store returns are checked like what a caller gives. */
static int decode(ocore__work *work, ocore_str content, const kept_wishes **out)
{
        void *kept;
        int status = ocore__record_decode(work->arena, &wishes_record, content, &kept);

        if (!status) {
                ((kept_wishes *)kept)->struct_size = sizeof(kept_wishes);
                status = ocore__request_take(work, &wishes_record, kept, &kept);
        }
        if (status == OCORE_NOMEM)
                return status;
        if (status) {
                ocore__refusals_clear(work);
                return refuse_wishes(work);
        }
        *out = kept;
        return OCORE_OK;
}

/* The wishes by line; a part of a bundle has those of its bundle, which stands before it. */
static int spread_lines(ocore__work *work, const ocore__order_view *view, const kept_wishes *kept,
        ocore__line_wish *lines)
{
        for (size_t i = 0; i < kept->line_count; i++) {
                const kept_line *line = &kept->lines[i];

                if (line->line > (int64_t)view->line_count)
                        return refuse_wishes(work);
                lines[line->line - 1] = (ocore__line_wish){
                        line->site, line->lot, line->together, line->min_life_us};
        }
        for (size_t i = 0; i < view->line_count; i++) {
                const ocore_order_line *line = ocore__row(view->line_at[i]);

                if (line->parent)
                        lines[i] = lines[line->parent - 1];
        }
        return OCORE_OK;
}

int ocore__wishes_read(ocore__work *work, const ocore__order_view *view, const ocore__group *rows,
        ocore__order_wishes *out)
{
        const ocore__sourcing_row *row = rows ? ocore__only(rows) : NULL;
        ocore__line_wish *lines =
                ocore__arena_zero(work->arena, view->line_count + 1, sizeof *lines);
        const kept_wishes *kept = NULL;
        int status;

        *out = (ocore__order_wishes){.lines = lines};
        if (!lines)
                return OCORE_NOMEM;
        if (!rows)
                return OCORE_OK;
        if (!row)
                return refuse_wishes(work);
        status = decode(work, row->content, &kept);
        if (status)
                return status;
        out->order = (ocore__sourcing_wishes){.strategy = kept->strategy,
                .short_action = kept->short_action,
                .no_split = kept->no_split,
                .ship_complete = kept->ship_complete,
                .priority = kept->priority,
                .located = kept->located,
                .latitude_e7 = kept->latitude_e7,
                .longitude_e7 = kept->longitude_e7,
                .wanted_us = kept->wanted_us,
                .sites = kept->sites,
                .site_count = kept->site_count,
                .site_stride = kept->site_stride};
        return spread_lines(work, view, kept, lines);
}

int ocore__line_barred(const void *line_bar, ocore_str site)
{
        const ocore__line_bar *bar = line_bar;
        const ocore__source_site *at = ocore__source_site_find(bar->sourcing, site);

        if (!at || (bar->site.size && !ocore_str_equal(bar->site, site)))
                return 1;
        return at->barred == OCORE_SITE_CLOSED || at->barred == OCORE_SITE_SUPPLIER ||
               at->barred == OCORE_SITE_EXCLUDED;
}
