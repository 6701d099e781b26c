/*
 * The one judge of refused batches; see sql_refuse.h. Rows stand in a table by hash under their
 * key, and once more under their values of each unique index. What stands under values may be out
 * of date, so it counts only while the row still is there and still has them.
 */
#include "sql_refuse.h"

#include "base/arena.h"
#include "record/record.h"
#include "sql_judge.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 4096u

/* A row as it is after the writes that were carried out so far. */
typedef struct line {
        const ocore_cell *cells; /* all columns; the key alone while the row is not there */
        int64_t revision;        /* 0: it is not there */
} line;

/* Under which key (index 0), or values of a unique index, a row was put. */
typedef struct place {
        const ocore_table *table;
        const ocore_cell *cells;
        uint32_t index;
        size_t line;
} place;

typedef struct refuse {
        const ocore_write *writes;
        size_t count;
        ocore_read *reads;
        ocore_cell *values; /* what is asked of unique indexes */
        size_t read_count;
        line *lines;
        size_t line_count;
        size_t line_room;
        place *places;
        size_t place_count;
        size_t *slots; /* 1 + the number of a place; 0: empty */
        size_t slot_count;
        ocore__arena arena; /* copies of rows */
} refuse;

static uint32_t column_count(const ocore_table *table, uint32_t index)
{
        return index == 0 ? table->key_count : table->indexes[index - 1].column_count;
}

static uint32_t column_at(const ocore_table *table, uint32_t index, uint32_t n)
{
        return index == 0 ? n : table->indexes[index - 1].columns[n];
}

static int is_same(
        const ocore_table *table, uint32_t index, const ocore_cell *a, const ocore_cell *b)
{
        uint32_t count = column_count(table, index);
        uint32_t n;

        for (n = 0; n < count; n++) {
                uint32_t column = column_at(table, index, n);

                if (!ocore__cell_equal(&a[column], &b[column]))
                        return 0;
        }
        return 1;
}

/* Can these values of an index be taken at all? Where one is NULL, never. */
static int is_unique(const ocore_table *table, uint32_t index, const ocore_cell *cells)
{
        const ocore_index *unique = &table->indexes[index - 1];
        uint32_t n;

        if ((unique->flags & OCORE_INDEX_UNIQUE) == 0)
                return 0;
        for (n = 0; n < unique->column_count; n++)
                if (cells[unique->columns[n]].type == OCORE_CELL_NULL)
                        return 0;
        return 1;
}

static int sets_values(const ocore_write *write)
{
        return write->kind == OCORE_WRITE_INSERT || write->kind == OCORE_WRITE_UPDATE;
}

/* The slot with a row's place, or the empty one where it belongs. */
static size_t *slot_find(
        const refuse *self, const ocore_table *table, uint32_t index, const ocore_cell *cells)
{
        uint64_t hash = ((uint64_t)table->number << 8) + index;
        uint32_t count = column_count(table, index);
        size_t at;
        uint32_t n;

        for (n = 0; n < count; n++)
                hash = ocore__cell_hash(&cells[column_at(table, index, n)], hash);
        for (at = (size_t)(hash % self->slot_count); self->slots[at] != 0;
                at = (at + 1) % self->slot_count) {
                const place *here = &self->places[self->slots[at] - 1];

                if (here->table == table && here->index == index &&
                        is_same(table, index, here->cells, cells))
                        break;
        }
        return &self->slots[at];
}

static void place_put(refuse *self, const ocore_table *table, uint32_t index,
        const ocore_cell *cells, size_t line_number)
{
        size_t *slot = slot_find(self, table, index, cells);

        if (*slot == 0) {
                *slot = ++self->place_count;
                self->places[*slot - 1] = (place){table, cells, index, line_number};
        }
        self->places[*slot - 1].line = line_number;
}

/* The row becomes this one, also under its values of unique indexes. */
static void line_set(refuse *self, const ocore_table *table, size_t line_number,
        const ocore_cell *cells, int64_t revision)
{
        uint32_t index;

        self->lines[line_number] = (line){cells, revision};
        for (index = 1; index <= table->index_count; index++)
                if (is_unique(table, index, cells))
                        place_put(self, table, index, cells, line_number);
}

