/*
 * What the tests of the JSON surface share: descriptions with a field of every kind, a few commands
 * made from them in the place of the core's, and a way to call them. So the translation is tested
 * apart from any order. "thing.echo" answers with its own request: what went in must come out.
 */
#ifndef ORDERCORE_TESTS_JSON_THINGS_H
#define ORDERCORE_TESTS_JSON_THINGS_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <ordercore/json.h>

/* Descriptions: one of each kind. */

typedef struct part {
        ocore_str sku;
        ocore_quantity quantity;
} part;

typedef struct thing {
        size_t struct_size;
        ocore_id id;
        int64_t count;
        int64_t good;
        int64_t color;
        int64_t at_us;
        ocore_money price;
        ocore_quantity weight;
        ocore_str note;
        int64_t secret;
        const part *parts;
        size_t part_count;
        size_t part_stride;
} thing;

typedef struct leaf {
        int64_t price_minor;
        int64_t units;
} leaf;

typedef struct branch {
        ocore_str currency;
        int64_t scale;
        int64_t price_minor;
        const leaf *const *leaves;
        size_t leaf_count;
} branch;

typedef struct tree {
        ocore_id id;
        ocore_str currency;
        int64_t scale;
        int64_t units;
        int64_t price_minor;
        int64_t color;
        int64_t at_us;
        ocore_str note;
        ocore_str bytes;
        int64_t secret;
        const branch *only;
        const branch *const *branches;
        size_t branch_count;
        const leaf *const *leaves;
        size_t leaf_count;
} tree;

static const ocore_choice colors[] = {{"red", 1}, {"dark_green", 7}, {NULL, 0}};

#define FIELD(type, member, kind, flags, of)                                                       \
        {                                                                                          \
#member, "", of, OCORE_FIELD_##kind, flags, offsetof(type, member), 0              \
        }
#define RECORD(type, fields)                                                                       \
        {                                                                                          \
#type, fields, sizeof(ocore_field),                                                \
                        sizeof fields / sizeof fields[0], 0, sizeof(type)                          \
        }

static const ocore_field part_fields[] = {
        FIELD(part, sku, TEXT, OCORE_FIELD_REQUIRED, NULL),
        FIELD(part, quantity, QUANTITY, OCORE_FIELD_REQUIRED, NULL),
};
static const ocore_record part_record = RECORD(part, part_fields);

static const ocore_field thing_fields[] = {
        FIELD(thing, id, ID, 0, NULL),
        FIELD(thing, count, INTEGER, 0, NULL),
        FIELD(thing, good, BOOLEAN, 0, NULL),
        FIELD(thing, color, CHOICE, 0, colors),
        FIELD(thing, at_us, TIME, 0, NULL),
        FIELD(thing, price, MONEY, 0, NULL),
        FIELD(thing, weight, QUANTITY, 0, NULL),
        FIELD(thing, note, TEXT, 0, NULL),
        FIELD(thing, secret, INTEGER, OCORE_FIELD_HIDDEN, NULL),
        {"tenant", "", NULL, OCORE_FIELD_INTEGER, 0, OCORE_FIELD_NOWHERE, 0},
        FIELD(thing, parts, ITEMS, 0, &part_record),
};
static const ocore_record thing_record = RECORD(thing, thing_fields);

static const ocore_field leaf_fields[] = {
        FIELD(leaf, price_minor, AMOUNT, 0, NULL),
        FIELD(leaf, units, UNITS, 0, NULL),
};
static const ocore_record leaf_record = RECORD(leaf, leaf_fields);

static const ocore_field branch_fields[] = {
        FIELD(branch, currency, TEXT, OCORE_FIELD_CURRENCY, NULL),
        FIELD(branch, scale, INTEGER, OCORE_FIELD_SCALE, NULL),
        FIELD(branch, price_minor, AMOUNT, 0, NULL),
        FIELD(branch, leaves, ROWS, 0, &leaf_record),
};
static const ocore_record branch_record = RECORD(branch, branch_fields);

static const ocore_field tree_fields[] = {
        {"tenant", "", NULL, OCORE_FIELD_INTEGER, OCORE_FIELD_HIDDEN, OCORE_FIELD_NOWHERE, 0},
        FIELD(tree, id, ID, 0, NULL),
        FIELD(tree, currency, TEXT, OCORE_FIELD_CURRENCY, NULL),
        FIELD(tree, units, UNITS, 0, NULL),
        FIELD(tree, scale, INTEGER, OCORE_FIELD_SCALE, NULL),
        FIELD(tree, price_minor, AMOUNT, 0, NULL),
        FIELD(tree, color, CHOICE, 0, colors),
        FIELD(tree, at_us, TIME, 0, NULL),
        FIELD(tree, note, TEXT, 0, NULL),
        FIELD(tree, bytes, BYTES, 0, NULL),
        FIELD(tree, secret, INTEGER, OCORE_FIELD_HIDDEN, NULL),
        FIELD(tree, only, RECORD, 0, &branch_record),
        FIELD(tree, branches, ROWS, 0, &branch_record),
        FIELD(tree, leaves, ROWS, 0, &leaf_record),
};
static const ocore_record tree_record = RECORD(tree, tree_fields);

