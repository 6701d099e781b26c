/*
 * Guesses: an order whose products and balances a core remembers is placed with one write and no
 * read; whatever another core did meanwhile, nothing is oversold, no refusal rests on what is only
 * remembered, and an id that was used before is still seen. Each case ends with verify.
 */
#include "pair.h"

/* Reads and writes of a call on core a. */
#define assert_trips(both, call, reads_wanted, writes_wanted)                                      \
        do {                                                                                       \
                int64_t reads_before = (both)->store.reads, writes_before = (both)->store.writes;  \
                (call);                                                                            \
                assert_number((both)->store.reads - reads_before, reads_wanted);                   \
                assert_number((both)->store.writes - writes_before, writes_wanted);                \
        } while (0)

static void a_known_balance_is_not_read_again(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 1, 1);
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 0, 1);
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "3")), 0, 1);
        assert_number(shop_stock(&both.b, "cup", "north").available, 5);
        assert_number(shop_stock(&both.b, "cup", "north").allocated, 5);
        pair_close(&both);
}

static void it_grows_old(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        both.a.now_us += 1000000;
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 0, 1);
        both.a.now_us += 1;
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 1, 1);
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 0, 1);
        both.a.now_us -= 10; /* a clock that was set back: the age cannot be told */
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 1, 1);
        both.a.config.balance_age_us = -1;
        test_reopen(&both.a);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 1, 1);
        pair_close(&both);
}

/* A quote has read it all; and who has to read reads all balances anew. */
static void one_read_serves_many(void **state)
{
        const ocore_draft_line lines[] = {line_of("cup", "1"), line_of("tea", "1")};
        const ocore_order_quote *quote;
        ocore_order_draft draft;
        pair both;

        (void)state;
        pair_open(&both, 0);
        shop_receive(&both.a, "tea", "north", "10");
        draft = draft_of(&both.a, lines, 1);
        assert_done(&both.a, ocore_order_quote_draft(both.a.core, &draft, &quote));
        assert_done(&both.a, draft_place(&both.a, "tea", "1")); /* the products are known too */
        both.a.now_us += 600000;
        assert_done(&both.a, ocore_order_quote_draft(both.a.core, &draft, &quote));
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 0, 1);
        both.a.now_us += 600000; /* only tea is too old */
        draft = draft_of(&both.a, lines, 2);
        assert_trips(
                &both, assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL)), 1, 1);
        both.a.now_us += 600000; /* and now cup would be, had it not been read with tea */
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "1")), 0, 1);
        assert_number(shop_stock(&both.b, "cup", "north").available, 6);
        assert_number(shop_stock(&both.b, "tea", "north").available, 8);
        pair_close(&both);
}

/* What the core itself does to a balance is known to it at once. */
static void own_changes_are_seen(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        shop_site(&both.a, "south", 0); /* comes before north */
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        shop_receive(&both.a, "cup", "south", "4");
        assert_done(&both.a, draft_place(&both.a, "cup", "2"));
        assert_number(shop_stock(&both.b, "cup", "south").allocated, 2);
        assert_number(shop_stock(&both.b, "cup", "north").allocated, 1);
        pair_close(&both);
}

static void others_took_it(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.b, draft_place(&both.b, "cup", "6")); /* a remembers 9, there are 3 */
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "2")), 0, 1);
        assert_done(&both.b, draft_place(&both.b, "cup", "1"));
        /* The write is refused by the floor, then the balance is read, then it is said. */
        assert_trips(&both,
                assert_refused(&both.a, draft_place(&both.a, "cup", "2"), OCORE_OUT_OF_STOCK,
                        "lines[0].quantity"),
                1, 1);
        assert_number(shop_stock(&both.b, "cup", "north").available, 0);
        pair_close(&both);
}

static void others_brought_some(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "10"));
        shop_receive(&both.b, "cup", "north", "5"); /* a remembers that nothing is left */
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "4")), 1, 1);
        assert_number(shop_stock(&both.b, "cup", "north").available, 1);
        pair_close(&both);
}

