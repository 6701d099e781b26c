/* A Galera cluster for tests; see cluster.h. */
#include "cluster.h"

#include "stores/mariadb/mariadb_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs galera.sh: its exit status, and what it printed first. */
static int script(const cluster *self, const char *verb, int node, char *line, size_t size)
{
        const char *scripts = getenv("ORDERCORE_TEST_SCRIPTS");
        char command[512];
        char number[16] = "";
        FILE *output;
        int status;

        if (node > 0)
                (void)snprintf(number, sizeof number, "%d", node);
        (void)snprintf(command, sizeof command, "sh '%s/galera.sh' %s '%s' %s",
                scripts != NULL ? scripts : "tests/servers", verb, self->folder, number);
        line[0] = '\0';
        output = popen(command, "r");
        assert_non_null(output);
        if (fgets(line, (int)size, output) != NULL)
                line[strcspn(line, "\n")] = '\0';
        status = pclose(output);
        assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

/* A process that waits for the death of this one, to leave no server behind. */
static void guard_set(cluster *self)
{
        int ends[2];

        assert_int_equal(pipe(ends), 0);
        (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        self->alarm = ends[1];
        self->guard = fork();
        assert_true(self->guard >= 0);
        if (self->guard == 0) {
                char byte;

                (void)setsid();
                (void)close(ends[1]);
                while (read(ends[0], &byte, 1) > 0)
                        continue;
                (void)script(self, "stop", 0, &byte, 1);
                _exit(0);
        }
        (void)close(ends[0]);
}

/* "conninfo|conninfo|conninfo"; what they say of a database is overruled by each test. */
static void nodes_take(cluster *self, const char *list)
{
        int n;

        for (n = 0; n < CLUSTER_NODES; n++) {
                size_t size = strcspn(list, "|");

                assert_in_range(size, 1, sizeof self->nodes[n] - 1);
                memcpy(self->nodes[n], list, size);
                self->nodes[n][size] = '\0';
                list += size;
                list += *list == '|';
        }
}

int cluster_start(cluster *self)
{
        const char *given = getenv("ORDERCORE_TEST_GALERA");
        char line[1024];
        int status;

        memset(self, 0, sizeof *self);
        if (given != NULL && given[0] != '\0') {
                char mark[160];
                const char *socket = strstr(given, "socket=");
                const char *end = socket != NULL ? strstr(socket, "/sock1") : NULL;

                nodes_take(self, given);
                if (end == NULL)
                        return 0;
                (void)snprintf(self->folder, sizeof self->folder, "%.*s", (int)(end - socket - 7),
                        socket + 7);
                (void)snprintf(mark, sizeof mark, "%s/.test-server", self->folder);
                if (access(mark, F_OK) != 0)
                        self->folder[0] = '\0';
                return 0;
        }
        (void)snprintf(self->folder, sizeof self->folder, "/tmp/ordercore-galera-XXXXXX");
        assert_non_null(mkdtemp(self->folder));
        guard_set(self);
        status = script(self, "start", 0, line, sizeof line);
        if (status != 0) {
                cluster_stop(self);
                (void)rmdir(self->folder);
                return status;
        }
        assert_non_null(strchr(line, '='));
        nodes_take(self, strchr(line, '=') + 1);
        return 0;
}

void cluster_stop(cluster *self)
{
        int status;

        if (self->guard <= 0)
                return;
        (void)close(self->alarm);
        assert_int_equal(waitpid(self->guard, &status, 0), self->guard);
        self->guard = 0;
}

void cluster_kill(const cluster *self, int node)
{
        char line[256];

        assert_int_equal(script(self, "kill", node + 1, line, sizeof line), 0);
}

void cluster_rejoin(const cluster *self, int node)
{
        char line[256];

        assert_int_equal(script(self, "rejoin", node + 1, line, sizeof line), 0);
}

void cluster_from(const cluster *self, int node, char *out, size_t size)
{
        char hosts[512] = "";
        char ports[64] = "";
        char user[128] = "";
        int is_socket = 0;
        int n;

        for (n = 0; n < CLUSTER_NODES; n++) {
                const char *own = self->nodes[(node + n) % CLUSTER_NODES];
                size_t used = strlen(hosts);
                ocore__mariadb_info info;

                assert_int_equal(ocore__mariadb_info_read(own, &info), OCORE_OK);
                is_socket = info.hosts[0][0] == '/';
                (void)snprintf(
                        hosts + used, sizeof hosts - used, "%s%s", n > 0 ? "," : "", info.hosts[0]);
                used = strlen(ports);
                (void)snprintf(ports + used, sizeof ports - used, "%s%u", n > 0 ? "," : "",
                        info.ports[0] > 0 ? info.ports[0] : 3306u);
                (void)snprintf(user, sizeof user, "user='%s' password='%s'",
                        info.user != NULL ? info.user : "",
                        info.password != NULL ? info.password : "");
                ocore__mariadb_info_finish(&info);
        }
        (void)snprintf(out, size, "%s=%s %s%s %s", is_socket ? "socket" : "host", hosts,
                is_socket ? "" : "port=", is_socket ? "" : ports, user);
}
