/*
 * The connection: opening it on the first host that can be used, sending a text and taking its
 * answers, and knowing after a failure how far the text had come.
 */
#include "mariadb_store.h"

#include "stores/sql/sql_wait.h"

#include <errmsg.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* BEGIN NOT ATOMIC is older; collations in which blanks count came with 10.2. */
#define SERVER_SINCE 100300ul
#define CONNECT_TIMEOUT_S 10u
/* Beyond the deadline: how long an answer may take before the server counts as lost. */
#define ANSWER_EXTRA_S 60u
#define ROUND_WAIT_MS 400

int ocore__mariadb_fail(ocore__mariadb *store, int status, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(store->message, sizeof store->message, format, arguments);
        va_end(arguments);
        return status;
}

unsigned ocore__mariadb_note(ocore__mariadb *store, const char *doing)
{
        unsigned code = store->db != NULL ? mysql_errno(store->db) : 0;

        if (code == 0)
                code = CR_SERVER_LOST;
        store->code = code;
        (void)snprintf(store->sqlstate, sizeof store->sqlstate, "%s",
                store->db != NULL ? mysql_sqlstate(store->db) : "");
        (void)ocore__mariadb_fail(store, 0, "%s: %s", doing,
                store->db != NULL ? mysql_error(store->db) : "there is no connection");
        return code;
}

/* Errors of the client library have numbers of their own: the server said nothing. */
static int from_server(unsigned code)
{
        return code >= 1000 && (code < CR_MIN_ERROR || code > CR_MAX_ERROR) && code < 5000;
}

int ocore__mariadb_number(const char *text, size_t size, int64_t *out)
{
        int negative = size > 0 && text[0] == '-';
        uint64_t most = (uint64_t)INT64_MAX + (uint64_t)negative;
        uint64_t number = 0;
        size_t n;

        *out = 0;
        for (n = (size_t)negative; n < size; n++) {
                uint64_t digit = (uint64_t)(unsigned char)text[n] - '0';

                if (digit > 9 || number > (most - digit) / 10)
                        return 0;
                number = number * 10 + digit;
        }
        if (size == (size_t)negative)
                return 0;
        *out = negative ? (int64_t)(0 - number) : (int64_t)number;
        return 1;
}

/* Takes one answer whole; whoever wants its rows does not call this. */
static int answer_drop(MYSQL *db)
{
        MYSQL_RES *result = mysql_use_result(db);

        if (result == NULL)
                return mysql_field_count(db) == 0;
        while (mysql_fetch_row(result) != NULL) {
        }
        mysql_free_result(result);
        return mysql_errno(db) == 0;
}

unsigned ocore__mariadb_run(
        ocore__mariadb *store, const char *text, size_t size, int commits, int *stage)
{
        size_t answers = 0;
        unsigned code;
        int failed;

        *stage = OCORE__MARIADB_NOT_SENT;
        if (store->db == NULL)
                return ocore__mariadb_note(store, "sending");
        if (mysql_send_query(store->db, text, (unsigned long)size) != 0)
                return ocore__mariadb_note(store, "sending");
        failed = mysql_read_query_result(store->db) != 0;
        while (!failed) {
                int more;

                if (!answer_drop(store->db))
                        break;
                answers++;
                more = mysql_next_result(store->db);
                /* A COMMIT behind the first answer has one of its own. */
                if (more < 0 && (commits != 1 || answers > 1))
                        return 0;
                failed = more != 0;
        }
        if (failed && commits == 1 && answers == 1 && mysql_errno(store->db) == 0) {
                store->code = CR_SERVER_LOST;
                store->sqlstate[0] = '\0';
                *stage = OCORE__MARIADB_COMMITTING;
                return (unsigned)ocore__mariadb_fail(
                        store, CR_SERVER_LOST, "the server did not answer the COMMIT");
        }
        code = ocore__mariadb_note(store, "the server said");
        *stage = commits == 0 || (commits == 1 && answers == 0 && from_server(code))
                         ? OCORE__MARIADB_RUNNING
                         : OCORE__MARIADB_COMMITTING;
        return code;
}

MYSQL_RES *ocore__mariadb_query(ocore__mariadb *store, const char *text, const char *doing)
{
        MYSQL_RES *result = NULL;

        if (store->db != NULL &&
                mysql_real_query(store->db, text, (unsigned long)strlen(text)) == 0)
                result = mysql_store_result(store->db);
        if (result == NULL)
                (void)ocore__mariadb_note(store, doing);
        return result;
}

int ocore__mariadb_joined(const ocore__mariadb *store)
{
        return !store->owned && ((store->db->server_status & SERVER_STATUS_IN_TRANS) != 0 ||
                                        (store->db->server_status & SERVER_STATUS_AUTOCOMMIT) == 0);
}

