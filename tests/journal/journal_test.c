/*
 * Proves what the journal store does when its device fails without losing power: a failed sync
 * is never repeated and everything is refused until the log is read anew; an append is taken
 * back, by truncating or by writing the other area; a compaction that fails loses nothing and
 * fails no write; a full area says so. Also: that compacting is done when it pays and wears both
 * areas evenly, that expectations alone cost no append, and that every allocation may fail. On
 * an emulated chip.
 */
#include "mini.h"
#include "stores/journal/journal_store.h"

#include <ordercore/flash_emulator.h>

typedef struct bench {
        test_memory memory;
        ocore_flash_plan plan;
        ocore_flash *flash;
        ocore_journal_config config;
        ocore_store store;
} bench;

static int bench_open(bench *self)
{
        ocore_journal_config config = self->config;
        ocore_journal_device device;
        int status;

        ocore_store_close(self->store);
        memset(&self->store, 0, sizeof self->store);
        ocore_flash_device(self->flash, &device);
        config.struct_size = sizeof config;
        config.device = &device;
        config.allocator = test_allocator(&self->memory);
        status = ocore_journal_store(&config, &self->store);
        return status ? status : self->store.ops->open(self->store.self, &mini_first);
}

static void bench_begin(bench *self, int64_t can_truncate, int64_t area_blocks)
{
        ocore_flash_config chip = {.struct_size = sizeof chip,
                .plan = &self->plan,
                .block_size = 1024,
                .area_blocks = area_blocks,
                .can_truncate = can_truncate};

        memset(self, 0, sizeof *self);
        self->plan.struct_size = sizeof self->plan;
        self->config.compact_bytes = -1;
        assert_int_equal(ocore_flash_create(&chip, &self->flash), OCORE_OK);
        assert_int_equal(bench_open(self), OCORE_OK);
}

static void bench_end(bench *self)
{
        ocore_store_close(self->store);
        assert_int_equal(self->plan.violations, 0);
        ocore_flash_destroy(self->flash);
        assert_int_equal(self->memory.blocks, 0);
        assert_int_equal(self->memory.bytes, 0);
}

/* The next call of these kinds fails. */
static void fail_next(bench *self, int64_t calls, int64_t kind)
{
        self->plan.kind = kind;
        self->plan.at = 1;
        self->plan.calls = calls;
        self->plan.counted = self->plan.hits = 0;
}

static void stop_failing(bench *self)
{
        self->plan.kind = 0;
        self->plan.calls = 0;
}

static int insert(bench *self, int64_t number)
{
        return mini_do(self->store, &mini_first, OCORE_WRITE_INSERT, number, number, 0);
}

static int64_t count(bench *self)
{
        return mini_count(self->store, &mini_first);
}

static void sums(void **state)
{
        static const uint8_t zeros[32];

        (void)state;
        /* RFC 3720, B.4, and the usual check of the nine digits. */
        assert_int_equal(ocore__crc32c(0, "123456789", 9), 0xe3069283);
        assert_int_equal(ocore__crc32c(0, zeros, 32), 0x8a9136aa);
        assert_int_equal(ocore__crc32c(ocore__crc32c(0, "123", 3), "456789", 6), 0xe3069283);
        assert_int_equal(ocore__crc32c(0, "", 0), 0);
}

static void failed_sync(void **state)
{
        int64_t syncs;
        bench self;

        (void)state;
        bench_begin(&self, 1, 16);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        fail_next(&self, OCORE_FLASH_SYNC, OCORE_FLASH_FAIL);
        assert_int_equal(insert(&self, 2), OCORE_UNKNOWN);
        assert_non_null(strstr(mini_words(self.store), "opened anew"));
        stop_failing(&self);
        syncs = self.plan.syncs;
        assert_int_equal(insert(&self, 3), OCORE_STORE);
        assert_int_equal(count(&self), -1);
        assert_int_equal(mini_do(self.store, &mini_first, OCORE_WRITE_CHECK, 1, 0, 1), OCORE_STORE);
        assert_non_null(strstr(mini_words(self.store), "opened anew"));
        assert_int_equal(ocore_journal_compact(self.store), OCORE_STATE);
        /* The failed sync was not tried again. */
        assert_number(self.plan.syncs, syncs);
        assert_int_equal(self.store.ops->open(self.store.self, &mini_first), OCORE_OK);
        /* The chip dropped what it could not sync. */
        assert_number(count(&self), 1);
        assert_int_equal(insert(&self, 2), OCORE_OK);
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_number(count(&self), 2);
        bench_end(&self);
}

