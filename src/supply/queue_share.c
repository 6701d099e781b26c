/*
 * Sharing goods out among those who wait for them: by turn, then in the order of service, within
 * the fences that placing an order obeys: closed sites, safety stock, lots that do not keep, and
 * what an order or its channel says of sites. For receipts and promise runs alike.
 */
#include "queue.h"

#include <stddef.h>

/* A site with its pieces, one behind the other. */
typedef struct spot {
        const ocore_site *site;
        int64_t left; /* available there in lots that keep, not given away by this */
        size_t first; /* number of its first piece that has something left, from 1; 0: none */
        size_t last;
} spot;

typedef struct sharing {
        ocore__work *work;
        ocore__queue *queue;
        const ocore__queue_piece *pieces;
        size_t piece_count;
        int64_t keeps_us; /* lots must keep until then */
        spot *spots;
        size_t spot_count;
        size_t *next;  /* of each piece: number of the next one at its site */
        int64_t *left; /* of each piece */
        ocore__queue_gift *first_gift;
        ocore__queue_gift **last_gift;
} sharing;

static spot *spot_of(sharing *self, ocore_str site)
{
        for (size_t i = self->spot_count; i; i--) /* the last one is nearly always the one */
                if (ocore_str_equal(self->spots[i - 1].site->site, site))
                        return &self->spots[i - 1];
        return NULL;
}

static int64_t keeps_until(const ocore__work *work, int64_t min_life_us)
{
        int64_t until = 0;

        if (min_life_us > 0 && ocore__add(work->now_us, min_life_us, &until))
                until = INT64_MAX;
        return until;
}

/* Puts the pieces to their sites. What is not available after all or does not keep is none. */
static int place_pieces(sharing *self)
{
        const ocore__queue *queue = self->queue;
        const ocore__work *work = self->work;

        self->spot_count = 0;
        for (size_t i = 0; i < self->piece_count; i++) {
                const ocore__queue_piece *piece = &self->pieces[i];
                const ocore_stock *stock = ocore__row(piece->stock);
                spot *at = spot_of(self, stock->site);

                self->next[i] = 0;
                self->left[i] = 0;
                if (!ocore__lot_keeps(stock, work->now_us, self->keeps_us))
                        continue;
                if (!at) {
                        const ocore_site *site = ocore__site_find(queue->sites, stock->site);

                        if (!site)
                                continue;
                        at = &self->spots[self->spot_count++];
                        *at = (spot){.site = site};
                        at->left = ocore__stock_free(queue->stock, NULL, stock->site,
                                (ocore_str){0}, work->now_us, self->keeps_us);
                }
                self->left[i] =
                        piece->quantity < stock->available ? piece->quantity : stock->available;
                if (at->last)
                        self->next[at->last - 1] = i + 1;
                else
                        at->first = i + 1;
                at->last = i + 1;
        }
        return OCORE_OK;
}

static int make_room(sharing *self)
{
        ocore__arena *arena = self->work->arena;
        size_t room = self->piece_count + 1;

        self->spots = ocore__arena_zero(arena, room, sizeof *self->spots);
        self->next = ocore__arena_zero(arena, room, sizeof *self->next);
        self->left = ocore__arena_zero(arena, room, sizeof *self->left);
        self->keeps_us = keeps_until(self->work, self->queue->product->min_life_us);
        return self->spots && self->next && self->left ? OCORE_OK : OCORE_NOMEM;
}

/* What the line of an entry wishes; NULL: nothing is known of it. */
static const ocore__line_wish *wish_of(const ocore__queue_entry *entry)
{
        return entry->owner->wish_rows ? &entry->owner->wishes.lines[entry->line - 1] : NULL;
}

/* The rules of a channel: its own, else those of the empty one; NULL: there are none. */
static const ocore_channel *channel_of(const ocore__queue *queue, ocore_str channel)
{
        const ocore_channel *common = NULL;

        for (ocore__entry *at = ocore__first(queue->channels); at; at = ocore__next(at)) {
                const ocore_channel *row = ocore__row(at);

                if (ocore_str_equal(row->channel, channel))
                        return row;
                if (!row->channel.size)
                        common = row;
        }
        return common;
}

