/*
 * Proves what the SQLite store says when the file system or the memory under SQLite fails: a short
 * story is run again and again while the 1st, 2nd, 3rd … file operation or allocation fails, once
 * or from then on. What was acknowledged is there after reopening, what was refused is not, what
 * is unknown is whole or absent, and nothing leaks.
 */
#include "suite_private.h"

#include <ordercore/sqlite.h>

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Which operation fails, and how. */
static struct {
        int64_t counted;
        int64_t at; /* 0: none */
        int lasting;
        int writes; /* file writes count */
        int syncs;  /* file syncs count */
        int allocations;
        int after_open; /* nothing counts before the tables are there */
        int armed;
        int64_t stride; /* from one place to the next: making the tables has thousands */
        int code;
        int64_t hits;
} fault;

static int fails(int counts)
{
        int hit;

        if (!counts || !fault.armed || fault.at == 0) {
                return 0;
        }
        fault.counted++;
        hit = fault.lasting ? fault.counted >= fault.at : fault.counted == fault.at;
        fault.hits += hit;
        return hit;
}

/* A file of the shim: SQLite's own follows in the same memory. */
typedef struct shim_file {
        sqlite3_file base;
        sqlite3_file *real;
} shim_file;

static sqlite3_vfs *real_vfs;

#define REAL(file) (((shim_file *)(void *)(file))->real)
#define FORWARD(name, parameters, arguments)                                                       \
        static int shim_##name parameters                                                          \
        {                                                                                          \
                return REAL(file)->pMethods->x##name arguments;                                    \
        }

FORWARD(Close, (sqlite3_file * file), (REAL(file)))
FORWARD(Read, (sqlite3_file * file, void *out, int size, sqlite3_int64 at),
        (REAL(file), out, size, at))
FORWARD(Truncate, (sqlite3_file * file, sqlite3_int64 size), (REAL(file), size))
FORWARD(FileSize, (sqlite3_file * file, sqlite3_int64 *size), (REAL(file), size))
FORWARD(Lock, (sqlite3_file * file, int lock), (REAL(file), lock))
FORWARD(Unlock, (sqlite3_file * file, int lock), (REAL(file), lock))
FORWARD(CheckReservedLock, (sqlite3_file * file, int *out), (REAL(file), out))
FORWARD(FileControl, (sqlite3_file * file, int op, void *data), (REAL(file), op, data))
FORWARD(SectorSize, (sqlite3_file * file), (REAL(file)))
FORWARD(DeviceCharacteristics, (sqlite3_file * file), (REAL(file)))
FORWARD(ShmMap, (sqlite3_file * file, int page, int size, int extend, void volatile **out),
        (REAL(file), page, size, extend, out))
FORWARD(ShmLock, (sqlite3_file * file, int offset, int n, int flags),
        (REAL(file), offset, n, flags))
FORWARD(ShmUnmap, (sqlite3_file * file, int remove), (REAL(file), remove))

static void shim_ShmBarrier(sqlite3_file *file)
{
        REAL(file)->pMethods->xShmBarrier(REAL(file));
}

static int shim_Write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
        if (fails(fault.writes)) {
                /* A full disk takes the first half. */
                if (size > 1) {
                        (void)REAL(file)->pMethods->xWrite(REAL(file), data, size / 2, at);
                }
                return fault.code;
        }
        return REAL(file)->pMethods->xWrite(REAL(file), data, size, at);
}

static int shim_Sync(sqlite3_file *file, int flags)
{
        return fails(fault.syncs) ? fault.code : REAL(file)->pMethods->xSync(REAL(file), flags);
}

static const sqlite3_io_methods shim_methods = {
        .iVersion = 2,
        .xClose = shim_Close,
        .xRead = shim_Read,
        .xWrite = shim_Write,
        .xTruncate = shim_Truncate,
        .xSync = shim_Sync,
        .xFileSize = shim_FileSize,
        .xLock = shim_Lock,
        .xUnlock = shim_Unlock,
        .xCheckReservedLock = shim_CheckReservedLock,
        .xFileControl = shim_FileControl,
        .xSectorSize = shim_SectorSize,
        .xDeviceCharacteristics = shim_DeviceCharacteristics,
        .xShmMap = shim_ShmMap,
        .xShmLock = shim_ShmLock,
        .xShmBarrier = shim_ShmBarrier,
        .xShmUnmap = shim_ShmUnmap,
};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
        shim_file *self = (shim_file *)(void *)file;
        int code;

        (void)vfs;
        self->real = (sqlite3_file *)(void *)(self + 1);
        self->base.pMethods = NULL;
        code = real_vfs->xOpen(real_vfs, name, self->real, flags, out);
        if (self->real->pMethods != NULL) {
                self->base.pMethods = &shim_methods;
        }
        return code;
}

