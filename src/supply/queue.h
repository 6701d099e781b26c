/* The queue of a product from inside: its entries in the order in which they are served, and the
 * orders behind them. For serving it and for promising anew. */
#ifndef ORDERCORE_SUPPLY_QUEUE_H
#define ORDERCORE_SUPPLY_QUEUE_H

#include "supply.h"

#include "inventory/sourcing.h"
#include "order/backorder.h"
#include "order/one_site.h"

typedef struct ocore__queue_entry ocore__queue_entry;

typedef struct ocore__queue_shelf ocore__queue_shelf;

/* An order in the queue. Its own rows are only read when it is concerned, and once for all queues
 * of a command. */
typedef struct ocore__queue_order {
        ocore_id id;
        ocore__queue_entry *entries; /* its own in the queue that is served now, by line */
        size_t entry_count;
        ocore__group *backorders;
        ocore__group *pegs;
        ocore__order_view order;       /* once it is read */
        ocore__backorder_view waiting; /* likewise */
        ocore__group *wish_rows;       /* likewise; NULL: its draft said nothing of sourcing */
        ocore__order_wishes wishes;    /* likewise */
        ocore__one_site bound;         /* its lines that come from one site, once bound_known */
        ocore_str *tried;              /* by group: where the sharing that is tried puts it */
        int bound_known;
        int wanted;       /* to be read */
        int read;         /* its rows are */
        int open;         /* and its state allows that it is served */
        int pegs_changed; /* what it is promised, perhaps without its date */
} ocore__queue_order;

/* A line of an order that waits for the product. */
struct ocore__queue_entry {
        ocore__queue_order *owner;
        ocore__entry *backorder;
        int64_t line;
        int64_t quantity;    /* that waited when the queue was read */
        int64_t expected_us; /* when it was expected then */
        int64_t given;       /* units that it is to get: ocore__queue_share() */
        int64_t filled;      /* units that it got since */
        int turn; /* when it gets a share: those of turn 0 first, then 1 …; below zero: never */
        int lost; /* a promise of it is to be made anew */
        int outside;  /* it is not its turn: it gets nothing of what is there */
        size_t place; /* its number in a plan; 0: it is in none */
};

struct ocore__queue {
        ocore_str sku;
        ocore_id first;
        ocore__queue_shelf *shelf; /* what the queues of one command share */
        ocore__group *products;
        ocore__group *stock;
        ocore__group *supplies;
        ocore__group *sites;
        ocore__group *channels;
        ocore__group *channel_sites;
        ocore__group *policy;
        const ocore__group *rules; /* NULL: the product has none; known once entries are made */
        const ocore_product *product;
        ocore__queue_order *
                *orders; /* by id; known, like all that follows, once entries are made */
        size_t order_count;
        ocore__queue_entry **entries; /* as they are served */
        size_t entry_count;
        ocore__entry **pegs; /* promises of the product, by order and line */
        size_t peg_count;
        ocore_backorder
                start; /* behind what it begins (the place alone matters); line 0: the first */
        ocore_backorder end; /* the last one that was looked at; line 0: none was */
        size_t looked_at;
        int more;          /* others wait behind the end */
        ocore_str guarded; /* the last site whose safety stock was guarded over several rows */
};

/* After the fetch: what waits now, in the order of service; reads the product's rules if it has
 * any. One queue of a command is served to its end before the entries of the next are made. */
int ocore__queue_entries(ocore__work *work, ocore__queue *queue);
/* As ocore__queue_want(), but the queue begins behind this place of it. */
int ocore__queue_want_behind(ocore__work *work, ocore_str sku, ocore_id first,
        const ocore_backorder *behind, ocore__queue *with, ocore__queue **out);
/* Before anything of the queue is changed, and each with a fetch; all entries are made anew. next:
 * looks at the next page too. find_pegs: those who were promised something of these supplies. */
int ocore__queue_next(ocore__work *work, ocore__queue *queue);
int ocore__queue_find_pegs(ocore__work *work, ocore__queue *queue,
        const ocore__queue_supply *const *supplies, size_t count);
/* Reads the orders that are `wanted` and were not read yet; *out_news: of how many of these
 * something is known now that matters for sharing out. Backorders may only be filled and promised
 * anew of those that are `open` then. */
int ocore__queue_open(ocore__work *work, ocore__queue *queue, size_t *out_news);
/* Reads the orders that have wishes, so that what bars each entry is known. */
int ocore__queue_read_wishes(ocore__work *work, ocore__queue *queue);
/* 1 if nothing of a site may go to an entry, whose order's wishes are known. */
int ocore__queue_bars(const ocore__queue *queue, const ocore__queue_entry *entry, ocore_str code);
/* What still waits; NULL: nothing. */
static inline const ocore_backorder *ocore__queue_row(const ocore__queue_entry *entry)
{
        return ocore__row(entry->backorder);
}
/* 1 if goods for all may go to it: it is not made or sent for it alone, and is released. Pure. */
int ocore__queue_is_served(const ocore__queue *queue, const ocore_backorder *row, int64_t now_us);

/* A piece of what is there goes to an entry. */
typedef struct ocore__queue_gift ocore__queue_gift;
struct ocore__queue_gift {
        ocore__queue_gift *next;
        ocore__queue_entry *entry;
        ocore__entry *stock;
        int64_t quantity;
        int64_t safety; /* stays at the site */
};
/* Shares pieces of stock out by turn and order of service, and reads the orders that get some;
 * their wishes are obeyed. Changes nothing; each entry's `given` says how much it gets. */
int ocore__queue_share(ocore__work *work, ocore__queue *queue, const ocore__queue_piece *pieces,
        size_t piece_count, ocore__queue_gift **out);
/* All that is available at the open sites, in the order in which sites are asked. */
int ocore__queue_pieces(
        ocore__work *work, const ocore__queue *queue, ocore__queue_piece **out, size_t *out_count);
/* Carries the gifts to orders that are open out. */
int ocore__queue_give(ocore__work *work, ocore__queue *queue, const ocore__queue_gift *gifts);

/* Gives all promises of an entry back; promises what of it is not promised. */
int ocore__queue_unpeg(ocore__work *work, ocore__queue_entry *entry);
int ocore__queue_peg(ocore__work *work, const ocore__queue *queue, ocore__queue_entry *entry);
/* Promises these pieces; they come by the key of their supplies. */
int ocore__queue_peg_from(
        ocore__work *work, ocore__queue_entry *entry, const ocore__promised *pieces, size_t count);
/* Tells the orders what became of them, and keeps those that others change meanwhile apart. */
int ocore__queue_tell(ocore__work *work, ocore__queue *queue);

#endif
