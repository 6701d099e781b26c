/*
 * Reading: a batch of look-ups is one text, its selects one snapshot. Look-ups that differ in
 * their prefix only share a select, and each row is given to those whose prefix it has. What the
 * server says is checked value by value before anyone sees it.
 */
#include "mariadb_store.h"

#include "base/text.h"
#include "record/record.h"
#include "stores/sql/sql_judge.h"
#include "stores/sql/sql_wait.h"

#include <stdlib.h>
#include <string.h>

/* Look-ups in one select, and bytes of selects in one text. */
#define TOGETHER_MAX 128
#define PIECE_BYTES (512u * 1024u)
#define WAIT_MS 100

/* A batch under way: `order` lists the look-ups group by group, `ends` where each group ends. */
typedef struct read_batch {
        ocore__mariadb *store;
        const ocore_read *reads;
        const ocore_read **order;
        size_t *ends;
        size_t groups;
        int locking;
        ocore_row_fn emit;
        void *sink;
        int64_t emitted;
        int status; /* of a row or of emit */
} read_batch;

/* 1, or 0 when the server holds what no column of this type can hold. */
static int cell_take(
        const ocore__mariadb_column *column, const char *value, size_t size, ocore_cell *cell)
{
        memset(cell, 0, sizeof *cell);
        if (value == NULL)
                return column->nullable;
        cell->type = column->type;
        switch (column->type) {
        case OCORE_CELL_NUMBER: return ocore__mariadb_number(value, size, &cell->as.number);
        case OCORE_CELL_ID:
                if (size != sizeof cell->as.id.bytes)
                        return 0;
                memcpy(cell->as.id.bytes, value, size);
                return 1;
        default:
                cell->as.text.data = value;
                cell->as.text.size = size;
                return column->type == OCORE_CELL_BYTES || ocore__text_is_utf8(cell->as.text);
        }
}

int ocore__mariadb_row(ocore__mariadb *store, const ocore__mariadb_table *table, MYSQL_ROW values,
        const unsigned long *sizes, int64_t *revision)
{
        size_t n;

        for (n = 0; n < table->column_count; n++)
                if (!cell_take(&table->columns[n], values[n], sizes[n], &store->row[n]))
                        return ocore__mariadb_fail(store, OCORE_CORRUPT,
                                "a value of column %s of table %s cannot be right",
                                table->columns[n].field->name, table->table->name);
        if (values[n] == NULL || !ocore__mariadb_number(values[n], sizes[n], revision) ||
                *revision < 1)
                return ocore__mariadb_fail(store, OCORE_CORRUPT,
                        "a revision in table %s cannot be right", table->table->name);
        return OCORE_OK;
}

/* Does the row in store->row stand where the look-up asks? */
static int asked(const ocore__mariadb *store, const ocore_read *read)
{
        uint32_t place;

        for (place = 0; place < read->prefix_count; place++)
                if (ocore__cell_compare(
                            &read->prefix[place], &store->row[ocore__sql_place_column(
                                                          read->table, read->index, place)]) != 0)
                        return 0;
        return 1;
}

static int row_give(read_batch *batch, size_t from, size_t to, MYSQL_RES *result, MYSQL_ROW values)
{
        ocore__mariadb *store = batch->store;
        const ocore__mariadb_table *table = &store->tables[batch->order[from]->table->number];
        int64_t revision = 0;
        int wanted = 0;
        size_t n;
        int status =
                ocore__mariadb_row(store, table, values, mysql_fetch_lengths(result), &revision);

        for (n = from; status == OCORE_OK && n < to; n++) {
                if (!asked(store, batch->order[n]))
                        continue;
                wanted = 1;
                batch->emitted++;
                status = batch->emit(batch->sink, (size_t)(batch->order[n] - batch->reads),
                        revision, store->row, table->column_count);
        }
        if (status == OCORE_OK && !wanted)
                status = ocore__mariadb_fail(store, OCORE_CORRUPT,
                        "the server answered with a row of table %s that was not asked for",
                        table->table->name);
        return status;
}

/* The rows of one select. They are taken to the last even when nobody wants them any more, for
 * the connection is needed again. */
