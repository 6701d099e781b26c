/*
 * The PostgreSQL store: opening by conninfo or on the host's connection, errors, closing.
 */
#include "postgres_store.h"

#include "stores/sql/sql_wait.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS_MAX = 20, DEADLINE_MS = 30000, STATE_BASE = 36 };

int ocore__pg_fail(ocore__pg *store, int status, const char *format, ...)
{
        va_list arguments;
        char *at;
        size_t size;

        va_start(arguments, format);
        (void)vsnprintf(store->message, sizeof store->message, format, arguments);
        va_end(arguments);
        /* libpq ends its messages with a line feed, and puts some into several lines. */
        for (size = strlen(store->message); size > 0 && store->message[size - 1] == '\n'; size--)
                store->message[size - 1] = '\0';
        for (at = store->message; (at = strpbrk(at, "\n\t")) != NULL; at++)
                *at = ' ';
        return status;
}

void ocore__pg_message_clear(ocore__pg *store)
{
        store->message[0] = '\0';
        store->state[0] = '\0';
}

void ocore__pg_tables_forget(ocore__pg *store)
{
        size_t n;

        for (n = 0; n < store->table_count; n++)
                ocore__pg_table_forget(&store->tables[n]);
        free(store->tables);
        free(store->row);
        store->tables = NULL;
        store->row = NULL;
        store->table_count = 0;
        store->known = NULL;
}

static int table_learn(ocore__pg_table *state, const ocore_table *table)
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
                state->columns[n].nullable =
                        n >= table->key_count && (field->flags & OCORE_FIELD_NULLABLE) != 0;
        }
        return OCORE_OK;
}

int ocore__pg_tables_learn(ocore__pg *store, const ocore_schema *schema)
{
        size_t widest = 1;
        size_t n;

        store->tables = calloc(schema->table_count + 1, sizeof *store->tables);
        if (store->tables == NULL)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for the tables");
        for (n = 0; n < schema->table_count; n++) {
                store->table_count = n + 1;
                if (table_learn(&store->tables[n], schema->tables[n]) != OCORE_OK)
                        return ocore__pg_fail(store, OCORE_NOMEM, "no memory for the tables");
                if (store->tables[n].column_count > widest)
                        widest = store->tables[n].column_count;
        }
        store->row = calloc(widest, sizeof *store->row);
        if (store->row == NULL)
                return ocore__pg_fail(store, OCORE_NOMEM, "no memory for the tables");
        store->known = schema;
        return OCORE_OK;
}

static int store_open(void *self, const ocore_schema *schema)
{
        ocore__pg *store = self;
        int64_t since_ms = ocore__sql_now_ms();
        int status;

        if (store->inside)
                return ocore__pg_fail(store, OCORE_STORE, "called from within a call");
        ocore__pg_message_clear(store);
        store->inside = 1;
        /* A connection that broke meanwhile is opened again; making tables can be done twice. */
        do {
                status = ocore__pg_ready(store, since_ms);
                if (status == OCORE_OK)
                        status = ocore__pg_schema_open(store, schema);
                else
                        break;
        } while (status == OCORE_STORE && store->connection == NULL &&
                 ocore__sql_now_ms() - since_ms < store->deadline_ms);
        store->inside = 0;
        return status;
}

static void store_close(void *self)
{
        ocore__pg *store = self;

        if (store == NULL)
                return;
        /* The host's connection keeps nothing of ours; where its transaction has failed, the names
         * of our statements stay until the connection ends. */
        if (store->conninfo == NULL && store->connection != NULL &&
                PQstatus(store->connection) == CONNECTION_OK)
                ocore__pg_release(store);
        ocore__pg_tables_forget(store);
        ocore__pg_statements_free(store->begin);
        ocore__pg_statements_free(store->commit);
        ocore__pg_statements_free(store->said);
        ocore__pg_drop(store);
        ocore__pg_parameters_free(store);
        ocore__sql_finish(&store->text);
        free(store->sent);
        free(store->groups);
        free(store->links);
        free(store->schema);
        free(store->conninfo);
        free(store);
}

/* The code is the SQLSTATE, read as a number of base 36. */
static const char *store_message(void *self, int64_t *code)
{
        const ocore__pg *store = self;

        if (code != NULL)
                *code = strtoll(store->state, NULL, STATE_BASE);
        return store->message;
}

#define OPERATIONS(class)                                                                          \
        {                                                                                          \
                .struct_size = sizeof(ocore_store_ops), .name = "postgres", .open = store_open,    \
                .read = ocore__pg_read, .write = ocore__pg_write, .close = store_close,            \
                .message = store_message, .durability = (class)                                    \
        }

static const ocore_store_ops operations[] = {
        OPERATIONS(OCORE_DURABLE_MEMORY),
        OPERATIONS(OCORE_DURABLE_PROCESS),
        OPERATIONS(OCORE_DURABLE_POWER),
        OPERATIONS(OCORE_DURABLE_NODE),
};

static int conninfo_good(const char *conninfo)
{
        char *error = NULL;
        PQconninfoOption *options = PQconninfoParse(conninfo, &error);
        int good = options != NULL ? OCORE_OK : error == NULL ? OCORE_NOMEM : OCORE_INVALID;

        PQconninfoFree(options);
        PQfreemem(error);
        return good;
}

static int config_good(const ocore_postgres_config *config)
{
        if (config == NULL || config->struct_size != sizeof *config ||
                (config->conninfo == NULL) == (config->connection == NULL) ||
                config->isolation < 0 || config->isolation > OCORE_POSTGRES_SERIALIZABLE ||
                config->attempts_max < 0 || config->attempts_max > 1000000 ||
                config->deadline_ms < 0 || config->deadline_ms > 86400000 ||
                config->row_security < 0 || config->row_security > 1)
                return OCORE_INVALID;
        return config->conninfo != NULL ? conninfo_good(config->conninfo) : OCORE_OK;
}

static int start(ocore__pg *store, const ocore_postgres_config *config)
{
        int status;

        store->isolation =
                config->isolation > 0 ? config->isolation : OCORE_POSTGRES_READ_COMMITTED;
        store->attempts_max = config->attempts_max > 0 ? config->attempts_max : ATTEMPTS_MAX;
        store->deadline_ms = config->deadline_ms > 0 ? config->deadline_ms : DEADLINE_MS;
        store->patience_ms = store->deadline_ms;
        store->row_security = config->row_security;
        store->tenant = config->tenant;
        store->session = ocore__pg_fresh(store);
        if (config->conninfo == NULL) {
                store->connection = config->connection;
                return ocore__pg_learn_durability(store);
        }
        store->conninfo = malloc(strlen(config->conninfo) + 1);
        if (store->conninfo == NULL)
                return OCORE_NOMEM;
        memcpy(store->conninfo, config->conninfo, strlen(config->conninfo) + 1);
        status = ocore__pg_connect(store);
        return status == OCORE_OK ? ocore__pg_learn_durability(store) : status;
}

int ocore_postgres_store(const ocore_postgres_config *config, ocore_store *out)
{
        ocore__pg *store;
        int status;

        if (out == NULL)
                return OCORE_INVALID;
        out->ops = NULL;
        out->self = NULL;
        status = config_good(config);
        if (status != OCORE_OK)
                return status;
        store = calloc(1, sizeof *store);
        if (store == NULL)
                return OCORE_NOMEM;
        status = start(store, config);
        if (status != OCORE_OK) {
                store_close(store);
                return status == OCORE_CORRUPT ? OCORE_STORE : status;
        }
        out->ops = &operations[store->durability];
        out->self = store;
        return OCORE_OK;
}
