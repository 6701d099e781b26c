/*
 * What is durable of a folder, and what is left of it when the power goes; see powercut.h. It makes
 * system calls through the same functions as everybody: while it works, `busy` lets them through.
 */
#define _GNU_SOURCE

#include "powercut.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, NAME_MAX_BYTES = 256, DEPTH_MAX = 16, NONE = -1 };

/* A name in a folder. */
typedef struct entry {
        char name[NAME_MAX_BYTES];
        int node;
} entry;

typedef struct list {
        entry *entries;
        size_t count;
        size_t room;
} list;

/* A file or folder that has something durable. It is held open, so that its number is not given to
 * another while it may still come back. */
typedef struct node {
        dev_t device;
        ino_t number;
        int used;
        int is_folder;
        int pin;
        char *bytes; /* of a file: what is durable */
        size_t size;
        list names; /* of a folder: which names are durable */
} node;

static struct {
        pthread_mutex_t lock;
        node *nodes;
        size_t node_count;
        int root;
        int armed;
        int busy;
        int mode;
        int64_t calls;
        int64_t at;
        uint64_t random;
} power = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Whoever cannot remember must not say that all is well. */
static void broken(const char *what)
{
        char text[200];
        int size = snprintf(text, sizeof text, "# powercut: %s: %s\n", what, strerror(errno));

        if (size > 0) {
                (void)!write(STDERR_FILENO, text, (size_t)size);
        }
        _exit(POWERCUT_BROKEN);
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t pick(uint64_t of)
{
        uint64_t z = power.random += 0x9e3779b97f4a7c15u;

        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        return of == 0 ? 0 : z % of;
}

static void *grown(void *old, size_t size)
{
        void *given = realloc(old, size == 0 ? 1 : size);

        if (given == NULL) {
                broken("no memory");
        }
        return given;
}

/* The whole content of an open file. */
static char *content(int file, size_t *size)
{
        struct stat about;
        char *bytes;
        size_t got = 0;

        if (fstat(file, &about) != 0) {
                broken("looking at a file");
        }
        bytes = grown(NULL, (size_t)about.st_size);
        while (got < (size_t)about.st_size) {
                ssize_t part = pread(file, bytes + got, (size_t)about.st_size - got, (off_t)got);

                if (part < 0 && errno != EINTR) {
                        broken("reading a file");
                }
                if (part == 0) {
                        break;
                }
                got += part > 0 ? (size_t)part : 0;
        }
        *size = got;
        return bytes;
}

static int node_find(const struct stat *about)
{
        size_t n;

        for (n = 0; n < power.node_count; n++) {
                if (power.nodes[n].used && power.nodes[n].device == about->st_dev &&
                        power.nodes[n].number == about->st_ino) {
                        return (int)n;
                }
        }
        return NONE;
}

/* Takes over `pin`. */
static int node_make(const struct stat *about, int pin)
{
        size_t n = 0;

        while (n < power.node_count && power.nodes[n].used) {
                n++;
        }
        if (n == power.node_count) {
                power.nodes = grown(power.nodes, (n + 1) * sizeof *power.nodes);
                power.node_count++;
        }
        power.nodes[n] = (node){
                .device = about->st_dev,
                .number = about->st_ino,
                .used = 1,
                .is_folder = S_ISDIR(about->st_mode),
                .pin = pin,
        };
        return (int)n;
}

/* The node of a name in an open folder, made when there is none: with nothing durable in it yet.
 * NONE for what is neither file nor folder. */
static int node_at(int folder, const char *name)
{
        struct stat about;
        int found;
        int pin;

        if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
                (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))) {
                return NONE;
        }
        found = node_find(&about);
        if (found != NONE) {
                return found;
        }
        pin = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (pin < 0) {
                broken("holding a file");
        }
        return node_make(&about, pin);
}

static void list_add(list *names, const char *name, int at)
{
        entry *added;

        if (names->count == names->room) {
                names->room = names->room * 2 + 8;
                names->entries = grown(names->entries, names->room * sizeof *names->entries);
        }
        added = &names->entries[names->count++];
        (void)snprintf(added->name, sizeof added->name, "%s", name);
        added->node = at;
}

/* What names an open folder has now. */
static list names_of(int folder)
{
        list names = {NULL, 0, 0};
        int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *stream = copy < 0 ? NULL : fdopendir(copy);
        const struct dirent *found;

        if (stream == NULL) {
                /* A folder that was removed has no names. */
                if (copy < 0 && errno == ENOENT) {
                        return names;
                }
                broken("reading a folder");
        }
        while ((found = readdir(stream)) != NULL) {
                if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0) {
                        int at = node_at(folder, found->d_name);

                        if (at != NONE) {
                                list_add(&names, found->d_name, at);
                        }
                }
        }
        (void)closedir(stream);
        return names;
}

static void node_take(int at)
{
        if (power.nodes[at].is_folder) {
                list names = names_of(power.nodes[at].pin);

                free(power.nodes[at].names.entries);
                power.nodes[at].names = names;
        } else {
                free(power.nodes[at].bytes);
                power.nodes[at].bytes = content(power.nodes[at].pin, &power.nodes[at].size);
        }
}

