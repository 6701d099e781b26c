/*
 * A proxy for tests between the MariaDB store and its server, which cuts connections at chosen
 * moments of a batch. It knows of the protocol only how the text of a batch ends.
 */
#ifndef ORDERCORE_TESTS_MARIADB_PROXY_H
#define ORDERCORE_TESTS_MARIADB_PROXY_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/* Where a connection is cut. */
enum {
        PROXY_PASS,           /* nowhere */
        PROXY_NOT_DELIVERED,  /* the server sees nothing of the batch */
        PROXY_HALF_DELIVERED, /* the server sees half of it */
        PROXY_UNANSWERED,     /* the server has answered; nothing of it arrives */
        PROXY_HALF_ANSWERED,  /* the first byte of the answer arrives */
        PROXY_UNREAD,         /* both ends are cut while the server may still be committing */
        PROXY_HALF_TRUE,      /* the batch is answered as if there were no COMMIT behind it */
        PROXY_MOMENTS
};

/* Shared by all processes of the proxy and the test. */
typedef struct proxy_shared {
        _Atomic int64_t every;   /* every n-th batch is cut, at each moment in turn; 0: none */
        _Atomic int64_t moment;  /* the next batch is cut here; PROXY_PASS: as `every` says */
        _Atomic int64_t batches; /* seen so far */
        _Atomic int64_t cuts[PROXY_MOMENTS];
} proxy_shared;

typedef struct proxy {
        char folder[64];
        char server[160]; /* the conninfo of the proxy, with the server's user and password */
        proxy_shared *shared;
        pid_t process;
} proxy;

/* Starts a process that passes connections on to the server of this conninfo. */
void proxy_start(proxy *self, const char *server);
void proxy_stop(proxy *self);

#endif
