/*
 * The queue of a product: who waits for it, read past the unit by the index of the queue and then
 * as it is now, order by order. What changes an entry of it stands here once, for whoever serves.
 */
#include "queue_shelf.h"

#include "base/sort.h"

static int64_t sign(int64_t a, int64_t b)
{
        return (a > b) - (a < b);
}

/* Who is served before whom. */
static int service_order(const ocore_backorder *a, const ocore_backorder *b)
{
        int order = (int)sign(a->rank, b->rank);

        if (!order)
                order = (int)sign(a->since_us, b->since_us);
        if (!order)
                order = ocore__id_compare(a->order_id, b->order_id);
        return order ? order : (int)sign(a->line, b->line);
}

/* Rows of the queue of one kind. */
typedef struct stretch {
        const ocore_backorder **rows;
        size_t count;
} stretch;

static int keep_row(void *user_data, const void *row, int64_t revision)
{
        stretch *kept = user_data;

        (void)revision;
        if (kept->count == OCORE__QUEUE_PAGE)
                return OCORE_DONE;
        kept->rows[kept->count++] = row;
        return OCORE_OK;
}

/* The next rows of a kind behind the end of what was looked at. */
static int read_stretch(ocore__work *work, const ocore__queue *queue, int64_t kind, stretch *out)
{
        const ocore_backorder *end = &queue->end;
        const ocore_cell after[] = {ocore__cell_text(queue->sku), ocore__cell_number(kind),
                ocore__cell_number(end->rank), ocore__cell_number(end->since_us),
                ocore__cell_id(end->order_id), ocore__cell_number(end->line)};
        const ocore__scan scan = {.table = &ocore__backorder_table,
                .index = OCORE__BACKORDER_BY_KIND,
                .prefix = after,
                .prefix_count = 2,
                .after = end->line ? after : NULL,
                .after_count = 6,
                .limit = OCORE__QUEUE_PAGE};

        out->rows = ocore__arena_take(work->arena, OCORE__QUEUE_PAGE * sizeof *out->rows);
        return out->rows ? ocore__scan_rows(work->core, work->arena, &scan, 1, keep_row, out)
                         : OCORE_NOMEM;
}

/* The next page of those who can be served: what is made or sent for one order alone does not stand
 * in its way. */
static int name_page(ocore__work *work, ocore__queue *queue)
{
        stretch supply = {0}, preorder = {0};
        size_t i = 0, n = 0;
        int status = read_stretch(work, queue, OCORE_BACKORDER_SUPPLY, &supply);

        if (!status)
                status = read_stretch(work, queue, OCORE_BACKORDER_PREORDER, &preorder);
        while (!status && i + n < OCORE__QUEUE_PAGE && (i < supply.count || n < preorder.count)) {
                int second =
                        i == supply.count ||
                        (n < preorder.count && service_order(preorder.rows[n], supply.rows[i]) < 0);
                const ocore_backorder *row = second ? preorder.rows[n++] : supply.rows[i++];

                queue->end = *row;
                status = ocore__queue_shelve(work, queue->shelf, row->order_id);
        }
        queue->looked_at += i + n;
        queue->more = i + n == OCORE__QUEUE_PAGE;
        return status;
}

static int name_orders(ocore__work *work, ocore__queue *queue)
{
        int status = name_page(work, queue);

        if (!status)
                status = ocore__queue_shelve_unit(work, queue->shelf, queue->sku);
        if (!status && !ocore__id_is_none(queue->first))
                status = ocore__queue_shelve(work, queue->shelf, queue->first);
        return status;
}

