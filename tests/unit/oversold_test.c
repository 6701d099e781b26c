/*
 * Goods in the customer's hand that the books had not: what is owed for them is settled by whatever
 * becomes available, by whichever command and whoever is first, so that nothing is for sale while
 * something is owed; what the books do have is sold first; a recalled lot is not sold at all.
 * Each store is verified at its end, which finds a place that has both.
 */
#include "lots.h"

static void may_go_below(test_world *world, const char *sku, const char *safety)
{
        const ocore_stock_rule_request rule = {.struct_size = sizeof rule,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .safety = test_quantity(safety),
                .below_zero = 1};

        assert_done(world, ocore_stock_rule_put(world->core, &rule, NULL));
}

static ocore_order_draft in_hand(test_world *world, const ocore_draft_line *line)
{
        ocore_order_draft draft = draft_of(world, line, 1);

        draft.in_hand = 1;
        return draft;
}

static ocore_id sell(test_world *world, const char *sku, const char *quantity)
{
        const ocore_draft_line line = line_of(sku, quantity);
        const ocore_order_draft draft = in_hand(world, &line);

        assert_done(world, ocore_order_place(world->core, &draft, NULL));
        return draft.id;
}

static void assert_cups(test_world *world, int64_t available, int64_t allocated, int64_t oversold)
{
        const ocore_stock cups = shop_stock(world, "cup", "north");

        assert_number(cups.available, available);
        assert_number(cups.allocated, allocated);
        assert_number(cups.oversold, oversold);
}