static void an_old_id_is_seen(void **state)
{
        const ocore_draft_line line = line_of("cup", "1"), other = line_of("cup", "2");
        ocore_order_draft draft, changed;
        const ocore_order *order;
        pair both;

        (void)state;
        pair_open(&both, 0);
        draft = draft_of(&both.a, &line, 1);
        changed = draft;
        changed.lines = &other;
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, &order));
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_ALREADY);
        assert_same_id(order->id, draft.id);
        assert_refused(&both.a, ocore_order_place(both.a.core, &changed, &order), OCORE_ID_REUSED,
                "lines");
        assert_done(&both.a, draft_place(&both.a, "cup", "9")); /* all is sold */
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, &order), OCORE_ALREADY);
        assert_number(order->total_minor, 700);
        assert_number(shop_stock(&both.b, "cup", "north").allocated, 10);
        pair_close(&both);
}

/* A refusal inside a unit is decided on what is there, with what the unit took already. */
static void a_unit_looks_again(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "5"));
        assert_done(&both.b, draft_place(&both.b, "cup", "1"));
        shop_receive(&both.b, "cup", "north", "4"); /* a remembers 5, there are 8 */
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_receive(&both.a, "tea", "north", "1"); /* the first command of a unit reads */
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "4")), 0, 0);
        assert_trips(&both, assert_done(&both.a, draft_place(&both.a, "cup", "3")), 1, 0);
        assert_refused(
                &both.a, draft_place(&both.a, "cup", "2"), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_trips(&both, assert_done(&both.a, ocore_unit_commit(both.a.core)), 0, 1);
        assert_number(shop_stock(&both.b, "cup", "north").available, 0);
        assert_number(shop_stock(&both.b, "cup", "north").allocated, 14);
        pair_close(&both);
}

/* Nor does a refusal rest on what a command before guessed, when this one may not guess itself. */
static void a_refusal_behind_a_guess(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "5"));
        shop_receive(&both.b, "cup", "north", "4"); /* a remembers 5, there are 9 */
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_receive(&both.a, "tea", "north", "1"); /* the first command of a unit reads */
        assert_done(&both.a, draft_place(&both.a, "cup", "5"));
        shop_site(&both.a, "south", 2); /* from here on the unit guesses no more */
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(shop_stock(&both.b, "cup", "north").available, 3);
        pair_close(&both);
}

/* A command that never guesses may meet a balance that one before it in the unit guessed. */
static void a_hold_behind_a_guess(void **state)
{
        const ocore_hold_request_line line = {.sku = STR("cup"), .quantity = {2, 0, 0}};
        ocore_hold_request hold = {.struct_size = sizeof hold,
                .expires_us = TEST_NOW_US + TEST_DAY_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "9"));
        shop_receive(&both.b, "cup", "north", "5"); /* a remembers 1, there are 6 */
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_receive(&both.a, "tea", "north", "1"); /* the first command of a unit reads */
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        hold.id = test_next_id(&both.a);
        assert_done(&both.a, ocore_hold_place(both.a.core, &hold, NULL));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(shop_stock(&both.b, "cup", "north").available, 3);
        assert_number(shop_stock(&both.b, "cup", "north").held, 2);
        pair_close(&both);
}

/* A unit that guessed wrong writes nothing; carried out again it reads. */
static void a_unit_that_guessed_wrong(void **state)
{
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.b, draft_place(&both.b, "cup", "8")); /* a remembers 9, there is 1 */
        draft = draft_of(&both.a, &line, 1);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_receive(&both.a, "tea", "north", "1"); /* the first command of a unit reads */
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_BUSY);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_trips(&both,
                assert_refused(&both.a, ocore_order_place(both.a.core, &draft, NULL),
                        OCORE_OUT_OF_STOCK, "lines[0].quantity"),
                1, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(shop_stock(&both.b, "cup", "north").available, 0);
        pair_close(&both);
}

