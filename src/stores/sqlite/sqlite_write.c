/*
 * Writing: a batch is one transaction, or a savepoint inside the host's. Each change is one step
 * of a prepared statement whose WHERE holds what it expects; only when it finds no row is looked
 * up which expectation failed.
 *
 * Others in the way: where the store itself has waited for its busy timeout the answer is
 * OCORE_STORE; where the same batch may pass at once (a host's connection that does not wait, a
 * snapshot that has grown old, a shared cache) it is OCORE_CONFLICT, which the engine retries.
 */
#include "sqlite_store.h"
#include "record/record.h"
#include "stores/sql/sql_judge.h"

#include <string.h>

/* Columns of a unique index for which the one that is taken can be named. */
#define UNIQUE_COLUMNS_MAX 16

static int refuse(ocore_refusal *refusal, uint32_t reason, uint32_t column)
{
        refusal->reason = reason;
        refusal->column = column;
        return OCORE_CONFLICT;
}

/* An error that is neither a taken key nor a row that is missing. */
static int write_failed(ocore__sqlite *store, ocore_refusal *refusal)
{
        int status = ocore__sqlite_failed(store, "writing");
        int primary = (int)(store->code & 0xff);

        if (primary == SQLITE_LOCKED ||
                (primary == SQLITE_BUSY && (!store->owned || store->code != SQLITE_BUSY))) {
                return refuse(refusal, OCORE_REFUSED_CONFLICT, 0);
        }
        /* To a writer a damaged file is a store that fails: nothing was written. */
        return status == OCORE_NOMEM ? OCORE_NOMEM : OCORE_STORE;
}

static int only_read(int status)
{
        return status == OCORE_CORRUPT ? OCORE_STORE : status;
}

/* The row under the key, in store->row: OCORE_OK, or OCORE_DONE when there is none. The
 * statement is handed out unreset, because the row is lent from it. */
static int row_find(ocore__sqlite *store, ocore__sqlite_table *table, uint32_t index,
        const ocore_cell *prefix, uint32_t prefix_count, sqlite3_stmt **out)
{
        int places = (int)ocore__sql_place_count(table->table, index);
        int64_t revision;
        int code;
        int status = ocore__sqlite_select(store, table, index, prefix_count, 0, 0, out);

        if (status == OCORE_OK) {
                status = ocore__sqlite_bind(store, *out, 1, prefix, prefix_count);
        }
        if (status == OCORE_OK && sqlite3_bind_int64(*out, places + 1, 1) != SQLITE_OK) {
                status = ocore__sqlite_failed(store, "binding a limit");
        }
        if (status != OCORE_OK) {
                return only_read(status);
        }
        code = sqlite3_step(*out);
        if (code == SQLITE_DONE) {
                return OCORE_DONE;
        }
        status = code == SQLITE_ROW ? ocore__sqlite_row(store, table, *out, &revision)
                                    : ocore__sqlite_failed(store, "reading");
        return only_read(status);
}

/* Which unique index has the values already, under another key? */
static int taken_column(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        uint32_t *column)
{
        uint32_t n;

        for (n = 1; n <= table->table->index_count; n++) {
                const ocore_index *index = &table->table->indexes[n - 1];
                ocore_cell values[UNIQUE_COLUMNS_MAX];
                int comparable = 1;
                sqlite3_stmt *statement = NULL;
                int same = 1;
                uint32_t i;
                int status;

                if ((index->flags & OCORE_INDEX_UNIQUE) == 0 ||
                        index->column_count > UNIQUE_COLUMNS_MAX) {
                        continue;
                }
                for (i = 0; i < index->column_count; i++) {
                        values[i] = write->cells[index->columns[i]];
                        comparable &= values[i].type != OCORE_CELL_NULL;
                }
                if (!comparable) {
                        continue;
                }
                status = row_find(store, table, n, values, index->column_count, &statement);
                for (i = 0; status == OCORE_OK && i < table->table->key_count; i++) {
                        same &= ocore__cell_compare(&store->row[i], &write->cells[i]) == 0;
                }
                (void)sqlite3_reset(statement);
                if (status == OCORE_OK && !same) {
                        *column = index->columns[1];
                        return OCORE_OK;
                }
                if (status < 0) {
                        return status;
                }
        }
        *column = 0;
        return OCORE_OK;
}

/* The key, or a value of a unique index, is taken. */
static int exists_refuse(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        int by_key, ocore_refusal *refusal)
{
        uint32_t column = 0;
        int status = by_key ? OCORE_OK : taken_column(store, table, write, &column);

        return status == OCORE_OK ? refuse(refusal, OCORE_REFUSED_EXISTS, column) : status;
}

