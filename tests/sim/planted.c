/* Planting damage; see planted.h. */
#include "planted.h"

#include "life.h"

#include "surface/procedures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ocore_table *table_named(const char *name)
{
        for (size_t i = 0; i < ocore__schema.table_count; i++)
                if (strcmp(ocore__schema.tables[i]->name, name) == 0)
                        return ocore__schema.tables[i];
        fail_msg("there is no table %s", name);
        return NULL;
}

static uint32_t column_named(const ocore_table *table, const char *name)
{
        for (uint32_t i = 0; name && i < table->record->column_count; i++)
                if (strcmp(table->record->fields[i].name, name) == 0)
                        return i;
        if (name)
                fail_msg("%s has no column %s", table->name, name);
        return 0;
}

/* The first row of a table that a plant is for, copied. */
typedef struct target {
        const plant *plant;
        uint32_t where;
        ocore_cell cells[OCORE__COLUMNS_MAX];
        size_t count;
        int64_t revision;
        char *texts[OCORE__COLUMNS_MAX];
} target;

static int find_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        target *self = sink;

        (void)read;
        if (self->count ||
                (self->plant->where && (cells[self->where].type != OCORE_CELL_NUMBER ||
                                               cells[self->where].as.number != self->plant->is)))
                return OCORE_OK;
        self->count = count;
        self->revision = revision;
        for (size_t i = 0; i < count; i++) {
                self->cells[i] = cells[i];
                if (cells[i].type == OCORE_CELL_TEXT || cells[i].type == OCORE_CELL_BYTES) {
                        self->texts[i] = malloc(cells[i].as.text.size + 1);
                        assert_non_null(self->texts[i]);
                        if (cells[i].as.text.size)
                                memcpy(self->texts[i], cells[i].as.text.data,
                                        cells[i].as.text.size);
                        self->cells[i].as.text.data = self->texts[i];
                }
        }
        return OCORE_OK;
}

static void damage_cell(target *row, const plant *wanted, const ocore_table *table)
{
        uint32_t column = column_named(table, wanted->column);
        ocore_cell *cell = &row->cells[column];
        uint32_t kind = table->record->fields[column].kind;

        if (wanted->damage == DELETE)
                return;
        if (wanted->damage == SET_TEXT)
                *cell = ocore__cell_text(ocore_str_of("XXX"));
        else if (wanted->damage == SET_ID || kind == OCORE_FIELD_ID)
                *cell = ocore__cell_id(life_id(wanted->value));
        else if (wanted->damage == ADD)
                cell->as.number += wanted->value;
        else if (wanted->value == 0 && (table->record->fields[column].flags & OCORE_FIELD_NULLABLE))
                *cell = ocore__cell_none();
        else
                *cell = ocore__cell_number(wanted->value);
}

void planted_damage(const ocore_store *store, const plant *wanted)
{
        const ocore_table *table = table_named(wanted->table);
        const ocore_cell tenant = ocore__cell_number(0);
        const ocore_read read = {.table = table, .prefix = &tenant, .prefix_count = 1};
        target row = {.plant = wanted, .where = column_named(table, wanted->where)};
        ocore_write write = {.table = table, .cells = row.cells};
        ocore_refusal refusal = {0};

        assert_int_equal(store->ops->read(store->self, &read, 1, find_row, &row), OCORE_OK);
        if (!row.count)
                fail_msg("no row of %s to damage", wanted->table);
        damage_cell(&row, wanted, table);
        write.kind = wanted->damage == DELETE ? OCORE_WRITE_DELETE
                     : wanted->damage == COPY ? OCORE_WRITE_INSERT
                                              : OCORE_WRITE_UPDATE;
        write.cell_count = wanted->damage == DELETE ? table->key_count : (uint32_t)row.count;
        write.revision = wanted->damage == COPY ? 0 : row.revision;
        assert_int_equal(store->ops->write(store->self, &write, 1, &refusal), OCORE_OK);
        for (size_t i = 0; i < OCORE__COLUMNS_MAX; i++)
                free(row.texts[i]);
}

int planted_collect(void *user_data, const ocore_finding *finding)
{
        findings *self = user_data;

        self->count++;
        self->matching += ocore_str_equal(finding->invariant, ocore_str_of(self->wanted));
        if (self->used < sizeof self->text)
                self->used += (size_t)snprintf(self->text + self->used,
                        sizeof self->text - self->used, "  %.*s %.*s: %.*s\n",
                        (int)finding->invariant.size, finding->invariant.data,
                        (int)finding->subject.size, finding->subject.data,
                        (int)finding->message.size, finding->message.data);
        return 0;
}

int planted_is_named(ocore_core *core, const ocore_store *store, const plant *one, size_t number)
{
        findings before = {.wanted = ""}, after = {.wanted = one->invariant};
        int64_t count;
        int status = ocore_verify(core, planted_collect, &before, &count), named;

        if (status)
                fail_msg("before any damage:\n%s", before.text);
        planted_damage(store, one);
        status = ocore_verify(core, planted_collect, &after, &count);
        named = status == OCORE_CORRUPT && after.matching && count == after.count;
        if (!named)
                print_error("plant %zu, %s of %s: %s was not found; status %d:\n%s", number,
                        one->column ? one->column : "a row", one->table, one->invariant, status,
                        after.text);
        assert_int_equal(ocore_verify(core, NULL, NULL, &count), OCORE_CORRUPT);
        assert_int_equal(count, after.count);
        return named;
}