static void failed_append(void **state)
{
        (void)state;
        for (int64_t can_truncate = 0; can_truncate < 2; can_truncate++) {
                bench self;

                bench_begin(&self, can_truncate, 16);
                assert_int_equal(insert(&self, 1), OCORE_OK);
                for (int64_t n = 2; n < 20; n++) {
                        self.plan.seed = n; /* how much of it arrives */
                        fail_next(&self, OCORE_FLASH_APPEND, OCORE_FLASH_FAIL);
                        assert_int_equal(insert(&self, n), OCORE_STORE);
                        assert_string_equal(mini_words(self.store),
                                "appending to the journal: a planned failure");
                        assert_number(count(&self), n - 1);
                        assert_int_equal(insert(&self, n), OCORE_OK);
                        stop_failing(&self);
                        if (n % 3 == 0)
                                assert_int_equal(bench_open(&self), OCORE_OK);
                        assert_number(count(&self), n);
                }
                /* What cannot be taken back may have been written. */
                fail_next(&self,
                        can_truncate ? OCORE_FLASH_APPEND | OCORE_FLASH_TRUNCATE
                                     : OCORE_FLASH_APPEND,
                        OCORE_FLASH_FAIL_ON);
                assert_int_equal(insert(&self, 20), OCORE_UNKNOWN);
                assert_int_equal(insert(&self, 20), OCORE_STORE);
                assert_non_null(strstr(mini_words(self.store), "opened anew"));
                stop_failing(&self);
                assert_int_equal(bench_open(&self), OCORE_OK);
                assert_true(count(&self) == 19 || count(&self) == 20);
                bench_end(&self);
        }
}

/* A process died between append and sync; the next one reads the record, and what it has read must
 * not go with the power later. */
static void durable_once_read(void **state)
{
        bench self;

        (void)state;
        bench_begin(&self, 0, 16);
        self.config.sync_off = 1;
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        self.config.sync_off = 0;
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_number(count(&self), 1);
        fail_next(&self, 0, OCORE_FLASH_CUT);
        assert_int_equal(insert(&self, 2), OCORE_UNKNOWN);
        stop_failing(&self);
        ocore_flash_power_on(self.flash);
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_number(count(&self), 1);
        bench_end(&self);
}

/* Each call of a compaction fails: nothing is lost, the write that was there stays. */
static void failed_compaction(void **state)
{
        static const int64_t kinds[] = {
                OCORE_FLASH_ERASE, OCORE_FLASH_APPEND, OCORE_FLASH_SYNC, OCORE_FLASH_REPLACE};

        (void)state;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
                bench self;

                bench_begin(&self, 1, 16);
                assert_int_equal(insert(&self, 1), OCORE_OK);
                assert_int_equal(ocore_journal_compact(self.store), OCORE_OK);
                fail_next(&self, kinds[i], OCORE_FLASH_FAIL);
                assert_int_equal(ocore_journal_compact(self.store), OCORE_STORE);
                assert_number(self.plan.hits, 1);
                stop_failing(&self);
                assert_int_equal(insert(&self, 2), OCORE_OK);
                assert_int_equal(bench_open(&self), OCORE_OK);
                assert_number(count(&self), 2);
                assert_int_equal(ocore_journal_compact(self.store), OCORE_OK);
                assert_int_equal(bench_open(&self), OCORE_OK);
                assert_number(count(&self), 2);
                bench_end(&self);
        }
}

/* A write that starts a compaction is not failed by it. */
static void failed_behind_a_write(void **state)
{
        bench self;

        (void)state;
        bench_begin(&self, 1, 64);
        self.config.compact_bytes = 4096;
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        fail_next(&self, OCORE_FLASH_REPLACE, OCORE_FLASH_FAIL_ON);
        for (int64_t n = 0; n < 200; n++)
                assert_int_equal(mini_add(self.store, &mini_first, 1, 1), OCORE_OK);
        assert_true(self.plan.hits > 0);
        /* Nor tried again behind each write. */
        assert_true(self.plan.hits < 20);
        stop_failing(&self);
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_number(mini_get(self.store, &mini_first, 1, NULL), 201);
        bench_end(&self);
}

static void wear(void **state)
{
        int64_t least = INT64_MAX, most = 0, revision;
        bench self;

        (void)state;
        bench_begin(&self, 0, 8);
        self.config.compact_bytes = 2048;
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        for (int64_t n = 0; n < 5000; n++)
                assert_int_equal(mini_add(self.store, &mini_first, 1, 1), OCORE_OK);
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_number(mini_get(self.store, &mini_first, 1, &revision), 5001);
        assert_number(revision, 5001);
        for (int64_t area = 0; area < 2; area++) {
                int64_t erases = ocore_flash_erases(self.flash, 2 + area * 8);

                least = erases < least ? erases : least;
                most = erases > most ? erases : most;
        }
        print_message("# 5,000 changes: first blocks erased %lld and %lld times\n",
                (long long)least, (long long)most);
        assert_true(most - least <= 1);
        /* 64 bytes a record, compacted at 2,048: no more often than that. */
        assert_true(most > 50 && most < 5000 * 64 / 1024);
        bench_end(&self);
}

