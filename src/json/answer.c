/*
 * An answer struct becomes JSON, field by field in the order of its description. Amounts and
 * quantities are written with the currency and the scale of the nearest record around them that
 * names one, so that no reader has to know them.
 */
#include <string.h>

#include "json_private.h"

/* What the fields of a record are measured in. */
typedef struct units {
        ocore_str currency;
        int64_t scale;
} units;

int ocore__json_field_shown(const ocore_field *field)
{
        return (field->flags & OCORE_FIELD_HIDDEN) == 0 && field->offset != OCORE_FIELD_NOWHERE;
}

const char *ocore__json_choice_name(const ocore_choice *choices, int64_t value)
{
        for (const ocore_choice *choice = choices; choice->name != NULL; choice++)
                if (choice->value == value)
                        return choice->name;
        return NULL;
}

static int64_t number_at(const char *from)
{
        int64_t number = 0;
        memcpy(&number, from, sizeof number);
        return number;
}

static ocore_str text_at(const char *from)
{
        ocore_str text = {NULL, 0};
        memcpy(&text, from, sizeof text);
        return text;
}

/* A short text that needs no escaping; none becomes null. */
static void put_plain(ocore__json_output *output, const char *text)
{
        if (text[0] == 0) {
                ocore__json_put_string(output, "null");
                return;
        }
        ocore__json_put(output, "\"", 1);
        ocore__json_put_string(output, text);
        ocore__json_put(output, "\"", 1);
}

static void put_choice(ocore__json_output *output, const ocore_choice *choices, int64_t value)
{
        const char *name = ocore__json_choice_name(choices, value);
        if (name != NULL)
                put_plain(output, name);
        else
                ocore__json_put_number(output, value);
}

ocore_str ocore_json_field_name(ocore_str name)
{
        static const ocore_str suffixes[] = {{"_minor", 6}, {"_us", 3}};
        for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
                const ocore_str unit = suffixes[i];
                if (name.size > unit.size &&
                        memcmp(name.data + name.size - unit.size, unit.data, unit.size) == 0)
                        return (ocore_str){name.data, name.size - unit.size};
        }
        return name;
}

static void put_name(ocore__json_output *output, const ocore_field *field)
{
        const ocore_str name = ocore_json_field_name(ocore_str_of(field->name));
        ocore__json_put(output, name.data, name.size);
}

static void put_time(ocore__json_output *output, int64_t at_us)
{
        char text[OCORE_TIME_TEXT_SIZE] = "";
        if (at_us != 0 && ocore_time_format(at_us, text) < 0)
                text[0] = 0;
        put_plain(output, text);
}

/* Without a currency an amount cannot be told; a bare number could be taken for another unit. */
static void put_money(ocore__json_output *output, ocore_money money)
{
        char text[OCORE_NUMBER_TEXT_SIZE] = "";
        if (money.currency[0] == 0 || ocore_money_format(money, text) < 0)
                text[0] = 0;
        put_plain(output, text);
}

static void put_amount(ocore__json_output *output, int64_t amount_minor, ocore_str currency)
{
        ocore_money money = {.amount_minor = amount_minor};
        if (currency.size == sizeof money.currency - 1)
                memcpy(money.currency, currency.data, currency.size);
        put_money(output, money);
}

static void put_quantity(ocore__json_output *output, int64_t amount, int64_t scale)
{
        char text[OCORE_NUMBER_TEXT_SIZE] = "";
        const ocore_quantity quantity = {.amount = amount, .scale = (int32_t)scale};
        if (scale < 0 || scale > 9 || ocore_quantity_format(quantity, text) < 0)
                text[0] = 0;
        put_plain(output, text);
}

static void put_id(ocore__json_output *output, const char *from)
{
        static const ocore_id none;
        ocore_id id;
        char text[OCORE_ID_TEXT_SIZE] = "";
        memcpy(&id, from, sizeof id);
        if (memcmp(&id, &none, sizeof id) != 0)
                ocore_id_format(id, text);
        put_plain(output, text);
}

/* Bytes that are no text: two lower-case hexadecimal digits each. */
static void put_bytes(ocore__json_output *output, ocore_str bytes)
{
        static const char hex[] = "0123456789abcdef";
        ocore__json_put(output, "\"", 1);
        for (size_t i = 0; i < bytes.size; i++) {
                const unsigned char byte = (unsigned char)bytes.data[i];
                const char pair[2] = {hex[byte >> 4], hex[byte & 15]};
                ocore__json_put(output, pair, sizeof pair);
        }
        ocore__json_put(output, "\"", 1);
}

