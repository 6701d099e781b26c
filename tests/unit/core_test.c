/*
 * The handle: what it is opened with is checked member by member, every public function of core.h
 * bears NULL, ids grow whatever the clock does, callbacks cannot call back, and two tenants on one
 * store cannot see, count or change anything of each other.
 */
#include "draft.h"
#include "rows.h"

#include "inventory/inventory.h"

#include <ordercore/fault_store.h>

static int64_t clock_of(void *user_data)
{
        return *(const int64_t *)user_data;
}

static int64_t fixed_us = TEST_NOW_US;

typedef struct larger_config {
        ocore_config config;
        int64_t more;
} larger_config;

static void spoil_config(ocore_config *config, size_t n)
{
        static ocore_store_ops ops;

        ops = *config->store.ops;
        switch (n) {
        case 0: config->struct_size = 0; break;
        case 1: config->struct_size = sizeof(size_t); break;
        case 2: config->struct_size = sizeof *config * 17; break;
        case 3: config->struct_size = SIZE_MAX; break;
        case 4: config->store.ops = NULL; break;
        case 5:
                ops.struct_size = 0;
                config->store.ops = &ops;
                break;
        case 6:
                ops.read = NULL;
                config->store.ops = &ops;
                break;
        case 7:
                ops.write = NULL;
                config->store.ops = &ops;
                break;
        case 8:
                ops.open = NULL;
                config->store.ops = &ops;
                break;
        case 9: config->clock = NULL; break;
        case 10: config->tenant = -1; break;
        case 11: config->tenant = ((int64_t)1 << 53) + 1; break;
        case 12: config->lines_max = -1; break;
        case 13: config->lines_max = 1000001; break;
        case 14: config->attempts_max = -1; break;
        case 15: config->effect_attempts_max = -1; break;
        case 16: config->effect_retry_us = -1; break;
        case 17: config->cache_rows = -2; break;
        case 18: config->actor = (ocore_str){NULL, 3}; break;
        case 19: config->actor = STR("\xff"); break;
        case 20: config->actor = STR("a\nb"); break;
        case 21:
                config->actor.size = 65;
                config->actor.data = (const char *)&fixed_us;
                break;
        case 22: config->effects_off = 2; break;
        case 23: config->cards_allowed = -1; break;
        case 24:
                ops.name = NULL;
                config->store.ops = &ops;
                break;
        default: fail();
        }
}

static void every_member_is_checked(void **state)
{
        larger_config larger = {.config = {.struct_size = sizeof larger,
                                        .clock = clock_of,
                                        .clock_data = &fixed_us,
                                        .tenant = (int64_t)1 << 53}};
        ocore_core *core = (ocore_core *)&larger;

        (void)state;
        test_store_open(NULL, &larger.config.store);
        for (size_t n = 0; n < 25; n++) {
                ocore_config config = larger.config;

                config.struct_size = sizeof config;
                spoil_config(&config, n);
                core = (ocore_core *)&larger;
                if (ocore_open(&config, &core) != OCORE_INVALID)
                        fail_msg("wrong member %zu is taken", n);
                assert_null(core);
        }
        assert_int_equal(ocore_open(NULL, &core), OCORE_INVALID);
        assert_null(core);
        assert_int_equal(ocore_open(&larger.config, NULL), OCORE_INVALID);
        larger.more = 1; /* of a library to come */
        assert_int_equal(ocore_open(&larger.config, &core), OCORE_INVALID);
        assert_null(core);
        larger.more = 0;
        assert_int_equal(ocore_open(&larger.config, &core), OCORE_OK);
        ocore_close(core);
        larger.config.struct_size = offsetof(ocore_config, effects_off); /* of an older one */
        assert_int_equal(ocore_open(&larger.config, &core), OCORE_OK);
        ocore_close(core);
        ocore_store_close(larger.config.store);
}

