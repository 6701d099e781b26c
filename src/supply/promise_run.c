/*
 * promise.run: the queue of a product is served with what is there, and all that its orders are
 * promised is planned anew by the strategy of each. Only orders for which something changes are
 * read whole, changed and told.
 */
#include "promise_plan.h"
#include "queue.h"

#include "base/sort.h"
#include "engine/procedure.h"

static const ocore_choice strategies[] = {
        {"win", OCORE_PROMISE_WIN},
        {"gain", OCORE_PROMISE_GAIN},
        {"improve", OCORE_PROMISE_IMPROVE},
        {"redistribute", OCORE_PROMISE_REDISTRIBUTE},
        {"fill", OCORE_PROMISE_FILL},
        {"lose", OCORE_PROMISE_LOSE},
        {NULL, 0},
};
static const ocore_field class_fields[] = {
        OCORE__FIELD_OF(ocore_promise_class, strategy, CHOICE, OCORE_FIELD_REQUIRED, strategies,
                "what may become of these orders"),
        OCORE__FIELD(ocore_promise_class, priority_min, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "of at least this priority"),
        OCORE__FIELD(ocore_promise_class, priority_max, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "and at most this; default any"),
        OCORE__FIELD_CODE(ocore_promise_class, channel, 0, "only of this channel; default any"),
};
static const ocore_record class_record =
        OCORE__RECORD("promise_class", ocore_promise_class, class_fields, 0);
static const ocore_field request_fields[] = {
        OCORE__FIELD_KEY(ocore_promise_run_request),
        OCORE__FIELD_CODE(ocore_promise_run_request, sku, OCORE_FIELD_REQUIRED, "which queue"),
        OCORE__FIELD(ocore_promise_run_request, simulate, BOOLEAN, 0,
                "answer what would happen, change nothing"),
        OCORE__FIELD_OF(ocore_promise_run_request, classes, ITEMS, 0, &class_record,
                "which orders get which strategy; the first that fits counts; none: all are "
                "redistributed"),
        OCORE__FIELD(ocore_promise_run_request, after_rank, INTEGER, 0,
                "go on behind this place of the queue: the last run's next_rank"),
        OCORE__FIELD(ocore_promise_run_request, after_since_us, TIME, 0, "its next_since_us"),
        OCORE__FIELD(ocore_promise_run_request, after_order, ID, 0, "its next_order"),
        OCORE__FIELD(ocore_promise_run_request, after_line, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "its next_line; default from the start"),
};
const ocore_record ocore__promise_run_request =
        OCORE__RECORD("promise_run", ocore_promise_run_request, request_fields, 0);

static const ocore_field change_fields[] = {
        OCORE__FIELD(ocore_promise_change, order_id, ID, 0, "which order"),
        OCORE__FIELD(ocore_promise_change, line, INTEGER, 0, "which of its lines"),
        OCORE__FIELD_OF(ocore_promise_change, strategy, CHOICE, 0, strategies, "by which strategy"),
        OCORE__FIELD(ocore_promise_change, filled, UNITS, 0, "units it got from what is there"),
        OCORE__FIELD(ocore_promise_change, before_us, TIME, OCORE_FIELD_NULLABLE,
                "when all was expected"),
        OCORE__FIELD(
                ocore_promise_change, after_us, TIME, OCORE_FIELD_NULLABLE, "when all is expected"),
};
static const ocore_record change_record =
        OCORE__RECORD("promise_change", ocore_promise_change, change_fields, 0);
static const ocore_field run_fields[] = {
        OCORE__FIELD(ocore_promise_run, sku, TEXT, 0, "which queue"),
        OCORE__FIELD(
                ocore_promise_run, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_promise_run, looked_at, INTEGER, 0, "backorders looked at"),
        OCORE__FIELD(ocore_promise_run, filled, UNITS, 0, "units that went to orders"),
        OCORE__FIELD_OF(ocore_promise_run, changes, ROWS, 0, &change_record,
                "each backorder that became better or worse"),
        OCORE__FIELD(ocore_promise_run, more, BOOLEAN, 0, "others may wait behind the last one"),
        OCORE__FIELD(ocore_promise_run, next_rank, INTEGER, 0, "of the last one: its rank"),
        OCORE__FIELD(ocore_promise_run, next_since_us, TIME, OCORE_FIELD_NULLABLE, "its time"),
        OCORE__FIELD(ocore_promise_run, next_order, ID, OCORE_FIELD_NULLABLE, "its order"),
        OCORE__FIELD(ocore_promise_run, next_line, INTEGER, 0, "its line"),
};
const ocore_record ocore__promise_run_record =
        OCORE__RECORD("promise_result", ocore_promise_run, run_fields, 0);

