/*
 * Proves the commands on channels through the public functions: set whole with their sites, fewer
 * sites than before leave none behind, refused by field, listed in order.
 */
#include "inventory/inventory.h"

#include "../support/rows.h"
#include "../support/shop.h"

static const ocore_empty_request all = {sizeof all};

static ocore_channel_request channel_of(test_world *world, const char *channel)
{
        return (ocore_channel_request){.struct_size = sizeof(ocore_channel_request),
                .id = test_next_id(world),
                .channel = ocore_str_of(channel)};
}

static void name_sites(ocore_channel_request *request, const ocore_site_wish *sites, size_t count)
{
        request->sites = sites;
        request->site_count = count;
        request->site_stride = sizeof *sites;
}

static const ocore_site_wish wishes[] = {
        {STR_INIT("west"), 0}, {STR_INIT("east"), 1}, {STR_INIT("north"), 0}};

static void open_sites(test_world *world)
{
        test_open(world);
        shop_site(world, "east", 1);
        shop_site(world, "north", 2);
        shop_site(world, "west", 3);
}

static ocore_channel_request web_of(test_world *world)
{
        ocore_channel_request request = channel_of(world, "web");

        request.strategy = OCORE_ALLOCATE_LOWEST_COST;
        request.short_action = OCORE_SHORT_BACKORDER;
        request.no_split = 1;
        request.ship_complete = 1;
        request.priority = 5;
        request.currency = STR("EUR");
        request.split_minor = 100;
        request.late_day_minor = 20;
        request.age_day_minor = 3;
        name_sites(&request, wishes, 3);
        return request;
}

static void test_put(void **state)
{
        const ocore__policy_row policy = {.name = ocore__policy_name};
        const ocore_channel *channel;
        ocore_channel_request request;
        test_world world;
        int64_t before;

        (void)state;
        open_sites(&world);
        before = test_revision(&world, &ocore__policy_table, &policy);
        request = web_of(&world);
        assert_done(&world, ocore_channel_put(world.core, &request, &channel));
        assert_text(channel->channel, "web");
        assert_number(channel->strategy, OCORE_ALLOCATE_LOWEST_COST);
        assert_number(channel->short_action, OCORE_SHORT_BACKORDER);
        assert_number(channel->no_split + channel->ship_complete, 2);
        assert_number(channel->priority, 5);
        assert_text(channel->currency, "EUR");
        assert_number(channel->split_minor, 100);
        assert_number(channel->late_day_minor, 20);
        assert_number(channel->age_day_minor, 3);
        assert_int_equal(channel->site_count, 3);
        assert_text(channel->sites[1]->site, "east");
        assert_number(channel->sites[1]->rank, 2);
        assert_number(channel->sites[1]->excluded, 1);
        assert_number(test_revision(&world, &ocore__policy_table, &policy), before + 1);
        assert_status(&world, ocore_channel_put(world.core, &request, &channel), OCORE_ALREADY);
        assert_int_equal(channel->site_count, 3);
        assert_verified(&world);
        test_close(&world);
}

/* A channel is set whole: of three sites one is left, then none; other channels keep theirs. */
static void test_put_again(void **state)
{
        const ocore_channel_list *list;
        const ocore_channel *channel;
        ocore_channel_request request;
        test_world world;

        (void)state;
        open_sites(&world);
        assert_done(&world, ocore_channel_list_all(world.core, &all, &list));
        assert_int_equal(list->channel_count, 0);
        request = web_of(&world);
        assert_done(&world, ocore_channel_put(world.core, &request, NULL));
        request = channel_of(&world, "till");
        name_sites(&request, wishes, 1);
        assert_done(&world, ocore_channel_put(world.core, &request, NULL));
        request = channel_of(&world, "");
        name_sites(&request, wishes + 1, 2);
        assert_done(&world, ocore_channel_put(world.core, &request, NULL));
        request = channel_of(&world, "web");
        name_sites(&request, wishes + 2, 1);
        assert_done(&world, ocore_channel_put(world.core, &request, &channel));
        assert_number(channel->strategy, 0);
        assert_int_equal(channel->site_count, 1);
        assert_text(channel->sites[0]->site, "north");
        assert_done(&world, ocore_channel_list_all(world.core, &all, &list));
        assert_int_equal(list->channel_count, 3);
        assert_text(list->channels[0]->channel, "");
        assert_int_equal(list->channels[0]->site_count, 2);
        assert_text(list->channels[0]->sites[0]->site, "east");
        assert_text(list->channels[1]->channel, "till");
        assert_int_equal(list->channels[1]->site_count, 1);
        assert_text(list->channels[2]->channel, "web");
        assert_int_equal(list->channels[2]->site_count, 1);
        assert_text(list->channels[2]->sites[0]->site, "north");
        assert_number(list->channels[2]->split_minor, 0);
        request = channel_of(&world, "web");
        assert_done(&world, ocore_channel_put(world.core, &request, &channel));
        assert_int_equal(channel->site_count, 0);
        assert_verified(&world);
        test_close(&world);
}

