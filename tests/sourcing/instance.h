/*
 * Random sourcing problems for tests and benchmarks, the same for the same seed: few units, costs
 * that often tie, sites that cannot serve a line, groups, whole lines, gains, limits of sites.
 */
#ifndef ORDERCORE_TESTS_SOURCING_INSTANCE_H
#define ORDERCORE_TESTS_SOURCING_INSTANCE_H

#include <stdint.h>
#include <string.h>

#include <ordercore.h>

enum { INSTANCE_SITES = OCORE_SOURCING_SITES_MAX, INSTANCE_LINES = 40 };

typedef struct instance {
        ocore_sourcing_problem problem;
        ocore_sourcing_solution solution;
        int64_t quantity[INSTANCE_LINES], together[INSTANCE_LINES], whole[INSTANCE_LINES];
        int64_t available[INSTANCE_LINES * INSTANCE_SITES];
        int64_t cost[INSTANCE_LINES * INSTANCE_SITES];
        int64_t site[INSTANCE_SITES];
        int64_t taken[INSTANCE_LINES * INSTANCE_SITES];
        int64_t used[INSTANCE_SITES], why[INSTANCE_SITES];
} instance;

/* What instances are like; parts in a hundred. */
typedef struct instance_kind {
        size_t sites, lines;
        int64_t quantity_max;
        int64_t cost_max, site_max; /* costs up to these */
        int64_t scarce, grouped, whole, negative, limited;
} instance_kind;

static inline uint64_t instance_next(uint64_t *random)
{
        uint64_t mixed = *random += UINT64_C(0x9e3779b97f4a7c15);

        mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
        return mixed ^ mixed >> 31;
}

/* 0 to most. */
static inline int64_t instance_up_to(uint64_t *random, int64_t most)
{
        return (int64_t)(instance_next(random) % ((uint64_t)most + 1));
}

static inline int instance_chance(uint64_t *random, int64_t percent)
{
        return instance_up_to(random, 99) < percent;
}

static inline void instance_make_line(
        instance *self, const instance_kind *kind, size_t line, uint64_t *random)
{
        self->quantity[line] = instance_up_to(random, kind->quantity_max);
        self->together[line] =
                instance_chance(random, kind->grouped) ? 1 + instance_up_to(random, 2) : 0;
        self->whole[line] = instance_chance(random, kind->whole);
        for (size_t s = 0; s < kind->sites; s++) {
                size_t cell = line * kind->sites + s;
                int64_t low = instance_chance(random, kind->negative) ? -kind->cost_max : 0;

                self->available[cell] = instance_up_to(random, kind->quantity_max * 2);
                self->cost[cell] = low + instance_up_to(random, kind->cost_max);
                if (instance_chance(random, kind->scarce))
                        self->available[cell] = 0;
                else if (instance_chance(random, kind->scarce / 2))
                        self->cost[cell] = OCORE_SOURCING_NONE;
        }
}

static inline void instance_make(instance *self, const instance_kind *kind, uint64_t *random)
{
        for (size_t s = 0; s < kind->sites; s++)
                self->site[s] = instance_up_to(random, kind->site_max);
        for (size_t line = 0; line < kind->lines; line++)
                instance_make_line(self, kind, line, random);
        self->problem = (ocore_sourcing_problem){.struct_size = sizeof self->problem,
                .site_count = kind->sites,
                .line_count = kind->lines,
                .quantity = self->quantity,
                .together = kind->grouped ? self->together : NULL,
                .whole = kind->whole ? self->whole : NULL,
                .available = self->available,
                .cost_minor = self->cost,
                .site_minor = self->site,
                .split_minor = instance_up_to(random, kind->site_max / 2),
                .sites_max = instance_chance(random, kind->limited)
                                     ? 1 + instance_up_to(random, (int64_t)kind->sites / 2)
                                     : 0};
        self->solution = (ocore_sourcing_solution){.struct_size = sizeof self->solution,
                .taken = self->taken,
                .used = self->used,
                .why_minor = self->why};
}

/* Solves it into memory that holds something else. */
static inline int instance_run(instance *self)
{
        memset(self->taken, 0x55, sizeof self->taken);
        memset(self->used, 0x55, sizeof self->used);
        memset(self->why, 0x55, sizeof self->why);
        return ocore_sourcing_solve(&self->problem, NULL, &self->solution);
}

/* Whether a solution is one, and costs what it says. */
static inline int instance_is_solved(const instance *self)
{
        const ocore_sourcing_problem *problem = &self->problem;
        int64_t used[INSTANCE_SITES] = {0};
        int64_t place[4] = {-1, -1, -1, -1}; /* of each group */
        int64_t total = 0;
        int64_t count = 0;

        for (size_t line = 0; line < problem->line_count; line++) {
                int64_t group = problem->together ? self->together[line] : 0;
                int64_t left = self->quantity[line];
                int64_t sites = 0;

                for (size_t s = 0; s < problem->site_count; s++) {
                        size_t cell = line * problem->site_count + s;
                        int64_t taken = self->taken[cell];

                        if (taken == 0)
                                continue;
                        if (taken < 0 || taken > self->available[cell] ||
                                self->cost[cell] == OCORE_SOURCING_NONE)
                                return 0;
                        if (group > 0 && place[group] >= 0 && place[group] != (int64_t)s)
                                return 0;
                        if (group > 0)
                                place[group] = (int64_t)s;
                        left -= taken;
                        used[s] = 1;
                        sites++;
                        total += taken * self->cost[cell];
                }
                if (left != 0 || (sites > 1 && problem->whole && self->whole[line]))
                        return 0;
        }
        for (size_t s = 0; s < problem->site_count; s++) {
                if (used[s] != self->used[s])
                        return 0;
                count += used[s];
                total += used[s] * (self->site[s] + problem->split_minor);
        }
        if (count > 0)
                total -= problem->split_minor;
        return total == self->solution.total_minor &&
               (problem->sites_max == 0 || count <= problem->sites_max);
}

#endif
