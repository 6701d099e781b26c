/*
 * What is possible and what is chosen agree, whatever the stock, the rules and the wishes: random
 * shops, under every strategy, held against rules that are written down once more here. And what
 * is short is named with its numbers; a million costs no more than one.
 */
#include "shelf.h"

#include <stdlib.h>

enum { SITES = 4, WANTS_MAX = 8, ROUNDS = 6000 };

static const char *const codes[] = {"w", "x", "y", "z"};
static const char *const lot_codes[] = {"", "1", "2"};
static const char *const skus[] = {"a", "b", "c", "d"};

typedef struct dice_state {
        uint64_t state;
} dice_state;

static int64_t roll(dice_state *dice, int64_t sides)
{
        dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (int64_t)((dice->state >> 33) % (uint64_t)sides);
}

/* A random shop and what is wanted of it. */
typedef struct random_shop {
        shelf_stock rows[SHELF_SKUS * SITES * 3 + 1];
        ocore_site sites[SITES];
        ocore_site_cost costs[SITES];
        ocore_channel channels[1];
        ocore_site_wish wishes[2];
        shelf_want wants[WANTS_MAX + 1];
        int64_t safety[SHELF_SKUS][SITES];
        int no_split, with_groups;
} random_shop;

static void roll_stock(dice_state *dice, random_shop *shop)
{
        size_t n = 0;

        for (int sku = 0; sku < SHELF_SKUS; sku++)
                for (int site = 0; site < SITES; site++) {
                        int by_lot = roll(dice, 2) != 0;

                        for (int lot = 0; lot < 3; lot++)
                                if (by_lot == (lot > 0) && roll(dice, 4))
                                        shop->rows[n++] = (shelf_stock){skus[sku], codes[site],
                                                lot_codes[lot], roll(dice, 7),
                                                lot ? roll(dice, 5) * 10 - 10 : 0,
                                                roll(dice, 4) * 5};
                }
        shop->rows[n].sku = NULL;
}

static void roll_rules(dice_state *dice, random_shop *shop, shelf_world *all)
{
        for (int sku = 0; sku < SHELF_SKUS; sku++)
                for (int site = 0; site < SITES; site++) {
                        shop->safety[sku][site] = roll(dice, 3) ? 0 : roll(dice, 5);
                        if (shop->safety[sku][site])
                                shelf_rule(
                                        all, skus[sku], codes[site], NULL, shop->safety[sku][site]);
                }
}

static void roll_sites(dice_state *dice, random_shop *shop, shelf_world *all)
{
        for (int i = 0; i < SITES; i++) {
                shop->sites[i] = (ocore_site){.site = shelf_text(codes[i]),
                        .priority = roll(dice, 3),
                        .closed = !roll(dice, 8),
                        .located = roll(dice, 4) != 0,
                        .latitude_e7 = roll(dice, 900000000),
                        .longitude_e7 = roll(dice, 900000000)};
                shop->costs[i] = (ocore_site_cost){.site = shelf_text(codes[i]),
                        .currency = STR("EUR"),
                        .shipment_minor = roll(dice, 500),
                        .kg_minor = roll(dice, 300),
                        .unit_minor = roll(dice, 90),
                        .transit_us = roll(dice, 5) * TEST_DAY_US};
        }
        shop->channels[0] = (ocore_channel){.currency = STR("EUR"),
                .split_minor = roll(dice, 200),
                .late_day_minor = roll(dice, 30),
                .age_day_minor = roll(dice, 30)};
        shop->wishes[0] = (ocore_site_wish){shelf_text(codes[roll(dice, SITES)]), 1};
        shop->wishes[1] = (ocore_site_wish){shelf_text(codes[roll(dice, SITES)]), 0};
        test_group(&all->sites, &ocore__site_table, shop->sites, SITES);
        test_group(&all->costs, &ocore__site_cost_table, shop->costs, SITES);
        test_group(&all->channels, &ocore__channel_table, shop->channels, 1);
        all->wishes = (ocore__sourcing_wishes){.located = 1,
                .wanted_us = all->work.now_us + TEST_DAY_US,
                .no_split = shop->no_split,
                .sites = shop->wishes + (roll(dice, 3) ? 1 : 0),
                .site_count = 1,
                .site_stride = sizeof(ocore_site_wish)};
}

