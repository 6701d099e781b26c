/*
 * Reading: each look-up is one statement, a batch of them one transaction. What the file says is
 * checked value by value before anyone sees it.
 */
#include "sqlite_store.h"
#include "base/text.h"
#include "stores/sql/sql_judge.h"

#include <string.h>

int ocore__sqlite_bind(ocore__sqlite *store, sqlite3_stmt *statement, int at,
        const ocore_cell *cells, size_t count)
{
        size_t n;

        for (n = 0; n < count; n++, at++) {
                const ocore_cell *cell = &cells[n];
                /* A pointer that is NULL would bind NULL, not the empty text. */
                const char *data = cell->type == OCORE_CELL_TEXT || cell->type == OCORE_CELL_BYTES
                                           ? cell->as.text.data
                                           : NULL;
                int code;

                if (data == NULL) {
                        data = "";
                }
                switch (cell->type) {
                case OCORE_CELL_NUMBER:
                        code = sqlite3_bind_int64(statement, at, cell->as.number);
                        break;
                case OCORE_CELL_TEXT:
                        code = sqlite3_bind_text64(statement, at, data, cell->as.text.size,
                                SQLITE_STATIC, SQLITE_UTF8);
                        break;
                case OCORE_CELL_BYTES:
                        code = sqlite3_bind_blob64(
                                statement, at, data, cell->as.text.size, SQLITE_STATIC);
                        break;
                case OCORE_CELL_ID:
                        code = sqlite3_bind_blob(statement, at, cell->as.id.bytes,
                                (int)sizeof cell->as.id.bytes, SQLITE_STATIC);
                        break;
                default: code = sqlite3_bind_null(statement, at); break;
                }
                if (code != SQLITE_OK) {
                        return ocore__sqlite_failed(store, "binding a value");
                }
        }
        return OCORE_OK;
}

/* OCORE_OK; OCORE_CORRUPT when the file holds what no column of this type can hold. */
static int cell_take(ocore__sqlite *store, const ocore__sqlite_column *column,
        sqlite3_stmt *statement, int at, ocore_cell *cell)
{
        int found = sqlite3_column_type(statement, at);

        cell->type = column->type;
        cell->reserved = 0;
        if (found == SQLITE_INTEGER && column->type == OCORE_CELL_NUMBER) {
                cell->as.number = sqlite3_column_int64(statement, at);
                return OCORE_OK;
        }
        if (found == SQLITE_TEXT && column->type == OCORE_CELL_TEXT) {
                const unsigned char *text = sqlite3_column_text(statement, at);

                cell->as.text.data = (const char *)text;
                cell->as.text.size = (size_t)sqlite3_column_bytes(statement, at);
                if (text == NULL) {
                        return ocore__sqlite_fail(store, OCORE_NOMEM, "no memory for a text");
                }
                if (ocore__text_is_utf8(cell->as.text)) {
                        return OCORE_OK;
                }
        }
        if (found == SQLITE_BLOB && column->type == OCORE_CELL_BYTES) {
                cell->as.text.data = sqlite3_column_blob(statement, at);
                cell->as.text.size = (size_t)sqlite3_column_bytes(statement, at);
                if (cell->as.text.data == NULL) {
                        cell->as.text.data = "";
                }
                return OCORE_OK;
        }
        if (found == SQLITE_BLOB && column->type == OCORE_CELL_ID &&
                sqlite3_column_bytes(statement, at) == (int)sizeof cell->as.id.bytes) {
                const void *bytes = sqlite3_column_blob(statement, at);

                if (bytes != NULL) {
                        memcpy(cell->as.id.bytes, bytes, sizeof cell->as.id.bytes);
                        return OCORE_OK;
                }
        }
        if (found == SQLITE_NULL && column->nullable) {
                cell->type = OCORE_CELL_NULL;
                cell->as.number = 0;
                return OCORE_OK;
        }
        return ocore__sqlite_fail(
                store, OCORE_CORRUPT, "a value of column %s cannot be right", column->field->name);
}

