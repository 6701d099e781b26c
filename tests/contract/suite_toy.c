/* The toy schema of the conformance suite, and short ways to write its cells, rows and calls. */
#include "suite_private.h"

#include <string.h>

#define FIELD(text, sort, choices, flag)                                                           \
        {                                                                                          \
                .name = (text), .note = "a toy", .of = (choices), .kind = (sort), .flags = (flag), \
                .offset = OCORE_FIELD_NOWHERE                                                      \
        }
/* A text of a key or an index says how long it can be: some engines must know. */
#define INDEXED(text, flag)                                                                        \
        {                                                                                          \
                .name = (text), .note = "a toy", .limit = TOY_KEY_BYTES, .kind = OCORE_FIELD_TEXT, \
                .flags = (flag), .offset = OCORE_FIELD_NOWHERE                                     \
        }

static const ocore_choice states[] = {{"new", 1}, {"done", 2}, {NULL, 0}};

/* "order" and "group" are words that SQL keeps for itself. */
static const ocore_field bin_fields[] = {
        FIELD("tenant", OCORE_FIELD_INTEGER, NULL, 0),
        INDEXED("code", 0),
        FIELD("order", OCORE_FIELD_UNITS, NULL, 0),
        FIELD("held", OCORE_FIELD_AMOUNT, NULL, 0),
        FIELD("note", OCORE_FIELD_TEXT, NULL, OCORE_FIELD_NULLABLE),
        FIELD("owner", OCORE_FIELD_ID, NULL, OCORE_FIELD_NULLABLE),
        FIELD("photo", OCORE_FIELD_BYTES, NULL, OCORE_FIELD_NULLABLE),
        FIELD("extra", OCORE_FIELD_INTEGER, NULL, 0),
        FIELD("hint", OCORE_FIELD_TEXT, NULL, OCORE_FIELD_NULLABLE),
};
static const ocore_field item_fields[] = {
        FIELD("tenant", OCORE_FIELD_INTEGER, NULL, 0),
        FIELD("owner", OCORE_FIELD_ID, NULL, 0),
        FIELD("line", OCORE_FIELD_INTEGER, NULL, 0),
        INDEXED("sku", 0),
        FIELD("state", OCORE_FIELD_CHOICE, states, 0),
        FIELD("due_us", OCORE_FIELD_TIME, NULL, OCORE_FIELD_NULLABLE),
        INDEXED("name", OCORE_FIELD_NULLABLE),
        FIELD("count", OCORE_FIELD_INTEGER, NULL, 0),
        FIELD("memo", OCORE_FIELD_BYTES, NULL, 0),
};
static const ocore_field group_fields[] = {
        FIELD("tenant", OCORE_FIELD_INTEGER, NULL, 0),
        FIELD("place", OCORE_FIELD_INTEGER, NULL, 0),
        FIELD("slot", OCORE_FIELD_INTEGER, NULL, 0),
        FIELD("label", OCORE_FIELD_ID, NULL, 0),
};

#define RECORD(text, list, columns)                                                                \
        {                                                                                          \
                .name = (text), .fields = (list), .field_stride = sizeof(ocore_field),             \
                .field_count = sizeof(list) / sizeof((list)[0]), .column_count = (columns)         \
        }

static const ocore_record bin_record = RECORD("bin", bin_fields, BIN_COLUMNS);
static const ocore_record bin_grown_record = RECORD("bin", bin_fields, BIN_GROWN_COLUMNS);
static const ocore_record item_record = RECORD("item", item_fields, ITEM_COLUMNS);
static const ocore_record group_record = RECORD("group", group_fields, GROUP_COLUMNS);

static const uint32_t by_sku[] = {ITEM_TENANT, ITEM_SKU};
static const uint32_t by_due[] = {ITEM_TENANT, ITEM_DUE};
static const uint32_t by_name[] = {ITEM_TENANT, ITEM_NAME};
static const uint32_t by_state[] = {ITEM_TENANT, ITEM_STATE, ITEM_DUE};
static const uint32_t by_owner[] = {ITEM_TENANT, ITEM_SKU, ITEM_OWNER};
static const uint32_t by_slot[] = {GROUP_TENANT, GROUP_SLOT};
static const uint32_t by_label[] = {GROUP_TENANT, GROUP_LABEL};

