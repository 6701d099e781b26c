/*
 * The connection: finding a server among the hosts of the conninfo, setting it up, asking what it
 * keeps, waiting for its answers, and looking for another one when it is gone or silent.
 */
#define _POSIX_C_SOURCE 200809L

#include "postgres_store.h"

#include "base/hash.h"
#include "stores/sql/sql_wait.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The longest pause between two tries to find a server. */
enum { PAUSE_MAX_MS = 250 };

uint64_t ocore__pg_fresh(ocore__pg *store)
{
        struct timespec now = {0, 0};

        (void)clock_gettime(CLOCK_REALTIME, &now);
        store->random = ocore__hash_number((uint64_t)now.tv_nsec, store->random);
        store->random = ocore__hash_number((uint64_t)now.tv_sec, store->random);
        store->random = ocore__hash_number((uint64_t)getpid(), store->random);
        store->random = ocore__hash_number((uint64_t)(uintptr_t)store, store->random);
        return store->random != 0 ? store->random : 1;
}

/* Nothing is printed. What matters is one warning: a commit that no longer waits for its standby
 * is told only so; the routine's name is the same in every language. */
static void own_notice(void *self, const PGresult *notice)
{
        ocore__pg *store = self;
        const char *routine = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
        const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
        const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

        if ((routine != NULL && strcmp(routine, "SyncRepWaitForLSN") == 0) ||
                (state != NULL && severity != NULL && strcmp(severity, "WARNING") == 0 &&
                        (strcmp(state, "57P01") == 0 || strcmp(state, "57014") == 0)))
                store->unsure = 1;
}

static void host_notice(void *self, const PGresult *notice)
{
        const ocore__pg *store = self;

        own_notice(self, notice);
        /* It ignores its first argument and calls the processor that the host has set. */
        store->plain(NULL, notice);
}

/* libpq tells its own receiver only by an example: a connection that was never begun. */
static void notices_learn(ocore__pg *store)
{
        static const char *const keywords[] = {"ordercore_none", NULL};
        static const char *const values[] = {"1", NULL};
        PGconn *example = PQconnectStartParams(keywords, values, 0);

        store->plain = example != NULL ? PQsetNoticeReceiver(example, NULL, NULL) : NULL;
        PQfinish(example);
}

int ocore__pg_notices_ours(const ocore__pg *store)
{
        return store->plain != NULL &&
               PQsetNoticeReceiver(store->connection, NULL, NULL) == store->plain;
}

void ocore__pg_notices_watch(ocore__pg *store)
{
        if (store->plain == NULL)
                notices_learn(store);
        store->watched = ocore__pg_notices_ours(store);
        if (store->watched)
                (void)PQsetNoticeReceiver(store->connection, host_notice, store);
}

void ocore__pg_notices_leave(ocore__pg *store)
{
        if (store->watched)
                (void)PQsetNoticeReceiver(store->connection, store->plain, NULL);
        store->watched = 0;
}

/* What counts is silence, not the time that an answer takes as a whole. */
int ocore__pg_await(ocore__pg *store)
{
        PGconn *connection = store->connection;
        int layered = PQsslInUse(connection) != 0 || PQgssEncInUse(connection) != 0;
        int64_t since_ms = ocore__sql_now_ms();

        while (PQisBusy(connection) != 0) {
                struct pollfd watched = {PQsocket(connection), POLLIN, 0};
                int64_t left_ms = -1;
                int unsent = PQflush(connection);

                /* What went wrong PQgetResult() says, without waiting. */
                if (unsent < 0 || watched.fd < 0)
                        return 1;
                /* Bytes that a layer holds back already cannot be seen on the socket. */
                if (layered && PQconsumeInput(connection) != 1)
                        return 1;
                if (layered && PQisBusy(connection) == 0)
                        return 1;
                if (unsent > 0)
                        watched.events |= POLLOUT;
                if (store->patience_ms >= 0) {
                        left_ms = since_ms + store->patience_ms - ocore__sql_now_ms();
                        left_ms = left_ms > 0 ? left_ms : 0;
                }
                if (poll(&watched, 1, (int)left_ms) == 0) {
                        store->silent = 1;
                        (void)ocore__pg_fail(store, OCORE_STORE,
                                "the server has not answered for %lld ms",
                                (long long)store->patience_ms);
                        return 0;
                }
                if (watched.revents != 0)
                        since_ms = ocore__sql_now_ms();
                if ((watched.revents & ~POLLOUT) != 0 && PQconsumeInput(connection) != 1)
                        return 1;
        }
        return 1;
}

