/*
 * What is to be obeyed: wishes and channels become one list of sites, each refusal points at its
 * field. And taking what was chosen: of two cores none gets at the safety stock, whichever lots it
 * lies in, and a unit of several commands is not refused for what it left behind itself.
 */
#include "shelf.h"

#include "engine/procedure.h"
#include "pair.h"

static const ocore_channel channels[] = {
        {.strategy = OCORE_ALLOCATE_MOST_STOCK, .priority = 3, .currency = STR_INIT("EUR")},
        {.channel = STR_INIT("shop"),
                .strategy = OCORE_ALLOCATE_FEWEST_SPLITS,
                .short_action = OCORE_SHORT_BACKORDER,
                .no_split = 1,
                .ship_complete = 1,
                .priority = 7,
                .currency = STR_INIT("CHF")},
};
static const ocore_channel_site channel_sites[] = {
        {.channel = STR_INIT("shop"), .rank = 1, .site = STR_INIT("d")},
        {.channel = STR_INIT("shop"), .rank = 2, .site = STR_INIT("a"), .excluded = 1},
        {.channel = STR_INIT("shop"), .rank = 3, .site = STR_INIT("c")},
        {.channel = STR_INIT("till"), .rank = 1, .site = STR_INIT("a")},
};
/* By priority: c, a, b, d; e is closed and f a supplier's. North to south from a. */
static const ocore_site sites[] = {
        {.site = STR_INIT("a"), .priority = 2, .located = 1, .latitude_e7 = 400000000},
        {.site = STR_INIT("b"), .priority = 2, .located = 1, .latitude_e7 = 300000000},
        {.site = STR_INIT("c"), .priority = 1},
        {.site = STR_INIT("d"), .priority = 9, .located = 1, .latitude_e7 = 100000000},
        {.site = STR_INIT("e"), .priority = 0, .closed = 1},
        {.site = STR_INIT("f"), .priority = 0, .supplier = STR_INIT("acme")},
};
static const ocore_site_cost costs[] = {
        {.site = STR_INIT("a"), .currency = STR_INIT("EUR"), .shipment_minor = 1},
        {.site = STR_INIT("a"),
                .country = STR_INIT("DE"),
                .currency = STR_INIT("EUR"),
                .shipment_minor = 2},
        {.site = STR_INIT("a"),
                .country = STR_INIT("FR"),
                .currency = STR_INIT("EUR"),
                .shipment_minor = 3},
        {.site = STR_INIT("b"), .country = STR_INIT("FR"), .currency = STR_INIT("EUR")},
        {.site = STR_INIT("c"), .currency = STR_INIT("USD"), .shipment_minor = 5},
        {.site = STR_INIT("d"), .currency = STR_INIT("EUR"), .shipment_minor = 4},
        {.site = STR_INIT("gone"), .currency = STR_INIT("EUR")},
};

static void open_sites(shelf_world *all)
{
        shelf_open(all, NULL);
        TEST_GROUP(&all->sites, &ocore__site_table, sites);
        TEST_GROUP(&all->channels, &ocore__channel_table, channels);
        TEST_GROUP(&all->channel_sites, &ocore__channel_site_table, channel_sites);
        TEST_GROUP(&all->costs, &ocore__site_cost_table, costs);
}

static void check_sites(const shelf_world *all, const char *wanted, size_t preferred)
{
        char text[16] = "";
        size_t count = 0;

        for (size_t i = 0; i < all->sourcing.site_count; i++)
                text[i] = *all->sourcing.sites[i]->site.data;
        assert_string_equal(text, wanted);
        assert_int_equal(all->sourcing.preferred_count, preferred);
        assert_int_equal(all->sourcing.all_count, sizeof sites / sizeof sites[0]);
        for (size_t i = 0; i < all->sourcing.all_count; i++) {
                const ocore__source_site *site = &all->sourcing.all_sites[i];

                assert_ptr_equal(ocore__source_site_find(&all->sourcing, site->site->site), site);
                if (site->barred)
                        continue;
                count++;
                assert_ptr_equal(all->sourcing.sites[site->position], site->site);
        }
        assert_int_equal(count, all->sourcing.site_count);
        assert_null(ocore__source_site_find(&all->sourcing, STR("")));
        assert_null(ocore__source_site_find(&all->sourcing, STR("bb")));
}

