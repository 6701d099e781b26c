/*
 * Proves that the solver finds what is cheapest: against every way to serve tiny problems (the
 * answer, and for each site the best with it), against every set of sites on larger random ones,
 * for each site every way to make it give something, and by hand. What is wrong is refused.
 */
#include "../sourcing/instance.h"
#include "../support/support.h"

#include <stdlib.h>

static uint64_t seed = 20260105;

/* Every way to serve a problem, unit by unit. */
typedef struct every {
        instance *self;
        int64_t taken[INSTANCE_LINES * INSTANCE_SITES];
        int64_t best;
        int64_t with[INSTANCE_SITES];
} every;

static void every_judge(every *of)
{
        instance copy = *of->self;
        int64_t total = -copy.problem.split_minor;
        int64_t count = 0;

        memcpy(copy.taken, of->taken, sizeof copy.taken);
        for (size_t s = 0; s < copy.problem.site_count; s++) {
                copy.used[s] = 0;
                for (size_t i = 0; i < copy.problem.line_count; i++) {
                        size_t cell = i * copy.problem.site_count + s;

                        if (copy.taken[cell] == 0)
                                continue;
                        if (copy.cost[cell] == OCORE_SOURCING_NONE)
                                return;
                        copy.used[s] = 1;
                        total += copy.taken[cell] * copy.cost[cell];
                }
                count += copy.used[s];
                total += copy.used[s] * (copy.site[s] + copy.problem.split_minor);
        }
        if (count == 0)
                total = 0;
        copy.solution.total_minor = total;
        if (!instance_is_solved(&copy))
                return;
        if (total < of->best)
                of->best = total;
        for (size_t s = 0; s < copy.problem.site_count; s++) {
                if (copy.used[s] && total < of->with[s])
                        of->with[s] = total;
        }
}

static void every_cell(every *of, size_t cell, int64_t left)
{
        const ocore_sourcing_problem *problem = &of->self->problem;
        size_t line = cell / problem->site_count;

        if (line == problem->line_count) {
                every_judge(of);
                return;
        }
        if (cell % problem->site_count == 0)
                left = of->self->quantity[line];
        for (int64_t taken = 0; taken <= left; taken++) {
                of->taken[cell] = taken;
                if ((cell + 1) % problem->site_count != 0 || taken == left)
                        every_cell(of, cell + 1, left - taken);
        }
        of->taken[cell] = 0;
}

static void test_tiny(void **state)
{
        static instance self;
        static every of;
        uint64_t random = seed;
        int solved = 0;

        (void)state;
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (int n = 0; n < 1000; n++) {
                instance_kind kind = {.sites = 1 + (size_t)instance_up_to(&random, 2),
                        .lines = 1 + (size_t)instance_up_to(&random, 2),
                        .quantity_max = 3,
                        .cost_max = 6,
                        .site_max = 8,
                        .scarce = 15,
                        .grouped = n % 2 * 40,
                        .whole = n % 3 * 20,
                        .negative = n % 4 * 10,
                        .limited = n % 5 * 10};
                int status;

                instance_make(&self, &kind, &random);
                of = (every){.self = &self, .best = INT64_MAX};
                for (size_t s = 0; s < kind.sites; s++)
                        of.with[s] = INT64_MAX;
                every_cell(&of, 0, 0);
                status = instance_run(&self);
                assert_int_equal(status, of.best == INT64_MAX ? OCORE_OUT_OF_STOCK : OCORE_OK);
                if (status)
                        continue;
                solved++;
                assert_true(instance_is_solved(&self));
                assert_number(self.solution.total_minor, of.best);
                assert_number(self.solution.bound_minor, of.best);
                assert_number(self.solution.exact, 1);
                for (size_t s = 0; s < kind.sites; s++)
                        assert_number(self.why[s], of.with[s] == INT64_MAX ? OCORE_SOURCING_NONE
                                                                           : of.with[s] - of.best);
        }
        assert_in_range(solved, 300, 990);
}

