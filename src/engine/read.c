/*
 * The second step: all groups that a command wants, in one store read. What the store returns is
 * distrusted: types, sizes and the key that was asked for are checked.
 */
#include "core.h"

#include <string.h>

typedef struct fetch_sink {
        ocore_core *core;
        ocore__group **groups;
        size_t count;
} fetch_sink;

static int refuse_row(ocore_core *core, const ocore_table *table)
{
        char text[160];
        ocore__writer writer;

        ocore__writer_init(&writer, text, sizeof text);
        ocore__write(&writer,
                "the store returned a row of \"%s\" that cannot be right; check the store",
                table->name);
        return ocore__error_add(
                core, OCORE_CORRUPT, (ocore_str){0}, (ocore_str){text, writer.used});
}

static int fetched(void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        fetch_sink *fetching = sink;
        ocore_core *core = fetching->core;
        ocore__group *group;
        void *row;
        int status;

        if (read >= fetching->count) /* answers what nobody asked */
                return refuse_row(core, fetching->groups[0]->table);
        group = fetching->groups[read];
        status = ocore__row_from_cells(group->cached ? &core->cache_arena : &core->arena,
                group->table, core->config.tenant, cells, count, &row);
        if (status == OCORE_CORRUPT || (!status && revision <= 0))
                return refuse_row(core, group->table);
        if (status)
                return status;
        if (group->key.type != OCORE_CELL_NULL && !ocore__cell_equal(&group->key, &cells[1]))
                return refuse_row(core, group->table);
        if (group->cached)
                core->cached_rows++;
        return ocore__group_add(core, group, row, revision) ? OCORE_OK : OCORE_NOMEM;
}

static int fetch_wanted(ocore_core *core)
{
        const ocore_store *store = &core->config.store;
        size_t count = core->wanted_count, n = 0;
        ocore_read *reads = ocore__arena_zero(&core->arena, count, sizeof *reads);
        ocore_cell *cells = ocore__arena_take(&core->arena, count * 2 * sizeof *cells);
        ocore__group **groups = ocore__arena_take(&core->arena, count * sizeof *groups);
        fetch_sink sink = {core, groups, count};
        int status;

        if (!reads || !cells || !groups)
                return OCORE_NOMEM;
        for (ocore__group *group = core->wanted; group; group = group->next_wanted, n++) {
                groups[n] = group;
                cells[2 * n] = ocore__cell_number(core->config.tenant);
                cells[2 * n + 1] = group->key;
                reads[n].table = group->table;
                reads[n].prefix = &cells[2 * n];
                reads[n].prefix_count = group->key.type == OCORE_CELL_NULL ? 1 : 2;
        }
        status = store->ops->read(store->self, reads, count, fetched, &sink);
        if (status) {
                if (!core->error_count && status != OCORE_NOMEM)
                        ocore__store_failed(core, status);
                core->cache_stale = 1; /* some of its groups may be half there */
                return status < 0 ? status : OCORE_STORE;
        }
        for (size_t i = 0; i < count; i++) {
                groups[i]->loaded = 1;
                groups[i]->fetch_try = core->try_number;
                groups[i]->read_us = core->call_us;
        }
        return OCORE_OK;
}

/* The first fetch of a command also asks whether it was carried out before; one that guesses asks
 * only if it has to read anyway. */
int ocore__fetch(ocore__work *work)
{
        const ocore_cell key = ocore__cell_id(work->id);
        ocore__group *command = NULL;
        int status;

        if (work->core->wanted)
                ocore__balances_want(work->core);
        if (!ocore__id_is_none(work->id)) {
                status = work->core->wanted
                                 ? ocore__want(work, &ocore__command_table, key, &command)
                                 : ocore__want_new(work, &ocore__command_table, key, &command);
                if (status)
                        return status;
        }
        if (work->core->wanted) {
                status = fetch_wanted(work->core);
                ocore__wanted_clear(work->core);
                if (status)
                        return status;
        }
        return command && ocore__only(command) ? OCORE_ALREADY : OCORE_OK;
}

typedef struct scan_sink {
        ocore_core *core;
        ocore__arena *arena;
        const ocore__scan *scan;
        ocore__each_fn each;
        void *user_data;
        const void *last;
        size_t count;
        size_t count_max; /* with this page */
        int stopped;
} scan_sink;

/* 1 if a row stands where the scan looks. */
static int in_prefix(const ocore__scan *scan, const ocore_cell *cells)
{
        const uint32_t *columns =
                scan->index ? scan->table->indexes[scan->index - 1].columns : NULL;

        for (size_t i = 0; i < scan->prefix_count; i++)
                if (!ocore__cell_equal(&scan->prefix[i], &cells[columns ? columns[i + 1] : i + 1]))
                        return 0;
        return 1;
}

static int scanned(void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        scan_sink *scanning = sink;
        void *row;
        int status = ocore__row_from_cells(scanning->arena, scanning->scan->table,
                scanning->core->config.tenant, cells, count, &row);

        if (status == OCORE_CORRUPT ||
                (!status && (read || revision <= 0 || scanning->count >= scanning->count_max ||
                                    !in_prefix(scanning->scan, cells))))
                return refuse_row(scanning->core, scanning->scan->table);
        if (status)
                return status;
        scanning->last = row;
        scanning->count++;
        status = scanning->each(scanning->user_data, row, revision);
        scanning->stopped = status == OCORE_DONE;
        return status;
}

