/*
 * Proves that no failure leaves anything half done: a whole life is carried out again and again,
 * and each time another allocation or another call of the store fails (once, from then on,
 * although it was carried out, or with the death of the process). Whatever was hit: nothing leaks,
 * ocore_verify() is clean, and the life carried on with the same ids succeeds with the same answers
 * as one that nothing disturbed, and every effect is told.
 *
 * On memory every place is hit in a fresh life; on other stores (SQLite, or that of the run, see
 * stores.h), where a life takes longer, in the step that it belongs to, which is then repeated.
 */
#include "life.h"

#include "support.h"

#include <ordercore/fault_store.h>

#include <stdlib.h>

typedef struct run {
        test_memory memory;
        ocore_fault_plan plan;
        ocore_store store;
        ocore_core *core;
        life story;
        test_place place;
} run;

static life undisturbed;
static void open_store(run *self)
{
        const ocore_allocator allocator = test_allocator(&self->memory);
        ocore_store inner;

        test_place_open(&self->place, &allocator, &inner);
        assert_int_equal(ocore_fault_store(inner, &self->plan, &self->store), OCORE_OK);
}

/* The store beside memory on which steps are repeated. */
static int other_kind(void)
{
        const int kind = test_store_kind();

        return kind == TEST_MEMORY && test_kind_usable(TEST_SQLITE) ? TEST_SQLITE : kind;
}

static const life_book *book = &life_sale; /* the story that is disturbed */

static int open_core(run *self)
{
        ocore_config config = {0};

        life_connect(&self->story, &config);
        config.store = self->store;
        config.allocator = test_allocator(&self->memory);
        return ocore_open(&config, &self->core);
}

static void begin(run *self, int kind)
{
        memset(self, 0, sizeof *self);
        self->plan.struct_size = sizeof self->plan;
        test_place_take(kind, &self->place);
        open_store(self);
        life_begin_with(&self->story, book);
}

static void end(run *self, const char *where)
{
        ocore_close(self->core);
        ocore_store_close(self->store);
        test_place_give(&self->place);
        if (self->memory.blocks || self->memory.bytes)
                fail_msg("%s: %lld bytes leaked", where, (long long)self->memory.bytes);
        life_finish(&self->story);
}

/* No more faults; what died is started again. A core that could not be opened is opened now. */
static void mend(run *self)
{
        int died = (int)self->plan.down;

        self->plan.kind = self->plan.down = 0;
        self->memory.fail_at = self->memory.fails_on = 0;
        if (died) {
                ocore_close(self->core);
                self->core = NULL;
                if (self->place.kind != TEST_MEMORY) {
                        ocore_store_close(self->store);
                        open_store(self);
                }
        }
        if (!self->core)
                assert_int_equal(open_core(self), OCORE_OK);
}

static int print_finding(void *user_data, const ocore_finding *finding)
{
        print_error("%s: %.*s %.*s: %.*s\n", (const char *)user_data, (int)finding->invariant.size,
                finding->invariant.data, (int)finding->subject.size, finding->subject.data,
                (int)finding->message.size, finding->message.data);
        return 0;
}

static void check_clean(run *self, char *where)
{
        int status = ocore_verify(self->core, print_finding, where, NULL);

        if (status)
                fail_msg("%s: verify says %d", where, status);
}

/* The end of a life is that of one that nothing disturbed. */
static void check_same(run *self, char *where)
{
        size_t step;

        if (life_settle(&self->story, self->core))
                fail_msg("%s: the pump does not come to its end", where);
        check_clean(self, where);
        if (!life_equal(&self->story, &undisturbed, &step))
                fail_msg("%s: another answer to step %zu, %s", where, step,
                        life_step_name(&self->story, step));
        if (self->story.told_count != undisturbed.told_count)
                fail_msg("%s: %zu effects were told, not %zu", where, self->story.told_count,
                        undisturbed.told_count);
}

/* What a call that was made to fail may say: the truth, or that it was settled after all. */
static void check_failure(run *self, int status, int expected, char *where)
{
        /* a store that died behind a write can no longer be asked whether it was carried out */
        if (status == OCORE_UNKNOWN && self->plan.down)
                status = expected;
        if (status && status != expected)
                fail_msg("%s: step %s says %d", where,
                        life_step_name(&self->story, self->story.step), status);
        if (status && self->core && !ocore_last_error(self->core)->message.size)
                fail_msg("%s: step %s fails without a word", where,
                        life_step_name(&self->story, self->story.step));
}

/* One life with the faults as they are set, then mended and carried on to its end. */
static void live(run *self, int expected, char *where)
{
        int status = open_core(self);

        if (!status)
                status = life_run(&self->story, self->core);
        check_failure(self, status, expected, where);
        mend(self);
        check_clean(self, where);
        if (life_run(&self->story, self->core))
                fail_msg("%s: carried on, step %s fails: %.*s", where,
                        life_step_name(&self->story, self->story.step),
                        (int)ocore_last_error(self->core)->message.size,
                        ocore_last_error(self->core)->message.data);
        check_same(self, where);
}

