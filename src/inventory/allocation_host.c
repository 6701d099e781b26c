/* The host chooses where goods come from, but for lines that name a lot or a site: these are placed
 * before. It is shown what may be taken, and what it says is believed only as far as the stock and
 * the rules bear it out. */
#include "allocation.h"

#include "engine/core.h"

enum { CHOICES_MAX = 100000 };

/* What was asked; the host has copies. */
typedef struct host_question {
        ocore__allocation *allocation;
        size_t first, end; /* the demands that it is asked about */
        ocore_allocate_line *lines;
        ocore_allocate_choice *choices;
        ocore__shelf_row **rows; /* of each choice */
        size_t *demand_of;       /* likewise */
        size_t choice_count;
} host_question;

/* What each lot of a shelf may give to a demand. The safety stock is left in those that would be
 * taken last, so that no choice among the others gets at it; of a lot that is named, what is free
 * above it counts. */
static void measure_shelf(const ocore__source_demand *demand, const ocore__shelf *shelf)
{
        const ocore__want_line *want = demand->want;
        int64_t rest = shelf->safety;

        for (size_t i = shelf->row_count; i-- > 0;) {
                ocore__shelf_row *row = shelf->rows[i];
                int64_t kept = row->left < rest ? row->left : rest;

                row->saved = 0;
                if (!ocore__row_keeps(demand, row) ||
                        (want->site.size && !ocore_str_equal(want->site, row->row->site)) ||
                        (want->lot.size && !ocore_str_equal(want->lot, row->row->lot)))
                        continue;
                row->saved = want->lot.size ? ocore__row_gives(demand, row) : row->left - kept;
                rest -= kept;
        }
}

/* What a demand could be given from; it is counted when there is no room yet. */
static size_t list_choices(host_question *question, size_t index)
{
        const ocore__source_demand *demand = &question->allocation->demands[index];
        size_t count = 0;

        for (size_t n = 0; n < demand->product->shelf_count; n++) {
                const ocore__shelf *shelf = &demand->product->shelves[n];

                measure_shelf(demand, shelf);
                for (size_t i = 0; i < shelf->row_count; i++) {
                        ocore__shelf_row *row = shelf->rows[i];

                        if (row->saved <= 0)
                                continue;
                        count++;
                        if (!question->choices)
                                continue;
                        question->choices[question->choice_count] =
                                (ocore_allocate_choice){.line = index - question->first,
                                        .site = row->row->site,
                                        .lot = row->row->lot,
                                        .expires_us = row->row->expires_us,
                                        .available = row->saved};
                        question->rows[question->choice_count] = row;
                        question->demand_of[question->choice_count++] = index;
                }
        }
        return count;
}

static int make_question(host_question *question)
{
        ocore__allocation *allocation = question->allocation;
        ocore__arena *arena = allocation->work->arena;
        ocore_allocate_choice *choices;
        size_t room = 0;

        for (size_t i = question->first; i < question->end && room <= CHOICES_MAX; i++)
                room += list_choices(question, i);
        if (room > CHOICES_MAX)
                return ocore__refuse(allocation->work, OCORE_LIMIT, "strategy",
                        "the host would have to choose among too many lots; order fewer lines at "
                        "once, or take another strategy");
        question->lines = ocore__arena_take(arena, (question->end + 1) * sizeof *question->lines);
        choices = ocore__arena_take(arena, (room + 1) * sizeof *choices);
        question->rows = ocore__arena_take(arena, (room + 1) * sizeof *question->rows);
        question->demand_of = ocore__arena_take(arena, (room + 1) * sizeof *question->demand_of);
        if (!question->lines || !choices || !question->rows || !question->demand_of)
                return OCORE_NOMEM;
        question->choices = choices;
        for (size_t i = question->first; i < question->end; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];

                question->lines[i - question->first] = (ocore_allocate_line){
                        demand->want->sku, demand->want->scale, demand->quantity, demand->group};
                (void)list_choices(question, i);
        }
        return OCORE_OK;
}

static int refuse_choice(const host_question *question, size_t index, const char *what)
{
        const ocore__shelf_row *row = question->rows[index];

        return ocore__refuse(question->allocation->work, OCORE_INVALID, "strategy",
                "the host takes %d of \"%t\" at \"%t\", %s; mend its callback",
                &question->choices[index].taken, &row->row->sku, &row->row->site, what);
}

/* The site that a group comes from, once something of it was chosen. */
typedef struct group_site {
        int64_t group;
        size_t site;
} group_site;

/* Demands of a group stand side by side, and so do their choices. */
static int is_apart(group_site *known, int64_t group, size_t site)
{
        if (group && known->group != group)
                *known = (group_site){group, site};
        return group && known->site != site;
}

static int take_choices(host_question *question)
{
        ocore__allocation *allocation = question->allocation;
        group_site known = {0, 0};

        for (size_t i = 0; i < question->choice_count; i++) {
                ocore__source_demand *demand = &allocation->demands[question->demand_of[i]];
                int64_t taken = question->choices[i].taken;

                if (!taken)
                        continue;
                if (taken < 0 || taken > ocore__row_gives(demand, question->rows[i]))
                        return refuse_choice(question, i, "which is not there");
                if (taken > demand->quantity - demand->got)
                        return refuse_choice(question, i, "which is more than is wanted");
                if (is_apart(&known, demand->group, question->rows[i]->site))
                        return refuse_choice(question, i, "away from what comes together with it");
                ocore__row_take(
                        allocation, demand, question->rows[i], taken, OCORE_ALLOCATED_BY_HOST);
        }
        for (size_t i = question->first; i < question->end; i++) {
                const ocore__source_demand *demand = &allocation->demands[i];

                if (demand->got < demand->quantity && !allocation->work->status)
                        return ocore__refuse(allocation->work, OCORE_INVALID, "strategy",
                                "the host takes %u of \"%t\", not %u; mend its callback",
                                &demand->got, &demand->want->scale, &demand->want->sku,
                                &demand->quantity, &demand->want->scale);
        }
        return allocation->work->status;
}

int ocore__allocate_by_host(ocore__allocation *allocation)
{
        const ocore_config *config = &allocation->work->core->config;
        host_question question = {.allocation = allocation,
                .first = allocation->single_end,
                .end = allocation->demand_count};
        int status = make_question(&question);

        if (status || question.first == question.end)
                return status;
        if (config->allocate(config->allocate_data, question.lines, question.end - question.first,
                    question.choices, question.choice_count))
                return ocore__refuse(allocation->work, OCORE_INVALID, "strategy",
                        "the host's allocation callback refuses the order; see what it says, or "
                        "give another strategy");
        return take_choices(&question);
}
