/*
 * One exchange with the server: commands are queued, a Sync ends them, the results come back. The
 * Sync is also what commits: before it has been sent nothing can have happened.
 *
 * On a connection of our own the commands of an exchange are a transaction by themselves. On the
 * host's, inside a transaction, they are a savepoint, which is released with them.
 */
#include "postgres_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an exchange has brought. */
typedef struct exchange_end {
        size_t at;    /* the command whose result comes next */
        size_t where; /* the first command that failed; sent_count: the commit */
        int failed;
        int fatal;   /* the server ended the session */
        int settled; /* the Sync was answered */
} exchange_end;

static ocore__pg_sent *sent_take(ocore__pg *store)
{
        if (store->sent_count == store->sent_room) {
                size_t room = store->sent_room + 64;
                ocore__pg_sent *grown = realloc(store->sent, room * sizeof *grown);

                if (grown == NULL) {
                        store->failed = OCORE__PG_NOMEM;
                        return NULL;
                }
                store->sent = grown;
                store->sent_room = room;
        }
        memset(&store->sent[store->sent_count], 0, sizeof *store->sent);
        return &store->sent[store->sent_count];
}

/* libpq did not take a command: there is no memory, or no connection. Nothing was committed. */
static void queue_failed(ocore__pg *store)
{
        int alive = PQstatus(store->connection) == CONNECTION_OK;

        store->failed = alive ? OCORE__PG_NOMEM : OCORE__PG_RECONNECT;
        (void)ocore__pg_fail(store, 0, "sending: %s", PQerrorMessage(store->connection));
}

void ocore__pg_queue_text(ocore__pg *store, const char *text)
{
        if (store->failed != OCORE__PG_DONE || sent_take(store) == NULL)
                return;
        if (PQsendQueryParams(store->connection, text, 0, NULL, NULL, NULL, NULL, 1) != 1)
                queue_failed(store);
        else
                store->sent_count++;
}

/* The name must differ from all others on the connection, also from those of a store that is gone
 * and of statements that the server forgot only half. */
static void queue_prepare(ocore__pg *store, ocore__pg_statement *statement)
{
        ocore__pg_sent *sent = sent_take(store);

        if (sent == NULL)
                return;
        (void)snprintf(statement->name, sizeof statement->name, "ordercore_%016llx",
                (unsigned long long)ocore__pg_fresh(store));
        if (PQsendPrepare(store->connection, statement->name, statement->text, 0, NULL) != 1) {
                queue_failed(store);
                return;
        }
        sent->statement = statement;
        sent->prepares = 1;
        store->sent_count++;
        statement->session = store->session;
}

static int fixed_make(ocore__pg *store, int which, ocore__pg_statement **kept)
{
        if (*kept == NULL) {
                ocore__sql_clear(&store->text);
                ocore__sql_add(&store->text, ocore__pg_fixed[which]);
                *kept = ocore__pg_statement_make(store, &store->text);
        }
        if (*kept == NULL && store->failed == OCORE__PG_DONE)
                store->failed = OCORE__PG_NOMEM;
        return *kept != NULL;
}

/* Says which tenant's rows the statements behind it may reach. */
static void queue_tenant(ocore__pg *store)
{
        char number[24];
        const char *const values[] = {number};

        store->tenant_due = 0;
        store->tenant_lent = store->joined;
        if (store->joined)
                ocore__pg_queue_text(store, ocore__pg_fixed[OCORE__PG_TENANT_LEND]);
        if (!fixed_make(store, OCORE__PG_TENANT, &store->said))
                return;
        if (store->failed == OCORE__PG_DONE && store->said->session != store->session)
                queue_prepare(store, store->said);
        if (store->failed != OCORE__PG_DONE || sent_take(store) == NULL)
                return;
        (void)snprintf(number, sizeof number, "%lld", (long long)store->tenant);
        if (PQsendQueryPrepared(store->connection, store->said->name, 1, values, NULL, NULL, 1) !=
                1)
                queue_failed(store);
        else
                store->sent_count++;
}

void ocore__pg_queue(ocore__pg *store, ocore__pg_statement *statement, size_t tag)
{
        const ocore__pg_parameters *with = &store->parameters;
        ocore__pg_sent *sent;
        int status = ocore__pg_parameters_finish(store);

        if (store->failed != OCORE__PG_DONE)
                return;
        if (status != OCORE_OK) {
                (void)ocore__pg_fail(store, 0,
                        status == OCORE_NOMEM
                                ? "no memory for the values of a statement"
                                : "the values of a statement are more than the server takes");
                store->failed = status == OCORE_NOMEM ? OCORE__PG_NOMEM : OCORE__PG_PERMANENT;
                return;
        }
        /* A transaction's beginning comes first. */
        if (store->tenant_due && statement != store->begin)
                queue_tenant(store);
        if (store->failed == OCORE__PG_DONE && statement->session != store->session)
                queue_prepare(store, statement);
        sent = store->failed == OCORE__PG_DONE ? sent_take(store) : NULL;
        if (sent == NULL)
                return;
        if (PQsendQueryPrepared(store->connection, statement->name, (int)with->count, with->values,
                    with->sizes, with->formats, 1) != 1) {
                queue_failed(store);
                return;
        }
        sent->statement = statement;
        sent->tag = tag;
        store->sent_count++;
}

