/*
 * Proves how a journal behaves at its limits. A tail made to be slow to read is given up soon. A
 * compaction whose bytes did not arrive replaces nothing. A full journal still refuses what is
 * wrong for its own reason, wears its chip no more than it must, and keeps its last sixteenth for
 * writes that make it smaller. What a failed sync left in a cache is not believed until it was
 * written again. And the room for a very large record is given back. On an emulated chip.
 */
#include "base/endian.h"
#include "mini.h"
#include "stores/journal/journal_store.h"

#include <ordercore/flash_emulator.h>

#include <stdlib.h>

/* Bytes of a large row. */
enum { ROOM = 1900 };

typedef struct chip {
        test_memory memory;
        ocore_flash_plan plan;
        ocore_flash *flash;
        ocore_journal_device device; /* of the chip */
        int64_t spoil;               /* in this area an append changes a bit; negative: in none */
        ocore_store store;
} chip;

/* The chip's own functions expect the chip; only one of them is another here. */
static chip *spoiled;

static int spoiling_append(void *of, int64_t area, int64_t offset, const void *bytes, size_t size)
{
        chip *self = spoiled;
        unsigned char *copy;
        int status;

        if (area != self->spoil || offset == 0)
                return self->device.append(of, area, offset, bytes, size);
        copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, bytes, size);
        copy[size / 2] ^= 4;
        status = self->device.append(of, area, offset, copy, size);
        free(copy);
        return status;
}

static int reopen(chip *self)
{
        ocore_journal_config config = {.struct_size = sizeof config, .compact_bytes = -1};
        ocore_journal_device device;
        int status;

        ocore_store_close(self->store);
        memset(&self->store, 0, sizeof self->store);
        ocore_flash_device(self->flash, &device);
        config.device = &device;
        config.allocator = test_allocator(&self->memory);
        status = ocore_journal_store(&config, &self->store);
        return status ? status : self->store.ops->open(self->store.self, &mini_first);
}

static void begin(chip *self, int64_t can_truncate, int64_t block_size, int64_t area_blocks)
{
        ocore_flash_config config = {.struct_size = sizeof config,
                .plan = &self->plan,
                .block_size = block_size,
                .area_blocks = area_blocks,
                .can_truncate = can_truncate};

        memset(self, 0, sizeof *self);
        self->plan.struct_size = sizeof self->plan;
        self->spoil = -1;
        assert_int_equal(ocore_flash_create(&config, &self->flash), OCORE_OK);
        assert_int_equal(reopen(self), OCORE_OK);
}

static void end(chip *self)
{
        ocore_store_close(self->store);
        assert_int_equal(self->plan.violations, 0);
        ocore_flash_destroy(self->flash);
        assert_int_equal(self->memory.blocks, 0);
}

static int insert(chip *self, int64_t number)
{
        return mini_do(self->store, &mini_first, OCORE_WRITE_INSERT, number, number, 0);
}

static int delete (chip *self, int64_t number)
{
        return mini_do(self->store, &mini_first, OCORE_WRITE_DELETE, number, 0, 1);
}

static int64_t count(chip *self)
{
        return mini_count(self->store, &mini_first);
}

/* Fills the journal with rows from 0 on until it is full. */
static int64_t fill(chip *self)
{
        int64_t n = 0;

        while (insert(self, n) == OCORE_OK)
                n++;
        assert_non_null(strstr(mini_words(self->store), "the journal is full"));
        assert_true(n > 20);
        return n;
}

static int64_t erases(const chip *self)
{
        int64_t sum = 0;
        int64_t of_block;

        for (int64_t block = 0; (of_block = ocore_flash_erases(self->flash, block)) >= 0; block++)
                sum += of_block;
        return sum;
}

/* Heads one behind the other, each of a record that reaches to the end of the area. */
static void put_heads(chip *self, uint64_t flags)
{
        const ocore__journal *journal = self->store.self;
        const ocore__journal_log log = journal->at.log;
        unsigned char *bytes;
        size_t size;

        bytes = ocore_flash_bytes(self->flash, log.area, &size);
        for (size_t at = (size_t)log.end + 32; at + 64 < size; at += 32) {
                unsigned char *head = bytes + at;

                memcpy(head, "OCJ1", 4);
                ocore__store_little(head + 8, OCORE__JOURNAL_BATCH | flags);
                for (int n = 0; n < 4; n++)
                        head[4 + n] = (unsigned char)((size - at - 32) >> 8 * n);
                ocore__store_little(head + 16, log.generation);
                ocore__store_little(head + 24, log.sequence + 2);
        }
}

