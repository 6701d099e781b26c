/*
 * What an order costs, as tables of hand-computed amounts: tax in and on prices, the three rounding
 * levels, the four modes, discounts, shipping; then random orders against a recomputation with
 * 128-bit numbers, where every share must sum to its whole.
 */
#include "order/pricing_rules.h"

#include "../support/support.h"

enum { LINES = 4 };
enum { IN = OCORE_TAX_INCLUSIVE, EX = OCORE_TAX_EXCLUSIVE };
enum {
        HU = OCORE_ROUND_HALF_UP,
        HE = OCORE_ROUND_HALF_EVEN,
        DN = OCORE_ROUND_DOWN,
        UP = OCORE_ROUND_UP
};
enum { BY_LINE = OCORE_ROUND_LINE, BY_UNIT = OCORE_ROUND_UNIT, BY_ORDER = OCORE_ROUND_ORDER };
#define MOST INT64_MAX

typedef struct priced {
        ocore_order_line lines[LINES];
        ocore__line_discount discounts[LINES];
        ocore_order order;
        size_t line;
        int status;
} priced;

enum { PRICE, QUANTITY, SCALE, RATE_PPM, MINOR, DISCOUNT_PPM, SERVICE, NUMBERS };
typedef int64_t item[NUMBERS];

/* `numbers`: of LINES items, the first without a quantity ends. */
static priced price(const ocore__pricing *pricing, const int64_t *numbers)
{
        const ocore_allocator none = {NULL, NULL};
        ocore__arena arena;
        size_t count = 0;
        priced all;

        memset(&all, 0, sizeof all);
        for (; count < LINES && numbers[QUANTITY]; count++, numbers += NUMBERS) {
                all.lines[count] = (ocore_order_line){.quantity = numbers[QUANTITY],
                        .kind = numbers[SERVICE] ? OCORE_PRODUCT_SERVICE : OCORE_PRODUCT_GOODS,
                        .scale = numbers[SCALE],
                        .unit_price_minor = numbers[PRICE],
                        .tax_rate_ppm = numbers[RATE_PPM]};
                all.discounts[count] =
                        (ocore__line_discount){numbers[MINOR], numbers[DISCOUNT_PPM]};
        }
        ocore__arena_init(&arena, &none, 256);
        all.status = ocore__price_order(
                &arena, pricing, all.discounts, all.lines, count, &all.order, &all.line);
        ocore__arena_finish(&arena);
        return all;
}

