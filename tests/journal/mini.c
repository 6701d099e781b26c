/* A schema of two small tables; see mini.h. */
#include "mini.h"

#include <stdlib.h>

#define FIELD(name, kind, flags)                                                                   \
        {                                                                                          \
                name, "", NULL, OCORE_FIELD_##kind, flags, OCORE_FIELD_NOWHERE, 0                  \
        }

static const ocore_field box_fields[] = {
        FIELD("tenant", INTEGER, 0),
        FIELD("code", TEXT, 0),
        FIELD("label", TEXT, 0),
        FIELD("count", INTEGER, 0),
        FIELD("note", TEXT, 0),
        FIELD("owner", ID, 0),
        FIELD("place", TEXT, OCORE_FIELD_NULLABLE),
        FIELD("room", INTEGER, OCORE_FIELD_NULLABLE),
};
static const ocore_field odd_fields[] = {
        FIELD("tenant", INTEGER, 0),
        FIELD("code", TEXT, 0),
        FIELD("label", INTEGER, 0),
        FIELD("count", INTEGER, 0),
};
static const ocore_field shelf_fields[] = {
        FIELD("tenant", INTEGER, 0),
        FIELD("number", INTEGER, 0),
};
static const ocore_record box_first = {"box", box_fields, sizeof box_fields[0], 4, 4, 0};
static const ocore_record box_second = {"box", box_fields, sizeof box_fields[0], 8, 8, 0};
static const ocore_record box_odd = {"box", odd_fields, sizeof odd_fields[0], 4, 4, 0};
static const ocore_record shelf = {"shelf", shelf_fields, sizeof shelf_fields[0], 2, 2, 0};

static const uint32_t by_label[] = {BOX_TENANT, BOX_LABEL};
static const uint32_t by_place[] = {BOX_TENANT, BOX_PLACE};
static const ocore_index box_indexes[] = {
        {"box_by_label", by_label, 2, OCORE_INDEX_UNIQUE},
        {"box_by_place", by_place, 2, OCORE_INDEX_SPARSE},
};

static const ocore_table first = {"box", &box_first, box_indexes, 2, 1, 0, 1, 0, 0};
static const ocore_table second = {"box", &box_second, box_indexes, 2, 2, 0, 1, 0, 0};
static const ocore_table other_key = {"box", &box_first, NULL, 3, 0, 0, 1, 0, 0};
static const ocore_table other_type = {"box", &box_odd, NULL, 2, 0, 0, 1, 0, 0};
static const ocore_table shelves = {"shelf", &shelf, NULL, 2, 0, 1, 1, 0, 0};

static const ocore_table *const first_tables[] = {&first};
static const ocore_table *const second_tables[] = {&second, &shelves};
static const ocore_table *const wide_tables[] = {&second};
static const ocore_table *const key_tables[] = {&other_key};
static const ocore_table *const type_tables[] = {&other_type};

const ocore_schema mini_first = {first_tables, 1, 1, 4711};
const ocore_schema mini_second = {second_tables, 2, 2, 4711};
const ocore_schema mini_foreign = {first_tables, 1, 1, 4712};
const ocore_schema mini_other_key = {key_tables, 1, 1, 4711};
const ocore_schema mini_other_type = {type_tables, 1, 1, 4711};
const ocore_schema mini_wide = {wide_tables, 1, 1, 4711};

static ocore_cell number_cell(int64_t number)
{
        return (ocore_cell){.type = OCORE_CELL_NUMBER, .as.number = number};
}

static ocore_cell text_cell(const char *text)
{
        return (ocore_cell){.type = OCORE_CELL_TEXT, .as.text = {text, strlen(text)}};
}

void mini_box(mini_row *row, int64_t number, int64_t count)
{
        memset(row, 0, sizeof *row);
        snprintf(row->code, sizeof row->code, "C%lld", (long long)number);
        snprintf(row->label, sizeof row->label, "label %lld", (long long)number);
        row->cells[BOX_TENANT] = number_cell(1);
        row->cells[BOX_CODE] = text_cell(row->code);
        row->cells[BOX_LABEL] = text_cell(row->label);
        row->cells[BOX_COUNT] = number_cell(count);
        row->cells[BOX_NOTE] = text_cell("");
        row->cells[BOX_OWNER].type = OCORE_CELL_ID;
}

ocore_write mini_write(
        const ocore_schema *schema, uint32_t kind, const mini_row *row, int64_t revision)
{
        const ocore_table *table = schema->tables[0];
        const int whole = kind == OCORE_WRITE_INSERT || kind == OCORE_WRITE_UPDATE;

        return (ocore_write){.table = table,
                .cells = row->cells,
                .revision = revision,
                .kind = kind,
                .cell_count = whole ? (uint32_t)table->record->column_count : table->key_count};
}

int mini_do(ocore_store store, const ocore_schema *schema, uint32_t kind, int64_t number,
        int64_t count, int64_t revision)
{
        ocore_refusal refusal;
        ocore_write write;
        mini_row row;

        mini_box(&row, number, count);
        write = mini_write(schema, kind, &row, revision);
        return store.ops->write(store.self, &write, 1, &refusal);
}

int mini_add(ocore_store store, const ocore_schema *schema, int64_t number, int64_t amount)
{
        const ocore_add add = {amount, INT64_MIN, BOX_COUNT, 0};
        ocore_refusal refusal;
        ocore_write write;
        mini_row row;

        mini_box(&row, number, 0);
        write = mini_write(schema, OCORE_WRITE_ADD, &row, 0);
        write.adds = &add;
        write.add_count = 1;
        return store.ops->write(store.self, &write, 1, &refusal);
}

typedef struct got {
        int64_t rows;
        int64_t count;
        int64_t revision;
} got;

static int take_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        got *self = sink;

        (void)read;
        (void)count;
        self->rows++;
        self->revision = revision;
        self->count = cells[BOX_COUNT].as.number;
        return OCORE_OK;
}

int64_t mini_get(ocore_store store, const ocore_schema *schema, int64_t number, int64_t *revision)
{
        got self = {0, 0, 0};
        ocore_read read = {.table = schema->tables[0], .prefix_count = 2};
        mini_row row;

        mini_box(&row, number, 0);
        read.prefix = row.cells;
        if (store.ops->read(store.self, &read, 1, take_row, &self) != OCORE_OK)
                return -2;
        if (revision)
                *revision = self.revision;
        return self.rows == 1 ? self.count : -1;
}

int64_t mini_count(ocore_store store, const ocore_schema *schema)
{
        const ocore_read read = {.table = schema->tables[0]};
        got self = {0, 0, 0};

        return store.ops->read(store.self, &read, 1, take_row, &self) == OCORE_OK ? self.rows : -1;
}

const char *mini_words(ocore_store store)
{
        int64_t code;

        return store.ops->message(store.self, &code);
}