static void slow_tail(void **state)
{
        chip self;

        (void)state;
        /* To sum all of them would take hours. */
        begin(&self, 1, 65536, 256);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        put_heads(&self, OCORE__JOURNAL_SETTLED);
        assert_int_equal(reopen(&self), OCORE_CORRUPT);
        assert_non_null(strstr(mini_words(self.store), "damaged at byte "));
        end(&self);
        /* Those that say nothing of what stands before them are a torn end. */
        begin(&self, 1, 65536, 256);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        put_heads(&self, 0);
        assert_int_equal(reopen(&self), OCORE_OK);
        assert_number(count(&self), 1);
        end(&self);
}

static void spoiled_compaction(void **state)
{
        ocore_journal_config config = {.struct_size = sizeof config, .compact_bytes = -1};
        ocore_journal_device device;
        chip self;

        (void)state;
        begin(&self, 1, 1024, 16);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        ocore_store_close(self.store);
        ocore_flash_device(self.flash, &self.device);
        device = self.device;
        device.append = spoiling_append;
        config.device = &device;
        config.allocator = test_allocator(&self.memory);
        assert_int_equal(ocore_journal_store(&config, &self.store), OCORE_OK);
        assert_int_equal(self.store.ops->open(self.store.self, &mini_first), OCORE_OK);
        spoiled = &self;
        self.spoil = 1 - ((ocore__journal *)self.store.self)->at.log.area;
        assert_int_equal(ocore_journal_compact(self.store), OCORE_STORE);
        assert_non_null(strstr(mini_words(self.store), "read back"));
        assert_int_equal(insert(&self, 2), OCORE_OK);
        self.spoil = -1;
        assert_int_equal(reopen(&self), OCORE_OK);
        assert_number(count(&self), 2);
        end(&self);
}

static void large_record(void **state)
{
        ocore__journal *journal;
        ocore__journal_log log;
        chip self;

        (void)state;
        begin(&self, 0, 1048576, 66);
        journal = self.store.self;
        log = journal->at.log;
        assert_int_equal(ocore__journal_begin(journal), OCORE_OK);
        assert_int_equal(ocore__bytes_ensure(journal, &journal->out, OCORE_JOURNAL_RECORD_MAX + 16),
                OCORE_OK);
        memset(journal->out.data, 0, journal->out.room);
        journal->out.used = OCORE__JOURNAL_HEAD + OCORE_JOURNAL_RECORD_MAX + 1;
        assert_int_equal(ocore__journal_append(journal, &log, OCORE__JOURNAL_BATCH), OCORE_STORE);
        assert_non_null(strstr(mini_words(self.store), "larger than a record"));
        assert_int_equal(insert(&self, 1), OCORE_OK);
        /* What so large a record took is given back. */
        assert_true(self.memory.bytes < 4 * 1048576);
        end(&self);
}

static void full_says_why(void **state)
{
        ocore_refusal refusal;
        ocore_write write;
        mini_row row;
        int64_t n;
        chip self;

        (void)state;
        begin(&self, 0, 1024, 8);
        n = fill(&self);
        mini_box(&row, 3, 3);
        write = mini_write(&mini_first, OCORE_WRITE_INSERT, &row, 0);
        assert_int_equal(
                self.store.ops->write(self.store.self, &write, 1, &refusal), OCORE_CONFLICT);
        assert_int_equal(refusal.reason, OCORE_REFUSED_EXISTS);
        assert_int_equal(
                mini_do(self.store, &mini_first, OCORE_WRITE_UPDATE, 3, 0, 9), OCORE_CONFLICT);
        /* An expectation needs no room. */
        assert_int_equal(mini_do(self.store, &mini_first, OCORE_WRITE_CHECK, 3, 0, 1), OCORE_OK);
        assert_int_equal(insert(&self, n), OCORE_STORE);
        assert_number(count(&self), n);
        assert_int_equal(reopen(&self), OCORE_OK);
        assert_number(count(&self), n);
        end(&self);
}

static void full_wears_little(void **state)
{
        int64_t added = 0;
        int64_t before;
        int64_t n;
        chip self;

        (void)state;
        begin(&self, 0, 4096, 32);
        n = fill(&self);
        before = erases(&self);
        /* What is left takes a few, and then there is nothing to gain. */
        for (int64_t round = 0; round < 300; round++)
                added += mini_add(self.store, &mini_first, 1, 1) == OCORE_OK;
        assert_true(added < 10);
        assert_number(erases(&self), before);
        /* With as much gone as a compaction must free they go on. */
        for (int64_t round = 0; round < 300; round++, added++) {
                while (mini_add(self.store, &mini_first, 1, 1) != OCORE_OK)
                        assert_int_equal(delete (&self, --n), OCORE_OK);
        }
        assert_true(erases(&self) > before);
        print_message("# full with %lld rows: 300 changes erased %lld blocks\n", (long long)n,
                (long long)(erases(&self) - before));
        /* A compaction pays for a sixteenth of an area: 128 records of 64 bytes. */
        assert_true(erases(&self) - before <= 5 * 32);
        assert_int_equal(reopen(&self), OCORE_OK);
        assert_number(mini_get(self.store, &mini_first, 1, NULL), 1 + added);
        assert_number(count(&self), n);
        end(&self);
}