static void roll_wants(dice_state *dice, random_shop *shop)
{
        size_t count = 1 + (size_t)roll(dice, WANTS_MAX);

        for (size_t i = 0; i < count; i++)
                shop->wants[i] = (shelf_want){skus[roll(dice, SHELF_SKUS)], roll(dice, 9),
                        roll(dice, 6) ? NULL : codes[roll(dice, SITES)],
                        roll(dice, 6) ? NULL : lot_codes[1 + roll(dice, 2)],
                        shop->with_groups && !roll(dice, 3) ? 1 + roll(dice, 2) : 0,
                        roll(dice, 3) ? 0 : roll(dice, 4) * 10};
        shop->wants[count].sku = NULL;
}

/* Takes what it can get, line by line, groups from the first site that has all of them. */
static int host_fits(const ocore_allocate_line *lines, size_t line_count,
        ocore_allocate_choice *choices, size_t count, size_t line, ocore_str site, int any)
{
        int64_t rest = lines[line].quantity;

        (void)line_count;
        for (size_t i = 0; i < count; i++) {
                int64_t used = 0, taken;

                if (choices[i].line != line || (!any && !ocore_str_equal(choices[i].site, site)))
                        continue;
                for (size_t n = 0; n < count; n++)
                        if (ocore_str_equal(lines[choices[n].line].sku, lines[line].sku) &&
                                ocore_str_equal(choices[n].site, choices[i].site) &&
                                ocore_str_equal(choices[n].lot, choices[i].lot))
                                used += choices[n].taken;
                taken = choices[i].available - used < rest ? choices[i].available - used : rest;
                choices[i].taken = taken > 0 ? taken : 0;
                rest -= choices[i].taken;
        }
        return rest == 0;
}

static int host(void *user_data, const ocore_allocate_line *lines, size_t line_count,
        ocore_allocate_choice *choices, size_t choice_count)
{
        (void)user_data;
        for (size_t i = 0; i < line_count; i++)
                (void)host_fits(
                        lines, line_count, choices, choice_count, i, (ocore_str){NULL, 0}, 1);
        return 0;
}

static const ocore_stock *stock_of(const ocore__source_piece *piece)
{
        return ocore__row(piece->stock);
}

static size_t site_number(ocore_str site)
{
        return (size_t)(site.data[0] - 'w');
}

/* What is left of each site when the pieces are gone, and what the store is told to keep. */
static void check_safety(const shelf_world *all, const random_shop *shop)
{
        for (int sku = 0; sku < SHELF_SKUS; sku++) {
                int64_t left[SITES] = {0}, kept[SITES] = {0}, floors[SITES] = {0};
                int touched[SITES] = {0};

                for (const ocore__entry *entry = ocore__first(&all->skus[sku].group); entry;
                        entry = ocore__next(entry)) {
                        const ocore_stock *row = ocore__row(entry);
                        int64_t rest = row->available, floor = 0;
                        size_t site = site_number(row->site);

                        for (size_t i = 0; i < all->piece_count; i++) {
                                const ocore__source_piece *piece = &all->pieces[i];

                                for (size_t n = 0; n < piece->kept_count; n++)
                                        if (piece->kept[n] == entry)
                                                kept[site] += row->available;
                                if (piece->stock != entry)
                                        continue;
                                touched[site] = 1;
                                rest -= piece->quantity;
                                floor = piece->floor;
                        }
                        assert_true(rest >= 0);
                        assert_true(floor <= rest);
                        floors[site] += floor;
                        if (ocore__lot_keeps(row, all->work.now_us, 0))
                                left[site] += rest;
                }
                for (int site = 0; site < SITES; site++)
                        if (touched[site]) {
                                assert_true(left[site] >= shop->safety[sku][site]);
                                assert_true(kept[site] + floors[site] >= shop->safety[sku][site]);
                        }
        }
}

