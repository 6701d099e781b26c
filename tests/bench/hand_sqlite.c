/*
 * Placing an order with prepared statements, written for this alone: the same rows and columns as
 * the library writes, into tables that the library made, with the same settings of SQLite.
 */
#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        BEGIN,
        COMMIT,
        PRODUCT,
        STOCK,
        RULES,
        COMMAND,
        EVENT,
        EFFECT,
        MOVE,
        ORDER,
        LINE,
        ALLOCATION,
        TAKE,
        STATEMENTS
};

static const char *const texts[STATEMENTS] = {
        [BEGIN] = "BEGIN IMMEDIATE",
        [COMMIT] = "COMMIT",
        [PRODUCT] = "SELECT r.price_minor, p.kind, p.scale, p.tax_class, p.revision "
                    "FROM product p JOIN price r ON r.tenant = p.tenant AND r.sku = p.sku "
                    "WHERE p.tenant = 0 AND p.sku = ?1 AND r.currency = 'EUR' AND r.channel = '' "
                    "AND r.from_us <= ?2 ORDER BY r.from_us DESC LIMIT 1",
        [STOCK] = "SELECT site, lot, available FROM stock WHERE tenant = 0 AND sku = ?1 "
                  "ORDER BY site, lot",
        [RULES] = "SELECT revision FROM policy WHERE tenant = 0 AND name = 'rules'",
        [COMMAND] = "INSERT INTO command(tenant, id, name, request, answer, at_us, revision) "
                    "VALUES(0, ?1, 'order_place', ?2, ?3, ?4, 1)",
        [EVENT] = "INSERT INTO event(tenant, subject_id, number, kind, at_us, command_id, actor, "
                  "detail, revision) VALUES(0, ?1, 1, ?2, ?3, ?1, 'bench', '', 1)",
        [EFFECT] = "INSERT INTO effect(tenant, subject_id, number, kind, state, due_us, attempts, "
                   "revision) VALUES(0, ?1, 1, ?2, ?3, ?4, 0, 1)",
        [MOVE] = "INSERT INTO stock_move(tenant, command_id, number, sku, site, lot, scale, "
                 "from_bucket, to_bucket, quantity, at_us, subject_id, reason, revision) "
                 "VALUES(0, ?1, ?2, ?3, ?4, '', 0, 1, 3, ?5, ?6, ?1, NULL, 1)",
        [ORDER] = "INSERT INTO sales_order(tenant, id, number, state, channel, customer, currency, "
                  "tax_mode, rounding, rounding_level, ship_country, ship_postcode, "
                  "shipping_option, purchase_order, note, hold_id, saved_us, placed_us, "
                  "earliest_us, latest_us, goods_minor, discount_minor, shipping_minor, tax_minor, "
                  "total_minor, cancelled_minor, refunded_minor, event_count, version, revision) "
                  "VALUES(0, ?1, NULL, 2, 'web', ?2, 'EUR', 1, 1, 1, 'DE', '', '', '', '', NULL, "
                  "?3, ?3, NULL, NULL, ?4, 0, 0, ?5, ?6, 0, 0, 1, 1, 1)",
        [LINE] =
                "INSERT INTO order_line(tenant, order_id, number, sku, kind, scale, quantity, "
                "unit_price_minor, goods_minor, discount_minor, order_discount_minor, "
                "tax_rate_ppm, tax_minor, total_minor, shipping_minor, shipping_tax_minor, "
                "cancelled, performed, returned, refunded, shipping_refunded, revision) "
                "VALUES(0, ?1, ?2, ?3, 1, 0, ?4, ?5, ?6, 0, 0, ?7, ?8, ?6, 0, 0, 0, 0, 0, 0, 0, 1)",
        [ALLOCATION] = "INSERT INTO allocation(tenant, order_id, line, site, lot, reason, "
                       "allocated, released, picked, packed, shipped, delivered, revision) "
                       "VALUES(0, ?1, ?2, ?3, '', 1, ?4, 0, 0, 0, 0, 0, 1)",
        [TAKE] = "UPDATE stock SET revision = revision + 1, available = available - ?3, "
                 "allocated = allocated + ?3 WHERE tenant = 0 AND sku = ?1 AND site = ?2 "
                 "AND lot = '' AND available >= ?3",
};

