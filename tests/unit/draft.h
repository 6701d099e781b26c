/* Drafts in a line or two, for the tests of the order room. */
#ifndef ORDERCORE_TESTS_DRAFT_H
#define ORDERCORE_TESTS_DRAFT_H

#include "sale.h"

static inline ocore_draft_line line_of(const char *sku, const char *quantity)
{
        const ocore_draft_line line = {
                .sku = ocore_str_of(sku), .quantity = test_quantity(quantity)};

        return line;
}

/* A draft with a new id, in euros, to Germany, not shipped. */
static inline ocore_order_draft draft_of(
        test_world *world, const ocore_draft_line *lines, size_t count)
{
        const ocore_order_draft draft = {
                .struct_size = sizeof draft,
                .id = test_next_id(world),
                .currency = STR("EUR"),
                .ship_country = STR("DE"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines,
        };

        return draft;
}

/* Places one line; the status. */
static inline int draft_place(test_world *world, const char *sku, const char *quantity)
{
        const ocore_draft_line line = line_of(sku, quantity);
        const ocore_order_draft draft = draft_of(world, &line, 1);

        return ocore_order_place(world->core, &draft, NULL);
}

static inline void assert_same_id(ocore_id a, ocore_id b)
{
        assert_memory_equal(a.bytes, b.bytes, sizeof a.bytes);
}

/* How many orders there are. */
static inline size_t draft_orders(test_world *world)
{
        const ocore_order_list_request request = {.struct_size = sizeof request, .limit = 1000};
        const ocore_order_list *list;

        assert_done(world, ocore_order_list_page(world->core, &request, &list));
        return list->order_count;
}

#endif
