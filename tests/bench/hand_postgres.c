/*
 * Placing an order with libpq, written for this alone: the same rows and columns as the library
 * writes, into tables that the library made. In three manners: statement by statement, pipelined,
 * and as one PL/pgSQL function (hand_postgres_function.c). All take the stock last and in the order
 * of its key, so that hot rows are locked shortly and no two orders wait for each other.
 */
#include "hand_postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parameters in binary; numbers are kept here until they are sent. */
typedef struct parameters {
        const char *values[PARAMETERS_MAX];
        int sizes[PARAMETERS_MAX];
        int formats[PARAMETERS_MAX];
        unsigned char numbers[PARAMETERS_MAX][8];
        int count;
} parameters;

struct hand_postgres {
        PGconn *connection;
        int kind;
        int request_size;
        int answer_size;
        char blob[65536];
};

/* What was read and reckoned of an order. */
typedef struct reckoning {
        int64_t prices[BENCH_LINES];
        int64_t totals[BENCH_LINES];
        int64_t taxes[BENCH_LINES];
        int64_t total_minor;
        int64_t tax_minor;
        char sites[BENCH_LINES][16];
        int by_sku[BENCH_LINES]; /* the lines in the order of their skus */
} reckoning;

static void add_bytes(parameters *to, const void *bytes, int size)
{
        to->values[to->count] = bytes;
        to->sizes[to->count] = size;
        to->formats[to->count] = 1;
        to->count++;
}

static void add_text(parameters *to, const char *text)
{
        add_bytes(to, text, (int)strlen(text));
}

static void add_id(parameters *to, const bench_order *order)
{
        add_bytes(to, order->id.bytes, sizeof order->id.bytes);
}

static void put_big_endian(unsigned char *to, uint64_t number, int size)
{
        for (int i = 0; i < size; i++)
                to[i] = (unsigned char)(number >> (8 * (size - 1 - i)));
}

static void add_number(parameters *to, int64_t number)
{
        put_big_endian(to->numbers[to->count], (uint64_t)number, 8);
        add_bytes(to, to->numbers[to->count], 8);
}

static int64_t number_at(const PGresult *result, int row, int column)
{
        const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, row, column);
        uint64_t number = 0;
        for (int i = 0; i < 8; i++)
                number = number << 8 | bytes[i];
        return (int64_t)number;
}

static void failed(hand_postgres *self, const char *what)
{
        bench_failed(what, PQerrorMessage(self->connection));
}

/* Sends a statement; the answer is taken with answer_take(). */
static void send(hand_postgres *self, int which, const parameters *with)
{
        char name[16];
        snprintf(name, sizeof name, "s%d", which);
        if (!PQsendQueryPrepared(self->connection, name, with->count, with->values, with->sizes,
                    with->formats, 1))
                failed(self, hand_statements[which].text);
}

/* The next answer, which must be good; to be cleared. */
static PGresult *answer_take(hand_postgres *self, int which)
{
        PGresult *result = PQgetResult(self->connection);
        const ExecStatusType status = PQresultStatus(result);
        PGresult *end;
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                bench_failed(hand_statements[which].text, PQresultErrorMessage(result));
        if ((end = PQgetResult(self->connection)) != NULL)
                bench_failed(hand_statements[which].text, "two answers");
        return result;
}

/* One round trip outside a pipeline. */
static PGresult *ask(hand_postgres *self, int which, const parameters *with)
{
        send(self, which, with);
        return answer_take(self, which);
}

static void run(hand_postgres *self, int which, const parameters *with)
{
        if (self->kind == HAND_PIPELINE)
                send(self, which, with);
        else
                PQclear(ask(self, which, with));
}

static void sync_send(hand_postgres *self)
{
        if (!PQpipelineSync(self->connection))
                failed(self, "sync");
}