static sqlite3_mem_methods real_memory;

static void *failing_malloc(int size)
{
        return fails(fault.allocations) ? NULL : real_memory.xMalloc(size);
}

static void *failing_realloc(void *old, int size)
{
        return fails(fault.allocations) ? NULL : real_memory.xRealloc(old, size);
}

static char path[96];
static char folder[64];

/* Before SQLite starts: its memory and its files go through here. */
static int set_up(void **state)
{
        static sqlite3_mem_methods memory;
        static sqlite3_vfs vfs;

        (void)state;
        assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory), SQLITE_OK);
        memory = real_memory;
        memory.xMalloc = failing_malloc;
        memory.xRealloc = failing_realloc;
        assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &memory), SQLITE_OK);
        assert_int_equal(sqlite3_initialize(), SQLITE_OK);
        real_vfs = sqlite3_vfs_find(NULL);
        vfs = *real_vfs;
        vfs.zName = "shim";
        vfs.pNext = NULL;
        vfs.szOsFile = real_vfs->szOsFile + (int)sizeof(shim_file);
        vfs.xOpen = shim_open;
        assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
        (void)snprintf(folder, sizeof folder, "/tmp/ordercore-XXXXXX");
        assert_non_null(mkdtemp(folder));
        (void)snprintf(path, sizeof path, "%s/shop.db", folder);
        return 0;
}

static void files_remove(void)
{
        static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
        size_t n;

        for (n = 0; n < sizeof ends / sizeof ends[0]; n++) {
                char name[112];

                (void)snprintf(name, sizeof name, "%s%s", path, ends[n]);
                (void)unlink(name);
        }
}

static int tear_down(void **state)
{
        (void)state;
        files_remove();
        return rmdir(folder);
}

enum { BATCHES = 4 };

static const char *const codes[BATCHES] = {"a", "b", "c", "d"};

/* A batch: two rows that are there together or not at all, one of them changed later. */
static int write_batch(ocore_store store, size_t n)
{
        toy_row bin = ocore__toy_bin(1, codes[n], 3);
        toy_row item = ocore__toy_item(1, n, 1, codes[n]);
        toy_row first = ocore__toy_bin(1, codes[0], 0);
        ocore_add adds[1] = {{1, 0, BIN_HELD, 0}};
        ocore_write writes[3];
        ocore_refusal refusal;
        char bytes[9000];

        memset(bytes, 'x', sizeof bytes);
        bin.cells[BIN_PHOTO] = ocore__toy_bytes(bytes, sizeof bytes);
        writes[0] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_BIN, &bin, 0);
        writes[1] = ocore__toy_write(OCORE_WRITE_INSERT, TOY_ITEM, &item, 0);
        writes[2] = ocore__toy_add(TOY_BIN, &first, adds, 1);
        return store.ops->write(store.self, writes, 3, &refusal);
}

typedef struct found {
        int64_t bins;
        int64_t items;
        int64_t held;
} found;

static int found_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        found *self = sink;

        (void)revision;
        (void)cell_count;
        self->bins += read == 0;
        self->items += read == 1;
        if (read == 2) {
                self->held = cells[BIN_HELD].as.number;
        }
        return OCORE_OK;
}

/* What there is of the n-th batch; held is the sum of the first row. */
static int look(ocore_store store, size_t n, found *out)
{
        ocore_cell keys[2] = {ocore__toy_number(1), ocore__toy_text(codes[n])};
        ocore_cell owner[3] = {ocore__toy_number(1), ocore__toy_id(n), ocore__toy_number(1)};
        ocore_cell first[2] = {ocore__toy_number(1), ocore__toy_text(codes[0])};
        ocore_read reads[3] = {ocore__toy_read(TOY_BIN, 0, keys, 2),
                ocore__toy_read(TOY_ITEM, 0, owner, 3), ocore__toy_read(TOY_BIN, 0, first, 2)};

        memset(out, 0, sizeof *out);
        return store.ops->read(store.self, reads, 3, found_row, out);
}

static int store_open(ocore_store *out)
{
        ocore_sqlite_config config = {.struct_size = sizeof config, .path = path};
        int status = ocore_sqlite_store(&config, out);

        if (status == OCORE_OK) {
                status = out->ops->open(out->self, &ocore__toy_schema);
        }
        return status;
}