/* The cheapest way to serve a line (or the lines of a group) from a set of sites; −1: none. */
static int64_t set_line(const instance *self, size_t line, uint64_t open, int *served)
{
        size_t sites = self->problem.site_count;
        int64_t left = self->quantity[line];
        int64_t cost = 0;

        for (uint64_t asked = 0; left > 0;) {
                size_t best = sites;

                for (size_t s = 0; s < sites; s++) {
                        if ((open & ~asked) >> s & 1 && self->available[line * sites + s] > 0 &&
                                self->cost[line * sites + s] != OCORE_SOURCING_NONE &&
                                (best == sites || self->cost[line * sites + s] <
                                                          self->cost[line * sites + best]))
                                best = s;
                }
                if (best == sites)
                        break;
                asked |= UINT64_C(1) << best;
                for (int64_t n = self->available[line * sites + best]; n > 0 && left > 0; n--) {
                        left--;
                        cost += self->cost[line * sites + best];
                }
        }
        *served = left == 0;
        return cost;
}

/* The same from one site, for the lines of a group (0: this line alone). */
static int64_t set_whole(
        const instance *self, size_t line, int64_t group, uint64_t open, int *served)
{
        size_t sites = self->problem.site_count;
        int64_t best = INT64_MAX;

        for (size_t s = 0; s < sites; s++) {
                int64_t cost = 0;
                int good = (int)(open >> s & 1);

                for (size_t i = 0; i < self->problem.line_count; i++) {
                        size_t cell = i * sites + s;

                        if ((group ? self->together[i] != group : i != line) ||
                                self->quantity[i] == 0)
                                continue;
                        good &= self->cost[cell] != OCORE_SOURCING_NONE &&
                                self->available[cell] >= self->quantity[i];
                        cost += self->cost[cell] == OCORE_SOURCING_NONE
                                        ? 0
                                        : self->cost[cell] * self->quantity[i];
                }
                if (good && cost < best)
                        best = cost;
        }
        *served = best != INT64_MAX;
        return *served ? best : 0;
}

static int64_t set_cost(const instance *self, uint64_t open)
{
        const ocore_sourcing_problem *problem = &self->problem;
        int64_t total = -problem->split_minor;
        unsigned seen = 0;

        for (size_t s = 0; s < problem->site_count; s++)
                total += (open >> s & 1) ? self->site[s] + problem->split_minor : 0;
        for (size_t i = 0; i < problem->line_count; i++) {
                int64_t group = problem->together ? self->together[i] : 0;
                int served = 1;

                if (self->quantity[i] == 0 || (group && seen >> group & 1))
                        continue;
                seen |= group ? 1U << group : 0;
                total += group || (problem->whole && self->whole[i])
                                 ? set_whole(self, i, group, open, &served)
                                 : set_line(self, i, open, &served);
                if (!served)
                        return INT64_MAX;
        }
        return total;
}

/* The best of all sets: of equal costs the one with fewer sites, then with lower ones. */
typedef struct best_set {
        int64_t cost; /* INT64_MAX: there is none */
        int64_t count;
        uint64_t open;
} best_set;

static int64_t count_of(uint64_t open)
{
        int64_t count = 0;

        for (; open; open &= open - 1)
                count++;
        return count;
}

static int is_lower(uint64_t a, uint64_t b)
{
        for (; (a & 1) == (b & 1); a >>= 1, b >>= 1)
                if (a == b)
                        return 0;
        return (int)(a & 1);
}

static best_set sets_best(const instance *self)
{
        best_set best = {INT64_MAX, 0, 0};

        for (uint64_t open = 1; open < UINT64_C(1) << self->problem.site_count; open++) {
                best_set now = {INT64_MAX, count_of(open), open};

                if (self->problem.sites_max > 0 && now.count > self->problem.sites_max)
                        continue;
                now.cost = set_cost(self, open);
                if (now.cost < best.cost ||
                        (now.cost == best.cost && now.cost != INT64_MAX &&
                                (now.count < best.count || (now.count == best.count &&
                                                                   is_lower(now.open, best.open)))))
                        best = now;
        }
        return best;
}

