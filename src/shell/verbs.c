/*
 * The short verbs: call, verify, import, pump and version.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ordercore/json.h>

#include "shell.h"

int shell_call(shell *self, int count, char **arguments)
{
        if (count < 1 || count > 2)
                return shell_misused("call", "it takes a name and its request",
                        "Write: ordercore ... call NAME '{...}'");
        const int end = shell_open(self);
        if (end != SHELL_DONE)
                return end;
        char *answer = NULL;
        const ocore_str args = ocore_str_of(count > 1 ? arguments[1] : "");
        const int status = ocore_json_call(self->core, ocore_str_of(arguments[0]), args, &answer);
        if (answer == NULL)
                return shell_failed(arguments[0], "there was no memory for the answer",
                        "Repeat the call with the same id.");
        puts(answer);
        ocore_json_free(answer);
        return status < 0 ? SHELL_REFUSED : SHELL_DONE;
}

static int finding_print(void *user_data, const ocore_finding *finding)
{
        (void)user_data;
        printf("%.*s  %.*s: %.*s\n", (int)finding->invariant.size, finding->invariant.data,
                (int)finding->subject.size, finding->subject.data, (int)finding->message.size,
                finding->message.data);
        return 0;
}

int shell_verify(shell *self, int count, char **arguments)
{
        (void)arguments;
        if (count != 0)
                return shell_misused(
                        "verify", "it takes nothing more", "Write: ordercore --store ... verify");
        const int end = shell_open(self);
        if (end != SHELL_DONE)
                return end;
        int64_t findings = 0;
        const int status = ocore_verify(self->core, finding_print, NULL, &findings);
        if (status == OCORE_OK) {
                puts("verify: OK");
                return SHELL_DONE;
        }
        if (findings == 0)
                return shell_core_failed(self, "verify", status);
        printf("verify: %" PRId64 " findings\n", findings);
        return SHELL_REFUSED;
}

int shell_import(shell *self, int count, char **arguments)
{
        if (count < 2 || strcmp(arguments[0], "retail") != 0)
                return shell_misused("import", "it takes a format and files",
                        "Write: ordercore --store ... import retail [--report] FILE...");
        /* What happened long ago must not send mails today. */
        self->effects_off = 1;
        const int end = shell_open(self);
        return end != SHELL_DONE ? end : shell_import_retail(self, count - 1, arguments + 1);
}

/* The names of events, taken from the description of a timeline. */
static const char *event_name(int64_t kind)
{
        const ocore_command *timeline = ocore_command_find(ocore_str_of("order.timeline"));
        if (timeline == NULL)
                return NULL;
        const ocore_field *events = shell_field_find(timeline->answer, "events");
        if (events == NULL || events->kind != OCORE_FIELD_ROWS)
                return NULL;
        const ocore_field *field = shell_field_find(events->of, "kind");
        if (field == NULL || field->kind != OCORE_FIELD_CHOICE)
                return NULL;
        return shell_choice_name(field->of, kind);
}

/* Acknowledged once its line is out of our hands; a reader that is gone gets it another time. */
int shell_tell(void *user_data, const ocore_effect *effect)
{
        char subject[OCORE_ID_TEXT_SIZE];
        const char *name = event_name(effect->kind);
        (void)user_data;
        ocore_id_format(effect->subject_id, subject);
        printf("{\"subject_id\": \"%s\", \"number\": %" PRId64 ", \"kind\": ", subject,
                effect->number);
        if (name != NULL)
                printf("\"%s\"", name);
        else
                printf("%" PRId64, effect->kind);
        printf(", \"attempts\": %" PRId64 "}\n", effect->attempts);
        return fflush(stdout) == 0 && !ferror(stdout) ? 0 : -1;
}

int shell_pump(shell *self, int count, char **arguments)
{
        self->tell = count == 1 && strcmp(arguments[0], "--tell") == 0;
        if (count != self->tell)
                return shell_misused("pump", "it takes --tell or nothing",
                        "Write: ordercore --store ... pump [--tell]");
        const int end = shell_open(self);
        if (end != SHELL_DONE)
                return end;
        ocore_pumped all = {0, 0, 0, 0};
        int status = OCORE_OK;
        while (status == OCORE_OK && !ferror(stdout)) {
                ocore_pumped now = {0, 0, 0, 0};
                status = ocore_pump(self->core, 0, &now);
                all.told += now.told;
                all.failed += now.failed;
                all.dead += now.dead;
                all.holds_lapsed += now.holds_lapsed;
        }
        if (status < 0)
                return shell_core_failed(self, "pump", status);
        fprintf(self->tell ? stderr : stdout,
                "pump: %" PRId64 " holds lapsed, %" PRId64 " effects told, %" PRId64
                " failed, %" PRId64 " given up\n",
                all.holds_lapsed, all.told, all.failed, all.dead);
        return SHELL_DONE;
}

int shell_version(shell *self, int count, char **arguments)
{
        (void)self;
        (void)arguments;
        if (count != 0)
                return shell_misused(
                        "version", "it takes nothing more", "Write: ordercore version");
        printf("ordercore %s\n", ocore_version());
        return SHELL_DONE;
}
