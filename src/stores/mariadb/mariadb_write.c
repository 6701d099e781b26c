/*
 * Writing: a batch is one transaction sent as one text, or a savepoint inside the host's. Each
 * statement holds what it expects and raises an error when it finds less, which ends the text
 * before its COMMIT; only then is looked up which expectation failed.
 *
 * The text is a compound statement: one answer for all of it, whatever the number of statements.
 * COMMIT stands behind it, so that the answers tell whether it was reached. On a host's connection,
 * which may not allow a second statement in a text, it is sent by itself.
 */
#include "mariadb_store.h"

#include "stores/sql/sql_judge.h"
#include "stores/sql/sql_refuse.h"
#include "stores/sql/sql_wait.h"

#include <string.h>

/* Bytes of a text, and rows in one statement that checks. */
#define PIECE_BYTES (512u * 1024u)
#define CHECKS_MAX 64
#define WAIT_MS 100

#define MISSED                                                                                     \
        " THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '" OCORE__MARIADB_MISSED "'; END IF; "

/* A batch under way; `next` is the first write that is not in the text. */
typedef struct batch {
        ocore__mariadb *store;
        const ocore_write *writes;
        size_t count;
        size_t next;
        int joined;
        int sent; /* an earlier text of this batch */
} batch;

static void expect_text(ocore__sql *sql, size_t rows)
{
        ocore__sql_add(sql, "; IF ROW_COUNT() <> ");
        ocore__sql_number(sql, (int64_t)rows);
        ocore__sql_add(sql, MISSED);
}

static void name_text(ocore__sql *sql, const ocore__mariadb_column *column)
{
        ocore__sql_name(sql, column->field->name, '`');
}

static void row_text(ocore__sql *sql, const ocore__mariadb_table *table, const ocore_write *write)
{
        size_t n;

        ocore__sql_add(sql, "(");
        for (n = 0; n < table->column_count; n++) {
                ocore__mariadb_cell_text(sql, &write->cells[n]);
                ocore__sql_add(sql, ", ");
        }
        ocore__sql_number(sql, write->revision > 0 ? write->revision : 1);
        ocore__sql_add(sql, ")");
}

static void update_text(
        ocore__sql *sql, const ocore__mariadb_table *table, const ocore_write *write)
{
        size_t n;

        ocore__sql_add(sql, "UPDATE ");
        ocore__sql_bytes(sql, table->name.data, table->name.used);
        ocore__sql_add(sql, " SET `revision` = `revision` + 1");
        for (n = table->table->key_count; n < table->column_count; n++) {
                ocore__sql_add(sql, ", ");
                name_text(sql, &table->columns[n]);
                ocore__sql_add(sql, " = ");
                ocore__mariadb_cell_text(sql, &write->cells[n]);
        }
}

static void delete_text(ocore__sql *sql, const ocore__mariadb_table *table)
{
        ocore__sql_add(sql, "DELETE FROM ");
        ocore__sql_bytes(sql, table->name.data, table->name.used);
}

/* Never a number computed from an earlier read: the server adds, if the sum stays in bounds. */
static void add_text(ocore__sql *sql, const ocore__mariadb_table *table, const ocore_write *write)
{
        uint32_t n;

        ocore__sql_add(sql, "UPDATE ");
        ocore__sql_bytes(sql, table->name.data, table->name.used);
        ocore__sql_add(sql, " SET `revision` = `revision` + 1");
        for (n = 0; n < write->add_count; n++) {
                const ocore__mariadb_column *column = &table->columns[write->adds[n].column];

                ocore__sql_add(sql, ", ");
                name_text(sql, column);
                ocore__sql_add(sql, column->nullable ? " = IFNULL(" : " = ");
                name_text(sql, column);
                ocore__sql_add(sql, column->nullable ? ", 0) + " : " + ");
                ocore__sql_number(sql, write->adds[n].amount);
        }
        ocore__sql_add(sql, " WHERE ");
        ocore__mariadb_key_text(sql, table->table, write->cells);
        for (n = 0; n < write->add_count; n++) {
                const ocore__mariadb_column *column = &table->columns[write->adds[n].column];
                int64_t least;
                int64_t most;

                ocore__sql_add_bounds(&write->adds[n], &least, &most);
                ocore__sql_add(sql, column->nullable ? " AND IFNULL(" : " AND ");
                name_text(sql, column);
                ocore__sql_add(sql, column->nullable ? ", 0) BETWEEN " : " BETWEEN ");
                ocore__sql_number(sql, least);
                ocore__sql_add(sql, " AND ");
                ocore__sql_number(sql, most);
        }
}

