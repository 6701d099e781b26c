/*
 * What a decision rests on, in tables whose rows are added to: once a unit also adds to such a row
 * it is written at its revision, so that what others did meanwhile is never overlooked; what a
 * command asked for that was refused is forgotten; and rows count as wrong only when they fitted in
 * no try.
 */
#include "lots.h"

#include "catalog/catalog.h"
#include "engine/procedure.h"
#include "inventory/inventory.h"

static void scrap_four(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, lots_do(&both->b, ocore_stock_adjust, "cup", "north", "", "-4", 0));
}

/* The shelf has 10; 4 are scrapped while what is left is entered: it is compared with the rest. */
static void a_count_in_a_unit_sees_the_shelf(void **state)
{
        const ocore_count_enter_line line = {STR("cup"), {0}, test_quantity("6"), {0}};
        const ocore_count *count;
        ocore_count_open_request open = {.struct_size = sizeof open, .site = STR("north")};
        ocore_count_enter_request enter = {.struct_size = sizeof enter,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        pair both;
        test_world *a = &both.a;

        (void)state;
        pair_open(&both, 0);
        open.id = enter.count_id = test_next_id(a);
        assert_done(a, ocore_count_open(a->core, &open, NULL));
        assert_done(a, ocore_unit_begin(a->core));
        assert_done(a, draft_place(a, "cup", "1"));
        enter.id = test_next_id(a);
        assert_done(a, ocore_count_enter(a->core, &enter, NULL));
        both.store.before = scrap_four;
        both.store.user_data = &both;
        assert_int_equal(ocore_unit_commit(a->core), OCORE_BUSY);
        assert_done(a, ocore_count_enter(a->core, &enter, &count)); /* with the same id */
        assert_number(count->lines[0]->variance, 0);
        pair_close(&both);
}

static void recall(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, lots_recall(&both->b, "milk", "L", NULL));
}

/* What comes to another site rests on the lot not being recalled where it is. */
static void a_recall_is_seen_in_a_unit(void **state)
{
        ocore_stock_transfer_request scrap = {.struct_size = sizeof scrap,
                .sku = STR("milk"),
                .site = STR("north"),
                .lot = STR("L"),
                .from_bucket = OCORE_BUCKET_AVAILABLE,
                .to_bucket = OCORE_BUCKET_DAMAGED,
                .quantity = test_quantity("2")};
        pair both;
        test_world *a = &both.a;

        (void)state;
        pair_open(&both, 0);
        shop_site(a, "south", 2);
        lots_product(a, "milk", 0, OCORE_TRACKING_LOT);
        assert_done(a, lots_do(a, ocore_stock_receive, "milk", "north", "L", "10", 0));
        scrap.id = test_next_id(a);
        assert_done(a, ocore_stock_transfer(a->core, &scrap, NULL));
        scrap.id = test_next_id(a);
        scrap.from_bucket = OCORE_BUCKET_DAMAGED;
        scrap.to_bucket = OCORE_ACCOUNT_SCRAP;
        scrap.quantity = test_quantity("1");
        assert_done(a, ocore_unit_begin(a->core));
        assert_done(a, ocore_stock_transfer(a->core, &scrap, NULL));
        assert_done(a, lots_do(a, ocore_stock_receive, "milk", "south", "L", "5", 0));
        both.store.before = recall;
        both.store.user_data = &both;
        assert_int_equal(ocore_unit_commit(a->core), OCORE_BUSY);
        assert_done(a, lots_do(a, ocore_stock_receive, "milk", "south", "L", "5", 0));
        assert_number(lots_row(a, "milk", "south", "L").damaged, 5);
        assert_number(lots_row(a, "milk", "south", "L").available, 0);
        pair_close(&both);
}

/* Asks for the balance of cups to be written as it is, and then thinks better of it. */
static int asks_and_refuses(ocore__work *work, const void *request, const void **answer)
{
        ocore__group *stock;
        int status = ocore__want(work, &ocore__stock_table, ocore__cell_text(STR("cup")), &stock);

        (void)request;
        (void)answer;
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        ocore__exact(work, ocore__first(stock));
        return ocore__refuse(work, OCORE_STATE, "id", "not today");
}

static void place_one(void *user_data)
{
        pair *both = user_data;

        assert_done(&both->b, draft_place(&both->b, "cup", "1"));
}

/* What a refused command asked for does not weigh on the unit: others may still add. */
static void a_refused_command_asks_for_nothing(void **state)
{
        static const ocore__procedure asking = {
                &ocore__empty_record, &ocore__empty_record, asks_and_refuses, 0};
        const ocore_empty_request request = {.struct_size = sizeof request};
        const void *answer;
        pair both;
        test_world *a = &both.a;

        (void)state;
        pair_open(&both, 0);
        assert_done(a, ocore_unit_begin(a->core));
        assert_int_equal(ocore__call(a->core, &asking, &request, &answer), OCORE_STATE);
        assert_done(a, draft_place(a, "cup", "2"));
        both.store.before = place_one;
        both.store.user_data = &both;
        assert_done(a, ocore_unit_commit(a->core));
        assert_number(shop_stock(a, "cup", "north").available, 7);
        pair_close(&both);
}

/* Tries that end in a conflict; those whose digit is 1 because rows did not fit. */
static const char *tries;
static size_t tried;

static int goes_as_told(ocore__work *work, const void *request, const void **answer)
{
        *answer = request;
        return tries[tried++] == '1' ? ocore__torn(work, "order_id", "cannot be right")
                                     : OCORE_CONFLICT;
}

static void only_rows_that_never_fit_are_wrong(void **state)
{
        static const struct {
                const char *tries;
                int status;
        } cases[] = {
                {"1", OCORE_BUSY}, /* it was looked at once */
                {"0", OCORE_BUSY},
                {"001", OCORE_BUSY},
                {"100", OCORE_BUSY},
                {"011", OCORE_BUSY},
                {"11", OCORE_CORRUPT},
                {"111", OCORE_CORRUPT},
        };
        static const ocore__procedure asking = {
                &ocore__empty_record, &ocore__empty_record, goes_as_told, 0};
        const ocore_empty_request request = {.struct_size = sizeof request};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_config config = {
                        .tenant = 1, .attempts_max = (int64_t)strlen(cases[i].tries)};
                const void *answer;
                test_world world;

                test_open_with(&world, &config);
                tries = cases[i].tries;
                tried = 0;
                assert_int_equal(
                        ocore__call(world.core, &asking, &request, &answer), cases[i].status);
                assert_int_equal(tried, strlen(cases[i].tries));
                assert_number(ocore_last_error(world.core)->status, cases[i].status);
                assert_int_equal(ocore_error_count(world.core), 1);
                test_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_count_in_a_unit_sees_the_shelf),
                cmocka_unit_test(a_recall_is_seen_in_a_unit),
                cmocka_unit_test(a_refused_command_asks_for_nothing),
                cmocka_unit_test(only_rows_that_never_fit_are_wrong),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