static void null_is_borne(void **state)
{
        ocore_pumped pumped = {1, 1, 1, 1};
        int64_t number = 5;
        ocore_id id = test_id(1);
        test_world world;

        (void)state;
        ocore_close(NULL);
        assert_null(ocore_last_error(NULL));
        assert_null(ocore_error_at(NULL, 0));
        assert_int_equal(ocore_error_count(NULL), 0);
        assert_int_equal(ocore_id_make(NULL, &id), OCORE_INVALID);
        assert_same_id(id, (ocore_id){{0}});
        assert_int_equal(ocore_unit_begin(NULL), OCORE_INVALID);
        assert_int_equal(ocore_unit_commit(NULL), OCORE_INVALID);
        assert_int_equal(ocore_unit_cancel(NULL), OCORE_INVALID);
        assert_int_equal(ocore_pump(NULL, 0, &pumped), OCORE_INVALID);
        assert_int_equal(pumped.told + pumped.failed + pumped.dead + pumped.holds_lapsed, 0);
        assert_int_equal(ocore_next_due(NULL, &number), OCORE_INVALID);
        assert_number(number, INT64_MAX);
        number = 5;
        assert_int_equal(ocore_verify(NULL, NULL, NULL, &number), OCORE_INVALID);
        assert_number(number, 0);
        test_open(&world);
        assert_int_equal(ocore_id_make(world.core, NULL), OCORE_INVALID);
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_status(&world, ocore_next_due(world.core, NULL), OCORE_INVALID);
        assert_done(&world, ocore_verify(world.core, NULL, NULL, NULL));
        assert_int_equal(ocore_error_count(world.core), 0);
        assert_null(ocore_error_at(world.core, 0));
        assert_number(ocore_last_error(world.core)->status, OCORE_OK);
        test_close(&world);
}

static void an_error_lasts_until_the_next_call(void **state)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = STR("none")};
        test_world world;

        (void)state;
        test_open(&world);
        assert_refused(&world, ocore_product_get(world.core, &key, NULL), OCORE_NOT_FOUND, "sku");
        assert_int_equal(ocore_error_count(world.core), 1);
        assert_ptr_equal(ocore_error_at(world.core, 0), ocore_last_error(world.core));
        assert_number(ocore_last_error(world.core)->store_code, 0);
        shop_goods(&world, "none", NULL);
        assert_int_equal(ocore_error_count(world.core), 0);
        test_close(&world);
}

static int64_t time_of(ocore_id id)
{
        int64_t ms = 0;

        for (int i = 0; i < 6; i++)
                ms = ms << 8 | id.bytes[i];
        return ms;
}

static void ids_grow_whatever_the_clock_does(void **state)
{
        ocore_id last = {{0}}, id;
        test_world world;

        (void)state;
        test_open(&world);
        for (int i = 0; i < 20000; i++) {
                if (i == 5000)
                        world.now_us -= TEST_DAY_US;
                if (i == 10000)
                        world.now_us = 0;
                if (i == 15000)
                        world.now_us = TEST_NOW_US + TEST_DAY_US;
                assert_done(&world, ocore_id_make(world.core, &id));
                assert_true(memcmp(id.bytes, last.bytes, 16) > 0);
                assert_int_equal(id.bytes[6] >> 4, 7); /* version */
                assert_int_equal(id.bytes[8] >> 6, 2); /* variant */
                last = id;
        }
        assert_number(time_of(id), (TEST_NOW_US + TEST_DAY_US) / 1000 + 5000 / 4096);
        test_close(&world);
}

static int no_randomness(void *user_data, void *bytes, size_t size)
{
        (void)user_data;
        memset(bytes, 0xff, size);
        return -1;
}

