/*
 * Placing and quoting: an order is priced, promised, allocated and written as one; a quote shows
 * the same and changes nothing; what is wrong is refused by field. Currencies with 0, 2, 3 and 4
 * decimals, price lists by time and channel, and an order so large that only linear work ends soon.
 */
#include "draft.h"

#include <stdlib.h>
#include <time.h>

static void an_order_is_placed_whole(void **state)
{
        const ocore_draft_line lines[] = {line_of("tea", "2"), line_of("cup", "5"),
                line_of("rice", "1.5"), line_of("wrap", "1")};
        ocore_order_draft draft;
        const ocore_order *order;
        const ocore_party *party;
        ocore_order_key key = {.struct_size = sizeof key};
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, lines, 4);
        draft.number = STR("2026-1");
        draft.channel = STR("web");
        draft.customer = STR("C7");
        draft.ship_name = STR("Ann");
        draft.ship_postcode = STR("10115");
        draft.shipping_option = STR("post");
        draft.purchase_order = STR("PO 5");
        draft.note = STR("ring\ntwice");
        draft.discount = test_money("1.00 EUR");
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_same_id(order->id, draft.id);
        assert_text(order->number, "2026-1");
        assert_number(order->state, OCORE_ORDER_PLACED);
        assert_text(order->channel, "web");
        assert_text(order->customer, "C7");
        assert_text(order->purchase_order, "PO 5");
        assert_text(order->note, "ring\ntwice");
        assert_number(order->tax_mode, OCORE_TAX_INCLUSIVE);
        assert_number(order->placed_us, TEST_NOW_US);
        assert_true(order->earliest_us > TEST_NOW_US && order->latest_us >= order->earliest_us);
        assert_number(order->goods_minor, 666 + 3505 + 299 + 250);
        assert_number(order->discount_minor, 100);
        assert_number(order->shipping_minor, 499);
        assert_number(order->total_minor, 4720 - 100 + 499);
        assert_number(order->due_minor, order->total_minor);
        assert_number(order->payment, OCORE_PAID_NOT);
        assert_number(order->fulfillment, OCORE_FULFILLMENT_NONE);
        assert_number(order->version, 1);
        assert_number(order->event_count, 1);
        assert_int_equal(order->line_count, 4);
        assert_number(order->lines[0]->tax_rate_ppm, 190000);
        assert_number(order->lines[1]->allocated, 5);
        assert_int_equal(order->lines[1]->allocation_count, 2);
        assert_text(order->lines[1]->allocations[0]->site, "north");
        assert_number(order->lines[1]->allocations[0]->allocated, 3);
        assert_number(order->lines[2]->allocated, 1500);
        assert_number(order->lines[3]->open, 1); /* a service waits for the confirmation */
        assert_number(order->lines[3]->shipping_minor, 0);
        key.order_id = draft.id;
        assert_done(&world, ocore_order_party(world.core, &key, &party));
        assert_text(party->name, "Ann");
        assert_text(party->postcode, "10115");
        assert_status(&world, ocore_order_place(world.core, &draft, &order), OCORE_ALREADY);
        assert_number(order->total_minor, 5119);
        assert_int_equal(order->lines[1]->allocation_count, 2);
        assert_number(shop_stock(&world, "cup", "south").allocated, 2);
        sale_close(&world);
}

/* A repeated id with other content is refused by the field that differs. */
static void other_content_is_refused_by_field(void **state)
{
        const ocore_draft_line lines[] = {line_of("tea", "2"), line_of("tea", "3")};
        const char *const fields[] = {
                "customer", "tax_mode", "ship_city", "discount", "lines", "lines"};
        ocore_order_draft draft;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, lines, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
                ocore_order_draft other = draft;

                switch (i) {
                case 0: other.customer = STR("C8"); break;
                case 1: other.tax_mode = OCORE_TAX_EXCLUSIVE; break;
                case 2: other.ship_city = STR("Ulm"); break;
                case 3: other.discount = test_money("0.01 EUR"); break;
                case 4: other.line_count = 2; break;
                default: other.lines = &lines[1];
                }
                assert_refused(&world, ocore_order_place(world.core, &other, NULL), OCORE_ID_REUSED,
                        fields[i]);
        }
        assert_int_equal(draft_orders(&world), 1);
        sale_close(&world);
}

