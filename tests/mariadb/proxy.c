/* A proxy that cuts connections; see proxy.h. */
#include "proxy.h"

#include "stores/mariadb/mariadb_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PIECE = 65536 };

static const char batch_end[] = "END; COMMIT";

static int socket_at(const char *path, struct sockaddr_un *address)
{
        memset(address, 0, sizeof *address);
        address->sun_family = AF_UNIX;
        (void)snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
        return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int server_connect(const ocore__mariadb_info *info)
{
        struct sockaddr_un path;
        struct sockaddr_in port;
        int end;

        if (info->hosts[0][0] == '/') {
                end = socket_at(info->hosts[0], &path);
                return connect(end, (struct sockaddr *)&path, sizeof path) == 0 ? end : -1;
        }
        memset(&port, 0, sizeof port);
        port.sin_family = AF_INET;
        port.sin_port = htons((uint16_t)info->ports[0]);
        port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        end = socket(AF_INET, SOCK_STREAM, 0);
        return connect(end, (struct sockaddr *)&port, sizeof port) == 0 ? end : -1;
}

static int pass(int to, const char *bytes, size_t size)
{
        while (size > 0) {
                ssize_t done = send(to, bytes, size, MSG_NOSIGNAL);

                if (done <= 0)
                        return 0;
                bytes += done;
                size -= (size_t)done;
        }
        return 1;
}

static int wait_readable(int end)
{
        struct pollfd one = {.fd = end, .events = POLLIN};

        return poll(&one, 1, 20000) == 1;
}

/* What becomes of this batch. */
static int64_t moment_choose(proxy_shared *shared)
{
        int64_t number = ++shared->batches;
        int64_t moment = atomic_exchange(&shared->moment, PROXY_PASS);
        int64_t every = shared->every;

        if (moment == PROXY_PASS && every > 0 && number % every == 0)
                moment = 1 + number / every % (PROXY_MOMENTS - 1);
        shared->cuts[moment]++;
        return moment;
}

/* The answer of the batch itself without the one of its COMMIT, and without its word that another
 * one follows: bit 3 of the status, which stands behind a zero and two counts of a byte each. */
static void first_answer_pass(int client, char *answer, size_t size)
{
        size_t first = size > 4 ? 4 + (size_t)(unsigned char)answer[0] : size;

        if (size >= 11 && first < size && answer[4] == 0)
                answer[7] = (char)(answer[7] & ~8);
        (void)pass(client, answer, first < size ? first : size);
}

/* A batch whose end stands in these bytes: 1 to go on with the connection. */
static int batch_pass(proxy_shared *shared, int server, int client, const char *bytes, size_t size)
{
        int64_t moment = moment_choose(shared);
        char answer[PIECE];

        if (moment == PROXY_NOT_DELIVERED)
                return 0;
        if (moment == PROXY_HALF_DELIVERED) {
                (void)pass(server, bytes, size / 2);
                return 0;
        }
        if (!pass(server, bytes, size))
                return 0;
        if (moment == PROXY_UNANSWERED || moment == PROXY_HALF_ANSWERED ||
                moment == PROXY_HALF_TRUE) {
                /* Two answers of eleven bytes or more; the second says that it is committed. */
                size_t got = 0;

                while (got < 22 && wait_readable(server)) {
                        ssize_t more = recv(server, answer + got, sizeof answer - got, 0);

                        if (more <= 0)
                                break;
                        got += (size_t)more;
                        if (got > 4 && (unsigned char)answer[4] == 0xff)
                                break;
                }
                if (moment == PROXY_HALF_ANSWERED && got > 0)
                        (void)pass(client, answer, 1);
                if (moment == PROXY_HALF_TRUE)
                        first_answer_pass(client, answer, got);
        }
        return moment == PROXY_PASS;
}

/* One connection, until either side ends it. A batch that comes in several pieces is known by the
 * piece that holds its end. */
static void serve(proxy_shared *shared, int client, int server)
{
        static char bytes[PIECE];

        for (;;) {
                struct pollfd ends[2] = {
                        {.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
                int from_client;
                ssize_t got;

                if (poll(ends, 2, -1) < 1)
                        return;
                from_client = ends[0].revents != 0;
                got = recv(from_client ? client : server, bytes, sizeof bytes, 0);
                if (got <= 0)
                        return;
                if (from_client && (size_t)got >= sizeof batch_end - 1 &&
                        memcmp(bytes + got - (sizeof batch_end - 1), batch_end,
                                sizeof batch_end - 1) == 0) {
                        if (!batch_pass(shared, server, client, bytes, (size_t)got))
                                return;
                } else if (!pass(from_client ? server : client, bytes, (size_t)got)) {
                        return;
                }
        }
}

static void accept_all(const ocore__mariadb_info *info, proxy_shared *shared, int listener)
{
        (void)signal(SIGCHLD, SIG_IGN);
        for (;;) {
                int client = accept(listener, NULL, NULL);

                if (client < 0)
                        continue;
                if (fork() == 0) {
                        int server;

                        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                        server = server_connect(info);
                        if (server >= 0)
                                serve(shared, client, server);
                        _exit(0);
                }
                (void)close(client);
        }
}

void proxy_start(proxy *self, const char *server)
{
        ocore__mariadb_info info;
        struct sockaddr_un address;
        char path[96];
        char conninfo[640];
        int listener;

        *self = (proxy){.folder = "/tmp/ordercore-proxy-XXXXXX"};
        (void)snprintf(conninfo, sizeof conninfo, "%s dbname=any", server);
        assert_int_equal(ocore__mariadb_info_read(conninfo, &info), OCORE_OK);
        assert_non_null(mkdtemp(self->folder));
        (void)snprintf(path, sizeof path, "%s/sock", self->folder);
        (void)snprintf(self->server, sizeof self->server, "socket=%s user=%s password='%s'", path,
                info.user != NULL ? info.user : "", info.password != NULL ? info.password : "");
        self->shared = mmap(NULL, sizeof *self->shared, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        assert_true(self->shared != MAP_FAILED);
        listener = socket_at(path, &address);
        assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
        assert_int_equal(listen(listener, 64), 0);
        self->process = fork();
        assert_true(self->process >= 0);
        if (self->process == 0) {
                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                accept_all(&info, self->shared, listener);
        }
        (void)close(listener);
        ocore__mariadb_info_finish(&info);
}

void proxy_stop(proxy *self)
{
        char path[96];

        if (self->process <= 0)
                return;
        (void)kill(self->process, SIGKILL);
        (void)waitpid(self->process, NULL, 0);
        (void)snprintf(path, sizeof path, "%s/sock", self->folder);
        (void)unlink(path);
        (void)rmdir(self->folder);
        assert_int_equal(munmap(self->shared, sizeof *self->shared), 0);
        self->process = 0;
}
