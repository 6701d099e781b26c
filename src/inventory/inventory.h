/* What the inventory offers to other rooms: balances, moves, choosing sites, holds. */
#ifndef ORDERCORE_INVENTORY_INVENTORY_H
#define ORDERCORE_INVENTORY_INVENTORY_H

#include "catalog/catalog.h"

#include <ordercore/stock_control.h>

extern const ocore_table ocore__stock_table;         /* group: sku; written by guarded adds */
extern const ocore_table ocore__stock_move_table;    /* group: command */
extern const ocore_table ocore__hold_table;          /* group: hold */
extern const ocore_table ocore__hold_line_table;     /* group: hold */
extern const ocore_table ocore__channel_table;       /* read whole; covered by the policy row */
extern const ocore_table ocore__channel_site_table;  /* read whole; covered by the policy row */
extern const ocore_table ocore__stock_rule_table;    /* group: sku; covered by the product */
extern const ocore_table ocore__quota_table;         /* group: sku; written by guarded adds */
extern const ocore_table ocore__count_table;         /* group: count */
extern const ocore_table ocore__count_line_table;    /* group: count */
extern const ocore_table ocore__transfer_table;      /* group: transfer */
extern const ocore_table ocore__transfer_line_table; /* group: transfer */
extern const ocore_table ocore__supply_table;        /* group: sku; written by guarded adds */
extern const ocore_record ocore__channel_record;
extern const ocore_record ocore__stock_rule_record;
extern const ocore_record ocore__quota_record;
extern const ocore_record ocore__count_record;
extern const ocore_record ocore__count_line_record;
extern const ocore_record ocore__transfer_record;
extern const ocore_record ocore__supply_record;
extern const ocore_record ocore__stock_move_record;
extern const ocore_choice ocore__buckets[];
extern const ocore_choice ocore__quota_kinds[];
extern const ocore_choice ocore__supply_sources[];
enum { OCORE__STOCK_MOVE_BY_LOT = 1, OCORE__HOLD_LINE_BY_HELD = 1 }; /* indexes */
extern const ocore_record ocore__stock_record;
extern const ocore_record ocore__stock_moves_record;
extern const ocore_record ocore__hold_record;
extern const ocore_choice ocore__allocation_reasons[];
extern const ocore_choice ocore__allocation_strategies[];
enum { OCORE__HOLD_BY_DUE = 1 }; /* index */

/* The balance of a bucket in a row; NULL for an outside account. */
int64_t *ocore__bucket(ocore_stock *stock, int64_t bucket);
/* What is on hand in a row: available to damaged, less what was oversold. OCORE_OVERFLOW. Pure. */
int ocore__stock_on_hand(const ocore_stock *stock, int64_t *out);

/* The entry of (site, lot) in a sku's fetched group; NULL: there is none. */
ocore__entry *ocore__stock_find(
        ocore__work *work, ocore__group *stock, ocore_str site, ocore_str lot);
/* The entries of a lot, one after another; NULL: there is no more. Nothing is inserted
 * meanwhile. */
typedef struct ocore__lot_walk {
        ocore_str lot;
        ocore__entry *entry;
        const void *link; /* where it stands in the index; NULL: the group is walked */
} ocore__lot_walk;
ocore__entry *ocore__stock_lot_first(
        ocore__work *work, ocore__group *stock, ocore_str lot, ocore__lot_walk *walk);
ocore__entry *ocore__stock_lot_next(ocore__lot_walk *walk);
/* A new row of a place that has none. NULL: no memory (kept in work->status). */
ocore__entry *ocore__stock_place_add(
        ocore__work *work, ocore__group *stock, const ocore_stock *row);

/* The same, and a new row of zeros where there is none: with the date of its lot, and recalled with
 * it. A new row rewrites the product, so that whoever decides at the same time that there is no
 * more of it (and relies on the product) decides again; that reads the product once more, unless
 * the caller wanted it (not only consulted it) before its fetch. NULL: work->status says why. */
ocore__entry *ocore__stock_entry(ocore__work *work, ocore__group *stock, ocore_str sku,
        ocore_str site, ocore_str lot, int64_t scale);

/*
 * Rows of stock never go, those of lots and serial numbers neither: an empty one still says when
 * its lot expires, that it was recalled, and that a lot which is sold out can be. So whatever reads
 * the stock of a product reads a row for each lot and serial number that it ever had at a site,
 * empty or not; placing one of a product with 8,000 of them takes a few milliseconds on the memory
 * store.
 */