enum { CLASSES_MAX = 32 };

/* A supply that may be promised to anyone, and its place in the plan. */
typedef struct dated {
        ocore__entry *supply;
        size_t place;
} dated;

/* What an entry of the queue had and gets, at the entry's own place. */
typedef struct run {
        ocore__work *work;
        const ocore_promise_run_request *request;
        ocore__queue *queue;
        const void **by_date; /* of dated */
        const void **by_key;
        size_t supply_count;
        int64_t *pools;
        ocore__plan_demand *demands;
        size_t *planned; /* the entry of each demand */
        size_t demand_count;
        ocore__queue_gift *gifts;
} run;

static int check_classes(ocore__work *work, const ocore_promise_run_request *request)
{
        if (request->class_count > CLASSES_MAX)
                return ocore__refuse(
                        work, OCORE_LIMIT, "classes", "at most 32 classes are allowed; join some");
        for (size_t i = 0; i < request->class_count; i++) {
                const ocore_promise_class *one = &request->classes[i];

                if (one->priority_max && one->priority_max < one->priority_min)
                        return ocore__refuse(work, OCORE_INVALID,
                                ocore__at(work, "classes", i, "priority_max"),
                                "%d is below priority_min, so that no order fits; give 0 or at "
                                "least %d",
                                &one->priority_max, &one->priority_min);
        }
        return OCORE_OK;
}

/* The rank of a backorder is minus its priority. */
static int64_t strategy_of(const ocore_promise_run_request *request, const ocore_backorder *row)
{
        for (size_t i = 0; i < request->class_count; i++) {
                const ocore_promise_class *one = &request->classes[i];

                if (row->rank <= -one->priority_min &&
                        (!one->priority_max || row->rank >= -one->priority_max) &&
                        (!one->channel.size || ocore_str_equal(one->channel, row->channel)))
                        return one->strategy;
        }
        return request->class_count ? 0 : OCORE_PROMISE_REDISTRIBUTE;
}

/* What is made or sent for one order alone is not planned: it has nothing that others could get. */
static int is_planned(const ocore_backorder *row)
{
        return row->kind == OCORE_BACKORDER_SUPPLY || row->kind == OCORE_BACKORDER_PREORDER;
}

static int make_demands(run *self)
{
        static const int turns[] = {[0] = -1,
                [OCORE_PROMISE_WIN] = 0,
                [OCORE_PROMISE_IMPROVE] = 1,
                [OCORE_PROMISE_GAIN] = 2,
                [OCORE_PROMISE_REDISTRIBUTE] = 3,
                [OCORE_PROMISE_FILL] = -1,
                [OCORE_PROMISE_LOSE] = -1};
        ocore__queue *queue = self->queue;
        ocore__arena *arena = self->work->arena;

        self->demands = ocore__arena_zero(arena, queue->entry_count + 1, sizeof *self->demands);
        self->planned = ocore__arena_zero(arena, queue->entry_count + 1, sizeof *self->planned);
        if (!self->demands || !self->planned)
                return OCORE_NOMEM;
        for (size_t i = 0; i < queue->entry_count; i++) {
                ocore__queue_entry *entry = queue->entries[i];
                const ocore_backorder *row = ocore__queue_row(entry);
                int64_t strategy = strategy_of(self->request, row);

                entry->turn = is_planned(row) && !entry->outside ? turns[strategy] : -1;
                if (!is_planned(row) || entry->outside)
                        continue;
                entry->place = self->demand_count + 1;
                self->planned[self->demand_count] = i;
                self->demands[self->demand_count++].strategy = strategy;
        }
        return OCORE_OK;
}

static int date_order(const void *a, const void *b)
{
        const ocore_supply *x = ocore__row(((const dated *)a)->supply);
        const ocore_supply *y = ocore__row(((const dated *)b)->supply);

        if (x->due_us != y->due_us)
                return x->due_us < y->due_us ? -1 : 1;
        return ocore__row_compare(&ocore__supply_table, x, y);
}

static int key_order(const void *a, const void *b)
{
        const ocore_supply *x = ocore__row(((const dated *)a)->supply);
        const ocore_supply *y = ocore__row(((const dated *)b)->supply);

        return ocore__row_compare(&ocore__supply_table, x, y);
}

/* The supplies that may be promised, with what nobody is promised of them: goods at a closed site
 * would be given to nobody. */
