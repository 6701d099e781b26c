/*
 * Answers (and drafts) as bytes, requests as digests. A command row keeps both, so that a repeated
 * command gets the bytes it got the first time, and a reused id is refused by field.
 */
#include "record.h"

#include "base/endian.h"
#include "base/hash.h"
#include "base/text.h"

#include <string.h>

/*
 * The order in which fields are written: that of the struct, which is only ever appended to, and
 * not that of the columns, which must stand before what is derived. So bytes of an older library
 * are the first fields of today's. The tenant stands in no struct; it is first and writes nothing.
 */
enum { FIELDS_MAX = 128 };
typedef struct field_order {
        const ocore_record *record; /* whose order it is; NULL: none yet */
        uint8_t at[FIELDS_MAX];
} field_order;

static uint32_t place_of(const ocore_field *field)
{
        return field->offset + 1; /* nowhere comes before everything */
}

/* NULL: the fields stand in the order of the struct as they are. */
static const uint8_t *order_of(field_order *order, const ocore_record *record)
{
        size_t sorted = 1;

        if (order->record == record)
                return order->at;
        while (sorted < record->field_count &&
                place_of(&record->fields[sorted - 1]) < place_of(&record->fields[sorted]))
                sorted++;
        if (sorted >= record->field_count || record->field_count > FIELDS_MAX)
                return NULL;
        for (size_t i = 0; i < record->field_count; i++) {
                size_t n = i;

                for (; n &&
                        place_of(&record->fields[order->at[n - 1]]) > place_of(&record->fields[i]);
                        n--)
                        order->at[n] = order->at[n - 1];
                order->at[n] = (uint8_t)i;
        }
        order->record = record;
        return order->at;
}

/* Bytes that grow in an arena. */
typedef struct bytes {
        field_order order; /* of the last record that needed one */
        ocore__arena *arena;
        uint8_t *data;
        size_t size;
        size_t room;
        int status;
} bytes;

static uint8_t *grow(bytes *to, size_t more)
{
        size_t room = to->room ? to->room : 512;
        uint8_t *data;

        if (to->status)
                return NULL;
        while (room - to->size < more)
                room *= 2;
        data = ocore__arena_take(to->arena, room);
        if (!data) {
                to->status = OCORE_NOMEM;
                return NULL;
        }
        if (to->size)
                memcpy(data, to->data, to->size);
        to->data = data;
        to->room = room;
        return data + to->size;
}

/* Room for `more` bytes behind what is there; NULL: no memory. */
static inline uint8_t *reserve(bytes *to, size_t more)
{
        return to->room - to->size >= more ? to->data + to->size : grow(to, more);
}

/* The most that any field takes beside the content of texts and lists. */
enum { FIELD_MAX = 20 };

static uint8_t *put_unsigned(uint8_t *at, uint64_t number)
{
        while (number >= 0x80) {
                *at++ = (uint8_t)(number | 0x80);
                number >>= 7;
        }
        *at++ = (uint8_t)number;
        return at;
}

static uint8_t *put_number(uint8_t *at, int64_t number)
{
        return put_unsigned(at, ((uint64_t)number << 1) ^ (uint64_t)(number < 0 ? -1 : 0));
}

static void put_record(bytes *to, const ocore_record *record, const void *row);

/* A list or a record inside a record: how many, then their content. */
static void put_inner(bytes *to, const ocore_field *field, const void *field_at)
{
        uint8_t *at = reserve(to, FIELD_MAX);

        if (!at)
                return;
        if (field->kind == OCORE_FIELD_RECORD) {
                const void *inner = *(const void *const *)field_at;

                to->size = (size_t)(put_unsigned(at, inner != NULL) - to->data);
                if (inner)
                        put_record(to, field->of, inner);
        } else if (field->kind == OCORE_FIELD_ROWS) {
                const ocore__rows *rows = field_at;

                to->size = (size_t)(put_unsigned(at, rows->count) - to->data);
                for (size_t i = 0; i < rows->count; i++)
                        put_record(to, field->of, rows->data[i]);
        } else {
                const ocore__items *items = field_at;

                to->size = (size_t)(put_unsigned(at, items->count) - to->data);
                for (size_t i = 0; i < items->count; i++)
                        put_record(to, field->of, (const char *)items->data + i * items->stride);
        }
}

