/*
 * What a host brings to the library, for the shell: the store, the clock and randomness.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "shell.h"
#include "stores.h"

/* The clock of the machine, or a fixed one: then a run is the same each time. */
static int64_t clock_read(void *user_data)
{
        shell *self = user_data;
        struct timespec now;
        if (self->clock_fixed)
                return self->clock_us++;
        if (clock_gettime(CLOCK_REALTIME, &now) != 0)
                return -1;
        return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int random_fill(void *user_data, void *bytes, size_t size)
{
        char *into = bytes;
        (void)user_data;
        while (size > 0) {
                const ssize_t got = getrandom(into, size, 0);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return -1;
                into += got;
                size -= (size_t)got;
        }
        return 0;
}

int shell_store(const char *name, ocore_store *out)
{
        shell_store_words words = {NULL, NULL};
        const int status = shell_store_open(name, 0, out, &words);
        if (status == OCORE_OK)
                return SHELL_DONE;
        if (status == OCORE_INVALID)
                return shell_misused(name, words.what, words.hint);
        return shell_failed(name, words.what, words.hint);
}

static int store_open(shell *self)
{
        if (self->store == NULL)
                return shell_misused(NULL, "--store is missing",
                        "Say where the data is: --store " SHELL_STORE_NAMES ".");
        return shell_store(self->store, &self->opened);
}

/* What the store itself says is wrong, else the name of the status. */
const char *shell_store_message(const ocore_store *store, int status)
{
        const ocore_store_ops *ops = store->ops;
        const char *words = NULL;
        int64_t code = 0;
        if (ops != NULL && ops->struct_size > offsetof(ocore_store_ops, message) &&
                ops->message != NULL)
                words = ops->message(store->self, &code);
        return words != NULL && words[0] != 0 ? words : ocore_status_name(status);
}

/* There is no core yet that could say what is wrong: the store may. */
static int open_failed(const shell *self, int status)
{
        if (status == OCORE_INVALID)
                return shell_misused(self->actor, "--actor is not understood",
                        "Give a name of at most 64 bytes.");
        if (status == OCORE_VERSION_MISMATCH)
                return shell_failed(self->store, shell_store_message(&self->opened, status),
                        "Use the ordercore that wrote the data, or a newer one.");
        return shell_failed(self->store, shell_store_message(&self->opened, status),
                "Nothing was changed; mend the store and try again.");
}

int shell_open(shell *self)
{
        if (self->core != NULL) /* one verb may call another: they share what is open */
                return SHELL_DONE;
        const int end = store_open(self);
        if (end != SHELL_DONE)
                return end;
        const ocore_config config = {
                .struct_size = sizeof config,
                .store = self->opened,
                .clock = clock_read,
                .clock_data = self,
                .random = random_fill,
                .tell = self->tell ? shell_tell : NULL,
                .actor = ocore_str_of(self->actor),
                .tenant = self->tenant,
                .effects_off = self->effects_off,
        };
        const int status = ocore_open(&config, &self->core);
        return status == OCORE_OK ? SHELL_DONE : open_failed(self, status);
}

void shell_close(shell *self)
{
        ocore_close(self->core);
        ocore_store_close(self->opened);
        self->core = NULL;
        self->opened = (ocore_store){NULL, NULL};
}

int shell_core_failed(const shell *self, const char *what, int status)
{
        const ocore_error *error = ocore_last_error(self->core);
        fprintf(stderr, "ordercore: %s: %s", what, ocore_status_name(status));
        if (error != NULL && error->field.size > 0)
                fprintf(stderr, ": %.*s", (int)error->field.size, error->field.data);
        if (error != NULL && error->message.size > 0)
                fprintf(stderr, ": %.*s", (int)error->message.size, error->message.data);
        fputc('\n', stderr);
        return SHELL_REFUSED;
}
