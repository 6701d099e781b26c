/*
 * A proxy for tests between the PostgreSQL store and its server, which cuts connections at chosen
 * moments of a commit. It knows of the protocol how messages are framed, which statements were
 * prepared, and that a batch ends with Sync and its answer with ReadyForQuery.
 */
#ifndef ORDERCORE_TESTS_PROXY_H
#define ORDERCORE_TESTS_PROXY_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/* Where a connection is cut. */
enum {
        PROXY_NOTHING_SENT,   /* the server sees nothing of the batch */
        PROXY_SYNC_NOT_SENT,  /* the server sees the batch, but not the Sync that commits it */
        PROXY_ANSWER_DROPPED, /* the server has answered; nothing of the answer arrives */
        PROXY_ANSWER_HALVED,  /* half the answer arrives */
        PROXY_ANSWER_UNREAD,  /* both ends are cut while the server may still be committing */
        PROXY_MOMENTS
};

/* Shared by all processes of the proxy and the test. */
typedef struct proxy_shared {
        _Atomic int64_t every;   /* every n-th batch that writes an order is cut; 0: none */
        _Atomic int64_t batches; /* such batches so far */
        _Atomic int64_t cuts[PROXY_MOMENTS];
} proxy_shared;

typedef struct test_proxy {
        char folder[64]; /* conninfo: host=folder port=5432 */
        proxy_shared *shared;
        pid_t process;
} test_proxy;

/* Starts a process that passes connections on to the server of this conninfo. */
void proxy_start(test_proxy *started, const char *server);
void proxy_stop(test_proxy *started);

#endif
