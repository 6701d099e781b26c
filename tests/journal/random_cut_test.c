/*
 * Proves the same as cut_test.c on paths that nobody thought of: lives on chips of random sizes,
 * compacting at random thresholds, are cut at random calls, again and again in one life and during
 * recoveries, until 10,000 cuts were met. ORDERCORE_SEED repeats a run, ORDERCORE_CUTS makes it
 * longer.
 */
#include "cut_run.h"

#include <stdlib.h>

static uint64_t random_state;

/* Steele, Lea and Flood's SplitMix (2014). */
static int64_t draw(int64_t below)
{
        uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return (int64_t)((z ^ z >> 31) % (uint64_t)below);
}

static void set_cut(cut_run *self)
{
        self->plan.kind = OCORE_FLASH_CUT;
        self->plan.at = 1 + (draw(3) ? draw(30) : draw(4));
        self->plan.tail = draw(5);
        self->plan.seed = draw(INT64_MAX);
        self->plan.counted = 0;
        self->plan.hits = 0;
}

/* One life to its end, however often it is cut. Returns how often. */
static int64_t live(int64_t number)
{
        const ocore_flash_config chip = {.unit_size = INT64_C(16) << draw(6),
                .block_size = 4096 << draw(3),
                .area_blocks = 32 + draw(8),
                .can_truncate = draw(2)};
        int64_t cuts = 0;
        char where[120];
        cut_run self;

        cut_begin(&self, &chip, draw(4) ? 3000 + draw(20000) : -1);
        snprintf(where, sizeof where, "life %lld", (long long)number);
        for (;;) {
                int status;

                set_cut(&self);
                status = cut_open(&self);
                if (!status) {
                        cut_check(&self, where);
                        status = cut_live(&self);
                }
                if (!status)
                        break;
                if (!self.plan.hits)
                        fail_msg("%s: without a cut step %s says %d: %s", where,
                                life_step_name(&self.story, self.step), status, cut_words(&self));
                cuts++;
                snprintf(where, sizeof where, "life %lld, cut %lld at call %lld", (long long)number,
                        (long long)cuts, (long long)self.plan.at);
                cut_close(&self);
                ocore_flash_power_on(self.flash);
        }
        self.plan.kind = 0;
        cut_check_end(&self, where);
        cut_end(&self, where);
        return cuts;
}

static void random_cuts(void **state)
{
        const char *seed = getenv("ORDERCORE_SEED");
        const char *wanted = getenv("ORDERCORE_CUTS");
        const int64_t least = wanted ? strtoll(wanted, NULL, 10) : 10000;
        int64_t cuts = 0, lives = 0;

        (void)state;
        random_state = seed ? strtoull(seed, NULL, 10) : 1;
        print_message("# seed %llu\n", (unsigned long long)random_state);
        while (cuts < least)
                cuts += live(++lives);
        print_message("# %lld cuts in %lld lives\n", (long long)cuts, (long long)lives);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(random_cuts),
        };
        return cmocka_run_group_tests(tests, cut_remember, cut_forget);
}
