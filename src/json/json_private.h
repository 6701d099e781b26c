/*
 * What the files of libordercore-json share: memory of one call, the text of an answer, the list
 * of problems, and the two directions of translation. It knows no command by name: everything is
 * done from the descriptions in record.h.
 */
#ifndef ORDERCORE_JSON_PRIVATE_H
#define ORDERCORE_JSON_PRIVATE_H

#include <jansson.h>

#include <ordercore/json.h>

/* The named limits of a request in JSON. */
#define OCORE__JSON_BYTES_MAX ((size_t)16 * 1024 * 1024) /* of one request */
#define OCORE__JSON_DEPTH_MAX 32                         /* lists and objects within each other */
#define OCORE__JSON_NESTS_MAX 1000000                    /* lists and objects in all */
#define OCORE__JSON_PROBLEMS_MAX 64                      /* as many as the core tells at once */

/* The memory of one call: given back as a whole at its end. All memory of this library comes
 * from jansson's allocator, so that one json_set_alloc_funcs() governs both. */
typedef struct ocore__json_memory {
        struct ocore__json_block *blocks;
} ocore__json_memory;

/* `size` zeroed bytes aligned for any object, NULL without memory. */
void *ocore__json_allocate(ocore__json_memory *memory, size_t size);
void ocore__json_release(ocore__json_memory *memory);

/* A growing text. Without memory it keeps what it has and says `failed`; the caller looks once,
 * at the end. */
typedef struct ocore__json_output {
        char *data;
        size_t used;
        size_t room;
        int failed;
} ocore__json_output;

void ocore__json_put(ocore__json_output *output, const char *text, size_t size);
void ocore__json_put_string(ocore__json_output *output, const char *text);
void ocore__json_put_number(ocore__json_output *output, int64_t number);
/* In quotes and escaped; bytes that are no UTF-8 become U+FFFD, so that a line is always valid. */
void ocore__json_put_quoted(ocore__json_output *output, ocore_str text);
/* The text with its NUL, now the caller's; NULL without memory, and then nothing is left over. */
char *ocore__json_finish(ocore__json_output *output);

/* One thing that is wrong; the texts live as long as the memory they are from. */
typedef struct ocore__json_problem {
        int64_t status;
        ocore_str field;
        ocore_str message;
} ocore__json_problem;

/* All that is wrong with a request, as far as room goes. */
typedef struct ocore__json_problems {
        ocore__json_memory *memory;
        size_t count;
        int failed; /* there was no memory to say it */
        ocore__json_problem list[OCORE__JSON_PROBLEMS_MAX];
} ocore__json_problems;

/* Notes a problem; `message` is copied. */
void ocore__json_problem_add(
        ocore__json_problems *problems, int64_t status, ocore_str field, ocore_str message);

/*
 * Reads strict JSON: RFC 8259 without duplicate keys, "-0", lone surrogates or anything behind it,
 * within the limits above. *out is NULL when something is wrong, which is then in `problems`.
 */
void ocore__json_parse(ocore_str text, ocore__json_problems *problems, json_t **out);

/*
 * Makes the request that `record` describes from a JSON object (NULL: an empty one). Texts are
 * lent from `object`. Returns NULL when something is wrong, which is then in `problems`.
 */
void *ocore__json_request(
        const ocore_record *record, const json_t *object, ocore__json_problems *problems);

/* The value of a choice's number; NULL when the list does not have it. */
const char *ocore__json_choice_name(const ocore_choice *choices, int64_t value);

/* Writes an answer; NULL becomes null. */
void ocore__json_answer(ocore__json_output *output, const ocore_record *record, const void *answer);

/* The field is part of the JSON surface: not hidden and in the struct. */
int ocore__json_field_shown(const ocore_field *field);

#endif
