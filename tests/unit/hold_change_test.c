/*
 * Holds that are extended and transferred: the new deadline counts for everybody, a part that goes
 * to another holder is a hold of its own, no stock moves and none is lost, every event is counted,
 * and a hold whose deadline has come is left alone, to the microsecond. The store is verified at
 * each end.
 */
#include "draft.h"

static ocore_hold_request_line held(const char *sku, const char *quantity)
{
        return (ocore_hold_request_line){ocore_str_of(sku), test_quantity(quantity)};
}

/* Holds these lines for an hour for "cart 1", priority 5. */
static ocore_id hold(test_world *world, const ocore_hold_request_line *lines, size_t count)
{
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .expires_us = world->now_us + TEST_HOUR_US,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines,
                .holder = STR("cart 1"),
                .priority = 5};

        assert_done(world, ocore_hold_place(world->core, &request, NULL));
        return request.id;
}

static ocore_id hold_cups(test_world *world, const char *quantity)
{
        const ocore_hold_request_line line = held("cup", quantity);

        return hold(world, &line, 1);
}

static int extend(test_world *world, ocore_id hold_id, int64_t expires_us, const ocore_hold **out)
{
        const ocore_hold_extend_request request = {
                sizeof request, test_next_id(world), hold_id, expires_us};

        return ocore_hold_extend(world->core, &request, out);
}

static int release(test_world *world, ocore_id hold_id)
{
        const ocore_hold_release_request request = {sizeof request, test_next_id(world), hold_id};

        return ocore_hold_release(world->core, &request, NULL);
}

/* To "till 2"; no lines: the whole hold. */
static int transfer(test_world *world, ocore_id hold_id, const ocore_hold_transfer_line *lines,
        size_t count, const ocore_hold **out)
{
        const ocore_hold_transfer_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .hold_id = hold_id,
                .holder = STR("till 2"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};

        return ocore_hold_transfer(world->core, &request, out);
}

static ocore_hold_transfer_line part(const char *sku, const char *quantity)
{
        return (ocore_hold_transfer_line){ocore_str_of(sku), test_quantity(quantity)};
}

static const ocore_hold *look(test_world *world, ocore_id hold_id)
{
        const ocore_hold_key key = {sizeof key, hold_id};
        const ocore_hold *found;

        assert_done(world, ocore_hold_get(world->core, &key, &found));
        return found;
}

static void assert_held(test_world *world, const char *sku, int64_t north, int64_t south)
{
        assert_number(shop_stock(world, sku, "north").held, north);
        assert_number(shop_stock(world, sku, "south").held, south);
}

static void a_new_deadline_counts(void **state)
{
        const ocore_hold *hold;
        ocore_hold_extend_request request = {.struct_size = sizeof request};
        ocore_pumped pumped;
        ocore_id hold_id;
        int64_t due_us;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold_cups(&world, "5");
        request = (ocore_hold_extend_request){
                sizeof request, test_next_id(&world), hold_id, TEST_NOW_US + 3 * TEST_HOUR_US};
        assert_done(&world, ocore_hold_extend(world.core, &request, &hold));
        assert_number(hold->state, OCORE_HOLD_OPEN);
        assert_number(hold->expires_us, TEST_NOW_US + 3 * TEST_HOUR_US);
        assert_number(hold->due_us, hold->expires_us);
        assert_number(hold->event_count, 2);
        assert_int_equal(hold->line_count, 2);
        assert_text(hold->holder, "cart 1");
        assert_status(&world, ocore_hold_extend(world.core, &request, &hold), OCORE_ALREADY);
        assert_number(look(&world, hold_id)->event_count, 2);
        world.now_us += TEST_HOUR_US; /* when it would have lapsed */
        assert_status(&world, ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 0);
        assert_done(
                &world, extend(&world, hold_id, world.now_us + 1, NULL)); /* sooner than before */
        assert_done(&world, ocore_next_due(world.core, &due_us));
        assert_number(due_us, world.now_us + 1);
        world.now_us++;
        assert_status(&world, ocore_pump(world.core, 0, &pumped), OCORE_DONE);
        assert_number(pumped.holds_lapsed, 1);
        assert_number(look(&world, hold_id)->state, OCORE_HOLD_LAPSED);
        assert_number(look(&world, hold_id)->event_count, 4);
        assert_text(look(&world, hold_id)->lines[0]->held_sku, "");
        assert_held(&world, "cup", 0, 0);
        sale_close(&world);
}

