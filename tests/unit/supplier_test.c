/*
 * Suppliers: set whole under their code, listed by it, and refused where a number cannot be right.
 */
#include "buying.h"

static ocore_supplier_request supplier_of(test_world *world, const char *code)
{
        const ocore_supplier_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .supplier = ocore_str_of(code)};

        return request;
}

static void setting_and_setting_again(void **state)
{
        const ocore_supplier *supplier;
        ocore_supplier_request request;
        test_world world;

        (void)state;
        test_open(&world);
        request = supplier_of(&world, "acme");
        request.name = STR("Acme & Sons");
        request.lead_us = 3 * TEST_DAY_US;
        request.over_ppm = 1000000;
        request.email = STR("orders@acme.example");
        assert_done(&world, ocore_supplier_put(world.core, &request, &supplier));
        assert_text(supplier->supplier, "acme");
        assert_text(supplier->name, "Acme & Sons");
        assert_number(supplier->lead_us, 3 * TEST_DAY_US);
        assert_number(supplier->over_ppm, 1000000);
        assert_text(supplier->email, "orders@acme.example");
        assert_status(&world, ocore_supplier_put(world.core, &request, &supplier), OCORE_ALREADY);
        request = supplier_of(&world, "acme"); /* whole: what is not said is gone */
        assert_done(&world, ocore_supplier_put(world.core, &request, &supplier));
        assert_text(supplier->name, "acme");
        assert_number(supplier->lead_us, 0);
        assert_text(supplier->email, "");
        assert_verified(&world);
        test_close(&world);
}

static void listing_is_by_code(void **state)
{
        static const char *const codes[] = {"wood", "acme", "acme-2", "zinc", "ab"};
        static const char *const sorted[] = {"ab", "acme", "acme-2", "wood", "zinc"};
        const ocore_empty_request request = {.struct_size = sizeof request};
        const ocore_supplier_list *list;
        test_world world;

        (void)state;
        test_open(&world);
        assert_done(&world, ocore_supplier_list_all(world.core, &request, &list));
        assert_int_equal(list->supplier_count, 0);
        for (size_t i = 0; i < 5; i++)
                buy_supplier(&world, codes[i], 0, 0);
        for (int64_t i = 0; i < 100; i++) { /* more than one page of memory */
                char code[8];

                snprintf(code, sizeof code, "zz%03d", (int)i);
                buy_supplier(&world, code, 0, 0);
        }
        assert_done(&world, ocore_supplier_list_all(world.core, &request, &list));
        assert_int_equal(list->supplier_count, 105);
        for (size_t i = 0; i < 5; i++)
                assert_text(list->suppliers[i]->supplier, sorted[i]);
        assert_text(list->suppliers[104]->supplier, "zz099");
        test_close(&world);
}

static void wrong_suppliers_are_refused(void **state)
{
        char long_code[66];
        ocore_supplier_request request;
        test_world world;

        (void)state;
        test_open(&world);
        request = supplier_of(&world, "");
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_INVALID, "supplier");
        memset(long_code, 'x', sizeof long_code);
        request.supplier = (ocore_str){long_code, 65};
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_LIMIT, "supplier");
        request.supplier = STR("a\nb");
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_INVALID, "supplier");
        request.supplier = STR("acme");
        request.lead_us = -1;
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_INVALID, "lead_us");
        request.lead_us = 0;
        request.over_ppm = -1;
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_INVALID, "over_ppm");
        request.over_ppm = 1000001;
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_INVALID, "over_ppm");
        request.over_ppm = 0;
        request.name = STR("pay 4111 1111 1111 1111");
        assert_refused(
                &world, ocore_supplier_put(world.core, &request, NULL), OCORE_SENSITIVE, "name");
        request.name = STR("");
        request.id = (ocore_id){{0}};
        assert_refused(&world, ocore_supplier_put(world.core, &request, NULL), OCORE_INVALID, "id");
        assert_status(&world, ocore_supplier_put(world.core, NULL, NULL), OCORE_INVALID);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(setting_and_setting_again),
                cmocka_unit_test(listing_is_by_code),
                cmocka_unit_test(wrong_suppliers_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