static void sync_take(hand_postgres *self)
{
        PGresult *result = PQgetResult(self->connection);
        if (PQresultStatus(result) != PGRES_PIPELINE_SYNC)
                bench_failed("sync", PQresultErrorMessage(result));
        PQclear(result);
}

static void price_take(const bench_order *order, int line, const PGresult *price, reckoning *to)
{
        if (PQntuples(price) != 1)
                bench_failed(bench_skus[order->skus[line]], "there is no price");
        to->prices[line] = number_at(price, 0, 0);
        to->totals[line] = to->prices[line] * order->quantities[line];
        to->taxes[line] = bench_tax(to->totals[line]);
        to->total_minor += to->totals[line];
        to->tax_minor += to->taxes[line];
}

/* The first site that has enough. */
static void site_take(const bench_order *order, int line, const PGresult *stock, reckoning *to)
{
        for (int row = 0; row < PQntuples(stock); row++) {
                if (number_at(stock, row, 2) < order->quantities[line])
                        continue;
                snprintf(to->sites[line], sizeof to->sites[line], "%.*s",
                        PQgetlength(stock, row, 0), PQgetvalue(stock, row, 0));
                return;
        }
        bench_failed(bench_skus[order->skus[line]], "out of stock");
}

/* By insertion: there are five. */
static void lines_sort(const bench_order *order, reckoning *to)
{
        for (int n = 0; n < BENCH_LINES; n++) {
                int at = n;
                for (; at > 0 && strcmp(bench_skus[order->skus[to->by_sku[at - 1]]],
                                         bench_skus[order->skus[n]]) > 0;
                        at--)
                        to->by_sku[at] = to->by_sku[at - 1];
                to->by_sku[at] = n;
        }
}

static void stock_send(hand_postgres *self, const bench_order *order, int line)
{
        parameters with = {.count = 0};
        add_text(&with, bench_skus[order->skus[line]]);
        send(self, STOCK, &with);
}

static void price_send(hand_postgres *self, const bench_order *order, int line)
{
        parameters with = {.count = 0};
        add_text(&with, bench_skus[order->skus[line]]);
        add_number(&with, order->at_us);
        send(self, PRICE, &with);
}

static void line_answers_take(
        hand_postgres *self, const bench_order *order, int line, reckoning *to)
{
        PGresult *answer = answer_take(self, PRICE);
        price_take(order, line, answer, to);
        PQclear(answer);
        if (self->kind == HAND_STATEMENTS)
                stock_send(self, order, line);
        answer = answer_take(self, STOCK);
        site_take(order, line, answer, to);
        PQclear(answer);
}

static void order_read(hand_postgres *self, const bench_order *order, reckoning *to)
{
        memset(to, 0, sizeof *to);
        lines_sort(order, to);
        run(self, RULES, &(parameters){.count = 0});
        if (self->kind == HAND_STATEMENTS) {
                for (int n = 0; n < BENCH_LINES; n++) {
                        price_send(self, order, n);
                        line_answers_take(self, order, n, to);
                }
                return;
        }
        for (int n = 0; n < BENCH_LINES; n++) {
                price_send(self, order, n);
                stock_send(self, order, n);
        }
        sync_send(self);
        PQclear(answer_take(self, RULES));
        for (int n = 0; n < BENCH_LINES; n++)
                line_answers_take(self, order, n, to);
        sync_take(self);
}

static void head_write(hand_postgres *self, const bench_order *order, const reckoning *with)
{
        parameters command = {.count = 0};
        parameters event = {.count = 0};
        parameters effect = {.count = 0};
        parameters head = {.count = 0};
        add_id(&command, order);
        add_bytes(&command, self->blob, self->request_size);
        add_bytes(&command, self->blob, self->answer_size);
        add_number(&command, order->at_us);
        run(self, COMMAND, &command);
        add_id(&event, order);
        add_number(&event, OCORE_EVENT_ORDER_PLACED);
        add_number(&event, order->at_us);
        run(self, EVENT, &event);
        add_id(&effect, order);
        add_number(&effect, OCORE_EVENT_ORDER_PLACED);
        add_number(&effect, OCORE_EFFECT_PENDING);
        add_number(&effect, order->at_us);
        run(self, EFFECT, &effect);
        add_id(&head, order);
        add_text(&head, bench_customers[order->customer]);
        add_number(&head, order->at_us);
        add_number(&head, with->total_minor);
        add_number(&head, with->tax_minor);
        add_number(&head, with->total_minor);
        run(self, ORDER, &head);
}

