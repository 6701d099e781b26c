/*
 * Row structs described once: writing a description, and what follows from it without further
 * code: cells, copies, comparison, hashes and the bytes of requests and answers.
 */
#ifndef ORDERCORE_RECORD_RECORD_H
#define ORDERCORE_RECORD_RECORD_H

#include "base/arena.h"

#include <ordercore/store.h>

/* The first column of every table. */
#define OCORE__TENANT                                                                              \
        {                                                                                          \
                "tenant", "whose row it is", NULL, OCORE_FIELD_INTEGER, OCORE_FIELD_HIDDEN,        \
                        OCORE_FIELD_NOWHERE, 0                                                     \
        }

/* A field of `type`, named like the member. */
#define OCORE__FIELD(type, member, kind, flags, note)                                              \
        {                                                                                          \
#member, note, NULL, OCORE_FIELD_##kind, flags, offsetof(type, member), 0          \
        }
/* A choice, a list or a record: `of` says of what. */
#define OCORE__FIELD_OF(type, member, kind, flags, of, note)                                       \
        {                                                                                          \
#member, note, of, OCORE_FIELD_##kind, flags, offsetof(type, member), 0            \
        }
/* A text or list with a limit of its own. */
#define OCORE__FIELD_UP_TO(type, member, kind, flags, limit, note)                                 \
        {                                                                                          \
#member, note, NULL, OCORE_FIELD_##kind, flags, offsetof(type, member), limit      \
        }

/* What every command's request begins with, and a code in a request. */
#define OCORE__FIELD_KEY(type)                                                                     \
        OCORE__FIELD(type, id, ID, OCORE_FIELD_REQUIRED, "the retry key, made by you")
#define OCORE__FIELD_CODE(type, member, flags, note)                                               \
        OCORE__FIELD_UP_TO(type, member, TEXT, flags, OCORE__CODE_MAX, note)

/* The description of `type` from its array of fields; the first `columns` have a table. */
#define OCORE__RECORD(name, type, fields, columns)                                                 \
        {                                                                                          \
                name, fields, sizeof(ocore_field), sizeof fields / sizeof fields[0], columns,      \
                        sizeof(type)                                                               \
        }

enum {
        OCORE__TEXT_MAX = 255,   /* bytes of a text field that sets no limit of its own */
        OCORE__CODE_MAX = 64,    /* bytes of a code: sku, site, lot, channel */
        OCORE__COLUMNS_MAX = 48, /* columns of a table */
        OCORE__SCALE_MAX = 9
};

/* Typed access to a field of a struct. */
#define OCORE__NUMBER_AT(row, offset) (*(int64_t *)(void *)((char *)(row) + (offset)))
#define OCORE__TEXT_AT(row, offset) (*(ocore_str *)(void *)((char *)(row) + (offset)))
#define OCORE__ID_AT(row, offset) (*(ocore_id *)(void *)((char *)(row) + (offset)))
#define OCORE__CONST_NUMBER_AT(row, offset)                                                        \
        (*(const int64_t *)(const void *)((const char *)(row) + (offset)))
#define OCORE__CONST_TEXT_AT(row, offset)                                                          \
        (*(const ocore_str *)(const void *)((const char *)(row) + (offset)))
#define OCORE__CONST_ID_AT(row, offset)                                                            \
        (*(const ocore_id *)(const void *)((const char *)(row) + (offset)))

/* A list inside a struct, as OCORE_FIELD_ITEMS and OCORE_FIELD_ROWS stand there. */
typedef struct ocore__items {
        const void *data;
        size_t count;
        size_t stride;
} ocore__items;
typedef struct ocore__rows {
        const void *const *data;
        size_t count;
} ocore__rows;

ocore_cell ocore__cell_number(int64_t number);
ocore_cell ocore__cell_text(ocore_str text);
ocore_cell ocore__cell_id(ocore_id id);
ocore_cell ocore__cell_none(void);
/* What a column holds in rows that are older than it: zero, an empty text, or NULL where the field
 * may be NULL. */
ocore_cell ocore__cell_default(const ocore_field *field);

/* Row struct → the first `count` cells of its table. */
void ocore__row_to_cells(const ocore_record *record, int64_t tenant, const void *row, size_t count,
        ocore_cell *cells);
/* Cells as a store gave them → a new row struct with its texts in one piece of the arena.
 * OCORE_CORRUPT when a type, a choice or the tenant cannot be right. */
int ocore__row_from_cells(ocore__arena *arena, const ocore_table *table, int64_t tenant,
        const ocore_cell *cells, size_t count, void **out);
/* By the key columns, as a store orders them. */
int ocore__row_compare(const ocore_table *table, const void *a, const void *b);
/* The same for two rows of one group, which share its cell (see below). */
int ocore__row_compare_within(const ocore_table *table, const void *a, const void *b);
/* The cell behind the tenant that the engine reads the table by; none for a table read whole. */
ocore_cell ocore__row_group(const ocore_table *table, const void *row);
int ocore__cell_equal(const ocore_cell *a, const ocore_cell *b);
/* As a store orders them: by type, then by value. */
int ocore__cell_compare(const ocore_cell *a, const ocore_cell *b);
/* For tables in memory: not the same on every machine. */
uint64_t ocore__cell_hash(const ocore_cell *cell, uint64_t seed);
/* 1 if the value stands among the choices of a field. */
int ocore__choice_known(const ocore_field *field, int64_t value);

/*
 * Answers as bytes, lists and all: positional, zero in one byte, so that fields appended later
 * read as zero. Growing room is taken from the arena.
 */
int ocore__record_encode(
        ocore__arena *arena, const ocore_record *record, const void *row, ocore_str *out);
int ocore__record_decode(
        ocore__arena *arena, const ocore_record *record, ocore_str bytes, void **out);

/*
 * A digest of a request: for each field that is not zero its number and a 64-bit hash, so that a
 * second request with the same id can be told apart by field without keeping its content.
 */
int ocore__record_digest(
        ocore__arena *arena, const ocore_record *record, const void *request, ocore_str *out);
/* The first field in which two digests differ, NULL when they are equal. */
const ocore_field *ocore__digest_difference(const ocore_record *record, ocore_str a, ocore_str b);

#endif