enum {
        CURRENCY,
        COUNTRY,
        NO_COUNTRY,
        NO_LINES,
        DISCOUNT_CURRENCY,
        PPM,
        BOTH,
        LINE_PPM,
        LINE_BOTH,
        PRICE_CURRENCY,
        NO_PRICE,
        NO_RATE,
        OPTION,
        OPTION_COUNTRY,
        TOO_MUCH,
        LINE_TOO_MUCH,
        DECIMALS,
        WANTED_PAST,
        LATITUDE,
        LONGITUDE,
        NO_HOLD,
        PRIORITY,
        ACTION,
        WISH_SITE,
        LINE_SITE,
        SERVICE_LOT,
        STRATEGY,
        NO_SUCH_DRAFT,
        CASES
};
static const struct {
        int status;
        const char *field;
} wanted[CASES] = {
        [CURRENCY] = {OCORE_INVALID, "currency"},
        [COUNTRY] = {OCORE_INVALID, "ship_country"},
        [NO_COUNTRY] = {OCORE_INVALID, "ship_country"},
        [NO_LINES] = {OCORE_INVALID, "lines"},
        [DISCOUNT_CURRENCY] = {OCORE_INVALID, "discount"},
        [PPM] = {OCORE_INVALID, "discount_ppm"},
        [BOTH] = {OCORE_INVALID, "discount_ppm"},
        [LINE_PPM] = {OCORE_INVALID, "lines[1].discount_ppm"},
        [LINE_BOTH] = {OCORE_INVALID, "lines[1].discount_ppm"},
        [PRICE_CURRENCY] = {OCORE_INVALID, "lines[1].unit_price"},
        [NO_PRICE] = {OCORE_NOT_FOUND, "lines[0].unit_price"},
        [NO_RATE] = {OCORE_NOT_FOUND, "lines[0].sku"},
        [OPTION] = {OCORE_NOT_FOUND, "shipping_option"},
        [OPTION_COUNTRY] = {OCORE_INVALID, "shipping_option"},
        [TOO_MUCH] = {OCORE_INVALID, "discount"},
        [LINE_TOO_MUCH] = {OCORE_INVALID, "lines[1].discount"},
        [DECIMALS] = {OCORE_INVALID, "lines[1].quantity"},
        [WANTED_PAST] = {OCORE_INVALID, "wanted_us"},
        [LATITUDE] = {OCORE_INVALID, "ship_latitude_e7"},
        [LONGITUDE] = {OCORE_INVALID, "ship_longitude_e7"},
        [NO_HOLD] = {OCORE_INVALID, "hold_keep"},
        [PRIORITY] = {OCORE_INVALID, "priority"},
        [ACTION] = {OCORE_INVALID, "short_action"},
        [WISH_SITE] = {OCORE_NOT_FOUND, "sites[0].site"},
        [LINE_SITE] = {OCORE_NOT_FOUND, "lines[1].site"},
        [SERVICE_LOT] = {OCORE_INVALID, "lines[1].lot"},
        [STRATEGY] = {OCORE_INVALID, "strategy"},
        [NO_SUCH_DRAFT] = {OCORE_NOT_FOUND, "order_id"},
};

