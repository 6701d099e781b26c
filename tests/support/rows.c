/* Groups of rows made by hand; see rows.h. */
#include "rows.h"

const ocore__group *test_group(
        test_rows *out, const ocore_table *table, const void *rows, size_t count)
{
        const char *row = rows;

        *out = (test_rows){.group = {.table = table, .loaded = 1, .count = count}};
        assert_true(count <= TEST_ROWS_MAX);
        for (size_t i = 0; i < count; i++, row += table->record->size) {
                ocore__entry *entry = &out->entries[i];

                *entry = (ocore__entry){
                        .group = &out->group, .key = row, .stored = row, .row = row, .revision = 1};
                if (out->group.last) {
                        assert_true(ocore__row_compare(table, out->group.last->key, row) < 0);
                        out->group.last->next = entry;
                } else {
                        out->group.first = entry;
                }
                out->group.last = entry;
        }
        return &out->group;
}

enum { TENANT = 1 };

void test_insert(test_world *world, const ocore_table *table, const void *row)
{
        ocore_cell cells[OCORE__COLUMNS_MAX];
        const ocore_write write = {.table = table,
                .cells = cells,
                .kind = OCORE_WRITE_INSERT,
                .cell_count = (uint32_t)table->record->column_count};
        ocore_refusal refusal;

        ocore__row_to_cells(table->record, TENANT, row, write.cell_count, cells);
        assert_int_equal(world->store.ops->write(world->store.self, &write, 1, &refusal), OCORE_OK);
}

static int take_revision(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        (void)read;
        (void)cells;
        (void)count;
        *(int64_t *)sink = revision;
        return OCORE_OK;
}

int64_t test_revision(test_world *world, const ocore_table *table, const void *row)
{
        ocore_cell cells[OCORE__COLUMNS_MAX];
        const ocore_read read = {.table = table, .prefix = cells, .prefix_count = table->key_count};
        int64_t revision = 0;

        ocore__row_to_cells(table->record, TENANT, row, read.prefix_count, cells);
        assert_int_equal(
                world->store.ops->read(world->store.self, &read, 1, take_revision, &revision),
                OCORE_OK);
        return revision;
}
