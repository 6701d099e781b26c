/*
 * Proves that the MariaDB store keeps the contract of stores: the conformance suite by conninfo,
 * on a host's connection, and inside a host's transaction, each in a database of its own.
 */
#include "suite_runner.h"

#include "place.h"

/* A store whose tables are made outside the host's transaction, which is opened again behind
 * them: within one they are not made, since that would commit it. */
typedef struct inside {
        ocore_store_ops ops;
        ocore_store store;
        MYSQL *db;
} inside;

static int own_make(void *user_data, ocore_store *out)
{
        place_empty(user_data);
        return place_store(user_data, NULL, out);
}

static int own_reopen(void *user_data, ocore_store *store)
{
        store->ops->close(store->self);
        return place_store(user_data, NULL, store);
}

static void test_own(void **state)
{
        place self;

        (void)state;
        place_open(&self, NULL);
        suite_runner(own_make, own_reopen, &self);
        place_close(&self);
}

static int host_make(void *user_data, ocore_store *out)
{
        place *self = user_data;

        place_empty(self);
        return place_host_store(self->db, out);
}

static int host_reopen(void *user_data, ocore_store *store)
{
        place *self = user_data;

        store->ops->close(store->self);
        return place_host_store(self->db, store);
}

/* The host speaks another character set, is not strict and has limits of its own. */
static void test_host(void **state)
{
        place self;

        (void)state;
        place_open(&self, NULL);
        place_run(self.db, "SET NAMES latin1");
        place_run(self.db, "SET SESSION sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES', "
                           "sql_select_limit=1, sql_safe_updates=1, "
                           "tx_isolation='READ-COMMITTED'");
        suite_runner(host_make, host_reopen, &self);
        place_close(&self);
}

static int inside_open(void *user_data, const ocore_schema *schema)
{
        inside *self = user_data;
        int status;

        place_run(self->db, "COMMIT");
        status = self->store.ops->open(self->store.self, schema);
        place_run(self->db, "START TRANSACTION");
        return status;
}

static int inside_read(
        void *user_data, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        inside *self = user_data;

        return self->store.ops->read(self->store.self, reads, count, emit, sink);
}

static int inside_write(
        void *user_data, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        inside *self = user_data;
        int status = self->store.ops->write(self->store.self, writes, count, refusal);

        /* Whatever became of the batch, the host's transaction goes on. */
        assert_int_equal(place_ask(self->db, "SELECT @@in_transaction"), 1);
        return status;
}

static void inside_close(void *user_data)
{
        inside *self = user_data;

        self->store.ops->close(self->store.self);
        place_run(self->db, "COMMIT");
        free(self);
}

static int inside_store(place *where, ocore_store *out)
{
        inside *self = calloc(1, sizeof *self);
        int status;

        assert_non_null(self);
        status = place_host_store(where->db, &self->store);
        self->db = where->db;
        self->ops = (ocore_store_ops){
                .struct_size = sizeof(ocore_store_ops),
                .name = "inside",
                .open = inside_open,
                .read = inside_read,
                .write = inside_write,
                .close = inside_close,
        };
        out->ops = &self->ops;
        out->self = self;
        return status;
}

static int inside_make(void *user_data, ocore_store *out)
{
        place_empty(user_data);
        return inside_store(user_data, out);
}

static int inside_reopen(void *user_data, ocore_store *store)
{
        store->ops->close(store->self);
        return inside_store(user_data, store);
}

static void test_inside(void **state)
{
        place self;

        (void)state;
        place_open(&self, NULL);
        suite_runner(inside_make, inside_reopen, &self);
        place_close(&self);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_own),
                cmocka_unit_test(test_host),
                cmocka_unit_test(test_inside),
        };
        int failed;

        if (place_missing("ORDERCORE_TEST_MARIADB", "mariadb-server"))
                return 0;
        failed = cmocka_run_group_tests_name("mariadb store", tests, NULL, NULL);
        mysql_library_end();
        return failed;
}
