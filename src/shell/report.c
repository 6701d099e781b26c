/*
 * Reports as plain tables: for each command `report.…` its lists of rows, a column a field. Made
 * from the descriptions, in the order of the answer, so that the same books give the same bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shell.h"

#define COLUMNS_MAX 32
#define CELL_SIZE 64

static const char report_noun[] = "report.";

/* The columns of a table: fields of its rows that people want to see. */
typedef struct table {
        const ocore_field *columns[COLUMNS_MAX];
        const ocore_field *currency;
        const ocore_field *scale;
        size_t count;
        size_t width[COLUMNS_MAX];
} table;

/* One cell as text: lent from the row, or written into `room`. */
typedef struct cell {
        ocore_str text;
        char room[CELL_SIZE];
} cell;

static int64_t number_at(const char *row, const ocore_field *field)
{
        int64_t number = 0;
        memcpy(&number, row + field->offset, sizeof number);
        return number;
}

static ocore_str text_at(const char *row, const ocore_field *field)
{
        ocore_str text = {NULL, 0};
        memcpy(&text, row + field->offset, sizeof text);
        return text;
}

/* Without the currency, which has a column of its own. */
static void write_amount(char room[CELL_SIZE], int64_t amount_minor, ocore_str currency)
{
        ocore_money money = {.amount_minor = amount_minor};
        if (currency.size == sizeof money.currency - 1)
                memcpy(money.currency, currency.data, currency.size);
        if (ocore_money_format(money, room) < 0)
                room[0] = 0;
        room[strcspn(room, " ")] = 0;
}

static void write_quantity(char room[CELL_SIZE], int64_t amount, int64_t scale)
{
        const ocore_quantity quantity = {.amount = amount, .scale = (int32_t)scale};
        if (scale < 0 || scale > 9 || ocore_quantity_format(quantity, room) < 0)
                room[0] = 0;
}

static void write_number(char room[CELL_SIZE], const ocore_field *field, int64_t number)
{
        const char *name = NULL;
        if (field->kind == OCORE_FIELD_CHOICE)
                name = shell_choice_name(field->of, number);
        if (name != NULL)
                snprintf(room, CELL_SIZE, "%s", name);
        else if (field->kind == OCORE_FIELD_BOOLEAN)
                snprintf(room, CELL_SIZE, "%s", number != 0 ? "yes" : "no");
        else if (field->kind != OCORE_FIELD_TIME)
                snprintf(room, CELL_SIZE, "%" PRId64, number);
        else if (number == 0 || ocore_time_format(number, room) < 0)
                room[0] = 0;
}

static void cell_read(cell *self, const table *shape, size_t column, const char *row)
{
        static const ocore_id none;
        const ocore_field *field = shape->columns[column];
        ocore_id id = none;
        self->room[0] = 0;
        self->text = (ocore_str){NULL, 0};
        switch (field->kind) {
        case OCORE_FIELD_TEXT: self->text = text_at(row, field); break;
        case OCORE_FIELD_ID:
                memcpy(&id, row + field->offset, sizeof id);
                if (memcmp(&id, &none, sizeof id) != 0)
                        ocore_id_format(id, self->room);
                break;
        case OCORE_FIELD_AMOUNT:
                if (shape->currency != NULL)
                        write_amount(
                                self->room, number_at(row, field), text_at(row, shape->currency));
                break;
        case OCORE_FIELD_UNITS:
                write_quantity(self->room, number_at(row, field),
                        shape->scale != NULL ? number_at(row, shape->scale) : 0);
                break;
        default: write_number(self->room, field, number_at(row, field)); break;
        }
        if (self->room[0] != 0)
                self->text = ocore_str_of(self->room);
        if (self->text.size == 0)
                self->text = ocore_str_of("-"); /* an empty cell would shift the columns for awk */
}

/* Characters, as far as a terminal counts them: bytes that begin one. */
static size_t text_width(ocore_str text)
{
        size_t width = 0;
        for (size_t i = 0; i < text.size; i++)
                width += ((unsigned char)text.data[i] & 0xc0) != 0x80;
        return width;
}

/* The unit in a field's name is told by its cells: "sales_minor" is headed "sales". */
static ocore_str heading_of(const ocore_field *field)
{
        return ocore_json_field_name(ocore_str_of(field->name));
}

static int is_column(const ocore_field *field)
{
        return (field->flags & (OCORE_FIELD_HIDDEN | OCORE_FIELD_SCALE)) == 0 &&
               field->offset != OCORE_FIELD_NOWHERE &&
               (field->kind <= OCORE_FIELD_TEXT || field->kind == OCORE_FIELD_ID);
}

static void table_init(table *self, const ocore_record *record)
{
        const ocore_field *field = NULL;
        memset(self, 0, sizeof *self);
        for (size_t n = 0; (field = ocore_record_field(record, n)) != NULL; n++) {
                if ((field->flags & OCORE_FIELD_CURRENCY) != 0)
                        self->currency = field;
                if ((field->flags & OCORE_FIELD_SCALE) != 0)
                        self->scale = field;
                if (!is_column(field) || self->count == COLUMNS_MAX)
                        continue;
                self->width[self->count] = text_width(heading_of(field));
                self->columns[self->count++] = field;
        }
}

