/*
 * Writing: writes of one table and kind that stand together are one statement over arrays, all
 * statements of a batch one round trip and one transaction. The order of the batch is kept, also
 * inside a statement, so that two writers never wait for each other in a circle.
 */
#include "postgres_store.h"

#include "record/record.h"
#include "stores/sql/sql_judge.h"
#include "stores/sql/sql_wait.h"

#include <string.h>

enum { PAUSE_MAX_MS = 100 };

static int adds_alike(const ocore_write *a, const ocore_write *b)
{
        uint32_t n;

        if (a->add_count != b->add_count)
                return 0;
        for (n = 0; n < a->add_count; n++) {
                if (a->adds[n].column != b->adds[n].column)
                        return 0;
        }
        return 1;
}

/*
 * How many writes from the first on share its statement. On the host's connection the planner is
 * the host's: it might visit the rows of a join in any order, so there a statement holds one row;
 * an insert does not join.
 */
static size_t run_length(const ocore__pg *store, const ocore_write *writes, size_t count)
{
        size_t n = 1;

        if (store->conninfo == NULL && writes[0].kind != OCORE_WRITE_INSERT)
                return 1;
        while (n < count && writes[n].table == writes[0].table &&
                writes[n].kind == writes[0].kind &&
                (writes[0].kind != OCORE_WRITE_ADD || adds_alike(&writes[0], &writes[n])))
                n++;
        return n;
}

static int64_t revision_of(const ocore_write *write)
{
        return write->kind == OCORE_WRITE_INSERT && write->revision < 1 ? 1 : write->revision;
}

static size_t cells_of(const ocore__pg_table *table, const ocore_write *write)
{
        return write->kind == OCORE_WRITE_INSERT || write->kind == OCORE_WRITE_UPDATE
                       ? table->column_count
                       : table->table->key_count;
}

/* The parameters that have one value in all writes of the run; of the additions the amounts. */
static uint64_t same_of(const ocore__pg_table *table, const ocore_write *writes, size_t count)
{
        size_t cells = cells_of(table, &writes[0]);
        uint64_t same = UINT64_MAX;
        size_t i;
        size_t n;

        for (i = 1; i < count; i++) {
                for (n = 0; n < cells && n < 64; n++) {
                        if (ocore__pg_is_same(same, n) &&
                                !ocore__cell_equal(&writes[0].cells[n], &writes[i].cells[n]))
                                same &= ~(UINT64_C(1) << n);
                }
                if (writes[0].kind != OCORE_WRITE_ADD && n < 64 &&
                        revision_of(&writes[0]) != revision_of(&writes[i]))
                        same &= ~(UINT64_C(1) << n);
                for (n = 0; n < writes[0].add_count && cells + 3 * n < 64; n++) {
                        if (writes[0].adds[n].amount != writes[i].adds[n].amount)
                                same &= ~(UINT64_C(1) << (cells + 3 * n));
                }
        }
        return same;
}

static void put_one(ocore__pg *store, const ocore__pg_table *table, const ocore_write *write)
{
        size_t cells = cells_of(table, write);
        size_t n;

        for (n = 0; n < cells; n++)
                ocore__pg_put_cell(store, &write->cells[n]);
        if (write->kind != OCORE_WRITE_ADD) {
                ocore__pg_put_number(store, revision_of(write));
                return;
        }
        for (n = 0; n < write->add_count; n++) {
                int64_t least;
                int64_t most;

                ocore__sql_add_bounds(&write->adds[n], &least, &most);
                ocore__pg_put_number(store, write->adds[n].amount);
                ocore__pg_put_number(store, least);
                ocore__pg_put_number(store, most);
        }
}

/* The amounts of the n-th column, then its least and greatest values. */
static void put_adds(
        ocore__pg *store, const ocore_write *writes, size_t count, uint32_t n, int alike)
{
        int part;
        size_t i;

        if (alike)
                ocore__pg_put_number(store, writes[0].adds[n].amount);
        for (part = alike ? 1 : 0; part < 3; part++) {
                ocore__pg_array_begin(store, OCORE_CELL_NUMBER, count);
                for (i = 0; i < count; i++) {
                        int64_t least;
                        int64_t most;

                        ocore__sql_add_bounds(&writes[i].adds[n], &least, &most);
                        ocore__pg_array_number(store, part == 0   ? writes[i].adds[n].amount
                                                      : part == 1 ? least
                                                                  : most);
                }
        }
}