static const struct {
        const char *name;
        int64_t kind;
} faults[] = {
        {"fails", OCORE_FAULT_FAIL},
        {"fails from then on", OCORE_FAULT_FAIL_ON},
        {"fails although it was carried out", OCORE_FAULT_APPLIED},
        {"gets lost without an answer", OCORE_FAULT_LOST},
        {"dies before it", OCORE_FAULT_CRASH},
        {"dies behind it", OCORE_FAULT_CRASH_AFTER},
};
enum { FAULTS = sizeof faults / sizeof faults[0] };

static void each_store_call_on_memory(void **state)
{
        (void)state;
        for (size_t i = 0; i < FAULTS; i++) {
                int64_t n = 1, hits = 1;

                for (; hits; n++) {
                        char where[96];
                        run self;

                        snprintf(where, sizeof where, "call %lld %s", (long long)n, faults[i].name);
                        begin(&self, TEST_MEMORY);
                        self.plan.kind = faults[i].kind;
                        self.plan.at = n;
                        live(&self, OCORE_STORE, where);
                        hits = self.plan.hits;
                        end(&self, where);
                }
                assert_true(n > 100);
                print_message(
                        "# memory: each of %lld calls %s\n", (long long)n - 2, faults[i].name);
        }
}

static void each_allocation_of_a_life(void **state)
{
        (void)state;
        for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
                int64_t n = 1;
                int failed = 1;

                for (; failed; n++) {
                        char where[96];
                        run self;

                        snprintf(where, sizeof where, "allocation %lld%s", (long long)n,
                                from_then_on ? " and all behind it" : "");
                        begin(&self, TEST_MEMORY);
                        self.memory.fail_at = self.memory.requests + n;
                        self.memory.fails_on = from_then_on;
                        live(&self, OCORE_NOMEM, where);
                        failed = self.memory.failed;
                        end(&self, where);
                }
                assert_true(n > 20);
                print_message("# memory: each of %lld allocations of a life fails%s\n",
                        (long long)n - 2, from_then_on ? " from then on" : "");
        }
}

/* The same for each step on a core that has no memory yet: the step is repeated, each time on a new
 * core, until no allocation was left to fail. */
static int64_t each_allocation_of_step(run *self, size_t step, int from_then_on, char *where)
{
        for (int64_t n = 1;; n++) {
                int status;

                assert_int_equal(open_core(self), OCORE_OK);
                self->memory.failed = 0;
                self->memory.fail_at = self->memory.requests + n;
                self->memory.fails_on = from_then_on;
                status = life_step(&self->story, self->core, step);
                check_failure(self, status, OCORE_NOMEM, where);
                mend(self);
                if (self->memory.failed)
                        check_clean(self, where);
                ocore_close(self->core);
                self->core = NULL;
                if (!self->memory.failed) {
                        assert_int_equal(status, OCORE_OK);
                        return n - 1;
                }
        }
}

static void each_allocation_of_each_step(void **state)
{
        (void)state;
        for (int turn = 0; turn < 4; turn++) {
                const int kind = turn & 1 ? other_kind() : test_store_kind();
                char where[96];
                int64_t hits = 0;
                run self;

                if (turn & 1 && kind == test_store_kind())
                        continue; /* there is no other */

                snprintf(where, sizeof where, "%s: each allocation of a step fails%s",
                        test_kind_name(kind), turn & 2 ? " from then on" : "");
                begin(&self, kind);
                for (size_t step = 0; step < life_step_count(&self.story); step++)
                        hits += each_allocation_of_step(&self, step, turn & 2, where);
                assert_int_equal(open_core(&self), OCORE_OK);
                assert_int_equal(life_run(&self.story, self.core), OCORE_OK);
                check_same(&self, where);
                end(&self, where);
                assert_true(hits > 200);
                print_message("# %s: %lld\n", where, (long long)hits);
        }
}

/* Each call of each step fails once: the step is repeated until no fault was left to hit. */
static int64_t each_call_of_step(run *self, size_t step, int64_t kind, char *where)
{
        for (int64_t n = 1;; n++) {
                int status;

                self->plan.kind = kind;
                self->plan.at = n;
                self->plan.counted = self->plan.hits = 0;
                status = life_step(&self->story, self->core, step);
                check_failure(self, status, OCORE_STORE, where);
                if (!self->plan.hits) {
                        assert_int_equal(status, OCORE_OK);
                        self->plan.kind = 0;
                        return n - 1;
                }
                mend(self);
                check_clean(self, where);
        }
}