int ocore__queue_want_behind(ocore__work *work, ocore_str sku, ocore_id first,
        const ocore_backorder *behind, ocore__queue *with, ocore__queue **out)
{
        const ocore_cell cell = ocore__cell_text(sku), all = ocore__cell_none();
        ocore__queue *queue = ocore__arena_zero(work->arena, 1, sizeof *queue);
        int status;

        *out = queue;
        if (!queue)
                return OCORE_NOMEM;
        queue->sku = sku;
        queue->first = first;
        queue->start = queue->end = *behind;
        queue->shelf = with ? with->shelf : ocore__queue_shelf_open(work);
        status = queue->shelf ? name_orders(work, queue) : OCORE_NOMEM;
        if (!status)
                status = ocore__consult_policy(work, &queue->policy);
        if (!status)
                status = ocore__consult(work, &ocore__site_table, all, &queue->sites);
        if (!status)
                status = ocore__consult(work, &ocore__channel_table, all, &queue->channels);
        if (!status)
                status = ocore__consult(
                        work, &ocore__channel_site_table, all, &queue->channel_sites);
        if (!status)
                status = ocore__consult(work, &ocore__product_table, cell, &queue->products);
        if (!status)
                status = ocore__want(work, &ocore__stock_table, cell, &queue->stock);
        return status ? status : ocore__want(work, &ocore__supply_table, cell, &queue->supplies);
}

int ocore__queue_want(
        ocore__work *work, ocore_str sku, ocore_id first, ocore__queue *with, ocore__queue **out)
{
        const ocore_backorder start = {.line = 0};

        return ocore__queue_want_behind(work, sku, first, &start, with, out);
}

/* What the entries of a queue are sorted by; `first` goes before all others. */
typedef struct place {
        ocore__queue_entry *entry;
        int behind_first;
} place;

static int by_service(const void *a, const void *b)
{
        const place *x = a, *y = b;
        const ocore_backorder *s = ocore__queue_row(x->entry), *t = ocore__queue_row(y->entry);
        int order = x->behind_first - y->behind_first;

        return order ? order : service_order(s, t);
}

static int sort_entries(ocore__work *work, ocore__queue *queue)
{
        place *places = ocore__arena_take(work->arena, (queue->entry_count + 1) * sizeof *places);
        const void **order =
                ocore__arena_take(work->arena, (queue->entry_count + 1) * sizeof *order);

        if (!places || !order)
                return OCORE_NOMEM;
        for (size_t i = 0; i < queue->entry_count; i++) {
                ocore_id id = queue->entries[i]->owner->id;

                places[i] = (place){
                        queue->entries[i], ocore__id_is_none(queue->first) ||
                                                   ocore__id_compare(id, queue->first) != 0};
                order[i] = &places[i];
        }
        ocore__sort(order, queue->entry_count, by_service);
        for (size_t i = 0; i < queue->entry_count; i++)
                queue->entries[i] = ((const place *)order[i])->entry;
        return OCORE_OK;
}

/* The product with its rules of stock, relied on. */
static int read_product(ocore__work *work, ocore__queue *queue)
{
        ocore__entry *entry = ocore__first(queue->products);
        ocore__group *rules;
        int status;

        queue->product = entry ? ocore__row(entry) : NULL;
        if (!queue->product)
                return ocore__refuse(work, OCORE_CORRUPT, "",
                        "the product \"%t\" is missing; verify the store", &queue->sku);
        ocore__rely(work, entry);
        ocore__rely(work, ocore__first(queue->policy));
        if (work->status || !(queue->product->related & OCORE_RELATED_RULES))
                return work->status;
        status = ocore__consult(
                work, &ocore__stock_rule_table, ocore__cell_text(queue->sku), &rules);
        queue->rules = rules;
        return status ? status : ocore__fetch(work);
}

/* 1 if others who are not looked at may come before an entry, so that it is not its turn yet, or if
 * its turn is over: it stands there because of the unit, or for what it was promised. */
static int is_outside(const ocore__queue *queue, const ocore_backorder *row)
{
        if (!ocore__id_is_none(queue->first) && !ocore__id_compare(row->order_id, queue->first))
                return 0;
        return (queue->more && service_order(row, &queue->end) > 0) ||
               (queue->start.line && service_order(row, &queue->start) <= 0);
}