static void make_wrong(ocore_order_draft *draft, ocore_draft_line *lines, int wrong)
{
        static const ocore_site_wish nowhere = {STR_INIT("nowhere"), 0};

        switch (wrong) {
        case CURRENCY: draft->currency = (ocore_str){0}; break;
        case COUNTRY: draft->ship_country = STR("de"); break;
        case NO_COUNTRY:
                draft->ship_country = (ocore_str){0};
                draft->shipping_option = STR("post");
                break;
        case NO_LINES: draft->line_count = 0; break;
        case DISCOUNT_CURRENCY: draft->discount = test_money("1.00 USD"); break;
        case PPM: draft->discount_ppm = 1000001; break;
        case BOTH:
                draft->discount_ppm = 1;
                draft->discount = test_money("1.00 EUR");
                break;
        case LINE_PPM: lines[1].discount_ppm = INT64_MAX; break;
        case LINE_BOTH:
                lines[1].discount_ppm = 1;
                lines[1].discount = test_money("1.00 EUR");
                break;
        case PRICE_CURRENCY: lines[1].unit_price = test_money("1 JPY"); break;
        case NO_PRICE: draft->currency = STR("USD"); break;
        case NO_RATE: draft->ship_country = STR("FR"); break;
        case OPTION: draft->shipping_option = STR("pigeon"); break;
        case OPTION_COUNTRY:
                draft->shipping_option = STR("post");
                draft->ship_country = STR("FR");
                lines[0].sku = STR("cup");
                break;
        case TOO_MUCH: draft->discount = test_money("10.35 EUR"); break;
        case LINE_TOO_MUCH: lines[1].discount = test_money("7.02 EUR"); break;
        case DECIMALS: lines[1].quantity.scale = 1; break;
        case WANTED_PAST: draft->wanted_us = TEST_NOW_US - 1; break;
        case LATITUDE: draft->ship_latitude_e7 = -900000001; break;
        case LONGITUDE: draft->ship_longitude_e7 = INT64_MAX; break;
        case NO_HOLD: draft->hold_keep = 1; break;
        case PRIORITY: draft->priority = -1; break;
        case ACTION: draft->short_action = OCORE_SHORT_DROP_SHIP; break;
        case WISH_SITE:
                draft->sites = &nowhere;
                draft->site_count = 1;
                draft->site_stride = sizeof nowhere;
                break;
        case LINE_SITE: lines[1].site = STR("nowhere"); break;
        case SERVICE_LOT:
                lines[1].sku = STR("wrap");
                lines[1].lot = STR("L");
                break;
        case STRATEGY: draft->strategy = OCORE_ALLOCATE_NEAREST; break;
        default: draft->order_id = test_id(3);
        }
}

static void wrong_drafts_are_refused_by_field(void **state)
{
        test_world world;

        (void)state;
        sale_open(&world);
        for (int i = 0; i < CASES; i++) {
                ocore_draft_line lines[2] = {line_of("tea", "1"), line_of("cup", "1")};
                ocore_order_draft draft = draft_of(&world, lines, 2);
                const ocore_order *order = (const ocore_order *)&draft;
                const ocore_order_quote *quote = (const ocore_order_quote *)&draft;
                const ocore_verdict *verdict;

                make_wrong(&draft, lines, i);
                assert_refused(&world, ocore_order_place(world.core, &draft, &order),
                        wanted[i].status, wanted[i].field);
                assert_null(order);
                assert_refused(&world, ocore_order_quote_draft(world.core, &draft, &quote),
                        wanted[i].status, wanted[i].field);
                assert_null(quote);
                assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
                assert_number(verdict->good, 0);
                assert_text(verdict->problems[0]->field, wanted[i].field);
                assert_text(verdict->problems[0]->status, ocore_status_name(wanted[i].status));
        }
        assert_int_equal(draft_orders(&world), 0);
        assert_number(shop_stock(&world, "cup", "north").available, 3);
        sale_close(&world);
}