int ocore__mariadb_roll_back(ocore__mariadb *store, int joined)
{
        static const char whole[] = "ROLLBACK";
        static const char part[] = "BEGIN NOT ATOMIC "
                                   "ROLLBACK TO SAVEPOINT `" OCORE__MARIADB_SAVEPOINT "`; "
                                   "RELEASE SAVEPOINT `" OCORE__MARIADB_SAVEPOINT "`; END";
        char message[sizeof store->message];
        int64_t code = store->code;
        unsigned failed;
        int stage;

        if (store->db == NULL)
                return OCORE_OK;
        memcpy(message, store->message, sizeof message);
        failed = ocore__mariadb_run(
                store, joined ? part : whole, strlen(joined ? part : whole), 0, &stage);
        store->code = code;
        memcpy(store->message, message, sizeof message);
        if (failed != 0 && joined)
                return ocore__mariadb_fail(store, OCORE_STORE,
                        "your transaction is gone: the server rolled back all of it (%s)", message);
        if (failed != 0)
                ocore__mariadb_disconnect(store, 0);
        return OCORE_OK;
}

/* The first value of a query with one row; "" when there is none. 0 when the query failed. */
static int ask(ocore__mariadb *store, const char *text, size_t column, char *out, size_t room)
{
        MYSQL_RES *result = ocore__mariadb_query(store, text, "asking the server");
        MYSQL_ROW row = result != NULL ? mysql_fetch_row(result) : NULL;

        out[0] = '\0';
        if (row != NULL && column < mysql_num_fields(result) && row[column] != NULL)
                (void)snprintf(out, room, "%s", row[column]);
        mysql_free_result(result);
        return result != NULL;
}

static int ask_number(ocore__mariadb *store, const char *text, int64_t *out)
{
        char value[32];

        *out = 0;
        return ask(store, text, 0, value, sizeof value) &&
               ocore__mariadb_number(value, strlen(value), out);
}

static int database_learn(ocore__mariadb *store)
{
        char name[256];

        if (!ask(store, "SELECT DATABASE()", 0, name, sizeof name))
                return OCORE_STORE;
        if (name[0] == '\0')
                return ocore__mariadb_fail(
                        store, OCORE_STORE, "the connection has no current database; USE one");
        free(store->database);
        store->database = malloc(strlen(name) + 1);
        if (store->database == NULL)
                return OCORE_NOMEM;
        memcpy(store->database, name, strlen(name) + 1);
        return OCORE_OK;
}

/* With a binary log InnoDB syncs only what it prepares and finds the commit in that log again, so
 * a log that is not synced loses commits whatever InnoDB is told. */
static int durability_learn(ocore__mariadb *store)
{
        int64_t flush = 0;
        int64_t log = 0;
        int64_t sync = 0;

        if (!ask_number(store, "SELECT @@innodb_flush_log_at_trx_commit", &flush) ||
                !ask_number(store, "SELECT @@log_bin", &log) ||
                !ask_number(store, "SELECT @@sync_binlog", &sync))
                return 0;
        store->power = flush == 1 && (log == 0 || sync == 1);
        return 1;
}

/* A replica may lag behind, which nobody could tell from its answers: it is not asked, whatever
 * this account may do there. Newer servers say it in words. */
static int read_only_refuse(ocore__mariadb *store)
{
        char value[64];

        if (!ask(store, "SELECT @@GLOBAL.read_only", 0, value, sizeof value))
                return OCORE_STORE;
        if (strcmp(value, "0") == 0 || strcmp(value, "OFF") == 0)
                return OCORE_OK;
        store->code = 1290;
        return ocore__mariadb_fail(store, OCORE_STORE,
                "the server is read-only, as a replica is; the store needs the primary");
}

int ocore__mariadb_learn(ocore__mariadb *store)
{
        char value[512];
        int64_t packet = 0;

        if (mysql_get_server_version(store->db) < SERVER_SINCE ||
                strstr(mysql_get_server_info(store->db), "MariaDB") == NULL)
                return ocore__mariadb_fail(store, OCORE_STORE,
                        "the server is %s; this store needs MariaDB 10.3 or newer",
                        mysql_get_server_info(store->db));
        if (!ask(store, "SELECT @@sql_mode", 0, value, sizeof value) ||
                !ask_number(store, "SELECT @@max_allowed_packet", &packet) ||
                !durability_learn(store))
                return OCORE_STORE;
        if (strstr(value, "ORACLE") != NULL)
                return ocore__mariadb_fail(store, OCORE_STORE,
                        "sql_mode ORACLE is another language; the store needs a connection "
                        "without it");
        store->packet_max = packet < 4096 ? 4096 : packet > 1 << 30 ? 1u << 30 : (size_t)packet;
        /* A server that was built without replication has no such variable. */
        if (!ask(store, "SHOW SESSION VARIABLES LIKE 'wsrep_on'", 1, value, sizeof value))
                return OCORE_STORE;
        store->galera = strcmp(value, "ON") == 0;
        return database_learn(store);
}

/*
 * An own connection does not depend on the server's defaults. In a cluster a read first waits for
 * what other nodes have committed: after an unknown outcome the answer may be asked of another
 * node than the one that wrote.
 */
