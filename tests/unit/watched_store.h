/* A store that passes everything on to another, counts what is asked of it, and lets something
 * happen right before a write: what others do between a command's read and its write. */
#ifndef ORDERCORE_TESTS_WATCHED_STORE_H
#define ORDERCORE_TESTS_WATCHED_STORE_H

#include "support.h"

typedef struct watched_store {
        ocore_store inner;
        int64_t reads;                    /* calls */
        int64_t writes;                   /* calls */
        int64_t rows;                     /* written */
        void (*before_write)(void *data); /* once, before the next write; NULL: nothing */
        void *data;
} watched_store;

static inline int watched_open(void *self, const ocore_schema *schema)
{
        watched_store *watched = self;

        return watched->inner.ops->open(watched->inner.self, schema);
}

static inline int watched_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        watched_store *watched = self;

        watched->reads++;
        return watched->inner.ops->read(watched->inner.self, reads, count, emit, sink);
}

static inline int watched_write(
        void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        watched_store *watched = self;
        void (*before_write)(void *data) = watched->before_write;

        watched->before_write = NULL;
        if (before_write)
                before_write(watched->data);
        watched->writes++;
        watched->rows += (int64_t)count;
        return watched->inner.ops->write(watched->inner.self, writes, count, refusal);
}

static inline void watched_close(void *self)
{
        (void)self; /* whoever opened the inner store closes it */
}

/* Through which a second core works on the store of a world. */
static inline ocore_store watched_of(watched_store *watched, ocore_store inner)
{
        static ocore_store_ops ops;

        ops = *inner.ops;
        ops.name = "watched";
        ops.open = watched_open;
        ops.read = watched_read;
        ops.write = watched_write;
        ops.close = watched_close;
        ops.message = NULL;
        *watched = (watched_store){.inner = inner};
        return (ocore_store){.ops = &ops, .self = watched};
}

#endif
