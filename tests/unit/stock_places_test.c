/*
 * A product with more rows than are walked: receipts and corrections in random order, in a unit
 * with commands that fail between them, leave at every place what a plain model says; a serial
 * number is known wherever it stands, a lot has one date at all of many sites; and each of many
 * sites is told what it has.
 */
#include "lots.h"

#include "inventory/inventory.h"

#include "../support/rows.h"

enum { SITES = 5, LOTS = 90, COMMANDS = 120, LINES_MAX = 25 };

static uint64_t draw(uint64_t *random, uint64_t below)
{
        *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (*random >> 33) % below;
}

typedef struct model {
        char sites[SITES][8], lots[LOTS][8];
        int64_t there[SITES][LOTS];
        uint8_t rows[SITES][LOTS];
} model;

/* A command with random lines, the last of which is refused if `fails`. */
static void do_some(test_world *world, model *self, uint64_t *random, int fails)
{
        ocore_stock_line lines[LINES_MAX];
        ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .reason = STR("because"),
                .lines = lines,
                .line_stride = sizeof lines[0]};
        model after = *self;
        int status;

        request.line_count = 1 + draw(random, LINES_MAX);
        for (size_t i = 0; i < request.line_count; i++) {
                size_t site = draw(random, SITES), lot = draw(random, LOTS);
                int64_t *there = &after.there[site][lot];
                int64_t change = *there && draw(random, 3) == 0 ? -*there : 1;

                lines[i] = (ocore_stock_line){STR("tin"), ocore_str_of(self->sites[site]),
                        ocore_str_of(self->lots[lot]), {change, 0, 0}, 0};
                *there += change;
                after.rows[site][lot] = 1;
        }
        if (fails)
                lines[request.line_count - 1].quantity.amount = -1000;
        status = ocore_stock_adjust(world->core, &request, NULL);
        if (fails) {
                assert_int_equal(status, OCORE_OUT_OF_STOCK);
                return;
        }
        assert_done(world, status);
        *self = after;
}

static void assert_model(test_world *world, const model *self)
{
        ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = STR("tin"), .limit = 2 * SITES * LOTS};
        const ocore_stock_list *list;
        size_t count = 0;

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (int site = 0; site < SITES; site++)
                for (int lot = 0; lot < LOTS; lot++) {
                        const ocore_stock *row;

                        if (!self->rows[site][lot])
                                continue;
                        assert_true(count < list->stock_count);
                        row = list->stock[count++];
                        assert_text(row->site, self->sites[site]);
                        assert_text(row->lot, self->lots[lot]);
                        assert_number(row->available, self->there[site][lot]);
                }
        assert_int_equal(list->stock_count, count);
}

static void every_place_is_found(void **state)
{
        static model shop;
        uint64_t random = 3;
        test_world world;

        (void)state;
        test_open(&world);
        lots_product(&world, "tin", 0, OCORE_TRACKING_LOT);
        for (int i = 0; i < SITES; i++) {
                snprintf(shop.sites[i], sizeof shop.sites[i], "s%d", i);
                shop_site(&world, shop.sites[i], 1);
        }
        for (int i = 0; i < LOTS; i++)
                snprintf(shop.lots[i], sizeof shop.lots[i], "L%02d", i);
        for (int unit = 0; unit < 4; unit++) {
                assert_done(&world, ocore_unit_begin(world.core));
                for (int i = 0; i < COMMANDS / 4; i++)
                        do_some(&world, &shop, &random, i % 5 == 4);
                assert_done(&world, ocore_unit_commit(world.core));
                assert_model(&world, &shop);
        }
        assert_verified(&world);
        test_close(&world);
}