/* 1 if a channel excludes a site. */
static int channel_excludes(const ocore__queue *queue, ocore_str channel, ocore_str site)
{
        const ocore_channel *rules = channel_of(queue, channel);

        channel = rules ? rules->channel : (ocore_str){0};
        for (const ocore__entry *at = ocore__first(queue->channel_sites); at;
                at = ocore__next(at)) {
                const ocore_channel_site *row = ocore__row(at);

                if (row->excluded && ocore_str_equal(row->channel, channel) &&
                        ocore_str_equal(row->site, site))
                        return 1;
        }
        return 0;
}

/* 1 if nothing of a site may go to an entry. What the order says counts before its channel. */
static int is_barred(
        const ocore__queue *queue, const ocore__queue_entry *entry, const ocore_site *site)
{
        const ocore__line_wish *wish = wish_of(entry);
        const ocore__sourcing_wishes *order = &entry->owner->wishes.order;

        if (wish && wish->site.size && !ocore_str_equal(wish->site, site->site))
                return 1;
        for (size_t i = 0; wish && i < order->site_count; i++) {
                const ocore_site_wish *row = (const ocore_site_wish *)(const void
                                *)((const unsigned char *)order->sites + i * order->site_stride);

                if (ocore_str_equal(row->site, site->site))
                        return row->excluded != 0;
        }
        return channel_excludes(queue, ocore__queue_row(entry)->channel, site->site);
}

int ocore__queue_bars(const ocore__queue *queue, const ocore__queue_entry *entry, ocore_str code)
{
        const ocore_site *site = ocore__site_find(queue->sites, code);
        const size_t group = ocore__one_site_group(&entry->owner->bound, entry->line);
        const ocore_str only = group ? entry->owner->bound.site[group - 1] : (ocore_str){0};

        if (only.size && !ocore_str_equal(only, code))
                return 1;
        return !site || site->closed || site->supplier.size || is_barred(queue, entry, site);
}

/* 1 if a piece is of a lot that the entry may have. */
static int lot_fits(
        const sharing *self, const ocore__queue_entry *entry, const ocore__queue_piece *piece)
{
        const ocore__line_wish *wish = wish_of(entry);
        const ocore_stock *stock = ocore__row(piece->stock);

        return !wish || ((!wish->lot.size || ocore_str_equal(wish->lot, stock->lot)) &&
                                ocore__lot_keeps(stock, self->work->now_us,
                                        keeps_until(self->work, wish->min_life_us)));
}

static int add_gift(sharing *self, const ocore__queue_gift *like, ocore__entry *stock, int64_t part)
{
        ocore__queue_gift *gift = ocore__arena_take(self->work->arena, sizeof *gift);

        if (!gift)
                return OCORE_NOMEM;
        *gift = *like;
        gift->stock = stock;
        gift->quantity = part;
        *self->last_gift = gift;
        self->last_gift = &gift->next;
        gift->entry->given += part;
        gift->entry->owner->wanted = 1;
        return OCORE_OK;
}

/* Gives up to `most` from the pieces of a site, and takes that off what is missing. */
static int give(
        sharing *self, spot *at, const ocore__queue_gift *like, int64_t most, int64_t *missing)
{
        int status = OCORE_OK;

        while (at->first && self->left[at->first - 1] <= 0)
                at->first = self->next[at->first - 1];
        for (size_t n = at->first; n && most > 0 && !status; n = self->next[n - 1]) {
                const ocore__queue_piece *piece = &self->pieces[n - 1];
                int64_t part = self->left[n - 1] < most ? self->left[n - 1] : most;

                if (part <= 0 || !lot_fits(self, like->entry, piece))
                        continue;
                status = add_gift(self, like, piece->stock, part);
                self->left[n - 1] -= part;
                at->left -= part;
                most -= part;
                *missing -= part;
        }
        return status;
}

/* Where all of an entry's group comes from, as far as it is known; NULL: it has no group. */
static ocore_str *site_of_group(const ocore__queue_entry *entry)
{
        size_t group = ocore__one_site_group(&entry->owner->bound, entry->line);

        return group ? &entry->owner->tried[group - 1] : NULL;
}

