/*
 * The commands on bundles through the public functions: set whole, answered by sku, every refusal
 * by its field, repeated ids; and the product, whose revision covers the parts, changes with them.
 */
#include "assortment.h"

static ocore_bundle_request request_of(
        test_world *world, const ocore_bundle_part_request *parts, size_t count)
{
        return (ocore_bundle_request){.struct_size = sizeof(ocore_bundle_request),
                .id = test_next_id(world),
                .sku = STR("kit"),
                .parts = parts,
                .part_count = count,
                .part_stride = sizeof *parts};
}

static int get(test_world *world, const char *sku, const ocore_bundle **out)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = ocore_str_of(sku)};

        return ocore_bundle_get(world->core, &key, out);
}

static int64_t related(test_world *world, const char *sku)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = ocore_str_of(sku)};
        const ocore_product *product;

        assert_done(world, ocore_product_get(world->core, &key, &product));
        return product->related;
}

static void parts_are_set_whole(void **state)
{
        static const ocore_bundle_part_request parts[] = {{STR_INIT("tea"), {2, 0, 0}},
                {STR_INIT("rice"), {25, 2, 0}}, {STR_INIT("cup"), {1, 0, 0}}};
        ocore_bundle_request request;
        const ocore_bundle *bundle;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_product(&world, "kit", OCORE_PRODUCT_BUNDLE, 0, "", "9.00 EUR");
        assert_refused(&world, get(&world, "kit", &bundle), OCORE_NOT_FOUND, "sku");
        request = request_of(&world, parts, 2);
        assert_done(&world, ocore_bundle_put(world.core, &request, &bundle));
        assert_text(bundle->sku, "kit");
        assert_int_equal(bundle->part_count, 2);
        assert_text(bundle->parts[0]->part_sku, "rice");
        assert_number(bundle->parts[0]->scale, 3);
        assert_number(bundle->parts[0]->quantity, 250);
        assert_text(bundle->parts[1]->part_sku, "tea");
        assert_number(bundle->parts[1]->quantity, 2);
        assert_number(related(&world, "kit"), OCORE_RELATED_PARTS);
        assert_status(&world, ocore_bundle_put(world.core, &request, &bundle), OCORE_ALREADY);
        assert_int_equal(bundle->part_count, 2);
        request.part_count = 1;
        assert_refused(
                &world, ocore_bundle_put(world.core, &request, &bundle), OCORE_ID_REUSED, "parts");

        request = request_of(&world, &parts[1], 2); /* tea leaves, cup comes, rice stays */
        assert_done(&world, ocore_bundle_put(world.core, &request, NULL));
        assert_done(&world, get(&world, "kit", &bundle));
        assert_int_equal(bundle->part_count, 2);
        assert_text(bundle->parts[0]->part_sku, "cup");
        assert_text(bundle->parts[1]->part_sku, "rice");

        shop_product(
                &world, "kit", OCORE_PRODUCT_BUNDLE, 0, "", NULL); /* set anew, it keeps them */
        assert_number(related(&world, "kit"), OCORE_RELATED_PARTS);
        sale_close(&world);
}

static void wrong_bundles_are_refused_by_field(void **state)
{
        static const struct {
                const char *sku;
                ocore_bundle_part_request parts[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {"", {{STR_INIT("tea"), {1, 0, 0}}}, 1, OCORE_INVALID, "sku"},
                {"none", {{STR_INIT("tea"), {1, 0, 0}}}, 1, OCORE_NOT_FOUND, "sku"},
                {"tea", {{STR_INIT("cup"), {1, 0, 0}}}, 1, OCORE_INVALID, "sku"},
                {"kit", {{STR_INIT("tea"), {1, 0, 0}}}, 0, OCORE_INVALID, "parts"},
                {"kit", {{STR_INIT("tea"), {1, 0, 0}}}, 101, OCORE_LIMIT, "parts"},
                {"kit", {{STR_INIT(""), {1, 0, 0}}}, 1, OCORE_INVALID, "parts[0].sku"},
                {"kit", {{STR_INIT("none"), {1, 0, 0}}}, 1, OCORE_NOT_FOUND, "parts[0].sku"},
                {"kit", {{STR_INIT("wrap"), {1, 0, 0}}}, 1, OCORE_INVALID, "parts[0].sku"},
                {"kit", {{STR_INIT("kit"), {1, 0, 0}}}, 1, OCORE_INVALID, "parts[0].sku"},
                {"kit", {{STR_INIT("tea"), {1, 0, 0}}, {STR_INIT("tea"), {2, 0, 0}}}, 2,
                        OCORE_INVALID, "parts[1].sku"},
                {"kit", {{STR_INIT("tea"), {0, 0, 0}}}, 1, OCORE_INVALID, "parts[0].quantity"},
                {"kit", {{STR_INIT("tea"), {-1, 0, 0}}}, 1, OCORE_INVALID, "parts[0].quantity"},
                {"kit", {{STR_INIT("tea"), {5, 1, 0}}}, 1, OCORE_INVALID, "parts[0].quantity"},
                {"kit", {{STR_INIT("rice"), {INT64_MAX, 0, 0}}}, 1, OCORE_OVERFLOW,
                        "parts[0].quantity"},
        };
        static ocore_bundle_part_request many[101];
        const ocore_bundle *bundle;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_product(&world, "kit", OCORE_PRODUCT_BUNDLE, 0, "", NULL);
        for (size_t i = 0; i < 101; i++)
                many[i] = cases[0].parts[0];
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_bundle_request request = request_of(
                        &world, cases[i].count > 2 ? many : cases[i].parts, cases[i].count);

                request.sku = ocore_str_of(cases[i].sku);
                assert_refused(&world, ocore_bundle_put(world.core, &request, &bundle),
                        cases[i].status, cases[i].field);
                assert_null(bundle);
        }
        assert_refused(&world, get(&world, "kit", &bundle), OCORE_NOT_FOUND, "sku");
        assert_refused(&world, get(&world, "", &bundle), OCORE_INVALID, "sku");
        assert_number(related(&world, "kit"), 0);
        sale_close(&world);
}

/* Another core that has the old parts in its memory places by the new ones. */
static void new_parts_count_at_once(void **state)
{
        const assorted_part first = {"tea", "1"}, second = {"cup", "2"};
        const ocore_bundle_part_request part = {STR_INIT("cup"), {2, 0, 0}};
        ocore_bundle_request request;
        ocore_config config;
        ocore_core *other;
        ocore_draft_line line;
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        assorted_bundle(&world, "kit", 0, 0, &first, 1);
        config = world.config;
        assert_int_equal(ocore_open(&config, &other), OCORE_OK);
        line = line_of("kit", "1");
        draft = draft_of(&world, &line, 1);
        assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
        assert_text(order->lines[1]->sku, first.sku);
        request = request_of(&world, &part, 1);
        assert_done(&world, ocore_bundle_put(world.core, &request, NULL));
        draft.id = test_next_id(&world);
        assert_int_equal(ocore_order_place(other, &draft, &order), OCORE_OK);
        assert_text(order->lines[1]->sku, second.sku);
        assert_number(order->lines[1]->quantity, 2);
        ocore_close(other);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(parts_are_set_whole),
                cmocka_unit_test(wrong_bundles_are_refused_by_field),
                cmocka_unit_test(new_parts_count_at_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