static void only_when_it_pays(void **state)
{
        enum { ROWS = 300 };
        static mini_row rows[ROWS];
        static ocore_write writes[ROWS];
        ocore_refusal refusal;
        bench self;

        (void)state;
        bench_begin(&self, 0, 64);
        self.config.compact_bytes = 1024;
        assert_int_equal(bench_open(&self), OCORE_OK);
        self.plan.calls = OCORE_FLASH_REPLACE;
        self.plan.counted = 0;
        for (int64_t n = 0; n < ROWS; n++) {
                mini_box(&rows[n], n, n);
                writes[n] = mini_write(&mini_first, OCORE_WRITE_INSERT, &rows[n], 0);
        }
        assert_int_equal(self.store.ops->write(self.store.self, writes, ROWS, &refusal), OCORE_OK);
        assert_int_equal(insert(&self, ROWS), OCORE_OK);
        /* All of it lives. */
        assert_number(self.plan.counted, 0);
        for (int64_t n = 0; n < ROWS; n++)
                assert_int_equal(
                        mini_do(self.store, &mini_first, OCORE_WRITE_DELETE, n, 0, 1), OCORE_OK);
        assert_true(self.plan.counted > 0);
        bench_end(&self);
}

static void full(void **state)
{
        int64_t n = 0, there;
        int status;
        bench self;

        (void)state;
        bench_begin(&self, 0, 8);
        while ((status = insert(&self, n)) == OCORE_OK)
                n++;
        assert_int_equal(status, OCORE_STORE);
        assert_non_null(strstr(mini_words(self.store), "the journal is full"));
        there = count(&self);
        assert_number(there, n);
        /* What is kept back lets a row go, and then there is room again. */
        assert_int_equal(mini_do(self.store, &mini_first, OCORE_WRITE_DELETE, 0, 0, 1), OCORE_OK);
        while (insert(&self, 1000) != OCORE_OK)
                assert_int_equal(
                        mini_do(self.store, &mini_first, OCORE_WRITE_DELETE, --there, 0, 1),
                        OCORE_OK);
        for (n = 0; n < 4; n++)
                assert_int_equal(
                        mini_do(self.store, &mini_first, OCORE_WRITE_DELETE, --there, 0, 1),
                        OCORE_OK);
        for (n = 0; n < 100; n++)
                assert_int_equal(mini_add(self.store, &mini_first, 1, 1), OCORE_OK);
        assert_int_equal(bench_open(&self), OCORE_OK);
        assert_number(count(&self), there);
        assert_number(mini_get(self.store, &mini_first, 1, NULL), 101);
        bench_end(&self);
}

static void expectations_alone(void **state)
{
        int64_t appends;
        bench self;

        (void)state;
        bench_begin(&self, 0, 16);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        appends = self.plan.appends;
        assert_int_equal(mini_do(self.store, &mini_first, OCORE_WRITE_CHECK, 1, 0, 1), OCORE_OK);
        assert_int_equal(
                mini_do(self.store, &mini_first, OCORE_WRITE_CHECK, 1, 0, 2), OCORE_CONFLICT);
        assert_int_equal(insert(&self, 1), OCORE_CONFLICT);
        assert_number(self.plan.appends, appends);
        bench_end(&self);
}

static int write_within(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        bench *self = sink;

        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        assert_int_equal(insert(self, 77), OCORE_STORE);
        assert_int_equal(self->store.ops->open(self->store.self, &mini_second), OCORE_STORE);
        assert_int_equal(ocore_journal_compact(self->store), OCORE_STATE);
        return OCORE_OK;
}

static void calls_within_calls(void **state)
{
        const ocore_read read = {.table = mini_first.tables[0]};
        bench self;

        (void)state;
        bench_begin(&self, 0, 16);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        assert_int_equal(
                self.store.ops->read(self.store.self, &read, 1, write_within, &self), OCORE_OK);
        assert_number(count(&self), 1);
        bench_end(&self);
}