/* All that is below a folder is durable as it is. */
static void folder_take(int at, int depth)
{
        size_t n;

        node_take(at);
        for (n = 0; n < power.nodes[at].names.count; n++) {
                int child = power.nodes[at].names.entries[n].node;

                if (!power.nodes[child].is_folder) {
                        node_take(child);
                } else if (depth < DEPTH_MAX) {
                        folder_take(child, depth + 1);
                }
        }
}

/* Files that have no name any more, durable or not, never come back. */
static void nodes_forget(void)
{
        size_t n, m, e;

        for (n = 0; n < power.node_count; n++) {
                node *self = &power.nodes[n];
                struct stat about;
                int named = !self->used || self->is_folder || fstat(self->pin, &about) != 0 ||
                            about.st_nlink > 0;

                for (m = 0; !named && m < power.node_count; m++) {
                        const list *names = &power.nodes[m].names;

                        for (e = 0; power.nodes[m].used && e < names->count; e++) {
                                named |= names->entries[e].node == (int)n;
                        }
                }
                if (!named) {
                        (void)close(self->pin);
                        free(self->bytes);
                        memset(self, 0, sizeof *self);
                }
        }
}

/* One file as it will be found: durable content, with some of what came after. From here on nothing
 * is given back: the process ends. */
static char *file_left(const node *self, int mode, size_t *out_size)
{
        size_t now_size;
        char *now = content(self->pin, &now_size);
        size_t most = now_size > self->size ? now_size : self->size;
        size_t sectors = (most + SECTOR - 1) / SECTOR;
        size_t edge = (size_t)pick(sectors + 1);
        uint64_t odds = (uint64_t)1 << pick(3);
        char *left = grown(NULL, sectors * SECTOR);
        size_t size = mode == POWERCUT_LOSES_ALL ? self->size : now_size;
        size_t n;
        size_t b;

        memset(left, 0, sectors * SECTOR);
        if (self->size > 0) {
                memcpy(left, self->bytes, self->size);
        }
        for (n = 0; n < sectors; n++) {
                size_t at = n * SECTOR;
                size_t part = now_size <= at ? 0 : now_size - at < SECTOR ? now_size - at : SECTOR;
                int keeps = mode == POWERCUT_KEEPS_ALL ||
                            (mode == POWERCUT_KEEPS_EARLY && n < edge) ||
                            (mode == POWERCUT_KEEPS_LATE && n >= edge) ||
                            ((mode == POWERCUT_KEEPS_SOME || mode == POWERCUT_GARBLES) &&
                                    pick(odds + 1) == 0);

                if (keeps) {
                        memcpy(left + at, now + at, part);
                }
                for (b = at < self->size ? self->size : at;
                        mode == POWERCUT_GARBLES && !keeps && b < at + SECTOR; b++) {
                        left[b] = (char)pick(256);
                }
        }
        if (mode != POWERCUT_KEEPS_ALL && mode != POWERCUT_LOSES_ALL && now_size != self->size &&
                pick(2) == 0) {
                size_t least = now_size < self->size ? now_size : self->size;

                size = pick(2) == 0 ? self->size : least + (size_t)pick(most - least + 1);
        }
        *out_size = size;
        return left;
}

static int list_find(const list *names, const char *name)
{
        size_t n;

        for (n = 0; n < names->count; n++) {
                if (strcmp(names->entries[n].name, name) == 0) {
                        return names->entries[n].node;
                }
        }
        return NONE;
}

/* The number under which a name stands: names that share a file before or after stand together,
 * because a rename happens to both or to none. */
static void groups_make(const list *all, const list *before, const list *after, size_t *groups)
{
        size_t n;
        size_t m;
        int again = 1;

        for (n = 0; n < all->count; n++) {
                groups[n] = n;
        }
        while (again) {
                again = 0;
                for (n = 0; n < all->count; n++) {
                        int was = list_find(before, all->entries[n].name);

                        for (m = 0; m < all->count; m++) {
                                int is = list_find(after, all->entries[m].name);

                                if (was != NONE && was == is && groups[n] != groups[m]) {
                                        size_t least =
                                                groups[n] < groups[m] ? groups[n] : groups[m];

                                        groups[n] = groups[m] = least;
                                        again = 1;
                                }
                        }
                }
        }
}

/* The names of a folder as they will be found. */
static list names_left(int at, int mode)
{
        list left = {NULL, 0, 0};
        list now = names_of(power.nodes[at].pin); /* may move the nodes */
        const node *self = &power.nodes[at];
        list all = {NULL, 0, 0};
        size_t *groups;
        char *kept;
        size_t n;

        for (n = 0; n < self->names.count; n++) {
                list_add(&all, self->names.entries[n].name, NONE);
        }
        for (n = 0; n < now.count; n++) {
                if (list_find(&self->names, now.entries[n].name) == NONE) {
                        list_add(&all, now.entries[n].name, NONE);
                }
        }
        groups = grown(NULL, (all.count + 1) * sizeof *groups);
        kept = grown(NULL, all.count + 1);
        groups_make(&all, &self->names, &now, groups);
        for (n = 0; n < all.count; n++) {
                kept[n] =
                        mode == POWERCUT_KEEPS_ALL || (mode != POWERCUT_LOSES_ALL && pick(2) == 0);
        }
        for (n = 0; n < all.count; n++) {
                const char *name = all.entries[n].name;
                int found = list_find(kept[groups[n]] ? &now : &self->names, name);

                if (found != NONE) {
                        list_add(&left, name, found);
                }
        }
        return left;
}

