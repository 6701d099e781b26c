/* The orders that stand in the queues of one command, each once. For queue.c alone. */
#ifndef ORDERCORE_SUPPLY_QUEUE_SHELF_H
#define ORDERCORE_SUPPLY_QUEUE_SHELF_H

#include "queue.h"

/* Something of an order in the queue of a product: a line that waits, or a peg of one. */
typedef struct ocore__queue_mention {
        ocore_str sku;
        ocore__queue_order *owner;
        int64_t line;
        ocore__entry *entry;
} ocore__queue_mention;

ocore__queue_shelf *ocore__queue_shelf_open(ocore__work *work); /* NULL: no memory */
/* Orders are put on it, and their backorders and pegs wanted; a fetch must follow: one, those of
 * the unit that wait for a product, those that are promised something of a supply (of the store at
 * most so many pegs; of the unit all that are promised anything). */
int ocore__queue_shelve(ocore__work *work, ocore__queue_shelf *shelf, ocore_id id);
int ocore__queue_shelve_unit(ocore__work *work, ocore__queue_shelf *shelf, ocore_str sku);
int ocore__queue_shelve_pegs(ocore__work *work, ocore__queue_shelf *shelf,
        const ocore__queue_supply *supply, uint32_t limit);
/* After the fetch; once more when orders came to it. */
int ocore__queue_shelf_sort(ocore__work *work, ocore__queue_shelf *shelf);
/* Mentions of a product, by order and line. */
const void **ocore__queue_shelf_lines(
        const ocore__queue_shelf *shelf, ocore_str sku, size_t *out_count);
const void **ocore__queue_shelf_pegs(
        const ocore__queue_shelf *shelf, ocore_str sku, size_t *out_count);

#endif
