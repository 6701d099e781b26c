/* SQL as it is built; see sql_text.h. */
#include "sql_text.h"

#include <stdlib.h>
#include <string.h>

void ocore__sql_finish(ocore__sql *sql)
{
        free(sql->data);
        memset(sql, 0, sizeof *sql);
}

void ocore__sql_clear(ocore__sql *sql)
{
        sql->used = 0;
        sql->failed = 0;
        if (sql->data != NULL)
                sql->data[0] = '\0';
}

static int ensure(ocore__sql *sql, size_t more)
{
        size_t room = sql->room > 0 ? sql->room : 256;
        char *data;

        if (sql->failed)
                return 0;
        if (more < sql->room - sql->used)
                return 1;
        while (room <= SIZE_MAX / 4 && room - sql->used <= more)
                room *= 2;
        data = room - sql->used > more ? realloc(sql->data, room) : NULL;
        if (data == NULL) {
                sql->failed = 1;
                return 0;
        }
        sql->data = data;
        sql->room = room;
        return 1;
}

void ocore__sql_bytes(ocore__sql *sql, const void *bytes, size_t size)
{
        if (!ensure(sql, size))
                return;
        if (size > 0)
                memcpy(sql->data + sql->used, bytes, size);
        sql->used += size;
        sql->data[sql->used] = '\0';
}

void ocore__sql_add(ocore__sql *sql, const char *text)
{
        ocore__sql_bytes(sql, text, strlen(text));
}

void ocore__sql_number(ocore__sql *sql, int64_t number)
{
        char digits[20];
        size_t at = sizeof digits;
        uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

        do {
                digits[--at] = (char)('0' + rest % 10);
                rest /= 10;
        } while (rest > 0);
        if (number < 0)
                ocore__sql_add(sql, "-");
        ocore__sql_bytes(sql, digits + at, sizeof digits - at);
}

void ocore__sql_hex(ocore__sql *sql, const void *bytes, size_t size)
{
        static const char digits[] = "0123456789abcdef";
        const unsigned char *from = bytes;
        size_t n;

        if (size > SIZE_MAX / 2 || !ensure(sql, size * 2)) {
                sql->failed = 1;
                return;
        }
        for (n = 0; n < size; n++) {
                sql->data[sql->used++] = digits[from[n] >> 4];
                sql->data[sql->used++] = digits[from[n] & 15];
        }
        sql->data[sql->used] = '\0';
}

void ocore__sql_name(ocore__sql *sql, const char *name, char quote)
{
        const char *end;

        ocore__sql_bytes(sql, &quote, 1);
        while ((end = strchr(name, quote)) != NULL) {
                ocore__sql_bytes(sql, name, (size_t)(end - name) + 1);
                ocore__sql_bytes(sql, &quote, 1);
                name = end + 1;
        }
        ocore__sql_add(sql, name);
        ocore__sql_bytes(sql, &quote, 1);
}

void ocore__sql_names(ocore__sql *sql, const ocore_table *table, const uint32_t *columns,
        size_t count, const char *before, char quote)
{
        size_t n;

        for (n = 0; n < count; n++) {
                size_t column = columns != NULL ? columns[n] : n;

                ocore__sql_add(sql, n > 0 ? ", " : "");
                ocore__sql_add(sql, before);
                ocore__sql_name(sql, ocore_record_field(table->record, column)->name, quote);
        }
}
