/*
 * Supplies: opened, raised, lessened, promised and given back by small commands that end in a real
 * write, so that the guards of the store are part of what is proved: two writers never promise a
 * unit twice, goods that come or are lost are so whoever was promised them, and a row goes with the
 * last unit that is expected or owed.
 */
#include "shop.h"

#include "engine/procedure.h"
#include "inventory/inventory.h"

enum verb { OPEN, MORE, LESS, PROMISE, GIVE_BACK };

typedef struct act {
        size_t struct_size;
        ocore_id id;
        int64_t verb, source, quantity, due_us, kind, only; /* the source that may be promised */
        ocore_id order_id;
} act;

#define NUMBER(member) OCORE__FIELD(act, member, INTEGER, 0, "of the act")
static const ocore_field act_fields[] = {
        OCORE__FIELD_KEY(act),
        NUMBER(verb),
        NUMBER(source),
        NUMBER(quantity),
        NUMBER(due_us),
        NUMBER(kind),
        NUMBER(only),
        OCORE__FIELD(act, order_id, ID, 0, "of the act"),
};
static const ocore_record act_record = OCORE__RECORD("act", act, act_fields, 0);

/* What the last promise said. */
static char promised_text[200];
static int64_t promised_left, promised_last_us;

static int promise(ocore__work *work, ocore__group *supplies, const act *wanted)
{
        const ocore_id none = {{0}};
        ocore__promised *pieces;
        size_t count, used = 0;
        int status = ocore__supply_promise(work, supplies,
                wanted->only ? test_id(wanted->only) : none, NULL, wanted->quantity, wanted->due_us,
                &pieces, &count, &promised_left, &promised_last_us);

        promised_text[0] = 0;
        for (size_t i = 0; i < count; i++) {
                const ocore_supply *supply = ocore__row(pieces[i].supply);

                used += (size_t)snprintf(promised_text + used, sizeof promised_text - used,
                        "%s%lld at %lld", i ? ", " : "", (long long)pieces[i].quantity,
                        (long long)supply->due_us);
        }
        return status;
}

static int run(ocore__work *work, const void *request, const void **answer)
{
        const act *now = request;
        const ocore_str cup = STR("cup");
        const ocore_supply row = {.sku = cup,
                .source_id = test_id(now->source),
                .number = 1,
                .source = now->kind ? now->kind : OCORE_SOURCE_PURCHASE,
                .site = STR("north"),
                .due_us = now->due_us,
                .expected = now->quantity,
                .order_id = now->order_id};
        ocore__group *supplies, *stock;
        ocore__entry *entry;
        int status = ocore__want(work, &ocore__supply_table, ocore__cell_text(cup), &supplies);

        if (!status)
                status = ocore__want(work, &ocore__stock_table, ocore__cell_text(cup), &stock);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        *answer = now;
        entry = ocore__supply_find(supplies, row.source_id, 1);
        assert_null(ocore__supply_find(supplies, row.source_id, 2));
        switch (now->verb) {
        case OPEN: status = ocore__supply_open(work, &row); break;
        case MORE: status = ocore__supply_more(work, entry, now->quantity); break;
        case LESS: status = ocore__supply_less(work, entry, now->quantity); break;
        case PROMISE: status = promise(work, supplies, now); break;
        default: status = ocore__supply_unpromise(work, entry, now->quantity); break;
        }
        ocore__event(work, work->id, 1, OCORE_EVENT_STOCK_MOVED, (ocore_str){0});
        return status;
}

static const ocore__procedure acting = {&act_record, &act_record, run, OCORE__COMMAND};

static int do_act(test_world *world, ocore_core *core, act one)
{
        const void *answer;

        one.struct_size = sizeof one;
        one.id = test_next_id(world);
        return ocore__call(core, &acting, &one, &answer);
}

/* What the store has: "source expected/unpromised, …" by key. */
typedef struct found {
        char data[400];
        size_t used;
} found;

