/*
 * The server, the schemas and the sellers of the PostgreSQL benchmarks, and the proof that all
 * hands did the same work.
 */
#define _GNU_SOURCE

#include "bench_postgres.h"

#include <ordercore/postgres.h>

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMAND_SIZE = 4096, PROOF_ORDERS = 32, AGAIN_MAX = 100 };

struct bench_seller {
        bench_library library;
        hand_postgres *hand; /* NULL: the library sells */
};

static char stop_command[COMMAND_SIZE];
static pid_t stop_owner;

/* Only the process that started the server ends it, not those that it forked. */
static void server_stop(void)
{
        if (getpid() == stop_owner && system(stop_command) != 0)
                fprintf(stderr, "bench: the server could not be stopped: %s\n", stop_command);
}

static int server_start(const char *script, const char *folder, char conninfo[BENCH_CONNINFO_SIZE])
{
        static const char name[] = "ORDERCORE_TEST_POSTGRES=";
        char command[COMMAND_SIZE];
        char line[BENCH_CONNINFO_SIZE];
        snprintf(command, sizeof command,
                "sh '%s' start '%s/ocbench-%d' shared_buffers=256MB max_wal_size=4GB", script,
                folder, (int)getpid());
        snprintf(stop_command, sizeof stop_command, "sh '%s' stop '%s/ocbench-%d'", script, folder,
                (int)getpid());
        FILE *output = popen(command, "r");
        if (output == NULL)
                bench_failed(command, "cannot be run");
        conninfo[0] = '\0';
        while (fgets(line, sizeof line, output) != NULL) {
                line[strcspn(line, "\n")] = '\0';
                if (strncmp(line, name, sizeof name - 1) == 0)
                        strcpy(conninfo, line + sizeof name - 1);
        }
        const int status = pclose(output);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
                return 0;
        stop_owner = getpid();
        if (atexit(server_stop) != 0 || status != 0 || conninfo[0] == '\0')
                bench_failed(command, "no server");
        return 1;
}

static PGconn *connect_to(const char *conninfo)
{
        PGconn *connection = PQconnectdb(conninfo);
        if (PQstatus(connection) != CONNECTION_OK)
                bench_failed(conninfo, PQerrorMessage(connection));
        PQclear(PQexec(connection, "SET client_min_messages = warning"));
        return connection;
}

/* The first row's columns, as text. */
static void ask(const char *conninfo, const char *text, int count, char answers[][64])
{
        PGconn *connection = connect_to(conninfo);
        PGresult *result = PQexec(connection, text);
        const ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_TUPLES_OK && (count > 0 || status != PGRES_COMMAND_OK))
                bench_failed(text, PQerrorMessage(connection));
        if (count > 0 && (PQntuples(result) != 1 || PQnfields(result) != count))
                bench_failed(text, "not one row");
        for (int i = 0; i < count; i++)
                snprintf(answers[i], 64, "%s", PQgetvalue(result, 0, i));
        PQclear(result);
        PQfinish(connection);
}

void bench_sql(const char *conninfo, const char *text)
{
        ask(conninfo, text, 0, NULL);
}

int bench_server_find(const char *script, const char *folder, char conninfo[BENCH_CONNINFO_SIZE])
{
        const char *given = getenv("ORDERCORE_TEST_POSTGRES");
        char settings[4][64];
        if (given != NULL && given[0] != '\0')
                snprintf(conninfo, BENCH_CONNINFO_SIZE, "%s", given);
        else if (script == NULL || !server_start(script, folder, conninfo)) {
                printf("SKIP: set ORDERCORE_TEST_POSTGRES to the conninfo of a PostgreSQL server "
                       "(Debian package postgresql)\n");
                return 0;
        }
        ask(conninfo,
                "SELECT current_setting('fsync'), current_setting('synchronous_commit'), "
                "current_setting('server_version'), current_setting('shared_buffers')",
                4, settings);
        printf("PostgreSQL %s, fsync %s, synchronous_commit %s, shared_buffers %s\n", settings[2],
                settings[0], settings[1], settings[3]);
        if (strcmp(settings[0], "on") != 0 || strcmp(settings[1], "on") != 0)
                bench_failed("server", "fsync and synchronous_commit must be on");
        return 1;
}

