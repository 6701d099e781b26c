/*
 * Proves that the solver's cost is the optimum of the same problem as an integer programme, as glpk
 * solves it: 500 random problems of up to 12 sites and 40 lines; and that beyond 12 sites bound,
 * optimum and heuristic stand in this order. Prints TAP and how far the heuristic is from the best.
 */
#include "instance.h"

#include <stdio.h>
#include <stdlib.h>

#include <glpk.h>

enum { INSTANCES = 500, NONE = -1 };

/* A sourcing problem as a programme: a column for each site (1: used), for each line and site that
 * may divide a line (units), and for each line or group and site that may not (1: from there). */
typedef struct programme {
        const instance *of;
        glp_prob *prob;
        int site_column[INSTANCE_SITES];
} programme;

static int add_column(programme *self, int kind, double upper, double cost)
{
        int column = glp_add_cols(self->prob, 1);

        glp_set_col_kind(self->prob, column, kind);
        glp_set_col_bnds(self->prob, column, GLP_DB, 0, upper);
        glp_set_obj_coef(self->prob, column, cost);
        return column;
}

/* The columns of `row` sum to `quantity`. */
static void add_sum(programme *self, const int *columns, int count, double quantity)
{
        int row = glp_add_rows(self->prob, 1);
        double ones[INSTANCE_SITES + 1];

        for (int i = 0; i <= count; i++)
                ones[i] = 1;
        glp_set_row_bnds(self->prob, row, GLP_FX, quantity, quantity);
        glp_set_mat_row(self->prob, row, count, columns, ones);
}

/* column <= upper × site. */
static void add_link(programme *self, int column, double upper, size_t site)
{
        int row = glp_add_rows(self->prob, 1);
        int columns[3] = {0, column, self->site_column[site]};
        double factors[3] = {0, 1, -upper};

        glp_set_row_bnds(self->prob, row, GLP_UP, 0, 0);
        glp_set_mat_row(self->prob, row, 2, columns, factors);
}

/* A line, or (group > 0) all lines of a group. */
static void add_item(programme *self, size_t line, int64_t group, int whole)
{
        const instance *of = self->of;
        int columns[INSTANCE_SITES + 1];
        int count = 0;

        for (size_t s = 0; s < of->problem.site_count; s++) {
                double cost = 0;
                int64_t upper = whole ? 1 : of->quantity[line];

                for (size_t i = 0; i < of->problem.line_count; i++) {
                        size_t cell = i * of->problem.site_count + s;

                        if ((group ? of->together[i] != group : i != line) || of->quantity[i] == 0)
                                continue;
                        if (of->cost[cell] == OCORE_SOURCING_NONE ||
                                (whole && of->available[cell] < of->quantity[i]))
                                upper = 0;
                        else if (!whole && of->available[cell] < upper)
                                upper = of->available[cell];
                        cost += (double)of->cost[cell] * (whole ? (double)of->quantity[i] : 1);
                }
                if (upper == 0)
                        continue;
                columns[++count] = add_column(self, GLP_IV, (double)upper, cost);
                add_link(self, columns[count], (double)upper, s);
        }
        add_sum(self, columns, count, whole ? 1 : (double)of->quantity[line]);
}

static void build(programme *self)
{
        const ocore_sourcing_problem *problem = &self->of->problem;
        int columns[INSTANCE_SITES + 1];
        double ones[INSTANCE_SITES + 1];
        int seen[4] = {0};
        int row;

        for (size_t s = 0; s < problem->site_count; s++) {
                self->site_column[s] = add_column(
                        self, GLP_BV, 1, (double)(self->of->site[s] + problem->split_minor));
                columns[s + 1] = self->site_column[s];
                ones[s + 1] = 1;
        }
        row = glp_add_rows(self->prob, 1);
        /* Half a site more is no site more, and keeps the two bounds apart as glpk wants them. */
        glp_set_row_bnds(self->prob, row, GLP_DB, 1,
                0.5 + (double)(problem->sites_max ? problem->sites_max
                                                  : (int64_t)problem->site_count));
        glp_set_mat_row(self->prob, row, (int)problem->site_count, columns, ones);
        glp_set_obj_coef(self->prob, 0, -(double)problem->split_minor);
        for (size_t i = 0; i < problem->line_count; i++) {
                int64_t group = problem->together ? self->of->together[i] : 0;

                if (self->of->quantity[i] == 0 || (group && seen[group]))
                        continue;
                if (group)
                        seen[group] = 1;
                add_item(self, i, group, group || (problem->whole && self->of->whole[i]));
        }
}

