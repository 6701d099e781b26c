/*
 * Proves that the failing store fails as planned and only then: each kind of fault at each call
 * of a short story, with the true content of the store looked at behind its back.
 */
#include "suite_private.h"

#include <ordercore/fault_store.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct seen {
        int64_t rows;
        int64_t revision;
        int64_t number;
        size_t read;
        size_t cells;
        ocore_cell row[TOY_COLUMNS_MAX];
} seen;

static int seen_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        seen *self = sink;

        if (self->rows++ == 0) {
                self->read = read;
                self->revision = revision;
                self->cells = cell_count;
                memcpy(self->row, cells, cell_count * sizeof *cells);
        }
        return OCORE_OK;
}

typedef struct story {
        ocore_store truth; /* the model, which the failing store stands around */
        ocore_store store;
        ocore_fault_plan plan;
} story;

static void story_start(story *self, int64_t kind, int64_t at)
{
        memset(self, 0, sizeof *self);
        self->plan.struct_size = sizeof self->plan;
        assert_int_equal(ocore__model_store(MODEL_RIGHT, &self->truth), OCORE_OK);
        assert_int_equal(ocore_fault_store(self->truth, &self->plan, &self->store), OCORE_OK);
        assert_int_equal(self->store.ops->open(self->store.self, &ocore__toy_schema), OCORE_OK);
        self->plan.kind = kind;
        self->plan.at = at;
}

static int insert(story *self, const char *code)
{
        toy_row row = ocore__toy_bin(1, code, 3);
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &row, 0);
        ocore_refusal refusal;

        row.cells[BIN_NOTE] = ocore__toy_text("note");
        return self->store.ops->write(self->store.self, &write, 1, &refusal);
}

static int look(story *self, seen *out)
{
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, &tenant, 1);

        memset(out, 0, sizeof *out);
        return self->store.ops->read(self->store.self, &read, 1, seen_row, out);
}

static int64_t stored(story *self)
{
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, &tenant, 1);
        seen out;

        memset(&out, 0, sizeof out);
        assert_int_equal(
                self->truth.ops->read(self->truth.self, &read, 1, seen_row, &out), OCORE_OK);
        return out.rows;
}

/* Three inserts, of which the second is hit. */
static void test_failing_writes(void **state)
{
        static const struct {
                int64_t kind;
                int first;
                int second;
                int third;
                int64_t rows;
                int64_t down;
        } cases[] = {
                {0, 0, 0, 0, 3, 0},
                {OCORE_FAULT_FAIL, 0, OCORE_STORE, 0, 2, 0},
                {OCORE_FAULT_FAIL_ON, 0, OCORE_STORE, OCORE_STORE, 1, 0},
                {OCORE_FAULT_APPLIED, 0, OCORE_UNKNOWN, 0, 3, 0},
                {OCORE_FAULT_LOST, 0, OCORE_UNKNOWN, 0, 2, 0},
                {OCORE_FAULT_CRASH, 0, OCORE_STORE, OCORE_STORE, 1, 1},
                {OCORE_FAULT_CRASH_AFTER, 0, OCORE_UNKNOWN, OCORE_STORE, 2, 1},
                {OCORE_FAULT_REFUSAL, 0, OCORE_CONFLICT, 0, 2, 0},
        };
        size_t n;

        (void)state;
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                story self;
                seen out;

                story_start(&self, cases[n].kind, 2);
                assert_int_equal(insert(&self, "a"), cases[n].first);
                assert_int_equal(insert(&self, "b"), cases[n].second);
                assert_int_equal(insert(&self, "c"), cases[n].third);
                assert_int_equal(stored(&self), cases[n].rows);
                assert_int_equal(self.plan.down, cases[n].down);
                assert_int_equal(self.plan.writes, 3);
                assert_int_equal(self.plan.opens, 1);
                assert_int_equal(self.plan.counted, 3);
                if (self.plan.down) {
                        assert_int_equal(look(&self, &out), OCORE_STORE);
                        self.plan.down = 0; /* rebooted */
                        assert_int_equal(look(&self, &out), OCORE_OK);
                        assert_int_equal(out.rows, cases[n].rows);
                        assert_int_equal(insert(&self, "c"), OCORE_OK);
                }
                self.store.ops->close(self.store.self);
        }
}