static void without_randomness_there_is_no_id(void **state)
{
        const ocore_config failing = {.tenant = 1, .random = no_randomness};
        ocore_id id = test_id(1);
        ocore_core *core;
        test_world world;

        (void)state;
        test_open_with(&world, &failing);
        assert_refused(&world, ocore_id_make(world.core, &id), OCORE_INVALID, "random");
        assert_same_id(id, (ocore_id){{0}});
        world.config.random = NULL;
        assert_int_equal(ocore_open(&world.config, &core), OCORE_OK);
        id = test_id(1);
        assert_int_equal(ocore_id_make(core, &id), OCORE_INVALID);
        assert_same_id(id, (ocore_id){{0}});
        ocore_close(core);
        test_close(&world);
}

/* A callback that calls everything back, once it is told to. */
typedef struct caller {
        ocore_core *core;
        int64_t now_us;
        int on;
        int called;
} caller;

static void call_back(caller *from)
{
        const ocore_empty_request request = {sizeof request};
        const ocore_site_list *sites = (const ocore_site_list *)from;
        ocore_pumped pumped;
        int64_t number;
        ocore_id id;

        if (!from->on)
                return;
        from->called++;
        assert_int_equal(ocore_site_list_all(from->core, &request, &sites), OCORE_REENTRANT);
        assert_null(sites);
        assert_int_equal(ocore_unit_begin(from->core), OCORE_REENTRANT);
        assert_int_equal(ocore_unit_commit(from->core), OCORE_REENTRANT);
        assert_int_equal(ocore_unit_cancel(from->core), OCORE_REENTRANT);
        assert_int_equal(ocore_pump(from->core, 0, &pumped), OCORE_REENTRANT);
        assert_int_equal(ocore_next_due(from->core, &number), OCORE_REENTRANT);
        assert_int_equal(ocore_verify(from->core, NULL, NULL, &number), OCORE_REENTRANT);
        assert_int_equal(ocore_id_make(from->core, &id), OCORE_REENTRANT);
        ocore_close(from->core); /* is passed over */
}

static int64_t calling_clock(void *user_data)
{
        call_back(user_data);
        return ((caller *)user_data)->now_us;
}

static int calling_tell(void *user_data, const ocore_effect *effect)
{
        (void)effect;
        call_back(user_data);
        return 0;
}

static int calling_random(void *user_data, void *bytes, size_t size)
{
        memset(bytes, 1, size);
        call_back(user_data);
        return 0;
}

static int calling_finding(void *user_data, const ocore_finding *finding)
{
        (void)finding;
        call_back(user_data);
        return 0;
}

static void callbacks_cannot_call_back(void **state)
{
        caller from = {.now_us = TEST_NOW_US};
        const ocore_config config = {.tenant = 1,
                .clock = calling_clock,
                .clock_data = &from,
                .random = calling_random,
                .random_data = &from,
                .tell = calling_tell,
                .tell_data = &from};
        ocore_pumped pumped;
        test_world world;
        ocore_id id;

        (void)state;
        test_open_with(&world, &config);
        from.core = world.core;
        shop_goods(&world, "A", "1.00 EUR");
        shop_site(&world, "north", 1);
        shop_receive(&world, "A", "north", "5");
        from.on = 1;
        assert_done(&world, draft_place(&world, "A", "1"));
        assert_int_equal(from.called, 1);
        assert_done(&world, ocore_id_make(world.core, &id));
        from.called = 0;
        assert_status(&world, ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.told, 1);
        assert_true(from.called >= 1);
        from.on = 0;
        assert_verified(&world);
        {
                const ocore_stock lost = {.sku = STR("A"), .site = STR("lost"), .available = 1};
                int64_t count;

                test_insert(&world, &ocore__stock_table, &lost); /* no move says where it is from */
                from.on = 1;
                from.called = 0;
                assert_status(&world, ocore_verify(world.core, calling_finding, &from, &count),
                        OCORE_CORRUPT);
                assert_true(count > 0);
                assert_int_equal(from.called, count);
        }
        from.on = 0;
        test_close(&world);
}

