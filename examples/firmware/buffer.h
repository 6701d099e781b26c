/* An allocator over one fixed block of memory: for a program that must say beforehand how much it
 * needs. */
#ifndef FIRMWARE_BUFFER_H
#define FIRMWARE_BUFFER_H

#include <stddef.h>

typedef struct buffer {
        unsigned char *memory; /* aligned for any object */
        size_t size;           /* bytes at `memory` */
        size_t used;           /* bytes given out, with what this allocator adds to each */
        size_t peak;           /* the most that `used` has been */
        size_t refused;        /* how often there was too little left */
} buffer;

/* Makes the whole block one free piece. */
void buffer_init(buffer *self, void *memory, size_t size);

/* An ocore_allocate_fn; `user_data` is the buffer. */
void *buffer_allocate(void *user_data, void *old, size_t old_size, size_t new_size);

#endif
