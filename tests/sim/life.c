/* How a story is lived: each step at its time, its answer kept. */
#include "life_steps.h"

#include "record/record.h"

#include <string.h>

size_t life_step_count(const life *self)
{
        return self->book->count;
}

const char *life_step_name(const life *self, size_t step)
{
        if (step >= self->book->count)
                return "the end";
        return self->book->steps[step].command ? self->book->steps[step].command : "pump";
}

ocore_id life_id(int64_t number)
{
        ocore_id id = ID(0);

        id.bytes[15] = (uint8_t)number;
        return id;
}

static int64_t clock_of(void *user_data)
{
        return ((const life *)user_data)->now_us;
}

static int tell(void *user_data, const ocore_effect *effect)
{
        life *self = user_data;

        self->tells++;
        for (size_t i = 0; i < self->told_count; i++)
                if (self->told[i].number == effect->number &&
                        memcmp(&self->told[i].subject_id, &effect->subject_id, sizeof(ocore_id)) ==
                                0)
                        return 0;
        if (self->told_count == LIFE_TOLD_MAX)
                return -1;
        self->told[self->told_count].subject_id = effect->subject_id;
        self->told[self->told_count++].number = effect->number;
        return 0;
}

void life_begin(life *self)
{
        life_begin_with(self, &life_sale);
}

void life_begin_with(life *self, const life_book *book)
{
        const ocore_allocator plain = {NULL, NULL};

        memset(self, 0, sizeof *self);
        self->book = book;
        if (book->prepare)
                book->prepare();
        self->now_us = START_US;
        ocore__arena_init(&self->arena, &plain, 65536);
}

void life_finish(life *self)
{
        ocore__arena_finish(&self->arena);
}

void life_connect(life *self, ocore_config *config)
{
        config->struct_size = sizeof *config;
        config->clock = clock_of;
        config->clock_data = self;
        config->tell = tell;
        config->tell_data = self;
        config->actor = ocore_str_of("life");
}

/* Until nothing is due. */
static int pump(life *self)
{
        int status;

        do
                status = ocore_pump(self->core, 7, NULL);
        while (status == OCORE_OK);
        return status == OCORE_DONE ? OCORE_OK : status;
}

static int run_step(life *self, const struct life_call *step)
{
        const ocore_command *command;
        const void *answer;
        int status;

        if (!step->command)
                return pump(self);
        command = ocore_command_find(ocore_str_of(step->command));
        if (!command)
                return OCORE_INVALID;
        status = command->call(self->core, step->request, &answer);
        if (status < 0)
                return status;
        return ocore__record_encode(
                &self->arena, command->answer, answer, &self->answers[self->step]);
}

int life_step(life *self, ocore_core *core, size_t step)
{
        self->core = core;
        self->step = step;
        self->now_us = START_US + (int64_t)step * MINUTE_US;
        return run_step(self, &self->book->steps[step]);
}

int life_run(life *self, ocore_core *core)
{
        int status = OCORE_OK;

        for (size_t step = 0; step < self->book->count && !status; step++)
                status = life_step(self, core, step);
        return status;
}

/* What a failure left claimed is told when its lease has run out. */
int life_settle(life *self, ocore_core *core)
{
        self->core = core;
        self->now_us = START_US + DAY_US;
        return pump(self);
}

int life_equal(const life *a, const life *b, size_t *step)
{
        for (*step = 0; *step < a->book->count; ++*step)
                if (!ocore_str_equal(a->answers[*step], b->answers[*step]))
                        return 0;
        return 1;
}