void bench_schema_make(const char *conninfo, const char *schema, char inside[BENCH_CONNINFO_SIZE])
{
        char text[256];
        snprintf(text, sizeof text, "CREATE SCHEMA %s", schema);
        bench_sql(conninfo, text);
        if (snprintf(inside, BENCH_CONNINFO_SIZE, "%s options='-c search_path=%s'", conninfo,
                    schema) >= BENCH_CONNINFO_SIZE)
                bench_failed(conninfo, "is too long");
}

void bench_schema_drop(const char *conninfo, const char *schema)
{
        char text[256];
        snprintf(text, sizeof text, "DROP SCHEMA %s CASCADE", schema);
        bench_sql(conninfo, text);
}

ocore_store bench_postgres_store(const char *conninfo)
{
        const ocore_postgres_config config = {.struct_size = sizeof config, .conninfo = conninfo};
        ocore_store store;
        const int status = ocore_postgres_store(&config, &store);
        if (status != OCORE_OK)
                bench_failed(conninfo, ocore_status_name(status));
        return store;
}

void bench_tally_add(bench_tally *self, const bench_order *orders, int count)
{
        for (int i = 0; i < count; i++) {
                for (int n = 0; n < BENCH_LINES; n++) {
                        self->quantity += orders[i].quantities[n];
                        self->total_minor +=
                                bench_price(orders[i].skus[n]) * orders[i].quantities[n];
                }
        }
        self->orders += count;
}

void bench_tally_join(bench_tally *self, const bench_tally *other)
{
        self->orders += other->orders;
        self->quantity += other->quantity;
        self->total_minor += other->total_minor;
}

bench_seller *bench_seller_open(const bench_hand *hand, int64_t start_us)
{
        bench_seller *self = calloc(1, sizeof *self);
        if (self == NULL)
                bench_failed(hand->name, "no memory");
        if (hand->kind == BENCH_LIBRARY) {
                bench_library_open(&self->library, bench_postgres_store(hand->conninfo));
                bench_library_warm(&self->library, start_us);
        } else {
                self->hand = hand_postgres_open(
                        hand->conninfo, hand->kind, hand->request_size, hand->answer_size);
        }
        return self;
}

static int library_unit(bench_library *library, const bench_order *orders, int count)
{
        int status;
        if (count == 1)
                return bench_library_place(library, orders);
        bench_library_must(library, ocore_unit_begin(library->core), "unit");
        for (int i = 0; i < count; i++) {
                status = bench_library_place(library, &orders[i]);
                if (status != OCORE_OK) {
                        bench_library_must(library, ocore_unit_cancel(library->core), "unit");
                        return status;
                }
        }
        status = ocore_unit_commit(library->core);
        if (status != OCORE_BUSY)
                bench_library_must(library, status, "unit");
        return status;
}

int64_t bench_seller_place(bench_seller *self, const bench_order *orders, int count)
{
        int64_t again = 0;
        if (self->hand != NULL)
                hand_postgres_place(self->hand, orders, count);
        else
                while (library_unit(&self->library, orders, count) != OCORE_OK)
                        if (again++ == AGAIN_MAX)
                                bench_failed("library", "others are faster each time");
        return again;
}

void bench_seller_close(bench_seller *self)
{
        if (self->hand != NULL)
                hand_postgres_close(self->hand);
        else
                bench_library_close(&self->library);
        free(self);
}

static void shop_make(const bench_hand *hand)
{
        bench_library library;
        bench_library_open(&library, bench_postgres_store(hand->conninfo));
        bench_library_shop(&library);
        bench_library_close(&library);
}

/* Each table as one number: all cells of all rows, but for what only the library can write, its
 * request and answer, and the cells that say who made the goods and when. */
static const char proof_text[] =
        "SELECT md5(concat("
        "(SELECT string_agg(t::text, ',' ORDER BY t.id) FROM sales_order t), "
        "(SELECT string_agg(t::text, ',' ORDER BY t.order_id, t.number) FROM order_line t), "
        "(SELECT string_agg(t::text, ',' ORDER BY t.order_id, t.line) FROM allocation t))), "
        "md5(concat("
        "(SELECT string_agg(t::text, ',' ORDER BY t.command_id, t.number) FROM stock_move t "
        "WHERE t.subject_id IN (SELECT id FROM sales_order)), "
        "(SELECT string_agg(concat(t.sku, t.site, t.available, ' ', t.allocated, ' ', t.revision), "
        "',' ORDER BY t.sku, t.site) FROM stock t))), "
        "md5(concat("
        "(SELECT string_agg(t::text, ',' ORDER BY t.subject_id) FROM event t "
        "WHERE t.subject_id IN (SELECT id FROM sales_order)), "
        "(SELECT string_agg(t::text, ',' ORDER BY t.subject_id) FROM effect t "
        "WHERE t.subject_id IN (SELECT id FROM sales_order)), "
        "(SELECT string_agg(concat(t.tenant, t.id, t.name, t.at_us, t.revision), ',' "
        "ORDER BY t.id) FROM command t WHERE t.name = 'order_place')))";

