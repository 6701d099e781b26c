/*
 * Proves what the journal promises of its file: it has one owner at a time, also across a
 * compaction; a torn end is cut and what a cut compaction left is removed; a file that is no
 * journal is refused and left as it was; a full disk (here: a limit on the file's size) refuses
 * the write and nothing else; a link stays a link and the file keeps its mode, and where it cannot
 * keep its owner nobody may read it who could not before; no other journal is touched, whatever its
 * name; a compaction of rows so large that two do not fit one record loses none. And that what it
 * says when something fails names the system's reason.
 */
/* For setgroups() and setresuid(), which are no part of POSIX. */
#define _GNU_SOURCE
#include "mini.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static char path[96];
static char beside[112];
static ocore_store store;

static int make(const char *name, ocore_store *out)
{
        const ocore_journal_config config = {
                .struct_size = sizeof config, .path = name, .compact_bytes = -1};

        return ocore_journal_store(&config, out);
}

static int reopen(void)
{
        int status;

        ocore_store_close(store);
        status = make(path, &store);
        return status ? status : store.ops->open(store.self, &mini_first);
}

static int insert(int64_t number)
{
        return mini_do(store, &mini_first, OCORE_WRITE_INSERT, number, number, 0);
}

static int begin(void **state)
{
        (void)state;
        memset(&store, 0, sizeof store);
        snprintf(folder, sizeof folder, "/tmp/ordercore-XXXXXX");
        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof path, "%s/shop.journal", folder);
        snprintf(beside, sizeof beside, "%s/.shop.journal.ocore-compact", folder);
        return 0;
}

static int end(void **state)
{
        (void)state;
        ocore_store_close(store);
        (void)unlink(path);
        assert_int_equal(access(beside, F_OK), -1);
        return rmdir(folder);
}

static void one_owner(void **state)
{
        ocore_store other;

        (void)state;
        assert_int_equal(reopen(), OCORE_OK);
        assert_int_equal(make(path, &other), OCORE_STORE);
        assert_null(other.ops);
        assert_int_equal(insert(1), OCORE_OK);
        assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        assert_int_equal(make(path, &other), OCORE_STORE);
        ocore_store_close(store);
        memset(&store, 0, sizeof store);
        assert_int_equal(make(path, &other), OCORE_OK);
        ocore_store_close(other);
}

/* The first byte of the file behind its records. */
static off_t records_end(void)
{
        const int fd = open(path, O_RDONLY);
        off_t end_at = 0;
        unsigned char head[32];

        assert_true(fd >= 0);
        while (pread(fd, head, sizeof head, end_at) == sizeof head && memcmp(head, "OCJ1", 4) == 0)
                end_at += (off_t)((32 + head[4] + 256u * head[5] + 15) / 16 * 16);
        close(fd);
        return end_at;
}

static void put_bytes(off_t at, const void *bytes, size_t size)
{
        const int fd = open(path, O_RDWR | O_CREAT, 0600);

        assert_true(fd >= 0);
        assert_int_equal(pwrite(fd, bytes, size, at), size);
        close(fd);
}

static void torn_end(void **state)
{
        off_t end_at;

        (void)state;
        for (int64_t n = 0; n < 10; n++) {
                assert_int_equal(reopen(), OCORE_OK);
                assert_number(mini_count(store, &mini_first), n);
                assert_int_equal(insert(n), OCORE_OK);
                ocore_store_close(store);
                memset(&store, 0, sizeof store);
                end_at = records_end();
                /* Half a head, or a place somewhere behind. */
                put_bytes(end_at + (n % 2 ? 0 : 5000), "OCJ1garbage", 11);
                put_bytes(0, "OCJ1", 4);
        }
        assert_int_equal(reopen(), OCORE_OK);
        assert_true(records_end() == end_at);
}

static void cut_compaction(void **state)
{
        int fd;

        (void)state;
        assert_int_equal(reopen(), OCORE_OK);
        assert_int_equal(insert(1), OCORE_OK);
        ocore_store_close(store);
        memset(&store, 0, sizeof store);
        fd = open(beside, O_WRONLY | O_CREAT, 0600);
        assert_int_equal(write(fd, "half", 4), 4);
        close(fd);
        assert_int_equal(reopen(), OCORE_OK);
        assert_int_equal(access(beside, F_OK), -1);
        assert_number(mini_count(store, &mini_first), 1);
        assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        assert_int_equal(access(beside, F_OK), -1);
        assert_int_equal(insert(2), OCORE_OK);
        assert_int_equal(reopen(), OCORE_OK);
        assert_number(mini_count(store, &mini_first), 2);
}