/* What has a size of its own, and behind it again room for `left` fields of fixed size. */
static uint8_t *put_sized(
        bytes *to, const ocore_field *field, const void *field_at, uint8_t *at, size_t left)
{
        if (field->kind == OCORE_FIELD_TEXT || field->kind == OCORE_FIELD_BYTES) {
                const ocore_str *text = field_at;

                at = put_unsigned(at, text->size);
                if (!text->size)
                        return at;
                to->size = (size_t)(at - to->data);
                at = reserve(to, text->size + left * FIELD_MAX);
                return at ? (uint8_t *)memcpy(at, text->data, text->size) + text->size : NULL;
        }
        to->size = (size_t)(at - to->data);
        put_inner(to, field, field_at);
        return reserve(to, left * FIELD_MAX);
}

static uint8_t *put_id(uint8_t *at, const ocore_id *id)
{
        *at++ = !ocore__id_is_none(*id);
        if (!at[-1])
                return at;
        memcpy(at, id->bytes, sizeof id->bytes);
        return at + sizeof id->bytes;
}

/* Room for all fields of fixed size is asked for once; what has a size of its own asks again. */
static void put_record(bytes *to, const ocore_record *record, const void *row)
{
        const size_t count = record->field_count;
        const uint8_t *order = order_of(&to->order, record);
        uint8_t *at = reserve(to, (count + 1) * FIELD_MAX);

        if (!at)
                return;
        at = put_unsigned(at, count);
        for (size_t i = 0; i < count; i++) {
                const ocore_field *field = &record->fields[order ? order[i] : i];
                const void *field_at = (const char *)row + field->offset;

                if (field->kind <= OCORE_FIELD_UNITS) {
                        if (field->offset != OCORE_FIELD_NOWHERE)
                                at = put_number(at, *(const int64_t *)field_at);
                } else if (field->kind == OCORE_FIELD_ID) {
                        at = put_id(at, field_at);
                } else if (field->kind == OCORE_FIELD_MONEY) {
                        const ocore_money *money = field_at;

                        at = put_number(at, money->amount_minor);
                        memcpy(at, money->currency, sizeof money->currency);
                        at += sizeof money->currency;
                } else if (field->kind == OCORE_FIELD_QUANTITY) {
                        const ocore_quantity *quantity = field_at;

                        at = put_number(at, quantity->amount);
                        at = put_number(at, quantity->scale);
                } else {
                        at = put_sized(to, field, field_at, at, count - i);
                        if (!at)
                                return;
                        if (order) /* a record inside may have needed another */
                                order = order_of(&to->order, record);
                }
        }
        to->size = (size_t)(at - to->data);
}

int ocore__record_encode(
        ocore__arena *arena, const ocore_record *record, const void *row, ocore_str *out)
{
        bytes to = {.arena = arena};

        put_record(&to, record, row);
        *out = to.status ? (ocore_str){0} : (ocore_str){(const char *)to.data, to.size};
        return to.status;
}

/* Bytes that are read; anything that no encoder wrote sets the status. */
typedef struct reader {
        ocore__arena *arena;
        const uint8_t *at;
        const uint8_t *end;
        int status;
        field_order order; /* of the last record that needed one */
} reader;

static uint64_t get_unsigned(reader *from)
{
        uint64_t number = 0;

        for (unsigned shift = 0; shift < 64 && from->at < from->end; shift += 7) {
                uint8_t byte = *from->at++;

                number |= (uint64_t)(byte & 0x7f) << shift;
                if (!(byte & 0x80))
                        return number;
        }
        if (!from->status)
                from->status = OCORE_CORRUPT;
        return 0;
}

static const void *get_raw(reader *from, uint64_t size)
{
        const uint8_t *at = from->at;

        if (size > (uint64_t)(from->end - from->at)) {
                from->status = from->status ? from->status : OCORE_CORRUPT;
                return NULL;
        }
        from->at += size;
        return at;
}

static void *get_record(reader *from, const ocore_record *record, int depth);
static void get_fields(reader *from, const ocore_record *record, char *row, int depth);