static int64_t barred(const shelf_world *all, const char *site)
{
        return ocore__source_site_find(&all->sourcing, shelf_text(site))->barred;
}

static void the_order_speaks_before_its_channel(void **state)
{
        static const ocore_site_wish wishes[] = {{STR_INIT("b"), 0}, {STR_INIT("c"), 1},
                {STR_INIT("a"), 0}, {STR_INIT("a"), 1}, {STR_INIT("e"), 0}};
        shelf_world all;

        (void)state;
        open_sites(&all);
        /* The general row. */
        assert_done(&all.world, shelf_resolve(&all, 0, "mail"));
        check_sites(&all, "cabd", 0);
        assert_int_equal(all.sourcing.strategy, OCORE_ALLOCATE_MOST_STOCK);
        assert_int_equal(all.sourcing.priority, 3);
        assert_int_equal(barred(&all, "e"), OCORE_SITE_CLOSED);
        assert_int_equal(barred(&all, "f"), OCORE_SITE_SUPPLIER);
        /* Its own row, and its sites. */
        assert_done(&all.world, shelf_resolve(&all, 0, "shop"));
        check_sites(&all, "dcb", 2);
        assert_int_equal(all.sourcing.strategy, OCORE_ALLOCATE_FEWEST_SPLITS);
        assert_int_equal(all.sourcing.short_action, OCORE_SHORT_BACKORDER);
        assert_true(all.sourcing.no_split && all.sourcing.ship_complete);
        assert_int_equal(all.sourcing.priority, 7);
        assert_text(all.sourcing.channel, "shop");
        assert_text(all.sourcing.currency, "EUR");
        assert_int_equal(barred(&all, "a"), OCORE_SITE_EXCLUDED);
        /* The order's words. */
        all.wishes = (ocore__sourcing_wishes){.short_action = OCORE_SHORT_REFUSE,
                .priority = 1,
                .sites = wishes,
                .site_count = 5,
                .site_stride = sizeof wishes[0]};
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_PRIORITY, "shop"));
        check_sites(&all, "bad", 3);
        assert_int_equal(all.sourcing.strategy, OCORE_ALLOCATE_PRIORITY);
        assert_int_equal(all.sourcing.short_action, OCORE_SHORT_REFUSE);
        assert_int_equal(all.sourcing.priority, 1);
        assert_true(all.sourcing.no_split);
        assert_int_equal(barred(&all, "c"), OCORE_SITE_EXCLUDED);
        assert_int_equal(barred(&all, "e"), OCORE_SITE_CLOSED);
        shelf_close(&all);
}

static void without_channels_priority_counts(void **state)
{
        shelf_world all;

        (void)state;
        open_sites(&all);
        test_group(&all.channels, &ocore__channel_table, NULL, 0);
        assert_done(&all.world, shelf_resolve(&all, 0, "till"));
        check_sites(&all, "cabd", 0);
        assert_int_equal(all.sourcing.strategy, OCORE_ALLOCATE_PRIORITY);
        assert_null(all.sourcing.rules);
        shelf_close(&all);
}

static void the_nearest_is_asked_first(void **state)
{
        static const ocore_site_wish wish = {STR_INIT("d"), 0};
        shelf_world all;

        (void)state;
        open_sites(&all);
        all.wishes = (ocore__sourcing_wishes){.located = 1, .latitude_e7 = 320000000};
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_NEAREST, NULL));
        check_sites(&all, "badc", 0); /* nobody knows where c is */
        all.wishes.sites = &wish;
        all.wishes.site_count = 1;
        all.wishes.site_stride = sizeof wish;
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_NEAREST, NULL));
        check_sites(&all, "dbac", 1);
        shelf_close(&all);
}

