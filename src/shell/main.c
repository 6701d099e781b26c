/*
 * The `ordercore` command: reads the options, finds the verb and runs it. Everything it can do
 * with orders goes through the table of commands, so that nothing here knows one by name.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell.h"

const shell_verb shell_verbs[] = {
        {"help", "[COMMAND]", "what there is, or one command with its fields", shell_help},
        {"call", "NAME [JSON]", "runs one command and prints its answer as JSON", shell_call},
        {"batch", "", "runs {\"call\": ..., \"args\": ...} lines from standard input", shell_batch},
        {"verify", "", "proves the books: every unit and every cent", shell_verify},
        {"report", "[NAME|all] [FROM [UNTIL]]", "prints what the books say as plain tables",
                shell_report},
        {"import", "retail FILE...",
                "replays real orders; --report before FILE prints the books too", shell_import},
        {"pump", "[--tell]", "does what is due: lapses holds, prints effects", shell_pump},
        {"copy", "FROM TO", "copies a whole store into another and compares both", shell_copy},
        {"version", "", "prints the version", shell_version},
        {NULL, NULL, NULL, NULL},
};

static void complain(const char *subject, const char *what, const char *hint)
{
        if (subject != NULL)
                fprintf(stderr, "ordercore: %s: %s\n%s\n", subject, what, hint);
        else
                fprintf(stderr, "ordercore: %s\n%s\n", what, hint);
}

int shell_misused(const char *subject, const char *what, const char *hint)
{
        complain(subject, what, hint);
        fputs("\"ordercore help\" tells more.\n", stderr);
        return SHELL_USAGE;
}

int shell_failed(const char *subject, const char *what, const char *hint)
{
        complain(subject, what, hint);
        return SHELL_REFUSED;
}

int shell_flush(void)
{
        static int told; /* once is enough, however often it is noticed */
        if (fflush(stdout) == 0 && !ferror(stdout))
                return SHELL_DONE;
        if (!told) {
                fprintf(stderr, "ordercore: standard output: %s\n", strerror(errno));
                fprintf(stderr, "What is not printed may be done all the same: repeat it with the "
                                "same ids.\n");
        }
        told = 1;
        return SHELL_REFUSED;
}

/* A number of nothing but digits, 0 to 2^53. */
static int tenant_read(const char *text, int64_t *out)
{
        const int64_t tenant_max = INT64_C(1) << 53;
        char *end = NULL;
        *out = 0;
        if (text[0] == 0 || text[strspn(text, "0123456789")] != 0)
                return 0;
        errno = 0;
        const long long number = strtoll(text, &end, 10);
        if (errno != 0 || number > tenant_max)
                return 0;
        *out = number;
        return 1;
}

static int option_set(shell *self, const char *name, const char *value)
{
        if (strcmp(name, "store") == 0) {
                self->store = value;
        } else if (strcmp(name, "actor") == 0) {
                self->actor = value;
        } else if (strcmp(name, "tenant") == 0) {
                if (!tenant_read(value, &self->tenant))
                        return shell_misused(value, "--tenant is not understood",
                                "Give a number, 0 to 9007199254740992.");
        } else if (strcmp(name, "clock") == 0) {
                self->clock_fixed = 1;
                if (ocore_time_parse(ocore_str_of(value), &self->clock_us) != OCORE_OK ||
                        self->clock_us < 0)
                        return shell_misused(value, "--clock is not understood",
                                "Give a time of RFC 3339 since 1970, such as "
                                "2026-01-31T09:30:00Z.");
        }
        return SHELL_DONE;
}

/* Reads "--name value" or "--name=value" at *at and steps over it. */
static int option_read(shell *self, int count, char **arguments, int *at)
{
        static const char *const names[] = {"store", "tenant", "actor", "clock"};
        const char *option = arguments[*at];
        option += strspn(option, "-");
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                const size_t length = strlen(names[i]);
                if (strncmp(option, names[i], length) != 0)
                        continue;
                if (option[length] == '=') {
                        (*at)++;
                        return option_set(self, names[i], option + length + 1);
                }
                if (option[length] != 0)
                        continue;
                if (*at + 1 >= count)
                        break;
                *at += 2;
                return option_set(self, names[i], arguments[*at - 1]);
        }
        return shell_misused(arguments[*at], "there is no such option, or its value is missing",
                "The options before the command are --store, --tenant, --actor and --clock.");
}

static int verb_run(shell *self, int count, char **arguments)
{
        const char *name = arguments[0];
        if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
                name = "help";
        if (strcmp(name, "--version") == 0)
                name = "version";
        for (const shell_verb *verb = shell_verbs; verb->name != NULL; verb++)
                if (strcmp(verb->name, name) == 0)
                        return verb->run(self, count - 1, arguments + 1);
        if (strchr(name, '.') != NULL)
                return shell_misused(name, "there is no such command",
                        "What has a point in its name is called: ordercore ... call NAME JSON");
        return shell_misused(name, "there is no such command",
                "They are help, call, batch, verify, report, import, pump, copy and version.");
}

/* Something that is meant as an option; the two that are verbs in disguise are not. */
static int is_option(const char *argument)
{
        return argument[0] == '-' && strcmp(argument, "-h") != 0 &&
               strcmp(argument, "--help") != 0 && strcmp(argument, "--version") != 0;
}

int main(int count, char **arguments)
{
        shell self = {.actor = "shell"};
        int at = 1;
        int end = SHELL_DONE;
        /* A reader that has gone away is an error of writing, told like any other. */
        struct sigaction ignore = {.sa_handler = SIG_IGN};
        sigaction(SIGPIPE, &ignore, NULL);
        setvbuf(stdout, NULL, _IOFBF, (size_t)64 * 1024);
        while (end == SHELL_DONE && at < count && is_option(arguments[at]))
                end = option_read(&self, count, arguments, &at);
        if (end == SHELL_DONE && at >= count)
                end = shell_misused(
                        NULL, "a command is missing", "Write: ordercore [OPTION...] COMMAND ...");
        else if (end == SHELL_DONE)
                end = verb_run(&self, count - at, arguments + at);
        shell_close(&self);
        const int flushed = shell_flush();
        return end == SHELL_DONE ? flushed : end;
}