/* A list of records; each takes at least one byte, which bounds the count. */
static void get_rows(reader *from, const ocore_record *record, ocore__rows *rows, int depth)
{
        uint64_t count = get_unsigned(from);
        const void **data;

        if (count > (uint64_t)(from->end - from->at)) {
                from->status = from->status ? from->status : OCORE_CORRUPT;
                return;
        }
        if (!count)
                return;
        data = ocore__arena_zero(from->arena, (size_t)count, sizeof *data);
        if (!data) {
                from->status = OCORE_NOMEM;
                return;
        }
        for (size_t i = 0; i < count && !from->status; i++)
                data[i] = get_record(from, record, depth);
        rows->data = data;
        rows->count = (size_t)count;
}

static void get_items(reader *from, const ocore_record *record, ocore__items *items, int depth)
{
        uint64_t count = get_unsigned(from);
        char *data;

        if (count > (uint64_t)(from->end - from->at)) {
                from->status = from->status ? from->status : OCORE_CORRUPT;
                return;
        }
        if (!count)
                return;
        data = ocore__arena_zero(from->arena, (size_t)count, record->size);
        if (!data) {
                from->status = OCORE_NOMEM;
                return;
        }
        for (size_t i = 0; i < count && !from->status; i++)
                get_fields(from, record, data + i * record->size, depth);
        *items = (ocore__items){data, (size_t)count, record->size};
}

