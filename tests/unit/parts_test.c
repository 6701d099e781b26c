/*
 * The parts of bundles: found in the order of their lines, each under its own bundle, in one walk;
 * and a part that cannot be one is refused.
 */
#include "sale.h"

#include "engine/procedure.h"
#include "order/order_room.h"
#include "rows.h"

/* A question: the parts of an order's bundles as "1: 3 4, 2: 5". */
static char found[80];

static int ask(ocore__work *work, const void *request, const void **answer)
{
        const ocore_order_key *key = request;
        ocore__order_view view;
        ocore__parts parts;
        int status = ocore__order_want(work, key->order_id, &view);
        size_t used = 0;

        if (!status)
                status = ocore__fetch(work);
        view.line_count = ocore__count(view.lines);
        view.line_at = ocore__arena_zero(work->arena, view.line_count + 1, sizeof *view.line_at);
        assert_non_null(view.line_at);
        view.line_count = 0; /* past the checks of ocore__order_index(), which has its own test */
        for (ocore__entry *at = ocore__first(view.lines); at; at = ocore__next(at))
                view.line_at[view.line_count++] = at;
        found[0] = 0;
        if (!status)
                status = ocore__parts_index(work, &view, &parts);
        for (size_t i = 0; i < view.line_count && !status; i++) {
                if (!parts.first[i])
                        continue;
                used += (size_t)snprintf(
                        found + used, sizeof found - used, "%s%zu:", used ? ", " : "", i + 1);
                for (int64_t n = parts.first[i]; n; n = parts.next[n - 1])
                        used += (size_t)snprintf(
                                found + used, sizeof found - used, " %lld", (long long)n);
        }
        *answer = request;
        return status;
}

static const ocore__procedure asking = {&ocore__order_key_record, &ocore__order_key_record, ask, 0};

/* Two bundles of 3 and of 2, and their parts. */
static const ocore_order_line good[] = {
        {.number = 1, .kind = OCORE_PRODUCT_BUNDLE, .quantity = 3, .cancelled = 1},
        {.number = 2, .kind = OCORE_PRODUCT_BUNDLE, .quantity = 2},
        {.number = 3,
                .kind = OCORE_PRODUCT_GOODS,
                .quantity = 6,
                .cancelled = 2,
                .parent = 1,
                .per_parent = 2},
        {.number = 4,
                .kind = OCORE_PRODUCT_GOODS,
                .quantity = 3,
                .cancelled = 1,
                .parent = 1,
                .per_parent = 1},
        {.number = 5, .kind = OCORE_PRODUCT_GOODS, .quantity = 14, .parent = 2, .per_parent = 7},
        {.number = 6, .kind = OCORE_PRODUCT_GOODS, .quantity = 1},
};

enum {
        NOTHING,
        KIND,
        QUANTITY,
        CANCELLED,
        PER_NOTHING,
        PER_EDGE,
        OF_GOODS,
        OF_LATER,
        OF_NOTHING,
        OF_ITSELF,
        CASES
};

static void make_wrong(ocore_order_line *part, int wrong)
{
        switch (wrong) {
        case KIND: part->kind = OCORE_PRODUCT_SERVICE; break;
        case QUANTITY: part->quantity = 5; break;
        case CANCELLED: part->cancelled = 3; break;
        case PER_NOTHING: part->per_parent = 0; break;
        case PER_EDGE: part->per_parent = INT64_MAX; break;
        case OF_GOODS: part->parent = 6; break;
        case OF_LATER: part->parent = INT64_MAX - 1; break;
        case OF_NOTHING: part->parent = 7; break;
        case OF_ITSELF: part->parent = 3; break;
        default: break;
        }
}

static void parts_are_found_or_refused(void **state)
{
        test_world world;

        (void)state;
        test_open(&world);
        for (int i = 0; i < CASES; i++) {
                const ocore_order order = {.id = test_id(100 + i), .currency = STR("EUR")};
                const ocore_order_key key = {.struct_size = sizeof key, .order_id = order.id};
                const void *answer;

                test_insert(&world, &ocore__order_table, &order);
                for (size_t n = 0; n < sizeof good / sizeof good[0]; n++) {
                        ocore_order_line line = good[n];

                        line.order_id = order.id;
                        if (line.number == 3)
                                make_wrong(&line, i);
                        test_insert(&world, &ocore__order_line_table, &line);
                }
                if (i == NOTHING) {
                        assert_done(&world, ocore__call(world.core, &asking, &key, &answer));
                        assert_string_equal(found, "1: 3 4, 2: 5");
                } else {
                        assert_refused(&world, ocore__call(world.core, &asking, &key, &answer),
                                OCORE_CORRUPT, "order_id");
                }
        }
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(parts_are_found_or_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
