/*
 * Stock commands: each moves between two ends and says so, all lines or none; counts set, transfers
 * move, nothing falls below zero or leaves 64 bits; lots have a name and one date, serial numbers
 * are one unit in one place; pages end between two products. The store is verified after each
 * test, so every balance is the sum of its moves.
 */
#include "lots.h"

static ocore_stock_line stock_line(
        const char *sku, const char *site, const char *lot, int64_t amount)
{
        return (ocore_stock_line){
                ocore_str_of(sku), ocore_str_of(site), ocore_str_of(lot), {amount, 0, 0}, 0};
}

typedef int (*stock_fn)(ocore_core *, const ocore_stock_request *, const ocore_stock_moves **);

static int run(test_world *world, stock_fn verb, const ocore_stock_line *lines, size_t count,
        const ocore_stock_moves **out)
{
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .reason = STR("because"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return verb(world->core, &request, out);
}

static int run_one(test_world *world, stock_fn verb, const char *site, int64_t amount,
        const ocore_stock_moves **out)
{
        const ocore_stock_line line = stock_line("cup", site, "", amount);

        return run(world, verb, &line, 1, out);
}

static void each_verb_moves_as_it_says(void **state)
{
        static const struct {
                stock_fn verb;
                int64_t amount;
                int status;
                int64_t from, to, moved, available;
        } cases[] = {
                /* in one go, beginning with 3 */
                {ocore_stock_receive, 5, OCORE_OK, OCORE_ACCOUNT_SUPPLIER, OCORE_BUCKET_AVAILABLE,
                        5, 8},
                {ocore_stock_receive, 0, OCORE_INVALID, 0, 0, 0, 8},
                {ocore_stock_receive, -1, OCORE_INVALID, 0, 0, 0, 8},
                {ocore_stock_receive, INT64_MAX, OCORE_OVERFLOW, 0, 0, 0, 8},
                {ocore_stock_adjust, -2, OCORE_OK, OCORE_BUCKET_AVAILABLE, OCORE_ACCOUNT_COUNT, 2,
                        6},
                {ocore_stock_adjust, 1, OCORE_OK, OCORE_ACCOUNT_COUNT, OCORE_BUCKET_AVAILABLE, 1,
                        7},
                {ocore_stock_adjust, 0, OCORE_INVALID, 0, 0, 0, 7},
                {ocore_stock_adjust, -8, OCORE_OUT_OF_STOCK, 0, 0, 0, 7},
                {ocore_stock_adjust, INT64_MIN, OCORE_OVERFLOW, 0, 0, 0, 7},
                {ocore_stock_adjust, INT64_MIN + 1, OCORE_OUT_OF_STOCK, 0, 0, 0, 7},
                {ocore_stock_adjust, INT64_MAX, OCORE_OVERFLOW, 0, 0, 0, 7},
                {ocore_stock_count, 9, OCORE_OK, OCORE_ACCOUNT_COUNT, OCORE_BUCKET_AVAILABLE, 2, 9},
                {ocore_stock_count, 9, OCORE_OK, 0, 0, 0, 9}, /* as expected: nothing moves */
                {ocore_stock_count, 4, OCORE_OK, OCORE_BUCKET_AVAILABLE, OCORE_ACCOUNT_COUNT, 5, 4},
                {ocore_stock_count, -1, OCORE_INVALID, 0, 0, 0, 4},
                {ocore_stock_count, 0, OCORE_OK, OCORE_BUCKET_AVAILABLE, OCORE_ACCOUNT_COUNT, 4, 0},
                {ocore_stock_count, INT64_MAX, OCORE_OK, OCORE_ACCOUNT_COUNT,
                        OCORE_BUCKET_AVAILABLE, INT64_MAX, INT64_MAX},
                {ocore_stock_receive, 1, OCORE_OVERFLOW, 0, 0, 0, INT64_MAX},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_stock_moves *moves;
                int status = run_one(&world, cases[i].verb, "north", cases[i].amount, &moves);

                assert_refused(&world, status, cases[i].status,
                        cases[i].status ? "lines[0].quantity" : NULL);
                assert_int_equal(moves != NULL, cases[i].status == OCORE_OK);
                if (moves)
                        assert_int_equal(moves->move_count, cases[i].moved ? 1 : 0);
                if (moves && cases[i].moved) {
                        assert_number(moves->moves[0]->from_bucket, cases[i].from);
                        assert_number(moves->moves[0]->to_bucket, cases[i].to);
                        assert_number(moves->moves[0]->quantity, cases[i].moved);
                        assert_text(moves->moves[0]->reason, "because");
                }
                assert_number(shop_stock(&world, "cup", "north").available, cases[i].available);
        }
        sale_close(&world);
}

static void all_lines_or_none(void **state)
{
        const ocore_stock_line lines[] = {stock_line("cup", "north", "", 1),
                stock_line("cup", "north", "L1", 2), stock_line("cup", "north", "", 4),
                stock_line("rice", "south", "", 1)};
        const struct {
                ocore_stock_line line;
                int status;
                const char *field;
        } wrong[] = {
                {stock_line("none", "north", "", 1), OCORE_NOT_FOUND, "lines[2].sku"},
                {stock_line("wrap", "north", "", 1), OCORE_INVALID, "lines[2].sku"},
                {stock_line("cup", "west", "", 1), OCORE_NOT_FOUND, "lines[2].site"},
                {stock_line("cup", "north", "", 0), OCORE_INVALID, "lines[2].quantity"},
        };
        const ocore_stock_moves *moves;
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
                const ocore_stock_line some[3] = {lines[0], lines[1], wrong[i].line};

                assert_refused(&world, run(&world, ocore_stock_receive, some, 3, &moves),
                        wrong[i].status, wrong[i].field);
                assert_null(moves);
                assert_number(shop_stock(&world, "cup", "north").available, 3);
        }
        assert_done(&world, run(&world, ocore_stock_receive, lines, 4, &moves));
        assert_int_equal(moves->move_count, 4);
        for (size_t i = 0; i < 4; i++)
                assert_number(moves->moves[i]->number, (int64_t)i + 1);
        assert_number(moves->moves[3]->quantity, 1000); /* rice is counted in grams */
        assert_number(moves->moves[3]->scale, 3);
        assert_number(shop_stock(&world, "cup", "north").available, 8);
        sale_close(&world);
}