void ocore__pg_drop(ocore__pg *store)
{
        if (store->conninfo == NULL)
                return;
        PQfinish(store->connection);
        store->connection = NULL;
        store->session = ocore__pg_fresh(store);
}

static int isolation_fixed(int64_t isolation)
{
        return isolation == OCORE_POSTGRES_REPEATABLE_READ ? OCORE__PG_SET_REPEATABLE_READ
               : isolation == OCORE_POSTGRES_SERIALIZABLE  ? OCORE__PG_SET_SERIALIZABLE
                                                           : OCORE__PG_SET_READ_COMMITTED;
}

/* Queues a setting with a Sync of its own: refusing one does not touch the others. */
static int setting_send(PGconn *connection, const char *text)
{
        return PQsendQueryParams(connection, text, 0, NULL, NULL, NULL, NULL, 0) == 1 &&
               PQpipelineSync(connection) == 1;
}

/* The results of `count` settings, of which the last `needed` must have succeeded. */
static int settings_take(ocore__pg *store, size_t count, size_t needed)
{
        size_t done = 0;
        int status = OCORE_OK;

        while (done < count) {
                PGresult *result;
                ExecStatusType found;

                if (!ocore__pg_await(store))
                        return OCORE_STORE;
                result = PQgetResult(store->connection);
                found = PQresultStatus(result);
                if (result == NULL && PQstatus(store->connection) != CONNECTION_OK)
                        return ocore__pg_fail(store, OCORE_STORE, "setting up: %s",
                                PQerrorMessage(store->connection));
                if (result != NULL && found == PGRES_FATAL_ERROR && done + needed >= count)
                        status = ocore__pg_fail(
                                store, OCORE_STORE, "setting up: %s", PQresultErrorMessage(result));
                done += result != NULL && found == PGRES_PIPELINE_SYNC;
                PQclear(result);
        }
        return status;
}

static int settings_apply(ocore__pg *store)
{
        size_t count = OCORE__PG_SET_LAST - OCORE__PG_SET_FIRST + 1;
        int good = PQenterPipelineMode(store->connection) == 1;
        size_t n;

        for (n = 0; good && n < count; n++)
                good = setting_send(store->connection, ocore__pg_fixed[OCORE__PG_SET_FIRST + n]);
        good = good &&
               setting_send(store->connection, ocore__pg_fixed[isolation_fixed(store->isolation)]);
        if (!good)
                return ocore__pg_fail(
                        store, OCORE_STORE, "setting up: %s", PQerrorMessage(store->connection));
        return settings_take(store, count + 1, 1);
}