static void a_quote_changes_nothing(void **state)
{
        const ocore_draft_line lines[] = {line_of("tea", "2"), line_of("cup", "4")};
        ocore_order_draft draft;
        const ocore_order_quote *quote;
        const ocore_order *order;
        const ocore_verdict *verdict;
        int64_t total;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, lines, 2);
        draft.shipping_option = STR("post");
        for (int in_unit = 0; in_unit < 2; in_unit++) {
                if (in_unit)
                        assert_done(&world, ocore_unit_begin(world.core));
                assert_done(&world, ocore_order_quote_draft(world.core, &draft, &quote));
                assert_int_equal(quote->offer_count, 1);
                assert_number(quote->offers[0]->left_out, 0);
                assert_number(quote->order->lines[1]->allocated, 4);
                assert_number(quote->sourcing->strategy, OCORE_ALLOCATE_PRIORITY);
                assert_int_equal(quote->sourcing->site_count, 2);
                assert_text(quote->sourcing->sites[1]->site, "south");
                assert_number(quote->sourcing->sites[1]->used, 1);
                total = quote->order->total_minor;
                assert_done(&world, ocore_order_verify(world.core, &draft, &verdict));
                assert_number(verdict->good, 1);
                if (in_unit) {
                        assert_done(&world, ocore_order_place(world.core, &draft, &order));
                        assert_number(order->total_minor, total);
                        assert_done(&world, ocore_unit_commit(world.core));
                }
                assert_int_equal(draft_orders(&world), in_unit);
                assert_number(shop_stock(&world, "cup", "north").allocated, in_unit ? 3 : 0);
                assert_verified(&world);
        }
        sale_close(&world);
}

static void every_exponent_is_priced(void **state)
{
        static const struct {
                const char *currency, *price, *total;
        } cases[] = {
                {"JPY", "333 JPY", "396 JPY"},
                {"EUR", "3.33 EUR", "3.96 EUR"},
                {"KWD", "3.333 KWD", "3.966 KWD"},
                {"CLF", "3.3333 CLF", "3.9666 CLF"},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < 4; i++) {
                ocore_draft_line line = line_of("tea", "1");
                ocore_order_draft draft = draft_of(&world, &line, 1);
                const ocore_order *order;
                ocore_money total = {0, "", 0};
                char text[OCORE_NUMBER_TEXT_SIZE];

                line.unit_price = test_money(cases[i].price);
                draft.currency = ocore_str_of(cases[i].currency);
                draft.tax_mode = OCORE_TAX_EXCLUSIVE;
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                total.amount_minor = order->total_minor;
                memcpy(total.currency, cases[i].currency, 4);
                assert_true(ocore_money_format(total, text) > 0);
                assert_string_equal(text, cases[i].total);
        }
        sale_close(&world);
}

static void put_price(test_world *world, const char *channel, int64_t from_us, const char *price)
{
        const ocore_price_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = STR("cup"),
                .channel = ocore_str_of(channel),
                .from_us = from_us,
                .price = test_money(price)};

        assert_done(world, ocore_price_put(world->core, &request, NULL));
}

static void prices_are_those_of_now_and_of_the_channel(void **state)
{
        static const struct {
                const char *channel;
                int64_t after_us, total;
        } cases[] = {{"", 0, 701}, {"web", 0, 500}, {"till", 0, 701}, {"", TEST_DAY_US, 800},
                {"web", TEST_DAY_US, 500}, {"", TEST_DAY_US - 1, 701}};
        test_world world;

        (void)state;
        sale_open(&world);
        put_price(&world, "web", 0, "5.00 EUR");
        put_price(&world, "", TEST_NOW_US + TEST_DAY_US, "8.00 EUR");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_draft_line line = line_of("cup", "1");
                ocore_order_draft draft = draft_of(&world, &line, 1);
                const ocore_order *order;

                world.now_us = TEST_NOW_US + cases[i].after_us;
                draft.channel = ocore_str_of(cases[i].channel);
                assert_done(&world, ocore_order_place(world.core, &draft, &order));
                assert_number(order->total_minor, cases[i].total);
        }
        sale_close(&world);
}

