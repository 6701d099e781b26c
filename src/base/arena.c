/*
 * Arenas: a list of chunks from the host's allocator, filled from the front. Taking is an
 * addition (inlined in arena.h); giving back is one assignment for everything at once. Also the
 * three calls by which all of the library reaches the host's allocator.
 */
#include "arena.h"

#include <string.h>

/* In allocator.c. */
void *ocore__libc_allocate(void *user_data, void *old, size_t old_size, size_t new_size);

static void *call(const ocore_allocator *allocator, void *old, size_t old_size, size_t new_size)
{
        if (allocator == NULL || allocator->allocate == NULL)
                return ocore__libc_allocate(NULL, old, old_size, new_size);
        return allocator->allocate(allocator->user_data, old, old_size, new_size);
}

void *ocore__allocate(const ocore_allocator *allocator, size_t size)
{
        return call(allocator, NULL, 0, size);
}

void *ocore__reallocate(
        const ocore_allocator *allocator, void *old, size_t old_size, size_t new_size)
{
        return call(allocator, old, old_size, new_size);
}

void ocore__release(const ocore_allocator *allocator, void *old, size_t old_size)
{
        if (old != NULL)
                (void)call(allocator, old, old_size, 0);
}

static size_t round_up(size_t size)
{
        return (size + OCORE__ARENA_ALIGN - 1) & ~(OCORE__ARENA_ALIGN - 1);
}

void ocore__arena_init(ocore__arena *arena, const ocore_allocator *allocator, size_t chunk_size)
{
        memset(arena, 0, sizeof *arena);
        if (allocator != NULL)
                arena->allocator = *allocator;
        arena->chunk_size = chunk_size;
}

void *ocore__arena_take_slowly(ocore__arena *arena, size_t size)
{
        ocore__chunk **link = arena->current != NULL ? &arena->current->next : &arena->first;
        ocore__chunk *chunk = *link;

        if (size > SIZE_MAX / 2 - OCORE__CHUNK_HEAD)
                return NULL;
        size = round_up(size);
        if (chunk == NULL || chunk->size < size) {
                size_t room = round_up(arena->chunk_size);

                if (room < size)
                        room = size;
                chunk = ocore__allocate(&arena->allocator, OCORE__CHUNK_HEAD + room);
                if (chunk == NULL)
                        return NULL;
                chunk->size = room;
                chunk->next = *link;
                *link = chunk;
        }
        chunk->used = size;
        arena->current = chunk;
        return (unsigned char *)chunk + OCORE__CHUNK_HEAD;
}

void *ocore__arena_zero(ocore__arena *arena, size_t count, size_t size)
{
        void *taken;

        if (size != 0 && count > SIZE_MAX / size)
                return NULL;
        taken = ocore__arena_take(arena, count * size);
        if (taken != NULL)
                memset(taken, 0, count * size);
        return taken;
}

int ocore__arena_text(ocore__arena *arena, ocore_str text, ocore_str *out)
{
        char *copy;

        out->data = NULL;
        out->size = 0;
        if (text.size == 0)
                return OCORE_OK;
        copy = ocore__arena_take(arena, text.size);
        if (copy == NULL)
                return OCORE_NOMEM;
        memcpy(copy, text.data, text.size);
        out->data = copy;
        out->size = text.size;
        return OCORE_OK;
}

ocore__mark ocore__arena_mark(const ocore__arena *arena)
{
        ocore__mark mark = {arena->current, arena->current != NULL ? arena->current->used : 0};

        return mark;
}

void ocore__arena_rewind(ocore__arena *arena, ocore__mark mark)
{
        arena->current = mark.chunk;
        if (mark.chunk != NULL)
                mark.chunk->used = mark.used;
}

void ocore__arena_reset(ocore__arena *arena, size_t keep)
{
        ocore__chunk **link = &arena->first;
        size_t kept = 0;

        arena->current = NULL;
        while (*link != NULL) {
                ocore__chunk *chunk = *link;
                size_t size = OCORE__CHUNK_HEAD + chunk->size;

                if (size <= keep - kept) {
                        kept += size;
                        link = &chunk->next;
                } else {
                        *link = chunk->next;
                        ocore__release(&arena->allocator, chunk, size);
                }
        }
}

void ocore__arena_finish(ocore__arena *arena)
{
        ocore__arena_reset(arena, 0);
}
