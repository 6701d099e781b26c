/*
 * Fulfillments: every cell of the state table, as a table and through the public functions; where
 * the units stand after each step, in the order and in the stock; what a pick list can take; and
 * that a step taken back or repeated leaves each unit in one place. The store is verified at the
 * end of each test.
 */
#include "fulfillment/fulfillment.h"
#include "sale.h"

enum { STATES = OCORE_FULFILLMENT_STATE_CANCELLED, STEPS = OCORE_FULFILLMENT_STEP_CANCEL };

/* The state after each step (pick, pack, ship, deliver, cancel) from each state; 0: refused. */
static const int64_t after[STATES][STEPS] = {
        {OCORE_FULFILLMENT_STATE_PICKED, 0, 0, 0, OCORE_FULFILLMENT_STATE_CANCELLED},
        {0, OCORE_FULFILLMENT_STATE_PACKED, 0, 0, OCORE_FULFILLMENT_STATE_CANCELLED},
        {0, 0, OCORE_FULFILLMENT_STATE_SHIPPED, 0, OCORE_FULFILLMENT_STATE_CANCELLED},
        {0, 0, 0, OCORE_FULFILLMENT_STATE_DELIVERED, 0},
        {0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0},
};

static void every_cell_of_the_table_is_as_written(void **state)
{
        size_t seen = 0;

        (void)state;
        for (int64_t from = 0; from <= STATES + 1; from++) {
                for (int64_t step = 0; step <= STEPS + 1; step++) {
                        const ocore__fulfillment_transition *found =
                                ocore__fulfillment_step(from, step);
                        int known = from >= 1 && from <= STATES && step >= 1 && step <= STEPS;
                        int64_t wanted = known ? after[from - 1][step - 1] : 0;

                        assert_number(found ? found->to : 0, wanted);
                        seen += found != NULL;
                }
                assert_true((ocore__fulfillment_place_of(from) != NULL) ==
                            (from >= 1 && from <= STATES));
        }
        assert_int_equal(seen, ocore__fulfillment_transition_count);
}

static void an_allocation_gives_no_more_than_it_has(void **state)
{
        static const struct {
                int64_t has, moved;
                int status;
        } cases[] = {{3, 3, OCORE_OK}, {3, 1, OCORE_OK}, {3, 4, OCORE_STATE}, {0, 1, OCORE_STATE}};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_allocation row = {.released = cases[i].has, .picked = 5};
                int64_t moved = cases[i].status ? 0 : cases[i].moved;

                assert_int_equal(ocore__allocation_move(&row, offsetof(ocore_allocation, released),
                                         offsetof(ocore_allocation, picked), cases[i].moved),
                        cases[i].status);
                assert_number(row.released, cases[i].has - moved);
                assert_number(row.picked, 5 + moved);
        }
}

/* The steps that lead to a state, 0 behind the last. */
static const int64_t way_to[STATES][5] = {
        {0},
        {OCORE_FULFILLMENT_STEP_PICK},
        {OCORE_FULFILLMENT_STEP_PICK, OCORE_FULFILLMENT_STEP_PACK},
        {OCORE_FULFILLMENT_STEP_PICK, OCORE_FULFILLMENT_STEP_PACK, OCORE_FULFILLMENT_STEP_SHIP},
        {OCORE_FULFILLMENT_STEP_PICK, OCORE_FULFILLMENT_STEP_PACK, OCORE_FULFILLMENT_STEP_SHIP,
                OCORE_FULFILLMENT_STEP_DELIVER},
        {OCORE_FULFILLMENT_STEP_CANCEL},
};

static ocore_fulfillment get(test_world *world, ocore_id id)
{
        const ocore_fulfillment_key key = {.struct_size = sizeof key, .fulfillment_id = id};
        const ocore_fulfillment *fulfillment;

        assert_done(world, ocore_fulfillment_get(world->core, &key, &fulfillment));
        return *fulfillment;
}