/* Numbers to the right, all else to the left; no blanks at the end of a line. */
static void put_cell(const table *self, size_t column, ocore_str text)
{
        const uint32_t kind = self->columns[column]->kind;
        const int right = kind == OCORE_FIELD_INTEGER || kind == OCORE_FIELD_AMOUNT ||
                          kind == OCORE_FIELD_UNITS;
        const int pad = (int)(self->width[column] - text_width(text));
        const int last = column + 1 == self->count;
        printf("%*s", right ? pad : 0, "");
        fwrite(text.data, 1, text.size, stdout);
        printf("%*s", right || last ? 0 : pad, "");
        fputs(last ? "\n" : "  ", stdout);
}

static void table_print(const ocore_record *record, const char *const *rows, size_t count)
{
        table shape;
        cell one;
        table_init(&shape, record);
        for (size_t n = 0; n < count; n++) {
                for (size_t column = 0; column < shape.count; column++) {
                        cell_read(&one, &shape, column, rows[n]);
                        const size_t width = text_width(one.text);
                        if (width > shape.width[column])
                                shape.width[column] = width;
                }
        }
        for (size_t column = 0; column < shape.count; column++)
                put_cell(&shape, column, heading_of(shape.columns[column]));
        for (size_t n = 0; n < count; n++) {
                for (size_t column = 0; column < shape.count; column++) {
                        cell_read(&one, &shape, column, rows[n]);
                        put_cell(&shape, column, one.text);
                }
        }
}

/* The times that a report may be limited to, in the order of the command line. */
static const char *const time_names[] = {"from_us", "until_us"};
#define TIMES_MAX 2
static const char usage_times[] = "Write: ordercore --store ... report moves [FROM [UNTIL]]";

static int report_run(
        const shell *self, const ocore_command *command, const int64_t *times, int time_count)
{
        union {
                ocore_empty_request empty;
                ocore_moves_report_request moves;
        } request;
        const void *answer = NULL;
        memset(&request, 0, sizeof request);
        request.empty.struct_size = time_count > 0 ? sizeof request.moves : sizeof request.empty;
        for (int n = 0; n < time_count; n++) {
                const ocore_field *field = shell_field_find(command->request, time_names[n]);
                memcpy((char *)&request + field->offset, &times[n], sizeof times[n]);
        }
        const int status = command->call(self->core, &request, &answer);
        if (status < 0)
                return shell_core_failed(self, command->name, status);
        const ocore_field *field = NULL;
        for (size_t n = 0; (field = ocore_record_field(command->answer, n)) != NULL; n++) {
                if (field->kind != OCORE_FIELD_ROWS)
                        continue;
                const char *const *rows = NULL;
                size_t count = 0;
                memcpy(&rows, (const char *)answer + field->offset, sizeof rows);
                memcpy(&count, (const char *)answer + field->offset + sizeof rows, sizeof count);
                printf("%s: %zu rows\n", command->name + strlen(report_noun), count);
                table_print(field->of, rows, count);
        }
        return SHELL_DONE;
}

static int is_report(const ocore_command *command, const char *name)
{
        const size_t size = strlen(report_noun);
        return strncmp(command->name, report_noun, size) == 0 &&
               (strcmp(name, "all") == 0 || strcmp(command->name + size, name) == 0);
}

/* What stands behind the name of a report; checked before the store is opened. */
static int read_times(const char *name, int count, char **arguments, int64_t *times)
{
        const ocore_command *command = NULL;
        size_t at = 0;
        while ((command = ocore_command_at(at)) != NULL && !is_report(command, name))
                at++;
        if (command == NULL)
                return shell_misused(name, "there is no such report",
                        "Write: ordercore --store ... report "
                        "[sales|stock|orders|money|holds|backorders|moves|all]");
        for (int n = 0; n < count; n++) {
                if (n == TIMES_MAX || strcmp(name, "all") == 0 ||
                        shell_field_find(command->request, time_names[n]) == NULL)
                        return shell_misused(arguments[n], "is one word too many", usage_times);
                if (ocore_time_parse(ocore_str_of(arguments[n]), &times[n]) != OCORE_OK)
                        return shell_misused(arguments[n], "is no time",
                                "Write it like this: 2026-01-31T09:30:00Z");
        }
        return SHELL_DONE;
}

int shell_report(shell *self, int count, char **arguments)
{
        const char *name = count > 0 ? arguments[0] : "all";
        const ocore_command *command = NULL;
        int64_t times[TIMES_MAX] = {0};
        const int time_count = count > 1 ? count - 1 : 0;
        int end = read_times(name, time_count, arguments + 1, times);
        size_t printed = 0;
        if (end == SHELL_DONE)
                end = shell_open(self);
        for (size_t n = 0; end == SHELL_DONE && (command = ocore_command_at(n)) != NULL; n++) {
                if (!is_report(command, name))
                        continue;
                if (printed++ > 0)
                        putchar('\n');
                end = report_run(self, command, times, time_count);
        }
        return end;
}
