/* What the tests of cuts know beside the journal; see shadow.h. */
#include "shadow.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int shadow_read(
        void *of, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        shadow *self = of;

        return self->journal.ops->read(self->journal.self, reads, count, emit, sink);
}

static int shadow_write(void *of, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        shadow *self = of;
        ocore_refusal none;
        int status = self->journal.ops->write(self->journal.self, writes, count, refusal);

        if (status == OCORE_OK) {
                self->acknowledged++;
                assert_int_equal(
                        self->sure.ops->write(self->sure.self, writes, count, &none), OCORE_OK);
        }
        if (status == OCORE_UNKNOWN)
                self->open_ended++;
        if (status == OCORE_OK || status == OCORE_UNKNOWN)
                assert_int_equal(
                        self->possible.ops->write(self->possible.self, writes, count, &none),
                        OCORE_OK);
        return status;
}

static void shadow_close(void *of)
{
        shadow *self = of;

        ocore_store_close(self->journal);
        memset(&self->journal, 0, sizeof self->journal);
}

static const char *shadow_message(void *of, int64_t *code)
{
        shadow *self = of;

        return self->journal.ops->message(self->journal.self, code);
}

/* Every row folded into one number, in the order of the keys. */
static int fold_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        uint64_t *sum = sink;
        size_t n;

        *sum = ocore__hash_number((uint64_t)revision, *sum + read);
        for (n = 0; n < count; n++) {
                const ocore_cell *cell = &cells[n];

                *sum = ocore__hash_number(cell->type, *sum);
                if (cell->type == OCORE_CELL_NUMBER)
                        *sum = ocore__hash_number((uint64_t)cell->as.number, *sum);
                else if (cell->type == OCORE_CELL_ID)
                        *sum = ocore__hash(&cell->as.id, sizeof cell->as.id, *sum);
                else if (cell->type != OCORE_CELL_NULL)
                        *sum = ocore__hash(cell->as.text.data, cell->as.text.size, *sum);
        }
        return OCORE_OK;
}

/* All rows of all tables; `copy` also gets them, where it is not NULL. */
static uint64_t sum_of(const ocore_schema *schema, ocore_store store)
{
        uint64_t sum = 0;
        size_t n;

        for (n = 0; n < schema->table_count; n++) {
                const ocore_read read = {.table = schema->tables[n]};

                sum = ocore__hash_number(n, sum);
                assert_int_equal(store.ops->read(store.self, &read, 1, fold_row, &sum), OCORE_OK);
        }
        return sum;
}

typedef struct row_copy {
        ocore_store into;
        const ocore_table *table;
} row_copy;

static int copy_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        row_copy *copy = sink;
        ocore_refusal none;
        const ocore_write write = {.table = copy->table,
                .kind = OCORE_WRITE_INSERT,
                .revision = revision,
                .cells = cells,
                .cell_count = (uint32_t)count};

        (void)read;
        return copy->into.ops->write(copy->into.self, &write, 1, &none);
}

/* A new memory store with the rows of another store. */
static void become(shadow *self, ocore_store *store)
{
        row_copy copy;
        size_t n;

        ocore_store_close(*store);
        assert_int_equal(ocore_memory_store(NULL, store), OCORE_OK);
        assert_int_equal(store->ops->open(store->self, self->schema), OCORE_OK);
        copy.into = *store;
        for (n = 0; n < self->schema->table_count; n++) {
                const ocore_read read = {.table = self->schema->tables[n]};

                copy.table = read.table;
                assert_int_equal(
                        self->journal.ops->read(self->journal.self, &read, 1, copy_row, &copy),
                        OCORE_OK);
        }
}

int shadow_compare(shadow *self)
{
        uint64_t there = sum_of(self->schema, self->journal);
        int answer = SHADOW_LOST;

        if (there == sum_of(self->schema, self->sure))
                answer = SHADOW_SURE;
        else if (there == sum_of(self->schema, self->possible))
                answer = SHADOW_POSSIBLE;
        if (answer == SHADOW_SURE) {
                if (self->open_ended > 0)
                        become(self, &self->possible);
        } else {
                become(self, &self->sure);
                become(self, &self->possible);
        }
        self->open_ended = 0;
        return answer;
}

/* The journal is compared before a core can write to it. */
static int shadow_open(void *of, const ocore_schema *schema)
{
        shadow *self = of;
        int status = self->journal.ops->open(self->journal.self, schema);

        if (status != OCORE_OK)
                return status;
        self->schema = schema;
        assert_int_equal(self->sure.ops->open(self->sure.self, schema), OCORE_OK);
        assert_int_equal(self->possible.ops->open(self->possible.self, schema), OCORE_OK);
        if (shadow_compare(self) == SHADOW_LOST)
                self->lost++;
        return OCORE_OK;
}

static const ocore_store_ops operations = {.struct_size = sizeof operations,
        .name = "shadow",
        .open = shadow_open,
        .read = shadow_read,
        .write = shadow_write,
        .close = shadow_close,
        .message = shadow_message,
        .durability = OCORE_DURABLE_POWER};

ocore_store shadow_store(shadow *self, ocore_store journal)
{
        self->journal = journal;
        return (ocore_store){&operations, self};
}

void shadow_begin(shadow *self)
{
        memset(self, 0, sizeof *self);
        assert_int_equal(ocore_memory_store(NULL, &self->sure), OCORE_OK);
        assert_int_equal(ocore_memory_store(NULL, &self->possible), OCORE_OK);
}

void shadow_finish(shadow *self)
{
        ocore_store_close(self->sure);
        ocore_store_close(self->possible);
}