static void every_step_is_allowed_or_refused_by_the_table(void **state)
{
        (void)state;
        for (int64_t from = 1; from <= STATES; from++) {
                for (int64_t step = 1; step <= STEPS; step++) {
                        int64_t to = after[from - 1][step - 1], version;
                        const ocore_fulfillment *answer;
                        ocore_id order_id, id;
                        test_world world;

                        sale_open(&world);
                        order_id = sale_of(&world, "tea", "5");
                        id = sale_release(&world, order_id, "");
                        for (const int64_t *way = way_to[from - 1]; *way; way++)
                                sale_step(&world, id, *way);
                        version = sale_order(&world, order_id)->version;
                        if (to) {
                                assert_done(&world,
                                        sale_try_step(&world, test_id(1), id, step, &answer));
                                assert_number(answer->state, to);
                                assert_int_equal(answer->line_count, 1);
                        } else {
                                assert_refused(&world,
                                        sale_try_step(&world, test_id(1), id, step, &answer),
                                        OCORE_STATE, "fulfillment_id");
                                assert_null(answer);
                        }
                        assert_number(get(&world, id).state, to ? to : from);
                        assert_number(sale_order(&world, order_id)->version, version + (to != 0));
                        sale_close(&world);
                }
        }
}

/* Where the 5 units are, after each state is reached. */
static void units_are_in_one_place_after_each_step(void **state)
{
        static const struct {
                int64_t allocated, picked, packed, shipped, delivered; /* of the order's line */
                int64_t stock_allocated, stock_picked;
                int64_t fulfillment, order, event;
                const char *detail;
        } cases[STATES] = {
                {5, 0, 0, 0, 0, 5, 0, OCORE_FULFILLMENT_NONE, OCORE_ORDER_CONFIRMED,
                        OCORE_EVENT_FULFILLMENT_CREATED, "north"},
                {0, 5, 0, 0, 0, 0, 5, OCORE_FULFILLMENT_NONE, OCORE_ORDER_CONFIRMED,
                        OCORE_EVENT_FULFILLMENT_PICKED, "north"},
                {0, 0, 5, 0, 0, 0, 5, OCORE_FULFILLMENT_NONE, OCORE_ORDER_CONFIRMED,
                        OCORE_EVENT_FULFILLMENT_PACKED, "2 packages"},
                {0, 0, 0, 5, 0, 0, 0, OCORE_FULFILLMENT_SHIPPED, OCORE_ORDER_CONFIRMED,
                        OCORE_EVENT_FULFILLMENT_SHIPPED, "Post JD0001"},
                {0, 0, 0, 0, 5, 0, 0, OCORE_FULFILLMENT_DELIVERED, OCORE_ORDER_COMPLETED,
                        OCORE_EVENT_FULFILLMENT_DELIVERED, "JD0001"},
                {5, 0, 0, 0, 0, 5, 0, OCORE_FULFILLMENT_NONE, OCORE_ORDER_CONFIRMED,
                        OCORE_EVENT_FULFILLMENT_CANCELLED, "north"},
        };

        (void)state;
        for (size_t i = 0; i < STATES; i++) {
                test_world world;
                ocore_id order_id, id;
                ocore_order_line line;
                ocore_stock stock;
                ocore_event event;

                sale_open(&world);
                order_id = sale_of(&world, "tea", "5");
                id = sale_release(&world, order_id, "");
                for (const int64_t *way = way_to[i]; *way; way++)
                        sale_step(&world, id, *way);
                line = *sale_order(&world, order_id)->lines[0];
                assert_number(line.allocated, cases[i].allocated);
                assert_number(line.picked, cases[i].picked);
                assert_number(line.packed, cases[i].packed);
                assert_number(line.shipped, cases[i].shipped);
                assert_number(line.delivered, cases[i].delivered);
                assert_number(line.open, 0);
                stock = shop_stock(&world, "tea", "north");
                assert_number(stock.available, 95);
                assert_number(stock.allocated, cases[i].stock_allocated);
                assert_number(stock.picked, cases[i].stock_picked);
                assert_number(sale_order(&world, order_id)->fulfillment, cases[i].fulfillment);
                assert_number(sale_order(&world, order_id)->state, cases[i].order);
                event = sale_event(
                        &world, order_id, cases[i].order == OCORE_ORDER_COMPLETED ? 1 : 0);
                assert_number(event.kind, cases[i].event);
                assert_text(event.detail, cases[i].detail);
                sale_close(&world);
        }
}

static void a_step_leaves_its_traces(void **state)
{
        test_world world;
        ocore_id order_id, id;
        ocore_fulfillment row;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "tea", "5");
        id = sale_release(&world, order_id, "");
        sale_step(&world, id, OCORE_FULFILLMENT_STEP_PICK);
        sale_step(&world, id, OCORE_FULFILLMENT_STEP_PACK);
        world.now_us += TEST_HOUR_US;
        sale_step(&world, id, OCORE_FULFILLMENT_STEP_SHIP);
        world.now_us += TEST_DAY_US;
        sale_step(&world, id, OCORE_FULFILLMENT_STEP_DELIVER);
        row = get(&world, id);
        assert_number(row.packages, 2);
        assert_text(row.carrier, "Post");
        assert_text(row.tracking_number, "JD0001");
        assert_text(row.site, "north");
        assert_number(row.created_us, TEST_NOW_US);
        assert_number(row.shipped_us, TEST_NOW_US + TEST_HOUR_US);
        assert_number(row.delivered_us, TEST_NOW_US + TEST_HOUR_US + TEST_DAY_US);
        assert_number(sale_event(&world, order_id, 0).kind, OCORE_EVENT_ORDER_COMPLETED);
        sale_close(&world);
}