/* What is asked of a hold, how long after it was placed, and the answer. */
static void over_is_over(void **state)
{
        static const struct {
                int64_t later_us;
                int pumped, released;
                int status;
        } cases[] = {
                {TEST_HOUR_US - 1, 0, 0, OCORE_OK},
                {TEST_HOUR_US, 0, 0, OCORE_LAPSED}, /* the pump has not come by */
                {TEST_HOUR_US, 1, 0, OCORE_LAPSED},
                {TEST_DAY_US, 0, 0, OCORE_LAPSED},
                {1, 0, 1, OCORE_STATE},
                {TEST_DAY_US, 0, 1, OCORE_STATE},
        };
        const ocore_hold_transfer_line some = part("cup", "1");

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                for (int what = 0; what < 3; what++) {
                        const ocore_hold *out = NULL;
                        ocore_id hold_id;
                        test_world world;
                        int status;

                        sale_open(&world);
                        hold_id = hold_cups(&world, "2");
                        if (cases[i].released)
                                assert_done(&world, release(&world, hold_id));
                        world.now_us += cases[i].later_us;
                        if (cases[i].pumped)
                                assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
                        status = what == 0
                                         ? extend(&world, hold_id, world.now_us + 5, &out)
                                         : transfer(&world, hold_id, &some, what - 1 ? 1 : 0, &out);
                        if (cases[i].status)
                                assert_refused(&world, status, cases[i].status, "hold_id");
                        else
                                assert_done(&world, status);
                        assert_int_equal(out != NULL, !cases[i].status);
                        sale_close(&world);
                }
}

static void wrong_changes_are_refused(void **state)
{
        const ocore_hold_transfer_line unknown = part("tea", "1"), none = part("cup", "0"),
                                       more = part("cup", "6"), half = part("cup", "0.5"),
                                       twice[] = {part("cup", "3"), part("cup", "3")};
        const struct {
                const ocore_hold_transfer_line *lines;
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {&unknown, 1, OCORE_NOT_FOUND, "lines[0].sku"},
                {&none, 1, OCORE_INVALID, "lines[0].quantity"},
                {&half, 1, OCORE_INVALID, "lines[0].quantity"},
                {&more, 1, OCORE_OUT_OF_STOCK, "lines[0].quantity"},
                {twice, 2, OCORE_OUT_OF_STOCK, "lines[1].quantity"},
        };
        ocore_hold_transfer_request request = {.struct_size = sizeof request};
        const ocore_hold *out;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold_cups(&world, "5");
        assert_refused(
                &world, extend(&world, hold_id, world.now_us, &out), OCORE_LAPSED, "expires_us");
        assert_null(out);
        assert_refused(&world, extend(&world, hold_id, 0, &out), OCORE_INVALID, "expires_us");
        assert_refused(&world, extend(&world, hold_id, -1, &out), OCORE_INVALID, "expires_us");
        assert_refused(&world, extend(&world, test_id(9), world.now_us + 1, &out), OCORE_NOT_FOUND,
                "hold_id");
        assert_refused(
                &world, transfer(&world, test_id(9), NULL, 0, &out), OCORE_NOT_FOUND, "hold_id");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        transfer(&world, hold_id, cases[i].lines, cases[i].count, &out),
                        cases[i].status, cases[i].field);
        request.id = test_next_id(&world);
        request.hold_id = hold_id; /* to nobody */
        assert_refused(
                &world, ocore_hold_transfer(world.core, &request, &out), OCORE_INVALID, "holder");
        request.holder = STR("4111 1111 1111 1111");
        assert_refused(
                &world, ocore_hold_transfer(world.core, &request, &out), OCORE_SENSITIVE, "holder");
        assert_int_equal(ocore_hold_extend(NULL, NULL, &out), OCORE_INVALID);
        assert_null(out);
        assert_number(look(&world, hold_id)->event_count, 1);
        assert_held(&world, "cup", 3, 2);
        sale_close(&world);
}

static void the_whole_hold_keeps_its_id(void **state)
{
        const ocore_hold *hold;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold_cups(&world, "5");
        assert_done(&world, transfer(&world, hold_id, NULL, 0, &hold));
        assert_same_id(hold->id, hold_id);
        assert_text(hold->holder, "till 2");
        assert_number(hold->state, OCORE_HOLD_OPEN);
        assert_number(hold->priority, 5);
        assert_number(hold->event_count, 2);
        assert_int_equal(hold->line_count, 2);
        assert_held(&world, "cup", 3, 2);
        assert_done(&world, release(&world, hold_id));
        assert_held(&world, "cup", 0, 0);
        sale_close(&world);
}