static void line_write(hand_postgres *self, const bench_order *order, const reckoning *with, int n)
{
        parameters move = {.count = 0};
        parameters line = {.count = 0};
        parameters allocation = {.count = 0};
        add_id(&move, order);
        add_number(&move, n + 1);
        add_text(&move, bench_skus[order->skus[n]]);
        add_text(&move, with->sites[n]);
        add_number(&move, order->quantities[n]);
        add_number(&move, order->at_us);
        run(self, MOVE, &move);
        add_id(&line, order);
        add_number(&line, n + 1);
        add_text(&line, bench_skus[order->skus[n]]);
        add_number(&line, order->quantities[n]);
        add_number(&line, with->prices[n]);
        add_number(&line, with->totals[n]);
        add_number(&line, BENCH_RATE_PPM);
        add_number(&line, with->taxes[n]);
        run(self, LINE, &line);
        add_id(&allocation, order);
        add_number(&allocation, n + 1);
        add_text(&allocation, with->sites[n]);
        add_number(&allocation, order->quantities[n]);
        run(self, ALLOCATION, &allocation);
}

static void stock_take(hand_postgres *self, const bench_order *order, const reckoning *with, int n)
{
        parameters take = {.count = 0};
        add_text(&take, bench_skus[order->skus[n]]);
        add_text(&take, with->sites[n]);
        add_number(&take, order->quantities[n]);
        if (self->kind == HAND_PIPELINE) {
                run(self, TAKE_SURE, &take);
                return;
        }
        PGresult *result = ask(self, TAKE, &take);
        if (strcmp(PQcmdTuples(result), "1") != 0)
                bench_failed(bench_skus[order->skus[n]], "out of stock");
        PQclear(result);
}

/* In a pipeline the answers are looked at when all has been sent; an error would have ended the
 * transaction, which is the pipeline up to its sync. */
static void order_write(hand_postgres *self, const bench_order *order, const reckoning *with)
{
        const int each[] = {COMMAND, EVENT, EFFECT, ORDER};
        const int line[] = {MOVE, LINE, ALLOCATION};
        head_write(self, order, with);
        for (int n = 0; n < BENCH_LINES; n++)
                line_write(self, order, with, n);
        for (int n = 0; n < BENCH_LINES; n++)
                stock_take(self, order, with, with->by_sku[n]);
        if (self->kind == HAND_STATEMENTS)
                return;
        sync_send(self);
        for (int i = 0; i < 4; i++)
                PQclear(answer_take(self, each[i]));
        for (int i = 0; i < 3 * BENCH_LINES; i++)
                PQclear(answer_take(self, line[i % 3]));
        for (int i = 0; i < BENCH_LINES; i++)
                PQclear(answer_take(self, TAKE_SURE));
        sync_take(self);
}

/* A binary array of one dimension; texts have their own length, numbers have eight bytes. */
static int array_fill(unsigned char *to, const bench_order *order, int texts)
{
        unsigned char *at = to;
        put_big_endian(at, 1, 4);
        put_big_endian(at + 4, 0, 4);
        put_big_endian(at + 8, texts ? TEXT : BIGINT, 4);
        put_big_endian(at + 12, BENCH_LINES, 4);
        put_big_endian(at + 16, 1, 4);
        at += 20;
        for (int n = 0; n < BENCH_LINES; n++) {
                const char *sku = bench_skus[order->skus[n]];
                const size_t size = texts ? strlen(sku) : 8;
                put_big_endian(at, size, 4);
                at += 4;
                if (texts)
                        memcpy(at, sku, size);
                else
                        put_big_endian(at, (uint64_t)order->quantities[n], 8);
                at += size;
        }
        return (int)(at - to);
}

