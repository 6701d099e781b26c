/* The history of a product's stock: its moves by time, page by page. The store keeps them by lot
 * and time, so those of several lots are merged. */
#include "inventory.h"

#include "base/sort.h"
#include "engine/procedure.h"

#include <string.h>

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 10000, CHUNK_MIN = 16, CHUNK_MAX = 512 };

static const ocore_field request_fields[] = {
        OCORE__FIELD_CODE(ocore_stock_history_request, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD_CODE(ocore_stock_history_request, site, 0, "only at this site; default: all"),
        OCORE__FIELD_CODE(ocore_stock_history_request, lot, 0, "only of this lot; default: of all"),
        OCORE__FIELD(ocore_stock_history_request, from_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "not before; default: from the start"),
        OCORE__FIELD(ocore_stock_history_request, until_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "before; default: to the end"),
        OCORE__FIELD(ocore_stock_history_request, after_command, ID, 0,
                "start behind this move: the last page's next_command"),
        OCORE__FIELD(ocore_stock_history_request, after_number, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "and its next_number"),
        OCORE__FIELD(ocore_stock_history_request, limit, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "most moves, 1 to 10000; default 100"),
};
const ocore_record ocore__stock_history_request =
        OCORE__RECORD("stock_history_request", ocore_stock_history_request, request_fields, 0);

static const ocore_field history_fields[] = {
        OCORE__FIELD_OF(ocore_stock_history, moves, ROWS, 0, &ocore__stock_move_record,
                "by time, command and number"),
        OCORE__FIELD(ocore_stock_history, next_command, ID, 0,
                "for the next page's after_command; none: no more"),
        OCORE__FIELD(ocore_stock_history, next_number, INTEGER, 0, "for its after_number"),
};
const ocore_record ocore__stock_history_record =
        OCORE__RECORD("stock_history", ocore_stock_history, history_fields, 0);

/* Where a move stands among all moves of a product. */
typedef struct move_place {
        int64_t at_us;
        ocore_id command_id;
        int64_t number;
} move_place;

static int place_compare(const move_place *a, const move_place *b)
{
        int order;

        if (a->at_us != b->at_us)
                return a->at_us < b->at_us ? -1 : 1;
        order = ocore__id_compare(a->command_id, b->command_id);
        if (order)
                return order;
        return a->number < b->number ? -1 : a->number > b->number;
}

static move_place place_of(const ocore_stock_move *move)
{
        return (move_place){move->at_us, move->command_id, move->number};
}

/* The moves of one lot, read some at a time. */
typedef struct lot_moves {
        ocore_str lot;
        const ocore_stock_move **moves;
        size_t room, count, at;
        size_t read;       /* rows of the last reading, wanted or not */
        size_t chunk;      /* how many the next one reads; twice as many each time */
        move_place behind; /* where it goes on */
        int ended;
} lot_moves;

typedef struct history {
        ocore__work *work;
        const ocore_stock_history_request *request;
        lot_moves **heap; /* of lots with moves left, the one with the earliest on top */
        size_t heap_count;
        lot_moves *reading;
} history;

static int take_move(void *user_data, const void *row, int64_t revision)
{
        history *all = user_data;
        lot_moves *lot = all->reading;
        ocore__arena *arena = all->work->arena;
        const ocore_stock_move *move = row;
        ocore_stock_move *copy;

        (void)revision;
        lot->read++;
        lot->behind = place_of(move);
        if (all->request->until_us && move->at_us >= all->request->until_us) {
                lot->ended = 1;
                return OCORE_DONE;
        }
        if (all->request->site.size && !ocore_str_equal(move->site, all->request->site))
                return OCORE_OK;
        copy = ocore__arena_take(arena, sizeof *copy);
        if (!copy)
                return OCORE_NOMEM;
        *copy = *move;
        copy->sku = all->request->sku;
        copy->lot = lot->lot;
        if (ocore__arena_text(arena, move->site, &copy->site) ||
                ocore__arena_text(arena, move->reason, &copy->reason))
                return OCORE_NOMEM;
        lot->moves[lot->count++] = copy;
        return OCORE_OK;
}

/* The next moves of a lot, if there are any. */
static int fill(history *all, lot_moves *lot)
{
        const ocore_cell prefix[] = {
                ocore__cell_text(all->request->sku), ocore__cell_text(lot->lot)};
        int status = OCORE_OK;

        lot->count = lot->at = 0;
        while (!status && !lot->count && !lot->ended) {
                const ocore_cell after[] = {prefix[0], prefix[1],
                        ocore__cell_number(lot->behind.at_us),
                        ocore__cell_id(lot->behind.command_id),
                        ocore__cell_number(lot->behind.number)};
                const ocore__scan scan = {.table = &ocore__stock_move_table,
                        .index = OCORE__STOCK_MOVE_BY_LOT,
                        .prefix = prefix,
                        .prefix_count = 2,
                        .after = after,
                        .after_count = 5,
                        .limit = (uint32_t)lot->chunk};

                if (lot->room < lot->chunk) {
                        lot->room = lot->chunk;
                        lot->moves =
                                ocore__arena_take(all->work->arena, lot->room * sizeof *lot->moves);
                        if (!lot->moves)
                                return OCORE_NOMEM;
                }
                all->reading = lot;
                lot->read = 0;
                status = ocore__scan_rows(
                        all->work->core, all->work->arena, &scan, 0, take_move, all);
                lot->ended |= lot->read < lot->chunk;
                lot->chunk = lot->chunk * 2 < CHUNK_MAX ? lot->chunk * 2 : CHUNK_MAX;
        }
        return status;
}

static int is_earlier(const lot_moves *a, const lot_moves *b)
{
        const move_place x = place_of(a->moves[a->at]), y = place_of(b->moves[b->at]);

        return place_compare(&x, &y) < 0;
}

static void sink(history *all, size_t at)
{
        lot_moves **heap = all->heap;

        for (;;) {
                size_t child = at * 2 + 1;
                lot_moves *lot = heap[at];

                if (child >= all->heap_count)
                        return;
                if (child + 1 < all->heap_count && is_earlier(heap[child + 1], heap[child]))
                        child++;
                if (!is_earlier(heap[child], lot))
                        return;
                heap[at] = heap[child];
                heap[child] = lot;
                at = child;
        }
}

/* The earliest move that is left; NULL: none is. */
static int next_move(history *all, const ocore_stock_move **out)
{
        lot_moves *lot = all->heap_count ? all->heap[0] : NULL;
        int status = OCORE_OK;

        *out = lot ? lot->moves[lot->at++] : NULL;
        if (!lot)
                return OCORE_OK;
        if (lot->at == lot->count)
                status = fill(all, lot);
        if (lot->at == lot->count && all->heap_count) /* none was left */
                all->heap[0] = all->heap[--all->heap_count];
        if (all->heap_count)
                sink(all, 0);
        return status;
}

static int by_lot(const void *a, const void *b)
{
        const ocore_stock *x = a, *y = b;
        int order = ocore__str_compare(x->lot, y->lot);

        return order ? order : ocore__str_compare(x->site, y->site);
}

/* The lots whose moves are asked for, each once. */
static int list_lots(ocore__work *work, const ocore_stock_history_request *request,
        const ocore__group *stock, ocore_str **out, size_t *count)
{
        size_t row_count = ocore__count(stock), n = 0;
        const void **rows = ocore__arena_take(work->arena, (row_count + 1) * sizeof *rows);
        ocore_str *lots = ocore__arena_take(work->arena, (row_count + 1) * sizeof *lots);

        *out = lots;
        *count = 0;
        if (!rows || !lots)
                return OCORE_NOMEM;
        for (const ocore__entry *entry = ocore__first(stock); entry; entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if ((!request->lot.size || ocore_str_equal(row->lot, request->lot)) &&
                        (!request->site.size || ocore_str_equal(row->site, request->site)))
                        rows[n++] = row;
        }
        ocore__sort(rows, n, by_lot);
        for (size_t i = 0; i < n; i++) {
                const ocore_stock *row = rows[i];

                if (!*count || !ocore_str_equal(lots[*count - 1], row->lot))
                        lots[(*count)++] = row->lot;
        }
        return OCORE_OK;
}

/* Starts every lot behind the same place. The first readings together are not much longer than the
 * page: what is read in vain stays within the page and some rows for each lot. */
static int open_lots(
        history *all, const ocore_str *lots, size_t count, size_t page, const move_place *behind)
{
        size_t chunk = page / (count + 1) + 1;
        int status = OCORE_OK;

        chunk = chunk < CHUNK_MIN ? CHUNK_MIN : chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
        all->heap = ocore__arena_take(all->work->arena, (count + 1) * sizeof *all->heap);
        if (!all->heap)
                return OCORE_NOMEM;
        for (size_t i = 0; i < count && !status; i++) {
                lot_moves *lot = ocore__arena_zero(all->work->arena, 1, sizeof *lot);

                if (!lot)
                        return OCORE_NOMEM;
                lot->lot = lots[i];
                lot->chunk = chunk;
                lot->behind = *behind;
                status = fill(all, lot);
                if (lot->count)
                        all->heap[all->heap_count++] = lot;
        }
        for (size_t i = all->heap_count / 2; i > 0; i--)
                sink(all, i - 1);
        return status;
}

static int first_move(void *user_data, const void *row, int64_t revision)
{
        (void)revision;
        *(const ocore_stock_move **)user_data = row;
        return OCORE_OK;
}

/* Where to start: behind the move that the last page ended with, and not before from_us. */
static int find_start(
        ocore__work *work, const ocore_stock_history_request *request, move_place *out)
{
        const ocore_cell key[] = {
                ocore__cell_id(request->after_command), ocore__cell_number(request->after_number)};
        const ocore__scan scan = {
                .table = &ocore__stock_move_table, .prefix = key, .prefix_count = 2, .limit = 1};
        const ocore_stock_move *after = NULL;
        move_place last;
        int status;

        *out = (move_place){.at_us = INT64_MIN};
        if (request->from_us) {
                out->at_us = request->from_us - 1;
                memset(out->command_id.bytes, 0xff, sizeof out->command_id.bytes);
                out->number = INT64_MAX;
        }
        if (ocore__id_is_none(request->after_command))
                return OCORE_OK;
        status = ocore__scan_rows(work->core, work->arena, &scan, 1, first_move, &after);
        if (status)
                return status;
        if (!after || !ocore_str_equal(after->sku, request->sku))
                return ocore__refuse(work, OCORE_NOT_FOUND, "after_command",
                        "there is no such move of \"%t\"; give next_command and next_number of "
                        "the last page",
                        &request->sku);
        last = place_of(after);
        if (place_compare(out, &last) < 0)
                *out = last;
        return OCORE_OK;
}

/* The page, and whether there is more. */
static int take_page(history *all, size_t limit, ocore_stock_history *page)
{
        const ocore_stock_move **moves = ocore__arena_take(all->work->arena, limit * sizeof *moves);
        const ocore_stock_move *move = NULL;
        int status = moves ? next_move(all, &move) : OCORE_NOMEM;

        while (!status && move && page->move_count < limit) {
                moves[page->move_count++] = move;
                status = next_move(all, &move);
        }
        if (status)
                return status;
        page->moves = moves;
        if (move) {
                page->next_command = moves[limit - 1]->command_id;
                page->next_number = moves[limit - 1]->number;
        }
        return OCORE_OK;
}

static int stock_history(ocore__work *work, const void *args, const void **answer)
{
        const ocore_stock_history_request *request = args;
        const ocore_cell sku = ocore__cell_text(request->sku);
        size_t limit = request->limit ? (size_t)request->limit : LIMIT_DEFAULT, count;
        history all = {.work = work, .request = request};
        ocore_stock_history *page = ocore__arena_zero(work->arena, 1, sizeof *page);
        ocore__group *products, *stock;
        move_place start;
        ocore_str *lots;
        int status = page ? OCORE_OK : OCORE_NOMEM;

        if (request->limit > LIMIT_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "limit",
                        "at most 10000 moves are allowed; ask for pages");
        if (!status)
                status = ocore__want(work, &ocore__product_table, sku, &products);
        if (!status)
                status = ocore__want(work, &ocore__stock_table, sku, &stock);
        if (!status)
                status = ocore__fetch(work);
        if (!status && !ocore__only(products))
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"", &request->sku);
        if (!status)
                status = find_start(work, request, &start);
        if (!status)
                status = list_lots(work, request, stock, &lots, &count);
        if (!status)
                status = open_lots(&all, lots, count, limit, &start);
        if (!status)
                status = take_page(&all, limit, page);
        *answer = page;
        return status;
}

const ocore__procedure ocore__stock_history = {
        &ocore__stock_history_request, &ocore__stock_history_record, stock_history, OCORE__DIRECT};

OCORE__PUBLIC(ocore_stock_history_page, ocore_stock_history_request, ocore_stock_history,
        ocore__stock_history)