static void check_pieces(const shelf_world *all, const random_shop *shop)
{
        ocore_str group_site[4] = {{NULL, 0}};
        int64_t rest[WANTS_MAX];
        size_t line = 0;

        for (size_t i = 0; i < all->want_count; i++)
                rest[i] = all->wants[i].quantity;
        for (size_t i = 0; i < all->piece_count; i++) {
                const ocore__source_piece *piece = &all->pieces[i];
                const ocore__want_line *want = &all->wants[piece->line];
                const ocore_stock *row = stock_of(piece);
                const ocore__source_site *site = ocore__source_site_find(&all->sourcing, row->site);
                size_t group = shop->no_split ? 3 : (size_t)want->together;

                assert_true(piece->line >= line); /* in the order of lines */
                line = piece->line;
                assert_true(piece->quantity > 0);
                rest[piece->line] -= piece->quantity;
                assert_true(site && !site->barred && !site->site->closed);
                assert_true(!want->site.size || ocore_str_equal(want->site, row->site));
                assert_true(!want->lot.size || ocore_str_equal(want->lot, row->lot));
                assert_true(ocore__lot_keeps(row, all->work.now_us, want->keeps_until_us));
                if (!group)
                        continue;
                if (!group_site[group].size)
                        group_site[group] = row->site;
                assert_true(ocore_str_equal(group_site[group], row->site));
        }
        for (size_t i = 0; i < all->want_count; i++)
                assert_number(rest[i], 0);
        check_safety(all, shop);
}

static void check_same_again(shelf_world *all)
{
        const ocore__source_piece *pieces = all->pieces;
        size_t count = all->piece_count;

        assert_int_equal(shelf_choose(all), OCORE_OK);
        assert_int_equal(all->piece_count, count);
        for (size_t i = 0; i < count; i++) {
                assert_int_equal(pieces[i].line, all->pieces[i].line);
                assert_ptr_equal(pieces[i].stock, all->pieces[i].stock);
                assert_number(pieces[i].quantity, all->pieces[i].quantity);
                assert_number(pieces[i].reason, all->pieces[i].reason);
        }
}

/* How much there is at all, where nobody names a site, a lot, a date or company. */
static void check_complete(const shelf_world *all, const random_shop *shop, const int64_t *possible)
{
        for (int sku = 0; sku < SHELF_SKUS; sku++) {
                int64_t wanted = 0, got = 0, there = 0;

                for (size_t i = 0; i < all->want_count; i++) {
                        const shelf_want *want = &shop->wants[i];

                        if (want->site || want->lot || want->together || want->keeps_days ||
                                shop->no_split)
                                return;
                        if (*want->sku != *skus[sku])
                                continue;
                        wanted += want->quantity;
                        got += possible[i];
                }
                for (size_t i = 0; i < all->sourcing.site_count; i++)
                        there += ocore__stock_free(&all->skus[sku].group,
                                all->rule_count[sku] ? &all->rules[sku].group : NULL,
                                all->sourcing.sites[i]->site, (ocore_str){NULL, 0},
                                all->work.now_us, 0);
                assert_number(got, wanted < there ? wanted : there);
        }
}