/* Opening, writing, compacting and opening again, each allocation failing once. */
static void each_allocation(void **state)
{
        int64_t failures = 0;

        (void)state;
        for (int64_t n = 1, failed = 1; failed; n++) {
                int64_t row = 0;
                int status;
                bench self;

                bench_begin(&self, n % 2, 64);
                ocore_store_close(self.store);
                memset(&self.store, 0, sizeof self.store);
                self.memory.failed = 0;
                self.memory.fail_at = self.memory.requests + n;
                status = bench_open(&self);
                if (status == OCORE_NOMEM) {
                        self.memory.fail_at = 0;
                        status = bench_open(&self);
                }
                assert_int_equal(status, OCORE_OK);
                for (; row < 100; row++) {
                        status = insert(&self, row);
                        assert_true(status == OCORE_OK || status == OCORE_NOMEM);
                        if (status == OCORE_NOMEM) {
                                assert_true(
                                        mini_words(self.store)[0] != '\0' || !self.memory.failed);
                                assert_number(count(&self), row);
                                assert_int_equal(insert(&self, row), OCORE_OK);
                        }
                }
                status = ocore_journal_compact(self.store);
                assert_true(status == OCORE_OK || status == OCORE_NOMEM);
                failed = self.memory.failed;
                failures += failed;
                self.memory.fail_at = 0;
                assert_int_equal(bench_open(&self), OCORE_OK);
                assert_number(count(&self), 100);
                bench_end(&self);
        }
        print_message("# each of %lld allocations failed\n", (long long)failures);
        assert_true(failures > 10);
}

static void misuse(void **state)
{
        ocore_journal_config config = {.struct_size = sizeof config};
        ocore_journal_device device;
        ocore_store store;
        ocore_store memory;
        bench self;

        (void)state;
        bench_begin(&self, 0, 8);
        ocore_flash_device(self.flash, &device);
        assert_int_equal(ocore_journal_store(NULL, &store), OCORE_INVALID);
        assert_int_equal(ocore_journal_store(&config, NULL), OCORE_INVALID);
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_INVALID);
        config.device = &device;
        config.path = "both";
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_INVALID);
        config.path = NULL;
        device.alignment = 24;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_INVALID);
        device.alignment = 131072;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_INVALID);
        device.alignment = 16;
        device.append = NULL;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_INVALID);
        ocore_flash_device(self.flash, &device);
        device.struct_size--;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_INVALID);
        assert_null(store.ops);
        assert_int_equal(ocore_memory_store(NULL, &memory), OCORE_OK);
        assert_int_equal(ocore_journal_compact(memory), OCORE_INVALID);
        assert_int_equal(ocore_journal_compact(store), OCORE_INVALID);
        ocore_store_close(memory);
        ocore_flash_device(self.flash, &device);
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_OK);
        assert_int_equal(ocore_journal_compact(store), OCORE_STATE);
        assert_int_equal(mini_do(store, &mini_first, OCORE_WRITE_INSERT, 1, 1, 0), OCORE_STORE);
        assert_string_equal(mini_words(store), "the store is not opened");
        ocore_store_close(store);
        bench_end(&self);
}

static void too_large(void **state)
{
        static char big[OCORE_JOURNAL_RECORD_MAX];
        ocore_refusal refusal;
        ocore_write write;
        mini_row row;
        bench self;

        (void)state;
        bench_begin(&self, 0, 8);
        /* A column that no index bounds. */
        assert_int_equal(self.store.ops->open(self.store.self, &mini_wide), OCORE_OK);
        memset(big, 'x', sizeof big);
        mini_box(&row, 1, 1);
        row.cells[BOX_NOTE].as.text = (ocore_str){big, sizeof big};
        write = mini_write(&mini_wide, OCORE_WRITE_INSERT, &row, 0);
        assert_int_equal(self.store.ops->write(self.store.self, &write, 1, &refusal), OCORE_STORE);
        assert_non_null(strstr(mini_words(self.store), "larger than a record"));
        assert_number(mini_count(self.store, &mini_wide), 0);
        assert_int_equal(mini_do(self.store, &mini_wide, OCORE_WRITE_INSERT, 1, 1, 0), OCORE_OK);
        bench_end(&self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sums),
                cmocka_unit_test(failed_sync),
                cmocka_unit_test(failed_append),
                cmocka_unit_test(durable_once_read),
                cmocka_unit_test(failed_compaction),
                cmocka_unit_test(failed_behind_a_write),
                cmocka_unit_test(wear),
                cmocka_unit_test(only_when_it_pays),
                cmocka_unit_test(full),
                cmocka_unit_test(expectations_alone),
                cmocka_unit_test(calls_within_calls),
                cmocka_unit_test(each_allocation),
                cmocka_unit_test(misuse),
                cmocka_unit_test(too_large),
        };
        return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
