/*
 * Proves the commands on products through the public functions, on a store in memory: defaults,
 * every refusal by its field, what never changes, repeated ids, pages, units and lack of memory.
 */
#include "../support/shop.h"

static ocore_product_request product_of(test_world *world, const char *sku)
{
        return (ocore_product_request){.struct_size = sizeof(ocore_product_request),
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .name = STR("Something")};
}

static int get(test_world *world, const char *sku, const ocore_product **out)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = ocore_str_of(sku)};

        return ocore_product_get(world->core, &key, out);
}

static void test_put(void **state)
{
        test_world world;
        const ocore_product *product;
        ocore_product_request request;

        (void)state;
        test_open(&world);
        request = product_of(&world, "A-1");
        assert_done(&world, ocore_product_put(world.core, &request, &product));
        assert_text(product->sku, "A-1");
        assert_text(product->name, "Something");
        assert_number(product->kind, OCORE_PRODUCT_GOODS);
        assert_text(product->unit, "C62");
        assert_number(product->scale, 0);
        assert_text(product->tax_class, "");

        /* Set anew, whole: what is not given is empty again. */
        request = product_of(&world, "A-1");
        request.gtin = STR("4006381333931");
        request.unit = STR("KGM");
        request.weight_g = 1000;
        request.tax_class = STR("full");
        assert_done(&world, ocore_product_put(world.core, &request, NULL));
        assert_done(&world, get(&world, "A-1", &product));
        assert_text(product->gtin, "4006381333931");
        assert_text(product->unit, "KGM");
        assert_number(product->weight_g, 1000);
        assert_text(product->tax_class, "full");
        request = product_of(&world, "A-1");
        request.name = STR("Another");
        assert_done(&world, ocore_product_put(world.core, &request, NULL));
        assert_done(&world, get(&world, "A-1", &product));
        assert_text(product->name, "Another");
        assert_text(product->gtin, "");
        assert_number(product->weight_g, 0);
        assert_refused(&world, get(&world, "A-2", &product), OCORE_NOT_FOUND, "sku");
        assert_null(product);
        assert_verified(&world);
        test_close(&world);
}

/* The same id with the same content gives the same answer, whatever has happened since. */
static void test_again(void **state)
{
        test_world world;
        const ocore_product *product;
        ocore_product_request first, second;

        (void)state;
        test_open(&world);
        first = product_of(&world, "A");
        second = product_of(&world, "A");
        second.name = STR("Renamed");
        assert_done(&world, ocore_product_put(world.core, &first, NULL));
        assert_done(&world, ocore_product_put(world.core, &second, NULL));
        assert_status(&world, ocore_product_put(world.core, &first, &product), OCORE_ALREADY);
        assert_text(product->name, "Something");
        assert_done(&world, get(&world, "A", &product));
        assert_text(product->name, "Renamed");
        first.name = STR("Other");
        assert_refused(
                &world, ocore_product_put(world.core, &first, &product), OCORE_ID_REUSED, "name");
        assert_null(product);
        test_close(&world);
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123"

static void test_refused(void **state)
{
        static const struct {
                const char *sku, *name, *gtin, *unit;
                int64_t kind, scale, weight_g;
                int status;
                const char *field;
        } cases[] = {
                {"", "n", "", "", 0, 0, 0, OCORE_INVALID, "sku"},
                {LONG "x", "n", "", "", 0, 0, 0, OCORE_LIMIT, "sku"},
                {"a\nb", "n", "", "", 0, 0, 0, OCORE_INVALID, "sku"},
                {"\xff", "n", "", "", 0, 0, 0, OCORE_INVALID, "sku"},
                {"s", "", "", "", 0, 0, 0, OCORE_INVALID, "name"},
                {"s", "n\x01", "", "", 0, 0, 0, OCORE_INVALID, "name"},
                {"s", "n", "4006381333932", "", 0, 0, 0, OCORE_INVALID, "gtin"},
                {"s", "n", "400638133393", "", 0, 0, 0, OCORE_INVALID, "gtin"},
                {"s", "n", "400638133393100", "", 0, 0, 0, OCORE_LIMIT, "gtin"},
                {"s", "n", "", "kg", 0, 0, 0, OCORE_INVALID, "unit"},
                {"s", "n", "", "C6-", 0, 0, 0, OCORE_INVALID, "unit"},
                {"s", "n", "", "PIECE", 0, 0, 0, OCORE_LIMIT, "unit"},
                {"s", "n", "", "", 5, 0, 0, OCORE_INVALID, "kind"},
                {"s", "n", "", "", OCORE_PRODUCT_BUNDLE, 1, 0, OCORE_INVALID, "scale"},
                {"s", "n", "", "", -1, 0, 0, OCORE_INVALID, "kind"},
                {"s", "n", "", "", 0, 10, 0, OCORE_INVALID, "scale"},
                {"s", "n", "", "", 0, -1, 0, OCORE_INVALID, "scale"},
                {"s", "n", "", "", 0, 0, -1, OCORE_INVALID, "weight_g"},
        };
        test_world world;
        const ocore_product *product;
        ocore_product_request request;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                request = product_of(&world, cases[i].sku);
                request.name = ocore_str_of(cases[i].name);
                request.gtin = ocore_str_of(cases[i].gtin);
                request.unit = ocore_str_of(cases[i].unit);
                request.kind = cases[i].kind;
                request.scale = cases[i].scale;
                request.weight_g = cases[i].weight_g;
                assert_refused(&world, ocore_product_put(world.core, &request, &product),
                        cases[i].status, cases[i].field);
                assert_null(product);
        }
        assert_refused(&world, get(&world, "s", &product), OCORE_NOT_FOUND, "sku");
        request = product_of(&world, LONG);
        request.id = (ocore_id){{0}};
        assert_refused(&world, ocore_product_put(world.core, &request, NULL), OCORE_INVALID, "id");
        request.id = test_id(1);
        assert_done(&world, ocore_product_put(world.core, &request, NULL)); /* 64 bytes are fine */
        test_close(&world);
}

