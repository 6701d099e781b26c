/*
 * The SQLite store: opening, settings, closing. A connection opened by path is set up for
 * durability and against hostile files; a host's connection is used as it is.
 */
#include "sqlite_store.h"

#include <stdarg.h>
#include <string.h>

/* Pages in the log before a commit also writes the log back: rare enough that the 99th percentile
 * of a commit does not see it. */
#define CHECKPOINT_PAGES "20000"
#define CACHE_KIB "65536"
#define BUSY_TIMEOUT_MS 10000

int ocore__sqlite_fail(ocore__sqlite *store, int status, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        sqlite3_vsnprintf((int)sizeof store->message, store->message, format, arguments);
        va_end(arguments);
        return status;
}

int ocore__sqlite_failed(ocore__sqlite *store, const char *doing)
{
        int code = sqlite3_extended_errcode(store->db);

        store->code = code;
        ocore__sqlite_fail(store, 0, "%s: %s", doing, sqlite3_errmsg(store->db));
        /* After a failed sync the kernel may have dropped the pages: a second sync would lie. */
        if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
                store->poisoned = 1;
        }
        switch (code & 0xff) {
        case SQLITE_NOMEM: return OCORE_NOMEM;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return OCORE_CORRUPT;
        default: return OCORE_STORE;
        }
}

int ocore__sqlite_run(ocore__sqlite *store, sqlite3_stmt *statement)
{
        int code;

        do {
                code = sqlite3_step(statement);
        } while (code == SQLITE_ROW);
        if (code == SQLITE_DONE) {
                code = SQLITE_OK;
        } else {
                code = sqlite3_extended_errcode(store->db);
        }
        /* The reset repeats the statement's own error; it is known already. */
        (void)sqlite3_reset(statement);
        return code;
}

