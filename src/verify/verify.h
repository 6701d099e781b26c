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
#include "supply/supply.h"

enum {
        OCORE__KEY_CELLS = 12,                       /* of an index with the key behind it */
        OCORE__BUCKETS = OCORE_BUCKET_IN_TRANSIT + 1 /* by OCORE_BUCKET_…, from 1 */
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
        int64_t owned[OCORE__BUCKETS]; /* by open holds, orders, returns, supplies, transfers */
        int64_t oversold;              /* in the balance, and by the moves */
        int64_t oversold_moved;
        int64_t sent; /* moved to customers */
        int64_t came_back;
        int64_t orders_sent; /* what orders say was sent */
        int64_t returns_came_back;
        uint8_t found; /* there is a balance row */
} ocore__place;

/* A lot of a product, the empty one too: what is so in the whole house. */
typedef struct ocore__lot {
        uint64_t hash;
        ocore_str sku, lot;
        int64_t expires_us, recalled_us; /* as its first row says */
        int64_t units;                   /* on hand, or between two sites */
        int64_t transferred;             /* left one site and did not come to be in transit */
        uint8_t found;                   /* there is a balance row */
} ocore__lot;

/* What the moves of a count or transfer say of a place, less what it says itself. */
enum {
        OCORE__FLOW_COUNTED,   /* from the account of counts, less what went back */
        OCORE__FLOW_SENT,      /* left its site */
        OCORE__FLOW_UNDER_WAY, /* came to be in transit */
        OCORE__FLOW_ARRIVED,   /* and is there */
        OCORE__FLOW_LOST,      /* or is lost */
        OCORE__FLOWS
};
typedef struct ocore__flow {
        uint64_t hash;
        ocore_id subject;
        ocore_str sku, site, lot;
        int64_t units[OCORE__FLOWS]; /* must come to zero */
} ocore__flow;

/* A supply, what orders were promised of it, and whether its source is there. */
typedef struct ocore__supply_proof {
        uint64_t hash;
        ocore_str sku;
        ocore_id source_id;
        int64_t number;
        int64_t source; /* OCORE_SOURCE_… */
        ocore_id order_id;
        int64_t due_us;
        int64_t expected;
        int64_t unpromised;
        int64_t pegged;
        uint8_t sourced;
} ocore__supply_proof;

/* A cap, and what lines of orders count under it. */
typedef struct ocore__quota_proof {
        uint64_t hash;
        ocore_str sku, channel;
        int64_t kind;
        int64_t used; /* less what lines say: must come to zero */
} ocore__quota_proof;

/* A command that took something out of a hold: the hold, or a part of it, became an order. */
typedef struct ocore__taking {
        uint64_t hash;
        ocore_id hold_id, command_id;
        ocore_id order_id;   /* by the order */
        ocore_id hold_order; /* by the hold, if this was the last of it */
        uint8_t by_hold;
        uint8_t by_order;
} ocore__taking;

enum { OCORE__TRANSIT_RETURNED = 0 }; /* before the first state of a fulfillment */
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
        ocore__table_map suppliers; /* ocore__named */
        ocore__table_map linked;    /* orders that purchase orders are for */
        ocore__table_map transits;  /* ocore__transit */
        ocore__table_map lots;      /* ocore__lot */
        ocore__table_map flows;     /* ocore__flow */
        ocore__table_map supplies;  /* ocore__supply_proof */
        ocore__table_map quotas;    /* ocore__quota_proof */
        ocore__table_map takings;   /* ocore__taking */
        uint64_t commands; /* of commands and the events that each left: must come to zero */
} ocore__verify;

