/*
 * The help: what there is, and each command with its fields. All of it but the verbs' own lines
 * is made from the table of commands and its descriptions, so that it cannot be out of date.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shell.h"

/* Where the columns of the list of fields begin. */
enum { NAME_WIDTH = 30, KIND_WIDTH = 10, NEED_WIDTH = 8 };

const char *shell_choice_name(const ocore_choice *choices, int64_t value)
{
        for (const ocore_choice *choice = choices; choice->name != NULL; choice++)
                if (choice->value == value)
                        return choice->name;
        return NULL;
}

const ocore_field *shell_field_find(const ocore_record *record, const char *name)
{
        const ocore_field *field = NULL;
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++)
                if (strcmp(field->name, name) == 0)
                        return field;
        return NULL;
}

static const char *kind_word(uint32_t kind)
{
        static const struct {
                uint32_t kind;
                const char *word;
        } words[] = {
                {OCORE_FIELD_INTEGER, "integer"},
                {OCORE_FIELD_BOOLEAN, "boolean"},
                {OCORE_FIELD_CHOICE, "choice"},
                {OCORE_FIELD_TIME, "time"},
                {OCORE_FIELD_AMOUNT, "amount"},
                {OCORE_FIELD_UNITS, "quantity"},
                {OCORE_FIELD_TEXT, "text"},
                {OCORE_FIELD_ID, "id"},
                {OCORE_FIELD_BYTES, "bytes"},
                {OCORE_FIELD_MONEY, "amount"},
                {OCORE_FIELD_QUANTITY, "quantity"},
                {OCORE_FIELD_ITEMS, "list"},
                {OCORE_FIELD_ROWS, "list"},
                {OCORE_FIELD_RECORD, "object"},
        };
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (words[i].kind == kind)
                        return words[i].word;
        return "?";
}

static void print_range(const ocore_field *field)
{
        if ((field->flags & OCORE_FIELD_POSITIVE) != 0)
                fputs("; above zero", stdout);
        if ((field->flags & OCORE_FIELD_NOT_NEGATIVE) != 0)
                fputs("; not below zero", stdout);
        if (field->limit != 0 &&
                (field->kind == OCORE_FIELD_TEXT || field->kind == OCORE_FIELD_ITEMS))
                printf("; at most %" PRIu32 " %s", field->limit,
                        field->kind == OCORE_FIELD_TEXT ? "bytes" : "items");
}

static void print_choices(const ocore_choice *choices, int indent)
{
        printf("%*s  one of", indent, "");
        for (const ocore_choice *choice = choices; choice->name != NULL; choice++)
                printf("%s %s", choice == choices ? "" : ",", choice->name);
        putchar('\n');
}

/* One line a field, what is inside of it indented below. Descriptions never hold themselves. */
static void print_fields(const ocore_record *record, int indent, int is_request)
{
        const ocore_field *field = NULL;
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++) {
                if ((field->flags & OCORE_FIELD_HIDDEN) != 0 ||
                        field->offset == OCORE_FIELD_NOWHERE)
                        continue;
                const ocore_str name = ocore_json_field_name(ocore_str_of(field->name));
                printf("%*s%-*.*s %-*s ", indent, "", NAME_WIDTH - indent, (int)name.size,
                        name.data, KIND_WIDTH, kind_word(field->kind));
                if (is_request)
                        printf("%-*s ", NEED_WIDTH,
                                (field->flags & OCORE_FIELD_REQUIRED) != 0 ? "needed" : "-");
                fputs(field->note != NULL ? field->note : "", stdout);
                if (is_request)
                        print_range(field);
                putchar('\n');
                if (field->kind == OCORE_FIELD_CHOICE)
                        print_choices(field->of, indent);
                if (field->kind == OCORE_FIELD_ITEMS || field->kind == OCORE_FIELD_ROWS ||
                        field->kind == OCORE_FIELD_RECORD)
                        print_fields(field->of, indent + 2, is_request);
        }
}

static void print_command(const ocore_command *command)
{
        printf("%s: %s\n", command->name, command->note != NULL ? command->note : "");
        puts(command->changes != 0
                        ? "It changes something; its id makes a repeated call harmless.\n"
                        : "It only asks.\n");
        puts("Request (\"-\": may be left out)");
        print_fields(command->request, 2, 1);
        puts("\nAnswer");
        print_fields(command->answer, 2, 0);
        puts("\n"
             "amount    text with currency: \"12.50 EUR\"\n"
             "quantity  decimal text: \"1.250\"; a whole one also as a number: 3\n"
             "id        UUID text; time RFC 3339 text: \"2026-01-31T09:30:00Z\"\n"
             "choice    one of the names as text; list [{...}, ...]; object {...}");
}

static void print_all(void)
{
        puts("Usage: ordercore [OPTION...] COMMAND ...\n\n"
             "Options\n"
             "  --store STORE  where the data is; needed by all but help, copy and version\n"
             "  --tenant N     whose orders; 0 when not said\n"
             "  --actor NAME   who does it; \"shell\" when not said\n"
             "  --clock TIME   a fixed time of RFC 3339 that grows by a microsecond with each\n"
             "                 reading, for runs that are to be alike\n\n"
             "Stores\n"
             "  memory:             lasts as long as the process\n"
             "  sqlite:FILE         a database in a file, made when absent\n"
             "  journal:FILE        a log in a file, made when absent; in memory while it is open\n"
             "  postgres:CONNINFO   \"host=db.example.org dbname=shop\", as libpq reads it\n"
             "  mariadb:CONNINFO    the same words for MariaDB\n\n"
             "Commands");
        for (const shell_verb *verb = shell_verbs; verb->name != NULL; verb++)
                printf("  %-7s %-17s %s\n", verb->name, verb->arguments, verb->note);
        puts("\nNames to call (\"ordercore help NAME\" tells the fields)");
        const ocore_command *command = NULL;
        for (size_t n = 0; (command = ocore_command_at(n)) != NULL; n++)
                printf("  %-21s %s\n", command->name, command->note != NULL ? command->note : "");
        puts("\nExit status: 0 done; 1 refused, or something was found; 2 wrong usage.");
}

int shell_help(shell *self, int count, char **arguments)
{
        (void)self;
        if (count > 1)
                return shell_misused(
                        "help", "it takes one name", "Write: ordercore help [COMMAND]");
        if (count == 0) {
                print_all();
                return SHELL_DONE;
        }
        const ocore_command *command = ocore_command_find(ocore_str_of(arguments[0]));
        if (command != NULL) {
                print_command(command);
                return SHELL_DONE;
        }
        for (const shell_verb *verb = shell_verbs; verb->name != NULL; verb++) {
                if (strcmp(verb->name, arguments[0]) == 0) {
                        printf("Usage: ordercore [OPTION...] %s%s%s\n%s\n", verb->name,
                                verb->arguments[0] != 0 ? " " : "", verb->arguments, verb->note);
                        return SHELL_DONE;
                }
        }
        return shell_misused(
                arguments[0], "there is no such command", "\"ordercore help\" lists them.");
}
