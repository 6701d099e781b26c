/*
 * The first step: a request is checked field by field against its description and copied to its
 * full size, so that programs built with older headers are understood and newer ones are told
 * what this library does not know. Every error is collected, with its path.
 */
#include "core.h"

#include <string.h>

/* Where the check stands; a path is spelled out only when something is wrong. */
typedef struct place {
        const struct place *outer;
        const char *name;
        int64_t index; /* -1: not in a list */
} place;

typedef struct checker {
        ocore__work *work;
} checker;

static void write_path(ocore__writer *writer, const place *at)
{
        if (at->outer) {
                write_path(writer, at->outer);
                ocore__write_string(writer, ".");
        }
        ocore__write_string(writer, at->name);
        if (at->index >= 0)
                ocore__write(writer, "[%d]", &at->index);
}

static int wrong(
        checker *check, const place *outer, const char *name, int status, const char *message)
{
        const place at = {outer, name, -1};
        char path[160];
        ocore__writer writer;

        ocore__writer_init(&writer, path, sizeof path);
        write_path(&writer, &at);
        return ocore__error_add(
                check->work->core, status, (ocore_str){path, writer.used}, ocore_str_of(message));
}

/* The words of a choice, for the message that refuses another. */
static int wrong_choice(checker *check, const place *outer, const ocore_field *field)
{
        char text[320];
        ocore__writer writer;

        ocore__writer_init(&writer, text, sizeof text);
        ocore__write_string(&writer, "is not one of the choices:");
        for (const ocore_choice *choice = field->of; choice->name; choice++)
                ocore__write(&writer, choice == field->of ? " %s (%d)" : ", %s (%d)", choice->name,
                        &choice->value);
        return wrong(check, outer, field->name, OCORE_INVALID, text);
}

static int wrong_limit(
        checker *check, const place *outer, const char *name, int64_t limit, const char *what)
{
        char text[120];
        ocore__writer writer;

        ocore__writer_init(&writer, text, sizeof text);
        ocore__write(&writer, "at most %d %s are allowed; shorten it", &limit, what);
        return wrong(check, outer, name, OCORE_LIMIT, text);
}

static void check_number(
        checker *check, const ocore_field *field, const place *outer, int64_t number)
{
        if (field->kind == OCORE_FIELD_CHOICE && number && !ocore__choice_known(field, number))
                wrong_choice(check, outer, field);
        else if (field->kind == OCORE_FIELD_BOOLEAN && number != 0 && number != 1)
                wrong(check, outer, field->name, OCORE_INVALID, "must be 0 or 1");
        else if ((field->flags & OCORE_FIELD_REQUIRED) && number == 0)
                wrong(check, outer, field->name, OCORE_INVALID, "is needed; give a value");
        else if ((field->flags & OCORE_FIELD_POSITIVE) && number <= 0)
                wrong(check, outer, field->name, OCORE_INVALID, "must be above zero");
        else if ((field->flags & OCORE_FIELD_NOT_NEGATIVE) && number < 0)
                wrong(check, outer, field->name, OCORE_INVALID, "must not be below zero");
        else if ((field->flags & OCORE_FIELD_SCALE) && (number < 0 || number > OCORE__SCALE_MAX))
                wrong(check, outer, field->name, OCORE_INVALID, "must be 0 to 9");
}

/* Texts are copied, because the answer, and in a unit the rows, outlive the request. One that is
 * wrong is emptied, so that nobody looks at it who reports what else is wrong. */
static void check_text(
        checker *check, const ocore_field *field, const place *outer, ocore_str *text)
{
        size_t limit = field->limit ? field->limit : OCORE__TEXT_MAX;
        int status;

        if (text->size && !text->data) {
                wrong(check, outer, field->name, OCORE_INVALID, "has a size but no data");
        } else if (text->size == 0) {
                if (field->flags & OCORE_FIELD_REQUIRED)
                        wrong(check, outer, field->name, OCORE_INVALID, "is needed; give a text");
        } else if (text->size > limit) {
                wrong_limit(check, outer, field->name, (int64_t)limit, "bytes");
        } else if (!ocore__text_good(*text, (field->flags & OCORE_FIELD_LINES) != 0)) {
                wrong(check, outer, field->name, OCORE_INVALID,
                        "is not valid UTF-8 or has control characters; take them out");
        } else if ((field->flags & OCORE_FIELD_CURRENCY) && ocore_currency_exponent(*text) < 0) {
                wrong(check, outer, field->name, OCORE_INVALID,
                        "is not an ISO 4217 currency code such as EUR");
        } else if ((field->flags & OCORE_FIELD_FREE) && !check->work->core->config.cards_allowed &&
                   ocore__text_has_card(*text)) {
                wrong(check, outer, field->name, OCORE_SENSITIVE,
                        "holds what looks like a card number; take it out");
        } else {
                status = ocore__arena_text(check->work->arena, *text, text);
                if (!status)
                        return;
                check->work->status = status;
        }
        *text = (ocore_str){0};
}