/* The lines of this queue, those of each order one behind the other, and its orders by id. */
static int make_entries(ocore__work *work, ocore__queue *queue)
{
        const ocore__queue_shelf *shelf = queue->shelf;
        size_t count;
        const void **mentions = ocore__queue_shelf_lines(shelf, queue->sku, &count);
        ocore__queue_entry *entries = ocore__arena_zero(work->arena, count + 1, sizeof *entries);
        ocore__queue_order *order = NULL;

        queue->order_count = 0;
        queue->entries = ocore__arena_take(work->arena, (count + 1) * sizeof *queue->entries);
        queue->orders = ocore__arena_take(work->arena, (count + 1) * sizeof *queue->orders);
        if (!entries || !queue->entries || !queue->orders)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++) {
                const ocore__queue_mention *at = mentions[i];
                const ocore_backorder *row = ocore__row(at->entry);

                if (at->owner != order) {
                        order = at->owner;
                        order->entries = &entries[i];
                        order->entry_count = 0;
                        queue->orders[queue->order_count++] = order;
                }
                order->entry_count++;
                entries[i] = (ocore__queue_entry){.owner = order,
                        .backorder = at->entry,
                        .line = row->line,
                        .quantity = row->quantity,
                        .expected_us = row->expected_us,
                        .outside = is_outside(queue, row)};
                queue->entries[i] = &entries[i];
        }
        queue->entry_count = count;
        return OCORE_OK;
}

static int make_pegs(ocore__work *work, ocore__queue *queue)
{
        const ocore__queue_shelf *shelf = queue->shelf;
        size_t count;
        const void **mentions = ocore__queue_shelf_pegs(shelf, queue->sku, &count);

        queue->pegs = ocore__arena_take(work->arena, (count + 1) * sizeof *queue->pegs);
        if (!queue->pegs)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count; i++)
                queue->pegs[i] = ((const ocore__queue_mention *)mentions[i])->entry;
        queue->peg_count = count;
        return OCORE_OK;
}

int ocore__queue_entries(ocore__work *work, ocore__queue *queue)
{
        int status = ocore__queue_shelf_sort(work, queue->shelf);

        if (!status)
                status = make_entries(work, queue);
        if (!status)
                status = make_pegs(work, queue);
        if (!status && !queue->product)
                status = read_product(work, queue);
        return status ? status : sort_entries(work, queue);
}

int ocore__queue_next(ocore__work *work, ocore__queue *queue)
{
        int status = name_page(work, queue);

        if (!status)
                status = ocore__fetch(work);
        return status ? status : ocore__queue_entries(work, queue);
}

int ocore__queue_find_pegs(ocore__work *work, ocore__queue *queue,
        const ocore__queue_supply *const *supplies, size_t count)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < count && !status; i++)
                status =
                        ocore__queue_shelve_pegs(work, queue->shelf, supplies[i], OCORE__QUEUE_MAX);
        if (!status)
                status = ocore__fetch(work);
        return status ? status : ocore__queue_entries(work, queue);
}

/* 1 if an order is to be read now. */
static int is_new(const ocore__queue_order *order)
{
        return order->wanted && !order->read;
}

static int want_new(ocore__work *work, ocore__queue *queue)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < queue->order_count && !status; i++) {
                ocore__queue_order *order = queue->orders[i];

                if (!is_new(order))
                        continue;
                status = ocore__order_want(work, order->id, &order->order);
                if (!status)
                        status = ocore__backorder_want(work, order->id, &order->waiting);
        }
        return status ? status : ocore__fetch(work);
}

static int find_new(ocore__work *work, ocore__queue *queue, size_t *out_news)
{
        const ocore_order *row;
        int64_t next;
        int status = OCORE_OK;

        for (size_t i = 0; i < queue->order_count && !status; i++) {
                ocore__queue_order *order = queue->orders[i];

                if (!is_new(order))
                        continue;
                status = ocore__order_found(work, &order->order, &row);
                if (!status)
                        status = ocore__backorder_found(work, &order->order, &order->waiting);
                if (!status)
                        status = ocore__wishes_want(work, row, &order->wish_rows);
                if (status)
                        break;
                order->open = !ocore__order_step(row->state, OCORE_STEP_ALLOCATE, &next);
                *out_news += order->wish_rows || !order->open;
        }
        return status ? status : ocore__fetch(work);
}

int ocore__queue_open(ocore__work *work, ocore__queue *queue, size_t *out_news)
{
        int status = want_new(work, queue);

        *out_news = 0;
        if (!status)
                status = find_new(work, queue, out_news);
        for (size_t i = 0; i < queue->order_count && !status; i++) {
                ocore__queue_order *order = queue->orders[i];

                if (!is_new(order))
                        continue;
                order->read = 1;
                if (order->wish_rows)
                        status = ocore__wishes_read(
                                work, &order->order, order->wish_rows, &order->wishes);
        }
        return status;
}

