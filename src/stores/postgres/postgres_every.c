/*
 * Every text that a store can send for a schema, made by the same functions that make them for a
 * server. Only a test that reads them all needs this.
 */
#include "postgres_store.h"

#include <string.h>

/* A store without a connection, and whoever wants the texts. */
typedef struct every {
        ocore__pg store;
        ocore__pg_text_fn visit;
        void *self;
        int status;
} every;

static void tell(every *all, const char *what, const ocore__sql *sql)
{
        if (sql->failed || sql->data == NULL)
                all->status = OCORE_NOMEM;
        if (all->status == OCORE_OK)
                all->visit(all->self, what, sql->data);
}

static ocore__sql *empty(every *all)
{
        ocore__sql_clear(&all->store.text);
        return &all->store.text;
}

static void tell_fixed(every *all, int host)
{
        size_t n;

        for (n = 0; n < OCORE__PG_FIXED; n++) {
                int is_host = n <= OCORE__PG_HOST_LAST;
                int is_own = n >= OCORE__PG_SET_READ_COMMITTED;

                if ((is_host && host) || (is_own && !host) || (!is_host && !is_own))
                        all->visit(all->self,
                                is_host  ? "savepoint"
                                : is_own ? "set"
                                         : "fixed",
                                ocore__pg_fixed[n]);
        }
        ocore__pg_release_text(&all->store.text, "ordercore_1");
        tell(all, "release", &all->store.text);
        for (n = 0; n < OCORE__PG_LAYOUT_STEPS; n++) {
                ocore__pg_layout_text(empty(all), all->store.schema, (unsigned)n);
                tell(all, n == 0 ? "table" : "layout", &all->store.text);
        }
}

static void tell_description(every *all, const ocore_table *table)
{
        const char *schema = all->store.schema;
        size_t n;
        unsigned step;

        ocore__pg_table_text(empty(all), schema, table);
        tell(all, "table", &all->store.text);
        for (n = table->key_count; n < table->record->column_count; n++) {
                ocore__pg_column_add_text(empty(all), schema, table, n);
                tell(all, "column", &all->store.text);
        }
        for (n = 0; n < table->index_count; n++) {
                ocore__pg_index_text(empty(all), schema, table, &table->indexes[n]);
                tell(all, "index", &all->store.text);
                ocore__pg_drop_text(empty(all), schema, "INDEX", table->indexes[n].name);
                tell(all, "drop", &all->store.text);
        }
        for (step = 0; step < OCORE__PG_POLICY_STEPS; step++) {
                ocore__pg_policy_text(empty(all), schema, table, step);
                tell(all, "policy", &all->store.text);
        }
        for (step = 0; step < 2; step++) {
                ocore__pg_view_text(empty(all), schema, table, (int)step);
                tell(all, "view", &all->store.text);
        }
        ocore__pg_drop_text(empty(all), schema, "VIEW", table->name);
        tell(all, "drop", &all->store.text);
}

static void tell_write(every *all, ocore__pg_table *table, const ocore_write *write)
{
        static const char *const words[] = {"", "insert", "update", "delete", "check", "add"};
        int form;

        for (form = OCORE__PG_ONE; form <= OCORE__PG_MANY; form++) {
                uint64_t same = UINT64_MAX;
                ocore__pg_statement *statement = NULL;

                /* Once with every plain value that there may be, then with one less each time. */
                do {
                        if (ocore__pg_statement_of(&all->store, table, write, form, same,
                                    &statement) != OCORE_OK) {
                                all->status = OCORE_NOMEM;
                                return;
                        }
                        all->visit(all->self, words[write->kind], statement->text);
                        same = statement->same & (statement->same - 1);
                } while (statement->same != 0);
        }
}

