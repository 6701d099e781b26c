/*
 * The stock ledger by itself: small commands shift units between two ends and bring them in, and
 * the whole row is compared afterwards, so that nothing else changed. What was oversold is a debt
 * that receipts, corrections and counts settle. Two cores bring the same lot or serial number at
 * the same time, the second in the middle of the first: the house has it once, with one date.
 */
#include "lots.h"

#include "engine/procedure.h"
#include "inventory/inventory.h"

enum {
        AV = OCORE_BUCKET_AVAILABLE,
        HE = OCORE_BUCKET_HELD,
        AL = OCORE_BUCKET_ALLOCATED,
        PI = OCORE_BUCKET_PICKED,
        IS = OCORE_BUCKET_INSPECTION,
        DA = OCORE_BUCKET_DAMAGED,
        IN = OCORE_BUCKET_INCOMING,
        TR = OCORE_BUCKET_IN_TRANSIT,
        SU = OCORE_ACCOUNT_SUPPLIER,
        CU = OCORE_ACCOUNT_CUSTOMER,
        SC = OCORE_ACCOUNT_SCRAP,
        CO = OCORE_ACCOUNT_COUNT,
        PR = OCORE_ACCOUNT_PRODUCTION,
        LO = OCORE_ACCOUNT_LOST,
        OV = OCORE_ACCOUNT_OVERSOLD
};

typedef struct act {
        size_t struct_size;
        ocore_id id;
        int64_t from, to, quantity;
        int64_t takes_in; /* ocore__stock_take_in(), not ocore__stock_shift() */
} act;

static const ocore_field act_fields[] = {
        OCORE__FIELD_KEY(act),
        OCORE__FIELD(act, from, INTEGER, 0, "from"),
        OCORE__FIELD(act, to, INTEGER, 0, "to"),
        OCORE__FIELD(act, quantity, INTEGER, 0, "how much"),
        OCORE__FIELD(act, takes_in, INTEGER, 0, "how"),
};
static const ocore_record act_record = OCORE__RECORD("act", act, act_fields, 0);

static int run(ocore__work *work, const void *request, const void **answer)
{
        const act *now = request;
        const ocore_str cup = STR("cup");
        ocore__group *stock;
        ocore__entry *entry;
        int status = ocore__want(work, &ocore__stock_table, ocore__cell_text(cup), &stock);

        if (!status)
                status = ocore__fetch(work);
        entry = status ? NULL : ocore__stock_entry(work, stock, cup, STR("north"), STR(""), 0);
        if (!entry)
                return status ? status : work->status;
        status = (now->takes_in ? ocore__stock_take_in : ocore__stock_shift)(
                work, entry, now->from, now->to, now->quantity, test_id(7), STR("so"));
        ocore__event(work, work->id, 1, OCORE_EVENT_STOCK_MOVED, (ocore_str){0});
        return status ? status : ocore__stock_moves_answer(work, answer);
}

static const ocore__procedure acting = {
        &act_record, &ocore__stock_moves_record, run, OCORE__COMMAND};

static int do_act(test_world *world, int takes_in, int64_t from, int64_t to, int64_t quantity,
        const ocore_stock_moves **out)
{
        const act one = {sizeof one, test_next_id(world), from, to, quantity, takes_in};
        const void *answer;
        int status = ocore__call(world->core, &acting, &one, &answer);

        if (out)
                *out = answer;
        return status;
}

static void begin(test_world *world)
{
        test_open(world);
        shop_site(world, "north", 1);
        shop_goods(world, "cup", "7.01 EUR");
}

/* The buckets of the row by their number, then what is oversold. */
static void assert_row(test_world *world, const char *wanted)
{
        const ocore_stock row = shop_stock(world, "cup", "north");
        char text[200];

        snprintf(text, sizeof text, "%lld %lld %lld %lld %lld %lld %lld %lld %lld",
                (long long)row.available, (long long)row.held, (long long)row.allocated,
                (long long)row.picked, (long long)row.inspection, (long long)row.damaged,
                (long long)row.incoming, (long long)row.in_transit, (long long)row.oversold);
        assert_string_equal(text, wanted);
}

