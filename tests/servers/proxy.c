/* The proxy that cuts connections at the commit: see proxy.h. One process for each connection. */
#include "proxy.h"

#include "support.h"

#include <libpq-fe.h>

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMES_MAX = 512, NAME_MAX_SIZE = 64 };

/* Bytes that came and were not passed on yet. */
typedef struct buffer {
        unsigned char *data;
        size_t used;
        size_t room;
} buffer;

typedef struct wire {
        proxy_shared *shared;
        int client;
        int server;
        buffer request; /* from the client */
        buffer answer;  /* from the server, while it is held back */
        size_t batch;   /* of `request`: bytes of whole messages */
        int started;    /* the start-up packet has passed */
        int writes;     /* the batch writes an order */
        int moment;     /* where to cut this batch; -1: nowhere */
        int name_count; /* prepared statements that insert an order */
        char names[NAMES_MAX][NAME_MAX_SIZE];
} wire;

static void put(buffer *into, const void *bytes, size_t size)
{
        if (into->used + size > into->room) {
                into->room = (into->used + size) * 2;
                into->data = realloc(into->data, into->room);
                if (!into->data)
                        _exit(1);
        }
        memcpy(into->data + into->used, bytes, size);
        into->used += size;
}

static void drop_front(buffer *from, size_t size)
{
        memmove(from->data, from->data + size, from->used - size);
        from->used -= size;
}

/* Cuts both ends: what the other has not read is gone. */
static _Noreturn void cut(wire *line)
{
        (void)close(line->client);
        (void)close(line->server);
        _exit(0);
}

static void send_all(wire *line, int to, const unsigned char *bytes, size_t size)
{
        while (size) {
                ssize_t sent = send(to, bytes, size, MSG_NOSIGNAL);

                if (sent < 0 && errno == EINTR)
                        continue;
                if (sent <= 0)
                        cut(line);
                bytes += sent;
                size -= (size_t)sent;
        }
}

