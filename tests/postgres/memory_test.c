/*
 * Proves that the PostgreSQL store survives being without memory: a short life (opening, making
 * tables, writing, being refused, reading) is run again and again while the 1st, 2nd, 3rd …
 * allocation of the store fails, once or from then on. It says OCORE_NOMEM, what it acknowledged is
 * there, the rest is not, the same store goes on when there is memory again, and nothing leaks.
 * The allocations of libpq are left alone; the linker puts ours in the way.
 */
#include "fixture.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *old);

static struct {
        int armed;
        int lasting;
        long at; /* which one fails, from 1 */
        long counted;
        long blocks; /* taken while armed and not given back */
        int hit;
} memory;

static int fails(void)
{
        if (!memory.armed || memory.at == 0)
                return 0;
        memory.counted++;
        if (memory.lasting ? memory.counted < memory.at : memory.counted != memory.at)
                return 0;
        memory.hit = 1;
        return 1;
}

void *__wrap_malloc(size_t size)
{
        void *taken = fails() ? NULL : __real_malloc(size);

        memory.blocks += memory.armed && taken != NULL;
        return taken;
}

void *__wrap_calloc(size_t count, size_t size)
{
        void *taken = fails() ? NULL : __real_calloc(count, size);

        memory.blocks += memory.armed && taken != NULL;
        return taken;
}

void *__wrap_realloc(void *old, size_t size)
{
        void *taken = fails() ? NULL : __real_realloc(old, size);

        memory.blocks += memory.armed && taken != NULL && old == NULL;
        return taken;
}

void __wrap_free(void *old)
{
        memory.blocks -= memory.armed && old != NULL;
        __real_free(old);
}

enum { WRITES = 3 };

/* Several writes of one kind and another: arrays, several statements. */
static int write_some(ocore_store store, int64_t tenant, ocore_refusal *refusal)
{
        toy_row rows[WRITES] = {ocore__toy_bin(tenant, "a", 1), ocore__toy_bin(tenant, "b", 1),
                ocore__toy_group(tenant, 1, 1)};
        ocore_write writes[WRITES];
        int n;

        for (n = 0; n < WRITES; n++)
                writes[n] = ocore__toy_write(
                        OCORE_WRITE_INSERT, n < 2 ? TOY_BIN : TOY_GROUP, &rows[n], 0);
        return store.ops->write(store.self, writes, WRITES, refusal);
}

static int read_some(ocore_store store, int64_t tenant, int *rows)
{
        ocore_cell keys[2][2] = {{ocore__toy_number(tenant), ocore__toy_text("a")},
                {ocore__toy_number(tenant), ocore__toy_text("b")}};
        ocore_read reads[3] = {ocore__toy_read(TOY_BIN, 0, keys[0], 2),
                ocore__toy_read(TOY_BIN, 0, keys[1], 2), ocore__toy_read(TOY_GROUP, 0, keys[0], 1)};

        *rows = 0;
        return store.ops->read(store.self, reads, 3, fixture_count_row, rows);
}

static void acceptable(int status, int good)
{
        assert_true(status == good || (memory.hit && status == OCORE_NOMEM));
}

static void story(const fixture *self, int on_host)
{
        ocore_postgres_config config = {.struct_size = sizeof config, .conninfo = self->conninfo};
        ocore_store store = {NULL, NULL};
        ocore_refusal refusal;
        PGconn *host = NULL;
        int written = OCORE_NOMEM;
        int rows;
        int status;

        if (on_host) {
                host = fixture_connect(self->conninfo);
                config.conninfo = NULL;
                config.connection = host;
        }
        memory.armed = 1;
        status = ocore_postgres_store(&config, &store);
        acceptable(status, OCORE_OK);
        if (status == OCORE_OK) {
                status = store.ops->open(store.self, &ocore__toy_schema);
                acceptable(status, OCORE_OK);
        }
        if (status == OCORE_OK) {
                written = write_some(store, 1, &refusal);
                acceptable(written, OCORE_OK);
                status = write_some(store, 1, &refusal);
                assert_true(status == OCORE_CONFLICT || memory.hit);
                written = written == OCORE_OK || status == OCORE_OK ? OCORE_OK : written;
                acceptable(read_some(store, 1, &rows), OCORE_OK);
        }
        /* There is memory again. */
        memory.at = 0;
        if (store.ops != NULL) {
                assert_int_equal(store.ops->open(store.self, &ocore__toy_schema), OCORE_OK);
                assert_int_equal(read_some(store, 1, &rows), OCORE_OK);
                assert_int_equal(rows, written == OCORE_OK ? WRITES : 0);
                assert_int_equal(write_some(store, 2, &refusal), OCORE_OK);
                assert_int_equal(read_some(store, 2, &rows), OCORE_OK);
                assert_int_equal(rows, WRITES);
                store.ops->close(store.self);
        }
        memory.armed = 0;
        assert_int_equal(memory.blocks, 0);
        PQfinish(host);
}

static void run_stories(int on_host, int lasting)
{
        fixture self;
        long at;

        fixture_start(&self);
        for (at = 1;; at++) {
                fixture_empty(&self);
                memset(&memory, 0, sizeof memory);
                memory.at = at;
                memory.lasting = lasting;
                story(&self, on_host);
                if (!memory.hit)
                        break;
        }
        /* Fewer would mean that the linker did not put us in the way. */
        assert_true(at > 20);
        print_message("# %ld allocations\n", at - 1);
        fixture_stop(&self);
}

static void test_own(void **state)
{
        (void)state;
        run_stories(0, 0);
        run_stories(0, 1);
}

static void test_host(void **state)
{
        (void)state;
        run_stories(1, 0);
        run_stories(1, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_own),
                cmocka_unit_test(test_host),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name("postgres store without memory", tests, NULL, NULL);
}