static void no_journal(void **state)
{
        static const char letter[] = "Dear Sir or Madam, this is a letter and no journal.\n";
        char there[sizeof letter] = "";
        int fd;

        (void)state;
        put_bytes(0, letter, sizeof letter);
        assert_int_equal(reopen(), OCORE_CORRUPT);
        assert_non_null(strstr(mini_words(store), "at byte 0: it does not begin as a journal"));
        assert_int_equal(insert(1), OCORE_STORE);
        ocore_store_close(store);
        memset(&store, 0, sizeof store);
        fd = open(path, O_RDONLY);
        assert_int_equal(read(fd, there, sizeof there), sizeof there);
        assert_memory_equal(there, letter, sizeof letter);
        close(fd);
        assert_int_equal(make("/no/such/folder/x.journal", &store), OCORE_STORE);
        assert_int_equal(make("/tmp", &store), OCORE_STORE);
}

static void full_disk(void **state)
{
        const ocore_journal_config config = {.struct_size = sizeof config,
                .path = path,
                .preallocate_bytes = -1,
                .compact_bytes = -1};
        struct rlimit before, limit;

        (void)state;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &mini_first), OCORE_OK);
        assert_int_equal(insert(1), OCORE_OK);
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
        signal(SIGXFSZ, SIG_IGN);
        for (int64_t n = 2; n < 12; n++) {
                struct stat file;

                /* The record fits in part. */
                assert_int_equal(stat(path, &file), 0);
                limit = before;
                limit.rlim_cur = (rlim_t)file.st_size + (rlim_t)n * 5;
                assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
                assert_int_equal(insert(n), OCORE_STORE);
                assert_non_null(strstr(mini_words(store), "File too large"));
                /* Nor is there room for compacting, and then the old log goes on. */
                limit.rlim_cur = 64;
                assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
                assert_int_equal(ocore_journal_compact(store), OCORE_STORE);
                assert_int_equal(access(beside, F_OK), -1);
                assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
                assert_number(mini_count(store, &mini_first), n - 1);
                assert_int_equal(insert(n), OCORE_OK);
        }
        signal(SIGXFSZ, SIG_DFL);
        assert_int_equal(reopen(), OCORE_OK);
        assert_number(mini_count(store, &mini_first), 11);
}

static void links_and_modes(void **state)
{
        char link_path[112];
        struct stat file;

        (void)state;
        snprintf(link_path, sizeof link_path, "%s/link", folder);
        assert_int_equal(reopen(), OCORE_OK);
        ocore_store_close(store);
        assert_int_equal(chmod(path, 0640), 0);
        assert_int_equal(symlink("shop.journal", link_path), 0);
        assert_int_equal(make(link_path, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &mini_first), OCORE_OK);
        assert_int_equal(insert(1), OCORE_OK);
        assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        assert_int_equal(lstat(link_path, &file), 0);
        assert_true(S_ISLNK(file.st_mode));
        assert_int_equal(stat(path, &file), 0);
        assert_int_equal(file.st_mode & 0777, 0640);
        assert_int_equal(unlink(link_path), 0);
        assert_int_equal(reopen(), OCORE_OK);
        assert_number(mini_count(store, &mini_first), 1);
}

/* Journals beside this one, whatever they are called, stay. */
static void neighbours(void **state)
{
        ocore_store other = {0};
        char name[112];
        int fd;

        (void)state;
        snprintf(name, sizeof name, "%s-new", path);
        assert_int_equal(make(name, &other), OCORE_OK);
        assert_int_equal(other.ops->open(other.self, &mini_first), OCORE_OK);
        assert_int_equal(mini_do(other, &mini_first, OCORE_WRITE_INSERT, 7, 77, 0), OCORE_OK);
        ocore_store_close(other);
        assert_int_equal(reopen(), OCORE_OK);
        assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        assert_int_equal(make(name, &other), OCORE_OK);
        assert_int_equal(other.ops->open(other.self, &mini_first), OCORE_OK);
        assert_number(mini_get(other, &mini_first, 7, NULL), 77);
        ocore_store_close(other);
        assert_int_equal(unlink(name), 0);
        /* The one name that is taken is no journal's, also by way of a link. */
        assert_int_equal(make(beside, &other), OCORE_INVALID);
        assert_int_equal(access(beside, F_OK), -1);
        fd = open(beside, O_RDWR | O_CREAT, 0600);
        assert_true(fd >= 0);
        assert_int_equal(symlink(".shop.journal.ocore-compact", name), 0);
        assert_int_equal(make(name, &other), OCORE_INVALID);
        assert_int_equal(unlink(name), 0);
        /* Somebody has it open: it stays, and nothing is lost for that. */
        assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
        assert_int_equal(ocore_journal_compact(store), OCORE_STORE);
        assert_int_equal(access(beside, F_OK), 0);
        assert_int_equal(insert(1), OCORE_OK);
        assert_int_equal(reopen(), OCORE_STORE);
        assert_int_equal(access(beside, F_OK), 0);
        close(fd);
        assert_int_equal(reopen(), OCORE_OK);
        assert_number(mini_count(store, &mini_first), 1);
}

