/*
 * A store under test, by name or as a plug-in: how to open it, and how to come by an empty one.
 */
#ifndef ORDERCORE_STORE_TEST_SUBJECT_H
#define ORDERCORE_STORE_TEST_SUBJECT_H

#include <ordercore/store_suite.h>

enum { SUBJECT_WORDS = 400, SUBJECT_PATH = 4096 };

/* Where its rows are. */
enum {
        SUBJECT_IN_MEMORY, /* gone when it is closed */
        SUBJECT_IN_FILE,   /* each check gets a new one in a folder of ours */
        SUBJECT_ON_SERVER  /* each check begins with deleting rows */
};

typedef struct subject {
        const char *name;     /* a store's name, or the plug-in's path */
        const char *argument; /* of a plug-in, else NULL */
        int place;
        unsigned flags; /* as for shell_store_open() */
        void *library;
        ocore_store_open_plugin_fn open_plugin;
        char folder[SUBJECT_PATH]; /* "" until there is one */
        char file[SUBJECT_PATH + 16];
        int file_number;
        int64_t durability;        /* of the store, once it was opened */
        char words[SUBJECT_WORDS]; /* what is wrong */
} subject;

/* Begins with a store. 0, or -1 with `words`. */
int subject_init(subject *self);
/* Removes what it made. */
void subject_finish(subject *self);

/* Opens what is there. `out` is `{0}` on failure, which `words` explains. */
int subject_open(subject *self, ocore_store *out);
/* From here on an empty one is what is there: nothing yet, or a server without rows. */
int subject_next(subject *self);
/* What a store says of its last call, or "". */
const char *subject_message(ocore_store store);

#endif