static void a_clock_before_1970_is_no_time(void **state)
{
        const ocore_config config = {.tenant = 1};
        int64_t due_us;
        ocore_core *teller;
        ocore_pumped pumped;
        caller from = {.now_us = 0};
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        world.now_us = 0; /* a till whose clock was never set */
        shop_goods(&world, "A", "1.00 EUR");
        shop_site(&world, "north", 1);
        shop_receive(&world, "A", "north", "5");
        assert_done(&world, draft_place(&world, "A", "1"));
        world.now_us = -5;
        assert_done(&world, draft_place(&world, "A", "1"));
        world.config.tell = calling_tell;
        world.config.tell_data = &from;
        assert_int_equal(ocore_open(&world.config, &teller), OCORE_OK);
        assert_int_equal(ocore_next_due(teller, &due_us), OCORE_OK);
        assert_number(due_us, 1);
        assert_int_equal(ocore_pump(teller, 0, &pumped), OCORE_DONE);
        assert_number(pumped.told, 2);
        ocore_close(teller);
        sale_close(&world);
}

/* Neither this order and hold, nor any product, site or balance. */
static void assert_sees_nothing(test_world *two, ocore_id order_id, ocore_id hold_id)
{
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = order_id};
        const ocore_product_key product = {.struct_size = sizeof product, .sku = STR("cup")};
        const ocore_empty_request empty = {sizeof empty};
        const ocore_stock_list_request stock = {.struct_size = sizeof stock};
        const ocore_page_request page = {.struct_size = sizeof page};
        const ocore_hold_key hold = {sizeof hold, hold_id};
        const ocore_order_cancel_request cancel = {
                .struct_size = sizeof cancel, .id = test_next_id(two), .order_id = order_id};
        const ocore_hold_release_request release = {sizeof release, test_next_id(two), hold_id};
        const ocore_site_list *sites;
        const ocore_stock_list *balances;
        const ocore_product_list *products;

        assert_refused(two, ocore_order_get(two->core, &key, NULL), OCORE_NOT_FOUND, "order_id");
        assert_refused(
                two, ocore_order_timeline(two->core, &key, NULL), OCORE_NOT_FOUND, "order_id");
        assert_refused(
                two, ocore_order_cancel(two->core, &cancel, NULL), OCORE_NOT_FOUND, "order_id");
        assert_refused(two, ocore_hold_get(two->core, &hold, NULL), OCORE_NOT_FOUND, "hold_id");
        assert_refused(
                two, ocore_hold_release(two->core, &release, NULL), OCORE_NOT_FOUND, "hold_id");
        assert_refused(two, ocore_product_get(two->core, &product, NULL), OCORE_NOT_FOUND, "sku");
        assert_done(two, ocore_site_list_all(two->core, &empty, &sites));
        assert_int_equal(sites->site_count, 0);
        assert_done(two, ocore_stock_list_page(two->core, &stock, &balances));
        assert_int_equal(balances->stock_count, 0);
        assert_done(two, ocore_product_list_page(two->core, &page, &products));
        assert_int_equal(products->product_count, 0);
        assert_int_equal(draft_orders(two), 0);
}