/* What the statement did: OCORE_OK for one row, OCORE_DONE for none. */
static int change(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        sqlite3_stmt *statement, ocore_refusal *refusal)
{
        int code = ocore__sqlite_run(store, statement);

        switch (code) {
        case SQLITE_OK: return sqlite3_changes(store->db) == 1 ? OCORE_OK : OCORE_DONE;
        case SQLITE_CONSTRAINT_PRIMARYKEY: return exists_refuse(store, table, write, 1, refusal);
        case SQLITE_CONSTRAINT_UNIQUE: return exists_refuse(store, table, write, 0, refusal);
        default: return write_failed(store, refusal);
        }
}

/* The row is as it was expected, and still the database did not change it. */
static int prevented(ocore__sqlite *store, const ocore__sqlite_table *table)
{
        return ocore__sqlite_fail(store, OCORE_STORE,
                "the database does not carry out changes of table %s; a trigger?",
                table->table->name);
}

static int write_check(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        ocore_refusal *refusal)
{
        sqlite3_stmt *statement;
        int64_t revision = 0;
        int code;
        int status = ocore__sqlite_check(store, table, &statement);

        if (status == OCORE_OK) {
                status = ocore__sqlite_bind(
                        store, statement, 1, write->cells, table->table->key_count);
        }
        if (status != OCORE_OK) {
                return only_read(status);
        }
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
                revision = sqlite3_column_int64(statement, 0);
        } else if (code != SQLITE_DONE) {
                status = write_failed(store, refusal);
        }
        (void)sqlite3_reset(statement);
        if (code == SQLITE_DONE) {
                return refuse(refusal, OCORE_REFUSED_MISSING, 0);
        }
        if (status == OCORE_OK && revision != write->revision) {
                return refuse(refusal, OCORE_REFUSED_REVISION, 0);
        }
        return status;
}

static int write_insert(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        ocore_refusal *refusal)
{
        sqlite3_stmt *statement;
        int status = ocore__sqlite_insert(store, table, &statement);

        if (status == OCORE_OK) {
                status = ocore__sqlite_bind(store, statement, 1, write->cells, table->column_count);
        }
        if (status == OCORE_OK && sqlite3_bind_int64(statement, (int)table->column_count + 1,
                                          write->revision > 0 ? write->revision : 1) != SQLITE_OK) {
                status = ocore__sqlite_failed(store, "binding a revision");
        }
        if (status != OCORE_OK) {
                return only_read(status);
        }
        status = change(store, table, write, statement, refusal);
        return status == OCORE_DONE ? prevented(store, table) : status;
}

/* UPDATE and DELETE: the cells, then the expected revision. */
static int write_expecting(ocore__sqlite *store, ocore__sqlite_table *table,
        const ocore_write *write, ocore_refusal *refusal)
{
        int is_update = write->kind == OCORE_WRITE_UPDATE;
        size_t cells = is_update ? table->column_count : table->table->key_count;
        sqlite3_stmt *statement;
        int status = is_update ? ocore__sqlite_update(store, table, &statement)
                               : ocore__sqlite_remove(store, table, &statement);

        if (status == OCORE_OK) {
                status = ocore__sqlite_bind(store, statement, 1, write->cells, cells);
        }
        if (status == OCORE_OK &&
                sqlite3_bind_int64(statement, (int)cells + 1, write->revision) != SQLITE_OK) {
                status = ocore__sqlite_failed(store, "binding a revision");
        }
        if (status != OCORE_OK) {
                return only_read(status);
        }
        status = change(store, table, write, statement, refusal);
        if (status == OCORE_DONE) {
                status = write_check(store, table, write, refusal);
                if (status == OCORE_OK) {
                        status = prevented(store, table);
                }
        }
        return status;
}

/* Why an addition found no row to change. */
static int add_explain(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        ocore_refusal *refusal)
{
        sqlite3_stmt *statement = NULL;
        uint32_t column = 0;
        uint32_t reason = 0;
        int status = row_find(store, table, 0, write->cells, table->table->key_count, &statement);

        if (status == OCORE_OK)
                reason = ocore__sql_judge(write, 1, store->row, &column);
        else if (status == OCORE_DONE)
                reason = OCORE_REFUSED_MISSING;
        if (reason != 0)
                status = refuse(refusal, reason, column);
        (void)sqlite3_reset(statement);
        return status == OCORE_OK ? prevented(store, table) : status;
}