static void expected_text(
        ocore__sql *sql, const ocore__mariadb_table *table, const ocore_write *write)
{
        ocore__mariadb_key_text(sql, table->table, write->cells);
        ocore__sql_add(sql, " AND `revision` = ");
        ocore__sql_number(sql, write->revision);
}

/* How many writes from `next` on go into one statement, and its text. */
static size_t run_text(batch *self, size_t room)
{
        const ocore_write *first = &self->writes[self->next];
        const ocore__mariadb_table *table = &self->store->tables[first->table->number];
        ocore__sql *sql = &self->store->text;
        int checks = first->kind == OCORE_WRITE_CHECK;
        size_t start = sql->used;
        size_t n;

        if (checks) {
                ocore__sql_add(sql, "SELECT COUNT(*) INTO `ocore_rows` FROM ");
                ocore__sql_bytes(sql, table->name.data, table->name.used);
                ocore__sql_add(sql, " FORCE INDEX (PRIMARY) WHERE (");
        } else {
                ocore__sql_bytes(sql, table->insert.data, table->insert.used);
        }
        for (n = 0; self->next + n < self->count && !sql->failed; n++) {
                const ocore_write *write = first + n;
                size_t before = sql->used;

                if (write->table != first->table || write->kind != first->kind ||
                        (checks && n == CHECKS_MAX))
                        break;
                if (checks) {
                        ocore__sql_add(sql, n > 0 ? ") OR (" : "");
                        expected_text(sql, table, write);
                } else {
                        ocore__sql_add(sql, n > 0 ? ", " : "");
                        row_text(sql, table, write);
                }
                /* The row that is too much begins the next statement. */
                if (n > 0 && sql->used - start > room / 2) {
                        sql->used = before;
                        break;
                }
        }
        if (checks) {
                ocore__sql_add(sql, ") LOCK IN SHARE MODE; IF `ocore_rows` <> ");
                ocore__sql_number(sql, (int64_t)n);
                ocore__sql_add(sql, MISSED);
        } else {
                expect_text(sql, n);
        }
        return n;
}

/* The next statement at the end of the text, with what it expects. Single changes of rows stay
 * single: measured, a join with the list of changes costs the server more than they do. */
static size_t statement_text(batch *self, size_t room)
{
        const ocore_write *write = &self->writes[self->next];
        const ocore__mariadb_table *table = &self->store->tables[write->table->number];
        ocore__sql *sql = &self->store->text;

        if (write->kind == OCORE_WRITE_INSERT || write->kind == OCORE_WRITE_CHECK)
                return run_text(self, room);
        if (write->kind == OCORE_WRITE_ADD) {
                add_text(sql, table, write);
        } else {
                if (write->kind == OCORE_WRITE_UPDATE)
                        update_text(sql, table, write);
                else
                        delete_text(sql, table);
                ocore__sql_add(sql, " WHERE ");
                expected_text(sql, table, write);
        }
        expect_text(sql, 1);
        return 1;
}

/* How a batch begins: never inside a transaction that the client library does not know of, and
 * never as if inside one that the server has ended. */
static void begin_text(batch *self)
{
        ocore__sql *sql = &self->store->text;

        if (self->joined)
                ocore__sql_add(sql, "IF @@in_transaction = 0 AND @@autocommit = 1 THEN "
                                    "SIGNAL SQLSTATE '25000' SET MYSQL_ERRNO = 1305, MESSAGE_TEXT "
                                    "= 'it is over'; END IF; "
                                    "SAVEPOINT `" OCORE__MARIADB_SAVEPOINT "`; ");
        else
                ocore__sql_add(sql, "START TRANSACTION; ");
}

/* Fills the text with as much as goes together. OCORE_OK, OCORE_NOMEM, or OCORE_STORE for a row
 * that no text can hold. */