static const ocore_index item_indexes[] = {
        {"toy_item_by_sku", by_sku, 2, 0},
        {"toy_item_by_due", by_due, 2, OCORE_INDEX_SPARSE},
        {"toy_item_by_name", by_name, 2, OCORE_INDEX_SPARSE | OCORE_INDEX_UNIQUE},
        {"toy_item_by_state", by_state, 3, 0},
        {"toy_item_by_owner", by_owner, 3, 0},
};
static const ocore_index group_indexes[] = {
        {"toy_group_by_slot", by_slot, 2, OCORE_INDEX_UNIQUE},
        {"toy_group_by_label", by_label, 2, 0},
};

static const ocore_table bin = {.name = "toy_bin",
        .record = &bin_record,
        .indexes = NULL,
        .key_count = 2,
        .index_count = 0,
        .number = TOY_BIN,
        .group_count = 1};
static const ocore_table item = {.name = "toy_item",
        .record = &item_record,
        .indexes = item_indexes,
        .key_count = 3,
        .index_count = 4,
        .number = TOY_ITEM,
        .group_count = 2};
static const ocore_table group = {.name = "group",
        .record = &group_record,
        .indexes = group_indexes,
        .key_count = 2,
        .index_count = 1,
        .number = TOY_GROUP,
        .group_count = 1};
static const ocore_table *const tables[] = {&bin, &item, &group};

static const ocore_table bin_grown = {.name = "toy_bin",
        .record = &bin_grown_record,
        .indexes = NULL,
        .key_count = 2,
        .index_count = 0,
        .number = TOY_BIN,
        .group_count = 1};
static const ocore_table item_grown = {.name = "toy_item",
        .record = &item_record,
        .indexes = item_indexes,
        .key_count = 3,
        .index_count = 5,
        .number = TOY_ITEM,
        .group_count = 2};
static const ocore_table group_grown = {.name = "group",
        .record = &group_record,
        .indexes = group_indexes,
        .key_count = 2,
        .index_count = 2,
        .number = TOY_GROUP,
        .group_count = 1};
static const ocore_table later = {.name = "toy_later",
        .record = &bin_record,
        .indexes = NULL,
        .key_count = 2,
        .index_count = 0,
        .number = TOY_LATER,
        .group_count = 1};
static const ocore_table *const grown_tables[] = {&bin_grown, &item_grown, &group_grown, &later};

const ocore_schema ocore__toy_schema = {tables, TOY_TABLES, 1, 0x4f434f52};
const ocore_schema ocore__toy_grown = {grown_tables, TOY_TABLES + 1, 2, 0x4f434f52};

ocore_cell ocore__toy_null(void)
{
        ocore_cell cell;

        memset(&cell, 0, sizeof cell);
        return cell;
}

ocore_cell ocore__toy_number(int64_t number)
{
        ocore_cell cell = ocore__toy_null();

        cell.type = OCORE_CELL_NUMBER;
        cell.as.number = number;
        return cell;
}

ocore_cell ocore__toy_text(const char *text)
{
        ocore_cell cell = ocore__toy_null();

        cell.type = OCORE_CELL_TEXT;
        cell.as.text.data = text;
        cell.as.text.size = strlen(text);
        return cell;
}

ocore_cell ocore__toy_bytes(const void *data, size_t size)
{
        ocore_cell cell = ocore__toy_null();

        cell.type = OCORE_CELL_BYTES;
        cell.as.text.data = data;
        cell.as.text.size = size;
        return cell;
}

ocore_cell ocore__toy_id(uint64_t number)
{
        ocore_cell cell = ocore__toy_null();
        size_t n;

        cell.type = OCORE_CELL_ID;
        for (n = 0; n < 8; n++) {
                cell.as.id.bytes[15 - n] = (uint8_t)(number >> (8 * n));
        }
        return cell;
}

uint32_t ocore__toy_cell_type(const ocore_table *table, size_t column)
{
        switch (table->record->fields[column].kind) {
        case OCORE_FIELD_TEXT: return OCORE_CELL_TEXT;
        case OCORE_FIELD_ID: return OCORE_CELL_ID;
        case OCORE_FIELD_BYTES: return OCORE_CELL_BYTES;
        default: return OCORE_CELL_NUMBER;
        }
}

