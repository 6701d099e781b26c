/*
 * What the files of verify share: findings, cursors over whole tables in pages, and a map of the
 * places where stock lies. Nothing here trusts a row: sums may wrap, but never trap.
 */
#ifndef ORDERCORE_VERIFY_VERIFY_H
#define ORDERCORE_VERIFY_VERIFY_H

#include "engine/core.h"
#include "fulfillment/fulfillment.h"
#include "returns/returns.h"
#include "shipping/shipping.h"

enum {
        OCORE__KEY_CELLS = 12, /* of an index with the key behind it */
        OCORE__BUCKETS = 7     /* by OCORE_BUCKET_…, from 1 */
};

/* A row that hangs below another: a line of a fulfillment, of a return, of a hold. */
typedef struct ocore__below ocore__below;
struct ocore__below {
        ocore__below *next;
        const void *row;
};

/* One row of a page, with the rows below it in their order. */
typedef struct ocore__above {
        const void *row;
        ocore__below *first;
        ocore__below *last;
        size_t count;
} ocore__above;

/*
 * All rows of a table in the order of its key or of an index, page by page. Two arenas in turn, so
 * that the row that was given last lives until the next but one is asked for.
 */
typedef struct ocore__cursor {
        const ocore_table *table;
        const ocore_table
                *below; /* its key begins with the id of a row; NULL: nothing hangs below */
        ocore__above *rows;
        size_t count;
        size_t at;
        size_t seen;                        /* rows given so far */
        size_t below_seen;                  /* rows below them */
        ocore_cell place[OCORE__KEY_CELLS]; /* behind the tenant; of the last row of the page */
        size_t place_count;
        uint32_t index;
        uint8_t ended;
        uint8_t turn;
        ocore__arena pages[2];
} ocore__cursor;

/* Where stock lies: the balance and all that has to agree with it. */
typedef struct ocore__place {
        uint64_t hash;
        ocore_str sku, site, lot;
        int64_t scale;
        int64_t balance[OCORE__BUCKETS];
        int64_t moved[OCORE__BUCKETS]; /* the sum of the moves */
        int64_t owned[OCORE__BUCKETS]; /* by open holds, orders and returns */
        int64_t sent;                  /* moved to customers */
        int64_t came_back;
        int64_t orders_sent; /* what orders say was sent */
        int64_t returns_came_back;
        uint8_t found; /* there is a balance row */
} ocore__place;

/* Units of an order line at a place that are on their way through a fulfillment. */
typedef struct ocore__transit {
        uint64_t hash;
        ocore_id order_id;
        int64_t line;
        ocore_str site, lot;
        int64_t units[OCORE_FULFILLMENT_STATE_DELIVERED +
                      1]; /* fulfillments less allocations, by state */
} ocore__transit;

/* A map with open addressing; its entries begin with their hash. */
typedef struct ocore__table_map {
        void **slots;
        size_t slot_count;
        size_t count;
} ocore__table_map;

typedef struct ocore__verify {
        ocore_core *core;
        ocore_finding_fn finding;
        void *user_data;
        int64_t found;
        ocore__arena arena; /* of the maps */
        ocore__table_map places;
        ocore__table_map products; /* skus, as ocore__named */
        ocore__table_map sites;
        ocore__table_map transits; /* ocore__transit */
        uint64_t hold_orders;      /* of converted holds and their orders: must come to zero */
        uint64_t commands; /* of commands and the events that each left: must come to zero */
} ocore__verify;

/* A product or a site. */
typedef struct ocore__named {
        uint64_t hash;
        ocore_str name;
        int64_t kind;
        int64_t scale;
} ocore__named;

/* Reports a finding; `subject` is the row. OCORE_DONE when the host wants no more. */
int ocore__found(ocore__verify *verify, const char *invariant, const char *table,
        const char *subject, const char *format, ...);
/* A subject: keys of rows in words, into `room`. The directives of ocore__write(). */
enum { OCORE__SUBJECT_SIZE = 320 };
const char *ocore__subject(char room[OCORE__SUBJECT_SIZE], const char *format, ...);

/* A cursor needs no memory until it is read; finish gives it back. */
void ocore__cursor_init(ocore__verify *verify, ocore__cursor *cursor, const ocore_table *table,
        uint32_t index, const ocore_table *below);
