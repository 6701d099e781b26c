/*
 * Many commands in one run: a line in, a line out, in order, whatever the lines say. Answers are
 * written together while more input is at hand and pushed out before waiting for more, so that it
 * is fast for a file and prompt for a program that asks and listens in turn.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ordercore/json.h>

#include "shell.h"

/* As long as ocore_json_line() takes; of a longer line one byte more is shown to it, so that the
 * refusal is its own, and the rest is passed over. */
#define LINE_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define ROOM_MIN ((size_t)256 * 1024)

typedef struct lines {
        char *data;
        size_t room;
        size_t begin;   /* of the line at hand */
        size_t scanned; /* bytes behind begin that hold no line break */
        size_t end;     /* of what has been read */
        int at_end;
        int passing; /* over the rest of a line that was too long */
} lines;

/* Reads more; before it may have to wait, the answers so far go out. Returns 0 when it cannot. */
static int lines_fill(lines *self)
{
        if (self->begin > 0) {
                memmove(self->data, self->data + self->begin, self->end - self->begin);
                self->end -= self->begin;
                self->begin = 0;
        }
        if (self->end == self->room) {
                const size_t room = self->room == 0 ? ROOM_MIN : self->room * 2;
                char *data = realloc(self->data, room);
                if (data == NULL) {
                        shell_failed("batch", "there was no memory for a line",
                                "Make its request smaller.");
                        return 0;
                }
                self->data = data;
                self->room = room;
        }
        if (shell_flush() != SHELL_DONE)
                return 0;
        ssize_t got = 0;
        do
                got = read(STDIN_FILENO, self->data + self->end, self->room - self->end);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
                shell_failed(
                        "standard input", strerror(errno), "Lines up to here have been answered.");
                return 0;
        }
        self->at_end = got == 0;
        self->end += (size_t)got;
        return 1;
}

/* The next line, without its break, lent until the next call. 1; 0 at the end; -1 on failure. */
static int lines_next(lines *self, ocore_str *line)
{
        *line = (ocore_str){NULL, 0};
        for (;;) {
                char *start = self->data != NULL ? self->data + self->begin : NULL;
                const size_t size = self->end - self->begin;
                char *found = NULL;
                if (size > self->scanned)
                        found = memchr(start + self->scanned, '\n', size - self->scanned);
                self->scanned = size;
                if (found != NULL || (self->at_end && size > 0) || size > LINE_MAX_BYTES) {
                        const size_t length = found != NULL ? (size_t)(found - start) : size;
                        const int passed = self->passing;
                        *line = (ocore_str){start, length};
                        if (length > LINE_MAX_BYTES)
                                line->size = LINE_MAX_BYTES + 1;
                        self->begin += found != NULL ? length + 1 : length;
                        self->scanned = 0;
                        self->passing = found == NULL && !self->at_end;
                        if (!passed)
                                return 1;
                } else if (self->at_end) {
                        return 0;
                } else if (!lines_fill(self)) {
                        return -1;
                }
        }
}

/* On a terminal, how far it is, twice a second; elsewhere nothing. */
static void progress_show(int64_t done, int64_t refused, int64_t *shown_ms, int last)
{
        struct timespec now;
        if ((!last && done % 64 != 0) || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
                return;
        const int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
        if (!last && now_ms - *shown_ms < 500)
                return;
        *shown_ms = now_ms;
        fprintf(stderr, "\r%" PRId64 " lines, %" PRId64 " refused%s", done, refused,
                last ? "\n" : "");
}

int shell_batch(shell *self, int count, char **arguments)
{
        static const char no_memory[] =
                "{\"ok\": false, \"status\": \"NOMEM\", \"field\": \"\", \"message\": "
                "\"no memory for the answer; repeat the line with the same id\"}";
        (void)arguments;
        if (count != 0)
                return shell_misused("batch", "it takes nothing more",
                        "Write: ordercore --store ... batch < FILE");
        const int end = shell_open(self);
        if (end != SHELL_DONE)
                return end;
        const int watched = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
        lines input = {.data = NULL};
        ocore_str line = {NULL, 0};
        int64_t done = 0;
        int64_t refused = 0;
        int64_t shown_ms = 0;
        int more = 1;
        while ((more = lines_next(&input, &line)) == 1) {
                char *answer = NULL;
                refused += ocore_json_line(self->core, line, &answer) < 0;
                const int put = puts(answer != NULL ? answer : no_memory);
                ocore_json_free(answer);
                done++;
                if (put == EOF && shell_flush() != SHELL_DONE) {
                        more = -1;
                        break;
                }
                if (watched)
                        progress_show(done, refused, &shown_ms, 0);
        }
        free(input.data);
        if (watched)
                progress_show(done, refused, &shown_ms, 1);
        return more < 0 || refused > 0 ? SHELL_REFUSED : SHELL_DONE;
}
