/*
 * A JSON object becomes the request struct that a description tells of: every kind of field has
 * one reader, and what is wrong is noted with its path ("lines[2].quantity"). The request is read
 * to its end, so that all its faults are told at once.
 */
#include <stdio.h>
#include <string.h>

#include "json_private.h"

/* A path too long for this is cut. */
#define PATH_SIZE 256

/* The longest part of a name that is told. */
#define NAME_SHOWN_MAX 64

/* Where the reader stands; a path is spelled out only when something is wrong. */
typedef struct place {
        const struct place *outer;
        const char *name; /* of a field; NULL: an item of a list */
        size_t index;
} place;

typedef struct reader {
        ocore__json_problems *problems;
        const place *at; /* NULL: the request itself */
} reader;

static size_t path_write(const place *at, char path[PATH_SIZE])
{
        const size_t used = at->outer != NULL ? path_write(at->outer, path) : 0;
        const size_t room = PATH_SIZE - used;
        const int wanted = at->name == NULL
                                   ? snprintf(path + used, room, "[%zu]", at->index)
                                   : snprintf(path + used, room, "%s%.*s", used > 0 ? "." : "",
                                             NAME_SHOWN_MAX, at->name);
        if (wanted < 0)
                return used;
        return (size_t)wanted < room ? used + (size_t)wanted : PATH_SIZE - 1;
}

static void refuse_as(reader *self, int64_t status, const char *message)
{
        char path[PATH_SIZE] = "";
        const size_t size = self->at != NULL ? path_write(self->at, path) : 0;
        ocore__json_problem_add(
                self->problems, status, (ocore_str){path, size}, ocore_str_of(message));
}

static void refuse(reader *self, const char *message)
{
        refuse_as(self, OCORE_INVALID, message);
}

static ocore_str text_of(const json_t *value)
{
        return (ocore_str){json_string_value(value), json_string_length(value)};
}

static void read_record(reader *self, const ocore_record *record, const json_t *object, char *into);

/* A whole number, also as a decimal string for writers whose numbers end at 2^53. */
static void read_integer(reader *self, const json_t *value, char *into)
{
        int64_t number = 0;
        ocore_quantity digits;
        if (json_is_integer(value)) {
                number = json_integer_value(value);
        } else if (json_is_string(value) &&
                   ocore_quantity_parse(text_of(value), &digits) == OCORE_OK && digits.scale == 0) {
                number = digits.amount;
        } else {
                refuse(self,
                        json_is_real(value)
                                ? "must be a whole number, without point or exponent, such as 3"
                                : "must be a whole number within 64 bits, such as 3");
                return;
        }
        memcpy(into, &number, sizeof number);
}

static void read_boolean(reader *self, const json_t *value, char *into)
{
        const int64_t number = json_is_true(value);
        if (json_is_boolean(value))
                memcpy(into, &number, sizeof number);
        else
                refuse(self, "must be true or false");
}

static void read_choice(reader *self, const ocore_choice *choices, const json_t *value, char *into)
{
        const ocore_str name = json_is_string(value) ? text_of(value) : ocore_str_of("");
        for (const ocore_choice *choice = choices; choice->name != NULL; choice++) {
                if (ocore_str_equal(ocore_str_of(choice->name), name)) {
                        memcpy(into, &choice->value, sizeof choice->value);
                        return;
                }
        }
        ocore__json_output message = {NULL, 0, 0, 0};
        ocore__json_put_string(&message, "must be one of");
        for (const ocore_choice *choice = choices; choice->name != NULL; choice++) {
                ocore__json_put_string(&message, choice == choices ? " \"" : ", \"");
                ocore__json_put_string(&message, choice->name);
                ocore__json_put_string(&message, "\"");
        }
        char *text = ocore__json_finish(&message);
        refuse(self, text != NULL ? text : "must be one of the names in the help");
        ocore_json_free(text);
}

static void read_time(reader *self, const json_t *value, char *into)
{
        int64_t at_us = 0;
        if (json_is_string(value) && ocore_time_parse(text_of(value), &at_us) == OCORE_OK)
                memcpy(into, &at_us, sizeof at_us);
        else
                refuse(self, "must be a time of RFC 3339, such as \"2026-01-31T09:30:00Z\"");
}

static void read_money(reader *self, const json_t *value, char *into)
{
        ocore_money money;
        const int status =
                json_is_string(value) ? ocore_money_parse(text_of(value), &money) : OCORE_INVALID;
        if (status == OCORE_OK)
                memcpy(into, &money, sizeof money);
        else if (status == OCORE_OVERFLOW)
                refuse_as(self, OCORE_OVERFLOW,
                        "is too large: an amount must fit 64 bits of its smallest unit");
        else
                refuse(self, "must be an amount with currency in quotes, such as \"12.50 EUR\", "
                             "with no more decimals than the currency has");
}

static void read_quantity(reader *self, const json_t *value, char *into)
{
        ocore_quantity quantity;
        memset(&quantity, 0, sizeof quantity);
        int status = OCORE_INVALID;
        if (json_is_integer(value)) {
                quantity.amount = json_integer_value(value);
                status = OCORE_OK;
        } else if (json_is_string(value)) {
                status = ocore_quantity_parse(text_of(value), &quantity);
        }
        if (status == OCORE_OK)
                memcpy(into, &quantity, sizeof quantity);
        else if (status == OCORE_OVERFLOW)
                refuse_as(self, OCORE_OVERFLOW,
                        "is too large: a quantity must fit 64 bits with its decimals");
        else
                refuse(self, "must be a decimal number in quotes, such as \"1.250\", with at most "
                             "9 decimals, or a whole number, such as 3");
}