static void tenants_are_apart(void **state)
{
        const sale_line line = {"cup", "2"};
        ocore_config config;
        test_world one, two;
        ocore_id order_id, hold_id;
        int64_t count;

        (void)state;
        sale_open(&one);
        config = (ocore_config){.tenant = 2, .store = one.store, .actor = STR("other")};
        test_open_with(&two, &config);
        order_id = sale_place(&one, &line, 1, "post");
        {
                const ocore_hold_request_line held = {STR("tea"), {3, 0, 0}};
                const ocore_hold_request request = {.struct_size = sizeof request,
                        .id = test_next_id(&one),
                        .expires_us = one.now_us + 5,
                        .lines = &held,
                        .line_count = 1,
                        .line_stride = sizeof held};

                assert_done(&one, ocore_hold_place(one.core, &request, NULL));
                hold_id = request.id;
        }
        assert_sees_nothing(&two, order_id, hold_id);
        two.now_us += TEST_DAY_US; /* the hold of the other is none of its business */
        assert_done(&two, ocore_next_due(two.core, &count));
        assert_number(count, INT64_MAX);
        assert_status(&two, ocore_pump(two.core, 0, NULL), OCORE_DONE);
        assert_number(shop_stock(&one, "tea", "north").held, 3);
        /* The same ids, codes and numbers are free to it. */
        two.next_id = 1000001;
        shop_site(&two, "north", 1);
        shop_goods(&two, "cup", "1.00 EUR");
        shop_receive(&two, "cup", "north", "1");
        assert_done(&two, draft_place(&two, "cup", "1"));
        assert_refused(
                &two, draft_place(&two, "cup", "1"), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_number(shop_stock(&one, "cup", "north").available, 1);
        assert_verified(&two);
        assert_text(sale_event(&one, order_id, 0).actor, "test");
        test_close(&two);
        sale_close(&one);
}

/* Opening asks for the policy row: whatever the store does, there is a core that works or none. */
static void opening_survives_a_failing_store(void **state)
{
        static const int64_t kinds[] = {OCORE_FAULT_FAIL, OCORE_FAULT_APPLIED, OCORE_FAULT_LOST,
                OCORE_FAULT_MISSING, OCORE_FAULT_REFUSAL};

        (void)state;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
                for (int64_t at = 1; at < 6; at++) {
                        ocore_fault_plan plan = {.struct_size = sizeof plan,
                                .kind = kinds[i],
                                .at = at,
                                .calls =
                                        OCORE_FAULT_READS | OCORE_FAULT_WRITES | OCORE_FAULT_OPENS};
                        ocore_config config = {.struct_size = sizeof config,
                                .clock = clock_of,
                                .clock_data = &fixed_us};
                        ocore_store inner;
                        ocore_core *core;
                        int status;

                        test_store_open(NULL, &inner);
                        assert_int_equal(ocore_fault_store(inner, &plan, &config.store), OCORE_OK);
                        status = ocore_open(&config, &core);
                        assert_int_equal(core == NULL, status != OCORE_OK);
                        assert_true(status <= 0);
                        plan.kind = 0;
                        if (status)
                                assert_int_equal(ocore_open(&config, &core), OCORE_OK);
                        {
                                /* An order rests on the policy row, which opening made. */
                                const ocore_product_request wrap = {.struct_size = sizeof wrap,
                                        .id = test_id(7),
                                        .sku = STR("wrap"),
                                        .name = STR("wrap"),
                                        .kind = OCORE_PRODUCT_SERVICE};
                                const ocore_draft_line line = {.sku = STR("wrap"),
                                        .quantity = {1, 0, 0},
                                        .unit_price = {1, "EUR", 0}};
                                const ocore_order_draft draft = {.struct_size = sizeof draft,
                                        .id = test_id(8),
                                        .currency = STR("EUR"),
                                        .lines = &line,
                                        .line_count = 1,
                                        .line_stride = sizeof line};

                                assert_int_equal(ocore_product_put(core, &wrap, NULL), OCORE_OK);
                                assert_int_equal(ocore_order_place(core, &draft, NULL), OCORE_OK);
                        }
                        ocore_close(core);
                        ocore_store_close(config.store);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_member_is_checked),
                cmocka_unit_test(null_is_borne),
                cmocka_unit_test(an_error_lasts_until_the_next_call),
                cmocka_unit_test(ids_grow_whatever_the_clock_does),
                cmocka_unit_test(without_randomness_there_is_no_id),
                cmocka_unit_test(callbacks_cannot_call_back),
                cmocka_unit_test(a_clock_before_1970_is_no_time),
                cmocka_unit_test(tenants_are_apart),
                cmocka_unit_test(opening_survives_a_failing_store),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