/* The same place counted twice in one request: the second count stands. */
static void the_last_count_stands(void **state)
{
        const ocore_stock_line lines[] = {
                stock_line("cup", "north", "", 9), stock_line("cup", "north", "", 5)};
        const ocore_stock_moves *moves;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, run(&world, ocore_stock_count, lines, 2, &moves));
        assert_int_equal(moves->move_count, 2);
        assert_number(shop_stock(&world, "cup", "north").available, 5);
        sale_close(&world);
}

static void decimals_are_kept_or_refused(void **state)
{
        const ocore_stock_line lines[] = {{STR("rice"), STR("north"), {0}, {1250, 3, 0}, 0},
                {STR("rice"), STR("north"), {0}, {5, 1, 0}, 0},
                {STR("rice"), STR("north"), {0}, {1, 4, 0}, 0},
                {STR("cup"), STR("north"), {0}, {5, 1, 0}, 0},
                {STR("rice"), STR("north"), {0}, {INT64_MAX, 0, 0}, 0}};
        const ocore_stock_moves *moves;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, run(&world, ocore_stock_receive, lines, 2, &moves));
        assert_number(moves->moves[0]->quantity, 1250);
        assert_number(moves->moves[1]->quantity, 500);
        assert_number(shop_stock(&world, "rice", "north").available, 21750);
        assert_refused(&world, run(&world, ocore_stock_receive, &lines[2], 1, &moves),
                OCORE_INVALID, "lines[0].quantity");
        assert_refused(&world, run(&world, ocore_stock_receive, &lines[3], 1, &moves),
                OCORE_INVALID, "lines[0].quantity");
        assert_refused(&world, run(&world, ocore_stock_receive, &lines[4], 1, &moves),
                OCORE_OVERFLOW, "lines[0].quantity");
        sale_close(&world);
}