static int make_supplies(run *self)
{
        ocore__arena *arena = self->work->arena;
        size_t room = ocore__count(self->queue->supplies) + 1;
        dated *supplies = ocore__arena_zero(arena, room, sizeof *supplies);

        self->by_date = ocore__arena_zero(arena, room, sizeof *self->by_date);
        self->by_key = ocore__arena_zero(arena, room, sizeof *self->by_key);
        self->pools = ocore__arena_zero(arena, room, sizeof *self->pools);
        if (!supplies || !self->by_date || !self->by_key || !self->pools)
                return OCORE_NOMEM;
        for (ocore__entry *at = ocore__first(self->queue->supplies); at; at = ocore__next(at)) {
                const ocore_supply *row = ocore__row(at);
                const ocore_site *site = ocore__site_find(self->queue->sites, row->site);

                if (!row->due_us || !ocore__id_is_none(row->order_id) || !site || site->closed ||
                        site->supplier.size)
                        continue;
                supplies[self->supply_count].supply = at;
                self->by_date[self->supply_count] = &supplies[self->supply_count];
                self->by_key[self->supply_count] = &supplies[self->supply_count];
                self->supply_count++;
        }
        ocore__sort(self->by_date, self->supply_count, date_order);
        ocore__sort(self->by_key, self->supply_count, key_order);
        for (size_t i = 0; i < self->supply_count; i++) {
                dated *one = (dated *)self->by_date[i];

                one->place = i;
                self->pools[i] = ((const ocore_supply *)ocore__row(one->supply))->unpromised;
        }
        return OCORE_OK;
}