static void proof_run(bench_hand *hand, char proof[][64])
{
        bench_order orders[PROOF_ORDERS];
        bench_source source = {.random = 42, .start_us = BENCH_START_US};
        bench_seller *seller = bench_seller_open(hand, source.start_us);
        bench_orders_make(&source, orders, PROOF_ORDERS);
        for (int i = 0; i < PROOF_ORDERS; i++)
                bench_seller_place(seller, &orders[i], 1);
        bench_seller_close(seller);
        bench_tally_add(&hand->tally, orders, PROOF_ORDERS);
        ask(hand->conninfo, proof_text, 3, proof);
}

void bench_hands_open(bench_hand hands[BENCH_HANDS], const char *conninfo)
{
        static const char *const names[BENCH_HANDS] = {
                "library", "statements", "pipeline", "function"};
        static const char *const parts[] = {"order", "stock", "event"};
        char expected[3][64];
        char proof[3][64];
        char sizes[2][64];
        for (int i = 0; i < BENCH_HANDS; i++) {
                bench_hand *hand = &hands[i];
                *hand = (bench_hand){.name = names[i], .kind = BENCH_LIBRARY + i};
                snprintf(hand->schema, sizeof hand->schema, "bench_%d_%s", (int)getpid(), names[i]);
                bench_schema_make(conninfo, hand->schema, hand->conninfo);
                shop_make(hand);
                if (hand->kind == HAND_FUNCTION)
                        hand_postgres_function_make(hand->conninfo);
                bench_sql(hand->conninfo, "ANALYZE");
                if (i > 0) {
                        hand->request_size = atoi(sizes[0]);
                        hand->answer_size = atoi(sizes[1]);
                }
                proof_run(hand, i == 0 ? expected : proof);
                for (int part = 0; part < 3 && i > 0; part++)
                        if (strcmp(expected[part], proof[part]) != 0)
                                bench_failed(hand->name, parts[part]);
                if (i == 0)
                        ask(hand->conninfo,
                                "SELECT avg(length(request))::bigint, avg(length(answer))::bigint "
                                "FROM command WHERE name = 'order_place'",
                                2, sizes);
        }
        printf("%d orders: all hands wrote the same rows; command rows of %s + %s bytes\n",
                PROOF_ORDERS, sizes[0], sizes[1]);
}

static void hand_check(const bench_hand *hand)
{
        char sold[5][64];
        const int64_t expected[5] = {hand->tally.orders, hand->tally.total_minor,
                hand->tally.quantity, hand->tally.quantity, hand->tally.orders};
        ask(hand->conninfo,
                "SELECT (SELECT count(*) FROM sales_order), "
                "(SELECT coalesce(sum(total_minor), 0) FROM sales_order), "
                "(SELECT coalesce(sum(quantity), 0) FROM order_line), "
                "(SELECT sum(1000000000 - available) FROM stock WHERE allocated = 1000000000 - "
                "available), (SELECT count(*) FROM command WHERE name = 'order_place')",
                5, sold);
        for (int i = 0; i < 5; i++)
                if (strtoll(sold[i], NULL, 10) != expected[i])
                        bench_failed(hand->name, "did not sell what its orders say");
        printf("%s: %" PRId64 " orders of %" PRId64 " pieces, as ordered\n", hand->name,
                hand->tally.orders, hand->tally.quantity);
}

void bench_hands_close(bench_hand hands[BENCH_HANDS])
{
        for (int i = 0; i < BENCH_HANDS; i++)
                hand_check(&hands[i]);
        for (int i = 0; i < BENCH_HANDS; i++)
                bench_schema_drop(hands[i].conninfo, hands[i].schema);
}