int ocore__pg_connect(ocore__pg *store)
{
        /* What stands before the conninfo is what it leaves open, what stands behind is fixed. */
        static const char *const keywords[] = {"connect_timeout", "keepalives_idle",
                "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                "target_session_attrs", "fallback_application_name", "dbname", "client_encoding",
                NULL};
        char timeout[16];
        char interval[16];
        char unanswered[16];
        const char *values[] = {timeout, timeout, interval, "4", unanswered, "read-write",
                "ordercore", store->conninfo, "UTF8", NULL};
        int64_t seconds = store->deadline_ms / 3000;
        int status;

        seconds = seconds < 2 ? 2 : seconds > 10 ? 10 : seconds;
        (void)snprintf(timeout, sizeof timeout, "%d", (int)seconds);
        (void)snprintf(interval, sizeof interval, "%d", (int)(seconds + 1) / 2);
        (void)snprintf(unanswered, sizeof unanswered, "%lld", (long long)store->deadline_ms);
        store->connection = PQconnectdbParams(keywords, values, 1);
        if (store->connection == NULL)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for a connection");
        if (PQstatus(store->connection) != CONNECTION_OK) {
                status = ocore__pg_fail(
                        store, OCORE_STORE, "connecting: %s", PQerrorMessage(store->connection));
        } else if (PQprotocolVersion(store->connection) != 3) {
                status = ocore__pg_fail(
                        store, OCORE_STORE, "the server does not speak PostgreSQL's protocol 3");
        } else if (PQsetnonblocking(store->connection, 1) != 0) {
                status = ocore__pg_fail(
                        store, OCORE_STORE, "connecting: %s", PQerrorMessage(store->connection));
        } else {
                (void)PQsetNoticeReceiver(store->connection, own_notice, store);
                status = settings_apply(store);
        }
        if (status != OCORE_OK)
                ocore__pg_drop(store);
        else
                store->session = ocore__pg_fresh(store);
        return status;
}

static int alive(ocore__pg *store, int64_t since_ms)
{
        int64_t begun_ms = since_ms > 0 ? since_ms : ocore__sql_now_ms();
        int64_t attempt;
        int status;

        if (store->connection != NULL && PQstatus(store->connection) == CONNECTION_OK)
                return OCORE_OK;
        if (store->conninfo == NULL)
                return ocore__pg_fail(store, OCORE_STORE,
                        "the host's connection is broken; the store does not open it again");
        ocore__pg_drop(store);
        for (attempt = 1;; attempt++) {
                status = ocore__pg_connect(store);
                if (status != OCORE_STORE || ocore__sql_now_ms() - begun_ms >= store->deadline_ms)
                        return status;
                ocore__sql_wait(attempt, PAUSE_MAX_MS, &store->random);
        }
}

int ocore__pg_ready(ocore__pg *store, int64_t since_ms)
{
        int status = alive(store, since_ms);

        return status == OCORE_OK && store->barrier ? ocore__pg_barrier(store) : status;
}

/* Whether the warning about a standby comes through to us. */
static int warns(const ocore__pg *store, const char *least)
{
        return (store->conninfo != NULL || ocore__pg_notices_ours(store)) &&
               strcmp(least, "error") != 0 && strcmp(least, "fatal") != 0 &&
               strcmp(least, "panic") != 0;
}

static int is_setting(const PGresult *result, int column, const char *value)
{
        return PQgetisnull(result, 0, column) == 0 &&
               strcmp(PQgetvalue(result, 0, column), value) == 0;
}

/* An engine without these settings commits to disk; that of PostgreSQL can be told not to. */
int ocore__pg_learn_durability(ocore__pg *store)
{
        PGresult *result;
        int action = ocore__pg_ask(store, ocore__pg_fixed[OCORE__PG_DURABILITY], NULL, 0, &result);

        if (action != OCORE__PG_DONE)
                return ocore__pg_status(store, action);
        if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1 ||
                PQnfields(result) != 4) {
                PQclear(result);
                return ocore__pg_fail(store, OCORE_STORE, "the server does not tell its settings");
        }
        store->durability = OCORE_DURABLE_POWER;
        if (is_setting(result, 0, "off") || is_setting(result, 1, "off"))
                store->durability = OCORE_DURABLE_PROCESS;
        else if (PQgetisnull(result, 0, 2) == 0 && !is_setting(result, 1, "local") &&
                 warns(store, PQgetvalue(result, 0, 3)))
                store->durability = OCORE_DURABLE_NODE;
        PQclear(result);
        return OCORE_OK;
}
