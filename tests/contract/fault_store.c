/* A store around another that fails, dies or lies at a chosen call; for tests of those who build
 * on stores. */
#include <ordercore/fault_store.h>

#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 256 };

typedef struct fault_store {
        ocore_store inner;
        ocore_fault_plan *plan;
        ocore_store_ops ops;
} fault_store;

/* What a read tells, on its way from the inner store to the caller. */
typedef struct fault_sink {
        fault_store *store;
        ocore_row_fn emit;
        void *sink;
        int64_t lie; /* the kind that is still to be told, or 0 */
        const ocore_read *reads;
        size_t read_count;
} fault_sink;

static int is_row_lie(int64_t kind)
{
        return kind >= OCORE_FAULT_STALE && kind <= OCORE_FAULT_TEXT;
}

/* Counts a call; 1 when the plan's fault falls on it. */
static int falls_due(fault_store *self, int64_t call, int64_t *count)
{
        ocore_fault_plan *plan = self->plan;
        int64_t calls = plan->calls == 0 ? OCORE_FAULT_READS | OCORE_FAULT_WRITES : plan->calls;
        int due;

        (*count)++;
        if ((calls & call) == 0) {
                return 0;
        }
        plan->counted++;
        due = plan->kind != 0 && plan->at > 0 && plan->counted == plan->at;
        if (plan->kind == OCORE_FAULT_FAIL_ON && plan->at > 0 && plan->counted > plan->at) {
                due = 1;
        }
        if (is_row_lie(plan->kind)) {
                /* It waits for a read, and for one that finds a row. */
                return call == OCORE_FAULT_READS && plan->at > 0 && plan->counted >= plan->at &&
                       plan->hits == 0;
        }
        plan->hits += due;
        return due;
}

static int failing(const ocore_fault_plan *plan, int unknown)
{
        if (plan->status != 0) {
                return (int)plan->status;
        }
        return unknown ? OCORE_UNKNOWN : OCORE_STORE;
}

/* What happens to a call: whether it is carried out, and the status that hides the true one. */
static void decide(fault_store *self, int due, int is_write, int *carry_out, int *status)
{
        ocore_fault_plan *plan = self->plan;

        *carry_out = 1;
        *status = OCORE_OK;
        if (plan->down) {
                *carry_out = 0;
                *status = OCORE_STORE;
                return;
        }
        if (!due) {
                return;
        }
        switch (plan->kind) {
        case OCORE_FAULT_APPLIED: *status = failing(plan, is_write); break;
        case OCORE_FAULT_LOST:
                *carry_out = 0;
                *status = failing(plan, is_write);
                break;
        case OCORE_FAULT_CRASH:
                plan->down = 1;
                *carry_out = 0;
                *status = failing(plan, 0);
                break;
        case OCORE_FAULT_CRASH_AFTER:
                plan->down = 1;
                *status = failing(plan, is_write);
                break;
        case OCORE_FAULT_FAIL:
        case OCORE_FAULT_FAIL_ON:
                *carry_out = 0;
                *status = failing(plan, 0);
                break;
        default: break;
        }
}

/* Spoils one cell; 0 when this row has none that can be spoilt so. */
static int cell_spoil(const fault_sink *sink, size_t read, ocore_cell *cells, size_t count)
{
        static const char garbage[] = "\xff\xc0";
        const ocore_table *table = sink->reads[read].table;
        size_t start = (size_t)((uint64_t)sink->store->plan->seed % count);
        size_t n;

        switch (sink->lie) {
        case OCORE_FAULT_FOREIGN:
                cells[0].as.number = (int64_t)((uint64_t)cells[0].as.number ^ 1u);
                return 1;
        case OCORE_FAULT_KEY:
                n = table->key_count - 1;
                if (cells[n].type == OCORE_CELL_NUMBER) {
                        cells[n].as.number = (int64_t)((uint64_t)cells[n].as.number ^ 1u);
                } else if (cells[n].type == OCORE_CELL_ID) {
                        cells[n].as.id.bytes[15] ^= 1;
                } else {
                        cells[n].as.text.data = "another key";
                        cells[n].as.text.size = 11;
                }
                return 1;
        case OCORE_FAULT_TYPE:
                cells[start].type =
                        cells[start].type == OCORE_CELL_NUMBER ? OCORE_CELL_ID : OCORE_CELL_NUMBER;
                return 1;
        case OCORE_FAULT_TEXT:
                for (n = 0; n < count; n++) {
                        ocore_cell *cell = &cells[(start + n) % count];

                        if (cell->type == OCORE_CELL_TEXT) {
                                cell->as.text.data = garbage;
                                cell->as.text.size = 2;
                                return 1;
                        }
                }
                return 0;
        default: return 1;
        }
}

