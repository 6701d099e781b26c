/*
 * Values to and from the binary format of PostgreSQL's protocol. What the server says is checked
 * value by value before anyone sees it.
 */
#include "postgres_store.h"

#include "base/endian.h"
#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The type numbers of PostgreSQL's catalogue, fixed for ever. */
enum { OID_BYTEA = 17, OID_BIGINT = 20, OID_TEXT = 25, OID_UUID = 2950 };

enum { ID_SIZE = sizeof(ocore_id) };

static Oid type_of(uint32_t cell_type)
{
        switch (cell_type) {
        case OCORE_CELL_NUMBER: return OID_BIGINT;
        case OCORE_CELL_TEXT: return OID_TEXT;
        case OCORE_CELL_ID: return OID_UUID;
        default: return OID_BYTEA;
        }
}

void ocore__pg_parameters_free(ocore__pg *store)
{
        ocore__pg_parameters *to = &store->parameters;

        free(to->bytes);
        free(to->values);
        free(to->sizes);
        free(to->formats);
        free(to->places);
        memset(to, 0, sizeof *to);
}

void ocore__pg_parameters_clear(ocore__pg *store)
{
        ocore__pg_parameters *to = &store->parameters;

        to->used = 0;
        to->count = 0;
        to->array = SIZE_MAX;
        to->failed = OCORE_OK;
}

/* Room for more bytes; NULL when there is no memory. */
static uint8_t *bytes_take(ocore__pg_parameters *to, size_t size)
{
        if (to->failed != OCORE_OK)
                return NULL;
        if (size > to->room - to->used) {
                size_t room = to->room > 0 ? to->room : 4096;
                uint8_t *bytes;

                while (room <= SIZE_MAX / 4 && room - to->used < size)
                        room *= 2;
                bytes = room - to->used >= size ? realloc(to->bytes, room) : NULL;
                if (bytes == NULL) {
                        to->failed = OCORE_NOMEM;
                        return NULL;
                }
                to->bytes = bytes;
                to->room = room;
        }
        to->used += size;
        return to->bytes + (to->used - size);
}

static int resize(void *list, size_t count, size_t size)
{
        void *old;
        void *grown;

        memcpy(&old, list, sizeof old);
        grown = realloc(old, count * size);
        if (grown == NULL)
                return OCORE_NOMEM;
        memcpy(list, &grown, sizeof grown);
        return OCORE_OK;
}

/* The array is the parameter that was taken last: it ends where the next one begins. */
static void array_end(ocore__pg_parameters *to)
{
        size_t size;

        if (to->array == SIZE_MAX || to->failed != OCORE_OK)
                return;
        size = to->used - to->array;
        if (size > INT_MAX)
                to->failed = OCORE_STORE;
        else
                to->sizes[to->count - 1] = (int)size;
        to->array = SIZE_MAX;
}

/* The next parameter's number, SIZE_MAX when there is no memory. */
static size_t parameter_take(ocore__pg_parameters *to)
{
        array_end(to);
        if (to->failed != OCORE_OK)
                return SIZE_MAX;
        if (to->count == to->count_room) {
                size_t room = to->count_room + 64;
                size_t n;

                if (resize(&to->values, room, sizeof *to->values) != OCORE_OK ||
                        resize(&to->sizes, room, sizeof *to->sizes) != OCORE_OK ||
                        resize(&to->formats, room, sizeof *to->formats) != OCORE_OK ||
                        resize(&to->places, room, sizeof *to->places) != OCORE_OK) {
                        to->failed = OCORE_NOMEM;
                        return SIZE_MAX;
                }
                for (n = to->count_room; n < room; n++)
                        to->formats[n] = 1;
                to->count_room = room;
        }
        to->sizes[to->count] = 0;
        to->values[to->count] = NULL;
        to->places[to->count] = SIZE_MAX;
        return to->count++;
}

