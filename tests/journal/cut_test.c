/*
 * Proves that the power may go at any moment: a whole life is lived on a journal on an emulated
 * chip, and each time the power goes at another append, sync, truncate, erase of a block or
 * replace, with what was in the cache dropped, kept in part, reordered by unit, garbled, or kept
 * without an answer. Compacting happens all along. After each: the journal opens, it holds
 * exactly what was acknowledged (or that and the batch under way), ocore_verify() is clean, and
 * the life carried on gives the same answers as one that nothing disturbed.
 *
 * The same with a second cut at each call of the recovery, and where a call fails with the power
 * on. As a control, a chip that ignores syncs, and a journal that does not sync, are caught
 * losing what they acknowledged.
 */
#include "cut_run.h"

static const char *const tails[] = {
        "dropped", "kept in part", "reordered", "garbled", "kept without an answer"};
enum { TAILS = sizeof tails / sizeof tails[0] };

/* Small enough that a life is compacted some times. */
static const ocore_flash_config chips[] = {
        {.unit_size = 16, .block_size = 16384, .area_blocks = 6},
        {.unit_size = 256, .block_size = 16384, .area_blocks = 6},
        {.unit_size = 16, .block_size = 16384, .area_blocks = 6, .can_truncate = 1},
};
enum { CHIPS = sizeof chips / sizeof chips[0], COMPACT = 6000 };

static void set_cut(cut_run *self, int64_t at, size_t tail, int64_t seed)
{
        self->plan.kind = OCORE_FLASH_CUT;
        self->plan.at = at;
        self->plan.tail = (int64_t)tail;
        self->plan.seed = seed;
        self->plan.counted = 0;
        self->plan.hits = 0;
}

static void reboot(cut_run *self)
{
        cut_close(self);
        ocore_flash_power_on(self->flash);
        self->plan.kind = 0;
}

/* Lives until the cut; 0 if there was none. */
static int live_to_cut(cut_run *self, const char *where)
{
        int status = cut_open(self);

        if (!status)
                status = cut_live(self);
        if (!status)
                return 0;
        if (!self->plan.hits)
                fail_msg("%s: without a cut step %s says %d: %s", where,
                        life_step_name(&self->story, self->step), status, cut_words(self));
        return 1;
}

static void recover(cut_run *self, const char *where)
{
        int status = cut_open(self);

        if (status)
                fail_msg("%s: opening again says %d: %s", where, status, cut_words(self));
        cut_check(self, where);
}

static void carry_on(cut_run *self, const char *where)
{
        if (cut_live(self))
                fail_msg("%s: carried on, step %s fails: %s", where,
                        life_step_name(&self->story, self->step), cut_words(self));
        cut_check_end(self, where);
}

static void each_call(void **state)
{
        (void)state;
        for (size_t chip = 0; chip < CHIPS; chip++) {
                int64_t cuts = 0;

                for (size_t tail = 0; tail < TAILS; tail++) {
                        int64_t hits = 1;

                        for (int64_t n = 1; hits; n++) {
                                char where[120];
                                cut_run self;

                                snprintf(where, sizeof where, "chip %zu, cut at call %lld, %s",
                                        chip, (long long)n, tails[tail]);
                                cut_begin(&self, &chips[chip], COMPACT);
                                set_cut(&self, n, tail, n);
                                if (live_to_cut(&self, where)) {
                                        reboot(&self);
                                        recover(&self, where);
                                }
                                carry_on(&self, where);
                                hits = self.plan.hits;
                                cuts += hits;
                                cut_end(&self, where);
                        }
                }
                assert_true(cuts > 500);
                print_message("# chip %zu: %lld cuts\n", chip, (long long)cuts);
        }
}

/* Cuts at call n, and then at each call of the recovery, again and again on the same chip. */
static int64_t cut_recovery(const ocore_flash_config *chip, size_t tail, int64_t n, int64_t *cuts)
{
        char where[120];
        int64_t met;
        cut_run self;

        cut_begin(&self, chip, COMPACT);
        snprintf(where, sizeof where, "cut at call %lld, %s", (long long)n, tails[tail]);
        set_cut(&self, n, tail, n);
        met = live_to_cut(&self, where);
        for (int64_t m = 1; met; m++) {
                int status;

                snprintf(where, sizeof where, "cut at call %lld and at %lld of the recovery, %s",
                        (long long)n, (long long)m, tails[tail]);
                reboot(&self);
                set_cut(&self, m, tail, n + m);
                status = cut_open(&self);
                if (!self.plan.hits) {
                        assert_int_equal(status, OCORE_OK);
                        break;
                }
                ++*cuts;
        }
        self.plan.kind = 0;
        if (met) {
                cut_check(&self, where);
                carry_on(&self, where);
        }
        cut_end(&self, where);
        return met;
}