static const struct {
        const char *what;
        /* Mode, rounding, level, discount, part, shipping, its rate. */
        ocore__pricing pricing;
        item items[LINES];
        int64_t goods, discount, tax, shipping, total;
        int64_t taxes[LINES], totals[LINES];
} by_hand[] = {
        {"tax in the price", {IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{333, 1, 0, 190000}}, 333, 0, 53,
                0, 333, {53}, {333}},
        {"tax on the price", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{333, 1, 0, 190000}}, 333, 0, 63,
                0, 396, {63}, {396}},
        {"not taxed", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{333, 3, 0, 0}}, 999, 0, 0, 0, 999, {0},
                {999}},
        {"several rates", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0},
                {{333, 1, 0, 190000}, {333, 1, 0, 70000}, {333, 1, 0, 0}}, 999, 0, 86, 0, 1085,
                {63, 23, 0}, {396, 356, 333}},
        {"by line", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{333, 3, 0, 190000}}, 999, 0, 190, 0,
                1189, {190}, {1189}},
        {"by unit", {EX, HU, BY_UNIT, 0, 0, 0, 0, 0, 0}, {{333, 3, 0, 190000}}, 999, 0, 189, 0,
                1188, {189}, {1188}},
        {"three lines by line", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0},
                {{333, 1, 0, 190000}, {333, 1, 0, 190000}, {333, 1, 0, 190000}}, 999, 0, 189, 0,
                1188, {63, 63, 63}, {396, 396, 396}},
        {"three lines by order", {EX, HU, BY_ORDER, 0, 0, 0, 0, 0, 0},
                {{333, 1, 0, 190000}, {333, 1, 0, 190000}, {333, 1, 0, 190000}}, 999, 0, 190, 0,
                1189, {64, 63, 63}, {397, 396, 396}},
        {"two rates by order", {EX, HU, BY_ORDER, 0, 0, 0, 0, 0, 0},
                {{333, 1, 0, 190000}, {333, 1, 0, 70000}, {333, 1, 0, 190000}, {333, 1, 0, 70000}},
                1332, 0, 174, 0, 1506, {64, 24, 63, 23}, {397, 357, 396, 356}},
        {"by unit, inclusive, rounded up", {IN, UP, BY_UNIT, 0, 0, 0, 0, 0, 0}, {{1, 5, 0, 190000}},
                5, 0, 5, 0, 5, {5}, {5}}, /* never more than the price */
        {"a half up", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{5, 1, 0, 500000}}, 5, 0, 3, 0, 8, {3},
                {8}},
        {"a half even, down", {EX, HE, BY_LINE, 0, 0, 0, 0, 0, 0}, {{5, 1, 0, 500000}}, 5, 0, 2, 0,
                7, {2}, {7}},
        {"a half even, up", {EX, HE, BY_LINE, 0, 0, 0, 0, 0, 0}, {{15, 1, 0, 500000}}, 15, 0, 8, 0,
                23, {8}, {23}},
        {"down", {EX, DN, BY_LINE, 0, 0, 0, 0, 0, 0}, {{19, 1, 0, 990000}}, 19, 0, 18, 0, 37, {18},
                {37}},
        {"up", {EX, UP, BY_LINE, 0, 0, 0, 0, 0, 0}, {{1, 1, 0, 10000}}, 1, 0, 1, 0, 2, {1}, {2}},
        {"1.250 kg at 1.99", {IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{199, 1250, 3, 0}}, 249, 0, 0, 0,
                249, {0}, {249}},
        {"the same down", {IN, DN, BY_LINE, 0, 0, 0, 0, 0, 0}, {{199, 1250, 3, 0}}, 248, 0, 0, 0,
                248, {0}, {248}},
        {"a line's discount", {IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0},
                {{333, 1, 0, 0, 33}, {333, 1, 0, 0, 0, 100000}}, 666, 66, 0, 0, 600, {0},
                {300, 300}},
        {"all of a line", {EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{333, 1, 0, 190000, 0, 1000000}},
                333, 333, 0, 0, 0, {0}, {0}},
        {"the order's discount", {IN, HU, BY_LINE, 100, 0, 0, 0, 0, 0},
                {{100, 1, 0, 0}, {100, 1, 0, 0}, {100, 1, 0, 0}}, 300, 100, 0, 0, 200, {0},
                {66, 67, 67}},
        {"to the largest remainder", {IN, HU, BY_LINE, 10, 0, 0, 0, 0, 0},
                {{333, 1, 0, 0}, {666, 1, 0, 0}, {1, 1, 0, 0}}, 1000, 10, 0, 0, 990, {0},
                {330, 659, 1}},
        {"a part of the order", {IN, HU, BY_LINE, 0, 100000, 0, 0, 0, 0},
                {{333, 1, 0, 0}, {672, 1, 0, 0}}, 1005, 101, 0, 0, 904, {0}, {300, 604}},
        {"behind the line's own", {IN, HU, BY_LINE, 0, 500000, 0, 0, 0, 0},
                {{100, 1, 0, 0, 100}, {100, 1, 0, 0}}, 200, 150, 0, 0, 50, {0}, {0, 50}},
        {"tax on what is left", {EX, HU, BY_LINE, 100, 0, 0, 0, 0, 0}, {{1000, 1, 0, 200000}}, 1000,
                100, 180, 0, 1080, {180}, {1080}},
        {"nothing costs nothing", {EX, HU, BY_LINE, 0, 500000, 0, 0, 0, 0}, {{0, 7, 0, 190000}}, 0,
                0, 0, 0, 0, {0}, {0}},
        {"shipping with tax in it", {IN, HU, BY_LINE, 0, 0, 499, 190000, 0, 0},
                {{1402, 1, 0, 0}, {333, 1, 0, 0}}, 1735, 0, 80, 499, 2234, {0}, {1402, 333}},
        {"shipping with tax on it", {EX, HU, BY_LINE, 0, 0, 499, 190000, 0, 0}, {{1402, 1, 0, 0}},
                1402, 0, 95, 594, 1996, {0}, {1402}},
        {"as much as there is", {IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{MOST, 1, 0, 0}}, MOST, 0, 0,
                0, MOST, {0}, {MOST}},
        {"all of it off", {IN, HU, BY_LINE, MOST, 0, 0, 0, 0, 0}, {{MOST, 1, 0, 190000}}, MOST,
                MOST, 0, 0, 0, {0}, {0}},
};