void ocore__pg_put_number(ocore__pg *store, int64_t number)
{
        ocore__pg_parameters *to = &store->parameters;
        size_t n = parameter_take(to);
        uint8_t *bytes = n != SIZE_MAX ? bytes_take(to, sizeof number) : NULL;

        if (bytes == NULL)
                return;
        ocore__store_big(bytes, (uint64_t)number);
        to->places[n] = (size_t)(bytes - to->bytes);
        to->sizes[n] = (int)sizeof number;
}

void ocore__pg_put_cell(ocore__pg *store, const ocore_cell *cell)
{
        ocore__pg_parameters *to = &store->parameters;
        size_t n;

        if (cell->type == OCORE_CELL_NUMBER) {
                ocore__pg_put_number(store, cell->as.number);
                return;
        }
        n = parameter_take(to);
        if (n == SIZE_MAX || cell->type == OCORE_CELL_NULL)
                return;
        if (cell->type == OCORE_CELL_ID) {
                to->values[n] = (const char *)cell->as.id.bytes;
                to->sizes[n] = ID_SIZE;
                return;
        }
        if (cell->as.text.size > INT_MAX)
                to->failed = OCORE_STORE;
        else
                to->sizes[n] = (int)cell->as.text.size;
        /* A pointer that is NULL would be NULL, not the empty text. */
        to->values[n] = cell->as.text.size > 0 ? cell->as.text.data : "";
}

static void store_32(uint8_t *bytes, uint32_t number)
{
        bytes[0] = (uint8_t)(number >> 24);
        bytes[1] = (uint8_t)(number >> 16);
        bytes[2] = (uint8_t)(number >> 8);
        bytes[3] = (uint8_t)number;
}

/* Dimensions, flag for NULLs, type, size, lower bound; then the elements. */
void ocore__pg_array_begin(ocore__pg *store, uint32_t cell_type, size_t count)
{
        ocore__pg_parameters *to = &store->parameters;
        uint8_t *bytes;
        size_t n = parameter_take(to);

        bytes = n != SIZE_MAX ? bytes_take(to, 20) : NULL;
        if (bytes == NULL)
                return;
        if (count > INT_MAX)
                to->failed = OCORE_STORE;
        store_32(bytes, 1);
        store_32(bytes + 4, 0);
        store_32(bytes + 8, type_of(cell_type));
        store_32(bytes + 12, (uint32_t)count);
        store_32(bytes + 16, 1);
        to->array = (size_t)(bytes - to->bytes);
        to->places[n] = to->array;
}

void ocore__pg_array_number(ocore__pg *store, int64_t number)
{
        uint8_t *bytes = bytes_take(&store->parameters, 4 + sizeof number);

        if (bytes == NULL)
                return;
        store_32(bytes, sizeof number);
        ocore__store_big(bytes + 4, (uint64_t)number);
}

static void array_bytes(ocore__pg_parameters *to, const void *data, size_t size)
{
        uint8_t *bytes;

        if (size > INT_MAX) {
                to->failed = OCORE_STORE;
                return;
        }
        bytes = bytes_take(to, 4 + size);
        if (bytes == NULL)
                return;
        store_32(bytes, (uint32_t)size);
        if (size > 0)
                memcpy(bytes + 4, data, size);
}

void ocore__pg_array_cell(ocore__pg *store, const ocore_cell *cell)
{
        ocore__pg_parameters *to = &store->parameters;
        uint8_t *bytes;

        switch (cell->type) {
        case OCORE_CELL_NUMBER: ocore__pg_array_number(store, cell->as.number); break;
        case OCORE_CELL_TEXT:
        case OCORE_CELL_BYTES: array_bytes(to, cell->as.text.data, cell->as.text.size); break;
        case OCORE_CELL_ID: array_bytes(to, cell->as.id.bytes, ID_SIZE); break;
        default:
                bytes = bytes_take(to, 4);
                if (bytes == NULL)
                        return;
                store_32(bytes, UINT32_MAX);
                store_32(to->bytes + to->array + 4, 1);
                break;
        }
}