/* 0: *out is the optimum; 1: there is no solution; NONE: glpk gave up within its time. */
static int optimum(const instance *of, int limit_ms, int64_t *out)
{
        programme self = {.of = of, .prob = glp_create_prob()};
        glp_iocp how;
        int status;
        int answer = NONE;

        glp_set_obj_dir(self.prob, GLP_MIN);
        build(&self);
        glp_init_iocp(&how);
        how.msg_lev = GLP_MSG_OFF;
        how.presolve = GLP_ON;
        how.tm_lim = limit_ms;
        status = glp_intopt(self.prob, &how);
        if (status == GLP_ENOPFS)
                answer = 1;
        else if (status == 0 && glp_mip_status(self.prob) == GLP_NOFEAS)
                answer = 1;
        else if (status == 0 && glp_mip_status(self.prob) == GLP_OPT) {
                double value = glp_mip_obj_val(self.prob);

                *out = (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
                answer = 0;
        }
        glp_delete_prob(self.prob);
        return answer;
}

static int number = 0;
static int failures = 0;

static void result(int good, const char *what)
{
        printf("%sok %d - %s\n", good ? "" : "not ", ++number, what);
        failures += !good;
        fflush(stdout);
}

static int differs(const instance *of, int n, int status, int answer, int64_t best)
{
        if (answer == 1 ? status == OCORE_OUT_OF_STOCK
                        : status == OCORE_OK && of->solution.total_minor == best &&
                                  of->solution.exact && instance_is_solved(of))
                return 0;
        printf("# problem %d (%zu sites, %zu lines): status %d, cost %lld; glpk %s %lld\n", n,
                of->problem.site_count, of->problem.line_count, status,
                (long long)of->solution.total_minor, answer ? "has no solution" : "has",
                (long long)best);
        return 1;
}

static void compare_exact(uint64_t random)
{
        static instance self;
        int solved = 0, infeasible = 0, undecided = 0, wrong = 0;

        for (int n = 0; n < INSTANCES; n++) {
                instance_kind kind = {.sites = 1 + (size_t)instance_up_to(&random, 11),
                        .lines = 1 + (size_t)instance_up_to(&random, 39),
                        .quantity_max = 1 + instance_up_to(&random, 8),
                        .cost_max = 1 + instance_up_to(&random, 99),
                        .site_max = instance_up_to(&random, 500),
                        .scarce = n % 3 * 15,
                        .grouped = n % 2 * 10,
                        .whole = n % 4 * 8,
                        .negative = n % 5 * 8,
                        .limited = n % 3 * 15};
                int64_t best = 0;
                int status, answer;

                instance_make(&self, &kind, &random);
                self.quantity[0] += self.quantity[0] == 0;
                status = ocore_sourcing_solve(&self.problem, NULL, &self.solution);
                answer = optimum(&self, 10000, &best);
                solved += answer == 0;
                infeasible += answer == 1;
                undecided += answer == NONE;
                wrong += answer != NONE && differs(&self, n, status, answer, best);
        }
        printf("# of %d problems %d have a solution, %d have none, glpk gave up on %d\n", INSTANCES,
                solved, infeasible, undecided);
        result(wrong == 0, "the cost is glpk's optimum");
        result(solved >= 250 && infeasible >= 20 && undecided <= 10,
                "the problems are of all kinds");
}

static void compare_heuristic(uint64_t random)
{
        static instance self;
        double gap = 0, bound_gap = 0, worst = 0;
        int solved = 0, best_found = 0, wrong = 0;

        for (int n = 0; n < 60; n++) {
                instance_kind kind = {.sites = 13 + (size_t)instance_up_to(&random, 27),
                        .lines = 5 + (size_t)instance_up_to(&random, 25),
                        .quantity_max = 5,
                        .cost_max = 100,
                        .site_max = 100 + instance_up_to(&random, 900),
                        .scarce = n % 3 * 20,
                        .grouped = n % 2 * 10,
                        .whole = n % 4 * 5};
                int64_t best = 0;
                double here;

                instance_make(&self, &kind, &random);
                if (ocore_sourcing_solve(&self.problem, NULL, &self.solution) ||
                        optimum(&self, 1000, &best) || best == 0)
                        continue;
                solved++;
                wrong += !instance_is_solved(&self) || self.solution.bound_minor > best ||
                         self.solution.total_minor < best;
                best_found += self.solution.total_minor == best;
                here = (double)(self.solution.total_minor - best) / (double)best;
                gap += here;
                worst = here > worst ? here : worst;
                bound_gap += (double)(best - self.solution.bound_minor) / (double)best;
        }
        printf("# beyond 12 sites, of %d that glpk solves in a second: the best is found %d times, "
               "on average %.2f %% above it, at most %.2f %%; the bound is %.2f %% below\n",
                solved, best_found, 100 * gap / (solved + !solved), 100 * worst,
                100 * bound_gap / (solved + !solved));
        result(wrong == 0 && solved >= 10, "bound, optimum and heuristic in this order");
}

int main(int count, char **arguments)
{
        uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : 20260105;

        glp_term_out(GLP_OFF);
        printf("# seed %llu\n", (unsigned long long)seed);
        compare_exact(seed);
        compare_heuristic(seed + 1);
        printf("1..%d\n", number);
        return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
