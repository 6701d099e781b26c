/*
 * Proves that the surface is whole: each table stands at its number with a sound description, each
 * command has the descriptions of its own procedure, and names are `noun.verb`, each once.
 */
#include "support.h"

#include "surface/procedures.h"

#include <ctype.h>

static void tables_stand_at_their_numbers(void **state)
{
        (void)state;
        assert_int_equal(ocore__schema.table_count, 44);
        assert_number(ocore__schema.version, 1);
        assert_number(ocore__schema.application, 0x4f434f52);
        for (size_t i = 0; i < ocore__schema.table_count; i++) {
                const ocore_table *table = ocore__schema.tables[i];
                const ocore_record *record = table->record;

                assert_int_equal(table->number, i);
                assert_string_equal(record->fields[0].name, "tenant");
                assert_true(table->key_count >= 2 && table->key_count <= record->column_count);
                assert_true(record->column_count <= OCORE__COLUMNS_MAX);
                assert_true(table->group_count == 1 || table->group_count == 2);
                for (size_t n = 0; n < i; n++)
                        assert_string_not_equal(table->name, ocore__schema.tables[n]->name);
                for (size_t n = 1; n < table->key_count; n++) /* a key is never NULL */
                        assert_false(record->fields[n].flags & OCORE_FIELD_NULLABLE);
                for (size_t n = 0; n < table->index_count; n++) {
                        assert_int_equal(table->indexes[n].columns[0], 0);
                        assert_true(table->indexes[n].column_count >= 2);
                        assert_true(table->indexes[n].columns[1] < record->column_count);
                }
        }
}

/* noun.verb, of lower-case letters and underscores. */
static int is_name(const char *name)
{
        int dots = 0;

        for (; *name; name++) {
                dots += *name == '.';
                if (*name != '.' && *name != '_' && !islower((unsigned char)*name))
                        return 0;
        }
        return dots == 1;
}

static void commands_are_whole(void **state)
{
        const ocore_command *command;
        size_t count = 0;

        (void)state;
        for (; (command = ocore_command_at(count)) != NULL; count++) {
                assert_true(is_name(command->name));
                assert_true(command->note && command->note[0]);
                assert_true(command->request && command->answer && command->call);
                assert_ptr_equal(ocore_command_find(ocore_str_of(command->name)), command);
                if (command->changes) {
                        const ocore_field *id = ocore_record_field(command->request, 0);
                        char name[64];
                        size_t i = 0;

                        assert_non_null(id);
                        assert_string_equal(id->name, "id");
                        assert_int_equal(id->kind, OCORE_FIELD_ID);
                        /* Its own name, so that an id used for another command is told apart. */
                        for (; command->name[i] && i < sizeof name - 1; i++)
                                name[i] = command->name[i] == '.' ? '_' : command->name[i];
                        name[i] = 0;
                        assert_string_equal(command->request->name, name);
                }
        }
        assert_int_equal(count, 102);
        assert_null(ocore_command_at((size_t)-1));
        assert_null(ocore_command_find(STR("order.plac")));
        assert_null(ocore_command_find((ocore_str){NULL, 0}));
}

