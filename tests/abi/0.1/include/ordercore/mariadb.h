/**
 * @file mariadb.h
 * The MariaDB store, in libordercore-mariadb: a single server (10.3 or newer), or a Galera cluster
 * through any of its nodes.
 *
 * Real tables with real columns (InnoDB), and a view for people beside each (v_order_line). Text
 * compares byte by byte. A write is one transaction sent in one round trip, in which hot rows are
 * added to by the server itself; a read is one snapshot in one round trip. What the server aborts
 * because of others (1213, 1205, 1020, also from COMMIT) is sent again, a bounded number of times; a
 * node that left its cluster (1047), is read-only or died is left for the next host in the list; one
 * that is read-only when the store connects is no host at all, since a replica may lag behind.
 * A connection that breaks while a COMMIT is under way is OCORE_UNKNOWN, which the core settles by
 * asking for the command's row; the next call connects anew.
 *
 * On a host's own connection its settings stay as they are. Inside the host's transaction (or with
 * autocommit off) a write is a savepoint, and becomes durable with the host's COMMIT; a deadlock
 * there takes the whole transaction, which is told as OCORE_STORE. Tables are made outside a
 * transaction only, because MariaDB would commit it: open the store once before.
 *
 * An indexed text holds as many characters as its field allows bytes (255 where it says nothing);
 * other texts and bytes are bounded by the server's max_allowed_packet, half of it as they travel.
 *
 * What Galera does not promise: see docs/guide/stores.md before you choose it. One thread at a time;
 * any number of stores may share one database. libmariadb keeps memory of its own until a host
 * calls mysql_library_end().
 */
#ifndef ORDERCORE_MARIADB_H
#define ORDERCORE_MARIADB_H

#include "store.h"

#ifdef __cplusplus
extern "C" {
#endif

/** libmariadb's connection. */
struct st_mysql;

/** Caller-filled. How to open a MariaDB store. Zero means the default. */
typedef struct ocore_mariadb_config {
        size_t struct_size;          /**< sizeof(ocore_mariadb_config). */
        /**
         * "host=a,b port=3306 user=shop password='x' dbname=shop" or "socket=/run/x.sock …": words
         * as in libpq's conninfo (host, port, socket, user, password, dbname, connect_timeout in
         * seconds). host, port and socket may be lists of up to 16, tried in turn; dbname is needed
         * and must exist. NULL: `connection` is used.
         */
        const char *conninfo;
        struct st_mysql *connection; /**< The host's own connection (MYSQL *), which stays the host's: a write inside its open transaction joins it as a savepoint. */
        int64_t attempts_max;        /**< How often a write is sent that the server aborts because of others. 0: 20. */
        int64_t deadline_ms;         /**< How long to look for a node that answers when the connection breaks. 0: 30,000. */
} ocore_mariadb_config;

/**
 * Opens a MariaDB store: connects (unless `connection` is given). The durability class is read from
 * the server: D2 with innodb_flush_log_at_trx_commit=1 and, where there is a binary log (log_bin=ON),
 * sync_binlog=1: with one InnoDB leaves it to that log to keep a commit. Else D1; never D3 (see
 * docs/guide/stores.md).
 * @param config borrowed for the call
 * @param out    the store, `{0}` on failure; to be closed with ocore_store_close()
 * @return OCORE_OK; OCORE_INVALID (neither or both of conninfo and connection, a conninfo that
 *         cannot be read, wrong struct_size); OCORE_STORE (no server answers); OCORE_NOMEM. Since 0.1.
 */
OCORE_API int ocore_mariadb_store(const ocore_mariadb_config *config, ocore_store *out);

#ifdef __cplusplus
}
#endif
#endif
