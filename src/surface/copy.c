/*
 * Moving everything from one store to another, and comparing two stores: for whoever changes the
 * engine under a running business.
 *
 * Both stores are read in the order of the primary key, all tenants, a page at a time, and the two
 * streams of rows are merged. Nothing but the contract of a store is used, so that any two engines
 * will do. What a store returns is distrusted as in every other room.
 */
#include <ordercore/copy.h>

#include "copy_rows.h"

#include "engine/engine.h"

#include <string.h>

enum {
        PAGE_ROWS = 500,
        PAGE_ROWS_MAX = 100000,
        WRITE_BYTES_MAX = 1 << 20, /* of text in one write: distributed engines have limits */
        WRITES_MAX = 20,           /* how often one page is written before the target is too busy */
        CHUNK = 1 << 16,
        KEPT = 1 << 22, /* bytes of a page that are kept for the next one */
        SENTENCE = 640
};

/* The rows of one table in one store, in the order of the key. */
typedef struct cursor {
        const ocore_store *store;
        const char *name;       /* "source" or "target", for sentences */
        ocore__arena arenas[2]; /* of the page at hand, and of the one before, whose end the read of
                                   the next page starts behind */
        ocore__copied *rows;
        size_t count; /* rows of the page at hand */
        size_t at;    /* the next one of them */
        int turn;     /* which arena is that of the page at hand */
        int ended;    /* there is no page behind this one */
} cursor;

typedef struct job {
        ocore_copy_config config;
        ocore_copy_progress progress;
        const ocore_table *table;
        cursor from, to;
        ocore__arena work;   /* of the arrays below, each for one page */
        ocore_write *writes; /* rows that the target lacks, not yet written */
        ocore_read *reads;
        uint8_t *found; /* for each of the writes, what the target has there */
        size_t write_count;
        size_t write_bytes;
} job;

/* Values of `found`. */
enum { ABSENT, EQUAL, DIFFERENT };

/* A page that is being read. */
typedef struct page_sink {
        job *of;
        cursor *into;
        const ocore__copied *before; /* the last row of the page before; NULL: none */
        int status;
} page_sink;

static void tell(const job *self, const ocore__writer *text)
{
        const ocore_str sentence = {text->data, text->used};

        if (self->config.difference)
                self->config.difference(self->config.user_data, sentence);
}

static void tell_row(const job *self, const ocore__copied *row, const char *what)
{
        char room[SENTENCE];
        ocore__writer text;

        ocore__writer_init(&text, room, sizeof room);
        ocore__copied_write(&text, self->table, row, what);
        tell(self, &text);
}

static void tell_difference(const job *self, const ocore__copied *from, const ocore__copied *to)
{
        char room[SENTENCE];
        ocore__writer text;

        ocore__writer_init(&text, room, sizeof room);
        ocore__copied_write_difference(&text, self->table, from, to);
        tell(self, &text);
}

/* What a store said cannot be right. */
static int distrust(const job *self, const char *store, const char *what)
{
        char room[SENTENCE];
        ocore__writer text;

        ocore__writer_init(&text, room, sizeof room);
        ocore__write(&text, "table %s: the %s %s", self->table->name, store, what);
        tell(self, &text);
        return OCORE_CORRUPT;
}

/* One row of a page (ocore_row_fn). */
static int page_row(
        void *user_data, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        page_sink *sink = user_data;
        job *self = sink->of;
        cursor *into = sink->into;
        const ocore__copied *before = into->count > 0 ? &into->rows[into->count - 1] : sink->before;
        ocore__copied row;

        if (sink->status)
                return sink->status;
        if (read > 0 || into->count >= (size_t)self->config.page_rows)
                sink->status = OCORE_CORRUPT;
        else
                sink->status = ocore__copied_take(
                        &into->arenas[into->turn], self->table, revision, cells, count, &row);
        if (!sink->status && before && ocore__copied_compare(self->table, before, &row) >= 0)
                sink->status = OCORE_CORRUPT;
        if (sink->status == OCORE_CORRUPT)
                return distrust(self, into->name, "returned a row that cannot be right");
        if (!sink->status)
                into->rows[into->count++] = row;
        return sink->status;
}