static void put_record(
        ocore__json_output *output, const ocore_record *record, const char *from, units around);

/* In the struct: a pointer to pointers and a count, for items of the caller a stride as well. */
static void put_list(
        ocore__json_output *output, const ocore_field *field, const char *from, units around)
{
        const char *list = NULL;
        size_t count = 0;
        size_t stride = sizeof(void *);
        memcpy(&list, from, sizeof list);
        memcpy(&count, from + sizeof list, sizeof count);
        if (field->kind == OCORE_FIELD_ITEMS)
                memcpy(&stride, from + sizeof list + sizeof count, sizeof stride);
        ocore__json_put(output, "[", 1);
        for (size_t i = 0; i < count; i++) {
                const char *item = list + i * stride;
                if (field->kind == OCORE_FIELD_ROWS)
                        memcpy(&item, list + i * stride, sizeof item);
                ocore__json_put_string(output, i > 0 ? ", " : "");
                put_record(output, field->of, item, around);
        }
        ocore__json_put(output, "]", 1);
}

static void put_number(
        ocore__json_output *output, const ocore_field *field, int64_t number, units around)
{
        switch (field->kind) {
        case OCORE_FIELD_BOOLEAN:
                ocore__json_put_string(output, number != 0 ? "true" : "false");
                break;
        case OCORE_FIELD_CHOICE: put_choice(output, field->of, number); break;
        case OCORE_FIELD_TIME: put_time(output, number); break;
        case OCORE_FIELD_AMOUNT: put_amount(output, number, around.currency); break;
        case OCORE_FIELD_UNITS: put_quantity(output, number, around.scale); break;
        default: ocore__json_put_number(output, number); break;
        }
}

static void put_field(
        ocore__json_output *output, const ocore_field *field, const char *from, units around)
{
        ocore_money money;
        ocore_quantity quantity;
        const char *record = NULL;
        switch (field->kind) {
        case OCORE_FIELD_TEXT: ocore__json_put_quoted(output, text_at(from)); break;
        case OCORE_FIELD_ID: put_id(output, from); break;
        case OCORE_FIELD_BYTES: put_bytes(output, text_at(from)); break;
        case OCORE_FIELD_MONEY:
                memcpy(&money, from, sizeof money);
                put_money(output, money);
                break;
        case OCORE_FIELD_QUANTITY:
                memcpy(&quantity, from, sizeof quantity);
                put_quantity(output, quantity.amount, quantity.scale);
                break;
        case OCORE_FIELD_ITEMS:
        case OCORE_FIELD_ROWS: put_list(output, field, from, around); break;
        case OCORE_FIELD_RECORD:
                memcpy(&record, from, sizeof record);
                put_record(output, field->of, record, around);
                break;
        default:
                if (field->kind >= OCORE_FIELD_INTEGER && field->kind <= OCORE_FIELD_UNITS)
                        put_number(output, field, number_at(from), around);
                else /* a kind that a newer core has */
                        ocore__json_put_string(output, "null");
                break;
        }
}

/* What a record says of its own units, else what the record around it says. */
static units units_of(const ocore_record *record, const char *from, units around)
{
        const ocore_field *field = NULL;
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++) {
                if (field->offset == OCORE_FIELD_NOWHERE)
                        continue;
                if ((field->flags & OCORE_FIELD_CURRENCY) != 0)
                        around.currency = text_at(from + field->offset);
                if ((field->flags & OCORE_FIELD_SCALE) != 0)
                        around.scale = number_at(from + field->offset);
        }
        return around;
}

static void put_record(
        ocore__json_output *output, const ocore_record *record, const char *from, units around)
{
        if (from == NULL) {
                ocore__json_put_string(output, "null");
                return;
        }
        const units own = units_of(record, from, around);
        const ocore_field *field = NULL;
        const char *before = "\"";
        ocore__json_put(output, "{", 1);
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++) {
                if (!ocore__json_field_shown(field))
                        continue;
                ocore__json_put_string(output, before);
                put_name(output, field);
                ocore__json_put_string(output, "\": ");
                put_field(output, field, from + field->offset, own);
                before = ", \"";
        }
        ocore__json_put(output, "}", 1);
}

void ocore__json_answer(ocore__json_output *output, const ocore_record *record, const void *answer)
{
        const units none = {{NULL, 0}, 0};
        put_record(output, record, answer, none);
}