static int write_add(ocore__sqlite *store, ocore__sqlite_table *table, const ocore_write *write,
        ocore_refusal *refusal)
{
        int at = (int)table->table->key_count + 1;
        sqlite3_stmt *statement;
        uint32_t n;
        int status = ocore__sqlite_guarded_add(store, table, write, &statement);

        if (status == OCORE_OK) {
                status = ocore__sqlite_bind(
                        store, statement, 1, write->cells, table->table->key_count);
        }
        for (n = 0; status == OCORE_OK && n < write->add_count; n++, at += 3) {
                int64_t least;
                int64_t most;

                ocore__sql_add_bounds(&write->adds[n], &least, &most);
                if (sqlite3_bind_int64(statement, at, write->adds[n].amount) != SQLITE_OK ||
                        sqlite3_bind_int64(statement, at + 1, least) != SQLITE_OK ||
                        sqlite3_bind_int64(statement, at + 2, most) != SQLITE_OK) {
                        status = ocore__sqlite_failed(store, "binding an amount");
                }
        }
        if (status != OCORE_OK) {
                return only_read(status);
        }
        status = change(store, table, write, statement, refusal);
        return status == OCORE_DONE ? add_explain(store, table, write, refusal) : status;
}

static int write_one(ocore__sqlite *store, const ocore_write *write, ocore_refusal *refusal)
{
        ocore__sqlite_table *table = &store->tables[write->table->number];

        switch (write->kind) {
        case OCORE_WRITE_INSERT: return write_insert(store, table, write, refusal);
        case OCORE_WRITE_UPDATE:
        case OCORE_WRITE_DELETE: return write_expecting(store, table, write, refusal);
        case OCORE_WRITE_CHECK: return write_check(store, table, write, refusal);
        case OCORE_WRITE_ADD: return write_add(store, table, write, refusal);
        default:
                return ocore__sqlite_fail(
                        store, OCORE_STORE, "there is no write of kind %d", (int)write->kind);
        }
}

/* Takes everything back. SQLite may have done it already, after an I/O error or a full disk. */
static void roll_back(ocore__sqlite *store, int joined)
{
        int code = SQLITE_OK;

        if (sqlite3_get_autocommit(store->db) != 0) {
                return;
        }
        if (joined) {
                code = ocore__sqlite_run(store, store->controls[OCORE__SQLITE_ROLLBACK_TO]);
        }
        if (code == SQLITE_OK) {
                code = ocore__sqlite_run(store,
                        store->controls[joined ? OCORE__SQLITE_RELEASE : OCORE__SQLITE_ROLLBACK]);
        }
        if (code != SQLITE_OK) {
                store->poisoned = 1;
        }
}

static int batch_begin(ocore__sqlite *store, int joined, ocore_refusal *refusal)
{
        sqlite3_stmt *begin =
                store->controls[joined ? OCORE__SQLITE_SAVE : OCORE__SQLITE_BEGIN_WRITE];

        return ocore__sqlite_run(store, begin) == SQLITE_OK ? OCORE_OK
                                                            : write_failed(store, refusal);
}

/*
 * A commit that fails while it writes or syncs may still be found after a crash: its frames can
 * be in the log. Only a commit that was not let in has certainly not happened.
 */
static int batch_commit(ocore__sqlite *store, int joined, ocore_refusal *refusal)
{
        sqlite3_stmt *commit =
                store->controls[joined ? OCORE__SQLITE_RELEASE : OCORE__SQLITE_COMMIT];
        int code = ocore__sqlite_run(store, commit);
        int status;

        if (code == SQLITE_OK) {
                return OCORE_OK;
        }
        status = write_failed(store, refusal);
        if (!joined && (code & 0xff) != SQLITE_BUSY) {
                status = OCORE_UNKNOWN;
        }
        return status;
}

int ocore__sqlite_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        ocore__sqlite *store = self;
        int joined;
        int status;
        size_t n;

        memset(refusal, 0, sizeof *refusal);
        if (store->inside || store->row == NULL) {
                return ocore__sqlite_fail(store, OCORE_STORE, "called before open or from within");
        }
        if (store->poisoned) {
                return ocore__sqlite_fail(store, OCORE_STORE,
                        "an earlier write failed in a way that forbids more; "
                        "open the store again");
        }
        store->code = 0;
        store->message[0] = '\0';
        store->inside = 1;
        joined = sqlite3_get_autocommit(store->db) == 0;
        status = batch_begin(store, joined, refusal);
        for (n = 0; status == OCORE_OK && n < count; n++) {
                refusal->write = n;
                status = write_one(store, &writes[n], refusal);
                /* An error inside a host's transaction can end all of it. */
                if (status == OCORE_OK && sqlite3_get_autocommit(store->db) != 0) {
                        status = ocore__sqlite_fail(store, OCORE_STORE, "the transaction is gone");
                }
        }
        if (status == OCORE_OK) {
                refusal->write = 0;
                status = batch_commit(store, joined, refusal);
        }
        if (status != OCORE_OK) {
                roll_back(store, joined);
        }
        if (status != OCORE_CONFLICT) {
                memset(refusal, 0, sizeof *refusal);
        }
        store->inside = 0;
        return status;
}
