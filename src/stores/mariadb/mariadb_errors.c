/*
 * What each error of the server or of the client library means for a batch: one table, and how far
 * the batch had come.
 */
#include "mariadb_store.h"

#include <string.h>

typedef struct error_row {
        unsigned code;
        ocore__mariadb_action action;
} error_row;

/* The names of the server's errors are in mysqld_error.h, those of the client's in errmsg.h. */
static const error_row rows[] = {
        /* Others were in the way. In a cluster these come from COMMIT too: another node's change
         * of the same row was ordered first. */
        {1020, OCORE__MARIADB_AGAIN}, /* the row has changed since it was read */
        {1205, OCORE__MARIADB_AGAIN}, /* waited too long for a lock */
        {1213, OCORE__MARIADB_AGAIN}, /* deadlock, or lost against another node */
        {1412, OCORE__MARIADB_AGAIN}, /* the table was altered since the snapshot */
        /* An expectation does not hold. */
        {1022, OCORE__MARIADB_JUDGE}, /* the key is taken */
        {1062, OCORE__MARIADB_JUDGE}, /* the key is taken */
        {1264, OCORE__MARIADB_JUDGE}, /* a number leaves 64 bits */
        {1586, OCORE__MARIADB_JUDGE}, /* the key is taken, with its name */
        {1644, OCORE__MARIADB_JUDGE}, /* a statement of the batch found less than it should */
        {1690, OCORE__MARIADB_JUDGE}, /* a sum leaves 64 bits */
        /* The connection is gone, or there is none. */
        {2002, OCORE__MARIADB_RECONNECT}, /* no server at the socket */
        {2003, OCORE__MARIADB_RECONNECT}, /* no server at the port */
        {2006, OCORE__MARIADB_RECONNECT}, /* the server has gone away */
        {2013, OCORE__MARIADB_RECONNECT}, /* the connection broke */
        {2055, OCORE__MARIADB_RECONNECT}, /* the same, with more words */
        {1927, OCORE__MARIADB_RECONNECT}, /* the connection was killed */
        {1158, OCORE__MARIADB_RECONNECT}, /* the server could not read all of it */
        {1159, OCORE__MARIADB_RECONNECT}, {1160, OCORE__MARIADB_RECONNECT},
        {1161, OCORE__MARIADB_RECONNECT},
        /* This server cannot, another may. */
        {1040, OCORE__MARIADB_NEXT_HOST}, /* too many connections */
        {1047, OCORE__MARIADB_NEXT_HOST}, /* the node has left its cluster, or is not ready */
        {1053, OCORE__MARIADB_NEXT_HOST}, /* it is shutting down */
        {1290, OCORE__MARIADB_NEXT_HOST}, /* it is read-only */
        {1836, OCORE__MARIADB_NEXT_HOST}, /* the same */
        /* Nor does it help to send more than a server takes to another one. */
        {1153, OCORE__MARIADB_PERMANENT},
        {2008, OCORE__MARIADB_NO_MEMORY}, /* the client library got none */
};

static ocore__mariadb_action look_up(unsigned code, const char *sqlstate)
{
        size_t n;

        for (n = 0; n < sizeof rows / sizeof rows[0]; n++)
                if (rows[n].code == code)
                        return rows[n].action;
        if (strcmp(sqlstate, "08S01") == 0)
                return OCORE__MARIADB_NEXT_HOST;
        if (strcmp(sqlstate, "40001") == 0)
                return OCORE__MARIADB_AGAIN;
        return OCORE__MARIADB_PERMANENT;
}

/*
 * Once COMMIT may have been reached only an answer that says "rolled back" is one: a lost
 * connection, an interrupted statement, a node that left its cluster meanwhile, and anything not
 * in the table leave it open.
 */
ocore__mariadb_action ocore__mariadb_decide(unsigned code, const char *sqlstate, int stage)
{
        ocore__mariadb_action action = look_up(code, sqlstate);

        if (stage != OCORE__MARIADB_COMMITTING || action == OCORE__MARIADB_AGAIN ||
                action == OCORE__MARIADB_JUDGE)
                return action;
        return OCORE__MARIADB_ASK;
}