static void each_call_of_recovery(void **state)
{
        (void)state;
        for (size_t chip = 0; chip < CHIPS; chip += 2) {
                int64_t cuts = 0;

                for (size_t tail = 0; tail < TAILS; tail++) {
                        for (int64_t n = 1; cut_recovery(&chips[chip], tail, n, &cuts); n++) {
                        }
                }
                assert_true(cuts > 500);
                print_message("# chip %zu: %lld cuts of recoveries\n", chip, (long long)cuts);
        }
}

/* A call fails, once or from then on, with the power on. What says that it wrote nothing wrote
 * nothing and goes on; what does not know is opened anew. No failed sync is tried again. */
static int64_t fail_call(size_t chip, int64_t kind, int64_t n, int64_t *unknown)
{
        char where[120];
        int64_t hits;
        int status;
        cut_run self;

        snprintf(where, sizeof where, "chip %zu, call %lld fails%s", chip, (long long)n,
                kind == OCORE_FLASH_FAIL ? "" : " and all behind it");
        cut_begin(&self, &chips[chip], COMPACT);
        set_cut(&self, n, OCORE_FLASH_DROPPED, n);
        self.plan.kind = kind;
        status = cut_open(&self);
        if (!status)
                status = cut_live(&self);
        if (status && status != OCORE_STORE && status != OCORE_UNKNOWN)
                fail_msg("%s: step %s says %d", where, life_step_name(&self.story, self.step),
                        status);
        hits = self.plan.hits;
        if (status) {
                const int64_t syncs = self.plan.syncs;
                const int lost = strstr(cut_words(&self), "opened anew") != NULL;

                self.plan.kind = 0;
                if (lost && self.core) {
                        assert_int_not_equal(cut_live(&self), OCORE_OK);
                        assert_number(self.plan.syncs, syncs);
                }
                *unknown += lost;
                if (lost || !self.core) {
                        cut_close(&self);
                        recover(&self, where);
                } else {
                        assert_int_equal(shadow_compare(&self.known), SHADOW_SURE);
                        cut_check(&self, where);
                }
        }
        self.plan.kind = 0;
        carry_on(&self, where);
        cut_close(&self);
        recover(&self, where);
        cut_end(&self, where);
        return hits;
}

static void each_failure(void **state)
{
        (void)state;
        for (size_t chip = 0; chip < CHIPS; chip += 2) {
                for (int64_t kind = OCORE_FLASH_FAIL; kind <= OCORE_FLASH_FAIL_ON; kind++) {
                        int64_t n = 1, unknown = 0;

                        while (fail_call(chip, kind, n, &unknown))
                                n++;
                        assert_true(n > 100 && unknown > 20);
                        print_message("# chip %zu: %lld calls fail, %lld outcomes unknown\n", chip,
                                (long long)n - 1, (long long)unknown);
                }
        }
}

/* How many cuts lose something that was acknowledged, or leave what cannot be opened. */
static int64_t count_losses(int64_t ignore_sync, int64_t sync_off, int64_t *cuts)
{
        int64_t losses = 0;

        for (int64_t n = 5; *cuts < 60; n += 5) {
                cut_run self;

                cut_begin(&self, &chips[2], -1);
                self.config.sync_off = sync_off;
                self.plan.ignore_sync = ignore_sync;
                set_cut(&self, n, (size_t)n % 2 ? OCORE_FLASH_DROPPED : OCORE_FLASH_REORDERED, n);
                if (live_to_cut(&self, "without syncs")) {
                        ++*cuts;
                        reboot(&self);
                        if (cut_open(&self) || self.known.lost)
                                losses++;
                } else {
                        n = 0;
                }
                cut_end(&self, "without syncs");
        }
        return losses;
}

static void without_syncs(void **state)
{
        int64_t cuts = 0;
        int64_t losses;

        (void)state;
        losses = count_losses(1, 0, &cuts);
        print_message("# a chip that ignores syncs: %lld of %lld cuts lost something\n",
                (long long)losses, (long long)cuts);
        assert_true(losses * 2 > cuts);
        cuts = 0;
        losses = count_losses(0, 1, &cuts);
        print_message("# a journal that does not sync: %lld of %lld cuts lost something\n",
                (long long)losses, (long long)cuts);
        assert_true(losses * 2 > cuts);
}

int main(int count, char **arguments)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_call),
                cmocka_unit_test(each_call_of_recovery),
                cmocka_unit_test(each_failure),
                cmocka_unit_test(without_syncs),
        };

        if (count > 1 && !strcmp(arguments[1], "supply"))
                cut_book = &life_supply;
        return cmocka_run_group_tests(tests, cut_remember, cut_forget);
}