/* The best where a site gives a unit of a line, or all of what may not be divided. */
static int64_t set_with(const instance *self, size_t site, size_t line, uint64_t open)
{
        static instance copy;
        size_t sites = self->problem.site_count;
        int64_t group = self->problem.together ? self->together[line] : 0;
        int64_t cost = self->cost[line * sites + site];
        int64_t rest;

        if (self->quantity[line] == 0 || self->available[line * sites + site] == 0 ||
                cost == OCORE_SOURCING_NONE)
                return INT64_MAX;
        copy = *self;
        copy.problem.together = copy.together;
        if (group || (self->problem.whole && self->whole[line])) {
                for (size_t s = 0; s < sites; s++)
                        if (s != site)
                                copy.available[line * sites + s] = 0;
                copy.together[line] = group;
                return set_cost(&copy, open);
        }
        copy.quantity[line]--;
        copy.available[line * sites + site]--;
        rest = set_cost(&copy, open);
        return rest == INT64_MAX ? rest : rest + cost;
}

/* What each site that is not used would make dearer, by every line it could give and every set. */
static void check_why(const instance *self, int64_t best)
{
        for (size_t s = 0; s < self->problem.site_count; s++) {
                int64_t with = INT64_MAX;

                for (uint64_t open = 1; open < UINT64_C(1) << self->problem.site_count; open++) {
                        if (!(open >> s & 1) || (self->problem.sites_max > 0 &&
                                                        count_of(open) > self->problem.sites_max))
                                continue;
                        for (size_t line = 0; line < self->problem.line_count; line++) {
                                int64_t cost = set_with(self, s, line, open);

                                with = cost < with ? cost : with;
                        }
                }
                assert_number(self->why[s], with == INT64_MAX ? OCORE_SOURCING_NONE : with - best);
        }
}

static void test_why(void **state)
{
        static instance self;
        uint64_t random = seed + 3;

        (void)state;
        for (int n = 0; n < 200; n++) {
                instance_kind kind = {.sites = 4 + (size_t)instance_up_to(&random, 3),
                        .lines = 1 + (size_t)instance_up_to(&random, 5),
                        .quantity_max = 3,
                        .cost_max = 1 + instance_up_to(&random, 30),
                        .site_max = instance_up_to(&random, 100),
                        .scarce = n % 3 * 15,
                        .grouped = n % 2 * 15,
                        .whole = n % 5 * 10,
                        .negative = n % 4 * 10,
                        .limited = n % 5 * 10};

                instance_make(&self, &kind, &random);
                self.problem.together = self.together;
                if (instance_run(&self) == OCORE_OK)
                        check_why(&self, self.solution.total_minor);
        }
}

static void test_sets(void **state)
{
        static instance self;
        uint64_t random = seed + 1;
        int solved = 0;

        (void)state;
        for (int n = 0; n < 500; n++) {
                instance_kind kind = {.sites = 1 + (size_t)instance_up_to(&random, 7),
                        .lines = 1 + (size_t)instance_up_to(&random, 39),
                        .quantity_max = 1 + instance_up_to(&random, 9),
                        .cost_max = n % 4 ? 1 + instance_up_to(&random, 99) : 1,
                        .site_max = n % 4 ? instance_up_to(&random, 999) : n % 8 / 4 * 2,
                        .scarce = n % 3 * 10,
                        .grouped = n % 2 * 10,
                        .whole = n % 5 * 10,
                        .negative = n % 4 * 10,
                        .limited = n % 5 * 10};
                best_set best;
                int status;

                instance_make(&self, &kind, &random);
                self.quantity[0] += self.quantity[0] == 0;
                best = sets_best(&self);
                status = instance_run(&self);
                assert_int_equal(status, best.cost == INT64_MAX ? OCORE_OUT_OF_STOCK : OCORE_OK);
                if (status)
                        continue;
                solved++;
                assert_true(instance_is_solved(&self));
                assert_number(self.solution.total_minor, best.cost);
                for (size_t s = 0; s < kind.sites; s++)
                        assert_number(self.used[s], (int64_t)(best.open >> s & 1));
                /* Not asking why changes nothing else. */
                self.solution.why_minor = NULL;
                assert_int_equal(instance_run(&self), OCORE_OK);
                assert_true(instance_is_solved(&self));
                assert_number(self.solution.total_minor, best.cost);
        }
        print_message("# %d of 500 have a solution\n", solved);
        assert_in_range(solved, 150, 499);
}