static void only_sites_with_a_cost_compete_by_cost(void **state)
{
        const ocore_site_cost *const *of;
        ocore_str currency;
        shelf_world all;

        (void)state;
        open_sites(&all);
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_LOWEST_COST, NULL));
        check_sites(&all, "ad", 0);
        assert_int_equal(barred(&all, "b"), OCORE_SITE_NO_COST);
        assert_int_equal(barred(&all, "c"), OCORE_SITE_NO_COST);
        assert_int_equal(barred(&all, "e"), OCORE_SITE_CLOSED);
        assert_number(ocore__source_site_find(&all.sourcing, STR("a"))->cost->shipment_minor, 2);
        assert_int_equal(ocore__site_costs(&all.work, &all.sourcing, &currency, &of), OCORE_OK);
        assert_text(currency, "EUR");
        assert_number(of[0]->shipment_minor, 2);
        assert_null(of[1]);
        assert_null(of[2]);
        assert_number(of[3]->shipment_minor, 4);
        /* Without a currency the channel's counts, else that of the first cost. */
        assert_int_equal(ocore__sourcing_resolve(&all.work, &all.view,
                                 &(ocore__sourcing_wishes){.strategy = OCORE_ALLOCATE_LOWEST_COST},
                                 STR("shop"), STR("FR"), (ocore_str){NULL, 0}, &all.sourcing),
                OCORE_OK);
        assert_text(all.sourcing.currency, "CHF");
        check_sites(&all, "dcb", 2); /* none has a cost in it: all are asked */
        test_group(&all.channels, &ocore__channel_table, NULL, 0);
        assert_int_equal(ocore__sourcing_resolve(&all.work, &all.view,
                                 &(ocore__sourcing_wishes){.strategy = OCORE_ALLOCATE_LOWEST_COST},
                                 STR("shop"), STR("FR"), (ocore_str){NULL, 0}, &all.sourcing),
                OCORE_OK);
        assert_text(all.sourcing.currency, "EUR");
        check_sites(&all, "abd", 0);
        shelf_close(&all);
}

static void what_cannot_be_is_refused(void **state)
{
        static const ocore_site_wish wishes[] = {{STR_INIT("a"), 0}, {STR_INIT("q"), 0}};
        shelf_world all;

        (void)state;
        open_sites(&all);
        assert_refused(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_NEAREST, NULL), OCORE_INVALID,
                "strategy");
        ocore__refusals_clear(&all.work);
        assert_refused(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_HOST, NULL), OCORE_INVALID,
                "strategy");
        ocore__refusals_clear(&all.work);
        all.wishes.sites = wishes;
        all.wishes.site_count = 2;
        all.wishes.site_stride = sizeof wishes[0];
        assert_refused(&all.world, shelf_resolve(&all, 0, NULL), OCORE_NOT_FOUND, "sites[1].site");
        shelf_close(&all);
}

/* A command of the test: takes an amount of a product out of sale, in a channel. */
typedef struct take_request {
        size_t struct_size;
        ocore_id id;
        ocore_str sku;
        ocore_str channel;
        ocore_str lot;
        int64_t quantity;
        int64_t strategy;
} take_request;

static const ocore_field take_fields[] = {
        OCORE__FIELD_KEY(take_request),
        OCORE__FIELD(take_request, sku, TEXT, 0, "which product"),
        OCORE__FIELD(take_request, channel, TEXT, 0, "in which channel"),
        OCORE__FIELD(take_request, lot, TEXT, 0, "which lot"),
        OCORE__FIELD(take_request, quantity, INTEGER, 0, "how much"),
        OCORE__FIELD(take_request, strategy, INTEGER, 0, "how"),
};
static const ocore_record take_record = OCORE__RECORD("take", take_request, take_fields, 0);

static int take(ocore__work *work, const void *args, const void **answer)
{
        const take_request *request = args;
        const ocore_cell sku = ocore__cell_text(request->sku);
        ocore__want_line want = {
                .sku = request->sku, .lot = request->lot, .quantity = request->quantity};
        ocore__group *policy, *products, *stock, *rules;
        ocore__sourcing_view view;
        ocore__sourcing sourcing;
        ocore__source_piece *pieces;
        size_t count;
        int status = ocore__consult_policy(work, &policy);

        if (!status)
                status = ocore__sourcing_consult(work, &view);
        if (!status)
                status = ocore__consult(work, &ocore__product_table, sku, &products);
        if (!status)
                status = ocore__consult(work, &ocore__stock_rule_table, sku, &rules);
        if (!status)
                status = ocore__want_balance(work, &ocore__stock_table, sku, &stock);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        ocore__rely(work, ocore__first(policy));
        ocore__rely(work, ocore__first(products));
        want.stock = stock;
        want.rules = rules;
        status = ocore__sourcing_resolve(work, &view,
                &(ocore__sourcing_wishes){.strategy = request->strategy}, request->channel, STR(""),
                STR(""), &sourcing);
        if (!status)
                status = ocore__sourcing_choose(work, &sourcing, &want, 1, &pieces, &count);
        for (size_t i = 0; !status && i < count; i++)
                status = ocore__sourcing_take(
                        work, &pieces[i], OCORE_BUCKET_DAMAGED, (ocore_id){{0}});
        ocore__event(work, work->id, 1, OCORE_EVENT_STOCK_MOVED, (ocore_str){NULL, 0});
        return status ? status : ocore__stock_moves_answer(work, answer);
}

