/*
 * An ordered index in memory: a B+tree (Bayer and McCreight, 1972; Comer, 1979) of items that each
 * begin with a key. Nodes keep eight bytes of each key beside the pointer, so that a search rarely
 * leaves them; keys that grow, as those of UUIDv7 do, are appended without a search.
 *
 * The first byte is the tag of the key's first cell: in one tree it is the same for all keys, but
 * for those that begin with a NULL.
 */
#ifndef ORDERCORE_MEMORY_TREE_H
#define ORDERCORE_MEMORY_TREE_H

#include "pool.h"

typedef struct ocore__item ocore__item;
typedef struct ocore__node ocore__node;

/*
 * What a tree holds: a row (its key, then its body), or the entry of a secondary index (its key
 * alone, and the row it leads to). An item never moves: trees and entries point to it.
 */
struct ocore__item {
        uint16_t key_size;
        uint8_t class;      /* of the pool */
        uint8_t flags;      /* ITEM_… of the store */
        uint32_t body_size; /* a row's; 0 in an entry */
        union {
                int64_t revision; /* of a row */
                ocore__item *row; /* of an entry */
        } as;
        uint8_t key[]; /* and the body behind it */
};

typedef struct ocore__tree {
        ocore__node *root; /* NULL: empty */
        ocore__node *last; /* the rightmost leaf */
} ocore__tree;

/* A place between items: before number `at` of `leaf`. */
typedef struct ocore__place {
        ocore__node *leaf; /* NULL: in an empty tree */
        size_t at;
} ocore__place;

/* The item with exactly this key, NULL if there is none. */
ocore__item *ocore__tree_find(const ocore__tree *tree, const uint8_t *key, size_t size);
/* OCORE_OK; OCORE_EXISTS with *other the item that has the key; OCORE_NOMEM. */
int ocore__tree_insert(
        ocore__tree *tree, ocore__pool *pool, ocore__item *item, ocore__item **other);
/* Takes out an item that is in the tree; never needs memory. The item itself is the caller's. */
void ocore__tree_remove(ocore__tree *tree, ocore__pool *pool, const ocore__item *item);
/* Before the first item whose key is not less; `past`: behind all that begin with the key. */
ocore__place ocore__tree_seek(const ocore__tree *tree, const uint8_t *key, size_t size, int past);
/* The item behind (before) the place, which moves over it; NULL at the end. */
ocore__item *ocore__tree_next(ocore__place *place);
ocore__item *ocore__tree_previous(ocore__place *place);

#endif
