/*
 * Proves that a process may die at any moment: a writer carries out commands on a store, tells
 * each id on a pipe once its command has returned, and is killed (SIGKILL) after a random time,
 * 100 times on the same file. Each time the store opens again and holds every command that was
 * told; at the end ocore_verify() is clean. The store is a journal that compacts often, or a
 * SQLite file:
 *
 *         kill_test journal|sqlite
 *
 * A killed process loses nothing that the system has, so this does not test syncs; cut_test
 * does.
 */
#include "support.h"

#include <ordercore/journal.h>
#ifdef ORDERCORE_HAVE_SQLITE
#include <ordercore/sqlite.h>
#endif

#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 100, TOLD_MAX = 200000 };

static const char *kind = "journal";
static char path[64];
static int64_t told[TOLD_MAX];
static size_t told_count;

static int open_store(ocore_store *out)
{
        const ocore_journal_config journal = {
                .struct_size = sizeof journal, .path = path, .compact_bytes = 60000};

#ifdef ORDERCORE_HAVE_SQLITE
        if (strcmp(kind, "sqlite") == 0) {
                const ocore_sqlite_config sqlite = {.struct_size = sizeof sqlite, .path = path};

                return ocore_sqlite_store(&sqlite, out);
        }
#endif
        return ocore_journal_store(&journal, out);
}

static int64_t clock_of(void *user_data)
{
        (void)user_data;
        return TEST_NOW_US;
}

static int open_core(ocore_store store, ocore_core **out)
{
        const ocore_config config = {
                .struct_size = sizeof config, .store = store, .clock = clock_of, .tenant = 1};

        return ocore_open(&config, out);
}

/* The command of a number, the same each time. */
static int carry_out(ocore_core *core, int64_t number)
{
        const ocore_site_request site = {.struct_size = sizeof site,
                .id = test_id(number),
                .site = STR("EAST"),
                .name = STR("East"),
                .country = STR("DE"),
                .priority = 1 + number % 7};

        return ocore_site_put(core, &site, NULL);
}

/* Changes a site until it is killed; each id is told once it was acknowledged. */
static void write_on(int64_t first, int pipe_end)
{
        ocore_store store;
        ocore_core *core;

        if (open_store(&store) != OCORE_OK)
                _exit(2);
        if (open_core(store, &core) != OCORE_OK)
                _exit(3);
        for (int64_t n = first;; n++) {
                /* The first may have been carried out by the writer before, untold. */
                if (carry_out(core, n) < 0)
                        _exit(4);
                if (write(pipe_end, &n, sizeof n) != sizeof n)
                        _exit(5);
        }
}

/* One writer, killed after a random time; most have begun to write by then. Returns how many ids it
 * told. */
static size_t kill_one(unsigned *seed, int begun)
{
        int ends[2];
        pid_t child;
        int status;
        const size_t before = told_count;
        const struct timespec pause = {0, (*seed = *seed * 1103515245u + 12345u) / 4294u * 20};

        assert_int_equal(pipe(ends), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                close(ends[0]);
                write_on(told_count ? told[told_count - 1] + 1 : 1, ends[1]);
        }
        close(ends[1]);
        if (begun && read(ends[0], &told[told_count], sizeof told[0]) == sizeof told[0])
                told_count++;
        nanosleep(&pause, NULL);
        assert_int_equal(kill(child, SIGKILL), 0);
        while (told_count < TOLD_MAX &&
                read(ends[0], &told[told_count], sizeof told[0]) == sizeof told[0])
                told_count++;
        close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status))
                fail_msg("the writer ended by itself: %d", WEXITSTATUS(status));
        return told_count - before;
}

/* Every command from `from` on that was told is there. */
static void check_told(size_t from, int verify)
{
        ocore_store store;
        ocore_core *core;

        assert_int_equal(open_store(&store), OCORE_OK);
        assert_int_equal(open_core(store, &core), OCORE_OK);
        for (size_t n = from; n < told_count; n++) {
                /* One that was lost would be carried out now. */
                if (carry_out(core, told[n]) != OCORE_ALREADY)
                        fail_msg("command %lld was acknowledged and is gone", (long long)told[n]);
        }
        if (verify)
                assert_int_equal(ocore_verify(core, NULL, NULL, NULL), OCORE_OK);
        ocore_close(core);
        ocore_store_close(store);
}

static void remove_files(void)
{
        static const char *const ends[] = {"", "-wal", "-shm"};
        char name[100];

        for (size_t n = 0; n < sizeof ends / sizeof ends[0]; n++) {
                snprintf(name, sizeof name, "%s%s", path, ends[n]);
                (void)unlink(name);
        }
        snprintf(name, sizeof name, ".%s.ocore-compact", path);
        (void)unlink(name);
}

static void killed_again_and_again(void **state)
{
        unsigned seed = 1;
        size_t silent = 0;

        (void)state;
        snprintf(path, sizeof path, "kill_test_%s_%ld.store", kind, (long)getpid());
        remove_files();
        for (int n = 0; n < KILLS; n++) {
                const size_t from = told_count;

                silent += kill_one(&seed, n % 5) == 0;
                check_told(from, 0);
        }
        check_told(0, 1);
        print_message(
                "# %s: %d kills, %zu commands acknowledged, all there\n", kind, KILLS, told_count);
        assert_true(told_count > KILLS);
        assert_true(silent < KILLS / 2);
        remove_files();
}

int main(int argc, char **argv)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(killed_again_and_again),
        };

        if (argc > 1)
                kind = argv[1];
        return cmocka_run_group_tests_name("kill", tests, NULL, NULL);
}
