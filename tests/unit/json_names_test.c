/*
 * Proves that every field of every command has a name of its own in JSON: names lose the unit at
 * their end there ("total_minor" is "total"), so two fields of a struct must not meet in one.
 * Walks the whole table of commands, lists and records within included.
 */
#include "support.h"

#include <ordercore/json.h>

static ocore_str name_of(const ocore_record *record, size_t n)
{
        return ocore_json_field_name(ocore_str_of(ocore_record_field(record, n)->name));
}

/* Pairs of fields of the record, or of one inside it, that share a name. */
static int count_clashes(const ocore_record *record)
{
        int clashes = 0;

        for (size_t n = 0; ocore_record_field(record, n); n++) {
                const ocore_field *field = ocore_record_field(record, n);

                for (size_t i = 0; i < n; i++) {
                        if (!ocore_str_equal(name_of(record, i), name_of(record, n)))
                                continue;
                        print_error(
                                "%s: two fields are called \"%s\"\n", record->name, field->name);
                        clashes++;
                }
                if (field->kind >= OCORE_FIELD_ITEMS)
                        clashes += count_clashes(field->of);
        }
        return clashes;
}

static void test_every_command(void **state)
{
        size_t count = 0;

        (void)state;
        for (; ocore_command_at(count); count++) {
                assert_int_equal(count_clashes(ocore_command_at(count)->request), 0);
                assert_int_equal(count_clashes(ocore_command_at(count)->answer), 0);
        }
        assert_true(count > 50);
}

static void test_a_clash_is_seen(void **state)
{
        static const ocore_field fields[] = {
                {"total", "", NULL, OCORE_FIELD_UNITS, 0, 0, 0},
                {"total_minor", "", NULL, OCORE_FIELD_AMOUNT, 0, 8, 0},
        };
        const ocore_record record = {"clash", fields, sizeof fields[0], 2, 0, 16};

        (void)state;
        assert_int_equal(count_clashes(&record), 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_every_command),
                cmocka_unit_test(test_a_clash_is_seen),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