/* The next row, NULL at the end. A failure, or OCORE_DONE: the host wants no more. */
int ocore__cursor_next(ocore__verify *verify, ocore__cursor *cursor, const ocore__above **out);
void ocore__cursor_finish(ocore__cursor *cursor);

/* The next row whose id at `offset` is `parent`, NULL when there is none left. Rows that come
 * before belong to nothing: they are findings. */
int ocore__cursor_take(ocore__verify *verify, ocore__cursor *cursor, size_t offset, ocore_id parent,
        const char *invariant, const ocore__above **out);
/* The same at the end: whatever is left belongs to nothing. */
int ocore__cursor_rest(
        ocore__verify *verify, ocore__cursor *cursor, size_t offset, const char *invariant);

/* At the end of a cursor over a whole table: every row of the table below hung below one of its
 * rows. */
int ocore__cursor_below(ocore__verify *verify, const ocore__cursor *cursor, const char *invariant);

/* Maps. find: the entry for which `same` answers 1. add: room for one more, then the entry. */
typedef int (*ocore__same_fn)(const void *entry, const void *key);
void *ocore__table_find(
        const ocore__table_map *map, uint64_t hash, ocore__same_fn same, const void *key);
int ocore__table_add(ocore__verify *verify, ocore__table_map *map, void *entry, uint64_t hash);
void ocore__table_finish(ocore__verify *verify, ocore__table_map *map);

/* Finds or makes the place of stock; OCORE_NOMEM. */
int ocore__place_of(ocore__verify *verify, ocore_str sku, ocore_str site, ocore_str lot,
        int64_t scale, ocore__place **out);
int ocore__name_add(
        ocore__verify *verify, ocore__table_map *map, ocore_str name, int64_t kind, int64_t scale);
const ocore__named *ocore__name_find(const ocore__table_map *map, ocore_str name);

/* Sums of numbers that nobody has checked wrap around. */
static inline int64_t ocore__plus(int64_t a, int64_t b)
{
        return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t ocore__minus(int64_t a, int64_t b)
{
        return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* An order with all that belongs to it, gathered from the tables. */
typedef struct ocore__line_proof {
        ocore_order_line row;                                  /* without what is derived */
        int64_t allocated, picked, packed, shipped, delivered; /* by its allocations */
        int64_t arrived;                                       /* by its fulfillments */
        int64_t announced;                                     /* by its returns */
        int64_t refunded;
} ocore__line_proof;

typedef struct ocore__order_proof {
        ocore_order order;
        ocore__line_proof *lines;
        size_t line_count;
        size_t line_room;
        int64_t refunded_minor;                     /* by its returns */
        int64_t ledger[OCORE_LEDGER_CARRIER + 1];   /* debits less credits of its bookings */
        int64_t expected[OCORE_LEDGER_CARRIER + 1]; /* what they must be */
        ocore__arena arena;
        char subject[OCORE_ID_TEXT_SIZE];
} ocore__order_proof;

/* The cursors that go along with the orders, and their steps. */
typedef struct ocore__order_walk {
        ocore__cursor orders, lines, allocations, drafts, parties, payments, moves, fulfillments,
                returns;
        ocore__order_proof proof;
} ocore__order_walk;
int ocore__transit_allocation(ocore__verify *verify, const ocore_allocation *row);
int ocore__verify_transits(ocore__verify *verify); /* after all orders */
int ocore__verify_fulfillments(ocore__verify *verify, ocore__order_walk *walk);
int ocore__verify_returns(ocore__verify *verify, ocore__order_walk *walk);
int ocore__verify_totals(ocore__verify *verify, ocore__order_proof *proof); /* O3, M3 */
int ocore__verify_money(ocore__verify *verify, ocore__order_walk *walk);    /* M1 */

/* The walks. Each returns OCORE_OK, OCORE_DONE (the host wants no more) or a failure. */
int ocore__verify_catalog(ocore__verify *verify); /* first: the others look products and sites up */
int ocore__verify_stock(ocore__verify *verify);   /* balances, moves, holds */
int ocore__verify_orders(ocore__verify *verify);  /* orders with all that belongs to them */
int ocore__verify_places(ocore__verify *verify);  /* last: balances against all the walks */
int ocore__verify_events(ocore__verify *verify);  /* events, commands, effects */
int ocore__verify_indexes(ocore__verify *verify); /* every index against its table */

#endif
