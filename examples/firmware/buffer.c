/*
 * An allocator over one fixed block: first fit, neighbours that are free grow together (Knuth, The
 * Art of Computer Programming, volume 1, 2.5, 1968). Serves the firmware example, whose memory has
 * a bound.
 */
#include "buffer.h"

#include <stdint.h>
#include <string.h>

/* Each piece begins with its size; the pieces lie end to end and fill the block. */
typedef struct piece {
        size_t size; /* with this head; a multiple of ALIGNMENT */
        size_t taken;
} piece;

#define ALIGNMENT _Alignof(max_align_t)
#define HEAD ((sizeof(piece) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

static piece *piece_at(const buffer *self, size_t offset)
{
        return (piece *)(void *)(self->memory + offset);
}

void buffer_init(buffer *self, void *memory, size_t size)
{
        memset(self, 0, sizeof *self);
        self->memory = memory;
        self->size = size / ALIGNMENT * ALIGNMENT;
        piece_at(self, 0)->size = self->size;
        piece_at(self, 0)->taken = 0;
}

/* Joins a free piece with the free ones behind it. */
static void join(buffer *self, piece *first)
{
        size_t next = (size_t)((unsigned char *)first - self->memory) + first->size;

        while (next < self->size && !piece_at(self, next)->taken) {
                first->size += piece_at(self, next)->size;
                next = (size_t)((unsigned char *)first - self->memory) + first->size;
        }
}

static void *take(buffer *self, size_t size)
{
        size_t need;

        if (size > self->size) {
                self->refused++;
                return NULL;
        }
        need = HEAD + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        for (size_t at = 0; at < self->size; at += piece_at(self, at)->size) {
                piece *found = piece_at(self, at);
                if (found->taken)
                        continue;
                join(self, found);
                if (found->size < need)
                        continue;
                if (found->size - need >= 2 * HEAD) {
                        piece *rest = piece_at(self, at + need);
                        rest->size = found->size - need;
                        rest->taken = 0;
                        found->size = need;
                }
                found->taken = 1;
                self->used += found->size;
                if (self->used > self->peak)
                        self->peak = self->used;
                return (unsigned char *)found + HEAD;
        }
        self->refused++;
        return NULL;
}

static void give_back(buffer *self, void *old)
{
        piece *head = (piece *)(void *)((unsigned char *)old - HEAD);

        head->taken = 0;
        self->used -= head->size;
}

void *buffer_allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        buffer *self = user_data;
        void *fresh = NULL;

        if (new_size != 0) {
                fresh = take(self, new_size);
                if (fresh == NULL)
                        return NULL;
                if (old != NULL)
                        memcpy(fresh, old, old_size < new_size ? old_size : new_size);
        }
        if (old != NULL)
                give_back(self, old);
        return fresh;
}