/* What an entry may have of a site. `whole`: only all that it misses will do. */
static int give_from(sharing *self, spot *at, ocore__queue_gift *like, int whole, int64_t *missing)
{
        ocore_str *only = site_of_group(like->entry);
        int64_t before = *missing, most;
        int status;

        if (!at->first || (only && only->size && !ocore_str_equal(*only, at->site->site)) ||
                at->site->closed || at->site->supplier.size ||
                is_barred(self->queue, like->entry, at->site))
                return OCORE_OK;
        like->safety = ocore__stock_fence_of(
                self->queue->rules, at->site->site, ocore__queue_row(like->entry)->channel)
                               .safety;
        most = at->left - like->safety;
        if (whole && most < *missing)
                return OCORE_OK;
        status = give(self, at, like, most < *missing ? most : *missing, missing);
        if (only && *missing < before)
                *only = at->site->site;
        return status;
}

/* What an entry may have of each site. `own`: the goods were made for it, so that neither a closed
 * site nor the safety stock nor another site of its group keeps them from it: nobody else would
 * ever get them. What comes from one site that is still to be chosen comes from the first that has
 * all the entry misses, else from the first that has some. */
static int give_entry(sharing *self, ocore__queue_entry *entry, int own)
{
        const ocore_str *only = site_of_group(entry);
        int64_t missing = ocore__queue_row(entry)->quantity;
        int status = OCORE_OK;

        for (int whole = !own && only && !only->size; whole >= 0; whole--)
                for (size_t i = 0; i < self->spot_count && missing > 0 && !status; i++) {
                        ocore__queue_gift like = {.entry = entry};
                        spot *at = &self->spots[i];

                        if (!own)
                                status = give_from(self, at, &like, whole, &missing);
                        else if (at->first)
                                status = give(self, at, &like,
                                        at->left < missing ? at->left : missing, &missing);
                }
        return status;
}

/* A sharing that is tried begins with where the groups of its orders are. */
static void begin_groups(const ocore__queue *queue)
{
        for (size_t i = 0; i < queue->entry_count; i++) {
                const ocore__queue_entry *entry = queue->entries[i];
                size_t group = ocore__one_site_group(&entry->owner->bound, entry->line);

                if (group)
                        entry->owner->tried[group - 1] = entry->owner->bound.site[group - 1];
        }
}

/* Which lines of the orders that were read come from one site, and from which; *news counts those
 * of which nothing was known so far. */
static int know_groups(const sharing *self, size_t *news)
{
        const ocore__queue *queue = self->queue;
        int status = OCORE_OK;

        for (size_t i = 0; i < queue->order_count && !status; i++) {
                ocore__queue_order *owner = queue->orders[i];
                const ocore_channel *rules;
                const ocore_order *order;

                if (!owner->read || owner->bound_known)
                        continue;
                owner->bound_known = 1;
                order = ocore__only(owner->order.orders);
                rules = channel_of(queue, order->channel);
                status = ocore__one_site_make(self->work, &owner->order, owner->wishes.lines,
                        owner->wishes.order.no_split || (rules && rules->no_split), &owner->bound);
                if (status || !owner->bound.group_count)
                        continue;
                ocore__one_site_note_all(&owner->bound, queue->sites, &owner->order);
                owner->tried = ocore__arena_zero(
                        self->work->arena, owner->bound.group_count, sizeof *owner->tried);
                if (!owner->tried)
                        return OCORE_NOMEM;
                ++*news;
        }
        return status;
}

/* 1 if an entry may be served now: its goods are for all, or were made for it (`*out_own`). */
static int may_have(const sharing *self, const ocore__queue_entry *entry, int *out_own)
{
        const ocore__queue *queue = self->queue;
        const ocore_backorder *row = ocore__queue_row(entry);

        *out_own = row->kind == OCORE_BACKORDER_MAKE_TO_ORDER && !ocore__id_is_none(queue->first) &&
                   ocore__id_compare(entry->owner->id, queue->first) == 0;
        if (entry->turn < 0 || (entry->owner->read && !entry->owner->open))
                return 0;
        return *out_own || ocore__queue_is_served(queue, row, self->work->now_us);
}

