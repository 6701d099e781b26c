/*
 * The conformance suite for stores: runs every check on a fresh store beside the model, and
 * compares not only the answers but all that both then hold.
 */
#include "suite_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of one look-up as text, a line each, so that two stores can be compared and shown. */
typedef struct suite_rows {
        char *text;
        size_t size;
        size_t room;
} suite_rows;

enum { READS_MAX = 64, DETAIL_MAX = 160 };

typedef struct suite_answer {
        suite_rows rows[READS_MAX];
        size_t count;
        const ocore_read *reads;
        const char *wrong; /* what no store may do */
} suite_answer;

int ocore__suite_expect(suite_run *run, int holds, const char *format, ...)
{
        va_list arguments;

        if (!holds && !run->failed) {
                run->failed = 1;
                va_start(arguments, format);
                (void)vsnprintf(run->detail, sizeof run->detail, format, arguments);
                va_end(arguments);
        }
        return holds;
}

uint64_t ocore__suite_random(uint64_t *state)
{
        uint64_t z = *state += 0x9e3779b97f4a7c15u;

        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
}

static int rows_reserve(suite_rows *rows, size_t size)
{
        if (rows->size + size + 1 > rows->room) {
                size_t room = (rows->size + size) * 2 + 64;
                char *grown = realloc(rows->text, room);

                if (grown == NULL) {
                        return OCORE_NOMEM;
                }
                rows->text = grown;
                rows->room = room;
        }
        return OCORE_OK;
}

static int rows_append(suite_rows *rows, const char *text, size_t size)
{
        if (rows_reserve(rows, size) != OCORE_OK) {
                return OCORE_NOMEM;
        }
        memcpy(rows->text + rows->size, text, size);
        rows->size += size;
        rows->text[rows->size] = '\0';
        return OCORE_OK;
}

static int rows_append_hex(suite_rows *rows, const void *bytes, size_t size)
{
        static const char digits[] = "0123456789abcdef";
        const unsigned char *from = bytes;
        char *to;
        size_t n;

        if (rows_reserve(rows, size * 2) != OCORE_OK) {
                return OCORE_NOMEM;
        }
        to = rows->text + rows->size;
        for (n = 0; n < size; n++) {
                *to++ = digits[from[n] >> 4];
                *to++ = digits[from[n] & 15];
        }
        *to = '\0';
        rows->size += size * 2;
        return OCORE_OK;
}

/*
 * What is larger is told by its size, its beginning and a mix of all its bytes, eight at a time:
 * megabytes as text would take most of the suite's time.
 */
static int rows_append_bytes(suite_rows *rows, char kind, const void *bytes, size_t size)
{
        enum { SHOWN = 512 };
        char number[64];
        uint64_t mix = size;
        size_t n;

        for (n = 0; size > SHOWN && n < size; n += 8) {
                uint64_t part = 0;

                memcpy(&part, (const char *)bytes + n, size - n < 8 ? size - n : 8);
                mix ^= part;
                mix = ocore__suite_random(&mix);
        }
        if (size > SHOWN) {
                (void)snprintf(number, sizeof number, " %c[%zu, %llx]", kind, size,
                        (unsigned long long)mix);
                size = SHOWN;
        } else {
                (void)snprintf(number, sizeof number, " %c", kind);
        }
        return rows_append(rows, number, strlen(number)) != OCORE_OK
                       ? OCORE_NOMEM
                       : rows_append_hex(rows, bytes, size);
}

static int rows_append_cell(suite_rows *rows, const ocore_cell *cell)
{
        char number[32];
        int size = 0;

        switch (cell->type) {
        case OCORE_CELL_NUMBER:
                size = snprintf(number, sizeof number, " %lld", (long long)cell->as.number);
                return rows_append(rows, number, (size_t)size);
        case OCORE_CELL_TEXT:
                return rows_append_bytes(rows, 't', cell->as.text.data, cell->as.text.size);
        case OCORE_CELL_BYTES:
                return rows_append_bytes(rows, 'b', cell->as.text.data, cell->as.text.size);
        case OCORE_CELL_ID:
                (void)rows_append(rows, " i", 2);
                return rows_append_hex(rows, cell->as.id.bytes, sizeof cell->as.id.bytes);
        default: return rows_append(rows, " -", 2);
        }
}