void ocore__pg_queue_fixed(ocore__pg *store, int which, ocore__pg_statement **kept)
{
        ocore__pg_parameters_clear(store);
        if (fixed_make(store, which, kept))
                ocore__pg_queue(store, *kept, SIZE_MAX);
}

/* The host's connection is borrowed as it is: what we change is set back at the end. */
static int host_begin(ocore__pg *store)
{
        PGconn *connection = store->connection;

        switch (PQtransactionStatus(connection)) {
        case PQTRANS_IDLE: store->joined = 0; break;
        case PQTRANS_INTRANS: store->joined = 1; break;
        case PQTRANS_INERROR:
                return ocore__pg_fail(store, OCORE_STORE,
                        "the host's transaction has failed; it has to be rolled back first");
        case PQTRANS_ACTIVE:
                return ocore__pg_fail(store, OCORE_STORE,
                        "the host's connection is busy: with a statement of the host, or with one "
                        "that was not answered in time");
        default:
                return ocore__pg_fail(store, OCORE_STORE, "the host's connection is broken: %s",
                        PQerrorMessage(connection));
        }
        if (PQpipelineStatus(connection) != PQ_PIPELINE_OFF)
                return ocore__pg_fail(store, OCORE_STORE,
                        "the host's connection is in pipeline mode; the host has to leave it");
        store->restore = !PQisnonblocking(connection);
        if (store->restore && PQsetnonblocking(connection, 1) != 0) {
                store->restore = 0;
                return ocore__pg_fail(
                        store, OCORE_STORE, "sending: %s", PQerrorMessage(connection));
        }
        ocore__pg_notices_watch(store);
        if (!store->watched && !store->joined && store->durability == OCORE_DURABLE_NODE)
                return ocore__pg_fail(store, OCORE_STORE,
                        "the host has set a notice receiver of its own: the server's warnings "
                        "about its standby would not be seen");
        return OCORE_OK;
}

/* Gives the host's connection back as it was. What a silent server still owes is left in it, for
 * the host to fetch or to close. */
static void host_end(ocore__pg *store)
{
        if (!store->silent)
                (void)PQexitPipelineMode(store->connection);
        ocore__pg_notices_leave(store);
        if (store->restore)
                (void)PQsetnonblocking(store->connection, 0);
        store->restore = 0;
}

int ocore__pg_begin(ocore__pg *store)
{
        int status = OCORE_OK;

        store->sent_count = 0;
        store->failed = OCORE__PG_DONE;
        store->unsure = 0;
        store->silent = 0;
        store->joined = 0;
        store->restore = 0;
        store->tenant_due = store->row_security != 0;
        store->tenant_lent = 0;
        ocore__pg_parameters_clear(store);
        if (store->connection == NULL)
                return ocore__pg_fail(store, OCORE_STORE, "there is no connection");
        if (store->conninfo == NULL)
                status = host_begin(store);
        if (status == OCORE_OK && PQenterPipelineMode(store->connection) != 1)
                status = ocore__pg_fail(store, OCORE_STORE, "the connection is busy: %s",
                        PQerrorMessage(store->connection));
        if (status != OCORE_OK) {
                if (store->conninfo == NULL)
                        host_end(store);
                return status;
        }
        if (store->joined)
                ocore__pg_queue_text(store, ocore__pg_fixed[OCORE__PG_SAVE]);
        return OCORE_OK;
}

/* The first thing that went wrong counts; what comes behind it only follows from it. */
static void note_failure(ocore__pg *store, exchange_end *end, const PGresult *result)
{
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
        const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

        if (end->failed)
                return;
        end->failed = 1;
        end->where = end->at;
        end->fatal = severity != NULL && strcmp(severity, "ERROR") != 0;
        (void)snprintf(store->state, sizeof store->state, "%s", state != NULL ? state : "");
        if (state != NULL)
                (void)ocore__pg_fail(
                        store, 0, "%s (SQLSTATE %s)", text != NULL ? text : "?", store->state);
        else
                (void)ocore__pg_fail(store, 0, "%s", PQresultErrorMessage(result));
}

