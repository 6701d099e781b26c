/* What reallocating an order and picking short have in common: reading what the choice rests on,
 * asking for units of a line as its draft asked for them, and carrying the choice out. */
#include "allocate_anew.h"

int ocore__anew_consult(ocore__work *work, ocore__anew *anew)
{
        int status = ocore__sourcing_consult(work, &anew->catalog);

        return status ? status : ocore__consult_policy(work, &anew->policy);
}

int ocore__anew_begin(ocore__work *work, ocore__order_view *order, ocore__anew *anew)
{
        anew->order = order;
        anew->lines = ocore__arena_zero(work->arena, order->line_count + 1, sizeof *anew->lines);
        return anew->lines ? OCORE_OK : OCORE_NOMEM;
}

static const ocore_order_line *line_of(const ocore__anew *anew, size_t index)
{
        return ocore__row(anew->order->line_at[index]);
}

/* What every line needs: its product and balances, and the supplies it may have to wait for. */
static int want_lines(ocore__work *work, ocore__anew *anew)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < anew->order->line_count && !status; i++) {
                ocore__anew_line *line = &anew->lines[i];
                ocore__group *supplies;
                ocore_cell sku;

                if (!line->looked_at)
                        continue;
                sku = ocore__cell_text(line_of(anew, i)->sku);
                status = ocore__consult(work, &ocore__product_table, sku, &line->products);
                if (!status)
                        status = ocore__want(work, &ocore__stock_table, sku, &line->stock);
                if (!status)
                        status = ocore__want(work, &ocore__supply_table, sku, &supplies);
        }
        return status;
}

/* Stock rules are read only where the product says that there are any. */
static int want_rules(ocore__work *work, ocore__anew *anew)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < anew->order->line_count && !status; i++) {
                ocore__anew_line *line = &anew->lines[i];
                const ocore_product *product;

                if (!line->looked_at)
                        continue;
                ocore__rely(work, ocore__first(line->products));
                product = work->status ? NULL : ocore__only(line->products);
                if (!product)
                        return work->status;
                if (product->related & OCORE_RELATED_RULES)
                        status = ocore__consult(work, &ocore__stock_rule_table,
                                ocore__cell_text(product->sku), &line->rules);
        }
        return status;
}

/* The order's own wish to shun a site counts before all others. */
static int exclude(ocore__work *work, const ocore__anew *anew, ocore__sourcing_wishes *wishes)
{
        ocore_site_wish *sites =
                ocore__arena_take(work->arena, (wishes->site_count + 1) * sizeof *sites);
        size_t count = 0;

        if (!sites)
                return OCORE_NOMEM;
        for (size_t i = 0; i < wishes->site_count; i++)
                if (!ocore_str_equal(wishes->sites[i].site, anew->excluded))
                        sites[count++] = wishes->sites[i];
        sites[count++] = (ocore_site_wish){anew->excluded, 1};
        wishes->sites = sites;
        wishes->site_count = count;
        wishes->site_stride = sizeof *sites;
        return OCORE_OK;
}

static int resolve(ocore__work *work, ocore__anew *anew)
{
        const ocore_order *order = ocore__only(anew->order->orders);
        ocore__sourcing_wishes wishes;
        int status = ocore__wishes_read(work, anew->order, anew->wish_rows, &anew->wishes);

        wishes = anew->wishes.order;
        if (!status && anew->excluded.size)
                status = exclude(work, anew, &wishes);
        if (!status)
                status = ocore__sourcing_resolve(work, &anew->catalog, &wishes, order->channel,
                        order->ship_country, order->currency, &anew->sourcing);
        return status ? status
                      : ocore__one_site_make(work, anew->order, anew->wishes.lines,
                                anew->sourcing.no_split != 0, &anew->bound);
}

int ocore__anew_read(ocore__work *work, ocore__anew *anew)
{
        const ocore_order *order = ocore__only(anew->order->orders);
        int status = want_lines(work, anew);

        if (!status)
                status = ocore__backorder_want_for(work, anew->order, &anew->waits);
        if (!status)
                status = ocore__wishes_want(work, order, &anew->wish_rows);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = want_rules(work, anew);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = ocore__backorder_found(work, anew->order, &anew->waits);
        if (!status) {
                ocore__rely(work, ocore__first(anew->policy));
                status = work->status;
        }
        return status ? status : resolve(work, anew);
}

ocore__want_line ocore__anew_want(
        const ocore__work *work, const ocore__anew *anew, int64_t line, int64_t quantity)
{
        const ocore__anew_line *rows = &anew->lines[line - 1];
        const ocore__line_wish *wish = &anew->wishes.lines[line - 1];
        const ocore_product *product = ocore__only(rows->products);
        const ocore_order_line *row = line_of(anew, (size_t)line - 1);
        size_t group = ocore__one_site_group(&anew->bound, line);
        int64_t life_us = wish->min_life_us ? wish->min_life_us : product->min_life_us;
        ocore__want_line want = {.stock = rows->stock,
                .rules = rows->rules,
                .sku = row->sku,
                .scale = row->scale,
                .quantity = quantity,
                .site = wish->site,
                .lot = wish->lot,
                .together = wish->together,
                .weight_g = product->weight_g,
                .field = "order_id"};

        if (life_us && ocore__add(work->now_us, life_us, &want.keeps_until_us))
                want.keeps_until_us = INT64_MAX;
        if (!group || !anew->bound.site[group - 1].size)
                return want;
        if (want.site.size && !ocore_str_equal(want.site, anew->bound.site[group - 1]))
                want.quantity = 0;
        want.site = anew->bound.site[group - 1];
        return want;
}

int ocore__anew_take(
        ocore__work *work, ocore__anew *anew, int64_t line, const ocore__source_piece *piece)
{
        const ocore_order_line *row = line_of(anew, (size_t)line - 1);
        const ocore_stock *stock = ocore__row(piece->stock);
        int status;

        ocore__one_site_note(&anew->bound, anew->catalog.sites, line, stock->site, 1);
        if (!piece->quantity) {
                for (size_t i = 0; i < piece->kept_count; i++)
                        ocore__exact(work, piece->kept[i]);
                return work->status;
        }
        status = ocore__sourcing_take(work, piece, OCORE_BUCKET_ALLOCATED, row->order_id);
        return status ? status
                      : ocore__allocation_add(work, row, stock, piece->reason, piece->quantity);
}

int ocore__anew_wait(ocore__work *work, ocore__anew *anew, int64_t line, int64_t quantity)
{
        const ocore_order *order = ocore__only(anew->order->orders);
        const ocore_backorder like = {.kind = OCORE_BACKORDER_SUPPLY,
                .rank = -anew->sourcing.priority,
                .since_us = order->placed_us,
                .wanted_us = anew->wishes.order.wanted_us,
                .channel = order->channel};
        const size_t group = ocore__one_site_group(&anew->bound, line);
        const ocore_str wish = anew->wishes.lines[line - 1].site;
        const ocore__line_bar line_bar = {
                &anew->sourcing, wish.size || !group ? wish : anew->bound.site[group - 1]};
        const ocore__supply_bar bar = {ocore__line_barred, &line_bar};
        int status;

        anew->waits.bar = &bar;
        status = ocore__backorder_add(
                work, &anew->waits, anew->order->line_at[line - 1], &like, quantity);
        anew->waits.bar = NULL;
        return status;
}
