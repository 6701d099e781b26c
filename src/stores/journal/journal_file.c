/*
 * A file as the device of a journal. The file is the area in use; the other area is a file beside
 * it that exists only while it is written, and takes the first one's name when it is whole. Until
 * then it has a name that no journal may have. Each file is locked by whoever has it open, and none
 * is removed that somebody else has locked.
 *
 * The file grows in steps, ahead of what is written: then a sync need not write a new size. Where
 * its records end is found by reading them; what stands behind them is zeros.
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#define _FILE_OFFSET_BITS 64

#include "journal_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0644, PRIVATE = 0600, TRIES = 100 };

/* The other area of NAME is .NAME.ocore-compact beside it. */
#define NEXT_END ".ocore-compact"

/* posix_fallocate() is an option of POSIX; it only helps. */
#if defined(_POSIX_ADVISORY_INFO) && _POSIX_ADVISORY_INFO > 0
#define ADVISORY 1
#else
#define ADVISORY 0
#endif

typedef struct file {
        ocore_allocator allocator;
        char *path;      /* without links, by realloc() */
        char *next;      /* of the other area, by malloc() */
        int fds[2];      /* -1: not open */
        int64_t ends[2]; /* how far each file reaches, with what it was grown by ahead */
        int current;
        int64_t step; /* grows by so much at a time; negative: not ahead */
        int64_t code;
        char message[160];
} file;

static int failed(file *self, const char *doing)
{
        self->code = errno;
        (void)snprintf(self->message, sizeof self->message, "%s: %s", doing, strerror(errno));
        return OCORE_STORE;
}