/* A command by name, and the procedure that a room has for it. */
/* clang-format off */
#define PAIR(noun, verb) { #noun "." #verb, &ocore__##noun##_##verb }
static const struct {
        const char *name;
        const ocore__procedure *procedure;
} pairs[] = {
        PAIR(product, put), PAIR(product, get), PAIR(product, list), PAIR(product, inquire),
        PAIR(bundle, put), PAIR(bundle, get), PAIR(substitute, put), PAIR(substitute, get),
        PAIR(price, put), PAIR(site, put), PAIR(site, list), PAIR(site_cost, put),
        PAIR(site_cost, list), PAIR(channel, put), PAIR(channel, list), PAIR(tax_rate, put),
        PAIR(tax_rate, list), PAIR(stock, receive), PAIR(stock, adjust), PAIR(stock, count),
        PAIR(stock, transfer), PAIR(stock, list), PAIR(stock, availability), PAIR(stock, history),
        PAIR(stock_rule, put), PAIR(stock_rule, list), PAIR(quota, put), PAIR(quota, list),
        PAIR(count, open), PAIR(count, enter), PAIR(count, close), PAIR(count, cancel),
        PAIR(count, get), PAIR(transfer, ship), PAIR(transfer, receive), PAIR(transfer, get),
        PAIR(lot, recall), PAIR(lot, trace), PAIR(hold, place), PAIR(hold, release),
        PAIR(hold, extend), PAIR(hold, transfer), PAIR(hold, get), PAIR(shipping_option, put),
        PAIR(shipping_zone, put), PAIR(shipping_rate, put), PAIR(shipping, rules),
        PAIR(shipping, quote), PAIR(order, verify), PAIR(order, quote), PAIR(order, save),
        PAIR(order, place), PAIR(order, confirm), PAIR(order, cancel), PAIR(order, reallocate),
        PAIR(order, reprice), PAIR(order, get), PAIR(order, list), PAIR(order, timeline),
        PAIR(order, next), PAIR(order, party), PAIR(order, account), PAIR(payment, take),
        PAIR(payment, collect), PAIR(payment, refund), PAIR(fulfillment, create),
        PAIR(fulfillment, pick), PAIR(fulfillment, short), PAIR(fulfillment, pack),
        PAIR(fulfillment, ship), PAIR(fulfillment, deliver), PAIR(fulfillment, cancel),
        PAIR(fulfillment, get), PAIR(fulfillment, list), PAIR(return, request),
        PAIR(return, receive), PAIR(return, inspect), PAIR(return, refund), PAIR(return, get),
        PAIR(supplier, put), PAIR(supplier, list), PAIR(purchase, propose), PAIR(purchase, arrange),
        PAIR(purchase, send), PAIR(purchase, confirm), PAIR(purchase, receive),
        PAIR(purchase, ship), PAIR(purchase, close), PAIR(purchase, cancel), PAIR(purchase, get),
        PAIR(purchase, list), PAIR(backorder, list), PAIR(promise, ask), PAIR(promise, run),
        PAIR(product, alternatives), PAIR(report, sales), PAIR(report, stock), PAIR(report, orders),
        PAIR(report, money), PAIR(report, holds), PAIR(report, backorders), PAIR(report, moves),
};
/* clang-format on */

static void commands_and_procedures_agree(void **state)
{
        (void)state;
        assert_null(ocore_command_at(sizeof pairs / sizeof pairs[0]));
        for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
                const ocore_command *command = ocore_command_find(ocore_str_of(pairs[i].name));

                if (!command)
                        fail_msg("there is no command %s", pairs[i].name);
                if (command->request != pairs[i].procedure->request ||
                        command->answer != pairs[i].procedure->answer ||
                        command->changes != ((pairs[i].procedure->flags & OCORE__COMMAND) != 0))
                        fail_msg("%s is not described as its procedure is", pairs[i].name);
        }
}

/* An empty request is refused by its id, or answered; with a wrong size it is always refused. */
static void empty_requests_are_answered(void **state)
{
        union {
                size_t struct_size;
                char bytes[1024];
                int64_t align;
        } request;
        const ocore_command *command;
        test_world world;

        (void)state;
        test_open(&world);
        for (size_t n = 0; (command = ocore_command_at(n)) != NULL; n++) {
                const void *answer = &world;
                int by_id = 0, status;

                assert_true(command->request->size <= sizeof request);
                memset(&request, 0, sizeof request);
                request.struct_size = command->request->size;
                status = command->call(world.core, &request, &answer);
                assert_true(status == OCORE_OK || (status < 0 && answer == NULL));
                for (size_t i = 0; i < ocore_error_count(world.core); i++)
                        by_id |= ocore_str_equal(ocore_error_at(world.core, i)->field, STR("id"));
                if (command->changes && (status != OCORE_INVALID || !by_id))
                        fail_msg("%s without an id says %d", command->name, status);
                request.struct_size = 3;
                assert_int_equal(command->call(world.core, &request, &answer), OCORE_INVALID);
                assert_null(answer);
                assert_int_equal(command->call(world.core, NULL, &answer), OCORE_INVALID);
                assert_int_equal(command->call(NULL, &request, &answer), OCORE_INVALID);
        }
        assert_verified(&world);
        test_close(&world);
}

/* The function behind a name is the typed one: a call by name and one by hand meet in one row. */
static void calls_by_name_are_the_same_calls(void **state)
{
        const ocore_site_request request = {
                .struct_size = sizeof request, .id = test_id(1), .site = STR("EAST")};
        const void *answer;
        test_world world;

        (void)state;
        test_open(&world);
        assert_done(
                &world, ocore_command_find(STR("site.put"))->call(world.core, &request, &answer));
        assert_text(((const ocore_site *)answer)->site, "EAST");
        assert_status(&world, ocore_site_put(world.core, &request, NULL), OCORE_ALREADY);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tables_stand_at_their_numbers),
                cmocka_unit_test(commands_are_whole),
                cmocka_unit_test(commands_and_procedures_agree),
                cmocka_unit_test(empty_requests_are_answered),
                cmocka_unit_test(calls_by_name_are_the_same_calls),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
