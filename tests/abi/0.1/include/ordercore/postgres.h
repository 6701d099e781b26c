/**
 * @file postgres.h
 * The PostgreSQL store, in libordercore-postgres: for those who outgrow one machine.
 *
 * Real tables with real columns and a view for people beside each (`v_` and its name). A read is
 * one round trip, a write is one round trip: a pipeline of a few prepared statements over arrays,
 * at whatever isolation level. Only portable SQL is used, so that engines which speak PostgreSQL's
 * protocol can stand behind it; docs/guide/stores.md says which were run.
 *
 * A write that the server aborted because of others is sent again, a bounded number of times; when
 * the connection breaks the store finds the primary among the hosts of the conninfo again. The
 * conninfo's own words come first; where it says nothing, target_session_attrs is read-write and
 * connect_timeout a third of the deadline, 2 to 10 seconds. One thread at a time; any number of
 * stores, in any number of processes, may share one database, all at one isolation level.
 *
 * A server that says nothing for `deadline_ms` is given up: a read goes on with another connection,
 * a write is OCORE_UNKNOWN. So a write that waits longer for a row which somebody holds is unknown
 * too. Only making tables and indexes waits as long as it takes. Where the conninfo does not say
 * them, tcp_user_timeout is the deadline and keepalives_idle, _interval and _count are about as much.
 *
 * A write whose wait for a synchronous standby was ended is OCORE_UNKNOWN, and until a later commit
 * of this store was confirmed its reads and writes answer OCORE_STORE.
 *
 * On a host's connection: when the server is silent, what it still owes is left there, in pipeline
 * mode; the host fetches it or closes the connection, and until then the store answers OCORE_STORE.
 * During a call libpq's own notice receiver is replaced by one that calls it, so the host's notice
 * processor (PQsetNoticeProcessor) hears everything. A receiver of the host's own
 * (PQsetNoticeReceiver) could not be put back and is left alone; then, and where client_min_messages
 * hides warnings, the server's word about its standby cannot be heard and the class is at most D2.
 * A host that sets a receiver after a store of class D3 was opened gets OCORE_STORE outside its
 * transactions.
 *
 * Row-level security guards against mistakes: each transaction says its tenant by the setting
 * ordercore.tenant, and whoever may send SQL of his own may say another one. Who opens without it a
 * database that has it, being allowed to see all, gives new tables the same policy.
 *
 * The tables stand in the schema that comes first in the connection's search_path. The code that
 * `message` gives is the SQLSTATE read as a number of base 36.
 */
#ifndef ORDERCORE_POSTGRES_H
#define ORDERCORE_POSTGRES_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** libpq's connection. */
struct pg_conn;

/**
 * @name Isolation levels
 * The result is the same at each: exactly the stock is sold, no order is lost or doubled.
 * @{
 */
#define OCORE_POSTGRES_READ_COMMITTED 1  /**< The default, and the fastest on hot rows. */
#define OCORE_POSTGRES_REPEATABLE_READ 2 /**< Hot rows abort and are tried again. */
#define OCORE_POSTGRES_SERIALIZABLE 3    /**< The same, more often; what some distributed engines only have. */
/** @} */

/** Caller-filled. How to open a PostgreSQL store. Zero means the default. */
typedef struct ocore_postgres_config {
        size_t struct_size;         /**< sizeof(ocore_postgres_config). */
        const char *conninfo;       /**< As libpq reads it, "host=a,b dbname=shop target_session_attrs=read-write"; NULL: `connection` is used. */
        struct pg_conn *connection; /**< The host's own: its settings stay, it is never reconnected, and what is done inside its open transaction joins it as a savepoint. */
        int64_t isolation;          /**< OCORE_POSTGRES_…; 0: read committed. Not used with `connection`. */
        int64_t attempts_max;       /**< How often a write is sent that the server aborts because of others. 0: 20. */
        int64_t deadline_ms;        /**< How long to look for a primary when the connection breaks, and how long a server may be silent. 0: 30,000. */
        int64_t row_security;       /**< 1: the tables get row-level security by tenant (FORCE); a role that it does not bind (superuser, BYPASSRLS) is refused by `open`. See above. */
        int64_t tenant;             /**< With row_security: the only tenant whose rows this connection may reach. */
} ocore_postgres_config;

/**
 * Opens a PostgreSQL store: connects (unless `connection` is given). The durability class is read
 * from the server: fsync and synchronous_commit off are D1, on is D2, with a synchronous standby D3.
 * @param config borrowed for the call
 * @param out    the store, `{0}` on failure; to be closed with ocore_store_close()
 * @return OCORE_OK; OCORE_INVALID (neither or both of conninfo and connection, an unknown
 *         isolation, wrong struct_size, a conninfo that libpq cannot read); OCORE_STORE (no server
 *         answers, or it is no PostgreSQL protocol 3); OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_postgres_store(const ocore_postgres_config *config, ocore_store *out);

#ifdef __cplusplus
}
#endif
#endif
