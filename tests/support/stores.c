/* The store that a run of the tests is on; see stores.h. */
#include "stores.h"

#include "support.h"

#include "engine/engine.h"

#include "servers.h"

#ifdef ORDERCORE_HAVE_MARIADB
#include <ordercore/mariadb.h>
#endif
#ifdef ORDERCORE_HAVE_POSTGRES
#include <ordercore/postgres.h>
#endif
#ifdef ORDERCORE_HAVE_SQLITE
#include <ordercore/sqlite.h>
#endif

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { KINDS = TEST_MARIADB + 1, SLOTS = 64 };
/* Of a schema or database: none; with tables that somebody made; with this library's tables, so
 * that deleting the rows is enough to use it again, which is sooner done than making tables. */
enum { NOTHING, STRANGE, CLEAN };

static const char *const kind_names[KINDS] = {"memory", "sqlite", "journal", "postgres", "mariadb"};

/* What this process has at hand. Children of fork() use it and take nothing down. */
static struct {
        pid_t owner;
        char folder[64];          /* of files; "": not made yet */
        char taken[KINDS][SLOTS]; /* 1: a place that is in use */
        char made[KINDS][SLOTS];  /* if there is a schema or database of this number */
} here;

static const char *environment(const char *name)
{
        const char *value = getenv(name);

        return value ? value : "";
}

const char *test_kind_name(int kind)
{
        return kind_names[kind];
}

static int asked_kind(const char **words)
{
        const char *asked = environment("ORDERCORE_TEST_STORE");

        *words = "";
        if (!asked[0])
                return TEST_MEMORY;
        for (int kind = 0; kind < KINDS; kind++) {
                size_t length = strlen(kind_names[kind]);

                if (strncmp(asked, kind_names[kind], length) == 0 && asked[length] == ':') {
                        *words = asked + length + 1;
                        return kind;
                }
        }
        (void)printf(
                "Bail out! ORDERCORE_TEST_STORE is %s, and no kind of store is called so\n", asked);
        exit(1);
}

/* The conninfo of a server; "": it is not named. */
static const char *server_words(int kind)
{
        const char *words;

        if (asked_kind(&words) == kind && words[0])
                return words;
        return environment(
                kind == TEST_POSTGRES ? "ORDERCORE_TEST_POSTGRES" : "ORDERCORE_TEST_MARIADB");
}

/* What is missing for a kind of store, NULL: nothing. */
static const char *missing(int kind)
{
#ifndef ORDERCORE_HAVE_SQLITE
        if (kind == TEST_SQLITE)
                return "the SQLite store is not built: libsqlite3-dev is missing";
#endif
#ifndef ORDERCORE_HAVE_POSTGRES
        if (kind == TEST_POSTGRES)
                return "the PostgreSQL store is not built: libpq-dev is missing";
#endif
#ifndef ORDERCORE_HAVE_MARIADB
        if (kind == TEST_MARIADB)
                return "the MariaDB store is not built: libmariadb-dev is missing";
#endif
        if (kind == TEST_POSTGRES && !server_words(kind)[0])
                return "ORDERCORE_TEST_POSTGRES names no server: see tests/servers (package "
                       "postgresql)";
        if (kind == TEST_MARIADB && !server_words(kind)[0])
                return "ORDERCORE_TEST_MARIADB names no server: see tests/servers (package "
                       "mariadb-server)";
        return NULL;
}

int test_kind_usable(int kind)
{
        return missing(kind) == NULL;
}

int test_skip_all(const char *why)
{
        (void)printf("1..0 # SKIP %s\n", why);
        return 0;
}

/* A run on a store that cannot be had is skipped before it begins: cmocka writes what is skipped
 * later in a way that counts as failed. */
__attribute__((constructor)) static void skip_without_store(void)
{
        const char *words, *what;

        what = missing(asked_kind(&words));
        if (!what)
                return;
        (void)test_skip_all(what);
        exit(0);
}

int test_store_kind(void)
{
        const char *words;

        return asked_kind(&words);
}

static void remove_files(const char *path)
{
        static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
        const char *base = strrchr(path, '/');
        char name[200];

        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
                (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
                (void)unlink(name);
        }
        base = base ? base + 1 : path;
        (void)snprintf(name, sizeof name, "%.*s.%s.ocore-compact", (int)(base - path), path, base);
        (void)unlink(name);
}

static void take_down(void)
{
        if (here.owner != getpid())
                return;
        for (int kind = TEST_POSTGRES; kind <= TEST_MARIADB; kind++)
                for (int slot = 0; slot < SLOTS; slot++)
                        if (here.made[kind][slot] != NOTHING) {
                                char name[64];

                                (void)snprintf(
                                        name, sizeof name, "octest_%ld_%d", (long)here.owner, slot);
                                (void)test_server_drop(
                                        kind == TEST_POSTGRES, server_words(kind), name);
                        }
        if (here.folder[0]) {
                DIR *folder = opendir(here.folder);

                for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
                        char name[400];

                        (void)snprintf(name, sizeof name, "%s/%s", here.folder, entry->d_name);
                        (void)unlink(name);
                }
                if (folder)
                        (void)closedir(folder);
                (void)rmdir(here.folder);
        }
}

static void set_up(void)
{
        if (here.owner)
                return;
        here.owner = getpid();
        assert_int_equal(atexit(take_down), 0);
}

static const char *folder(void)
{
        if (!here.folder[0]) {
                char name[] = "/tmp/ordercore-test-XXXXXX";

                assert_non_null(mkdtemp(name));
                (void)snprintf(here.folder, sizeof here.folder, "%s", name);
        }
        return here.folder;
}

