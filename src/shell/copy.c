/*
 * The verb copy: a whole store from one engine into another, with progress for whoever watches, and
 * then the comparison of both ends.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <ordercore/copy.h>

#include "shell.h"

/* More differences than TOLD_MAX are counted and not told one by one; rows between two lines. */
enum { TOLD_MAX = 20, STEP = 1000 };

/* What the callbacks of one run share. */
typedef struct copy_run {
        int64_t total; /* rows that there are; 0: not known yet */
        int64_t rows;  /* told last */
        int64_t told;  /* sentences */
} copy_run;

/* After so many rows, or a twentieth of them, so that a log of it stays short. */
static int progress_print(void *user_data, const ocore_copy_progress *progress)
{
        copy_run *run = user_data;
        const int64_t step = run->total > 0 && run->total / 20 > STEP ? run->total / 20 : STEP;
        if (progress->rows - run->rows < step)
                return 0;
        run->rows = progress->rows;
        if (run->total > 0)
                fprintf(stderr, "copy: compared %" PRId64 " of %" PRId64 " rows (%" PRId64 " %%)\n",
                        progress->rows, run->total, progress->rows * 100 / run->total);
        else
                fprintf(stderr,
                        "copy: table %" PRId64 " of %" PRId64 ", %.*s: %" PRId64
                        " rows read, %" PRId64 " written\n",
                        progress->table_index + 1, progress->table_count, (int)progress->table.size,
                        progress->table.data, progress->rows, progress->written);
        return 0;
}

static void difference_print(void *user_data, ocore_str sentence)
{
        copy_run *run = user_data;
        if (run->told++ < TOLD_MAX)
                printf("%.*s\n", (int)sentence.size, sentence.data);
}

/* One of the two ends failed, and the library cannot know more than it said. */
static int end_failed(const ocore_copy_config *config, char **names, int status)
{
        const char *from = shell_store_message(&config->from, status);
        const char *to = shell_store_message(&config->to, status);
        const char *name = ocore_status_name(status);
        if (strcmp(to, name) != 0)
                fprintf(stderr, "ordercore: %s: %s\n", names[1], to);
        if (strcmp(from, name) != 0)
                fprintf(stderr, "ordercore: %s: %s\n", names[0], from);
        return shell_failed(
                "copy", name, "What is written stays; copying again carries on from there.");
}

static int both_walk(ocore_copy_config *config, char **names)
{
        copy_run run = {0, 0, 0};
        ocore_copy_progress copied;
        ocore_copy_progress compared;
        config->user_data = &run;
        int status = ocore_store_copy(config, &copied);
        printf("copy: %" PRId64 " rows read, %" PRId64 " written\n", copied.rows, copied.written);
        if (status == OCORE_EXISTS)
                return shell_failed(names[1], "it has other rows under keys of the source",
                        "Copy into an empty store, or one that a copy was broken off in.");
        if (status != OCORE_OK)
                return end_failed(config, names, status);
        run = (copy_run){copied.rows, 0, 0};
        status = ocore_store_compare(config, &compared);
        if (status == OCORE_OK) {
                printf("compare: OK, %" PRId64 " rows on both ends\n", compared.rows);
                return SHELL_DONE;
        }
        if (status != OCORE_STATE)
                return end_failed(config, names, status);
        printf("compare: %" PRId64 " differences\n", compared.differences);
        return shell_failed(names[1], "it is not the same as the source",
                "Nobody may write to either store while it is copied.");
}

int shell_copy(shell *self, int count, char **arguments)
{
        if (count != 2 || self->store != NULL)
                return shell_misused("copy", "it takes two stores behind it, and no --store",
                        "Write: ordercore copy sqlite:shop.db postgres:dbname=shop");
        if (strcmp(arguments[0], arguments[1]) == 0 && strcmp(arguments[0], "memory:") != 0)
                return shell_misused(arguments[0], "both ends are the same store",
                        "Write: ordercore copy FROM TO");
        ocore_copy_config config = {
                .struct_size = sizeof config,
                .progress = progress_print,
                .difference = difference_print,
        };
        int end = shell_store(arguments[0], &config.from);
        if (end == SHELL_DONE)
                end = shell_store(arguments[1], &config.to);
        if (end == SHELL_DONE)
                end = both_walk(&config, arguments);
        ocore_store_close(config.to);
        ocore_store_close(config.from);
        return end;
}