static void amounts_are_as_computed_by_hand(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof by_hand / sizeof by_hand[0]; i++) {
                priced all = price(&by_hand[i].pricing, by_hand[i].items[0]);

                if (all.status || all.order.total_minor != by_hand[i].total)
                        print_error("%s: %s\n", by_hand[i].what, ocore_status_name(all.status));
                assert_int_equal(all.status, OCORE_OK);
                assert_number(all.order.goods_minor, by_hand[i].goods);
                assert_number(all.order.discount_minor, by_hand[i].discount);
                assert_number(all.order.tax_minor, by_hand[i].tax);
                assert_number(all.order.shipping_minor, by_hand[i].shipping);
                assert_number(all.order.total_minor, by_hand[i].total);
                for (size_t n = 0; n < LINES; n++) {
                        assert_number(all.lines[n].tax_minor, by_hand[i].taxes[n]);
                        assert_number(all.lines[n].total_minor, by_hand[i].totals[n]);
                }
        }
}

static void shipping_is_shared_over_the_goods(void **state)
{
        static const item items[LINES] = {{1402, 1, 0, 0}, {900, 1, 0, 0, 0, 0, 1}, {333, 1, 0, 0}};
        static const item free_of_charge[LINES] = {{0, 1, 0, 0}, {0, 1, 0, 0}};
        static const ocore__pricing inclusive = {IN, HU, BY_LINE, 0, 0, 499, 190000, 0, 0};
        priced all = price(&inclusive, items[0]);

        (void)state;
        assert_number(all.lines[0].shipping_minor, 403);
        assert_number(all.lines[1].shipping_minor, 0); /* a service is not carried */
        assert_number(all.lines[2].shipping_minor, 96);
        assert_number(all.lines[0].shipping_tax_minor, 65);
        assert_number(all.lines[2].shipping_tax_minor, 15);
        all = price(&inclusive, free_of_charge[0]);
        assert_number(all.lines[0].shipping_minor, 250);
        assert_number(all.lines[1].shipping_minor, 249);
        assert_number(all.lines[0].shipping_tax_minor + all.lines[1].shipping_tax_minor, 80);
}

/* A charge that was made before keeps its amount and its tax; a bundle bears its share. */
static void a_given_charge_is_only_shared_anew(void **state)
{
        const ocore__pricing given = {EX, HU, BY_LINE, 0, 0, 100, 0, 1, 17};
        const ocore__line_discount none[3] = {{0, 0}};
        ocore_order_line lines[3] = {
                {.kind = OCORE_PRODUCT_BUNDLE, .quantity = 1, .unit_price_minor = 300},
                {.kind = OCORE_PRODUCT_GOODS, .quantity = 1, .unit_price_minor = 100},
                {.kind = OCORE_PRODUCT_GOODS, .quantity = 2, .unit_price_minor = 0}};
        const ocore_allocator heap = {NULL, NULL};
        ocore_order order = {.version = 0};
        ocore__arena arena;
        size_t wrong;

        (void)state;
        ocore__arena_init(&arena, &heap, 4096);
        assert_int_equal(
                ocore__price_order(&arena, &given, none, lines, 3, &order, &wrong), OCORE_OK);
        ocore__arena_finish(&arena);
        assert_number(order.shipping_minor, 100);
        assert_number(order.total_minor, 500);
        assert_number(order.tax_minor, 17);
        assert_number(lines[0].shipping_minor, 75);
        assert_number(lines[1].shipping_minor, 25);
        assert_number(lines[2].shipping_minor, 0);
        assert_number(lines[0].shipping_tax_minor, 13);
        assert_number(lines[1].shipping_tax_minor, 4);
}

static void what_cannot_be_is_refused_by_line(void **state)
{
        static const struct {
                ocore__pricing pricing;
                item items[LINES];
                int status;
                size_t line;
        } cases[] = {
                {{IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{5, 1}, {333, 1, 0, 0, 334}}, OCORE_INVALID,
                        1},
                {{IN, HU, BY_LINE, 667, 0, 0, 0, 0, 0}, {{333, 1}, {333, 1}}, OCORE_INVALID, 2},
                {{IN, HU, BY_LINE, 1, 0, 0, 0, 0, 0}, {{0, 1}}, OCORE_INVALID, 1},
                {{IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{MOST, 2}}, OCORE_OVERFLOW, 0},
                {{IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{2, MOST}}, OCORE_OVERFLOW, 0},
                {{IN, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{1, 1}, {MOST, 1}}, OCORE_OVERFLOW, 1},
                {{EX, HU, BY_LINE, 0, 0, 0, 0, 0, 0}, {{MOST, 1, 0, 190000}}, OCORE_OVERFLOW, 0},
                {{EX, HU, BY_UNIT, 0, 0, 0, 0, 0, 0}, {{MOST, 1, 0, 190000}}, OCORE_OVERFLOW, 0},
                {{EX, HU, BY_ORDER, 0, 0, 0, 0, 0, 0}, {{MOST, 1, 0, 190000}}, OCORE_OVERFLOW, 0},
                {{IN, HU, BY_LINE, 0, 0, 1, 0, 0, 0}, {{MOST, 1}}, OCORE_OVERFLOW, 1},
                {{EX, HU, BY_LINE, 0, 0, MOST, 1, 0, 0}, {{1, 1}}, OCORE_OVERFLOW, 1},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                priced all = price(&cases[i].pricing, cases[i].items[0]);

                if (all.status != cases[i].status || all.line != cases[i].line)
                        fail_msg("case %zu: %s by line %zu", i, ocore_status_name(all.status),
                                all.line);
        }
}