/* What a read or open may say; all else is a store that fails. */
static int store_status(int status)
{
        switch (status) {
        case OCORE_OK:
        case OCORE_NOMEM:
        case OCORE_CORRUPT:
        case OCORE_VERSION_MISMATCH: return status;
        default: return OCORE_STORE;
        }
}

/* The next page of a cursor whose rows are used up. */
static int page_read(job *self, cursor *side)
{
        const size_t rows = (size_t)self->config.page_rows;
        const ocore__copied *last = side->count > 0 ? &side->rows[side->count - 1] : NULL;
        const ocore_read read = {
                .table = self->table,
                .after = last ? last->cells : NULL,
                .after_count = last ? self->table->key_count : 0,
                .limit = (uint32_t)self->config.page_rows,
        };
        page_sink sink = {self, side, last, OCORE_OK};
        ocore__arena *arena = &side->arenas[1 - side->turn];
        int status;

        ocore__arena_reset(arena, KEPT);
        side->turn = 1 - side->turn;
        side->count = side->at = 0;
        side->rows = ocore__arena_take(arena, rows * sizeof *side->rows);
        if (!side->rows)
                return OCORE_NOMEM;
        status = side->store->ops->read(side->store->self, &read, 1, page_row, &sink);
        side->ended = side->count < rows;
        return sink.status ? sink.status : store_status(status);
}

/* The row at hand, NULL behind the last one. */
static int peek(job *self, cursor *side, const ocore__copied **out)
{
        int status = OCORE_OK;

        *out = NULL;
        if (side->at == side->count && !side->ended)
                status = page_read(self, side);
        if (!status && side->at < side->count)
                *out = &side->rows[side->at];
        return status;
}

static int report(job *self)
{
        if (self->config.progress && self->config.progress(self->config.user_data, &self->progress))
                return OCORE_STATE;
        return OCORE_OK;
}

/* A row of the target under the key of one of the writes (ocore_row_fn). */
static int settle_row(
        void *user_data, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        page_sink *sink = user_data;
        job *self = sink->of;
        ocore__copied wanted, there;
        const ocore__mark mark = ocore__arena_mark(&self->work);

        if (sink->status)
                return sink->status;
        if (read >= self->write_count || self->found[read] != ABSENT)
                sink->status = OCORE_CORRUPT;
        else
                sink->status = ocore__copied_take(
                        &self->work, self->table, revision, cells, count, &there);
        if (!sink->status) {
                wanted = (ocore__copied){self->writes[read].cells, self->writes[read].revision};
                if (ocore__copied_compare(self->table, &wanted, &there) != 0)
                        sink->status = OCORE_CORRUPT;
                else if (ocore__copied_equal(self->table, &wanted, &there))
                        self->found[read] = EQUAL;
                else
                        self->found[read] = DIFFERENT;
        }
        if (sink->status == OCORE_CORRUPT)
                (void)distrust(self, "target", "returned a row that cannot be right");
        else if (!sink->status && self->found[read] == DIFFERENT)
                tell_difference(self, &wanted, &there);
        ocore__arena_rewind(&self->work, mark);
        return sink->status;
}

/* Asks the target which of the writes it has after all, and keeps the others. */
static int settle(job *self, int unknown)
{
        page_sink sink = {.of = self};
        size_t left = 0, differ = 0;
        int status;

        for (size_t i = 0; i < self->write_count; i++) {
                self->found[i] = ABSENT;
                self->reads[i] = (ocore_read){.table = self->table,
                        .prefix = self->writes[i].cells,
                        .prefix_count = self->table->key_count};
        }
        status = self->config.to.ops->read(
                self->config.to.self, self->reads, self->write_count, settle_row, &sink);
        status = sink.status ? sink.status : store_status(status);
        if (status)
                return status;
        for (size_t i = 0; i < self->write_count; i++) {
                differ += self->found[i] == DIFFERENT;
                if (self->found[i] == ABSENT)
                        self->writes[left++] = self->writes[i];
                else if (unknown)
                        self->progress.written++;
        }
        self->write_count = left;
        return differ > 0 ? OCORE_EXISTS : OCORE_OK;
}