static int try_create(test_world *world, ocore_id id, ocore_id order_id, const char *site,
        const ocore_line_quantity *lines, size_t count, const ocore_fulfillment **out)
{
        const ocore_fulfillment_request request = {.struct_size = sizeof request,
                .id = id,
                .order_id = order_id,
                .site = ocore_str_of(site),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        return ocore_fulfillment_create(world->core, &request, out);
}

static void a_pick_list_takes_what_waits_at_a_site(void **state)
{
        static const struct {
                const char *site;
                ocore_line_quantity line;
                int status;
                const char *field;
        } cases[] = {
                {"", {0, {0, 0, 0}}, OCORE_INVALID, "site"}, /* it waits at two */
                {"west", {0, {0, 0, 0}}, OCORE_STATE, "site"},
                {"north", {1, {4, 0, 0}}, OCORE_STATE, "lines[0].quantity"},
                {"north", {4, {1, 0, 0}}, OCORE_NOT_FOUND, "lines[0].line"},
                {"north", {3, {1, 0, 0}}, OCORE_STATE, "lines[0].quantity"}, /* a service */
                {"north", {1, {15, 1, 0}}, OCORE_INVALID, "lines[0].quantity"},
                {"north", {1, {0, 0, 0}}, OCORE_INVALID, "lines[0].quantity"},
                {"north", {1, {-1, 0, 0}}, OCORE_INVALID, "lines[0].quantity"},
                {"north", {1, {2, 0, 0}}, OCORE_OK, ""},
                {"north", {1, {2, 0, 0}}, OCORE_STATE, "lines[0].quantity"}, /* one is left */
                {"north", {2, {1005, 3, 0}}, OCORE_OK, ""},
                {"south", {0, {0, 0, 0}}, OCORE_OK, ""},
                {"south", {0, {0, 0, 0}}, OCORE_STATE, "site"},
                {"", {0, {0, 0, 0}}, OCORE_OK, ""}, /* only north is left */
                {"", {0, {0, 0, 0}}, OCORE_STATE, "order_id"},
        };
        const sale_line lines[] = {{"cup", "4"}, {"rice", "1.500"}, {"wrap", "1"}};
        test_world world;
        ocore_id order_id;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 3, "");
        assert_refused(&world,
                try_create(&world, test_next_id(&world), order_id, "north", NULL, 0, NULL),
                OCORE_STATE, "order_id"); /* it is not confirmed */
        sale_confirm(&world, order_id);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_fulfillment *fulfillment;
                int status = try_create(&world, test_next_id(&world), order_id, cases[i].site,
                        &cases[i].line, cases[i].line.line ? 1 : 0, &fulfillment);

                if (cases[i].status)
                        assert_refused(&world, status, cases[i].status, cases[i].field);
                else
                        assert_done(&world, status);
                assert_true((fulfillment != NULL) == (cases[i].status == OCORE_OK));
        }
        sale_close(&world);
}

/* The same line twice in one request is one line of the pick list; two lots are two. */
static void lines_of_a_pick_list_are_by_line_and_lot(void **state)
{
        const ocore_line_quantity twice[] = {{1, {1, 0, 0}}, {1, {3, 0, 0}}};
        test_world world;
        ocore_id order_id, id;
        const ocore_fulfillment *row;
        int64_t sum = 0;

        (void)state;
        sale_open(&world);
        sale_lots(&world, 2);
        order_id = sale_of(&world, "mug", "5");
        id = test_next_id(&world);
        assert_done(&world, try_create(&world, id, order_id, "", twice, 2, &row));
        assert_int_equal(row->line_count, 2);
        for (size_t i = 0; i < 2; i++) {
                assert_number(row->lines[i]->number, (int64_t)i + 1);
                assert_number(row->lines[i]->line, 1);
                assert_text(row->lines[i]->sku, "mug");
                sum += row->lines[i]->quantity;
        }
        assert_number(sum, 4);
        assert_false(ocore_str_equal(row->lines[0]->lot, row->lines[1]->lot));
        for (int64_t step = 1; step <= OCORE_FULFILLMENT_STEP_DELIVER; step++)
                sale_step(&world, id, step);
        assert_number(sale_order(&world, order_id)->fulfillment, OCORE_FULFILLMENT_PARTIAL);
        sale_deliver(&world, order_id, "");
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        sale_close(&world);
}

