/*
 * What the files of the `ordercore` command share. The shell is to libordercore what the sqlite3
 * shell is to SQLite: a person, a script or a test reaches every command with it.
 */
#ifndef ORDERCORE_SHELL_H
#define ORDERCORE_SHELL_H

#include <ordercore.h>
#include <ordercore/json.h>

/* What the command ends with. */
enum { SHELL_DONE = 0, SHELL_REFUSED = 1, SHELL_USAGE = 2 };

/* The options, and from shell_open() on the core they ask for. */
typedef struct shell {
        const char *store; /* its name, see stores.h; NULL: not said */
        const char *actor;
        int64_t tenant;
        int clock_fixed; /* 1: clock_us is the time, and grows by one with each reading */
        int64_t clock_us;
        int tell;           /* 1: effects are printed by the pump */
        int effects_off;    /* 1: the world is told nothing of what is done */
        ocore_store opened; /* {0}: not open */
        ocore_core *core;   /* NULL: not open */
} shell;

/* One verb of the command line. `run` gets what stands behind the verb; it checks that, opens
 * what it needs, and returns what the command ends with. */
typedef struct shell_verb {
        const char *name;
        const char *arguments;
        const char *note;
        int (*run)(shell *self, int count, char **arguments);
} shell_verb;

extern const shell_verb shell_verbs[]; /* ends with name NULL */

int shell_call(shell *self, int count, char **arguments);
int shell_batch(shell *self, int count, char **arguments);
int shell_verify(shell *self, int count, char **arguments);
int shell_report(shell *self, int count, char **arguments);
int shell_import(shell *self, int count, char **arguments);
int shell_pump(shell *self, int count, char **arguments);
int shell_copy(shell *self, int count, char **arguments);
int shell_help(shell *self, int count, char **arguments);
int shell_version(shell *self, int count, char **arguments);

/* Opens store and core as the options say. SHELL_DONE, or what to end with after a message. */
int shell_open(shell *self);
void shell_close(shell *self);

/* Opens a store alone, by its name. SHELL_DONE, or what to end with after a message. */
int shell_store(const char *name, ocore_store *out);
/* What a store says is wrong, else the name of the status; lives until the store is called. */
const char *shell_store_message(const ocore_store *store, int status);

/* Says on standard error what is wrong with `subject` (may be NULL); `hint` is a sentence that says
 * what to do about it. Return SHELL_USAGE and
 * SHELL_REFUSED. */
int shell_misused(const char *subject, const char *what, const char *hint);
int shell_failed(const char *subject, const char *what, const char *hint);
/* Says the core's last error after `status`. Returns SHELL_REFUSED. */
int shell_core_failed(const shell *self, const char *what, int status);

/* Writes out what is buffered. SHELL_DONE, or SHELL_REFUSED after a message when it cannot. */
int shell_flush(void);

/* The name of a choice's value, NULL when the list does not have it. */
const char *shell_choice_name(const ocore_choice *choices, int64_t value);
/* The field of this name, NULL when the record has none. */
const ocore_field *shell_field_find(const ocore_record *record, const char *name);

/* The effect sink of the pump: one JSON line for each on standard output (ocore_tell_fn). */
int shell_tell(void *user_data, const ocore_effect *effect);

/*
 * Replays the retail files into the open core (import_retail.c), with the clock set to when things
 * happened. Says its own messages and returns what the command ends with.
 */
int shell_import_retail(shell *self, int file_count, char **files);

#endif
