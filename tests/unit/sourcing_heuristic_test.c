/*
 * Proves what the solver does beyond twelve sites: bound, exact answer of the same problem with
 * fewer sites, and heuristic stand in that order, and most answers are the best; a solution that a
 * limit of sites hides is found. The comparison with glpk stands in tests/sourcing.
 */
#include "../sourcing/instance.h"
#include "../support/support.h"

/* The same problem with two sites more that are no good. */
static void make_wide(const instance *self, instance *wide)
{
        *wide = *self;
        wide->problem.site_count = 14;
        wide->problem.quantity = wide->quantity;
        wide->problem.together = wide->problem.whole = NULL;
        wide->problem.available = wide->available;
        wide->problem.cost_minor = wide->cost;
        wide->problem.site_minor = wide->site;
        wide->solution = (ocore_sourcing_solution){
                sizeof wide->solution, wide->taken, wide->used, wide->why, 0, 0, 0, 0};
        for (size_t i = 0; i < self->problem.line_count; i++) {
                for (size_t s = 0; s < 14; s++) {
                        wide->cost[i * 14 + s] = s < 12 ? self->cost[i * 12 + s] : 1;
                        wide->available[i * 14 + s] = s < 12 ? self->available[i * 12 + s] : 1;
                }
        }
        wide->site[12] = wide->site[13] = 1000000;
}

/* With twelve sites the answer is exact; the same problem with more of them goes to the heuristic,
 * and its bound and cost stand on either side. */
static void test_heuristic(void **state)
{
        static instance self, wide;
        uint64_t random = 20260107;
        int hits = 0, tight = 0, solved = 0, whys = 0;

        (void)state;
        print_message("# seed 20260107\n");
        for (int n = 0; n < 200; n++) {
                instance_kind kind = {.sites = 12,
                        .lines = 1 + (size_t)n % 12,
                        .quantity_max = 5,
                        .cost_max = 50,
                        .site_max = 200,
                        .scarce = 20};

                instance_make(&self, &kind, &random);
                self.quantity[0] += self.quantity[0] == 0;
                if (instance_run(&self))
                        continue;
                solved++;
                make_wide(&self, &wide);
                assert_int_equal(instance_run(&wide), OCORE_OK);
                assert_true(instance_is_solved(&wide));
                assert_true(wide.solution.bound_minor <= self.solution.total_minor);
                assert_true(wide.solution.total_minor >= self.solution.total_minor);
                assert_number(wide.solution.exact,
                        wide.solution.bound_minor == wide.solution.total_minor);
                tight += wide.solution.exact != 0;
                hits += wide.solution.total_minor == self.solution.total_minor;
                for (size_t s = 0; s < 12; s++) {
                        int64_t exact = self.why[s] + self.solution.total_minor;
                        int64_t found = wide.why[s] + wide.solution.total_minor;

                        assert_true(self.why[s] == OCORE_SOURCING_NONE
                                            ? wide.why[s] == OCORE_SOURCING_NONE
                                            : found >= exact);
                        whys += found == exact;
                }
        }
        print_message("# of %d problems the heuristic solves %d best, and knows it of %d; of the "
                      "reasons %d of %d are exact\n",
                solved, hits, tight, whys, 12 * solved);
        assert_true(solved > 100 && hits * 10 >= solved * 9 && tight * 5 >= solved &&
                    whys * 10 >= solved * 12 * 8);
}

/* Forty lines, each at one pair of forty sites: two sites that have everything are hard to see
 * when no more than two may be used. */
static void test_few_sites(void **state)
{
        static instance self;

        (void)state;
        memset(&self, 0, sizeof self);
        instance_make(&self, &(instance_kind){.sites = 40, .lines = 40}, &(uint64_t){1});
        self.problem.sites_max = 2;
        for (size_t i = 0; i < 40; i++) {
                self.quantity[i] = 1;
                for (size_t s = 0; s < 40; s++)
                        self.available[i * 40 + s] = s < 36 ? i % 4 != s % 4 : 0;
                self.available[i * 40 + (i < 20 ? 38 : 39)] = 1;
        }
        assert_int_equal(instance_run(&self), OCORE_OK);
        assert_true(instance_is_solved(&self));
        self.problem.sites_max = 1;
        assert_int_equal(instance_run(&self), OCORE_OUT_OF_STOCK);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_heuristic),
                cmocka_unit_test(test_few_sites),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