static const ocore__procedure take_procedure = {
        &take_record, &ocore__stock_moves_record, take, OCORE__COMMAND | OCORE__GUESSES};

static int run_request(test_world *world, take_request request)
{
        const void *answer;

        request.struct_size = sizeof request;
        request.id = test_next_id(world);
        return ocore__call(world->core, &take_procedure, &request, &answer);
}

static int run_take(test_world *world, const char *sku, const char *channel, int64_t quantity)
{
        return run_request(world, (take_request){.sku = ocore_str_of(sku),
                                          .channel = ocore_str_of(channel),
                                          .quantity = quantity});
}

static void put_rule(test_world *world, const char *sku, const char *channel, int64_t safety)
{
        const ocore_stock_rule_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .channel = ocore_str_of(channel),
                .safety = {.amount = safety}};

        assert_done(world, ocore_stock_rule_put(world->core, &request, NULL));
}

/* What the second core does before the next write of the first. */
static void take_two(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, run_take(&both->b, "cup", "", 2));
}

static void take_two_jams(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, run_take(&both->b, "jam", "", 2));
}

static void the_store_keeps_the_safety_stock(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0); /* 10 cups at north */
        put_rule(&both.a, "cup", "", 4);
        both.store.before = take_two;
        both.store.user_data = &both;
        assert_refused(
                &both.a, run_take(&both.a, "cup", "", 5), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_number(shop_stock(&both.b, "cup", "north").available, 8);
        both.store.before = take_two;
        assert_done(&both.a, run_take(&both.a, "cup", "", 2));
        assert_number(shop_stock(&both.b, "cup", "north").available, 4);
        /* What is remembered may be old: it is read again before anything is refused or written. */
        shop_receive(&both.b, "cup", "north", "1");
        assert_done(&both.a, run_take(&both.a, "cup", "", 1));
        assert_int_equal(run_take(&both.a, "cup", "", 1), OCORE_OUT_OF_STOCK);
        assert_number(shop_stock(&both.b, "cup", "north").available, 4);
        pair_close(&both);
}

static void take_the_last_lot(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b,
                run_request(&both->b,
                        (take_request){.sku = STR("jam"), .lot = STR("3"), .quantity = 4}));
}

static void receive_lot(test_world *world, const char *lot, const char *quantity)
{
        const ocore_stock_line line = {.sku = STR("jam"),
                .site = STR("north"),
                .lot = ocore_str_of(lot),
                .quantity = test_quantity(quantity)};
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_stock_receive(world->core, &request, NULL));
        world->now_us += 1;
}

static int64_t all_available(test_world *world)
{
        const ocore_stock_list_request request = {.struct_size = sizeof request, .sku = STR("jam")};
        const ocore_stock_list *list;
        int64_t sum = 0;

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (size_t i = 0; i < list->stock_count; i++)
                sum += list->stock[i]->available;
        return sum;
}

