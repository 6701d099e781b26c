/* Schemas and servers for the tests of the PostgreSQL store: see place.h. */
#include "place.h"

#include "broken_store.h"
#include "support.h"

#include <libpq-fe.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int place_open_store(void *user_data, ocore_store *out)
{
        const server_place *there = user_data;
        const ocore_postgres_config config = {.struct_size = sizeof config,
                .conninfo = there->conninfo,
                .isolation = there->isolation};
        ocore_store inner;
        int status = ocore_postgres_store(&config, &inner);

        return status ? status : broken_store(inner, there->mistake, out);
}

static void hear_nothing(void *user_data, const char *message)
{
        (void)user_data;
        (void)message;
}

void place_do(const char *server, const char *sql)
{
        PGconn *connection = PQconnectdb(server);
        PGresult *result;

        if (PQstatus(connection) != CONNECTION_OK)
                fail_msg("no connection: %s", PQerrorMessage(connection));
        (void)PQsetNoticeProcessor(connection, hear_nothing, NULL);
        result = PQexec(connection, sql);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
                fail_msg("%s: %s", sql, PQerrorMessage(connection));
        PQclear(result);
        PQfinish(connection);
}

void place_make(
        server_place *made, const char *server, const char *name, int64_t isolation, int mistake)
{
        char sql[128];

        *made = (server_place){.isolation = isolation, .mistake = mistake};
        (void)snprintf(made->schema, sizeof made->schema, "t_%ld_%s", (long)getpid(), name);
        (void)snprintf(made->server, sizeof made->server, "%s", server);
        assert_in_range(snprintf(made->conninfo, sizeof made->conninfo,
                                "%s options='-c search_path=%s'", server, made->schema),
                1, sizeof made->conninfo - 1);
        (void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", made->schema);
        place_do(server, sql);
}

void place_drop(const server_place *made)
{
        char sql[128];

        (void)snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", made->schema);
        place_do(made->server, sql);
}

const char *place_server(void)
{
        const char *server = getenv("ORDERCORE_TEST_POSTGRES");

        return server && *server ? server : NULL;
}

static const char *scripts_folder(void)
{
        const char *folder = getenv("ORDERCORE_TEST_SCRIPTS");

        return folder && *folder ? folder : "tests/servers";
}

/* @return the exit status */
static int run(
        const test_script *server, const char *verb, const char *words, char *line, size_t size)
{
        char command[512], rest[PLACE_TEXT] = "";
        FILE *output;
        int status;

        if (line)
                line[0] = 0;
        assert_in_range(snprintf(command, sizeof command, "sh '%s/%s' %s '%s' %s", scripts_folder(),
                                server->name, verb, server->folder, words),
                1, sizeof command - 1);
        output = popen(command, "r");
        assert_non_null(output);
        if (fgets(rest, sizeof rest, output) && line) {
                rest[strcspn(rest, "\n")] = 0;
                (void)snprintf(line, size, "%s", rest);
        }
        status = pclose(output);
        assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

/* A process that does nothing but wait for a word from this one, or its death, to leave no server
 * behind. Sellers hold the same end open and die with us, so the word is a byte. */
static void set_guard(test_script *server)
{
        int ends[2];

        assert_int_equal(pipe(ends), 0);
        (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        server->alarm = ends[1];
        server->guard = fork();
        assert_true(server->guard >= 0);
        if (server->guard == 0) {
                char byte;

                (void)setsid();
                (void)close(ends[1]);
                while (read(ends[0], &byte, 1) < 0)
                        continue;
                (void)run(server, "stop", "", NULL, 0);
                _exit(0);
        }
        (void)close(ends[0]);
}

int place_skips(const char *name)
{
        test_script server = {.folder = "/tmp"};

        if (!place_server()) {
                printf("1..0 # SKIP ORDERCORE_TEST_POSTGRES is not set; sh tests/servers/"
                       "postgres.sh start DIR starts a server and prints it (Debian: "
                       "postgresql)\n");
                return 1;
        }
        if (!name)
                return 0;
        (void)snprintf(server.name, sizeof server.name, "%s", name);
        if (run(&server, "check", "", NULL, 0) != 77)
                return 0;
        printf("1..0 # SKIP sh tests/servers/%s check DIR says what is missing (Debian: "
               "postgresql, patroni, etcd-server)\n",
                name);
        return 1;
}

void script_start(test_script *server, const char *name, const char *words)
{
        char line[PLACE_TEXT];
        const char *value;

        *server = (test_script){.folder = "/tmp/ordercore-server-XXXXXX"};
        (void)snprintf(server->name, sizeof server->name, "%s", name);
        assert_non_null(mkdtemp(server->folder));
        set_guard(server);
        assert_int_equal(run(server, "start", words, line, sizeof line), 0);
        value = strchr(line, '=');
        assert_non_null(value);
        (void)snprintf(server->value, sizeof server->value, "%s", value + 1);
}

void script_do(
        const test_script *server, const char *verb, const char *words, char *line, size_t size)
{
        assert_int_equal(run(server, verb, words, line, size), 0);
}

void script_stop(test_script *server)
{
        int status;

        if (!server->guard)
                return;
        assert_int_equal(write(server->alarm, "", 1), 1);
        (void)close(server->alarm);
        assert_int_equal(waitpid(server->guard, &status, 0), server->guard);
        server->guard = 0;
}