/* The number of the row with this key, which so far need not be there. */
static size_t line_number_of(refuse *self, const ocore_table *table, const ocore_cell *key)
{
        size_t slot = *slot_find(self, table, 0, key);

        if (slot != 0)
                return self->places[slot - 1].line;
        self->lines[self->line_count] = (line){key, 0};
        place_put(self, table, 0, key, self->line_count);
        return self->line_count++;
}

/* Columns are those of the table: what a store brings beyond them is not looked at. */
static ocore_cell *cells_copy(refuse *self, const ocore_table *table, const ocore_cell *cells)
{
        size_t count = table->record->column_count;
        ocore_cell *copy = ocore__arena_zero(&self->arena, count + 1, sizeof *copy);
        size_t n;

        for (n = 0; copy != NULL && n < count; n++) {
                copy[n] = cells[n];
                if ((cells[n].type == OCORE_CELL_TEXT || cells[n].type == OCORE_CELL_BYTES) &&
                        cells[n].as.text.size > 0 &&
                        ocore__arena_text(&self->arena, cells[n].as.text, &copy[n].as.text) !=
                                OCORE_OK)
                        return NULL;
        }
        return copy;
}

static int take_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        refuse *self = sink;
        const ocore_table *table = self->reads[read].table;
        size_t slot = *slot_find(self, table, 0, cells);
        ocore_cell *copy;

        /* The same row may answer several look-ups. */
        if (slot != 0 && self->lines[self->places[slot - 1].line].revision != 0)
                return OCORE_OK;
        if (cell_count < table->record->column_count ||
                (slot == 0 && self->line_count == self->line_room))
                return OCORE_CORRUPT;
        copy = cells_copy(self, table, cells);
        if (copy == NULL)
                return OCORE_NOMEM;
        line_set(self, table, line_number_of(self, table, copy), copy, revision);
        return OCORE_OK;
}

static void ask_keys(refuse *self)
{
        size_t n;

        for (n = 0; n < self->count; n++) {
                const ocore_write *write = &self->writes[n];
                ocore_read *read = &self->reads[self->read_count++];

                (void)line_number_of(self, write->table, write->cells);
                read->table = write->table;
                read->prefix = write->cells;
                read->prefix_count = write->table->key_count;
        }
}

static void ask_owners(refuse *self)
{
        ocore_cell *values = self->values;
        size_t n;
        uint32_t index;
        uint32_t i;

        for (n = 0; n < self->count; n++) {
                const ocore_write *write = &self->writes[n];
                const ocore_table *table = write->table;

                for (index = 1; sets_values(write) && index <= table->index_count; index++) {
                        ocore_read *read = &self->reads[self->read_count];

                        if (!is_unique(table, index, write->cells))
                                continue;
                        self->read_count++;
                        read->table = table;
                        read->index = index;
                        read->prefix = values;
                        read->prefix_count = column_count(table, index);
                        for (i = 0; i < read->prefix_count; i++)
                                *values++ = write->cells[column_at(table, index, i)];
                }
        }
}

/* Room for a row and a place under each write and each look-up, twice that for the slots. */
static int refuse_make(refuse *self)
{
        size_t asked = self->count;
        size_t cells = 0;
        size_t unique = 1;
        size_t places;
        size_t n;
        uint32_t index;

        for (n = 0; n < self->count; n++) {
                const ocore_write *write = &self->writes[n];

                if (write->table->index_count >= unique)
                        unique = write->table->index_count + (size_t)1;
                for (index = 1; sets_values(write) && index <= write->table->index_count; index++)
                        if (is_unique(write->table, index, write->cells)) {
                                asked++;
                                cells += column_count(write->table, index);
                        }
        }
        self->line_room = self->count + asked;
        if (self->line_room > (SIZE_MAX / 4 - self->count) / unique)
                return OCORE_NOMEM;
        places = (self->line_room + self->count) * unique;
        self->slot_count = places * 2 + 1;
        self->reads = calloc(asked + 1, sizeof *self->reads);
        self->values = calloc(cells + 1, sizeof *self->values);
        self->lines = calloc(self->line_room + 1, sizeof *self->lines);
        self->places = calloc(places + 1, sizeof *self->places);
        self->slots = calloc(self->slot_count, sizeof *self->slots);
        return self->reads != NULL && self->values != NULL && self->lines != NULL &&
                               self->places != NULL && self->slots != NULL
                       ? OCORE_OK
                       : OCORE_NOMEM;
}