static int control_prepare(ocore__sqlite *store)
{
        static const char *const texts[OCORE__SQLITE_CONTROLS] = {
                [OCORE__SQLITE_BEGIN_READ] = "BEGIN",
                [OCORE__SQLITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
                [OCORE__SQLITE_COMMIT] = "COMMIT",
                [OCORE__SQLITE_ROLLBACK] = "ROLLBACK",
                [OCORE__SQLITE_SAVE] = "SAVEPOINT \"ordercore\"",
                [OCORE__SQLITE_RELEASE] = "RELEASE \"ordercore\"",
                [OCORE__SQLITE_ROLLBACK_TO] = "ROLLBACK TO \"ordercore\"",
        };
        size_t n;

        for (n = 0; n < OCORE__SQLITE_CONTROLS; n++) {
                if (store->controls[n] == NULL &&
                        sqlite3_prepare_v3(store->db, texts[n], -1, SQLITE_PREPARE_PERSISTENT,
                                &store->controls[n], NULL) != SQLITE_OK) {
                        return ocore__sqlite_failed(store, "preparing");
                }
        }
        return OCORE_OK;
}

static void table_forget(ocore__sqlite_table *state)
{
        size_t n;
        size_t shape;

        sqlite3_finalize(state->insert);
        sqlite3_finalize(state->update);
        sqlite3_finalize(state->remove);
        sqlite3_finalize(state->check);
        for (n = 0; n < state->add_count; n++) {
                sqlite3_finalize(state->adds[n].statement);
                sqlite3_free(state->adds[n].columns);
        }
        sqlite3_free(state->adds);
        for (n = 0; state->reads != NULL && n <= state->table->index_count; n++) {
                size_t shapes = 4 * (ocore__sql_place_count(state->table, (uint32_t)n) + 1);

                for (shape = 0; state->reads[n] != NULL && shape < shapes; shape++) {
                        sqlite3_finalize(state->reads[n][shape]);
                }
                sqlite3_free(state->reads[n]);
        }
        sqlite3_free(state->reads);
        sqlite3_free(state->columns);
}

/* Only the tables: the statements that control transactions do not depend on the schema. */
static void tables_forget(ocore__sqlite *store)
{
        size_t n;

        for (n = 0; n < store->table_count; n++) {
                table_forget(&store->tables[n]);
        }
        sqlite3_free(store->tables);
        sqlite3_free(store->row);
        store->tables = NULL;
        store->row = NULL;
        store->table_count = 0;
}

static void *take_zeroed(size_t count, size_t size)
{
        void *taken = sqlite3_malloc64((sqlite3_uint64)count * size);

        if (taken != NULL) {
                memset(taken, 0, count * size);
        }
        return taken;
}

static int table_learn(ocore__sqlite_table *state, const ocore_table *table)
{
        size_t n;

        state->table = table;
        state->column_count = table->record->column_count;
        state->columns = take_zeroed(state->column_count, sizeof *state->columns);
        state->reads = take_zeroed(table->index_count + 1, sizeof *state->reads);
        if (state->columns == NULL || state->reads == NULL) {
                return OCORE_NOMEM;
        }
        for (n = 0; n <= table->index_count; n++) {
                size_t shapes = 4 * (ocore__sql_place_count(table, (uint32_t)n) + 1);

                state->reads[n] = take_zeroed(shapes, sizeof *state->reads[n]);
                if (state->reads[n] == NULL) {
                        return OCORE_NOMEM;
                }
        }
        for (n = 0; n < state->column_count; n++) {
                const ocore_field *field = ocore_record_field(table->record, n);

                state->columns[n].field = field;
                state->columns[n].type = ocore_cell_type(field->kind);
                state->columns[n].nullable = (field->flags & OCORE_FIELD_NULLABLE) != 0;
        }
        return OCORE_OK;
}

static int tables_learn(ocore__sqlite *store, const ocore_schema *schema)
{
        size_t widest = 1;
        size_t n;

        tables_forget(store);
        store->tables = take_zeroed(schema->table_count + 1, sizeof *store->tables);
        if (store->tables == NULL) {
                return OCORE_NOMEM;
        }
        for (n = 0; n < schema->table_count; n++) {
                store->table_count = n + 1;
                if (table_learn(&store->tables[n], schema->tables[n]) != OCORE_OK) {
                        return OCORE_NOMEM;
                }
                if (store->tables[n].column_count > widest) {
                        widest = store->tables[n].column_count;
                }
        }
        store->row = take_zeroed(widest, sizeof *store->row);
        return store->row != NULL ? OCORE_OK : OCORE_NOMEM;
}

/*
 * The log comes first. Where there can be none (a database in memory, a file system without
 * shared memory) the rollback journal with synchronous=EXTRA keeps what was acknowledged.
 */
static int journal_set(ocore__sqlite *store)
{
        sqlite3_stmt *statement = NULL;
        int64_t waited_ms = 0;
        int code;

        for (;;) {
                int wal = 0;

                if (sqlite3_prepare_v2(store->db, "PRAGMA main.journal_mode=WAL", -1, &statement,
                            NULL) != SQLITE_OK) {
                        return ocore__sqlite_failed(store, "setting the journal");
                }
                code = sqlite3_step(statement);
                if (code == SQLITE_ROW) {
                        const char *mode = (const char *)sqlite3_column_text(statement, 0);

                        wal = mode != NULL && strcmp(mode, "wal") == 0;
                }
                sqlite3_finalize(statement);
                if (wal) {
                        return OCORE_OK;
                }
                /* Two processes that make a file at the same moment: one of them is told to
                 * come back, without SQLite asking the busy handler. */
                if ((code & 0xff) != SQLITE_BUSY || waited_ms >= store->busy_timeout_ms) {
                        break;
                }
                waited_ms += sqlite3_sleep(5) > 0 ? 5 : store->busy_timeout_ms;
        }
        if (code != SQLITE_ROW || sqlite3_exec(store->db, "PRAGMA synchronous=EXTRA", NULL, NULL,
                                          NULL) != SQLITE_OK) {
                return ocore__sqlite_failed(store, "setting the journal");
        }
        return OCORE_OK;
}

static int store_open(void *self, const ocore_schema *schema)
{
        ocore__sqlite *store = self;
        int status;

        if (store->inside) {
                return ocore__sqlite_fail(store, OCORE_STORE, "called from within a call");
        }
        status = ocore__sqlite_schema_open(store, schema);
        if (status == OCORE_OK && store->owned) {
                status = journal_set(store);
        }
        if (status == OCORE_OK) {
                status = control_prepare(store);
        }
        if (status == OCORE_OK) {
                status = tables_learn(store, schema);
        }
        return status;
}

static void store_close(void *self)
{
        ocore__sqlite *store = self;
        size_t n;

        if (store == NULL) {
                return;
        }
        tables_forget(store);
        for (n = 0; n < OCORE__SQLITE_CONTROLS; n++) {
                sqlite3_finalize(store->controls[n]);
        }
        if (store->owned) {
                (void)sqlite3_close(store->db);
        }
        sqlite3_free(store);
}

static const char *store_message(void *self, int64_t *code)
{
        const ocore__sqlite *store = self;

        if (code != NULL) {
                *code = store->code;
        }
        return store->message;
}

#define OPERATIONS(class)                                                                          \
        {                                                                                          \
                .struct_size = sizeof(ocore_store_ops), .name = "sqlite", .open = store_open,      \
                .read = ocore__sqlite_read, .write = ocore__sqlite_write, .close = store_close,    \
                .message = store_message, .durability = (class)                                    \
        }

static const ocore_store_ops operations[] = {
        OPERATIONS(OCORE_DURABLE_MEMORY),
        OPERATIONS(OCORE_DURABLE_PROCESS),
        OPERATIONS(OCORE_DURABLE_POWER),
};

/*
 * Waits for another writer in short steps of uneven length. SQLite's own handler soon sleeps for
 * 100 ms at a time, and then whoever came last wins: with eight processes some starve for seconds.
 */
static int busy_wait(void *self, int tries)
{
        ocore__sqlite *store = self;
        int pause_ms = 1 + (int)(((uintptr_t)store / 64 + (unsigned)tries * 7) % 3);

        if (tries == 0) {
                store->busy_waited_ms = 0;
        }
        if (store->busy_waited_ms >= store->busy_timeout_ms) {
                return 0;
        }
        (void)sqlite3_sleep(pause_ms);
        store->busy_waited_ms += pause_ms;
        return 1;
}

/* The file is not trusted: its triggers do not run, its views and functions are not asked. */
static int guard_set(ocore__sqlite *store)
{
        static const struct {
                int option;
                int on;
        } guards[] = {
                {SQLITE_DBCONFIG_DEFENSIVE, 1},
                {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        };
        size_t n;

        for (n = 0; n < sizeof guards / sizeof guards[0]; n++) {
                if (sqlite3_db_config(store->db, guards[n].option, guards[n].on, NULL) !=
                        SQLITE_OK) {
                        return ocore__sqlite_failed(store, "setting up");
                }
        }
        return OCORE_OK;
}

static int path_open(ocore__sqlite *store, const ocore_sqlite_config *config)
{
        int marked = 0;
        int status;

        store->owned = 1;
        store->busy_timeout_ms =
                config->busy_timeout_ms > 0 ? config->busy_timeout_ms : BUSY_TIMEOUT_MS;
        if (sqlite3_open_v2(config->path, &store->db,
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                    NULL) != SQLITE_OK) {
                return store->db == NULL ? OCORE_NOMEM : ocore__sqlite_failed(store, "opening");
        }
        (void)sqlite3_extended_result_codes(store->db, 1);
        status = guard_set(store);
        if (status != OCORE_OK) {
                return status;
        }
        if (sqlite3_busy_handler(store->db, busy_wait, store) != SQLITE_OK ||
                sqlite3_exec(store->db,
                        "PRAGMA cache_size=-" CACHE_KIB ";"
                        "PRAGMA temp_store=MEMORY;"
                        "PRAGMA cell_size_check=ON;"
                        "PRAGMA wal_autocheckpoint=" CHECKPOINT_PAGES,
                        NULL, NULL, NULL) != SQLITE_OK ||
                sqlite3_exec(store->db,
                        config->relaxed ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL",
                        NULL, NULL, NULL) != SQLITE_OK) {
                return ocore__sqlite_failed(store, "setting up");
        }
        return ocore__sqlite_schema_marked(store, &marked);
}

/* The first answer of a pragma: its number, and in `*wal` whether it is the word for the log. */
static int pragma_ask(ocore__sqlite *store, const char *pragma, int64_t *number, int *wal)
{
        sqlite3_stmt *statement = NULL;
        int code = sqlite3_prepare_v2(store->db, pragma, -1, &statement, NULL);

        *number = 0;
        *wal = 0;
        if (code == SQLITE_OK) {
                code = sqlite3_step(statement);
        }
        if (code == SQLITE_ROW) {
                const char *text = (const char *)sqlite3_column_text(statement, 0);

                *wal = text != NULL && strcmp(text, "wal") == 0;
                *number = sqlite3_column_int64(statement, 0);
        }
        sqlite3_finalize(statement);
        return code == SQLITE_ROW ? OCORE_OK : ocore__sqlite_failed(store, pragma);
}

/*
 * What this connection keeps when the power goes: asked of SQLite, because a host may have set
 * its own connection as it liked. FULL is enough for the log; a rollback journal needs EXTRA.
 */
static int durability_of(ocore__sqlite *store, int64_t relaxed, const ocore_store_ops **out)
{
        const char *file = sqlite3_db_filename(store->db, "main");
        int64_t synchronous = relaxed ? 1 : 2;
        int64_t unused;
        int wal = 1;
        int ignored;
        int status = OCORE_OK;

        if (file == NULL || file[0] == '\0') {
                *out = &operations[OCORE_DURABLE_MEMORY];
                return OCORE_OK;
        }
        if (!store->owned) {
                status = pragma_ask(store, "PRAGMA main.synchronous", &synchronous, &ignored);
                if (status == OCORE_OK) {
                        status = pragma_ask(store, "PRAGMA main.journal_mode", &unused, &wal);
                }
        }
        *out = &operations[synchronous >= (wal ? 2 : 3) ? OCORE_DURABLE_POWER
                                                        : OCORE_DURABLE_PROCESS];
        return status;
}

int ocore_sqlite_store(const ocore_sqlite_config *config, ocore_store *out)
{
        ocore__sqlite *store;
        const ocore_store_ops *chosen = NULL;
        int status = OCORE_OK;

        if (out == NULL) {
                return OCORE_INVALID;
        }
        out->ops = NULL;
        out->self = NULL;
        if (config == NULL || config->struct_size != sizeof *config ||
                (config->path == NULL) == (config->connection == NULL) ||
                config->busy_timeout_ms < 0 || config->busy_timeout_ms > 86400000 ||
                config->relaxed < 0 || config->relaxed > 1) {
                return OCORE_INVALID;
        }
        store = take_zeroed(1, sizeof *store);
        if (store == NULL) {
                return OCORE_NOMEM;
        }
        if (config->path != NULL) {
                status = path_open(store, config);
        } else {
                store->db = config->connection;
        }
        if (status == OCORE_OK) {
                status = durability_of(store, config->relaxed, &chosen);
        }
        if (status != OCORE_OK) {
                store_close(store);
                return status;
        }
        out->ops = chosen;
        out->self = store;
        return OCORE_OK;
}
