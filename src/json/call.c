/*
 * The public functions: a command by name with its request as JSON, and its answer as one line.
 * Whoever can write JSON (a script, a queue, another language) is served by the same table of
 * commands as the C functions.
 */
#include <string.h>

#include "json_private.h"

/* The longest part of an unknown member's name that is told. */
#define FIELD_SHOWN_MAX 64

/* The core's errors, the way this library tells its own. */
static void problems_of_core(ocore__json_problems *problems, const ocore_core *core, int status)
{
        const size_t count = ocore_error_count(core);
        for (size_t n = 0; n < count; n++) {
                const ocore_error *error = ocore_error_at(core, n);
                if (error != NULL)
                        ocore__json_problem_add(
                                problems, error->status, error->field, error->message);
        }
        const ocore_error *last = ocore_last_error(core);
        if (problems->count == 0 && last != NULL && last->status != OCORE_OK)
                ocore__json_problem_add(problems, last->status, last->field, last->message);
        if (problems->count == 0)
                ocore__json_problem_add(
                        problems, status, (ocore_str){NULL, 0}, (ocore_str){NULL, 0});
}

static void put_problem(
        ocore__json_output *output, const ocore__json_problem *problem, int64_t status)
{
        ocore__json_put_string(output, "\"status\": ");
        ocore__json_put_quoted(output, ocore_str_of(ocore_status_name((int)status)));
        ocore__json_put_string(output, ", \"field\": ");
        ocore__json_put_quoted(output, ocore_json_field_name(problem->field));
        ocore__json_put_string(output, ", \"message\": ");
        ocore__json_put_quoted(output, problem->message);
}

/* The status that was returned, the first problem's place and words, and all if there are more. */
static void put_failure(
        ocore__json_output *output, const ocore__json_problems *problems, int status)
{
        ocore__json_put_string(output, "{\"ok\": false, ");
        put_problem(output, &problems->list[0], status);
        if (problems->count > 1) {
                ocore__json_put_string(output, ", \"errors\": [");
                for (size_t i = 0; i < problems->count; i++) {
                        ocore__json_put_string(output, i > 0 ? ", {" : "{");
                        put_problem(output, &problems->list[i], problems->list[i].status);
                        ocore__json_put_string(output, "}");
                }
                ocore__json_put_string(output, "]");
        }
        ocore__json_put_string(output, "}");
}

static void put_success(
        ocore__json_output *output, const ocore_record *record, const void *answer, int status)
{
        ocore__json_put_string(output, "{\"ok\": true, ");
        if (status == OCORE_ALREADY)
                ocore__json_put_string(output, "\"already\": true, ");
        ocore__json_put_string(output, "\"answer\": ");
        ocore__json_answer(output, record, answer);
        ocore__json_put_string(output, "}");
}

/* Says which commands there are of the noun that was asked for. */
static void refuse_name(ocore__json_problems *problems, ocore_str name)
{
        const char *dot = name.size > 0 ? memchr(name.data, '.', name.size) : NULL;
        const size_t noun = dot != NULL ? (size_t)(dot - name.data) + 1 : 0;
        ocore__json_output message = {NULL, 0, 0, 0};
        const ocore_command *command = NULL;
        const char *before = "there is no such command; there are ";
        for (size_t n = 0; noun > 0 && (command = ocore_command_at(n)) != NULL; n++) {
                if (strncmp(command->name, name.data, noun) != 0)
                        continue;
                ocore__json_put_string(&message, before);
                ocore__json_put_string(&message, command->name);
                before = ", ";
        }
        if (message.used == 0)
                ocore__json_put_string(&message,
                        "there is no such command; names are noun.verb, such as order.place");
        char *text = ocore__json_finish(&message);
        if (text == NULL)
                problems->failed = 1;
        else
                ocore__json_problem_add(
                        problems, OCORE_NOT_FOUND, ocore_str_of("call"), ocore_str_of(text));
        ocore_json_free(text);
}