static int share_out(sharing *self)
{
        const ocore__queue *queue = self->queue;
        int last_turn = 0, own;
        int status = place_pieces(self);

        self->first_gift = NULL;
        self->last_gift = &self->first_gift;
        begin_groups(queue);
        for (size_t i = 0; i < queue->entry_count; i++) {
                queue->entries[i]->given = 0;
                if (queue->entries[i]->turn > last_turn)
                        last_turn = queue->entries[i]->turn;
        }
        for (int turn = 0; turn <= last_turn; turn++) {
                for (size_t i = 0; i < queue->entry_count && !status; i++) {
                        ocore__queue_entry *entry = queue->entries[i];

                        if (entry->turn == turn && may_have(self, entry, &own))
                                status = give_entry(self, entry, own);
                }
        }
        return status;
}

/* Everybody who may be served is read, so that nothing about them is news any longer. */
static void want_all(const sharing *self)
{
        const ocore__queue *queue = self->queue;
        int own;

        for (size_t i = 0; i < queue->entry_count; i++)
                if (may_have(self, queue->entries[i], &own))
                        queue->entries[i]->owner->wanted = 1;
}

int ocore__queue_share(ocore__work *work, ocore__queue *queue, const ocore__queue_piece *pieces,
        size_t piece_count, ocore__queue_gift **out)
{
        sharing self = {.work = work, .queue = queue, .pieces = pieces, .piece_count = piece_count};
        size_t news = 1;
        int status = make_room(&self);

        /* Few orders have wishes. Where one that gets something turns out to have some, or to be
         * over, the goods are shared out again; the second time so with all that may be served. */
        for (size_t round = 0; news && !status; round++) {
                status = share_out(&self);
                if (round == 1)
                        want_all(&self);
                if (!status)
                        status = ocore__queue_open(work, queue, &news);
                if (!status)
                        status = know_groups(&self, &news);
        }
        *out = self.first_gift;
        return status;
}

/* Keeps the safety stock of a site: on its only row by a floor, over several by their revisions. */
static void guard(ocore__work *work, ocore__queue *queue, ocore__entry *stock, int64_t safety)
{
        const ocore_stock *taken = ocore__row(stock);
        size_t count = 0;

        if (queue->guarded.size && ocore_str_equal(queue->guarded, taken->site))
                return;
        for (ocore__entry *at = ocore__first(queue->stock); at; at = ocore__next(at))
                if (ocore_str_equal(((const ocore_stock *)ocore__row(at))->site, taken->site))
                        count++;
        if (count == 1) {
                ocore__floor(work, stock, offsetof(ocore_stock, available), safety);
                return;
        }
        queue->guarded = taken->site;
        for (ocore__entry *at = ocore__first(queue->stock); at; at = ocore__next(at))
                if (ocore_str_equal(((const ocore_stock *)ocore__row(at))->site, taken->site))
                        ocore__exact(work, at);
}

static int give_one(ocore__work *work, ocore__queue *queue, const ocore__queue_gift *gift)
{
        ocore__queue_entry *entry = gift->entry;
        ocore__queue_order *owner = entry->owner;
        int status = ocore__backorder_fill(work, &owner->waiting,
                ocore__order_line_entry(&owner->order, entry->line), gift->stock,
                OCORE_BUCKET_AVAILABLE, gift->quantity);

        if (status == OCORE_OUT_OF_STOCK || status == OCORE_OVERFLOW)
                return ocore__torn(work, "",
                        "the balances of \"%t\" cannot be right; verify the store", &queue->sku);
        if (!status && gift->safety)
                guard(work, queue, gift->stock, gift->safety);
        entry->filled += gift->quantity;
        if (!status)
                ocore__one_site_note(&owner->bound, queue->sites, entry->line,
                        ((const ocore_stock *)ocore__row(gift->stock))->site, gift->quantity);
        return status;
}

int ocore__queue_give(ocore__work *work, ocore__queue *queue, const ocore__queue_gift *gifts)
{
        int status = OCORE_OK;

        for (const ocore__queue_gift *gift = gifts; gift && !status; gift = gift->next)
                if (gift->entry->owner->open)
                        status = give_one(work, queue, gift);
        return status;
}