static void transfers_move_between_buckets(void **state)
{
        enum {
                AV = OCORE_BUCKET_AVAILABLE,
                DA = OCORE_BUCKET_DAMAGED,
                SC = OCORE_ACCOUNT_SCRAP,
                SU = OCORE_ACCOUNT_SUPPLIER
        };
        static const struct {
                int64_t from, to, amount;
                int status;
                const char *field;
                int64_t available, damaged;
        } cases[] = {
                /* beginning with 10 available */
                {AV, DA, 4, OCORE_OK, NULL, 6, 4},
                {DA, AV, 1, OCORE_OK, NULL, 7, 3},
                {DA, SC, 2, OCORE_OK, NULL, 7, 1},
                {AV, SU, 2, OCORE_OK, NULL, 5, 1},
                {AV, SC, 1, OCORE_OK, NULL, 4, 1},
                {DA, SU, 2, OCORE_OUT_OF_STOCK, "quantity", 4, 1},
                {AV, DA, INT64_MAX, OCORE_OUT_OF_STOCK, "quantity", 4, 1},
                {AV, AV, 1, OCORE_INVALID, "from_bucket", 4, 1},
                {SC, AV, 1, OCORE_INVALID, "from_bucket", 4, 1},
                {SU, AV, 1, OCORE_INVALID, "from_bucket", 4, 1},
                {OCORE_BUCKET_ALLOCATED, AV, 1, OCORE_INVALID, "from_bucket", 4, 1},
                {AV, OCORE_BUCKET_ALLOCATED, 1, OCORE_INVALID, "to_bucket", 4, 1},
                {AV, DA, 0, OCORE_INVALID, "quantity", 4, 1},
                {AV, DA, -1, OCORE_INVALID, "quantity", 4, 1},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_stock_transfer_request request = {.struct_size = sizeof request,
                        .id = test_next_id(&world),
                        .sku = STR("cup"),
                        .site = STR("south"),
                        .from_bucket = cases[i].from,
                        .to_bucket = cases[i].to,
                        .quantity = {cases[i].amount, 0, 0}};
                ocore_stock stock;

                assert_refused(&world, ocore_stock_transfer(world.core, &request, NULL),
                        cases[i].status, cases[i].field);
                stock = shop_stock(&world, "cup", "south");
                assert_number(stock.available, cases[i].available);
                assert_number(stock.damaged, cases[i].damaged);
        }
        sale_close(&world);
}

static void what_is_promised_cannot_be_corrected_away(void **state)
{
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, draft_place(&world, "cup", "2"));
        assert_refused(&world, run_one(&world, ocore_stock_adjust, "north", -2, NULL),
                OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_done(&world, run_one(&world, ocore_stock_count, "north", 0, NULL));
        assert_number(shop_stock(&world, "cup", "north").allocated, 2);
        sale_close(&world);
}