/* 1 with the column when another row has the values of a unique index. */
static int is_taken(const refuse *self, const ocore_write *write, size_t own, uint32_t *column)
{
        const ocore_table *table = write->table;
        uint32_t index;

        for (index = 1; sets_values(write) && index <= table->index_count; index++) {
                const line *owner;
                size_t slot;

                if (!is_unique(table, index, write->cells))
                        continue;
                slot = *slot_find(self, table, index, write->cells);
                if (slot == 0 || self->places[slot - 1].line == own)
                        continue;
                owner = &self->lines[self->places[slot - 1].line];
                if (owner->revision == 0 || !is_same(table, index, owner->cells, write->cells))
                        continue;
                *column = column_at(table, index, column_count(table, index) > 1 ? 1 : 0);
                return 1;
        }
        return 0;
}

/* A write that nothing speaks against. OCORE_OK or OCORE_NOMEM. */
static int carry_out(refuse *self, const ocore_write *write, size_t own)
{
        const line *row = &self->lines[own];
        int64_t next = row->revision < INT64_MAX ? row->revision + 1 : row->revision;
        ocore_cell *sum;
        uint32_t n;

        switch (write->kind) {
        case OCORE_WRITE_INSERT:
                line_set(self, write->table, own, write->cells,
                        write->revision > 0 ? write->revision : 1);
                break;
        case OCORE_WRITE_UPDATE: line_set(self, write->table, own, write->cells, next); break;
        case OCORE_WRITE_DELETE: self->lines[own].revision = 0; break;
        case OCORE_WRITE_ADD:
                sum = cells_copy(self, write->table, row->cells);
                if (sum == NULL)
                        return OCORE_NOMEM;
                for (n = 0; n < write->add_count; n++) {
                        ocore_cell *cell = &sum[write->adds[n].column];
                        int64_t value = cell->type == OCORE_CELL_NUMBER ? cell->as.number : 0;

                        *cell = ocore__cell_number(
                                (int64_t)((uint64_t)value + (uint64_t)write->adds[n].amount));
                }
                line_set(self, write->table, own, sum, next);
                break;
        default: break;
        }
        return OCORE_OK;
}

static int judge_all(refuse *self, ocore_refusal *refusal)
{
        size_t n;
        int status = OCORE_OK;

        for (n = 0; status == OCORE_OK && n < self->count; n++) {
                const ocore_write *write = &self->writes[n];
                size_t own = line_number_of(self, write->table, write->cells);
                const line *row = &self->lines[own];
                uint32_t column = 0;
                uint32_t reason = ocore__sql_judge(write, row->revision, row->cells, &column);

                /* What is wrong with the row comes before what is wrong with its values. */
                if (reason == 0 && is_taken(self, write, own, &column))
                        reason = OCORE_REFUSED_EXISTS;
                if (reason != 0) {
                        *refusal = (ocore_refusal){n, reason, column};
                        return OCORE_CONFLICT;
                }
                status = carry_out(self, write, own);
        }
        return status;
}

int ocore__sql_refuse(const ocore_write *writes, size_t count, ocore__sql_look_fn look, void *store,
        ocore_refusal *refusal)
{
        refuse self = {.writes = writes, .count = count};
        int status;

        *refusal = (ocore_refusal){0, OCORE_REFUSED_CONFLICT, 0};
        ocore__arena_init(&self.arena, NULL, CHUNK_BYTES);
        status = refuse_make(&self);
        if (status == OCORE_OK) {
                ask_keys(&self);
                ask_owners(&self);
                status = look(store, self.reads, self.read_count, take_row, &self);
        }
        if (status == OCORE_OK)
                status = judge_all(&self, refusal);
        free(self.reads);
        free(self.values);
        free(self.lines);
        free(self.places);
        free(self.slots);
        ocore__arena_finish(&self.arena);
        return status;
}