static int64_t get_number(reader *from)
{
        uint64_t number = get_unsigned(from);

        return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

static void get_field(reader *from, const ocore_field *field, char *row, int depth)
{
        switch (field->kind) {
        case OCORE_FIELD_TEXT:
        case OCORE_FIELD_BYTES: {
                uint64_t size = get_unsigned(from);
                const char *data = get_raw(from, size);

                if (data)
                        OCORE__TEXT_AT(row, field->offset) = (ocore_str){data, (size_t)size};
                break;
        }
        case OCORE_FIELD_ID:
                if (get_unsigned(from)) {
                        const void *data = get_raw(from, sizeof(ocore_id));

                        if (data)
                                memcpy(row + field->offset, data, sizeof(ocore_id));
                }
                break;
        case OCORE_FIELD_ROWS:
                get_rows(from, field->of, (ocore__rows *)(void *)(row + field->offset), depth);
                break;
        case OCORE_FIELD_RECORD:
                if (get_unsigned(from))
                        *(void **)(void *)(row + field->offset) =
                                get_record(from, field->of, depth);
                break;
        case OCORE_FIELD_MONEY: {
                ocore_money *money = (void *)(row + field->offset);
                const void *currency;

                money->amount_minor = get_number(from);
                currency = get_raw(from, sizeof money->currency);
                if (currency)
                        memcpy(money->currency, currency, sizeof money->currency);
                break;
        }
        case OCORE_FIELD_QUANTITY: {
                ocore_quantity *quantity = (void *)(row + field->offset);

                quantity->amount = get_number(from);
                quantity->scale = (int32_t)get_number(from);
                break;
        }
        case OCORE_FIELD_ITEMS:
                get_items(from, field->of, (ocore__items *)(void *)(row + field->offset), depth);
                break;
        default: OCORE__NUMBER_AT(row, field->offset) = get_number(from);
        }
}

static void get_fields(reader *from, const ocore_record *record, char *row, int depth)
{
        const uint8_t *order = order_of(&from->order, record);
        uint64_t written = get_unsigned(from);

        if (depth > 4 || written > record->field_count) /* of the future, or nonsense */
                from->status = from->status ? from->status : OCORE_CORRUPT;
        for (size_t i = 0; i < written && !from->status; i++) {
                const ocore_field *field;

                if (order) /* asked for anew: a record inside may have needed another */
                        order = order_of(&from->order, record);
                field = &record->fields[order ? order[i] : i];
                if (field->offset != OCORE_FIELD_NOWHERE)
                        get_field(from, field, row, depth + 1);
        }
}

static void *get_record(reader *from, const ocore_record *record, int depth)
{
        char *row = ocore__arena_zero(from->arena, 1, record->size);

        if (row)
                get_fields(from, record, row, depth);
        else
                from->status = OCORE_NOMEM;
        return row;
}

int ocore__record_decode(
        ocore__arena *arena, const ocore_record *record, ocore_str stored, void **out)
{
        const uint8_t *data = (const uint8_t *)stored.data;
        reader from = {.arena = arena, .at = data, .end = data ? data + stored.size : data};
        void *row = get_record(&from, record, 0);

        if (!from.status && from.at != from.end)
                from.status = OCORE_CORRUPT;
        *out = from.status ? NULL : row;
        return from.status;
}

static uint64_t hash_record(const ocore_record *record, const void *row, uint64_t seed);

/* Zero stays out of the digest, so that a field appended later changes no old one. */
static uint64_t hash_field(const ocore_field *field, const void *row, uint64_t seed)
{
        const char *at = (const char *)row + field->offset;

        switch (field->kind) {
        case OCORE_FIELD_TEXT:
        case OCORE_FIELD_BYTES: {
                ocore_str text = OCORE__CONST_TEXT_AT(row, field->offset);

                return text.size ? ocore__hash(text.data, text.size, seed) : 0;
        }
        case OCORE_FIELD_ID:
                return ocore__id_is_none(OCORE__CONST_ID_AT(row, field->offset))
                               ? 0
                               : ocore__hash(at, sizeof(ocore_id), seed);
        case OCORE_FIELD_MONEY: {
                const ocore_money *money = (const void *)at;

                return money->currency[0] ? ocore__hash(at, sizeof *money, seed) : 0;
        }
        case OCORE_FIELD_QUANTITY: {
                const ocore_quantity *quantity = (const void *)at;

                return quantity->amount ? ocore__hash(at, sizeof *quantity, seed) : 0;
        }
        case OCORE_FIELD_ITEMS: {
                const ocore__items *items = (const void *)at;
                uint64_t hash = items->count ? ocore__hash_number(items->count, seed) : 0;

                for (size_t i = 0; i < items->count; i++)
                        hash = hash_record(
                                field->of, (const char *)items->data + i * items->stride, hash);
                return hash;
        }
        default: {
                int64_t number = OCORE__CONST_NUMBER_AT(row, field->offset);

                return number ? ocore__hash_number((uint64_t)number, seed) : 0;
        }
        }
}

static uint64_t hash_record(const ocore_record *record, const void *row, uint64_t seed)
{
        for (size_t i = 0; i < record->field_count; i++) {
                uint64_t hash = hash_field(&record->fields[i], row, seed + i);

                if (hash)
                        seed = ocore__hash_number(hash, seed + i);
        }
        return seed;
}

enum { DIGEST_ITEM = 9 }; /* bytes: the field's number, its hash with the last byte first */

int ocore__record_digest(
        ocore__arena *arena, const ocore_record *record, const void *request, ocore_str *out)
{
        uint8_t *data = ocore__arena_take(arena, record->field_count * DIGEST_ITEM + 1);
        size_t size = 0;

        *out = (ocore_str){0};
        if (!data)
                return OCORE_NOMEM;
        for (size_t i = 0; i < record->field_count; i++) {
                uint64_t hash = hash_field(&record->fields[i], request, i + 1);

                if (!hash)
                        continue;
                data[size++] = (uint8_t)i;
                ocore__store_little(data + size, hash);
                size += sizeof hash;
        }
        *out = (ocore_str){(const char *)data, size};
        return OCORE_OK;
}

const ocore_field *ocore__digest_difference(const ocore_record *record, ocore_str a, ocore_str b)
{
        size_t size = a.size < b.size ? a.size : b.size;
        size_t at = 0, number;

        while (at + DIGEST_ITEM <= size && memcmp(a.data + at, b.data + at, DIGEST_ITEM) == 0)
                at += DIGEST_ITEM;
        if (at >= a.size && at >= b.size)
                return NULL;
        number = record->field_count;
        if (at < a.size)
                number = (uint8_t)a.data[at];
        if (at < b.size && (uint8_t)b.data[at] < number)
                number = (uint8_t)b.data[at];
        return &record->fields[number < record->field_count ? number : 0];
}
