/* Fields of a record by number and stride; the cell type of every kind, and of what is none. */
#include <ordercore/store.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* As a newer library may lay its fields out: larger than the caller knows them. */
typedef struct wider_field {
        ocore_field field;
        uint64_t more;
} wider_field;

static void test_fields(void **unused)
{
        static const wider_field fields[2] = {
                {{"a", "", NULL, 1, 0, 0, 0}, 1}, {{"b", "", NULL, 7, 0, 8, 0}, 2}};
        const ocore_record record = {"r", &fields[0].field, sizeof fields[0], 2, 1, 0};

        (void)unused;
        assert_string_equal(ocore_record_field(&record, 0)->name, "a");
        assert_string_equal(ocore_record_field(&record, 1)->name, "b");
        assert_null(ocore_record_field(&record, 2));
        assert_null(ocore_record_field(&record, SIZE_MAX));
        assert_null(ocore_record_field(NULL, 0));
}

static void test_types(void **unused)
{
        static const uint32_t wanted[] = {
                OCORE_CELL_NULL,
                OCORE_CELL_NUMBER,
                OCORE_CELL_NUMBER,
                OCORE_CELL_NUMBER,
                OCORE_CELL_NUMBER,
                OCORE_CELL_NUMBER,
                OCORE_CELL_NUMBER,
                OCORE_CELL_TEXT,
                OCORE_CELL_ID,
                OCORE_CELL_BYTES,
                OCORE_CELL_NULL,
                OCORE_CELL_NULL,
                OCORE_CELL_NULL,
                OCORE_CELL_NULL,
                OCORE_CELL_NULL,
                OCORE_CELL_NULL,
        };
        uint32_t kind;

        (void)unused;
        for (kind = 0; kind < sizeof wanted / sizeof wanted[0]; kind++)
                assert_int_equal(ocore_cell_type(kind), wanted[kind]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_fields),
                cmocka_unit_test(test_types),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
