/*
 * Purchase orders drawn up, looked up and listed: a proposal is kept as it was said and counts as
 * nothing; each wrong field is refused by its name; lists are cut into pages without a gap.
 */
#include "buying.h"

static void a_proposal_is_kept_and_counts_as_nothing(void **state)
{
        const buy_line wishes[] = {{"jug", "10", 0}, {"tea", "5", TEST_NOW_US + TEST_DAY_US},
                {"jug", "2", 0}, {"rice", "1.5", 0}};
        ocore_purchase_request_line lines[4];
        ocore_purchase_request request;
        const ocore_purchase *purchase;
        test_world world;

        (void)state;
        buy_open(&world);
        request = buy_request(&world, lines, wishes, 4);
        assert_done(&world, ocore_purchase_propose(world.core, &request, &purchase));
        for (int again = 0; again < 2; again++) {
                assert_same_id(purchase->id, request.id);
                assert_number(purchase->kind, OCORE_PURCHASE_STOCK);
                assert_number(purchase->state, OCORE_PURCHASE_PROPOSED);
                assert_text(purchase->supplier, "acme");
                assert_text(purchase->site, "north");
                assert_number(purchase->proposed_us, TEST_NOW_US);
                assert_number(purchase->sent_us, 0);
                assert_number(purchase->event_count, 1);
                assert_int_equal(purchase->line_count, 4);
                assert_text(purchase->lines[2]->sku, "jug");
                assert_number(purchase->lines[2]->number, 3);
                assert_number(purchase->lines[1]->due_us, TEST_NOW_US + TEST_DAY_US);
                assert_number(purchase->lines[3]->quantity, 1500);
                assert_number(purchase->lines[3]->scale, 3);
                purchase = buy_look(&world, request.id);
        }
        assert_number(shop_stock(&world, "jug", "north").incoming, 0);
        assert_status(
                &world, ocore_purchase_propose(world.core, &request, &purchase), OCORE_ALREADY);
        lines[0].quantity = test_quantity("11");
        assert_status(
                &world, ocore_purchase_propose(world.core, &request, &purchase), OCORE_ID_REUSED);
        sale_close(&world);
}

static void production_needs_no_supplier(void **state)
{
        const buy_line wish = {"desk", "3", 0};
        ocore_purchase_request_line line;
        ocore_purchase_request request;
        const ocore_purchase *purchase;
        test_world world;

        (void)state;
        buy_open(&world);
        request = buy_request(&world, &line, &wish, 1);
        request.kind = OCORE_PURCHASE_PRODUCTION;
        request.supplier = STR("");
        assert_done(&world, ocore_purchase_propose(world.core, &request, &purchase));
        assert_number(purchase->kind, OCORE_PURCHASE_PRODUCTION);
        buy_step(&world, ocore_purchase_send, request.id);
        assert_number(buy_look(&world, request.id)->lines[0]->due_us,
                TEST_NOW_US + 5 * TEST_DAY_US); /* the product's own lead time */
        assert_number(shop_stock(&world, "desk", "north").incoming, 3);
        sale_close(&world);
}

static void wrong_proposals_are_refused(void **state)
{
        static const struct {
                int64_t kind;
                const char *supplier, *site, *sku, *quantity;
                int64_t due_us;
                int status;
                const char *field;
        } cases[] = {
                {OCORE_PURCHASE_DROP_SHIP, "acme", "north", "jug", "1", 0, OCORE_INVALID, "kind"},
                {9, "acme", "north", "jug", "1", 0, OCORE_INVALID, "kind"},
                {0, "", "north", "jug", "1", 0, OCORE_INVALID, "supplier"},
                {0, "nobody", "north", "jug", "1", 0, OCORE_NOT_FOUND, "supplier"},
                {OCORE_PURCHASE_PRODUCTION, "nobody", "north", "jug", "1", 0, OCORE_NOT_FOUND,
                        "supplier"},
                {0, "acme", "", "jug", "1", 0, OCORE_INVALID, "site"},
                {0, "acme", "nowhere", "jug", "1", 0, OCORE_NOT_FOUND, "site"},
                {0, "acme", "acme-hub", "jug", "1", 0, OCORE_INVALID, "site"},
                {0, "acme", "north", "", "1", 0, OCORE_INVALID, "lines[0].sku"},
                {0, "acme", "north", "none", "1", 0, OCORE_NOT_FOUND, "lines[0].sku"},
                {0, "acme", "north", "wrap", "1", 0, OCORE_INVALID, "lines[0].sku"},
                {0, "acme", "north", "jug", "0", 0, OCORE_INVALID, "lines[0].quantity"},
                {0, "acme", "north", "jug", "-3", 0, OCORE_INVALID, "lines[0].quantity"},
                {0, "acme", "north", "jug", "1.5", 0, OCORE_INVALID, "lines[0].quantity"},
                {0, "acme", "north", "rice", "9223372036854775807", 0, OCORE_OVERFLOW,
                        "lines[0].quantity"},
                {0, "acme", "north", "jug", "1", -1, OCORE_INVALID, "lines[0].due_us"},
        };
        const ocore_purchase *purchase;
        ocore_purchase_request_line line;
        ocore_purchase_request request;
        test_world world;

        (void)state;
        buy_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const buy_line wish = {cases[i].sku, cases[i].quantity, cases[i].due_us};

                request = buy_request(&world, &line, &wish, 1);
                request.kind = cases[i].kind;
                request.supplier = ocore_str_of(cases[i].supplier);
                request.site = ocore_str_of(cases[i].site);
                assert_refused(&world, ocore_purchase_propose(world.core, &request, &purchase),
                        cases[i].status, cases[i].field);
                assert_null(purchase);
        }
        request.line_count = 0;
        assert_refused(
                &world, ocore_purchase_propose(world.core, &request, NULL), OCORE_INVALID, "lines");
        sale_close(&world);
}