static int write_supply(void *user_data, const void *row, int64_t revision)
{
        const ocore_supply *supply = row;
        found *out = user_data;
        int64_t source = 0;

        (void)revision;
        for (int64_t n = 1; n < 10; n++) {
                const ocore_id id = test_id(n);

                if (memcmp(id.bytes, supply->source_id.bytes, sizeof id.bytes) == 0)
                        source = n;
        }
        out->used += (size_t)snprintf(out->data + out->used, sizeof out->data - out->used,
                "%s%lld %lld/%lld", out->used ? ", " : "", (long long)source,
                (long long)supply->expected, (long long)supply->unpromised);
        return OCORE_OK;
}

static void assert_supplies(test_world *world, const char *wanted, int64_t incoming)
{
        const ocore__scan scan = {.table = &ocore__supply_table};
        const ocore_allocator none = {NULL, NULL};
        ocore__arena arena;
        found all = {{0}, 0};

        ocore__arena_init(&arena, &none, 4096);
        assert_int_equal(
                ocore__scan_rows(world->core, &arena, &scan, 0, write_supply, &all), OCORE_OK);
        ocore__arena_finish(&arena);
        assert_string_equal(all.data, wanted);
        assert_number(shop_stock(world, "cup", "north").incoming, incoming);
}

static void begin(test_world *world)
{
        test_open(world);
        shop_site(world, "north", 1);
        shop_goods(world, "cup", "7.01 EUR");
}

#define DAY(n) (TEST_NOW_US + (n)*TEST_DAY_US)

/* One story: what is done, what comes of it, and what is there then. */
static void supplies_follow_what_happens(void **state)
{
        static const struct {
                act act;
                int status;
                const char *there;
                int64_t incoming;
        } steps[] = {
                {{.verb = OPEN, .source = 1, .quantity = 5, .due_us = DAY(2)}, OCORE_OK, "1 5/5",
                        5},
                {{.verb = OPEN, .source = 2, .quantity = 4, .due_us = DAY(1)}, OCORE_OK,
                        "1 5/5, 2 4/4", 9},
                {{.verb = MORE, .source = 2, .quantity = 2}, OCORE_OK, "1 5/5, 2 6/6", 11},
                {{.verb = MORE, .source = 2, .quantity = INT64_MAX}, OCORE_OVERFLOW, "1 5/5, 2 6/6",
                        11},
                {{.verb = PROMISE, .quantity = 7}, OCORE_OK, "1 5/4, 2 6/0", 11},
                {{.verb = GIVE_BACK, .source = 2, .quantity = 2}, OCORE_OK, "1 5/4, 2 6/2", 11},
                {{.verb = GIVE_BACK, .source = 2, .quantity = 5}, OCORE_CORRUPT, "1 5/4, 2 6/2",
                        11},
                {{.verb = LESS, .source = 2, .quantity = 7}, OCORE_OUT_OF_STOCK, "1 5/4, 2 6/2",
                        11},
                /* What comes is there whoever waits for it: four promised, two of them come. */
                {{.verb = LESS, .source = 2, .quantity = 4}, OCORE_OK, "1 5/4, 2 2/-2", 11},
                {{.verb = LESS, .source = 2, .quantity = 2}, OCORE_OK, "1 5/4, 2 0/-4", 11},
                {{.verb = PROMISE, .quantity = 9}, OCORE_OK, "1 5/0, 2 0/-4", 11},
                {{.verb = GIVE_BACK, .source = 2, .quantity = 3}, OCORE_OK, "1 5/0, 2 0/-1", 11},
                {{.verb = GIVE_BACK, .source = 2, .quantity = 1}, OCORE_OK, "1 5/0", 11},
                {{.verb = GIVE_BACK, .source = 1, .quantity = 5}, OCORE_OK, "1 5/5", 11},
                {{.verb = LESS, .source = 1, .quantity = 5}, OCORE_OK, "", 11},
        };
        test_world world;

        (void)state;
        begin(&world);
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                assert_status(&world, do_act(&world, world.core, steps[i].act), steps[i].status);
                assert_supplies(&world, steps[i].there, steps[i].incoming);
        }
        test_close(&world);
}