static void test_refused(void **state)
{
        static const ocore_site_wish unknown[] = {{STR_INIT("east"), 0}, {STR_INIT("q"), 0}};
        static const ocore_site_wish twice[] = {{STR_INIT("east"), 0}, {STR_INIT("east"), 1}};
        static const ocore_site_wish odd[] = {{STR_INIT("east"), 2}};
        static const ocore_site_wish empty[] = {{{NULL, 0}, 0}};
        static ocore_site_wish many[101];
        static const struct {
                const char *field;
                int status;
                ocore_channel_request request;
        } cases[] = {
                {"strategy", OCORE_INVALID, {.strategy = 9}},
                {"strategy", OCORE_INVALID, {.strategy = -1}},
                {"short_action", OCORE_INVALID, {.short_action = OCORE_SHORT_DROP_SHIP}},
                {"no_split", OCORE_INVALID, {.no_split = 2}},
                {"ship_complete", OCORE_INVALID, {.ship_complete = -1}},
                {"priority", OCORE_INVALID, {.priority = -1}},
                {"currency", OCORE_INVALID, {.currency = STR_INIT("eur")}},
                {"currency", OCORE_INVALID, {.split_minor = 1}},
                {"currency", OCORE_INVALID, {.late_day_minor = 1}},
                {"currency", OCORE_INVALID, {.age_day_minor = 1}},
                {"split_minor", OCORE_INVALID, {.currency = STR_INIT("EUR"), .split_minor = -1}},
                {"late_day_minor", OCORE_INVALID,
                        {.currency = STR_INIT("EUR"), .late_day_minor = -1}},
                {"age_day_minor", OCORE_INVALID,
                        {.currency = STR_INIT("EUR"), .age_day_minor = -1}},
                {"sites[1].site", OCORE_NOT_FOUND, {.sites = unknown, .site_count = 2}},
                {"sites[1].site", OCORE_INVALID, {.sites = twice, .site_count = 2}},
                {"sites[0].excluded", OCORE_INVALID, {.sites = odd, .site_count = 1}},
                {"sites[0].site", OCORE_INVALID, {.sites = empty, .site_count = 1}},
                {"sites", OCORE_LIMIT, {.sites = many, .site_count = 101}},
                {"sites", OCORE_INVALID, {.site_count = 1}},
        };
        const ocore_channel_list *list;
        test_world world;

        (void)state;
        test_open(&world);
        shop_site(&world, "east", 1);
        for (size_t i = 0; i < 101; i++)
                many[i].site = STR("east");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_channel_request request = cases[i].request;

                request.struct_size = sizeof request;
                request.id = test_next_id(&world);
                request.channel = STR("web");
                request.site_stride = sizeof(ocore_site_wish);
                assert_refused(&world, ocore_channel_put(world.core, &request, NULL),
                        cases[i].status, cases[i].field);
        }
        assert_done(&world, ocore_channel_list_all(world.core, &all, &list));
        assert_int_equal(list->channel_count, 0);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_put),
                cmocka_unit_test(test_put_again),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