#define MAX_TEXT "9223372036854775807"

static void units_go_from_one_end_to_the_other(void **state)
{
        static const struct {
                int64_t from, to, quantity;
                int status;
                const char *row;
        } steps[] = {
                {SU, IN, 50, OCORE_OK, "0 0 0 0 0 0 50 0 0"},
                {IN, AV, 20, OCORE_OK, "20 0 0 0 0 0 30 0 0"},
                {IN, AL, 10, OCORE_OK, "20 0 10 0 0 0 20 0 0"},
                {IN, LO, 20, OCORE_OK, "20 0 10 0 0 0 0 0 0"},
                {IN, AV, 1, OCORE_OUT_OF_STOCK, "20 0 10 0 0 0 0 0 0"},
                {PR, AV, 3, OCORE_OK, "23 0 10 0 0 0 0 0 0"},
                {AV, HE, 8, OCORE_OK, "15 8 10 0 0 0 0 0 0"},
                {HE, AL, 9, OCORE_OUT_OF_STOCK, "15 8 10 0 0 0 0 0 0"},
                {HE, AL, 8, OCORE_OK, "15 0 18 0 0 0 0 0 0"},
                {AL, PI, 18, OCORE_OK, "15 0 0 18 0 0 0 0 0"},
                {PI, CU, 6, OCORE_OK, "15 0 0 12 0 0 0 0 0"},
                {CU, IS, 2, OCORE_OK, "15 0 0 12 2 0 0 0 0"},
                {IS, DA, 2, OCORE_OK, "15 0 0 12 0 2 0 0 0"},
                {DA, SC, 3, OCORE_OUT_OF_STOCK, "15 0 0 12 0 2 0 0 0"},
                {DA, SC, 2, OCORE_OK, "15 0 0 12 0 0 0 0 0"},
                {CO, TR, 4, OCORE_OK, "15 0 0 12 0 0 0 4 0"},
                {TR, AV, 5, OCORE_OUT_OF_STOCK, "15 0 0 12 0 0 0 4 0"},
                {TR, LO, 4, OCORE_OK, "15 0 0 12 0 0 0 0 0"},
                /* Sold over the counter though the books had none, and settled from what is. */
                {OV, PI, 5, OCORE_OK, "15 0 0 17 0 0 0 0 5"},
                {AV, OV, 6, OCORE_OUT_OF_STOCK, "15 0 0 17 0 0 0 0 5"},
                {DA, OV, 1, OCORE_OUT_OF_STOCK, "15 0 0 17 0 0 0 0 5"},
                {AV, OV, 4, OCORE_OK, "11 0 0 17 0 0 0 0 1"},
                {AV, OV, 1, OCORE_OK, "10 0 0 17 0 0 0 0 0"},
                {AV, OV, 1, OCORE_OUT_OF_STOCK, "10 0 0 17 0 0 0 0 0"},
                /* Neither a bucket nor what is on hand leaves 64 bits. */
                {PI, CU, 17, OCORE_OK, "10 0 0 0 0 0 0 0 0"},
                {SU, AV, INT64_MAX - 9, OCORE_OVERFLOW, "10 0 0 0 0 0 0 0 0"},
                {SU, DA, INT64_MAX - 9, OCORE_OVERFLOW, "10 0 0 0 0 0 0 0 0"},
                {SU, IN, INT64_MAX, OCORE_OK, "10 0 0 0 0 0 " MAX_TEXT " 0 0"},
                {SU, IN, 1, OCORE_OVERFLOW, "10 0 0 0 0 0 " MAX_TEXT " 0 0"},
                {IN, SU, INT64_MAX, OCORE_OK, "10 0 0 0 0 0 0 0 0"},
                {OV, PI, INT64_MAX - 10, OCORE_OK,
                        "10 0 0 9223372036854775797 0 0 0 0 9223372036854775797"},
                {OV, PI, 11, OCORE_OVERFLOW,
                        "10 0 0 9223372036854775797 0 0 0 0 9223372036854775797"},
        };
        const ocore_stock_moves *moves;
        test_world world;

        (void)state;
        begin(&world);
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                assert_status(&world,
                        do_act(&world, 0, steps[i].from, steps[i].to, steps[i].quantity, &moves),
                        steps[i].status);
                assert_row(&world, steps[i].row);
                if (steps[i].status)
                        continue;
                assert_int_equal(moves->move_count, 1);
                assert_number(moves->moves[0]->from_bucket, steps[i].from);
                assert_number(moves->moves[0]->to_bucket, steps[i].to);
                assert_number(moves->moves[0]->quantity, steps[i].quantity);
                assert_number(moves->moves[0]->at_us, world.now_us);
                assert_same_id(moves->moves[0]->subject_id, test_id(7));
                assert_text(moves->moves[0]->reason, "so");
        }
        test_close(&world);
}