int ocore__sqlite_row(ocore__sqlite *store, const ocore__sqlite_table *table,
        sqlite3_stmt *statement, int64_t *revision)
{
        int last = (int)table->column_count;
        int n;

        for (n = 0; n < last; n++) {
                int status = cell_take(store, &table->columns[n], statement, n, &store->row[n]);

                if (status != OCORE_OK) {
                        return status;
                }
        }
        *revision = sqlite3_column_int64(statement, last);
        if (sqlite3_column_type(statement, last) != SQLITE_INTEGER || *revision < 1) {
                return ocore__sqlite_fail(store, OCORE_CORRUPT,
                        "a revision in table %s cannot be right", table->table->name);
        }
        return OCORE_OK;
}

/* Finds the statement for a look-up and binds it; *out is NULL when no row can be meant. */
static int read_prepare(ocore__sqlite *store, const ocore_read *read, sqlite3_stmt **out)
{
        ocore__sqlite_table *table = &store->tables[read->table->number];
        uint32_t places = ocore__sql_place_count(read->table, read->index);
        int descending = (read->flags & OCORE_READ_DESCENDING) != 0;
        int after = read->after != NULL && read->after_count > 0;
        sqlite3_stmt *statement = NULL;
        int status;

        *out = NULL;
        if (read->prefix_count > places || (after && read->after_count != places)) {
                return ocore__sqlite_fail(store, OCORE_STORE,
                        "a look-up in table %s names a place that is none", read->table->name);
        }
        if (after) {
                int side = ocore__sql_after_side(read);

                if (side > 0) {
                        return OCORE_OK;
                }
                after = side == 0;
        }
        status = ocore__sqlite_select(
                store, table, read->index, read->prefix_count, after, descending, &statement);
        if (status == OCORE_OK) {
                status = ocore__sqlite_bind(store, statement, 1, read->prefix, read->prefix_count);
        }
        if (status == OCORE_OK && after) {
                status = ocore__sqlite_bind(store, statement, (int)read->prefix_count + 1,
                        read->after + read->prefix_count, places - read->prefix_count);
        }
        if (status == OCORE_OK &&
                sqlite3_bind_int64(statement, (int)places + 1,
                        read->limit == 0 ? -1 : (sqlite3_int64)read->limit) != SQLITE_OK) {
                status = ocore__sqlite_failed(store, "binding a limit");
        }
        if (status == OCORE_OK) {
                *out = statement;
        }
        return status;
}

static int read_one(
        ocore__sqlite *store, const ocore_read *read, size_t number, ocore_row_fn emit, void *sink)
{
        const ocore__sqlite_table *table = &store->tables[read->table->number];
        sqlite3_stmt *statement;
        int64_t revision = 0;
        int code = SQLITE_DONE;
        int status = read_prepare(store, read, &statement);

        if (statement == NULL) {
                return status;
        }
        while (status == OCORE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
                status = ocore__sqlite_row(store, table, statement, &revision);
                if (status == OCORE_OK) {
                        status = emit(sink, number, revision, store->row, table->column_count);
                }
        }
        if (status == OCORE_OK && code != SQLITE_DONE) {
                status = ocore__sqlite_failed(store, "reading");
        }
        (void)sqlite3_reset(statement); /* repeats the error of the step */
        return status;
}

int ocore__sqlite_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore__sqlite *store = self;
        int together;
        int status = OCORE_OK;
        size_t n;

        if (store->inside || store->row == NULL) {
                return ocore__sqlite_fail(store, OCORE_STORE, "called before open or from within");
        }
        store->code = 0;
        store->message[0] = '\0';
        store->inside = 1;
        /* One statement is a snapshot by itself; inside the host's transaction all are one. */
        together = count > 1 && sqlite3_get_autocommit(store->db) != 0;
        if (together &&
                ocore__sqlite_run(store, store->controls[OCORE__SQLITE_BEGIN_READ]) != SQLITE_OK) {
                store->inside = 0;
                return ocore__sqlite_failed(store, "beginning to read");
        }
        for (n = 0; status == OCORE_OK && n < count; n++) {
                status = read_one(store, &reads[n], n, emit, sink);
        }
        if (together && sqlite3_get_autocommit(store->db) == 0 &&
                ocore__sqlite_run(store, store->controls[OCORE__SQLITE_COMMIT]) != SQLITE_OK &&
                ocore__sqlite_run(store, store->controls[OCORE__SQLITE_ROLLBACK]) != SQLITE_OK) {
                store->poisoned = 1;
        }
        store->inside = 0;
        return status;
}