static void lots_have_a_name_and_one_date(void **state)
{
        static const struct {
                lots_verb verb;
                const char *sku, *site, *lot, *quantity;
                int64_t days; /* from now until it expires */
                int status;
                const char *field;
                int64_t available; /* then, in this row */
        } cases[] = {
                {ocore_stock_receive, "tin", "north", "", "1", 0, OCORE_INVALID, "lines[0].lot", 0},
                {ocore_stock_adjust, "tin", "north", "", "1", 0, OCORE_INVALID, "lines[0].lot", 0},
                {ocore_stock_adjust, "tin", "north", "", "-1", 0, OCORE_INVALID, "lines[0].lot", 0},
                {ocore_stock_count, "tin", "north", "", "0", 0, OCORE_INVALID, "lines[0].lot", 0},
                {ocore_stock_adjust, "tin", "north", "L1", "-1", 0, OCORE_OUT_OF_STOCK,
                        "lines[0].quantity", 0},
                {ocore_stock_count, "tin", "north", "L1", "0", 0, OCORE_OK, NULL, 0},
                {ocore_stock_receive, "tin", "north", "L1", "5", 9, OCORE_OK, NULL, 5},
                {ocore_stock_receive, "tin", "north", "L1", "2", 9, OCORE_OK, NULL, 7},
                {ocore_stock_receive, "tin", "north", "L1", "2", 8, OCORE_STATE,
                        "lines[0].expires_us", 7},
                {ocore_stock_receive, "tin", "south", "L1", "2", 8, OCORE_STATE,
                        "lines[0].expires_us", 0},
                {ocore_stock_count, "tin", "south", "L1", "2", 8, OCORE_STATE,
                        "lines[0].expires_us", 0},
                {ocore_stock_receive, "tin", "south", "L1", "2", 0, OCORE_OK, NULL, 2},
                {ocore_stock_adjust, "tin", "north", "L1", "-3", 0, OCORE_OK, NULL, 4},
                {ocore_stock_count, "tin", "north", "L1", "6", 0, OCORE_OK, NULL, 6},
                {ocore_stock_receive, "tin", "north", "L2", "1", -9, OCORE_OK, NULL, 1},
                {ocore_stock_receive, "tin", "north", "L3", "1", -99999, OCORE_INVALID,
                        "lines[0].expires_us", 0},
                /* What is not kept by lot may have lots all the same, but no date without one. */
                {ocore_stock_receive, "cup", "north", "K1", "1", 9, OCORE_OK, NULL, 1},
                {ocore_stock_receive, "cup", "south", "K1", "1", 8, OCORE_STATE,
                        "lines[0].expires_us", 0},
                {ocore_stock_receive, "cup", "north", "", "1", 9, OCORE_INVALID,
                        "lines[0].expires_us", 3},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        lots_product(&world, "tin", 0, OCORE_TRACKING_LOT);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int64_t expires_us = cases[i].days ? world.now_us + cases[i].days * TEST_DAY_US : 0;

                assert_refused(&world,
                        lots_do(&world, cases[i].verb, cases[i].sku, cases[i].site, cases[i].lot,
                                cases[i].quantity, expires_us),
                        cases[i].status, cases[i].field);
                assert_number(lots_row(&world, cases[i].sku, cases[i].site, cases[i].lot).available,
                        cases[i].available);
        }
        assert_number(
                lots_row(&world, "tin", "south", "L1").expires_us, world.now_us + 9 * TEST_DAY_US);
        assert_number(
                lots_row(&world, "tin", "north", "L2").expires_us, world.now_us - 9 * TEST_DAY_US);
        sale_close(&world);
}

/* A lot that came without a date gets it everywhere when it is known. */
static void a_date_may_come_later(void **state)
{
        const int64_t expires_us = TEST_NOW_US + 9 * TEST_DAY_US;
        test_world world;

        (void)state;
        sale_open(&world);
        lots_product(&world, "tin", 0, OCORE_TRACKING_LOT);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L1", "1", 0));
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L2", "1", 0));
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "south", "L1", "1", 0));
        assert_done(&world,
                lots_do(&world, ocore_stock_receive, "tin", "south", "L1", "1", expires_us));
        assert_number(lots_row(&world, "tin", "north", "L1").expires_us, expires_us);
        assert_number(lots_row(&world, "tin", "north", "L1").available, 1);
        assert_number(lots_row(&world, "tin", "south", "L1").expires_us, expires_us);
        assert_number(lots_row(&world, "tin", "south", "L1").available, 2);
        assert_number(lots_row(&world, "tin", "north", "L2").expires_us, 0);
        sale_close(&world);
}