static int answer_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        suite_answer *answer = sink;
        const ocore_table *table;
        char number[32];
        int status;
        size_t n;

        if (read >= answer->count) {
                answer->wrong = "a row answers a look-up that was not asked";
                return OCORE_OK;
        }
        table = answer->reads[read].table;
        if (cell_count != table->record->column_count) {
                answer->wrong = "a row has another number of cells than its table has columns";
                return OCORE_OK;
        }
        (void)snprintf(number, sizeof number, "%lld:", (long long)revision);
        status = rows_append(&answer->rows[read], number, strlen(number));
        for (n = 0; status == OCORE_OK && n < cell_count; n++) {
                if (cells[n].type != OCORE_CELL_NULL &&
                        cells[n].type != ocore__toy_cell_type(table, n)) {
                        answer->wrong = "a cell has another type than its column";
                        return OCORE_OK;
                }
                if (cells[n].reserved != 0) {
                        answer->wrong = "the reserved member of a cell is not zero";
                }
                status = rows_append_cell(&answer->rows[read], &cells[n]);
        }
        return status == OCORE_OK ? rows_append(&answer->rows[read], "\n", 1) : status;
}

static void answer_finish(suite_answer *answer)
{
        size_t n;

        for (n = 0; n < READS_MAX; n++) {
                free(answer->rows[n].text);
        }
}

static void answer_compare(
        suite_run *run, const char *what, const suite_answer *ours, const suite_answer *model)
{
        size_t r;

        for (r = 0; r < ours->count; r++) {
                const char *a = ours->rows[r].text == NULL ? "" : ours->rows[r].text;
                const char *b = model->rows[r].text == NULL ? "" : model->rows[r].text;
                size_t line = 0;

                while (*a != '\0' && *a == *b) {
                        line = *a == '\n' ? 0 : line + 1;
                        a++;
                        b++;
                }
                a -= line;
                b -= line;
                if (!ocore__suite_expect(run, strcmp(a, b) == 0,
                            "%s: table %s, index %u, prefix of %u%s: expected row "
                            "\"%.*s\", got \"%.*s\"",
                            what, ours->reads[r].table->name, (unsigned)ours->reads[r].index,
                            (unsigned)ours->reads[r].prefix_count,
                            ours->reads[r].flags != 0 ? ", descending" : "",
                            (int)(strcspn(b, "\n") % DETAIL_MAX), b,
                            (int)(strcspn(a, "\n") % DETAIL_MAX), a)) {
                        return;
                }
        }
}

void ocore__suite_ask(suite_run *run, const char *what, const ocore_read *reads, size_t count)
{
        suite_answer ours;
        suite_answer model;
        int status;

        if (run->failed || !ocore__suite_expect(run, count <= READS_MAX, "too many look-ups")) {
                return;
        }
        memset(&ours, 0, sizeof ours);
        memset(&model, 0, sizeof model);
        ours.reads = model.reads = reads;
        ours.count = model.count = count;
        status = run->store.ops->read(run->store.self, reads, count, answer_row, &ours);
        if (ocore__suite_expect(run, status == OCORE_OK, "%s: read returned %d", what, status) &&
                ocore__suite_expect(run, ours.wrong == NULL, "%s: %s", what, ours.wrong)) {
                status = run->model.ops->read(run->model.self, reads, count, answer_row, &model);
                if (ocore__suite_expect(run, status == OCORE_OK, "no memory for the model")) {
                        answer_compare(run, what, &ours, &model);
                }
        }
        answer_finish(&ours);
        answer_finish(&model);
}

/* All rows of all tables: by key, and by every index for the tenants that checks use; both ways. */
void ocore__suite_same(suite_run *run, const char *what)
{
        static const int64_t tenants[] = {0, 1, 2, (int64_t)1 << 53};
        uint32_t table;
        uint32_t index;
        size_t t;

        for (table = 0; table < TOY_TABLES; table++) {
                const ocore_table *toy = ocore__toy_schema.tables[table];
                ocore_cell cells[sizeof tenants / sizeof tenants[0]];
                ocore_read reads[READS_MAX];
                size_t count = 2;

                reads[0] = ocore__toy_read(table, 0, NULL, 0);
                reads[1] = reads[0];
                reads[1].flags = OCORE_READ_DESCENDING;
                for (t = 0; t < sizeof tenants / sizeof tenants[0]; t++) {
                        cells[t] = ocore__toy_number(tenants[t]);
                        for (index = 0; index <= toy->index_count; index++) {
                                reads[count] = ocore__toy_read(table, index, &cells[t], 1);
                                reads[count + 1] = reads[count];
                                reads[count + 1].flags = OCORE_READ_DESCENDING;
                                count += 2;
                        }
                }
                ocore__suite_ask(run, what, reads, count);
        }
}

