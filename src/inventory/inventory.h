/* What the inventory offers to other rooms: balances, moves, choosing sites, holds. */
#ifndef ORDERCORE_INVENTORY_INVENTORY_H
#define ORDERCORE_INVENTORY_INVENTORY_H

#include "catalog/catalog.h"

#include <ordercore/inventory.h>

extern const ocore_table ocore__stock_table;      /* group: sku; written by guarded adds */
extern const ocore_table ocore__stock_move_table; /* group: command */
extern const ocore_table ocore__hold_table;       /* group: hold */
extern const ocore_table ocore__hold_line_table;  /* group: hold */
extern const ocore_record ocore__stock_record;
extern const ocore_record ocore__stock_moves_record;
extern const ocore_record ocore__hold_record;
extern const ocore_choice ocore__allocation_reasons[];
extern const ocore_choice ocore__allocation_strategies[];
enum { OCORE__HOLD_BY_DUE = 1 }; /* index */

/* The balance of a bucket in a row; NULL for an outside account. */
int64_t *ocore__bucket(ocore_stock *stock, int64_t bucket);

/* The entry of (sku, site, lot) in the sku's fetched group; a new row of zeros where there is
 * none. NULL: no memory (kept in work->status). */
ocore__entry *ocore__stock_entry(ocore__work *work, ocore__group *stock, ocore_str sku,
        ocore_str site, ocore_str lot, int64_t scale);

/* The only way in which stock changes: `quantity` > 0 from one bucket (or outside account) to
 * another, with its move row. OCORE_OUT_OF_STOCK when the bucket has less, OCORE_OVERFLOW; these
 * are not yet refused in words. */
int ocore__stock_shift(ocore__work *work, ocore__entry *stock, int64_t from_bucket,
        int64_t to_bucket, int64_t quantity, ocore_id subject, ocore_str reason);

/* The moves of this command as its answer. */
int ocore__stock_moves_answer(ocore__work *work, const void **answer);

/* What one line wants. Lines of one product are counted together. */
typedef struct ocore__demand {
        ocore__group *stock; /* the product's balances, fetched */
        ocore_str sku;
        int64_t scale;
        int64_t quantity; /* in smallest units; 0: wants nothing */
} ocore__demand;

/* A piece of a demand at one place. */
typedef struct ocore__piece {
        size_t line; /* index of the demand */
        ocore__entry *stock;
        int64_t quantity;
        int64_t reason; /* OCORE_ALLOCATED_… */
} ocore__piece;

/* Chooses where each line's demand comes from; changes nothing. `sites` are those that may give, in
 * the order they are asked. OCORE_OUT_OF_STOCK refuses each short product by "lines[n].quantity"
 * with what is there. Pieces stand in the order of lines. */
int ocore__allocate_stock(ocore__work *work, int64_t strategy, const ocore__demand *demands,
        size_t count, const ocore_site *const *sites, size_t site_count, ocore__piece **out,
        size_t *out_count);

/* Holds. want: the hold and its lines; after a fetch want_stock: their balances; check: it is there
 * and open, or refused; end: it is over; of each line an order takes taken[i] (NULL: nothing), the
 * rest is available again. */
int ocore__hold_want(
        ocore__work *work, ocore_id hold_id, ocore__group **holds, ocore__group **lines);
int ocore__hold_want_stock(ocore__work *work, const ocore__group *lines);
int ocore__hold_check(ocore__work *work, const ocore__group *holds);
int ocore__hold_end(ocore__work *work, ocore__group *holds, ocore__group *lines, int64_t state,
        ocore_id order_id, const int64_t *taken);
/* What ocore_pump() carries out with an ocore_hold_release_request. */
extern const ocore__procedure ocore__hold_lapse;

#endif
