/*
 * The pool's slow paths. Chunks start small, because a store also lives on a microcontroller, and
 * double up to a size at which getting one is rare. They go back to the host when the store
 * closes; a large piece at once.
 */
#include "pool.h"

#include <string.h>

enum { CHUNK_MIN = 1024, CHUNK_MAX = 1024 * 1024 };

void ocore__pool_init(ocore__pool *pool, const ocore_allocator *allocator)
{
        memset(pool, 0, sizeof *pool);
        ocore__arena_init(&pool->chunks, allocator, CHUNK_MIN);
}

void ocore__pool_finish(ocore__pool *pool)
{
        while (pool->large != NULL)
                ocore__pool_give_large(pool, pool->large + 1);
        ocore__arena_finish(&pool->chunks);
}

static void *take_large(ocore__pool *pool, size_t size)
{
        ocore__large *large;

        if (size > SIZE_MAX / 2)
                return NULL;
        large = ocore__allocate(&pool->chunks.allocator, sizeof *large + size);
        if (large == NULL)
                return NULL;
        large->size = sizeof *large + size;
        large->previous = NULL;
        large->next = pool->large;
        if (large->next != NULL)
                large->next->previous = large;
        pool->large = large;
        return large + 1;
}

size_t ocore__pool_room_of(const void *piece, unsigned class)
{
        if (class < OCORE__POOL_CLASSES)
                return ocore__pool_room(class);
        return ((const ocore__large *)piece - 1)->size - sizeof(ocore__large);
}

void ocore__pool_give_large(ocore__pool *pool, void *piece)
{
        ocore__large *large = (ocore__large *)piece - 1;

        if (large->previous != NULL)
                large->previous->next = large->next;
        else
                pool->large = large->next;
        if (large->next != NULL)
                large->next->previous = large->previous;
        ocore__release(&pool->chunks.allocator, large, large->size);
}

void *ocore__pool_take_slowly(ocore__pool *pool, size_t size)
{
        unsigned class = ocore__pool_class(size);
        size_t rest = (size_t)(pool->end - pool->at);
        unsigned char *chunk;

        if (class == OCORE__POOL_LARGE)
                return take_large(pool, size);
        chunk = ocore__arena_take(&pool->chunks, pool->chunks.chunk_size);
        if (chunk == NULL)
                return NULL;
        /* What is left of the old chunk is too short for this piece, but not for others. */
        if (rest > 0)
                ocore__pool_give(pool, pool->at, ocore__pool_class(rest));
        pool->at = chunk + ocore__pool_room(class);
        pool->end = chunk + pool->chunks.chunk_size;
        if (pool->chunks.chunk_size < CHUNK_MAX)
                pool->chunks.chunk_size *= 2;
        return chunk;
}
