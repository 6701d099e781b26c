/*
 * "There is no more of it" is proved before an order waits for it: another core that brings the
 * first goods of a product to another site, between an order's reading and its write, makes the
 * order be decided again. Receiving into a balance that is there leaves the product alone.
 */
#include "buying.h"
#include "pair.h"

/* Who comes in between, and what it brings. */
typedef struct arrival {
        test_world *world;
        const char *site;
} arrival;

static void bring_jugs(void *user_data)
{
        const arrival *one = user_data;

        shop_receive(one->world, "jug", one->site, "10");
}

static void open_shop(pair *both)
{
        pair_open(both, 0);
        buy_supplier(&both->b, "acme", 0, 0);
        buy_goods(&both->b, (buy_product){"jug", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
        shop_site(&both->b, "south", 2);
        test_reopen(&both->a);
}

/* Wherever the goods come first, and whether the product had balances before or not. */
static void a_first_receipt_anywhere_is_seen(void **state)
{
        static const char *const sites[] = {"north", "south"};

        (void)state;
        for (size_t i = 0; i < 4; i++) {
                arrival one = {.site = sites[i % 2]};
                ocore_id id;
                pair both;

                open_shop(&both);
                one.world = &both.b;
                if (i >= 2) {
                        shop_receive(&both.b, "jug", i == 2 ? "south" : "north", "1");
                        assert_done(&both.b, draft_place(&both.b, "jug", "1"));
                        test_reopen(&both.a);
                }
                both.store.before = bring_jugs;
                both.store.user_data = &one;
                id = test_id(both.a.next_id);
                assert_done(&both.a, draft_place(&both.a, "jug", "5"));
                assert_waits(&both.a, id, 5, 0, 0);
                pair_close(&both);
        }
}

static void bring_cups(void *user_data)
{
        const arrival *one = user_data;

        shop_receive(one->world, "cup", one->site, "1");
}

/* The first goods of a site rewrite the product; what comes to a balance that is there only adds,
 * so that nobody who sells the product meanwhile decides again. */
static void a_later_receipt_disturbs_nobody(void **state)
{
        static const struct {
                const char *site;
                int64_t writes;
        } cases[] = {{"south", 2}, {"south", 1}, {"north", 1}};
        pair both;

        (void)state;
        open_shop(&both);
        assert_done(&both.a, draft_place(&both.a, "cup", "1")); /* it remembers the product */
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                arrival one = {&both.b, cases[i].site};
                int64_t before = both.store.writes;

                both.store.before = bring_cups;
                both.store.user_data = &one;
                assert_done(&both.a, draft_place(&both.a, "cup", "1"));
                assert_number(both.store.writes - before, cases[i].writes);
        }
        pair_close(&both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_first_receipt_anywhere_is_seen),
                cmocka_unit_test(a_later_receipt_disturbs_nobody),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