static int result_take(read_batch *batch, size_t group)
{
        ocore__mariadb *store = batch->store;
        size_t from = group > 0 ? batch->ends[group - 1] : 0;
        size_t columns = store->tables[batch->order[from]->table->number].column_count + 1;
        MYSQL_RES *result = mysql_use_result(store->db);
        MYSQL_ROW values;

        if (result == NULL)
                return 0;
        if (mysql_num_fields(result) != columns && batch->status == OCORE_OK)
                batch->status = ocore__mariadb_fail(
                        store, OCORE_CORRUPT, "the server answered with other columns");
        while ((values = mysql_fetch_row(result)) != NULL)
                if (batch->status == OCORE_OK)
                        batch->status = row_give(batch, from, batch->ends[group], result, values);
        mysql_free_result(result);
        return mysql_errno(store->db) == 0;
}

/* Sends the text that stands in store->text and takes the rows of these groups: 0, or the code. */
static unsigned piece_take(read_batch *batch, size_t group, size_t to)
{
        ocore__mariadb *store = batch->store;
        int more =
                mysql_real_query(store->db, store->text.data, (unsigned long)store->text.used) != 0;

        while (more == 0) {
                /* Behind several selects comes an answer without rows. */
                int rows = mysql_field_count(store->db) > 0;

                if (rows && group < to) {
                        if (!result_take(batch, group++))
                                break;
                } else if (rows) {
                        mysql_free_result(mysql_store_result(store->db));
                        batch->status = ocore__mariadb_fail(
                                store, OCORE_CORRUPT, "the server answered more than was asked");
                }
                more = mysql_next_result(store->db);
        }
        if (more >= 0)
                return ocore__mariadb_note(store, "reading");
        if (group != to && batch->status == OCORE_OK)
                batch->status = ocore__mariadb_fail(
                        store, OCORE_CORRUPT, "the server answered less than was asked");
        return 0;
}

static int alike(const ocore_read *a, const ocore_read *b)
{
        return a->table == b->table && a->index == b->index && a->prefix_count > 0 &&
               a->prefix_count == b->prefix_count && a->flags == b->flags && a->limit == 0 &&
               b->limit == 0 && a->after_count == 0 && b->after_count == 0;
}

/* Puts the look-ups into groups. OCORE_STORE for one that names a place that is none. */
static int groups_make(read_batch *batch, size_t count)
{
        size_t used = 0;
        size_t n;
        size_t m;

        for (n = 0; n < count; n++) {
                const ocore_read *read = &batch->reads[n];
                uint32_t places = ocore__sql_place_count(read->table, read->index);

                if (read->prefix_count > places ||
                        (read->after_count > 0 && read->after_count != places))
                        return ocore__mariadb_fail(batch->store, OCORE_STORE,
                                "a look-up in table %s names a place that is none",
                                read->table->name);
        }
        for (n = 0; n < count; n++) {
                const ocore_read *read = &batch->reads[n];
                size_t start = batch->groups > 0 ? batch->ends[batch->groups - 1] : 0;

                /* Behind the place there is nothing that is asked for. */
                if (read->after != NULL && read->after_count > 0 && ocore__sql_after_side(read) > 0)
                        continue;
                for (m = batch->groups; m > 0; m--) {
                        start = m > 1 ? batch->ends[m - 2] : 0;
                        if (batch->ends[m - 1] - start < TOGETHER_MAX &&
                                alike(batch->order[start], read))
                                break;
                }
                if (m == 0) {
                        batch->order[used++] = read;
                        batch->ends[batch->groups++] = used;
                        continue;
                }
                memmove(&batch->order[batch->ends[m - 1] + 1], &batch->order[batch->ends[m - 1]],
                        (used - batch->ends[m - 1]) * sizeof(const ocore_read *));
                batch->order[batch->ends[m - 1]] = read;
                used++;
                for (; m <= batch->groups; m++)
                        batch->ends[m - 1]++;
        }
        return OCORE_OK;
}