/* A product or a site; of a site only the name counts. */
typedef struct ocore__named {
        uint64_t hash;
        ocore_str name;
        int64_t kind;
        int64_t scale;
        int64_t tracking;
        int64_t related;
        int64_t seen; /* of related: there are such rows */
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
/* Adds a copy; `named->name` is copied too. */
int ocore__name_add(ocore__verify *verify, ocore__table_map *map, const ocore__named *named);
ocore__named *ocore__name_find(const ocore__table_map *map, ocore_str name);
/* What stands in every row of stock: a product of goods, with its scale, at a site that is there.
 * An empty site is not looked up. */
int ocore__check_goods(ocore__verify *verify, const char *invariant, const char *table,
        const char *subject, ocore_str sku, ocore_str site, int64_t scale);
/* Finds or makes them; OCORE_NOMEM. */
int ocore__lot_of(ocore__verify *verify, ocore_str sku, ocore_str lot, ocore__lot **out);
int ocore__flow_add(ocore__verify *verify, const ocore__flow *key, int flow, int64_t units);
ocore__supply_proof *ocore__supply_proof_of(
        const ocore__verify *verify, ocore_str sku, ocore_id source_id, int64_t number);
int ocore__quota_count(
        ocore__verify *verify, ocore_str sku, int64_t kind, ocore_str channel, int64_t units);
int ocore__taking_of(
        ocore__verify *verify, ocore_id hold_id, ocore_id command_id, ocore__taking **out);
/* Every row of a table, with those below it unless `below` is NULL; of these there are no others,
 * or it is a finding. */
int ocore__each_row(ocore__verify *verify, const ocore_table *table, const ocore_table *below,
        const char *invariant, int (*each)(ocore__verify *verify, const ocore__above *above));

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
        int64_t backordered;   /* by its backorder */
        int64_t pegged;        /* by its pegs */
        int64_t dated;         /* of that, from supplies with a date */
        int64_t last_us;       /* the last of these dates, or when the customer may have it */
        int64_t expected_us;   /* by its backorder */
        int64_t parts;         /* of a bundle: lines of parts */
        int64_t whole;         /* of a bundle: of which all parts arrived */
        ocore_backorder waits; /* its row in the queue, without texts */
        uint8_t arranged;      /* the purchase order that it names is for it */
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
                returns, backorders, pegs, sourcings;
        ocore__order_proof proof;
} ocore__order_walk;
int ocore__transit_allocation(ocore__verify *verify, const ocore_allocation *row);
/* Units of a lot that a return says came back; a line without lot is not looked at. */
int ocore__transit_returned(
        ocore__verify *verify, ocore_id order_id, int64_t line, ocore_str lot, int64_t units);
int ocore__verify_transits(ocore__verify *verify); /* after all orders */
int ocore__verify_fulfillments(ocore__verify *verify, ocore__order_walk *walk);
int ocore__verify_returns(ocore__verify *verify, ocore__order_walk *walk);
int ocore__verify_backorders(ocore__verify *verify, ocore__order_walk *walk);
/* A purchase order, before all orders; each order after its backorders; then what is left over. */
int ocore__link_purchase(ocore__verify *verify, const ocore__above *above, const char *subject);
int ocore__link_order(ocore__verify *verify, ocore__order_proof *proof);
int ocore__verify_links(ocore__verify *verify);
int ocore__verify_parts(ocore__verify *verify, ocore__order_proof *proof);  /* of bundles */
int ocore__verify_totals(ocore__verify *verify, ocore__order_proof *proof); /* O3, M3 */
int ocore__verify_money(ocore__verify *verify, ocore__order_walk *walk);    /* M1 */

/* The walks. Each returns OCORE_OK, OCORE_DONE (the host wants no more) or a failure. */
int ocore__verify_catalog(ocore__verify *verify); /* first: the others look products and sites up */
int ocore__verify_stock(ocore__verify *verify);   /* balances, moves */
int ocore__verify_holds(ocore__verify *verify);
int ocore__verify_supply(ocore__verify *verify); /* supplies, transfers, counts, purchases */
int ocore__verify_orders(ocore__verify *verify); /* orders with all that belongs to them */
int ocore__verify_promises(
        ocore__verify *verify);                   /* after orders: supplies and caps against them */
int ocore__verify_places(ocore__verify *verify);  /* then: balances against all the walks */
int ocore__verify_events(ocore__verify *verify);  /* events, commands, effects */
int ocore__verify_takings(ocore__verify *verify); /* after events: holds and their orders */
int ocore__verify_indexes(ocore__verify *verify); /* every index against its table */

#endif