static void a_serial_number_is_one_unit_in_one_place(void **state)
{
        static const struct {
                lots_verb verb;
                const char *sku, *site, *lot, *quantity;
                int status;
                const char *field;
        } cases[] = {
                {ocore_stock_receive, "drill", "north", "", "1", OCORE_INVALID, "lines[0].lot"},
                {ocore_stock_receive, "drill", "north", "S1", "2", OCORE_INVALID,
                        "lines[0].quantity"},
                {ocore_stock_receive, "drill", "north", "S1", "1", OCORE_OK, NULL},
                {ocore_stock_receive, "drill", "north", "S1", "1", OCORE_EXISTS, "lines[0].lot"},
                {ocore_stock_receive, "drill", "south", "S1", "1", OCORE_EXISTS, "lines[0].lot"},
                {ocore_stock_adjust, "drill", "south", "S1", "1", OCORE_EXISTS, "lines[0].lot"},
                {ocore_stock_count, "drill", "south", "S1", "1", OCORE_EXISTS, "lines[0].lot"},
                {ocore_stock_count, "drill", "north", "S1", "1", OCORE_OK, NULL},
                {ocore_stock_count, "drill", "north", "S1", "2", OCORE_EXISTS, "lines[0].lot"},
                {ocore_stock_count, "drill", "north", "S2", "2", OCORE_INVALID,
                        "lines[0].quantity"},
                {ocore_stock_receive, "drill", "north", "S2", "1", OCORE_OK, NULL},
                {ocore_stock_count, "drill", "north", "S1", "0", OCORE_OK, NULL},
                {ocore_stock_receive, "drill", "south", "S1", "1", OCORE_OK, NULL},
                {ocore_stock_adjust, "drill", "south", "S1", "-1", OCORE_OK, NULL},
                {ocore_stock_receive, "drill", "north", "S1", "1", OCORE_OK, NULL},
                {ocore_stock_receive, "rope", "north", "S1", "1", OCORE_OK, NULL},
        };
        const ocore_stock_line twice[] = {
                stock_line("drill", "north", "S9", 1), stock_line("drill", "south", "S9", 1)};
        test_world world;

        (void)state;
        sale_open(&world);
        lots_product(&world, "drill", 0, OCORE_TRACKING_SERIAL);
        lots_product(&world, "rope", 0, OCORE_TRACKING_SERIAL);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        lots_do(&world, cases[i].verb, cases[i].sku, cases[i].site, cases[i].lot,
                                cases[i].quantity, 0),
                        cases[i].status, cases[i].field);
        assert_refused(&world, run(&world, ocore_stock_receive, twice, 2, NULL), OCORE_EXISTS,
                "lines[1].lot");
        assert_number(lots_row(&world, "drill", "north", "S1").available, 1);
        assert_number(lots_row(&world, "drill", "south", "S1").available, 0);
        /* Reserved or damaged it is in the house as well; with the customer it is not. */
        sale_deliver(&world, sale_of(&world, "rope", "1"), "north");
        assert_done(&world, lots_do(&world, ocore_stock_receive, "rope", "south", "S1", "1", 0));
        sale_of(&world, "rope", "1");
        assert_refused(&world, lots_do(&world, ocore_stock_receive, "rope", "north", "S1", "1", 0),
                OCORE_EXISTS, "lines[0].lot");
        sale_close(&world);
}

/* Lots that the unit itself has brought are known to it. */
static void new_lots_come_in_a_unit(void **state)
{
        test_world world;

        (void)state;
        sale_open(&world);
        lots_product(&world, "tin", 0, OCORE_TRACKING_LOT);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L1", "1", 0));
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "south", "L1", "2", 0));
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "south", "L2", "3", 0));
        assert_refused(&world, lots_do(&world, ocore_stock_adjust, "tin", "south", "L2", "-4", 0),
                OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_done(&world, lots_do(&world, ocore_stock_adjust, "tin", "south", "L2", "-1", 0));
        assert_done(&world, ocore_unit_commit(world.core));
        assert_number(lots_row(&world, "tin", "north", "L1").available, 1);
        assert_number(lots_row(&world, "tin", "south", "L1").available, 2);
        assert_number(lots_row(&world, "tin", "south", "L2").available, 2);
        sale_close(&world);
}

/* Four of five mugs are sold: each lot gives its own, and takes its own back. */
static void each_lot_keeps_its_balance(void **state)
{
        ocore_stock first, second;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        sale_lots(&world, 2);
        order_id = sale_of(&world, "mug", "4");
        first = lots_row(&world, "mug", "north", "L1");
        second = lots_row(&world, "mug", "north", "L2");
        assert_number(first.available + first.allocated, 2);
        assert_number(second.available + second.allocated, 3);
        assert_number(first.allocated + second.allocated, 4);
        sale_deliver(&world, order_id, "north");
        assert_number(lots_row(&world, "mug", "north", "L1").available, first.available);
        assert_number(lots_row(&world, "mug", "north", "L2").available, second.available);
        assert_number(lots_row(&world, "mug", "north", "L1").picked, 0);
        order_id = sale_of(&world, "mug", "1");
        sale_cancel(&world, order_id, 1, NULL);
        assert_number(lots_row(&world, "mug", "north", "L1").available, first.available);
        assert_number(lots_row(&world, "mug", "north", "L2").available, second.available);
        sale_close(&world);
}