static void what_is_taken_back_can_go_again(void **state)
{
        (void)state;
        for (int64_t from = OCORE_FULFILLMENT_STATE_OPEN; from <= OCORE_FULFILLMENT_STATE_PACKED;
                from++) {
                test_world world;
                ocore_id order_id, id;

                sale_open(&world);
                order_id = sale_of(&world, "tea", "5");
                id = sale_release(&world, order_id, "");
                for (const int64_t *way = way_to[from - 1]; *way; way++)
                        sale_step(&world, id, *way);
                sale_step(&world, id, OCORE_FULFILLMENT_STEP_CANCEL);
                assert_number(shop_stock(&world, "tea", "north").allocated, 5);
                assert_number(shop_stock(&world, "tea", "north").picked, 0);
                sale_deliver(&world, order_id, "north");
                assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
                sale_close(&world);
        }
}

static void repeated_commands_change_nothing(void **state)
{
        test_world world;
        ocore_id order_id, id;
        const ocore_fulfillment *row;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "tea", "5");
        id = test_next_id(&world);
        assert_done(&world, try_create(&world, id, order_id, "", NULL, 0, NULL));
        assert_status(&world, try_create(&world, id, order_id, "", NULL, 0, &row), OCORE_ALREADY);
        assert_number(row->state, OCORE_FULFILLMENT_STATE_OPEN);
        assert_int_equal(row->line_count, 1);
        assert_number(row->lines[0]->quantity, 5);
        for (int64_t step = 1; step <= OCORE_FULFILLMENT_STEP_DELIVER; step++) {
                ocore_id command = test_next_id(&world);
                ocore_fulfillment first;

                assert_done(&world, sale_try_step(&world, command, id, step, &row));
                first = *row;
                world.now_us += TEST_HOUR_US;
                assert_status(
                        &world, sale_try_step(&world, command, id, step, &row), OCORE_ALREADY);
                assert_number(row->state, first.state);
                assert_number(row->shipped_us, first.shipped_us);
                assert_number(row->delivered_us, first.delivered_us);
                assert_int_equal(row->line_count, 1);
                assert_refused(&world, sale_try_step(&world, command, id, step % STEPS + 1, &row),
                        OCORE_ID_REUSED, "id");
        }
        assert_status(&world, try_create(&world, id, order_id, "", NULL, 0, &row), OCORE_ALREADY);
        assert_number(row->state, OCORE_FULFILLMENT_STATE_OPEN); /* as it was answered then */
        sale_close(&world);
}

static void fulfillments_are_found_and_listed(void **state)
{
        const sale_line lines[] = {{"cup", "5"}, {"tea", "1"}};
        test_world world;
        ocore_id order_id, other;
        ocore_order_key key = {.struct_size = sizeof key};
        ocore_fulfillment_key none = {.struct_size = sizeof none, .fulfillment_id = test_id(6)};
        const ocore_fulfillment *row;
        const ocore_fulfillment_list *list;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 2, "post");
        sale_confirm(&world, order_id);
        other = sale_of(&world, "tea", "2");
        key.order_id = order_id;
        assert_done(&world, ocore_fulfillment_list_of(world.core, &key, &list));
        assert_int_equal(list->fulfillment_count, 0);
        sale_release(&world, other, "");
        sale_release(&world, order_id, "north");
        sale_release(&world, order_id, "south");
        assert_done(&world, ocore_fulfillment_list_of(world.core, &key, &list));
        assert_int_equal(list->fulfillment_count, 2);
        assert_text(list->fulfillments[0]->site, "north");
        assert_int_equal(list->fulfillments[0]->line_count, 2);
        assert_text(list->fulfillments[0]->lines[1]->sku, "tea");
        assert_text(list->fulfillments[1]->site, "south");
        assert_int_equal(list->fulfillments[1]->line_count, 1);
        assert_number(list->fulfillments[1]->lines[0]->quantity, 2);
        key.order_id = test_id(6);
        assert_refused(&world, ocore_fulfillment_list_of(world.core, &key, &list), OCORE_NOT_FOUND,
                "order_id");
        assert_refused(&world, ocore_fulfillment_get(world.core, &none, &row), OCORE_NOT_FOUND,
                "fulfillment_id");
        assert_refused(&world,
                sale_try_step(&world, test_next_id(&world), test_id(6), OCORE_FULFILLMENT_STEP_PICK,
                        &row),
                OCORE_NOT_FOUND, "fulfillment_id");
        sale_close(&world);
}