/* One result of the command `end->at`. */
static void take_result(ocore__pg *store, exchange_end *end, PGresult *result)
{
        ocore__pg_sent *sent = end->at < store->sent_count ? &store->sent[end->at] : NULL;

        switch (PQresultStatus(result)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
                if (sent != NULL && sent->result == NULL) {
                        sent->result = result;
                        return;
                }
                break;
        case PGRES_PIPELINE_ABORTED: break;
        case PGRES_PIPELINE_SYNC: end->settled = 1; break;
        default: note_failure(store, end, result); break;
        }
        PQclear(result);
}

/* Every command has its results and then NULL; a NULL where nothing was, or a broken connection,
 * means that no more will come. */
static void collect(ocore__pg *store, exchange_end *end)
{
        int empty = 0;
        size_t n;

        while (!end->settled && empty < 2 && ocore__pg_await(store)) {
                PGresult *result = PQgetResult(store->connection);

                if (result != NULL) {
                        empty = 0;
                        take_result(store, end, result);
                } else if (PQstatus(store->connection) != CONNECTION_OK) {
                        break;
                } else {
                        empty++;
                        end->at += end->at < store->sent_count;
                }
        }
        for (n = 0; n < store->sent_count; n++) {
                if (store->sent[n].prepares && store->sent[n].result == NULL)
                        store->sent[n].statement->session = 0;
        }
}

static int action_of(ocore__pg *store, const exchange_end *end)
{
        int action = OCORE__PG_DONE;

        if (end->failed)
                action = ocore__pg_action(store->state);
        else if (!end->settled)
                action = OCORE__PG_UNKNOWN;
        /* A pooler calls whatever ends its session a protocol violation. */
        if (end->failed && end->fatal && strncmp(store->state, "08", 2) == 0)
                action = OCORE__PG_UNKNOWN;
        if (!end->settled && !end->failed && !store->silent)
                (void)ocore__pg_fail(store, 0, "the server does not speak as expected: %s",
                        PQerrorMessage(store->connection));
        /* The server went away when all commands were done: in the commit or behind it. */
        if (end->failed && end->fatal && end->where >= store->sent_count)
                action = OCORE__PG_UNKNOWN;
        /* A host's transaction that is cut off has not been committed; one whose server is only
         * silent still can be. */
        if (store->joined && !store->silent &&
                (action == OCORE__PG_UNKNOWN || action == OCORE__PG_RECONNECT))
                action = OCORE__PG_PERMANENT;
        if (store->unsure && (action == OCORE__PG_DONE || action == OCORE__PG_RECONNECT)) {
                (void)ocore__pg_fail(store, 0,
                        "the server stopped waiting for its standby: the write may be lost with "
                        "this machine");
                action = OCORE__PG_UNKNOWN;
        }
        /* Whoever is not told that the wait for the standby ended must fear it as well. */
        if (action == OCORE__PG_UNKNOWN && !store->joined &&
                (store->unsure || store->durability == OCORE_DURABLE_NODE))
                store->barrier = 1;
        return action;
}

static void results_clear(ocore__pg *store)
{
        size_t n;

        for (n = 0; n < store->sent_count; n++)
                PQclear(store->sent[n].result);
        store->sent_count = 0;
}

/* A few more plain commands and a Sync; 1 when they succeeded. */
static int send_plain(ocore__pg *store, const char *first, const char *second)
{
        exchange_end end = {0};
        int sent = PQsendQueryParams(store->connection, first, 0, NULL, NULL, NULL, NULL, 1);
        PGresult *result;

        if (sent == 1 && second != NULL)
                sent = PQsendQueryParams(store->connection, second, 0, NULL, NULL, NULL, NULL, 1);
        if (sent != 1 || PQpipelineSync(store->connection) != 1)
                return 0;
        while (!end.settled && end.at < 8) {
                if (!ocore__pg_await(store))
                        return 0;
                result = PQgetResult(store->connection);
                if (result == NULL && PQstatus(store->connection) != CONNECTION_OK)
                        return 0;
                end.settled = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
                end.failed |= PQresultStatus(result) == PGRES_FATAL_ERROR && result != NULL;
                end.at++;
                PQclear(result);
        }
        return end.settled && !end.failed;
}

/* Takes back what is left open by a failure: the savepoint, or the transaction of a read. */
static void settle(ocore__pg *store)
{
        PGTransactionStatusType now = PQtransactionStatus(store->connection);
        int good = 1;

        if (store->joined)
                good = send_plain(store, ocore__pg_fixed[OCORE__PG_ROLLBACK_TO],
                        ocore__pg_fixed[OCORE__PG_RELEASE]);
        else if (now == PQTRANS_INERROR || now == PQTRANS_INTRANS)
                good = send_plain(store, ocore__pg_fixed[OCORE__PG_ROLLBACK], NULL);
        if (!good)
                ocore__pg_drop(store);
}

