/*
 * The payload of a BATCH record: the writes of a batch one behind the other, and carrying them out
 * again. A record may come from a damaged or hostile file: everything in it is checked before the
 * memory store, which trusts its caller, sees it.
 *
 *      kind     1 byte, OCORE_WRITE_…
 *      table    number
 *      revision number; not of an ADD
 *      size     4 bytes, little-endian
 *      cells    so many bytes of the codec: all columns, or the key
 *      adds     of an ADD: how many, and of each the column, the amount, the floor
 *
 * A number is LEB128, those that may be negative folded by zigzag.
 */
#include "base/endian.h"
#include "base/text.h"
#include "journal_store.h"
#include "record/codec.h"
#include "record/record.h"

#include <string.h>

enum { NUMBER_ROOM = 10, SIZE_ROOM = 4 };

static uint64_t fold(int64_t number)
{
        return (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);
}

static int64_t unfold(uint64_t folded)
{
        uint64_t number = folded >> 1 ^ (0 - (folded & 1));

        return number <= (uint64_t)INT64_MAX ? (int64_t)number : -(int64_t)~number - 1;
}

static uint8_t *write_number(uint8_t *out, uint64_t number)
{
        for (; number > 0x7f; number >>= 7)
                *out++ = (uint8_t)(number | 0x80);
        *out++ = (uint8_t)number;
        return out;
}

