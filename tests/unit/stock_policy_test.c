/*
 * Rules and caps of a product: set whole, listed in order, refused by field; the product says that
 * it has them, and a decision that rested on the product before is taken anew. A cap counts what
 * is used of it exactly, never below zero, and two cores cannot use the same unit of it.
 */
#include "lots.h"

#include "engine/procedure.h"
#include "inventory/inventory.h"

static ocore_stock_rule_request rule_of(test_world *world, const char *sku, const char *site,
        const char *channel, const char *safety, int64_t below_zero)
{
        return (ocore_stock_rule_request){.struct_size = sizeof(ocore_stock_rule_request),
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .site = ocore_str_of(site),
                .channel = ocore_str_of(channel),
                .safety = test_quantity(safety),
                .below_zero = below_zero};
}

static int put_rule(test_world *world, const char *sku, const char *site, const char *channel,
        const char *safety, int64_t below_zero)
{
        const ocore_stock_rule_request request =
                rule_of(world, sku, site, channel, safety, below_zero);

        return ocore_stock_rule_put(world->core, &request, NULL);
}

static int put_quota(
        test_world *world, const char *sku, int64_t kind, const char *channel, const char *cap)
{
        const ocore_quota_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .kind = kind,
                .channel = ocore_str_of(channel),
                .cap = test_quantity(cap)};

        return ocore_quota_put(world->core, &request, NULL);
}

static const ocore_stock_rule_list *rules_of(test_world *world, const char *sku)
{
        const ocore_product_key key = {sizeof key, ocore_str_of(sku)};
        const ocore_stock_rule_list *list;

        assert_done(world, ocore_stock_rule_list_of(world->core, &key, &list));
        return list;
}

static const ocore_quota_list *quotas_of(test_world *world, const char *sku)
{
        const ocore_product_key key = {sizeof key, ocore_str_of(sku)};
        const ocore_quota_list *list;

        assert_done(world, ocore_quota_list_of(world->core, &key, &list));
        return list;
}

static int64_t related_of(test_world *world, const char *sku)
{
        const ocore_product_key key = {sizeof key, ocore_str_of(sku)};
        const ocore_product *product;

        assert_done(world, ocore_product_get(world->core, &key, &product));
        return product->related;
}

static void rules_are_set_and_listed(void **state)
{
        static const struct {
                const char *site, *channel;
                int64_t safety, below_zero;
        } wanted[] = {{"", "", 2000, 1}, {"", "shop", 0, 0}, {"north", "", 1500, 0},
                {"north", "shop", 250, 1}};
        const ocore_stock_rule *answer;
        ocore_stock_rule_request request;
        test_world world;

        (void)state;
        sale_open(&world);
        assert_int_equal(rules_of(&world, "rice")->rule_count, 0);
        assert_number(related_of(&world, "rice"), 0);
        assert_done(&world, put_rule(&world, "rice", "north", "shop", "0.25", 1));
        assert_done(&world, put_rule(&world, "rice", "", "shop", "0", 0));
        assert_done(&world, put_rule(&world, "rice", "north", "", "9", 1));
        assert_done(&world, put_rule(&world, "rice", "north", "", "1.500", 0));
        request = rule_of(&world, "rice", "", "", "2", 1);
        assert_done(&world, ocore_stock_rule_put(world.core, &request, &answer));
        assert_text(answer->sku, "rice");
        assert_number(answer->scale, 3);
        assert_number(answer->safety, 2000);
        assert_status(&world, ocore_stock_rule_put(world.core, &request, &answer), OCORE_ALREADY);
        assert_number(answer->safety, 2000);
        assert_int_equal(rules_of(&world, "rice")->rule_count, 4);
        for (size_t i = 0; i < 4; i++) {
                const ocore_stock_rule *rule = rules_of(&world, "rice")->rules[i];

                assert_text(rule->site, wanted[i].site);
                assert_text(rule->channel, wanted[i].channel);
                assert_number(rule->safety, wanted[i].safety);
                assert_number(rule->below_zero, wanted[i].below_zero);
        }
        assert_number(related_of(&world, "rice"), OCORE_RELATED_RULES);
        assert_int_equal(rules_of(&world, "cup")->rule_count, 0);
        sale_close(&world);
}