static void on_hand_is_what_lies_there(void **state)
{
        static const struct {
                ocore_stock row;
                int status;
                int64_t on_hand;
        } cases[] = {
                {{.available = 0}, OCORE_OK, 0},
                {{.available = 1,
                         .held = 2,
                         .allocated = 4,
                         .picked = 8,
                         .inspection = 16,
                         .damaged = 32,
                         .incoming = 64,
                         .in_transit = 128},
                        OCORE_OK, 63},
                {{.picked = 5, .oversold = 7}, OCORE_OK, -2},
                {{.available = INT64_MAX, .damaged = 1}, OCORE_OVERFLOW, 0},
                {{.oversold = INT64_MIN}, OCORE_OVERFLOW, 0},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t on_hand = 0;

                assert_int_equal(ocore__stock_on_hand(&cases[i].row, &on_hand), cases[i].status);
                if (!cases[i].status)
                        assert_number(on_hand, cases[i].on_hand);
        }
}

/* A step a minute: what comes in, what is settled with it, and since when there is stock. */
static void what_comes_in_settles_what_was_oversold(void **state)
{
        static const struct {
                int64_t takes_in, from, to, quantity;
                const char *row;
                int64_t settled;
                int64_t received; /* at which step */
        } steps[] = {
                {0, SU, IN, 90, "0 0 0 0 0 0 90 0 0", 0, -1}, /* not yet here */
                {1, IN, AV, 10, "10 0 0 0 0 0 80 0 0", 0, 1},
                {1, SU, AV, 5, "15 0 0 0 0 0 80 0 0", 0, 1}, /* it was not empty */
                {0, AV, SC, 15, "0 0 0 0 0 0 80 0 0", 0, 1},
                {1, PR, AL, 2, "0 0 2 0 0 0 80 0 0", 0, 4},
                {0, OV, PI, 6, "0 0 2 6 0 0 80 0 6", 0, 4},
                {0, PI, CU, 6, "0 0 2 0 0 0 80 0 6", 0, 4}, /* four less than nothing */
                {1, SU, AL, 1, "0 0 3 0 0 0 80 0 6", 0, 7}, /* nothing became available */
                {1, SU, AV, 4, "0 0 3 0 0 0 80 0 2", 4, 8},
                {1, CO, AV, 5, "3 0 3 0 0 0 80 0 0", 2, 8},
                {1, IN, AV, 1, "4 0 3 0 0 0 79 0 0", 0, 8},
        };
        const ocore_stock_moves *moves;
        test_world world;

        (void)state;
        begin(&world);
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                world.now_us = TEST_NOW_US + (int64_t)i * TEST_MINUTE_US;
                assert_done(&world, do_act(&world, (int)steps[i].takes_in, steps[i].from,
                                            steps[i].to, steps[i].quantity, &moves));
                assert_row(&world, steps[i].row);
                assert_int_equal(moves->move_count, steps[i].settled ? 2 : 1);
                if (steps[i].settled) {
                        assert_number(moves->moves[1]->from_bucket, AV);
                        assert_number(moves->moves[1]->to_bucket, OV);
                        assert_number(moves->moves[1]->quantity, steps[i].settled);
                }
                assert_number(shop_stock(&world, "cup", "north").received_us,
                        steps[i].received < 0 ? 0
                                              : TEST_NOW_US + steps[i].received * TEST_MINUTE_US);
        }
        test_close(&world);
}