static void put_many(ocore__pg *store, const ocore__pg_table *table, const ocore_write *writes,
        size_t count, uint64_t same)
{
        size_t cells = cells_of(table, &writes[0]);
        size_t n;
        size_t i;

        for (n = 0; n < cells; n++) {
                if (ocore__pg_is_same(same, n)) {
                        ocore__pg_put_cell(store, &writes[0].cells[n]);
                        continue;
                }
                ocore__pg_array_begin(store, table->columns[n].type, count);
                for (i = 0; i < count; i++)
                        ocore__pg_array_cell(store, &writes[i].cells[n]);
        }
        if (writes[0].kind == OCORE_WRITE_ADD) {
                for (n = 0; n < writes[0].add_count; n++)
                        put_adds(store, writes, count, (uint32_t)n,
                                ocore__pg_is_same(same, cells + 3 * n));
        } else if (ocore__pg_is_same(same, cells)) {
                ocore__pg_put_number(store, revision_of(&writes[0]));
        } else {
                ocore__pg_array_begin(store, OCORE_CELL_NUMBER, count);
                for (i = 0; i < count; i++)
                        ocore__pg_array_number(store, revision_of(&writes[i]));
        }
        if (writes[0].kind != OCORE_WRITE_INSERT || table->guard_inserts)
                ocore__pg_put_number(store, (int64_t)count);
}

/* Queues the whole batch. */
static int send_all(ocore__pg *store, const ocore_write *writes, size_t count)
{
        size_t at = 0;

        while (at < count && store->failed == OCORE__PG_DONE) {
                const ocore_write *write = &writes[at];
                ocore__pg_table *table = &store->tables[write->table->number];
                size_t run = run_length(store, write, count - at);
                int form = run > 1 ? OCORE__PG_MANY : OCORE__PG_ONE;
                uint64_t same = run > 1 ? same_of(table, write, run) : 0;
                ocore__pg_statement *statement;

                if (ocore__pg_statement_of(store, table, write, form, same, &statement) !=
                        OCORE_OK) {
                        store->failed = OCORE__PG_NOMEM;
                        break;
                }
                ocore__pg_parameters_clear(store);
                if (form == OCORE__PG_ONE)
                        put_one(store, table, write);
                else
                        put_many(store, table, write, run, statement->same);
                ocore__pg_queue(store, statement, at);
                at += run;
        }
        return ocore__pg_exchange(store);
}

/*
 * The number in "INSERT 0 5". Rows that an insert left out are somebody else's trigger or rule,
 * made while the store was open: it is too late for this batch, and the next ones will ask inside
 * the statement.
 */
static int inserts_check(ocore__pg *store, const ocore_write *writes, size_t count)
{
        int status = OCORE_OK;
        size_t n;

        for (n = 0; n < store->sent_count; n++) {
                const ocore__pg_sent *sent = &store->sent[n];
                const ocore_write *write = &writes[sent->tag];
                ocore__pg_table *table;
                const char *told;
                size_t rows = 0;

                if (sent->statement == NULL || sent->prepares || write->kind != OCORE_WRITE_INSERT)
                        continue;
                table = &store->tables[write->table->number];
                if (table->guard_inserts)
                        continue;
                for (told = PQcmdTuples(sent->result); *told >= '0' && *told <= '9'; told++)
                        rows = rows * 10 + (size_t)(*told - '0');
                if (rows == run_length(store, write, count - sent->tag))
                        continue;
                table->guard_inserts = 1;
                status = ocore__pg_fail(store, OCORE_UNKNOWN,
                        "the database leaves out rows of table %s; a trigger?", table->table->name);
        }
        return status;
}

static int conflict(ocore_refusal *refusal)
{
        refusal->write = 0;
        refusal->reason = OCORE_REFUSED_CONFLICT;
        refusal->column = 0;
        return OCORE_CONFLICT;
}