/* Writes what is collected. A refusal or a lost answer is settled by asking what is there. */
static int flush(job *self)
{
        for (int tries = 1; self->write_count > 0; tries++) {
                ocore_refusal refusal = {0};
                const size_t count = self->write_count;
                int settled;
                int status = self->config.to.ops->write(
                        self->config.to.self, self->writes, count, &refusal);

                if (!status) {
                        self->progress.written += (int64_t)count;
                        self->write_count = 0;
                        break;
                }
                if (status == OCORE_STORE || status == OCORE_NOMEM || status == OCORE_CORRUPT)
                        return status;
                settled = settle(self, status != OCORE_CONFLICT);
                if (settled == OCORE_EXISTS)
                        return settled;
                if (settled)
                        return status == OCORE_CONFLICT ? settled : OCORE_UNKNOWN;
                if (status == OCORE_CONFLICT && self->write_count == count &&
                        refusal.reason == OCORE_REFUSED_EXISTS && refusal.write < count) {
                        const ocore_write *refused = &self->writes[refusal.write];
                        const ocore__copied row = {refused->cells, refused->revision};

                        tell_row(self, &row,
                                "shares a value that must be unique with a row of the target");
                        return OCORE_EXISTS;
                }
                if (tries == WRITES_MAX && self->write_count > 0)
                        return status == OCORE_CONFLICT ? OCORE_BUSY : OCORE_UNKNOWN;
        }
        self->write_bytes = 0;
        return OCORE_OK;
}

/* Notes a row that the target lacks. */
static int collect(job *self, const ocore__copied *row)
{
        const size_t count = self->table->record->column_count;

        self->writes[self->write_count++] = (ocore_write){.table = self->table,
                .cells = row->cells,
                .revision = row->revision,
                .kind = OCORE_WRITE_INSERT,
                .cell_count = (uint32_t)count};
        for (size_t i = 0; i < count; i++)
                if (row->cells[i].type == OCORE_CELL_TEXT || row->cells[i].type == OCORE_CELL_BYTES)
                        self->write_bytes += row->cells[i].as.text.size;
        return self->write_bytes > WRITE_BYTES_MAX ? flush(self) : OCORE_OK;
}

/* One row of the source: it is there already, or it is collected. */
static int copy_row(job *self, const ocore__copied *row)
{
        for (;;) {
                const ocore__copied *other;
                int order, status = peek(self, &self->to, &other);

                if (status)
                        return status;
                order = other ? ocore__copied_compare(self->table, row, other) : -1;
                if (order < 0)
                        return collect(self, row);
                self->to.at++;
                if (order > 0) /* only the target has it: that is for the comparison to say */
                        continue;
                if (ocore__copied_equal(self->table, row, other))
                        return OCORE_OK;
                tell_difference(self, row, other);
                return OCORE_EXISTS;
        }
}

static int copy_table(job *self)
{
        int status;

        do {
                status = page_read(self, &self->from);
                while (!status && self->from.at < self->from.count) {
                        self->progress.rows++;
                        status = copy_row(self, &self->from.rows[self->from.at++]);
                }
                if (!status)
                        status = flush(self);
                if (!status)
                        status = report(self);
        } while (!status && !self->from.ended);
        return status;
}

static int used_up(const cursor *side)
{
        return side->count > 0 && side->at == side->count && !side->ended;
}

/* The rows at hand of both ends, of which one may be NULL; steps over the one with the lesser key,
 * or over both. */
static void compare_rows(job *self, const ocore__copied *from, const ocore__copied *to)
{
        const int order = !from ? 1 : !to ? -1 : ocore__copied_compare(self->table, from, to);

        if (order < 0)
                tell_row(self, from, "is not in the target");
        else if (order > 0)
                tell_row(self, to, "is not in the source");
        else if (!ocore__copied_equal(self->table, from, to))
                tell_difference(self, from, to);
        if (order != 0 || !ocore__copied_equal(self->table, from, to))
                self->progress.differences++;
        self->progress.rows += order <= 0;
        self->from.at += order <= 0;
        self->to.at += order >= 0;
}