/* Cancelling gives back what the books had, and not what they had not. */
static void cancelling_brings_nothing_out_of_nothing(void **state)
{
        test_world world;
        ocore_id first, second;

        (void)state;
        test_open(&world);
        shop_site(&world, "north", 1);
        shop_goods(&world, "cup", "1.00 EUR");
        shop_receive(&world, "cup", "north", "2");
        may_go_below(&world, "cup", "0");
        first = sell(&world, "cup", "5");
        assert_cups(&world, 0, 5, 3);
        second = sell(&world, "cup", "1");
        assert_cups(&world, 0, 6, 4);
        sale_cancel(&world, first, 0, NULL);
        assert_cups(&world, 1, 1, 0);
        sale_cancel(&world, second, 0, NULL);
        assert_cups(&world, 2, 0, 0);
        assert_refused(
                &world, draft_place(&world, "cup", "5"), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_verified(&world);
        test_close(&world);
}

/* What is kept back for others is there nevertheless: it is sold before anything is owed. */
static void what_is_there_is_sold_first(void **state)
{
        test_world world;

        (void)state;
        test_open(&world);
        shop_site(&world, "north", 1);
        shop_goods(&world, "cup", "1.00 EUR");
        shop_receive(&world, "cup", "north", "4");
        may_go_below(&world, "cup", "3");
        (void)sell(&world, "cup", "2");
        assert_cups(&world, 2, 2, 0);
        (void)sell(&world, "cup", "5");
        assert_cups(&world, 0, 7, 3);
        assert_verified(&world);
        test_close(&world);
}

/* Two lines of one sku: what the first is short of is not taken from what the second was given. */
static void lines_do_not_take_from_each_other(void **state)
{
        const ocore_draft_line lines[] = {line_of("cup", "3"), line_of("cup", "3")};
        ocore_order_draft draft;
        test_world world;

        (void)state;
        test_open(&world);
        shop_site(&world, "north", 1);
        shop_goods(&world, "cup", "1.00 EUR");
        shop_receive(&world, "cup", "north", "4");
        may_go_below(&world, "cup", "0");
        draft = draft_of(&world, lines, 2);
        draft.in_hand = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_cups(&world, 0, 6, 2);
        assert_verified(&world);
        test_close(&world);
}

/* What a does, and what b does in the middle of it. */
typedef struct race {
        pair both;
        const char *name;
        ocore_id subject;
} race;

static void sell_more(void *user_data)
{
        race *self = user_data;

        (void)sell(&self->both.b, "cup", "13");
}

static ocore_id hold_of(test_world *world, const char *quantity)
{
        const ocore_hold_request_line line = {STR("cup"), test_quantity(quantity)};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_DAY_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

static void receive(race *self)
{
        shop_receive(&self->both.a, "cup", "north", "4");
}

static void cancel(race *self)
{
        sale_cancel(&self->both.a, self->subject, 0, NULL);
}

static void release(race *self)
{
        const ocore_hold_release_request request = {.struct_size = sizeof request,
                .id = test_next_id(&self->both.a),
                .hold_id = self->subject};

        assert_done(&self->both.a, ocore_hold_release(self->both.a.core, &request, NULL));
}

static void repair(race *self)
{
        const ocore_stock_transfer_request request = {.struct_size = sizeof request,
                .id = test_next_id(&self->both.a),
                .sku = STR("cup"),
                .site = STR("north"),
                .from_bucket = OCORE_BUCKET_DAMAGED,
                .to_bucket = OCORE_BUCKET_AVAILABLE,
                .quantity = test_quantity("4")};

        assert_done(&self->both.a, ocore_stock_transfer(self->both.a.core, &request, NULL));
}

/* 10 cups are at north; whatever gives 4 more meets 13 being sold. */
static void whoever_is_first_it_is_settled(void **state)
{
        static const struct {
                void (*act)(race *self);
                int64_t available, oversold;
        } cases[] = {
                {receive, 1, 0},
                {cancel, 0, 3},
                {release, 0, 3},
                {repair, 0, 3},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                void (*act)(race * self) = cases[i].act;
                race self;
                test_world *a = &self.both.a;

                pair_open(&self.both, 0);
                may_go_below(a, "cup", "0");
                if (act == cancel)
                        self.subject = place(a, "cup", "4");
                else if (act == release)
                        self.subject = hold_of(a, "4");
                else if (act == repair)
                        assert_done(a,
                                ocore_stock_transfer(a->core,
                                        &(ocore_stock_transfer_request){
                                                .struct_size = sizeof(ocore_stock_transfer_request),
                                                .id = test_next_id(a),
                                                .sku = STR("cup"),
                                                .site = STR("north"),
                                                .from_bucket = OCORE_BUCKET_AVAILABLE,
                                                .to_bucket = OCORE_BUCKET_DAMAGED,
                                                .quantity = test_quantity("4")},
                                        NULL));
                self.both.store.before = sell_more;
                self.both.store.user_data = &self;
                act(&self);
                assert_null(self.both.store.before);
                assert_number(shop_stock(a, "cup", "north").available, cases[i].available);
                assert_number(shop_stock(a, "cup", "north").oversold, cases[i].oversold);
                pair_close(&self.both);
        }
}

/* What was remembered of the product before it had a rule proves nothing. */
static void allow_and_sell(void *user_data)
{
        race *self = user_data;

        may_go_below(&self->both.b, "cup", "0");
        (void)sell(&self->both.b, "cup", "13");
}

static void a_new_rule_is_seen(void **state)
{
        race self;

        (void)state;
        pair_open(&self.both, 0);
        self.subject = place(&self.both.a, "cup", "4");
        self.both.store.before = allow_and_sell;
        self.both.store.user_data = &self;
        cancel(&self);
        assert_number(shop_stock(&self.both.a, "cup", "north").available, 0);
        assert_number(shop_stock(&self.both.a, "cup", "north").oversold, 3);
        pair_close(&self.both);
}

/* Goods that may not be sold below zero stay guarded adds: nobody is in anybody's way. */
static void place_one(void *user_data)
{
        race *self = user_data;

        assert_done(&self->both.b, draft_place(&self->both.b, "cup", "1"));
}

static void ordinary_goods_are_added(void **state)
{
        race self;
        int64_t writes;

        (void)state;
        pair_open(&self.both, 0);
        self.subject = place(&self.both.a, "cup", "4");
        writes = self.both.store.writes;
        self.both.store.before = place_one;
        self.both.store.user_data = &self;
        cancel(&self);
        assert_number(self.both.store.writes, writes + 1);
        self.subject = hold_of(&self.both.a, "4");
        writes = self.both.store.writes;
        self.both.store.before = place_one;
        release(&self);
        assert_number(self.both.store.writes, writes + 1);
        assert_number(shop_stock(&self.both.a, "cup", "north").available, 8);
        pair_close(&self.both);
}

/* A recalled lot is not sold over the counter either; what is owed for it is settled by a count and
 * by whatever comes back, though nothing of it becomes available. */
static void a_recalled_lot_is_not_stuck(void **state)
{
        ocore_draft_line line = line_of("milk", "5");
        ocore_order_draft draft;
        ocore_stock milk;

        (void)state;
        for (int count = 0; count < 2; count++) {
                test_world world;
                ocore_id first;

                test_open(&world);
                shop_site(&world, "north", 1);
                lots_product(&world, "milk", 0, OCORE_TRACKING_LOT);
                assert_done(
                        &world, lots_do(&world, ocore_stock_receive, "milk", "north", "L", "2", 0));
                may_go_below(&world, "milk", "0");
                line.lot = STR("L");
                draft = in_hand(&world, &line);
                first = draft.id;
                assert_done(&world, ocore_order_place(world.core, &draft, NULL));
                assert_done(&world, lots_recall(&world, "milk", "L", NULL));
                draft = in_hand(&world, &line);
                assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_STATE,
                        "lines[0].lot");
                if (count)
                        assert_done(&world,
                                lots_do(&world, ocore_stock_count, "milk", "north", "L", "0", 0));
                else
                        sale_cancel(&world, first, 0, NULL);
                milk = lots_row(&world, "milk", "north", "L");
                assert_number(milk.available, 0);
                assert_number(milk.oversold, 0);
                assert_number(milk.damaged, count ? 0 : 2);
                assert_number(milk.allocated, count ? 5 : 0);
                assert_verified(&world);
                test_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(cancelling_brings_nothing_out_of_nothing),
                cmocka_unit_test(what_is_there_is_sold_first),
                cmocka_unit_test(lines_do_not_take_from_each_other),
                cmocka_unit_test(whoever_is_first_it_is_settled),
                cmocka_unit_test(a_new_rule_is_seen),
                cmocka_unit_test(ordinary_goods_are_added),
                cmocka_unit_test(a_recalled_lot_is_not_stuck),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
