/*
 * Where an order's goods come from and what becomes of those that are short: cases with numbers for
 * what is taken where, a table of who says what happens, caps, preorders, what the customer has in
 * hand; that being short is never decided by what a core merely remembers, nor by what others
 * change before it is written; and what an order costs the store and the allocator, counted.
 */
#include "assortment.h"
#include "watched_store.h"

static ocore_draft_line asked(const char *sku, int64_t quantity)
{
        return (ocore_draft_line){.sku = ocore_str_of(sku), .quantity = {quantity, 0, 0}};
}

static void two_lines_never_share_the_last_unit(void **state)
{
        const ocore_draft_line lines[] = {asked("a", 1), asked("a", 1)};
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_goods(&world, "a", "1.00 EUR");
        shop_receive(&world, "a", "north", "1");
        draft = draft_of(&world, lines, 2);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_number(shop_stock(&world, "a", "north").available, 1);
        assert_int_equal(draft_orders(&world), 0);
        draft.line_count = 1;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_number(shop_stock(&world, "a", "north").available, 0);
        sale_close(&world);
}

/* What each of two sites has, what is ordered, and what each gives; the ledger says the same. */
static void what_one_site_has_not_another_gives(void **state)
{
        static const struct {
                int64_t north, south, ordered, from_north, from_south;
        } cases[] = {{1, 1, 2, 1, 1}, {10, 15, 13, 10, 3}, {10, 15, 10, 10, 0}, {0, 15, 2, 0, 2}};
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const char sku[] = {'a', (char)('a' + i), 0};
                const ocore_draft_line line = asked(sku, cases[i].ordered);
                const ocore_stock_history_request request = {
                        .struct_size = sizeof request, .sku = ocore_str_of(sku)};
                const ocore_stock_history *history;
                ocore_order_draft draft;
                const ocore_order *order;
                int64_t north = 0, south = 0;
                char text[24];

                shop_goods(&world, sku, "1.00 EUR");
                (void)snprintf(text, sizeof text, "%d", (int)cases[i].north);
                if (cases[i].north)
                        shop_receive(&world, sku, "north", text);
                (void)snprintf(text, sizeof text, "%d", (int)cases[i].south);
                shop_receive(&world, sku, "south", text);
                draft = draft_of(&world, &line, 1);
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[0]->allocated, cases[i].ordered);
                assert_number(order->lines[0]->open, 0);
                assert_number(shop_stock(&world, sku, "north").allocated, cases[i].from_north);
                assert_number(shop_stock(&world, sku, "south").allocated, cases[i].from_south);
                assert_done(&world, ocore_stock_history_page(world.core, &request, &history));
                for (size_t n = 0; n < history->move_count; n++) {
                        const ocore_stock_move *move = history->moves[n];

                        if (move->to_bucket != OCORE_BUCKET_ALLOCATED)
                                continue;
                        assert_same_id(move->subject_id, draft.id);
                        if (ocore_str_equal(move->site, STR("north")))
                                north += move->quantity;
                        else
                                south += move->quantity;
                }
                assert_number(north, cases[i].from_north);
                assert_number(south, cases[i].from_south);
        }
        sale_close(&world);
}

enum { REFUSE = OCORE_SHORT_REFUSE, WAIT = OCORE_SHORT_BACKORDER };
enum { DROP = OCORE_SHORT_DROP_SHIP, MAKE = OCORE_SHORT_MAKE_TO_ORDER };