/* What comes of an exchange that did not pass: OCORE_OK to send it again, or the answer. */
static int go_on(
        ocore__pg *store, int action, int64_t attempt, int64_t *since_ms, ocore_refusal *refusal)
{
        switch (action) {
        case OCORE__PG_PREPARE:
                store->session = ocore__pg_fresh(store);
                return attempt < store->attempts_max ? OCORE_OK : OCORE_STORE;
        case OCORE__PG_AGAIN:
                /* A host's snapshot stays as old as it is; only the host can begin anew. */
                if (store->joined || attempt >= store->attempts_max)
                        return conflict(refusal);
                ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
                return OCORE_OK;
        case OCORE__PG_UNKNOWN: return OCORE_UNKNOWN;
        case OCORE__PG_RECONNECT:
                if (store->conninfo == NULL)
                        return OCORE_STORE;
                if (*since_ms == 0)
                        *since_ms = ocore__sql_now_ms();
                else if (ocore__sql_now_ms() - *since_ms >= store->deadline_ms)
                        return OCORE_STORE;
                else
                        ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
                return OCORE_OK;
        default:
                /* A write does not say OCORE_CORRUPT: what it found is for the next read. */
                return ocore__pg_status(store, action) == OCORE_NOMEM ? OCORE_NOMEM : OCORE_STORE;
        }
}

/* An expectation did not hold. Where no write explains that, whoever was in the way has gone again
 * and the batch is sent once more; an error that stays is somebody else's, a trigger's say. */
static int refused(ocore__pg *store, const ocore_write *writes, size_t count, int64_t attempt,
        ocore_refusal *refusal)
{
        char message[sizeof store->message];
        int status = ocore__pg_refuse(store, writes, count, refusal);

        if (status != OCORE_OK)
                return status;
        if (store->joined)
                return conflict(refusal);
        if (attempt >= store->attempts_max) {
                memcpy(message, store->message, sizeof message);
                return ocore__pg_fail(store, OCORE_STORE,
                        "no row explains what the server refuses (a trigger?): %s", message);
        }
        ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
        return OCORE_OK;
}

static int write_all(
        ocore__pg *store, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        int64_t since_ms = 0;
        int64_t attempt;

        for (attempt = 1;; attempt++) {
                int action = OCORE__PG_DONE;
                int status = ocore__pg_ready(store, since_ms);

                if (status == OCORE_OK)
                        status = ocore__pg_begin(store);
                if (status != OCORE_OK)
                        return status;
                action = send_all(store, writes, count);
                if (action == OCORE__PG_DONE)
                        status = inserts_check(store, writes, count);
                ocore__pg_end(store);
                if (action == OCORE__PG_DONE)
                        return status;
                if (action == OCORE__PG_TAKEN)
                        status = refused(store, writes, count, attempt, refusal);
                else
                        status = go_on(store, action, attempt, &since_ms, refusal);
                if (status != OCORE_OK)
                        return status;
        }
}

static int kinds_check(ocore__pg *store, const ocore_write *writes, size_t count)
{
        size_t n;

        for (n = 0; n < count; n++) {
                if (writes[n].kind < OCORE_WRITE_INSERT || writes[n].kind > OCORE_WRITE_ADD)
                        return ocore__pg_fail(store, OCORE_STORE, "there is no write of kind %u",
                                (unsigned)writes[n].kind);
        }
        return OCORE_OK;
}

int ocore__pg_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        ocore__pg *store = self;
        int status;

        memset(refusal, 0, sizeof *refusal);
        if (store->inside || store->row == NULL)
                return ocore__pg_fail(store, OCORE_STORE, "called before open or from within");
        ocore__pg_message_clear(store);
        status = kinds_check(store, writes, count);
        if (status != OCORE_OK || count == 0)
                return status;
        store->inside = 1;
        status = write_all(store, writes, count, refusal);
        if (status != OCORE_CONFLICT)
                memset(refusal, 0, sizeof *refusal);
        store->inside = 0;
        return status;
}