static void check_round(shelf_world *all, const random_shop *shop, int64_t strategy, int *chosen)
{
        int64_t possible[WANTS_MAX], again[WANTS_MAX];
        int all_there = 1, status;

        assert_done(&all->world, shelf_resolve(all, strategy, NULL));
        assert_int_equal(ocore__sourcing_possible(
                                 &all->work, &all->sourcing, all->wants, all->want_count, possible),
                OCORE_OK);
        check_complete(all, shop, possible);
        for (size_t i = 0; i < all->want_count; i++) {
                assert_true(possible[i] >= 0 && possible[i] <= all->wants[i].quantity);
                all_there &= possible[i] == all->wants[i].quantity;
        }
        status = shelf_choose(all);
        if (status != (all_there ? OCORE_OK : OCORE_OUT_OF_STOCK))
                fail_msg("strategy %d: %s: %s", (int)strategy, ocore_status_name(status),
                        ocore_last_error(all->world.core)->message.data);
        if (!all_there) {
                assert_true(ocore_error_count(all->world.core) > 0);
                for (size_t i = 0; i < all->want_count; i++)
                        all->wants[i].quantity = possible[i];
                status = shelf_choose(all);
                assert_int_equal(status, OCORE_OK);
        }
        *chosen += all_there;
        check_pieces(all, shop);
        check_same_again(all);
        assert_int_equal(ocore__sourcing_possible(
                                 &all->work, &all->sourcing, all->wants, all->want_count, again),
                OCORE_OK);
        for (size_t i = 0; i < all->want_count; i++)
                assert_number(again[i], all->wants[i].quantity);
}

static void what_is_possible_can_be_chosen(void **state)
{
        const ocore_config config = {.struct_size = sizeof config, .allocate = host};
        const char *given = getenv("ORDERCORE_SEED");
        dice_state dice = {given ? strtoull(given, NULL, 10) : 20260107};
        /* What is chosen does not depend on the store; opening one may take long. */
        const int rounds = test_store_kind() == TEST_MEMORY ? ROUNDS : ROUNDS / 20;
        int chosen = 0;

        (void)state;
        print_message("# seed %llu (ORDERCORE_SEED)\n", (unsigned long long)dice.state);
        for (int round = 0; round < rounds; round++) {
                int64_t strategy = 1 + round % 8;
                shelf_world *all = malloc(sizeof *all);
                random_shop *shop = calloc(1, sizeof *shop);

                assert_true(all && shop);
                shelf_open(all, &config);
                shop->with_groups = strategy != OCORE_ALLOCATE_HOST && roll(&dice, 2);
                shop->no_split = strategy != OCORE_ALLOCATE_HOST && !roll(&dice, 5);
                roll_stock(&dice, shop);
                roll_rules(&dice, shop, all);
                roll_sites(&dice, shop, all);
                roll_wants(&dice, shop);
                shelf_fill(all, shop->rows);
                shelf_want_all(all, shop->wants);
                check_round(all, shop, strategy, &chosen);
                shelf_close(all);
                free(all);
                free(shop);
        }
        assert_true(chosen > rounds / 20); /* else it has proven nothing */
        assert_true(chosen < rounds);
}