int ocore__pg_parameters_finish(ocore__pg *store)
{
        ocore__pg_parameters *to = &store->parameters;
        size_t n;

        array_end(to);
        if (to->failed == OCORE_OK && to->count > UINT16_MAX)
                to->failed = OCORE_STORE;
        if (to->failed != OCORE_OK)
                return to->failed;
        for (n = 0; n < to->count; n++) {
                if (to->places[n] != SIZE_MAX)
                        to->values[n] = (const char *)to->bytes + to->places[n];
        }
        return OCORE_OK;
}

/* A number of a result: 1, or 0 when it is none. */
int ocore__pg_result_number(const PGresult *result, int row, int column, int64_t *out)
{
        if (PQgetisnull(result, row, column) != 0 ||
                PQgetlength(result, row, column) != (int)sizeof *out)
                return 0;
        *out = (int64_t)ocore__load_big((const uint8_t *)PQgetvalue(result, row, column));
        return 1;
}

int ocore__pg_result_check(
        ocore__pg *store, const ocore__pg_table *table, const PGresult *result, int extra)
{
        int count = (int)table->column_count + 1 + extra;
        int good = PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) == count;
        int n;

        for (n = 0; good && n < count; n++) {
                Oid type = n < (int)table->column_count ? type_of(table->columns[n].type)
                                                        : (Oid)OID_BIGINT;

                good = PQftype(result, n) == type && PQfformat(result, n) == 1;
        }
        return good ? OCORE_OK
                    : ocore__pg_fail(store, OCORE_CORRUPT,
                              "the server answers for table %s in columns of other types",
                              table->table->name);
}

/* OCORE_OK; OCORE_CORRUPT when the server says what no column of this type can hold. */
static int cell_take(
        const ocore__pg_column *column, const PGresult *result, int row, int at, ocore_cell *cell)
{
        const char *value = PQgetvalue(result, row, at);
        int size = PQgetlength(result, row, at);

        cell->type = column->type;
        cell->reserved = 0;
        if (PQgetisnull(result, row, at) != 0) {
                cell->type = OCORE_CELL_NULL;
                cell->as.number = 0;
                return column->nullable ? OCORE_OK : OCORE_CORRUPT;
        }
        switch (column->type) {
        case OCORE_CELL_NUMBER:
                return ocore__pg_result_number(result, row, at, &cell->as.number) ? OCORE_OK
                                                                                  : OCORE_CORRUPT;
        case OCORE_CELL_ID:
                if (size != ID_SIZE)
                        return OCORE_CORRUPT;
                memcpy(cell->as.id.bytes, value, ID_SIZE);
                return OCORE_OK;
        default:
                if (size < 0)
                        return OCORE_CORRUPT;
                cell->as.text.data = value;
                cell->as.text.size = (size_t)size;
                return column->type == OCORE_CELL_BYTES || ocore__text_is_utf8(cell->as.text)
                               ? OCORE_OK
                               : OCORE_CORRUPT;
        }
}

int ocore__pg_row(ocore__pg *store, const ocore__pg_table *table, const PGresult *result, int row,
        int64_t *revision)
{
        int last = (int)table->column_count;
        int n;

        for (n = 0; n < last; n++) {
                if (cell_take(&table->columns[n], result, row, n, &store->row[n]) != OCORE_OK)
                        return ocore__pg_fail(store, OCORE_CORRUPT,
                                "a value of column %s of table %s cannot be right",
                                table->columns[n].field->name, table->table->name);
        }
        if (!ocore__pg_result_number(result, row, last, revision) || *revision < 1)
                return ocore__pg_fail(store, OCORE_CORRUPT,
                        "a revision in table %s cannot be right", table->table->name);
        return OCORE_OK;
}