/* The only way in which stock changes: `quantity` > 0 from one bucket (or outside account) to
 * another, with its move row. What comes from OCORE_ACCOUNT_OVERSOLD raises `oversold`, what goes
 * there lowers it. What becomes available settles first what is oversold there, as a move of its
 * own: a row never has both. In a recalled lot what would become available becomes damaged instead.
 * So what becomes available in a lot, or of a product that may be sold below zero, is written at
 * the row's revision, not added; the caller should have consulted the product, which is relied on:
 * of one that is not known nobody can say that. What is counted is counted in `counts`.
 * OCORE_OUT_OF_STOCK when the bucket has less, OCORE_OVERFLOW; these are not yet refused in
 * words. */
int ocore__stock_shift(ocore__work *work, ocore__entry *stock, int64_t from_bucket,
        int64_t to_bucket, int64_t quantity, ocore_id subject, ocore_str reason);

/* The balances of a product of which something may become available: its stock, and the product
 * consulted, which says whether adding to them is safe. */
int ocore__stock_want(ocore__work *work, ocore_str sku, ocore__group **out);

/* Goods come in: from an account (or from incoming, in transit) to available or allocated. Notes
 * when the row was received. */
int ocore__stock_take_in(ocore__work *work, ocore__entry *stock, int64_t from_bucket,
        int64_t to_bucket, int64_t quantity, ocore_id subject, ocore_str reason);
/* The entry of (sku, site, lot) to receive `quantity` into, checked: a product kept by lot or
 * serial names one, a lot has one date in the whole house, a serial number is there once and is
 * one whole unit. Refused by the fields `list`[index].lot, .expires_us and .quantity; NULL for
 * `list`: by these alone. As a new row rewrites the product, two writers who bring a lot at the
 * same time exclude each other. */
int ocore__stock_lot_entry(ocore__work *work, ocore__group *stock, const ocore_product *product,
        ocore_str site, ocore_str lot, int64_t expires_us, int64_t quantity, const char *list,
        size_t index, ocore__entry **out);
/* Refuses an empty lot, by `list`[index].lot, of a product that is kept by lot or serial. */
int ocore__stock_lot_check(ocore__work *work, const ocore_product *product, ocore_str lot,
        const char *list, size_t index);

/*
 * Supplies: what is expected, and of that, what nobody has been promised. `supplies` is the fetched
 * group of a sku, and its stock is fetched too. What orders were promised of a supply is always
 * expected - unpromised, and the sum of their pegs. Goods come, or are lost, whoever was promised
 * them: then `unpromised` may fall below zero. That much is promised and not expected, until it is
 * given back or promised from elsewhere, by the same command or by the next promise run. The row
 * goes when nothing is expected of it and nothing is owed by it. A supply without a date is never
 * promised.
 * Each returns OCORE_OK, or keeps and returns a failure (OCORE_OVERFLOW has no words yet).
 * open: a new supply (expected > 0; all of it unpromised) and its units in incoming at its site,
 *       from the supplier or production. Those of a transfer the caller moves.
 * more: `quantity` > 0 more is expected, likewise.
 * less: `quantity` of it came, is lost or will not come; OCORE_OUT_OF_STOCK: less is expected. The
 *       caller moves the stock.
 */
ocore__entry *ocore__supply_find(const ocore__group *supplies, ocore_id source_id, int64_t number);
int ocore__supply_open(ocore__work *work, const ocore_supply *supply);
int ocore__supply_more(ocore__work *work, ocore__entry *supply, int64_t quantity);
int ocore__supply_less(ocore__work *work, ocore__entry *supply, int64_t quantity);
/* A piece of a promise. */
typedef struct ocore__promised {
        ocore__entry *supply;
        int64_t quantity;
} ocore__promised;
/* What an order may not be given from: 1 for a site that is barred. NULL: nothing is. */
typedef struct ocore__supply_bar {
        int (*barred)(const void *user_data, ocore_str site);
        const void *user_data;
} ocore__supply_bar;
/* Promises up to `quantity` to an order, from the earliest supplies on that are due no later than
 * `until_us` (0: any): those for all that come to a site which is not barred, or with a `source_id`
 * only those of what was ordered or made for it, wherever they come. Takes it from what is
 * unpromised, which never falls below zero by this, and rests on the supplies as they were read:
 * their dates stand when it is written. `*out_left` is what nobody could promise; `*out_last_us`
 * when the last of it comes (0: nothing was promised). */
int ocore__supply_promise(ocore__work *work, ocore__group *supplies, ocore_id source_id,
        const ocore__supply_bar *bar, int64_t quantity, int64_t until_us, ocore__promised **out,
        size_t *out_count, int64_t *out_left, int64_t *out_last_us);
