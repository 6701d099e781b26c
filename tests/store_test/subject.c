/*
 * Opening stores under test. Files stand in a folder of their own beside the name that was given,
 * so that nothing of the user's is ever touched; on servers only the suite's own tables are.
 */
#define _GNU_SOURCE

#include "subject.h"

#include "shell/stores.h"

#include <dlfcn.h>
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int wrong(subject *self, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(self->words, sizeof self->words, format, arguments);
        va_end(arguments);
        return -1;
}

const char *subject_message(ocore_store store)
{
        const char *words = NULL;
        int64_t code = 0;

        if (store.ops != NULL && store.ops->struct_size > offsetof(ocore_store_ops, message) &&
                store.ops->message != NULL) {
                words = store.ops->message(store.self, &code);
        }
        return words == NULL ? "" : words;
}

/* The file that the user named, which is only a place for us. */
static const char *given_file(const subject *self)
{
        return self->argument != NULL ? self->argument : shell_store_file(self->name);
}

static int plugin_load(subject *self)
{
        void *found;

        self->library = dlopen(self->name, RTLD_NOW | RTLD_LOCAL);
        if (self->library == NULL) {
                return wrong(self, "it cannot be loaded: %s", dlerror());
        }
        found = dlsym(self->library, OCORE_STORE_PLUGIN);
        if (found == NULL) {
                return wrong(self,
                        "it has no function " OCORE_STORE_PLUGIN "(): see ordercore/store_suite.h");
        }
        memcpy(&self->open_plugin, &found, sizeof self->open_plugin);
        return 0;
}

static int folder_make(subject *self)
{
        const char *file = given_file(self);
        struct stat about;
        int size;

        if (lstat(file, &about) == 0) {
                return wrong(self,
                        "%s is there already. Name one that is not: tests write to new files "
                        "beside it",
                        file);
        }
        size = snprintf(self->folder, sizeof self->folder, "%s-test-XXXXXX", file);
        if (size < 0 || (size_t)size >= sizeof self->folder || mkdtemp(self->folder) == NULL) {
                self->folder[0] = '\0';
                return wrong(self, "no folder can be made beside %s: %s", file, strerror(errno));
        }
        return 0;
}

int subject_init(subject *self)
{
        if (self->argument != NULL && plugin_load(self) != 0) {
                return -1;
        }
        if (self->argument == NULL) {
                self->place = shell_store_file(self->name) != NULL     ? SUBJECT_IN_FILE
                              : strncmp(self->name, "memory:", 7) == 0 ? SUBJECT_IN_MEMORY
                                                                       : SUBJECT_ON_SERVER;
        }
        if (self->place != SUBJECT_IN_FILE) {
                return 0;
        }
        /* Without a name there is no "beside it". */
        return given_file(self)[0] == '\0' ? wrong(self, "the file has no name")
                                           : folder_make(self);
}

static int found_remove(const char *path, const struct stat *about, int type, struct FTW *walk)
{
        (void)about;
        (void)type;
        (void)walk;
        return remove(path);
}

void subject_finish(subject *self)
{
        if (self->folder[0] != '\0') {
                (void)nftw(self->folder, found_remove, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
        }
        if (self->library != NULL) {
                (void)dlclose(self->library);
        }
}

static void file_name(subject *self, char *name, size_t size)
{
        static const char *const kinds[] = {"sqlite:", "journal:"};
        size_t n;

        name[0] = '\0';
        for (n = 0; self->argument == NULL && n < sizeof kinds / sizeof kinds[0]; n++) {
                if (strncmp(self->name, kinds[n], strlen(kinds[n])) == 0) {
                        (void)snprintf(name, size, "%s%s", kinds[n], self->file);
                }
        }
}

int subject_open(subject *self, ocore_store *out)
{
        char name[SUBJECT_PATH + 32];
        shell_store_words words = {NULL, NULL};
        int status;

        if (self->place == SUBJECT_IN_FILE && self->file[0] == '\0') {
                (void)snprintf(self->file, sizeof self->file, "%s/store-%d", self->folder,
                        self->file_number);
        }
        file_name(self, name, sizeof name);
        *out = (ocore_store){NULL, NULL};
        if (self->open_plugin != NULL) {
                status = self->open_plugin(
                        self->place == SUBJECT_IN_FILE ? self->file : self->argument, out);
                if (status == OCORE_OK &&
                        (out->ops == NULL || out->ops->open == NULL || out->ops->read == NULL ||
                                out->ops->write == NULL || out->ops->close == NULL)) {
                        *out = (ocore_store){NULL, NULL};
                        status = OCORE_STORE;
                }
                if (status != OCORE_OK) {
                        (void)wrong(self, "%s() returned %d (%s), or a store without all verbs",
                                OCORE_STORE_PLUGIN, status, ocore_status_name(status));
                }
        } else {
                status = shell_store_open(
                        name[0] == '\0' ? self->name : name, self->flags, out, &words);
                if (status != OCORE_OK) {
                        (void)wrong(self, "%s. %s", words.what, words.hint);
                }
        }
        if (status == OCORE_OK) {
                self->durability = out->ops->struct_size > offsetof(ocore_store_ops, durability)
                                           ? out->ops->durability
                                           : OCORE_DURABLE_MEMORY;
        }
        return status;
}

int subject_next(subject *self)
{
        ocore_store store;
        int status = OCORE_OK;

        self->file_number++;
        self->file[0] = '\0';
        if (self->place == SUBJECT_ON_SERVER) {
                status = subject_open(self, &store);
                if (status != OCORE_OK) {
                        return status;
                }
                status = ocore_store_suite_empty(store);
                if (status != OCORE_OK) {
                        (void)wrong(self, "emptying it returned %d (%s): %s", status,
                                ocore_status_name(status), subject_message(store));
                }
                store.ops->close(store.self);
        }
        return status;
}
