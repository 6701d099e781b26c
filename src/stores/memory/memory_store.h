/* The inside of the memory store, shared by its files. */
#ifndef ORDERCORE_MEMORY_STORE_H
#define ORDERCORE_MEMORY_STORE_H

#include "tree.h"

/* Flags of an item. */
enum {
        OCORE__ITEM_DYING = 1,  /* goes when the batch in hand succeeds; counts as gone in it */
        OCORE__ITEM_OUTSIDE = 2 /* the body outgrew the row: in its place stands a pointer */
};

/* A body that outgrew its row. */
typedef struct ocore__outside {
        size_t class;   /* of the pool */
        size_t padding; /* keeps the bytes aligned */
        uint8_t bytes[];
} ocore__outside;

/* One tenant's trees; nothing of another tenant is ever met in them. */
typedef struct ocore__memory_tenant {
        int64_t tenant;
        ocore__tree trees[]; /* table by table: the primary key, then each index */
} ocore__memory_tenant;

/* One thing that the batch in hand has done, so that it can be undone without memory. */
typedef struct ocore__step {
        uint32_t kind;
        uint32_t body_size; /* BODY: of the old one; as are the flags and the revision */
        uint32_t flags;
        uint32_t padding;
        ocore__tree *tree; /* ADDED, DYING: where the item stands */
        ocore__item *item;
        int64_t revision;
        size_t saved;            /* BODY: where the old bytes are in `saved` */
        ocore__outside *outside; /* BODY: the old one, NULL if the body was in the row */
        ocore__outside *fresh;   /* BODY: what was taken for the new one */
} ocore__step;

/* Room that grows and is kept. */
typedef struct ocore__room {
        uint8_t *bytes;
        size_t size;
        size_t used;
} ocore__room;

typedef struct ocore__memory {
        ocore__pool pool;
        ocore_allocator allocator;
        const ocore_schema *schema;     /* NULL: not opened yet */
        size_t *first_tree;             /* by table number; one more at the end */
        ocore__memory_tenant **tenants; /* a hash table with open addressing */
        size_t tenant_room;             /* a power of two, or 0 */
        size_t tenant_count;
        ocore__memory_tenant *recent; /* the one asked for last */
        ocore_cell *cells;            /* as many as the widest table has columns */
        ocore__room key;              /* the key being looked for */
        ocore__room after;            /* where a look-up starts */
        ocore__room body;             /* the body being written */
        ocore__room saved;            /* old bodies of the batch in hand */
        ocore__room steps;            /* of ocore__step */
        ocore__room order;            /* of tenants, smallest first; used: bytes that are right */
        const char *message;
        char words[96]; /* where a message tells numbers */
} ocore__memory;

/* Makes room for `size` bytes; those in use are kept. */
int ocore__room_grow(ocore__memory *store, ocore__room *room, size_t size);

static inline int ocore__room_ensure(ocore__memory *store, ocore__room *room, size_t size)
{
        return size <= room->size ? OCORE_OK : ocore__room_grow(store, room, size);
}

/* The tenant, NULL if nothing was ever written for it. */
ocore__memory_tenant *ocore__memory_look_up_tenant(ocore__memory *store, int64_t tenant);

static inline ocore__memory_tenant *ocore__memory_find_tenant(ocore__memory *store, int64_t tenant)
{
        if (store->recent != NULL && store->recent->tenant == tenant)
                return store->recent;
        return ocore__memory_look_up_tenant(store, tenant);
}

/* The same, made when it is not there. NULL: no memory. */
ocore__memory_tenant *ocore__memory_make_tenant(ocore__memory *store, int64_t tenant);

/* A row's body, and how many bytes of it there is room for where it stands. */
uint8_t *ocore__row_body(ocore__item *row);
size_t ocore__row_room(const ocore__item *row);
ocore__outside *ocore__row_outside(const ocore__item *row);
/* Gives an item's memory back. */
void ocore__item_give(ocore__memory *store, ocore__item *item);
/* Key and body of a row as cells 0 … count-1 (0 is the tenant). OCORE_OK or OCORE_CORRUPT. */
int ocore__row_cells(ocore__item *row, const ocore_table *table, int64_t tenant, ocore_cell *cells,
        size_t count);

/* 1 if a row with these cells has an entry in the index. */
int ocore__entry_wanted(const ocore_index *index, const ocore_cell *cells);
/* A new entry for a row, *part the bytes of its key that are the index's own columns. OCORE_OK,
 * OCORE_NOMEM, or OCORE_STORE for a key that is too long. */
int ocore__entry_create(ocore__memory *store, const ocore_index *index, const ocore_cell *cells,
        ocore__item *row, ocore__item **out, size_t *part);
/* What a key that is too long gets: OCORE_STORE, and the message says so. */
int ocore__key_too_long(ocore__memory *store);
/* 1 if a living entry of another row shares the first `part` bytes of the key. */
int ocore__entry_taken(const ocore__tree *tree, const ocore__item *entry, size_t part);
/* 1 if the index is unique and these cells can clash: a NULL is never equal to another. */
int ocore__entry_unique(const ocore_index *index, const ocore_cell *cells);

/* The operations of the store. */
int ocore__memory_open(void *self, const ocore_schema *schema);
int ocore__memory_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);
int ocore__memory_write(
        void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal);

/*
 * A write in its two halves. After ocore__memory_apply() returned OCORE_OK the batch is carried out
 * and may still be undone; it must be accepted or undone, neither of which can fail, before
 * anything else is asked of the store. Any other answer left nothing behind.
 */
int ocore__memory_apply(
        ocore__memory *store, const ocore_write *writes, size_t count, ocore_refusal *refusal);
void ocore__memory_accept(ocore__memory *store);
void ocore__memory_undo(ocore__memory *store);

#endif
