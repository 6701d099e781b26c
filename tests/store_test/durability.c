/*
 * A process writes batches and says which were acknowledged; it is killed, or loses its power; then
 * the store is opened again and looked at. What is left is where the next round goes on, so that a
 * store lives through many ends, some of them while it mends what the one before left.
 */
#define _GNU_SOURCE

#include "durability.h"

#ifdef ORDERCORE_POWERCUT
#include "powercut.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
        PATIENCE_MS = 60000, /* a writer that says nothing for so long is stuck */
        POWER_BATCHES = 30,  /* written in a round */
        KILL_BATCHES = 100,  /* at most, before the kill comes */
        FRESH_ROUNDS = 20,   /* so often a store begins anew */
        WRITER_FAILED = 1
};

/* What the writer says: a batch, or how many calls it made. */
typedef struct said {
        int64_t batch;
        int64_t calls;
} said;

/* One round. */
typedef struct round {
        int64_t first;
        int64_t at; /* call at which the power goes; 0: killed instead */
        int64_t acknowledged;
        int64_t calls;
        uint64_t seed;
        int ended; /* by the power */
        int mode;
} round;

static uint64_t pick(uint64_t *state, uint64_t of)
{
        uint64_t z = *state += 0x9e3779b97f4a7c15u;

        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        return z % of;
}

static int wrong(durability *self, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        (void)vsnprintf(self->detail, sizeof self->detail, format, arguments);
        va_end(arguments);
        return 0;
}

static int tell(void *user_data, int64_t batch)
{
        const said words = {batch, 0};

        return write(*(int *)user_data, &words, sizeof words) == (ssize_t)sizeof words
                       ? OCORE_OK
                       : OCORE_STATE;
}

/* What went wrong goes to the pipe's other end as the process's last words. */
static void writer_failed(const char *what, int status, const char *message)
{
        (void)fprintf(
                stderr, "# the writer: %s: %s %s\n", what, ocore_status_name(status), message);
        (void)fflush(stderr);
        _exit(WRITER_FAILED);
}

static void writer_run(durability *self, const round *now, int out)
{
        ocore_store store;
        int64_t last = now->first + (now->at == 0 ? KILL_BATCHES : POWER_BATCHES) - 1;
        int status;

#ifdef ORDERCORE_POWERCUT
        if (now->at != 0 && powercut_arm(self->store->folder, now->at, now->mode, now->seed) != 0) {
                writer_failed("the folder of the store", OCORE_STORE, strerror(errno));
        }
#endif
        status = subject_open(self->store, &store);
        if (status != OCORE_OK) {
                writer_failed("opening the store", status, self->store->words);
        }
        status = ocore_store_suite_work(store, self->seed, now->first, last, tell, &out);
        if (status != OCORE_OK) {
                writer_failed("writing", status, subject_message(store));
        }
        while (now->at == 0) {
                (void)pause(); /* the kill comes */
        }
        store.ops->close(store.self);
#ifdef ORDERCORE_POWERCUT
        {
                const said words = {0, powercut_calls()};

                (void)!write(out, &words, sizeof words);
        }
        powercut_now();
#endif
        _exit(WRITER_FAILED);
}

/* 1 for a message, 0 at the end, -1 when there is none for long. */
static int listen_once(int in, said *words)
{
        struct pollfd waiting = {.fd = in, .events = POLLIN};
        ssize_t got;
        int ready;

        do {
                ready = poll(&waiting, 1, PATIENCE_MS);
        } while (ready < 0 && errno == EINTR);
        if (ready <= 0) {
                return -1;
        }
        do {
                got = read(in, words, sizeof *words);
        } while (got < 0 && errno == EINTR);
        return got == (ssize_t)sizeof *words;
}

/* Hears the writer to its end; kills it a moment after `most` batches unless that is 0. */
static int listen_all(durability *self, round *now, int in, pid_t writer, uint64_t *random)
{
        int64_t most = now->at == 0 ? now->first + (int64_t)pick(random, 20) : 0;
        int killed = 0;
        said words;
        int heard;

        while ((heard = listen_once(in, &words)) == 1) {
                now->acknowledged = words.batch != 0 ? words.batch : now->acknowledged;
                now->calls = words.calls != 0 ? words.calls : now->calls;
                if (most != 0 && now->acknowledged >= most && !killed) {
                        const struct timespec moment = {0, (long)pick(random, 2000000)};

                        (void)nanosleep(&moment, NULL);
                        (void)kill(writer, SIGKILL);
                        killed = 1;
                }
        }
        if (heard < 0) {
                (void)kill(writer, SIGKILL);
                return wrong(self, "the writer did nothing for a minute");
        }
        return 1;
}

