/* Memory that is given back all at once: what a command needs lives in an arena of its core. */
#ifndef ORDERCORE_BASE_ARENA_H
#define ORDERCORE_BASE_ARENA_H

#include <ordercore/store.h>

/* A piece of memory from the host. It stands here only so that taking from it can be inlined. */
typedef struct ocore__chunk ocore__chunk;
struct ocore__chunk {
        ocore__chunk *next;
        size_t size; /* bytes behind this header */
        size_t used; /* how many of them are taken; says nothing in chunks behind the current one */
};

typedef struct ocore__arena {
        ocore_allocator allocator;
        ocore__chunk *first;
        ocore__chunk *current; /* NULL: nothing is taken */
        size_t chunk_size;     /* least size of a chunk; larger requests get their own */
} ocore__arena;

/* A place in an arena to go back to: everything taken since is free again. */
typedef struct ocore__mark {
        ocore__chunk *chunk;
        size_t used;
} ocore__mark;

/* Every taken piece starts at a multiple of this, which is enough for any scalar. */
#define OCORE__ARENA_ALIGN ((size_t)8)
/* Where the bytes of a chunk begin. */
#define OCORE__CHUNK_HEAD                                                                          \
        ((sizeof(ocore__chunk) + OCORE__ARENA_ALIGN - 1) & ~(OCORE__ARENA_ALIGN - 1))

/* Memory by way of an allocator; `{0}` means the C library. NULL: none. Never with size 0. */
void *ocore__allocate(const ocore_allocator *allocator, size_t size);
void *ocore__reallocate(
        const ocore_allocator *allocator, void *old, size_t old_size, size_t new_size);
void ocore__release(const ocore_allocator *allocator, void *old, size_t old_size);

void ocore__arena_init(ocore__arena *arena, const ocore_allocator *allocator, size_t chunk_size);
/* The rare half of ocore__arena_take(): goes on to the next chunk, or gets one. */
void *ocore__arena_take_slowly(ocore__arena *arena, size_t size);
/* The same as ocore__arena_take(), cleared; count × size is checked. */
void *ocore__arena_zero(ocore__arena *arena, size_t count, size_t size);
/* A copy of a text; sets *out to it. OCORE_OK or OCORE_NOMEM. */
int ocore__arena_text(ocore__arena *arena, ocore_str text, ocore_str *out);
ocore__mark ocore__arena_mark(const ocore__arena *arena);
void ocore__arena_rewind(ocore__arena *arena, ocore__mark mark);
/* Everything is free again; the chunks are kept for reuse (at most `keep` bytes of them). */
void ocore__arena_reset(ocore__arena *arena, size_t keep);
void ocore__arena_finish(ocore__arena *arena);

/* Memory aligned for any scalar; not cleared. NULL: no memory, or the size is absurd. */
static inline void *ocore__arena_take(ocore__arena *arena, size_t size)
{
        ocore__chunk *chunk = arena->current;

        /* What is free is a multiple of the alignment: a size that fits also fits rounded. */
        if (chunk != NULL && size <= chunk->size - chunk->used) {
                unsigned char *taken = (unsigned char *)chunk + OCORE__CHUNK_HEAD + chunk->used;

                chunk->used += (size + OCORE__ARENA_ALIGN - 1) & ~(OCORE__ARENA_ALIGN - 1);
                return taken;
        }
        return ocore__arena_take_slowly(arena, size);
}

#endif