/* The same id twice in a unit, and in a unit after it was written. */
static void an_old_id_in_a_unit(void **state)
{
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        draft = draft_of(&both.a, &line, 1);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL), OCORE_ALREADY);
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL), OCORE_ALREADY);
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL), OCORE_ALREADY);
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_receive(&both.a, "tea", "north", "1"); /* new, and so the order might be */
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, NULL));
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_BUSY);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_status(&both.a, ocore_order_place(both.a.core, &draft, NULL), OCORE_ALREADY);
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(shop_stock(&both.b, "cup", "north").allocated, 4);
        pair_close(&both);
}

/* A count rests on the number it replaces: on a guessed one it must not succeed. */
static void a_count_behind_a_guess(void **state)
{
        const ocore_stock_line line = {
                .sku = STR("cup"), .site = STR("north"), .quantity = {50, 0, 0}};
        ocore_stock_request count = {.struct_size = sizeof count,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line,
                .reason = STR("counted")};
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        shop_receive(&both.b, "cup", "north", "1");
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        shop_receive(&both.a, "tea", "north", "1"); /* the first command of a unit reads */
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        count.id = test_next_id(&both.a);
        assert_done(&both.a, ocore_stock_count(both.a.core, &count, NULL));
        assert_status(&both.a, ocore_unit_commit(both.a.core), OCORE_BUSY);
        assert_number(shop_stock(&both.b, "cup", "north").available, 10);
        pair_close(&both);
}

static int64_t available(test_world *world)
{
        const ocore_availability_pair asked = {STR_INIT("cup"), STR_INIT("")};
        const ocore_availability_request request = {.struct_size = sizeof request,
                .pairs = &asked,
                .pair_count = 1,
                .pair_stride = sizeof asked};
        const ocore_availability_list *list;

        assert_done(world, ocore_stock_availability(world->core, &request, &list));
        return list->available[0]->available;
}

/* What a question remembers of the catalogue is good for questions: a command would rest on a site
 * that is older than the row that covers it, or on a product that is younger than its price. */
static void questions_leave_the_catalogue_alone(void **state)
{
        const ocore_draft_line line = line_of("cup", "1");
        ocore_order_draft draft;
        const ocore_order *order;
        pair both;

        (void)state;
        pair_open(&both, 0);
        test_reopen(&both.a);
        assert_number(available(&both.a), 10);
        shop_site(&both.b, "south", 2);
        shop_receive(&both.b, "cup", "south", "5");
        put_site(&both.b, "north", 1, 1);
        assert_number(available(&both.a), 10); /* a moment old */
        assert_done(&both.a, draft_place(&both.a, "cup", "1"));
        assert_number(shop_stock(&both.b, "cup", "south").allocated, 1);
        put_price(&both.b, "cup", "9.00 EUR"); /* a knows the product and its price */
        both.a.now_us += 2000000;
        assert_number(available(&both.a), 4);
        draft = draft_of(&both.a, &line, 1);
        assert_done(&both.a, ocore_order_place(both.a.core, &draft, &order));
        assert_number(order->total_minor, 900);
        assert_number(available(&both.a), 3);
        pair_close(&both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_known_balance_is_not_read_again),
                cmocka_unit_test(it_grows_old),
                cmocka_unit_test(one_read_serves_many),
                cmocka_unit_test(own_changes_are_seen),
                cmocka_unit_test(others_took_it),
                cmocka_unit_test(others_brought_some),
                cmocka_unit_test(an_old_id_is_seen),
                cmocka_unit_test(a_unit_looks_again),
                cmocka_unit_test(a_refusal_behind_a_guess),
                cmocka_unit_test(a_hold_behind_a_guess),
                cmocka_unit_test(a_unit_that_guessed_wrong),
                cmocka_unit_test(an_old_id_in_a_unit),
                cmocka_unit_test(a_count_behind_a_guess),
                cmocka_unit_test(questions_leave_the_catalogue_alone),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
