/* What tests of the core share; see support.h. */
#include "support.h"

#include <stdlib.h>

/* Stands before each block, as wide as the strictest alignment. */
typedef union block {
        size_t size;
        max_align_t align;
} block;

enum { FREED = 0xdd, FRESH = 0xaa };

static void *take(test_memory *memory, size_t size)
{
        block *taken;

        memory->requests++;
        if (memory->fail_at && (memory->requests == memory->fail_at ||
                                       (memory->fails_on && memory->requests > memory->fail_at))) {
                memory->failed = 1;
                return NULL;
        }
        taken = malloc(sizeof *taken + size);
        assert_non_null(taken);
        taken->size = size;
        memset(taken + 1, FRESH, size);
        memory->blocks++;
        memory->bytes += (int64_t)size;
        if (memory->bytes > memory->bytes_max)
                memory->bytes_max = memory->bytes;
        return taken + 1;
}

static void give(test_memory *memory, void *old, size_t old_size)
{
        block *given = (block *)old - 1;

        if (given->size != old_size)
                fail_msg("%zu bytes were taken and %zu are given back", given->size, old_size);
        memory->blocks--;
        memory->bytes -= (int64_t)old_size;
        memset(old, FREED, old_size);
        free(given);
}

/* A resized block always moves, so that a pointer into the old one is seen to be stale. */
static void *allocate(void *user_data, void *old, size_t old_size, size_t new_size)
{
        test_memory *memory = user_data;
        void *taken = NULL;

        if (!old && old_size)
                fail_msg("no block has %zu bytes", old_size);
        if (new_size) {
                taken = take(memory, new_size);
                if (!taken)
                        return NULL;
                if (old)
                        memcpy(taken, old, old_size < new_size ? old_size : new_size);
        }
        if (old)
                give(memory, old, old_size);
        return taken;
}

ocore_allocator test_allocator(test_memory *memory)
{
        const ocore_allocator allocator = {allocate, memory};

        return allocator;
}

static int64_t now(void *user_data)
{
        return ((test_world *)user_data)->now_us;
}

/* Always the same bytes: SplitMix64 (Steele, Lea, Flood, 2014). */
static int randomness(void *user_data, void *bytes, size_t size)
{
        test_world *world = user_data;
        unsigned char *out = bytes;

        for (size_t i = 0; i < size; i++) {
                uint64_t z = world->random += UINT64_C(0x9e3779b97f4a7c15);

                z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
                z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
                out[i] = (unsigned char)(z ^ z >> 31);
        }
        return 0;
}

void test_open_with(test_world *world, const ocore_config *config)
{
        ocore_config full = *config;

        *world = (test_world){.now_us = TEST_NOW_US, .next_id = 1000001};
        full.struct_size = sizeof full;
        if (!full.allocator.allocate)
                full.allocator = test_allocator(&world->memory);
        if (!full.store.ops) {
                test_store_open(&full.allocator, &full.store);
                world->owns_store = 1;
        }
        world->store = full.store;
        if (!full.clock) {
                full.clock = now;
                full.clock_data = world;
        }
        if (!full.random) {
                full.random = randomness;
                full.random_data = world;
        }
        world->config = full;
        assert_int_equal(ocore_open(&full, &world->core), OCORE_OK);
        assert_non_null(world->core);
}

void test_reopen(test_world *world)
{
        ocore_close(world->core);
        assert_int_equal(ocore_open(&world->config, &world->core), OCORE_OK);
}

void test_open(test_world *world)
{
        const ocore_config config = {.tenant = 1, .actor = STR("test")};

        test_open_with(world, &config);
}

void test_close(test_world *world)
{
        ocore_close(world->core);
        if (world->owns_store)
                ocore_store_close(world->store);
        world->core = NULL;
        if (world->memory.blocks || world->memory.bytes)
                fail_msg("%lld blocks of %lld bytes are left", (long long)world->memory.blocks,
                        (long long)world->memory.bytes);
}

ocore_id test_id(int64_t n)
{
        ocore_id id = {{0}};

        for (int i = 0; i < 8; i++)
                id.bytes[15 - i] = (uint8_t)((uint64_t)n >> 8 * i);
        return id;
}

ocore_id test_next_id(test_world *world)
{
        return test_id(world->next_id++);
}

ocore_money test_money(const char *text)
{
        ocore_money money;

        assert_int_equal(ocore_money_parse(ocore_str_of(text), &money), OCORE_OK);
        return money;
}

ocore_quantity test_quantity(const char *text)
{
        ocore_quantity quantity;

        assert_int_equal(ocore_quantity_parse(ocore_str_of(text), &quantity), OCORE_OK);
        return quantity;
}

int64_t test_time(const char *text)
{
        int64_t at_us;

        assert_int_equal(ocore_time_parse(ocore_str_of(text), &at_us), OCORE_OK);
        return at_us;
}

static void print_errors(const ocore_core *core)
{
        for (size_t i = 0; i < ocore_error_count(core); i++) {
                const ocore_error *error = ocore_error_at(core, i);

                print_error("  %s \"%.*s\": %.*s\n", ocore_status_name((int)error->status),
                        (int)error->field.size, error->field.data, (int)error->message.size,
                        error->message.data);
        }
}

void test_status(ocore_core *core, int got, int wanted, const char *field, const char *call,
        const char *file, int line)
{
        const ocore_error *error = ocore_last_error(core);

        if (got != wanted) {
                print_error("%s: %s, not %s\n", call, ocore_status_name(got),
                        ocore_status_name(wanted));
                print_errors(core);
                _fail(file, line);
        }
        if (got < 0 ? error->status != got : error->status != OCORE_OK) {
                print_error("%s: the error says %s\n", call, ocore_status_name((int)error->status));
                print_errors(core);
                _fail(file, line);
        }
        if (field &&
                (!ocore_str_equal(error->field, ocore_str_of(field)) || !error->message.size)) {
                print_error("%s: not refused by \"%s\" with a message\n", call, field);
                print_errors(core);
                _fail(file, line);
        }
}

void test_text(ocore_str got, const char *wanted, const char *what, const char *file, int line)
{
        if (ocore_str_equal(got, ocore_str_of(wanted)))
                return;
        print_error("%s is \"%.*s\", not \"%s\"\n", what, (int)got.size, got.size ? got.data : "",
                wanted);
        _fail(file, line);
}

void test_number(int64_t got, int64_t wanted, const char *what, const char *file, int line)
{
        if (got == wanted)
                return;
        print_error("%s is %lld, not %lld\n", what, (long long)got, (long long)wanted);
        _fail(file, line);
}

static int print_finding(void *user_data, const ocore_finding *finding)
{
        (void)user_data;
        print_error("  %.*s %.*s: %.*s\n", (int)finding->invariant.size, finding->invariant.data,
                (int)finding->subject.size, finding->subject.data, (int)finding->message.size,
                finding->message.data);
        return 0;
}

void test_verified(ocore_core *core, const char *file, int line)
{
        int64_t count = -1;
        int status = ocore_verify(core, print_finding, NULL, &count);

        if (status == OCORE_OK && count == 0)
                return;
        print_error("verify: %s, %lld findings\n", ocore_status_name(status), (long long)count);
        print_errors(core);
        _fail(file, line);
}