static void caps_are_set_and_listed(void **state)
{
        static const struct {
                int64_t kind;
                const char *channel;
                int64_t cap;
        } wanted[] = {{OCORE_QUOTA_SALE, "market", 3}, {OCORE_QUOTA_SALE, "shop", 0},
                {OCORE_QUOTA_PREORDER, "", 7}};
        test_world world;

        (void)state;
        sale_open(&world);
        shop_product(&world, "set", OCORE_PRODUCT_BUNDLE, 0, "", "9.00 EUR");
        assert_done(&world, put_quota(&world, "set", OCORE_QUOTA_PREORDER, "", "5"));
        assert_done(&world, put_quota(&world, "set", OCORE_QUOTA_SALE, "shop", "0"));
        assert_done(&world, put_quota(&world, "set", OCORE_QUOTA_SALE, "market", "3"));
        assert_done(&world, put_quota(&world, "set", OCORE_QUOTA_PREORDER, "", "7"));
        assert_int_equal(quotas_of(&world, "set")->quota_count, 3);
        for (size_t i = 0; i < 3; i++) {
                const ocore_quota *quota = quotas_of(&world, "set")->quotas[i];

                assert_number(quota->kind, wanted[i].kind);
                assert_text(quota->channel, wanted[i].channel);
                assert_number(quota->cap, wanted[i].cap);
                assert_number(quota->used, 0);
                assert_number(quota->remaining, wanted[i].cap);
        }
        assert_number(related_of(&world, "set"), OCORE_RELATED_QUOTAS);
        assert_done(&world, put_quota(&world, "rice", OCORE_QUOTA_SALE, "shop", "1.25"));
        assert_done(&world, put_rule(&world, "rice", "", "", "1", 0));
        assert_number(quotas_of(&world, "rice")->quotas[0]->cap, 1250);
        assert_number(quotas_of(&world, "rice")->quotas[0]->scale, 3);
        assert_number(related_of(&world, "rice"), OCORE_RELATED_QUOTAS | OCORE_RELATED_RULES);
        sale_close(&world);
}

static void wrong_rules_are_refused(void **state)
{
        static const struct {
                const char *sku, *site, *safety;
                int64_t below_zero;
                int status;
                const char *field;
        } cases[] = {
                {"", "", "1", 0, OCORE_INVALID, "sku"},
                {"none", "", "1", 0, OCORE_NOT_FOUND, "sku"},
                {"wrap", "", "1", 0, OCORE_INVALID, "sku"},
                {"set", "", "1", 0, OCORE_INVALID, "sku"},
                {"cup", "west", "1", 0, OCORE_NOT_FOUND, "site"},
                {"cup", "", "-1", 0, OCORE_INVALID, "safety"},
                {"cup", "", "0.5", 0, OCORE_INVALID, "safety"},
                {"rice", "", "9223372036854775807", 0, OCORE_OVERFLOW, "safety"},
                {"cup", "", "1", 2, OCORE_INVALID, "below_zero"},
        };
        const ocore_product_key none = {sizeof none, STR("none")};
        const ocore_stock_rule_list *rules;
        const ocore_quota_list *quotas;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_product(&world, "set", OCORE_PRODUCT_BUNDLE, 0, "", "9.00 EUR");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        put_rule(&world, cases[i].sku, cases[i].site, "", cases[i].safety,
                                cases[i].below_zero),
                        cases[i].status, cases[i].field);
        assert_int_equal(rules_of(&world, "cup")->rule_count, 0);
        assert_number(related_of(&world, "cup"), 0);
        assert_refused(&world, ocore_stock_rule_list_of(world.core, &none, &rules), OCORE_NOT_FOUND,
                "sku");
        assert_null(rules);
        assert_refused(
                &world, ocore_quota_list_of(world.core, &none, &quotas), OCORE_NOT_FOUND, "sku");
        assert_null(quotas);
        sale_close(&world);
}