static void each_store_call_of_each_step(void **state)
{
        (void)state;
        for (size_t i = 0; i < FAULTS; i++) {
                int64_t hits = 0;
                char where[96];
                run self;

                snprintf(where, sizeof where, "a call %s", faults[i].name);
                begin(&self, other_kind());
                assert_int_equal(open_core(&self), OCORE_OK);
                for (size_t step = 0; step < life_step_count(&self.story); step++)
                        hits += each_call_of_step(&self, step, faults[i].kind, where);
                assert_int_equal(life_run(&self.story, self.core), OCORE_OK);
                check_same(&self, where);
                end(&self, where);
                assert_true(hits > 100);
                print_message("# %s: each of %lld calls %s\n", test_kind_name(other_kind()),
                        (long long)hits, faults[i].name);
        }
}

/* Verify itself runs out of memory or loses the store: it says so and gives all back. */
static void verify_under_faults(void **state)
{
        char where[] = "verify under faults";
        int64_t finished = 0;
        run self;

        (void)state;
        begin(&self, test_store_kind());
        assert_int_equal(open_core(&self), OCORE_OK);
        assert_int_equal(life_run(&self.story, self.core), OCORE_OK);
        for (int64_t n = 1; !finished; n++) {
                int64_t blocks = self.memory.blocks;
                int status;

                self.memory.failed = 0;
                self.memory.fail_at = self.memory.requests + n;
                status = ocore_verify(self.core, NULL, NULL, NULL);
                finished = !self.memory.failed;
                self.memory.fail_at = 0;
                assert_int_equal(status, finished ? OCORE_OK : OCORE_NOMEM);
                check_clean(&self, where);
                assert_true(self.memory.blocks <= blocks + 2); /* chunks kept for reuse */
        }
        for (int64_t n = 1, hits = 1; hits; n++) {
                int status;

                self.plan.kind = OCORE_FAULT_FAIL;
                self.plan.at = n;
                self.plan.counted = self.plan.hits = 0;
                status = ocore_verify(self.core, NULL, NULL, NULL);
                assert_int_equal(status, self.plan.hits ? OCORE_STORE : OCORE_OK);
                hits = self.plan.hits;
                self.plan.kind = 0;
        }
        end(&self, where);
}

/* A store that lies about any row is never believed blindly: no crash, no leak, and the lies that
 * touch every order or balance are seen. */
static void verify_under_lies(void **state)
{
        char where[] = "verify under lies";
        int64_t seen = 0, told = 0;
        run self;

        (void)state;
        begin(&self, test_store_kind());
        assert_int_equal(open_core(&self), OCORE_OK);
        assert_int_equal(life_run(&self.story, self.core), OCORE_OK);
        for (int64_t kind = OCORE_FAULT_STALE; kind <= OCORE_FAULT_TEXT; kind++) {
                for (int64_t n = 1, hits = 1; hits; n++) {
                        int status;

                        self.plan.kind = kind;
                        self.plan.at = n;
                        self.plan.seed = n;
                        self.plan.counted = self.plan.hits = 0;
                        status = ocore_verify(self.core, NULL, NULL, NULL);
                        assert_true(status == OCORE_OK || status == OCORE_CORRUPT ||
                                    status == OCORE_STORE);
                        hits = self.plan.hits;
                        told += hits;
                        seen += hits && status;
                        self.plan.kind = 0;
                }
        }
        check_clean(&self, where);
        print_message("# %lld of %lld lies were seen\n", (long long)seen, (long long)told);
        assert_true(seen * 2 > told);
        end(&self, where);
}

static int remember(void **state)
{
        run self;

        (void)state;
        begin(&self, TEST_MEMORY);
        assert_int_equal(open_core(&self), OCORE_OK);
        assert_int_equal(life_run(&self.story, self.core), OCORE_OK);
        assert_int_equal(life_settle(&self.story, self.core), OCORE_OK);
        assert_true(self.story.told_count > 20);
        ocore_close(self.core);
        ocore_store_close(self.store);
        test_place_give(&self.place);
        undisturbed = self.story; /* its arena is finished by forget() */
        return 0;
}

static int forget(void **state)
{
        (void)state;
        life_finish(&undisturbed);
        return 0;
}

int main(int count, char **arguments)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_store_call_on_memory),
                cmocka_unit_test(each_allocation_of_a_life),
                cmocka_unit_test(each_allocation_of_each_step),
                cmocka_unit_test(each_store_call_of_each_step),
                cmocka_unit_test(verify_under_faults),
                cmocka_unit_test(verify_under_lies),
        };
        const size_t whole_lives = 2; /* are for memory alone; each step is repeated elsewhere */
        const size_t from = test_store_kind() == TEST_MEMORY ? 0 : whole_lives;

        if (count > 1 && !strcmp(arguments[1], "supply"))
                book = &life_supply;
        return _cmocka_run_group_tests(
                "faults", tests + from, sizeof tests / sizeof tests[0] - from, remember, forget);
}
