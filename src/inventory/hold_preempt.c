/*
 * Preemption: a hold that is more important gets what it lacks from open holds that are less, the
 * lowest and youngest first. The index of what is held of a product stands in this order, so that
 * no more of it is looked at than is needed.
 *
 * The index is read past the unit and only names candidates: each one is read again with its hold,
 * and decided by what is there then.
 */
#include "sourcing.h"

enum { LINES_MAX = 100 }; /* looked at for each product */

/* A product that is short, and how far its index was read. */
typedef struct shortage {
        const ocore__want_line *want;
        int64_t lacking;
        int64_t found; /* in the candidates of this round */
        size_t seen;
        int ended; /* there are no more lines, or none of a lower priority */
        ocore_cell after[5];
        struct candidate *first; /* of all rounds, as they give way */
        struct candidate **last;
} shortage;

typedef struct candidate {
        struct candidate *next; /* of its product */
        shortage *product;
        ocore_id hold_id;
        int64_t number;
        ocore__group *holds;
        ocore__group *lines;
        int reduced;
} candidate;

typedef struct preemption {
        ocore__work *work;
        int64_t priority;
        const ocore__sourcing *sourcing;
        const ocore__want_line *wants;
        size_t count;
        shortage *shortages;
        size_t shortage_count;
        candidate *candidates; /* of all rounds */
        size_t candidate_count;
        size_t room;
        shortage *scanned;
} preemption;

/* What is lacking of each product, lines together. */
static int find_shortages(preemption *self)
{
        int64_t *possible = ocore__arena_take(self->work->arena, self->count * sizeof *possible);
        int status = possible ? ocore__sourcing_possible(self->work, self->sourcing, self->wants,
                                        self->count, possible)
                              : OCORE_NOMEM;

        for (size_t i = 0; i < self->shortage_count; i++)
                self->shortages[i].lacking = 0;
        for (size_t i = 0; !status && i < self->count; i++)
                self->wants[i].stock->scratch = 0;
        for (size_t i = 0; !status && i < self->shortage_count; i++)
                self->shortages[i].want->stock->scratch = i + 1;
        for (size_t i = 0; !status && i < self->count; i++) {
                const ocore__want_line *want = &self->wants[i];
                int64_t lacking = want->quantity - possible[i];
                shortage *product;

                if (lacking <= 0)
                        continue;
                if (!want->stock->scratch) {
                        product = &self->shortages[self->shortage_count];
                        *product = (shortage){.want = want};
                        product->last = &product->first;
                        want->stock->scratch = ++self->shortage_count;
                }
                product = &self->shortages[want->stock->scratch - 1];
                if (ocore__add(product->lacking, lacking, &product->lacking))
                        product->lacking = INT64_MAX;
        }
        return status;
}

/* 1 if what is held there could be chosen for this want at all. */
static int is_usable(const preemption *self, const shortage *product, ocore_str site, ocore_str lot)
{
        const ocore__source_site *source = ocore__source_site_find(self->sourcing, site);

        if (!source || source->barred)
                return 0;
        for (ocore__entry *entry = ocore__first(product->want->stock); entry;
                entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (ocore_str_equal(row->site, site) && ocore_str_equal(row->lot, lot))
                        return ocore__lot_keeps(
                                row, self->work->now_us, product->want->keeps_until_us);
        }
        return 0;
}

static int candidate_found(void *user_data, const void *row, int64_t revision)
{
        preemption *self = user_data;
        shortage *product = self->scanned;
        const ocore_hold_line *line = row;

        (void)revision;
        if (line->priority >= self->priority) {
                product->ended = 1;
                return OCORE_DONE;
        }
        product->seen++;
        product->after[0] = ocore__cell_text(product->want->sku);
        product->after[1] = ocore__cell_number(line->priority);
        product->after[2] = ocore__cell_number(line->rank);
        product->after[3] = ocore__cell_id(line->hold_id);
        product->after[4] = ocore__cell_number(line->number);
        if (self->candidate_count < self->room && is_usable(self, product, line->site, line->lot)) {
                candidate *found = &self->candidates[self->candidate_count++];

                *found = (candidate){
                        .product = product, .hold_id = line->hold_id, .number = line->number};
                *product->last = found;
                product->last = &found->next;
                if (ocore__add(product->found, line->quantity, &product->found))
                        product->found = INT64_MAX;
        }
        return product->found >= product->lacking ? OCORE_DONE : OCORE_OK;
}

