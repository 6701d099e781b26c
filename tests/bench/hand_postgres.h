/*
 * The SQL of the hand-written PostgreSQL parts, for hand_postgres.c alone.
 */
#ifndef ORDERCORE_TESTS_HAND_POSTGRES_H
#define ORDERCORE_TESTS_HAND_POSTGRES_H

#include "bench.h"

#include <libpq-fe.h>

/* PostgreSQL's numbers of types. */
enum { BIGINT = 20, TEXT = 25, BYTEA = 17, UUID = 2950, BIGINTS = 1016, TEXTS = 1009 };

enum {
        BEGIN,
        COMMIT,
        RULES,
        PRICE,
        STOCK,
        COMMAND,
        EVENT,
        EFFECT,
        MOVE,
        ORDER,
        LINE,
        ALLOCATION,
        TAKE,
        TAKE_SURE,
        FUNCTION,
        STATEMENTS
};

enum { PARAMETERS_MAX = 8 };

typedef struct hand_statement {
        const char *text;
        int parameter_count;
        Oid types[PARAMETERS_MAX];
} hand_statement;

extern const hand_statement hand_statements[STATEMENTS];
/* CREATE FUNCTION. */
extern const char *const hand_function_text;

#endif
