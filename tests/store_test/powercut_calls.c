/*
 * The C library's calls that change files or make them durable, with powercut.c before each. The
 * program exports these names, and what a program exports stands before the C library for every
 * library it loads. Until powercut_arm() each only passes on.
 */
/* Both names of a call with an offset are defined here, so neither may stand for the other. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE

#include "powercut.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* The function behind ours. POSIX says that a function may go through a pointer to an object. */
#define REAL(type, name)                                                                           \
        static type (*real)(PARAMETERS_##name);                                                    \
        if (real == NULL) {                                                                        \
                void *found = dlsym(RTLD_NEXT, #name);                                             \
                if (found == NULL) {                                                               \
                        abort();                                                                   \
                }                                                                                  \
                memcpy(&real, &found, sizeof real);                                                \
        }

/* Opened so that each write is durable when it returns. What was written to the same file by other
 * descriptors counts as durable too: no known store mixes them. */
static void written(int file)
{
        int flags = fcntl(file, F_GETFL);

        if (flags >= 0 && (flags & O_DSYNC) != 0) {
                (void)powercut_synced(file);
        }
}

/* A call on a descriptor that changes its file. */
#define CHANGES(type, name, file, ...)                                                             \
        {                                                                                          \
                REAL(type, name)                                                                   \
                type result;                                                                       \
                if (!powercut_counts(file)) {                                                      \
                        return real(__VA_ARGS__);                                                  \
                }                                                                                  \
                (void)powercut_call();                                                             \
                result = real(__VA_ARGS__);                                                        \
                written(file);                                                                     \
                return result;                                                                     \
        }

/* A call on names. */
#define RENAMES(name, ...)                                                                         \
        {                                                                                          \
                REAL(int, name)                                                                    \
                (void)powercut_call();                                                             \
                return real(__VA_ARGS__);                                                          \
        }

/* Opening may make a file or empty one. */
#define OPENS(name, flags, ...)                                                                    \
        {                                                                                          \
                REAL(int, name)                                                                    \
                mode_t mode = 0;                                                                   \
                if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) {                  \
                        va_list rest;                                                              \
                        va_start(rest, flags);                                                     \
                        mode = va_arg(rest, mode_t);                                               \
                        va_end(rest);                                                              \
                }                                                                                  \
                if (((flags) & (O_CREAT | O_TRUNC)) != 0) {                                        \
                        (void)powercut_call();                                                     \
                }                                                                                  \
                return real(__VA_ARGS__, mode);                                                    \
        }

/* A sync is not carried out: what counts as durable is kept in memory, and the test takes seconds
 * instead of minutes. */
#define SYNCS(name, file, ...)                                                                     \
        {                                                                                          \
                REAL(int, name)                                                                    \
                (void)powercut_call();                                                             \
                return powercut_synced(file) ? 0 : real(__VA_ARGS__);                              \
        }

#define PARAMETERS_write int file, const void *bytes, size_t size
#define PARAMETERS_pwrite int file, const void *bytes, size_t size, off_t at
#define PARAMETERS_writev int file, const struct iovec *parts, int count
#define PARAMETERS_pwritev int file, const struct iovec *parts, int count, off_t at
#define PARAMETERS_ftruncate int file, off_t size
#define PARAMETERS_fallocate int file, int mode, off_t at, off_t size
#define PARAMETERS_posix_fallocate int file, off_t at, off_t size
#define PARAMETERS_truncate const char *path, off_t size
#define PARAMETERS_open const char *path, int flags, ...
#define PARAMETERS_openat int folder, const char *path, int flags, ...
#define PARAMETERS_creat const char *path, mode_t mode
#define PARAMETERS_rename const char *from, const char *to
#define PARAMETERS_renameat int old, const char *from, int folder, const char *to
#define PARAMETERS_renameat2 int old, const char *from, int folder, const char *to, unsigned flags
#define PARAMETERS_link const char *from, const char *to
#define PARAMETERS_linkat int old, const char *from, int folder, const char *to, int flags
#define PARAMETERS_unlink const char *path
#define PARAMETERS_unlinkat int folder, const char *path, int flags
#define PARAMETERS_remove const char *path
#define PARAMETERS_mkdir const char *path, mode_t mode
#define PARAMETERS_rmdir const char *path
#define PARAMETERS_fsync int file
#define PARAMETERS_fdatasync int file
#define PARAMETERS_syncfs int file
#define PARAMETERS_sync void
#define PARAMETERS_msync void *at, size_t size, int flags
#define PARAMETERS_sync_file_range int file, off64_t at, off64_t size, unsigned flags

ssize_t write(PARAMETERS_write) CHANGES(ssize_t, write, file, file, bytes, size) ssize_t
        pwrite(PARAMETERS_pwrite) CHANGES(ssize_t, pwrite, file, file, bytes, size, at) ssize_t
        writev(PARAMETERS_writev) CHANGES(ssize_t, writev, file, file, parts, count) ssize_t
        pwritev(PARAMETERS_pwritev) CHANGES(ssize_t, pwritev, file, file, parts, count,
                at) int ftruncate(PARAMETERS_ftruncate) CHANGES(int, ftruncate, file, file,
                size) int fallocate(PARAMETERS_fallocate) CHANGES(int, fallocate, file, file, mode,
                at, size) int posix_fallocate(PARAMETERS_posix_fallocate) CHANGES(int,
                posix_fallocate, file, file, at,
                size) int truncate(PARAMETERS_truncate) RENAMES(truncate, path,
                size) int open(PARAMETERS_open) OPENS(open, flags, path,
                flags) int openat(PARAMETERS_openat) OPENS(openat, flags, folder, path,
                flags) int creat(PARAMETERS_creat) RENAMES(creat, path,
                mode) int rename(PARAMETERS_rename) RENAMES(rename, from,
                to) int renameat(PARAMETERS_renameat) RENAMES(renameat, old, from, folder,
                to) int link(PARAMETERS_link) RENAMES(link, from, to) int linkat(PARAMETERS_linkat)
                RENAMES(linkat, old, from, folder, to, flags) int unlink(PARAMETERS_unlink) RENAMES(
                        unlink, path) int unlinkat(PARAMETERS_unlinkat)
                        RENAMES(unlinkat, folder, path, flags) int remove(
                                PARAMETERS_remove) RENAMES(remove, path) int mkdir(PARAMETERS_mkdir)
                                RENAMES(mkdir, path, mode) int rmdir(PARAMETERS_rmdir) RENAMES(
                                        rmdir, path) int fsync(PARAMETERS_fsync)
                                        SYNCS(fsync, file, file) int fdatasync(PARAMETERS_fdatasync)
                                                SYNCS(fdatasync, file, file)

                                                        int syncfs(PARAMETERS_syncfs)
{
        REAL(int, syncfs)
        (void)powercut_call();
        return powercut_synced_all() ? 0 : real(file);
}

void sync(PARAMETERS_sync)
{
        REAL(void, sync)
        (void)powercut_call();
        if (!powercut_synced_all()) {
                real();
        }
}

/* It writes pages back and promises nothing of them. */
int sync_file_range(PARAMETERS_sync_file_range)
{
        REAL(int, sync_file_range)
        (void)powercut_call();
        return real(file, at, size, flags);
}

/* Which file stands behind an address is known to the kernel. */
static void mapping_synced(const void *address)
{
        FILE *maps = fopen("/proc/self/maps", "re");
        char line[4608];

        while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
                unsigned long long from = 0;
                unsigned long long to = 0;
                int path = 0;
                int file;

                line[strcspn(line, "\n")] = '\0';
                if (sscanf(line, "%llx-%llx %*s %*s %*s %*s %n", &from, &to, &path) == 2 &&
                        path > 0 && line[path] == '/' && from <= (uintptr_t)address &&
                        (uintptr_t)address < to) {
                        file = open(line + path, O_RDONLY | O_CLOEXEC);
                        if (file >= 0) {
                                (void)powercut_synced(file);
                                (void)close(file);
                        }
                        break;
                }
        }
        if (maps != NULL) {
                (void)fclose(maps);
        }
}