/* The next candidates for what is still lacking of one product. */
static int scan_product(preemption *self, shortage *product)
{
        const ocore_cell sku = ocore__cell_text(product->want->sku);
        const ocore__scan scan = {.table = &ocore__hold_line_table,
                .index = OCORE__HOLD_LINE_BY_HELD,
                .prefix = &sku,
                .prefix_count = 1,
                .after = product->seen ? product->after : NULL,
                .after_count = product->seen ? 5 : 0,
                .limit = (uint32_t)(LINES_MAX - product->seen)};
        size_t before = product->seen;
        int status;

        product->found = 0;
        if (product->ended || product->seen >= LINES_MAX)
                return OCORE_OK;
        self->scanned = product;
        status = ocore__scan_rows(
                self->work->core, self->work->arena, &scan, 0, candidate_found, self);
        if (product->seen == before)
                product->ended = 1;
        return status;
}

static int read_candidates(preemption *self, size_t first)
{
        int status = OCORE_OK;

        for (size_t i = first; i < self->candidate_count && !status; i++)
                status = ocore__hold_want(self->work, self->candidates[i].hold_id,
                        &self->candidates[i].holds, &self->candidates[i].lines);
        return status ? status : ocore__fetch(self->work);
}

static ocore__entry *line_of(const candidate *from)
{
        for (ocore__entry *entry = ocore__first(from->lines); entry; entry = ocore__next(entry)) {
                const ocore_hold_line *line = ocore__row(entry);

                if (line->number == from->number)
                        return ocore_str_equal(line->held_sku, from->product->want->sku) ? entry
                                                                                         : NULL;
        }
        return NULL;
}

/* How much can be had at a site, and what of more there the safety stock would swallow. */
static int64_t free_at(
        const preemption *self, const shortage *product, ocore_str site, int64_t *out_missing)
{
        const ocore__want_line *want = product->want;
        int64_t safety = ocore__stock_fence_of(want->rules, site, self->sourcing->channel).safety;
        int64_t there = ocore__stock_free(want->stock, NULL, site, self->sourcing->channel,
                self->work->now_us, want->keeps_until_us);

        *out_missing = there < safety ? safety - there : 0;
        return there < safety ? 0 : there - safety;
}

/* The line of a candidate as it is now, if it can give something; NULL: it cannot. */
static ocore__entry *giver(const preemption *self, const candidate *from)
{
        const ocore_hold *hold = ocore__only(from->holds);
        ocore__entry *entry =
                hold && hold->state == OCORE_HOLD_OPEN && hold->priority < self->priority
                        ? line_of(from)
                        : NULL;
        const ocore_hold_line *line = entry ? ocore__row(entry) : NULL;

        return line && is_usable(self, from->product, line->site, line->lot) ? entry : NULL;
}

/* What was sold there without being in the books is settled first by what is freed. */
static int64_t oversold_at(
        const preemption *self, const shortage *product, const ocore_hold_line *line)
{
        const ocore__entry *entry =
                ocore__stock_find(self->work, product->want->stock, line->site, line->lot);

        return entry ? ((const ocore_stock *)ocore__row(entry))->oversold : 0;
}

/* What the candidates from this one on could free at a site. */
static int64_t worth_of(const preemption *self, const candidate *from, ocore_str site)
{
        int64_t sum = 0;

        for (; from; from = from->next) {
                const ocore__entry *entry = giver(self, from);
                const ocore_hold_line *line = entry ? ocore__row(entry) : NULL;
                int64_t more;

                if (!line || !ocore_str_equal(line->site, site))
                        continue;
                more = line->quantity - oversold_at(self, from->product, line);
                if (more > 0 && ocore__add(sum, more, &sum))
                        return INT64_MAX;
        }
        return sum;
}

