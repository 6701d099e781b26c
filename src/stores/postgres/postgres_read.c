/*
 * Reading: look-ups of one shape are one statement over arrays, all statements of a batch one
 * round trip and one snapshot. Rows are handed out once all of them are there, so that a read
 * that was cut off is simply done again.
 */
#include "postgres_store.h"

#include "stores/sql/sql_judge.h"
#include "stores/sql/sql_wait.h"

#include <stdlib.h>
#include <string.h>

enum { NO_READ = UINT32_MAX, PAUSE_MAX_MS = 250 };

/* Cells that are NULL, a bit each. */
static uint32_t nulls_of(const ocore_cell *cells, uint32_t from, uint32_t to)
{
        uint32_t bits = 0;
        uint32_t n;

        for (n = from; n < to; n++)
                bits |= (uint32_t)(cells[n].type == OCORE_CELL_NULL) << n;
        return bits;
}

/* OCORE_OK; OCORE_DONE when no row can be meant; OCORE_STORE for a look-up that is none. */
static int shape_of(ocore__pg *store, const ocore_read *read, ocore__pg_shape *shape)
{
        uint32_t places = ocore__sql_place_count(read->table, read->index);
        int after = read->after != NULL && read->after_count > 0;

        memset(shape, 0, sizeof *shape);
        if (places > OCORE__PG_PLACES_MAX || read->prefix_count > places ||
                (read->prefix_count == 0 && read->index != 0) ||
                (after && read->after_count != places))
                return ocore__pg_fail(store, OCORE_STORE,
                        "a look-up in table %s names a place that is none", read->table->name);
        if (after) {
                int side = ocore__sql_after_side(read);

                if (side > 0)
                        return OCORE_DONE;
                after = side == 0;
        }
        shape->index = read->index;
        shape->prefix_count = read->prefix_count;
        shape->prefix_nulls = nulls_of(read->prefix, 0, read->prefix_count);
        shape->after = after;
        if (after)
                shape->after_nulls = nulls_of(read->after, read->prefix_count, places);
        shape->descending = (read->flags & OCORE_READ_DESCENDING) != 0;
        shape->limit = read->limit > 0;
        return OCORE_OK;
}

static int shape_same(const ocore__pg_shape *a, const ocore__pg_shape *b)
{
        return a->index == b->index && a->prefix_count == b->prefix_count &&
               a->descending == b->descending;
}

/* Look-ups from their start to their end, with nothing NULL, can share a statement. Those of whole
 * tenants do not: a planner that knows few tenants would walk the table and look into the array. */
static int shape_batches(const ocore__pg_shape *shape)
{
        return !shape->after && !shape->limit && shape->prefix_nulls == 0 &&
               shape->prefix_count > 1;
}

static int room_ensure(ocore__pg *store, size_t count)
{
        ocore__pg_group *groups;
        uint32_t *links;

        if (count >= NO_READ)
                return ocore__pg_fail(store, OCORE_STORE, "too many look-ups in one read");
        if (count <= store->group_room)
                return OCORE_OK;
        groups = realloc(store->groups, count * sizeof *groups);
        if (groups != NULL)
                store->groups = groups;
        links = realloc(store->links, count * sizeof *links);
        if (links != NULL)
                store->links = links;
        if (groups == NULL || links == NULL)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a read");
        store->group_room = count;
        return OCORE_OK;
}

/* Puts the look-ups into groups, each a list of its numbers in `links`. */
static int group_all(ocore__pg *store, const ocore_read *reads, size_t count)
{
        int status = room_ensure(store, count);
        uint32_t n;
        size_t g;

        store->group_count = 0;
        for (n = 0; status == OCORE_OK && n < count; n++) {
                ocore__pg_table *table = &store->tables[reads[n].table->number];
                ocore__pg_group *group;
                ocore__pg_shape shape;
                int found = shape_of(store, &reads[n], &shape);

                if (found == OCORE_DONE)
                        continue;
                if (found != OCORE_OK)
                        return found;
                store->links[n] = NO_READ;
                for (g = 0; shape_batches(&shape) && g < store->group_count; g++) {
                        group = &store->groups[g];
                        if (group->batches && group->table == table &&
                                shape_same(&group->shape, &shape))
                                break;
                }
                if (shape_batches(&shape) && g < store->group_count) {
                        store->links[store->groups[g].last] = n;
                        store->groups[g].last = n;
                        store->groups[g].count++;
                        continue;
                }
                group = &store->groups[store->group_count++];
                group->table = table;
                group->shape = shape;
                group->batches = shape_batches(&shape);
                group->first = group->last = n;
                group->count = 1;
        }
        return status;
}

static void put_group(ocore__pg *store, const ocore__pg_group *group, const ocore_read *reads)
{
        const ocore_table *table = group->table->table;
        uint32_t place;
        uint32_t n;

        for (place = 0; place < group->shape.prefix_count; place++) {
                uint32_t column = ocore__sql_place_column(table, group->shape.index, place);

                ocore__pg_array_begin(store, group->table->columns[column].type, group->count);
                for (n = group->first; n != NO_READ; n = store->links[n])
                        ocore__pg_array_cell(store, &reads[n].prefix[place]);
        }
        ocore__pg_array_begin(store, OCORE_CELL_NUMBER, group->count);
        for (n = 1; n <= group->count; n++)
                ocore__pg_array_number(store, n);
}

