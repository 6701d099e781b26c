/*
 * Text becomes a JSON tree, strictly. jansson refuses duplicate keys, leading zeros, bad UTF-8 and
 * lone surrogates by itself; what it lets through ("-0") or meets by recursion (nesting) is found
 * by a first look at the bytes.
 */
#include <stdio.h>
#include <string.h>

#include "json_private.h"

void ocore__json_problem_add(
        ocore__json_problems *problems, int64_t status, ocore_str field, ocore_str message)
{
        if (problems->count == OCORE__JSON_PROBLEMS_MAX)
                return;
        char *texts = ocore__json_allocate(problems->memory, field.size + message.size + 1);
        if (texts == NULL) {
                problems->failed = 1;
                return;
        }
        if (field.size > 0)
                memcpy(texts, field.data, field.size);
        if (message.size > 0)
                memcpy(texts + field.size, message.data, message.size);
        problems->list[problems->count++] = (ocore__json_problem){
                .status = status,
                .field = {texts, field.size},
                .message = {texts + field.size, message.size},
        };
}

/* Refuses the text at a byte; a column is a character of the line, from 1. */
static void refuse_at(ocore__json_problems *problems, int64_t status, ocore_str text, size_t offset,
        const char *why)
{
        size_t line = 1;
        size_t column = 1;
        for (size_t i = 0; i < offset && i < text.size; i++) {
                unsigned char byte = (unsigned char)text.data[i];
                if (byte == '\n') {
                        line++;
                        column = 1;
                } else if ((byte & 0xc0) != 0x80) {
                        column++;
                }
        }
        char message[320];
        snprintf(message, sizeof message, "line %zu, column %zu, offset %zu: %s", line, column,
                offset, why);
        ocore__json_problem_add(problems, status, (ocore_str){NULL, 0}, ocore_str_of(message));
}

/* The byte behind a string that begins at `at`; the end of the text when it does not end. */
static size_t string_end(ocore_str text, size_t at)
{
        for (at++; at < text.size && text.data[at] != '"'; at++)
                if (text.data[at] == '\\')
                        at++;
        return at < text.size ? at + 1 : text.size;
}

/* "-0" with no digit, point or exponent behind it: jansson would make it 0. */
static int is_minus_zero(ocore_str text, size_t at)
{
        if (text.size - at < 2 || text.data[at + 1] != '0')
                return 0;
        return text.size - at == 2 || strchr("0123456789.eE", text.data[at + 2]) == NULL ||
               text.data[at + 2] == 0;
}

/* The first look: 1 when jansson may read it. */
static int text_is_tame(ocore_str text, ocore__json_problems *problems)
{
        size_t depth = 0;
        size_t nests = 0;
        for (size_t at = 0; at < text.size; at++) {
                const char byte = text.data[at];
                if (byte == '"') {
                        at = string_end(text, at) - 1;
                } else if (byte == '{' || byte == '[') {
                        if (++depth > OCORE__JSON_DEPTH_MAX) {
                                refuse_at(problems, OCORE_INVALID, text, at,
                                        "nested too deep; no request needs that");
                                return 0;
                        }
                        if (++nests > OCORE__JSON_NESTS_MAX) {
                                refuse_at(problems, OCORE_LIMIT, text, at,
                                        "too many lists and objects; split the request");
                                return 0;
                        }
                } else if (byte == '}' || byte == ']') {
                        depth -= depth > 0;
                } else if (byte == '-' && is_minus_zero(text, at)) {
                        refuse_at(problems, OCORE_INVALID, text, at,
                                "\"-0\" is no number here; write 0");
                        return 0;
                }
        }
        return 1;
}

static const char *mend_of(enum json_error_code code)
{
        switch (code) {
        case json_error_invalid_utf8: return "write the text in UTF-8";
        case json_error_duplicate_key: return "keep one of them";
        case json_error_numeric_overflow: return "numbers must fit 64 bits";
        case json_error_end_of_input_expected: return "take away what stands behind the JSON text";
        case json_error_premature_end_of_input: return "the JSON text is not complete";
        default: return "correct the JSON text there";
        }
}

static json_t *text_load(ocore_str text, json_error_t *error)
{
        memset(error, 0, sizeof *error);
        return json_loadb(text.size > 0 ? text.data : "", text.size,
                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, error);
}

/*
 * jansson tells most failures of memory as failures of the text, at the place where they happened.
 * A fault of the text is found in the same place each time, so a refused text is read once more.
 */
static json_t *text_load_twice(ocore_str text, json_error_t *error, int *no_memory)
{
        json_error_t first;
        json_t *tree = text_load(text, &first);
        *no_memory = 0;
        if (tree == NULL)
                tree = text_load(text, error);
        if (tree == NULL)
                *no_memory = json_error_code(error) == json_error_out_of_memory ||
                             error->text[0] == 0 || error->position != first.position ||
                             strcmp(error->text, first.text) != 0;
        return tree;
}

void ocore__json_parse(ocore_str text, ocore__json_problems *problems, json_t **out)
{
        static const ocore_str nowhere = {NULL, 0};
        json_error_t error;
        *out = NULL;
        if (text.size > OCORE__JSON_BYTES_MAX) {
                ocore__json_problem_add(problems, OCORE_LIMIT, nowhere,
                        ocore_str_of("a request may have 16 MiB; split it"));
                return;
        }
        if (!text_is_tame(text, problems))
                return;
        *out = text_load_twice(text, &error, &problems->failed);
        if (*out != NULL || problems->failed)
                return;
        /* jansson counts what it has read: the culprit is the last byte of that, but for bytes
         * that are no character and for a text that has come to its end. */
        const enum json_error_code code = json_error_code(&error);
        size_t offset = error.position > 0 ? (size_t)error.position : 0;
        if (offset > 0 && code != json_error_invalid_utf8 &&
                code != json_error_premature_end_of_input)
                offset--;
        char why[JSON_ERROR_TEXT_LENGTH + 64];
        snprintf(why, sizeof why, "%s; %s", error.text, mend_of(code));
        refuse_at(problems, OCORE_INVALID, text, offset, why);
}
