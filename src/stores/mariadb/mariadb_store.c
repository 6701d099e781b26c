/*
 * The MariaDB store: opening by conninfo or on the host's connection, what is learned of the
 * tables, closing.
 */
#include "mariadb_store.h"

#include "stores/sql/sql_wait.h"

#include <stdlib.h>
#include <string.h>

#define ATTEMPTS_MAX 20
#define DEADLINE_MS 30000

static void tables_forget(ocore__mariadb *store)
{
        size_t n;

        for (n = 0; n < store->table_count; n++) {
                free(store->tables[n].columns);
                ocore__sql_finish(&store->tables[n].name);
                ocore__sql_finish(&store->tables[n].select);
                ocore__sql_finish(&store->tables[n].insert);
        }
        free(store->tables);
        free(store->row);
        store->tables = NULL;
        store->row = NULL;
        store->table_count = 0;
}

/* A host's connection may translate text into its own character set on the way; bytes are not
 * translated. */
static void select_learn(ocore__mariadb_table *state, int owned)
{
        size_t n;

        for (n = 0; n < state->column_count; n++) {
                int cast = !owned && state->columns[n].type == OCORE_CELL_TEXT;

                ocore__sql_add(&state->select, cast ? "CAST(" : "");
                ocore__sql_name(&state->select, state->columns[n].field->name, '`');
                ocore__sql_add(&state->select, cast ? " AS BINARY), " : ", ");
        }
        ocore__sql_add(&state->select, "`revision`");
}

static int table_learn(
        ocore__mariadb_table *state, const ocore_table *table, const char *database, int owned)
{
        size_t n;

        state->table = table;
        state->column_count = table->record->column_count;
        state->columns = calloc(state->column_count + 1, sizeof *state->columns);
        if (state->columns == NULL)
                return OCORE_NOMEM;
        for (n = 0; n < state->column_count; n++) {
                const ocore_field *field = ocore_record_field(table->record, n);

                state->columns[n].field = field;
                state->columns[n].type = ocore_cell_type(field->kind);
                state->columns[n].width = ocore__mariadb_width(table, n);
                state->columns[n].nullable = (field->flags & OCORE_FIELD_NULLABLE) != 0;
        }
        ocore__mariadb_place_text(&state->name, database, table->name);
        select_learn(state, owned);
        ocore__sql_add(&state->insert, "INSERT INTO ");
        ocore__mariadb_place_text(&state->insert, database, table->name);
        ocore__sql_add(&state->insert, "(");
        ocore__sql_names(&state->insert, table, NULL, state->column_count, "", '`');
        ocore__sql_add(&state->insert, ", `revision`) VALUES ");
        return state->name.failed || state->select.failed || state->insert.failed ? OCORE_NOMEM
                                                                                  : OCORE_OK;
}

static int tables_learn(ocore__mariadb *store, const ocore_schema *schema)
{
        size_t widest = 1;
        size_t n;
        int status = OCORE_OK;

        tables_forget(store);
        store->tables = calloc(schema->table_count + 1, sizeof *store->tables);
        if (store->tables == NULL)
                return OCORE_NOMEM;
        for (n = 0; status == OCORE_OK && n < schema->table_count; n++) {
                store->table_count = n + 1;
                status = table_learn(
                        &store->tables[n], schema->tables[n], store->database, store->owned);
                if (store->tables[n].column_count > widest)
                        widest = store->tables[n].column_count;
        }
        if (status == OCORE_OK) {
                store->row = calloc(widest, sizeof *store->row);
                status = store->row != NULL ? OCORE_OK : OCORE_NOMEM;
        }
        if (status != OCORE_OK)
                tables_forget(store);
        return status;
}

/* An own connection that broke while it was not used is only noticed now. */
static int schema_open(ocore__mariadb *store, const ocore_schema *schema)
{
        int64_t deadline = ocore__sql_now_ms() + store->deadline_ms;

        for (;;) {
                ocore__mariadb_action action;
                int status = ocore__mariadb_connect(store, deadline);

                if (status != OCORE_OK)
                        return status;
                store->code = 0;
                status = ocore__mariadb_schema_open(store, schema);
                if (status != OCORE_STORE || store->code == 0 || !store->owned ||
                        ocore__sql_now_ms() >= deadline)
                        return status;
                action = ocore__mariadb_decide(
                        (unsigned)store->code, store->sqlstate, OCORE__MARIADB_RUNNING);
                if (action != OCORE__MARIADB_RECONNECT && action != OCORE__MARIADB_NEXT_HOST)
                        return status;
                ocore__mariadb_disconnect(store, action == OCORE__MARIADB_NEXT_HOST);
        }
}

static int store_open(void *self, const ocore_schema *schema)
{
        ocore__mariadb *store = self;
        int status;

        if (store->inside)
                return ocore__mariadb_fail(store, OCORE_STORE, "called from within a call");
        store->code = 0;
        store->message[0] = '\0';
        status = schema_open(store, schema);
        if (status == OCORE_OK)
                status = tables_learn(store, schema);
        return status;
}

static void store_close(void *self)
{
        ocore__mariadb *store = self;

        if (store == NULL)
                return;
        tables_forget(store);
        ocore__mariadb_disconnect(store, 0);
        ocore__mariadb_info_finish(&store->info);
        ocore__sql_finish(&store->text);
        free(store->database);
        free(store);
}

static const char *store_message(void *self, int64_t *code)
{
        const ocore__mariadb *store = self;

        if (code != NULL)
                *code = store->code;
        return store->message;
}

#define OPERATIONS(class)                                                                          \
        {                                                                                          \
                .struct_size = sizeof(ocore_store_ops), .name = "mariadb", .open = store_open,     \
                .read = ocore__mariadb_read, .write = ocore__mariadb_write, .close = store_close,  \
                .message = store_message, .durability = (class)                                    \
        }

static const ocore_store_ops process_operations = OPERATIONS(OCORE_DURABLE_PROCESS);
static const ocore_store_ops power_operations = OPERATIONS(OCORE_DURABLE_POWER);

static int config_good(const ocore_mariadb_config *config)
{
        return config != NULL && config->struct_size == sizeof *config &&
               (config->conninfo == NULL) != (config->connection == NULL) &&
               config->attempts_max >= 0 && config->attempts_max <= 1000000 &&
               config->deadline_ms >= 0 && config->deadline_ms <= 86400000;
}

int ocore_mariadb_store(const ocore_mariadb_config *config, ocore_store *out)
{
        ocore__mariadb *store;
        int status = OCORE_OK;

        if (out == NULL)
                return OCORE_INVALID;
        out->ops = NULL;
        out->self = NULL;
        if (!config_good(config))
                return OCORE_INVALID;
        store = calloc(1, sizeof *store);
        if (store == NULL)
                return OCORE_NOMEM;
        store->attempts_max = config->attempts_max > 0 ? config->attempts_max : ATTEMPTS_MAX;
        store->deadline_ms = config->deadline_ms > 0 ? config->deadline_ms : DEADLINE_MS;
        store->random = (uint64_t)(uintptr_t)store ^ (uint64_t)ocore__sql_now_ms() << 20;
        store->owned = config->conninfo != NULL;
        if (store->owned)
                status = ocore__mariadb_info_read(config->conninfo, &store->info);
        else
                store->db = config->connection;
        if (status == OCORE_OK)
                status = store->owned ? ocore__mariadb_connect(store, 0)
                                      : ocore__mariadb_learn(store);
        if (status != OCORE_OK) {
                store_close(store);
                return status;
        }
        out->ops = store->power ? &power_operations : &process_operations;
        out->self = store;
        return OCORE_OK;
}