static void read_text(reader *self, const json_t *value, char *into)
{
        if (!json_is_string(value)) {
                refuse(self, "must be text in quotes");
                return;
        }
        const ocore_str text = text_of(value);
        if (text.size > 0 && memchr(text.data, 0, text.size) != NULL)
                refuse(self, "must not hold the character NUL; leave \\u0000 out");
        else
                memcpy(into, &text, sizeof text);
}

/* All zeros is "none" inside; from outside it is rather a mistake than a wish for none. */
static void read_id(reader *self, const json_t *value, char *into)
{
        static const ocore_id none;
        ocore_id id;
        if (!json_is_string(value) || ocore_id_parse(text_of(value), &id) != OCORE_OK)
                refuse(self, "must be a UUID, such as \"018f3c1e-7b2a-7cc4-9d11-3f5a6b7c8d9e\"");
        else if (memcmp(&id, &none, sizeof id) == 0)
                refuse(self, "must not be all zeros; leave the field out for none");
        else
                memcpy(into, &id, sizeof id);
}

/* In the struct: pointer, count and stride, one behind the other. */
static void read_items(reader *self, const ocore_record *record, const json_t *value, char *into)
{
        if (!json_is_array(value)) {
                refuse(self, "must be a list in brackets: [{...}, {...}]");
                return;
        }
        const size_t count = json_array_size(value);
        const size_t stride = record->size;
        char *items = NULL;
        if (count > 0) {
                if (count <= SIZE_MAX / stride)
                        items = ocore__json_allocate(self->problems->memory, count * stride);
                if (items == NULL) {
                        self->problems->failed = 1;
                        return;
                }
        }
        for (size_t i = 0; i < count; i++) {
                const place here = {self->at, NULL, i};
                self->at = &here;
                read_record(self, record, json_array_get(value, i), items + i * stride);
                self->at = here.outer;
        }
        const void *first = items;
        memcpy(into, &first, sizeof first);
        memcpy(into + sizeof first, &count, sizeof count);
        memcpy(into + sizeof first + sizeof count, &stride, sizeof stride);
}

static void read_field(reader *self, const ocore_field *field, const json_t *value, char *into)
{
        switch (field->kind) {
        case OCORE_FIELD_INTEGER: read_integer(self, value, into); break;
        case OCORE_FIELD_BOOLEAN: read_boolean(self, value, into); break;
        case OCORE_FIELD_CHOICE: read_choice(self, field->of, value, into); break;
        case OCORE_FIELD_TIME: read_time(self, value, into); break;
        case OCORE_FIELD_TEXT: read_text(self, value, into); break;
        case OCORE_FIELD_ID: read_id(self, value, into); break;
        case OCORE_FIELD_MONEY: read_money(self, value, into); break;
        case OCORE_FIELD_QUANTITY: read_quantity(self, value, into); break;
        case OCORE_FIELD_ITEMS: read_items(self, field->of, value, into); break;
        default: /* kinds of answers, and kinds that a newer core has */
                refuse(self, "cannot be given as JSON");
                break;
        }
}

static void refuse_unknown(reader *self, const ocore_record *record)
{
        if (self->problems->count == OCORE__JSON_PROBLEMS_MAX)
                return;
        ocore__json_output message = {NULL, 0, 0, 0};
        const char *before = "there is no such field; the fields are ";
        const ocore_field *field = NULL;
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++) {
                if (!ocore__json_field_shown(field))
                        continue;
                ocore__json_put_string(&message, before);
                const ocore_str name = ocore_json_field_name(ocore_str_of(field->name));
                ocore__json_put(&message, name.data, name.size);
                before = ", ";
        }
        char *text = ocore__json_finish(&message);
        refuse(self, text != NULL ? text : "there is no such field; leave it out");
        ocore_json_free(text);
}

static const ocore_field *field_find(const ocore_record *record, const char *name)
{
        const ocore_field *field = NULL;
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++)
                if (ocore_str_equal(
                            ocore_json_field_name(ocore_str_of(field->name)), ocore_str_of(name)))
                        return ocore__json_field_shown(field) ? field : NULL;
        return NULL;
}

/* null is the same as leaving the field out: zero, which means the documented default. */
static void read_record(reader *self, const ocore_record *record, const json_t *object, char *into)
{
        if (!json_is_object(object)) {
                refuse(self, "must be an object in braces: {...}");
                return;
        }
        /* Iterating never changes the object; jansson has no iterator for a const one. */
        json_t *source = (json_t *)(uintptr_t)object;
        for (void *at = json_object_iter(source); at != NULL;
                at = json_object_iter_next(source, at)) {
                const char *name = json_object_iter_key(at);
                const json_t *value = json_object_iter_value(at);
                const ocore_field *field = field_find(record, name);
                const place here = {self->at, name, 0};
                self->at = &here;
                if (field == NULL)
                        refuse_unknown(self, record);
                else if (!json_is_null(value))
                        read_field(self, field, value, into + field->offset);
                self->at = here.outer;
        }
}

void *ocore__json_request(
        const ocore_record *record, const json_t *object, ocore__json_problems *problems)
{
        char *request = ocore__json_allocate(problems->memory, record->size);
        if (request == NULL) {
                problems->failed = 1;
                return NULL;
        }
        memcpy(request, &record->size, sizeof record->size);
        reader self = {.problems = problems, .at = NULL};
        if (object != NULL)
                read_record(&self, record, object, request);
        return problems->count > 0 || problems->failed ? NULL : request;
}