/* The same number at another site, among hundreds; and a date for a lot with rows everywhere. */
static void a_lot_is_one_in_the_whole_house(void **state)
{
        enum { COUNT = 300 };
        static char names[COUNT][8];
        static ocore_stock_line lines[COUNT];
        ocore_stock_request request = {.struct_size = sizeof request,
                .lines = lines,
                .line_count = COUNT,
                .line_stride = sizeof lines[0]};
        test_world world;

        (void)state;
        test_open(&world);
        lots_product(&world, "pen", 0, OCORE_TRACKING_SERIAL);
        lots_product(&world, "tin", 0, OCORE_TRACKING_LOT);
        shop_site(&world, "north", 1);
        shop_site(&world, "south", 2);
        for (int i = 0; i < COUNT; i++) {
                snprintf(names[i], sizeof names[i], "n%03d", i * 7 % COUNT);
                lines[i] = (ocore_stock_line){
                        STR("pen"), STR("north"), ocore_str_of(names[i]), {1, 0, 0}, 0};
        }
        request.id = test_next_id(&world);
        assert_done(&world, ocore_stock_receive(world.core, &request, NULL));
        lines[0].lot = STR("new");
        lines[1] = lines[2];
        lines[1].site = STR("south");
        request.id = test_next_id(&world);
        request.line_count = 2;
        assert_refused(&world, ocore_stock_receive(world.core, &request, NULL), OCORE_EXISTS,
                "lines[1].lot");
        for (int i = 0; i < COUNT; i++) {
                snprintf(names[i], sizeof names[i], "t%03d", i);
                shop_site(&world, names[i], 3);
                lines[i] = (ocore_stock_line){
                        STR("tin"), ocore_str_of(names[i]), STR("L1"), {1, 0, 0}, 0};
        }
        lines[COUNT - 1].expires_us = TEST_NOW_US + TEST_DAY_US;
        request.id = test_next_id(&world);
        request.line_count = COUNT;
        assert_done(&world, ocore_stock_receive(world.core, &request, NULL));
        for (int i = 0; i < COUNT; i += 37)
                assert_number(lots_row(&world, "tin", names[i], "L1").expires_us,
                        TEST_NOW_US + TEST_DAY_US);
        assert_verified(&world);
        test_close(&world);
}

static void put_site_row(test_world *world, const char *code, int64_t closed)
{
        test_insert(world, &ocore__site_table,
                &(ocore_site){.site = ocore_str_of(code), .closed = closed});
}

/* However many sites there are: each one is found, the ones before the first and behind the last
 * too, and one that has none of it. */
static void many_sites_are_told_apart(void **state)
{
        enum { PLACES = 200 };
        static char names[PLACES + 2][8];
        ocore_availability_pair pairs[2 * PLACES + 2];
        const ocore_availability_request request = {.struct_size = sizeof request,
                .pairs = pairs,
                .pair_count = sizeof pairs / sizeof pairs[0],
                .pair_stride = sizeof pairs[0]};
        const ocore_availability_list *list;
        int64_t sum = 0;
        test_world world;

        (void)state;
        test_open(&world);
        test_insert(&world, &ocore__product_table,
                &(ocore_product){.sku = STR("cup"),
                        .name = STR("cup"),
                        .unit = STR("C62"),
                        .kind = OCORE_PRODUCT_GOODS,
                        .tracking = OCORE_TRACKING_LOT});
        test_insert(&world, &ocore__product_table,
                &(ocore_product){.sku = STR("tea"),
                        .name = STR("tea"),
                        .unit = STR("C62"),
                        .kind = OCORE_PRODUCT_BUNDLE,
                        .related = OCORE_RELATED_PARTS});
        test_insert(&world, &ocore__bundle_part_table,
                &(ocore_bundle_part){STR("tea"), STR("cup"), 0, 2});
        for (int i = 0; i < PLACES + 2; i++) {
                snprintf(names[i], sizeof names[i], "s%03d", i);
                put_site_row(&world, names[i], i == 7);
                for (int lot = 0; lot < i % 3 && i > 0 && i <= PLACES; lot++) {
                        test_insert(&world, &ocore__stock_table,
                                &(ocore_stock){.sku = STR("cup"),
                                        .site = ocore_str_of(names[i]),
                                        .lot = ocore_str_of(lot ? "b" : "a"),
                                        .available = i + lot,
                                        .held = 1});
                        sum += i == 7 ? 0 : i + lot;
                }
        }
        for (int i = 0; i < PLACES + 2; i++) {
                pairs[i] = (ocore_availability_pair){ocore_str_of("cup"), ocore_str_of(names[i])};
                if (i < PLACES)
                        pairs[PLACES + 2 + i] = (ocore_availability_pair){
                                ocore_str_of(i ? "tea" : "cup"), ocore_str_of(i ? names[i] : "")};
        }
        assert_done(&world, ocore_stock_availability(world.core, &request, &list));
        for (int i = 0; i < PLACES + 2; i++) {
                const ocore_available *cup = list->available[i];
                int lots = i > 0 && i <= PLACES ? i % 3 : 0;
                int64_t there = lots == 2 ? 2 * i + 1 : lots * i;

                assert_true(cup->known);
                assert_number(cup->held, lots);
                assert_number(cup->available, i == 7 ? 0 : there);
                if (i > 0 && i < PLACES)
                        assert_number(
                                list->available[PLACES + 2 + i]->available, i == 7 ? 0 : there / 2);
        }
        assert_number(list->available[PLACES + 2]->available, sum);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_place_is_found),
                cmocka_unit_test(a_lot_is_one_in_the_whole_house),
                cmocka_unit_test(many_sites_are_told_apart),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