/* A row goes and a larger one comes, in one batch. */
static int exchange(chip *self, int64_t from, int64_t to)
{
        static char large[ROOM];
        ocore_refusal refusal;
        ocore_write writes[2];
        mini_row rows[2];

        memset(large, 'x', sizeof large);
        (void)snprintf(large, sizeof large, "label %lld", (long long)to);
        large[strlen(large)] = '.';
        mini_box(&rows[0], from, 0);
        mini_box(&rows[1], to, 0);
        rows[1].cells[BOX_LABEL].as.text = (ocore_str){large, sizeof large};
        writes[0] = mini_write(&mini_first, OCORE_WRITE_DELETE, &rows[0], 1);
        writes[1] = mini_write(&mini_first, OCORE_WRITE_INSERT, &rows[1], 0);
        return self->store.ops->write(self->store.self, writes, 2, &refusal);
}

static void reserve(void **state)
{
        const ocore__journal *journal;
        int64_t there;
        int64_t n;
        chip self;

        (void)state;
        begin(&self, 0, 1024, 16);
        there = fill(&self);
        for (n = 0; n < 10; n++)
                assert_int_equal(exchange(&self, n, 10000 + n), OCORE_STORE);
        assert_non_null(strstr(mini_words(self.store), "the journal is full"));
        assert_number(count(&self), there);
        /* Once there is room, it is not taken from what is kept back. */
        for (n = there - 1; exchange(&self, n, 10000) != OCORE_OK; n--)
                assert_int_equal(delete (&self, n), OCORE_OK);
        journal = self.store.self;
        assert_true(journal->at.log.end <= 15 * 1024);
        assert_int_equal(delete (&self, 10000), OCORE_OK);
        while (--n >= 0)
                assert_int_equal(delete (&self, n), OCORE_OK);
        assert_number(count(&self), 0);
        assert_int_equal(exchange(&self, 0, 10000), OCORE_CONFLICT);
        assert_int_equal(insert(&self, 1), OCORE_OK);
        assert_int_equal(exchange(&self, 1, 10000), OCORE_OK);
        assert_int_equal(reopen(&self), OCORE_OK);
        assert_number(count(&self), 1);
        end(&self);
}

/* A sync fails and reads go on showing what it lost, as a kernel's cache does. */
static void failed_sync_shows(void **state)
{
        (void)state;
        for (int64_t tail = OCORE_FLASH_DROPPED; tail <= OCORE_FLASH_REORDERED; tail += 2) {
                for (int closed = 0; closed < 2; closed++) {
                        int64_t there;
                        chip self;

                        begin(&self, 1, 1024, 16);
                        self.plan.failed_sync_shows = 1;
                        assert_int_equal(insert(&self, 1), OCORE_OK);
                        self.plan = (ocore_flash_plan){.struct_size = sizeof self.plan,
                                .kind = OCORE_FLASH_FAIL,
                                .at = 1,
                                .calls = OCORE_FLASH_SYNC,
                                .tail = tail,
                                .failed_sync_shows = 1};
                        assert_int_equal(insert(&self, 2), OCORE_UNKNOWN);
                        self.plan.kind = 0;
                        assert_int_equal(
                                closed ? reopen(&self)
                                       : self.store.ops->open(self.store.self, &mini_first),
                                OCORE_OK);
                        /* Whoever reads the row has been told that it was written. */
                        there = count(&self);
                        assert_number(there, 2);
                        assert_int_equal(insert(&self, 3), OCORE_OK);
                        self.plan.kind = OCORE_FLASH_CUT;
                        self.plan.at = 1;
                        self.plan.counted = 0;
                        assert_int_not_equal(insert(&self, 4), OCORE_OK);
                        self.plan.kind = 0;
                        ocore_flash_power_on(self.flash);
                        assert_int_equal(reopen(&self), OCORE_OK);
                        assert_true(count(&self) >= 3);
                        assert_number(mini_get(self.store, &mini_first, 2, NULL), 2);
                        assert_number(mini_get(self.store, &mini_first, 3, NULL), 3);
                        end(&self);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(slow_tail),
                cmocka_unit_test(spoiled_compaction),
                cmocka_unit_test(large_record),
                cmocka_unit_test(full_says_why),
                cmocka_unit_test(full_wears_little),
                cmocka_unit_test(reserve),
                cmocka_unit_test(failed_sync_shows),
        };
        return cmocka_run_group_tests_name("limits of a journal", tests, NULL, NULL);
}
