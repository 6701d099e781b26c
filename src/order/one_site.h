/*
 * Lines whose units all come from one site: the whole order, or those that its draft put together.
 * Placing chooses the site; afterwards one rule holds for goods that come in, for picks that come
 * up short and for allocating anew: units come only from where the group has some already, in the
 * house or on their way from it. Where it has none, the site chosen first is its site. What a
 * supplier sends to the customer has left his house and says nothing of ours.
 */
#ifndef ORDERCORE_ORDER_ONE_SITE_H
#define ORDERCORE_ORDER_ONE_SITE_H

#include "order_room.h"

typedef struct ocore__one_site {
        size_t *group_of; /* by line number − 1: its group, from 1; 0: none. NULL: there are none */
        ocore_str *site; /* by group − 1: where it has units; empty: nowhere */
        size_t line_count;
        size_t group_count;
} ocore__one_site;

/* The groups of an order that was found, none of them anywhere yet. `no_split`: as the order or its
 * channel says. `lines`: what its draft said of each; NULL: nothing. */
int ocore__one_site_make(ocore__work *work, const ocore__order_view *view,
        const ocore__line_wish *lines, int no_split, ocore__one_site *out);
/* Forgets where the groups are. */
void ocore__one_site_clear(ocore__one_site *self);
/* A line has `units` at a site; the first one that is told of a group counts. */
void ocore__one_site_note(ocore__one_site *self, const ocore__group *sites, int64_t line,
        ocore_str site, int64_t units);
/* The same for all that the order's allocations say. */
void ocore__one_site_note_all(
        ocore__one_site *self, const ocore__group *sites, const ocore__order_view *view);
/* 1 if an allocation has units anywhere between its site and the customer; `but`: that many of the
 * allocated ones do not count. */
int ocore__one_site_has(const ocore_allocation *row, int64_t but);
/* Number of the group of a line; 0: it may come from anywhere. */
static inline size_t ocore__one_site_group(const ocore__one_site *self, int64_t line)
{
        return self->group_count && line >= 1 && (size_t)line <= self->line_count
                       ? self->group_of[line - 1]
                       : 0;
}

#endif
