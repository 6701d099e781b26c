/* Which lines of an order have to come from one site, and from which: the one rule for all that
 * happens to an order after it was placed. */
#include "one_site.h"

#include "base/sort.h"

/* A line that stays together with others. */
typedef struct bound_line {
        int64_t together;
        size_t index;
} bound_line;

static int by_number(const void *a, const void *b)
{
        const bound_line *x = a, *y = b;

        if (x->together != y->together)
                return x->together < y->together ? -1 : 1;
        return (x->index > y->index) - (x->index < y->index);
}

/* Numbers the groups by the numbers that the draft gave them. */
static int number_groups(
        ocore__work *work, const ocore__line_wish *lines, size_t count, ocore__one_site *out)
{
        bound_line *bound = ocore__arena_take(work->arena, count * sizeof *bound);
        const void **order = ocore__arena_take(work->arena, count * sizeof *order);

        if (!bound || !order)
                return OCORE_NOMEM;
        count = 0;
        for (size_t i = 0; i < out->line_count; i++) {
                if (lines[i].together <= 0)
                        continue;
                bound[count] = (bound_line){lines[i].together, i};
                order[count] = &bound[count];
                count++;
        }
        ocore__sort(order, count, by_number);
        for (size_t i = 0; i < count; i++) {
                const bound_line *line = order[i];

                if (!i || line->together != ((const bound_line *)order[i - 1])->together)
                        out->group_count++;
                out->group_of[line->index] = out->group_count;
        }
        return OCORE_OK;
}

int ocore__one_site_make(ocore__work *work, const ocore__order_view *view,
        const ocore__line_wish *lines, int no_split, ocore__one_site *out)
{
        size_t bound = 0;
        int status = OCORE_OK;

        *out = (ocore__one_site){.line_count = view->line_count};
        for (size_t i = 0; i < view->line_count && lines; i++)
                bound += lines[i].together > 0;
        if (!no_split && !bound)
                return OCORE_OK;
        out->group_of = ocore__arena_zero(work->arena, view->line_count + 1, sizeof(size_t));
        if (!out->group_of)
                return OCORE_NOMEM;
        if (no_split) {
                out->group_count = 1;
                for (size_t i = 0; i < view->line_count; i++)
                        out->group_of[i] = 1;
        } else
                status = number_groups(work, lines, bound, out);
        out->site = ocore__arena_zero(work->arena, out->group_count + 1, sizeof *out->site);
        return status ? status : out->site ? OCORE_OK : OCORE_NOMEM;
}

void ocore__one_site_clear(ocore__one_site *self)
{
        for (size_t i = 0; i < self->group_count; i++)
                self->site[i] = (ocore_str){0};
}

void ocore__one_site_note(ocore__one_site *self, const ocore__group *sites, int64_t line,
        ocore_str site, int64_t units)
{
        size_t group = ocore__one_site_group(self, line);
        const ocore_site *house;

        if (!group || units <= 0 || self->site[group - 1].size)
                return;
        house = ocore__site_find(sites, site);
        if (!house || !house->supplier.size)
                self->site[group - 1] = site;
}

int ocore__one_site_has(const ocore_allocation *row, int64_t but)
{
        return row->allocated > but || row->released > 0 || row->picked > 0 || row->packed > 0 ||
               row->shipped > 0 || row->delivered > 0;
}

void ocore__one_site_note_all(
        ocore__one_site *self, const ocore__group *sites, const ocore__order_view *view)
{
        if (!self->group_count)
                return;
        for (ocore__entry *at = ocore__first(view->allocations); at; at = ocore__next(at)) {
                const ocore_allocation *row = ocore__row(at);

                ocore__one_site_note(
                        self, sites, row->line, row->site, ocore__one_site_has(row, 0));
        }
}