static void put_single(ocore__pg *store, const ocore__pg_group *group, const ocore_read *read)
{
        const ocore_table *table = group->table->table;
        uint32_t places = ocore__sql_place_count(table, group->shape.index);
        uint32_t n;

        for (n = 0; n < read->prefix_count; n++) {
                if (read->prefix[n].type != OCORE_CELL_NULL)
                        ocore__pg_put_cell(store, &read->prefix[n]);
        }
        for (n = read->prefix_count; group->shape.after && n < places; n++) {
                if (read->after[n].type != OCORE_CELL_NULL &&
                        !ocore__sql_place_repeats(table, group->shape.index, n))
                        ocore__pg_put_cell(store, &read->after[n]);
        }
        if (group->shape.limit)
                ocore__pg_put_number(store, read->limit);
}

/* Queues every group; several statements need a transaction to see one snapshot. */
static int send_all(ocore__pg *store, const ocore_read *reads)
{
        int together = store->group_count > 1 && !store->joined;
        size_t g;
        int status = OCORE_OK;

        if (together)
                ocore__pg_queue_fixed(store, OCORE__PG_BEGIN, &store->begin);
        for (g = 0; status == OCORE_OK && g < store->group_count; g++) {
                ocore__pg_group *group = &store->groups[g];
                ocore__pg_statement *statement;

                group->shape.many = group->count > 1;
                status = ocore__pg_select(store, group->table, &group->shape, &statement);
                if (status != OCORE_OK) {
                        store->failed = OCORE__PG_NOMEM;
                        break;
                }
                ocore__pg_parameters_clear(store);
                if (group->count > 1)
                        put_group(store, group, reads);
                else
                        put_single(store, group, &reads[group->first]);
                ocore__pg_queue(store, statement, g);
        }
        if (together)
                ocore__pg_queue_fixed(store, OCORE__PG_COMMIT, &store->commit);
        return ocore__pg_exchange(store);
}

/* The rows of one statement. Those of several look-ups come look-up by look-up. */
static int emit_group(ocore__pg *store, const ocore__pg_group *group, const PGresult *result,
        ocore_row_fn emit, void *sink)
{
        int many = group->count > 1;
        int rows = PQntuples(result);
        uint32_t read = group->first;
        int64_t at = 1;
        int row;
        int status = ocore__pg_result_check(store, group->table, result, many);

        for (row = 0; status == OCORE_OK && row < rows; row++) {
                int64_t number = 1;
                int64_t revision;

                if (many && (!ocore__pg_result_number(
                                     result, row, (int)group->table->column_count + 1, &number) ||
                                    number < 1 || (uint64_t)number > group->count))
                        return ocore__pg_fail(store, OCORE_CORRUPT,
                                "a row of table %s answers no look-up", group->table->table->name);
                if (number < at) {
                        at = 1;
                        read = group->first;
                }
                for (; at < number; at++)
                        read = store->links[read];
                status = ocore__pg_row(store, group->table, result, row, &revision);
                if (status == OCORE_OK)
                        status = emit(sink, read, revision, store->row, group->table->column_count);
        }
        return status;
}

static int emit_all(ocore__pg *store, ocore_row_fn emit, void *sink)
{
        int status = OCORE_OK;
        size_t n;

        for (n = 0; status == OCORE_OK && n < store->sent_count; n++) {
                const ocore__pg_sent *sent = &store->sent[n];

                if (sent->statement != NULL && !sent->prepares && sent->tag != SIZE_MAX)
                        status = emit_group(
                                store, &store->groups[sent->tag], sent->result, emit, sink);
        }
        return status;
}

/* Whether a read that did not come through is tried once more; waits where that helps. */
static int once_more(ocore__pg *store, int action, int64_t attempt, int64_t *since_ms)
{
        switch (action) {
        case OCORE__PG_AGAIN:
        case OCORE__PG_PREPARE:
                if (store->joined || attempt >= store->attempts_max)
                        return action == OCORE__PG_PREPARE && attempt == 1;
                if (action == OCORE__PG_AGAIN)
                        ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
                return 1;
        case OCORE__PG_UNKNOWN:
        case OCORE__PG_RECONNECT:
                if (store->conninfo == NULL)
                        return 0;
                if (*since_ms == 0) {
                        *since_ms = ocore__sql_now_ms();
                        return 1;
                }
                if (ocore__sql_now_ms() - *since_ms >= store->deadline_ms)
                        return 0;
                ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
                return 1;
        default: return 0;
        }
}

int ocore__pg_read_all(
        ocore__pg *store, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        int64_t since_ms = 0;
        int64_t attempt;
        int status = group_all(store, reads, count);

        if (status != OCORE_OK || store->group_count == 0)
                return status;
        for (attempt = 1;; attempt++) {
                int action;

                status = ocore__pg_ready(store, since_ms);
                if (status == OCORE_OK)
                        status = ocore__pg_begin(store);
                if (status != OCORE_OK)
                        return status;
                action = send_all(store, reads);
                if (action == OCORE__PG_DONE)
                        status = emit_all(store, emit, sink);
                ocore__pg_end(store);
                if (action == OCORE__PG_DONE)
                        return status;
                if (action == OCORE__PG_PREPARE)
                        store->session = ocore__pg_fresh(store);
                if (!once_more(store, action, attempt, &since_ms))
                        return ocore__pg_status(store, action);
        }
}

int ocore__pg_read(void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore__pg *store = self;
        int status;

        if (store->inside || store->row == NULL)
                return ocore__pg_fail(store, OCORE_STORE, "called before open or from within");
        ocore__pg_message_clear(store);
        store->inside = 1;
        status = ocore__pg_read_all(store, reads, count, emit, sink);
        store->inside = 0;
        return status;
}