enum { PAGE = 512, AFTER_MAX = 12 };

/* The place of a row in the index that is scanned: the index's columns, then the key's. */
static uint32_t place_after(
        const ocore_core *core, const ocore__scan *scan, const void *row, ocore_cell *after)
{
        const ocore_table *table = scan->table;
        ocore_cell cells[OCORE__COLUMNS_MAX];
        uint32_t count = 0;

        ocore__row_to_cells(
                table->record, core->config.tenant, row, table->record->column_count, cells);
        if (scan->index) {
                const ocore_index *index = &table->indexes[scan->index - 1];

                for (uint32_t i = 0; i < index->column_count; i++)
                        after[count++] = cells[index->columns[i]];
        }
        for (uint32_t i = 0; i < table->key_count; i++)
                after[count++] = cells[i];
        return count;
}

/* `after` as the scan's caller gives it: behind the tenant, which stands first in the index and,
 * in a secondary index, again first in the key. */
static uint32_t place_first(const ocore_core *core, const ocore__scan *scan, ocore_cell *after)
{
        const ocore_table *table = scan->table;
        uint32_t columns = scan->index ? table->indexes[scan->index - 1].column_count : 0;
        uint32_t count = 0;

        after[count++] = ocore__cell_number(core->config.tenant);
        for (size_t i = 0; i < scan->after_count; i++) {
                if (scan->index && count == columns)
                        after[count++] = ocore__cell_number(core->config.tenant);
                after[count++] = scan->after[i];
        }
        return count;
}

/* 1 if the place of a row is behind `after`: otherwise a store that tells the same page again and
 * again would be read for ever. */
static int is_behind(
        const ocore_core *core, const ocore__scan *scan, const void *row, const ocore_read *read)
{
        ocore_cell place[AFTER_MAX * 2];
        uint32_t count = place_after(core, scan, row, place);

        for (uint32_t i = 0; i < count && i < read->after_count; i++) {
                int order = ocore__cell_compare(&place[i], &read->after[i]);

                if (order)
                        return order > 0;
        }
        return count > read->after_count;
}

static int scan_page(scan_sink *scanning, ocore_read *read, ocore_cell *after)
{
        const ocore_store *store = &scanning->core->config.store;
        int status;

        scanning->last = NULL;
        status = store->ops->read(store->self, read, 1, scanned, scanning);
        if (scanning->stopped)
                return OCORE_DONE;
        if (status) {
                if (!scanning->core->error_count)
                        ocore__store_failed(scanning->core, status);
                return status < 0 ? status : OCORE_STORE;
        }
        if (!scanning->last)
                return OCORE_DONE;
        if (read->after && !is_behind(scanning->core, scanning->scan, scanning->last, read))
                return refuse_row(scanning->core, scanning->scan->table);
        if (scanning->count < scanning->count_max)
                return OCORE_DONE; /* a page that is not full is the last one */
        read->after_count = place_after(scanning->core, scanning->scan, scanning->last, after);
        read->after = after;
        return OCORE_OK;
}

int ocore__scan_rows(ocore_core *core, ocore__arena *arena, const ocore__scan *scan, int keep,
        ocore__each_fn each, void *user_data)
{
        ocore_cell prefix[AFTER_MAX], after[AFTER_MAX * 2];
        scan_sink sink = {
                .core = core, .arena = arena, .scan = scan, .each = each, .user_data = user_data};
        ocore_read read = {.table = scan->table,
                .prefix = prefix,
                .index = scan->index,
                .prefix_count = (uint32_t)scan->prefix_count + 1};
        ocore__arena pages[2];
        int status = OCORE_OK;

        prefix[0] = ocore__cell_number(core->config.tenant);
        for (size_t i = 0; i < scan->prefix_count; i++)
                prefix[i + 1] = scan->prefix[i];
        if (scan->after) {
                read.after_count = place_first(core, scan, after);
                read.after = after;
        }
        /* Two arenas in turn: the next page starts behind the last row of this one, which must
         * outlive its reading. */
        for (size_t i = 0; i < 2; i++)
                ocore__arena_init(&pages[i], &core->config.allocator, 8192);
        for (size_t page = 0; !status; page++) {
                size_t left = scan->limit ? scan->limit - sink.count : PAGE;
                ocore__arena *turn = &pages[page & 1];

                if (scan->limit && !left)
                        break;
                read.limit = (uint32_t)(left < PAGE ? left : PAGE);
                sink.count_max = sink.count + read.limit;
                if (!keep)
                        ocore__arena_reset(turn, 1 << 20);
                sink.arena = keep ? arena : turn;
                status = scan_page(&sink, &read, after);
        }
        for (size_t i = 0; i < 2; i++)
                ocore__arena_finish(&pages[i]);
        return status == OCORE_DONE ? OCORE_OK : status;
}

int ocore__row_list_add(void *user_data, const void *row, int64_t revision)
{
        ocore__row_list *list = user_data;

        (void)revision;
        if (list->count == list->room) {
                size_t room = list->room ? list->room * 2 : 64;
                const void **rows = ocore__arena_take(list->arena, room * sizeof *rows);

                if (!rows)
                        return OCORE_NOMEM;
                if (list->count)
                        memcpy(rows, list->rows, list->count * sizeof *rows);
                list->rows = rows;
                list->room = room;
        }
        list->rows[list->count++] = row;
        return OCORE_OK;
}