/* What was renamed is durable when its folder is. */
static int sync_folder(const file *self)
{
        char *slash = strrchr(self->path, '/');
        int fd;
        int status;

        if (slash == NULL || slash == self->path) {
                fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        } else {
                *slash = '\0';
                fd = open(self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                *slash = '/';
        }
        if (fd < 0)
                return -1;
        status = fsync(fd);
        (void)close(fd);
        return status;
}

static int file_current(void *of, int64_t *area, int64_t *size)
{
        file *self = of;
        struct stat state;
        int fd = self->fds[self->current];

        *area = self->current;
        *size = 0;
        if (sync_folder(self) != 0)
                return failed(self, "syncing the folder of the file");
        if (fstat(fd, &state) != 0)
                return failed(self, "looking at the file");
        self->ends[self->current] = state.st_size;
        *size = state.st_size;
        return OCORE_OK;
}

static int file_read(void *of, int64_t area, int64_t offset, void *bytes, size_t size, size_t *got)
{
        file *self = of;

        *got = 0;
        while (*got < size) {
                ssize_t done = pread(self->fds[area], (char *)bytes + *got, size - *got,
                        (off_t)(offset + (int64_t)*got));

                if (done == 0)
                        return OCORE_OK;
                if (done < 0 && errno != EINTR)
                        return failed(self, "reading the file");
                if (done > 0)
                        *got += (size_t)done;
        }
        return OCORE_OK;
}

static void drop(file *self, int64_t area)
{
        if (self->fds[area] >= 0)
                (void)close(self->fds[area]);
        self->fds[area] = -1;
        self->ends[area] = 0;
}

/* A failure in the area that is being written: it will not be used, and takes up no more room. */
static int given_up(file *self, int64_t area, const char *doing)
{
        int status = failed(self, doing);

        if (area != self->current) {
                drop(self, area);
                (void)unlink(self->next);
        }
        return status;
}

/*
 * Grows the file ahead of an append. The zeros are written and not only reserved: where blocks are
 * reserved alone, each sync must also note that they are now in use, and takes up to three times as
 * long. Where growing fails the append itself will say why.
 */
static void grow(file *self, int64_t area, int64_t end)
{
        static const char zeros[4096];
        int64_t *reach = &self->ends[area];
        int64_t wanted;
        int64_t at;

        if (end <= *reach || self->step <= 0 || end > INT64_MAX - self->step)
                return;
        wanted = (end / self->step + 1) * self->step;
#if ADVISORY
        if (posix_fallocate(self->fds[area], (off_t)*reach, (off_t)(wanted - *reach)) != 0)
                return;
#endif
        for (at = *reach; at < wanted;) {
                const int64_t left = wanted - at;
                const size_t size = left < (int64_t)sizeof zeros ? (size_t)left : sizeof zeros;
                const ssize_t done = pwrite(self->fds[area], zeros, size, (off_t)at);

                if (done <= 0)
                        break;
                at += done;
                *reach = at;
        }
}

static int put_bytes(file *self, int64_t area, int64_t offset, const void *bytes, size_t size)
{
        size_t done = 0;

        while (done < size) {
                ssize_t now = pwrite(self->fds[area], (const char *)bytes + done, size - done,
                        (off_t)(offset + (int64_t)done));

                if (now < 0 && errno != EINTR)
                        return given_up(self, area, "writing the file");
                if (now > 0)
                        done += (size_t)now;
        }
        if (self->ends[area] < offset + (int64_t)size)
                self->ends[area] = offset + (int64_t)size;
        return OCORE_OK;
}

static int file_append(void *of, int64_t area, int64_t offset, const void *bytes, size_t size)
{
        file *self = of;

        if (offset > INT64_MAX - (int64_t)size) {
                errno = EFBIG;
                return failed(self, "writing the file");
        }
        grow(self, area, offset + (int64_t)size);
        return put_bytes(self, area, offset, bytes, size);
}

/* After a sync that failed the cache shows what the disk lacks, and holds it for written. Written
 * once more it is new to the cache, whatever it says of it. */
static int file_rewrite(void *of, int64_t area, int64_t offset, const void *bytes, size_t size)
{
        return put_bytes(of, area, offset, bytes, size);
}

/* Some systems keep bytes in the disk's own cache unless told otherwise. */
static int sync_data(int fd)
{
#if defined(F_FULLFSYNC)
        return fcntl(fd, F_FULLFSYNC);
#else
        return fdatasync(fd);
#endif
}

static int file_sync(void *of, int64_t area)
{
        file *self = of;

        return sync_data(self->fds[area]) == 0 ? OCORE_OK
                                               : given_up(self, area, "syncing the file");
}

static int file_truncate(void *of, int64_t area, int64_t size)
{
        file *self = of;

        if (ftruncate(self->fds[area], (off_t)size) != 0)
                return failed(self, "shortening the file");
        self->ends[area] = size;
        return fsync(self->fds[area]) == 0 ? OCORE_OK : failed(self, "syncing the file");
}

/*
 * Removes what a compaction that was cut has left. OCORE_OK if there is none now; OCORE_STORE with
 * errno EWOULDBLOCK: somebody has it open; OCORE_STORE: it cannot be opened, or is no file.
 */
static int remove_next(const file *self)
{
        struct stat state;
        int status = OCORE_STORE;
        int fd = open(self->next, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        int why;

        if (fd < 0)
                return errno == ENOENT ? OCORE_OK : OCORE_STORE;
        if (fstat(fd, &state) == 0) {
                errno = EINVAL;
                if (S_ISREG(state.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
                        unlink(self->next) == 0)
                        status = OCORE_OK;
        }
        why = errno;
        (void)close(fd);
        errno = why;
        return status;
}

/* Whoever could read the old file can read the new one, and nobody else: where its owner cannot be
 * kept it is the writer's and the group's, and where neither can, the writer's alone. */
static void keep_rights(const file *self, int fd)
{
        struct stat old;
        mode_t mode;

        if (fstat(self->fds[self->current], &old) != 0)
                return;
        mode = old.st_mode & 0777;
        if (fchown(fd, old.st_uid, old.st_gid) != 0)
                mode &= fchown(fd, (uid_t)-1, old.st_gid) == 0 ? 0770 : 0700;
        if (fchmod(fd, mode) != 0)
                errno = 0;
}

/* A new file beside the first, locked before anybody can find it under the first one's name. */
static int file_erase(void *of, int64_t area)
{
        file *self = of;
        int fd;

        drop(self, area);
        if (remove_next(self) != OCORE_OK)
                return failed(self, "removing an old file");
        fd = open(self->next, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, PRIVATE);
        if (fd < 0)
                return failed(self, "making a new file");
        self->fds[area] = fd;
        if (flock(fd, LOCK_EX | LOCK_NB) != 0)
                return given_up(self, area, "locking the new file");
        keep_rights(self, fd);
        return OCORE_OK;
}

static int file_replace(void *of, int64_t area)
{
        file *self = of;

        /* The bytes were synced, but perhaps not the file's size. */
        if (fsync(self->fds[area]) != 0)
                return failed(self, "syncing the new file");
        if (rename(self->next, self->path) != 0)
                return failed(self, "renaming the new file");
        drop(self, self->current);
        self->current = (int)area;
        if (sync_folder(self) != 0) {
                (void)failed(self, "syncing the folder of the file");
                return OCORE_UNKNOWN;
        }
        return OCORE_OK;
}

static void file_close(void *of)
{
        file *self = of;
        ocore_allocator allocator;

        if (self == NULL)
                return;
        allocator = self->allocator;
        /* An area that was begun and given up. */
        if (self->fds[1 - self->current] >= 0)
                (void)unlink(self->next);
        drop(self, 0);
        drop(self, 1);
        free(self->path);
        free(self->next);
        ocore__release(&allocator, self, sizeof *self);
}

static const char *file_message(void *of, int64_t *code)
{
        const file *self = of;

        *code = self->code;
        return self->message;
}

/* 1: the lock is held on the file that has the name; 0: the file was replaced meanwhile; -1. */
static int lock(int fd, const char *path)
{
        struct stat opened;
        struct stat named;

        if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &opened) != 0)
                return -1;
        if (!S_ISREG(opened.st_mode))
                return -1;
        return stat(path, &named) == 0 && named.st_ino == opened.st_ino &&
               named.st_dev == opened.st_dev;
}

static int open_locked(const char *path)
{
        int tries;

        for (tries = 0; tries < TRIES; tries++) {
                int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, MODE);
                int locked;

                if (fd < 0)
                        return -1;
                locked = lock(fd, path);
                if (locked == 1)
                        return fd;
                (void)close(fd);
                if (locked < 0)
                        return -1;
        }
        return -1;
}