static int tell(const fault_sink *sink, size_t read, int64_t revision, const ocore_cell *cells,
        size_t count)
{
        sink->store->plan->rows++;
        return sink->emit(sink->sink, read, revision, cells, count);
}

static int lying_row(
        void *data, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        fault_sink *sink = data;
        ocore_cell spoilt[CELLS_MAX];
        int64_t lie = sink->lie;
        int status;

        if (lie == 0 || count == 0 || count > CELLS_MAX) {
                return tell(sink, read, revision, cells, count);
        }
        memcpy(spoilt, cells, count * sizeof *spoilt);
        if (!cell_spoil(sink, read, spoilt, count)) {
                return tell(sink, read, revision, cells, count);
        }
        sink->lie = 0;
        sink->store->plan->hits++;
        switch (lie) {
        case OCORE_FAULT_MISSING: return OCORE_OK;
        case OCORE_FAULT_STALE:
                return revision <= 1 ? OCORE_OK : tell(sink, read, revision - 1, cells, count);
        case OCORE_FAULT_TWICE:
                status = tell(sink, read, revision, cells, count);
                return status == OCORE_OK ? tell(sink, read, revision, cells, count) : status;
        case OCORE_FAULT_SHORT: return tell(sink, read, revision, cells, count - 1);
        case OCORE_FAULT_NUMBER: return tell(sink, sink->read_count, revision, cells, count);
        case OCORE_FAULT_REVISION: return tell(sink, read, 0, cells, count);
        default: return tell(sink, read, revision, spoilt, count);
        }
}

static int fault_open(void *data, const ocore_schema *schema)
{
        fault_store *self = data;
        int due = falls_due(self, OCORE_FAULT_OPENS, &self->plan->opens);
        int carry_out;
        int status;
        int inner = OCORE_OK;

        decide(self, due, 0, &carry_out, &status);
        if (carry_out) {
                inner = self->inner.ops->open(self->inner.self, schema);
        }
        return status != OCORE_OK ? status : inner;
}

static int fault_read(
        void *data, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        fault_store *self = data;
        int due = falls_due(self, OCORE_FAULT_READS, &self->plan->reads);
        fault_sink between = {self, emit, sink, 0, reads, count};
        int carry_out;
        int status;
        int inner = OCORE_OK;

        decide(self, due, 0, &carry_out, &status);
        if (due && is_row_lie(self->plan->kind)) {
                between.lie = self->plan->kind;
        }
        if (carry_out) {
                inner = self->inner.ops->read(self->inner.self, reads, count, lying_row, &between);
        }
        return status != OCORE_OK ? status : inner;
}

static int fault_write(void *data, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        fault_store *self = data;
        int due = falls_due(self, OCORE_FAULT_WRITES, &self->plan->writes);
        int carry_out;
        int status;
        int inner = OCORE_OK;

        memset(refusal, 0, sizeof *refusal);
        decide(self, due, 1, &carry_out, &status);
        if (due && status == OCORE_OK && self->plan->kind == OCORE_FAULT_REFUSAL) {
                refusal->write = count + 7;
                refusal->reason = 99;
                refusal->column = 4000000000u;
                return OCORE_CONFLICT;
        }
        if (carry_out) {
                inner = self->inner.ops->write(self->inner.self, writes, count, refusal);
        }
        /* A refusal is a refusal, also when the answer to it is late: nothing was written. */
        return status != OCORE_OK ? status : inner;
}

static void fault_close(void *data)
{
        fault_store *self = data;

        if (self == NULL) {
                return;
        }
        self->inner.ops->close(self->inner.self);
        free(self);
}

static const char *fault_message(void *data, int64_t *code)
{
        fault_store *self = data;

        if (self->inner.ops->message != NULL) {
                return self->inner.ops->message(self->inner.self, code);
        }
        if (code != NULL) {
                *code = 0;
        }
        return "a planned fault";
}

int ocore_fault_store(ocore_store inner, ocore_fault_plan *plan, ocore_store *out)
{
        fault_store *self;

        if (out == NULL) {
                return OCORE_INVALID;
        }
        memset(out, 0, sizeof *out);
        if (inner.ops == NULL || plan == NULL || plan->struct_size != sizeof *plan) {
                return OCORE_INVALID;
        }
        self = calloc(1, sizeof *self);
        if (self == NULL) {
                return OCORE_NOMEM;
        }
        self->inner = inner;
        self->plan = plan;
        self->ops.struct_size = sizeof self->ops;
        self->ops.name = inner.ops->name;
        self->ops.open = fault_open;
        self->ops.read = fault_read;
        self->ops.write = fault_write;
        self->ops.close = fault_close;
        self->ops.message = fault_message;
        self->ops.durability = inner.ops->durability;
        out->ops = &self->ops;
        out->self = self;
        return OCORE_OK;
}