/* The supply of a peg; NULL: it is none that may be promised. */
static const dated *supply_of(const run *self, const ocore__peg *peg)
{
        const ocore_supply key = {
                .sku = peg->sku, .source_id = peg->source_id, .number = peg->number};
        size_t low = 0, high = self->supply_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const dated *one = self->by_key[middle];
                int order = ocore__row_compare(&ocore__supply_table, ocore__row(one->supply), &key);

                if (!order)
                        return one;
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

static int piece_by_supply(const void *a, const void *b)
{
        const ocore__plan_piece *x = a, *y = b;

        return (x->supply > y->supply) - (x->supply < y->supply);
}

static int refuse_promises(const run *self)
{
        return ocore__torn(self->work, "",
                "what orders are promised of \"%t\" cannot be right; verify the store",
                &self->queue->sku);
}

/* What an entry was promised, by the date of the supplies; `*peg` is its first, then the next
 * line's. */
static int take_pegs(run *self, const ocore__queue_entry *entry, ocore__entry **peg)
{
        ocore__arena *arena = self->work->arena;
        ocore__plan_demand *demand = &self->demands[entry->place - 1];
        int64_t most = ocore__queue_row(entry)->quantity;
        size_t count = 0, room = 0;
        const void **order;

        for (ocore__entry *at = *peg; at; at = ocore__next(at), room++)
                if (((const ocore__peg *)ocore__row(at))->line != entry->line)
                        break;
        order = ocore__arena_zero(arena, room + 1, sizeof *order);
        if (!order)
                return OCORE_NOMEM;
        for (; room > 0; room--, *peg = ocore__next(*peg)) {
                const ocore__peg *row = ocore__row(*peg);
                const dated *from = supply_of(self, row);
                ocore__plan_piece *piece;

                if (row->quantity <= 0 || row->quantity > most)
                        return refuse_promises(self);
                most -= row->quantity;
                if (from && ocore__add(self->pools[from->place], row->quantity,
                                    &self->pools[from->place]))
                        return refuse_promises(self);
                if (!from || (demand->barred && demand->barred[from->place])) {
                        demand->lost += row->quantity;
                        continue;
                }
                piece = ocore__arena_zero(arena, 1, sizeof *piece);
                if (!piece)
                        return OCORE_NOMEM;
                piece->supply = from->place;
                piece->quantity = row->quantity;
                order[count++] = piece;
        }
        ocore__sort(order, count, piece_by_supply);
        for (size_t i = 0; i + 1 < count; i++)
                ((ocore__plan_piece *)order[i])->next = (ocore__plan_piece *)order[i + 1];
        demand->had = count ? order[0] : NULL;
        return OCORE_OK;
}

/* Which supplies come to a site that may not give to an entry; NULL: none. */
static int find_barred(run *self, const ocore__queue_entry *entry, const uint8_t **out)
{
        uint8_t *barred = NULL;
        ocore_str site = {0};
        int last = 0;

        *out = NULL;
        for (size_t i = 0; i < self->supply_count; i++) {
                const ocore_supply *row = ocore__row(((const dated *)self->by_date[i])->supply);

                if (!i || !ocore_str_equal(row->site, site))
                        last = ocore__queue_bars(self->queue, entry, row->site);
                site = row->site;
                if (last && !barred)
                        barred = ocore__arena_zero(self->work->arena, self->supply_count, 1);
                if (last && !barred)
                        return OCORE_NOMEM;
                if (last)
                        barred[i] = 1;
        }
        *out = barred;
        return OCORE_OK;
}

/* An order's pegs and its entries both stand in the order of lines. */
static int take_all_pegs(run *self)
{
        const ocore__queue *queue = self->queue;
        int status = OCORE_OK;

        for (size_t i = 0; i < queue->order_count && !status; i++) {
                const ocore__queue_order *order = queue->orders[i];
                ocore__entry *peg = ocore__first(order->pegs);

                for (size_t n = 0; n < order->entry_count && !status; n++) {
                        const ocore__queue_entry *entry = &order->entries[n];

                        while (peg && ((const ocore__peg *)ocore__row(peg))->line < entry->line)
                                peg = ocore__next(peg);
                        if (!entry->place)
                                continue;
                        status = find_barred(self, entry, &self->demands[entry->place - 1].barred);
                        if (!status)
                                status = take_pegs(self, entry, &peg);
                }
        }
        return status;
}

static const ocore__queue_entry *entry_of(const run *self, size_t demand)
{
        return self->queue->entries[self->planned[demand]];
}

static int same_pieces(const ocore__plan_piece *a, const ocore__plan_piece *b)
{
        for (; a && b; a = a->next, b = b->next)
                if (a->supply != b->supply || a->quantity != b->quantity)
                        return 0;
        return !a && !b;
}

/* When all of what is then missing is expected, as the order's own rows will say. */
static int64_t expected_after(const run *self, size_t demand)
{
        const ocore__plan_demand *one = &self->demands[demand];
        const ocore_backorder *row = ocore__queue_row(entry_of(self, demand));
        int64_t left = one->quantity, last_us = 0;

        for (const ocore__plan_piece *piece = one->gets; piece; piece = piece->next) {
                const dated *from = self->by_date[piece->supply];

                left -= piece->quantity;
                last_us = ((const ocore_supply *)ocore__row(from->supply))->due_us;
        }
        if (left || !one->quantity)
                return 0;
        return row->kind == OCORE_BACKORDER_PREORDER && row->wanted_us > last_us ? row->wanted_us
                                                                                 : last_us;
}

/* A date that does not follow from the promises is mended, whatever became of them. */
static int is_changed(const run *self, size_t demand)
{
        const ocore__plan_demand *one = &self->demands[demand];
        const ocore__queue_entry *entry = entry_of(self, demand);

        return entry->given || one->lost || !same_pieces(one->had, one->gets) ||
               entry->expected_us != expected_after(self, demand);
}

/* The answer, before anything is changed: a simulation tells the same. */
static int make_answer(const run *self, const void **answer)
{
        ocore__arena *arena = self->work->arena;
        ocore_promise_run *out = ocore__arena_zero(arena, 1, sizeof *out);
        const ocore_promise_change **changes =
                ocore__arena_zero(arena, self->demand_count + 1, sizeof(void *));

        if (!out || !changes)
                return OCORE_NOMEM;
        *out = (ocore_promise_run){.sku = self->queue->sku,
                .scale = self->queue->product->scale,
                .looked_at = (int64_t)self->demand_count,
                .changes = changes,
                .more = self->queue->more,
                .next_rank = self->queue->end.rank,
                .next_since_us = self->queue->end.since_us,
                .next_order = self->queue->end.order_id,
                .next_line = self->queue->end.line};
        for (size_t i = 0; i < self->demand_count; i++) {
                const ocore__queue_entry *entry = entry_of(self, i);
                ocore_promise_change *change;

                if (!is_changed(self, i))
                        continue;
                change = ocore__arena_zero(arena, 1, sizeof *change);
                if (!change)
                        return OCORE_NOMEM;
                *change = (ocore_promise_change){entry->owner->id, entry->line,
                        self->demands[i].strategy, entry->given, entry->expected_us,
                        expected_after(self, i)};
                if (ocore__add(out->filled, entry->given, &out->filled))
                        return ocore__refuse(self->work, OCORE_OVERFLOW, "sku",
                                "more is given to orders than fits 64 bits");
                changes[out->change_count++] = change;
        }
        *answer = out;
        return OCORE_OK;
}

static int promised_by_key(const void *a, const void *b)
{
        return ocore__row_compare(&ocore__supply_table,
                ocore__row(((const ocore__promised *)a)->supply),
                ocore__row(((const ocore__promised *)b)->supply));
}

static int peg_demand(const run *self, size_t demand)
{
        ocore__arena *arena = self->work->arena;
        ocore__promised *pieces, *sorted;
        const void **order;
        size_t count = 0;

        for (const ocore__plan_piece *at = self->demands[demand].gets; at; at = at->next)
                count++;
        pieces = ocore__arena_zero(arena, count + 1, sizeof *pieces);
        sorted = ocore__arena_zero(arena, count + 1, sizeof *sorted);
        order = ocore__arena_zero(arena, count + 1, sizeof *order);
        if (!pieces || !sorted || !order)
                return OCORE_NOMEM;
        count = 0;
        for (const ocore__plan_piece *at = self->demands[demand].gets; at; at = at->next) {
                const dated *from = self->by_date[at->supply];

                pieces[count] = (ocore__promised){from->supply, at->quantity};
                order[count] = &pieces[count];
                count++;
        }
        ocore__sort(order, count, promised_by_key);
        for (size_t i = 0; i < count; i++)
                sorted[i] = *(const ocore__promised *)order[i];
        return ocore__queue_peg_from(
                self->work, self->queue->entries[self->planned[demand]], sorted, count);
}

/* All that changes is given back first, so that what one gets another has let go. */
static int carry_out(run *self)
{
        ocore__work *work = self->work;
        ocore__queue *queue = self->queue;
        size_t news;
        int status;

        for (size_t i = 0; i < self->demand_count; i++)
                if (is_changed(self, i))
                        entry_of(self, i)->owner->wanted = 1;
        status = ocore__queue_open(work, queue, &news);
        for (size_t i = 0; i < self->demand_count && !status; i++)
                if (is_changed(self, i) && entry_of(self, i)->owner->open)
                        status = ocore__queue_unpeg(work, queue->entries[self->planned[i]]);
        if (!status)
                status = ocore__queue_give(work, queue, self->gifts);
        for (size_t i = 0; i < self->demand_count && !status; i++)
                if (is_changed(self, i) && entry_of(self, i)->owner->open)
                        status = peg_demand(self, i);
        ocore__event(work, work->id, 1, OCORE_EVENT_PROMISE_CHANGED, queue->sku);
        return status ? status : ocore__queue_tell(work, queue);
}

static int plan_run(run *self)
{
        ocore__queue_piece *pieces = NULL;
        size_t piece_count = 0;
        int status = make_demands(self);

        if (!status)
                status = ocore__queue_read_wishes(self->work, self->queue);
        if (!status)
                status = ocore__queue_pieces(self->work, self->queue, &pieces, &piece_count);
        if (!status)
                status = ocore__queue_share(
                        self->work, self->queue, pieces, piece_count, &self->gifts);
        if (!status)
                status = make_supplies(self);
        if (!status)
                status = take_all_pegs(self);
        if (status)
                return status;
        for (size_t i = 0; i < self->demand_count; i++) {
                const ocore__queue_entry *entry = entry_of(self, i);

                self->demands[i].quantity = ocore__queue_row(entry)->quantity - entry->given;
        }
        return ocore__promise_plan(self->work->arena, self->pools, self->supply_count,
                self->demands, self->demand_count);
}

static int promise_run(ocore__work *work, const void *args, const void **answer)
{
        run self = {.work = work, .request = args};
        const ocore_backorder behind = {.rank = self.request->after_rank,
                .since_us = self.request->after_since_us,
                .order_id = self.request->after_order,
                .line = self.request->after_line};
        int status = ocore__queue_want_behind(
                work, self.request->sku, (ocore_id){{0}}, &behind, NULL, &self.queue);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__first(self.queue->products))
                return ocore__refuse(work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"",
                        &self.request->sku);
        status = check_classes(work, self.request);
        if (!status)
                status = ocore__queue_entries(work, self.queue);
        if (!status)
                status = plan_run(&self);
        if (!status)
                status = make_answer(&self, answer);
        if (status)
                return status;
        work->simulated = self.request->simulate != 0;
        return work->simulated ? OCORE_OK : carry_out(&self);
}

const ocore__procedure ocore__promise_run = {
        &ocore__promise_run_request, &ocore__promise_run_record, promise_run, OCORE__COMMAND};
OCORE__PUBLIC(
        ocore_promise_run_queue, ocore_promise_run_request, ocore_promise_run, ocore__promise_run)