static void wrong_caps_are_refused(void **state)
{
        static const struct {
                const char *sku;
                int64_t kind;
                const char *channel, *cap;
                int status;
                const char *field;
        } cases[] = {
                {"none", OCORE_QUOTA_SALE, "shop", "1", OCORE_NOT_FOUND, "sku"},
                {"wrap", OCORE_QUOTA_SALE, "shop", "1", OCORE_INVALID, "sku"},
                {"cup", 0, "shop", "1", OCORE_INVALID, "kind"},
                {"cup", 3, "shop", "1", OCORE_INVALID, "kind"},
                {"cup", OCORE_QUOTA_SALE, "", "1", OCORE_INVALID, "channel"},
                {"cup", OCORE_QUOTA_PREORDER, "shop", "1", OCORE_INVALID, "channel"},
                {"cup", OCORE_QUOTA_SALE, "shop", "-1", OCORE_INVALID, "cap"},
                {"cup", OCORE_QUOTA_SALE, "shop", "1.5", OCORE_INVALID, "cap"},
                {"rice", OCORE_QUOTA_SALE, "shop", "9223372036854775807", OCORE_OVERFLOW, "cap"},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        put_quota(&world, cases[i].sku, cases[i].kind, cases[i].channel,
                                cases[i].cap),
                        cases[i].status, cases[i].field);
        assert_int_equal(quotas_of(&world, "cup")->quota_count, 0);
        sale_close(&world);
}

/* A small command that uses a cap, as placing and cancelling do. */
typedef struct usage {
        size_t struct_size;
        ocore_id id;
        int64_t quantity;
} usage;

static const ocore_field usage_fields[] = {
        OCORE__FIELD_KEY(usage),
        OCORE__FIELD(usage, quantity, INTEGER, 0, "how much"),
};
static const ocore_record usage_record = OCORE__RECORD("usage", usage, usage_fields, 0);

static int run(ocore__work *work, const void *request, const void **answer)
{
        const usage *use = request;
        ocore__group *quotas;
        ocore__entry *entry;
        int status = ocore__want(work, &ocore__quota_table, ocore__cell_text(STR("cup")), &quotas);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        assert_null(ocore__quota_find(quotas, OCORE_QUOTA_SALE, STR("market")));
        assert_null(ocore__quota_find(quotas, OCORE_QUOTA_PREORDER, STR("shop")));
        entry = ocore__quota_find(quotas, OCORE_QUOTA_SALE, STR("shop"));
        assert_non_null(entry);
        *answer = use;
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, (ocore_str){0});
        return ocore__quota_use(work, entry, use->quantity);
}

static const ocore__procedure using = {&usage_record, &usage_record, run, OCORE__COMMAND};

static int use(test_world *world, int64_t quantity)
{
        const usage one = {sizeof one, test_next_id(world), quantity};
        const void *answer;

        return ocore__call(world->core, &using, &one, &answer);
}

static void assert_cap(test_world *world, int64_t cap, int64_t used)
{
        const ocore_quota *quota = quotas_of(world, "cup")->quotas[0];

        assert_number(quota->cap, cap);
        assert_number(quota->used, used);
        assert_number(quota->remaining, cap - used);
}

static void a_cap_counts_exactly(void **state)
{
        static const struct {
                int64_t quantity;
                int status;
                int64_t used;
        } steps[] = {
                {4, OCORE_OK, 4},
                {7, OCORE_OUT_OF_STOCK, 4},
                {INT64_MAX, OCORE_OUT_OF_STOCK, 4},
                {6, OCORE_OK, 10},
                {1, OCORE_OUT_OF_STOCK, 10},
                {0, OCORE_OK, 10},
                {-3, OCORE_OK, 7},
                {-8, OCORE_BUSY, 7}, /* more than is used: what it was decided on is not true */
                {INT64_MIN, OCORE_BUSY, 7},
                {-7, OCORE_OK, 0},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, put_quota(&world, "cup", OCORE_QUOTA_SALE, "shop", "10"));
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                assert_status(&world, use(&world, steps[i].quantity), steps[i].status);
                assert_cap(&world, 10, steps[i].used);
        }
        assert_done(&world, use(&world, 5));
        assert_refused(&world, put_quota(&world, "cup", OCORE_QUOTA_SALE, "shop", "4"), OCORE_STATE,
                "cap");
        assert_cap(&world, 10, 5);
        assert_done(&world, put_quota(&world, "cup", OCORE_QUOTA_SALE, "shop", "5"));
        assert_cap(&world, 5, 5);
        assert_status(&world, use(&world, 1), OCORE_OUT_OF_STOCK);
        assert_done(&world, put_quota(&world, "cup", OCORE_QUOTA_SALE, "shop", "6"));
        assert_done(&world, use(&world, 1));
        test_close(&world);
}