/* 5 are there and 8 are wanted: who says what happens with the other 3, and what does. */
static void draft_channel_and_product_say_what_happens(void **state)
{
        static const struct {
                int64_t draft, channel, product;
                int64_t kind; /* 0: refused */
        } cases[] = {
                {0, 0, 0, 0},
                {0, 0, REFUSE, 0},
                {0, 0, WAIT, OCORE_BACKORDER_SUPPLY},
                {0, 0, DROP, OCORE_BACKORDER_DROP_SHIP},
                {0, 0, MAKE, OCORE_BACKORDER_MAKE_TO_ORDER},
                {0, WAIT, 0, OCORE_BACKORDER_SUPPLY},
                {0, REFUSE, WAIT, 0},
                {0, WAIT, DROP, OCORE_BACKORDER_SUPPLY},
                {WAIT, REFUSE, REFUSE, OCORE_BACKORDER_SUPPLY},
                {REFUSE, WAIT, WAIT, 0},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const char sku[] = {'a', (char)('a' + i), 0};
                const assorted goods = {
                        .sku = sku, .short_action = cases[i].product, .supplier = "acme"};
                const ocore_channel_request channel = {.struct_size = sizeof channel,
                        .id = test_next_id(&world),
                        .channel = STR("web"),
                        .short_action = cases[i].channel,
                        .ship_complete = 1,
                        .priority = 7};
                const ocore_draft_line line = asked(sku, 8);
                ocore_order_draft draft;
                const ocore_order *order;

                assorted_goods(&world, &goods);
                shop_receive(&world, sku, "north", "5");
                assert_done(&world, ocore_channel_put(world.core, &channel, NULL));
                draft = draft_of(&world, &line, 1);
                draft.channel = STR("web");
                draft.short_action = cases[i].draft;
                draft.wanted_us = TEST_NOW_US + 5;
                if (!cases[i].kind) {
                        assert_refused(&world, ocore_order_place(world.core, &draft, &order),
                                OCORE_OUT_OF_STOCK, "lines[0].quantity");
                        assert_number(shop_stock(&world, sku, "north").available, 5);
                        continue;
                }
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[0]->allocated, 5);
                assert_number(order->lines[0]->backordered, 3);
                assert_number(order->lines[0]->open, 0);
                assert_number(order->expected_us, 0);
                assert_number(order->wishes, 1);
                assert_number(order->ship_complete, 1); /* as the channel says */
                assert_int_equal(order->backorder_count, 1);
                assert_number(order->backorders[0]->kind, cases[i].kind);
                assert_number(order->backorders[0]->quantity, 3);
                assert_number(order->backorders[0]->rank, -7);
                assert_number(order->backorders[0]->since_us, TEST_NOW_US);
                assert_number(order->backorders[0]->wanted_us, TEST_NOW_US + 5);
                assert_text(order->backorders[0]->channel, "web");
                assert_text(order->backorders[0]->sku, sku);
                order = sale_order(&world, draft.id); /* read, it is the same */
                assert_int_equal(order->backorder_count, 1);
                assert_number(order->lines[0]->backordered, 3);
                assert_number(shop_stock(&world, sku, "north").available, 0);
        }
        sale_close(&world);
}

/* What the draft names is obeyed, and only what cannot be had so waits. */
static void wishes_hold_for_what_waits(void **state)
{
        static const struct {
                const char *site;
                int64_t no_split, north, south, later;
        } cases[] = {{"", 0, 3, 2, 3}, {"south", 0, 0, 2, 6}, {"", 1, 3, 0, 5}};
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const char sku[] = {'a', (char)('a' + i), 0};
                ocore_draft_line line = asked(sku, 8);
                ocore_order_draft draft;
                const ocore_order *order;

                shop_goods(&world, sku, "1.00 EUR");
                shop_receive(&world, sku, "north", "3");
                shop_receive(&world, sku, "south", "2");
                line.site = ocore_str_of(cases[i].site);
                draft = draft_of(&world, &line, 1);
                draft.short_action = WAIT;
                draft.no_split = cases[i].no_split;
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[0]->backordered, cases[i].later);
                assert_number(shop_stock(&world, sku, "north").allocated, cases[i].north);
                assert_number(shop_stock(&world, sku, "south").allocated, cases[i].south);
        }
        sale_close(&world);
}

/* What is expected is promised, with its date, to as many as it is enough for. */
static void what_waits_is_promised(void **state)
{
        const int64_t due_us = TEST_NOW_US + TEST_DAY_US;
        const ocore_transfer_ship_line sent = {STR_INIT("tea"), {0}, {4, 0, 0}};
        ocore_transfer_ship_request transfer = {.struct_size = sizeof transfer,
                .from_site = STR("north"),
                .to_site = STR("south"),
                .due_us = due_us,
                .lines = &sent,
                .line_count = 1,
                .line_stride = sizeof sent};
        const ocore_draft_line line = asked("tea", 99);
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        transfer.id = test_next_id(&world);
        assert_done(&world, ocore_transfer_ship(world.core, &transfer, NULL));
        draft = draft_of(&world, &line, 1);
        draft.short_action = WAIT;
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->backordered, 3);
        assert_number(order->expected_us, due_us);
        assert_number(order->backorders[0]->expected_us, due_us);
        draft.id = test_next_id(&world);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->backordered, 99); /* one of them is promised */
        assert_number(order->expected_us, 0);
        sale_close(&world);
}