static int piece_text(batch *self)
{
        ocore__mariadb *store = self->store;
        ocore__sql *sql = &store->text;
        size_t room = store->packet_max < PIECE_BYTES ? store->packet_max : PIECE_BYTES;
        size_t start = self->next;

        ocore__sql_clear(sql);
        ocore__sql_add(sql, "BEGIN NOT ATOMIC DECLARE `ocore_rows` BIGINT; ");
        if (!self->sent)
                begin_text(self);
        while (self->next < self->count && !sql->failed) {
                size_t before = sql->used;
                size_t next = self->next;

                self->next += statement_text(self, room);
                /* What is too much is sent next. */
                if (sql->used > room - 256 && next > start) {
                        sql->used = before;
                        self->next = next;
                        break;
                }
                if (sql->used > room - 256)
                        break;
        }
        if (self->next == self->count && self->joined)
                ocore__sql_add(sql, "RELEASE SAVEPOINT `" OCORE__MARIADB_SAVEPOINT "`; END");
        else
                ocore__sql_add(
                        sql, self->next == self->count && store->owned ? "END; COMMIT" : "END");
        if (sql->failed)
                return ocore__mariadb_fail(store, OCORE_NOMEM, "no memory for a statement");
        if (sql->used >= store->packet_max)
                return ocore__mariadb_fail(store, OCORE_STORE,
                        "a row of table %s is larger than the server takes; raise its "
                        "max_allowed_packet",
                        self->writes[start].table->name);
        return OCORE_OK;
}

/* The batch once. OCORE_OK with *code 0 for done, else with what went wrong and how far it came. */
static int batch_send(batch *self, unsigned *code, int *stage)
{
        ocore__mariadb *store = self->store;
        int status;

        *code = 0;
        self->next = 0;
        self->sent = 0;
        do {
                int last;

                status = piece_text(self);
                if (status != OCORE_OK)
                        return status;
                last = self->next == self->count;
                *code = ocore__mariadb_run(
                        store, store->text.data, store->text.used, last && store->owned, stage);
                /* What is left of the first text, in which nothing was committed, is gone with
                 * the connection. */
                if (*stage == OCORE__MARIADB_NOT_SENT && self->sent)
                        *stage = OCORE__MARIADB_RUNNING;
                self->sent = 1;
        } while (*code == 0 && self->next < self->count);
        if (*code == 0 && !store->owned && !self->joined)
                *code = ocore__mariadb_run(store, "COMMIT", 6, 2, stage);
        return OCORE_OK;
}

/* Characters of UTF-8: all bytes but those that go on with one. */
static size_t characters(ocore_str text)
{
        size_t count = 0;
        size_t n;

        for (n = 0; n < text.size; n++)
                count += ((unsigned char)text.data[n] & 0xc0) != 0x80;
        return count;
}

/* Texts in an index have a limit, which a host's connection may not be strict about. */
static int widths_check(ocore__mariadb *store, const ocore_write *write)
{
        const ocore__mariadb_table *table = &store->tables[write->table->number];
        size_t n;

        if (write->kind != OCORE_WRITE_INSERT && write->kind != OCORE_WRITE_UPDATE)
                return OCORE_OK;
        for (n = 0; n < table->column_count; n++) {
                const ocore__mariadb_column *column = &table->columns[n];

                if (column->width > 0 && write->cells[n].type == OCORE_CELL_TEXT &&
                        characters(write->cells[n].as.text) > column->width)
                        return ocore__mariadb_fail(store, OCORE_STORE,
                                "column %s of table %s holds texts of up to %u characters",
                                column->field->name, table->table->name, (unsigned)column->width);
        }
        return OCORE_OK;
}

/* Inside the host's transaction rows are looked at as they are now, not as it saw them first. */
static int batch_look(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        const batch *under_way = self;

        return ocore__mariadb_look(under_way->store, reads, count, under_way->joined, emit, sink);
}

/* Which write was refused. Where none explains the error, the same again, and at last the error
 * itself: a trigger's, or that of a server which does not do what it says. */