/* Groups from `from` on as one text: up to where. A single select is a snapshot by itself. */
static size_t piece_text(read_batch *batch, size_t from, int joined)
{
        static const char begin[] = "BEGIN NOT ATOMIC ";
        static const char snapshot[] = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY; ";
        static const char isolate[] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ";
        ocore__mariadb *store = batch->store;
        size_t room = store->packet_max < PIECE_BYTES ? store->packet_max : PIECE_BYTES;
        ocore__sql *sql = &store->text;
        size_t to;

        ocore__sql_clear(sql);
        if (batch->groups > 1)
                ocore__sql_add(sql, begin);
        if (batch->groups > 1 && from == 0 && !joined) {
                ocore__sql_add(sql, store->owned ? "" : isolate);
                ocore__sql_add(sql, snapshot);
        }
        for (to = from; to < batch->groups && (to == from || sql->used < room / 2); to++) {
                size_t start = to > 0 ? batch->ends[to - 1] : 0;
                const ocore_read *first = batch->order[start];

                ocore__mariadb_select_text(sql, &store->tables[first->table->number],
                        &batch->order[start], batch->ends[to] - start, batch->locking);
                ocore__sql_add(sql, batch->groups > 1 ? "; " : "");
        }
        if (batch->groups > 1)
                ocore__sql_add(sql, to == batch->groups && !joined ? "COMMIT; END" : "END");
        return to;
}

/* The batch once: 0, or the code of what went wrong on the way. */
static unsigned batch_once(read_batch *batch, int joined)
{
        size_t from = 0;
        unsigned code = 0;

        while (code == 0 && batch->status == OCORE_OK && from < batch->groups) {
                size_t to = piece_text(batch, from, joined);

                if (batch->store->text.failed) {
                        batch->status = ocore__mariadb_fail(
                                batch->store, OCORE_NOMEM, "no memory for a statement");
                        break;
                }
                code = piece_take(batch, from, to);
                from = to;
        }
        if (!joined && batch->groups > 1 && (code != 0 || from < batch->groups))
                (void)ocore__mariadb_roll_back(batch->store, 0);
        return code;
}

/* Others in the way, or another host: the same again while no row was given away. */
static int batch_run(read_batch *batch)
{
        ocore__mariadb *store = batch->store;
        int64_t deadline = ocore__sql_now_ms() + store->deadline_ms;
        int64_t attempt = 0;

        for (;;) {
                ocore__mariadb_action action;
                unsigned code;
                int status = ocore__mariadb_connect(store, deadline);

                if (status != OCORE_OK)
                        return status;
                code = batch_once(batch, ocore__mariadb_joined(store));
                if (code == 0)
                        return batch->status;
                action = ocore__mariadb_decide(code, store->sqlstate, OCORE__MARIADB_RUNNING);
                if (action == OCORE__MARIADB_NO_MEMORY)
                        return OCORE_NOMEM;
                if (action == OCORE__MARIADB_RECONNECT || action == OCORE__MARIADB_NEXT_HOST)
                        ocore__mariadb_disconnect(store, action == OCORE__MARIADB_NEXT_HOST);
                else if (action != OCORE__MARIADB_AGAIN)
                        return OCORE_STORE;
                if (batch->emitted > 0 || batch->status != OCORE_OK || !store->owned ||
                        ++attempt >= store->attempts_max || ocore__sql_now_ms() >= deadline)
                        return OCORE_STORE;
                ocore__sql_wait(attempt, WAIT_MS, &store->random);
        }
}

int ocore__mariadb_look(ocore__mariadb *store, const ocore_read *reads, size_t count, int locking,
        ocore_row_fn emit, void *sink)
{
        read_batch batch = {
                .store = store, .reads = reads, .locking = locking, .emit = emit, .sink = sink};
        int status = OCORE_NOMEM;

        batch.order = calloc(count + 1, sizeof *batch.order);
        batch.ends = calloc(count + 1, sizeof *batch.ends);
        if (batch.order != NULL && batch.ends != NULL)
                status = groups_make(&batch, count);
        if (status == OCORE_OK && batch.groups > 0)
                status = batch_run(&batch);
        free(batch.order);
        free(batch.ends);
        return status;
}

int ocore__mariadb_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore__mariadb *store = self;
        int status;

        if (store->inside || store->row == NULL)
                return ocore__mariadb_fail(store, OCORE_STORE, "called before open or from within");
        store->code = 0;
        store->message[0] = '\0';
        store->inside = 1;
        status = ocore__mariadb_look(store, reads, count, 0, emit, sink);
        store->inside = 0;
        return status;
}