static void transfers_name_what_they_move(void **state)
{
        static const struct {
                const char *sku, *site, *lot;
                int64_t amount;
                int status;
                const char *field;
        } cases[] = {
                {"none", "north", "L1", 1, OCORE_NOT_FOUND, "sku"},
                {"wrap", "north", "L1", 1, OCORE_INVALID, "sku"},
                {"tin", "west", "L1", 1, OCORE_NOT_FOUND, "site"},
                {"tin", "north", "", 1, OCORE_INVALID, "lot"},
                {"tin", "north", "L2", 1, OCORE_OUT_OF_STOCK, "quantity"},
                {"tin", "south", "L1", 1, OCORE_OUT_OF_STOCK, "quantity"},
                {"tin", "north", "L1", 3, OCORE_OUT_OF_STOCK, "quantity"},
                {"tin", "north", "L1", 2, OCORE_OK, NULL},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        lots_product(&world, "tin", 0, OCORE_TRACKING_LOT);
        assert_done(&world, lots_do(&world, ocore_stock_receive, "tin", "north", "L1", "2", 0));
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_stock_transfer_request request = {.struct_size = sizeof request,
                        .id = test_next_id(&world),
                        .sku = ocore_str_of(cases[i].sku),
                        .site = ocore_str_of(cases[i].site),
                        .lot = ocore_str_of(cases[i].lot),
                        .from_bucket = OCORE_BUCKET_AVAILABLE,
                        .to_bucket = OCORE_BUCKET_DAMAGED,
                        .quantity = {cases[i].amount, 0, 0}};

                assert_refused(&world, ocore_stock_transfer(world.core, &request, NULL),
                        cases[i].status, cases[i].field);
        }
        assert_number(lots_row(&world, "tin", "north", "L1").damaged, 2);
        sale_close(&world);
}

static void pages_end_between_products(void **state)
{
        ocore_stock_list_request request = {.struct_size = sizeof request, .limit = 1};
        static const struct {
                const char *sku;
                size_t rows;
        } wanted[] = {{"cup", 2}, {"rice", 1}, {"tea", 1}};
        const ocore_stock_list *list;
        char after[64];
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < 3; i++) {
                assert_done(&world, ocore_stock_list_page(world.core, &request, &list));
                assert_int_equal(list->stock_count, wanted[i].rows);
                assert_text(list->stock[0]->sku, wanted[i].sku);
                assert_text(list->next, i < 2 ? wanted[i].sku : "");
                if (list->next.size)
                        memcpy(after, list->next.data, list->next.size);
                request.after = (ocore_str){after, list->next.size};
        }
        request = (ocore_stock_list_request){.struct_size = sizeof request, .sku = STR("cup")};
        assert_done(&world, ocore_stock_list_page(world.core, &request, &list));
        assert_int_equal(list->stock_count, 2);
        assert_text(list->stock[1]->site, "south");
        request.limit = 1001;
        assert_refused(
                &world, ocore_stock_list_page(world.core, &request, &list), OCORE_LIMIT, "limit");
        assert_null(list);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_verb_moves_as_it_says),
                cmocka_unit_test(all_lines_or_none),
                cmocka_unit_test(the_last_count_stands),
                cmocka_unit_test(decimals_are_kept_or_refused),
                cmocka_unit_test(transfers_move_between_buckets),
                cmocka_unit_test(what_is_promised_cannot_be_corrected_away),
                cmocka_unit_test(lots_have_a_name_and_one_date),
                cmocka_unit_test(a_date_may_come_later),
                cmocka_unit_test(a_serial_number_is_one_unit_in_one_place),
                cmocka_unit_test(new_lots_come_in_a_unit),
                cmocka_unit_test(each_lot_keeps_its_balance),
                cmocka_unit_test(transfers_name_what_they_move),
                cmocka_unit_test(pages_end_between_products),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