/* A small problem by hand: two lines, three sites. */
static void hand_make(instance *self)
{
        static const int64_t available[] = {10, 15, 0, 5, 5, 5};
        static const int64_t cost[] = {100, 90, 80, 10, 20, 30};

        memset(self, 0, sizeof *self);
        instance_make(self, &(instance_kind){.sites = 3, .lines = 2}, &(uint64_t){1});
        memcpy(self->available, available, sizeof available);
        memcpy(self->cost, cost, sizeof cost);
        self->quantity[0] = 13;
        self->quantity[1] = 2;
        self->site[0] = self->site[1] = self->site[2] = 500;
        self->problem.split_minor = 50;
}

static void test_by_hand(void **state)
{
        instance self;

        (void)state;
        hand_make(&self);
        assert_int_equal(instance_run(&self), OCORE_OK);
        /* The second site alone: 500 + 13 × 90 + 2 × 20. */
        assert_number(self.solution.total_minor, 1710);
        assert_number(self.used[1], 1);
        assert_number(self.used[0] + self.used[2], 0);
        assert_number(self.taken[1], 13);
        assert_number(self.taken[4], 2);
        /* With the first as well two units cost 10 less each; the third gives one for 10 more. */
        assert_number(self.why[0], 550 - 20);
        assert_number(self.why[1], 0);
        assert_number(self.why[2], 550 + 10);

        /* Old stock at the first site is gladly given: 12 less for each unit. */
        hand_make(&self);
        self.cost[0] = -2000;
        assert_int_equal(instance_run(&self), OCORE_OK);
        assert_number(self.solution.total_minor, 1050 - 10 * 2000 + 3 * 90 + 2 * 10);
        assert_number(self.taken[0], 10);
        assert_number(self.taken[1], 3);
        assert_number(self.taken[3], 2);
        /* But only one site is allowed, or the line must come whole. */
        self.problem.sites_max = 1;
        assert_int_equal(instance_run(&self), OCORE_OK);
        assert_number(self.solution.total_minor, 1710);
        assert_number(self.why[0], OCORE_SOURCING_NONE);
        self.problem.sites_max = 0;
        self.whole[0] = 1;
        self.problem.whole = self.whole;
        assert_int_equal(instance_run(&self), OCORE_OK);
        assert_number(self.solution.total_minor, 1710);
        /* Nothing is wanted: nothing is used, and no site could give anything. */
        self.quantity[0] = self.quantity[1] = 0;
        assert_int_equal(instance_run(&self), OCORE_OK);
        assert_number(self.solution.total_minor, 0);
        assert_number(self.solution.exact, 1);
        assert_number(self.used[0] + self.used[1] + self.used[2], 0);
        assert_number(self.why[1], OCORE_SOURCING_NONE);
}

/* Of equal costs: fewer sites, then those with the lower index. */
static void test_ties(void **state)
{
        instance self;

        (void)state;
        memset(&self, 0, sizeof self);
        instance_make(&self, &(instance_kind){.sites = 12, .lines = 40}, &(uint64_t){1});
        for (size_t i = 0; i < 40; i++)
                self.quantity[i] = 2;
        for (size_t cell = 0; cell < 480; cell++)
                self.available[cell] = cell % 12 < 4 ? 1 : 2;
        assert_int_equal(instance_run(&self), OCORE_OK);
        for (size_t s = 0; s < 12; s++)
                assert_number(self.used[s], s == 4);
        for (size_t cell = 0; cell < 480; cell++)
                self.available[cell] = 1;
        assert_int_equal(instance_run(&self), OCORE_OK);
        for (size_t s = 0; s < 12; s++) {
                assert_number(self.used[s], s < 2);
                assert_number(self.why[s], 0);
        }
        assert_in_range(self.solution.nodes, 1, 8192);
}

