/* A life on a journal that is cut; see cut_run.h. */
#include "cut_run.h"

const life_book *cut_book = &life_sale;
life cut_undisturbed;

void cut_begin(cut_run *self, const ocore_flash_config *chip, int64_t compact_bytes)
{
        ocore_flash_config wanted = *chip;

        memset(self, 0, sizeof *self);
        self->plan.struct_size = sizeof self->plan;
        wanted.struct_size = sizeof wanted;
        wanted.plan = &self->plan;
        assert_int_equal(ocore_flash_create(&wanted, &self->flash), OCORE_OK);
        self->config.struct_size = sizeof self->config;
        self->config.compact_bytes = compact_bytes;
        shadow_begin(&self->known);
        life_begin_with(&self->story, cut_book);
}

void cut_close(cut_run *self)
{
        ocore_close(self->core);
        ocore_store_close(self->store);
        self->core = NULL;
        memset(&self->store, 0, sizeof self->store);
}

void cut_end(cut_run *self, const char *where)
{
        cut_close(self);
        shadow_finish(&self->known);
        if (self->plan.violations)
                fail_msg("%s: %lld times a unit was programmed twice", where,
                        (long long)self->plan.violations);
        ocore_flash_destroy(self->flash);
        if (self->memory.blocks || self->memory.bytes)
                fail_msg("%s: %lld bytes leaked", where, (long long)self->memory.bytes);
        life_finish(&self->story);
}

int cut_open(cut_run *self)
{
        ocore_config config = {0};
        ocore_journal_config journal = self->config;
        ocore_journal_device device;
        ocore_store inner;
        int status;

        ocore_flash_device(self->flash, &device);
        journal.device = &device;
        journal.allocator = test_allocator(&self->memory);
        status = ocore_journal_store(&journal, &inner);
        if (status != OCORE_OK)
                return status;
        self->store = shadow_store(&self->known, inner);
        life_connect(&self->story, &config);
        config.store = self->store;
        config.allocator = test_allocator(&self->memory);
        return ocore_open(&config, &self->core);
}

int cut_live(cut_run *self)
{
        int status = OCORE_OK;

        while (status == OCORE_OK && self->step < life_step_count(&self->story)) {
                status = life_step(&self->story, self->core, self->step);
                if (status == OCORE_OK)
                        self->step++;
        }
        return status;
}

static int print_finding(void *user_data, const ocore_finding *finding)
{
        print_error("%s: %.*s %.*s: %.*s\n", (const char *)user_data, (int)finding->invariant.size,
                finding->invariant.data, (int)finding->subject.size, finding->subject.data,
                (int)finding->message.size, finding->message.data);
        return 0;
}

void cut_check(cut_run *self, const char *where)
{
        char copy[160];
        int status;

        if (self->known.lost || shadow_compare(&self->known) == SHADOW_LOST)
                fail_msg("%s: what is there is not what was acknowledged", where);
        snprintf(copy, sizeof copy, "%s", where);
        status = ocore_verify(self->core, print_finding, copy, NULL);
        if (status)
                fail_msg("%s: verify says %d", where, status);
}

void cut_check_end(cut_run *self, const char *where)
{
        size_t step;

        if (life_settle(&self->story, self->core))
                fail_msg("%s: the pump does not come to its end", where);
        cut_check(self, where);
        if (!life_equal(&self->story, &cut_undisturbed, &step))
                fail_msg("%s: another answer to step %zu, %s", where, step,
                        life_step_name(&self->story, step));
        if (self->story.told_count != cut_undisturbed.told_count)
                fail_msg("%s: %zu effects were told, not %zu", where, self->story.told_count,
                        cut_undisturbed.told_count);
}

const char *cut_words(const cut_run *self)
{
        int64_t code;

        return self->store.ops ? self->store.ops->message(self->store.self, &code) : "";
}

int cut_remember(void **state)
{
        const ocore_flash_config chip = {0};
        cut_run self;

        (void)state;
        cut_begin(&self, &chip, 0);
        assert_int_equal(cut_open(&self), OCORE_OK);
        assert_int_equal(cut_live(&self), OCORE_OK);
        assert_int_equal(life_settle(&self.story, self.core), OCORE_OK);
        cut_undisturbed = self.story; /* its arena is finished by cut_forget() */
        life_begin_with(&self.story, cut_book);
        cut_end(&self, "an undisturbed life");
        return 0;
}

int cut_forget(void **state)
{
        (void)state;
        life_finish(&cut_undisturbed);
        return 0;
}