static void test_failing_reads(void **state)
{
        story self;
        seen out;

        (void)state;
        story_start(&self, OCORE_FAULT_FAIL, 2);
        self.plan.calls = OCORE_FAULT_READS;
        assert_int_equal(insert(&self, "a"), OCORE_OK);
        assert_int_equal(look(&self, &out), OCORE_OK);
        assert_int_equal(look(&self, &out), OCORE_STORE);
        assert_int_equal(out.rows, 0);
        assert_int_equal(look(&self, &out), OCORE_OK);
        assert_int_equal(self.plan.hits, 1);
        self.plan.kind = OCORE_FAULT_APPLIED;
        self.plan.at = 4;
        self.plan.status = OCORE_NOMEM;
        assert_int_equal(look(&self, &out), OCORE_NOMEM);
        assert_int_equal(out.rows, 1);
        assert_int_equal(self.plan.reads, 4);
        assert_int_equal(self.plan.rows, 3);
        self.store.ops->close(self.store.self);
}

static void test_failing_open(void **state)
{
        story self;

        (void)state;
        story_start(&self, OCORE_FAULT_FAIL, 1);
        self.plan.calls = OCORE_FAULT_OPENS;
        assert_int_equal(self.store.ops->open(self.store.self, &ocore__toy_schema), OCORE_STORE);
        assert_int_equal(self.store.ops->open(self.store.self, &ocore__toy_schema), OCORE_OK);
        assert_int_equal(self.plan.hits, 1);
        self.store.ops->close(self.store.self);
}

/* What differs from the row as it is, by the kind of lie. */
static int lies_so(int64_t kind, const seen *told)
{
        size_t n;

        switch (kind) {
        case OCORE_FAULT_STALE:
        case OCORE_FAULT_MISSING: return told->rows == 0;
        case OCORE_FAULT_TWICE: return told->rows == 2;
        case OCORE_FAULT_SHORT: return told->cells == BIN_COLUMNS - 1;
        case OCORE_FAULT_FOREIGN: return told->row[BIN_TENANT].as.number == 0;
        case OCORE_FAULT_KEY: return told->row[BIN_CODE].as.text.size == 11;
        case OCORE_FAULT_TYPE:
                for (n = 0; n < told->cells; n++) {
                        uint32_t type = told->row[n].type;
                        const ocore_table *table = ocore__toy_schema.tables[TOY_BIN];

                        if (type != OCORE_CELL_NULL && type != ocore__toy_cell_type(table, n)) {
                                return 1;
                        }
                }
                return 0;
        case OCORE_FAULT_NUMBER: return told->read == 1;
        case OCORE_FAULT_REVISION: return told->revision == 0;
        case OCORE_FAULT_TEXT:
                return memcmp(told->row[BIN_CODE].as.text.data, "\xff\xc0", 2) == 0 ||
                       memcmp(told->row[BIN_NOTE].as.text.data, "\xff\xc0", 2) == 0;
        default: return 0;
        }
}

static void test_lies(void **state)
{
        int64_t kind;
        int64_t seed;

        (void)state;
        for (kind = OCORE_FAULT_STALE; kind <= OCORE_FAULT_TEXT; kind++) {
                for (seed = 0; seed < BIN_COLUMNS; seed++) {
                        story self;
                        seen out;

                        story_start(&self, kind, 1);
                        self.plan.seed = seed;
                        assert_int_equal(look(&self, &out), OCORE_OK);
                        assert_int_equal(self.plan.hits, 0); /* no row to lie about */
                        assert_int_equal(insert(&self, "a"), OCORE_OK);
                        assert_int_equal(look(&self, &out), OCORE_OK);
                        assert_int_equal(self.plan.hits, 1);
                        assert_true(lies_so(kind, &out));
                        assert_int_equal(look(&self, &out), OCORE_OK);
                        assert_int_equal(out.rows, 1);
                        assert_int_equal(out.revision, 1);
                        assert_int_equal(out.cells, BIN_COLUMNS);
                        assert_false(lies_so(kind, &out));
                        self.store.ops->close(self.store.self);
                }
        }
}

static void test_arguments(void **state)
{
        ocore_store none = {NULL, NULL};
        ocore_store inner;
        ocore_store out = {NULL, &inner};
        ocore_fault_plan plan = {.struct_size = sizeof plan};

        (void)state;
        assert_int_equal(ocore__model_store(MODEL_RIGHT, &inner), OCORE_OK);
        assert_int_equal(ocore_fault_store(none, &plan, &out), OCORE_INVALID);
        assert_null(out.self);
        assert_int_equal(ocore_fault_store(inner, NULL, &out), OCORE_INVALID);
        assert_int_equal(ocore_fault_store(inner, &plan, NULL), OCORE_INVALID);
        plan.struct_size = 1;
        assert_int_equal(ocore_fault_store(inner, &plan, &out), OCORE_INVALID);
        inner.ops->close(inner.self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_failing_writes),
                cmocka_unit_test(test_failing_reads),
                cmocka_unit_test(test_failing_open),
                cmocka_unit_test(test_lies),
                cmocka_unit_test(test_arguments),
        };

        return cmocka_run_group_tests_name("fault store", tests, NULL, NULL);
}