static int writer_end(durability *self, round *now, pid_t writer)
{
        int how = 0;

        while (waitpid(writer, &how, 0) < 0 && errno == EINTR) {
        }
        if (WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL) {
                now->ended = 1;
                return 1;
        }
#ifdef ORDERCORE_POWERCUT
        if (WIFEXITED(how) && WEXITSTATUS(how) == POWERCUT_EXIT) {
                now->ended = now->calls == 0;
                return 1;
        }
#endif
        if (WIFSIGNALED(how)) {
                return wrong(self, "the writer died of signal %d after batch %lld", WTERMSIG(how),
                        (long long)now->acknowledged);
        }
        return wrong(self, "the writer failed after batch %lld (its words are above)",
                (long long)now->acknowledged);
}

static int round_run(durability *self, round *now, uint64_t *random)
{
        int ends[2];
        pid_t writer;
        int fine;

        now->acknowledged = now->first - 1;
        if (pipe(ends) != 0) {
                return wrong(self, "no pipe: %s", strerror(errno));
        }
        (void)fflush(stdout);
        (void)fflush(stderr);
        writer = fork();
        if (writer < 0) {
                (void)close(ends[0]);
                (void)close(ends[1]);
                return wrong(self, "no process: %s", strerror(errno));
        }
        if (writer == 0) {
                (void)close(ends[0]);
                writer_run(self, now, ends[1]);
        }
        (void)close(ends[1]);
        fine = listen_all(self, now, ends[0], writer, random);
        (void)close(ends[0]);
        return writer_end(self, now, writer) && fine;
}

/* Opens what is left. 1 when all is there; then `first` is where to go on. */
static int round_look(durability *self, int64_t number, round *now)
{
        static const char *const modes[] = {"is lost", "is kept", "is kept in part",
                "is kept at the front of files", "is kept at the back of files",
                "is kept in part, the rest is noise"};
        char detail[DURABILITY_DETAIL / 2] = "";
        ocore_store store;
        int64_t found = 0;
        int status = subject_open(self->store, &store);

        if (status == OCORE_OK) {
                status = ocore_store_suite_kept(
                        store, self->seed, now->acknowledged, &found, detail, sizeof detail);
                if (status != OCORE_OK && subject_message(store)[0] != '\0') {
                        size_t used = strlen(detail);

                        (void)snprintf(detail + used, sizeof detail - used, " (%.200s)",
                                subject_message(store));
                }
                store.ops->close(store.self);
        } else {
                (void)snprintf(
                        detail, sizeof detail, "opening it again: %.300s", self->store->words);
        }
        if (status != OCORE_OK) {
                return now->at == 0
                               ? wrong(self, "round %lld: %s", (long long)number, detail)
                               : wrong(self,
                                         "round %lld, power off at call %lld, what was not synced "
                                         "%s: %s",
                                         (long long)number, (long long)now->at, modes[now->mode],
                                         detail);
        }
        self->batches += now->acknowledged - now->first + 1;
        self->ended += now->ended;
        now->first = found + 1;
        return 1;
}

/* Every so often a round begins with nothing. */
static int begin(durability *self, int64_t number, round *now)
{
        now->calls = 0;
        now->ended = 0;
        if (number % FRESH_ROUNDS != 1) {
                return 1;
        }
        now->first = 1;
        return subject_next(self->store) == OCORE_OK || wrong(self, "%s", self->store->words);
}

int durability_kill(durability *self)
{
        uint64_t random = (uint64_t)self->seed;
        round now = {.first = 1};
        int64_t n;

        for (n = 1; n <= self->cuts; n++) {
                if (!begin(self, n, &now) || !round_run(self, &now, &random) ||
                        !round_look(self, n, &now)) {
                        return 0;
                }
        }
        return 1;
}

#ifdef ORDERCORE_POWERCUT
int durability_power_known(void)
{
        return 1;
}

/* The first round runs to its end and tells how many calls there are to cut at. Later ones are cut
 * anywhere, often among their first calls: there a store is made, or mends itself. */
int durability_power(durability *self)
{
        uint64_t random = (uint64_t)self->seed;
        round now = {.first = 1};
        int64_t calls = 1;
        int64_t n;

        for (n = 1; n <= self->cuts; n++) {
                uint64_t most = (uint64_t)calls;

                if (pick(&random, 4) == 0 && most > 16) {
                        most = 16;
                }
                now.at = n == 1 ? INT64_MAX : 1 + (int64_t)pick(&random, most);
                now.mode = n == 1 ? POWERCUT_KEEPS_ALL : (int)pick(&random, POWERCUT_MODES);
                now.seed = random;
                if (!begin(self, n, &now) || !round_run(self, &now, &random) ||
                        !round_look(self, n, &now)) {
                        return 0;
                }
                calls = now.calls > calls ? now.calls : calls;
        }
        return 1;
}
#else
int durability_power_known(void)
{
        return 0;
}

int durability_power(durability *self)
{
        return wrong(self, "not on this system");
}
#endif