static void looking_up_what_is_not_there(void **state)
{
        ocore_purchase_key key = {.struct_size = sizeof key, .purchase_id = test_id(5)};
        const ocore_purchase *purchase;
        test_world world;

        (void)state;
        buy_open(&world);
        assert_refused(&world, ocore_purchase_get(world.core, &key, &purchase), OCORE_NOT_FOUND,
                "purchase_id");
        assert_null(purchase);
        key.purchase_id = (ocore_id){{0}};
        assert_refused(&world, ocore_purchase_get(world.core, &key, &purchase), OCORE_INVALID,
                "purchase_id");
        sale_close(&world);
}

/* Of `count` purchase orders every third is over; pages of any length tell the same. */
static void pages_have_no_gap(void **state)
{
        enum { COUNT = 30 };
        static const int64_t limits[] = {1, 7, 10, 29, 30, 31, 0};
        test_world world;

        (void)state;
        buy_open(&world);
        for (size_t i = 0; i < COUNT; i++) {
                const buy_line line = {"jug", "1", 0};
                ocore_id id = buy_propose(&world, &line, 1);

                if (i % 3 == 0)
                        buy_step(&world, ocore_purchase_cancel, id);
        }
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
                for (int64_t open = 0; open < 2; open++) {
                        ocore_purchase_list_request request = {
                                .struct_size = sizeof request, .open = open, .limit = limits[i]};
                        const ocore_purchase_list *list;
                        ocore_id last = {{0}};
                        size_t found = 0, pages = 0;

                        do {
                                assert_done(&world,
                                        ocore_purchase_list_page(world.core, &request, &list));
                                for (size_t n = 0; n < list->purchase_count; n++) {
                                        const ocore_purchase *row = list->purchases[n];

                                        assert_true(memcmp(&row->id, &last, sizeof last) > 0);
                                        assert_int_equal(row->line_count, 0);
                                        assert_true(!open || row->state == OCORE_PURCHASE_PROPOSED);
                                        last = row->id;
                                }
                                found += list->purchase_count;
                                request.after = list->next;
                                assert_true(++pages <= COUNT + 1);
                        } while (memcmp(&list->next, &(ocore_id){{0}}, sizeof list->next) != 0);
                        assert_int_equal(found, open ? COUNT * 2 / 3 : COUNT);
                }
        {
                ocore_purchase_list_request request = {
                        .struct_size = sizeof request, .limit = 1001};

                assert_refused(&world, ocore_purchase_list_page(world.core, &request, NULL),
                        OCORE_LIMIT, "limit");
                request.limit = -1;
                assert_refused(&world, ocore_purchase_list_page(world.core, &request, NULL),
                        OCORE_INVALID, "limit");
                request.limit = 0;
                assert_done(&world, ocore_unit_begin(world.core));
                assert_refused(&world, ocore_purchase_list_page(world.core, &request, NULL),
                        OCORE_STATE, "");
                assert_done(&world, ocore_unit_cancel(world.core));
        }
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_proposal_is_kept_and_counts_as_nothing),
                cmocka_unit_test(production_needs_no_supplier),
                cmocka_unit_test(wrong_proposals_are_refused),
                cmocka_unit_test(looking_up_what_is_not_there),
                cmocka_unit_test(pages_have_no_gap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