/* How it is kept and supplied: what is refused, by its field. */
static void test_kept(void **state)
{
        enum { SERVICE = OCORE_PRODUCT_SERVICE, BUNDLE = OCORE_PRODUCT_BUNDLE };
        static const struct {
                ocore_product_request request;
                const char *field; /* NULL: it is good */
        } cases[] = {
                {{.tracking = OCORE_TRACKING_LOT, .min_life_us = 1, .lead_us = 5}, NULL},
                {{.tracking = OCORE_TRACKING_SERIAL, .short_action = OCORE_SHORT_BACKORDER}, NULL},
                {{.short_action = OCORE_SHORT_DROP_SHIP, .supplier = STR_INIT("acme")}, NULL},
                {{.kind = BUNDLE, .short_action = OCORE_SHORT_DROP_SHIP, .parts_alone = 1}, NULL},
                {{.kind = BUNDLE, .release_us = TEST_NOW_US}, NULL},
                {{.tracking = 3}, "tracking"},
                {{.tracking = OCORE_TRACKING_LOT, .kind = SERVICE}, "tracking"},
                {{.tracking = OCORE_TRACKING_LOT, .kind = BUNDLE}, "tracking"},
                {{.tracking = OCORE_TRACKING_SERIAL, .scale = 3}, "scale"},
                {{.min_life_us = -1}, "min_life_us"},
                {{.min_life_us = 1, .kind = SERVICE}, "min_life_us"},
                {{.short_action = 5}, "short_action"},
                {{.short_action = OCORE_SHORT_BACKORDER, .kind = SERVICE}, "short_action"},
                {{.short_action = OCORE_SHORT_DROP_SHIP}, "supplier"},
                {{.lead_us = -1}, "lead_us"},
                {{.release_us = -1}, "release_us"},
                {{.parts_alone = 2}, "parts_alone"},
                {{.parts_alone = 1}, "parts_alone"},
        };
        const ocore_product *product;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char sku[3] = {'s', (char)('a' + i), 0};
                ocore_product_request request = cases[i].request;
                const ocore_product_request plain = product_of(&world, sku);

                request.struct_size = plain.struct_size;
                request.id = plain.id;
                request.sku = plain.sku;
                request.name = plain.name;
                if (cases[i].field) {
                        assert_refused(&world, ocore_product_put(world.core, &request, &product),
                                OCORE_INVALID, cases[i].field);
                        continue;
                }
                assert_done(&world, ocore_product_put(world.core, &request, NULL));
                assert_done(&world, get(&world, sku, &product));
                assert_number(product->tracking, request.tracking);
                assert_number(product->min_life_us, request.min_life_us);
                assert_number(product->short_action, request.short_action);
                assert_true(ocore_str_equal(product->supplier, request.supplier));
                assert_number(product->lead_us, request.lead_us);
                assert_number(product->release_us, request.release_us);
                assert_number(product->parts_alone, request.parts_alone);
                assert_number(product->related, 0);
        }
        assert_verified(&world);
        test_close(&world);
}