/* Runs the story with the fault in place; tells what each write answered. */
static int story_run(int *answers)
{
        ocore_store store;
        found out;
        size_t n;
        int opened;

        fault.armed = !fault.after_open;
        opened = store_open(&store);
        fault.armed = 1;
        for (n = 0; n < BATCHES; n++) {
                int64_t before = fault.hits;
                int status;

                answers[n] = OCORE_STORE;
                if (opened != OCORE_OK) {
                        continue;
                }
                answers[n] = write_batch(store, n);
                status = look(store, n, &out);
                if (status == OCORE_OK && answers[n] == OCORE_OK) {
                        assert_int_equal(out.bins, 1);
                        assert_int_equal(out.items, 1);
                }
                assert_true(status == OCORE_OK || fault.hits > 0);
                /* After a failed sync nothing more is written on this handle. */
                if (answers[n] == OCORE_UNKNOWN && fault.code == SQLITE_IOERR_FSYNC &&
                        fault.hits > before && fault.syncs) {
                        int64_t at = fault.at;

                        fault.at = 0;
                        assert_int_equal(write_batch(store, n), OCORE_STORE);
                        fault.at = at;
                        opened = OCORE_STORE;
                }
        }
        if (store.ops != NULL) {
                store.ops->close(store.self);
        }
        return opened;
}

/* Reopens without a fault: the answers must have been true, and what failed can be repeated. */
static void story_check(const int *answers)
{
        ocore_store store;
        found out;
        int64_t written = 0;
        size_t n;

        assert_int_equal(store_open(&store), OCORE_OK);
        for (n = 0; n < BATCHES; n++) {
                int whole;

                assert_int_equal(look(store, n, &out), OCORE_OK);
                whole = out.bins == 1 && out.items == 1;
                assert_true(whole || (out.bins == 0 && out.items == 0));
                if (answers[n] == OCORE_OK) {
                        assert_true(whole);
                } else if (answers[n] != OCORE_UNKNOWN) {
                        assert_false(whole);
                }
                written += whole;
        }
        assert_int_equal(out.held, written);
        for (n = 0; n < BATCHES; n++) {
                assert_int_equal(look(store, n, &out), OCORE_OK);
                assert_int_equal(write_batch(store, n), out.bins == 1 ? OCORE_CONFLICT : OCORE_OK);
        }
        assert_int_equal(look(store, 0, &out), OCORE_OK);
        assert_int_equal(out.held, BATCHES);
        store.ops->close(store.self);
}

/* The loop of all faults of one kind. Returns how many places there were. */
static int64_t story_loop(void)
{
        int64_t at;

        for (at = 1;; at += fault.stride) {
                int answers[BATCHES];
                size_t n;
                int64_t hits;

                files_remove();
                fault.counted = 0;
                fault.hits = 0;
                fault.at = at;
                (void)story_run(answers);
                hits = fault.hits;
                fault.at = 0;
                for (n = 0; n < BATCHES; n++) {
                        /* A first row that is missing makes the addition to it impossible. */
                        assert_true(answers[n] == OCORE_OK || answers[n] == OCORE_STORE ||
                                    answers[n] == OCORE_NOMEM || answers[n] == OCORE_UNKNOWN ||
                                    (answers[n] == OCORE_CONFLICT && n > 0));
                }
                assert_int_equal(sqlite3_memory_used(), 0);
                story_check(answers);
                assert_int_equal(sqlite3_memory_used(), 0);
                if (hits == 0) {
                        return at - 1;
                }
        }
}

static void run_faults(int writes, int syncs, int code)
{
        int lasting;

        for (lasting = 0; lasting <= 1; lasting++) {
                memset(&fault, 0, sizeof fault);
                fault.lasting = lasting;
                fault.writes = writes;
                fault.syncs = syncs;
                fault.stride = 1;
                fault.code = code;
                assert_true(story_loop() > BATCHES);
        }
}

static void run_without_memory(int after_open, int64_t stride)
{
        int lasting;

        for (lasting = 0; lasting <= 1; lasting++) {
                memset(&fault, 0, sizeof fault);
                fault.lasting = lasting;
                fault.allocations = 1;
                fault.after_open = after_open;
                fault.stride = stride;
                fault.code = SQLITE_NOMEM;
                assert_true(story_loop() > BATCHES * stride);
        }
}

static void test_disk_full(void **state)
{
        (void)state;
        run_faults(1, 0, SQLITE_FULL);
}

static void test_write_error(void **state)
{
        (void)state;
        run_faults(1, 0, SQLITE_IOERR_WRITE);
}

static void test_sync_error(void **state)
{
        (void)state;
        run_faults(0, 1, SQLITE_IOERR_FSYNC);
}

static void test_no_memory(void **state)
{
        (void)state;
        run_without_memory(1, 1);
}

static void test_no_memory_to_open(void **state)
{
        (void)state;
        run_without_memory(0, 37);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_disk_full),
                cmocka_unit_test(test_write_error),
                cmocka_unit_test(test_sync_error),
                cmocka_unit_test(test_no_memory),
                cmocka_unit_test(test_no_memory_to_open),
        };

        return cmocka_run_group_tests_name(
                "sqlite store on failing ground", tests, set_up, tear_down);
}
