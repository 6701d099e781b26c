/*
 * Stock commands: each moves between two ends and says so, all lines or none; counts set, transfers
 * move, nothing falls below zero or leaves 64 bits; pages end between two products. The store is
 * verified after each test, so every balance is the sum of its moves.
 */
#include "draft.h"

static ocore_stock_line stock_line(
        const char *sku, const char *site, const char *lot, int64_t amount)
{
        return (ocore_stock_line){
                ocore_str_of(sku), ocore_str_of(site), ocore_str_of(lot), {amount, 0, 0}};
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
        const ocore_stock_line lines[] = {{STR("rice"), STR("north"), {0}, {1250, 3, 0}},
                {STR("rice"), STR("north"), {0}, {5, 1, 0}},
                {STR("rice"), STR("north"), {0}, {1, 4, 0}},
                {STR("cup"), STR("north"), {0}, {5, 1, 0}},
                {STR("rice"), STR("north"), {0}, {INT64_MAX, 0, 0}}};
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
                cmocka_unit_test(pages_end_between_products),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