/* In a process that may not give the file away: 0 if all went well. */
static int compact_as_stranger(gid_t group)
{
        if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 ||
                setresuid(65534, 65534, 65534) != 0)
                return 2;
        return ocore_journal_compact(store) == OCORE_OK ? 0 : 3;
}

static void stranger(mode_t before, gid_t group, mode_t after)
{
        struct stat file;
        int status;
        pid_t child;

        assert_int_equal(reopen(), OCORE_OK);
        assert_int_equal(insert(1), OCORE_OK);
        assert_int_equal(chmod(path, before), 0);
        assert_int_equal(chown(path, 0, 4), 0);
        assert_int_equal(chmod(folder, 0777), 0);
        child = fork();
        assert_true(child >= 0);
        if (child == 0)
                _exit(compact_as_stranger(group));
        assert_true(waitpid(child, &status, 0) == child);
        assert_int_equal(status, 0);
        assert_int_equal(stat(path, &file), 0);
        assert_int_equal(file.st_uid, 65534);
        assert_int_equal(file.st_mode & 0777, after);
        ocore_store_close(store);
        memset(&store, 0, sizeof store);
        assert_int_equal(unlink(path), 0);
}

static void owner_not_kept(void **state)
{
        (void)state;
        if (geteuid() != 0) {
                print_message("# only root can make a file that is not its own\n");
                skip();
        }
        stranger(0600, 65534, 0600);
        stranger(0644, 65534, 0600);
        stranger(0660, 4, 0660);
        stranger(0644, 4, 0640);
}

static int insert_text(int64_t number, char *text, size_t size)
{
        ocore_refusal refusal;
        ocore_write write;
        mini_row row;

        mini_box(&row, number, 1);
        memset(text, 'a' + (int)number, size);
        row.cells[BOX_NOTE].as.text = (ocore_str){text, size};
        write = mini_write(&mini_wide, OCORE_WRITE_INSERT, &row, 0);
        return store.ops->write(store.self, &write, 1, &refusal);
}

static void large_rows(void **state)
{
        static char text[OCORE_JOURNAL_RECORD_MAX];

        (void)state;
        ocore_store_close(store);
        assert_int_equal(make(path, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &mini_wide), OCORE_OK);
        assert_int_equal(insert_text(1, text, 30000), OCORE_OK);
        assert_int_equal(insert_text(2, text, sizeof text - 20000), OCORE_OK);
        assert_int_equal(insert_text(3, text, 30000), OCORE_OK);
        assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        ocore_store_close(store);
        assert_int_equal(make(path, &store), OCORE_OK);
        assert_int_equal(store.ops->open(store.self, &mini_wide), OCORE_OK);
        assert_number(mini_count(store, &mini_wide), 3);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(one_owner, begin, end),
                cmocka_unit_test_setup_teardown(torn_end, begin, end),
                cmocka_unit_test_setup_teardown(cut_compaction, begin, end),
                cmocka_unit_test_setup_teardown(no_journal, begin, end),
                cmocka_unit_test_setup_teardown(full_disk, begin, end),
                cmocka_unit_test_setup_teardown(links_and_modes, begin, end),
                cmocka_unit_test_setup_teardown(neighbours, begin, end),
                cmocka_unit_test_setup_teardown(owner_not_kept, begin, end),
                cmocka_unit_test_setup_teardown(large_rows, begin, end),
        };
        return cmocka_run_group_tests_name("journal in a file", tests, NULL, NULL);
}
