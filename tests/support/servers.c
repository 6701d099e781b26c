/* Schemas and databases of the tests' own; see servers.h. */
#include "servers.h"

#include "support.h"

#include "engine/engine.h"

#include <stdlib.h>

#ifdef ORDERCORE_HAVE_POSTGRES
#include <libpq-fe.h>
#endif
#ifdef ORDERCORE_HAVE_MARIADB
#include <mysql.h>
#endif

/* The value of one word of a conninfo without quotes; "": it is not there. */
static void word_find(const char *words, const char *key, char *out, size_t size)
{
        const size_t length = strlen(key);

        out[0] = 0;
        while (*words) {
                const char *word = words + strspn(words, " ");
                const size_t end = strcspn(word, " ");

                if (strncmp(word, key, length) == 0 && word[length] == '=')
                        (void)snprintf(
                                out, size, "%.*s", (int)(end - length - 1), word + length + 1);
                words = word + end;
        }
}

void test_server_words(int is_postgres, const char *words, const char *name, char *out, size_t size)
{
        size_t used = 0;

        if (is_postgres) {
                (void)snprintf(out, size, "%s options='-csearch_path=%s -csynchronous_commit=off'",
                        words, name);
                return;
        }
        while (*words) {
                const char *word = words + strspn(words, " ");
                const size_t end = strcspn(word, " ");

                if (end && strncmp(word, "dbname=", 7) != 0)
                        used += (size_t)snprintf(out + used, size - used, "%.*s ", (int)end, word);
                assert_true(used < size);
                words = word + end;
        }
        (void)snprintf(out + used, size - used, "dbname=%s", name);
}

#ifdef ORDERCORE_HAVE_POSTGRES
static int postgres_run(const char *words, const char *sql, int quiet)
{
        PGconn *connection = PQconnectdb(words);
        PGresult *result = NULL;
        int bad = PQstatus(connection) != CONNECTION_OK;

        if (!bad) {
                result = PQexec(connection, sql);
                bad = PQresultStatus(result) != PGRES_COMMAND_OK &&
                      PQresultStatus(result) != PGRES_TUPLES_OK;
        }
        if (bad && !quiet)
                print_message("# postgres: %s", PQerrorMessage(connection));
        PQclear(result);
        PQfinish(connection);
        return bad;
}
#endif

#ifdef ORDERCORE_HAVE_MARIADB
static int mariadb_run(const char *words, const char *sql, int quiet)
{
        char host[128], port[16], socket[160], user[64], password[64], database[64];
        MYSQL *connection = mysql_init(NULL);
        int bad;

        assert_non_null(connection);
        word_find(words, "host", host, sizeof host);
        word_find(words, "port", port, sizeof port);
        word_find(words, "socket", socket, sizeof socket);
        word_find(words, "user", user, sizeof user);
        word_find(words, "password", password, sizeof password);
        word_find(words, "dbname", database, sizeof database);
        bad = mysql_real_connect(connection, host[0] ? host : NULL, user[0] ? user : NULL,
                      password[0] ? password : NULL, database[0] ? database : NULL,
                      (unsigned)strtoul(port, NULL, 10), socket[0] ? socket : NULL,
                      CLIENT_MULTI_STATEMENTS) == NULL ||
              mysql_real_query(connection, sql, strlen(sql)) != 0;
        for (int more = 0; !bad && more == 0;) {
                MYSQL_RES *result = mysql_store_result(connection);

                if (result)
                        mysql_free_result(result);
                more = mysql_next_result(connection);
                bad = more > 0;
        }
        if (bad && !quiet)
                print_message("# mariadb: %s\n", mysql_error(connection));
        mysql_close(connection);
        return bad;
}
#endif

static int server_run(int is_postgres, const char *words, const char *sql, int quiet)
{
#ifdef ORDERCORE_HAVE_POSTGRES
        if (is_postgres)
                return postgres_run(words, sql, quiet);
#endif
#ifdef ORDERCORE_HAVE_MARIADB
        if (!is_postgres)
                return mariadb_run(words, sql, quiet);
#endif
        (void)word_find;
        (void)is_postgres, (void)words, (void)sql, (void)quiet;
        return 1;
}

int test_server_make(int is_postgres, const char *words, const char *name)
{
        char sql[160];

        (void)snprintf(sql, sizeof sql, "CREATE %s %s", is_postgres ? "SCHEMA" : "DATABASE", name);
        return server_run(is_postgres, words, sql, 0);
}

int test_server_drop(int is_postgres, const char *words, const char *name)
{
        char sql[160];

        (void)snprintf(sql, sizeof sql,
                is_postgres ? "SET client_min_messages = error; DROP SCHEMA IF EXISTS %s CASCADE"
                            : "DROP DATABASE IF EXISTS %s",
                name);
        return server_run(is_postgres, words, sql, 0);
}

int test_server_run(int is_postgres, const char *words, const char *name, const char *sql)
{
        char own[800];

        test_server_words(is_postgres, words, name, own, sizeof own);
        return server_run(is_postgres, own, sql, 0);
}

int test_server_empty(int is_postgres, const char *words, const char *name)
{
        char sql[4000], own[800];
        size_t used = 0;

        for (size_t i = 0; i < ocore__schema.table_count; i++) {
                used += (size_t)snprintf(sql + used, sizeof sql - used,
                        is_postgres ? "DELETE FROM \"%s\";" : "DELETE FROM `%s`;",
                        ocore__schema.tables[i]->name);
                assert_true(used < sizeof sql);
        }
        /* Where no core was opened yet there are no tables, and that is no news. */
        test_server_words(is_postgres, words, name, own, sizeof own);
        return server_run(is_postgres, own, sql, 1) == 0;
}