struct hand_sqlite {
        sqlite3 *db;
        sqlite3_stmt *statements[STATEMENTS];
        int request_size;
        int answer_size;
        unsigned char blob[65536];
};

static void must(sqlite3 *db, int code, int expected, const char *what)
{
        if (code != expected)
                bench_failed(what, sqlite3_errmsg(db));
}

hand_sqlite *hand_sqlite_open(const char *path, int request_size, int answer_size)
{
        hand_sqlite *self = calloc(1, sizeof *self);
        if (self == NULL)
                bench_failed(path, "no memory");
        self->request_size = request_size;
        self->answer_size = answer_size;
        for (size_t i = 0; i < sizeof self->blob; i++)
                self->blob[i] = (unsigned char)(i * 31);
        must(self->db,
                sqlite3_open_v2(path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL),
                SQLITE_OK, path);
        must(self->db,
                sqlite3_exec(self->db,
                        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                        "PRAGMA cell_size_check=ON; PRAGMA wal_autocheckpoint=20000;"
                        "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF",
                        NULL, NULL, NULL),
                SQLITE_OK, "settings");
        for (int i = 0; i < STATEMENTS; i++)
                must(self->db,
                        sqlite3_prepare_v3(self->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                &self->statements[i], NULL),
                        SQLITE_OK, texts[i]);
        return self;
}

static void run(hand_sqlite *self, int statement)
{
        must(self->db, sqlite3_step(self->statements[statement]), SQLITE_DONE, texts[statement]);
        must(self->db, sqlite3_reset(self->statements[statement]), SQLITE_OK, texts[statement]);
}

static void set_number(hand_sqlite *self, int statement, int place, int64_t number)
{
        must(self->db, sqlite3_bind_int64(self->statements[statement], place, number), SQLITE_OK,
                texts[statement]);
}

static void set_text(hand_sqlite *self, int statement, int place, const char *text)
{
        must(self->db,
                sqlite3_bind_text(
                        self->statements[statement], place, text, (int)strlen(text), SQLITE_STATIC),
                SQLITE_OK, texts[statement]);
}

static void set_blob(hand_sqlite *self, int statement, int place, const void *bytes, int size)
{
        must(self->db,
                sqlite3_bind_blob(self->statements[statement], place, bytes, size, SQLITE_STATIC),
                SQLITE_OK, texts[statement]);
}

/* The price of a whole unit now. */
static int64_t price_read(hand_sqlite *self, const char *sku, int64_t at_us)
{
        set_text(self, PRODUCT, 1, sku);
        set_number(self, PRODUCT, 2, at_us);
        must(self->db, sqlite3_step(self->statements[PRODUCT]), SQLITE_ROW, "product");
        const int64_t price_minor = sqlite3_column_int64(self->statements[PRODUCT], 0);
        must(self->db, sqlite3_reset(self->statements[PRODUCT]), SQLITE_OK, "product");
        return price_minor;
}

/* The first site that has enough. */
static void site_choose(hand_sqlite *self, const char *sku, int64_t quantity, char site[16])
{
        sqlite3_stmt *stock = self->statements[STOCK];
        set_text(self, STOCK, 1, sku);
        do
                must(self->db, sqlite3_step(stock), SQLITE_ROW, "out of stock");
        while (sqlite3_column_int64(stock, 2) < quantity);
        snprintf(site, 16, "%s", (const char *)sqlite3_column_text(stock, 0));
        must(self->db, sqlite3_reset(stock), SQLITE_OK, "stock");
}