toy_row ocore__toy_bin(int64_t tenant, const char *code, int64_t order)
{
        toy_row row;

        memset(&row, 0, sizeof row);
        row.cells[BIN_TENANT] = ocore__toy_number(tenant);
        row.cells[BIN_CODE] = ocore__toy_text(code);
        row.cells[BIN_ORDER] = ocore__toy_number(order);
        row.cells[BIN_HELD] = ocore__toy_number(0);
        return row;
}

toy_row ocore__toy_item(int64_t tenant, uint64_t owner, int64_t line, const char *sku)
{
        toy_row row;

        memset(&row, 0, sizeof row);
        row.cells[ITEM_TENANT] = ocore__toy_number(tenant);
        row.cells[ITEM_OWNER] = ocore__toy_id(owner);
        row.cells[ITEM_LINE] = ocore__toy_number(line);
        row.cells[ITEM_SKU] = ocore__toy_text(sku);
        row.cells[ITEM_STATE] = ocore__toy_number(1);
        row.cells[ITEM_COUNT] = ocore__toy_number(0);
        row.cells[ITEM_MEMO] = ocore__toy_bytes("\0\xff memo", 7);
        return row;
}

toy_row ocore__toy_group(int64_t tenant, int64_t place, int64_t slot)
{
        toy_row row;

        memset(&row, 0, sizeof row);
        row.cells[GROUP_TENANT] = ocore__toy_number(tenant);
        row.cells[GROUP_PLACE] = ocore__toy_number(place);
        row.cells[GROUP_SLOT] = ocore__toy_number(slot);
        row.cells[GROUP_LABEL] = ocore__toy_id((uint64_t)slot);
        return row;
}

ocore_write ocore__toy_write(uint32_t kind, uint32_t table, const toy_row *row, int64_t revision)
{
        ocore_write write;

        memset(&write, 0, sizeof write);
        write.kind = kind;
        write.table = table == TOY_LATER ? &later : tables[table];
        write.cells = row->cells;
        write.revision = revision;
        write.cell_count = kind == OCORE_WRITE_INSERT || kind == OCORE_WRITE_UPDATE
                                   ? (uint32_t)write.table->record->column_count
                                   : write.table->key_count;
        return write;
}

ocore_write ocore__toy_add(
        uint32_t table, const toy_row *row, const ocore_add *adds, uint32_t count)
{
        ocore_write write = ocore__toy_write(OCORE_WRITE_ADD, table, row, 0);

        write.adds = adds;
        write.add_count = count;
        return write;
}

ocore_read ocore__toy_read(uint32_t table, uint32_t index, const ocore_cell *prefix, uint32_t count)
{
        ocore_read read;

        memset(&read, 0, sizeof read);
        read.table = table == TOY_LATER ? &later : tables[table];
        read.index = index;
        read.prefix = prefix;
        read.prefix_count = count;
        return read;
}

int ocore__toy_compare(const ocore_cell *a, const ocore_cell *b)
{
        size_t n;

        if (a->type == OCORE_CELL_NULL || b->type == OCORE_CELL_NULL) {
                return (int)(a->type != OCORE_CELL_NULL) - (int)(b->type != OCORE_CELL_NULL);
        }
        if (a->type == OCORE_CELL_NUMBER) {
                return (a->as.number > b->as.number) - (a->as.number < b->as.number);
        }
        if (a->type == OCORE_CELL_ID) {
                return memcmp(a->as.id.bytes, b->as.id.bytes, sizeof a->as.id.bytes);
        }
        for (n = 0; n < a->as.text.size && n < b->as.text.size; n++) {
                int difference =
                        (unsigned char)a->as.text.data[n] - (unsigned char)b->as.text.data[n];

                if (difference != 0) {
                        return difference;
                }
        }
        return (a->as.text.size > b->as.text.size) - (a->as.text.size < b->as.text.size);
}

uint32_t ocore__toy_place_count(const ocore_table *table, uint32_t index)
{
        return index == 0 ? table->key_count
                          : table->indexes[index - 1].column_count + table->key_count;
}

uint32_t ocore__toy_place_column(const ocore_table *table, uint32_t index, uint32_t place)
{
        if (index == 0) {
                return place;
        }
        if (place < table->indexes[index - 1].column_count) {
                return table->indexes[index - 1].columns[place];
        }
        return place - table->indexes[index - 1].column_count;
}