/* Some commands are queued already and must not be committed: a command that fails is added. On a
 * connection of our own it is simpler to give up the connection. */
static void spoil(ocore__pg *store)
{
        int action = store->failed;

        if (store->conninfo != NULL || PQstatus(store->connection) != CONNECTION_OK) {
                ocore__pg_drop(store);
                return;
        }
        store->failed = OCORE__PG_DONE;
        ocore__pg_queue_text(store, ocore__pg_fixed[OCORE__PG_SPOIL]);
        if (store->failed == OCORE__PG_DONE && PQpipelineSync(store->connection) == 1) {
                char message[sizeof store->message];
                exchange_end end = {0};

                memcpy(message, store->message, sizeof message);
                collect(store, &end);
                memcpy(store->message, message, sizeof message);
                if (end.settled)
                        settle(store);
        }
        store->failed = action;
}

int ocore__pg_exchange(ocore__pg *store)
{
        exchange_end end = {0};
        int action;

        if (store->tenant_lent)
                ocore__pg_queue_text(store, ocore__pg_fixed[OCORE__PG_TENANT_BACK]);
        if (store->joined)
                ocore__pg_queue_text(store, ocore__pg_fixed[OCORE__PG_RELEASE]);
        if (store->failed != OCORE__PG_DONE) {
                action = store->failed;
                spoil(store);
                return action;
        }
        /* From here on nobody knows, until the answer is there. */
        if (PQpipelineSync(store->connection) == 1)
                collect(store, &end);
        action = action_of(store, &end);
        if (!end.settled || PQstatus(store->connection) != CONNECTION_OK ||
                action == OCORE__PG_RECONNECT || action == OCORE__PG_UNKNOWN)
                ocore__pg_drop(store);
        else if (action != OCORE__PG_DONE)
                settle(store);
        return action;
}

void ocore__pg_end(ocore__pg *store)
{
        results_clear(store);
        if (store->conninfo != NULL || store->connection == NULL)
                return;
        /* None of it can fail on an idle connection; a broken one is the host's to look at. */
        host_end(store);
}

int ocore__pg_ask(
        ocore__pg *store, const char *text, const char *const *values, int count, PGresult **out)
{
        size_t at;
        int action;

        *out = NULL;
        if (ocore__pg_begin(store) != OCORE_OK)
                return OCORE__PG_PERMANENT;
        at = store->sent_count;
        if (store->failed == OCORE__PG_DONE && sent_take(store) != NULL) {
                if (PQsendQueryParams(
                            store->connection, text, count, NULL, values, NULL, NULL, 0) != 1)
                        queue_failed(store);
                else
                        store->sent_count++;
        }
        action = ocore__pg_exchange(store);
        if (action == OCORE__PG_DONE) {
                *out = store->sent[at].result;
                store->sent[at].result = NULL;
        }
        ocore__pg_end(store);
        return action;
}

static void release_list(ocore__pg *store, ocore__pg_statement *list)
{
        for (; list != NULL; list = list->next) {
                if (list->session == 0 || list->session != store->session)
                        continue;
                ocore__pg_release_text(&store->text, list->name);
                if (!store->text.failed)
                        ocore__pg_queue_text(store, store->text.data);
                list->session = 0;
        }
}

void ocore__pg_release(ocore__pg *store)
{
        size_t n;
        size_t kind;
        int form;

        if (store->table_count == 0 || ocore__pg_begin(store) != OCORE_OK)
                return;
        release_list(store, store->begin);
        release_list(store, store->said);
        release_list(store, store->commit);
        for (n = 0; n < store->table_count; n++) {
                for (kind = 0; kind <= OCORE_WRITE_CHECK; kind++) {
                        for (form = 0; form < OCORE__PG_FORMS; form++)
                                release_list(store, store->tables[n].writes[kind][form]);
                }
                release_list(store, store->tables[n].adds);
                release_list(store, store->tables[n].selects);
        }
        (void)ocore__pg_exchange(store);
        ocore__pg_end(store);
}

int ocore__pg_status(ocore__pg *store, int action)
{
        switch (action) {
        case OCORE__PG_DONE: return OCORE_OK;
        case OCORE__PG_NOMEM: return OCORE_NOMEM;
        default:
                /* data_corrupted and index_corrupted */
                return strncmp(store->state, "XX00", 4) == 0 && store->state[4] != '0'
                               ? OCORE_CORRUPT
                               : OCORE_STORE;
        }
}
