/*
 * What the sourcing solver takes: by sites and lines, with the reasons for each site left out and
 * without, the median and the worst of many random problems; and beyond twelve sites.
 */
#define _POSIX_C_SOURCE 200809L

#include "../sourcing/instance.h"
#include "bench.h"

#include <stdio.h>

enum { ROUNDS = 101 };

static instance problem;

typedef struct timing {
        double median_us, worst_us;
        int64_t nodes; /* at most */
} timing;

static timing measure(size_t sites, size_t lines, int why)
{
        static double taken[ROUNDS];
        uint64_t random = 20260105;
        timing out = {0, 0, 0};

        for (int n = 0; n < ROUNDS; n++) {
                instance_kind kind = {.sites = sites,
                        .lines = lines,
                        .quantity_max = 5,
                        .cost_max = 100,
                        .site_max = 600,
                        .scarce = 30};
                double start;
                int status;

                do {
                        instance_make(&problem, &kind, &random);
                        if (!why)
                                problem.solution.why_minor = NULL;
                        start = bench_now_s();
                        status = ocore_sourcing_solve(&problem.problem, NULL, &problem.solution);
                        taken[n] = (bench_now_s() - start) * 1e6;
                } while (status == OCORE_OUT_OF_STOCK);
                if (status)
                        bench_failed("sourcing", ocore_status_name(status));
                if (taken[n] > out.worst_us)
                        out.worst_us = taken[n];
                if (problem.solution.nodes > out.nodes)
                        out.nodes = problem.solution.nodes;
        }
        out.median_us = bench_median(taken, ROUNDS);
        return out;
}

static void print_curve(int why)
{
        static const size_t lines[] = {1, 5, 10, 20, 40};

        printf("# sourcing, %s: median (worst) of %d problems in microseconds\n",
                why ? "with the reason for each site left out" : "the answer alone", ROUNDS);
        printf("# sites");
        for (size_t n = 0; n < sizeof lines / sizeof *lines; n++)
                printf("   %2zu lines      ", lines[n]);
        printf("\n");
        for (size_t sites = 2; sites <= OCORE_SOURCING_EXACT_SITES; sites++) {
                printf("# %5zu", sites);
                for (size_t n = 0; n < sizeof lines / sizeof *lines; n++) {
                        timing took = measure(sites, lines[n], why);

                        printf(" %7.1f (%7.1f)", took.median_us, took.worst_us);
                }
                printf("\n");
        }
}

int main(void)
{
        static const size_t wide[] = {16, 24, 40, 64};
        timing took = measure(10, 20, 1);

        printf("# sourcing of 20 lines over 10 sites: median %.1f us, worst %.1f us, at most %lld "
               "nodes; without reasons %.1f us\n",
                took.median_us, took.worst_us, (long long)took.nodes, measure(10, 20, 0).median_us);
        print_curve(0);
        print_curve(1);
        for (size_t n = 0; n < sizeof wide / sizeof *wide; n++) {
                took = measure(wide[n], 20, 1);
                printf("# sourcing of 20 lines over %zu sites by heuristic: median %.1f us, worst "
                       "%.1f us\n",
                        wide[n], took.median_us, took.worst_us);
        }
        return 0;
}