void ocore__suite_step(suite_run *run, const char *what, const ocore_write *writes, size_t count,
        uint32_t reason, size_t refused)
{
        ocore_refusal got = {0, 0, 0};
        ocore_refusal wanted = {0, 0, 0};
        int want = reason == 0 ? OCORE_OK : OCORE_CONFLICT;
        int status;

        if (run->failed) {
                return;
        }
        status = run->model.ops->write(run->model.self, writes, count, &wanted);
        if (!ocore__suite_expect(run,
                    status == want && wanted.reason == reason &&
                            (reason == 0 || wanted.write == refused),
                    "%s: the model answers %d, reason %u, write %zu", what, status,
                    (unsigned)wanted.reason, wanted.write)) {
                return;
        }
        status = run->store.ops->write(run->store.self, writes, count, &got);
        if (!ocore__suite_expect(run, status == want, "%s: write returned %d instead of %d", what,
                    status, want)) {
                return;
        }
        if (reason != 0) {
                int below = reason == OCORE_REFUSED_OVERFLOW && got.reason == OCORE_REFUSED_FLOOR;

                ocore__suite_expect(run, got.write == refused,
                        "%s: write %zu is said to be refused instead of %zu", what, got.write,
                        refused);
                /* What falls out of 64 bits at the lower end is below any floor too. */
                ocore__suite_expect(run, got.reason == reason || below,
                        "%s: refused for reason %u instead of %u", what, (unsigned)got.reason,
                        (unsigned)reason);
                ocore__suite_expect(run, got.column == wanted.column,
                        "%s: refused for column %u instead of %u", what, (unsigned)got.column,
                        (unsigned)wanted.column);
        }
        ocore__suite_same(run, what);
}

int ocore__suite_reopen(suite_run *run, const ocore_schema *schema)
{
        int status;

        if (run->failed) {
                return 0;
        }
        if (run->config->reopen != NULL) {
                status = run->config->reopen(run->config->user_data, &run->store);
                if (!ocore__suite_expect(
                            run, status == OCORE_OK, "reopening returned %d", status)) {
                        return 0;
                }
        }
        status = run->store.ops->open(run->store.self, schema);
        return ocore__suite_expect(
                run, status == OCORE_OK, "open after reopening returned %d", status);
}

static void check_run(
        const ocore_store_suite_config *config, const suite_check *check, int64_t *failed)
{
        suite_run run;
        int status;

        memset(&run, 0, sizeof run);
        run.config = config;
        status = config->make(config->user_data, &run.store);
        if (ocore__suite_expect(&run, status == OCORE_OK && run.store.ops != NULL,
                    "making a store returned %d", status)) {
                status = ocore__model_store(MODEL_RIGHT, &run.model);
                if (status == OCORE_OK) {
                        (void)run.model.ops->open(run.model.self, &ocore__toy_schema);
                        status = run.store.ops->open(run.store.self, &ocore__toy_schema);
                }
                if (ocore__suite_expect(&run, status == OCORE_OK, "open returned %d", status)) {
                        check->run(&run);
                }
        }
        if (run.store.ops != NULL && run.store.ops->close != NULL) {
                run.store.ops->close(run.store.self);
        }
        if (run.model.ops != NULL) {
                run.model.ops->close(run.model.self);
        }
        *failed += run.failed;
        if (config->report != NULL) {
                config->report(config->user_data, check->name, !run.failed, run.detail);
        }
}

int ocore_store_suite(const ocore_store_suite_config *config, int64_t *out_failed)
{
        const suite_check *const lists[] = {
                ocore__suite_write_checks,
                ocore__suite_read_checks,
                ocore__suite_text_checks,
                ocore__suite_life_checks,
        };
        ocore_store_suite_config settled;
        const suite_check *check;
        int64_t failed = 0;
        size_t n;

        if (out_failed != NULL) {
                *out_failed = 0;
        }
        if (config == NULL || config->struct_size != sizeof *config || config->make == NULL ||
                config->rounds < 0 || config->large_batch < 0) {
                return OCORE_INVALID;
        }
        settled = *config;
        settled.seed = config->seed == 0 ? 1 : config->seed;
        settled.rounds = config->rounds == 0 ? 2000 : config->rounds;
        settled.large_batch = config->large_batch == 0 ? 5000 : config->large_batch;
        for (n = 0; n < sizeof lists / sizeof lists[0]; n++) {
                for (check = lists[n]; check->name != NULL; check++) {
                        if (!check->needs_reopen || settled.reopen != NULL) {
                                check_run(&settled, check, &failed);
                        }
                }
        }
        if (out_failed != NULL) {
                *out_failed = failed;
        }
        return failed == 0 ? OCORE_OK : OCORE_STATE;
}
