/*
 * The kinds of stores by their names. A kind that this build lacks is still known, so that its user
 * hears what is missing instead of "unknown".
 */
#include "stores.h"

#include <string.h>

#include <ordercore/journal.h>
#ifdef ORDERCORE_HAVE_MARIADB
#include <ordercore/mariadb.h>
#endif
#ifdef ORDERCORE_HAVE_POSTGRES
#include <ordercore/postgres.h>
#endif
#ifdef ORDERCORE_HAVE_SQLITE
#include <ordercore/sqlite.h>
#endif

typedef int (*open_fn)(const char *argument, unsigned flags, ocore_store *out);

static int memory_open(const char *argument, unsigned flags, ocore_store *out)
{
        (void)argument;
        (void)flags;
        return ocore_memory_store(NULL, out);
}

static int journal_open(const char *argument, unsigned flags, ocore_store *out)
{
        const ocore_journal_config config = {
                .struct_size = sizeof config,
                .path = argument,
                .sync_off = (flags & SHELL_STORE_RELAXED) != 0,
        };
        return ocore_journal_store(&config, out);
}

#ifdef ORDERCORE_HAVE_SQLITE
static int sqlite_open(const char *argument, unsigned flags, ocore_store *out)
{
        const ocore_sqlite_config config = {
                .struct_size = sizeof config,
                .path = argument,
                .relaxed = (flags & SHELL_STORE_RELAXED) != 0,
        };
        return ocore_sqlite_store(&config, out);
}
#else
#define sqlite_open NULL
#endif

#ifdef ORDERCORE_HAVE_POSTGRES
static int postgres_open(const char *argument, unsigned flags, ocore_store *out)
{
        const ocore_postgres_config config = {
                .struct_size = sizeof config,
                .conninfo = argument,
        };
        (void)flags;
        return ocore_postgres_store(&config, out);
}
#else
#define postgres_open NULL
#endif

#ifdef ORDERCORE_HAVE_MARIADB
static int mariadb_open(const char *argument, unsigned flags, ocore_store *out)
{
        const ocore_mariadb_config config = {
                .struct_size = sizeof config,
                .conninfo = argument,
        };
        (void)flags;
        return ocore_mariadb_store(&config, out);
}
#else
#define mariadb_open NULL
#endif

enum { IN_MEMORY, IN_FILE, ON_SERVER };

typedef struct store_kind {
        const char *name; /* with the colon */
        open_fn open;     /* NULL: not in this program */
        const char *missing;
        int place;
} store_kind;

static const store_kind kinds[] = {
        {"memory:", memory_open, NULL, IN_MEMORY},
        {"journal:", journal_open, NULL, IN_FILE},
        {"sqlite:", sqlite_open,
                "Build it again where libsqlite3 is (Debian: libsqlite3-dev) with "
                "-Dsqlite=enabled.",
                IN_FILE},
        {"postgres:", postgres_open,
                "Build it again where libpq is (Debian: libpq-dev) with -Dpostgres=enabled.",
                ON_SERVER},
        {"mariadb:", mariadb_open,
                "Build it again where libmariadb is (Debian: libmariadb-dev) with "
                "-Dmariadb=enabled.",
                ON_SERVER},
};

static const store_kind *kind_find(const char *name)
{
        for (size_t n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
                if (strncmp(name, kinds[n].name, strlen(kinds[n].name)) == 0)
                        return &kinds[n];
        }
        return NULL;
}

/* A server may be named by nothing: its own library knows defaults. "memory:" has nothing behind
 * the colon. */
static int argument_fits(const store_kind *kind, const char *argument)
{
        switch (kind->place) {
        case IN_MEMORY: return argument[0] == 0;
        case IN_FILE: return argument[0] != 0;
        default: return 1;
        }
}

static shell_store_words file_words(int status)
{
        switch (status) {
        case OCORE_CORRUPT:
                return (shell_store_words){"it is no store of ordercore, or it is damaged",
                        "Name another file; this one was left as it is."};
        default:
                return (shell_store_words){"the store cannot be opened",
                        "Look whether its folder is there and may be written to, and whether "
                        "another process has the file."};
        }
}

static shell_store_words server_words(int status)
{
        switch (status) {
        case OCORE_INVALID:
                return (shell_store_words){"the server's address is not understood",
                        "Write words such as \"host=db.example.org dbname=shop user=shop\"."};
        default:
                return (shell_store_words){"no server answers there, or it refuses you",
                        "Look whether it runs, and whether host, port, user, password and dbname "
                        "are right."};
        }
}

int shell_store_open(const char *name, unsigned flags, ocore_store *out, shell_store_words *words)
{
        const store_kind *kind = name == NULL ? NULL : kind_find(name);
        const char *argument = kind == NULL ? NULL : name + strlen(kind->name);
        *out = (ocore_store){NULL, NULL};
        *words = (shell_store_words){NULL, NULL};
        if (kind == NULL || !argument_fits(kind, argument)) {
                *words = (shell_store_words){
                        "the store is not understood", "Write " SHELL_STORE_NAMES "."};
                return OCORE_INVALID;
        }
        if (kind->open == NULL) {
                *words = (shell_store_words){
                        "this program was built without that kind of store", kind->missing};
                return OCORE_STATE;
        }
        const int status = kind->open(argument, flags, out);
        if (status == OCORE_NOMEM)
                *words = (shell_store_words){"there is no memory", "Close other programs."};
        else if (status != OCORE_OK)
                *words = kind->place == ON_SERVER ? server_words(status) : file_words(status);
        return status;
}

const char *shell_store_file(const char *name)
{
        const store_kind *kind = kind_find(name);
        return kind != NULL && kind->place == IN_FILE ? name + strlen(kind->name) : NULL;
}
