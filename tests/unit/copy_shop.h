/*
 * What the tests of copies share: a shop that is copied from store to store, callbacks that listen,
 * and the calls that must succeed.
 */
#ifndef ORDERCORE_TESTS_COPY_SHOP_H
#define ORDERCORE_TESTS_COPY_SHOP_H

#include "shop.h"
#include "support.h"

#include "engine/engine.h"

#include <ordercore/fault_store.h>

enum { TENANTS = 3, PAGE = 7 };

/* What the callbacks ears. */
typedef struct heard {
        int64_t progress;   /* calls */
        int64_t stop_at;    /* the call that ends it; 0: none */
        int64_t last_rows;  /* never less than before */
        int64_t sentences;  /* calls */
        char sentence[700]; /* the last one */
        int64_t tables[64]; /* calls by table */
        int64_t table_count;
} heard;

static inline int on_progress(void *user_data, const ocore_copy_progress *progress)
{
        heard *self = user_data;

        assert_true(progress->rows >= self->last_rows);
        assert_true(progress->table.size > 0);
        assert_true(progress->table_index >= 0 && progress->table_index < progress->table_count);
        self->last_rows = progress->rows;
        self->table_count = progress->table_count;
        self->tables[progress->table_index]++;
        return ++self->progress == self->stop_at;
}

static inline void on_difference(void *user_data, ocore_str sentence)
{
        heard *self = user_data;

        self->sentences++;
        (void)snprintf(
                self->sentence, sizeof self->sentence, "%.*s", (int)sentence.size, sentence.data);
}

/* A copy with small pages, so that a few hundred rows take many of them. */
static inline ocore_copy_config config_of(ocore_store from, ocore_store to, heard *ears)
{
        return (ocore_copy_config){.struct_size = sizeof(ocore_copy_config),
                .from = from,
                .to = to,
                .progress = ears ? on_progress : NULL,
                .difference = ears ? on_difference : NULL,
                .user_data = ears,
                .page_rows = PAGE};
}

static inline int64_t fixed_clock(void *user_data)
{
        (void)user_data;
        return TEST_NOW_US;
}

/* Three tenants, each with a few commands behind it. */
static inline void fill(ocore_store store)
{
        for (int64_t tenant = 0; tenant < TENANTS; tenant++) {
                const ocore_config config = {.tenant = tenant * 1000,
                        .store = store,
                        .clock = fixed_clock,
                        .actor = STR("copy")};
                test_world world;

                test_open_with(&world, &config);
                shop_site(&world, "north", 1);
                for (int i = 0; i < 9; i++) {
                        char sku[32];

                        (void)snprintf(sku, sizeof sku, "sku-%d", i);
                        shop_goods(&world, sku, "3.50 EUR");
                        shop_receive(&world, sku, "north", "10");
                        shop_receive(&world, sku, "north", "5"); /* revision 2 */
                }
                test_close(&world);
        }
}

static inline const ocore_table *table_named(const char *name)
{
        for (size_t i = 0; i < ocore__schema.table_count; i++)
                if (strcmp(ocore__schema.tables[i]->name, name) == 0)
                        return ocore__schema.tables[i];
        fail_msg("there is no table %s", name);
        return NULL;
}

/* One write past all rules. */
static inline int write_one(ocore_store store, uint32_t kind, const ocore_table *table,
        const ocore_cell *cells, int64_t revision)
{
        const ocore_write write = {.table = table,
                .cells = cells,
                .revision = revision,
                .kind = kind,
                .cell_count = kind == OCORE_WRITE_DELETE ? table->key_count
                                                         : (uint32_t)table->record->column_count};
        ocore_refusal refusal;

        return store.ops->write(store.self, &write, 1, &refusal);
}

/* A policy row: tenant, name, changes. */
static inline void policy_cells(
        ocore_cell *cells, int64_t tenant, const char *name, int64_t changes)
{
        cells[0] = ocore__cell_number(tenant);
        cells[1] = ocore__cell_text(ocore_str_of(name));
        cells[2] = ocore__cell_number(changes);
}

static inline const char *words_of(ocore_store store)
{
        int64_t code;

        return store.ops->message ? store.ops->message(store.self, &code) : "";
}

static inline void assert_copied(ocore_store from, ocore_store to, int64_t rows, int64_t written)
{
        heard ears = {0};
        const ocore_copy_config config = config_of(from, to, &ears);
        ocore_copy_progress progress;
        int status = ocore_store_copy(&config, &progress);

        if (status)
                fail_msg("copy: %s, %s, %s, %s", ocore_status_name(status), ears.sentence,
                        words_of(from), words_of(to));
        assert_number(progress.rows, rows);
        assert_number(progress.written, written);
        assert_number(progress.differences, 0);
        assert_number(ears.last_rows, rows);
        assert_number(ears.sentences, 0);
        for (int64_t i = 0; i < ears.table_count; i++)
                assert_true(ears.tables[i] > 0);
        assert_number(ears.table_count, (int64_t)ocore__schema.table_count);
}

static inline void assert_same(ocore_store from, ocore_store to, int64_t rows)
{
        heard ears = {0};
        const ocore_copy_config config = config_of(from, to, &ears);
        ocore_copy_progress progress;
        int status = ocore_store_compare(&config, &progress);

        if (status)
                fail_msg("compare: %s, %s", ocore_status_name(status), ears.sentence);
        assert_number(progress.rows, rows);
        assert_number(progress.written, 0);
        assert_number(progress.differences, 0);
}

static inline int64_t count_rows(ocore_store store)
{
        heard ears = {0};
        ocore_store empty;
        ocore_copy_config config;
        ocore_copy_progress progress;

        assert_int_equal(ocore_memory_store(NULL, &empty), OCORE_OK);
        config = config_of(store, empty, &ears);
        config.page_rows = 0;
        assert_int_equal(ocore_store_copy(&config, &progress), OCORE_OK);
        ocore_store_close(empty);
        return progress.rows;
}

/* The other kind beside memory: that of the run, or SQLite. */
static inline void open_other(ocore_store *out)
{
        const int kind = test_store_kind();

        test_store_open_kind(
                kind == TEST_MEMORY && test_kind_usable(TEST_SQLITE) ? TEST_SQLITE : kind, NULL,
                out);
}

#endif
