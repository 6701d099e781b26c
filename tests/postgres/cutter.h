/*
 * A server in the middle, for tests of connections that break: a process that passes bytes on
 * between one client at a time and the real server, and cuts where it is told. A request is known
 * by its end: the five bytes of a Sync.
 */
#ifndef ORDERCORE_TESTS_POSTGRES_CUTTER_H
#define ORDERCORE_TESTS_POSTGRES_CUTTER_H

#include "fixture.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum {
        CUT_NOWHERE,
        CUT_REQUEST, /* the request does not reach the server */
        CUT_HALF,    /* only its first half does: no Sync */
        CUT_ANSWER,  /* the request does, the answer does not come back */
        CUT_INSIDE,  /* the answer comes back in part */
        CUT_POOLER   /* instead of it comes what a pooler says when its server has gone */
};

/* What test and cutter share. */
typedef struct cutter_orders {
        volatile int where;    /* the next request to be cut */
        volatile int refuse;   /* so many connections are closed at once */
        volatile int accepted; /* connections so far */
} cutter_orders;

typedef struct cutter {
        cutter_orders *orders;
        pid_t process;
        int port;
        char conninfo[1024]; /* through it */
        char host[256];
        char server_port[16];
} cutter;

static inline int cutter_reach(const cutter *self)
{
        struct sockaddr_un local = {.sun_family = AF_UNIX};
        struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
        struct addrinfo *found = NULL;
        int reached = -1;

        if (self->host[0] == '/' || self->host[0] == '\0') {
                (void)snprintf(local.sun_path, sizeof local.sun_path, "%.80s/.s.PGSQL.%s",
                        self->host, self->server_port);
                reached = socket(AF_UNIX, SOCK_STREAM, 0);
                if (reached >= 0 &&
                        connect(reached, (struct sockaddr *)(void *)&local, sizeof local) != 0) {
                        (void)close(reached);
                        reached = -1;
                }
                return reached;
        }
        if (getaddrinfo(self->host, self->server_port, &hints, &found) == 0) {
                reached = socket(found->ai_family, SOCK_STREAM, 0);
                if (reached >= 0 && connect(reached, found->ai_addr, found->ai_addrlen) != 0) {
                        (void)close(reached);
                        reached = -1;
                }
                freeaddrinfo(found);
        }
        return reached;
}

static inline int cutter_pass(int to, const char *data, ssize_t size)
{
        while (size > 0) {
                ssize_t sent = send(to, data, (size_t)size, MSG_NOSIGNAL);

                if (sent <= 0)
                        return 0;
                data += sent;
                size -= sent;
        }
        return 1;
}

/* From the client: 1 to go on. A request that is to be cut is complete here, because the tests'
 * requests are small. */
static inline int cutter_request(const cutter *self, int client, int server, int *answer)
{
        static const char sync[5] = {'S', 0, 0, 0, 4};
        static char data[65536];
        ssize_t size = recv(client, data, sizeof data, 0);
        int cut = self->orders->where;

        if (size <= 0)
                return 0;
        if (cut == CUT_NOWHERE || size < 5 || memcmp(data + size - 5, sync, 5) != 0)
                return cutter_pass(server, data, size);
        self->orders->where = CUT_NOWHERE;
        if (cut == CUT_REQUEST)
                return 0;
        if (cut == CUT_HALF) {
                (void)cutter_pass(server, data, size / 2);
                return 0;
        }
        *answer = cut;
        return cutter_pass(server, data, size);
}

static inline int cutter_answer(int client, int server, int answer)
{
        static const char pooler[] = "E\0\0\0\x30SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0\0";
        static char data[65536];
        ssize_t size = recv(server, data, sizeof data, 0);

        if (size <= 0)
                return 0;
        if (answer == CUT_INSIDE)
                (void)cutter_pass(client, data, size / 2);
        if (answer == CUT_POOLER)
                (void)cutter_pass(client, pooler, sizeof pooler - 1);
        return answer == CUT_NOWHERE && cutter_pass(client, data, size);
}

static inline void cutter_serve(const cutter *self, int client)
{
        int server = self->orders->refuse > 0 ? -1 : cutter_reach(self);
        struct pollfd watched[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        int answer = CUT_NOWHERE;
        int on = server >= 0;

        self->orders->accepted++;
        if (self->orders->refuse > 0)
                self->orders->refuse--;
        while (on && poll(watched, 2, -1) > 0) {
                if (watched[0].revents != 0)
                        on = cutter_request(self, client, server, &answer);
                if (on && watched[1].revents != 0)
                        on = cutter_answer(client, server, answer);
        }
        if (server >= 0)
                (void)close(server);
        (void)close(client);
}

static inline void cutter_start(cutter *self, const fixture *base)
{
        struct sockaddr_in address = {.sin_family = AF_INET};
        socklen_t size = sizeof address;
        int listener = socket(AF_INET, SOCK_STREAM, 0);
        void *shared = mmap(NULL, sizeof *self->orders, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        assert_true(listener >= 0 && shared != MAP_FAILED);
        memset(self, 0, sizeof *self);
        self->orders = shared;
        (void)snprintf(self->host, sizeof self->host, "%s", PQhost(base->admin));
        (void)snprintf(self->server_port, sizeof self->server_port, "%s", PQport(base->admin));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        assert_int_equal(bind(listener, (struct sockaddr *)(void *)&address, sizeof address), 0);
        assert_int_equal(listen(listener, 16), 0);
        assert_int_equal(getsockname(listener, (struct sockaddr *)(void *)&address, &size), 0);
        self->port = ntohs(address.sin_port);
        (void)snprintf(self->conninfo, sizeof self->conninfo,
                "host=127.0.0.1 port=%d user=%s dbname=%s password='%s' sslmode=disable "
                "gssencmode=disable application_name=%s options='-c search_path=%s'",
                self->port, PQuser(base->admin), PQdb(base->admin), PQpass(base->admin),
                base->schema, base->schema);
        self->process = fork();
        assert_true(self->process >= 0);
        if (self->process == 0) {
                /* Never longer than the test. */
                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;) {
                        int client = accept(listener, NULL, NULL);

                        if (client >= 0)
                                cutter_serve(self, client);
                }
        }
        (void)close(listener);
}

static inline void cutter_stop(cutter *self)
{
        int status;

        (void)kill(self->process, SIGKILL);
        assert_int_equal(waitpid(self->process, &status, 0), self->process);
        (void)munmap(self->orders, sizeof *self->orders);
}

#endif