/* Three lots of 4; 5 stay at the site: all of the last and one of the second. */
static void safety_stock_in_several_lots(void **state)
{
        ocore_product_request product = {.struct_size = sizeof product,
                .sku = STR("jam"),
                .name = STR("Jam"),
                .tracking = OCORE_TRACKING_LOT};
        pair both;

        (void)state;
        pair_open(&both, 0);
        product.id = test_next_id(&both.a);
        assert_done(&both.a, ocore_product_put(both.a.core, &product, NULL));
        receive_lot(&both.a, "1", "4");
        receive_lot(&both.a, "2", "4");
        receive_lot(&both.a, "3", "4");
        put_rule(&both.a, "jam", "", 5);
        both.store.before = take_two_jams;
        both.store.user_data = &both;
        assert_done(&both.a, run_take(&both.a, "jam", "", 5)); /* after the other's 2 of 7 */
        assert_number(all_available(&both.b), 5);
        assert_int_equal(run_take(&both.a, "jam", "", 1), OCORE_OUT_OF_STOCK);
        /* The lot that is to be kept is what the other takes from meanwhile. */
        receive_lot(&both.b, "1", "3");
        both.store.before = take_two_jams;
        assert_done(&both.a, run_take(&both.a, "jam", "", 1));
        assert_number(all_available(&both.b), 5);
        receive_lot(&both.b, "1", "2");
        both.store.before = take_two_jams;
        assert_int_equal(run_take(&both.a, "jam", "", 1), OCORE_OUT_OF_STOCK);
        assert_number(all_available(&both.b), 5);
        /* A lot that nobody here takes from, but whose units are part of what stays. */
        receive_lot(&both.b, "1", "7");
        both.store.before = take_the_last_lot;
        assert_int_equal(run_take(&both.a, "jam", "", 4), OCORE_OUT_OF_STOCK);
        assert_number(all_available(&both.b), 8);
        pair_close(&both);
}

/* The host is asked within a command: it cannot call back, and what it chooses is taken. */
static int choose_last(void *user_data, const ocore_allocate_line *lines, size_t line_count,
        ocore_allocate_choice *choices, size_t choice_count)
{
        const ocore_empty_request empty = {sizeof empty};

        assert_int_equal(
                ocore_site_list_all(*(ocore_core **)user_data, &empty, NULL), OCORE_REENTRANT);
        assert_int_equal(line_count, 1);
        choices[choice_count - 1].taken = lines[0].quantity;
        return 0;
}

static void the_host_cannot_call_back(void **state)
{
        ocore_core *core = NULL;
        const ocore_config config = {
                .struct_size = sizeof config, .allocate = choose_last, .allocate_data = &core};
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        core = world.core;
        shop_site(&world, "north", 1);
        shop_site(&world, "south", 2);
        shop_goods(&world, "cup", "7.00 EUR");
        shop_receive(&world, "cup", "north", "10");
        shop_receive(&world, "cup", "south", "10");
        assert_done(&world, run_request(&world, (take_request){.sku = STR("cup"),
                                                        .quantity = 3,
                                                        .strategy = OCORE_ALLOCATE_HOST}));
        assert_number(shop_stock(&world, "cup", "south").available, 7);
        assert_refused(&world,
                run_request(&world, (take_request){.sku = STR("cup"),
                                            .quantity = 11,
                                            .strategy = OCORE_ALLOCATE_HOST}),
                OCORE_INVALID, "strategy");
        assert_number(shop_stock(&world, "cup", "south").available, 7);
        assert_verified(&world);
        test_close(&world);
}

/* A unit: what is left for one channel is taken by another, in the same write. */
static void a_unit_keeps_the_last_word(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 1);
        put_rule(&both.a, "cup", "", 4);
        put_rule(&both.a, "cup", "shop", 0);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, run_take(&both.a, "cup", "till", 6));
        assert_int_equal(run_take(&both.a, "cup", "till", 1), OCORE_OUT_OF_STOCK);
        assert_done(&both.a, run_take(&both.a, "cup", "shop", 3));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(shop_stock(&both.b, "cup", "north").available, 1);
        pair_close(&both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_order_speaks_before_its_channel),
                cmocka_unit_test(without_channels_priority_counts),
                cmocka_unit_test(the_nearest_is_asked_first),
                cmocka_unit_test(only_sites_with_a_cost_compete_by_cost),
                cmocka_unit_test(what_cannot_be_is_refused),
                cmocka_unit_test(the_store_keeps_the_safety_stock),
                cmocka_unit_test(safety_stock_in_several_lots),
                cmocka_unit_test(a_unit_keeps_the_last_word),
                cmocka_unit_test(the_host_cannot_call_back),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