static void check_money(
        checker *check, const ocore_field *field, const place *outer, ocore_money *money)
{
        ocore_str code = {money->currency, 3};

        if (!money->currency[0]) {
                if (money->amount_minor)
                        wrong(check, outer, field->name, OCORE_INVALID,
                                "has an amount but no currency");
                else if (field->flags & OCORE_FIELD_REQUIRED)
                        wrong(check, outer, field->name, OCORE_INVALID,
                                "is needed; give an amount with currency");
                return;
        }
        if (money->currency[3] || money->reserved || ocore_currency_exponent(code) < 0)
                wrong(check, outer, field->name, OCORE_INVALID,
                        "has no ISO 4217 currency code such as EUR");
        else if ((field->flags & OCORE_FIELD_POSITIVE) && money->amount_minor <= 0)
                wrong(check, outer, field->name, OCORE_INVALID, "must be above zero");
        else if ((field->flags & OCORE_FIELD_NOT_NEGATIVE) && money->amount_minor < 0)
                wrong(check, outer, field->name, OCORE_INVALID, "must not be below zero");
}

static void check_quantity(checker *check, const ocore_field *field, const place *outer,
        const ocore_quantity *quantity)
{
        if (quantity->scale < 0 || quantity->scale > OCORE__SCALE_MAX || quantity->reserved)
                wrong(check, outer, field->name, OCORE_INVALID, "has a scale that is not 0 to 9");
        else if ((field->flags & OCORE_FIELD_REQUIRED) && !quantity->amount)
                wrong(check, outer, field->name, OCORE_INVALID,
                        "is needed; give a quantity other than zero");
        else if ((field->flags & OCORE_FIELD_POSITIVE) && quantity->amount <= 0)
                wrong(check, outer, field->name, OCORE_INVALID, "must be above zero");
        else if ((field->flags & OCORE_FIELD_NOT_NEGATIVE) && quantity->amount < 0)
                wrong(check, outer, field->name, OCORE_INVALID, "must not be below zero");
        else if (quantity->amount == INT64_MIN)
                wrong(check, outer, field->name, OCORE_OVERFLOW, "is too small");
}

static void check_fields(
        checker *check, const ocore_record *record, char *copy, const place *outer);

/* A newer program may have larger items: what this library does not know must be zero. */
static int tail_clear(const char *data, size_t from, size_t to)
{
        while (from < to)
                if (data[from++])
                        return 0;
        return 1;
}

static void check_items(
        checker *check, const ocore_field *field, const place *outer, ocore__items *items)
{
        const ocore_record *record = field->of;
        ocore__work *work = check->work;
        size_t known = items->stride < record->size ? items->stride : record->size;
        int64_t limit = work->core->config.lines_max;
        char *copy;

        if (items->count == 0) {
                if (field->flags & OCORE_FIELD_REQUIRED)
                        wrong(check, outer, field->name, OCORE_INVALID,
                                "is empty; give at least one");
                *items = (ocore__items){0};
                return;
        }
        if (!items->data || items->stride == 0 || items->stride > record->size * 16) {
                wrong(check, outer, field->name, OCORE_INVALID,
                        "has a count but no data, or a wrong stride");
                *items = (ocore__items){0};
                return;
        }
        if (items->count > (size_t)limit) {
                wrong_limit(check, outer, field->name, limit, "items");
                *items = (ocore__items){0};
                return;
        }
        copy = ocore__arena_zero(work->arena, items->count, record->size);
        if (!copy) {
                work->status = OCORE_NOMEM;
                *items = (ocore__items){0};
                return;
        }
        for (size_t i = 0; i < items->count; i++) {
                const char *item = (const char *)items->data + i * items->stride;
                const place at = {outer, field->name, (int64_t)i};

                memcpy(copy + i * record->size, item, known);
                if (!tail_clear(item, known, items->stride))
                        wrong(check, outer, field->name, OCORE_INVALID,
                                "has fields that this library is too old for");
                check_fields(check, record, copy + i * record->size, &at);
        }
        *items = (ocore__items){copy, items->count, record->size};
}

static void check_fields(checker *check, const ocore_record *record, char *copy, const place *outer)
{
        for (size_t i = 0; i < record->field_count; i++) {
                const ocore_field *field = &record->fields[i];
                void *at = copy + field->offset;

                switch (field->kind) {
                case OCORE_FIELD_TEXT: check_text(check, field, outer, at); break;
                case OCORE_FIELD_ID:
                        if ((field->flags & OCORE_FIELD_REQUIRED) &&
                                ocore__id_is_none(*(ocore_id *)at))
                                wrong(check, outer, field->name, OCORE_INVALID,
                                        "is needed; give an id that is not all zeros");
                        break;
                case OCORE_FIELD_MONEY: check_money(check, field, outer, at); break;
                case OCORE_FIELD_QUANTITY: check_quantity(check, field, outer, at); break;
                case OCORE_FIELD_ITEMS: check_items(check, field, outer, at); break;
                default: check_number(check, field, outer, *(int64_t *)at);
                }
        }
}

int ocore__request_take(
        ocore__work *work, const ocore_record *record, const void *request, void **out)
{
        checker check = {work};
        size_t size = 0, known;
        char *copy;

        *out = NULL;
        if (request)
                memcpy(&size, request, sizeof size);
        if (size < sizeof size || size > record->size * 16)
                return wrong(&check, NULL, "struct_size", OCORE_INVALID,
                        "must be sizeof the request; set it");
        copy = ocore__arena_zero(work->arena, 1, record->size);
        if (!copy)
                return OCORE_NOMEM;
        known = size < record->size ? size : record->size;
        memcpy(copy, request, known);
        if (!tail_clear(request, known, size))
                return wrong(&check, NULL, "struct_size", OCORE_INVALID,
                        "the request has fields that this library is too old for");
        check_fields(&check, record, copy, NULL);
        *out = copy;
        if (work->status)
                return work->status;
        return work->core->error_count ? (int)ocore_last_error(work->core)->status : OCORE_OK;
}
