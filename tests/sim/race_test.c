/*
 * Proves that several processes sell from one store (SQLite, or that of the run, see stores.h)
 * exactly what is there, whatever the timing, and that what a process was told is what the store
 * says afterwards.
 *
 * Each round puts a small stock into an empty store and lets several processes order from it, in
 * orders of one and of two lines, alone and in units, until each is told that it is out of stock.
 * The units acknowledged must be the stock, to the last one; verify must find nothing.
 */
#include "support.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 4, PRODUCTS = 2 };

static const char *const skus[PRODUCTS] = {"cup", "saucer"};

static int64_t real_clock(void *user_data)
{
        int64_t *now_us = user_data;

        return ++*now_us;
}

static void open_place(
        const test_place *place, ocore_store *store, ocore_core **core, int64_t *now_us)
{
        ocore_config config = {
                .struct_size = sizeof config, .clock = real_clock, .clock_data = now_us};

        test_place_open(place, NULL, store);
        config.store = *store;
        assert_int_equal(ocore_open(&config, core), OCORE_OK);
}

static void stock_up(ocore_core *core, int64_t pieces)
{
        int64_t id = 1;
        const ocore_site_request site = {
                .struct_size = sizeof site, .id = test_id(id++), .site = STR("main")};

        assert_int_equal(ocore_site_put(core, &site, NULL), OCORE_OK);
        for (int i = 0; i < PRODUCTS; i++) {
                const ocore_str sku = ocore_str_of(skus[i]);
                const ocore_product_request product = {.struct_size = sizeof product,
                        .id = test_id(id++),
                        .sku = sku,
                        .name = sku};
                const ocore_stock_line line = {
                        .sku = sku, .site = STR("main"), .quantity = {pieces, 0, 0}};
                const ocore_stock_request goods = {.struct_size = sizeof goods,
                        .id = test_id(id++),
                        .lines = &line,
                        .line_count = 1,
                        .line_stride = sizeof line};

                assert_int_equal(ocore_product_put(core, &product, NULL), OCORE_OK);
                assert_int_equal(ocore_stock_receive(core, &goods, NULL), OCORE_OK);
        }
}

/* One order of `lines` products, one piece each; as a unit with a second command, or alone. */
static int order_once(ocore_core *core, ocore_id id, size_t lines, int in_unit)
{
        ocore_draft_line line[PRODUCTS];
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = id,
                .currency = STR("EUR"),
                .lines = line,
                .line_count = lines,
                .line_stride = sizeof line[0]};
        ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm, .id = id, .order_id = id};
        int status;

        for (size_t i = 0; i < lines; i++)
                line[i] = (ocore_draft_line){.sku = ocore_str_of(skus[i]),
                        .quantity = {1, 0, 0},
                        .unit_price = {100, "EUR", 0}};
        if (!in_unit)
                return ocore_order_place(core, &draft, NULL);
        confirm.id.bytes[0] ^= 0x80;
        do { /* a unit that lost its rows to others is carried out again, with the same ids */
                assert_int_equal(ocore_unit_begin(core), OCORE_OK);
                status = ocore_order_place(core, &draft, NULL);
                if (status < 0) {
                        assert_int_equal(ocore_unit_cancel(core), OCORE_OK);
                        return status;
                }
                assert_int_equal(ocore_order_confirm(core, &confirm, NULL), OCORE_OK);
                status = ocore_unit_commit(core);
        } while (status == OCORE_BUSY);
        return status;
}

/* A seller: orders until the saucers (or, for sellers of one line, the cups) are gone. */
static void sell(const test_place *place, int seller, unsigned seed, int to)
{
        int64_t now_us = TEST_NOW_US + seller, sold[PRODUCTS] = {0, 0};
        ocore_store store;
        ocore_core *core;
        int status = OCORE_OK;

        open_place(place, &store, &core, &now_us);
        for (int64_t n = 0; status >= 0; n++) {
                size_t lines = seller % 2 ? PRODUCTS : 1;

                seed = seed * 1103515245u + 12345u;
                if ((seed >> 16) % 4 == 0)
                        (void)nanosleep(
                                &(struct timespec){0, (long)(seed >> 18) % 300 * 1000}, NULL);
                status = order_once(
                        core, test_id((seller + 1) * 1000000 + n), lines, (seed >> 20) % 2);
                for (size_t i = 0; status >= 0 && i < lines; i++)
                        sold[i]++;
        }
        if (status != OCORE_OUT_OF_STOCK) {
                const ocore_error *error = ocore_last_error(core);

                fprintf(stderr, "seller %d: %s %.*s\n", seller, ocore_status_name(status),
                        (int)error->message.size, error->message.data);
                sold[0] = -1000000;
        }
        ocore_close(core);
        ocore_store_close(store);
        _exit(write(to, sold, sizeof sold) == (ssize_t)sizeof sold ? 0 : 1);
}

static int64_t available(ocore_core *core, const char *sku)
{
        const ocore_inquiry_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_inquiry *inquiry;

        assert_int_equal(ocore_product_inquire(core, &request, &inquiry), OCORE_OK);
        return inquiry->available;
}

static void run_round(const test_place *place, int64_t pieces, unsigned seed)
{
        int64_t now_us = TEST_NOW_US, sold[PRODUCTS] = {0, 0}, findings;
        pid_t sellers[PROCESSES];
        ocore_store store;
        ocore_core *core;
        int ends[2];

        open_place(place, &store, &core, &now_us);
        stock_up(core, pieces);
        ocore_close(core);
        ocore_store_close(store);
        assert_int_equal(pipe(ends), 0);
        for (int i = 0; i < PROCESSES; i++) {
                sellers[i] = fork();
                assert_true(sellers[i] >= 0);
                if (sellers[i] == 0)
                        sell(place, i, seed + (unsigned)i, ends[1]);
        }
        for (int i = 0; i < PROCESSES; i++) {
                int64_t part[PRODUCTS];
                int status;

                assert_int_equal(waitpid(sellers[i], &status, 0), sellers[i]);
                assert_int_equal(status, 0);
                assert_int_equal(read(ends[0], part, sizeof part), sizeof part);
                sold[0] += part[0];
                sold[1] += part[1];
        }
        (void)close(ends[0]);
        (void)close(ends[1]);
        open_place(place, &store, &core, &now_us);
        /* Sellers of two lines stop when either product is gone: cups are gone for all of them. */
        assert_true(sold[0] == pieces);
        assert_true(sold[1] + available(core, skus[1]) == pieces);
        assert_true(available(core, skus[0]) == 0);
        assert_int_equal(ocore_verify(core, NULL, NULL, &findings), OCORE_OK);
        ocore_close(core);
        ocore_store_close(store);
}

static void test_exactly_the_stock_is_sold(void **state)
{
        const int asked = test_store_kind(), kind = asked == TEST_MEMORY ? TEST_SQLITE : asked;

        (void)state;
        for (unsigned round = 0; round < 12; round++) { /* the last piece, a few, many */
                test_place place;

                test_place_take(kind, &place);
                run_round(&place, round < 6 ? 1 : round < 10 ? 7 : 150, 77u + 13u * round);
                test_place_give(&place);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(test_exactly_the_stock_is_sold)};

        if (test_store_kind() == TEST_JOURNAL)
                return test_skip_all("one process has a journal at a time");
        if (test_store_kind() == TEST_MEMORY && !test_kind_usable(TEST_SQLITE))
                return test_skip_all("the SQLite store is not built: libsqlite3-dev is missing");
        return cmocka_run_group_tests(tests, NULL, NULL);
}