/* Each kind of write; additions to each number alone and to two at once. */
static void tell_writes(every *all, ocore__pg_table *table)
{
        ocore_add adds[2] = {{1, 0, 0, 0}, {1, 0, 0, 0}};
        ocore_write write = {.table = table->table, .adds = adds};
        size_t n;

        for (write.kind = OCORE_WRITE_INSERT; write.kind <= OCORE_WRITE_CHECK; write.kind++)
                tell_write(all, table, &write);
        table->guard_inserts = 1;
        write.kind = OCORE_WRITE_INSERT;
        tell_write(all, table, &write);
        write.kind = OCORE_WRITE_ADD;
        for (n = table->table->key_count; n < table->column_count; n++) {
                if (table->columns[n].type != OCORE_CELL_NUMBER)
                        continue;
                adds[1].column = (uint32_t)n;
                for (write.add_count = 1; write.add_count <= 2; write.add_count++) {
                        if (write.add_count == 1 || adds[0].column != 0) {
                                write.adds = write.add_count == 1 ? adds + 1 : adds;
                                tell_write(all, table, &write);
                        }
                }
                adds[0].column = (uint32_t)n;
        }
}

/* Every choice of NULLs among the places that can be NULL. */
static int nulls_possible(const ocore_table *table, const ocore__pg_shape *shape, uint32_t places)
{
        uint32_t n;

        for (n = 0; n < places; n++) {
                uint32_t asked = shape->prefix_nulls | shape->after_nulls;

                if ((asked >> n & 1) != 0 && !ocore__pg_place_nullable(table, shape->index, n))
                        return 0;
        }
        return 1;
}

static void tell_select(every *all, ocore__pg_table *table, ocore__pg_shape *shape)
{
        ocore__pg_statement *statement;

        if (ocore__pg_select(&all->store, table, shape, &statement) != OCORE_OK)
                all->status = OCORE_NOMEM;
        else
                all->visit(all->self, "select", statement->text);
}

/* All shapes with this prefix. */
static void tell_prefix(every *all, ocore__pg_table *table, uint32_t index, uint32_t prefix)
{
        uint32_t places = ocore__sql_place_count(table->table, index);
        uint32_t nulls;
        uint32_t bits;

        for (nulls = 0; nulls < 1u << places; nulls++) {
                for (bits = 0; bits < 16; bits++) {
                        uint32_t front = nulls & ((1u << prefix) - 1);
                        ocore__pg_shape shape = {
                                .index = index,
                                .prefix_count = prefix,
                                .prefix_nulls = front,
                                .after_nulls = nulls & ~front,
                                .after = (bits & 1) != 0,
                                .descending = (bits & 2) != 0,
                                .limit = (bits & 4) != 0,
                                .many = (bits & 8) != 0,
                        };

                        if (!nulls_possible(table->table, &shape, places) ||
                                (shape.after_nulls != 0 && !shape.after) ||
                                (shape.many &&
                                        (shape.after || shape.limit || nulls != 0 || prefix < 2)))
                                continue;
                        tell_select(all, table, &shape);
                }
        }
}

static void tell_reads(every *all, ocore__pg_table *table)
{
        uint32_t index;
        uint32_t prefix;

        for (index = 0; index <= table->table->index_count; index++) {
                uint32_t places = ocore__sql_place_count(table->table, index);

                for (prefix = index == 0 ? 0 : 1; prefix <= places; prefix++)
                        tell_prefix(all, table, index, prefix);
        }
}

int ocore__pg_every_text(const ocore_schema *schema, int64_t isolation, int host,
        ocore__pg_text_fn visit, void *self)
{
        char name[] = "shop";
        char conninfo[] = "";
        every all = {.visit = visit, .self = self};
        size_t n;

        all.store.schema = name;
        all.store.conninfo = host ? NULL : conninfo;
        all.store.isolation = isolation;
        all.status = ocore__pg_tables_learn(&all.store, schema);
        if (all.status == OCORE_OK)
                tell_fixed(&all, host);
        for (n = 0; all.status == OCORE_OK && n < schema->table_count; n++) {
                tell_description(&all, schema->tables[n]);
                tell_writes(&all, &all.store.tables[n]);
                tell_reads(&all, &all.store.tables[n]);
        }
        ocore__pg_tables_forget(&all.store);
        ocore__sql_finish(&all.store.text);
        return all.status;
}