static int set_up(ocore__mariadb *store)
{
        static const char settings[] =
                "SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit=1, "
                "innodb_lock_wait_timeout=10, sql_select_limit=DEFAULT, sql_safe_updates=0; "
                "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE";
        static const char causal[] = "SET SESSION wsrep_sync_wait = @@wsrep_sync_wait | 1";
        char value[32];
        int stage;
        int status;

        if (ocore__mariadb_run(store, settings, sizeof settings - 1, 0, &stage) != 0)
                return OCORE_STORE;
        status = ocore__mariadb_learn(store);
        if (status == OCORE_OK)
                status = read_only_refuse(store);
        if (status != OCORE_OK || !store->galera)
                return status;
        if (ocore__mariadb_run(store, causal, sizeof causal - 1, 0, &stage) != 0 ||
                !ask(store, "SHOW STATUS LIKE 'wsrep_ready'", 1, value, sizeof value))
                return OCORE_STORE;
        if (strcmp(value, "ON") != 0) {
                store->code = 1047;
                return ocore__mariadb_fail(
                        store, OCORE_STORE, "the node is not part of its cluster");
        }
        return OCORE_OK;
}

static int options_set(ocore__mariadb *store, MYSQL *db, int by_port)
{
        unsigned connect_s = store->info.connect_timeout_s > 0 ? store->info.connect_timeout_s
                                                               : CONNECT_TIMEOUT_S;
        unsigned answer_s = (unsigned)(store->deadline_ms / 1000) + ANSWER_EXTRA_S;
        unsigned protocol = MYSQL_PROTOCOL_TCP;
        my_bool off = 0;
        int failed = mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4") != 0 ||
                     mysql_options(db, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s) != 0 ||
                     mysql_options(db, MYSQL_OPT_RECONNECT, &off) != 0;

        if (!failed && !store->patient)
                failed = mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &answer_s) != 0 ||
                         mysql_options(db, MYSQL_OPT_WRITE_TIMEOUT, &answer_s) != 0;
        /* "localhost" alone is the server's socket; with a port it is meant as an address. */
        if (!failed && by_port)
                failed = mysql_options(db, MYSQL_OPT_PROTOCOL, &protocol) != 0;
        return failed ? OCORE_NOMEM : OCORE_OK;
}

/* One host: connected and set up, or nothing. */
static int host_try(ocore__mariadb *store, size_t host)
{
        const ocore__mariadb_info *info = &store->info;
        int is_socket = info->hosts[host][0] == '/';
        MYSQL *db = mysql_init(NULL);
        int status = OCORE_NOMEM;

        if (db != NULL)
                status = options_set(store, db, !is_socket && info->ports[host] != 0);
        if (status != OCORE_OK) {
                mysql_close(db);
                return ocore__mariadb_fail(store, OCORE_NOMEM, "no memory for a connection");
        }
        store->db = db;
        if (mysql_real_connect(db, is_socket ? "localhost" : info->hosts[host], info->user,
                    info->password, info->database, info->ports[host],
                    is_socket ? info->hosts[host] : NULL, CLIENT_MULTI_STATEMENTS) == NULL) {
                (void)ocore__mariadb_note(store, "connecting");
                status = OCORE_STORE;
        } else {
                status = set_up(store);
        }
        if (status != OCORE_OK)
                ocore__mariadb_disconnect(store, 0);
        return status;
}

void ocore__mariadb_disconnect(ocore__mariadb *store, int next)
{
        if (!store->owned)
                return;
        if (store->db != NULL)
                mysql_close(store->db);
        store->db = NULL;
        if (next && store->info.host_count > 0)
                store->host = (store->host + 1) % store->info.host_count;
}

int ocore__mariadb_connect(ocore__mariadb *store, int64_t deadline)
{
        int64_t round;

        if (store->db != NULL)
                return OCORE_OK;
        for (round = 7;; round++) {
                int hopeless = 1;
                size_t n;

                for (n = 0; n < store->info.host_count; n++) {
                        int status;

                        store->code = 0;
                        status = host_try(store, store->host);
                        if (status != OCORE_STORE)
                                return status;
                        /* A wrong password does not get better by waiting. */
                        hopeless &= store->code == 0 ||
                                    ocore__mariadb_decide((unsigned)store->code, "",
                                            OCORE__MARIADB_RUNNING) == OCORE__MARIADB_PERMANENT;
                        store->host = (store->host + 1) % store->info.host_count;
                }
                if (hopeless || ocore__sql_now_ms() >= deadline)
                        return OCORE_STORE;
                ocore__sql_wait(round, ROUND_WAIT_MS, &store->random);
        }
}

int ocore__mariadb_patience(ocore__mariadb *store, int patient)
{
        if (!store->owned || store->patient == patient)
                return OCORE_OK;
        store->patient = patient;
        ocore__mariadb_disconnect(store, 0);
        return ocore__mariadb_connect(store, ocore__sql_now_ms() + store->deadline_ms);
}