void test_place_take(int kind, test_place *out)
{
        int slot = 0;

        if (missing(kind))
                fail_msg("%s", missing(kind));
        set_up();
        while (slot < SLOTS && here.taken[kind][slot])
                slot++;
        assert_true(slot < SLOTS);
        *out = (test_place){.kind = kind, .slot = slot};
        if (kind == TEST_SQLITE || kind == TEST_JOURNAL) {
                (void)snprintf(out->path, sizeof out->path, "%s/%s-%d", folder(),
                        test_kind_name(kind), slot);
                remove_files(out->path);
        } else if (kind != TEST_MEMORY) {
                const char *words = server_words(kind);

                (void)snprintf(
                        out->name, sizeof out->name, "octest_%ld_%d", (long)here.owner, slot);
                if (here.made[kind][slot] != CLEAN ||
                        !test_server_empty(kind == TEST_POSTGRES, words, out->name)) {
                        assert_int_equal(
                                test_server_drop(kind == TEST_POSTGRES, words, out->name), 0);
                        assert_int_equal(
                                test_server_make(kind == TEST_POSTGRES, words, out->name), 0);
                }
                here.made[kind][slot] = STRANGE;
        }
        here.taken[kind][slot] = 1;
}

void test_place_give(const test_place *place)
{
        if (place->path[0])
                remove_files(place->path);
        here.taken[place->kind][place->slot] = 0;
}

void test_place_words(const test_place *place, char *out, size_t size)
{
        if (place->kind == TEST_MEMORY || place->path[0])
                (void)snprintf(out, size, "%s", place->path);
        else
                test_server_words(place->kind == TEST_POSTGRES, server_words(place->kind),
                        place->name, out, size);
}

int test_place_run(const test_place *place, const char *sql)
{
        return test_server_run(
                place->kind == TEST_POSTGRES, server_words(place->kind), place->name, sql);
}

static int open_at(const test_place *place, const ocore_allocator *allocator, ocore_store *out)
{
        char words[800];

        test_place_words(place, words, sizeof words);
        switch (place->kind) {
        case TEST_MEMORY: return ocore_memory_store(allocator, out);
#ifdef ORDERCORE_HAVE_SQLITE
        case TEST_SQLITE: {
                const ocore_sqlite_config config = {.struct_size = sizeof config,
                        .path = words,
                        .busy_timeout_ms = 60000,
                        .relaxed = 1};

                return ocore_sqlite_store(&config, out);
        }
#endif
        case TEST_JOURNAL: {
                ocore_journal_config config = {
                        .struct_size = sizeof config, .path = words, .sync_off = 1};

                if (allocator)
                        config.allocator = *allocator;
                return ocore_journal_store(&config, out);
        }
#ifdef ORDERCORE_HAVE_POSTGRES
        case TEST_POSTGRES: {
                const ocore_postgres_config config = {
                        .struct_size = sizeof config, .conninfo = words};

                return ocore_postgres_store(&config, out);
        }
#endif
#ifdef ORDERCORE_HAVE_MARIADB
        case TEST_MARIADB: {
                const ocore_mariadb_config config = {
                        .struct_size = sizeof config, .conninfo = words};

                return ocore_mariadb_store(&config, out);
        }
#endif
        default: return OCORE_STATE;
        }
}

void test_place_open(const test_place *place, const ocore_allocator *allocator, ocore_store *out)
{
        int status = open_at(place, allocator, out);

        if (status)
                fail_msg("the %s store cannot be opened: %s", test_kind_name(place->kind),
                        ocore_status_name(status));
}

/* A store that gives its place back when it is closed, and else is the one behind it. */
typedef struct placed {
        ocore_store inner;
        test_place place;
        int strange; /* opened with another schema than this library's */
} placed;

static int placed_open(void *self, const ocore_schema *schema)
{
        placed *store = self;

        store->strange |= schema != &ocore__schema;
        return store->inner.ops->open(store->inner.self, schema);
}

static int placed_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        const placed *store = self;

        return store->inner.ops->read(store->inner.self, reads, count, emit, sink);
}

static int placed_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        const placed *store = self;

        return store->inner.ops->write(store->inner.self, writes, count, refusal);
}

static void placed_close(void *self)
{
        placed *store = self;

        ocore_store_close(store->inner);
        test_place_give(&store->place);
        if (!store->strange)
                here.made[store->place.kind][store->place.slot] = CLEAN;
        free(store);
}

static const char *placed_message(void *self, int64_t *code)
{
        const placed *store = self;

        return store->inner.ops->message ? store->inner.ops->message(store->inner.self, code) : "";
}

static const ocore_store_ops placed_ops = {.struct_size = sizeof placed_ops,
        .name = "placed",
        .open = placed_open,
        .read = placed_read,
        .write = placed_write,
        .close = placed_close,
        .message = placed_message};

void test_store_open_kind(int kind, const ocore_allocator *allocator, ocore_store *out)
{
        test_place place;
        placed *store;

        if (kind == TEST_MEMORY) {
                assert_int_equal(ocore_memory_store(allocator, out), OCORE_OK);
                return;
        }
        test_place_take(kind, &place);
        store = malloc(sizeof *store);
        assert_non_null(store);
        store->place = place;
        store->strange = 0;
        test_place_open(&place, allocator, &store->inner);
        *out = (ocore_store){&placed_ops, store};
}

void test_store_open(const ocore_allocator *allocator, ocore_store *out)
{
        test_store_open_kind(test_store_kind(), allocator, out);
}