static const shelf_stock few[] = {
        {"a", "x", "", 2, 0, 0},
        {"a", "y", "", 5, 0, 0},
        {"a", "z", "1", 5, 0, 0},
        {"b", "x", "", 5, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};

static void every_short_line_is_named_with_numbers(void **state)
{
        static const shelf_want wants[] = {
                WANT("b", 3), WANT("a", 8), WANT("b", 3), WANT("a", 7), WANT(NULL, 0)};
        static const shelf_want given[] = {AT("a", 3, "x"), LOT("a", 7, "1"), WANT(NULL, 0)};
        static const shelf_want group[] = {WITH("a", 3, 1), WITH("b", 3, 1), WANT(NULL, 0)};
        ocore_site sites[3];
        shelf_world all;
        ocore_core *core;

        (void)state;
        shelf_open(&all, NULL);
        core = all.world.core;
        shelf_sites(&all, sites, "xyz");
        shelf_fill(&all, few);
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_PRIORITY, NULL));
        shelf_want_all(&all, wants);
        assert_refused(&all.world, shelf_choose(&all), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_int_equal(ocore_error_count(core), 2);
        assert_text(ocore_error_at(core, 0)->message,
                "5 of \"b\" are available, not 6; order less, or wait for more");
        assert_text(ocore_error_at(core, 1)->field, "lines[1].quantity");
        assert_text(ocore_error_at(core, 1)->message,
                "12 of \"a\" are available, not 15; order less, or wait for more");
        ocore__refusals_clear(&all.work);
        shelf_want_all(&all, given);
        all.wants[0].field = "quantity";
        assert_int_equal(shelf_choose(&all), OCORE_OUT_OF_STOCK);
        assert_int_equal(ocore_error_count(core), 2);
        assert_text(ocore_error_at(core, 0)->message,
                "5 of \"a\" are available of lot \"1\", not 7; order less, or do not insist on it");
        assert_text(ocore_error_at(core, 1)->field, "quantity");
        assert_text(ocore_error_at(core, 1)->message,
                "2 of \"a\" are available at \"x\", not 3; order less, or do not insist on it");
        ocore__refusals_clear(&all.work);
        shelf_want_all(&all, group);
        assert_refused(&all.world, shelf_choose(&all), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_text(ocore_last_error(core)->message,
                "one site has only 2 of \"a\", not 3, together with what has to come from the "
                "same site; order less, or let it come from several");
        shelf_close(&all);
}

static void wants_that_leave_64_bits_are_refused(void **state)
{
        static const shelf_want wants[] = {
                WANT("a", INT64_MAX), WANT("b", 1), WANT("a", 1), WANT(NULL, 0)};
        int64_t possible[3];
        shelf_world all;

        (void)state;
        shelf_open(&all, NULL);
        shelf_fill(&all, few);
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_PRIORITY, NULL));
        shelf_want_all(&all, wants);
        assert_refused(&all.world, shelf_choose(&all), OCORE_OVERFLOW, "lines[2].quantity");
        ocore__refusals_clear(&all.work);
        assert_refused(&all.world,
                ocore__sourcing_possible(&all.work, &all.sourcing, all.wants, 3, possible),
                OCORE_OVERFLOW, "lines[2].quantity");
        shelf_close(&all);
}

/* A group that gives up what it cannot have might do better elsewhere, and there take what another
 * group was promised: what is possible is only told once it stays as it is. */
static void less_of_a_group_may_move_it(void **state)
{
        static const shelf_stock goods[] = {
                {"a", "w", "", 5, 0, 0},
                {"b", "w", "1", 3, 20, 0},
                {"b", "w", "2", 4, 0, 0},
                {"b", "y", "", 3, 0, 0},
                {"b", "z", "", 6, 0, 0},
                {NULL, NULL, NULL, 0, 0, 0},
        };
        static const shelf_want wants[] = {
                {"b", 1, NULL, "1", 2, 0},
                WITH("b", 4, 1),
                WITH("a", 3, 2),
                {"b", 6, NULL, "2", 1, 20},
                WANT(NULL, 0),
        };
        int64_t possible[4];
        ocore_site sites[3];
        shelf_world all;

        (void)state;
        shelf_open(&all, NULL);
        shelf_sites(&all, sites, "ywz");
        shelf_fill(&all, goods);
        shelf_want_all(&all, wants);
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_MOST_STOCK, NULL));
        assert_int_equal(ocore__sourcing_possible(&all.work, &all.sourcing, all.wants, 4, possible),
                OCORE_OK);
        assert_number(possible[1], 4);
        assert_number(possible[3], 0);
        for (size_t i = 0; i < 4; i++)
                all.wants[i].quantity = possible[i];
        assert_done(&all.world, shelf_choose(&all));
        shelf_close(&all);
}

