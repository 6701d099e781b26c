/*
 * Proves that the journal store keeps the contract of stores: the conformance suite on a file (each
 * write synced or not, grown ahead or not) and on an emulated flash chip that can truncate and one
 * that cannot, with small and large program units, compacting often; reopened each time the suite
 * asks. All memory is given back, and the chip saw no unit programmed twice.
 */
#include "suite_runner.h"

#include <ordercore/flash_emulator.h>
#include <ordercore/journal.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int64_t in_use;

/* Counts what is given out, to see that all of it comes back. */
static void *counting_allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        void *given = NULL;

        (void)user_data;
        if (new_size == 0) {
                free(old);
                in_use -= (int64_t)old_size;
                return NULL;
        }
        given = realloc(old, new_size);
        if (given != NULL)
                in_use += (int64_t)new_size - (int64_t)old_size;
        return given;
}

typedef struct place {
        char folder[64];
        char path[128];
        ocore_journal_config config;
        ocore_flash_config chip;
        ocore_flash *flash;
        ocore_flash_plan plan;
        int64_t erases; /* of blocks of chips that are gone */
} place;

static void count_erases(place *self)
{
        for (int64_t block = 2; ocore_flash_erases(self->flash, block) >= 0; block++)
                self->erases += ocore_flash_erases(self->flash, block);
}

static int place_open(place *self, ocore_store *out)
{
        ocore_journal_device device;
        ocore_journal_config config = self->config;

        config.struct_size = sizeof config;
        config.allocator.allocate = counting_allocate;
        if (self->flash != NULL) {
                ocore_flash_device(self->flash, &device);
                config.device = &device;
        } else {
                config.path = self->path;
        }
        return ocore_journal_store(&config, out);
}

static int place_make(void *user_data, ocore_store *out)
{
        place *self = user_data;

        if (self->flash != NULL) {
                count_erases(self);
                ocore_flash_destroy(self->flash);
                assert_int_equal(ocore_flash_create(&self->chip, &self->flash), OCORE_OK);
        } else {
                (void)unlink(self->path);
        }
        return place_open(self, out);
}

static int place_reopen(void *user_data, ocore_store *store)
{
        place *self = user_data;

        store->ops->close(store->self);
        return place_open(self, store);
}

static void run_on_file(place *self)
{
        ocore_store store;

        (void)snprintf(self->folder, sizeof self->folder, "/tmp/ordercore-XXXXXX");
        assert_non_null(mkdtemp(self->folder));
        (void)snprintf(self->path, sizeof self->path, "%s/a 'shop'.journal", self->folder);
        suite_runner(place_make, place_reopen, self);
        assert_int_equal(place_open(self, &store), OCORE_OK);
        assert_int_equal(store.ops->durability,
                self->config.sync_off ? OCORE_DURABLE_PROCESS : OCORE_DURABLE_POWER);
        store.ops->close(store.self);
        assert_int_equal(unlink(self->path), 0);
        assert_int_equal(rmdir(self->folder), 0);
        assert_int_equal(in_use, 0);
}

static void test_file(void **state)
{
        place self = {.flash = NULL};

        (void)state;
        run_on_file(&self);
}

static void test_file_unsynced(void **state)
{
        place self = {.config = {.sync_off = 1, .preallocate_bytes = -1, .compact_bytes = 4096}};

        (void)state;
        run_on_file(&self);
}

static void run_on_flash(int64_t unit, int64_t can_truncate)
{
        place self = {.plan = {.struct_size = sizeof self.plan},
                .config = {.compact_bytes = 8192},
                .chip = {.struct_size = sizeof self.chip,
                        .unit_size = unit,
                        .block_size = 65536,
                        .area_blocks = 64,
                        .can_truncate = can_truncate}};

        self.chip.plan = &self.plan;
        assert_int_equal(ocore_flash_create(&self.chip, &self.flash), OCORE_OK);
        suite_runner(place_make, place_reopen, &self);
        count_erases(&self);
        print_message("# units of %d: %d blocks were erased\n", (int)unit, (int)self.erases);
        assert_true(self.erases > 10);
        assert_int_equal(self.plan.violations, 0);
        ocore_flash_destroy(self.flash);
        assert_int_equal(in_use, 0);
}

static void test_flash(void **state)
{
        (void)state;
        run_on_flash(16, 0);
}

static void test_flash_large_units(void **state)
{
        (void)state;
        run_on_flash(512, 0);
}

static void test_disk(void **state)
{
        (void)state;
        run_on_flash(16, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_file),
                cmocka_unit_test(test_file_unsynced),
                cmocka_unit_test(test_flash),
                cmocka_unit_test(test_flash_large_units),
                cmocka_unit_test(test_disk),
        };

        return cmocka_run_group_tests_name("journal store", tests, NULL, NULL);
}
