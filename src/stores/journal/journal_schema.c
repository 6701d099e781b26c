/*
 * The payload of a SCHEMA record: what a log was written for, so that a foreign log is told from
 * ours, a later one is not misread, and the rows of an earlier one get the columns they lack.
 *
 *      format, application, version, tables: 8 bytes each, little-endian
 *      of each table: length of the name and the name, columns of the key, columns, and one byte
 *      for each column: its OCORE_CELL_…
 */
#include "base/endian.h"
#include "journal_store.h"

#include <string.h>

enum { FORMAT = 1, FIXED = 32 };

static int put_bytes(ocore__journal *store, const void *bytes, size_t size)
{
        ocore__bytes *out = &store->out;

        if (ocore__bytes_ensure(store, out, size) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for a record");
        memcpy(out->data + out->used, bytes, size);
        out->used += size;
        return OCORE_OK;
}

static int put_table(ocore__journal *store, const ocore_table *table)
{
        size_t length = strlen(table->name);
        int status = ocore__journal_put_number(store, length);
        size_t n;

        if (status == OCORE_OK)
                status = put_bytes(store, table->name, length);
        if (status == OCORE_OK)
                status = ocore__journal_put_number(store, table->key_count);
        if (status == OCORE_OK)
                status = ocore__journal_put_number(store, table->record->column_count);
        for (n = 0; status == OCORE_OK && n < table->record->column_count; n++) {
                uint8_t type = (uint8_t)ocore_cell_type(ocore_record_field(table->record, n)->kind);

                status = put_bytes(store, &type, 1);
        }
        return status;
}

int ocore__journal_put_schema(ocore__journal *store, const ocore_schema *schema)
{
        uint8_t fixed[FIXED];
        size_t n;
        int status;

        ocore__store_little(fixed, FORMAT);
        ocore__store_little(fixed + 8, (uint64_t)schema->application);
        ocore__store_little(fixed + 16, (uint64_t)schema->version);
        ocore__store_little(fixed + 24, schema->table_count);
        status = put_bytes(store, fixed, sizeof fixed);
        for (n = 0; status == OCORE_OK && n < schema->table_count; n++)
                status = put_table(store, schema->tables[n]);
        return status;
}

static int64_t to_number(uint64_t bits)
{
        return bits <= (uint64_t)INT64_MAX ? (int64_t)bits : -(int64_t)~bits - 1;
}

static int nonsense(ocore__journal *store)
{
        return ocore__journal_fail(store, OCORE_CORRUPT, "the journal's list of tables is damaged");
}

static int foreign(ocore__journal *store, const ocore_table *table)
{
        return ocore__journal_fail(store, OCORE_CORRUPT,
                "table %s of the journal is not as this library keeps it", table->name);
}

/* One table of the list; *columns is how many the log knows. */
static int check_table(ocore__journal *store, const ocore_table *table,
        ocore__journal_reader *reader, uint32_t *columns)
{
        uint64_t length;
        uint64_t keys;
        uint64_t count;
        uint64_t n;

        if (!ocore__journal_get_number(reader, &length) ||
                length > (uint64_t)(reader->end - reader->p))
                return nonsense(store);
        if (length != strlen(table->name) || memcmp(reader->p, table->name, (size_t)length) != 0)
                return foreign(store, table);
        reader->p += length;
        if (!ocore__journal_get_number(reader, &keys) ||
                !ocore__journal_get_number(reader, &count) ||
                count > (uint64_t)(reader->end - reader->p) || keys > count)
                return nonsense(store);
        if (keys != table->key_count)
                return foreign(store, table);
        if (count > table->record->column_count) {
                int64_t theirs = (int64_t)count;
                int64_t ours = (int64_t)table->record->column_count;

                return ocore__journal_fail(store, OCORE_VERSION_MISMATCH,
                        "table %s of the journal has %d columns, this library knows %d",
                        table->name, &theirs, &ours);
        }
        for (n = 0; n < count; n++) {
                if (*reader->p++ !=
                        ocore_cell_type(ocore_record_field(table->record, (size_t)n)->kind))
                        return foreign(store, table);
        }
        *columns = (uint32_t)count;
        return OCORE_OK;
}

/* Format, application, version and number of tables. */
static int check_fixed(
        ocore__journal *store, const ocore_schema *schema, const uint8_t *payload, size_t size)
{
        int64_t format = size >= FIXED ? to_number(ocore__load_little(payload)) : 0;
        int64_t application = size >= FIXED ? to_number(ocore__load_little(payload + 8)) : 0;
        int64_t version = size >= FIXED ? to_number(ocore__load_little(payload + 16)) : 0;
        int64_t tables = size >= FIXED ? to_number(ocore__load_little(payload + 24)) : 0;
        int64_t known = (int64_t)schema->table_count;
        int64_t expected = FORMAT;

        if (size < FIXED || format < 1 || tables < 0)
                return nonsense(store);
        if (format > FORMAT)
                return ocore__journal_fail(store, OCORE_VERSION_MISMATCH,
                        "the journal has format %d, this library knows up to %d", &format,
                        &expected);
        if (application != schema->application)
                return ocore__journal_fail(store, OCORE_CORRUPT,
                        "the journal belongs to application %d, not %d", &application,
                        &schema->application);
        if (version > schema->version)
                return ocore__journal_fail(store, OCORE_VERSION_MISMATCH,
                        "the journal has layout %d, this library knows up to %d", &version,
                        &schema->version);
        if (tables > known)
                return ocore__journal_fail(store, OCORE_VERSION_MISMATCH,
                        "the journal has %d tables, this library knows %d", &tables, &known);
        return OCORE_OK;
}

int ocore__journal_check_schema(
        ocore__journal *store, const ocore_schema *schema, const uint8_t *payload, size_t size)
{
        ocore__journal_reader reader = {payload, payload + size};
        size_t before = store->logged.used / sizeof(uint32_t);
        uint32_t *logged;
        uint64_t tables;
        uint64_t n;
        int status = check_fixed(store, schema, payload, size);

        if (status != OCORE_OK)
                return status;
        reader.p += FIXED;
        tables = ocore__load_little(payload + 24);
        /* What a log knew once it knows for good. */
        if (tables < before ||
                (before > 0 && to_number(ocore__load_little(payload + 16)) < store->logged_version))
                return nonsense(store);
        if (ocore__bytes_ensure(store, &store->logged,
                    ((size_t)tables - before + 1) * sizeof *logged) != OCORE_OK)
                return ocore__journal_fail(store, OCORE_NOMEM, "no memory for the tables");
        logged = (uint32_t *)(void *)store->logged.data;
        for (n = 0; status == OCORE_OK && n < tables; n++) {
                uint32_t columns = 0;

                status = check_table(store, schema->tables[n], &reader, &columns);
                if (status == OCORE_OK && n < before && columns < logged[n])
                        status = nonsense(store);
                logged[n] = columns;
        }
        if (status == OCORE_OK && reader.p != reader.end)
                status = nonsense(store);
        store->logged.used = (size_t)tables * sizeof *logged;
        store->logged_version = to_number(ocore__load_little(payload + 16));
        return status;
}

int ocore__journal_schema_grown(const ocore__journal *store, const ocore_schema *schema)
{
        const uint32_t *logged = (const uint32_t *)(const void *)store->logged.data;
        size_t n;

        if (store->logged_version < schema->version ||
                store->logged.used / sizeof *logged < schema->table_count)
                return 1;
        for (n = 0; n < schema->table_count; n++) {
                if (logged[n] < schema->tables[n]->record->column_count)
                        return 1;
        }
        return 0;
}