static void preorders_wait_for_the_release(void **state)
{
        const assorted goods = {.sku = "game", .release_us = TEST_NOW_US + TEST_DAY_US};
        const ocore_draft_line line = asked("game", 3);
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_goods(&world, &goods);
        shop_receive(&world, "game", "north", "10");
        assorted_cap(&world, "game", OCORE_QUOTA_PREORDER, "", "5");
        draft = draft_of(&world, &line, 1);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        draft.short_action = WAIT;
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->allocated, 0);
        assert_number(order->lines[0]->backordered, 3);
        assert_number(order->lines[0]->preordered, 3);
        assert_number(order->backorders[0]->kind, OCORE_BACKORDER_PREORDER);
        assert_number(order->backorders[0]->wanted_us, goods.release_us);
        assert_number(assorted_left(&world, "game", 0), 2);
        draft.id = test_next_id(&world);
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_number(assorted_left(&world, "game", 0), 2);
        world.now_us = goods.release_us; /* from then on it is sold */
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->allocated, 3);
        assert_number(order->lines[0]->preordered, 0);
        assert_number(assorted_left(&world, "game", 0), 2);
        sale_close(&world);
}

static void a_channel_sells_no_more_than_its_cap(void **state)
{
        const ocore_draft_line lines[] = {asked("cup", 2), asked("cup", 3)};
        ocore_order_draft draft;
        const ocore_order *order;
        const ocore_verdict *verdict;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_cap(&world, "cup", OCORE_QUOTA_SALE, "web", "5");
        draft = draft_of(&world, lines, 2);
        draft.channel = STR("web");
        for (int in_unit = 1; in_unit >= 0;
                in_unit--) { /* a unit that is cancelled takes nothing */
                if (in_unit)
                        assert_done(&world, ocore_unit_begin(world.core));
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->lines[0]->capped, 2);
                assert_number(order->lines[1]->capped, 3);
                if (in_unit)
                        assert_done(&world, ocore_unit_cancel(world.core));
                assert_number(assorted_left(&world, "cup", 0), in_unit ? 5 : 0);
        }
        draft = draft_of(&world, &lines[0], 1);
        draft.channel = STR("web");
        draft.short_action = WAIT; /* a cap is no shortage */
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
        assert_int_equal(verdict->problem_count, 1);
        assert_text(verdict->problems[0]->field, "lines[0].quantity");
        draft.channel = STR("till");
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->capped, 0);
        sale_close(&world);
}

static void what_is_in_hand_is_sold_below_zero(void **state)
{
        ocore_draft_line lines[] = {asked("cup", 5), asked("tea", 1)};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        lines[0].site = STR("north");
        draft = draft_of(&world, lines, 2);
        draft.in_hand = 1;
        draft.short_action = WAIT; /* what the customer has cannot wait */
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        assorted_rule(&world, "cup", "north", "0", 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->lines[0]->allocated, 5);
        assert_int_equal(order->lines[0]->allocation_count, 1);
        assert_int_equal(order->backorder_count, 0);
        assert_number(shop_stock(&world, "cup", "north").allocated, 5);
        assert_number(shop_stock(&world, "cup", "north").available, 0);
        assert_number(shop_stock(&world, "cup", "north").oversold, 2);
        lines[0].site = (ocore_str){0}; /* south gives 10, and north is the first site */
        lines[0].quantity.amount = 11;
        draft.id = test_next_id(&world);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_int_equal(order->lines[0]->allocation_count, 2);
        assert_number(order->lines[0]->allocations[0]->reason, OCORE_ALLOCATED_IN_HAND);
        assert_number(shop_stock(&world, "cup", "north").oversold, 3);
        draft.id = test_next_id(&world);
        draft.in_hand = 0;
        draft.short_action = REFUSE; /* others are not sold what is not there */
        assert_refused(&world, ocore_order_place(world.core, &draft, NULL), OCORE_OUT_OF_STOCK,
                "lines[0].quantity");
        sale_close(&world);
}