/* Frees what is still lacking, at most what the line holds. */
static int take_from(preemption *self, candidate *from, ocore__entry *entry)
{
        const ocore_hold_line *line = ocore__row(entry);
        shortage *product = from->product;
        ocore_str site = line->site;
        int64_t swallowed, missing, quantity = line->quantity;
        int64_t before = free_at(self, product, site, &swallowed);
        int status;

        if (ocore__add(swallowed, oversold_at(self, product, line), &swallowed))
                swallowed = INT64_MAX;
        if (quantity > swallowed && quantity - swallowed > product->lacking)
                quantity = swallowed + product->lacking;
        status = ocore__stock_shift(self->work,
                ocore__stock_entry(
                        self->work, product->want->stock, line->sku, site, line->lot, line->scale),
                OCORE_BUCKET_HELD, OCORE_BUCKET_AVAILABLE, quantity, from->hold_id, (ocore_str){0});
        if (status == OCORE_OUT_OF_STOCK || status == OCORE_OVERFLOW)
                return ocore__torn(self->work, "preempt",
                        "the balances do not hold what a hold says; verify the store");
        product->lacking -= free_at(self, product, site, &missing) - before;
        from->reduced = 1;
        return status ? status : ocore__hold_reduce(self->work, entry, quantity);
}

/*
 * The first who gives way, and behind it the next ones at its site until something there can be
 * had: what safety stock swallows is taken from nobody unless the site has more, and a site that
 * was begun with is gone through, so that it was not begun with in vain.
 */
static int take_at_site(preemption *self, candidate *first, ocore__entry *entry)
{
        shortage *product = first->product;
        const ocore_str site = ((const ocore_hold_line *)ocore__row(entry))->site;
        int64_t missing, lacking = product->lacking;
        int status = OCORE_OK;

        (void)free_at(self, product, site, &missing);
        if (worth_of(self, first, site) <= missing)
                return OCORE_OK;
        for (candidate *from = first; from && !status && product->lacking == lacking;
                from = from->next) {
                const ocore_hold_line *line;

                entry = giver(self, from);
                line = entry ? ocore__row(entry) : NULL;
                if (line && ocore_str_equal(line->site, site))
                        status = take_from(self, from, entry);
        }
        return status;
}

static int take_for(preemption *self, shortage *product)
{
        int status = OCORE_OK;

        for (candidate *from = product->first; from && !status && product->lacking > 0;
                from = from->next) {
                ocore__entry *entry = giver(self, from);

                if (entry)
                        status = take_at_site(self, from, entry);
        }
        return status;
}

/* Each hold that lost something says so once. */
static int tell_holders(preemption *self)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < self->candidate_count; i++)
                self->candidates[i].holds->scratch = 0;
        for (size_t i = 0; i < self->candidate_count && !status; i++) {
                const candidate *from = &self->candidates[i];

                if (!from->reduced || from->holds->scratch++)
                        continue;
                ocore__hold_event(self->work, ocore__first(from->holds), OCORE_EVENT_HOLD_REDUCED,
                        "preempted");
                status = ocore__hold_close_empty(self->work, ocore__first(from->holds), from->lines,
                        OCORE_HOLD_RELEASED, (ocore_id){{0}});
        }
        return status;
}

/* One round: the next candidates, and what they can free; *out_more: there were some. */
static int preempt_round(preemption *self, int *out_more)
{
        size_t first = self->candidate_count;
        int status = find_shortages(self);

        *out_more = 0;
        for (size_t i = 0; i < self->shortage_count && !status; i++)
                if (self->shortages[i].lacking)
                        status = scan_product(self, &self->shortages[i]);
        if (status || first == self->candidate_count)
                return status;
        *out_more = 1;
        status = read_candidates(self, first);
        for (size_t i = 0; i < self->shortage_count && !status; i++)
                status = take_for(self, &self->shortages[i]);
        return status;
}

int ocore__hold_preempt(ocore__work *work, int64_t priority, const ocore__sourcing *sourcing,
        const ocore__want_line *wants, size_t count)
{
        preemption self = {.work = work,
                .priority = priority,
                .sourcing = sourcing,
                .wants = wants,
                .count = count,
                .shortages = ocore__arena_zero(work->arena, count, sizeof(shortage)),
                .room = count * LINES_MAX};
        int more = 1, status = self.shortages ? find_shortages(&self) : OCORE_NOMEM;

        if (status || !self.shortage_count)
                return status;
        self.room = self.shortage_count * LINES_MAX;
        self.candidates = ocore__arena_zero(work->arena, self.room, sizeof(candidate));
        if (!self.candidates)
                return OCORE_NOMEM;
        while (more && !status)
                status = preempt_round(&self, &more);
        return status ? status : tell_holders(&self);
}
