/*
 * What the tests of the PostgreSQL store share: the server named by ORDERCORE_TEST_POSTGRES, a
 * schema of its own for each test, and short ways to ask the server behind the store's back.
 */
#ifndef ORDERCORE_TESTS_POSTGRES_FIXTURE_H
#define ORDERCORE_TESTS_POSTGRES_FIXTURE_H

#include "../contract/suite_private.h"

#include <libpq-fe.h>
#include <ordercore/postgres.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A schema of its own on the server, and a connection that looks at it. */
typedef struct fixture {
        PGconn *admin;
        char schema[64];
        char conninfo[1024]; /* with the schema as search path */
} fixture;

/* The server, or the end of the program with "skipped". */
static inline const char *fixture_server(void)
{
        const char *conninfo = getenv("ORDERCORE_TEST_POSTGRES");

        if (conninfo == NULL || conninfo[0] == '\0') {
                (void)printf("1..0 # SKIP no server: install postgresql and set "
                             "ORDERCORE_TEST_POSTGRES to the conninfo of a superuser\n");
                exit(0);
        }
        return conninfo;
}

static inline void fixture_ignore(void *self, const char *message)
{
        (void)self;
        (void)message;
}

static inline PGconn *fixture_connect(const char *conninfo)
{
        PGconn *connection = PQconnectdb(conninfo);

        if (PQstatus(connection) != CONNECTION_OK)
                print_error("%s\n", PQerrorMessage(connection));
        assert_int_equal(PQstatus(connection), CONNECTION_OK);
        (void)PQsetNoticeProcessor(connection, fixture_ignore, NULL);
        return connection;
}

/* Runs a script that must succeed. */
static inline void fixture_run(PGconn *connection, const char *sql)
{
        PGresult *result = PQexec(connection, sql);
        ExecStatusType status = PQresultStatus(result);

        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                print_error("%s: %s\n", sql, PQerrorMessage(connection));
        PQclear(result);
        assert_true(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
}

/* The first value of an answer as a number. */
static inline long long fixture_number(PGconn *connection, const char *sql)
{
        PGresult *result = PQexec(connection, sql);
        long long number;

        if (PQresultStatus(result) != PGRES_TUPLES_OK)
                print_error("%s: %s\n", sql, PQerrorMessage(connection));
        assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
        assert_int_equal(PQntuples(result), 1);
        number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
        PQclear(result);
        return number;
}

/* The first value of an answer as text, "" for NULL. */
static inline void fixture_text(PGconn *connection, const char *sql, char *out, size_t size)
{
        PGresult *result = PQexec(connection, sql);

        if (PQresultStatus(result) != PGRES_TUPLES_OK)
                print_error("%s: %s\n", sql, PQerrorMessage(connection));
        assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
        assert_int_equal(PQntuples(result), 1);
        (void)snprintf(out, size, "%s", PQgetvalue(result, 0, 0));
        PQclear(result);
}

static inline void fixture_drop(fixture *self)
{
        char sql[128];

        (void)snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE", self->schema);
        fixture_run(self->admin, sql);
}

/* The schema, empty. */
static inline void fixture_empty(fixture *self)
{
        char sql[128];

        fixture_drop(self);
        (void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", self->schema);
        fixture_run(self->admin, sql);
}

static inline void fixture_start(fixture *self)
{
        static int number;
        char sql[128];

        memset(self, 0, sizeof *self);
        (void)snprintf(self->schema, sizeof self->schema, "t_%ld_%d", (long)getpid(), ++number);
        (void)snprintf(self->conninfo, sizeof self->conninfo, "%s options='-c search_path=%s'",
                fixture_server(), self->schema);
        self->admin = fixture_connect(fixture_server());
        fixture_empty(self);
        (void)snprintf(sql, sizeof sql, "SET search_path = %s", self->schema);
        fixture_run(self->admin, sql);
}

static inline void fixture_stop(fixture *self)
{
        fixture_drop(self);
        PQfinish(self->admin);
}

static inline int fixture_open(
        const fixture *self, const ocore_postgres_config *more, ocore_store *out)
{
        ocore_postgres_config config = {0};
        int status;

        if (more != NULL)
                config = *more;
        config.struct_size = sizeof config;
        if (config.conninfo == NULL && config.connection == NULL)
                config.conninfo = self->conninfo;
        status = ocore_postgres_store(&config, out);
        if (status != OCORE_OK)
                print_error("opening the store: %s\n", ocore_status_name(status));
        return status;
}

/* A store with the toy tables. */
static inline ocore_store fixture_toy(const fixture *self, const ocore_postgres_config *more)
{
        ocore_store store;
        int status;

        assert_int_equal(fixture_open(self, more, &store), OCORE_OK);
        status = store.ops->open(store.self, &ocore__toy_schema);
        if (status != OCORE_OK)
                print_error("open: %s\n", store.ops->message(store.self, NULL));
        assert_int_equal(status, OCORE_OK);
        return store;
}

/* One row, one write. */
static inline int fixture_insert(ocore_store store, int64_t tenant, const char *code)
{
        toy_row row = ocore__toy_bin(tenant, code, 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_refusal refusal;

        return store.ops->write(store.self, &write, 1, &refusal);
}

static inline int fixture_count_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int *)sink;
        return OCORE_OK;
}

/* How many bins a tenant has; below zero: the read's failure. */
static inline int fixture_bins(ocore_store store, int64_t tenant)
{
        ocore_cell cell = ocore__toy_number(tenant);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, &cell, 1);
        int rows = 0;
        int status = store.ops->read(store.self, &read, 1, fixture_count_row, &rows);

        return status == OCORE_OK ? rows : status;
}

#endif