/* 1 if the name is kept for the other area of some journal. */
static int is_next(const char *path)
{
        const char *name = strrchr(path, '/');
        size_t size;

        name = name != NULL ? name + 1 : path;
        size = strlen(name);
        return name[0] == '.' && size >= sizeof NEXT_END &&
               strcmp(name + size - (sizeof NEXT_END - 1), NEXT_END) == 0;
}

/* The file's own name and that of the other area. */
static int find_names(file *self, const char *path)
{
        const char *name;
        size_t size;

        self->path = realpath(path, NULL);
        if (self->path == NULL)
                return errno == ENOMEM ? OCORE_NOMEM : OCORE_STORE;
        if (is_next(self->path))
                return OCORE_INVALID;
        name = strrchr(self->path, '/') + 1;
        size = strlen(self->path) + 1 + sizeof NEXT_END;
        self->next = malloc(size);
        if (self->next == NULL)
                return OCORE_NOMEM;
        (void)snprintf(
                self->next, size, "%.*s.%s" NEXT_END, (int)(name - self->path), self->path, name);
        return OCORE_OK;
}

/* Opens and locks the file, and clears away what a compaction left that was cut. */
static int open_file(file *self, const char *path)
{
        int status;

        if (is_next(path))
                return OCORE_INVALID;
        self->fds[0] = open_locked(path);
        if (self->fds[0] < 0)
                return OCORE_STORE;
        status = find_names(self, path);
        /* What cannot be removed for another reason is met again by the next compaction. */
        if (status == OCORE_OK && remove_next(self) != OCORE_OK && errno == EWOULDBLOCK)
                return OCORE_STORE;
        return status;
}

int ocore__journal_file_open(const ocore_allocator *allocator, const char *path,
        int64_t preallocate_bytes, ocore_journal_device *out)
{
        file *self = ocore__allocate(allocator, sizeof *self);
        int status;
        int why;

        memset(out, 0, sizeof *out);
        if (self == NULL)
                return OCORE_NOMEM;
        memset(self, 0, sizeof *self);
        self->allocator = *allocator;
        self->step = preallocate_bytes;
        self->fds[0] = -1;
        self->fds[1] = -1;
        status = open_file(self, path);
        if (status != OCORE_OK) {
                why = errno;
                file_close(self);
                errno = why;
                return status;
        }
        *out = (ocore_journal_device){.struct_size = sizeof *out,
                .self = self,
                .alignment = 16,
                .current = file_current,
                .read = file_read,
                .append = file_append,
                .sync = file_sync,
                .truncate = file_truncate,
                .erase = file_erase,
                .replace = file_replace,
                .rewrite = file_rewrite,
                .close = file_close,
                .message = file_message};
        return OCORE_OK;
}
