/*
 * Proves that the server finds rows by an index and meets them in the order of the batch, whatever
 * its statistics say: every statement of the toy tables is prepared on a connection set up as the
 * store's own, and its plan is read, with empty tables, with many rows, and with statistics. Where
 * an array comes in, it must be the outer side of a nested loop: its order is the order in which
 * rows are held. The same reading without the settings must find plans that it does not like.
 */
#include "fixture.h"

#include "stores/postgres/postgres_store.h"

typedef struct planning {
        fixture base;
        PGconn *connection;
        int texts;
        int wrong;
        int quiet;
} planning;

/* The text with the schema of the test in place of "shop". */
static void schema_put(const planning *self, const char *text, char *out, size_t size)
{
        const char *at;
        size_t used = 0;

        out[0] = '\0';
        while ((at = strstr(text, "\"shop\".")) != NULL && used < size) {
                used += (size_t)snprintf(out + used, size - used, "%.*s\"%s\".", (int)(at - text),
                        text, self->base.schema);
                text = at + strlen("\"shop\".");
        }
        (void)snprintf(out + used, size - used, "%s", text);
}

/* The plan of the statement for any values, line by line. */
static void plan_take(const planning *self, const char *text, char *out, size_t size)
{
        static char sql[32768];
        PGresult *result;
        long long count;
        size_t used = 0;
        int n;

        fixture_run(self->connection, "DEALLOCATE ALL");
        used = (size_t)snprintf(sql, sizeof sql, "PREPARE p AS ");
        schema_put(self, text, sql + used, sizeof sql - used);
        fixture_run(self->connection, sql);
        count = fixture_number(self->connection,
                "SELECT coalesce(array_length(parameter_types, 1), 0) FROM "
                "pg_prepared_statements WHERE name = 'p'");
        used = (size_t)snprintf(sql, sizeof sql, "EXPLAIN (COSTS OFF) EXECUTE p");
        for (n = 0; n < count; n++)
                used += (size_t)snprintf(
                        sql + used, sizeof sql - used, "%sNULL", n == 0 ? "(" : ", ");
        (void)snprintf(sql + used, sizeof sql - used, "%s", count > 0 ? ")" : "");
        result = PQexec(self->connection, sql);
        assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
        for (n = 0, used = 0; n < PQntuples(result) && used < size; n++)
                used += (size_t)snprintf(out + used, size - used, "%s\n", PQgetvalue(result, n, 0));
        PQclear(result);
}

static int plan_good(const char *what, const char *text, const char *plan)
{
        const char *array = strstr(plan, "ProjectSet");
        const char *index = strstr(plan, "Index ");

        if (strstr(plan, "Seq Scan") != NULL || strstr(plan, "Hash Join") != NULL ||
                strstr(plan, "Merge Join") != NULL || strstr(plan, "Bitmap") != NULL)
                return 0;
        /* An insert joins nothing, and a read holds nothing. */
        if (strcmp(what, "insert") == 0 || strcmp(what, "select") == 0 ||
                strstr(text, "unnest") == NULL)
                return 1;
        return array != NULL && index != NULL && array < index &&
               strstr(plan, "Nested Loop") != NULL;
}

static void visit(void *user_data, const char *what, const char *text)
{
        static const char *const kinds[] = {"insert", "update", "delete", "add", "check", "select"};
        planning *self = user_data;
        char plan[8192];
        size_t n;

        for (n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
                if (strcmp(what, kinds[n]) != 0)
                        continue;
                plan_take(self, text, plan, sizeof plan);
                self->texts++;
                if (!plan_good(what, text, plan)) {
                        self->wrong++;
                        if (!self->quiet)
                                print_error("%s\n%s\n", text, plan);
                }
        }
}

static void look(planning *self)
{
        self->texts = 0;
        self->wrong = 0;
        assert_int_equal(ocore__pg_every_text(
                                 &ocore__toy_schema, OCORE_POSTGRES_READ_COMMITTED, 0, visit, self),
                OCORE_OK);
        assert_true(self->texts > 100);
}

static void fill(planning *self)
{
        fixture_run(self->base.admin,
                "INSERT INTO toy_bin(tenant, code, \"order\", held, revision) "
                "SELECT 1, 'c' || n, n, n, 1 FROM generate_series(1, 3000) AS n");
        fixture_run(self->base.admin,
                "INSERT INTO toy_item(tenant, owner, line, sku, state, name, revision) "
                "SELECT 1, gen_random_uuid(), n, 's' || n, n % 2, 'n' || n, 1 "
                "FROM generate_series(1, 3000) AS n");
        fixture_run(self->base.admin, "INSERT INTO \"group\"(tenant, place, slot, revision) "
                                      "SELECT 1, n, n, 1 FROM generate_series(1, 3000) AS n");
}

static void test_plans(void **state)
{
        planning self = {0};
        ocore_store store;
        size_t n;

        (void)state;
        fixture_start(&self.base);
        store = fixture_toy(&self.base, NULL);
        self.connection = fixture_connect(self.base.conninfo);
        /* The server's own choice for small tables is to read all of them: seen to be found. */
        fixture_run(self.connection, "SET plan_cache_mode = force_generic_plan");
        self.quiet = 1;
        look(&self);
        assert_true(self.wrong > 0);
        self.quiet = 0;
        for (n = OCORE__PG_SET_FIRST; n <= OCORE__PG_SET_LAST; n++)
                fixture_run(self.connection, ocore__pg_fixed[n]);
        look(&self);
        assert_int_equal(self.wrong, 0);
        fill(&self);
        look(&self);
        assert_int_equal(self.wrong, 0);
        fixture_run(self.base.admin, "ANALYZE toy_bin, toy_item, \"group\"");
        look(&self);
        assert_int_equal(self.wrong, 0);
        print_message("# %d plans, three times\n", self.texts);
        PQfinish(self.connection);
        store.ops->close(store.self);
        fixture_stop(&self.base);
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_plans)};

        (void)fixture_server();
        return cmocka_run_group_tests_name("plans of the postgres store", tests, NULL, NULL);
}