/* Which supplies a promise rests on, and until when. */
static void promises_take_the_earliest(void **state)
{
        static const struct {
                act act;
                const char *pieces; /* quantity at day */
                int64_t left, last; /* the last in days */
        } cases[] = {
                {{.quantity = 2}, "2 at 1", 0, 1},
                {{.quantity = 3}, "3 at 1", 0, 1},
                {{.quantity = 4}, "3 at 1, 1 at 2", 0, 2},
                {{.quantity = 100}, "3 at 1, 5 at 2, 7 at 4", 85, 4},
                {{.quantity = 100, .due_us = DAY(2)}, "3 at 1, 5 at 2", 92, 2},
                {{.quantity = 100, .due_us = DAY(2) - 1}, "3 at 1", 97, 1},
                {{.quantity = 100, .due_us = DAY(0)}, "", 100, 0},
                {{.quantity = 100, .only = 5}, "9 at 3", 91, 3}, /* made for one order */
                {{.quantity = 100, .only = 9}, "", 100, 0},
                {{.quantity = 0}, "", 0, 0},
        };
        const struct {
                int64_t source, quantity, due_us, order;
        } supplies[] = {{1, 5, DAY(2), 0}, {2, 3, DAY(1), 0}, {3, 6, 0, 0}, {4, 7, DAY(4), 0},
                {5, 9, DAY(3), 77}};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                act wanted = cases[i].act;
                char text[100] = "";
                size_t used = 0;
                test_world world;

                begin(&world);
                for (size_t n = 0; n < sizeof supplies / sizeof supplies[0]; n++)
                        assert_done(&world,
                                do_act(&world, world.core,
                                        (act){.verb = OPEN,
                                                .source = supplies[n].source,
                                                .quantity = supplies[n].quantity,
                                                .due_us = supplies[n].due_us,
                                                .order_id = supplies[n].order
                                                                    ? test_id(supplies[n].order)
                                                                    : (ocore_id){{0}}}));
                wanted.verb = PROMISE;
                assert_done(&world, do_act(&world, world.core, wanted));
                for (const char *at = promised_text; *at;) { /* times as days */
                        long long quantity, due_us;
                        int size;

                        assert_int_equal(
                                sscanf(at, "%lld at %lld%n", &quantity, &due_us, &size), 2);
                        used += (size_t)snprintf(text + used, sizeof text - used, "%s%lld at %lld",
                                used ? ", " : "", quantity, (due_us - TEST_NOW_US) / TEST_DAY_US);
                        at += size;
                        at += *at ? 2 : 0;
                }
                assert_string_equal(text, cases[i].pieces);
                assert_number(promised_left, cases[i].left);
                assert_number(promised_last_us, cases[i].last ? DAY(cases[i].last) : 0);
                test_close(&world);
        }
}

/* Units of a purchase, of production and of a transfer come from where they are. */
static void incoming_comes_from_its_source(void **state)
{
        test_world world;

        (void)state;
        begin(&world);
        assert_done(&world, do_act(&world, world.core,
                                    (act){.verb = OPEN,
                                            .source = 1,
                                            .quantity = 2,
                                            .kind = OCORE_SOURCE_PRODUCTION,
                                            .due_us = DAY(1)}));
        assert_supplies(&world, "1 2/2", 2);
        assert_done(&world, do_act(&world, world.core,
                                    (act){.verb = OPEN,
                                            .source = 2,
                                            .quantity = 4,
                                            .kind = OCORE_SOURCE_TRANSFER,
                                            .due_us = DAY(1)}));
        assert_supplies(&world, "1 2/2, 2 4/4", 2); /* whoever sends it moves it */
        assert_status(&world,
                do_act(&world, world.core,
                        (act){.verb = OPEN, .source = 2, .quantity = 4, .due_us = DAY(1)}),
                OCORE_EXISTS);
        test_close(&world);
}