static void function_send(hand_postgres *self, const bench_order *order)
{
        unsigned char skus[20 + BENCH_LINES * 20];
        unsigned char quantities[20 + BENCH_LINES * 12];
        parameters with = {.count = 0};
        add_id(&with, order);
        add_text(&with, bench_customers[order->customer]);
        add_number(&with, order->at_us);
        add_bytes(&with, skus, array_fill(skus, order, 1));
        add_bytes(&with, quantities, array_fill(quantities, order, 0));
        add_bytes(&with, self->blob, self->request_size);
        add_bytes(&with, self->blob, self->answer_size);
        send(self, FUNCTION, &with);
}

static void functions_place(hand_postgres *self, const bench_order *orders, int count)
{
        for (int i = 0; i < count; i++)
                function_send(self, &orders[i]);
        sync_send(self);
        for (int i = 0; i < count; i++)
                PQclear(answer_take(self, FUNCTION));
        sync_take(self);
}

void hand_postgres_place(hand_postgres *self, const bench_order *orders, int count)
{
        reckoning with;
        if (self->kind == HAND_FUNCTION) {
                functions_place(self, orders, count);
                return;
        }
        if (count != 1)
                bench_failed("hand-written PostgreSQL", "only the function places several at once");
        if (self->kind == HAND_STATEMENTS)
                run(self, BEGIN, &(parameters){.count = 0});
        order_read(self, orders, &with);
        order_write(self, orders, &with);
        if (self->kind == HAND_STATEMENTS)
                run(self, COMMIT, &(parameters){.count = 0});
}

static void command(PGconn *connection, const char *text)
{
        PGresult *result = PQexec(connection, text);
        const ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                bench_failed(text, PQerrorMessage(connection));
        PQclear(result);
}

static PGconn *connect_to(const char *conninfo)
{
        PGconn *connection = PQconnectdb(conninfo);
        if (PQstatus(connection) != CONNECTION_OK)
                bench_failed(conninfo, PQerrorMessage(connection));
        command(connection, "SET client_min_messages = warning");
        return connection;
}

void hand_postgres_function_make(const char *conninfo)
{
        PGconn *connection = connect_to(conninfo);
        command(connection, hand_function_text);
        PQfinish(connection);
}

/* Plans are kept from the first call on, as a program that runs for a while has them. */
hand_postgres *hand_postgres_open(const char *conninfo, int kind, int request_size, int answer_size)
{
        hand_postgres *self = calloc(1, sizeof *self);
        if (self == NULL)
                bench_failed(conninfo, "no memory");
        self->connection = connect_to(conninfo);
        self->kind = kind;
        self->request_size = request_size;
        self->answer_size = answer_size;
        for (size_t i = 0; i < sizeof self->blob; i++)
                self->blob[i] = (char)(i * 31);
        command(self->connection, "SET plan_cache_mode = force_generic_plan");
        for (int i = 0; i < STATEMENTS; i++) {
                char name[16];
                if ((i == FUNCTION) != (kind == HAND_FUNCTION))
                        continue;
                snprintf(name, sizeof name, "s%d", i);
                PGresult *result = PQprepare(self->connection, name, hand_statements[i].text,
                        hand_statements[i].parameter_count, hand_statements[i].types);
                if (PQresultStatus(result) != PGRES_COMMAND_OK)
                        failed(self, hand_statements[i].text);
                PQclear(result);
        }
        if (kind != HAND_STATEMENTS && !PQenterPipelineMode(self->connection))
                failed(self, "pipeline");
        return self;
}

void hand_postgres_close(hand_postgres *self)
{
        PQfinish(self->connection);
        free(self);
}
