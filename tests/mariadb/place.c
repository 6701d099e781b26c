/* What the tests of the MariaDB store share; see place.h. */
#include "place.h"

#include "stores/mariadb/mariadb_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

int place_missing(const char *variable, const char *packages)
{
        const char *value = getenv(variable);

        if (value != NULL && value[0] != '\0')
                return 0;
        (void)printf("1..0 # SKIP %s is not set; install %s and use tests/run.sh --all\n", variable,
                packages);
        return 1;
}

MYSQL *place_connect(const place *self, const char *server, unsigned long flags)
{
        ocore__mariadb_info info;
        MYSQL *db = mysql_init(NULL);
        char conninfo[640];
        unsigned protocol = MYSQL_PROTOCOL_TCP;
        int is_socket;

        (void)snprintf(conninfo, sizeof conninfo, "%s dbname=mysql",
                server != NULL ? server : self->server);
        assert_int_equal(ocore__mariadb_info_read(conninfo, &info), OCORE_OK);
        assert_non_null(db);
        is_socket = info.hosts[0][0] == '/';
        if (!is_socket)
                assert_int_equal(mysql_options(db, MYSQL_OPT_PROTOCOL, &protocol), 0);
        assert_int_equal(mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4"), 0);
        if (mysql_real_connect(db, is_socket ? "localhost" : info.hosts[0], info.user,
                    info.password, NULL, info.ports[0], is_socket ? info.hosts[0] : NULL,
                    flags) == NULL)
                fail_msg("connecting: %s", mysql_error(db));
        ocore__mariadb_info_finish(&info);
        /* A node of a cluster first takes in what the others have done. */
        if (server != NULL) {
                place_run(db, "SET SESSION wsrep_sync_wait = 1");
                (void)place_ask(db, "SELECT COUNT(*) FROM information_schema.SCHEMATA");
                place_run(db, "SET SESSION wsrep_sync_wait = 0");
        }
        if (self->database[0] != '\0')
                assert_int_equal(mysql_select_db(db, self->database), 0);
        return db;
}

void place_run(MYSQL *db, const char *sql)
{
        if (mysql_query(db, sql) != 0)
                fail_msg("%s: %s", sql, mysql_error(db));
        mysql_free_result(mysql_store_result(db));
}

void place_text(MYSQL *db, const char *sql, char *out, size_t room)
{
        MYSQL_RES *result;
        MYSQL_ROW row;

        if (mysql_query(db, sql) != 0)
                fail_msg("%s: %s", sql, mysql_error(db));
        result = mysql_store_result(db);
        assert_non_null(result);
        row = mysql_fetch_row(result);
        assert_non_null(row);
        (void)snprintf(out, room, "%s", row[0] != NULL ? row[0] : "NULL");
        mysql_free_result(result);
}

int64_t place_ask(MYSQL *db, const char *sql)
{
        char text[32];
        char *end;
        int64_t number;

        place_text(db, sql, text, sizeof text);
        number = strtoll(text, &end, 10);
        assert_int_equal(*end, '\0');
        return number;
}

/* The server keeps its answer for a tenth of a second behind each question. */
void place_wait_for_lock(MYSQL *db)
{
        while (place_ask(db, "SELECT SLEEP(0.15) + COUNT(*) FROM information_schema.INNODB_TRX "
                             "WHERE trx_state = 'LOCK WAIT'") == 0) {
        }
}

void place_open(place *self, const char *server)
{
        static int64_t made;
        char sql[128];

        memset(self, 0, sizeof *self);
        (void)snprintf(self->server, sizeof self->server, "%s",
                server != NULL ? server : getenv("ORDERCORE_TEST_MARIADB"));
        self->db = place_connect(self, NULL, 0);
        (void)snprintf(self->database, sizeof self->database, "ordercore_test_%ld_%lld",
                (long)getpid(), (long long)++made);
        (void)snprintf(self->conninfo, sizeof self->conninfo, "%s dbname=%s", self->server,
                self->database);
        (void)snprintf(sql, sizeof sql, "CREATE DATABASE `%s`", self->database);
        place_run(self->db, sql);
        assert_int_equal(mysql_select_db(self->db, self->database), 0);
}

void place_empty(place *self)
{
        char sql[128];

        (void)snprintf(sql, sizeof sql, "DROP DATABASE `%s`", self->database);
        place_run(self->db, sql);
        (void)snprintf(sql, sizeof sql, "CREATE DATABASE `%s`", self->database);
        place_run(self->db, sql);
        assert_int_equal(mysql_select_db(self->db, self->database), 0);
}

void place_close(place *self)
{
        char sql[128];

        (void)snprintf(sql, sizeof sql, "DROP DATABASE `%s`", self->database);
        place_run(self->db, sql);
        mysql_close(self->db);
        self->db = NULL;
}

int place_store(const place *self, const char *server, ocore_store *out)
{
        char conninfo[640];
        ocore_mariadb_config config = {.struct_size = sizeof config, .conninfo = conninfo};

        (void)snprintf(conninfo, sizeof conninfo, "%s dbname=%s",
                server != NULL ? server : self->server, self->database);
        return ocore_mariadb_store(&config, out);
}

int place_host_store(MYSQL *db, ocore_store *out)
{
        ocore_mariadb_config config = {.struct_size = sizeof config, .connection = db};

        return ocore_mariadb_store(&config, out);
}