static void free_of_charge_is_a_price(void **state)
{
        ocore_draft_line line = line_of("cup", "2");
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        sale_open(&world);
        line.unit_price = (ocore_money){0, "EUR", 0};
        draft = draft_of(&world, &line, 1);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_number(order->total_minor, 0);
        assert_number(order->payment, OCORE_PAID_FULLY);
        sale_confirm(&world, draft.id);
        sale_close(&world);
}

/* The least time of a few quotes, which do all but write. */
static clock_t time_of(test_world *world, ocore_draft_line *lines, size_t count)
{
        const ocore_order_draft draft = draft_of(world, lines, count);
        clock_t least = 0;

        for (int i = 0; i < 3; i++) {
                clock_t start = clock(), taken;

                assert_done(world, ocore_order_quote_draft(world->core, &draft, NULL));
                taken = clock() - start;
                least = !i || taken < least ? taken : least;
        }
        return least;
}

/* Each line from two sites, of which the second in order of code is asked first: so allocations do
 * not come in the order of their keys. Four times the lines take about four times as long; work by
 * the square would take sixteen times. */
static void large_orders_take_linear_time(void **state)
{
        enum { COUNT = 16000 };
        static ocore_draft_line lines[COUNT];
        static char skus[COUNT][8];
        const ocore_config config = {.tenant = 1, .lines_max = COUNT};
        ocore_order_draft draft;
        const ocore_order *order;
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        shop_site(&world, "a", 2);
        shop_site(&world, "b", 1);
        assert_done(&world, ocore_unit_begin(world.core));
        for (size_t i = 0; i < COUNT; i++) {
                ocore_product_request product = {.struct_size = sizeof product,
                        .id = test_next_id(&world),
                        .name = STR("x")};

                (void)snprintf(skus[i], sizeof skus[i], "s%05u", (unsigned)i % 100000);
                product.sku = ocore_str_of(skus[i]);
                assert_done(&world, ocore_product_put(world.core, &product, NULL));
                lines[i] = (ocore_draft_line){
                        .sku = product.sku, .quantity = {2, 0, 0}, .unit_price = {1, "EUR", 0}};
        }
        for (int site = 0; site < 2; site++) {
                ocore_stock_line *there = calloc(COUNT, sizeof *there);
                ocore_stock_request receive = {.struct_size = sizeof receive,
                        .id = test_next_id(&world),
                        .lines = there,
                        .line_count = COUNT,
                        .line_stride = sizeof *there};

                assert_non_null(there);
                for (size_t i = 0; i < COUNT; i++)
                        there[i] = (ocore_stock_line){.sku = lines[i].sku,
                                .site = site ? STR("a") : STR("b"),
                                .quantity = {1, 0, 0}};
                assert_done(&world, ocore_stock_receive(world.core, &receive, NULL));
                free(there);
        }
        assert_done(&world, ocore_unit_commit(world.core));
        assert_true(time_of(&world, lines, COUNT) < time_of(&world, lines, COUNT / 4) * 10);
        draft = draft_of(&world, lines, COUNT);
        assert_done(&world, ocore_order_place(world.core, &draft, &order));
        assert_int_equal(order->lines[COUNT - 1]->allocation_count, 2);
        assert_text(order->lines[0]->allocations[0]->site, "a");
        assert_number(order->total_minor, 2 * COUNT);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_order_is_placed_whole),
                cmocka_unit_test(other_content_is_refused_by_field),
                cmocka_unit_test(wrong_drafts_are_refused_by_field),
                cmocka_unit_test(a_quote_changes_nothing),
                cmocka_unit_test(every_exponent_is_priced),
                cmocka_unit_test(prices_are_those_of_now_and_of_the_channel),
                cmocka_unit_test(free_of_charge_is_a_price),
                cmocka_unit_test(large_orders_take_linear_time),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