static void a_whole_way_fits_in_one_unit(void **state)
{
        test_world world;
        ocore_id order_id;

        (void)state;
        sale_open(&world);
        assert_done(&world, ocore_unit_begin(world.core));
        order_id = sale_of(&world, "cup", "2");
        sale_pay(&world, order_id, OCORE_TENDER_CASH, NULL);
        sale_deliver(&world, order_id, "");
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        assert_number(sale_order(&world, order_id)->due_minor, 0);
        assert_number(shop_stock(&world, "cup", "north").available, 1);
        sale_close(&world);
}

/* A store in front of another, behind whose n-th read somebody else is faster. */
typedef struct meddler {
        ocore_store inner;
        test_world *world;
        ocore_id fulfillment_id;
        int64_t step;
        int reads_left;
} meddler;

static int meddle_open(void *self, const ocore_schema *schema)
{
        meddler *meddling = self;

        return meddling->inner.ops->open(meddling->inner.self, schema);
}

static int meddle_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        meddler *meddling = self;
        int status = meddling->inner.ops->read(meddling->inner.self, reads, count, emit, sink);

        if (meddling->reads_left && !--meddling->reads_left)
                sale_step(meddling->world, meddling->fulfillment_id, meddling->step);
        return status;
}

static int meddle_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        meddler *meddling = self;

        return meddling->inner.ops->write(meddling->inner.self, writes, count, refusal);
}

/* A step reads twice; what others do in between, or before it writes, makes it decide anew. */
static void who_is_slower_decides_anew(void **state)
{
        static const ocore_store_ops ops = {.struct_size = sizeof ops,
                .name = "meddler",
                .open = meddle_open,
                .read = meddle_read,
                .write = meddle_write};
        static const struct {
                int64_t others, mine;
                int status;
                int64_t end;
        } cases[] = {
                {OCORE_FULFILLMENT_STEP_PICK, OCORE_FULFILLMENT_STEP_PICK, OCORE_STATE,
                        OCORE_FULFILLMENT_STATE_PICKED},
                {OCORE_FULFILLMENT_STEP_CANCEL, OCORE_FULFILLMENT_STEP_PICK, OCORE_STATE,
                        OCORE_FULFILLMENT_STATE_CANCELLED},
                {OCORE_FULFILLMENT_STEP_PICK, OCORE_FULFILLMENT_STEP_CANCEL, OCORE_OK,
                        OCORE_FULFILLMENT_STATE_CANCELLED},
        };

        (void)state;
        for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
                test_world world, mine;
                meddler meddling = {.world = &world, .step = cases[i / 2].others};
                ocore_config config;

                sale_open(&world);
                meddling.fulfillment_id = sale_release(&world, sale_of(&world, "tea", "5"), "");
                meddling.inner = world.store;
                mine = world;
                config = world.config;
                config.store = (ocore_store){&ops, &meddling};
                assert_done(&world, ocore_open(&config, &mine.core));
                meddling.reads_left = 1 + (int)(i % 2);
                assert_status(&mine,
                        sale_try_step(&mine, test_id(1), meddling.fulfillment_id, cases[i / 2].mine,
                                NULL),
                        cases[i / 2].status);
                assert_int_equal(meddling.reads_left, 0);
                ocore_close(mine.core);
                assert_number(get(&world, meddling.fulfillment_id).state, cases[i / 2].end);
                sale_close(&world);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_cell_of_the_table_is_as_written),
                cmocka_unit_test(an_allocation_gives_no_more_than_it_has),
                cmocka_unit_test(every_step_is_allowed_or_refused_by_the_table),
                cmocka_unit_test(units_are_in_one_place_after_each_step),
                cmocka_unit_test(a_step_leaves_its_traces),
                cmocka_unit_test(a_pick_list_takes_what_waits_at_a_site),
                cmocka_unit_test(lines_of_a_pick_list_are_by_line_and_lot),
                cmocka_unit_test(what_is_taken_back_can_go_again),
                cmocka_unit_test(repeated_commands_change_nothing),
                cmocka_unit_test(fulfillments_are_found_and_listed),
                cmocka_unit_test(a_whole_way_fits_in_one_unit),
                cmocka_unit_test(who_is_slower_decides_anew),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