/* What will be found, worked out before anything is touched. */
typedef struct plan {
        char name[NAME_MAX_BYTES];
        char *bytes;
        size_t size;
        struct plan *inside; /* of a folder */
        struct plan *next;
        int is_folder;
} plan;

static plan *folder_left(int at, int mode, int depth)
{
        list names = names_left(at, mode);
        plan *first = NULL;
        size_t n;

        for (n = 0; n < names.count; n++) {
                int child = names.entries[n].node;
                plan *made = grown(NULL, sizeof *made);

                memset(made, 0, sizeof *made);
                (void)snprintf(made->name, sizeof made->name, "%s", names.entries[n].name);
                made->is_folder = power.nodes[child].is_folder;
                if (made->is_folder && depth < DEPTH_MAX) {
                        made->inside = folder_left(child, mode, depth + 1);
                } else if (!made->is_folder) {
                        made->bytes = file_left(&power.nodes[child], mode, &made->size);
                }
                made->next = first;
                first = made;
        }
        return first;
}

static void folder_empty(int folder, int depth)
{
        list names = names_of(folder);
        size_t n;

        for (n = 0; n < names.count; n++) {
                const char *name = names.entries[n].name;

                if (power.nodes[names.entries[n].node].is_folder) {
                        int below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

                        if (below < 0 || depth > DEPTH_MAX) {
                                broken("emptying a folder");
                        }
                        folder_empty(below, depth + 1);
                        (void)close(below);
                        (void)unlinkat(folder, name, AT_REMOVEDIR);
                } else if (unlinkat(folder, name, 0) != 0) {
                        broken("removing a file");
                }
        }
}

static void folder_write(int folder, const plan *plans)
{
        for (; plans != NULL; plans = plans->next) {
                size_t done = 0;
                int file;

                if (plans->is_folder) {
                        if (mkdirat(folder, plans->name, 0700) != 0) {
                                broken("making a folder");
                        }
                        file = openat(folder, plans->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                        folder_write(file, plans->inside);
                        (void)close(file);
                        continue;
                }
                file = openat(folder, plans->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
                while (file >= 0 && done < plans->size) {
                        ssize_t part = write(file, plans->bytes + done, plans->size - done);

                        if (part <= 0) {
                                break;
                        }
                        done += (size_t)part;
                }
                if (file < 0 || done < plans->size || close(file) != 0) {
                        broken("writing what is left");
                }
        }
}

static void cut(void)
{
        plan *left = folder_left(power.root, power.mode, 0);

        folder_empty(power.nodes[power.root].pin, 0);
        folder_write(power.nodes[power.root].pin, left);
        _exit(POWERCUT_EXIT);
}

/* 1 when the caller is to do the work of an armed call, and then holds the lock. */
static int enter(void)
{
        if (!power.armed || power.busy) {
                return 0;
        }
        (void)pthread_mutex_lock(&power.lock);
        power.busy = 1;
        return 1;
}

static int leave(void)
{
        power.busy = 0;
        (void)pthread_mutex_unlock(&power.lock);
        return 1;
}

int powercut_arm(const char *folder, int64_t at, int mode, uint64_t seed)
{
        struct stat about;
        int pin = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        if (pin < 0 || fstat(pin, &about) != 0) {
                return -1;
        }
        power.root = node_make(&about, pin);
        folder_take(power.root, 0);
        power.at = at;
        power.mode = mode;
        power.random = seed;
        power.calls = 0;
        power.armed = 1;
        return 0;
}

int64_t powercut_calls(void)
{
        return power.calls;
}

void powercut_now(void)
{
        power.busy = 1;
        cut();
}

int powercut_call(void)
{
        if (enter()) {
                int saved = errno;

                if (++power.calls == power.at) {
                        cut();
                }
                errno = saved;
                return leave();
        }
        return 0;
}

int powercut_synced(int file)
{
        struct stat about;
        int at;

        if (!enter()) {
                return 0;
        }
        if (fstat(file, &about) == 0 && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode))) {
                at = node_find(&about);
                if (at == NONE) {
                        char path[64];
                        int pin;

                        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
                        pin = open(path, O_RDONLY | O_CLOEXEC);
                        if (pin < 0) {
                                broken("holding a file that is synced");
                        }
                        at = node_make(&about, pin);
                }
                node_take(at);
                nodes_forget();
        }
        return leave();
}

int powercut_synced_all(void)
{
        if (!enter()) {
                return 0;
        }
        folder_take(power.root, 0);
        return leave();
}

int powercut_counts(int file)
{
        struct stat about;

        return power.armed && !power.busy && fstat(file, &about) == 0 &&
               (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
}
