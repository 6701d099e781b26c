/*
 * The allocator that is meant by `{0}`: realloc() and free() of the C library. It stands in a file
 * of its own so that a firmware without a heap can leave it out of the image.
 */
#include "arena.h"

#include <stdlib.h>

void *ocore__libc_allocate(void *user_data, void *old, size_t old_size, size_t new_size);

void *ocore__libc_allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        (void)user_data;
        (void)old_size;
        if (new_size == 0) {
                free(old);
                return NULL;
        }
        return realloc(old, new_size);
}