/* What stands in the place of the core. */

static int calls;             /* how often a command was reached */
static int next_status;       /* what the next command returns */
static const void *next_tree; /* what thing.grow answers */
static thing seen;            /* the last request */
static const ocore_error *errors;
static size_t error_count;

static int echo(ocore_core *core, const void *request, const void **out)
{
        (void)core;
        calls++;
        memcpy(&seen, request, sizeof seen);
        *out = next_status < 0 ? NULL : request;
        return next_status;
}

static int grow(ocore_core *core, const void *request, const void **out)
{
        (void)core;
        (void)request;
        *out = next_tree;
        return OCORE_OK;
}

/* The echo could hide two errors that cancel each other: so one request is looked at in memory. */
static int look(ocore_core *core, const void *request, const void **out)
{
        const thing *got = request;
        (void)core;
        assert_int_equal(got->struct_size, sizeof(thing));
        assert_int_equal(got->id.bytes[0], 0x01);
        assert_int_equal(got->id.bytes[15], 0x9e);
        assert_int_equal(got->count, 3);
        assert_int_equal(got->good, 1);
        assert_int_equal(got->color, 7);
        assert_int_equal(got->at_us, 1000001);
        assert_int_equal(got->price.amount_minor, -1250);
        assert_string_equal(got->price.currency, "EUR");
        assert_int_equal(got->price.reserved, 0);
        assert_int_equal(got->weight.amount, 1250);
        assert_int_equal(got->weight.scale, 3);
        assert_int_equal(got->weight.reserved, 0);
        assert_int_equal(got->note.size, 2);
        assert_memory_equal(got->note.data, "hi", 2);
        assert_int_equal(got->secret, 0);
        assert_int_equal(got->part_count, 2);
        assert_int_equal(got->part_stride, sizeof(part));
        assert_int_equal(got->parts[1].quantity.amount, 4);
        assert_int_equal(got->parts[1].quantity.scale, 0);
        assert_memory_equal(got->parts[1].sku.data, "BC", 2);
        calls++;
        *out = NULL;
        return OCORE_ALREADY;
}

static const ocore_command commands[] = {
        {"thing.echo", "", &thing_record, &thing_record, echo, 1},
        {"thing.grow", "", &thing_record, &tree_record, grow, 0},
        {"thing.look", "", &thing_record, &thing_record, look, 1},
        {"other.echo", "", &thing_record, &thing_record, echo, 0},
};

const ocore_command *ocore_command_at(size_t n)
{
        return n < sizeof commands / sizeof commands[0] ? &commands[n] : NULL;
}

const ocore_command *ocore_command_find(ocore_str name)
{
        for (size_t n = 0; ocore_command_at(n) != NULL; n++)
                if (ocore_str_equal(name, ocore_str_of(commands[n].name)))
                        return &commands[n];
        return NULL;
}

const ocore_error *ocore_error_at(const ocore_core *core, size_t n)
{
        (void)core;
        return n < error_count ? &errors[n] : NULL;
}

const ocore_error *ocore_last_error(const ocore_core *core)
{
        return ocore_error_at(core, 0);
}

size_t ocore_error_count(const ocore_core *core)
{
        (void)core;
        return error_count;
}

/* Helpers. */

static int reset(void **state)
{
        (void)state;
        calls = 0;
        next_status = OCORE_OK;
        next_tree = NULL;
        errors = NULL;
        error_count = 0;
        memset(&seen, 0, sizeof seen);
        return 0;
}

static inline char *call_sized(const char *name, const char *args, size_t size, int *status)
{
        char *out = NULL;
        *status = ocore_json_call(NULL, ocore_str_of(name), (ocore_str){args, size}, &out);
        assert_non_null(out);
        assert_null(strpbrk(out, "\r\n"));
        return out;
}

/* A failure must be a line of its own kind with this status and field, and words in its message. */
static inline void assert_refused(
        const char *line, const char *status, const char *field, const char *words)
{
        json_error_t error;
        json_t *answer = json_loads(line, JSON_REJECT_DUPLICATES, &error);
        assert_non_null(answer);
        assert_true(json_is_false(json_object_get(answer, "ok")));
        assert_string_equal(json_string_value(json_object_get(answer, "status")), status);
        assert_string_equal(json_string_value(json_object_get(answer, "field")), field);
        const char *message = json_string_value(json_object_get(answer, "message"));
        assert_non_null(message);
        if (strstr(message, words) == NULL)
                fail_msg("\"%s\" is not in \"%s\"", words, message);
        json_decref(answer);
}

#endif