__extension__ typedef __int128 wide;

static int64_t rounded(wide number, wide divisor, int64_t rounding)
{
        wide quotient = number / divisor, rest = number % divisor;
        int up = rounding == UP   ? rest != 0
                 : rounding == HU ? rest * 2 >= divisor
                 : rounding == HE ? rest * 2 > divisor || (rest * 2 == divisor && quotient % 2)
                                  : 0;

        return (int64_t)(quotient + up);
}

static uint64_t seed = 7;

static int64_t random_below(uint64_t bound)
{
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (int64_t)((seed >> 33) % bound);
}

static void random_orders_add_up(void **state)
{
        static const int64_t rates[] = {0, 70000, 190000, 255000};

        (void)state;
        for (int round = 0; round < 20000; round++) {
                const ocore__pricing pricing = {1 + round % 2, 1 + random_below(4),
                        1 + random_below(3), 0, random_below(3) ? 0 : random_below(1000001),
                        random_below(2) ? 0 : random_below(2000), 190000, 0, 0};
                item items[LINES] = {{0}};
                int64_t goods = 0, discount = 0, tax = 0, total = 0, shipping = 0, shipping_tax = 0;
                size_t count = 1 + (size_t)random_below(LINES);
                priced all;

                for (size_t i = 0; i < count; i++) {
                        items[i][PRICE] = random_below(100000);
                        items[i][QUANTITY] = 1 + random_below(5000);
                        items[i][SCALE] = random_below(4);
                        items[i][RATE_PPM] = rates[random_below(4)];
                        items[i][DISCOUNT_PPM] = random_below(4) ? 0 : random_below(1000001);
                }
                all = price(&pricing, items[0]);
                assert_int_equal(all.status, OCORE_OK);
                for (size_t i = 0; i < count; i++) {
                        const ocore_order_line *line = &all.lines[i];
                        int64_t net = line->goods_minor - line->discount_minor -
                                      line->order_discount_minor;

                        assert_number(line->goods_minor,
                                rounded((wide)items[i][PRICE] * items[i][QUANTITY],
                                        ocore__power_of_ten((int)items[i][SCALE]),
                                        pricing.rounding));
                        assert_number(line->discount_minor,
                                rounded((wide)line->goods_minor * items[i][DISCOUNT_PPM], 1000000,
                                        pricing.rounding));
                        assert_true(net >= 0 && line->order_discount_minor >= 0);
                        if (pricing.rounding_level == BY_LINE)
                                assert_number(line->tax_minor,
                                        rounded((wide)net * line->tax_rate_ppm,
                                                1000000 + (pricing.tax_mode == IN
                                                                          ? line->tax_rate_ppm
                                                                          : 0),
                                                pricing.rounding));
                        assert_true(line->tax_minor >= 0 &&
                                    (pricing.tax_mode == EX || line->tax_minor <= net));
                        assert_number(line->total_minor,
                                net + (pricing.tax_mode == EX ? line->tax_minor : 0));
                        assert_true(line->shipping_tax_minor <= line->shipping_minor);
                        goods += line->goods_minor;
                        discount += line->discount_minor + line->order_discount_minor;
                        tax += line->tax_minor;
                        total += line->total_minor;
                        shipping += line->shipping_minor;
                        shipping_tax += line->shipping_tax_minor;
                }
                assert_number(all.order.goods_minor, goods);
                assert_number(all.order.discount_minor, discount);
                assert_number(all.order.shipping_minor, shipping);
                assert_number(all.order.tax_minor, tax + shipping_tax);
                assert_number(all.order.total_minor, total + shipping);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(amounts_are_as_computed_by_hand),
                cmocka_unit_test(shipping_is_shared_over_the_goods),
                cmocka_unit_test(a_given_charge_is_only_shared_anew),
                cmocka_unit_test(what_cannot_be_is_refused_by_line),
                cmocka_unit_test(random_orders_add_up),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