/* Requests for memory stand for work: they grow with lines, never with what is asked for. */
static size_t memory_of(int64_t strategy, int64_t quantity)
{
        const shelf_stock rows[] = {{"a", "x", "1", 2000000, 10, 5},
                {"a", "x", "2", 2000000, 20, 5}, {"a", "y", "1", 2000000, 10, 9},
                {"b", "y", "", 5000000, 0, 3}, {NULL, NULL, NULL, 0, 0, 0}};
        const shelf_want wants[] = {{"a", quantity, NULL, NULL, 0, 0},
                {"b", quantity, NULL, NULL, 0, 0}, {"a", quantity, NULL, NULL, 0, 0},
                WANT(NULL, 0)};
        ocore_site sites[2];
        shelf_world all;
        ocore__mark before;
        size_t used;

        shelf_open(&all, NULL);
        ocore__arena_finish(&all.arena);
        ocore__arena_init(&all.arena, &(ocore_allocator){NULL, NULL}, 1 << 20);
        shelf_sites(&all, sites, "xy");
        shelf_fill(&all, rows);
        all.wishes.located = 1;
        assert_done(&all.world, shelf_resolve(&all, strategy, NULL));
        shelf_want_all(&all, wants);
        before = ocore__arena_mark(&all.arena);
        assert_int_equal(shelf_choose(&all), OCORE_OK);
        assert_int_equal(all.piece_count, 3);
        used = all.arena.current->used - before.used;
        shelf_close(&all);
        return used;
}

static void a_million_costs_no_more_than_one(void **state)
{
        (void)state;
        for (int64_t strategy = 1; strategy < OCORE_ALLOCATE_HOST; strategy++) {
                size_t one = memory_of(strategy, 1);

                assert_true(one > 0);
                assert_int_equal(memory_of(strategy, 1000), one);
                assert_int_equal(memory_of(strategy, 1000000), one);
        }
}

/* Everything that can be asked, with the n-th request for memory unheard. */
static int ask_all(shelf_world *all, int64_t strategy)
{
        const ocore_sourcing_report *report;
        int64_t possible[4];
        int status = shelf_resolve(all, strategy, NULL);

        if (!status)
                status = ocore__sourcing_possible(
                        &all->work, &all->sourcing, all->wants, all->want_count, possible);
        if (!status)
                status = shelf_choose(all);
        if (!status)
                status = ocore__sourcing_explain(&all->work, &all->sourcing, all->wants,
                        all->want_count, all->pieces, all->piece_count, &report);
        return status;
}

static void without_memory_nothing_breaks(void **state)
{
        static const shelf_want wants[] = {
                LOT("a", 2, "1"), WITH("b", 2, 1), WITH("a", 1, 1), WANT("a", 3), WANT(NULL, 0)};
        const ocore_config config = {.struct_size = sizeof config, .allocate = host};

        (void)state;
        for (int64_t strategy = 1; strategy <= OCORE_ALLOCATE_HOST; strategy++) {
                int status = OCORE_NOMEM;

                for (int64_t n = 1; status == OCORE_NOMEM; n++) {
                        test_memory memory = {.fail_at = n};
                        const ocore_allocator allocator = test_allocator(&memory);
                        ocore_site sites[3];
                        shelf_world all;

                        shelf_open(&all, &config);
                        ocore__arena_finish(&all.arena);
                        ocore__arena_init(&all.arena, &allocator, 16);
                        shelf_sites(&all, sites, "xyz");
                        shelf_fill(&all, few);
                        shelf_rule(&all, "a", NULL, NULL, 1);
                        shelf_want_all(&all, wants);
                        all.wishes.located = 1;
                        status = ask_all(&all, strategy);
                        assert_int_equal(status, memory.failed ? OCORE_NOMEM : OCORE_OK);
                        shelf_close(&all);
                        assert_number(memory.blocks, 0);
                        assert_true(n < 1000);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(without_memory_nothing_breaks),
                cmocka_unit_test(every_short_line_is_named_with_numbers),
                cmocka_unit_test(wants_that_leave_64_bits_are_refused),
                cmocka_unit_test(less_of_a_group_may_move_it),
                cmocka_unit_test(a_million_costs_no_more_than_one),
                cmocka_unit_test(what_is_possible_can_be_chosen),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