int msync(PARAMETERS_msync)
{
        REAL(int, msync)
        int armed = powercut_call();

        if (armed && (flags & MS_SYNC) != 0) {
                mapping_synced(at);
                return 0;
        }
        return real(at, size, flags);
}

#ifdef __GLIBC__
#define PARAMETERS_pwrite64 int file, const void *bytes, size_t size, off64_t at
#define PARAMETERS_pwritev64 int file, const struct iovec *parts, int count, off64_t at
#define PARAMETERS_ftruncate64 int file, off64_t size
#define PARAMETERS_fallocate64 int file, int mode, off64_t at, off64_t size
#define PARAMETERS_posix_fallocate64 int file, off64_t at, off64_t size
#define PARAMETERS_truncate64 const char *path, off64_t size
#define PARAMETERS_open64 const char *path, int flags, ...
#define PARAMETERS_openat64 int folder, const char *path, int flags, ...
#define PARAMETERS_creat64 const char *path, mode_t mode

ssize_t pwrite64(PARAMETERS_pwrite64) CHANGES(ssize_t, pwrite64, file, file, bytes, size,
        at) ssize_t pwritev64(PARAMETERS_pwritev64) CHANGES(ssize_t, pwritev64, file, file, parts,
        count, at) int ftruncate64(PARAMETERS_ftruncate64) CHANGES(int, ftruncate64, file, file,
        size) int fallocate64(PARAMETERS_fallocate64) CHANGES(int, fallocate64, file, file, mode,
        at, size) int posix_fallocate64(PARAMETERS_posix_fallocate64)
        CHANGES(int, posix_fallocate64, file, file, at, size) int truncate64(PARAMETERS_truncate64)
                RENAMES(truncate64, path, size) int open64(PARAMETERS_open64) OPENS(
                        open64, flags, path, flags) int openat64(PARAMETERS_openat64)
                        OPENS(openat64, flags, folder, path, flags) int creat64(PARAMETERS_creat64)
                                RENAMES(creat64, path, mode) int renameat2(PARAMETERS_renameat2)
                                        RENAMES(renameat2, old, from, folder, to, flags)
#endif