/* Receipts, corrections and counts of people settle as well. */
static void commands_settle_what_was_oversold(void **state)
{
        static const struct {
                lots_verb verb;
                const char *quantity;
                const char *row;
        } cases[] = {
                /* beginning each time with 2 available, 3 picked and 5 oversold */
                {ocore_stock_receive, "4", "2 0 0 3 0 0 0 0 1"},
                {ocore_stock_receive, "9", "6 0 0 3 0 0 0 0 0"},
                {ocore_stock_adjust, "1", "2 0 0 3 0 0 0 0 4"},
                {ocore_stock_adjust, "-2", "0 0 0 3 0 0 0 0 5"},
                {ocore_stock_count, "0", "0 0 0 3 0 0 0 0 0"},
                {ocore_stock_count, "1", "1 0 0 3 0 0 0 0 0"},
                {ocore_stock_count, "2", "2 0 0 3 0 0 0 0 0"},
                {ocore_stock_count, "8", "8 0 0 3 0 0 0 0 0"},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                test_world world;

                begin(&world);
                assert_done(&world, do_act(&world, 1, SU, AV, 2, NULL));
                assert_done(&world, do_act(&world, 0, OV, PI, 3, NULL));
                assert_done(&world, do_act(&world, 0, OV, DA, 2, NULL));
                assert_done(&world, do_act(&world, 0, DA, SC, 2, NULL));
                assert_row(&world, "2 0 0 3 0 0 0 0 5");
                assert_done(&world,
                        lots_do(&world, cases[i].verb, "cup", "north", "", cases[i].quantity, 0));
                assert_row(&world, cases[i].row);
                test_close(&world);
        }
}

/* A count larger than what 64 bits hold with what was oversold is refused, not wrapped. */
static void a_count_that_overflows_is_refused(void **state)
{
        test_world world;

        (void)state;
        begin(&world);
        assert_done(&world, do_act(&world, 0, OV, PI, 5, NULL));
        assert_refused(&world, lots_do(&world, ocore_stock_count, "cup", "north", "", MAX_TEXT, 0),
                OCORE_OVERFLOW, "lines[0].quantity");
        assert_row(&world, "0 0 0 5 0 0 0 0 5");
        test_close(&world);
}

/* What the second core does in the middle of the first one's command. */
typedef struct rival {
        test_world *world;
        const char *sku, *site, *lot;
        int64_t expires_us;
        int recalls;
        int done;
} rival;

static void go_first(void *user_data)
{
        rival *other = user_data;

        if (other->recalls)
                assert_done(other->world, lots_recall(other->world, other->sku, other->lot, NULL));
        else
                assert_done(other->world, lots_do(other->world, ocore_stock_receive, other->sku,
                                                  other->site, other->lot, "1", other->expires_us));
        other->done = 1;
}

static void pair_begin(pair *both, rival *other)
{
        pair_open(both, 0);
        shop_site(&both->a, "south", 2);
        shop_site(&both->a, "east", 3);
        lots_product(&both->a, "tin", 0, OCORE_TRACKING_LOT);
        lots_product(&both->a, "drill", 0, OCORE_TRACKING_SERIAL);
        *other = (rival){.world = &both->b, .sku = "tin", .site = "south", .lot = "L1"};
        both->store.user_data = other;
}

static void a_serial_number_comes_once(void **state)
{
        pair both;
        rival other;

        (void)state;
        pair_begin(&both, &other);
        other.sku = "drill";
        other.lot = "S1";
        both.store.before = go_first;
        assert_refused(&both.a,
                lots_do(&both.a, ocore_stock_receive, "drill", "north", "S1", "1", 0), OCORE_EXISTS,
                "lines[0].lot");
        assert_true(other.done);
        /* Known from a row that is empty now, it comes to two other sites at once. */
        assert_done(&both.a, lots_do(&both.a, ocore_stock_adjust, "drill", "south", "S1", "-1", 0));
        other = (rival){.world = &both.b, .sku = "drill", .site = "east", .lot = "S1"};
        both.store.before = go_first;
        assert_refused(&both.a,
                lots_do(&both.a, ocore_stock_receive, "drill", "north", "S1", "1", 0), OCORE_EXISTS,
                "lines[0].lot");
        assert_true(other.done);
        assert_number(lots_row(&both.a, "drill", "north", "S1").available, 0);
        assert_number(lots_row(&both.a, "drill", "south", "S1").available, 0);
        assert_number(lots_row(&both.a, "drill", "east", "S1").available, 1);
        pair_close(&both);
}