int ocore__journal_put_number(ocore__journal *store, uint64_t number)
{
        ocore__bytes *out = &store->out;

        if (ocore__bytes_ensure(store, out, NUMBER_ROOM) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for a record");
        out->used = (size_t)(write_number(out->data + out->used, number) - out->data);
        return OCORE_OK;
}

int ocore__journal_get_number(ocore__journal_reader *reader, uint64_t *out)
{
        unsigned shift = 0;

        *out = 0;
        while (reader->p < reader->end && shift < 64) {
                uint8_t byte = *reader->p++;

                if (shift == 63 && byte > 1)
                        return 0;
                *out |= (uint64_t)(byte & 0x7f) << shift;
                if (byte < 0x80)
                        return byte > 0 || shift == 0;
                shift += 7;
        }
        return 0;
}

/* The cells of a write behind `out`, for which there is room; returns what follows. */
static uint8_t *write_cells(const ocore_write *write, uint8_t *out, size_t bound)
{
        size_t size = ocore__cells_put(write->cells, 0, write->cell_count, out + SIZE_ROOM, bound);

        out[0] = (uint8_t)size;
        out[1] = (uint8_t)(size >> 8);
        out[2] = (uint8_t)(size >> 16);
        out[3] = (uint8_t)(size >> 24);
        return out + SIZE_ROOM + size;
}

int ocore__journal_put_write(ocore__journal *store, const ocore_write *write)
{
        int64_t revision = write->revision;
        ocore__bytes *out = &store->out;
        size_t bound;
        uint8_t *p;
        uint32_t n;

        if (write->kind == OCORE_WRITE_CHECK)
                return OCORE_OK;
        if (write->kind == OCORE_WRITE_INSERT && revision <= 0)
                revision = 1;
        bound = ocore__cells_bound(write->cells, write->cell_count);
        if (bound > OCORE_JOURNAL_RECORD_MAX || out->used > OCORE_JOURNAL_RECORD_MAX)
                return ocore__journal_fail(store, OCORE_STORE,
                        "the write is larger than a record of the journal may be");
        if (ocore__bytes_ensure(store, out,
                    bound + SIZE_ROOM + 4 * NUMBER_ROOM +
                            3 * NUMBER_ROOM * (size_t)write->add_count) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for a record");
        p = out->data + out->used;
        *p++ = (uint8_t)write->kind;
        p = write_number(p, write->table->number);
        if (write->kind != OCORE_WRITE_ADD)
                p = write_number(p, (uint64_t)revision);
        p = write_cells(write, p, bound);
        if (write->kind == OCORE_WRITE_ADD)
                p = write_number(p, write->add_count);
        for (n = 0; write->kind == OCORE_WRITE_ADD && n < write->add_count; n++) {
                const ocore_add *add = &write->adds[n];

                p = write_number(p, add->column);
                p = write_number(p, fold(add->amount));
                p = write_number(p, add->amount > 0 ? 0 : fold(add->floor));
        }
        out->used = (size_t)(p - out->data);
        return OCORE_OK;
}

/* 1 if the cells can be those of a row of the table, or of its key. */
static int check_cells(const ocore_table *table, ocore_cell *cells, uint32_t count, uint32_t logged)
{
        uint32_t n;

        for (n = 0; n < count; n++) {
                const ocore_field *field = ocore_record_field(table->record, n);

                if (n >= logged) {
                        if (cells[n].type != OCORE_CELL_NULL)
                                return 0;
                        cells[n] = ocore__cell_default(field);
                } else if (cells[n].type == OCORE_CELL_NULL) {
                        if (n < table->key_count)
                                return 0;
                } else if (cells[n].type != ocore_cell_type(field->kind) ||
                           (cells[n].type == OCORE_CELL_TEXT &&
                                   !ocore__text_is_utf8(cells[n].as.text))) {
                        return 0;
                }
        }
        return 1;
}

static int read_cells(ocore__journal *store, ocore__journal_reader *reader, ocore_write *write)
{
        uint32_t logged =
                ((const uint32_t *)(const void *)store->logged.data)[write->table->number];
        ocore_cell *cells = (ocore_cell *)(void *)store->cells.data;
        size_t size;

        if (reader->end - reader->p < SIZE_ROOM)
                return 0;
        size = (size_t)reader->p[0] | (size_t)reader->p[1] << 8 | (size_t)reader->p[2] << 16 |
               (size_t)reader->p[3] << 24;
        reader->p += SIZE_ROOM;
        if (size > (size_t)(reader->end - reader->p))
                return 0;
        write->cell_count = write->kind == OCORE_WRITE_INSERT || write->kind == OCORE_WRITE_UPDATE
                                    ? (uint32_t)write->table->record->column_count
                                    : write->table->key_count;
        if (ocore__cells_decode(reader->p, size, cells, 0, write->cell_count) != OCORE_OK ||
                !check_cells(write->table, cells, write->cell_count, logged))
                return 0;
        reader->p += size;
        write->cells = cells;
        return 1;
}

/* 1 if an ADD may change the column: a number outside the key and every index. */
static int may_add(const ocore_table *table, uint64_t column, uint32_t logged)
{
        uint32_t n;
        uint32_t at;

        if (column < table->key_count || column >= logged ||
                ocore_cell_type(ocore_record_field(table->record, (size_t)column)->kind) !=
                        OCORE_CELL_NUMBER)
                return 0;
        for (n = 0; n < table->index_count; n++) {
                for (at = 0; at < table->indexes[n].column_count; at++) {
                        if (table->indexes[n].columns[at] == column)
                                return 0;
                }
        }
        return 1;
}

static int read_adds(ocore__journal *store, ocore__journal_reader *reader, ocore_write *write)
{
        uint32_t logged =
                ((const uint32_t *)(const void *)store->logged.data)[write->table->number];
        ocore_add *adds;
        uint64_t count;
        uint64_t n;

        /* Each takes three bytes at least, so that the room asked for is bounded by the record. */
        if (!ocore__journal_get_number(reader, &count) ||
                count > (uint64_t)(reader->end - reader->p) / 3)
                return OCORE_CORRUPT;
        store->adds.used = 0;
        if (ocore__bytes_ensure(store, &store->adds, ((size_t)count + 1) * sizeof *adds) !=
                OCORE_OK)
                return OCORE_NOMEM;
        adds = (ocore_add *)(void *)store->adds.data;
        for (n = 0; n < count; n++) {
                uint64_t column;
                uint64_t amount;
                uint64_t least;

                if (!ocore__journal_get_number(reader, &column) ||
                        !ocore__journal_get_number(reader, &amount) ||
                        !ocore__journal_get_number(reader, &least) ||
                        !may_add(write->table, column, logged))
                        return OCORE_CORRUPT;
                adds[n] = (ocore_add){unfold(amount), unfold(least), (uint32_t)column, 0};
        }
        write->adds = adds;
        write->add_count = (uint32_t)count;
        return OCORE_OK;
}

static int read_write(ocore__journal *store, ocore__journal_reader *reader, ocore_write *write)
{
        const ocore_schema *schema = store->at.schema;
        size_t tables = store->logged.used / sizeof(uint32_t);
        uint64_t number;
        uint64_t revision = 0;

        memset(write, 0, sizeof *write);
        write->kind = *reader->p++;
        if (write->kind < OCORE_WRITE_INSERT || write->kind > OCORE_WRITE_ADD ||
                write->kind == OCORE_WRITE_CHECK || !ocore__journal_get_number(reader, &number) ||
                number >= tables)
                return OCORE_CORRUPT;
        write->table = schema->tables[number];
        if (write->kind != OCORE_WRITE_ADD && (!ocore__journal_get_number(reader, &revision) ||
                                                      revision == 0 || revision > INT64_MAX))
                return OCORE_CORRUPT;
        write->revision = (int64_t)revision;
        if (!read_cells(store, reader, write))
                return OCORE_CORRUPT;
        return write->kind == OCORE_WRITE_ADD ? read_adds(store, reader, write) : OCORE_OK;
}

int ocore__journal_replay(ocore__journal *store, const uint8_t *payload, size_t size)
{
        ocore__journal_reader reader = {payload, payload + size};
        int status = OCORE_OK;

        /* One by one is the same as all at once: a batch is carried out in its order, and one that
         * is refused here is of no use anyway. */
        while (status == OCORE_OK && reader.p < reader.end) {
                ocore_refusal refusal;
                ocore_write write;

                status = read_write(store, &reader, &write);
                if (status == OCORE_OK)
                        status = ocore__memory_write(
                                ocore__journal_memory(store), &write, 1, &refusal);
        }
        return status == OCORE_OK || status == OCORE_NOMEM ? status : OCORE_CORRUPT;
}
