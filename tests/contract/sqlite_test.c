/*
 * Proves that the SQLite store keeps the contract of stores when it is opened by path: the
 * conformance suite on a file (with and without full synchronisation), which is reopened, and on
 * databases in memory.
 */
#include "suite_runner.h"

#include <ordercore/sqlite.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct place {
        char folder[64];
        char path[128];
        int64_t relaxed;
} place;

static int place_open(place *self, ocore_store *out)
{
        ocore_sqlite_config config = {
                .struct_size = sizeof config,
                .path = self->path,
                .relaxed = self->relaxed,
        };

        return ocore_sqlite_store(&config, out);
}

static void place_empty(const place *self)
{
        static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
        size_t n;

        for (n = 0; n < sizeof ends / sizeof ends[0]; n++) {
                char name[160];

                (void)snprintf(name, sizeof name, "%s%s", self->path, ends[n]);
                (void)unlink(name);
        }
}

static int file_make(void *user_data, ocore_store *out)
{
        place_empty(user_data);
        return place_open(user_data, out);
}

static int file_reopen(void *user_data, ocore_store *store)
{
        store->ops->close(store->self);
        return place_open(user_data, store);
}

static int memory_make(void *user_data, ocore_store *out)
{
        return place_open(user_data, out);
}

static void run_on_file(int64_t relaxed)
{
        place self = {.folder = "/tmp/ordercore-XXXXXX", .relaxed = relaxed};
        ocore_store store;

        assert_non_null(mkdtemp(self.folder));
        (void)snprintf(self.path, sizeof self.path, "%s/a 'shop' \".db", self.folder);
        suite_runner(file_make, file_reopen, &self);
        assert_int_equal(place_open(&self, &store), OCORE_OK);
        assert_int_equal(
                store.ops->durability, relaxed ? OCORE_DURABLE_PROCESS : OCORE_DURABLE_POWER);
        store.ops->close(store.self);
        place_empty(&self);
        assert_int_equal(rmdir(self.folder), 0);
}

static void test_file(void **state)
{
        (void)state;
        run_on_file(0);
}

static void test_file_relaxed(void **state)
{
        (void)state;
        run_on_file(1);
}

static void run_in_memory(const char *path)
{
        place self = {.relaxed = 0};
        ocore_store store;

        (void)snprintf(self.path, sizeof self.path, "%s", path);
        suite_runner(memory_make, NULL, &self);
        assert_int_equal(place_open(&self, &store), OCORE_OK);
        assert_int_equal(store.ops->durability, OCORE_DURABLE_MEMORY);
        store.ops->close(store.self);
}

static void test_memory(void **state)
{
        (void)state;
        run_in_memory(":memory:");
}

/* The empty path is a file of its own that SQLite makes and forgets. */
static void test_temporary(void **state)
{
        (void)state;
        run_in_memory("");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_file),
                cmocka_unit_test(test_file_relaxed),
                cmocka_unit_test(test_memory),
                cmocka_unit_test(test_temporary),
        };

        return cmocka_run_group_tests_name("sqlite store", tests, NULL, NULL);
}