static void test_never_changes(void **state)
{
        test_world world;
        const ocore_product *product;
        ocore_product_request request;

        (void)state;
        test_open(&world);
        request = product_of(&world, "A");
        request.scale = 3;
        assert_done(&world, ocore_product_put(world.core, &request, NULL));
        request = product_of(&world, "A");
        request.scale = 2;
        assert_refused(&world, ocore_product_put(world.core, &request, NULL), OCORE_STATE, "scale");
        request.scale = 3;
        request.kind = OCORE_PRODUCT_SERVICE;
        assert_refused(&world, ocore_product_put(world.core, &request, NULL), OCORE_STATE, "kind");
        request.kind = OCORE_PRODUCT_GOODS;
        request.tracking = OCORE_TRACKING_LOT;
        assert_refused(
                &world, ocore_product_put(world.core, &request, NULL), OCORE_STATE, "tracking");
        request.tracking = OCORE_TRACKING_NONE;
        assert_done(&world, ocore_product_put(world.core, &request, NULL));
        assert_done(&world, get(&world, "A", &product));
        assert_number(product->scale, 3);
        test_close(&world);
}

static void test_list(void **state)
{
        static const char *const skus[] = {"C", "A", "E", "a", "B", "D"};
        static const char *const pages[][2] = {{"A", "B"}, {"C", "D"}, {"E", "a"}};
        ocore_page_request page = {.struct_size = sizeof page, .limit = 2};
        const ocore_product_list *list;
        test_world world;

        (void)state;
        test_open(&world);
        assert_done(&world, ocore_product_list_page(world.core, &page, &list));
        assert_int_equal(list->product_count, 0);
        assert_text(list->next, "");
        for (size_t i = 0; i < 6; i++)
                shop_goods(&world, skus[i], NULL);
        for (size_t i = 0; i < 3; i++) {
                assert_done(&world, ocore_product_list_page(world.core, &page, &list));
                assert_int_equal(list->product_count, 2);
                assert_text(list->products[0]->sku, pages[i][0]);
                assert_text(list->products[1]->sku, pages[i][1]);
                assert_text(list->next, i < 2 ? pages[i][1] : "");
                page.after =
                        ocore_str_of(pages[i][1]); /* the same text, which outlives the answer */
        }
        page.after = STR("a");
        assert_done(&world, ocore_product_list_page(world.core, &page, &list));
        assert_int_equal(list->product_count, 0);
        page.after = STR("");
        page.limit = 0;
        assert_done(&world, ocore_product_list_page(world.core, &page, &list));
        assert_int_equal(list->product_count, 6);
        page.limit = 1001;
        assert_refused(
                &world, ocore_product_list_page(world.core, &page, &list), OCORE_LIMIT, "limit");
        page.limit = -1;
        assert_refused(
                &world, ocore_product_list_page(world.core, &page, &list), OCORE_INVALID, "limit");
        assert_null(list);
        test_close(&world);
}

/* Inside a unit a product is there at once, lists are refused, and cancelling leaves nothing. */
static void test_unit(void **state)
{
        const ocore_page_request page = {.struct_size = sizeof page};
        const ocore_product_list *list;
        const ocore_product *product;
        test_world world;

        (void)state;
        test_open(&world);
        for (int commit = 0; commit < 2; commit++) {
                assert_done(&world, ocore_unit_begin(world.core));
                shop_goods(&world, "A", "1.00 EUR");
                assert_done(&world, get(&world, "A", &product));
                assert_refused(
                        &world, ocore_product_list_page(world.core, &page, &list), OCORE_STATE, "");
                if (commit)
                        assert_done(&world, ocore_unit_commit(world.core));
                else
                        assert_done(&world, ocore_unit_cancel(world.core));
                assert_status(
                        &world, get(&world, "A", &product), commit ? OCORE_OK : OCORE_NOT_FOUND);
        }
        assert_verified(&world);
        test_close(&world);
}

/* Each request for memory fails once: nothing is half done, and the same id succeeds later. */
static void test_no_memory(void **state)
{
        test_world world;
        ocore_product_request request;
        const ocore_product *product;
        int failures = 0, done = 0;

        (void)state;
        for (int64_t n = 1; !done; n++) {
                int status;

                test_open(&world);
                request = product_of(&world, "A");
                request.name = STR("A name that is longer than most and needs its room");
                world.memory.fail_at = world.memory.requests + n;
                status = ocore_product_put(world.core, &request, &product);
                done = !world.memory.failed;
                assert_status(&world, status, done ? OCORE_OK : OCORE_NOMEM);
                assert_int_equal(product == NULL, !done);
                failures += !done;
                world.memory.fail_at = 0;
                assert_status(&world, ocore_product_put(world.core, &request, &product),
                        done ? OCORE_ALREADY : OCORE_OK);
                assert_text(product->name, "A name that is longer than most and needs its room");
                test_close(&world);
        }
        assert_true(failures > 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_put),
                cmocka_unit_test(test_again),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_kept),
                cmocka_unit_test(test_never_changes),
                cmocka_unit_test(test_list),
                cmocka_unit_test(test_unit),
                cmocka_unit_test(test_no_memory),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