/* Calls the command with what has been read; `problems` may hold what was wrong with that. */
static int call_and_write(ocore_core *core, ocore_str name, const json_t *args,
        ocore__json_problems *problems, ocore__json_output *output)
{
        const ocore_command *command = NULL;
        const void *answer = NULL;
        void *request = NULL;
        int status = OCORE_INVALID;
        if (problems->count == 0 && !problems->failed) {
                command = ocore_command_find(name);
                if (command == NULL)
                        refuse_name(problems, name);
                else
                        request = ocore__json_request(command->request, args, problems);
        }
        if (request != NULL) {
                status = command->call(core, request, &answer);
                if (status >= 0) {
                        put_success(output, command->answer, answer, status);
                        return status;
                }
                problems_of_core(problems, core, status);
        } else if (problems->count > 0) {
                status = (int)problems->list[0].status;
        }
        if (problems->failed || problems->count == 0)
                return OCORE_NOMEM;
        put_failure(output, problems, status);
        return status;
}

/* The answer is the caller's. Without memory for it the command may still have been carried out:
 * its id makes repeating it safe. */
static int finish(ocore__json_output *output, int status, char **out)
{
        *out = output->used > 0 || output->failed ? ocore__json_finish(output) : NULL;
        return *out == NULL ? OCORE_NOMEM : status;
}

int ocore_json_call(ocore_core *core, ocore_str name, ocore_str args, char **out)
{
        if (out == NULL)
                return OCORE_INVALID;
        ocore__json_memory memory = {NULL};
        ocore__json_output output = {NULL, 0, 0, 0};
        ocore__json_problems problems = {.memory = &memory};
        json_t *object = NULL;
        if (args.size > 0)
                ocore__json_parse(args, &problems, &object);
        const int status = call_and_write(core, name, object, &problems, &output);
        json_decref(object);
        ocore__json_release(&memory);
        return finish(&output, status, out);
}

static void note(ocore__json_problems *problems, ocore_str field, const char *message)
{
        ocore__json_problem_add(problems, OCORE_INVALID, field, ocore_str_of(message));
}

/* Takes a line of a batch apart; what is wrong with it is noted. */
static void line_read(
        json_t *line, ocore__json_problems *problems, ocore_str *name, const json_t **args)
{
        *name = (ocore_str){NULL, 0};
        *args = NULL;
        if (!json_is_object(line)) {
                note(problems, *name,
                        "a line must be an object: {\"call\": \"order.place\", \"args\": {...}}");
                return;
        }
        for (void *at = json_object_iter(line); at != NULL; at = json_object_iter_next(line, at)) {
                ocore_str key = ocore_str_of(json_object_iter_key(at));
                json_t *value = json_object_iter_value(at);
                const int is_call = ocore_str_equal(key, ocore_str_of("call"));
                if (is_call && json_is_string(value)) {
                        *name = (ocore_str){json_string_value(value), json_string_length(value)};
                } else if (ocore_str_equal(key, ocore_str_of("args"))) {
                        *args = json_is_null(value) ? NULL : value;
                        if (*args != NULL && !json_is_object(*args))
                                note(problems, key, "must be an object in braces: {...}");
                } else if (!is_call) {
                        key.size = key.size > FIELD_SHOWN_MAX ? FIELD_SHOWN_MAX : key.size;
                        note(problems, key, "there is no such member; they are call, args");
                }
        }
        if (name->data == NULL)
                note(problems, ocore_str_of("call"),
                        "must be the name of a command in quotes, such as \"order.place\"");
}

int ocore_json_line(ocore_core *core, ocore_str line, char **out)
{
        if (out == NULL)
                return OCORE_INVALID;
        ocore__json_memory memory = {NULL};
        ocore__json_output output = {NULL, 0, 0, 0};
        ocore__json_problems problems = {.memory = &memory};
        json_t *object = NULL;
        ocore_str name = {NULL, 0};
        const json_t *args = NULL;
        ocore__json_parse(line, &problems, &object);
        if (object != NULL)
                line_read(object, &problems, &name, &args);
        const int status = call_and_write(core, name, args, &problems, &output);
        json_decref(object);
        ocore__json_release(&memory);
        return finish(&output, status, out);
}