static void a_lot_has_one_date(void **state)
{
        pair both;
        rival other;

        (void)state;
        pair_begin(&both, &other);
        other.expires_us = TEST_NOW_US + TEST_DAY_US;
        both.store.before = go_first;
        assert_refused(&both.a,
                lots_do(&both.a, ocore_stock_receive, "tin", "north", "L1", "1",
                        TEST_NOW_US + 2 * TEST_DAY_US),
                OCORE_STATE, "lines[0].expires_us");
        assert_true(other.done);
        assert_done(&both.a, lots_do(&both.a, ocore_stock_receive, "tin", "north", "L1", "1", 0));
        assert_number(lots_row(&both.a, "tin", "north", "L1").expires_us, other.expires_us);
        /* Two bring a new lot without a word about dates: each has its row. */
        other = (rival){.world = &both.b, .sku = "tin", .site = "south", .lot = "L2"};
        both.store.before = go_first;
        assert_done(&both.a, lots_do(&both.a, ocore_stock_receive, "tin", "north", "L2", "1", 0));
        assert_true(other.done);
        assert_number(lots_row(&both.a, "tin", "north", "L2").available, 1);
        assert_number(lots_row(&both.a, "tin", "south", "L2").available, 1);
        pair_close(&both);
}

/* A lot is recalled while more of it comes, to a site that had none and to one that had some, and
 * while an order gives its units back. */
static void a_recall_overtakes_whatever_comes_in(void **state)
{
        (void)state;
        for (int way = 0; way < 3; way++) {
                ocore_id order_id;
                pair both;
                rival other;

                pair_begin(&both, &other);
                assert_done(&both.a,
                        lots_do(&both.a, ocore_stock_receive, "tin", "south", "L1", "4", 0));
                order_id = sale_of(&both.a, "tin", "1");
                other.recalls = 1;
                both.store.before = go_first;
                if (way == 2)
                        sale_cancel(&both.a, order_id, 1, NULL);
                else
                        assert_done(&both.a, lots_do(&both.a, ocore_stock_receive, "tin",
                                                     way ? "south" : "north", "L1", "1", 0));
                assert_true(other.done);
                assert_number(lots_row(&both.a, "tin", "south", "L1").available, 0);
                assert_number(lots_row(&both.a, "tin", "south", "L1").damaged, way ? 4 : 3);
                assert_number(lots_row(&both.a, "tin", "north", "L1").available, 0);
                assert_number(lots_row(&both.a, "tin", "north", "L1").damaged, way ? 0 : 1);
                pair_close(&both);
        }
}

/* What was counted is there afterwards, whatever came in while it was decided. */
static void a_count_is_what_it_says(void **state)
{
        pair both;
        rival other;

        (void)state;
        pair_begin(&both, &other);
        other.sku = "cup";
        other.site = "north";
        other.lot = "";
        both.store.before = go_first;
        assert_done(&both.a, lots_do(&both.a, ocore_stock_count, "cup", "north", "", "4", 0));
        assert_true(other.done);
        assert_number(shop_stock(&both.a, "cup", "north").available, 4);
        pair_close(&both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(units_go_from_one_end_to_the_other),
                cmocka_unit_test(on_hand_is_what_lies_there),
                cmocka_unit_test(what_comes_in_settles_what_was_oversold),
                cmocka_unit_test(commands_settle_what_was_oversold),
                cmocka_unit_test(a_count_that_overflows_is_refused),
                cmocka_unit_test(a_serial_number_comes_once),
                cmocka_unit_test(a_lot_has_one_date),
                cmocka_unit_test(a_recall_overtakes_whatever_comes_in),
                cmocka_unit_test(a_count_is_what_it_says),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