static void a_part_is_a_hold_of_its_own(void **state)
{
        const ocore_hold_request_line lines[] = {held("cup", "5"), held("rice", "2")};
        const ocore_hold_transfer_line parts[] = {
                part("rice", "0.5"), part("cup", "3"), part("cup", "1")};
        const ocore_hold *seen;
        ocore_id first, second;
        test_world world;

        (void)state;
        sale_open(&world);
        first = hold(&world, lines, 2); /* 3 north, 2 south, rice */
        world.now_us += TEST_MINUTE_US;
        assert_done(&world, transfer(&world, first, parts, 3, &seen));
        second = seen->id;
        assert_text(seen->holder, "till 2");
        assert_number(seen->state, OCORE_HOLD_OPEN);
        assert_number(seen->expires_us, TEST_NOW_US + TEST_HOUR_US);
        assert_number(seen->at_us, world.now_us);
        assert_number(seen->priority, 5);
        assert_number(seen->event_count, 1);
        assert_int_equal(seen->line_count, 3);
        assert_text(seen->lines[0]->sku, "rice");
        assert_number(seen->lines[0]->quantity, 500);
        assert_text(seen->lines[1]->site, "north");
        assert_number(seen->lines[1]->quantity, 3);
        assert_number(seen->lines[1]->number, 2);
        assert_text(seen->lines[2]->site, "south");
        assert_number(seen->lines[2]->quantity, 1);
        assert_text(seen->lines[2]->held_sku, "cup");
        assert_number(seen->lines[2]->rank, -world.now_us);
        seen = look(&world, first);
        assert_text(seen->holder, "cart 1");
        assert_number(seen->event_count, 2);
        assert_number(seen->lines[0]->quantity, 0); /* all of it went */
        assert_text(seen->lines[0]->held_sku, "");
        assert_number(seen->lines[1]->quantity, 1);
        assert_number(seen->lines[2]->quantity, 1500);
        assert_held(&world, "cup", 3, 2);
        assert_verified(&world);
        assert_done(&world, release(&world, first));
        assert_held(&world, "cup", 3, 1);
        assert_number(shop_stock(&world, "rice", "north").held, 500);
        world.now_us = TEST_NOW_US + TEST_HOUR_US; /* and it lapses when the first would have */
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_number(look(&world, second)->state, OCORE_HOLD_LAPSED);
        assert_held(&world, "cup", 0, 0);
        assert_number(shop_stock(&world, "cup", "north").available, 3);
        assert_number(shop_stock(&world, "cup", "south").available, 10);
        sale_close(&world);
}

/* With its last unit the old hold is over; the new one can be used by an order. */
static void all_of_it_in_parts(void **state)
{
        const ocore_hold_transfer_line four = part("cup", "4"), one = part("cup", "1");
        const ocore_hold *moved;
        ocore_draft_line line;
        ocore_order_draft draft;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        hold_id = hold_cups(&world, "5");
        assert_done(&world, transfer(&world, hold_id, &four, 1, &moved));
        line = line_of("cup", "4");
        draft = draft_of(&world, &line, 1);
        draft.hold_id = moved->id;
        assert_done(&world, transfer(&world, hold_id, &one, 1, NULL));
        assert_number(look(&world, hold_id)->state, OCORE_HOLD_RELEASED);
        assert_number(look(&world, hold_id)->due_us, 0);
        assert_number(look(&world, hold_id)->event_count, 4); /* placed, reduced twice, released */
        assert_refused(&world, release(&world, hold_id), OCORE_STATE, "hold_id");
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_number(shop_stock(&world, "cup", "north").allocated, 3);
        assert_number(shop_stock(&world, "cup", "south").allocated, 1);
        assert_held(&world, "cup", 0, 1);
        sale_close(&world);
}

/* A hold with many lines is divided in one step over its lines: none is looked at for each part. */
static void many_parts_of_many_lines(void **state)
{
        enum { COUNT = 1000 };
        static ocore_hold_transfer_line parts[COUNT];
        static ocore_hold_request_line lines[COUNT];
        const ocore_hold *moved;
        ocore_id hold_id;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_receive(&world, "cup", "south", "100000");
        for (int i = 0; i < COUNT; i++) {
                lines[i] = held(i % 2 ? "cup" : "rice", i % 2 ? "2" : "0.010");
                parts[i] = part(i % 2 ? "rice" : "cup", i % 2 ? "0.005" : "1");
        }
        hold_id = hold(&world, lines, COUNT);
        assert_done(&world, transfer(&world, hold_id, parts, COUNT, &moved));
        assert_held(&world, "cup", 3, COUNT - 3);
        assert_true(moved->line_count >= COUNT);
        assert_verified(&world);
        assert_done(&world, release(&world, hold_id));
        assert_number(
                shop_stock(&world, "cup", "north").held + shop_stock(&world, "cup", "south").held,
                COUNT / 2);
        assert_number(shop_stock(&world, "rice", "north").held, COUNT / 2 * 5);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_new_deadline_counts),
                cmocka_unit_test(over_is_over),
                cmocka_unit_test(wrong_changes_are_refused),
                cmocka_unit_test(the_whole_hold_keeps_its_id),
                cmocka_unit_test(a_part_is_a_hold_of_its_own),
                cmocka_unit_test(all_of_it_in_parts),
                cmocka_unit_test(many_parts_of_many_lines),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