static void what_is_in_hand_of_a_lot_names_it(void **state)
{
        const assorted goods = {.sku = "milk", .tracking = OCORE_TRACKING_LOT};
        ocore_draft_line line = asked("milk", 3);
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_goods(&world, &goods);
        assorted_lot(&world, "milk", "north", "L1", "1", 0);
        assorted_rule(&world, "milk", "", "0", 1);
        draft = draft_of(&world, &line, 1);
        draft.in_hand = 1;
        assert_refused(
                &world, ocore_order_place(world.core, &draft, NULL), OCORE_INVALID, "lines[0].lot");
        line.lot = STR("L1");
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_close(&world);
}

typedef struct stage {
        test_world world;
        watched_store watched;
        ocore_core *other; /* works on the same store, watched */
} stage;

static void stage_open(stage *at)
{
        ocore_config config;

        sale_open(&at->world);
        config = at->world.config;
        config.store = watched_of(&at->watched, at->world.store);
        assert_int_equal(ocore_open(&config, &at->other), OCORE_OK);
}

static void stage_close(stage *at)
{
        ocore_close(at->other);
        sale_close(&at->world);
}

/* A core that remembers that all is sold reads before it lets somebody wait. */
static void nobody_waits_by_what_is_remembered(void **state)
{
        ocore_draft_line line = asked("cup", 13);
        ocore_order_draft draft;
        const ocore_order *order;
        stage at;

        (void)state;
        stage_open(&at);
        draft = draft_of(&at.world, &line, 1);
        assert_int_equal(ocore_order_place(at.other, &draft, &order), OCORE_OK);
        shop_receive(&at.world, "cup", "north", "2");
        line.quantity.amount = 3;
        draft.id = test_next_id(&at.world);
        draft.short_action = WAIT;
        for (int in_unit = 0; in_unit < 2; in_unit++) {
                if (in_unit) {
                        shop_receive(&at.world, "cup", "north", "2");
                        assert_int_equal(ocore_unit_begin(at.other), OCORE_OK);
                        draft.id = test_next_id(&at.world);
                }
                assert_int_equal(ocore_order_place(at.other, &draft, &order), OCORE_OK);
                assert_number(order->lines[0]->allocated, 2);
                assert_number(order->lines[0]->backordered, 1);
                if (in_unit)
                        assert_int_equal(ocore_unit_commit(at.other), OCORE_OK);
        }
        stage_close(&at);
}

static void two_come_in(void *data)
{
        shop_receive(data, "new", "north", "2");
}

/* Goods that come in between the read and the write are seen, where there were some and where
 * there were none: the write is refused and the order decided anew. */
static void nobody_waits_for_what_has_come(void **state)
{
        stage at;

        (void)state;
        for (int had_some = 0; had_some < 2; had_some++) {
                const ocore_draft_line line = asked("new", 3);
                ocore_order_draft draft;
                const ocore_order *order;

                stage_open(&at);
                shop_goods(&at.world, "new", "1.00 EUR");
                if (had_some)
                        shop_receive(&at.world, "new", "north", "1");
                draft = draft_of(&at.world, &line, 1);
                draft.short_action = WAIT;
                at.watched.before_write = two_come_in;
                at.watched.data = &at.world;
                assert_int_equal(ocore_order_place(at.other, &draft, &order), OCORE_OK);
                assert_number(order->lines[0]->allocated, had_some ? 3 : 2);
                assert_number(order->lines[0]->backordered, had_some ? 0 : 1);
                assert_int_equal(at.watched.writes, 2);
                stage_close(&at);
        }
}

typedef struct cost {
        int64_t rows, reads, writes; /* asked of the store */
        int64_t requests, bytes_max; /* asked of the allocator, by a core that remembers nothing */
} cost;

/* Places these lines with a new core and counts what that takes. */
static cost cost_of(stage *at, const ocore_draft_line *lines, size_t count, int64_t short_action)
{
        ocore_order_draft draft = draft_of(&at->world, lines, count);
        ocore_config config = at->world.config;
        test_memory memory = {.blocks = 0};
        ocore_core *core;
        cost all;

        config.allocator = test_allocator(&memory);
        config.store = watched_of(&at->watched, at->world.store);
        assert_int_equal(ocore_open(&config, &core), OCORE_OK);
        draft.short_action = short_action;
        assert_int_equal(ocore_order_place(core, &draft, NULL), OCORE_OK);
        all = (cost){at->watched.rows, at->watched.reads, at->watched.writes, memory.requests,
                memory.bytes_max};
        ocore_close(core);
        assert_int_equal(memory.blocks, 0);
        return all;
}

