/*
 * Memory for the rows and nodes of a memory store: small pieces of few sizes, cut from chunks and
 * kept for reuse, so that a row costs a few steps and not a call of the host's allocator.
 */
#ifndef ORDERCORE_MEMORY_POOL_H
#define ORDERCORE_MEMORY_POOL_H

#include "base/arena.h"

enum {
        OCORE__POOL_STEP = 16,    /* pieces are multiples of this */
        OCORE__POOL_CLASSES = 64, /* up to this many steps; larger ones are the host's own */
        OCORE__POOL_LARGE = OCORE__POOL_CLASSES
};

typedef struct ocore__piece ocore__piece;
struct ocore__piece {
        ocore__piece *next;
};

/* Stands before a piece that is too large for a class, so that closing finds it. */
typedef struct ocore__large ocore__large;
struct ocore__large {
        ocore__large *next;
        ocore__large *previous;
        size_t size;
        size_t padding; /* keeps what follows aligned */
};

typedef struct ocore__pool {
        ocore__arena chunks;
        unsigned char *at; /* what is left of the newest chunk */
        unsigned char *end;
        ocore__large *large;
        ocore__piece *free[OCORE__POOL_CLASSES]; /* [n]: pieces of (n + 1) steps */
} ocore__pool;

void ocore__pool_init(ocore__pool *pool, const ocore_allocator *allocator);
void ocore__pool_finish(ocore__pool *pool);
/* The rare half of ocore__pool_take(): a new chunk, or a large piece. */
void *ocore__pool_take_slowly(ocore__pool *pool, size_t size);
/* Bytes of any piece, by its class. */
size_t ocore__pool_room_of(const void *piece, unsigned class);
void ocore__pool_give_large(ocore__pool *pool, void *piece);

/* The class of a size: what a piece of it is given back with. */
static inline unsigned ocore__pool_class(size_t size)
{
        if (size > (size_t)OCORE__POOL_CLASSES * OCORE__POOL_STEP)
                return OCORE__POOL_LARGE;
        return size > 0 ? (unsigned)((size - 1) / OCORE__POOL_STEP) : 0;
}

/* Bytes of a piece of a class that is not the large one. */
static inline size_t ocore__pool_room(unsigned class)
{
        return (size_t)(class + 1) * OCORE__POOL_STEP;
}

/* At least `size` bytes, aligned for any scalar, not cleared. NULL: no memory. */
static inline void *ocore__pool_take(ocore__pool *pool, size_t size)
{
        unsigned class = ocore__pool_class(size);

        if (class < OCORE__POOL_CLASSES) {
                ocore__piece *piece = pool->free[class];

                if (piece != NULL) {
                        pool->free[class] = piece->next;
                        return piece;
                }
                if ((size_t)(pool->end - pool->at) >= ocore__pool_room(class)) {
                        void *taken = pool->at;

                        pool->at += ocore__pool_room(class);
                        return taken;
                }
        }
        return ocore__pool_take_slowly(pool, size);
}

static inline void ocore__pool_give(ocore__pool *pool, void *piece, unsigned class)
{
        if (class < OCORE__POOL_CLASSES) {
                ocore__piece *given = piece;

                given->next = pool->free[class];
                pool->free[class] = given;
        } else {
                ocore__pool_give_large(pool, piece);
        }
}

#endif