static void test_refusals(void **state)
{
        static instance self;
        ocore_sourcing_problem good;
        test_memory memory = {0};
        ocore_allocator allocator = test_allocator(&memory);

        (void)state;
        hand_make(&self);
        good = self.problem;
#define REFUSED(field, value, status)                                                              \
        do {                                                                                       \
                self.problem = good;                                                               \
                self.problem.field = value;                                                        \
                assert_int_equal(instance_run(&self), status);                                     \
                assert_number(self.solution.total_minor, 0);                                       \
        } while (0)
        REFUSED(struct_size, 8, OCORE_INVALID);
        REFUSED(site_count, 0, OCORE_INVALID);
        REFUSED(line_count, 0, OCORE_INVALID);
        REFUSED(site_count, 65, OCORE_LIMIT);
        REFUSED(line_count, 10001, OCORE_LIMIT);
        REFUSED(quantity, NULL, OCORE_INVALID);
        REFUSED(available, NULL, OCORE_INVALID);
        REFUSED(cost_minor, NULL, OCORE_INVALID);
        REFUSED(site_minor, NULL, OCORE_INVALID);
        REFUSED(split_minor, -1, OCORE_INVALID);
        REFUSED(sites_max, -1, OCORE_INVALID);
        REFUSED(split_minor, INT64_MAX, OCORE_OVERFLOW);
        self.problem = good;
#define WRONG(cell, value, status)                                                                 \
        do {                                                                                       \
                int64_t before = cell;                                                             \
                cell = value;                                                                      \
                assert_int_equal(instance_run(&self), status);                                     \
                cell = before;                                                                     \
        } while (0)
        WRONG(self.quantity[1], -1, OCORE_INVALID);
        WRONG(self.available[3], -1, OCORE_INVALID);
        WRONG(self.site[2], -1, OCORE_INVALID);
        WRONG(self.site[2], INT64_MAX, OCORE_OVERFLOW);
        WRONG(self.cost[0], INT64_MAX, OCORE_OVERFLOW);
        WRONG(self.cost[0], INT64_MIN + 1, OCORE_OVERFLOW);
        WRONG(self.quantity[0], INT64_MAX, OCORE_OVERFLOW);
        WRONG(self.quantity[0], 26, OCORE_OUT_OF_STOCK);
        assert_int_equal(ocore_sourcing_solve(NULL, NULL, &self.solution), OCORE_INVALID);
        assert_int_equal(ocore_sourcing_solve(&good, NULL, NULL), OCORE_INVALID);
        self.solution.taken = NULL;
        assert_int_equal(ocore_sourcing_solve(&good, NULL, &self.solution), OCORE_INVALID);
        /* Each request for memory fails once. */
        hand_make(&self);
        for (int64_t fail = 1;; fail++) {
                int status;

                memory = (test_memory){.fail_at = fail};
                status = ocore_sourcing_solve(&self.problem, &allocator, &self.solution);
                assert_number(memory.blocks, 0);
                if (!memory.failed) {
                        assert_int_equal(status, OCORE_OK);
                        assert_true(fail > 1);
                        break;
                }
                assert_int_equal(status, OCORE_NOMEM);
        }
}

int main(int count, char **arguments)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_tiny),
                cmocka_unit_test(test_sets),
                cmocka_unit_test(test_why),
                cmocka_unit_test(test_by_hand),
                cmocka_unit_test(test_ties),
                cmocka_unit_test(test_refusals),
        };

        if (count > 1)
                seed = strtoull(arguments[1], NULL, 10);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
