/*
 * A store of one's own in 150 lines, for authors of stores: the memory store holds the rows and
 * judges the conditions, each write replaces one file. docs/guide/own-store.md walks through it.
 */
#define _XOPEN_SOURCE 700
#include <ordercore/store_suite.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct own {
        char path[1024], fresh[1032];
        int folder; /* where both are: a new name is durable when its folder was synced */
        int down;   /* what the file says is not known */
        const ocore_schema *schema;
        ocore_store rows; /* in memory: what the file says */
        FILE *file;       /* while it is written or read */
        uint32_t table;   /* which one is written */
} own;

/* Before each row in the file; the first of all has the schema's version as its revision. */
typedef struct head {
        int64_t revision;
        uint32_t table, count;
} head;

static size_t bytes_of(const ocore_cell *c)
{
        return c->type == OCORE_CELL_TEXT || c->type == OCORE_CELL_BYTES ? c->as.text.size : 0;
}

static int row_save(void *sink, size_t n, int64_t revision, const ocore_cell *cells, size_t count)
{
        own *self = sink;
        const head before = {revision, self->table, (uint32_t)count};
        fwrite(&before, sizeof before, 1, self->file);
        fwrite(cells, sizeof *cells, count, self->file);
        for (n = 0; n < count; n++)
                if (bytes_of(&cells[n]) > 0)
                        fwrite(cells[n].as.text.data, bytes_of(&cells[n]), 1, self->file);
        return OCORE_OK; /* whether all was written is asked once, at the end */
}

static int save(own *self)
{
        const head version = {self->schema->version, 0, 0};
        self->file = fopen(self->fresh, "wb");
        if (self->file == NULL)
                return 0;
        int good = fwrite(&version, sizeof version, 1, self->file) == 1;
        for (self->table = 0; self->table < self->schema->table_count; self->table++) {
                /* Without a prefix: the rows of all tenants. */
                const ocore_read all = {.table = self->schema->tables[self->table]};
                good &= self->rows.ops->read(self->rows.self, &all, 1, row_save, self) == OCORE_OK;
        }
        good &= fflush(self->file) == 0 && !ferror(self->file) && fsync(fileno(self->file)) == 0;
        good &= fclose(self->file) == 0;
        return good && rename(self->fresh, self->path) == 0 && fsync(self->folder) == 0;
}

static int row_load(own *self, const head *before, char *bytes, const char *end)
{
        ocore_cell cells[256] = {{0}}; /* no table is so wide */
        if (before->table >= self->schema->table_count || before->revision < 1)
                return OCORE_CORRUPT;
        const ocore_table *table = self->schema->tables[before->table];
        const size_t columns = table->record->column_count;
        if (before->count > columns || columns > sizeof cells / sizeof *cells ||
                fread(cells, sizeof *cells, before->count, self->file) != before->count)
                return OCORE_CORRUPT;
        for (size_t n = 0; n < columns; n++) {
                const ocore_field *field = ocore_record_field(table->record, n);
                const uint32_t type = ocore_cell_type(field->kind);
                if (n >= before->count && (field->flags & OCORE_FIELD_NULLABLE) == 0)
                        cells[n].type = type; /* a column that was added since: zero, or empty */
                const size_t size = bytes_of(&cells[n]);
                if ((cells[n].type != type && cells[n].type != OCORE_CELL_NULL) ||
                        size > (size_t)(end - bytes) || fread(bytes, 1, size, self->file) != size)
                        return OCORE_CORRUPT;
                if (type == OCORE_CELL_TEXT || type == OCORE_CELL_BYTES)
                        cells[n].as.text.data = bytes;
                bytes += size;
        }
        const ocore_write write = {
                table, cells, NULL, before->revision, OCORE_WRITE_INSERT, (uint32_t)columns, 0, 0};
        ocore_refusal refusal;
        int status = self->rows.ops->write(self->rows.self, &write, 1, &refusal);
        return status == OCORE_CONFLICT ? OCORE_CORRUPT : status;
}

static int own_open(void *data, const ocore_schema *schema)
{
        own *self = data;
        struct stat about = {.st_size = 0};
        head before;
        self->schema = schema;
        ocore_store_close(self->rows);
        int status = ocore_memory_store(NULL, &self->rows);
        if (status == OCORE_OK)
                status = self->rows.ops->open(self->rows.self, schema);
        if (status != OCORE_OK || (self->file = fopen(self->path, "rb")) == NULL)
                return status != OCORE_OK || errno == ENOENT ? status : OCORE_STORE; /* no rows */
        fstat(fileno(self->file), &about);
        char *bytes = malloc((size_t)about.st_size + 1);
        if (bytes == NULL)
                status = OCORE_NOMEM;
        else if (fread(&before, sizeof before, 1, self->file) != 1)
                status = OCORE_CORRUPT;
        else if (before.revision > schema->version)
                status = OCORE_VERSION_MISMATCH;
        while (status == OCORE_OK && fread(&before, sizeof before, 1, self->file) == 1)
                status = row_load(self, &before, bytes, bytes + about.st_size);
        free(bytes);
        fclose(self->file);
        return status;
}

static int own_read(void *data, const ocore_read *reads, size_t count, ocore_row_fn emit, void *to)
{
        own *self = data;
        return self->down ? OCORE_STORE
                          : self->rows.ops->read(self->rows.self, reads, count, emit, to);
}

static int own_write(void *data, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        own *self = data;
        int status = self->down ? OCORE_STORE
                                : self->rows.ops->write(self->rows.self, writes, count, refusal);
        if (status == OCORE_OK && !save(self)) {
                self->down = 1; /* before it or behind it: whoever opens the file anew will see */
                status = OCORE_UNKNOWN;
        }
        return status;
}

static void own_close(void *data)
{
        own *self = data;
        if (self != NULL) {
                ocore_store_close(self->rows);
                close(self->folder);
        }
        free(self);
}

OCORE_API int ocore_store_open_plugin(const char *argument, ocore_store *out)
{
        static const ocore_store_ops ops = {sizeof ops, "own", own_open, own_read, own_write,
                own_close, NULL, OCORE_DURABLE_POWER};
        own *self = calloc(1, sizeof *self);
        *out = (ocore_store){NULL, NULL};
        if (self == NULL || snprintf(self->path, sizeof self->path, "%s", argument) > 1023)
                return free(self), OCORE_NOMEM;
        snprintf(self->fresh, sizeof self->fresh, "%s", argument);
        self->folder = open(dirname(self->fresh), O_RDONLY | O_CLOEXEC);
        snprintf(self->fresh, sizeof self->fresh, "%s.new", argument);
        if (self->folder < 0)
                return free(self), OCORE_STORE;
        *out = (ocore_store){&ops, self};
        return OCORE_OK;
}
