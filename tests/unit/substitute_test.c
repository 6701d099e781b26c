/*
 * The commands on substitutes through the public functions: set whole in order of preference,
 * taken away, every refusal by its field, repeated ids.
 */
#include "assortment.h"

static ocore_substitute_request request_of(
        test_world *world, const ocore_substitute_item *items, size_t count)
{
        return (ocore_substitute_request){.struct_size = sizeof(ocore_substitute_request),
                .id = test_next_id(world),
                .sku = STR("tea"),
                .substitutes = items,
                .substitute_count = count,
                .substitute_stride = sizeof *items};
}

static int get(test_world *world, const char *sku, const ocore_substitute_list **out)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = ocore_str_of(sku)};

        return ocore_substitute_get(world->core, &key, out);
}

static int64_t related(test_world *world)
{
        const ocore_product_key key = {.struct_size = sizeof key, .sku = STR("tea")};
        const ocore_product *product;

        assert_done(world, ocore_product_get(world->core, &key, &product));
        return product->related;
}

static void substitutes_are_set_whole(void **state)
{
        static const ocore_substitute_item items[] = {{STR_INIT("mug")}, {STR_INIT("cup")}};
        const ocore_substitute_list *list;
        ocore_substitute_request request;
        test_world world;

        (void)state;
        sale_open(&world);
        shop_goods(&world, "mug", "1.00 EUR");
        assert_done(&world, get(&world, "tea", &list));
        assert_int_equal(list->substitute_count, 0);
        request = request_of(&world, items, 2);
        assert_done(&world, ocore_substitute_put(world.core, &request, &list));
        assert_text(list->sku, "tea");
        assert_int_equal(list->substitute_count, 2);
        assert_text(list->substitutes[0]->substitute, "mug");
        assert_number(list->substitutes[0]->rank, 1);
        assert_text(list->substitutes[1]->substitute, "cup");
        assert_number(list->substitutes[1]->rank, 2);
        assert_number(related(&world), OCORE_RELATED_SUBSTITUTES);
        assert_status(&world, ocore_substitute_put(world.core, &request, NULL), OCORE_ALREADY);
        request.sku = STR("cup");
        assert_refused(
                &world, ocore_substitute_put(world.core, &request, NULL), OCORE_ID_REUSED, "sku");
        request = request_of(&world, &items[1], 1);
        assert_done(&world, ocore_substitute_put(world.core, &request, NULL));
        assert_done(&world, get(&world, "tea", &list));
        assert_int_equal(list->substitute_count, 1);
        assert_text(list->substitutes[0]->substitute, "cup");
        request = request_of(&world, items, 0);
        assert_done(&world, ocore_substitute_put(world.core, &request, &list));
        assert_int_equal(list->substitute_count, 0);
        assert_number(related(&world), 0);
        sale_close(&world);
}

static void wrong_substitutes_are_refused_by_field(void **state)
{
        static const struct {
                const char *sku;
                ocore_substitute_item items[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {"", {{STR_INIT("cup")}}, 1, OCORE_INVALID, "sku"},
                {"none", {{STR_INIT("cup")}}, 1, OCORE_NOT_FOUND, "sku"},
                {"wrap", {{STR_INIT("cup")}}, 1, OCORE_INVALID, "sku"},
                {"tea", {{STR_INIT("cup")}}, 21, OCORE_LIMIT, "substitutes"},
                {"tea", {{STR_INIT("")}}, 1, OCORE_INVALID, "substitutes[0].sku"},
                {"tea", {{STR_INIT("none")}}, 1, OCORE_NOT_FOUND, "substitutes[0].sku"},
                {"tea", {{STR_INIT("wrap")}}, 1, OCORE_INVALID, "substitutes[0].sku"},
                {"tea", {{STR_INIT("rice")}}, 1, OCORE_INVALID, "substitutes[0].sku"},
                {"tea", {{STR_INIT("tea")}}, 1, OCORE_INVALID, "substitutes[0].sku"},
                {"tea", {{STR_INIT("cup")}, {STR_INIT("cup")}}, 2, OCORE_INVALID,
                        "substitutes[1].sku"},
        };
        static ocore_substitute_item many[21];
        const ocore_substitute_list *list;
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < 21; i++)
                many[i] = cases[0].items[0];
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_substitute_request request = request_of(
                        &world, cases[i].count > 2 ? many : cases[i].items, cases[i].count);

                request.sku = ocore_str_of(cases[i].sku);
                assert_refused(&world, ocore_substitute_put(world.core, &request, &list),
                        cases[i].status, cases[i].field);
                assert_null(list);
        }
        assert_refused(&world, get(&world, "none", &list), OCORE_NOT_FOUND, "sku");
        assert_number(related(&world), 0);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(substitutes_are_set_whole),
                cmocka_unit_test(wrong_substitutes_are_refused_by_field),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