static size_t length_at(const unsigned char *bytes)
{
        return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

/* 1 if the text inserts into the table of orders. */
static int inserts_order(const char *sql, size_t size)
{
        static const char table[] = "sales_order\"";
        int inserts = 0;

        for (size_t i = 0; i < size; i++) {
                if (size - i >= 11 && strncasecmp(sql + i, "insert into", 11) == 0)
                        inserts = 1;
                if (inserts && i && sql[i - 1] == '"' && size - i >= sizeof table - 1 &&
                        memcmp(sql + i, table, sizeof table - 1) == 0)
                        return 1;
        }
        return 0;
}

/* Parse: name, text. Bind: portal, name. Query: text. */
static void look_at(wire *line, char type, const char *body, size_t size)
{
        size_t first = strnlen(body, size), rest = first < size ? first + 1 : size;

        if (type == 'P' && inserts_order(body + rest, size - rest)) {
                if (line->name_count >= NAMES_MAX || first >= NAME_MAX_SIZE)
                        _exit(1);
                (void)snprintf(line->names[line->name_count++], NAME_MAX_SIZE, "%s", body);
        }
        if (type == 'B')
                for (int i = 0; i < line->name_count; i++)
                        line->writes |= strncmp(line->names[i], body + rest, size - rest) == 0;
        if (type == 'Q')
                line->writes |= inserts_order(body, size);
}

/* A whole batch is here, `sync` bytes of it the Sync: it is passed on, or its fate is decided. */
static void end_batch(wire *line, size_t sync)
{
        proxy_shared *shared = line->shared;
        int64_t every = shared->every, cuts = 0;

        line->moment = -1;
        if (line->writes && every && ++shared->batches % every == 0) {
                for (int i = 0; i < PROXY_MOMENTS; i++)
                        cuts += shared->cuts[i];
                line->moment = (int)(cuts % PROXY_MOMENTS);
                shared->cuts[line->moment]++;
        }
        line->writes = 0;
        if (line->moment == PROXY_NOTHING_SENT)
                cut(line);
        send_all(line, line->server, line->request.data,
                line->moment == PROXY_SYNC_NOT_SENT ? line->batch - sync : line->batch);
        if (line->moment == PROXY_SYNC_NOT_SENT || line->moment == PROXY_ANSWER_UNREAD)
                cut(line);
        drop_front(&line->request, line->batch);
        line->batch = 0;
}

/* Collects whole messages; what ends a batch (Sync, Query) or is none of one is passed on. */
static void from_client(wire *line)
{
        buffer *request = &line->request;

        for (;;) {
                size_t head = line->started ? 1 : 0, size;
                const unsigned char *message = request->data + line->batch;
                char type;

                if (request->used - line->batch < head + 4)
                        return;
                size = head + length_at(message + head);
                if (request->used - line->batch < size)
                        return;
                type = line->started ? (char)message[0] : 0;
                if (type)
                        look_at(line, type, (const char *)message + 5, size - 5);
                line->batch += size;
                line->started = 1;
                if (type == 'S' || type == 'Q')
                        end_batch(line, size);
                else if (!type || !strchr("PBEDC", type)) {
                        send_all(line, line->server, request->data, line->batch);
                        drop_front(request, line->batch);
                        line->batch = 0;
                }
        }
}

/* 1 if the answer ends with ReadyForQuery. */
static int answer_is_whole(const buffer *answer)
{
        for (size_t at = 0; answer->used - at >= 5;) {
                size_t size = 1 + length_at(answer->data + at + 1);

                if (answer->used - at < size)
                        return 0;
                if (answer->data[at] == 'Z')
                        return 1;
                at += size;
        }
        return 0;
}

static void from_server(wire *line, const unsigned char *bytes, size_t size)
{
        if (line->moment < 0) {
                send_all(line, line->client, bytes, size);
                return;
        }
        put(&line->answer, bytes, size);
        if (!answer_is_whole(&line->answer))
                return;
        if (line->moment == PROXY_ANSWER_HALVED)
                send_all(line, line->client, line->answer.data, line->answer.used / 2);
        cut(line);
}

static _Noreturn void serve(proxy_shared *shared, int client, int server)
{
        wire line = {.shared = shared, .client = client, .server = server, .moment = -1};
        unsigned char bytes[65536];

        for (;;) {
                struct pollfd ends[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};

                if (poll(ends, 2, -1) < 0)
                        continue;
                for (int i = 0; i < 2; i++) {
                        ssize_t got;

                        if (!ends[i].revents)
                                continue;
                        got = recv(ends[i].fd, bytes, sizeof bytes, 0);
                        if (got <= 0)
                                cut(&line);
                        if (i == 0) {
                                put(&line.request, bytes, (size_t)got);
                                from_client(&line);
                        } else
                                from_server(&line, bytes, (size_t)got);
                }
        }
}

static int unix_socket(const char *folder, const char *port, struct sockaddr_un *name)
{
        *name = (struct sockaddr_un){.sun_family = AF_UNIX};
        (void)snprintf(name->sun_path, sizeof name->sun_path, "%.80s/.s.PGSQL.%.5s", folder, port);
        return socket(AF_UNIX, SOCK_STREAM, 0);
}

/* A connection to the server; -1: it does not answer. */
static int reach(const char *host, const char *port)
{
        struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
        struct sockaddr_un name;
        int end;

        if (host[0] == '/') {
                end = unix_socket(host, port, &name);
                if (connect(end, (struct sockaddr *)&name, sizeof name) == 0)
                        return end;
                (void)close(end);
                return -1;
        }
        if (getaddrinfo(host, port, &hints, &found) != 0)
                return -1;
        end = socket(found->ai_family, SOCK_STREAM, 0);
        if (connect(end, found->ai_addr, found->ai_addrlen) != 0) {
                (void)close(end);
                end = -1;
        }
        freeaddrinfo(found);
        return end;
}

static _Noreturn void listen_for(proxy_shared *shared, int door, const char *host, const char *port)
{
        (void)signal(SIGCHLD, SIG_IGN);
        for (;;) {
                int client = accept(door, NULL, NULL), server;
                pid_t process = client < 0 ? -1 : fork();

                if (process == 0) {
                        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                        (void)close(door);
                        server = reach(host, port);
                        if (server < 0)
                                _exit(1);
                        serve(shared, client, server);
                }
                if (client >= 0)
                        (void)close(client);
        }
}

static void find_server(const char *conninfo, char *host, char *port, size_t size)
{
        PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

        assert_non_null(options);
        (void)snprintf(host, size, "localhost");
        (void)snprintf(port, size, "5432");
        for (const PQconninfoOption *option = options; option->keyword; option++) {
                if (option->val && strcmp(option->keyword, "host") == 0)
                        (void)snprintf(host, size, "%s", option->val);
                if (option->val && strcmp(option->keyword, "port") == 0)
                        (void)snprintf(port, size, "%s", option->val);
        }
        PQconninfoFree(options);
}

void proxy_start(test_proxy *started, const char *server)
{
        char host[256], port[256];
        struct sockaddr_un name;
        int door;

        *started = (test_proxy){.folder = "/tmp/ordercore-proxy-XXXXXX"};
        assert_non_null(mkdtemp(started->folder));
        started->shared = mmap(NULL, sizeof *started->shared, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        assert_true(started->shared != MAP_FAILED);
        find_server(server, host, port, sizeof host);
        door = unix_socket(started->folder, "5432", &name);
        assert_int_equal(bind(door, (struct sockaddr *)&name, sizeof name), 0);
        assert_int_equal(listen(door, 64), 0);
        started->process = fork();
        assert_true(started->process >= 0);
        if (started->process == 0) {
                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                listen_for(started->shared, door, host, port);
        }
        (void)close(door);
}

void proxy_stop(test_proxy *started)
{
        char path[96];

        if (!started->process)
                return;
        (void)kill(started->process, SIGKILL); /* and with it the process of each connection */
        (void)waitpid(started->process, NULL, 0);
        (void)munmap(started->shared, sizeof *started->shared);
        (void)snprintf(path, sizeof path, "%s/.s.PGSQL.5432", started->folder);
        (void)unlink(path);
        (void)rmdir(started->folder);
        started->process = 0;
}