/* Gives `quantity` of a promise back; the row may go with it. */
int ocore__supply_unpromise(ocore__work *work, ocore__entry *supply, int64_t quantity);

/* Quotas: the row of a kind and channel in a sku's fetched group; NULL: there is no cap. use: takes
 * `quantity` (below zero: gives back) under a cap; OCORE_OUT_OF_STOCK when less remains,
 * OCORE_CONFLICT when more is given back than is used: others were faster. */
ocore__entry *ocore__quota_find(const ocore__group *quotas, int64_t kind, ocore_str channel);
int ocore__quota_use(ocore__work *work, ocore__entry *quota, int64_t quantity);

/* The moves of this command as its answer. */
int ocore__stock_moves_answer(ocore__work *work, const void **answer);

/* Holds. want: the hold and its lines; after a fetch want_stock: their balances; check: it is there
 * and open, or refused by "hold_id"; live: and its deadline has not come (OCORE_LAPSED), which
 * every use of a hold but giving it back needs, whether the pump has come by or not. */
int ocore__hold_want(
        ocore__work *work, ocore_id hold_id, ocore__group **holds, ocore__group **lines);
int ocore__hold_want_stock(ocore__work *work, const ocore__group *lines);
int ocore__hold_check(ocore__work *work, const ocore__group *holds);
int ocore__hold_live(ocore__work *work, const ocore__group *holds);
/* It is over; of its n-th line an order takes taken[n] (NULL: nothing), the rest is available
 * again. Lines of which nothing is left have quantity 0 and take nothing. */
int ocore__hold_end(ocore__work *work, ocore__group *holds, ocore__group *lines, int64_t state,
        ocore_id order_id, const int64_t *taken);
/* The same for an order that leaves what it does not take held, by the same hold: it is reduced,
 * and converted only once nothing is left. */
int ocore__hold_take(ocore__work *work, ocore__group *holds, ocore__group *lines,
        ocore_id order_id, const int64_t *taken);
/* An event of a hold, numbered by it; its row is edited. */
void ocore__hold_event(ocore__work *work, ocore__entry *hold, int64_t kind, const char *detail);
/* Takes `quantity` off a line; with the last unit it is held no longer. The stock is the caller's
 * to move. close: with nothing left on any line the hold is over (`state`); an event says so. */
int ocore__hold_reduce(ocore__work *work, ocore__entry *line, int64_t quantity);
int ocore__hold_close_empty(ocore__work *work, ocore__entry *hold, const ocore__group *lines,
        int64_t state, ocore_id order_id);
/* The staged hold with its lines as an answer. */
int ocore__hold_answer(ocore__work *work, ocore_id hold_id, const void **answer);
/* What ocore_pump() carries out with an ocore_hold_release_request. */
extern const ocore__procedure ocore__hold_lapse;

/*
 * Saying how many there are; availability.c. A question asks for products one by one, reads them
 * all at once, and then answers for any site.
 */
typedef struct ocore__asked ocore__asked;
struct ocore__asked {
        ocore__group *products;
        ocore__group *stock;
        ocore__group *rules;    /* this and those below: NULL when there are none */
        ocore__group *quotas;   /* of a channel */
        ocore__group *parts;    /* of a bundle */
        ocore__group *supplies;
        const ocore_product *product; /* NULL: there is none */
        ocore__asked *of_parts;       /* in the order of the rows of `parts` */
        ocore__entry **by_site;       /* the first row of each site; NULL: the rows are few */
        size_t site_count;
};
typedef struct ocore__availability {
        ocore__work *work;
        ocore_str channel;
        int remembered; /* 1: what the core remembers is good enough */
        ocore__group *sites;
        const ocore_site **by_code;
        size_t site_count;
        ocore__asked *asked;
        size_t asked_count;
} ocore__availability;
/* What is asked for at one site, or at all open ones. Sums that leave 64 bits stay at INT64_MAX. */
typedef struct ocore__at_hand {
        int64_t known;
        int64_t available;
        int64_t held;
        int64_t on_the_way;
        int64_t next_us;
} ocore__at_hand;
/* begin: `products_max` may be asked for; ask: one of them, the same one when it is asked again;
 * read: everything, one store read as a rule; at: the answer (site empty: all open ones). */
int ocore__availability_begin(ocore__availability *self, ocore__work *work, ocore_str channel,
        size_t products_max, int remembered);
int ocore__availability_ask(ocore__availability *self, ocore_str sku, ocore__asked **out);
int ocore__availability_read(ocore__availability *self);
ocore__at_hand ocore__availability_at(
        const ocore__availability *self, const ocore__asked *asked, ocore_str site);

#endif