/* The second core uses or sets something in the middle of the first one's command. */
static void use_six(void *user_data)
{
        assert_done((test_world *)user_data, use(user_data, 6));
}

static void set_rule(void *user_data)
{
        assert_done((test_world *)user_data, put_rule(user_data, "cup", "", "", "4", 0));
}

static void the_store_guards_the_cap(void **state)
{
        const ocore_quota_request larger = {.struct_size = sizeof larger,
                .id = test_id(77),
                .sku = STR("cup"),
                .kind = OCORE_QUOTA_SALE,
                .channel = STR("shop"),
                .cap = {12, 0, 0}};
        const ocore_quota *answer;
        pair both;

        (void)state;
        pair_open(&both, 0);
        both.store.user_data = &both.b;
        assert_done(&both.a, put_quota(&both.a, "cup", OCORE_QUOTA_SALE, "shop", "10"));
        both.store.before = use_six;
        assert_status(&both.a, use(&both.a, 5), OCORE_OUT_OF_STOCK);
        assert_cap(&both.a, 10, 6);
        assert_done(&both.a, use(&both.a, -6));
        both.store.before = use_six;
        assert_done(&both.a, use(&both.a, 4));
        assert_cap(&both.a, 10, 10);
        assert_done(&both.a, use(&both.a, -10));
        /* A cap is set by what is used when it is written, and so is its answer. */
        both.store.before = use_six;
        assert_done(&both.a, ocore_quota_put(both.a.core, &larger, &answer));
        assert_number(answer->used, 6);
        assert_number(answer->remaining, 6);
        assert_done(&both.a, use(&both.a, -6));
        both.store.before = use_six;
        assert_refused(&both.a, put_quota(&both.a, "cup", OCORE_QUOTA_SALE, "shop", "5"),
                OCORE_STATE, "cap");
        assert_cap(&both.a, 12, 6);
        test_close(&both.a);
        test_close(&both.b);
        ocore_store_close(both.store.inner);
}

/* Who decided before the rule was set decides again: the first write of the order is refused. */
static void a_new_rule_is_seen(void **state)
{
        int64_t writes;
        pair both;

        (void)state;
        pair_open(&both, 0);
        both.store.user_data = &both.b;
        both.store.before = set_rule;
        writes = both.store.writes;
        assert_done(&both.a, draft_place(&both.a, "cup", "2"));
        assert_number(both.store.writes - writes, 2);
        assert_null(both.store.before);
        pair_close(&both);
}

/* In a unit an order leaves the safety stock, and a correction behind it takes of that too: what
 * the order had to leave does not refuse the unit, for the books allow both. */
static void a_correction_takes_the_safety_stock(void **state)
{
        test_world world;

        (void)state;
        sale_open(&world);
        assert_done(&world, put_rule(&world, "tea", "", "", "20", 0));
        assert_status(&world, draft_place(&world, "tea", "81"), OCORE_OUT_OF_STOCK);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_done(&world, draft_place(&world, "tea", "30"));
        assert_done(&world, lots_do(&world, ocore_stock_adjust, "tea", "north", "", "-60", 0));
        assert_status(&world, draft_place(&world, "tea", "1"), OCORE_OUT_OF_STOCK);
        assert_done(&world, ocore_unit_commit(world.core));
        assert_number(shop_stock(&world, "tea", "north").available, 10);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rules_are_set_and_listed),
                cmocka_unit_test(caps_are_set_and_listed),
                cmocka_unit_test(wrong_rules_are_refused),
                cmocka_unit_test(wrong_caps_are_refused),
                cmocka_unit_test(a_cap_counts_exactly),
                cmocka_unit_test(the_store_guards_the_cap),
                cmocka_unit_test(a_new_rule_is_seen),
                cmocka_unit_test(a_correction_takes_the_safety_stock),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