int ocore__queue_read_wishes(ocore__work *work, ocore__queue *queue)
{
        size_t news;
        int status = OCORE_OK;

        for (size_t i = 0; i < queue->order_count && !status; i++) {
                ocore__queue_order *order = queue->orders[i];

                if (!order->read)
                        status = ocore__want(work, &ocore__order_table, ocore__cell_id(order->id),
                                &order->order.orders);
        }
        if (!status)
                status = ocore__fetch(work);
        for (size_t i = 0; i < queue->order_count && !status; i++) {
                const ocore_order *row = ocore__only(queue->orders[i]->order.orders);

                if (row && row->wishes)
                        queue->orders[i]->wanted = 1;
        }
        return status ? status : ocore__queue_open(work, queue, &news);
}

int ocore__queue_is_served(const ocore__queue *queue, const ocore_backorder *row, int64_t now_us)
{
        if (row->kind == OCORE_BACKORDER_PREORDER)
                return queue->product->release_us <= now_us;
        return row->kind == OCORE_BACKORDER_SUPPLY;
}

int ocore__queue_unpeg(ocore__work *work, ocore__queue_entry *entry)
{
        entry->owner->pegs_changed = 1;
        return ocore__queue_row(entry)
                       ? ocore__backorder_unpeg(work, &entry->owner->waiting, entry->backorder)
                       : OCORE_OK;
}

/* What bars an entry. */
typedef struct entry_bar {
        const ocore__queue *queue;
        const ocore__queue_entry *entry;
} entry_bar;

static int entry_barred(const void *user_data, ocore_str site)
{
        const entry_bar *bar = user_data;

        return ocore__queue_bars(bar->queue, bar->entry, site);
}

int ocore__queue_peg(ocore__work *work, const ocore__queue *queue, ocore__queue_entry *entry)
{
        ocore__backorder_view *waiting = &entry->owner->waiting;
        const entry_bar one = {queue, entry};
        const ocore__supply_bar bar = {entry_barred, &one};
        int status = OCORE_OK;

        entry->owner->pegs_changed = 1;
        if (!ocore__queue_row(entry))
                return OCORE_OK;
        waiting->bar = &bar;
        status = ocore__backorder_peg(work, waiting, entry->backorder, queue->supplies);
        waiting->bar = NULL;
        return status;
}

int ocore__queue_peg_from(
        ocore__work *work, ocore__queue_entry *entry, const ocore__promised *pieces, size_t count)
{
        entry->owner->pegs_changed = 1;
        return ocore__queue_row(entry) ? ocore__backorder_peg_from(work, &entry->owner->waiting,
                                                 entry->backorder, pieces, count)
                                       : OCORE_OK;
}

/* What an order is told of; its entries may stand anywhere in the queue. */
enum { TELL_FILLED = 1, TELL_MOVED = 2 };

int ocore__queue_tell(ocore__work *work, ocore__queue *queue)
{
        for (size_t i = 0; i < queue->order_count; i++)
                queue->orders[i]->wanted = 0;
        for (size_t i = 0; i < queue->entry_count; i++) {
                const ocore__queue_entry *entry = queue->entries[i];
                const ocore_backorder *row = ocore__queue_row(entry);

                if (entry->filled)
                        entry->owner->wanted |= TELL_FILLED;
                if (row && row->expected_us != entry->expected_us)
                        entry->owner->wanted |= TELL_MOVED;
        }
        for (size_t i = 0; i < queue->order_count; i++) {
                ocore__queue_order *order = queue->orders[i];

                if (order->wanted & TELL_FILLED)
                        ocore__order_touch(
                                work, &order->order, OCORE_EVENT_BACKORDER_FILLED, queue->sku);
                if (order->wanted & TELL_MOVED)
                        ocore__order_touch(
                                work, &order->order, OCORE_EVENT_PROMISE_CHANGED, queue->sku);
                if (!order->wanted && order->pegs_changed)
                        ocore__rely(work, ocore__first(order->order.orders));
        }
        return work->status;
}