/* Two writers: each has read five unpromised, together they want six. */
static void no_unit_is_promised_twice(void **state)
{
        const act three = {.verb = PROMISE, .quantity = 3};
        test_world world;
        ocore_config config;
        ocore_core *other;

        (void)state;
        begin(&world);
        config = world.config;
        assert_int_equal(ocore_open(&config, &other), OCORE_OK);
        assert_done(
                &world, do_act(&world, world.core,
                                (act){.verb = OPEN, .source = 1, .quantity = 5, .due_us = DAY(1)}));
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, do_act(&world, world.core, three));
        assert_int_equal(do_act(&world, other, three), OCORE_OK);
        assert_true(ocore_unit_commit(world.core) < 0);
        assert_supplies(&world, "1 5/2", 5);

        /* What comes meanwhile is no hindrance: nothing is promised that is not there. */
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world,
                do_act(&world, world.core, (act){.verb = LESS, .source = 1, .quantity = 4}));
        assert_int_equal(do_act(&world, other, (act){.verb = PROMISE, .quantity = 1}), OCORE_OK);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_supplies(&world, "1 1/-3", 5);

        /* A promise and an arrival in one unit rest on what was read. */
        assert_done(&world,
                do_act(&world, world.core, (act){.verb = MORE, .source = 1, .quantity = 9}));
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, do_act(&world, world.core, (act){.verb = PROMISE, .quantity = 6}));
        assert_done(&world,
                do_act(&world, world.core, (act){.verb = LESS, .source = 1, .quantity = 1}));
        assert_int_equal(do_act(&world, other, (act){.verb = PROMISE, .quantity = 1}), OCORE_OK);
        assert_true(ocore_unit_commit(world.core) < 0);
        assert_supplies(&world, "1 10/5", 14);
        ocore_close(other);
        test_close(&world);
}

/* Two give back the last of a supply of which nothing is expected: the row goes all the same. */
static void the_last_one_takes_the_row_along(void **state)
{
        const act one = {.verb = GIVE_BACK, .source = 1, .quantity = 1};
        test_world world;
        ocore_config config;
        ocore_core *other;

        (void)state;
        begin(&world);
        config = world.config;
        assert_int_equal(ocore_open(&config, &other), OCORE_OK);
        assert_done(
                &world, do_act(&world, world.core,
                                (act){.verb = OPEN, .source = 1, .quantity = 2, .due_us = DAY(1)}));
        assert_done(&world, do_act(&world, world.core, (act){.verb = PROMISE, .quantity = 2}));
        assert_done(&world,
                do_act(&world, world.core, (act){.verb = LESS, .source = 1, .quantity = 2}));
        assert_supplies(&world, "1 0/-2", 2);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, do_act(&world, world.core, one));
        assert_int_equal(do_act(&world, other, one), OCORE_OK);
        assert_true(ocore_unit_commit(world.core) < 0);
        assert_done(&world, do_act(&world, world.core, one));
        assert_supplies(&world, "", 2);
        ocore_close(other);
        test_close(&world);
}

/* The last of a supply comes while the last of its promises is given back: neither leaves a row
 * that has nothing to say. */
static void what_comes_and_what_is_given_back_take_the_row_along(void **state)
{
        static const act coming = {.verb = LESS, .source = 1, .quantity = 2};
        static const act giving = {.verb = GIVE_BACK, .source = 1, .quantity = 2};
        static const act *const orders[][2] = {{&coming, &giving}, {&giving, &coming}};

        (void)state;
        for (size_t i = 0; i < 2; i++) {
                test_world world;
                ocore_config config;
                ocore_core *other;

                begin(&world);
                config = world.config;
                assert_int_equal(ocore_open(&config, &other), OCORE_OK);
                assert_done(&world,
                        do_act(&world, world.core,
                                (act){.verb = OPEN, .source = 1, .quantity = 2, .due_us = DAY(1)}));
                assert_done(
                        &world, do_act(&world, world.core, (act){.verb = PROMISE, .quantity = 2}));
                assert_done(&world, ocore_unit_begin(world.core));
                assert_done(&world, do_act(&world, world.core, *orders[i][0]));
                assert_int_equal(do_act(&world, other, *orders[i][1]), OCORE_OK);
                assert_true(ocore_unit_commit(world.core) < 0);
                assert_done(&world, do_act(&world, world.core, *orders[i][0]));
                assert_supplies(&world, "", 2);
                ocore_close(other);
                test_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(supplies_follow_what_happens),
                cmocka_unit_test(promises_take_the_earliest),
                cmocka_unit_test(incoming_comes_from_its_source),
                cmocka_unit_test(no_unit_is_promised_twice),
                cmocka_unit_test(the_last_one_takes_the_row_along),
                cmocka_unit_test(what_comes_and_what_is_given_back_take_the_row_along),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
