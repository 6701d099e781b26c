/*
 * What the files of the conformance suite share: the toy schema, the model, rows as comparable
 * text, and the run of one check.
 */
#ifndef ORDERCORE_TESTS_SUITE_PRIVATE_H
#define ORDERCORE_TESTS_SUITE_PRIVATE_H

#include <ordercore/store_suite.h>

/* The toy tables. `bin` has one column of each type and no index, `item` one index of each kind,
 * `group` (a word that SQL keeps for itself) a unique index over every row. */
enum { TOY_BIN, TOY_ITEM, TOY_GROUP, TOY_TABLES, TOY_LATER = TOY_TABLES };
enum { BIN_TENANT, BIN_CODE, BIN_ORDER, BIN_HELD, BIN_NOTE, BIN_OWNER, BIN_PHOTO, BIN_COLUMNS };
enum { BIN_EXTRA = BIN_COLUMNS, BIN_HINT, BIN_GROWN_COLUMNS };
enum {
        ITEM_TENANT,
        ITEM_OWNER,
        ITEM_LINE,
        ITEM_SKU,
        ITEM_STATE,
        ITEM_DUE,
        ITEM_NAME,
        ITEM_COUNT,
        ITEM_MEMO,
        ITEM_COLUMNS
};
enum { ITEM_BY_KEY, ITEM_BY_SKU, ITEM_BY_DUE, ITEM_BY_NAME, ITEM_BY_STATE };
enum { GROUP_TENANT, GROUP_PLACE, GROUP_SLOT, GROUP_LABEL, GROUP_COLUMNS };
enum { TOY_COLUMNS_MAX = 9, TOY_PLACES_MAX = 8, TOY_KEY_BYTES = 400 };

extern const ocore_schema ocore__toy_schema;
extern const ocore_schema ocore__toy_grown; /* the same, a version later: more of everything */

/* Cells. */
ocore_cell ocore__toy_null(void);
ocore_cell ocore__toy_number(int64_t number);
ocore_cell ocore__toy_text(const char *text);
ocore_cell ocore__toy_bytes(const void *data, size_t size);
ocore_cell ocore__toy_id(uint64_t number);
uint32_t ocore__toy_cell_type(const ocore_table *table, size_t column);

/* A row with something plausible in every column that is not part of the key. */
typedef struct toy_row {
        ocore_cell cells[TOY_COLUMNS_MAX];
} toy_row;
toy_row ocore__toy_bin(int64_t tenant, const char *code, int64_t order);
toy_row ocore__toy_item(int64_t tenant, uint64_t owner, int64_t line, const char *sku);
toy_row ocore__toy_group(int64_t tenant, int64_t place, int64_t slot);

ocore_write ocore__toy_write(uint32_t kind, uint32_t table, const toy_row *row, int64_t revision);
ocore_write ocore__toy_add(
        uint32_t table, const toy_row *row, const ocore_add *adds, uint32_t count);
ocore_read ocore__toy_read(
        uint32_t table, uint32_t index, const ocore_cell *prefix, uint32_t count);

/* The order of cells, and of rows in an index; written here once more, apart from any store. */
int ocore__toy_compare(const ocore_cell *a, const ocore_cell *b);
uint32_t ocore__toy_place_count(const ocore_table *table, uint32_t index);
uint32_t ocore__toy_place_column(const ocore_table *table, uint32_t index, uint32_t place);

/* Mistakes that the model can be told to make, so that the suite can be seen to find them. */
enum {
        MODEL_RIGHT,
        MODEL_NOT_ATOMIC,
        MODEL_INSERT_REPLACES,
        MODEL_UPDATE_UNCHECKED,
        MODEL_DELETE_UNCHECKED,
        MODEL_CHECK_IGNORED,
        MODEL_REVISION_STAYS,
        MODEL_ADD_KEEPS_REVISION,
        MODEL_ADD_COMPARES_BELOW,
        MODEL_ADD_FLOOR_WHEN_POSITIVE,
        MODEL_ADD_WRAPS,
        MODEL_UNIQUE_IGNORED,
        MODEL_SPARSE_IGNORED,
        MODEL_TENANTS_MIXED,
        MODEL_LIMIT_IGNORED,
        MODEL_ASCENDING_ONLY,
        MODEL_AFTER_INCLUSIVE,
        MODEL_NULLS_LAST,
        MODEL_TEXT_CUT_AT_HIGH,
        MODEL_EMPTY_IS_NULL,
        MODEL_EMIT_IGNORED,
        MODEL_WRONG_WRITE_NAMED,
        MODEL_NUMBER_32_BITS,
        MODEL_REOPEN_FORGETS,
        MODEL_GROWTH_FORGETS,
        MODEL_INSERT_AT_ONE,
        MODEL_ALL_TENANTS_NONE,
        MODEL_ALL_TENANTS_FIRST,
        MODEL_ALL_TENANTS_AFTER_IGNORED,
        MODEL_CASE_IGNORED,
        MODEL_BLANKS_IGNORED,
        MODEL_COMPARES_255_BYTES,
        MODEL_TEXT_64_KIB,
        MODEL_MISTAKES
};

/* The model: rows in an array, every question answered by walking all of them. */
int ocore__model_store(int mistake, ocore_store *out);
/* What each write alone would be refused for, 0 for none. */
uint32_t ocore__model_reason(const ocore_store *model, const ocore_write *write, uint32_t column);
/* The row under the key of `cells`: its revision and cells (lent until the next write), or 0. */
int64_t ocore__model_find(
        const ocore_store *model, uint32_t table, const ocore_cell *cells, const ocore_cell **out);
/* The n-th row of a table, NULL past the end. */
const ocore_cell *ocore__model_row(const ocore_store *model, uint32_t table, size_t n);

/* One check under way. */
typedef struct suite_run {
        const ocore_store_suite_config *config;
        ocore_store store;
        ocore_store model;
        int failed;
        char detail[600];
} suite_run;

/* Notes the first thing that is wrong. Returns `holds`. */
int ocore__suite_expect(suite_run *run, int holds, const char *format, ...);
/* Writes to store and model; both must answer so. Then their contents must be the same. */
void ocore__suite_step(suite_run *run, const char *what, const ocore_write *writes, size_t count,
        uint32_t reason, size_t refused);
/* The same look-ups of both must have the same answers. */
void ocore__suite_ask(suite_run *run, const char *what, const ocore_read *reads, size_t count);
void ocore__suite_same(suite_run *run, const char *what);
/* Closes and opens again the store, and gives it the schema. 0 when it cannot. */
int ocore__suite_reopen(suite_run *run, const ocore_schema *schema);

typedef struct suite_check {
        const char *name;
        void (*run)(suite_run *run);
        int needs_reopen;
} suite_check;

extern const suite_check ocore__suite_write_checks[];
extern const suite_check ocore__suite_read_checks[];
extern const suite_check ocore__suite_text_checks[];
extern const suite_check ocore__suite_life_checks[];

/* Random numbers: SplitMix64 (Steele, Lea and Flood, 2014). */
uint64_t ocore__suite_random(uint64_t *state);

#endif