static void line_place(hand_sqlite *self, const bench_order *order, int n, int64_t sums[2])
{
        const char *sku = bench_skus[order->skus[n]];
        const int64_t quantity = order->quantities[n];
        char site[16];
        const int64_t price_minor = price_read(self, sku, order->at_us);
        const int64_t total_minor = price_minor * quantity;
        const int64_t tax_minor = bench_tax(total_minor);
        site_choose(self, sku, quantity, site);
        sums[0] += total_minor;
        sums[1] += tax_minor;
        set_blob(self, MOVE, 1, &order->id, sizeof order->id);
        set_number(self, MOVE, 2, n + 1);
        set_text(self, MOVE, 3, sku);
        set_text(self, MOVE, 4, site);
        set_number(self, MOVE, 5, quantity);
        set_number(self, MOVE, 6, order->at_us);
        run(self, MOVE);
        set_blob(self, LINE, 1, &order->id, sizeof order->id);
        set_number(self, LINE, 2, n + 1);
        set_text(self, LINE, 3, sku);
        set_number(self, LINE, 4, quantity);
        set_number(self, LINE, 5, price_minor);
        set_number(self, LINE, 6, total_minor);
        set_number(self, LINE, 7, BENCH_RATE_PPM);
        set_number(self, LINE, 8, tax_minor);
        run(self, LINE);
        set_blob(self, ALLOCATION, 1, &order->id, sizeof order->id);
        set_number(self, ALLOCATION, 2, n + 1);
        set_text(self, ALLOCATION, 3, site);
        set_number(self, ALLOCATION, 4, quantity);
        run(self, ALLOCATION);
        set_text(self, TAKE, 1, sku);
        set_text(self, TAKE, 2, site);
        set_number(self, TAKE, 3, quantity);
        run(self, TAKE);
        if (sqlite3_changes(self->db) != 1)
                bench_failed("hand-written SQLite", "out of stock");
}

void hand_sqlite_begin(hand_sqlite *self)
{
        run(self, BEGIN);
}

void hand_sqlite_commit(hand_sqlite *self)
{
        run(self, COMMIT);
}

void hand_sqlite_place(hand_sqlite *self, const bench_order *order)
{
        int64_t sums[2] = {0, 0};
        must(self->db, sqlite3_step(self->statements[RULES]), SQLITE_ROW, "rules");
        must(self->db, sqlite3_reset(self->statements[RULES]), SQLITE_OK, "rules");
        set_blob(self, COMMAND, 1, &order->id, sizeof order->id);
        set_blob(self, COMMAND, 2, self->blob, self->request_size);
        set_blob(self, COMMAND, 3, self->blob, self->answer_size);
        set_number(self, COMMAND, 4, order->at_us);
        run(self, COMMAND);
        set_blob(self, EVENT, 1, &order->id, sizeof order->id);
        set_number(self, EVENT, 2, OCORE_EVENT_ORDER_PLACED);
        set_number(self, EVENT, 3, order->at_us);
        run(self, EVENT);
        set_blob(self, EFFECT, 1, &order->id, sizeof order->id);
        set_number(self, EFFECT, 2, OCORE_EVENT_ORDER_PLACED);
        set_number(self, EFFECT, 3, OCORE_EFFECT_PENDING);
        set_number(self, EFFECT, 4, order->at_us);
        run(self, EFFECT);
        for (int n = 0; n < BENCH_LINES; n++)
                line_place(self, order, n, sums);
        set_blob(self, ORDER, 1, &order->id, sizeof order->id);
        set_text(self, ORDER, 2, bench_customers[order->customer]);
        set_number(self, ORDER, 3, order->at_us);
        set_number(self, ORDER, 4, sums[0]);
        set_number(self, ORDER, 5, sums[1]);
        set_number(self, ORDER, 6, sums[0]);
        run(self, ORDER);
}

/* The first number of the first row. */
static int64_t ask(sqlite3 *db, const char *text, int64_t *second)
{
        sqlite3_stmt *statement = NULL;
        must(db, sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK, text);
        must(db, sqlite3_step(statement), SQLITE_ROW, text);
        const int64_t number = sqlite3_column_int64(statement, 0);
        if (second != NULL)
                *second = sqlite3_column_int64(statement, 1);
        must(db, sqlite3_finalize(statement), SQLITE_OK, text);
        return number;
}

void hand_sqlite_sizes(const char *path, int *request_size, int *answer_size)
{
        sqlite3 *db = NULL;
        int64_t answer = 0;
        must(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK, path);
        *request_size = (int)ask(db,
                "SELECT avg(length(request)), avg(length(answer)) "
                "FROM command WHERE name = 'order_place'",
                &answer);
        *answer_size = (int)answer;
        must(db, sqlite3_close(db), SQLITE_OK, path);
}

int64_t hand_sqlite_available(hand_sqlite *self)
{
        return ask(self->db, "SELECT sum(available) FROM stock", NULL);
}

void hand_sqlite_close(hand_sqlite *self)
{
        for (int i = 0; i < STATEMENTS; i++)
                must(self->db, sqlite3_finalize(self->statements[i]), SQLITE_OK, texts[i]);
        must(self->db, sqlite3_close(self->db), SQLITE_OK, "close");
        free(self);
}