static int compare_table(job *self)
{
        for (;;) {
                const ocore__copied *from, *to;
                int status = peek(self, &self->from, &from);

                if (!status)
                        status = peek(self, &self->to, &to);
                if (!status && !from && !to)
                        return report(self);
                if (!status) {
                        compare_rows(self, from, to);
                        if (used_up(&self->from) || used_up(&self->to))
                                status = report(self);
                }
                if (status)
                        return status;
        }
}

static void cursor_init(cursor *side, const job *self, const ocore_store *store, const char *name)
{
        side->store = store;
        side->name = name;
        for (int i = 0; i < 2; i++)
                ocore__arena_init(&side->arenas[i], &self->config.allocator, CHUNK);
}

static void cursor_finish(cursor *side)
{
        for (int i = 0; i < 2; i++)
                ocore__arena_finish(&side->arenas[i]);
}

/* Every table in turn, by one of the two walks. */
static int walk(job *self, int (*each)(job *))
{
        const ocore_schema *schema = &ocore__schema;
        const size_t rows = (size_t)self->config.page_rows;
        int status = OCORE_OK;

        cursor_init(&self->from, self, &self->config.from, "source");
        cursor_init(&self->to, self, &self->config.to, "target");
        ocore__arena_init(&self->work, &self->config.allocator, CHUNK);
        self->writes = ocore__arena_zero(&self->work, rows, sizeof *self->writes);
        self->reads = ocore__arena_zero(&self->work, rows, sizeof *self->reads);
        self->found = ocore__arena_zero(&self->work, rows, sizeof *self->found);
        if (!self->writes || !self->reads || !self->found)
                status = OCORE_NOMEM;
        if (!status)
                status = store_status(self->config.from.ops->open(self->config.from.self, schema));
        if (!status)
                status = store_status(self->config.to.ops->open(self->config.to.self, schema));
        self->progress.table_count = (int64_t)schema->table_count;
        for (size_t i = 0; !status && i < schema->table_count; i++) {
                self->table = schema->tables[i];
                self->progress.table = ocore_str_of(self->table->name);
                self->progress.table_index = (int64_t)i;
                self->from.count = self->from.at = self->to.count = self->to.at = 0;
                self->from.ended = self->to.ended = 0;
                status = each(self);
        }
        cursor_finish(&self->from);
        cursor_finish(&self->to);
        ocore__arena_finish(&self->work);
        return status;
}

static int store_usable(const ocore_store *store)
{
        const ocore_store_ops *ops = store->ops;

        return ops && ops->struct_size >= offsetof(ocore_store_ops, message) && ops->open &&
               ops->read && ops->write;
}

/* What a newer program has set and this library does not know must not be passed over. */
static int config_take(const ocore_copy_config *config, ocore_copy_config *out)
{
        size_t known;

        if (!config || config->struct_size < offsetof(ocore_copy_config, progress) ||
                config->struct_size > sizeof *out * 16)
                return OCORE_INVALID;
        known = config->struct_size < sizeof *out ? config->struct_size : sizeof *out;
        for (size_t i = known; i < config->struct_size; i++)
                if (((const char *)config)[i])
                        return OCORE_INVALID;
        memcpy(out, config, known);
        if (!out->page_rows)
                out->page_rows = PAGE_ROWS;
        if (out->page_rows < 1 || out->page_rows > PAGE_ROWS_MAX || !store_usable(&out->from) ||
                !store_usable(&out->to) ||
                (out->from.ops == out->to.ops && out->from.self == out->to.self))
                return OCORE_INVALID;
        return OCORE_OK;
}

static int run(const ocore_copy_config *config, int (*each)(job *), ocore_copy_progress *out)
{
        job self = {0};
        int status = config_take(config, &self.config);

        if (!status)
                status = walk(&self, each);
        if (!status && self.progress.differences > 0)
                status = OCORE_STATE;
        if (out)
                *out = self.progress;
        return status;
}

int ocore_store_copy(const ocore_copy_config *config, ocore_copy_progress *out)
{
        return run(config, copy_table, out);
}

int ocore_store_compare(const ocore_copy_config *config, ocore_copy_progress *out)
{
        return run(config, compare_table, out);
}