static int judge(batch *self, unsigned code, int last, ocore_refusal *refusal)
{
        ocore__mariadb *store = self->store;
        char message[sizeof store->message];
        int status;

        memcpy(message, store->message, sizeof message);
        status = ocore__sql_refuse(self->writes, self->count, batch_look, self, refusal);
        if (status == OCORE_CORRUPT)
                return OCORE_STORE;
        if (status != OCORE_OK || !last)
                return status;
        store->code = code;
        memcpy(store->message, message, sizeof message);
        if (code != 1644)
                return OCORE_STORE;
        return ocore__mariadb_fail(store, OCORE_STORE,
                "the database does not carry out the changes of a batch; a trigger?");
}

/* What one failure means: OCORE_OK to send the batch again, else what `write` returns. */
static int failed(batch *self, unsigned code, int stage, int last, ocore_refusal *refusal)
{
        ocore__mariadb *store = self->store;
        ocore__mariadb_action action = ocore__mariadb_decide(code, store->sqlstate, stage);
        int status;

        /* A trigger of the host's may raise the same error. */
        if (code == 1644 && strstr(store->message, OCORE__MARIADB_MISSED) == NULL)
                action = OCORE__MARIADB_PERMANENT;
        if (action == OCORE__MARIADB_ASK) {
                (void)ocore__mariadb_roll_back(store, 0);
                ocore__mariadb_disconnect(store, 0);
                return OCORE_UNKNOWN;
        }
        if (action == OCORE__MARIADB_RECONNECT || action == OCORE__MARIADB_NEXT_HOST) {
                if (!store->owned) {
                        (void)ocore__mariadb_roll_back(store, self->joined);
                        return OCORE_STORE;
                }
                ocore__mariadb_disconnect(store, action == OCORE__MARIADB_NEXT_HOST);
                return OCORE_OK;
        }
        status = ocore__mariadb_roll_back(store, self->joined);
        if (status != OCORE_OK)
                return status;
        if (action == OCORE__MARIADB_JUDGE)
                return judge(self, code, last, refusal);
        if (action == OCORE__MARIADB_AGAIN) {
                refusal->reason = OCORE_REFUSED_CONFLICT;
                return last || self->joined ? OCORE_CONFLICT : OCORE_OK;
        }
        return action == OCORE__MARIADB_NO_MEMORY ? OCORE_NOMEM : OCORE_STORE;
}

static int batch_write(batch *self, ocore_refusal *refusal)
{
        ocore__mariadb *store = self->store;
        int64_t deadline = ocore__sql_now_ms() + store->deadline_ms;
        int64_t attempt = 0;
        int status;

        for (;;) {
                unsigned code = 0;
                int stage = OCORE__MARIADB_NOT_SENT;

                memset(refusal, 0, sizeof *refusal);
                status = ocore__mariadb_connect(store, deadline);
                if (status != OCORE_OK)
                        return status;
                self->joined = ocore__mariadb_joined(store);
                status = batch_send(self, &code, &stage);
                if (status != OCORE_OK && self->sent)
                        (void)ocore__mariadb_roll_back(store, self->joined);
                if (status != OCORE_OK || code == 0)
                        return status;
                attempt++;
                status = failed(self, code, stage, attempt >= store->attempts_max, refusal);
                if (status != OCORE_OK)
                        return status;
                if (store->db == NULL && ocore__sql_now_ms() >= deadline)
                        return OCORE_STORE;
                ocore__sql_wait(attempt, WAIT_MS, &store->random);
        }
}

int ocore__mariadb_write(
        void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        ocore__mariadb *store = self;
        batch under_way = {.store = store, .writes = writes, .count = count};
        int status = OCORE_OK;
        size_t n;

        memset(refusal, 0, sizeof *refusal);
        if (store->inside || store->row == NULL)
                return ocore__mariadb_fail(store, OCORE_STORE, "called before open or from within");
        store->code = 0;
        store->message[0] = '\0';
        store->inside = 1;
        for (n = 0; status == OCORE_OK && n < count; n++)
                status = widths_check(store, &writes[n]);
        if (status == OCORE_OK && count > 0)
                status = batch_write(&under_way, refusal);
        if (status != OCORE_CONFLICT)
                memset(refusal, 0, sizeof *refusal);
        store->inside = 0;
        return status;
}