/* One unit, a thousand or a million: the same rows in the same calls, and the same memory; of what
 * is there, and of what waits. */
static void cost_does_not_depend_on_quantity(void **state)
{
        static const int64_t actions[] = {REFUSE, WAIT};
        stage at;

        (void)state;
        for (size_t a = 0; a < 2; a++) {
                cost first = {0, 0, 0, 0, 0};

                stage_open(&at);
                shop_goods(&at.world, "much", "0.01 EUR");
                shop_receive(&at.world, "much", "north", actions[a] == WAIT ? "1" : "9000000");
                if (actions[a] == WAIT) /* then nothing is there */
                        assert_done(&at.world, draft_place(&at.world, "much", "1"));
                for (int64_t quantity = 1; quantity <= 1000000; quantity *= 1000) {
                        const ocore_draft_line line = asked("much", quantity);
                        cost taken = cost_of(&at, &line, 1, actions[a]);

                        if (quantity == 1)
                                first = taken;
                        assert_number(taken.rows, first.rows);
                        assert_number(taken.reads, first.reads);
                        assert_number(taken.writes, 1);
                        assert_number(taken.requests, first.requests);
                        assert_number(taken.bytes_max, first.bytes_max);
                }
                stage_close(&at);
        }
}

/* 10, 100 and 1,000 lines: rows and memory in proportion, reads and writes the same. */
static void cost_is_in_proportion_to_lines(void **state)
{
        enum { MOST = 1000 };
        static char skus[MOST][8];
        static ocore_draft_line lines[MOST];
        static ocore_stock_line there[MOST];
        ocore_stock_request receive = {.struct_size = sizeof receive,
                .lines = there,
                .line_count = MOST,
                .line_stride = sizeof *there};
        cost costs[3];
        size_t n = 0;
        stage at;

        (void)state;
        stage_open(&at);
        assert_done(&at.world, ocore_unit_begin(at.world.core));
        for (size_t i = 0; i < MOST; i++) {
                (void)snprintf(skus[i], sizeof skus[i], "s%05u", (unsigned)i % 100000);
                shop_goods(&at.world, skus[i], "1.00 EUR");
                lines[i] = asked(skus[i], 2);
                there[i] = (ocore_stock_line){.sku = ocore_str_of(skus[i]),
                        .site = STR("south"),
                        .quantity = {100, 0, 0}};
        }
        receive.id = test_next_id(&at.world);
        assert_done(&at.world, ocore_stock_receive(at.world.core, &receive, NULL));
        assert_done(&at.world, ocore_unit_commit(at.world.core));
        for (size_t count = 10; count <= MOST; count *= 10, n++) {
                costs[n] = cost_of(&at, lines, count, WAIT);
                assert_number(costs[n].reads, costs[0].reads);
                assert_number(costs[n].writes, 1);
        }
        assert_number(costs[2].rows - costs[1].rows, 10 * (costs[1].rows - costs[0].rows));
        for (size_t i = 1; i < n; i++) {
                assert_true(costs[i].bytes_max <= 10 * costs[i - 1].bytes_max);
                assert_true(costs[i].requests <= 10 * costs[i - 1].requests);
        }
        stage_close(&at);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(two_lines_never_share_the_last_unit),
                cmocka_unit_test(what_one_site_has_not_another_gives),
                cmocka_unit_test(draft_channel_and_product_say_what_happens),
                cmocka_unit_test(wishes_hold_for_what_waits),
                cmocka_unit_test(what_waits_is_promised),
                cmocka_unit_test(preorders_wait_for_the_release),
                cmocka_unit_test(a_channel_sells_no_more_than_its_cap),
                cmocka_unit_test(what_is_in_hand_is_sold_below_zero),
                cmocka_unit_test(what_is_in_hand_of_a_lot_names_it),
                cmocka_unit_test(nobody_waits_by_what_is_remembered),
                cmocka_unit_test(nobody_waits_for_what_has_come),
                cmocka_unit_test(cost_does_not_depend_on_quantity),
                cmocka_unit_test(cost_is_in_proportion_to_lines),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
